"""Lines that sum up the lines before or behind them, block by block, as a report with a subtotal for each day has."""

import numpy as np

from liveshop.tables.adapt.cells import distinct
from liveshop.tables.adapt.totals import amount_headings, form, number

SUMS = "subtotal by its numbers, the sums of the lines beside it (totals: keep, if it is none)"
BLOCKS, MANY = 2, 5  # blocks of two lines and more that there must be; so many are no chance
LOOK, LONGEST = 500, 50_000  # lines at the end that a first look adds up; a report with subtotals has not so many


def by_blocks(task, rows):
    """Positions, among these rows of the export, of subtotals: only where all lines belong to a block with its own.

    At least two columns of amounts must agree, or the only one, and half of those that the line fills. Where blocks are
    few, or stand below their subtotals, or have one column of amounts, the first cell must have another form too, as a
    word has where ids stand.
    """
    if not 2 * (BLOCKS + 1) <= len(rows) <= LONGEST:
        return []
    headings = amount_headings(task)
    for order in (rows, rows[::-1]):
        end = _amounts(task, headings, order[-LOOK:])
        least = min(2, int((~np.isnan(end)).any(axis=0).sum()))  # columns that must agree
        if not least or not _at_the_end(end, least):
            continue
        blocks = _blocks(_amounts(task, headings, order), least)
        found = blocks if order is rows else [len(rows) - 1 - i for i in reversed(blocks)]
        no_chance = order is rows and least == 2 and len(found) >= MANY
        if found and (no_chance or _of_another_form(task, rows, found)):
            return found
    return []


def _of_another_form(task, rows, found):
    """Whether the first cells of the rows found have other forms than those of all others."""
    first = [form(cell) for cell in task.raw.frame.iloc[rows, 0].to_numpy(dtype=object)]
    there = set(found)
    return not {first[i] for i in found} & {one for i, one in enumerate(first) if i not in there}


def _amounts(task, headings, rows):
    """The amounts of the rows: an array rows × headings, NaN where a cell is no number."""
    found = np.full((len(rows), len(headings)), np.nan)
    for j, heading in enumerate(headings):
        codes, different = distinct(task.raw.frame[heading].iloc[rows].to_numpy(dtype=object))
        read = {mark: [number(cell, mark) for cell in different] for mark in ".,"}
        best = max(read.values(), key=lambda numbers: sum(n is not None for n in numbers))
        found[:, j] = np.array([np.nan if n is None else n for n in best])[codes]
    return found


def _agree(line, sums, least, of_one=False):
    """Whether a line's amounts are the sums: so many at least, and half of those that are there; all of them, where the
    sums are those of one line."""
    there = ~np.isnan(line) & (line != 0)
    same = there & (np.abs(line - sums) <= 0.011 + 1e-9 * np.abs(sums))
    return same.sum() >= max(least, there.sum() if of_one else there.sum() / 2)


def _at_the_end(amounts, least):
    """Whether the last line, or the one before a grand total, sums up some lines before it: a quick look."""
    for last in (len(amounts) - 1, len(amounts) - 2):
        sums = np.cumsum(np.nan_to_num(amounts[:last][::-1]), axis=0)
        if any(_agree(amounts[last], one, least, of_one=not before) for before, one in enumerate(sums)):
            return True
    return False


def _blocks(amounts, least):
    found, large, count = [], 0, 0
    block, whole = np.zeros(amounts.shape[1]), np.zeros(amounts.shape[1])
    for i, line in enumerate(amounts):
        if count and _agree(line, block, least, of_one=count == 1):
            found.append(i)
            large += count > 1
            block, count = np.zeros_like(block), 0
            continue
        if i == len(amounts) - 1 and not count and _agree(line, whole, least):
            return [*found, i] if large >= BLOCKS else []
        block, whole, count = block + np.nan_to_num(line), whole + np.nan_to_num(line), count + 1
    return found if not count and large >= BLOCKS else []
