"""How real the simulated world looks: its measures beside published figures."""

from __future__ import annotations

import numpy as np
import pandas as pd

NEEDED = (
    *("streams", "viewer_sessions", "shelf_sessions", "orders", "refunds"),
    *("follows", "shares", "customers", "shop_visits", "group_deals", "tickets"),
    *("history", "journeys", "contacts", "deliveries", "incidents"),
)


def gini(values):
    """Gini coefficient of non-negative values: 0 when all are equal, near 1 when one has everything."""
    x = np.sort(np.asarray(values, dtype=float))
    if not len(x) or x.sum() <= 0:
        return float("nan")
    return float(1 - 2 * np.sum((len(x) - np.arange(len(x)) - 0.5) * x) / (len(x) * x.sum()))


def realism(tables):
    """Measures of the simulated world beside published ones: DataFrame(measure, ours, published, source).

    `tables` is a dict of frames, or `load()`.
    `ours` and `published` are text; `published` says when there is only a target of this course.
    """
    streams, sessions, visits, orders, refunds, *social = (tables[name] for name in NEEDED)
    follows, shares, customers, shop_visits, deals, tickets, *business = social
    paid = orders[orders.paid.notna()]
    rows = [
        *_tails(streams, paid, customers),
        *_conversion(sessions, visits),
        *_refunds(paid, refunds),
        *_rhythm(streams, sessions, paid),
        *_social_shop(follows, shares, customers, paid, shop_visits, deals, tickets),
        *_comments(sessions),
        *_business(*business),
    ]
    return pd.DataFrame(rows, columns=["measure", "ours", "published", "source"])


