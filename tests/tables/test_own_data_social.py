"""One export into several tables: orders, the customers who placed them, and refunds that must find their purchase.

The small files here have the shape and the defects of Online Retail; the expected tables are written down by hand.
"""

import copy
import os
import re
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_fuzz import ANYTHING, CELLS, survives

from liveshop import editions
from liveshop.tables import TableError, adapt, adapt_all, pseudonymise, validate
from liveshop.tables.adapt.mapping import ENTRY, entries
from liveshop.tables.adapt.matching import latest_first
from liveshop.tables.contract import contract
from liveshop.tables.places import MAPPINGS

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = MAPPINGS / "online-retail.yml"
REAL = os.environ.get("LIVESHOP_REAL_DATA")

HEADINGS = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"
LINES = """
536365,85123A,HEART,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom
536365,71053,LANTERN,2,2010-12-01 08:26:00,3.39,17850.0,United Kingdom
536366,85123A,HEART,4,2010-12-02 09:00:00,2.55,17850.0,United Kingdom
C536367,85123A,HEART,-3,2010-12-03 10:00:00,2.55,17850.0,United Kingdom
c536368,85123A,HEART,-2,2010-12-04 10:00:00,2.55,17850,United Kingdom
 C536369,71053,LANTERN,-2,2010-12-05 10:00:00,3.39,17850.0,United Kingdom
C536370,D,Discount,-1,2010-12-05 11:00:00,27.5,17850.0,United Kingdom
C536371,71053,LANTERN,-1,2010-12-06 10:00:00,3.39,17850.0,United Kingdom
536372,22139,TEA SET,5,2010-12-06 11:00:00,1.25,13047.0,France
C536373,22139,TEA SET,-9,2010-12-07 11:00:00,1.25,13047.0,France
C536374,22139,TEA SET,-1,2010-12-06 10:59:00,1.25,12583.0,France
536375,22139,TEA SET,1,2010-12-08 11:00:00,1.25,12583.0,France
C536376,71053,LANTERN,-1,2010-12-09 10:00:00,3.39,,United Kingdom
536377,71053,LANTERN,3,2010-12-09 11:00:00,3.39,,United Kingdom
536378,POST,POSTAGE,1,2010-12-09 12:00:00,0.0,12583.0,France
536379,85123A,HEART,-5,2010-12-09 13:00:00,2.55,12583.0,France
""".strip("\n")


def mapping(**changes):
    """The mapping that comes with the course, with other settings for single tables."""
    content = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    for part in content["tables"]:
        part.update(changes.get(part["table"], {}))
    return content


def export(folder, lines=LINES, encoding="utf-8", headings=HEADINGS, name="export.csv"):
    path = folder / name
    path.write_bytes(f"{headings}\n{lines.strip(chr(10))}\n".encode(encoding))
    return path


def line(invoice, quantity, when, product="P", price="2.5", customer="7"):
    return f"{invoice},{product},THING,{quantity},{when},{price},{customer},France"


def refunds_of(folder, *lines, **changes):
    frame = adapt(export(folder, "\n".join(lines)), mapping(**changes), table="refunds")
    return [(r.order_id, r.line_no, str(r.refunded)[:16], r.refunded_amount) for r in frame.itertuples()]


def aside(frame):
    return [(a["reason"], a["rows"], a["lines"]) for a in frame.attrs["report"].set_aside]


def balanced(frame):
    report = frame.attrs["report"]
    return report.rows_read == report.rows_used + sum(a["rows"] for a in report.set_aside) and report.rows_kept == len(
        frame)


def refused(source, content):
    with pytest.raises(TableError) as caught:
        adapt_all(source, content)
    text = str(caught.value)
    assert "\n" not in text and text.endswith((".", "?"))
    return text


