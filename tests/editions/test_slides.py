"""The slides of a chapter: what a class looks at together, and nothing that gives an answer away."""
from __future__ import annotations

import html
import re
import shutil
from collections import Counter

import nbformat
import pytest

from common import ROOT
from liveshop import playbook, practice
from liveshop.editions.__main__ import main
from liveshop.editions.cells import tags
from liveshop.editions.notes import notes
from liveshop.editions.page import markdown
from liveshop.editions.slides import EXPECT, slides

AT_TOP = "Math.abs(document.querySelectorAll('.slide')[n].getBoundingClientRect().top) < 2"
CHAPTERS = sorted((ROOT / "notebooks").glob("[0-9][0-9]-*.ipynb"))


def kinds(page: str) -> list[str]:
    return [html.unescape(kind) for kind in re.findall(r'class="kind">([^<]*)<', page)]


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_every_section_rule_figure_and_exercise_has_its_slide(path):
    nb = nbformat.read(path, 4)
    page = slides(nb)
    text = "\n".join(cell.source for cell in nb.cells if cell.cell_type == "markdown")
    for section in re.findall(r"^## (\d\.\d .+)$", text, re.MULTILINE):
        assert f"<h1>{section}</h1>" in html.unescape(page)
    rules = re.findall(r"^> \*\*Decision rule", text, re.MULTILINE)
    assert page.count("<strong>Decision rule") == len(rules) > 0
    shown = Counter(kinds(page))
    asked = [cell for cell in nb.cells if cell.cell_type == "markdown" and "exercise" in tags(cell)]
    assert shown["Exercise"] == len(asked) > 0
    moving = [cell for cell in nb.cells if cell.cell_type == "code" and "explorer" in tags(cell)]
    assert shown["Explorer"] == len(moving) > 0 and shown[EXPECT] > 0
    assert shown["Card"] == len(playbook.cards(int(path.name[:2]))) > 0
    quiz = sum(count for kind, count in shown.items() if kind.startswith("Quiz"))
    assert quiz == len(practice.questions(str(int(path.name[:2])))) > 0
    assert shown["Five things to remember"] == 5 and shown["Decision memo"] >= 4
    assert "SOLUTION" not in page and "<!-- =" not in page
    assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//""", page), "a slide would ask another server"


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_notes_are_for_the_speaker_alone_and_traps_go_in_steps(path):
    nb = nbformat.read(path, 4)
    page = slides(nb)
    seen = re.sub(r'<template class="notes">.*?</template>', "", page, flags=re.DOTALL)
    assert "For the teacher" not in page
    for found in notes(nb).values():
        for one in found:
            words = re.sub(r"<[^>]+>", "", markdown(one.text)).strip()[:40]
            assert not words or words in re.sub(r"<[^>]+>", "", page) and words not in re.sub(r"<[^>]+>", "", seen)
            for count, (word, _) in enumerate(one.steps, 1):
                assert seen.count(f'<div class="now"><dt>{word}</dt>') >= 1, f"step {count} has no slide"


CHAPTER = [
    "# 9 <script>alert(1)</script>\n\n**Why?**",
    "## 9.1 A & B\n\n> **讲什么** 三行。\n\n### Strategy: few\n\n#### Do this\n\nBecause.\n\n> **Decision rule.** Do.",
    "**For the teacher.** Ten minutes.\n\n- **Question.** How many?",
    "### The trap: the mean\n\nText.",
    "**For the teacher.** Slowly.\n\n1. **Naive.** Nine.\n2. **Vote.** Really?\n"
    "3. **Better.** Five.\n4. **Truth.** Four.",
    "### Explore\n\n> **Try it.** What next? *The answer.* And *then*? *Nothing.*",
    "## Five things\n\n1. **One.** First.\n2. **Two.** Second.\n\n"
    "## Memo\n\n> **To the owner.** A page.\n\n**Action.** Go on.",
]


def small_chapter():
    cells = [nbformat.v4.new_markdown_cell(text) for text in CHAPTER]
    for cell in cells:
        cell.metadata["tags"] = ["teacher"] if cell.source.startswith("**For the teacher") else []
    picture = '<img alt="drawn" src="data:image/png;base64,AAAA">'
    figures = {"step-naive": 4, "": 6}
    for offset, (tag, place) in enumerate(figures.items()):
        cell = nbformat.v4.new_code_cell("draw()")
        cell.outputs = [nbformat.v4.new_output("display_data", {"text/html": picture.replace("drawn", tag or "both")})]
        cell.metadata["tags"] = [tag] if tag else []
        cells.insert(place + offset - (1 if not tag else 0), cell)
    return nbformat.v4.new_notebook(cells=cells)


def test_text_from_a_notebook_is_escaped_and_answers_are_folded():
    page = slides(small_chapter())
    assert "<script>alert" not in page and "<h1>9.1 A &amp; B</h1><p>How many?</p>" in page
    assert "<details><summary>Answer</summary><p>The answer.</p>\n<p>Nothing.</p>" in page
    assert "And <em>then</em>?" in page and "讲什么" not in page


