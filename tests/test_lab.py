"""JupyterLab as make lab opens it: what stands before a learner, a quiz that works by keyboard, nobody else asked."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import nbformat
import pytest

from common import ROOT
from liveshop.editions.callouts import folded

pytestmark = pytest.mark.slow

KEY = "a-key-for-the-test"
CELLS = [
    "from example.page import HERE, TABLES\nfrom liveshop import check, practice, quiz\n"
    "practice.use(TABLES)\nquiz(HERE / 'quiz.json')",
    "gpm = 9_000_000 / 1400",
    "gpm = undefined",
    'check("0.1a", gpm)',
]


@contextlib.contextmanager
def lab(folder: Path, *arguments, cells=CELLS):
    """The address of JupyterLab, opened by the course's own recipe in a folder with one notebook."""
    (folder / "notebooks").mkdir()
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
    nb.cells.append(nbformat.v4.new_markdown_cell(folded("> **Try it.** Who sells more? *The second one does.*")))
    nb.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(nb, folder / "notebooks" / "one.ipynb")
    shutil.copytree(ROOT / ".jupyter", folder / ".jupyter")
    # Only the lines of lab itself: setting up is tested elsewhere and takes a network.
    recipe = (ROOT / "Makefile").read_text().replace("lab: setup", "lab:")
    (folder / "Makefile").write_text(recipe.replace("VENV ?= .venv", f"VENV ?= {Path(sys.prefix)}"))
    own = folder / "own"
    own.mkdir()
    (own / "jupyter_server_config.json").write_text(json.dumps({"ServerApp": {"open_browser": False}}))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "JUPYTER_CONFIG_DIR": str(own), "JUPYTER_TOKEN": KEY, "LIVESHOP_MEDIUM": "live",
                   "PYTHONPATH": os.pathsep.join(map(str, (ROOT / "utils", ROOT / "tests")))}
    with open(folder / "log", "w") as log:
        running = subprocess.Popen(["make", "lab", f"PORT={port}", *arguments], cwd=folder, env=environment, stdout=log,
                                   stderr=log, start_new_session=True)
    try:
        address = f"http://127.0.0.1:{port}"
        for _ in range(300):
            with contextlib.suppress(OSError):
                asked(address, "/api/status")
                break
            assert running.poll() is None, (folder / "log").read_text()
            time.sleep(0.2)
        yield address
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGTERM)
        running.wait(30)


def asked(address: str, path: str) -> tuple[int, str]:
    """What the server answers: the status and the text."""
    try:
        with urllib.request.urlopen(f"{address}{path}?token={KEY}", timeout=60) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, ""


def open_notebook(page, address: str):
    """The notebook with its first cell chosen and its kernel ready: JupyterLab runs nothing before that."""
    page.goto(f"{address}/lab/tree/notebooks/one.ipynb?token={KEY}")
    page.get_by_text("| Idle").wait_for(timeout=90_000)
    page.locator(".jp-Notebook .jp-CodeCell").first.click()


def test_a_class_has_the_menu_of_nbgrader(tmp_path):
    (tmp_path / "my class").mkdir()
    (tmp_path / "my class" / "nbgrader_config.py").write_text("c = get_config()\n")
    with lab(tmp_path, "CLASS=my class") as address:
        assert asked(address, "/formgrader")[0] == 200
        assert '"@jupyter/nbgrader": true' not in asked(address, "/lab")[1]
        assert "nbgrader_config.py" in asked(address, "/api/contents")[1]


def test_a_class_that_is_not_there_is_one_sentence(tmp_path):
    with pytest.raises(AssertionError, match="There is no folder my class: make it"), lab(tmp_path, "CLASS=my class"):
        pass


