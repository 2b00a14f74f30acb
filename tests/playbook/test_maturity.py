"""The self-assessment: what the page says is what `assess` says, and the page keeps the answers as a card."""

import random
from pathlib import Path

import pytest
from markupsafe import Markup

from common import ROOT
from example.page import chromium, violations, write_page
from liveshop import medium, playbook
from liveshop.course.chapter_1.samples.route import QINGHE, SHOPS, STATEMENTS, spread_over
from liveshop.playbook.sheet import ASKED

AREAS = ["people", "content", "data", "risk"]


@pytest.fixture
def shown(in_medium):
    """Function: what the tool shows in a medium, as (plain, rich)."""
    return lambda kind: in_medium(kind, lambda: playbook.maturity_tool("1.3", STATEMENTS))


# --- the rules -------------------------------------------------------------------------------------

def test_points_are_sums_and_the_weakest_has_fewest():
    found = playbook.assess([4, 4, 4, 0, 1, 2, 3, 3, 3, 2, 2, 2], STATEMENTS)
    assert found.points.to_dict() == {"people": 12, "content": 3, "data": 9, "risk": 6} and found.total == 30
    assert found.weakest == ["content"] and found.start == "content" and found.most == 12
    assert found.read == ["5.1", "6.2", "2.2"] and found.way == "with code"
    assert found.sentence == ("30 of 48 points. Weakest: content, 3 of 12 points. Read first: 5.1, 6.2, 2.2. "
                              "Way: with code.")


def test_low_answers_of_other_areas_follow_lowest_first():
    found = playbook.assess([4, 1, 4, 0, 0, 0, 1, 4, 0, 4, 4, 4], STATEMENTS)
    assert found.read == ["5.1", "6.2", "2.2", "3.3", "5.2", "5.4"] and found.way == "without code"


def test_of_level_areas_the_one_with_the_lowest_answer_starts():
    found = playbook.assess([2, 2, 2, 3, 3, 3, 4, 2, 0, 3, 3, 3], STATEMENTS)
    assert found.weakest == ["people", "data"] and found.start == "data"
    assert "Weakest: people and data, 6 of 12 points each; start with data." in found.sentence
    level = playbook.assess([2] * 12, STATEMENTS)
    assert level.start == "people" and "people, content, data and risk, 6 of 12 points each" in level.sentence


@pytest.mark.parametrize(("answers", "words"), [
    ([2] * 11, "12 statements, and 11 answers"), ([2] * 11 + [5], "Answer 12 is 5"), ([None] * 12, "Answer 1 is None"),
    ([True] * 12, "Answer 1 is True"), ([2.5] * 12, "Answer 1 is 2.5")])
def test_what_is_no_answer_is_refused(answers, words):
    with pytest.raises(playbook.CardError, match=words):
        playbook.assess(answers, STATEMENTS)


def test_the_card_has_a_place_for_all_that_the_assessment_says(capsys):
    """And it opens the playbook; its table holds the answers."""
    (card,) = [one for one in playbook.cards() if one.get("first")]
    found = playbook.assess(QINGHE, STATEMENTS)
    assert set(found.card) < {field["name"] for field in card["fields"]}
    assert card["id"] == "1.3" and list(found.answers) == card["table"]["columns"]
    assert [one.area for one in STATEMENTS] == [area for area in AREAS for _ in range(3)]


def test_the_first_card_opens_the_exported_playbook(tmp_path):
    for one in playbook.cards():
        if one["id"] in ("1.1", "1.3", "5.1"):
            playbook.save(one, {one["fields"][0]["name"]: "7"}, folder=tmp_path)
    text = playbook.document(tmp_path / "all.md", tmp_path)[0].read_text(encoding="utf-8")
    assert [text.index(f"Card {id}:") for id in ("1.3", "1.1", "5.1")] == sorted(
        text.index(f"Card {id}:") for id in ("1.1", "1.3", "5.1"))


# --- the page --------------------------------------------------------------------------------------

def test_a_committed_notebook_holds_the_statements_alone(shown):
    plain, rich = shown("opening")
    assert plain.count("\n") == 12 and "<form" not in rich and rich.count("<tr>") == 13


