"""The social half of the season: grown on the tables that stand, with random numbers of its own.

Rows are added to customers, orders and refunds (source "social", members of the social shop);
what was there before stays as it is. New tables: follows, shares, group_deals, post_segments,
touchpoints, spend, experiments, experiment_plans, tickets, shop_visits.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from liveshop.world.rooms import record as aftermath
from liveshop.world import catalogue, draws, people as persons
from liveshop.world.shop import posts as content, outreach, purchases, ties, trials, visits
from liveshop.world.shop.members import DAY, SEGMENTS, grow as grow_members, seconds_of_day
from liveshop.world.rooms.plan import DAYS, END, START
from liveshop.world.shop.ties import ONE, moments

FIRST_ORDER = 500_001
POSTED = 0.15  # share of members' orders that are attributed to a post


def grow(plan, night, parameters, seed, people, tables, share, truth=False):
    """Add the social half to the tables of a season; `share` is its size against the full one.

    Returns (tables, facts): facts is empty unless `truth`.
    """
    tables = dict(tables)
    customers = tables["customers"]
    seen = np.unique(
        np.concatenate([tables["viewer_sessions"].viewer_id.unique(), tables["shelf_sessions"].viewer_id.unique()])
    )
    members, invitations, strangers = grow_members(parameters, seed, people, customers, seen, share)

    # orders by own rates, group deals, coupons
    base, asked = purchases.buy(parameters, seed, members)
    deals, deal_invites, dealt = purchases.deals(parameters, seed, members, base)
    own = base.assign(money=purchases.aims(parameters, seed, members, base), deal=-1)
    random = draws.generator(seed, "deal baskets")
    dealt = dealt.assign(number=-1, money=members.basket[dealt.member] * np.exp(0.3 * random.normal(size=len(dealt))))
    orders = pd.concat([own, dealt], ignore_index=True).assign(coupon=None)
    orders["coupon"] = orders.coupon.astype(object)
    product = _deal_products(seed, plan, deals)
    orders["key"] = np.arange(len(orders))
    lines = purchases.lines(parameters, seed, plan, members, orders)
    lines = _deal_lines(plan, orders, lines, product).rename(columns={"order": "key"})
    aim = orders.money.mean()
    orders["money"] = lines.groupby("key").paid_amount.sum().reindex(orders.key).to_numpy()
    worth = members.basket * orders.money.mean() / aim
    sendings = []
    for name, day, randomised in purchases.COUPONS:
        orders, sending = purchases.send(parameters, seed, members, orders, name, day, randomised, worth)
        sendings.append(sending)
        new = orders.key.isna().to_numpy()
        orders["key"] = orders.key.where(~new, len(orders) * 2 + lines.key.max() + 1 + np.arange(len(orders))).astype(
            "int64"
        )
        if new.any():
            added = orders[new].reset_index(drop=True)
            more = purchases.lines(parameters, seed, plan, members, added, name)
            more["key"] = added.key.to_numpy()[more["order"]]
            lines = pd.concat([lines, more.drop(columns="order")], ignore_index=True)
            orders["money"] = lines.groupby("key").paid_amount.sum().reindex(orders.key).to_numpy()

    frame = _order_frame(parameters, seed, members, orders, lines, tables["posts"])
    ids = frame.drop_duplicates("key")[frame.drop_duplicates("key").is_paid].set_index("key").order_id
    orders["order_id"] = orders.key.map(ids)
    tables["orders"], tables["refunds"] = _join_orders(plan, parameters, seed, tables, frame, members)
    tables["customers"] = _join_customers(seed, members, customers)
    deals["group_deal_id"] = [f"G{i:05d}" for i in range(1, len(deals) + 1)]
    deals["product_id"] = plan.products.product_id.to_numpy()[product]
    tables["group_deals"] = _deal_table(members, deals)

    firsts = (
        tables["orders"][tables["orders"].paid.notna()].drop_duplicates("customer_id").set_index("customer_id").order_id
    )
    of_deal = orders[orders.deal >= 0].set_index(["deal", "member"]).order_id.to_dict()
    shares = ties.shares(
        seed,
        members,
        invitations,
        deals,
        deal_invites,
        tables["customers"],
        tables,
        firsts,
        of_deal,
        strangers,
        _room_shares(night, seed, tables, people),
        plan.products.product_id.to_numpy(dtype=object),
    )
    tables["shares"] = shares
    tables["follows"] = ties.follows(seed, members, tables["customers"])
    tables["post_segments"] = content.post_segments(parameters, seed, tables["posts"])
    alone = tables["orders"][
        (tables["orders"].source == "social")
        & tables["orders"].paid.notna()
        & tables["orders"].customer_id.isin(members.number)
    ].drop_duplicates("order_id")
    alone = alone[
        ~alone.order_id.isin(orders.order_id[orders.deal >= 0]) & (alone.order_id.str[1:].astype(int) >= FIRST_ORDER)
    ]
    tables["shop_visits"] = visits.shop_visits(parameters, seed, members, alone)
    tables["tickets"] = _tickets(parameters, seed, members, orders, asked, tables)
    _outcomes(members, sendings, tables["orders"])
    tables["experiments"], tables["experiment_plans"], effects = trials.tables_of(
        seed, members, sendings, customers, tables, share
    )
    tables["touchpoints"] = outreach.touchpoints(seed, members, tables)
    tables["spend"] = outreach.spend(parameters, seed, members, tables)

    from liveshop.world.storage import columns

    tables = {
        name: frame if name == "truth" else frame[columns(name)].reset_index(drop=True)
        for name, frame in tables.items()
    }
    facts = {}
    if truth:
        from liveshop.world.truths.shop import truths

        facts = truths(parameters, seed, members, invitations, base, asked, deals, sendings, effects, tables)
    return tables, facts


def _deal_products(seed, plan, deals):
    """One product a deal, in proportion to appeal, among those launched when it opened."""
    launched = (plan.products.launched - START).dt.days.to_numpy()
    weight = plan.products.true_appeal.to_numpy() * (launched[None, :] < (deals.opened.to_numpy() // DAY)[:, None])
    total = np.cumsum(weight, axis=1)
    u = draws.uniform(seed, "deal product", np.arange(len(deals), dtype=np.uint64)) * total[:, -1]
    return np.minimum((total < u[:, None]).sum(axis=1), len(launched) - 1)


def _deal_lines(plan, orders, lines, product):
    """A group deal sells one piece of its product at a fifth off."""
    deal = orders.deal.to_numpy()[lines["order"]]
    mine = deal >= 0
    price = plan.products.list_price.to_numpy()
    lines.loc[mine, "product"] = product[deal[mine]]
    lines.loc[mine, "quantity"] = 1
    lines.loc[mine, "list_amount"] = price[product[deal[mine]]]
    lines.loc[mine, "paid_amount"] = np.round(price[product[deal[mine]]] * 0.8 * 2) / 2
    return lines


def _order_frame(parameters, seed, members, orders, lines, posts):
    """Order lines of the members with ids, times, coupons, posts; failed first attempts are unpaid orders of their own."""
    random = draws.generator(seed, "social orders")
    flat = lines.merge(orders[["key", "member", "at", "deal", "coupon"]], on="key").sort_values(
        ["at", "key", "line_no"], kind="stable", ignore_index=True
    )
    # the coupon comes off the dearest line
    used = flat[flat.coupon.notna()]
    dearest = used.loc[used.groupby("key").paid_amount.idxmax()].index
    flat.loc[dearest, "paid_amount"] -= parameters.coupon.face
    flat["is_paid"] = True
    head = flat.drop_duplicates("key")
    published = posts.published.to_numpy().astype("datetime64[s]")
    at = moments(head["at"])
    place = np.searchsorted(published, at) - 1 - random.integers(0, 20, len(head))
    ok = (random.random(len(head)) < POSTED) & (place >= 0) & (head.deal < 0).to_numpy() & head.coupon.isna().to_numpy()
    ok &= at - published[np.maximum(place, 0)] < np.timedelta64(4 * DAY, "s")
    post = pd.Series(np.where(ok, posts.post_id.to_numpy(dtype=object)[np.maximum(place, 0)], None), index=head.key)
    flat["post_id"] = flat.key.map(post)
    pause = pd.Series(aftermath.paying_seconds(random.random(len(head))), index=head.key)
    flat["pause"] = flat.key.map(pause)
    # some attempts fail and are repeated at once
    failed = head.key[(random.random(len(head)) < parameters.refund.unpaid) & (head.deal < 0).to_numpy()]
    again = flat[flat.key.isin(failed)].assign(is_paid=False, key=lambda d: d.key + 10**9, at=lambda d: d["at"] - 110)
    flat = pd.concat([flat, again], ignore_index=True).sort_values(
        ["at", "key", "line_no"], kind="stable", ignore_index=True
    )
    flat["order_id"] = "O" + (flat.groupby("key", sort=False).ngroup() + FIRST_ORDER).astype(str)
    flat["coupon_id"] = flat.coupon
    flat["created"] = moments(flat["at"])
    flat["paid"] = (flat.created + pd.to_timedelta(flat.pause, unit="s")).where(flat.is_paid)
    flat["channel"] = np.where(flat.deal >= 0, catalogue.CHANNEL_IDS.index("group_deal"), members.channel[flat.member])
    return flat


def _join_orders(plan, parameters, seed, tables, flat, members):
    """Orders and refunds with those of the members added; rows that stand keep their values and their order."""
    names = np.array(catalogue.CHANNEL_IDS, dtype=object)
    flat = flat.assign(
        source="social",
        product_id=plan.products.product_id.to_numpy(dtype=object)[flat["product"]],
        channel_id=names[flat.channel],
        customer_id=members.number[flat.member],
        stream_id=None,
        session_id=pd.array([pd.NA] * len(flat), dtype="Int64"),
    )
    old = tables["orders"]
    orders = pd.concat([old, flat[list(old.columns)]], ignore_index=True).sort_values(
        "created", kind="stable", ignore_index=True
    )
    refunds = pd.concat([tables["refunds"], aftermath._refunds(plan, parameters, seed, flat)], ignore_index=True)
    return orders, refunds.sort_values(["refunded", "order_id", "line_no"], kind="stable", ignore_index=True)


def _join_customers(seed, members, customers):
    """Customers with the new members added, and the time since when a person is a member."""
    new = np.flatnonzero(~members.known)
    identity = members.number[new].astype(np.uint64)
    pick = lambda purpose, options, shares: np.array(options, dtype=object)[
        draws.choice(draws.uniform(seed, "member " + purpose, identity), np.array(shares))
    ]
    inviter = members.inviter[new]
    referrer = pd.array(np.where(inviter >= 0, members.number[inviter], 0), dtype="Int64")
    referrer[inviter < 0] = pd.NA
    frame = pd.DataFrame(
        {
            "customer_id": members.number[new],
            "joined": moments(members.signed[new]),
            "route": members.route[new],
            "referrer_id": referrer,
            "city": pick("city", persons.CITIES, 1 / np.arange(1, 21) ** 0.7),
            "age_band": pick("age", persons.AGE_BANDS, [0.27, 0.42, 0.21, 0.10]),
            "sex": pick("sex", ["female", "male", "unknown"], [0.76, 0.17, 0.07]),
            "channel_id": np.array(catalogue.CHANNEL_IDS, dtype=object)[members.channel[new]],
            "segment": np.array(SEGMENTS, dtype=object)[members.segment[new]],
        }
    )
    since = pd.Series(moments(members.signed), index=members.number)
    both = pd.concat([customers, frame], ignore_index=True)
    both["member_since"] = both.customer_id.map(since)
    return both.sort_values("customer_id", ignore_index=True)


def _deal_table(members, deals):
    return pd.DataFrame(
        {
            "group_deal_id": deals.group_deal_id,
            "opener_id": members.number[deals.opener],
            "product_id": deals.product_id,
            "size": deals["size"],
            "reward": deals.reward,
            "opened": moments(deals.opened),
            "limit_hours": deals.limit_hours,
            "joined": deals.joined,
            "filled": pd.Series(moments(np.maximum(deals.filled, 0))).where(deals.filled >= 0),
        }
    )


def _room_shares(night, seed, tables, people):
    """The shares in rooms, one row each, at the seconds at which stream_minutes counts them."""
    sessions = tables["viewer_sessions"]
    count = sessions.shares.to_numpy()
    session, second = aftermath._scatter(seed, "share second", night.identity, count, night.entered, night.watch)
    started = (
        sessions.stream_id.map(tables["streams"].set_index("stream_id").started).to_numpy().astype("datetime64[s]")
    )
    inside = second - night.entered[session] + sessions.entered_second.to_numpy()[session]
    return pd.DataFrame(
        {
            "sharer_id": sessions.viewer_id.to_numpy()[session].astype(np.int64),
            "stream_id": sessions.stream_id.to_numpy()[session],
            "shared": started[session] + inside.astype(np.int64) * ONE,
        }
    )


def _tickets(parameters, seed, members, orders, asked, tables):
    """Contacts with service: about members' orders, about other orders, and questions before a purchase."""
    kept = orders[orders.number >= 0]
    own = asked.merge(kept[["member", "number", "order_id"]], on=["member", "number"])
    parts = [
        pd.DataFrame(
            {
                "customer_id": members.number[own.member],
                "order_id": own.order_id,
                "opened": own.opened,
                "topic": own.topic,
                "wait": own.wait,
            }
        )
    ]
    others = tables["orders"]
    others = others[(others.source != "social") & others.paid.notna()].drop_duplicates("order_id")
    code = others.order_id.str[1:].astype("int64").to_numpy().astype(np.uint64)
    some = draws.uniform(seed, "other ticket", code) < 0.16
    others, code = others[some], code[some]
    created = (others.created.to_numpy().astype("datetime64[s]") - moments(0)).astype(np.int64)
    day = (created + 2.0 * DAY * draws.exponential(seed, "other ticket day", code)).astype(np.int64) // DAY
    opened = np.maximum(day * DAY + seconds_of_day(seed, "other ticket hour", code), created + 300)
    topic = purchases.ticket_topic(seed, code, np.full(len(code), 7001))
    wait = purchases.wait_minutes(parameters, seed, code, np.full(len(code), 7001), opened // 3600 % 24, topic, False)
    parts.append(
        pd.DataFrame(
            {
                "customer_id": others.customer_id.to_numpy(),
                "order_id": others.order_id.to_numpy(),
                "opened": opened,
                "topic": topic,
                "wait": wait,
            }
        )
    )
    # questions before a purchase
    random = draws.generator(seed, "questions")
    count = max(5, int(0.12 * sum(map(len, parts))))
    person = tables["customers"].iloc[random.integers(0, len(tables["customers"]), count)]
    joined = np.maximum((person.joined.to_numpy().astype("datetime64[s]") - moments(0)).astype(np.int64), 0)
    opened = joined + (random.random(count) * (DAYS * DAY - joined)).astype(np.int64)
    opened = np.maximum(
        opened // DAY * DAY + seconds_of_day(seed, "question hour", np.arange(count, dtype=np.uint64)), joined
    )
    number = np.arange(count, dtype=np.uint64)
    topic = np.full(count, purchases.TICKET_TOPICS.index("product"))
    wait = purchases.wait_minutes(parameters, seed, number, np.full(count, 7002), opened // 3600 % 24, topic, False)
    parts.append(
        pd.DataFrame(
            {
                "customer_id": person.customer_id.to_numpy(),
                "order_id": None,
                "opened": opened,
                "topic": topic,
                "wait": wait,
            }
        )
    )
    frame = pd.concat(parts, ignore_index=True).sort_values(["opened", "customer_id"], kind="stable", ignore_index=True)
    frame = frame[frame.opened < DAYS * DAY].reset_index(drop=True)
    number = np.arange(len(frame), dtype=np.uint64)
    answered = frame.opened + np.maximum(np.rint(frame.wait * 60), 5).astype(np.int64)
    mood = (
        4.75
        - 0.62 * np.log1p(frame.wait / 6)
        - 1.2 * (frame.topic == purchases.COMPLAINT)
        + 0.85 * draws.normal(seed, "rating", number)
    )
    told = (draws.uniform(seed, "rates", number) < 0.42) & (answered < DAYS * DAY)
    rating = pd.array(np.clip(np.rint(mood), 1, 5).astype(np.int64), dtype="Int64")
    rating[~told.to_numpy()] = pd.NA
    return pd.DataFrame(
        {
            "ticket_id": np.arange(1, len(frame) + 1),
            "customer_id": frame.customer_id,
            "order_id": frame.order_id,
            "opened": moments(frame.opened),
            "answered": pd.Series(moments(answered)).where(answered < DAYS * DAY),
            "topic": np.array(purchases.TICKET_TOPICS, dtype=object)[frame.topic],
            "rating": rating,
        }
    )


def _outcomes(members, sendings, orders):
    """Orders before and after each sending, and money after it, from the finished order lines."""
    paid = orders[(orders.source == "social") & orders.paid.notna() & orders.customer_id.isin(members.number)]
    who = pd.Series(np.arange(len(members)), index=members.number)[paid.customer_id].to_numpy()
    day = (paid.created.to_numpy().astype("datetime64[s]") - moments(0)).astype(np.int64) / DAY
    head = ~paid.duplicated("order_id").to_numpy()
    money = paid.paid_amount.to_numpy()
    for s in sendings:
        after, before = (
            (day >= s.day) & (day < s.day + 7 * purchases.WEEKS_OF_COUPON),
            (day >= s.day - 56) & (day < s.day),
        )
        s.outcome = np.bincount(who[after & head], minlength=len(members))[s.unit]
        s.before = np.bincount(who[before & head], minlength=len(members))[s.unit]
        s.money = np.bincount(who[after], money[after], minlength=len(members))[s.unit]
