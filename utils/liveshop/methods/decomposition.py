"""Why did it change? A change in GMV split exactly over the factors that multiply to it.

GMV is a chain: viewers × clicks per viewer × orders per click × basket. The logarithmic mean Divisia
index (LMDI) gives every factor its share of a change, with no remainder and whatever the order of
the factors. Source: B. W. Ang, "Decomposition analysis for policymaking in energy", Energy Policy 32
(2004) 1131–1139; zeros as in B. W. Ang and N. Liu, Energy Policy 35 (2007) 238–246.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from liveshop.methods._inputs import numbers

# The logarithm that stands for zero. Ang and Liu put a small number for zero and let it shrink;
# working in logarithms lets us put one so small (10 to the minus 400 billion) that the limit is
# reached to the last digit that anyone prints.
_LOG_OF_ZERO = -1e12


@dataclass(frozen=True)
class Decomposition:
    """A change and its parts. ``effects``: one number a factor, in the unit of the outcome.
    ``by_group``: the same for every group (rows) and factor (columns); None without groups."""

    before: float
    after: float
    effects: pd.Series
    by_group: pd.DataFrame | None = None

    @property
    def change(self):
        """after − before, in the unit of the outcome."""
        return self.after - self.before

    @property
    def remainder(self):
        """What the effects leave unexplained; zero for LMDI."""
        return self.change - float(self.effects.sum())

    def table(self):
        """One row a factor: effect and share of the change; last the remainder, if any is left."""
        effects = self.effects.copy()
        if abs(self.remainder) > 1e-6 * max(abs(self.before), abs(self.after), 1e-300):
            effects["remainder"] = self.remainder
        share = effects / self.change if self.change else np.nan * effects
        return pd.DataFrame({"effect": effects, "share_of_change": share})


def lmdi(before, after):
    """Exact additive decomposition of a change into the effects of its factors.

    ``before`` and ``after``: the factors, whose product is the outcome. Either ``{factor: value}``,
    or a table (or ``{group: {factor: value}}``) with one row a group and one column a factor, where
    the outcome is the sum over the groups of the products. Groups that appear on one side only
    count as zero on the other. Values must be zero or positive; a zero is handled by the limit of a
    vanishing small value (Ang and Liu 2007). Returns a :class:`Decomposition`. Raises ValueError on
    missing or negative values, a group that stands twice, and factors that differ between the sides.
    """
    logs_before, logs_after, grouped = _logs(before, after)
    total_before, total_after = logs_before.sum(axis=1), logs_after.sum(axis=1)
    weight = _logarithmic_mean(total_before.to_numpy(), total_after.to_numpy())
    parts = (logs_after - logs_before).mul(weight, axis=0)
    return Decomposition(float(np.exp(total_before).sum()), float(np.exp(total_after).sum()),
                         parts.sum(), parts if grouped else None)


def one_at_a_time(before, after):
    """What most reviews do: change one factor, hold the others at their old values.

    The effects do not add up to the change; the rest is in ``.remainder``. For contrast with
    :func:`lmdi`. Arguments as there.
    """
    old, new, grouped = _values(before, after)
    outcome = old.prod(axis=1)
    parts = pd.DataFrame({factor: old.drop(columns=factor).prod(axis=1) * new[factor] - outcome
                          for factor in old.columns})
    return Decomposition(float(outcome.sum()), float(new.prod(axis=1).sum()),
                         parts.sum(), parts if grouped else None)


def factors(totals, steps=("viewers", "product_clicks", "orders", "gmv"), mix=True):
    """The factors of a chain of totals, ready for :func:`lmdi`.

    ``totals``: a mapping or Series of totals, or a table with one row a group (say, a source). With
    the default steps: viewers, product_clicks_per_viewers, orders_per_product_clicks,
    gmv_per_orders. For a table and ``mix=True`` the first step is split into its total over all
    groups and the group's share, so that "more viewers" and "other viewers" are told apart.
    A ratio whose denominator is zero is left to the limit that lmdi takes.
    Raises ValueError when a total is missing, or a later one is there without an earlier one.
    """
    grouped = isinstance(totals, pd.DataFrame)
    table = totals if grouped else pd.DataFrame([dict(totals)])
    missing = [step for step in steps if step not in table.columns]
    if missing:
        raise ValueError(f"The totals lack {', '.join(missing)}; the chain is {' → '.join(steps)}.")
    table = table[list(steps)].astype(float)
    columns = {}
    if grouped and mix:
        columns[steps[0]] = pd.Series(table[steps[0]].sum(), index=table.index)
        columns["mix"] = (table[steps[0]] / table[steps[0]].sum()).where(table[steps[0]] != 0, 0.0)
    else:
        columns[steps[0]] = table[steps[0]]
    for above, below in zip(steps[1:], steps[:-1], strict=True):
        with np.errstate(divide="ignore", invalid="ignore"):
            # 0/0 is written as 1: in the limit both vanish at the same rate.
            rate = np.where((table[below] == 0) & (table[above] == 0), 1.0, table[above] / table[below])
        if np.isinf(rate).any():
            raise ValueError(f"{above} without any {below}: the chain {' → '.join(steps)} is broken.")
        columns[f"{above}_per_{below}"] = pd.Series(rate, index=table.index)
    result = pd.DataFrame(columns)
    result.attrs["shared"] = [steps[0]] if grouped and mix else []
    return result if grouped else {name: float(value) for name, value in result.iloc[0].items()}


def _values(before, after):
    def table(side):
        if isinstance(side, pd.DataFrame):
            return side, True
        if isinstance(side, Mapping) and side and isinstance(next(iter(side.values())), Mapping):
            return pd.DataFrame.from_dict(side, orient="index"), True
        return pd.DataFrame([dict(side)]), False

    (old, grouped), (new, also) = table(before), table(after)
    if grouped != also or not len(old.columns):
        raise ValueError("Give the factors of both sides, and both by group or both without.")
    old, new = (side.apply(lambda column: pd.Series(numbers(column, column.name), column.index)) for side in (old, new))
    for side, name in ((old, "before"), (new, "after")):
        if side.index.has_duplicates:
            raise ValueError(f"The group {side.index[side.index.duplicated()][0]} stands twice {name}: sum it up "
                             "first.")
        bad = ~np.isfinite(side.to_numpy()).all(axis=0)
        if bad.any():
            raise ValueError(f"{side.columns[bad][0]} is missing or not finite {name}: a change can only be split "
                             "when every factor is known.")
    if set(old.columns) != set(new.columns):
        odd = sorted(set(old.columns) ^ set(new.columns))
        raise ValueError(f"Before and after must have the same factors; {', '.join(odd)} is on one side only.")
    groups = old.index.union(new.index, sort=False)
    old, new = old.reindex(groups), new.reindex(groups)[old.columns]
    # A group that was not there had nothing of anything, except what all groups share (the total
    # of viewers): that it shares too.
    for side, source in ((old, before), (new, after)):
        for column in getattr(source, "attrs", {}).get("shared", []):
            side[column] = side[column].fillna(side[column].max())
    old, new = old.fillna(0.0), new.fillna(0.0)
    for side, name in ((old, "before"), (new, "after")):
        if (side < 0).any(axis=None):
            raise ValueError(f"A factor is negative {name}: a product of factors can only be split "
                             "when they are zero or positive.")
    return old, new, grouped


def _logs(before, after):
    old, new, grouped = _values(before, after)
    with np.errstate(divide="ignore"):
        return np.log(old).clip(lower=_LOG_OF_ZERO), np.log(new).clip(lower=_LOG_OF_ZERO), grouped


def _logarithmic_mean(log_a, log_b):
    a, b = np.exp(log_a), np.exp(log_b)
    gap = log_a - log_b
    close = np.abs(gap) < 1e-9
    return np.where(close, (a + b) / 2, (a - b) / np.where(close, 1.0, gap))
