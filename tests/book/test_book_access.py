"""The book for readers who do not see it at a glance, have no mouse, or have colours and sizes of their own."""
from __future__ import annotations

import pytest

from reader import CHAPTERS, SECTIONS, Reader

TOUR = ["book/index", "book/playbook/index", "book/reference/data-dictionary", "book/reference/glossary",
        "book/reference/licences", "book/reference/status", *(section.name for section in SECTIONS)]


@pytest.fixture(scope="module")
def phone(browser):
    opened = Reader(browser, "phone")
    yield opened
    opened.close()


def tour(book, reader, script: str) -> dict:
    """What the script gives on each page of the tour, where it gives anything."""
    found = {name: reader.open(book / f"{name}.html").evaluate(script) for name in TOUR}
    return {name: given for name, given in found.items() if given}


# A fold's name is what it shows while it is closed.
FOLDS = """() => [...document.querySelectorAll('main details.hide > summary')]
    .map(fold => fold.ariaLabel || fold.innerText.trim())"""


def test_folds_say_what_they_hold(book, phone):
    names = {page: phone.open(page.page(book)).evaluate(FOLDS) for page in (*CHAPTERS, *SECTIONS)}
    for page, folds in names.items():
        assert len(set(folds)) == len(folds), f"{page}: folds of one name"
    for section in SECTIONS:
        folds = names[section]
        assert all(fold.startswith(("Show the code: ", "Worked solution to ")) for fold in folds), f"{section}: {folds}"
        solved = [fold.removeprefix("Worked solution to ") for fold in folds if fold.startswith("Worked")]
        assert solved == section.exercises, f"{section}: solutions {solved}"
        assert len(folds) >= len(solved) + len(section.cells("explorer"))


# Rows of tables without a header, headers that are empty or do not say what they head.
HEADLESS = """() => [...document.querySelectorAll('main article table')]
    .filter(table => !table.closest('.ls-card, [role=presentation]'))
    .flatMap(table => [
        ...[...table.tBodies].flatMap(body => [...body.rows]).filter(row => !row.querySelector('th')),
        ...[...table.querySelectorAll('th')].filter(head => !head.scope || !head.textContent.trim()),
    ]).slice(0, 3).map(element => element.outerHTML.slice(0, 200))"""


def test_rows_and_columns_of_tables_have_headers(book, phone):
    assert not tour(book, phone, HEADLESS)


# Chinese that no element marks as Chinese, and marks within marks.
UNMARKED = """() => {
    const words = document.createTreeWalker(document.querySelector('main article'), NodeFilter.SHOW_TEXT), wrong = [];
    while (words.nextNode()) {
        const text = words.currentNode, about = text.parentElement;
        if (!/[\\u4e00-\\u9fff]/.test(text.data)) continue;
        if (about.closest('pre, code, script, textarea, svg, math, option, figure, .highlight')) continue;
        if (about.closest('[lang]').lang !== 'zh-Hans') wrong.push(text.data.trim().slice(0, 60));
    }
    const twice = [...document.querySelectorAll('[lang="zh"], [lang|="zh"] [lang|="zh"]')].map(e => e.outerHTML);
    return [...wrong, ...twice].slice(0, 3);
}"""


def test_chinese_is_marked_as_simplified_chinese_once(book, phone):
    assert not tour(book, phone, UNMARKED)


# The plain tables and print-outs in sight: is each in a cell that keeps them?
OUTPUTS = """() => [...document.querySelectorAll('.cell_output :is(.dataframe, .output.stream, .output.text_plain)')]
    .filter(output => output.checkVisibility())
    .map(output => output.closest('.cell').matches('.tag_keep, .tag_card, .tag_quiz, .tag_explorer, .tag_check'))"""


def test_tables_for_readers_of_the_code_go_with_the_code(book, phone):
    """With the code hidden, of plain tables and print-outs those stay that the text speaks of (perhaps all of one)."""
    gone = 0
    for section in SECTIONS:
        shown = phone.open(section.page(book)).evaluate(OUTPUTS)
        left = phone.open(section.page(book), "?code=hidden").evaluate(OUTPUTS)
        assert all(left) and len(left) == sum(shown), f"{section}: {len(shown)} outputs, {left} left"
        gone += len(shown) - len(left)
    assert gone


def test_a_finger_finds_the_copy_buttons(book, phone):
    page = phone.open(SECTIONS[0].page(book))
    page.wait_for_selector("button.copybtn")
    page.wait_for_function("""[...document.querySelectorAll('button.copybtn')].every(button => {
        const box = button.getBoundingClientRect(), seen = getComputedStyle(button).opacity === '1';
        return !button.checkVisibility() || seen && Math.min(box.width, box.height) >= 24;
    })""", timeout=5000)


SMALL = """() => [...document.querySelectorAll('main article :is(input, select, button, summary, textarea)')]
    .filter(element => element.checkVisibility() && !element.disabled)
    .map(element => [element, (element.closest('label') || element).getBoundingClientRect()])
    .filter(([, box]) => Math.min(box.width, box.height) < 24)
    .map(([element]) => element.outerHTML.slice(0, 120))"""


def test_what_is_pressed_is_large_enough(book, phone):
    assert not tour(book, phone, SMALL)


OVER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def test_nothing_is_cut_on_320_pixels(book, reader):
    """As wide as a desktop at 400 %, which is what WCAG 1.4.10 asks for."""
    reader.page.set_viewport_size({"width": 320, "height": 640})
    assert not {name: px for name, px in tour(book, reader, OVER).items() if px > 0}


def test_colours_of_the_readers_own(book, browser):
    """With forced colours the chosen key and the keys beside it are told apart, and the focus is seen."""
    opened = Reader(browser)
    page = opened.page
    page.emulate_media(forced_colors="active")
    opened.open(SECTIONS[0].chapter.sections[-1].page(book))
    key = "input => [getComputedStyle(input.nextElementSibling)].map(look => [look.backgroundColor, look.color])[0]"
    chosen = page.locator(".ls-row input:checked").first
    other = page.locator(".ls-row input:not(:checked)").first
    ground, words = chosen.evaluate(key)
    assert ground != other.evaluate(key)[0] and ground != words
    chosen.press("ArrowRight")
    outline = "input => getComputedStyle(input.nextElementSibling).outlineStyle"
    assert page.locator(".ls-row input:focus").evaluate(outline) == "solid"
    opened.close()


def test_motion_is_reduced_for_who_asks(book, reader):
    page = reader.open(CHAPTERS[0].page(book))
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    assert page.evaluate("""[...document.querySelectorAll('*')].every(element => {
        const look = getComputedStyle(element);
        return !/[1-9]/.test(look.transitionDuration + look.animationDuration);
    })""")
