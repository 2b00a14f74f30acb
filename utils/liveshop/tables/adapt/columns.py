"""The columns of the contract table: where each comes from, and its values in the contract's type and unit."""

import datetime as dt

import numpy as np
import pandas as pd

from liveshop.tables import progress
from liveshop.tables.adapt import checking, currencies, times, values
from liveshop.tables.adapt.cells import distinct
from liveshop.tables.adapt.common import as_objects, common_reader, of_rows, telling
from liveshop.tables.adapt.decimal_mark import decimal_mark, told
from liveshop.tables.adapt.draft import objects, plain_objects, same
from liveshop.tables.adapt.formula import compute
from liveshop.tables.adapt.headings import bracket, normal
from liveshop.tables.adapt.parser import factor, is_length, is_unit, missing_words, parser, preparer, shop_zone
from liveshop.tables.adapt.values import Notes, UnreadableError
from liveshop.tables.adapt.zones import named, settle
from liveshop.tables.contract import Column
from liveshop.tables.errors import MissingColumn, nearest, show
from liveshop.tables.pseudonyms import pseudonymise

SAMPLE = 200  # different cells that tell whether a column fits
MADE = {"constant", "formula", "number_within", "running_number"}  # rules that need no column of the export


def plan(task, account):
    """Column → (heading of the export, rule): for every rule and, by alias, for every other column of the contract."""
    found, taken = {}, set()
    rules, match = task.entry["columns"], task.entry["match"]
    for name, rule in rules.items():
        if "from" in rule or not MADE & set(rule):
            wanted = rule.get("from") or [name, _title(task, name)]
            heading = task.heading(wanted)
            if heading is None:
                _lacking(task, account, name, wanted)
                continue
            taken.add(heading)
            found[name] = (heading, rule)
    for name, column in task.columns.items() if task.entry["aliases"] else ():
        if name in rules or not (name in task.spec.columns or name in match):
            continue
        heading = task.heading([n for n in (name, column.title_zh) if n])
        if heading in task.entry["ignore"]:
            continue
        if heading is not None and (heading == name or heading not in taken):
            found[name] = (heading, {})
    needed = [c for c in task.spec.required if not (match and c in task.spec.key)]
    for name in dict.fromkeys([*match, *needed]):
        if name not in found and not MADE & set(rules.get(name, ())):
            _lacking(task, account, name, [name, _title(task, name)])
    return found


def _title(task, name):
    return task.columns[name].title_zh if name in task.columns else name


def _lacking(task, account, name, wanted):
    """The export has no heading for a column: an error if it cannot do without, otherwise a note."""
    column = task.columns.get(name)
    headings = [str(h)[:40] for h in task.raw.frame.columns]
    alike = [h for h in task.raw.frame.columns if normal(h) in {normal(w) for w in wanted}]
    hint = f"; “{alike[0]}” is another by what it has in brackets: write it in full if it is meant" if alike else ""
    if column is None or column.required or name in task.entry["match"]:
        remedy = (
            f"write {name}: and the right heading under columns: in the mapping" if task.entry["columns"]
            else f"name the column {name} in the file, or write a mapping that says under which heading it stands")
        has = ", ".join(headings[:12]) + (" …" if len(headings) > 12 else "")
        raise MissingColumn(task.spec.name, name, problem=f"{task.raw.source} has no column “{wanted[0]}” for it "
                            f"(it has {has}){hint}", remedy=remedy)
    account.notes.append(f"the mapping fills {name} from “{wanted[0]}”, which the export does not have{hint}")


