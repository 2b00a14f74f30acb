"""First steps with the tables: rows, days and key of a table, and what a join makes of its rows and its money."""

import pandas as pd

from liveshop.tables.memory import once_per_tables

# Ways to put broadcasts beside order lines: in words, which table, on which column, and which rows are kept.
JOINS = {
    "left, with streams": ("streams", "stream_id", "left"),
    "inner, with streams": ("streams", "stream_id", "inner"),
    "left, with rundown": ("rundown", "stream_id", "left"),
    "inner, with rundown": ("rundown", "stream_id", "inner"),
    "left, with streams by channel": ("streams", "channel_id", "left"),
    "inner, with streams by channel": ("streams", "channel_id", "inner"),
}


def days_covered(times):
    """Days from the first to the last of these times, both counted; missing times are left out."""
    day = times.dropna().dt.normalize()
    return (day.max() - day.min()).days + 1


def repeats(table, key):
    """How many rows of the table have a row before them with the same values in the columns `key`."""
    return int(table.duplicated(list(key)).sum())


def joined_size(left, right, on, how):
    """Rows and paid money (yuan) of left joined with right on one column, without making the joined table.

    left: order lines with paid_amount and paid; right: any table with the column; how: "left" or "inner". A line that
    meets three rows stands there three times, and so does its money; an empty value meets nothing.
    """
    times = left[on].map(right[on].value_counts()).fillna(0).astype(int)
    if how == "left":
        times = times.clip(lower=1)
    return int(times.sum()), float((left.paid_amount * times)[left.paid.notna()].sum())


@once_per_tables
def joins(tables):
    """What each way of `JOINS` makes of the order lines: rows, and gmv, yuan of paid lines. Before: the lines alone."""
    lines = tables.orders
    found = {"before the join": (len(lines), float(lines.paid_amount[lines.paid.notna()].sum()))}
    found |= {words: joined_size(lines, tables[name], on, how) for words, (name, on, how) in JOINS.items()}
    return pd.DataFrame(found, index=["rows", "gmv"]).T