def test_the_trap_is_shown_in_steps_and_its_figures_in_their_place():
    shown = re.findall(r'<section class="slide.*?</section>', slides(small_chapter()), re.DOTALL)
    trap = [slide for slide in shown if 'class="kind">The trap<' in slide]
    steps = [re.findall(r"<dt>(\w+)</dt>", slide) for slide in trap]
    words = ["Naive", "Vote", "Better", "Truth"]
    assert steps == [words[:1], words[:2], words[:3], words, []]
    assert ["The mean" in slide for slide in trap] == [False, False, False, True, False]
    assert [re.findall('<img alt="([^"]*)"', slide) for slide in trap] == [["step-naive"], [], [], [], ["both"]]
    assert all("Slowly." in slide.partition("<template")[2] for slide in trap)
    texts = [re.sub(r"<[^>]+>", " ", slide) for slide in shown[-3:]]
    assert [text.split()[:4] for text in texts] == [
        ["Five", "things", "One", "First."], ["Five", "things", "Two", "Second."], ["Memo", "Action", "Go", "on."]]


def test_the_command_writes_one_page_a_chapter(tmp_path, capsys):
    assert main(["slides", str(CHAPTERS[0]), "--out", str(tmp_path)]) == 0
    assert (tmp_path / f"{CHAPTERS[0].stem}.html").is_file() and "Made" in capsys.readouterr().out


def test_arrow_keys_turn_the_slides_and_figures_fit(tmp_path):
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("no chromium on this machine")
    from playwright.sync_api import sync_playwright

    page_file = tmp_path / "slides.html"
    page_file.write_text(slides(nbformat.read(CHAPTERS[0], 4)), encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        asked = []
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.on("request", lambda request: asked.append(request.url))
        page.goto(page_file.as_uri())
        for step in (1, 2, 3):
            page.keyboard.press("ArrowRight")
            page.wait_for_function(f"n => {AT_TOP}", arg=step)
        page.keyboard.press("ArrowLeft")
        page.wait_for_function(f"n => {AT_TOP}", arg=2)
        assert page.evaluate("[...document.images].every(i => i.getBoundingClientRect().height <= innerHeight * 0.85)")

        # The list of places, by keyboard; from the slide with an answer the arrow opens it and then goes on.
        page.keyboard.press("c")
        assert page.evaluate("document.querySelectorAll('#jump[open] li.section').length") > 2
        page.keyboard.press("Escape")
        assert page.evaluate("document.getElementById('jump').open") is False
        first = "[...document.querySelectorAll('.slide')].findIndex(s => s.querySelector('{}'))"
        tried = page.evaluate(first.format(".shown details"))
        page.evaluate("n => document.querySelectorAll('.slide')[n].scrollIntoView()", tried)
        page.wait_for_function(f"n => {AT_TOP}", arg=tried)
        page.keyboard.press("ArrowRight")
        assert page.evaluate("n => document.querySelectorAll('.slide')[n].querySelector('details').open", tried)
        assert page.evaluate(f"n => {AT_TOP}", tried)
        page.keyboard.press("ArrowRight")
        page.wait_for_function(f"n => {AT_TOP}", arg=tried + 1)

        # The speaker's window follows, with the notes of the slide.
        noted = page.evaluate(first.format("template"))
        if noted >= 0:
            page.evaluate("n => document.querySelectorAll('.slide')[n].scrollIntoView()", noted)
            with page.expect_popup() as opened:
                page.keyboard.press("n")
            opened.value.wait_for_function("document.getElementById('said').textContent.length > 20")
            opened.value.close()

        tall = "[...document.querySelectorAll('.slide')].map((s, i) => [i + 1, s.scrollHeight])"
        tall += ".filter(s => s[1] > innerHeight + 2)"
        page.evaluate("document.querySelectorAll('.shown details').forEach(d => d.open = true)")
        page.wait_for_function(f"{tall}.length === 0", timeout=3000)
        page.set_viewport_size({"width": 1920, "height": 1080})
        page.wait_for_function(f"{tall}.length === 0", timeout=3000)
        assert page.evaluate("document.querySelector('.slide .shown').getBoundingClientRect().width") > 1920 * 0.8
        page.set_viewport_size({"width": 390, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert not [url for url in asked if not url.startswith(("file:", "data:"))]
        browser.close()


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_slides_of_explorers_lead_to_the_moving_figures_in_the_book(path, book):
    page = slides(nbformat.read(path, as_version=4), "notebooks")
    led = set(re.findall(r'<a href="(notebooks/[^"]+)">Move it in the book', page))
    assert len(led) > 1
    for link in led:
        target, place = link.split("#")
        assert f'id="{place}"' in (book / target).read_text(encoding="utf-8"), link
