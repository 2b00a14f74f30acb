"""A truth of the simulated world, as truth.json tells it."""

from __future__ import annotations


def fact(value, meaning):
    """A truth: its value and one sentence that says what it is."""
    return {"value": value, "meaning": meaning}
