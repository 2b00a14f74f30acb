"""Numbers in the text: found, held against their expressions, brought up to date."""

import nbformat
import pytest

from common import _cell
from liveshop import editions


def test_right_numbers_are_not_stale(tiny_chapter, tmp_path):
    path = tmp_path / "tiny.ipynb"
    nbformat.write(tiny_chapter, path)
    assert editions.stale_numbers(path) == []


@pytest.mark.parametrize(
    "changes",
    [
        [("20 yuan<!--", "21 yuan<!--"), ("25 %<!--", "26 %<!--"),
         ("**1,000<!--", "**1,001<!--"), ("**−3.0<!--", "**3.0<!--")],
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
    assert len(complaints) == len(changes)
    assert all("5.1" in complaint and "gives" in complaint for complaint in complaints)
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
        ("gains 31 %", "31%", "31 %"),
        ("from ¥1,234", "1,234", "1,234"), ("costs ¥1,234", "¥1,234", "¥1,234"),
        ("between 3–15", "15", "15"), ("3 – 15", "15", "15"), ("falls by −4.5", "-4.5", "−4.5"),
        ("changes it by −0.02", "0.07", "−0.02"), ("(−3", "3", "3"),
        ("[−1 %", "2%", "−1 %"), ("12 345", "12,345", "12 345"),
        ("host H07", "H07", "H07"), ("in 5.1", "5.1", "5.1"), ("a factor of 1.60", "1.60", "1.60"),
        ("+3 %", "+3%", "+3 %"), ("loses 4 points", "4", "4"), ("earns 1,234 yuan more", "1,234", "1,234"),
    ],
)
def test_shown_number_is_found_in_front_of_its_comment(text, value, shown):
    nb = nbformat.v4.new_notebook(cells=[_cell("text", f"{text}<!-- = x:.1f -->")])
    (number,) = editions.prose_numbers(nb, {("x", ".1f"): value})
    assert number.shown == shown


def test_run_names_the_cell_that_failed(tmp_path):
    nb = nbformat.v4.new_notebook(cells=[_cell("code", "1"), _cell("code", "# second\n1 / 0")])
    words = r"Cell 2 ended in ZeroDivisionError: division by zero\. It begins: '# second'"
    with pytest.raises(editions.EditionError, match=words):
        editions.run(nb, tmp_path)
