"""The exercises of chapter 6 as a learner meets them: answers of any kind, true praise."""

import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from liveshop import methods, practice
from liveshop.course.chapter_6 import samples
from liveshop.practice.exercise import bound

ROOT = Path(__file__).parents[2]
CELLS = json.loads((ROOT / "notebooks" / "06-social-operations.ipynb").read_text(encoding="utf-8"))["cells"]
EXERCISES = [one for one in practice.exercises() if one.id.startswith("6.")]
LISTS = ["6.2d", "6.3c", "6.4c"]                                    # those that judge a table or a list
ABUSE = ["twelve", "", 3.0, float("nan"), None, True, [], {}, [None] * 500, [[1, 2]], pd.Series([1.0, 2.0]),
         np.arange(4), (1, 2), print, object()]


def test_there_are_sixteen():
    assert len(EXERCISES) == 16


@pytest.mark.parametrize("id", LISTS)
@pytest.mark.parametrize("answer", ABUSE, ids=lambda answer: str(answer)[:20])
def test_a_wrong_kind_of_answer_gets_a_sentence_and_no_error(id, answer, tables):
    found = practice.verdict(id, answer, tables=tables)
    assert found.state == "wrong" and "could not be used" not in found.sentence and "Error" not in found.sentence


def answer_of(id, tables):
    return bound(tables, practice.find(id)).key.right


def test_the_praise_of_growing_users_is_true(tables):
    social = samples.order_times(tables)
    assert answer_of("6.1a", tables)["quick_ratio"] < 1                              # the rooms lost more than they won
    assert methods.growth.growth_accounting(social, "month", when="created").quick_ratio["2025-07"] > 1
    sent = samples.invitations(tables)
    every = methods.growth.k_factor(len(samples.members(tables)), len(sent), sent.came.sum())
    assert answer_of("6.1b", tables)["k"] > every                                     # April's are ripe
    fresh, events = answer_of("6.1c", tables), samples.member_orders(tables)
    before, after = methods.recommend.time_split(events[events.created < "2025-08-18"], "2025-08-04")
    season = methods.recommend.item_neighbours(before)
    burdened = methods.recommend.hit_rate(season, after, 10, known_only=True).rate
    assert burdened < fresh["neighbours"] < fresh["best_sellers"]                   # with the same week they are nearer
    assert fresh["best_sellers"] - fresh["neighbours"] < 0.5 * (fresh["best_sellers"] - burdened)
    worth = answer_of("6.1d", tables)
    assert 0.5 < worth["matched"] / worth["naive"] < 0.8                              # the friend explains a good part


def test_the_praise_of_content_and_coupons_is_true(tables):
    rates = [0.037, 0.053, 0.064, 0.020, 0.017]
    loss = methods.bandit.thompson(rates, 30, runs=2000, batch=200, seed=0).mean_regret
    assert loss[9] > 0.5 * loss[-1]                                                   # most of it in the first ten days
    trial = answer_of("6.3b", tables)
    assert trial["low"] < 0 and 2 * trial["uplift"] < trial["high"]                   # it holds zero, and twice as much
    tier = bound(tables, practice.find("6.3d")).table()
    best = answer_of("6.3d", tables)["tier"]
    assert tier.near[best] > tier.near.median()


def test_the_praise_of_customer_relations_is_true(tables):
    again = answer_of("6.4a", tables)
    assert again["july"] > again["august"] + 0.02
    fit = answer_of("6.4b", tables)
    assert fit["r"] < 1 and fit["alpha"] < 4.414
    desk, asked = answer_of("6.4d", tables), samples.judged(samples.service_tickets(tables))
    lost = desk["money"] / samples.member_visits(tables).kept.mean()
    equal = samples.equal_conditions(asked)
    late = methods.effects.adjusted_effect(asked, "gone", "late", equal, cluster="customer_id")
    low, high = (end / late.estimate * lost for end in late.interval)
    assert low < tables.truth["service.orders_lost"] < high


@pytest.mark.parametrize("id, given", [("6.2b", "ratios"), ("6.3a", "ratios"), ("6.4d", "given")])
def test_numbers_given_in_a_question_are_those_of_the_check(id, given, tables):
    """The notebook brings the question's numbers up to date; the check computes them anew."""
    texts = ["".join(cell["source"]) for cell in CELLS if cell["cell_type"] == "markdown"]
    question = next(text for text in texts if f"#### Exercise {id}:" in text)
    shown = [float(one) for one in re.findall(r"(\d\.\d+)<!--", question)]
    assert shown == list(getattr(bound(tables, practice.find(id)), given))[:len(shown)] and len(shown) > 1


