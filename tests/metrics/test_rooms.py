"""Broadcasts: scorecard, funnel and peak, right by hand and different from the classic mistakes."""

import math

import numpy as np
import pandas as pd
import pytest
from small_world import exported, small_world

from liveshop import metrics


def test_scorecard_by_hand():
    sessions, orders, _, streams = small_world(3)
    card = metrics.stream_scorecard(sessions, orders, streams).set_index("stream_id")
    mine = sessions[sessions["stream_id"] == "S1"]
    paid = orders[(orders["stream_id"] == "S1") & orders["paid"].notna()]
    row = card.loc["S1"]
    assert row["views"] == len(mine) and row["viewers"] == mine["viewer_id"].nunique()
    assert row["gmv"] == pytest.approx(paid["paid_amount"].sum())
    assert row["orders"] == paid["order_id"].nunique() and row["sku_orders"] == len(paid)
    assert row["items"] == paid["quantity"].sum() and row["buyers"] == paid["customer_id"].nunique()
    acted = mine[(mine["likes"] + mine["comments"] + mine["shares"] + mine["followed"]) > 0]
    assert row["interacting"] == acted["viewer_id"].nunique()
    assert row["acu"] == pytest.approx(mine["watch_seconds"].sum() / 4000)
    assert row["gmv_per_1000_views"] == pytest.approx(1000 * row["gmv"] / len(mine))
    watching = [((mine["entered_second"] <= second) & (mine["entered_second"] + mine["watch_seconds"] > second)).sum()
                for second in range(4000)]
    assert row["pcu"] == max(watching)
    assert row["pcu_per_acu"] == pytest.approx(max(watching) / row["acu"])
    # A broadcast without an order is there, with zeros, and what cannot be divided is NaN.
    assert card.loc["S3", "orders"] == 0 and card.loc["S3", "gmv"] == 0
    assert math.isnan(card.loc["S3", "gmv_per_order"]) and math.isnan(card.loc["S3", "gmv_per_1000_impressions"])


def test_sku_orders_and_items_of_one_basket():
    """Three of A and two of B in one basket: 2 SKU orders, 5 items (TikTok Shop documentation)."""
    sessions, _, _, _ = small_world()
    basket = pd.DataFrame(
        {
            "order_id": ["O1", "O1"],
            "line_no": [1, 2],
            "customer_id": [7, 7],
            "stream_id": ["S1", "S1"],
            "quantity": [3, 2],
            "paid_amount": [300.0, 100.0],
            "paid": pd.Timestamp("2025-05-01"),
        }
    )
    row = metrics.stream_scorecard(sessions, basket).set_index("stream_id").loc["S1"]
    assert (row["orders"], row["sku_orders"], row["items"], row["buyers"]) == (1, 2, 5, 1)
    assert (row["gmv_per_order"], row["gmv_per_item"]) == (400.0, 80.0)


def test_each_classic_wrong_denominator_differs():
    sessions, orders, _, streams = small_world(1)
    row = metrics.stream_scorecard(sessions, orders, streams).set_index("stream_id").loc["S1"]
    entries_per_minute = row["views"] / (row["stream_seconds"] / 60)
    wrong = {
        "gmv_per_1000_views": [
            1000 * row["gmv"] / row["viewers"],
            1000 * row["gmv"] / row["impressions"],
            row["gmv"] / row["views"],
        ],
        "orders_per_click": [
            row["orders"] / row["views"],
            row["orders"] / row["viewers"],
            row["sku_orders"] / row["product_clicks"],
        ],
        "acu": [entries_per_minute, row["views"], row["pcu"], row["watch_seconds"] / row["views"]],
        "gmv_per_order": [row["gmv"] / row["buyers"], row["gmv"] / row["items"], row["gmv"] / row["sku_orders"]],
        "watch_seconds_per_view": [row["watch_seconds"] / row["viewers"]],
        "clicks_per_view": [
            row["product_clicks"] / row["viewers"],
            row["product_clicks"] / row["product_impressions"],
        ],
        "buyers_per_viewer": [row["orders"] / row["viewers"], row["buyers"] / row["views"]],
    }
    for measure, others in wrong.items():
        for other in others:
            assert abs(other / row[measure] - 1) > 0.005, (measure, other)


def test_funnel_never_grows_and_names_its_denominators():
    sessions, *_ = small_world(5)
    row = metrics.funnel(sessions).iloc[0]
    assert row["entries"] == len(sessions) >= row["clicking"] >= row["carting"] >= row["ordering"]
    assert row["ordering_per_entry"] == pytest.approx(
        row["clicking_per_entry"] * row["carting_per_clicking"] * row["ordering_per_carting"]
    )
    by = metrics.funnel(sessions, by="source")
    assert by["entries"].sum() == len(sessions) and by["source"].tolist() == ["feed", "follow", "paid"]


def test_pcu_counts_a_leaver_out_in_the_second_in_which_another_comes():
    sessions = pd.DataFrame({"stream_id": ["S"] * 3, "entered_second": [0, 10, 10], "watch_seconds": [10, 5, 0]})
    assert metrics.pcu(sessions)["pcu"].tolist() == [1]


def test_scorecard_from_totals_takes_what_is_there():
    card = metrics.scorecard_from_totals(exported().drop(columns=["impressions", "reported_aov"]))
    assert "gmv_per_1000_impressions" not in card and card.loc[0, "gmv_per_1000_views"] == 2500.0
    assert card.loc[0, "acu"] == 50.0
    assert np.isnan(card.loc[2, "gmv_per_1000_views"])
