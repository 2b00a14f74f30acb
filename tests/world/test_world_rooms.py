"""The live half of the simulated brand: its tables keep the contract, and agree to the last row."""

from __future__ import annotations

import numpy as np
import pytest

from liveshop.tables.contract import contract
from liveshop.world import storage

TABLES = [
    *("channels", "hosts", "products", "customers", "streams", "rundown", "stream_minutes", "prompts"),
    *("viewer_sessions", "shelf_sessions", "comments", "orders", "refunds", "posts"),
]


def test_all_tables_have_the_columns_of_the_contract(tables):
    for name in TABLES:
        assert list(tables[name].columns) == storage.columns(name)


@pytest.mark.parametrize("name", TABLES)
def test_tables_keep_the_contract(tables, name):
    frame, spec = tables[name], contract()[name]
    assert len(frame) and not frame.duplicated(list(spec.key)).any()
    for rules in spec.columns.values():
        column = frame[rules.name]
        assert not rules.required or column.notna().all(), rules.name
        column = column.dropna()
        assert not rules.enum or set(column) <= set(rules.enum), rules.name
        assert rules.minimum is None or (column >= rules.minimum).all(), rules.name
        assert rules.maximum is None or (column <= rules.maximum).all(), rules.name
    for ours, other, theirs in spec.foreign_keys:
        left, right = frame[list(ours)].dropna(), tables[other][list(theirs)].drop_duplicates()
        joined = left.merge(right, left_on=list(ours), right_on=list(theirs), how="left", indicator=True)
        assert (joined["_merge"] == "both").all(), ours


def test_the_totals_of_a_broadcast_are_the_sums_of_its_minutes(tables):
    streams = tables["streams"].set_index("stream_id")
    sums = tables["stream_minutes"].groupby("stream_id").sum(numeric_only=True)
    for ours, theirs in [
        ("views", "enters"),
        ("watch_seconds", "watch_seconds"),
        ("product_clicks", "product_clicks"),
        ("orders", "orders"),
        ("gmv", "gmv"),
        ("likes", "likes"),
        ("comments", "comments"),
        ("shares", "shares"),
        ("new_followers", "follows"),
        ("stutter_seconds", "stutter_seconds"),
    ]:
        assert (streams[ours] == sums[theirs]).all(), ours
    sources = [c for c in sums if c.startswith("enters_")]
    assert (sums[sources].sum(axis=1) == sums.enters).all()


def test_the_totals_of_a_broadcast_are_the_sums_of_its_sessions_and_orders(tables):
    streams = tables["streams"].set_index("stream_id")
    sessions = tables["viewer_sessions"].groupby("stream_id")
    for name in ["watch_seconds", "product_clicks", "orders", "likes", "comments", "shares", "stutter_seconds"]:
        assert (sessions[name].sum() == streams[name]).all(), name
    assert (sessions.size() == streams.views).all()
    assert (sessions.viewer_id.nunique() == streams.viewers).all()
    assert (sessions.followed.sum() == streams.new_followers).all()
    paid = tables["orders"].query("source == 'live' and paid.notna()").groupby("stream_id")
    for ours, theirs in [
        ("gmv", paid.paid_amount.sum()),
        ("orders", paid.order_id.nunique()),
        ("sku_orders", paid.size()),
        ("items", paid.quantity.sum()),
        ("buyers", paid.customer_id.nunique()),
    ]:
        assert (theirs.reindex(streams.index, fill_value=0) == streams[ours]).all(), ours
    comments = tables["comments"].groupby("stream_id").size().reindex(streams.index, fill_value=0)
    assert (comments == streams.comments).all()


def test_online_and_peak_follow_from_the_sessions(tables):
    streams = tables["streams"].set_index("stream_id")
    minutes = tables["stream_minutes"]
    for stream, own in list(tables["viewer_sessions"].groupby("stream_id"))[::9]:
        seconds = int(streams.stream_seconds[stream])
        change = np.bincount(own.entered_second, minlength=seconds + 1) - np.bincount(
            own.entered_second + own.watch_seconds, minlength=seconds + 1
        )
        present = np.cumsum(change)[:seconds]
        part = minutes[minutes.stream_id == stream]
        assert (part.online.to_numpy() == present[59::60]).all()
        assert streams.pcu[stream] == present.max()
        assert (part.online.to_numpy() == np.cumsum(part.enters - part.exits)).all()
        assert (own.stayed_to_end == (own.entered_second + own.watch_seconds == seconds)).all()


