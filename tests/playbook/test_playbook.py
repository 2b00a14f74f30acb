"""The playbook: cards in three media, the form, saving, printing."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from example import page as example
from liveshop import playbook
from liveshop.playbook import CardError, card, html_card, load_cards, markdown, save
from liveshop.playbook.card import rows_of
from liveshop.playbook.form import form

page = example.page         # the fixture: a page with every interactive part, open in a browser
CARDS = example.HERE / "cards.yml"
ONE = '- id: "5.1"\n  title: a\n  use: month\n  purpose: b'
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
        ("- id: 5.1\n  title: a\n  use: month\n  purpose: b", "in quotes"),
        ('- id: "5.1"\n  use: month\n  purpose: b', "has no title"),
        (ONE + "\n" + ONE, "there twice"),
        (ONE + '\n  fields: [{name: gross gmv}]', "Python names"),
        (ONE + '\n  fields: [{name: a, unit: per 1,000 views}]', "hold a comma"),
        (ONE + '\n  fields: [{name: table}]', "reserved"),
        (ONE + '\n  checklist: [{who: me}]', "without 'what'"),
        (ONE + '\n  table: {rows: 3}', "table without columns"),
        (ONE + '\n  colour: red', "unknown name 'colour'"),
        ('- title: a\n  use: month\n  purpose: b', "a card has no id"),
        (ONE + '\n  fields: [{name: a}, {name: a}]', "the field 'a' twice"),
        (ONE + '\n  fields: [text]', "which is no list of names"),
        ('- id: "5.1"\n  title: a\n  purpose: b', "has no use"),
        ('- id: "5.1"\n  title: a\n  use: weekly\n  purpose: b', "has the use 'weekly'; write once, before"),
        ('- id: "5.1"\n  title: a\n  use: on\n  purpose: b', "has the use True"),
        (ONE + '\n  also: Monday', "has 'Monday' where a list of further uses belongs"),
        (ONE + '\n  also: [weekly]', "has the use 'weekly'; write once, before"),
        (ONE + '\n  fields: [{name: a, decides: 1}]', "of decides"),
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
    assert "**GPM** (yuan per 1,000 views): 812.5" in shown and "- **Main reason**:\n" in shown
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
    assert sheet.get_by_text("Broadcast review").is_visible() and not sheet.locator("button:visible").count()
    printed = page.pdf(path=tmp_path / "card.pdf")
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    assert page.locator("main").is_visible() and page.locator("#ls-sheet").count() == 0
    page.reload()
    assert page.locator(".ls-card input[type=checkbox]").first.is_checked(), "what was ticked is kept"


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
        ("opening", "['text/html', 'text/plain'] Card 0.1: Broadcast review 5"),
        ("frames", "['text/html', 'text/plain'] Card 0.1: Broadcast review 5"),
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
    kept = [file.read_text() for file in (tmp_path / "earlier").iterdir()]
    assert sorted(re.search("yuan.*: (.)", text)[1] for text in kept) == ["0", "1", "2"]
    assert sorted(file.name for file in tmp_path.iterdir()) == ["card-0.1.md", "earlier"]


def test_nothing_is_half_written(one, tmp_path, monkeypatch):
    save(one, {"gpm": 1}, folder=tmp_path)
    before = {file.name: file.read_text() for file in tmp_path.glob("card*")}
    monkeypatch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(CardError, match="could not be saved in .*: No space left on device"):
        save(one, {"gpm": 2}, folder=tmp_path)
    assert {file.name: file.read_text() for file in tmp_path.iterdir() if file.is_file()} == before


def boxes(form):
    """The parts of a form by what they are called; the table's cells as a list."""
    import ipywidgets as widgets

    def all_of(box):
        yield box
        for child in getattr(box, "children", ()):
            yield from all_of(child)

    found = {getattr(box, "description", ""): box for box in all_of(form)}
    found["cells"] = [box for box in all_of(form) if isinstance(box, widgets.Textarea) and not box.description]
    found["text"] = " ".join(box.value for box in all_of(form) if isinstance(box, widgets.HTML))
    return found


