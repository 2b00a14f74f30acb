"""In which order should products come? A model of the audience minute by minute, and the best order.

The room is a bath: viewers run in, viewers run out, and what is on the table moves both taps. A
product sells to whoever is in the bath at its minutes. :func:`fit` measures from past rundowns how each
role (traffic, hero, profit, image) changes entering, leaving and buying, each broadcast compared with
itself. :func:`play` then runs a planned order through the model, and :func:`optimise` finds the best
order: in this model what a slot and all slots after it earn is a straight line in the number of
viewers it starts with, so dynamic programming over the sets of slots still to come is exact.

Sources: Held and Karp, Journal of SIAM 10 (1962), for dynamic programming over subsets; fixed-effects
Poisson regression: Hausman, Hall and Griliches, Econometrica 52 (1984).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

import numpy as np
import pandas as pd

from liveshop.methods._inputs import need

ROLES = ("traffic", "hero", "profit", "image")


@dataclass(frozen=True)
class RundownModel:
    """What one minute of each kind of slot does. Ratios are against a profit slot of the same night.

    ``enter``, ``leave``, ``buy``: ratio per role; ``enters_per_minute``: entries a minute during a
    profit slot; ``leaves_per_viewer_minute``: share of those in the room who leave in a minute of a
    profit slot; ``orders_per_viewer_minute``: orders of a product of appeal 1 at list price;
    ``appeal``: power of a product's appeal in its orders; ``discount``: log orders per unit of
    discount; ``repeat``: ratio of orders when the slot before had the same role; ``giveaway_enter``:
    ratio of entries in a giveaway slot; ``giveaway_after``: ratio of orders in and after it;
    ``start``: viewers when the first slot begins; ``effects``: the estimates with intervals.
    """

    enter: dict
    leave: dict
    buy: dict
    enters_per_minute: float
    leaves_per_viewer_minute: float
    orders_per_viewer_minute: float
    appeal: float = 1.0
    discount: float = 0.0
    repeat: float = 1.0
    giveaway_enter: float = 1.0
    giveaway_after: float = 1.0
    start: float = 0.0
    effects: pd.DataFrame | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True)
class Constraints:
    """What the team will not do. ``hero_from_minute``: no hero slot begins before; ``first_role``: role
    of the first slot; ``no_repeat``: not the same role twice in a row; ``fixed``: {position from 0: row
    of the slot}."""

    hero_from_minute: float = 0
    first_role: str | None = None
    no_repeat: bool = False
    fixed: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """Expected result of a planned order. ``slots``: one row a slot, in order, with start_minute,
    viewers at its start, viewer_minutes, orders, gmv, margin."""

    gmv: float
    margin: float
    orders: float
    viewer_minutes: float
    slots: pd.DataFrame = field(repr=False)


def slot_totals(rundown, minutes):
    """What happened in each slot: the rundown with enters, exits, viewer_minutes and viewers (when it
    began), summed from the minutes of the room."""
    room = minutes.dropna(subset=["slot_no"]).sort_values(["stream_id", "minute"])
    totals = room.groupby(["stream_id", "slot_no"], sort=False).agg(
        enters=("enters", "sum"), exits=("exits", "sum"), viewer_minutes=("watch_seconds", "sum"),
        room_clicks=("product_clicks", "sum"), room_orders=("orders", "sum"),
        viewers=("online", "first")).reset_index()
    totals["viewer_minutes"] /= 60
    table = rundown.merge(totals, on=["stream_id", "slot_no"], how="inner")
    table = table.sort_values(["stream_id", "slot_no"]).reset_index(drop=True)
    before = table.groupby("stream_id")["role"].shift()
    table["repeat"] = (table["role"] == before).astype(float)
    give = (table["activity"] == "giveaway").astype(float) if "activity" in table else pd.Series(0.0, table.index)
    table["giveaway"] = give
    table["after_giveaway"] = (give.groupby(table["stream_id"]).cumsum() > 0).astype(float)
    return table


def fit(rundown, minutes, products):
    """Measure the model from past broadcasts; every broadcast is compared with itself.

    ``rundown``, ``minutes`` (stream_minutes) and ``products`` as in the contract. Poisson regressions
    with a level for each broadcast: entries per minute, exits per viewer-minute and orders per
    viewer-minute on the role on the table, with the third of the show, giveaways, repeats, appeal
    and discount held fixed. Errors are clustered by broadcast. Returns a :class:`RundownModel`.
    Raises ValueError on missing columns, and slots of fewer than three broadcasts with minutes.
    """
    table = slot_totals(rundown, minutes).merge(products[["product_id", "appeal"]], on="product_id", how="left")
    table["log_appeal"] = np.log(table["appeal"].fillna(1.0).clip(lower=0.05))
    table = table[table["viewer_minutes"] > 0]
    if table["stream_id"].nunique() < 3:
        raise ValueError("The rundown model needs slots of at least three broadcasts with minutes.")
    end = (table["start_minute"] + table["minutes"]).groupby(table["stream_id"]).transform("max")
    third = np.floor(3 * table["start_minute"] / end).clip(upper=2)
    x = pd.DataFrame({role: (table["role"] == role).astype(float) for role in ROLES if role != "profit"})
    x["middle_third"], x["last_third"] = (third == 1).astype(float), (third == 2).astype(float)
    traffic = x.assign(giveaway=table["giveaway"])
    sales = x.assign(after_giveaway=table["after_giveaway"], repeat=table["repeat"],
                     log_appeal=table["log_appeal"], discount=table["discount"].fillna(0.0))
    group = table["stream_id"]
    enter, enters = _poisson(table["enters"], traffic, table["minutes"], group)
    leave, leaves = _poisson(table["exits"], traffic, table["viewer_minutes"], group)
    buy, orders = _poisson(table["orders"], sales, table["viewer_minutes"], group)
    effects = pd.concat({"enter": enter, "leave": leave, "buy": buy}, names=["rate", "term"])

    def ratios(estimates):
        return {role: float(np.exp(estimates["log"].get(role, 0.0))) for role in ROLES}

    def one(estimates, term):
        return float(np.exp(estimates["log"].get(term, 0.0)))

    first = table.groupby("stream_id")["viewers"].first()
    return RundownModel(ratios(enter), ratios(leave), ratios(buy), enters, leaves, orders,
                        appeal=float(buy["log"].get("log_appeal", 1.0)),
                        discount=float(buy["log"].get("discount", 0.0)),
                        repeat=one(buy, "repeat"), giveaway_enter=one(enter, "giveaway"),
                        giveaway_after=one(buy, "after_giveaway"), start=float(first.mean()), effects=effects)


def _poisson(count, x, exposure, group):
    """Ratios per column of x with a level for each group, and the mean level (events per exposure when
    all columns are zero).

    The levels are conditioned away: given the group's total, its counts are multinomial, and the slopes
    are the same as with an indicator for each group (Hausman, Hall and Griliches 1984), at a hundredth
    of the cost. Errors are clustered by group (Wooldridge, Journal of Econometrics 90, 1999).
    """
    count, exposure = count.to_numpy(float), exposure.to_numpy(float)
    total = pd.Series(count).groupby(group.to_numpy()).transform("sum").to_numpy()
    keep = (total > 0) & (exposure > 0)              # a broadcast without events says nothing on ratios
    x, count, exposure = x[keep], count[keep], exposure[keep]
    x = x.loc[:, x.nunique() > 1]
    codes, names = pd.factorize(group[keep])
    columns, groups = x.to_numpy(float), len(names)

    def per_group(values):
        sums = np.zeros((groups, values.shape[1]))
        np.add.at(sums, codes, values)
        return sums

    events = np.bincount(codes, count)
    slope = np.zeros(columns.shape[1])
    for _ in range(100):
        weight = exposure * np.exp(columns @ slope)
        expected = events[codes] * weight / np.bincount(codes, weight)[codes]
        score = per_group(columns * (count - expected)[:, None])
        mean = per_group(columns * expected[:, None])
        information = columns.T @ (columns * expected[:, None]) - (mean / events[:, None]).T @ mean
        step = np.linalg.lstsq(information, score.sum(axis=0), rcond=None)[0]
        slope = slope + step * min(1.0, 2.0 / max(np.abs(step).max(initial=0.0), 1e-12))
        if np.abs(step).max(initial=0.0) < 1e-9:
            break
    bread = np.linalg.pinv(information)
    error = np.sqrt(np.diag(bread @ (score.T @ score) @ bread) * groups / max(groups - 1, 1))
    level = events / np.bincount(codes, exposure * np.exp(columns @ slope))
    table = pd.DataFrame({"ratio": np.exp(slope), "low": np.exp(slope - 1.959964 * error),
                          "high": np.exp(slope + 1.959964 * error), "log": slope, "standard_error": error},
                         index=x.columns)
    return table, float((level * np.bincount(codes, exposure)).sum() / exposure.sum())


# ---------------------------------------------------------------------------------- a planned night

def plan(rundown, products):
    """The slots of one broadcast (or any list of slots) with what the model needs of each product: role,
    minutes, activity, discount, appeal, list_price, unit_cost, product_id."""
    table = rundown.merge(products[["product_id", "appeal", "list_price", "unit_cost"]], on="product_id", how="left")
    columns = ["product_id", "role", "minutes", "activity", "discount", "appeal", "list_price", "unit_cost"]
    return table[[column for column in columns if column in table]].reset_index(drop=True)


def play(slots, model, order=None):
    """Run the slots, in the given order of rows, through the model: expected :class:`Outcome`.

    Viewers at the start of each minute watch for it; then leavers go and new ones come.
    """
    slots = slots if order is None else slots.iloc[list(order)]
    parts = _parts(slots, model)
    viewers, clock, before, given, rows = model.start, 0, None, False, []
    for at, part in enumerate(parts):
        given = given or part.giveaway
        watched = part.stay * viewers + part.fresh
        orders = watched * part.orders * _factor(model, part, before, given)
        rows.append([at + 1, part.role, clock, part.minutes, viewers, watched, orders, orders * part.price,
                     orders * part.profit])
        viewers = part.keep * viewers + part.come
        clock, before = clock + part.minutes, part.role
    table = pd.DataFrame(rows, columns=["slot_no", "role", "start_minute", "minutes", "viewers", "viewer_minutes",
                                        "orders", "gmv", "margin"])
    if "product_id" in slots:
        table.insert(1, "product_id", slots["product_id"].to_numpy())
    return Outcome(float(table["gmv"].sum()), float(table["margin"].sum()), float(table["orders"].sum()),
                   float(table["viewer_minutes"].sum()), table)


@dataclass(frozen=True)
class _Part:
    role: str
    minutes: int
    giveaway: bool
    keep: float      # viewers after the slot = keep * viewers before + come
    come: float
    stay: float      # viewer-minutes in the slot = stay * viewers before + fresh
    fresh: float
    orders: float    # per viewer-minute
    price: float     # paid per order
    profit: float    # paid less cost of goods per order


def _parts(slots, model):
    need(slots, ("role", "minutes", "appeal", "list_price", "unit_cost"), "The slots lack",
         "; methods.rundown.plan adds it from the products")
    parts = []
    for slot in slots.to_dict("records"):
        role = slot["role"]
        if role not in ROLES:
            raise ValueError(f"{role!r} is no role; use {', '.join(ROLES)}.")
        giveaway = slot.get("activity") == "giveaway"
        enter = model.enters_per_minute * model.enter[role] * (model.giveaway_enter if giveaway else 1.0)
        left = 1 - min(1.0, model.leaves_per_viewer_minute * model.leave[role])
        keep, come, stay, fresh = 1.0, 0.0, 0.0, 0.0
        for _ in range(int(slot["minutes"])):
            stay, fresh = stay + keep, fresh + come
            keep, come = keep * left, come * left + enter
        cut = slot.get("discount") or 0.0
        orders = (model.orders_per_viewer_minute * model.buy[role] * max(slot["appeal"], 0.05) ** model.appeal
                  * np.exp(model.discount * cut))
        price = slot["list_price"] * (1 - cut)
        parts.append(_Part(role, int(slot["minutes"]), giveaway, keep, come, stay, fresh, orders, price,
                           price - slot["unit_cost"]))
    return parts


def _factor(model, part, before, given):
    """How a slot's orders change with what came before: the same role again, a giveaway."""
    return (model.repeat if part.role == before else 1.0) * (model.giveaway_after if given else 1.0)


