"""A chapter's notebook in a fresh environment that has Jupyter and pip and nothing else of the course."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from common import ROOT

pytestmark = pytest.mark.slowest

CHAPTER = ROOT / "notebooks" / "05-live-operations.ipynb"
OUTSIDE = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "LIVESHOP"))}
# Runs the notebook that lies in the working directory as Jupyter does, and keeps what came of it.
RUN = """
import nbformat, sys
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
nb = nbformat.read(sys.argv[1], as_version=4)
try:
    NotebookClient(nb, timeout=900).execute()
except CellExecutionError:
    pass
nbformat.write(nb, "done.ipynb")
"""


@pytest.fixture(scope="module")
def jupyter(tmp_path_factory):
    """The Python of an environment with pip and what runs a notebook."""
    folder = tmp_path_factory.mktemp("bare") / "venv"
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    python = folder / "bin" / "python"
    pip = subprocess.run([python, "-m", "pip", "install", "--quiet", "nbclient", "ipykernel"], env=OUTSIDE,
                         capture_output=True, text=True)
    if pip.returncode:
        why = f"Jupyter could not be installed: {pip.stderr[-300:]}"
        pytest.fail(why) if os.environ.get("CI") else pytest.skip(why)
    return python


@pytest.fixture
def opened(jupyter, tmp_path):
    """Runs the first cells of the copied notebook, up to a number of them with code; the run cells with code."""
    folder = tmp_path / "copied"
    folder.mkdir()

    def run(codes):
        nb = nbformat.read(CHAPTER, as_version=4)
        places = [place for place, cell in enumerate(nb.cells) if cell.cell_type == "code"]
        nb.cells = nb.cells[:places[codes]]
        for place in places[:codes]:
            nb.cells[place].outputs, nb.cells[place].execution_count = [], None
        nbformat.write(nb, folder / CHAPTER.name)
        command = [jupyter, "-c", RUN, CHAPTER.name]
        done = subprocess.run(command, cwd=folder, env=OUTSIDE, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-2000:]
        return [cell for cell in nbformat.read(folder / "done.ipynb", as_version=4).cells if cell.cell_type == "code"]

    run.folder = folder
    return run


def errors(cells):
    return [output for cell in cells for output in cell.outputs if output.output_type == "error"]


def test_without_a_wheel_the_first_cell_says_what_to_do_and_nothing_else_runs(opened):
    cells = opened(5)
    (error,) = errors(cells)
    assert error.ename == "NotInstalled" and error.traceback == [error.evalue]
    assert "put its wheel beside this notebook" in error.evalue
    assert cells[0].execution_count and not any(cell.execution_count for cell in cells[1:])


def test_with_the_wheel_beside_it_the_chapter_begins(opened, jupyter, wheel):
    """The first cell installs; the next load the tables that came with the wheel, draw, and judge an answer."""
    shutil.copy(wheel, opened.folder)
    cells = opened(12)
    assert not errors(cells), [error.evalue for error in errors(cells)]
    assert "Installing the course with its data from liveshop-" in cells[0].outputs[0].text
    assert any("image/png" in str(output) for cell in cells for output in cell.outputs)
    run = subprocess.run([jupyter, "-c", "import liveshop; print(liveshop.load().folder); print(liveshop.doctor())"],
                         cwd=opened.folder, env=OUTSIDE, capture_output=True, text=True)
    folder, *told = run.stdout.splitlines()
    assert Path(folder).is_relative_to(jupyter.parents[1]) and "BROKEN" not in run.stdout, run.stdout + run.stderr
    assert told[-1].startswith(("All is well", "The chapters run here"))
    listed = subprocess.run([jupyter, "-m", "pip", "freeze"], env=OUTSIDE, capture_output=True, text=True).stdout
    here = {line.split("==")[0].split(" @")[0].lower() for line in listed.splitlines()}
    assert "liveshop" in here and not here & {"pyspark", "pytest", "playwright", "sphinx", "jupyterlab", "duckdb"}
