"""Which character separates decimals in a column: told by the mapping, shown by its cells, or asked for."""

import re

from liveshop.tables.adapt import currencies, numbers
from liveshop.tables.adapt.common import telling
from liveshop.tables.errors import show

_SMALL = re.compile(r"^\D*\d{1,3}\D*$")


def told(task, rule):
    """What the mapping says: for the column, or for the whole export; None where it says nothing."""
    return rule.get("decimal") or task.entry["decimal"]


def decimal_mark(task, column, rule, cells, heading, whole):
    """"." or "," for a column of numbers or lengths.

    cells: its different cells, as the reader of numbers gets them. whole: they are whole numbers, not scaled.

    Raises where the cells contradict each other, and where every separator stands before exactly three digits.
    """
    if given := told(task, rule):
        return given
    found = _marks(cells)
    if "." in found and "," in found:
        raise task.error(
            _name(column, heading), f"a point separates decimals in {show(found['.'])} and a comma in "
            f"{show(found[','])}", 'write decimal: "." or decimal: "," for this column in the mapping; the cells that '
            "do not fit are then named one by one")
    if certain := next((sign for sign in (".", ",") if sign in found), None):
        return certain
    doubtful = next((sign for sign in ("?.", "?,") if sign in found), None)
    if doubtful is None:
        return "."
    sign = doubtful[1]
    if (column.unit or "").startswith("share of"):
        return sign  # no share is a thousand
    if "?." in found and "?," in found or not _thousands(task, column, heading, whole, cells, sign):
        raise _question(task, column, found[doubtful], sign, heading)
    return "," if sign == "." else "."


def _marks(cells):
    """What the cells say: mark → the first text that says so (see `numbers.mark`)."""
    found = {}
    for cell in telling(cells):
        if ("." in cell or "," in cell) and (sign := numbers.mark(cell)) is not None:
            found.setdefault(sign, cell)
    return found


def _thousands(task, column, heading, whole, cells, sign):
    """Whether a separator before exactly three digits separates thousands for certain enough."""
    texts = [c for c in cells if isinstance(c, str)]
    codes, _ = currencies.in_one_column(texts)
    if column.is_money and not codes:
        codes = currencies.in_heading(heading) or {task.entry.get("currency")}
    if codes and codes <= currencies.UNDIVIDED:
        return True  # nobody prints three decimals of a rupiah
    if whole and any(sign in c and not c.rstrip().endswith("000") for c in texts):
        return True  # 1.234 would be no whole number
    # A program that prints three decimals prints them everywhere; where some cells have none, a comma stands between
    # thousands. Of a point this is not said: it is what programs write between decimals.
    return sign == "," and task.raw.delimiter != ";" and any(_SMALL.match(c) for c in texts)


def _question(task, column, cell, sign, heading):
    _, _, digits = numbers.parts(cell)
    one, thousand = digits.replace(",", "."), re.sub("[.,]", "", digits)
    word, other = ("point", ",") if sign == "." else ("comma", ".")
    return task.error(
        _name(column, heading), f"the {word} in {show(cell)}, and in every cell that has one, stands "
        "before exactly three digits: it may separate thousands or decimals",
        f'write decimal: "{other}" for this column in the mapping if {show(cell)} means {thousand}, '
        f'and decimal: "{sign}" if it means {one}')


def _name(column, heading):
    return column.name if heading == column.name else f"{column.name} (“{heading}”)"
