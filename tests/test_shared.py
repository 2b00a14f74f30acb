"""The course on a machine that many share: a folder that its readers cannot write to, files that are theirs alone."""

from __future__ import annotations

import contextlib
import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat
import pytest

from common import ROOT
from liveshop.editions.own_data import folder
from liveshop.tables import write_text


@contextlib.contextmanager
def shared_course():
    """A course that is set up, in a folder whose reader may not write to it; gives her `make`."""
    with tempfile.TemporaryDirectory() as place:
        course = Path(place)
        (course / "Makefile").write_bytes((ROOT / "Makefile").read_bytes())
        for name in ("notebooks", ".venv/bin"):
            (course / name).mkdir(parents=True)
        (course / ".venv" / "setup-done").write_text("of other pins than make takes by itself")
        (course / ".venv" / "bin" / "python").write_text("#!/bin/sh\n")
        parts = [course, *course.rglob("*")]
        for part in parts:
            part.chmod(0o555)
        account = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
        yield lambda *what: subprocess.run(["make", *what], cwd=course, capture_output=True, text=True, **account)
        for part in parts:
            part.chmod(0o755)


def test_a_shared_course_is_used_as_it_was_set_up():
    with shared_course() as make:
        run = make("setup")
    assert (run.returncode, run.stderr) == (0, ""), run.stderr


def test_jupyterlab_on_notebooks_that_cannot_be_saved_is_one_sentence():
    with shared_course() as make:
        run = make("lab", "PORT=0")
    said = [line for line in run.stderr.splitlines() if not line.startswith("make")]
    assert run.returncode != 0 and len(said) == 1 and "copy them to a folder of yours" in said[0], run.stderr


@pytest.mark.parametrize("mask", [0o022, 0o027, 0o077])
def test_a_result_is_as_private_as_its_reader_keeps_her_files(tmp_path, mask):
    before = os.umask(mask)
    try:
        with folder.replacing(tmp_path / "mine" / "5.4") as work:
            assert stat.S_IMODE(work.stat().st_mode) == 0o700, "while it is made"
            write_text(work / "report.md", "GMV 4,711")
    finally:
        os.umask(before)
    result = tmp_path / "mine" / "5.4"
    rights = [stat.S_IMODE(path.stat().st_mode) for path in (result.parent, result, result / "report.md")]
    assert rights == [0o777 & ~mask, 0o777 & ~mask, 0o666 & ~mask]


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="this system does not tell of shared memory")
def test_what_learners_need_is_told_in_megabytes(tmp_path):
    """Both keep 200 MB, and have held 100 MB more for a moment."""
    cells = ["import numpy as np\nheld = np.ones(25_000_000)", "more = np.ones(12_500_000)\ndel more"]
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
    nbformat.write(nb, tmp_path / "two.ipynb")
    run = subprocess.run([sys.executable, ROOT / "tests" / "learners.py", "2", tmp_path / "two.ipynb"],
                         capture_output=True, text=True)
    assert run.returncode == 0, run.stderr[-2000:]
    name, *figures = run.stdout.splitlines()[1].split()
    count, own, libraries, together, peak = map(int, figures[:5])
    assert (name, count) == ("two", 2) and 200 < own < 290 and peak > own + 100
    assert abs(2 * own + libraries - together) <= 2
