"""Answers to the exercises of chapter 6: what a question allows is right; what people do wrong is named."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from liveshop import methods, practice
from liveshop.course.chapter_6 import samples
from liveshop.practice.exercise import bound

ROOT = Path(__file__).parents[2]


def answers_of(id, tables):
    return list(bound(tables, practice.find(id)).key.right.values())


def full_ratios(tables):
    """6.3a from the notebook's own ratios, which it does not round."""
    loads, minutes, visits = samples.by_load(tables), samples.by_minute(tables), samples.shop_visits(tables)
    page, basket, pay = (methods.counts.rate_ratios(rows, what, [by], ["device"], exposure=base).table.ratio.iloc[0]
                         for rows, what, by, base in ((loads, "viewed", "load", "visits"),
                                                      (loads, "carted", "load", "viewed"),
                                                      (minutes, "paid", "minutes", "checkout")))
    paid = visits[visits.paid]
    return ((paid.device == "android").sum() * ((page * basket) ** -0.5 - 1), len(paid) * (pay ** (-1 / 3) - 1),
            answers_of("6.3a", tables)[2], "checkout")


def full_difference(tables):
    """6.4d from the notebook's own estimate, which it does not round."""
    asked = samples.service_tickets(tables)
    judged = samples.judged(asked)
    fair = methods.effects.adjusted_effect(judged, "gone", "late", samples.equal_conditions(judged),
                                           cluster="customer_id").estimate
    late, in_time = asked.late.sum(), asked.late == 0
    away = late * fair / (1 - judged.gone[judged.late == 0].mean())
    return late, away, away * asked.later[in_time].mean() * samples.member_visits(tables).kept.mean()


def welch(tables):
    """6.3b by scipy: an interval of Student's t in place of 1.96."""
    trial = samples.trial(tables, "coupon-july").query("segment == 'bargain'")
    coupon, none = (trial.outcome[trial.arm == arm] for arm in ("coupon", "none"))
    between = stats.ttest_ind(coupon, none, equal_var=False).confidence_interval()
    return coupon.mean() - none.mean(), between.low, between.high


def own_simulation(seed):
    def simulated(tables):
        rates = practice.find("6.2c").RATES
        learned = methods.bandit.thompson(rates, 30, runs=500, batch=200, seed=seed).mean_regret[-1]
        return round(learned), round(learned / methods.bandit.calendar(rates, 30, batch=200).mean_regret[-1], 2)
    return simulated


@pytest.mark.parametrize("id, allowed", [
    ("6.2b", lambda tables: (18, "B", "C")), ("6.2b", lambda tables: (18.2, "b", "c")), ("6.3a", full_ratios),
    ("6.3b", welch), ("6.4d", full_difference), *(("6.2c", own_simulation(seed)) for seed in range(1, 13))])
def test_what_the_question_allows_is_right(id, allowed, tables):
    assert practice.verdict(id, *allowed(tables), tables=tables).state == "right"


def test_the_days_of_the_repurchase_rate_tell_its_definitions_apart(tables):
    """Rounded as asked, no other definition gives the answer: neither calendar months nor windows a day off."""
    asked = bound(tables, practice.find("6.4a"))
    for days in (0, -1, 1):
        shifted = asked.both(lambda on, days=days: asked.share(*asked.again(on + pd.Timedelta(days=days))))
        rounded = [round(one, 2) for one in shifted]
        assert (practice.verdict("6.4a", *rounded, tables=tables).state == "right") == (days == 0)


def changed(position, value):
    """The right answers with one of them replaced by what `value` makes of it."""
    def answer(right):
        return [value(one) if place == position else one for place, one in enumerate(right)]
    return answer


@pytest.mark.parametrize("id, wrong, words", [
    ("6.1a", lambda right: [right[1], right[0], *right[2:]], "each other's place"),
    ("6.1b", changed(1, lambda value: 1 / (1 - 0.38)), "rounded K before"),
    ("6.1c", changed(0, lambda value: 100 * value), "per cent"),
    ("6.2b", changed(0, lambda value: 0.1818), "per cent are asked"),
    ("6.2b", changed(0, lambda value: 32), "subtracted"),
    ("6.3d", lambda right: right[::-1], "each other's place"),
    ("6.4b", changed(2, lambda value: 0.437 / 0.243), "ratio of the two r"),
    ("6.4b", changed(2, lambda value: round(value, 1)), "rounded to one decimal"),
    ("6.2a", lambda right: right[::-1], "each other's place"),
    ("6.4a", lambda right: right[::-1], "each other's place"),
    ("6.4d", changed(2, lambda value: value / 1000), "thousands of yuan"),
    ("6.4d", lambda right: [right[0], right[0] * 0.107, right[2] * 0.688], "left out the division"),
])
def test_a_slip_is_called_by_its_name(id, wrong, words, tables):
    found = practice.verdict(id, *wrong(answers_of(id, tables)), tables=tables)
    assert found.state == "wrong" and words in found.sentence


def test_the_error_of_an_interval_is_named(tables):
    uplift, low, _ = answers_of("6.3b", tables)
    trial = samples.trial(tables, "coupon-july").query("segment == 'bargain'")
    coupon = trial.outcome[trial.arm == "coupon"]
    for error, words in ((coupon.std() / np.sqrt(len(coupon)), "one mean"), (trial.outcome.std(), "standard deviation"),
                         ((uplift - low) / 1.96 / 1.96, "one standard error")):
        found = practice.verdict("6.3b", uplift, uplift - 1.96 * error, uplift + 1.96 * error, tables=tables)
        assert words in found.sentence
