"""The integrated programme: which cities have it, the sums with the orders, and its effects in the city weeks."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from liveshop.world.business import programme
from liveshop.world.business.programme import HAS_NEIGHBOUR, IS_PILOT, STARTED, WEEKS
from liveshop.world.parameters import Parameters

CLEAN = ~IS_PILOT & ~HAS_NEIGHBOUR
NEIGHBOURS = ~IS_PILOT & HAS_NEIGHBOUR


@pytest.fixture(scope="module")
def panels():
    """Forty draws of the local group shops: (frame, truths)."""
    made = []
    for seed in range(501, 541):
        frame, *effects = programme.local_shops(Parameters(), seed)
        truth = programme.truths(Parameters(), *effects)
        made.append((frame, {name: fact["value"] for name, fact in truth.items()}))
    return made


def _wide(frame, column="local_orders"):
    return frame[column].to_numpy(dtype=float).reshape(20, WEEKS)


def _rise(values, cities):
    """Log of the cities' mean week after the start against before."""
    return np.log(values[cities][:, STARTED:].mean() / values[cities][:, :STARTED].mean())


def test_the_cities_are_those_of_the_plan():
    cities = programme.cities().set_index("city")
    has = cities.programme_start.notna()
    assert "".join(sorted(cities.index[has])) == "ADFGHLOPQR"
    assert (cities.programme_start[has] == pd.Timestamp("2025-06-02")).all()
    assert "".join(cities.index[~has & cities.neighbour_has_programme]) == "BCEIJM"
    assert "".join(cities.index[~has & ~cities.neighbour_has_programme]) == "KNST"
    assert (cities.groupby("region").size() == 4).all() and cities.market_size.mean() == pytest.approx(1, abs=1e-4)


def test_the_money_of_the_channels_is_that_of_the_orders(simulated, qinghe):
    for tables in (qinghe[0], simulated(seed=2, rooms=50, size=0.3), simulated(seed=1, rooms=8, size=0.3)):
        paid, weeks = tables["orders"].dropna(subset=["paid"]), tables["city_weeks"]
        assert weeks.channel_gmv.sum() == pytest.approx(paid.paid_amount.sum(), abs=0.01)
        of_city = paid.customer_id.map(tables["customers"].set_index("customer_id").city)
        for city in "AT":
            mine = paid[of_city == city]
            by_week = mine.groupby(mine.created.dt.to_period("W-SUN").dt.start_time).paid_amount.sum()
            theirs = weeks[weeks.city == city].set_index("week").channel_gmv
            assert (by_week.reindex(theirs.index, fill_value=0) - theirs).abs().max() < 0.01


def test_only_pilots_have_parts_cost_and_claims_and_only_after_the_start(panels):
    for frame, _ in panels[:5]:
        assert len(frame) == 520 and not frame.duplicated(["city", "week"]).any()
        on = (frame.week >= "2025-06-02") & frame.city.isin(list(programme.PILOTS))
        assert (frame[on][["programme_cost", "claimed_gmv"]] > 0).all().all()
        assert (frame[~on][["programme_cost", "claimed_gmv", "part_show", "part_vote", "part_push"]] == 0).all().all()
        week = frame[on].groupby("week")[["part_show", "part_vote", "part_push"]]
        assert (week.apply(lambda d: len(d.drop_duplicates())) == 8).all()  # every combination, every week
        assert frame.local_refunded.sum() / frame.local_gmv.sum() == pytest.approx(0.16, abs=0.01)
        assert frame.local_gmv.sum() / frame.local_orders.sum() == pytest.approx(152, rel=0.02)
        share = frame[on].claimed_gmv / frame[on].local_gmv
        assert share.to_numpy() == pytest.approx(np.where(frame[on].part_push, 0.72, 0.58), abs=0.001)


def test_clean_controls_find_the_effect_and_the_others_do_not(panels):
    clean, every, before_after, spill = [], [], [], []
    for frame, _ in panels:
        orders = _wide(frame)
        before_after.append(_rise(orders, IS_PILOT))
        clean.append(before_after[-1] - _rise(orders, CLEAN))
        every.append(before_after[-1] - _rise(orders, ~IS_PILOT))
        spill.append(_rise(orders, NEIGHBOURS) - _rise(orders, CLEAN))
    truth = np.mean([truth["programme.log_orders"] for _, truth in panels])
    assert truth == pytest.approx(0.225, abs=0.005)
    assert np.mean(clean) == pytest.approx(truth, abs=0.015) and np.std(clean) < 0.05
    assert np.mean(before_after) == pytest.approx(0.46, abs=0.02)
    assert np.mean(every) == pytest.approx(0.12, abs=0.02)
    assert np.mean(spill) == pytest.approx(panels[0][1]["programme.spill_log_orders"], abs=0.015)


def test_the_parts_are_in_the_orders_and_the_push_is_not_worth_its_cost(panels):
    found = []
    for frame, _ in panels:
        later = slice(STARTED + 2, WEEKS)
        columns = [_wide(frame, name)[IS_PILOT, later] for name in ("part_show", "part_vote", "part_push")]
        columns.append(np.log(_wide(frame)[IS_PILOT, later]))
        within = [x - x.mean(0) - x.mean(1, keepdims=True) + x.mean() for x in columns]
        design = np.column_stack([x.ravel() for x in within[:3]])
        found.append(np.linalg.lstsq(design, within[3].ravel(), rcond=None)[0])
    assert np.mean(found, axis=0) == pytest.approx([0.18, 0.13, 0.01], abs=0.012)
    for _, truth in panels:
        worth = {part: value["brings"] - value["costs"] for part, value in truth["programme.part_return"].items()}
        assert worth["show"] > 1000 and worth["vote"] > 1000 and worth["push"] < -500


def test_searches_for_the_brand_rise_and_those_for_the_category_do_not(panels):
    rise = {name: [] for name in ("brand_searches", "category_searches", "direct_visits", "active_members")}
    for frame, _ in panels:
        for name, values in rise.items():
            values.append(_rise(_wide(frame, name), IS_PILOT) - _rise(_wide(frame, name), CLEAN))
    means = {name: np.mean(values) for name, values in rise.items()}
    assert means["brand_searches"] == pytest.approx(0.08, abs=0.015)
    assert means["category_searches"] == pytest.approx(0, abs=0.015)
    assert means["direct_visits"] == pytest.approx(0.08 * 0.93, abs=0.015)
    assert means["active_members"] == pytest.approx(0.12 * 0.93, abs=0.01)
