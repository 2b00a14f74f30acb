"""Exercises of section 3.2, Three models and their marks."""