# ------------------------------------------------------------------------------------- the best order

def optimise(slots, model, constraints=Constraints(), objective="margin"):
    """The best order of the slots in the model: list of row positions.

    Exact, by dynamic programming over the sets of slots still to come, up to 12 slots. With more, the
    better of the greedy and the given order is improved by moving and swapping slots until nothing
    helps. ``objective``: "gmv" or "margin".
    Raises ValueError on another objective, and when no order keeps to the constraints.
    """
    _check_objective(objective)
    if len(slots) <= 12:
        return _exact(slots, model, constraints, objective)
    starts = [greedy(slots, model, constraints, objective)]
    if allowed(slots, range(len(slots)), constraints):
        starts.append(list(range(len(slots))))
    return max((_improve(slots, model, start, constraints, objective) for start in starts),
               key=lambda order: getattr(play(slots, model, order), objective))


def greedy(slots, model, constraints=Constraints(), objective="margin"):
    """Take, slot after slot, what earns most per minute at once: list of row positions.

    Raises ValueError when no order keeps to the constraints.
    """
    _check_objective(objective)
    parts = _parts(slots, model)

    def earns(at, viewers, before, given):
        part = parts[at]
        worth = part.price if objective == "gmv" else part.profit
        factor = _factor(model, part, before, given or part.giveaway)
        return (part.stay * viewers + part.fresh) * part.orders * factor * worth / part.minutes

    return _construct(parts, model, constraints, earns)


