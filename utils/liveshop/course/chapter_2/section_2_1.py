"""Exercises of section 2.1, What it is and how it came about."""
