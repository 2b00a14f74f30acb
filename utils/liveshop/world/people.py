"""The people around Qinghe: who they are, how much they want to buy, how often they come by."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from liveshop.world import draws
from liveshop.world.catalogue import CHANNEL_IDS, CHANNELS
from liveshop.world.parameters import SOURCES

STRANGER, CUSTOMER, FAN, FAN_CUSTOMER = range(4)
DEVICES = ("ios", "android", "web")

# Share of each kind of person (stranger, customer, fan, fan and customer) among the entries of a source.
LIVE_KINDS = np.array(
    [
        [0.72, 0.09, 0.08, 0.11],  # feed
        [0.00, 0.00, 0.44, 0.56],  # follow
        [0.45, 0.33, 0.09, 0.13],  # search
        [0.66, 0.17, 0.08, 0.09],  # share
        [0.80, 0.09, 0.06, 0.05],  # paid
        [0.64, 0.12, 0.12, 0.12],  # video
    ]
)
SHELF_KINDS = np.array(
    [
        [0.960, 0.024, 0.008, 0.008],
        [0.00, 0.00, 0.44, 0.56],
        [0.940, 0.040, 0.008, 0.012],
        [0.952, 0.028, 0.010, 0.010],
        [0.970, 0.018, 0.006, 0.006],
        [0.952, 0.022, 0.014, 0.012],
    ]
)
SHELF_SOURCES = np.array([0.33, 0.012, 0.33, 0.08, 0.198, 0.05])
# How ready to buy a viewer is who comes by this source, in a room and on the shelf alike.
MOOD = np.array([0.95, 1.00, 1.20, 1.10, 0.90, 1.00])
CLICK_SHARE = 0.4  # share of the (log) intent that shows as clicks; the rest shows as orders per click


@dataclass
class People:
    """Arrays over persons, sorted by pool (channel, kind); `number` is the public id."""

    number: np.ndarray
    kind: np.ndarray
    channel: np.ndarray
    intent: np.ndarray  # log scale; a stranger's exp(intent) has mean 1
    pool_start: np.ndarray  # (channels * kinds + 1,)
    reach: np.ndarray  # cumulative activity weights, (persons + 1,)

    def pick(self, u, channel, kind):
        """Index of the person whom each uniform draw picks from a pool, in proportion to activity."""
        pool = channel.astype(np.int64) * 4 + kind
        low, high = self.reach[self.pool_start[pool]], self.reach[self.pool_start[pool + 1]]
        found = np.searchsorted(self.reach, low + u * (high - low), side="right") - 1
        return np.clip(found, self.pool_start[pool], self.pool_start[pool + 1] - 1)

    def __len__(self):
        return len(self.number)


def kind_intent(parameters):
    """Log intent that a person of each kind has on average above a stranger, shape (4,)."""
    a = parameters.audience
    return np.log([1.0, max(a.customer_intent, 1e-9), max(a.fan_intent, 1e-9), max(a.fan_customer_intent, 1e-9)])


def kinds_by_source(parameters):
    """Share of kinds among live entries by source, shape (6, 4), after the self-selection parameter."""
    c = parameters.audience.choosiness
    shares = np.clip(SHELF_KINDS + c * (LIVE_KINDS - SHELF_KINDS), 0, None)
    return shares / shares.sum(axis=1, keepdims=True)


def shelf_conversion(parameters, intent, source, festive):
    """Chance that each person would order on a visit to the shelf page; `festive` is the factor of the season."""
    return 1 - np.exp(-parameters.shelf.conversion * np.exp(intent) * MOOD[source] * festive)


def extra_items(seed, number):
    """Mean number of further pieces that a person takes when she orders: most take one, a few buy for the family."""
    return np.minimum(np.exp(2.0 * draws.normal(seed, "basket", np.asarray(number).astype(np.uint64)) - 3.4), 12.0)


def population(parameters, seed, sessions):
    """People for a world with about this many live sessions."""
    per_kind = np.array([1.35, 0.017, 0.020, 0.014]) * sessions
    share = CHANNELS.audience.to_numpy() / CHANNELS.audience.sum()
    counts = np.maximum(np.rint(np.outer(share, per_kind)), 40).astype(int)
    total = int(counts.sum())
    kind = np.repeat(np.tile(np.arange(4), len(CHANNEL_IDS)), counts.ravel()).astype(np.int8)
    channel = np.repeat(np.arange(len(CHANNEL_IDS)), counts.sum(axis=1)).astype(np.int8)
    identity = np.arange(total, dtype=np.uint64)
    spread = parameters.audience.intent_spread
    intent = spread * draws.normal(seed, "intent", identity) - spread**2 / 2 + kind_intent(parameters)[kind]
    active = parameters.audience.activity_spread * np.where(kind == STRANGER, 0.3, 1.0)
    # nobody comes more than about ninety times as often as the middle of her kind
    weight = np.minimum(np.exp(active * draws.normal(seed, "activity", identity)), 90.0)
    number = 100_000 + draws.generator(seed, "numbers").permutation(total).astype(np.int32)
    return People(
        number=number,
        kind=kind,
        channel=channel,
        intent=intent,
        pool_start=np.concatenate([[0], np.cumsum(counts.ravel())]),
        reach=np.concatenate([[0.0], np.cumsum(weight)]),
    )


assert LIVE_KINDS.shape == SHELF_KINDS.shape == (len(SOURCES), 4)