def habit(slots, model, rundown, constraints=Constraints()):
    """The planner's habit: each role where it has usually stood in past rundowns (mean position between 0
    and 1), products of a role by appeal. List of row positions."""
    last = rundown.groupby("stream_id")["slot_no"].transform("max")
    usual = ((rundown["slot_no"] - 1) / (last - 1).clip(lower=1)).groupby(rundown["role"]).mean()
    appeal = slots["appeal"].to_numpy(float)
    place = slots["role"].map(usual).fillna(0.5).to_numpy(float)
    # A role's slots spread around its usual place, the most appealing first.
    rank = slots.groupby("role")["appeal"].rank(ascending=False, method="first").to_numpy()
    size = slots.groupby("role")["appeal"].transform("size").to_numpy()
    wish = place + 0.5 * ((rank - (size + 1) / 2) / len(slots))
    return _construct(_parts(slots, model), model, constraints, lambda at, *_: -wish[at] + 1e-9 * appeal[at])


def allowed(slots, order, constraints):
    """Whether an order keeps to the constraints."""
    parts = [(row.role, row.minutes) for row in slots.itertuples()]
    clock, before = 0, None
    for position, at in enumerate(order):
        if not _may(parts[at][0], at, position, clock, before, constraints):
            return False
        clock, before = clock + parts[at][1], parts[at][0]
    return True


