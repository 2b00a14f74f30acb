"""Samples and rules of chapter 8, each written once: notebook, exercises and recovery call them."""
# ruff: noqa: F401 - the names are handed on

from liveshop.course.chapter_8.samples import doors, losses, scripts
from liveshop.course.chapter_8.samples.indicators import (
    BY_CHANCE,
    indicators,
)
from liveshop.course.chapter_8.samples.register import (
    DAYS,
    LINES,
    YEARS,
    causes_by_day,
)
