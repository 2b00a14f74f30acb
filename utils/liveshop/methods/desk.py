"""The control desk: four gauges, one for each thing that the desk can mend, and their alarms.

A gauge is a residual a minute: how much worse than expected, in units of an ordinary minute, so that one
width fits all four. :func:`learn` fits them on past broadcasts, :meth:`Desk.gauges` reads them off any
broadcast, :func:`smooth` and :func:`alarms` put an EWMA chart on each, one-sided, since more clicks than
expected are no fault. Built on :mod:`liveshop.methods.monitor`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from liveshop.methods import monitor

GAUGES = {
    "picture": "seconds stalled per viewer and minute",
    "crowd": "more people leave than expected for so many watching",
    "table": "fewer product clicks than expected for so many watching and this product",
    "link": "fewer orders than expected for so many clicks",
}
STALL_UNIT = 10.0     # seconds stalled per viewer-minute that count as one unit: an ordinary hiccup
ORDINARY = (0.95, 1.645)   # a level that one ordinary minute in twenty exceeds is 1.645 units


def prepare(minutes, rundown=None, products=None):
    """stream_minutes in order of time, with what a gauge needs: viewer_minutes, stall (seconds per viewer
    and minute), since (minutes into the slot, at most 9), role, event (giveaway, after a giveaway) and
    interest (viewer-minutes times the planner's appeal of the product on the table) where rundown and
    products are given."""
    frame = minutes.sort_values(["stream_id", "minute"], ignore_index=True)
    if "watch_seconds" in frame and frame["watch_seconds"].notna().any():
        frame["viewer_minutes"] = frame["watch_seconds"] / 60
    else:
        frame["viewer_minutes"] = frame["online"].astype(float)
    frame["interest"] = frame["viewer_minutes"]
    if "stutter_seconds" in frame:
        frame["stall"] = frame["stutter_seconds"] / frame["viewer_minutes"].clip(lower=1.0)
    if "slot_no" in frame:
        frame["since"] = frame.groupby(["stream_id", "slot_no"]).cumcount().clip(upper=9)
    if rundown is not None and {"slot_no", "role", "product_id"} <= set(rundown.columns) and "slot_no" in frame:
        slots = rundown[["stream_id", "slot_no", "product_id", "role"]].drop_duplicates(["stream_id", "slot_no"])
        if "activity" in rundown:
            # Free things draw people who click little, and who stay for the slot after.
            place = ["stream_id", "slot_no"]
            gift = rundown.drop_duplicates(place).set_index(place)["activity"] == "giveaway"
            before = gift.groupby(level="stream_id").shift(fill_value=False)
            event = np.select([gift, before], ["giveaway", "after a giveaway"], "")
            slots = slots.merge(pd.DataFrame({"event": event}, index=gift.index), on=place, how="left")
        if products is not None and "appeal" in products:
            slots = slots.merge(products[["product_id", "appeal"]], on="product_id", how="left")
        frame = frame.drop(columns=[c for c in ("product_id", "role", "appeal", "event") if c in frame]).merge(
            slots, on=["stream_id", "slot_no"], how="left")
        if "appeal" in frame:
            frame["interest"] = frame["viewer_minutes"] * frame["appeal"].fillna(1.0)
    return frame


@dataclass(frozen=True)
class Desk:
    """Gauges fitted on past broadcasts. ``curves``: gauge -> expected curve; ``units``: gauge and smoothing
    -> size of the smoothed residual in an ordinary minute."""

    curves: dict
    past: pd.DataFrame = field(repr=False)

    def gauges(self, prepared):
        """One row a minute, one column a gauge; positive is bad, missing where a gauge cannot tell."""
        columns = {}
        if "stall" in prepared:
            columns["picture"] = prepared["stall"] / STALL_UNIT
        for name, (curve, sign) in self.curves.items():
            columns[name] = sign * curve.residuals(prepared)
        if "crowd" in columns and "stall" in prepared:
            # People who leave a stalled picture are the picture's fault, which has its own gauge.
            before = prepared.groupby("stream_id")["stall"].shift().fillna(0.0)
            columns["crowd"] = columns["crowd"].where((prepared["stall"] < 2) & (before < 2))
        return pd.DataFrame(columns)[[name for name in GAUGES if name in columns]]

    @cached_property
    def _past_gauges(self):
        return self.gauges(self.past)

    def charts(self, prepared, lam):
        """The smoothed gauges in units of an ordinary minute: alarm where one exceeds the width."""
        stream = prepared["stream_id"]
        past = self._past_gauges
        gauges = past if prepared is self.past else self.gauges(prepared)
        charts = {}
        for name in gauges:
            unit = 1.0
            if name in self.curves:
                quantile, normal = ORDINARY
                unit = max(np.quantile(smooth(past[name], self.past["stream_id"], lam), quantile) / normal, 1e-9)
            charts[name] = smooth(gauges[name], stream, lam) / unit
        return pd.DataFrame(charts)

    def expected(self, prepared):
        """What the gauges expect of each minute: exits, product_clicks, orders."""
        names = {"crowd": "exits", "table": "product_clicks", "link": "orders"}
        return pd.DataFrame({names[name]: curve.expected(prepared) for name, (curve, _) in self.curves.items()})

    def alarms(self, prepared, lam, width):
        """True where a chart is beyond ``width``; one row a minute, one column a gauge."""
        return self.charts(prepared, lam) > width


def learn(prepared):
    """Fit the gauges on past broadcasts (:func:`prepare`). A gauge whose columns are missing is left out."""
    by = [name for name in ("role", "since", "event") if name in prepared]
    role = [name for name in ("role", "event") if name in prepared]
    have = set(prepared.columns)
    curves = {}
    if "exits" in have:
        curves["crowd"] = (monitor.fit_expected(prepared, "exits", "viewer_minutes", role), 1)
    if "product_clicks" in have:
        curves["table"] = (monitor.fit_expected(prepared, "product_clicks", "interest", by), -1)
    if {"orders", "product_clicks"} <= have:
        curves["link"] = (monitor.fit_expected(prepared, "orders", "product_clicks", role), -1)
    return Desk(curves, prepared)


def smooth(values, stream, lam):
    """EWMA of each broadcast, beginning at zero, over its standard deviation when all is well.

    ``values``: one number a minute in order of time; missing ones leave the average where it was.
    The same statistic as :func:`monitor.ewma` with exact limits, for all broadcasts at once.
    """
    if not 0 < lam <= 1:
        raise ValueError("The weight of the newest minute, lam, lies above 0 and is at most 1.")
    code = pd.factorize(np.asarray(stream))[0]
    place = pd.Series(code).groupby(code).cumcount().to_numpy()
    grid = np.full((code.max() + 1, place.max() + 1), np.nan)
    grid[code, place] = np.asarray(values, float)
    level = np.zeros(len(grid))
    for minute in range(grid.shape[1]):
        newest = grid[:, minute]
        level = np.where(np.isnan(newest), level, lam * newest + (1 - lam) * level)
        grid[:, minute] = level
    steps = np.arange(1, grid.shape[1] + 1)
    sd = np.sqrt(lam / (2 - lam) * (1 - (1 - lam) ** (2 * steps)))
    return (grid / sd)[code, place]
