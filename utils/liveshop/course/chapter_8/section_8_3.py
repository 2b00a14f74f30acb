"""Exercises of section 8.3, Keeping it going."""
