"""Economics of a customer: the printed table, cohorts by hand, and what survivors flatter."""

import numpy as np
import pandas as pd
import pytest

from liveshop.methods import economics
from printed import printed


@pytest.mark.parametrize("retention, multiples", [
    (.6, [1.20, 1.15, 1.11, 1.07]), (.7, [1.75, 1.67, 1.59, 1.52]), (.8, [2.67, 2.50, 2.35, 2.22]),
    (.9, [4.50, 4.09, 3.75, 3.46])])
def test_margin_multiples(retention, multiples):
    """Gupta and Lehmann: retention .6 … .9, discount .10 .12 .14 .16."""
    assert [printed(value, 2) for value in economics.margin_multiple(retention, [.10, .12, .14, .16])] == multiples


def test_margin_multiple_is_a_sum_over_years():
    years = np.arange(1, 400)
    assert economics.margin_multiple(.8, .1) == pytest.approx((.8**years / 1.1**years).sum())
    assert economics.margin_multiple(.8, .1, first_at_once=True) == pytest.approx(1 + .8 / .3)


CUSTOMERS = pd.DataFrame({"customer_id": [1, 2, 3, 4, 5], "route": ["live", "live", "paid", "paid", "live"],
                          "joined": pd.to_datetime(["2025-03-01", "2025-03-05", "2025-03-02", "2025-03-02",
                                                    "2025-06-20"])})
MARCH = ("2025-03-01", "2025-03-31")
MARGINS = pd.DataFrame({"customer_id": [1, 1, 2, 3, 1, 5, 9],
                        "day": pd.to_datetime(["2025-03-01", "2025-04-15", "2025-03-05", "2025-03-10",
                                               "2025-03-09", "2025-06-21", "2025-03-01"]),
                        "margin": [60.0, 40, 50, 90, -20, 500, 999]})


def test_cost_of_a_customer_is_not_the_cost_of_an_order():
    costs = pd.DataFrame({"route": ["live", "paid", "paid", "search"], "amount": [300, 100, 60, 10]})
    found = economics.acquisition_cost(costs, CUSTOMERS, "2025-03-01", "2025-05-31")
    assert found.loc["live", "per_customer"] == 150 and found.loc["paid", "per_customer"] == 80
    assert np.isinf(found.loc["search", "per_customer"]) and found["cost"].sum() == 470


def test_a_cohort_keeps_those_who_never_came_back():
    """Live: 1 and 2 (5 is too young): (60 − 20 + 50) / 2, then + 40 / 2. Paid: 3 and 4, who bought nothing."""
    evening = CUSTOMERS.assign(joined=CUSTOMERS["joined"] + pd.Timedelta(hours=20))     # orders of that day: month 0
    found = economics.cohort_margin(evening, MARGINS, "2025-06-30", months=2)
    assert found.customers.to_dict() == {"live": 2, "paid": 2}
    assert found.margin.loc["live"].tolist() == [45, 65] and found.margin.loc["paid"].tolist() == [45, 45]
    assert (found.low <= found.margin).all().all() and (found.margin <= found.high).all().all()
    paid_back = found.payback({"live": 60, "paid": 60})
    assert paid_back.loc["live", "month"] == 1 and pd.isna(paid_back.loc["paid", "month"])
    assert paid_back["earliest"].to_dict() == {"live": 1, "paid": 0}       # 45 ± 1.96 · 5 stays below 60


def test_interval_of_a_cohort_holds():
    rng, covered = np.random.default_rng(0), 0
    people = pd.DataFrame({"customer_id": np.arange(150), "route": "live", "joined": pd.Timestamp("2025-03-01")})
    for _ in range(60):
        buyers = np.flatnonzero(rng.random(150) < .4)
        margins = pd.DataFrame({"customer_id": buyers, "day": pd.Timestamp("2025-03-09"),
                                "margin": rng.gamma(2, 50, len(buyers))})
        found = economics.cohort_margin(people, margins, "2025-06-30", months=1)
        covered += found.low.iloc[0, 0] <= 40 <= found.high.iloc[0, 0]
    assert covered >= 52


def test_one_page():
    """150 paid, 20 % back: 120 net; less 40 % goods and 5 % fees 66; less 9 and .2 · 12 → 54.6."""
    found = economics.unit_economics(150, .40, .05, .20, 9, 12, 2.5, 91)
    assert found.contribution == pytest.approx(54.6) and found.value == pytest.approx(136.5)
    assert found.value_to_cost == pytest.approx(1.5) and found.payback_orders == pytest.approx(91 / 54.6)
    assert np.isinf(economics.unit_economics(10, .5, .1, .5, 9, 12, 2, 50).payback_orders)


def test_income_beside_the_margin():
    income = pd.DataFrame({"kind": ["advertising", "membership", "advertising"], "amount": [100, 80, 100],
                           "cost": [25, 20, 15]})
    found = economics.income_shares(280, income)
    assert found.to_dict() == pytest.approx({"product margin": .56, "advertising": .32, "membership": .12})


def test_survivors_flatter():
    activity = pd.DataFrame({"customer_id": [1, 1, 2, 3], "day": pd.to_datetime(
        ["2025-03-02", "2025-05-02", "2025-03-02", "2025-04-01"]), "margin": [50.0, 50, 20, 30]})
    found = economics.survivor_bias(CUSTOMERS, activity).loc["all"]
    assert (found["customers"], found["active"], found["mean_all"], found["mean_active"]) == (5, 1, 30, 100)
    by_route = economics.survivor_bias(CUSTOMERS, activity, by="route")
    assert by_route.loc["live", "ratio"] == pytest.approx(100 / 40)


@pytest.mark.parametrize("call, words", [
    (lambda: economics.margin_multiple(80, .1), "share between 0 and 1"),
    (lambda: economics.margin_multiple(1, 0), "not both without loss"),
    (lambda: economics.acquisition_cost(pd.DataFrame({"route": ["a"], "amount": [-1]}), CUSTOMERS, *MARCH),
     "not be negative"),
    (lambda: economics.acquisition_cost(pd.DataFrame({"route": ["a"]}), CUSTOMERS, *MARCH), "lack the column amount"),
    (lambda: economics.acquisition_cost(pd.DataFrame({"route": ["a"], "amount": [1]}), CUSTOMERS, *MARCH[::-1]),
     "not be before since"),
    (lambda: economics.cohort_margin(CUSTOMERS, MARGINS, "2025-03-09"), "No customer has been there"),
    (lambda: economics.cohort_margin(CUSTOMERS, MARGINS, "2025-06-30", 2).payback({"live": 3}), "given for paid"),
    (lambda: economics.unit_economics(150, 40, .05, .2, 9, 12, 2, 91), "between 0 and 1"),
    (lambda: economics.income_shares(-10, pd.DataFrame({"kind": [], "amount": [], "cost": []})), "no profit to share"),
    (lambda: economics.survivor_bias(CUSTOMERS, MARGINS, "year"), "period is"),
])
def test_what_does_not_add_up_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_a_cohort_refuses_unknown_margins_and_customers_who_stand_twice():
    people = pd.DataFrame({"customer_id": [1, 2], "route": "paid", "joined": pd.Timestamp("2025-03-03")})
    orders = pd.DataFrame({"customer_id": [1, 2], "day": pd.Timestamp("2025-03-04"), "margin": [10.0, None]})
    with pytest.raises(ValueError, match="margin is missing in 1 rows"):
        economics.cohort_margin(people, orders, "2025-08-31")
    with pytest.raises(ValueError, match="customer 1 stands twice"):
        economics.cohort_margin(pd.concat([people, people]), orders.dropna(), "2025-08-31")
