"""The contract in code: load, validate, the errors, the safe writers."""

import json
import os
import pickle
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook
from sample_exports import orders, streams

import liveshop
from liveshop import tables
from liveshop.tables import TableError, Tables, load, typed, validate, validate_all, write_contract
from liveshop.tables.contract import SOURCE, contract, persons
from liveshop.tables.errors import KINDS
from liveshop.tables.places import PACKAGE, course_folder

ROOT = Path(__file__).resolve().parents[2]


def errors(frame, table, others=None):
    return [p for p in validate(frame, table, others) if p.severity == "error"]


def warnings(frame, table, others=None):
    return [p for p in validate(frame, table, others) if p.severity == "warning" and p.kind not in ("absent columns", "unknown columns")]


def said(problems):
    assert problems, "nothing was found"
    return str(problems[0])


# The package ----------------------------------------------------------------------------------------------------------


def test_importing_the_package_loads_nothing_heavy():
    code = "import sys, liveshop; print([m for m in ('pandas', 'matplotlib', 'ipywidgets', 'openpyxl') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_importing_tables_leaves_the_slow_libraries_alone():
    code = ("import sys; from liveshop import load; "
            "print([m for m in ('openpyxl', 'yaml', 'seaborn', 'statsmodels', 'sklearn') if m in sys.modules])")
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_unknown_name_in_the_package_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        liveshop.nonsense
    assert "load" in dir(liveshop) and "explore" in dir(liveshop)


@pytest.mark.parametrize("value, edition", [(None, "live"), ("", "live"), ("opening", "opening"), ("frames", "frames")])
def test_edition(monkeypatch, value, edition):
    monkeypatch.delenv("LIVESHOP_MEDIUM", raising=False)
    if value is not None:
        monkeypatch.setenv("LIVESHOP_MEDIUM", value)
    assert liveshop.medium.current() == edition


def test_unknown_edition_is_named(monkeypatch):
    monkeypatch.setenv("LIVESHOP_MEDIUM", "books")
    with pytest.raises(ValueError, match="LIVESHOP_MEDIUM is “books”; set it to live, opening or frames"):
        liveshop.medium.current()


# The contract ---------------------------------------------------------------------------------------------------------


def test_every_column_of_the_contract_is_complete():
    for table in contract().values():
        assert table.key, table.name
        assert set(table.key) <= set(table.columns)
        titles = [c.title_zh for c in table.columns.values()]
        assert all(titles) and len(set(titles)) == len(titles), f"{table.name}: Chinese names serve as aliases and must differ"
        for own, other, columns in table.foreign_keys:
            assert set(own) <= set(table.columns) and set(columns) <= set(contract()[other].columns)


def test_the_contract_beside_the_tables_is_the_one_of_the_package(tmp_path):
    assert (ROOT / "data" / "datapackage.json").read_bytes() == SOURCE.read_bytes()
    assert write_contract(tmp_path / "new").read_bytes() == SOURCE.read_bytes()
    copies = [p for p in ROOT.rglob("datapackage.json") if not {".venv", "_build", "build", ".git"} & set(p.parts)]
    assert sorted(copies) == sorted([ROOT / "data" / "datapackage.json", SOURCE])


def test_the_package_alone_has_its_contract_and_mappings(tmp_path):
    """The package in a folder of its own: no clone is near, and load says how to come by tables."""
    shutil.copytree(PACKAGE, tmp_path / "site" / "liveshop", ignore=shutil.ignore_patterns("__pycache__"))
    code = """if True:
        from pathlib import Path
        from liveshop import tables
        from liveshop.tables import places
        assert Path(tables.__file__).is_relative_to(Path("..").resolve()), tables.__file__
        assert places.clone() is None and places.course_folder("data/datapackage.json") is None
        print(len(tables.contract()), sorted(path.stem for path in places.MAPPINGS.glob("*.yml")))
        try:
            tables.load()
        except tables.TableError as error:
            print(error)
    """
    (tmp_path / "empty").mkdir()
    run = subprocess.run([sys.executable, "-c", code], cwd=tmp_path / "empty", capture_output=True, text=True, check=True,
                         env={**os.environ, "PYTHONPATH": str(tmp_path / "site")})
    assert run.stdout.splitlines() == [
        f"{len(contract())} ['online-retail', 'qinghe-raw-export', 'thai-facebook-posts', 'tiktok-live-export']",
        "No folder “data” with tables is there; give the path of a folder with tables, or make the course's own with "
        "python -m liveshop.world --out data."]


