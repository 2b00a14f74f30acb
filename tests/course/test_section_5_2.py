"""Section 5.2 against the truth: hosts' skill over twenty simulated seasons, and where the scorecard fails."""

import pandas as pd
import pytest

from common import own_tables
from liveshop import load, methods
from liveshop.course.chapter_5 import samples

OLD, NEW = "hosts.skill of established", "hosts.skill of newcomers"


def test_intervals_hold_the_truth_of_established_hosts_nine_times_in_ten(recovered):
    """Against the mean of the established: the newcomers' climb would shift everybody."""
    old = recovered.loc[OLD, "shrunk"]
    assert len(old) == 20 * 11 and 0.87 <= old.covers.mean() <= 0.935


def test_equal_conditions_help_everybody_and_shrinkage_those_of_whom_little_was_seen(recovered):
    def error(group, way):
        return (recovered.loc[group, way].bias ** 2).mean()

    assert error(OLD, "adjusted") < 0.5 * error(OLD, "raw")
    assert error(NEW, "shrunk") < 0.7 * error(NEW, "adjusted")


def test_the_fair_list_beats_the_money_list_in_every_season(recovered):
    money, fair = (recovered.loc["hosts.order", method].set_index("seed").estimate
                   for method in ("naive: GMV per hour", "fair"))
    assert (fair > money).mean() >= 0.9
    assert fair.median() > 0.85 > money.median() + 0.2


def test_the_spread_of_talent_is_recovered(recovered):
    talent = recovered.loc["host.skill_spread", "between hosts"]
    assert talent.estimate.mean() == pytest.approx(talent.true.iloc[0], abs=0.06)


def test_it_fails_for_newcomers_who_are_still_climbing(recovered):
    """Their truth is the level after twenty broadcasts; the card sees the first five and says too little."""
    assert recovered.loc[NEW, "adjusted"].bias.mean() < -0.1


def test_single_hosts_are_what_they_are_shown_as():
    """H04 sells least from the same clicks, H05 better than most, H13 had the evening and the money, H12 is the best of
    the three newcomers."""
    tables = load()
    skill = pd.Series(tables.truth["hosts.skill"])
    assert skill.idxmin() == "H04" and skill.rank(ascending=False)["H05"] <= 4
    trials = tables.streams[tables.streams.is_trial]
    evening = trials.slot.str.contains("evening")
    assert evening[trials.host_id == "H13"].all() and not evening[trials.host_id != "H13"].any()
    assert trials.groupby("host_id").gmv.sum().idxmax() == "H13" and skill[trials.host_id.unique()].idxmax() == "H12"


def test_the_fair_card_of_an_export_without_trials_traffic_and_products():
    """Fewer conditions, the same card; nobody is on trial."""
    judged = samples.judged_broadcasts(own_tables(streams=load().streams.drop(columns="is_trial")))
    assert not {"fan_share", "log_price"} & set(judged)
    fair = methods.hosts.scorecard(
        judged, "log_ctor", controls=samples.conditions(judged), weights="evidence", errors="model")
    assert list(samples.established_hosts(judged)) == sorted(fair.index) and (fair.low < fair.high).all()


def test_who_is_established_in_an_export_that_does_not_say_of_every_broadcast():
    """A broadcast that is not called a trial is none; one without a host tells of nobody."""
    judged = pd.DataFrame({"host_id": ["H1", "H2", None, "H3"], "is_trial": [None, True, False, None]})
    assert list(samples.established_hosts(judged)) == ["H1", "H3"]
    assert list(samples.established_hosts(judged.assign(is_trial=None))) == ["H1", "H2", "H3"]


def test_the_number_of_trials_in_the_exercise_holds_in_a_simulation():
    n = methods.hosts.trials_needed(3, 0.25, 0.215)
    enough = methods.hosts.simulate_selection(3, n, 0.25, 0.215, hires=200_000)
    too_few = methods.hosts.simulate_selection(3, n - 1, 0.25, 0.215, hires=200_000)
    assert too_few.probability_best < 0.8 <= enough.probability_best + 0.005


def test_a_roster_of_ones_own_splits_the_broadcasts_between_their_hosts(tmp_path):
    """shifts.csv beside the tables: the second half of each broadcast of H04 was H99's, who sells to nobody."""
    from liveshop.tables import adapt

    course = load()
    minutes, streams = course.stream_minutes, course.streams
    hers = streams[streams.host_id == "H04"]
    half = (hers.stream_seconds // 120).astype(int)
    roster = pd.concat([
        pd.DataFrame({"Room": hers.stream_id, "Anchor": "H04", "In": 0, "Out": half}),
        pd.DataFrame({"Room": hers.stream_id, "Anchor": "H99", "In": half, "Out": 10_000})])
    roster.to_csv(tmp_path / "roster.csv", index=False)
    mapping = {"table": "shifts", "columns": {
        "stream_id": "Room", "host_id": "Anchor", "from_minute": "In", "to_minute": "Out"}}
    adapt(tmp_path / "roster.csv", mapping).to_csv(tmp_path / "shifts.csv", index=False)
    late = minutes.stream_id.isin(hers.stream_id) & (minutes.minute >= minutes.stream_id.map(
        dict(zip(hers.stream_id, half, strict=True))))
    minutes.loc[late, "orders"] = 0
    minutes.to_parquet(tmp_path / "stream-minutes.parquet")
    streams.to_parquet(tmp_path / "streams.parquet")
    own = load(tmp_path, validate=True)
    assert "shifts" in own and "shifts" not in course
    shared = samples.on_air(own).set_index("host_id")
    assert shared.orders["H99"].sum() == 0
    assert shared.stream_seconds[["H04", "H99"]].sum() == pytest.approx(hers.stream_seconds.sum(), rel=0.02)
    judged = samples.judged_broadcasts(own)
    fair = methods.hosts.scorecard(
        judged, "log_ctor", controls=samples.conditions(judged), weights="evidence", errors="model")
    assert len(fair) == 15 and fair.estimate.idxmin() == "H99"
    assert len(samples.on_air(course)) == len(course.streams)
