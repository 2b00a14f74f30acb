"""Orders of the members of the social shop by their own rates: first orders, repeat orders, drop-out.

A member's first order comes soon after she signs up; from then on she orders at her own
rate until she drifts away, which may happen after each repeat order (the assumptions of
the BG/NBD model) or because service answered too late. Every draw belongs to a member
and the number of her order, so twin worlds differ by their one cause only.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from liveshop.world import draws
from liveshop.world.calendar import DAY, DAYS, seconds_of_day
from liveshop.world.shop import service
from liveshop.world.shop.members import day_weights

MOST = 160  # orders of one member


def buy(parameters, seed, members, referral=True, slow=True):
    """Orders and tickets of all members by their own rates: two DataFrames.

    referral=False: the world in which being invited changes nothing about the invited.
    slow=False: the world in which service answers everything within its standard.
    orders: member, number (0 for the first), at (seconds); tickets: member, number of the order,
    opened (seconds), topic, wait (minutes).
    """
    clock = _clock(parameters)
    identity = members.number.astype(np.uint64)
    rate, drop = _habits(parameters, members, referral)
    who, moment = _first_orders(parameters, seed, members, clock)
    last = np.full(len(members), -1, dtype=np.int64)
    orders, tickets = [], []
    for number in range(MOST):
        on = moment < clock[-1]
        who, moment = who[on], moment[on]
        if not who.size:
            break
        own, count = identity[who], np.full(len(who), number)
        day = np.minimum(np.interp(moment, clock, np.arange(DAYS + 1)).astype(np.int64), DAYS - 1)
        at = day * DAY + seconds_of_day(draws.uniform(seed, "order hour", own, count))
        hesitates = (600 * draws.uniform(seed, "order wait", own, count)).astype(np.int64)
        at = np.maximum(at, np.maximum(last[who] + 400, members.signed[who] + 150 + hesitates))
        last[who] = at
        orders.append(pd.DataFrame({"member": who, "number": number, "at": at}))
        asked, put_off = service.after_order(parameters, seed, own, count, at, slow)
        tickets.append(asked.assign(member=who[asked.index], number=number))
        leaves = put_off | ((number > 0) & (draws.uniform(seed, "drifts", own, count) < drop[who]))
        moment = moment + draws.exponential(seed, "gap", own, count) / np.maximum(rate[who], 1e-12)
        who, moment = who[~leaves], moment[~leaves]
    orders = pd.concat(orders, ignore_index=True)
    orders = orders[orders["at"] < DAYS * DAY].reset_index(drop=True)
    return orders, pd.concat(tickets, ignore_index=True)


def _clock(parameters):
    """Operational days that have passed at each midnight: days on which more is bought are longer."""
    weight = day_weights(parameters)
    return np.concatenate([[0.0], np.cumsum(weight / weight.mean())])


def _habits(parameters, members, referral):
    """Orders per operational day, and the chance to drift away after a repeat order, of each member."""
    s = parameters.social
    invited = (members.route == "referral") & referral
    rate = members.rate * np.where(invited, s.referral_rate, 1.0) * (1 - parameters.deal.share) / 7
    odds = members.drop / (1 - members.drop) * np.where(invited, s.referral_drop, 1.0)
    return rate, odds / (1 + odds)


def _first_orders(parameters, seed, members, clock):
    """Members who ever order, and when they first do, in operational days."""
    identity = members.number.astype(np.uint64)
    who = np.flatnonzero(draws.uniform(seed, "ever orders", identity) < parameters.social.ordering)
    quick = draws.uniform(seed, "first order quick", identity[who]) < 0.55
    wait = np.where(quick, 0.0, 6.0 * draws.exponential(seed, "first order", identity[who]))
    return who, np.interp(members.signed[who] / DAY, np.arange(DAYS + 1), clock) + wait


def repeat_rate(orders, days=56):
    """Members who ordered again within so many days of their first order: DataFrame(member, again).

    Only those whose first order came early enough.
    """
    first = orders[orders.number == 0].set_index("member")["at"]
    first = first[first < (DAYS - days) * DAY]
    second = orders[orders.number == 1].set_index("member")["at"].reindex(first.index)
    return pd.DataFrame({"member": first.index, "again": (second - first).le(days * DAY).to_numpy()})
