"""Bandits: regret, races, the chance of being best."""

import numpy as np
import pytest

from liveshop.methods import bandit
from printed import printed


def test_lai_robbins_by_hand():
    """.9 against .8: .1 / (.8 ln(.8/.9) + .2 ln(.2/.1)) = 2.252."""
    assert printed(bandit.lai_robbins([0.9, 0.8]), 3) == 2.252
    assert bandit.lai_robbins([0.5, 0.5]) == 0.0


def test_thompson_regret_grows_like_the_logarithm():
    """Known bandit: .9 and .8. Lai and Robbins: the slope against ln n tends to 2.252; Agrawal and Goyal
    (2012, two arms): regret at most 40 ln n / Δ + 48 / Δ³ + 18 Δ. A fixed calendar's is linear."""
    rates, horizon = [0.9, 0.8], 5000
    race = bandit.thompson(rates, horizon, runs=300, seed=1)
    regret = race.mean_regret
    slope = (regret[4999] - regret[499]) / np.log(10)
    assert 0.4 * bandit.lai_robbins(rates) < slope < 1.3 * bandit.lai_robbins(rates)
    assert regret[4999] < 40 * np.log(5000) / 0.1 + 48 / 0.1**3 + 18 * 0.1
    assert regret[4999] / regret[499] < 3                             # ten times the rounds; linear would be 10
    assert race.best_share.mean() > 0.95
    assert race.regret[:, -1] == pytest.approx(0.1 * race.trials[:, 1])
    assert (race.trials.sum(axis=1) == horizon).all() and (race.successes <= race.trials).all()


def test_thompson_rarely_shows_a_hopeless_arm_and_splits_equal_ones():
    hopeless = bandit.thompson([0.9, 0.1], 1000, runs=200)
    assert hopeless.trials[:, 1].mean() < 10
    alike = bandit.thompson([0.5, 0.5, 0.5], 300, runs=400)
    assert (alike.regret == 0).all() and alike.trials.mean(axis=0) == pytest.approx([100, 100, 100], rel=0.1)


def test_calendar_regret_is_exact():
    race = bandit.calendar([0.06, 0.05, 0.04, 0.08], 400, runs=3, batch=50)
    assert race.regret[:, -1] == pytest.approx(400 / 4 * 50 * (0.02 + 0.03 + 0.04))
    assert race.mean_regret[7] == pytest.approx(2 * 50 * 0.09)


def test_split_regret_against_the_binomial():
    """Half of the test's loss is certain; the rest is the chance to pick the worse arm, counted out."""
    from scipy.stats import binom

    rates, horizon, test_rounds = [0.5, 0.6], 1000, 60
    race = bandit.split_then_commit(rates, horizon, test_rounds, runs=4000, seed=3)
    one, two = (binom.pmf(np.arange(31), 30, rate) for rate in rates)
    joint = np.outer(one, two)
    wrong = np.tril(joint, -1).sum() + np.trace(joint) / 2
    expected = 0.1 * (30 + wrong * (horizon - test_rounds))
    final = race.regret[:, -1]
    assert final.mean() == pytest.approx(expected, abs=4 * final.std() / np.sqrt(4000))
    assert race.regret[:, test_rounds - 1] == pytest.approx(3.0)


def test_race_and_batches():
    table = bandit.race([0.06, 0.05, 0.04, 0.08], 120, runs=100, batch=200)
    assert table["regret"].is_monotonic_increasing and table["regret"].iloc[0] < 0.6 * table["regret"].iloc[1]
    assert (table["low"] <= table["regret"]).all() and (table["regret"] <= table["high"] + 1e-9).all()
    again = bandit.race([0.06, 0.05, 0.04, 0.08], 120, runs=100, batch=200)
    assert (again["regret"] == table["regret"]).all()
    # Learning once a day costs more than learning after each person.
    daily = bandit.thompson([0.5, 0.6], 30, runs=300, batch=100).regret[:, -1].mean()
    assert daily > bandit.thompson([0.5, 0.6], 3000, runs=300).regret[:, -1].mean()


def test_probability_best():
    """Beta(31, 971) against Beta(41, 961): the normal approximation of the difference gives .887."""
    assert bandit.probability_best([30, 40], [1000, 1000])[1] == pytest.approx(0.887, abs=0.01)
    assert bandit.probability_best([0, 0, 0], [0, 0, 0]) == pytest.approx([1 / 3] * 3, abs=0.02)


@pytest.mark.parametrize("call, words", [
    (lambda: bandit.thompson([0.5], 10), "two or more arms"),
    (lambda: bandit.thompson([0.5, 1.5], 10), "between 0 and 1"),
    (lambda: bandit.thompson([0.5, 0.4], 1), "one round for each"),
    (lambda: bandit.thompson([0.5, 0.4], 10, prior=(0, 1)), "prior"),
    (lambda: bandit.split_then_commit([0.5, 0.4], 10, 11), "test_rounds must lie"),
    (lambda: bandit.probability_best([5, 3], [4, 9]), "not responses"),
    (lambda: bandit.lai_robbins([1.0, 0.5]), "strictly between"),
])
def test_bandit_refuses_in_a_sentence(call, words):
    with pytest.raises(ValueError, match=words):
        call()
