"""The commonest forms of cells, read a whole column at a time. Whatever is not plainly one of them is left to `parser`.

A table of millions of lines is made of plain numbers, of times written year first and of text. What is read here has
the value that `parser` gives it, to the last digit; a test holds the two against each other.
"""

import numpy as np
import pandas as pd

from liveshop.tables.adapt import values
from liveshop.tables.adapt.cells import Texts
from liveshop.tables.adapt.draft import objects
from liveshop.tables.adapt.parser import codes, factor, is_length, missing_words, shop_zone
from liveshop.tables.adapt.zones import converted_to

BLANKS = " \t\r\n\u3000\xa0\u200b\ufeff"
OUTER_BLANK = f"^$|^[{BLANKS}]|[{BLANKS}]$|[İΣ]"
SCIENTIFIC = r"(?s)^\pN.*[eE]"
WHOLE, BROKEN = r"^[0-9]{1,15}$", r"^[0-9]{1,12}\.[0-9]{1,9}$"
POINT = r"^-?([0-9]+\.([0-9]{1,2}|[0-9]{4,})|0[0-9]*\.[0-9]+|[0-9]{4,}\.[0-9]+)$"
CLOCK = r"[ T][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?"
TIME = rf"^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}({CLOCK})?$"
ZONED = rf"^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}{CLOCK} ?(Z|[+-][0-9]{{2}}:?[0-9]{{2}})$"


def common_reader(task, column, rule, unit, notes=None):
    """A function from different cells to (an array of their values, a mask of those that were read), or None.

    The values are of the column's kind, and mean nothing where they were not read (see `as_objects`).
    None where the rule changes the cells first, or where the column's form leaves nothing to read plainly.
    """
    if {"regex", "values", "otherwise"} & set(rule) or is_length(column):
        return None
    missing = missing_words(task, rule)
    if column.type == "string":
        return lambda cells: _texts(cells, values.NOTHING | missing, column.is_id)
    if column.type in ("integer", "number"):
        times = factor(task, unit, column)
        if rule.get("decimal", ".") != "." or (column.type == "integer" and times != 1):
            return None
        return lambda cells: _numbers(cells, column.type, times, missing)
    if column.type in ("date", "datetime"):
        if rule.get("format") or unit is not None or task.entry.get("timezone") is not None:
            return None
        return lambda cells: _times(cells, column.type, missing, shop_zone(task), notes)
    return None


def _texts(cells, nothing, is_id):
    """Text without outer blanks that stands for something; not an id like 7.3E+18, which gets a note."""
    read = plain_texts(cells, nothing)
    if isinstance(cells, Texts):
        return cells, read & ~_match(cells.array, SCIENTIFIC) if is_id else read
    for i in np.flatnonzero(read) if is_id else ():
        read[i] = not (cells[i][0].isdigit() and "e" in cells[i].lower())
    return objects(cells), read


def as_objects(found, read):
    """The values of a `common_reader` as an object array of Python's, None where they were not read."""
    result = np.empty(len(read), dtype=object)
    if isinstance(found, Texts):
        result[read] = found.array.filter(read).to_numpy(zero_copy_only=False)
    else:
        result[read] = found[read].astype(object)
    return result


def of_rows(found, codes):
    """The values of a `common_reader` that has read all different cells, along the rows."""
    if isinstance(found, Texts):
        return pd.Categorical.from_codes(codes, pd.Index(pd.array(found.array[:-1], dtype="str")))
    return found[codes]


