"""Exports with a line for each item: what belongs to the order, and how it reaches its lines."""

import numpy as np
import pandas as pd
import pytest
from openpyxl import Workbook

from liveshop.tables import TableError, adapt, adapt_all, load

BASE = {"order_id": "Name", "line_no": {"number_within": "order_id"}, "quantity": "Qty", "created": "Created"}


def mapping(where=(), **columns):
    return {"table": "orders", "columns": {**BASE, **columns}, "where": [dict(rule) for rule in where]}


def export(**columns):
    """Three orders: two lines, one, three."""
    base = {"Name": ["#1", "#1", "#2", "#3", "#3", "#3"], "Qty": 1, "Created": "2026-03-01 10:00",
            "Sku": ["S1", "S2", "S1", "S3", "S1", "S2"], "Price": [40.0, 30.0, 25.0, 10.0, 20.0, 5.0]}
    return pd.DataFrame({**base, **columns})


def warned(frame):
    return " ".join(frame.attrs["report"].warnings)


def refused(source, given):
    with pytest.raises(TableError) as caught:
        adapt(source, given)
    return str(caught.value)


FIRST = ["2026-03-01 10:05", "", "2026-03-01 10:06", "2026-03-01 10:07", "", ""]


def test_a_time_on_the_first_line_is_offered_to_be_filled_and_filled():
    given = mapping(paid_amount="Price", paid="Paid")
    frame = adapt(export(Paid=FIRST), given)
    assert frame.paid.isna().sum() == 3
    assert "paid: “Paid” stands on the first line of an order only (2 orders), and 3 further lines" in warned(frame)
    assert "fill: order_id" in warned(frame)
    frame = adapt(export(Paid=FIRST), mapping(paid_amount="Price", paid={"from": "Paid", "fill": "order_id"}))
    assert frame.paid.notna().all() and frame.paid[5] == frame.paid[3] != frame.paid[1]
    assert frame.paid_amount.sum() == 130 and not warned(frame)
    assert "“Paid”: 3 empty cells were filled from another line with the same order_id" in str(frame.attrs["report"])


@pytest.mark.parametrize("cells", [
    ["a", "a", "b", "c", "c", "c"],  # on all lines
    ["a", "", "b", "", "", "c"],  # on the last of an order too: a line's own
    ["", "", "", "", "", ""],
    ["", "x", "", "", "", ""]])
def test_a_column_that_is_no_value_of_the_order_gives_no_alarm(cells):
    assert not warned(adapt(export(Coupon=cells), mapping(paid_amount="Price", coupon_id="Coupon")))


def test_a_status_on_the_first_line_is_filled_before_where_asks():
    source = export(Status=["paid", "", "paid", "voided", "", ""])
    rule = {"column": "Status", "is": "paid", "reason": "not paid"}
    frame = adapt(source, mapping([rule], paid_amount="Price"))
    assert frame.paid_amount.sum() == 65
    assert "a where rule asks “Status”, which stands on the first line" in warned(frame)
    frame = adapt(source, mapping([{**rule, "fill": "order_id"}], paid_amount="Price"))
    assert frame.paid_amount.sum() == 95 and not warned(frame)
    assert frame.attrs["report"].set_aside[0]["rows"] == 3


def test_order_lines_and_item_lines_are_told_apart():
    lines = pd.DataFrame({
        "Name": ["#1", "", "", "#2", ""], "Created": ["2026-03-01", "", "", "2026-03-02", ""],
        "Paid": ["70", "", "", "25", ""], "Sku": ["", "S1", "S2", "", "S1"], "Qty": ["", 1, 2, "", 1]})
    frame = adapt(lines, mapping(
        [{"column": "Sku", "present": True, "reason": "line of an order"}],
        order_id={"from": "Name", "fill": "down"}, created={"from": "Created", "fill": "order_id"}, product_id="Sku",
        paid_amount={"from": "Paid", "fill": "order_id", "per": "order", "by": "quantity"}))
    assert list(frame.order_id) == ["#1", "#1", "#2"] and list(frame.paid_amount) == [23.33, 46.67, 25]
    assert list(frame.created.dt.day) == [1, 1, 2]
    assert [(e["reason"], e["lines"]) for e in frame.attrs["report"].set_aside] == [("line of an order", [1, 4])]


