"""Section 3.2: group deals, who accepted them, and K by the days that it was given."""

import numpy as np
import pandas as pd

from liveshop.course.chapter_6.samples import friends_within, invitations, members, ripe_members
from liveshop.methods import deals, growth
from liveshop.metrics import contribution
from liveshop.tables.memory import once_per_tables

DISCOUNT = 0.20             # of the list price, in a deal that fills
NIGHT = (22, 23, 0, 1, 2, 3, 4)     # hours of opening after which the first hours of a deal are asleep


@once_per_tables
def group_deals(tables):
    """The deals with wanted (friends needed), friends (who came), full, rewarded and night (opened from 22 to 5)."""
    return tables.group_deals.assign(
        wanted=lambda d: d["size"] - 1, friends=lambda d: d.joined - 1, full=lambda d: d.filled.notna(),
        rewarded=lambda d: (d.reward > 0).astype(int), night=lambda d: d.opened.dt.hour.isin(NIGHT).astype(int))


@once_per_tables
def accepted(tables):
    """One row an order that a friend placed in a deal: order_id, customer_id, new, given (CNY off the list price).

    new: the share says that she joined through it, or, where no share says so, she was first seen after it. A friend
    who got two links has one order: shares are not people.
    """
    sent = tables.shares[(tables.shares.what == "group_deal") & tables.shares.order_id.notna()]
    first = sent.groupby("order_id").agg(shared=("shared", "min"), customer_id=("receiver_id", "first"),
                                         joined=("joined", "max"))
    seen = first.customer_id.map(tables.customers.set_index("customer_id").joined)
    said = first.joined.notna()
    new = first.joined.fillna(False).astype(bool).where(said, seen.isna() | (seen >= first.shared))
    lines = tables.orders[tables.orders.order_id.isin(first.index) & tables.orders.paid.notna()]
    given = (lines.list_amount - lines.paid_amount).groupby(lines.order_id).sum()
    return first.assign(new=new, given=given, seen_later=seen >= first.shared).dropna(subset=["given"]).reset_index()


def rewards(tables):
    """CNY of rewards to friends in deals that filled."""
    full = group_deals(tables)[group_deals(tables).full]
    return float((full.reward * full.wanted).sum())


def terms(tables):
    """What `methods.deals.plan_deal` needs of a piece, from the friends' orders: price (of the list), discount, goods,
    refund_share and fee_share."""
    lines = tables.orders[tables.orders.order_id.isin(accepted(tables).order_id)]
    sums = contribution(lines, tables.refunds, tables.products, tables.channels).iloc[0]
    kept, pieces = sums.gmv - sums.refunded, lines.quantity.sum()
    back = sums.refunded / sums.gmv
    return {"price": lines.list_amount.sum() / pieces, "discount": 1 - sums.gmv / lines.list_amount.sum(),
            "goods": sums.goods / pieces / (1 - back), "refund_share": back, "fee_share": sums.fees / kept}


def plans(tables):
    """Rows to begin the planner with: each size and limit that was offered, without reward, at the usual price."""
    piece = terms(tables)
    offered = group_deals(tables).groupby(["size", "limit_hours"]).size().reset_index().head(24)
    names = [f"{size} persons, {hours} h" for size, hours in zip(offered["size"], offered.limit_hours, strict=True)]
    return pd.DataFrame({
        "deal": names, "size": offered["size"], "hours": offered.limit_hours, "reward": 0.0,
        "price": round(piece["price"]), "goods": round(piece["goods"])})


def by_limit(tables, factors=()):
    """Friends to expect until each time limit (`methods.deals.expected_acceptances`)."""
    return deals.expected_acceptances(group_deals(tables), "limit_hours", factors)


def varying(table, names):
    """Those of the columns that are there in more than one value: the others cannot tell anything."""
    return [name for name in names if table[name].nunique() > 1]


