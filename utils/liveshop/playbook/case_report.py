"""The report of a case as a Word document: the chain from question to decision, filled as far as the notebook knows.

The headings stand in the order in which a case is worked, not in that in which it is told: what was asked before
anybody knew the answer comes first, and what the report leaves out has a heading of its own.
"""

from liveshop.playbook.deck import CardError
from liveshop.playbook.sheet import offer
from liveshop.playbook.word import add_table, new_document, plain, write

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
    known = {name for name, _ in SECTIONS.values()}
    for name in texts:
        if name not in known:
            raise CardError(f"The case report has no section {name!r}; it has {', '.join(sorted(known))}.")
    missing = [name for name in COLUMNS if numbers is not None and name not in numbers]
    if missing:
        raise CardError(f"The numbers of the case report need the column {missing[0]}.")
    document = new_document(title)
    for heading, (name, instruction) in SECTIONS.items():
        document.add_heading(heading, level=1)
        document.add_paragraph().add_run(instruction).italic = True
        document.add_paragraph(plain(texts.get(name, "")))
        if name == "result":
            add_table(document, COLUMNS, [] if numbers is None else numbers[list(COLUMNS)].itertuples(index=False))
    document.add_heading("Signed", level=1)
    add_table(document, ("", ""), [(who, "") for who in SIGNED])
    return write(document, path)


def offer_case_report(path, **about):
    """The report of `case_report`, written when the reader asks for it (see `offer_run_of_show`)."""
    offer(lambda: case_report(path, **about), path)

