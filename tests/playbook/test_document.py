"""All cards in one document: Word, Excel, Markdown, a page to print; filled and empty; whatever was typed."""

import os
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pytest

from liveshop import playbook
from liveshop.editions.__main__ import main
from liveshop.playbook import CardError, document, markdown, save
from liveshop.playbook.content import tidy
from liveshop.playbook.deck import USES, by_use, called
from liveshop.playbook.store import saved
from liveshop.playbook.whole import ALSO, DECIDED, MISSING, PRIVATE
from written_decisions import DECISIONS

docx = pytest.importorskip("docx")

COURSE = playbook.cards()
NASTY = '=cmd|\' /C calc\'!A0 <b>"林" & 😀 \u0007\uffff ]]> {{7*7}}'
SHOWN = tidy(NASTY).replace("\uffff", "")
LONG = "很长的话" * 17_000 + "end"
ORDER = [one["id"] for group in by_use(COURSE).values() for one in group]
#: A word of each use that the checklist of its cards has to hold.
WHEN = {"once": "before", "before going live": "before", "on air": "on air", "next morning": "morning",
        "Monday": r"monday|week|friday|fortnight|day \d+", "month": "month|four weeks", "quarter": "quarter|half-year"}

#: The same for the other times at which lines of it fall due.
ALSO_WHEN = WHEN | {"on air": "on air|during", "next morning": "morning|daily",
                    "before going live": "day before|min before|before going live|before each broadcast"}
#: Its table holds the plans themselves, which start when something breaks on air.
BY_ITS_TABLE = ("8.2", "on air")

#: Its rules are kept before every decision, and the card itself is looked at again each quarter.
BY_ITS_REVIEW = "9.1"


class Text(HTMLParser):
    """The text of a page by element, and the elements that run or load something."""

    def __init__(self, page):
        super().__init__()
        self.cells, self.tags, self.kind = [], set(), None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.kind = tag
        if tag in ("td", "th", "h1", "h2", "h3", "li", "p"):
            self.cells.append("")

    def handle_data(self, data):
        if self.cells and self.kind != "style":
            self.cells[-1] += data


def texts_of(path):
    """All texts of a document, whatever kind it is."""
    if path.suffix == ".docx":
        found = docx.Document(str(path))
        links = [link.text for link in found.element.body.iter() if link.tag.endswith("}t")]
        return [*(one.text for one in found.paragraphs), *links,
                *(cell.text for table in found.tables for row in table.rows for cell in row.cells)]
    if path.suffix == ".xlsx":
        return [str(cell.value) for sheet in openpyxl.load_workbook(path) for row in sheet for cell in row
                if cell.value is not None]
    text = path.read_text(encoding="utf-8")
    return Text(text).cells if path.suffix == ".html" else text.splitlines()


def by_suffix(paths):
    return {path.suffix: path for path in paths}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """All cards of the course, filled in everywhere with what could break a file."""
    made = tmp_path_factory.mktemp("cards") / "my-playbook"
    for one in COURSE:
        filled = {field["name"]: f"{NASTY}\n{place}" for place, field in enumerate(one["fields"])}
        columns = (one.get("table") or {}).get("columns", [])
        save(one, filled, [[NASTY] * len(columns)] if columns else None, [0], f"note of {one['id']}", made)
    return made


@pytest.fixture(scope="module")
def made(folder):
    return by_suffix(document(folder=folder))


@pytest.fixture(scope="module")
def blank(tmp_path_factory):
    return by_suffix(document(tmp_path_factory.mktemp("blank"), blank=True))


# --- the order of use ------------------------------------------------------------------------------


def test_every_card_has_its_place_by_the_when_of_its_checklist():
    assert {one["use"] for one in COURSE} == set(USES)
    for one in COURSE:
        whens = " ".join(str(item["when"]) for item in one["checklist"]).lower()
        assert one["id"] == BY_ITS_REVIEW or re.search(WHEN[one["use"]], whens), (one["id"], one["use"], whens)


