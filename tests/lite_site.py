"""A small site whose sections run in the reader's browser, and who visits it, for the tests of that.

The fixtures lite_site and visitor are there for every test (conftest.py).
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from liveshop.editions import EditionError, publish
from pyodides import cannot
from reader import served

OPENED = ("5.4", "9.1")          # the sections of the small book
SAID = "#instead:visible, #ready:visible"


def small_book(folder: Path) -> Path:
    """A built book of a cover and two sections, as far as a site looks at it."""
    page = ('<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Course</title></head><body>'
            '<article><nav class="ls-ways" aria-label="Ways"><a href="#">Chapter</a></nav></article></body></html>')
    for name in ("book/index", *(f"notebooks/{section.replace('.', '-')}" for section in OPENED)):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.html").write_text(page, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def lite_site(wheel, tmp_path_factory):
    """A site whose sections run in the browser, without Python's files; its zip lies beside it."""
    folder = tmp_path_factory.mktemp("lite")
    try:
        with contextlib.chdir(folder):      # make site names its folders from where it is
            publish.site(small_book(Path("html")), Path("site"), publish.Lite(wheel))
    except EditionError as error:
        cannot(str(error))
    return folder / "site"


class Visitor:
    """Opens a section's page on a served site, and counts what is asked of other hosts, which do not answer."""

    def __init__(self, browser, home):
        self.context = browser.new_context()
        self.page, self.foreign, self.complaints = self.context.new_page(), [], []
        self.context.route(lambda address: urlsplit(address).hostname not in ("127.0.0.1", None), self._foreign)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda said: "Content Security" in said.text and self.complaints.append(said.text))
        self.start = f"{home}notebooks/5-4.html"

    def _foreign(self, route):
        self.foreign.append(route.request.url)
        route.abort()

    def follow(self) -> str:
        """The page behind the button, ten seconds after it was pressed at the latest; what its status says."""
        self.page.goto(self.start)
        self.page.get_by_role("link", name="Run this section in the browser").click()
        self.page.wait_for_selector(SAID, timeout=10_000)
        return self.page.get_by_role("status").inner_text()

    def wait_for_python(self) -> None:
        """Until the notebook's Python has nothing to do; to start, with all packages, it takes its time."""
        self.page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=idle]", timeout=300_000)

    def run_notebook(self) -> None:
        """Wait for the Python of the notebook that is opening, and have all of its cells run."""
        self.wait_for_python()
        self.page.locator(".jp-Notebook .jp-CodeCell").first.click()
        self.page.locator(".lm-MenuBar-itemLabel", has_text="Run").click()
        self.page.locator('[data-command="runmenu:run-all"]').click()


@pytest.fixture
def visitor(lite_site, browser):
    with served(lite_site) as home:
        visiting = Visitor(browser, home)
        yield visiting
        visiting.context.close()