# The shape of Online Retail -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_three_tables_from_one_file(tmp_path, encoding):
    lines = LINES.replace("HEART", "心形挂饰") if encoding != "utf-8" else LINES
    frames = adapt_all(
        export(tmp_path, lines, encoding),
        mapping(
            orders={
                "where": [
                    {"column": "CustomerID", "present": True, "reason": "no customer"},
                    {"column": "InvoiceNo", "does_not_match": "(?i)^C", "reason": "cancelled"},
                    {"column": "Quantity", "above": 0, "reason": "negative quantity"},
                    {"column": "UnitPrice", "above": 0, "reason": "given away"}]
            }
        ),
    )
    assert list(frames) == ["orders", "customers", "refunds"] and all(map(balanced, frames.values()))
    orders, customers, refunds = frames.values()

    assert [
        tuple(row)
        for row in orders[["order_id", "line_no", "customer_id", "product_id", "quantity", "paid_amount"]].to_numpy()
    ] == [
        ("536365", 1, 17850, "85123A", 6, 15.3), ("536365", 2, 17850, "71053", 2, 6.78),
        ("536366", 1, 17850, "85123A", 4, 10.2), ("536372", 1, 13047, "22139", 5, 6.25),
        ("536375", 1, 12583, "22139", 1, 1.25)]
    assert aside(orders) == [
        ("no customer", 2, [14, 15]), ("cancelled", 7, [5, 6, 7, 8, 9]), ("negative quantity", 1, [17]),
        ("given away", 1, [16])]

    assert [(row.customer_id, str(row.joined)) for row in customers.itertuples()] == [
        (17850, "2010-12-01 08:26:00"), (13047, "2010-12-06 11:00:00"), (12583, "2010-12-08 11:00:00")]

    # Three of the later four hearts, then the fourth and one of the first six; both lanterns; five tea sets of nine.
    assert [(r.order_id, r.line_no, str(r.refunded)[:16], r.refunded_amount) for r in refunds.itertuples()] == [
        ("536366", 1, "2010-12-04 10:00", 10.2), ("536365", 1, "2010-12-04 10:00", 2.55),
        ("536365", 2, "2010-12-05 10:00", 6.78), ("536372", 1, "2010-12-07 11:00", 6.25)]
    assert aside(refunds) == [
        ("line of a purchase (the invoice number does not begin with C)", 8, [2, 3, 4, 10, 13]),
        ("cancellation without a customer", 1, [14]),
        ("no purchase before it with the same customer_id, product_id and unit_price", 2, [8, 12]),
        ("the purchase that it could belong to was refunded already", 1, [9]),
    ]
    for name, frame in frames.items():
        assert [str(p) for p in validate(frame, name, frames) if p.severity == "error"] == []


def test_the_report_counts_what_was_found_and_what_was_not(tmp_path):
    frames = adapt_all(export(tmp_path), "online-retail")
    told = {name: str(frame.attrs["report"]) for name, frame in frames.items()}
    assert (
        "5 rows of export.csv, those that became orders, were read again; together they gave the 3 rows of the "
        "table customers."
        in told["customers"]
    )
    assert (
        "4 of 7 refunds found their purchase, 25.78 of 62.92 in money: the latest order line before the refund"
        in told["refunds"])
    assert (
        "1 of them was larger than the purchases that were found; 5.00 of their money belongs to none and is left out."
        in told["refunds"])
    assert "1 order line was refunded in parts" in told["refunds"]
    # What one table uses is not called idle by another, and what holds for all is said once.
    assert ["not used: Description, Country." in text for text in told.values()] == [True, False, False]
    assert [text.count("Amounts are in pounds") for text in told.values()] == [1, 0, 0]
    assert (
        str(adapt(tmp_path / "export.csv", "online-retail", table="refunds").attrs["report"]).count(
            "Amounts are in pounds")
        == 1
    )


def test_ids_and_times_in_other_forms_give_the_same_tables(tmp_path):
    same = adapt_all(export(tmp_path), "online-retail")
    lines = "\n".join(
        ",".join(
            [
                *cells[:4],
                f"{cells[4][8:10]}/{cells[4][5:7]}/{cells[4][:4]} {cells[4][11:16]}" if number % 2 else cells[4],
                cells[5], cells[6].removesuffix(".0") if number % 3 else cells[6], cells[7]]
        )
        for number, cells in enumerate(row.split(",") for row in LINES.splitlines())
    )
    other = mapping()
    for part in other["tables"]:
        for rule in ("created", "paid", "joined", "refunded"):
            if rule in part["columns"]:
                given = part["columns"][rule]
                part["columns"][rule] = {
                    **(given if isinstance(given, dict) else {"from": given}),
                    "format": ["%d/%m/%Y %H:%M", "%Y-%m-%d %H:%M:%S"]}
    for name, frame in adapt_all(export(tmp_path, lines, name="other.csv"), other).items():
        pd.testing.assert_frame_equal(frame, same[name])
    assert "can be read as day/month or as month/day" in refused(tmp_path / "other.csv", "online-retail")


def test_one_table_of_several_is_made_with_what_it_leans_on(tmp_path):
    path = export(tmp_path)
    frames = adapt_all(path, "online-retail")
    for name, frame in frames.items():
        pd.testing.assert_frame_equal(adapt(path, "online-retail", table=name), frame)
    with pytest.raises(TableError, match="^The mapping fills 3 tables; name one with table=, or use adapt_all.$"):
        adapt(path, "online-retail")


