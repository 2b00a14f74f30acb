"""Who works when: the cheapest week that covers the need, as an integer programme (SciPy's milp, HiGHS inside).

:func:`weekly_rota` says how many people begin their working days on which day of the week; :func:`roster` puts names
to days and shifts, with rules for rest. Looked at and left alone: OR-Tools (a large dependency for two small
programmes).

Sources: Dantzig, Operations Research 2 (1954); Winston, Operations Research (2004), chapter 3, for the post office.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from liveshop.methods._inputs import need, number, numbers, whole


@dataclass(frozen=True)
class WeeklyRota:
    """``starts``: people whose working days begin on each day. ``cover``: people there on each day. ``cost``: of the
    week (people, where no cost was given). ``bound``: the cost if people could be split; rounding that plan up is
    dearer. The cheapest rota is often not the only one: compare costs, not plans."""

    starts: pd.Series
    cover: pd.Series
    people: int
    cost: float
    bound: float


def weekly_rota(required, days_on=5, cost=None):
    """The cheapest rota in which everybody works ``days_on`` days in a row, every week alike (排班).

    required: people needed on each day of the cycle (a Series keeps its names) · cost: of one person whose days begin
    on each day, 1 by default. 17 13 15 19 14 16 11, five days on: 23 people (22.33 if they could be split).
    Raises ValueError on a need that is negative or not whole, and days that do not fit the cycle.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    names = list(required.index) if isinstance(required, pd.Series) else None
    wanted, days_on = numbers(required, "The need"), whole(days_on, "days_on", 1)
    if wanted.ndim != 1 or len(wanted) < 2 or not (wanted >= 0).all() or (wanted != np.floor(wanted)).any():
        raise ValueError("The need is one whole number of people, 0 or more, for each day.")
    if days_on > len(wanted):
        raise ValueError(f"Nobody can work {days_on} days in a cycle of {len(wanted)}.")
    price = np.ones(len(wanted)) if cost is None else numbers(cost, "The cost")
    if price.shape != wanted.shape or not (price > 0).all():
        raise ValueError("Give one cost above zero for each day.")
    # Row: a day; column: the day on which the days of work begin.
    there = np.array([[(day - begin) % len(wanted) < days_on for begin in range(len(wanted))]
                      for day in range(len(wanted))], float)
    found = [milp(price, constraints=LinearConstraint(there, wanted, np.inf), bounds=Bounds(0, np.inf),
                  integrality=np.full(len(wanted), kind), options={"mip_rel_gap": 0}) for kind in (1, 0)]
    plan = np.round(found[0].x).astype(int)
    return WeeklyRota(pd.Series(plan, index=names, name="starts"),
                      pd.Series((there @ plan).astype(int), index=names, name="cover"), int(plan.sum()),
                      float(price @ plan), float(found[1].fun))


@dataclass(frozen=True)
class Roster:
    """``table``: people × days, the name of the shift or "". ``cost``: wages. ``missing``: days × shifts, people that
    could not be found; all 0 if the need is covered."""

    table: pd.DataFrame
    cost: float
    missing: pd.DataFrame

    @property
    def covered(self):
        return int(self.missing.to_numpy().sum()) == 0


