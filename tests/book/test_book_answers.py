"""Answer boxes, quizzes and cards in the book, in a browser and without a kernel."""
from __future__ import annotations

import json

import pytest

from liveshop import playbook, practice
from liveshop.practice.cases import NAMED
from reader import CHAPTERS, SECTIONS


def fill(form, data: dict, answer: dict) -> None:
    """Types or chooses the answer, field by field."""
    for field, part in zip(data["fields"], form.locator("[data-field]").all(), strict=True):
        value = answer[field["name"]]
        radios = part.locator("input[type=radio]")
        if radios.count():
            part.locator(f"input[type=radio][value={json.dumps(str(value))}]").check()
        elif part.locator("select").count():
            part.locator("select").select_option(str(value))
        else:
            part.locator("input").fill(str(value))


@pytest.mark.parametrize("section", SECTIONS, ids=str)
def test_answer_boxes_tell_right_from_wrong(book, reader, section):
    """In every exercise with boxes: right is praised, each listed mistake has its own sentence, empty is not judged."""
    found = []
    page = reader.open(section.page(book))
    for asked in page.locator("section.ls-practice").all():
        form = asked.locator("form.ls-answer")
        if not form.count():
            continue
        name = asked.get_attribute("data-exercise")
        found.append(name)
        data = json.loads(asked.locator("script[type='application/json']").first.text_content())
        try_every_answer(name, form, data)
    wanted = [name for name in section.exercises if practice.find(name).fields]
    assert found == wanted
    assert not reader.complaints


def try_every_answer(name: str, form, data: dict) -> None:
    verdict, button = form.locator(".ls-verdict"), form.get_by_role("button", name="Check")
    button.click()
    judged = verdict.get_attribute("class")
    assert "ls-right" not in judged and "ls-wrong" not in judged, name
    fill(form, data, {field["name"]: field["right"] for field in data["fields"]})
    button.click()
    assert "ls-right" in verdict.get_attribute("class"), f"{name}: the right answer is told {verdict.inner_text()!r}"
    told = 0
    for answer, word, _, rank in data["cases"]:
        sentence = data["words"][word]
        if rank > NAMED or set(answer) != {field["name"] for field in data["fields"]}:
            continue  # a mistake in one field of several is judged together with the others
        fill(form, data, answer)
        button.click()
        assert "ls-right" not in verdict.get_attribute("class"), f"{name}: {answer} counts as right"
        told += sentence.replace("`", "")[:40] in verdict.inner_text()
    assert told or len(data["fields"]) > 1, f"{name}: no mistake gets its sentence"


@pytest.mark.parametrize("chapter", CHAPTERS, ids=str)
def test_quiz_answers_right_and_wrong_get_their_feedback(book, reader, chapter):
    page = reader.open(chapter.page(book))
    forms = page.locator("form.ls-question").all()
    assert len(forms) == len(practice.questions(str(chapter.number))) > 0
    for form in forms:
        data = json.loads(form.locator("script[type='application/json']").text_content())
        kind = form.get_attribute("data-type")
        (try_numbers if kind == "numeric" else try_choices)(form, data, kind)
    assert not reader.complaints


def told(verdict, answer: dict) -> bool:
    return answer["feedback"].replace("`", "")[:30] in verdict.inner_text()


def try_numbers(form, data: list, kind: str) -> None:
    verdict, button = form.locator(".ls-verdict"), form.get_by_role("button", name="Check")
    for answer in data:
        value = 987654.25 if answer["default"] else (answer["low"] + answer["high"]) / 2
        form.locator("input").fill(repr(value))
        button.press("Enter")
        assert told(verdict, answer)
        assert ("ls-right" in verdict.get_attribute("class")) == answer["right"]


def try_choices(form, data: list, kind: str) -> None:
    verdict, button = form.locator(".ls-verdict"), form.get_by_role("button", name="Check")
    boxes = form.locator("input").all()
    for index, answer in enumerate(data):
        for box in boxes:
            if kind == "many_choice" and box.is_checked():
                box.press("Space")
        boxes[index].press("Space")
        button.press("Enter")
        assert told(verdict, answer)
        if kind == "multiple_choice" or not answer["right"]:
            assert ("ls-right" in verdict.get_attribute("class")) == answer["right"]
    if kind == "many_choice":
        for box, answer in zip(boxes, data, strict=True):
            if box.is_checked() != answer["right"]:
                box.press("Space")
        button.press("Enter")
        assert "ls-right" in verdict.get_attribute("class")


def test_cards_print_alone(book, reader):
    page = reader.open(book / "book" / "playbook" / "index.html")
    cards = page.locator("section.ls-card")
    ready = {str(chapter) for chapter in CHAPTERS}
    assert cards.count() == sum(card["id"].split(".")[0] in ready for card in playbook.cards())
    assert cards.count() >= sum(len(chapter.sections) for chapter in CHAPTERS)
    counted = "document.querySelectorAll('#ls-sheet section.ls-card').length"
    page.evaluate(f"window.print = () => {{ window.printed = {counted}; }}")
    cards.first.locator("button.ls-print").click()
    page.wait_for_function("window.printed === 1")
