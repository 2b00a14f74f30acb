"""Section 7.1 against the truth and published numbers: rules and the coin, the trial over cities, one's own paths."""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from common import own_tables
from liveshop import methods
from liveshop.course.chapter_7 import samples
from liveshop.practice import audit, verdict
from liveshop.world.business.journeys import PERSONS, Persons
from liveshop.world.business.media import geo_tests
from liveshop.world.parameters import Parameters

SEARCH, PAID, LIVE = (f"journeys.incremental: {kind}" for kind in ("search", "paid", "live"))
COIN = "withheld by a coin"


def test_every_rule_overpays_search_in_every_season_and_the_coin_holds(recovered):
    for rule in ("naive", "linear", "Markov", "first click"):
        assert (recovered.loc[SEARCH, rule].bias > 0).all()
    assert (recovered.loc[SEARCH, "naive"].bias > 0.15).all()
    for kind in (SEARCH, PAID, LIVE):
        assert recovered.loc[kind, COIN].covers.mean() >= 0.9
    assert (recovered.loc[LIVE, COIN].low > 0).all()


def test_the_coin_cannot_show_what_is_smaller_than_its_interval(recovered):
    assert (recovered.loc[PAID, COIN].low <= 0).mean() > 0.5


def test_a_log_of_who_would_have_met_paid_narrows_the_interval(tables):
    """Worlds made anew in which it is known who would have met a paid touch: errors of both ways over the worlds."""
    raw, logged = [], []
    for seed in range(1, 13):
        persons = Persons(Parameters(), seed, np.random.default_rng(seed).integers(0, 26, PERSONS))
        arm = (persons.uniform("arm") * 5).astype(int)
        all_touches = persons.touches(np.ones((PERSONS, 4), bool))
        buys = persons.uniform("buys") < persons.chance(persons.touches(np.arange(4) != arm[:, None] - 1))
        base, none, paid = buys[arm == 0].mean(), arm == 0, arm == 4
        raw.append(1 - buys[paid].mean() / base)
        met = buys & all_touches[:, 3]
        logged.append((met[none].mean() - met[paid].mean()) / base)
    lost, said = methods.attribution.incremental(tables.journeys), samples.reached(tables, "paid")
    assert 1.959964 * np.std(logged) == pytest.approx(said.half_width, rel=0.5)
    assert said.half_width < 0.6 * (lost.high - lost.low)["paid"] / 2 and np.std(logged) < 0.75 * np.std(raw)
    free = samples.undisturbed(tables)
    assert said.orders == pytest.approx(free.path[free.converted].fillna("").str.contains("paid").mean())


def test_first_weeks_make_all_three_effects_smaller(recovered):
    for term in ("live", "social", "both_extra"):
        kept, left = (recovered.loc[f"geo.log_effects: {term}", way].estimate.to_numpy()
                      for way in ("all weeks", "without first weeks"))
        less = left - kept
        assert less.mean() > 2 * less.std(ddof=1) / len(less) ** 0.5 > 0
    both = recovered.loc["geo.log_effects: both_extra", "without first weeks"]
    assert both.covers.mean() >= 0.85 and (both.low > 0).mean() >= 0.95


def test_paths_overstate_what_only_both_bring(recovered):
    assert (recovered.loc["journeys.synergy", "naive"].bias > 0).mean() >= 0.9


def test_what_ran_before_is_still_at_work_in_the_first_week(tables):
    """Two numbers, each with noise of its own; together they stand clear of nothing."""
    after = samples.left_over(tables)
    assert after.estimate.sum() > 2 * np.hypot(*after.standard_error) > 0


def test_what_is_left_in_the_first_week_is_what_was_planted():
    """Trials made anew: the planted part of the effect, and half as much again where the other kind runs too."""
    parameters, found = Parameters(), []
    for seed in range(1, 21):
        after = samples.left_over(own_tables(geo_tests=geo_tests(parameters, seed)))
        found.append([after.estimate["live_left"], after.estimate["social_left"]])
    geo, mean = parameters.geo, np.mean(found, axis=0)
    error = np.std(found, axis=0, ddof=1) / len(found) ** 0.5
    planted = geo.carry * (np.array([geo.live, geo.social]) + geo.both_extra / 2)
    assert (abs(mean - planted) < 3 * error).all() and (error < planted / 5).all()


def test_credits_are_shares_of_all_orders(tables):
    """By hand: last touches of the buyers, over all buyers."""
    rows = tables.journeys[(tables.journeys.withheld == "none") & tables.journeys.converted]
    last = rows.path.dropna().str.split(" > ").str[-1].value_counts() / len(rows)
    credit = samples.credited(tables)
    assert credit["last click"].sort_index().to_dict() == pytest.approx(last.sort_index().to_dict())
    assert np.allclose(credit.sum(), rows.path.notna().mean())


