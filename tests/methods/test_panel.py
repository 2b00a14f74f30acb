"""Panels: published numbers, an independent package's numbers, and what cannot be told is refused."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from liveshop.methods import effects, panel
from printed import printed
from real_data import real_file

REFERENCES = Path(__file__).parent / "references"


# --- published ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("controls, estimate, error", [
    ((), (-11863.9, 1), (7456.646, 3)),
    (("age", "agesq"), (-21920.27, 2), (6359.745, 3)),
    (("age", "agesq", "intst", "land", "area", "rooms", "baths"), (-14177.93, 2), (4987.267, 3))])
def test_house_prices_near_an_incinerator(controls, estimate, error):
    """Kiel and McClain 1995 in Wooldridge, Introductory Econometrics, table 13.2."""
    found = panel.difference_in_differences(pd.read_csv(real_file("kielmc.csv")), "rprice", "nearinc", "y81",
                                            controls=controls, errors="classical")
    assert printed(found.estimate, estimate[1]) == estimate[0]
    assert printed(found.standard_error, error[1]) == error[0]


@pytest.mark.parametrize("year, naive", [(1981, -30688.27), (1978, -18824.37)])
def test_the_naive_comparison_of_house_prices(year, naive):
    houses = pd.read_csv(real_file("kielmc.csv"))
    assert printed(effects.pooled_effect(houses[houses["year"] == year], "rprice", "nearinc").estimate, 2) == naive


def test_fast_food_in_two_states():
    """Card and Krueger 1994: New Jersey 20.44 to 21.03, Pennsylvania 23.33 to 21.17; they print 2.76, unrounded."""
    assert printed(panel.four_means(20.44, 21.03, 23.33, 21.17), 2) == 2.75


def mpdta():
    return pd.read_csv(real_file("mpdta.csv")).rename(columns={"first.treat": "started"})


def test_county_employment_by_starting_group():
    """Callaway and Sant'Anna 2021; the values of R's package did."""
    found = panel.group_time_effects(mpdta(), "lemp", "countyreal", "year", "started")
    expected = {2004: [-.0105, -.0704, -.1373, -.1008], 2006: [.0065, -.0028, -.0046, -.0412],
                2007: [.0305, -.0027, -.0311, -.0261]}
    for group, values in expected.items():
        assert [printed(value, 4) for value in found.effects.loc[group, "estimate"]] == values
    assert [printed(value, 4) for value in found.by_event.loc[0:, "estimate"]] == [-.0199, -.0510, -.1373, -.1008]
    assert (printed(found.simple.estimate, 4), printed(found.overall.estimate, 4)) == (-.0400, -.0772)


def test_county_employment_against_another_package():
    """references/staggered.py: estimates and errors of csdid, to nine digits."""
    reference = json.loads((REFERENCES / "staggered.json").read_text(encoding="utf-8"))
    found = panel.group_time_effects(mpdta(), "lemp", "countyreal", "year", "started")
    for group, year, estimate, error in reference["att_gt"]:
        assert found.effects.loc[(group, year), ["estimate", "standard_error"]].tolist() == pytest.approx(
            [estimate, error], rel=1e-8)
    for event, estimate, error in reference["by_event"]:
        assert found.by_event.loc[event, ["estimate", "standard_error"]].tolist() == pytest.approx(
            [estimate, error], rel=1e-8)
    for mine, theirs in ((found.simple, "simple"), (found.overall, "dynamic")):
        assert [mine.estimate, mine.standard_error] == pytest.approx(reference[theirs], rel=1e-8)


def test_two_way_fixed_effects_of_county_employment():
    data = mpdta()
    data["ever"], data["on"] = data["started"] > 0, (data["started"] > 0) & (data["year"] >= data["started"])
    found = panel.difference_in_differences(data, "lemp", "ever", "on", "countyreal", "year")
    assert printed(found.estimate, 4) == -.0365


@pytest.mark.parametrize("rho", [0.0, 0.3, 0.5, 0.9])
def test_variance_of_three_comparisons(rho):
    """McKenzie 2012: 1 : 2 (1 − ρ) : 1 − ρ²."""
    found = panel.comparison_variance(rho)
    assert list(found.values()) == pytest.approx([1, 2 * (1 - rho), 1 - rho**2])


def test_variance_is_that_of_simulated_means():
    rng = np.random.default_rng(1)
    own = rng.normal(size=(40_000, 1)) * np.sqrt(0.6)
    y = own + rng.normal(size=(40_000, 7)) * np.sqrt(0.4)
    before, after = y[:, :4].mean(axis=1), y[:, 4:].mean(axis=1)
    found = panel.comparison_variance(0.6, 4, 3)
    slope = np.cov(before, after)[0, 1] / before.var()
    assert [after.var(), (after - before).var(), (after - slope * before).var()] == pytest.approx(
        list(found.values()), rel=0.03)


def test_synthetic_control_against_a_quadratic_programme():
    """references/synthetic.R: weights by R's quadprog on the same curves."""
    reference = pd.read_csv(REFERENCES / "synthetic.csv", index_col="donor")["weight"]
    t = np.arange(1, 23)
    curves = {str(k): t + 10 * np.sin(k * t / 7) / k for k in range(1, 7)}
    curves["own"] = t + 4 * np.sin(t / 7) + 2 * np.sin(3 * t / 7) + np.cos(11 * t) + 5 * (t > 20)
    data = pd.DataFrame(curves, index=pd.Index(t, name="week")).melt(ignore_index=False, var_name="city").reset_index()
    found = panel.synthetic_control(data, "value", "city", "week", "own", 21)
    assert found.weights.to_numpy() == pytest.approx(reference.to_numpy(), abs=2e-6)
    assert found.weights.sum() == pytest.approx(1) and found.effect == pytest.approx(5, abs=1)
    later = found.path.loc[21:]
    assert found.share == pytest.approx(later["actual"].mean() / later["synthetic"].mean() - 1)


