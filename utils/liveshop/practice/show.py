"""What a learner sees of an exercise: the check of an answer, hint, solution, and the answer boxes of the book."""

import itertools
import math
import os
import warnings

from liveshop import medium
from liveshop.practice import failed
from liveshop.practice.cases import MADE
from liveshop.practice.exercise import NOT_ATTEMPTED, RIGHT, WRONG, Verdict, bound, find, tables_in_use
from liveshop.practice.judge import not_attempted, reason, verdict

_count = itertools.count(1)
_LOOKS = {RIGHT: ("✓", "#1f7a4d"), WRONG: ("✗", "#b3261e"), NOT_ATTEMPTED: ("…", "#5b6b7b")}


class NotYetError(AssertionError):
    """What a grader gets for an answer that is not right: the sentence, and nothing of the engine's source."""

    def _render_traceback_(self):     # IPython shows this in place of a traceback
        return [str(self)]


def grading():
    """True where a grader runs the notebook (nbgrader sets NBGRADER_EXECUTION)."""
    return bool(os.environ.get("NBGRADER_EXECUTION"))


def check(id, *answers, tables=None, **named):
    """Check the answers to exercise `id` and say: right, which mistake it is, or not attempted.

    Answers come in the order of the exercise's fields, or by name. Shows a short message and
    returns None. A learner sees no traceback, and is told when the answer is from before a cell that
    stopped with an error. Under a grader a wrong answer raises NotYetError, an AssertionError, with the
    sentence; a part of the points is returned as a number, as nbgrader wants it.
    """
    if medium.current() == "frames" and not grading():
        made = find(id)
        medium.show(f"Exercise {id}: {made.title}", boxes(made, tables))
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # nbgrader takes a line on stderr for a failure
            found = verdict(id, *answers, tables=tables, **named)
    except Exception as error:
        if grading():
            raise NotYetError(str(error)) from None
        found = Verdict(NOT_ATTEMPTED, _excuse(error))
    if grading():
        if 0 < found.share < 1:
            return found.share * find(id).points
        if found.share < 1:
            raise NotYetError(str(found))
    if found.state == NOT_ATTEMPTED:
        found = Verdict(NOT_ATTEMPTED, _dots(failed.handed_over(id)) or found.sentence)
    old = failed.told(id)
    if old and found.state == NOT_ATTEMPTED:
        found, old = Verdict(NOT_ATTEMPTED, old), ""
    medium.show(f"{old} {found}" if old else str(found), verdict_html(found, old))
    return None


def _excuse(error):
    """Why a check could not judge, in a sentence for the learner."""
    if isinstance(error, LookupError) and error.args:
        return str(error.args[0])
    if isinstance(error, (LookupError, ValueError)):
        return str(error)
    return f"This check could not run: {reason(error)}."


def _dots(variables):
    """Which of the learner's own variables still hold the dots, in a sentence; "" where none does."""
    names = [f"`{name}`" for name, value in variables.items() if not_attempted(value)]
    if not names:
        return ""
    held = f"{names[0]} still holds" if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]} still hold"
    return f"{held} the dots. Replace them by your answer, run the cell, then run this one again."


def hint(id, step=1):
    """Show the hint of exercise `id`; some have several steps, each saying more."""
    try:
        steps = find(id).hints
    except LookupError as error:
        return _tell("", error.args[0])
    step = min(max(int(step), 1), len(steps))
    more = f' More: hint("{id}", {step + 1}).' if step < len(steps) else ""
    return _tell(f"Hint {step} of {len(steps)}" if len(steps) > 1 else "Hint", steps[step - 1] + more)


def solution(id):
    """Show the explanation of exercise `id`, and the notebook's own code that gives the right answer."""
    try:
        made = bound(tables_in_use(), find(id))
    except LookupError as error:
        return _tell("", error.args[0])
    return _tell("Solution", made.explain, made.worked())


def _tell(first, text, code=""):
    """Show a text, and code below it where there is some."""
    plain = f"{first}. {text}" if first else text
    medium.show(plain + (f"\n\n{code}" if code else ""), _message("told", "#5b6b7b", first=first, text=text, code=code))


def verdict_html(found, old=""):
    """A `Verdict` as HTML: mark, state and sentence, announced when it appears; `old` says that the answer is old."""
    mark, colour = _LOOKS[NOT_ATTEMPTED if old else found.state]
    if old:
        return _message("old", colour, mark=mark, first=old.rstrip("."), text=str(found))
    first, rest = str(found).split(". ", 1)
    return _message(found.state.replace(" ", "-"), colour, mark=mark, first=first, text=rest)


def _message(kind, colour, mark="", first="", text="", code=""):
    """A sentence in its frame, with a mark before it or code behind it."""
    return medium.render(
        "liveshop.practice", "message.html", kind=kind, colour=colour, mark=mark, first=first, text=text, code=code
    )


def boxes(made, tables=None):
    """The exercise `made` as an element of the book: answer boxes, hint and explanation, no kernel.

    The right answers and cases are written into the page; answers.js judges by the same rules.
    """
    name = f"exercise-{made.id.replace('.', '-')}-{next(_count)}"
    data, tables = None, tables_in_use(tables)
    missing = made.missing(tables) if made.fields else []
    if not missing:
        made = bound(tables, made)
        data = _judged_in_the_page(made) if made.fields else None
    return medium.render("liveshop.practice", "exercise.html", made=made, name=name, missing=missing, data=data)


def _judged_in_the_page(made):
    """What answers.js needs to judge as `verdict` does."""
    key = made.key
    fields = [{"name": one.name, "title": one.title, "choice": bool(one.options), "decimals": one.decimals,
               "margin": one.margin, "right": key.right[one.name], "fraction": one.unit.startswith("fraction"),
               "least": _finite(one.bounds[0]), "most": _finite(one.bounds[1]), "whole": one.whole, "unit": one.unit}
              for one in made.fields]
    told = [one for one in key.cases if one.rank != MADE]
    words = {sentence: place for place, sentence in enumerate(dict.fromkeys(one.sentence for one in told))}
    cases = [[{name: _short(value) for name, value in one.values.items()}, words[one.sentence],
              [_short(margin, 6) for margin in one.margins.values()], one.rank] for one in told]
    amounts = {field: {name: float(value) for name, value in found.items()} for field, found in made.amounts().items()}
    return {"fields": fields, "others": key.rights[1:], "words": list(words), "cases": cases,
            "amounts": amounts, "praise": made.praise}


def _short(value, digits=12):
    """A number with no more digits than matter."""
    return value if isinstance(value, str) else float(f"{value:.{digits}g}")


def _finite(value):
    """A bound as JSON has it: None where there is none."""
    return value if math.isfinite(value) else None
