"""Every finding of `validate`, with its sentence and its kind."""

import re

import numpy as np
import pandas as pd
import pytest

from liveshop import tables
from liveshop.environment import PACKAGE
from liveshop.tables import TableError, validate, validate_all
from liveshop.tables.errors import KINDS
from sample_exports import orders, streams


def errors(frame, table, others=None):
    return [p for p in validate(frame, table, others) if p.severity == "error"]


def warnings(frame, table, others=None):
    return [
        p for p in validate(frame, table, others)
        if p.severity == "warning" and p.kind not in ("absent columns", "unknown columns")]


def said(problems):
    assert problems, "nothing was found"
    return str(problems[0])


def test_sound_tables_have_no_problem():
    assert errors(orders(), "orders") == [] and warnings(orders(), "orders") == []
    assert errors(streams(), "streams") == [] and warnings(streams(), "streams") == []
    assert [p for p in validate_all({"orders": orders(), "streams": streams()}) if p.severity == "error"] == []


def change(frame, column, row, value):
    frame = frame.copy()
    if isinstance(value, str) or frame[column].dtype.kind in "iu" and isinstance(value, float):
        frame[column] = frame[column].astype(object if isinstance(value, str) else "float64")
    frame.loc[row, column] = value
    return frame


@pytest.mark.parametrize(
    "kind, frame, table, message",
    [
        (
            "missing column",
            orders().drop(columns="paid_amount"),
            "orders",
            "Table orders, column paid_amount: the column is missing; add it (what was paid for the line, after "
            "offers and coupons: "
            "number, in CNY) or map it from a column of your export.",
        ),
        (
            "type",
            change(orders(), "quantity", 4, "two"),
            "orders",
            "Table orders, column quantity, row 5: “two” is text, not a whole number; give whole numbers, or "
            "read the file "
            "through adapt, which understands 1.2万 and 1,200.",
        ),
        (
            "type", change(orders(), "quantity", 4, 1.5), "orders",
            "Table orders, column quantity, row 5: 1.5 is not a whole number; give items without decimals."),
        (
            "infinite",
            change(orders(), "paid_amount", 2, np.inf),
            "orders",
            "Table orders, column paid_amount, row 3: the value is infinite; look for a division by zero in the "
            "export, and leave the cell empty.",
        ),
        (
            "missing value",
            change(orders(), "paid_amount", 2, np.nan),
            "orders",
            "Table orders, column paid_amount, row 3: the value is missing; fill it in, or set the row aside "
            "with a where rule of the mapping.",
        ),
        (
            "range",
            change(streams(), "watch_seconds", 1, -5.0),
            "streams",
            "Table streams, column watch_seconds, row 2: -5 is negative; give seconds of 0 or more, or leave the "
            "cell empty.",
        ),
        (
            "code",
            streams(4).assign(likes=[-124, 5, -124, 7]),
            "streams",
            "Table streams, column likes, row 1: -124 looks like a code for “missing”, not like a measure (and 1 "
            "more like it); "
            "leave the cell empty, or write missing: [-124] into the mapping.",
        ),
        (
            "code",
            streams().assign(likes=-124),
            "streams",
            "Table streams, column likes, row 1: -124 looks like a code for “missing”, not like a measure (and 2 "
            "more like it); "
            "leave the cell empty, or write missing: [-124] into the mapping.",
        ),
        (
            "unknown value",
            streams().assign(scene="garden"),
            "streams",
            "Table streams, column scene, row 1: “garden” is not one of the known values (and 2 more like it); "
            "use studio, "
            "outdoor, factory (the mapping's values: translates).",
        ),
        (
            "date",
            change(streams(), "started", 1, pd.Timestamp("2125-06-02")),
            "streams",
            "Table streams, column started, row 2: 2125-06-02 00:00:00 is no plausible date; give dates between "
            "2000-01-01 and "
            "a year from now, or leave the cell empty.",
        ),
        (
            "date",
            change(streams(), "started", 2, pd.Timestamp("1970-01-01 08:00")),
            "streams",
            "Table streams, column started, row 3: 1970-01-01 08:00:00 is no plausible date; give dates between "
            "2000-01-01 and "
            "a year from now, or leave the cell empty.",
        ),
        (
            "order",
            change(streams(), "ended", 1, pd.Timestamp("2025-06-02 18:00")),
            "streams",
            "Table streams, column ended, row 2: 2025-06-02 18:00:00 lies before started (2025-06-02 19:00:00); "
            "check whether "
            "the two columns are swapped or a date is in another order.",
        ),
        (
            "key",
            pd.concat([streams(), streams().tail(1)], ignore_index=True),
            "streams",
            "Table streams, column stream_id, row 4: stream_id S2 was there before: the key must be unique; "
            "say in the mapping how the rows of one key become one: take: if they belong together, "
            "duplicates: {largest: …} if one of them is the latest state.",
        ),
        (
            "zone",
            streams().assign(started=streams().started.dt.tz_localize("Asia/Shanghai")),
            "streams",
            "Table streams, column started, row 1: the times carry a zone (Asia/Shanghai); convert them to "
            "Asia/Shanghai and drop "
            "the zone: .dt.tz_convert('Asia/Shanghai').dt.tz_localize(None).",
        ),
        (
            "type", streams().assign(stream_id=[1, 2, 3]), "streams",
            "Table streams, column stream_id, row 1: 1 is a number, not text (and 2 more like it); give it as text."),
        (
            "repeated column", pd.DataFrame([[1, 2]], columns=["stream_id", "stream_id"]), "streams",
            "Table streams, column stream_id: stands twice in the table; keep one of the two."),
    ],
)
def test_errors_in_one_sentence(kind, frame, table, message):
    assert (kind, message) in [(p.kind, str(p)) for p in errors(frame, table)]


