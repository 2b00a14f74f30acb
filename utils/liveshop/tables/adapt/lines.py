"""The lines of an export: which of them become rows, and which of them become one row together."""

import operator
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pandas as pd

from liveshop.tables.adapt import numbers, subtotals, totals, values
from liveshop.tables.adapt.columns import by_value
from liveshop.tables.adapt.decimal_mark import decimal_mark
from liveshop.tables.adapt.draft import Draft, grouped
from liveshop.tables.adapt.reading import TOO_WIDE
from liveshop.tables.adapt.values import UnreadableError
from liveshop.tables.contract import Column
from liveshop.tables.errors import nearest, show

MANY, FEW = 0.3, 0.05  # shares of lines with more cells than headings: the file is read wrongly; lines are damaged
COMPARE = {"above": operator.gt, "below": operator.lt, "at_least": operator.ge, "at_most": operator.le}


def begin(task):
    """All lines but the totals; with lines_of, those that the other table kept."""
    if task.base:
        return Draft(np.sort(task.base.draft.used_lines()))
    _none_too_wide(task)
    draft = Draft(np.arange(len(task.raw.frame)))
    if task.entry["totals"] == "keep" or not len(draft.rows) or task.raw.unit == "row":
        return draft
    draft = draft.keep(~totals.by_word(task.raw), totals.WORD)
    part = np.zeros(len(draft.rows)) if task.raw.part is None else task.raw.part[draft.rows]
    sums = [at[found] for at in (np.flatnonzero(part == one) for one in np.unique(part))
            for found in totals.by_sums(task, draft.rows[at])]
    draft = draft.drop(sums, totals.SUMS)
    return draft.drop(subtotals.by_blocks(task, draft.rows), subtotals.SUMS)


def _none_too_wide(task):
    """Lines with more cells than headings: nobody knows which cell is which. Where they are many, or the mapping sets
    no rows aside, they are an error."""
    wide = next((lines for reason, lines in task.raw.set_aside if reason == TOO_WIDE), [])
    if not wide or task.entry["bad_rows"] == "set_aside" and len(wide) < MANY * task.read:
        return
    few = len(wide) < FEW * task.read
    text = bool(task.raw.delimiter)
    remedy = ("put the cells that hold the separator into quotation marks, or write delimiter: if another character "
              "separates them" if text else "give every column a heading")
    count = "1 line has" if len(wide) == 1 else f"{len(wide):,} lines have"
    raise task.error(
        None, f"{count} more cells than there are headings in {task.raw.source}"
        + (f" (separated by {show(task.raw.delimiter)})" if text and task.raw.delimiter.strip() else ""),
        remedy + (", or write bad_rows: set_aside" if few else ""), f"line {wide[0]}")


def where(task, draft, account):
    """The lines that fit the mapping's where rules."""
    for rule in task.entry["where"]:
        heading = task.heading(rule["column"])
        if heading is None:
            problem = f"the where rule needs the column “{rule['column'][0]}”, which {task.raw.source} does not have"
            raise task.error(None, problem, nearest(rule["column"][0], task.raw.frame.columns))
        account.asked.append(heading)
        draft = draft.keep(_fits(task, draft, rule, heading), rule["reason"])
    return draft


def _fits(task, draft, rule, heading):
    """A mask of the lines whose cell fits a where rule."""
    named = [r for r in task.entry["columns"].values() if heading in r.get("from", ()) and "decimal" in r]
    told = (named[0] if named else task.entry)["decimal"]
    cells, split = task.raw.cells(heading)[draft.rows], task.raw.split(heading, draft.rows)
    fits = {mark: by_value(task, draft.rows, cells, _test(rule, mark), heading, None, split=split)[0].astype(bool)
            for mark in ([told] if told else [".", ","] if rule["test"] in COMPARE else ["."])}
    if told is None and rule["test"] in COMPARE and (fits["."] != fits[","]).any():
        mark = decimal_mark(task, Column(heading, "number", "", ""), {}, task.raw.split(heading)[1], heading, False)
        return fits[mark]
    return next(iter(fits.values()))


def _test(rule, decimal):
    """Whether a tidied cell fits a where rule, as a function."""
    test, limit = rule["test"], rule["value"]
    if test == "present":
        return lambda value: values.is_nothing(value) != limit
    if test in ("is", "is_not"):
        return lambda value: (value is not None and values.text(value) in limit) == (test == "is")
    if test in ("matches", "does_not_match"):
        return lambda value: (value is not None and bool(limit.search(values.text(value)))) == (test == "matches")

    def compare(value):
        if values.is_nothing(value):
            return False
        try:
            return COMPARE[test](numbers.number(value, decimal), Decimal(repr(limit)))
        except UnreadableError:
            return False

    return compare


