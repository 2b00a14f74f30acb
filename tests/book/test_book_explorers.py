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
    height: root.offsetHeight,
})"""
# The height with every sentence in turn.
HEIGHTS = """root => {
    const place = root.querySelector('.ls-sentence'), began = place.textContent;
    const frames = root.querySelector('script') || document.getElementById('frames-' + root.dataset.explorer);
    const heights = JSON.parse(frames.textContent).sentences.map(sentence => {
        place.textContent = sentence;
        return root.offsetHeight;
    });
    place.textContent = began;
    return [...new Set(heights)];
}"""
# From the top of the picture (or of what stands above it) to the end of the first control, and of the last.
REACH = """root => {
    const boxes = [root.querySelector('.ls-frame'), ...root.querySelectorAll('.ls-control')]
        .map(element => element.getBoundingClientRect());
    const reach = some => Math.max(...some.map(box => box.bottom)) - Math.min(...some.map(box => box.top));
    return [reach(boxes.slice(0, 2)), reach(boxes)];
}"""
# The words of the sentence wherever a screen reader meets words: texts, and names of elements.
TOLD = """root => {
    const sentence = root.querySelector('.ls-sentence').textContent.trim();
    const names = [...root.querySelectorAll('[alt], [aria-label], [title]')]
        .map(e => e.alt || e.getAttribute('aria-label') || e.title);
    return [root.innerText, ...names].join('\\n').split(sentence).length - 1;
}"""


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
            assert len({state["height"] for state in states}) == 1, f"{name} changes its height as it moves"
            seen.append((len({state["picture"] for state in states}), len({state["sentence"] for state in states})))
        assert seen, f"{name} has nothing to move"
        assert all(sentences > 1 for _, sentences in seen), f"{name}: {seen}"
        assert any(pictures > 1 for pictures, _ in seen), f"{name}: {seen}"
        # In the opening place a control may leave the picture alone (twice nothing is nothing), but not everywhere.
        frames = page.locator(f"#frames-{explorer.get_attribute('data-explorer')}")
        data = json.loads(frames.text_content())
        for which in range(len(data["sizes"])):
            assert changes_picture(data, which), f"{name}: control {which + 1} never changes the picture"
        assert explorer.evaluate(TOLD) == 1, f"{name}: its sentence is read more than once"
    assert not reader.complaints and not reader.foreign


@pytest.mark.parametrize("width", [320, 360, 390, 1280])
def test_explorers_keep_their_height_and_fit_the_screen(book, reader, width):
    """Whatever the sentence, what is below stays where it is; a small phone shows picture and controls at once."""
    reader.page.set_viewport_size({"width": width, "height": 640})
    wrong = []
    for section in SECTIONS:
        page = reader.open(section.page(book))
        header = page.evaluate("document.querySelector('.bd-header-article')?.offsetHeight || 0")
        for explorer in page.locator(".ls-explore").all():
            name, heights = explorer.get_attribute("data-explorer"), explorer.evaluate(HEIGHTS)
            if len(heights) > 1:
                wrong.append(f"{name} is between {min(heights)} and {max(heights)} px high")
            first, last = explorer.evaluate(REACH)
            if width == 360 and (first > 400 or last > 640 - header):
                wrong.append(f"{name}: picture and first control take {first:.0f} px, all controls {last:.0f}")
    assert not wrong, "\n".join(wrong)


def test_the_keyboard_passes_an_explorer_by(book, reader):
    """The first stop in an explorer is a link that leads behind its controls, seen when it has the focus."""
    page = reader.open(SECTIONS[0].page(book))
    for explorer in page.locator(".ls-explore").all():
        first = explorer.locator("a, input, select").first
        assert first.inner_text() == "Skip this figure's controls"
        first.focus()
        box = first.bounding_box()
        assert box["height"] >= 24 and box["width"] > 100, "it has the focus and is not seen"
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert explorer.evaluate("root => !root.contains(document.activeElement)"), "the controls come next"
