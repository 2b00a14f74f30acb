"""What can be known before the launch: power from the weeks before it, false starts, and the paths to compare."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from liveshop.course.chapter_7.samples.programme import change_in_changes, programme
from liveshop.methods import panel

BLOCK = 4                # weeks drawn together, so that a good month stays a good month; fewer in a short past
FEWEST = 3               # weeks before the start without which nothing can be rehearsed


@dataclass(frozen=True)
class Launch:
    """Plans without any effect, drawn from the weeks before the start: what each would have estimated, its error, and
    the t that it must pass (Welch's degrees of freedom)."""

    estimate: np.ndarray
    error: np.ndarray
    limit: np.ndarray

    @property
    def sd(self):
        """How far the estimate strays with no effect at all, log points."""
        return float(self.estimate.std())

    def power(self, effect):
        """Chance that the interval of a true effect lies above 0."""
        return float(((self.estimate + effect) / self.error > self.limit).mean())

    def wrong_sign(self, effect):
        """Chance that the estimate of an effect above 0 comes out below 0."""
        return float((self.estimate + effect < 0).mean())

    def exaggerates(self, effect):
        """How many times the true effect the estimates are that come out clearly above 0, on average."""
        found = self.estimate + effect
        clear = found / self.error > self.limit
        return float(found[clear].mean() / effect) if clear.any() else float("nan")

    def smallest(self, power=0.8):
        """The smallest effect that is seen with this chance, to 0.005 log points; infinite beyond 1."""
        effects = np.arange(0.005, 1.0, 0.005)
        seen = np.array([self.power(effect) for effect in effects])
        return float(effects[seen >= power][0]) if (seen >= power).any() else float("inf")


def rehearse(rows, pilots, controls, weeks_before, weeks_after, draws=2000, seed=7):
    """A `Launch`: pilots cast by lot, months drawn from the weeks before the start, no effect.

    rows : of `programme`, of which only those before the start are used. controls : the names of the cities that stay
    without (pilots are then cast from the others), or a number, for a lot among all. What all cities share in a week is
    taken out; what one city does alone stays, in blocks of weeks, the same for all cities. Each city counts once: its
    mean log orders after less before. Raises ValueError when more cities are asked for than there are, with fewer than
    two on a side, and with too few weeks.
    """
    from scipy.stats import t

    early = rows[rows.after == 0].pivot(index="week", columns="city", values="log_orders")
    own = (early - early.mean()).sub((early - early.mean()).mean(axis=1), axis=0).to_numpy()
    weeks, length = len(own), weeks_before + weeks_after
    if weeks < FEWEST:
        raise ValueError(f"A rehearsal needs {FEWEST} weeks before the start; there are {weeks}.")
    random, block = np.random.default_rng(seed), max(1, min(BLOCK, weeks // 3))
    cast = _cast(random, early.columns, pilots, controls, draws)
    # Each city was centred on these same weeks, so a block of them strays too little, by this share of its variance.
    own = own / np.sqrt(1 - block / weeks)
    first = random.integers(0, weeks - block + 1, (draws, -(-length // block)))
    drawn = (first[:, :, None] + np.arange(block)).reshape(draws, -1)[:, :length]
    paths = own[drawn[:, :, None], cast[:, None, :]]                   # draws, weeks, cities
    change = paths[:, weeks_before:].mean(axis=1) - paths[:, :weeks_before].mean(axis=1)
    a, b = change[:, :pilots], change[:, pilots:]
    va, vb = (side.var(axis=1, ddof=1) / side.shape[1] + 1e-12 for side in (a, b))   # above 0: a short past repeats
    freedom = (va + vb) ** 2 / (va**2 / (a.shape[1] - 1) + vb**2 / (b.shape[1] - 1))
    return Launch(a.mean(axis=1) - b.mean(axis=1), np.sqrt(va + vb), t.ppf(0.975, freedom))


def _cast(random, cities, pilots, controls, draws):
    """Places of the pilots and then of the controls among the cities, shape (draws, pilots + controls)."""
    named = [] if isinstance(controls, (int, np.integer)) else list(controls)
    count = len(named) or int(controls)
    if pilots + count > len(cities):
        raise ValueError(f"{pilots} pilots and {count} controls are more than the {len(cities)} cities.")
    if min(pilots, count) < 2:
        raise ValueError(f"A rehearsal needs two pilots and two controls; there are {pilots} and {count}.")
    free = np.flatnonzero(~cities.isin(named))
    lots = random.permuted(np.tile(free, (draws, 1)), axis=1)[:, : pilots + count - len(named)]
    return np.hstack([lots, np.tile(cities.get_indexer(named), (draws, 1))]) if named else lots


def false_starts(rows, earliest=4, latest=3):
    """Difference in differences with starts that were none, on the weeks before the real one: estimate, low, high.

    A false start has so many weeks before it, and so many from it on.
    """
    early = rows[rows.after == 0]
    weeks = np.sort(early.week.unique())
    found = {}
    for start in weeks[earliest : len(weeks) - latest + 1]:
        one = change_in_changes(early.assign(after=(early.week >= start).astype(float)))
        found[pd.Timestamp(start)] = (one.estimate, *one.interval)
    return pd.DataFrame.from_dict(found, orient="index", columns=["estimate", "low", "high"]).rename_axis("start")


def effect(rows, outcome="local_orders"):
    """The effect on the log of an outcome against the cities in `rows` that never start, an Effect.

    One start: difference in differences of counts or money. Several: each starting group against those that never start
    (Callaway and Sant'Anna), the mean over all treated city weeks; zeros count as half a unit then. Raises ValueError
    without two such cities.
    """
    if rows.loc[rows.treated == 0, "city"].nunique() < 2:
        raise ValueError("Two cities or more are needed that never start and have no neighbour that does.")
    if rows.programme_start.dropna().nunique() > 1:
        logs = rows.assign(log_outcome=np.log(rows[outcome].clip(lower=0.5)))
        return panel.group_time_effects(logs, "log_outcome", "city", "week", "programme_start").simple
    return change_in_changes(rows, outcome)


def measured(rows, outcomes):
    """`effect` of each outcome: estimate, low, high. outcomes: {words: column}; what the table lacks is left out."""
    found = {}
    for words, outcome in outcomes.items():
        if outcome in rows and rows[outcome].notna().all():
            one = effect(rows, outcome)
            found[words] = (one.estimate, *one.interval)
    return pd.DataFrame.from_dict(found, orient="index", columns=["estimate", "low", "high"])


def by_city(tables):
    """One row a city: the change of the log of its mean weekly orders, and its group: pilot, neighbour or clean."""
    rows = programme(tables)
    mean = rows.groupby(["city", "after"]).local_orders.mean().unstack()
    first = rows.groupby("city")[["treated", "neighbour"]].first()
    group = np.select([first.treated == 1, first.neighbour], ["pilot", "neighbour"], "clean")
    return pd.DataFrame({"change": np.log(mean[1.0] / mean[0.0]), "group": group})


def paths(rows, outcome, which):
    """Weekly sums of the pilots and of what they are compared with, each against its mean before the start.

    which: "before" (the pilots' own mean before), "all", "clean" or "neighbours".
    """
    def indexed(part):
        week = part.groupby("week")[outcome].sum()
        return week / week[part.groupby("week").after.first() == 0].mean()

    pilots, others = indexed(rows[rows.treated == 1]), rows[rows.treated == 0]
    if which == "before":
        return pd.DataFrame({"pilots": pilots, "compared": 1.0})
    keep = {"all": others, "clean": others[~others.neighbour], "neighbours": others[others.neighbour]}[which]
    return pd.DataFrame({"pilots": pilots, "compared": indexed(keep)})
