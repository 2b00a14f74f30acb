"""What a cell of an export means: text, yes or no, nothing. Numbers, lengths and times have modules of their own.

Every reader takes one cell and returns its value, or raises `UnreadableError` with what is wrong and what to do.
"""

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
import pandas as pd

from liveshop.tables.errors import show

# What a spreadsheet shows for a formula that failed, and what platforms print for nothing.
NOTHING = {
    "", "-", "--", "---", "—", "——", "/", "\\", "n/a", "na", "nan", "null", "none", "nil", "#n/a", "#na", "#div/0!",
    "#value!", "#ref!", "#name?", "#num!", "#null!", "暂无", "无", "暂无数据"}
# In a column of words these are an answer (an arm without a coupon, a slot without an offer), not a gap.
ANSWERS = {"none", "无"}
WIDEST = 24  # characters of a form
# What a cell may look like to be shown: a date, or a number with its unit and with no more digits than an amount has
# (or those that count the seconds since 1970). A name has no digit, a street many letters, a telephone many digits.
_DATE = re.compile(r"([0-9]{4}[-/.][0-9]{1,2}|[0-9]{1,2}[-/.][0-9]{1,2})[-/.][0-9]{1,4}([ T][-0-9:.,+ Z]{4,20})?")
_COUNT = re.compile(r"1([0-9]{9}|[0-9]{12})(\.[0-9]+)?")
_DIGITS, _LATIN, _OTHER = range(1, 9), 3, 1
_WHETHER = {"true": True, "yes": True, "y": True, "t": True, "1": True, "1.0": True, "是": True, "√": True,
            "false": False, "no": False, "n": False, "f": False, "0": False, "0.0": False, "否": False, "×": False}


class UnreadableError(ValueError):
    """A cell without a meaning that could be relied on: what is wrong, and what to do.

    form: the whole column may be written like this, so that setting such rows aside would set aside a kind of rows.
    """

    def __init__(self, what, remedy, form=False):
        self.what, self.remedy, self.form = what, remedy, form
        super().__init__(what)


@dataclass
class Notes:
    """What was assumed on the way, once each, with the number of different values concerned."""

    counts: dict = field(default_factory=dict)

    def add(self, text):
        self.counts[text] = self.counts.get(text, 0) + 1


def tidy(value):
    """A cell as plain Python: text without outer blanks, None for nothing, NumPy and pandas scalars unpacked."""
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, str):
        return value.strip(" \t\r\n\u3000\xa0\u200b\ufeff") or None
    if isinstance(value, (pd.Timestamp, pd.Timedelta)):
        try:
            return value.to_pydatetime(warn=False) if isinstance(value, pd.Timestamp) else value.to_pytimedelta()
        except (ValueError, OverflowError):  # the year 11159 of a damaged file
            return str(value)
    if isinstance(value, np.generic):
        return tidy(value.item())
    if isinstance(value, float):
        return None if value != value else value
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, bytes):
        return tidy(value.decode("utf-8", "replace"))
    if isinstance(value, (bool, int, dt.date, dt.time, dt.timedelta)):
        return value
    return str(value)[:10_000]


def is_nothing(value, words=False):
    """Whether a tidied cell stands for nothing. words: the column holds words, where "none" is one."""
    return value is None or (
        isinstance(value, str) and value.lower() in NOTHING and not (words and value.lower() in ANSWERS))


def text(value, notes=None, id_column=False):
    """A cell as text, ids digit for digit: 17850.0 → 17850."""
    if isinstance(value, str):
        if id_column and notes is not None and re.fullmatch(r"\d(?:\.\d+)?[eE]\+?\d+", value):
            notes.add("ids stand in scientific notation (7.3E+18): their last digits are lost; export them as text")
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        if id_column and notes is not None and abs(value) >= (2**53 if isinstance(value, float) else 10**15):
            notes.add("ids of more than 15 digits came as numbers: a spreadsheet rounds their last digits; "
                      "export them as text")
        return str(int(value)) if isinstance(value, float) and value.is_integer() and abs(value) < 1e300 else str(value)
    if isinstance(value, (dt.datetime, dt.date, dt.time)):
        return value.isoformat(" ") if isinstance(value, dt.datetime) else value.isoformat()
    return str(value)


def whether(value):
    """Yes or no: true, false, yes, no, y, n, 1, 0, 是, 否."""
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    if word not in _WHETHER:
        raise UnreadableError(f"{quoted(value)} is neither yes nor no",
                              "write true or false, or translate it under values:")
    return _WHETHER[word]


def quoted(value):
    """A cell for a sentence about it: as it stands, or only its form where a name, a street or a telephone may stand.

    In a line that is shifted, and under a heading that the mapping takes for another one, they stand in any column.
    """
    told = text(value)
    latin = sum(c.isalpha() and c.isascii() for c in told)
    other = sum(c.isalpha() and not c.isascii() for c in told)
    number = sum(c.isdecimal() for c in told) in _DIGITS and latin <= _LATIN and other <= _OTHER and "@" not in told
    if number or _DATE.fullmatch(told) or _COUNT.fullmatch(told) or told.lower() in _WHETHER:
        return show(value)
    return f"a cell of the form {show(form(told))}"


def form(text):
    """The form of a text: digits as 9, letters as a and A, other letters as 字; runs of letters as one."""
    shape = "".join("9" if c.isdigit() else ("A" if c.isupper() else "a") if c.isalpha() and c.isascii() else
                    "字" if c.isalpha() or unicodedata.category(c) in ("Mn", "Mc") else c if c.isprintable() else " "
                    for c in str(text)[:200])
    shape = re.sub(r"[Aa]{2,}", lambda run: "Aa" if run[0][0] == "A" else "aa", re.sub("字+", "字", shape))
    shape = re.sub(r"9{5,}", "99999…", shape)
    return shape if len(shape) <= WIDEST else f"{shape[:WIDEST]}…"
