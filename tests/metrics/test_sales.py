"""Sales: refunds and repurchase by hand."""

import math

import pandas as pd
import pytest

from common import ROOT
from liveshop import load, metrics


def test_refund_rates_differ_by_what_is_counted():
    orders = pd.DataFrame(
        {
            "order_id": ["A", "A", "B", "C", "D"],
            "line_no": [1, 2, 1, 1, 1],
            "quantity": [1, 1, 6, 1, 1],
            "paid_amount": [100.0, 300.0, 60.0, 40.0, 999.0],
            "paid": [pd.Timestamp("2025-06-01")] * 4 + [pd.NaT],
        }
    )
    refunds = pd.DataFrame({"order_id": ["A", "B"], "line_no": [2, 1], "refunded_amount": [300.0, 30.0],
                            "refunded": pd.to_datetime(["2025-06-05 10:00", "2025-06-12 00:00"])})
    assert metrics.refund_rate(orders, refunds, by="order") == pytest.approx(2 / 3)       # the unpaid order is no order
    assert metrics.refund_rate(orders, refunds, by="amount") == pytest.approx(330 / 500)
    assert metrics.refund_rate(orders, refunds, by="item") == pytest.approx(7 / 9)
    assert metrics.net_sales(orders, refunds) == 170.0
    assert metrics.net_sales(orders, refunds, asof="2025-06-05") == 200.0  # a date means the end of the day
    assert metrics.net_sales(orders, refunds, asof=pd.Timestamp("2025-06-05 09:00")) == 500.0
    assert metrics.net_sales(orders, refunds, asof="2025-05-01") == 0.0
    assert metrics.gmv(orders) == 500.0 and metrics.gmv(orders, paid_only=False) == 1499.0
    with pytest.raises(ValueError, match="order.*amount.*item"):
        metrics.refund_rate(orders, refunds, by="people")


def test_repurchase_rate_is_over_those_who_bought_in_the_period_before_last():
    day = pd.Timestamp("2025-07-30")
    ago = {1: [40], 2: [40, 5], 3: [5], 4: [31, 29], 5: [70, 3], 6: [30, 29]}
    rows = [(customer, day - pd.Timedelta(days=days)) for customer, when in ago.items() for days in when]
    orders = pd.DataFrame(rows, columns=["customer_id", "paid"])
    # Day 0 is the first of the 30, so 30 days ago is in the earlier period: earlier 1, 2, 4, 6; again 2, 4, 6.
    assert metrics.repurchase_rate(orders, "2025-07-30") == pytest.approx(3 / 4)
    assert math.isnan(metrics.repurchase_rate(orders, "2024-01-01"))
    with pytest.raises(ValueError, match="2025-06-18"):
        metrics.repurchase_rate(orders, 20250730)


def _shop():
    orders = pd.DataFrame(
        {
            "order_id": ["A", "A", "B", "C", "D", "E"],
            "line_no": [1, 2, 1, 1, 1, 1],
            "product_id": ["coat", "tee", "tee", "tee", "coat", "tee"],
            "channel_id": ["video", "video", "video", "market", "market", "market"],
            "quantity": [1, 2, 4, 1, 1, 1],
            "paid_amount": [300.0, 100.0, 200.0, 50.0, 300.0, 0.0],
            "coupon_id": ["ten", None, None, None, None, None],
            "paid": [pd.Timestamp("2025-06-01")] * 4 + [pd.NaT, pd.Timestamp("2025-06-01")],
        }
    )
    refunds = pd.DataFrame({"order_id": ["A", "B", "E", "D"], "line_no": [1, 1, 1, 1],
                            "refunded_amount": [300.0, 50.0, 0.0, 300.0], "refunded": pd.Timestamp("2025-06-09")})
    products = pd.DataFrame({"product_id": ["coat", "tee"], "unit_cost": [120.0, 20.0]})
    channels = pd.DataFrame({"channel_id": ["video", "market"], "take_rate": [0.05, 0.08], "payment_fee_rate": 0.01})
    spend = pd.DataFrame({"channel_id": ["video", "video", "market", "group"], "amount": [30.0, 10.0, 7.0, 5.0],
                          "kind": ["traffic", "coupon", "content", "content"]})
    return orders, refunds, products, channels, spend


