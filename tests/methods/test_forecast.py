"""Forecasts: published errors, intervals that hold what they promise, and nothing seen of the future."""

import numpy as np
import pandas as pd
import pytest

from liveshop.methods import forecast
from printed import printed
from real_data import real_file


def test_drift_of_a_share_price():
    """goog200 in Hyndman and Athanasopoulos: one step, rolling origin, RMSE 6.233245; of the residuals 6.168928."""
    price = pd.read_csv(real_file("goog200.csv"))["value"]
    assert printed(forecast.accuracy(forecast.rolling_origin(price, forecast.drift, 2))["rmse"], 6) == 6.233245
    steps = np.diff(price)
    assert printed(np.sqrt(((steps - steps.mean()) ** 2).mean()), 6) == 6.168928


@pytest.mark.parametrize("method, errors", [
    ("naive", {"rmse": 62.69, "mae": 57.40, "mape": .1418, "mase": 4.01}),
    ("seasonal", {"rmse": 14.31, "mae": 13.40, "mape": .0317, "mase": .94})])
def test_beer_of_ten_quarters(method, errors):
    """Hyndman and Athanasopoulos, Forecasting (2nd edition), section 3.4: quarters from 1992, 2008 on to be told."""
    beer = pd.read_csv(real_file("ausbeer.csv")).query("time >= 1992")
    past, later = beer.query("time < 2008")["value"].to_numpy(), beer.query("time >= 2008")["value"].to_numpy()
    told = forecast.naive(past, 10) if method == "naive" else forecast.seasonal_naive(past, 10, 4)
    found = forecast.accuracy(told.assign(actual=later), past, 4)
    assert {name: printed(found[name], 4 if name == "mape" else 2) for name in errors} == errors


WEEKS, SPAN = 130, 52.18


def weekly(seed):
    rng = np.random.default_rng(seed)
    t, events = np.arange(WEEKS), np.zeros(WEEKS)
    for year in (0, 52, 104):
        events[year + 12:year + 16], events[year + 34:year + 37] = .45, .55
    rest = np.zeros(WEEKS)
    for week in range(1, WEEKS):
        rest[week] = .6 * rest[week - 1] + .05 * rng.normal()
    log = 9 + .003 * t + .12 * np.cos(2 * np.pi * t / SPAN) + events + rest + .03 * rng.normal(size=WEEKS)
    return np.exp(log), events


def test_a_calendar_beats_last_year_and_its_interval_holds():
    mape, covered = [], []
    for seed in range(6):
        sales, events = weekly(seed)
        ways = {"calendar": lambda past, ahead, events=events: forecast.calendar(past, ahead, events, SPAN),
                "last year": lambda past, ahead: forecast.seasonal_naive(past, ahead, 52)}
        found = {name: forecast.accuracy(forecast.rolling_origin(sales, way, 91, 4, 3)) for name, way in ways.items()}
        mape.append([found[name]["mape"] for name in ways])
        covered.append(found["calendar"]["coverage"])
    assert np.mean(mape, axis=0)[0] < .07 < .12 < np.mean(mape, axis=0)[1]
    assert np.mean(covered) == pytest.approx(.95, abs=.04)


@pytest.mark.parametrize("way", [
    forecast.naive, forecast.drift, lambda past, ahead: forecast.seasonal_naive(past, ahead, 4),
    lambda past, ahead: forecast.grown(past, ahead, 4), lambda past, ahead: forecast.smoothing(past, ahead, 4),
    lambda past, ahead: forecast.calendar(past, ahead, weekly(1)[1], SPAN)])
def test_no_forecast_changes_when_later_weeks_are_added(way):
    sales = weekly(1)[0]
    short = forecast.rolling_origin(sales[:70], way, 60, 3, 5)
    whole = forecast.rolling_origin(np.r_[sales[:70], 1e6, 1e6, sales[72:90]], way, 60, 3, 5)
    same = short[short["origin"] + short["ahead"] <= 70]
    pd.testing.assert_frame_equal(same, whole.iloc[:len(same)])


def test_intervals_of_a_random_walk():
    rng = np.random.default_rng(3)
    covered = [forecast.accuracy(forecast.naive(walk[:60], 8).assign(actual=walk[60:]))["coverage"]
               for walk in rng.normal(size=(300, 68)).cumsum(axis=1)]
    assert np.mean(covered) == pytest.approx(.95, abs=.02)


def test_smoothing_follows_a_season():
    t = np.arange(60)
    sales = np.exp(5 + .01 * t + .3 * np.sin(2 * np.pi * t / 6) + .02 * np.random.default_rng(0).normal(size=60))
    told = forecast.smoothing(sales[:48], 12, 6)
    assert forecast.accuracy(told.assign(actual=sales[48:]))["mape"] < .08
    assert (told["low"] < told["mean"]).all() and (told["mean"] < told["high"]).all()


def test_an_event_not_seen_yet_is_left_out():
    sales, _ = weekly(0)
    coming = np.r_[np.zeros(20), 1, 1]
    assert forecast.calendar(sales[:20], 2, coming)["mean"].tolist() == pytest.approx(
        forecast.calendar(sales[:20], 2)["mean"].tolist())


@pytest.mark.parametrize("call, words", [
    (lambda: forecast.naive([1, np.nan, 3], 1), "none missing"),
    (lambda: forecast.naive([1, 2, 3], 0), "whole number, 1 or more"),
    (lambda: forecast.naive([1, 2, 3], 1, 95), "share between 0 and 1"),
    (lambda: forecast.seasonal_naive([1, 2, 3], 1, 4), "must hold 5 values or more"),
    (lambda: forecast.grown(np.ones(15), 1, 4), "must hold 16 values or more"),
    (lambda: forecast.grown(np.ones(20), 5, 4), "tell 4 steps at most"),
    (lambda: forecast.grown(np.arange(20), 1, 4), "all values must be above zero"),
    (lambda: forecast.calendar(np.ones(20), 4, np.zeros(20)), "24 rows are needed"),
    (lambda: forecast.calendar(np.zeros(20), 4), "above zero"),
    (lambda: forecast.calendar(np.ones(10), 4, period=5, waves=3), "too few for 8 terms"),
    (lambda: forecast.rolling_origin([1, 2, 3], forecast.naive, 3), "Nothing is left"),
    (lambda: forecast.accuracy(pd.DataFrame({"mean": [1]})), "lacks the column actual"),
    (lambda: forecast.accuracy(pd.DataFrame({"mean": [1], "actual": [1]}), [1, 2], 2), "longer than a season"),
])
def test_what_cannot_be_told_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_a_history_that_never_changed_scales_nothing():
    judged = pd.DataFrame({"mean": [1.0], "actual": [2.0]})
    assert np.isnan(forecast.accuracy(judged, [5, 5, 5])["mase"])
