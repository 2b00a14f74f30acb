"""What `solution` shows, pasted into the student edition, checks as right: for every exercise of the course."""

import contextlib
import io

import nbformat
import pytest

from liveshop import practice
from liveshop.editions import student_edition
from liveshop.editions.cells import tags
from liveshop.editions.chapters import notebooks
from liveshop.practice.worked import CHECK


def pasted(path):
    """Exercise -> verdict, when each stub of the student edition is followed by what `solution` shows."""
    nb = student_edition(nbformat.read(path, as_version=4))
    found, names = {}, {}
    exercise = iter([match[1] for cell in nb.cells if "check" in tags(cell) and (match := CHECK.search(cell.source))])
    for cell in nb.cells:
        marks = set(tags(cell))
        if cell.cell_type != "code":
            continue
        with contextlib.redirect_stdout(io.StringIO()):
            if "check" in marks:
                names["check"] = lambda id, *answers: found.update({id: practice.verdict(id, *answers)})
            exec(compile(cell.source, cell["id"], "exec"), names)
            if {"exercise", "solution"} <= marks:
                exec(compile(practice.find(next(exercise)).worked(), cell["id"], "exec"), names)
    return found


@pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.stem)
def test_a_pasted_solution_is_right(path, monkeypatch):
    monkeypatch.chdir(path.parent.parent)
    monkeypatch.setenv("MPLBACKEND", "agg")
    chapter = str(int(path.stem[:2]))
    found = pasted(path)
    assert set(found) == {one.id for one in practice.exercises() if one.id.split(".")[0] == chapter}
    wrong = {id: str(verdict) for id, verdict in found.items() if verdict.state != "right"}
    assert not wrong
