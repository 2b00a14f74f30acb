"""Sales from order lines and refunds: GMV, net sales, refund rates, repurchase. Amounts are in CNY."""

from __future__ import annotations

import math
from datetime import timedelta

import narwhals as nw

from liveshop.metrics._frames import (
    as_frame,
    at,
    column_names,
    divide,
    in_order,
    listed,
    moment,
    only_number,
    order_lines,
    with_plain_times,
)
from liveshop.tables.contract import TableError

COSTS = ("goods", "fees", "promotion")


def gmv(orders, paid_only=True):
    """GMV (成交总额) in CNY: the paid amount of order lines, refunds still inside; a float, 0 without lines.

    TT counts paid orders only; many teams count unpaid ones too (``paid_only=False``). Raises
    TableError on missing columns, as every function here.
    """
    lines = order_lines(orders, ["paid_amount"], paid_only)
    return _zero_if_empty(only_number(lines.select(nw.col("paid_amount").sum()), "paid_amount"))


def net_sales(orders, refunds, asof=None, per=None):
    """Net sales (净销售额): paid minus refunded, CNY.

    ``asof`` keeps what was known at that moment: payments and refunds up to it (a date means the
    end of that day). Refunds arrive 3 to 15 days after payment, so a fresh figure is too high.
    Without ``per`` the result is a float; with ``per="stream_id"`` (or a list of columns) a table
    of per, gmv, refunded_amount, net_sales. Raises ValueError when ``asof`` is no date.
    """
    lines = _lines_with_refunds(orders, refunds, asof, per)
    sums = [nw.col("paid_amount").sum().alias("gmv"), nw.col("refunded_amount").sum()]
    table = lines.select(*sums) if per is None else lines.group_by(*listed(per)).agg(*sums)
    table = table.with_columns(net_sales=nw.col("gmv") - nw.col("refunded_amount"))
    if per is None:
        return _zero_if_empty(only_number(table, "net_sales"))
    return in_order(table, listed(per))


def refund_rate(orders, refunds, by="amount", asof=None, per=None):
    """Refund rate (退款率), of paid orders; say which one:

    ``by="order"``  orders with at least one refunded line / orders,
    ``by="amount"`` money refunded / money paid,
    ``by="item"``   items of refunded lines / items (a partly refunded line counts whole).

    ``asof`` and ``per`` as in :func:`net_sales`; with ``per`` a table of per, refunded (numerator),
    paid (denominator) and refund_rate. NaN where nothing was paid. Raises ValueError on another ``by``.
    """
    if by not in ("order", "amount", "item"):
        raise ValueError(f'by={by!r} is not known: choose "order", "amount" or "item".')
    lines = _lines_with_refunds(orders, refunds, asof, per, extra=["quantity"])
    keys = listed(per)
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
    table = table.with_columns(refund_rate=divide(nw.col("refunded"), nw.col("paid")))
    return only_number(table, "refund_rate") if per is None else in_order(table, keys)


def contribution(orders, refunds, products, channels, spend=None, per=None):
    """Contribution (贡献利润), CNY: what paid orders leave after refunds, goods, channel fees and promotion.

    A table of gmv (paid, as in :func:`gmv`), refunded, goods, fees, promotion, contribution (the first less the four)
    and unknown_lines: one row, or one a value of ``per`` (columns of the orders). Unpaid lines are left out.

    refunded  money given back. The refunds seen so far: young orders look too good for 3 to 15 days.
    goods     quantity × ``unit_cost`` of the share that was not refunded: what is refunded counts as back on the shelf,
              fit for sale. Pieces that come back damaged, or stay with the buyer (仅退款), cost more than this says.
    fees      (``take_rate`` + ``payment_fee_rate``) × money kept: the fee on refunded money is given back.
    promotion ``amount`` of ``spend`` with the same ``per``: the table `spend`, or any with the columns of ``per`` and
              amount. Rows of the kind "coupon" are left out: a coupon's face is missing from ``paid_amount`` already.
              0 without ``spend``; money that sold nothing has its row, with gmv 0.

    Not in it: shipping, wages and commission of hosts, rent. A line without a known unit cost or fee counts in
    unknown_lines, and goods or fees, and so contribution, of its row are then NaN: unknown is not 0. Raises TableError
    on missing columns and on a product or channel that stands twice: into these two tables it looks at once, however
    lazy they are.
    """
    keys = listed(per)
    table = _summed(_lines_with_costs(orders, refunds, products, channels, keys), keys)
    if spend is not None:
        table = _summed(nw.concat([table, _spent(spend, keys, table.collect_schema())]), keys)
    table = table.with_columns(
        nw.when(nw.col(f"no_{cost}") == 0).then(nw.col(cost)).otherwise(nw.lit(math.nan)).alias(cost) for cost in COSTS)
    left = nw.col("gmv") - nw.col("refunded") - nw.col("goods") - nw.col("fees") - nw.col("promotion")
    table = table.with_columns(contribution=left)
    table = table.select(*keys, "gmv", "refunded", *COSTS, "contribution", "unknown_lines")
    return in_order(table, keys) if keys else table.to_native()


