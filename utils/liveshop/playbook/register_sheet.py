"""The risk register for Excel and for Word: what can go wrong, how often, how bad, who owns it, which sign to watch.

The sheet's formulas are live: bands, score and ranks follow what is typed. They are those of
`liveshop.methods.risk.frequency_severity` and `concentration`. The shares of the bad years come from the simulation of
causes; no cell formula can tell them.
"""

from liveshop.playbook.deck import CardError
from liveshop.playbook.dressing import dress
from liveshop.playbook.sheet import offer
from liveshop.playbook.word import add_table, new_document, plain, write
from liveshop.tables.writing import atomic, put_cell

EDGES = {"Bands of frequency begin at, a year": ("3", (1, 4, 12, 40)),
         "Bands of severity begin at, CNY": ("4", (500, 5_000, 50_000, 500_000))}
HEADER, FIRST, ROWS = 6, 7, 20
LAST = FIRST + ROWS - 1
COLUMNS = {  # heading: width, formula of row {r}, number format
    "Risk": (16, None, None),
    "Incidents seen": (10, None, "0"),
    "Years of the register": (10, None, "0.0"),
    "Middle loss, CNY": (11, None, "#,##0"),
    "Mean loss, CNY": (11, None, "#,##0"),
    "Share of the bad years (simulated)": (12, None, "0%"),
    "A year": (8, "B{r}/C{r}", "0.0"),
    "Loss a year, CNY": (11, "G{r}*E{r}", "#,##0"),
    "Band of frequency": (10, '1+COUNTIF($G$3:$J$3,"<="&G{r})', "0"),
    "Band of severity": (10, '1+COUNTIF($G$4:$J$4,"<="&D{r})', "0"),
    "Score of the matrix": (9, "I{r}*J{r}", "0"),
    "Rank by the matrix": (9, f"RANK(K{{r}},$K${FIRST}:$K${LAST})", "0"),
    "Rank by the bad years": (9, f"RANK(F{{r}},$F${FIRST}:$F${LAST})", "0"),
    "The matrix": (14, 'IF(M{r}<L{r},"hides it",IF(M{r}>L{r},"overstates it","agrees"))', None),
    "Sign to watch": (38, None, None),
    "Owner": (14, None, None),
}
TYPED = ("risk", "incidents", "years", "median_loss", "mean_loss", "bad_years")
NOTE = ("Type into the white cells; grey ones follow. Shares of the bad years come from the simulation of causes, and "
        "stand without an interval: a register of a few years says them roughly. Money in CNY. Orientation only.")
DOORS, DOORS_FIRST = 12, 4
DOCUMENT = ("Risk", "A year", "Middle loss, CNY", "Share of bad years", "Seen after, hours", "Sign to watch", "Owner")


def register_sheet(board, path, years, sources=None, title="Risk register"):
    """Write the register as an Excel file with live formulas and return its path.

    board : a frame by risk with incidents, median_loss, mean_loss (CNY), bad_years (share of the losses of the worst
    years), and where known sign; it may have no row. years : length of the register. sources : a Series of entries (or
    money) by source, for a second sheet that works out their concentration; it may be None.
    Text cannot become a formula. The file appears whole or not at all. Raises CardError on missing columns and on more
    risks than the sheet has rows.
    """
    from openpyxl import Workbook

    _known(board)
    book = Workbook()
    sheet = book.active
    sheet.title = "Risk register"
    put_cell(sheet["A1"], title)
    put_cell(sheet["A2"], NOTE)
    for words, (row, edges) in EDGES.items():
        put_cell(sheet[f"A{row}"], words)
        for column, edge in zip("GHIJ", edges, strict=True):
            sheet[f"{column}{row}"] = edge
    rows = list(board.assign(risk=board.index, years=float(years))[list(TYPED)].itertuples(index=False))
    _fill(sheet, COLUMNS, FIRST, ROWS, rows)
    if "sign" in board:
        for number, sign in enumerate(board.sign.iloc[:ROWS], FIRST):
            put_cell(sheet.cell(number, list(COLUMNS).index("Sign to watch") + 1), sign)
    dress(sheet, COLUMNS, HEADER, FIRST, ROWS)
    _concentration(book.create_sheet("Concentration"), sources)
    with atomic(path) as temporary:
        book.save(temporary)
    return path


