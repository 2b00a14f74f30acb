"""The page "My playbook": what its script has to know of the course. What readers fill in stays in their browsers."""
from __future__ import annotations

import os
from pathlib import Path

from course.paths import ready_chapters
from liveshop.medium import render

SCRIPTS = ("card-markdown.js", "word.js", "playbook.js")


def my_playbook(docname: str) -> str:
    """The frame of the page, with all cards of the course and what counts as progress in a chapter."""
    static = os.path.relpath("_static", Path(docname).parent).replace(os.sep, "/")
    return render("course", "my-playbook.html", deck=deck(), scripts=[f"{static}/{name}" for name in SCRIPTS])


def deck() -> dict:
    """The cards, each with its place in the playbook; exercises and questions of every chapter that can be read."""
    from liveshop import playbook, practice

    cards = [playbook.for_page(card) | {"home": "index.html#card-" + card["id"].replace(".", "-")}
             for card in playbook.cards()]
    chapters = []
    for chapter in ready_chapters():
        listed = [name for section in chapter["sections"] for name in section["exercises"]]
        asked = practice.questions(str(chapter["number"]))
        chapters.append({
            "number": chapter["number"], "title": chapter["title"],
            "exercises": [name for name in listed if practice.find(name).fields],
            "questions": [question["question"].replace("`", "") for question in asked],
        })
    return {"cards": cards, "chapters": chapters}
