"""The sheet of the hosts: its formulas, worked out here, say what the package's own shrinkage says."""

import math
import re

import numpy as np
import openpyxl
import pandas as pd
import pytest

from liveshop.methods.hosts import shrink, shrinkage_weight
from liveshop.playbook import CardError, host_sheet
from liveshop.playbook.host_sheet import FIRST, ROWS

FUNCTIONS = {
    "EITHER": lambda condition, yes, no: yes if condition else no,
    "LN": math.log, "SQRT": math.sqrt, "EXP": math.exp,
    "MAX": max, "MIN": min, "ABS": abs, "ROUND": round, "OR": lambda *all_: any(all_),
    "SUMPRODUCT": lambda one, other: sum(x * y for x, y in zip(one, other, strict=True) if not isinstance(x, str)),
    "SUM": lambda values: sum(x for x in values if not isinstance(x, str)),
    "REPT": lambda text, times: text * int(times),
}


def hosts():
    return pd.DataFrame({"host": ["H1", "=1+1", "H3"], "broadcasts": [20, 5, 1], "orders": [900, 30, 0],
                         "clicks": [6000, 400, 40]})


def worked_out(sheet, place):
    """The value of a cell: its formula in Python, cell by cell, as far as this sheet uses Excel."""
    value = sheet[place].value
    if sheet[place].data_type != "f":
        return 0 if value is None else value
    empty = re.fullmatch(r'=IF\(([A-Z]\d+)>0,(.*),""\)', value)
    if empty:
        if not worked_out(sheet, empty[1]) > 0:
            return ""
        value = "=" + empty[2]
    code = re.sub(r"\$?([A-Z])\$?(\d+):\$?([A-Z])\$?(\d+)",
                  lambda m: "[" + ",".join(f"V('{m[1]}{r}')" for r in range(int(m[2]), int(m[4]) + 1)) + "]", value[1:])
    code = re.sub(r"(?<!')\$?\b([A-Z])\$?(\d+)\b(?!')", r"V('\1\2')", code)
    code = re.sub(r"\bIF\(", "EITHER(", code)
    code = re.sub(r"(?<![<>=])=(?!=)", "==", code.replace("^", "**").replace("&", "+"))
    return eval(code, {**FUNCTIONS, "V": lambda where: worked_out(sheet, where)})


@pytest.fixture
def sheet(tmp_path):
    return openpyxl.load_workbook(host_sheet(hosts(), tmp_path / "hosts.xlsx", talent=0.24, night=0.14)).active


def test_the_formulas_are_the_shrinkage_of_the_package(sheet):
    """Weights, estimates and intervals; with the spread of talent that `shrink` finds, its mean and estimates too."""
    error = np.sqrt(1 / (hosts().orders + 0.5) + 0.14**2 / hosts().broadcasts)
    own = np.log((hosts().orders + 0.5) / hosts().clicks)
    weight = np.array([shrinkage_weight(0.24, one, 1) for one in error])
    mean = (weight * own).sum() / weight.sum()
    assert worked_out(sheet, "C5") == pytest.approx(np.exp(mean))
    fair, spread = weight * (own - mean), 0.24 * np.sqrt(1 - weight)        # spread of the true value, given the seen
    for at, row in enumerate(range(FIRST, FIRST + 3)):
        assert worked_out(sheet, f"H{row}") == pytest.approx(weight[at])
        assert worked_out(sheet, f"I{row}") == pytest.approx(np.expm1(fair[at]))
        assert worked_out(sheet, f"J{row}") == pytest.approx(np.expm1(fair[at] - 1.645 * spread[at]))
        assert worked_out(sheet, f"K{row}") == pytest.approx(np.expm1(fair[at] + 1.645 * spread[at]))
    sheet["C3"] = shrink(own, error).between_sd
    assert worked_out(sheet, "C5") == pytest.approx(np.exp(shrink(own, error).mean))
    assert worked_out(sheet, f"I{FIRST}") == pytest.approx(
        np.expm1(shrink(own, error).estimate[0] - shrink(own, error).mean))


def test_it_says_when_to_decide_and_draws_the_bar(sheet):
    said = [worked_out(sheet, f"M{row}") for row in range(FIRST, FIRST + 3)]
    assert said == ["decide", "do not decide", "do not decide"]
    bar = worked_out(sheet, f"L{FIRST + 1}")
    assert bar == "- " + "#" * round(50 * abs(worked_out(sheet, f"I{FIRST + 1}")))


def test_an_empty_row_stays_empty_until_something_is_typed(sheet):
    row = FIRST + 5
    assert all(sheet.cell(row, place).value.startswith(f"=IF(D{row}>0,") for place in range(5, 14))
    assert worked_out(sheet, f"E{FIRST}") == pytest.approx(15.0)
    sheet[f"B{row}"], sheet[f"C{row}"], sheet[f"D{row}"] = 4, 100, 500
    assert worked_out(sheet, f"E{row}") == pytest.approx(20.0) and worked_out(sheet, f"M{row}") == "decide"


def test_text_is_no_formula_and_what_does_not_fit_is_told(sheet, tmp_path):
    assert sheet[f"A{FIRST + 1}"].value == "=1+1" and sheet[f"A{FIRST + 1}"].data_type != "f"
    with pytest.raises(CardError, match="needs the column clicks or product_clicks"):
        host_sheet(hosts().drop(columns="clicks"), tmp_path / "a.xlsx", talent=0.2)
    with pytest.raises(CardError, match=f"has {ROWS} rows"):
        host_sheet(pd.concat([hosts()] * 11), tmp_path / "a.xlsx", talent=0.2)
    with pytest.raises(CardError, match="above zero"):
        host_sheet(hosts(), tmp_path / "a.xlsx", talent=0.0)
    assert [path.name for path in tmp_path.iterdir()] == ["hosts.xlsx"]
