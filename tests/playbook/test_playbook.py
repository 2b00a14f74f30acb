"""The playbook: cards in three media, saving, printing, the Excel sheet, export."""

import json
import os
import re
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from example import page as example
from liveshop import playbook
from liveshop.playbook import CardError, card, export, html_card, load_cards, markdown, run_of_show, save
from liveshop.playbook.card import rows_of
from liveshop.playbook.form import form

page = example.page         # the fixture: a page with every interactive part, open in a browser
CARDS = example.HERE / "cards.yml"
ROOT = Path(__file__).resolve().parents[2]
NASTY = '<img src=x onerror=alert(1)> "a" | b'


@pytest.fixture
def one():
    return load_cards(CARDS)[0]


# -- the files ----------------------------------------------------------------------------------------


def test_cards_of_the_course_are_well_formed():
    found = playbook.cards()
    assert [one["id"] for one in found] == sorted(one["id"] for one in found)
    assert len({one["id"] for one in found}) == len(found)
    for one in found:
        assert one["checklist"], one["id"]
        for item in one["checklist"]:
            assert item.get("who") and item.get("when") and item.get("number"), (one["id"], item["what"])
        html_card(one), markdown(one)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x: 1", "must be a list of cards"),
        ("- id: 5.1\n  title: a\n  purpose: b", "in quotes"),
        ('- id: "5.1"\n  purpose: b', "has no title"),
        ('- id: "5.1"\n  title: a\n  purpose: b\n- id: "5.1"\n  title: a\n  purpose: b', "there twice"),
        ('- id: "5.1"\n  title: a\n  purpose: b\n  fields: [{name: gross gmv}]', "Python names"),
        ('- id: "5.1"\n  title: a\n  purpose: b\n  fields: [{name: a, unit: per 1,000 views}]', "hold a comma"),
        ('- id: "5.1"\n  title: a\n  purpose: b\n  fields: [{name: table}]', "reserved"),
        ('- id: "5.1"\n  title: a\n  purpose: b\n  checklist: [{who: me}]', "without 'what'"),
        ('- id: "5.1"\n  title: a\n  purpose: b\n  table: {rows: 3}', "table without columns"),
        ('- id: "5.1"\n  title: a\n  purpose: b\n  colour: red', "unknown name 'colour'"),
        ('- title: a\n  purpose: b', "a card has no id"),
        ('- id: "5.1"\n  title: a\n  purpose: b\n  fields: [{name: a}, {name: a}]', "the field 'a' twice"),
        ('- id: "5.1"\n  title: a\n  purpose: b\n  fields: [text]', "which is no list of names"),
        ("- [", "could not be read"),
    ],
)
def test_a_faulty_file_is_told_in_words(text, words, tmp_path):
    path = tmp_path / "cards.yml"
    path.write_text(text)
    with pytest.raises(CardError, match=words) as told:
        load_cards(path)
    assert "cards.yml" in str(told.value) and "\n" not in str(told.value)


def test_unknown_cards_and_fields_are_told_in_words():
    with pytest.raises(CardError, match='ids look like "5.1"'):
        card("five")
    with pytest.raises(CardError, match="no card '5.9'"):
        card("5.9")
    with pytest.raises(CardError, match="has no field 'gmp'; it has gpm, reason"):
        card("0.1", cards=CARDS, gmp=1)
    with pytest.raises(CardError, match="lacks the column by_when"):
        card("0.1", cards=CARDS, table=pd.DataFrame({"action": [1], "who": [2]}))


# -- the page -------------------------------------------------------------------------------------------


