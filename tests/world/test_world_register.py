"""The register of incidents, the outages, the measures and the scripts: processes, sums, and the truths that show."""

from __future__ import annotations

from itertools import accumulate

import numpy as np
import pandas as pd
import pytest

from liveshop.world.business import register, scripts
from liveshop.world.parameters import Parameters

YEARS = 5.5


@pytest.fixture(scope="module")
def season(qinghe):
    return {name: qinghe[0][name] for name in qinghe[0].names}, qinghe[1]


@pytest.fixture(scope="module")
def registers(season):
    """Sixteen draws of the register around the committed season."""
    return [register.incidents(Parameters(), seed, season[0]) for seed in range(701, 717)]


def _shortfall(losses):
    return losses[losses >= np.quantile(losses, 0.95)].mean()


def _resampled(random, losses, years=20_000):
    """Yearly totals when events come by themselves, each with one of these losses."""
    year = np.repeat(np.arange(years), random.poisson(len(losses) / YEARS, years))
    return np.bincount(year, random.choice(losses, len(year)), years)


def test_the_register_runs_over_five_and_a_half_years(registers):
    for frame in registers:
        assert frame.incident_id.is_unique and frame.began.is_monotonic_increasing
        assert frame.began.min() >= pd.Timestamp("2020-03-03") and frame.began.max() < pd.Timestamp("2025-09-01")
    per_year = np.mean([len(frame) for frame in registers]) / YEARS
    assert per_year == pytest.approx(92.8 + 3.5 * 15, rel=0.08)
    causes = [frame.groupby("cause_id").incident_id.size() for frame in registers]
    assert np.mean([(size > 1).sum() for size in causes]) / YEARS == pytest.approx(3.5, abs=0.6)
    for frame in registers:
        days = frame.groupby("cause_id").began.agg(lambda began: began.max() - began.min())
        assert days.max() < pd.Timedelta(days=register.SPAN + 2)


def test_ordinary_losses_are_those_planted(registers, season):
    alone = pd.concat([f[~f.cause_id.duplicated(keep=False)] for f in registers])
    before = alone[alone.began < "2025-03-03"]
    planted = pd.DataFrame(season[1]["loss.frequency_severity"]).T
    years = 5.0 * len(registers)
    found = before.groupby("kind").loss.agg(["size", "median"]).loc[planted.index]
    assert (found["size"] / years).to_numpy() == pytest.approx(planted.per_year.to_numpy(), rel=0.25)
    assert found["median"].to_numpy() == pytest.approx(planted["median"].to_numpy(), rel=0.2)


def test_the_ordinary_incidents_of_the_season_are_the_planted_episodes(season, registers):
    tables, truth = season
    hit = tables["incidents"].dropna(subset=["stream_id"])
    episodes = pd.DataFrame(truth["anomaly.episodes"])
    assert len(hit) == len(episodes) == 42
    started = tables["streams"].set_index("stream_id").started
    began = episodes.stream_id.map(started) + pd.to_timedelta(episodes.first_minute, unit="min")
    kind = episodes.kind.map({name: kind for name, (kind, _) in register.EPISODES.items()})
    assert sorted(zip(hit.stream_id, hit.began, hit.kind, strict=True)) == sorted(
        zip(episodes.stream_id, began, kind, strict=True)
    )
    delay = (hit.detected - hit.began).dt.total_seconds()
    assert delay.between(60, 360).all() and hit.loss.between(300, 5000).all()
    later = tables["incidents"].query("began >= '2025-03-03' and stream_id.isna()")
    alone = later[~later.cause_id.duplicated(keep=False)]
    assert not alone.kind.isin(["traffic", "content", "technology"]).any()
    assert all(frame.stream_id.notna().sum() == 42 for frame in registers)


def test_the_truths_of_the_losses_are_those_of_the_specification(season):
    truth = season[1]
    assert truth["loss.expected"] == pytest.approx(0.90e6, rel=0.01)
    assert truth["loss.var95"] == pytest.approx(1.73e6, rel=0.01)
    assert truth["loss.es95"] == pytest.approx(2.01e6, rel=0.01)
    tail = truth["loss.tail_share"]
    wanted = {
        "supply": 0.50, "regulation": 0.22, "traffic": 0.13, "technology": 0.06, "content": 0.06, "competition": 0.04
    }
    assert tail == pytest.approx(wanted, abs=0.015) and sum(tail.values()) == pytest.approx(1, abs=0.002)
    assert tail["regulation"] > 3 * tail["technology"]  # eight a decade against forty a year


