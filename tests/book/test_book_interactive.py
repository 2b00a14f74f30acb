"""What moves in the book: explorers, answer boxes, quizzes and cards, in a browser and without a kernel."""
from __future__ import annotations

import itertools
import json

import pytest
from reader import chapters

# --- explorers -----------------------------------------------------------------------------------

STATE = """root => ({ picture: (root.querySelector('img') || {}).currentSrc || (root.querySelector('img') || {}).src || root.querySelector('svg')?.outerHTML,
                     sentence: root.querySelector('[aria-live]')?.textContent.trim() })"""


def controls(explorer):
    """Sliders, tick boxes and menus; radio buttons count as one control, their fieldset."""
    return explorer.locator("input[type=range], input[type=checkbox], select, fieldset").all()


def walk(control, how: str):
    """Moves one control through its whole range, stops after every move, and ends where it began."""
    kind = control.evaluate("e => e.tagName === 'INPUT' ? e.type : e.tagName.toLowerCase()")
    control.evaluate("e => (e.closest('figure') || e).scrollIntoView({block: 'start'})")
    if kind == "range":
        low, high, step = (float(control.get_attribute(name) or default) for name, default in (("min", 0), ("max", 100), ("step", 1)))
        count, began = round((high - low) / step), control.input_value()
        if how == "keyboard":
            control.focus()
            control.press("Home")
            yield
            for _ in range(count):
                control.press("ArrowRight")
                yield
            assert float(control.input_value()) == pytest.approx(high), "the arrow keys do not reach the end"
        else:
            box = control.bounding_box()
            for place in range(count + 1):
                control.click(position={"x": 8 + place / count * (box["width"] - 16), "y": box["height"] / 2})
                yield
            assert float(control.input_value()) == pytest.approx(high), "the pointer does not reach the end"
        control.evaluate("(e, began) => { e.value = began; e.dispatchEvent(new Event('input', {bubbles: true})); }", began)
    elif kind == "checkbox":
        for _ in range(2):
            control.press("Space") if how == "keyboard" else control.click()
            yield
    elif kind == "select":
        began = control.evaluate("e => e.selectedIndex")
        for index in range(control.evaluate("e => e.options.length")):
            control.select_option(index=index)
            yield
        control.select_option(index=began)
    else:
        choices = control.locator("input[type=radio]").all()
        began = next(index for index, choice in enumerate(choices) if choice.is_checked())
        for step in range(len(choices)):
            if how == "keyboard":
                choices[(began + step) % len(choices)].press("ArrowRight")  # goes round, back to the first
            else:
                choices[(began + 1 + step) % len(choices)].click()
            yield
        assert choices[began].is_checked()


def changes_picture(data: dict, which: int) -> bool:
    """Whether two frames that differ in this control alone show different pictures."""
    places = list(itertools.product(*map(range, data["sizes"])))
    pictures = dict(zip(places, (frame[0] for frame in data["frames"])))
    return any(
        picture != pictures[(*place[:which], 0, *place[which + 1 :])] for place, picture in pictures.items()
    )


@pytest.mark.parametrize("how", ["keyboard", "pointer"])
def test_every_explorer_answers_to_every_control(book, reader, how):
    """Through the whole range of each control: the sentence and the picture change, and are never empty."""
    found = 0
    for path in chapters(book):
        page = reader.open(path)
        for number, explorer in enumerate(page.locator(".ls-explore").all(), 1):
            found += 1
            seen = []
            for control in controls(explorer):
                states = [explorer.evaluate(STATE)]
                for _ in walk(control, how):
                    states.append(explorer.evaluate(STATE))
                assert all(state["picture"] and state["sentence"] for state in states), f"{path.name}, explorer {number}: an empty frame"
                seen.append((len({state["picture"] for state in states}), len({state["sentence"] for state in states})))
            assert seen, f"{path.name}, explorer {number} has nothing to move"
            assert all(sentences > 1 for _, sentences in seen), f"{path.name}, explorer {number}, {how}: {seen}"
            assert any(pictures > 1 for pictures, _ in seen), f"{path.name}, explorer {number}, {how}: {seen}"
            # In the opening place a control may leave the picture alone (twice nothing is nothing); somewhere it must change it.
            data = json.loads(explorer.locator("script[type='application/json']").text_content())
            for which in range(len(data["sizes"])):
                assert changes_picture(data, which), f"{path.name}, explorer {number}: control {which + 1} never changes the picture"
            explorer_text = explorer.evaluate("root => [root.querySelector('img')?.alt, root.querySelector('[aria-live]')?.textContent.trim()]")
            assert explorer_text[0] == explorer_text[1], f"{path.name}, explorer {number}: alternative text and sentence differ"
    assert found >= 7, f"only {found} explorers in the book"
    assert not reader.complaints and not reader.foreign


