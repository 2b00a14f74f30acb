"""The sheet to take to the studio: the run of show for Excel."""

import html
import numbers
import os
from datetime import timedelta
from pathlib import Path

from liveshop import medium
from liveshop.playbook.deck import CardError, find
from liveshop.tables.errors import TableError
from liveshop.tables.writing import atomic, put_cell

# The environment variable of a run that is to write its sheets without being asked again.
ASKED = "LIVESHOP_SHEETS"

# column of the sheet -> names it may have in the frame, the first that is there is taken
COLUMNS = {
    "Minute": ("minute", "start_minute"),
    "Clock": ("clock",),
    "Product": ("product", "name", "product_id"),
    "Role": ("role",),
    "Offer": ("offer",),
    "Line to say": ("line", "line_to_say"),
    "Interaction": ("interaction", "activity"),
    "Who": ("who", "host_id"),
    "Door that leads": ("door", "audience"),
    "Departed from it, why": ("departed",),
}
WIDTHS = dict(zip(COLUMNS, (8, 8, 26, 10, 22, 46, 26, 16, 16, 26), strict=True))
TASK_WIDTHS = {"Done": 7, "What has to be true": 62, "Who": 18, "When": 16, "The number that says so": 44}
ROLE_FILL = {"traffic": "F6E7C3", "hero": "F6CDBB", "profit": "CFDFF0", "image": "E6E9ED"}


def run_of_show(frame, path, started=None, title="Run of show", checklist=None):
    """Write the minute-by-minute sheet of a broadcast as an Excel file and return its path.

    frame : one row a slot, with `minute` (or `start_minute`), `product` (or `name`, `product_id`)
    and, where known, role, offer, line, interaction (or activity), who, clock. started : the
    moment the broadcast begins; gives the clock times where the frame has none. checklist : the
    identity of a card ("5.1"), whose checklist then stands on a second sheet with boxes to tick.
    Two columns may stay empty for the pen: the door through which most viewers of the slot will come,
    and what was done otherwise.
    Text cannot become a formula. The file appears whole or not at all.
    """
    from openpyxl import Workbook

    rows = _slots(frame, started)
    tasks = find(checklist)["checklist"] if checklist else ()
    book = Workbook()
    book.active.title = "Run of show"
    _fill(book.active, title, WIDTHS, rows)
    _colour_roles(book.active)
    if tasks:
        done = [("☐", task["what"], task.get("who"), task.get("when"), task.get("number")) for task in tasks]
        _fill(book.create_sheet("Before going live"), "Before going live", TASK_WIDTHS, done)
    with atomic(path) as temporary:
        book.save(temporary)
    return Path(path)


def offer_run_of_show(frame, path, **about):
    """The sheet of `run_of_show`, written when the reader asks for it.

    In JupyterLab: a button that writes it. In a section run on own data, where the files are what was asked for
    (ASKED is set), it is written at once; elsewhere nothing happens. Arguments as of `run_of_show`.
    """
    offer(lambda: run_of_show(frame, path, **about), path)


def offer(write, path):
    """A sheet written when it is asked for; write: writes it and returns its path, path: as the button names it."""
    if os.environ.get(ASKED):
        write()
    elif medium.current() == "live":
        from IPython.display import display

        display(_button(write, path))


def _button(write, path):
    import ipywidgets as widgets

    button = widgets.Button(description=f"Write {path}", icon="table", layout={"width": "auto"})
    said = widgets.HTML()

    def written(_):
        try:
            said.value = html.escape(f"Written to {write()}.")
        except (CardError, TableError) as error:
            said.value = html.escape(str(error))

    button.on_click(written)
    return widgets.VBox([button, said])


def _slots(frame, started):
    """The rows of the sheet in the order of their minutes; CardError when the frame cannot give them."""
    found = {column: next((name for name in names if name in frame.columns), None) for column, names in COLUMNS.items()}
    for column in ("Minute", "Product"):
        if found[column] is None:
            there = ", ".join(map(str, frame.columns))
            raise CardError(f"The run of show needs the column {' or '.join(COLUMNS[column])}; the table has {there}.")
    if len(frame) == 0:
        raise CardError("The run of show has no row: give one row for each slot.")
    frame = frame.sort_values(found["Minute"])
    minutes = frame[found["Minute"]].tolist()
    if any(not isinstance(minute, numbers.Real) or minute != minute for minute in minutes):
        raise CardError(f"The column {found['Minute']} of the run of show must hold numbers: minutes from the start.")

    values = {column: [None] * len(frame) if name is None else list(frame[name]) for column, name in found.items()}
    values["Minute"] = [int(minute) if float(minute).is_integer() else float(minute) for minute in minutes]
    if found["Clock"] is None and started is not None:
        values["Clock"] = [(started + timedelta(minutes=float(minute))).strftime("%H:%M") for minute in minutes]
    return list(zip(*values.values(), strict=True))


def _fill(sheet, title, widths, rows):
    """Title, header row and rows of a sheet, ready for the printer; `widths` are its columns, each with its width."""
    from openpyxl.styles import Alignment, Border, Side

    for place, column in enumerate(widths, 1):
        sheet.cell(2, place, column)
    line = Side(style="thin", color="BFC5CC")
    for number, row in enumerate(rows, 3):
        for place, value in enumerate(row, 1):
            cell = sheet.cell(number, place)
            put_cell(cell, value)
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            cell.border = Border(bottom=line)
    _dress(sheet, title, widths)


def _colour_roles(sheet):
    from openpyxl.styles import PatternFill

    place = 1 + list(COLUMNS).index("Role")
    for number in range(3, sheet.max_row + 1):
        cell = sheet.cell(number, place)
        if cell.value in ROLE_FILL:
            cell.fill = PatternFill("solid", fgColor=ROLE_FILL[cell.value])


def _dress(sheet, title, widths):
    """Title, header row, widths and print set-up of a sheet whose rows begin at the third."""
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    put_cell(sheet.cell(1, 1), title)
    sheet.cell(1, 1).font = Font(bold=True, size=14)
    for cell in sheet[2]:
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor="1D3557")
        cell.alignment = Alignment(vertical="center", wrap_text=True)
    for place, width in enumerate(widths.values(), 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.freeze_panes = "A3"
    sheet.auto_filter.ref = f"A2:{get_column_letter(len(widths))}{sheet.max_row}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:2"
    sheet.oddFooter.center.text = "&P / &N"
