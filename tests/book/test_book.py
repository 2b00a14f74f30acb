"""The book as a reader meets it: opened from its folder, with no network, in a browser.

Every page is opened at phone and desktop width, light and dark. One browser serves all tests.
"""
from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from reader import SHADES, WIDTHS, Reader, chapters, pages

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
COLOURS = ["color-contrast", "link-in-text-block"]
# The colours of thousands of words of code and cells of tables take minutes to judge and are a few dozen:
# of those that look the same, on the same ground, one stays.
ONE_OF_EACH_COLOUR = """() => {
  const seen = new Set(), again = [];
  for (const leaf of document.querySelectorAll(".highlight pre span, td, th, td *, th *")) {
    if (leaf.children.length || !leaf.textContent.trim() || leaf.tagName === "A") continue;
    const own = getComputedStyle(leaf), look = [leaf.tagName, own.color, own.fontSize, own.fontWeight];
    for (let up = leaf; up; up = up.parentElement) {
      const ground = getComputedStyle(up);
      look.push(ground.backgroundColor, ground.backgroundImage, ground.opacity);
    }
    const key = look.join();
    seen.has(key) ? again.push(leaf) : seen.add(key);
  }
  for (const leaf of again) leaf.tagName === "SPAN" ? leaf.remove() : (leaf.textContent = "");
}"""


def violations(axe, page, **options):
    return axe.run(page, options={"preload": False, "resultTypes": ["violations"], **options}).response["violations"]


@pytest.mark.parametrize("shade", SHADES)
@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_reads_well(book, browser, width, shade):
    """No foreign request, no console error, no sideways scroll, no WCAG 2.1 AA violation."""
    from axe_playwright_python.sync_playwright import Axe

    axe, wrong = Axe(), []
    reader = Reader(browser, width, shade)
    try:
        for path in pages(book):
            name = path.relative_to(book)
            page = reader.open(path)
            assert page.evaluate("document.documentElement.dataset.theme") == shade
            page.evaluate("document.querySelectorAll('img').forEach(i => i.loading = 'eager')")
            overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if overflow > 0:
                wide = page.evaluate(
                    "[...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)"
                    ".slice(0, 3).map(e => e.tagName + '.' + e.className)"
                )
                wrong.append(f"{name} scrolls sideways by {overflow} px: {wide}")
            found = []
            if shade == "light":  # all but the colours is the same in the dark
                found += violations(axe, page, runOnly=WCAG, rules={rule: {"enabled": False} for rule in COLOURS})
            page.evaluate(ONE_OF_EACH_COLOUR)
            found += violations(axe, page, runOnly={"type": "rule", "values": COLOURS})
            for violation in found:
                first = violation["nodes"][0]
                wrong.append(f"{name}: {violation['id']} ({len(violation['nodes'])}×): {first['target']} {first['html'][:160]} {first.get('failureSummary', '')[:300]}")
    finally:
        reader.close()
    assert not reader.foreign, f"pages asked other servers: {sorted(set(reader.foreign))}"
    assert not reader.complaints, f"the console complained: {sorted(set(reader.complaints))}"
    assert not wrong, "\n".join(wrong)


def test_first_file_leads_to_the_cover(book, reader):
    page = reader.open(book / "index.html")
    page.wait_for_url("**/book/index.html")
    assert page.locator(".ls-chapters > li").count() == 9


