"""Lines that sum up the others: known by their word, in any of many languages, or by their arithmetic."""

import re

import numpy as np

from liveshop.tables.adapt import numbers, values
from liveshop.tables.adapt.columns import distinct
from liveshop.tables.adapt.values import UnreadableError

WORD, SUMS = "totals line", "totals line by its numbers, the sums of the other lines (totals: keep, if it is none)"
_WORDS = (
    "grand total|sub-?total|totals?|sum|summary|overall|average|"
    "合计|总计|汇总|小计|总和|共计|平均|合計|總計|小計|総計|합계|총계|소계|รวม|รวมทั้งหมด|ยอดรวม|ผลรวม|"
    "tổng( cộng)?|jumlah|total keseluruhan|kabuuan|totale|totaux|totaal|totalt|gesamt|summe|gesamtsumme|"
    "razem|celkem|összesen|toplam|genel toplam|yhteensä|итого|всего|σύνολο|المجموع|الإجمالي|סה״כ|कुल")
# A count may stand behind the word: 合计：3单, Total (3 orders). With no mark between, a measure word must follow.
TOTALS = re.compile(
    rf"\W*({_WORDS})\W*$|\W*({_WORDS})\s*[:：(（=]\s*[\d,.]+\s*\w{{0,12}}\W*$|"
    rf"\W*({_WORDS})\s*[\d,.]+\s*"
    r"(单|條|条|件|个|個|笔|筆|场|場|行|건|개|รายการ|orders|rows|lines|items|records)\W*$", re.I)
FEW, LOOK = 4, 500  # so few lines add up by chance; so many are looked at before all are added


def by_word(frame):
    """A mask: the word stands in the first column, or in the second behind an empty first. Elsewhere it is a title."""
    total = np.zeros(len(frame), dtype=bool)
    behind = np.ones(len(frame), dtype=bool)  # everything before this column is empty
    for heading in list(frame.columns)[:2]:
        at = np.flatnonzero(behind)
        codes, different = distinct(frame[heading].to_numpy()[at])
        total[at] = np.array([isinstance(v, str) and bool(TOTALS.match(v)) for v in different])[codes]
        behind[at] = np.array([values.is_nothing(values.tidy(v)) for v in different])[codes]
    return total


def by_sums(task, rows):
    """Positions, among these rows of the export, of a first or last line that is the sum of the others.

    At least two columns of amounts must agree, or the only one, and half of those that the line fills (the others may
    be averages). With few lines the first cell must have another form too, as a word has where ids stand: one order
    of two pieces is the sum of two orders of one.
    """
    if len(rows) < 3:
        return []
    frame = task.raw.frame
    amounts = [frame[heading].to_numpy(dtype=object)[rows] for heading in _amounts(task)]
    first = frame[frame.columns[0]].to_numpy(dtype=object)[rows]
    return [at for at in (0, len(rows) - 1) if _sums_up(first, amounts, at)][-1:]


def _amounts(task):
    """Headings behind the first that may hold amounts: not ids, times or words by the mapping or the contract."""
    others = set()
    for name, column in task.columns.items():
        if column.type in ("integer", "number") and not column.is_id and name not in task.spec.key:
            continue
        rule = task.entry["columns"].get(name, {})
        names = rule.get("from") or ([name, column.title_zh] if task.entry["aliases"] else [])
        others.update(heading for heading in task.raw.frame.columns if heading in names)
    return [heading for heading in list(task.raw.frame.columns)[1:] if heading not in others]


def _sums_up(first, amounts, at):
    others = len(first) - 1
    forms = {_form(cell) for cell in (first[1:LOOK] if at == 0 else first[:-1][-LOOK:])}
    alone = _form(first[at]) not in forms
    if others < FEW and not alone:
        return False
    told = [agrees for cells in amounts if (agrees := _agrees(cells, at)) is not None]
    matches = sum(told)
    return matches >= max(2, len(told) / 2) or (matches == len(told) == 1 and alone and others >= FEW - 1)


def _form(cell):
    """What a cell is made of: letters, digits and marks, each run as one sign."""
    text = values.text(v) if (v := values.tidy(cell)) is not None else ""
    return re.sub(r"9+", "9", re.sub(r"[^\W\d_]+(\s+[^\W\d_]+)*", "a", re.sub(r"\d", "9", text)))


def _agrees(cells, at):
    """Whether a cell is the sum of all others; None where it is no number, or zero."""
    own = {mark: n for mark in ".," if (n := _number(cells[at], mark)) is not None and n != 0}
    rest = np.delete(cells, at)
    for mark, total in own.items():
        some = [_number(cell, mark) for cell in (rest[:LOOK])]
        if not any(n is not None for n in some):
            return None
        if len(rest) > LOOK and abs(sum(n or 0 for n in some)) > 1.01 * abs(total):
            continue
        codes, different = distinct(rest)
        found = np.array([_number(cell, mark) or 0.0 for cell in different])[codes].sum()
        if abs(found - total) <= 0.011 + 1e-9 * abs(total):
            return True
    return False if own else None


def _number(cell, mark):
    cell = values.tidy(cell)
    if values.is_nothing(cell) or numbers.has_percent(cell):
        return None
    try:
        return float(numbers.number(cell, mark))
    except UnreadableError:
        return None
