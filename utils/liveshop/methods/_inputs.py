"""What the methods ask of their input, and the one sentence that says what is wrong with it."""

from __future__ import annotations

import numpy as np
import pandas as pd


def listed(names):
    """The names as a list; one name may stand alone, and None stands for no name."""
    return [] if names is None else [names] if isinstance(names, str) else list(names)


def need(frame, wanted, subject="The table lacks", remedy="", error=ValueError):
    """Complain about columns that the table does not have."""
    if not hasattr(frame, "columns"):
        raise error(f"A table is needed, not {type(frame).__name__}.")
    missing = [name for name in wanted if name not in frame.columns]
    if missing:
        raise error(f"{subject} the column {', '.join(missing)}{remedy}.")


def numbers(values, what, error=ValueError):
    """The values as an array of floats; missing ones stay missing."""
    kind = getattr(getattr(values, "dtype", None), "kind", "")
    try:
        if kind in ("m", "M"):
            raise TypeError
        return np.asarray(values, float)
    except (TypeError, ValueError):
        raise error(f"{what} must be numbers, not text or dates.") from None


def number(value, what, error=ValueError):
    """One number as a float, not missing."""
    found = numbers(value, what, error)
    if found.ndim or not np.isfinite(found):
        raise error(f"{what} must be one finite number, not {value!r}.")
    return float(found)


def whole(value, what, least, error=ValueError):
    """One whole number as an int, ``least`` or more."""
    found = number(value, what, error)
    if found != np.floor(found) or found < least:
        raise error(f"{what} must be a whole number, {least} or more, not {value!r}.")
    return int(found)


def moments(values, name, error=ValueError):
    """A column of times; those with a zone are taken as the clock there showed them."""
    if pd.api.types.is_numeric_dtype(values):
        raise error(f"The column {name} holds numbers, not times: turn it into dates first.")
    try:
        found = pd.to_datetime(values)
    except (TypeError, ValueError):
        raise error(f"The column {name} holds something that is no time: write times as 2025-06-18 20:00.") from None
    return found.dt.tz_localize(None) if found.dt.tz is not None else found


def day(value, error=ValueError):
    """The beginning of the day that the date or time ``value`` falls on."""
    try:
        found = pd.NaT if isinstance(value, (int, float)) else pd.Timestamp(value)
    except (TypeError, ValueError):
        found = pd.NaT
    if found is pd.NaT:
        raise error(f"{value!r} is not a date: write it as 2025-06-18.")
    return found.tz_localize(None).normalize()
