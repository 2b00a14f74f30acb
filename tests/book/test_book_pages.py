"""Every page of the book as a reader meets it: opened from its folder, with no network, in a browser.

At phone and desktop width, light and dark: no foreign request, no console error, no sideways scroll, no WCAG violation.
"""
from __future__ import annotations

import pytest

from reader import PAGES, SHADES, WIDTHS, Reader, pages

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Rules of the two levels that axe leaves out unless they are asked for: they are on trial there, or good practice.
ASKED_FOR = ["label-content-name-mismatch", "td-has-header", "table-fake-caption", "css-orientation-lock",
             "empty-table-header", "scope-attr-valid", "heading-order", "skip-link", "image-redundant-alt"]
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


def violations(axe, page, within=None, **options):
    asked = {"preload": False, "resultTypes": ["violations"], **options}
    return axe.run(page, within, options=asked).response["violations"]


def told(violation) -> str:
    first = violation["nodes"][0]
    return (f"{violation['id']} ({len(violation['nodes'])}×): {first['target']} {first['html'][:160]} "
            f"{first.get('failureSummary', '')[:300]}")


WIDE = """[...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)
    .slice(0, 3).map(e => e.tagName + '.' + e.className)"""


def test_the_book_has_the_pages_of_its_contents(book):
    assert {str(path.relative_to(book).with_suffix("")) for path in pages(book)} == set(PAGES)


@pytest.mark.parametrize("shade", SHADES)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_page_reads_well(book, browser, name, width, shade):
    from axe_playwright_python.sync_playwright import Axe

    axe, wrong = Axe(), []
    reader = Reader(browser, width, shade)
    try:
        page = reader.open(book / f"{name}.html")
        assert page.evaluate("document.documentElement.dataset.theme") == shade
        page.evaluate("document.querySelectorAll('img').forEach(i => i.loading = 'eager')")
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if overflow > 0:
            wrong.append(f"it scrolls sideways by {overflow} px: {page.evaluate(WIDE)}")
        if shade == "light":  # all but the colours is the same in the dark
            apart = {rule: {"enabled": False} for rule in COLOURS}
            wrong += map(told, violations(axe, page, runOnly=WCAG, rules=apart))
            asked = {"type": "rule", "values": ASKED_FOR}
            wrong += map(told, violations(axe, page, within=".bd-article", runOnly=asked))
        page.evaluate(ONE_OF_EACH_COLOUR)
        wrong += map(told, violations(axe, page, runOnly={"type": "rule", "values": COLOURS}))
    finally:
        reader.close()
    assert not reader.foreign, f"it asked other servers: {sorted(set(reader.foreign))}"
    assert not reader.complaints, f"the console complained: {sorted(set(reader.complaints))}"
    assert not wrong, "\n".join(wrong)
