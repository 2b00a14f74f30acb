"""Exercises of section 2.2, What it is good at."""
