"""Amounts and other values of an order in an export that has a line for each of its items.

An export may write what belongs to the order on its first line only, or on all of them. Taken for the line's own, the
first is lost for the other lines, and the second is counted once for each of them.
"""

import numpy as np
import pandas as pd

from liveshop.tables.adapt import filling
from liveshop.tables.adapt.cells import Texts, is_text
from liveshop.tables.adapt.draft import objects
from liveshop.tables.adapt.parts import fingerprints

NEARLY_ALL = 0.9  # of the orders with several lines; the rest may be exceptions of one platform or another
BY_CHANCE = 0.5  # where two lines of the file are so often equal, equal lines of an order say nothing


def first_line_only(task, planned, draft, account):
    """Warn of columns that hold something on the first line of an order only; where it is an amount, stop.

    A column that is read is looked at in the lines that are still in, one that a where rule asks in all lines.
    """
    order = _order_heading(task, planned)
    if order is None or task.base:
        return
    if not any(_may_be_empty(task.raw.split(heading)) for heading in {
            *(heading for heading, _ in planned.values()), *account.asked} - {order}):
        return
    codes = filling.groups(task, "order_id")
    for name, heading, rule in _asked(task, planned, codes):
        split = task.raw.split(heading)
        if heading == order or rule.get("fill") or rule.get("per") or not _may_be_empty(split):
            continue
        rows = draft.rows if name else slice(None)
        orders, lines = _first_only(codes[rows], ~filling.is_empty(split)[rows])
        if orders:
            _say_first_only(task, account, name, heading, f"{orders:,} order{'s' if orders > 1 else ''}", lines)


def _first_only(codes, there):
    """(orders with something on the first of several lines and nothing on the others, those others): if nearly all are.

    codes: the number of each line's order, -1 for none. there: whether the line holds something.
    """
    if not (codes >= 0).any():
        return 0, 0
    sizes = np.bincount(codes[codes >= 0])
    several = (codes >= 0) & (sizes[codes] > 1)
    first = ~pd.Series(codes).duplicated().to_numpy()
    begun = np.bincount(codes[several & first & there], minlength=len(sizes)) > 0
    more = np.bincount(codes[several & ~first & there], minlength=len(sizes)) > 0
    only = begun & ~more
    if only.sum() < NEARLY_ALL * (begun | more).sum():
        return 0, 0
    return int(only.sum()), int((sizes[only] - 1).sum())


def _order_heading(task, planned):
    """The heading of the orders' numbers, in tables of order lines; None elsewhere."""
    return planned["order_id"][0] if task.spec.key == ("order_id", "line_no") and "order_id" in planned else None


def _asked(task, planned, codes):
    """(column or "", heading, rule) of each column that is read and each that a where rule asks.

    Whether something is present may tell an order's line from those of its items; where the first line is an item too,
    that cannot be meant.
    """
    items = _first_is_an_item(task, planned, codes)
    for name, (heading, rule) in planned.items():
        if not rule.get("take"):
            yield name, heading, rule
    for rule in task.entry["where"]:
        heading = task.heading(rule["column"])
        if heading is not None and (rule["test"] != "present" or items):
            yield "", heading, {"fill": rule["fill"]}


def _first_is_an_item(task, planned, codes):
    """Whether the first line of an order says what was bought, as the further lines do."""
    of_items = [planned[name][0] for name in ("product_id", "quantity") if name in planned]
    first = ~pd.Series(codes).duplicated().to_numpy()
    return bool(of_items) and not any(
        filling.is_empty(task.raw.split(heading))[first].any() for heading in of_items)


def _may_be_empty(split):
    """Whether any cell holds nothing at all: a quick look, for most columns have none."""
    codes, different = split
    if isinstance(different, Texts):
        return bool((codes < 0).any() or different.has(""))
    return any(cell is None or cell is pd.NaT or cell is pd.NA or cell != cell or isinstance(cell, str) and cell == ""
               for cell in different[:-1]) or bool((codes < 0).any())


def _say_first_only(task, account, name, heading, orders, lines):
    column = task.columns.get(name)
    where = f"“{heading}” stands on the first line of an order only ({orders})"
    lack = f"{lines:,} further line{' has' if lines == 1 else 's have'} nothing there"
    if column is not None and column.is_money:
        problem = f"{where}, as the total of an order does, and {lack}"
        remedy = f"write per: order into the rule of {name}, and the total is shared out over the lines"
        if column.required:
            raise task.error(name, problem, remedy)
        account.warnings.append(f"{name}: {problem}; {remedy}")
    elif name.startswith("_") and task.kind(name) == "number":
        raise task.error(
            name, f"{where}, and {lack}", "write per: order into its rule if it is an amount of the order, and it is "
            "shared out over the lines; or fill: order_id, if each line has as much")
    elif name:
        remedy = "write fill: order_id into its rule if it holds for the whole order"
        if column is not None and column.required:
            raise task.error(name, f"{where}, and {lack}", remedy)
        account.warnings.append(f"{name}: {where}, and {lack}; {remedy}")
    else:
        account.warnings.append(f"a where rule asks “{heading}”, which stands on the first line of an order only "
                                f"({orders}), and {lack}: write fill: order_id into that rule")


