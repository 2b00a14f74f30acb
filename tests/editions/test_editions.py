"""Editions: what is handed out, what is kept back, what is brought up to date, and what runs on other data."""
from __future__ import annotations

import copy
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from conftest import ROOT, _cell

from liveshop import editions, tables
from liveshop.editions.__main__ import main
from liveshop.editions.own_data.tables import complete

CHAPTERS = sorted((ROOT / "notebooks").glob("[0-9][0-9]-*.ipynb"))


def sources(nb, kind=None):
    return "\n".join(cell.source for cell in nb.cells if kind in (None, cell.cell_type))


# --- handing out ---------------------------------------------------------------------------------


def test_student_edition_gives_nothing_away(tiny_chapter):
    before = copy.deepcopy(tiny_chapter)
    student = editions.student_edition(tiny_chapter)
    text = sources(student)
    assert "SOLUTION" not in text and "streams.gmv.sum() / streams.views.sum()\n###" not in text
    stub = next(cell for cell in student.cells if "solution" in editions.tags(cell))
    assert stub.source == "gpm = ...      # replace the dots"
    assert "Guests should never read this." not in text
    assert all(not cell.outputs for cell in student.cells if cell.cell_type == "code")
    assert "<!--" not in sources(student, "markdown")
    assert tiny_chapter == before, "the notebook given was changed"
    nbformat.validate(student)


def test_teacher_edition_shows_notes_and_solutions(tiny_chapter):
    teacher = editions.teacher_edition(tiny_chapter)
    assert "> **For the teacher.** Guests should never read this." in sources(teacher)
    solution = next(cell for cell in teacher.cells if "solution" in editions.tags(cell))
    assert solution.source == "gpm = 1000 * streams.gmv.sum() / streams.views.sum()"


def test_book_edition_folds_the_solution_and_shows_the_stub(tiny_chapter):
    book = editions.book_edition(tiny_chapter)
    position = next(i for i, cell in enumerate(book.cells) if "book-solution" in editions.tags(cell))
    assert book.cells[position - 1].source == "```python\ngpm = ...      # replace the dots\n```"
    assert "hide-cell" in editions.tags(book.cells[position]) and "..." not in book.cells[position].source
    assert "remove-input" in editions.tags(book.cells[position + 1])
    assert "Guests should never read this." not in sources(book)
    assert "gpm_all" not in sources(book, "markdown")


def test_normalise_removes_what_differs_from_run_to_run(tiny_chapter):
    nb = editions.run(tiny_chapter, ROOT / "tests")
    nb.metadata["widgets"] = {"state": {}}
    cell = nb.cells[4]
    cell.metadata["execution"] = {"iopub.execute_input": "2025-03-03T00:00:00"}
    cell.execution_count = 77
    cell.outputs[0].data["application/vnd.jupyter.widget-view+json"] = {"model_id": "1"}
    printed = nbformat.v4.new_output("stream", name="stdout", text="in one ")
    cell.outputs += [printed, nbformat.v4.new_output("stream", name="stdout", text="go\n")]
    clean = editions.normalise(nb)
    assert [output.text for output in clean.cells[4].outputs if output.output_type == "stream"] == ["in one go\n"]
    text = nbformat.writes(clean)
    assert "widget" not in text and "execution\"" not in text.replace("execution_count", "") and "iopub" not in text
    counts = [cell.execution_count for cell in clean.cells if cell.cell_type == "code"]
    assert counts == list(range(1, len(counts) + 1))
    assert editions.normalise(clean) == clean


def test_nbgrader_metadata_comes_from_the_tags(tiny_chapter):
    nb = editions.with_nbgrader(tiny_chapter)
    marks = {cell.metadata["nbgrader"]["grade_id"]: cell.metadata["nbgrader"] for cell in nb.cells if "nbgrader" in cell.metadata}
    assert set(marks) == {"answer-5-1a", "check-5-1a"}
    assert marks["answer-5-1a"]["solution"] and not marks["answer-5-1a"]["grade"]
    assert marks["check-5-1a"]["grade"] and marks["check-5-1a"]["points"] >= 1


