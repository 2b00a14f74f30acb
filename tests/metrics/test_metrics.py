"""Measures: the same on every kind of frame, and what they cannot use is refused in a sentence."""

import math

import numpy as np
import pandas as pd
import pytest
from small_world import exported, small_world

from liveshop import metrics


def same(ours, theirs, keys):
    ours, theirs = (frame.sort_values(keys).reset_index(drop=True) for frame in (ours, theirs))
    assert list(ours.columns) == list(theirs.columns)
    for column in ours:
        if pd.api.types.is_numeric_dtype(ours[column]):
            np.testing.assert_allclose(
                ours[column].to_numpy(float), theirs[column].to_numpy(float), rtol=1e-9, err_msg=column
            )
        else:
            assert ours[column].astype(str).tolist() == theirs[column].astype(str).tolist(), column


def test_every_table_is_the_same_on_every_backend(backend):
    give, take, kind = backend
    sessions, orders, refunds, streams = small_world()
    there = [give(frame) for frame in (sessions, orders, refunds, streams)]
    for function, keys in [
        (lambda s, o, r, t: metrics.stream_scorecard(s, o, t), ["stream_id"]),
        (lambda s, o, r, t: metrics.funnel(s, by="source"), ["source"]),
        (lambda s, o, r, t: metrics.pcu(s), ["stream_id"]),
        (lambda s, o, r, t: metrics.net_sales(o, r, per="customer_id"), ["customer_id"]),
        (lambda s, o, r, t: metrics.refund_rate(o, r, by="order", per="customer_id"), ["customer_id"]),
    ]:
        result = function(*there)
        assert isinstance(result, kind)
        same(function(sessions, orders, refunds, streams), take(result), keys)
    s, o, r, _ = there
    assert metrics.gmv(o) == pytest.approx(metrics.gmv(orders))
    assert metrics.net_sales(o, r, asof="2025-05-20") == pytest.approx(
        metrics.net_sales(orders, refunds, asof="2025-05-20")
    )
    rate = metrics.repurchase_rate(orders, "2025-06-30")
    assert metrics.repurchase_rate(o, "2025-06-30") == pytest.approx(rate) and 0 < rate < 1
    for by in ("order", "amount", "item"):
        assert metrics.refund_rate(o, r, by=by) == pytest.approx(metrics.refund_rate(orders, refunds, by=by))


def test_reconcile_and_totals_are_the_same_on_every_backend(backend):
    give, take, _ = backend
    streams = exported()
    same(metrics.reconcile(streams), take(metrics.reconcile(give(streams))), ["stream_id", "measure"])
    same(metrics.scorecard_from_totals(streams), take(metrics.scorecard_from_totals(give(streams))), ["stream_id"])


def test_a_missing_column_is_named():
    sessions, orders, *_ = small_world()
    with pytest.raises(ValueError, match="viewer_sessions.*carted"):
        metrics.funnel(sessions.drop(columns="carted"))
    with pytest.raises(ValueError, match="orders.*paid"):
        metrics.gmv(orders.drop(columns="paid"))
    with pytest.raises(ValueError, match="streams.*reported_watch_gpm"):
        metrics.reconcile(exported().filter(regex="^(?!reported)"))


def test_moments_and_gaps_are_taken_or_refused_in_a_sentence():
    sessions, orders, *_ = small_world()
    zoned = orders.assign(paid=orders["paid"].dt.tz_localize("Asia/Shanghai"))
    assert metrics.repurchase_rate(zoned, "2025-06-30") == pytest.approx(
        metrics.repurchase_rate(orders, "2025-06-30")
    )
    assert metrics.repurchase_rate(orders, np.datetime64("2025-06-30")) == pytest.approx(
        metrics.repurchase_rate(orders, "2025-06-30")
    )
    for on in (pd.NaT, "soon", None):
        with pytest.raises(ValueError, match="is not a date: write it as"):
            metrics.repurchase_rate(orders, on)
    with pytest.raises(ValueError, match="longer than 0 days"):
        metrics.repurchase_rate(orders, "2025-06-30", days=0)
    with pytest.raises(ValueError, match="orders, column paid.*no times"):
        metrics.repurchase_rate(orders.assign(paid="yesterday"), "2025-06-30")
    assert metrics.roi([900, 1], [300, 0])[0] == pytest.approx(2.0) and math.isnan(metrics.roi([900, 1], [300, 0])[1])
    # An entry without a time cannot be counted as watching; a follower without a count of likes still acted.
    entries = pd.DataFrame(
        {
            "stream_id": "S",
            "viewer_id": [1, 2, 3],
            "entered_second": [0, np.nan, 5],
            "watch_seconds": [10.0, 10, 10],
            "product_clicks": 0,
            "likes": np.nan,
            "comments": 0,
            "shares": 0,
            "followed": [True, False, False],
        }
    )
    assert metrics.pcu(entries)["pcu"].tolist() == [2]
    assert metrics.stream_scorecard(entries, orders)["interacting"].tolist() == [1]


def test_contribution_is_the_same_on_every_backend(backend):
    give, take, kind = backend
    _, orders, refunds, _ = small_world()
    orders = orders.assign(product_id=[f"P{i % 7}" for i in range(len(orders))],
                           channel_id=[f"C{i // 2 % 3}" for i in range(len(orders))])
    products = pd.DataFrame({"product_id": [f"P{i}" for i in range(7)], "unit_cost": [10.0 * i for i in range(7)]})
    channels = pd.DataFrame({"channel_id": ["C0", "C1"], "take_rate": [0.05, 0.08], "payment_fee_rate": 0.006})
    spend = pd.DataFrame({"stream_id": ["S1", "S3"], "channel_id": ["C0", "C9"], "amount": [50.0, 20.0],
                          "kind": ["traffic", "coupon"]})
    tables = orders, refunds, products, channels, spend
    there = [give(frame) for frame in tables]
    for per in ("stream_id", "channel_id", ["channel_id", "stream_id"], None):
        ours, theirs = metrics.contribution(*tables, per=per), metrics.contribution(*there, per=per)
        assert isinstance(theirs, kind)
        same(ours, take(theirs), per or ["gmv"])
    assert ours.unknown_lines.item() > 0
