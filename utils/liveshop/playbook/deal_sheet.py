"""The planner of group deals for Excel: type size, hours and reward, get fill rate, cost of a new customer and margin.

The formulas are live and are those of `liveshop.methods.deals.plan_deal`, with Excel's own Poisson law.
"""

from pathlib import Path

from liveshop.playbook.deck import CardError
from liveshop.playbook.dressing import dress
from liveshop.playbook.sheet import offer
from liveshop.tables.writing import atomic, put_cell

SETTINGS = {  # what it says: the name of the argument, the cell, number format
    "Share taken off the list price": ("discount", "C3", "0%"),
    "Refunded of what is paid": ("refund_share", "C4", "0.0%"),
    "Fees of the channel, of the money kept": ("fee_share", "C5", "0.0%"),
    "Friends who were no customers before: count them, do not hope": ("share_new", "C6", "0.0%"),
    "Of the buyers who are not new, would have paid the full price anyway": ("anyway", "C7", "0%"),
    "An opened deal costs, full or not, CNY": ("opening", "C8", "0.00"),
    "Friends that CNY 1 of reward adds, of those who come without": ("per_yuan", "C9", "0.0%"),
}
LIMITS = "CDEFGH"    # columns of the small table of the friends to expect by time limit, in the rows 10 and 11
HEADER, FIRST, ROWS = 13, 14, 24
COLUMNS = {  # heading: width, formula of row {r}, number format
    "Deal": (22, None, None),
    "Persons": (9, None, "0"),
    "Hours": (9, None, "0"),
    "Reward a friend": (10, None, "0.00"),
    "List price": (10, None, "0.00"),
    "Goods a piece": (10, None, "0.00"),
    "Friends to expect": (10, "HLOOKUP(C{r},$C$10:$H$11,2,FALSE)*(1+$C$9*D{r})", "0.00"),
    "Fill rate": (9, "1-POISSON(B{r}-2,G{r},TRUE)", "0%"),
    "Given away in a full deal": (12, "B{r}*E{r}*$C$3+(B{r}-1)*D{r}", "0.00"),
    "Margin of a full deal": (12, "B{r}*(E{r}*(1-$C$3)*(1-$C$5)-F{r})*(1-$C$4)-(B{r}-1)*D{r}"
                                  "-$C$7*(B{r}-(B{r}-1)*$C$6)*(E{r}*(1-$C$5)-F{r})*(1-$C$4)", "0.00"),
    "Margin of an opened deal": (12, "H{r}*J{r}-$C$8", "0.00"),
    "New customers of 100 opened": (12, "100*H{r}*(B{r}-1)*$C$6", "0.0"),
    "Cost of a new customer": (13, 'IF(L{r}>0,100*(H{r}*I{r}+$C$8)/L{r},"nobody is new")', "0.00"),
}
NOTE = ("Type into the white cells. Hours must be one of the limits above; friends to expect come from your own "
        "deals of that limit, opened at your usual hours. All money in CNY.")


def deal_sheet(plans, expected, path, discount, refund_share, fee_share, share_new=0.0, anyway=0.0, opening=0.0,
               per_yuan=0.0, title="Planner of group deals"):
    """Write the planner as an Excel file with live formulas and return its path.

    plans : one row a planned deal with deal (a name), size, hours, reward, price, goods; it may have no row. expected :
    a Series of friends to expect without reward, by one to six time limits in hours. per_yuan : share of friends that
    one yuan of reward adds; the other settings as in `methods.deals.plan_deal`; all may be typed over.
    Text cannot become a formula. The file appears whole or not at all. Raises CardError on missing columns, more plans
    than the sheet has rows, hours that are none of the limits, and more limits than it has room for.
    """
    from openpyxl import Workbook

    rows = _rows(plans, expected)
    book = Workbook()
    sheet = book.active
    sheet.title = "Group deals"
    put_cell(sheet["A1"], title)
    put_cell(sheet["A2"], NOTE)
    given = {"discount": discount, "refund_share": refund_share, "fee_share": fee_share, "share_new": share_new,
             "anyway": anyway, "opening": opening, "per_yuan": per_yuan}
    for words, (name, place, style) in SETTINGS.items():
        put_cell(sheet[f"D{place[1:]}"], words)
        sheet[place], sheet[place].number_format = float(given[name]), style
    put_cell(sheet["I10"], "Time limits, hours")
    put_cell(sheet["I11"], "Friends to expect in that time, without reward")
    for column, (hours, friends) in zip(LIMITS, expected.items(), strict=False):
        sheet[f"{column}10"], sheet[f"{column}11"] = float(hours), float(friends)
        sheet[f"{column}11"].number_format = "0.00"
    for number in range(FIRST, FIRST + ROWS):
        typed = rows[number - FIRST] if number - FIRST < len(rows) else (None,) * 6
        for place, value in enumerate(typed, 1):
            put_cell(sheet.cell(number, place), value)
        for place, (_, formula, _) in enumerate(COLUMNS.values(), 1):
            if formula:
                sheet.cell(number, place, f"=IF(B{number}>1,{formula.format(r=number)},\"\")")
    dress(sheet, COLUMNS, HEADER, FIRST, ROWS)
    with atomic(path) as temporary:
        book.save(temporary)
    return Path(path)


def offer_deal_sheet(plans, expected, path, **about):
    """The planner of `deal_sheet`, written when the reader asks for it (see `offer_run_of_show`)."""
    offer(lambda: deal_sheet(plans, expected, path, **about), path)


def _rows(plans, expected):
    wanted = ["deal", "size", "hours", "reward", "price", "goods"]
    missing = [name for name in wanted if name not in plans]
    if missing:
        raise CardError(f"The planner of group deals needs the column {missing[0]}; the table has "
                        f"{', '.join(map(str, plans.columns))}.")
    if not 1 <= len(expected) <= len(LIMITS):
        raise CardError(f"The planner of group deals has room for 1 to {len(LIMITS)} time limits, and {len(expected)} "
                        "were given.")
    if len(plans) > ROWS:
        raise CardError(f"The planner of group deals has {ROWS} rows, and {len(plans)} deals were given.")
    other = [hours for hours in plans.hours if hours not in expected.index]
    if other:
        raise CardError(f"A limit of {other[0]} hours is planned, and it is not known how many friends come in it.")
    return [(str(one[0]), *map(float, one[1:])) for one in plans[wanted].itertuples(index=False)]
