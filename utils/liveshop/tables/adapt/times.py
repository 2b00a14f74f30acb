"""Times as exports write them: year first, in a form that the mapping gives, or counted from some day."""

import datetime as dt
import re
import unicodedata

from liveshop.tables.adapt.numbers import PLAIN, number
from liveshop.tables.adapt.values import UnreadableError, quoted

_CLOCK = (r"(\d{1,2})\s*[:时時點点시]\s*(\d{1,2})\s*[分분]?"
          r"(?:\s*:?\s*(\d{1,2})(?:[.,](\d{1,9}))?\s*[秒초]?)?")
_YEAR_FIRST = re.compile(
    r"^(\d{4})\s*[-/.年년]\s*(\d{1,2})\s*[-/.月월]\s*(\d{1,2})\s*[日일.]?"
    rf"(?:[T\s]*{_CLOCK})?\s*(Z|(?:UTC|GMT)?\s*[+-]\d{{1,2}}(?::?\d{{2}})?|UTC|GMT)?$", re.I)
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:[T ]?(\d{2})(\d{2})(\d{2})?)?$")
_CLOCK_ALONE = re.compile(rf"^{_CLOCK}$")
# The two halves of a day. An hour of twelve in the evening may be noon or midnight: no program writes it.
_HALVES = {
    "AM": "上午 凌晨 清晨 早上 早晨 午前 오전 ص a.m. am SA", "PM": "下午 中午 傍晚 晚上 午後 午后 오후 م p.m. pm CH"}
_HALF_OF = {word.lower(): half for half, words in _HALVES.items() for word in words.split()}
HALF = re.compile(
    r"(?i)上午|凌晨|清晨|早上|早晨|午前|오전|下午|中午|傍晚|晚上|午[後后]|오후|ص|م"
    r"|(?<![^\W\d_])(?:[ap]\.?\s?m\b\.?|(?-i:SA|CH)\b)")
BUDDHIST = range(2400, 2700)  # 2569 is 2026
_BUDDHIST_YEAR = re.compile(r"(?<!\d)2[4-6]\d\d(?!\d)")


def moment(value, formats=(), unit=None, notes=None):
    """A time as it stands in a cell: a date where no hour is stated, a datetime otherwise.

    The datetime has a zone where the cell states one (as seconds since 1970 do). Year-first forms are understood;
    others need a format, because 4/5/2025 can be read two ways. unit: how numbers count, excel (days since
    1899-12-30), epoch or epoch_ms.
    """
    if isinstance(value, (dt.datetime, dt.date)):
        return _not_buddhist(value, notes)
    if isinstance(value, (int, float)) and not isinstance(value, bool) or unit in ("excel", "epoch", "epoch_ms"):
        return _counted(value, unit, notes)
    if not isinstance(value, str):
        raise UnreadableError(f"{quoted(value)} is not a date", "write dates such as 2025-06-18 20:00")
    text = unicodedata.normalize("NFKC", value).strip()
    if formats:
        return _formatted(value, text, formats, notes)
    return _year_first(value, text, notes)


def _formatted(value, text, formats, notes):
    """By the first of the mapping's forms that fits; words such as 下午 stand for %p in text and form alike."""
    text = HALF.sub(lambda found: _half(found[0]), text)
    for form in formats:
        form = halves_as_p(form)
        clock = re.search("%[HIMSfpcXTR]", form)
        for year in (False, True) if "%Y" in form else (False,):
            counted = _BUDDHIST_YEAR.sub(lambda y: str(int(y[0]) - 543), text) if year else text
            try:
                found = dt.datetime.strptime(counted, form)
            except (ValueError, OverflowError, re.error):
                continue
            if found.year in BUDDHIST:
                continue
            if year:
                _counted_down(notes)
            return found if clock else found.date()
    raise UnreadableError(f"{quoted(value)} does not have the form {' or '.join(formats)}",
                          "add its form to format: in the mapping", form=True)


def halves_as_p(form):
    """A form of times in which a word for half a day, such as 下午, stands as %p."""
    return HALF.sub("%p", form) if "%p" not in form else form


