"""Section 3.2: what a new customer costs and an order leaves, by the model through which she came."""

import pandas as pd

from liveshop.course.chapter_3.samples.unit import money_to_win, season
from liveshop.methods import economics
from liveshop.metrics import contribution, refund_rate

MODELS = {"live": "shop inside the platform", "referral": "share-driven", "content": "content-driven"}
HEAVY = 10                  # per cent of those who invite


def newcomers(tables):
    """Customers who were first seen in the season: customer_id, route, joined."""
    first, last = season(tables)
    new = tables.customers[tables.customers.joined.between(first, last + pd.Timedelta(days=1))]
    return new[["customer_id", "route", "joined"]]


def unit_economics(tables):
    """One row a route, the three models first: customers, cost_per_new, orders, refund_rate, per_order, to_pay_back.

    customers: new in the season; orders, refund_rate (by amount), per_order: of these customers' paid orders, CNY of
    contribution before the cost of winning them; to_pay_back: orders that pay for it.
    """
    first, last = season(tables)
    new, lines = newcomers(tables), tables.orders.merge(newcomers(tables), on="customer_id")
    won = economics.acquisition_cost(money_to_win(tables), new, first, last)
    kept = contribution(lines, tables.refunds, tables.products, tables.channels, per="route").set_index("route")
    orders = lines[lines.paid.notna()].groupby("route").order_id.nunique()
    table = pd.DataFrame({
        "customers": won.customers, "cost_per_new": won.per_customer, "orders": orders,
        "refund_rate": kept.refunded / kept.gmv, "per_order": kept.contribution / orders})
    table["to_pay_back"] = table.cost_per_new / table.per_order
    rest = [route for route in table.index if route not in MODELS]
    return table.loc[[*(route for route in MODELS if route in table.index), *rest]]


def orders_within(tables, days=60):
    """Paid orders a newcomer in her first ``days`` days, by route; of those who were there for so long, bought or not.

    Everybody has the same time: orders of the whole season would favour the routes that brought their people early.
    """
    there = newcomers(tables)[newcomers(tables).joined <= season(tables)[1] - pd.Timedelta(days=days)]
    paid = tables.orders[tables.orders.paid.notna()].drop_duplicates("order_id").merge(there, on="customer_id")
    early = paid[paid.created < paid.joined + pd.Timedelta(days=days)]
    return early.route.value_counts() / there.route.value_counts()


def refunds_by_source(tables, route):
    """Share refunded of what the newcomers of a route paid, by the source of the order (live, social, shelf)."""
    lines = tables.orders.merge(newcomers(tables).query("route == @route"), on="customer_id")
    return refund_rate(lines, tables.refunds, per="source").set_index("source").refund_rate


def heavy_inviters(tables):
    """Share of the joins by invitation that the most active tenth of those who invited with success brought."""
    won = tables.shares[tables.shares.joined.fillna(False).astype(bool)].sharer_id.value_counts()
    return won.head(max(1, len(won) // HEAVY)).sum() / won.sum()


def board(table):
    """The table of the card, from rows of `unit_economics`."""
    shown = table.rename(MODELS).reset_index(names="model").round(1)
    return shown[["model", "customers", "cost_per_new", "per_order", "to_pay_back"]].set_axis(
        ["model", "new customers", "cost of a new one", "margin of an order", "orders to pay it back"], axis=1)
