"""A class's marks in the CSVs of Canvas and Moodle: files in the form that their documentation shows."""

import csv
import io
import os
import shutil
import sys
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from liveshop.editions import EditionError
from liveshop.editions.__main__ import main
from liveshop.editions.gradebook import class_marks

# nbgrader's own, when a submission is added.
pytestmark = pytest.mark.filterwarnings("ignore:Object of type:sqlalchemy.exc.SAWarning")

ROOM, SHOP = "05-live-operations", "06-social-operations"
POINTS = {("mia", ROOM): 7, ("mia", SHOP): 2.5, ("chen", ROOM): 10 / 3, ("noa", ROOM): 0, ("=evil()", ROOM): 9}
PEOPLE = {"mia": ("Mia", "Berg", "mia@school.example"), "chen": ("晨", "陈", "Chen@school.example"),
          "noa": ("", "", ""), "=evil()": ("", "", ""), "late": ("Lou", "Late", "lou@school.example")}

CANVAS = f"""Student,ID,SIS User ID,SIS Login ID,Section,{ROOM} (4711),Essay (12),Assignments Current Points,Final Score
,,,,,Manual Posting,,,
"    Points Possible",,,,,10,5,(read only),(read only)
"Berg, Mia",101,S-1,MIA,One,,4,4,80
"陈, 晨",102,S-2,chen@school.example,One,1,3,4,70
"Late, Lou",103,S-3,late,Two,6,,,
"Stranger, Sam",104,S-4,sam,Two,5,,,
"Student, Test",105,,0f3a,One,,,,
"""
IN_MOODLE = f"Assignment: {ROOM} (Real)"
WHEN = "Last downloaded from this course"
MOODLE = f"""First name,Last name,ID number,Institution,Department,Email address,{IN_MOODLE},Course total (Real),{WHEN}
Mia,Berg,mia,,,mia@school.example,-,-,1795900000
晨,陈,20250002,,,chen@school.example,1.00,1.00,1795900000
Lou,Late,20250003,,,lou@school.example,-,-,1795900000
"""


