"""Columns as Arrow texts give what the same cells give as Python's objects: split, looked at, read, held together."""

import numpy as np
import pandas as pd
import pytest

from adapted import csv, told
from liveshop.tables import adapt
from liveshop.tables.adapt import cells, common, delimited, parts, people, totals, values
from liveshop.tables.adapt.draft import Task
from liveshop.tables.contract import contract

TEXT = pd.StringDtype("pyarrow", na_value=np.nan)
FORMS = ["", " a", "a\u3000", "\ufeffa", "-", "N/A", "None", "无", "a", "A", "7", "007", "0", "1.5",
         "12345678901234567", "7E5", "7.3e+18", "²E", "İ", "ΣΑΣ", "2025-06-18", "2025/06/18 20:05", "2025-13-01",
         "2025-06-18 20:05:00 +0700", "2025-06-18T22:30:01.5-05:30", "2025-06-18T20:05:59Z",
         "abc", "99", "茶", "a\nb"]


def both(items):
    """The same cells as texts and as objects."""
    return pd.array(items, dtype=TEXT), np.array(items, dtype=object)


def listed(split):
    return split[0].tolist(), [*split[1]]


def test_cells_are_split_alike_whole_and_in_part():
    draw = np.random.default_rng(3)
    for size in (1, 5, 60):
        texts, objects = both([None if n == 7 else FORMS[n % 20] for n in draw.integers(0, size, 200)])
        whole = cells.distinct(texts)
        assert listed(whole) == listed(cells.distinct(objects))
        for rows in (np.arange(0), np.arange(50, 120), np.sort(draw.choice(200, 90, replace=False))):
            assert listed(cells.among(whole, rows)) == listed(cells.distinct(objects[rows]))
            assert listed(cells.among(cells.distinct(objects), rows)) == listed(cells.distinct(objects[rows]))


def test_the_different_texts_are_a_sequence():
    different = cells.distinct(both(["a", "b", "a", "c"])[0])[1]
    assert len(different) == 4 and different[1] == "b" and different[-1] is None and different[::2] == ["a", "c"]
    assert different.has("c") and not different.has("d")


@pytest.mark.parametrize("nothing", [values.NOTHING, values.NOTHING | {"abc", "99"}])
def test_plain_texts_are_the_same_for_both(nothing):
    texts, objects = (cells.distinct(one)[1] for one in both(FORMS))
    found = common.plain_texts(texts, nothing)
    wanted = [plain and "İ" not in form and "Σ" not in form for form, plain in
              zip([*FORMS, ""], common.plain_texts(objects, nothing), strict=True)]
    assert found.tolist() == wanted and 5 < sum(wanted) < len(FORMS) - 5


@pytest.mark.parametrize("name", ["title", "stream_id", "gmv", "views", "started", "joined"])
@pytest.mark.parametrize("missing", [[], [99, "abc", "2025-06-18"]])
def test_texts_are_read_as_objects_are(name, missing):
    column = next(table.columns[name] for table in contract().values() if name in table.columns)
    task = Task(None, {"missing": missing, "decimal": None, "timezone": None}, contract()["streams"], set())
    reader = common.common_reader(task, column, {}, None)
    (found, read), (wanted, known) = (reader(cells.distinct(one)[1]) for one in both(FORMS))
    assert not (read & ~known).any() and (known & ~read).sum() <= 2, "İ and Σ are left to the parser"
    assert common.as_objects(found, read)[read].tolist() == common.as_objects(wanted, known)[read].tolist()
    assert read.any()


def test_the_quick_look_misses_nothing_that_the_pattern_finds():
    words = ["合计", "TOTAL", "grand total", "Totals:", "TOPLAM", "genel toplam", "Összesen", "итого", "ИТОГО", "sum",
             "ſum", "guest", "GUEST", "İnvitado", "walk-in", "0000", "匿名用户", "Аноним", "gast", "O123", "P7", "120"]
    for pattern, quick in ((totals.TOTALS, totals._WORDS), (people.NOBODY, f"^(?:{people.NOBODY.pattern})$")):
        for one in both(words):
            may = common.may_match(cells.distinct(one)[1], quick)[:-1]
            wanted = np.array([bool(pattern.fullmatch(word)) for word in words])
            assert wanted.sum() > 5 and not (wanted & ~may).any() and not may[-2:].any()


