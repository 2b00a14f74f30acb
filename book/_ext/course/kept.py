"""The page "My playbook": what its script has to know of the course. What readers fill in stays in their browsers."""
from __future__ import annotations

from course.paths import address, ready_chapters, section_of_card, section_page
from liveshop.medium import render

SCRIPTS = ("card-markdown.js", "word.js", "playbook.js")


def my_playbook(docname: str) -> str:
    """The frame of the page, with all cards of the course and what counts as progress in a chapter."""
    static = "../" * docname.count("/") + "_static"
    return render("course", "my-playbook.html", deck=deck(docname), scripts=[f"{static}/{name}" for name in SCRIPTS])


def deck(docname: str) -> dict:
    """The cards, each with its place in the playbook; exercises and questions of every chapter that can be read."""
    from liveshop import playbook, practice

    cards = []
    for card in playbook.cards():
        number = section_of_card(card["id"])
        home = address("book/playbook/index", docname) + "#card-" + card["id"].replace(".", "-")
        section = {"number": number, "page": address(section_page(number), docname)}
        cards.append(playbook.for_page(card) | {"home": home, "section": section})
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
