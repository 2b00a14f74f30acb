"""A part of the viewers of a room: what they do, as rows of the tables and as counts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa

from liveshop.world import catalogue, draws, storage
from liveshop.world import people as persons
from liveshop.world.big_room.audience import enter
from liveshop.world.orders import paying_seconds
from liveshop.world.parameters import SOURCES
from liveshop.world.rooms import record
from liveshop.world.rooms import sessions as live
from liveshop.world.rooms.night import first_lines, with_amounts
from liveshop.world.rooms.plan import CELL

STREAM = "S0001"
MILLISECONDS = np.timedelta64(1000, "ms")


def simulate_chunk(room, a, b, per_cell, first):
    """Simulate the viewers who enter in the cells a..b, numbered from `first` on.

    Returns their sessions (an Arrow table), the lines of their orders (a DataFrame) and what the totals need.
    """
    seed, p, ground = room.seed, room.parameters, room.grid
    sessions = enter(room, a, b, per_cell, first)
    number = 1 + sessions.identity.astype(np.int64)
    viewer = _shuffled(number, room.viewers)
    talk = live.chat(ground, p, seed, sessions, room.online)
    wait = live.first_question_wait(talk, len(sessions))
    slots = np.array([0, len(room.plan.rundown)])
    clicked = live.clicks(ground, p, seed, sessions, wait, room.scale, slots, room.clicks_until)
    lines = with_amounts(room.plan, first_lines(room.plan, p, seed, sessions, sessions.identity, clicked))
    lines["pause"] = draws.uniform(seed, "paying", sessions.identity[lines.session], lines.number.to_numpy())
    acts = record.interact(seed, sessions, sessions.kind >= persons.FAN)
    return {
        "sessions": _session_table(room, sessions, number, viewer, talk, wait, clicked, lines, acts),
        "lines": lines.assign(viewer=viewer[lines.session], session_id=number[lines.session]),
        **_counts(room, sessions, talk, clicked, lines[lines.is_paid], acts),
    }


def _shuffled(number, size):
    """A person's number: a fixed shuffle of 1..size, so that numbers say nothing about when somebody came."""
    step = next(s for s in range(int(size * 0.618) | 1, 4 * size + 7, 2) if np.gcd(s, size) == 1)
    return (number * step) % size + 1


def _codes(code, names):
    return pa.DictionaryArray.from_arrays(pa.array(code), pa.array(list(names)))


def _constant(text, count):
    return _codes(np.zeros(count, np.int8), [text])


def _session_table(room, sessions, number, viewer, talk, wait, clicked, lines, acts):
    """Rows of viewer_sessions in compact types."""
    s, count, stutter = sessions, len(sessions), room.grid.stutter
    orders = np.bincount(lines.session[lines.is_paid], minlength=count)
    clicks = np.bincount(clicked.session, minlength=count)
    comments = np.bincount(talk.session, minlength=count)
    first_comment = record.first_comment(s, talk).clip(min=0).astype(np.int32)
    columns = {
        "session_id": pa.array(number.astype(np.int32)),
        "stream_id": _constant(STREAM, count),
        "viewer_id": pa.array(viewer.astype(np.int32)),
        "source": _codes(s.source, SOURCES),
        "device": _codes(record.device(room.seed, viewer), persons.DEVICES),
        "entered_second": pa.array(s.entered.astype(np.int32)),
        "watch_seconds": pa.array(s.watch),
        "stayed_to_end": pa.array(s.to_end),
        "likes": pa.array(acts["likes"].astype(np.int16)),
        "comments": pa.array(comments.astype(np.int16)),
        "shares": pa.array(acts["shares"].astype(np.int16)),
        "followed": pa.array(acts["wish"]),
        "is_fan": pa.array(s.kind >= persons.FAN),
        "product_clicks": pa.array(clicks.astype(np.int16)),
        "carted": pa.array(record.carted(room.seed, s.identity, clicks, orders)),
        "orders": pa.array(orders.astype(np.int16)),
        "stutter_seconds": pa.array((stutter[s.entered + s.watch] - stutter[s.entered]).astype(np.int32)),
        "first_comment_second": pa.array(first_comment, mask=comments == 0),
        "wait_seconds": pa.array(wait, mask=wait < 0),
    }
    return pa.table({name: columns[name] for name in storage.columns("viewer_sessions")})


def _counts(room, sessions, talk, clicked, paid, acts):
    """Counts by minute, and what only adds up over the room."""
    s, minutes = sessions, room.grid.first[-1] * CELL // 60

    def per_minute(seconds, weights=None):
        return np.bincount(seconds // 60, weights, minlength=minutes)[:minutes]

    came, left = (np.bincount(x, minlength=minutes * 60 + 1) for x in (s.entered, s.entered + s.watch))
    return {
        "change": came - left,
        "enters": np.column_stack([per_minute(s.entered[s.source == k]) for k in range(6)]),
        "exits": per_minute((s.entered + s.watch)[~s.to_end]),
        "comments": per_minute(talk.second),
        "likes": per_minute(acts["like_seconds"]),
        "shares": per_minute(acts["share_seconds"]),
        "follows": per_minute(acts["follow_at"][acts["wish"]]),
        "product_clicks": per_minute(clicked.second),
        "orders": per_minute(paid.second.to_numpy()),
        "gmv": per_minute(paid.second.to_numpy(), paid.paid_amount.to_numpy()),
        "buyers": paid.session.nunique(),
        "items": int(paid.quantity.sum()),
    }


def order_table(room, result, number):
    """Orders of a chunk as an Arrow table, numbered after `number`, and the number of the last."""
    lines: pd.DataFrame = result["lines"]
    count = len(lines)
    started = room.plan.rooms.started.to_numpy().astype("datetime64[ms]")[0]
    created = started + lines.second.to_numpy() * MILLISECONDS
    paid = created + paying_seconds(lines.pause.to_numpy()) * MILLISECONDS
    ids = np.char.add("O", np.arange(number + 1, number + count + 1).astype(str)).astype(object)
    nothing = pa.nulls(count, pa.string())
    columns = {
        "order_id": pa.array(ids, pa.string()),
        "line_no": pa.array(np.ones(count, np.int16)),
        "customer_id": pa.array(lines.viewer.to_numpy().astype(np.int32)),
        "product_id": _codes(lines["product"].to_numpy().astype(np.int16), room.plan.product_ids),
        "channel_id": _constant(catalogue.CHANNEL_IDS[int(room.plan.rooms.channel[0])], count),
        "source": _constant("live", count),
        "stream_id": _constant(STREAM, count),
        "post_id": nothing,
        "session_id": pa.array(lines.session_id.to_numpy().astype(np.int32)),
        "quantity": pa.array(lines.quantity.to_numpy().astype(np.int16)),
        "list_amount": pa.array(lines.list_amount.to_numpy().astype(float)),
        "paid_amount": pa.array(lines.paid_amount.to_numpy().astype(float)),
        "coupon_id": nothing,
        "created": pa.array(created),
        "paid": pa.array(paid, mask=~lines.is_paid.to_numpy()),
    }
    return pa.table({name: columns[name] for name in storage.columns("orders")}), number + count
