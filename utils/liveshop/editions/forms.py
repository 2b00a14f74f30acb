"""The forms in which a chapter is handed out: to students, to teachers, to the book."""

from liveshop.editions.cells import normalise, only_solution, tags, without_comments, without_solution

# Stands in the book's edition behind a number that comes from the data, in place of its expression.
FROM_DATA = "<!--=-->"


def student_edition(nb):
    """The notebook to hand out: questions, stubs and checks, no solution, no output, no teacher's notes."""
    nb = normalise(nb)
    cells = []
    for cell in nb.cells:
        marks = tags(cell)
        if "teacher" in marks or ("solution" in marks and "exercise" not in marks):
            continue
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
            if "solution" in marks:
                cell.source = without_solution(cell.source)
        cell.source = without_comments(cell) if cell.cell_type == "markdown" else cell.source
        cells.append(cell)
    nb.cells = cells
    return nb


def teacher_edition(nb):
    """The whole notebook with its outputs, the teacher's notes marked as such and every solution in sight."""
    nb = normalise(nb)
    for cell in nb.cells:
        if cell.cell_type == "markdown":
            cell.source = without_comments(cell)
            if "teacher" in tags(cell) and not cell.source.lstrip().startswith(">"):
                cell.source = "> **For the teacher.** " + cell.source.strip().replace("\n", "\n> ")
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
    for cell in nb.cells:
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
                _fold(cell, "hide-cell", "book-solution", "Worked solution in code")
            elif "parameters" in marks:
                cell.metadata["tags"] = [*marks, "remove-input"]
            elif "setup" in marks:
                _fold(cell, "hide-input", "book-setup", "Set-up")
            elif "explorer" in marks:
                _fold(cell, "hide-input", "book-explorer", "Code of this explorer")
            elif {"check", "quiz", "card"} & set(marks):
                cell.metadata["tags"] = [*marks, "remove-input"]
        cells.append(cell)
    nb.cells = cells
    return nb


def _fold(cell, fold: str, mark: str, prompt: str) -> None:
    cell.metadata["tags"] = [tag for tag in tags(cell) if not tag.startswith(("hide-", "remove-"))] + [fold, mark]
    cell.metadata["mystnb"] = {"code_prompt_show": prompt, "code_prompt_hide": prompt}
