"""Touches that customers had with Qinghe, and what the touches cost."""

from __future__ import annotations

import numpy as np
import pandas as pd

from liveshop.world import draws
from liveshop.world.calendar import DAY, DAYS, END, ONE, START, days, moments
from liveshop.world.catalogue import CHANNEL_NAMES

WINDOW_DAYS = 7
IDLE_TOUCHES = 1.1  # posts that a member sees in the season without any order to follow
INVITATION_REWARD = 12.0  # CNY
POST_COST = {"photo": 60.0, "video": 180.0, "live": 150.0, "link": 20.0, "status": 10.0}  # CNY


def touchpoints(seed, members, tables):
    """Touches of the members: rooms, search and paid placement, shares they opened, posts they saw."""
    number = members.number
    streams = tables["streams"].set_index("stream_id")
    live = tables["viewer_sessions"]
    live = live[live.viewer_id.isin(number)]
    shelf = tables["shelf_sessions"]
    shelf = shelf[shelf.viewer_id.isin(number) & shelf.source.isin(["search", "paid"])]
    entered = live.entered_second.to_numpy().astype(np.int64) * ONE
    started = streams.started.loc[live.stream_id].to_numpy().astype("datetime64[s]")
    # the touch that brought each member who came by search or paid placement
    brought = np.flatnonzero(np.isin(members.route, ["search", "paid"]))
    early = moments(np.maximum(members.signed[brought] - 200, 1))
    parts = [
        _touches(live.viewer_id, started + entered, "live", streams.channel_id.loc[live.stream_id].to_numpy()),
        _touches(shelf.viewer_id, shelf.visited, shelf.source, shelf.channel_id),
        *_social(seed, members, tables),
        _touches(number[brought], early, members.route[brought], CHANNEL_NAMES[members.channel[brought]]),
    ]
    frame = pd.concat(parts, ignore_index=True)
    frame = frame[(frame.touched >= START) & (frame.touched < END)]
    frame = frame.sort_values(["touched", "customer_id", "kind"], kind="stable", ignore_index=True)
    frame = _with_next_order(frame, tables["orders"])
    frame.insert(0, "touch_id", np.arange(1, len(frame) + 1))
    return frame


def _touches(customer, touched, kind, channel):
    frame = pd.DataFrame({"customer_id": customer, "touched": touched, "kind": kind, "channel_id": channel})
    return frame.astype({"touched": "datetime64[s]", "customer_id": "int64"})


def _social(seed, members, tables):
    """Shares that members opened, posts seen before orders, and posts seen at any time."""
    random = draws.generator(seed, "touches")
    number = members.number
    home = pd.Series(CHANNEL_NAMES[members.channel], index=number)
    opened = tables["shares"].dropna(subset=["opened", "receiver_id"])
    opened = opened[opened.receiver_id.isin(number)]
    orders = tables["orders"]
    orders = orders[(orders.source == "social") & orders.customer_id.isin(number)].drop_duplicates("order_id")
    count = random.poisson(0.5, len(orders)).astype(np.intp)
    seen = np.repeat(orders.customer_id.to_numpy(), count)
    earlier = (60 + random.exponential(1.8 * DAY, len(seen))).astype(np.int64) * ONE
    before = np.repeat(orders.created.to_numpy().astype("datetime64[s]"), count) - earlier
    idle = random.choice(number, int(IDLE_TOUCHES * len(number)))
    at = moments(random.random(len(idle)) * DAYS * DAY)
    receiver = opened.receiver_id.astype("int64")
    return [
        _touches(receiver, opened.opened, "social", home[receiver].to_numpy()),
        _touches(seen, before, "social", home[seen].to_numpy()),
        _touches(idle, at, "social", home[idle].to_numpy()),
    ]


def _with_next_order(touches, orders):
    """Touches with the paid order that followed within the window, if one did."""
    paid = orders.dropna(subset=["paid"]).drop_duplicates("order_id")[["customer_id", "created", "order_id"]]
    paid = paid[paid.customer_id.isin(touches.customer_id)]
    paid = paid.astype({"created": "datetime64[s]", "customer_id": "int64"}).sort_values("created", kind="stable")
    both = pd.merge_asof(
        touches,
        paid,
        left_on="touched",
        right_on="created",
        by="customer_id",
        direction="forward",
        tolerance=pd.Timedelta(days=WINDOW_DAYS),
        allow_exact_matches=False,
    )
    return both.drop(columns="created")


def spend(parameters, seed, members, tables):
    """Money by day, channel and kind.

    Promotion of broadcasts, coupons used and rewards paid add up to the other tables.
    """
    streams, orders, deals, posts = (tables[name] for name in ("streams", "orders", "group_deals", "posts"))
    used = orders.dropna(subset=["coupon_id", "paid"])
    invited = np.flatnonzero(members.route == "referral")
    filled = deals.dropna(subset=["filled"])
    rows = [
        _spent(streams.started, streams.channel_id, "traffic", streams.promotion_spend),
        _spent(used.created, used.channel_id, "coupon", parameters.coupon.face),
        _spent(
            moments(members.signed[invited]), CHANNEL_NAMES[members.channel[invited]], "referral", INVITATION_REWARD
        ),
        _spent(filled.filled, "group_deal", "referral", filled.reward * (filled["size"] - 1)),
        _spent(posts.published, posts.channel_id, "content", posts.type.map(POST_COST)),
        *_bookings(draws.generator(seed, "spend"), members),
    ]
    frame = pd.concat([r for r in rows if len(r)], ignore_index=True)
    frame = frame.groupby(["day", "channel_id", "kind"], as_index=False).amount.sum()
    return frame[frame.amount > 0].sort_values(["day", "channel_id", "kind"], ignore_index=True)


def _spent(times, channel, kind, amount):
    times = pd.Series(times)
    frame = pd.DataFrame({"day": times.dt.normalize(), "channel_id": channel, "kind": kind, "amount": amount})
    return frame.astype({"day": "datetime64[s]"})


def _bookings(random, members):
    """Opinion leaders and paid placement of the social shop on each channel: more where and when members came by it."""
    rows = []
    for k, channel in enumerate(CHANNEL_NAMES):
        came = np.flatnonzero((members.route == "paid") & (members.channel == k))
        per_day = np.bincount((members.signed[came] // DAY).astype(np.intp), minlength=DAYS)[:DAYS]
        booked = 18 * np.convolve(per_day, np.ones(5) / 5, mode="same") + 4
        amount = np.rint(2 * booked * np.exp(0.35 * random.normal(size=DAYS))) / 2
        rows.append(_spent(days(), channel, "influencer", amount))
    return rows
