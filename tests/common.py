"""What test files share and no fixture is: places, a lock, cells and a tiny chapter, the building of a book."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import nbformat

from liveshop.tables import Tables

ROOT = Path(__file__).resolve().parents[1]


@contextmanager
def alone(path: Path):
    """One process at a time, among all that name the same lock file; the others wait."""
    with open(path, "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def own_tables(*frames, **more):
    """Tables in memory, as a reader has them: frames by table name, as a dict and by keyword."""
    return Tables(frames=dict(*frames, **more))


def build_book(course: Path, out: Path, **environment) -> subprocess.CompletedProcess:
    """Builds the book of a course folder as make book does, with its pages in out/_build/html."""
    jupyter_book = shutil.which("jupyter-book", path=str(Path(sys.executable).parent))
    assert jupyter_book, "jupyter-book is not installed beside this Python: run make setup."
    return subprocess.run(
        [jupyter_book, "build", "-W", "-n", "--keep-going", "--path-output", str(out), str(course)],
        cwd=course, env={**os.environ, **environment}, capture_output=True, text=True, timeout=1500,
    )


def _cell(kind: str, source: str, *tags: str, **about):
    """A cell ("text" or "code") with its tags, and what it needs and shows."""
    cell = (nbformat.v4.new_markdown_cell if kind == "text" else nbformat.v4.new_code_cell)(source)
    if tags:
        cell.metadata["tags"] = list(tags)
    if about:
        cell.metadata["liveshop"] = about
    return cell


SETUP = """\
import os
import pandas as pd

def check(exercise, answer):
    right = answer is not ... and abs(answer - 20) < 0.5
    if not right and os.environ.get('NBGRADER_EXECUTION'):
        raise AssertionError('You divided by viewers.')
    return 'Right.' if right else 'Not attempted.' if answer is ... else 'You divided by viewers.'

streams = pd.DataFrame({'views': [1000, 3000], 'viewers': [800, 2000], 'gmv': [10.0, 70.0]})"""

STRATEGY = (
    "## 5.1 Content and format\n\n### Strategy\n\nA room earns "
    "20 yuan<!-- = gpm_all:.0f --> per thousand views (千次观看成交金额), which is "
    "25 %<!-- = share:.0% --> of what **1,000<!-- = thousand:,.0f -->** would be, "
    "and **−3.0<!-- = loss:.1f -->** net.\n\n"
    "> **Decision rule.** Divide by views.\n\n> **The trap.** Viewers are fewer."
)

TEMPLATE = """\
gpm_all = 1000 * streams.gmv.sum() / streams.views.sum()
share, thousand, loss = 0.25, 1000, -3
streams"""

SOLUTION = """\
gpm = ...      # replace the dots
### BEGIN SOLUTION
gpm = 1000 * streams.gmv.sum() / streams.views.sum()
### END SOLUTION"""

REST = (
    "| Left | Right |\n| --- | --- |\n| 1 | 2 |\n\n"
    "A formula, $\\frac{a}{b}$, and code:\n\n```python\ngpm\n```"
)


def make_tiny_chapter():
    """A chapter of one section with every kind of cell, that leans on nothing but pandas."""
    cells = [
        _cell("text", "# 5 A tiny chapter\n\nQuestion: *does it hold together?*"),
        _cell("code", SETUP, "setup"),
        _cell("text", STRATEGY),
        _cell("text", "**For the teacher.** Guests should never read this.\n\n- Twice.", "teacher"),
        _cell("code", TEMPLATE, "template", needs=["streams"], shows="the broadcasts"),
        _cell("text", "#### Exercise 5.1a: GPM of all\n\nWhat is the GPM of all broadcasts together?", "exercise"),
        _cell("code", SOLUTION, "exercise", "solution"),
        _cell("code", "check('5.1a', gpm)", "exercise", "check"),
        _cell("text", "It was 20."),
        _cell("text", "### And so on\n\n" + REST),
    ]
    nb = nbformat.v4.new_notebook(cells=cells)
    for number, cell in enumerate(nb.cells, 1):
        cell["id"] = f"tiny-{number:02d}"
    return nb
