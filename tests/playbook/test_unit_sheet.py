"""Unit economics on one page: its formulas, worked out here, say what the package's own methods say."""

import re

import openpyxl
import pandas as pd
import pytest

from liveshop.methods.economics import margin_multiple, unit_economics
from liveshop.playbook import CardError, unit_sheet
from liveshop.playbook.unit_sheet import FIRST, FORMULAS, TYPED

ROW = {words: FIRST + at for at, words in enumerate((*TYPED, None, *FORMULAS)) if words}


def routes():
    return pd.DataFrame({
        "newcomers": [100, 50], "money": [7800.0, 20000.0], "basket": [150.0, 90.0], "refunded": [0.25, 0.1],
        "goods": [0.4, 0.5], "fees": [0.06, 0.05], "back": [0.25, 0.1], "month_0": [1.0, 0.9], "month_1": [0.3, 0.2],
        "month_2": [0.22, 0.1], "month_3": [0.18, 0.0]}, index=["live", "=1+1"])


class Text(str):
    """A text as Excel compares it: above every number."""

    def __le__(self, other):
        return False


def worked_out(sheet, place):
    """The value of a cell: its formula in Python, cell by cell, as far as this sheet uses Excel."""
    value = sheet[place].value
    if sheet[place].data_type != "f":
        return 0 if value is None else value
    empty = re.fullmatch(r'=IF\(([A-Z]\d+)>0,(.*),""\)', value)
    if not worked_out(sheet, empty[1]) > 0:
        return ""
    value = "=" + empty[2]
    code = re.sub(r"\b([A-Z])(\d+):([A-Z])(\d+)",
                  lambda m: "[" + ",".join(f"V('{m[1]}{r}')" for r in range(int(m[2]), int(m[4]) + 1)) + "]",
                  value[1:].replace("$", ""))
    code = re.sub(r"(?<!['\w])([A-Z])(\d+)\b(?!')", r"V('\1\2')", code)
    code = re.sub(r"(?<![<>=])=(?!=)", "==", re.sub(r"\bIF\(", "EITHER(", code))
    given = {"EITHER": lambda condition, yes, no: yes if condition else no, "SUM": sum,
             "V": lambda where: worked_out(sheet, where)}
    found = eval(code, given)
    return Text(found) if isinstance(found, str) else found


@pytest.fixture
def sheet(tmp_path):
    path = unit_sheet(routes(), tmp_path / "unit.xlsx", shipping=9, returning=12, retention=0.8, discount=0.01)
    return openpyxl.load_workbook(path).active


def said(sheet, words, column="B"):
    return worked_out(sheet, f"{column}{next(row for name, row in ROW.items() if name.startswith(words))}")


def test_the_formulas_are_those_of_the_package(sheet):
    one = unit_economics(150, .4, .06, .25, 9, 12, 1.7, 78)
    assert said(sheet, "Cost of a new customer") == 78
    assert said(sheet, "An order leaves") == pytest.approx(one.contribution)
    assert said(sheet, "Left of a newcomer by the end of month 3") == pytest.approx(one.value)
    assert said(sheet, "Left by then for each yuan") == pytest.approx(one.value_to_cost)
    assert said(sheet, "Multiple") == pytest.approx(margin_multiple(.8, .01))
    assert said(sheet, "With what may come") == pytest.approx(
        one.value + one.contribution * .18 * margin_multiple(.8, .01))


def test_payback_before_and_after_refunds_and_what_follows(sheet):
    """Month 0 on what was ordered and month 3 on what was kept, as in exercise 3.3b; the second route never."""
    assert said(sheet, "Before refunds") == 0 and said(sheet, "Paid back") == 3
    assert said(sheet, "This quarter") == "go on" and said(sheet, "Paid back", "C") == "not yet"
    assert said(sheet, "This quarter", "C") == "win them cheaper"
    sheet["B3"] = 2
    assert said(sheet, "This quarter") == "cash waits too long"


def test_text_is_no_formula_and_an_empty_column_stays_empty(sheet):
    assert sheet["C4"].data_type == "s" and sheet["C4"].value.endswith("=1+1")
    assert said(sheet, "Cost of a new customer", "D") == ""


def test_what_does_not_fit_the_page_is_said(tmp_path):
    with pytest.raises(CardError, match="needs the column back"):
        unit_sheet(routes().drop(columns="back"), tmp_path / "unit.xlsx", 9, 12)
    with pytest.raises(CardError, match="room for 6 routes"):
        unit_sheet(pd.concat([routes()] * 4), tmp_path / "unit.xlsx", 9, 12)
    assert not (tmp_path / "unit.xlsx").exists()