def plain_texts(cells, nothing):
    """A mask of the cells that are text without outer blanks and stand for something: tidied they are the same.

    nothing: what stands for nothing, in lower case. Of Arrow's texts with a letter that two programs write small in
    two ways none is plain.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    if not isinstance(cells, Texts):
        return np.fromiter((type(c) is str and c[:1] not in BLANKS and c[-1] not in BLANKS and c.lower() not in nothing
                            for c in cells), bool, len(cells))
    odd = pc.match_substring_regex(cells.array, OUTER_BLANK)
    empty = pc.is_in(pc.utf8_lower(cells.array), pa.array(sorted(nothing), pa.large_string()))
    return pc.fill_null(pc.invert(pc.or_(odd, empty)), False).to_numpy(zero_copy_only=False)


def _numbers(cells, kind, times, missing):
    """Digits, with or without a decimal point."""
    texts = _arrow(cells, missing)
    read = np.zeros(len(cells), dtype=bool) if texts is None else _match(texts, WHOLE)
    found = np.zeros(len(cells), dtype="int64" if kind == "integer" else "float64")
    if read.any():
        whole = _taken(texts, read, "int64")
        down = 1 / times  # fen are hundredths: a division rounds once, as the exact product does
        if kind == "integer":
            found[read] = whole
        elif down == down.to_integral_value():
            found[read] = whole / int(down)
        elif times == times.to_integral_value() and whole.max() * int(times) < 2**53:
            found[read] = whole * float(times)
        else:
            read = np.zeros(len(cells), dtype=bool)
    if texts is not None and kind == "number" and times == 1 and (broken := _match(texts, BROKEN)).any():
        found[broken] = _taken(texts, broken, "float64")
        read |= broken
    if dropped := [float(code) for code in codes(missing)]:  # -124 in the contract's unit
        read &= ~np.isin(found, dropped)
    return found, read


def _times(cells, kind, missing, shop, notes):
    """2025-06-18, 2025/06/18 20:05, 2025-06-18T20:05:00; with a zone, 2025-06-18 20:05 +0700, in the shop's hours."""
    import pyarrow.compute as pc

    texts, found = _arrow(cells, missing), np.full(len(cells), "NaT", dtype="datetime64[us]")
    if texts is None:
        return found, np.zeros(len(cells), dtype=bool)
    texts = pc.replace_substring(texts, "/", "-")
    plain, zoned = _match(texts, TIME), _match(texts, ZONED)
    for mask in (plain, zoned):
        if not mask.any():
            continue
        taken = _taken(pc.replace_substring_regex(texts, " ([Z+-])", r"\1") if mask is zoned else texts, mask)
        when = pd.Series(pd.to_datetime(taken, format="ISO8601", errors="coerce", utc=mask is zoned))
        if mask is zoned:
            when = when.dt.tz_convert(shop).dt.tz_localize(None)
        when = when.astype("datetime64[us]")
        plausible = (when.dt.year.gt(1700) & when.dt.year.lt(2250)).to_numpy()
        found[mask] = (when.dt.normalize() if kind == "date" else when).to_numpy()
        mask[np.flatnonzero(mask)[~plausible]] = False
    if zoned.any() and notes is not None:
        notes.add(converted_to(shop))
    return found, plain | zoned


def telling(cells):
    """The texts that may say how a column of numbers is written: all but plain ones, and one number with a point."""
    texts = _arrow(cells, ())
    if texts is None:
        return [c for c in cells if type(c) is str]
    points = _match(texts, POINT)
    odd = ~(points | _match(texts, r"^-?[0-9]*$")) & texts.is_valid().to_numpy(zero_copy_only=False)
    if points.any():
        odd[int(points.argmax())] = True
    return _taken(texts, odd).tolist()


def matching(cells, pattern):
    """The texts among the cells that match a pattern (of RE2), in their order."""
    texts = _arrow(cells, ())
    return [] if texts is None else _taken(texts, _match(texts, pattern)).tolist()


def may_match(cells, pattern):
    """A mask of the cells that may hold what a pattern of Python's finds, in any case: a quick look at many of them.

    Some letters have another case for Python than for RE2; texts with one of them may match, and all where one is no
    Unicode.
    """
    texts = _arrow(cells, ())
    return np.ones(len(cells), dtype=bool) if texts is None else _match(texts, f"(?i:{pattern})|[İıſ\u212a]")


def _arrow(cells, missing):
    """The texts that are not missing as an Arrow array, null for the other cells; None when one is no Unicode."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if isinstance(cells, Texts):
        if not missing:
            return cells.array
        dropped = pc.is_in(cells.array, pa.array(sorted(missing), pa.large_string()))
        return pc.if_else(dropped, pa.scalar(None, pa.large_string()), cells.array)
    try:
        return pa.array([c if type(c) is str and c not in missing else None for c in cells], type=pa.large_string())
    except (UnicodeError, pa.ArrowInvalid):
        return None


def _match(texts, pattern):
    import pyarrow.compute as pc

    return pc.fill_null(pc.match_substring_regex(texts, pattern), False).to_numpy(zero_copy_only=False)


def _taken(texts, mask, kind=None):
    """The texts under a mask, as numbers of that kind or as text."""
    import pyarrow as pa

    taken = texts.filter(pa.array(mask))
    return taken.cast(kind).to_numpy() if kind else taken.to_numpy(zero_copy_only=False)
