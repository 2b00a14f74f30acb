"""The measures of the trade, each with its denominator in its name or signature.

Two kinds of function live here.

*Ratios* such as :func:`gpm` take a numerator and a denominator: numbers, arrays, series of
pandas or Polars, or narwhals expressions (``nw.col("gmv")``), and give back the same kind.
A zero denominator gives NaN, never an error and never infinity: a broadcast nobody entered
has no GPM. Missing values stay missing.

*Tables* such as :func:`stream_scorecard` take frames of pandas, Polars, DuckDB or Spark and give
back the same kind of frame; what is lazy stays lazy. Column names are those of the contract
(``data/datapackage.json``), and every ratio column is called ``numerator_per_denominator``.

Where platforms disagree about a name, the docstring says who uses which formula. TT stands for the
TikTok Shop LIVE performance report, SY for Alibaba's Business Advisor (生意参谋).
"""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta

import narwhals as nw
import numpy as np

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


# ---------------------------------------------------------------------------------------- ratios

def _ratio(numerator, denominator, scale=1.0):
    """``scale * numerator / denominator``; NaN where the denominator is zero."""
    if isinstance(numerator, nw.Expr) or isinstance(denominator, nw.Expr):
        return _ratio_of_expressions(numerator, denominator, scale)
    for value in (numerator, denominator):
        if _is_series(value):
            return _ratio_of_series(numerator, denominator, scale, like=value)
    above, below = np.asarray(numerator, float), np.asarray(denominator, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(below == 0, np.nan, scale * above / below)
    return float(ratio) if ratio.ndim == 0 else ratio


def _ratio_of_expressions(numerator, denominator, scale):
    above = numerator.cast(nw.Float64) if isinstance(numerator, nw.Expr) else float(numerator)
    if not isinstance(denominator, nw.Expr):
        return above * (scale / denominator if denominator else math.nan)
    below = denominator.cast(nw.Float64)
    return nw.when(below != 0).then(scale * above / below).otherwise(nw.lit(math.nan))


def _ratio_of_series(numerator, denominator, scale, like):
    series = nw.from_native(like, series_only=True, allow_series=True)
    native = isinstance(like, nw.Series)

    def column(value, name):
        if _is_series(value):
            return nw.from_native(value, series_only=True).alias(name)
        return nw.lit(float(value)).alias(name) if np.ndim(value) == 0 else nw.new_series(
            name, np.asarray(value, float), backend=series.implementation)

    frame = series.alias("_").to_frame().with_columns(
        column(numerator, "above"), column(denominator, "below"))
    ratio = frame.select(ratio=_ratio_of_expressions(nw.col("above"), nw.col("below"), scale))["ratio"]
    return ratio if native else ratio.to_native()


def _is_series(value):
    if isinstance(value, nw.Series):
        return True
    if isinstance(value, (int, float, np.ndarray, list, tuple)) or value is None:
        return False
    return isinstance(nw.from_native(value, pass_through=True, allow_series=True), nw.Series)


def gpm(gmv, views):
    """GMV per 1,000 **views** (千次观看成交金额), CNY. TT calls it watch GPM."""
    return _ratio(gmv, views, 1000.0)


def show_gpm(gmv, impressions):
    """GMV per 1,000 **impressions** of the room outside the room (TT: show GPM), CNY."""
    return _ratio(gmv, impressions, 1000.0)


def uv_value(gmv, viewers):
    """GMV per **viewer** (UV价值), CNY: buyers/viewers times GMV per buyer."""
    return _ratio(gmv, viewers)


def aov(gmv, orders):
    """Average order value: GMV per **order**, CNY (TT). Not per buyer, not per item."""
    return _ratio(gmv, orders)


def gmv_per_buyer(gmv, buyers):
    """客单价: GMV per **buyer**, CNY (SY). A buyer may place several orders."""
    return _ratio(gmv, buyers)


def average_price(gmv, items):
    """件单价: GMV per **item** sold, CNY."""
    return _ratio(gmv, items)


def gmv_per_hour(gmv, stream_seconds):
    """GMV per **hour on air**, CNY."""
    return _ratio(gmv, stream_seconds, 3600.0)


def tap_through(views, impressions):
    """曝光进入率: **views** (entries) per impression of the room (TT). By times, not by people."""
    return _ratio(views, impressions)


def live_ctr(product_clicks, views):
    """Product clicks per **view** (TT's LIVE report calls this CTR). Can exceed 1."""
    return _ratio(product_clicks, views)


def product_ctr(product_clicks, product_impressions):
    """Product clicks per **product impression** (TT's product report calls this CTR too)."""
    return _ratio(product_clicks, product_impressions)


def ctor(orders, product_clicks):
    """点击成交率: paid orders per **product click** (TT). Not per view, not per viewer."""
    return _ratio(orders, product_clicks)


def buyers_per_viewer(buyers, viewers):
    """看播转化率: persons who bought per person who **watched**."""
    return _ratio(buyers, viewers)


def acu(watch_seconds, stream_seconds):
    """Average concurrent users (平均在线): all watch time over the **length of the broadcast**.

    Both in seconds. It equals the time average of the number watching; the mean of entries per
    minute is something else.
    """
    return _ratio(watch_seconds, stream_seconds)


def watch_per_view(watch_seconds, views):
    """Average seconds watched per **view** (entry); TT and most exports."""
    return _ratio(watch_seconds, views)


def watch_per_viewer(watch_seconds, viewers):
    """Average seconds watched per **viewer** (person); larger, as people come back."""
    return _ratio(watch_seconds, viewers)


def interaction_rate(interacting_viewers, viewers):
    """互动率: **persons** who liked, commented, shared or followed, per viewer (SY).

    Dividing the number of actions by viewers lets one fan with 300 likes look like 300 people.
    """
    return _ratio(interacting_viewers, viewers)


def follow_conversion(new_followers, viewers):
    """转粉率: persons who began to follow per **viewer** (TT: follow rate)."""
    return _ratio(new_followers, viewers)


def roas(gmv, spend):
    """Return on advertising spend: GMV per yuan of **advertising**."""
    return _ratio(gmv, spend)


def roi(revenue, total_cost):
    """Return on investment: (revenue − total cost) per yuan of **total cost**."""
    if isinstance(revenue, (list, tuple)) or isinstance(total_cost, (list, tuple)):
        revenue, total_cost = np.asarray(revenue, float), np.asarray(total_cost, float)
    return _ratio(revenue - total_cost, total_cost)


# ---------------------------------------------------------------------------------------- tables

def _frame(frame, table, columns):
    """The frame as narwhals sees it, lazy where its backend is; complains about missing columns."""
    frame = nw.from_native(frame)
    have = set(frame.collect_schema().names())
    for column in columns:
        if column not in have:
            raise _missing(table, column)
    return frame


def _missing(table, column):
    remedy = f"Add the column {column}, or map one of your columns to it."
    try:
        from liveshop.tables import TableError
        return TableError(table, column, None, "the column is missing", remedy)
    except ImportError:
        return ValueError(f"Table {table}: the column {column} is missing. {remedy}")


def _columns(frame):
    return frame.collect_schema().names()


def _eager(frame):
    return frame.collect() if isinstance(frame, nw.LazyFrame) else frame


def _sorted(frame, keys):
    """The native frame in the order of its keys, rows numbered from 0 where the backend numbers rows."""
    frame = frame.sort(*keys)
    return (frame if isinstance(frame, nw.LazyFrame) else nw.maybe_reset_index(frame)).to_native()


def _number(frame, column):
    """The only value of a one-row frame, as a float (an empty sum is 0)."""
    value = _eager(frame.select(column))[column].to_list()
    return math.nan if not value or value[0] is None else float(value[0])


def _moment(when):
    """A date or text such as ``2025-06-18`` means the end of that day; a time means that time."""
    if isinstance(when, np.datetime64):
        when = when.item()
    if isinstance(when, str):
        try:
            when = datetime.fromisoformat(when)
        except ValueError:
            raise ValueError(f"{when!r} is not a date: write it as 2025-06-18.") from None
        if when.time() == datetime.min.time():
            when = when.date()
    if isinstance(when, datetime) and when == when:     # pandas' missing time does not equal itself
        return when.to_pydatetime() if hasattr(when, "to_pydatetime") else when
    if isinstance(when, date) and when == when:
        return datetime(when.year, when.month, when.day) + timedelta(days=1, microseconds=-1)
    raise ValueError(f"{when!r} is not a date: write it as 2025-06-18.")


def _timed(frame, table, column):
    """The frame with the column as plain times: those with a zone as the clock there showed them."""
    kind = frame.collect_schema()[column]
    if not kind.is_temporal() and _eager(frame.select((~nw.col(column).is_null()).sum()))[column].to_list()[0]:
        from liveshop.tables import TableError
        raise TableError(table, column, None, "it holds no times", f"Turn the column {column} into times, such as 2025-06-18 20:00.")
    if isinstance(frame, nw.DataFrame) and getattr(kind, "time_zone", None) is not None:
        return frame.with_columns(nw.col(column).dt.replace_time_zone(None))
    return frame


def _paid(orders, columns):
    return _frame(orders, "orders", {"paid", *columns}).filter(~nw.col("paid").is_null())


def gmv(orders, paid_only=True):
    """GMV (成交总额) in CNY: the paid amount of order lines, refunds still inside.

    TT counts paid orders only; many teams count unpaid ones too (``paid_only=False``).
    """
    lines = _paid(orders, ["paid_amount"]) if paid_only else _frame(orders, "orders", ["paid_amount"])
    value = _number(lines.select(nw.col("paid_amount").sum()), "paid_amount")
    return 0.0 if math.isnan(value) else value


def net_sales(orders, refunds, asof=None, per=None):
    """Net sales (净销售额): paid minus refunded, CNY.

    ``asof`` keeps what was known at that moment: payments and refunds up to it (a date means the
    end of that day). Refunds arrive 3 to 15 days after payment, so a fresh figure is too high.
    Without ``per`` the result is a float; with ``per="stream_id"`` (or a list of columns) a table
    of per, gmv, refunded_amount, net_sales.
    """
    lines = _lines_with_refunds(orders, refunds, asof, per)
    sums = [nw.col("paid_amount").sum().alias("gmv"), nw.col("refunded_amount").sum()]
    table = lines.select(*sums) if per is None else lines.group_by(*_listed(per)).agg(*sums)
    table = table.with_columns(net_sales=nw.col("gmv") - nw.col("refunded_amount"))
    if per is None:
        value = _number(table, "net_sales")
        return 0.0 if math.isnan(value) else value
    return _sorted(table, _listed(per))


def refund_rate(orders, refunds, by="amount", asof=None, per=None):
    """Refund rate (退款率), of paid orders; say which one:

    ``by="order"``  orders with at least one refunded line / orders,
    ``by="amount"`` money refunded / money paid,
    ``by="item"``   items of refunded lines / items (a partly refunded line counts whole).

    ``asof`` and ``per`` as in :func:`net_sales`; with ``per`` a table with numerator, denominator
    and refund_rate.
    """
    if by not in ("order", "amount", "item"):
        raise ValueError(f'by={by!r} is not known: choose "order", "amount" or "item".')
    lines = _lines_with_refunds(orders, refunds, asof, per, extra=["quantity"])
    keys = [] if per is None else _listed(per)
    if by == "amount":
        above, below = nw.col("refunded_amount"), nw.col("paid_amount")
    elif by == "item":
        above, below = nw.col("quantity") * nw.col("is_refunded"), nw.col("quantity")
    else:
        lines = lines.group_by(*keys, "order_id").agg(nw.col("is_refunded").max())
        above, below = nw.col("is_refunded"), nw.lit(1)
    lines = lines.with_columns(refunded=above, paid=below)
    sums = [nw.col("refunded").sum(), nw.col("paid").sum()]
    table = lines.group_by(*keys).agg(*sums) if keys else lines.select(*sums)
    table = table.with_columns(refund_rate=_ratio(nw.col("refunded"), nw.col("paid")))
    return _number(table, "refund_rate") if per is None else _sorted(table, keys)


def _listed(per):
    return [per] if isinstance(per, str) else list(per)


def _lines_with_refunds(orders, refunds, asof, per, extra=()):
    keys = ["order_id", "line_no"]
    lines = _paid(orders, [*keys, "paid_amount", *extra, *([] if per is None else _listed(per))])
    back = _frame(refunds, "refunds", [*keys, "refunded", "refunded_amount"])
    if asof is not None:
        moment = nw.lit(_moment(asof))
        lines = _timed(lines, "orders", "paid").filter(nw.col("paid") <= moment)
        back = _timed(back, "refunds", "refunded").filter(nw.col("refunded") <= moment)
    lines = lines.select(*dict.fromkeys([*keys, "paid_amount", *extra,
                                         *([] if per is None else _listed(per))]))
    back = back.group_by(*keys).agg(nw.col("refunded_amount").sum())
    lines = lines.join(back, on=keys, how="left")
    return lines.with_columns(
        is_refunded=(~nw.col("refunded_amount").is_null()).cast(nw.Int64),
        refunded_amount=nw.col("refunded_amount").fill_null(0.0).cast(nw.Float64))


def repurchase_rate(orders, on, days=30):
    """Repurchase rate (复购率): of the customers who bought in the period before last, the share who
    bought again in the last one (SY).

    With 30 days: the denominator is customers with a paid order 31–60 days ago, the numerator those
    of them with one in the last 30 days; ``on`` is the last day and counts as the first of the 30.
    NaN when nobody bought in the earlier period. Source: SY, 30天复购率.
    """
    if not days > 0:
        raise ValueError(f"The periods must be longer than {days} days.")
    end = _moment(on)
    middle, start = end - timedelta(days=days), end - timedelta(days=2 * days)
    lines = _timed(_paid(orders, ["customer_id"]), "orders", "paid").filter(
        (nw.col("paid") > nw.lit(start)) & (nw.col("paid") <= nw.lit(end)))
    people = lines.group_by("customer_id").agg(nw.col("paid").min().alias("first"),
                                               nw.col("paid").max().alias("last"))
    earlier = people.filter(nw.col("first") <= nw.lit(middle))
    again = (nw.col("last") > nw.lit(middle)).cast(nw.Int64)
    table = earlier.with_columns(again=again, one=nw.lit(1)).select(nw.col("again").sum(),
                                                                      nw.col("one").sum())
    table = table.with_columns(rate=_ratio(nw.col("again"), nw.col("one")))
    return _number(table, "rate")


def funnel(sessions, by=None):
    """From entering to buying, counted in entries (views); one row, or one row per value of ``by``.

    Columns: entries, clicking, carting, ordering (entries that reached each step), then
    clicking_per_entry, carting_per_clicking, ordering_per_carting (each per the step before) and
    ordering_per_entry. An entry counts as having reached a step when it reached that or any later
    one, so no step is larger than the one before.
    """
    keys = [] if by is None else _listed(by)
    frame = _frame(sessions, "viewer_sessions", [*keys, "product_clicks", "carted", "orders"])
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
        clicking_per_entry=_ratio(clicked, entries),
        carting_per_clicking=_ratio(carted, clicked),
        ordering_per_carting=_ratio(ordered, carted),
        ordering_per_entry=_ratio(ordered, entries))
    return _sorted(table, keys) if keys else table.to_native()


