"""What is checked while an export becomes a table, beside the reading of its cells: whatever may be silently wrong.

`cells` looks at one column of the export before it is read, `result` at the table that came out.
"""

import datetime as dt
import re
from dataclasses import replace

import numpy as np
import pandas as pd

from liveshop.tables.adapt import numbers, values
from liveshop.tables.adapt.common import matching
from liveshop.tables.adapt.encodings import KNOWN
from liveshop.tables.errors import sentence, show
from liveshop.tables.validation import validate

YEAR_FIRST = re.compile(r"^\s*[0-9]{4}[-/.][0-9]{1,2}[-/.]([0-9]{1,2})")
DAY_AND_MONTH = r"^\s*[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{2,4}"
SHOWN = ("title", "name", "topic")  # columns of texts that the shop itself has written


def cells(column, found, heading):
    """Warnings about one column as it stands in the export, where neither mapping nor heading gives a unit."""
    return _mixed_percent(found, column.name, heading) if column.is_ratio else []


def _mixed_percent(found, name, heading):
    signed = np.fromiter((numbers.has_percent(c) for c in found), bool, len(found))
    if not signed.any():
        return []
    unsigned = [c for c in found[~signed] if not values.is_nothing(values.tidy(c))]
    large = [c for c in unsigned if isinstance(c, (int, float)) and c > 1]
    return [f"{name}: some cells of “{heading}” carry a % sign and others ({show(large[0])}) do not"] if large else []


def turned_dates(task, column, rule, found, heading):
    """A warning where a spreadsheet with another country's setting has turned day and month round.

    It turns the dates that it understands, those with a day up to 12, and leaves the others as text. Without a format
    in the mapping the texts could not be read, and a format would make it worse: then it is an error.
    """
    texts = matching(found, DAY_AND_MONTH)
    parts = [re.split("[-/.]", text.strip()) for text in texts]
    if not texts or not all(max(int(first), int(second)) > 12 for first, second, *_ in parts):
        return []
    days = [c.day for c in found if isinstance(c, dt.date) and c is not pd.NaT]
    days += [int(YEAR_FIRST.match(text)[1]) for text in matching(found, YEAR_FIRST.pattern)]
    if not days or max(days) > 12:
        return []
    what = (f"{len(days)} different cells of “{heading}” are dates, none of them with a day above 12, and {len(texts)} "
            f"are text such as {values.quoted(texts[0])}: a spreadsheet has turned day and month round where it "
            "understood them")
    remedy = "take the export as it came, not as a spreadsheet has saved it"
    if not rule.get("format"):
        raise task.error(column.name, what, remedy)
    return [sentence(task.spec.name, column.name, None, what, remedy)]


def other_encoding(task, column, found):
    """A warning where the encoding of the file is not certain, with texts of this column in both."""
    other = task.raw.other_encoding
    if not other or column.name not in SHOWN:
        return []
    texts = [c for c in found if isinstance(c, str) and not c.isascii()][:2]
    if not texts:
        return []
    turned = [t.encode(KNOWN[task.raw.encoding], "replace").decode(KNOWN[other], "replace") for t in texts]
    return [f"The encoding of {task.raw.source} is not certain: in {task.raw.encoding} the column {column.name} says "
            f"{', '.join(map(show, texts))}, in {other} {', '.join(map(show, turned))}; write encoding: "
            f"{task.raw.encoding} or encoding: {other} into the mapping"]


def is_about_columns(problem):
    """Whether a finding only says which columns are there: the report tells that in its own words."""
    return problem.kind in ("absent columns", "unknown columns")


def result(task, draft, foreign=()):
    """Hold the table against the contract: (draft, frame, warnings).

    foreign: columns of amounts whose signs say that they are no yuan, so that nothing is said of fen.
    Errors raise, or set their rows aside if the mapping says so.
    """
    frame = draft.frame(task.spec)
    for _ in range(len(task.spec.columns) * 4):
        problems = validate(frame, task.spec.name)
        first = next((p for p in problems if p.severity == "error"), None)
        if first is None:
            told = [p for p in problems if not is_about_columns(p) and len(frame)
                    and not (p.kind == "unit" and p.column in foreign)]
            return draft, frame, [str(replace(p, row=_row(task, draft, p))) for p in told]
        if task.entry["bad_rows"] == "error" or first.rows is None:
            raise _broken(task, draft, first)
        draft = draft.drop(first.rows, f"{first.column}: {_said(task, first)}")
        frame = draft.frame(task.spec)
    raise task.error(None, "the rows break the contract in too many ways", "check the mapping")


def _said(task, problem):
    """What is wrong with rows that are set aside. It goes into the report, so no words of the export stand in it."""
    column = task.spec.columns.get(problem.column)
    if problem.kind != "missing value" and column and (column.person or column.type == "string" and not column.is_id):
        return problem.kind
    return re.sub(r" [(]and [0-9,]+ more like it[)]", "", problem.what)


def _row(task, draft, problem):
    return problem.row if problem.rows is None else task.place(draft.rows[problem.rows[0]])


def _broken(task, draft, problem):
    """The error for a finding, with the row of the export, and with what a computed value was computed from."""
    formula = task.entry["columns"].get(problem.column, {}).get("formula")
    computed = f", computed as {formula}" if formula else ""
    extra = ", or write bad_rows: set_aside" if problem.rows is not None and "mapping" not in problem.remedy else ""
    if problem.kind == "missing value" and problem.column in task.spec.key:
        extra = ", or write fill: down into its rule if it holds for the lines below as well"
    row, what = None, problem.what
    if problem.rows is not None:
        row = _row(task, draft, problem)
        if problem.kind == "unknown value":
            what = _quoted(draft, problem)
    return task.error(problem.column, what + computed, problem.remedy.rstrip(". ") + extra, row)


def _quoted(draft, problem):
    """What is wrong with an unknown word. One that several rows have is a word of the shop's; another may be a name."""
    cells = draft.series(problem.column)
    word = cells.iloc[problem.rows[0]]
    return problem.what if (cells == word).sum() > 1 else problem.what.replace(show(word), values.quoted(word), 1)


def something_left(task, draft):
    """A table without rows is an error, but for refunds: a month without refunds is a month."""
    if len(draft.rows) or task.entry["match"]:
        return
    aside = "; ".join(f"{len(p):,} set aside: {r}" for r, p in draft.aside.items())
    read = f"no row is left of the {task.read:,} in {task.raw.source}" + (f" ({aside})" if aside else "")
    raise task.error(None, read if task.read else f"{task.raw.source} has headings but no rows",
                     "check the period and the filter of the export, and where: in the mapping")
