"""The document of all cards for Word: contents with links and page numbers, decisions, card by card."""

import itertools

from liveshop.playbook.whole import ALSO, DECIDED, NONE, PRIVATE
from liveshop.playbook.word import add_table, new_document, pasted, plain, write

LINE = 0.9      # centimetres of an empty line to write on


def write_word(whole, path):
    """Write the document for Word and return its path; it appears whole or not at all. CardError without python-docx.
    """
    document = new_document(whole.title)
    document.add_paragraph(PRIVATE)
    document.add_heading("Contents", level=1)
    for use, pages, others in whole.contents:
        line = document.add_paragraph()
        line.add_run(plain(use)).bold = True
        line.paragraph_format.keep_with_next = True
        for page in pages:
            _contents_line(document, page)
        if others:
            _also_line(document.add_paragraph(ALSO), others)
    document.add_heading("Decisions", level=1)
    if whole.decided:
        _lines(add_table(document, DECIDED, _typed(whole.decided), shares=(1, 6, 2, 2)), whole.blank)
    else:
        document.add_paragraph(NONE)
    number = itertools.count()
    for use, pages in whole.groups:
        document.add_heading(plain(use), level=1)
        for page in pages:
            _card(document, page, next(number), whole.blank)
    return write(document, path)


def _card(document, page, number, blank):
    heading = document.add_heading(plain(page.title), level=2)
    _bookmark(heading, page.name, number)
    document.add_paragraph().add_run(plain(page.card["purpose"])).italic = True
    entries = [(f"{label} ({unit})" if unit else label, text) for label, unit, text in page.entries]
    if entries:
        _lines(add_table(document, ("", ""), _typed(entries), shares=(2, 3)), blank)
    if page.tasks:
        document.add_paragraph()
        tasks = [("☒" if done else "☐", what, details) for done, what, details in page.tasks]
        add_table(document, ("", "Checklist", "who · when · number"), tasks, shares=(1, 10, 8))
    if page.rows:
        document.add_paragraph()
        _lines(add_table(document, page.columns, _typed(page.rows), shares=[1] * len(page.columns)), blank)
    if page.content.notes or blank:
        line = document.add_paragraph()
        line.add_run("Notes: ").bold = True
        line.add_run(plain(page.content.notes) + "\n" * (2 * blank))


def _typed(rows):
    return [tuple(map(pasted, row)) for row in rows]


def _lines(table, blank):
    """Rows high enough for the pen, where the document is to be filled in."""
    from docx.shared import Cm

    for row in table.rows:
        row.height = Cm(LINE) if blank else None


def _contents_line(document, page):
    """A line of the contents: a link to the card, dots, and the number of its page, which Word fills in."""
    from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER

    line, sheet = document.add_paragraph(), document.sections[0]
    line.paragraph_format.space_after = 0
    width = sheet.page_width - sheet.left_margin - sheet.right_margin
    line.paragraph_format.tab_stops.add_tab_stop(width, WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
    _link(line, page, page.title)
    field = _element("w:fldSimple", instr=f"PAGEREF {page.name} \\h", dirty="true")
    line.add_run("\t")
    field.append(line.add_run("")._r)
    line._p.append(field)


def _also_line(line, pages):
    """The cards of other groups that have lines for this time too, each a link."""
    for place, page in enumerate(pages):
        line.add_run(", " if place else " ")
        _link(line, page, page.card["id"])


def _link(line, page, text):
    link = _element("w:hyperlink", anchor=page.name)
    link.append(line.add_run(plain(text))._r)
    line._p.append(link)


def _bookmark(heading, name, number):
    """A place that the contents lead to."""
    heading._p.insert(1, _element("w:bookmarkStart", id=str(number), name=name))
    heading._p.append(_element("w:bookmarkEnd", id=str(number)))


def _element(tag, /, **settings):
    """A part of a Word document that python-docx has no word for."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made = OxmlElement(tag)
    for key, value in settings.items():
        made.set(qn(f"w:{key}"), value)
    return made
