"""What a reader types stays on her device: cards, answers, and the page "My playbook"."""
from __future__ import annotations

import json
import re
import zipfile
from io import BytesIO
from xml.etree import ElementTree

import pytest
from playwright.sync_api import expect  # waits a little: what one page wrote reaches the next by way of the browser

from example.page import violations
from liveshop import playbook
from reader import CHAPTERS, SECTIONS, Keeping, Reader

KEY = "liveshop"
NASTY = '<img src=x onerror=alert(1)> & ]]> "a" | b\nline 2 \u0007'
FORMULA = '=HYPERLINK("http://x","y")'
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SECTION = SECTIONS[0]
DECK = playbook.cards()
ONE = next(one for one in DECK if one["id"] == SECTION.id)
FIELD = ONE["fields"][0]["name"]


@pytest.fixture
def reader(browser):
    opened = Keeping(browser)
    yield opened
    opened.close()


@pytest.fixture
def phone(browser):
    opened = Keeping(browser, "phone")
    yield opened
    opened.close()


def mine(reader, book, cards: int | None = None):
    """The page "My playbook", once it lists so many cards."""
    page = reader.open(book / "book" / "playbook" / "my-playbook.html")
    if cards is not None:
        expect(page.locator(".ls-my-card")).to_have_count(cards)
    return page


def card_of(page, id=ONE["id"]):
    return page.locator(f'section.ls-card[data-card="{id}"]')


def kept(page) -> dict:
    return json.loads(page.evaluate(f"localStorage.getItem('{KEY}')") or "{}")


def fill(card) -> None:
    """Types, ticks, adds a row and writes a note."""
    card.locator(f"textarea[data-name={FIELD}]").fill(NASTY)
    card.locator("input[type=checkbox]").nth(1).check()
    rows = card.locator("tbody tr").count()
    card.get_by_role("button", name="Add a row").press("Enter")
    assert card.locator("tbody tr").count() == rows + 1
    card.page.keyboard.type(FORMULA)                 # the new row has the focus
    card.locator(".ls-notes textarea").fill("ask Lin")


def bring(page, name: str, content: str | bytes) -> str:
    """Imports a file; what the page says of it."""
    data = content if isinstance(content, bytes) else content.encode()
    page.evaluate("document.querySelector('.ls-said').textContent = ''")
    page.set_input_files("#ls-import", {"name": name, "mimeType": "text/plain", "buffer": data})
    page.wait_for_function("document.querySelector('.ls-said').textContent !== ''")
    return page.locator(".ls-said").inner_text()


def complaints(reader) -> list[str]:
    """What went wrong in the pages; an icon that is not there yet when a page is left is no complaint."""
    return [words for words in reader.complaints if "favicon" not in words]


def downloaded(page, action: str) -> tuple[str, bytes]:
    with page.expect_download() as waited:
        page.locator(f"[data-action={action}]").click()
    with open(waited.value.path(), "rb") as file:
        return waited.value.suggested_filename, file.read()


def test_a_card_is_one_card_wherever_it_stands(book, phone):
    """Filled in in the section, it is so after a reload, in the playbook and in "My playbook", and can go again."""
    page = phone.open(SECTION.page(book))
    card = card_of(page)
    assert "stays on this device" in card.locator(".ls-kept").inner_text()
    given = card.locator(f"textarea[data-name={FIELD}]").input_value()
    assert given, "the section fills it in with the figures of Qinghe"
    fill(card)
    rows = card.locator("tbody tr").count()
    for path in (SECTION.page(book), book / "book" / "playbook" / "index.html"):
        card = card_of(phone.open(path))
        expect(card.locator(f"textarea[data-name={FIELD}]")).to_have_value(NASTY)
        expect(card.locator(".ls-notes textarea")).to_have_value("ask Lin")
        assert [box.is_checked() for box in card.locator("input[type=checkbox]").all()[:3]] == [False, True, False]
        assert card.locator("tbody tr").count() == rows
        assert card.locator("tbody tr").last.locator("textarea").first.input_value() == FORMULA
    card.get_by_role("button", name=f"Remove row {rows}").click()
    assert card.locator("tbody tr").count() == rows - 1
    card.get_by_role("button", name="Put it back").click()
    assert card.locator("tbody tr").last.locator("textarea").first.input_value() == FORMULA
    page = mine(phone, book)
    shown = page.locator(".ls-my-card")
    expect(shown).to_have_count(1)
    assert NASTY.split("\n")[0] in shown.inner_text() and "ask Lin" in shown.inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert violations(page) == []
    shown.get_by_role("button", name=f"Forget card {ONE['id']}").click()
    assert shown.count() == 0
    page.get_by_role("button", name="Bring it back").press("Enter")
    assert shown.count() == 1
    shown.get_by_role("button", name=f"Forget card {ONE['id']}").click()
    expect(card_of(phone.open(SECTION.page(book))).locator(f"textarea[data-name={FIELD}]")).to_have_value(given)
    assert not complaints(phone) and not phone.foreign


