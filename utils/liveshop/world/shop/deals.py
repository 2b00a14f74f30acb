"""Group deals: who opens one, which friends take it up in time, what filled ones sell."""

from __future__ import annotations

import numpy as np
import pandas as pd

from liveshop.world import draws
from liveshop.world.calendar import DAY, DAYS, HOURS, START, moments, seconds_of_day
from liveshop.world.catalogue import paid_price

NEVER = np.iinfo(np.int64).max
DISCOUNT = 0.20
LONGEST = 48  # hours


def deals(parameters, seed, plan, members, orders):
    """Group deals opened by members and the orders that filled ones bring.

    Returns (deals, invites, orders): deals have group_deal_id, product (row), opener, size, opened, limit_hours,
    reward, filled (seconds or -1), joined (persons in it at the end, with the opener); invites have deal, sharer,
    receiver (members), shared, opened (or -1), accepted (or -1); orders are member, at, deal.
    """
    random = draws.generator(seed, "deals")
    span = orders.groupby("member")["at"].agg(["min", "max", "size"])
    since, until = np.full(len(members), NEVER), np.full(len(members), -1, dtype=np.int64)
    since[span.index], until[span.index] = span["min"], span["max"] + DAY
    table = _openings(random, parameters, span, since, until, len(orders))
    row, accepted = _acceptances(random, parameters, table)
    friend = _friends(random, members, since, until, table.opener.to_numpy()[row], accepted, row)
    found = friend >= 0
    row, accepted, friend = row[found], accepted[found], friend[found]
    place = np.arange(len(row)) - np.searchsorted(row, row)
    table["filled"] = -1
    closing = place == table["size"].to_numpy()[row] - 2
    table.loc[row[closing], "filled"] = accepted[closing]
    table["joined"] = 1 + np.bincount(row, minlength=len(table))
    table["product"] = _products(seed, plan, table)
    table["group_deal_id"] = [f"G{i:05d}" for i in range(1, len(table) + 1)]
    invites = _invites(random, members, since, table, row, accepted, friend)
    full = (table.joined >= table["size"]).to_numpy()
    opened = table[full]
    made = [
        pd.DataFrame({"member": opened.opener, "at": opened.opened, "deal": opened.index}),
        pd.DataFrame({"member": friend, "at": accepted, "deal": row})[full[row]],
    ]
    return table, invites, pd.concat(made, ignore_index=True)


def _openings(random, parameters, span, since, until, orders):
    """Deals as they are opened, by members with two orders or more, between their first order and their last."""
    d = parameters.deal
    wish = orders * d.share / (1 - d.share) / 1.9  # a deal brings about 1.9 orders, failed ones included
    openers = span.index[span["size"] >= 2].to_numpy()
    if wish < 1 or len(openers) < 10:
        wish, openers = 1, span.index.to_numpy()
    weight = span.loc[openers, "size"].to_numpy() ** 0.8
    opener = random.choice(openers, int(wish), p=weight / weight.sum())
    count = len(opener)
    opened = since[opener] + random.random(count) * (until[opener] - DAY - since[opener])
    opened = opened.astype(np.int64) // DAY * DAY + DAY
    opened = np.minimum(opened, (DAYS - 3) * DAY) + seconds_of_day(random.random(count))
    usual = int(round(d.size))
    size = np.maximum(2, random.choice([usual - 1, usual, usual + 2], count, p=[0.2, 0.65, 0.15]))
    limit = random.choice([12, 24, LONGEST], count, p=[0.2, 0.6, 0.2])
    reward = random.choice([0.0, 10.0], count)
    return pd.DataFrame({"opener": opener, "size": size, "opened": opened, "limit_hours": limit, "reward": reward})


def attention_since():
    """Relative attention to a share by hours since it was sent, shape (48,)."""
    hours = np.arange(LONGEST)
    return 0.35 + 2.2 * np.exp(-hours / 2.5)


def _acceptances(random, parameters, deals):
    """Who would accept until a deal is full or over: row of the deal, second."""
    d, opened, size = parameters.deal, deals.opened.to_numpy(), deals["size"].to_numpy()
    attention, fresh = HOURS / HOURS.mean(), attention_since()
    hour = opened // 3600 % 24
    intensity = (
        d.acceptances
        * (1 + d.reward * deals.reward.to_numpy())[:, None]
        * fresh
        / fresh[:24].mean()
        * attention[(hour[:, None] + np.arange(LONGEST)) % 24]
    )
    intensity[np.arange(LONGEST)[None, :] >= deals.limit_hours.to_numpy()[:, None]] = 0
    count = random.poisson(intensity)
    row, hour = np.nonzero(count)
    times = count[row, hour].astype(np.intp)
    row, hour = np.repeat(row, times), np.repeat(hour, times)
    accepted = opened[row] + hour * 3600 + random.integers(60, 3600, len(row))
    order = np.lexsort((accepted, row))
    row, accepted = row[order], accepted[order]
    place = np.arange(len(row)) - np.searchsorted(row, row)
    in_time = place < size[row] - 1
    return row[in_time], accepted[in_time]


