"""Who follows whom, and what people pass on to each other."""

from __future__ import annotations

import numpy as np
import pandas as pd

from liveshop.world import draws
from liveshop.world.calendar import DAY, DAYS, END, ONE, ORIGIN, START, moments
from liveshop.world.rooms.record import scatter

NEVER = np.datetime64("NaT")


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


def room_shares(night, seed, tables):
    """The shares in rooms, one row each, at the seconds at which stream_minutes counts them."""
    sessions = tables["viewer_sessions"]
    session, second = scatter(seed, "share second", night.sessions, sessions.shares.to_numpy())
    started = sessions.stream_id.map(tables["streams"].set_index("stream_id").started).to_numpy()
    inside = second - night.sessions.entered[session] + sessions.entered_second.to_numpy()[session]
    return pd.DataFrame(
        {
            "sharer_id": sessions.viewer_id.to_numpy()[session].astype(np.int64),
            "stream_id": sessions.stream_id.to_numpy()[session],
            "shared": started.astype("datetime64[s]")[session] + inside.astype(np.int64) * ONE,
        }
    )


def shares(seed, plan, night, members, invitations, strangers, deals, deal_invites, orders, tables):
    """All shares in order of time: invitations, group deals, rooms and posts; chains by parent_share_id.

    strangers: ids of persons who are no members; orders: of members, with deal and order_id; tables: as they stand
    """
    random = draws.generator(seed, "shares")
    customers = tables["customers"]
    anybody = np.concatenate([strangers, strangers, strangers, customers.customer_id.to_numpy()])
    parts = [
        _invitations(random, plan, members, invitations, anybody),
        _other_referrals(random, plan, members, customers),
        _of_deals(plan, members, deals, deal_invites, orders),
        _of_rooms(random, room_shares(night, seed, tables)),
        _of_posts(random, tables["posts"], customers, anybody),
    ]
    kinds = {"shared": "datetime64[s]", "opened": "datetime64[s]", "receiver_id": "Int64", "joined": bool}
    frame = pd.concat([p.astype(kinds) for p in parts if len(p)], ignore_index=True)
    frame["opened"] = frame.opened.where(frame.opened < END)
    frame = frame.sort_values(["shared", "sharer_id", "receiver_id"], kind="stable", ignore_index=True)
    frame.insert(0, "share_id", np.arange(1, len(frame) + 1))
    for name in ("group_deal_id", "order_id", "stream_id", "post_id"):
        frame[name] = frame[name] if name in frame else None
    # the first order of who joined, and the chain: a share by someone who had come through one
    paid = tables["orders"][tables["orders"].paid.notna()]
    firsts = paid.drop_duplicates("customer_id").set_index("customer_id").order_id
    frame.loc[frame.joined, "order_id"] = frame.receiver_id[frame.joined].map(firsts).to_numpy()
    parent = frame.sharer_id.map(frame[frame.joined].set_index("receiver_id").share_id)
    came_at = frame.sharer_id.map(customers.set_index("customer_id").joined)
    frame["parent_share_id"] = parent.where(frame.shared >= came_at).astype("Int64")
    return frame


def _invitations(random, plan, members, invitations, anybody):
    """Invitations to the shop, each with a product."""
    count, came = len(invitations), invitations.receiver.to_numpy() >= 0
    receiver = np.where(came, members.number[invitations.receiver], -1)
    receiver[~came] = random.choice(anybody, (~came).sum())
    sent = invitations.sent.to_numpy()
    signed = np.where(came, members.signed[invitations.receiver], sent)
    between = ((signed - sent) * random.uniform(0.1, 0.98, count)).astype(np.int64)
    look = np.where(came, sent + between, sent + random.exponential(20_000, count).astype(np.int64) + 10)
    looked = came | (random.random(count) < 0.38)
    return pd.DataFrame(
        {
            "sharer_id": members.number[invitations.sharer],
            "receiver_id": receiver,
            "what": "product",
            "product_id": plan.product_ids[random.integers(0, len(plan.products), count)],
            "shared": moments(sent),
            "opened": np.where(looked, moments(look), NEVER),
            "joined": came,
        }
    )


def _other_referrals(random, plan, members, customers):
    """Shares that brought customers of the rooms and the shelf during the season."""
    friends = customers[(customers.joined >= START) & (customers.route == "referral")]
    friends = friends[~friends.customer_id.isin(members.number)]
    joined = friends.joined.to_numpy().astype("datetime64[s]")
    shared = joined - (300 + random.exponential(30_000, len(friends))).astype(np.int64) * ONE
    return pd.DataFrame(
        {
            "sharer_id": friends.referrer_id.to_numpy().astype(np.int64),
            "receiver_id": friends.customer_id.to_numpy(),
            "what": "product",
            "product_id": plan.product_ids[random.integers(0, len(plan.products), len(friends))],
            "shared": shared,
            "opened": shared + (joined - shared) // 2,
            "joined": True,
        }
    )


def _of_deals(plan, members, deals, invites, orders):
    """Shares of group deals, with the order of who took one up in a deal that filled."""
    order_of = orders[orders.deal >= 0].set_index(["deal", "member"]).order_id.to_dict()
    deal = deals.iloc[invites.deal]
    return pd.DataFrame(
        {
            "sharer_id": members.number[invites.sharer],
            "receiver_id": members.number[invites.receiver],
            "what": "group_deal",
            "product_id": plan.product_ids[deal["product"]],
            "group_deal_id": deal.group_deal_id.to_numpy(),
            "shared": moments(invites.shared),
            "opened": np.where(invites.opened >= 0, moments(invites.opened), NEVER),
            "joined": False,
            "order_id": [order_of.get(key) for key in zip(invites.deal, invites.receiver, strict=True)],
        }
    )


def _of_rooms(random, shares):
    """One row for each share counted in the sessions."""
    opened = random.random(len(shares)) < 0.3
    later = (20 + random.exponential(1500, len(shares))).astype(np.int64) * ONE
    return shares.assign(
        receiver_id=pd.array([pd.NA] * len(shares), dtype="Int64"),
        what="room",
        opened=np.where(opened, shares.shared.to_numpy() + later, NEVER),
        joined=False,
    )


def _of_posts(random, posts, customers, anybody):
    """One row for each share counted with a post: half by customers, half by anybody."""
    post = np.repeat(np.arange(len(posts)), posts.shares)
    count = len(post)
    later = (60 + random.exponential(30_000, count)).astype(np.int64) * ONE
    at = posts.published.to_numpy().astype("datetime64[s]")[post] + later
    at = np.minimum(at, ORIGIN + np.int64(DAYS * DAY - 1) * ONE)
    ready = customers[customers.joined < START].customer_id.to_numpy()
    by_customer = random.random(count) < 0.5
    sharer = np.where(by_customer, random.choice(ready, count), random.choice(anybody, count))
    opened = random.random(count) < 0.3
    return pd.DataFrame(
        {
            "sharer_id": sharer,
            "receiver_id": pd.array([pd.NA] * count, dtype="Int64"),
            "what": "post",
            "post_id": posts.post_id.to_numpy()[post],
            "shared": at,
            "opened": np.where(opened, at + (20 + random.exponential(9000, count)).astype(np.int64) * ONE, NEVER),
            "joined": False,
        }
    )