def register_document(board, path, shortfall="", title="Risk register"):
    """Write the register as a Word document, a row a risk with room for its owner, and return its path.

    board : as for :func:`register_sheet`, with a_year and seen_after (hours) where known. shortfall : the sentence
    about the bad years that stands above the table. Raises CardError on missing columns, and without python-docx.
    """
    _known(board)
    document = new_document(title, landscape=True)
    document.add_paragraph(plain(shortfall))
    columns = [("a_year", "{:.1f}"), ("median_loss", "{:,.0f}"), ("bad_years", "{:.0%}"), ("seen_after", "{:.1f}"),
               ("sign", "{}")]
    rows = [(risk, *(form.format(row[name]) if name in board else "" for name, form in columns), "")
            for risk, row in board.iterrows()]
    add_table(document, DOCUMENT, rows, shares=(2, 1, 1.5, 1.3, 1.3, 5, 2))
    document.add_heading("Before it is signed", level=1)
    for line in ("Every risk above a tenth of the bad years has an owner with a name, a sign with a limit, and a plan.",
                 "Incidents with one cause carry one cause number.",
                 "The register is ranked by the bad years, not by the colour.",
                 "Rules are orientation: a lawyer confirms what they ask of us, with a date."):
        document.add_paragraph(line, style="List Bullet")
    add_table(document, ("", ""), [("Written by", ""), ("Read by", ""), ("Looked at again on", "")])
    return write(document, path)


def offer_register(board, sheet, document, years, sources=None, shortfall=""):
    """The register as a sheet and as a document, written when the reader asks (see `offer_run_of_show`)."""
    offer(lambda: register_sheet(board, sheet, years, sources), sheet)
    offer(lambda: register_document(board, document, shortfall), document)


def _known(board):
    missing = [name for name in TYPED if name not in ("risk", "years") and name not in board]
    if missing:
        raise CardError(f"The risk register needs the column {missing[0]}; the table has "
                        f"{', '.join(map(str, board.columns))}.")
    if len(board) > ROWS:
        raise CardError(f"The risk register has {ROWS} rows, and {len(board)} risks were given.")


def _fill(sheet, columns, first, count, rows):
    """Put the rows in, and the columns' formulas into `count` rows: they show nothing where column B is empty."""
    for number in range(first, first + count):
        place = number - first
        for column, value in enumerate(rows[place] if place < len(rows) else (), 1):
            put_cell(sheet.cell(number, column), value)
        for column, (_, formula, _) in enumerate(columns.values(), 1):
            if formula:
                sheet.cell(number, column, f'=IF(B{number}>0,{formula.format(r=number)},"")')


def _concentration(sheet, sources):
    """The second sheet: entries or money by source, their shares, the index and the number of equal sources."""
    last = DOORS_FIRST + DOORS - 1
    columns = {"Source": (22, None, None), "Entries": (12, None, "#,##0"),
               "Share": (10, f"B{{r}}/SUM($B${DOORS_FIRST}:$B${last})", "0.0%"), "Squared": (10, "C{r}^2", "0.000")}
    put_cell(sheet["A1"], "How much hangs on one source")
    put_cell(sheet["F4"], "Concentration (HHI, 0 to 1)")
    sheet["G4"] = f"=SUM(D{DOORS_FIRST}:D{last})"
    put_cell(sheet["F5"], "As many equal sources")
    sheet["G5"] = '=IF(G4>0,1/G4,"")'
    put_cell(sheet["F6"], "Share of the largest")
    sheet["G6"] = f"=MAX(C{DOORS_FIRST}:C{last})"
    pairs = [] if sources is None else list(sources.items())[:DOORS]
    _fill(sheet, columns, DOORS_FIRST, DOORS, pairs)
    dress(sheet, columns, DOORS_FIRST - 1, DOORS_FIRST, DOORS)
    sheet.column_dimensions["F"].width = 28
    sheet["G4"].number_format, sheet["G5"].number_format, sheet["G6"].number_format = "0.000", "0.0", "0.0%"
