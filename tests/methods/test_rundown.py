"""The run of show: the best order, played by hand, and rates recovered."""

import itertools
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from liveshop.methods import rundown


def night(seed, count):
    rng = np.random.default_rng(seed)
    model = rundown.RundownModel(
        enter={"traffic": 1.8, "hero": 1.2, "profit": 1, "image": 0.9},
        leave={"traffic": 0.7, "hero": 0.9, "profit": 1.0, "image": 1.1},
        buy={"traffic": 0.5, "hero": 2, "profit": 1, "image": 0.3},
        enters_per_minute=20,
        leaves_per_viewer_minute=0.12,
        orders_per_viewer_minute=0.004,
        discount=1.5,
        repeat=0.8,
        giveaway_enter=1.6,
        giveaway_after=0.85,
        start=float(rng.integers(0, 300)),
    )
    slots = pd.DataFrame(
        {
            "product_id": [f"P{i}" for i in range(count)],
            "role": (["traffic", "hero", "profit", "image"] * 4)[:count],
            "minutes": rng.integers(5, 15, count),
            "activity": rng.choice(["none", "none", "giveaway"], count),
            "discount": rng.choice([0, 0.2], count),
            "appeal": rng.lognormal(0, 0.4, count),
            "list_price": rng.uniform(100, 500, count),
            "unit_cost": 50.0,
        }
    )
    return slots, model


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("rule", [rundown.Constraints(), rundown.Constraints(hero_from_minute=15, first_role="traffic"),
                                  rundown.Constraints(no_repeat=True, fixed={3: 2})])
def test_optimum_is_the_best_of_all_orders(seed, rule):
    slots, model = night(seed, 5)
    allowed = [order for order in itertools.permutations(range(5)) if rundown.allowed(slots, order, rule)]
    for objective in ("gmv", "margin"):
        best = max(getattr(rundown.play(slots, model, order), objective) for order in allowed)
        found = rundown.optimise(slots, model, rule, objective)
        assert rundown.allowed(slots, found, rule)
        assert getattr(rundown.play(slots, model, found), objective) == pytest.approx(best)
        greedy = rundown.greedy(slots, model, rule, objective)
        assert rundown.allowed(slots, greedy, rule) and getattr(
            rundown.play(slots, model, greedy), objective
        ) <= best * (1 + 1e-9)


def test_long_rundowns_are_improved_and_keep_to_the_rules():
    slots, model = night(0, 14)
    rule = rundown.Constraints(hero_from_minute=20, first_role="traffic")
    found = rundown.optimise(slots, model, rule)
    assert sorted(found) == list(range(14)) and rundown.allowed(slots, found, rule)
    assert (
        rundown.play(slots, model, found).margin
        >= rundown.play(slots, model, rundown.greedy(slots, model, rule)).margin
    )


def test_play_by_hand():
    slots, model = night(0, 1)
    model = replace(model, start=100.0, leaves_per_viewer_minute=0.1, enters_per_minute=10.0)
    slots = slots.assign(
        role="profit", minutes=2, activity="none", discount=0.0, appeal=1.0, list_price=200.0, unit_cost=80.0
    )
    result = rundown.play(slots, model)
    assert result.viewer_minutes == pytest.approx(100 + (90 + 10))
    assert (
        result.orders == pytest.approx(200 * 0.004)
        and result.gmv == pytest.approx(160)
        and result.margin == pytest.approx(96)
    )


def test_impossible_rules_are_refused():
    slots, model = night(0, 4)
    for build in (rundown.optimise, rundown.greedy):
        with pytest.raises(ValueError, match="loosen"):
            build(slots, model, rundown.Constraints(hero_from_minute=10_000))
    with pytest.raises(ValueError, match="no role"):
        rundown.play(slots.assign(role="star"), model)


def test_fit_recovers_the_rates_that_made_the_minutes():
    rng = np.random.default_rng(0)
    enter = {"traffic": 1.6, "hero": 1.1, "profit": 1.0, "image": 0.8}
    leave = {"traffic": 0.7, "hero": 0.9, "profit": 1.0, "image": 1.2}
    buy = {"traffic": 0.6, "hero": 1.8, "profit": 1.0, "image": 0.4}
    products = pd.DataFrame(
        {
            "product_id": [f"P{i}" for i in range(30)],
            "appeal": rng.lognormal(0, 0.4, 30),
            "list_price": 200.0,
            "unit_cost": 80.0,
        }
    )
    slots, minutes = [], []
    for room in range(60):
        scale, online, clock = rng.lognormal(3.5, 0.6), 50.0, 0
        for slot in range(1, 11):
            role, product = rng.choice(list(enter)), int(rng.integers(30))
            sold = 0
            for _ in range(8):
                came, gone = (
                    rng.poisson(scale * enter[role]),
                    min(int(online), rng.poisson(0.15 * leave[role] * online)),
                )
                rate = 0.01 * online * buy[role] * products.loc[product, "appeal"]
                orders = rng.poisson(rate)
                sold += orders
                minutes.append([f"S{room}", clock, slot, online, 60 * online, came, gone, orders, orders])
                online, clock = online + came - gone, clock + 1
            slots.append([f"S{room}", slot, f"P{product}", role, clock - 8, 8, "none", 0.0, sold])
    slots = pd.DataFrame(
        slots,
        columns=[
            "stream_id",
            "slot_no",
            "product_id",
            "role",
            "start_minute",
            "minutes",
            "activity",
            "discount",
            "orders",
        ],
    )
    minutes = pd.DataFrame(
        minutes,
        columns=[
            "stream_id",
            "minute",
            "slot_no",
            "online",
            "watch_seconds",
            "enters",
            "exits",
            "product_clicks",
            "orders",
        ],
    )
    model = rundown.fit(slots, minutes, products)
    for made, found in ((enter, model.enter), (leave, model.leave), (buy, model.buy)):
        for role in made:
            assert found[role] == pytest.approx(made[role], rel=0.12), role
    assert model.appeal == pytest.approx(1.0, abs=0.1)
    assert model.leaves_per_viewer_minute == pytest.approx(0.15, rel=0.1)
    habit = rundown.habit(rundown.plan(slots[slots["stream_id"] == "S0"], products), model, slots)
    assert sorted(habit) == list(range(10))
