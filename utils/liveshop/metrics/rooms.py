"""Broadcasts: the funnel of entries, the peak of people watching, and the scorecard, one row a broadcast."""

from __future__ import annotations

import narwhals as nw

from liveshop.metrics._frames import as_frame, column_names, divide, in_order, listed, order_lines
from liveshop.metrics.ratios import (
    acu,
    aov,
    average_price,
    buyers_per_viewer,
    ctor,
    follow_conversion,
    gmv_per_buyer,
    gmv_per_hour,
    gpm,
    interaction_rate,
    live_ctr,
    product_ctr,
    show_gpm,
    tap_through,
    uv_value,
    watch_per_view,
    watch_per_viewer,
)

# Scorecard column -> (trade name, Chinese name, unit), for labels and cards.
LABELS = {
    "views": ("Views", "观看次数", "entries"),
    "viewers": ("Viewers", "观看人数", "persons"),
    "gmv": ("GMV", "成交总额", "CNY"),
    "orders": ("Orders", "成交订单数", "orders"),
    "buyers": ("Buyers", "成交人数", "persons"),
    "acu": ("ACU", "平均在线", "persons"),
    "pcu": ("PCU", "最高在线", "persons"),
    "pcu_per_acu": ("PCU / ACU", "峰均比", "ratio"),
    "gmv_per_1000_views": ("GPM", "千次观看成交金额", "CNY per 1,000 views"),
    "gmv_per_1000_impressions": ("Show GPM", "千次曝光成交金额", "CNY per 1,000 impressions"),
    "gmv_per_viewer": ("UV value", "UV价值", "CNY per viewer"),
    "gmv_per_order": ("AOV", "订单均价", "CNY per order"),
    "gmv_per_buyer": ("Spend per buyer", "客单价", "CNY per buyer"),
    "gmv_per_item": ("Average price", "件单价", "CNY per item"),
    "gmv_per_hour": ("GMV per hour", "小时成交额", "CNY per hour on air"),
    "views_per_impression": ("Tap-through rate", "曝光进入率", "views / impressions"),
    "clicks_per_view": ("LIVE CTR", "直播点击率", "product clicks / views"),
    "clicks_per_product_impression": ("Product CTR", "商品点击率", "product clicks / product impressions"),
    "orders_per_click": ("CTOR", "点击成交率", "orders / product clicks"),
    "buyers_per_viewer": ("Buyers / viewers", "看播转化率", "buyers / viewers"),
    "watch_seconds_per_view": ("Watch time per view", "次均观看时长", "seconds per view"),
    "watch_seconds_per_viewer": ("Watch time per viewer", "人均观看时长", "seconds per viewer"),
    "interacting_per_viewer": ("Interaction rate", "互动率", "interacting persons / viewers"),
    "new_followers_per_viewer": ("Follow conversion", "转粉率", "new followers / viewers"),
}


def funnel(sessions, by=None):
    """From entering to buying, counted in entries (views); one row, or one row per value of ``by``.

    Columns: entries, clicking, carting, ordering (entries that reached each step), then
    clicking_per_entry, carting_per_clicking, ordering_per_carting (each per the step before) and
    ordering_per_entry. An entry counts as having reached a step when it reached that or any later
    one, so no step is larger than the one before.
    """
    keys = [] if by is None else listed(by)
    frame = as_frame(sessions, "viewer_sessions", [*keys, "product_clicks", "carted", "orders"])
    ordering = nw.col("orders").fill_null(0) > 0
    carting = nw.col("carted").cast(nw.Int64).fill_null(0) > 0
    clicking = nw.col("product_clicks").fill_null(0) > 0
    frame = frame.with_columns(
        entries=nw.lit(1),
        ordering=ordering.cast(nw.Int64),
        carting=(carting | ordering).cast(nw.Int64),
        clicking=(clicking | carting | ordering).cast(nw.Int64))
    steps = ["entries", "clicking", "carting", "ordering"]
    sums = [nw.col(step).sum() for step in steps]
    table = frame.group_by(*keys).agg(*sums) if keys else frame.select(*sums)
    table = table.with_columns(nw.col(*steps).cast(nw.Int64))
    entries, clicked, carted, ordered = (nw.col(step) for step in steps)
    table = table.with_columns(
        clicking_per_entry=divide(clicked, entries),
        carting_per_clicking=divide(carted, clicked),
        ordering_per_carting=divide(ordered, carted),
        ordering_per_entry=divide(ordered, entries))
    return in_order(table, keys) if keys else table.to_native()


