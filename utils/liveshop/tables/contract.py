"""The contract of the tables: what `datapackage.json` beside this file says.

It is a Frictionless Data Package, and the one definition of every table; `make data` writes a copy beside the tables.
What the standard has no word for stands in properties of our own, which the package lists under "conventions".
"""

import json
import shutil
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from liveshop.tables.errors import TableError, nearest
from liveshop.tables.writing import atomic

SOURCE = Path(__file__).with_name("datapackage.json")


@dataclass(frozen=True)
class Column:
    """One column of the contract.

    type: string, integer, number, boolean, date or datetime. person: its values stand for persons. sorted: it rises
    slowly along the rows of the course's own table.
    """

    name: str
    type: str
    title_zh: str
    description: str
    unit: str = ""
    required: bool = False
    minimum: float | None = None
    maximum: float | None = None
    enum: tuple = ()
    person: bool = False
    sorted: bool = False

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
class Within:
    """A moment within a length: `column` × `seconds` is at most `length` of the row of `table` that `key` names."""

    column: str
    seconds: int
    key: str
    table: str
    table_key: str
    length: str


@dataclass(frozen=True)
class Table:
    """One table of the contract.

    columns: name → Column. key: the columns that number the rows. foreign_keys: (own columns, other table, its
    columns). time_order: (earlier, later) columns; size_order: (part, whole) columns, by the definition of the two;
    within: a `Within`, or None. own: only a reader's own export has it; the course's simulated brand does not.
    """

    name: str
    title: str
    title_zh: str
    description: str
    path: str
    columns: dict
    key: tuple
    foreign_keys: tuple
    time_order: tuple = ()
    size_order: tuple = ()
    within: Within | None = None
    own: bool = False

    @cached_property
    def required(self):
        return [c.name for c in self.columns.values() if c.required]


def _names(value):
    return (value,) if isinstance(value, str) else tuple(value)


def _column(field):
    limits = field.get("constraints", {})
    return Column(
        field["name"], field["type"], field.get("title_zh", ""), field.get("description", ""), field.get("unit", ""),
        limits.get("required", False), limits.get("minimum"), limits.get("maximum"), tuple(limits.get("enum", ())),
        field.get("person", False), field.get("sorted", False))


def _within(rule, keys):
    table = rule["reference"]["resource"]
    own, theirs = next((own, theirs) for own, other, theirs in keys if other == table)
    return Within(rule["field"], rule["seconds"], own[0], table, theirs[0], rule["reference"]["fields"])


def _table(resource):
    schema = resource["schema"]
    keys = tuple((_names(k["fields"]), k["reference"]["resource"], _names(k["reference"]["fields"]))
                 for k in schema.get("foreignKeys", []))
    return Table(
        resource["name"],
        resource.get("title", ""),
        resource.get("title_zh", ""),
        resource.get("description", ""),
        resource["path"],
        {field["name"]: _column(field) for field in schema["fields"]},
        _names(schema.get("primaryKey", ())),
        keys,
        tuple(map(tuple, schema.get("timeOrder", ()))),
        tuple(map(tuple, schema.get("sizeOrder", ()))),
        _within(schema["within"], keys) if "within" in schema else None,
        resource.get("own", False),
    )


@cache
def contract():
    """The tables of the contract by name, as `Table` objects, in the order of the file."""
    return {
        resource["name"]: _table(resource) for resource in json.loads(SOURCE.read_text(encoding="utf-8"))["resources"]}


def write_contract(folder):
    """Write the contract as `datapackage.json` into a folder, beside the tables that it describes; returns the path."""
    path = Path(folder) / SOURCE.name
    with atomic(path) as temporary:
        shutil.copyfile(SOURCE, temporary)
    return path


@cache
def persons():
    """The names that columns of persons have anywhere in the contract, such as customer_id and viewer_id."""
    return tuple(dict.fromkeys(c.name for table in contract().values() for c in table.columns.values() if c.person))


def table_of(name):
    """The contract's `Table` of that name, or a TableError that offers the nearest name."""
    tables = contract()
    if not isinstance(name, str) or name not in tables:
        raise TableError(problem=f"there is no table “{name}” in the contract", remedy=nearest(name, tables))
    return tables[name]
