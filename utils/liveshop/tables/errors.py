"""What goes wrong with tables, in sentences: where it is, what it is, and what to do about it."""

import datetime as dt
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import wraps

import numpy as np
import pandas as pd


def sentence(table=None, column=None, row=None, problem="", remedy=""):
    """One sentence: where (table, column, row), what is wrong, what to do."""
    where, problem, remedy = [], " ".join(problem.split()), " ".join(remedy.split())  # names may hold line breaks
    if table:
        where.append(f"table {table}")
    if column:
        where.append(f"column {column}")
    if row is not None:
        where.append(row if isinstance(row, str) else f"row {row}")
    text = " ".join(", ".join(where).split())
    text = f"{text}: {problem}" if text else problem
    if "." not in text.split(" ")[0]:  # a file's name keeps its own letters
        text = text[:1].upper() + text[1:]
    text = text.rstrip(". ")
    text = f"{text}; {remedy.rstrip('. ')}" if remedy else text
    return text if text.endswith("?") else f"{text}."


class TableError(ValueError):
    """Tables that cannot be used as they are. The message is one sentence: where, what, and the remedy.

    `row` is a number (rows counted from 1, without the header) or words such as "line 7 of the file".
    """

    def __init__(self, table=None, column=None, row=None, problem="", remedy=""):
        self.table, self.column, self.row, self.problem, self.remedy = table, column, row, problem, remedy
        super().__init__(sentence(table, column, row, problem, remedy))

    def __reduce__(self):
        return type(self), (self.table, self.column, self.row, self.problem, self.remedy)


class MissingTable(TableError, AttributeError):  # noqa: N818 - a public name
    """A table that is not there; also an AttributeError, so that hasattr and getattr with a default work."""


class MissingColumn(TableError):  # noqa: N818 - a public name
    """A table without a column that it cannot do without."""


KINDS = (
    "repeated column", "missing column", "absent columns", "unknown columns", "no rows",   # about the table as a whole
    "type", "infinite", "zone", "rounded id",                                              # about the cells of a column
    "missing value", "unknown value", "date", "code", "range",                             # about its values
    "key", "reference",                                                                    # about rows and other tables
    "order", "size", "length", "within", "refund", "unit",                                 # about what belongs together
)


@dataclass(frozen=True)
class Problem:
    """One finding of `validate`.

    kind: a fixed word of KINDS, for programs; the sentence is for readers, and its words may change.
    rows: the positions (from 0) of all rows concerned; row: the first of them, from 1.
    severity: "error" breaks the contract, "warning" is only suspicious.
    """

    kind: str
    table: str
    column: str | None
    row: int | str | None
    what: str
    remedy: str
    severity: str = "error"
    rows: np.ndarray | None = field(default=None, compare=False, repr=False)

    def __str__(self):
        return sentence(self.table, self.column, self.row, self.what, self.remedy)

    def error(self):
        """The same finding as a TableError, to raise."""
        return TableError(self.table, self.column, self.row, self.what, self.remedy)


def show(value):
    """A value as a reader should see it in a sentence: short, quoted when it is text."""
    if isinstance(value, (float, np.floating)) and float(value).is_integer() and abs(value) < 1e15:
        return f"{value:.0f}"
    if isinstance(value, (int, float, np.number, bool)):
        return f"{value}"
    if isinstance(value, (pd.Timestamp, dt.datetime)):
        if pd.isna(value):
            return "nothing"
        return str(value).split(".")[0].split("+")[0]  # strftime knows no years above 9999
    text = " ".join(str(value).split())
    return f"“{text[:40]}…”" if len(text) > 41 else f"“{text}”"


def nearest(name, names):
    """A remedy for a name that is not among `names`: the nearest one, or all of them."""
    close = get_close_matches(str(name), list(names), n=1)
    return f"did you mean {close[0]}?" if close else f"choose one of {listed(names)}"


def listed(names, most=40):
    """Names for a sentence: all of them, or the first ones and how many more there are."""
    names = list(names)
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def only_table_errors(function):
    """Turn any other exception of `function` into a TableError: the last line of defence.

    Known bad input has its own sentence further in.
    """

    @wraps(function)
    def guarded(*args, **kwargs):
        try:
            return function(*args, **kwargs)
        except TableError:
            raise
        except (Exception, RecursionError) as error:
            text = " ".join(str(error).split())[:200]
            raise TableError(problem=f"the input cannot be used ({type(error).__name__}: {text})",
                             remedy="open it in a spreadsheet, save it as .csv or .xlsx and try again") from error

    return guarded
