"""The plan of a programme for Excel: key results, duties (RACI) and dates (Gantt), one sheet each, with live formulas.

Key results: how far each has come from its start to its target, how far it should have come by the date in B3, and what
that says; on the due date the interval decides (reached, refuted or open). Duties: whether each task has exactly one A
(who answers for it) and at least one R (who does it). Dates: a bar a week, made by formula.
"""

from pathlib import Path

import pandas as pd

from liveshop.playbook.deck import CardError
from liveshop.playbook.dressing import dress
from liveshop.playbook.sheet import offer
from liveshop.tables.writing import atomic, put_cell

HEADER, FIRST, ROWS = 5, 6, 20
PEOPLE, WEEKS = 8, 36        # columns of people, of weeks
DAY = "dd/mm/yyyy"
RESULTS = {  # heading: width, formula of row {r}, number format
    "Objective": (22, None, None),
    "Key result": (44, None, None),
    "Compared with": (20, None, None),
    "Owner": (14, None, None),
    "Begins": (12, None, DAY),
    "Due": (12, None, DAY),
    "From": (10, None, "0.0##"),
    "Target": (10, None, "0.0##"),
    "Now": (10, None, "0.0##"),
    "Low end": (10, None, "0.0##"),
    "High end": (10, None, "0.0##"),
    "Progress": (10, 'IF(OR(H{r}=G{r},I{r}=""),"",(I{r}-G{r})/(H{r}-G{r}))', "0%"),
    "Time used": (10, 'IF(OR(E{r}="",F{r}<=E{r}),"",MAX(0,MIN(1,($B$3-E{r})/(F{r}-E{r}))))', "0%"),
    "Says": (18, 'IF(M{r}="","dates missing",IF(L{r}="","not measured",IF(M{r}<1,IF(L{r}>=M{r},"on its way","behind"),'
                 'IF(OR(J{r}="",K{r}=""),"interval missing",'
                 'IF(MIN((J{r}-G{r})/(H{r}-G{r}),(K{r}-G{r})/(H{r}-G{r}))>=1,"reached",'
                 'IF(MAX((J{r}-G{r})/(H{r}-G{r}),(K{r}-G{r})/(H{r}-G{r}))<1,"refuted","open"))))))', None),
}
NOTES = {
    "Key results": "Type into the white cells. A key result has a number, a comparison, an owner and a date, or nobody "
                   "can refute it. B3 is the day on which you look. From the due date on, the interval decides.",
    "Duties": "R does it, A answers for it, C is asked before, I is told after. Exactly one A a row; the last column "
              "checks.",
    "Dates": "Type task, who, first day and weeks. The bars are formulas; B3 is the Monday of the first column.",
}


def plan_sheet(results, tasks, people, path, on, title="Integrated plan"):
    """Write the plan as an Excel file with three sheets of live formulas and return its path.

    results : objective, key_result, compared_with, owner, begins, due, start, target, now, low, high (the last three
    may be missing) · tasks : task, who, begins, weeks, and one column a person of `people` with R, A, C, I or nothing ·
    on : the day of the look. All may be typed over, and each may have no row. Text cannot become a formula. The file
    appears whole or not at all.
    Raises CardError on missing columns, more rows than a sheet has (20), and more than eight people.
    """
    from openpyxl import Workbook

    people = list(people)
    if len(people) > PEOPLE:
        raise CardError(f"The plan has room for {PEOPLE} people, and {len(people)} were given.")
    goals = _rows(results, ["objective", "key_result", "compared_with", "owner", "begins", "due", "start", "target",
                            "now", "low", "high"])
    duties = _rows(tasks, ["task", *people])
    dates = _rows(tasks, ["task", "who", "begins", "weeks"])
    book = Workbook()
    _sheet(book.active, "Key results", title, RESULTS, goals, "B{r}")
    put_cell(book.active["A3"], "We look on")
    book.active["B3"], book.active["B3"].number_format = pd.Timestamp(on).to_pydatetime(), DAY
    _sheet(book.create_sheet(), "Duties", title, _duties(people), duties, "A{r}")
    first = min((row[2] for row in dates), default=pd.Timestamp(on).to_pydatetime())
    _dates(book.create_sheet(), title, dates, pd.Timestamp(first) - pd.Timedelta(days=pd.Timestamp(first).weekday()))
    with atomic(path) as temporary:
        book.save(temporary)
    return Path(path)


