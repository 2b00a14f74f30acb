"""The case report for Word: headings in the order of the work, numbers in a table, nothing that breaks the file."""

import pandas as pd
import pytest

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
