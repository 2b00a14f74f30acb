"""Quizzes: one JSON file a chapter in the format of jupyterquiz, shown in three ways.

With a kernel jupyterquiz shows it. In the book it is our own plain form, made from the same file,
because jupyterquiz 2.9 fails WCAG 2.1 AA there: number boxes have no label (axe: label), two of its
colours are too weak (axe: color-contrast), choices are no group, and feedback is not announced.
A committed notebook holds the questions as text.

A question: {"question": text, "type": "multiple_choice" | "many_choice" | "numeric", "answers": […]}.
Choices: {"answer": text, "correct": true | false, "feedback": text}. Numeric: {"type": "value",
"value": 0.31, "correct": true, "feedback": …}, {"type": "range", "range": [0.3, 0.32], …} and one
{"type": "default", "feedback": …}. Texts are plain, with `code` between backticks.
"""

import itertools
import json
from pathlib import Path

from liveshop import medium

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
        medium.show(_plain(asked), "<ol>" + "".join(_static(question) for question in asked) + "</ol>")


def questions(chapter):
    """The questions of a chapter's quiz as a list of dicts, checked: QuizError names what is wrong."""
    path = Path(str(chapter))
    if path.suffix != ".json":
        path = Path(__file__).parents[1] / "course" / f"chapter_{int(str(chapter))}" / "quiz.json" if str(chapter).isdigit() else path
    try:
        asked = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise QuizError(f"There is no quiz {chapter!r}: {path.name} was not found.") from None
    except (ValueError, OSError) as error:
        raise QuizError(f"{path.name} could not be read as JSON: {error}.") from None
    if not isinstance(asked, list) or not asked:
        raise QuizError(f"{path.name} must hold a list of questions.")
    for number, question in enumerate(asked, 1):
        problem = _problem(question)
        if problem:
            raise QuizError(f"{path.name}, question {number}: {problem}.")
    return asked


def _problem(question):
    if not isinstance(question, dict) or not str(question.get("question", "")).strip():
        return "it has no text under 'question'"
    kind, answers = question.get("type"), question.get("answers")
    if kind not in TYPES:
        return f"its type {kind!r} is none of {', '.join(TYPES)}"
    if not isinstance(answers, list) or len(answers) < 2:
        return "it needs two answers at least"
    for i, answer in enumerate(answers, 1):
        if not str(answer.get("feedback", "")).strip():
            return f"answer {i} has no feedback"
        if kind != "numeric" and not str(answer.get("answer", "")).strip():
            return f"answer {i} has no text under 'answer'"
        if kind == "numeric" and answer.get("type") not in ("value", "range", "default"):
            return f"answer {i} needs a type: value, range or default"
    right = sum(bool(answer.get("correct")) for answer in answers)
    if kind == "multiple_choice" and right != 1:
        return f"{right} answers are correct; multiple_choice has exactly one"
    if kind == "many_choice" and right < 2:
        return f"{right} answer is correct; many_choice has two or more"
    if kind == "numeric":
        if not right:
            return "no answer is correct"
        if sum(answer["type"] == "default" for answer in answers) != 1:
            return "a numeric question needs one answer of type default, for all other numbers"
    if "$" in json.dumps(question, ensure_ascii=False):
        return "it holds a dollar sign, which jupyterquiz reads as a formula; write yuan or US dollars"
    return ""


def _kernel():
    from IPython import get_ipython

    return get_ipython() is not None


def _live(asked):
    from jupyterquiz import display_quiz

    # Its own colours of many-choice questions and number boxes are too weak to read (3.1:1 and 1.7:1).
    ours = dict.fromkeys(["--jq-multiple-choice-bg", "--jq-many-choice-bg", "--jq-numeric-bg"], "#1d3557")
    ours |= {"--jq-numeric-input-bg": "#33507a", "--jq-numeric-input-label": "currentcolor"}
    display_quiz([_escaped(question) for question in asked], shuffle_answers=False, colors=ours, max_width=700)


def _escaped(question):
    """A question for jupyterquiz, which writes its texts into the page as HTML."""
    safe = {**question, "question": medium.text_html(question["question"]), "answers": []}
    for answer in question["answers"]:
        texts = {name: medium.text_html(str(answer[name])) for name in ("answer", "feedback") if name in answer}
        safe["answers"].append({**answer, **texts})
    return safe


def _plain(asked):
    lines = []
    for number, question in enumerate(asked, 1):
        lines.append(f"{number}. {question['question']}")
        if question["type"] != "numeric":
            lines += [f"   {'abcdefghij'[i]}) {answer['answer']}" for i, answer in enumerate(question["answers"])]
    return "\n".join(lines)


def _static(question):
    options = ""
    if question["type"] != "numeric":
        options = '<ol type="a">' + "".join(f"<li>{medium.text_html(answer['answer'])}</li>" for answer in question["answers"]) + "</ol>"
    return f"<li>{medium.text_html(question['question'])}{options}</li>"


def quiz_html(asked):
    """The quiz as an element of the book; course.js gives the feedback. Works by keyboard alone."""
    name = f"quiz-{next(_count)}"
    return f'<section class="ls-quiz" aria-label="Quiz">{"".join(_question_html(q, f"{name}-{i}", i) for i, q in enumerate(asked, 1))}</section>'


def _question_html(question, name, number):
    text = f"<strong>{number}.</strong> {medium.text_html(question['question'])}"
    feedback = '<button type="submit" hidden>Check</button><p class="ls-verdict" role="status"></p>' + _without_script(question)
    if question["type"] == "numeric":
        data = [
            {
                "right": bool(answer.get("correct")),
                "low": answer["range"][0] if answer["type"] == "range" else answer.get("value"),
                "high": answer["range"][1] if answer["type"] == "range" else answer.get("value"),
                "feedback": answer["feedback"],
                "default": answer["type"] == "default",
            }
            for answer in question["answers"]
        ]
        return (
            f'<form class="ls-question" data-type="numeric"><div class="ls-field"><label for="{name}">{text}</label>'
            f'<input type="text" inputmode="decimal" autocomplete="off" id="{name}" size="10"></div>{feedback}'
            f'<script type="application/json">{medium.script_json(data)}</script></form>'
        )
    box = "radio" if question["type"] == "multiple_choice" else "checkbox"
    data = [{"right": bool(answer["correct"]), "feedback": answer["feedback"]} for answer in question["answers"]]
    several = ' <span class="ls-unit">(several are right)</span>' if box == "checkbox" else ""
    options = "".join(
        f'<label><input type="{box}" name="{name}" value="{i}"> <span>{medium.text_html(answer["answer"])}</span></label>'
        for i, answer in enumerate(question["answers"])
    )
    return (
        f'<form class="ls-question" data-type="{question["type"]}"><fieldset><legend>{text}{several}</legend>{options}</fieldset>'
        f'{feedback}<script type="application/json">{medium.script_json(data)}</script></form>'
    )


def _without_script(question):
    """The right answers and why, folded, for a page that cannot judge."""
    told = []
    for answer in question["answers"]:
        if answer.get("correct"):
            name = answer["answer"] if "answer" in answer else answer.get("value", answer.get("range", [""])[0])
            told.append(f"<li><strong>{medium.text_html(str(name))}</strong> {medium.text_html(str(answer['feedback']))}</li>")
    return f"<noscript><details><summary>Answer</summary><ul>{''.join(told)}</ul></details></noscript>"
