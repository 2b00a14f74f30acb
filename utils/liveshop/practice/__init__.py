"""Exercises and their checks, quizzes.

In a notebook: `check("5.4a", gpm)`, `hint("5.4a")`, `solution("5.4a")`, `quiz("5")`.
The exercises of section 5.4 stand in `course/chapter_5/section_5_4.py`, written with `exercise` and
`Field`; the quiz of chapter 5 in `course/chapter_5/quiz.json` (the format of jupyterquiz).
"""

from liveshop.practice.engine import Field, Verdict, audit, check, exercise, exercises, find, hint, solution, use, verdict
from liveshop.practice.quiz import QuizError, questions, quiz

__all__ = [
    "Field",
    "QuizError",
    "Verdict",
    "audit",
    "check",
    "exercise",
    "exercises",
    "find",
    "hint",
    "questions",
    "quiz",
    "solution",
    "use",
    "verdict",
]
