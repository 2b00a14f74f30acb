"""Exercises of section 8.2, Answering risks."""