def test_the_book_brings_the_script_and_a_notebook_carries_it_along(shown, monkeypatch):
    assert "<script" not in shown("frames")[1] and "<script>" in shown("live")[1]
    monkeypatch.setenv(ASKED, "1")
    assert shown("opening")[1].count('type="radio"') == 60


def _give(page, answers):
    for number, answer in enumerate(answers):
        page.locator("fieldset").nth(number).locator(f'input[value="{answer}"]').check()


def test_the_page_says_what_the_function_says(shown, tmp_path):
    _, rich = shown("live")
    path = tmp_path / "maturity.html"
    path.write_text(f'<!doctype html><html lang="en"><meta charset="utf-8"><body>{Markup(rich)}</body></html>',
                    encoding="utf-8")
    chance = random.Random(13)
    shops = [QINGHE, *SHOPS.values(), [0] * 12, [4] * 12, spread_over("risk", 1),
             *([chance.randint(0, 4) for _ in range(12)] for _ in range(9)),
             *([chance.choice((1, 2)) for _ in range(12)] for _ in range(9))]      # many are level
    with chromium() as browser:
        page = browser.new_page()
        page.goto(path.as_uri())
        said = page.locator(".ls-maturity .ls-verdict")
        assert not said.is_visible() and not page.locator("[data-plain]").is_visible()
        page.locator('fieldset input[value="3"]').first.check()
        assert said.inner_text().startswith("1 of 12 answered. Next: We compare hosts")
        for answers in shops:
            _give(page, answers)
            found = playbook.assess(answers, STATEMENTS)
            assert said.inner_text() == found.sentence
            rows = [row.locator("th, td").all_inner_texts() for row in page.locator("form tbody tr").all()]
            lowest = found.answers.groupby("area", sort=False).answer.min()
            assert rows == [[area, str(points), str(lowest[area])] for area, points in found.points.items()]
            assert page.locator("form code").inner_text() == f"answered = {list(answers)}"
        told = page.locator("form svg").get_attribute("aria-label")
        assert told == "Radar: " + ", ".join(f"{area} {n}" for area, n in found.points.items()) + " of 12 points."


def test_the_answers_are_kept_as_the_card_and_the_card_beside_shows_them(shown, tmp_path):
    card = next(one for one in playbook.cards() if one["id"] == "1.3")
    content = shown("frames")[1] + Markup(playbook.html_card(card, {"people": "9"}))
    address = write_page(tmp_path, content + Markup(f"<script>{medium.static('kept.js')}</script>"))
    script = Markup(f"<script>{medium.static('maturity.js')}</script>")
    file = tmp_path / "page.html"
    file.write_text(file.read_text(encoding="utf-8").replace("</body>", f"{script}</body>"), encoding="utf-8")
    found = playbook.assess(QINGHE, STATEMENTS)
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 390, "height": 844})
        problems = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(address)
        field = page.locator('.ls-card textarea[data-name="people"]')
        assert field.input_value() == "9"
        _give(page, QINGHE[:3])
        assert field.input_value() == ""                                 # half an assessment says nothing
        page.keyboard.press("Tab")                                       # on by keyboard: space and arrows choose
        page.keyboard.press("Space")
        for _ in range(QINGHE[3]):
            page.keyboard.press("ArrowRight")
        _give(page, QINGHE)
        for name, value in found.card.items():
            assert page.locator(f'.ls-card textarea[data-name="{name}"]').input_value() == value
        page.locator('.ls-card textarea[data-name="step"]').fill("count the rows")
        page.reload()                                                    # answers come back, and a later one keeps hers
        assert page.locator(".ls-maturity .ls-verdict").inner_text() == found.sentence
        kept = page.evaluate("window.liveshop.kept.shelf('cards')['1.3']")
        assert kept["fields"] == found.card | {"step": "count the rows"}
        assert kept["table"] == {"columns": ["Area", "Statement", "Answer"], "rows": [
            [one.area, one.text, str(answer)] for one, answer in zip(STATEMENTS, QINGHE, strict=True)]}
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert not violations(page)
        page.get_by_role("button", name="Clear my answers").click()
        assert page.locator("fieldset input:checked").count() == 0 and field.input_value() == "9"
        assert page.evaluate("window.liveshop.kept.shelf('cards')['1.3'].fields") == {"step": "count the rows"}
        assert not problems


