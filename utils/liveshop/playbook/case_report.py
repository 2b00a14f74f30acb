"""The report of a case as a Word document: the chain from question to decision, filled as far as the notebook knows.

The headings stand in the order in which a case is worked, not in that in which it is told: what was asked before
anybody knew the answer comes first, and what the report leaves out has a heading of its own.
"""

from datetime import UTC, datetime
from pathlib import Path

from liveshop.playbook.deck import CardError
from liveshop.playbook.sheet import offer
from liveshop.tables.writing import atomic

SECTIONS = {  # heading: (name of the argument, what to write there)
    "1 Question": ("question", "One sentence with outcome, units and weeks. Date it: before the start, and by whom."),
    "2 Decision that hangs on it": ("choice", "What will be done at which number, written before the number is known."),
    "3 What ran": ("programme", "Parts, places, weeks; how it was drawn who got what, and by whom."),
    "4 Comparison": ("comparison", "Who stands for what would have happened; what is held fixed, and what is not."),
    "5 Result": ("result", "Each number with its interval. The table below is filled by the notebook."),
    "6 After all costs": ("costs", "Net sales, not GMV; the base and the hours too, not only what the parts cost."),
    "7 The brand beside the sales": ("brand", "Search for the brand and for the category, direct visits, members."),
    "8 Those who were not chosen": ("others", "What happened in their places, and what spilled over to them."),
    "9 What this report does not know": ("unknown", "What was not measured; for whom and for when it does not hold."),
    "10 Decision": ("decision", "Keep, stop, change: one line each, with owner and date."),
    "11 What would change our mind": ("change", "A number, and the day on which we look at it."),
}
SIGNED = ("Written by", "Numbers checked by somebody else", "Decided by", "Date", "Looked at again on")
COLUMNS = ("what", "estimate", "from", "to", "unit")


def case_report(path, title="Case report", numbers=None, **texts):
    """Write the report as a Word document and return its path.

    numbers : a frame with the columns what, estimate, from, to, unit, one row a result; None leaves an empty table.
    texts : words for sections, by the names in `SECTIONS`; a section without them has its instruction, in italics.
    The file appears whole or not at all. Raises CardError on a name that is no section and on missing columns, and
    when python-docx is not installed.
    """
    try:
        from docx import Document
        from docx.shared import Cm, Pt
    except ImportError:
        raise CardError("The Word document needs the package python-docx: pip install python-docx.") from None

    known = {name for name, _ in SECTIONS.values()}
    for name in texts:
        if name not in known:
            raise CardError(f"The case report has no section {name!r}; it has {', '.join(sorted(known))}.")
    missing = [name for name in COLUMNS if numbers is not None and name not in numbers]
    if missing:
        raise CardError(f"The numbers of the case report need the column {missing[0]}.")
    document = Document()
    describe(document.core_properties, title)
    page = document.sections[0]
    page.page_width, page.page_height, page.left_margin, page.right_margin = map(Cm, (21, 29.7, 2, 2))
    document.styles["Normal"].font.size = Pt(11)
    document.add_heading(plain(title), level=0)
    for heading, (name, instruction) in SECTIONS.items():
        document.add_heading(heading, level=1)
        document.add_paragraph().add_run(instruction).italic = True
        document.add_paragraph(plain(texts.get(name, "")))
        if name == "result":
            fill_table(document, COLUMNS, [] if numbers is None else numbers[list(COLUMNS)].itertuples(index=False))
    document.add_heading("Signed", level=1)
    fill_table(document, ("", ""), [(who, "") for who in SIGNED])
    with atomic(path) as temporary:
        document.save(str(temporary))
    return Path(path)


def offer_case_report(path, **about):
    """The report of `case_report`, written when the reader asks for it (see `offer_run_of_show`)."""
    offer(lambda: case_report(path, **about), path)


def describe(properties, title):
    """What the file says of itself: its title and today, and nothing of the library's own template."""
    properties.title, properties.author, properties.comments = plain(title), "", ""
    properties.created = properties.modified = datetime.now(UTC)


def fill_table(document, columns, rows, shares=None):
    """A table with a bold heading, if it has one, and three empty rows where there is nothing to put in.

    shares: of the width, one a column; without, the first and the last column are twice as wide as the others.
    """
    rows = [tuple(map(plain, row)) for row in rows] or [("",) * len(columns)] * 3
    titled = any(columns)
    table = document.add_table(rows=len(rows) + titled, cols=len(columns), style="Table Grid")
    table.autofit = False
    shares = shares or [2, *[1] * (len(columns) - 2), 2]
    width = sum(column.width for column in table.columns)
    for column, share in zip(table.columns, shares, strict=True):
        column.width = width * share // sum(shares)
        for cell in column.cells:
            cell.width = column.width
    for place, column in enumerate(columns if titled else ()):
        table.rows[0].cells[place].paragraphs[0].add_run(column).bold = True
    for at, row in enumerate(rows):
        for place, value in enumerate(row):
            table.rows[at + titled].cells[place].text = value
    return table


def plain(value):
    """A value as text that XML can hold: no control characters, no halves of a pair."""
    return "".join(letter for letter in str(value) if letter in "\n\t" or " " <= letter < "\ud800"
                   or "\udfff" < letter < "\ufffe" or letter > "\uffff")
