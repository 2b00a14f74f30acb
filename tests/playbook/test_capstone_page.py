"""The capstone's game in the page: the same amounts as Python, by keyboard, on a phone, kept over a reload."""

from __future__ import annotations

import html
import re
from pathlib import Path

import numpy as np
import pytest

from example.page import chromium
from liveshop import medium
from liveshop.course.chapter_9 import capstone
from liveshop.course.chapter_9.capstone import tool

SCRIPTS = ("kept.js", "numbers.js", "weeks.js", "replays.js", "capstone.js")
# The strictest policy that a page of the book may be served under: nothing inline, nothing from elsewhere.
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'"
WHERE = "http://book.test/"


@pytest.fixture
def shown(in_medium):
    """Function: what the game shows in a medium, as (plain, rich)."""
    return lambda kind: in_medium(kind, lambda: tool.show_game(1))


@pytest.fixture(scope="module")
def browser():
    with chromium() as opened_browser:
        yield opened_browser


def page_around(game):
    """A page of the book around the game: its own scripts and styles, nothing inline."""
    styles = "".join(f'<link rel="stylesheet" href="{name}">' for name in ("course.css", "interactive.css"))
    scripts = "".join(f'<script src="{name}"></script>' for name in SCRIPTS)
    return ('<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Game</title>'
            f'<meta name="viewport" content="width=device-width">{styles}</head>'
            f'<body><article class="bd-article">{game}</article>{scripts}</body></html>')


@pytest.fixture
def opened(shown, browser):
    """Function: the game in a page of its own on a phone, under a strict policy; a complaint of the page fails."""
    whole = page_around(shown("frames")[1])

    def answer(route):
        name = route.request.url.removeprefix(WHERE)
        kinds = {".js": "text/javascript", ".css": "text/css"}
        if name and (medium.STATIC / name).is_file():
            route.fulfill(body=(medium.STATIC / name).read_text(), content_type=kinds[Path(name).suffix])
        else:
            route.fulfill(body=whole, content_type="text/html", headers={"Content-Security-Policy": POLICY})

    complaints, contexts = [], []

    def at(width=360, **options):
        contexts.append(browser.new_context(viewport={"width": width, "height": 800}, **options))
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: said.type == "error" and complaints.append(said.text))
        page.route(f"{WHERE}**", answer)
        page.goto(WHERE)
        return page

    yield at
    for context in contexts:
        context.close()
    assert [text for text in complaints if "favicon" not in text] == []


def fill(page, **levers):
    """Put values into fields: text, a choice's own word, or a tick."""
    for lever, value in levers.items():
        box = page.locator(f"[data-lever={lever}]")
        if isinstance(value, bool):
            box.set_checked(value)
        elif lever in ("rundown", "coupon"):
            box.select_option(label=capstone.words()["choices"][value])
        else:
            box.fill(str(value))


def close(page, times=1):
    for _ in range(times):
        page.get_by_role("button", name="Close the week").click()


def table(page, caption):
    """The cells of a table in the page, by row heading."""
    found = page.locator("table", has=page.locator("caption", has_text=caption)).locator("tbody tr")
    return {row[0]: row[1:] for row in (one.locator("th, td").all_text_contents() for one in found.all())}


def said(page):
    """What the page says of the week that was closed."""
    return " ".join(page.locator("[data-said] :is(p, li)").all_text_contents())


def amount(text):
    return float(text.removesuffix(" CNY").replace(",", "").replace("−", "-"))


# --- without a script -----------------------------------------------------------------------------

