"""The sheet of the channels for Excel: type what the month's settlement says, get what 1,000 viewers leave.

The formulas are live and are those of `liveshop.metrics.contribution`: goods and fees are of the money kept.
"""

from pathlib import Path

from liveshop.playbook.deck import CardError
from liveshop.playbook.dressing import dress
from liveshop.playbook.sheet import offer
from liveshop.tables.writing import atomic, put_cell

TYPED = {  # heading: the names that it may have in the frame
    "Channel": ("channel", "channel_id"),
    "Broadcasts": ("broadcasts",),
    "Viewers": ("viewers",),
    "GMV, paid": ("gmv",),
    "Refunded": ("refunded",),
    "Goods of what was kept": ("goods",),
    "Take rate": ("take_rate",),
    "Payment fee": ("payment_fee_rate",),
    "Promotion": ("promotion",),
}
HEADER, FIRST, ROWS = 6, 7, 12  # where the table stands, and how many channels it has room for
LEFT = f"$M${FIRST}:$M${FIRST + ROWS - 1}"
COLUMNS = {  # heading: width, formula of row {r}, number format
    "Channel": (18, None, None),
    "Broadcasts": (11, None, "0"),
    "Viewers": (11, None, "#,##0"),
    "GMV, paid": (12, None, "#,##0"),
    "Refunded": (12, None, "#,##0"),
    "Goods of what was kept": (13, None, "#,##0"),
    "Take rate": (9, None, "0.0%"),
    "Payment fee": (9, None, "0.0%"),
    "Promotion": (11, None, "#,##0"),
    "GMV per 1,000 viewers": (12, "1000*D{r}/C{r}", "#,##0"),
    "Refunded, of GMV": (11, "E{r}/D{r}", "0.0%"),
    "Contribution": (13, "(D{r}-E{r})*(1-G{r}-H{r})-F{r}-I{r}", "#,##0"),
    "Contribution per 1,000 viewers": (14, "1000*L{r}/C{r}", "#,##0"),
    "Its place": (8, f"RANK(M{{r}},{LEFT})", "0"),
    "Take rate at which it would leave what the first leaves": (
        18, f"G{{r}}-(MAX({LEFT})-M{{r}})*C{{r}}/1000/(D{{r}}-E{{r}})", "0.0%"),
    "Enough broadcasts?": (16, 'IF(B{r}<$C$4,"too few: no verdict","enough to look")', None),
}
NOTE = ("Type into the white cells, a row a channel: sums of one month that is at least three weeks old, so that its "
        "refunds are in. Goods: unit cost of what was not sent back. A place without an interval is not a verdict.")
FEWEST = 20  # broadcasts below which a row is called too few


def channel_sheet(frame, path, title="Channels: what 1,000 viewers leave"):
    """Write the sheet of the channels as an Excel file with live formulas and return its path.

    frame : one row a channel with channel (or channel_id), broadcasts, viewers, gmv, refunded, goods, take_rate,
    payment_fee_rate and promotion, to begin with; it may have no row. Text cannot become a formula. The file appears
    whole or not at all. Raises CardError on missing columns and on more channels than the sheet has rows.
    """
    from openpyxl import Workbook

    rows = _rows(frame)
    book = Workbook()
    sheet = book.active
    sheet.title = "Channels"
    put_cell(sheet["A1"], title)
    put_cell(sheet["A2"], NOTE)
    put_cell(sheet["D4"], "Broadcasts below which there is no verdict (a habit of this sheet: change it)")
    sheet["C4"] = FEWEST
    for number in range(FIRST, FIRST + ROWS):
        for place, value in enumerate(rows[number - FIRST] if number - FIRST < len(rows) else (), 1):
            put_cell(sheet.cell(number, place), value)
        for place, (_, formula, _) in enumerate(COLUMNS.values(), 1):
            if formula:
                sheet.cell(number, place, f"=IF(C{number}>0,{formula.format(r=number)},\"\")")
    dress(sheet, COLUMNS, HEADER, FIRST, ROWS)
    with atomic(path) as temporary:
        book.save(temporary)
    return Path(path)


def offer_channel_sheet(frame, path, **about):
    """The sheet of `channel_sheet`, written when the reader asks for it (see `offer_run_of_show`)."""
    offer(lambda: channel_sheet(frame, path, **about), path)


def _rows(frame):
    frame = frame.reset_index() if "channel" not in frame and "channel_id" not in frame else frame
    found = [next((name for name in choice if name in frame), None) for choice in TYPED.values()]
    for name, choice in zip(found, TYPED.values(), strict=True):
        if name is None:
            raise CardError(f"The sheet of the channels needs the column {' or '.join(choice)}; the table has "
                            f"{', '.join(map(str, frame.columns))}.")
    if len(frame) > ROWS:
        raise CardError(f"The sheet of the channels has {ROWS} rows, and {len(frame)} channels were given.")
    return [(str(one[0]), *(float(value) for value in one[1:])) for one in frame[found].itertuples(index=False)]
