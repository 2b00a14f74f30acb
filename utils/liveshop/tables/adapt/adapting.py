"""A real export → a contract table: `adapt` and `adapt_all`, which lead an export through the stages."""

import pandas as pd

from liveshop.tables.adapt import (
    arms,
    checking,
    columns,
    currencies,
    doubts,
    headings,
    lines,
    parts,
    people,
    reading,
    repeats,
    within_orders,
)
from liveshop.tables.adapt.draft import Account, Made, Task
from liveshop.tables.adapt.filling import filled
from liveshop.tables.adapt.mapping import entries, leans_on
from liveshop.tables.adapt.matching import find_purchases
from liveshop.tables.adapt.report import note, report
from liveshop.tables.contract import contract, persons, table_of
from liveshop.tables.errors import TableError, only_table_errors
from liveshop.tables.validation import validate

OPTIONS = ("sheet", "header", "encoding", "delimiter")  # of the mapping, for the reading of a file


@only_table_errors
def adapt(source, mapping, table=None):
    """Bring an export into the form of a contract table.

    source: a file (.csv, .csv.gz, .xlsx, .parquet, .json), a folder if the mapping names files in it, or a DataFrame.
    mapping: a YAML file, the name of one that comes with the course (such as "tiktok-live-export"), a dict, or
    just the name of a table when the headings are the contract's own, English or Chinese (liveshop.tables.adapt.mapping
    lists every setting).
    table: which one, if the mapping fills several; all of them together are what `adapt_all` gives.

    Returns a pandas DataFrame with the contract's columns, types and units. `.attrs["report"]` is an `AdaptReport`:
    rows read, kept and set aside with the reason; no row is ever lost without being counted there.
    Raises TableError with one sentence when the result would break the contract.
    """
    known = entries(mapping)
    wanted = known if table is None else [e for e in known if e["table"] == table_of(table).name]
    if len(wanted) != 1:
        raise TableError(table, problem=f"the mapping fills {len(wanted) or 'none of'} such tables" if table else
                         f"the mapping fills {len(wanted)} tables", remedy="name one with table=, or use adapt_all")
    name = wanted[0]["table"]
    return _tables(source, known, {name})[name].frame


@only_table_errors
def adapt_all(source, mapping):
    """All tables that a mapping fills, as a dict name → DataFrame, held against each other as well (see `adapt`).

    A person has one id in all of them, so they join. With a mapping of one table it is a dict of one.
    """
    made = _tables(source, entries(mapping))
    frames = {name: one.frame for name, one in made.items()}
    for name, frame in frames.items():
        warnings = frame.attrs["report"]["warnings"]
        for problem in validate(frame, name, frames):
            if problem.severity == "error":
                raise problem.error()
            fen = problem.kind == "unit" and problem.column in frame.attrs["report"]["foreign"]
            if str(problem) not in warnings and not checking.is_about_columns(problem) and not fen:
                warnings.append(str(problem))
    _say_once(made)
    return frames


def _say_once(made):
    """What holds for several tables of one source stands in the first report only."""
    told = set()
    for one in made.values():
        account = one.frame.attrs["report"]
        source = account["source"]
        # A column that another table uses is not idle.
        used = {heading for other in made.values() if other.task.raw.source == source
                for heading in (*other.account.used, *other.account.asked)}
        account["ignored"] = [heading for heading in account["ignored"] if heading not in used]
        sheets = {title for other in made.values() if other.task.raw.source == source
                  for title in (other.task.raw.part_names or [other.task.raw.sheet])}
        account["not_read"] = [title for title in account["not_read"] if title not in sheets]
        for name in ("ignored", "empty_columns", "above", "not_read"):
            account[name] = [text for text in account[name] if (source, name, text) not in told]
            told |= {(source, name, text) for text in account[name]}
        shared = note(one.task.entry)
        if ("note", shared) in told:
            account["notes"] = [text for text in account["notes"] if text != shared]
        told.add(("note", shared))


def _tables(source, known, wanted=None):
    """The finished tables of a mapping: name → Made. wanted: these and what they lean on, instead of all."""
    if wanted is not None:
        for entry in reversed(known):
            if entry["table"] in wanted:
                wanted = {*wanted, *leans_on(entry)}
        known = [entry for entry in known if entry["table"] in wanted]
    read, made = {}, {}
    found = _persons(known)
    for entry in known:
        spec = table_of(entry["table"])
        base = made.get(entry["lines_of"])
        task = Task(base.task.raw if base else _read(source, entry, spec, read), entry, spec, found, base)
        made[spec.name] = _make(task, made.get("orders"))
    return made


def _make(task, orders):
    """One table, stage by stage. orders: the finished table of orders, where refunds are to be found in it."""
    account = Account(notes=list(task.raw.notes))
    task = filled(task, account)
    draft = lines.begin(task)
    draft = repeats.set_aside(task, lines.where(task, draft, account))
    plan = columns.plan(task, account)
    within_orders.first_line_only(task, plan, draft, account)
    draft = arms.name_control(task, columns.convert(task, plan, draft, account), account)
    people.check(task, plan, draft, account)
    doubts.check(task, plan, draft, account)
    draft = columns.derive(task, draft, account, within_orders.share_out)
    within_orders.same_on_every_line(task, draft)
    repeats.count(task, draft, account)
    if task.entry["match"]:
        draft = find_purchases(task, draft, orders, account)
    else:
        draft = lines.put_together(task, draft, account)
        draft = lines.without_repeats(task, draft)
    currency, foreign = currencies.of_table(task, account)
    if task.entry["check"]:
        draft, frame, warnings = checking.result(task, draft, foreign)
        account.warnings += warnings
        checking.something_left(task, draft)
    else:
        frame = draft.frame(task.spec)
    frame.attrs["report"] = report(task, plan, draft, account, frame, currency, foreign)
    return Made(task, plan, draft, account, frame)


def _persons(known):
    """Headings, in normal form, under which a mapping or the contract has persons."""
    found = {heading for table in contract().values() for column in table.columns.values() if column.person
             for heading in (column.name, column.title_zh)}
    for entry in known:
        for name in persons():
            found.update(entry["columns"].get(name, {}).get("from", ()))
    return {headings.normal(heading) for heading in found if heading}


def _read(source, entry, spec, read):
    """The export for one table. read: what was read already; several tables of one source read it once."""
    known = {*spec.columns, *(c.title_zh for c in spec.columns.values())} if entry["aliases"] else set()
    for rule in entry["columns"].values():
        known.update((*rule.get("from", ()), *(heading for part in rule.get("join", ()) for heading in part)))
    options = {k: entry.get(k) for k in OPTIONS}
    try:
        sources = [source] if isinstance(source, pd.DataFrame) else parts.files(source, entry.get("file"), spec.path)
        key = ("frame" if isinstance(source, pd.DataFrame) else tuple(map(str, sources)), *map(str, options.values()))
        if key in read and read[key].not_read:
            key = (*key, frozenset(known))  # another sheet may hold more of what this table looks for
        if key not in read:
            read[key] = parts.together([reading.read(one, options, known) for one in sources], "file")
        return read[key]
    except TableError as error:
        raise TableError(spec.name, error.column, error.row, error.problem, error.remedy) from error
