"""Section 4.4 against the truth: what tests find, what their winners are worth, the careless export, real tests."""

import csv
import os
import shutil
from collections import defaultdict
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from common import ROOT, own_tables
from liveshop import editions
from liveshop.course.chapter_4 import samples
from liveshop.methods import decomposition, experiment
from liveshop.practice.exercise import bound, find
from liveshop.practice.judge import verdict
from liveshop.world.shop import trials
from printed import printed

REAL = os.environ.get("LIVESHOP_REAL_DATA", "")
WINNERS = "experiments.mean_effect_of_winners"


@pytest.fixture(scope="module")
def past(tables):
    return samples.past_tests(tables)


# --- the truth over seasons ----------------------------------------------------------------------

def test_winners_are_told_too_large_in_every_season_and_shrunk_ones_much_less(recovered):
    naive, shrunk = (recovered.loc[(WINNERS, way)] for way in ("naive", "shrunk"))
    assert (naive.bias > 8).all()
    assert shrunk.bias.mean() < 0.5 * naive.bias.mean()


def test_a_strict_limit_does_not_cure_the_size(recovered):
    """The failing case: what the rule for many keeps is told about as badly as all winners."""
    kept, shrunk = (recovered.loc[(WINNERS, way)] for way in ("false discoveries held", "shrunk"))
    assert kept.bias.mean() > 8 and kept.bias.mean() > 1.5 * shrunk.bias.mean() and shrunk.bias.mean() > 0


def test_with_the_faults_known_shrunk_winners_are_about_right(recovered):
    """What shrinking leaves comes from faults that the checks let through."""
    known, shrunk = (recovered.loc[(WINNERS, way)] for way in ("shrunk, faults known", "shrunk"))
    assert abs(known.bias.mean()) < 1.5 < shrunk.bias.mean()


def test_most_broken_splits_are_found_and_not_all(recovered):
    found = recovered.loc[("experiments.broken_split", "sample ratio")]
    assert 2.5 <= found.estimate.mean() < 4 and found.estimate.max() <= 4


def test_what_the_rule_for_many_keeps_has_both_causes_power_and_faults(tables):
    """The failing case, in other seasons: broken splits that were not found, and exaggeration without any fault."""
    faulty, weak, left = 0, [], []
    broken = [f"past-{number + 1:02d}" for number in trials.BROKEN]
    for seed in range(201, 221):
        rows, plans, effects = trials.past(seed, tables.customers, 0.5)
        season = own_tables(experiments=rows.astype({"assigned": "datetime64[s]"}),
                            experiment_plans=pd.DataFrame(plans, columns=trials.PLAN_COLUMNS))
        faults = [f"past-{number + 1:02d}" for number in (*trials.BROKEN, *trials.STOPPED)]
        tests = samples.past_tests(season)
        kept = samples.ladder(tests)["false discoveries held"]
        faulty += kept.index.isin(broken).sum()
        weak += [100 * lift - effects[name] for name, lift in kept.items() if name not in broken]
        tests = tests.drop(index=faults)
        winners = samples.won(tests).index
        left += [100 * samples.shrunk(tests)[name] - effects[name] for name in winners]
    assert len(left) > 20 and abs(np.mean(left)) < 1.5
    assert faulty >= 5 and len(weak) >= 5 and np.mean(weak) > 4


# --- this season ----------------------------------------------------------------------------------

def test_the_four_broken_splits_and_the_three_that_were_stopped(tables, past):
    assert set(past.index[past.broken]) == set(tables.truth["experiments.broken_split"])
    assert set(past.index[past.stopped]) == set(tables.truth["experiments.stopped_early"])


def test_lift_and_split_by_hand(tables, past):
    """Independent of pandas' groups: sums line by line, and the split as a normal deviate squared."""
    sums = defaultdict(lambda: [0, 0.0])
    for name, arm, outcome in tables.experiments[["experiment_id", "arm", "outcome"]].itertuples(index=False):
        sums[name, arm][0] += 1
        sums[name, arm][1] += outcome
    for name in past.index:
        (new, paid_new), (old, paid_old) = sums[name, "new"], sums[name, "old"]
        assert past.lift[name] == pytest.approx(paid_new / new / (paid_old / old) - 1)
        deviate = (new - old) / np.sqrt(new + old)
        assert (abs(deviate) > 3.09) == past.broken[name]          # 0.002, two-sided


