"""Control charts: by hand, run lengths, alarms scored, and what is to be expected."""

import math

import numpy as np
import pandas as pd
import pytest

from liveshop.methods import monitor


def test_ewma_by_hand_and_its_restart():
    chart = monitor.ewma([1.0, 1.0, np.nan, 4.0], lam=0.5, width=3, exact_limits=False)
    assert chart.statistic.tolist() == pytest.approx([0.5, 0.75, 0.75, 2.375])
    assert chart.upper[0] == pytest.approx(3 * math.sqrt(0.5 / 1.5)) and chart.alarm.tolist() == [
        False,
        False,
        False,
        True,
    ]
    again = monitor.ewma([4.0, 0.0, 0.0], lam=0.5, width=3, exact_limits=False, restart=True)
    assert again.alarm.tolist() == [True, False, False] and again.statistic[1] == 0.0
    assert monitor.ewma([10.0, 12.0], 1.0, 3, mean=10, sd=1).statistic.tolist() == [10.0, 12.0]


def test_cusum_by_hand_and_its_restart():
    chart = monitor.cusum([2.0, 2.0, -1.0, -3.0], k=0.5, h=2.9)
    assert chart.statistic.tolist() == [1.5, 3.0, 1.5, 0.0]
    assert chart.low_statistic.tolist() == [0.0, 0.0, -0.5, -3.0]
    assert chart.alarm.tolist() == [False, True, False, True]
    assert monitor.cusum([2.0, 2.0, 2.0], 0.5, 2.9, restart=True).statistic.tolist() == [1.5, 3.0, 1.5]


def test_run_lengths_are_those_of_the_charts_themselves():
    """The integral equations against the charts run on noise."""
    rng = np.random.default_rng(0)
    for chart, exact in [(lambda x: monitor.ewma(x, 0.2, 2.2, exact_limits=False), monitor.ewma_arl(0.2, 2.2, 0.5)),
                         (lambda x: monitor.cusum(x, 0.5, 3), monitor.cusum_arl(0.5, 3, 0.5))]:
        runs = [chart(rng.normal(0.5, 1, 300)).first_alarm + 1 for _ in range(1500)]
        assert np.mean(runs) == pytest.approx(exact, rel=0.08)


def test_alarms_are_scored_by_episode():
    stream = np.array(["A"] * 12 + ["B"] * 6)
    abnormal = np.zeros(18, bool)
    abnormal[4:7] = abnormal[15:17] = True
    alarm = np.zeros(18, bool)
    alarm[[1, 6, 7]] = True                      # a false one, and one that sees A's episode in its third minute
    score = monitor.score_alarms(alarm, abnormal, stream)
    assert (score.episodes, score.detected, score.delays.tolist(), score.false_alarms, score.streams) == (
        2,
        1,
        [2.0],
        1,
        2,
    )
    assert score.false_alarms_per_stream == 0.5 and score.detection_rate == 0.5 and score.mean_delay(missed=10) == 6.0
    alarm[:] = False
    alarm[11:13] = True                          # two broadcasts, hence two alarms, both false
    assert monitor.score_alarms(alarm, abnormal, stream, grace=2).false_alarms == 2


def minutes_of_rooms(seed, streams=30, length=120):
    rng = np.random.default_rng(seed)
    table = pd.DataFrame(
        {
            "stream_id": np.repeat([f"S{i}" for i in range(streams)], length),
            "minute": np.tile(np.arange(length), streams),
        }
    )
    table["online"] = np.repeat(rng.integers(20, 200, streams), length)
    table["role"] = rng.choice(["hero", "profit"], len(table))
    level = np.repeat(rng.lognormal(0, 0.3, streams), length)
    table["clicks"] = rng.poisson(table["online"] * np.where(table["role"] == "hero", 0.15, 0.06) * level)
    return table


def test_residuals_of_normal_minutes_are_calm_and_odd_minutes_stand_out():
    past, now = minutes_of_rooms(0), minutes_of_rooms(1)
    curve = monitor.fit_expected(past, "clicks", by="role")
    # The level of a room is not told apart from the rate, so only the ratio of the roles is known.
    assert curve.rates["hero"] / curve.rates["profit"] == pytest.approx(2.5, rel=0.05)
    calm = curve.residuals(now)[now["minute"] > 20]
    assert abs(calm.mean()) < 0.1 and calm.std() == pytest.approx(1.0, abs=0.12)
    odd = now["stream_id"].eq("S3") & now["minute"].between(60, 66)
    hit = curve.residuals(now.assign(clicks=now["clicks"].where(~odd, 0)))[odd]
    assert hit.mean() < -1.5


def test_expected_curve_does_not_look_ahead():
    now = minutes_of_rooms(2)
    curve = monitor.fit_expected(minutes_of_rooms(0), "clicks", by="role")
    changed = now.assign(clicks=now["clicks"].where(now["minute"] <= 50, 999))
    until = now["minute"] <= 50
    pd.testing.assert_series_equal(curve.residuals(now)[until], curve.residuals(changed)[until])


NAN = float("nan")


MINUTES = pd.DataFrame({"stream_id": "S1", "clicks": [1, 2, 3], "online": [10, 10, 10]})


@pytest.mark.parametrize("call, words", [
    (lambda: monitor.ewma([1, 2], 0.2, 3, sd=0), "sd above zero"),
    (lambda: monitor.cusum([1, 2], 0.5, 4, sd=-1), "sd above zero"),
    (lambda: monitor.cusum([1, 2], 0.5, NAN), "interval h above zero"),
    (lambda: monitor.ewma_arl(0.2, 7), "too seldom to reckon"),
    (lambda: monitor.cusum_arl(0.5, 50), "too seldom to reckon"),
    (lambda: monitor.ewma_arl(0.2, 3, NAN), "The shift must be one finite number"),
    (lambda: monitor.ewma_width(0.2, 1e12), "at most 100 million"),
    (lambda: monitor.score_alarms([1, 0], [1], ["a", "a"]), "one entry a minute; they have 2, 1 and 2"),
    (lambda: monitor.fit_expected(MINUTES.iloc[:0], "clicks"), "is empty"),
    (lambda: monitor.fit_expected(MINUTES.assign(clicks=-1), "clicks"), "clicks must hold a count"),
    (lambda: monitor.fit_expected(MINUTES, "clicks", memory=0), "memory .minutes. must be above zero"),
])
def test_a_number_that_would_be_nonsense_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_run_lengths_hold_for_slow_and_wide_charts():
    """Slow averages need a finer grid; the run length of a random walk between two walls is known."""
    assert monitor.ewma_arl(0.001, 3) == pytest.approx(45602, rel=1e-4)
    assert monitor.ewma_width(0.01, monitor.ewma_arl(0.01, 5.0)) == pytest.approx(5.0, abs=1e-6)
    assert monitor.cusum_arl(0.5, 12, 3.0) == pytest.approx(12 / 2.5, abs=1.0)
    # Siegmund's approximation, two-sided: exp(h + 1.166) − (h + 1.166) − 1.
    assert monitor.cusum_arl(0.5, 15) == pytest.approx(np.exp(16.166) - 16.166 - 1, rel=0.01)
