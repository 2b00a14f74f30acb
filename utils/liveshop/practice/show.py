"""What a learner sees of an exercise: the check of an answer, hint, solution, and the answer boxes of the book."""

import html
import itertools
import os
import warnings

from liveshop import medium
from liveshop.practice.exercise import NOT_ATTEMPTED, RIGHT, WRONG, Verdict, bound, find, tables_in_use
from liveshop.practice.judge import reason, verdict

_count = itertools.count(1)


def grading():
    """True where a grader runs the notebook (nbgrader sets NBGRADER_EXECUTION)."""
    return bool(os.environ.get("NBGRADER_EXECUTION"))


def check(id, *answers, tables=None, **named):
    """Check the answers to exercise `id` and say: right, which mistake it is, or not attempted.

    Answers come in the order of the exercise's fields, or by name. Shows a short message and
    returns None. A learner sees no traceback. Under a grader a wrong answer raises AssertionError
    with the sentence; a part of the points is returned as a number, as nbgrader wants it.
    """

    if medium.current() == "frames" and not grading():
        return _show_boxes(id, tables)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # nbgrader takes a line on stderr for a failure
            found = verdict(id, *answers, tables=tables, **named)
    except Exception as error:
        if grading():
            raise AssertionError(str(error)) from None
        found = Verdict(NOT_ATTEMPTED, str(error) if isinstance(error, (LookupError, ValueError)) else f"This check could not run: {reason(error)}.")
        if isinstance(error, LookupError) and error.args:
            found = Verdict(NOT_ATTEMPTED, str(error.args[0]))
    if grading():
        if 0 < found.share < 1:
            return found.share * find(id).points
        if found.share < 1:
            raise AssertionError(str(found))
    medium.show(str(found), _verdict_html(found))
    return None


def hint(id):
    """Show the hint of exercise `id`."""
    _told(id, lambda made: (f"Hint. {made.hint}", f"<strong>Hint.</strong> {medium.text_html(made.hint)}"))


def solution(id):
    """Show the explanation of exercise `id` and the code that gives the right answer."""

    def say(made):
        code = made.code
        plain = f"Solution. {made.explain}" + (f"\n\n{code}" if code else "")
        return plain, f"<strong>Solution.</strong> {medium.text_html(made.explain)}" + (f"<pre>{html.escape(code)}</pre>" if code else "")

    _told(id, say)


def _told(id, say):
    try:
        plain, rich = say(find(id))
    except LookupError as error:
        plain, rich = error.args[0], html.escape(error.args[0])
    medium.show(plain, f'<div class="ls-check ls-told" style="{_STYLE.format("#5b6b7b")}">{rich}</div>')


_STYLE = "border-left:4px solid {};padding:.4em .9em;margin:.4em 0;line-height:1.5"
_MARKS = {RIGHT: ("✓", "#1f7a4d"), WRONG: ("✗", "#b3261e"), NOT_ATTEMPTED: ("…", "#5b6b7b")}


def _verdict_html(found):
    mark, colour = _MARKS[found.state]
    first, rest = str(found).split(". ", 1)
    return (
        f'<div class="ls-check ls-{found.state.replace(" ", "-")}" role="status" style="{_STYLE.format(colour)}">'
        f'<span aria-hidden="true">{mark}</span> <strong>{first}.</strong> {medium.text_html(rest)}</div>'
    )


def _show_boxes(id, tables=None):
    made = find(id)
    medium.show(f"Exercise {id}: {made.title}", boxes(made, tables))


def boxes(made, tables=None):
    """The exercise as an element of the book: answer boxes, hint and explanation, no kernel.

    The right answers and cases are written into the page; course.js judges by the same rules.
    """
    hint_html = f"<details><summary>Hint</summary><p>{medium.text_html(made.hint)}</p></details>"
    code = f"<pre tabindex=\"0\">{html.escape(made.code)}</pre>" if made.code else ""
    answer = f"<details><summary>Answer and explanation</summary><p>{medium.text_html(made.explain)}</p>{code}</details>"
    name = f"exercise-{made.id.replace('.', '-')}-{next(_count)}"
    title = f'<p class="ls-practice-title" id="{name}-title"><strong>Exercise {made.id}.</strong> {medium.text_html(made.title)}</p>'
    head = f'<section class="ls-practice" data-exercise="{made.id}" aria-labelledby="{name}-title">{title}'
    if not made.fields:
        return f"{head}{hint_html}{answer}</section>"
    tables = tables_in_use(tables)
    missing = made.missing(tables)
    if missing:
        note = f"<p>The table {html.escape(', '.join(missing))} is not in the data.</p>"
        return f"{head}{note}{hint_html}{answer}</section>"
    answer_key = bound(tables, made).key
    rows, fields = [], []
    for one in made.fields:
        box = f"{name}-{one.name}"
        unit = f' <span class="ls-unit">{medium.text_html(one.unit)}</span>' if one.unit else ""
        if one.options:
            options = "".join(
                f'<label><input type="radio" name="{box}" value="{html.escape(option)}"> <span>{medium.text_html(option)}</span></label>' for option in one.options
            )
            short = " ls-choice-short" if all(len(option) <= 12 for option in one.options) else ""
            rows.append(f'<fieldset class="ls-choice{short}" data-field><legend>{medium.text_html(one.title)}{unit}</legend>{options}</fieldset>')
        else:
            rows.append(
                f'<div class="ls-field" data-field><label for="{box}">{medium.text_html(one.title)}{unit}</label>'
                f'<input type="text" inputmode="decimal" autocomplete="off" id="{box}" size="10"></div>'
            )
        fields.append(
            {
                "name": one.name,
                "title": one.title,
                "choice": bool(one.options),
                "decimals": one.decimals,
                "margin": one.margin,
                "right": answer_key.right[one.name],
                "fraction": one.unit.startswith("fraction"),
            }
        )
    data = {"fields": fields, "cases": answer_key.cases, "praise": made.praise}
    return (
        f'{head}<form class="ls-answer" hidden>{"".join(rows)}<button type="submit">Check</button>'
        f'<p class="ls-verdict" role="status"></p></form>'
        f'<script type="application/json">{medium.script_json(data)}</script>{hint_html}{answer}</section>'
    )