def test_winners_step_by_step(tables, past):
    true = pd.Series(tables.truth["experiments.past_effects"])
    steps = samples.ladder(past)
    assert [len(steps[rule]) for rule in ("naive", "sound split", "run to plan")] == [10, 6, 3]
    assert printed(100 * steps["naive"].mean(), 1) == 12.2
    assert printed(100 * true[steps["naive"].index].mean(), 1) == 2.1
    assert abs(steps["shrunk"].mean() - true[steps["shrunk"].index].mean()) < 0.02
    assert (steps["shrunk"] < steps["run to plan"]).all()


def test_no_stopped_test_had_reached_the_boundary(tables, past):
    stops = samples.against_boundary(tables, past)
    assert len(stops) == 3 and (stops.z < stops.limit).all() and (stops.limit > 1.96).all()
    assert (stops.z > 1.96).all()                   # each was significant on the day on which it ended


def test_a_test_day_by_day_ends_where_the_list_has_it(tables, past):
    days = samples.by_day(tables, "past-13")
    assert days.lift.iloc[-1] == pytest.approx(past.lift["past-13"])
    assert days.pvalue.iloc[-1] == pytest.approx(past.pvalue["past-13"]) and days.share.is_monotonic_increasing


def test_looking_costs_what_the_recursion_says():
    """A simulation against Armitage's recursion, and the boundary that keeps 5 %."""
    for looks in (1, 5, 14):
        assert samples.stopping(looks, "plain", 0)[0] == pytest.approx(experiment.peeking_error(looks), abs=0.006)
        assert samples.stopping(looks, "boundary", 0)[0] == pytest.approx(0.05, abs=0.005)
    found, used = samples.stopping(7, "boundary", 1)
    assert found > 0.78 and used < 0.82
    found, _ = samples.stopping(7, "boundary", 1.03**0.5)              # 3 % more units, as the memo plans
    assert found == pytest.approx(0.8, abs=0.005)


def test_all_clicks_rise_while_their_part_inside_the_channels_falls(tables):
    """Why the tree splits within channels; the parts add up to the change."""
    before, now = samples.two_periods(tables)
    parts, was, became = decomposition.lmdi(before, now), samples.totals(before), samples.totals(now)
    assert parts.effects.sum() == pytest.approx(became.GMV - was.GMV)
    assert became["clicks per entry"] > was["clicks per entry"] and parts.effects["clicks per entry"] < 0
    alike = samples.like_for_like(before, now)
    assert alike["clicks per entry"] < was["clicks per entry"]          # as its part of the change
    last = tables.streams[tables.streams.started >= tables.streams.started.max().normalize() - pd.Timedelta(days=27)]
    assert became.GMV == pytest.approx(last.gmv.sum())


def test_a_factor_like_for_like_by_hand():
    """Two channels of 100 entries; the second takes half of the first's entries, and its clicks per entry double."""
    def period(shares, clicks):
        return pd.DataFrame({"entries": 200.0, "channel mix": shares, "clicks per entry": clicks,
                             "orders per click": [0.1, 0.2], "yuan per order": [50.0, 100.0]}, index=["a", "b"])

    before, now = period([0.5, 0.5], [0.4, 0.2]), period([0.25, 0.75], [0.4, 0.4])
    alike, was, became = samples.like_for_like(before, now), samples.totals(before), samples.totals(now)
    assert was.GMV == pytest.approx(100 * 0.4 * 5 + 100 * 0.2 * 20) and alike.entries == 200
    assert alike["channel mix"] == pytest.approx((50 * 0.4 * 5 + 150 * 0.2 * 20) / 200)
    assert alike["clicks per entry"] == pytest.approx((100 * 0.4 + 100 * 0.4) / 200)
    assert alike["orders per click"] == pytest.approx(was["orders per click"]) != pytest.approx(
        became["orders per click"])
    assert alike["yuan per order"] == pytest.approx(was["yuan per order"])
    assert samples.like_for_like(before, now.loc[["b"]])["yuan per order"] == pytest.approx(was["yuan per order"])


# --- the careless export --------------------------------------------------------------------------

