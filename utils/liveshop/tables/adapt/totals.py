"""Lines that sum up the others: known by their word, in any of many languages, or by their arithmetic."""

import re

import numpy as np

from liveshop.tables.adapt import numbers, values
from liveshop.tables.adapt.common import may_match, plain_texts
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
# Or a date in figures, before it or behind it: 2026-03-01 小计, Subtotal 3/2026.
_DATE = r"(?:\d{1,4}[-/年])?\d{1,2}(?:[-/]\d{1,4}|月(?:\d{1,2}[日号])?)|\d{4}[-/]\d{1,2}"
DATED = re.compile(rf"\W*({_WORDS})\W*({_DATE})\W*$|\W*({_DATE})\W*({_WORDS})\W*$", re.I)
FEW, LOOK = 4, 500  # so few lines add up by chance; so many are looked at before all are added


def by_word(raw):
    """A mask: the word stands in the first column, or in the second behind an empty first. Elsewhere it is a title."""
    total = np.zeros(len(raw.frame), dtype=bool)
    behind = np.ones(len(raw.frame), dtype=bool)  # everything before this column is empty
    for heading in list(raw.frame.columns)[:2]:
        at = np.flatnonzero(behind)
        if not len(at):
            break
        codes, different = raw.split(heading, at)
        word, nothing = may_match(different, _WORDS), ~plain_texts(different, values.NOTHING)
        for i in np.flatnonzero(word):
            word[i] = isinstance(different[i], str) and bool(TOTALS.match(different[i]) or DATED.match(different[i]))
        for i in np.flatnonzero(nothing):
            nothing[i] = values.is_nothing(values.tidy(different[i]))
        total[at], behind[at] = word[codes], nothing[codes]
    return total


def by_sums(task, rows):
    """Positions, among these rows of the export, of a first or last line that is the sum of the others.

    At least two columns of amounts must agree, or the only one, and half of those that the line fills (the others may
    be averages). With few lines the first cell must have another form too, as a word has where ids stand: one order
    of two pieces is the sum of two orders of one.
    """
    if len(rows) < 3:
        return []
    headings, first = amount_headings(task), task.raw.cells(task.raw.frame.columns[0])
    return [place for place, rest in ((0, rows[1:]), (len(rows) - 1, rows[:-1]))
            if _sums_up(task.raw, first, headings, rows[place], rest)][-1:]


def amount_headings(task):
    """Headings behind the first that may hold amounts: not ids, times or words by the mapping or the contract."""
    others = set()
    for name, column in task.columns.items():
        if column.type in ("integer", "number") and not column.is_id and name not in task.spec.key:
            continue
        rule = task.entry["columns"].get(name, {})
        names = rule.get("from") or ([name, column.title_zh] if task.entry["aliases"] else [])
        others.update(heading for heading in task.raw.frame.columns if heading in names)
    return [heading for heading in list(task.raw.frame.columns)[1:] if heading not in others]


def _sums_up(raw, first, headings, at, rest):
    """Whether a line, `at`, is the sum of the others, `rest`. first: the cells of the first column."""
    others = len(rest)
    forms = {form(cell) for cell in first[rest[:LOOK - 1] if at < rest[0] else rest[-LOOK:]]}
    alone = form(first[at]) not in forms
    if others < FEW and not alone:
        return False
    told = [agrees for heading in headings if (agrees := _agrees(raw, heading, at, rest)) is not None]
    matches = sum(told)
    return matches >= max(2, len(told) / 2) or (matches == len(told) == 1 and alone and others >= FEW - 1)


def form(cell):
    """What a cell is made of: letters, digits and marks, each run as one sign."""
    text = values.text(v) if (v := values.tidy(cell)) is not None else ""
    return re.sub(r"9+", "9", re.sub(r"[^\W\d_]+(\s+[^\W\d_]+)*", "a", re.sub(r"\d", "9", text)))


def _agrees(raw, heading, at, rest):
    """Whether a cell is the sum of all others; None where it is no number, or zero."""
    cells = raw.cells(heading)
    own = {mark: n for mark in ".," if (n := number(cells[at], mark)) is not None and n != 0}
    for mark, total in own.items():
        some = [number(cell, mark) for cell in cells[rest[:LOOK]]]
        if not any(n is not None for n in some):
            return None
        if len(rest) > LOOK and abs(sum(n or 0 for n in some)) > 1.01 * abs(total):
            continue
        codes, different = raw.split(heading, rest)
        found = np.array([number(cell, mark) or 0.0 for cell in different])[codes].sum()
        if abs(found - total) <= 0.011 + 1e-9 * abs(total):
            return True
    return False if own else None


def number(cell, mark):
    """A cell as a number; None where it is none, a percentage, or nothing."""
    cell = values.tidy(cell)
    if values.is_nothing(cell) or numbers.has_percent(cell):
        return None
    try:
        return float(numbers.number(cell, mark))
    except UnreadableError:
        return None
