"""Values of one table: nothing missing that is required, nothing out of its range, no key twice."""

import pandas as pd

from liveshop.tables.checks.finding import finding, first
from liveshop.tables.errors import show

EARLIEST = pd.Timestamp("2000-01-01")  # older than any shop of this kind; 1900 and 1970 are what empty cells turn into
SENTINELS = {-99, -124, -999, -9999, -99999}  # codes that exports write for "missing"


def required(values, column, table):
    """A required column has a value in every row."""
    if not column.required:
        return []
    return finding("missing value", table, column.name, values.isna(), "the value is missing",
                    "fill it in, or set the row aside with a where rule of the mapping")


def in_range(values, column, table):
    """Known words, plausible dates, numbers between minimum and maximum."""
    name = column.name
    if column.enum:
        bad = values.notna() & ~values.isin(column.enum)
        if bad.any():
            return finding(
                "unknown value", table, name, bad, f"{show(first(values, bad))} is not one of the known values",
                f"use {', '.join(column.enum)} (the mapping's values: translates)")
    if column.type in ("date", "datetime"):
        latest = pd.Timestamp.now().normalize() + pd.Timedelta(days=366)
        bad = values.notna() & ((values < EARLIEST) | (values > latest))
        if bad.any():
            return finding("date", table, name, bad, f"{show(first(values, bad))} is no plausible date",
                            f"give dates between {EARLIEST:%Y-%m-%d} and a year from now, or leave the cell empty")
    if column.minimum is not None:
        bad = values < column.minimum
        if bad.any():
            code = sentinel(values, column)
            if code is not None:
                return finding(
                    "code", table, name, bad, f"{code:g} looks like a code for “missing”, not like a measure",
                    f"leave the cell empty, or write missing: [{code:g}] into the mapping")
            low = first(values, bad)
            negative = low < 0 <= column.minimum
            remedy = f"give {column.unit or 'values'} of {column.minimum} or more, or leave the cell empty"
            if negative and table == "orders" and column.is_money:
                remedy = ("money that went back is no order: set such lines aside with a where rule of the mapping, "
                          "and make the table refunds of them")
            return finding(
                "range", table, name, bad, f"{show(low)} is {'negative' if negative else f'below {column.minimum}'}",
                remedy)
    if column.maximum is not None:
        bad = values > column.maximum
        if bad.any():
            high = first(values, bad)
            percent = column.maximum <= 1 and values.max() <= 100
            return finding(
                "range", table, name, bad, f"{show(high)} is above {column.maximum}", "give a share, 0.12 for 12 %"
                if percent else f"give {column.unit or 'values'} of at most {column.maximum}")
    return []


def sentinel(values, column):
    """The one negative value that repeats in a column of non-negative measures, or None."""
    if column.minimum is None or column.minimum < 0:
        return None
    negative = values[values < 0]
    codes = negative.unique()
    # Two equal small negatives may be chance; from -9 on, or as a known code, a lone negative value is one.
    if len(codes) == 1 and (codes[0] in SENTINELS or len(negative) > 1 and codes[0] <= -9):
        return float(codes[0])
    return None


def unique_key(sound, spec):
    """No two rows have one key."""
    if not spec.key or not all(k in sound for k in spec.key):
        return []
    key = pd.DataFrame({k: sound[k] for k in spec.key})
    bad = key.duplicated() & key.notna().all(axis=1)
    if not bad.any():
        return []
    # The number of a person may be that of a telephone: the row says enough.
    value = ", ".join(k if spec.columns[k].person else f"{k} {first(key[k], bad)}" for k in spec.key)
    return finding("key", spec.name, " + ".join(spec.key), bad, f"{value} was there before: the key must be unique",
                    "say in the mapping how the rows of one key become one: take: if they belong together, duplicates: "
                    "{largest: …} if one of them is the latest state")
