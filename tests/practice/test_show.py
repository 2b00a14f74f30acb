"""What is shown: messages, marks under a grader, and a page that judges as the notebook does."""

import os
import re
import subprocess
import sys
import warnings
from pathlib import Path

import nbformat
import pytest

from example.page import HERE, TABLES
from liveshop import practice
from liveshop.practice import Exercise, Field, Verdict, check, exercise, hint, solution, verdict
from liveshop.practice.exercise import _registry, bound
from liveshop.practice.show import boxes, verdict_html

EXAMPLES = ("0.1a", "0.1b", "0.1c")
GPM, PER_VIEWER = 9_000_000 / 1400, 9_000_000 / 1200


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
    hint("0.1a"), solution("0.1a"), hint("9.9z"), solution("9.9z"), solution("5.4a")
    said = capsys.readouterr().out
    assert "Hint. The denominator is views" in said and "Solution. GPM is 1,000" in said
    assert said.count("There is no exercise '9.9z'") == 2
    assert "gpm = metrics.gpm(room.gmv, room.views)" in said and "..." not in said      # the notebook's own cell


def test_hints_open_in_steps(capsys):
    for step in (1, 2, 3, 99):
        hint("0.1b", step)
    said = capsys.readouterr().out
    assert "Hint 1 of 3. Each step of the funnel is divided by the step before. More: hint(\"0.1b\", 2)." in said
    assert said.count("Hint 3 of 3. The order rate has clicks below it.\n") == 2


def test_message_is_escaped_and_has_plain_text():
    rich = verdict_html(Verdict("wrong", "<b> & `x<1`"))
    assert "<b>" not in rich and "&lt;b&gt; &amp; <code>x&lt;1</code>" in rich and "<strong>Not yet.</strong>" in rich


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


def test_feedback_shows_the_sentence_and_no_source(monkeypatch, capsys):
    """IPython prints what nbgrader's feedback holds."""
    from IPython.core.interactiveshell import InteractiveShell

    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    shell = InteractiveShell()
    shell.user_ns |= {"check": check, "answer": PER_VIEWER}
    shell.run_cell('check("0.1a", answer)')
    said = capsys.readouterr().out
    assert said.strip() == "Not yet. You divided by viewers; GPM is per 1,000 views."


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
    for id, answer in zip(EXAMPLES, given, strict=True):
        grade = {"grade": True, "grade_id": f"check-{id}", "locked": True, "points": 1, "schema_version": 3,
                 "solution": False, "task": False, "cell_type": "code"}
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
            warnings.warn("noise", stacklevel=1)
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
    for field, answer in zip(section.locator("[data-field]").all(), answers, strict=True):
        if field.locator("input[type=radio]").count():
            field.get_by_label(answer, exact=True).check()
        elif field.locator("select").count():
            field.locator("select").select_option(label=answer)
        else:
            field.locator("input").fill(answer)
    section.get_by_role("button", name="Check").press("Enter")
    return section.locator(".ls-verdict").inner_text().removeprefix("✓ ").removeprefix("✗ ")


def same(sentence):
    return re.sub(r'hint\("[^"]+"\) helps', "The hint helps", sentence).replace("`", "")


@pytest.mark.parametrize("value, words", [
    (9000 / 190, "That could be GMV, divided by clicks. Asked is: yuan per 1,000 views."),
    (1000 * 50 / 190, "That could be 1,000 × orders, divided by clicks."), (9000.0, "That is GMV."),
    (3.3, "is too low")])
def test_page_and_notebook_say_the_same_of_what_is_made_of_amounts(page, value, words):
    told = same(str(verdict("0.1a", value)))
    assert words in told and answer_in_page(page, "0.1a", [repr(value)]) == told


def test_page_and_notebook_say_the_same_of_the_impossible(page):
    told = same(str(verdict("0.1b", 1.75, -0.4, "A")))
    assert "Click rate: It cannot be above 1, as a fraction of views." in told and "below 0" in told
    assert answer_in_page(page, "0.1b", ["1.75", "-0.4", "A"]) == told


@pytest.mark.parametrize("factor", [1, 1.3, 100, 0.01, 1000, 0.001, -1])
def test_page_and_notebook_say_the_same_of_one_number(page, factor):
    for value in (GPM * factor, PER_VIEWER * factor):
        assert answer_in_page(page, "0.1a", [repr(value)]) == same(str(verdict("0.1a", value)))


