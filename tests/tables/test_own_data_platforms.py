"""The mappings for live platforms, each on exports made after the documented layouts: figures, persons, recognition."""

import pandas as pd
import pytest

from adapted import balanced, csv, message, told
from liveshop.tables import adapt, validate
from liveshop.tables.adapt.recognising import recognise
from platform_exports import INDONESIAN, LIVE, ORDERS, SYCM, workbook
from sample_exports import tiktok_workbook

CASES = [(name, number) for name, exports in LIVE.items() for number in range(len(exports))]
FIGURES = {  # of both broadcasts
    "tiktok-live-indonesian": dict(
        started=["2026-07-31 21:03", "2026-08-01 20:00"], stream_seconds=[10620, 3600], gmv=[20_000_000, 950_000],
        views=[20_540, 8_125], viewers=[3_000, 1_210], items=[200, 9], buyers=[150, 8], likes=[12_500, 2_505],
        product_clicks=[9_010, 501], reported_ctr=[0.1477, 0.0833], new_followers=[45, 5]),
    "tiktok-live-vietnamese": dict(
        started=["2026-07-31 21:03", "2026-08-01 20:00"], stream_seconds=[10620, 540], gmv=[12_345_678, 950_000],
        views=[20_540, 8_125], viewers=[3_005, 1_210], items=[200, 9], buyers=[150, 8], likes=[12_500, 2_505],
        product_clicks=[9_010, 501], reported_ctr=[0.1477, 0.0834], comments=[400, 100], shares=[30, 3]),
    "tiktok-live-thai": dict(
        started=["2026-07-31 21:03", "2026-08-01 20:00"], stream_seconds=[10620, 540], gmv=[123_456.5, 950],
        views=[20_540, 8_125], viewers=[3_005, 1_210], orders=[180, 8], items=[200, 9], buyers=[150, 8],
        likes=[12_500, 2_505], product_clicks=[9_010, 501], reported_ctr=[0.1477, 0.0834]),
    "douyin-compass-live": dict(
        started=["2026-09-07 08:55:37", "2026-09-09 20:00"], stream_seconds=[57_600, 7_200], gmv=[61_045.3, 2_990],
        impressions=[280_286, 4_000], views=[21_254, 900], viewers=[15_093, 500], pcu=[75, 40], buyers=[1_513, 29],
        watch_seconds=[15_093 * 1.07 * 60, 500 * 2.5 * 60], product_impressions=[67_458, 900], orders=[1_536, 30],
        reported_ctor=[0.149, 0.1]),
    "sycm-live": dict(
        started=["2026-06-16 20:12:45", "2026-06-17 20:00"], stream_seconds=[11_520, 3_570], gmv=[3_127.18, 1_000.5],
        views=[5_747, 2_000], viewers=[2_438, 1_000], watch_seconds=[574_700, 160_000], product_clicks=[2_662, 900],
        sku_orders=[27, 8], items=[30, 9], buyers=[11, 4], reported_watch_seconds_per_view=[100, 80])}
CURRENCIES = {"tiktok-live-indonesian": "IDR", "tiktok-live-vietnamese": "VND", "tiktok-live-thai": "THB",
              "douyin-compass-live": "CNY", "sycm-live": "CNY"}


@pytest.mark.parametrize(("name", "number"), CASES)
def test_broadcasts_are_read_as_the_platform_documents_them(tmp_path, name, number):
    frame = adapt(workbook(tmp_path / "live.xlsx", *LIVE[name][number]), name)
    report = frame.attrs["report"]
    for column, values in FIGURES[name].items():
        wanted = pd.to_datetime(values, format="mixed") if column == "started" else pytest.approx(values)
        assert frame[column].tolist() == (wanted.tolist() if column == "started" else wanted), column
    assert balanced(frame) and report.currency == CURRENCIES[name] and not report.warnings, report.warnings
    assert frame.stream_id.is_unique and not [p for p in validate(frame, "streams") if p.severity == "error"]


