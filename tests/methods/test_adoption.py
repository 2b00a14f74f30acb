"""Adoption curves: published fits, and how little an early stretch says."""

import numpy as np
import pandas as pd
import pytest

from liveshop.methods import adoption
from printed import printed
from real_data import real_file

RECORDERS = [840, 1470, 2110, 4000, 7590, 10950, 10530, 9470, 7790, 5890]


def test_bass_peak_of_the_mean_parameters():
    """Sultan, Farley and Lehmann: p .03, q .38."""
    peak = adoption.bass_peak(.03, .38)
    assert (printed(peak.time, 3), printed(peak.share, 4)) == (6.193, .4605)
    t = np.linspace(0, 20, 20_001)
    assert t[adoption.bass_rate(t, .03, .38).argmax()] == pytest.approx(peak.time, abs=1e-3)
    assert np.gradient(adoption.bass_curve(t, .03, .38, 5), t) == pytest.approx(
        adoption.bass_rate(t, .03, .38, 5), abs=1e-3)
    assert adoption.bass_peak(.38, .03).time == 0


def test_video_recorders():
    """The output of R's nls: M 6.80e+04, P .00659, Q .638; errors 3,128, .00143, .0414; residual 727.2 on 7 df."""
    found = adoption.fit_bass(RECORDERS)
    assert printed(found.market, 0) == 67981 and printed(found.p, 5) == .00659 and printed(found.q, 3) == .638
    assert (printed(found.market_error, 0), printed(found.p_error, 5), printed(found.q_error, 4)) == (
        3128, .00143, .0414)
    assert printed(found.residual_sd, 1) == 727.2 and printed(found.residual_sum, 0) == 3701669


@pytest.mark.parametrize("years, best, low, high", [
    (10, 67981, 60903, 75819), (8, 59446, 52716, 68221), (7, 52452, 44913, 64723)])
def test_market_of_the_recorders_from_fewer_years(years, best, low, high):
    """Seven years leave out what ten years say: the interval is too narrow where the form is wrong."""
    assert printed(adoption.fit_bass(RECORDERS[:years]).market, 0) == best
    assert [printed(end, 0) for end in adoption.bass_market_interval(RECORDERS[:years])] == [low, high]


def test_clothes_dryers():
    """R's nls on differences of the cumulative curve: M 1.650e+04, p .0136, q .3267."""
    dryers = [106, 319, 492, 635, 737, 890, 1397, 1523, 1294, 1240, 1425, 1260, 1236]
    found = adoption.fit_bass(dryers, "difference")
    assert (printed(found.market, 0), printed(found.p, 4), printed(found.q, 4)) == (16497, .0136, .3267)
    assert adoption.fit_bass(dryers).residual_sum > found.residual_sum


def test_population_of_the_united_states():
    """Pearl and Reed 1920: ceiling 197.27 millions, rate .03134, half-way in 1914.3."""
    found = adoption.logistic_through([1790, 1850, 1910], [3.929, 23.192, 91.972])
    assert (printed(found.ceiling, 2), printed(found.rate, 5), printed(found.midpoint, 1)) == (197.27, .03134, 1914.3)
    assert found.curve([1790, 1850, 1910]) == pytest.approx([3.929, 23.192, 91.972])


@pytest.mark.parametrize("until, best, midpoint", [
    (2003, 112.270890, 2001.372990), (2010, 84.420849, 1997.879884), (2018, 95.512509, 1999.762620)])
def test_households_with_a_computer(until, best, midpoint):
    """R's nls with SSlogis."""
    data = pd.read_csv(real_file("usa_computers.csv")).query("year <= @until")
    found = adoption.fit_logistic(data["year"], data["value"])
    assert [found.ceiling, found.midpoint] == pytest.approx([best, midpoint], rel=2e-6)


def test_an_early_stretch_says_next_to_nothing_of_the_ceiling():
    """To 1997 any ceiling above 2,000 % fits within a twentieth, to 2000 any above 295 %; to 2010 83–86 %."""
    data = pd.read_csv(real_file("usa_computers.csv"))
    ends = {}
    for until in (1997, 2000, 2003, 2010):
        early = data[data["year"] <= until]
        ends[until] = adoption.ceilings(early["year"], early["value"])
    assert ends[1997].low > 100 and np.isinf(ends[1997].high)
    assert ends[2000].low > 290
    assert 100 < ends[2003].low < 110 < 120 < ends[2003].high < 125
    assert (printed(ends[2010].low, 0), printed(ends[2010].high, 0)) == (83, 86)
    assert ends[2010].profile["error"].min() == pytest.approx(1, abs=.2)


def test_live_users_of_three_years():
    """CNNIC and CNSA counts in millions: the first three, of a year, promise 649; 833 came. The ceiling of all five,
    with the root of the mean squared error within 5 % of the best: 899 to 942."""
    t, users = [2020.46, 2020.96, 2021.46, 2022.96, 2024.96], [562, 617, 638, 751, 833]
    early = adoption.fit_logistic(t[:3], users[:3])
    assert printed(early.ceiling, 0) == 649 and early.residual_sum == pytest.approx(0, abs=1e-6)
    found = adoption.ceilings(t, users, measure="root")
    assert [printed(value, 0) for value in (found.best, found.low, found.high)] == [918, 899, 942]


def test_a_planted_curve_is_found_again():
    t = np.arange(12)
    found = adoption.fit_logistic(t, 50 / (1 + np.exp(-.6 * (t - 5))))
    assert (found.ceiling, found.rate, found.midpoint) == pytest.approx((50, .6, 5), rel=1e-4)
    planted = adoption.fit_bass(adoption.bass_rate(np.arange(1, 15), .02, .4, 900))
    assert (planted.market, planted.p, planted.q) == pytest.approx((900, .02, .4), rel=1e-5)
    assert planted.peak.time == pytest.approx(adoption.bass_peak(.02, .4).time, rel=1e-4)


@pytest.mark.parametrize("call, words", [
    (lambda: adoption.bass_curve(-1, .03, .38), "times of 0 or later"),
    (lambda: adoption.bass_peak(0, .38), "p and the market above zero"),
    (lambda: adoption.fit_bass([1, 2, 3]), "At least four periods"),
    (lambda: adoption.fit_bass([1, 2, 3, -4]), "none negative"),
    (lambda: adoption.fit_bass(RECORDERS, "cumulative"), "form is one of"),
    (lambda: adoption.fit_logistic([1, 2, 3], [1, 2]), "one value for each time"),
    (lambda: adoption.fit_logistic([1, 2, 2], [1, 2, 3]), "stand twice"),
    (lambda: adoption.fit_logistic([1, 2, 3], [0, 2, 3]), "above zero"),
    (lambda: adoption.logistic_through([1, 2, 4], [1, 2, 3]), "equal distances"),
    (lambda: adoption.logistic_through([1, 2, 3], [1, 2, 4]), "no ceiling"),
    (lambda: adoption.ceilings([1, 2, 3], [1, 2, 3], within=-1), "not be negative"),
])
def test_what_has_no_curve_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_what_does_not_rise_has_no_ceiling():
    for values in ([5.0] * 6, [6.0, 5, 4, 3, 2, 1]):
        with pytest.raises(ValueError, match="do not rise"):
            adoption.fit_logistic(range(6), values)