def test_linear_is_shapley_where_no_kind_comes_twice_and_not_elsewhere(tables):
    counted = methods.attribution.paths(samples.undisturbed(tables))
    rules = methods.attribution.compare(counted)
    assert np.allclose(rules.linear, rules.shapley)
    twice = pd.DataFrame({"path": ["a > a > b"], "conversions": [6]})
    assert methods.attribution.linear(twice).credits["a"] == 4
    assert methods.attribution.shapley(twice).credits["a"] == 3


def test_moves_are_promised_by_one_and_earned_by_another():
    promised = pd.DataFrame({"rule": {"x": 5.0, "y": 9.0, "z": 7.0}})
    move = samples.moves(promised, {"x": 4.0, "y": 1.0, "z": 8.0}).loc["rule"]
    assert tuple(move) == ("x", "y", 4.0, -3.0) and "earned" not in samples.moves(promised)


def test_the_coins_move_has_an_interval_around_what_it_expects(tables):
    by_touch = samples.per_thousand(tables)
    low, high = samples.moved(tables, "live", "search")
    assert (low + high) / 2 == pytest.approx(by_touch.coin["search"] - by_touch.coin["live"])
    rows, random, found = tables.journeys, np.random.default_rng(5), []
    arms = rows.converted.groupby(rows.withheld).agg(["mean", "size"])
    touched = {kind: rows.path[rows.withheld == "none"].fillna("").str.contains(kind).sum()
               for kind in ("live", "search")}
    for _ in range(2_000):                                       # arms drawn anew
        rate = pd.Series(random.binomial(arms["size"], arms["mean"]) / arms["size"], index=arms.index)
        gain = 1000 * arms["size"]["none"] * (rate["none"] - rate)
        found.append(gain["search"] / touched["search"] - gain["live"] / touched["live"])
    assert np.std(found) * 2 * 1.959964 == pytest.approx(high - low, rel=0.06)


def test_kinds_are_whole_words_and_all_are_kept():
    rows = pd.DataFrame({"path": ["eta > live", "beta", "beta", None], "converted": [True, True, False, True]})
    own = own_tables(journeys=rows)
    assert list(samples.credited(own).index) == ["live", "beta", "eta"]
    assert samples.per_thousand(own)["last click"].to_dict() == {"live": 1000, "beta": 500, "eta": 0}


def test_cutting_a_tenth_by_lot_loses_a_tenth_of_what_is_missing_without(tables):
    """What the text says of moves: a mixture of the two arms, one person in ten from the other."""
    rows = tables.journeys[tables.journeys.withheld.isin(["none", "live"])]
    rate = rows.groupby("withheld").converted.mean()
    mixed = 0.9 * rate["none"] + 0.1 * rate["live"]
    lost = methods.attribution.incremental(tables.journeys).share["live"]
    assert 1 - mixed / rate["none"] == pytest.approx(0.1 * lost)


def test_the_small_world_is_what_it_says():
    paths, missing = samples.small_world(0.2, 0.4, 0.5)
    assert paths.conversions.sum() == pytest.approx(600) and paths.nulls.sum() == pytest.approx(9400)
    assert missing.to_dict() == pytest.approx({"live": 0.4, "social": 0.4, "search": 0.0})
    ends = paths.path.map(lambda path: path.endswith("search"))
    assert paths.conversions[ends].sum() == pytest.approx(300)
    with_both = paths.path.map(lambda path: "live" in path and "social" in path)
    assert paths.conversions[with_both].sum() / 600 == pytest.approx(0.2 + 0.4 * 0.16 + 2 * 0.2 * 0.4)


def test_published_numbers():
    """mta's paths; a > b 3 and 1, a > c 1 and 1; Montgomery's two factors with three repeats."""
    attribution = methods.attribution
    paths = pd.DataFrame({"path": ["direct", "search > email", "search > social > email"], "conversions": [2, 3, 5]})
    assert attribution.linear(paths).credits["social"] == pytest.approx(5 / 3)
    assert attribution.position(paths).credits.to_dict() == pytest.approx(
        {"direct": 2, "search": 3.5, "email": 3.5, "social": 1})
    graph = attribution.markov(pd.DataFrame({"path": ["a > b", "a > c"], "conversions": [3, 1], "nulls": [1, 1]}))
    assert graph.conversion == pytest.approx(2 / 3)
    assert graph.shares.to_dict() == pytest.approx({"a": 0.5, "b": 0.375, "c": 0.125})
    yields = [28, 25, 27, 36, 32, 32, 18, 19, 23, 31, 30, 29]
    a, b = np.repeat([0, 1, 0, 1], 3), np.repeat([0, 0, 1, 1], 3)
    both = methods.experiment.factorial(yields, a, b).effects.loc["both"]
    assert (round(both.effect, 2), round(both.standard_error, 2)) == (1.67, 1.14)