# --- answers and quizzes ---------------------------------------------------------------------------


def fill(form, data: dict, answer: dict) -> None:
    """Types or chooses the answer, field by field."""
    for field, part in zip(data["fields"], form.locator("[data-field]").all()):
        value = answer[field["name"]]
        radios = part.locator("input[type=radio]")
        if radios.count():
            part.locator(f"input[type=radio][value={json.dumps(str(value))}]").check()
        else:
            part.locator("input").fill(str(value))


def test_answer_boxes_tell_right_from_wrong(book, reader):
    """In every exercise with boxes: right is praised, each listed mistake gets its own sentence, empty is not judged."""
    found = 0
    for path in chapters(book):
        page = reader.open(path)
        for section in page.locator("section.ls-practice").all():
            form = section.locator("form.ls-answer")
            if not form.count():
                continue
            found += 1
            name = section.get_attribute("data-exercise")
            data = json.loads(section.locator("script[type='application/json']").first.text_content())
            verdict, button = form.locator(".ls-verdict"), form.get_by_role("button", name="Check")
            button.click()
            assert "ls-right" not in verdict.get_attribute("class") and "ls-wrong" not in verdict.get_attribute("class"), name
            fill(form, data, data["right"] if "right" in data else {field["name"]: field["right"] for field in data["fields"]})
            button.click()
            assert "ls-right" in verdict.get_attribute("class"), f"{name}: the right answer is told {verdict.inner_text()!r}"
            told = 0
            for answer, sentence in data["cases"]:
                if set(answer) != {field["name"] for field in data["fields"]}:
                    continue  # a mistake in one field of several is judged together with the others
                fill(form, data, answer)
                button.click()
                assert "ls-right" not in verdict.get_attribute("class"), f"{name}: {answer} counts as right"
                told += sentence.replace("`", "")[:40] in verdict.inner_text()
            assert told or len(data["fields"]) > 1, f"{name}: no mistake gets its sentence"
    assert found >= 8, f"only {found} exercises can be answered in the page"
    assert not reader.complaints


def test_quiz_answers_right_and_wrong_get_their_feedback(book, reader):
    found = 0
    for path in chapters(book):
        page = reader.open(path)
        for form in page.locator("form.ls-question").all():
            found += 1
            data = json.loads(form.locator("script[type='application/json']").text_content())
            verdict, button = form.locator(".ls-verdict"), form.get_by_role("button", name="Check")
            kind = form.get_attribute("data-type")
            if kind == "numeric":
                for answer in data:
                    value = 987654.25 if answer["default"] else (answer["low"] + answer["high"]) / 2
                    form.locator("input").fill(repr(value))
                    button.press("Enter")
                    assert answer["feedback"].replace("`", "")[:30] in verdict.inner_text()
                    assert ("ls-right" in verdict.get_attribute("class")) == answer["right"]
                continue
            boxes = form.locator("input").all()
            for index, answer in enumerate(data):
                for box in boxes:
                    if kind == "many_choice" and box.is_checked():
                        box.press("Space")
                boxes[index].press("Space")
                button.press("Enter")
                assert answer["feedback"].replace("`", "")[:30] in verdict.inner_text()
                if kind == "multiple_choice" or not answer["right"]:
                    assert ("ls-right" in verdict.get_attribute("class")) == answer["right"]
            if kind == "many_choice":
                for box, answer in zip(boxes, data):
                    if box.is_checked() != answer["right"]:
                        box.press("Space")
                button.press("Enter")
                assert "ls-right" in verdict.get_attribute("class")
    assert found >= 10, f"only {found} questions"
    assert not reader.complaints


def test_cards_print_alone(book, reader):
    page = reader.open(book / "book" / "playbook" / "index.html")
    cards = page.locator("section.ls-card")
    assert cards.count() >= 4
    page.evaluate("window.print = () => { window.printed = [...document.querySelectorAll('#ls-sheet section.ls-card')].length; }")
    cards.first.locator("button.ls-print").click()
    page.wait_for_function("window.printed === 1")