def test_without_a_script_the_habits_twelve_weeks_stand_there(shown, opened):
    plain, rich = shown("opening")
    game = capstone.play(capstone.HABIT, [1])
    assert "<form" not in rich and "<script" not in rich and rich.count("<tr>") == 13
    for row in game.log.itertuples():
        assert f"{row.profit:,.0f}" in rich and html.escape(row.happened) in rich and row.happened in plain
    assert f"result {game.result[1]:,.0f} CNY" in rich
    page = opened(java_script_enabled=False)
    assert page.locator("form").is_hidden() and page.locator("[data-plain] tbody tr").count() == 12
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_market_that_the_page_does_not_have_is_refused():
    with pytest.raises(ValueError, match="markets 1 to 20; 99 is none of them"):
        capstone.desk(seed=99)


# --- the same as Python ---------------------------------------------------------------------------

def test_a_game_ends_as_python_reckons_it(opened):
    """A game with other decisions every week, against `play`, `costliest` and the known policies."""
    page, plan = opened(), []
    random = np.random.default_rng(17)
    for week in range(1, 13):
        media = {kind: int(random.integers(0, 15_000)) for kind in ("feed", "search", "influencer", "content")}
        levers = dict(hours=int(random.integers(6, 41)), agents=int(random.integers(0, 11)),
                      temporary=int(random.integers(0, 6)), order=int(random.integers(0, 7000)),
                      rundown=str(random.choice(["habit", "giveaway", "planned"])), backup=bool(week % 2),
                      coupon=str(random.choice(["none", "all", "silent"])), review=bool(week % 3),
                      second=bool(week % 4))
        plan.append({"media": media, **levers})
        fill(page, **levers, **media)
        close(page)
        if week < 12:
            assert page.locator("[data-week]").inner_text().startswith(f"Week {week + 1} of 12")
    game = capstone.play(plan, [1])
    last = game.log.iloc[-1]
    assert said(page).startswith(f"Week 12 is closed: profit {last.profit:,.0f} CNY. {last.happened}")
    assert f"your result is {game.result[1]:,.0f} CNY" in said(page)
    results = table(page, "Market 1, CNY")
    for name, one in {"you": game, **{known.name: capstone.play(known, [1]) for known in tool.KNOWN}}.items():
        found = [amount(text) for text in results[name]]
        assert found == pytest.approx([one.profit[1], one.value[1], one.result[1]], abs=1), name
    scores = {name: amount(row[0]) for name, row in table(page, "Score over unseen markets").items()}
    expected = {known.name: capstone.play(known, tool.UNSEEN).score for known in tool.KNOWN}
    assert scores == pytest.approx({"your plan": capstone.play(plan, tool.UNSEEN).score, **expected}, abs=1)
    assert list(scores) == sorted(scores, key=scores.get, reverse=True)
    most = capstone.costliest(plan, 1).iloc[0]
    label = capstone.words()["levers"][most.lever]["label"]
    costliest = page.get_by_text("The decision that cost most").inner_text()
    assert f"week {most.week}, {label}," in costliest and f"It cost {most.gain:,.0f} CNY." in costliest
    so = table(page, "Profit so far, CNY")
    mine = [amount(so[str(week)][0]) for week in range(1, 13)]
    assert mine == pytest.approx(list(game.curve), abs=1)
    assert f"you {game.curve[12]:,.0f} CNY" in page.get_by_role("img").get_attribute("aria-label")
    known = {"capstone": capstone}
    exec(page.locator("[data-end] pre").text_content(), known)                 # what the page gives for the notebook
    assert capstone.play(known["plan"], [1]).result[1] == pytest.approx(game.result[1])
    weeks = table(page, "Your weeks")
    assert [amount(row[0]) for row in weeks.values()] == pytest.approx(list(game.log.profit), abs=1)
    assert page.locator("[data-history] li").all_text_contents() == list(game.log.happened)


