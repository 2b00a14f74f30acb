"""Orders of the social shop as a reader would take them."""

from __future__ import annotations


def member_orders(tables):
    """Paid order lines of members of the social shop, as a reader would take them."""
    members = tables["customers"].dropna(subset=["member_since"]).customer_id
    orders = tables["orders"]
    return orders[(orders.source == "social") & orders.paid.notna() & orders.customer_id.isin(members)]