def test_pseudonyms_join_the_tables_and_no_customer_stands_in_a_report(tmp_path):
    frames = adapt_all(export(tmp_path), "online-retail")
    secret = bytes(32)
    written = {name: pseudonymise(frame, secret=secret) for name, frame in frames.items()}
    assert set(written["orders"].customer_id) == set(written["customers"].customer_id) and not set(
        written["customers"].customer_id) & set(frames["customers"].customer_id)
    # The first four headings would show the customer here.
    shuffled = "CustomerID,InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice,Country"
    order = [HEADINGS.split(",").index(h) for h in shuffled.split(",")]
    lines = "\n".join(",".join(row.split(",")[i] for i in order) for row in LINES.splitlines())
    for frame in adapt_all(export(tmp_path, lines, headings=shuffled), "online-retail").values():
        for person in ("17850", "13047", "12583"):
            assert person not in frame.attrs["report"].markdown() and person not in repr(dict(frame.attrs["report"]))


def test_a_table_without_persons_shows_none_either(tmp_path):
    content = {"table": "products", "duplicates": "first", "columns": {"product_id": "Stock"}}
    source = "CustomerID,Stock,买家编号\n987654321,A,1\n987654321,A,2\n"
    frame = adapt(export(tmp_path, source.split("\n", 1)[1], headings=source.split("\n", 1)[0]), content)
    assert frame.attrs["report"].set_aside[0]["rows"] == 1 and "987654321" not in frame.attrs["report"].markdown()


def test_lines_that_do_not_fit_are_counted_once(tmp_path):
    frames = adapt_all(export(tmp_path, LINES + "\n536380,P,THING,1,2010-12-10,1,17850,France,too,many"),
                       {**mapping(), "bad_rows": "set_aside"})
    counted = {
        name: (frame.attrs["report"].rows_read, ("more cells than there are headings", 1, [18]) in aside(frame))
        for name, frame in frames.items()}
    assert counted == {"orders": (17, True), "customers": (5, False), "refunds": (17, True)} and all(
        map(balanced, frames.values()))


def test_customers_by_name_join_too(tmp_path):
    named = (
        LINES.replace("17850.0", "anna").replace("17850", "anna").replace("13047.0", "bo").replace("12583.0", "chen"))
    content = mapping()
    for part in content["tables"]:
        part["columns"]["customer_id"] = {"from": "CustomerID", "pseudonym": True}
    frames = adapt_all(export(tmp_path, named), content)
    assert frames["customers"].customer_id.nunique() == 3 and len(frames["refunds"]) == 4
    assert not any("anna" in frame.attrs["report"].markdown() for frame in frames.values())


def test_a_section_runs_on_several_tables_with_the_pseudonyms_of_a_key(tmp_path, monkeypatch):
    cells = [
        nbformat.v4.new_markdown_cell("# 6 Running a social shop"),
        nbformat.v4.new_code_cell("from liveshop import load\n\ntables = load('data')", metadata={"tags": ["setup"]}),
        nbformat.v4.new_markdown_cell("## 6.4 Customer relations"),
        nbformat.v4.new_code_cell(
            "both = tables.orders.merge(tables.customers, on='customer_id').merge(tables.refunds, "
            ""
            "on=['order_id', 'line_no'])\n(len(both), both.customer_id.nunique())",
            metadata={
                "tags": ["template"],
                "liveshop": {"needs": ["orders", "customers", "refunds"], "shows": "what came back, by customer"}},
        ),
    ]
    (tmp_path / "notebooks").mkdir()
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "notebooks" / "06-social-operations.ipynb")
    monkeypatch.chdir(tmp_path)
    path, key = export(tmp_path), tmp_path / "my-key"
    with pytest.raises(editions.EditionError, match="would lie among the results: keep it elsewhere"):
        editions.own_data_notebook("6.4", path, SHIPPED, "result", "result/my-key")
    assert not key.exists() and not Path("result").exists()
    (tmp_path / "posts").mkdir()
    (tmp_path / "posts" / "posts.csv").write_text("post_id,type,published\n1,video,2025-06-01\n")
    with pytest.raises(
        editions.EditionError,
        match=r"^No step of section 6.4 can run on these tables \(posts\): its steps need orders, customers, refunds.$",
    ):
        editions.own_data_notebook("6.4", "posts", out="result")
    assert not Path("result").exists()
    out = editions.own_data_notebook("6.4", path, SHIPPED, "result", key)

    nb = nbformat.read(out / "section-6-4.ipynb", 4)
    assert nb.cells[-1].outputs[0]["data"]["text/plain"] == "(4, 2)"
    report = (out / "report.md").read_text(encoding="utf-8")
    assert (
        "| `orders` | `export.csv` | 5 |" in report and "| `customers` | `export.csv` | 3 |" in report
        and "| `refunds` | `export.csv` | 4 |" in report
        and "Nothing: every step found what it needs." in report)
    written = [nbformat.writes(nb), report, (out / "section-6-4.html").read_text(encoding="utf-8")]
    assert not any(person in text for person in ("17850", "13047", "12583") for text in written)
    # Whoever holds the key can say who is who; nobody else.
    real = pd.DataFrame({"customer_id": [17850, 13047, 12583]})
    customers = pd.read_parquet(out / "data" / "customers.parquet")
    assert (
        set(customers.customer_id) == set(pseudonymise(real, secret=key).customer_id)
        == set(pd.read_parquet(out / "data" / "orders.parquet").customer_id))
    assert set(customers.customer_id) != set(pseudonymise(real).customer_id) and key.read_text() not in "".join(written)


