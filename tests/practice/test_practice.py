"""Exercises and quizzes: every exercise is tried, and the page judges as the notebook does."""

import json
import os
import re
import subprocess
import sys
import warnings
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
import pytest

from example.page import TABLES, HERE, page  # noqa: F401
from liveshop import practice
from liveshop.practice import Exercise, Field, QuizError, Verdict, audit, check, exercise, hint, questions, quiz, solution, verdict
from liveshop.practice.exercise import _registry, bound
from liveshop.practice.show import verdict_html

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ("0.1a", "0.1b", "0.1c")
GPM, PER_VIEWER = 9_000_000 / 1400, 9_000_000 / 1200


@pytest.fixture(autouse=True)
def example_tables(monkeypatch):
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    practice.use(TABLES)
    yield
    practice.use(None)


# -- every exercise of the course -------------------------------------------------------------------


def course_exercises():
    ids = set()
    for path in (ROOT / "utils/liveshop/course").rglob("section_*.py"):
        ids |= set(re.findall(r'@exercise\(\s*"([^"]+)"', path.read_text(encoding="utf-8")))
    return sorted(ids)


@pytest.fixture(scope="module")
def course_tables():
    from liveshop import load

    if not (ROOT / "data" / "streams.parquet").exists():
        pytest.skip("the course data are not there; run make data")
    return load(ROOT / "data")


@pytest.mark.parametrize("id", course_exercises())
def test_exercise_of_the_course(id, course_tables):
    assert audit(id, course_tables) == []


@pytest.mark.parametrize("id", EXAMPLES)
def test_example_exercise(id):
    assert audit(id, TABLES) == []


# -- the auditor itself must be able to fail --------------------------------------------------------


def test_audit_finds_what_is_wrong_with_an_exercise():
    @exercise("0.2a", title="Bad", fields=[Field("x", decimals=0)], hint="h")
    class Bad(Exercise):
        praise, explain = "p", "e"

        def right(self):
            return 10

        def mistakes(self):
            yield 10.2, "cannot be told from the right answer"
            yield 20, "first"
            yield 20.1, "never reached"

    found = " ".join(audit("0.2a", TABLES))
    assert "cannot be told" in found and "never reached" in found and "'first'" not in found

    @exercise("0.2b", title="Takes anything", hint="h")
    class Anything(Exercise):
        praise, explain = "p", ""

        def judge(self, answer):
            return Verdict("right", "")

        def examples_right(self):
            return [1]

        def examples_wrong(self):
            return [(2, "")]

    found = " ".join(audit("0.2b", TABLES))
    assert "wrong example" in found and "has no explain" in found and "is taken for right" in found

    @exercise("0.2c", title="No mistake", fields=[Field("x")], hint="h")
    class NoMistake(Exercise):
        praise, explain = "p", "e"

        def right(self):
            return 5

        def mistakes(self):
            return []

    assert audit("0.2c", TABLES) == ["0.2c lists no mistake"]
    for id in ("0.2a", "0.2b", "0.2c"):
        _registry.pop(id)


def test_declarations_are_refused_in_words():
    with pytest.raises(ValueError, match="such as '5.4a'"):
        exercise("gpm", title="", hint="")
    with pytest.raises(ValueError, match="lacks right, mistakes"):
        exercise("0.3a", title="", hint="", fields=[Field("x")])(type("A", (Exercise,), {}))
    with pytest.raises(ValueError, match="either fields or a judge"):
        exercise("0.3a", title="", hint="", fields=[Field("x")])(type("A", (Exercise,), {"judge": 1, "examples_right": 1, "examples_wrong": 1}))


