"""A chapter's notebook taken apart: what belongs to its own page in the book, and what to the page of each section."""

import copy
import re

from liveshop.editions.cells import lines_with_fences, section_of

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


def _part(nb, section: str | None):
    part = copy.copy(nb)
    where = zip(section_of(nb.cells), nb.cells, strict=True)
    part.cells = [copy.copy(cell) for found, cell in where if found == section]
    return part


def _one_level_up(text: str) -> str:
    """The text with one mark less before each heading; what stands between code fences is left alone."""
    return "\n".join(line if fenced else _HEADING.sub("", line) for line, fenced in lines_with_fences(text))
