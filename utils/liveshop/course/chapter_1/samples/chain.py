"""The chain of a room, host by host: where each loses people and money, beside the middle host."""

import pandas as pd

from liveshop.tables.memory import once_per_tables

LINKS = {"entered": "entries per showing of the room", "clicked": "product clicks per entry",
         "ordered": "orders per product click", "kept": "money kept of money paid"}
HALVES = pd.Timestamp("2025-06-02")       # the season's first 13 weeks end before this Monday
FEWEST = 5                                # broadcasts that a host must have to be judged
SHORT = 0.05                              # a link counts as weak if so much is missing to the middle host


@once_per_tables
def rooms(tables):
    """Broadcasts without newcomers' trials: counts of each link, and `kept`, yuan paid less yuan refunded."""
    lines = tables.orders.dropna(subset=["stream_id", "paid"])
    back = tables.refunds.groupby(["order_id", "line_no"]).refunded_amount.sum().rename("back")
    lines = lines.join(back, on=["order_id", "line_no"]).fillna({"back": 0.0})
    kept = (lines.paid_amount - lines.back).groupby(lines.stream_id).sum().rename("kept")
    streams = tables.streams[~tables.streams.is_trial.astype(bool)]
    return streams.join(kept, on="stream_id").fillna({"kept": 0.0})


def link_rates(broadcasts, by="host_id"):
    """The four links of each group of broadcasts, from sums: entries / showings, clicks / entries, orders / clicks,
    money kept / money paid."""
    sums = broadcasts.groupby(by)[["impressions", "views", "product_clicks", "orders", "gmv", "kept"]].sum()
    return pd.DataFrame({"entered": sums["views"] / sums.impressions, "clicked": sums.product_clicks / sums["views"],
                         "ordered": sums.orders / sums.product_clicks, "kept": sums.kept / sums.gmv})


def host_links(broadcasts, hosts=None):
    """Each host's links over those of the middle host (1 is the median), of hosts with enough broadcasts or `hosts`."""
    if hosts is None:
        many = broadcasts.groupby("host_id").size()
        hosts = many.index[many >= FEWEST]
    rates = link_rates(broadcasts).reindex(hosts)
    return rates / rates.median()


def two_alike(links, missing=SHORT):
    """The two hosts nearest in the mean of their links, of those whose weakest links differ and lack `missing` or more.

    Where fewer than two hosts lack so much, all count. Gives a list of two host ids.
    """
    short = links[links.min(axis=1) <= 1 - missing]
    found = links if short.idxmin(axis=1).nunique() < 2 else short
    mean, weakest = found.mean(axis=1), found.idxmin(axis=1)
    pairs = {(one, other): abs(mean[one] - mean[other]) for one in found.index for other in found.index
             if one < other and weakest[one] != weakest[other]}
    return list(min(pairs, key=pairs.get))


def weakest_later(early, late, missing=SHORT):
    """Each host's weakest link of the early half and the same link in the late one, of those that lacked `missing`.

    early, late: frames of `host_links` with the same hosts; who has no broadcast in the late half is left out. Columns:
    link, and missing_early, missing_late: what is missing to the middle host, below 0 if the host is above her. Both
    keep their sign: counting a link above the middle as 0 would make the later gap too large. Largest early gap last.
    """
    link = early.idxmin(axis=1)
    found = pd.DataFrame({"link": link, "missing_early": 1 - early.min(axis=1),
                          "missing_late": [1 - late.loc[host, name] for host, name in link.items()]})
    return found[found.missing_early >= missing].dropna().sort_values("missing_early")


def by_channel_alone(broadcasts, host, link="entered"):
    """What a host's link would be if each of her broadcasts had its channel's rate, as the other hosts have it there.

    Over the middle host's rate, as `host_links` gives it. Only for "entered": its denominator, showings, is known of
    each broadcast beforehand. Broadcasts of a channel on which nobody else works are left out.
    """
    own = broadcasts[broadcasts.host_id == host]
    others = link_rates(broadcasts[broadcasts.host_id != host], "channel_id")[link]
    own = own[own.channel_id.isin(others.index)]
    expected = (own.channel_id.map(others) * own.impressions).sum() / own.impressions.sum()
    many = broadcasts.groupby("host_id").size()
    return expected / link_rates(broadcasts)[link][many.index[many >= FEWEST]].median()
