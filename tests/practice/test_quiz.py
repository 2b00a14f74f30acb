"""Quizzes: those of the course are in order, faults are told in words, and the page works by keyboard."""

import json
import re
from pathlib import Path

import pytest

from example.page import HERE
from liveshop import medium
from liveshop.practice import QuizError, questions, quiz
from liveshop.practice.quiz import _live

ROOT = Path(__file__).resolve().parents[2]
NUMBERS = [
    {"type": "value", "value": 1, "correct": True, "feedback": "f"},
    {"type": "range", "range": [2, 3], "correct": False, "feedback": "f"},
    {"type": "default", "feedback": "f"},
]


QUIZZES = sorted((ROOT / "utils/liveshop/course").rglob("quiz.json"))


@pytest.mark.parametrize("path", QUIZZES, ids=lambda path: path.parent.name)
def test_quiz_of_the_course(path):
    asked = questions(path)
    assert len(asked) >= 10
    first = [question["answers"][0]["correct"] for question in asked if question["type"] == "multiple_choice"]
    assert not all(first), "the right answer always stands first"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda q: q.update(question=" "), "question 1: it has no text"),
        (lambda q: q.update(type="essay"), "none of multiple_choice"),
        (lambda q: q.update(answers=q["answers"][:1]), "two answers at least"),
        (lambda q: q["answers"][0].pop("feedback"), "answer 1 has no feedback"),
        (lambda q: q["answers"][2].update(feedback=""), "answer 3 has no feedback"),
        (lambda q: q["answers"][0].pop("answer"), "answer 1 has no text"),
        (lambda q: q["answers"][0].update(correct=True), "2 answers are correct"),
        (lambda q: q["answers"][1].update(correct=False), "0 answers are correct"),
        (lambda q: q.update(type="many_choice"), "two or more"),
        (lambda q: q.update(question="It costs $5"), "dollar sign"),
        (lambda q: q.update(type="numeric"), "needs a type"),
        (lambda q: q["answers"][0].pop("correct"), "answer 1 needs true or false"),
        (lambda q: q["answers"].__setitem__(1, "views"), "answer 2 is no answer"),
        (lambda q: q.update(type="numeric", answers=NUMBERS[1:]), "no answer is correct"),
        (lambda q: q.update(type="numeric", answers=NUMBERS[:2]), "one answer of type default"),
        (lambda q: q.update(type="numeric", answers=[{**NUMBERS[0], "value": "a"}, NUMBERS[2]]), "1 needs a number"),
        (lambda q: q.update(type="numeric", answers=[{**NUMBERS[1], "range": [1]}, *NUMBERS]), "1 needs two numbers"),
    ],
)
def test_a_faulty_quiz_is_told_in_words(change, words, tmp_path):
    asked = json.loads((HERE / "quiz.json").read_text())
    change(asked[0])
    path = tmp_path / "quiz-99.json"
    path.write_text(json.dumps(asked))
    with pytest.raises(QuizError, match=words):
        questions(path)


def test_a_missing_or_broken_quiz_is_told_in_words(tmp_path):
    with pytest.raises(QuizError, match="no quiz '77'"):
        questions("77")
    broken = tmp_path / "quiz.json"
    broken.write_text("[")
    with pytest.raises(QuizError, match="could not be read as JSON"):
        questions(broken)


def test_opening_edition_lists_the_questions(capsys):
    quiz(HERE / "quiz.json")
    said = capsys.readouterr().out
    assert "1. What is the denominator of GPM?" in said and "b) 1,000 `views`" in said and "feedback" not in said


def test_live_quiz_brings_all_that_it_needs(monkeypatch):
    """One output that works in a page which has neither style nor script of ours; tests/test_lab.py tries it."""
    shown = []
    monkeypatch.setattr(medium, "show", lambda plain, rich: shown.append((plain, rich)))
    asked = questions(HERE / "quiz.json")
    _live(asked), _live(asked)
    (plain, rich), (_, again) = shown
    assert plain.startswith("1. What is the denominator of GPM?")
    assert "1,000 impressions &lt;b&gt;" in rich and "1,000 <code>views</code>" in rich
    assert ".ls-question {" in rich and "addEventListener" in rich and not re.search(r"(src|href|@import|url\()", rich)
    names = re.findall(r' name="([^"]+)"', rich)
    assert names and not set(names) & set(re.findall(r' name="([^"]+)"', again)), "two notebooks in one page"


def test_quiz_in_the_page_by_keyboard(page):
    forms = page.locator("form.ls-question")

    def press(form):
        form.get_by_role("button", name="Check").press("Enter")
        return form.locator(".ls-verdict").inner_text()

    assert "Choose an answer first" in press(forms.nth(0))
    forms.nth(0).locator("input").first.press("Space")
    assert "Not yet. Viewers are people" in press(forms.nth(0))
    forms.nth(0).locator("input").first.press("ArrowDown")
    assert "Right. Yes: views" in press(forms.nth(0))
    boxes = forms.nth(1).locator("input")
    boxes.nth(0).press("Space")
    assert "Not yet. Orders by product clicks. 1 of 2 found so far." in press(forms.nth(1))
    boxes.nth(1).press("Space")
    assert "GMV is a sum of money" in press(forms.nth(1))
    boxes.nth(1).press("Space"), boxes.nth(2).press("Space")
    assert "Right. Orders by product clicks. Money by views." in press(forms.nth(1))
    number = forms.nth(2).locator("input")
    for typed, words in (("0.25", "Right. Yes"), ("25 %", "Right. Yes"), ("4", "turned the ratio round"),
                         ("7", "Not yet. Divide"), ("x", "could not be read"), ("", "Give a number first")):
        number.fill(typed)
        number.press("Enter")
        assert words in forms.nth(2).locator(".ls-verdict").inner_text()
