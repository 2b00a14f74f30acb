"""The marks of a class for the grade book of Canvas or Moodle: a CSV in the form that each of them gives out and takes.

Marks come from nbgrader's database, `gradebook.db`. A list is what the grade book itself exported: its students are
found by login, number or e-mail, and its own columns are filled, so that it knows them again. A mark that is not there
stays as the list has it, or is written as the grade book writes none, and is never a nought.

The forms are those that the source of both grade books reads and writes: Canvas's `gradebook_importer.rb`, Moodle's
`grade/export/txt` and `grade/import/csv`.
"""

import csv
import io
import re
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from liveshop.editions.cells import EditionError
from liveshop.tables.writing import FORMULA_STARTS, write_csv

POINTS = "Points Possible"      # Canvas: the row with the most points of each assignment
SEPARATORS = ",;\t"             # both let a teacher choose; the first stands in what is written, and both take it


class Form(NamedTuple):
    """The CSV of a grade book: what is kept of a student's row, by which columns she is found, what its names of
    assignments add, and how it writes that there is no mark."""

    identity: tuple[str, ...]
    keys: tuple[str, ...]
    added: str                  #: a pattern
    none: str


FORMS = {
    # "05-live-operations (4711)"
    "canvas": Form(("Student", "ID", "SIS User ID", "SIS Login ID", "Root Account", "Section"),
                   ("SIS Login ID", "SIS User ID", "ID"), r" \(\d+\)$", ""),
    # "Assignment: 05-live-operations (Real)"; beside it may stand (Percentage), (Letter) and (Feedback), which are no
    # points. By the day of the export Moodle knows a mark that somebody gave since. An empty cell in a column that is
    # new to it becomes 0, a dash does not; the space before it goes there, and keeps it from looking like a formula.
    "moodle": Form(("First name", "Last name", "Surname", "ID number", "Username", "Email address",
                    "Last downloaded from this course"),
                   ("Username", "ID number", "Email address"), r"^[^:]+: *| \(Real\)$", " -"),
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
    try:
        from nbgrader.api import Gradebook
    except ImportError:
        raise EditionError("Marks come from nbgrader, which is not installed: pip install nbgrader.") from None
    try:
        # nbgrader writes into what it opens, be it only the name of a course: so a copy is opened.
        with TemporaryDirectory() as copied, Gradebook(f"sqlite:///{shutil.copy(path, copied)}") as book:
            most = {one.name: one.max_score for one in book.assignments}
            students = [Student(one.id, one.first_name or "", one.last_name or "", one.email or "")
                        for one in book.students]
            given = {(one.student.id, name): max(0.0, one.score - (one.late_submission_penalty or 0))
                     for name in most for one in book.assignment_submissions(name)}
    except Exception as error:      # of the database: another program's file, or that of another nbgrader
        raise EditionError(f"{path} cannot be read as a database of this nbgrader ({type(error).__name__}): take the "
                           "one that nbgrader autograde wrote.") from error
    if not given:
        raise EditionError(f"In {path} is no mark yet: run nbgrader autograde in the class's folder.")
    return Marks(most, sorted(students, key=lambda one: (one.last, one.first, one.id)), given)


def fill(kind: str, marks: Marks, out, listed=None) -> Filled:
    """Write the marks for a grade book ("canvas" or "moodle") to `out`; a list is what that grade book exported.

    Students that the list does not have go, with their marks, into a file of their own beside `out`.
    """
    form, out, notes = FORMS[kind], Path(out), []
    head, rows = _read(listed, form) if listed else _without_list(kind, marks)
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
        cells = [_cell(before, new[name], form.none) for name, before in zip(columns, kept, strict=True)]
        table.append([row[place] for place in places] + cells)
    names = [head[place] for place in places] + [head[place] if place is not None else name
                                                 for name, place in columns.items()]
    if kind == "moodle":        # Canvas reads them from its row of points
        notes += [f"{name} is new to Moodle, which gives it 100 points: set {marks.most[name]:g} there."
                  for name, place in columns.items() if place is None]
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
        text = Path(path).read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise EditionError(f"{path} is not in UTF-8: export it again, or save it as CSV UTF-8.") from None
    separator = max(SEPARATORS, key=text.partition("\n")[0].count)
    head, *rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator) if any(row)] or [[]]
    head = [name.strip() for name in head]
    if not set(form.keys) & set(head) or form.identity[0] not in head:
        raise EditionError(f"{path} is not a list of this grade book: its first line has no {form.identity[0]} with "
                           f"one of {', '.join(form.keys)}; export it with the grade book set to English.")
    order = [head.index(form.identity[0]), *(place for place in range(len(head)) if head[place] != form.identity[0])]
    rows = [(row + [""] * len(head))[:len(head)] for row in rows]
    return [head[place] for place in order], [[row[place] for place in order] for row in rows]


