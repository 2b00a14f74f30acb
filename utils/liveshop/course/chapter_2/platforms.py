"""What section 2.3 counts of the channels: what a broadcast leaves, a thousand viewers, a door, and final refunds."""

import numpy as np
import pandas as pd

from liveshop import metrics
from liveshop.tables.memory import once_per_tables

DRAWS = 2_000             # samples of broadcasts behind an interval
GROWN = 21                # days after which a line is taken to have its refund, if any
PARTS = ["gmv", "refunded", "goods", "fees", "promotion", "contribution"]


def live_orders(tables):
    """The order lines of the rooms, unpaid ones too."""
    return tables.orders[tables.orders.stream_id.notna()]


@once_per_tables
def rooms(tables):
    """One row a broadcast: stream_id, channel_id, started, part of the day, views, viewers, hours, and the parts of its
    contribution (CNY).

    Promotion is the traffic bought for the broadcast (`promotion_spend`; 0 where a table lacks it).
    """
    slot = tables.streams.get("slot", pd.Series("", tables.streams.index)).astype(str)
    about = tables.streams[["stream_id", "channel_id", "started", "views", "viewers"]].assign(
        hours=tables.streams.stream_seconds / 3600, part=slot.str.split().str[-1])
    bought = tables.streams.get("promotion_spend", pd.Series(0.0, tables.streams.index)).fillna(0.0)
    left = metrics.contribution(live_orders(tables), tables.refunds, tables.products, tables.channels,
                                spend=about[["stream_id"]].assign(amount=bought), per="stream_id")
    return about.merge(left.drop(columns="unknown_lines"), on="stream_id", how="left")


def _sums(broadcasts, columns):
    """Sums by channel, missing where a broadcast's is missing: a cost that nobody knows is not 0."""
    by = broadcasts.groupby("channel_id")[columns]
    return by.sum().where(by.count().eq(by.size(), axis=0))


def per_thousand(broadcasts, below="viewers"):
    """Channels × parts of the contribution, CNY per 1,000 of `below`: ratios of sums, the best first."""
    sums = _sums(broadcasts, [*PARTS, below])
    return sums[PARTS].mul(1000 / sums[below], axis=0).sort_values("contribution", ascending=False)


def resampled(broadcasts, above="contribution", below="viewers", scale=1000.0, draws=DRAWS, seed=0):
    """Draws × channels: scale × sum of `above` / sum of `below`, each time from as many broadcasts drawn anew."""
    random, columns = np.random.default_rng(seed), {}
    for channel, rows in broadcasts.groupby("channel_id"):
        times = random.multinomial(len(rows), np.full(len(rows), 1 / len(rows)), draws)
        with np.errstate(divide="ignore", invalid="ignore"):
            columns[channel] = scale * (times @ rows[above].to_numpy(float)) / (times @ rows[below].to_numpy(float))
    return pd.DataFrame(columns)


def with_interval(broadcasts, above="contribution", below="viewers", scale=1000.0):
    """Channels, the best first: estimate, low, high (95 % of the samples of broadcasts), best (share of them in which
    it is the first)."""
    drawn = resampled(broadcasts, above, below, scale)
    sums = _sums(broadcasts, [above, below])
    first = drawn.fillna(-np.inf).idxmax(axis=1).value_counts(normalize=True)
    return pd.DataFrame({
        "estimate": scale * sums[above] / sums[below], "low": drawn.quantile(0.025), "high": drawn.quantile(0.975),
        "best": first.reindex(sums.index, fill_value=0.0),
    }).sort_values("estimate", ascending=False)


def hour_moved(broadcasts, losers, winner, draws=DRAWS, seed=0):
    """Contribution (CNY) that an hour on air leaves more on `winner` than on `losers`, in the same part of the day:
    estimate, low, high (95 % of the samples of broadcasts). Parts count as the losers' hours lie."""
    rows = broadcasts[broadcasts.channel_id.isin([winner, *losers])]
    part, names = pd.factorize(rows.part)
    mine = (rows.channel_id == winner).to_numpy()
    cells = np.zeros((len(rows), 2 * len(names)))                  # a column a part and side: losers first
    cells[np.arange(len(rows)), part + len(names) * mine] = 1.0

    def gain(times):
        left, hours = (times @ (cells * rows[what].to_numpy(float)[:, None]) for what in ("contribution", "hours"))
        with np.errstate(divide="ignore", invalid="ignore"):
            rate = (left / hours).reshape(-1, 2, len(names))
        more, weight = rate[:, 1] - rate[:, 0], hours[:, :len(names)]
        known = np.isfinite(more)
        return (np.where(known, more, 0) * weight).sum(axis=1) / (weight * known).sum(axis=1)

    drawn = np.random.default_rng(seed).multinomial(len(rows), np.full(len(rows), 1 / len(rows)), draws)
    return pd.Series([gain(np.ones((1, len(rows))))[0], *np.quantile(gain(drawn), [0.025, 0.975])],
                     ["estimate", "low", "high"])


