"""The register of incidents, counted by day."""

import pandas as pd

from liveshop.tables.memory import once_per_tables

FIRST, LAST = pd.Timestamp("2020-03-03"), pd.Timestamp("2025-08-31")      # days of the register
DAYS = (LAST - FIRST).days + 1
YEARS = DAYS / 365.25
LINES = pd.Timestamp("2024-09-02"), pd.Timestamp("2025-09-01")            # of the log of outages


@once_per_tables
def causes_by_day(tables):
    """Causes that began on each day of the register, one column a kind, and "all"."""
    first = tables.incidents.groupby(["cause_id", "kind"], as_index=False).began.min()
    day = first.began.dt.normalize()
    by_kind = day.groupby(first.kind).value_counts().unstack(0, fill_value=0)
    by_kind = by_kind.reindex(pd.date_range(FIRST, LAST), fill_value=0)
    every = tables.incidents.groupby("cause_id").began.min().dt.normalize().value_counts()
    return by_kind.assign(all=every.reindex(by_kind.index, fill_value=0))
