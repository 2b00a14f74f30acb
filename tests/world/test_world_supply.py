"""Deliveries, stock and backlog agree with each other and with the orders; past buys; indicators that lead."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from liveshop.world.business import indicators, register, supply
from liveshop.world.parameters import Parameters


@pytest.fixture(scope="module")
def season(qinghe):
    return {name: qinghe[0][name] for name in qinghe[0].names}, qinghe[1]


def test_demand_is_the_items_of_the_paid_lines(season, simulated):
    for tables in (season[0], simulated(seed=2, rooms=50, size=0.3), simulated(seed=1, rooms=8, size=0.3)):
        paid = tables["orders"].dropna(subset=["paid"])
        sold = paid.groupby(["product_id", paid.created.dt.normalize()]).quantity.sum()
        demand = tables["inventory"].set_index(["product_id", "day"]).demand
        assert demand.index.is_unique
        assert (sold.reindex(demand.index, fill_value=0) == demand).all() and demand.sum() == paid.quantity.sum()


def test_stock_changes_by_what_arrives_and_what_is_sold(season, simulated):
    for tables in (season[0], simulated(seed=2, rooms=50, size=0.3)):
        stock, deliveries = tables["inventory"], tables["deliveries"].dropna(subset=["arrived"])
        assert ((stock.on_hand == 0) | (stock.backlog == 0)).all()  # nothing waits while there is stock
        good = (deliveries.quantity - deliveries.defective).groupby([deliveries.product_id, deliveries.arrived]).sum()
        keys = pd.MultiIndex.from_frame(stock[["product_id", "day"]])
        came = good.reindex(keys, fill_value=0).to_numpy(dtype=int)
        net = stock.on_hand - stock.backlog
        change = net.groupby(stock.product_id).diff()
        assert (change.dropna() == (came - stock.demand)[change.notna()]).all()


def test_a_planner_who_forgets_the_spread_ships_late(season):
    tables, _ = season
    stock, deliveries = tables["inventory"], tables["deliveries"]
    waits = stock.backlog > 0
    festive = stock.day.between("2025-06-01", "2025-06-20")
    assert waits.mean() == pytest.approx(0.15, abs=0.04) and waits[festive].mean() == pytest.approx(0.33, abs=0.06)
    assert np.minimum(stock.backlog, stock.demand).sum() / stock.demand.sum() == pytest.approx(0.30, abs=0.05)
    assert len(deliveries) == pytest.approx(666, abs=40)
    assert (deliveries.promised - deliveries.ordered).dt.days.between(8, 14).all()


def test_suppliers_are_as_planted_and_one_drifts(season):
    tables, truth = season
    drawn = [supply.supply(Parameters(), seed, tables)[0] for seed in range(801, 807)]
    made = pd.concat(drawn, ignore_index=True)
    days = (made.arrived - made.ordered).dt.days
    early = made.ordered < "2025-05-26"
    by_supplier = days[early].groupby(made.supplier_id).agg(["mean", "std"])
    share = (made.defective[early].groupby(made.supplier_id).sum() / made.quantity[early & made.arrived.notna()]
             .groupby(made.supplier_id).sum()).astype(float)
    for name, planted in truth["suppliers"].items():
        assert by_supplier.loc[name, "mean"] == pytest.approx(planted["days"], abs=0.6)
        assert by_supplier.loc[name, "std"] == pytest.approx(planted["spread"], rel=0.25, abs=0.3)
        assert share[name] == pytest.approx(planted["defects"], rel=0.3)
    ripe = made[(made.ordered >= "2025-07-14") & (made.ordered < "2025-08-04")]
    drifted = ripe[ripe.supplier_id == "V3"]
    assert (drifted.arrived - drifted.ordered).dt.days.mean() > 1.3 * truth["suppliers"]["V3"]["days"]
    assert truth["suppliers.drift"] == {"supplier": "V3", "from_week": 13, "days": 1.9, "defects": 2.5}


def test_buying_by_the_critical_ratio_earns_most_and_upside_down_least(season):
    truth = season[1]
    past = pd.concat([supply.buys(Parameters(), seed) for seed in range(801, 809)])
    ratio = past.asked / past.forecast
    assert ratio.mean() == pytest.approx(0.97, abs=0.04) and np.log(ratio).std() == pytest.approx(0.48, abs=0.03)
    assert (past.sold == np.minimum(past.asked, past.bought)).all() and past.year.between(2022, 2024).all()
    assert ((past.salvage < past.unit_cost) & (past.unit_cost < past.price)).all()
    price, cost, salvage = supply.REFERENCE
    assert truth["buys.critical_ratio"] == pytest.approx(0.767, abs=0.001)
    asked = 400 * truth["buys.asked"]["mean"] * ratio.to_numpy() / ratio.mean()

    def profit(bought):
        sold = np.minimum(bought, asked)
        return (price * sold + salvage * (bought - sold) - cost * bought).mean() / 1000

    multiples = [1.0, truth["buys.best_multiple"], np.quantile(ratio, 1 - truth["buys.critical_ratio"])]
    assert [profit(400 * m) for m in multiples] == pytest.approx([36.9, 37.9, 30.0], abs=0.9)
    assert profit(400 * multiples[1]) > max(profit(400 * m) for m in (0.9, 1.0, 1.6))


# Indicators -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def watched(season):
    """Six draws of the register: counts of causes a day by kind, and the indicators, one column each."""
    made = []
    for seed in range(801, 807):
        incidents = register.incidents(Parameters(), seed, season[0])
        table = indicators.risk_indicators(Parameters(), seed, incidents)
        assert len(table) == register.DAYS * 7 and not table.duplicated(["day", "indicator"]).any()
        first = incidents.groupby(["cause_id", "kind"], as_index=False).began.min()
        day = (first.began.dt.normalize() - register.FIRST).dt.days
        counts = {kind: np.bincount(day[first.kind == kind], minlength=register.DAYS) for kind in register.KINDS}
        made.append((counts, table.pivot(index="day", columns="indicator", values="value")))
    return made


def _correlation(values, counts, lag):
    """Of an indicator with counts so many days later (days before if negative), free of the weekday's mean."""
    weekday = np.arange(len(values)) % 7
    free = values - (np.bincount(weekday, values) / np.bincount(weekday))[weekday]
    if lag < 0:
        return np.corrcoef(free[-lag:], counts[:lag])[0, 1]
    return np.corrcoef(free[: len(free) - lag], counts[lag:])[0, 1]


