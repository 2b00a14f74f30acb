"""The integrated programme of the local group shops: the cities, and their weeks.

The local group shop of each city (同城社群店) sells beside the five channels and keeps books of its own. From week 14
on, as the June festival begins, ten of twenty cities join their rooms and groups; the parts of the programme change
by lot from week to week. Neighbours feel it too.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from liveshop.world import draws
from liveshop.world.business.ground import CITIES, CITY_SIZE, counts, panel
from liveshop.world.calendar import DAYS, START
from liveshop.world.facts import fact

REGIONS = ("ADLQ", "BGJP", "CFIR", "EHMO", "KNST")
PILOTS = "ADLQGPFRHO"
PARTS = ("show", "vote", "push")
CELLS = np.array([[a, b, c] for a in (0, 1) for b in (0, 1) for c in (0, 1)], dtype=bool)
WEEKS = DAYS // 7
STARTED = 13  # weeks before the programme
FESTIVAL = {13: 1.0, 14: 1.0, 15: 0.85}  # weight of the June festival by week, from 0
ORDERS, ORDER_VALUE, ORDER_SPREAD = 140.0, 152.0, 91.0  # a week in a city of average size; CNY
IS_PILOT = np.array([city in PILOTS for city in CITIES])
REGION = np.array([next(i for i, names in enumerate(REGIONS, 1) if city in names) for city in CITIES])
HAS_NEIGHBOUR = np.array([(IS_PILOT & (REGION == REGION[c])).sum() > IS_PILOT[c] for c in range(len(CITIES))])


def cities():
    """The table `cities`."""
    start = pd.Timestamp(START + pd.Timedelta(weeks=STARTED))
    return pd.DataFrame(
        {
            "city": CITIES,
            "region": REGION,
            "market_size": np.round(CITY_SIZE, 4),
            "programme_start": pd.Series(start, index=range(len(CITIES))).where(IS_PILOT),
            "neighbour_has_programme": HAS_NEIGHBOUR,
        }
    )


def ramp(parameters):
    """Part of the programme's effect that is there by week, shape (WEEKS,)."""
    p = parameters.programme
    return np.array([0.0] * STARTED + [p.first, p.second] + [1.0] * (WEEKS - STARTED - 2))


def _parts(random):
    """Which parts run in each city and week, shape (cities, WEEKS, parts): all eight combinations each week, by lot."""
    parts = np.zeros((len(CITIES), WEEKS, len(PARTS)), dtype=bool)
    for week in range(STARTED, WEEKS):
        order = np.concatenate([random.permutation(len(CELLS)), random.permutation(len(CELLS))])
        parts[IS_PILOT, week] = CELLS[order[: IS_PILOT.sum()]]
    return parts


def _log_orders(random, parameters):
    """Expected log orders without the programme: sizes, growth, common waves that cities feel unlike, festival."""
    p, count = parameters.programme, len(CITIES)
    wave = np.empty(WEEKS)
    wave[0] = random.normal()
    for week in range(1, WEEKS):
        wave[week] = 0.7 * wave[week - 1] + np.sqrt(1 - 0.7**2) * random.normal()
    festive = np.array([FESTIVAL.get(week, 0.0) for week in range(WEEKS)])
    return (
        np.log(ORDERS * CITY_SIZE)[:, None] + random.normal(0, 0.08, (count, 1))
        + p.growth * np.arange(WEEKS) + np.cumsum(random.normal(0, 0.012, WEEKS))
        + random.normal(0, 0.035, (count, 1)) * wave + random.normal(p.festival, 0.04, (count, 1)) * festive
        + random.normal(0, 0.055, (count, WEEKS))
    )