def pcu(sessions, by="stream_id"):
    """Peak concurrent users (最高在线): the largest number of entries being watched at once.

    Counted by the second: an entry watches from entered_second up to, not including,
    entered_second + watch_seconds. Columns: ``by`` (usually the broadcast) and pcu. Entries without
    one of the two times are not counted.
    """
    keys = listed(by)
    frame = as_frame(sessions, "viewer_sessions", [*keys, "entered_second", "watch_seconds"])
    frame = frame.filter(~nw.col("entered_second").is_null(), ~nw.col("watch_seconds").is_null())
    entered = nw.col("entered_second").cast(nw.Int64)
    came = frame.select(*keys, entered.alias("second"), nw.lit(1).alias("step"))
    left = frame.select(*keys, (entered + nw.col("watch_seconds").cast(nw.Int64)).alias("second"),
                        nw.lit(-1).alias("step"))
    steps = nw.concat([came, left]).group_by(*keys, "second").agg(nw.col("step").sum())
    watching = steps.with_columns(
        watching=nw.col("step").cum_sum().over(*keys, order_by="second"))
    table = watching.group_by(*keys).agg(nw.col("watching").max().alias("pcu"))
    return in_order(table.with_columns(nw.col("pcu").cast(nw.Int64)), keys)


def stream_scorecard(sessions, orders, streams=None, paid_only=True):
    """One row a broadcast, counted from single entries and order lines.

    Totals: views, viewers, watch_seconds, product_clicks, interacting (persons), new_followers, pcu,
    orders, sku_orders, items, buyers, gmv. Ratios: as :func:`scorecard_from_totals`. Broadcasts
    without an order have zeros. Pass ``streams`` as well for what entries cannot know: length on air
    (ACU, GMV per hour), impressions, product impressions.
    Orders belong to the broadcast in their stream_id; unpaid ones are left out unless
    ``paid_only=False``. Raises TableError on missing columns.
    """
    card = _audience(sessions)
    card = card.join(nw.from_native(pcu(sessions)), on="stream_id", how="left")
    card = card.join(_sales(orders, paid_only), on="stream_id", how="left")
    counts = ["views", "viewers", "product_clicks", "interacting", "new_followers", "orders", "sku_orders", "items",
              "buyers"]
    card = card.with_columns(
        *[nw.col(name).fill_null(0).cast(nw.Int64) for name in counts],
        nw.col("gmv").fill_null(0.0).cast(nw.Float64), nw.col("watch_seconds").cast(nw.Float64))
    if streams is not None:
        facts = as_frame(streams, "streams", ["stream_id", "stream_seconds"])
        wanted = ["stream_seconds", "impressions", "product_impressions"]
        facts = facts.select("stream_id", *[name for name in wanted if name in column_names(facts)])
        card = card.join(facts, on="stream_id", how="left")
    return in_order(_with_ratios(card), ["stream_id"])


def _audience(sessions):
    """Totals of a broadcast's entries; people are counted once, however often they came back."""
    actions = ["likes", "comments", "shares"]
    entries = as_frame(sessions, "viewer_sessions", [
        "stream_id", "viewer_id", "watch_seconds", "product_clicks", *actions, "followed", "entered_second"])
    followed = nw.col("followed").cast(nw.Int64).fill_null(0)
    acted = sum((nw.col(action).fill_null(0) for action in actions), followed) > 0
    people = entries.with_columns(
        one=nw.lit(1), acted=acted.cast(nw.Int64), followed=followed,
    ).group_by("stream_id", "viewer_id").agg(
        nw.col("one").sum().alias("views"), nw.col("watch_seconds").sum(), nw.col("product_clicks").sum(),
        nw.col("acted").max().alias("interacting"), nw.col("followed").max().alias("new_followers"))
    return people.with_columns(viewers=nw.lit(1)).group_by("stream_id").agg(
        nw.col("views", "viewers", "watch_seconds", "product_clicks", "interacting", "new_followers").sum())