@once_per_tables
def doors(tables):
    """One row a channel and door (source of the entry): entries, gmv and contribution before promotion (CNY)."""
    entries = tables.viewer_sessions[["session_id", "stream_id", "source"]].merge(
        tables.streams[["stream_id", "channel_id"]], on="stream_id")
    lines = live_orders(tables).drop(columns="source", errors="ignore").merge(
        entries[["session_id", "source"]], on="session_id")
    left = metrics.contribution(lines, tables.refunds, tables.products, tables.channels, per=["channel_id", "source"])
    counted = entries.groupby(["channel_id", "source"]).size().rename("entries").reset_index()
    return counted.merge(left[["channel_id", "source", "gmv", "contribution"]], how="left").fillna(
        {"gmv": 0.0, "contribution": 0.0})


@once_per_tables
def bought_traffic(tables):
    """One row a broadcast: stream_id, channel_id, spent (CNY on bought traffic), entries through the door "paid" and
    the contribution of their orders before that spend (CNY)."""
    entries = tables.viewer_sessions.loc[tables.viewer_sessions.source == "paid", ["session_id", "stream_id"]]
    lines = live_orders(tables)
    lines = lines[lines.session_id.isin(entries.session_id)]
    left = metrics.contribution(lines, tables.refunds, tables.products, tables.channels, per="stream_id")
    table = tables.streams[["stream_id", "channel_id"]].assign(spent=tables.streams.promotion_spend.fillna(0.0))
    table["entries"] = table.stream_id.map(entries.groupby("stream_id").size()).fillna(0)
    return table.assign(contribution=table.stream_id.map(left.set_index("stream_id").contribution).fillna(0.0))


