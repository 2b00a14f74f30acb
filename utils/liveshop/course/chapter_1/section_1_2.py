"""Exercises of section 1.2, Trends."""
