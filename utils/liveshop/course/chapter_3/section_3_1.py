"""Exercises of section 3.1, What it is and why now."""