def test_defects_counted_by_hand(tables):
    """By plain reading of the file, character by character where it can be."""
    text = samples.raw_file(tables).read_bytes().decode("gbk")
    body = list(csv.reader(text.splitlines()))[3:]
    found = samples.raw_defects(samples.raw_lines(tables))
    cells = [cell for row in body for cell in row]
    assert found["cells of −124"] == cells.count("-124") and found["cells of --"] == cells.count("--")
    assert found["counts in 万"] == sum(cell[-1:] == "万" for cell in cells)
    assert found["rates as text with %"] == sum(cell[-1:] == "%" for cell in cells)
    assert found["doubled lines"] == len(body) - len({tuple(row) for row in body})
    assert samples.raw_gmv(samples.raw_lines(tables)) == pytest.approx(tables.streams.gmv.sum())
    clean = samples.clean_export(tables)
    assert len(clean) == len(tables.streams) and clean.gmv.sum() == pytest.approx(tables.streams.gmv.sum())


# --- published -----------------------------------------------------------------------------------

def test_benjamini_and_hochberg_gelman_and_carlin_and_a_spending_boundary():
    values = [.0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344, .0459, .3240, .4262, .5719, .6528, .7590, 1]
    assert experiment.false_discoveries(values).kept.sum() == 4
    curse = experiment.winners_curse(2, 8.1)
    assert [printed(curse.power, 4), printed(curse.wrong_sign, 2), printed(curse.exaggeration, 2)] == [.0570, .24, 9.54]
    limits = experiment.sequential_boundaries(5, kind="spending").limits
    assert [printed(limit, 3) for limit in limits] == [4.877, 3.357, 2.680, 2.290, 2.031]


# --- real tests, and tables that are others' --------------------------------------------------------

@pytest.mark.skipif(not REAL, reason="LIVESHOP_REAL_DATA names no folder of real data")
def test_real_experiments_of_a_fashion_retailer(tmp_path):
    """The numbers that the text cites, counted again by plain code."""
    shutil.copy(Path(REAL) / "asos_experiments.parquet", tmp_path / "experiment-summaries.parquet")
    summaries = samples.daily_summaries(tmp_path)
    ends = samples.series(summaries)
    by_hand = defaultdict(list)
    for row in summaries.itertuples(index=False):
        spread = row.variance_c / row.count_c + row.variance_t / row.count_t if row.count_c and row.count_t else 0
        if spread > 0:
            by_hand[row.experiment_id, row.variant_id, row.metric_id].append(
                (row.time_since_start, abs(row.mean_t - row.mean_c) / spread**0.5))
    last = [max(looks)[1] for looks in by_hand.values()]
    ever = [max(z for _, z in looks) for looks in by_hand.values()]
    assert len(ends) == len(by_hand) == 381
    assert (ends.z.abs() > 1.96).sum() == sum(z > 1.96 for z in last) == 105
    assert (ends.largest > 1.96).sum() == sum(z > 1.96 for z in ever) == 225
    assert experiment.false_discoveries(ends.pvalue).kept.sum() == 68 and summaries.experiment_id.nunique() == 78


@pytest.mark.slow
def test_daily_summaries_come_along_to_ones_own_run(tmp_path, tables, monkeypatch):
    """What the book promises: the file lies beside the tables, and the page counts its series."""
    monkeypatch.chdir(ROOT)
    few = [f"past-{number:02d}" for number in (1, 2, 4, 8)]
    (tmp_path / "mine").mkdir()
    for name in ("experiments", "experiment_plans"):
        frame = tables[name]
        frame[frame.experiment_id.isin(few)].to_csv(tmp_path / "mine" / f"{name}.csv", index=False)
    pd.DataFrame({"experiment_id": "x", "variant_id": 1, "metric_id": 1, "time_since_start": [1, 2], "count_c": 50,
                  "count_t": 50, "mean_c": 1.0, "mean_t": [2.0, 1.0], "variance_c": 1.0, "variance_t": 1.0}).to_csv(
        tmp_path / "mine" / "experiment-summaries.csv", index=False)
    out = editions.own_data_notebook("4.4", tmp_path / "mine", out=tmp_path / "out")
    page = (out / "section-4-4.html").read_text(encoding="utf-8")
    assert "1 series: beyond 1.96 at the end 0, at some look 1" in page and "streams" in (out / "report.md").read_text()


def test_no_summaries_are_no_error(tmp_path):
    assert samples.daily_summaries(tmp_path) is None