def _may(role, at, position, clock, before, rule):
    if role == "hero" and clock < rule.hero_from_minute:
        return False
    if position == 0 and rule.first_role and role != rule.first_role:
        return False
    if rule.no_repeat and role == before:
        return False
    if position in rule.fixed:
        return rule.fixed[position] == at
    return at not in rule.fixed.values()


def _check_objective(objective):
    if objective not in ("gmv", "margin"):
        raise ValueError(f'The objective is "gmv" or "margin", not {objective!r}.')


def _construct(parts, model, rule, worth):
    """Build an order by always taking the allowed slot of most worth that leaves a way to the end."""
    count = len(parts)

    # The search for a way to the end visits sets, not orders; for long lists it is cut off.
    @cache
    def way(rest, before):
        if not rest:
            return True
        clock = sum(part.minutes for at, part in enumerate(parts) if not rest >> at & 1)
        position = count - bin(rest).count("1")
        return any(rest >> at & 1 and _may(parts[at].role, at, position, clock, before, rule)
                   and way(rest & ~(1 << at), parts[at].role) for at in range(count))

    order, rest, before, clock, viewers, given = [], (1 << count) - 1, None, 0, model.start, False
    while rest:
        choices = [at for at in range(count)
                   if rest >> at & 1 and _may(parts[at].role, at, len(order), clock, before, rule)
                   and way(rest & ~(1 << at), parts[at].role)]
        if not choices:
            raise ValueError("No order of these slots keeps to the constraints; loosen one of them.")
        pick = max(choices, key=lambda at: worth(at, viewers, before, given))
        part = parts[pick]
        viewers, clock, before = part.keep * viewers + part.come, clock + part.minutes, part.role
        given = given or part.giveaway
        order.append(pick)
        rest &= ~(1 << pick)
    return order


