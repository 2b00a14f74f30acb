"""The book on a slow phone: a fast-3G line and a processor slowed six times, both by Chromium, from a local server.

The throttled line is most of the time measured, so the limits are the course's own (design.md, section 7). The
processor's part grows with whatever else this machine does: of up to three visits the best counts. Of a section's
explorers the first is waited for; its frames, and those of the others, come last on the line, 180 kB a second.
"""
from __future__ import annotations

import functools
import http.server
import threading

import pytest
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from reader import SECTIONS

LINE = {"offline": False, "latency": 562.5, "downloadThroughput": 1.6e6 * 0.9 / 8, "uploadThroughput": 750e3 * 0.9 / 8}
PROCESSOR = 6
TEXT, ALIVE = 3.0, 6.0      # seconds after the tap: the text; three seconds later, all that is pressed and moved
VISITS = 3

# A reader who presses everything the moment she sees it; when the text stood there and when each thing first answered.
IMPATIENT = """
const set = () => document.documentElement.dataset, times = window.times = {};
const find = (selector) => document.querySelector(selector);
const seen = (part) => part && part.checkVisibility() && part.getBoundingClientRect().height > 0;
const note = (name) => (times[name] = times[name] || performance.now() / 1000);
const TRIED = {
  code() { const before = set().code; find("#ls-code-toggle").click(); return set().code !== before; },
  colours() { const before = set().mode; find("#ls-mode").click(); return set().mode !== before; },
  menu() { find(".primary-toggle").click(); return seen(find("#pst-primary-sidebar")); },
  search() {
    let led = false;     // a link that leads to the search page answers too, if it is pressed at once
    const look = (event) => { led = !event.defaultPrevented; event.preventDefault(); };
    addEventListener("click", look);
    find("#ls-search-button").click();
    removeEventListener("click", look);
    return led || seen(find("dialog[open]"));
  },
  explorer() {
    const figure = find("figure.ls-explore"), sentence = () => figure.querySelector(".ls-sentence").textContent;
    const before = sentence();
    for (const box of figure.querySelectorAll(".ls-control input, .ls-control option")) {
      if (box.type === "range") box.value = Number(box.value) ? 0 : box.max;
      else if (box.tagName === "OPTION") box.selected = true;
      else box.checked = box.type === "radio" || !box.checked;
      box.dispatchEvent(new Event("input", { bubbles: true }));
      if (sentence() !== before) return true;
    }
  },
};
function look() {
  if (times.text) {
    for (const [name, works] of Object.entries(TRIED))
      try { if (!times[name] && works()) note(name); } catch (missing) { /* not there yet */ }
  } else if (performance.getEntriesByName("first-contentful-paint").length && seen(find("article p"))) note("text");
  setTimeout(look, 100);
}
look();
"""


@pytest.fixture(scope="module")
def address(book):
    """Where a server of this machine shows the book."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *about):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(book))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def visit(browser, url: str, wanted: set[str]) -> dict[str, float]:
    """Seconds after the tap at which the text stood there and each wanted thing first answered; the bytes loaded."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    try:
        page = context.new_page()
        line, loaded = context.new_cdp_session(page), []
        line.on("Network.loadingFinished", lambda done: loaded.append(done["encodedDataLength"]))
        line.send("Network.enable")
        line.send("Network.emulateNetworkConditions", LINE)
        line.send("Emulation.setCPUThrottlingRate", {"rate": PROCESSOR})
        page.add_init_script(IMPATIENT)
        page.goto(url, wait_until="load", timeout=60_000)
        page.wait_for_function("names => names.every(name => times[name])", arg=sorted(wanted), timeout=20_000)
        return {**page.evaluate("times"), "bytes": sum(loaded)}
    finally:
        context.close()


def too_late(times: dict[str, float], wanted: set[str]) -> list[str]:
    late = [f"the text stands there after {times['text']:.1f} s"] if times["text"] > TEXT else []
    return late + [f"{name} answers after {times[name]:.1f} s" for name in sorted(wanted) if times[name] > ALIVE]


def test_cover_and_a_section_are_quick_on_a_slow_phone(book, browser, address):
    heaviest = max(SECTIONS, key=lambda section: section.page(book).stat().st_size)
    for name, more in (("book/index", set()), (heaviest.name, {"code", "explorer"})):
        wanted, told = {"text", "menu", "search", "colours", *more}, []
        for _ in range(VISITS):
            try:
                late = too_late(visit(browser, f"{address}{name}.html", wanted), wanted)
            except PlaywrightTimeout as slow:
                late = [str(slow).splitlines()[0]]
            if not late:
                break
            told.append(f"{name}: " + "; ".join(late))
        else:
            raise AssertionError("\n".join(told))


def test_cover_and_sections_are_light(book, browser, address):
    """All that a first visit loads, with nothing compressed: the cover with its scripts, a section with all frames."""
    loaded = visit(browser, f"{address}book/index.html", {"text"})["bytes"]
    assert loaded < 200_000, f"the cover loads {loaded / 1000:.0f} kB"
    shared = loaded - (book / "book" / "index.html").stat().st_size
    heavy = {section.name: shared + section.page(book).stat().st_size for section in SECTIONS}
    heavy = {name: f"{size / 1000:.0f} kB" for name, size in heavy.items() if size > 1_200_000}
    assert not heavy


def test_no_file_is_left_that_no_page_asks_for(book):
    """No icon font, no library of the theme: what lies in _static is named by a page, or by what a page names."""
    names = {path.name for path in (book / "_static").rglob("*") if path.is_file()}
    kinds = {".html", ".css", ".js"}
    texts = "".join(path.read_text("utf-8", "ignore") for path in book.rglob("*") if path.suffix in kinds)
    assert not [name for name in names if name not in texts]
    assert "reading.js" in names
    assert not [name for name in names if name.startswith(("fa-", "bootstrap", "fontawesome", "pydata", "jquery"))]
    assert sum(path.stat().st_size for path in (book / "_static").rglob("*") if path.is_file()) < 400_000
