"""Documents to take to the studio: the run of show for Excel, and the playbook in one file."""

import json
import re
from datetime import timedelta
from pathlib import Path

from liveshop.playbook.card import CardError, _find, markdown
from liveshop.tables import atomic, write_text

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
WIDTHS = {"Minute": 8, "Clock": 8, "Product": 26, "Role": 10, "Offer": 22, "Line to say": 46, "Interaction": 26, "Who": 16, "Door that leads": 16, "Departed from it, why": 26}
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
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    found = {column: next((name for name in names if name in frame.columns), None) for column, names in COLUMNS.items()}
    for column in ("Minute", "Product"):
        if found[column] is None:
            raise CardError(f"The run of show needs the column {' or '.join(COLUMNS[column])}; the table has {', '.join(map(str, frame.columns))}.")
    if len(frame) == 0:
        raise CardError("The run of show has no row: give one row for each slot.")
    frame = frame.sort_values(found["Minute"])
    minutes = frame[found["Minute"]].tolist()
    if any(not isinstance(minute, (int, float)) and not hasattr(minute, "item") or minute != minute for minute in minutes):
        raise CardError(f"The column {found['Minute']} of the run of show must hold numbers: minutes from the start.")

    tasks = _find(checklist)["checklist"] if checklist else ()

    book = Workbook()
    sheet = book.active
    sheet.title = "Run of show"
    for place, column in enumerate(COLUMNS, 1):
        sheet.cell(2, place, column)
    line = Side(style="thin", color="BFC5CC")
    for row, minute in enumerate(minutes, 3):
        for place, column in enumerate(COLUMNS, 1):
            name = found[column]
            value = None if name is None else frame[name].iloc[row - 3]
            if column == "Minute":
                value = int(minute) if float(minute).is_integer() else float(minute)
            elif column == "Clock" and name is None and started is not None:
                value = (started + timedelta(minutes=float(minute))).strftime("%H:%M")
            cell = sheet.cell(row, place)
            _put(cell, value)
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            cell.border = Border(bottom=line)
            if column == "Role" and str(value) in ROLE_FILL:
                cell.fill = PatternFill("solid", fgColor=ROLE_FILL[str(value)])
    _dress(sheet, title, WIDTHS)
    if tasks:
        before = book.create_sheet("Before going live")
        widths = {"Done": 7, "What has to be true": 62, "Who": 18, "When": 16, "The number that says so": 44}
        for place, column in enumerate(widths, 1):
            before.cell(2, place, column)
        for row, task in enumerate(tasks, 3):
            for place, value in enumerate(("☐", task["what"], task.get("who"), task.get("when"), task.get("number")), 1):
                cell = before.cell(row, place)
                _put(cell, value)
                cell.alignment = Alignment(vertical="top", wrap_text=True)
                cell.border = Border(bottom=line)
        _dress(before, "Before going live", widths)

    with atomic(path) as temporary:
        book.save(temporary)
    return Path(path)


def _dress(sheet, title, widths):
    """Title, header row, widths and print set-up of a sheet whose rows begin at the third."""
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    _put(sheet.cell(1, 1), title)
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


def _plain(text):
    """Text without the control characters that an Excel file cannot hold."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", str(text))


def _put(cell, value):
    """Write a value as number or as text, never as a formula, whatever it begins with."""
    if value is None or value != value or str(value) in ("NaT", "<NA>"):
        return
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        cell.value = value
        return
    cell.value = _plain(value)
    cell.data_type = "s"
    cell.quotePrefix = True  # also when somebody edits the cell later


def export(folder="my-playbook", path=None):
    """Put all saved cards of a folder into one Markdown document and return its path.

    path : where to; otherwise `playbook.md` in the folder. Cards that the course no longer has are
    taken as they were saved.
    """
    folder = Path(folder)
    files = sorted(folder.glob("card-*.json"), key=lambda file: [int(n) for n in re.findall(r"\d+", file.stem)] + [file.stem])
    if not files:
        raise CardError(f"There is no saved card in {folder.name}; save one with its button first.")
    parts = ["# My playbook\n"]
    for file in files:
        try:
            kept = json.loads(file.read_text(encoding="utf-8"))
            one = _find(kept["id"])
        except CardError:
            parts.append(file.with_suffix(".md").read_text(encoding="utf-8"))
            continue
        except (ValueError, KeyError, TypeError):
            raise CardError(f"{file.name} is not a saved card any more; take the last good one from {folder.name}/earlier.") from None
        filled = {name: value for name, value in kept["fields"].items()}
        parts.append(markdown(one, filled, kept.get("table"), kept.get("ticked") or (), kept.get("notes") or ""))
    return write_text(Path(path) if path else folder / "playbook.md", "\n".join(parts))
