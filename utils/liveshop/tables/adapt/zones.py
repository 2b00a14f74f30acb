"""The hours of a place: times of one zone in another, and the hour that a change of the clock repeats."""

import datetime as dt

import numpy as np
import pandas as pd

from liveshop.tables.adapt.values import UnreadableError
from liveshop.tables.errors import show

# Where the mapping names no shop_timezone. A browser's Python may have no time zone database.
SHANGHAI = dt.timezone(dt.timedelta(hours=8), "Asia/Shanghai")


def named(zone):
    """The name of a zone, for a sentence."""
    return getattr(zone, "key", None) or str(zone)


def converted_to(shop):
    """The note on times with a zone."""
    return f"times with a zone were converted to {named(shop)}"


def in_shop_hours(when, shop, notes):
    """A time with a zone as a datetime without one, in the shop's hours."""
    notes.add(converted_to(shop))
    try:
        return when.astimezone(shop).replace(tzinfo=None)
    except (OverflowError, ValueError):
        raise UnreadableError(f"{show(when.replace(tzinfo=None))} is no plausible date", "correct the cell") from None


def settle(cells, zone, shop, notes):
    """The times of a column, read by the clock of `zone`, in the shop's hours: an object array along the cells.

    cells: None, dates (which have no zone, and stay), datetimes with a zone, datetimes by the clock of `zone`. Where
    the clock was put back, the order of the lines says which of two equal hours is meant.
    """
    result = np.empty(len(cells), dtype=object)
    wall = [i for i, c in enumerate(cells) if isinstance(c, dt.datetime) and c.tzinfo is None]
    if all(cells[i].time() == dt.time() for i in wall):  # days, as a spreadsheet and many programs write them
        for i in wall:
            result[i] = cells[i]
        wall = []
    for i, cell in enumerate(cells):
        if isinstance(cell, dt.datetime):
            if cell.tzinfo is not None:
                result[i] = in_shop_hours(cell, shop, notes)
        elif cell is not None:
            result[i] = dt.datetime(cell.year, cell.month, cell.day)
    if wall:
        local = pd.DatetimeIndex([cells[i] for i in wall]).as_unit("us")
        found = _localised(local, zone, notes).tz_convert(shop).tz_localize(None)
        notes.add(f"times by the clock of {named(zone)} were converted to {named(shop)}")
        for i, when in zip(wall, found.to_pydatetime(), strict=True):
            result[i] = when
    return result


def _localised(local, zone, notes):
    known = local.tz_localize(zone, ambiguous="NaT", nonexistent=pd.Timedelta(hours=1))
    left_out = local.tz_localize(zone, ambiguous=np.ones(len(local), dtype=bool), nonexistent="NaT").isna()
    if left_out.any():
        notes.add(f"{int(left_out.sum())} in the hour that the clock of {named(zone)} leaves out were moved on by it")
    double = np.asarray(known.isna())
    if not double.any():
        return known
    first, unsettled = _first_of_two(local, double)
    if double.sum() > unsettled:
        notes.add(f"{int(double.sum()) - unsettled} in an hour that the clock of {named(zone)} repeats were settled by "
                  "the order of the lines")
    if unsettled:
        notes.add(f"{unsettled} in an hour that the clock of {named(zone)} repeats were taken for the first of the "
                  "two, as the order of the lines does not tell")
    return local.tz_localize(zone, ambiguous=first, nonexistent=pd.Timedelta(hours=1))


def _first_of_two(local, double):
    """For every time whether it lies before the clock was put back (summer time), and how many are not settled.

    In lines that run forwards (or backwards) a step back within the repeated hours is the change itself.
    """
    steps = np.diff(local.asi8)
    steps = steps[steps != 0]
    forwards = (steps > 0).mean() if len(steps) else 1.0
    first, unsettled = np.ones(len(local), dtype=bool), 0
    order = np.arange(len(local)) if forwards >= 0.5 else np.arange(len(local))[::-1]
    runs = np.split(order, np.flatnonzero(np.diff(double[order].astype(int))) + 1)
    for run in (r for r in runs if double[r[0]]):
        back = np.flatnonzero(np.diff(local.asi8[run]) < 0)
        if len(back) == 1 and max(forwards, 1 - forwards) >= 0.8:
            first[run[back[0] + 1:]] = False
        else:
            unsettled += len(run)
    return first, unsettled
