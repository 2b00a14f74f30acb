"""A page with an explorer, exercises, a quiz and a card, opened in headless Chromium."""

import contextlib
import os
import shutil
from pathlib import Path

import matplotlib

matplotlib.use("agg")
import matplotlib.pyplot as plt
import pandas as pd
import pytest

import example.section_0_1  # noqa: F401  (declares the exercises)
from liveshop import medium, playbook, practice
from liveshop.explorers import Explorer

HERE = Path(__file__).parent
SCRIPTS = ("kept.js", "explorers.js", "numbers.js", "answers.js", "cards.js")


class Tables:
    """The least that an exercise needs of the tables."""

    def __init__(self, **frames):
        self.__dict__.update(frames)

    def __contains__(self, name):
        return name in self.__dict__


TABLES = Tables(
    streams=pd.DataFrame(
        {"gmv": [1000.0, 8000.0], "views": [500, 900], "viewers": [400, 800], "product_clicks": [100, 90],
         "orders": [30, 20]}
    )
)


def draw(discount, giveaway, scene):
    fig, ax = plt.subplots(figsize=(7, 4.2))
    ax.bar(["traffic", "hero", "profit"], [3 + 10 * discount, 6 if giveaway else 4, len(scene)])
    ax.set_ylim(0, 10)
    ax.set_ylabel("orders a minute")
    return fig, (
        f"At {discount:.0%} off{' with a giveaway' if giveaway else ''} in the <{scene}>, hero sells "
        f"{6 if giveaway else 4} a minute.")


def example_explorer(**changes):
    settings = {
        "title": "Opener & discount",
        "formats": {"discount": ".0%"},
        "start": {"discount": 0.2, "giveaway": True},
        **changes,
    }
    inputs = {"discount": (0.0, 0.4, 0.1), "giveaway": [False, True], "scene": ["studio", "factory"]}
    return Explorer(draw, inputs, **settings)


def many_choices(slot):
    fig, ax = plt.subplots(figsize=(5, 3))
    ax.plot([0, slot])
    ax.set_ylim(0, 8)
    return fig, f"Slot {slot} of eight."


def body():
    """The HTML of everything interactive, as the book shows it."""
    from liveshop.practice.quiz import quiz_html
    from liveshop.practice.show import boxes

    practice.use(TABLES)
    asked = practice.questions(HERE / "quiz.json")
    exercises = "".join(boxes(practice.find(id), TABLES) for id in ("0.1a", "0.1b", "0.1c"))
    menu = Explorer(many_choices, {"slot": {f"number {n}": n for n in range(1, 8)}})
    one = playbook.load_cards(HERE / "cards.yml")[0]
    card = playbook.html_card(one, {"gpm": 812.4, "reason": '"<b>'})
    return example_explorer().html() + menu.html() + exercises + quiz_html(asked) + card


def write_page(folder, content=None, script=True):
    """Write the page and return its address."""
    styles = medium.static("course.css", "interactive.css")
    code = "".join(f"<script>{medium.static(one)}</script>" for one in SCRIPTS if script)
    path = Path(folder) / ("page.html" if script else "still.html")
    own = "body{margin:0;background:var(--ls-paper);color:var(--ls-ink)}"
    parts = [
        '<!doctype html><html lang="en" data-theme="light"><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width"><title>Interactive parts</title>',
        f"<style>{styles} {own}</style><body>",
        '<main class="bd-article bd-content" style="max-width:760px;margin:auto;padding:12px"><h1>Page</h1>',
        f"{body() if content is None else content}</main>{code}</body></html>",
    ]
    path.write_text("".join(parts), encoding="utf-8")
    return path.as_uri()


@contextlib.contextmanager
def chromium():
    """A headless browser; skips where there is none, except under CI=true."""
    executable = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not executable:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("chromium is not installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """The page, opened; every request but the file itself is refused and fails the test's module."""
    with chromium() as browser:
        opened = browser.new_page(viewport={"width": 1280, "height": 900})
        opened.problems = []
        opened.on("console", lambda message: opened.problems.append(message.text) if message.type == "error" else None)
        opened.on("pageerror", lambda error: opened.problems.append(str(error)))
        opened.on("request", lambda request: request.url.startswith(("file:", "data:"))
                  or opened.problems.append(request.url))
        opened.goto(write_page(tmp_path_factory.mktemp("page")))
        yield opened
        assert not opened.problems


def violations(page):
    """What axe finds against WCAG 2.1 AA, as short lines."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}).response["violations"]
    return [f"{v['id']}: {n['html'][:160]} "
            f"{n['any'][:1] and n['any'][0]['message']}" for v in found for n in v["nodes"]]

