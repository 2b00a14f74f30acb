"""Visits of the shop's ordinary pages beside the rooms, and what is bought there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from liveshop.world import calendar, catalogue, draws, orders
from liveshop.world import people as persons
from liveshop.world.calendar import DAY, ONE, is_festival, moments
from liveshop.world.parameters import SOURCES

FIRST_SESSION = 10_000_001
BELOW_ONE = 0.999999999


@dataclass
class Shelf:
    """The table of visits, and the orders placed in them as arrays."""

    table: pd.DataFrame  # shelf_sessions of the contract
    session: np.ndarray  # row of the table in which each order was placed
    number: np.ndarray  # of the order in its session
    person: np.ndarray
    channel: np.ndarray
    created: np.ndarray
    is_paid: np.ndarray


def visits(parameters, seed, people, live_sessions):
    """All visits of a season with so many live sessions, in order of time."""
    count = int(round(parameters.shelf.visits * live_sessions))
    identity = np.arange(count, dtype=np.uint64)
    visited = np.sort(_times(seed, identity))
    source = draws.choice(draws.uniform(seed, "shelf source", identity), persons.SHELF_SOURCES)
    kind = draws.choice(draws.uniform(seed, "shelf kind", identity), persons.SHELF_KINDS[source])
    audience = catalogue.CHANNELS.audience.to_numpy()
    channel = draws.choice(draws.uniform(seed, "shelf channel", identity), audience)
    person = people.pick(draws.uniform(seed, "shelf person", identity), channel, kind)
    intent = people.intent[person]
    festive = np.where(is_festival(visited), parameters.festival.orders, 1.0)
    mean = parameters.shelf.conversion * np.exp(intent) * persons.MOOD[source] * festive
    placed = draws.poisson(seed, "shelf orders", identity, mean)
    looked = draws.poisson(seed, "shelf clicks", identity, 0.9 * np.exp(0.3 * np.minimum(intent, 3)))
    session, number = draws.repeated(placed)
    own = identity[session]
    later = (40 + 300 * draws.exponential(seed, "shelf minute", own, number)).astype(np.int64)
    is_paid = draws.uniform(seed, "shelf pays", own, number) >= parameters.refund.unpaid
    table = pd.DataFrame(
        {
            "session_id": FIRST_SESSION + np.arange(count),
            "viewer_id": people.number[person],
            "channel_id": catalogue.CHANNEL_NAMES[channel],
            "source": np.array(SOURCES, dtype=object)[source],
            "visited": visited,
            "product_clicks": looked + placed,
            "orders": np.bincount(session[is_paid], minlength=count),
        }
    )
    return Shelf(table, session, number, person[session], channel[session], visited[session] + later * ONE, is_paid)


def _times(seed, identity):
    """Times over the season with its weekly and daily rhythm."""
    weight = calendar.day_weights(weekend=1.15, weekday=1.0, festival=1.6)
    u = draws.uniform(seed, "shelf day", identity) * BELOW_ONE
    day = np.searchsorted(np.cumsum(weight / weight.sum()), u)
    hour = calendar.seconds_of_day(draws.uniform(seed, "shelf hour", identity) * BELOW_ONE) // 3600
    second = (draws.uniform(seed, "shelf second", identity) * 3600).astype(np.int64)
    return moments(day * DAY + hour * 3600 + second)


def order_lines(plan, seed, people, shelf):
    """The order lines of the visits as `orders.table` takes them."""
    own, number = shelf.session.astype(np.uint64), shelf.number
    product = orders.chosen_products(plan, seed, own, number, shelf.created, "shelf product")
    cuts = np.array([0, 0, 0, 0.05, 0.10])
    more = persons.extra_items(seed, people.number[shelf.person])
    order = own * np.uint64(31) + number.astype(np.uint64)
    lines = pd.DataFrame(
        {
            "person": shelf.person,
            "product": product,
            "channel": shelf.channel,
            "source": "shelf",
            "post_id": None,
            "session_id": pd.array(FIRST_SESSION + shelf.session, dtype="Int64"),
            "quantity": 1 + draws.poisson(seed, "shelf quantity", order, more, most=24),
            "discount": cuts[(draws.uniform(seed, "shelf discount", own, number) * 5).astype(int)],
            "created": shelf.created,
            "is_paid": shelf.is_paid,
            "pause": draws.uniform(seed, "shelf paying", own, number),
        }
    )
    return orders.single_lines(plan, people, lines)
