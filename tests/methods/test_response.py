"""Response curves: what was planted is found, and a budget is split as calculus says."""

import numpy as np
import pandas as pd
import pytest

from liveshop.methods import response
from printed import printed

LOGS = {name: (lambda x, a=a, b=b: a / (b + x)) for name, a, b in (("a", 60, 10), ("b", 30, 5), ("c", 10, 20))}


def logs_value(spend):
    return sum(a * np.log1p(x / b) for x, a, b in zip(spend, (60, 30, 10), (10, 5, 20), strict=True))


def test_budget_of_three_logarithms():
    """Analytic: 66.667, 33.333, 0; marginal .78261, value 183.3194; thirds 158.895, in proportion to a 179.187."""
    found = response.split_budget(LOGS, 100)
    assert [printed(amount, 3) for amount in found.spend] == [66.667, 33.333, 0]
    assert printed(found.marginal, 5) == .78261 and printed(logs_value(found.spend), 4) == 183.3194
    assert printed(logs_value([100 / 3] * 3), 3) == 158.895 and printed(logs_value([60, 30, 10]), 3) == 179.187


def test_budget_with_limits():
    found = response.split_budget(LOGS, 100, {"a": 40, "b": 40})
    assert found.spend.tolist() == pytest.approx([40, 40, 20])
    assert response.split_budget(LOGS, 0).spend.tolist() == [0, 0, 0]
    assert response.split_budget(LOGS, 3).spend.tolist() == pytest.approx([2, 1, 0])


def test_carry_over_by_hand():
    assert response.carry_over([8.0, 0, 4], 0.5).tolist() == pytest.approx([8, 4, 4])
    assert response.carry_over(np.full((2, 5), 3.0), 0.7) == pytest.approx(np.full((2, 5), 3.0))
    assert response.saturation([0, 10, 20], 10).tolist() == pytest.approx([0, .5, .75])


TRUE = {"feed": (.40, 60, .15, 130), "content": (.35, 60, .55, 20)}


