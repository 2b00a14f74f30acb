"""Text with cells between separators, such as CSV."""

import csv
import io
import re
from contextlib import suppress
from itertools import islice

from liveshop.tables.adapt.headings import normal
from liveshop.tables.errors import TableError

SEPARATORS = (",", "\t", ";", "|")
_NAMED = re.compile(r"sep=(.)\r?\n", re.I)  # what some programs write above the headings
_TOP = 40  # lines that are looked at


def cells(text, name, delimiter, known=()):
    """The lines of a file as (number of the line, list of its cells), the separator, notes on how they were read.

    known: headings in normal form, by which the separator is found where the mapping does not give it.
    """
    named = _NAMED.match(text)
    if delimiter is None:
        delimiter = named[1] if named else _separator(text, known)
    if not isinstance(delimiter, str) or len(delimiter) != 1 or delimiter in '\r\n"':
        raise TableError(
            problem=f"delimiter: {delimiter!r} of the mapping is not one character", remedy='give "," or ";" or "\\t"')
    notes = []
    try:
        rows = _lines(text, delimiter, strict=True)
    except csv.Error as error:
        if "unexpected end" in str(error):
            raise TableError(
                problem=f"{name} ends inside a quotation mark that is never closed",
                remedy="close or double the quotation mark, or export the file again") from error
        try:
            rows = _lines(text, delimiter, strict=False)
            notes.append("quotation marks are not doubled as CSV wants it: check the texts")
        except csv.Error as error:
            raise TableError(
                problem=f"{name} cannot be read as CSV ({error})", remedy="export it again as CSV or .xlsx") from error
    return rows[1:] if named else rows, delimiter, notes


BLANK = r"^[\s\v\x1c-\x1f\x{85}\pZ]*$"  # for RE2, what Python's str.isspace takes for blank
LONG = 1_000_000  # characters from which on it pays to read a plain text by columns


def top(text):
    """The first lines of a long text in which every line is a row (nothing is quoted); None for any other text."""
    if len(text) < LONG or any(mark in text for mark in ('"', "'", "\0")):
        return None
    if "\r" in text and text.count("\r") != text.count("\r\n"):
        return None
    return text[:_start_of(text, 2 * _TOP)]


def _start_of(text, line):
    """Where a line begins, counted from 0."""
    at, end = 0, "\n" if isinstance(text, str) else b"\n"
    for _ in range(line):
        at = text.find(end, at) + 1
        if not at:
            return len(text)
    return at


def columns(utf8, above, names, delimiter):
    """The cells below the first lines of a plain text, an array of texts a column; None where lines are not all alike.

    utf8: the text as bytes. above: how many lines go before. Lines are alike where each has as many cells as there are
    names, and the first of them holds something that is not its heading.
    """
    import numpy as np
    import pandas as pd
    import pyarrow as pa
    from pyarrow import compute
    from pyarrow import csv as fast

    texts = {str(place): pa.large_string() for place in range(len(names))}
    try:
        table = fast.read_csv(
            pa.BufferReader(pa.py_buffer(utf8)[_start_of(utf8, above):]),
            fast.ReadOptions(use_threads=False, column_names=list(texts)),
            fast.ParseOptions(delimiter=delimiter, quote_char=False, double_quote=False, ignore_empty_lines=False),
            fast.ConvertOptions(column_types=texts, strings_can_be_null=False))
    except (pa.ArrowInvalid, UnicodeError):
        return None
    first = table.column(0)
    odd = compute.or_(compute.equal(first, names[0]), compute.match_substring_regex(first, BLANK))
    if not table.num_rows or compute.any(odd).as_py():
        return None
    kind = pd.StringDtype("pyarrow", na_value=np.nan)
    return [pd.array(table.column(place).combine_chunks(), dtype=kind) for place in range(len(names))]


def _separator(text, known):
    """The separator by which one of the first lines has most known headings, and then most of the lines most cells.

    Separators inside quotation marks do not count.
    """
    def weight(delimiter):
        reader = csv.reader(io.StringIO(text[:50_000], newline=""), delimiter=delimiter)
        rows = []
        with suppress(csv.Error):
            rows.extend(row for row in islice(reader, _TOP) if row)
        found = max((len({normal(cell) for cell in row} & set(known)) for row in rows), default=0)
        return found, sorted(map(len, rows))[len(rows) // 2] if rows else 0

    return max(SEPARATORS, key=weight)


def _lines(text, delimiter, strict):
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict)
    rows, first = [], 1
    for row in reader:
        rows.append((first, row))
        first = reader.line_num + 1
    return rows
