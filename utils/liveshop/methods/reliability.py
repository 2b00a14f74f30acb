"""How often does it work? Availability of lines and their backups, and what suppliers deliver.

A backup helps against causes of its own only. Two lines of 99 % give 99.99 % if they fail independently; if a tenth
of the failures takes both, 99.89 %: the common cause is nearly all that is left.

Sources: Rausand and Høyland, System Reliability Theory (2004), chapters 4 and 6 (beta-factor model); Fleming (1975).
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from liveshop.methods._inputs import listed, moments, need, number, numbers


def in_parallel(availabilities, common_share=0.0):
    """Availability of lines of which one must work.

    availabilities: one a line, shares of time · common_share: share of each line's failures that take all lines (the
    beta factor). Two lines of .99: .9999; with a common share of .10 .998919.
    Raises ValueError on shares outside of 0 to 1.
    """
    work, common = _shares(availabilities), number(common_share, "common_share")
    if not 0 <= common <= 1:
        raise ValueError(f"common_share lies between 0 and 1, not at {common:g}.")
    fail = 1 - work
    # What fails together cannot be more than the best line fails.
    return float(1 - (np.prod((1 - common) * fail) + common * fail.min()))


def in_series(availabilities):
    """Availability of a chain of which every part must work: their product."""
    return float(np.prod(_shares(availabilities)))


def _shares(values):
    shares = numbers(list(values) if isinstance(values, Iterable) else values, "Availabilities")
    if shares.ndim != 1 or not shares.size or not ((shares >= 0) & (shares <= 1)).all():
        raise ValueError("Availabilities are shares between 0 and 1, one for each line.")
    return shares


def availability(outages, since, until, line="line", began="began", ended="ended", lines=None):
    """What an outage log says, one row a line: failures, hours_down, available (share of the time), hours_between
    (working hours / failures) and hours_to_repair.

    Outages that overlap count once; those that reach beyond since or until are cut there, and those without an end go
    on to until. lines: names of all lines; one that never failed does not stand in the log, and without it the others
    look as if they had no backup. ``.attrs``: all_down (share of the time in which no line worked), together (hours of
    each such time), if_independent (what the product rule foretells for all_down).
    Raises ValueError on missing columns, an end before its beginning, and a period of no length.
    """
    need(outages, (line, began, ended), "The outages lack")
    since, until = pd.Timestamp(since), pd.Timestamp(until)
    if not until > since:
        raise ValueError("until must be later than since.")
    data = outages[[line, began, ended]].dropna(subset=[line, began])
    if data.empty:
        raise ValueError("The log holds no outage that began.")
    start, end = moments(data[began], began), moments(data[ended], ended).fillna(until)
    end = end.where(data[ended].notna() | (start <= until), start)
    names = list(dict.fromkeys(data[line])) if lines is None else list(lines)
    unknown = [name for name in data[line].unique() if name not in names]
    if unknown:
        raise ValueError(f"The log speaks of {unknown[0]}, which is not among the lines.")
    if (end < start).any():
        raise ValueError("An outage ends before it begins.")
    hours = (until - since).total_seconds() / 3600
    spans = {}
    for name in names:
        own = (data[line] == name).to_numpy()
        spans[name] = _union(np.column_stack([_hours(start[own], since, hours), _hours(end[own], since, hours)]))
    rows = {name: (len(each), float((each[:, 1] - each[:, 0]).sum())) for name, each in spans.items()}
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["failures", "hours_down"]).rename_axis(line)
    table["available"] = 1 - table["hours_down"] / hours
    failed = table["failures"].where(table["failures"] > 0)
    table["hours_between"] = (hours - table["hours_down"]) / failed
    table["hours_to_repair"] = table["hours_down"] / failed
    table.attrs["together"] = _together(list(spans.values()))
    table.attrs["all_down"] = sum(table.attrs["together"]) / hours
    table.attrs["if_independent"] = float((1 - table["available"]).prod())
    return table


def _hours(times, since, hours):
    return ((times - since).dt.total_seconds() / 3600).clip(0, hours).to_numpy()


def _union(spans):
    """Spans put together where they touch, those without length left out."""
    found = []
    for begin, end in spans[np.argsort(spans[:, 0])]:
        if end <= begin:
            continue
        if found and begin <= found[-1][1]:
            found[-1][1] = max(found[-1][1], end)
        else:
            found.append([begin, end])
    return np.array(found, float).reshape(-1, 2)


def _together(lines):
    """Hours of each time in which all lines are down."""
    both = lines[0]
    for other in lines[1:]:
        cut = [(max(a, c), min(b, d)) for a, b in both for c, d in other if min(b, d) > max(a, c)]
        both = np.array(cut, float).reshape(-1, 2)
    return (both[:, 1] - both[:, 0]).tolist()


def supplier_scorecard(deliveries, by="supplier_id", since=None, until=None):
    """What suppliers keep of their promises (供应商评分卡), one row a supplier.

    deliveries: ordered, promised, arrived, quantity, defective (the contract's columns) · by: column or columns ·
    since, until: first and last day of ordering. deliveries (those that arrived; what is overdue and not there yet is
    in no number here), on_time (share that arrived by the day promised), lead_mean and lead_sd (days), late_mean
    (days late, of those that were), defects (share of the items), trend (days that the lead time grew by in 30 days,
    by a straight line: a drift that means hide).
    Raises ValueError on missing columns, and when nothing arrived.
    """
    keys = listed(by)
    need(deliveries, (*keys, "ordered", "promised", "arrived", "quantity", "defective"), "The deliveries lack")
    data = deliveries.dropna(subset=[*keys, "ordered", "promised", "arrived"])
    ordered, promised, arrived = (moments(data[name], name).dt.normalize()
                                  for name in ("ordered", "promised", "arrived"))
    kept = pd.Series(True, index=data.index)
    if since is not None:
        kept &= ordered >= pd.Timestamp(since)
    if until is not None:
        kept &= ordered <= pd.Timestamp(until)
    if not kept.any():
        raise ValueError("No delivery in this period has arrived.")
    days = pd.DataFrame({"lead": (arrived - ordered).dt.days, "late": (arrived - promised).dt.days,
                         "when": (ordered - ordered.min()).dt.days, "quantity": numbers(data["quantity"], "quantity"),
                         "defective": numbers(data["defective"], "defective")}, index=data.index)[kept]
    if (days["lead"] < 0).any():
        raise ValueError("A delivery arrived before it was ordered.")
    groups = days.groupby([data.loc[kept, key] for key in keys])
    rows = {name: (len(part), (part["late"] <= 0).mean(), part["lead"].mean(), part["lead"].std(ddof=1),
                   part.loc[part["late"] > 0, "late"].mean(), part["defective"].sum() / max(part["quantity"].sum(), 1),
                   30 * np.polyfit(part["when"], part["lead"], 1)[0] if part["when"].nunique() > 2 else np.nan)
            for name, part in groups}
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["deliveries", "on_time", "lead_mean", "lead_sd",
                                                                  "late_mean", "defects", "trend"])
    names = [name[0] if isinstance(name, tuple) and len(keys) == 1 else name for name in table.index]
    table.index = pd.Index(names, name=keys[0]) if len(keys) == 1 else pd.MultiIndex.from_tuples(names, names=keys)
    return table