def test_check_cell_without_a_check_is_named(tiny_chapter):
    tiny_chapter.cells.append(_cell("code", "print('nothing')", "check"))
    with pytest.raises(editions.EditionError, match="does not call check"):
        editions.with_nbgrader(tiny_chapter)


# --- grading -------------------------------------------------------------------------------------


def grade(folder: Path, name: str, submissions: dict, data=None) -> dict[str, tuple[float, float]]:
    """Points and maximum of each submission, graded by nbgrader itself."""
    bin_folder = Path(sys.executable).parent

    def nbgrader(*arguments):
        run = subprocess.run(
            [bin_folder / "nbgrader", *arguments], cwd=folder, capture_output=True, text=True, timeout=400,
            env={**os.environ, "PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}"},
        )
        assert run.returncode == 0, run.stderr[-3000:]

    nbgrader("generate_assignment", name)
    for student, nb in submissions.items():
        path = folder / "submitted" / student / name / f"{name}.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(nb if nb is not None else nbformat.read(folder / "release" / name / f"{name}.ipynb", 4), path)
    nbgrader("autograde", name)
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        return {
            student: (gradebook.find_submission(name, student).score, gradebook.find_submission(name, student).max_score)
            for student in submissions
        }


@pytest.mark.slowest
def test_solved_gets_full_marks_and_empty_none(tiny_chapter, tmp_path):
    path = tmp_path / "05-tiny.ipynb"
    nbformat.write(tiny_chapter, path)
    folder = editions.assignment([path], tmp_path / "class", data=ROOT / "data")
    solved = editions.normalise(tiny_chapter)
    scores = grade(folder, "05-tiny", {"solved": solved, "empty": None})
    full = scores["solved"][1]
    assert full > 0 and scores == {"solved": (full, full), "empty": (0, full)}
    release = nbformat.read(folder / "release" / "05-tiny" / "05-tiny.ipynb", 4)
    assert "SOLUTION" not in sources(release) and "Guests should never" not in sources(release)


def untouched(nb):
    """The student edition with its stubs as they are. A stub stands right before its check, so nothing else has to run."""
    nb = editions.student_edition(nb)
    nb.cells = [cell for cell in nb.cells if "nbgrader" in cell.metadata or {"parameters", "setup"} & set(editions.tags(cell))]
    return nb


@pytest.mark.slowest
@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_chapter_is_graded_right(path, tmp_path):
    """The chapter's own student edition: solved gets every point, untouched gets none."""
    nb = nbformat.read(path, 4)
    folder = editions.assignment([path], tmp_path / "class")
    scores = grade(folder, path.stem, {"solved": editions.normalise(nb), "empty": untouched(nb)})
    full = scores["solved"][1]
    exercises = [cell for cell in nb.cells if "check" in editions.tags(cell)]
    assert full >= len(exercises) > 0
    assert scores == {"solved": (full, full), "empty": (0, full)}


# --- numbers in prose ------------------------------------------------------------------------------


def test_right_numbers_are_not_stale(tiny_chapter, tmp_path):
    path = tmp_path / "tiny.ipynb"
    nbformat.write(tiny_chapter, path)
    assert editions.stale_numbers(path) == []


@pytest.mark.parametrize(
    "changes",
    [
        [("20 yuan<!--", "21 yuan<!--"), ("25 %<!--", "26 %<!--"), ("**1,000<!--", "**1,001<!--"), ("**−3.0<!--", "**3.0<!--")],
        [("25 %<!--", "125 %<!--")],
    ],
    ids=["each of four", "one"],
)
def test_wrong_number_is_found_and_mended(tiny_chapter, tmp_path, changes):
    cell = tiny_chapter.cells[2]
    right = cell.source
    for good, bad in changes:
        cell.source = cell.source.replace(good, bad)
    path = tmp_path / "tiny.ipynb"
    nbformat.write(tiny_chapter, path)
    complaints = editions.stale_numbers(path)
    assert len(complaints) == len(changes) and all("5.1" in complaint and "gives" in complaint for complaint in complaints)
    assert len(editions.refresh(path)) == len(changes)
    assert nbformat.read(path, 4).cells[2].source == right
    assert editions.stale_numbers(path) == []


