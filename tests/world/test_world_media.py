"""Paid media by city and week, and the trial over cities: the planted curves and effects are in the tables."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from liveshop.world.business import media
from liveshop.world.business.ground import CITIES, CITY_SIZE
from liveshop.world.parameters import Parameters

SEEDS = range(301, 309)


@pytest.fixture(scope="module")
def truth():
    return {name: fact["value"] for name, fact in media.truths(Parameters()).items()}


@pytest.fixture(scope="module")
def histories():
    return [media.history(Parameters(), seed) for seed in SEEDS]


def _wide(frame, column):
    return frame.pivot(index="city", columns="week", values=column).to_numpy(dtype=float)


def _within(values):
    """Less the means of cities and of weeks."""
    return values - values.mean(axis=-1, keepdims=True) - values.mean(axis=-2, keepdims=True) + values.mean()


def _slopes(frame, columns):
    """Least squares of log visits within cities and weeks, on columns of shape (cities, weeks)."""
    design = np.column_stack([_within(column)[:, 6:].ravel() for column in columns])
    return np.linalg.lstsq(design, _within(np.log(_wide(frame, "visits")))[:, 6:].ravel(), rcond=None)[0]


def test_history_has_every_city_and_week_of_the_two_years(histories):
    for frame in histories:
        assert len(frame) == 20 * 104 and not frame.duplicated(["city", "week"]).any()
        assert frame.week.min() == pd.Timestamp("2023-03-06") and frame.week.max() == pd.Timestamp("2025-02-24")
        assert frame.groupby("week").is_festival.nunique().eq(1).all()
        assert frame[frame.city == "A"].is_festival.sum() == 20
        a_mean_city = frame.groupby("city").visits.mean() / CITY_SIZE
        assert 1000 < a_mean_city.mean() < 1700  # festivals and growth on top of the thousand
        assert frame.orders.sum() / frame.visits.sum() == pytest.approx(0.034, rel=0.03)
        assert frame.net_sales.sum() / frame.orders.sum() == pytest.approx(158, rel=0.01)


def test_deliberate_levels_are_booked_for_four_weeks_and_some_are_zero(histories):
    spend = np.stack([_wide(frame, "spend_feed") for frame in histories])
    blocks = spend.reshape(len(histories), 20, 26, 4)
    constant = (blocks == blocks[..., :1]).all(axis=-1)
    assert constant.mean() == pytest.approx(0.6, abs=0.03)
    assert (blocks[constant] == 0).all(axis=-1).mean() == pytest.approx(0.08, abs=0.02)


def test_the_curves_are_in_the_visits(histories, truth):
    """With half levels and carry-over known, least squares finds the effects and the marginal returns."""
    found = []
    for frame in histories:
        columns = []
        for kind in media.KINDS:
            curve = truth["media.response"][kind]
            units = _wide(frame, f"spend_{kind}") / (3.5 * CITY_SIZE[:, None])
            columns.append(media.response(1, curve["half"], media.levels(units, curve["carry_over"])))
        found.append(_slopes(frame, columns))
    for kind, value in zip(media.KINDS, np.mean(found, axis=0), strict=True):
        assert value == pytest.approx(truth["media.response"][kind]["effect"], rel=0.04), kind


def test_what_the_specification_says_of_the_curves(truth):
    marginal, average = truth["media.marginal"], truth["media.average"]
    assert [round(1000 * marginal[kind], 2) for kind in media.KINDS] == [1.03, 2.31, 1.90, 3.21]
    assert [round(1000 * average[kind], 2) for kind in media.KINDS] == [2.39, 5.00, 2.19, 3.61]
    assert max(average, key=average.get) == "search" and max(marginal, key=marginal.get) == "content"
    assert [round(x) for x in truth["media.best_split"].values()] == [78, 34, 46, 66]
    assert truth["media.gain_of_best_split"] == pytest.approx(0.055, abs=0.001)
    assert truth["media.elasticity_of_total"] == pytest.approx(0.35, abs=0.005)


def test_the_naive_answers_are_wrong_as_said(histories, truth):
    elasticity, feed = [], []
    for frame in histories:
        weekly = frame.groupby("week").sum(numeric_only=True)
        total = weekly[[f"spend_{kind}" for kind in media.KINDS]].sum(axis=1)
        elasticity.append(np.polyfit(np.log(total), np.log(weekly.net_sales), 1)[0])
        feed.append(weekly.claimed_search.sum() / weekly.orders.sum())
    assert 0.75 < np.mean(elasticity) < 1.05 and min(elasticity) > 1.5 * truth["media.elasticity_of_total"]
    assert 0.3 < np.mean(feed) < 0.36  # search claims most orders of all


def test_every_city_has_every_cell_once_after_a_block_without():
    for seed in SEEDS:
        frame = media.geo_tests(Parameters(), seed)
        assert len(frame) == 400 and not frame.duplicated(["city", "week"]).any()
        assert (frame.cell[frame.block == 0] == "none").all()
        later = frame[frame.block > 0].groupby(["city", "cell"])
        later = later.agg(weeks=("week", "size"), blocks=("block", "nunique"))
        assert len(later) == 80 and (later.weeks == 4).all() and (later.blocks == 1).all()
        in_groups = frame[frame.block > 0].assign(group=frame.city.map(CITIES.index) // 4)
        assert (in_groups.groupby(["group", "block"]).cell.nunique() == 4).all()
        assert frame.week.max() < media.FIRST_WEEK


def test_the_effects_of_the_trial_are_in_the_orders(truth):
    """Live, social and what both add, without the first weeks of blocks; with them all three are smaller."""
    planted, found, with_first = list(truth["geo.log_effects"].values()), [], []
    for seed in range(301, 341):
        frame = media.geo_tests(Parameters(), seed)
        live, social = (frame.cell.isin([kind, "both"]).to_numpy().reshape(20, 20) for kind in ("live", "social"))
        log_orders = np.log(frame.orders.to_numpy().reshape(20, 20))
        for keep, results in (([w for w in range(20) if w % 4], found), (list(range(20)), with_first)):
            design = np.column_stack([_within(x[:, keep].astype(float)).ravel() for x in (live, social, live & social)])
            results.append(np.linalg.lstsq(design, _within(log_orders[:, keep]).ravel(), rcond=None)[0])
    assert np.mean(found, axis=0) == pytest.approx(planted, abs=0.015)
    assert (np.mean(with_first, axis=0) < np.mean(found, axis=0)).all()
    assert np.mean(with_first, axis=0) / planted == pytest.approx(0.93, abs=0.05)
    assert np.mean(np.array(found)[:, 2] > 0) == 1
