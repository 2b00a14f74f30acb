"""What a cell of an export means: numbers such as 1.2万 or 12.3%, lengths such as 1h 23min, times, text, yes or no.

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

LOCAL = dt.timezone(dt.timedelta(hours=8))  # Asia/Shanghai; a browser's Python may have no time zone database

# What a spreadsheet shows for a formula that failed, and what platforms print for nothing.
NOTHING = {
    "", "-", "--", "---", "—", "——", "/", "\\", "n/a", "na", "nan", "null", "none", "nil", "#n/a", "#na", "#div/0!",
    "#value!", "#ref!", "#name?", "#num!", "#null!", "暂无", "无", "暂无数据"}
# In a column of words these are an answer (an arm without a coupon, a slot without an offer), not a gap.
ANSWERS = {"none", "无"}

SCALES = {"千": 10**3, "万": 10**4, "十万": 10**5, "百万": 10**6, "千万": 10**7, "亿": 10**8, "万亿": 10**12,
          "w": 10**4, "k": 10**3, "m": 10**6, "mn": 10**6, "b": 10**9, "bn": 10**9}
SECONDS = {}
for names, length in (
    ("ms msec milliseconds millisecond 毫秒", Decimal("0.001")), ("s sec secs second seconds 秒 秒钟", 1),
    ("m min mins minute minutes 分 分钟", 60), ("h hr hrs hour hours 时 小时", 3600), ("d day days 天 日", 86400)):
    SECONDS |= {name: Decimal(length) for name in names.split()}

# unit: of a mapping, or in brackets behind a heading → factor to the contract's unit
MONEY = {"fen": Decimal("0.01"), "分": Decimal("0.01"), "yuan": 1, "元": 1, "cny": 1, "rmb": 1, "¥": 1, "wan": 10**4,
         "万": 10**4, "万元": 10**4, "thousand": 10**3, "千元": 10**3, "亿元": 10**8}
SHARES = {
    "percent": Decimal("0.01"), "%": Decimal("0.01"), "permille": Decimal("0.001"), "‰": Decimal("0.001"), "share": 1}
COUNTS = {"wan": 10**4, "万": 10**4, "万次": 10**4, "万人": 10**4, "thousand": 10**3, "千": 10**3, "million": 10**6}
UNITS = sorted({*MONEY, *SHARES, *COUNTS, *SECONDS})

_CURRENCY = re.compile(
    r"(?i)^(?:cny|rmb|usd|eur|gbp|thb|us\$|hk\$|[¥$€£฿₫₱])\s*|\s*(?:cny|rmb|usd|eur|gbp|thb|元|圆|[¥$€£฿₫₱])$")
_SCALE = re.compile(r"(?i)\s*(%|‰|万亿|千万|百万|十万|[千万亿]|mn|bn|[wkmb])$")
_COUNTED = re.compile(r"\s*(?:人次|[件次人单个场笔])$")
_GROUPED = re.compile(r"^\d{1,3}(?:[,' ]\d{3})+(?:\.\d*)?$")
_PLAIN = re.compile(r"^(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?$")
_CLOCK = re.compile(r"^(\d{1,6}):([0-5]?\d)(?::([0-5]?\d(?:\.\d+)?))?$")
_LENGTH = re.compile(
    r"(?i)(\d+(?:\.\d+)?)\s*(" + "|".join(sorted(SECONDS, key=len, reverse=True)) + r")(?![a-z])\s*,?\s*")
_YEAR_FIRST = re.compile(
    r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
    r"(?:[T\s]*(\d{1,2})\s*[:时]\s*(\d{1,2})\s*分?(?:\s*:?\s*(\d{1,2})(?:[.,](\d{1,9}))?\s*秒?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$",
    re.I,
)
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:[T ]?(\d{2})(\d{2})(\d{2})?)?$")


class UnreadableError(ValueError):
    """A cell without a meaning that could be relied on: what is wrong, and what to do."""

    def __init__(self, what, remedy):
        self.what, self.remedy = what, remedy
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


def number(value, decimal="."):
    """A cell as an exact Decimal: 1,234.5 · 1.2万 · 12.3% · ¥99 · (5) · full-width digits."""
    if isinstance(value, bool):
        raise UnreadableError("true or false stands where a number is expected", "map another column")
    if isinstance(value, (int, float)):
        if not abs(value) < 1e300:
            raise UnreadableError("the number is out of all bounds", "leave the cell empty")
        return Decimal(repr(value))
    if not isinstance(value, str):
        raise UnreadableError(f"{show(value)} is a date or a time where a number is expected",
                         "format the column as number in the spreadsheet, or map another one")
    text = unicodedata.normalize("NFKC", value).strip().translate(str.maketrans("−–萬億", "--万亿"))
    negative = False
    if text.startswith("(") and text.endswith(")"):
        text, negative = text[1:-1].strip(), True
    factor, signed = Decimal(1), False
    for _ in range(2):  # the sign stands before or behind the currency
        if text[:1] in ("+", "-") and not signed:
            negative ^= text[0] == "-"
            text, signed = text[1:].strip(), True
        text = _CURRENCY.sub("", text, count=1).strip()
    text = _COUNTED.sub("", text.removesuffix("+"))
    if scale := _SCALE.search(text):
        sign = scale[1].lower()
        factor = {"%": Decimal("0.01"), "‰": Decimal("0.001")}.get(sign) or Decimal(SCALES[sign])
        text = text[:scale.start()].strip()
    if decimal == ",":
        text = text.translate(str.maketrans(",.", ".,"))
    if _GROUPED.match(text):
        text = re.sub("[,' ]", "", text)
    elif re.fullmatch(r"\d+,\d+", text) or re.fullmatch(r"\d{1,3}(?:\.\d{3})+,\d+", text):
        raise UnreadableError(
            f"the comma in {show(value)} may separate decimals or thousands",
            'write decimal: "," into the mapping if it separates decimals')
    superscript = any(unicodedata.category(c) == "No" for c in value)  # which the normal form would turn into a digit
    if superscript or not (text.isascii() and _PLAIN.match(text) and len(text) < 400):
        raise UnreadableError(f"{show(value)} is not a number",
                              "correct the cell, or add it to missing: in the mapping")
    result = Decimal(text) * factor
    if abs(result) >= Decimal("1e300"):
        raise UnreadableError("the number is out of all bounds", "leave the cell empty")
    return -result if negative else result


def has_percent(value):
    return isinstance(value, str) and unicodedata.normalize("NFKC", value).rstrip().endswith(("%", "‰"))


def seconds(value, unit=None, notes=None, decimal="."):
    """A length as a Decimal of seconds.

    1h 23min · 1小时23分 · 01:23:45 · 83:20 (minutes:seconds) · plain numbers in `unit`.
    """
    if isinstance(value, dt.timedelta):
        return Decimal(repr(value.total_seconds()))
    if isinstance(value, dt.time):
        return Decimal(value.hour * 3600 + value.minute * 60 + value.second)
    if isinstance(value, dt.datetime) and value.year in (1899, 1900):  # how a spreadsheet hands over more than 24 hours
        return Decimal(repr((value.replace(tzinfo=None) - dt.datetime(1899, 12, 30)).total_seconds()))
    if isinstance(value, str):
        text = unicodedata.normalize("NFKC", value).strip().translate(str.maketrans("−–", "--"))
        sign = -1 if text.startswith("-") else 1  # no length, but it can be said what is wrong with it
        text = text.removeprefix("-").strip()
        if clock := _CLOCK.match(text):
            if clock[3] is None:
                if notes is not None:
                    notes.add("two-part lengths such as 83:20 were read as minutes:seconds")
                return sign * Decimal(int(clock[1]) * 60 + int(clock[2]))
            return sign * (Decimal(int(clock[1]) * 3600 + int(clock[2]) * 60) + Decimal(clock[3]))
        parts, end = [], 0
        for part in _LENGTH.finditer(text):
            if part.start() != end:
                break
            parts.append(Decimal(part[1]) * SECONDS[part[2].lower()])
            end = part.end()
        if parts and end == len(text):
            return sign * sum(parts)
    try:
        return number(value, decimal) * SECONDS[unit or "s"]
    except UnreadableError as error:
        raise UnreadableError(
            f"{show(value)} is not a length of time", "write 1h 23min, 01:23:45 or a number of seconds") from error


def moment(value, formats=(), unit=None, zone=None, notes=None):
    """A time as a datetime without zone, local to Asia/Shanghai.

    Year-first forms are understood; others need a `format`, because 4/5/2025 can be read two ways. `unit` reads
    numbers: excel (days since 1899-12-30), epoch or epoch_ms. `zone` is the zone of times that carry none.
    """
    if isinstance(value, dt.datetime):
        return _local(value, zone, notes)
    if isinstance(value, dt.date):
        return dt.datetime(value.year, value.month, value.day)
    if isinstance(value, (int, float)) and not isinstance(value, bool) or unit in ("excel", "epoch", "epoch_ms"):
        return _counted(value, unit, notes)
    if not isinstance(value, str):
        raise UnreadableError(f"{show(value)} is not a date", "write dates such as 2025-06-18 20:00")
    text = unicodedata.normalize("NFKC", value).strip()
    for form in formats:
        try:
            return _local(dt.datetime.strptime(text, form), zone, notes)
        except (ValueError, OverflowError, re.error):
            continue
    if formats:
        raise UnreadableError(
            f"{show(value)} does not have the form {' or '.join(formats)}", "add its form to format: in the mapping")
    found = _YEAR_FIRST.match(text) or _COMPACT.match(text)
    if not found:
        if re.match(r"^\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}", text):
            raise UnreadableError(f"{show(value)} can be read as day/month or as month/day",
                             'write format: "%d/%m/%Y %H:%M" or format: "%m/%d/%Y %H:%M" into the mapping')
        if _PLAIN.match(text):
            return _counted(value, None, notes)  # which asks for the unit
        raise UnreadableError(f"{show(value)} is not a date that is understood",
                         'write it as 2025-06-18 20:00, or give its format: in the mapping, such as "%d.%m.%Y %H:%M"')
    parts = found.groups()
    micro = int(((parts[6] or "") + "000000")[:6]) if len(parts) > 6 else 0
    try:
        result = dt.datetime(*(int(p or 0) for p in parts[:6]), micro)
    except ValueError:
        raise UnreadableError(f"{show(value)} is not a day of the calendar",
                              "correct the cell, or leave it empty") from None
    offset = parts[7] if len(parts) > 7 else None
    if offset:
        sign = -1 if offset[0] == "-" else 1
        hours, minutes = (0, 0) if offset in "Zz" else (int(offset[1:3]), int(offset[-2:]))
        if hours > 23 or minutes > 59:
            raise UnreadableError(f"{show(value)} has no known time zone", "write times without a zone")
        result = result.replace(tzinfo=dt.timezone(sign * dt.timedelta(hours=hours, minutes=minutes)))
    return _local(result, zone, notes)


def _local(value, zone, notes):
    if value.tzinfo is None and zone is not None:
        value = value.replace(tzinfo=zone)
    if value.tzinfo is None:
        return value
    if notes is not None:
        notes.add("times with a zone were converted to Asia/Shanghai")
    try:
        return value.astimezone(LOCAL).replace(tzinfo=None)
    except (OverflowError, ValueError):
        raise UnreadableError(f"{show(value.replace(tzinfo=None))} is no plausible date", "correct the cell") from None


def _counted(value, unit, notes):
    try:
        count = float(number(value))
        if unit == "excel":
            return dt.datetime(1899, 12, 30) + dt.timedelta(days=round(count * 86400) / 86400)
        if unit in ("epoch", "epoch_ms"):
            start = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
            return (
                (start + dt.timedelta(seconds=count / (1000 if unit == "epoch_ms" else 1))) .astimezone(LOCAL)
                .replace(tzinfo=None))
    except (OverflowError, ValueError):
        raise UnreadableError(
            f"{show(value)} is no plausible date", "correct the cell, or change unit: in the mapping") from None
    if found := _COMPACT.match(str(value)):
        return moment(found[0], notes=notes)
    raise UnreadableError(f"the number {show(value)} stands where a date is expected",
                     "write unit: excel, epoch or epoch_ms into the mapping, or format the column as date")


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
    known = {"true": True, "yes": True, "y": True, "t": True, "1": True, "1.0": True, "是": True, "√": True,
             "false": False, "no": False, "n": False, "f": False, "0": False, "0.0": False, "否": False, "×": False}
    word = str(value).strip().lower()
    if word not in known:
        raise UnreadableError(f"{show(value)} is neither yes nor no",
                              "write true or false, or translate it under values:")
    return known[word]