def put_together(task, draft, account):
    """The lines that share the table's key as one row, where the mapping says take: how."""
    key = task.spec.key
    takes = {name: rule["take"] for name, rule in task.entry["columns"].items() if "take" in rule}
    if not takes or not all(k in draft.cells for k in key):
        return draft
    keys = pd.DataFrame({k: draft.series(k) for k in key})
    codes = keys.groupby(list(keys), sort=False, dropna=False).ngroup().to_numpy()
    count = int(codes.max()) + 1 if len(codes) else 0
    cells = {name: _taken(task, draft, name, takes.get(name, "first"), codes, count) for name in draft.cells}
    for name, take in takes.items():
        if name in cells:
            account.origin[name] += f", {take} of the lines"
    lines = grouped(draft.rows, codes, count)
    return replace(draft, rows=np.array([positions[0] for positions in lines], dtype=int), cells=cells, lines=lines)


def _taken(task, draft, name, take, codes, count):
    """One value a group of lines: an object array along the groups."""
    cells, kind = draft.series(name), task.kind(name)
    there = cells.notna()
    cells, codes = cells[there], codes[there]
    wanted = {
        "earliest": "times", "latest": "times", "smallest": "numbers", "largest": "numbers", "sum": "numbers"}.get(take)
    if wanted and kind not in {"times": ("date", "datetime"), "numbers": ("integer", "number")}[wanted]:
        raise task.error(name, f"take: {take} is for {wanted}", "write take: first or take: last")
    if wanted == "times":
        cells = pd.to_datetime(cells).astype("datetime64[us]")
    elif wanted:
        cells = cells.astype("float64" if kind == "number" else "Int64")
        if take == "sum" and float(cells.astype("float64").abs().sum()) >= 2**53:
            raise task.error(name, "the sum is too large to be exact", "check the unit, or map another column")
    how = {"earliest": "min", "smallest": "min", "latest": "max", "largest": "max"}.get(take, take)
    result = cells.groupby(codes, sort=False).agg(how).reindex(range(count)).astype(object)
    if take == "sum" and kind == "number":
        result = result.map(lambda v: round(v, 6), na_action="ignore")
    return result.where(result.notna(), None).to_numpy()


def without_repeats(task, draft):
    """One row a key. Lines equal in every cell are repeats; for others the mapping's word on duplicates holds."""
    key = list(task.spec.key)
    numbered = any("number_within" in task.entry["columns"].get(k, {}) for k in key)
    if not task.entry["check"] or not key or numbered or not all(k in draft.cells for k in key):
        return draft
    keys, double = _doubles(draft, key)
    if not double.any():
        return draft
    at = np.flatnonzero(double)
    lines = task.raw.frame.iloc[draft.rows[at]].map(lambda v: str(values.tidy(v)))
    repeats = np.zeros(len(draft.rows), dtype=bool)
    repeats[at] = lines.duplicated().to_numpy()
    draft = draft.keep(~repeats, "repeats an earlier line in every cell")
    keys, double = _doubles(draft, key)
    rule = task.entry["duplicates"]
    if not double.any() or rule == "error":
        return draft  # what is left is an error that validate names
    if isinstance(rule, dict):
        drop = _smaller(task, draft, keys, rule["largest"])
        reason = f"same {' + '.join(key)} as a line with more {rule['largest']}"
    else:
        drop = keys.duplicated(keep=rule).to_numpy()
        reason = f"same {' + '.join(key)} as {'an earlier' if rule == 'first' else 'a later'} line, with other values"
    return draft.keep(~(drop & double), reason)


def _doubles(draft, key):
    """The keys as a frame, and a mask of the rows whose key stands more than once."""
    keys = draft.plain(key)
    return keys, keys.duplicated(keep=False).to_numpy() & keys.notna().all(axis=1).to_numpy()


def _smaller(task, draft, keys, measure):
    """A mask of the rows that are not the largest of their key."""
    if measure not in draft.cells:
        raise task.error(measure, "duplicates: {largest: …} needs the column, which the export does not fill",
                         "map the column, or name another one")
    rank = pd.Series(draft.frame(task.spec)[measure])
    order = rank.sort_values(ascending=False, kind="stable", na_position="last").index
    return keys.loc[order].duplicated(keep="first").sort_index().to_numpy()
