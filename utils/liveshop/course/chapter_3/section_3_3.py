"""Exercises of section 3.3, Against traditional e-commerce."""
