"""The marketing calendar for Excel: type yuan a week and kind, read what is left of the budget and what is too much.

The formulas are live: sums of weeks and of kinds, what is left of the budget after each week, and a warning where a
kind gets more in a week than its highest week allows.
"""

from pathlib import Path

from liveshop.playbook.deck import CardError
from liveshop.playbook.dressing import dress
from liveshop.playbook.sheet import offer
from liveshop.tables.writing import atomic, put_cell

KINDS, WEEKS = 6, 12                      # columns C to H, rows 8 to 19
BUDGET, CAPS, HEADER, FIRST = "C4", 5, 7, 8
LAST = FIRST + WEEKS - 1
SUMS = LAST + 1                           # the row of sums
ASIDE = ("week", "festival", "owner", "test")
NOTE = ("Type into the white cells: yuan a week and kind, who answers for the week, and what is tested in it. "
        "A kind's highest week is yours to set: a spend that you have tried in several weeks.")


def _columns(kinds):
    """{heading: (width, formula of row {r} or None, number format)}."""
    names = [str(kinds[at]) if at < len(kinds) else f"(kind {at + 1})" for at in range(KINDS)]
    above = "+".join(f'IF(AND({c}${CAPS}<>"",{c}{{r}}>{c}${CAPS}),1,0)' for c in "CDEFGH")
    return {
        "Week (Monday)": (14, None, None), "Festival": (11, None, None),
        **{name: (12, None, "#,##0") for name in names},
        "Week, yuan": (12, "SUM(C{r}:H{r})", "#,##0"),
        "Left of the budget": (13, f"$C$4-SUM($I${FIRST}:I{{r}})", "#,##0"),
        "Above the highest week?": (14, f'IF({above}>0,"yes: lower it","no")', None),
        "Owner": (20, None, None), "Test": (46, None, None), "What came of it": (30, None, None),
    }


def calendar_sheet(frame, path, budget=None, most=None, title="Marketing calendar, twelve weeks"):
    """Write the calendar as an Excel file with live formulas and return its path.

    frame : one row a week, at most twelve, with week, festival, owner and test, and one column of yuan for each kind of
    spend (one to six) · budget : yuan of all weeks, the sum of the frame by default · most : {kind: yuan of a week
    above which a warning stands}. Text cannot become a formula. The file appears whole or not at all. Raises CardError
    on missing columns and on more weeks or kinds than the sheet has room for.
    """
    from openpyxl import Workbook

    kinds = _kinds(frame)
    columns = _columns(kinds)
    book = Workbook()
    sheet = book.active
    sheet.title = "Calendar"
    put_cell(sheet["A1"], title)
    put_cell(sheet["A2"], NOTE)
    put_cell(sheet["A4"], "Budget of all weeks, yuan")
    put_cell(sheet[BUDGET], float(frame[kinds].to_numpy().sum()) if budget is None else float(budget))
    put_cell(sheet.cell(CAPS, 1), "Highest week of a kind, yuan")
    for at, kind in enumerate(kinds):
        put_cell(sheet.cell(CAPS, 3 + at), (most or {}).get(kind))
    rows = frame[["week", "festival", *kinds, "owner", "test"]].astype(object).to_numpy().tolist()
    for at, number in enumerate(range(FIRST, LAST + 1)):
        week, festival, *amounts, owner, test = rows[at] if at < len(rows) else [None] * (4 + len(kinds))
        for place, value in ((1, week), (2, festival), *enumerate(amounts, 3), (12, owner), (13, test)):
            put_cell(sheet.cell(number, place), value if value != "" else None)
        for place, (_, formula, _) in enumerate(columns.values(), 1):
            if formula:
                sheet.cell(number, place, f"={formula.format(r=number)}")
    put_cell(sheet.cell(SUMS, 1), "All weeks, yuan")
    for letter in "CDEFGHI":
        sheet[f"{letter}{SUMS}"] = f"=SUM({letter}{FIRST}:{letter}{LAST})"
        sheet[f"{letter}{SUMS}"].number_format = "#,##0"
    dress(sheet, columns, HEADER, FIRST, WEEKS)
    with atomic(path) as temporary:
        book.save(temporary)
    return Path(path)


def offer_calendar_sheet(frame, path, **about):
    """The calendar of `calendar_sheet`, written when the reader asks for it (see `offer_run_of_show`)."""
    offer(lambda: calendar_sheet(frame, path, **about), path)


def _kinds(frame):
    lacking = [name for name in ASIDE if name not in frame]
    if lacking:
        raise CardError(f"The calendar needs the column {lacking[0]}; the table has "
                        f"{', '.join(map(str, frame.columns))}.")
    kinds = [name for name in frame if name not in ASIDE]
    if not 1 <= len(kinds) <= KINDS:
        raise CardError(f"The calendar has room for one to {KINDS} kinds of spend, and {len(kinds)} were given.")
    if len(frame) > WEEKS:
        raise CardError(f"The calendar has {WEEKS} weeks, and {len(frame)} were given.")
    return kinds