def test_another_market_and_the_ledger_of_a_week(opened):
    page = opened()
    assert page.get_by_role("button", name="Close the week").get_attribute("aria-describedby").endswith("-undo")
    page.locator("[data-market]").select_option("7")
    page.get_by_role("button", name="New game").click()                     # no week is closed: nothing to lose
    fill(page, order="2600", coupon="silent", second=True)
    close(page)
    page.get_by_text("Ledger of the week", exact=True).click()
    found = {post: amount(row[0]) for post, row in table(page, "Ledger of the week").items()}
    one = capstone.Decision(order=2600, coupon="silent", second=True)
    ledger = capstone.play([one] * 12, [7]).ledger.iloc[0]
    labels = {**capstone.words()["posts"], "profit": "Profit"}
    assert found == pytest.approx({labels[post]: value for post, value in ledger.items() if value}, abs=0.5)


def test_a_desk_sees_the_signs_that_it_was_told(opened):
    """The sign for the goods due now was told two weeks ago."""
    page, seen = opened(), []
    capstone.play(lambda view: seen.append(view) or {}, [1])
    for week in range(3):
        told = table(page, "What you know")["Sign of trouble at the suppliers: this week, next week, the one after"][0]
        signs = [one.signal for one in seen[max(week - 2, 0):week + 1]]
        assert told == ", ".join(["unknown"] * (3 - len(signs)) + [f"{sign:.2f}" for sign in signs])
        assert page.locator("[data-as-before]").is_visible() == (week > 0)
        close(page)
    assert seen[4].past[-2]["signal"] == seen[2].signal
    rows = table(page, "Ledger of the week")
    assert {len(row) for row in rows.values()} == {2}                       # beside the week before


# --- fields ---------------------------------------------------------------------------------------

@pytest.mark.parametrize(("lever", "text", "said"), [
    ("hours", "", "Hours on air: the field is empty. Give a number from 6 to 40."),
    ("hours", "many", "Hours on air: “many” is no number."),
    ("hours", "5", "Hours on air: “5” is outside the limits."),
    ("agents", "1e99", "Agents: “1e99” is outside the limits."),
    ("agents", "2,5", "Agents: give a whole number from 0 to 10."),
    ("feed", "-1", "Feed ads: “-1” is outside the limits."),
    ("order", "9" * 400, f"Pieces to order: “{'9' * 20}…”"),
    ("content", "10 %", "Content: “10 %” is no number."),
    ("search", "<b>1</b>", "Search ads: “<b>1</b>” is no number."),
])
def test_a_wrong_number_gets_a_sentence_and_the_week_stays_open(opened, lever, text, said):
    page = opened()
    fill(page, **{lever: text})
    assert "A field is no number within its limits" in page.locator("[data-budget]").inner_text()
    close(page)
    box = page.locator(f"[data-lever={lever}]")
    assert box.get_attribute("aria-invalid") == "true" and box.evaluate("e => e === document.activeElement")
    wrong = page.locator(f"[id='{box.get_attribute('id')}-wrong']")
    assert wrong.inner_text().startswith(said) and wrong.get_attribute("id") in box.get_attribute("aria-describedby")
    assert page.locator("[data-result]").is_hidden() and page.locator("[data-week]").inner_text().startswith("Week 1 ")
    fill(page, **{lever: "8"})                                              # mended: the sentence goes at once
    assert wrong.inner_text() == "" and box.get_attribute("aria-invalid") is None
    close(page)
    assert page.locator("[data-week]").inner_text().startswith("Week 2 ")


def test_numbers_are_read_as_people_write_them(opened):
    page = opened()
    fill(page, hours="22,5", order="2,600", feed="¥ 9.100,0".replace(".", ""), agents="４")
    close(page)
    profit = capstone.play([capstone.Decision(hours=22.5, order=2600)] * 12, [1]).ledger.profit[1]
    assert f"profit {profit:,.0f} CNY" in said(page)


