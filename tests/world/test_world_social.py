"""The social half of the simulated brand: it agrees with the tables that stand, and simple estimators find its planted truths."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from liveshop import tables as contract_tables
from liveshop import world
from liveshop.world.shop import coupons, trials
from liveshop.world.shop import posts as content
from liveshop.world.realism import gini

DATA = Path(__file__).parents[2] / "data"
SOCIAL = ["follows", "posts", "post_segments", "shares", "group_deals", "touchpoints", "spend", "experiments", "experiment_plans", "tickets", "shop_visits"]
# What stood before the social half came: the live chapters rest on it to the last digit.
STANDING = {
    "channels": "5daf9ae2a940ed3f",
    "hosts": "7febf2cffa513f9b",
    "products": "72d8cddc7185474f",
    "streams": "a283d892dc2790c7",
    "rundown": "bec9b2aef34845b6",
    "stream_minutes": "606f8baa3fdb84c5",
    "prompts": "060508f00a6089cd",
    "viewer_sessions": "a5b4adcd320bb1cf",
    "shelf_sessions": "712e9baf771abbf9",
    "comments": "bf71859debc244a3",
    "posts": "c039d596c070414c",
    "orders": "bfe5bdecef197928",
    "refunds": "6378e60313e7d134",
}
DAY = pd.Timedelta(days=1)


@pytest.fixture(scope="module")
def worlds(simulated):
    """Four small worlds, for what must hold in every world."""
    return [simulated(seed=seed, rooms=50, size=0.3) for seed in range(1, 5)]


@pytest.fixture(scope="module")
def qinghe():
    """The committed tables and the truths."""
    tables = contract_tables.load(DATA)
    return tables, {name: fact["value"] for name, fact in json.loads((DATA / "truth.json").read_text())["derived"].items()}


def _digest(frame):
    return hashlib.sha256(frame.to_csv(index=False, date_format="%Y-%m-%d %H:%M:%S").encode()).hexdigest()[:16]


def _member_orders(tables):
    """Paid order lines of members of the social shop, as a reader would take them."""
    members = tables["customers"].dropna(subset=["member_since"]).customer_id
    orders = tables["orders"]
    return orders[(orders.source == "social") & orders.paid.notna() & orders.customer_id.isin(members)]


# ---- what stood still stands ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [n for n in STANDING if n not in ("orders", "refunds")])
def test_the_tables_that_stood_are_the_same_to_the_byte(name):
    path = DATA / f"{name.replace('_', '-')}.parquet"
    assert hashlib.sha256(path.read_bytes()).hexdigest()[:16] == STANDING[name]


def test_the_orders_and_refunds_that_stood_are_the_same(qinghe):
    tables, _ = qinghe
    orders = tables["orders"]
    old = orders[orders.order_id.str[1:].astype(int) < 500_001]
    assert _digest(old[old.source != "social"]) == STANDING["orders"]
    assert _digest(tables["refunds"][tables["refunds"].order_id.isin(old.order_id)]) == STANDING["refunds"]


def test_the_committed_tables_are_small_enough():
    assert sum(path.stat().st_size for path in DATA.rglob("*") if path.is_file()) < 20e6


# ---- contract, ids, totals -----------------------------------------------------------------------------------------


def test_tables_keep_the_contract(worlds):
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
    other = simulated({"social.rate_alpha": 5, "coupon.moves": 0, "service.leave": 0, "social.invitations": 1},
                      seed=1, rooms=50, size=0.3)
    for name in ["streams", "stream_minutes", "viewer_sessions", "shelf_sessions", "rundown", "comments", "posts"]:
        pd.testing.assert_frame_equal(other[name], worlds[0][name])
    live = lambda t: t["orders"][t["orders"].source != "social"].reset_index(drop=True)
    pd.testing.assert_frame_equal(live(other), live(worlds[0]))
    assert len(other["orders"]) != len(worlds[0]["orders"])


def test_ids_agree(worlds):
    for t in worlds:
        customers, orders, shares = t["customers"].set_index("customer_id"), t["orders"], t["shares"].set_index("share_id")
        assert orders.customer_id.isin(customers.index).all()
        assert (orders.customer_id.map(customers.joined) <= orders.created).all()
        own = _member_orders(t)
        first = own[own.order_id.str[1:].astype(int) >= 500_001]
        assert (first.customer_id.map(customers.member_since) <= first.created).all()
        assert not orders.duplicated(["order_id", "line_no"]).any()
        # every sign-up by referral in the season is one share that was joined, by the referrer, and before
        came = customers[(customers.route == "referral") & (customers.joined >= "2025-03-03")]
        joined = shares[shares.joined].set_index("receiver_id")
        assert joined.index.is_unique and set(joined.index) == set(came.index)
        assert (joined.sharer_id.loc[came.index].to_numpy() == came.referrer_id.to_numpy()).all()
        assert (joined.shared.loc[came.index].to_numpy() <= came.joined.to_numpy()).all() and (joined.opened.loc[came.index].to_numpy() <= came.joined.to_numpy()).all()
        # chains: the sharer had come by the parent share
        chained = shares.dropna(subset=["parent_share_id"])
        parents = shares.loc[chained.parent_share_id.astype(int)]
        assert len(chained) and (parents.receiver_id.to_numpy() == chained.sharer_id.to_numpy()).all() and parents.joined.all()
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
        minute = ((shares.shared - shares.stream_id.map(streams.started)).dt.total_seconds() // 60)
        at = shares[shares.what == "room"].groupby(["stream_id", minute]).size()
        minutes = t["stream_minutes"].set_index(["stream_id", "minute"]).shares
        assert (at.reindex(minutes.index, fill_value=0) == minutes).all()
        assert (shares[shares.what == "post"].groupby("post_id").size().reindex(posts.index, fill_value=0) == posts.shares).all()
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
        assert ended.order_id.is_unique and (ended.order_id.map(buyer.customer_id).to_numpy() == ended.customer_id.to_numpy()).all()
        assert (ended.visited <= ended.order_id.map(buyer.created)).all() and ended.checkout.all()
        assert (visits.viewed >= visits.carted).all() and (visits.carted >= visits.checkout).all()


def test_the_outcome_of_the_coupon_trial_is_in_the_orders(qinghe):
    tables, _ = qinghe
    trial = tables["experiments"].query("experiment_id == 'coupon-july'")
    paid = _member_orders(tables).drop_duplicates("order_id")
    begin = pd.Timestamp("2025-07-07")
    counted = lambda low, high: trial.unit_id.astype(int).map(paid[(paid.created >= low) & (paid.created < high)].customer_id.value_counts()).fillna(0)
    assert (counted(begin, begin + 28 * DAY) == trial.outcome).all()
    assert (counted(begin - 56 * DAY, begin) == trial.before).all()


# ---- tails and rhythms ---------------------------------------------------------------------------------------------


def test_ties_and_customers_have_heavy_tails(qinghe):
    tables, _ = qinghe
    followers = tables["follows"].followed_id.value_counts()
    top = followers.iloc[: len(followers) // 100].sum() / followers.sum()
    assert followers.max() > 60 * followers.median() and top > 0.12
    assert gini(_member_orders(tables).groupby("customer_id").paid_amount.sum()) > 0.5
    sent = tables["shares"].query("what == 'product'").sharer_id.value_counts()
    assert sent.max() > 8 * sent.mean()


def test_friends_are_tied_in_circles(qinghe):
    import networkx as nx

    tables, _ = qinghe
    ties = tables["follows"]
    graph = nx.Graph(list(zip(ties.follower_id.to_numpy(), ties.followed_id.to_numpy())))
    parts = nx.community.label_propagation_communities(graph)
    assert nx.community.modularity(graph, list(parts)) > 0.3


def test_service_is_slow_when_many_write(qinghe):
    tables, truth = qinghe
    t = tables["tickets"].dropna(subset=["answered"])
    wait = (t.answered - t.opened).dt.total_seconds() / 60
    by_hour = wait.groupby(t.opened.dt.hour).median()
    assert by_hour.loc[20:21].mean() > 1.8 * by_hour.loc[9:16].mean() and by_hour.loc[1:4].mean() > 60
    assert wait[t.rating >= 4].median() < wait[t.rating <= 2].median()


# ---- planted truths, found by simple estimators in the twenty seasons -----------------------------------------------


def _truth(t, name):
    return t.truth[name]


def _repeat(t, days=56):
    """Members with a first order early enough: did they order again within so many days?"""
    orders = _member_orders(t).drop_duplicates("order_id").sort_values("created")
    place = orders.groupby("customer_id").cumcount()
    first, second = (orders[place == k].set_index("customer_id").created for k in (0, 1))
    frame = first[first < pd.Timestamp("2025-09-01") - days * DAY].to_frame("first").join(second.rename("second"))
    frame["again"] = (frame.second - frame["first"]) <= days * DAY
    return frame.join(t["customers"].set_index("customer_id")[["route", "referrer_id"]])


def test_invited_members_come_again_partly_because_of_who_invites(seasons):
    naive, effect = [], []
    for t in seasons:
        rows = _repeat(t)
        invited = rows.route == "referral"
        naive.append(rows.again[invited].mean() - rows.again[~invited].mean())
        effect.append(_truth(t, "referral.effect_on_repeat"))
    assert 0.03 < np.mean(effect) < 0.10
    assert np.mean(naive) > np.mean(effect) + 0.03  # the comparison that everybody makes is far too kind


def test_matching_on_the_referrer_takes_out_most_of_the_selection(qinghe):
    tables, truth = qinghe
    rows = _repeat(tables)
    ties = tables["follows"]
    both = pd.concat([ties.set_axis(["a", "b", "since"], axis=1), ties.set_axis(["b", "a", "since"], axis=1)])[["a", "b"]].drop_duplicates()
    invited = rows[rows.route == "referral"].reset_index()[["customer_id", "referrer_id", "again"]]
    own = rows[rows.route != "referral"].again.rename("peer")
    peers = invited.merge(both, left_on="referrer_id", right_on="a").merge(own, left_on="b", right_index=True)
    pair = peers.astype({"again": float, "peer": float}).groupby("customer_id")[["again", "peer"]].mean()
    gap = pair.again - pair.peer
    assert abs(gap.mean() - truth["referral.effect_on_repeat"]) < 2.5 * gap.std() / np.sqrt(len(gap))
    assert gap.mean() < truth["referral.naive_difference"]


def test_invitations_bring_what_the_truth_says(seasons):
    ratio = []
    for t in seasons:
        members = t["customers"].dropna(subset=["member_since"])
        joined = t["shares"][t["shares"].joined & t["shares"].sharer_id.isin(members.customer_id) & t["shares"].receiver_id.isin(members.customer_id)]
        ratio.append(len(joined) / len(members) - _truth(t, "referral.k_of_season"))
    assert np.abs(ratio).max() < 1e-3


def test_the_winner_over_all_is_nobody_s_favourite(qinghe, seasons):
    tables, truth = qinghe
    for t in (tables, *seasons):
        parts = t["post_segments"].merge(t["posts"][["post_id", "type", "author_id"]], on="post_id")
        if t is tables:
            sums = parts.groupby(["segment", "type"])[["reactions", "impressions"]].sum()
            rate = (sums.reactions / sums.impressions).unstack()
            for segment, best in truth["content.best_of_segment"].items():
                assert rate.loc[segment].idxmax() == best != truth["content.best_of_all"]
    sums = tables["posts"].groupby("type")[["reactions", "impressions"]].sum()
    assert (sums.reactions / sums.impressions).idxmax() == truth["content.best_of_all"]
    # pooled over seasons, with author effects as ratios within an author
    found = []
    for t in seasons:
        parts = t["post_segments"].merge(t["posts"][["post_id", "type"]], on="post_id")
        sums = parts.groupby(["segment", "type"])[["reactions", "impressions"]].sum()
        rate = (sums.reactions / sums.impressions).unstack()
        found.append(np.log(rate.div(rate.mean())))
    mean = sum(found) / len(found)
    planted = np.log(pd.DataFrame(content.relative_response(world.Parameters()), index=["basics", "office", "weekend", "bargain"], columns=content.TYPES))
    planted = planted - np.log(np.exp(planted).mean())
    assert np.abs(mean - planted[mean.columns].loc[mean.index]).to_numpy().max() < 0.15


def test_the_coupon_moves_some_and_the_trial_finds_it(seasons):
    difference, truth, naive, kind = [], [], [], []
    for t in seasons:
        rows = t["experiments"].assign(treated=lambda d: d.arm == "coupon")
        trial = rows[rows.experiment_id == "coupon-july"]
        difference.append(trial.outcome[trial.treated].mean() - trial.outcome[~trial.treated].mean())
        truth.append(_truth(t, "coupon.effect")["orders"])
        sent = rows[rows.experiment_id == "coupon-may"]
        naive.append(sent.outcome[sent.treated].mean() - sent.outcome[~sent.treated].mean())
        kind.append(_truth(t, "coupon-may.effect_on_treated")["orders"])
    error = np.std(difference, ddof=1) / np.sqrt(len(difference))
    assert abs(np.mean(difference) - np.mean(truth)) < 2.5 * error and error < 0.04
    assert np.mean(naive) > 3 * np.mean(kind)


def test_the_coupon_is_wasted_on_regulars_and_annoys_office_buyers():
    state = np.repeat(np.arange(len(coupons.STATES)), 4)
    moves, annoys = coupons.coupon_chances(world.Parameters(), state, np.tile(np.arange(4), len(coupons.STATES)))
    assert (moves[state == 2] == 0).all() and moves[state == 3].max() == moves.max()
    assert set(np.tile(np.arange(4), len(coupons.STATES))[annoys > 0]) == {1}


def test_purchase_models_foretell_the_last_ten_weeks(qinghe):
    from liveshop.methods import clv

    tables, _ = qinghe
    orders = _member_orders(tables)
    past = clv.summary(orders, "2025-06-22")
    fit = clv.fit_bgnbd(past.frequency, past.recency, past.age)
    p = {name: row["value"] for name, row in json.loads((DATA / "truth.json").read_text())["parameters"].items()}
    assert fit.r / fit.alpha == pytest.approx(p["social.rate_r"] / p["social.rate_alpha"], rel=0.35)  # invited members order faster than the planted rate
    foretold = fit.expected_purchases(10, past.frequency, past.recency, past.age).sum()
    came = orders[(orders.created >= "2025-06-23") & orders.customer_id.isin(past.index)].order_id.nunique()
    assert foretold == pytest.approx(came, rel=0.10)
    again = past[past.frequency > 0]
    money = clv.fit_gamma_gamma(again.frequency, again.mean_value)
    later = orders[(orders.created >= "2025-06-23") & orders.customer_id.isin(again.index)].groupby("order_id").paid_amount.sum().mean()
    assert np.average(money.expected_value(again.frequency, again.mean_value)) == pytest.approx(later, rel=0.12)


def test_members_order_at_gamma_rates_and_leave_at_beta_chances(seasons):
    """The generator's own latent traits have the planted distributions."""
    from scipy.stats import beta, gamma, kstest

    from liveshop.world.shop import members

    p = world.Parameters()
    identity = np.arange(4000, dtype=np.uint64)
    random = np.random.default_rng(1)
    rate, drop = members.traits(p, 3, identity, random.normal(size=4000), random.normal(size=4000))
    s = p.social
    assert kstest(rate, gamma(s.rate_r, scale=1 / s.rate_alpha).cdf).pvalue > 0.01
    assert kstest(drop, beta(s.drop_a, s.drop_b).cdf).pvalue > 0.01
    assert abs(np.corrcoef(rate, drop)[0, 1]) < 0.06


