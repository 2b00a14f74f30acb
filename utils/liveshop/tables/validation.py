"""What breaks the contract, in sentences: types, required columns, ranges, keys, ties between tables, plausibility."""

import datetime as dt

import numpy as np
import pandas as pd
from pandas.api import types

from liveshop.tables.contract import Problem, TableError, contract, table_of

EARLIEST = pd.Timestamp("2000-01-01")  # older than any shop of this kind; 1900 and 1970 are what empty cells turn into
EXACT = 2**53  # above it a floating-point number no longer holds every whole number
SENTINELS = {-99, -124, -999, -9999, -99999}  # codes that exports write for "missing"
FEN = (30, 300)  # a ratio of two amounts near 100: one of them is in fen; wide enough for discounts of 70 %

# table, column, column that may not lie before it
TIME_ORDER = [
    ("streams", "started", "ended"),
    ("orders", "created", "paid"),
    ("shares", "shared", "opened"),
    ("tickets", "opened", "answered"),
    ("deliveries", "ordered", "arrived"),
    ("incidents", "began", "detected"),
    ("incidents", "began", "ended"),
]
# table, count, count that cannot be smaller by the definition of the two
SIZE_ORDER = [
    ("streams", "viewers", "views"),
    ("streams", "pcu", "views"),
    ("streams", "buyers", "orders"),
    ("streams", "orders", "sku_orders"),
    ("streams", "sku_orders", "items"),
    ("deliveries", "defective", "quantity"),
]


def validate(frame, table, tables=None):
    """Hold a frame against the contract and return a list of `Problem` (empty: all is well).

    frame: pandas DataFrame. table: name of the contract table. tables: other tables (a `Tables` or a dict of
    frames); with them, references and rules across tables are checked too.
    A problem of severity "error" breaks the contract; a "warning" is only suspicious (fen for yuan, say).
    Raises TableError when `frame` is no DataFrame or `table` no table of the contract.
    """
    spec = table_of(table)
    if not isinstance(frame, pd.DataFrame):
        raise TableError(table, problem=f"a pandas DataFrame is needed, not {type(frame).__name__}",
                         remedy="pass the table itself, such as tables.orders")
    problems = _columns(frame, spec)
    if any(p.what.startswith("stands twice") for p in problems):
        return problems  # with two columns of one name nothing below would know which is meant
    sound = {}
    for name, column in spec.columns.items():
        if name not in frame:
            continue
        found = _type(frame[name], column, table)
        problems += found
        if not any(p.severity == "error" for p in found):
            sound[name] = _plain(frame[name], column)
    for name, values in sound.items():
        problems += _required(values, spec.columns[name], table)
        problems += _range(values, spec.columns[name], table)
    problems += _key(sound, spec)
    problems += _across_columns(sound, table)
    problems += _units(sound, spec)
    if tables is not None:
        problems += _references(sound, spec, tables)
        problems += _across_tables(sound, table, tables)
    return problems


def validate_all(tables):
    """Validate every table of a `Tables` or of a dict of frames, with the ties between them; a list of `Problem`."""
    names = [name for name in contract() if name in tables]
    return [problem for name in names for problem in validate(tables[name], name, tables)]


def typed(frame, table):
    """The same frame with the contract's types, or a TableError for the first value that does not fit.

    Whole numbers become int64 (Int64 where some are missing), numbers float64, times datetime64[us] without a
    zone, dates datetime64[us] at midnight, text str. Columns that the contract does not know stay as they are.
    """
    spec = table_of(table)
    twice = [p for p in _columns(frame, spec) if p.what.startswith("stands twice")]
    wrong = twice or [p for name in spec.columns if name in frame
                      for p in _type(frame[name], spec.columns[name], table) if p.severity == "error"]
    if wrong:
        raise wrong[0].error()
    return frame.assign(**{name: _cast(frame[name], column.type)
                           for name, column in spec.columns.items() if name in frame})


def _cast(series, kind):
    missing = series.isna().any()
    if kind == "string":
        return series.astype(object).astype("str") if isinstance(series.dtype, pd.CategoricalDtype) else series.astype("str")
    if kind == "integer":
        return series.astype("Int64") if missing else series.astype("int64")
    if kind == "number":
        return series.astype("float64")
    if kind == "boolean":
        return series.astype("boolean") if missing else series.astype("bool")
    times = pd.to_datetime(series).astype("datetime64[us]")
    return times.dt.normalize() if kind == "date" else times


