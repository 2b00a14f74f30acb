"""What a chapter says of its own methods: the truth that was planted, and what a method made of it.

A chapter's ``liveshop.course.chapter_N.recovery.estimates(season)`` yields these rows for one simulated season, and
``python -m liveshop.world.recovery`` gathers them over twenty. A chapter with a question that needs other worlds has
``further(simulate)`` beside it: it asks for them, ``simulate({"prompt.trial_share": 0.75}, seed=1, rooms=56)``, and
yields (seed, row).
"""
from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One estimate of one planted truth in one season.

    truth: the name of what was planted, as in "opener.ctor_ratio".
    method: who estimates, as in "adjusted"; the reader's first, fooled answer is called "naive".
    true: the value in this season, in the truth's own unit.
    estimate: what the method says, in the same unit.
    low, high: the ends of the method's 95 % interval, or None where it gives none.
    """

    truth: str
    method: str
    true: float
    estimate: float
    low: float | None = None
    high: float | None = None


def seasons(tables, truth, method):
    """What a method made of a truth, season by season, from recovered.json beside the tables.

    A DataFrame by seed: true, estimate, low, high, covers (low and high hold the truth). Without intervals low and
    high are missing and covers is False. Raises KeyError for a truth or method that no chapter gives.
    """
    rows = tables.recovered_seasons(truth, method)
    return rows.assign(covers=rows.true.between(rows.low, rows.high))
