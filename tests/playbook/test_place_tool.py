"""The choice between places in the page: what it reckons is what `liveshop.methods.decision` reckons."""

import pandas as pd
import pytest
from markupsafe import Markup

from example.page import chromium
from liveshop import playbook
from liveshop.methods import decision

SCORES = pd.DataFrame([[8, 3, 3.5], [5, 7, 6], [1.2, 8.5, 8.9], [5, 2, 6.4]], columns=["audience", "growth", "low_fee"],
                      index=["market", "<b>video; two", "own app", "group"])
WEIGHTS = {"audience": 0.5, "growth": 0.2, "low_fee": 0.3}


@pytest.fixture
def shown(in_medium):
    """Function: what the tool shows in a medium, as (plain, rich)."""
    return lambda kind, scores=SCORES, weights=WEIGHTS: in_medium(kind, lambda: playbook.place_tool(scores, weights))


def test_a_committed_notebook_holds_the_order_alone(shown):
    plain, rich = shown("opening")
    assert plain.splitlines()[1] == "5.70  <b>video, two" and "<form" not in rich and "<td>5.70</td>" in rich


def test_the_book_brings_the_script_and_a_notebook_carries_it_along(shown):
    assert "<script" not in shown("frames")[1] and "<script>" in shown("live")[1]
    assert "<b>video" not in shown("frames")[1]


def test_a_page_on_own_data_has_the_form(shown, monkeypatch):
    monkeypatch.setenv("LIVESHOP_SHEETS", "1")
    assert "<textarea" in shown("opening")[1]


@pytest.mark.parametrize(("scores", "weights", "words"), [
    (SCORES.iloc[:1], WEIGHTS, "needs two places"), (SCORES, {"audience": 1}, "growth has no weight"),
    (SCORES, dict.fromkeys(SCORES, 0), "above 0")])
def test_what_cannot_be_weighed_is_refused(shown, scores, weights, words):
    with pytest.raises(playbook.CardError, match=words):
        shown("frames", scores, weights)


def test_the_page_reckons_as_the_methods_do(shown, tmp_path):
    _, rich = shown("live")
    path = tmp_path / "places.html"
    path.write_text(f'<!doctype html><html lang="en"><meta charset="utf-8"><body>{Markup(rich)}</body></html>',
                    encoding="utf-8")
    with chromium() as browser:
        page = browser.new_page()
        page.goto(path.as_uri())
        area, said, rows = page.locator("textarea"), page.locator(".ls-verdict"), page.locator("form tbody tr")

        def compare(scores, weights):
            score = decision.weighted_scores(scores, weights).sort_values(ascending=False)
            near, any_ = (decision.stability(scores, weights, spread) for spread in (0.3, None))
            turn = decision.flips(scores, weights).iloc[0]
            found = [row.locator("th, td").all_inner_texts() for row in rows.all()]
            assert [row[:2] for row in found] == [[name, f"{value:.2f}"] for name, value in score.items()]
            for name, _, by_third, by_lot in found:
                assert float(by_third[:-2]) / 100 == pytest.approx(near[name], abs=0.04)
                assert float(by_lot[:-2]) / 100 == pytest.approx(any_[name], abs=0.04)
            words = f"{turn.new_winner} comes first when the weight of {turn.name} goes from {turn.weight:.0%} to " \
                    f"{turn.turns_at:.0%}".replace("%", " %")
            assert words in said.inner_text()

        plain = SCORES.rename(index={"<b>video; two": "<b>video, two"}, columns={"low_fee": "low fee"})
        compare(plain, pd.Series([.5, .2, .3], plain.columns))
        area.fill("平台\t流量\t费率\n权重\t3\t1\n甲\t８\t2\n乙\t5\t7.4\n丙\t6\t6")         # pasted, wide digits
        pasted = pd.DataFrame([[8, 2], [5, 7.4], [6, 6]], ["甲", "乙", "丙"], ["流量", "费率"])
        compare(pasted, pd.Series([.75, .25], pasted.columns))
        for typed, words in (
            ("w;1;1\nX;1;2", "at least two places"), ("w;1;1\nX;1;2\nY;1", "“Y” has 1 numbers"),
            ("w;1;1\nX;1;2\nY;1;10", "“Y”, c: a score is a number from 1 to 9, not “10”"),
            ("w;0;0\nX;1;2\nY;1;3", "must be above 0"), ("", "at least two places"),
            ("w;Infinity;1\nX;1;2\nY;1;3", "“w”, b: a weight is a number from 0 to a million"),
        ):
            area.fill("a;b;c\n" + typed)
            assert words in said.inner_text() and not page.locator("form table").is_visible()
        area.fill("a;b;c\nw;1;1\nX;9;9\nY;1;3")
        assert "No single weight turns the order" in said.inner_text()
        area.fill("a;b;c\nw;1;1\nX;3;5\nY;5;3")
        assert "are level. Y comes first when the weight of b moves from 50 % by less than a point" in said.inner_text()
        area.fill("a\tb\tc\t\nX\t3\t5\t\nY\t5\t3\t\nZ\t1\t2\t\n\t\t\t")      # no weights, an empty column
        assert "Weights from the line “X”: Y is first" in said.inner_text() and rows.count() == 2