def _plain(series, column):
    """A sound column as a Series that compares and computes simply: float64, datetime64 or object."""
    if column.type in ("integer", "number"):
        exact = types.is_integer_dtype(series.dtype) and not series.isna().any()
        return series.astype("int64") if exact else series.astype("float64")
    if column.type in ("date", "datetime"):
        return pd.to_datetime(series).astype("datetime64[us]")
    return series


def _problem(table, column, bad, what, remedy, severity="error"):
    """A Problem for the rows of a boolean mask; none when the mask is empty."""
    rows = np.flatnonzero(np.asarray(bad, dtype=bool))
    if not len(rows):
        return []
    more = f" (and {len(rows) - 1:,} more like it)" if len(rows) > 1 else ""
    return [Problem(table, column, int(rows[0]) + 1, what + more, remedy, severity, rows)]


def _first(values, bad):
    return values.iloc[int(np.flatnonzero(np.asarray(bad, dtype=bool))[0])]


def show(value):
    """A value as a reader should see it in a sentence: short, quoted when it is text."""
    if isinstance(value, (float, np.floating)) and float(value).is_integer() and abs(value) < 1e15:
        return f"{value:.0f}"
    if isinstance(value, (int, float, np.number, bool)):
        return f"{value}"
    if isinstance(value, (pd.Timestamp, dt.datetime)):
        return str(value).split(".")[0].split("+")[0] if not pd.isna(value) else "nothing"  # strftime knows no years above 9999
    text = " ".join(str(value).split())
    return f"“{text[:40]}…”" if len(text) > 41 else f"“{text}”"


def _columns(frame, spec):
    problems = []
    names = [str(n) for n in frame.columns]
    for name in dict.fromkeys(n for n in names if names.count(n) > 1):
        problems.append(Problem(spec.name, name, None, "stands twice in the table", "keep one of the two"))
    for name in spec.required:
        if name not in names:
            problems.append(Problem(spec.name, name, None, "the column is missing",
                                    f"add it ({_wanted(spec.columns[name])}) or map it from a column of your export"))
    optional = [n for n, c in spec.columns.items() if n not in names and not c.required]
    if optional:
        problems.append(Problem(spec.name, None, None, f"optional columns are not there: {', '.join(optional)}",
                                "what needs them is left out; map them if your export has them", "warning"))
    extra = [n for n in dict.fromkeys(names) if n not in spec.columns]
    if extra:
        problems.append(Problem(spec.name, None, None, f"columns that the contract does not know: {', '.join(extra[:12])}",
                                "they are ignored; rename them if one of them is a contract column", "warning"))
    if not len(frame):
        problems.append(Problem(spec.name, None, None, "the table has no rows",
                                "check the period or the filter of the export", "warning"))
    return problems


def _wanted(column):
    unit = f", in {column.unit}" if column.unit and not column.unit.startswith("local time") else ""
    return f"{column.description[:1].lower()}{column.description[1:]}: {column.type}{unit}"


_EXAMPLES = {
    "string": "give it as text",
    "integer": "give whole numbers, or read the file through adapt, which understands 1.2万 and 1,200",
    "number": "give numbers, or read the file through adapt, which understands 1.2万, 12.3% and 1,200",
    "boolean": "give True or False",
    "date": "give dates such as 2025-06-18",
    "datetime": "give times such as 2025-06-18 20:00:00, or read the file through adapt",
}


