"""A rundown on simulated nights: a small, fast model of one broadcast, minute by minute.

It uses the same causes as the season (role of the product draws and holds viewers,
the feed follows with a delay, clicks fade when a role repeats, the slot has a slow
start and a countdown) in expectation, with the chance of a night on top: how many
viewers the feed sends, how long they stay, how a product is liked that night.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from liveshop.world import draws
from liveshop.world.catalogue import ROLES
from liveshop.world.parameters import given
from liveshop.world.rooms.grid import ROLE_CLICKS, SLOT_COUNTDOWN, SLOT_MIDDLE, SLOT_START

ENTRIES = 14.0  # entries per minute of an average night
WATCH = 4.0  # minutes an average viewer stays
ORDERS_PER_CLICK = 0.10


def play(order, nights=200, seed=1, parameters=None):
    """GMV and margin of a rundown on `nights` simulated nights.

    order: DataFrame, one row a slot in the order of the broadcast, with the columns role
    (traffic, hero, profit, image), appeal (index, mean 1), price (CNY paid per item),
    unit_cost (CNY) or margin (CNY per item), minutes, and optionally product_id (a product
    shown again sells less) and discount (share of the list price, default 0).
    Returns DataFrame(night, viewers, gmv, margin); the same seed gives the same nights for
    every order, so two orders can be compared night by night.
    """
    p = given(parameters)
    order = _checked(order)
    clicks, chance, entries, hazard = _slots(p, order)
    minutes, price = order.minutes.to_numpy(dtype=int), order.price.to_numpy()
    margin = (order.margin if "margin" in order else order.price - order.unit_cost).to_numpy(dtype=float)
    length = int(minutes.sum())
    size, stay, wave = _chance_of_nights(p, draws.generator(seed, "nights"), nights, length)
    liking = _liking(seed, order, nights)
    online, pull = np.zeros(nights), 1.0
    keep = np.exp(-1 / p.rundown.entry_delay) if p.rundown.entry_delay > 0 else 0.0
    viewers, gmv, earned = np.zeros(nights), np.zeros(nights), np.zeros(nights)
    t = 0
    for k in range(len(order)):
        for m in range(minutes[k]):
            pull = 1 + (pull - 1) * keep + (entries[k] - 1) * (1 - keep)
            come = ENTRIES * size * pull * wave[t] * min(1.0, 0.72 + 0.028 * t) * min(1.0, 0.55 + 0.03 * (length - t))
            online = online * np.exp(-hazard[k] / (WATCH * stay)) + come
            moment = SLOT_START[m] if m < len(SLOT_START) else SLOT_COUNTDOWN if m >= minutes[k] - 2 else SLOT_MIDDLE
            sold = online * p.audience.clicks_per_minute * clicks[k] * liking[:, k] * moment * chance[k]
            viewers += come
            gmv += sold * price[k]
            earned += sold * margin[k]
            t += 1
    return pd.DataFrame({"night": np.arange(1, nights + 1), "viewers": viewers, "gmv": gmv, "margin": earned})


def _checked(order):
    """The rundown as a DataFrame; ValueError says what is missing or wrong in it."""
    order = pd.DataFrame(order).reset_index(drop=True)
    missing = [c for c in ("role", "appeal", "price", "minutes") if c not in order]
    if "margin" not in order and "unit_cost" not in order:
        missing.append("margin (or unit_cost)")
    if missing:
        raise ValueError(f"A rundown needs the column {missing[0]}; these are missing: {', '.join(missing)}")
    unknown = sorted(set(order.role) - set(ROLES))
    if unknown:
        raise ValueError(f"Column role of a rundown: {unknown[0]!r} is none of {', '.join(ROLES)}")
    if len(order) == 0 or not (order.minutes > 0).all():
        raise ValueError("A rundown needs at least one slot, and each slot at least one minute")
    return order


def _slots(p, order):
    """Clicks, orders per click, pull on entries and leaving hazard of each slot, against the average."""
    r, role = p.rundown, order.role.map({r: i for i, r in enumerate(ROLES)}).to_numpy()
    discount = order.discount.fillna(0).to_numpy(dtype=float) if "discount" in order else np.zeros(len(order))
    repeated = np.zeros(len(order))
    for k in range(1, len(order)):
        repeated[k] = repeated[k - 1] + 1 if role[k] == role[k - 1] else 0
    shown = order.groupby("product_id").cumcount().to_numpy() if "product_id" in order else np.zeros(len(order))
    clicks = order.appeal.to_numpy(dtype=float) * ROLE_CLICKS[role] * r.role_fatigue**repeated * r.repeat_fatigue**shown
    price = np.maximum(order.price.to_numpy(dtype=float), 1)
    chance = ORDERS_PER_CLICK * np.exp(r.discount_lift * discount) * (price / 150) ** -r.price_elasticity
    entries, hazard = (np.array([getattr(r, f"{name}_{what}") for name in ROLES]) for what in ("entries", "hazard"))
    return clicks, chance, entries[role], hazard[role]


def _chance_of_nights(p, random, nights, length):
    """Size of each night, how long its viewers stay, and the waves of the feed by minute (minutes, nights)."""
    size = np.exp(random.normal(0, 0.45, nights))
    stay = np.exp(random.normal(0, 0.15, nights))
    wave = np.empty((length, nights))
    wave[0] = random.normal(0, 1, nights)
    noise = random.normal(0, 1, (length, nights))
    for t in range(1, length):
        wave[t] = 0.82 * wave[t - 1] + np.sqrt(1 - 0.82**2) * noise[t]
    return size, stay, np.exp(p.audience.wave_spread * wave)


def _liking(seed, order, nights):
    """How a product is liked on each night, wherever it stands in the order: (nights, slots)."""
    names = order.product_id.astype(str) if "product_id" in order else order.role + order.price.astype(str)
    number = names.map(lambda name: int(draws.key(0, name))).to_numpy(dtype=np.uint64)
    night = np.arange(nights, dtype=np.uint64) * np.uint64(7919)
    return np.exp(0.25 * draws.normal(seed, "liking", number[None, :] + night[:, None]))
