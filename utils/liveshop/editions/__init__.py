"""Editions of a chapter: from the one committed notebook, everything that is handed out.

    python -m liveshop.editions refresh notebooks/05-live-operations.ipynb
    python -m liveshop.editions student notebooks/05-live-operations.ipynb
    python -m liveshop.editions teacher notebooks/05-live-operations.ipynb
    python -m liveshop.editions slides notebooks/05-live-operations.ipynb
    python -m liveshop.editions assignment notebooks/05-live-operations.ipynb --out my-class
    python -m liveshop.editions template --section 5.4 --data export.xlsx --mapping map.yml
    python -m liveshop.editions contest strategies
    python -m liveshop.editions site
    python -m liveshop.editions pdf

A notebook is run at most once for an edition.
"""

from liveshop.editions.cells import EditionError, normalise, section_of, tags, with_nbgrader
from liveshop.editions.classroom import assignment
from liveshop.editions.forms import book_edition, student_edition, teacher_edition
from liveshop.editions.kernel import run
from liveshop.editions.numbers import (
    ProseNumber,
    complaints,
    evaluated,
    evaluation,
    numbers_by_place,
    prose_numbers,
    refresh,
    run_with_numbers,
    stale_numbers,
)
from liveshop.editions.own_data import own_data_notebook

__all__ = [
    "EditionError", "ProseNumber", "assignment", "book_edition", "complaints", "evaluated", "evaluation", "normalise",
    "numbers_by_place", "own_data_notebook", "prose_numbers", "refresh", "run", "run_with_numbers", "section_of",
    "stale_numbers", "student_edition", "tags", "teacher_edition", "with_nbgrader",
]
