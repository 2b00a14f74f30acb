"""The book's page "My playbook" without the book: the document that it gives out is that of `document`."""

import io
import json
import re
from pathlib import Path

import openpyxl
import pytest

import paper
from example.page import chromium, violations
from liveshop import playbook
from liveshop.playbook.as_markdown import read
from liveshop.playbook.deck import USES, by_use
from liveshop.playbook.whole import ALSO, DECIDED, MISSING, PRIVATE
from paper import emptyish
from written_decisions import DECISIONS

docx = pytest.importorskip("docx")

COURSE = playbook.cards()
ORDER = [one["id"] for group in by_use(COURSE).values() for one in group]
NASTY = '=cmd|\' /C calc\'!A0 <b>"林" & 😀\uffff ]]>\nsecond line, owner: Lin, date: 3 June'
LONG = "很长😀" * 30_000


@pytest.fixture(scope="module")
def browser():
    with chromium() as running:
        yield running


def filled():
    """Every card of the course as a browser keeps it, and one that the course no longer has."""
    kept = {}
    for one in COURSE:
        columns = [str(name).replace("_", " ").capitalize() for name in (one.get("table") or {}).get("columns", [])]
        fields = {field["name"]: f"{NASTY}; {place}" for place, field in enumerate(one["fields"])}
        kept[one["id"]] = {"title": one["title"], "fields": fields | {"gone": "kept"}, "ticks": [
            one["checklist"][0]["what"], "Gone line"], "notes": "-5", "table": {
            "columns": columns, "rows": [["1,234.50", *[NASTY] * (len(columns) - 1)]] if columns else []}}
    kept["9.99"] = {"title": "Dropped", "fields": {"a": "b"}}
    return kept


def opened(browser, address, kept, **settings):
    page = browser.new_page(**settings)
    page.goto(address)
    page.evaluate("cards => window.liveshop.kept.set('cards', cards)", kept)
    page.reload()
    return page


def downloaded(page, action):
    with page.expect_download() as waited:
        page.locator(f"[data-action={action}]").press("Enter")
    return waited.value.suggested_filename, Path(waited.value.path()).read_bytes()


def values(content):
    """The cells of a workbook: {sheet: [[value]]}, without empty rows and cells."""
    book = openpyxl.load_workbook(io.BytesIO(content) if isinstance(content, bytes) else content)
    assert not [cell for sheet in book for row in sheet for cell in row if cell.data_type == "f"]
    return {sheet.title: [kept for row in sheet.iter_rows(values_only=True)
                          if (kept := [value for value in row if value not in (None, "")])] for sheet in book}


def test_the_page_gives_out_what_the_folder_gives(browser, write_my_playbook, tmp_path):
    """Page → Markdown → folder → document: the Markdown line for line, the workbook cell by cell, Word in all words."""
    page = opened(browser, write_my_playbook(tmp_path), filled())
    name, text = downloaded(page, "markdown")
    folder = tmp_path / "my-playbook"
    folder.mkdir()
    (folder / name).write_bytes(text)
    made = {path.suffix: path for path in playbook.document(folder=folder)}
    assert name == "my-playbook.md" and made[".md"].read_bytes() == text
    name, excel = downloaded(page, "excel")
    again = {sheet: [[value for value in row] for row in rows] for sheet, rows in values(made[".xlsx"]).items()}
    assert name == "my-playbook.xlsx" and list(values(excel)) == list(again)
    for sheet, rows in values(excel).items():
        assert rows == again[sheet], sheet
    name, word = downloaded(page, "word")
    words = {part for source in (io.BytesIO(word), str(made[".docx"])) for part in [frozenset(
        cell.text for table in docx.Document(source).tables for row in table.rows for cell in row.cells if cell.text
        and cell.text not in ("☐", "☒", "Checklist", "who · when · number"))]}
    page_words, folder_words = sorted(words, key=len)
    tasks = {item["what"] for one in COURSE for item in one["checklist"]} | {"Gone line"}
    details = {" · ".join(str(item[key]) for key in ("who", "when", "number")) for one in COURSE
               for item in one["checklist"]}
    assert folder_words - tasks - details == page_words - tasks - details and len(page_words) > 30
    page.close()


