"""Refunds that do not name their order line: finding it by what the two have in common."""

from dataclasses import replace

import numpy as np
import pandas as pd

from liveshop.tables.adapt import checking
from liveshop.tables.adapt.draft import grouped, objects, same

CENT = 0.005


def find_purchases(task, draft, orders, account):
    """For every refund the order lines that it belongs to, one row a line (see `match` in the mapping).

    orders: the finished table of orders. Refunds that find no order line are set aside.
    """
    names = task.entry["match"]
    for name in names:
        if name not in orders.draft.cells:
            raise task.error(
                None, f"match: {name} is not filled in orders", f"map {name} in orders, or leave it out of match:")
    words = _listed([name.lstrip("_") for name in names])
    draft = draft.keep(np.logical_and.reduce([pd.notna(draft.series(n)) for n in names]),
                       f"nothing in {words} by which to find the purchase")
    draft, bought_keys = _usable(task, draft, orders, names)
    refunds, bought = draft.frame(task.spec), orders.frame
    paid = bought["paid" if "paid" in bought else "created"]
    pieces, before = latest_first(
        pd.DataFrame({"key": bought_keys, "when": paid, "amount": bought["paid_amount"]}),
        pd.DataFrame({"key": draft.cells["match"], "when": refunds["refunded"], "amount": refunds["refunded_amount"]}))
    account.notes += _said(pieces, refunds["refunded_amount"], words)
    account.warnings += _net_of_refunds(draft.cells["match"], refunds["refunded_amount"], bought_keys,
                                        bought["paid_amount"])
    account.origin |= {name: f"found in orders by {words}" for name in task.spec.key}
    found = np.zeros(len(refunds), dtype=bool)
    found[pieces["refund"]] = True
    for_nothing = np.unique(bought_keys[~(bought["paid_amount"] > 0)])
    unpaid = ~before & np.isin(draft.cells["match"].astype(int), for_nothing)
    left = draft.keep(~unpaid, f"nothing was paid for the purchase with the same {words}")
    found, before = found[~unpaid], before[~unpaid]
    left = left.keep(before, f"no purchase before it with the same {words}")
    left = left.keep(found[before], "the purchase that it could belong to was refunded already")
    return _by_line(task, replace(draft, aside=left.aside), orders, pieces)


def _usable(task, draft, orders, names):
    """The refunds whose times and amounts are sound, with the key to find them by as column match; the orders' keys.

    They must be sound before they decide anything. The key of the table, still to be found, is a number meanwhile.
    """
    both = pd.DataFrame({n: pd.concat([orders.draft.series(n), draft.series(n)], ignore_index=True) for n in names})
    codes = both.groupby(names, sort=False, dropna=False).ngroup().to_numpy()
    count, bought = len(draft.rows), len(orders.draft.rows)
    draft = draft.with_cells(match=codes[bought:], order_id=objects(map(str, range(count))), line_no=same(1, count))
    draft, frame, _ = checking.result(task, draft)  # its warnings come again with the table as it will be
    return draft.keep(frame["refunded_amount"] > 0, "nothing went back (an amount of zero)"), codes[:bought]


def _by_line(task, refunds, orders, pieces):
    """One row an order line: all of the money that went back for it, and the time of the last part."""
    codes, lines = pd.factorize(pieces["purchase"])
    by_line = pieces.groupby(codes)
    last = by_line["refund"].last().to_numpy(dtype=int)
    order = np.argsort(last, kind="stable")
    positions = grouped(refunds.rows[pieces["refund"].to_numpy(dtype=int)], codes, len(lines))[order]
    last, lines = last[order], np.asarray(lines, dtype=int)[order]
    cells = {name: refunds.cells[name][last] for name in task.spec.columns if name in refunds.cells}
    cells |= {name: orders.draft.cells[name][lines] for name in task.spec.key}
    amounts = np.minimum(
        by_line["amount"].sum().to_numpy()[order].round(6), orders.frame["paid_amount"].to_numpy()[lines])
    cells["refunded_amount"] = objects(amounts.tolist())
    return replace(refunds, rows=refunds.rows[last], cells=cells, lines=positions)


