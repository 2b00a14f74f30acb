"""Persons in an export: who is one and who is nobody, and that no report names any."""

import re

import pandas as pd
import pytest

from liveshop.tables import TableError, adapt
from liveshop.tables.adapt import values

NAMES, PHONES, STREETS = ("Anna Lindqvist", "王小明", "Nguyễn Thị Hoa"), ("13912345678", "+46 70 123 45 67"), (
    "Kungsgatan 5", "人民路8号")


def words_of_persons():
    return [*NAMES, *PHONES, *STREETS]


def full_of_names():
    """Order lines in which every column but four holds something of a person, and every way of being set aside."""
    line = {"收货人": NAMES[0], "手机号": PHONES[0], "收货地址": STREETS[0], "买家留言": NAMES[2], "订单编号": "O1",
            "件数": "1", "实付金额": "10.0", "下单时间": "2026-03-01 10:00", "状态": "已完成"}
    other = {"收货人": NAMES[1], "手机号": PHONES[1], "收货地址": STREETS[1]}
    return pd.DataFrame([
        line, {**line, "订单编号": "O2", "状态": "测试", **other}, {**line, "订单编号": "O3", "实付金额": NAMES[1]},
        {**line, "订单编号": "O4", "下单时间": STREETS[1]}, {**line, "订单编号": "O5", "件数": "-3"}, line])


@pytest.mark.parametrize("more", [{}, {"customer_id": {"from": "手机号", "pseudonym": True}},
                                  {"_who": {"from": "收货人", "type": "string"}, "product_id": "收货人"}])
def test_the_report_names_nobody(more, tmp_path):
    path = tmp_path / "orders.csv"
    path.write_text(full_of_names().to_csv(index=False) + ",".join([*NAMES, *PHONES, *STREETS] * 2) + "\n", "utf-8")
    frame = adapt(path, {
        "table": "orders", "bad_rows": "set_aside", "columns": {"line_no": {"constant": 1}, **more},
        "where": [{"column": "状态", "is": "已完成", "reason": "not completed"}]})
    report = frame.attrs["report"]
    assert sum(entry["rows"] for entry in report.set_aside) == 6, "every line but one was set aside"
    if "product_id" not in more:  # what the mapping calls a product, it shows
        assert not [word for word in words_of_persons() if word in report.markdown() + repr(dict(report))]
    assert "订单编号: O2" in report.markdown() and "line 3" in report.markdown(), "still, the line can be found"


def test_a_value_that_breaks_the_contract_is_not_quoted_where_it_may_be_a_name():
    frame = pd.DataFrame({"customer_id": [1, 2], "sex": ["female", NAMES[0]], "city": NAMES[1]})
    report = adapt(frame, {"table": "customers", "bad_rows": "set_aside"}).attrs["report"]
    assert report.set_aside[0]["reason"] == "sex: unknown value"
    assert not [name for name in NAMES if name in report.markdown()]


ERRORS = {
    "quantity": {}, "paid_amount": {}, "created": {}, "source": {}, "line_no": {},
    "paid": {"format": "%d/%m/%Y"}, "session_id": {"regex": "(.+)"}}


@pytest.mark.parametrize("alone", [True, False])
@pytest.mark.parametrize(
    "word", [*NAMES, *PHONES, *STREETS, "12 Elm Street", "ann1990@mail.example", "+1 212-555-0123"])
@pytest.mark.parametrize("name", ERRORS)
def test_an_error_quotes_nobody_in_a_line_that_is_shifted(name, word, alone):
    good = {"order_id": "O1", "line_no": 1, "quantity": 1, "paid_amount": 5, "created": "2026-03-01",
            "paid": "1/3/2026", "source": "live", "session_id": 7}
    lines = [{**good, name: word}] if alone else [good, {**good, "order_id": "O2", name: word}]
    try:
        adapt(pd.DataFrame(lines).astype(object),
              {"table": "orders", "columns": {name: {"from": name, **ERRORS[name]}}})
    except TableError as error:
        assert name in str(error) and f"row {len(lines)}" in str(error)
        assert not [part for part in re.findall(r"\w{3,}", word) if part in str(error)]
    else:
        assert word.isdigit(), "only a telephone without a blank can be read: as a number"


def test_a_street_below_a_heading_of_currencies_is_not_quoted():
    rows = {"order_id": ["O1", "O2"], "line_no": 1, "quantity": 1, "paid_amount": 5, "created": "2026-03-01"}
    for cells in (["CNY", STREETS[0]], [STREETS[0], "CNY"], [STREETS[0], STREETS[1]]):
        with pytest.raises(TableError, match="in 2 currencies") as caught:
            adapt(pd.DataFrame({**rows, "Currency": cells}), "orders")
        assert "Kungsgatan" not in str(caught.value).title() and "is: CNY" in str(caught.value)