def test_page_and_notebook_say_the_same_of_all_cases(page):
    key = bound(TABLES, practice.find("0.1b")).key
    further = [{}, {"ctor": 0.5, "best": "A < B & C"}, {"click_rate": 0.135, "ctor": 0.14},
               {"click_rate": 13.6, "ctor": 26.3}, {"click_rate": 0.5, "ctor": 0.25}, {"click_rate": 0.5, "ctor": 0.9}]
    for case in [*(one.values for one in key.cases), *further]:
        values = {**key.right, **case}
        shown = answer_in_page(page, "0.1b", [str(value) for value in values.values()])
        assert shown == same(str(verdict("0.1b", **values)))


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("6,428.6", "Right."),
        ("¥ 6 428.6", "Right."),
        ("６４２８.６", "Right."),
        ("6428,6", "Right."),
        ("6,42,8.6", "could not be read"),
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


def test_a_comma_is_understood_as_a_point_where_it_parts_no_thousands(page):
    assert answer_in_page(page, "0.1b", ["0,136", "26,3 %", "A"]).startswith("Right.")


def test_exercise_without_fields_has_hint_and_explanation_only(page):
    section = page.locator('section.ls-practice[data-exercise="0.1c"]')
    assert section.locator("form").count() == 0 and section.locator("details").count() == 2


def test_in_the_page_a_hint_holds_the_next(page):
    section = page.locator('section.ls-practice[data-exercise="0.1b"]')
    section.get_by_text("Hint", exact=True).press("Enter")
    assert section.get_by_text("Each step of the funnel").is_visible()
    assert not section.get_by_text("The order rate has clicks below it.").is_visible()
    for more in (0, 1):
        section.get_by_text("One more hint").nth(more).press("Enter")
    assert section.get_by_text("The order rate has clicks below it.").is_visible()


def test_exercise_without_fields_opens_its_hint(page):
    section = page.locator('section.ls-practice[data-exercise="0.1c"]')
    section.locator("summary").first.press("Enter")
    assert section.get_by_text("Finding, reason, action.").is_visible()


# -- each edition ----------------------------------------------------------------------------------------

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
    plain, rich = (output.data.get(f"text/{{kind}}", "") for kind in ("plain", "html"))
    print(sorted(output.data), plain[:60].splitlines()[0], rich.count("<form"))
"""


@pytest.mark.parametrize(
    ("edition", "expected"),
    [
        ("opening", ["['text/html', 'text/plain'] Not yet. You divided by viewers; GPM is per 1,000 views. "
                     "0", "['text/html', 'text/plain'] 1. What is the denominator of GPM? 0"]),
        ("frames", ["['text/html', 'text/plain'] Exercise 0.1a: GPM of a broadcast "
                    "1", "['text/html', 'text/plain'] 1. What is the denominator of GPM? 3"]),
        ("live", ["['text/html', 'text/plain'] Not yet. You divided by viewers; GPM is per 1,000 views. "
                  "0", "['text/html', 'text/plain'] 1. What is the denominator of GPM? 3"]),
    ],
)
def test_each_edition_shows_its_form(edition, expected):
    code = SCRIPT.format(tests=str(Path(__file__).parents[1]))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True,
                          env={**os.environ, "LIVESHOP_MEDIUM": edition, "MPLBACKEND": "agg"})
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[:2] == expected


@pytest.mark.parametrize(("many", "fields", "how"), [
    (12, 1, "radio"), (13, 1, "<select"), (3, 3, "radio"), (3, 4, "<select")])
def test_more_than_a_dozen_options_are_a_list(many, fields, how):
    """Sixty keys fill twenty rows of a phone; and so do six steps, each with the same six choices."""
    options = [f"row {number}" for number in range(many)]

    @exercise("0.2f", title="Choose", hint="h",
              fields=[Field(f"n{i}", f"Which {i}", options=options) for i in range(fields)])
    class Choose(Exercise):
        praise = explain = "It is the last."

        def right(self):
            return (options[-1],) * fields if fields > 1 else options[-1]

        def mistakes(self):
            yield (options[0],) * fields if fields > 1 else options[0], "That is the first."

    try:
        html = boxes(Choose, TABLES)
    finally:
        _registry.pop("0.2f")
    assert (how in html, html.count(f'value="{options[-1]}"')) == (True, fields)
    assert ("radio" in html) != ("<select" in html)