@pytest.mark.parametrize(("name", "number"), CASES)
def test_broadcasts_are_known_by_their_headings(tmp_path, name, number):
    rows, above = LIVE[name][number]
    assert recognise(workbook(tmp_path / "live.xlsx", rows, above)).name == name
    assert recognise(workbook(tmp_path / "live.xlsx", [*rows[:1], [None] * len(rows[0])], above)).name == name
    frame = pd.DataFrame(rows[1:], columns=rows[0])
    frame.to_csv(tmp_path / "live.csv", index=False, encoding="utf-8-sig")
    assert recognise(tmp_path / "live.csv").name == name
    shuffled = frame[list(frame.columns[::-1])].rename(columns=lambda heading: f" {heading.upper()} ")
    shuffled.to_csv(tmp_path / "live.csv", index=False)
    assert recognise(tmp_path / "live.csv").name == name, "order and case of the headings tell nothing"
    frame[list(frame.columns[:2])].to_csv(tmp_path / "live.csv", index=False)
    assert recognise(tmp_path / "live.csv") is None


def test_a_broadcast_in_english_is_taken_for_none_of_the_others(tmp_path):
    assert recognise(tiktok_workbook(tmp_path / "live.xlsx")).name == "tiktok-live-export"


@pytest.mark.parametrize("name", LIVE)
def test_a_file_that_is_no_list_of_broadcasts_is_not_taken_for_one(tmp_path, name):
    """Lists of videos, articles and creators of one platform share most of its words."""
    rows = LIVE[name][0][0]
    length = next(i for i, heading in enumerate(rows[0]) if heading.startswith(
        ("Durasi", "Thời lượng", "ระยะเวลา", "直播时长", "开播时长")))
    frame = pd.DataFrame(rows[1:], columns=rows[0]).drop(columns=rows[0][length])
    frame.to_csv(tmp_path / "videos.csv", index=False)
    assert recognise(tmp_path / "videos.csv") is None


@pytest.mark.parametrize(("name", "paid", "times"), [
    ("tiktok-orders", [110_000, 30_000], ["2025-12-15 09:30:33"] * 2),
    ("sycm-live-orders", [89.99, 20.01], ["2026-06-16 23:44:19"] * 2)])
def test_orders_are_read_as_the_platform_documents_them(tmp_path, name, paid, times):
    path = csv(tmp_path, ORDERS[name])
    assert recognise(path).name == name
    frame = adapt(path, name)
    assert frame.paid_amount.tolist() == pytest.approx(paid) and frame.line_no.tolist() == [1, 2]
    assert [str(time) for time in frame.created] == times and frame.order_id.nunique() == 1 and balanced(frame)
    assert frame.customer_id.nunique() == 1 and [warning[:31] for warning in frame.attrs["report"].warnings] == (
        ["customer_id: 2 of 2 different ids"[:31]] if name == "sycm-live-orders" else [])
    for person in ("mia", "Mia", "Tom", "tom9", "Jl. A", "+62", "米*4", "汤*2"):
        assert person not in frame.to_csv() and person not in told(frame)


def test_tiktok_orders_of_other_places(tmp_path):
    """American times have AM and PM, the month first; dong and baht are written in their own ways."""
    american = ORDERS["tiktok-orders"].replace("IDR ", "$").replace(".000", ".00").replace(".500", ".50").replace(
        "15/12/2025 09:30:33", "12/15/2025 9:30:33 PM").replace("15/12/2025 09:31:00", "12/15/2025 9:31:00 PM")
    frame = adapt(csv(tmp_path, american.replace("02/12/2025 10:00:00", "12/02/2025 10:00:00 AM")), "tiktok-orders")
    assert frame.paid_amount.tolist() == [110, 30] and str(frame.created[0]) == "2025-12-15 21:30:33"
    assert "in which currency" in told(frame)
    dong = ORDERS["tiktok-orders"].replace("IDR ", "₫")
    assert adapt(csv(tmp_path, dong), "tiktok-orders").paid_amount.tolist() == [110_000, 30_000]
    baht = ORDERS["tiktok-orders"].replace("IDR ", "THB ").replace(".000", ".00").replace(".500", ".50")
    assert adapt(csv(tmp_path, baht), "tiktok-orders").paid_amount.tolist() == [110, 30]
    plain = ORDERS["tiktok-orders"].replace("IDR ", "")
    assert "may separate thousands or decimals" in message(csv(tmp_path, plain), "tiktok-orders")