# Which purchase a refund belongs to -----------------------------------------------------------------------------------


def test_of_two_purchases_the_latest_before_the_refund(tmp_path):
    bought = [line("1", 4, "2025-01-01"), line("2", 4, "2025-01-05"), line("3", 4, "2025-01-09")]
    assert refunds_of(tmp_path, *bought, line("C4", -4, "2025-01-07")) == [("2", 1, "2025-01-07 00:00", 10)]
    assert refunds_of(tmp_path, *bought, line("C4", -6, "2025-01-07")) == [
        ("2", 1, "2025-01-07 00:00", 10), ("1", 1, "2025-01-07 00:00", 5)]


def test_parts_of_one_purchase_are_one_row_with_the_last_time(tmp_path):
    lines = [line("1", 9, "2025-01-01"), line("C2", -2, "2025-01-02"), line("C3", -3, "2025-01-04")]
    assert refunds_of(tmp_path, *lines) == [("1", 1, "2025-01-04 00:00", 12.5)]
    # However the file is sorted.
    assert refunds_of(tmp_path, *lines[::-1]) == [("1", 1, "2025-01-04 00:00", 12.5)]


def test_never_more_than_was_paid(tmp_path):
    lines = [
        line("1", 3, "2025-01-01", price="0.1"), line("C2", -2, "2025-01-02", price="0.1"),
        line("C3", -2, "2025-01-03", price="0.1")]
    assert refunds_of(tmp_path, *lines) == [("1", 1, "2025-01-03 00:00", 0.3)]
    frame = adapt(tmp_path / "export.csv", "online-retail", table="refunds")
    assert "1 of them was larger than the purchases that were found; 0.10 of their money belongs to none" in str(
        frame.attrs["report"])


def test_a_purchase_that_is_used_up_is_used_up(tmp_path):
    """Ten times 0.01 from 0.1 leaves nothing, although binary fractions would leave a trace."""
    lines = [
        line("1", 10, "2025-01-01", price="0.01"),
        *(line(f"C{day}", -1, f"2025-02-{day:02d}", price="0.01") for day in range(1, 12))]
    assert refunds_of(tmp_path, *lines) == [("1", 1, "2025-02-10 00:00", 0.1)]
    assert ("the purchase that it could belong to was refunded already", 1, [13]) in aside(
        adapt(tmp_path / "export.csv", "online-retail", table="refunds"))


def test_what_was_not_paid_yet_cannot_come_back(tmp_path):
    (tmp_path / "orders.csv").write_text(
        "order_id,line_no,quantity,paid_amount,created,paid\nA,1,1,60,2025-06-01,2025-06-03\nB,1,1,60,2025-06-01,\n")
    (tmp_path / "refunds.csv").write_text(
        "order_id,refunded,refunded_amount\nA,2025-06-02,20\nA,2025-06-04,10\nB,2025-06-04,10\n")
    refunds = adapt_all(tmp_path, {"tables": [{"table": "orders"}, {"table": "refunds", "match": ["order_id"]}]})[
        "refunds"]
    assert list(refunds.order_id) == ["A"] and list(refunds.refunded_amount) == [10]
    assert aside(refunds) == [("no purchase before it with the same order_id", 2, [2, 4])]


def test_a_refund_in_the_same_minute_counts_and_an_earlier_one_does_not(tmp_path):
    assert refunds_of(tmp_path, line("C2", -1, "2025-01-01 10:00"), line("1", 1, "2025-01-01 10:00")) == [
        ("1", 1, "2025-01-01 10:00", 2.5)]
    assert refunds_of(tmp_path, line("C2", -1, "2025-01-01 09:59"), line("1", 1, "2025-01-01 10:00")) == []


@pytest.mark.parametrize("other", [dict(product="Q"), dict(price="2.4"), dict(customer="8")])
def test_customer_product_and_price_must_agree(tmp_path, other):
    lines = [line("1", 2, "2025-01-01"), line("C2", -2, "2025-01-02", **other)]
    assert refunds_of(tmp_path, *lines) == []
    frame = adapt(tmp_path / "export.csv", "online-retail", table="refunds")
    assert (
        len(frame) == 0 and list(frame.columns) == ["order_id", "line_no", "refunded", "refunded_amount"]
        and balanced(frame))
    assert ("no purchase before it with the same customer_id, product_id and unit_price", 1, [3]) in aside(frame)