def _type(series, column, table):
    kind, dtype = column.type, series.dtype
    values = series.astype(object) if isinstance(dtype, pd.CategoricalDtype) else series
    dtype = values.dtype
    wrong = partial_type = None
    if values.isna().all():
        return []
    if kind in ("integer", "number"):
        if types.is_bool_dtype(dtype) or not types.is_numeric_dtype(dtype) or types.is_complex_dtype(dtype):
            wrong = ~values.map(lambda v: _is_missing(v) or _is_real(v)).astype(bool)
            if not wrong.any():
                values = pd.to_numeric(values, errors="coerce")
        if wrong is None or not wrong.any():
            numbers = values.astype("float64")
            infinite = np.isinf(numbers)
            if infinite.any():
                return _problem(table, column.name, infinite, "the value is infinite",
                                "look for a division by zero in the export, and leave the cell empty")
            if kind == "integer":
                partial_type = numbers.notna() & (numbers != np.floor(numbers))
                if partial_type.any():
                    return _problem(table, column.name, partial_type,
                                    f"{show(_first(numbers, partial_type))} is not a whole number",
                                    f"give {column.unit or 'whole numbers'} without decimals")
                if types.is_float_dtype(dtype):
                    return _rounded_ids(numbers, column, table)
            return []
    elif kind == "string":
        if not isinstance(dtype, pd.StringDtype):
            wrong = ~values.map(lambda v: _is_missing(v) or isinstance(v, str)).astype(bool)
    elif kind == "boolean":
        if not types.is_bool_dtype(dtype):
            wrong = ~values.map(lambda v: _is_missing(v) or isinstance(v, (bool, np.bool_))).astype(bool)
    elif isinstance(dtype, pd.DatetimeTZDtype):
        return [Problem(table, column.name, 1, f"the times carry a zone ({dtype.tz})",
                        "convert them to Asia/Shanghai and drop the zone: .dt.tz_convert('Asia/Shanghai').dt.tz_localize(None)")]
    elif not types.is_datetime64_dtype(dtype):
        wrong = ~values.map(lambda v: _is_missing(v) or _is_plain_date(v)).astype(bool)
    elif kind == "date":
        late = values.notna() & (values != values.dt.normalize())
        return _problem(table, column.name, late, "the date carries a time of day", "give the date alone")
    if wrong is not None and wrong.any():
        value = _first(values, wrong)
        return _problem(table, column.name, wrong, f"{show(value)} is {_called(value)}, not {_article(kind)}",
                        _EXAMPLES[kind])
    return []


def _is_missing(value):
    return value is None or value is pd.NA or value is pd.NaT or (isinstance(value, (float, np.floating)) and value != value)


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
    return _problem(table, column.name, numbers.abs() >= EXACT,
                    "the id was stored as a rounded number, its last digits are lost",
                    "export the ids as text", "warning")


def _required(values, column, table):
    if not column.required:
        return []
    return _problem(table, column.name, values.isna(), "the value is missing",
                    "fill it in, or set the row aside with a where rule of the mapping")


def _range(values, column, table):
    name = column.name
    if column.enum:
        bad = values.notna() & ~values.isin(column.enum)
        if bad.any():
            return _problem(table, name, bad, f"{show(_first(values, bad))} is not one of the known values",
                            f"use {', '.join(column.enum)} (the mapping's values: translates)")
    if column.type in ("date", "datetime"):
        latest = pd.Timestamp.now().normalize() + pd.Timedelta(days=366)
        bad = values.notna() & ((values < EARLIEST) | (values > latest))
        if bad.any():
            return _problem(table, name, bad, f"{show(_first(values, bad))} is no plausible date",
                            f"give dates between {EARLIEST:%Y-%m-%d} and a year from now, or leave the cell empty")
    if column.minimum is not None:
        bad = values < column.minimum
        if bad.any():
            code = sentinel(values, column)
            if code is not None:
                return _problem(table, name, bad, f"{code:g} looks like a code for “missing”, not like a measure",
                                f"leave the cell empty, or write missing: [{code:g}] into the mapping")
            low = _first(values, bad)
            negative = low < 0 <= column.minimum
            return _problem(table, name, bad, f"{show(low)} is {'negative' if negative else f'below {column.minimum}'}",
                            f"give {column.unit or 'values'} of {column.minimum} or more, or leave the cell empty")
    if column.maximum is not None:
        bad = values > column.maximum
        if bad.any():
            high = _first(values, bad)
            percent = column.maximum <= 1 and values.max() <= 100
            return _problem(table, name, bad, f"{show(high)} is above {column.maximum}",
                            "give a share, 0.12 for 12 %" if percent else f"give {column.unit or 'values'} of at most {column.maximum}")
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


def _key(sound, spec):
    if not spec.key or not all(k in sound for k in spec.key):
        return []
    key = pd.DataFrame({k: sound[k] for k in spec.key})
    bad = key.duplicated() & key.notna().all(axis=1)
    if not bad.any():
        return []
    value = ", ".join(f"{k} {key[k].iloc[int(np.flatnonzero(bad)[0])]}" for k in spec.key)
    return _problem(spec.name, " + ".join(spec.key), bad, f"{value} was there before: the key must be unique",
                    "remove the repeated rows, or write duplicates: first into the mapping")


def _both(sound, *names):
    return all(n in sound for n in names)


