"""The marks of a class for the grade book of Canvas or Moodle: a CSV in the form that each of them gives out and takes.

Marks come from nbgrader's database, `gradebook.db`. A list is what the grade book itself exported: its students are
found by login, number or e-mail, and its own columns are filled, so that it knows them again. A mark that is not there
stays as the list has it, or empty, and is never a nought.
"""

import csv
import re
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from liveshop.editions.cells import EditionError
from liveshop.tables.writing import FORMULA_STARTS, write_csv

POINTS = "Points Possible"      # Canvas: the row with the most points of each assignment


class Form(NamedTuple):
    """The CSV of a grade book: who a student is, by which columns she is found, what its names of assignments add."""

    identity: tuple[str, ...]
    keys: tuple[str, ...]
    added: str                  #: a pattern


FORMS = {
    # "05-live-operations (4711)"
    "canvas": Form(("Student", "ID", "SIS User ID", "SIS Login ID", "Root Account", "Section"),
                   ("SIS Login ID", "SIS User ID", "ID"), r" \(\d+\)$"),
    # "Assignment: 05-live-operations (Real)"
    "moodle": Form(("First name", "Last name", "ID number", "Username", "Email address"),
                   ("Username", "ID number", "Email address"), r"^[^:]+: *| \([A-Z][a-z]+\)$"),
}


class Student(NamedTuple):
    """A student as nbgrader knows her; all but the id may be empty."""

    id: str
    first: str
    last: str
    email: str


class Marks(NamedTuple):
    """What nbgrader gave: the most points of each assignment, the students, and points by (student's id, assignment).
    """

    most: dict[str, float]
    students: list[Student]
    given: dict[tuple[str, str], float]


class Filled(NamedTuple):
    """What was written: where, how many marks, the students that the list does not have, and what is to be looked at.
    """

    path: Path
    marks: int
    unmatched: list[str]
    notes: list[str]


def class_marks(folder) -> Marks:
    """The marks in the course folder of a class, penalties for lateness taken off. EditionError where there are none.
    """
    path = Path(folder) / "gradebook.db"
    if not path.is_file():
        raise EditionError(f"There is no {path}: mark the class first, with nbgrader autograde in its folder.")
    from nbgrader.api import Gradebook

    # nbgrader writes into what it opens, be it only the name of a course: so a copy is opened.
    with TemporaryDirectory() as copied, Gradebook(f"sqlite:///{shutil.copy(path, copied)}") as book:
        most = {one.name: one.max_score for one in book.assignments}
        students = [Student(one.id, one.first_name or "", one.last_name or "", one.email or "")
                    for one in book.students]
        given = {(one.student.id, name): max(0.0, one.score - (one.late_submission_penalty or 0))
                 for name in most for one in book.assignment_submissions(name)}
    if not given:
        raise EditionError(f"In {path} is no mark yet: run nbgrader autograde in the class's folder.")
    return Marks(most, sorted(students, key=lambda one: (one.last, one.first, one.id)), given)


def fill(kind: str, marks: Marks, out, listed=None) -> Filled:
    """Write the marks for a grade book ("canvas" or "moodle") to `out`; a list is what that grade book exported.

    Students that the list does not have go, with their marks, into a file of their own beside `out`.
    """
    form, out, notes = FORMS[kind], Path(out), []
    head, rows = _read(listed, form) if listed else _without_list(kind, form, marks)
    columns = _columns(head, form, marks)
    places = [head.index(name) for name in form.identity if name in head]
    whose, unmatched = _matched(head, rows, form, marks)
    table = []
    for number, row in enumerate(rows):
        points = row[0].strip() == POINTS
        if points:
            notes += _other_points(row, columns, marks)
        kept = [row[place] if place is not None else "" for place in columns.values()]
        new = {name: marks.most[name] if points and not before.strip() else marks.given.get((whose.get(number), name))
               for name, before in zip(columns, kept, strict=True)}
        cells = [_cell(before, new[name]) for name, before in zip(columns, kept, strict=True)]
        table.append([row[place] for place in places] + cells)
    names = [head[place] for place in places] + [head[place] if place is not None else name
                                                 for name, place in columns.items()]
    if odd := sum(cell.startswith(FORMULA_STARTS) for row in table for cell in row[:len(places)]):
        notes.append(f"{odd} names or numbers begin as a formula does, and are written with an apostrophe before them: "
                     "the grade book may not know them.")
    path = _write(out, names, table)
    _write_unmatched(out, unmatched, marks)
    written = sum((student, name) in marks.given for student in whose.values() for name in columns)
    return Filled(path, written, [student.id for student in unmatched], notes)