def test_contents_decisions_and_cards_stand_in_the_order_of_use(browser, write_my_playbook, tmp_path):
    page = opened(browser, write_my_playbook(tmp_path), filled(), viewport={"width": 390, "height": 844})
    heads = page.locator(".ls-my-card h3").all_inner_texts()
    assert [head.split(":")[0] for head in heads] == [f"Card {id}" for id in [*ORDER, "9.99"]]
    assert page.locator(".ls-my-cards nav li a").all_inner_texts() == heads
    also = [one.inner_text().removeprefix(f"{ALSO} ").split(", ") for one in page.locator(".ls-also").all()]
    assert also == [[one["id"] for one in COURSE if use in one.get("also", ())] for use in USES if use != "once"]
    aims = page.locator(".ls-also a").evaluate_all(
        "all => all.map(a => document.querySelector(`${a.hash} h3`).innerText)")
    assert [aim.split(":")[0] for aim in aims] == [f"Card {id}" for ids in also for id in ids]
    targets = page.locator(".ls-my-cards nav li a").evaluate_all(
        "all => all.map(a => document.querySelector(a.hash).id)")
    assert targets == page.locator(".ls-my-card").evaluate_all("all => all.map(one => one.id)")
    assert PRIVATE in page.locator(".ls-my-cards nav").inner_text()
    rows = [row.locator("td").all_inner_texts() for row in page.locator(".ls-my-decisions tbody tr").all()]
    decided = [one["id"] for id in ORDER for one in COURSE if one["id"] == id for field in one["fields"]
               if field["name"] == "decision" or field.get("decides")]
    assert [row[0] for row in rows] == decided and {tuple(row[2:]) for row in rows} == {("Lin", "3 June")}
    assert page.locator(".ls-my-decisions th").all_inner_texts() == list(DECIDED)
    assert page.locator(".ls-my-card b, .ls-my-card img").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 390 and violations(page) == []
    page.close()


def test_owner_and_date_are_found_as_in_python(browser, write_my_playbook, tmp_path):
    page = opened(browser, write_my_playbook(tmp_path), {})
    for text, owner, date in DECISIONS:
        card = {"title": "t", "fields": {"decision": text}}
        page.evaluate("card => window.liveshop.kept.set('cards', {'1.1': card})", card)
        page.reload()
        row = page.locator(".ls-my-decisions tbody td").all_text_contents()
        assert row == ["1.1", f"Decision: {text}", owner or MISSING.format("owner"), date or MISSING.format("date")]
    page.close()


def test_all_cards_empty_to_fill_in_by_hand(browser, write_my_playbook, tmp_path):
    """Also for somebody who has filled in nothing; her own cards are as they were afterwards."""
    page = opened(browser, write_my_playbook(tmp_path), {})
    assert page.locator("[data-action=excel]").is_disabled() and page.locator(".ls-my-card").count() == 0
    page.get_by_label("All cards of the course, empty").press("Space")
    assert page.locator(".ls-my-card").count() == len(COURSE) and violations(page) == []
    name, text = downloaded(page, "markdown")
    made = {path.suffix: path for path in playbook.document(tmp_path / "out", blank=True)}
    assert name == "my-playbook-blank.md" and text == made[".md"].read_bytes()
    name, excel = downloaded(page, "excel")
    assert name == "my-playbook-blank.xlsx" and values(excel) == values(made[".xlsx"])
    name, word = downloaded(page, "word")
    tables = docx.Document(io.BytesIO(word)).tables
    assert name == "my-playbook-blank.docx" and len(tables) >= len(COURSE)
    page.emulate_media(media="print")
    assert not page.locator(".ls-state").is_visible()     # it speaks of her cards, which are not on this paper
    assert not page.locator("#ls-blank").is_visible() and page.locator(".ls-my-card td").first.is_visible()
    page.emulate_media(media="screen")
    page.get_by_label("All cards of the course, empty").press("Space")
    assert page.locator(".ls-my-card").count() == 0
    assert page.evaluate("window.liveshop.kept.shelf('cards')") == {}
    page.close()


@pytest.mark.parametrize("blank", [False, True])
def test_paper_is_not_wasted(browser, write_my_playbook, tmp_path, blank):
    """The page "My playbook" and the page of `document`, filled and empty: no sheet is more than a third empty."""
    kept = filled()
    page = opened(browser, write_my_playbook(tmp_path), kept)
    if blank:
        page.get_by_label("All cards of the course, empty").check()
    name, text = downloaded(page, "markdown")
    (tmp_path / "my-playbook.md").write_bytes(text)
    (made,) = playbook.document(tmp_path / "to-print.html", tmp_path, blank)
    printed = {"of the book": page.pdf(format="A4")}
    page.goto(made.as_uri())
    printed["of the folder"] = page.pdf(prefer_css_page_size=True)
    for whose, pdf in printed.items():
        assert emptyish(paper.opened(pdf)) == {}, whose
        assert len(paper.opened(pdf)) > 10, whose
    page.close()


