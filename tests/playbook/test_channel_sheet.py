"""The sheet of the channels: its formulas, worked out here, say what the package's own contribution says."""

import openpyxl
import pandas as pd
import pytest

from liveshop import load
from liveshop.course.chapter_2 import platforms
from liveshop.playbook import CardError, channel_sheet
from liveshop.playbook.channel_sheet import FIRST, ROWS

TYPED = ["viewers", "gmv", "refunded", "goods", "promotion"]


@pytest.fixture(scope="module")
def settled():
    tables = load()
    broadcasts = platforms.rooms(tables)
    sums = broadcasts.groupby("channel_id")[TYPED].sum().assign(broadcasts=broadcasts.groupby("channel_id").size())
    return sums.join(tables.channels.set_index("channel_id")[["take_rate", "payment_fee_rate"]])


@pytest.fixture(scope="module")
def sheet(settled, tmp_path_factory):
    return openpyxl.load_workbook(channel_sheet(settled, tmp_path_factory.mktemp("sheet") / "channels.xlsx")).active


def worked_out(sheet, column, row):
    """The value of a cell, its formula as Python; ranges of column M as the list of what is filled there."""
    import re

    value = sheet[f"{column}{row}"].value
    if not (isinstance(value, str) and value.startswith("=")):
        return value
    condition, formula = re.fullmatch(r'=IF\(([A-Z]\d+)>0,(.*),""\)', value).groups()
    if not sheet[condition].value:
        return ""
    code = re.sub(r"\$M\$(\d+):\$M\$(\d+)", "COLUMN", formula).replace("RANK(", "PLACE(").replace("$C$4", "C4")
    code = re.sub(r"\bIF\(", "EITHER(", code)
    code = re.sub(r"\b([A-Z])(\d+)\b", r"V('\1', \2)", code)
    return eval(code, {
        "V": lambda c, r: worked_out(sheet, c, r), "MAX": max,
        "COLUMN": ([one for one in (worked_out(sheet, "M", r) for r in range(FIRST, FIRST + ROWS)) if one != ""]
                   if "COLUMN" in code else None),
        "PLACE": lambda one, all_: 1 + sum(other > one for other in all_),
        "EITHER": lambda condition, yes, no: yes if condition else no})


def test_the_formulas_are_the_contribution_of_the_package(sheet, settled):
    rows = platforms.per_thousand(platforms.rooms(load()))
    for row, channel in enumerate(settled.index, FIRST):
        assert sheet[f"A{row}"].value == channel
        assert worked_out(sheet, "M", row) == pytest.approx(rows.contribution[channel], rel=1e-6)
        assert worked_out(sheet, "J", row) == pytest.approx(rows.gmv[channel])
        assert worked_out(sheet, "N", row) == list(rows.index).index(channel) + 1


def test_the_take_rate_at_which_a_channel_would_leave_what_the_first_leaves(sheet, settled):
    rows = platforms.per_thousand(platforms.rooms(load()))
    best, row = rows.index[0], FIRST + list(settled.index).index("interest_video")
    asked = platforms.break_even_fee(rows, "interest_video", best, settled.take_rate["interest_video"])
    assert worked_out(sheet, "O", row) == pytest.approx(asked)


def test_few_broadcasts_are_no_verdict(settled, tmp_path):
    few = settled.assign(broadcasts=[3, 40, 40, 40, 40])
    sheet = openpyxl.load_workbook(channel_sheet(few, tmp_path / "few.xlsx")).active
    assert worked_out(sheet, "P", FIRST) == "too few: no verdict" and worked_out(sheet, "P", FIRST + 1) != ""
    assert worked_out(sheet, "M", FIRST + ROWS - 1) == "", "empty rows stay empty"


def test_text_is_no_formula_and_what_is_missing_is_named(settled, tmp_path):
    named = settled.reset_index().assign(channel_id="=1+1")
    sheet = openpyxl.load_workbook(channel_sheet(named, tmp_path / "named.xlsx")).active
    assert sheet[f"A{FIRST}"].data_type == "s"
    with pytest.raises(CardError, match="needs the column goods"):
        channel_sheet(settled.drop(columns="goods"), tmp_path / "no.xlsx")
    with pytest.raises(CardError, match="12 rows"):
        channel_sheet(pd.concat([named] * 3), tmp_path / "no.xlsx")
    assert not (tmp_path / "no.xlsx").exists()