def test_form_saves_and_comes_back(one, tmp_path):
    folder = tmp_path / "my-playbook"
    shown = boxes(form(one, {"gpm": 812.4}, [["a", "b", "c"]], folder))
    assert shown["GPM (yuan per 1,000 views)"].value == "812.4" and not folder.exists()
    shown["GPM (yuan per 1,000 views)"].value = "800"
    shown["Main reason"].value, shown["Notes"].value = NASTY + "\nand more", "ask Lin"
    next(box for name, box in shown.items() if name.startswith("Choose")).value = True
    shown["cells"][1].value = "Lin | Wu"
    shown["Add a row"].click()
    shown["Save to my-playbook"].click()
    assert (folder / "card-0.1.md").exists()
    again = boxes(form(one, {"gpm": 900}, [["x", "y", "z"]], folder))
    assert again["GPM (yuan per 1,000 views)"].value == "800", "what was saved goes before what the notebook gives"
    assert again["Main reason"].value == NASTY + "\nand more" and again["Notes"].value == "ask Lin"
    assert [box.value for box in again["cells"]] == ["a", "Lin | Wu", "c"]
    again["Put the notebook's values in again"].click()
    assert again["GPM (yuan per 1,000 views)"].value == "900"


def test_rows_can_be_added_to_the_form(one, tmp_path):
    made = form(one, {}, [["a", "b", "c"]], tmp_path)
    boxes(made)["Add a row"].click()
    cells = boxes(made)["cells"]
    assert [box.value for box in cells] == ["a", "b", "c", "", "", ""] and cells[4].tooltip == "Who, row 2"
    cells[4].value = "=1+1"
    boxes(made)["Save to my-playbook"].click()
    assert "| a | b | c |\n|  | =1+1 |  |\n" in (tmp_path / "card-0.1.md").read_text()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"# My shopping list\n", "there is no card in it"),
        (b"\xff\xfe\x00", "it is not a text in UTF-8"),
        (b"## Card 0.1: A\n\n## Card 0.1: B\n", "card 0.1 stands in it twice"),
        (b"## Card 5.1: A\n", "holds card 5.1 and not card 0.1"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_and_kept(one, content, words, tmp_path):
    path = tmp_path / "my-playbook" / "card-0.1.md"
    path.parent.mkdir()
    path.write_bytes(content)
    shown = boxes(form(one, {"gpm": 5}, None, path.parent))
    assert words in shown["text"] and "my-playbook/card-0.1.md" in shown["text"]
    assert shown["GPM (yuan per 1,000 views)"].value == "5" and path.read_bytes() == content
    shown["Save to my-playbook"].click()
    assert [file.read_bytes() for file in (path.parent / "earlier").iterdir()] == [content]


def test_what_the_card_no_longer_asks_for_stays(one, tmp_path):
    old = {**one, "fields": [*one["fields"], {"name": "mood", "label": "Mood", "unit": "of five"}],
           "checklist": [*one["checklist"], {"what": "Sing"}]}
    save(old, {"mood": "3", "gpm": 1}, None, [len(old["checklist"]) - 1], folder=tmp_path)
    shown = boxes(form(one, {}, None, tmp_path))
    assert "Mood (of five): 3" in shown["text"] and "✓ Sing" in shown["text"]
    shown["Save to my-playbook"].click()
    text = (tmp_path / "card-0.1.md").read_text()
    assert "- **Mood (of five)**: 3" in text and "- [x] Sing" in text


def test_the_form_begins_with_what_was_downloaded_from_the_book(one, tmp_path):
    (tmp_path / "my-playbook.md").write_text("# My playbook\n\n" + markdown(one, {"gpm": "77"}), encoding="utf-8")
    assert boxes(form(one, {}, None, tmp_path))["GPM (yuan per 1,000 views)"].value == "77"
    assert boxes(form({**one, "id": "0.2"}, {"gpm": 1}, None, tmp_path))["GPM (yuan per 1,000 views)"].value == "1"


def test_the_engine_reads_whatever_chapters_there_are(tmp_path, monkeypatch):
    """A chapter's cards are found by their place alone: a file in the folder of a chapter that is new."""
    folder = tmp_path / "a_course" / "chapter_12"
    folder.mkdir(parents=True)
    (tmp_path / "a_course" / "__init__.py").touch()
    (folder / "cards.yml").write_text('- {id: "12.1", title: New, use: month, purpose: To be found.}', encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr("liveshop.playbook.deck.COURSE", "a_course")
    assert [one["id"] for one in playbook.cards()] == [one["id"] for one in playbook.cards(12)] == ["12.1"]
    assert playbook.cards("1") == []
