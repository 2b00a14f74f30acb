"""The case report for Word: headings in the order of the work, numbers in a table, nothing that breaks the file."""

import pandas as pd
import pytest

from liveshop import load
from liveshop.course.chapter_7 import samples
from liveshop.playbook import CardError, case_report
from liveshop.playbook.case_report import COLUMNS, SECTIONS

docx = pytest.importorskip("docx")


def numbers():
    return pd.DataFrame([("gain\x00", "202,644", "36,371", "353,240", "yuan")], columns=list(COLUMNS))


def test_headings_texts_and_numbers_stand_in_order(tmp_path):
    path = case_report(tmp_path / "case.docx", title="Case <b>", numbers=numbers(), question="Does it pay?")
    document = docx.Document(str(path))
    headings = [one.text for one in document.paragraphs if one.style.name == "Heading 1"]
    assert headings == [*SECTIONS, "Signed"]
    texts = [one.text for one in document.paragraphs]
    assert "Does it pay?" in texts and texts[0] == "Case <b>"
    results, signed = document.tables
    assert [cell.text for cell in results.rows[0].cells] == list(COLUMNS)
    assert [cell.text for cell in results.rows[1].cells] == ["gain", "202,644", "36,371", "353,240", "yuan"]
    assert len(signed.rows) == 5


def test_it_is_a_page_of_today_and_holds_text_only(tmp_path):
    """A4, nothing of the library's own template; markup and halves of letters in a text are text, or go."""
    path = case_report(tmp_path / "case.docx", title="a <w:p/> & \ud800b", question="=1+1")
    document = docx.Document(str(path))
    assert document.core_properties.title == "a <w:p/> & b" == document.paragraphs[0].text
    assert not document.core_properties.comments and document.core_properties.created.year >= 2025
    assert document.sections[0].page_width.cm == pytest.approx(21, abs=0.1)
    assert "w:instrText" not in document.element.xml and "=1+1" in [one.text for one in document.paragraphs]


def test_the_course_s_report_has_intervals_and_nobody_s_name(tmp_path):
    """Results over all pilots: no city, no customer; what is booked has no interval."""
    tables = load()
    found = samples.report_numbers(tables)
    document = docx.Document(str(case_report(tmp_path / "case.docx", numbers=found)))
    cells = [[cell.text for cell in row.cells] for row in document.tables[0].rows][1:]
    assert [row[0] for row in cells] == found.what.tolist()
    booked = f"{samples.account(tables).estimate['cost']:,.0f}"
    assert [row[:4] for row in cells if "booked" in row] == [["cost", booked, "booked", "booked"]]
    words = {word for row in cells for text in row for word in text.split()}
    assert not words & set(tables.cities.city) and not words & set(tables.customers.customer_id.astype(str))


def test_an_empty_report_has_its_instructions_and_rows_to_fill(tmp_path):
    document = docx.Document(str(case_report(tmp_path / "empty.docx")))
    said = "\n".join(one.text for one in document.paragraphs)
    assert all(instruction in said for _, instruction in SECTIONS.values())
    assert len(document.tables[0].rows) == 4


def test_wrong_names_and_columns_are_told(tmp_path):
    with pytest.raises(CardError, match="no section 'answer'"):
        case_report(tmp_path / "case.docx", answer="42")
    with pytest.raises(CardError, match="need the column unit"):
        case_report(tmp_path / "case.docx", numbers=numbers().drop(columns="unit"))
    assert not list(tmp_path.iterdir())