def by_clock(tables):
    """Channels and hours of the day: gmv of the rooms by the hour of the order, hours on air, and gmv per hour on air.

    An hour in which a channel was on air for less than two hours in all is left out of the rate (missing).
    """
    orders = live_orders(tables)
    orders = orders[orders.paid.notna()]
    gmv = orders.groupby(["channel_id", orders.created.dt.hour.rename("hour")]).paid_amount.sum()
    starts = tables.streams.loc[tables.streams.index.repeat(tables.streams.stream_seconds // 60)]
    minute = starts.groupby("stream_id").cumcount()
    clock = (starts.started + pd.to_timedelta(minute, unit="min")).dt.hour.rename("hour")
    hours = starts.groupby(["channel_id", clock]).size() / 60
    table = pd.DataFrame({"gmv": gmv, "hours": hours}).fillna(0.0)
    return table.assign(gmv_per_hour=(table.gmv / table.hours).where(table.hours >= 2))


def audience_and_buyers(tables, trait="age"):
    """Two frames, channels × values of a trait, in shares of 1: of the platform's audience, and of the buyers there.

    trait: "age" or "sex", as `channel_audiences.trait` has it; buyers are persons with a paid order in a room of the
    channel, each once a channel, without those whose trait is not known. Only channels with both have a row, and only
    values of the audience a column. Raises ValueError where nothing is left: no value is in both tables.
    """
    asked = tables.channel_audiences[tables.channel_audiences.trait == trait]
    audience = asked.pivot(index="channel_id", columns="value", values="share")
    column = {"age": "age_band", "sex": "sex"}[trait]
    paid = live_orders(tables).dropna(subset="paid").drop_duplicates(["channel_id", "customer_id"])
    told = paid.customer_id.map(tables.customers.set_index("customer_id")[column]).dropna()
    buyers = told.groupby(paid.channel_id).value_counts(normalize=True).unstack(fill_value=0.0)
    both = audience.index.intersection(buyers.index)
    if not len(both) or not set(audience) & set(buyers):
        raise ValueError(f"No {trait} of channel_audiences is among those of your buyers: write it in the same bands.")
    return audience.loc[both], buyers.loc[both].reindex(columns=audience.columns, fill_value=0.0)


def at_equal_doors(by_door):
    """Channels × (gmv, contribution before promotion), CNY per 1,000 entries: as they came, and with one mix of doors.

    The mix is that of all entries of all channels; a channel without a door of the mix is left out (missing).
    """
    mix = by_door.groupby("source").entries.sum() / by_door.entries.sum()
    own = by_door.groupby("channel_id")[["gmv", "contribution", "entries"]].sum()
    table = {}
    for part in ("gmv", "contribution"):
        rates = by_door.assign(rate=1000 * by_door[part] / by_door.entries).pivot(
            index="channel_id", columns="source", values="rate")
        table[part, "as they came"] = 1000 * own[part] / own.entries
        table[part, "equal doors"] = rates.reindex(columns=mix.index).dot(mix)
    return pd.DataFrame(table)


@once_per_tables
def final_refunds(tables, days=0, festival=False, sources=("live", "shelf")):
    """Channels: estimate, low, high (95 %) of the share of paid lines refunded, of lines that were paid at least
    `days` before the last event of the tables. Days 0: all lines, however young.

    festival: lines of festival days and of others are counted apart, and put together as they are in all lines; days
    with a festival broadcast are festival days. Nothing refunded, or nothing kept, has no interval of its own: half a
    line is added to each side.
    """
    lines = tables.orders[tables.orders.paid.notna()]
    lines = lines[lines.source.isin(sources)] if "source" in lines else lines
    lines = lines.merge(tables.refunds[["order_id", "line_no", "refunded"]], on=["order_id", "line_no"], how="left")
    feast = tables.streams.started[tables.streams.is_festival.astype(bool)].dt.date if festival else []
    lines["feast"] = lines.created.dt.date.isin(set(feast))
    end = max(lines.paid.max(), lines.refunded.max())
    grown = lines[lines.paid <= end - pd.Timedelta(days=days)]
    parts = grown.refunded.notna().groupby([grown.channel_id, grown.feast]).agg(back="sum", seen="size")
    weight = lines.groupby(["channel_id", "feast"]).size()
    weight = (weight / weight.groupby("channel_id").transform("sum")).reindex(parts.index)
    weight /= weight.groupby("channel_id").transform("sum")
    smooth = (parts.back + 0.5) / (parts.seen + 1)
    share = (weight * parts.back / parts.seen).groupby("channel_id").sum()
    half = 1.96 * np.sqrt((weight**2 * smooth * (1 - smooth) / parts.seen).groupby("channel_id").sum())
    return pd.DataFrame({"estimate": share, "low": share - half, "high": share + half})


def board(broadcasts, refunds, sure=0.9):
    """The rows of the channel profile sheet, the best first: what 1,000 viewers leave, its range, refunds, a verdict.

    refunds: `final_refunds`; sure: share of the samples in which a channel must beat the next one to stand before it.
    """
    table, drawn = with_interval(broadcasts), resampled(broadcasts)
    names = list(table.index)
    verdicts = [
        f"before {below}" if (drawn[one] > drawn[below]).mean() >= sure else f"not told apart from {below}"
        for one, below in zip(names, names[1:], strict=False)] + ["last in this list"]
    return pd.DataFrame({
        "channel": names, "broadcasts": broadcasts.groupby("channel_id").size()[names].to_numpy(),
        "left per 1,000 viewers": [f"{value:,.0f}" for value in table.estimate],
        "range": [f"{low:,.0f} to {high:,.0f}" for low, high in zip(table.low, table.high, strict=True)],
        "lines refunded": [f"{value:.0%}" for value in refunds.estimate.reindex(names)], "verdict": verdicts})


def break_even_fee(rows, channel, other, take_rate):
    """The take rate at which 1,000 viewers of `channel` leave as much as those of `other`; rows: `per_thousand`."""
    kept = rows.gmv[channel] - rows.refunded[channel]
    return take_rate + (rows.contribution[channel] - rows.contribution[other]) / kept


def what_if(rows, channel, fees, channels, take_rate, refund_share):
    """Contribution per 1,000 viewers of all channels if one had another take rate and another share refunded.

    rows: `per_thousand`; fees: table `channels` by channel_id; goods and fees shrink with the money kept, the rest
    stays: nobody is assumed to buy more or less.
    """
    one, out = rows.loc[channel], rows.contribution[channels].copy()
    kept = one.gmv * (1 - refund_share)
    goods = one.goods / (one.gmv - one.refunded) * kept
    out[channel] = kept - goods - (take_rate + fees.payment_fee_rate[channel]) * kept - one.promotion
    return out
