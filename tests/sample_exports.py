"""Small exports in the shape of real ones, with their defects, for the tests to read."""

import datetime as dt

import pandas as pd
from openpyxl import Workbook

TIKTOK_HEADINGS = [
    "Room ID",
    "Room Title",
    "Start Time",
    "End Time",
    "Duration",
    "Attributed GMV",
    "Attributed items sold",
    "Attributed orders",
    "Attributed SKU orders",
    "Customers",
    "AOV",
    "Views",
    "Impressions",
    "Impressions Per Hour",
    "GMV per hour",
    "Show GPM",
    "Watch GPM",
    "Avg. viewing duration per view",
    "Avg. viewing duration",
    "Tap through rate",
    "LIVE CTR",
    "Product Impressions",
    "Product clicks",
    "CTR",
    "CTOR",
    "CTOR (SKU orders)",
    "SKU order rate",
    "New followers",
    "Follow rate",
    "Comments",
    "Comment rate",
    "Shares",
    "Share rate",
    "Likes",
    "Like rate",
]


def tiktok_line(number, views=10_000, title=None):
    """One broadcast of the export, its rates computed from its counts."""
    start = dt.datetime(2026, 1, 2 + number % 28, 19, 30)
    seconds = 5400 + 60 * number
    orders, clicks, shown = views // 50, views // 8, views * 3
    gmv, impressions, each = orders * 129.5, views * 6, 48

    def rate(part, whole):
        return f"{100 * part / whole:.2f}%"

    return {
        "Room ID": f"74560123456789{number:05d}", "Room Title": title or f"Evening room {number}",
        "Start Time": f"{start:%Y-%m-%d %H:%M}", "End Time": f"{start + dt.timedelta(seconds=seconds):%Y-%m-%d %H:%M}",
        "Duration": f"{seconds // 3600}h {seconds % 3600 // 60}min", "Attributed GMV": f"{gmv:,.2f}",
        "Attributed items sold": orders + 40, "Attributed orders": orders, "Attributed SKU orders": orders + 20,
        "Customers": orders - 5, "AOV": round(gmv / orders, 2), "Views": views, "Impressions": impressions,
        "Impressions Per Hour": round(impressions * 3600 / seconds), "GMV per hour": round(gmv * 3600 / seconds, 2),
        "Show GPM": round(1000 * gmv / impressions, 2), "Watch GPM": round(1000 * gmv / views, 2),
        "Avg. viewing duration per view": f"{each}s", "Avg. viewing duration": "1min 2s",
        "Tap through rate": rate(views, impressions), "LIVE CTR": rate(clicks, views), "Product Impressions": shown,
        "Product clicks": clicks, "CTR": rate(clicks, shown), "CTOR": rate(orders, clicks),
        "CTOR (SKU orders)": rate(orders + 20, clicks), "SKU order rate": rate(orders + 20, views),
        "New followers": views // 200, "Follow rate": "0.50%", "Comments": views // 20, "Comment rate": "5.00%",
        "Shares": views // 100, "Share rate": "1.00%", "Likes": views * 2, "Like rate": "200.00%"}


def tiktok_workbook(path, lines=12, defects=True):
    """Write a TikTok Shop LIVE export; with its defects, unless told otherwise:

    a code −124 in two columns, "--" for nothing, a room that stands twice (an earlier snapshot with fewer views) and
    one whose line is repeated, a title that is a formula, 1.2万 views, a totals line at the end.
    """
    rows = [tiktok_line(n, 8_000 + 500 * n) for n in range(1, lines + 1)]
    if defects:
        rows[0]["Room Title"] = '=HYPERLINK("http://example.invalid","Click")'
        rows[1]["Views"], rows[1]["Impressions"] = "1.2万", "7.2万"
        rows[2]["CTOR"], rows[2]["Shares"] = "--", "-"
        rows[3]["Likes"] = rows[4]["Likes"] = rows[5]["New followers"] = -124
        rows.insert(7, {**tiktok_line(5, 6_000), "Room ID": rows[4]["Room ID"]})
        rows.append(dict(rows[2]))
        rows.append({"Room ID": "Total", "Attributed GMV": 123456.7, "Views": 999_999})
    book = Workbook()
    sheet = book.active
    sheet.title = "performance_detail"
    sheet["A1"] = "2026-01-01 ~ 2026-01-31"
    for column, heading in enumerate(TIKTOK_HEADINGS, start=1):
        sheet.cell(3, column, heading)
        for line, row in enumerate(rows, start=4):
            sheet.cell(line, column, row.get(heading))
    book.create_sheet("notes")["A1"] = "Figures are updated daily."
    book.save(path)
    return path


def thai_posts(path):
    """Write a file in the shape of the Thai Facebook posts: byte-order mark, empty columns, repeated ids, m/d/y."""
    lines = ["status_id,status_type,status_published,num_reactions,num_comments,num_shares,num_likes,Column1,Column2",
             "111_1,video,4/22/2018 6:00,529,512,262,432,,", "111_2,photo,4/11/18 04:53,150,0,0,150,,",
             "222_3,photo,2/14/2014 3:07,211,2,0,211,,", "222_4,status,12/31/2017 23:59,7,0,0,7,,",
             "111_2,photo,4/11/18 04:53,150,0,0,150,,", "222_3,photo,10/11/13 08:23,211,2,0,211,,"]
    path.write_bytes(("\ufeff" + "\r\n".join(lines) + "\r\n").encode("utf-8"))
    return path


def orders(lines=40):
    """A small sound orders table."""
    n = range(lines)
    created = pd.Timestamp("2025-06-01 20:00") + pd.to_timedelta([7 * i for i in n], unit="min")
    return pd.DataFrame({
        "order_id": [f"O{i // 2:04d}" for i in n], "line_no": [i % 2 + 1 for i in n],
        "customer_id": [100 + i % 9 for i in n], "product_id": [f"P{i % 5}" for i in n],
        "stream_id": [f"S{i % 3}" for i in n], "quantity": [1 + i % 2 for i in n],
        "list_amount": [(1 + i % 2) * 199.0 for i in n], "paid_amount": [(1 + i % 2) * 149.5 for i in n],
        "created": created, "paid": created + pd.Timedelta(minutes=2)})


def streams(rows=3):
    """A small sound streams table."""
    start = pd.Timestamp("2025-06-01 19:00") + pd.to_timedelta(range(rows), unit="D")
    return pd.DataFrame({
        "stream_id": [f"S{i}" for i in range(rows)], "title": "Evening room", "started": start,
        "ended": start + pd.Timedelta(hours=2), "stream_seconds": 7200, "views": [5000 + i for i in range(rows)],
        "viewers": 4000, "orders": 90, "sku_orders": 100, "items": 110, "buyers": 80, "gmv": 12_950.5,
        "watch_seconds": 250_000.0, "likes": 900})
