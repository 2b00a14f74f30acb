"""Who follows whom, and what people pass on to each other."""

from __future__ import annotations

import numpy as np
import pandas as pd

from liveshop.world import draws
from liveshop.world.shop.members import DAY
from liveshop.world.rooms.plan import DAYS, START

ONE = np.timedelta64(1, "s")
ORIGIN = np.datetime64(START, "s")


def moments(seconds):
    """Seconds of the season as times."""
    return ORIGIN + np.asarray(seconds, dtype=np.int64) * ONE


def follows(seed, members, customers):
    """Ties among customers: most within circles of friends, a few people followed by very many."""
    random = draws.generator(seed, "follows")
    number = customers.customer_id.to_numpy()
    count = len(number)
    joined = customers.joined.to_numpy().astype("datetime64[s]")
    index = pd.Series(np.arange(count), index=number)
    circles = int(members.circle.max()) + 1
    circle = random.integers(0, circles, count)
    member = index[members.number].to_numpy()
    circle[member] = members.circle
    fame = np.minimum((1 - random.random(count)) ** (-1 / 1.35), 2500.0)  # Pareto: the tail of the number of followers
    out = np.minimum(
        np.rint(np.exp(random.normal(0.35, 0.85, count)) * np.where(np.isin(np.arange(count), member), 1.6, 0.7)), 120
    ).astype(int)
    follower = np.repeat(np.arange(count), out)
    by_circle = np.argsort(circle, kind="stable")
    reach = np.concatenate([[0.0], np.cumsum(fame[by_circle])])
    edges = np.searchsorted(circle[by_circle], np.arange(circles + 1))
    inside = random.random(len(follower)) < 0.72
    u = random.random(len(follower))
    low, high = reach[edges[circle[follower]]], reach[edges[circle[follower] + 1]]
    place = np.where(inside, low + u * (high - low), u * reach[-1])
    followed = by_circle[np.clip(np.searchsorted(reach, place, side="right") - 1, 0, count - 1)]
    # who came by invitation follows the friend who invited her, and most are followed back
    invited = np.flatnonzero(members.inviter >= 0)
    friend, self_ = member[members.inviter[invited]], member[invited]
    back = random.random(len(invited)) < 0.7
    follower = np.concatenate([follower, self_, friend[back]])
    followed = np.concatenate([followed, friend, self_[back]])
    pairs = pd.DataFrame({"a": follower, "b": followed}).drop_duplicates()
    pairs = pairs[pairs.a != pairs.b]
    both = np.maximum(joined[pairs.a], joined[pairs.b])
    since = both + (random.exponential(25, len(pairs)) * DAY).astype(np.int64) * ONE
    end = ORIGIN + np.int64(DAYS * DAY) * ONE
    frame = pd.DataFrame({"follower_id": number[pairs.a], "followed_id": number[pairs.b], "since": since})[since < end]
    return frame.sort_values(["follower_id", "followed_id"], ignore_index=True)


