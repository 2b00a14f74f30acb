"""The frame of the pages: cover, code to hide, downloads, buttons, and what is there without JavaScript."""
from __future__ import annotations

import zipfile

import nbformat

from reader import COURSE, SECTIONS


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
    stored = "localStorage.getItem('liveshop-code')"
    chapter = SECTIONS[0].page(book)

    page = reader.open(chapter)
    button = page.locator("#ls-code-toggle")
    page.wait_for_function(f"{visible} > 0")
    assert page.evaluate(stored) is None, "a page that merely opens stores a choice"
    button.click()
    page.wait_for_function(f"{visible} === 0")
    assert button.get_attribute("aria-pressed") == "false" and page.evaluate(stored) == "hidden"
    button.click()
    page.wait_for_function(f"{visible} > 0")
    assert button.get_attribute("aria-pressed") == "true" and page.evaluate(stored) == "shown"

    reader.context.add_init_script("localStorage.setItem('liveshop-code', 'hidden')")
    reader.open(chapter)
    assert page.evaluate(visible) == 0, "the choice is remembered and not followed"
    assert button.get_attribute("aria-pressed") == "false"

    reader.context.add_init_script("localStorage.setItem('liveshop-code', 'shown')")
    reader.open(chapter, "?code=hidden")
    assert page.evaluate(visible) == 0
    assert page.evaluate(stored) == "shown", "a link with ?code=hidden overwrites the choice"
    reader.open(chapter)
    assert page.evaluate(visible) > 0


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
    page.wait_for_function("window.printed === true")
    before = page.evaluate("document.documentElement.dataset.mode")
    page.locator(".article-header-buttons .theme-switch-button").click()
    page.wait_for_function("before => document.documentElement.dataset.mode !== before", arg=before)
    page.locator(".search-button__button >> visible=true").first.click()
    page.locator("#ls-search").wait_for(state="visible")


def test_page_reads_without_javascript(book, browser):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(SECTIONS[0].page(book).as_uri())
    assert page.locator(".bd-article h1").first.inner_text().strip()
    assert not page.locator("#ls-code-toggle").is_visible(), "a button that cannot work is shown"
    for image in page.locator(".ls-explore img").all():
        assert image.is_visible()
    context.close()
