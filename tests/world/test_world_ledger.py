"""The ledger: costs of winning customers go with the newcomers, and the months in which they pay back."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from liveshop.world.business import ledger
from liveshop.world.parameters import Parameters

MONTH = pd.Timedelta(days=30)


@pytest.fixture(scope="module")
def season(qinghe):
    """The committed tables by name, and the truths."""
    return {name: qinghe[0][name] for name in qinghe[0].names}, qinghe[1]


def test_booked_costs_go_with_the_newcomers(season, simulated):
    """By route over many draws: the newcomers' number times what one of them costs, in exact shares of items."""
    tables, truth = season
    people = tables["customers"].query("joined >= '2025-03-03'").groupby("route").size()
    drawn = [ledger.acquisition_costs(Parameters(), seed, tables).groupby("route").amount.sum() for seed in range(20)]
    each = pd.concat(drawn, axis=1).mean(axis=1) / people
    booked = {route: cost["booked"] for route, cost in truth["acquisition.cost_per_customer"].items()}
    assert each.to_dict() == pytest.approx(booked, rel=0.02)
    for costs in (tables["acquisition_costs"], simulated(seed=1, rooms=8, size=0.3)["acquisition_costs"]):
        assert len(costs) == 26 * 5 * 4 and (costs.amount > 0).all()
        shares = costs.groupby("item").amount.sum() / costs.amount.sum()
        assert shares.to_dict() == pytest.approx(ledger.ITEMS, abs=1e-4)


def test_the_cost_of_a_customer_with_spend_is_that_of_the_specification(season):
    cost = {route: each["with_spend"] for route, each in season[1]["acquisition.cost_per_customer"].items()}
    wanted = {"paid": 205, "content": 165, "live": 118, "search": 96, "referral": 72}
    assert cost == pytest.approx(wanted, abs=0.6)
    assert season[0]["acquisition_costs"].amount.sum() == pytest.approx(1.29e6, rel=0.03)


def _paid_back(tables, margin, cost):
    """Month (from 0) in which the customers of March and April have paid back their cost, by route."""
    customers = tables["customers"].set_index("customer_id")
    early = customers[(customers.joined >= "2025-03-03") & (customers.joined < "2025-05-01")]
    lines = tables["orders"].loc[margin.index]
    lines = lines.assign(margin=margin)[lines.customer_id.isin(early.index)]
    month = (lines.created - lines.customer_id.map(early.joined)) // MONTH
    route = lines.customer_id.map(early.route)
    earned = lines.margin.groupby([route, month]).sum().unstack(fill_value=0).cumsum(axis=1)
    earned = earned.div(early.route.value_counts(), axis=0)
    return {r: int(np.argmax(earned.loc[r].to_numpy() > cost[r]["with_spend"])) for r in cost}, earned


def test_live_rooms_pay_back_in_month_two_and_before_refunds_at_once(season):
    tables, truth = season
    cost = truth["acquisition.cost_per_customer"]
    back, earned = _paid_back(tables, ledger.margin(Parameters(), tables), cost)
    assert back == {"live": 2, "content": 3, "paid": 3, "search": 0, "referral": 0}
    assert earned.loc["live"].iloc[:4].to_list() == pytest.approx([80, 102, 123, 141], abs=3)
    at_first_sight = {**tables, "refunds": tables["refunds"].iloc[:0]}
    no_handling = Parameters().but({"acquisition.shipping": 0, "acquisition.returning": 0})
    naive, _ = _paid_back(at_first_sight, ledger.margin(no_handling, at_first_sight), cost)
    assert naive["live"] == 0 and naive["content"] <= 1


def test_income_without_orders_is_about_a_fifth_of_the_profit(season):
    tables, truth = season
    income = tables["income"]
    assert truth["income.share_of_profit"] == pytest.approx(0.2, abs=0.04)
    assert (income.groupby("kind").size() == [26, 8, 26, 26, 26]).all()
    cost = income.groupby("kind").cost.sum() / income.groupby("kind").amount.sum()
    assert cost.to_dict() == pytest.approx({**dict.fromkeys(ledger.KINDS, 0.25), "joint_campaign": 0.55}, abs=1e-4)
    fees = pd.concat([ledger.income(Parameters(), seed).query("kind == 'membership'") for seed in range(20)])
    by_week = fees.groupby("week").amount.mean()
    assert by_week.iloc[-5:].mean() - by_week.iloc[:5].mean() == pytest.approx(21 * 40, abs=200)