def fill_rates(tables):
    """One row a size and limit: deals, fill (share that filled), expected (chance by `by_limit`), one_rate (chance if
    the pace of the 24-hour deals, or of the middle limit, held in every hour)."""
    table = group_deals(tables).groupby(["size", "limit_hours"]).full.agg(deals="size", fill="mean").reset_index()
    friends = by_limit(tables).expected.expected
    middle = 24 if 24 in friends.index else friends.index[len(friends) // 2]
    hourly = friends[middle] / middle
    return table.assign(
        expected=[growth.arrivals_within(friends[h], k - 1, 1)
                  for k, h in zip(table["size"], table.limit_hours, strict=True)],
        one_rate=[growth.arrivals_within(hourly, k - 1, h)
                  for k, h in zip(table["size"], table.limit_hours, strict=True)])


def filling(tables, size=3, longest=24):
    """Share of the deals of one size that are full by each hour, among those that had at least ``longest`` hours."""
    some = group_deals(tables).query("size == @size and limit_hours >= @longest")
    waited = ((some.filled - some.opened).dt.total_seconds() / 3600).fillna(np.inf)
    return pd.Series({hour: (waited <= hour).mean() for hour in range(longest + 1)}, name="full")


def hourly_rates(tables, size=3, hours=24):
    """Three readings of one rate, friends an hour, for deals of one size and limit: per hour of the limit, per hour
    that a deal stood open, and the censored one; with the fill rate that each implies, and the real one."""
    some = group_deals(tables).query("size == @size and limit_hours == @hours")
    stood = ((some.filled - some.opened).dt.total_seconds() / 3600).fillna(some.limit_hours)
    censored = deals.expected_acceptances(some).expected.expected.iloc[0]
    rates = pd.Series({"friends per hour of the limit": some.friends.sum() / some.limit_hours.sum(),
                       "friends per hour that it stood open": some.friends.sum() / stood.sum(),
                       "full deals counted as “at least”": censored / hours})
    return pd.DataFrame({"rate": rates, "implied": growth.arrivals_within(rates.to_numpy(), size - 1, hours),
                         "real": some.full.mean()})


def reward_effect(tables):
    """What the coin says of the reward: one row a way, on the scale of a ratio less one, estimate, low, high.

    fill: ratio of the fill rates; counted: ratio of the friends in a deal, as counted; expected: ratio of friends to
    expect, with full deals counted as "at least". Raises ValueError when all deals have a reward, or none.
    """
    if group_deals(tables).rewarded.nunique() < 2:
        raise ValueError("Deals with and without a reward are needed: draw lots for it in half of them.")
    arms = group_deals(tables).groupby("rewarded")
    rows = {}
    for name, column in (("fill", "full"), ("counted", "friends")):
        mean, error = arms[column].mean(), arms[column].sem()
        spread = 1.959964 * np.sqrt(((error / mean) ** 2).sum())
        ratio = np.log(mean[1] / mean[0])
        rows[name] = np.expm1([ratio, ratio - spread, ratio + spread])
    rows["expected"] = by_limit(tables, ["rewarded"]).ratios.loc["rewarded"].to_numpy() - 1
    return pd.DataFrame.from_dict(rows, orient="index", columns=["estimate", "low", "high"])


def k_by_days(tables, days=(1, 3, 7, 14, 21, 30, 45, 60, 91)):
    """K of the members of 6.1 who have been there for thirteen weeks, by days since each one's own sign-up."""
    ripe = ripe_members(tables)
    return pd.Series({day: friends_within(tables, ripe, day).mean() for day in days}, name="K")


def k_readings(tables):
    """K of all members to date, and what stands in its place: one row a reading, with K and its denominator."""
    sent, everybody = invitations(tables), len(members(tables))
    came = sent.came.sum()
    return pd.DataFrame({"K": {"joins per member": came / everybody, "joins per member who invited":
                               came / sent.sharer_id.nunique(), "joins per invitation": came / len(sent)},
                         "of": {"joins per member": everybody, "joins per member who invited":
                                sent.sharer_id.nunique(), "joins per invitation": len(sent)}})
