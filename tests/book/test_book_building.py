"""A chapter added to a copy of the course: it passes the tests of the course, and what its notebook gave is kept.

The copy holds this one chapter of three sections, so that a build of its book takes seconds.
"""
from __future__ import annotations

import copy
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from common import ROOT, build_book
from example.chapter import course_with_one_chapter


def environment(course: Path) -> dict:
    """The copy's own package comes before the installed one."""
    return {"PYTHONPATH": str(course / "utils"), "LIVESHOP_MEDIUM": "opening"}


def built(course: Path) -> list[str]:
    """The notebooks that were run for a build of the copy's book."""
    run = build_book(course, course, **environment(course))
    assert run.returncode == 0, run.stdout[-2000:] + run.stderr[-4000:]
    return sorted(re.findall(r"^(\S+): executed in", run.stdout, re.MULTILINE))


def written(course: Path) -> dict[str, bytes]:
    html = course / "_build" / "html"
    return {str(path.relative_to(html)): path.read_bytes() for path in html.rglob("*.html")}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """The copy, its notebook run as make notebooks does."""
    course = course_with_one_chapter(tmp_path_factory.mktemp("course"))
    (notebook,) = (course / "notebooks").glob("*.ipynb")
    run = subprocess.run(
        [sys.executable, "-m", "liveshop.editions", "refresh", str(notebook)],
        cwd=course, env={**os.environ, **environment(course)}, capture_output=True, text=True,
    )
    assert run.returncode == 0, run.stderr
    return course


@pytest.fixture(scope="module")
def built_course(course):
    assert built(course) == ["08-risk.ipynb", "index.md", "realism.md"]
    return course


@pytest.mark.slow
@pytest.mark.parametrize("tests", [
    ["tests/test_house.py", "-k", "notebook or map or overview or contents or glossary or names_of_pages"],
    ["tests/editions/test_slides.py"],
    ["tests/book/test_book_content.py", "tests/book/test_book_frame.py"],
    ["tests/book/test_book_answers.py", "tests/book/test_book_explorers.py"],
    ["tests/book/test_book_pages.py", "-k", "contents or risk or playbook"],
], ids=["house", "slides", "content and frame", "interactive parts", "pages"])
def test_three_sections_pass_the_tests_of_the_course(built_course, tests):
    html = built_course / "_build" / "html"
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", *tests], cwd=built_course, capture_output=True, text=True,
        env={**os.environ, **environment(built_course), "LIVESHOP_BOOK": str(html)},
    )
    assert run.returncode == 0, run.stdout[-4000:]
    assert re.search(r"\d+ passed", run.stdout)


@pytest.mark.slow
def test_a_book_built_again_runs_nothing_and_is_the_same(built_course):
    before = written(built_course)
    assert built(built_course) == []
    assert written(built_course) == before


def rewrite(path: Path, nb, old: str, new: str) -> None:
    changed = copy.deepcopy(nb)
    for cell in changed.cells:
        cell.source = cell.source.replace(old, new)
    assert changed != nb
    nbformat.write(changed, path)


@pytest.mark.slow
def test_prose_keeps_what_the_notebook_gave(built_course):
    (path,) = (built_course / "notebooks").glob("*.ipynb")
    before, nb = written(built_course), nbformat.read(path, 4)
    rewrite(path, nb, "Add up, once a week.", "Add up, twice a week.")
    assert built(built_course) == []
    after = written(built_course)
    sections = {name for name in after if name.startswith("notebooks/8-")}
    assert len(sections) == 3 and all("twice a week" in after[name].decode() for name in sections)
    changed = {name for name in after if after[name] != before[name]}
    assert changed <= {*sections, "book/reference/status.html"}
    nbformat.write(nb, path)


@pytest.mark.slow
def test_code_is_run_again_and_what_it_gave_before_is_kept_no_longer(built_course):
    (path,) = (built_course / "notebooks").glob("*.ipynb")
    nb = nbformat.read(path, 4)
    rewrite(path, nb, " = tables.streams.gmv.sum()", " = 1 * tables.streams.gmv.sum()")
    assert built(built_course) == ["08-risk.ipynb"]
    nbformat.write(nb, path)
    assert built(built_course) == ["08-risk.ipynb"]


@pytest.mark.slow
def test_what_is_damaged_is_made_again(built_course):
    """An executed notebook with an output lost, a page's tree cut short, a database that is none."""
    before = written(built_course)
    kept, trees = built_course / "_build" / ".jupyter_cache", built_course / "_build" / ".doctrees"
    (executed,) = (path for path in kept.rglob("base.ipynb") if "@explore" in path.read_text(encoding="utf-8"))
    nb = nbformat.read(executed, 4)
    next(cell for cell in nb.cells if cell.outputs).outputs = []
    nbformat.write(nb, executed)
    (trees / "book" / "teach" / "index.doctree").write_bytes(b"cut short")
    assert built(built_course) == ["08-risk.ipynb"]
    (database,) = kept.rglob("global.db")
    database.write_bytes(b"no database" * 1000)
    assert built(built_course) == ["08-risk.ipynb", "index.md", "realism.md"]
    after = written(built_course)
    assert [name for name in after if after[name] != before[name]] in ([], ["book/reference/status.html"])


def test_what_a_notebook_depends_on_names_what_is_kept(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "book" / "_ext")
    from course.executions import state

    package, data = tmp_path / "liveshop", tmp_path / "data"
    pins, code, table = tmp_path / "requirements.txt", package / "a.py", data / "a.parquet"
    for path in (pins, code, table):
        path.parent.mkdir(exist_ok=True)
        path.write_text("one")
    (tmp_path / "book.md").write_text("prose")
    seen = [state(tmp_path, package)]
    (tmp_path / "book.md").write_text("other prose")
    assert state(tmp_path, package) == seen[0]
    for path in (pins, code, table):
        path.write_text("two")
        seen.append(state(tmp_path, package))
    code.rename(package / "b.py")
    seen.append(state(tmp_path, package))
    monkeypatch.setenv("LIVESHOP_MEDIUM", "frames")
    seen.append(state(tmp_path, package))
    assert len(set(seen)) == 6
