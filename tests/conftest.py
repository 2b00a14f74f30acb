"""What several test files share: where things are, a tiny chapter, the order of the files, and the book, built once."""
from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[1]

# Fixtures for every test: simulated worlds and seasons, a browser on the built book, and the wheel.
pytest_plugins = ["worlds", "seasons", "reader", "wheels"]

# Tests see what the committed notebooks see, whatever the caller's shell says.
os.environ["LIVESHOP_MEDIUM"] = "opening"
# Both cores have a worker: threads of the linear algebra would only wait for each other, in the workers and in all
# that they start.
for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(threads, "1")


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
        _cell("text", "Guests should never read this.", "teacher"),
        _cell("code", TEMPLATE, "template", needs=["streams"], shows="the broadcasts"),
        _cell("text", "**Exercise 5.1a.** What is the GPM of all broadcasts together?", "exercise"),
        _cell("code", SOLUTION, "exercise", "solution"),
        _cell("code", "check('5.1a', gpm)", "exercise", "check"),
        _cell("text", REST),
    ]
    nb = nbformat.v4.new_notebook(cells=cells)
    for number, cell in enumerate(nb.cells, 1):
        cell["id"] = f"tiny-{number:02d}"
    return nb


class ProseNumbers(pytest.Item):
    """The numbers in the text of one section, evaluated in the kernel in which nbval has just run the section."""

    def __init__(self, numbers, nb, **about):
        super().__init__(**about)
        self.numbers, self.nb = numbers, nb

    def runtest(self):
        from liveshop import editions

        kernel, printed = self.parent.kernel, ""
        asked = kernel.execute_cell_input(editions.evaluation(self.numbers), allow_stdin=False)
        while True:
            message = kernel.get_message("iopub", timeout=60)
            if message["parent_header"].get("msg_id") != asked:
                continue
            if message["msg_type"] == "stream":
                printed += message["content"]["text"]
            elif message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                break
        wrong = editions.complaints(editions.evaluated(self.nb, self.numbers, printed))
        assert not wrong, "\n".join(wrong)

    def repr_failure(self, excinfo):
        return str(excinfo.value)

    def reportinfo(self):
        return self.path, 0, f"{self.path.name}: {self.name}"


def with_prose_numbers(items):
    """The items, with one more at the end of every section of a notebook whose text carries expressions."""
    from liveshop import editions

    wanted, result = {}, []
    for item in items:
        result.append(item)
        if item.path.suffix != ".ipynb" or isinstance(item, ProseNumbers):
            continue
        if item.path not in wanted:
            nb = nbformat.read(item.path, as_version=4)
            codes = [index for index, cell in enumerate(nb.cells) if cell.cell_type == "code"]
            wanted[item.path] = nb, codes, sorted(editions.numbers_by_place(nb).items())
        nb, codes, places = wanted[item.path]
        here = codes[item.cell_num] if item.cell_num else -1
        following = codes[item.cell_num + 1] if item.cell_num + 1 < len(codes) else len(nb.cells) + 1
        for place, numbers in places:
            if here < place < following:
                name = f"numbers in the text, {numbers[0].where.split(',')[0]}"
                result.append(ProseNumbers.from_parent(item.parent, name=name, numbers=numbers, nb=nb))
    return result


# What is made for these takes long, and so do the notebooks; make quick leaves them out.
SLOW_FIXTURES = {"book", "seasons", "worlds"}

# Seconds of every test when it ran last, in pytest's cache.
DURATIONS = "course/durations"


def pytest_collection_modifyitems(config, items):
    items[:] = with_prose_numbers(items)
    for item in items:
        if item.path.suffix == ".ipynb" or SLOW_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker("slow")
    # Long files first, so that no core stands idle at the end. Where nothing was measured yet, the notebooks lead.
    measured, seconds = config.cache.get(DURATIONS, {}), Counter()
    for item in items:
        seconds[item.path] += measured.get(item.nodeid, 60 if item.path.suffix == ".ipynb" and not measured else 0)
    items.sort(key=lambda item: -seconds[item.path])


class Stopwatch:
    """Keeps what every test took, with its set-up, for the order of the next run."""

    def __init__(self, config):
        self.config, self.seconds = config, Counter()

    def pytest_runtest_logreport(self, report):
        self.seconds[report.nodeid] += report.duration

    def pytest_sessionfinish(self):
        known = self.config.cache.get(DURATIONS, {})
        new = {test: round(taken, 2) for test, taken in self.seconds.items()}
        self.config.cache.set(DURATIONS, known | new)


def pytest_configure(config):
    if not hasattr(config, "workerinput"):      # the workers of xdist report to the one that started them
        config.pluginmanager.register(Stopwatch(config), "stopwatch")


@pytest.fixture
def tiny_chapter():
    return make_tiny_chapter()


@contextmanager
def alone(path: Path):
    """One process at a time, among all that name the same lock file; the others wait."""
    with open(path, "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def book(request, tmp_path_factory) -> Path:
    """The folder of the built book's pages. LIVESHOP_BOOK names one that is built already.

    It is built once in a run, in pytest's cache: what its notebooks gave is there the next time, as in make book.
    """
    if os.environ.get("LIVESHOP_BOOK"):
        return Path(os.environ["LIVESHOP_BOOK"])
    out = Path(request.config.cache.mkdir("book"))
    # The workers of one run have a folder in common: the first that comes builds, the others wait for what it built.
    common = tmp_path_factory.getbasetemp()
    common = common.parent if os.environ.get("PYTEST_XDIST_WORKER") else common
    result = common / "book-result"
    with alone(out / "lock"):
        if not result.exists():
            shutil.rmtree(out / "_build" / "html", ignore_errors=True)
            run = build_book(ROOT, out)
            result.write_text("" if run.returncode == 0 else f"{run.stdout[-3000:]}\n{run.stderr[-6000:]}")
    said = result.read_text()
    assert not said, f"The book was not built:\n{said}"
    return out / "_build" / "html"


def build_book(course: Path, out: Path, **environment) -> subprocess.CompletedProcess:
    """Builds the book of a course folder as make book does, with its pages in out/_build/html."""
    jupyter_book = shutil.which("jupyter-book", path=str(Path(sys.executable).parent))
    assert jupyter_book, "jupyter-book is not installed beside this Python: run make setup."
    return subprocess.run(
        [jupyter_book, "build", "-W", "-n", "--keep-going", "--path-output", str(out), str(course)],
        cwd=course, env={**os.environ, **environment}, capture_output=True, text=True, timeout=500,
    )