def test_another_window_sees_what_was_typed(book, reader):
    first = reader.open(SECTION.page(book))
    second = reader.context.new_page()
    second.goto((book / "book" / "playbook" / "index.html").as_uri())
    reader.see(second)
    card_of(first).locator(f"textarea[data-name={FIELD}]").fill("from the first")
    card_of(second).locator(f"textarea[data-name={FIELD}]").and_(second.locator("textarea")).wait_for()
    second.wait_for_function(f"document.querySelector('textarea[data-name={FIELD}]').value === 'from the first'")
    card_of(second).locator(".ls-notes textarea").fill("from the second")
    first.wait_for_function("document.querySelector('.ls-card .ls-notes textarea').value === 'from the second'")
    assert kept(first)["cards"][ONE["id"]]["fields"] == {FIELD: "from the first"}


def test_what_a_card_no_longer_asks_for_stays(book, reader):
    page = reader.open(book / "book" / "playbook" / "index.html")
    old = {"title": "T", "fields": {"gone": "kept text"}, "ticks": ["Gone line"],
           "table": {"columns": ["Gone column"], "rows": [["kept cell"]]}, "notes": ""}
    page.evaluate("(cards) => localStorage.setItem('liveshop', JSON.stringify({cards}))", {ONE["id"]: old, "9.9": old})
    reader.reload()
    card = card_of(page)
    expect(card).to_contain_text("gone: kept text")
    assert "✓ Gone line" in card.inner_text()
    assert card.locator("thead th:not(.ls-remove)").last.inner_text() == "Gone column"
    assert card.locator("tbody textarea").last.input_value() == "kept cell"
    card.locator(".ls-notes textarea").fill("new")
    assert kept(page)["cards"][ONE["id"]] == {**old, "notes": "new"}
    name, text = downloaded(mine(reader, book, cards=2), "markdown")
    for words in ("- **gone**: kept text", "- [x] Gone line", "Gone column |", "kept cell |", "## Card 9.9: T"):
        assert words in text.decode(), words


def test_answers_and_quizzes_come_back_with_their_verdict(book, reader):
    """Right, wrong and choices, after a reload; "My playbook" counts them."""
    page = reader.open(SECTION.page(book))
    form = page.locator("form.ls-answer:has(input[type=text])").first
    data = json.loads(form.locator("xpath=..").locator("script[type='application/json']").first.text_content())
    for field, part in zip(data["fields"], form.locator("[data-field]").all(), strict=True):
        if part.locator("input[type=text]").count():
            part.locator("input").fill(str(field["right"]))
        else:
            part.locator(f"input[value={json.dumps(str(field['right']))}]").check()
    form.get_by_role("button", name="Check").click()
    said = form.locator(".ls-verdict").inner_text()
    assert said.startswith("Right")
    reader.reload()
    expect(form.locator(".ls-verdict")).to_have_text(said)
    form.locator("input[type=text]").first.fill("-987654")       # typed, and not checked
    reader.reload()
    expect(form.locator("input[type=text]").first).to_have_value("-987654")
    assert form.locator(".ls-verdict").inner_text() == ""
    form.get_by_role("button", name="Check").click()
    assert "Not yet" in form.locator(".ls-verdict").inner_text()

    page, kinds = reader.open(CHAPTERS[0].page(book)), 0
    for kind, value in (("multiple_choice", None), ("many_choice", None), ("numeric", "987654")):
        asked = page.locator(f"form.ls-question[data-type={kind}]")
        if not asked.count():
            continue
        asked, kinds = asked.first, kinds + 1
        asked.locator("input").first.fill(value) if value else asked.locator("input").last.check()
        asked.get_by_role("button", name="Check").click()
        said = asked.locator(".ls-verdict").inner_text()
        reader.reload()
        assert said
        expect(asked.locator(".ls-verdict")).to_have_text(said)
    quiz = kept(page)["quiz"]
    right = sum(one["state"] == "right" for one in quiz.values())
    line = re.compile(rf"0 of \d+ exercises right and 1 not yet; {right} of \d+ quiz questions right")
    expect(mine(reader, book).locator(".ls-progress li").first).to_have_text(line)
    assert len(quiz) == kinds > 1 and not complaints(reader)


