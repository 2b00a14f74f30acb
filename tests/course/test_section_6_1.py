"""Section 6.1 against the truth: referral, K and recommenders over twenty simulated seasons, and where each of them fails."""

import numpy as np
import pandas as pd
import pytest

from liveshop import load, methods, practice

DAY = pd.Timedelta(days=1)


def both_ways(follows):
    ties = follows[["follower_id", "followed_id"]]
    return pd.concat([ties.set_axis(["friend", "contact"], axis=1), ties.set_axis(["contact", "friend"], axis=1)]).drop_duplicates()


def around_the_friend(ties, guests, others):
    """The invited and, around the friend of each, those who came by themselves."""
    near = ties[ties.friend.isin(guests.referrer_id)].merge(others, left_on="contact", right_index=True)
    rows = pd.concat([guests.assign(friend=guests.referrer_id), near])[["friend", "invited", "again"]]
    return methods.effects.matched_effect(rows.assign(friend=rows.friend.astype(str)), "again", "invited", ["friend"], cluster="friend")


def contacts_of_contacts(ties, guests):
    near = ties[ties.friend.isin(guests.referrer_id)]
    far = near.merge(ties.set_axis(["contact", "far"], axis=1), on="contact")
    far = far[far.far != far.friend][["friend", "far"]].drop_duplicates().set_axis(["friend", "contact"], axis=1)
    return far[~pd.MultiIndex.from_frame(far).isin(pd.MultiIndex.from_frame(near))]


def of_one_season(season):
    """Every estimate of the section, as the notebook makes it."""
    customers, orders, shares, truth = season.customers, season.orders, season.shares, season.truth
    members = customers.dropna(subset=["member_since"]).set_index("customer_id")
    since = members.member_since
    lines = orders[orders.paid.notna() & (orders.source == "social") & orders.customer_id.isin(members.index)]
    buys = lines.drop_duplicates("order_id")[["customer_id", "created"]]
    first, end = buys.groupby("customer_id").created.min().rename("first_order"), buys.created.max()

    later = buys.join(first, on="customer_id")
    later = later[(later.created > later.first_order) & (later.created <= later.first_order + 56 * DAY)]
    buyers = members.join(first, how="inner")
    buyers = buyers[buyers.first_order <= end - 56 * DAY]
    buyers = buyers.assign(again=buyers.index.isin(later.customer_id).astype(float), invited=buyers.referrer_id.notna(),
                           month=buyers.first_order.dt.strftime("%Y-%m"))
    guests, others = buyers[buyers.invited], buyers[~buyers.invited]
    ties = both_ways(season.follows)
    found = {
        "truth": truth["referral.effect_on_repeat"],
        "naive": methods.effects.pooled_effect(buyers, "again", "invited"),
        "paper": methods.effects.matched_effect(buyers, "again", "invited", ["segment", "channel_id", "age_band", "month"]),
        "matched": around_the_friend(ties, guests, others),
        "far": around_the_friend(contacts_of_contacts(ties, guests), guests, others),
    }

    sent = shares[(shares.what == "product") & shares.sharer_id.isin(members.index)]
    came = sent[sent.joined & sent.receiver_id.isin(members.index)]
    days = (came.receiver_id.astype("int64").map(since) - came.sharer_id.map(since)) / DAY

    def k_within(who, limit=91):
        friends = came.sharer_id[days <= limit].value_counts().reindex(who, fill_value=0)
        return friends.mean(), friends.std() / np.sqrt(len(friends))

    ripe = members.index[since <= end - 91 * DAY]
    found["k_alone"], found["k_error"] = k_within(ripe[members.referrer_id.loc[ripe].isna()])
    found["k_young"] = k_within(members.index[since > end - 56 * DAY])[0]
    found["k_inviters"] = len(came) / sent.sharer_id.nunique()
    found["k_two_weeks"] = k_within(ripe, 14)[0] / k_within(ripe)[0]
    found["k_truth"] = truth["referral.k"]

    events = lines[["customer_id", "product_id", "created"]]
    recommend = methods.recommend
    for name, (train, test) in {"time": recommend.time_split(events, "2025-08-18"), "random": recommend.random_split(events, 0.2)}.items():
        for kind, fit in {"season": recommend.popularity(train), "near": recommend.item_neighbours(train), "week": recommend.popularity(train, days=7),
                           "factors": recommend.factorise(train)}.items():
            found[f"{name}_{kind}"] = recommend.hit_rate(fit, test, 10, known_only=True).rate

    months = methods.growth.growth_accounting(buys, "month", when="created")
    bought = {month: set(ids) for month, ids in buys.customer_id.groupby(buys.created.dt.month)}
    lost = bought[4] - bought[5]
    found["back"] = len(lost & (bought[6] | bought[7] | bought[8])) / len(lost)
    found["identity"] = (months.active.diff() - months.new - months.revived + months.lost).iloc[1:].abs().max()
    return found


@pytest.fixture(scope="module")
def results(seasons):
    return pd.DataFrame([of_one_season(season) for season in seasons])


def points(results, name):
    return results[name].map(lambda effect: effect.estimate)


def covered(results, name):
    return sum(effect.covers(truth) for effect, truth in zip(results[name], results.truth))


