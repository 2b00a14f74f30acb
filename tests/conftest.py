"""What pytest does for all tests: fixtures, numbers in the text of notebooks, the order of files, the book."""
from __future__ import annotations

import os
import shutil
from collections import Counter
from pathlib import Path

import nbformat
import pytest

from common import ROOT, alone, build_book, make_tiny_chapter

# Fixtures for every test: simulated worlds and seasons, a browser on the built book, the wheel, a site that runs it.
pytest_plugins = ["worlds", "seasons", "reader", "wheels", "lite_site"]

# Tests see what the committed notebooks see, whatever the caller's shell says.
os.environ["LIVESHOP_MEDIUM"] = "opening"
# Both cores have a worker: threads of the linear algebra would only wait for each other, in the workers and in all
# that they start.
for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(threads, "1")


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
SLOW_FIXTURES = {"book", "lite_site", "seasons", "worlds"}

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
            run = build_book(ROOT, out)
            if run.returncode == 0:      # a copy of its own: another run may build while this one reads
                shutil.copytree(out / "_build" / "html", common / "pages")
            result.write_text("" if run.returncode == 0 else f"{run.stdout[-3000:]}\n{run.stderr[-6000:]}")
    said = result.read_text()
    assert not said, f"The book was not built:\n{said}"
    return common / "pages"


