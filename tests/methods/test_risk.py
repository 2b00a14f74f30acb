"""Losses: exact cases, another package's tail, and shared causes that independence hides."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from liveshop.methods import risk
from printed import printed
from real_data import real_file


@pytest.mark.parametrize("law, level, quantile, shortfall", [
    (stats.norm(), .95, 1.6449, 2.0627), (stats.norm(), .975, 1.9600, 2.3378), (stats.norm(), .99, 2.3263, 2.6652),
    (stats.t(4), .99, 3.7469, 5.2206)])
def test_quantile_and_shortfall_of_known_laws(law, level, quantile, shortfall):
    """McNeil, Frey and Embrechts, example 2.14 and after."""
    assert printed(risk.value_at_risk(law, level), 4) == quantile
    assert printed(risk.expected_shortfall(law, level), 4) == shortfall


def test_a_poisson_number_of_exponential_losses():
    """Rate 3, mean 100: mean 300, sd 244.95, value at risk .95 772.89, shortfall 956.86 (a sum over gamma laws)."""
    year = risk.compound_poisson(3, stats.expon(scale=100))
    mean = year.expect()
    assert printed(mean, 0) == 300
    assert printed(np.sqrt(year.expect(lambda loss: (loss - mean) ** 2)), 2) == 244.95
    assert printed(risk.value_at_risk(year, .95), 2) == 772.89
    assert printed(risk.expected_shortfall(year, .95), 2) == 956.86


def test_simulated_years_have_the_same_tail():
    rng = np.random.default_rng(0)
    losses = np.array([rng.exponential(100, count).sum() for count in rng.poisson(3, 40_000)])
    assert risk.value_at_risk(losses, .95) == pytest.approx(772.89, rel=.03)
    assert risk.expected_shortfall(losses, .95) == pytest.approx(956.86, rel=.03)


def test_concentration_of_four_firms():
    """US merger guidelines: 30 30 20 20 → 2,600."""
    assert risk.concentration([30, 30, 20, 20]) == 2600
    assert risk.concentration([.3, .3, .2, .2]) == pytest.approx(.26)


def test_tail_of_the_danish_fires():
    """McNeil, Frey and Embrechts, example 5.23: above 10, shape .50, scale 7.0; .99 quantile 27.3, shortfall 58.2."""
    tail = risk.pareto_tail(pd.read_csv(real_file("danish_fire.csv")).iloc[:, 0], 10)
    assert (printed(tail.shape, 2), printed(tail.scale, 1), tail.exceedances) == (.50, 7.0, 109)
    assert (printed(tail.value_at_risk(.99), 1), printed(tail.expected_shortfall(.99), 1)) == (27.3, 58.2)


def test_tails_against_another_package():
    """references/risk.R: fpot of R's evd."""
    losses = pd.read_csv(real_file("danish_fire.csv")).iloc[:, 0]
    for row in pd.read_csv(Path(__file__).parent / "references" / "risk.csv").itertuples():
        tail = risk.pareto_tail(losses, row.threshold)
        assert tail.exceedances == row.exceedances
        assert [tail.shape, tail.scale] == pytest.approx([row.shape, row.scale], rel=2e-5)
        assert tail.shape_error == pytest.approx(row.shape_error, rel=.1)       # theirs from the curvature seen


def register(seed, years=6.0, shared=3.5):
    """Two kinds of small incidents, and causes that bring a dozen of both."""
    rng = np.random.default_rng(seed)
    single, causes = rng.poisson([40 * years, 6 * years]), rng.poisson(shared * years)
    size = 9 + rng.poisson(6, causes)
    supply = np.r_[np.repeat([False, True], single), rng.random(size.sum()) < .5]
    cause = np.r_[np.arange(single.sum()), np.repeat(single.sum() + np.arange(causes), size)]
    worse = np.r_[np.ones(single.sum()), np.repeat(3.5 * np.exp(.35 * rng.normal(size=causes) - .061), size)]
    loss = worse * np.where(supply, 5000, 700) * np.exp(.8 * rng.normal(size=len(supply)))
    return pd.DataFrame({"kind": np.where(supply, "supply", "technology"), "cause_id": cause, "loss": loss})


def test_independent_incidents_hide_the_bad_years():
    truth = risk.expected_shortfall(np.array([register(seed, 1.0)["loss"].sum() for seed in range(2500)]))
    covered = below = 0
    for seed in range(10):
        data = register(100_000 + seed)
        naive = risk.expected_shortfall(risk.simulate_losses(data, 6.0, "incident", 4000).total)
        low, high = risk.shortfall_interval(data, 6.0, draws=40, seed=seed)
        covered, below = covered + (low <= truth <= high), below + (naive < low)
    assert covered >= 8 and below >= 8


def test_both_ways_agree_on_the_mean_and_on_the_kinds():
    data = register(1)
    mean = data["loss"].sum() / 6
    for by in ("cause", "incident"):
        found = risk.simulate_losses(data, 6.0, by)
        assert found.total.mean() == pytest.approx(mean, rel=.08)
        assert risk.tail_shares(found.by_kind).sum() == pytest.approx(1)
        assert list(found.by_kind.columns) == ["supply", "technology"]