def new_gradebook(folder):
    """nbgrader's database, as nbgrader makes it: with a program that lies beside this Python."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
        return Gradebook(f"sqlite:///{folder / 'gradebook.db'}")


@pytest.fixture(scope="module")
def marked(tmp_path_factory):
    """A class that nbgrader has marked: two chapters; one who handed in nothing."""
    folder = tmp_path_factory.mktemp("marked")
    with new_gradebook(folder) as book:
        for name in (ROOM, SHOP):
            book.add_assignment(name)
            book.add_notebook(name, name)
            book.add_grade_cell("check", name, name, max_score=10, cell_type="code")
        for id, (first, last, email) in PEOPLE.items():
            book.add_student(id, first_name=first or None, last_name=last or None, email=email or None)
        for (id, name), points in POINTS.items():
            book.add_submission(name, id)
            book.find_grade("check", name, name, id).auto_score = points
        book.db.commit()
    return folder / "gradebook.db"


@pytest.fixture
def school(marked, tmp_path):
    """The folder of that class, to be changed."""
    shutil.copy(marked, tmp_path)
    return tmp_path


def made(school, kind, listed=None):
    """The rows that make marks writes, by their first line."""
    arguments = ["marks", "--folder", str(school), "--for", kind]
    if listed is not None:
        (school / "export.csv").write_text(listed, encoding="utf-8-sig")
        arguments += ["--list", str(school / "export.csv")]
    assert main(arguments) == 0
    return rows(school / f"marks-{kind}.csv")


def rows(path):
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


def test_canvas_knows_its_own_rows_and_columns_again(school, capsys):
    filled = made(school, "canvas", CANVAS)
    # Who the students are, and the columns of marks: what Canvas works out itself, and other teachers' columns, stay.
    assert list(filled[0]) == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", f"{ROOM} (4711)", SHOP]
    assert [row["ID"] for row in filled] == ["", "", "101", "102", "103", "104", "105"]
    assert [row[f"{ROOM} (4711)"] for row in filled] == ["Manual Posting", "10", "7", "3.33", "6", "5", ""]
    assert [row[SHOP] for row in filled] == ["", "10", "2.5", "", "", "", ""]
    assert filled[1]["Student"] == "    Points Possible" and filled[3]["Student"] == "陈, 晨"
    assert "Wrote 3 marks" in capsys.readouterr().out


def test_students_that_the_list_does_not_have_are_named_and_none_is_lost(school, capsys):
    filled = made(school, "canvas", CANVAS)
    said = capsys.readouterr().out
    assert "in the list: 2 with marks (=evil(), noa): see marks-canvas-unmatched.csv" in said
    left = rows(school / "marks-canvas-unmatched.csv")
    assert [(row["id"], row[ROOM], row[SHOP]) for row in left] == [("'=evil()", "9", ""), ("noa", "0", "")]
    written = sum(bool(row[f"{ROOM} (4711)"]) for row in filled[2:4]) + sum(bool(row[SHOP]) for row in filled[2:])
    assert written + len(left) == len(POINTS)
    made(school, "canvas")        # without a list everybody is in it
    assert not (school / "marks-canvas-unmatched.csv").exists()


def test_canvas_without_a_list(school):
    filled = made(school, "canvas")
    assert list(filled[0]) == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", ROOM, SHOP]
    assert (filled[0]["Student"].strip(), filled[0][ROOM]) == ("Points Possible", "10")
    found = {row["SIS Login ID"]: (row["Student"], row[ROOM], row[SHOP]) for row in filled[1:]}
    assert found == {"mia": ("Berg, Mia", "7", "2.5"), "chen": ("陈, 晨", "3.33", ""), "noa": ("noa", "0", ""),
                     "late": ("Late, Lou", "", ""), "'=evil()": ("'=evil()", "9", "")}


def test_moodle_by_number_and_by_email(school, capsys):
    """No mark is a dash: of an empty cell in a column that is new to it, Moodle makes a 0."""
    filled = made(school, "moodle", MOODLE)
    assert list(filled[0]) == ["First name", "Last name", "ID number", "Email address", WHEN, IN_MOODLE, SHOP]
    assert [list(row.values())[5:] for row in filled] == [["7", "2.5"], ["3.33", " -"], [" -", " -"]]
    assert {row[WHEN] for row in filled} == {"1795900000"}      # by it, Moodle sees a mark that was given since
    assert f"{SHOP} is new to Moodle, which gives it 100 points: set 10 there." in capsys.readouterr().out


def test_moodle_of_all_its_columns_takes_the_one_with_points(school):
    listed = MOODLE.replace("Last name", "Surname").replace(
        IN_MOODLE, f"Assignment: {ROOM} (Percentage),{IN_MOODLE},Assignment: {ROOM} (Feedback)").replace(
        "example,-,", "example,-,-,,").replace("example,1.00,", "example,10.00 %,1.00,Good,")
    filled = made(school, "moodle", listed)
    assert list(filled[0]) == ["First name", "Surname", "ID number", "Email address", WHEN, IN_MOODLE, SHOP]
    assert [row[IN_MOODLE] for row in filled] == ["7", "3.33", " -"]


@pytest.mark.parametrize("separator", [";", "\t"])
def test_a_list_may_have_another_separator(school, separator):
    table = list(csv.reader(io.StringIO(CANVAS)))
    listed = io.StringIO(newline="")
    csv.writer(listed, delimiter=separator).writerows(table)
    assert made(school, "canvas", listed.getvalue()) == made(school, "canvas", CANVAS)


def test_moodle_without_a_list(school):
    filled = {row["ID number"]: row for row in made(school, "moodle")}
    assert filled["mia"] == {"First name": "Mia", "Last name": "Berg", "ID number": "mia", "Username": "mia",
                             "Email address": "mia@school.example", ROOM: "7", SHOP: "2.5"}
    assert filled["late"][ROOM] == " -" and filled["noa"][ROOM] == "0"


def test_nothing_becomes_a_formula_and_it_is_said(school, capsys):
    made(school, "moodle")
    assert "2 names or numbers begin as a formula does" in capsys.readouterr().out
    text = (school / "marks-moodle.csv").read_text(encoding="utf-8-sig")
    assert not any(cell.startswith(("=", "+", "-", "@")) for line in text.splitlines() for cell in line.split(","))


def test_other_points_in_the_grade_book_are_said(school, capsys):
    made(school, "canvas", CANVAS.replace("Possible\",,,,,10", "Possible\",,,,,20"))
    assert f"{ROOM} has 20 points in the grade book, and 10 in the class." in capsys.readouterr().out


def test_two_rows_of_one_student_are_nobodys(school):
    twice = CANVAS.replace("104,S-4,sam", "104,S-4,mia")
    filled = made(school, "canvas", twice)
    assert [row[f"{ROOM} (4711)"] for row in filled if row["SIS Login ID"].lower() == "mia"] == ["", "5"]
    assert "mia" in [row["id"] for row in rows(school / "marks-canvas-unmatched.csv")]


def test_an_id_goes_before_an_email_and_an_address_of_two_is_nobodys(school):
    """Ada comes first by her name, and has Mia's address; Bo and Cy share one."""
    with Gradebook(f"sqlite:///{school / 'gradebook.db'}") as book:
        for id, last, email in (("ada", "Aa", "MIA"), ("bo", "Bb", "sam"), ("cy", "Cc", "sam")):
            book.add_student(id, last_name=last, email=email)
            book.add_submission(ROOM, id)
        book.db.commit()
    filled = {row["ID"]: row[f"{ROOM} (4711)"] for row in made(school, "canvas", CANVAS)}
    assert filled["101"] == "7" and filled["104"] == "5"
    assert {"ada", "bo", "cy"} <= {row["id"] for row in rows(school / "marks-canvas-unmatched.csv")}