def test_a_table_without_rows():
    found = warnings(orders().head(0), "orders")
    assert said(found) == "Table orders: the table has no rows; check the period or the filter of the export."


def test_unknown_columns_are_named():
    found = [p for p in validate(orders().assign(colour="red"), "orders") if p.kind == "unknown columns"]
    assert said(found) == (
        "Table orders: columns that the contract does not know: colour; they are ignored; rename them "
        "if one of them is a contract column.")


@pytest.mark.parametrize(
    "kind, frame, table, message",
    [
        (
            "unit",
            orders().assign(paid_amount=lambda d: d.paid_amount * 100),
            "orders",
            "column paid_amount: the amounts are about 75 times list_amount: they look like fen (分); give yuan: "
            "divide by 100, "
            "or write unit: fen into the mapping.",
        ),
        ("unit", orders().assign(paid_amount=14950, list_amount=19900), "orders", "they look like fen"),
        (
            "unit", streams().assign(gmv=1_295_050), "streams",
            "column gmv: the median is 14,389 for an order and all amounts are whole numbers: they look like fen"),
        (
            "unit", streams().assign(reported_aov=143.89, gmv=1_295_050.5), "streams",
            "column gmv: the amounts are about 100 times reported_aov × orders: they look like fen"),
        (
            "unit", streams().assign(stream_seconds=7_200_000), "streams",
            "the lengths look like milliseconds; give seconds, or write unit: milliseconds"),
        ("unit", streams().assign(stream_seconds=120), "streams", "the lengths look like minutes"),
        (
            "unit", streams().assign(reported_ctor=12.5), "streams",
            "the median is 12.5: it looks like percent; give a share"),
        (
            "size", streams().assign(viewers=6000), "streams",
            "column viewers, row 1: 6000 is more than views (5000) (and 2 more like it)"),
    ],
)
def test_suspicions_are_warnings(kind, frame, table, message):
    assert errors(frame, table) == []
    found = warnings(frame, table)
    assert any(p.kind == kind and message in str(p) for p in found), [(p.kind, str(p)) for p in found]