# -- what a learner may give ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "state", "words"),
    [
        (GPM, "right", "counts as two views"),
        (round(GPM, 1), "right", ""),
        (np.float64(GPM), "right", ""),
        (np.array(GPM), "right", ""),
        (pd.Series([GPM]), "right", ""),
        (round(GPM, 1) + 0.1, "wrong", "is too high"),
        (GPM - 1, "wrong", 'too low. hint("0.1a") helps.'),
        (PER_VIEWER, "wrong", "You divided by viewers"),
        (100 * GPM, "wrong", "100 times too large"),
        (GPM / 100, "wrong", "100 times too small"),
        (GPM / 1000, "wrong", "1,000 times too small"),
        (1000 * round(GPM, 1), "wrong", "1,000 times too large"),
        (-GPM, "wrong", "sign"),
        ("6428.6", "wrong", "is a text ('6428.6')"),
        (None, "wrong", "is None"),
        (True, "wrong", "True or False"),
        (np.bool_(True), "wrong", "True or False"),
        (float("nan"), "wrong", "NaN"),
        (pd.NA, "wrong", ""),
        (pd.NaT, "wrong", ""),
        (float("inf"), "wrong", "infinite"),
        (1j, "wrong", "complex"),
        (len, "wrong", "is a function"),
        ([1.0, 2.0], "wrong", "is a list with 2 values"),
        (pd.Series([1, 2, 3]), "wrong", "is a Series with 3 values"),
        (pd.DataFrame({"a": [1, 2], "b": [3, 4]}), "wrong", "is a DataFrame with 4 values"),
        ({"a": 1, "b": 2}, "wrong", "is a dict with 2 values"),
        (object(), "wrong", "is a object"),
        (10**400, "wrong", ""),
        (..., "not attempted", "Replace the dots by your answer (gpm)"),
        ([1, ...], "not attempted", ""),
        ({"a": [..., 1]}, "not attempted", ""),
        (pd.Series([1, ...], dtype=object), "not attempted", ""),
        (pd.DataFrame({"a": [...]}), "not attempted", ""),
    ],
    ids=lambda value: str(type(value).__name__),
)
def test_answer_to_one_field(answer, state, words):
    found = verdict("0.1a", answer)
    assert found.state == state and words in found.sentence, found


def test_answers_to_several_fields():
    right = dict(click_rate=190 / 1400, ctor=50 / 190, best="A")
    assert verdict("0.1b", *right.values()).state == "right"
    assert verdict("0.1b", **right).state == "right"
    assert verdict("0.1b", right).state == "right"
    assert verdict("0.1b", pd.Series(right, dtype=object)).state == "right"
    assert verdict("0.1b", list(right.values())).state == "right"
    assert verdict("0.1b", right["click_rate"], right["ctor"], " a ").state == "right"
    assert verdict("0.1b", 0.1, ..., "A").state == "not attempted"
    found = str(verdict("0.1b", 13.57, 50 / 1400, "B"))
    assert "Click rate: That looks like per cent. Give a fraction: 0.31, not 31." in found
    assert "CTOR: You divided orders by views" in found and "Better broadcast: B sells more" in found
    assert str(verdict("0.1b", right["click_rate"], 0.5, "A")).endswith("Right already: Click rate, Better broadcast.")
    assert "You gave 2" in str(verdict("0.1b", 0.1, 0.2))
    assert "one of these texts" in str(verdict("0.1b", 0.1, 0.2, 3))
    assert "'C' is not one of the answers" in str(verdict("0.1b", 0.1, 0.2, "C"))
    assert "asks for 3 answers" in str(verdict("0.1b", click_rate=0.1))


def test_missing_table_is_named():
    class Empty:
        def __contains__(self, name):
            return False

    found = verdict("0.1a", 1.0, tables=Empty())
    assert found.state == "not attempted" and "needs the table streams" in found.sentence


def test_cases_follow_the_tables():
    other = type(TABLES)(streams=TABLES.streams.assign(views=[100, 100]))
    assert verdict("0.1a", 45000.0, tables=other).state == "right"
    assert verdict("0.1a", 45000.0).state == "wrong"


# -- what is shown ----------------------------------------------------------------------------------


def test_check_speaks_and_never_raises_to_a_learner(capsys, monkeypatch):
    for answer in (GPM, "x", ..., None):
        assert check("0.1a", answer) is None
    check("9.9z", 1)
    check("nonsense", 1)
    monkeypatch.setattr(practice.find("0.1a"), "key", property(lambda self: 1 / 0))
    check("0.1a", 1.0)
    said = capsys.readouterr().out
    assert said.startswith("Right. One viewer") and "Not attempted. Replace the dots" in said
    assert "There is no exercise '9.9z'." in said and "There is no exercise 'nonsense'." in said
    assert "could not run: ZeroDivisionError" in said and "Traceback" not in said


def test_hint_and_solution(capsys):
    hint("0.1a"), solution("0.1a"), hint("9.9z"), solution("0.1c")
    said = capsys.readouterr().out
    assert "Hint. The denominator is views" in said
    assert "gpm = 1000 * streams.gmv.sum() / streams.views.sum()" in said and "return" not in said
    assert "There is no exercise '9.9z'" in said and "verdict = [" in said