def _across_columns(sound, table):
    problems = []
    for own, early, late in TIME_ORDER:
        if own == table and _both(sound, early, late):
            bad = sound[late] < sound[early]
            if bad.any():
                problems += _problem(table, late, bad, f"{show(_first(sound[late], bad))} lies before {early} "
                                     f"({show(_first(sound[early], bad))})",
                                     "check whether the two columns are swapped or a date is in another order")
    for own, small, large in SIZE_ORDER:
        if own == table and _both(sound, small, large):
            bad = sound[small] > sound[large]
            if bad.any():
                problems += _problem(table, small, bad, f"{show(_first(sound[small], bad))} is more than {large} "
                                     f"({show(_first(sound[large], bad))})",
                                     "check whether the two columns are swapped or defined otherwise", "warning")
    if table == "streams" and _both(sound, "started", "ended", "stream_seconds"):
        problems += _lengths(sound)
    return problems


def _lengths(sound):
    clock = (sound["ended"] - sound["started"]).dt.total_seconds()
    ratio = (sound["stream_seconds"] / clock.where(clock > 0)).median()
    for factor, unit in ((1000, "milliseconds"), (1 / 60, "minutes"), (1 / 3600, "hours")):
        if 0.8 < ratio / factor < 1.25:
            return [Problem("streams", "stream_seconds", None, f"the lengths look like {unit}",
                            f"give seconds, or write unit: {unit} into the mapping", "warning")]
    bad = (clock > 0) & ((sound["stream_seconds"] - clock).abs() > np.maximum(120, 0.05 * clock))
    return _problem("streams", "stream_seconds", bad, "the length differs from ended − started by more than 5 %",
                    "check the unit, and whether a break was taken out", "warning")


def _whole(values):
    values = values.dropna()
    return len(values) > 0 and bool((values == np.floor(values)).all())


def _fen(table, column, ratio, against):
    return Problem(table, column, None, f"the amounts are about {ratio:,.0f} times {against}: they look like fen (分)",
                   "give yuan: divide by 100, or write unit: fen into the mapping", "warning")


def _median_ratio(above, below):
    ratio = (above / below.where(below > 0)).where(above > 0)
    return float(ratio.median()) if ratio.notna().any() else np.nan


def _units(sound, spec):
    """Suspicions that a column is in another unit: fen for yuan, percent for a share, milliseconds for seconds."""
    table, problems = spec.name, []
    for name, column in spec.columns.items():
        if column.is_ratio and column.maximum is None and name in sound and sound[name].median() > 1.5:
            problems.append(Problem(table, name, None, f"the median is {sound[name].median():.3g}: it looks like percent",
                                    "give a share, 0.12 for 12 %, or write unit: percent into the mapping", "warning"))
    if table == "orders" and "paid_amount" in sound:
        paid = sound["paid_amount"]
        ratio = _median_ratio(paid, sound["list_amount"]) if "list_amount" in sound else np.nan
        each = paid / sound["quantity"].where(sound["quantity"] > 0) if "quantity" in sound else paid
        if FEN[0] < ratio < FEN[1]:
            problems.append(_fen(table, "paid_amount", ratio, "list_amount"))
        elif _whole(paid) and each.median() > 5000:
            problems.append(_large(table, "paid_amount", each.median(), "an item"))
        if "list_amount" in sound and not ratio > FEN[0]:
            bad = paid > sound["list_amount"] * 1.001 + 0.01
            problems += _problem(table, "paid_amount", bad, "more was paid than the list price",
                                 "check the unit and whether postage is inside", "warning")
    if table == "streams" and _both(sound, "gmv", "orders"):
        basket = sound["gmv"] / sound["orders"].where(sound["orders"] > 0)
        ratio = _median_ratio(basket, sound["reported_aov"]) if "reported_aov" in sound else np.nan
        if FEN[0] < ratio < FEN[1]:
            problems.append(_fen(table, "gmv", ratio, "reported_aov × orders"))
        elif _whole(sound["gmv"]) and basket.median() > 5000:
            problems.append(_large(table, "gmv", basket.median(), "an order"))
    if table == "products" and "list_price" in sound and _whole(sound["list_price"]) and sound["list_price"].median() > 5000:
        problems.append(_large(table, "list_price", sound["list_price"].median(), "an item"))
    return problems


def _large(table, column, median, per):
    return Problem(table, column, None, f"the median is {median:,.0f} for {per} and all amounts are whole numbers: "
                   "they look like fen (分)", "give yuan: divide by 100, or write unit: fen into the mapping", "warning")


def _other(tables, name, needed):
    """The named columns of another table, sound and plain; None when they are not all there."""
    if name not in tables:
        return None
    frame, spec = tables[name], table_of(name)
    if not all(list(frame.columns).count(c) == 1 for c in needed):
        return None
    if any(p.severity == "error" for c in needed for p in _type(frame[c], spec.columns[c], name)):
        return None
    return pd.DataFrame({c: _plain(frame[c], spec.columns[c]) for c in needed})