def test_other_times_are_those_at_which_lines_of_the_card_fall_due():
    named = [(one["id"], use) for one in COURSE for use in one.get("also", ())]
    assert BY_ITS_TABLE in named and {use for _, use in named} == set(USES) - {"once"}
    for one in COURSE:
        also, whens = one.get("also", []), " ".join(str(item["when"]) for item in one["checklist"]).lower()
        assert one["use"] not in also and also == [use for use in USES if use in also], one["id"]
        for use in also:
            assert (one["id"], use) == BY_ITS_TABLE or re.search(ALSO_WHEN[use], whens), (one["id"], use)


@pytest.mark.parametrize("suffix", [".docx", ".xlsx", ".md", ".html"])
def test_the_contents_of_a_use_name_the_cards_that_have_lines_for_it_too(suffix, blank, tmp_path):
    """Also where no card of the use itself is filled in."""
    others = [one["id"] for one in COURSE if "on air" in one.get("also", ())]
    save(next(one for one in COURSE if one["id"] == others[0]), {}, notes="x", folder=tmp_path)
    alone = document(tmp_path / f"a{suffix}", tmp_path)[0]
    for path, ids in ((blank[suffix], others), (alone, others[:1])):
        texts = texts_of(path)
        if suffix == ".xlsx":
            rows = list(openpyxl.load_workbook(path)["Contents"].iter_rows(values_only=True))
            head = next(row for row in rows if "Also" in row)
            assert sorted(row[1] for row in rows if called("on air") in str(row[head.index("Also")])) == sorted(ids)
        else:
            start = next(place for place, text in enumerate(texts) if text.strip("*") == called("on air"))
            line = next(text for text in texts[start:] if ALSO in text)
            assert line.strip("- ") == f"{ALSO} {', '.join(ids)}"


def test_the_order_of_use_begins_with_the_card_that_opens_the_playbook():
    places = [USES.index(one["use"]) for group in by_use(COURSE).values() for one in group]
    assert places == sorted(places) and len(places) == len(COURSE)
    assert ORDER[0] == next(one["id"] for one in COURSE if one.get("first"))
    dropped = {"id": "9.99", "title": "T"}
    assert list(by_use([dropped, *COURSE])) == [*USES, "earlier"]


# --- every kind of file ----------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".docx", ".xlsx", ".md", ".html"])
@pytest.mark.parametrize("kind", ["made", "blank"])
def test_every_card_stands_in_every_file_in_the_order_of_use(suffix, kind, request):
    path = request.getfixturevalue(kind)[suffix]
    heads = [found for text in texts_of(path) if (found := re.match(r"(?:## )?Card (\d+\.\d+[a-z]?): ", text))]
    found = [head[1] for head in heads if suffix != ".md" or head[0].startswith("## ")]
    # In Word the links of the contents and the runs of the headings are listed too.
    assert found[:len(ORDER)] == ORDER and set(found) == set(ORDER)
    assert PRIVATE in texts_of(path)


@pytest.mark.parametrize("suffix", [".docx", ".xlsx", ".html"])
def test_what_was_typed_is_shown_as_it_was_and_runs_nothing(made, suffix):
    texts = texts_of(made[suffix])
    for one in COURSE:
        for place, _ in enumerate(one["fields"]):
            assert any(SHOWN in text and text.endswith(f"\n{place}") for text in texts)
    assert any(f"note of {COURSE[-1]['id']}" in text for text in texts)


def test_the_page_loads_and_runs_nothing(made):
    page = made[".html"].read_text(encoding="utf-8")
    assert not Text(page).tags & {"script", "img", "b", "iframe", "link", "object"}
    assert "default-src 'none'" in page and "49" not in re.findall(r"]]&gt; (\S+)", page)


def test_a_sheet_a_card_with_links_both_ways_and_no_formula(made):
    book = openpyxl.load_workbook(made[".xlsx"])
    assert book.sheetnames[:2] == ["Contents", "Decisions"] and len(book.sheetnames) == len(COURSE) + 2
    assert [name.split()[0] for name in book.sheetnames[2:]] == ORDER
    targets = []
    for sheet in book:
        assert len(sheet.title) <= 31 and not set(sheet.title) & set("[]:*?/\\")
        for row in sheet:
            for cell in row:
                assert cell.data_type != "f", (sheet.title, cell.coordinate)
                if cell.hyperlink:
                    targets.append((cell.hyperlink.location or cell.hyperlink.target).removeprefix("#"))
    assert {target.split("!")[0].strip("'").replace("''", "'") for target in targets} == set(book.sheetnames)