def test_the_piece_of_the_tier_leaves_what_the_question_says(tables):
    question = next(text for cell in CELLS if "#### Exercise 6.3d:" in (text := "".join(cell["source"])))
    shown = int(re.search(r"(\d+) %<!-- = baskets", question)[1])
    assert shown / 100 == bound(tables, practice.find("6.3d")).kept


def test_a_question_without_code_has_its_options_in_the_notebook():
    question = next(text for cell in CELLS if "#### Exercise 6.2b:" in (text := "".join(cell["source"])))
    for field in practice.find("6.2b").fields[1:]:
        assert all(f"- {letter}: {text}" in question for letter, text in field.options.items())


def mistaken(id, field, tables):
    return [case.values[field] for case in bound(tables, practice.find(id)).key.cases if field in case.values]


@pytest.mark.parametrize("id, field, value, digits", [
    ("6.1a", "new", 865, 0), ("6.1b", "k", 0.63, 2), ("6.1b", "multiplier", 2.7, 1),
    ("6.2a", "link", 0.042, 3), ("6.2b", "fewer", 32, 0),
    ("6.2c", "regret", 155, 0)])
def test_what_a_class_usually_answers_is_a_mistake_that_the_check_names(id, field, value, digits, tables):
    assert value in [round(one, digits) for one in mistaken(id, field, tables)]


def test_the_mix_for_every_group_gets_what_the_teacher_is_told(tables):
    weeks = bound(tables, practice.find("6.2d"))
    share = weeks.share_of_best(weeks.even)
    assert round(20 * share) / 20 == 0.65                                             # “about 65 per cent of the best”


def told(expression):
    """The number that the chapter gives where it has this expression; per cent as a fraction."""
    text = "\n".join("".join(cell["source"]) for cell in CELLS if cell["cell_type"] == "markdown")
    shown, percent = re.search(r"([\d.,]+)( %)?<!-- = " + re.escape(expression), text).groups()
    return float(shown.replace(",", "")) / (100 if percent else 1)


def test_of_those_lost_in_may_some_come_back():
    assert 0.15 < told("back_again") < 0.45


def test_the_checker_foretells_what_the_chapter_foretells(tables):
    """The chapter shows the forecast in full; exercise and recovery have it from one sample."""
    held = samples.foretold(tables)
    assert f"{held.value_ahead.sum() / held.actual_value.sum() - 1:.0%}" == f"{told('foretold / came'):.0%}"
    rfm = methods.clv.rfm(samples.member_visits(tables), samples.cut_and_end(tables)[0], amount="known")
    lists, best = samples.call_lists(held, rfm), held.actual_value.nlargest(500).sum()
    for name in ("orders ahead, the model", "spent so far", "chance to be alive"):
        share = samples.found_by(lists[name], held.actual_value, 500) / best
        shown = told(f'caught["{name}"] / best_calls')
        assert f"{share:.2f}" == f"{shown:.2f}"


def test_the_quiz_tells_of_qinghe_what_the_chapter_tells(tables):
    quiz = (ROOT / "utils" / "liveshop" / "course" / "chapter_6" / "quiz.json").read_text(encoding="utf-8")
    months = methods.growth.growth_accounting(samples.order_times(tables), "month", when="created")
    before, now = months.loc["2025-06"], months.loc["2025-07"]
    assert f"In July {now.active:,.0f} buyers were active, {before.active:,.0f} in June; {now.lost:,.0f} of th" in quiz
    assert f"{now.revived:,.0f} had bought before" in quiz
    assert json.loads(quiz)[0]["answers"][0]["value"] == now.new
    naive, paper, true = (told(f"100 * {one}")
                          for one in ("invited_naive.estimate", "alike_on_paper.estimate", "invited_truth"))
    assert naive - paper < (naive - true) / 3 and "takes off little of what is too much" in quiz
    assert told("kept - 1") > 0.1 and "kept a clear gain on posts that had no part in the choice" in quiz
    alive = told('caught["chance to be alive"] / best_calls')
    assert 0.08 < alive < 0.12 and "about a tenth of the money" in quiz
    assert 2.6 < told("one_customer.naive.iloc[-1]") / told("one_customer.truth.iloc[-1]") < 3.4
    may, caused = told("answers.estimate.iloc[2]"), told('true_effects["coupon-may.effect_on_treated"]')
    assert may > caused and "still too high on average" in quiz