def test_what_one_row_alone_has_is_no_arm_that_is_quoted():
    rows = {"experiment_id": "e", "unit_id": range(5), "arm": ["A", "A", "C", "C", STREETS[0]], "outcome": 1,
            "assigned": "2026-03-01"}
    with pytest.raises(TableError, match="there are “A”, “C”, a cell of the form “Aa 9”"):
        adapt(pd.DataFrame(rows), {"table": "experiments", "control": "D"})


def test_a_number_or_a_time_that_cannot_be_read_is_quoted_and_so_is_a_word_that_several_rows_have():
    for word in ("12.3%", "1.2.3万", "4/5/2025", "2025-02-30 20:05", "12,345.678 USD"):
        assert values.quoted(word) == f"“{word}”"
    rows = {"order_id": ["O1", "O2"], "line_no": 1, "quantity": 1, "paid_amount": 5, "created": "2026-03-01"}
    with pytest.raises(TableError, match="“直播间” is not one of the known values"):
        adapt(pd.DataFrame({**rows, "source": "直播间"}), {"table": "orders", "columns": {"source": "source"}})


# Who is a person ------------------------------------------------------------------------------------------------------


def orders(buyers, **rule):
    """One order a buyer of the list, and the table that comes of them."""
    source = pd.DataFrame({"no": [f"A{i}" for i in range(len(buyers))], "day": "2026-03-01", "buyer": buyers})
    return adapt(source, {"table": "orders", "columns": {
        "order_id": "no", "line_no": {"constant": 1}, "quantity": {"constant": 1}, "paid_amount": {"constant": 5},
        "created": "day", "customer_id": {"from": "buyer", **rule}}})


def warned(frame):
    return " ".join(frame.attrs["report"].warnings)


def test_a_word_for_nobody_is_warned_of_and_left_out_by_missing():
    buyers = ["0"] * 12 + ["17", "18"]
    assert "customer_id: “0” looks like a word for nobody, and has 12 of 14 orders: write missing: [0]" in warned(
        orders(buyers))
    frame = orders(buyers, missing=[0])
    assert frame.customer_id.isna().sum() == 12 and not warned(frame)


@pytest.mark.parametrize("word", [
    "Guest", "walk-in", "Walk In Customer", "匿名", "匿名用户", "散客", "guest checkout", "-1", "000", "Khách lẻ",
    "비회원"])
def test_words_of_several_languages_for_nobody(word):
    frame = orders([word, "a@x.example", "b@x.example"], pseudonym=True)
    assert f"“{word}” looks like a word for nobody, and has 1 of 3 orders" in warned(frame)
    frame = orders([word, "a@x.example", "b@x.example"], pseudonym=True, missing=[word])
    assert frame.customer_id.isna().sum() == 1 and frame.customer_id.nunique() == 2 and not warned(frame)


def test_one_id_with_an_implausible_share_of_the_orders():
    others = [str(n) for n in range(100, 130)]
    said = warned(orders(others + ["4711"] * 10))
    assert "customer_id: one id has 10 of 40 orders (first in row 31), more than a buyer has" in said
    assert "4711" not in said, "it may be a person"
    assert not warned(orders(others * 2 + ["4711"] * 8)), "a good customer"
    assert not warned(orders(["1", "1", "1", "2"])), "a handful of orders says nothing"
    assert not warned(orders(others))


@pytest.mark.parametrize("kind", [str, object])
def test_ids_that_differ_by_leading_zeros(kind):
    buyers = pd.Series(["00123", "123" if kind is str else 123, "0456", "789"], dtype=object)
    frame = orders(buyers)
    assert frame.customer_id.nunique() == 3
    assert "1 id stands both with and without leading zeros and became one person" in warned(frame)
    assert "00123 is not 123, write pseudonym: true" in warned(frame)
    apart = orders(buyers, pseudonym=True)
    assert apart.customer_id.nunique() == 4 and not warned(apart)


def test_what_keeps_a_spreadsheet_from_rounding_is_taken_off(tmp_path):
    path = tmp_path / "orders.csv"
    path.write_text(
        'no,qty,amount,day,buyer,sku\n"=""1234567890123456789""",1,"=""12.50""",2026-03-01,"=""77""",\'00123\n'
        "'0045,1,3.5,2026-03-01,78,'Tis\n", encoding="utf-8")
    frame = adapt(path, {"table": "orders", "columns": {
        "order_id": "no", "line_no": {"constant": 1}, "quantity": "qty", "paid_amount": "amount", "created": "day",
        "customer_id": "buyer", "product_id": "sku"}})
    assert list(frame.order_id) == ["1234567890123456789", "0045"] and list(frame.customer_id) == [77, 78]
    assert list(frame.paid_amount) == [12.5, 3.5] and list(frame.product_id) == ["00123", "'Tis"]
