"""The planted truths of the social shop, found by simple estimators in several seasons and in the committed tables."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from member_orders import member_orders

from liveshop import world
from liveshop.world.shop import coupons, trials
from liveshop.world.shop import posts as content

DATA = Path(__file__).parents[2] / "data"
DAY = pd.Timedelta(days=1)


def _repeat(t, days=56):
    """Members with a first order early enough: did they order again within so many days?"""
    orders = member_orders(t).drop_duplicates("order_id").sort_values("created")
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
        effect.append(t.truth["referral.effect_on_repeat"])
    assert 0.03 < np.mean(effect) < 0.10
    assert np.mean(naive) > np.mean(effect) + 0.03  # the comparison that everybody makes is far too kind


def test_matching_on_the_referrer_takes_out_most_of_the_selection(qinghe):
    tables, truth = qinghe
    rows = _repeat(tables)
    ties = tables["follows"]
    both = pd.concat([ties.set_axis(["a", "b", "since"], axis=1), ties.set_axis(["b", "a", "since"], axis=1)])[
        ["a", "b"]
    ].drop_duplicates()
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
        joined = t["shares"][
            t["shares"].joined
            & t["shares"].sharer_id.isin(members.customer_id)
            & t["shares"].receiver_id.isin(members.customer_id)
        ]
        ratio.append(len(joined) / len(members) - t.truth["referral.k_of_season"])
    assert np.abs(ratio).max() < 1e-3


def test_the_winner_over_all_is_nobody_s_favourite(qinghe, seasons):
    tables, truth = qinghe
    parts = tables["post_segments"].merge(tables["posts"][["post_id", "type"]], on="post_id")
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
    planted = np.log(
        pd.DataFrame(
            content.relative_response(world.Parameters()),
            index=["basics", "office", "weekend", "bargain"],
            columns=content.TYPES,
        )
    )
    planted = planted - np.log(np.exp(planted).mean())
    assert np.abs(mean - planted[mean.columns].loc[mean.index]).to_numpy().max() < 0.15


def test_the_coupon_moves_some_and_the_trial_finds_it(seasons):
    difference, truth, naive, kind = [], [], [], []
    for t in seasons:
        rows = t["experiments"].assign(treated=lambda d: d.arm == "coupon")
        trial = rows[rows.experiment_id == "coupon-july"]
        difference.append(trial.outcome[trial.treated].mean() - trial.outcome[~trial.treated].mean())
        truth.append(t.truth["coupon.effect"]["orders"])
        sent = rows[rows.experiment_id == "coupon-may"]
        naive.append(sent.outcome[sent.treated].mean() - sent.outcome[~sent.treated].mean())
        kind.append(t.truth["coupon-may.effect_on_treated"]["orders"])
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
    orders = member_orders(tables)
    past = clv.summary(orders, "2025-06-22")
    fit = clv.fit_bgnbd(past.frequency, past.recency, past.age)
    p = {name: row["value"] for name, row in json.loads((DATA / "truth.json").read_text())["parameters"].items()}
    assert fit.r / fit.alpha == pytest.approx(
        p["social.rate_r"] / p["social.rate_alpha"], rel=0.35
    )  # invited members order faster than the planted rate
    foretold = fit.expected_purchases(10, past.frequency, past.recency, past.age).sum()
    came = orders[(orders.created >= "2025-06-23") & orders.customer_id.isin(past.index)].order_id.nunique()
    assert foretold == pytest.approx(came, rel=0.10)
    again = past[past.frequency > 0]
    money = clv.fit_gamma_gamma(again.frequency, again.mean_value)
    later = (
        orders[(orders.created >= "2025-06-23") & orders.customer_id.isin(again.index)]
        .groupby("order_id")
        .paid_amount.sum()
        .mean()
    )
    assert np.average(money.expected_value(again.frequency, again.mean_value)) == pytest.approx(later, rel=0.12)


def test_members_order_at_gamma_rates_and_leave_at_beta_chances():
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
        orders = member_orders(t).drop_duplicates("order_id")
        rows = t["tickets"][t["tickets"].order_id.isin(orders.order_id)].dropna(subset=["answered"])
        rows = rows[(rows.opened < "2025-07-07") & (rows.topic != "complaint")]
        wait = (rows.answered - rows.opened).dt.total_seconds() / 60
        last = rows.customer_id.map(orders.groupby("customer_id").created.max())
        gone.append(
            pd.DataFrame(
                {
                    "late": np.where(wait <= 5, "prompt", np.where(wait > 45, "late", "between")),
                    "gone": last <= rows.opened,
                }
            )
        )
    share = pd.concat(gone).groupby("late").gone.mean()
    # planted: 38 % times (1 - exp(-(wait - 5) / 40)) leave because of the wait
    assert 0.12 < share["late"] - share["prompt"] < 0.40
    assert (
        all(t.truth["service.money_lost"] >= 0 for t in seasons)
        and np.mean([t.truth["service.orders_lost"] for t in seasons]) > 5
    )


def test_slow_pages_lose_visits(seasons):
    visits = pd.concat([t["shop_visits"] for t in seasons])
    found = []
    for _, part in visits.groupby("device"):
        slow, fast = part[part.load_seconds > 3.2], part[part.load_seconds < 2.0]
        found.append(
            (
                np.log(slow.viewed.mean() / fast.viewed.mean()) / (slow.load_seconds.mean() - fast.load_seconds.mean()),
                len(part),
            )
        )
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
    error = effect["new"] / effect["old"] - 1 - pd.Series(truth["experiments.past_effects"])
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
    events = member_orders(tables)[["customer_id", "product_id", "created"]]

    def rate(split):
        return recommend.hit_rate(recommend.popularity(split[0]), split[1], 10, known_only=True).rate

    later = rate(recommend.time_split(events, pd.Timestamp("2025-08-18")))
    assert rate(recommend.random_split(events, 0.15)) > 1.15 * later
