"""Growing users: who is active, who invites whom, who comes again, and what recommenders find."""

import pandas as pd

from liveshop.course.chapter_6.samples.orders import DAY, WEEK, member_orders, members
from liveshop.methods import growth, recommend
from liveshop.tables.memory import once_per_tables


@once_per_tables
def order_times(tables):
    """customer_id and created of each of the members' orders: an order, not its lines."""
    return member_orders(tables).drop_duplicates("order_id")[["customer_id", "created"]]


def span(tables):
    """The morning of the first order and the moment of the last."""
    return order_times(tables).created.min().normalize(), order_times(tables).created.max()


@once_per_tables
def first_orders(tables):
    """Moment of the first order by customer_id."""
    return order_times(tables).groupby("customer_id").created.min().rename("first_order")


@once_per_tables
def whole_months(tables):
    """order_times without a last month that is unfinished: it would count its missing days as losses."""
    orders = order_times(tables)
    return orders[orders.created.dt.to_period("M") < (span(tables)[1] + DAY).to_period("M")]


def back_later(tables, month):
    """Of those who ordered in the month before and not in this one (1 to 12), the share who ordered again later."""
    month_of = order_times(tables).created.dt.month
    bought = order_times(tables).customer_id.groupby(month_of).agg(set)
    lost = bought[month - 1] - bought[month]
    return len(lost & set().union(*bought[bought.index > month])) / len(lost)


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


def friends_of_the_uninvited(tables):
    """Friends who signed up within thirteen weeks through each ripe member who came by herself: their mean is K."""
    ripe, invited_by = ripe_members(tables), members(tables).referrer_id
    return friends_within(tables, ripe[invited_by.loc[ripe].isna()], 91)


def harvest(tables):
    """The invitations that ripe members sent in their first ripe_days."""
    sent = invitations(tables)
    return sent[sent.sharer_id.isin(ripe_members(tables)) & (sent.wait <= ripe_days(tables))]


@once_per_tables
def k_counts(tables):
    """K by three counts: of all members, of those old enough, and of those only who invited (the common error)."""
    sent, ripe, reaped, days = invitations(tables), ripe_members(tables), harvest(tables), ripe_days(tables)
    table = pd.DataFrame({
        "users": [len(members(tables)), len(ripe), sent.sharer_id.nunique()],
        "invitations": [len(sent), len(reaped), len(sent)],
        "sign-ups": [sent.came.sum(), (reaped.days <= days).sum(), sent.came.sum()],
    }, index=["all members, to date", f"members of {days} days or more", "only those who invited"])
    table["K"] = [growth.k_factor(*row) for row in table.itertuples(index=False)]
    return table.assign(multiplier=growth.viral_multiplier(table.K.clip(upper=0.99)))


@once_per_tables
def buyers(tables, whole=True):
    """Members with their first order, and what they ordered in the window after it: 56 days, less in a short history.

    further (orders after the first), again (1.0 with at least one), invited, month of the first order. whole=False
    takes in those whose window was not over at the end.
    """
    (begin, end), first = span(tables), first_orders(tables)
    window = min(8 * WEEK, (end - begin) / 3)
    later = order_times(tables).join(first, on="customer_id")
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


RECOMMENDERS = {
    "best sellers of the season": recommend.popularity,
    "item neighbours": recommend.item_neighbours,
    "matrix factorisation": lambda train: recommend.factorise(train, min(8, train.product_id.nunique() - 1)),
    "best sellers of the last week": lambda train: recommend.popularity(train, days=7),
}


@once_per_tables
def hit_rates(tables):
    """Hit rate at 10 of each recommender, of customers with a history: on a random fifth and on the last fortnight."""
    events, last = member_orders(tables)[["customer_id", "product_id", "created"]], span(tables)[1]
    splits = {"random split": recommend.random_split(events, 0.2),
              "time split": recommend.time_split(events, (last + DAY).normalize() - 2 * WEEK)}
    return pd.DataFrame({
        split: {name: recommend.hit_rate(fit(train), test, 10, known_only=True).rate
                for name, fit in RECOMMENDERS.items()}
        for split, (train, test) in splits.items()
    })