def test_the_playbook_is_taken_along_and_brought_back(book, reader):
    """Markdown that Python reads, a Word document that is whole, a copy; import of both files gives the same again."""
    fill(card_of(reader.open(SECTION.page(book))))
    page = mine(reader, book, cards=1)
    before = kept(page)["cards"]
    name, text = downloaded(page, "markdown")
    assert name == "my-playbook.md"
    found = playbook.read(text.decode(), DECK)[ONE["id"]]
    assert found.fields[FIELD] == '<img src=x onerror=alert(1)> & ]]> "a" | b\nline 2' and found.notes == "ask Lin"
    assert found.ticks == before[ONE["id"]]["ticks"] == [ONE["checklist"][1]["what"]]
    assert found.rows[-1][0] == FORMULA and "<img" not in text.decode()
    again = playbook.markdown(ONE, found.fields, found.rows, found.ticks, found.notes, found.columns)
    assert text.decode().endswith("\n" + again), "the notebook writes the same, line for line"

    name, everything = downloaded(page, "json")
    assert name == "my-playbook.json"
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.locator("[data-action=forget]").click()
    assert kept(page)["cards"] == before
    page.once("dialog", lambda dialog: dialog.accept())
    page.locator("[data-action=forget]").press("Enter")
    assert page.evaluate(f"localStorage.getItem('{KEY}')") is None and page.locator(".ls-my-card").count() == 0
    assert page.locator("[data-action=word]").is_disabled()
    assert "Imported from a.md: 1 card." in bring(page, "a.md", text)
    page.get_by_role("button", name="Undo the import").click()
    assert page.locator(".ls-my-card").count() == 0
    assert "1 card." in bring(page, "a.json", everything) and kept(page)["cards"] == before
    assert downloaded(page, "markdown")[1] == text

    changed = re.sub(r"(?m)^Notes: .*", "Notes: ask Wu", text.decode())
    assert "1 entry of yours was replaced" in bring(page, "b.md", changed)
    assert kept(page)["cards"][ONE["id"]]["notes"] == "ask Wu"
    page.get_by_role("button", name="Undo the import").click()
    assert kept(page)["cards"] == before and not reader.foreign


def test_the_word_document_is_whole(book, reader):
    fill(card_of(reader.open(SECTION.page(book))))
    name, content = downloaded(mine(reader, book, cards=1), "word")
    assert name == "my-playbook.docx"
    with zipfile.ZipFile(BytesIO(content)) as packed:
        assert packed.testzip() is None
        parts = {part: ElementTree.fromstring(packed.read(part)) for part in packed.namelist()}
    assert {"[Content_Types].xml", "_rels/.rels", "word/document.xml", "word/styles.xml"} <= parts.keys()
    texts = [part.text or "" for part in parts["word/document.xml"].iter(f"{WORD}t")]
    assert '<img src=x onerror=alert(1)> & ]]> "a" | b' in texts and "line 2 " in texts and "ask Lin" in texts
    assert f"'{FORMULA}" in texts and FORMULA not in texts, "pasted into a spreadsheet it must stay a text"
    assert any(text.startswith("☒ " + ONE["checklist"][1]["what"]) for text in texts)
    assert f"Card {ONE['id']}: {ONE['title']} ({ONE['title_zh']})" in texts


def test_a_broken_file_gets_one_sentence_and_loses_nothing(book, reader):
    fill(card_of(reader.open(SECTION.page(book))))
    page = mine(reader, book, cards=1)
    before = kept(page)
    card = {"fields": {"a": "b"}}
    for name, content, words in [
        ("a.md", "# Shopping\n", "there is no card in it"),
        ("a.md", "", "there is no card in it"),
        ("a.md", "## Card 5.1: A\n## Card 5.1: B\n", "card 5.1 stands in it twice"),
        ("a.docx", b"PK\x03\x04\xff\xfe", "it is not a text in UTF-8"),
        ("a.json", '{"cards": {', "it is no complete JSON"),
        ("a.json", "[]", "there is no card and no answer in it"),
        ("a.json", '{"cards": []}', "not written as this page writes them"),
        ("a.json", json.dumps({"cards": {"<b>": card}}), "card <b> in it is not written as this page writes it"),
        ("a.json", json.dumps({"cards": {"5.1": {"fields": {"a": 1}}}}), "card 5.1 in it is not written"),
        ("a.json", json.dumps({"cards": {"5.1": {"ticks": "all"}}}), "card 5.1 in it is not written"),
        ("a.json", json.dumps({"cards": {"5.1": {"table": {"rows": [[1]]}}}}), "card 5.1 in it is not written"),
        ("a.json", json.dumps({"answers": {"5.1a": "right"}}), "an answer in it is not written"),
        ("a.md", "x" * 20_000_001, "it is larger than 20 MB"),
    ]:
        said = bring(page, name, content)
        assert words in said and said.startswith(f"{name} could not be read: ")
        assert said.endswith("Nothing was changed.")
        assert "\n" not in said and kept(page) == before
    assert not complaints(reader)


