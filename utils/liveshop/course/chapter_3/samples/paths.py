"""How customers travel to the purchase in 3.3: where an order was placed, how long it took, and who talked before."""

import pandas as pd

from liveshop.tables.memory import once_per_tables

WITHIN = pd.Timedelta(days=7)


@once_per_tables
def paths(tables):
    """One row a paid order: order_id, customer_id, source (live, social, shelf), minutes, talked.

    minutes: from the entry of that visit (room, social shop or shelf) to the order; missing where the visit is not
    tracked · talked: before the order she wrote a comment in that room, or a friend's or a post's touch had reached her
    within seven days.
    """
    orders = tables.orders.dropna(subset=["paid"]).drop_duplicates("order_id")
    orders = orders[["order_id", "customer_id", "source", "stream_id", "session_id", "created"]].sort_values("created")
    rooms = tables.viewer_sessions[["session_id", "entered_second", "first_comment_second"]]
    live = orders[orders.source == "live"].merge(rooms, on="session_id", how="left")
    at = (live.created - live.stream_id.map(tables.streams.set_index("stream_id").started)).dt.total_seconds()
    live_minutes = pd.Series(((at - live.entered_second) / 60).to_numpy(float), live.order_id)
    wrote = pd.Series((live.first_comment_second <= at).fillna(False).to_numpy(bool), live.order_id)
    entered = pd.concat([
        orders.merge(tables.shelf_sessions[["session_id", "visited"]], on="session_id").set_index("order_id").visited,
        tables.shop_visits.dropna(subset=["order_id"]).drop_duplicates("order_id").set_index("order_id").visited])
    entered = entered[~entered.index.duplicated()]
    other_minutes = (orders.created - orders.order_id.map(entered)).dt.total_seconds() / 60
    touches = tables.touchpoints[tables.touchpoints.kind == "social"][["customer_id", "touched"]]
    last = pd.merge_asof(orders, touches.sort_values("touched"), left_on="created", right_on="touched",
                         by="customer_id", tolerance=WITHIN, allow_exact_matches=False)
    touched = pd.Series(last.touched.notna().to_numpy(), last.order_id)
    return orders[["order_id", "customer_id", "source"]].assign(
        minutes=other_minutes.fillna(orders.order_id.map(live_minutes)),
        talked=orders.order_id.map(touched) | orders.order_id.map(wrote).fillna(False).astype(bool))


def taking_part(tables):
    """One row a buyer: customer_id, source of her first paid order, takes_part: has she commented in a room or shared,
    at any time in the tables."""
    first = paths(tables).drop_duplicates("customer_id")
    active = set(tables.comments.viewer_id.dropna()) | set(tables.shares.sharer_id.dropna())
    return first[["customer_id", "source"]].assign(takes_part=first.customer_id.isin(active))
