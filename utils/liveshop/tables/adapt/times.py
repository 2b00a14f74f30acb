"""Times as exports write them: year first, in a form that the mapping gives, or counted from some day."""

import datetime as dt
import re
import unicodedata

from liveshop.tables.adapt.numbers import PLAIN, number
from liveshop.tables.adapt.values import UnreadableError
from liveshop.tables.errors import show

LOCAL = dt.timezone(dt.timedelta(hours=8))  # Asia/Shanghai; a browser's Python may have no time zone database

_YEAR_FIRST = re.compile(
    r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
    r"(?:[T\s]*(\d{1,2})\s*[:时]\s*(\d{1,2})\s*分?(?:\s*:?\s*(\d{1,2})(?:[.,](\d{1,9}))?\s*秒?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$",
    re.I,
)
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:[T ]?(\d{2})(\d{2})(\d{2})?)?$")


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
        if PLAIN.match(text):
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