def test_a_late_answer_drives_members_away(seasons):
    gone = []
    for t in seasons:
        orders = _member_orders(t).drop_duplicates("order_id")
        rows = t["tickets"][t["tickets"].order_id.isin(orders.order_id)].dropna(subset=["answered"])
        rows = rows[(rows.opened < "2025-07-07") & (rows.topic != "complaint")]
        wait = (rows.answered - rows.opened).dt.total_seconds() / 60
        last = rows.customer_id.map(orders.groupby("customer_id").created.max())
        gone.append(pd.DataFrame({"late": np.where(wait <= 5, "prompt", np.where(wait > 45, "late", "between")), "gone": last <= rows.opened}))
    share = pd.concat(gone).groupby("late").gone.mean()
    # planted: 38 % times (1 - exp(-(wait - 5) / 40)) leave because of the wait
    assert 0.12 < share["late"] - share["prompt"] < 0.40
    assert all(_truth(t, "service.money_lost") >= 0 for t in seasons) and np.mean([_truth(t, "service.orders_lost") for t in seasons]) > 5


def test_slow_pages_lose_visits(seasons):
    visits = pd.concat([t["shop_visits"] for t in seasons])
    found = []
    for _, part in visits.groupby("device"):
        slow, fast = part[part.load_seconds > 3.2], part[part.load_seconds < 2.0]
        found.append((np.log(slow.viewed.mean() / fast.viewed.mean()) / (slow.load_seconds.mean() - fast.load_seconds.mean()), len(part)))
    slope = np.average([f[0] for f in found], weights=[f[1] for f in found])
    assert slope == pytest.approx(-world.Parameters().visit.load_loss, rel=0.25)