def test_minutes_count_the_orders_and_clicks_of_their_seconds(tables):
    streams = tables["streams"].set_index("stream_id")
    paid = tables["orders"].query("source == 'live' and paid.notna()")
    minute = ((paid.created - paid.stream_id.map(streams.started)).dt.total_seconds() // 60).astype(int)
    gmv = paid.groupby([paid.stream_id, minute]).paid_amount.sum()
    minutes = tables["stream_minutes"].set_index(["stream_id", "minute"]).gmv
    assert (gmv.reindex(minutes.index, fill_value=0) == minutes).all()


def test_the_rundown_counts_what_happened_in_the_slot_on_its_product(tables):
    rundown, streams = tables["rundown"], tables["streams"].set_index("stream_id")
    paid = tables["orders"].query("source == 'live' and paid.notna()").copy()
    paid["minute"] = ((paid.created - paid.stream_id.map(streams.started)).dt.total_seconds() // 60).astype(int)
    slot = tables["stream_minutes"][["stream_id", "minute", "slot_no"]]
    own = paid.merge(slot, on=["stream_id", "minute"]).merge(
        rundown[["stream_id", "slot_no", "product_id"]], on=["stream_id", "slot_no", "product_id"]
    )
    sums = own.groupby(["stream_id", "slot_no"]).agg(gmv=("paid_amount", "sum"), orders=("order_id", "nunique"))
    ours = rundown.set_index(["stream_id", "slot_no"])
    assert (sums.gmv.reindex(ours.index, fill_value=0) == ours.gmv).all()
    assert (sums.orders.reindex(ours.index, fill_value=0) == ours.orders).all()
    clicks = rundown.groupby("stream_id").product_clicks.sum()
    share = clicks.sum() / streams.product_clicks.sum()
    assert (clicks <= streams.product_clicks).all() and 0.85 < share < 1
    length = rundown.groupby("stream_id").minutes.sum() * 60
    assert (length == streams.stream_seconds).all()


def test_ids_agree_across_tables(tables):
    sessions, orders = tables["viewer_sessions"].set_index("session_id"), tables["orders"]
    live = orders[orders.source == "live"]
    there = sessions.loc[live.session_id.astype(int)]
    assert (there.viewer_id.to_numpy() == live.customer_id.to_numpy()).all()
    assert (there.stream_id.to_numpy() == live.stream_id.to_numpy()).all()
    shelf = orders[orders.source == "shelf"]
    visits = tables["shelf_sessions"].set_index("session_id").loc[shelf.session_id.astype(int)]
    assert (visits.viewer_id.to_numpy() == shelf.customer_id.to_numpy()).all()
    assert orders[orders.source == "social"].post_id.dropna().isin(tables["posts"].post_id).all()
    joined = orders.customer_id.map(tables["customers"].set_index("customer_id").joined)
    assert (joined <= orders.created).all()
    comments = tables["comments"]
    assert (sessions.stream_id.loc[comments.session_id].to_numpy() == comments.stream_id.to_numpy()).all()
    inside = comments.at_second.to_numpy() - sessions.entered_second.loc[comments.session_id].to_numpy()
    assert (inside >= 0).all() and (inside < sessions.watch_seconds.loc[comments.session_id].to_numpy()).all()
    refunds = tables["refunds"].merge(orders, on=["order_id", "line_no"])
    assert len(refunds) == len(tables["refunds"])
    assert (refunds.refunded > refunds.paid).all() and (refunds.refunded_amount <= refunds.paid_amount).all()


def test_nobody_is_in_a_room_twice_at_once(tables):
    s = tables["viewer_sessions"].sort_values(["stream_id", "viewer_id", "entered_second"])
    same = (s.stream_id == s.stream_id.shift()) & (s.viewer_id == s.viewer_id.shift())
    assert same.any()
    assert (s.entered_second >= (s.entered_second + s.watch_seconds).shift())[same].all()
    broadcasts = tables["streams"].sort_values("started")
    assert (broadcasts.started.iloc[1:].to_numpy() >= broadcasts.ended.iloc[:-1].to_numpy()).all()


def test_sessions_tell_the_first_comment_and_the_wait(tables):
    comments = tables["comments"].sort_values(["session_id", "at_second"])
    sessions = tables["viewer_sessions"].set_index("session_id")
    first = comments.groupby("session_id").at_second.first() - sessions.entered_second.loc[comments.session_id.unique()]
    assert (sessions.first_comment_second.dropna().astype(int) == first).all()
    answered = comments.groupby("session_id").reply_seconds.apply(set)
    waited = sessions.wait_seconds.dropna()
    assert all(w in answered[i] for i, w in waited.items())


def test_refunds_are_late_and_higher_live(tables):
    paid = tables["orders"].dropna(subset="paid")
    back = paid.merge(tables["refunds"], on=["order_id", "line_no"], how="left")
    old = back[back.paid < "2025-07-25"]
    rate = old.refunded.notna().groupby(old.source).mean()
    assert rate["live"] > rate["shelf"]
    days = (old.refunded - old.paid).dropna().dt.total_seconds() / 86400
    assert 0.8 < ((days >= 3) & (days <= 15)).mean() < 0.97
    assert tables["orders"].paid.isna().mean() > 0.02
