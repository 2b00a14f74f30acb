"""Exports in parts: several files, several sheets, lines that stand twice."""

import pandas as pd
import pytest
from openpyxl import Workbook

from liveshop.tables import TableError, adapt, adapt_all

COLUMNS = {"order_id": "no", "line_no": {"number_within": "order_id"}, "quantity": "qty", "paid_amount": "amount",
           "created": "day"}
ORDERS = {"table": "orders", "columns": COLUMNS}
HEADINGS = ["no", "qty", "amount", "day", "sku"]


def lines(month, count, first=1):
    return [[f"{month}-{i}", 1, 10 * i, f"2026-{month:02d}-{i:02d}", "S"] for i in range(first, first + count)]


def workbook(folder, sheets, hidden=(), name="orders.xlsx"):
    """sheets: title → lines below the headings, or all lines of a sheet with others."""
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        sheet.sheet_state = "hidden" if title in hidden else "visible"
        for row in ([HEADINGS, *rows] if isinstance(rows, list) else rows):
            sheet.append(row)
    book.save(folder / name)
    return folder / name


def files(folder, **parts):
    for name, rows in parts.items():
        pd.DataFrame(rows, columns=HEADINGS).to_csv(folder / f"{name.replace('_', '-')}.csv", index=False)
    return folder


def told(frame):
    return str(frame.attrs["report"])


def refused(source, mapping):
    with pytest.raises(TableError) as caught:
        adapt(source, mapping)
    return str(caught.value)


# Sheets ---------------------------------------------------------------------------------------------------------------


def test_sheets_with_the_same_headings_are_read_together_and_the_others_named(tmp_path):
    path = workbook(tmp_path, {
        "January": lines(1, 2), "February": lines(2, 3), "old": lines(12, 4), "about": (["made by the shop"],),
        "empty": ()}, hidden=["old"])
    frame = adapt(path, ORDERS)
    assert len(frame) == 5 and frame.paid_amount.sum() == 90
    assert "sheet January, February" in told(frame) and "Not read: the sheets about, old (hidden)." in told(frame)
    assert len(adapt(path, {**ORDERS, "sheet": "February"})) == 3
    assert len(adapt(path, {**ORDERS, "sheet": ["February", "old"]})) == 7
    assert len(adapt(path, {**ORDERS, "sheet": "All"})) == 5


def test_a_hidden_sheet_comes_last(tmp_path):
    path = workbook(tmp_path, {"old": lines(1, 4), "now": lines(2, 3)}, hidden=["old"])
    assert list(adapt(path, ORDERS).created.dt.month) == [2, 2, 2]
    frame = adapt(workbook(tmp_path, {"notes": (["a", "b"],), "data": lines(1, 2)}, hidden=["data"]), ORDERS)
    assert len(frame) == 2 and "the sheet data is hidden; it was read because" in told(frame).lower()


def test_sheets_that_repeat_each_other_are_asked_about(tmp_path):
    path = workbook(tmp_path, {"all": lines(1, 2) + lines(2, 3), "January": lines(1, 2)})
    assert "the same headings (all, January), and 2 of their lines stand in two of them; name the one that" in refused(
        path, ORDERS)
    assert len(adapt(path, {**ORDERS, "sheet": "all"})) == 5, "a sheet of that name"
    both = adapt(path, {**ORDERS, "sheet": ["January", "all"]})
    aside, = both.attrs["report"].set_aside
    assert len(both) == 5 and aside["reason"] == "stands in an earlier sheet as well, in every cell"
    assert (aside["rows"], aside["lines"]) == (2, ["2 of all", "3 of all"])


def test_sheets_of_one_list_must_be_alike(tmp_path):
    path = workbook(tmp_path, {"January": lines(1, 2), "other": (["no", "qty"], ["1", 2])})
    assert "the sheets other and January of orders.xlsx have other headings" in refused(
        path, {**ORDERS, "sheet": ["January", "other"]})
    assert "no sheet “March”" in refused(path, {**ORDERS, "sheet": ["January", "March"]})


def test_a_sheet_that_another_table_reads_is_not_called_unread(tmp_path):
    path = workbook(tmp_path, {"orders": lines(1, 2), "people": (["customer_id", "city"], [7, "Riga"]), "x": (["y"],)})
    made = adapt_all(path, {"tables": [{**ORDERS, "sheet": "orders"}, {"table": "customers", "sheet": "people"}]})
    assert not any("Not read" in told(frame) for frame in made.values()), "the mapping has named its sheets"
    made = adapt_all(path, {"tables": [ORDERS, {"table": "customers", "sheet": "people"}]})
    assert "Not read: the sheet x." in told(made["orders"])


def test_each_table_finds_its_own_sheet(tmp_path):
    path = workbook(tmp_path, {"sold": lines(1, 2), "people": (["customer_id", "city", "sku"], [7, "Riga", "S"])})
    made = adapt_all(path, {"tables": [ORDERS, {"table": "customers"}]})
    assert list(made["customers"].city) == ["Riga"] and len(made["orders"]) == 2
    assert not any("Not read" in told(frame) for frame in made.values())


