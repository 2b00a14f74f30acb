"""Sales from order lines and refunds: GMV, net sales, refund rates, repurchase. Amounts are in CNY."""

from __future__ import annotations

import math
from datetime import timedelta

import narwhals as nw

from liveshop.metrics._frames import (
    as_frame,
    divide,
    in_order,
    listed,
    moment,
    only_number,
    order_lines,
    with_plain_times,
)


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
    lines = with_plain_times(order_lines(orders, ["customer_id"]), "orders", "paid").filter(
        (nw.col("paid") > nw.lit(start)) & (nw.col("paid") <= nw.lit(end)))
    people = lines.group_by("customer_id").agg(
        nw.col("paid").min().alias("first"), nw.col("paid").max().alias("last"))
    earlier = people.filter(nw.col("first") <= nw.lit(middle))
    again = (nw.col("last") > nw.lit(middle)).cast(nw.Int64)
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
        known_at = nw.lit(moment(asof))
        lines = with_plain_times(lines, "orders", "paid").filter(nw.col("paid") <= known_at)
        back = with_plain_times(back, "refunds", "refunded").filter(nw.col("refunded") <= known_at)
    back = back.group_by(*keys).agg(nw.col("refunded_amount").sum())
    lines = lines.select(*wanted).join(back, on=keys, how="left")
    return lines.with_columns(
        is_refunded=(~nw.col("refunded_amount").is_null()).cast(nw.Int64),
        refunded_amount=nw.col("refunded_amount").fill_null(0.0).cast(nw.Float64))
