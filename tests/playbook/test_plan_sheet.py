"""The plan for Excel: progress against time used, exactly one A a task, a bar for each week, all by formula."""

import datetime
import re

import openpyxl
import pandas as pd
import pytest

from liveshop.course.chapter_7 import plan
from liveshop.playbook import CardError, plan_sheet
from liveshop.playbook.plan_sheet import FIRST

LAUNCH = pd.Timestamp("2025-06-02")


def goals(half=0.01, **now):
    change = pd.Series(now)
    return plan.results(LAUNCH, 13, pd.DataFrame({"change": change, "low": change - half, "high": change + half}))


def written(path, results=None, tasks=None, on="2025-07-17"):
    plan_sheet(goals(local_orders=0.06) if results is None else results, plan.tasks(LAUNCH) if tasks is None else tasks,
               plan.PEOPLE, path / "plan.xlsx", on=on)
    return openpyxl.load_workbook(path / "plan.xlsx")


def worked_out(sheet, place):
    """The value of a cell: its formula in Python, as far as this plan uses Excel."""
    value = sheet[place].value
    if sheet[place].data_type != "f":
        return "" if value is None else value
    code = value[1:].replace("$", "").replace("<>", "!=")
    code = re.sub(r"\b([A-Z]{1,2})(\d+):([A-Z]{1,2})(\d+)", r"RANGE('\1\2','\3\4')", code)
    code = re.sub(r"(?<!['\w])([A-Z]{1,2})(\d+)\b(?!')", r"V('\1\2')", code)
    code = re.sub(r"(?<![<>!=])=(?!=)", "==", code)
    for name in ("IF", "OR", "AND"):
        code = re.sub(rf"\b{name}\(", f"{name}_(", code)
    code = _lazy(code)
    given = {"OR_": lambda *each: any(each), "AND_": lambda *each: all(each), "MAX": max, "MIN": min,
             "COUNTIF": lambda cells, wanted: cells.count(wanted), "V": lambda where: number(worked_out(sheet, where)),
             "RANGE": lambda first, last: [cell.value for row in sheet[f"{first}:{last}"] for cell in row]}
    return eval(code, given)


def _lazy(code):
    """IF_(a,b,c) as (b if a else c), so that what is not needed is not worked out."""
    while "IF_(" in code:
        start = code.rindex("IF_(")
        depth, parts, begin, quoted = 0, [], start + 4, False
        for at in range(start + 4, len(code)):
            one = code[at]
            quoted ^= one == '"'
            if quoted:
                continue
            if one == "(":
                depth += 1
            elif one == ")" and depth:
                depth -= 1
            elif one in ",)" and depth == 0:
                parts.append(code[begin:at])
                begin = at + 1
                if one == ")":
                    break
        test, yes, no = parts
        code = f"{code[:start]}(({yes}) if ({test}) else ({no})){code[at + 1:]}"
    return code


def number(value):
    return (value - datetime.datetime(1899, 12, 30)).days if isinstance(value, datetime.datetime) else value


def test_a_key_result_is_on_its_way_behind_reached_or_refuted(tmp_path):
    """Half of the time and half of the way; then half of the time and a third; on the due date the interval decides,
    as on the card, also for a target below the start."""
    book = written(tmp_path, goals(local_orders=0.06, brand_searches=0.015, active_members=0.07))
    says = {row: worked_out(book["Key results"], f"N{row}") for row in range(FIRST, FIRST + 4)}
    assert list(says.values()) == ["on its way", "behind", "on its way", ""]
    assert worked_out(book["Key results"], f"L{FIRST + 2}") == pytest.approx(0.5)
    assert worked_out(book["Key results"], f"M{FIRST}") == pytest.approx(45 / 91)
    measured = goals(local_orders=0.10, brand_searches=0.07, active_members=0.055)
    late = written(tmp_path, measured, on="2025-09-01")["Key results"]
    assert [worked_out(late, f"N{FIRST + at}") for at in range(3)] == ["open", "reached", "refuted"]
    assert [plan.verdict(*row) for row in measured[["target", "low", "high"]].to_numpy()] == [
        "open", "reached", "refuted"]
    late[f"H{FIRST}"], late[f"I{FIRST}"], late[f"J{FIRST}"], late[f"K{FIRST}"] = -0.05, -0.08, -0.1, -0.06
    late[f"K{FIRST + 1}"] = None
    assert worked_out(late, f"N{FIRST}") == "reached" and worked_out(late, f"N{FIRST + 1}") == "interval missing"
    some = written(tmp_path, goals(local_orders=0.06), on="2025-09-01")["Key results"]
    assert worked_out(some, f"N{FIRST}") == "not measured"
    some[f"E{FIRST}"] = some[f"F{FIRST}"] = None
    assert worked_out(some, f"M{FIRST}") == "" and worked_out(some, f"N{FIRST}") == "dates missing"


def test_each_task_of_the_plan_has_exactly_one_a_and_the_check_sees_two(tmp_path):
    sheet = written(tmp_path)["Duties"]
    rows = range(FIRST, FIRST + len(plan.TASKS))
    assert [worked_out(sheet, f"J{row}") for row in rows] == ["ok"] * len(plan.TASKS)
    sheet[f"C{FIRST}"] = "A"
    assert worked_out(sheet, f"J{FIRST}") == "needs exactly one A"
    sheet[f"B{FIRST}"], sheet[f"E{FIRST}"] = None, None
    assert worked_out(sheet, f"J{FIRST}") == "nobody does it"
    assert worked_out(sheet, f"J{FIRST + len(plan.TASKS)}") == ""


def test_the_bars_are_as_long_as_the_tasks(tmp_path):
    sheet = written(tmp_path)["Dates"]
    columns = [openpyxl.utils.get_column_letter(5 + week) for week in range(36)]
    for at, (_, _, _, weeks, _) in enumerate(plan.TASKS):
        bars = [worked_out(sheet, f"{column}{FIRST + at}") for column in columns]
        assert bars.count("■") == weeks
    assert worked_out(sheet, "E5") == number(datetime.datetime(2025, 4, 7)) and sheet["E5"].number_format == "d/m"
    assert bars.index("■") == 23, "the verdict: fifteen weeks after a launch that is eight weeks after the first Monday"


def test_text_is_no_formula_and_what_does_not_fit_is_said(tmp_path):
    tasks = plan.tasks(LAUNCH)
    tasks.loc[0, "task"] = "=1+1"
    assert written(tmp_path, tasks=tasks)["Duties"][f"A{FIRST}"].data_type == "s"
    with pytest.raises(CardError, match="needs the column who"):
        written(tmp_path, tasks=tasks.drop(columns="who"))
    with pytest.raises(CardError, match="20 rows"):
        written(tmp_path, tasks=pd.concat([tasks] * 3))
    with pytest.raises(CardError, match="room for 8 people"):
        plan_sheet(goals(), tasks, range(9), tmp_path / "other.xlsx", on=LAUNCH)
    assert not (tmp_path / "other.xlsx").exists()