def pcu(sessions, by="stream_id"):
    """Peak concurrent users (最高在线): the largest number of entries being watched at once.

    Counted by the second: an entry watches from entered_second up to, not including,
    entered_second + watch_seconds. Columns: ``by`` (usually the broadcast) and pcu. Entries without
    one of the two times are not counted.
    """
    keys = _listed(by)
    frame = _frame(sessions, "viewer_sessions", [*keys, "entered_second", "watch_seconds"])
    frame = frame.filter(~nw.col("entered_second").is_null(), ~nw.col("watch_seconds").is_null())
    entered = nw.col("entered_second").cast(nw.Int64)
    came = frame.select(*keys, entered.alias("second"), nw.lit(1).alias("step"))
    left = frame.select(*keys, (entered + nw.col("watch_seconds").cast(nw.Int64)).alias("second"),
                        nw.lit(-1).alias("step"))
    steps = nw.concat([came, left]).group_by(*keys, "second").agg(nw.col("step").sum())
    watching = steps.with_columns(
        watching=nw.col("step").cum_sum().over(*keys, order_by="second"))
    table = watching.group_by(*keys).agg(nw.col("watching").max().alias("pcu"))
    return _sorted(table.with_columns(nw.col("pcu").cast(nw.Int64)), keys)


def stream_scorecard(sessions, orders, streams=None, paid_only=True):
    """One row a broadcast, counted from single entries and order lines.

    Totals: views, viewers, watch_seconds, product_clicks, interacting (persons), new_followers, pcu,
    orders, sku_orders, items, buyers, gmv. Ratios: as :func:`scorecard_from_totals`. Broadcasts
    without an order have zeros. Pass ``streams`` as well for what entries cannot know: length on air
    (ACU, GMV per hour), impressions, product impressions.
    Orders belong to the broadcast in their stream_id; unpaid ones are left out unless
    ``paid_only=False``.
    """
    entries = _frame(sessions, "viewer_sessions", [
        "stream_id", "viewer_id", "watch_seconds", "product_clicks", "likes", "comments", "shares",
        "followed", "entered_second"])
    followed = nw.col("followed").cast(nw.Int64).fill_null(0)
    people = entries.with_columns(
        one=nw.lit(1),
        acted=((nw.col("likes").fill_null(0) + nw.col("comments").fill_null(0) + nw.col("shares").fill_null(0) + followed) > 0).cast(nw.Int64),
        followed=followed,
    ).group_by("stream_id", "viewer_id").agg(
        nw.col("one").sum().alias("views"), nw.col("watch_seconds").sum(),
        nw.col("product_clicks").sum(), nw.col("acted").max().alias("interacting"),
        nw.col("followed").max().alias("new_followers"))
    rooms = people.with_columns(viewers=nw.lit(1)).group_by("stream_id").agg(
        nw.col("views", "viewers", "watch_seconds", "product_clicks", "interacting",
               "new_followers").sum())
    peak = nw.from_native(pcu(sessions))

    lines = (_paid if paid_only else lambda frame, columns: _frame(frame, "orders", columns))(
        orders, ["order_id", "stream_id", "customer_id", "quantity", "paid_amount"])
    lines = lines.filter(~nw.col("stream_id").is_null()).with_columns(one=nw.lit(1))
    baskets = lines.group_by("stream_id", "customer_id", "order_id").agg(
        nw.col("one").sum().alias("sku_orders"), nw.col("quantity").sum().alias("items"),
        nw.col("paid_amount").sum().alias("gmv"))
    buyers = baskets.with_columns(orders=nw.lit(1)).group_by("stream_id", "customer_id").agg(
        nw.col("orders", "sku_orders", "items", "gmv").sum())
    sales = buyers.with_columns(buyers=nw.lit(1)).group_by("stream_id").agg(
        nw.col("orders", "sku_orders", "items", "buyers", "gmv").sum())

    card = rooms.join(peak, on="stream_id", how="left").join(sales, on="stream_id", how="left")
    counts = ["orders", "sku_orders", "items", "buyers"]
    card = card.with_columns(
        *[nw.col(name).fill_null(0).cast(nw.Int64) for name in
          ["views", "viewers", "product_clicks", "interacting", "new_followers", *counts]],
        nw.col("gmv").fill_null(0.0).cast(nw.Float64), nw.col("watch_seconds").cast(nw.Float64))
    if streams is not None:
        facts = _frame(streams, "streams", ["stream_id", "stream_seconds"])
        wanted = ["stream_seconds", "impressions", "product_impressions"]
        facts = facts.select("stream_id", *[name for name in wanted if name in _columns(facts)])
        card = card.join(facts, on="stream_id", how="left")
    return _sorted(_with_ratios(card), ["stream_id"])


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
    have = set(_columns(card))
    card = card.with_columns(**{
        name: formula(*(nw.col(column) for column in parts))
        for name, (formula, parts) in _RATIOS.items() if have >= set(parts)})
    if {"pcu", "acu"} <= set(_columns(card)):
        card = card.with_columns(pcu_per_acu=_ratio(nw.col("pcu"), nw.col("acu")))
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
    frame = _frame(streams, "streams", ["stream_id"])
    totals = dict.fromkeys(column for _, parts in _RATIOS.values() for column in parts)
    keep = [name for name in ["stream_id", "pcu", "sku_orders", *totals] if name in _columns(frame)]
    return _with_ratios(frame.select(*keep)).to_native()


