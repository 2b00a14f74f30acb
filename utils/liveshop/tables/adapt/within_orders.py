"""Amounts and other values of an order in an export that has a line for each of its items.

An export may write what belongs to the order on its first line only, or on all of them. Taken for the line's own, the
first is lost for the other lines, and the second is counted once for each of them.
"""

import numpy as np
import pandas as pd

from liveshop.tables.adapt import filling
from liveshop.tables.adapt.draft import objects

NEARLY_ALL = 0.9  # of the orders with several lines; the rest may be exceptions of one platform or another
BY_CHANCE = 0.5  # where two lines of the file are so often equal, equal lines of an order say nothing


def first_line_only(task, planned, account):
    """Warn of columns that hold something on the first line of an order only; where it is the amount paid, stop."""
    order = _order_heading(task, planned)
    if order is None or task.base:
        return
    frame = task.raw.frame
    codes = filling.groups(task, frame, "order_id")
    sizes = np.bincount(codes[codes >= 0]) if (codes >= 0).any() else np.array([], dtype=int)
    if not (sizes > 1).any():
        return
    several = (codes >= 0) & (sizes[codes] > 1)
    first = ~pd.Series(codes).duplicated().to_numpy()
    for name, heading, rule in _asked(task, planned):
        cells = frame[heading].to_numpy(dtype=object)
        if heading == order or rule.get("fill") or rule.get("per") or not _may_be_empty(cells):
            continue
        there = ~filling.is_empty(cells)
        begun = np.bincount(codes[several & first & there], minlength=len(sizes)) > 0
        more = np.bincount(codes[several & ~first & there], minlength=len(sizes)) > 0
        only = begun & ~more
        if only.sum() and only.sum() >= NEARLY_ALL * (sizes > 1)[begun | more].sum():
            lines = int((sizes[only] - 1).sum())
            _say_first_only(task, account, name, heading, f"{only.sum():,} order{'s' if only.sum() > 1 else ''}", lines)


def _order_heading(task, planned):
    """The heading of the orders' numbers, in tables of order lines; None elsewhere."""
    return planned["order_id"][0] if task.spec.key == ("order_id", "line_no") and "order_id" in planned else None


def _asked(task, planned):
    """(column or "", heading, rule) of each column that is read and each that a where rule asks."""
    for name, (heading, rule) in planned.items():
        if not rule.get("take"):
            yield name, heading, rule
    for rule in task.entry["where"]:
        heading = task.heading([rule["column"]])
        # Whether something is present tells kinds of lines apart.
        if heading is not None and rule["test"] != "present":
            yield "", heading, {"fill": rule["fill"]}


def _may_be_empty(cells):
    """Whether any cell holds nothing at all: a quick look, for most columns have none."""
    return bool(pd.isna(cells).any() or (cells == "").any())


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
    if any("take" in rule for rule in rules.values()):
        return
    codes = pd.factorize(draft.cells["order_id"])[0]
    if len(codes) == (codes.max() + 1 if len(codes) else 0):
        return  # no order has two lines
    what = _differs(task, draft)
    for name, column in task.spec.columns.items():
        if name not in draft.cells or not column.is_money or "per" in rules.get(name, {}):
            continue
        amounts = pd.Series(draft.cells[name], dtype="float64")
        if (counted := _repeated(codes, amounts, what)):
            raise task.error(
                name, f"the same amount stands on all lines in {counted[0]:,} of {counted[1]:,} orders with different "
                "lines: it looks like the order's total, and would be counted once a line",
                f"write per: order into the rule of {name}, and it is shared out over the lines; "
                "or per: line, if it is the line's own")


def _differs(task, draft):
    """A number for every row that is the same for lines that do not differ in what was bought."""
    bought = [n for n in ("product_id", "quantity") if n in draft.cells]
    if "product_id" in bought:
        return pd.DataFrame({n: draft.series(n) for n in bought}).groupby(bought, dropna=False).ngroup().to_numpy()
    lines = task.raw.frame.iloc[draft.rows].astype(str)
    return lines.groupby(list(lines.columns), dropna=False).ngroup().to_numpy()


def _repeated(codes, amounts, what):
    """(orders with one amount on all their lines, orders with several different lines); None if not suspicious."""
    lines = pd.DataFrame({"order": codes, "amount": amounts, "what": what})
    lines = lines[lines["amount"].notna() & (lines["amount"] != 0)]
    if not lines.duplicated("order").any():
        return None
    orders = lines.groupby("order").agg({"what": "nunique", "amount": "nunique"})
    orders = orders[orders["what"] > 1]
    same = int((orders["amount"] == 1).sum())
    chance = float((lines["amount"].value_counts(normalize=True) ** 2).sum())
    if same < 2 or same < NEARLY_ALL * len(orders) or chance > BY_CHANCE:
        return None
    return same, len(orders)


def share_out(task, draft, account):
    """The amount of an order, written on its first line or on all of them, as parts of it on each line.

    The parts are in proportion to the column that the rule names under by:, otherwise equal; to the cent, and what is
    left over is the last line's. Together they give the order's amount.
    """
    for name, rule in task.entry["columns"].items():
        if rule.get("per") != "order" or name not in draft.cells:
            continue
        if "order_id" not in draft.cells:
            raise task.error(name, "per: order needs to know the orders", "map order_id")
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
        draft = draft.with_cells(**{name: objects(None if v != v else v for v in parts)})
        account.origin[name] += f", the order's, shared out by {rule['by']}" if rule.get("by") else (
            ", the order's, in equal parts")
    return draft


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