def test_a_table_of_the_word_document_stays_text_when_it_is_pasted_into_a_spreadsheet(made, tmp_path):
    tables = docx.Document(str(made[".docx"])).tables
    cells = [cell.text for table in tables for row in table.rows for cell in row.cells]
    assert any(cell.startswith("'=cmd") for cell in cells) and not any(cell.startswith("=") for cell in cells)
    save(COURSE[0], {"growth": "-5", "counted": "+3 % to +8 %", "floor": "-cmd|x"}, folder=tmp_path)
    texts = texts_of(document(tmp_path / "a.docx", tmp_path)[0])
    assert {"-5", "+3 % to +8 %", "'-cmd|x"} <= set(texts)


def test_the_contents_of_the_word_document_lead_to_the_cards(made):
    body = docx.Document(str(made[".docx"])).element.body
    name = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    links = [one.get(f"{name}anchor") for one in body.iter(f"{name}hyperlink")]
    places = [one.get(f"{name}name") for one in body.iter(f"{name}bookmarkStart")]
    pages = [one.get(f"{name}instr").split()[1] for one in body.iter(f"{name}fldSimple")]
    listed = [[*(one["id"] for one in group), *(one["id"] for one in COURSE if use in one.get("also", ()))]
              for use, group in by_use(COURSE).items()]
    assert places == pages == ["card_" + id.replace(".", "_") for id in ORDER]
    assert links == ["card_" + id.replace(".", "_") for ids in listed for id in ids]
    assert len({one.get(f"{name}id") for one in body.iter(f"{name}bookmarkStart")}) == len(ORDER)


def test_the_markdown_is_read_again_and_becomes_the_same(made, folder, tmp_path):
    """What `document` writes is what the forms and the page read: cards from there give the same document."""
    (tmp_path / "my-playbook.md").write_bytes(made[".md"].read_bytes())
    again = document(tmp_path / "again.md", tmp_path)[0].read_text(encoding="utf-8")
    assert again == made[".md"].read_text(encoding="utf-8")
    found = playbook.read(again, COURSE)
    assert list(found) == ORDER
    for one in COURSE:
        assert markdown(one, found[one["id"]].fields, found[one["id"]].rows, found[one["id"]].ticks,
                        found[one["id"]].notes) == (folder / f"card-{one['id']}.md").read_text(encoding="utf-8")


def test_the_empty_playbook_asks_for_everything_and_holds_nothing(blank):
    for suffix in (".docx", ".xlsx", ".html"):
        texts = "\n".join(texts_of(blank[suffix]))
        for one in COURSE:
            for words in [str(field.get("label")) for field in one["fields"]] + [
                    item["what"] for item in one["checklist"]]:
                assert words in texts, (suffix, one["id"], words)
        assert "☒" not in texts and MISSING.split("{")[0] not in texts
    table = next(one for one in COURSE if one["id"] == "5.1")["table"]["columns"]
    assert "| " + " | ".join(name.capitalize() for name in table) + " |" in blank[".md"].read_text(encoding="utf-8")
    assert not playbook.read(blank[".md"].read_text(encoding="utf-8"), COURSE)["5.1"].fields


# --- values, decisions -----------------------------------------------------------------------------


def test_typed_numbers_stay_numbers_and_other_texts_texts(tmp_path):
    one = next(one for one in COURSE if one["id"] == "2.1")
    cells = ["1,234.50", "007", "-3", "12", "1e5", "12345678901234567", "5 %", "=1+1", "1,23", "2025-06-01"]
    save(one, {}, [[cell, "", ""] for cell in cells], folder=tmp_path)
    sheet = openpyxl.load_workbook(document(tmp_path / "a.xlsx", tmp_path)[0])["2.1 Anatomy of our last broadca"]
    column = [cell for cell in sheet["A"] if cell.value is not None][-len(cells):]
    assert [cell.value for cell in column] == [1234.5, "007", -3, 12, *cells[4:]]
    assert [cell.number_format for cell in column[:4]] == ["#,##0.00", "General", "0", "0"]
    assert [cell.quotePrefix for cell in column if cell.value == "=1+1"] == [True]