def test_price_can_be_left_out_and_money_is_never_more_than_paid(tmp_path):
    lines = [line("1", 2, "2025-01-01"), line("C2", -2, "2025-01-02", price="3")]
    assert refunds_of(tmp_path, *lines, refunds={"match": ["customer_id", "product_id"]}) == [
        ("1", 1, "2025-01-02 00:00", 5.0)]


def test_refunds_from_a_file_of_their_own_that_names_the_order(tmp_path):
    (tmp_path / "orders.csv").write_text(
        "order_id,line_no,quantity,paid_amount,created\nA,1,1,60,2025-06-01\nA,2,1,80,2025-06-01\nB,1,1,50,2025-06-02\n"
    )
    (tmp_path / "returns.csv").write_text(
        "order,refunded,money,why\nA,2025-06-09,100,尺码\nB,2025-06-05,20,质量\nX,2025-06-05,20,质量\n")
    content = {
        "tables": [
            {"table": "orders", "file": "orders.csv"},
            {
                "table": "refunds",
                "file": "returns.csv",
                "match": "order_id",
                "columns": {
                    "order_id": "order", "refunded_amount": "money",
                    "reason": {"from": "why", "values": {"尺码": "size", "质量": "quality"}}},
            },
        ]
    }
    refunds = adapt_all(tmp_path, content)["refunds"]
    assert [tuple(row) for row in refunds[["order_id", "line_no", "refunded_amount", "reason"]].to_numpy()] == [
        ("A", 2, 80, "size"), ("A", 1, 20, "size"), ("B", 1, 20, "quality")]
    assert aside(refunds) == [("no purchase before it with the same order_id", 1, [4])] and balanced(refunds)


def test_refunds_that_stand_in_the_line_of_the_order(tmp_path):
    """As domestic platforms give them out: the order line carries what went back."""
    path = export(
        tmp_path,
        "9001,A,2,120.00,2025-06-01 20:00,13800000001,60.00,2025-06-09 10:00\n"
        "9001,B,1,80.00,2025-06-01 "
        "20:00,13800000001,--,\n"
        "9002,A,1,60.00,2025-06-02 20:00,13800000002,60.00,2025-06-05 11:00\n",
        "gbk",
        "订单编号,商品编号,件数,实付金额,下单时间,客户编号,退款金额,退款时间",
    )
    frames = adapt_all(
        path,
        {
            "tables": [
                {"table": "orders", "columns": {"line_no": {"number_within": "order_id"}}},
                {
                    "table": "refunds", "lines_of": "orders", "match": ["order_id", "product_id"],
                    "where": [{"column": "退款金额", "above": 0, "reason": "nothing refunded"}]},
            ]
        },
    )
    assert [tuple(row) for row in frames["refunds"].astype(str).to_numpy()] == [
        ("9001", "1", "2025-06-09 10:00:00", "60.0"), ("9002", "1", "2025-06-05 11:00:00", "60.0")]
    assert (
        aside(frames["refunds"]) == [("nothing refunded", 1, [3])]
        and "13800000001" not in frames["refunds"].attrs["report"].markdown())


def by_hand(purchases, refunds):
    """The rule itself, refund by refund, searching all purchases anew."""
    left, pieces = {i: p[2] for i, p in enumerate(purchases)}, []
    for at in sorted(range(len(refunds)), key=lambda r: refunds[r][1]):
        key, when, amount = refunds[at]
        for i in sorted(
            (i for i, p in enumerate(purchases) if p[0] == key and p[1] <= when), key=lambda i: (purchases[i][1], i),
            reverse=True):
            part = min(amount, left[i])
            if part > 0:
                pieces.append((at, i, part))
                amount, left[i] = amount - part, left[i] - part
    return pieces


EVENTS = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 9), st.integers(1, 5)), max_size=12)


@settings(max_examples=80, deadline=None, derandomize=True)
@given(EVENTS, EVENTS)
def test_matching_keeps_the_rule_on_any_history(purchases, refunds):
    def frame(events):
        return pd.DataFrame(
            {
                "key": pd.Series([e[0] for e in events], dtype="int64"),
                "when": pd.Timestamp("2025-01-01") + pd.to_timedelta([e[1] for e in events], unit="D"),
                "amount": pd.Series([e[2] for e in events], dtype="float64")}
        )

    pieces, before = latest_first(frame(purchases), frame(refunds))
    assert list(pieces.itertuples(index=False, name=None)) == by_hand(purchases, refunds)
    assert list(before) == [any(p[0] == r[0] and p[1] <= r[1] for p in purchases) for r in refunds]


# Lines put together ---------------------------------------------------------------------------------------------------


