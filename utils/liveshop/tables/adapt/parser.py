"""From a rule of the mapping to the function that reads one cell of a column into the contract's type and unit."""

import datetime as dt
from decimal import Decimal

from liveshop.tables.adapt import lengths, numbers, times, units, values
from liveshop.tables.adapt.values import UnreadableError, quoted
from liveshop.tables.adapt.zones import SHANGHAI, in_shop_hours


def is_unit(unit, column):
    """Whether a word in brackets behind a heading is a unit that this column can be in."""
    if column.is_money:
        return unit in units.MONEY
    if is_length(column):
        return unit in units.SECONDS
    if column.is_ratio:
        return unit in units.SHARES
    return column.type in ("integer", "number") and unit in units.COUNTS


def factor(task, unit, column):
    """What a number in this unit is multiplied by to give the contract's unit."""
    if is_length(column):
        return units.SECONDS.get(unit, Decimal(1)) / (60 if column.is_minutes else 1)
    known = (
        units.MONEY if column.is_money else units.SHARES if column.is_ratio else {**units.COUNTS, **units.SHARES})
    if unit is None:
        return Decimal(1)
    if unit not in known:
        raise task.error(column.name, f"unit: {unit} does not fit a column in {column.unit or column.type}",
                         f"write one of {', '.join(sorted(known))}")
    return Decimal(known[unit])


def parser(task, column, rule, unit, notes):
    """The function that reads one tidied cell of this column: its value, None for nothing, or UnreadableError.

    rule: the mapping's, in which regex comes first, then values and otherwise; its decimal is settled already.
    notes: takes what was assumed.
    """
    prepare = preparer(task, column, rule)
    read = _typed_reader(task, column, rule, unit, notes, missing_words(task, rule))

    def parse(value):
        value = prepare(value)
        return None if value is None else read(value)

    return parse


def preparer(task, column, rule):
    """The function that makes of a tidied cell what the reader of the column's type gets: None where it is nothing."""
    missing = missing_words(task, rule)
    words = (
        column.type == "string" and not column.is_id and (not column.enum or not values.ANSWERS.isdisjoint(column.enum))
    )
    translate = {values.text(k): v for k, v in rule.get("values", {}).items()}
    regex = rule.get("regex")

    def prepare(value):
        if values.is_nothing(value, words) or values.text(value).lower() in missing:
            return None
        if regex is not None:
            found = regex.search(values.text(value))
            if not found:
                raise UnreadableError(f"{quoted(value)} does not match the regex of the mapping", "correct regex:")
            value = values.tidy(found[1] if regex.groups else found[0])
            if value is None:
                return None
        if translate or "otherwise" in rule:
            value = values.tidy(translate.get(values.text(value), rule.get("otherwise", value)))
        return value

    return prepare


def _typed_reader(task, column, rule, unit, notes, missing):
    """The reader of a cell that holds something, by the column's type."""
    if column.type == "string":
        return lambda value: values.text(value, notes, column.is_id)
    if column.type == "boolean":
        return values.whether
    if column.type in ("date", "datetime"):
        return _moment_reader(task, column, rule, unit, notes)
    if is_length(column):
        read, converts = _length_reader(task, column, rule, unit, notes)
    else:
        read, converts = _amount_reader(task, column, rule, unit)
    return _in_type(column, read, converts, codes(missing), notes)


def _moment_reader(task, column, rule, unit, notes):
    if column.type == "datetime" and unit not in (None, "excel", "epoch", "epoch_ms"):
        raise task.error(column.name, f"unit: {unit} is no way to count time", "write excel, epoch or epoch_ms")
    formats, zone, shop = rule.get("format", ()), task.entry.get("timezone"), shop_zone(task)

    def read(value):
        when = times.moment(value, formats, unit, notes)
        if not 1700 < when.year < 2250:
            raise UnreadableError(f"{quoted(value)} is no plausible date", "correct the cell, or leave it empty")
        if zone is not None:
            return when  # `zones.settle` needs all of the column
        if not isinstance(when, dt.datetime):
            return dt.datetime(when.year, when.month, when.day)
        return in_shop_hours(when, shop, notes) if when.tzinfo else when

    if column.type == "date" and zone is None:
        return lambda value: read(value).replace(hour=0, minute=0, second=0, microsecond=0)
    return read


def shop_zone(task):
    """The zone whose hours the tables have."""
    return task.entry.get("shop_timezone") or SHANGHAI


def _length_reader(task, column, rule, unit, notes):
    """The reader of a length of time, and whether it converts (always: 1h 23min is no number)."""
    if unit is not None and unit not in units.SECONDS:
        raise task.error(
            column.name, f"unit: {unit} is no unit of time", "write milliseconds, seconds, minutes or hours")
    each, default = (60, unit or "minutes") if column.is_minutes else (1, unit)
    decimal = rule.get("decimal") or "."
    return lambda value: lengths.seconds(value, default, notes, decimal) / each, True


def _amount_reader(task, column, rule, unit):
    """The reader of a number in its unit, and whether it converts."""
    times, decimal = factor(task, unit, column), rule.get("decimal") or "."
    yes_no = task.spec.name == "experiments"      # an outcome may be that something happened

    def read(value):
        if yes_no:
            try:
                return Decimal(int(values.whether(value)))
            except UnreadableError:
                pass
        result = numbers.number(value, decimal)
        if numbers.has_percent(value):
            if not column.is_ratio and column.unit:
                raise UnreadableError(
                    f"{quoted(value)} is a percentage where {column.unit} are expected", "map another column",
                    form=True)
            if unit in ("percent", "%"):
                result *= 100  # the sign has divided already
        if times > 1 and isinstance(value, str) and numbers.parts(value, decimal)[1] == times:
            return result  # 1.2万 below a heading in 万元 says it twice
        return result * times

    return read, times != 1


def _in_type(column, read, converts, nothing, notes):
    """The reader of a number that gives it in the column's type. nothing: numbers that stand for nothing."""

    def whole(value):
        if column.is_id:
            values.text(value, notes, True)  # only for its note on rounded ids
        result = read(value)
        if result in nothing:
            return None
        if column.type == "number":
            return float(result)
        if result != result.to_integral_value() and not converts:
            raise UnreadableError(
                f"{quoted(value)} is not a whole number", f"give {column.unit or 'whole numbers'} without decimals",
                form=True)
        if abs(result) >= 2**63:
            raise UnreadableError(
                f"{quoted(value)} is too large", "map another column, or write pseudonym: true if it is an id")
        return int(result.to_integral_value())

    return whole


def missing_words(task, rule):
    """What stands for nothing by the mapping's word, as text in lower case."""
    return {values.text(v).lower() for v in (*task.entry["missing"], *rule.get("missing", ())) if v is not None}


def codes(missing):
    """The numbers among the words that stand for nothing."""
    found = set()
    for word in missing:
        try:
            found.add(numbers.number(word))
        except UnreadableError:
            pass
    return found


def is_length(column):
    """Whether the column holds a length of time."""
    return column.is_seconds or column.is_minutes
