"""Samples and rules of chapter 7, each written once: notebook, exercises and recovery call them."""
# ruff: noqa: F401 - the names are handed on

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
    KINDS,
    RULES,
    claims,
    credited,
    decayed,
    has_coin,
    journeys,
    left_over,
    moves,
    observed_synergy,
    of_all_orders,
    order_paths,
    per_thousand,
    policy,
    settled,
    small_world,
    together,
    touches_before,
    trial,
    undisturbed,
    worth,
)