def test_take_says_which_of_several_lines_counts():
    source = pd.DataFrame(
        {
            "id": ["a", "b", "a", "a"], "day": ["2025-06-02", "2025-06-05", "2025-06-01", "2025-06-03"],
            "kind": ["video", "photo", "live", None], "seen": [10, 5, None, 7], "liked": [1, 2, 3, 4],
            "sent": [None, 1, 2, 3]}
    )
    frame = adapt(
        source,
        {
            "table": "posts",
            "columns": {
                "post_id": "id", "published": {"from": "day", "take": "earliest"},
                "type": {"from": "kind", "take": "last"}, "impressions": {"from": "seen", "take": "sum"},
                "reactions": {"from": "liked", "take": "largest"}, "comments": {"from": "liked", "take": "smallest"},
                "shares": "sent"},
        },
    )
    assert frame.astype(str).to_numpy().tolist() == [
        ["a", "live", "2025-06-01", "17", "4", "1", "2"], ["b", "photo", "2025-06-05", "5", "2", "2", "1"]]
    report = frame.attrs["report"]
    assert (report.rows_read, report.rows_used, report.rows_kept) == (4, 4, 2) and report.columns[
        "published"] == "day, earliest of the lines"


def test_sums_of_money_are_exact_and_an_empty_sum_is_empty():
    source = pd.DataFrame(
        {
            "order_id": "A", "line_no": [1, 1, 1, 2], "quantity": 1, "paid_amount": [0.1, 0.7, 0, 5],
            "list_amount": [None, None, None, 9], "created": "2025-06-01"}
    )
    frame = adapt(
        source,
        {
            "table": "orders",
            "columns": {"quantity": {"take": "sum"}, "paid_amount": {"take": "sum"}, "list_amount": {"take": "sum"}}},
    )
    assert list(frame.quantity) == [3, 1] and list(frame.paid_amount) == [0.8, 5] and np.isnan(frame.list_amount[0])


def test_a_row_that_is_set_aside_takes_all_its_lines_along():
    source = pd.DataFrame(
        {
            "customer_id": [1, 1, 2, None, None],
            "joined": ["2025-06-01", "2025-06-02", "2025-06-03", "2025-06-04", "2025-06-05"]}
    )
    content = {"table": "customers", "columns": {"joined": {"take": "latest"}}}
    assert refused(source, content).startswith("Table customers, column customer_id, row 4: the value is missing")
    frame = adapt(source, {**content, "bad_rows": "set_aside"})
    assert (
        aside(frame) == [("customer_id: the value is missing", 2, [4, 5])] and balanced(frame)
        and frame.attrs["report"].rows_used == 3)


# Mistakes -------------------------------------------------------------------------------------------------------------


ORDERS, REFUNDS = {"table": "orders"}, {"table": "refunds", "match": ["order_id"]}
MISTAKES = [
    (
        {"tables": [REFUNDS, ORDERS]},
        "Table refunds: the mapping is not understood: match: needs the table orders above it in tables:; write "
        "“- table: orders” with its columns before it.",
    ),
    (REFUNDS, "Table refunds: the mapping is not understood: match: needs the table orders above it"),
    (
        {"tables": [{"table": "customers", "lines_of": "orders"}]},
        "Table customers: the mapping is not understood: lines_of: needs the table orders above it"),
    (
        {"tables": [{"table": "customers", "lines_of": "customers"}]},
        "Table customers: the mapping is not understood: lines_of: needs the table customers above it"),
    ({"table": "customers", "lines_of": "order"}, "There is no table “order” in the contract; did you mean orders?"),
    (
        {"tables": [{**ORDERS, "match": ["order_id"]}]},
        "Table orders: the mapping is not understood: match: is for the table refunds only; leave it out."),
    (
        {"tables": [ORDERS, {"table": "refunds", "match": ["customer"]}]},
        "Table refunds: the mapping is not understood: match: orders has no column “customer”; did you mean "
        "customer_id?",
    ),
    (
        {"tables": [ORDERS, {"table": "refunds", "match": ["_price"]}]},
        "Table refunds: the mapping is not understood: match: _price is not among the columns of refunds"),
    (
        {"tables": [ORDERS, {"table": "refunds", "match": ["_price"], "columns": {"_price": "UnitPrice"}}]},
        "Table refunds: the mapping is not understood: match: _price is not among the columns of orders"),
    (
        {"tables": [ORDERS, {**REFUNDS, "columns": {"refunded": {"take": "latest"}}}]},
        "Table refunds: the mapping is not understood: take: is not for this table; leave it out: the refunds of "
        "one order line are added up by themselves.",
    ),
    (
        {"table": "orders", "columns": {"paid": {"take": "best"}}},
        "Table orders, column paid: the mapping is not understood: take: best is not known; write one of first, "
        "last, earliest",
    ),
]


@pytest.mark.parametrize("content, start", MISTAKES, ids=[m[1][:70] for m in MISTAKES])
def test_mistakes_in_the_mapping_are_named(tmp_path, content, start):
    assert refused(export(tmp_path), content).startswith(start)