def test_the_budget_line_recounts_and_says_when_media_will_shrink(opened):
    page = opened()
    money, over = page.locator("[data-budget]"), page.locator("[data-over]")
    assert money.inner_text() == "Budget of the week 42,000 CNY, decided 21,350 CNY: 20,650 CNY left."
    fill(page, rundown="planned", backup=True)
    assert "decided 24,650 CNY: 17,350 CNY left." in money.inner_text() and over.inner_text() == ""
    fill(page, feed="40000", temporary="3")
    assert "13,550 CNY too much, so media will shrink." in money.inner_text()
    assert over.inner_text() == "Over the budget: media will shrink." and over.get_attribute("role") == "status"
    close(page)
    assert "Media were cut by 13,550 CNY" in said(page)
    assert "decided 61,250 CNY" in money.inner_text()                       # 3 temporary agents are paid now
    close(page, 8)
    assert money.inner_text().startswith("Budget of the week 84,000 CNY")
    assert page.locator("[data-week]").inner_text().endswith("the festival")


# --- keyboard, phone, ear, paper ------------------------------------------------------------------

def test_by_keyboard_alone_and_the_focus_moves_to_what_happened(opened):
    page = opened()
    page.locator("[data-lever=rundown]").focus()
    names = []
    for _ in range(14):                                                     # 13 levers and the button, in order
        names.append(page.evaluate("document.activeElement.dataset.lever || document.activeElement.textContent"))
        page.keyboard.press("Tab")
    assert names == [*(lever for levers in tool.GROUPS.values() for lever in levers), "Close the week"]
    page.locator("[data-lever=order]").focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("2600")
    page.keyboard.press("Enter")                                            # in a field it closes no week
    assert page.locator("[data-week]").inner_text().startswith("Week 1 ")
    page.locator("form button[type=submit]").press("Enter")
    focused = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert focused == "Week 1, closed" and page.locator("[data-said]").get_attribute("role") == "status"
    for _ in range(11):
        page.locator("form button[type=submit]").press("Space")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Week 12, closed"
    assert page.locator("[data-end]").is_visible() and page.locator("[data-playing]").is_hidden()


def test_every_field_has_a_name_and_is_wide_enough_for_a_thumb(opened):
    page = opened()
    for lever, about in capstone.words()["levers"].items():
        box = page.get_by_label(re.compile(rf"\b{re.escape(about['label'])} \({about['zh']}\)"))
        assert box.get_attribute("data-lever") == lever
        helps = box.get_attribute("aria-describedby").split()[0]
        assert page.locator(f"[id='{helps}']").inner_text() == about["help"]
    close(page, 12)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    for box in page.locator(".ls-capstone :is(button, input[type=text], select, summary)").all():
        if box.is_visible():
            assert box.bounding_box()["height"] >= 35
    wide = page.get_by_role("region", name="Your weeks")
    assert wide.get_attribute("tabindex") == "0" and wide.evaluate("e => e.scrollWidth > e.clientWidth")


def test_lettering_of_the_curves_is_large_enough_on_a_phone(opened):
    page = opened()
    close(page, 12)
    sizes = page.locator(".ls-capstone svg text").evaluate_all(
        "all => all.map((e) => ({ height: e.getBoundingClientRect().height, right: e.getBoundingClientRect().right, "
        "left: e.getBoundingClientRect().left }))")
    drawn = page.locator(".ls-capstone svg").bounding_box()
    assert min(one["height"] for one in sizes) >= 9
    assert all(one["left"] >= drawn["x"] - 1 and one["right"] <= drawn["x"] + drawn["width"] + 1 for one in sizes)


def test_a_finished_game_prints_on_its_own(opened, tmp_path):
    page = opened(width=900)
    close(page, 12)
    page.emulate_media(media="print")
    assert page.locator("[data-new]").is_hidden() and page.locator("[data-end]").is_visible()
    page.set_viewport_size({"width": 700, "height": 1000})                  # as wide as A4 within its margins
    wide = page.locator(".ls-wide").evaluate_all("all => all.map((e) => e.scrollWidth - e.clientWidth)")
    assert max(wide) <= 0


# --- what is kept ---------------------------------------------------------------------------------

