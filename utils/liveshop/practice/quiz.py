"""Quizzes: one JSON file a chapter, shown as a form of our own that static/answers.js judges.

In the book the page carries style and script for all its forms; with a kernel the output brings them along, so that
JupyterLab shows what the book shows and asks nobody for it. A committed notebook holds the questions as text.
The format is that of jupyterquiz, which can show the files too.

A question: {"question": text, "type": "multiple_choice" | "many_choice" | "numeric", "answers": […]}.
Choices: {"answer": text, "correct": true | false, "feedback": text}. Numeric: {"type": "value",
"value": 0.31, "correct": true, "feedback": …}, {"type": "range", "range": [0.3, 0.32], …} and one
{"type": "default", "feedback": …}. Texts are plain, with `code` between backticks.
"""

import itertools
import json
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from uuid import uuid4

from liveshop import medium
from liveshop.tables.places import COURSE

TYPES = ("multiple_choice", "many_choice", "numeric")
_count = itertools.count(1)


class QuizError(ValueError):
    """What is wrong with a quiz file: file, question and remedy in one sentence."""


def quiz(chapter):
    """Show the quiz of a chapter ("5"), or of a JSON file (a path)."""
    asked = questions(chapter)
    if medium.current() == "frames":
        medium.show(_plain(asked), quiz_html(asked))
    elif medium.current() == "live" and _kernel():
        _live(asked)
    else:
        medium.show(_plain(asked), medium.render("liveshop.practice", "questions.html", asked=asked))


def questions(chapter):
    """The questions of a chapter's quiz as a list of dicts, checked: QuizError names what is wrong."""
    path = Path(str(chapter))
    if path.suffix != ".json" and str(chapter).isdigit():
        path = files(COURSE) / f"chapter_{int(str(chapter))}" / "quiz.json"
    name = f"{path.parent.name}/{path.name}"     # the file has the same name in every chapter
    try:
        asked = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise QuizError(f"There is no quiz {chapter!r}: {name} was not found.") from None
    except (ValueError, OSError) as error:
        raise QuizError(f"{name} could not be read as JSON: {error}.") from None
    if not isinstance(asked, list) or not asked:
        raise QuizError(f"{name} must hold a list of questions.")
    for number, question in enumerate(asked, 1):
        problem = _problem(question)
        if problem:
            raise QuizError(f"{name}, question {number}: {problem}.")
    return asked


def _problem(question):
    """What is wrong with a question, in words, or ""; its shape stands in quiz.schema.json."""
    faults = list(_shape().iter_errors(question))
    if faults:
        return _in_words(min(faults, key=lambda fault: _ORDER.index(_place(fault))), question)
    if "$" in json.dumps(question, ensure_ascii=False):
        return "it holds a dollar sign, which JupyterLab reads as a formula; write yuan or US dollars"
    return ""


@lru_cache
def _shape():
    from jsonschema import Draft202012Validator

    schema = json.loads((files("liveshop.practice") / "quiz.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


# Places of a question in the order in which its faults are told; an answer's have their number between.
_ORDER = ["", "question", "type", "answers", "answers.", "answers.feedback", "answers.answer", "answers.type",
          "answers.value", "answers.range", "answers.correct"]
_COUNTS = ("contains", "minContains", "maxContains")


def _place(fault):
    """Where a fault of the shape is: "answers.feedback", whether the text is empty or not there at all."""
    where = [part for part in fault.absolute_path if isinstance(part, str)]
    if fault.validator == "required":
        where.append(next(name for name in fault.validator_value if name not in fault.instance))
    elif fault.validator in _COUNTS:
        where.append("type" if fault.schema["contains"]["$ref"].endswith("default") else "correct")
    elif where == ["answers"] and len(fault.absolute_path) == 2:
        where.append("")
    return ".".join(where)


def _in_words(fault, question):
    place = _place(fault)
    number = next((part + 1 for part in fault.absolute_path if isinstance(part, int)), 0)
    kind = question.get("type") if isinstance(question, dict) else None
    if place in ("", "question"):
        return "it has no text under 'question'"
    if place == "type":
        return f"its type {kind!r} is none of {', '.join(TYPES)}"
    if place == "answers":
        return "it needs two answers at least"
    if fault.validator in _COUNTS and place == "answers.type":
        return "a numeric question needs one answer of type default, for all other numbers"
    if fault.validator in _COUNTS:
        right = sum(answer.get("correct") is True for answer in question["answers"])
        counted = f"{right} answer is" if right == 1 else f"{right} answers are"
        return {"multiple_choice": f"{counted} correct; multiple_choice has exactly one",
                "many_choice": f"{counted} correct; many_choice has two or more",
                "numeric": "no answer is correct"}[kind]
    return f"answer {number} " + {
        "answers.feedback": "has no feedback",
        "answers.answer": "has no text under 'answer'",
        "answers.type": "needs a type: value, range or default",
        "answers.value": "needs a number under 'value'",
        "answers.range": "needs two numbers under 'range'",
        "answers.correct": "needs true or false under 'correct'",
    }.get(place, "is no answer: give names and values between braces")


def _kernel():
    from IPython import get_ipython

    return get_ipython() is not None


def _live(asked):
    """The quiz with the style and the script that it needs, as one output of a notebook."""
    from markupsafe import Markup

    # Notebooks of several kernels stand in one page of JupyterLab: a count would give a name twice.
    rich = medium.render(
        "liveshop.practice", "quiz-live.html", quiz=Markup(quiz_html(asked, f"quiz-{uuid4().hex[:8]}")),
        style=medium.static("interactive.css"), script=medium.static("kept.js", "numbers.js", "answers.js"),
    )
    medium.show(_plain(asked), rich)


def _plain(asked):
    lines = []
    for number, question in enumerate(asked, 1):
        lines.append(f"{number}. {question['question']}")
        if question["type"] != "numeric":
            lines += [f"   {'abcdefghij'[i]}) {answer['answer']}" for i, answer in enumerate(question["answers"])]
    return "\n".join(lines)


def quiz_html(asked, name=None):
    """The quiz as an element of a page; answers.js gives the feedback. Works by keyboard alone."""
    judged = [[_judged(question, answer) for answer in question["answers"]] for question in asked]
    told = [[(_name(answer), answer["feedback"]) for answer in question["answers"] if answer.get("correct")]
            for question in asked]
    shown, name = list(zip(asked, judged, told, strict=True)), name or f"quiz-{next(_count)}"
    return medium.render("liveshop.practice", "quiz.html", questions=shown, name=name)


def _judged(question, answer):
    """What answers.js needs to judge an answer."""
    told = {"right": bool(answer.get("correct")), "feedback": answer["feedback"]}
    if question["type"] != "numeric":
        return told
    low, high = answer["range"] if answer["type"] == "range" else (answer.get("value"), answer.get("value"))
    return {"right": told["right"], "low": low, "high": high, "feedback": told["feedback"],
            "default": answer["type"] == "default"}


def _name(answer):
    """How a right answer is called where a page cannot judge."""
    return answer["answer"] if "answer" in answer else answer.get("value", answer.get("range", [""])[0])
