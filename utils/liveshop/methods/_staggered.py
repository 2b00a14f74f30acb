"""Treatment that starts at different times; :mod:`liveshop.methods.panel` gives it its place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from liveshop.methods._inputs import need
from liveshop.methods._regression import Effect, complete


@dataclass(frozen=True)
class GroupTimeEffects:
    """``effects``: one row a starting group and period: estimate, standard_error, low, high (periods before the start
    are placebos). ``by_event``: the same by periods since the start, groups weighed by size. ``simple``: mean over
    all treated unit-periods; ``overall``: mean of by_event from 0 on."""

    effects: pd.DataFrame
    by_event: pd.DataFrame
    simple: Effect
    overall: Effect


def group_time_effects(frame, outcome, unit, period, start):
    """Effects of a treatment that starts at different times, each group against those never treated.

    ``start``: column with the first treated period, missing (or 0) for never. For a group that starts at g, the
    change from the last period before g to t, less the same of the never treated; before g, from one period to the
    next. No covariates. Errors by influence functions, clustered by unit. Two-way fixed effects would use the early
    starters as controls for the late ones. A group of one unit shows no variance of its own: its interval is too
    narrow. Source: Callaway and Sant'Anna (2021), as in R's did.
    Raises ValueError when a unit lacks a period or changes its start, or nobody is never treated.
    """
    data = complete(frame, [outcome, unit, period], [outcome])
    wide = data.pivot_table(index=unit, columns=period, values=outcome, aggfunc="first")
    need(frame, (start,))
    starts = frame[[unit, start]].dropna(subset=[unit]).drop_duplicates()
    if starts[unit].duplicated().any():
        raise ValueError(f"A {unit} has two different starts.")
    if wide.isna().any().any() or len(data) != wide.size:
        raise ValueError(f"Every {unit} must have exactly one row in every {period}.")
    begins = starts.set_index(unit)[start].reindex(wide.index)
    periods, y = wide.columns, wide.to_numpy(float)
    never = (begins.isna() | (begins.astype(object) == 0)).to_numpy()
    # Places of the periods instead of the periods themselves, which may be dates; -1 for never.
    group = np.full(len(begins), -1)
    group[~never] = np.searchsorted(periods.to_numpy(), begins[~never].to_numpy())
    groups = [g for g in np.unique(group[~never]) if 0 < g < len(periods)]
    if not never.any() or not groups:
        raise ValueError("Both units that are never treated and units that start within the periods are needed.")
    rows, curves = [], []
    for g in groups:
        base, mine = g - 1, group == g
        for at in range(1, len(periods)):
            change = y[:, at] - y[:, base if at > base else at - 1]
            estimate = change[mine].mean() - change[never].mean()
            curves.append(mine * (change - change[mine].mean()) / mine.mean()
                           - never * (change - change[never].mean()) / never.mean())
            rows.append((g, periods[g], periods[at], at - g, estimate, float(mine.mean())))
    table = pd.DataFrame(rows, columns=["place", "group", "period", "event", "estimate", "share"])
    return _aggregated(table, np.array(curves), group)


def _aggregated(table, curves, group):
    """The mean over groups and periods, with the error of the groups' shares in it."""
    units = len(group)

    def mean_of(rows):
        share, estimate = table["share"].to_numpy()[rows], table["estimate"].to_numpy()[rows]
        total = share.sum()
        of_share = (table["place"].to_numpy()[rows, None] == group) - share[:, None]
        curve = (share @ curves[rows] + estimate @ of_share) / total
        curve = curve - (share @ estimate) * of_share.sum(axis=0) / total**2
        return share @ estimate / total, curve

    def row(estimate, curve):
        error = float(np.sqrt((curve**2).sum()) / units)
        return {"estimate": float(estimate), "standard_error": error, "low": float(estimate - 1.959964 * error),
                "high": float(estimate + 1.959964 * error)}

    effects = pd.DataFrame([row(e, c) for e, c in zip(table["estimate"], curves, strict=True)],
                           index=pd.MultiIndex.from_frame(table[["group", "period"]]))
    events = {event: mean_of(np.flatnonzero(table["event"] == event)) for event in sorted(table["event"].unique())}
    by_event = pd.DataFrame([row(*events[event]) for event in events], index=pd.Index(list(events), name="event"))
    after = [events[event] for event in events if event >= 0]
    ways = {"simple": mean_of(np.flatnonzero(table["event"] >= 0)),
            "overall": (np.mean([e for e, _ in after]), np.mean([c for _, c in after], axis=0))}
    means = {}
    for name, found in ways.items():
        each = row(*found)
        means[name] = Effect(name, each["estimate"], each["standard_error"], (each["low"], each["high"]),
                             units * (table["period"].nunique() + 1), units, int((group >= 0).sum()))
    return GroupTimeEffects(effects, by_event, means["simple"], means["overall"])
