"""What chapter 4's methods make of the planted truths in one season; liveshop.world.recovery gathers them."""

import numpy as np

from liveshop.course.chapter_4 import samples
from liveshop.course.recovery import Row
from liveshop.methods import segments

FOUND = 1.0     # agreement of groups that are the planted ones


def estimates(season):
    """Rows of all sections. season: tables by name, with the truth as name -> value."""
    yield from contacts(season)
    yield from platforms(season)
    yield from budget(season)
    yield from customers(season)
    yield from past_tests(season)


def contacts(season):
    """4.1: contacts in the busiest hour of an ordinary evening; the mean of all hours hides it."""
    by_hour = samples.contacts_by_hour(season)
    true = season.truth["contacts.mean_by_hour"]
    busiest = max(true, key=true.get)
    yield Row("contacts.busiest_hour", "naive", true[busiest], by_hour.mean())
    yield Row("contacts.busiest_hour", "hour by hour", true[busiest], by_hour.max())


def platforms(season):
    """4.2: how far the marketplace is ahead of the favourite and of the next best, scored blind and sighted, by the
    weights of the pairs; and these weights."""
    merit = season.truth["platforms.merit"]
    for other, name in (("interest_video", "lead_of_marketplace"), ("community_video", "lead_over_next")):
        for method, turn in {"naive": "sighted", "blind": "blind"}.items():
            found = samples.lead(season, turn, "marketplace", other)
            yield Row(f"platforms.{name}", method, merit["marketplace"] - merit[other], *found)
    weights = season.truth["platforms.weights"]
    for criterion, found in samples.weights_of_pairs(season).items():
        yield Row(f"platforms.weights: {criterion}", "pairs, consistent raters", weights[criterion], found)


def budget(season):
    """4.3: what the last yuan brings (per unit at usual spend, × 1,000), and what moving the budget is worth."""
    curves = samples.response_curves(season)
    for kind, true in season.truth["media.marginal"].items():
        one = curves.curves.loc[kind]
        yield Row(f"media.marginal: {kind}", "naive", 1000 * true, 1000 * one.average)
        yield Row(f"media.marginal: {kind}", "fitted curve", 1000 * true, *(1000 * one[["marginal", "low", "high"]]))
    for strength in samples.WAVES:
        one = samples.with_local_waves(season, strength).curves.loc["content"]
        yield Row("media.marginal: content", f"curve, {strength} local waves",
                  1000 * season.truth["media.marginal"]["content"], *(1000 * one[["marginal", "low", "high"]]))
    true, gain = samples.planted_value(season.truth), season.truth["media.gain_of_best_split"]
    for method, most in {"free": None, "nobody above three times the usual": samples.MOST}.items():
        spend = curves.best_split(most=most).spend
        found = np.expm1(true(spend) - true(samples.USUAL))
        yield Row("media.gain_of_best_split", method, gain, found)
        yield Row("media.gain_promised", method, found, *np.expm1(curves.gain(spend)))
    found = np.expm1(true(samples.moved(curves)) - true(samples.USUAL))
    yield Row("media.gain_of_best_split", "naive", gain, found)


def customers(season):
    """4.3: do the groups of the survey agree with the planted segments (1: entirely, 0: as by chance)?"""
    answers = samples.answers(season)
    traits = [name for name in answers if name not in ("customer_id", "segment")]
    for method, way in {"naive": {"scaled": False}, "logs, scaled": {"logs": samples.LOGS}}.items():
        found = segments.kmeans(answers, 4, traits, **way, starts=10).labels
        yield Row("survey.segments", method, FOUND, segments.agreement(found, answers.segment))


def past_tests(season):
    """4.4: mean effect of the tests that won, in per cent, as reported and in truth; broken splits that are found."""
    tests, planted = samples.past_tests(season), season.truth["experiments.past_effects"]
    faults = [*season.truth["experiments.broken_split"], *season.truth["experiments.stopped_early"]]
    sound = tests.drop(index=faults)
    known = {"shrunk, faults known": samples.shrunk(sound)[samples.won(sound).index]}
    for method, lifts in (samples.ladder(tests) | known).items():
        if len(lifts):
            true = np.mean([planted[name] for name in lifts.index])
            yield Row("experiments.mean_effect_of_winners", method, 100 * true, 100 * lifts.mean())
    broken = set(season.truth["experiments.broken_split"])
    yield Row("experiments.broken_split", "sample ratio", len(broken), len(broken & set(tests.index[tests.broken])))
