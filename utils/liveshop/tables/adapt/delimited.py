"""Text with cells between separators, such as CSV."""

import csv
import io

from liveshop.tables.errors import TableError


def cells(text, name, delimiter):
    """The lines of a file as (number of the line, list of its cells), the separator, notes on how they were read."""
    if delimiter is None:
        # The separator is the one found most evenly in the first lines.
        lines = [line for line in text[:50_000].splitlines()[:50] if line.strip()]
        evenly = {d: sorted(line.count(d) for line in lines)[len(lines) // 2] for d in (",", "\t", ";", "|")}
        delimiter = max(evenly, key=evenly.get)
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
    return rows, delimiter, notes


def _lines(text, delimiter, strict):
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict)
    rows, first = [], 1
    for row in reader:
        rows.append((first, row))
        first = reader.line_num + 1
    return rows
