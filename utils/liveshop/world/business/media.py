"""Paid media in the two years before the season, by city and week, and the trial of live and social over cities.

A kind of spend works through its level: this week's spend and what is carried over from the weeks before. The level
saturates: half of the effect is reached at the half level. Two thirds of the bookings are deliberate levels, high and
low by lot, so that the curves can be found; the rest follows habit, and habit follows the festivals.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from liveshop.world import draws
from liveshop.world.business.ground import CITIES, CITY_SIZE, counts, panel
from liveshop.world.facts import fact

KINDS = ("feed", "search", "influencer", "content")
FIRST_WEEK, WEEKS = pd.Timestamp("2023-03-06"), 104
YEAR = 52
FESTIVALS = {"june": range(12, 16), "november": range(34, 37), "december": range(40, 41), "new_year": range(45, 47)}
BLOCK = 4  # weeks for which a level is booked
TESTED, TEST_RATIO, SILENT = 0.6, 5.0, 0.08  # share of deliberate levels, their range, and how many of them are zero
VISITS = 1000  # a week in a city of average size, at usual spend
ORDER_VALUE = 158.0  # CNY

GEO_FIRST_WEEK, GEO_WEEKS = pd.Timestamp("2022-10-10"), 20
CELLS = np.array(["none", "live", "social", "both"], dtype=object)
ROWS = np.array([[0, 1, 2, 3], [1, 3, 0, 2], [2, 0, 3, 1], [3, 2, 1, 0]])  # each cell follows each other one once


def of_kinds(parameters, name):
    """A parameter of the media by kind, shape (kinds,): usual, effect, half, carry or claim."""
    return np.array([getattr(parameters.media, f"{kind}_{name}") for kind in KINDS])


def response(effect, half, level):
    """Rise of log visits at a level of spend."""
    return effect * (1 - 2.0 ** (-level / np.maximum(half, 1e-9)))


def levels(spend, carry):
    """Level of spend over weeks (the last axis) with the share `carry` of each week carried over to the next."""
    level, carry = np.array(spend, dtype=float), np.minimum(carry, 1.0)
    for week in range(1, level.shape[-1]):
        level[..., week] = carry * level[..., week - 1] + (1 - carry) * level[..., week]
    return level


def festivals(parameters):
    """Rise of log visits by the festivals, by week, shape (WEEKS,)."""
    rise = np.zeros(WEEKS)
    for name, weeks in FESTIVALS.items():
        for year in range(0, WEEKS, YEAR):
            rise[year + np.array(weeks)] = getattr(parameters.media, name)
    return rise


def _spend(random, parameters, rise):
    """Spend in units by kind, city and week: deliberate levels by lot, and habit."""
    shape = len(CITIES), WEEKS
    spend = []
    for usual in of_kinds(parameters, "usual"):
        mood = 1.1 * rise + random.normal(0, 0.20, shape) + random.normal(0, 0.15, (shape[0], 1))
        blocks = shape[0], WEEKS // BLOCK
        level = TEST_RATIO ** random.uniform(-1, 1, blocks)
        tested, silent = random.random(blocks) < TESTED, random.random(blocks) < SILENT
        level, tested = (x.repeat(BLOCK, axis=1) for x in (np.where(silent, 0, level), tested))
        spend.append(usual * np.where(tested, level, np.exp(mood)))
    return np.array(spend)


def history(parameters, seed):
    """The table `history`: spend, visits, orders and what the platforms claim, by city and week."""
    random = draws.generator(seed, "business/history")
    m, rise = parameters.media, festivals(parameters)
    price = max(m.unit, 1e-9) * CITY_SIZE[:, None]
    paid = np.rint(_spend(random, parameters, rise) * price * 2) / 2  # whole and half yuan
    effect, half, carry = (of_kinds(parameters, name)[:, None, None] for name in ("effect", "half", "carry"))
    brought = response(effect, half, levels(paid / price, carry[:, :, 0])).sum(axis=0)
    usual = response(*(of_kinds(parameters, name) for name in ("effect", "half", "usual"))).sum()
    week = np.arange(WEEKS)
    season = m.growth * week + m.year * np.cos(2 * np.pi * (week - 14) / 52.18)
    shape = len(CITIES), WEEKS
    log_visits = (
        np.log(VISITS * CITY_SIZE)[:, None] + random.normal(0, 0.10, (shape[0], 1))
        + season + np.cumsum(random.normal(0, 0.012, WEEKS)) + rise
        + brought - usual + random.normal(0, 0.06, shape)
    )
    visits = counts(random, np.exp(log_visits), 3.0)
    orders = random.binomial(visits, min(m.conversion, 1.0))
    claims = {
        f"claimed_{kind}": np.where(paid[k] > 0, random.binomial(orders, min(claim, 1.0)), 0)
        for k, (kind, claim) in enumerate(zip(KINDS, of_kinds(parameters, "claim"), strict=True))
    }
    return panel(
        FIRST_WEEK, WEEKS,
        is_festival=rise > 0,
        visits=visits,
        orders=orders,
        net_sales=np.round(orders * ORDER_VALUE * random.normal(1, 0.06, shape), 2),
        **{f"spend_{kind}": paid[k] for k, kind in enumerate(KINDS)},
        **claims,
    )


def geo_tests(parameters, seed):
    """The table `geo_tests`: every city has each of four cells for four weeks, in an order by lot."""
    random = draws.generator(seed, "business/geo")
    g, blocks = parameters.geo, GEO_WEEKS // BLOCK
    row = np.concatenate([random.permutation(4) for _ in range(len(CITIES) // 4)])  # of each four cities alike in size
    cell = np.concatenate([np.zeros((len(CITIES), 1), dtype=int), ROWS[row]], axis=1)
    effect = np.array([0, g.live, g.social, g.live + g.social + g.both_extra])[cell]
    effect, cell = effect.repeat(BLOCK, axis=1), cell.repeat(BLOCK, axis=1)
    for first in range(BLOCK, GEO_WEEKS, BLOCK):
        effect[:, first] += g.carry * (effect[:, first - 1] - effect[:, first])
    common = np.cumsum(random.normal(0, 0.05, GEO_WEEKS)) + random.normal(0, 0.12, GEO_WEEKS)
    log_orders = np.log(100 * CITY_SIZE)[:, None] + random.normal(0, 0.10, (len(CITIES), 1)) + common + effect
    orders = random.poisson(np.exp(log_orders + random.normal(0, 0.06, cell.shape)))
    block = np.arange(blocks).repeat(BLOCK)
    return panel(GEO_FIRST_WEEK, GEO_WEEKS, cell=CELLS[cell], block=block, orders=orders)


def best_split(parameters, total=None):
    """Spend by kind at which every kind gains the same from the last unit, for a total (the usual one), in units."""
    effect, half, usual = (of_kinds(parameters, name) for name in ("effect", "half", "usual"))
    total = usual.sum() if total is None else total
    slope = np.log(2) * effect / np.maximum(half, 1e-9)
    low, high = 1e-12, max(slope.max(), 1e-9)
    for _ in range(100):  # of the common gain of the last unit
        gain = np.sqrt(low * high)
        split = half / np.log(2) * np.log(np.maximum(slope / gain, 1))
        low, high = (gain, high) if split.sum() > total else (low, gain)
    return split


def truths(parameters):
    """Truths of `history` and `geo_tests`."""
    effect, half, usual, carry = (of_kinds(parameters, name) for name in ("effect", "half", "usual", "carry"))
    reached = response(effect, half, usual)
    marginal = np.log(2) / np.maximum(half, 1e-9) * (effect - reached)
    split = best_split(parameters)

    def by_kind(values, digits):
        return {kind: round(float(v), digits) for kind, v in zip(KINDS, values, strict=True)}

    g = parameters.geo
    return {
        "media.response": fact(
            {kind: {"effect": effect[k], "half": half[k], "carry_over": carry[k]} for k, kind in enumerate(KINDS)},
            "The curve of each kind of spend: log visits rise by effect · (1 − 2^(−level / half)), the level in units.",
        ),
        "media.marginal": fact(
            by_kind(marginal, 6), "Rise of log visits by one more unit of each kind, at usual spend: the right rule."
        ),
        "media.average": fact(
            by_kind(reached / np.maximum(usual, 1e-9), 6),
            "Rise of log visits per unit of each kind, all units alike: the naive rule, and another order of kinds.",
        ),
        "media.best_split": fact(by_kind(split, 1), "Units of each kind that bring the most visits for the usual sum."),
        "media.gain_of_best_split": fact(
            round(float(np.exp(response(effect, half, split).sum() - reached.sum()) - 1), 4),
            "Visits that the best split brings over the usual one, as a share.",
        ),
        "media.elasticity_of_total": fact(
            round(float((marginal * usual).sum()), 4),
            "Rise of visits when all spend rises, both on the log scale; sales against spend over weeks show the "
            "festivals as well.",
        ),
        "media.festival": fact(
            {name: getattr(parameters.media, name) for name in FESTIVALS}, "Rise of log visits in each festival."
        ),
        "geo.log_effects": fact(
            {"live": g.live, "social": g.social, "both_extra": g.both_extra},
            "Effects on log orders in the trial over cities: of live, of social, and what both add over the sum.",
        ),
    }
