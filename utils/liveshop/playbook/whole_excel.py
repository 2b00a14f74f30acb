"""The document of all cards for Excel: contents with links, decisions, and a sheet a card."""

import re
from pathlib import Path

from liveshop.playbook.whole import DECIDED, NONE, PRIVATE
from liveshop.playbook.word import plain
from liveshop.tables.writing import EXCEL_DIGITS, EXCEL_TEXT, atomic, put_cell, sheet_title

CONTENTS = {"Used": 20, "Card": 9, "Title": 46, "中文": 34, "Fields filled": 12, "Lines done": 12, "Also": 30}
WIDTHS = (44, 44, 22, 22, 22, 14, 14, 14)      # of a card's columns
DECISIONS = dict(zip(DECIDED, (9, 80, 30, 30), strict=True))
LONGEST = EXCEL_TEXT // 2       # Excel counts an emoji as two
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d*)(?:\.(\d+))?")


def write_excel(whole, path):
    """Write the document for Excel and return its path; it appears whole or not at all.

    A text that is a number alone becomes one, written as it was; any other text stays text and never a formula. A text
    that is too long for a cell goes on in the cell below.
    """
    from openpyxl import Workbook

    book = Workbook()
    contents, decisions = book.active, book.create_sheet("Decisions")
    contents.title = "Contents"
    names = {}
    for page in whole.pages:
        sheet = book.create_sheet(sheet_title(plain(f"{page.card['id']} {page.card['title']}"), book.sheetnames))
        names[page.name] = sheet.title
        _card(_Sheet(sheet, WIDTHS), page, whole.blank)
    _contents(_Sheet(contents, CONTENTS.values()), whole, names)
    into = _Sheet(decisions, DECISIONS.values())
    into.row(["Decisions"], title=True)
    into.row(DECISIONS, head=True)
    for row in whole.decided or [(NONE,)]:
        into.row(row)
    with atomic(path) as temporary:
        book.save(temporary)
    return Path(path)


def _contents(into, whole, names):
    into.row([whole.title], title=True)
    into.row(["", "", PRIVATE])      # in the widest column
    into.row(["Decisions"])
    into.link(1, "Decisions")
    into.row(CONTENTS, head=True)
    for use, pages in whole.groups:
        for page in pages:
            done = f"{sum(done for done, *_ in page.tasks)} of {len(page.tasks)}"
            card = page.card
            into.row([use, card["id"], card["title"], card.get("title_zh") or "", page.filled, done, page.also])
            into.link(3, names[page.name])


def _card(into, page, blank):
    """A card: its fields, its checklist, its table, its notes, one under the other."""
    into.row([page.title], title=True)
    into.row([page.card["purpose"]])
    into.row(["Contents"])
    into.link(1, "Contents")
    if page.entries:
        into.row([])
        into.row(["Field", "Your entry", "Unit"], head=True)
        for label, unit, text in page.entries:
            into.row([label, text, unit], typed=True)
    if page.tasks:
        into.row([])
        into.row(["Checklist", "Who · when · number", "Done"], head=True)
        for done, what, details in page.tasks:
            into.row([what, details, "☒" if done else "☐"])
    if page.rows:
        into.row([])
        into.row(page.columns, head=True)
        for row in page.rows:
            into.row(row, typed=True)
    if page.content.notes or blank:
        into.row([])
        into.row(["Notes"], head=True)
        into.row([page.content.notes])


class _Sheet:
    """A sheet that is filled from the top, row by row, and printed on A4."""

    def __init__(self, sheet, widths):
        from openpyxl.utils import get_column_letter

        self.sheet, self.at = sheet, 0
        for place, width in enumerate(widths, 1):
            sheet.column_dimensions[get_column_letter(place)].width = width
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True

    def row(self, values, title=False, head=False, typed=False):
        """A row of texts; what is longer than a cell holds goes on below. typed : whether numbers become numbers."""
        from openpyxl.styles import Alignment, Font, PatternFill

        parts = [[text[start:start + LONGEST] for start in range(0, len(text), LONGEST)] for text in map(plain, values)]
        for number in range(max(1, *map(len, parts)) if parts else 1):
            self.at += 1
            for place, part in enumerate(parts, 1):
                cell = self.sheet.cell(self.at, place)
                text = part[number] if number < len(part) else ""
                _put(cell, text, typed)
                cell.alignment = Alignment(vertical="top", wrap_text=not title)
                if title:
                    cell.font = Font(bold=True, size=14)
                elif head:
                    cell.font, cell.fill = Font(bold=True, color="FFFFFF"), PatternFill("solid", fgColor="1D3557")

    def link(self, place, name):
        """Make a cell of the row that was written last lead to a sheet."""
        from openpyxl.styles import Font

        cell = self.sheet.cell(self.at, place)
        cell.hyperlink = "#'{}'!A1".format(name.replace("'", "''"))
        cell.font = Font(color="1D3557", underline="single")


def _put(cell, text, typed):
    """A text in a cell; a number alone (-1,234.50) becomes a number that shows what was typed."""
    found = _NUMBER.fullmatch(text) if typed else None
    digits = text.replace(",", "")
    if found and len(re.sub(r"\D", "", digits)) < len(str(EXCEL_DIGITS)):
        cell.value = float(digits) if found[1] else int(digits)
        cell.number_format = ("#,##0" if "," in text else "0") + (f".{'0' * len(found[1])}" if found[1] else "")
    elif text:
        put_cell(cell, text)
