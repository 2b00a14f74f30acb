"""The members' orders as rows of the tables orders and refunds."""

from __future__ import annotations

import numpy as np
import pandas as pd

from liveshop.world import catalogue, draws
from liveshop.world.calendar import DAY, moments
from liveshop.world.orders import paying_seconds, refunds

FIRST_ORDER = 500_001
POSTED = 0.15  # share of members' orders that are attributed to a post


def order_lines(parameters, seed, members, orders, lines, posts):
    """Order lines of the members with ids, times, coupons, posts; failed first attempts are unpaid orders."""
    random = draws.generator(seed, "social orders")
    flat = lines.merge(orders[["key", "member", "at", "deal", "coupon"]], on="key")
    flat = flat.sort_values(["at", "key", "line_no"], kind="stable", ignore_index=True)
    # the coupon comes off the dearest line
    used = flat[flat.coupon.notna()]
    dearest = used.loc[used.groupby("key").paid_amount.idxmax()].index
    flat.loc[dearest, "paid_amount"] -= parameters.coupon.face
    head = flat.drop_duplicates("key")
    own = (head.deal < 0).to_numpy()
    post = _posts(random, posts, moments(head["at"]), own & head.coupon.isna().to_numpy())
    flat["post_id"] = flat.key.map(pd.Series(post, index=head.key))
    flat["pause"] = flat.key.map(pd.Series(paying_seconds(random.random(len(head))), index=head.key))
    # some attempts fail and are repeated at once
    failed = head.key[(random.random(len(head)) < parameters.refund.unpaid) & own]
    again = flat[flat.key.isin(failed)]
    again = again.assign(is_paid=False, key=again.key + 10**9, at=again["at"] - 110)
    flat = pd.concat([flat.assign(is_paid=True), again], ignore_index=True)
    flat = flat.sort_values(["at", "key", "line_no"], kind="stable", ignore_index=True)
    created = pd.Series(moments(flat["at"]))
    channel = np.where(flat.deal >= 0, catalogue.CHANNEL_IDS.index("group_deal"), members.channel[flat.member])
    return flat.assign(
        order_id="O" + (flat.groupby("key", sort=False).ngroup() + FIRST_ORDER).astype(str),
        coupon_id=flat.coupon,
        created=created,
        paid=(created + pd.to_timedelta(flat.pause, unit="s")).where(flat.is_paid),
        channel=channel,
    )


def _posts(random, posts, at, possible):
    """Post to which each order at a time is attributed, or None: one of the last days."""
    published = posts.published.to_numpy().astype("datetime64[s]")
    place = np.searchsorted(published, at) - 1 - random.integers(0, 20, len(at))
    there = np.maximum(place, 0)
    posted = (random.random(len(at)) < POSTED) & possible & (place >= 0)
    posted &= at - published[there] < np.timedelta64(4 * DAY, "s")
    return np.where(posted, posts.post_id.to_numpy(dtype=object)[there], None)


def order_ids(orders, lines):
    """Id of the paid order of each key."""
    head = lines.drop_duplicates("key")
    return orders.key.map(head[head.is_paid].set_index("key").order_id)


def joined(plan, parameters, seed, tables, members, lines):
    """The tables orders and refunds with the members' added; rows that stand keep their values and their order."""
    lines = lines.assign(
        source="social",
        product_id=plan.product_ids[lines["product"]],
        channel_id=catalogue.CHANNEL_NAMES[lines.channel],
        customer_id=members.number[lines.member],
        stream_id=None,
        session_id=pd.array([pd.NA] * len(lines), dtype="Int64"),
    )
    old = tables["orders"]
    orders = pd.concat([old, lines[list(old.columns)]], ignore_index=True)
    back = pd.concat([tables["refunds"], refunds(plan, parameters, seed, lines)], ignore_index=True)
    return (
        orders.sort_values("created", kind="stable", ignore_index=True),
        back.sort_values(["refunded", "order_id", "line_no"], kind="stable", ignore_index=True),
    )


def own_orders(tables, members, orders):
    """First lines of the paid orders that members placed by themselves, not through a group deal."""
    paid = tables["orders"][tables["orders"].paid.notna()]
    paid = paid[(paid.source == "social") & paid.customer_id.isin(members.number)].drop_duplicates("order_id")
    dealt = paid.order_id.isin(orders.order_id[orders.deal >= 0])
    return paid[~dealt & (paid.order_id.str[1:].astype(int) >= FIRST_ORDER)]
