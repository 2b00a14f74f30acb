"""Section 6.1 against the truth: referral, K and recommenders over twenty seasons, and where each of them fails."""

import numpy as np
import pandas as pd
import pytest

from liveshop import load, methods, practice
from liveshop.course.chapter_6 import samples
from recovered import of, unbiased

REFERRAL, K = "referral.effect_on_repeat", "referral.k"
RECOMMENDERS = ["best sellers of the season", "item neighbours", "matrix factorisation",
                "best sellers of the last week"]


def test_matching_on_the_friend_recovers_the_effect_of_referral():
    rows = of(REFERRAL, "other contacts of the same friend")
    assert len(rows) == 20 and rows.covers.all() and unbiased(rows)
    assert (rows.estimate > 0).all()


def test_the_naive_difference_is_nearly_twice_too_large_and_paper_does_not_help():
    naive, paper = of(REFERRAL, "naive"), of(REFERRAL, "others alike on paper")
    assert naive.covers.mean() < 0.75 and (naive.estimate > naive.true).all()
    assert naive.estimate.mean() / naive.true.mean() > 1.7
    assert paper.estimate.mean() > 0.9 * naive.estimate.mean()


def test_at_half_the_size_it_often_cannot_tell_the_effect_from_nothing():
    assert 0.25 < (of(REFERRAL, "other contacts of the same friend").low <= 0).mean() < 0.8


def test_it_fails_with_contacts_of_contacts():
    """They share the friend's circle less: more precise, and too high."""
    far, near = of(REFERRAL, "contacts of contacts"), of(REFERRAL, "other contacts of the same friend")
    error = far.estimate - far.true
    assert not unbiased(far, errors=2) and error.mean() > 0.015
    assert (far.high - far.low < near.high - near.low).all()


def test_k_of_the_ripe_cohort_is_recovered():
    rows = of(K, "thirteen weeks, came by themselves")
    assert rows.covers.mean() >= 0.8
    assert rows.estimate.mean() == pytest.approx(rows.true.mean(), abs=0.015)


def test_k_fails_for_young_members_and_when_divided_by_those_who_invited():
    young, inviters, early = (of(K, how) for how in ("members of eight weeks or less", "naive", "read after two weeks"))
    assert (young.estimate < young.true - 0.02).all()
    assert (inviters.estimate > 1.25 * inviters.true).all()
    assert (early.estimate / early.true).between(0.4, 0.75).all()


def test_a_time_split_turns_the_order_of_the_recommenders_round():
    season, near, factors, week = (of(f"hit rate of later weeks: {name}", "random split")
                                   for name in RECOMMENDERS)
    assert (week.estimate < near.estimate).all()                               # shuffled: last week's list looks worse
    assert (week.true > near.true).all() and (week.true > factors.true).all()  # on later weeks it is better
    for flattered in (season, near, factors):
        assert (flattered.estimate > flattered.true).mean() > 0.6              # how much depends on the fortnight
    assert season.estimate.mean() > season.true.mean() + 0.04
    assert near.estimate.mean() > near.true.mean() + 0.03


def test_item_neighbours_do_not_always_beat_the_best_sellers_of_the_season():
    """One fortnight proves little: the order of these two changes from season to season."""
    season, near, *_ = (of(f"hit rate of later weeks: {name}", "random split") for name in RECOMMENDERS)
    assert 0.3 < (near.true > season.true).mean() < 0.95


def test_the_list_was_ahead_because_it_alone_was_fresh():
    """Given the same days, neighbours come nearer; over eight weeks and more the personal methods lead."""
    hits = samples.hits_by_window(samples.member_orders(load()), samples.last_fortnight(load()))
    assert hits["7 days"]["item neighbours"] > hits["all"]["item neighbours"] + 0.1
    assert hits["7 days"].idxmax() == "best sellers" and hits["56 days"].idxmax() != "best sellers"


def test_those_who_lead_at_first_lead_by_far_less_later():
    first, later = samples.leading_inviters(load())
    assert 0.05 < later < 0.6 * first


def test_ripe_members_of_later_generations_bring_as_many_friends():
    tables = load()
    ripe = samples.ripe_members(tables)
    friends = samples.friends_within(tables, ripe, samples.ripe_days(tables))
    each = friends.groupby(samples.generations(tables)[ripe]).agg(["mean", "sem"])
    assert (each["mean"][1:3] > each["mean"][0] - 2 * each["sem"][1:3]).all()


def test_the_accounts_balance():
    months = methods.growth.growth_accounting(samples.order_times(load()), "month", when="created")
    assert (months.active.diff() - months.new - months.revived + months.lost).iloc[1:].eq(0).all()


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
    assert binom.cdf(8, 8, honest) > 0.3                                       # a ring that orders once passes


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
