"""Recovery: the committed estimates are what the chapters give, and their summary follows from them."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest

import liveshop.course
from liveshop import load
from liveshop.course.recovery import Row
from liveshop.tables.errors import TableError
from liveshop.world import recovery

DATA = Path(__file__).parents[2] / "data"
CHAPTER = """
from liveshop.course.recovery import Row


def estimates(season):
    yield Row("live.lift", "rooms", season.truth["live.lift"], float(len(season.streams)))
    yield Row("live.lift", "halves", 2.0, 1.0, 0.5, 1.5)
    yield Row("live.lift", "halves", 2.0, 1.2345678, 1.0, 3.0)


def further(simulate):
    for seed in (3, 4):
        season = simulate({"live.lift": 2}, seed=seed, rooms=2, size=0.1, social=False)
        yield seed, Row("live.lift", "another world", season.truth["live.lift"], float(len(season.streams)))
"""


@pytest.fixture(scope="module")
def committed():
    return json.loads((DATA / "recovered.json").read_text(encoding="utf-8"))


@pytest.fixture()
def one_chapter(tmp_path, monkeypatch):
    """A course of one small chapter; the name of its module."""
    (tmp_path / "chapter_98").mkdir()
    (tmp_path / "chapter_98" / "__init__.py").touch()
    (tmp_path / "chapter_98" / "recovery.py").write_text(CHAPTER)
    (tmp_path / "chapter_99").mkdir()
    (tmp_path / "chapter_99" / "__init__.py").touch()  # a chapter without estimates
    monkeypatch.setattr(liveshop.course, "__path__", [str(tmp_path)])
    yield "liveshop.course.chapter_98.recovery"
    for name in [name for name in sys.modules if name.startswith("liveshop.course.chapter_9")]:
        del sys.modules[name]


def test_chapters_are_found_by_their_name(one_chapter):
    assert [chapter.__name__ for chapter in recovery.chapters()] == [one_chapter]


def test_a_season_is_simulated_loaded_and_estimated(one_chapter):
    rows = recovery.of_season(9, size=0.1)
    assert rows[0] == [9, "live.lift", "rooms", 1.6, 230.0, None, None]
    assert rows[2] == [9, "live.lift", "halves", 2.0, 1.23457, 1.0, 3.0]


def test_a_chapter_may_ask_for_other_worlds(one_chapter):
    rows = recovery.of_other_worlds(one_chapter)
    assert rows == [[seed, "live.lift", "another world", 2.0, 2.0, None, None] for seed in (3, 4)]


def test_rows_are_gathered_by_truth_and_method():
    rows = [[1, "a", "m", 2.0, 3.0, 2.5, 3.5], [1, "b", "m", 1.0, -1.0, None, None], [2, "a", "m", 2.0, 1.0, 0.5, 2.5]]
    found = recovery._by_truth(rows)
    assert set(found) == {"a", "b"} and found["a"]["m"]["seed"] == [1, 2] and found["a"]["m"]["low"] == [2.5, 0.5]
    assert found["b"]["m"]["low"] is None and found["b"]["m"]["coverage"] is None and found["b"]["m"]["sign"] == 0
    told = {name: found["a"]["m"][name] for name in ("mean_true", "mean_estimate", "bias", "coverage", "sign")}
    assert told == {"mean_true": 2.0, "mean_estimate": 2.0, "bias": 0.0, "coverage": 0.5, "sign": 1.0}


def test_an_estimate_without_an_interval_does_not_count_for_coverage():
    lists = {"true": [1.0, 1.0, 1.0], "estimate": [1.0, 1.0, 1.0], "low": [0.5, None, 2.0], "high": [1.5, None, 3.0]}
    assert recovery.summary(lists)["coverage"] == 0.5


def test_what_is_no_number_is_no_estimate():
    with pytest.raises(ValueError, match="chapter_98, a, m: nan is no estimate"):
        recovery._row(1, Row("a", "m", 1.0, float("nan")), "chapter_98")


def test_a_seed_stands_once(capsys, tmp_path):
    assert recovery.main(["--out", str(tmp_path), "--seeds", "1", "1"]) == 2
    assert "each seed once" in capsys.readouterr().err and not list(tmp_path.iterdir())


def test_the_committed_summary_follows_from_the_committed_rows(committed):
    assert committed["seasons"] == {"seeds": list(recovery.SEEDS), "size": recovery.SIZE}
    for truth, methods in committed["recovered"].items():
        for method, one in methods.items():
            assert len(one["seed"]) == len(one["true"]) == len(one["estimate"]), (truth, method)
            again = recovery.summary(one)
            assert again == {name: one[name] for name in again}, (truth, method)


def test_the_committed_file_is_written_as_the_module_writes(committed):
    assert recovery.as_text(committed) == (DATA / "recovered.json").read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_season_gives_the_committed_rows(committed):
    seed = recovery.SEEDS[3]
    fresh = recovery._by_truth(recovery.of_season(seed))
    assert fresh
    for truth, methods in fresh.items():
        for method, one in methods.items():
            kept = committed["recovered"][truth][method]
            own = [i for i, of in enumerate(kept["seed"]) if of == seed]
            for name in ("true", "estimate", "low", "high"):
                theirs = [kept[name][i] if kept[name] else None for i in own]
                ours = one[name] or [None] * len(own)
                ours, theirs = np.array(ours, dtype=float), np.array(theirs, dtype=float)
                np.testing.assert_allclose(ours, theirs, rtol=2e-5, err_msg=f"{truth}, {method}, {name}")
    kept = {(t, m) for t, methods in committed["recovered"].items() for m in methods if seed in methods[m]["seed"]}
    assert kept == {(t, m) for t, methods in fresh.items() for m in methods}


def test_every_season_has_a_row_an_estimate(committed):
    rows = load(DATA).every_season()
    known = committed["recovered"]
    assert len(rows) == sum(len(one["true"]) for methods in known.values() for one in methods.values())
    one = rows[(rows.truth == "live.lift") & (rows.method == "within persons")]
    for name in ("seed", "true", "estimate", "low", "high"):
        assert one[name].tolist() == known["live.lift"]["within persons"][name]
    assert rows[rows.method == "naive"].low[rows.truth == "live.lift"].isna().all()


def test_readers_get_the_summary_beside_the_truth(committed, tmp_path):
    frame = load(DATA).recovered
    assert list(frame.columns) == ["mean_true", "mean_estimate", "bias", "coverage", "sign"]
    truth, methods = next(iter(committed["recovered"].items()))
    for method, one in methods.items():
        assert frame.loc[(truth, method), "bias"] == one["bias"]
    (tmp_path / "streams.parquet").write_bytes((DATA / "streams.parquet").read_bytes())
    with pytest.raises(TableError, match="Nothing is known of what methods make"):
        _ = load(tmp_path).recovered
    (tmp_path / "recovered.json").write_text("{}")
    with pytest.raises(TableError, match="make recovery"):
        _ = load(tmp_path).recovered
