"""The slides of a chapter: what a class looks at together, and nothing that gives an answer away."""
from __future__ import annotations

import html
import re
import shutil

import nbformat
import pytest

from common import ROOT
from liveshop import playbook
from liveshop.editions.__main__ import main
from liveshop.editions.cells import tags
from liveshop.editions.slides import slides

AT_TOP = "Math.abs(document.querySelectorAll('.slide')[n].getBoundingClientRect().top) < 2"
CHAPTERS = sorted((ROOT / "notebooks").glob("[0-9][0-9]-*.ipynb"))


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_every_section_rule_figure_and_exercise_has_its_slide(path):
    nb = nbformat.read(path, 4)
    page = slides(nb)
    text = "\n".join(cell.source for cell in nb.cells if cell.cell_type == "markdown")
    kinds = re.findall(r'class="kind">([^<]*)<', page)
    for section in re.findall(r"^## (\d\.\d .+)$", text, re.MULTILINE):
        assert f"<h1>{section}</h1>" in html.unescape(page)
    rules = re.findall(r"^> \*\*Decision rule\.\*\*", text, re.MULTILINE)
    assert page.count("<strong>Decision rule.</strong>") == len(rules) > 0
    asked = [cell for cell in nb.cells if cell.cell_type == "markdown" and "exercise" in tags(cell)]
    assert kinds.count("Exercise") == len(asked) > 0
    moving = [cell for cell in nb.cells if cell.cell_type == "code" and "explorer" in tags(cell)]
    assert sum("what do you expect" in kind for kind in kinds) == len(moving) > 0
    assert kinds.count("Card") == len(playbook.cards(int(path.name[:2]))) > 0
    assert "SOLUTION" not in page and "<!-- =" not in page
    assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//""", page), "a slide would ask another server"


def test_text_from_a_notebook_is_escaped_and_answers_are_folded():
    nb = nbformat.v4.new_notebook(cells=[
        nbformat.v4.new_markdown_cell("# 9 <script>alert(1)</script>\n\n**Why?**"),
        nbformat.v4.new_markdown_cell("## 9.1 A & B\n\n> **Try it.** What next? *The answer.* And *then*? *Nothing.*"),
    ])
    page = slides(nb)
    assert "<script>alert" not in page and "<h1>9.1 A &amp; B</h1>" in page
    assert "<details><summary>Answer</summary><p>The answer.</p>\n<p>Nothing.</p>" in page
    assert "And <em>then</em>?" in page


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
        assert page.evaluate("[...document.images].every(i => i.getBoundingClientRect().height <= innerHeight * 0.75)")
        heights = "[...document.querySelectorAll('.slide')].map((s, i) => [i + 1, s.scrollHeight])"
        tall = f"{heights}.filter(s => s[1] > innerHeight + 2)"
        assert page.evaluate(tall) == [], "slides are taller than the screen"
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