def test_links_and_anchors_lead_somewhere(book):
    """Every relative link, image and script of every page is there, and so is the anchor it names."""
    from bs4 import BeautifulSoup

    soups = {path.resolve(): BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser") for path in pages(book)}
    wrong = []
    for path, soup in soups.items():
        for element, attribute in (("a", "href"), ("link", "href"), ("img", "src"), ("script", "src")):
            for found in soup.find_all(element, **{attribute: True}):
                parts = urlsplit(found[attribute])
                if parts.scheme or parts.netloc:
                    continue
                target = (path.parent / parts.path).resolve() if parts.path else path
                if target.is_dir():
                    target = target / "index.html"
                if not target.exists():
                    wrong.append(f"{path.name} → {found[attribute]}")
                elif parts.fragment and target in soups and not soups[target].find(id=parts.fragment):
                    wrong.append(f"{path.name} → {found[attribute]} (no such place)")
    assert not wrong, "\n".join(wrong)


def test_pages_name_no_foreign_script_style_or_picture(book):
    from bs4 import BeautifulSoup

    for path in pages(book):
        soup = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        for found in [*soup.find_all(["script", "img", "iframe"], src=True), *soup.find_all("link", href=True)]:
            address = found.get("src") or found.get("href")
            assert urlsplit(address).scheme in ("", "data"), f"{path.name} would load {address[:120]}"
        assert not re.search(r"url\(\s*[\"']?https?:", path.read_text(encoding="utf-8")), path.name


def test_pictures_have_alternative_texts(book):
    from bs4 import BeautifulSoup

    for path in pages(book):
        for image in BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser").find_all("img"):
            text = (image.get("alt") or "").strip()
            assert len(text) > 15 and not re.search(r"\.(png|svg|webp)$", text), f"{path.name}: picture with alternative text {text!r}"


def test_answers_to_try_it_are_folded(book):
    """A chapter asks at its explorers; whoever reads the answer in the same glance tries nothing."""
    from bs4 import BeautifulSoup

    for path in chapters(book):
        asked = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser").select("blockquote.ls-callout-try-it")
        assert asked and all(callout.select("details > summary") and not callout.select("em") for callout in asked), path.name


def test_chapter_pages_are_light_enough(book):
    for path in chapters(book):
        weight = path.stat().st_size
        images = sum(file.stat().st_size for file in (book / "_images").glob("*")) if (book / "_images").exists() else 0
        assert weight + images <= 3_000_000, f"{path.name} weighs {(weight + images) / 1e6:.1f} MB"


def test_search_finds_a_word_without_a_server(book, reader):
    page = reader.open(book / "search.html", "?q=giveaway")
    page.wait_for_selector("#search-results li a", timeout=10_000)
    assert not reader.complaints and not reader.foreign


def test_code_can_be_hidden_and_comes_back(book, reader):
    """A press is stored, what is stored is followed, and a link with ?code=hidden leaves it alone.

    That the browser keeps what a page stores is its own affair, and it writes in its own time: each side is tried in one page,
    with what a reader would have stored put there before the page's scripts run.
    """
    visible = "[...document.querySelectorAll('.cell_input')].filter(e => e.offsetParent).length"
    stored = "localStorage.getItem('liveshop-code')"
    chapter = chapters(book)[0]

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
    import zipfile

    import nbformat

    page = reader.open(chapters(book)[0])
    with page.expect_download() as download:
        page.get_by_role("link", name="Notebook").click()
    path = download.value.path()
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        student = nbformat.reads(archive.read(next(name for name in names if name.startswith("student/"))).decode(), as_version=4)
    assert "README.txt" in names and len(names) == 3
    assert not any("BEGIN SOLUTION" in cell.source for cell in student.cells)


def test_every_button_does_something(book, reader):
    """No button of the frame is dead: each changes the page, opens something or is one of the known actions."""
    page = reader.open(chapters(book)[0])
    page.evaluate("window.print = () => { window.printed = true; }")
    page.locator("#ls-print").click()
    page.wait_for_function("window.printed === true")
    before = page.evaluate("document.documentElement.dataset.mode")
    page.locator(".article-header-buttons .theme-switch-button").click()
    page.wait_for_function("before => document.documentElement.dataset.mode !== before", arg=before)
    page.locator(".search-button__button >> visible=true").first.click()
    page.locator("#pst-search-dialog").wait_for(state="visible")


def test_page_reads_without_javascript(book, browser):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(chapters(book)[0].as_uri())
    assert page.locator(".bd-article h1").first.inner_text().strip()
    assert not page.locator("#ls-code-toggle").is_visible(), "a button that cannot work is shown"
    for image in page.locator(".ls-explore img").all():
        assert image.is_visible()
    context.close()
