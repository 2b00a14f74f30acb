"""Response plans as a Word document: a page a plan, to print and to hang beside the desk."""

from pathlib import Path

from liveshop.playbook.case_report import describe, fill_table, plain
from liveshop.playbook.deck import CardError
from liveshop.playbook.sheet import offer
from liveshop.tables.writing import atomic

COLUMNS = ("by minute", "who", "name", "done", "what")
SHARES = 2, 3, 3, 1, 9         # of the width of the page
SIGNED = ("Written by", "Read by the deputy", "Last drill on", "Next drill on")


def plan_document(plans, path, title="Response plans"):
    """Write the plans as a Word document and return its path.

    plans : as of `response_sheet`. The file appears whole or not at all. Raises CardError without a plan, and when
    python-docx is not installed.
    """
    try:
        from docx import Document
        from docx.shared import Cm, Pt
    except ImportError:
        raise CardError("The Word document needs the package python-docx: pip install python-docx.") from None

    if not plans:
        raise CardError("There is no response plan to write.")
    document = Document()
    describe(document.core_properties, title)
    page = document.sections[0]
    page.page_width, page.page_height, page.left_margin, page.right_margin = map(Cm, (21, 29.7, 2, 2))
    document.styles["Normal"].font.size = Pt(11)
    document.add_heading(plain(title), level=0)
    for place, (name, (starts, decides, limit, steps)) in enumerate(plans.items()):
        if place:
            document.add_page_break()
        document.add_heading(plain(name).capitalize(), level=1)
        for words, value in (("Starts when", starts), ("Decides", decides), ("Within", limit)):
            line = document.add_paragraph()
            line.add_run(f"{words}: ").bold = True
            line.add_run(plain(value))
        fill_table(document, COLUMNS, [(by, who, "", "☐", what) for by, who, what in steps], SHARES)
        document.add_paragraph()
        fill_table(document, ("", ""), [(who, "") for who in SIGNED])
    with atomic(path) as temporary:
        document.save(str(temporary))
    return Path(path)


def offer_plan_document(plans, path, **about):
    """The document of `plan_document`, written when the reader asks for it (see `offer_run_of_show`)."""
    offer(lambda: plan_document(plans, path, **about), path)
