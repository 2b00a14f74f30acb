"""Order lines of rooms, of the shelf and of posts as one table, and what is sent back of them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from liveshop.world import catalogue, draws
from liveshop.world.calendar import END, is_festival
from liveshop.world.catalogue import paid_price

FIRST_ORDER = 100_001


def paying_seconds(u):
    """Seconds from the order to its payment, for uniform draws `u`."""
    return np.minimum(np.rint(6 - 50 * np.log(u)), 1700).astype(np.int64)


def chosen_products(plan, seed, own, number, created, purpose):
    """Products bought without a host: by appeal, among those launched by then."""
    launched = plan.products.launched.to_numpy()
    order = np.argsort(launched, kind="stable")
    weight = np.cumsum(plan.products.true_appeal.to_numpy()[order])
    available = np.maximum(np.searchsorted(launched[order], created.astype("datetime64[s]"), side="right"), 1)
    u = draws.uniform(seed, purpose, own, number) * weight[available - 1]
    return order[np.minimum(np.searchsorted(weight, u), available - 1)]


def single_lines(plan, people, lines):
    """Order lines outside of rooms, one an order, with what follows from product, quantity and discount.

    lines: DataFrame(person, product, channel, source, post_id, session_id, quantity, discount, created, is_paid, pause)
    """
    price = plan.products.list_price.to_numpy()[lines["product"]]
    return lines.assign(
        key=np.arange(len(lines)),
        line_no=1,
        customer_id=people.number[lines.person],
        stream_id=None,
        list_amount=lines.quantity * price,
        paid_amount=lines.quantity * paid_price(price, lines.discount),
    )


def table(plan, parts):
    """Orders in order of time, one row a line, with the columns of the contract and those that only the world knows.

    parts: order lines of rooms, of the shelf and of posts; `key` tells orders of a part apart
    """
    orders = pd.concat([p.assign(part=i) for i, p in enumerate(parts) if len(p)], ignore_index=True)
    orders["created"] = pd.to_datetime(orders.created).astype("datetime64[s]")
    orders = orders[orders.created < END]
    orders = orders.sort_values(["created", "part", "key", "line_no"], kind="stable", ignore_index=True)
    number = orders.groupby(["part", "key"], sort=False).ngroup() + FIRST_ORDER
    paid = orders.created + pd.to_timedelta(paying_seconds(orders.pause.to_numpy()), unit="s")
    return orders.assign(
        order_id="O" + number.astype(str),
        paid=paid.where(orders.is_paid),
        product_id=plan.product_ids[orders["product"]],
        channel_id=catalogue.CHANNEL_NAMES[orders.channel],
        session_id=orders.session_id.astype("Int64"),
        coupon_id=None,
    )


def refund_chance(plan, parameters, orders):
    """Probability that a paid line is refunded at any time after payment."""
    r = parameters.refund
    channel = np.array([getattr(r, c) for c in catalogue.CHANNEL_IDS])[orders.channel]
    category = plan.products.category.map(catalogue.REFUND_RATIO).to_numpy()[orders["product"]]
    place = np.where(orders.source == "live", 1.0, r.shelf)
    season = np.where(is_festival(orders.created), parameters.festival.refunds, 1.0)
    return np.minimum(channel * category * place * season * (1 + 0.4 * (orders.discount - 0.15)), 0.9)


def refunds(plan, parameters, seed, orders):
    """Refunds of paid lines as of the end of the period: what comes back later is not known yet."""
    paid = orders[orders.is_paid]
    code = paid.order_id.str[1:].astype("int64").to_numpy().astype(np.uint64)
    line = paid.line_no.to_numpy()
    back = draws.uniform(seed, "refund", code, line) < refund_chance(plan, parameters, paid)
    spread = parameters.refund.delay_spread * draws.normal(seed, "refund delay", code, line)
    days = parameters.refund.delay_median * np.exp(spread)
    when = paid.paid + pd.to_timedelta(np.rint(np.maximum(days, 0.2) * 86400).astype("int64"), unit="s")
    part = draws.uniform(seed, "refund part", code, line) < 0.07
    amount = np.where(part, np.round(paid.paid_amount * 0.5 * 2) / 2, paid.paid_amount)
    ratio = plan.products.category.map(catalogue.REFUND_RATIO).to_numpy()[paid["product"]]
    too_small = draws.uniform(seed, "refund reason", code, line) < np.where(ratio > 1.1, 0.52, 0.28)
    other = draws.choice(draws.uniform(seed, "refund other", code, line), np.array([0.34, 0.40, 0.16, 0.10]))
    reasons = np.array(["quality", "changed_mind", "late", "other"], dtype=object)[other]
    frame = pd.DataFrame(
        {
            "order_id": paid.order_id,
            "line_no": line,
            "refunded": when,
            "refunded_amount": amount,
            "reason": np.where(too_small, "size", reasons),
        }
    )
    frame = frame[back & (frame.refunded < END).to_numpy()]
    return frame.sort_values(["refunded", "order_id", "line_no"], kind="stable", ignore_index=True)