def test_several_values_of_one_order_are_told_of():
    source = export(Paid=["2026-03-01 10:05", "", "2026-03-01 11:00", "2026-03-02 10:00", "2026-03-03 10:00", ""])
    frame = adapt(source, mapping(paid_amount="Price", paid={"from": "Paid", "fill": "order_id"}))
    assert frame.paid[5].day == 3 and "several values within 1 order_id" in warned(frame)


@pytest.mark.parametrize("columns", [
    {"order_id": {"from": "Name", "fill": 1}}, {"paid_amount": {"from": "Price", "per": "item"}},
    {"paid_amount": {"from": "Price", "by": "quantity"}}, {"line_no": {"running_number": "yes"}},
    {"created": {"from": "Created", "fill": "nowhere"}}])
def test_settings_that_cannot_be_meant(columns):
    assert refused(export(), mapping(**{"paid_amount": "Price", **columns})).endswith((".", "?"))


TOTALS = [70.0, 70.0, 25.0, 35.0, 35.0, 35.0]


def test_the_total_of_the_order_on_every_line_stops_and_is_shared_out():
    said = refused(export(Total=TOTALS), mapping(paid_amount="Total", product_id="Sku"))
    assert "2 of 2 orders" in said and "looks like the order's total" in said and "per: order" in said
    frame = adapt(export(Total=TOTALS), mapping(paid_amount={"from": "Total", "per": "order"}, product_id="Sku"))
    assert frame.paid_amount.sum() == 130 and list(frame.paid_amount[3:]) == [11.67, 11.67, 11.66]
    frame = adapt(export(Total=TOTALS), mapping(
        list_amount="Price", paid_amount={"from": "Total", "per": "order", "by": "list_amount"}))
    assert list(frame.paid_amount) == [40, 30, 25, 10, 20, 5]
    assert adapt(export(Total=TOTALS), mapping(paid_amount={"from": "Total", "per": "line"})).paid_amount.sum() == 270
    said = refused(export(), mapping(paid_amount={"from": "Price", "per": "order"}))
    assert "an order has several amounts (30.00 and 40.00)" in said and "row 1" in said


def test_the_total_on_the_first_line_only_stops_and_is_shared_out():
    source = export(Total=[70.0, None, 25.0, 35.0, None, None])
    said = refused(source, mapping(paid_amount="Total"))
    assert "as the total of an order does" in said and "per: order" in said
    frame = adapt(source, mapping(paid_amount={"from": "Total", "per": "order"}))
    assert list(frame.paid_amount) == [35, 35, 25, 11.67, 11.67, 11.66]
    frame = adapt(export(List=[70.0, None, 25.0, 35.0, None, None]), mapping(paid_amount="Price", list_amount="List"))
    assert "write per: order into the rule of list_amount" in warned(frame)


def test_refunds_of_whole_orders_on_every_line_are_seen_too():
    refunds = export(Back=TOTALS, When="2026-03-09 10:00")
    given = {"table": "refunds", "columns": {
        "order_id": "Name", "line_no": {"number_within": "order_id"}, "refunded": "When", "refunded_amount": "Back"}}
    assert "looks like the order's total" in refused(refunds, given)
    given["columns"]["refunded_amount"] = {"from": "Back", "per": "order"}
    assert adapt(refunds, given).refunded_amount.sum() == 130


