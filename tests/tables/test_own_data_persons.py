"""Persons in an export: who is one and who is nobody, and that no report names any."""

import pandas as pd
import pytest

from liveshop.tables import adapt

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