def test_a_path_file_of_ones_own_becomes_journeys():
    """mta's 10,000 synthetic paths, a row a journey; the credits by plain code without the package."""
    folder = Path(os.environ.get("LIVESHOP_REAL_DATA", ""))
    if not (folder / "attribution_paths.csv.gz").is_file():
        pytest.skip("LIVESHOP_REAL_DATA names no folder with attribution_paths.csv.gz")
    data = pd.read_csv(folder / "attribution_paths.csv.gz")
    times = data[["total_conversions", "total_null"]].to_numpy().ravel().astype(int)
    rows = pd.DataFrame({"path": np.repeat(data.path.to_numpy(), 2), "converted": np.tile([True, False], len(data))})
    own = own_tables(journeys=rows.loc[rows.index.repeat(times)].reset_index(drop=True))
    assert not samples.has_coin(own)
    credit = samples.credited(own)
    last, linear = {}, {}
    for path, count in zip(data.path, data.total_conversions, strict=True):
        steps = path.split(" > ")
        last[steps[-1]] = last.get(steps[-1], 0) + count
        for step in steps:
            linear[step] = linear.get(step, 0) + count / len(steps)
    total = data.total_conversions.sum()
    assert credit["last click"].to_dict() == pytest.approx({kind: n / total for kind, n in last.items()})
    assert credit["linear"].to_dict() == pytest.approx({kind: n / total for kind, n in linear.items()})
    assert "no lot" in " ".join(samples.policy(own).here) and "coin" not in samples.per_thousand(own)


def test_a_lot_over_one_kind_or_two_is_enough(tables):
    rows = tables.journeys
    one = own_tables(journeys=rows[rows.withheld.isin(["none", "search"])])
    shown = samples.claims(one).xs("missing where withheld", level=1)
    assert list(shown.index) == ["search"] and "coin" not in samples.per_thousand(one)
    here = samples.policy(one).here
    assert here[1].startswith("search ") and "nan" not in " ".join(here)
    two = own_tables(journeys=rows[rows.withheld.isin(["none", "search", "live"])])
    move = samples.moves(samples.per_thousand(two)).loc["coin"]
    assert (move.source, move.target) == ("search", "live")
    assert np.isnan(samples.moved(two, "paid", "search")).all() and np.isfinite(samples.moved(two, *move[:2])).all()


def test_touches_and_orders_make_paths(tables):
    day = pd.Timestamp("2025-05-01")
    touches = pd.DataFrame({"customer_id": [1, 1, 1, 2, 3], "kind": ["live", "social", "paid", "live", "search"],
                            "touched": day + pd.to_timedelta([0, 2, 9, 0, 0], "D")})
    orders = pd.DataFrame({"order_id": ["a", "a", "b", "c", "d"], "customer_id": [1, 1, 2, 4, 3],
                           "created": day + pd.to_timedelta([3, 3, 20, 1, 1], "D"),
                           "paid": [day, day, day, day, pd.NaT]})
    paths = samples.journeys(own_tables(touchpoints=touches, orders=orders))
    won = paths[paths.converted].path.fillna("").tolist()
    assert won == ["live > social", ""]                       # order b is too late for its touch, d is not paid
    assert sorted(paths[~paths.converted].path) == ["live", "paid", "search"]
    within = samples.touches_before(own_tables(touchpoints=touches, orders=orders), 7)
    assert samples.decayed(within)[["live", "social"]].tolist() == [0.5, 0.5]
    assert samples.decayed(within, 2)[["live", "social"]].tolist() == pytest.approx([1 / 3, 2 / 3])
    agreed = samples.touches_before(tables, 7).order_id.notna().mean()
    assert agreed == pytest.approx(tables.touchpoints.order_id.notna().mean(), abs=0.001)


def test_without_journeys_or_touches_a_sentence_says_what_is_missing():
    with pytest.raises(ValueError, match="journeys .* touchpoints and orders"):
        samples.journeys(own_tables(orders=pd.DataFrame()))


@pytest.mark.parametrize("id", ["7.1a", "7.1b", "7.1c", "7.1d"])
def test_exercises_know_their_answers_and_mistakes(id, tables):
    assert audit(id, tables) == []


@pytest.mark.parametrize(("id", "answers", "words"), [
    ("7.1a", (1 / 3, 0.5, 1.0, 0.281), "removal effects"), ("7.1a", (0.333, 1 / 3, 1 / 3, 0.281), "third each"),
    ("7.1b", (24, 18, 4), "alone"), ("7.1b", (72, 62, 18), "missing without"),
    ("7.1b", (60.3, 52.3, 23.3), "belong to nobody"), ("7.1b", (46.5, 38.5, 9.5), "same weight"),
    ("7.1b", (0.49, 0.41, 0.10), "shares"),
])
def test_wrong_answers_from_the_question_alone_are_named(id, answers, words, tables):
    found = verdict(id, *answers, tables=tables)
    assert found.state == "wrong" and words in found.sentence
