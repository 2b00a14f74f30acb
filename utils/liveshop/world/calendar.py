"""The season's calendar: 26 weeks from 3 March 2025, the festival in June, and the hours at which people shop.

Moments of the social shop are counted in whole seconds from the start of the season.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

START, END = pd.Timestamp("2025-03-03"), pd.Timestamp("2025-09-01")
DAYS = (END - START).days
FESTIVAL = (pd.Timestamp("2025-06-01"), pd.Timestamp("2025-06-20"))
DAY = 86400
ONE = np.timedelta64(1, "s")
ORIGIN = np.datetime64(START, "s")
# Share of the shop's audience that is awake and shopping, by hour of the day, against the mean of 9 to 24 h.
HOURS = np.array(
    [0.45, 0.22, 0.12, 0.08, 0.08, 0.12, 0.30, 0.55, 0.70, 0.80, 0.88, 0.85]
    + [0.95, 0.92, 0.82, 0.82, 0.85, 0.90, 1.02, 1.22, 1.45, 1.48, 1.25, 0.85]
)


def is_festival(times):
    """True where a time falls into the June shopping festival."""
    times = pd.DatetimeIndex(times)
    return np.asarray((times >= FESTIVAL[0]) & (times < FESTIVAL[1] + pd.Timedelta(days=1)))


def days():
    """All days of the season."""
    return pd.date_range(START, periods=DAYS, freq="D")


def day_weights(weekend, weekday, festival):
    """Relative traffic of each day of the season: of a weekend, a weekday, and how much more in the festival."""
    return np.where(days().day_of_week >= 5, weekend, weekday) * np.where(is_festival(days()), festival, 1.0)


def moments(seconds):
    """Seconds from the start of the season as times, datetime64[s]."""
    return ORIGIN + np.asarray(seconds, dtype=np.int64) * ONE


def seconds_since_start(times):
    """Times as whole seconds from the start of the season: `moments` backwards."""
    return (np.asarray(times).astype("datetime64[s]") - ORIGIN).astype(np.int64)


def seconds_of_day(u, opens=0):
    """Seconds since midnight for uniform draws: the daily rhythm of the trade, from the hour `opens` on."""
    weight = np.where(np.arange(24) < opens, 0, HOURS)
    edges = np.concatenate([[0.0], np.cumsum(weight) / weight.sum()])
    return np.interp(u, edges, np.arange(25) * 3600.0).astype(np.int64)


def awake(hour):
    """Share of the audience that is awake and shopping at each hour of the day, in fractions of an hour."""
    return np.interp(hour % 24, np.arange(25) + 0.0, np.append(HOURS, HOURS[0]))
