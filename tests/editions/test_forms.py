"""What is handed out and what is kept back, and the state in which a notebook is committed."""

import copy

import nbformat
import pytest

from common import ROOT, _cell
from liveshop import editions
from liveshop.editions.__main__ import main
from liveshop.practice.worked import only_solution

CHAPTERS = sorted((ROOT / "notebooks").glob("[0-9][0-9]-*.ipynb"))


def sources(nb, kind=None):
    return "\n".join(cell.source for cell in nb.cells if kind in (None, cell.cell_type))


def test_student_edition_gives_nothing_away(tiny_chapter):
    before = copy.deepcopy(tiny_chapter)
    student = editions.student_edition(tiny_chapter)
    text = sources(student)
    assert "SOLUTION" not in text and "streams.gmv.sum() / streams.views.sum()\n###" not in text
    stub = next(cell for cell in student.cells if "solution" in editions.tags(cell))
    assert stub.source == "gpm = ...      # replace the dots"
    assert "Guests should never read this." not in text
    assert [cell.source.count("<details>") for cell in student.cells[-2:]] == [1, 0], "what follows a check is in sight"
    assert all(not cell.outputs for cell in student.cells if cell.cell_type == "code")
    assert "<!--" not in sources(student, "markdown")
    assert tiny_chapter == before, "the notebook given was changed"
    nbformat.validate(student)


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_student_edition_of_a_chapter_shows_no_answer(path):
    """Each answer of "Try it" stands folded; no solution, no teacher's note, no output is left."""
    nb = nbformat.read(path, 4)
    asked = [cell.source for cell in nb.cells if "**Try it.**" in cell.source]
    student = editions.student_edition(nb)
    folded = [cell.source for cell in student.cells if "**Try it.**" in cell.source]
    assert len(folded) == len(asked) > 0
    for text in folded:
        for callout in text.split("**Try it.**")[1:]:
            assert "<details><summary>Answer</summary>" in callout, f"an answer in sight: {callout[:200]}"
    for cell in student.cells:
        assert "teacher" not in editions.tags(cell) and "SOLUTION" not in cell.source
        assert cell.cell_type != "code" or not cell.outputs
    left = "\n".join(cell.source for cell in student.cells)
    for cell in nb.cells:
        if {"solution", "teacher"} & set(editions.tags(cell)):
            kept = only_solution(cell.source) if cell.cell_type == "code" else cell.source
            assert kept and kept not in left


def test_teacher_edition_shows_notes_and_solutions(tiny_chapter):
    teacher = editions.teacher_edition(tiny_chapter)
    assert "> **For the teacher.** Guests should never read this.\n>\n> - Twice." in sources(teacher)
    solution = next(cell for cell in teacher.cells if "solution" in editions.tags(cell))
    assert solution.source == "gpm = 1000 * streams.gmv.sum() / streams.views.sum()"


def test_book_edition_folds_the_solution_and_shows_the_stub(tiny_chapter):
    book = editions.book_edition(tiny_chapter)
    position = next(i for i, cell in enumerate(book.cells) if "book-solution" in editions.tags(cell))
    assert book.cells[position - 1].source == "```python\ngpm = ...      # replace the dots\n```"
    assert "hide-cell" in editions.tags(book.cells[position]) and "..." not in book.cells[position].source
    assert book.cells[position].metadata["mystnb"]["code_prompt_show"] == "Worked solution to 5.1a"
    assert "remove-input" in editions.tags(book.cells[position + 1])
    assert "Guests should never read this." not in sources(book)
    assert "gpm_all" not in sources(book, "markdown")


def test_a_fold_without_a_name_is_refused(tiny_chapter):
    cell = nbformat.v4.new_code_cell("streams.groupby('host_id').gmv.sum()", metadata={"tags": ["hide-input"]})
    tiny_chapter.cells.append(cell)
    with pytest.raises(ValueError, match="folded without a name"):
        editions.book_edition(tiny_chapter)
    cell.metadata["liveshop"] = {"shows": "sales by host"}
    folded = editions.book_edition(tiny_chapter).cells[-1]
    assert folded.metadata["mystnb"]["code_prompt_show"] == "Show the code: sales by host"


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
    graded = [cell.metadata["nbgrader"] for cell in nb.cells if "nbgrader" in cell.metadata]
    marks = {one["grade_id"]: one for one in graded}
    assert set(marks) == {"answer-5-1a", "check-5-1a"}
    assert marks["answer-5-1a"]["solution"] and not marks["answer-5-1a"]["grade"]
    assert marks["check-5-1a"]["grade"] and marks["check-5-1a"]["points"] >= 1


def test_check_cell_without_a_check_is_named(tiny_chapter):
    tiny_chapter.cells.append(_cell("code", "print('nothing')", "check"))
    with pytest.raises(editions.EditionError, match="does not call check"):
        editions.with_nbgrader(tiny_chapter)


def test_command_line_makes_editions(tiny_chapter, tmp_path, capsys):
    path = tmp_path / "05-tiny.ipynb"
    nbformat.write(tiny_chapter, path)
    for name in ("student", "teacher"):
        assert main([name, str(path), "--out", str(tmp_path / name)]) == 0
        nbformat.validate(nbformat.read(tmp_path / name / path.name, 4))
    assert main(["student", str(tmp_path / "none.ipynb")]) == 1
    assert "There is no notebook" in capsys.readouterr().err