def test_shares_of_registers_drawn_anew_lie_about_the_share_of_this_one():
    data = register(3)
    share = risk.tail_shares(risk.simulate_losses(data, 6.0).by_kind)
    anew = risk.tail_shares_anew(data, 6.0, draws=40)
    assert anew.shape == (40, 2) and anew.sum(axis=1).to_numpy() == pytest.approx(1)
    assert (anew.quantile(0.025) < share).all() and (share < anew.quantile(0.975)).all()
    longer = pd.concat([data.assign(cause_id=data.cause_id + 10_000 * copy) for copy in range(16)])
    assert risk.tail_shares_anew(longer, 96.0, draws=40).std().max() < 0.7 * anew.std().max()


def test_a_register_without_shared_causes_is_drawn_from():
    alone = register(2, shared=0.0)
    found = risk.simulate_losses(alone, 6.0)
    assert found.total.mean() == pytest.approx(alone["loss"].sum() / 6, rel=.05)
    with pytest.raises(ValueError, match="too few for an interval"):
        risk.shortfall_interval(alone, 6.0)


def test_the_colour_matrix_puts_the_nuisance_first():
    """Fifty a year of 700 score 5 × 2; one a year of 40,000, which costs more, 2 × 3."""
    rows = [("technology", "a", 700.0)] * 250 + [("regulation", "b", 40_000.0)] * 5
    data = pd.DataFrame(rows, columns=["kind", "cause_id", "loss"])
    table = risk.frequency_severity(data, 5)
    assert table.loc["technology", ["frequency_band", "severity_band", "matrix_score"]].tolist() == [5, 2, 10]
    assert table.loc["regulation", ["frequency_band", "severity_band", "matrix_score"]].tolist() == [2, 3, 6]
    assert table["loss_a_year"].to_dict() == {"technology": 35_000, "regulation": 40_000}
    assert risk.frequency_severity(data, 5, often=[60], severe=[1])["matrix_score"].tolist() == [2, 2]


def test_tornado():
    table = risk.tornado(lambda price, cost: 10 * (price - cost), {"price": 5, "cost": 3},
                         {"price": (4, 6), "cost": (2.5, 3.5)})
    assert table.index.tolist() == ["price", "cost"] and table["swing"].tolist() == [20, 10]
    assert table.attrs["base"] == 20


DATA = register(0, 1.0)


@pytest.mark.parametrize("call, words", [
    (lambda: risk.value_at_risk([1, 2], 95), "share between 0 and 1"),
    (lambda: risk.expected_shortfall([], .95), "not empty"),
    (lambda: risk.expected_shortfall(["much"], .95), "must be numbers"),
    (lambda: risk.concentration([.5, .2]), "they add up to 0.7"),
    (lambda: risk.concentration([1.5, -.5]), "not be negative"),
    (lambda: risk.simulate_losses(DATA.assign(loss=-1), 1), "no loss may be negative"),
    (lambda: risk.simulate_losses(DATA, 0), "years above zero"),
    (lambda: risk.simulate_losses(DATA, 1, "kind"), 'by is "cause" or "incident"'),
    (lambda: risk.simulate_losses(DATA.drop(columns="cause_id"), 1), "lacks the column cause_id"),
    (lambda: risk.compound_poisson(3, 100), "SciPy distribution"),
    (lambda: risk.compound_poisson(3, stats.cauchy()), "finite mean and variance"),
    (lambda: risk.compound_poisson(3, stats.norm()), "not negative"),
    (lambda: risk.pareto_tail([1.0] * 10, 0), "at least 20"),
    (lambda: risk.tornado(lambda a: a, {"a": 1}, {"b": (0, 1)}), "not b"),
])
def test_what_is_no_loss_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_an_incident_without_its_loss_is_not_left_out_silently():
    register = pd.DataFrame({"kind": ["supply", "supply"], "loss": [100.0, np.nan], "cause_id": [1, 2]})
    for call in (risk.frequency_severity, risk.simulate_losses):
        with pytest.raises(ValueError, match="loss is missing for 1 incidents"):
            call(register, 1.0)


def test_a_tail_without_shape_is_exponential():
    tail = risk.ParetoTail(100.0, 0.0, 50.0, 0.1, 0.2, 40)
    near = risk.ParetoTail(100.0, 1e-7, 50.0, 0.1, 0.2, 40)
    assert tail.value_at_risk(0.99) == pytest.approx(100 + 50 * np.log(20))
    assert tail.expected_shortfall(0.99) == pytest.approx(near.expected_shortfall(0.99), rel=1e-5)


def test_losses_that_are_all_the_same_show_no_tail():
    with pytest.raises(ValueError, match="show no tail"):
        risk.pareto_tail([1.0] * 10 + [2.0] * 30, 1)