def test_dear_goods_are_not_fen():
    assert warnings(orders().assign(paid_amount=899.5, list_amount=1299.0), "orders") == []
    assert warnings(streams().assign(gmv=90 * 420), "streams") == []


def refunds(**changes):
    lines = orders().head(3)
    frame = pd.DataFrame({"order_id": lines.order_id, "line_no": lines.line_no,
                          "refunded": lines.paid + pd.Timedelta(days=7), "refunded_amount": lines.paid_amount})
    return frame.assign(**changes)


@pytest.mark.parametrize(
    "frame, message",
    [
        (
            refunds(refunded_amount=[149.5, 300.0, 149.5]),
            "Table refunds, column refunded_amount, row 2: 300.00 is more than was paid for the line (299.00)"),
        (
            refunds(refunded=pd.Timestamp("2025-05-01")),
            "Table refunds, column refunded, row 1: 2025-05-01 00:00:00 lies before the payment (2025-06-01 20:02:00)"),
        (
            refunds(order_id=["O0000", "O0000", "O9999"]),
            "Table refunds, column order_id + line_no, row 3: “O9999” 1 is not in table orders"),
    ],
)
def test_refunds_against_their_orders(frame, message):
    assert errors(refunds(), "refunds", {"orders": orders()}) == []
    assert any(str(p).startswith(message) for p in errors(frame, "refunds", {"orders": orders()}))


def test_an_order_without_its_stream():
    found = errors(orders().assign(stream_id="S9"), "orders", {"streams": streams()})
    assert said(found) == ("Table orders, column stream_id, row 1: “S9” is not in table streams (and 39 more like it); "
                           "add the missing rows to streams, or leave the cell empty.")
    assert errors(orders().assign(stream_id=None), "orders", {"streams": streams()}) == []


def test_fen_against_the_other_tables():
    products = pd.DataFrame({"product_id": [f"P{i}" for i in range(5)], "list_price": 199.0})
    fen = orders().drop(columns="list_amount").assign(paid_amount=lambda d: d.paid_amount * 100 + 0.5)
    assert any(
        "times the list price: they look like fen" in str(p) for p in warnings(fen, "orders", {"products": products}))
    total = orders().groupby("stream_id").paid_amount.sum()
    stream = streams().assign(
        gmv=lambda d: d.stream_id.map(total) * 100 + 0.5, orders=50_000, sku_orders=50_000, items=50_000, views=50_000)
    assert any(
        "the order lines of the broadcast: they look like fen" in str(p)
        for p in warnings(stream, "streams", {"orders": orders()}))


def test_the_rows_of_a_problem_are_all_given():
    problem = errors(streams(4).assign(likes=[-124, 5, -124, 7]), "streams")[0]
    assert list(problem.rows) == [0, 2] and problem.row == 1


def test_rounded_ids_are_warned_of():
    frame = orders().assign(customer_id=[float(2**60 + 1024 * i) for i in range(40)])
    assert any("the id was stored as a rounded number" in str(p) for p in warnings(frame, "orders"))


def test_validate_needs_a_frame_and_a_table():
    with pytest.raises(TableError, match="Table orders: a pandas DataFrame is needed, not list"):
        validate([1], "orders")
    with pytest.raises(TableError, match="There is no table “order” in the contract; did you mean orders?"):
        validate(orders(), "order")


def test_years_that_no_calendar_holds_are_a_sentence(tmp_path):
    far = streams().assign(started=pd.Series([290_000_000_000_000_000] * 3).astype("datetime64[us]"))
    assert "11159-09-26 11:33:20 is no plausible date" in " ".join(map(str, validate(far, "streams")))
    with pytest.raises(TableError, match="a cell of the form “99999…-99-99 99:99:99” is not a date"):
        tables.adapt(far, "streams")


def test_problems_have_a_kind_of_the_list():
    used = {word for path in (PACKAGE / "tables" / "checks").glob("*.py")
            for word in re.findall(r'(?:Problem|finding)\(\s*"([^"]+)"', path.read_text(encoding="utf-8"))}
    assert used == set(KINDS)