def convert(task, planned, draft, account):
    """Every planned column in its contract type and unit.

    Rows with unreadable cells are set aside if the mapping says so; otherwise the first of them raises.
    """
    currencies.stop_at_several(task, planned, draft, account)
    for name, (heading, rule) in planned.items():
        progress.tell(f"{task.raw.source} as {task.spec.name}: {name}")
        column = task.columns.get(name) or Column(name, rule["type"], "", "")
        if "clock" in rule and column.type not in ("date", "datetime"):
            raise task.error(name, "clock: is for times", "leave it out")
        notes = Notes()
        unit = _unit(task, heading, rule, column, notes)
        cells, split = task.raw.cells(heading)[draft.rows], task.raw.split(heading, draft.rows)
        if _does_not_fit(task, name, column, unit, split[1]):
            wanted = ", ".join(column.enum) if column.enum else f"a {column.type}"
            account.notes.append(f"{name}: the column “{heading}” was left out, as its values do not fit ({wanted}); "
                                 "name it under columns: to use it")
            continue
        if rule.get("pseudonym"):
            cells = _pseudonyms(split, column, missing_words(task, rule))
            split = distinct(cells)
            account.notes.append(
                f"{column.name}: ids were replaced by pseudonyms, the same person the same one in this run")
        if unit is None:
            account.warnings += checking.cells(column, cells, heading)
        if column.type in ("integer", "number") and not column.is_id:
            mark = _written(task, column, rule, unit, draft.rows, split[1], heading, notes, account)
            rule = {**rule, "decimal": mark}
        if column.type in ("date", "datetime"):
            account.warnings += checking.turned_dates(task, column, rule, split[1], heading)
        parse = parser(task, column, rule, unit, notes)
        parsed, bad = by_value(
            task, draft.rows, cells, parse, heading, name, common_reader(task, column, rule, unit, notes), split)
        if "empty" in rule:
            parsed = _stated(task, name, rule, parse, split, parsed, notes)
        if column.type in ("date", "datetime"):
            parsed, without = _moments(task, draft, name, rule, parsed, account, notes)
            bad = np.union1d(bad, without).astype(int)
        account.warnings += checking.other_encoding(task, column, split[1])
        draft = draft.with_cells(**{name: parsed})
        if len(bad):
            draft = draft.drop(bad, f"{name} cannot be read")
        account.used.append(heading)
        account.origin[name] = heading + (f" (in {unit})" if unit else "")
        account.notes += [f"{name}: {note}" for note in notes.counts]
    return draft


def _stated(task, name, rule, parse, split, parsed, notes):
    """The values with that of empty: in empty cells; a value that missing: names stays unknown."""
    codes, different = split
    try:
        value = parse(values.tidy(rule["empty"]))
    except UnreadableError as error:
        raise task.error(name, f"empty: {error.what}", "write a value of its column") from error
    blank = np.fromiter((values.is_nothing(values.tidy(cell)) for cell in different), bool, len(different))[codes]
    if count := int(blank.sum()):
        notes.add(f"{count:,} empty {'cells count' if count > 1 else 'cell counts'} as {rule['empty']}")
    parsed = plain_objects(parsed)
    parsed[blank] = value
    return parsed