def _sales(orders, paid_only):
    """Totals of a broadcast's order lines: an order may hold several lines, a buyer several orders."""
    lines = order_lines(orders, ["order_id", "stream_id", "customer_id", "quantity", "paid_amount"], paid_only)
    lines = lines.filter(~nw.col("stream_id").is_null()).with_columns(one=nw.lit(1))
    baskets = lines.group_by("stream_id", "customer_id", "order_id").agg(
        nw.col("one").sum().alias("sku_orders"), nw.col("quantity").sum().alias("items"),
        nw.col("paid_amount").sum().alias("gmv"))
    buyers = baskets.with_columns(orders=nw.lit(1)).group_by("stream_id", "customer_id").agg(
        nw.col("orders", "sku_orders", "items", "gmv").sum())
    return buyers.with_columns(buyers=nw.lit(1)).group_by("stream_id").agg(
        nw.col("orders", "sku_orders", "items", "buyers", "gmv").sum())


# Column of the scorecard -> (ratio, columns it is made of).
_RATIOS = {
    "acu": (acu, ("watch_seconds", "stream_seconds")),
    "gmv_per_1000_views": (gpm, ("gmv", "views")),
    "gmv_per_1000_impressions": (show_gpm, ("gmv", "impressions")),
    "gmv_per_viewer": (uv_value, ("gmv", "viewers")),
    "gmv_per_order": (aov, ("gmv", "orders")),
    "gmv_per_buyer": (gmv_per_buyer, ("gmv", "buyers")),
    "gmv_per_item": (average_price, ("gmv", "items")),
    "gmv_per_hour": (gmv_per_hour, ("gmv", "stream_seconds")),
    "views_per_impression": (tap_through, ("views", "impressions")),
    "clicks_per_view": (live_ctr, ("product_clicks", "views")),
    "clicks_per_product_impression": (product_ctr, ("product_clicks", "product_impressions")),
    "orders_per_click": (ctor, ("orders", "product_clicks")),
    "buyers_per_viewer": (buyers_per_viewer, ("buyers", "viewers")),
    "watch_seconds_per_view": (watch_per_view, ("watch_seconds", "views")),
    "watch_seconds_per_viewer": (watch_per_viewer, ("watch_seconds", "viewers")),
    "interacting_per_viewer": (interaction_rate, ("interacting", "viewers")),
    "new_followers_per_viewer": (follow_conversion, ("new_followers", "viewers")),
}


def _with_ratios(card):
    have = set(column_names(card))
    card = card.with_columns(**{
        name: formula(*(nw.col(column) for column in parts))
        for name, (formula, parts) in _RATIOS.items() if have >= set(parts)})
    if {"pcu", "acu"} <= set(column_names(card)):
        card = card.with_columns(pcu_per_acu=divide(nw.col("pcu"), nw.col("acu")))
    return card


def scorecard_from_totals(streams):
    """The scorecard from totals of broadcasts, as platforms export them; one row a broadcast.

    Adds every ratio whose parts are there: acu, gmv_per_1000_views (GPM), gmv_per_1000_impressions
    (show GPM), gmv_per_viewer (UV value), gmv_per_order (AOV), gmv_per_buyer, gmv_per_item,
    gmv_per_hour, views_per_impression (tap-through), clicks_per_view (LIVE CTR),
    clicks_per_product_impression (product CTR), orders_per_click (CTOR), buyers_per_viewer,
    watch_seconds_per_view, watch_seconds_per_viewer, new_followers_per_viewer, pcu_per_acu.
    Ratios of a total over several broadcasts are ratios of sums: sum the totals first, then call this.
    """
    frame = as_frame(streams, "streams", ["stream_id"])
    totals = dict.fromkeys(column for _, parts in _RATIOS.values() for column in parts)
    keep = [name for name in ["stream_id", "pcu", "sku_orders", *totals] if name in column_names(frame)]
    return _with_ratios(frame.select(*keep)).to_native()
