"""The contract of the tables, the one source of all that is known about them, and where the course lies."""

import json
import os
import pickle
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from liveshop.environment import PACKAGE
from liveshop.tables import TableError, write_contract
from liveshop.tables.contract import SOURCE, contract, persons
from liveshop.tables.places import MAPPINGS, course_folder

ROOT = Path(__file__).resolve().parents[2]


def test_every_column_of_the_contract_is_complete():
    for table in contract().values():
        assert table.key, table.name
        assert set(table.key) <= set(table.columns)
        titles = [c.title_zh for c in table.columns.values()]
        assert all(titles) and len(set(titles)) == len(titles), (
            f"{table.name}: Chinese names serve as aliases and must differ")
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
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path / "empty", capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site")})
    assert run.stdout.splitlines() == [
        f"{len(contract())} {sorted(path.stem for path in MAPPINGS.glob('*.yml'))}",
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
        assert all(name in persons() for name in table.columns if name.endswith(("viewer_id", "customer_id"))), (
            table.name)


def test_table_error_is_a_value_error_of_one_sentence():
    error = TableError("orders", "paid_amount", 3, "“abc” is not a number", "write an amount such as 129.00")
    assert isinstance(error, ValueError)
    assert (
        str(error) == "Table orders, column paid_amount, row 3: “abc” is not a number; write an amount such as 129.00.")
    assert (error.table, error.column, error.row) == ("orders", "paid_amount", 3)
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


# The Frictionless Data Package standard -------------------------------------------------------------------------------


def frictionless(package):
    """What frictionless says of a contract: (valid, its errors in words)."""
    from frictionless import Package

    report = Package.validate_descriptor(package)
    return report.valid, " ".join(error.note for error in report.errors)


def test_frictionless_finds_the_contract_valid():
    package = json.loads(SOURCE.read_text(encoding="utf-8"))
    assert frictionless(package) == (True, "")


@pytest.mark.parametrize("spoil, said", [
    (lambda schema: schema["fields"][0].update(type="text"), "type"),
    (lambda schema: schema["fields"][0].pop("name"), "name"),
    (lambda schema: schema["foreignKeys"][0].update(fields="no_such_column"), "no_such_column"),
    (lambda schema: schema.update(primaryKey=["no_such_column"]), "no_such_column")])
def test_frictionless_would_find_a_contract_invalid(spoil, said):
    package = json.loads(SOURCE.read_text(encoding="utf-8"))
    spoil(next(resource["schema"] for resource in package["resources"] if resource["name"] == "customers"))
    valid, words = frictionless(package)
    assert not valid and said in words


def test_frictionless_reads_a_table_as_the_contract_says(tmp_path):
    """Not the contract alone: rows that `validate` accepts are valid to frictionless too, and a broken one is not."""
    from frictionless import Resource

    resource = next(r for r in json.loads(SOURCE.read_text(encoding="utf-8"))["resources"] if r["name"] == "channels")
    rows = [["channel_id", "name", "name_zh", "take_rate", "payment_fee_rate"],
            ["marketplace", "Marketplace", "货架", 0.05, 0.006], ["group_deal", "Deals", "团购", 1.5, 0.006]]
    found = [Resource.from_descriptor({"name": "channels", "data": data, "schema": resource["schema"]}).validate()
             for data in (rows[:2], rows)]
    assert [report.valid for report in found] == [True, False]
    assert found[1].flatten(["rowNumber", "fieldName", "type"]) == [[3, "take_rate", "constraint-error"]]


# A new table touches two files: the contract, and what makes its rows -------------------------------------------------

NEW_TABLE = {
    "name": "returns_desk",
    "title": "Returns desk",
    "title_zh": "退货台",
    "path": "returns-desk.parquet",
    "format": "parquet",
    "description": "One row a parcel that came back.",
    "schema": {
        "fields": [
            {
                "name": "parcel_id", "type": "string", "title_zh": "包裹编号", "description": "Parcel",
                "constraints": {"required": True}},
            {"name": "customer_id", "type": "integer", "title_zh": "客户编号", "description": "Buyer", "person": True},
            {
                "name": "inspector_id", "type": "integer", "title_zh": "验货员编号", "description": "Who opened it",
                "person": True},
            {"name": "arrived", "type": "datetime", "title_zh": "到达时间", "description": "At the gate",
             "sorted": True},
            {"name": "inspected", "type": "datetime", "title_zh": "验货时间", "description": "Opened"},
            {"name": "faulty", "type": "integer", "title_zh": "次品件数", "description": "Faulty items",
             "unit": "items"},
            {
                "name": "items", "type": "integer", "title_zh": "件数", "description": "All items", "unit": "items",
                "constraints": {"minimum": 1}},
        ],
        "primaryKey": ["parcel_id"],
        "foreignKeys": [{"fields": "customer_id", "reference": {"resource": "customers", "fields": "customer_id"}}],
        "timeOrder": [["arrived", "inspected"]],
        "sizeOrder": [["faulty", "items"]],
        "missingValues": ["", "--"],
    },
}

USES_IT = """
from pathlib import Path
import pandas as pd
from liveshop import load, tables
from liveshop.world import storage

frame = pd.DataFrame({"parcel_id": ["A", "B"], "customer_id": [1, 2], "inspector_id": [7, 7],
                      "arrived": pd.to_datetime(["2025-06-01", "2025-06-02"]),
                      "inspected": pd.to_datetime(["2025-06-03"] * 2),
                      "faulty": [0, 1], "items": [2, 1]})
print(tables.write_contract(".").name)
storage.write_table(frame, "returns_desk", Path("."))                                  # what a generator does
print(load(Path.cwd()).names, load(Path.cwd()).returns_desk.equals(tables.typed(frame, "returns_desk")))
wrong = frame.assign(inspected=frame.arrived - pd.Timedelta(days=1), faulty=5, items=[0, 3])
customers = pd.DataFrame({"customer_id": [1]})
print([problem.kind for problem in tables.validate(wrong, "returns_desk", {"customers": customers})])
export = pd.DataFrame({"包裹编号": ["A"], "验货员编号": [7], "件数": ["1.2万"], "到达时间": ["2025-06-01 20:00"]})
adapted = tables.adapt(export, "returns_desk")
print(dict(adapted.iloc[0].astype(str)), adapted.attrs["report"].absent)
print(list(tables.pseudonymise(frame).columns[(tables.pseudonymise(frame) != frame).any()]))
"""


def test_a_new_table_touches_the_contract_and_its_generator_alone(tmp_path):
    shutil.copytree(PACKAGE, tmp_path / "utils" / "liveshop", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "book", tmp_path / "book")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    source = tmp_path / "utils" / "liveshop" / "tables" / SOURCE.name
    package = json.loads(source.read_text(encoding="utf-8"))
    package["resources"].append(NEW_TABLE)
    source.write_text(json.dumps(package, ensure_ascii=False, indent=1), encoding="utf-8")
    assert frictionless(package) == (True, "")
    place = tmp_path / "data"
    place.mkdir()

    def run(code):
        paths = os.pathsep.join(str(tmp_path / folder) for folder in ("utils", "book/_ext"))
        done = subprocess.run([sys.executable, "-c", code], cwd=place, capture_output=True, text=True,
                              env={**os.environ, "PYTHONPATH": paths})
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()

    assert run(USES_IT) == [
        "datapackage.json", "['returns_desk'] True", "['range', 'order', 'size', 'reference']",
        "{'parcel_id': 'A', 'inspector_id': '7', 'arrived': '2025-06-01 20:00:00', 'items': '12000'} "
        "['customer_id', 'inspected', 'faulty']",
        "['customer_id', 'inspector_id']"]
    page = "'book/reference/data-dictionary', '<!-- course: data-dictionary -->'"
    dictionary = "\n".join(run(f"import course.placeholders; print(course.placeholders.fill({page}))"))
    assert (
        "## Returns desk (退货台)" in dictionary and "`parcel_id`" in dictionary
        and "`customer_id` refers to `customers`." in dictionary)