def test_past_tests_add_up_and_four_have_a_broken_split(qinghe):
    tables, truth = qinghe
    from scipy.stats import binomtest

    rows = tables["experiments"]
    plans = tables["experiment_plans"].set_index("experiment_id")
    past = rows[rows.experiment_id.str.startswith("past-")]
    assert past.experiment_id.nunique() == 24 and set(rows.experiment_id) == set(plans.index)
    counts = past.groupby(["experiment_id", "arm"]).size().unstack()
    suspicious = {i for i, row in counts.iterrows() if binomtest(int(row["new"]), int(row.sum()), 0.5).pvalue < 0.005}
    assert len(suspicious - set(truth["experiments.broken_split"])) <= 1
    assert len(suspicious & set(truth["experiments.broken_split"])) >= 3
    effect = past.groupby(["experiment_id", "arm"]).outcome.mean().unstack()
    error = (effect["new"] / effect["old"] - 1 - pd.Series(truth["experiments.past_effects"]))
    honest = error.drop(truth["experiments.broken_split"] + truth["experiments.stopped_early"])
    assert abs(honest.mean()) < 0.03 and error[truth["experiments.broken_split"]].mean() > 0.03
    stopped = plans.loc[truth["experiments.stopped_early"]]
    assert (stopped.ended - stopped.began < 13 * DAY).all() and (error[stopped.index] > 0).all()
    assert len(trials.TITLES) == len(trials.EFFECTS) == len(trials.CORRELATION) == 24


def test_the_prompt_trial_shows_that_a_prompt_holds_viewers(seasons):
    trial = pd.concat([t["experiments"].query("experiment_id == 'prompt-trial'") for t in seasons])
    change = trial.outcome - trial.before
    assert change[trial.arm == "spoken"].mean() < change[trial.arm == "silent"].mean()


def test_group_deals_fill_less_with_more_friends_and_less_time(seasons):
    deals = pd.concat([t["group_deals"] for t in seasons])
    full = deals.filled.notna().groupby([deals["size"], deals.limit_hours]).mean().unstack()
    assert full.loc[2].mean() > full.loc[3].mean() > full.loc[5].mean()
    assert full[12].mean() < full[24].mean() < full[48].mean()


def test_a_fashion_makes_a_random_split_too_kind(qinghe):
    from liveshop.methods import recommend

    tables, _ = qinghe
    events = _member_orders(tables)[["customer_id", "product_id", "created"]]
    rate = lambda split: recommend.hit_rate(recommend.popularity(split[0]), split[1], 10, known_only=True).rate
    assert rate(recommend.random_split(events, 0.15)) > 1.15 * rate(recommend.time_split(events, pd.Timestamp("2025-08-18")))
