"""Refunds that do not name their order line: finding it by what the two have in common."""

import numpy as np
import pandas as pd

CENT = 0.005


def latest_first(purchases, refunds):
    """Set every refund against the purchases before it, the latest first, never beyond what was paid.

    purchases, refunds: DataFrames with the columns key (whatever the two have in common), when (datetime) and
    amount (yuan, positive for both). A purchase at the very time of a refund counts as before it.
    A refund that is larger than the latest purchase goes on to the one before; earlier refunds come first, so what
    they used is gone.

    Returns (pieces, before): pieces is a DataFrame of refund and purchase (positions from 0) and amount, in the order of
    the refunds' times; before says of every refund whether any purchase with its key lay before it, used up or not.
    """
    purchases = purchases[purchases["key"].isin(refunds["key"]) & purchases["when"].notna() & (purchases["amount"] > 0)]
    events = pd.concat([pd.DataFrame({**source, "at": source.index, "is_refund": kind})
                        for source, kind in ((purchases, False), (refunds, True))], ignore_index=True)
    events = events.sort_values("when", kind="stable")  # at equal times purchases come first, and each in the order of the file
    open_lines, seen, pieces = {}, set(), []
    before = np.zeros(len(refunds), dtype=bool)
    place = {index: position for position, index in enumerate(refunds.index)}
    for key, amount, at, is_refund in zip(events["key"], events["amount"], events["at"], events["is_refund"]):
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
