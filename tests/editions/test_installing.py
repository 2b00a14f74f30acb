"""The cell that installs the course where it is missing, and what the editions make of it."""

import ast
import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from common import ROOT, make_tiny_chapter
from liveshop import editions
from liveshop.editions.__main__ import main
from liveshop.editions.installing import IDENTITY, wheel_address, with_install
from liveshop.editions.own_data.steps import section_steps
from liveshop.editions.slides import slides

CHAPTERS = sorted((ROOT / "notebooks").glob("[0-9][0-9]-*.ipynb"))
REPOSITORY = "https://github.com/a-school-of-commerce/live-and-social-shops"


def install_cells(nb):
    return [cell for cell in nb.cells if "install" in editions.tags(cell)]


def course(folder, settings):
    """A course folder with these settings and a tiny chapter that has the cell."""
    (folder / "_config.yml").write_text(f"title: A course\n{settings}")
    (folder / "pyproject.toml").write_text('[project]\nname = "liveshop"\nversion = "1.2.3"\n')
    nbformat.write(with_install(make_tiny_chapter(), ""), folder / "05-tiny.ipynb")
    return folder


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_every_chapter_has_the_cell_of_the_settings(path):
    """It is the first of the code; of a chapter that has none, or another address: editions install-cell."""
    nb = nbformat.read(path, 4)
    (cell,) = install_cells(nb)
    assert cell is next(one for one in nb.cells if one.cell_type == "code")
    assert nbformat.writes(with_install(nb, wheel_address())) == nbformat.writes(nb)


# --- the address -------------------------------------------------------------------------------------


@pytest.mark.parametrize("url", [REPOSITORY, REPOSITORY + "/", REPOSITORY + ".git"])
def test_address_follows_from_the_repository_and_the_version(tmp_path, url):
    address = wheel_address(course(tmp_path, f"repository:\n  url: {url}\n"))
    assert address == f"{REPOSITORY}/releases/download/v1.2.3/liveshop-1.2.3-py3-none-any.whl"


def test_name_of_the_wheel_is_the_one_that_is_built(wheel, tmp_path):
    kept = course(tmp_path, f"repository:\n  url: {REPOSITORY}\n")
    (kept / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text(encoding="utf-8"), encoding="utf-8")
    assert wheel_address(kept).endswith(f"/{wheel.name}")


@pytest.mark.parametrize("settings", ["", "repository:\n", "repository:\n  url: ''\n  branch: main\n"])
def test_no_address_without_a_repository(tmp_path, settings):
    assert wheel_address(course(tmp_path, settings)) == ""


@pytest.mark.parametrize("command", ["install-cell", "refresh"])
def test_address_is_written_into_the_notebooks(tmp_path, command):
    path = course(tmp_path, f"repository:\n  url: {REPOSITORY}\n") / "05-tiny.ipynb"
    assert main([command, str(path)]) == 0
    (cell,) = install_cells(nbformat.read(path, 4))
    assigned = next(one for one in ast.parse(cell.source).body if isinstance(one, ast.Assign))
    assert ast.literal_eval(assigned.value) == wheel_address(tmp_path) != ""
    lines = cell.source.splitlines()
    assert cell.id == IDENTITY and max(map(len, lines)) <= 110 and len(lines) <= 15


# --- what the cell does ------------------------------------------------------------------------------


@pytest.fixture
def cell(monkeypatch, tmp_path):
    """Runs the cell in a folder of its own, with an address; what it asked pip for. `missing`: what is not there."""
    monkeypatch.chdir(tmp_path)
    asked, real = [], importlib.util.find_spec

    def pip(command, code=0):
        asked.append(command)
        return subprocess.CompletedProcess(command, code)

    def run(address="", missing=("liveshop",), code=0, begun=False):
        monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name in missing else real(name))
        monkeypatch.setattr(subprocess, "run", lambda command: pip(command, code))
        if begun:
            monkeypatch.setitem(sys.modules, "numpy", sys)
        else:
            monkeypatch.delitem(sys.modules, "numpy", raising=False)
        (made,) = install_cells(with_install(nbformat.v4.new_notebook(), address))
        exec(made.source, {})
        return asked

    return run


def test_cell_does_nothing_where_the_course_is(cell, capsys):
    assert cell("https://there.example/x.whl", missing=(), code=1, begun=True) == []
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("missing", ["liveshop", "seaborn"])
def test_without_a_wheel_it_says_in_a_sentence_what_to_do(cell, missing):
    with pytest.raises(ImportError, match="put its wheel") as stopped:
        cell(missing=(missing,))
    (sentence,) = stopped.value._render_traceback_()       # what Jupyter shows in place of a traceback
    assert sentence.endswith("or pip install PATH/WHEEL[notebook].")


def test_it_installs_from_the_address(cell, capsys):
    assert cell("https://there.example/liveshop-1.whl") == [
        [sys.executable, "-m", "pip", "install", "--quiet", "liveshop[notebook] @ https://there.example/liveshop-1.whl"]]
    assert "Installing the course with its data from https://there.example/liveshop-1.whl" in capsys.readouterr().out


def test_a_wheel_beside_the_notebook_comes_first(cell):
    """Of several the newest, by number: 1.10 is newer than 1.9, and 2.0 than both."""
    asked = []
    for version in ("1.9.0", "1.10.0", "1.2.0", "2.0.0"):
        Path(f"liveshop-{version}-py3-none-any.whl").touch()
        asked = cell("https://there.example/liveshop-3.whl")
    newest = ["1.9.0", "1.10.0", "1.10.0", "2.0.0"]
    assert [command[-1] for command in asked] == [f"./liveshop-{one}-py3-none-any.whl[notebook]" for one in newest]


def test_what_pip_cannot_do_is_said(cell):
    with pytest.raises(ImportError, match="could not be installed from https://there.example/x.whl: the lines above"):
        cell("https://there.example/x.whl", code=1)


def test_a_kernel_with_older_packages_is_to_be_restarted(cell):
    with pytest.raises(ImportError, match="Installed. Restart the kernel"):
        cell("https://there.example/x.whl", begun=True)


# --- in the editions ---------------------------------------------------------------------------------


def test_editions_treat_the_cell_rightly():
    nb = editions.normalise(with_install(make_tiny_chapter(), ""))
    (cell,) = install_cells(nb)
    assert cell.metadata.jupyter.source_hidden and cell.execution_count is None     # folded, and not counted
    counts = [one.execution_count for one in nb.cells if one.cell_type == "code" and one is not cell]
    assert counts == list(range(1, len(counts) + 1))
    for make in (editions.student_edition, editions.teacher_edition):       # these are copied to other places
        assert [one.source for one in install_cells(make(nb))] == [cell.source]
    (shown,) = install_cells(editions.book_edition(nb))
    assert "remove-cell" in editions.tags(shown) and "jupyter" not in json.dumps(shown.metadata.get("mystnb", {}))
    assert "liveshop*.whl" not in slides(nb)
    # A section on own data is made and run where the course is.
    assert not any("liveshop*.whl" in step.source for step in section_steps(nb, "5.1")[1])
