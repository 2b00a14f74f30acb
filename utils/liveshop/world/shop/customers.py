"""Who is a customer: those who were, those who bought, and the members of the social shop."""

from __future__ import annotations

import numpy as np
import pandas as pd

from liveshop.world import catalogue, draws
from liveshop.world import people as persons
from liveshop.world.calendar import ONE, ORIGIN, moments
from liveshop.world.shop.members import SEGMENTS
from liveshop.world.shop.shelf import FIRST_SESSION

CITIES = tuple("ABCDEFGHIJKLMNOPQRST")
CITY_SHARE = 1 / np.arange(1, 21) ** 0.7
AGE_BANDS = ("18-24", "25-34", "35-44", "45+")
SEXES = ("female", "male", "unknown")
ROUTES = ("live", "search", "referral", "paid", "content")
ROUTE_OF_SOURCE = {  # of a visit to the shelf
    "search": "search",
    "share": "referral",
    "paid": "paid",
    "feed": "content",
    "video": "content",
    "follow": "content",
}
# Segments by age band.
SEGMENT_OF_AGE = np.array(
    [[0.30, 0.10, 0.35, 0.25], [0.25, 0.35, 0.25, 0.15], [0.25, 0.35, 0.20, 0.20], [0.40, 0.15, 0.20, 0.25]]
)


def customers(seed, people, orders, shelf):
    """Who was a customer before the season, and who bought in it, by number; nobody is a member yet."""
    known = np.isin(people.kind, [persons.CUSTOMER, persons.FAN_CUSTOMER])
    first = orders.drop_duplicates("person")
    old, new = np.flatnonzero(known), first[~known[first.person]]
    who = np.concatenate([old, new.person.to_numpy()])
    identity = people.number[who].astype(np.uint64)
    ago = 3 + 800 * draws.uniform(seed, "joined", identity[: len(old)]) ** 1.4
    joined = ORIGIN - (ago * 86400).astype(np.int64) * ONE
    joined = np.concatenate([joined, new.created.to_numpy().astype("datetime64[s]")])

    def pick(purpose, options, shares):
        return np.array(options, dtype=object)[draws.choice(draws.uniform(seed, purpose, identity), np.array(shares))]

    route = pick("route", ROUTES, [0.42, 0.22, 0.14, 0.12, 0.10])
    route[len(old) :] = _routes(new, shelf)
    age = draws.choice(draws.uniform(seed, "age", identity), np.array([0.24, 0.42, 0.23, 0.11]))
    frame = pd.DataFrame(
        {
            "customer_id": people.number[who],
            "joined": joined,
            "route": route,
            "referrer_id": _referrers(seed, people.number[who], joined, route),
            "city": pick("city", CITIES, CITY_SHARE),
            "age_band": np.array(AGE_BANDS, dtype=object)[age],
            "sex": pick("sex", SEXES, [0.71, 0.21, 0.08]),
            "channel_id": catalogue.CHANNEL_NAMES[np.concatenate([people.channel[old], new.channel.to_numpy()])],
            "segment": pick("segment", SEGMENTS, SEGMENT_OF_AGE[age]),
            "member_since": np.datetime64("NaT", "s"),
        }
    )
    return frame.sort_values("customer_id", ignore_index=True)


def _routes(firsts, shelf):
    """By which route each new customer came: that of her first order."""
    came = {"live": "live", "social": "content"}
    source = shelf.table.source.to_numpy()
    return [
        came.get(s) or ROUTE_OF_SOURCE[source[int(i) - FIRST_SESSION]]
        for s, i in zip(firsts.source, firsts.session_id, strict=True)
    ]


def _referrers(seed, number, joined, route):
    """Who brought each customer that came by referral: somebody who joined earlier; missing for the others."""
    identity = number.astype(np.uint64)
    order = np.lexsort((identity, joined))
    rank = np.empty(len(number), dtype=np.int64)
    rank[order] = np.arange(len(number))
    referred = np.flatnonzero((route == "referral") & (rank > 0))
    earlier = (draws.uniform(seed, "referrer", identity[referred]) * rank[referred]).astype(np.int64)
    referrer = pd.array([pd.NA] * len(number), dtype="Int64")
    referrer[referred] = number[order[earlier]]
    return referrer


def with_members(seed, members, customers):
    """Customers with the new members added, and the time since when a person is a member."""
    new = np.flatnonzero(~members.known)
    identity = members.number[new].astype(np.uint64)

    def pick(purpose, options, shares):
        u = draws.uniform(seed, "member " + purpose, identity)
        return np.array(options, dtype=object)[draws.choice(u, np.array(shares))]

    inviter = members.inviter[new]
    referrer = pd.array(np.where(inviter >= 0, members.number[inviter], 0), dtype="Int64")
    referrer[inviter < 0] = pd.NA
    frame = pd.DataFrame(
        {
            "customer_id": members.number[new],
            "joined": moments(members.signed[new]),
            "route": members.route[new],
            "referrer_id": referrer,
            "city": pick("city", CITIES, CITY_SHARE),
            "age_band": pick("age", AGE_BANDS, [0.27, 0.42, 0.21, 0.10]),
            "sex": pick("sex", SEXES, [0.76, 0.17, 0.07]),
            "channel_id": catalogue.CHANNEL_NAMES[members.channel[new]],
            "segment": np.array(SEGMENTS, dtype=object)[members.segment[new]],
        }
    )
    both = pd.concat([customers, frame], ignore_index=True)
    both["member_since"] = both.customer_id.map(pd.Series(moments(members.signed), index=members.number))
    return both.sort_values("customer_id", ignore_index=True)