def test_mistakes_that_show_on_the_data_are_named(tmp_path):
    path = export(tmp_path)
    forgotten = mapping()
    forgotten["tables"][2]["columns"]["refunded_amount"] = {"formula": "_quantity * _unit_price"}
    assert refused(path, forgotten).startswith(
        "Table refunds, column refunded_amount, line 5: -7.65 is negative (and 6 more like it), computed as "
        "_quantity * _unit_price; give CNY of 0 or more"
    )
    wrong = mapping(
        customers={"columns": {"customer_id": "CustomerID", "joined": {"from": "InvoiceDate", "take": "largest"}}})
    assert (
        refused(path, wrong)
        == "Table customers, column joined: take: largest is for numbers; write take: first or take: last.")
    lost = mapping(refunds={"match": ["customer_id", "product_id", "_unit_price", "channel_id"]})
    assert refused(path, lost).startswith(
        "Table refunds, column channel_id: export.csv has no column “channel_id” for it")
    lost["tables"][2]["constants"] = {"channel_id": "marketplace"}
    assert (
        refused(path, lost)
        == "Table refunds: match: channel_id is not filled in orders; map channel_id in orders, or leave it out "
           "of match:."
    )
    renamed = path.read_text().replace("CustomerID", "Customer No.")
    path.write_text(renamed)
    assert "needs the column “CustomerID”, which export.csv does not have" in refused(path, "online-retail")


def test_refunds_without_a_customer_need_no_where(tmp_path):
    content = mapping()
    content["tables"][2]["where"] = [rule for rule in content["tables"][2]["where"] if rule["column"] != "CustomerID"]
    assert ("nothing in customer_id, product_id and unit_price by which to find the purchase", 1, [14]) in aside(
        adapt_all(export(tmp_path), content)["refunds"])


PARTS = ["table", "lines_of", "match", "columns", "where", "bad_rows", "duplicates", "check", "constants"]


@st.composite
def spoilt_mappings(draw):
    """The mapping of the course with a few settings of its tables gone, moved or replaced by anything."""
    content = mapping()
    for _ in range(draw(st.integers(1, 3))):
        part = draw(st.sampled_from(content["tables"]))
        name = draw(st.sampled_from(PARTS))
        if name == "columns" and draw(st.booleans()) and isinstance(part.get("columns"), dict) and part["columns"]:
            column = draw(st.sampled_from(sorted(part["columns"], key=str)))
            part["columns"][column] = draw(
                ANYTHING
                | st.fixed_dictionaries({"take": st.sampled_from(["first", "last", "earliest", "largest", "sum"])}))
        else:
            part[name] = draw(
                ANYTHING
                | st.sampled_from(
                    [
                        "orders", "customers", ["customer_id"], ["order_id", "line_no"], ["_unit_price"], "set_aside",
                        "first", []]
                )
            )
    return content if draw(st.booleans()) else {"tables": draw(st.permutations(content["tables"]))}


