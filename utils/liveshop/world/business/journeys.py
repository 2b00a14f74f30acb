"""Tracked journeys: which touches a person had in two weeks, and whether she bought.

A person's intent moves both her touches and her buying, and live and social touches make her search: so what was
touched last is no guide to what brought the order. A coin withheld one kind of touch from four fifths of the persons.
Luck belongs to the person and the purpose: worlds with a kind of touch switched off share it.
"""

from __future__ import annotations

from math import factorial

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from liveshop.world import draws
from liveshop.world.calendar import DAYS, START
from liveshop.world.facts import fact

KINDS = ("live", "social", "search", "paid")
LIVE, SOCIAL, SEARCH, PAID = range(4)
ARMS = np.array(["none", *KINDS], dtype=object)
PERSONS = 100_000
EARLIEST = np.array([0.0, 0.0, 0.45, 0.30])  # of a touch in the journey: search and ads come late
WEEKS = DAYS // 7
FULL = 2 ** len(KINDS) - 1


def _odds(share):
    """Log odds of a share that may have been set to 0 or beyond 1."""
    return logit(np.clip(share, 1e-9, 1 - 1e-9))


class Persons:
    """Persons with their intent, the week of their journey, and luck of their own."""

    def __init__(self, parameters, seed, week):
        self.parameters, self.seed, self.week = parameters.journey, seed, week
        self.number = np.arange(len(week), dtype=np.uint64)
        self.intent = draws.normal(seed, "business/journey intent", self.number)
        self.luck = [self.uniform(f"touch {kind}") for kind in KINDS]

    def uniform(self, purpose):
        return draws.uniform(self.seed, f"business/journey {purpose}", self.number)

    def touches(self, possible):
        """Which touches each person has, shape (persons, kinds), where the kinds `possible` (the same shape) are."""
        p, z, touched = self.parameters, self.intent, np.zeros((len(self.number), len(KINDS)), dtype=bool)

        def touch(kind, share, intent, more=0.0):
            chance = expit(_odds(share) + intent * z + more)
            touched[:, kind] = (self.luck[kind] < chance) & possible[:, kind]

        touch(LIVE, p.live, p.live_intent)
        touch(SOCIAL, p.social, p.social_intent, p.social_rise * (self.week - self.week.mean()) / WEEKS)
        live, social = touched[:, LIVE], touched[:, SOCIAL]
        touch(SEARCH, p.search, p.search_intent, p.search_from_live * live + p.search_from_social * social)
        touch(PAID, p.paid, p.paid_intent, p.paid_from_live * live)
        return touched

    def chance(self, touched):
        """Chance that each person buys after her touches."""
        p, (live, social, search, paid) = self.parameters, touched.T
        return expit(
            _odds(p.buy) + p.buy_intent * self.intent + p.buy_live * live + p.buy_social * social
            + p.buy_both * (live & social) + p.buy_search * search + p.buy_paid * paid
        )


