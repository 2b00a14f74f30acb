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
LATER = {"inventory", "deliveries", "incidents"}  # tables of the contract that no world fills yet
# What stood before the social half came: the live chapters rest on it to the last digit.
STANDING = {
    "channels": "5daf9ae2a940ed3f",
    "hosts": "7febf2cffa513f9b",
    "products": "72d8cddc7185474f",
    "streams": "a283d892dc2790c7",
    "rundown": "bec9b2aef34845b6",
    "stream_minutes": "606f8baa3fdb84c5",
    "prompts": "060508f00a6089cd",
    "viewer_sessions": "a5b4adcd320bb1cf",
    "shelf_sessions": "712e9baf771abbf9",
    "comments": "bf71859debc244a3",
    "posts": "c039d596c070414c",
    "orders": "bfe5bdecef197928",
    "refunds": "6378e60313e7d134",
}


def test_same_seed_same_bytes_and_another_seed_another_world(tmp_path):
    for name in ("a", "b"):
        assert main(["--out", str(tmp_path / name), "--rooms", "8", "--size", "0.2", "--seed", "9"]) == 0
    assert main(["--out", str(tmp_path / "c"), "--rooms", "8", "--size", "0.2", "--seed", "10"]) == 0
    files = [p.name for p in (tmp_path / "a").iterdir() if p.is_file()]
    assert len(files) == len(contract()) - len(LATER) + 2  # the contract and the truth
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
    assert sum((DATA / storage.path_of(name)).stat().st_size for name in (*STANDING, "customers")) < 12e6
    streams = pd.read_parquet(tmp_path / "streams.parquet")
    assert (streams.nlargest(10, "gmv").opener == "giveaway").sum() == 9
    regular = streams[~streams.is_trial].assign(conversion=lambda d: d.buyers / d.viewers)
    pooled = regular.groupby(regular.opener == "giveaway").conversion.mean()
    assert abs(pooled[True] / pooled[False] - 1) < 0.1  # the pooled comparison hides a loss of a quarter


def _digest(frame):
    return hashlib.sha256(frame.to_csv(index=False, date_format="%Y-%m-%d %H:%M:%S").encode()).hexdigest()[:16]


@pytest.mark.parametrize("name", [n for n in STANDING if n not in ("orders", "refunds")])
def test_the_tables_that_stood_are_the_same_to_the_byte(name):
    path = DATA / f"{name.replace('_', '-')}.parquet"
    assert hashlib.sha256(path.read_bytes()).hexdigest()[:16] == STANDING[name]


def test_the_orders_and_refunds_that_stood_are_the_same(qinghe):
    tables, _ = qinghe
    orders = tables["orders"]
    old = orders[orders.order_id.str[1:].astype(int) < 500_001]
    assert _digest(old[old.source != "social"]) == STANDING["orders"]
    assert _digest(tables["refunds"][tables["refunds"].order_id.isin(old.order_id)]) == STANDING["refunds"]


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