def roster(people, required, hours, rest=(), longest=6, night=(), seconds=20):
    """Names on days and shifts at the least cost, with rules for rest.

    people: one row a person, index the name; columns wage_per_hour, hours_a_week, and may_work_nights if there are
    night shifts · required: days × shifts, people needed · hours: {shift: hours} · rest: pairs of shifts that may not
    follow each other from one day to the next, such as ("late", "early") · longest: days in a row, in a week that
    comes again · night: shifts for those who may work nights only · seconds: to look for something still better.
    Nobody works two shifts a day, or more than her hours. Where the need cannot be met, as little as possible is
    missing.
    Raises ValueError on missing columns, shifts without hours, and wages or needs that are negative.
    """
    need(people, ["wage_per_hour", "hours_a_week", *(["may_work_nights"] if len(night) else [])])
    wanted = pd.DataFrame(required)
    shifts, days = list(wanted.columns), list(wanted.index)
    unknown = [name for name in [*shifts, *night, *(name for pair in rest for name in pair)] if name not in hours]
    if unknown:
        raise ValueError(f"The shift {unknown[0]} has no hours.")
    wages, most = (numbers(people[name], f"The values of {name}") for name in ("wage_per_hour", "hours_a_week"))
    needed = numbers(wanted, "The need")
    if (needed != np.floor(needed)).any():
        raise ValueError("The need is a whole number of people for each day and shift.")
    if not (wages >= 0).all() or not (most >= 0).all() or not (needed >= 0).all() or people.empty or wanted.empty:
        raise ValueError("Wages, hours and needs must not be negative or missing, and somebody must be there.")
    length = np.array([number(hours[name], f"The hours of {name}") for name in shifts])
    found = _roster(people, wages, most, needed, shifts, length, rest, whole(longest, "longest", 1), night,
                    number(seconds, "seconds"))
    works = found[:people.shape[0] * needed.size].reshape(len(people), len(days), len(shifts)).round().astype(int)
    names = np.array(["", *shifts], object)
    table = pd.DataFrame(names[(works * np.arange(1, len(shifts) + 1)).sum(axis=2)], index=people.index, columns=days)
    missing = pd.DataFrame(np.maximum(needed - works.sum(axis=0), 0).astype(int), index=days, columns=shifts)
    return Roster(table, float((wages[:, None, None] * works * length).sum()), missing)


def _roster(people, wages, most, needed, shifts, length, rest, longest, night, seconds):
    """The programme: a yes or no for each person, day and shift, then what is missing of each day and shift."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    count, days, kinds = len(people), len(needed), len(shifts)
    size = count * days * kinds
    place = np.arange(size).reshape(count, days, kinds)
    rows, tops = [], []                 # each row of places adds up to at most its top

    def at_most(places, top):
        rows.append((np.ravel(places), np.ones(np.size(places))))
        tops.append(top)

    for person in range(count):
        rows.append((place[person].ravel(), np.tile(length, days)))
        tops.append(most[person])
        for day in range(days):
            at_most(place[person, day], 1)
            for late, early in rest:
                if late in shifts and early in shifts and days > 1:
                    at_most([place[person, day, shifts.index(late)],
                             place[person, (day + 1) % days, shifts.index(early)]], 1)
            if longest < days:
                at_most(place[person, np.arange(day, day + longest + 1) % days], longest)
    cover = [(np.r_[place[:, day, kind], size + day * kinds + kind], np.ones(count + 1))
             for day in range(days) for kind in range(kinds)]
    cost = np.r_[np.broadcast_to(wages[:, None, None] * length, place.shape).ravel(),
                 np.full(days * kinds, 100 * max(wages.max(), 1.0) * max(length.max(), 1.0))]
    top = np.ones(len(cost))
    top[size:] = np.inf
    if len(night):
        barred = ~people["may_work_nights"].fillna(False).to_numpy(bool)
        for kind, name in enumerate(shifts):
            if name in night:
                top[place[barred, :, kind].ravel()] = 0

    def matrix(lines):
        where = np.concatenate([places for places, _ in lines])
        line = np.repeat(np.arange(len(lines)), [len(places) for places, _ in lines])
        return csr_array((np.concatenate([values for _, values in lines]), (line, where)), (len(lines), len(cost)))

    found = milp(cost, integrality=np.r_[np.ones(size), np.zeros(days * kinds)], bounds=Bounds(0, top),
                 constraints=[LinearConstraint(matrix(rows), -np.inf, tops),
                              LinearConstraint(matrix(cover), needed.ravel(), np.inf)],
                 options={"time_limit": seconds, "mip_rel_gap": 1e-4})
    if found.x is None:
        raise ValueError("No roster was found in the time given: allow more seconds.")
    return found.x