def _paid_orders(tables):
    """Paid orders with their week, day, money, customer and the pool of last touches that they can belong to."""
    lines = tables["orders"]
    lines = lines[lines.paid.notna()]
    money = lines.groupby("order_id").paid_amount.sum()
    orders = lines.drop_duplicates("order_id").reset_index(drop=True)
    sessions = [tables[name].set_index("session_id").source for name in ("viewer_sessions", "shelf_sessions")]
    came = pd.concat(sessions).reindex(orders.session_id.astype("Int64")).to_numpy(dtype=object)
    pool = np.select(
        [came == "paid", orders.source == "live", orders.source == "social", came == "search"],
        ["paid", "live", "social", "search"], "other",
    )
    day = orders.created.dt.normalize()
    return pd.DataFrame(
        {
            "order_id": orders.order_id,
            "customer_id": orders.customer_id.astype("int64"),
            "day": day,
            "week": ((day - START).dt.days // 7).clip(upper=WEEKS - 1),
            "value": orders.order_id.map(money).round(2),
            "pool": pool,
        }
    )


def _matched(random, orders, week, last):
    """Row of the order that each converted journey of a week with a last touch led to, -1 where none is left.

    Of the same week, or of a week close by. Search orders are few: who searched last, or met no touch, mostly bought
    in the social shop.
    """
    shuffled = orders.iloc[random.permutation(len(orders))]
    left = {at: list(rows) for at, rows in shuffled.groupby(["week", "pool"]).groups.items()}
    found = np.full(len(week), -1)
    for k in random.permutation(len(week)):
        pools = (ARMS[last[k] + 1], "social") if last[k] in (-1, SEARCH) else (KINDS[last[k]],)
        places = ((week[k] + away, pool) for away in (0, -1, 1, -2, 2) for pool in pools)
        place = next((place for place in places if left.get(place)), None)
        if place:
            found[k] = left[place].pop()
    return found


def _paths(persons, touched):
    """Each journey's touches in order as text, and the number of the last one (-1 for none)."""
    at = np.stack([persons.uniform(f"moment {kind}") for kind in KINDS], axis=1)
    at = np.where(touched, EARLIEST + (1 - EARLIEST) * at, 2.0)
    order, count = np.argsort(at, axis=1), touched.sum(axis=1)
    code = (order * (np.arange(len(KINDS)) < count[:, None]) * 5 ** np.arange(len(KINDS))).sum(axis=1) * 5 + count
    codes, first, where = np.unique(code, return_index=True, return_inverse=True)
    names = [" > ".join(KINDS[k] for k in order[i, : count[i]]) or None for i in first]
    last = np.where(count > 0, order[np.arange(len(order)), np.maximum(count - 1, 0)], -1)
    return np.array(names, dtype=object)[where], last


def journeys(parameters, seed, tables):
    """The table `journeys`, and the persons whose journeys they are.

    Converted journeys get an order each of the same week, whose place fits the last touch; in a small world some find
    none and stay without.
    """
    random = draws.generator(seed, "business/journeys")
    orders = _paid_orders(tables)
    like = random.integers(0, len(orders), PERSONS)  # journeys end when orders are placed
    week, ended = orders.week.to_numpy()[like], orders.day.to_numpy()[like]
    persons = Persons(parameters, seed, week)
    arm = (persons.uniform("arm") * len(ARMS)).astype(int)
    touched = persons.touches(np.arange(len(KINDS)) != arm[:, None] - 1)
    converted = persons.uniform("buys") < persons.chance(touched)
    path, last = _paths(persons, touched)
    row = np.full(PERSONS, -1)
    row[converted] = _matched(random, orders, week[converted], last[converted])
    bought = orders.reindex(row)
    frame = pd.DataFrame(
        {
            "ended": np.where(row >= 0, bought.day.to_numpy(), ended),
            "path": path,
            "withheld": ARMS[arm],
            "converted": converted,
            "order_id": bought.order_id.astype(object).where(row >= 0, None).to_numpy(),
            "customer_id": bought.customer_id.astype("Int64").array,
            "value": np.where(converted, bought.value.to_numpy(), 0.0),
        }
    ).sort_values("ended", kind="stable", ignore_index=True)
    frame.insert(0, "journey_id", np.arange(1, PERSONS + 1))
    return frame, persons


def truths(persons):
    """Truths of the journeys: expected buying in sixteen worlds, each with some kinds of touches switched off."""
    bits = np.arange(len(KINDS))
    mean = {}
    for world in range(FULL + 1):
        possible = np.broadcast_to((world >> bits & 1).astype(bool), (len(persons.number), len(KINDS)))
        mean[world] = float(persons.chance(persons.touches(possible)).mean())
    share = {world: value / mean[FULL] for world, value in mean.items()}
    values = {}
    for k, kind in enumerate(KINDS):
        without = [world for world in share if not world >> k & 1]
        weight = {world: factorial(world.bit_count()) * factorial(3 - world.bit_count()) / 24 for world in without}
        values[kind] = round(sum(weight[world] * (share[world | 1 << k] - share[world]) for world in without), 4)
    both = FULL ^ 1 << LIVE ^ 1 << SOCIAL
    return {
        "journeys.conversion": fact(round(mean[FULL], 5), "Share of persons who buy when no touch is withheld."),
        "journeys.incremental": fact(
            {kind: round(1 - share[FULL ^ 1 << k], 4) for k, kind in enumerate(KINDS)},
            "Share of the orders that would be missing without a kind of touch: what withholding it shows.",
        ),
        "journeys.causal_shapley": fact(
            values, "The orders that touches bring, shared out among their kinds: the Shapley values of the effects."
        ),
        "journeys.anyway": fact(round(share[0], 4), "Share of the orders that would come without any touch."),
        "journeys.synergy": fact(
            round(1 - share[FULL ^ 1 << LIVE] - share[FULL ^ 1 << SOCIAL] + share[both], 4),
            "Share of the orders that live and social touches bring only together.",
        ),
    }