def test_contribution_by_hand():
    *tables, spend = _shop()
    # video: the coat came back whole; a quarter of the four tees' money; kept 100 + 150, tees 2 + 3.
    # market: one tee kept, one that cost nothing came back whole, the unpaid coat is no order.
    whole = metrics.contribution(*tables).iloc[0]
    goods, fees = (2 + 3 + 1) * 20, 0.06 * 250 + 0.09 * 50
    assert whole.to_dict() == pytest.approx({"gmv": 650, "refunded": 350, "goods": goods, "fees": fees, "promotion": 0,
                                             "contribution": 300 - goods - fees, "unknown_lines": 0})
    by = metrics.contribution(*tables, spend, per="channel_id").set_index("channel_id")
    assert list(by.index) == ["group", "market", "video"]                       # spent without an order: a row too
    assert by.promotion.tolist() == [5, 7, 30]                                  # the coupon is in paid_amount already
    assert by.contribution.tolist() == pytest.approx([-5, 50 - 20 - 4.5 - 7, 250 - 100 - 15 - 30])
    by_line = metrics.contribution(*tables, per=["order_id", "line_no"])
    assert by_line.contribution.sum() == pytest.approx(whole.contribution)
    assert by_line.set_index("order_id").contribution["E"] == 0
    nothing = metrics.contribution(tables[0].iloc[:0], *tables[1:]).iloc[0]
    assert (nothing == 0).all()


def test_contribution_leaves_unknown_what_is_unknown():
    orders, refunds, products, channels, spend = _shop()
    by = metrics.contribution(orders, refunds, products[products.product_id != "coat"], channels, per="channel_id")
    by = by.set_index("channel_id")
    assert by.unknown_lines.tolist() == [0, 1] and by.contribution.notna().tolist() == [True, False]
    assert by.gmv["video"] == 600 and by.fees["video"] == pytest.approx(15) and math.isnan(by.goods["video"])
    unspent = spend.assign(amount=spend.amount.where(spend.channel_id != "market"))
    by = metrics.contribution(orders, refunds, products, channels, unspent, per="channel_id").set_index("channel_id")
    assert by.contribution.isna().tolist() == [False, True, False]
    with pytest.raises(ValueError, match="products.*product_id.*several rows"):
        metrics.contribution(orders, refunds, pd.concat([products, products]), channels)
    with pytest.raises(ValueError, match="spend.*order_id"):
        metrics.contribution(orders, refunds, products, channels, spend, per="order_id")


def test_contribution_turns_the_order_of_the_channels():
    """By GMV interest video leads; per 1,000 viewers, with the hosts' pay taken off, it comes fourth."""
    tables = load(ROOT / "data")
    live = tables.orders[tables.orders.stream_id.notna()]
    rooms = tables.streams.merge(tables.hosts, on="host_id").assign(amount=lambda d: d.promotion_spend)
    paid = live[live.paid.notna()].merge(rooms[["stream_id", "commission_rate"]], on="stream_id")
    wages = (rooms.stream_seconds / 3600 * rooms.base_pay_per_hour).groupby(rooms.channel_id).sum().add(
        (paid.paid_amount * paid.commission_rate).groupby(paid.channel_id).sum())
    viewers = tables.viewer_sessions.merge(rooms[["stream_id", "channel_id"]], on="stream_id").drop_duplicates(
        ["stream_id", "viewer_id"]).groupby("channel_id").size()
    by = metrics.contribution(live, tables.refunds, tables.products, tables.channels,
                              rooms[["channel_id", "amount"]], per="channel_id").set_index("channel_id")
    earned = 1000 * (by.contribution - wages) / viewers
    assert earned.round().to_dict() == {"marketplace": 4249, "quality_retail": 3475, "community_video": 3462,
                                        "interest_video": 2666, "group_deal": 2396}
    assert by.gmv.idxmax() == "interest_video"