def same_on_every_line(task, draft):
    """Stop where nearly all orders with different lines have one amount on all of them: it is the order's total."""
    if task.spec.key != ("order_id", "line_no") or "order_id" not in draft.cells or task.base:
        return
    rules = task.entry["columns"]
    takes = any("take" in rule for rule in rules.values())
    codes = pd.factorize(draft.cells["order_id"])[0]
    if len(codes) == (codes.max() + 1 if len(codes) else 0):
        return  # no order has two lines
    what = _differs(task, draft)
    for name, column in task.spec.columns.items():
        rule = rules.get(name, {})
        if name not in draft.cells or not column.is_money or "per" in rule or (takes and rule.get("take") != "sum"):
            continue
        amounts = pd.Series(draft.cells[name], dtype="float64")
        if (counted := _repeated(codes, amounts, what)):
            raise task.error(
                name, f"the same amount stands on all lines in {counted[0]:,} of {counted[1]:,} orders with different "
                "lines: it looks like the order's total, and would be counted once a line",
                (f"write take: first into the rule of {name}" if takes else
                 f"write per: order into the rule of {name}, and it is shared out over the lines")
                + "; or per: line, if it is the line's own")


def _differs(task, draft):
    """A number for every row that is the same for lines that do not differ in what was bought."""
    bought = [n for n in ("product_id", "quantity") if n in draft.cells]
    if "product_id" in bought:
        return draft.plain(bought).groupby(bought, dropna=False, sort=False).ngroup().to_numpy()
    if all(map(is_text, dict(task.raw.frame.items()).values())):
        return fingerprints(task.raw.frame, task.raw.split)[draft.rows]
    lines = task.raw.frame.iloc[draft.rows].astype(str)
    return lines.groupby(list(lines.columns), dropna=False).ngroup().to_numpy()


def _repeated(codes, amounts, what):
    """(orders with one amount on all their lines, orders with several different lines); None if not suspicious."""
    there = (amounts.notna() & (amounts != 0)).to_numpy()
    codes, amounts, what = codes[there], amounts.to_numpy()[there], what[there]
    if not len(codes):
        return None
    _, first, codes = np.unique(codes, return_index=True, return_inverse=True)
    different = np.bincount(codes, what != what[first][codes]) > 0
    equal = np.bincount(codes, amounts != amounts[first][codes]) == 0
    same = int((different & equal).sum())
    if same < 2 or same < NEARLY_ALL * different.sum():
        return None
    chance = float((pd.Series(amounts).value_counts(normalize=True) ** 2).sum())
    return None if chance > BY_CHANCE else (same, int(different.sum()))


def share_out(task, draft, account, name, rule):
    """The amount of an order, written on its first line or on all of them, as parts of it on each line.

    The parts are in proportion to the column that the rule names under by:, otherwise equal; to the cent, and what is
    left over is the last line's. Together they give the order's amount.
    """
    if rule.get("per") != "order":
        return draft
    if "order_id" not in draft.cells:
        raise task.error(name, "per: order needs to know the orders", "map order_id above it")
    if task.kind(name) not in ("integer", "number"):
        raise task.error(name, "per: order is for amounts", "leave it out, or write fill: order_id")
    codes, orders = pd.factorize(draft.cells["order_id"])
    amounts = pd.Series(draft.cells[name], dtype="float64")
    totals = amounts.groupby(codes).agg(["first", "min", "max"])
    several = totals["max"] - totals["min"] > 0.005
    if several.any():
        low, high = totals.loc[several.idxmax(), ["min", "max"]]
        place = int(np.flatnonzero(codes == several.idxmax())[0])
        raise task.error(
            name, f"per: order, but an order has several amounts ({low:,.2f} and {high:,.2f}); so have "
            f"{several.sum():,} of {len(orders):,} orders", "write per: line if each line has its own",
            task.place(draft.rows[place]))
    weights = _weights(task, draft, name, rule.get("by"), codes)
    parts = _parts(totals["first"].reindex(range(len(orders))).to_numpy()[codes], weights, codes)
    account.origin[name] = account.origin.get(name, name) + (
        f", the order's, shared out by {rule['by']}" if rule.get("by") else ", the order's, in equal parts")
    return draft.with_cells(**{name: objects(None if v != v else v for v in parts)})


def _weights(task, draft, name, by, codes):
    """Each line's share of its order. Equal, where a line has nothing or less under `by`."""
    equal = 1 / np.bincount(codes)[codes] if len(codes) else np.array([])
    if by is None:
        return equal
    if by not in draft.cells or task.kind(by) not in ("integer", "number"):
        raise task.error(name, f"by: {by} is no column of numbers made before it", "name a column such as list_amount")
    weight = pd.Series(draft.cells[by], dtype="float64")
    whole = weight.groupby(codes).transform("sum")
    sound = (weight.notna() & (weight >= 0)).groupby(codes).transform("all") & (whole > 0)
    return np.where(sound, weight / whole.where(whole > 0, 1), equal)


def _parts(totals, weights, codes):
    """The parts of the totals, to the cent; the last line of an order takes what is left over."""
    parts = pd.Series(np.round(totals * weights, 2))
    last = ~pd.Series(codes).duplicated(keep="last").to_numpy()
    rest = totals - parts.mask(last, 0).groupby(codes).transform("sum").to_numpy()
    return np.where(last, np.round(rest, 6), parts)
