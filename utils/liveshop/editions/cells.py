"""The cells of a chapter's notebook: their tags and sections, and the state in which a notebook is committed.

The cells' tags say what a cell is for (exercise, solution, check, template, teacher …); nothing here
looks at a cell's content to guess that.
"""

import copy
import re

from liveshop.practice import find
from liveshop.practice.worked import BEGIN, CHECK, END

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
INSTALL = "install"     # tag of the cell that installs the course where it is missing
SECTION = re.compile(r"^## +(\d+\.\d+)\b *(.*)$", re.MULTILINE)
_FENCE = re.compile(r"^ *(```|~~~)")
_TIDY_MIMES = ("text/plain", "text/html", "text/markdown", "image/png", "image/svg+xml", "image/jpeg")


class EditionError(ValueError):
    """What stands in the way of an edition, in one sentence."""


def tags(cell) -> list[str]:
    """The tags of a cell, as a list that may be read freely."""
    return list(cell.metadata.get("tags", []))


def lines_with_fences(text: str):
    """Each line of a Markdown text with whether it stands in a fenced block, where a # begins no heading."""
    fenced = False
    for line in text.split("\n"):
        mark = bool(_FENCE.match(line))
        yield line, fenced or mark
        fenced ^= mark


def section_of(cells) -> list[str | None]:
    """For each cell the id of its section ("5.4"), None before the first and after a heading without an id."""
    current, result = None, []
    for cell in cells:
        if cell.cell_type == "markdown":
            for line, fenced in lines_with_fences(cell.source):
                if not fenced and line.startswith(("## ", "# ")):
                    match = SECTION.match(line)
                    current = match[1] if match else None
        result.append(current)
    return result


def normalise(nb):
    """The notebook as it is committed: no widget state, no timings, counts from 1, nbgrader metadata from tags.

    Returns a new notebook; the one given is left alone.
    """
    nb = copy.deepcopy(nb)
    nb.metadata = type(nb.metadata)({"kernelspec": dict(KERNEL), "language_info": {"name": "python"}})
    nb.nbformat, nb.nbformat_minor = 4, 5
    count = 0
    used: set[str] = set()
    for number, cell in enumerate(nb.cells, 1):
        identity = cell.get("id") or f"cell-{number:03d}"
        while identity in used:
            identity += "-b"
        used.add(identity)
        cell["id"] = identity
        kept = {key: cell.metadata[key] for key in ("tags", "liveshop", "nbgrader", "mystnb") if key in cell.metadata}
        cell.metadata = type(cell.metadata)(kept)
        if cell.cell_type != "code":
            cell.pop("outputs", None)
            cell.pop("execution_count", None)
            continue
        if {"explorer", "hide-input", INSTALL} & set(tags(cell)):
            cell.metadata["jupyter"] = {"source_hidden": True}     # JupyterLab folds it, as the book does
        if INSTALL in tags(cell):      # it did nothing, and is not counted
            cell.outputs, cell.execution_count = [], None
            continue
        count += 1
        cell.execution_count = count
        for output in cell.outputs:
            if "execution_count" in output:
                output.execution_count = count
            if "data" in output:
                output.data = {mime: output.data[mime] for mime in _TIDY_MIMES if mime in output.data}
            if "metadata" in output:
                output.metadata = {}
        shown = [output for output in cell.outputs if output.output_type != "display_data" or output.data]
        cell.outputs = _joined(shown)
    return with_nbgrader(nb)


def _joined(outputs):
    """The outputs with what was printed in one go in one piece: a kernel may send it in several, as its time falls."""
    joined = []
    for output in outputs:
        before = joined[-1] if joined else None
        if before is not None and output.output_type == before.output_type == "stream" and output.name == before.name:
            before.text += output.text
        else:
            joined.append(output)
    return joined


def with_nbgrader(nb):
    """The notebook with nbgrader's metadata on its exercise cells, from the tags.

    A cell tagged exercise and solution is one that the learner fills; the check cell behind it is worth
    the exercise's points. Everything else carries none.
    """
    nb = copy.deepcopy(nb)
    waiting = None
    for cell in nb.cells:
        cell.metadata.pop("nbgrader", None)
        marks = tags(cell)
        if cell.cell_type != "code":
            continue
        if "solution" in marks and "exercise" in marks:
            waiting = cell
        elif "check" in marks:
            match = CHECK.search(cell.source)
            if match is None:
                raise EditionError(f"A cell tagged check does not call check(\"…\"): {cell.source.strip()[:60]!r}.")
            grade_id = match[1].replace(".", "-")
            cell.metadata["nbgrader"] = {
                "grade": True, "grade_id": f"check-{grade_id}", "locked": True, "points": _points(match[1]),
                "schema_version": 3, "solution": False, "task": False,
            }
            if waiting is not None:
                waiting.metadata["nbgrader"] = {
                    "grade": False, "grade_id": f"answer-{grade_id}", "locked": False,
                    "schema_version": 3, "solution": True, "task": False,
                }
                waiting = None
    return nb


def _points(exercise: str) -> int:
    """Points of an exercise; one, where it is not one of the course's."""
    try:
        return int(find(exercise).points)
    except LookupError:
        return 1


def without_solution(source: str) -> str:
    """Code with everything between the solution marks left out, the marks too."""
    kept, inside = [], False
    for line in source.splitlines():
        if line.strip() == BEGIN:
            inside = True
        elif line.strip() == END:
            inside = False
        elif not inside:
            kept.append(line)
    return "\n".join(kept).rstrip()


def without_comments(cell, expression: str = "") -> str:
    """The text of a cell without its HTML comments; `expression` stands for those that carry a number's expression."""
    source = re.sub(r"<!--\s*=.*?-->", expression, cell.source, flags=re.DOTALL)
    return re.sub(r"<!--(?!=-->).*?-->", "", source, flags=re.DOTALL)
