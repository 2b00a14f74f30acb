"""Looking while a test runs, and the two periods of a metric tree."""

from functools import lru_cache

import numpy as np
import pandas as pd

from liveshop.methods import experiment

PLANNED = 1.959964 + 0.841621                   # the effect, in standard errors at the end, that 80 % power is for
OWNERS = {"entries": "marketing", "channel mix": "operations lead", "clicks per entry": "room control",
          "orders per click": "host", "yuan per order": "content planner"}


@lru_cache
def boundary(looks):
    """Limits at so many looks at equal steps, O'Brien and Fleming by spending; the last is the planner's."""
    return tuple(experiment.sequential_boundaries(looks, kind="spending").limits)


@lru_cache(maxsize=256)
def stopping(looks, rule, effect, tests=100_000, seed=4):
    """Share of simulated tests that end with a difference, and the mean share of the planned units that they use.

    looks: at equal steps · rule: "plain", each look at .05, or "boundary", O'Brien and Fleming by spending · effect:
    0, or in parts of the planned one, for which a plain test looked at once has 80 % power.
    """
    times = np.arange(1, looks + 1) / looks
    steps = np.random.default_rng(seed).normal(size=(tests, looks)) / np.sqrt(looks)
    z = (np.cumsum(steps, axis=1) + effect * PLANNED * times) / np.sqrt(times)
    limits = np.full(looks, 1.959964) if rule == "plain" else np.array(boundary(looks))
    beyond = np.abs(z) > limits
    ended = np.where(beyond.any(axis=1), times[beyond.argmax(axis=1)], 1.0)
    return float(beyond.any(axis=1).mean()), float(ended.mean())


def two_periods(tables, weeks=4):
    """(before, now): two frames by channel with the factors of GMV, over so many whole weeks each, the last ones.

    Factors: entries (of all channels), channel mix (share of the entries that came by this one), clicks per entry,
    orders per click, yuan per order; their product is the channel's GMV. A channel without a click or an order in one
    of the periods has 0 there.
    """
    streams = tables.streams
    end = streams.started.max().normalize() + pd.Timedelta(days=1)
    periods = []
    for back in (2, 1):
        first = end - pd.Timedelta(weeks=back * weeks)
        inside = streams[(streams.started >= first) & (streams.started < first + pd.Timedelta(weeks=weeks))]
        sums = inside.groupby("channel_id")[["views", "product_clicks", "orders", "gmv"]].sum()
        entries = float(sums.views.sum())
        periods.append(pd.DataFrame({
            "entries": entries, "channel mix": sums.views / entries,
            "clicks per entry": sums.product_clicks / sums.views, "orders per click": sums.orders / sums.product_clicks,
            "yuan per order": sums.gmv / sums.orders}).fillna(0.0))
    return tuple(periods)


def totals(period):
    """The factors of all channels together: ratios of sums. The channel mix is written as yuan an entry."""
    steps = period.cumprod(axis=1).sum()
    entries, clicks, orders, money = steps["channel mix":]
    return pd.Series({"entries": entries, "channel mix": money / entries, "clicks per entry": clicks / entries,
                      "orders per click": orders / clicks, "yuan per order": money / orders, "GMV": money})


def like_for_like(before, now):
    """The factors of now, as `totals` writes them, each with the factors above it as they were before.

    Clicks per entry at the entries of before, orders per click at its clicks, yuan per order at its orders; the
    channel mix as yuan an entry that it alone would have made. Beside `totals(before)` each shows what changed inside
    the channels. A channel without entries now keeps its rates.
    """
    mix = now["channel mix"].reindex(before.index, fill_value=0.0)
    rates = now.reindex(before.index).fillna(before)
    steps = before.cumprod(axis=1)
    found = {"entries": now.entries.iloc[0],
             "channel mix": before.assign(**{"channel mix": mix}).prod(axis=1).sum() / before.entries.iloc[0]}
    for above, factor in zip(before.columns[1:], before.columns[2:], strict=False):
        found[factor] = (steps[above] * rates[factor]).sum() / steps[above].sum()
    return pd.Series(found)


def factor_board(factors):
    """The rows of the card: each factor (of `charts.factor_rows`) with owner, before, now, and its effect in yuan."""
    rows = factors.reset_index(names="factor")[["factor", "owner", "before", "now", "effect"]]
    return rows.assign(effect=rows.effect.map("{:+,.0f}".format))
