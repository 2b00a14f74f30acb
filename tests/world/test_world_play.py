"""What can be played with: one room of any size, a rundown on simulated nights, and measures of realism."""

from __future__ import annotations

import subprocess
import sys

import pandas as pd
import pytest

from liveshop import world
from liveshop.world import storage
from liveshop.world.play import nights


def test_one_room_of_any_size_agrees_with_itself(tmp_path):
    totals = world.simulate_room(30_000, tmp_path, minutes=90, chunk=8_000)
    sessions = pd.read_parquet(tmp_path / "viewer-sessions.parquet")
    minutes = pd.read_parquet(tmp_path / "stream-minutes.parquet")
    orders = pd.read_parquet(tmp_path / "orders.parquet")
    assert len(sessions) == totals["views"] == 30_000 == sessions.viewer_id.nunique()
    assert sessions.entered_second.is_monotonic_increasing
    for name in ["watch_seconds", "product_clicks", "orders", "likes", "comments", "shares", "stutter_seconds"]:
        assert sessions[name].sum() == minutes[name].sum() == totals[name], name
    paid = orders[orders.paid.notna()]
    assert paid.paid_amount.sum() == totals["gmv"] == minutes.gmv.sum()
    assert not orders.order_id.duplicated().any()
    assert list(sessions.columns) == storage.columns("viewer_sessions") and list(orders.columns) == storage.columns(
        "orders"
    )
    once = (tmp_path / "viewer-sessions.parquet").read_bytes()
    world.simulate_room(30_000, tmp_path, minutes=90, chunk=8_000)
    assert once == (tmp_path / "viewer-sessions.parquet").read_bytes()


def test_nights_reward_a_good_order_and_repeat_themselves():
    slots = pd.DataFrame(
        [
            ("a", "traffic", 1.2, 89, 35, 8),
            ("b", "hero", 1.6, 199, 75, 12),
            ("c", "profit", 0.9, 269, 95, 10),
            ("d", "traffic", 1.0, 99, 40, 8),
            ("e", "hero", 1.3, 229, 85, 12),
            ("f", "profit", 0.8, 299, 105, 10),
        ],
        columns=["product_id", "role", "appeal", "price", "unit_cost", "minutes"],
    )
    good = nights.play(slots.iloc[[0, 1, 2, 3, 4, 5]], nights=200, seed=1)
    poor = nights.play(slots.iloc[[2, 5, 1, 4, 0, 3]], nights=200, seed=1)
    assert len(good) == 200 and good.equals(nights.play(slots, nights=200, seed=1))
    assert good.margin.mean() > 1.1 * poor.margin.mean()
    assert (good.margin > poor.margin).mean() > 0.9
    with pytest.raises(ValueError, match="role"):
        nights.play(slots.assign(role="star"))
    with pytest.raises(ValueError, match="appeal"):
        nights.play(slots.drop(columns="appeal"))


def test_realism_measures(tables):
    frame = world.realism(tables)
    assert list(frame.columns) == ["measure", "ours", "published", "source"] and len(frame) >= 10
    assert (
        not frame.isna().any().any() and not frame.ours.str.contains("nan").any() and frame.ours.str.match(r"\d").all()
    )


def test_who_only_plays_nights_does_not_load_the_season():
    asked = "import sys, liveshop.world.play.nights; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout.split()
    assert "liveshop.world.play.nights" in loaded
    for room in ("season", "shop", "truths", "storage", "big_room", "rooms.night", "recovery"):
        assert f"liveshop.world.{room}" not in loaded


def test_realism_is_the_function_even_after_its_module_was_imported():
    asked = "import liveshop.world.realism; from liveshop.world import realism; print(callable(realism))"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout
    assert told == "True\n"
