"""Group deals: the friends to expect are found behind deals that close when they are full; the planner's sums."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from liveshop import methods
from liveshop.methods.deals import expected_acceptances, plan_deal

PIECE = {"price": 200.0, "discount": 0.2, "goods": 70.0, "refund_share": 0.2, "fee_share": 0.05}


def simulated(deals, mean=2.4, ratio=1.0, seed=3):
    """Deals of three sizes in two limits; the second expects twice as many friends; full ones take nobody more."""
    random = np.random.default_rng(seed)
    size, hours = random.choice([2, 3, 5], deals), random.choice([24, 48], deals)
    paid = random.integers(0, 2, deals)
    came = random.poisson(mean * np.where(hours == 48, 2, 1) * np.where(paid, ratio, 1.0))
    return pd.DataFrame({"size": size, "limit_hours": hours, "paid": paid, "joined": 1 + np.minimum(came, size - 1)})


def test_the_expected_number_is_found_though_full_deals_stop_counting():
    found = expected_acceptances(simulated(60_000, ratio=1.2), factors="paid")
    assert found.expected.expected.tolist() == pytest.approx([2.4, 4.8], rel=0.02)
    assert found.ratios.ratio["paid"] == pytest.approx(1.2, abs=0.02)
    counted = simulated(60_000, ratio=1.2).groupby("paid").joined.mean() - 1
    assert counted[1] / counted[0] < 1.1


def test_intervals_hold_nineteen_times_in_twenty():
    held = []
    for seed in range(200):
        found = expected_acceptances(simulated(300, ratio=1.2, seed=seed), factors="paid")
        held.append(found.ratios.low["paid"] <= 1.2 <= found.ratios.high["paid"])
    assert 0.91 <= np.mean(held) <= 0.985


def test_with_one_deal_for_two_and_one_that_failed_it_is_the_log_of_two():
    """Half of the deals for two fill: 1 - exp(-m) = 1/2."""
    two = pd.DataFrame({"size": [2, 2], "limit_hours": 24, "joined": [2, 1]})
    assert expected_acceptances(two).expected.expected[24] == pytest.approx(np.log(2))


def test_the_likelihood_is_that_of_a_general_optimiser():
    from scipy.optimize import minimize_scalar
    from scipy.stats import poisson

    deals = simulated(200).query("limit_hours == 24")
    came, wanted = deals.joined - 1, deals["size"] - 1

    def loss(mean):
        return -np.where(came >= wanted, poisson.logsf(wanted - 1, mean), poisson.logpmf(came, mean)).sum()

    best = minimize_scalar(loss, bounds=(0.1, 10), method="bounded", options={"xatol": 1e-9}).x
    assert expected_acceptances(deals).expected.expected[24] == pytest.approx(best, abs=1e-5)


def test_estimates_and_errors_are_those_of_an_independent_likelihood():
    """references/censored_poisson.R."""
    deals = pd.read_csv(Path(__file__).parent / "references" / "censored_poisson.csv")
    said = deals.iloc[0]
    found = expected_acceptances(deals, factors=["rewarded", "night"])
    rows = {"h12": found.expected.loc[12], "h24": found.expected.loc[24],
            "rewarded": found.ratios.loc["rewarded"], "night": found.ratios.loc["night"]}
    for name, row in rows.items():
        value = row["expected"] if "expected" in row else row["ratio"]
        assert np.log(value) == pytest.approx(said[f"log_{name}"], abs=2e-5)
        assert np.log(row["high"] / row["low"]) / (2 * 1.959964) == pytest.approx(said[f"se_{name}"], abs=5e-5)


def test_the_planner_adds_up_and_knows_who_is_new():
    plan = plan_deal(3, 2.4, reward=10, share_new=0.5, opening=2, **PIECE)
    fill = methods.growth.arrivals_within(0.1, 2, 24)
    piece = (160 * 0.95 - 70) * 0.8
    assert plan.fill == pytest.approx(fill) == pytest.approx(0.6916, abs=5e-5)
    assert plan.given == pytest.approx(3 * 40 + 2 * 10)
    assert plan.new == pytest.approx(fill)
    assert plan.cost_per_new == pytest.approx((fill * 140 + 2) / fill)
    assert plan.margin == pytest.approx(fill * (3 * piece - 20) - 2)
    assert plan_deal(3, 2.4, reward=10, **PIECE).cost_per_new == np.inf
    lost = plan_deal(3, 2.4, reward=10, anyway=1, **PIECE)
    assert lost.margin < 0, "who sells to those who would have bought gives the discount away"


@pytest.mark.parametrize(("change", "words"), [
    ({"size": [1, 2]}, "two persons or more"), ({"joined": [0, 2]}, "opener is always in it"),
    ({"joined": [2, 2]}, "all full"), ({"joined": [1, 1]}, "no friend came"), ({"joined": ["a", "b"]}, "numbers"),
])
def test_what_cannot_be_used_is_one_sentence(change, words):
    deals = pd.DataFrame({"size": [2, 2], "limit_hours": 24, "joined": [2, 1]}).assign(**change)
    with pytest.raises(ValueError, match=words):
        expected_acceptances(deals)


def test_more_that_cannot_be_used():
    with pytest.raises(ValueError, match="column joined"):
        expected_acceptances(pd.DataFrame({"size": [2], "limit_hours": [24]}))
    with pytest.raises(ValueError, match="no deal"):
        expected_acceptances(pd.DataFrame({"size": [], "limit_hours": [], "joined": []}))
    with pytest.raises(ValueError, match="share_new"):
        plan_deal(3, 2.4, reward=10, share_new=2, **PIECE)
    with pytest.raises(ValueError, match="must not be negative"):
        plan_deal(3, 2.4, reward=-1, **PIECE)
    with pytest.raises(ValueError, match="size"):
        plan_deal(1, 2.4, reward=0, **PIECE)