def _year_first(value, text, notes):
    half = HALF.search(text)
    bare = re.sub(r"\s+", " ", text[:half.start()] + " " + text[half.end():]).strip() if half else text
    found = _YEAR_FIRST.match(bare) or _COMPACT.match(bare)
    if not found:
        if re.match(r"^\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}", text):
            raise UnreadableError(
                f"{quoted(value)} can be read as day/month or as month/day",
                'write format: "%d/%m/%Y %H:%M" or format: "%m/%d/%Y %H:%M" into the mapping', form=True)
        if PLAIN.match(text):
            return _counted(value, None, notes)  # which asks for the unit
        digits = any(c.isdecimal() for c in text)
        raise UnreadableError(
            f"{quoted(value)} is not a date that is understood", 'write it as 2025-06-18 20:00, or give its format: in '
            'the mapping, such as "%d.%m.%Y %H:%M"', form=digits)
    parts = found.groups()
    year, month, day = map(int, parts[:3])
    if year in BUDDHIST:
        year -= 543
        _counted_down(notes)
    try:
        if parts[3] is None:
            return dt.date(year, month, day)
        hour = _hour(int(parts[3]), half and half[0], value)
        result = dt.datetime(year, month, day, hour, *(int(p or 0) for p in parts[4:6]), _micro(parts))
    except ValueError as error:
        if isinstance(error, UnreadableError):
            raise
        raise UnreadableError(f"{quoted(value)} is not a day of the calendar",
                              "correct the cell, or leave it empty") from None
    return result.replace(tzinfo=_offset(value, parts[7])) if len(parts) > 7 and parts[7] else result


def _micro(parts):
    return int(((parts[6] or "") + "000000")[:6]) if len(parts) > 6 else 0


def _offset(value, text):
    found = re.search(r"([+-])(\d{1,2}):?(\d{2})?$", text)
    sign, hours, minutes = (found[1], int(found[2]), int(found[3] or 0)) if found else ("+", 0, 0)
    if hours > 23 or minutes > 59:
        raise UnreadableError(f"{quoted(value)} has no known time zone", "write times without a zone")
    return dt.timezone((-1 if sign == "-" else 1) * dt.timedelta(hours=hours, minutes=minutes))


def _half(word):
    word = re.sub(r"[\s.]", "", word).lower()
    return _HALF_OF.get(word) or _HALF_OF[f"{word[0]}.m."]


def _hour(hour, word, value):
    """The hour of a day of 24, from one with a word such as PM or 下午."""
    if not word:
        return hour
    half = _half(word)
    if word == "晚上" and hour == 12 or half == "AM" and hour > 12:
        raise UnreadableError(f"{quoted(value)} has no certain hour", "correct the cell, or leave it empty")
    if half == "AM":
        return hour % 12
    return hour if hour >= 12 or word == "中午" and hour > 9 else hour + 12


def _counted_down(notes):
    if notes is not None:
        notes.add("years of the Buddhist calendar, such as 2569, were counted down by 543")


def _not_buddhist(value, notes):
    if value.year not in BUDDHIST:
        return value
    _counted_down(notes)
    try:
        return value.replace(year=value.year - 543)
    except ValueError:
        raise UnreadableError(f"{quoted(value)} is not a day of the calendar",
                              "correct the cell, or leave it empty") from None


def _counted(value, unit, notes):
    try:
        count = float(number(value))
        if unit == "excel":
            when = dt.datetime(1899, 12, 30) + dt.timedelta(days=round(count * 86400) / 86400)
            return when.date() if count == int(count) else when
        if unit in ("epoch", "epoch_ms"):
            start = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
            return start + dt.timedelta(seconds=count / (1000 if unit == "epoch_ms" else 1))
    except (OverflowError, ValueError):
        raise UnreadableError(
            f"{quoted(value)} is no plausible date", "correct the cell, or change unit: in the mapping") from None
    if found := _COMPACT.match(str(value)):
        return _year_first(value, found[0], notes)
    raise UnreadableError(f"{quoted(value)} stands where a date is expected",
                          "write unit: excel, epoch or epoch_ms into the mapping, or format the column as date",
                          form=True)


def clock(value):
    """The time of day in a cell as a timedelta: 20:05, 8:05 PM, 下午8:05, a spreadsheet's part of a day."""
    if isinstance(value, dt.datetime):
        value = value.time()
    if isinstance(value, dt.time):
        return dt.timedelta(hours=value.hour, minutes=value.minute, seconds=value.second)
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < 1:
        return dt.timedelta(seconds=round(value * 86400))
    if isinstance(value, dt.timedelta) and dt.timedelta(0) <= value < dt.timedelta(days=1):
        return value
    text = unicodedata.normalize("NFKC", value).strip() if isinstance(value, str) else ""
    half = HALF.search(text)
    found = _CLOCK_ALONE.match((text[:half.start()] + text[half.end():]).strip() if half else text)
    if found:
        hour, minute, second = _hour(int(found[1]), half and half[0], value), int(found[2]), int(found[3] or 0)
        if hour < 24 and minute < 60 and second < 60:
            return dt.timedelta(hours=hour, minutes=minute, seconds=second)
    raise UnreadableError(f"{quoted(value)} is not a time of day", "write it as 20:05", form=True)
