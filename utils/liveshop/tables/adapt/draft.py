"""What the stages of `adapt` hand on: the task, the table on its way, and what is told about it."""

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd

from liveshop.tables.adapt import parts
from liveshop.tables.adapt.headings import exact
from liveshop.tables.adapt.reading import Raw
from liveshop.tables.contract import Table, table_of
from liveshop.tables.errors import TableError, listed
from liveshop.tables.validation import typed


@dataclass(frozen=True)
class Task:
    """What is to be done: an export as it was read, the mapping's entry for one table, that table of the contract.

    persons: headings, in normal form, under which persons stand. base: the finished table whose lines this one reads
    (lines_of), or None.
    """

    raw: Raw
    entry: dict
    spec: Table
    persons: set
    base: "Made | None" = None

    @cached_property
    def columns(self):
        """The columns that the mapping may fill: a refund is found by columns of orders, made and then left behind."""
        return {**table_of("orders").columns, **self.spec.columns} if self.entry["match"] else self.spec.columns

    @cached_property
    def read(self):
        """How many rows there were to begin with."""
        if self.base:
            return len(self.base.draft.used_lines())
        return len(self.raw.frame) + sum(len(lines) for _, lines in self.raw.set_aside)

    @cached_property
    def _by_exact_name(self):
        found = {}
        for heading in self.raw.frame.columns:
            found.setdefault(exact(heading), []).append(heading)
        return found

    def heading(self, names):
        """The export's heading for the first of the names that it has, or None."""
        for name in names:
            if name in self.raw.frame.columns:
                return name
            found = self._by_exact_name.get(exact(name), [])
            if len(found) > 1:
                raise self.error(None, f"several columns of {self.raw.source} could be “{name}”: {listed(found)}",
                                 "name the right one under columns: in the mapping")
            if found:
                return found[0]
        return None

    def kind(self, name):
        """The type of a contract column or a working column."""
        column = self.columns.get(name)
        return column.type if column else self.entry["columns"][name].get("type")

    def place(self, position):
        """Where a row of the export stood, in words: "line 7"."""
        return f"{self.raw.unit} {parts.label(self.raw, position)}"

    def error(self, column, problem, remedy, row=None):
        return TableError(self.spec.name, column, row, problem, remedy)


@dataclass(frozen=True)
class Draft:
    """A table on its way. No stage changes one; each gives a new one.

    rows: positions in the export's frame of the rows that are still in. cells: contract or working column → object
    array along rows, or an array of the column's kind where every row has a value. lines: where lines were put together
    or divided, for each row the positions that it was made from. aside: reason → positions of the rows set aside.
    """

    rows: np.ndarray
    cells: dict = field(default_factory=dict)
    lines: np.ndarray | None = None
    aside: dict = field(default_factory=dict)

    def with_cells(self, **cells):
        return replace(self, cells={**self.cells, **cells})

    def series(self, name):
        return pd.Series(plain_objects(self.cells[name]), dtype=object)

    def plain(self, names):
        """These columns as a frame, of whatever kind their cells are."""
        return pd.DataFrame({name: pd.Series(self.cells[name], dtype=self.cells[name].dtype) for name in names})

    def keep(self, mask, reason):
        """Keep the rows of a mask; the others are set aside with the reason."""
        mask = np.asarray(mask, dtype=bool)
        if mask.all():
            return self
        gone, lines, aside = self.rows[~mask], self.lines, self.aside
        if lines is not None:
            gone, lines = lines[~mask], lines[mask]
            gone = np.setdiff1d(flat(gone), flat(lines))
        if len(gone):
            aside = {**aside, reason: [*aside.get(reason, ()), *gone.tolist()]}
        return Draft(self.rows[mask], {name: cells[mask] for name, cells in self.cells.items()}, lines, aside)

    def drop(self, positions, reason):
        """Set the rows at these positions aside."""
        mask = np.ones(len(self.rows), dtype=bool)
        mask[positions] = False
        return self.keep(mask, reason)

    def used_lines(self):
        """Positions in the export's frame of the lines that the rows were made from."""
        return self.rows if self.lines is None else np.unique(flat(self.lines))

    def frame(self, spec):
        """The columns of the contract as a frame with the contract's types."""
        columns = {
            name: _cast(self.cells[name], column.type) for name, column in spec.columns.items() if name in self.cells}
        return typed(pd.DataFrame(columns, index=range(len(self.rows))), spec.name)


@dataclass
class Account:
    """What is told in the end; it grows as the stages go.

    origin: column → where its values come from. used: headings that fill a column; asked: headings that where rules
    ask. currencies: column of amounts → codes of the currencies that its signs allow.
    """

    notes: list = field(default_factory=list)
    warnings: list = field(default_factory=list)
    origin: dict = field(default_factory=dict)
    used: list = field(default_factory=list)
    asked: list = field(default_factory=list)
    currencies: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Made:
    """A finished table: the frame with its report, and what it was made from. plan: column → (heading, rule)."""

    task: Task
    plan: dict
    draft: Draft
    account: Account
    frame: pd.DataFrame


def _cast(cells, kind):
    cells = pd.Series(cells, dtype=cells.dtype)
    if kind == "number":
        return cells.astype("float64")
    if kind == "integer":
        return cells if cells.dtype == "int64" else cells.astype("Int64")
    if kind == "boolean":
        return cells.astype("boolean")
    if kind == "string":
        return cells.astype("str")
    return pd.to_datetime(cells).astype("datetime64[us]")


def flat(lines):
    """The positions in an array of arrays, in one array."""
    return np.concatenate([*lines]) if len(lines) else np.array([], dtype=int)


def objects(items):
    """An object array of the items, also where they are lists or arrays."""
    items = list(items)
    result = np.empty(len(items), dtype=object)
    result[:] = items
    return result


def plain_objects(cells):
    """A copy of a column's cells as an object array of Python's values, whatever kind they are of."""
    return np.array(cells, dtype=cells.dtype).astype(object) if isinstance(cells, np.ndarray) else cells.astype(object)


def same(value, length):
    """An object array that holds one value."""
    result = np.empty(length, dtype=object)
    result.fill(value)
    return result


def grouped(items, codes, count):
    """For every code from 0 to count - 1 the array of its items, as an object array."""
    order = np.argsort(codes, kind="stable")
    return objects(np.split(items[order], np.cumsum(np.bincount(codes, minlength=count))[:-1]) if count else [])
