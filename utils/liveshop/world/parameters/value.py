"""How a parameter is written down."""

from __future__ import annotations

from dataclasses import field


def value(default, unit, meaning):
    """A parameter: its default, its unit, and one sentence that says what it does."""
    return field(default=default, metadata={"unit": unit, "meaning": meaning})
