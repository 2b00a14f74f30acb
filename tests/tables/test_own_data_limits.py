"""Files that are too much: workbooks that would fill the memory, tables with more columns than anybody reads."""

import re
import time
import zipfile

import pandas as pd
import pytest
from openpyxl import Workbook

from liveshop.tables import MissingColumn, TableError, adapt, validate

NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def workbook_of(path, rows, behind=""):
    """A workbook with one sheet, whose rows and what stands behind them are given as they stand in the file."""
    book = Workbook()
    book.active.append(["stream_id"])
    book.save(path)
    sheet = (f'<worksheet {NAMESPACE}><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>stream_id</t></is></c></row>'
             f"{rows}</sheetData>{behind}</worksheet>")
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            new.writestr(name, sheet if name == "xl/worksheets/sheet1.xml" else content)
    return path


@pytest.mark.parametrize(("rows", "behind", "told"), [
    ("<row><c><v>1</v></c><c><v>1</v></c></row>" * 2_500_000, "", "is no usual workbook: xl/worksheets/sheet1.xml in "
     "it unpacks to 103 MB"),
    ('<row r="2000000000"><c r="A2000000000"><v>1</v></c></row>', "", "has a line beyond 1,048,576, the last that a "
     "sheet can have; export it as .csv."),
    ("".join(f'<row r="{n}"><c r="XFD{n}"><v>{n}</v></c></row>' for n in range(2, 2000)), "",
     "has more than 20,000,000 cells, empty ones included; export it as .csv, or split it by period."),
    ('<row r="2"><c r="B2"><v>1</v></c></row><row r="1000000"><c r="A1000000"><v>1</v></c></row>',
     "<mergeCells>" + '<mergeCell ref="A1:A1048576"/>' * 1000 + "</mergeCells>",
     "has more than 20,000,000 cells, empty ones included; export it as .csv, or split it by period."),
], ids=["packed", "far line", "wide lines", "merged"])
def test_a_workbook_that_would_fill_the_memory_is_stopped_soon(tmp_path, rows, behind, told):
    path = workbook_of(tmp_path / "live.xlsx", rows, behind)
    began = time.process_time()
    with pytest.raises(TableError, match=re.escape(told)):
        adapt(path, "streams")
    assert time.process_time() - began < 12, "5 s on a quiet machine"


def test_a_workbook_with_lines_left_out_is_read_as_before(tmp_path):
    path = workbook_of(tmp_path / "live.xlsx", '<row r="7"><c r="A7"><v>1</v></c></row>')
    with pytest.raises(MissingColumn):
        adapt(path, "streams")


def test_of_many_thousand_columns_some_are_named_and_the_others_counted(tmp_path):
    many = [f"column {i}" for i in range(20_000)]
    head = ",".join(["order_id,line_no,product_id,paid_amount,created", *many])
    path, began = tmp_path / "wide.csv", time.process_time()
    path.write_text(f"{head}\nA,1,P,5,2026-03-01,{'1,' * 10_000}{',' * 9_999}\n", encoding="utf-8")
    mapping = {"table": "orders", "columns": {"quantity": {"constant": 1}}}
    report = adapt(path, mapping).attrs["report"]
    text = str(report)
    assert len(text) < 3000 and "column 39 and 9,960 more." in text and "column 10039 and 9,960 more." in text
    assert len(report.ignored) == len(report.empty_columns) == 10_000
    for more in ({"where": [{"column": "Status", "is": "paid", "reason": "not paid"}]},
                 {"columns": {"quantity": "Number of pieces"}}):
        with pytest.raises(TableError) as error:
            adapt(path, {**mapping, **more})
        assert len(str(error.value)) < 1500
    frame = pd.DataFrame([[1] * len(many)], columns=many)
    with pytest.raises(MissingColumn):
        adapt(frame, "streams")
    assert len(validate(frame, "streams")) > 1
    assert time.process_time() - began < 20, "a sixth of it on a quiet machine"