def test_failed_expression_is_an_error_and_nothing_is_written(tiny_chapter, tmp_path):
    cell = tiny_chapter.cells[2]
    cell.source += "\n\nAnd 7<!-- = not_there:.0f --> more."
    path = tmp_path / "tiny.ipynb"
    nbformat.write(tiny_chapter, path)
    before = path.read_bytes()
    with pytest.raises(editions.EditionError, match="not_there"):
        editions.refresh(path)
    assert path.read_bytes() == before and [p.name for p in tmp_path.iterdir()] == ["tiny.ipynb"]


def test_expressions_are_evaluated_at_the_end_of_their_own_section(tmp_path):
    nb = nbformat.v4.new_notebook(cells=[
        _cell("text", "## 5.1 One\n\nIt is 1<!-- = level:d -->, on Friday<!-- = day: -->."),
        _cell("code", "level, day = 1, 'Friday'"),
        _cell("text", "## 5.2 Two\n\nIt is 2<!-- = level:d -->."),
        _cell("code", "level = 2"),
    ])
    path = tmp_path / "tiny.ipynb"
    nbformat.write(nb, path)
    assert editions.stale_numbers(path) == []


@pytest.mark.parametrize(
    ("text", "value", "shown"),
    [
        ("gains 31 %", "31%", "31 %"), ("from ¥1,234", "1,234", "1,234"), ("costs ¥1,234", "¥1,234", "¥1,234"),
        ("between 3–15", "15", "15"), ("falls by −4.5", "-4.5", "−4.5"), ("12 345", "12,345", "12 345"),
        ("host H07", "H07", "H07"), ("in 5.1", "5.1", "5.1"), ("a factor of 1.60", "1.60", "1.60"), ("+3 %", "+3%", "+3 %"), ("loses 4 points", "4", "4"), ("earns 1,234 yuan more", "1,234", "1,234"),
    ],
)
def test_shown_number_is_found_in_front_of_its_comment(text, value, shown):
    nb = nbformat.v4.new_notebook(cells=[_cell("text", f"{text}<!-- = x:.1f -->")])
    (number,) = editions.prose_numbers(nb, {("x", ".1f"): value})
    assert number.shown == shown


def test_run_names_the_cell_that_failed(tmp_path):
    nb = nbformat.v4.new_notebook(cells=[_cell("code", "1"), _cell("code", "# second\n1 / 0")])
    with pytest.raises(editions.EditionError, match=r"Cell 2 ended in ZeroDivisionError: division by zero\. It begins: '# second'"):
        editions.run(nb, tmp_path)


# --- a section on other data -----------------------------------------------------------------------