def test_equal_prices_are_no_totals():
    """A shop with one price, units on lines of their own, orders of one line, and an order here and there."""
    draw = np.random.default_rng(5)
    orders = np.repeat(np.arange(200), draw.integers(1, 4, 200))
    many = pd.DataFrame({"Name": orders, "Qty": 1, "Created": "2026-03-01", "Sku": draw.integers(0, 40, len(orders))})
    given = {**mapping(paid_amount="Price", product_id="Sku"), "repeats": "keep"}
    assert not warned(adapt(many.assign(Price=9.9), given))
    assert not warned(adapt(many.assign(Price=draw.choice([9.9, 19.9, 29.9], len(orders))), given))
    same_sku = many.assign(Sku=orders, Price=orders * 1.5 + 10)
    assert not warned(adapt(same_sku, given)), "several of one article on lines of their own"
    assert not warned(adapt(many.drop_duplicates("Name").assign(Price=5.0), given))


def test_the_course_and_its_orders_give_no_alarm():
    orders = load().orders.head(5000)
    report = adapt(orders, "orders").attrs["report"]
    assert not report.warnings


def test_one_row_an_order():
    given = {"table": "orders", "columns": {
        "order_id": "Name", "line_no": {"constant": 1}, "quantity": {"from": "Qty", "take": "sum"},
        "created": "Created", "paid_amount": {"from": "Total", "take": "first"}}}
    frame = adapt(export(Total=TOTALS), given)
    assert list(frame.quantity) == [2, 1, 3] and frame.paid_amount.sum() == 130
    numbered = adapt(export(), {"table": "orders", "columns": {
        "order_id": {"running_number": True}, "line_no": {"constant": 1}, "quantity": "Qty", "created": "Created",
        "paid_amount": "Price"}})
    assert list(numbered.order_id) == list("123456")
    assert "a running number" in numbered.attrs["report"].columns["order_id"]


def test_payments_net_of_refunds_are_told_of():
    lines = pd.DataFrame({
        "no": ["1", "2", "3", "4"], "full": [100, 64.8, 327.7, 50], "paid": [100, 0, 148.9, 50],
        "at": ["2026-03-01 10:00"] * 4, "back": [0, 64.8, 178.8, 0]})
    tables = [
        {"table": "orders", "columns": {
            "order_id": "no", "line_no": {"constant": 1}, "quantity": {"constant": 1}, "list_amount": "full",
            "paid_amount": "paid", "created": "at", "paid": "at"}},
        {"table": "refunds", "lines_of": "orders", "match": ["order_id"],
         "columns": {"order_id": "no", "refunded": "at", "refunded_amount": "back"},
         "where": [{"column": "back", "above": 0, "reason": "nothing refunded"}]}]
    report = adapt_all(lines, {"tables": tables})["refunds"].attrs["report"]
    said = " ".join(report.warnings)
    assert "2 of 2 refunds" in said and "the payment looks net of refunds" in said
    unpaid = {"nothing was paid for the purchase with the same order_id": 1}
    assert {entry["reason"]: entry["rows"] for entry in report.set_aside[1:]} == unpaid
    tables[0]["columns"] |= {"_paid": "paid", "_back": "back", "paid_amount": {"formula": "_paid + _back"}}
    made = adapt_all(lines, {"tables": tables})
    assert round(made["orders"].paid_amount.sum(), 2) == 542.5 and not made["refunds"].attrs["report"].warnings
    assert round(made["refunds"].refunded_amount.sum(), 2) == 243.6


def test_merged_cells_hold_for_all_their_lines(tmp_path):
    book = Workbook()
    sheet = book.active
    sheet.append(["Orders of March"])
    sheet.append(["Name", "Created", "Qty", "Price"])
    for line in (["#1", "2026-03-01", 1, 40.0], [None, None, 1, 30.0], ["#2", "2026-03-02", 1, 25.0]):
        sheet.append(line)
    for place in ("A1:D1", "A3:A4", "B3:B4"):
        sheet.merge_cells(place)
    book.save(tmp_path / "merged.xlsx")
    frame = adapt(tmp_path / "merged.xlsx", mapping(paid_amount="Price"))
    assert list(frame.order_id) == ["#1", "#1", "#2"] and list(frame.created.dt.day) == [1, 1, 2]
    assert "2 merged cells were filled" in str(frame.attrs["report"])


