"""Whose orders count: members of the social shop, where the tables tell them apart, and otherwise everybody."""

import pandas as pd

from liveshop.tables.memory import once_per_tables

DAY, WEEK = pd.Timedelta(days=1), pd.Timedelta(weeks=1)


def from_an_export(tables):
    """Whether these are somebody's own tables, in which persons carry pseudonyms: the order of ids is chance then."""
    return tables.folder is not None and not (tables.folder / "datapackage.json").exists()


def _has_members(tables):
    return "customers" in tables and "member_since" in tables.customers and tables.customers.member_since.notna().any()


@once_per_tables
def members(tables):
    """Members of the social shop by customer_id, with the moment they signed up (since).

    A shop without members: all its customers.
    """
    customers = tables.customers
    since = customers.member_since if _has_members(tables) else customers.get("joined")
    return customers.assign(since=since).dropna(subset=["since"]).set_index("customer_id")


@once_per_tables
def member_orders(tables):
    """Paid order lines whose customer is known; in a shop with members, what these ordered in the social shop."""
    lines = tables.orders.dropna(subset=["customer_id", "paid"])
    if _has_members(tables) and "source" in lines:
        lines = lines[(lines.source == "social") & lines.customer_id.isin(members(tables).index)]
    return lines


@once_per_tables
def shop_lines(tables):
    """Paid order lines of the social shop, where the table tells it apart; otherwise all paid lines."""
    lines = tables.orders[tables.orders.paid.notna()]
    return lines[lines.source.eq("social")] if "source" in lines and lines.source.eq("social").any() else lines