@pytest.fixture
def course_folder(tmp_path, monkeypatch):
    """A course folder with one small chapter, and somebody's tables in contract form."""
    chapter = nbformat.v4.new_notebook(cells=[
        _cell("text", "# 5 Running a live room"),
        _cell("code", "import pandas as pd\nfrom liveshop import load, tables as contract\n\ntables = load('data')", "setup"),
        _cell("text", "## 5.4 Reading the room's data\n\nQinghe's story."),
        _cell("text", "Your broadcasts:", "template"),
        _cell("code", "streams = tables.streams\nstreams[['title', 'gmv']]", "template", needs=["streams"], shows="the scorecard of each broadcast"),
        _cell("code", "by_host = streams.groupby('host_id').gmv.sum()\nby_host", "template", needs=["streams.host_id"], shows="sales by host"),
        _cell("code", "len(tables.refunds)", "template", needs=["refunds"], shows="how much comes back"),
        _cell("code", "by_host.max()", "template", needs=["streams"], shows="the strongest host"),
        _cell("code", "secret_of_qinghe = 1", "truth"),
        _cell("text", "## 5.5 Another section"),
        _cell("code", "raise SystemExit", "template"),
    ])
    (tmp_path / "notebooks").mkdir()
    nbformat.write(chapter, tmp_path / "notebooks" / "05-live-operations.ipynb")
    mine = tmp_path / "mine"
    mine.mkdir()
    streams = pd.DataFrame({
        "stream_id": ["a", "b"], "title": ["<script>alert(1)</script>", "=HYPERLINK(1)"],
        "started": pd.to_datetime(["2025-05-01 20:00", "2025-05-02 20:00"]), "ended": pd.to_datetime(["2025-05-01 22:00", "2025-05-02 22:00"]),
        "stream_seconds": [7200, 7200], "gmv": [1200.0, 800.0], "views": [300, 200],
    })
    streams.to_parquet(mine / "streams.parquet", index=False)
    sessions = pd.DataFrame({
        "session_id": [1, 2, 3], "stream_id": ["a", "a", "b"], "viewer_id": [987654321, 123456789, 987654321],
        "source": ["feed", "follow", "feed"], "entered_second": [0, 10, 20], "watch_seconds": [60.0, 120.0, 30.0],
    })
    sessions.to_parquet(mine / "viewer-sessions.parquet", index=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_section_runs_on_other_tables(course_folder):
    out = editions.own_data_notebook("5.4", "mine")
    assert out == Path("my-run/5.4")
    nb = nbformat.read(out / "section-5-4.ipynb", 4)
    page = (out / "section-5-4.html").read_text(encoding="utf-8")
    report = (out / "report.md").read_text(encoding="utf-8")
    text = nbformat.writes(nb)
    assert "Your broadcasts:" in text and "Qinghe's story" not in text and "secret_of_qinghe" not in text and "SystemExit" not in text
    assert "streams.host_id` is missing" in sources(nb) and "sales by host" in report and "how much comes back" in report
    assert "builds on a step that was left out" in report, "a step whose forerunner is missing"
    assert "NameError" not in page and "Traceback" not in text
    assert "<script>" not in page and "&lt;script&gt;" in page
    assert "http" not in re.sub(r"http://www\.w3\.org\S*", "", page), "the page names another server"


def test_page_tells_what_each_step_shows_and_gathers_what_is_missing(course_folder, capfd):
    chapter = nbformat.read("notebooks/05-live-operations.ipynb", 4)
    chapter.cells[-2:-2] = [
        _cell("text", "What comes back:", "template"),
        _cell("code", "tables.refunds.head(1)", "template", needs=["refunds"], shows="a refund"),
        _cell("code", "tables.orders.head(1)", "template", needs=["orders", "refunds", "products"], shows="an order"),
        _cell("text", "How it ended:", "template"),
        _cell("code", "len(streams)", "template", "explorer", needs=["streams.gmv"], shows="the number of broadcasts"),
        _cell("code", "raise ValueError('Nothing to compare.')", "template", needs=["streams"], shows="a comparison"),
        _cell("code", "streams[streams.gmv < 0].gmv.to_numpy().argmin()", "template", needs=["streams"], shows="the worst night"),
    ]
    nbformat.write(chapter, "notebooks/05-live-operations.ipynb")
    Path("mine").rename("my_tables")
    out = editions.own_data_notebook("5.4", "my_tables")
    nb = nbformat.read(out / "section-5-4.ipynb", 4)
    texts = [cell.source for cell in nb.cells if cell.cell_type == "markdown"]
    assert not any("What comes back:" in text for text in texts), "a text whose steps are all left out"
    assert any("How it ended:" in text for text in texts)
    gathered = [text for text in texts if text.startswith("> **Left out.**")]
    assert any("a refund" in text and "`orders`, `refunds` and `products` are missing" in text for text in gathered)
    assert "**The strongest host**" in texts and "**The scorecard of each broadcast**" not in texts, "a heading where no text introduces the step"
    report = (out / "report.md").read_text(encoding="utf-8")
    assert "`refunds` is missing; with it you would see how much comes back; a refund." in report
    assert "The worst night: your tables hold too few rows of the kind that it looks at." in report
    assert "did not suit it: Nothing to compare." in report and "`my_tables`" in report
    page = (out / "section-5-4.html").read_text(encoding="utf-8")
    assert page.count("Open the notebook beside this page") == 1
    assert "WARNING" not in capfd.readouterr().err


def test_table_without_a_necessary_column_is_not_used_and_the_others_are(course_folder):
    sessions = pd.read_parquet("mine/viewer-sessions.parquet")
    Path("mine/viewer-sessions.parquet").unlink()
    sessions.drop(columns=["session_id", "viewer_id"]).to_csv("mine/viewer-sessions.csv", index=False)
    out = editions.own_data_notebook("5.4", "mine")
    assert [path.name for path in (out / "data").iterdir()] == ["streams.parquet"]
    for name in ("report.md", "section-5-4.ipynb"):
        text = (out / name).read_text(encoding="utf-8")
        assert "Not used. Table viewer" in text and "session" in text and "under columns: in the mapping" not in text
    Path("mine/streams.parquet").unlink()
    with pytest.raises(tables.MissingColumn, match="name the column session_id in the file"):
        editions.own_data_notebook("5.4", "mine", out="none")


def test_staying_to_the_end_is_worked_out_from_the_length_of_the_broadcast(course_folder):
    sessions = pd.read_parquet("mine/viewer-sessions.parquet").assign(entered_second=[0, 7100, 20], watch_seconds=[7199.0, 100.0, 30.0])
    sessions.loc[3] = [4, "unknown", 5, "feed", 0, 9999.0]
    streams = pd.read_parquet("mine/streams.parquet")
    frames, notes = complete({"viewer_sessions": sessions, "streams": streams})
    assert frames["viewer_sessions"].stayed_to_end.tolist() == [False, True, False, pd.NA] and "33.3%" in notes[0]
    told = sessions.assign(stayed_to_end=[True, False, True, False])
    frames, notes = complete({"viewer_sessions": told, "streams": streams})
    assert frames["viewer_sessions"] is told and not notes


def test_buyers_are_pseudonyms_in_all_that_is_written(course_folder):
    out = editions.own_data_notebook("5.4", "mine")
    for path in out.rglob("*"):
        if path.is_file():
            assert b"987654321" not in path.read_bytes(), path
    written = tables.load(out / "data").viewer_sessions
    assert written.viewer_id.nunique() == 2 and written.viewer_id.iloc[0] == written.viewer_id.iloc[2]
    assert not set(written.viewer_id) & {987654321, 123456789}


def test_second_run_replaces_the_first(course_folder):
    first = editions.own_data_notebook("5.4", "mine", out="result")
    (first / "stale.txt").write_text("old")
    editions.own_data_notebook("5.4", "mine", out="result")
    assert not (first / "stale.txt").exists()
    assert sorted(path.name for path in course_folder.iterdir()) == ["mine", "notebooks", "result"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (dict(section="5.9", data="mine"), "no section 5.9 in this chapter: it has 5.4, 5.5"),
        (dict(section="7.1", data="mine"), "no chapter for section '7.1'"),
        (dict(section="all", data="mine"), "is not a section"),
        (dict(section="5.4", data="nowhere"), "no file or folder nowhere"),
        (dict(section="5.4", data=""), "No data named"),
        (dict(section="5.4", data="mine", mapping="none.yml"), "mapping file none.yml is not there"),
        (dict(section="5.4", data="mine/streams.parquet"), "single file, so it needs MAPPING="),
        (dict(section="5.4", data="mine", out="notebooks"), "holds other files"),
        (dict(section="5.4", data="mine", out="mine/streams.parquet"), "is a file"),
        (dict(section="5.4", data="mine", out="mine/streams.parquet/deep/er"), "cannot be made in"),
    ],
)
def test_what_does_not_fit_is_one_sentence_and_nothing_is_written(course_folder, arguments, words, capsys):
    before = sorted(str(path) for path in course_folder.rglob("*"))
    with pytest.raises(ValueError) as error:
        editions.own_data_notebook(**arguments)
    assert words in str(error.value) and "\n" not in str(error.value)
    assert sorted(str(path) for path in course_folder.rglob("*")) == before


