"""Unit economics on one page for Excel: type what a route spent and sold, and read cost, what is left, and payback.

The formulas are live and are those of `liveshop.methods.economics`: all newcomers stand in the denominator, refunds and
parcels back are off, and what may come after the months seen (r/(1 + i − r), Gupta and Lehmann) stands apart. Every
order counts as the average one: what is left by the last month is exact, by earlier ones it is near.
"""

from pathlib import Path

from liveshop.playbook.deck import CardError
from liveshop.playbook.sheet import offer
from liveshop.tables.writing import atomic, put_cell

ROUTES, MONTHS = 6, 4  # columns B to G; months 0 to 3
HEADER, FIRST = 4, 5   # the row of the routes' names, and that of the first quantity
WAIT = "B3"            # how many months the cash can wait
TYPED = {  # what it says: the column of the frame (or the name of the argument), number format
    "New customers of the route (persons, not orders)": ("newcomers", "#,##0"),
    "Money spent to win them, yuan": ("money", "#,##0"),
    "Paid for an order, yuan": ("basket", "0.0"),
    "Refunded, share of what is paid": ("refunded", "0.0%"),
    "Goods, share of what is kept": ("goods", "0.0%"),
    "Fees, share of what is kept": ("fees", "0.0%"),
    "Lines that come back, an order": ("back", "0.00"),
    "Shipping, yuan an order": ("shipping", "0.0"),
    "Taking back, yuan a line": ("returning", "0.0"),
    **{f"Orders of a newcomer, month {month}": (f"month_{month}", "0.00") for month in range(MONTHS)},
    "Later: share of a month's orders that the next month keeps": ("retention", "0%"),
    "Later: discount a month": ("discount", "0.0%"),
}


def _first(left, cost):
    """The formula of the first month in which what is left pays the cost; left: a formula a month."""
    found = '"not yet"'
    for month in reversed(range(MONTHS)):
        found = f"IF({left[month]}>={cost},{month},{found})"
    return found


def _formulas():
    """What it says: formula of column {c}, number format; the rows follow the typed ones, one line between."""
    row = {name: f"{{c}}{FIRST + at}" for at, (name, _) in enumerate(TYPED.values())}
    top = FIRST + len(TYPED) + 1
    cost, naive, order = (f"{{c}}{top + at}" for at in range(3))
    left = [f"{{c}}{top + 3 + month}" for month in range(MONTHS)]
    orders = [f"SUM({row['month_0']}:{row[f'month_{month}']})" for month in range(MONTHS)]
    kept = f"(1-{row['goods']}-{row['fees']})"
    months = {f"Left of a newcomer by the end of month {month}, yuan": (f"{order}*{orders[month]}", "0.0")
              for month in range(MONTHS)}
    after, back = f"{{c}}{top + 3 + MONTHS + 3}", f"{{c}}{top + 3 + MONTHS}"
    return {
        "Cost of a new customer, yuan": (f"{row['money']}/{row['newcomers']}", "0.0"),
        "An order before refunds, shipping and returns, yuan": (f"{row['basket']}*{kept}", "0.0"),
        "An order leaves, yuan": (f"{row['basket']}*(1-{row['refunded']})*{kept}-{row['shipping']}"
                                  f"-{row['back']}*{row['returning']}", "0.0"),
        **months,
        "Paid back in month": (_first(left, cost), "0"),
        "Before refunds, shipping and returns it would seem": (_first([f"{naive}*{one}" for one in orders], cost), "0"),
        "Left by then for each yuan of cost": (f"{left[-1]}/{cost}", "0.00"),
        "Multiple of the last month for what may come: r/(1+i-r)": (
            f"{row['retention']}/(1+{row['discount']}-{row['retention']})", "0.00"),
        "With what may come, yuan (a hope, not a bill)": (
            f"{left[-1]}+{order}*{row[f'month_{MONTHS - 1}']}*{after}", "0.0"),
        "This quarter": (
            f'IF({back}="not yet","win them cheaper",IF({back}<=$B$3,"go on","cash waits too long"))', None),
    }


