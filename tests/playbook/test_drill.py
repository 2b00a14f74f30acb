"""The drill in the page: it plays by the rules of `play`, by keyboard, with the clock standing or running."""

import pytest
from markupsafe import Markup

from example.page import chromium
from liveshop import playbook
from liveshop.playbook import CardError, Drill, Move, play

DRILL = Drill(
    title="A <b>price</b>", situation="It stands at ¥1.", began="20:14", a_minute=6.0, growth=1.2, loss=50.0,
    currency="¥",
    moves=(Move("link", "Desk", "Take it down.", 0.5, "It is down.", stops=True),
           Move("ring", "You", "Ring the manager.", 6.0, "He says yes.", wrong=True),
           Move("tell", "You", "Tell the host.", 0.5, "She stops.", growth=1.0),
           Move("count", "Data", "Count.", 2.0, "It stands still.", needs=("link",), early="Old before it is read.")),
    plan=("link", "tell", "count"))


@pytest.fixture
def shown(in_medium):
    """Function: what the drill shows in a medium, as (plain, rich)."""
    return lambda kind: in_medium(kind, lambda: playbook.show_drill(DRILL))


# --- the rules ------------------------------------------------------------------------------------

def test_orders_grow_until_the_link_is_down():
    """By hand: 6 orders a minute, a fifth more each minute, for half a minute and for six and a half."""
    by_hand = 6 * (1.2**6.5 - 1) / 0.1823215568
    assert play(DRILL, ["ring", "link", "count"]).orders == pytest.approx(by_hand)
    quick = play(DRILL, ["link", "tell", "count"])
    assert quick.orders == pytest.approx(6 * (1.2**0.5 - 1) / 0.1823215568) and quick.loss == 50 * quick.orders
    assert (quick.stopped, quick.minutes, quick.missing, quick.early, quick.wrong) == (0.5, 3.0, (), (), ())


def test_a_steady_rate_a_move_too_early_and_thinking():
    told = play(DRILL, ["tell", "count", "count", "link"], thinking=1)
    rate = 6 * 1.2**1.5
    assert told.orders == pytest.approx(6 * (1.2**1.5 - 1) / 0.1823215568 + rate * 7.5)
    assert told.early == ("count", "count") and told.missing == ("count",) and told.stopped == 9.0
    assert play(DRILL, ["ring"]).stopped is None and play(DRILL, ["ring"]).wrong == ("ring",)
    assert play(DRILL, ["link", "link"]).minutes == 0.5


def test_an_unknown_move_is_refused():
    with pytest.raises(CardError, match="no move 'fly'"):
        play(DRILL, ["fly"])
    with pytest.raises(CardError, match="no move 'fly'"):
        Drill("t", "s", "20:00", 1.0, 1.0, 1.0, "¥", DRILL.moves, ("fly",))
    with pytest.raises(CardError, match="twice"):
        Drill("t", "s", "20:00", 1.0, 1.0, 1.0, "¥", DRILL.moves * 2, ("link",))


# --- where it is shown ----------------------------------------------------------------------------

def test_without_a_script_every_order_stands_there_with_what_it_does(shown):
    plain, rich = shown("opening")
    assert "<form" not in rich and rich.count("<details") == len(DRILL.moves) + 1
    assert "Old before it is read." in rich and "- Data: Count. (2 min)" in plain
    book = shown("frames")[1]
    assert "<script" not in book and "A &lt;b&gt;price" in book and "<script>" in shown("live")[1]


@pytest.fixture
def opened(shown, tmp_path):
    """Function: the drill in a page of its own on a phone, opened in a browser; and what the page complained about."""
    path = tmp_path / "drill.html"
    drill = f'<!doctype html><html lang="en"><meta charset="utf-8"><body>{Markup(shown("live")[1])}</body></html>'
    path.write_text(drill, encoding="utf-8")
    with chromium() as browser:
        def at(**options):
            page = browser.new_context(viewport={"width": 390, "height": 844}, **options).new_page()
            page.on("pageerror", lambda error: pytest.fail(str(error)))
            page.goto(path.as_uri())
            return page

        yield at


def test_the_page_plays_by_the_rules_by_keyboard(opened):
    page = opened()
    said, clock, count = (page.locator(f"[data-{name}]") for name in ("said", "clock", "count"))
    assert page.locator("[data-plain]").is_hidden() and clock.inner_text() == "20:14:00"
    buttons = page.locator(".ls-drill-moves button")
    for made, words, time in ((["count"], "Too early. Old before it is read.", "20:16:00"),
                              (["count", "tell"], "She stops.", "20:16:30"),
                              (["count", "tell", "ring"], "He says yes.", "20:22:30"),
                              (["count", "tell", "ring", "link"], "It is down.", "20:23:00")):
        button = page.locator(f".ls-drill-moves [data-name={made[-1]}]")
        button.focus()
        page.keyboard.press("Enter")
        assert words in said.inner_text() and clock.inner_text() == time
        assert count.inner_text().startswith(f"{play(DRILL, made).orders:,.0f} orders")
        assert said.evaluate("e => e.getBoundingClientRect().bottom") <= 844          # seen beside the button
        assert button.evaluate("e => e === document.activeElement")          # the keyboard has not lost its place
    page.keyboard.press("Enter")                                             # done: nothing happens
    assert clock.inner_text() == "20:23:00"
    buttons.last.press("Space")
    verdict = said.inner_text()
    loss = play(DRILL, ["count", "tell", "ring", "link"]).loss
    assert "link was down after 9.0 minutes" in verdict and f"¥{loss:,.0f}" in verdict
    assert "Too early: “Data: Count”" in verdict and "Better not at all: “You: Ring the manager”" in verdict
    assert "Nothing of the plan is missing." in verdict and page.locator("[data-log] li").count() == 5
    page.locator("[data-again]").press("Enter")
    assert clock.inner_text() == "20:14:00" and page.locator("[data-log] li").count() == 0
    assert buttons.first.evaluate("e => e === document.activeElement")
    page.locator("[data-end]").press("Enter")
    assert "The link is still up" in said.inner_text() and "Not done: “Desk: Take it down”" in said.inner_text()


def test_the_clock_runs_only_if_she_likes_it_and_buttons_are_wide_enough(opened):
    page = opened()
    clock = page.locator("[data-clock]")
    page.wait_for_timeout(1300)
    assert clock.inner_text() == "20:14:00"
    page.locator("[data-running]").check()
    page.wait_for_timeout(2300)
    assert clock.inner_text() in ("20:14:05", "20:14:10", "20:14:15")
    boxes = [button.bounding_box() for button in page.locator(".ls-drill-moves button").all()]
    assert all(box["height"] >= 44 and box["x"] >= 0 and box["x"] + box["width"] <= 390 for box in boxes)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_without_javascript_it_is_read_on_paper(opened):
    page = opened(java_script_enabled=False)
    assert page.locator("form").is_hidden() and page.locator("[data-plain]").is_visible()
    assert page.locator("details[data-move] summary").first.is_visible()
