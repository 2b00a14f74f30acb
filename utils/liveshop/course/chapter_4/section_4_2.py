"""Exercises of section 4.2, Choosing and taking a place."""
