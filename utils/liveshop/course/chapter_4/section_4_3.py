"""Exercises of section 4.3, Marketing plan."""
