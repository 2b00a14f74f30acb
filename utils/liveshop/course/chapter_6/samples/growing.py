"""Growing users: who is active, who invites whom, who comes again, and among whom they are compared."""

import pandas as pd

from liveshop.course.chapter_6.samples.orders import DAY, WEEK, member_orders, members
from liveshop.tables.memory import once_per_tables


@once_per_tables
def order_times(tables):
    """customer_id and created of each of the members' orders: an order, not its lines."""
    return member_orders(tables).drop_duplicates("order_id")[["customer_id", "created"]]


def span(tables):
    """The morning of the first order and the moment of the last."""
    return order_times(tables).created.min().normalize(), order_times(tables).created.max()


def last_fortnight(tables):
    """The morning on which the last fortnight begins."""
    return (span(tables)[1] + DAY).normalize() - 2 * WEEK


@once_per_tables
def invitations(tables):
    """Shares by members: came (the receiver became a member), wait and days from the sharer's sign-up.

    wait: days until she shared; days: until the friend signed up, missing if she did not. Where the table says
    what was shared, only invitations to the shop: rooms, posts and deals are other stories.
    """
    since = members(tables).since
    sent = tables.shares[tables.shares.sharer_id.isin(since.index)]
    if "what" in sent and (sent.what == "product").any():
        sent = sent[sent.what == "product"]
    return sent.assign(
        came=sent.joined.fillna(False).astype(bool) & sent.receiver_id.isin(since.index),
        days=lambda d: (d.receiver_id.map(since).where(d.came) - d.sharer_id.map(since)).dt.total_seconds() / 86400,
        wait=lambda d: (d.shared - d.sharer_id.map(since)).dt.total_seconds() / 86400,
    )


def ripe_days(tables):
    """Days after which a member's invitations are counted: thirteen weeks, or half of a short history."""
    begin, end = span(tables)
    return min(91, ((end - begin).days + 1) // 2)


def ripe_members(tables):
    """Ids of the members who signed up in these weeks and have been there for ripe_days."""
    begin, end = span(tables)
    since = members(tables).since
    return since.index[since.between(begin, end - ripe_days(tables) * DAY)]


def young_members(tables):
    """Ids of the members of the last eight weeks."""
    since = members(tables).since
    return since.index[since > span(tables)[1] - 8 * WEEK]


def friends_within(tables, who, days):
    """How many friends signed up through each of these members within so many days of her own sign-up."""
    sent = invitations(tables)
    return sent.sharer_id[sent.days <= days].value_counts().reindex(who, fill_value=0)


@once_per_tables
def buyers(tables, whole=True):
    """Members with their first order, and what they ordered in the window after it: 56 days, less in a short history.

    further (orders after the first), again (1.0 with at least one), invited, month of the first order. whole=False
    takes in those whose window was not over at the end.
    """
    orders, (begin, end) = order_times(tables), span(tables)
    first, window = orders.groupby("customer_id").created.min().rename("first_order"), min(8 * WEEK, (end - begin) / 3)
    later = orders.join(first, on="customer_id")
    later = later[(later.created > later.first_order) & (later.created <= later.first_order + window)]
    found = members(tables).join(first, how="inner")
    found = found[(found.since >= begin) & (found.first_order <= (end - window if whole else end))]
    return found.assign(
        further=lambda d: later.groupby("customer_id").size().reindex(d.index, fill_value=0),
        again=lambda d: (d.further > 0).astype(float),
        invited=lambda d: d.referrer_id.notna(),
        month=lambda d: d.first_order.dt.strftime("%Y-%m"),
    )


@once_per_tables
def contacts(tables):
    """Who is in contact with whom, in either direction: friend, contact."""
    ties = tables.follows[["follower_id", "followed_id"]]
    both = ties.set_axis(["friend", "contact"], axis=1), ties.set_axis(["contact", "friend"], axis=1)
    return pd.concat(both).drop_duplicates()


@once_per_tables
def contacts_of_contacts(tables):
    """One step too far, for every friend who invited a buyer: her contacts' contacts who are none of her own."""
    ties, found = contacts(tables), buyers(tables)
    near = ties[ties.friend.isin(found.referrer_id.dropna())]
    far = near.merge(ties.set_axis(["contact", "far"], axis=1), on="contact").query("far != friend")
    far = far[["friend", "far"]].drop_duplicates().set_axis(["friend", "contact"], axis=1)
    return far[~pd.MultiIndex.from_frame(far).isin(pd.MultiIndex.from_frame(near))]


def circles(found, ties):
    """Invited buyers (friend: who invited) and, around each friend, those of her ties who came by themselves."""
    guests = found[found.invited].assign(friend=lambda d: d.referrer_id)
    hosts = ties[ties.friend.isin(guests.friend)].merge(found[~found.invited], left_on="contact", right_index=True)
    rows = pd.concat([guests, hosts])[["friend", "invited", "again", "further"]]
    return rows.assign(friend=lambda d: d.friend.astype(str))