def test_a_key_of_two_columns(tmp_path):
    source = export(Shop=["A", "A", "A", "B", "B", "B"], Name=["1", "1", "2", "1", "1", None])
    given = mapping([{"column": "Name", "present": True, "reason": "no number"}],
                    order_id={"join": ["Shop", "Name"]}, paid_amount="Price")
    frame = adapt(source, given)
    assert list(frame.order_id) == ["A-1", "A-1", "A-2", "B-1", "B-1"] and list(frame.line_no) == [1, 2, 1, 1, 2]
    report = frame.attrs["report"]
    assert report.columns["order_id"] == "Shop + Name" and "Shop" not in report.ignored
    merged = source.assign(Shop=["A", "", "", "B", "", ""], Paid=[*FIRST[:3], "", "", ""])
    given["columns"] |= {"_shop": {"from": "Shop", "type": "string", "fill": "down"},
                         "paid": {"from": "Paid", "fill": "order_id"}}
    frame = adapt(merged, given)
    assert list(frame.order_id) == ["A-1", "A-1", "A-2", "B-1", "B-1"]
    assert list(frame.paid.notna()) == [True, True, True, False, False]
    assert "no column “Till”" in refused(source, mapping(order_id={"join": ["Shop", "Till"]}, paid_amount="Price"))
    assert "fewer than two" in refused(source, mapping(order_id={"join": ["Shop"]}, paid_amount="Price"))
    assert "exclude each other" in refused(
        source, mapping(order_id={"join": ["Shop", "Name"], "from": "Name"}, paid_amount="Price"))


def test_an_order_s_discount_is_shared_out_before_a_formula_uses_it():
    source = export(Discount=[7.0, "", 0.0, 3.5, "", ""])
    columns = {"_price": "Price", "_off": "Discount", "paid_amount": {"formula": "quantity * _price - _off"}}
    said = refused(source, mapping(**columns))
    assert "column _off" in said and "stands on the first line of an order only" in said and "per: order" in said
    frame = adapt(source, mapping(**columns | {"_off": {"from": "Discount", "per": "order", "by": "_price"}}))
    assert list(frame.paid_amount) == [36, 27, 25, 9, 18, 4.5]
    filled = adapt(source, mapping(**columns | {"_off": {"from": "Discount", "fill": "order_id"}}))
    assert list(filled.paid_amount) == [33, 23, 25, 6.5, 16.5, 1.5]


def test_totals_that_would_be_added_up_stop_too():
    columns = {"line_no": {"constant": 1}, "quantity": {"from": "Qty", "take": "sum"}, "product_id": "Sku",
               "paid_amount": {"from": "Total", "take": "sum"}}
    assert "write take: first into the rule of paid_amount" in refused(export(Total=TOTALS), mapping(**columns))


def test_a_where_rule_on_what_only_first_lines_have_is_told_of_where_lines_are_of_one_kind():
    rule = {"column": "Paid", "present": True, "reason": "not paid"}
    frame = adapt(export(Paid=FIRST), mapping([rule], paid_amount="Price", product_id="Sku"))
    assert len(frame) == 3 and "a where rule asks “Paid”" in warned(frame)
    kinds = export(Paid=FIRST, Qty=["", 1, "", "", 1, 1], Price=[70.0, "", 25.0, 35.0, "", ""])
    one = adapt(kinds, mapping([rule], paid_amount="Price", quantity={"constant": 1}, _qty="Qty", paid="Paid"))
    assert one.paid_amount.sum() == 130, "one row an order: the amounts of the lines that are left are no first lines"