# Files ----------------------------------------------------------------------------------------------------------------


def test_files_of_a_pattern_are_read_as_one(tmp_path):
    folder = files(tmp_path, orders_1=lines(1, 2), orders_2=lines(2, 2), orders_10=lines(3, 1), other=lines(4, 1))
    frame = adapt(folder, {**ORDERS, "file": "orders-*.csv"})
    assert list(frame.created.dt.month) == [1, 1, 2, 2, 3], "in the order of their numbers"
    assert "orders-1.csv, orders-2.csv, orders-10.csv" in told(frame)
    assert len(adapt(folder, {**ORDERS, "file": ["orders-1.csv", "other.csv"]})) == 3
    said = refused(folder, ORDERS | {"file": "nothing-*.csv"})
    assert "no file like nothing-*.csv" in said and "a pattern such as" in said


def test_files_that_overlap_count_a_line_once(tmp_path):
    twice = [["9", 1, 5, "2026-01-31", "S"]] * 2
    folder = files(tmp_path, orders_1=lines(1, 2) + twice, orders_2=[*twice, *lines(2, 1)])
    frame = adapt(folder, {**ORDERS, "file": "orders-*.csv"})
    assert frame.paid_amount.sum() == 10 + 20 + 5 + 5 + 10, "a line that stands twice in one file stays twice"
    report = frame.attrs["report"]
    assert (report.rows_read, report.rows_used, report.set_aside[0]["rows"]) == (7, 5, 2)
    assert report.set_aside[0]["reason"] == "stands in an earlier file as well, in every cell"
    assert "1 line repeats an earlier one" in " ".join(report.warnings)


def test_orders_that_changed_between_two_exports_are_told_of(tmp_path):
    changed = [[no, qty, amount + 1, day, sku] for no, qty, amount, day, sku in lines(1, 3)]
    frame = adapt(files(tmp_path, orders_1=lines(1, 3), orders_2=changed), {**ORDERS, "file": "orders-*.csv"})
    assert "3 order_id stand in several files or sheets, with lines that differ" in told(frame)


def test_a_file_without_a_column_is_named(tmp_path):
    folder = files(tmp_path, orders_1=lines(1, 2), orders_2=lines(2, 1))
    pd.read_csv(folder / "orders-2.csv").drop(columns="sku").to_csv(folder / "orders-2.csv", index=False)
    frame = adapt(folder, {"table": "orders", "file": "orders-*.csv", "columns": {**COLUMNS, "product_id": "sku"}})
    assert frame.product_id.isna().sum() == 1
    assert "Orders-2.csv has no column “sku”: its rows have nothing there" in told(frame)


def test_a_row_of_a_part_is_named_with_its_part(tmp_path):
    folder = files(tmp_path, orders_1=lines(1, 2), orders_2=[["7", 1, "much", "2026-02-01", "S"]])
    assert "line 2 of orders-2.csv" in refused(folder, {**ORDERS, "file": "orders-*.csv"})


# Repeats --------------------------------------------------------------------------------------------------------------

TWICE = pd.DataFrame([*lines(1, 2), *lines(1, 1, first=2), *lines(2, 1)], columns=HEADINGS)


def test_repeats_of_numbered_lines_are_counted_and_kept_or_set_aside():
    frame = adapt(TWICE, ORDERS)
    assert frame.paid_amount.sum() == 60 and "repeats: set_aside" in told(frame)
    assert "1 line repeats an earlier one in every cell (20.00 in paid_amount)" in told(frame)
    frame = adapt(TWICE, {**ORDERS, "repeats": "set_aside"})
    assert frame.paid_amount.sum() == 40 and frame.attrs["report"].set_aside[0]["rows"] == 1
    assert list(frame.line_no) == [1, 1, 1]
    kept = adapt(TWICE, {**ORDERS, "repeats": "keep"}).attrs["report"]
    assert not kept.warnings and "1 line repeats" in " ".join(kept.notes)
    assert "repeats: often; write keep or set_aside" in refused(TWICE, {**ORDERS, "repeats": "often"})
    assert not adapt(TWICE.drop_duplicates(), ORDERS).attrs["report"].warnings


def test_repeats_that_would_be_added_up_are_counted():
    given = {"table": "orders", "columns": {**COLUMNS, "line_no": {"constant": 1},
                                            "paid_amount": {"from": "amount", "take": "sum"}}}
    assert "1 line repeats an earlier one in every cell" in told(adapt(TWICE, given))


def test_rows_of_one_key_that_differ_are_never_told_to_take_the_first():
    source = pd.DataFrame([["1", 1, 10, "2026-01-01", "S"], ["1", 1, 20, "2026-01-01", "T"]], columns=HEADINGS)
    said = refused(source, {"table": "orders", "columns": {**COLUMNS, "line_no": {"constant": 1}}})
    assert "the key must be unique" in said and "first" not in said and "take:" in said
