"""A few entries, orders and refunds, and totals as a platform exports them."""

import numpy as np
import pandas as pd


def small_world(seed=0, entries=600):
    rng = np.random.default_rng(seed)
    sessions = pd.DataFrame({
        "session_id": np.arange(entries),
        "stream_id": rng.choice(["S1", "S2", "S3"], entries),
        "viewer_id": rng.integers(0, 250, entries),
        "source": rng.choice(["feed", "follow", "paid"], entries),
        "entered_second": rng.integers(0, 3000, entries),
        "watch_seconds": rng.integers(0, 900, entries),
        "likes": rng.poisson(1.0, entries), "comments": rng.poisson(0.2, entries), "shares": rng.poisson(0.05, entries),
        "followed": rng.random(entries) < 0.04,
        "product_clicks": rng.poisson(0.5, entries), "carted": rng.random(entries) < 0.1,
        "orders": rng.random(entries) < 0.05})
    sessions["orders"] = sessions["orders"].astype(int)
    lines = 120
    orders = pd.DataFrame({
        "order_id": [f"O{i // 2}" for i in range(lines)], "line_no": [i % 2 + 1 for i in range(lines)],
        "customer_id": [i // 2 % 30 for i in range(lines)],
        "stream_id": [["S1", "S2", None][i // 2 % 3] for i in range(lines)],
        "quantity": rng.integers(1, 4, lines), "paid_amount": rng.integers(20, 400, lines) / 2,
        "paid": pd.Timestamp("2025-05-01 20:00") + pd.to_timedelta([i // 2 * 1.5 for i in range(lines)], "D")})
    orders.loc[orders["order_id"].isin(["O3", "O10"]), "paid"] = pd.NaT
    refunds = orders.iloc[::7][["order_id", "line_no", "paid", "paid_amount"]].dropna()
    refunds = pd.DataFrame(
        {
            "order_id": refunds["order_id"],
            "line_no": refunds["line_no"],
            "refunded": refunds["paid"] + pd.Timedelta(days=6),
            "refunded_amount": refunds["paid_amount"],
        }
    )
    streams = pd.DataFrame({"stream_id": ["S1", "S2", "S3"], "stream_seconds": [4000, 4000, 4000],
                            "impressions": [9000, 8000, 0], "product_impressions": [700, 800, 900]})
    return sessions, orders, refunds, streams


def exported():
    streams = pd.DataFrame(
        {
            "stream_id": ["A", "B", "C", "D"],
            "stream_seconds": 3600,
            "gmv": [5000.0, 800.0, 0.0, 960.0],
            "views": [2000, 500, 0, 700],
            "viewers": [1500, 450, 0, 600],
            "impressions": [40_000, 9000, 0, 8000],
            "product_impressions": [9000, 2500, 0, 3000],
            "product_clicks": [900, 210, 0, 300],
            "orders": [45, 8, 0, 9],
            "sku_orders": [60, 8, 0, 10],
            "items": [70, 9, 0, 12],
            "buyers": [41, 8, 0, 8],
            "watch_seconds": [180_000.0, 31_000.0, 0.0, 45_000.0],
        }
    )
    streams["reported_watch_gpm"] = [2500.0, 800 * 1000 / 450, np.nan, 137_142.86]
    streams["reported_ctor"] = [0.0667, 8 / 210, np.nan, 3.0]
    streams["reported_watch_seconds_per_view"] = [90.0, 31_000 / 450, np.nan, -124.0]
    streams["reported_aov"] = [111.11, 130.0, np.nan, 80.0]
    return streams
