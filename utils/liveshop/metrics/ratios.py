"""Ratios of the trade: a numerator over a denominator, both named in the signature.

Each takes numbers, arrays, series of pandas or Polars, or narwhals expressions, and gives back the
same kind: a float for two numbers, one value a row otherwise. A zero denominator gives NaN, a missing
value stays missing. TT and SY are explained in :mod:`liveshop.metrics`.
"""

from __future__ import annotations

import numpy as np

from liveshop.metrics._frames import divide


def gpm(gmv, views):
    """GMV per 1,000 **views** (千次观看成交金额), CNY. TT calls it watch GPM."""
    return divide(gmv, views, 1000.0)


def show_gpm(gmv, impressions):
    """GMV per 1,000 **impressions** of the room outside the room (TT: show GPM), CNY."""
    return divide(gmv, impressions, 1000.0)


def uv_value(gmv, viewers):
    """GMV per **viewer** (UV价值), CNY: buyers/viewers times GMV per buyer."""
    return divide(gmv, viewers)


def aov(gmv, orders):
    """Average order value: GMV per **order**, CNY (TT). Not per buyer, not per item."""
    return divide(gmv, orders)


def gmv_per_buyer(gmv, buyers):
    """客单价: GMV per **buyer**, CNY (SY). A buyer may place several orders."""
    return divide(gmv, buyers)


def average_price(gmv, items):
    """件单价: GMV per **item** sold, CNY."""
    return divide(gmv, items)


def gmv_per_hour(gmv, stream_seconds):
    """GMV per **hour on air**, CNY."""
    return divide(gmv, stream_seconds, 3600.0)


def tap_through(views, impressions):
    """曝光进入率: **views** (entries) per impression of the room (TT). By times, not by people."""
    return divide(views, impressions)


def live_ctr(product_clicks, views):
    """Product clicks per **view** (TT's LIVE report calls this CTR). Can exceed 1."""
    return divide(product_clicks, views)


def product_ctr(product_clicks, product_impressions):
    """Product clicks per **product impression** (TT's product report calls this CTR too)."""
    return divide(product_clicks, product_impressions)


def ctor(orders, product_clicks):
    """点击成交率: paid orders per **product click** (TT). Not per view, not per viewer."""
    return divide(orders, product_clicks)


def buyers_per_viewer(buyers, viewers):
    """看播转化率: persons who bought per person who **watched**."""
    return divide(buyers, viewers)


def acu(watch_seconds, stream_seconds):
    """Average concurrent users (平均在线): all watch time over the **length of the broadcast**.

    Both in seconds. It equals the time average of the number watching; the mean of entries per
    minute is something else.
    """
    return divide(watch_seconds, stream_seconds)


def watch_per_view(watch_seconds, views):
    """Average seconds watched per **view** (entry); TT and most exports."""
    return divide(watch_seconds, views)


def watch_per_viewer(watch_seconds, viewers):
    """Average seconds watched per **viewer** (person); larger, as people come back."""
    return divide(watch_seconds, viewers)


def interaction_rate(interacting_viewers, viewers):
    """互动率: **persons** who liked, commented, shared or followed, per viewer (SY).

    Dividing the number of actions by viewers lets one fan with 300 likes look like 300 people.
    """
    return divide(interacting_viewers, viewers)


def follow_conversion(new_followers, viewers):
    """转粉率: persons who began to follow per **viewer** (TT: follow rate)."""
    return divide(new_followers, viewers)


def roas(gmv, spend):
    """Return on advertising spend: GMV per yuan of **advertising**."""
    return divide(gmv, spend)


def roi(revenue, total_cost):
    """Return on investment: (revenue − total cost) per yuan of **total cost**."""
    if isinstance(revenue, (list, tuple)) or isinstance(total_cost, (list, tuple)):
        revenue, total_cost = np.asarray(revenue, float), np.asarray(total_cost, float)
    return divide(revenue - total_cost, total_cost)