def local_shops(parameters, seed):
    """City weeks of the local group shops without the channels' money, and what the truths need of them.

    Returns (frame, effect, expected, parts): effect on log orders and expected orders of shape (cities, WEEKS), parts
    (cities, WEEKS, 3).
    """
    random, p = draws.generator(seed, "business/programme"), parameters.programme
    parts, without, rise = _parts(random), _log_orders(random, parameters), ramp(parameters)
    pilot = IS_PILOT[:, None] & (rise > 0)
    effect = rise * np.where(
        IS_PILOT[:, None], p.base + parts @ np.array([p.show, p.vote, p.push]), p.spill * HAS_NEIGHBOUR[:, None]
    )
    expected = np.exp(without + effect)
    orders = counts(random, expected, 1.6)
    per_order = (ORDER_VALUE / ORDER_SPREAD) ** 2
    gmv = random.gamma(np.maximum(per_order * orders, 1e-9), ORDER_VALUE / per_order) * (orders > 0)
    joined = rise * IS_PILOT[:, None]
    active = np.log(9 * ORDERS * CITY_SIZE)[:, None] + 0.01 * np.arange(WEEKS) + p.members * joined
    show, vote, push = np.moveaxis(parts, 2, 0)
    gmv = np.round(gmv, 2)
    cost = p.base_cost + p.show_cost * show + p.vote_cost * vote + p.push_cost * push
    frame = panel(
        START, WEEKS,
        local_orders=orders,
        local_gmv=gmv,
        local_refunded=np.round(gmv * np.clip(random.normal(0.16, 0.02, gmv.shape), 0, 1), 2),
        new_members=random.poisson(0.11 * expected),
        active_members=counts(random, np.exp(active), 1.5),
        brand_searches=counts(random, 6 * np.exp(without + p.show_searches * show + p.vote_searches * vote), 3.0),
        category_searches=counts(random, 14 * np.exp(without), 3.0),
        direct_visits=counts(random, 11 * np.exp(without + p.visits * joined), 3.0),
        part_show=show,
        part_vote=vote,
        part_push=push,
        programme_cost=np.round(np.sqrt(CITY_SIZE)[:, None] * cost, 2) * pilot,
        claimed_gmv=np.round(gmv * np.where(push, p.claim_push, p.claim), 2) * pilot,
    )
    return frame, effect, expected, parts


def channel_money(tables):
    """Paid money of the five channels by city of the customer and week of the order, shape (cities, WEEKS)."""
    paid = tables["orders"].dropna(subset=["paid"])
    city = paid.customer_id.map(tables["customers"].set_index("customer_id").city)
    week = (paid.created.dt.normalize() - START).dt.days // 7
    money = paid.paid_amount.groupby([city.to_numpy(), week.to_numpy()]).sum().unstack(fill_value=0.0)
    return money.reindex(index=list(CITIES), columns=range(WEEKS), fill_value=0.0).to_numpy().round(2)


def truths(parameters, effect, expected, parts):
    """Truths of the programme, from what `local_shops` tells beside its table."""
    p, rise = parameters.programme, ramp(parameters)
    mine, after = expected[IS_PILOT][:, STARTED:], effect[IS_PILOT][:, STARTED:]
    neighbours = HAS_NEIGHBOUR & ~IS_PILOT
    spilled, theirs = effect[neighbours][:, STARTED:], expected[neighbours][:, STARTED:]
    returns = {}
    for k, part in enumerate(PARTS):
        on = parts[:, :, k]
        brought = p.margin * expected * (1 - np.exp(-rise * getattr(p, part)))
        cost = np.broadcast_to(np.sqrt(CITY_SIZE)[:, None] * getattr(p, f"{part}_cost"), on.shape)
        returns[part] = {"brings": round(float(brought[on].mean()), 0), "costs": round(float(cost[on].mean()), 0)}
    return {
        "programme.part_effects": fact(
            {"base": p.base, **{part: getattr(p, part) for part in PARTS}},
            "Effects on log orders of the local group shops once the programme is in full swing: without any part, and "
            "what each part adds.",
        ),
        "programme.ramp": fact(
            [p.first, p.second, 1.0], "Part of the effects that is there in the first, second and every later week."
        ),
        "programme.log_orders": fact(
            round(float(np.log(mine.sum() / (mine * np.exp(-after)).sum())), 4),
            "Effect on the log of all orders of the ten pilot cities from week 14 to 26, with the parts that ran.",
        ),
        "programme.spill_log_orders": fact(
            round(float(np.log(theirs.sum() / (theirs * np.exp(-spilled)).sum())), 4),
            "The same for the six cities without the programme whose neighbours have it; programme.spill is its full "
            "swing.",
        ),
        "programme.part_return": fact(
            returns,
            "Yuan of margin that each part brings in a week of a pilot city in which it runs, and what it costs there.",
        ),
    }
