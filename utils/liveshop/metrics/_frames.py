"""Narwhals at work: what the measures ask of numbers and frames, whatever their backend."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta

import narwhals as nw
import numpy as np

from liveshop.tables.contract import TableError


def divide(numerator, denominator, scale=1.0):
    """``scale * numerator / denominator``, of the kind that was given; NaN where the denominator is zero."""
    if isinstance(numerator, nw.Expr) or isinstance(denominator, nw.Expr):
        return _divide_expressions(numerator, denominator, scale)
    for value in (numerator, denominator):
        if _is_series(value):
            return _divide_series(numerator, denominator, scale, like=value)
    above, below = np.asarray(numerator, float), np.asarray(denominator, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(below == 0, np.nan, scale * above / below)
    return float(ratio) if ratio.ndim == 0 else ratio


def _divide_expressions(numerator, denominator, scale):
    above = numerator.cast(nw.Float64) if isinstance(numerator, nw.Expr) else float(numerator)
    if not isinstance(denominator, nw.Expr):
        return above * (scale / denominator if denominator else math.nan)
    below = denominator.cast(nw.Float64)
    return nw.when(below != 0).then(scale * above / below).otherwise(nw.lit(math.nan))


def _divide_series(numerator, denominator, scale, like):
    series = nw.from_native(like, series_only=True, allow_series=True)
    native = isinstance(like, nw.Series)

    def column(value, name):
        if _is_series(value):
            return nw.from_native(value, series_only=True).alias(name)
        return nw.lit(float(value)).alias(name) if np.ndim(value) == 0 else nw.new_series(
            name, np.asarray(value, float), backend=series.implementation)

    frame = series.alias("_").to_frame().with_columns(
        column(numerator, "above"), column(denominator, "below"))
    ratio = frame.select(ratio=_divide_expressions(nw.col("above"), nw.col("below"), scale))["ratio"]
    return ratio if native else ratio.to_native()


def _is_series(value):
    if isinstance(value, nw.Series):
        return True
    if isinstance(value, (int, float, np.ndarray, list, tuple)) or value is None:
        return False
    return isinstance(nw.from_native(value, pass_through=True, allow_series=True), nw.Series)


def as_frame(frame, table, columns):
    """The frame as narwhals sees it, lazy where its backend is; complains about missing columns."""
    frame = nw.from_native(frame)
    have = set(frame.collect_schema().names())
    for column in columns:
        if column not in have:
            raise missing_column(table, column)
    return frame


def missing_column(table, column):
    """The error that names the column; to be raised."""
    remedy = f"Add the column {column}, or map one of your columns to it."
    return TableError(table, column, None, "the column is missing", remedy)


def column_names(frame):
    """Names of the columns, asked of the schema, so that a lazy frame stays lazy."""
    return frame.collect_schema().names()


def in_order(frame, keys):
    """The native frame in the order of its keys, rows numbered from 0 where the backend numbers rows."""
    frame = frame.sort(*keys)
    return (frame if isinstance(frame, nw.LazyFrame) else nw.maybe_reset_index(frame)).to_native()


def only_number(frame, column):
    """The only value of a one-row frame, as a float; NaN where it is empty."""
    frame = frame.select(column)
    value = (frame.collect() if isinstance(frame, nw.LazyFrame) else frame)[column].to_list()
    return math.nan if not value or value[0] is None else float(value[0])


def moment(when):
    """A date or text such as ``2025-06-18`` means the end of that day; a time means that time."""
    if isinstance(when, np.datetime64):
        when = when.item()
    if isinstance(when, str):
        try:
            when = datetime.fromisoformat(when)
        except ValueError:
            raise ValueError(f"{when!r} is not a date: write it as 2025-06-18.") from None
        if when.time() == datetime.min.time():
            when = when.date()
    if isinstance(when, datetime) and when == when:     # pandas' missing time does not equal itself
        return when.to_pydatetime() if hasattr(when, "to_pydatetime") else when
    if isinstance(when, date) and when == when:
        return datetime(when.year, when.month, when.day) + timedelta(days=1, microseconds=-1)
    raise ValueError(f"{when!r} is not a date: write it as 2025-06-18.")


def at(frame, when):
    """A moment to compare the frame's columns of plain times with, in the clock of the engine's session.

    To Spark it goes as text: it reads a Python time in the zone of the driver's machine and a plain column in the zone
    of its session, and where the two differ, orders of the last hours would fall on the wrong side. The others read a
    Python time as it stands, and Polars makes no times of text by a cast.
    """
    if frame.implementation.is_spark_like():
        return nw.lit(when.isoformat(sep=" ")).cast(nw.Datetime("us"))
    return nw.lit(when)


def with_plain_times(frame, table, column):
    """The frame with the column as plain times: those with a zone as the clock there showed them."""
    kind = frame.collect_schema()[column]
    if not kind.is_temporal() and only_number(frame.select((~nw.col(column).is_null()).sum()), column) > 0:
        raise TableError(table, column, None, "it holds no times",
                         f"Turn the column {column} into times, such as 2025-06-18 20:00.")
    if isinstance(frame, nw.DataFrame) and getattr(kind, "time_zone", None) is not None:
        return frame.with_columns(nw.col(column).dt.replace_time_zone(None))
    return frame


def order_lines(orders, columns, paid_only=True):
    """The order lines as narwhals sees them; without ``paid_only=False`` those that were paid."""
    if not paid_only:
        return as_frame(orders, "orders", columns)
    return as_frame(orders, "orders", ["paid", *columns]).filter(~nw.col("paid").is_null())


def listed(names):
    """The names as a list; one name may stand alone, and None stands for no name."""
    return [] if names is None else [names] if isinstance(names, str) else list(names)