def test_rows_are_held_together_by_all_of_their_cells():
    draw = np.random.default_rng(5)
    frame = pd.DataFrame({name: draw.choice(["a", "b", "", "c"], 500) for name in "pqrs"}).astype(TEXT)
    numbers = parts.fingerprints(frame)
    again = pd.Series(numbers).duplicated()
    assert (again == frame.duplicated()).all() and 100 < again.sum() < 400
    assert (numbers == parts.fingerprints(frame, lambda name: cells.distinct(frame[name].array))).all()


@pytest.mark.parametrize("blank", ["", " ", "\u3000", "\xa0", "\u2003", "\v", "\x1c", "\x85", "\u2028"])
def test_a_blank_line_is_passed_over_in_a_long_text_too(tmp_path, monkeypatch, blank):
    lines = ["order_id,line_no,quantity,paid_amount,created", "A,1,1,5,2026-03-01", f"{blank},,,,{blank}",
             "B,1,1,6,2026-03-01", ""]
    path = csv(tmp_path, "\n".join(lines))
    by_rows = adapt(path, "orders")
    monkeypatch.setattr(delimited, "LONG", 0)
    by_columns = adapt(path, "orders")
    assert by_columns.equals(by_rows) and len(by_rows) == 2 and "1 empty line between" in told(by_columns)


HEAD = "order_id,created,clock,line_no,product_id,buyer,quantity,paid_amount,refund,state\n"
LINES = "".join(
    f"A{n // 2},2025-10-{n % 28 + 1:02d},{n % 24}:05,{n % 2 + 1},P{n % 7},{'' if n % 9 == 0 else f'0{n % 50}'},"
    f"{n % 3 + 1},{n / 4},{'' if n % 5 else n / 8},{'paid' if n % 6 else 'open'}\n" for n in range(400))
RULES = [
    {},
    {"where": [{"column": "state", "is": "paid", "reason": "not paid"}]},
    {"where": [{"column": "paid_amount", "above": 20, "reason": "small"}]},
    {"timezone": "Europe/Berlin"},
    {"columns": {"created": {"from": "created", "clock": "clock"}}},
    {"columns": {"created": {"from": "created", "clock": "clock"}}, "timezone": "Europe/Berlin"},
    {"columns": {"customer_id": {"from": "buyer", "pseudonym": True}}},
    {"columns": {"customer_id": {"from": "buyer", "missing": ["01"]}}},
    {"columns": {"customer_id": {"from": "buyer", "fill": "order_id"}}},
    {"columns": {"quantity": {"from": "quantity", "empty": 1}, "customer_id": {"from": "buyer", "fill": "down"}}},
    {"columns": {"line_no": {"number_within": "order_id"}}},
    {"columns": {"line_no": {"number_within": "order_id"}}, "repeats": "set_aside"},
    {"columns": {"line_no": {"constant": 1}, "paid_amount": {"take": "sum"}, "created": {"take": "earliest"}}},
    {"columns": {"order_id": {"join": ["order_id", "line_no"]}}},
    {"columns": {"paid_amount": {"formula": "_paid * 2"}, "_paid": {"from": "paid_amount", "type": "number"}}},
    {"columns": {"product_id": {"from": "product_id", "values": {"P1": "one"}, "otherwise": "other"}}},
    {"columns": {"paid_amount": {"from": "paid_amount", "decimal": ","}}, "bad_rows": "set_aside"},
    {"columns": {"line_no": {"constant": 1}}, "duplicates": {"largest": "paid_amount"}},
]


@pytest.mark.parametrize("rules", RULES, ids=str)
def test_every_rule_gives_the_same_for_a_long_text(tmp_path, monkeypatch, rules):
    path, columns = csv(tmp_path, HEAD + LINES), rules.get("columns", {})
    columns = dict(sorted(columns.items(), key=lambda rule: not rule[0].startswith("_")))

    given = []

    def outcome():
        try:
            frame = adapt(path, {"table": "orders", **rules, **({"columns": columns} if columns else {})})
        except ValueError as error:
            return str(error)
        given.append(frame)
        if "pseudonym" in str(rules):
            frame["customer_id"] = pd.factorize(frame["customer_id"])[0]
        return frame.to_csv(), frame.dtypes.to_dict(), told(frame), frame.attrs["report"].set_aside

    by_rows = outcome()
    monkeypatch.setattr(delimited, "LONG", 0)
    assert outcome() == by_rows
    assert len(given) == 2 or "decimal" in str(rules), by_rows