# Reported column -> (measure, our formula, rounding of the export, other formulas seen in the wild).
_REPORTED = {
    "reported_show_gpm": ("gmv_per_1000_impressions", show_gpm, ("gmv", "impressions"), 0.005, [
        ("GMV per 1,000 views", gpm, ("gmv", "views")),
        ("GMV per 1,000 product impressions", show_gpm, ("gmv", "product_impressions"))]),
    "reported_watch_gpm": ("gmv_per_1000_views", gpm, ("gmv", "views"), 0.005, [
        ("GMV per 1,000 viewers", gpm, ("gmv", "viewers")),
        ("GMV per 1,000 impressions", gpm, ("gmv", "impressions"))]),
    "reported_tap_through_rate": ("views_per_impression", tap_through, ("views", "impressions"), 5e-5, [
        ("viewers per impression", tap_through, ("viewers", "impressions"))]),
    "reported_live_ctr": ("clicks_per_view", live_ctr, ("product_clicks", "views"), 5e-5, [
        ("clicks per viewer", live_ctr, ("product_clicks", "viewers")),
        ("clicks per product impression", live_ctr, ("product_clicks", "product_impressions"))]),
    "reported_ctr": ("clicks_per_product_impression", product_ctr,
                     ("product_clicks", "product_impressions"), 5e-5, [
        ("clicks per view", product_ctr, ("product_clicks", "views")),
        ("clicks per viewer", product_ctr, ("product_clicks", "viewers"))]),
    "reported_ctor": ("orders_per_click", ctor, ("orders", "product_clicks"), 5e-5, [
        ("SKU orders per click", ctor, ("sku_orders", "product_clicks")),
        ("buyers per click", ctor, ("buyers", "product_clicks")),
        ("items per click", ctor, ("items", "product_clicks")),
        ("orders per view", ctor, ("orders", "views")),
        ("orders per viewer", ctor, ("orders", "viewers"))]),
    "reported_aov": ("gmv_per_order", aov, ("gmv", "orders"), 0.005, [
        ("GMV per buyer", aov, ("gmv", "buyers")),
        ("GMV per SKU order", aov, ("gmv", "sku_orders")),
        ("GMV per item", aov, ("gmv", "items"))]),
    "reported_watch_seconds_per_view": ("watch_seconds_per_view", watch_per_view,
                                        ("watch_seconds", "views"), 0.5, [
        ("seconds per viewer", watch_per_view, ("watch_seconds", "viewers"))]),
}


