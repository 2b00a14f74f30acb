"""Sales: refunds and repurchase by hand."""

import math

import pandas as pd
import pytest

from liveshop import metrics


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
