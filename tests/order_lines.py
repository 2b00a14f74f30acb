"""Two million order lines through a mapping, beside the plain pandas that would do for a file without a fault.

    python tests/order_lines.py write FILE 600000   makes an export of so many lines
    python tests/order_lines.py adapt FILE          prints the seconds of the processor and the peak of memory in MB
    python tests/order_lines.py pandas FILE

`make bench ONLY=lines` does all of it and holds it against the limits.
"""

import resource
import sys
import time

import numpy as np
import pandas as pd

from liveshop.tables import adapt

CHANNELS = {"抖音": "interest_video", "小红书": "community_video"}
MAPPING = {
    "table": "orders",
    "columns": {
        "order_id": "订单号", "line_no": "行号", "customer_id": "买家", "product_id": "商品", "quantity": "数量",
        "list_amount": {"from": "标价（分）", "unit": "fen"}, "paid_amount": {"from": "实付（分）", "unit": "fen"},
        "created": "下单", "paid": "付款", "channel_id": {"from": "渠道", "values": CHANNELS}},
    "where": [{"column": "状态", "is": "已完成", "reason": "not completed"}]}


def write(path, lines):
    """An export of that many order lines, as a shop's system would give it out."""
    draw, n = np.random.default_rng(1), np.arange(lines)
    created = pd.Timestamp("2025-03-03") + pd.to_timedelta(np.sort(draw.integers(0, 180 * 86400, lines)), unit="s")
    listed = draw.integers(2000, 90_000, lines)
    pd.DataFrame({
        "订单号": "O" + pd.Series(n // 2).astype("str"), "行号": n % 2 + 1, "买家": draw.integers(1, lines // 5, lines),
        "商品": "P" + pd.Series(draw.integers(0, 500, lines)).astype("str"), "数量": draw.integers(1, 4, lines),
        "标价（分）": listed, "实付（分）": listed * 4 // 5, "渠道": draw.choice(list(CHANNELS), lines),
        "状态": draw.choice(["已完成", "已关闭"], lines, p=[0.97, 0.03]), "下单": created.strftime("%Y/%m/%d %H:%M:%S"),
        "付款": (created + pd.Timedelta(minutes=3)).strftime("%Y/%m/%d %H:%M:%S")}).to_csv(path, index=False)
    return path


def by_pandas(path):
    """The same table by hand, with every name and type known, and no check."""
    raw = pd.read_csv(path, dtype={"订单号": "str", "商品": "str"})
    raw = raw[raw["状态"] == "已完成"].drop_duplicates(["订单号", "行号"])
    return pd.DataFrame({
        "order_id": raw["订单号"], "line_no": raw["行号"], "customer_id": raw["买家"], "product_id": raw["商品"],
        "channel_id": raw["渠道"].map(CHANNELS), "quantity": raw["数量"], "list_amount": raw["标价（分）"] / 100,
        "paid_amount": raw["实付（分）"] / 100, "created": pd.to_datetime(raw["下单"]).astype("datetime64[us]"),
        "paid": pd.to_datetime(raw["付款"]).astype("datetime64[us]")})


def by_adapt(path):
    """The table by the mapping, checked and told of."""
    return adapt(path, MAPPING)


if __name__ == "__main__":
    if sys.argv[1] == "write":
        sys.exit(print(write(sys.argv[2], int(sys.argv[3]))))
    how = {"adapt": by_adapt, "pandas": by_pandas}[sys.argv[1]]
    began = time.process_time()
    how(sys.argv[2])
    print(time.process_time() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