def test_message_is_escaped_and_has_plain_text():
    rich = verdict_html(Verdict("wrong", "<b> & `x<1`"))
    assert "<b>" not in rich and "&lt;b&gt; &amp; <code>x&lt;1</code>" in rich and "<strong>Not yet.</strong>" in rich


def test_a_mistake_in_a_free_answer_is_no_traceback():
    assert "could not be used: TypeError" in str(verdict("0.1c", [1, 2, 3]))


# -- under a grader -----------------------------------------------------------------------------------


def test_grader_gets_an_exception_with_the_sentence(monkeypatch, capsys):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert check("0.1a", GPM) is None
    with pytest.raises(AssertionError, match="You divided by viewers"):
        check("0.1a", PER_VIEWER)
    with pytest.raises(AssertionError, match="Not attempted"):
        check("0.1a", ...)
    with pytest.raises(AssertionError, match="no exercise"):
        check("9.9z", 1)
    assert check("0.1c", ["a"]) == 0.5


@pytest.mark.parametrize(("answers", "score"), [("solved", 3.0), ("stub", 0.0), ("part", 1.5)])
def test_nbgrader_gives_the_marks(answers, score, tmp_path):
    """nbgrader's own preprocessors run a notebook and read the marks of the check cells."""
    from nbgrader.preprocessors import Execute
    from nbgrader.utils import determine_grade, setenv

    given = {
        "solved": (GPM, f"{190 / 1400}, {50 / 190}, 'A'", "['a', 'b', 'c']"),
        "stub": ("...", "..., ..., ...", "..."),
        "part": (GPM, "1, 2, 'B'", "['a']"),
    }[answers]
    front = (
        f"import sys; sys.path.insert(0, {str(HERE.parent)!r})\n"
        "from example.page import TABLES\nfrom liveshop import check, practice\npractice.use(TABLES)"
    )
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(front)])
    for id, answer in zip(EXAMPLES, given):
        grade = {"grade": True, "grade_id": f"check-{id}", "locked": True, "points": 1, "schema_version": 3, "solution": False, "task": False, "cell_type": "code"}
        notebook.cells.append(nbformat.v4.new_code_cell(f'check("{id}", {answer})', metadata={"nbgrader": grade}))
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    with setenv(NBGRADER_EXECUTION="autograde", LIVESHOP_MEDIUM="live", MPLBACKEND="agg"):
        notebook, _ = Execute(timeout=60, allow_errors=True).preprocess(notebook, {"metadata": {"path": str(tmp_path)}})
    assert sum(determine_grade(cell)[0] for cell in notebook.cells[1:]) == score


def test_warnings_cost_no_marks(monkeypatch):
    @exercise("0.2d", title="Warns", fields=[Field("x")], hint="h")
    class Warns(Exercise):
        praise = explain = "p"

        def right(self):
            warnings.warn("noise")
            return 5

        def mistakes(self):
            return []

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check("0.2d", 5)
    _registry.pop("0.2d")


# -- the page judges as the notebook does ---------------------------------------------------------------


def answer_in_page(page, id, answers):
    section = page.locator(f'section.ls-practice[data-exercise="{id}"]')
    for field, answer in zip(section.locator("[data-field]").all(), answers):
        if field.locator("input[type=radio]").count():
            field.get_by_label(answer, exact=True).check()
        else:
            field.locator("input").fill(answer)
    section.get_by_role("button", name="Check").press("Enter")
    return section.locator(".ls-verdict").inner_text().removeprefix("✓ ").removeprefix("✗ ")


def same(sentence):
    return re.sub(r'hint\("[^"]+"\) helps', "The hint helps", sentence)


@pytest.mark.parametrize("factor", [1, 1.3, 100, 0.01, 1000, 0.001, -1])
def test_page_and_notebook_say_the_same_of_one_number(page, factor):
    for value in (GPM * factor, PER_VIEWER * factor):
        assert answer_in_page(page, "0.1a", [repr(value)]) == same(str(verdict("0.1a", value)))