def _read(path, form: Form):
    """Heading and rows of an exported list."""
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            head, *rows = [row for row in csv.reader(file) if any(row)] or [[]]
    except UnicodeDecodeError:
        raise EditionError(f"{path} is not in UTF-8: export it again, or save it as CSV UTF-8.") from None
    head = [name.strip() for name in head]
    if not set(form.keys) & set(head) or form.identity[0] not in head:
        raise EditionError(f"{path} is not a list of this grade book: its first line has no {form.identity[0]} with "
                           f"one of {', '.join(form.keys)}.")
    order = [head.index(form.identity[0]), *(place for place in range(len(head)) if head[place] != form.identity[0])]
    rows = [(row + [""] * len(head))[:len(head)] for row in rows]
    return [head[place] for place in order], [[row[place] for place in order] for row in rows]


def _without_list(kind: str, form: Form, marks: Marks):
    """Heading and rows for all students of the class, where no list is given."""
    if kind == "canvas":
        head = [name for name in form.identity if name != "Root Account"]
        named = [(", ".join(filter(None, (one.last, one.first))) or one.id, one.id) for one in marks.students]
        return head, [[f"    {POINTS}", "", "", "", ""], *([name, "", "", login, ""] for name, login in named)]
    return list(form.identity), [[one.first, one.last, one.id, one.id, one.email] for one in marks.students]


def _columns(head, form: Form, marks: Marks) -> dict[str, int | None]:
    """For each assignment the place of its column in the list; None for one that the list has not yet."""
    plain = {re.sub(form.added, "", name): place for place, name in enumerate(head)}
    return {name: plain.get(name) for name in marks.most}


def _matched(head, rows, form: Form, marks: Marks):
    """Which student each row is (number of the row → id), and the students with marks that no row is."""
    found: dict[tuple[str, str], set[int]] = {}
    for key in (name for name in form.keys if name in head):
        for number, row in enumerate(rows):
            if value := row[head.index(key)].strip().casefold():
                found.setdefault((key, value), set()).add(number)
    whose, unmatched = {}, []
    for student in marks.students:
        asked = [(key, value.casefold()) for value in (student.id, student.email) if value for key in form.keys]
        hits = next((found[one] for one in asked if one in found), set())
        if len(hits) == 1 and not hits & set(whose):
            whose[hits.pop()] = student.id
        elif any((student.id, name) in marks.given for name in marks.most):
            unmatched.append(student)
    return whose, unmatched


def _other_points(row, columns, marks: Marks) -> list[str]:
    """A sentence for each assignment that has other points in Canvas than in the class."""
    different = []
    for name, place in columns.items():
        before = row[place].strip() if place is not None else ""
        if re.fullmatch(r"[\d.]+", before) and float(before) != marks.most[name]:
            different.append(f"{name} has {before} points in the grade book, and {marks.most[name]:g} in the class.")
    return different


def _cell(before: str, points: float | None) -> str:
    """The new mark, to two places; without one what stood there, but for the dash by which Moodle shows that none is.
    """
    if points is None:
        return "" if before.strip() == "-" else before
    return f"{round(points, 2):g}"


def _write(path: Path, names, rows) -> Path:
    import pandas as pd

    return write_csv(pd.DataFrame(rows, columns=names, dtype=object), path)


def _write_unmatched(out: Path, students, marks: Marks) -> None:
    path = out.with_name(f"{out.stem}-unmatched.csv")
    if not students:
        path.unlink(missing_ok=True)      # of an earlier run
        return
    rows = [[*one, *(_cell("", marks.given.get((one.id, name))) for name in marks.most)] for one in students]
    _write(path, [*Student._fields, *marks.most], rows)
