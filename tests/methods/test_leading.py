"""Leading indicators: Box and Jenkins's series, planted leads, and limits judged on unseen days."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from liveshop.methods import leading
from printed import printed
from real_data import real_file


def series_m():
    data = pd.read_csv(real_file("bj_sales_lead.csv"))
    return data["lead"], data["sales"]


def test_the_leader_of_box_and_jenkins():
    """Series M: ma −.4475 (error .0635), variance .07982; lags 0 … 4: .062 .079 .017 .675 .451, band .161."""
    found = leading.prewhitened(*series_m())
    assert printed(found.coefficients["ma.L1"], 4) == -.4475 and printed(found.errors["ma.L1"], 4) == .0635
    assert printed(found.variance, 5) == .07982 and printed(found.band, 3) == .161
    assert [printed(value, 3) for value in found.table["correlation"].head(5)] == [.062, .079, .017, .675, .451]
    assert found.lag == 3


def test_prewhitening_against_another_package():
    """references/leading.R: R's arima, filter and ccf."""
    reference = pd.read_csv(Path(__file__).parent / "references" / "leading.csv").set_index("lag").sort_index()
    found = leading.prewhitened(*series_m())
    assert found.table["correlation"].tolist() == pytest.approx(reference["correlation"].tolist(), abs=1e-5)
    assert found.coefficients["ma.L1"] == pytest.approx(reference["ma"].iloc[0], abs=2e-5)


def test_raw_levels_go_together_at_every_lag():
    found = leading.cross_correlation(*series_m(), 4)
    assert (found.table["correlation"] > .92).all() and found.lag != 3
    lead, sales = (series.to_numpy() for series in series_m())
    pairs = [np.corrcoef(lead[:len(lead) - lag], sales[lag:])[0, 1] for lag in range(10)]
    assert int(np.argmax(pairs)) == 4 and min(pairs) > .95 and printed(max(pairs), 2) == .98


DAYS = 2000


def days(seed, lead=12, phi=.8, strength=1.1, rate=9.5):
    """Events first; the indicator is laid over them, ``lead`` days before; and one that only echoes."""
    rng = np.random.default_rng(seed)
    events = rng.poisson(rate / 365, DAYS)
    state = np.zeros(DAYS)
    for day in range(1, DAYS):
        state[day] = phi * state[day - 1] + np.sqrt(1 - phi**2) * rng.normal()
    place = np.arange(DAYS)
    for at in np.repeat(place, events):
        state += strength * phi ** np.abs(place - (at - lead))
    week = .4 * np.sin(2 * np.pi * place / 7)
    echo = np.convolve(events, np.exp(-np.arange(8) / 2.5))[:DAYS] + .4 * rng.normal(size=DAYS)
    return state + week + .5 * rng.normal(size=DAYS), echo, events


def test_a_planted_lead_is_found_and_an_echo_is_not_taken_for_one():
    covered = fooled = leads = 0
    for seed in range(8):
        indicator, echo, events = days(seed)
        found = leading.lead_time(indicator, events)
        covered, leads = covered + (found.low <= 12 <= found.high), leads + found.leads
        fooled += leading.same_day({"supplier": indicator, "refunds": echo}, events).index[0] == "refunds"
        assert not leading.lead_time(echo, events).leads
    assert covered >= 7 and leads == 8 and fooled == 8


def test_a_weekday_without_events_does_not_pull_the_ratio():
    """Nothing begins on Sundays. Ratio at lag 12 by Newton's own steps on the six other days."""
    indicator, _, events = days(3, rate=20)
    events[np.arange(DAYS) % 7 == 6] = 0
    place = np.arange(30, DAYS)
    place = place[place % 7 != 6]
    x = (indicator - indicator.mean()) / indicator.std()
    design, y = np.column_stack([np.eye(6)[place % 7], x[place - 12]]), events[place]
    beta = np.r_[np.full(6, np.log(y.mean())), 0.0]
    for _ in range(30):
        mean = np.exp(design @ beta)
        beta += np.linalg.solve(design.T @ (design * mean[:, None]), design.T @ (y - mean))
    found = leading.lead_time(indicator, events)
    assert found.profile.ratio[12] == pytest.approx(np.exp(beta[-1]), rel=1e-5)
    assert found.low <= 12 <= found.high


def test_an_alarm_in_money_by_hand():
    """Acts on days 0 and 20 (the one on day 5 is held); events on 4 (warned), 10 (too) and 50 (not)."""
    alarm, events = np.zeros(60), np.zeros(60)
    alarm[[0, 5, 20]], events[[4, 10, 50]] = 1, 1
    found = leading.alarm_value(alarm, events, 27_000, 8_000)
    assert (found.alarms, found.warned, found.events, found.false) == (2, 2, 3, 1)
    assert found.value == 2 * 27_000 - 2 * 8_000
    assert dict(enumerate(found.by_day[found.by_day != 0])) == {0: -8_000, 1: 27_000, 2: 27_000, 3: -8_000}
    assert np.flatnonzero(found.by_day).tolist() == [0, 4, 10, 20]
    assert leading.alarm_value(np.zeros(60), events, 27_000, 8_000).value == 0


def test_a_tuned_limit_brings_less_on_unseen_days():
    tuned, unseen, usual = [], [], []
    for seed in range(8):
        indicator, _, events = days(seed)
        table = leading.tune_limit(indicator, events, 1200, 27_000, 8_000)
        tuned.append(table["tuned"].iloc[0])
        unseen.append(table["unseen"].iloc[0])
        usual.append(table.query("lam == .2 and limit == 3")["unseen"].iloc[0])
    assert np.mean(tuned) > np.mean(unseen) > np.mean(usual)


def test_no_score_of_a_day_changes_when_later_days_are_added():
    indicator, _, events = days(1)
    early = leading.smoothed(indicator[:1500], .4, 1200)
    assert leading.smoothed(np.r_[indicator[:1500], 1e6, indicator[1501:]], .4, 1200)[:1500].tolist() == early.tolist()
    first = leading.alarm_value(early > 1, events[:1500], 27_000, 8_000)
    assert first == leading.alarm_value(leading.smoothed(indicator, .4, 1200)[:1500] > 1, events[:1500], 27_000, 8_000)


SHORT = np.arange(30.0)


@pytest.mark.parametrize("call, words", [
    (lambda: leading.cross_correlation(SHORT, SHORT[1:]), "equally long"),
    (lambda: leading.cross_correlation(SHORT, SHORT, 15), "too few for 15 lags"),
    (lambda: leading.cross_correlation(SHORT * 0, SHORT, 3), "never changes"),
    (lambda: leading.prewhitened(SHORT[:10], SHORT[:10]), "too few to whiten"),
    (lambda: leading.lead_time(SHORT, SHORT), "too few for a lag of 30"),
    (lambda: leading.lead_time(np.arange(200), np.zeros(200)), "five events"),
    (lambda: leading.lead_time(np.arange(200), np.r_[np.ones(199), np.nan]), "none missing"),
    (lambda: leading.smoothed(SHORT, 2, 20), "above 0 and up to 1"),
    (lambda: leading.smoothed(SHORT * 0, .2, 20), "never changes"),
    (lambda: leading.alarm_value(SHORT, SHORT, -1, 1), "not be negative"),
    (lambda: leading.alarm_value(SHORT, SHORT, 1, 1, (20, 3)), "in this order"),
    (lambda: leading.tune_limit(SHORT, SHORT, 28, 1, 1), "No days are left"),
    (lambda: leading.same_day({"a": SHORT}, SHORT[1:]), "equally long"),
])
def test_what_leads_nowhere_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()