def test_broken_table_is_one_sentence_on_the_command_line(course_folder, capsys):
    (course_folder / "mine" / "streams.parquet").write_bytes(b"not a table")
    assert main(["template", "--section", "5.4", "--data", "mine"]) == 1
    said = capsys.readouterr().err.strip()
    assert said.count("\n") == 0 and "streams" in said and "Traceback" not in said
    assert not (course_folder / "my-run").exists()


def test_a_broken_table_that_the_section_does_not_name_is_not_used(course_folder):
    frame = pd.read_parquet("mine/viewer-sessions.parquet")
    frame.assign(watch_seconds=-5.0).to_parquet("mine/viewer-sessions.parquet", index=False)
    out = editions.own_data_notebook("5.4", "mine")
    assert tables.load(out / "data").names == ["streams"]
    assert "Not used. Table viewer\\_sessions, column watch\\_seconds, row 1: -5 is negative" in (out / "report.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "column", "value", "words"), [
    ("viewer-sessions", "stream_id", "nowhere", "column stream_id, row 2: “nowhere” is not in table streams"),
    ("viewer-sessions", "watch_seconds", -5.0, "column watch_seconds, row 2: -5 is negative"),
    ("streams", "ended", pd.Timestamp("2025-05-01"), "column ended, row 2: 2025-05-01 00:00:00 lies before started"),
    ("streams", "stream_id", "a", "stream_id a was there before"),
])
def test_a_folder_of_tables_is_held_against_the_contract(course_folder, name, column, value, words):
    frame = pd.read_parquet(f"mine/{name}.parquet")
    chapter = nbformat.read("notebooks/05-live-operations.ipynb", 4)
    chapter.cells[5].metadata["liveshop"]["needs"].append("viewer_sessions")
    nbformat.write(chapter, "notebooks/05-live-operations.ipynb")
    frame.loc[1, column] = value
    frame.to_parquet(f"mine/{name}.parquet", index=False)
    with pytest.raises(tables.TableError, match=words):
        editions.own_data_notebook("5.4", "mine")
    assert not (course_folder / "my-run").exists()


