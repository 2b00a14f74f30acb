"""The sheet of the hosts for Excel: type broadcasts, orders and clicks, get a fair bar and whether it decides anything.

The formulas are live and are those of `liveshop.methods.hosts.shrink`, with the spread of talent typed in: what a host
sells from her clicks is drawn towards the house by how little is known of her.
"""

from pathlib import Path

from liveshop.playbook.deck import CardError
from liveshop.playbook.dressing import dress
from liveshop.playbook.sheet import offer
from liveshop.tables.writing import atomic, put_cell

SETTINGS = {  # what it says, the name of the argument, the cell
    "How far hosts truly differ (standard deviation of log orders per click)": ("talent", "C3"),
    "How far one night strays beyond the counting of its orders (the same unit)": ("night", "C4"),
    "House: orders per click of the average host below, better known ones counting more": (None, "C5"),
    "Standard errors in the interval: 1.645 holds 90 in 100": ("errors", "C6"),
}
HEADER, FIRST, ROWS = 8, 9, 30  # where the table stands, and how many hosts it has room for
COLUMNS = {  # heading: width, formula of row {r}, number format
    "Host": (12, None, None),
    "Broadcasts": (12, None, "0"),
    "Orders": (10, None, "0"),
    "Clicks": (10, None, "0"),
    "Orders per 100 clicks": (12, "100*C{r}/D{r}", "0.0"),
    "Its logarithm": (12, "LN((C{r}+0.5)/D{r})", "0.00"),
    "Its error": (10, "SQRT(1/(C{r}+0.5)+$C$4^2/MAX(B{r},1))", "0.00"),
    "Weight on her own figure": (12, "$C$3^2/($C$3^2+G{r}^2)", "0.00"),
    "Fair estimate": (10, "EXP(H{r}*(F{r}-LN($C$5)))-1", "+0%;-0%;0%"),
    "Low": (9, "EXP(H{r}*(F{r}-LN($C$5))-$C$6*SQRT(H{r})*G{r})-1", "+0%;-0%;0%"),
    "High": (9, "EXP(H{r}*(F{r}-LN($C$5))+$C$6*SQRT(H{r})*G{r})-1", "+0%;-0%;0%"),
    "Bar": (30, 'IF(I{r}<0,"- ","+ ")&REPT("#",MIN(28,ROUND(50*ABS(I{r}),0)))', None),
    "Decide?": (16, 'IF(OR(J{r}>0,K{r}<0),"decide","do not decide")', None),
}
NOTE = ("Type into the white cells, one row a host. Take broadcasts of one channel and one kind of slot only: "
        "this sheet does not adjust. Orders and clicks are sums over her broadcasts.")


def host_sheet(frame, path, talent, night=0.14, errors=1.645, title="Hosts: fair estimate and decision"):
    """Write the sheet of the hosts as an Excel file with live formulas and return its path.

    frame : one row a host with host (or host_id), broadcasts, orders and clicks (or product_clicks), to begin with; it
    may have no row. talent, night, errors : the settings of the sheet, which may be typed over there.
    Text cannot become a formula. The file appears whole or not at all. Raises CardError on missing columns, more hosts
    than the sheet has rows, and a talent that is not above zero.
    """
    from openpyxl import Workbook

    rows = _rows(frame)
    if not talent > 0:
        raise CardError("The spread of talent must be above zero: hosts who do not differ need no sheet.")
    book = Workbook()
    sheet = book.active
    sheet.title = "Hosts"
    put_cell(sheet["A1"], title)
    put_cell(sheet["A2"], NOTE)
    logs, weights = (f"{column}{FIRST}:{column}{FIRST + ROWS - 1}" for column in "FH")
    house = f"=IF(SUM({weights})=0,0,EXP(SUMPRODUCT({logs},{weights})/SUM({weights})))"
    given = {"talent": talent, "night": night, "errors": errors}
    for number, (words, (name, place)) in enumerate(SETTINGS.items(), 3):
        put_cell(sheet.cell(number, 4), words)
        sheet[place] = given[name] if name else house
    for number in range(FIRST, FIRST + ROWS):
        typed = rows[number - FIRST] if number - FIRST < len(rows) else (None,) * 4
        for place, value in enumerate(typed, 1):
            put_cell(sheet.cell(number, place), value)
        for place, (_, formula, _) in enumerate(COLUMNS.values(), 1):
            if formula:
                sheet.cell(number, place, f"=IF(D{number}>0,{formula.format(r=number)},\"\")")
    dress(sheet, COLUMNS, HEADER, FIRST, ROWS)
    with atomic(path) as temporary:
        book.save(temporary)
    return Path(path)


def offer_host_sheet(frame, path, talent, **about):
    """The sheet of `host_sheet`, written when the reader asks for it (see `offer_run_of_show`)."""
    offer(lambda: host_sheet(frame, path, talent, **about), path)


def _rows(frame):
    frame = frame.reset_index() if "host" not in frame and "host_id" not in frame else frame
    names = [("host", "host_id"), ("broadcasts",), ("orders",), ("clicks", "product_clicks")]
    found = [next((name for name in choice if name in frame), None) for choice in names]
    for name, choice in zip(found, names, strict=True):
        if name is None:
            raise CardError(f"The sheet of the hosts needs the column {' or '.join(choice)}; the table has "
                            f"{', '.join(map(str, frame.columns))}.")
    if len(frame) > ROWS:
        raise CardError(f"The sheet of the hosts has {ROWS} rows, and {len(frame)} hosts were given.")
    hosts = [(str(one[0]), *(float(value) for value in one[1:])) for one in frame[found].itertuples(index=False)]
    return [(name, *(int(value) if value.is_integer() else value for value in values)) for name, *values in hosts]
