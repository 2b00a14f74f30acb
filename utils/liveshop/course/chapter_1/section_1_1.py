"""Exercises of section 1.1, Background."""
