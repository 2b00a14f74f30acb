"""Sendings of coupons: whom they move, on whom they are wasted, whom they annoy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from liveshop.world import draws
from liveshop.world.calendar import DAY, seconds_of_day, seconds_since_start
from liveshop.world.shop import baskets
from liveshop.world.shop.members import SEGMENTS

STATES = ("no order yet", "occasional", "regular", "silent 4 to 10 weeks", "silent longer")
COUPONS = (("coupon-april", 42, False), ("coupon-may", 70, False), ("coupon-july", 126, True))
WEEKS_OF_COUPON = 4
SMALLEST = 3  # an order must be worth so many times the coupon to use it


@dataclass
class Sending:
    """One sending of coupons: who could get one, who did, what it did."""

    name: str
    day: int
    randomised: bool
    unit: np.ndarray  # members
    treated: np.ndarray
    state: np.ndarray
    before: np.ndarray  # paid orders in the eight weeks before
    outcome: np.ndarray  # paid orders in the four weeks after
    money: np.ndarray  # money of those orders, CNY
    gain: np.ndarray  # expected effect of a coupon on that money, CNY
    extra: np.ndarray  # expected effect on the number of orders


def state_of(members, orders, day):
    """State of each member at the start of a day, as a number of STATES."""
    past = orders[orders["at"] < day * DAY]
    count = np.bincount(past.member, minlength=len(members))
    last = np.full(len(members), -(10**9), dtype=np.int64)
    np.maximum.at(last, past.member.to_numpy(), past["at"].to_numpy())
    silent = day - last / DAY
    return np.select([count == 0, (silent <= 28) & (count < 3), silent <= 28, silent <= 70], [0, 1, 2, 3], 4)


def coupon_chances(parameters, state, segment):
    """Chance that a coupon moves a member to one more order, and that it puts her off: two arrays."""
    c = parameters.coupon
    moves = (
        np.array([c.moves_others, c.moves_others, c.sure, c.moves, c.moves_others])[state]
        * np.array([1.0, c.office, 1.0, c.bargain])[segment]
    )
    annoys = np.where((segment == SEGMENTS.index("office")) & np.isin(state, [1, 2, 3]), c.annoys, 0.0)
    return np.minimum(moves, 1), np.minimum(annoys, 1)


def campaigns(parameters, seed, plan, members, orders, lines, worth):
    """All sendings of the season, one after the other: (orders, lines, sendings).

    worth: money that an order of each member brings on average, CNY.
    """
    sendings = []
    for name, day, randomised in COUPONS:
        orders, sending = send(parameters, seed, members, orders, name, day, randomised, worth)
        sendings.append(sending)
        new = orders.key.isna().to_numpy()
        fresh = len(orders) * 2 + lines.key.max() + 1 + np.arange(len(orders))
        orders["key"] = orders.key.where(~new, fresh).astype("int64")
        if new.any():
            added = orders[new].reset_index(drop=True)
            more = baskets.lines(parameters, seed, plan, members, added, name)
            more["key"] = added.key.to_numpy()[more["order"]]
            lines = pd.concat([lines, more.drop(columns="order")], ignore_index=True)
            orders["money"] = baskets.money_of(orders, lines)
    return orders, lines, sendings


def send(parameters, seed, members, orders, name, day, randomised, worth):
    """Send coupons on a day: (orders with what the coupons changed, Sending without before, outcome and money).

    orders: member, at, money, coupon (or None). A coupon brings further orders, is used on the first order of the
    four weeks, or keeps a member away for four weeks.
    """
    c = parameters.coupon
    unit = np.flatnonzero(members.signed < (day - 1) * DAY)
    state = state_of(members, orders, day)[unit]
    treated = _treated(draws.generator(seed, "send", name), members, orders, day, randomised, unit, state)
    moves, annoys = coupon_chances(parameters, state, members.segment[unit])
    window = (orders["at"] >= day * DAY) & (orders["at"] < (day + 7 * WEEKS_OF_COUPON) * DAY)
    first = orders[window].sort_values("at").drop_duplicates("member")
    usable = first.money >= SMALLEST * c.face
    gain, extra = _expected(parameters, members, orders[window], first[usable], unit, moves, annoys, worth)
    identity = members.number[unit].astype(np.uint64)
    put_off = treated & (draws.uniform(seed, name + " annoys", identity) < annoys)
    moved = treated & ~put_off & (draws.uniform(seed, name + " moves", identity) < moves)
    redeems = treated & (draws.uniform(seed, name + " redeems", identity) < c.redeem)
    away, uses = _of_members(members, unit[put_off]), _of_members(members, unit[redeems])
    orders = orders[~(window & away[orders.member])]
    orders.loc[first[uses[first.member] & ~away[first.member] & usable].index, "coupon"] = name
    orders = pd.concat([orders, _brought(parameters, seed, members, name, day, unit[moved])], ignore_index=True)
    nothing = np.zeros(len(unit))
    return orders, Sending(name, day, randomised, unit, treated, state, nothing, nothing, nothing, gain, extra)


def _of_members(members, rows):
    """True for the members in `rows`, shape (members,)."""
    chosen = np.zeros(len(members), dtype=bool)
    chosen[rows] = True
    return chosen


def _treated(random, members, orders, day, randomised, unit, state):
    """Who of the members `unit` gets a coupon: by a coin, or those who buy most."""
    count = np.bincount(orders.member[orders["at"] < day * DAY], minlength=len(members))[unit]
    if not randomised:  # the manager picks those who buy most: they are sure to like it
        score = np.log1p(count) + random.normal(0, 0.5, len(unit))
        return score >= np.quantile(score, 0.7)
    # a coin within pairs of members alike in state, segment and orders so far: less noise than one coin for each
    alike = np.lexsort((random.random(len(unit)), count, members.segment[unit], state))
    coin = random.random(len(unit) // 2 + 1) < 0.5
    place = np.arange(len(unit))
    treated = np.empty(len(unit), dtype=bool)
    treated[alike] = np.where(place % 2 == 0, coin[place // 2], ~coin[place // 2])
    return treated


def _expected(parameters, members, window, usable, unit, moves, annoys, worth):
    """Expected effect of a coupon on the money and on the number of orders of each member in the four weeks."""
    c = parameters.coupon
    usual = np.bincount(window.member, window.money, minlength=len(members))[unit]
    uses = _of_members(members, usable.member)[unit]
    least = np.maximum(worth[unit], SMALLEST * c.face)
    gain = moves * (least - c.face) - annoys * usual - (1 - annoys) * c.redeem * c.face * uses
    return gain, moves - annoys * np.bincount(window.member, minlength=len(members))[unit]


def _brought(parameters, seed, members, name, day, who):
    """The orders to which a coupon moves the members `who`."""
    identity = members.number[who].astype(np.uint64)
    delay = np.minimum(7.0 * draws.exponential(seed, name + " delay", identity), 7 * WEEKS_OF_COUPON - 1.01)
    hour = np.maximum(seconds_of_day(draws.uniform(seed, name + " hour", identity)), 9 * 3600)
    level = np.exp(0.35 * draws.normal(seed, name + " money", identity) - 0.06)
    return pd.DataFrame(
        {
            "member": who,
            "number": -1,
            "at": (day + delay.astype(np.int64)) * DAY + hour,
            "money": np.maximum(members.basket[who] * level, SMALLEST * parameters.coupon.face),
            "deal": -1,
            "coupon": name,
            "key": np.nan,
        }
    )


def count_outcomes(members, sendings, orders):
    """Write into each sending the orders before and after it, and the money after it, from the finished order lines."""
    paid = orders[(orders.source == "social") & orders.paid.notna() & orders.customer_id.isin(members.number)]
    who = pd.Series(np.arange(len(members)), index=members.number)[paid.customer_id].to_numpy()
    day = seconds_since_start(paid.created) / DAY
    head = ~paid.duplicated("order_id").to_numpy()
    money = paid.paid_amount.to_numpy()
    for s in sendings:
        after, before = (day >= s.day) & (day < s.day + 7 * WEEKS_OF_COUPON), (day >= s.day - 56) & (day < s.day)
        s.outcome = np.bincount(who[after & head], minlength=len(members))[s.unit]
        s.before = np.bincount(who[before & head], minlength=len(members))[s.unit]
        s.money = np.bincount(who[after], money[after], minlength=len(members))[s.unit]
