"""Samples and rules of chapter 7, each written once: notebook, exercises and recovery call them."""
# ruff: noqa: F401 - the names are handed on

from liveshop.course.chapter_7.samples.launch import (
    Launch,
    by_city,
    effect,
    false_starts,
    measured,
    paths,
    rehearse,
)
from liveshop.course.chapter_7.samples.programme import (
    BIG,
    FULL_SWING,
    PARTS,
    before_after,
    change_in_changes,
    effect_on_the_big,
    parts,
    pilots_and,
    programme,
    synthetic,
    untouched,
)
from liveshop.course.chapter_7.samples.together import (
    observed_synergy,
    trial,
)
