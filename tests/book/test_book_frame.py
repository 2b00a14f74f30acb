"""The frame of the pages: cover, code to hide, downloads, buttons, and what is there without JavaScript."""
from __future__ import annotations

import json
import zipfile

import nbformat
import pytest

from reader import COURSE, SECTIONS, SHADES, WIDTHS, Keeping, Reader


def test_first_file_leads_to_the_cover(book, reader):
    page = reader.open(book / "index.html")
    page.wait_for_url("**/book/index.html")
    assert page.locator(".ls-chapters > li").count() == len(COURSE)


def test_code_can_be_hidden_and_comes_back(book, reader):
    """A press is stored, what is stored is followed, and a link with ?code=hidden leaves it alone.

    That the browser keeps what a page stores is its own affair, and it writes in its own time: each side is tried in
    one page, with what a reader would have stored put there before the page's scripts run.
    """
    visible = "[...document.querySelectorAll('.cell_input')].filter(e => e.offsetParent).length"
    stored = "JSON.parse(localStorage.getItem('liveshop') || '{}').code"
    section = SECTIONS[0].page(book)

    page = reader.open(section)
    button = page.locator("#ls-code-toggle")
    assert page.evaluate(visible) > 0
    assert page.evaluate("localStorage.length") == 0, "a page that merely opens stores something"
    button.click()
    assert page.evaluate(visible) == 0
    assert button.get_attribute("aria-pressed") == "false" and page.evaluate(stored) == "hidden"
    button.click()
    assert page.evaluate(visible) > 0
    assert button.get_attribute("aria-pressed") == "true" and page.evaluate(stored) == "shown"

    reader.context.add_init_script("localStorage.setItem('liveshop', '{\"code\": \"hidden\"}')")
    reader.open(section)
    assert page.evaluate(visible) == 0, "the choice is remembered and not followed"
    assert button.get_attribute("aria-pressed") == "false"

    reader.context.add_init_script("localStorage.setItem('liveshop', '{\"code\": \"shown\"}')")
    reader.open(section, "?code=hidden")
    assert page.evaluate(visible) == 0
    assert page.evaluate(stored) == "shown", "a link with ?code=hidden overwrites the choice"
    reader.open(section)
    assert page.evaluate(visible) > 0


@pytest.mark.parametrize("kept", ["", "broken", '{"mode": "red"}', '{"mode": "light"}', '{"mode": "dark"}'])
@pytest.mark.parametrize("shade", SHADES)
def test_colours_are_right_from_the_first_paint(book, browser, shade, kept):
    """Nothing is painted in other colours than the reader chose, or than her system has; the console stays silent."""
    wanted = json.loads(kept)["mode"] if '": "light' in kept or '": "dark' in kept else shade
    reader = Reader(browser, "phone", shade)
    reader.context.add_init_script(f"localStorage.setItem('liveshop', {kept!r})" if kept else "")
    reader.context.add_init_script("""
      const painted = window.painted = [];
      requestAnimationFrame(function look() {
        if (document.body) painted.push(getComputedStyle(document.body).backgroundColor);
        requestAnimationFrame(look);
      });""")
    try:
        page = reader.open(book / "book" / "index.html")
        page.wait_for_function("painted.length > 3")
        colours = page.evaluate("[...new Set(painted)]")
        assert colours == [{"light": "rgb(252, 251, 248)", "dark": "rgb(22, 27, 26)"}[wanted]]
        assert page.evaluate("document.querySelector('meta[name=color-scheme]').content") == wanted
        assert not reader.complaints
        if not kept:
            assert page.evaluate("localStorage.length") == 0, "a page that merely opens stores something"
    finally:
        reader.close()


def test_storage_that_is_forbidden_leaves_the_page_alive(book, reader):
    reader.context.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } })")
    page = reader.open(SECTIONS[0].page(book))
    page.locator("#ls-code-toggle").click()
    page.locator("#ls-mode").click()
    assert page.evaluate("[document.documentElement.dataset.code, document.documentElement.dataset.theme]") == [
        "hidden", "light"]
    assert not reader.complaints


def test_download_is_a_zip_with_both_notebooks(book, reader):
    page = reader.open(SECTIONS[0].page(book))
    with page.expect_download() as download:
        page.get_by_role("link", name="Notebook").click()
    path = download.value.path()
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        (student,) = (archive.read(name).decode() for name in names if name.startswith("student/"))
    assert "README.txt" in names and len(names) == 3
    assert not any("BEGIN SOLUTION" in cell.source for cell in nbformat.reads(student, as_version=4).cells)


def test_every_button_does_something(book, reader):
    """No button of the frame is dead: each changes the page, opens something or is one of the known actions."""
    page = reader.open(SECTIONS[0].page(book))
    page.evaluate("window.print = () => { window.printed = true; }")
    page.locator("#ls-print").click()
    assert page.evaluate("window.printed")
    seen = []
    for _ in range(3):
        page.locator("#ls-mode").click()
        seen.append(page.evaluate("[document.documentElement.dataset.mode, document.documentElement.dataset.theme]"))
        assert page.locator("#ls-mode").inner_text().strip().startswith("Colours:")
    assert seen == [["light", "light"], ["dark", "dark"], ["auto", "light"]]
    contents = page.locator("#pst-primary-sidebar")
    page.locator(".primary-toggle").click()
    assert not contents.is_visible(), "on a wide screen the contents do not give way"
    page.locator(".primary-toggle").click()
    assert contents.is_visible()
    page.locator(".search-button-field").click()
    page.locator("dialog[open] input[type=search]").wait_for(state="visible")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.locator("dialog[open] input[type=search]").wait_for(state="visible")


