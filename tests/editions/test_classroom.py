"""Classes: chapters graded by nbgrader itself."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from common import ROOT
from liveshop import editions

CHAPTERS = sorted((ROOT / "notebooks").glob("[0-9][0-9]-*.ipynb"))


def grade(folder: Path, name: str, submissions: dict, data=None) -> dict[str, tuple[float, float]]:
    """Points and maximum of each submission, graded by nbgrader itself."""
    bin_folder = Path(sys.executable).parent

    def nbgrader(*arguments):
        run = subprocess.run(
            [bin_folder / "nbgrader", *arguments], cwd=folder, capture_output=True, text=True, timeout=400,
            env={**os.environ, "PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}"},
        )
        assert run.returncode == 0, run.stderr[-3000:]

    nbgrader("generate_assignment", name)
    for student, nb in submissions.items():
        path = folder / "submitted" / student / name / f"{name}.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(nb if nb is not None else nbformat.read(folder / "release" / name / f"{name}.ipynb", 4), path)
    nbgrader("autograde", name)
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        found = {student: gradebook.find_submission(name, student) for student in submissions}
        return {student: (one.score, one.max_score) for student, one in found.items()}


@pytest.mark.slowest
def test_solved_gets_full_marks_and_empty_none(tiny_chapter, tmp_path):
    path = tmp_path / "05-tiny.ipynb"
    nbformat.write(tiny_chapter, path)
    folder = editions.assignment([path], tmp_path / "class", data=ROOT / "data")
    solved = editions.normalise(tiny_chapter)
    scores = grade(folder, "05-tiny", {"solved": solved, "empty": None})
    full = scores["solved"][1]
    assert full > 0 and scores == {"solved": (full, full), "empty": (0, full)}
    release = nbformat.read(folder / "release" / "05-tiny" / "05-tiny.ipynb", 4)
    text = "\n".join(cell.source for cell in release.cells)
    assert "SOLUTION" not in text and "Guests should never" not in text


def untouched(nb):
    """The student edition with its stubs as they are: each stands before its check, so nothing else has to run."""
    nb = editions.student_edition(nb)
    first = {"parameters", "setup"}
    nb.cells = [cell for cell in nb.cells if "nbgrader" in cell.metadata or first & set(editions.tags(cell))]
    return nb


@pytest.mark.slowest
@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_chapter_is_graded_right(path, tmp_path):
    """The chapter's own student edition: solved gets every point, untouched gets none."""
    nb = nbformat.read(path, 4)
    folder = editions.assignment([path], tmp_path / "class")
    scores = grade(folder, path.stem, {"solved": editions.normalise(nb), "empty": untouched(nb)})
    full = scores["solved"][1]
    exercises = [cell for cell in nb.cells if "check" in editions.tags(cell)]
    assert full >= len(exercises) > 0
    assert scores == {"solved": (full, full), "empty": (0, full)}
