"""Holding tables against the contract. What is checked stands in `liveshop.tables.checks`, by subject."""

import pandas as pd

from liveshop.tables.checks import orders, ties, types, values
from liveshop.tables.checks.finding import plain
from liveshop.tables.checks.units import units
from liveshop.tables.contract import contract, table_of
from liveshop.tables.errors import TableError


def validate(frame, table, tables=None):
    """Hold a frame against the contract and return a list of `Problem` (empty: all is well).

    frame: pandas DataFrame. table: name of the contract table. tables: other tables (a `Tables` or a dict of
    frames); with them, references and rules across tables are checked too.
    A problem of severity "error" breaks the contract; a "warning" is only suspicious (fen for yuan, say).
    Raises TableError when `frame` is no DataFrame or `table` no table of the contract.
    """
    spec = table_of(table)
    if not isinstance(frame, pd.DataFrame):
        raise TableError(table, problem=f"a pandas DataFrame is needed, not {type(frame).__name__}",
                         remedy="pass the table itself, such as tables.orders")
    problems = types.columns(frame, spec)
    if any(p.kind == "repeated column" for p in problems):
        return problems  # with two columns of one name nothing below would know which is meant
    sound = {}
    for name, column in spec.columns.items():
        if name not in frame:
            continue
        found = types.fits(frame[name], column, table)
        problems += found
        if not any(p.severity == "error" for p in found):
            sound[name] = plain(frame[name], column)
    for name, cells in sound.items():
        problems += values.required(cells, spec.columns[name], table)
        problems += values.in_range(cells, spec.columns[name], table)
    for check in (values.unique_key, orders.times, orders.sizes, orders.lengths, units):
        problems += check(sound, spec)
    if tables is not None:
        for check in (ties.references, ties.agreements, ties.within):
            problems += check(sound, spec, tables)
    return problems


def validate_all(tables):
    """Validate every table of a `Tables` or of a dict of frames, with the ties between them; a list of `Problem`."""
    names = [name for name in contract() if name in tables]
    return [problem for name in names for problem in validate(tables[name], name, tables)]


def typed(frame, table):
    """The same frame with the contract's types, or a TableError for the first value that does not fit.

    Whole numbers become int64 (Int64 where some are missing), numbers float64, times datetime64[us] without a
    zone, dates datetime64[us] at midnight, text str. Columns that the contract does not know stay as they are.
    """
    spec = table_of(table)
    there = [name for name in spec.columns if name in frame]
    wrong = [p for p in types.columns(frame, spec) if p.kind == "repeated column"] or [
        p for name in there for p in types.fits(frame[name], spec.columns[name], table) if p.severity == "error"]
    if wrong:
        raise wrong[0].error()
    return frame.assign(**{name: types.cast(frame[name], spec.columns[name].type) for name in there})
