"""Exercises of section 2.3, Platforms."""