def test_the_course_folder_is_the_nearest_that_holds_what_is_asked(tmp_path, monkeypatch):
    (tmp_path / "mine" / "notebooks").mkdir(parents=True)
    (tmp_path / "mine" / "notebooks" / "05-mine.ipynb").touch()
    monkeypatch.chdir(tmp_path / "mine" / "notebooks")
    assert course_folder("notebooks/[0-9][0-9]-*.ipynb") == tmp_path / "mine"
    assert course_folder("data/datapackage.json") == ROOT                     # not here, so the clone's
    assert course_folder("notebooks/*.ipynb", start=ROOT / "book" / "index.md") == ROOT
    assert course_folder("no/such/file") is None


def test_every_property_of_our_own_is_explained_and_names_columns():
    package = json.loads(SOURCE.read_text(encoding="utf-8"))
    of_a_field = {"name", "type", "description", "constraints"}
    of_a_schema = {"fields", "primaryKey", "foreignKeys", "missingValues"}
    of_a_table = {"name", "title", "description", "path", "format", "schema"}
    own = set()
    for resource in package["resources"]:
        schema = resource["schema"]
        own |= set(resource) - of_a_table | set(schema) - of_a_schema
        own |= {key for field in schema["fields"] for key in set(field) - of_a_field}
    assert own == set(package["conventions"])
    for table in contract().values():
        pairs = [name for pair in (*table.time_order, *table.size_order) for name in pair]
        assert set(pairs) <= set(table.columns), table.name
        if table.within:
            assert table.within.column in table.columns and table.within.key in table.columns
            assert {table.within.table_key, table.within.length} <= set(contract()[table.within.table].columns)


def test_every_column_that_refers_to_a_customer_is_a_person():
    """Otherwise an id would go out in the clear, or no longer join the customers, whose ids are pseudonyms."""
    for table in contract().values():
        for own, other, _ in table.foreign_keys:
            if other == "customers":
                assert all(table.columns[name].person for name in own), table.name
        assert all(name in persons() for name in table.columns if name.endswith(("viewer_id", "customer_id"))), table.name


def test_problems_have_a_kind_of_the_list():
    used = {word for path in (PACKAGE / "tables" / "checks").glob("*.py")
            for word in re.findall(r"(?:Problem|finding)\(\"([^\"]+)\"", path.read_text(encoding="utf-8"))}
    assert used == set(KINDS)


def test_table_error_is_a_value_error_of_one_sentence():
    error = TableError("orders", "paid_amount", 3, "“abc” is not a number", "write an amount such as 129.00")
    assert isinstance(error, ValueError)
    assert str(error) == "Table orders, column paid_amount, row 3: “abc” is not a number; write an amount such as 129.00."
    assert (error.table, error.column, error.row) == ("orders", "paid_amount", 3)
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


# Loading --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "shop"
    place.mkdir()
    streams().to_parquet(place / "streams.parquet")
    orders().to_csv(place / "orders.csv", index=False)
    return place


def test_load_reads_parquet_and_csv_with_the_contract_types(folder):
    shop = load(folder)
    assert shop.names == ["streams", "orders"] and "orders" in shop and "refunds" in shop.missing and len(shop) == 2
    assert shop.folder == folder
    pd.testing.assert_frame_equal(shop.orders, typed(orders(), "orders"), check_like=True)
    pd.testing.assert_frame_equal(shop["streams"], typed(streams(), "streams"))
    assert str(shop.orders.created.dtype) == "datetime64[us]" and str(shop.orders.customer_id.dtype) == "int64"


def test_load_looks_in_the_parents(folder, monkeypatch):
    (folder.parent / "notebooks").mkdir()
    monkeypatch.chdir(folder.parent / "notebooks")
    assert load("shop").names == ["streams", "orders"]


def test_a_changed_frame_does_not_change_the_tables(folder):
    shop = load(folder)
    frame = shop.orders
    frame.loc[0, "paid_amount"] = -1.0
    frame["paid_amount"] = 0.0
    assert shop.orders.paid_amount.min() > 0