def offer_plan_sheet(results, tasks, people, path, on, **about):
    """The plan of `plan_sheet`, written when the reader asks for it (see `offer_run_of_show`)."""
    offer(lambda: plan_sheet(results, tasks, people, path, on, **about), path)


def _rows(frame, wanted):
    missing = [name for name in wanted if name not in frame]
    if missing:
        raise CardError(f"The plan needs the column {missing[0]}; the table has {', '.join(map(str, frame.columns))}.")
    if len(frame) > ROWS:
        raise CardError(f"A sheet of the plan has {ROWS} rows, and {len(frame)} were given.")
    return [[_typed(value) for value in row] for row in frame[wanted].itertuples(index=False)]


def _typed(value):
    if pd.isna(value):
        return None
    return value.to_pydatetime() if isinstance(value, pd.Timestamp) else value


def _sheet(sheet, name, title, columns, rows, there):
    """Titles, typed cells and formulas; there: the cell without which a row has no formulas."""
    sheet.title = name
    put_cell(sheet["A1"], title)
    put_cell(sheet["A2"], NOTES[name])
    for number in range(FIRST, FIRST + ROWS):
        typed = iter(rows[number - FIRST] if number - FIRST < len(rows) else ())
        for place, (_, formula, _) in enumerate(columns.values(), 1):
            if formula:
                sheet.cell(number, place, f"=IF({there.format(r=number)}=\"\",\"\",{formula.format(r=number)})")
            else:
                put_cell(sheet.cell(number, place), next(typed, None))
    dress(sheet, columns, HEADER, FIRST, ROWS)


def _duties(people):
    """Columns of the sheet of duties: the people, empty ones to type into, and the check."""
    names = [*people, *(f"Person {number}" for number in range(len(people) + 1, PEOPLE + 1))]
    last = "ABCDEFGHIJ"[PEOPLE]
    check = (f'IF(COUNTIF(B{{r}}:{last}{{r}},"A")<>1,"needs exactly one A",'
             f'IF(COUNTIF(B{{r}}:{last}{{r}},"R")<1,"nobody does it","ok"))')
    return {"Task": (44, None, None), **{name: (12, None, None) for name in names}, "Check": (20, check, None)}


def _dates(sheet, title, rows, monday):
    from openpyxl.formatting.rule import CellIsRule
    from openpyxl.styles import Font, PatternFill
    from openpyxl.utils import get_column_letter

    bar = 'IF(AND({c}$5>=$C{{r}}-6,{c}$5<$C{{r}}+7*$D{{r}}),"■","")'
    letters = [get_column_letter(5 + week) for week in range(WEEKS)]
    columns = {"Task": (44, None, None), "Who": (16, None, None), "First day": (12, None, DAY), "Weeks": (7, None, "0"),
               **{letter: (5.5, bar.format(c=letter), None) for letter in letters}}
    _sheet(sheet, "Dates", title, columns, rows, "C{r}")
    put_cell(sheet["A3"], "First Monday")
    sheet["B3"], sheet["B3"].number_format = monday.to_pydatetime(), DAY
    for week, letter in enumerate(letters):
        sheet[f"{letter}{HEADER}"], sheet[f"{letter}{HEADER}"].number_format = f"=$B$3+{7 * week}", "d/m"
    blue = PatternFill("solid", bgColor="1D3557")
    sheet.conditional_formatting.add(f"{letters[0]}{FIRST}:{letters[-1]}{FIRST + ROWS - 1}", CellIsRule(
        operator="equal", formula=['"■"'], fill=blue, font=Font(color="1D3557")))
