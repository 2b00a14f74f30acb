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
