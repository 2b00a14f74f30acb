"""Explorers in the book: every control answers, by keyboard and by pointer, in a browser and without a kernel."""
from __future__ import annotations

import itertools
import json

import pytest

from reader import SECTIONS

STATE = """root => ({
    picture: (root.querySelector('img') || {}).currentSrc || (root.querySelector('img') || {}).src
             || root.querySelector('svg')?.outerHTML,
    sentence: root.querySelector('[aria-live]')?.textContent.trim(),
})"""
SPOKEN = "root => [root.querySelector('img')?.alt, root.querySelector('[aria-live]')?.textContent.trim()]"


def controls(explorer):
    """Sliders, tick boxes and menus; radio buttons count as one control, their fieldset."""
    return explorer.locator("input[type=range], input[type=checkbox], select, fieldset").all()


def walk_slider(control, how: str):
    ends = (("min", 0), ("max", 100), ("step", 1))
    low, high, step = (float(control.get_attribute(name) or default) for name, default in ends)
    count, began = round((high - low) / step), control.input_value()
    if how == "keyboard":
        control.focus()
        control.press("Home")
        yield
        for _ in range(count):
            control.press("ArrowRight")
            yield
    else:
        box = control.bounding_box()
        for place in range(count + 1):
            control.click(position={"x": 8 + place / count * (box["width"] - 16), "y": box["height"] / 2})
            yield
    assert float(control.input_value()) == pytest.approx(high), f"the {how} does not reach the end"
    control.evaluate("(e, began) => { e.value = began; e.dispatchEvent(new Event('input', {bubbles: true})); }", began)


def walk(control, how: str):
    """Moves one control through its whole range, stops after every move, and ends where it began."""
    kind = control.evaluate("e => e.tagName === 'INPUT' ? e.type : e.tagName.toLowerCase()")
    control.evaluate("e => (e.closest('figure') || e).scrollIntoView({block: 'start'})")
    if kind == "range":
        yield from walk_slider(control, how)
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
    pictures = dict(zip(places, (frame[0] for frame in data["frames"]), strict=True))
    return any(
        picture != pictures[(*place[:which], 0, *place[which + 1 :])] for place, picture in pictures.items()
    )


@pytest.mark.parametrize("how", ["keyboard", "pointer"])
@pytest.mark.parametrize("section", SECTIONS, ids=str)
def test_every_explorer_answers_to_every_control(book, reader, section, how):
    """Through the whole range of each control: the sentence and the picture change, and are never empty."""
    page = reader.open(section.page(book))
    explorers = page.locator(".ls-explore").all()
    assert len(explorers) == len(section.cells("explorer")) >= 2
    for number, explorer in enumerate(explorers, 1):
        name, seen = f"explorer {number}", []
        for control in controls(explorer):
            states = [explorer.evaluate(STATE)]
            for _ in walk(control, how):
                states.append(explorer.evaluate(STATE))
            assert all(state["picture"] and state["sentence"] for state in states), f"{name}: an empty frame"
            seen.append((len({state["picture"] for state in states}), len({state["sentence"] for state in states})))
        assert seen, f"{name} has nothing to move"
        assert all(sentences > 1 for _, sentences in seen), f"{name}: {seen}"
        assert any(pictures > 1 for pictures, _ in seen), f"{name}: {seen}"
        # In the opening place a control may leave the picture alone (twice nothing is nothing), but not everywhere.
        frames = page.locator(f"#frames-{explorer.get_attribute('data-explorer')}")
        data = json.loads(frames.text_content())
        for which in range(len(data["sizes"])):
            assert changes_picture(data, which), f"{name}: control {which + 1} never changes the picture"
        alternative, sentence = explorer.evaluate(SPOKEN)
        assert alternative == sentence, f"{name}: alternative text and sentence differ"
    assert not reader.complaints and not reader.foreign