def _references(sound, spec, tables):
    problems = []
    for own, other, columns in spec.foreign_keys:
        target = _other(tables, other, columns)
        if target is None or not all(c in sound for c in own):
            continue
        keys = pd.DataFrame({c: sound[o] for o, c in zip(own, columns)})
        if len(columns) == 1:
            known = keys[columns[0]].isin(target[columns[0]])
        else:
            known = pd.MultiIndex.from_frame(keys).isin(pd.MultiIndex.from_frame(target))
        bad = keys.notna().all(axis=1) & ~known
        if bad.any():
            value = " ".join(show(_first(keys[c], bad)) for c in columns)
            problems += _problem(spec.name, " + ".join(own), bad, f"{value} is not in table {other}",
                                 f"add the missing rows to {other}, or leave the cell empty")
    return problems


def _across_tables(sound, table, tables):
    problems = []
    if table == "refunds" and _both(sound, "order_id", "line_no"):
        lines = _other(tables, "orders", ["order_id", "line_no", "paid_amount"])
        paid = _other(tables, "orders", ["order_id", "line_no", "paid"])
        if lines is not None and paid is not None:
            lines["paid"] = paid["paid"]
            lines = lines.drop_duplicates(["order_id", "line_no"])
            own = pd.DataFrame({k: sound[k] for k in ("order_id", "line_no", "refunded", "refunded_amount") if k in sound})
            both = own.merge(lines, on=["order_id", "line_no"], how="left")
            if "refunded_amount" in both:
                ratio = _median_ratio(both["refunded_amount"], both["paid_amount"])
                if FEN[0] < ratio < FEN[1]:
                    problems.append(_fen(table, "refunded_amount", ratio, "the paid amounts"))
                bad = both["refunded_amount"] > both["paid_amount"] + 0.005
                if bad.any():
                    problems += _problem(table, "refunded_amount", bad, f"{_first(both['refunded_amount'], bad):.2f} is more "
                                         f"than was paid for the line ({_first(both['paid_amount'], bad):.2f})",
                                         "check the unit and whether the refund covers several lines")
            if "refunded" in both:
                bad = both["refunded"] < both["paid"]
                if bad.any():
                    problems += _problem(table, "refunded", bad, f"{show(_first(both['refunded'], bad))} lies before the "
                                         f"payment ({show(_first(both['paid'], bad))})", "check the two times and their order")
    if table == "orders" and _both(sound, "paid_amount", "product_id") and not _units(sound, table_of(table)):
        prices = _other(tables, "products", ["product_id", "list_price"])
        if prices is not None:
            price = sound["product_id"].map(prices.drop_duplicates("product_id").set_index("product_id")["list_price"])
            each = sound["paid_amount"] / (sound["quantity"] if "quantity" in sound else 1)
            ratio = _median_ratio(each, price.astype("float64"))
            if FEN[0] < ratio < FEN[1]:
                problems.append(_fen(table, "paid_amount", ratio, "the list price"))
    if table == "streams" and _both(sound, "stream_id", "gmv"):
        lines = _other(tables, "orders", ["stream_id", "paid_amount"])
        if lines is not None:
            total = sound["stream_id"].map(lines.groupby("stream_id")["paid_amount"].sum()).astype("float64")
            for ratio, column in ((_median_ratio(sound["gmv"], total), "gmv"),):
                if FEN[0] < ratio < FEN[1]:
                    problems.append(_fen(table, column, ratio, "the order lines of the broadcast"))
    if "stream_id" in sound and table in ("stream_minutes", "viewer_sessions", "comments", "prompts", "rundown"):
        problems += _within_broadcast(sound, table, tables)
    return problems


_MOMENTS = {"stream_minutes": ("minute", 60), "viewer_sessions": ("entered_second", 1), "comments": ("at_second", 1),
            "prompts": ("at_second", 1), "rundown": ("start_minute", 60)}


def _within_broadcast(sound, table, tables):
    column, seconds = _MOMENTS[table]
    lengths = _other(tables, "streams", ["stream_id", "stream_seconds"])
    if lengths is None or column not in sound:
        return []
    length = sound["stream_id"].map(lengths.drop_duplicates("stream_id").set_index("stream_id")["stream_seconds"])
    bad = sound[column] * seconds > length.astype("float64")
    return _problem(table, column, bad, "the moment lies after the end of the broadcast",
                    "check the unit and the broadcast's length", "warning")
