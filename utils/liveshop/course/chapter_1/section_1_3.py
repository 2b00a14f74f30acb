"""Exercises of section 1.3, Purpose and route."""
