"""Exercises of section 8.1, Finding and weighing risks."""
