"""What the checks share: from a mask of rows to a finding, and columns in a form that compares simply."""

import numpy as np
import pandas as pd
from pandas.api.types import is_integer_dtype

from liveshop.tables.errors import Problem


def finding(kind, table, column, bad, what, remedy, severity="error"):
    """A list with one Problem for the rows of a boolean mask; empty when the mask is."""
    rows = np.flatnonzero(np.asarray(bad, dtype=bool))
    if not len(rows):
        return []
    more = f" (and {len(rows) - 1:,} more like it)" if len(rows) > 1 else ""
    return [Problem(kind, table, column, int(rows[0]) + 1, what + more, remedy, severity, rows)]


def first(values, bad):
    """The first value under a mask that is not empty."""
    return values.iloc[int(np.flatnonzero(np.asarray(bad, dtype=bool))[0])]


def have(sound, *names):
    """Whether all these columns are there, and sound."""
    return all(n in sound for n in names)


def plain(series, column):
    """A sound column as a Series that compares and computes simply: int64 or float64, datetime64, or as it is."""
    if column.type in ("integer", "number"):
        exact = is_integer_dtype(series.dtype) and not series.isna().any()
        return series.astype("int64") if exact else series.astype("float64")
    if column.type in ("date", "datetime"):
        return pd.to_datetime(series).astype("datetime64[us]")
    return series


def median_ratio(above, below):
    """The median of above / below where both are positive; NaN where they nowhere are."""
    ratio = (above / below.where(below > 0)).where(above > 0)
    return float(ratio.median()) if ratio.notna().any() else np.nan
