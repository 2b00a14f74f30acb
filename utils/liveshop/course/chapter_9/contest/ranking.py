"""Places from results on the same seeds, and how sure they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from liveshop.world.play.weeks import score

DRAWS = 1000  # of the seeds with replacement, for intervals
# Where an interval of 95 % ends among the drawn differences. Between policies near the best known, which differ in rare
# losses alone, the usual 2.5 and 97.5 % held the true difference in 90 of 100 contests of 200 plays, these in 95.
ENDS = (0.005, 0.995)
COLUMNS = ("place", "strategy", "score", "mean", "worst_tenth", "over_habit", "over_habit_low", "over_habit_high",
           "tied_with_next", "seconds", "why")


@dataclass(frozen=True)
class Entry:
    """What came of one strategy: the results of its plays by seed, CNY, or why it is out."""

    name: str
    results: np.ndarray | None = None
    seconds: float | None = None
    why: str = ""
    house: bool = False  # a policy of the house: it shows where the class stands, and takes no place


def ranked(entries, habit):
    """A row for each entry, the best score first, those that are out at the end.

    Columns: place (none for the house's policies and for those that are out; equal scores share one), strategy, score,
    mean, worst_tenth (CNY; score is half the mean of the plays and half the mean of their worst tenth), over_habit with
    over_habit_low and over_habit_high (difference of scores on the same seeds, with its 95 % interval by bootstrap
    over the seeds), tied_with_next (whether 0 lies in the interval of the difference to the next in place), seconds,
    why. habit: the habit's results on the same seeds.
    """
    drawn = np.random.default_rng(0).integers(0, len(habit), (DRAWS, len(habit)))

    def scores(results):
        """The score, and the scores over the drawn seeds: drawn alike for all, so that differences are paired."""
        return score(results), np.array([score(results[seeds]) for seeds in drawn])

    usual = scores(habit)
    played = {entry.name: scores(entry.results) for entry in entries if not entry.why}
    order = sorted((entry for entry in entries if not entry.why), key=lambda one: (-played[one.name][0], one.name))
    placed = [entry.name for entry in order if not entry.house]
    ties = {one: _difference(played[one], played[following])[1] <= 0
            for one, following in zip(placed, placed[1:], strict=False)}
    rows = [
        _figures(entry, played[entry.name][0]) | dict(
            zip(COLUMNS[5:8], _difference(played[entry.name], usual), strict=True),
            place=None if entry.house else 1 + sum(played[other][0] > played[entry.name][0] for other in placed),
            tied_with_next=ties.get(entry.name),
        )
        for entry in order
    ]
    rows += [{"strategy": entry.name, "seconds": entry.seconds, "why": entry.why}
             for entry in sorted(entries, key=lambda one: one.name) if entry.why]
    return pd.DataFrame(rows, columns=COLUMNS).astype({"place": "Int64", "tied_with_next": "boolean"})


def _figures(entry, reached):
    """What an entry has reached by itself; its worst tenth follows from score and mean."""
    mean = float(entry.results.mean())
    return {"strategy": entry.name, "score": reached, "mean": mean, "worst_tenth": 2 * reached - mean,
            "seconds": entry.seconds, "why": ""}


def _difference(first, second):
    """Difference of two scores, and the ends of its interval."""
    low, high = np.quantile(first[1] - second[1], ENDS)
    return first[0] - second[0], float(low), float(high)