def test_a_game_survives_a_reload_and_a_new_one_asks_first(opened):
    page = opened()
    fill(page, order="3100", coupon="silent")
    close(page, 3)
    before = page.locator("[data-said]").inner_text(), page.locator("[data-history]").inner_text()
    page.reload()
    assert (page.locator("[data-said]").inner_text(), page.locator("[data-history]").inner_text()) == before
    assert page.locator("[data-week]").inner_text().startswith("Week 4 ")
    assert page.locator("[data-lever=order]").input_value() == "3100"       # the fields are as she left them
    asked = []
    page.once("dialog", lambda dialog: asked.append(dialog.message) or dialog.dismiss())
    page.get_by_role("button", name="New game").click()
    assert "lost" in asked[0] and page.locator("[data-week]").inner_text().startswith("Week 4 ")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="New game").click()
    assert page.locator("[data-week]").inner_text().startswith("Week 1 ") and page.locator("[data-result]").is_hidden()
    assert page.locator("[data-week]").evaluate("e => e === document.activeElement")
    assert page.locator("[data-lever=order]").input_value() == "0"
    page.reload()
    assert page.locator("[data-week]").inner_text().startswith("Week 1 ")


def test_a_double_click_closes_one_week(opened):
    page = opened(width=1280)
    page.set_viewport_size({"width": 1280, "height": 4000})                 # so that the button stays under the mouse
    for week in (2, 3, 4):
        page.get_by_role("button", name="Close the week").dblclick()
        assert page.locator("[data-week]").inner_text().startswith(f"Week {week} ")


def test_a_game_that_has_changed_since_says_so(opened):
    page = opened()
    close(page, 2)
    kept = page.locator("[data-kept]")
    assert kept.inner_text().startswith("The game is kept")
    change = """how => { const all = JSON.parse(localStorage.liveshop); Object.assign(all.capstone, { model: "0" });
        all.capstone.plan[0].hours = how; localStorage.liveshop = JSON.stringify(all); }"""
    page.evaluate(change, 20)
    page.reload()
    assert kept.inner_text().startswith("The game has changed since you played these weeks: they are reckoned anew. ")
    close(page)
    assert kept.inner_text().startswith("The game is kept")
    page.evaluate(change, 99)
    page.reload()
    assert kept.inner_text().startswith("The game that was kept does not fit this one: it begins anew. ")
    assert page.locator("[data-week]").inner_text().startswith("Week 1 ")


@pytest.mark.parametrize("broken", [
    "7", '{"seed": 1}', '{"seed": 99, "plan": []}', '{"seed": 1, "plan": 5}',
    '{"seed": 1, "plan": [null]}', '{"seed": 1, "plan": [{"hours": 20}]}',
    '{"seed": "__proto__", "plan": []}',
])
def test_a_broken_game_in_the_storage_begins_anew(opened, broken):
    page = opened()
    page.evaluate("text => localStorage.setItem('liveshop', `{\"capstone\": ${text}}`)", broken)
    page.reload()
    assert page.locator("[data-week]").inner_text().startswith("Week 1 ")
    close(page)
    assert page.locator("[data-week]").inner_text().startswith("Week 2 ")


def test_a_browser_that_keeps_nothing_says_so(opened):
    page = opened()
    assert "survives a reload" in page.locator("[data-kept]").inner_text()
    page.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new Error('no'); } })")
    page.reload()
    assert "keeps nothing" in page.locator("[data-kept]").inner_text()
    close(page, 2)
    assert page.locator("[data-week]").inner_text().startswith("Week 3 ")


def test_a_storage_that_is_full_is_told_when_a_week_is_not_kept(opened):
    page = opened()
    page.evaluate("() => { Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError'); }; }")
    close(page)
    assert "keeps nothing" in page.locator("[data-kept]").inner_text()
    assert page.locator("[data-week]").inner_text().startswith("Week 2 ")