RETAIL = pd.DataFrame([row.split(",") for row in LINES.splitlines()], columns=HEADINGS.split(","), dtype=object)
SETTINGS = settings(
    max_examples=35, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def all_sound(frames):
    for frame in (frames or {}).values():
        assert balanced(frame)
        str(frame.attrs["report"]), frame.attrs["report"].markdown()


@SETTINGS
@given(spoilt_mappings())
def test_any_mapping_of_several_tables(content):
    all_sound(survives(adapt_all.__wrapped__, RETAIL, copy.deepcopy(content)))


@SETTINGS
@given(
    st.lists(st.tuples(st.integers(0, len(RETAIL) - 1), st.integers(0, 7), CELLS), max_size=5),
    st.sampled_from(["error", "set_aside"]))
def test_any_cell_in_an_export_for_several_tables(changes, bad_rows):
    source = RETAIL.copy()
    for row, column, cell in changes:
        source.iat[row, column] = cell
    frames = survives(adapt_all.__wrapped__, source, {**mapping(), "bad_rows": bad_rows})
    all_sound(frames)
    for name, frame in (frames or {}).items():
        assert [str(p) for p in validate(frame, name, frames) if p.severity == "error"] == []


# The page that tells of it --------------------------------------------------------------------------------------------

PAGE = (ROOT / "book" / "own-data" / "index.md").read_text(encoding="utf-8")


def test_the_mapping_on_the_page_works(tmp_path):
    blocks = [block.split("```")[0] for block in PAGE.split("```yaml")[1:]]
    shown = next(yaml.safe_load(block) for block in blocks if "tables:" in block)
    frames = adapt_all(export(tmp_path, LINES.split("\n536378")[0]), shown)
    assert {name: len(frame) for name, frame in frames.items()} == {"orders": 5, "customers": 3, "refunds": 4}


def test_every_setting_on_the_page_is_one():
    rows = PAGE.split("| what | in the mapping |")[1].split("\n\n")[0]
    shown = [yaml.safe_load(span) for span in re.findall(r"`([a-z_]+: [^`]+)`", rows)]
    settings = [one for one in shown if set(one) <= ENTRY]
    columns = [one for one in shown if one not in settings]
    assert len(settings) >= 5 and len(columns) >= 8
    for one in settings:
        entries({"table": "experiments" if "control" in one else "streams", **one})
    for one in columns:
        if "unit" in one:
            continue  # `unit: excel` belongs into the braces of a column
        fitting = [name for name, table in contract().items()
                   if all(column in table.columns or column.startswith("_") for column in one)]
        entries({"table": fitting[0], "columns": one})


# The real file --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def retail():
    path = Path(REAL or "") / "online_retail.csv.gz"
    if not REAL or not path.exists():
        pytest.skip("LIVESHOP_REAL_DATA names no folder with online_retail.csv.gz")
    return adapt_all(path, "online-retail")


def test_real_figures(retail):
    orders, customers, refunds = retail["orders"], retail["customers"], retail["refunds"]
    report = orders.attrs["report"]
    assert (report.rows_read, report.rows_kept) == (541_909, 397_884) and all(map(balanced, retail.values()))
    assert (orders.customer_id.nunique(), orders.order_id.nunique()) == (4338, 18_532)
    assert round(orders.paid_amount.sum(), 2) == 8_911_407.90
    assert [(a["reason"], a["rows"]) for a in report.set_aside] == [
        ("line without a customer", 135_080),
        ("cancellation (the invoice number begins with C)", 8905),
        ("given away (price of zero)", 40),
    ]
    assert len(customers) == 4338 and customers.customer_id.is_unique
    first = orders.groupby("customer_id").paid.min()
    assert (customers.set_index("customer_id").joined.sort_index() == first.sort_index()).all()
    assert [(a["reason"], a["rows"]) for a in refunds.attrs["report"].set_aside] == [
        ("line of a purchase (the invoice number does not begin with C)", 532_621),
        ("cancellation without a customer", 383),
        ("no purchase before it with the same customer_id, product_id and unit_price", 1645),
        ("the purchase that it could belong to was refunded already", 26),
    ]
    assert (refunds.attrs["report"].rows_used, len(refunds)) == (7234, 7123) and round(
        refunds.refunded_amount.sum(), 2) == 464_239.77
    assert "7,234 of 8,905 refunds found their purchase, 464,239.77 of 611,342.09 in money" in str(
        refunds.attrs["report"])


def test_the_figures_on_the_page_are_those_of_the_file(retail):
    report = retail["refunds"].attrs["report"]
    counts = {
        a["reason"].split(" (")[0]: a["rows"] for frame in retail.values() for a in frame.attrs["report"].set_aside}
    for figure in (
        report.rows_read, len(retail["orders"]), retail["orders"].order_id.nunique(), len(retail["customers"]),
        len(retail["refunds"]), counts["line without a customer"], counts["cancellation"], counts["given away"],
        counts["cancellation without a customer"],
        counts["no purchase before it with the same customer_id, product_id and unit_price"],
        counts["the purchase that it could belong to was refunded already"]):
        assert f" {figure:,} " in PAGE, figure
    assert (
        f"£{retail['orders'].paid_amount.sum():,.2f}" in PAGE
        and f"£{retail['refunds'].refunded_amount.sum():,.2f}" in PAGE)


def test_real_refunds_fit_their_orders(retail):
    orders, refunds = retail["orders"], retail["refunds"]
    both = refunds.merge(orders, on=["order_id", "line_no"], how="left", validate="one_to_one", indicator=True)
    assert (both._merge == "both").all()
    assert (both.refunded_amount <= both.paid_amount).all() and (both.refunded_amount > 0).all()
    assert (both.refunded >= both.paid).all()


def test_real_refunds_by_customer_never_exceed_the_cancellations(retail):
    """Counted another way, from the file: per customer, product and price no more came back than was cancelled."""
    raw = pd.read_csv(
        Path(REAL) / "online_retail.csv.gz", usecols=["InvoiceNo", "StockCode", "Quantity", "UnitPrice", "CustomerID"],
        dtype={"InvoiceNo": str, "StockCode": str})
    gone = raw[raw.InvoiceNo.str.startswith("C") & raw.CustomerID.notna()]
    cancelled = (-gone.Quantity * gone.UnitPrice).groupby([gone.CustomerID.astype(int), gone.StockCode]).sum()
    both = retail["refunds"].merge(retail["orders"], on=["order_id", "line_no"])
    back = both.groupby(["customer_id", "product_id"]).refunded_amount.sum()
    assert (back <= cancelled.reindex(back.index) + 0.005).all() and len(gone) == 8905
