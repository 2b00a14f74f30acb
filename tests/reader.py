"""A browser that opens the built book as a reader does, for the tests of its pages.

The fixtures browser and reader are there for every test (conftest.py).
"""
from __future__ import annotations

import contextlib
import functools
import http.server
import os
import shutil
import threading
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
import pytest
import yaml

from common import ROOT
from liveshop import editions, environment
from liveshop.editions import publish

CHROMIUM = next(filter(None, map(shutil.which, environment.CHROMIUM)), None)
WIDTHS = {"phone": (390, 844), "desktop": (1280, 900)}
SHADES = ("light", "dark")

# What the book is to hold, from the two files that say so.
COURSE = yaml.safe_load((ROOT / "book" / "course.yml").read_text(encoding="utf-8"))["chapters"]
_CONTENTS = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))


class Section:
    """A section that can be read, as book/course.yml and its chapter's notebook have it."""

    def __init__(self, about: dict, chapter: Chapter):
        self.id, self.title = str(about["id"]), about["title"]
        self.exercises, self.chapter = about["exercises"], chapter
        self.name = "notebooks/" + self.id.replace(".", "-")

    def __str__(self):
        return self.id

    def page(self, book: Path) -> Path:
        return book / f"{self.name}.html"

    def cells(self, tag: str) -> list:
        """The section's code cells that have the tag."""
        nb = nbformat.read(self.chapter.notebook, as_version=4)
        return [cell for cell, where in zip(nb.cells, editions.section_of(nb.cells), strict=True)
                if where == self.id and cell.cell_type == "code" and tag in cell.metadata.get("tags", [])]


class Chapter:
    """A chapter that can be read, as book/course.yml and its notebook have it."""

    def __init__(self, about: dict):
        self.number, self.notebook = about["number"], ROOT / about["notebook"]
        self.sections = [Section(section, self) for section in about["sections"]]

    def __str__(self):
        return str(self.number)

    def page(self, book: Path) -> Path:
        return book / "notebooks" / f"{self.notebook.stem}.html"


CHAPTERS = [Chapter(about) for about in COURSE if about["status"] == "ready"]
SECTIONS = [section for chapter in CHAPTERS for section in chapter.sections]
PAGES = [_CONTENTS["root"], *(page["file"] for part in _CONTENTS["parts"] for entry in part["chapters"]
                                for page in (entry, *entry.get("sections", ()))),
         *(section.name for section in SECTIONS), "search"]


@pytest.fixture(scope="module")
def browser():
    if CHROMIUM is None:
        if os.environ.get("CI") == "true":
            pytest.fail("There is no chromium, and under CI the book must be tried in a browser.")
        pytest.skip("no chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        running.close()


class Reader:
    """A first visit, with nothing stored; counts what a page should not do: ask other servers, complain on the console.
    """

    def __init__(self, browser, width: str = "desktop", shade: str = "light"):
        size = WIDTHS[width]
        self.context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, color_scheme=shade, has_touch=width == "phone",
            reduced_motion="reduce",
        )
        self.foreign: list[str] = []
        self.complaints: list[str] = []
        self.context.route("**/*", self._route)
        self.page = self.context.new_page()
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("requestfailed", self._miss)

    def _hear(self, message):
        if message.type == "error":
            self.complaints.append(message.text)

    def _miss(self, request):
        if request.failure != "net::ERR_ABORTED":       # the reader went on before it was there
            self.complaints.append(f"failed: {request.url}")

    def _route(self, route):
        if urlsplit(route.request.url).scheme in ("file", "data", "blob"):
            route.continue_()
        else:
            self.foreign.append(route.request.url)
            route.abort()

    def open(self, path: Path, query: str = ""):
        self.page.goto(path.as_uri() + query, wait_until="load")
        return self.page

    def close(self):
        self.context.close()


class Keeping(Reader):
    """A reader who comes back to what her browser keeps. Of pages that are files Chromium gives about one in thirty a
    storage that is not that of the others, whatever one waits (none, when a server sends them): it is opened anew."""

    marked = False

    def open(self, path: Path, query: str = ""):
        super().open(path, query)
        return self.see()

    def reload(self):
        self.page.reload()
        return self.see()

    def see(self, page=None):
        """The page, or another window's, as it stands, with the storage that all of this reader's pages have."""
        page = page or self.page
        for _ in range(12):
            if page.evaluate("localStorage.getItem('a test was here')"):
                self.marked = True
                return page
            if not self.marked:
                page.evaluate("localStorage.setItem('a test was here', 'yes')")
            page.reload()
        raise AssertionError("the browser gives no page the storage of the others")


@pytest.fixture
def reader(browser):
    opened = Reader(browser)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def site(book, tmp_path_factory) -> Path:
    """The folder of the book as a site; its zip lies beside it."""
    folder = tmp_path_factory.mktemp("publish") / "site"
    assert publish.site(book, folder) == folder.with_suffix(".zip")
    return folder


@contextlib.contextmanager
def served(folder: Path, headers: dict[str, str] | None = None):
    """A server of the folder's files that sends these headers too; gives the address of the folder."""
    class Silent(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *args):
            pass

        def end_headers(self):
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            super().end_headers()

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Silent, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()


def pages(book: Path) -> list[Path]:
    """Every written page but the first file, which only leads on to the cover."""
    found = book.rglob("*.html")
    return sorted(path for path in found if "_static" not in path.parts and path != book / "index.html")
