"""The social half of the simulated brand: it agrees with the tables that stand, and has a shop's tails and rhythms."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from member_orders import member_orders

from liveshop import tables as contract_tables
from liveshop import world
from liveshop.world.realism import gini

SOCIAL = [
    *("follows", "posts", "post_segments", "shares", "group_deals", "touchpoints"),
    *("spend", "experiments", "experiment_plans", "tickets", "shop_visits"),
]
DAY = pd.Timedelta(days=1)


@pytest.fixture(scope="module")
def worlds(simulated):
    """Four small worlds, for what must hold in every world."""
    return [simulated(seed=seed, rooms=50, size=0.3) for seed in range(1, 5)]


def test_social_tables_keep_the_contract(worlds):
    frames = {name: frame for name, frame in worlds[0].items() if name != "truth"}
    assert set(SOCIAL) <= set(frames)
    for name in [*SOCIAL, "customers", "orders", "refunds"]:
        assert len(frames[name]), name
        assert [str(p) for p in contract_tables.validate(frames[name], name, frames)] == []


def test_the_committed_tables_keep_the_contract(qinghe):
    tables, _ = qinghe
    for name in [*SOCIAL, "customers", "orders", "refunds"]:
        assert not [p for p in contract_tables.validate(tables[name], name, tables) if p.severity == "error"]


def test_same_seed_same_tables_and_another_seed_others(worlds):
    again = world.simulate(seed=1, rooms=50, size=0.3)
    for name in [*SOCIAL, "customers", "orders", "refunds"]:
        kept = worlds[0][name]
        pd.testing.assert_frame_equal(again[name].astype(kept.dtypes), kept)
    assert not again["tickets"].equals(worlds[1]["tickets"])


def test_the_social_half_does_not_change_the_live_half(worlds, simulated):
    other = simulated(
        {"social.rate_alpha": 5, "coupon.moves": 0, "service.leave": 0, "social.invitations": 1},
        seed=1,
        rooms=50,
        size=0.3,
    )
    for name in ["streams", "stream_minutes", "viewer_sessions", "shelf_sessions", "rundown", "comments", "posts"]:
        pd.testing.assert_frame_equal(other[name], worlds[0][name])
    ours, theirs = (t["orders"][t["orders"].source != "social"].reset_index(drop=True) for t in (other, worlds[0]))
    pd.testing.assert_frame_equal(ours, theirs)
    assert len(other["orders"]) != len(worlds[0]["orders"])


def test_ids_agree(worlds):
    for t in worlds:
        orders, shares = t["orders"], t["shares"].set_index("share_id")
        customers = t["customers"].set_index("customer_id")
        assert orders.customer_id.isin(customers.index).all()
        assert (orders.customer_id.map(customers.joined) <= orders.created).all()
        own = member_orders(t)
        first = own[own.order_id.str[1:].astype(int) >= 500_001]
        assert (first.customer_id.map(customers.member_since) <= first.created).all()
        assert not orders.duplicated(["order_id", "line_no"]).any()
        # every sign-up by referral in the season is one share that was joined, by the referrer, and before
        came = customers[(customers.route == "referral") & (customers.joined >= "2025-03-03")]
        joined = shares[shares.joined].set_index("receiver_id")
        assert joined.index.is_unique and set(joined.index) == set(came.index)
        assert (joined.sharer_id.loc[came.index].to_numpy() == came.referrer_id.to_numpy()).all()
        assert (joined.shared.loc[came.index].to_numpy() <= came.joined.to_numpy()).all() and (
            joined.opened.loc[came.index].to_numpy() <= came.joined.to_numpy()
        ).all()
        # chains: the sharer had come by the parent share
        chained = shares.dropna(subset=["parent_share_id"])
        parents = shares.loc[chained.parent_share_id.astype(int)]
        assert (
            len(chained)
            and (parents.receiver_id.to_numpy() == chained.sharer_id.to_numpy()).all()
            and parents.joined.all()
        )
        assert (parents.shared.to_numpy() < chained.shared.to_numpy()).all()
        bought = shares.dropna(subset=["order_id"])
        buyer = orders.drop_duplicates("order_id").set_index("order_id").customer_id
        assert (bought.order_id.map(buyer).to_numpy() == bought.receiver_id.to_numpy()).all()
        assert (t["follows"].follower_id != t["follows"].followed_id).all()


def test_totals_agree(worlds):
    for t in worlds:
        shares, posts = t["shares"], t["posts"].set_index("post_id")
        room = shares[shares.what == "room"].groupby("stream_id").size()
        streams = t["streams"].set_index("stream_id")
        assert (room.reindex(streams.index, fill_value=0) == streams.shares).all()
        minute = (shares.shared - shares.stream_id.map(streams.started)).dt.total_seconds() // 60
        at = shares[shares.what == "room"].groupby(["stream_id", minute]).size()
        minutes = t["stream_minutes"].set_index(["stream_id", "minute"]).shares
        assert (at.reindex(minutes.index, fill_value=0) == minutes).all()
        assert (
            shares[shares.what == "post"].groupby("post_id").size().reindex(posts.index, fill_value=0) == posts.shares
        ).all()
        parts = t["post_segments"].groupby("post_id").sum(numeric_only=True)
        for name in ["impressions", "reactions", "comments", "shares", "clicks"]:
            assert (parts[name] == posts[name]).all(), name
        segments = t["post_segments"]
        assert (segments.engaged <= segments.viewers).all() and (segments.viewers <= segments.impressions).all()
        spend = t["spend"]
        assert spend[spend.kind == "traffic"].amount.sum() == pytest.approx(streams.promotion_spend.sum())
        coupons = t["orders"].dropna(subset=["coupon_id", "paid"]).order_id.nunique()
        assert len(t["orders"].dropna(subset=["coupon_id", "paid"])) >= coupons > 0


def test_group_deals_fill_in_time_and_only_filled_ones_bring_orders(worlds):
    for t in worlds:
        deals, shares, orders = t["group_deals"].set_index("group_deal_id"), t["shares"], t["orders"]
        filled = deals.filled.notna()
        assert ((deals.joined == deals["size"]) == filled).all() and (deals.joined <= deals["size"]).all()
        assert (deals.filled - deals.opened <= pd.to_timedelta(deals.limit_hours, unit="h"))[filled].all()
        of_deal = shares[shares.what == "group_deal"]
        friends = of_deal.dropna(subset=["order_id"]).groupby("group_deal_id").receiver_id.nunique()
        assert (friends.reindex(deals.index, fill_value=0) == np.where(filled, deals["size"] - 1, 0)).all()
        product = orders.drop_duplicates("order_id").set_index("order_id").product_id
        sold = of_deal.dropna(subset=["order_id"])
        assert (sold.order_id.map(product).to_numpy() == sold.product_id.to_numpy()).all()


def test_every_order_that_a_member_placed_by_herself_is_one_visit(worlds):
    for t in worlds:
        visits = t["shop_visits"]
        ended = visits.dropna(subset=["order_id"])
        buyer = t["orders"].drop_duplicates("order_id").set_index("order_id")
        assert (
            ended.order_id.is_unique
            and (ended.order_id.map(buyer.customer_id).to_numpy() == ended.customer_id.to_numpy()).all()
        )
        assert (ended.visited <= ended.order_id.map(buyer.created)).all() and ended.checkout.all()
        assert (visits.viewed >= visits.carted).all() and (visits.carted >= visits.checkout).all()


def test_the_outcome_of_the_coupon_trial_is_in_the_orders(qinghe):
    tables, _ = qinghe
    trial = tables["experiments"].query("experiment_id == 'coupon-july'")
    paid = member_orders(tables).drop_duplicates("order_id")
    begin = pd.Timestamp("2025-07-07")

    def counted(low, high):
        orders = paid[(paid.created >= low) & (paid.created < high)].customer_id.value_counts()
        return trial.unit_id.astype(int).map(orders).fillna(0)

    assert (counted(begin, begin + 28 * DAY) == trial.outcome).all()
    assert (counted(begin - 56 * DAY, begin) == trial.before).all()


def test_ties_and_customers_have_heavy_tails(qinghe):
    tables, _ = qinghe
    followers = tables["follows"].followed_id.value_counts()
    top = followers.iloc[: len(followers) // 100].sum() / followers.sum()
    assert followers.max() > 60 * followers.median() and top > 0.12
    assert gini(member_orders(tables).groupby("customer_id").paid_amount.sum()) > 0.5
    sent = tables["shares"].query("what == 'product'").sharer_id.value_counts()
    assert sent.max() > 8 * sent.mean()


def test_friends_are_tied_in_circles(qinghe):
    import networkx as nx

    tables, _ = qinghe
    ties = tables["follows"]
    graph = nx.Graph(ties[["follower_id", "followed_id"]].to_numpy().tolist())
    parts = nx.community.label_propagation_communities(graph)
    assert nx.community.modularity(graph, list(parts)) > 0.3


def test_service_is_slow_when_many_write(qinghe):
    tables, truth = qinghe
    t = tables["tickets"].dropna(subset=["answered"])
    wait = (t.answered - t.opened).dt.total_seconds() / 60
    by_hour = wait.groupby(t.opened.dt.hour).median()
    assert by_hour.loc[20:21].mean() > 1.8 * by_hour.loc[9:16].mean() and by_hour.loc[1:4].mean() > 60
    assert wait[t.rating >= 4].median() < wait[t.rating <= 2].median()
