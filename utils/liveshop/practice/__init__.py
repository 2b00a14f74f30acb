"""Exercises and their checks, quizzes.

In a notebook: `check("5.4a", gpm)`, `hint("5.4a")`, `solution("5.4a")`, `quiz("5")`.
The exercises of section 5.4 stand in `course/chapter_5/section_5_4.py`, written with `Exercise`,
`exercise` and `Field`, with the wrong ways that many share (`ways`); the quiz of chapter 5 in
`course/chapter_5/quiz.json` (the format of jupyterquiz).
"""

from liveshop.practice import failed
from liveshop.practice.audit import audit
from liveshop.practice.exercise import Exercise, Field, Verdict, exercise, exercises, find, use
from liveshop.practice.judge import verdict
from liveshop.practice.quiz import QuizError, questions, quiz
from liveshop.practice.show import check, hint, solution
from liveshop.practice.ways import everything, exchanged, unpaid_in, usual, wrong_parts, wrong_ratios, wrong_summaries

__all__ = [
    "Exercise",
    "Field",
    "QuizError",
    "Verdict",
    "audit",
    "check",
    "everything",
    "exchanged",
    "exercise",
    "exercises",
    "find",
    "hint",
    "questions",
    "quiz",
    "solution",
    "unpaid_in",
    "use",
    "usual",
    "verdict",
    "wrong_parts",
    "wrong_ratios",
    "wrong_summaries",
]

failed.watch()       # from here on, so that check can say when an answer is old