def test_text_from_data_is_escaped_in_html_and_markdown(one):
    rows = [[NASTY, "=1+1", ""]]
    shown = html_card(one, {"reason": NASTY}, rows)
    assert "<img" not in shown and shown.count("&lt;img src=x") == 2
    assert ">&lt;img src=x onerror=alert(1)&gt; &quot;a&quot; | b</textarea>" in shown
    text = markdown(one, {"reason": NASTY + "\n# head [x](javascript:1)"}, rows)
    assert "<img" not in text and "\n# head" not in text and "[x](" not in text
    assert [len(re.findall(r"(?<!\\)\|", line)) for line in text.splitlines() if line.startswith("|")] == [4, 4, 4]


def test_values_are_written_short(one):
    frame = pd.DataFrame(
        {"action": ["a", None, "b"], "who": [1234567.0, float("nan"), 3], "by_when": [True, pd.NaT, 0.123456]}
    )
    shown = markdown(one, {"gpm": 812.4567}, rows_of(one, frame))
    assert "**GPM** (yuan per 1,000 views): 812.5" in shown and "**Main reason**: …" in shown
    assert "| a | 1,234,567 | yes |" in shown and "|  |  |  |" in shown and "| b | 3 | 0.1235 |" in shown


def test_ticks_work_and_only_the_card_is_printed(page, tmp_path):
    tick = page.locator(".ls-card input[type=checkbox]").first
    tick.press("Space")
    assert tick.is_checked()
    page.locator(".ls-card textarea").nth(1).fill("fewer paid entries")
    assert page.locator(".ls-card textarea").first.input_value() == "812.4"
    sheets = "document.querySelector('#ls-sheet').children.length"
    page.evaluate(f"() => {{ window.print = () => {{ window.printed = {sheets} }} }}")
    page.get_by_role("button", name="Print this card").press("Enter")
    assert page.evaluate("window.printed") == 1
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.querySelector('main')).display") == "none"
    sheet = page.locator("#ls-sheet")
    assert sheet.locator("input[type=checkbox]").first.is_checked()
    assert sheet.locator("textarea").nth(1).input_value() == "fewer paid entries"
    assert sheet.get_by_text("Broadcast review").is_visible() and not sheet.locator("button").is_visible()
    printed = page.pdf(path=tmp_path / "card.pdf")
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    assert page.locator("main").is_visible() and page.locator("#ls-sheet").count() == 0
    page.reload()
    assert not page.locator(".ls-card input[type=checkbox]").first.is_checked()


SCRIPT = """
from IPython.core.interactiveshell import InteractiveShell
InteractiveShell.instance()
from IPython.utils.capture import capture_output
from liveshop import card
with capture_output() as got:
    card("0.1", cards={cards!r}, gpm=12.3)
data = got.outputs[0].data
page = data.get("text/html", "")
print(sorted(data), data["text/plain"][:27].splitlines()[0], page.count("<textarea") + page.count("<input"))
"""


@pytest.mark.parametrize(
    ("medium", "expected"),
    [
        ("opening", "['text/html', 'text/plain'] Card 0.1: Broadcast review 4"),
        ("frames", "['text/html', 'text/plain'] Card 0.1: Broadcast review 4"),
        ("live", "['application/vnd.jupyter.widget-view+json', 'text/plain'] VBox("),
    ],
)
def test_each_medium_shows_its_form(medium, expected):
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(cards=str(CARDS))],
        capture_output=True, text=True, env={**os.environ, "LIVESHOP_MEDIUM": medium},
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(expected)


# -- saving -----------------------------------------------------------------------------------------------


def test_saving_keeps_every_earlier_version(one, tmp_path):
    for n in range(4):
        path = save(one, {"gpm": n}, None, [0] if n else [], f"note {n}", tmp_path)
    assert path == tmp_path / "card-0.1.md" and "- [x] Compare" in path.read_text() and ": 3\n" in path.read_text()
    kept = sorted((tmp_path / "earlier").glob("*.json"))
    assert sorted(json.loads(file.read_text())["fields"]["gpm"] for file in kept) == ["0", "1", "2"]
    assert len(list((tmp_path / "earlier").glob("*.md"))) == 3
    assert sorted(file.name for file in tmp_path.iterdir()) == ["card-0.1.json", "card-0.1.md", "earlier"]


