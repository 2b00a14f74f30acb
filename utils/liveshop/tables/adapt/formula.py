"""Formulas of a mapping: + - * / and brackets over columns of numbers and times. Nothing else is evaluated."""

import ast
import operator

import numpy as np
import pandas as pd

from liveshop.tables.adapt.draft import objects
from liveshop.tables.errors import nearest, show

LONGEST = 200
OPERATORS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}


def compute(task, draft, name, text):
    """The values of a formula for every row, as an object array with None for nothing.

    Whole numbers where the column wants them, other numbers to six digits.
    """
    result, column = _Formula(task, draft, name, text).value(), task.columns.get(name)
    if isinstance(result, pd.Series) and pd.api.types.is_datetime64_dtype(result.dtype):
        if column is None or column.type not in ("date", "datetime"):
            raise task.error(name, "the formula gives a time", "subtract another time from it to get seconds")
        return result.astype(object).where(result.notna(), None).to_numpy()
    if column is not None and column.type not in ("integer", "number"):
        raise task.error(name, "the formula gives a number", f"the column wants a {column.type}")
    whole = column is not None and column.type == "integer"
    numbers = pd.Series(result, index=range(len(draft.rows)), dtype="float64").replace([np.inf, -np.inf], np.nan)
    return objects(None if v != v else int(v) if whole else v for v in numbers.round(0 if whole else 6))


class _Formula:
    def __init__(self, task, draft, name, text):
        self.task, self.draft, self.name, self.text = task, draft, name, text

    def wrong(self, problem, remedy):
        return self.task.error(self.name, f"formula: {problem}", remedy)

    def value(self):
        if len(self.text) > LONGEST:
            raise self.wrong("it is too long", "use working columns, such as _price, for its parts")
        try:
            tree = ast.parse(self.text.strip(), mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            raise self.wrong(f"{show(self.text)} is no arithmetic", 'write it like "quantity * _unit_price"') from error
        with np.errstate(all="ignore"):
            return self.of(tree)

    def of(self, node):
        if isinstance(node, ast.Constant) and type(node.value) in (int, float) and abs(node.value) < 1e300:
            return float(node.value)
        if isinstance(node, ast.Name):
            return self.column(node.id)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return self.apply(operator.sub, 0.0, self.of(node.operand))
        if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
            return self.apply(OPERATORS[type(node.op)], self.of(node.left), self.of(node.right))
        raise self.wrong(
            f"{show(self.text)} is more than + - * / over columns", "use columns, numbers and + - * / ( ) only")

    def column(self, name):
        if name not in self.draft.cells:
            raise self.wrong(f"{name} is no column made before it", nearest(name, self.draft.cells))
        kind, cells = self.task.kind(name), self.draft.series(name)
        if kind in ("integer", "number"):
            return cells.astype("float64")
        if kind in ("date", "datetime"):
            return pd.to_datetime(cells).astype("datetime64[us]")
        raise self.wrong(f"{name} is no number and no time", "use columns of numbers or times")

    def apply(self, operation, left, right):
        times = [isinstance(v, pd.Series) and pd.api.types.is_datetime64_dtype(v.dtype) for v in (left, right)]
        try:
            if times == [True, True] and operation is operator.sub:
                return (left - right).dt.total_seconds()
            if times == [True, False] and operation in (operator.add, operator.sub):
                seconds = pd.to_timedelta(pd.Series(right, index=left.index, dtype="float64"), unit="s")
                return operation(left, seconds).astype("datetime64[us]")
            if not any(times):
                return operation(left, right)
        except ZeroDivisionError:
            raise self.wrong("it divides by zero", "divide by a column or another number") from None
        except (OverflowError, ValueError) as error:
            raise self.wrong("it leaves the range of times", "check the unit: seconds are added to times") from error
        raise self.wrong("times can only be subtracted from each other, or moved by seconds", "write ended - started")
