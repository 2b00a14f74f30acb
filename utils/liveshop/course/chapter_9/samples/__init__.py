"""Samples and rules of chapter 9, each written once: notebook, exercises and recovery call them."""
# ruff: noqa: F401 - the names are handed on

from liveshop.course.chapter_9.samples import (
    causes,
    claims,
    coming,
    first_days,
    outlook,
    quarter,
    rules,
    scoreboard,
    strategies,
)