def test_code_is_copied(book, reader):
    reader.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = reader.open(SECTIONS[0].page(book))
    cell = page.locator(".cell_input:visible").first
    cell.hover()
    button = cell.locator(".copybtn")
    button.click()
    page.wait_for_function("b => b.textContent === 'Copied'", arg=button.element_handle())
    assert page.evaluate("navigator.clipboard.readText()") == cell.locator("pre").inner_text()
    assert not page.locator(".cell_output .copybtn").count()


def test_drawers_on_a_phone(book, browser):
    """A tap on an entry closes its drawer, and so do Escape and a tap beside it; the contents show where one is."""
    reader = Reader(browser, "phone")
    try:
        page = reader.open(SECTIONS[-1].page(book))
        contents, parts = page.locator("#pst-primary-sidebar"), page.locator("#pst-secondary-sidebar")
        assert not contents.is_visible() and not parts.is_visible()
        page.locator(".primary-toggle").click()
        assert contents.locator(".current > a").last.is_visible()
        page.keyboard.press("Escape")
        assert not contents.is_visible()
        page.locator(".primary-toggle").click()
        page.mouse.click(380, 600)
        assert not contents.is_visible()
        page.locator(".secondary-toggle").click()
        entry = parts.locator("a").last
        entry.click()
        assert not parts.is_visible(), "the drawer stays open after a tap"
        heading = page.locator(f"[id='{entry.get_attribute('href')[1:]}']")
        page.wait_for_function("e => e.getBoundingClientRect().top < innerHeight", arg=heading.element_handle())
        page.locator(".primary-toggle").click()
        contents.locator(".current > a").last.click()      # this very page
        assert not contents.is_visible()
        assert not reader.complaints
    finally:
        reader.close()


def test_on_this_page_marks_what_is_read_and_scrolls_along(book, browser):
    """Through a whole page at a low window: the marked entry is the heading above what is read, and stays in sight."""
    reader = Reader(browser)
    try:
        page = reader.open(SECTIONS[-1].page(book))
        page.set_viewport_size({"width": 1280, "height": 360})
        links = page.locator("#pst-page-toc-nav a")
        names = [link.get_attribute("href") for link in links.all()]
        for name in names:
            page.evaluate("name => document.getElementById(name.slice(1)).scrollIntoView()", name)
            page.wait_for_function(
                "name => (document.querySelector('#pst-page-toc-nav [aria-current]') || {}).hash === name", arg=name)
            assert page.evaluate("""() => {
              const entry = document.querySelector('#pst-page-toc-nav [aria-current]').getBoundingClientRect();
              const column = document.querySelector('#pst-secondary-sidebar').getBoundingClientRect();
              return entry.top >= column.top && entry.bottom <= Math.min(column.bottom, innerHeight);
            }"""), f"{name} is marked out of sight"
            assert page.locator("#pst-page-toc-nav [aria-current]").count() == 1
        for link in reversed(links.all()):
            link.evaluate("e => e.click()")
            page.wait_for_function("e => e.hasAttribute('aria-current')", arg=link.element_handle())
    finally:
        reader.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_page_reads_and_leads_on_without_javascript(book, browser, width):
    size = WIDTHS[width]
    context = browser.new_context(java_script_enabled=False, viewport={"width": size[0], "height": size[1]})
    page = context.new_page()
    page.goto(SECTIONS[0].page(book).as_uri())
    assert page.locator(".bd-article h1").first.inner_text().strip()
    for dead in ("#ls-code-toggle", "#ls-print", "#ls-mode"):
        assert not page.locator(dead).is_visible(), "a button that cannot work is shown"
    for image in page.locator(".ls-explore img").all():
        assert image.is_visible()
    if width == "phone":
        page.locator(".primary-toggle").click()
    page.locator("#pst-primary-sidebar a", has_text="Glossary").click()
    page.wait_for_url("**/glossary.html")
    if width == "phone":
        page.locator("#ls-search-button").click()
        page.wait_for_url("**/search.html")
    context.close()


def test_the_way_without_code_goes_on_from_page_to_page(book, browser):
    """From the cover to a chapter and to its section: what was chosen on the cover holds, and can be changed there."""
    visible = "[...document.querySelectorAll('.cell_input')].filter(e => e.offsetParent).length"
    section, reader = SECTIONS[0], Keeping(browser)
    for code, count in (("hidden", "=== 0"), ("shown", "> 0")):
        page = reader.open(book / "book" / "index.html")
        page.locator(f"a[data-code='{code}']").first.click()
        page.wait_for_url(f"**/{section.chapter.page(book).name}?code={code}")
        reader.see()
        page.locator(f"table a[href='{section.page(book).name}']").first.click()
        page.wait_for_url(f"**/{section.page(book).name}*")
        reader.see()
        page.wait_for_function(f"document.querySelectorAll('.cell_input').length > 0 && {visible} {count}")
    reader.close()
