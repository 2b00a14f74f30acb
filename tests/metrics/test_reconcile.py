"""Ours beside the platform's: the reason is found."""

import pandas as pd
from small_world import exported

from liveshop import metrics


def test_reconcile_finds_the_reason():
    table = metrics.reconcile(exported()).set_index(["stream_id", "measure"])
    assert table["agrees"].dtype == bool
    reason = table["likely_reason"]
    assert table.loc[("A", "gmv_per_1000_views"), "agrees"] and reason["A", "gmv_per_1000_views"] == ""
    assert "per 1,000 viewers" in reason["B", "gmv_per_1000_views"]
    assert "SKU orders per click" in reason["A", "orders_per_click"]
    assert table.loc[("B", "orders_per_click"), "agrees"]
    assert "percent" in reason["D", "orders_per_click"]
    assert "fen" in reason["D", "gmv_per_1000_views"]
    assert "seconds per viewer" in reason["B", "watch_seconds_per_view"]
    assert "sentinel" in reason["D", "watch_seconds_per_view"]
    assert table.loc[("A", "gmv_per_order"), "agrees"]                   # 111.11 is 111.111… as the export prints it
    assert "GMV per buyer" not in reason["A", "gmv_per_order"]
    assert reason["B", "gmv_per_order"].startswith("higher than any formula")
    assert reason["D", "gmv_per_order"] == "the export divides differently: GMV per item"
    assert table.loc["C"]["agrees"].all()                                # nothing on either side


def test_reconcile_says_of_missing_values_the_same_whatever_stands_for_them():
    table = metrics.reconcile(exported()).sort_values(["stream_id", "measure"])
    nullable = metrics.reconcile(exported().convert_dtypes()).sort_values(["stream_id", "measure"])
    assert nullable["agrees"].astype(bool).tolist() == table["agrees"].tolist()
    assert nullable["agrees"].notna().all()


def test_reconcile_knows_what_rounding_can_make():
    streams = pd.DataFrame(
        {
            "stream_id": ["A", "B", "C"],
            "gmv": 5011.0,
            "views": [12_000, 12_000, 12_031],
            "reported_watch_gpm": [5011e3 / 12_431, 5011e3 / 12_600, 5011e3 / 12_431],
        }
    )
    table = metrics.reconcile(streams)
    assert not table["agrees"].any() and ["1.2万" in reason for reason in table["likely_reason"]] == [
        True,
        False,
        False,
    ]