def test_missing_table(folder):
    shop = load(folder)
    with pytest.raises(TableError, match=r"^Table refunds: the table is not there in .*; add refunds.parquet \(or .csv\)"):
        shop.refunds
    with pytest.raises(TableError, match="did you mean streams?"):
        shop.stream
    assert not hasattr(shop, "refunds") and getattr(shop, "refunds", None) is None
    assert Tables(frames={"orders": orders()}).names == ["orders"]


@pytest.mark.parametrize("name, content, message", [
    ("orders.parquet", b"PAR1 this is none", "Table orders: orders.parquet cannot be read as Parquet"),
    ("orders.parquet", b"", "Table orders: orders.parquet cannot be read as Parquet"),
    ("orders.csv", b"", "Table orders: orders.csv is empty; export it again"),
    ("orders.csv", b"order_id,line_no\nO1,1\n", "Table orders, column quantity: orders.csv has no column “quantity”"),
    ("orders.csv", b"order_id,line_no,quantity,paid_amount,created\nO1,1,one,5,2025-06-01\n",
     "Table orders, column quantity, line 2: “one” is not a number"),
])
def test_unreadable_files(tmp_path, name, content, message):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(TableError) as caught:
        load(tmp_path).orders
    assert str(caught.value).startswith(message)


def test_no_folder_and_empty_folder_and_file_instead(tmp_path):
    with pytest.raises(TableError, match="^The folder “nowhere-at-all” is not there; give the path"):
        load("nowhere-at-all")
    with pytest.raises(TableError, match="holds no table of the contract; put files such as"):
        load(tmp_path)
    (tmp_path / "orders.csv").write_text("x")
    with pytest.raises(TableError, match="orders.csv is a file, not a folder; bring a single export in with adapt"):
        load(tmp_path / "orders.csv")


def test_two_files_for_one_table(folder):
    orders().to_parquet(folder / "orders.parquet")
    with pytest.raises(TableError, match="Table orders: there are several files: orders.parquet, orders.csv; keep one"):
        load(folder)


def test_load_validates_on_request(folder):
    assert load(folder, validate=True).names == ["streams", "orders"]
    streams().head(2).to_parquet(folder / "streams.parquet")
    with pytest.raises(TableError, match="Table orders, column stream_id, row 3: “S2” is not in table streams"):
        load(folder, validate=True)


def test_a_parquet_file_of_wrong_types(tmp_path):
    orders().assign(quantity="1.2万").to_parquet(tmp_path / "orders.parquet")
    with pytest.raises(TableError, match="column quantity, row 1: “1.2万” is text, not a whole number"):
        load(tmp_path).orders


def test_whole_numbers_with_gaps_stay_whole():
    frame = orders()
    frame["customer_id"] = frame["customer_id"].astype("float64").where(frame.index > 2)
    assert str(typed(frame, "orders").customer_id.dtype) == "Int64"


@pytest.mark.skipif(not (ROOT / "data" / "streams.parquet").exists(), reason="the course's data are not made yet: make data")
def test_the_courses_own_tables_keep_the_contract():
    assert [str(p) for p in validate_all(load(ROOT / "data")) if p.severity == "error"] == []


# Validation -----------------------------------------------------------------------------------------------------------


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