def test_a_text_that_is_too_long_for_a_cell_goes_on_below(tmp_path):
    save(COURSE[0], {"decision": LONG + "😀" * 20_000}, notes=LONG, folder=tmp_path)
    made = by_suffix(document(folder=tmp_path))
    for suffix in (".docx", ".html", ".md"):
        assert LONG in "".join(texts_of(made[suffix]))
    parts = [text for text in texts_of(made[".xlsx"]) if set(text) & set("很长的话😀")]
    assert all(len(text.encode("utf-16-le")) // 2 <= 32_767 for text in parts)
    assert "".join(parts).count(LONG) == 3 and "".join(parts).count("😀") == 2 * 20_000    # field, decision; notes


@pytest.mark.parametrize(("text", "owner", "date"), DECISIONS)
def test_owner_and_date_are_those_that_were_written(text, owner, date, tmp_path):
    """And one that is missing is said to be, never made up."""
    one = next(one for one in COURSE if one["id"] == "1.1")
    save(one, {"decision": text}, folder=tmp_path)
    sheet = openpyxl.load_workbook(document(tmp_path / "a.xlsx", tmp_path)[0])["Decisions"]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[1] == DECIDED
    assert rows[2] == ("1.1", f"Decision: {text}", owner or MISSING.format("owner"), date or MISSING.format("date"))


def test_decisions_stand_in_the_order_of_use_and_others_are_no_decisions(tmp_path):
    for id in ("5.4", "2.1", "1.3", "5.1"):
        one = next(one for one in COURSE if one["id"] == id)
        save(one, {field["name"]: f"{field['name']} {id}" for field in one["fields"]}, folder=tmp_path)
    lines = document(tmp_path / "a.md", tmp_path)[0].read_text(encoding="utf-8").splitlines()
    rows = [line for line in lines[:lines.index(next(line for line in lines if line.startswith("## Card")))]
            if line.startswith("| ")]
    assert [row.split(" | ")[0] for row in rows[2:]] == ["| 1.3", "| 5.4", "| 2.1"]
    contents = lines[lines.index("## Contents"):lines.index("## Decisions")]
    assert [line.split(":")[0] for line in contents if line.startswith("- Card")] == [
        "- Card 1.3", "- Card 5.1", "- Card 5.4", "- Card 2.1"]
    assert contents[contents.index(f"**{called('on air')}**") + 2] == f"- {ALSO} 5.1, 5.4"


# --- the folder ------------------------------------------------------------------------------------


def test_cards_of_the_folder_and_of_the_page_come_together(tmp_path):
    """A card with a file of its own is taken from it; one that the course no longer has stands at the end."""
    one, other = COURSE[0], COURSE[1]
    field, second = one["fields"][0]["name"], other["fields"][0]["name"]
    text = "# My playbook\n\n" + markdown(one, {field: "old"}) + markdown(other, {second: "of the page"})
    (tmp_path / "my-playbook.md").write_text(text + markdown({**one, "id": "7.77", "title": "Gone"}, {field: "kept"}),
                                             encoding="utf-8")
    save(one, {field: "new"}, folder=tmp_path)
    text = document(tmp_path / "a.md", tmp_path)[0].read_text(encoding="utf-8")
    assert ": new" in text and ": of the page" in text and ": kept" in text and ": old" not in text
    assert text.index("## Card 7.77: Gone") > max(text.index(f"## Card {card['id']}:") for card in (one, other))
    assert f"**{called('earlier')}**" in text
    assert len(document(folder=tmp_path)) == 4


@pytest.mark.parametrize(("name", "content", "words"), [
    (None, "", "There is no card with an entry in "),
    ("shopping.md", "# Shopping", "There is no card with an entry in "),
    ("card-5.1.md", "{", "card-5.1.md could not be read: there is no card in it"),
    ("card-list of bank cards.md", "# Bank", "bank cards.md could not be read: there is no card in it"),
    ("my-playbook.md", b"PK\x03\x04\xff\xfe", "my-playbook.md could not be read: it is not a text in UTF-8"),
    ("card-5.1 (copy).md", markdown(COURSE[0], {"decision": "x"}), None),
    ("card-5.1.md", f"## Card 1.{'9' * 5000}: x\n- **Decision**: y", "could not be read: there is no card in it"),
    ("my-playbook (1).md", markdown(COURSE[0], {"decision": "x"}), None),
    ("card-1.1.md", markdown(COURSE[0]), "There is no card with an entry in "),
])
def test_what_another_program_put_there_is_told_and_nothing_is_written(tmp_path, name, content, words):
    folder, out = tmp_path / "my-playbook", tmp_path / "out"
    folder.mkdir()
    if name:
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    (folder / ".DS_Store").write_bytes(b"\0")
    (folder / "~$card-5.1.docx").write_bytes(b"\0")
    if words:
        with pytest.raises(CardError, match=re.escape(words)) as told:
            document(out, folder)
        assert "\n" not in str(told.value) and not out.exists()
    else:
        assert len(document(out, folder)) == 4


def test_two_files_of_one_card_a_missing_folder_an_unknown_kind(tmp_path):
    save(COURSE[0], {"decision": "x"}, folder=tmp_path)
    shutil.copy(tmp_path / "card-1.1.md", tmp_path / "card-1.1 of Mia.md")
    with pytest.raises(CardError, match=r"Card 1.1 stands in card-1.1 of Mia.md and in card-1.1.md; leave one"):
        document(folder=tmp_path)
    with pytest.raises(CardError, match="There is no folder .*nowhere: save a card"):
        document(folder=tmp_path / "nowhere")
    with pytest.raises(CardError, match="a.pdf cannot be made: choose a name that ends in .docx, .xlsx"):
        document(tmp_path / "a.pdf", tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["card-1.1 of Mia.md", "card-1.1.md"]


@pytest.mark.parametrize("blank", [False, True])
@pytest.mark.parametrize("name", ["my-playbook.md", "card-1.1.md", "Card-1.1.MD", "my-playbook (2).md"])
def test_a_file_that_holds_cards_is_not_overwritten(tmp_path, name, blank):
    text = "Of mine.\n\n" + markdown(COURSE[0], {"decision": "x"})
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(CardError, match=re.escape(f"{name} holds cards and would be overwritten: choose another")):
        document(tmp_path / name, tmp_path, blank)
    assert (tmp_path / name).read_text(encoding="utf-8") == text and len(list(tmp_path.iterdir())) == 1


def test_two_downloads_of_the_page_are_told_by_document_and_form(tmp_path):
    """The second one has a number, of the browser; which one is meant is not guessed."""
    for name in ("my-playbook.md", "my-playbook (1).md"):
        (tmp_path / name).write_text(markdown(COURSE[0], {"decision": name}), encoding="utf-8")
    words = r"my-playbook \(1\).md and my-playbook.md stand in .*; leave the newest of them."
    for read in (lambda: document(folder=tmp_path), lambda: saved(COURSE[0], tmp_path)):
        with pytest.raises(CardError, match=words):
            read()
    (tmp_path / "my-playbook.md").unlink()
    assert saved(COURSE[0], tmp_path).fields == {"decision": "my-playbook (1).md"}


def test_a_folder_that_may_not_be_read_is_told(tmp_path, monkeypatch):
    listed = os.listdir

    def refuse(path="."):
        if Path(path) == tmp_path:
            raise PermissionError(13, "Permission denied", str(path))
        return listed(path)

    monkeypatch.setattr(os, "listdir", refuse)
    with pytest.raises(CardError, match=f"The folder {tmp_path} could not be read: Permission denied."):
        document(folder=tmp_path)


def test_the_command_makes_the_document_and_tells_faults_in_one_sentence(tmp_path, capsys):
    save(COURSE[0], {"decision": "x"}, folder=tmp_path / "cards")
    assert main(["playbook", "--folder", str(tmp_path / "cards"), "--out", str(tmp_path / "a b.docx")]) == 0
    assert capsys.readouterr().out == f"Made {tmp_path / 'a b.docx'}.\n" and (tmp_path / "a b.docx").exists()
    assert main(["playbook", "--blank", "--out", str(tmp_path / "empty")]) == 0
    assert len(list((tmp_path / "empty").iterdir())) == capsys.readouterr().out.count("Made ") == 4
    assert main(["playbook", "--folder", str(tmp_path / "nowhere")]) == 1
    (tmp_path / "file").write_text("")
    assert main(["playbook", "--blank", "--out", str(tmp_path / "file" / "a.xlsx")]) == 1
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 2 and "There is no folder" in told[0] and "a.xlsx cannot be written" in told[1]