def _invites(random, members, since, deals, row, accepted, friend):
    """The share that each friend got who accepted, and shares that nobody took up."""
    opener, opened = deals.opener.to_numpy(), deals.opened.to_numpy()
    soon = random.exponential(600, len(row)).astype(np.int64) + 20
    shared = opened[row] + np.minimum(soon, np.maximum(accepted - opened[row] - 40, 20))
    other = np.repeat(np.arange(len(deals)), random.poisson(4.0, len(deals)).astype(np.intp))
    always, alone = np.full(len(members), NEVER), np.arange(len(other))
    stray = _friends(random, members, since, always, opener[other], opened[other], alone)
    late = opened[other] + random.exponential(900, len(other)).astype(np.int64) + 20
    looked = (shared + (accepted - shared) * random.uniform(0.2, 0.95, len(row))).astype(np.int64)
    some = random.random(len(other)) < 0.45
    glanced = np.where(some, late + random.exponential(5400, len(other)).astype(np.int64) + 5, -1)
    deal = np.concatenate([row, other])
    frame = pd.DataFrame(
        {
            "deal": deal,
            "sharer": opener[deal],
            "receiver": np.concatenate([friend, stray]),
            "shared": np.concatenate([shared, late]),
            "opened": np.concatenate([looked, glanced]),
            "accepted": np.concatenate([accepted, np.full(len(other), -1)]),
        }
    )
    return frame[frame.receiver >= 0].reset_index(drop=True)


def _friends(random, members, since, until, opener, at, group):
    """A friend of the opener for each acceptance: of her circle if one is there, nobody twice in a group.

    Shape of `opener`; -1 if nobody is found.
    """
    by_circle = np.argsort(members.circle, kind="stable")
    edges = np.searchsorted(members.circle[by_circle], np.arange(members.circle.max() + 2))
    circle = members.circle[opener]
    friend = np.full(len(opener), -1, dtype=np.int64)
    for attempt in range(60):
        rest = np.flatnonzero(friend < 0)
        if not rest.size:
            break
        if attempt < 40:
            low, high = edges[circle[rest]], edges[circle[rest] + 1]
            pick = by_circle[low + (random.random(len(rest)) * (high - low)).astype(np.int64)]
        else:
            pick = random.integers(0, len(members), len(rest))
        fits = (since[pick] <= at[rest]) & (at[rest] < until[pick]) & (pick != opener[rest])
        friend[rest[fits]] = pick[fits]
        nobody = -1 - np.arange(len(friend))
        taken = pd.DataFrame({"group": group, "friend": np.where(friend >= 0, friend, nobody)}).duplicated().to_numpy()
        friend[taken] = -1
    return friend


def _products(seed, plan, deals):
    """One product a deal, in proportion to appeal, among those launched when it opened."""
    launched = (plan.products.launched - START).dt.days.to_numpy()
    weight = plan.products.true_appeal.to_numpy() * (launched[None, :] < (deals.opened.to_numpy() // DAY)[:, None])
    total = np.cumsum(weight, axis=1)
    u = draws.uniform(seed, "deal product", np.arange(len(deals), dtype=np.uint64)) * total[:, -1]
    return np.minimum((total < u[:, None]).sum(axis=1), len(launched) - 1)


def one_piece(plan, deals, orders, lines):
    """Order lines in which a group deal sells one piece of its product at a fifth off."""
    deal = orders.deal.to_numpy()[lines["order"]]
    mine = deal >= 0
    product = deals["product"].to_numpy()[deal[mine]]
    price = plan.products.list_price.to_numpy()[product]
    lines.loc[mine, "product"] = product
    lines.loc[mine, "quantity"] = 1
    lines.loc[mine, "list_amount"] = price
    lines.loc[mine, "paid_amount"] = paid_price(price, DISCOUNT)
    return lines


def table(plan, members, deals):
    """The table group_deals of the contract."""
    return pd.DataFrame(
        {
            "group_deal_id": deals.group_deal_id,
            "opener_id": members.number[deals.opener],
            "product_id": plan.product_ids[deals["product"]],
            "size": deals["size"],
            "reward": deals.reward,
            "opened": moments(deals.opened),
            "limit_hours": deals.limit_hours,
            "joined": deals.joined,
            "filled": pd.Series(moments(np.maximum(deals.filled, 0))).where(deals.filled >= 0),
        }
    )