def test_a_learner_has_the_course_before_her_and_nothing_else(tmp_path, browser):
    with lab(tmp_path) as address:
        assert asked(address, "/formgrader")[0] == 404
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        foreign, broken = [], []
        page.on("request", lambda request: request.url.startswith((address, "data:", "blob:"))
                or foreign.append(request.url))
        page.on("pageerror", lambda error: broken.append(str(error)))
        open_notebook(page, address)
        assert page.locator(".lm-MenuBar").get_by_text("Kernel").count() == 1
        page.keyboard.press("Shift+Enter")
        judged_in_the_quiz(page)      # now, as JupyterLab does not draw what is far from the cell with the focus
        for cell, shown in ((1, "[2]:"), (2, "[3]:"), (3, "[4]:")):
            page.locator(".jp-CodeCell").nth(cell).locator(".cm-content").click()
            page.keyboard.press("Shift+Enter")
            page.get_by_text(shown, exact=True).wait_for(timeout=60_000)
        check = page.locator(".ls-check")
        assert check.inner_text(timeout=60_000).startswith("… Cell [3] stopped with an error (NameError), so this is")
        asking = page.locator(".jp-RenderedMarkdown")       # as the student edition folds it
        answer = asking.get_by_text("The second one does.")
        assert asking.get_by_text("Who sells more?").is_visible() and not answer.is_visible()
        asking.locator("summary").click()
        answer.wait_for(state="visible")
        # What nbgrader and Jupyter's news would have shown is there soon after the notebook.
        assert page.get_by_text("Validate").count() + page.get_by_text("Nbgrader").count() == 0
        assert page.get_by_text("Jupyter news").count() == 0
        page.close()
    assert not foreign and not broken


CARD = """from example.page import HERE
from liveshop import card
card("0.1", cards=HERE / "cards.yml", gpm=812.4)"""


def test_a_card_is_a_form_that_shows_all_its_words(tmp_path, browser):
    """Nothing is cut to "…", and rows are added. The button writes the Markdown, and nothing is written before."""
    with lab(tmp_path, cells=[CARD]) as address:
        page = browser.new_page(viewport={"width": 900, "height": 900})
        open_notebook(page, address)
        page.keyboard.press("Shift+Enter")
        form = page.locator(".ls-card-form")
        form.wait_for(timeout=60_000)
        words = form.locator(".widget-label, [class*=label-basic], [class*=label-basic] *")
        cut = """(all) => all.map((one) => [one, getComputedStyle(one)])
            .filter(([one, style]) => style.whiteSpace === "nowrap" || style.display !== "inline"
                && one.scrollWidth > one.clientWidth + 1)
            .map(([one]) => one.textContent.trim()).filter(Boolean)"""
        form.evaluate("(form) => form.style.width = '320px'")
        assert words.count() > 8 and words.evaluate_all(cut) == []
        line = form.locator(".widget-checkbox").filter(has_text="Compare with the last").first
        assert line.bounding_box()["height"] > 40, "the line does not wrap"
        assert form.get_by_label("Main reason").count() == 1
        form.get_by_role("button", name="Add a row").click()
        form.get_by_title("Who, row 4").fill("Lin")
        assert not (tmp_path / "notebooks" / "my-playbook").exists()
        form.get_by_role("button", name="Save to my-playbook").click()
        form.get_by_text("Saved to my-playbook/card-0.1.md").wait_for(timeout=30_000)
        page.close()
        text = (tmp_path / "notebooks" / "my-playbook" / "card-0.1.md").read_text(encoding="utf-8")
    assert "|  | Lin |  |" in text and "812.4" in text


def judged_in_the_quiz(page):
    """Answers of all kinds by keyboard alone: no key reaches JupyterLab, which would move to another cell."""
    forms = page.locator(".ls-quiz form.ls-question")
    forms.first.wait_for(timeout=60_000)
    cells = page.locator(".jp-CodeCell").count()
    first = forms.nth(0).locator("input").first
    first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    assert forms.nth(0).locator("input").nth(1).is_checked()
    page.keyboard.press("Enter")
    assert "Right. Yes: views" in forms.nth(0).locator(".ls-verdict").inner_text()
    number = forms.nth(2).locator("input")
    number.focus()
    page.keyboard.type("0.25")
    page.keyboard.press("Enter")
    assert "Right. Yes" in forms.nth(2).locator(".ls-verdict").inner_text()
    assert page.locator(".jp-CodeCell").count() == cells
    look = forms.nth(0).evaluate("form => getComputedStyle(form).borderRadius")
    assert look == "8px", "the style of the book did not come along"