def _tails(streams, paid, customers):
    """How unequal customers and broadcasts are, and how full rooms are at their peak."""
    revenue = paid.groupby("customer_id").paid_amount.sum()
    top = streams.views.sort_values(ascending=False)
    share = top.iloc[: max(1, len(top) // 10)].sum() / top.sum()
    peak = streams.pcu / (streams.watch_seconds / streams.stream_seconds)
    return [
        (
            "Gini of revenue over those who bought",
            f"{gini(revenue):.2f}",
            ".715",
            "UCI Online Retail (a year of a British gift wholesaler: resellers among its customers buy by the hundred; "
            "Qinghe sells to persons, half a year of them)",
        ),
        (
            "Gini of revenue over all customers, those who bought nothing too",
            f"{gini(customers.customer_id.map(revenue).fillna(0)):.2f}",
            "no published figure",
            "the same money, over more heads",
        ),
        (
            "Gini of views across broadcasts",
            f"{gini(streams.views):.2f}",
            ".94–.97 across the channels of a whole platform",
            "Twitch language communities, MUSAE; one brand's rooms are more alike than a platform's",
        ),
        (
            "Share of views in the largest tenth of broadcasts",
            f"{share:.0%}",
            "the top 1 % of channels hold 57–80 %",
            "Twitch language communities, MUSAE; a whole platform",
        ),
        (
            "PCU/ACU, median (5 % to 95 %)",
            f"{peak.median():.1f} ({peak.quantile(0.05):.1f} to {peak.quantile(0.95):.1f})",
            "median 6.2 for the largest channels",
            "Twitch top 1000; our target for ordinary shop rooms is 1.5–3",
        ),
    ]


def _conversion(sessions, visits):
    """Orders in rooms and on the shelf page."""
    return [
        (
            "Sessions that end in an order: rooms",
            f"{(sessions.orders > 0).mean():.1%}",
            "companies report “approaching 30 %”",
            "McKinsey 2021, company reports, not a measured mean",
        ),
        (
            "Sessions that end in an order: shelf page",
            f"{(visits.orders > 0).mean():.1%}",
            "15.5 %",
            "UCI Online Shoppers (sessions of one shop)",
        ),
    ]


def _refunds(paid, refunds):
    """How much is sent back, and when: on orders old enough that nearly all their refunds are known."""
    old = paid[pd.to_datetime(paid.paid) < pd.to_datetime(paid.paid).max() - pd.Timedelta(days=35)]
    ripe = refunds.merge(old[["order_id", "line_no", "paid", "channel_id"]], on=["order_id", "line_no"])
    delay = (pd.to_datetime(ripe.refunded) - pd.to_datetime(ripe.paid)).dt.total_seconds() / 86400
    rate = (ripe.groupby("channel_id").size() / old.groupby("channel_id").size()).fillna(0)
    return [
        (
            "Refunded order lines by channel, lowest to highest",
            f"{rate.min():.0%} to {rate.max():.0%}",
            "women's wear 30–60 %, live up to 80 %",
            "trade press only: a scenario range, not a fact",
        ),
        (
            "Refunds that come 3 to 15 days after payment",
            f"{((delay >= 3) & (delay <= 15)).mean():.0%}",
            "most",
            "assumption of this course",
        ),
        (
            "Days to a refund: 10 %, median, 90 %",
            " · ".join(f"{delay.quantile(q):.1f}" for q in (0.1, 0.5, 0.9)),
            "no published figure",
            "assumption of this course",
        ),
    ]


def _rhythm(streams, sessions, paid):
    """Evenings and the festival in June."""
    hour = pd.to_datetime(paid.created[paid.source == "live"]).dt.hour
    started = sessions.stream_id.map(streams.set_index("stream_id").started)
    entered = pd.to_datetime(started) + pd.to_timedelta(sessions.entered_second, unit="s")
    evening = ((entered.dt.hour >= 19) & (entered.dt.hour < 23)).mean()
    ordinary = streams[~streams.is_trial.astype(bool)]
    festival = ordinary.groupby(ordinary.is_festival.astype(bool)).gmv.mean()
    return [
        (
            "Live orders placed from 19 to 23 h",
            f"{((hour >= 19) & (hour < 23)).mean():.0%}",
            "no published figure",
            "assumption of this course",
        ),
        ("Entries from 19 to 23 h", f"{evening:.0%}", "no published figure", "assumption of this course"),
        (
            "GMV of a broadcast in the June festival, against other days",
            f"{festival.get(True, np.nan) / festival.get(False, np.nan):.1f}×",
            "no published figure",
            "assumption of this course",
        ),
    ]


def _social_shop(follows, shares, customers, paid, visits, deals, tickets):
    """Ties, shares, members, visits, group deals and service of the social shop."""
    followers = follows.groupby("followed_id").size().sort_values(ascending=False)
    members = set(customers.customer_id[customers.member_since.notna()])
    bought = paid[(paid.source == "social") & paid.customer_id.isin(members)].groupby("customer_id")
    bought = bought.agg(first=("paid", "min"), orders=("order_id", "nunique"))
    early = bought[bought["first"] < bought["first"].min() + pd.Timedelta(weeks=12)]
    answered = (tickets.answered - tickets.opened) <= pd.Timedelta(minutes=5)
    return [
        (
            "Gini of followers per followed person (share of the top 1 %)",
            f"{gini(followers):.2f} ({followers.iloc[: max(1, len(followers) // 100)].sum() / followers.sum():.0%})",
            "views of channels: .94–.97 (57–80 %)",
            "Twitch language communities, MUSAE: channels of a platform, not friends of a shop",
        ),
        (
            "Shares that are passed on at least once",
            f"{shares.share_id.isin(shares.parent_share_id.dropna()).mean():.1%}",
            "no published figure",
            "assumption of this course",
        ),
        (
            "Buyers of the social shop's first 12 weeks who bought again by week 26",
            f"{(early.orders > 1).mean():.0%}",
            "40 % in 39 weeks (946 of 2,357)",
            "CDNOW, an early record shop: Fader, Hardie and Lee 2005",
        ),
        (
            "Visits of the social shop that end in an order",
            f"{visits.order_id.notna().mean():.1%}",
            "15.5 %",
            "UCI Online Shoppers (sessions of one shop)",
        ),
        (
            "Group deals that fill in time",
            f"{deals.filled.notna().mean():.0%}",
            "no published figure",
            "assumption of this course",
        ),
        (
            "Service tickets answered within five minutes",
            f"{answered.mean():.0%}",
            "no published figure",
            "assumption of this course",
        ),
    ]


def _comments(sessions):
    """Who comments stays longer, and why."""
    wrote = sessions.comments > 0
    return [
        (
            "Viewers who comment stay longer than the others by",
            f"{sessions.watch_seconds[wrote].mean() / sessions.watch_seconds[~wrote].mean():.1f}×",
            "no published figure",
            "planted: time to comment, not an effect of commenting",
        ),
    ]


def _business(history, journeys, contacts, deliveries, incidents):
    """Paid media, journeys, service, supply and incidents: nobody publishes these of a single brand."""
    claimed = history.filter(like="claimed_").sum().sum() / history.orders.sum()
    festival = history.groupby("is_festival").visits.mean()
    arrived = deliveries.dropna(subset=["arrived"])
    loss = incidents.groupby("cause_id").loss.sum().sort_values(ascending=False)
    rows = [
        ("Orders that the platforms' reports claim together", f"{claimed:.0%}"),
        ("Visits in weeks of a festival, against other weeks", f"{festival[True] / festival[False]:.1f}×"),
        ("Tracked journeys that end in an order", f"{journeys.converted.mean():.1%}"),
        ("Contacts with service that give up", f"{contacts.abandoned.sum() / contacts.arrivals.sum():.0%}"),
        ("Deliveries by suppliers later than promised", f"{(arrived.arrived > arrived.promised).mean():.0%}"),
        (
            "Share of five and a half years' losses that the twentieth part of the causes brought",
            f"{loss.iloc[: max(1, len(loss) // 20)].sum() / loss.sum():.0%}",
        ),
    ]
    return [(*row, "no published figure", "assumption of this course") for row in rows]
