"""The sheet of the rota for Excel: put shifts to names, and see hours, broken rules and what is missing.

The formulas are live: hours and pay of each person, shifts that leave too little rest, and for each shift and day the
people there against the people needed. The week comes again: Sunday's late shift is followed by Monday.
"""

from pathlib import Path

from liveshop.playbook.deck import CardError
from liveshop.playbook.dressing import dress
from liveshop.playbook.sheet import offer
from liveshop.tables.writing import atomic, put_cell

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
LETTERS = "DEFGHIJ"                      # the columns of the days
KINDS = 4                                # room for so many kinds of shift
SHIFT_ROW, COVER_ROW = 4, 9              # where the kinds stand with their hours, and the cover of each below
HEADER, FIRST, ROWS = 15, 16, 40         # where the names stand, and how many there is room for
NAMES, LENGTHS = (f"${column}${SHIFT_ROW}:${column}${SHIFT_ROW + KINDS - 1}" for column in "BC")
HOURS = f"SUMPRODUCT(COUNTIF(D{{r}}:J{{r}},{NAMES}),{LENGTHS})"
COLUMNS = {  # heading: width, formula of row {r}, number format
    "Person": (12, None, None),
    "Wage an hour": (12, None, "0.00"),
    "Hours agreed": (11, None, "0"),
    **{day: (9, None, None) for day in DAYS},
    "Hours": (9, HOURS, "0"),
    "Over hours": (10, 'IF(K{r}>C{r},"over by "&(K{r}-C{r}),"")', None),
    "Too little rest": (11, "+".join(f'AND({a}{{r}}=$L$4,{b}{{r}}<>"",{b}{{r}}<>$L$4)'
                                     for a, b in zip(LETTERS, LETTERS[1:] + LETTERS[0], strict=True)), "0"),
    "Days on": (9, "COUNTA(D{r}:J{r})", "0"),
    "Pay": (10, "B{r}*K{r}", "#,##0"),
}
NOTE = ("Type the name of a shift into a white cell, or leave it empty. After the shift named in L4 only the same "
        "shift or a free day may follow; the week comes again.")


def rota_sheet(table, people, required, hours, path, late="late", title="Rota of the week"):
    """Write the sheet of the rota as an Excel file with live formulas and return its path.

    table : people × seven days, the name of the shift or "" (`methods.rota.roster(…).table`) · people : one row a
    person with wage_per_hour and hours_a_week, index as in table · required : seven days × shifts, people needed ·
    hours : {shift: hours}, at most four · late : the shift after which only itself or a free day may follow.
    Text cannot become a formula. The file appears whole or not at all. Raises CardError on missing columns, and more
    people or shifts than the sheet has rows.
    """
    from openpyxl import Workbook

    _refuse(table, people, required, hours)
    book = Workbook()
    sheet = book.active
    sheet.title = "Rota"
    put_cell(sheet["A1"], title)
    put_cell(sheet["A2"], NOTE)
    for place, words in zip("BCDL", ("Shift", "Hours", "People needed, by day", "Rest after"), strict=True):
        sheet[f"{place}{SHIFT_ROW - 1}"] = words
    put_cell(sheet["L4"], late)
    sheet[f"B{COVER_ROW - 1}"], sheet[f"D{COVER_ROW - 1}"] = "There less needed", "below zero: people are missing"
    for at, name in enumerate(required.columns):
        row, below = SHIFT_ROW + at, COVER_ROW + at
        put_cell(sheet[f"B{row}"], str(name))
        sheet[f"C{row}"] = float(hours[name])
        sheet[f"B{below}"] = f"=B{row}"
        for letter, count in zip(LETTERS, required[name], strict=True):
            sheet[f"{letter}{row}"] = int(count)
            sheet[f"{letter}{below}"] = (
                f"=COUNTIF({letter}{FIRST}:{letter}{FIRST + ROWS - 1},$B{row})-{letter}{row}")
    spare = f"D{COVER_ROW}:J{COVER_ROW + KINDS - 1}"
    sheet["B13"], sheet["D13"] = "Shifts missing", f"=-SUMIF({spare},\"<0\")"
    sheet["F13"], sheet["H13"] = "Pay of the week", f"=SUM(O{FIRST}:O{FIRST + ROWS - 1})"
    for at, number in enumerate(range(FIRST, FIRST + ROWS)):
        if at < len(table):
            name = table.index[at]
            put_cell(sheet.cell(number, 1), str(name))
            sheet.cell(number, 2, float(people.wage_per_hour[name]))
            sheet.cell(number, 3, float(people.hours_a_week[name]))
            for place, shift in enumerate(table.loc[name], 4):
                put_cell(sheet.cell(number, place), str(shift) or None)
        for place, (_, formula, _) in enumerate(COLUMNS.values(), 1):
            if formula:
                sheet.cell(number, place, f"=IF(A{number}<>\"\",{formula.format(r=number)},\"\")")
    dress(sheet, COLUMNS, HEADER, FIRST, ROWS)
    _choices(sheet)
    with atomic(path) as temporary:
        book.save(temporary)
    return Path(path)


def offer_rota_sheet(table, people, required, hours, path, **about):
    """The sheet of `rota_sheet`, written when the reader asks for it (see `offer_run_of_show`)."""
    offer(lambda: rota_sheet(table, people, required, hours, path, **about), path)


def _choices(sheet):
    """A list to choose the shift from, in every cell of a day."""
    from openpyxl.worksheet.datavalidation import DataValidation

    choice = DataValidation("list", formula1=NAMES, allow_blank=True)
    sheet.add_data_validation(choice)
    choice.add(f"D{FIRST}:J{FIRST + ROWS - 1}")


def _refuse(table, people, required, hours):
    for name in ("wage_per_hour", "hours_a_week"):
        if name not in people:
            raise CardError(f"The sheet of the rota needs the column {name} of the people; there are "
                            f"{', '.join(map(str, people.columns))}.")
    if table.shape[1] != len(DAYS) or len(required) != len(DAYS):
        raise CardError("The sheet of the rota is for a week of seven days.")
    if len(table) > ROWS or len(required.columns) > KINDS:
        raise CardError(f"The sheet of the rota has room for {ROWS} people and {KINDS} kinds of shift; {len(table)} "
                        f"and {len(required.columns)} were given.")
    unknown = [name for name in required.columns if name not in hours]
    if unknown:
        raise CardError(f"The shift {unknown[0]} has no hours.")
