"""Word documents of the playbook: a page of A4, headings, and tables that hold text only."""

import re
from datetime import UTC, datetime
from pathlib import Path

from liveshop.playbook.deck import CardError
from liveshop.tables.writing import atomic

_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]")
_NUMBERS = re.compile(r"\s*[+-](?:[\d.,\s%()+–−-]|to)*")

def new_document(title, landscape=False):
    """A new document with its title, of today and of nobody. Raises CardError when python-docx is not installed."""
    try:
        from docx import Document
        from docx.enum.section import WD_ORIENT
        from docx.shared import Cm, Pt
    except ImportError:
        raise CardError("The Word document needs the package python-docx: pip install python-docx.") from None

    document = Document()
    about = document.core_properties
    about.title, about.author, about.comments = plain(title), "", ""
    about.created = about.modified = datetime.now(UTC)
    page, (short, long) = document.sections[0], (Cm(21), Cm(29.7))
    page.page_width, page.page_height = (long, short) if landscape else (short, long)
    page.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    page.left_margin = page.right_margin = Cm(2)
    document.styles["Normal"].font.size = Pt(11)
    document.add_heading(plain(title), level=0)
    return document


def add_table(document, columns, rows, shares=None, blank=3):
    """A table with a bold heading, if it has one, and ``blank`` empty rows where there is nothing to put in.

    shares: widths of the columns among each other; without them the first and the last are twice as wide.
    """
    rows = [tuple(map(plain, row)) for row in rows] or [("",) * len(columns)] * blank
    titled = any(columns)
    table = document.add_table(rows=len(rows) + titled, cols=len(columns), style="Table Grid")
    table.autofit = False
    shares = shares or [2, *[1] * (len(columns) - 2), 2]
    page = document.sections[0]
    width = page.page_width - page.left_margin - page.right_margin
    for column, share in zip(table.columns, shares, strict=True):
        column.width = int(width * share / sum(shares))
        for cell in column.cells:
            cell.width = column.width
    for place, column in enumerate(columns if titled else ()):
        table.rows[0].cells[place].paragraphs[0].add_run(plain(column)).bold = True
    for at, row in enumerate(rows):
        for place, value in enumerate(row):
            table.rows[at + titled].cells[place].text = value
    return table


def pasted(text):
    """A reader's text for a cell, which stays text when a table is pasted into a spreadsheet. word.js has the same.

    Numbers alone, such as -5 or +3 % to +8 %, run nothing and stay as they are.
    """
    return "'" + text if _FORMULA.match(text) and not _NUMBERS.fullmatch(text) else text


def write(document, path):
    """Write the document and return its path; it appears whole or not at all."""
    with atomic(path) as temporary:
        document.save(str(temporary))
    return Path(path)


def plain(value):
    """A value as text that XML can hold: no control characters, no halves of a pair."""
    return "".join(letter for letter in str(value) if letter in "\n\t" or " " <= letter < "\ud800"
                   or "\udfff" < letter < "\ufffe" or letter > "\uffff")
