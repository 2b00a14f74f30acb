"""Exercises of section 4.1, Team."""
