"""Platforms as raters score them, the survey, and the platforms' own audiences."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score
from sklearn.preprocessing import StandardScaler

from liveshop.world.business import audience
from liveshop.world.parameters import Parameters

WEIGHTS = np.array(list(audience.WEIGHTS.values()))


def _means(scores):
    """Mean score by round, option and criterion."""
    means = scores.groupby(["round", "option", "criterion"]).score.mean().unstack()[list(audience.CRITERIA)]
    return {name: means.loc[name] for name in audience.ROUNDS}


def test_the_marketplace_wins_blind_and_the_favourite_sighted():
    first = {"blind": [], "sighted": []}
    for seed in range(601, 641):
        scores = audience.platform_scores(Parameters(), seed)
        assert len(scores) == 2 * 6 * 6 * 8 and scores.score.between(1, 9).all()
        for name, means in _means(scores).items():
            first[name].append((means @ WEIGHTS).idxmax())
    assert np.mean(np.array(first["blind"]) == "marketplace") > 0.9
    assert np.mean(np.array(first["sighted"]) == "interest_video") > 0.9
    merit = audience.truths()["platforms.merit"]["value"]
    assert merit["marketplace"] - merit["community_video"] == pytest.approx(0.3, abs=0.05)
    assert min(merit, key=merit.get) == "own_app" and audience.truths()["platforms.best"]["value"] == "marketplace"


def test_a_hopeless_option_turns_the_order_of_the_two_best(qinghe):
    """With scores that are shares of their sum, the app without fee and traffic makes the marketplace the winner."""
    blind = _means(qinghe[0]["platform_scores"])["blind"]
    for scores in (blind, blind * 0 + audience.MERITS[[audience.OPTIONS.index(o) for o in blind.index]]):
        winners = [((s / s.sum()) @ WEIGHTS).idxmax() for s in (scores.drop("own_app"), scores)]
        assert winners == ["community_video", "marketplace"]


def test_five_raters_are_consistent_and_one_answers_by_lot():
    for seed in range(601, 606):
        pairs = audience.criteria_pairs(Parameters(), seed)
        assert len(pairs) == 6 * 28
        strength = np.maximum(pairs.ratio, 1 / pairs.ratio)
        assert strength.to_numpy() == pytest.approx(np.rint(strength)) and strength.max() <= 9
        for rater, own in pairs.groupby("rater"):
            matrix = np.eye(8)
            a, b = (own[name].map(audience.CRITERIA.index).to_numpy() for name in "ab")
            matrix[a, b], matrix[b, a] = own.ratio, 1 / own.ratio
            values, vectors = np.linalg.eig(matrix)
            largest = values.real.argmax()
            consistency = (values[largest].real - 8) / 7 / 1.41
            assert (consistency > 0.1) == (rater == "R6"), (rater, consistency)
            if rater != "R6":
                weights = np.abs(vectors[:, largest].real)
                assert weights / weights.sum() == pytest.approx(WEIGHTS, abs=0.08)


def test_the_segments_can_be_found_in_the_survey_and_not_on_the_raw_scale(qinghe):
    tables, _ = qinghe
    answers, segment = tables["survey"], tables["customers"].set_index("customer_id").segment
    assert len(answers) == 2400 and answers.customer_id.is_unique
    buyers = tables["orders"].dropna(subset=["paid"]).customer_id
    assert answers.customer_id.isin(buyers).all()
    raw = answers.drop(columns="customer_id").astype(float)
    logs = raw.assign(watch_minutes=np.log(raw.watch_minutes), clothing_budget=np.log(raw.clothing_budget))
    found = {}
    for name, values in (("raw", raw.to_numpy()), ("scaled", StandardScaler().fit_transform(logs))):
        labels = KMeans(4, n_init=10, random_state=0).fit(values).labels_
        found[name] = adjusted_rand_score(answers.customer_id.map(segment), labels)
    assert found["scaled"] == pytest.approx(0.78, abs=0.03) and found["raw"] < 0.05


def test_a_small_world_is_asked_as_far_as_it_goes(simulated):
    tables = simulated(seed=1, rooms=8, size=0.3)
    buyers = tables["orders"].dropna(subset=["paid"]).customer_id.nunique()
    assert len(tables["survey"]) == min(2400, buyers)


def test_the_platforms_audiences_are_not_qinghes_buyers(qinghe):
    tables, _ = qinghe
    theirs = tables["channel_audiences"]
    assert theirs.groupby(["channel_id", "trait"]).share.sum().to_numpy() == pytest.approx(1)
    young = theirs[theirs.value == "18-24"].set_index("channel_id").share
    ours = tables["customers"].groupby("channel_id").age_band.apply(lambda age: (age == "18-24").mean())
    assert young.max() - young.min() > 0.2 > 10 * (ours.max() - ours.min()) / 4