def _does_not_fit(task, name, column, unit, different):
    """Whether half or more of the values do not fit, in a column that the mapping does not name.

    A mapping that names no column at all means the columns to carry the contract's names: then it is an error instead.
    """
    rules = task.entry["columns"]
    if not rules or name in rules or column.required or name in task.entry["match"]:
        return False
    looked_at = [v for v in map(values.tidy, different[::max(1, len(different) // SAMPLE)]) if not values.is_nothing(v)]
    marks = (".", ",") if column.type in ("integer", "number") else (".",)  # which of them it is comes later
    readers = [parser(task, column, {"decimal": mark}, unit, Notes()) for mark in marks]
    odd = [value for value in looked_at if not any(_fits(column, parse, value) for parse in readers)]
    return bool(odd) and 2 * len(odd) >= len(looked_at)


def _fits(column, parse, value):
    try:
        read = parse(value)
    except UnreadableError:
        return False
    return read is None or not column.enum or read in column.enum


def _moments(task, draft, name, rule, parsed, account, notes):
    """The times of a column in the shop's hours, with the clock of another column where the mapping names one.

    Returns them and the positions of the rows whose clock cannot be read.
    """
    bad = []
    if "clock" in rule or task.entry.get("timezone") is not None:
        parsed = plain_objects(parsed)
    if "clock" in rule:
        heading = task.heading([rule["clock"]])
        if heading is None:
            raise task.error(name, f"{task.raw.source} has no column “{rule['clock']}” for its clock",
                             nearest(rule["clock"], task.raw.frame.columns))
        account.used.append(heading)
        hours, bad = by_value(
            task, draft.rows, task.raw.cells(heading)[draft.rows],
            lambda v: None if values.is_nothing(v) else times.clock(v), heading, name)
        parsed = _with_clock(task, draft, name, parsed, hours, notes)
    zone, shop = task.entry.get("timezone"), shop_zone(task)
    if zone is not None:
        parsed = settle(parsed, zone, shop, notes)
        if task.columns.get(name) and task.columns[name].type == "date":
            parsed = objects(p and p.replace(hour=0, minute=0, second=0, microsecond=0) for p in parsed)
    elif task.entry.get("shop_timezone"):
        notes.add(f"the hours are those of {named(shop)}")
    return parsed, bad


def _with_clock(task, draft, name, days, hours, notes):
    """Days and times of day as one time each. A day without a time of day stays a day."""
    joined = np.empty(len(days), dtype=object)
    for i, (day, hour) in enumerate(zip(days, hours, strict=True)):
        if day is None or hour is None:
            joined[i] = day
            if day is not None:
                notes.add("days without a time of day were taken as they are")
            continue
        midnight = dt.datetime(day.year, day.month, day.day)
        if isinstance(day, dt.datetime) and day != midnight:
            raise task.error(name, f"{show(day)} has a time of day already", "leave clock: out of the mapping",
                             task.place(draft.rows[i]))
        joined[i] = midnight + hour
    return joined


def _written(task, column, rule, unit, rows, cells, heading, notes, account):
    """What separates decimals in a column of numbers. cells: the different ones of the rows that are still in.

    Rows that were left out say it too. Raises where what is still in stands in several currencies.
    """
    every = cells if len(rows) == len(task.raw.frame) else task.raw.split(heading)[1]
    if {"regex", "values", "otherwise"} & set(rule):
        prepare = preparer(task, column, rule)
        cells, every = _prepared(cells, prepare), _prepared(every, prepare)
    codes, several = currencies.in_one_column(telling(cells))
    if column.is_money and (said := [one for one in (codes, currencies.in_heading(heading)) if one]):
        account.currencies[column.name] = frozenset.intersection(*said)
    if several:
        raise task.error(
            column.name if heading == column.name else f"{column.name} (“{heading}”)",
            f"the amounts are in several currencies ({show(several[0])}, {show(several[1])}), which cannot be added up",
            "keep one of them with a where rule (matches:), or multiply by a rate (a working column with regex:, "
            "values: and a formula)")
    whole = column.type == "integer" and unit is None and not is_length(column)
    mark = decimal_mark(task, column, rule, every, heading, whole)
    if mark == "," and not told(task, rule):
        notes.add("a comma separates decimals, and a point thousands, as its cells show")
    return mark


def _prepared(cells, prepare):
    """The cells as the reader of their type gets them; those that do not fit the rule come later."""
    found = []
    for cell in cells:
        try:
            found.append(prepare(values.tidy(cell)))
        except UnreadableError:
            pass
    return found


def _unit(task, heading, rule, column, notes):
    """The unit that the mapping gives, or that stands in brackets behind the heading; None for the contract's own."""
    unit = rule.get("unit")
    if unit is None and (hint := bracket(heading)) and is_unit(hint, column):
        unit = hint
        if factor(task, unit, column) != 1:
            notes.add(f"read in {unit}, as its heading says")
    return unit


def _pseudonyms(split, column, missing):
    codes, different = split
    tidied = pd.Series(
        [None if values.is_nothing(v := values.tidy(c)) or values.text(v).lower() in missing else values.text(v)
         for c in different], dtype=object)
    replaced = pseudonymise(pd.DataFrame({"id": tidied}), columns=["id"], integers=column.type == "integer")
    return replaced["id"].astype(object).to_numpy()[codes]


def by_value(task, rows, cells, parse, heading, name, common=None, split=None):
    """parse() of every cell, once for each different value: (values, positions of the unreadable ones).

    The values are an object array, or one of the column's kind where all of them are there and of a common form.

    common: reads the commonest forms at once (see liveshop.tables.adapt.common), which saves parse() the rest.
    split: what `cells.distinct` makes of them, where it is known already. An unreadable cell raises its sentence,
    unless the mapping sets such rows aside; a column without a readable cell always does.
    """
    codes, different = split or distinct(cells)
    found, read = common(different) if common else (None, np.zeros(len(different), dtype=bool))
    if common and read[:-1].all() and (codes >= 0).all():
        return of_rows(found, codes), np.array([], dtype=int)
    parsed = as_objects(found, read) if common else np.empty(len(different), dtype=object)
    failed = np.zeros(len(different), dtype=bool)
    for i in np.flatnonzero(~read):
        try:
            parsed[i] = parse(values.tidy(different[i]))
        except UnreadableError:
            failed[i] = True
    bad = np.flatnonzero(failed[codes])
    none = failed.sum() > 1 and not any(v is not None for v in parsed[~failed])
    if len(bad) and (none or task.entry["bad_rows"] == "error"):
        try:
            parse(values.tidy(cells[bad[0]]))
        except UnreadableError as error:
            raise _unreadable(task, rows[bad[0]], name, heading, cells[bad[0]], error, len(bad), none) from error
    return parsed[codes], bad


def _unreadable(task, row, name, heading, cell, error, count, none):
    """The error for cells that cannot be read. none: the column has no cell that can."""
    of = f"{name} (“{heading}”)" if name and heading != name else name or heading
    if name in task.columns and task.columns[name].person:  # the cell may be a name, a telephone number or a street
        what = f"the cell has the form {show(values.form(cell))}, which cannot be read as an id"
        error = UnreadableError(what, "write pseudonym: true for it if these are ids")
    if none:
        return task.error(of, f"not one of its cells can be read: {error.what}", error.remedy, task.place(row))
    more = f" (and {count - 1:,} more like it)" if count > 1 else ""
    remedy = error.remedy if error.form else f"{error.remedy}, or write bad_rows: set_aside"
    return task.error(of, error.what + more, remedy, task.place(row))


def derive(task, draft, account, finish):
    """Constants, formulas and running numbers, in the order of the mapping.

    finish(task, draft, account, name, rule): gives the draft with the column finished before the next one uses it.
    """
    for name, rule in task.entry["columns"].items():
        if "constant" in rule:
            column = task.columns.get(name) or Column(name, rule["type"], "", "")
            parse = parser(task, column, {"decimal": task.entry["decimal"], **rule}, rule.get("unit"), Notes())
            made, _ = by_value(task, draft.rows, same(rule["constant"], len(draft.rows)), parse, "constant", name)
            if column.type in ("date", "datetime"):
                made, _ = _moments(task, draft, name, {}, made, account, Notes())
            account.origin[name] = f"the constant {show(rule['constant'])}"
        elif "formula" in rule:
            made = compute(task, draft, name, rule["formula"])
            account.origin[name] = f"computed: {rule['formula']}"
        elif "number_within" in rule:
            made = _numbered(task, draft, name, rule["number_within"])
            account.origin[name] = f"numbered within {rule['number_within']}"
        elif "running_number" in rule:
            made = _running(task, name, len(draft.rows))
            account.origin[name] = "a running number"
        else:
            made = draft.cells.get(name)
        if made is not None:
            draft = finish(task, draft.with_cells(**{name: made}), account, name, rule)
    return draft


def _numbered(task, draft, name, within):
    if within not in draft.cells:
        raise task.error(name, f"number_within: {within} is no column made before it", nearest(within, draft.cells))
    groups = draft.series(within)
    return (groups.groupby(groups, dropna=False).cumcount() + 1).astype(object).to_numpy()


def _running(task, name, count):
    """1, 2, 3 … as the column's type wants it."""
    kind = task.kind(name)
    if kind not in ("integer", "number", "string"):
        raise task.error(name, f"running_number: true does not fit a {kind}", "map another column")
    numbers = np.arange(1, count + 1)
    return numbers.astype(str).astype(object) if kind == "string" else numbers.astype(object)
