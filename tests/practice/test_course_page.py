"""The exercises of the course in a page, judged by its script, and in a notebook: the same words for an answer."""

import pytest
from test_show import same

from example.page import chromium, write_page
from liveshop import load, practice
from liveshop.practice.exercise import bound
from liveshop.practice.show import boxes

ANSWER = """
([id, answers]) => {
  const section = document.querySelector(`section.ls-practice[data-exercise="${id}"]`);
  const parts = [...section.querySelectorAll("[data-field]")];
  return answers.map((row) => {
    parts.forEach((part, i) => part.querySelectorAll("input, select").forEach((box) => {
      if (box.type === "radio") box.checked = box.value === row[i];
      else box.value = row[i];
    }));
    section.querySelector("form").requestSubmit();
    return section.querySelector(".ls-verdict").textContent;
  });
}
"""


@pytest.fixture(scope="module")
def course():
    return load()


@pytest.fixture(scope="module")
def exercises():
    return [one for one in practice.exercises() if one.fields and not one.id.startswith("0.")]


def tried(key):
    """A shared table of answers: right, every tenth case, a little off, and far off."""
    yield key.right
    for place, case in enumerate(key.cases[::10]):
        yield key.right | case.values
        if place % 3 == 0:
            yield key.right | {name: value if isinstance(value, str) else 1.013 * value + 0.01
                               for name, value in case.values.items()}
    yield {name: value if isinstance(value, str) else -7.3 * value - 11 for name, value in key.right.items()}
    yield {name: value if isinstance(value, str) else 1.0001 * value for name, value in key.right.items()}


def test_page_and_notebook_say_the_same_in_every_exercise(exercises, course, tmp_path):
    with chromium() as browser:
        page = browser.new_page()
        page.goto(write_page(tmp_path, "".join(boxes(one, course) for one in exercises)))
        for one in exercises:
            answers = list(tried(bound(course, one).key))
            rows = [[value if isinstance(value, str) else repr(float(value)) for value in row.values()]
                    for row in answers]
            shown = page.evaluate(ANSWER, [one.id, rows])
            for row, said in zip(answers, shown, strict=True):
                told = same(str(practice.verdict(one.id, tables=course, **row)))
                assert said == told, (one.id, row)
