"""The contract of the tables: what `data/datapackage.json` says, and the errors that name what breaks it.

There is one contract and no second copy: it is found from the place of this file, so it is the same
wherever the reader's own tables lie.
"""

import json
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache, cached_property
from pathlib import Path

import numpy as np

REPOSITORY = Path(__file__).resolve().parents[3]
CONTRACT_FILE = "datapackage.json"


def sentence(table=None, column=None, row=None, problem="", remedy=""):
    """One sentence: where (table, column, row), what is wrong, what to do."""
    where, problem, remedy = [], " ".join(problem.split()), " ".join(remedy.split())  # names may hold line breaks
    if table:
        where.append(f"table {table}")
    if column:
        where.append(f"column {column}")
    if row is not None:
        where.append(row if isinstance(row, str) else f"row {row}")
    text = " ".join(", ".join(where).split())
    text = f"{text}: {problem}" if text else problem
    if "." not in text.split(" ")[0]:  # a file's name keeps its own letters
        text = text[:1].upper() + text[1:]
    text = text.rstrip(". ")
    text = f"{text}; {remedy.rstrip('. ')}" if remedy else text
    return text if text.endswith("?") else f"{text}."


class TableError(ValueError):
    """Tables that cannot be used as they are. The message is one sentence: where, what, and the remedy.

    `row` is a number (rows counted from 1, without the header) or words such as "line 7 of the file".
    """

    def __init__(self, table=None, column=None, row=None, problem="", remedy=""):
        self.table, self.column, self.row, self.problem, self.remedy = table, column, row, problem, remedy
        super().__init__(sentence(table, column, row, problem, remedy))

    def __reduce__(self):
        return type(self), (self.table, self.column, self.row, self.problem, self.remedy)


class MissingTable(TableError, AttributeError):
    """A table that is not there; also an AttributeError, so that hasattr and getattr with a default work."""


class MissingColumn(TableError):
    """A table without a column that it cannot do without."""


@dataclass(frozen=True)
class Problem:
    """One finding of `validate`. `rows` holds the positions (from 0) of all rows concerned, `row` the first, from 1."""

    table: str
    column: str | None
    row: int | str | None
    what: str
    remedy: str
    severity: str = "error"
    rows: np.ndarray | None = field(default=None, compare=False, repr=False)

    def __str__(self):
        return sentence(self.table, self.column, self.row, self.what, self.remedy)

    def error(self):
        """The same finding as a TableError, to raise."""
        return TableError(self.table, self.column, self.row, self.what, self.remedy)


@dataclass(frozen=True)
class Column:
    """One column of the contract: type is string, integer, number, boolean, date or datetime."""

    name: str
    type: str
    title_zh: str
    description: str
    unit: str = ""
    required: bool = False
    minimum: float | None = None
    maximum: float | None = None
    enum: tuple = ()

    @property
    def is_money(self):
        return self.unit.startswith("CNY")

    @property
    def is_ratio(self):
        return self.unit.startswith("share of") or " / " in self.unit

    @property
    def is_seconds(self):
        return self.unit.startswith("seconds")

    @property
    def is_minutes(self):
        return self.unit.startswith("minutes")

    @property
    def is_id(self):
        return self.name.endswith("_id")


@dataclass(frozen=True)
class Table:
    """One table of the contract; `foreign_keys` are (own columns, other table, its columns)."""

    name: str
    title: str
    title_zh: str
    description: str
    path: str
    columns: dict
    key: tuple
    missing: tuple
    foreign_keys: tuple

    @cached_property
    def required(self):
        return [c.name for c in self.columns.values() if c.required]


def _names(value):
    return (value,) if isinstance(value, str) else tuple(value)


def _table(resource):
    schema = resource["schema"]
    columns = {}
    for f in schema["fields"]:
        limits = f.get("constraints", {})
        columns[f["name"]] = Column(
            f["name"], f["type"], f.get("title_zh", ""), f.get("description", ""), f.get("unit", ""),
            limits.get("required", False), limits.get("minimum"), limits.get("maximum"), tuple(limits.get("enum", ())))
    keys = tuple((_names(k["fields"]), k["reference"]["resource"], _names(k["reference"]["fields"]))
                 for k in schema.get("foreignKeys", []))
    return Table(resource["name"], resource.get("title", ""), resource.get("title_zh", ""),
                 resource.get("description", ""), resource["path"], columns, _names(schema.get("primaryKey", ())),
                 tuple(schema.get("missingValues", [""])), keys)


@cache
def contract():
    """The tables of the contract by name, as `Table` objects, in the order of the file."""
    file = REPOSITORY / "data" / CONTRACT_FILE
    if not file.is_file():
        # A package that was installed apart from its repository: use the one that the reader works in.
        here = Path.cwd()
        found = [p / "data" / CONTRACT_FILE for p in (here, *here.parents)]
        file = next((p for p in found if p.is_file()), None)
    if file is None:
        raise TableError(problem=f"the contract of the tables, data/{CONTRACT_FILE}, is not there",
                         remedy="work in a clone of the repository, with the package installed from it (pip install -e .)")
    try:
        resources = json.loads(file.read_text(encoding="utf-8"))["resources"]
        return {r["name"]: _table(r) for r in resources}
    except (ValueError, KeyError, TypeError) as error:
        raise TableError(problem=f"the contract {CONTRACT_FILE} cannot be read ({error})",
                         remedy="restore it from the repository") from error


def table_of(name):
    """The contract's `Table` of that name, or a TableError that offers the nearest name."""
    tables = contract()
    if not isinstance(name, str) or name not in tables:
        raise TableError(problem=f"there is no table “{name}” in the contract", remedy=nearest(name, tables))
    return tables[name]


def nearest(name, names):
    """A remedy for a name that is not among `names`: the nearest one, or all of them."""
    close = get_close_matches(str(name), list(names), n=1)
    return f"did you mean {close[0]}?" if close else f"choose one of {', '.join(names)}"
