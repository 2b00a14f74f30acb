"""A deliberately dirty export of the broadcasts, for the cleaning exercises."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from liveshop.tables.writing import atomic, write_text
from liveshop.world import draws

FILE = "streams-export-gbk.csv"
HEADER = (
    "直播编号,直播标题,开播时间,直播时长,曝光次数,观看次数,观看人数,最高在线,曝光进入率,"
    "商品点击次数,成交订单数,成交人数,成交总额(分),评论次数,分享次数,点赞次数,新增粉丝,投流费用(分)"
).split(",")
TITLES = ("清禾直播数据导出", "统计时间：2025-03-03 至 2025-08-31")
ABOUT = """# Raw exports

`streams-export-gbk.csv` is what a careless backend might give out for the broadcasts of Qinghe. Its defects are
planted: the file is in GBK; two title rows stand above the header; the headers are Chinese; money is in fen (分);
large counts are written as `1.2万`; rates are text such as `12.3%`; -124 and `--` stand for nothing; some rows come
twice; comments (评论次数) and shares (分享次数) stand in each other's column; the last row is a total. \
`streams.parquet` one folder up is the clean table.
"""


def write(tables, folder, seed):
    """Write the dirty exports to `folder`."""
    folder = Path(folder)
    streams = tables["streams"]
    titles = [[title] + [""] * (len(HEADER) - 1) for title in TITLES]
    rows = _spoilt([_row(s) for s in streams.itertuples()], draws.generator(seed, "raw"))
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows([*titles, HEADER, *rows, _total(streams)])
    with atomic(folder / FILE) as path:
        path.write_bytes(text.getvalue().encode("gbk"))
    write_text(folder / "README.md", ABOUT)


def _wan(value):
    return f"{value / 10_000:.1f}万" if value >= 10_000 else str(int(value))


def _fen(yuan):
    return int(round(yuan * 100))


def _row(s):
    """A broadcast as the backend writes it: shares stand in the column of comments, and the other way round."""
    return [
        s.stream_id,
        s.title,
        s.started.strftime("%Y/%m/%d %H:%M"),
        f"{s.stream_seconds // 60}分钟",
        _wan(s.impressions),
        _wan(s.views),
        _wan(s.viewers),
        s.pcu,
        f"{100 * s.views / max(s.impressions, 1):.1f}%",
        s.product_clicks,
        s.orders,
        s.buyers,
        _fen(s.gmv),
        s.shares,
        s.comments,
        _wan(s.likes),
        s.new_followers,
        _fen(s.promotion_spend),
    ]


def _spoilt(rows, random):
    """The rows with sentinels, dashes, a formula, and some that come twice."""
    for i in random.choice(len(rows), max(1, len(rows) // 18), replace=False):
        rows[i][int(random.choice([7, 9, 16]))] = -124
    for i in random.choice(len(rows), max(1, len(rows) // 25), replace=False):
        rows[i][int(random.choice([8, 11]))] = "--"
    rows[int(random.integers(len(rows)))][1] = '=HYPERLINK("http://example.invalid","清禾")'
    for i in sorted(random.choice(len(rows), max(1, len(rows) // 30), replace=False), reverse=True):
        rows.insert(i, list(rows[i]))
    return rows


def _total(streams):
    """The last row, a total of a few columns."""
    sums = {
        "直播编号": "合计",
        "商品点击次数": int(streams.product_clicks.sum()),
        "成交订单数": int(streams.orders.sum()),
        "成交总额(分)": _fen(streams.gmv.sum()),
    }
    return [sums.get(name, "") for name in HEADER]
