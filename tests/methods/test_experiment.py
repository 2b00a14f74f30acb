"""Experiments: published numbers, another package's boundaries, and nonsense is refused."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from liveshop.methods import experiment
from printed import printed
from real_data import real_file


def test_experiment_refuses_nonsense():
    with pytest.raises(ValueError, match="between 0 and 1"):
        experiment.sample_size(0.9, 0.2)
    with pytest.raises(ValueError, match="one share above zero"):
        experiment.srm_pvalue([10, 10], [1, 0])


NAN = float("nan")


@pytest.mark.parametrize("call, words", [
    (lambda: experiment.sample_size(0.2, 0.05, power=80), "shares between 0 and 1"),
    (lambda: experiment.sample_size(0.2, 0.05, power=0.01), "power above alpha"),
    (lambda: experiment.sample_size(0.2, 0.05, alpha=5), "shares between 0 and 1"),
    (lambda: experiment.srm_pvalue([-5, 10], [0.5, 0.5]), "one count .0 or more"),
    (lambda: experiment.srm_pvalue([NAN, 10], [0.5, 0.5]), "one count .0 or more"),
    (lambda: experiment.peeking_error(2.7), "whole number, 1 or more, not 2.7"),
    (lambda: experiment.peeking_error(10**6), "500 at most"),
])
def test_a_number_that_would_be_nonsense_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()


# --- several looks ------------------------------------------------------------------------------------


@pytest.mark.parametrize("looks, pocock, last", [(2, 2.178, 1.977), (3, 2.289, 2.004), (4, 2.361, 2.024)])
def test_boundaries_of_the_book(looks, pocock, last):
    """Jennison and Turnbull 2000, tables 2.1 and 2.3 (copies print 1.978 for two looks; it is 1.9774)."""
    found = experiment.sequential_boundaries(looks, kind="pocock")
    assert [printed(limit, 3) for limit in found.limits] == [pocock] * looks
    assert found.spent[-1] == pytest.approx(.05, abs=1e-9)
    assert printed(experiment.sequential_boundaries(looks).limits[-1], 3) == last


def test_boundaries_that_spend():
    """Lan and DeMets: five equal looks, two-sided .05 → 4.877 3.357 2.680 2.290 2.031."""
    found = experiment.sequential_boundaries(5, kind="spending")
    assert [printed(limit, 3) for limit in found.limits] == [4.877, 3.357, 2.680, 2.290, 2.031]
    uneven = experiment.sequential_boundaries([.3, .9, 1], kind="spending")
    assert uneven.spent[-1] == pytest.approx(.05, abs=1e-9)


def test_boundaries_against_another_package():
    """references/boundaries.R: R's rpact."""
    table = pd.read_csv(Path(__file__).parent / "references" / "boundaries.csv")
    for (kind, looks), rows in table.groupby(["kind", "looks"]):
        found = experiment.sequential_boundaries(looks, kind=kind)
        assert found.limits == pytest.approx(rows["limit"].tolist(), abs=2e-5 if kind != "spending" else 2e-4)


def test_a_boundary_keeps_its_promise_on_simulated_tests():
    z = np.random.default_rng(0).normal(size=(200_000, 4)).cumsum(axis=1) / np.sqrt(np.arange(1, 5))
    for kind in ("pocock", "obrien_fleming", "spending"):
        limits = experiment.sequential_boundaries(4, kind=kind).limits
        assert (np.abs(z) > limits).any(axis=1).mean() == pytest.approx(.05, abs=.002)


# --- many tests ---------------------------------------------------------------------------------------

FIFTEEN = [.0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344, .0459, .3240, .4262, .5719, .6528, .7590, 1]


@pytest.mark.parametrize("method, kept", [("benjamini_hochberg", 4), ("bonferroni", 3), ("holm", 3)])
def test_fifteen_pvalues(method, kept):
    """Benjamini and Hochberg 1995."""
    assert experiment.false_discoveries(FIFTEEN, method=method)["kept"].sum() == kept


def test_adjusted_pvalues():
    adjusted = experiment.false_discoveries(FIFTEEN)["adjusted"]
    assert (printed(adjusted[3], 6), printed(adjusted[4], 4)) == (.035625, .0603)


@pytest.mark.parametrize("effect, error, power, sign, exaggeration, digits", [
    (.1, 3.28, .0501, .464, 76.7, 1), (2, 8.1, .0570, .240, 9.54, 2)])
def test_winners_curse(effect, error, power, sign, exaggeration, digits):
    """The cases of Gelman and Carlin 2014, exact; they simulate 77 and 9.7."""
    found = experiment.winners_curse(effect, error)
    assert (printed(found.power, 4), printed(found.wrong_sign, 3)) == (power, sign)
    assert printed(found.exaggeration, digits) == exaggeration