@pytest.mark.parametrize("frame, table, message", [
    (orders().drop(columns="paid_amount"), "orders",
     "Table orders, column paid_amount: the column is missing; add it (what was paid for the line, after offers and coupons: "
     "number, in CNY) or map it from a column of your export."),
    (change(orders(), "quantity", 4, "two"), "orders",
     "Table orders, column quantity, row 5: “two” is text, not a whole number; give whole numbers, or read the file "
     "through adapt, which understands 1.2万 and 1,200."),
    (change(orders(), "quantity", 4, 1.5), "orders",
     "Table orders, column quantity, row 5: 1.5 is not a whole number; give items without decimals."),
    (change(orders(), "paid_amount", 2, np.inf), "orders",
     "Table orders, column paid_amount, row 3: the value is infinite; look for a division by zero in the export, and leave the cell empty."),
    (change(orders(), "paid_amount", 2, np.nan), "orders",
     "Table orders, column paid_amount, row 3: the value is missing; fill it in, or set the row aside with a where rule of the mapping."),
    (change(streams(), "watch_seconds", 1, -5.0), "streams",
     "Table streams, column watch_seconds, row 2: -5 is negative; give seconds of 0 or more, or leave the cell empty."),
    (streams(4).assign(likes=[-124, 5, -124, 7]), "streams",
     "Table streams, column likes, row 1: -124 looks like a code for “missing”, not like a measure (and 1 more like it); "
     "leave the cell empty, or write missing: [-124] into the mapping."),
    (streams().assign(likes=-124), "streams",
     "Table streams, column likes, row 1: -124 looks like a code for “missing”, not like a measure (and 2 more like it); "
     "leave the cell empty, or write missing: [-124] into the mapping."),
    (streams().assign(scene="garden"), "streams",
     "Table streams, column scene, row 1: “garden” is not one of the known values (and 2 more like it); use studio, "
     "outdoor, factory (the mapping's values: translates)."),
    (change(streams(), "started", 1, pd.Timestamp("2125-06-02")), "streams",
     "Table streams, column started, row 2: 2125-06-02 00:00:00 is no plausible date; give dates between 2000-01-01 and "
     "a year from now, or leave the cell empty."),
    (change(streams(), "started", 2, pd.Timestamp("1970-01-01 08:00")), "streams",
     "Table streams, column started, row 3: 1970-01-01 08:00:00 is no plausible date; give dates between 2000-01-01 and "
     "a year from now, or leave the cell empty."),
    (change(streams(), "ended", 1, pd.Timestamp("2025-06-02 18:00")), "streams",
     "Table streams, column ended, row 2: 2025-06-02 18:00:00 lies before started (2025-06-02 19:00:00); check whether "
     "the two columns are swapped or a date is in another order."),
    (pd.concat([streams(), streams().tail(1)], ignore_index=True), "streams",
     "Table streams, column stream_id, row 4: stream_id S2 was there before: the key must be unique; remove the repeated "
     "rows, or write duplicates: first into the mapping."),
    (streams().assign(started=streams().started.dt.tz_localize("Asia/Shanghai")), "streams",
     "Table streams, column started, row 1: the times carry a zone (Asia/Shanghai); convert them to Asia/Shanghai and drop "
     "the zone: .dt.tz_convert('Asia/Shanghai').dt.tz_localize(None)."),
    (streams().assign(stream_id=[1, 2, 3]), "streams",
     "Table streams, column stream_id, row 1: 1 is a number, not text (and 2 more like it); give it as text."),
    (pd.DataFrame([[1, 2]], columns=["stream_id", "stream_id"]), "streams",
     "Table streams, column stream_id: stands twice in the table; keep one of the two."),
])
def test_errors_in_one_sentence(frame, table, message):
    found = errors(frame, table)
    assert message in [str(p) for p in found]


def test_a_table_without_rows():
    found = warnings(orders().head(0), "orders")
    assert said(found) == "Table orders: the table has no rows; check the period or the filter of the export."


def test_unknown_columns_are_named():
    found = [p for p in validate(orders().assign(colour="red"), "orders") if "does not know" in p.what]
    assert said(found) == ("Table orders: columns that the contract does not know: colour; they are ignored; rename them "
                           "if one of them is a contract column.")


@pytest.mark.parametrize("frame, table, message", [
    (orders().assign(paid_amount=lambda d: d.paid_amount * 100), "orders",
     "column paid_amount: the amounts are about 75 times list_amount: they look like fen (分); give yuan: divide by 100, "
     "or write unit: fen into the mapping."),
    (orders().assign(paid_amount=14950, list_amount=19900), "orders", "they look like fen"),
    (streams().assign(gmv=1_295_050), "streams", "column gmv: the median is 14,389 for an order and all amounts are whole numbers: they look like fen"),
    (streams().assign(reported_aov=143.89, gmv=1_295_050.5), "streams", "column gmv: the amounts are about 100 times reported_aov × orders: they look like fen"),
    (streams().assign(stream_seconds=7_200_000), "streams", "the lengths look like milliseconds; give seconds, or write unit: milliseconds"),
    (streams().assign(stream_seconds=120), "streams", "the lengths look like minutes"),
    (streams().assign(reported_ctor=12.5), "streams", "the median is 12.5: it looks like percent; give a share"),
    (streams().assign(viewers=6000), "streams", "column viewers, row 1: 6000 is more than views (5000) (and 2 more like it)"),
])
def test_suspicions_are_warnings(frame, table, message):
    assert errors(frame, table) == []
    assert any(message in str(p) for p in warnings(frame, table)), [str(p) for p in warnings(frame, table)]


