"""The marketing calendar: its live sums are those of the table, and too much in a week is told."""

import re

import openpyxl
import pandas as pd
import pytest

from liveshop.playbook import CardError, calendar_sheet
from liveshop.playbook.calendar_sheet import FIRST, LAST, SUMS


def weeks(**changed):
    rows = pd.DataFrame({"week": [f"2025-09-{day:02d}" for day in (1, 8, 15)], "festival": ["", "", "festival"],
                         "feed": [1000.0, 1100.0, 2000.0], "content": [500.0, 600.0, 900.0],
                         "owner": "planner", "test": "none"})
    return rows.assign(**changed)


def sheet(tmp_path, frame, **about):
    return openpyxl.load_workbook(calendar_sheet(frame, tmp_path / "calendar.xlsx", **about)).active


def worked_out(page, place):
    """The value of a cell; in a formula, sums of ranges and single cells are worked out."""
    value = page[place].value
    if not (isinstance(value, str) and value.startswith("=")):
        return value
    code = re.sub(r"SUM\(([A-Z])(\d+):([A-Z])(\d+)\)", r"TOTAL('\1', \2, '\3', \4)", value[1:].replace("$", ""))
    code = re.sub(r"\b([A-Z]\d+)\b", r"CELL('\1')", code)

    def total(left, top, right, bottom):
        cells = [f"{chr(c)}{r}" for c in range(ord(left), ord(right) + 1) for r in range(top, bottom + 1)]
        return sum(found for one in cells if isinstance(found := worked_out(page, one), int | float))

    return eval(code, {"TOTAL": total, "CELL": lambda name: worked_out(page, name)})


def warned(page, row):
    """What the warning of a row says: does any kind's yuan pass the cap of row 5, as its formula asks?"""
    asked = re.findall(r'IF\(AND\(([C-H])\$5<>"",\1(\d+)>\1\$5\),1,0\)', page[f"K{row}"].value)
    assert asked == [(column, str(row)) for column in "CDEFGH"], "each kind is held against its own cap"
    cells = [(page[f"{column}5"].value, page[f"{column}{row}"].value or 0) for column in "CDEFGH"]
    assert page[f"K{row}"].value.endswith('>0,"yes: lower it","no")')
    return any(cap is not None and yuan > cap for cap, yuan in cells)


def test_sums_and_what_is_left_are_those_of_the_table(tmp_path):
    page = sheet(tmp_path, weeks(), budget=7000)
    assert [worked_out(page, f"I{row}") for row in range(FIRST, FIRST + 3)] == [1500, 1700, 2900]
    assert [worked_out(page, f"J{row}") for row in range(FIRST, FIRST + 3)] == [5500, 3800, 900]
    assert worked_out(page, f"C{SUMS}") == 4100 and worked_out(page, f"I{SUMS}") == 6100
    assert worked_out(page, f"J{LAST}") == 900, "empty weeks cost nothing"
    assert worked_out(sheet(tmp_path, weeks()), "C4") == 6100, "the budget is the plan's own sum by default"


def test_a_week_above_what_was_tried_is_told(tmp_path):
    page = sheet(tmp_path, weeks(), most={"feed": 1500, "content": 900})
    assert [warned(page, row) for row in range(FIRST, FIRST + 3)] == [False, False, True]


def test_text_is_no_formula_and_what_is_missing_is_named(tmp_path):
    page = sheet(tmp_path, weeks(owner="=1+1").rename(columns={"feed": "=1+1"}))
    assert page[f"L{FIRST}"].data_type == page[f"C{FIRST - 1}"].data_type == "s"
    with pytest.raises(CardError, match="needs the column owner"):
        calendar_sheet(weeks().drop(columns="owner"), tmp_path / "no.xlsx")
    with pytest.raises(CardError, match="12 weeks, and 15"):
        calendar_sheet(pd.concat([weeks()] * 5), tmp_path / "no.xlsx")
    with pytest.raises(CardError, match="one to 6 kinds"):
        calendar_sheet(weeks(**{f"kind_{at}": 1.0 for at in range(5)}), tmp_path / "no.xlsx")
    assert not (tmp_path / "no.xlsx").exists()
