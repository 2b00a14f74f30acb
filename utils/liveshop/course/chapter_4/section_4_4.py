"""Exercises of section 4.4, Data and improvement."""
