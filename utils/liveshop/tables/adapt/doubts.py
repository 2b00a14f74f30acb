"""What was read, and may mean something else: said as a warning, for no cell of it is wrong by itself."""

import re

import numpy as np
import pandas as pd

from liveshop.tables.adapt.columns import distinct
from liveshop.tables.contract import persons

MASKED = re.compile(r"[*＊∗✱]|[•●×]{2}")  # 138****0001, 米*4, 王＊＊, M•••a
CLOCK = re.compile(r"\d\s*[:时時点點]\s*\d")
ZONE = re.compile(r"(?i)(?:\d\s*(?:z|utc|gmt)|[+-]\d{2}:?\d{2})$")
LOST = ("ids stand in scientific notation", "ids of more than 15 digits")
LOOKED_AT = 20_000  # lines
NEARLY_ALL, FEW = 0.9, 2  # of the orders with several lines; so many at least


def check(task, planned, draft, account):
    """Warnings about ids that are not whole, times of two kinds, and totals of orders that stand on one line."""
    for name, (heading, rule) in planned.items():
        if name not in draft.cells:
            continue
        kind = task.kind(name)
        if name in persons():
            account.warnings += _masked(name, _texts(task, heading))
        elif kind == "datetime" and task.entry.get("timezone") is None and not rule.get("clock"):
            account.warnings += _zones(name, _texts(task, heading))
    account.warnings += _one_line_has_all(task, draft)
    for note in [note for note in account.notes if any(lost in note for lost in LOST)]:
        account.notes.remove(note)
        account.warnings.append(note)


def _texts(task, heading):
    """The different texts of a column, of a long one those of many lines spread over it."""
    column = task.raw.frame[heading]
    column = column.iloc[::max(1, len(column) // LOOKED_AT)]
    return [cell.strip() for cell in distinct(column.to_numpy(dtype=object))[1] if isinstance(cell, str)]


def _masked(name, words):
    """Ids written with stars: two persons who look alike are one."""
    found = sum(bool(MASKED.search(word)) for word in words)
    if not found or found < len(words) / 10:
        return []
    return [f"{name}: {found:,} of {len(words):,} different ids are hidden behind stars (****): persons who "
            "look alike became one, so count no customers with them; leave the column out, or export another id"]


def _zones(name, texts):
    """Some times state their zone, and others do not."""
    clocks = [text for text in texts if CLOCK.search(text)]
    stated = sum(bool(ZONE.search(text)) for text in clocks)
    if not 0 < stated < len(clocks):
        return []
    return [f"{name}: {stated:,} different times state a zone and were converted, and {len(clocks) - stated:,} state "
            "none and were taken as they are: write timezone: with the zone of those"]


def _one_line_has_all(task, draft):
    """Nothing but zeros on all lines but one of nearly all orders: it may have the order's total."""
    if task.spec.key != ("order_id", "line_no") or "order_id" not in draft.cells or task.base:
        return []
    money = {name: pd.Series(draft.cells[name], dtype="float64").to_numpy() for name, column in
             task.spec.columns.items() if name in draft.cells and column.is_money
             and not {"per", "take"} & set(task.entry["columns"].get(name, {}))}
    if not any((amounts == 0).any() for amounts in money.values()):
        return []
    codes = pd.factorize(draft.cells["order_id"])[0]
    known = codes >= 0
    if not known.any() or known.sum() == codes.max() + 1:
        return []
    told = []
    several = known & (np.bincount(codes[known])[codes] > 1)
    for name, amounts in money.items():
        filled = np.bincount(codes[several & (amounts != 0)], minlength=codes.max() + 1)
        only = int((filled[codes[several & (amounts > 0)]] == 1).sum())
        if only >= FEW and only >= NEARLY_ALL * len(np.unique(codes[several])):
            told.append(f"{name}: one line of {only:,} orders has all, and the others have 0: if that is the order's "
                        "total, write per: order and missing: [0] into its rule, and it is shared out")
    return told
