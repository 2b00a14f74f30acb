"""Response plans for Excel and for Word: the sheet measures a drill, the document has a page a plan."""

import openpyxl
import pytest

from liveshop.course.chapter_8 import samples
from liveshop.playbook import CardError, plan_document, response_sheet
from liveshop.playbook.response_sheet import COLUMNS, FIRST, STEPS, SUMMARY

PLANS = {"price error": ("card is wrong", "lead", "¥1", [(1, "desk", "link down"), (4, "data", "=1+1")]),
         "out: a/b": ("no picture", "technician", "lines", [(1, "technician", "switch")])}


@pytest.fixture
def book(tmp_path):
    return openpyxl.load_workbook(response_sheet(PLANS, tmp_path / "plans.xlsx", a_minute={"price error": 300}))


def test_a_sheet_a_plan_with_the_steps_by_the_minute(book):
    assert book.sheetnames == ["Plans", "price error", "out  a b"]
    sheet = book["price error"]
    place = {name: at for at, name in enumerate(COLUMNS, 1)}
    first = [sheet.cell(FIRST, place[name]).value for name in ("By minute", "Who (role)", "What")]
    assert first == [1, "desk", "link down"]
    text = sheet.cell(FIRST + 1, place["What"])
    assert text.data_type == "s" and text.value.endswith("=1+1")
    late = sheet.cell(FIRST + 1, place["Late by, minutes"]).value
    assert late == f'=IF(A{FIRST + 1}="","",IF(E{FIRST + 1}="","not done",MAX(0,E{FIRST + 1}-A{FIRST + 1})))'
    assert sheet.cell(FIRST + STEPS - 1, place["Late by, minutes"]).data_type == "f"


def test_the_summary_counts_what_was_late_on_the_sheet_of_its_plan(book):
    summary, place = book["Plans"], {name: at for at, name in enumerate(SUMMARY, 1)}
    assert summary.cell(FIRST, place["A minute costs, yuan"]).value == 300
    span = f"F{FIRST}:F{FIRST + STEPS - 1}"
    assert summary.cell(FIRST, place["Late"]).value == f"=COUNTIF('price error'!{span},\">0\")"
    assert summary.cell(FIRST + 1, place["Not done"]).value == f"=COUNTIF('out  a b'!{span},\"not done\")"
    cost = summary.cell(FIRST, place["First step late, yuan"]).value
    assert cost == f"=IF(ISNUMBER('price error'!F{FIRST}),'price error'!F{FIRST}*I{FIRST},\"\")"
    assert list(SUMMARY)[8] == "A minute costs, yuan"                       # column I of that formula


@pytest.mark.parametrize(("plans", "words"), [
    ({}, "no response plan"), ({"a": ("", "", "", [(1, "x", "y")] * (STEPS + 1))}, "room for"),
    ({"Plans": ("", "", "", [])}, "one sheet"),
    ({"a" * 31 + "b": ("", "", "", []), "a" * 31: ("", "", "", [])}, "one sheet")])
def test_what_does_not_fit_is_refused_and_leaves_no_file(tmp_path, plans, words):
    with pytest.raises(CardError, match=words):
        response_sheet(plans, tmp_path / "plans.xlsx")
    assert not list(tmp_path.iterdir())


def test_the_document_has_a_page_a_plan_with_room_for_names(tmp_path):
    docx = pytest.importorskip("docx")
    document = docx.Document(str(plan_document(samples.PLANS, tmp_path / "plans.docx")))
    headings = [one.text for one in document.paragraphs if one.style.name == "Heading 1"]
    assert headings == [name.capitalize() for name in samples.PLANS]
    breaks = sum('w:type="page"' in one._p.xml for one in document.paragraphs)
    assert breaks == len(samples.PLANS) - 1
    steps = [table for table in document.tables if len(table.columns) == 5]
    for table, (_, _, _, wanted) in zip(steps, samples.PLANS.values(), strict=True):
        rows = [[cell.text for cell in row.cells] for row in table.rows[1:]]
        assert rows == [[str(by), who, "", "☐", what] for by, who, what in wanted]
    with pytest.raises(CardError, match="no response plan"):
        plan_document({}, tmp_path / "none.docx")
