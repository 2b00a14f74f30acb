"""Lines that are equal in every cell, where no key says whether the second is the first again."""

import numpy as np
import pandas as pd

from liveshop.tables.adapt.parts import fingerprints


def set_aside(task, draft):
    """Without the repeats, where the mapping says so."""
    if task.entry["repeats"] != "set_aside" or task.base:
        return draft
    return draft.keep(~_again(task, draft), "repeats an earlier line in every cell")


def count(task, draft, account):
    """Tell of repeats that count: numbered lines, lines that are added up, refunds that look for a purchase."""
    rules, kept = task.entry["columns"], task.entry["repeats"]
    numbered = [rule["number_within"] for rule in rules.values() if "number_within" in rule]
    added = any(rule.get("take") == "sum" for rule in rules.values())
    if kept == "set_aside" or task.base or not (numbered or added or task.entry["match"]):
        return
    again = _again(task, draft)
    if again.any():
        many = f"{again.sum():,} line{' repeats an' if again.sum() == 1 else 's repeat an'} earlier one in every cell"
        told = f"{many}{_money(task, draft, again)} and {'was' if again.sum() == 1 else 'were'} counted"
        if kept == "keep":
            account.notes.append(told)
        else:
            account.warnings.append(
                f"{told}, for an order may hold the same line twice; if two exports overlap, write repeats: set_aside "
                "(or repeats: keep, if they are right)")
    for name in numbered if task.raw.part is not None else ():
        _in_several_parts(task, draft, name, account)


def _again(task, draft):
    """A mask of the rows that are equal to an earlier one in every cell of the export."""
    return pd.Series(fingerprints(task.raw.frame, task.raw.split)[draft.rows]).duplicated().to_numpy()


def _money(task, draft, again):
    """What stands in the first column of money of these rows, in words."""
    for name, column in task.spec.columns.items():
        if column.is_money and column.required and name in draft.cells:
            return f" ({pd.Series(draft.cells[name], dtype='float64')[again].sum():,.2f} in {name})"
    return ""


def _in_several_parts(task, draft, name, account):
    """Tell of orders that stand in several parts of the export, with lines that differ: they count in each."""
    if name not in draft.cells:
        return
    where = pd.DataFrame({"key": draft.cells[name], "part": task.raw.part[draft.rows]}).drop_duplicates()
    several = int((where["key"].value_counts() > 1).sum())
    if several > len(np.unique(where["part"])) - 1:  # one order may be divided where one part ends
        account.warnings.append(
            f"{several:,} {name} stand in several files or sheets, with lines that differ, and count in each: an order "
            "that has changed between two exports is counted twice; export periods that do not overlap")