def test_dear_goods_are_not_fen():
    assert warnings(orders().assign(paid_amount=899.5, list_amount=1299.0), "orders") == []
    assert warnings(streams().assign(gmv=90 * 420), "streams") == []


def refunds(**changes):
    lines = orders().head(3)
    frame = pd.DataFrame({"order_id": lines.order_id, "line_no": lines.line_no,
                          "refunded": lines.paid + pd.Timedelta(days=7), "refunded_amount": lines.paid_amount})
    return frame.assign(**changes)


@pytest.mark.parametrize("frame, message", [
    (refunds(refunded_amount=[149.5, 300.0, 149.5]), "Table refunds, column refunded_amount, row 2: 300.00 is more than was paid for the line (299.00)"),
    (refunds(refunded=pd.Timestamp("2025-05-01")), "Table refunds, column refunded, row 1: 2025-05-01 00:00:00 lies before the payment (2025-06-01 20:02:00)"),
    (refunds(order_id=["O0000", "O0000", "O9999"]), "Table refunds, column order_id + line_no, row 3: “O9999” 1 is not in table orders"),
])
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
    assert any("times the list price: they look like fen" in str(p) for p in warnings(fen, "orders", {"products": products}))
    total = orders().groupby("stream_id").paid_amount.sum()
    stream = streams().assign(gmv=lambda d: d.stream_id.map(total) * 100 + 0.5, orders=50_000, sku_orders=50_000, items=50_000, views=50_000)
    assert any("the order lines of the broadcast: they look like fen" in str(p) for p in warnings(stream, "streams", {"orders": orders()}))


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


# Writing --------------------------------------------------------------------------------------------------------------

RISKY = ["=HYPERLINK(\"http://example.invalid\")", "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1"]


def test_csv_cannot_become_a_formula(tmp_path):
    frame = pd.DataFrame({"=title": [*RISKY, "plain", None], "amount": range(10)})
    path = tables.write_csv(frame, tmp_path / "out.csv")
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    back = pd.read_csv(path, keep_default_na=False)
    assert list(back.columns) == ["'=title", "amount"]
    assert all(v.startswith("'") for v in back["'=title"][:8]) and list(back["'=title"][8:]) == ["plain", ""]
    assert list(back.amount) == list(range(10)), "numbers, negative ones too, stay numbers"


def test_excel_cannot_become_a_formula(tmp_path):
    frame = pd.DataFrame({"title": [*RISKY, "a\x00b", None], "id": [2**60 + i for i in range(10)], "n": -1.5,
                          "t": pd.Timestamp("2025-06-18 20:00")})
    sheet = load_workbook(tables.write_excel({"a/b": frame}, tmp_path / "out.xlsx"))["a-b"]
    for row, text in enumerate(RISKY, start=2):
        cell = sheet.cell(row, 1)
        assert cell.data_type == "s" and cell.quotePrefix, text
    assert sheet["A10"].value == "a\ufffdb" and sheet["A11"].value is None
    assert sheet["B2"].value == str(2**60), "Excel would round the id"
    assert sheet["C2"].value == -1.5 and sheet["D2"].value.year == 2025


def test_nothing_is_left_half_written(tmp_path):
    target = tmp_path / "report.csv"
    target.write_text("the old one")
    with pytest.raises(ZeroDivisionError):
        with tables.atomic(target) as temporary:
            temporary.write_text("half")
            1 / 0
    assert target.read_text() == "the old one" and [p.name for p in tmp_path.iterdir()] == ["report.csv"]
    with pytest.raises(TableError, match="A text of 40,000 characters does not fit into an Excel cell; write a CSV file"):
        tables.write_excel(pd.DataFrame({"a": ["x" * 40_000]}), tmp_path / "big.xlsx")
    assert not (tmp_path / "big.xlsx").exists()


