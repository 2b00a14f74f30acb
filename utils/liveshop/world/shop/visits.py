"""Visits of the social shop, step by step: device, speed of the pages, how far each visit went."""

from __future__ import annotations

import numpy as np
import pandas as pd

from liveshop.world import draws
from liveshop.world.calendar import DAY, DAYS, moments, seconds_of_day, seconds_since_start
from liveshop.world.people import DEVICES

DEVICE_SHARE = np.array([0.34, 0.58, 0.08])
LOAD_MEDIAN = np.array([1.7, 2.7, 1.5])  # seconds
# shares of visits that go on to the next step at two seconds of load: product page, basket, checkout
STEPS = np.array([[0.74, 0.37, 0.66], [0.70, 0.33, 0.62], [0.78, 0.34, 0.58]])
PAY = np.array([0.72, 0.66, 0.55])
CHECKOUT_MEDIAN = 75.0  # seconds
INTERESTED_DAYS = 42  # a member who has stopped buying goes on looking for so long


def chances(parameters, device, load, seconds):
    """Chance of each further step (visits, 4): product page, basket, checkout, payment."""
    v = parameters.visit
    slow = np.exp(-v.load_loss * (load - 2.0))
    first = np.minimum(STEPS[device] * np.column_stack([slow, np.sqrt(slow), np.ones(len(load))]), 0.98)
    pay = np.minimum(PAY[device] * np.exp(-v.checkout_loss * (seconds - CHECKOUT_MEDIAN) / 60), 0.97)
    return np.column_stack([first, pay])


def _circumstances(random, count):
    device = draws.choice(random.random(count), DEVICE_SHARE).astype(np.int64)
    load = np.minimum(LOAD_MEDIAN[device] * np.exp(0.5 * random.normal(size=count)), 15.0)
    seconds = CHECKOUT_MEDIAN * np.exp(0.55 * random.normal(size=count))
    return device, load, seconds


def shop_visits(parameters, seed, members, orders):
    """One row a visit. `orders`: paid orders that members placed by themselves (customer_id, created, order_id).

    The number of orders is given by the members' own rates, so visits are made backwards: those that ended in an
    order have the circumstances of visits that do, the others those of visits that do not, in the right proportion.
    """
    random = draws.generator(seed, "shop visits")
    device, load, seconds, reached = _backwards(random, parameters, len(orders))
    bought = reached == 4
    customer = np.empty(len(device), dtype=np.int64)
    at = np.empty(len(device), dtype=np.int64)
    order_id = np.full(len(device), None, dtype=object)
    place = random.permutation(len(orders))
    created = seconds_since_start(orders.created)
    customer[bought], order_id[bought] = orders.customer_id.to_numpy()[place], orders.order_id.to_numpy()[place]
    at[bought] = np.maximum(created[place] - np.rint(seconds[bought] + load[bought]).astype(np.int64) - 20, 0)
    customer[~bought], at[~bought] = _others(random, members, orders.customer_id, created, (~bought).sum())
    frame = pd.DataFrame(
        {
            "customer_id": customer,
            "visited": moments(at),
            "device": np.array(DEVICES, dtype=object)[device],
            "load_seconds": np.round(load, 1),
            "viewed": reached >= 1,
            "carted": reached >= 2,
            "checkout": reached >= 3,
            "checkout_seconds": np.where(reached >= 3, np.rint(seconds), np.nan),
            "order_id": order_id,
        }
    ).sort_values(["visited", "customer_id"], kind="stable", ignore_index=True)
    frame.insert(0, "visit_id", np.arange(1, len(frame) + 1))
    return frame


def _backwards(random, parameters, need):
    """Visits until so many of them have ended in an order: device, load, seconds of checkout, steps reached."""
    parts, total = [], 0
    while total < need or not parts:
        device, load, seconds = _circumstances(random, max(1000, 4 * need))
        step = random.random((len(device), 4)) < chances(parameters, device, load, seconds)
        reached = np.cumprod(step, axis=1).sum(axis=1)
        parts.append((device, load, seconds, reached))
        total += (reached == 4).sum()
    device, load, seconds, reached = (np.concatenate(x) for x in zip(*parts, strict=True))
    last = np.flatnonzero(np.cumsum(reached == 4) == need)[0] + 1 if need else 0
    return device[:last], load[:last], seconds[:last], reached[:last]


def _others(random, members, buyer, created, count):
    """Visits without an order: (customer, second of the season).

    By members, more often by those who order often, from sign-up until some weeks after the last order.
    """
    since = members.signed // DAY
    latest = pd.Series(created).groupby(buyer.to_numpy()).max().reindex(members.number).to_numpy() // DAY
    until = np.minimum(np.fmax(since, latest) + INTERESTED_DAYS, DAYS)
    weight = (members.rate / members.rate.mean() + 0.5) * (until - since)
    who = random.choice(len(members), count, p=weight / weight.sum())
    day = (since[who] + random.random(count) * (until - since)[who]).astype(np.int64)
    at = np.maximum(day * DAY + seconds_of_day(random.random(count)), members.signed[who])
    return members.number[who], np.minimum(at, DAYS * DAY - 1)
