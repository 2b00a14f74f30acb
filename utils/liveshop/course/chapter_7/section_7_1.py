"""Exercises of section 7.1, Why they grow together."""
