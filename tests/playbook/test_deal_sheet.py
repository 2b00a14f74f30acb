"""The planner of group deals: its formulas, worked out here, say what the package's own planner says."""

import re

import openpyxl
import pandas as pd
import pytest
from scipy.stats import poisson

from liveshop.methods.deals import plan_deal
from liveshop.playbook import CardError, deal_sheet
from liveshop.playbook.deal_sheet import FIRST, ROWS

EXPECTED = pd.Series({12: 1.6, 24: 2.2, 48: 3.7})
TERMS = {"discount": 0.2, "refund_share": 0.21, "fee_share": 0.036, "share_new": 0.15, "anyway": 0.3, "opening": 2.0}


def plans():
    return pd.DataFrame({"deal": ["three", "=1+1", "five"], "size": [3, 2, 5], "hours": [24, 12, 48],
                         "reward": [10, 0, 5], "price": [195, 69, 250], "goods": [73, 30, 90]})


def worked_out(sheet, place):
    """The value of a cell: its formula in Python, cell by cell, as far as this sheet uses Excel."""
    value = sheet[place].value
    if sheet[place].data_type != "f":
        return 0 if value is None else value
    empty = re.fullmatch(r'=IF\(([A-Z]\d+)>1,(.*),""\)', value)
    if not worked_out(sheet, empty[1]) > 1:
        return ""
    limits = {sheet[f"{column}10"].value: sheet[f"{column}11"].value for column in "CDEFGH"}
    code = re.sub(r"HLOOKUP\((C\d+),\$C\$10:\$H\$11,2,FALSE\)", r"LIMITS[\1]", empty[2])
    code = re.sub(r"(?<!')\$?\b([A-Z])\$?(\d+)\b(?!')", r"V('\1\2')", code)
    code = re.sub(r"\bIF\(", "EITHER(", code).replace("TRUE", "True")
    names = {"V": lambda where: worked_out(sheet, where), "LIMITS": limits,
             "POISSON": lambda count, mean, cumulative: poisson.cdf(count, mean),
             "EITHER": lambda condition, yes, no: yes if condition else no}
    if code.startswith("EITHER(V('L"):      # Excel does not work out the branch that it does not take
        condition = worked_out(sheet, re.search(r"V\('(L\d+)'\)", code)[1])
        if not condition > 0:
            return "nobody is new"
    return eval(code, names)


@pytest.fixture
def sheet(tmp_path):
    path = deal_sheet(plans(), EXPECTED, tmp_path / "deals.xlsx", per_yuan=0.02, **TERMS)
    return openpyxl.load_workbook(path).active


def test_the_formulas_are_the_planner_of_the_package(sheet):
    for row, plan in enumerate(plans().itertuples(), FIRST):
        want = plan_deal(plan.size, EXPECTED[plan.hours] * (1 + 0.02 * plan.reward), price=plan.price,
                         reward=plan.reward, goods=plan.goods, **TERMS)
        assert worked_out(sheet, f"H{row}") == pytest.approx(want.fill)
        assert worked_out(sheet, f"I{row}") == pytest.approx(want.given)
        assert worked_out(sheet, f"K{row}") == pytest.approx(want.margin)
        assert worked_out(sheet, f"L{row}") == pytest.approx(100 * want.new)
        assert worked_out(sheet, f"M{row}") == pytest.approx(want.cost_per_new)


def test_where_nobody_is_new_it_says_so_and_an_empty_row_stays_empty(sheet):
    sheet["C6"] = 0
    assert worked_out(sheet, f"M{FIRST}") == "nobody is new"
    assert worked_out(sheet, f"K{FIRST + 5}") == ""


def test_text_is_no_formula_and_what_does_not_fit_is_told(sheet, tmp_path):
    assert sheet[f"A{FIRST + 1}"].value == "=1+1" and sheet[f"A{FIRST + 1}"].data_type != "f"
    for wrong, expected, words in (
        (plans().drop(columns="goods"), EXPECTED, "needs the column goods"),
        (pd.concat([plans()] * 9), EXPECTED, f"has {ROWS} rows"),
        (plans().assign(hours=36), EXPECTED, "36 hours"),
        (plans(), pd.Series(1.0, range(12, 19)), "1 to 6 time limits"),
    ):
        with pytest.raises(CardError, match=words):
            deal_sheet(wrong, expected, tmp_path / "a.xlsx", **TERMS)
    assert [path.name for path in tmp_path.iterdir()] == ["deals.xlsx"]
