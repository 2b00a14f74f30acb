"""Headings that are found by themselves: brackets that change the meaning, columns whose values do not fit."""

import pandas as pd
import pytest

from adapted import message, row, told
from liveshop.tables import adapt
from liveshop.tables.adapt import headings
from sample_exports import orders


@pytest.mark.parametrize("heading", [
    "成交总额", "成交总额（元）", "成交总额(单位：万元)", "成交总额 (CNY)", "成交总额（US$）", "成交总额(in USD)"])
def test_units_and_currencies_in_brackets_leave_a_heading_as_it_is(heading):
    assert headings.exact(heading) == headings.exact("成交总额")


@pytest.mark.parametrize("heading", ["成交总额(取消)", "成交总额（退款后）", "【预售】成交总额",
                                     "成交总额(excl. refunds)"])
def test_other_words_in_brackets_make_another_heading(heading):
    assert headings.exact(heading) != headings.exact("成交总额") and headings.normal(heading) == "成交总额"


def source(**more):
    return pd.DataFrame([{"直播编号": "1", "开播时间": "2026-03-01 20:00", "直播时长": "7200", **more}])


def test_a_column_with_other_brackets_fills_nothing_by_itself():
    frame = adapt(source(**{"成交订单数(取消)": "3", "成交总额（单位：万元）": "1.5"}), "streams")
    assert "orders" not in frame and list(frame.gmv) == [15_000]
    assert frame.attrs["report"].ignored == ["成交订单数(取消)"]


def test_a_column_with_other_brackets_is_taken_when_it_is_named_in_full():
    export = source(**{"成交订单数(取消)": "3"})
    wanted = {"table": "streams", "columns": {"orders": "成交订单数（取消）"}}
    assert list(adapt(export, wanted).orders) == [3]
    frame = adapt(export, {"table": "streams", "columns": {"orders": "成交订单数"}})
    assert "orders" not in frame and "“成交订单数(取消)” is another by what it has in brackets" in told(frame)
    assert "write it in full if it is meant" in message(
        source().rename(columns={"直播时长": "直播时长(预计)"}), "streams")


def test_both_kinds_of_brackets_side_by_side_are_two_columns():
    export = source(**{"成交订单数(取消)": "3", "成交订单数(笔)": "7"})
    assert list(adapt(export, "streams").orders) == [7]


# Columns that nobody asked for ----------------------------------------------------------------------------------------

NAMED = {"table": "orders", "columns": {"paid_amount": "amount"}}


def shop(**changes):
    return orders(6).rename(columns={"paid_amount": "amount"}).assign(**changes)


@pytest.mark.parametrize("bad_rows", ["error", "set_aside"])
def test_a_column_that_the_mapping_does_not_name_is_left_out_when_its_values_do_not_fit(bad_rows):
    frame = adapt(shop(Source=["web", "pos"] * 3, list_amount="on request"), {**NAMED, "bad_rows": bad_rows})
    assert len(frame) == 6 and "source" not in frame and "list_amount" not in frame
    assert "Source: the column “Source” was left out, as its values do not fit (live, social, shelf)" in told(frame)
    assert "Source" in frame.attrs["report"].ignored


def test_no_person_is_named_where_a_column_is_left_out():
    frame = adapt(shop(customer_id=["anna", "bo"] * 3), NAMED)
    assert "customer_id" not in frame and "customer_id: the column" in told(frame).replace("Customer_id", "customer_id")
    assert "anna" not in told(frame)


def test_a_decimal_comma_is_no_reason_to_leave_a_column_out():
    frame = adapt(shop(amount="5,50", list_amount="7,25"), NAMED)
    assert set(frame.paid_amount) == {5.5} and set(frame.list_amount) == {7.25}


def test_a_single_wrong_value_is_still_an_error():
    said = message(shop(list_amount=["1", "2", "3", "4", "5", "many"]), NAMED)
    assert "a cell of the form “aa” is not a number" in said


def test_a_named_or_needed_column_is_never_left_out():
    assert "“web” is not one of the known values" in message(
        shop(Source="web"), {"table": "orders", "columns": {"paid_amount": "amount", "source": "Source"}})
    assert "a cell of the form “aa” is not a number" in message(shop(quantity="some"), NAMED)
    assert "“web” is not one of the known values" in message(orders(6).assign(source="web"), "orders")
    assert len(adapt(row(scene="studio"), "streams").columns) == 4
