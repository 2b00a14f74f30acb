"""A chapter's notebook taken apart: what belongs to its own page in the book, and what to the page of each section."""

import copy
import re

from liveshop.editions.cells import INSTALL, lines_with_fences, section_of, tags
from liveshop.editions.forms import student_edition

# In place of the installing cell: the site that the notebook comes from has all that it needs.
_BRING = """\
# Set-up: brings the course and what it needs into this browser; some minutes the first time, less from then on
import piplite
await piplite.install("liveshop[notebook]")"""
_HEADING = re.compile(r"^#(?=#+ )")


def chapter_part(nb):
    """The notebook without its sections: its opening, and what stands behind the last of them (quiz, memo …)."""
    return _part(nb, None)


def section_part(nb, section: str):
    """The cells of one section ("5.4"), its heading the first of the page: every heading one level up."""
    part = _part(nb, section)
    for cell in part.cells:
        if cell.cell_type == "markdown":
            cell.source = _one_level_up(cell.source)
    return part


def notebook_alone(nb, section: str):
    """A section ("5.4") to open alone in a browser's Python: the set-up of its chapter, then its cells as students get
    them, with what they gave here, so that it reads before it runs.

    What exercises and their checks gave is not there: it would be the answer.
    """
    import nbformat

    gave = {cell["id"]: cell.outputs for cell in nb.cells if cell.cell_type == "code"
            and not {"exercise", "check"} & set(tags(cell))}
    alone = student_edition(nb)
    cells = [nbformat.v4.new_code_cell(_BRING, id="bring", metadata={"jupyter": {"source_hidden": True}})]
    for where, cell in zip(section_of(alone.cells), alone.cells, strict=True):
        setting = where is None and {"parameters", "setup"} & set(tags(cell)) and INSTALL not in tags(cell)
        if where == section or setting:
            if cell.cell_type == "code":
                cell.outputs = gave.get(cell["id"], [])
            cells.append(cell)
    alone.cells = cells
    alone.metadata["kernelspec"] = {"display_name": "Python (Pyodide)", "language": "python", "name": "python"}
    return alone


def _part(nb, section: str | None):
    part = copy.copy(nb)
    where = zip(section_of(nb.cells), nb.cells, strict=True)
    part.cells = [copy.copy(cell) for found, cell in where if found == section]
    return part


def _one_level_up(text: str) -> str:
    """The text with one mark less before each heading; what stands between code fences is left alone."""
    return "\n".join(line if fenced else _HEADING.sub("", line) for line, fenced in lines_with_fences(text))
