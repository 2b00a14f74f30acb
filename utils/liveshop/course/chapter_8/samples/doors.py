"""Through which doors viewers come, and how much hangs on one of them."""

import pandas as pd

from liveshop.methods import risk
from liveshop.tables.memory import once_per_tables

OWN = ("follow", "search")       # doors through which people come on purpose


@once_per_tables
def entries(tables):
    """Entries of the rooms: one row a week, one column a source."""
    seen = tables.viewer_sessions[["stream_id", "source"]].merge(tables.streams[["stream_id", "started"]])
    week = seen.started.dt.to_period("W").dt.start_time
    return seen.groupby([week, seen.source.astype(str)]).size().unstack(fill_value=0)


def shares(counts):
    """Shares of a table's columns over all its rows, or of a series."""
    total = counts.sum() if isinstance(counts, pd.DataFrame) else counts
    return total / total.sum()


@once_per_tables
def by_week(tables):
    """Concentration of the entries week by week (0 to 1)."""
    return entries(tables).apply(lambda row: risk.concentration(row / row.sum()), axis=1)
