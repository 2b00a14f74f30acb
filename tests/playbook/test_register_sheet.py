"""The risk register: its formulas, worked out here, say what the package's own table says; Word holds the same rows."""

import re

import openpyxl
import pandas as pd
import pytest

from liveshop.methods import risk
from liveshop.playbook import CardError, register_document, register_sheet
from liveshop.playbook.register_sheet import FIRST, ROWS

REGISTER = pd.DataFrame({
    "kind": ["technology"] * 250 + ["regulation"] * 5 + ["=1+1"] * 30,
    "cause_id": range(285), "loss": [700.0] * 250 + [40_000.0] * 5 + [6_000.0] * 30})


@pytest.fixture(scope="module")
def board():
    table = risk.frequency_severity(REGISTER, 5)
    drawn = risk.simulate_losses(REGISTER, 5, draws=2000)
    return table.assign(bad_years=risk.tail_shares(drawn.by_kind), seen_after=1.0, sign="a <sign>")


def worked_out(sheet, place):
    """The value of a cell: its formula in Python, as far as these sheets use Excel."""
    value = sheet[place].value
    if sheet[place].data_type != "f":
        return 0 if value is None else value
    code = value[1:]
    guarded = re.fullmatch(r'IF\(([A-Z]\d+)>0,(.*),""\)', code)
    if guarded:
        if not worked_out(sheet, guarded[1]) > 0:
            return ""
        code = guarded[2]
    code = re.sub(r"\$?([A-Z])\$?(\d+):\$?([A-Z])\$?(\d+)", r"R('\1','\2','\3','\4')", code)
    code = re.sub(r"(?<!')\$?\b([A-Z])(\d+)\b(?!')", r"V('\1\2')", code)
    code = code.replace("^", "**").replace("IF(", "EITHER(").replace('COUNTEITHER(', "COUNTIF(").replace("&", ",")

    def block(left, top, right, bottom):
        found = [worked_out(sheet, f"{chr(c)}{r}") for c in range(ord(left), ord(right) + 1)
                 for r in range(int(top), int(bottom) + 1)]
        return [one for one in found if one != ""]

    names = {"V": lambda where: worked_out(sheet, where), "R": block, "SUM": sum, "MAX": max,
             "COUNTIF": lambda cells, sign, edge: sum(one <= edge for one in cells),
             "RANK": lambda one, cells: 1 + sum(other > one for other in cells),
             "EITHER": lambda condition, yes, no: yes if condition else no}
    return eval(code, names)


@pytest.fixture
def book(board, tmp_path):
    sources = pd.Series({"feed": 60, "follow": 40})
    return openpyxl.load_workbook(register_sheet(board, tmp_path / "risks.xlsx", 5, sources))


def test_bands_score_and_ranks_are_those_of_the_package(book, board):
    sheet = book["Risk register"]
    for row, (kind, one) in enumerate(board.iterrows(), FIRST):
        assert sheet[f"A{row}"].value == kind
        for column, want in zip("GHIJK", (one.a_year, one.loss_a_year, one.frequency_band, one.severity_band,
                                          one.matrix_score), strict=True):
            assert worked_out(sheet, f"{column}{row}") == pytest.approx(want)
        assert worked_out(sheet, f"L{row}") == board.matrix_score.rank(ascending=False, method="min")[kind]
        assert worked_out(sheet, f"M{row}") == board.bad_years.rank(ascending=False, method="min")[kind]
    said = {sheet[f"A{row}"].value: worked_out(sheet, f"N{row}") for row in range(FIRST, FIRST + 3)}
    assert said["technology"] == "overstates it" and said["=1+1"] in ("agrees", "hides it")
    assert worked_out(sheet, f"K{FIRST + 5}") == ""


def test_concentration_is_that_of_the_package_and_follows_what_is_typed(book):
    sheet = book["Concentration"]
    assert worked_out(sheet, "G4") == pytest.approx(risk.concentration([0.6, 0.4]))
    assert worked_out(sheet, "G5") == pytest.approx(1 / 0.52) and worked_out(sheet, "G6") == pytest.approx(0.6)
    sheet["A6"], sheet["B6"] = "search", 100
    assert worked_out(sheet, "G4") == pytest.approx(risk.concentration([0.3, 0.2, 0.5]))


def test_text_is_no_formula_and_what_does_not_fit_is_told(book, board, tmp_path):
    sheet = book["Risk register"]
    (row,) = [number for number in range(FIRST, FIRST + 3) if sheet[f"A{number}"].value == "=1+1"]
    assert sheet[f"A{row}"].data_type != "f"
    with pytest.raises(CardError, match="needs the column bad_years"):
        register_sheet(board.drop(columns="bad_years"), tmp_path / "a.xlsx", 5)
    with pytest.raises(CardError, match=f"has {ROWS} rows"):
        register_sheet(pd.concat([board] * 7), tmp_path / "a.xlsx", 5)
    assert [path.name for path in tmp_path.iterdir()] == ["risks.xlsx"]


def test_the_document_has_a_row_a_risk_and_room_for_owners(board, tmp_path):
    docx = pytest.importorskip("docx")
    path = register_document(board, tmp_path / "risks.docx", shortfall="A bad year \u0000costs.")
    document = docx.Document(str(path))
    table, signed = document.tables
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert [row[0] for row in rows] == ["Risk", *board.index] and rows[1][-1] == "" and rows[1][-2] == "a <sign>"
    assert "A bad year costs." in [one.text for one in document.paragraphs] and len(signed.rows) == 3
    assert document.sections[0].page_width > document.sections[0].page_height
