"""The forms in which a chapter is handed out: to students, to teachers, to the book."""

import ast
import re

from liveshop.editions.callouts import folded
from liveshop.editions.cells import normalise, tags, without_comments, without_solution
from liveshop.practice.worked import CHECK, only_solution

# Stands in the book's edition behind a number that comes from the data, in place of its expression.
FROM_DATA = "<!--=-->"
_HEADING = re.compile(r"^#{1,6} ", re.MULTILINE)


def student_edition(nb, solutions: bool = False):
    """The notebook to hand out: questions, stubs and checks; answers of "Try it" and what follows a check folded away.

    No solution, no output, no teacher's notes. With `solutions` the exercises keep theirs, between the marks at which
    nbgrader cuts them out.
    """
    nb = normalise(nb)
    cells, checked = [], False
    for cell in nb.cells:
        marks = tags(cell)
        if "teacher" in marks or ("solution" in marks and "exercise" not in marks):
            continue
        if cell.cell_type == "code":
            checked = checked or "check" in marks
            cell.outputs, cell.execution_count = [], None
            if "solution" in marks and not solutions:
                cell.source = without_solution(cell.source)
        elif cell.cell_type == "markdown":
            cell.source = folded(without_comments(cell))
            checked = checked and not _HEADING.search(cell.source)
            if checked:         # it speaks of the answer
                cell.source = f"<details><summary>After the exercise</summary>\n\n{cell.source}\n\n</details>"
        cells.append(cell)
    nb.cells = cells
    return nb


def teacher_edition(nb):
    """The whole notebook with its outputs, the teacher's notes set off as block quotes and every solution in sight."""
    nb = normalise(nb)
    for cell in nb.cells:
        if cell.cell_type == "markdown":
            cell.source = without_comments(cell)
            if "teacher" in tags(cell):
                cell.source = "\n".join(f"> {line}".rstrip() for line in cell.source.strip().split("\n"))
        elif "solution" in tags(cell):
            cell.source = only_solution(cell.source)
    return nb


def book_edition(nb):
    """The notebook as the book shows it, to be run with all frames.

    Solutions fold away behind a heading of their own and the stub is shown instead; the code of explorers and of
    the set-up folds; calls whose code says nothing (check, quiz, card) show their result only.
    """
    import nbformat

    nb = normalise(nb)
    cells = []
    for place, cell in enumerate(nb.cells):
        marks = tags(cell)
        if "teacher" in marks:
            continue
        cell.metadata.pop("nbgrader", None)
        if cell.cell_type == "markdown":
            cell.source = without_comments(cell, FROM_DATA)
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
            if "solution" in marks and "exercise" in marks:
                stub = without_solution(cell.source)
                if stub:
                    shown = nbformat.v4.new_markdown_cell(f"```python\n{stub}\n```")
                    shown["id"] = f"{cell['id']}-stub"
                    cells.append(shown)
                cell.source = only_solution(cell.source)
                _fold(cell, "hide-cell", "book-solution", "Worked solution to " + _exercise(nb.cells[place:]))
            elif "parameters" in marks:
                cell.metadata["tags"] = [*marks, "remove-input"]
            elif "setup" in marks:
                _fold(cell, "hide-input", "book-setup", _code("set-up of the chapter"))
            elif "explorer" in marks:
                _fold(cell, "hide-input", "book-explorer", _code(explorer_title(cell.source)))
            elif "hide-input" in marks:
                shows = cell.metadata.get("liveshop", {}).get("shows")
                if not shows:
                    raise ValueError(f"Cell {cell['id']} is folded without a name: say what it shows in "
                                     "metadata.liveshop.shows.")
                _fold(cell, "hide-input", "book-figure", _code(shows))
            elif {"check", "quiz", "card"} & set(marks):
                cell.metadata["tags"] = [*marks, "remove-input"]
        cells.append(cell)
    nb.cells = cells
    return nb


def _fold(cell, fold: str, mark: str, prompt: str) -> None:
    cell.metadata["tags"] = [tag for tag in tags(cell) if not tag.startswith(("hide-", "remove-"))] + [fold, mark]
    cell.metadata["mystnb"] = {"code_prompt_show": prompt, "code_prompt_hide": prompt.replace("Show", "Hide", 1)}


def _code(shows: str) -> str:
    return f"Show the code: {shows}"


def _exercise(cells) -> str:
    """The exercise that the first of these cells solves: the one that is checked next."""
    checked = (CHECK.search(cell.source) for cell in cells)
    return next((match[1] for match in checked if match), "the exercise")


def explorer_title(source: str) -> str:
    """What an explorer's cell calls it: its title, or else the name of its function."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef) and node.decorator_list:
            titles = [word.value.value for call in node.decorator_list if isinstance(call, ast.Call)
                      for word in call.keywords if word.arg == "_title" and isinstance(word.value, ast.Constant)]
            return titles[0] if titles else node.name.replace("_", " ")
    return "explorer"