# --- recovery -----------------------------------------------------------------------------------------


def cities(seed, effect=0.2, units=12, weeks=20, start=12):
    rng = np.random.default_rng(seed)
    c, w = np.repeat(np.arange(units), weeks), np.tile(np.arange(1, weeks + 1), units)
    treated = c < units // 2
    log = 4 + rng.normal(0, 0.5, units)[c] + 0.03 * w + rng.normal(0, 0.2, weeks + 1)[w] + effect * (
        treated & (w >= start))
    return pd.DataFrame({"city": np.array(list("ABCDEFGHIJKLMNOP"))[c], "week": w, "orders": rng.poisson(np.exp(log)),
                         "pilot": treated, "on": w >= start, "start": np.where(treated, float(start), np.nan)})


def test_difference_in_differences_of_counts_covers():
    covered = 0
    for seed in range(40):
        found = panel.difference_in_differences(cities(seed), "orders", "pilot", "on", "city", "week", family="poisson")
        covered += found.covers(0.2)
    assert 34 <= covered and found.groups == 12 and found.informative == 6


def test_effects_reach_the_two_names_of_the_panel():
    assert effects.difference_in_differences is panel.difference_in_differences
    assert effects.synthetic_control is panel.synthetic_control


def test_houses_sold_need_no_units():
    """Rows of different units before and after; errors are robust unless one says otherwise."""
    rng, covered = np.random.default_rng(0), 0
    for _ in range(60):
        near, late = rng.integers(0, 2, 300), rng.integers(0, 2, 300)
        price = 100 + 5 * near + 3 * late - 4 * near * late + rng.normal(0, 2 + 4 * near * late)
        table = pd.DataFrame({"near": near, "late": late, "price": price})
        covered += panel.difference_in_differences(table, "price", "near", "late").covers(-4)
    assert covered >= 53


def test_event_study_is_level_before_and_high_after():
    found = panel.event_study(cities(3, 0.4), "orders", "city", "week", "start", family="poisson")
    assert found.effects.loc[-1, "estimate"] == 0 and found.effects.index.tolist() == list(range(-11, 9))
    assert found.mean_after == pytest.approx(0.4, abs=0.12) and found.pretrend_pvalue > 0.01
    assert (found.effects["units"] == 6).all()
    rising = cities(3).assign(orders=lambda d: np.exp(0.1 * d["week"] * d["pilot"]) * 100 + d["orders"] % 7)
    mean = panel.event_study(cities(3, 0.4), "orders", "city", "week", "start", family="poisson", base="mean").effects
    shift = mean.estimate - found.effects.estimate
    assert mean.loc[:-1, "estimate"].sum() == pytest.approx(0, abs=1e-9) and np.ptp(shift) < 1e-9
    assert mean.loc[-1, "low"] < mean.loc[-1, "high"], "the last week before is an estimate like the others"
    assert panel.event_study(rising, "orders", "city", "week", "start", family="poisson").pretrend_pvalue < 1e-6


def test_several_parts_at_once_and_their_errors():
    rng = np.random.default_rng(5)
    data = cities(5)
    for part in ("show", "vote"):
        data[part] = rng.integers(0, 2, len(data)) * data["pilot"] * data["on"]
    data["log"] = np.log(data["orders"] + 0.5) + 0.3 * data["show"]
    found = panel.two_way_effects(data, "log", ["show", "vote"], "city", "week", errors="HC3")
    assert found.covers("show", 0.3) and found.covers("vote", 0.0) and found.clusters == len(data)
    clustered = panel.two_way_effects(data, "log", ["show", "vote"], "city", "week")
    assert clustered.clusters == 12 and clustered.table["estimate"].equals(found.table["estimate"])


