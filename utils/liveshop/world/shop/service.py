"""Contacts with service: what they are about, how long they wait, what a late answer does."""

from __future__ import annotations

import numpy as np
import pandas as pd

from liveshop.world import draws
from liveshop.world.calendar import DAY, DAYS, HOURS, moments, seconds_of_day, seconds_since_start

TOPICS = ("size", "delivery", "product", "return", "complaint", "praise")
TOPIC_SHARE = np.array([0.26, 0.24, 0.16, 0.18, 0.11, 0.05])
COMPLAINT = TOPICS.index("complaint")
PARTS = ("customer_id", "order_id", "opened", "topic", "wait")


def wait_medians(parameters):
    """Median minutes to the first answer by hour, shape (24,): by load in the day, until morning at night."""
    day = HOURS / HOURS[8:].mean()
    return np.where(np.arange(24) < 8, 170.0 - 18.0 * np.arange(24), parameters.service.wait * day**1.7)


def wait_minutes(parameters, seed, identity, number, hour, topic, regular):
    """Minutes to the first answer: regulars are served first, complaints take longer."""
    spread = np.exp(0.9 * draws.normal(seed, "answer", identity, number))
    slower = np.where(topic == COMPLAINT, 1.6, 1.0)
    return wait_medians(parameters)[hour] * spread * np.where(regular, 0.7, 1.0) * slower


def ticket_topic(seed, identity, number):
    """Topic of a ticket, as a number."""
    return draws.choice(draws.uniform(seed, "ticket topic", identity, number), TOPIC_SHARE).astype(np.int64)


def after_order(parameters, seed, identity, number, at, slow=True):
    """What service has to do with orders at the seconds `at`: (tickets, whether each member leaves because of it).

    tickets: opened, topic, wait of those who ask, with the row of the order as index; a late answer puts some off,
    and so does what a complaint is about. slow=False: every answer comes within the standard.
    """
    s = parameters.service
    asks = draws.uniform(seed, "asks", identity, number) < s.tickets
    day = (at + 2.0 * DAY * draws.exponential(seed, "ticket day", identity, number)).astype(np.int64) // DAY
    opened = day * DAY + seconds_of_day(draws.uniform(seed, "ticket hour", identity, number))
    opened = np.maximum(opened, at + 300)
    topic = ticket_topic(seed, identity, number)
    wait = wait_minutes(parameters, seed, identity, number, opened // 3600 % 24, topic, number >= 3)
    late = np.maximum(wait - s.standard, 0) if slow else np.zeros(len(at))
    harm = s.leave * (1 - np.exp(-late / s.patience)) + np.where(topic == COMPLAINT, s.complaint_leave, 0)
    put_off = asks & (draws.uniform(seed, "put off", identity, number) < harm)
    return pd.DataFrame({"opened": opened, "topic": topic, "wait": wait})[asks], put_off


def tickets(parameters, seed, members, orders, asked, tables):
    """The table of contacts with service: about members' orders, about other orders, and before a purchase.

    orders: of members, with order_id; asked: tickets about them, as `purchases.buy` gives them
    """
    kept = orders[orders.number >= 0]
    own = asked.merge(kept[["member", "number", "order_id"]], on=["member", "number"])
    own = own.assign(customer_id=members.number[own.member])
    parts = [own[list(PARTS)], _about_other_orders(parameters, seed, tables["orders"])]
    parts.append(_before_purchases(parameters, seed, tables["customers"], sum(map(len, parts))))
    frame = pd.concat(parts, ignore_index=True).sort_values(["opened", "customer_id"], kind="stable", ignore_index=True)
    frame = frame[frame.opened < DAYS * DAY].reset_index(drop=True)
    answered = frame.opened + np.maximum(np.rint(frame.wait * 60), 5).astype(np.int64)
    return pd.DataFrame(
        {
            "ticket_id": np.arange(1, len(frame) + 1),
            "customer_id": frame.customer_id,
            "order_id": frame.order_id,
            "opened": moments(frame.opened),
            "answered": pd.Series(moments(answered)).where(answered < DAYS * DAY),
            "topic": np.array(TOPICS, dtype=object)[frame.topic],
            "rating": _ratings(seed, frame, answered),
        }
    )


def _about_other_orders(parameters, seed, orders):
    """Contacts about orders from rooms and from the shelf."""
    others = orders[(orders.source != "social") & orders.paid.notna()].drop_duplicates("order_id")
    code = others.order_id.str[1:].astype("int64").to_numpy().astype(np.uint64)
    some = draws.uniform(seed, "other ticket", code) < 0.16
    others, code = others[some], code[some]
    created = seconds_since_start(others.created)
    day = (created + 2.0 * DAY * draws.exponential(seed, "other ticket day", code)).astype(np.int64) // DAY
    opened = day * DAY + seconds_of_day(draws.uniform(seed, "other ticket hour", code))
    opened = np.maximum(opened, created + 300)
    number = np.full(len(code), 7001)
    topic = ticket_topic(seed, code, number)
    wait = wait_minutes(parameters, seed, code, number, opened // 3600 % 24, topic, False)
    values = (others.customer_id.to_numpy(), others.order_id.to_numpy(), opened, topic, wait)
    return pd.DataFrame(dict(zip(PARTS, values, strict=True)))


def _before_purchases(parameters, seed, customers, others):
    """Questions before a purchase, about one for each eight of the other contacts."""
    random = draws.generator(seed, "questions")
    count = max(5, int(0.12 * others))
    person = customers.iloc[random.integers(0, len(customers), count)]
    joined = np.maximum(seconds_since_start(person.joined), 0)
    number = np.arange(count, dtype=np.uint64)
    day = (joined + (random.random(count) * (DAYS * DAY - joined)).astype(np.int64)) // DAY
    opened = np.maximum(day * DAY + seconds_of_day(draws.uniform(seed, "question hour", number)), joined)
    topic = np.full(count, TOPICS.index("product"))
    wait = wait_minutes(parameters, seed, number, np.full(count, 7002), opened // 3600 % 24, topic, False)
    return pd.DataFrame(dict(zip(PARTS, (person.customer_id.to_numpy(), None, opened, topic, wait), strict=True)))


def _ratings(seed, tickets, answered):
    """Ratings from 1 to 5 of those who give one: the longer the wait, the worse."""
    number = np.arange(len(tickets), dtype=np.uint64)
    mood = 4.75 - 0.62 * np.log1p(tickets.wait / 6) - 1.2 * (tickets.topic == COMPLAINT)
    mood = mood + 0.85 * draws.normal(seed, "rating", number)
    told = (draws.uniform(seed, "rates", number) < 0.42) & (answered < DAYS * DAY)
    rating = pd.array(np.clip(np.rint(mood), 1, 5).astype(np.int64), dtype="Int64")
    rating[~told.to_numpy()] = pd.NA
    return rating