def test_by_keyboard_on_a_phone_the_verdict_leads_to_pages_of_the_book(shown, tmp_path, monkeypatch):
    """The contents are those of the book, one link a section; each section that is named has a page."""
    monkeypatch.syspath_prepend(ROOT / "book" / "_ext")
    from course.paths import places, section_page

    contents = Markup()
    for page_name, (_, section) in places().items():
        if section is not None:
            file = f"{Path(page_name).name}.html"
            (tmp_path / file).write_text(f"<title>{section['id']}</title>", encoding="utf-8")
            contents += Markup('<a href="{}">{} {}</a> ').format(file, section["id"], section["title"])
    script = Markup(f"<script>{medium.static('maturity.js')}</script>")
    content = shown("frames")[1] + Markup('<nav aria-label="Main">{}</nav>').format(contents)
    address = write_page(tmp_path, content)
    file = tmp_path / "page.html"
    file.write_text(file.read_text(encoding="utf-8").replace("</body>", f"{script}</body>"), encoding="utf-8")
    answers = [0] * 12                                                   # all sections are to be read
    answers[4] = 3
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 390, "height": 844})
        page.goto(address)
        for answer in answers:
            page.keyboard.press("Tab")
            page.keyboard.press("Space")
            for _ in range(answer):
                page.keyboard.press("ArrowRight")
        found = playbook.assess(answers, STATEMENTS)
        verdict = page.locator(".ls-maturity .ls-verdict")
        assert verdict.inner_text() == found.sentence and found.read[0] == "4.1" and "6.2" not in found.read
        links = [(link.inner_text(), link.evaluate("link => link.href")) for link in verdict.locator("a").all()]
        assert links == [(one, (tmp_path / f"{Path(section_page(one)).name}.html").as_uri()) for one in found.read]
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url("**/4-1.html")
        assert page.title() == "4.1"


def test_without_the_script_it_can_be_ticked_and_added_up_by_hand(shown, tmp_path):
    address = write_page(tmp_path, shown("frames")[1], script=False)
    with chromium() as browser:
        context = browser.new_context(java_script_enabled=False)
        page = context.new_page()
        page.goto(address)
        assert page.locator("[data-plain]").is_visible() and page.locator("fieldset").count() == 12
        page.locator("fieldset input").first.check()
        assert not page.locator("[data-result]").is_visible() and "section 8.3" in page.locator("form").inner_text()


def test_my_playbook_begins_with_it_and_its_exports_too(tmp_path, write_my_playbook):
    """The page "My playbook" with its own scripts: the card of the assessment stands before that of 1.1."""
    address = write_my_playbook(tmp_path)
    found = playbook.assess(QINGHE, STATEMENTS)
    rows = [[one.area, one.text, str(answer)] for one, answer in zip(STATEMENTS, QINGHE, strict=True)]
    cards = {"1.1": {"title": "a", "notes": "later"}, "1.3": {
        "title": "b", "fields": found.card, "table": {"columns": ["Area", "Statement", "Answer"], "rows": rows}}}
    with chromium() as browser:
        page = browser.new_page()
        page.goto(address)
        page.evaluate("cards => window.liveshop.kept.set('cards', cards)", cards)
        page.reload()
        heads = page.locator(".ls-my-card h3").all_inner_texts()
        assert [head.split(":")[0] for head in heads] == ["Card 1.3", "Card 1.1"]
        with page.expect_download() as event:
            page.get_by_role("button", name="Download as Markdown").click()
        text = Path(event.value.path()).read_text(encoding="utf-8")
    assert text.index("Card 1.3") < text.index("Card 1.1") and "Weakest" in text
    back = playbook.read(text, playbook.cards("1"))["1.3"]                  # and the notebook reads it
    assert back.fields == found.card and [row[2] for row in back.rows] == [str(answer) for answer in QINGHE]
