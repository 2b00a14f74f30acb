"""A browser that opens the built book as a reader does, for the tests of its pages.

The fixtures browser and reader are there for every test (conftest.py).
"""
from __future__ import annotations

import os
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
WIDTHS = {"phone": (390, 844), "desktop": (1280, 900)}
SHADES = ("light", "dark")


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
    """A page that counts what it should not do: ask other servers, and complain on the console."""

    def __init__(self, browser, width: str = "desktop", shade: str = "light"):
        size = WIDTHS[width]
        self.context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, color_scheme=shade, has_touch=width == "phone",
            reduced_motion="reduce",
        )
        self.context.add_init_script(f"try {{ localStorage.setItem('mode', '{shade}'); localStorage.setItem('theme', '{shade}'); }} catch (e) {{}}")
        self.foreign: list[str] = []
        self.complaints: list[str] = []
        self.context.route("**/*", self._route)
        self.page = self.context.new_page()
        self.page.on("console", lambda message: self.complaints.append(message.text) if message.type == "error" else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("requestfailed", lambda request: self.complaints.append(f"failed: {request.url}"))

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


@pytest.fixture
def reader(browser):
    opened = Reader(browser)
    yield opened
    opened.close()


def pages(book: Path) -> list[Path]:
    """Every page but the first file, which only leads on to the cover."""
    return sorted(path for path in book.rglob("*.html") if "_static" not in path.parts and path.parent != book or path.name in ("search.html", "genindex.html"))


def chapters(book: Path) -> list[Path]:
    return sorted((book / "notebooks").glob("*.html"))
