"""How customers travel to the purchase in 3.3: where an order was placed, how that visit began, who talked before."""

import pandas as pd

from liveshop.tables.memory import once_per_tables

WITHIN = pd.Timedelta(days=7)


@once_per_tables
def paths(tables):
    """One row a paid order: order_id, customer_id, source (live, social, shelf), door, wrote, touched.

    door: how the visit to the room or the shelf began (search, paid, feed, follow, share, video); missing where the
    visit is not tracked, as in the members' shop · wrote: she commented in that room before the order; missing outside
    of rooms · touched: a friend's or a post's touch had reached her within seven days before; missing for those who
    were no members then, as the log of touches follows members alone.
    """
    orders = tables.orders.dropna(subset=["paid"]).drop_duplicates("order_id")
    orders = orders[["order_id", "customer_id", "source", "stream_id", "session_id", "created"]].sort_values("created")
    visits = pd.concat([visits[["session_id", "source"]] for visits in (tables.viewer_sessions, tables.shelf_sessions)])
    door = orders.session_id.map(visits.set_index("session_id").source)
    wrote_at = orders.session_id.map(tables.viewer_sessions.set_index("session_id").first_comment_second)
    at = (orders.created - orders.stream_id.map(tables.streams.set_index("stream_id").started)).dt.total_seconds()
    wrote = (wrote_at <= at).fillna(False).astype("boolean").where(orders.source == "live")
    touches = tables.touchpoints[tables.touchpoints.kind == "social"][["customer_id", "touched"]]
    last = pd.merge_asof(orders, touches.sort_values("touched"), left_on="created", right_on="touched",
                         by="customer_id", tolerance=WITHIN, allow_exact_matches=False)
    since = orders.customer_id.map(tables.customers.set_index("customer_id").member_since)
    touched = last.touched.notna().set_axis(orders.index).astype("boolean").where(since <= orders.created)
    return orders[["order_id", "customer_id", "source"]].assign(door=door, wrote=wrote, touched=touched)


def taking_part(tables):
    """One row a buyer: customer_id, source of her first paid order, commented (in a room), shared (a link) and
    takes_part (either), at any time in the tables, before or after that order."""
    first = paths(tables).drop_duplicates("customer_id")[["customer_id", "source"]]
    commented = first.customer_id.isin(tables.comments.viewer_id.dropna())
    shared = first.customer_id.isin(tables.shares.sharer_id.dropna())
    return first.assign(commented=commented, shared=shared, takes_part=commented | shared)
