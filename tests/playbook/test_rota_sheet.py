"""The sheet of the rota: its formulas, worked out here, count what the roster says."""

import openpyxl
import pandas as pd
import pytest

from liveshop.methods import rota
from liveshop.playbook import CardError, rota_sheet
from liveshop.playbook.rota_sheet import COVER_ROW, DAYS, FIRST, HEADER, LETTERS, ROWS, SHIFT_ROW

PEOPLE = pd.DataFrame({"wage_per_hour": [32.0, 35, 40, 50, 33, 38], "hours_a_week": 40.0}, index=[*"ABCDE", "=F"])
NEED = pd.DataFrame({"early": [2] * 7, "late": [2] * 7}, index=list(DAYS))
HOURS = {"early": 8, "late": 6}


@pytest.fixture
def planned():
    return rota.roster(PEOPLE, NEED, HOURS, rest=[("late", "early")])


@pytest.fixture
def sheet(planned, tmp_path):
    path = rota_sheet(planned.table, PEOPLE, NEED, HOURS, tmp_path / "rota.xlsx")
    return openpyxl.load_workbook(path).active


def typed(sheet):
    """The white cells, as people × days."""
    rows = [[sheet[f"{letter}{FIRST + at}"].value or "" for letter in LETTERS] for at in range(len(PEOPLE))]
    return pd.DataFrame(rows, index=PEOPLE.index, columns=list(DAYS))


def test_the_white_cells_are_the_roster_and_the_need(sheet, planned):
    pd.testing.assert_frame_equal(typed(sheet), planned.table, check_dtype=False)
    assert [sheet[f"{letter}{SHIFT_ROW + 1}"].value for letter in LETTERS] == NEED["late"].tolist()
    assert sheet[f"B{SHIFT_ROW}"].value == "early" and sheet[f"C{SHIFT_ROW + 1}"].value == 6


def test_formulas_name_the_right_cells(sheet):
    """Hours by kind of shift, cover less need, broken rest, pay: each formula against the cells that it must read."""
    row = FIRST + 2
    at = {sheet.cell(HEADER, place).value: place for place in range(1, 16)}
    hours = sheet.cell(row, at["Hours"]).value
    assert hours == (f'=IF(A{row}<>"",SUMPRODUCT(COUNTIF(D{row}:J{row},$B$4:$B$7),$C$4:$C$7),"")')
    assert sheet.cell(row, at["Pay"]).value == f'=IF(A{row}<>"",B{row}*K{row},"")'
    assert sheet.cell(row, at["Over hours"]).value.startswith(f'=IF(A{row}<>"",IF(K{row}>C{row},')
    rest = sheet.cell(row, at["Too little rest"]).value
    assert rest.count("AND(") == 7 and f'AND(J{row}=$L$4,D{row}<>"",D{row}<>$L$4)' in rest
    cover = sheet[f"E{COVER_ROW + 1}"].value
    assert cover == f"=COUNTIF(E{FIRST}:E{FIRST + ROWS - 1},$B{SHIFT_ROW + 1})-E{SHIFT_ROW + 1}"
    assert sheet["D13"].value == f'=-SUMIF(D{COVER_ROW}:J{COVER_ROW + 3},"<0")'


def test_text_is_no_formula_and_every_day_has_its_list(sheet):
    assert sheet[f"A{FIRST + 5}"].value == "=F" and sheet[f"A{FIRST + 5}"].data_type != "f"
    (choice,) = sheet.data_validations.dataValidation
    assert str(choice.sqref) == f"D{FIRST}:J{FIRST + ROWS - 1}" and choice.formula1 == "$B$4:$B$7"


def test_what_does_not_fit_is_told(planned, tmp_path):
    path = tmp_path / "a.xlsx"
    with pytest.raises(CardError, match="column hours_a_week"):
        rota_sheet(planned.table, PEOPLE.drop(columns="hours_a_week"), NEED, HOURS, path)
    with pytest.raises(CardError, match="seven days"):
        rota_sheet(planned.table, PEOPLE, NEED[:5], HOURS, path)
    with pytest.raises(CardError, match="shift late has no hours"):
        rota_sheet(planned.table, PEOPLE, NEED, {"early": 8}, path)
    with pytest.raises(CardError, match=f"{ROWS} people"):
        rota_sheet(pd.concat([planned.table] * 7), PEOPLE, NEED, HOURS, path)
    assert not path.exists()
