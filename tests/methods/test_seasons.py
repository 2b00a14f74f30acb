"""Seasons: R's own decomposition to the last digit, and index numbers of the book."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from liveshop.course.chapter_1.samples import published
from liveshop.methods import seasons
from printed import printed

NOTTEM = pd.read_csv(Path(__file__).parent / "references" / "seasons.csv")     # made by references/seasons.R


def test_temperatures_of_nottingham():
    """R's stl of nottem, s.window 7, t.window 51, l.window 13, degrees 0, 1, 1, inner 2, outer 0."""
    assert published.NOTTINGHAM == pytest.approx(NOTTEM["value"])
    found = seasons.decompose(NOTTEM["value"], 12, seasonal=7, trend=51, low_pass=13, seasonal_degree=0, inner=2,
                              outer=0).table
    assert printed(found["season"].iloc[0], 7) == -8.0777845 and printed(found["trend"].iloc[0], 6) == 49.821895
    assert printed(found["rest"].iloc[0], 7) == -1.1441108 and printed(found["rest"].iloc[-1], 8) == -.93587405
    for part in ("season", "trend", "rest"):
        assert found[part].to_numpy() == pytest.approx(NOTTEM[part].to_numpy(), abs=1e-10)


def test_robust_weights_are_those_of_r():
    found = seasons.decompose(NOTTEM["value"], 12, seasonal=11, trend=23, low_pass=13, robust=True, inner=1, outer=15)
    assert found.table["season"].to_numpy() == pytest.approx(NOTTEM["robust_season"].to_numpy(), abs=1e-8)
    assert found.table["trend"].to_numpy() == pytest.approx(NOTTEM["robust_trend"].to_numpy(), abs=1e-8)


def test_parts_add_up_or_multiply():
    t = np.arange(104)
    weeks = pd.date_range("2023-03-06", periods=104, freq="W-MON")
    sales = pd.Series(np.exp(5 + .01 * t + .3 * np.sin(2 * np.pi * t / 26)), index=weeks)
    found = seasons.decompose(sales, 26, multiplicative=True, seasonal=51)
    assert found.table[["trend", "season", "rest"]].prod(axis=1).to_numpy() == pytest.approx(sales.to_numpy())
    assert found.table.index.equals(sales.index)
    assert found.trend_strength > .99 and found.season_strength > .99
    assert np.log(found.adjusted).diff().mean() == pytest.approx(.01, abs=1e-3)
    noise = seasons.decompose(np.random.default_rng(0).normal(size=200), 10)
    assert noise.season_strength < .7
    assert noise.table[["trend", "season", "rest"]].sum(axis=1).to_numpy() == pytest.approx(noise.adjusted.to_numpy()
                                                                                           + noise.table["season"])


def test_index_numbers_of_six_goods():
    """Balk 2008, tables 3.1 and 3.2."""
    found = seasons.price_indices(published.PRICES, published.QUANTITIES)
    expected = {"laspeyres": [1, 1.42, 1.345, 1.355, 1.44], "paasche": [1, 1.382353, 1.20315, 1.02093, .79681],
                "fisher": [1, 1.401050, 1.272099, 1.176163, 1.071172]}
    for name, values in expected.items():
        digits = 5 if name == "paasche" else 6
        assert [printed(value, digits) for value in found[name]] == [printed(value, digits) for value in values]
    other = seasons.price_indices(published.PRICES, published.QUANTITIES, base=2)
    assert (other.iloc[2] == 1).all()


def test_an_index_hangs_on_its_base():
    weeks = pd.Series([10.0, 20, 5], index=["w1", "w2", "w3"])
    assert seasons.index_numbers(weeks, "w1").tolist() == [100, 200, 50]
    assert seasons.index_numbers(weeks, "w2").tolist() == [50, 100, 25]
    assert seasons.index_numbers(weeks, ["w1", "w2"], 1).tolist() == pytest.approx([2 / 3, 4 / 3, 1 / 3])


def test_growth_without_the_festival():
    weeks = pd.Series([10.0, 10, 30, 12], index=list("abcd"))
    assert seasons.growth(weeks, "ab", "cd") == pytest.approx(1.1)
    assert seasons.growth(weeks, "ab", "cd", leave_out="c") == pytest.approx(.2)


@pytest.mark.parametrize("call, words", [
    (lambda: seasons.decompose(np.ones(26), 52), "two whole seasons"),
    (lambda: seasons.decompose([1, np.nan] * 10, 2), "one is missing"),
    (lambda: seasons.decompose([1, 0] * 10, 2, multiplicative=True), "above zero"),
    (lambda: seasons.decompose([1, 2] * 10, 2, seasonal=8), "seasonal must be an odd width"),
    (lambda: seasons.index_numbers(pd.Series([1, 2]), 7), "no period 7"),
    (lambda: seasons.index_numbers(pd.Series([0, 2]), 0), "zero or missing"),
    (lambda: seasons.growth(pd.Series([1, 2]), [0], [1], [1]), "Nothing is left of the last"),
    (lambda: seasons.growth(pd.Series([0, 2]), [0], [1]), "above zero to grow from"),
    (lambda: seasons.price_indices(published.PRICES, published.QUANTITIES[1:]), "same goods"),
    (lambda: seasons.price_indices(published.PRICES, -published.QUANTITIES), "not negative"),
    (lambda: seasons.price_indices(published.PRICES, published.QUANTITIES, 5), "cannot be 5"),
])
def test_what_has_no_season_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_growth_does_not_leave_out_a_missing_week():
    weeks = pd.Series([10.0, None, 20.0, 22.0])
    assert seasons.growth(weeks, [0], [2, 3]) == pytest.approx(1.1)
    with pytest.raises(ValueError, match="value of the first periods is missing"):
        seasons.growth(weeks, [0, 1], [2, 3])
