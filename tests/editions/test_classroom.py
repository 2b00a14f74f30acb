"""Classes: chapters graded by nbgrader itself, and what a submission cannot do about its marks."""

import copy
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from common import ROOT, _cell
from liveshop import editions, load, practice
from liveshop.editions.__main__ import main
from liveshop.practice.exercise import bound, find
from liveshop.practice.grade import marked, packed

CHAPTERS = sorted((ROOT / "notebooks").glob("[0-9][0-9]-*.ipynb"))


def nbgrader(folder: Path, *arguments: str) -> None:
    """nbgrader's own command in a course folder."""
    bin_folder = Path(sys.executable).parent
    run = subprocess.run(
        [bin_folder / "nbgrader", *arguments], cwd=folder, capture_output=True, text=True, timeout=400,
        env={**os.environ, "PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}"},
    )
    assert run.returncode == 0, run.stderr[-3000:]


def grade(folder: Path, name: str, submissions: dict) -> dict[str, tuple[float, float]]:
    """Points and maximum of each submission, graded by nbgrader itself: a notebook, or a function that changes the one
    that was handed out."""
    nbgrader(folder, "generate_assignment", name)
    for student, made in submissions.items():
        path = folder / "submitted" / student / name / f"{name}.ipynb"
        path.parent.mkdir(parents=True)
        release = nbformat.read(folder / "release" / name / f"{name}.ipynb", 4)
        nbformat.write(made(release) if callable(made) else made, path)
    nbgrader(folder, "autograde", name)
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        found = {student: gradebook.find_submission(name, student) for student in submissions}
        return {student: (one.score, one.max_score) for student, one in found.items()}


# --- a submission that marks itself ----------------------------------------------------------------

STUBS = {"5.2b": "weight, shrunk = ..., ...", "6.2d": "plan = ..."}
RIGHT = {"5.2b": "weight, shrunk = 5 / 9, 2 / 9", "6.2d": "plan = PLAN"}
CHECKS = {"5.2b": 'check("5.2b", weight, shrunk)', "6.2d": 'check("6.2d", plan)'}


def two_exercises():
    """A small chapter with two of the course's exercises: one of two numbers, one of a table with part of its points.
    """
    tables = load(ROOT / "data")
    plan = bound(tables, find("6.2d")).examples_right()[0]
    plan = f"pd.DataFrame({plan.to_dict()})"
    cells = [_cell("text", "# 5 Two exercises"),
             _cell("code", "import pandas as pd\nfrom liveshop import check", "setup"),
             _cell("text", "> **Try it.** Who? *She does.*"),
             _cell("text", "**For the teacher.** Never for guests.", "teacher")]
    for id, stub in STUBS.items():
        solution = RIGHT[id].replace("PLAN", plan)
        cells += [_cell("text", f"#### Exercise {id}: one", "exercise"),
                  _cell("code", f"{stub}\n### BEGIN SOLUTION\n{solution}\n### END SOLUTION", "exercise", "solution"),
                  _cell("code", CHECKS[id], "exercise", "check")]
    nb = nbformat.v4.new_notebook(cells=cells)
    for number, cell in enumerate(nb.cells, 1):
        cell["id"] = f"two-{number:02d}"
    return editions.normalise(nb)


def with_code(code: str):
    """A submission in which nothing is solved and this code runs after the set-up."""
    def submission(nb):
        nb.cells.insert(2, nbformat.v4.new_code_cell(code))
        return nb
    return submission


def with_checks(change):
    """A submission in which nothing is solved and each check cell is changed."""
    def submission(nb):
        for cell in nb.cells:
            if cell.metadata.get("nbgrader", {}).get("grade"):
                change(cell)
        return nb
    return submission


def _pretend(cell):
    cell.source = "'Right.'"
    cell.outputs = [nbformat.v4.new_output("execute_result", {"text/plain": "1.0"}, execution_count=1)]


