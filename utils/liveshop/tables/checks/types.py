"""Columns and their types: is everything there, and is it of the kind that the contract says?"""

import datetime as dt
from collections import Counter

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype, is_complex_dtype, is_datetime64_dtype, is_float_dtype, is_numeric_dtype

from liveshop.tables.checks.finding import finding, first
from liveshop.tables.errors import Problem, show

EXACT = 2**53  # above it a floating-point number no longer holds every whole number

EXAMPLES = {
    "string": "give it as text",
    "integer": "give whole numbers, or read the file through adapt, which understands 1.2万 and 1,200",
    "number": "give numbers, or read the file through adapt, which understands 1.2万, 12.3% and 1,200",
    "boolean": "give True or False",
    "date": "give dates such as 2025-06-18",
    "datetime": "give times such as 2025-06-18 20:00:00, or read the file through adapt",
}


def columns(frame, spec):
    """The table as a whole: columns that are missing, unknown or twice there, and whether it has rows."""
    problems = []
    names = [str(n) for n in frame.columns]
    for name in (n for n, count in Counter(names).items() if count > 1):
        problems.append(
            Problem("repeated column", spec.name, name, None, "stands twice in the table", "keep one of the two"))
    for name in spec.required:
        if name not in names:
            problems.append(Problem("missing column", spec.name, name, None, "the column is missing",
                                    f"add it ({_wanted(spec.columns[name])}) or map it from a column of your export"))
    optional = [n for n, c in spec.columns.items() if n not in names and not c.required]
    if optional:
        problems.append(
            Problem(
                "absent columns", spec.name, None, None, f"optional columns are not there: {', '.join(optional)}",
                "what needs them is left out; map them if your export has them", "warning")
        )
    extra = [n for n in dict.fromkeys(names) if n not in spec.columns]
    if extra:
        problems.append(
            Problem(
                "unknown columns", spec.name, None, None,
                f"columns that the contract does not know: {', '.join(extra[:12])}",
                "they are ignored; rename them if one of them is a contract column", "warning")
        )
    if not len(frame):
        problems.append(Problem("no rows", spec.name, None, None, "the table has no rows",
                                "check the period or the filter of the export", "warning"))
    return problems


def _wanted(column):
    unit = f", in {column.unit}" if column.unit and not column.unit.startswith("local time") else ""
    return f"{column.description[:1].lower()}{column.description[1:]}: {column.type}{unit}"


def fits(series, column, table):
    """Whether the cells of a column have the contract's type."""
    kind, dtype = column.type, series.dtype
    values = series.astype(object) if isinstance(dtype, pd.CategoricalDtype) else series
    dtype = values.dtype
    wrong = partial_type = None
    if values.isna().all():
        return []
    if kind in ("integer", "number"):
        if is_bool_dtype(dtype) or not is_numeric_dtype(dtype) or is_complex_dtype(dtype):
            wrong = ~values.map(lambda v: _is_missing(v) or _is_real(v)).astype(bool)
            if not wrong.any():
                values = pd.to_numeric(values, errors="coerce")
        if wrong is None or not wrong.any():
            numbers = values.astype("float64")
            infinite = np.isinf(numbers)
            if infinite.any():
                return finding("infinite", table, column.name, infinite, "the value is infinite",
                                "look for a division by zero in the export, and leave the cell empty")
            if kind == "integer":
                partial_type = numbers.notna() & (numbers != np.floor(numbers))
                if partial_type.any():
                    return finding("type", table, column.name, partial_type,
                                    f"{show(first(numbers, partial_type))} is not a whole number",
                                    f"give {column.unit or 'whole numbers'} without decimals")
                if is_float_dtype(dtype):
                    return _rounded_ids(numbers, column, table)
            return []
    elif kind == "string":
        if not isinstance(dtype, pd.StringDtype):
            wrong = ~values.map(lambda v: _is_missing(v) or isinstance(v, str)).astype(bool)
    elif kind == "boolean":
        if not is_bool_dtype(dtype):
            wrong = ~values.map(lambda v: _is_missing(v) or isinstance(v, (bool, np.bool_))).astype(bool)
    elif isinstance(dtype, pd.DatetimeTZDtype):
        return [
            Problem(
                "zone", table, column.name, 1, f"the times carry a zone ({dtype.tz})",
                "convert them to Asia/Shanghai and drop the zone: .dt.tz_convert('Asia/Shanghai').dt.tz_localize(None)")
        ]
    elif not is_datetime64_dtype(dtype):
        wrong = ~values.map(lambda v: _is_missing(v) or _is_plain_date(v)).astype(bool)
    elif kind == "date":
        late = values.notna() & (values != values.dt.normalize())
        return finding("type", table, column.name, late, "the date carries a time of day", "give the date alone")
    if wrong is not None and wrong.any():
        value = first(values, wrong)
        return finding("type", table, column.name, wrong, f"{show(value)} is {_called(value)}, not {_article(kind)}",
                        EXAMPLES[kind])
    return []


def _is_missing(value):
    return (
        value is None or value is pd.NA or value is pd.NaT
        or (isinstance(value, (float, np.floating)) and value != value))


def _is_real(value):
    return isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, (bool, np.bool_)) \
        and abs(value) < 1e300


def _is_plain_date(value):
    if not isinstance(value, dt.date):
        return False
    return not (isinstance(value, dt.datetime) and value.tzinfo) and 1700 < value.year < 2250


def _called(value):
    if isinstance(value, (bool, np.bool_)):
        return "true or false"
    if isinstance(value, (int, float, np.number)):
        return "a number"
    if isinstance(value, str):
        return "text"
    return "a date" if isinstance(value, dt.date) else f"a {type(value).__name__}"


def _article(kind):
    return {"string": "text", "integer": "a whole number", "number": "a number", "boolean": "true or false",
            "date": "a date", "datetime": "a time"}[kind]


def _rounded_ids(numbers, column, table):
    if not column.is_id:
        return []
    return finding("rounded id", table, column.name, numbers.abs() >= EXACT,
                    "the id was stored as a rounded number, its last digits are lost",
                    "export the ids as text", "warning")


def cast(series, kind):
    """A column that fits, in the contract's type."""
    missing = series.isna().any()
    if kind == "string":
        return (
            series.astype(object).astype("str") if isinstance(series.dtype, pd.CategoricalDtype)
            else series.astype("str"))
    if kind == "integer":
        return series.astype("Int64") if missing else series.astype("int64")
    if kind == "number":
        return series.astype("float64")
    if kind == "boolean":
        return series.astype("boolean") if missing else series.astype("bool")
    times = pd.to_datetime(series).astype("datetime64[us]")
    return times.dt.normalize() if kind == "date" else times