def _blur(total):
    """How far a total may be off, as a share of it, when it is printed in thousands or hundreds (1.2万, 1.25万)."""
    step = nw.when(total % 1000 == 0).then(nw.lit(1000.0)).otherwise(nw.when(total % 100 == 0).then(nw.lit(100.0)).otherwise(nw.lit(0.0)))
    return nw.when(total >= 1000).then(0.5 * step / total).otherwise(nw.lit(0.0))


def reconcile(streams, tolerance=0.005):
    """Our definitions beside what the platform's export computed; one row a broadcast and measure.

    Columns: stream_id, measure, ours, reported, difference (reported − ours), agrees, likely_reason.
    They agree within ``tolerance`` (relative) plus the export's own rounding. The reason is found by
    trying the other formulas and units in use: another denominator, percent for share, minutes or
    milliseconds for seconds, fen for yuan, a negative sentinel, a total printed as 1.2万.
    """
    frame = _frame(streams, "streams", ["stream_id"])
    have = set(_columns(frame))
    pieces = []
    for column, (measure, formula, parts, rounding, others) in _REPORTED.items():
        if column not in have or not have >= set(parts):
            continue
        reported = nw.col(column).cast(nw.Float64)
        ours = formula(*(nw.col(part) for part in parts))

        def near(value, reported=reported, rounding=rounding):
            gap = (reported - value).abs()
            return gap <= rounding + tolerance * value.abs()

        empty, undefined = reported.is_null() | reported.is_nan(), ours.is_nan()
        reasons = [(empty & undefined, ""),
                   (empty, "the export holds nothing here"),
                   (undefined, "our denominator is zero"),
                   (near(ours), ""),
                   (reported < 0, "a negative number stands for missing (sentinel)")]
        reasons += [(near(other(*(nw.col(part) for part in needed))), f"the export divides differently: {name}")
                    for name, other, needed in others if have >= set(needed)]
        if "watch" in column and "gpm" not in column:
            reasons += [(near(ours / 60), "the export is in minutes"),
                        (near(ours * 1000), "the export is in milliseconds")]
        else:
            reasons += [(near(ours * 100), "the export is 100 times ours: percent for share, or fen for yuan"),
                        (near(ours / 100), "the export is a hundredth of ours: one of the amounts is in fen")]
        blur = sum((_blur(nw.col(part)) for part in parts), nw.lit(0.0))
        reasons += [((reported - ours).abs() <= rounding + (tolerance + blur) * ours.abs(),
                     "a total in the export is rounded, as 1.2万 is, and the difference is no larger than that")]
        if "gmv" in parts:
            reasons += [(reported > ours, "higher than any formula we know: unpaid orders or a longer attribution window may count"),
                        (reported < ours, "lower than any formula we know: refunds may be taken out, or a shorter window may count")]
        reason = nw.lit("no formula we know gives this number")
        for condition, text in reversed(reasons):
            reason = nw.when(condition).then(nw.lit(text)).otherwise(reason)
        pieces.append(frame.select(
            "stream_id", nw.lit(measure).alias("measure"), ours.alias("ours"), reported.alias("reported"),
            (reported - ours).alias("difference"), (near(ours) | (empty & undefined)).alias("agrees"),
            reason.alias("likely_reason")))
    if not pieces:
        raise _missing("streams", "reported_watch_gpm")
    return _sorted(nw.concat(pieces), ["stream_id", "measure"])
