"""Growing users: who is active, who invites whom, who comes again, and among whom they are compared."""

import numpy as np
import pandas as pd

from liveshop.course.chapter_6.samples.orders import DAY, WEEK, member_orders, members
from liveshop.methods import recommend
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


def first_fortnight(tables):
    """Members with ten weeks behind them: early (orders in their first fortnight, 2 for more), soon (the first within a
    week), again (1.0 with an order in the eight weeks after the fortnight), and who they are."""
    orders, known = order_times(tables), members(tables)
    watched = known[known.since <= span(tables)[1] - 10 * WEEK]
    age = orders.created - orders.customer_id.map(watched.since)
    early, later = orders[age <= 2 * WEEK], orders[(age > 2 * WEEK) & (age <= 10 * WEEK)]
    return watched.assign(
        early=early.customer_id.value_counts().reindex(watched.index, fill_value=0).clip(upper=2),
        soon=watched.index.isin(orders.customer_id[age <= WEEK]),
        again=watched.index.isin(later.customer_id).astype(float),
    )


@once_per_tables
def twice_by_route(tables):
    """By route, of the firm's customers of the season up to ten weeks before its end: new, again (a second order within
    56 days of the first), share, amount (yuan that finance books for winning them), each (yuan a customer with two)."""
    end = span(tables)[1]
    costs = tables.acquisition_costs[lambda d: d.week + WEEK <= end - 10 * WEEK]
    new = tables.customers[lambda d: d.joined.between(costs.week.min(), costs.week.max() + WEEK, inclusive="left")]
    orders = tables.orders[tables.orders.paid.notna()].drop_duplicates("order_id")[["customer_id", "created"]]
    first = orders.customer_id.map(orders.groupby("customer_id").created.min())
    twice = orders.customer_id[(orders.created > first) & (orders.created <= first + 8 * WEEK)]
    found = new.assign(again=new.customer_id.isin(twice)).groupby("route").again.agg(["size", "sum", "mean"])
    return found.set_axis(["new", "again", "share"], axis=1).assign(
        amount=costs.groupby("route").amount.sum(), each=lambda d: d.amount / d.again)


def lost_members(tables, month):
    """Ids of the members who ordered in the month before this one ("2025-05") and not in it."""
    orders, now = order_times(tables), pd.Period(month)
    months = orders.created.dt.to_period("M")
    return pd.Index(orders.customer_id[months == now - 1].unique()).difference(orders.customer_id[months == now])


def leading_inviters(tables, days=14, share=0.05):
    """Who leads in friends brought is chosen on the first days and judged on the rest: the parts of all sign-ups that
    the ripe members with the most friends in their first days brought, (in these days, in the days after)."""
    ripe = ripe_members(tables)
    first = friends_within(tables, ripe, days)
    later = friends_within(tables, ripe, ripe_days(tables)) - first
    leaders = first.nlargest(int(len(ripe) * share)).index
    return first[leaders].sum() / first.sum(), later[leaders].sum() / later.sum()


@once_per_tables
def ripening(tables):
    """K by the days since a member's own sign-up, of ripe members: k, with the half of its 95 % interval."""
    ripe, days = ripe_members(tables), range(ripe_days(tables) + 1)
    friends = np.array([friends_within(tables, ripe, day) for day in days])
    return pd.DataFrame({"k": friends.mean(axis=1), "half": 1.96 * friends.std(axis=1) / np.sqrt(len(ripe))}, days)


@once_per_tables
def generations(tables):
    """Generation of each member in its chain: 0 came by herself, 1 through her, and so on."""
    referrer = members(tables).referrer_id
    referrer = referrer.where(referrer.isin(referrer.index))
    generation, above = pd.Series(0, referrer.index), referrer
    while above.notna().any():
        generation += above.notna()
        above = above.map(referrer)
    return generation


