"""The run of show for Excel: its sheet, the button that writes it, and that nothing else is written unasked."""

import ast
import json
from datetime import datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from liveshop import playbook
from liveshop.playbook import CardError, run_of_show

ROOT = Path(__file__).resolve().parents[2]


def rundown():
    return pd.DataFrame(
        {
            "start_minute": [25.0, 0, 7.5],
            "product_id": ["P3", "P1", '=HYPERLINK("http://x","y")'],
            "role": ["hero", "traffic", "profit"],
            "offer": [None, "+2 for 1", "@sum"],
            "line": ["a\x07b", "-", "Look at the seam"],
            "activity": ["quiz", "lottery", None],
        }
    )


def test_run_of_show_is_a_sheet_for_the_studio(tmp_path):
    path = run_of_show(rundown(), tmp_path / "new" / "show.xlsx", started=datetime(2025, 6, 1, 19, 45), title="=1+1")
    sheet = openpyxl.load_workbook(path).active
    assert [cell.value for cell in sheet[2]] == [
        "Minute", "Clock", "Product", "Role", "Offer", "Line to say", "Interaction", "Who", "Door that leads",
        "Departed from it, why",
    ]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
    assert [row[0] for row in rows] == [0, 7.5, 25] and [row[1] for row in rows] == ["19:45", "19:52", "20:10"]
    assert rows[1][2] == '=HYPERLINK("http://x","y")' and rows[2][5] == "a\ufffdb" and rows[2][4] is None
    assert not [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert sheet.freeze_panes == "A3" and sheet.page_setup.orientation == "landscape"
    assert sheet.print_title_rows == "$1:$2"
    filled = [sheet.cell(row, 4).fill.fgColor.rgb[2:] for row in (3, 4, 5)]
    assert filled == ["F6E7C3", "CFDFF0", "F6CDBB"], "traffic, profit and hero have their colours"
    assert sheet.column_dimensions["F"].width > sheet.column_dimensions["A"].width
    assert [file.name for file in path.parent.iterdir()] == ["show.xlsx"]


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (rundown().drop(columns="start_minute"), "needs the column minute or start_minute; the table has product_id"),
        (rundown().drop(columns="product_id"), "needs the column product or name or product_id"),
        (rundown().iloc[:0], "has no row"),
        (rundown().assign(start_minute=["a", "b", "c"]), "must hold numbers"),
        (rundown().assign(start_minute=[1.0, None, 2.0]), "must hold numbers"),
    ],
)
def test_a_rundown_that_does_not_do_is_told_in_words(frame, words, tmp_path):
    with pytest.raises(CardError, match=words):
        run_of_show(frame, tmp_path / "show.xlsx")
    assert not list(tmp_path.iterdir())


def test_run_of_show_brings_the_checklist_on_a_second_sheet(tmp_path):
    book = openpyxl.load_workbook(run_of_show(rundown(), tmp_path / "show.xlsx", checklist="5.1"))
    assert book.sheetnames == ["Run of show", "Before going live"]
    rows = list(book["Before going live"].iter_rows(min_row=3, values_only=True))
    assert len(rows) >= 8 and all(row[0] == "☐" and all(row[1:]) for row in rows)
    with pytest.raises(CardError):
        run_of_show(rundown(), tmp_path / "other.xlsx", checklist="99.9")


def test_the_sheet_is_written_when_it_is_asked_for(tmp_path, monkeypatch):
    """A button in JupyterLab; nothing where nobody can press it; at once in a run on own data."""
    path = tmp_path / "show.xlsx"
    playbook.offer_run_of_show(rundown(), path)
    assert not path.exists()
    shown = []
    monkeypatch.setattr("IPython.display.display", shown.append)
    monkeypatch.setenv("LIVESHOP_MEDIUM", "live")
    playbook.offer_run_of_show(rundown(), path, title="Tonight")
    button, said = shown[0].children
    assert not path.exists()
    button.click()
    assert openpyxl.load_workbook(path).active["A1"].value == "Tonight" and "Written to" in said.value
    playbook.offer_run_of_show(rundown().iloc[:0], path)
    button, said = shown[1].children
    button.click()
    assert "has no row" in said.value
    monkeypatch.setenv("LIVESHOP_SHEETS", "1")
    path.unlink()
    playbook.offer_run_of_show(rundown(), path)
    assert path.exists() and len(shown) == 2


WRITERS = {"run_of_show", "export", "save", "write_csv", "write_excel", "write_text", "to_csv", "to_excel",
           "to_parquet", "savefig", "open", "mkdir"}


@pytest.mark.parametrize("notebook", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem)
def test_run_all_writes_no_file_unasked(notebook):
    """No cell calls what writes, but under a condition: the call list of a run on an own export."""
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] != "code":
            continue
        tree = ast.parse("".join(cell["source"]))
        guarded = {call for branch in ast.walk(tree) if isinstance(branch, ast.If) for call in ast.walk(branch)}
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and call not in guarded:
                name = getattr(call.func, "attr", getattr(call.func, "id", ""))
                assert name not in WRITERS, f"{cell['id']} calls {name}"


def test_run_of_show_takes_the_course_rundown(tmp_path):
    if not (ROOT / "data" / "rundown.parquet").exists():
        pytest.skip("the course data are not there; run make data")
    frame = pd.read_parquet(ROOT / "data" / "rundown.parquet")
    night = frame[frame.stream_id == frame.stream_id.iloc[0]]
    sheet = openpyxl.load_workbook(run_of_show(night, tmp_path / "show.xlsx")).active
    assert sheet.max_row == len(night) + 2
