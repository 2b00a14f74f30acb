"""What the simulator writes: the same bytes for a seed, the committed data, the dirty export; its command line."""

from __future__ import annotations

import filecmp
import hashlib
import json
from pathlib import Path

import pandas as pd
import pytest

from liveshop import world
from liveshop.tables.contract import contract
from liveshop.world import storage
from liveshop.world.__main__ import main
from liveshop.world.parameters import describe

DATA = Path(__file__).parents[2] / "data"
# What stood before the tables of the business came: the chapters on rooms and the social shop rest on it to the byte.
STANDING = {
    "channels.parquet": "5daf9ae2a940ed3ff51ab5f3f75d9f75",
    "comments.parquet": "bf71859debc244a362fb41672c689a62",
    "customers.parquet": "9944e3426f7376aa6f246f31bb8ba41f",
    "experiment-plans.parquet": "2910596c303e2b2cdd06facffde885c1",
    "experiments.parquet": "df8a166b2f9c377e1d8f36560720ce8c",
    "follows.parquet": "7f8f6b034fadf0e8b1bab57023fed7af",
    "group-deals.parquet": "942ea437b1f047427556fe6c1b06f067",
    "hosts.parquet": "7febf2cffa513f9b4a386ad0077088c2",
    "orders.parquet": "332ffd8696c6f3e585133afcd9241119",
    "post-segments.parquet": "6cbe313000a0c93b33f25c21fa5c0475",
    "posts.parquet": "c039d596c070414c6c401d28e2a1e36e",
    "products.parquet": "72d8cddc7185474ff54c63cedca0b207",
    "prompts.parquet": "060508f00a6089cd648bfba4a4b91341",
    "raw/README.md": "40a615e36abdc395fe2685260a6a7326",
    "raw/streams-export-gbk.csv": "7af71d47c4855aa4269f6da6d43bcaf1",
    "refunds.parquet": "0792e54bef80d1308776e6ee3a12d1e6",
    "rundown.parquet": "bec9b2aef34845b6b1b363f850836ded",
    "shares.parquet": "0ee3d0f3d3e14deb3ddef56c147e0a34",
    "shelf-sessions.parquet": "712e9baf771abbf926e1d4dbc40cd105",
    "shop-visits.parquet": "2c12b499109fb19a01545e8088159406",
    "spend.parquet": "3dfa092f2b6c9f5bb50ceb3231ca2b4a",
    "stream-minutes.parquet": "606f8baa3fdb84c5a6b4cc7348155865",
    "streams.parquet": "a283d892dc2790c7321d8d1fc1caade0",
    "tickets.parquet": "1b4026429ab54bf601d7c38d51ba7beb",
    "touchpoints.parquet": "fff9fddc033208d91819d47dcf08ec21",
    "viewer-sessions.parquet": "a5b4adcd320bb1cf05feecf250bfbaaa",
}
# The live half of two tables, before the social half came to them.
LIVE_HALF = {"orders": "bfe5bdecef197928", "refunds": "6378e60313e7d134"}


def test_same_seed_same_bytes_and_another_seed_another_world(tmp_path):
    for name in ("a", "b"):
        assert main(["--out", str(tmp_path / name), "--rooms", "8", "--size", "0.2", "--seed", "9"]) == 0
    assert main(["--out", str(tmp_path / "c"), "--rooms", "8", "--size", "0.2", "--seed", "10"]) == 0
    files = [p.name for p in (tmp_path / "a").iterdir() if p.is_file()]
    made = [name for name, table in contract().items() if not table.own]
    assert len(files) == len(made) + 2  # the contract and the truth
    same, different, _ = filecmp.cmpfiles(tmp_path / "a", tmp_path / "b", files, shallow=False)
    assert sorted(same) == sorted(files)
    _, different, _ = filecmp.cmpfiles(tmp_path / "a", tmp_path / "c", files, shallow=False)
    assert "viewer-sessions.parquet" in different


