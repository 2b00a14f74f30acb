"""Exercises of section 7.2, Making and carrying out the strategy."""
