"""Tracked journeys: they agree with the orders, a coin shows what touches bring, and the usual rules do not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from liveshop.world.business import journeys
from liveshop.world.parameters import Parameters

KINDS = list(journeys.KINDS)


def _touched(frame):
    """Which touches each journey had, one column a kind."""
    path = frame.path.fillna("")
    return pd.DataFrame({kind: path.str.contains(kind) for kind in KINDS})


@pytest.fixture(scope="module")
def seasons_of_journeys(qinghe):
    """The committed season with four draws of journeys, and the truths of each."""
    tables, _ = qinghe
    made = [journeys.journeys(Parameters(), seed, tables) for seed in range(401, 405)]
    return [(frame, {name: f["value"] for name, f in journeys.truths(persons).items()}) for frame, persons in made]


def test_converted_journeys_are_orders_of_their_last_touch(qinghe):
    tables, _ = qinghe
    orders, frame = tables["orders"], tables["journeys"]
    paid = orders[orders.paid.notna()]
    bought = frame[frame.converted]
    assert bought.order_id.notna().all() and bought.order_id.is_unique
    assert frame[~frame.converted][["order_id", "customer_id"]].isna().all().all()
    head = paid.drop_duplicates("order_id").set_index("order_id").loc[bought.order_id]
    assert (head.customer_id.to_numpy() == bought.customer_id.to_numpy()).all()
    assert (head.created.dt.normalize().to_numpy() == bought.ended.to_numpy()).all()
    money = paid.groupby("order_id").paid_amount.sum().loc[bought.order_id]
    assert bought.value.to_numpy() == pytest.approx(money.to_numpy(), abs=0.005)
    assert (frame[~frame.converted].value == 0).all()
    last = bought.path.fillna("none").str.split(" > ").str[-1].to_numpy()
    assert (head.source[last == "live"] == "live").all() and (head.source[last == "social"] == "social").all()
    sessions = [tables[name].set_index("session_id").source for name in ("viewer_sessions", "shelf_sessions")]
    came = pd.concat(sessions).loc[head.session_id[last == "paid"].astype(int)]
    assert (came == "paid").all()


def test_a_small_world_keeps_all_journeys_and_leaves_some_without_an_order(simulated):
    tables = simulated(seed=1, rooms=8, size=0.3)
    frame = tables["journeys"]
    paid = tables["orders"].dropna(subset=["paid"]).order_id.nunique()
    bought = frame[frame.converted]
    assert len(frame) == 100_000 and 0 < bought.order_id.notna().sum() <= paid
    assert bought.order_id.dropna().is_unique and bought.value.isna().sum() == bought.order_id.isna().sum()


def test_paths_name_each_kind_once_and_never_the_withheld_one(seasons_of_journeys):
    for frame, _ in seasons_of_journeys:
        touches = frame.path.dropna().str.split(" > ")
        assert touches.map(lambda path: len(path) == len(set(path)) and set(path) <= set(KINDS)).all()
        for kind in KINDS:
            assert not _touched(frame[frame.withheld == kind])[kind].any()
        assert frame.withheld.value_counts(normalize=True).to_numpy() == pytest.approx(0.2, abs=0.006)


def test_the_truths_are_those_of_the_specification(seasons_of_journeys):
    for _, truth in seasons_of_journeys:
        assert list(truth["journeys.incremental"].values()) == pytest.approx([0.342, 0.283, 0.070, 0.019], abs=0.005)
        assert list(truth["journeys.causal_shapley"].values()) == pytest.approx([0.250, 0.195, 0.049, 0.015], abs=0.005)
        assert truth["journeys.anyway"] == pytest.approx(0.492, abs=0.005)
        assert truth["journeys.synergy"] == pytest.approx(0.158, abs=0.005)
        shared = sum(truth["journeys.causal_shapley"].values()) + truth["journeys.anyway"]
        assert shared == pytest.approx(1, abs=0.001)


def test_the_coin_shows_what_touches_bring(seasons_of_journeys):
    """Averaged over four draws: the error of the mean is about .018."""
    found = []
    for frame, _ in seasons_of_journeys:
        rate = frame.groupby("withheld").converted.mean()
        found.append([1 - rate[kind] / rate["none"] for kind in KINDS])
    truth = seasons_of_journeys[0][1]["journeys.incremental"]
    assert np.mean(found, axis=0) == pytest.approx(list(truth.values()), abs=0.045)


def test_the_last_touch_flatters_search_and_hides_social(seasons_of_journeys):
    last, conversion, both = [], [], []
    for frame, _ in seasons_of_journeys:
        free = frame[frame.withheld == "none"]
        bought = free[free.converted]
        last.append(bought.path.dropna().str.split(" > ").str[-1].value_counts(normalize=True)[KINDS])
        conversion.append(free.converted.mean())
        touched = _touched(bought)
        both.append([touched.live.mean(), touched.social.mean(), (touched.live & touched.social).mean()])
        assert bought.path.isna().mean() == pytest.approx(0.12, abs=0.035)
    assert np.mean(last, axis=0) == pytest.approx([0.27, 0.26, 0.36, 0.12], abs=0.015)
    assert np.mean(conversion) == pytest.approx(0.06, abs=0.002)
    assert np.mean(both, axis=0) == pytest.approx([0.57, 0.56, 0.35], abs=0.02)


def test_live_and_social_grow_together(seasons_of_journeys):
    """The share of orders with both touches rises over the season: the fusion index."""
    frame = pd.concat([frame for frame, _ in seasons_of_journeys], ignore_index=True)
    bought = frame[frame.converted & (frame.withheld == "none")]
    touched = _touched(bought)
    both, week = touched.live & touched.social, (bought.ended - pd.Timestamp("2025-03-03")).dt.days // 7
    assert both[week >= 18].mean() > both[week < 8].mean() + 0.04
    assert touched.social[week >= 18].mean() > touched.social[week < 8].mean() + 0.06
