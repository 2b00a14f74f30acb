"""What must come in order in one row: times, counts that are part of each other, a length and its two ends."""

import numpy as np

from liveshop.tables.checks.finding import finding, first, have
from liveshop.tables.errors import Problem, show


def times(sound, spec):
    """No time lies before the one that comes first."""
    problems = []
    for early, late in spec.time_order:
        if have(sound, early, late):
            bad = sound[late] < sound[early]
            if bad.any():
                what = f"{show(first(sound[late], bad))} lies before {early} ({show(first(sound[early], bad))})"
                problems += finding("order", spec.name, late, bad, what,
                                    "check whether the two columns are swapped or a date is in another order")
    return problems


def sizes(sound, spec):
    """No part is larger than its whole."""
    problems = []
    for small, large in spec.size_order:
        if have(sound, small, large):
            bad = sound[small] > sound[large]
            if bad.any():
                what = f"{show(first(sound[small], bad))} is more than {large} ({show(first(sound[large], bad))})"
                problems += finding("size", spec.name, small, bad, what,
                                    "check whether the two columns are swapped or defined otherwise", "warning")
    return problems


def lengths(sound, spec):
    """The length of a broadcast agrees with its start and its end."""
    if spec.name != "streams" or not have(sound, "started", "ended", "stream_seconds"):
        return []
    clock = (sound["ended"] - sound["started"]).dt.total_seconds()
    ratio = (sound["stream_seconds"] / clock.where(clock > 0)).median()
    for factor, unit in ((1000, "milliseconds"), (1 / 60, "minutes"), (1 / 3600, "hours")):
        if 0.8 < ratio / factor < 1.25:
            return [Problem("unit", "streams", "stream_seconds", None, f"the lengths look like {unit}",
                            f"give seconds, or write unit: {unit} into the mapping", "warning")]
    bad = (clock > 0) & ((sound["stream_seconds"] - clock).abs() > np.maximum(120, 0.05 * clock))
    return finding(
        "length", "streams", "stream_seconds", bad, "the length differs from ended − started by more than 5 %",
        "check the unit, and whether a break was taken out", "warning")