def test_placebo_units_rank_the_treated_one():
    data = cities(2, 0.5)
    table = panel.placebo_units(data[(data["city"] == "A") | ~data["pilot"]], "orders", "city", "week", "A", 12,
                                relative=True)
    assert table.index[0] == "A" and len(table) == 7
    assert table["ratio"].idxmax() == "A" and table.attrs["pvalue"] == pytest.approx(1 / 7)


def test_placebo_dates_find_nothing():
    data = cities(2, 0.5)
    data = data[(data["city"] == "A") | ~data["pilot"]]
    table = panel.placebo_dates(data, "orders", "city", "week", "A", 12, [6, 8, 10], relative=True)
    real = panel.synthetic_control(data, "orders", "city", "week", "A", 12, relative=True)
    assert table.index.tolist() == [6, 8, 10] and table["share"].abs().max() < .25 < real.share


def test_starts_may_be_dates():
    data = cities(4, 0.3)
    data["start"] = data["start"].mask(data["city"] == "A", 15)
    data["log"] = np.log(data["orders"])
    found = panel.group_time_effects(data, "log", "city", "week", "start")
    day = pd.Timestamp("2025-03-03") + pd.to_timedelta(7 * data["week"], unit="D")
    began = pd.Timestamp("2025-03-03") + pd.to_timedelta(7 * data["start"], unit="D")
    dated = panel.group_time_effects(data.assign(week=day, start=began), "log", "city", "week", "start")
    assert dated.overall == found.overall and dated.effects.index[0][0] == pd.Timestamp("2025-05-26")
    assert found.simple.covers(0.3)


def test_power_before_launch():
    found = panel.evaluation_power(0.2, 0.15, 0.5, 10, 4, 13, 13)
    assert 0.9 < found.power <= 1 and found.exaggeration == pytest.approx(1, abs=0.05)
    weak = panel.evaluation_power(0.02, 0.15, 0.5, 10, 4, 13, 13, comparison="after only")
    assert weak.power < 0.1 and weak.wrong_sign > 0.1


# --- refusals -----------------------------------------------------------------------------------------

DATA = cities(0)


@pytest.mark.parametrize("call, words", [
    (lambda: panel.difference_in_differences(DATA, "orders", "pilot", "on", "city"), "both unit and period"),
    (lambda: panel.difference_in_differences(DATA, "orders", "week", "on"), "week must be 0 or 1"),
    (lambda: panel.difference_in_differences(DATA[DATA["on"]], "orders", "pilot", "on"), "one of these four groups"),
    (lambda: panel.difference_in_differences(DATA[~DATA["pilot"]], "orders", "pilot", "on", "city", "week"),
     "Nobody is treated"),
    (lambda: panel.difference_in_differences(DATA, "orders", "pilot", "on", family="probit"), 'family is "linear"'),
    (lambda: panel.difference_in_differences(DATA, "orders", "pilot", "on", errors="robust"), "errors is one of"),
    (lambda: panel.difference_in_differences(DATA.assign(orders=-1), "orders", "pilot", "on", "city", "week",
                                             family="poisson"), "not negative"),
    (lambda: panel.difference_in_differences(DATA, "sales", "pilot", "on"), "lacks the column sales"),
    (lambda: panel.two_way_effects(DATA.assign(pilot=1 * DATA["pilot"]), "orders", "pilot", "city", "week"),
     "pilot cannot be told apart"),
    (lambda: panel.two_way_effects(DATA, "orders", [], "city", "week"), "at least one term"),
    (lambda: panel.event_study(DATA.assign(start=DATA["start"].where(DATA["city"] != "A", 15)), "orders", "city",
                               "week", "start"), "2 different starts"),
    (lambda: panel.event_study(DATA[DATA["pilot"]], "orders", "city", "week", "start"), "never treated"),
    (lambda: panel.synthetic_control(DATA, "orders", "city", "week", "Z", 12), "no city Z"),
    (lambda: panel.synthetic_control(DATA, "orders", "city", "week", "A", 99), "one after it"),
    (lambda: panel.synthetic_control(DATA[1:], "orders", "city", "week", "A", 12), "A has no orders in some week"),
    (lambda: panel.group_time_effects(DATA[1:], "orders", "city", "week", "start"), "exactly one row in every week"),
    (lambda: panel.group_time_effects(DATA[~DATA["pilot"]], "orders", "city", "week", "start"), "never treated"),
    (lambda: panel.placebo_dates(DATA, "orders", "city", "week", "A", 12, [13]), "before the real start, 12"),
    (lambda: panel.comparison_variance(1.2), "between 0 and 1"),
    (lambda: panel.evaluation_power(0.1, 0.0, 0.5, 5, 5, 1, 1), "sd must be above zero"),
    (lambda: panel.evaluation_power(0.0, 1.0, 0.5, 5, 5, 1, 1), "effect must not be zero"),
    (lambda: panel.four_means(1, 2, 3, "x"), "must be numbers"),
])
def test_what_cannot_be_told_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()