def shares(
    seed,
    members,
    invitations,
    deals,
    deal_invites,
    customers,
    tables,
    first_orders,
    deal_orders,
    strangers,
    night_shares,
    product_ids,
):
    """All shares in order of time: invitations, group deals, rooms and posts; chains by parent_share_id.

    first_orders: first order by customer (customer_id -> order_id, created); deal_orders: (deal, member) -> order_id
    night_shares: DataFrame(sharer_id, stream_id, shared) of the shares in rooms
    """
    random = draws.generator(seed, "shares")
    number = members.number
    parts = []
    # invitations to the shop, each with a product
    receiver = np.where(invitations.receiver >= 0, number[invitations.receiver], -1)
    open_ = np.flatnonzero(receiver < 0)
    pool = (
        np.concatenate([strangers, strangers, strangers, customers.customer_id.to_numpy()])
        if len(strangers)
        else customers.customer_id.to_numpy()
    )
    receiver[open_] = random.choice(pool, len(open_))
    came = invitations.receiver.to_numpy() >= 0
    sent = invitations.sent.to_numpy()
    signed = np.where(came, members.signed[invitations.receiver], sent)
    look = np.where(
        came,
        sent + ((signed - sent) * random.uniform(0.1, 0.98, len(sent))).astype(np.int64),
        sent + (random.exponential(20_000, len(sent))).astype(np.int64) + 10,
    )
    looked = came | (random.random(len(sent)) < 0.38)
    parts.append(
        pd.DataFrame(
            {
                "sharer_id": number[invitations.sharer],
                "receiver_id": receiver,
                "what": "product",
                "product_id": product_ids[random.integers(0, len(product_ids), len(sent))],
                "shared": moments(sent),
                "opened": np.where(looked, moments(look), np.datetime64("NaT")),
                "joined": came,
            }
        )
    )
    # customers of the rooms and the shelf who came through a friend during the season
    friends = customers[
        (customers.joined >= START) & (customers.route == "referral") & ~customers.customer_id.isin(number)
    ]
    joined = friends.joined.to_numpy().astype("datetime64[s]")
    first = joined - (300 + random.exponential(30_000, len(friends))).astype(np.int64) * ONE
    parts.append(
        pd.DataFrame(
            {
                "sharer_id": friends.referrer_id.to_numpy().astype(np.int64),
                "receiver_id": friends.customer_id.to_numpy(),
                "what": "product",
                "product_id": product_ids[random.integers(0, len(product_ids), len(friends))],
                "shared": first,
                "opened": first + (joined - first) // 2,
                "joined": True,
            }
        )
    )
    # group deals
    receiver = number[deal_invites.receiver]
    what = deals.iloc[deal_invites.deal]
    parts.append(
        pd.DataFrame(
            {
                "sharer_id": number[deal_invites.sharer],
                "receiver_id": receiver,
                "what": "group_deal",
                "product_id": what.product_id.to_numpy(),
                "group_deal_id": what.group_deal_id.to_numpy(),
                "shared": moments(deal_invites.shared),
                "opened": np.where(deal_invites.opened >= 0, moments(deal_invites.opened), np.datetime64("NaT")),
                "joined": False,
                "order_id": [deal_orders.get(key) for key in zip(deal_invites.deal, deal_invites.receiver)],
            }
        )
    )
    # rooms: one row for each share counted in the sessions
    room = night_shares
    parts.append(
        pd.DataFrame(
            {
                "sharer_id": room.sharer_id,
                "receiver_id": pd.array([pd.NA] * len(room), dtype="Int64"),
                "what": "room",
                "stream_id": room.stream_id,
                "shared": room.shared,
                "opened": np.where(
                    random.random(len(room)) < 0.3,
                    room.shared.to_numpy() + (20 + random.exponential(1500, len(room))).astype(np.int64) * ONE,
                    np.datetime64("NaT"),
                ),
                "joined": False,
            }
        )
    )
    # posts: one row for each share counted with the post
    posts = tables["posts"]
    post = np.repeat(np.arange(len(posts)), posts.shares)
    at = (
        posts.published.to_numpy().astype("datetime64[s]")[post]
        + (60 + random.exponential(30_000, len(post))).astype(np.int64) * ONE
    )
    at = np.minimum(at, ORIGIN + np.int64(DAYS * DAY - 1) * ONE)
    ready = customers[customers.joined < START].customer_id.to_numpy()
    sharers = np.where(random.random(len(post)) < 0.5, random.choice(ready, len(post)), random.choice(pool, len(post)))
    parts.append(
        pd.DataFrame(
            {
                "sharer_id": sharers,
                "receiver_id": pd.array([pd.NA] * len(post), dtype="Int64"),
                "what": "post",
                "post_id": posts.post_id.to_numpy()[post],
                "shared": at,
                "opened": np.where(
                    random.random(len(post)) < 0.3,
                    at + (20 + random.exponential(9000, len(post))).astype(np.int64) * ONE,
                    np.datetime64("NaT"),
                ),
                "joined": False,
            }
        )
    )
    frame = pd.concat(
        [
            p.astype({"shared": "datetime64[s]", "opened": "datetime64[s]", "receiver_id": "Int64", "joined": bool})
            for p in parts
            if len(p)
        ],
        ignore_index=True,
    )
    end = pd.Timestamp(START) + pd.Timedelta(days=DAYS)
    frame["opened"] = frame.opened.where(frame.opened < end)
    frame = frame.sort_values(["shared", "sharer_id", "receiver_id"], kind="stable", ignore_index=True)
    frame.insert(0, "share_id", np.arange(1, len(frame) + 1))
    for name in ("group_deal_id", "order_id", "stream_id", "post_id"):
        frame[name] = frame[name] if name in frame else None
    # the first order of who joined, and the chain: a share by someone who had come through one
    arrived = frame[frame.joined].set_index("receiver_id")
    frame.loc[frame.joined, "order_id"] = frame.receiver_id[frame.joined].map(first_orders).to_numpy()
    parent = frame.sharer_id.map(arrived.share_id)
    came_at = frame.sharer_id.map(customers.set_index("customer_id").joined)
    frame["parent_share_id"] = parent.where(frame.shared >= came_at).astype("Int64")
    return frame