def test_writing_where_one_may_not(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(TableError, match="out.csv cannot be written .*; choose a folder"):
        tables.write_csv(orders(), tmp_path / "file" / "out.csv")


# Pseudonyms -----------------------------------------------------------------------------------------------------------


def test_pseudonyms_are_stable_fit_the_contract_and_hide_the_id(tmp_path):
    secret = tmp_path / "secret"
    first = tables.pseudonymise(orders(), secret=secret)
    again = tables.pseudonymise(orders().assign(customer_id=lambda d: d.customer_id.astype("float64")), secret=secret)
    assert list(first.customer_id) == list(again.customer_id)
    assert first.customer_id.nunique() == orders().customer_id.nunique()
    assert not set(first.customer_id) & set(orders().customer_id)
    assert first.customer_id.max() < 10**15 and errors(first, "orders") == []
    assert oct(secret.stat().st_mode)[-3:] == "600"
    assert set(tables.pseudonymise(orders(), secret=b"another secret").customer_id).isdisjoint(first.customer_id)
    assert list(tables.pseudonymise(orders()).customer_id) == list(tables.pseudonymise(orders()).customer_id)


def test_the_truth_of_the_simulated_brand_and_of_nobody_else(tmp_path):
    truth = tables.load("data").truth
    assert truth["host.learning"] == 0.16 and set(truth["hosts.skill"]) >= {"H01", "H14"}
    pd.DataFrame({"channel_id": ["a"], "name": ["A"]}).to_csv(tmp_path / "channels.csv", index=False)
    with pytest.raises(tables.TableError, match="o truth is known of these tables"):
        tables.load(tmp_path).truth
    (tmp_path / "truth.json").write_text("[1]")
    with pytest.raises(tables.TableError, match="make data"):
        tables.load(tmp_path).truth


def test_units_of_experiments_get_pseudonyms_that_still_join():
    customers = pd.DataFrame({"customer_id": [17, 4]})
    trial = pd.DataFrame({"unit_id": ["4", "17", "S0012@1830", "C-9", None]})
    people, units = (tables.pseudonymise(frame, secret=b"key") for frame in (customers, trial))
    assert units.unit_id[:2].tolist() == people.customer_id.astype(str)[::-1].tolist()
    assert not set(units.unit_id.dropna()) & set(trial.unit_id.dropna()) and units.unit_id.isna().tolist() == [False] * 4 + [True]
    text = tables.pseudonymise(pd.DataFrame({"customer_id": ["C-9"]}), secret=b"key")
    assert text.customer_id[0] == units.unit_id[3]


def test_pseudonyms_of_text_and_gaps():
    frame = pd.DataFrame({"viewer_id": ["a", None, "a"], "referrer_id": pd.array([1, None, 3], dtype="Int64")})
    out = tables.pseudonymise(frame, secret=b"x" * 20)
    assert out.viewer_id[0] == out.viewer_id[2] and out.viewer_id[0].startswith("p") and pd.isna(out.viewer_id[1])
    assert str(out.referrer_id.dtype) == "Int64" and pd.isna(out.referrer_id[1])


def test_every_course_table_comes_back_from_csv_as_it_was(tmp_path):
    """Words such as "none" (an arm without a coupon) are values there, and must not turn into gaps."""
    if not (ROOT / "data" / "experiments.parquet").exists():
        pytest.skip("the course's data are not made yet: make data")
    course = load(ROOT / "data")
    for name in course.names:
        rows = course[name]
        texts = [c for c in rows if not pd.api.types.is_numeric_dtype(rows[c])]
        some = pd.concat([rows.head(20), *(rows.drop_duplicates(c).head(40) for c in texts)])
        some = some.drop_duplicates().reset_index(drop=True)
        some.to_csv(tmp_path / f"{name}.csv", index=False)
        pd.testing.assert_frame_equal(load(tmp_path)[name][list(some)], some, check_dtype=False, obj=name)


def test_years_that_no_calendar_holds_are_a_sentence(tmp_path):
    far = streams().assign(started=pd.Series([290_000_000_000_000_000] * 3).astype("datetime64[us]"))
    assert "11159-09-26 11:33:20 is no plausible date" in " ".join(map(str, validate(far, "streams")))
    with pytest.raises(TableError, match="“11159-09-26 11:33:20” is not a date that is understood"):
        tables.adapt(far, "streams")