def test_nothing_is_half_written(one, tmp_path, monkeypatch):
    save(one, {"gpm": 1}, folder=tmp_path)
    before = {file.name: file.read_text() for file in tmp_path.glob("card*")}
    monkeypatch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(CardError, match="could not be saved in .*: No space left on device"):
        save(one, {"gpm": 2}, folder=tmp_path)
    assert {file.name: file.read_text() for file in tmp_path.iterdir() if file.is_file()} == before


def test_form_saves_and_comes_back(one, tmp_path):
    folder = tmp_path / "my-playbook"
    box = form(one, {"gpm": 812.4}, None, folder)
    head, gpm, reason, first, second, notes, button, said = box.children
    assert gpm.value == "812.4"
    reason.value, second.value, notes.value = NASTY, True, "ask Lin"
    button.click()
    assert "Saved to" in said.value and (folder / "card-0.1.md").exists()
    again = form(one, {"gpm": 900}, None, folder).children
    assert again[1].value == "900" and again[2].value == NASTY and again[5].value == "ask Lin"
    assert again[4].value and not again[3].value
    (folder / "card-0.1.json").write_text("broken")
    assert form(one, {}, None, folder).children[1].value == ""


def test_export_is_one_document(one, tmp_path, monkeypatch):
    with pytest.raises(CardError, match="no saved card"):
        export(tmp_path)
    save(one, {"gpm": 5}, folder=tmp_path)
    save({**one, "id": "0.10", "title": "Dropped since"}, {"gpm": 6}, folder=tmp_path)  # not in the course any more
    save({**one, "id": "0.2"}, {"gpm": 7}, None, [1], "ask Lin", tmp_path)
    course = {"0.1": {**one, "title": "Broadcast review, new title"}, "0.2": {**one, "id": "0.2"}}

    def find(id):
        if id not in course:
            raise CardError("gone")
        return course[id]

    monkeypatch.setattr("liveshop.playbook.store.find", find)
    path = export(tmp_path)
    text = path.read_text()
    assert path == tmp_path / "playbook.md" and text.startswith("# My playbook\n")
    heads = [line for line in text.splitlines() if line.startswith("## ")]
    titles = ["0.1: Broadcast review, new title", "0.2: Broadcast review", "0.10: Dropped since"]
    assert heads == [f"## Card {title} (复盘卡)" for title in titles]
    assert "Notes: ask Lin" in text and "- [x] Choose" in text
    (tmp_path / "card-0.1.json").write_text("{")
    with pytest.raises(CardError, match="card-0.1.json is not a saved card"):
        export(tmp_path)


# -- the sheet --------------------------------------------------------------------------------------------


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


def test_run_of_show_takes_the_course_rundown(tmp_path):
    if not (ROOT / "data" / "rundown.parquet").exists():
        pytest.skip("the course data are not there; run make data")
    frame = pd.read_parquet(ROOT / "data" / "rundown.parquet")
    night = frame[frame.stream_id == frame.stream_id.iloc[0]]
    sheet = openpyxl.load_workbook(run_of_show(night, tmp_path / "show.xlsx")).active
    assert sheet.max_row == len(night) + 2


def test_the_engine_reads_whatever_chapters_there_are(tmp_path, monkeypatch):
    """A chapter's cards are found by their place alone: a file in the folder of a chapter that is new."""
    folder = tmp_path / "a_course" / "chapter_12"
    folder.mkdir(parents=True)
    (tmp_path / "a_course" / "__init__.py").touch()
    (folder / "cards.yml").write_text('- {id: "12.1", title: New, purpose: To be found.}', encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr("liveshop.playbook.deck.COURSE", "a_course")
    assert [one["id"] for one in playbook.cards()] == [one["id"] for one in playbook.cards(12)] == ["12.1"]
    assert playbook.cards("1") == []