@once_per_tables
def staying(tables):
    """Share of the members of these weeks who are active 0, 1, 2 … weeks after signing up: an order lasts 28 days."""
    (begin, end), orders, known = span(tables), order_times(tables), members(tables)
    weeks = weeks_of(tables)
    here = known[known.since >= begin]
    old = (end - here.since) / WEEK
    week = np.ceil(((orders.created - orders.customer_id.map(known.since)) / WEEK).clip(lower=0))
    active = pd.concat([orders[["customer_id"]].assign(week=week + later) for later in range(4)]).drop_duplicates()
    active = active[active.week <= active.customer_id.map(old)]
    at_risk = np.array([(old >= week).sum() for week in range(weeks)])
    return (active.groupby("week").size().reindex(range(weeks), fill_value=0) / at_risk).to_numpy()


def weeks_of(tables):
    """Weeks that the orders cover, 26 at most."""
    begin, end = span(tables)
    return min(26, round((end - begin) / WEEK))


def growth_rates(tables):
    """The five rates of the growth model, as keywords of ``growth.growth_path`` from an empty shop."""
    begin, _ = span(tables)
    sent, ripe, weeks = invitations(tables), ripe_members(tables), weeks_of(tables)
    here = members(tables)[lambda d: d.since >= begin]
    harvest = sent[sent.sharer_id.isin(ripe) & (sent.wait <= ripe_days(tables))]
    came = harvest.days[harvest.days <= ripe_days(tables)]
    return {"start": 0, "arrivals": (~here.index.isin(sent.receiver_id[sent.came])).sum() / weeks,
            "invites": len(harvest) / len(ripe), "acceptance": len(came) / len(harvest),
            "cycle_days": round(came.mean()), "retention": staying(tables), "weeks": weeks}


def active_now(tables):
    """How many of the members of these weeks ordered in the last 28 days: what the growth model has to give."""
    (begin, end), orders = span(tables), order_times(tables)
    here = members(tables)[lambda d: d.since >= begin]
    return int(here.index.isin(orders.customer_id[orders.created > end - 28 * DAY]).sum())


def referrers_to_review(tables):
    """Referrers with three or more sign-ups: signups, bought (an order within 28 days), and the chance of so few.

    The chance is binomial, with the share of all invited members of these weeks who ordered within 28 days of signing
    up (attrs: house_share); smallest first.
    """
    from scipy.stats import binom

    (begin, end), known = span(tables), members(tables)
    invited = known[known.referrer_id.notna() & known.since.between(begin, end - 28 * DAY)]
    first = order_times(tables).groupby("customer_id").created.min()
    bought = first.reindex(invited.index) - invited.since <= 28 * DAY
    found = bought.groupby(invited.referrer_id).agg(["size", "sum"]).set_axis(["signups", "bought"], axis=1)
    found = found[found.signups >= 3].assign(chance=lambda d: binom.cdf(d.bought, d.signups, bought.mean()))
    found.attrs["house_share"] = bought.mean()
    return found.sort_values("chance")


def recommenders(days=None):
    """Three recommenders as functions of what they learn from; days: from the last so many days of it only."""
    return {
        "best sellers": lambda train: recommend.popularity(train, days=days),
        "item neighbours": lambda train: recommend.item_neighbours(train, days=days),
        "matrix factorisation": lambda train: recommend.factorise(train, min(8, train.product_id.nunique() - 1),
                                                                  days=days),
    }


def hits_by_window(events, at, days=(3, 7, 14, 28, 56, None)):
    """Hit rates at 10 on the fortnight from ``at``, of customers with a history: recommender × days it learnt from."""
    train, test = recommend.time_split(events[events.created < pd.Timestamp(at) + 2 * WEEK], at)
    return pd.DataFrame({
        "all" if window is None else f"{window} days": {
            name: recommend.hit_rate(fit(train), test, 10, known_only=True).rate
            for name, fit in recommenders(window).items()}
        for window in days})