def test_kinds_as_if_independent_see_two_thirds_of_the_shortfall(registers, season):
    """Each kind resampled by itself against causes resampled: of one incident, and lognormal of many."""
    naive, causes = [], []
    for seed, frame in enumerate(registers):
        random = np.random.default_rng(seed)
        kinds = [own.loss.to_numpy() for _, own in frame.groupby("kind")]
        naive.append(_shortfall(sum(_resampled(random, losses) for losses in kinds)))
        cause = frame.groupby("cause_id").loss.agg(["size", "sum"])
        many = np.log(cause["sum"][cause["size"] >= 3])
        drawn = np.exp(random.normal(many.mean(), many.std(), 5000))
        rare = np.repeat(np.arange(20_000), random.poisson(len(many) / YEARS, 20_000))
        single = _resampled(random, cause["sum"][cause["size"] < 3].to_numpy())
        causes.append(_shortfall(single + np.bincount(rare, random.choice(drawn, len(rare)), 20_000)))
    truth = season[1]["loss.es95"]
    assert np.mean(naive) / truth == pytest.approx(0.67, abs=0.07) and max(naive) < truth
    assert np.mean(causes) / truth == pytest.approx(1.0, abs=0.15)


def test_outages_of_the_lines_have_causes_in_common(season):
    tables, truth = season
    common, main, backup, minutes = [], [], [], []
    for seed in range(701, 731):
        frame = register.outages(Parameters(), seed, tables)
        counts = frame.groupby(["line", "cause"]).size()
        common.append(counts["main", "common"])
        assert counts["main", "common"] == counts["backup", "common"]
        main.append(counts["main"].sum())
        backup.append(counts["backup"].sum())
        minutes.append(((frame.ended - frame.began).dt.total_seconds() / 60).mean())
        on_air = register._on_air(
            tables, frame.began.to_numpy(), (frame.ended - frame.began).dt.total_seconds().to_numpy().astype(int)
        )
        assert not on_air.any() and (frame.ended < "2025-09-01").all()
    assert np.mean(main) == pytest.approx(26, abs=2.5) and np.mean(backup) == pytest.approx(30, abs=2.5)
    assert np.sum(common) / np.sum(main) == pytest.approx(truth["outages.common_share"], abs=0.04)
    assert np.mean(minutes) == pytest.approx(40, abs=2)
    assert truth["outages.down"]["both"] > 100 * truth["outages.down"]["product_rule"]


def test_the_measures_with_the_best_ratios_are_not_the_best_set(season):
    tables, truth = season
    measures = tables["risk_measures"].set_index("measure")
    pairs = measures.shares_cause_with.dropna()
    assert len(measures) == 12 and len(pairs) == 4 and all(pairs[pairs[name]] == name for name in pairs.index)
    expected = np.array(list(truth["loss.expected_by_kind"].values()))
    ratio = {name: register.avoided(expected, (name,)) / cost for name, cost in measures.cost_per_year.items()}
    ranked = sorted(ratio, key=ratio.get, reverse=True)
    spent = accumulate(measures.cost_per_year[ranked])
    greedy = tuple(name for name, sum_so_far in zip(ranked, spent, strict=True) if sum_so_far <= 120_000)
    best = truth["measures.best_set"]
    assert measures.cost_per_year[best["measures"]].sum() <= 120_000
    assert {"second_supplier", "safety_stock"} <= set(greedy) and not {"safety_stock"} & set(best["measures"])
    assert register.avoided(expected, greedy) < 0.75 * best["avoids"]


def test_a_list_of_terms_finds_some_breaches_and_flags_others(season):
    tables, truth = season
    for seed in range(5):
        lines = scripts.script_lines(Parameters(), seed, tables["products"])
        assert len(lines) == 300 and lines.line_id.is_unique and lines.text.is_unique
        found = scripts.flagged(lines)
        assert (lines.label == "breach").mean() == pytest.approx(0.18) and (lines.label == "unclear").mean() == 0.12
        assert (lines.label[found] == "fine").mean() == pytest.approx(0.25, abs=0.01)
        assert (lines.article.notna() == (lines.label == "breach")).all()
    assert truth["screen.recall"] == pytest.approx(0.60, abs=0.01)
    assert truth["screen.precision"] == pytest.approx(0.50, abs=0.01)


def test_every_template_of_the_scripts_holds_a_term_or_none_as_it_says():
    assert sum(map(len, scripts.TEMPLATES.values())) == 24
    for (_, listed), templates in scripts.TEMPLATES.items():
        lines = pd.DataFrame(templates, columns=["text", "text_en", "article"])
        assert (scripts.flagged(lines) == listed).all()