def _said(pieces, asked, words):
    """Notes on the refunds that found their purchase, and on their money. asked: every refund's amount."""
    by_refund = pieces.groupby("refund")["amount"].sum()
    notes = [
        f"{len(by_refund):,} of {len(asked):,} refunds found their purchase, {by_refund.sum():,.2f} of "
        f"{asked.sum():,.2f} in money: the latest order line before the refund with the same {words}, "
        "then the one before that"
    ]
    short = asked.loc[by_refund.index] - by_refund
    if (large := int((short > CENT).sum())):
        notes.append(f"{large:,} of them {'was' if large == 1 else 'were'} larger than the purchases that were found; "
                     f"{short[short > CENT].sum():,.2f} of their money belongs to none and is left out")
    if (again := int((pieces.groupby("purchase").size() > 1).sum())):
        notes.append(
            f"{again:,} order line{' was' if again == 1 else 's were'} refunded in parts; each is one row, with all of "
            "the money and the time of the last part"
        )
    return notes


def _net_of_refunds(keys, amounts, bought_keys, paid):
    """A warning where most refunds are larger than all that was paid for what they take back."""
    paid = pd.Series(paid.to_numpy(dtype=float)).groupby(bought_keys).sum()
    back = pd.Series(amounts.to_numpy(dtype=float)).groupby(keys).sum()
    back = back[back.index.isin(paid.index)]
    larger = int((back > paid.reindex(back.index) + CENT).sum())
    if larger <= len(back) / 2:
        return []
    return [f"{larger:,} of {len(back):,} refunds are larger than what was paid: the payment looks net of refunds; "
            "make paid_amount of the payment and the refund (formula: _paid + _refunded)"]


def _listed(names):
    *front, last = names
    return f"{', '.join(front)} and {last}" if front else last


def latest_first(purchases, refunds):
    """Set every refund against the purchases before it, the latest first, never beyond what was paid.

    purchases, refunds: DataFrames with the columns key (whatever the two have in common), when (datetime) and
    amount (yuan, positive for both). A purchase at the very time of a refund counts as before it.
    A refund that is larger than the latest purchase goes on to the one before; earlier refunds come first, so what
    they used is gone.

    Returns (pieces, before): pieces is a DataFrame of refund and purchase (positions from 0) and amount, in the order
    of the refunds' times; before says of every refund whether any purchase with its key lay before it, used up or not.
    """
    purchases = purchases[purchases["key"].isin(refunds["key"]) & purchases["when"].notna() & (purchases["amount"] > 0)]
    events = pd.concat([pd.DataFrame({**source, "at": source.index, "is_refund": kind})
                        for source, kind in ((purchases, False), (refunds, True))], ignore_index=True)
    # At equal times purchases come first, and each in the order of the file.
    events = events.sort_values("when", kind="stable")
    open_lines, seen, pieces = {}, set(), []
    before = np.zeros(len(refunds), dtype=bool)
    place = {index: position for position, index in enumerate(refunds.index)}
    columns = (events[name] for name in ("key", "amount", "at", "is_refund"))
    for key, amount, at, is_refund in zip(*columns, strict=True):
        if not is_refund:
            open_lines.setdefault(key, []).append([at, amount])
            seen.add(key)
            continue
        before[place[at]] = key in seen
        stack = open_lines.get(key, [])
        while stack and amount > 0:
            part = min(amount, stack[-1][1])
            pieces.append((at, stack[-1][0], part))
            # Six digits, as the amounts have: differences of binary fractions would leave a trace of every line open.
            amount, stack[-1][1] = round(amount - part, 6), round(stack[-1][1] - part, 6)
            if stack[-1][1] <= 0:
                stack.pop()
    found = pd.DataFrame(pieces, columns=["refund", "purchase", "amount"])
    return found.astype({"refund": "int64", "purchase": "int64", "amount": "float64"}), before