def test_undoing_an_import_leaves_what_another_tab_wrote_since(browser, write_my_playbook, tmp_path):
    context = browser.new_context()
    address = write_my_playbook(tmp_path)
    page = opened(context, address, {"1.1": {"title": "t", "fields": {"decision": "mine"}}})
    file = {"capstone": {"seed": "1", "plan": []}, "cards": {
        id: {"title": "t", "fields": {"decision": "theirs"}} for id in ("1.1", "1.2")}}
    page.locator("#ls-import").set_input_files({"name": "a.json", "mimeType": "", "buffer": json.dumps(file).encode()})
    page.get_by_role("button", name="Undo the import").wait_for()
    assert page.evaluate("window.liveshop.kept.get('capstone')") == file["capstone"]
    other = context.new_page()
    other.goto(address)
    other.wait_for_function("window.liveshop.kept.shelf('cards')['1.2']")
    other.evaluate("mine => window.liveshop.kept.set('cards', {...window.liveshop.kept.shelf('cards'), ...mine})",
                   {"2.1": {"title": "t", "notes": "new"}})
    # What one tab wrote reaches the next by way of the browser.
    page.wait_for_function("window.liveshop.kept.shelf('cards')['2.1']")
    page.get_by_role("button", name="Undo the import").click()
    cards = page.evaluate("window.liveshop.kept.shelf('cards')")
    assert cards == {"1.1": {"title": "t", "fields": {"decision": "mine"}}, "2.1": {"title": "t", "notes": "new"}}
    assert page.evaluate("window.liveshop.kept.get('capstone')") is None
    context.close()


def test_a_long_text_breaks_no_file_and_loses_no_word(browser, write_my_playbook, tmp_path):
    page = opened(browser, write_my_playbook(tmp_path), {"1.1": {"title": "t", "notes": "a" + LONG, "fields": {
        "decision": "x" * 32_766 + "😀tail\u0000\u001f"}}})
    _, excel = downloaded(page, "excel")
    cells = [str(value) for rows in values(excel).values() for row in rows for value in row]
    assert all(len(cell.encode("utf-16-le")) // 2 <= 32_767 for cell in cells)
    assert "a" + LONG in "".join(cells) and "😀tail" in "".join(cells) and "\ufffd" not in "".join(cells)
    _, word = downloaded(page, "word")
    assert "a" + LONG in docx.Document(io.BytesIO(word)).paragraphs[-1].text
    _, text = downloaded(page, "markdown")
    assert read(text.decode(), COURSE)["1.1"].notes == "a" + LONG
    page.close()


def test_a_file_of_the_page_comes_back_however_much_a_browser_keeps(browser, write_my_playbook, tmp_path):
    notes = "很" * 2_000_000
    page = opened(browser, write_my_playbook(tmp_path), {"1.1": {"title": "t", "notes": notes}})
    name, text = downloaded(page, "markdown")
    page.evaluate("window.liveshop.kept.forget()")
    page.locator("#ls-import").set_input_files({"name": name, "mimeType": "", "buffer": text})
    page.get_by_role("button", name="Undo the import").wait_for()
    assert page.evaluate("window.liveshop.kept.shelf('cards')['1.1'].notes") == notes
    page.close()


def test_sheets_have_names_that_excel_allows(browser, write_my_playbook, tmp_path):
    titles = ["a/b:c*d?e[f]g\\h'", "'" + "x" * 40, "x" * 26 + "'y", "x" * 26 + "😀y", ""]
    kept = {f"9.{90 + place}": {"title": title, "notes": "n"} for place, title in enumerate(titles)}
    page = opened(browser, write_my_playbook(tmp_path), kept)
    book = openpyxl.load_workbook(io.BytesIO(downloaded(page, "excel")[1]))
    for name in book.sheetnames:
        assert 0 < len(name.encode("utf-16-le")) // 2 <= 31 and not re.search(r"[\[\]:*?/\\]|^'|'$", name), name
    links = {cell.hyperlink.location for sheet in book for row in sheet for cell in row if cell.hyperlink}
    assert links == {"'" + name.replace("'", "''") + "'!A1" for name in book.sheetnames}
    assert json.loads(page.evaluate("JSON.stringify(window.liveshop.kept.shelf('cards'))")) == kept
    page.close()