def test_page_and_notebook_say_the_same_of_all_cases(page):
    right = bound(TABLES, practice.find("0.1b")).key.right
    for case, _ in [*bound(TABLES, practice.find("0.1b")).key.cases, ({}, ""), ({"ctor": 0.5, "best": "A < B & C"}, "")]:
        values = {**right, **case}
        assert answer_in_page(page, "0.1b", [str(value) for value in values.values()]) == same(str(verdict("0.1b", **values)))


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("6,428.6", "Right."),
        ("¥ 6 428.6", "Right."),
        ("６４２８.６", "Right."),
        ("", "Not attempted. Give your answer first"),
        ("many", "“many” could not be read as a number"),
        ("NaN", "could not be read"),
        ("<b>1", "“<b>1” could not be read"),
    ],
)
def test_numbers_as_people_type_them(page, typed, words):
    assert words in answer_in_page(page, "0.1a", [typed])


def test_per_cent_is_understood_where_a_fraction_is_asked(page):
    assert answer_in_page(page, "0.1b", ["13.6 %", "26.3%", "A"]).startswith("Right.")


def test_exercise_without_fields_has_hint_and_explanation_only(page):
    section = page.locator('section.ls-practice[data-exercise="0.1c"]')
    assert section.locator("form").count() == 0 and section.locator("details").count() == 2
    section.locator("summary").first.press("Enter")
    assert section.get_by_text("Finding, reason, action.").is_visible()


# -- quizzes ------------------------------------------------------------------------------------------


NUMBERS = [
    {"type": "value", "value": 1, "correct": True, "feedback": "f"},
    {"type": "range", "range": [2, 3], "correct": False, "feedback": "f"},
    {"type": "default", "feedback": "f"},
]


@pytest.mark.parametrize("path", sorted((ROOT / "utils/liveshop/course").rglob("quiz.json")), ids=lambda path: path.parent.name)
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
        (lambda q: q.update(type="numeric", answers=[{**NUMBERS[0], "value": "a"}, NUMBERS[2]]), "answer 1 needs a number"),
        (lambda q: q.update(type="numeric", answers=[NUMBERS[0], {**NUMBERS[1], "range": [1]}, NUMBERS[2]]), "answer 2 needs two numbers"),
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


def test_live_quiz_is_escaped_for_jupyterquiz(monkeypatch):
    import jupyterquiz

    from liveshop.practice.quiz import _live

    shown = {}
    monkeypatch.setattr(jupyterquiz, "display_quiz", lambda asked, **settings: shown.update(asked=asked, **settings))
    _live(questions(HERE / "quiz.json"))
    assert shown["asked"][0]["answers"][2]["answer"] == "1,000 impressions &lt;b&gt;"
    assert shown["asked"][0]["answers"][1]["answer"] == "1,000 <code>views</code>"
    assert shown["asked"][2]["answers"][0]["value"] == 0.25


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
    for typed, words in (("0.25", "Right. Yes"), ("25 %", "Right. Yes"), ("4", "turned the ratio round"), ("7", "Not yet. Divide"), ("x", "could not be read"), ("", "Give a number first")):
        number.fill(typed)
        number.press("Enter")
        assert words in forms.nth(2).locator(".ls-verdict").inner_text()


SCRIPT = """
import sys
sys.path.insert(0, {tests!r})
from IPython.core.interactiveshell import InteractiveShell
InteractiveShell.instance()
from IPython.utils.capture import capture_output
import example.page
from liveshop import check, practice, quiz
practice.use(example.page.TABLES)
with capture_output() as got:
    check("0.1a", 7500.0)
    quiz(example.page.HERE / "quiz.json")
for output in got.outputs:
    print(sorted(output.data), output.data.get("text/plain", "")[:60].splitlines()[0], output.data.get("text/html", "").count("<form"))
"""


@pytest.mark.parametrize(
    ("edition", "expected"),
    [
        ("opening", ["['text/html', 'text/plain'] Not yet. You divided by viewers; GPM is per 1,000 views. 0", "['text/html', 'text/plain'] 1. What is the denominator of GPM? 0"]),
        ("frames", ["['text/html', 'text/plain'] Exercise 0.1a: GPM of a broadcast 1", "['text/html', 'text/plain'] 1. What is the denominator of GPM? 3"]),
        ("live", ["['text/html', 'text/plain'] Not yet. You divided by viewers; GPM is per 1,000 views. 0", "['text/html', 'text/plain'] <IPython.core.display.HTML object> 0"]),
    ],
)
def test_each_edition_shows_its_form(edition, expected):
    code = SCRIPT.format(tests=str(Path(__file__).parents[1]))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env={**os.environ, "LIVESHOP_MEDIUM": edition, "MPLBACKEND": "agg"})
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[:2] == expected