def _exact(slots, model, rule, objective):
    parts = _parts(slots, model)
    count = len(parts)
    minutes = [part.minutes for part in parts]
    total = sum(minutes)

    @cache
    def lines(rest, before):
        """Upper envelope of what the slots in ``rest`` can earn, as lines (slope, intercept, first
        slot, line after it) in the number of viewers now."""
        if not rest:
            return ((0.0, 0.0, None, None),)
        clock = total - sum(minutes[at] for at in range(count) if rest >> at & 1)
        position = count - bin(rest).count("1")
        given = any(part.giveaway for at, part in enumerate(parts) if not rest >> at & 1)
        found = []
        for at in range(count):
            if not rest >> at & 1 or not _may(parts[at].role, at, position, clock, before, rule):
                continue
            part = parts[at]
            worth = part.orders * (part.price if objective == "gmv" else part.profit)
            worth *= _factor(model, part, before, given or part.giveaway)
            for after in lines(rest & ~(1 << at), part.role):
                found.append((worth * part.stay + after[0] * part.keep,
                              worth * part.fresh + after[0] * part.come + after[1], at, after))
        return _envelope(found)

    best = lines((1 << count) - 1, None)
    if not best:
        raise ValueError("No order of these slots keeps to the constraints; loosen one of them.")
    line = max(best, key=lambda one: one[0] * model.start + one[1])
    order = []
    while line[2] is not None:
        order.append(line[2])
        line = line[3]
    return order


def _envelope(found):
    """The lines that are highest somewhere at zero or more viewers."""
    found.sort(key=lambda line: (line[0], line[1]))
    kept = []
    for line in found:
        while kept and kept[-1][1] <= line[1]:           # lower slope and no higher start: never best
            kept.pop()
        while len(kept) > 1 and _cross(kept[-2], line) <= _cross(kept[-2], kept[-1]):
            kept.pop()
        kept.append(line)
    return tuple(kept)


def _cross(flat, steep):
    return (flat[1] - steep[1]) / (steep[0] - flat[0])


def _improve(slots, model, order, rule, objective):
    parts = _parts(slots, model)

    def value(candidate):
        """As play(), without the table: it is asked for thousands of orders."""
        viewers, before, given, total = model.start, None, False, 0.0
        for at in candidate:
            part = parts[at]
            given = given or part.giveaway
            orders = ((part.stay * viewers + part.fresh) * part.orders * (model.repeat if part.role == before else 1.0)
                      * (model.giveaway_after if given else 1.0))
            total += orders * (part.price if objective == "gmv" else part.profit)
            viewers, before = part.keep * viewers + part.come, part.role
        return total

    best, score = list(order), value(order)
    while True:
        changed = False
        for i in range(len(best)):
            for j in range(len(best)):
                if i == j:
                    continue
                moved = best[:i] + best[i + 1:]
                moved.insert(j, best[i])
                swapped = list(best)
                swapped[i], swapped[j] = swapped[j], swapped[i]
                for candidate in (moved, swapped):
                    if allowed(slots, candidate, rule):
                        new = value(candidate)
                        if new > score * (1 + 1e-12) + 1e-12:
                            best, score, changed = candidate, new, True
        if not changed:
            return best