def cities(seed, units=16, weeks=80):
    rng = np.random.default_rng(seed)
    festival = 0.5 * (np.arange(weeks) % 26 > 22)
    log = rng.normal(6, .5, units)[:, None] + festival + rng.normal(0, .05, weeks) + rng.normal(0, .05, (units, weeks))
    columns = {}
    for name, (effect, half, carry, usual) in TRUE.items():
        tested = np.repeat(rng.random((units, weeks // 4)) < .6, 4, axis=1)
        level = np.repeat(5 ** rng.uniform(-1, 1, (units, weeks // 4)), 4, axis=1)
        spend = usual * np.where(tested, level, np.exp(festival + rng.normal(0, .2, (units, weeks))))
        log = log + effect * response.saturation(response.carry_over(spend, carry), half)
        columns[name] = spend.ravel()
    return pd.DataFrame({"city": np.repeat(np.arange(units), weeks), "week": np.tile(np.arange(weeks), units),
                         "visits": np.exp(log).ravel(), **columns})


def test_marginal_returns_are_recovered():
    covered, found = np.zeros(2), []
    for seed in range(8):
        fit = response.fit_response(cities(seed), "visits", list(TRUE), "city", "week")
        for place, (effect, half, _, _) in enumerate(TRUE.values()):
            row = fit.curves.iloc[place]
            true = effect * np.log(2) / half * 2 ** (-row["usual"] / half)
            covered[place] += row["low"] <= true <= row["high"]
            found.append(row["marginal"] / true)
    assert covered.min() >= 6 and np.mean(found) == pytest.approx(1, abs=.05)
    split, held = fit.best_split(), fit.best_split(most=1.5)
    assert fit.value(split.spend) > fit.value(held.spend) > fit.value(fit.curves["usual"])
    assert fit.marginal(split.spend).tolist() == pytest.approx([split.marginal] * 2, rel=1e-6)
    assert held.spend["content"] == pytest.approx(1.5 * fit.curves.loc["content", "usual"])


def test_gain_and_elasticity_have_the_intervals_of_their_slopes():
    """Against a step: the gain of one more unit is the marginal return, of one per cent more the elasticity."""
    fit = response.fit_response(cities(2), "visits", list(TRUE), "city", "week")
    usual, one = fit.curves["usual"], fit.curves.loc["content"]
    assert fit.gain(usual).tolist() == [0, 0, 0]
    step = fit.gain(usual + [0, 1e-4]) / 1e-4
    assert step.tolist() == pytest.approx(one[["marginal", "low", "high"]].tolist(), rel=1e-4)
    assert (fit.gain(1.0001 * usual) / 1e-4).tolist() == pytest.approx(fit.elasticity().tolist(), rel=1e-3)
    assert fit.gain(2 * usual).estimate == pytest.approx(fit.value(2 * usual) - fit.value(usual))
    true = sum(effect * (response.saturation(1.5 * usual[name], half) - response.saturation(usual[name], half))
               for name, (effect, half, _, _) in TRUE.items())
    found = fit.gain(1.5 * usual)
    assert found.low < true < found.high


def test_returns_are_told_at_the_usual_spend_that_is_named():
    fit = response.fit_response(cities(1), "visits", list(TRUE), "city", "week", usual={"feed": 130, "content": 20})
    assert fit.curves["usual"].tolist() == [130, 20]
    assert fit.curves["marginal"].tolist() == pytest.approx(fit.marginal({"feed": 130, "content": 20}).tolist())


def test_spend_is_divided_by_size():
    data = cities(1)
    sizes = {city: 1 + city % 3 for city in range(16)}
    grown = data.assign(**{name: data[name] * data["city"].map(sizes) for name in TRUE})
    plain, same = (response.fit_response(frame, "visits", list(TRUE), "city", "week", size=size)
                   for frame, size in ((data, None), (grown, sizes)))
    assert same.curves["marginal"].tolist() == pytest.approx(plain.curves["marginal"].tolist(), rel=1e-4)


DATA = cities(0, weeks=24)


@pytest.mark.parametrize("call, words", [
    (lambda: response.fit_response(DATA[1:], "visits", "feed", "city", "week"), "0 lacks some week"),
    (lambda: response.fit_response(DATA.assign(visits=0), "visits", "feed", "city", "week"), "visits must be above"),
    (lambda: response.fit_response(DATA.assign(feed=-1), "visits", "feed", "city", "week"), "feed is negative"),
    (lambda: response.fit_response(DATA.assign(feed=DATA["week"]), "visits", "feed", "city", "week"), "does not vary"),
    (lambda: response.fit_response(DATA[DATA["week"] < 8], "visits", "feed", "city", "week"), "too few"),
    (lambda: response.fit_response(DATA, "visits", "feed", "city", "week", size={0: 1}), "size must hold a number"),
    (lambda: response.fit_response(DATA, "visits", "feed", "city", "week", usual={"tv": 1}), "usual spend of feed"),
    (lambda: response.fit_response(DATA, "visits", "tv", "city", "week"), "lacks the column tv"),
    (lambda: response.split_budget(LOGS, 100, {"a": 1, "b": 1, "c": 1}), "less than the total"),
    (lambda: response.split_budget({"a": lambda x: x}, 100), "must fall as spend grows"),
    (lambda: response.split_budget({}, 100), "At least one channel"),
    (lambda: response.carry_over([1, 2], 1), "between 0 and below 1"),
    (lambda: response.saturation(-1, 2), "not be negative"),
])
def test_what_cannot_be_learned_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_a_return_that_never_falls_is_no_curve_to_split_by():
    with pytest.raises(ValueError, match="must fall"):
        response.split_budget({"a": lambda spend: 1.0, "b": lambda spend: 1.0}, 100, {"a": 100, "b": 100})
    useless = response.split_budget({"a": lambda spend: 1 / (1 + spend), "b": lambda spend: 0.0}, 100)
    assert useless.spend.tolist() == pytest.approx([100, 0])