def test_written_tables_are_the_simulated_ones(tmp_path):
    made = world.write(tmp_path, seed=3, rooms=6, size=0.2)
    for name, frame in made.items():
        read = pd.read_parquet(tmp_path / storage.path_of(name))
        assert len(read) == len(frame) and list(read.columns) == list(frame.columns)
    read = pd.read_parquet(tmp_path / "orders.parquet")
    assert read.paid_amount.sum() == made["orders"].paid_amount.sum()
    truth = json.loads((tmp_path / "truth.json").read_text())
    for name, row in {**truth["parameters"], **truth["derived"]}.items():
        assert row["meaning"].endswith("."), name


@pytest.mark.slow
def test_the_committed_data_are_what_the_generator_writes(tmp_path):
    main(["--out", str(tmp_path)])
    written = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    committed = {str(path.relative_to(DATA)) for path in DATA.rglob("*") if path.is_file()} - {"recovered.json"}
    assert written == committed
    same, different, missing = filecmp.cmpfiles(DATA, tmp_path, sorted(committed), shallow=False)
    assert not different and not missing
    streams = pd.read_parquet(tmp_path / "streams.parquet")
    assert (streams.nlargest(10, "gmv").opener == "giveaway").sum() == 9
    regular = streams[~streams.is_trial].assign(conversion=lambda d: d.buyers / d.viewers)
    pooled = regular.groupby(regular.opener == "giveaway").conversion.mean()
    assert abs(pooled[True] / pooled[False] - 1) < 0.1  # the pooled comparison hides a loss of a quarter


def _digest(frame):
    return hashlib.sha256(frame.to_csv(index=False, date_format="%Y-%m-%d %H:%M:%S").encode()).hexdigest()[:16]


def _bytes_of(folder):
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest()[:32] for name in STANDING}


def test_the_committed_tables_that_stood_are_the_same_to_the_byte():
    assert _bytes_of(DATA) == STANDING


@pytest.mark.slow
def test_without_the_business_the_tables_that_stood_are_the_same_to_the_byte(tmp_path):
    written = world.write(tmp_path, business=False)
    assert _bytes_of(tmp_path) == STANDING
    assert {storage.path_of(name) for name in written} == {name for name in STANDING if name.endswith(".parquet")}


def test_the_orders_and_refunds_that_stood_are_the_same(qinghe):
    tables, _ = qinghe
    orders = tables["orders"]
    old = orders[orders.order_id.str[1:].astype(int) < 500_001]
    assert _digest(old[old.source != "social"]) == LIVE_HALF["orders"]
    assert _digest(tables["refunds"][tables["refunds"].order_id.isin(old.order_id)]) == LIVE_HALF["refunds"]


def test_the_committed_tables_are_small_enough():
    assert sum(path.stat().st_size for path in DATA.rglob("*") if path.is_file()) < 20e6


def test_raw_export_has_its_planted_defects(tmp_path):
    world.write(tmp_path, seed=3, rooms=80, size=0.3)
    text = (tmp_path / "raw" / "streams-export-gbk.csv").read_bytes().decode("gbk")
    lines = text.splitlines()
    assert lines[2].startswith("直播编号") and lines[-1].startswith("合计")
    assert "万" in text and "-124" in text and "--" in text and "=HYPERLINK" in text
    ids = [line.split(",")[0] for line in lines[3:-1]]
    assert len(ids) > len(set(ids)) == 80


def test_help_explains_every_parameter(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    text = " ".join(capsys.readouterr().out.split())
    for name, _, unit, meaning in describe():
        assert name in text and meaning in text and unit in text


@pytest.mark.parametrize(
    "setting, words",
    [
        ("giveaway.ancor=0", "giveaway.anchor"),
        ("giveaway.anchor", "NAME=VALUE"),
        ("giveaway.anchor=lots", "number"),
        ("stutter.hazard=-1", "negative"),
        ("stutter.hazard=nan", "finite"),
    ],
)
def test_a_wrong_setting_is_told_in_one_sentence(setting, words, capsys, tmp_path):
    assert main(["--out", str(tmp_path / "x"), "--set", setting]) == 2
    told = capsys.readouterr().err
    assert words in told and len(told.strip().splitlines()) == 1
    assert not (tmp_path / "x").exists()