def test_two_columns_of_one_assignment_are_not_chosen_between(school, capsys):
    (school / "export.csv").write_text(CANVAS.replace("Essay (12)", f"{ROOM} (12)"), encoding="utf-8")
    assert main(["marks", "--folder", str(school), "--for", "canvas", "--list", str(school / "export.csv")]) == 1
    assert f"The list has two columns of {ROOM}" in capsys.readouterr().err


def test_late_penalty_is_taken_off(school):
    with Gradebook(f"sqlite:///{school / 'gradebook.db'}") as book:
        for id, penalty in (("mia", 2), ("noa", 5)):
            for one in book.find_submission(ROOM, id).notebooks:
                one.late_submission_penalty = penalty
        book.db.commit()
    before = (school / "gradebook.db").read_bytes()
    given = class_marks(school).given
    assert (school / "gradebook.db").read_bytes() == before
    assert (given["mia", ROOM], given["noa", ROOM]) == (5, 0)


@pytest.mark.parametrize(("listed", "words"), [
    ("Name,Points\nMia,3\n", "its first line has no Student with one of SIS Login ID"),
    ("", "is not a list of this grade book"),
    (MOODLE, "is not a list of this grade book"),
])
def test_a_file_that_is_no_list_is_one_sentence(school, capsys, listed, words):
    (school / "other.csv").write_text(listed, encoding="utf-8")
    assert main(["marks", "--folder", str(school), "--for", "canvas", "--list", str(school / "other.csv")]) == 1
    said = capsys.readouterr().err
    assert words in said and said.count("\n") == 1 and not (school / "marks-canvas.csv").exists()


def test_a_list_in_another_encoding_and_one_that_is_not_there(school, capsys):
    (school / "other.csv").write_bytes(CANVAS.encode("gb18030"))
    for name, words in (("other.csv", "is not in UTF-8"), ("none.csv", "No such file")):
        assert main(["marks", "--folder", str(school), "--for", "canvas", "--list", str(school / name)]) == 1
        assert words in capsys.readouterr().err


def test_without_nbgrader_it_is_said(school, monkeypatch):
    monkeypatch.setitem(sys.modules, "nbgrader.api", None)
    with pytest.raises(EditionError, match="nbgrader, which is not installed"):
        class_marks(school)


def test_a_class_without_marks_is_one_sentence_and_makes_no_database(tmp_path):
    with pytest.raises(EditionError, match="mark the class first, with nbgrader autograde"):
        class_marks(tmp_path)
    assert not list(tmp_path.iterdir())
    (tmp_path / "gradebook.db").write_text("Student,ID\n" * 100)
    with pytest.raises(EditionError, match="cannot be read as a database of this nbgrader"):
        class_marks(tmp_path)
    (tmp_path / "gradebook.db").unlink()
    with new_gradebook(tmp_path) as book:
        book.add_student("mia")
    with pytest.raises(EditionError, match="is no mark yet"):
        class_marks(tmp_path)
