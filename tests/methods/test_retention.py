"""Staying: episodes, hazards, the prompt trial, and comparisons that fool."""

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from liveshop.methods import retention


def watched(seed, entries=12_000, rooms_=30, length=3600, prompt=0.6, stall=2.0):
    """Entries whose leaving hazard falls for two minutes after a spoken prompt and rises with stutter."""
    rng = np.random.default_rng(seed)
    table = []
    factor = np.ones((rooms_, length))
    for room in range(rooms_):
        at = np.arange(120, length - 200, 300) + rng.integers(-30, 30)
        spoken = rng.random(len(at)) < 0.5
        table.append(pd.DataFrame({"stream_id": f"S{room}", "at_second": at, "spoken": spoken, "randomised": True}))
        for second in at[spoken]:
            factor[room, second:second + 120] *= prompt
    stalled = rng.random((rooms_, length // 60)) < 0.05
    factor *= np.repeat(np.where(stalled, stall, 1.0), 60, axis=1)
    total = np.cumsum(factor, axis=1)
    room, entered = rng.integers(0, rooms_, entries), rng.integers(0, length - 60, entries)
    target = total[room, entered] + rng.exponential(240, entries)
    gone = np.array([np.searchsorted(total[r], t) for r, t in zip(room, target, strict=True)])
    sessions = pd.DataFrame(
        {
            "session_id": np.arange(entries),
            "stream_id": [f"S{r}" for r in room],
            "entered_second": entered,
            "watch_seconds": np.minimum(gone, length) - entered,
            "stayed_to_end": gone >= length,
            "source": rng.choice(["feed", "paid"], entries),
        }
    )
    minutes = pd.DataFrame(
        {
            "stream_id": np.repeat([f"S{r}" for r in range(rooms_)], length // 60),
            "minute": np.tile(np.arange(length // 60), rooms_),
            "stutter_seconds": 300.0 * stalled.ravel(),
            "watch_seconds": 300.0,
        }
    )
    return sessions[sessions["watch_seconds"] > 0].reset_index(drop=True), pd.concat(table, ignore_index=True), minutes


def test_episodes_keep_every_second_and_every_leaver():
    sessions, prompts, minutes = watched(0, entries=2000)
    rows = retention.episodes(sessions, prompts, minutes, keep=["source"])
    assert (rows["stop"] - rows["start"]).sum() == pytest.approx(sessions["watch_seconds"].sum() / 60)
    assert rows["left"].sum() == (~sessions["stayed_to_end"]).sum()
    assert rows.groupby("session_id")["left"].sum().max() == 1
    assert ((rows["stop"] - rows["start"]) <= 1 + 1e-9).all()
    cut = retention.episodes(sessions, longest=2)
    assert (
        cut["stop"].max() <= 2
        and cut["left"].sum() == ((sessions["watch_seconds"] <= 120) & ~sessions["stayed_to_end"]).sum()
    )


def test_hazard_model_recovers_stutter_and_agrees_with_cox():
    sessions, prompts, minutes = watched(1)
    rows = retention.episodes(sessions, prompts, minutes)
    rows["prompted"] = rows["since_prompt"] < 1
    ours = retention.leaving_hazard(rows, ["stutter", "prompted"])
    assert ours.loc["stutter", "low"] < 2.0 < ours.loc["stutter", "high"]
    assert ours.loc["prompted", "hazard_ratio"] < 0.75
    some = rows[rows["session_id"] < 3000]
    other = retention.cox(some, ["stutter"])
    mine = retention.leaving_hazard(some, ["stutter"])
    assert (
        abs(mine.loc["stutter", "log_ratio"] - other.loc["stutter", "log_ratio"])
        < 1.5 * other.loc["stutter", "standard_error"]
    )


def test_hazard_model_is_statsmodels_poisson_regression():
    import statsmodels.api as sm

    sessions, prompts, minutes = watched(2, entries=3000)
    rows = retention.episodes(sessions, prompts, minutes)
    band = pd.get_dummies(np.digitize(rows["start"], retention.BASELINE_EDGES), dtype=float)
    x = np.column_stack([rows["stutter"], band])
    reference = sm.GLM(
        rows["left"].astype(float),
        x,
        family=sm.families.Poisson(),
        exposure=(rows["stop"] - rows["start"]).to_numpy(),
    ).fit()
    assert retention.leaving_hazard(rows, ["stutter"]).loc["stutter", "log_ratio"] == pytest.approx(
        reference.params.iloc[0], abs=1e-6
    )


def _scaled(scale, coefficient, entries=20_000, seed=0):
    rng = np.random.default_rng(seed)
    x = rng.random(entries) * scale
    stop = np.ceil(60 * rng.exponential(1 / (0.3 * np.exp(coefficient * x)))) / 60
    return pd.DataFrame({"session_id": range(entries), "stream_id": rng.integers(0, 20, entries), "start": 0.0,
                         "stop": np.minimum(stop, 10.0), "left": stop < 10, "x": x})


@pytest.mark.parametrize("scale, coefficient", [(0.0004, 500.0), (0.0004, 5000.0), (1e6, 1e-6), (1.0, 1.0)])
def test_hazard_model_takes_covariates_of_any_scale(scale, coefficient):
    """Nothing is rounded: a share of at most 0.0004 has its ratio, and a log ratio of 5,000 per unit is reached."""
    rows = _scaled(scale, coefficient)
    found = retention.leaving_hazard(rows, ["x"]).loc["x"]
    assert abs(found["log_ratio"] - coefficient) < 4 * found["standard_error"] < 0.2 * coefficient * 4
    one = retention.leaving_hazard(rows.assign(x=rows["x"] / scale), "x").loc["x"]
    assert found["log_ratio"] * scale == pytest.approx(one["log_ratio"], rel=1e-6)


def test_hazard_model_says_what_it_cannot_fit():
    rows = _scaled(1.0, 1.0, entries=2000).assign(on=lambda d: d["x"] > 0.9, twice=lambda d: 2 * d["x"] + 1, one=1.0)
    with pytest.raises(ValueError, match="No finite hazard ratio"):
        retention.leaving_hazard(rows.assign(left=rows["left"] & ~rows["on"]), ["on"])
    with pytest.raises(ValueError, match="one to one with each other"):
        retention.leaving_hazard(rows, ["x", "twice"])
    with pytest.raises(ValueError, match="one is the same in every row"):
        retention.leaving_hazard(rows, ["x", "one"])
    with pytest.raises(ValueError, match="Nobody left"):
        retention.leaving_hazard(rows.assign(left=False), ["x"])
    with pytest.raises(ValueError, match="x has empty values"):
        retention.leaving_hazard(rows.assign(x=np.inf), ["x"])


def heart():
    """The transplants of references/cox.R as stays: half a day is a second."""
    table = pd.read_csv(Path(__file__).parent / "references" / "cox.csv")
    return table.assign(session_id=table["id"], left=table["event"] == 1, start=table["start"] / 30,
                        stop=table["stop"] / 30)


def test_cox_is_that_of_r_and_takes_a_slip_of_a_float_for_a_tie():
    """references/cox.R: coxph of R's survival. (statsmodels' PHReg counts who enters at an event as present at it.)"""
    table = heart()
    found = retention.cox(table, ["age", "transplant"])
    for name, row in found.iterrows():
        known = table[[f"{name}_coef", f"{name}_se"]].iloc[0]
        assert tuple(row[["log_ratio", "standard_error"]]) == pytest.approx(tuple(known), rel=1e-5)
    slipped = table.assign(stop=np.where(table["id"] % 2 == 0, np.nextafter(table["stop"], 99), table["stop"]))
    again = retention.cox(slipped, ["age", "transplant"])
    assert again["log_ratio"].to_numpy() == pytest.approx(found["log_ratio"].to_numpy(), rel=1e-9)
    with pytest.raises(ValueError, match="whole seconds"):
        retention.cox(table.assign(stop=table["stop"] + 0.005), ["age"])


def test_prompt_trial_recovers_a_fading_effect():
    within = late = 0
    for seed in range(5):
        sessions, prompts, _ = watched(seed, entries=15_000)
        table = retention.prompt_effect(sessions, prompts, lags=4, draws=200)
        within += ((table["low"][:2] <= 0.6) & (0.6 <= table["high"][:2])).sum()
        late += ((table["low"][2:] <= 1.0) & (1.0 <= table["high"][2:])).sum()
    assert within >= 8 and late >= 8
    with pytest.raises(ValueError, match="coin"):
        retention.prompt_effect(sessions, prompts[prompts["spoken"]])


def test_commenting_that_does_nothing_fools_the_naive_comparison_and_not_the_landmark():
    rng = np.random.default_rng(0)
    stay, comment = rng.exponential(300, 20_000), rng.exponential(900, 20_000)
    did = comment < stay
    sessions = pd.DataFrame({"watch_seconds": stay.round(), "stayed_to_end": False, "comments": did.astype(int),
                             "first_comment_second": np.where(did, comment, np.nan)})
    assert retention.commenters(sessions).attrs["ratio"] > 1.7
    assert retention.commenters(sessions, at_minute=3).attrs["ratio"] == pytest.approx(1.0, abs=0.08)


def test_censored_stays_are_neither_dropped_nor_taken_for_leavers():
    rng = np.random.default_rng(1)
    stay, end = rng.exponential(600, 20_000), rng.uniform(0, 900, 20_000)
    sessions = pd.DataFrame({"watch_seconds": np.minimum(stay, end).astype(int), "stayed_to_end": stay > end})
    true = 10 * math.log(2)
    assert retention.median_minutes(sessions) == pytest.approx(true, rel=0.04)
    assert sessions["watch_seconds"].median() / 60 < 0.75 * true
    assert sessions.loc[~sessions["stayed_to_end"], "watch_seconds"].median() / 60 < 0.6 * true
    assert math.isnan(
        retention.median_minutes(pd.DataFrame({"watch_seconds": [60, 90], "stayed_to_end": [True, True]}))
    )


def test_stay_curve_and_expected_minutes():
    hazard = np.full(60, 0.2)
    assert retention.stay_curve(hazard)[10] == pytest.approx(math.exp(-2))
    assert retention.expected_minutes(hazard) == pytest.approx(5.0, rel=0.01)
    assert retention.expected_minutes(hazard, 0.5) == pytest.approx(10.0, rel=0.01)


def test_reply_effect_counts_only_answered_questions():
    sessions = pd.DataFrame({"wait_seconds": [5, 8, 50, 55, np.nan], "orders": [1, 0, 0, 0, 1]})
    table = retention.reply_effect(sessions)
    assert table["entries"].sum() == 4 and table["conversion"].iloc[0] == 0.5 and table["conversion"].iloc[-1] == 0.0


def patients():
    """Remission times of references/log_rank.R, as stays."""
    table = pd.read_csv(Path(__file__).parent / "references" / "log_rank.csv")
    return table.assign(watch_seconds=60 * table["time"], stayed_to_end=table["cens"] == 0)


@pytest.mark.parametrize("by, freedom", [("treat", 1), ("third", 2)])
def test_log_rank_is_that_of_r(by, freedom):
    """references/log_rank.R: survdiff of R's survival; by treatment 16.79, p 4.17e-05."""
    table = patients()
    found = retention.log_rank(table, by)
    assert found.freedom == freedom
    assert found.statistic == pytest.approx(table[f"{by}_chisq"].iloc[0], abs=1e-8)
    if by == "treat":
        assert f"{found.statistic:.2f}" == "16.79" and f"{found.pvalue:.2e}" == "4.17e-05"


def test_log_rank_needs_groups_and_leavers():
    with pytest.raises(ValueError, match="two groups of kind"):
        retention.log_rank(patients().assign(kind="all"), "kind")
    with pytest.raises(ValueError, match="someone who left"):
        retention.log_rank(patients().assign(stayed_to_end=True), "treat")
    with pytest.raises(ValueError, match="lack the column source"):
        retention.log_rank(patients(), "source")
