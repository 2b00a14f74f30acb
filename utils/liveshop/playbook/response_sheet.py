"""Response plans for Excel: a sheet a plan, by the clock, and a drill that measures itself.

Type the minute at which each step was done in a drill; the formulas say how late it was, how many steps were late or
left out, and what the minutes cost.
"""

from pathlib import Path

from liveshop.playbook.deck import CardError
from liveshop.playbook.dressing import dress
from liveshop.playbook.sheet import offer
from liveshop.tables.writing import atomic, put_cell

STEPS = 15                      # rows of a plan
HEADER, FIRST = 5, 6
COLUMNS = {  # heading: width, formula of row {r}, number format
    "By minute": (10, None, "0"),
    "Who (role)": (18, None, None),
    "Name": (18, None, None),
    "What": (64, None, None),
    "Done at minute (drill)": (14, None, "0.0"),
    "Late by, minutes": (12, '=IF(A{r}="","",IF(E{r}="","not done",MAX(0,E{r}-A{r})))', "0.0"),
}
SUMMARY = {
    "Plan": (20, None, None),
    "Decides": (18, None, None),
    "Within": (24, None, None),
    "Drilled on": (14, None, "yyyy-mm-dd"),
    "Steps": (8, "=COUNT('{s}'!A{first}:A{last})", "0"),
    "Not done": (10, "=COUNTIF('{s}'!F{first}:F{last},\"not done\")", "0"),
    "Late": (8, "=COUNTIF('{s}'!F{first}:F{last},\">0\")", "0"),
    "Latest, minutes": (10, "=IF(COUNT('{s}'!F{first}:F{last})=0,0,MAX('{s}'!F{first}:F{last}))", "0.0"),
    "A minute costs, yuan": (12, None, "#,##0"),
    "First step late, yuan": (14, "=IF(ISNUMBER('{s}'!F{first}),'{s}'!F{first}*I{r},\"\")", "#,##0"),
}
FORBIDDEN = "[]:*?/\\'"         # letters that the name of a sheet may not have


def response_sheet(plans, path, a_minute=None, title="Response plans"):
    """Write the plans as an Excel file with live formulas and return its path.

    plans : {name: (what starts it, who decides, within which limit, [(by minute, who, what), …])}; a_minute : {name:
    yuan that a minute of delay costs}, where known. Text cannot become a formula. The file appears whole or not at all.
    Raises CardError without a plan, on more steps than a sheet has rows, and on two names that a sheet cannot tell
    apart.
    """
    from openpyxl import Workbook

    names = {name: _name(name) for name in plans}
    if not plans:
        raise CardError("There is no response plan to write.")
    if len({sheet.lower() for sheet in names.values()} | {"plans"}) <= len(names):
        raise CardError("Two plans would have one sheet: give them names that differ in the first 31 letters, and none "
                        "that is “Plans”.")
    book = Workbook()
    summary = book.active
    summary.title = "Plans"
    put_cell(summary["A1"], title)
    put_cell(summary["A2"], "Fill in date and cost of a minute here, and on each sheet names and the minutes of the "
                            "drill. A minute costs what is lost until the first step works.")
    for row, (name, (starts, decides, limit, steps)) in enumerate(plans.items(), FIRST):
        if len(steps) > STEPS:
            raise CardError(f"The plan {name} has {len(steps)} steps; a sheet has room for {STEPS}.")
        _plan(book.create_sheet(names[name]), name, starts, decides, limit, steps)
        for place, value in ((1, name), (2, decides), (3, limit), (9, (a_minute or {}).get(name))):
            put_cell(summary.cell(row, place), value)
        for place, (_, formula, _) in enumerate(SUMMARY.values(), 1):
            if formula:
                summary.cell(row, place, formula.format(s=names[name], first=FIRST, last=FIRST + STEPS - 1, r=row))
    dress(summary, SUMMARY, HEADER, FIRST, len(plans))
    with atomic(path) as temporary:
        book.save(temporary)
    return Path(path)


def offer_response_sheet(plans, path, **about):
    """The plans of `response_sheet`, written when the reader asks for it (see `offer_run_of_show`)."""
    offer(lambda: response_sheet(plans, path, **about), path)


def _name(plan):
    """The name of a plan as the name of a sheet."""
    return "".join(" " if letter in FORBIDDEN else letter for letter in str(plan))[:31].strip() or "plan"


def _plan(sheet, name, starts, decides, limit, steps):
    put_cell(sheet["A1"], f"Response plan: {name}")
    put_cell(sheet["A2"], f"Starts when: {starts}")
    put_cell(sheet["A3"], f"Decides: {decides}. Within: {limit}")
    for row in range(FIRST, FIRST + STEPS):
        by, who, what = steps[row - FIRST] if row - FIRST < len(steps) else (None, None, None)
        for place, value in ((1, by), (2, who), (4, what)):
            put_cell(sheet.cell(row, place), value)
        for place, (_, formula, _) in enumerate(COLUMNS.values(), 1):
            if formula:
                sheet.cell(row, place, formula.format(r=row))
    dress(sheet, COLUMNS, HEADER, FIRST, STEPS)