def own(sizes=(60, 60), before=True):
    """One test of somebody else's, with arms called A and B."""
    rng = np.random.default_rng(1)
    arm = np.repeat(["B", "A"], sizes)
    units = pd.DataFrame({
        "experiment_id": "t1", "unit_id": np.arange(sum(sizes)).astype(str), "arm": arm,
        "outcome": rng.normal(100, 10, sum(sizes)) + 8 * (arm == "B"), "assigned": pd.Timestamp("2026-01-05")})
    if before:
        units["before"] = rng.normal(100, 10, sum(sizes))
    plans = pd.DataFrame({
        "experiment_id": ["t1"], "title": ["New page"], "treatment": ["B"], "planned_share": [0.5],
        "planned_units": [120], "began": [pd.Timestamp("2026-01-05")], "ended": [pd.Timestamp("2026-01-19")]})
    return own_tables(experiments=units, experiment_plans=plans)


def test_arms_of_any_name_and_units_without_a_time_before():
    tests = samples.past_tests(own(before=False))
    assert tests.lift["t1"] > 0 and tests.new_units["t1"] == 60 and not tests.broken["t1"]
    assert np.isnan(tests.removed["t1"]) and samples.past_tests(own((90, 30))).broken["t1"]


def test_a_short_test_that_reached_its_plan_was_not_stopped():
    """Tests need not last alike: a week is early only if units are missing as well."""
    one, days = own(), [7, 7, 14, 14, 14]
    names = [f"t{number}" for number in range(len(days))]
    units = pd.concat(one.experiments.assign(experiment_id=name) for name in names)
    plans = pd.concat([one.experiment_plans] * len(days), ignore_index=True).assign(experiment_id=names)
    plans["ended"] = plans.began + pd.to_timedelta(days, unit="D")
    plans["planned_units"] = [120, 240, 120, 240, 120]
    assert samples.past_tests(own_tables(experiments=units, experiment_plans=plans)).stopped.tolist() == [
        False, True, False, False, False]


# --- exercises: wrong answers written from the questions alone ------------------------------------

def test_plausible_wrong_answers_are_named(tables, past):
    each, days = bound(tables, find("4.4b")).right()
    cut, units, least = bound(tables, find("4.4d")).right()
    nine = list(bound(tables, find("4.4a")).right().values())

    def but(at, value):
        return (*nine[:at], value, *nine[at + 1:])

    tried = [
        ("4.4a", but(0, 3), "headings"), ("4.4a", but(1, 2 * nine[1]), "both lines"),
        ("4.4a", but(7, 100 * nine[7]), "fen"), ("4.4a", but(7, 2 * nine[7]), "total"),
        ("4.4a", but(8, "A"), "viewers"), ("4.4a", but(3, nine[3] + nine[4]), "apart"), ("4.4a", but(2, 0), "合计"),
        ("4.4b", (np.ceil(experiment.sample_size(0.04, 0.006, alpha=0.1)), 12), "one-sided"),
        ("4.4b", (2 * each, days), "both arms"), ("4.4b", (each, np.ceil(each / 2500)), "both arms"),
        ("4.4b", (experiment.sample_size(0.04, 0.06), 1), "0.006"), ("4.4b", (each, days - 1), "Round up"),
        ("4.4b", (np.ceil(each / 2), days), "one arm already"),
        ("4.4c", (7, 14, 6, 11.3), "fewer units"), ("4.4c", (4, 14, 10, 12.2), "broken split are in"),
        ("4.4c", (4, 10, 6, 11.3), "farthest"), ("4.4c", (4, 14, 7, 8.5), "lost"),
        ("4.4d", (cut**0.5, units, least), "square"), ("4.4d", (1 - cut, units, least), "left"),
        ("4.4d", (cut, 500 * cut, least), "spared"), ("4.4d", (cut, units, 1), "new"),
        ("4.4e", ("C", "B", "D", "C"), "chance alone"), ("4.4e", ("A", "D", "D", "C"), "no coin")]
    for id, answers, words in tried:
        found = verdict(id, *answers, tables=tables)
        assert found.state == "wrong" and words in found.sentence, (id, answers, found.sentence)


def test_other_forms_of_a_sample_size_are_right(tables):
    for variance in ("unequal", "baseline"):
        each = np.ceil(experiment.sample_size(0.04, 0.006, variance=variance))
        assert verdict("4.4b", each, np.ceil(2 * each / 2500), tables=tables).state == "right"
    assert verdict("4.4b", 18275, 15, tables=tables).state == "right"          # Fleiss' correction for continuity
