"""The page "My playbook": what its script has to know of the course. What readers fill in stays in their browsers."""
from __future__ import annotations

from course.paths import address, ready_chapters, section_of_card, section_page
from liveshop.medium import render

SCRIPTS = ("card-markdown.js", "zip.js", "word.js", "excel.js", "whole.js", "playbook.js")


def my_playbook(docname: str) -> str:
    """The frame of the page, with all cards of the course and what counts as progress in a chapter."""
    static = "../" * docname.count("/") + "_static"
    return render("course", "my-playbook.html", deck=deck(docname), scripts=[f"{static}/{name}" for name in SCRIPTS])


def deck(docname: str) -> dict:
    """The cards, what counts as progress in every chapter that can be read, and the words of the document."""
    from liveshop import playbook

    return {"cards": cards(docname), "chapters": _chapters(), "words": playbook.words()}


def cards(docname: str) -> list[dict]:
    """The cards of the course, each with its place in the playbook and its section."""
    from liveshop import playbook

    found = []
    for card in playbook.cards():
        number = section_of_card(card["id"])
        home = address("book/playbook/index", docname) + "#card-" + card["id"].replace(".", "-")
        section = {"number": number, "page": address(section_page(number), docname)}
        found.append(playbook.for_page(card) | {"home": home, "section": section})
    return found


def _chapters() -> list[dict]:
    from liveshop import practice

    chapters = []
    for chapter in ready_chapters():
        listed = [name for section in chapter["sections"] for name in section["exercises"]]
        asked = practice.questions(str(chapter["number"]))
        chapters.append({
            "number": chapter["number"], "title": chapter["title"],
            "exercises": [name for name in listed if practice.find(name).fields],
            "questions": [question["question"].replace("`", "") for question in asked],
        })
    return chapters