def repurchase_rate(orders, on, days=30):
    """Repurchase rate (复购率): of the customers who bought in the period before last, the share who
    bought again in the last one (SY); a float between 0 and 1.

    With 30 days: the denominator is customers with a paid order 31–60 days ago, the numerator those
    of them with one in the last 30 days; ``on`` is the last day and counts as the first of the 30.
    NaN when nobody bought in the earlier period. Raises ValueError when ``on`` is no date or ``days``
    not above 0. Source: SY, 30天复购率.
    """
    if not days > 0:
        raise ValueError(f"The periods must be longer than {days} days.")
    end = moment(on)
    middle, start = end - timedelta(days=days), end - timedelta(days=2 * days)
    lines = with_plain_times(order_lines(orders, ["customer_id"]), "orders", "paid")
    start, middle, end = (at(lines, when) for when in (start, middle, end))
    lines = lines.filter((nw.col("paid") > start) & (nw.col("paid") <= end))
    people = lines.group_by("customer_id").agg(
        nw.col("paid").min().alias("first"), nw.col("paid").max().alias("last"))
    earlier = people.filter(nw.col("first") <= middle)
    again = (nw.col("last") > middle).cast(nw.Int64)
    table = earlier.with_columns(again=again, one=nw.lit(1)).select(nw.col("again").sum(), nw.col("one").sum())
    return only_number(table.with_columns(rate=divide(nw.col("again"), nw.col("one"))), "rate")


def _zero_if_empty(total):
    """Some backends give no sum of no rows; it is 0."""
    return 0.0 if math.isnan(total) else total


def _lines_with_refunds(orders, refunds, asof, per, extra=()):
    """Paid order lines with refunded_amount (0 where none came back) and is_refunded (1 or 0)."""
    keys = ["order_id", "line_no"]
    wanted = list(dict.fromkeys([*keys, "paid_amount", *extra, *listed(per)]))
    lines = order_lines(orders, wanted)
    back = as_frame(refunds, "refunds", [*keys, "refunded", "refunded_amount"])
    if asof is not None:
        known_at = at(lines, moment(asof))
        lines = with_plain_times(lines, "orders", "paid").filter(nw.col("paid") <= known_at)
        back = with_plain_times(back, "refunds", "refunded").filter(nw.col("refunded") <= known_at)
    back = back.group_by(*keys).agg(nw.col("refunded_amount").sum())
    lines = lines.select(*wanted).join(back, on=keys, how="left")
    return lines.with_columns(
        is_refunded=(~nw.col("refunded_amount").is_null()).cast(nw.Int64),
        refunded_amount=nw.col("refunded_amount").fill_null(0.0).cast(nw.Float64))


def _lines_with_costs(orders, refunds, products, channels, keys):
    """The paid lines with gmv, refunded, the costs, 1 or 0 for each cost that is unknown, and unknown_lines."""
    lines = _lines_with_refunds(orders, refunds, None, keys, extra=["quantity", "product_id", "channel_id"])
    lines = _looked_up(lines, products, "products", "product_id", ["unit_cost"])
    lines = _looked_up(lines, channels, "channels", "channel_id", ["take_rate", "payment_fee_rate"])
    paid, refunded = nw.col("paid_amount").cast(nw.Float64), nw.col("refunded_amount")
    kept = nw.when(paid > 0).then((1 - refunded / paid).clip(0.0, 1.0)).otherwise(1.0 - nw.col("is_refunded"))
    fee = nw.col("take_rate") + nw.col("payment_fee_rate")
    lines = lines.with_columns(gmv=paid, refunded=refunded, goods=nw.col("quantity") * nw.col("unit_cost") * kept,
                               fees=fee * paid * kept, promotion=nw.lit(0.0))
    lines = _unknown_counted(lines)
    return lines.with_columns(unknown_lines=nw.max_horizontal("no_goods", "no_fees"))


def _looked_up(lines, frame, table, key, columns):
    """The lines with the columns of their product or channel, empty where it is unknown."""
    frame = as_frame(frame, table, [key, *columns]).select(key, *[nw.col(name).cast(nw.Float64) for name in columns])
    if only_number(frame.group_by(key).agg(nw.len().alias("rows")).select(nw.col("rows").max()), "rows") > 1:
        raise TableError(table, key, None, "a value stands in several rows", f"Keep one row for each {key}.")
    return lines.join(frame, on=key, how="left")


def _unknown_counted(frame):
    """The frame with costs filled by 0 where they are missing, and no_goods, no_fees, no_promotion: 1 there, else 0."""
    missing = {cost: nw.col(cost).is_null() | nw.col(cost).is_nan() for cost in COSTS}
    return frame.with_columns(
        *[is_missing.cast(nw.Int64).alias(f"no_{cost}") for cost, is_missing in missing.items()],
        *[nw.when(~is_missing).then(nw.col(cost)).otherwise(nw.lit(0.0)).alias(cost)
          for cost, is_missing in missing.items()])


def _spent(spend, keys, like):
    """What was spent, coupons left out, as rows like those of the sold lines, in which all else is 0."""
    spend = as_frame(spend, "spend", [*keys, "amount"])
    if "kind" in column_names(spend):
        spend = spend.filter(nw.col("kind").is_null() | (nw.col("kind") != "coupon"))
    spend = spend.with_columns(goods=nw.lit(0.0), fees=nw.lit(0.0), promotion=nw.col("amount").cast(nw.Float64))
    spend = _unknown_counted(spend).with_columns(gmv=nw.lit(0.0), refunded=nw.lit(0.0), unknown_lines=nw.lit(0))
    return spend.select(*[nw.col(name).cast(kind) for name, kind in like.items()])


def _summed(lines, keys):
    """Sums by the keys, or of all lines; no lines sum to 0."""
    counted = ("gmv", "refunded", *COSTS, *[f"no_{cost}" for cost in COSTS], "unknown_lines")
    sums = [nw.col(name).sum() for name in counted]
    if keys:
        return lines.group_by(*keys).agg(*sums)
    return lines.select(*sums).with_columns(nw.all().fill_null(0))
