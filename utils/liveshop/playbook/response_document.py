"""Response plans as a Word document: a page a plan, to print and to hang beside the desk."""

from liveshop.playbook.deck import CardError
from liveshop.playbook.sheet import offer
from liveshop.playbook.word import add_table, new_document, plain, write

COLUMNS = ("by minute", "who", "name", "done", "what")
SHARES = 2, 3, 3, 1, 9         # of the width of the page
SIGNED = ("Written by", "Read by the deputy", "Last drill on", "Next drill on")


def plan_document(plans, path, title="Response plans"):
    """Write the plans as a Word document and return its path.

    plans : as of `response_sheet`. The file appears whole or not at all. Raises CardError without a plan, and when
    python-docx is not installed.
    """
    if not plans:
        raise CardError("There is no response plan to write.")
    document = new_document(title)
    for place, (name, (starts, decides, limit, steps)) in enumerate(plans.items()):
        if place:
            document.add_page_break()
        document.add_heading(plain(name).capitalize(), level=1)
        for words, value in (("Starts when", starts), ("Decides", decides), ("Within", limit)):
            line = document.add_paragraph()
            line.add_run(f"{words}: ").bold = True
            line.add_run(plain(value))
        add_table(document, COLUMNS, [(by, who, "", "☐", what) for by, who, what in steps], SHARES)
        document.add_paragraph()
        add_table(document, ("", ""), [(who, "") for who in SIGNED])
    return write(document, path)


def offer_plan_document(plans, path, **about):
    """The document of `plan_document`, written when the reader asks for it (see `offer_run_of_show`)."""
    offer(lambda: plan_document(plans, path, **about), path)