def test_indicators_are_highest_when_they_were_planted_to_be(watched, season):
    lags = range(-10, 31)
    for name, planted in season[1]["indicators.lead"].items():
        if planted["days"] is None:
            continue
        curve = np.zeros(len(lags))
        for counts, values in watched:
            of_kind = sum(counts.values()) if planted["kind"] == "all" else counts[planted["kind"]]
            curve += [_correlation(values[name].to_numpy(), of_kind, lag) for lag in lags]
        few = name == "rule_notices"  # a dozen events in a register
        assert abs(lags[int(curve.argmax())] - planted["days"]) <= (3 if few else 1), name


def test_what_moves_with_the_loss_looks_best_on_the_same_day(watched):
    """Sums of seven days: the naive choice is the echo, for every kind that has an indicator of its own."""
    week = np.ones(7)
    for counts, values in watched:
        for kind in indicators.LEADING.values():
            sums = np.convolve(counts[kind], week, "valid")
            weekly = {name: np.convolve(column, week, "valid") for name, column in values.items()}
            same = {name: np.corrcoef(column, sums)[0, 1] for name, column in weekly.items()}
            assert max(same, key=same.get) == "refund_requests"
            assert abs(same["sick_days"]) < 0.25


def test_the_indicators_do_not_touch_the_incidents(season):
    incidents = season[0]["incidents"]
    before = incidents.copy()
    indicators.risk_indicators(Parameters(), 1, incidents)
    pd.testing.assert_frame_equal(incidents, before)
    loud = indicators.risk_indicators(Parameters().but({"indicator.supplier_late_rise": 0}), 1, incidents)
    usual = indicators.risk_indicators(Parameters(), 1, incidents)
    changed = (loud.value != usual.value).groupby(usual.indicator).any()
    assert changed.to_dict() == {name: name == "supplier_late" for name in indicators.SCALE}
