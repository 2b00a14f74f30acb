"""Cells that hold for several lines and stand on one of them, and numbers that stand in two columns.

`fill:` of a rule brings the values of an order to its other lines, `join:` makes one text of several columns; both
before any line is judged by a where rule or set aside.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from liveshop.tables.adapt import values
from liveshop.tables.adapt.cells import distinct, of_column
from liveshop.tables.adapt.common import plain_texts
from liveshop.tables.adapt.parser import missing_words
from liveshop.tables.errors import nearest

DOWN, JOINED = "down", "-"


def filled(task, account):
    """The task with the empty cells filled, and the columns joined, that a rule of the mapping fills and joins.

    account takes what was done.
    """
    task = _fill(task, [rule for rule in _rules(task) if rule[1] == DOWN], account)  # what others are filled within
    task = _join(task, account)
    return _fill(task, [rule for rule in _rules(task) if rule[1] != DOWN], account)


def _join(task, account):
    """The task with a column more for each rule that joins several; where one of them is empty, so is the whole."""
    for name, rule in task.entry["columns"].items():
        if "join" not in rule:
            continue
        found = [task.heading(names) for names in rule["join"]]
        if None in found:
            lacks = rule["join"][found.index(None)][0]
            raise task.error(name, f"join: {task.raw.source} has no column “{lacks}”",
                             nearest(lacks, task.raw.frame.columns))
        columns = [task.raw.frame[heading].map(_word) for heading in found]
        both = columns[0]
        for column in columns[1:]:
            both = (both + JOINED + column).where(both.notna() & column.notna())
        heading = " + ".join(found)
        frame = task.raw.frame.assign(**{heading: both.astype(object).where(both.notna(), None)})
        account.used += found
        made = {**task.entry["columns"], name: {**rule, "from": [heading], "join": found}}
        task = replace(task, raw=replace(task.raw, frame=frame), entry={**task.entry, "columns": made})
    return task


def _word(cell):
    cell = values.tidy(cell)
    return np.nan if values.is_nothing(cell) else values.text(cell)


def _fill(task, rules, account):
    """The task with empty cells filled. rules: (heading, what to fill within, rule)."""
    if not rules:
        return task
    frame = task.raw.frame.copy()
    task = replace(task, raw=replace(task.raw, frame=frame))
    for heading, within, rule in rules:
        cells, split = frame[heading].to_numpy(dtype=object), distinct(of_column(frame[heading]))
        empty = is_empty(split, missing_words(task, rule))
        if within == DOWN:
            part = np.zeros(len(cells)) if task.raw.part is None else task.raw.part
            made = pd.Series(cells, dtype=object).mask(empty).groupby(part).ffill()
            several, where = 0, "the line above"
        else:
            made, several = _within(cells, empty, groups(task, within, lambda name: distinct(of_column(frame[name]))))
            where = f"another line with the same {within}"
        done = empty & made.notna().to_numpy()
        if not done.any():
            continue
        frame[heading] = np.where(done, made.to_numpy(dtype=object), cells)
        many = f"{done.sum():,} empty cell{' was' if done.sum() == 1 else 's were'}"
        account.notes.append(f"“{heading}”: {many} filled from {where}")
        if several:
            account.warnings.append(
                f"“{heading}” has several values within {several:,} {within}: an empty cell took the one above it")
    return task


def _rules(task):
    """(heading, what to fill within, rule) for each rule that fills."""
    for name, rule in task.entry["columns"].items():
        if "fill" in rule:
            title = task.columns[name].title_zh if name in task.columns else ""
            heading = task.heading(rule.get("from") or [n for n in (name, title) if n])
            if heading is not None:  # a column that is lacking has its own sentence
                yield heading, rule["fill"], rule
    for rule in task.entry["where"]:
        heading = task.heading(rule["column"]) if rule["fill"] else None
        if heading is not None:
            yield heading, rule["fill"], {}


def is_empty(split, missing=frozenset()):
    """A mask of the cells that stand for nothing. split: as `cells.distinct` gives it."""
    codes, different = split
    empty = ~plain_texts(different, values.NOTHING | missing)
    for i in np.flatnonzero(empty):
        cell = values.tidy(different[i])
        empty[i] = values.is_nothing(cell) or values.text(cell).lower() in missing
    return empty[codes]


def groups(task, name, split=None):
    """For every line the number of its group: lines with the same cell under the heading of a column; -1 for none.

    split: gives the codes and the different cells of a heading, where the export as it was read does not.
    """
    rule = task.entry["columns"].get(name, {})
    title = task.columns[name].title_zh if name in task.columns else ""
    heading = task.heading([*rule.get("from", ()), name, *([title] if title else [])])
    if heading is None:
        raise task.error(None, f"fill: {name} is no column that the mapping reads and no heading of {task.raw.source}",
                         nearest(name, [*task.entry["columns"], *task.raw.frame.columns]))
    codes, different = (split or task.raw.split)(heading)
    plain = plain_texts(different, values.NOTHING)
    if plain[:-1].all():
        return codes  # each is itself, and the None behind them has -1
    tidied = [cell if same else values.tidy(cell) for cell, same in zip(different, plain, strict=True)]
    names = pd.factorize(np.array([None if values.is_nothing(v) else values.text(v) for v in tidied], dtype=object))[0]
    return names[codes]


def _within(cells, empty, codes):
    """The cells filled from above, then from below, within their group; and how many groups left a choice."""
    grouped, known = pd.Series(cells, dtype=object).mask(empty), codes >= 0
    made = grouped.groupby(codes).ffill()
    made = made.fillna(made.groupby(codes).bfill()).where(known)
    lacking = np.unique(codes[empty & known])
    choice = grouped[np.isin(codes, lacking)].groupby(codes[np.isin(codes, lacking)]).nunique()
    return made, int((choice > 1).sum())