FORMULAS = _formulas()
NOTE = ("Type into the white cells, one column a route. Take newcomers who joined in the same weeks and are all old "
        "enough for the months below; those who never bought count.")


def unit_sheet(frame, path, shipping, returning, retention=0.8, discount=0.01, wait=3,
               title="Unit economics on one page"):
    """Write the page as an Excel file with live formulas and return its path.

    frame : one row a route (its index, or a column route) with newcomers, money, basket, refunded, goods, fees, back
    and month_0 to month_3 (orders a newcomer); it may have no row. shipping, returning : yuan an order and a line that
    comes back; retention, discount : of a month, for what comes after; wait : months that the cash can wait. All may be
    typed over. Text cannot become a formula. The file appears whole or not at all. Raises CardError on missing columns
    and more routes than the sheet has columns.
    """
    from openpyxl import Workbook

    routes = _columns(frame, {"shipping": shipping, "returning": returning, "retention": retention,
                              "discount": discount})
    book = Workbook()
    sheet = book.active
    sheet.title = "Unit economics"
    put_cell(sheet["A1"], title)
    put_cell(sheet["A2"], NOTE)
    put_cell(sheet["A3"], "Months that the cash can wait")
    sheet[WAIT] = wait
    for at, words in enumerate((*TYPED, None, *FORMULAS)):
        put_cell(sheet.cell(FIRST + at, 1), words)
    for place in range(2, 2 + ROUTES):
        name, typed = routes[place - 2] if place - 2 < len(routes) else (None, [None] * len(TYPED))
        put_cell(sheet.cell(HEADER, place), name)
        for at, value in enumerate(typed):
            put_cell(sheet.cell(FIRST + at, place), value)
        letter = "ABCDEFGHIJ"[place - 1]
        for at, (formula, _) in enumerate(FORMULAS.values(), FIRST + len(TYPED) + 1):
            sheet.cell(at, place, f"=IF({letter}{FIRST}>0,{formula.format(c=letter)},\"\")")
    _dress(sheet)
    with atomic(path) as temporary:
        book.save(temporary)
    return Path(path)


def offer_unit_sheet(frame, path, shipping, returning, **about):
    """The page of `unit_sheet`, written when the reader asks for it (see `offer_run_of_show`)."""
    offer(lambda: unit_sheet(frame, path, shipping, returning, **about), path)


def _columns(frame, given):
    """(name of the route, typed values) of each route, in order."""
    frame = frame.set_index("route") if "route" in frame else frame
    wanted = [name for name, _ in TYPED.values() if name not in given]
    missing = [name for name in wanted if name not in frame]
    if missing:
        raise CardError(f"The page needs the column {missing[0]}; the table has {', '.join(map(str, frame.columns))}.")
    if len(frame) > ROUTES:
        raise CardError(f"The page has room for {ROUTES} routes, and {len(frame)} were given.")
    return [(str(route), [given[name] if name in given else float(values[name]) for name, _ in TYPED.values()])
            for route, values in zip(frame.index, frame[wanted].to_dict("records"), strict=True)]


def _dress(sheet):
    """Header, widths, formats and print set-up."""
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    grey, dark = (PatternFill("solid", fgColor=colour) for colour in ("EEF1F4", "1D3557"))
    sheet["A1"].font = Font(bold=True, size=14)
    sheet.column_dimensions["A"].width = 58
    for place in range(1, 2 + ROUTES):
        head = sheet.cell(HEADER, place)
        head.font, head.fill = Font(bold=True, color="FFFFFF"), dark
        if place > 1:
            sheet.column_dimensions[get_column_letter(place)].width = 13
            for at, (_, style) in enumerate(TYPED.values(), FIRST):
                sheet.cell(at, place).number_format = style
            for at, (_, style) in enumerate(FORMULAS.values(), FIRST + len(TYPED) + 1):
                cell = sheet.cell(at, place)
                cell.number_format, cell.fill = style or "General", grey
                cell.alignment = Alignment(wrap_text=True)
    sheet.freeze_panes = f"B{FIRST}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
