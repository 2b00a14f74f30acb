"""The package, and loading the tables of a folder."""

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import liveshop
from liveshop import tables
from liveshop.tables import TableError, Tables, load, typed, validate_all
from sample_exports import orders, streams

ROOT = Path(__file__).resolve().parents[2]


# The package ----------------------------------------------------------------------------------------------------------


def test_importing_the_package_loads_nothing_heavy():
    heavy = "('pandas', 'matplotlib', 'ipywidgets', 'openpyxl')"
    code = f"import sys, liveshop; print([m for m in {heavy} if m in sys.modules])"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]")


def test_importing_tables_leaves_the_slow_libraries_alone():
    code = ("import sys; from liveshop import load; "
            "print([m for m in ('openpyxl', 'yaml', 'seaborn', 'statsmodels', 'sklearn') if m in sys.modules])")
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]")


def test_unknown_name_in_the_package_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = liveshop.nonsense
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
    with pytest.raises(
        TableError, match=r"^Table refunds: the table is not there in .*; add refunds.parquet \(or .csv\)"):
        _ = shop.refunds
    with pytest.raises(TableError, match="did you mean streams?"):
        _ = shop.stream
    assert not hasattr(shop, "refunds") and getattr(shop, "refunds", None) is None
    assert Tables(frames={"orders": orders()}).names == ["orders"]


@pytest.mark.parametrize("name, content, message", [
    ("orders.parquet", b"PAR1 this is none", "Table orders: orders.parquet cannot be read as Parquet"),
    ("orders.parquet", b"", "Table orders: orders.parquet cannot be read as Parquet"),
    ("orders.csv", b"", "Table orders: orders.csv is empty; export it again"),
    ("orders.csv", b"order_id,line_no\nO1,1\n", "Table orders, column quantity: orders.csv has no column “quantity”"),
    ("orders.csv", b"order_id,line_no,quantity,paid_amount,created\nO1,1,one,5,2025-06-01\n",
     "Table orders, column quantity, line 2: a cell of the form “aa” is not a number"),
])
def test_unreadable_files(tmp_path, name, content, message):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(TableError) as caught:
        _ = load(tmp_path).orders
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


@pytest.mark.parametrize("name", ["orders", "orders.parquet"])
def test_a_table_in_many_parquet_files(tmp_path, name):
    """As clusters write it: numbered files and a mark of success, or a folder for each value of a column."""
    place, whole = tmp_path / name, orders()
    place.mkdir()
    (place / "notes.csv").write_text("no part of it")
    with pytest.raises(TableError, match="holds no table of the contract"):
        load(tmp_path)
    (place / "_SUCCESS").write_text("")
    whole[:25].to_parquet(place / "part-0.parquet")
    whole[25:].to_parquet(place / "part-1.parquet")
    (place / "notes.csv").unlink()
    assert load(tmp_path).file("orders") == place
    pd.testing.assert_frame_equal(load(tmp_path).orders.reset_index(drop=True), typed(whole, "orders"))
    for file in place.iterdir():
        file.unlink()
    whole.to_parquet(place, partition_cols=["stream_id"])
    again = load(tmp_path, validate=False).orders.sort_values(["order_id", "line_no"]).reset_index(drop=True)
    pd.testing.assert_frame_equal(again[list(whole)], typed(whole, "orders"))
    whole.to_csv(tmp_path / "orders.csv")
    with pytest.raises(TableError, match=f"there are several files: orders.csv, {name}; keep one"):
        load(tmp_path)


def test_a_folder_of_parts_holds_one_table(tmp_path):
    """Rows of another table, or what a stopped engine left, are not taken for this one's."""
    place = tmp_path / "orders"
    (place / "_temporary").mkdir(parents=True)
    orders().to_parquet(place / "_temporary" / "part-0.parquet")
    with pytest.raises(TableError, match="holds no table of the contract"):
        load(tmp_path)
    orders().to_parquet(place / "part-0.parquet")
    assert len(load(tmp_path).orders) == len(orders())
    streams().to_parquet(place / "streams.parquet")
    with pytest.raises(TableError, match="column order_id: the column is missing in streams.parquet; leave only"):
        _ = load(tmp_path).orders
    (place / "streams.parquet").rename(place / "streams.txt")
    (place / "streams.txt").write_text("no Parquet")
    with pytest.raises(TableError, match="cannot be read as Parquet .*, or its folder holds other files too"):
        _ = load(tmp_path).orders


def test_load_validates_on_request(folder):
    assert load(folder, validate=True).names == ["streams", "orders"]
    streams().head(2).to_parquet(folder / "streams.parquet")
    with pytest.raises(TableError, match="Table orders, column stream_id, row 3: “S2” is not in table streams"):
        load(folder, validate=True)


def test_a_parquet_file_of_wrong_types(tmp_path):
    orders().assign(quantity="1.2万").to_parquet(tmp_path / "orders.parquet")
    with pytest.raises(TableError, match="column quantity, row 1: “1.2万” is text, not a whole number"):
        _ = load(tmp_path).orders


def test_whole_numbers_with_gaps_stay_whole():
    frame = orders()
    frame["customer_id"] = frame["customer_id"].astype("float64").where(frame.index > 2)
    assert str(typed(frame, "orders").customer_id.dtype) == "Int64"


@pytest.mark.skipif(
    not (ROOT / "data" / "streams.parquet").exists(), reason="the course's data are not made yet: make data")
def test_the_courses_own_tables_keep_the_contract():
    assert [str(p) for p in validate_all(load(ROOT / "data")) if p.severity == "error"] == []


def test_the_truth_of_the_simulated_brand_and_of_nobody_else(tmp_path):
    truth = tables.load("data").truth
    assert truth["host.learning"] == 0.16 and set(truth["hosts.skill"]) >= {"H01", "H14"}
    pd.DataFrame({"channel_id": ["a"], "name": ["A"]}).to_csv(tmp_path / "channels.csv", index=False)
    with pytest.raises(tables.TableError, match="o truth is known of these tables"):
        _ = tables.load(tmp_path).truth
    (tmp_path / "truth.json").write_text("[1]")
    with pytest.raises(tables.TableError, match="make data"):
        _ = tables.load(tmp_path).truth


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