def test_blocked_storage_is_said_and_breaks_nothing(book, browser):
    """Where the browser forbids storage the cards still work and print, and each says that nothing is kept."""
    blocked = Reader(browser)
    blocked.context.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError'); }});")
    card = card_of(blocked.open(book / "book" / "playbook" / "index.html"))
    assert "keeps nothing here" in card.locator(".ls-kept").inner_text()
    fill(card)
    assert card.locator(f"textarea[data-name={FIELD}]").input_value() == NASTY
    page = mine(blocked, book)
    assert "keeps nothing for the course" in page.locator(".ls-state.ls-warning").inner_text()
    assert "1 card" in bring(page, "a.md", playbook.markdown(ONE, {FIELD: "x"}))
    assert page.locator(".ls-my-card").count() == 1
    assert "could not keep it" in page.locator(".ls-said").inner_text()
    blocked.close()


def test_a_page_with_an_empty_storage_in_place_of_the_others_opens_itself_again(book, reader):
    """The fault of Chromium with pages that are files, made on purpose: nothing is found until it is reopened."""
    page = reader.open(book / "book" / "playbook" / "index.html")
    card_of(page).locator(".ls-notes textarea").fill("kept")
    reader.context.add_init_script("""if (sessionStorage.getItem("fault")) {
      sessionStorage.removeItem("fault");
      const found = Storage.prototype.getItem;
      Storage.prototype.getItem = function (key) { return this === localStorage ? null : found.call(this, key); };
    }""")
    page.evaluate("sessionStorage.setItem('fault', 'once')")
    page.goto(SECTION.page(book).as_uri())
    expect(card_of(page).locator(".ls-notes textarea")).to_have_value("kept")
    page.evaluate("localStorage.removeItem('liveshop')")                  # as a browser clears it: it opens three times
    page.reload()
    page.wait_for_function("sessionStorage.getItem('liveshop') === null")
    expect(card_of(page).locator(".ls-notes textarea")).to_have_value("")


def test_a_full_or_spoilt_storage_breaks_nothing(book, reader):
    page = reader.open(book / "book" / "playbook" / "index.html")
    for spoilt in ("{", "[]", "null", '"text"', '{"cards": 3, "answers": "x", "quiz": []}',
                   '{"cards": {"5.1": 7, "x": {"fields": 1}, "6.1": {"ticks": "t", "table": {"rows": [[1]]}}}}'):
        page.evaluate("(text) => localStorage.setItem('liveshop', text)", spoilt)
        reader.reload()
        card_of(page).locator(".ls-notes textarea").fill("new")
        assert kept(page)["cards"][ONE["id"]]["notes"] == "new"
        reader.reload()
        expect(card_of(page).locator(".ls-notes textarea")).to_have_value("new")
        mine(reader, book)
        page = reader.open(book / "book" / "playbook" / "index.html")
    full = "throw new DOMException('full', 'QuotaExceededError')"
    page.evaluate(f"() => {{ Storage.prototype.setItem = () => {{ {full}; }}; }}")
    card_of(page).locator(".ls-notes textarea").fill("too much")
    assert "keeps nothing here" in card_of(page).locator(".ls-kept").inner_text()
    assert not complaints(reader)


def test_the_key_is_documented(book, reader):
    """The page names every part that the scripts put under the key, and says that nothing is sent."""
    page = mine(reader, book)
    named = set(page.locator("section#what-is-kept-and-where tbody tr > :first-child code").all_inner_texts())
    scripts = "".join(path.read_text(encoding="utf-8") for path in (book / "_static").glob("*.js"))
    assert named == {"cards", "answers", "quiz", "code", "mode", "slash", "capstone"}
    assert set(re.findall(r'kept\.(?:get|set|shelf)\("(\w+)"', scripts)) <= named
    assert "Nothing is sent anywhere" in page.locator("section#what-is-kept-and-where").inner_text()