@pytest.mark.parametrize("status", ["Cancelled", "Unpaid", "Dibatalkan", "Đã hủy", "Đã huỷ", "ยกเลิกแล้ว", "已取消",
                                    "Storniert", "Annulé", "Annullato", "Cancelado", "Nicht bezahlt", "キャンセル済み"])
def test_cancelled_orders_are_set_aside_in_every_language(tmp_path, status):
    frame = adapt(csv(tmp_path, ORDERS["tiktok-orders"].replace("Canceled", status)), "tiktok-orders")
    assert len(frame) == 2 and [a["rows"] for a in frame.attrs["report"].set_aside] == [1, 1]


def test_cut_order_numbers_are_told_and_not_taken_for_a_description(tmp_path):
    numbers = ORDERS["tiktok-orders"].replace("576461413038785752", "5.77E+17")
    frame = adapt(csv(tmp_path, numbers), "tiktok-orders")
    assert len(frame) == 2 and "ids stand in scientific notation" in told(frame)


def test_a_broadcast_without_a_length_fills_no_table(tmp_path):
    rows = [[cell for cell, heading in zip(row, SYCM[0], strict=True) if heading != "开播时长"] for row in SYCM]
    assert "has no column “开播时长”" in message(workbook(tmp_path / "live.xlsx", rows), "sycm-live")


def test_two_broadcasts_of_one_account_at_one_time_stop(tmp_path):
    rows = [*INDONESIAN, [*INDONESIAN[1][:5], "Rp1.000.000", *INDONESIAN[1][6:]]]
    assert "stream_id" in message(workbook(tmp_path / "live.xlsx", rows, 2), "tiktok-live-indonesian")
    both = [*INDONESIAN, ["7999", *INDONESIAN[1][1:]]]
    assert len(adapt(workbook(tmp_path / "live.xlsx", both, 2), "tiktok-live-indonesian")) == 3, "two accounts"


@pytest.mark.parametrize("name", [name for name in LIVE if name != "sycm-live"])
def test_a_sign_of_another_currency_stops(tmp_path, name):
    rows = LIVE[name][0][0]
    place = next(i for i, heading in enumerate(rows[0]) if heading.startswith(("GMV", "直播间成交金额")))
    wrong = [rows[0], *([*row[:place], "€12.50", *row[place + 1:]] for row in rows[1:])]
    assert "several" in (text := message(workbook(tmp_path / "live.xlsx", wrong), name)) or "its signs are" in text


def test_a_currency_that_is_told_settles_what_a_point_separates(tmp_path):
    """950.000 may be 950 euros; rupiah and dong are printed without decimals."""
    export = "id,begin,length,{}\n1,2026-03-01 20:00,7200,950.000\n2,2026-03-02 20:00,7200,120.000\n"
    columns = {"stream_id": "id", "started": "begin", "stream_seconds": "length"}
    for heading, more in (("gmv", {"currency": "VND"}), ("gmv (Rp)", {})):
        mapping = {"table": "streams", "columns": {**columns, "gmv": heading}, **more}
        assert adapt(csv(tmp_path, export.format(heading)), mapping).gmv.tolist() == [950_000, 120_000]
    for heading, more in (("gmv", {"currency": "EUR"}), ("gmv", {}), ("gmv (€)", {})):
        mapping = {"table": "streams", "columns": {**columns, "gmv": heading}, **more}
        assert "may separate thousands or decimals" in message(csv(tmp_path, export.format(heading)), mapping)


def test_join_takes_the_first_heading_of_a_list_that_is_there(tmp_path):
    rule = {"join": [["shop", "branch"], "number"]}
    columns = {"order_id": rule, "line_no": {"constant": 1}, "quantity": {"constant": 1}}
    mapping = {"table": "orders", "columns": columns}
    export = "branch,number,paid_amount,created\nnorth,1,10,2026-03-01\nsouth,1,20,2026-03-01\n"
    assert adapt(csv(tmp_path, export), mapping).order_id.tolist() == ["north-1", "south-1"]
    assert "has no column “shop”" in message(csv(tmp_path, export.replace("branch", "place")), mapping)
