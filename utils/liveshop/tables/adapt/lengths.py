"""Lengths of time as exports write them: 1h 23min, 01:23:45, a number in some unit."""

import datetime as dt
import re
import unicodedata
from decimal import Decimal

from liveshop.tables.adapt.numbers import number
from liveshop.tables.adapt.units import SECONDS
from liveshop.tables.adapt.values import UnreadableError, quoted

_CLOCK = re.compile(r"^(\d{1,6}):([0-5]?\d)(?::([0-5]?\d(?:\.\d+)?))?$")
_AND = "(?:,|(?:and|und|et|y|e|dan|và|และ|и)\\s)?"
_LENGTH = re.compile(rf"(?i)(\d+(?:\.\d+)?)\s*({'|'.join(map(re.escape, sorted(SECONDS, key=len, reverse=True)))})"
                     rf"(?![a-zà-ÿа-я])\s*{_AND}\s*")
_COMMA = re.compile(r"(\d),(\d{1,2})(?=\s*[^\W\d])")  # 1,5 h
_DAYS = re.compile(r"(?i)^(\d+) days?,?\s+(\d{1,2}:\d{2}:\d{2}(?:\.\d+)?)$")  # as Python writes it
_ISO = re.compile(r"^P(?:\d+D)?T?(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?$")


def seconds(value, unit=None, notes=None, decimal="."):
    """A length as a Decimal of seconds.

    1h 23min · 1小时23分 · 01:23:45 · 83:20 (minutes:seconds; hours:minutes where the unit is hours) · plain numbers in
    `unit`.
    """
    if isinstance(value, dt.timedelta):
        return Decimal(repr(value.total_seconds()))
    if isinstance(value, dt.time):
        return Decimal(value.hour * 3600 + value.minute * 60 + value.second)
    if isinstance(value, dt.datetime) and value.year in (1899, 1900, 1904):
        return Decimal(repr((value.replace(tzinfo=None) - _zero(value)).total_seconds()))
    if isinstance(value, str):
        text = unicodedata.normalize("NFKC", value).strip().translate(str.maketrans("−–", "--"))
        if _ISO.match(text) and len(text) > 2:
            text = text.replace("P", "").replace("T", "")
        if days := _DAYS.match(text):
            return Decimal(int(days[1]) * 86400) + seconds(days[2])
        sign = -1 if text.startswith("-") else 1  # no length, but it can be said what is wrong with it
        text = text.removeprefix("-").strip()
        if clock := _CLOCK.match(text):
            if clock[3] is None:
                each = 60 if SECONDS.get(unit) == 3600 else 1
                if notes is not None:
                    notes.add("two-part lengths such as 83:20 were read as " + (
                        "hours:minutes" if each == 60 else "minutes:seconds (unit: hours, if they are hours:minutes)"))
                return sign * each * Decimal(int(clock[1]) * 60 + int(clock[2]))
            return sign * (Decimal(int(clock[1]) * 3600 + int(clock[2]) * 60) + Decimal(clock[3]))
        text = _COMMA.sub(r"\1.\2", text)
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
            f"{quoted(value)} is not a length of time", "write 1h 23min, 01:23:45 or a number of seconds, or translate "
            "its words under values:", form=any(c.isdecimal() for c in str(value))) from error


def _zero(value):
    """The day that a spreadsheet counts from, which hands a length of more than 24 hours over as a day of 1900.

    The count has a 29 February 1900, which never was: before it, 1 January is day 1, after it the days are one ahead.
    """
    if value.year == 1904:  # of some spreadsheets of the Macintosh
        return dt.datetime(1904, 1, 1)
    return dt.datetime(1899, 12, 31 if value.replace(tzinfo=None) < dt.datetime(1900, 3, 1) else 30)
