"""Stock: textbook cases, another package's numbers, and policies played through."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from liveshop.methods import inventory
from printed import printed


def test_newsvendor_of_the_textbook():
    found = inventory.newsvendor(2100, 1200, 22, 10)
    assert printed(found.critical_ratio, 3) == .545
    assert (printed(found.quantity, 0), printed(found.profit, 0)) == (2237, 14736)


def test_newsvendor_of_stockpyl():
    """Its documentation: h .18, p .70, N(50, 8) → 56.60395592743389, cost 1.9976051931766445."""
    found = inventory.newsvendor_cost(50, 8, .18, .70)
    assert found.quantity == pytest.approx(56.60395592743389, rel=1e-13)
    assert -found.profit == pytest.approx(1.9976051931766445, rel=1e-13)


def test_newsvendors_against_another_package():
    """references/inventory.py."""
    cases = pd.read_csv(Path(__file__).parent / "references" / "inventory.csv")
    for case in cases.itertuples():
        found = inventory.newsvendor_cost(case.mean, case.sd, case.too_many, case.too_few)
        assert [found.quantity, found.loss] == pytest.approx([case.quantity, case.cost], rel=1e-10)
        same = inventory.newsvendor(case.mean, case.sd, case.too_few + case.too_many, case.too_many)
        assert [same.quantity, same.loss] == pytest.approx([case.quantity, case.cost], rel=1e-10)


def test_newsvendor_profit_is_the_mean_over_demands():
    demand = np.random.default_rng(0).normal(2100, 300, 400_000)
    found = inventory.newsvendor(2100, 300, 22, 10, 4)
    around = [inventory.newsvendor_profit(found.quantity * k, demand, 22, 10, 4).mean() for k in (.9, 1, 1.1)]
    assert around[1] == pytest.approx(found.profit, rel=2e-3) and max(around) == around[1]


def test_safety_stock_by_spread_of_the_lead_time():
    """Chopra and Meindl: 2,500 a day, sd 500, 7 days, 90 %."""
    expected = {7: (17550, 22491), 6: (15058, 19298), 5: (12570, 16109), 4: (10087, 12927), 3: (7616, 9760),
                2: (5172, 6628), 1: (2828, 3625), 0: (1323, 1695)}
    for lead_sd, (sd, stock) in expected.items():
        found = inventory.safety_stock(2500, 500, 7, lead_sd, .9)
        assert (printed(found.sd, 0), printed(found.stock, 0)) == (sd, stock)
        assert found.reorder_point == pytest.approx(17500 + found.stock)


def test_fill_rate_of_the_textbook():
    """Chopra and Meindl, example 12-4: order 10,000, safety stock 1,000, sd 707 → fill rate .9975."""
    assert printed(inventory.fill_rate(10_000, inventory.SafetyStock(np.sqrt(2) * 500, 1000, 6000)), 4) == .9975


def test_a_policy_played_through():
    demand = np.random.default_rng(1).poisson(20, 4000)
    plan = inventory.safety_stock(20, np.sqrt(20), 9, 3, .95)
    played = inventory.simulate_stock(demand, plan.reorder_point, 300, 9, 3)
    assert (played["on_hand"] * played["backlog"] == 0).all()
    served = 1 - played["late"].sum() / demand.sum()
    assert served == pytest.approx(inventory.fill_rate(300, plan), abs=.01)
    bare = inventory.simulate_stock(demand, 180, 300, 9, 3)
    assert bare["late"].sum() > 3 * played["late"].sum()


def test_ratios_of_the_past():
    asked, forecast = np.array([50, 100, 150, 200]), np.full(4, 100)
    assert inventory.order_ratio(asked, forecast, .5) == 1.25
    assert printed(inventory.critical_ratio(189, 64, 26), 3) == .767


@pytest.mark.parametrize("call, words", [
    (lambda: inventory.newsvendor(100, 10, 10, 22), "must rise in this order"),
    (lambda: inventory.newsvendor(-100, 10, 22, 10), "must not be negative"),
    (lambda: inventory.newsvendor("many", 10, 22, 10), "must be numbers"),
    (lambda: inventory.newsvendor_cost(100, 10, 0, 10), "must cost something"),
    (lambda: inventory.safety_stock(1, 1, 1, 1, 95), "between 0 and 1"),
    (lambda: inventory.order_ratio([1, 2], [1], .5), "one forecast for each style"),
    (lambda: inventory.order_ratio([1, 2], [1, 0], .5), "above zero"),
    (lambda: inventory.simulate_stock([1, -2], 1, 1, 1, 1), "not be negative"),
    (lambda: inventory.fill_rate(0, inventory.SafetyStock(1, 1, 1)), "above zero"),
])
def test_what_cannot_be_stocked_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_no_order_of_less_than_nothing():
    with pytest.raises(ValueError, match="less than nothing"):
        inventory.newsvendor(10, 100, price=3, cost=2.9)
