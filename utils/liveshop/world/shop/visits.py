"""Visits of the social shop, step by step: device, speed of the pages, how far each visit went."""

from __future__ import annotations

import numpy as np
import pandas as pd

from liveshop.world import draws
from liveshop.world.shop.members import DAY
from liveshop.world.rooms.plan import DAYS, HOURS
from liveshop.world.shop.ties import moments

DEVICES = ("ios", "android", "web")
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
    need = len(orders)
    device, load, seconds, ends = [], [], [], []
    total = 0
    while total < need:
        d, l, s = _circumstances(random, max(1000, 4 * need))
        step = random.random((len(d), 4)) < chances(parameters, d, l, s)
        reached = np.cumprod(step, axis=1).sum(axis=1)
        device.append(d), load.append(l), seconds.append(s), ends.append(reached)
        total += (reached == 4).sum()
    device, load, seconds, reached = (np.concatenate(x) for x in (device, load, seconds, ends))
    last = np.flatnonzero(np.cumsum(reached == 4) == need)[0] + 1 if need else 0
    device, load, seconds, reached = device[:last], load[:last], seconds[:last], reached[:last]
    bought = reached == 4
    count = len(device)
    customer = np.empty(count, dtype=np.int64)
    at = np.empty(count, dtype=np.int64)
    order_id = np.full(count, None, dtype=object)
    place = random.permutation(need)
    created = (orders.created.to_numpy().astype("datetime64[s]") - moments(0)).astype(np.int64)
    customer[bought], order_id[bought] = orders.customer_id.to_numpy()[place], orders.order_id.to_numpy()[place]
    at[bought] = np.maximum(created[place] - np.rint(seconds[bought] + load[bought]).astype(np.int64) - 20, 0)
    # other visits: by members, more often by those who order often, from sign-up until some weeks after the last order
    since = members.signed // DAY
    latest = pd.Series(created).groupby(orders.customer_id.to_numpy()).max().reindex(members.number).to_numpy() // DAY
    until = np.minimum(np.fmax(since, latest) + INTERESTED_DAYS, DAYS)
    weight = (members.rate / members.rate.mean() + 0.5) * (until - since)
    other = np.flatnonzero(~bought)
    who = random.choice(len(members), len(other), p=weight / weight.sum())
    when = (since[who] + random.random(len(other)) * (until - since)[who]).astype(np.int64)
    clock = np.interp(
        random.random(len(other)), np.concatenate([[0.0], np.cumsum(HOURS) / HOURS.sum()]), np.arange(25) * 3600.0
    ).astype(np.int64)
    customer[other], at[other] = members.number[who], np.maximum(when * DAY + clock, members.signed[who])
    at[other] = np.minimum(at[other], DAYS * DAY - 1)
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


def truths(parameters):
    """Facts about visits for truth.json."""
    from liveshop.world.truths.rooms import fact

    v = parameters.visit
    return {
        "visit.load_effect": fact(
            {
                "viewed": round(float(np.exp(-v.load_loss) - 1), 4),
                "carted": round(float(np.exp(-v.load_loss / 2) - 1), 4),
            },
            "Relative change of the share of visits that open a product page, and of those that go on to the basket, "
            "for each further second of load on the same device.",
        ),
        "visit.checkout_effect": fact(
            round(float(np.exp(-v.checkout_loss) - 1), 4),
            "Relative change of the share of checkouts that end in payment for each further minute that the checkout "
            "takes.",
        ),
        "visit.steps": fact(
            {
                d: {"viewed": STEPS[k, 0], "carted": STEPS[k, 1], "checkout": STEPS[k, 2], "paid": PAY[k]}
                for k, d in enumerate(DEVICES)
            },
            "Share of visits that go on to each step, by device, at two seconds of load and 75 seconds of checkout.",
        ),
    }