def _without_list(kind: str, marks: Marks):
    """Heading and rows for all students of the class, where no list is given."""
    if kind == "canvas":
        head = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
        named = [(", ".join(filter(None, (one.last, one.first))) or one.id, one.id) for one in marks.students]
        return head, [[f"    {POINTS}", "", "", "", ""], *([name, "", "", login, ""] for name, login in named)]
    head = ["First name", "Last name", "ID number", "Username", "Email address"]
    return head, [[one.first, one.last, one.id, one.id, one.email] for one in marks.students]


def _columns(head, form: Form, marks: Marks) -> dict[str, int | None]:
    """For each assignment the place of its column in the list; None for one that the list has not yet."""
    plain = [re.sub(form.added, "", name) for name in head]
    if twice := [name for name in marks.most if plain.count(name) > 1]:
        raise EditionError(f"The list has two columns of {', '.join(twice)}: give one another name in the grade book.")
    return {name: plain.index(name) if name in plain else None for name in marks.most}


def _matched(head, rows, form: Form, marks: Marks):
    """Which student each row is (number of the row → id), and the students with marks that no row is.

    Ids go before e-mails. Where two rows could be a student, or two students a row, nobody is taken.
    """
    found: dict[str, set[int]] = {}      # login, number or e-mail → the rows that have it
    for key in (name for name in form.keys if name in head):
        here: dict[str, set[int]] = {}
        for number, row in enumerate(rows):
            here.setdefault(row[head.index(key)].strip().casefold(), set()).add(number)
        found = here | found             # what an earlier column has goes first
    found.pop("", None)
    whose, left = {}, marks.students
    for field in ("id", "email"):
        claims: dict[int, list[str]] = {}
        for student in left:
            numbers = found.get(getattr(student, field).strip().casefold(), set())
            if len(numbers) == 1 and not numbers & set(whose):
                claims.setdefault(*numbers, []).append(student.id)
        whose |= {number: ids[0] for number, ids in claims.items() if len(ids) == 1}
        left = [student for student in left if student.id not in whose.values()]
    return whose, [one for one in left if any((one.id, name) in marks.given for name in marks.most)]


def _other_points(row, columns, marks: Marks) -> list[str]:
    """A sentence for each assignment that has other points in Canvas than in the class."""
    different = []
    for name, place in columns.items():
        before = row[place].strip() if place is not None else ""
        if re.fullmatch(r"\d+(\.\d+)?", before) and float(before) != marks.most[name]:
            different.append(f"{name} has {before} points in the grade book, and {marks.most[name]:g} in the class.")
    return different


def _cell(before: str, points: float | None, none: str) -> str:
    """The new mark, to two places; without one what stood there, or the grade book's word for none."""
    if points is None:
        return none if before.strip() in ("", "-") else before
    return f"{round(points, 2):g}"


def _write(path: Path, names, rows) -> Path:
    import pandas as pd

    return write_csv(pd.DataFrame(rows, columns=names, dtype=object), path)


def _write_unmatched(out: Path, students, marks: Marks) -> None:
    path = out.with_name(f"{out.stem}-unmatched.csv")
    if not students:
        path.unlink(missing_ok=True)      # of an earlier run
        return
    rows = [[*one, *(_cell("", marks.given.get((one.id, name)), "") for name in marks.most)] for one in students]
    _write(path, [*Student._fields, *marks.most], rows)