def test_broken_split():
    """Encyclopaedia of the trade: 600 against 400 → p 2.54e-10."""
    assert f"{experiment.srm_pvalue([600, 400], [.5, .5]):.2e}" == "2.54e-10"


def test_seventy_eight_real_experiments():
    """ASOS: 381 series, 105 significant at the end, 225 at some look; Benjamini-Hochberg keeps 68, Bonferroni 43."""
    from scipy.stats import norm

    data = pd.read_parquet(real_file("asos_experiments.parquet"))
    z = (data["mean_t"] - data["mean_c"]) / np.sqrt(data["variance_t"] / data["count_t"]
                                                    + data["variance_c"] / data["count_c"])
    key = ["experiment_id", "variant_id", "metric_id"]
    data = data.assign(z=z.abs()).dropna(subset=["z"]).sort_values("time_since_start")
    last, most = data.groupby(key)["z"].last(), data.groupby(key)["z"].max()
    assert (len(last), (last > 1.96).sum(), (most > 1.96).sum()) == (381, 105, 225)
    pvalues = pd.Series(2 * norm.sf(last), index=last.index)
    assert experiment.false_discoveries(pvalues)["kept"].sum() == 68
    assert experiment.false_discoveries(pvalues, method="bonferroni")["kept"].sum() == 43
    ends = data.groupby(["experiment_id", "variant_id"])[["count_c", "count_t"]].last()
    broken = [experiment.srm_pvalue(row, [.5, .5]) < .001 for row in ends.to_numpy()]
    assert (len(ends), sum(broken)) == (99, 12)


# --- means --------------------------------------------------------------------------------------------


def test_power_of_two_means():
    """R's power.t.test: n 20, one sd → .8689528; for power .90 → n 22.02110."""
    assert printed(experiment.mean_power(20, 1), 7) == .8689528
    assert printed(experiment.mean_sample_size(1, power=.90), 4) == 22.0211
    assert experiment.mean_sample_size(5, 10) == pytest.approx(experiment.mean_sample_size(.5))


def test_cuped_takes_away_what_is_known_before():
    rng = np.random.default_rng(0)
    before = rng.gamma(2, 50, 20_000)
    outcome = .5 * before + rng.normal(0, 40, 20_000)
    found = experiment.cuped(outcome, before)
    assert found.theta == pytest.approx(.5, abs=.01) and found.adjusted.mean() == pytest.approx(outcome.mean())
    assert found.adjusted.var() / outcome.var() == pytest.approx(1 - found.removed, abs=1e-3)
    assert experiment.cuped(rng.normal(size=5000), rng.normal(size=5000)).removed < .002


def test_two_by_two_factorial():
    """Montgomery, section 6.2: A 8.33, B −5.00, AB 1.67; SS 208.33 75.00 8.33, error 31.33. F from the exact error:
    53.19 19.15 2.13 (the book has 53.15 and 19.13, from 31.34)."""
    y = [28, 25, 27, 36, 32, 32, 18, 19, 23, 31, 30, 29]
    a, b = np.repeat([0, 1, 0, 1], 3), np.repeat([0, 0, 1, 1], 3)
    found = experiment.factorial(y, a, b)
    table = found.effects
    assert [printed(value, 2) for value in table["effect"]] == [8.33, -5.00, 1.67]
    assert printed(table["standard_error"].iloc[0], 3) == 1.143
    assert [printed(value, 2) for value in table["squares"]] == [208.33, 75.00, 8.33]
    assert printed(found.error_squares, 2) == 31.33
    assert [printed(value, 2) for value in table["f"]] == [53.19, 19.15, 2.13]


@pytest.mark.parametrize("call, words", [
    (lambda: experiment.sequential_boundaries([.5, .9]), "rise to 1"),
    (lambda: experiment.sequential_boundaries(3, kind="haybittle"), "kind is"),
    (lambda: experiment.sequential_boundaries(0), "1 or more"),
    (lambda: experiment.sequential_boundaries(1e9), "1 to 50 looks"),
    (lambda: experiment.sequential_boundaries(51), "1 to 50 looks"),
    (lambda: experiment.false_discoveries([.1, 1.2]), "between 0 and 1"),
    (lambda: experiment.false_discoveries([.1], method="by eye"), "method is one of"),
    (lambda: experiment.cuped([1, 2, 3], [1, 2]), "one value before for each outcome"),
    (lambda: experiment.cuped([1, 2, 3], [1, 1, 1]), "same for all"),
    (lambda: experiment.winners_curse(0, 1), "must not be zero"),
    (lambda: experiment.mean_sample_size(0), "lift must not be zero"),
    (lambda: experiment.mean_power(1, 1), "At least two units"),
    (lambda: experiment.factorial([1, 2, 3], [0, 1, 0], [0, 1, 1]), "same number of units"),
    (lambda: experiment.factorial([1, 2], [0, 2], [0, 1]), "a and b are 0 or 1"),
])
def test_tests_that_say_nothing_are_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()