def test_matching_on_the_friend_recovers_the_effect_of_referral(results):
    error = points(results, "matched") - results.truth
    assert covered(results, "matched") == 20                                   # as the text says
    assert [round(100 * points(results, name).mean()) for name in ("naive", "matched")] + [round(100 * results.truth.mean())] == [13, 7, 7]
    assert abs(error.mean()) < 2.5 * error.std() / np.sqrt(20)
    assert (points(results, "matched") > 0).all()


def test_the_naive_difference_is_nearly_twice_too_large_and_paper_does_not_help(results):
    assert covered(results, "naive") == 9                                      # as the text says
    assert points(results, "naive").mean() / results.truth.mean() > 1.7
    assert points(results, "paper").mean() > 0.9 * points(results, "naive").mean()


def test_at_half_the_size_it_often_cannot_tell_the_effect_from_nothing(results):
    unclear = sum(effect.interval[0] <= 0 for effect in results.matched)
    assert unclear == 11                                                       # as the text says


def test_it_fails_with_contacts_of_contacts(results):
    """They share the friend's circle less: more precise, and too high."""
    error = points(results, "far") - results.truth
    assert error.mean() > 2 * error.std() / np.sqrt(20) and error.mean() > 0.015
    assert all(far.standard_error < near.standard_error for far, near in zip(results.far, results.matched))


def test_k_of_the_ripe_cohort_is_recovered(results):
    inside = (results.k_alone - results.k_truth).abs() < 1.96 * results.k_error
    assert inside.sum() == 17                                                  # as the text says
    assert results.k_alone.mean() == pytest.approx(results.k_truth.mean(), abs=0.015)


def test_k_fails_for_young_members_and_when_divided_by_those_who_invited(results):
    assert (results.k_young < results.k_truth - 0.02).all()
    assert (results.k_inviters > 1.25 * results.k_truth).all()
    assert results.k_two_weeks.between(0.45, 0.75).all()


def test_a_time_split_turns_the_order_of_the_recommenders_round(results):
    assert (results.random_week < results.random_near).all()                   # shuffled: last week's list looks worse
    assert (results.time_week > results.time_near).all()                       # on later weeks it is better
    assert (results.time_week > results.time_factors).all()
    gained = [(results[f"random_{kind}"] > results[f"time_{kind}"]).sum() for kind in ("near", "factors")]
    assert gained == [17, 18]                                                  # as the text says
    assert (results.random_season > results.time_season).sum() == 14           # the flattery itself depends on the fortnight
    assert results.random_season.mean() > results.time_season.mean() + 0.04
    assert results.random_near.mean() > results.time_near.mean() + 0.03


def test_item_neighbours_do_not_always_beat_the_best_sellers_of_the_season(results):
    """One fortnight proves little: the order of these two changes from season to season."""
    assert 0.3 < (results.time_near > results.time_season).mean() < 0.95


def test_the_accounts_balance_and_the_lost_come_back(results):
    assert (results.identity == 0).all()
    assert results.back.between(0.15, 0.45).all()


def test_below_one_half_staying_beats_inviting_and_above_it_inviting_wins():
    """The decision rule, in the growth model itself: over 26 weeks and with a cycle of a week."""
    def users(invites, stay):
        return methods.growth.growth_path(0, 200, invites, 0.1, 7, 0.8 * stay * np.ones(27), 52).active.iloc[-1]

    for k, staying_wins in ((0.3, True), (0.4, True), (0.6, False), (0.7, False)):
        more_stay, more_invites = users(10 * k, 1.05), users(10.5 * k, 1.0)
        assert (more_stay > more_invites) == staying_wins


def test_the_rule_of_the_fraud_check_finds_a_ring_and_spares_the_unlucky():
    from scipy.stats import binom

    honest = 0.88
    empty = int(np.ceil(np.log(0.01) / np.log(1 - honest)))
    assert binom.cdf(0, empty, honest) < 0.01 <= binom.cdf(0, empty - 1, honest)
    sizes = np.random.default_rng(1).integers(3, 12, 20_000)
    bought = np.random.default_rng(2).binomial(sizes, honest)
    assert (binom.cdf(bought, sizes, honest) < 0.01).mean() < 0.01
    assert binom.cdf(8, 8, honest) > 0.3                                       # a ring that orders once passes: pay on the second order


def test_the_fresh_list_counts_the_last_days_and_still_knows_what_was_taken():
    moments = pd.to_datetime(["2025-01-01", "2025-01-02", "2025-01-03", "2025-02-01", "2025-02-02"])
    events = pd.DataFrame({"customer_id": [1, 2, 3, 1, 4], "product_id": ["a", "a", "a", "b", "c"], "created": moments})
    fresh = methods.recommend.popularity(events, days=7)
    assert fresh.recommend([1, 2], 1)[1].tolist() == ["c", "b"]                # 1 has b already
    assert methods.recommend.popularity(events).recommend([4], 1)[1].tolist() == ["a"]
    with pytest.raises(ValueError, match="days must be above zero"):
        methods.recommend.popularity(events, days=0)
    with pytest.raises(ValueError, match="lack the column created"):
        methods.recommend.popularity(events.drop(columns="created"), days=7)


@pytest.mark.parametrize("exercise", ["6.1a", "6.1b", "6.1c", "6.1d"])
def test_the_exercises_name_the_mistakes(exercise):
    assert practice.audit(exercise, load()) == []
