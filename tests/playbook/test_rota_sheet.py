"""The sheet of the rota: its formulas, worked out here, count what the roster says."""

import re

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


FUNCTIONS = {
    "EITHER": lambda condition, yes, no: yes if condition else no,
    "AND": lambda *all_: all(all_),
    "SUM": lambda cells: sum(one for one in cells if not isinstance(one, str)),
    "SUMIF": lambda cells, _: sum(one for one in cells if not isinstance(one, str) and one < 0),       # only "<0" here
    "COUNTA": lambda cells: sum(one != "" for one in cells),
    "COUNTIF": lambda cells, what: ([sum(one == this for one in cells) if this else 0 for this in what]
                                    if isinstance(what, list) else sum(one == what for one in cells)),
    "SUMPRODUCT": lambda one, other: sum(x * (y or 0) for x, y in zip(one, other, strict=True)),
}


def worked_out(sheet, place):
    """The value of a cell: its formula in Python, cell by cell, as far as this sheet uses Excel; "" if empty."""
    value = sheet[place].value
    if sheet[place].data_type != "f":
        return "" if value is None else value
    if (named := re.fullmatch(r'=IF\((\w+)<>"",(.*),""\)', value)) and worked_out(sheet, named[1]) == "":
        return ""

    def cells(found):
        first, from_, last, to = found.groups()
        return "[" + ",".join(f"V('{chr(column)}{row}')" for row in range(int(from_), int(to) + 1)
                              for column in range(ord(first), ord(last) + 1)) + "]"
    code = re.sub(r"\$?([A-Z])\$?(\d+):\$?([A-Z])\$?(\d+)", cells, value[1:])
    code = re.sub(r"(?<!')\$?\b([A-Z])\$?(\d+)\b(?!')", r"V('\1\2')", code)
    code = re.sub(r"\bIF\(", "EITHER(", re.sub(r"(?<![<>=!])=(?!=)", "==", code.replace("<>", "!=")))
    code = re.sub(r'("over by ")&(\(.*?\)),', r"\1+str(round(\2)),", code)
    return eval(code, {**FUNCTIONS, "V": lambda where: worked_out(sheet, where)})


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


def column(sheet, heading):
    place = next(cell.column_letter for cell in sheet[HEADER] if cell.value == heading)
    return [worked_out(sheet, f"{place}{FIRST + at}") for at in range(ROWS)]


def test_worked_out_the_sheet_says_what_the_roster_says(sheet, planned):
    """Hours, days, pay and what is missing, by the sheet's own formulas, against the roster; then with slips typed."""
    people, empty = len(PEOPLE), [""] * (ROWS - len(PEOPLE))
    hours = planned.table.map(lambda shift: HOURS.get(shift, 0)).sum(axis=1)
    assert column(sheet, "Hours") == [*hours, *empty]
    assert column(sheet, "Days on") == [*(planned.table != "").sum(axis=1), *empty]
    assert column(sheet, "Pay") == [*(hours * PEOPLE.wage_per_hour), *empty]
    assert column(sheet, "Too little rest") == [0] * people + empty and column(sheet, "Over hours") == [""] * ROWS
    assert worked_out(sheet, "D13") == planned.missing.to_numpy().sum()
    assert worked_out(sheet, "H13") == pytest.approx(planned.cost)
    for letter, day in zip(LETTERS, DAYS, strict=True):
        there = [(planned.table[day] == shift).sum() - NEED[shift][day] for shift in HOURS]
        assert [worked_out(sheet, f"{letter}{COVER_ROW + at}") for at in range(2)] == there

    for letter, shift in zip(LETTERS, ["late", "early", "late", None, "early", "early", "late"], strict=True):
        sheet[f"{letter}{FIRST}"] = shift
    assert column(sheet, "Too little rest")[0] == 1                  # on Tuesday; after the next change on Monday
    sheet[f"D{FIRST}"], sheet[f"C{FIRST}"] = "early", 30
    assert column(sheet, "Too little rest")[0] == 1 and column(sheet, "Over hours")[0] == "over by 14"
    sheet["D5"] = 9
    there = sum(sheet[f"D{FIRST + at}"].value == "late" for at in range(people))
    assert worked_out(sheet, f"D{COVER_ROW + 1}") == there - 9 < 0


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