def test_what_is_suspicious_in_a_folder_of_tables_is_told(course_folder):
    frame = pd.read_parquet("mine/streams.parquet").assign(stream_seconds=[120, 120])
    frame.to_parquet("mine/streams.parquet", index=False)
    pd.read_parquet("mine/viewer-sessions.parquet").head(0).to_csv("mine/viewer-sessions.csv", index=False)
    Path("mine/viewer-sessions.parquet").unlink()
    report = (editions.own_data_notebook("5.4", "mine") / "report.md").read_text(encoding="utf-8")
    assert "the lengths look like minutes" in report and "viewer\\_sessions: the table has no rows" in report


def test_a_mapping_may_be_the_name_of_a_table(course_folder):
    pd.read_parquet("mine/streams.parquet").to_csv("mine.csv", index=False)
    out = editions.own_data_notebook("5.4", "mine.csv", "streams")
    assert len(tables.load(out / "data").streams) == 2


def test_failure_in_the_middle_leaves_nothing(course_folder, monkeypatch):
    def broken(*_):
        raise OSError(28, "No space left on device", "section-5-4.html")

    monkeypatch.setattr("liveshop.editions.own_data.run.page", broken)
    assert main(["template", "--section", "5.4", "--data", "mine", "--out", "result"]) == 1
    assert sorted(path.name for path in course_folder.iterdir()) == ["mine", "notebooks"]


# --- command line --------------------------------------------------------------------------------


def test_command_line_makes_editions(tiny_chapter, tmp_path, capsys):
    path = tmp_path / "05-tiny.ipynb"
    nbformat.write(tiny_chapter, path)
    for name in ("student", "teacher"):
        assert main([name, str(path), "--out", str(tmp_path / name)]) == 0
        nbformat.validate(nbformat.read(tmp_path / name / path.name, 4))
    assert main(["student", str(tmp_path / "none.ipynb")]) == 1
    assert "There is no notebook" in capsys.readouterr().err