CHEATS = {
    "check rebound": with_code("check = lambda *a, **k: None"),
    "environment": with_code("import os; os.environ.pop('NBGRADER_EXECUTION', None)"),
    "engine patched": with_code(
        "from liveshop.practice import exercise, grade, judge, show\n"
        "right = exercise.Verdict('right', 'Yes.')\n"
        "for module in (judge, show, grade):\n    module.verdict = lambda *a, **k: right"),
    "registry": with_code(
        "from liveshop import practice\nfor spec in practice.exercises():\n"
        "    spec.key, spec.judge, spec.points = None, lambda *a: practice.Verdict('right', ''), 99.0"),
    "sending patched": with_code("from liveshop.practice import grade\ngrade.send = lambda *a, **k: 1.0"),
    "module replaced": with_code(
        "import sys, types\nfake = types.ModuleType('grade')\nfake.send = print\n"
        "import liveshop.practice\nliveshop.practice.grade = sys.modules['liveshop.practice.grade'] = fake"),
    "imports replaced": with_code(
        "import builtins, types\nreal, fake = builtins.__import__, types.ModuleType('practice')\n"
        "fake.grade = fake\nfake.send = print\n"
        "builtins.__import__ = lambda name, *a: fake if name.startswith('liveshop') else real(name, *a)"),
    "left by an exit": with_code(
        "from liveshop.practice import grade\ndef send(*a, **k):\n    raise SystemExit(0)\ngrade.send = send"),
    "kernel killed": with_code(
        "import os\nfrom liveshop.practice import grade\ngrade.send = lambda *a, **k: os._exit(0)"),
    "junk sent": with_code(
        "from IPython.display import display\nfrom liveshop.practice import grade\n"
        "grade.send = lambda *a, **k: display({grade.SENT: '{\"id\": 1}'}, raw=True)"),
    "shell replaced": with_code(
        "shell = get_ipython()\nshell.input_transformers_post.append(lambda lines: ['1.0\\n'])"),
    "cells replaced": with_checks(_pretend),
    "cells skipped": with_checks(lambda cell: cell.metadata.update(tags=["skip-execution"])),
    "more points": with_checks(lambda cell: cell.metadata.nbgrader.update(points=1000)),
}


def part_of_it(nb):
    """A plan like the overall ranking (part of the points), and one number of two wrong."""
    first, second = (cell for cell in nb.cells if cell.metadata.get("nbgrader", {}).get("solution"))
    first.source = "weight, shrunk = 5 / 9, 0.5"
    second.source = ("same = lambda posts: dict.fromkeys(['basics', 'office', 'weekend', 'bargain'], posts)\n"
                     "plan = {'video': same(5), 'live': same(3), 'photo': same(6)}")
    return nb


@pytest.mark.slowest
def test_a_submission_cannot_mark_itself(tmp_path):
    path = tmp_path / "05-two.ipynb"
    chapter = two_exercises()
    nbformat.write(chapter, path)
    folder = editions.assignment([path], tmp_path / "class", data=ROOT / "data")
    honest = {"solved": copy.deepcopy(chapter), "empty": lambda nb: nb, "part": part_of_it}
    scores = grade(folder, "05-two", honest | CHEATS)
    assert {name: scores[name] for name in ("solved", "empty")} == {"solved": (2, 2), "empty": (0, 2)}
    assert 0 < scores["part"][0] < 1 and scores["part"][1] == 2
    assert {name: scores[name] for name in CHEATS} == dict.fromkeys(CHEATS, (0, 2))

    release = nbformat.read(folder / "release" / "05-two" / "05-two.ipynb", 4)
    text = "\n".join(cell.source for cell in release.cells)
    assert "SOLUTION" not in text and "Never for guests" not in text and "<details>" in text
    assert [cell.source for cell in release.cells if cell.source.startswith("check(")] == list(CHECKS.values())

    # Feedback says what is wrong, and shows nothing of how that is found out.
    nbgrader(folder, "generate_feedback", "05-two", "--student", "part")
    feedback = (folder / "feedback" / "part" / "05-two" / "05-two.html").read_text(encoding="utf-8")
    assert "Every group gets the same mix" in feedback and "Right already" in feedback
    feedback = re.sub(r"<(style|script)[\s\S]*?</\1>", "", feedback)
    assert not re.search(r"Traceback \(|site-packages|_grade|judge\.py|vnd\.liveshop", feedback)


# --- a world of one's own --------------------------------------------------------------------------


@pytest.mark.slowest
def test_another_seed_gives_a_class_other_answers_and_the_checks_follow(tmp_path):
    """As the page on teaching says: what was right in the course's world is wrong in the class's, and the other way."""
    made = [sys.executable, "-m", "liveshop.world", "--out", str(tmp_path / "data"), "--seed", "7"]
    subprocess.run(made, check=True, capture_output=True, timeout=300)
    asked = ["assignment", str(CHAPTERS[0]), "--out", str(tmp_path / "class"), "--data", str(tmp_path / "data")]
    assert main(asked) == 0
    ours, theirs = load(ROOT / "data"), load(tmp_path / "class" / "data")
    followed, copied = [], []
    for spec in practice.exercises():
        if spec.fields and spec.needs and spec.id[0] == CHAPTERS[0].stem[1]:
            old, new = bound(ours, spec).key.right, bound(theirs, spec).key.right
            followed.append(marked(spec.id, packed(spec.id, *new.values()), theirs).share)
            copied.append(marked(spec.id, packed(spec.id, *old.values()), theirs).share)
    assert min(followed) == 1.0
    assert sum(share < 1 for share in copied) >= 0.6 * len(copied) > 3


# --- whole chapters --------------------------------------------------------------------------------


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
