"""Exercises of section 7.3, Case: an apparel brand."""
