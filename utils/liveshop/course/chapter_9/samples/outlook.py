"""Weekly sales, the ways to forecast them, and how each was judged by rolling origin: the sample of 9.2."""

import numpy as np
import pandas as pd

from liveshop.methods import forecast
from liveshop.tables.memory import once_per_tables

PERIOD, YEAR = 52, 52.18            # weeks: of the same week a year ago; of a wave
RECENT = 8                          # weeks whose growth over the year before is carried on
FIRST = PERIOD + RECENT + 10        # weeks that the first forecast sees, where there is a year to look back on
EARLIEST = PERIOD + RECENT + forecast.FEWEST        # weeks that the way which takes most can do with
AHEAD, QUARTER = 4, 13              # weeks
NEAR = 3                            # weeks by which a festival may move from year to year
FEWEST = 26                         # weeks of a history
NAIVE, DRIFT, AGO, GROWN, LINE, OWN = ("naive", "one line (drift)", "a year ago", "a year ago, grown", "calendar",
                                       "calendar, each festival")
YEARLY = (AGO, GROWN, LINE, OWN)    # ways that take a year to look back on


@once_per_tables
def weekly(tables):
    """One row a week of the history: sales (net, thousand yuan) and festival (True or False).

    Weeks up to the last one that is missing or sold nothing (the shop was closed, the export has a gap) are left out.
    Raises ValueError on fewer than FEWEST weeks after it.
    """
    history = tables.history
    festival = history["is_festival"].eq(True) if "is_festival" in history else pd.Series(False, history.index)
    weeks = pd.DataFrame({"sales": history["net_sales"] / 1000, "festival": festival}).groupby(history["week"]).agg(
        {"sales": "sum", "festival": "max"}).asfreq("7D")
    empty = np.flatnonzero(~(weeks["sales"] > 0))
    after = f" after the gap of {weeks.index[empty[-1]]:%d %B %Y}" if len(empty) else ""
    weeks = weeks.iloc[empty[-1] + 1 if len(empty) else 0:]
    if len(weeks) < FEWEST:
        raise ValueError(f"{len(weeks)} weeks{after} are too few to judge a forecast on; {FEWEST} are needed.")
    return weeks.astype({"festival": bool})


def festivals(flags):
    """One column a festival of the year, 1.0 in its weeks: what the calendar says beforehand.

    flags: True in the weeks of any festival. A run of weeks is the festival that ran a year before, if that began
    within NEAR weeks of the same week; else it is one that has not been seen yet.
    """
    flags = np.asarray(flags, bool)
    begins = np.flatnonzero(flags & ~np.r_[False, flags[:-1]])
    column = {}
    for begin in begins:
        before = [one for one in column if abs(begin - PERIOD - one) <= NEAR]
        column[begin] = column[min(before, key=lambda one: abs(begin - PERIOD - one))] if before else (
            max(column.values(), default=-1) + 1)
    table = np.zeros((len(flags), max(column.values(), default=-1) + 1))
    run = np.cumsum(np.isin(np.arange(len(flags)), begins)) - 1
    for week in np.flatnonzero(flags):
        table[week, column[begins[run[week]]]] = 1.0
    return table


def ways(flags, level=0.95):
    """The ways to forecast, as {name: function of (history, horizon)}.

    flags: True in the festival weeks, past and future; the calendar is known beforehand · level: of the intervals.
    """
    one, each = np.asarray(flags, float), festivals(flags)
    return {
        NAIVE: lambda past, ahead: forecast.naive(past, ahead, level),
        DRIFT: lambda past, ahead: forecast.drift(past, ahead, level),
        AGO: lambda past, ahead: forecast.seasonal_naive(past, ahead, PERIOD, level),
        GROWN: lambda past, ahead: forecast.grown(past, ahead, PERIOD, RECENT, level),
        LINE: lambda past, ahead: forecast.calendar(past, ahead, one, YEAR, level=level),
        OWN: lambda past, ahead: forecast.calendar(past, ahead, each, YEAR, level=level),
    }


def judged(weeks, ahead=QUARTER):
    """`forecast.rolling_origin` of each way, one below the other, with its name in the column way.

    weeks: as `weekly` gives them · ahead: weeks of the longest forecast. The first origin stands after FIRST weeks;
    where there are not so many, in the middle, and the ways that take a year to look back on are left out.
    """
    long = len(weeks) > FIRST
    tables = [forecast.rolling_origin(weeks["sales"], way, FIRST if long else len(weeks) // 2, ahead).assign(way=name)
              for name, way in ways(weeks["festival"]).items() if long or name not in YEARLY]
    return pd.concat(tables, ignore_index=True)


@once_per_tables
def told_by(tables, way, level=0.95):
    """`forecast.rolling_origin` of one way, a quarter ahead, from as early an origin as every way can tell from."""
    weeks = weekly(tables)
    return forecast.rolling_origin(weeks["sales"], ways(weeks["festival"], level)[way], EARLIEST, QUARTER)


def by_reach(judgement):
    """Mean error as a share of the actual sales: a row a way, a column for so many weeks ahead."""
    off = (judgement["mean"] / judgement["actual"] - 1).abs()
    return off.groupby([judgement["way"], judgement["ahead"]], sort=False).mean().unstack()


def board(judgement, ahead=None):
    """`forecast.accuracy` of each way, one row a way; ahead: of forecasts so many weeks ahead only."""
    rows = judgement if ahead is None else judgement[judgement["ahead"] == ahead]
    return pd.DataFrame({name: forecast.accuracy(part) for name, part in rows.groupby("way", sort=False)}).T


def fitted(weeks, each=True):
    """The line through weeks that it has seen: trend, wave and festivals by least squares on the logarithm.

    each: a size for each festival, else one for all. Where no year is known, the line of the drift. One value a week,
    thousand yuan. That is the fit whose error is told too often; it forecasts nothing.
    """
    if carried_on(weeks) == DRIFT:
        return np.linspace(weeks["sales"].iloc[0], weeks["sales"].iloc[-1], len(weeks))
    x, slopes = _line(weeks, each)
    return np.exp(x @ slopes)


def festival_sizes(weeks):
    """How much more is sold in each festival of the year, in order of their first weeks: shares, by the same line."""
    return np.expm1(_line(weeks)[1][4:])


def _line(weeks, each=True):
    t = np.arange(len(weeks))
    wave = 2 * np.pi * t / YEAR
    events = festivals(weeks["festival"]) if each else weeks["festival"].to_numpy(float)
    x = np.column_stack([np.ones(len(t)), t, np.cos(wave), np.sin(wave), events])
    return x, np.linalg.lstsq(x, np.log(weeks["sales"].to_numpy()), rcond=None)[0]


def carried_on(weeks):
    """The way that carries the fitted line on: the calendar with each festival, or the drift where no year is known."""
    return OWN if len(weeks) > FIRST else DRIFT


def off(told, actual):
    """Mean absolute error as a share of the actual values."""
    return float((np.abs(np.asarray(told) - np.asarray(actual)) / np.asarray(actual)).mean())
