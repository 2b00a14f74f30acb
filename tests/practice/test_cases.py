"""Slips that anybody makes, variants, whole results: what the engine recognises in any exercise."""

from collections import namedtuple
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from example.page import TABLES
from liveshop import practice
from liveshop.practice import Exercise, Field, audit, exercise, verdict
from liveshop.practice.cases import coincidences
from liveshop.practice.exercise import _registry, bound
from liveshop.practice.results import within

RATE = 50 / 190


@pytest.fixture
def declared():
    """Declares exercises that are gone after the test."""
    before = set(_registry)
    yield exercise
    for id in set(_registry) - before:
        _registry.pop(id)


@pytest.fixture
def shares(declared):
    @declared("0.4a", title="Two rates", hint="h", needs=("streams",),
              fields=[Field("ctor", "CTOR", "fraction of clicks", decimals=3), Field("gpm", "GPM", decimals=1)])
    class Shares(Exercise):
        praise = explain = "p"
        size = 1000

        def right(self):
            streams = self.tables.streams
            gpm = self.size * streams.gmv.sum() / streams.views.sum()
            return streams.orders.sum() / streams.product_clicks.sum(), gpm

        def mistakes(self):
            streams = self.tables.streams
            yield from practice.wrong_ratios("ctor", streams.orders, streams.product_clicks, of="broadcasts")

        def variants(self):
            yield self.but(streams=lambda d: d.iloc[:1]), "That is the first broadcast alone."
            yield self.but(size=3), "GPM is per thousand."

    return Shares


@pytest.mark.parametrize("ctor, words", [
    (1 - RATE, "That is the rest"),
    (RATE / (1 - RATE), "Those are odds"),
    (1 / RATE, "upside down"),
    (RATE - 1, "the answer less 1"),
    (RATE + 1, "the answer plus 1"),
    (np.log(RATE), "the logarithm of the answer"),
    (100 * RATE, "That looks like per cent"),
    (round(100 * RATE, 1), "That looks like per cent"),
    (-RATE, "the sign is wrong"),
    (60 * RATE, "60 times too large"),
    (RATE / 60, "60 times too small"),
    (3600 * RATE, "3,600 times too large"),
    (0.26, "rounded to two decimals: three decimals are asked"),
    ((0.3 + 20 / 90) / 2, "Sum above and below first"),
    (0.3001, "That is the first broadcast alone."),
    (50, "not divided yet"),
    (9_000_000 / 1400, "That is the answer for “GPM”."),
])
def test_a_slip_is_named(shares, ctor, words):
    found = verdict("0.4a", ctor, 9_000_000 / 1400)
    assert found.state == "wrong" and words in found.sentence, found


def test_a_variant_names_what_it_changes_once(shares):
    first = verdict("0.4a", 0.3, 2000.0)
    assert str(first) == "Not yet. That is the first broadcast alone."
    assert verdict("0.4a", RATE, 3 * 9000 / 1400).sentence.startswith("GPM: GPM is per thousand.")
    swapped = verdict("0.4a", 9_000_000 / 1400, RATE)
    assert str(swapped) == "Not yet. These two stand in each other's place: CTOR, and GPM."
    assert audit("0.4a", TABLES) == []


@pytest.mark.parametrize("answer", [RATE, 0.263, 0.26316, 0.2634])
def test_the_key_rounded_is_right(shares, answer):
    assert verdict("0.4a", answer, 6428.6).state == "right"


def test_a_mistake_never_wins_over_a_rounded_answer_and_the_nearest_wins(declared):
    @declared("0.4b", title="Near", hint="h", fields=[Field("x", decimals=1, tolerance=0.001), Field("y", decimals=0)])
    class Near(Exercise):
        praise = explain = "p"

        def right(self):
            return 5.04, 100.0

        def mistakes(self):
            yield {"x": 5.02}, "never"
            yield {"y": 110.0}, "ten"
            yield {"y": 110.4}, "nearer to eleven"

    assert verdict("0.4b", 5.0, 100).state == verdict("0.4b", 5.02, 100).state == "right"
    told = "y: ten Or: nearer to eleven Right already: x."
    assert verdict("0.4b", 5.0, 110.3).sentence == told                  # they cannot be told apart
    problems = coincidences(bound(TABLES, Near))
    assert len(problems) == 2 and "counts as right" in problems[0] and "two ways" in problems[1]


@pytest.mark.parametrize("answer, words", [(48790, "an outer join"), (48800, "rounded to hundreds")])
def test_a_round_number_that_the_exercise_names_is_no_rounding(declared, answer, words):
    @declared("0.4c", title="Rows", hint="h", fields=[Field("rows", decimals=0, whole=True)])
    class Rows(Exercise):
        praise = explain = "p"

        def right(self):
            return 48788

        def rarer(self):
            yield 48790, "That is an outer join."

    assert words in verdict("0.4c", answer).sentence


Effect = namedtuple("Effect", "estimate interval")


@pytest.mark.parametrize("answer, place", [
    (SimpleNamespace(estimate=0.5, rate=9.0), ".estimate"),
    (SimpleNamespace(low=0.1, found=0.5), ".found"),
    (SimpleNamespace(rate=0.7, low=1.0), ".rate"),
    (SimpleNamespace(table=pd.Series([1.0, 0.5], ["a", "b"])), ".table.loc['b']"),
    (Effect(0.5, (0.1, 0.2)), ".estimate"),
    (pd.Series({"hero": 0.5, "rest": 0.4}), ".loc['hero']"),
    (pd.DataFrame({"x": [1.0, 2.0], "y": [0.5, 1.0]}, [3, 4]), ".loc[3, 'y']"),
    ((0.1, 0.5), "[1]"),
    ({"a": 0.5, "b": 1}, "['a']"),
    (np.array([1.0, 0.5]), "[1]"),
    (np.array([1.0, 0.5, 0.5, 0.5, 0.5]), "[-1]"),               # of many that fit, the last day is meant
    (np.array([1.0, 0.7]), ""),
    (pd.Series(np.arange(2000) / 1000), ""),                     # among so many one fits by chance
    (object(), ""),
    (["x", None], ""),
])
def test_the_number_in_a_result_is_named(answer, place):
    assert within(answer, lambda value: abs(value - 0.5) < 1e-9) == place


def test_a_result_in_place_of_its_number_is_told(shares):
    found = verdict("0.4a", SimpleNamespace(estimate=RATE), 6428.6)
    assert found.sentence == "CTOR is a whole SimpleNamespace. One number is asked: its `.estimate`."


def test_the_part_of_a_result_that_holds_all_answers_is_told(shares):
    values = pd.Series([RATE, 9_000_000 / 1400], ["a", "b"])
    assert verdict("0.4a", SimpleNamespace(before=1.0, effects=values)).sentence.endswith("Give its `.effects`.")
    assert verdict("0.4a", values.to_frame("effect")).sentence.endswith("Give its `['effect']`.")
    assert verdict("0.4a", SimpleNamespace(effects=2 * values)).sentence.endswith("You gave 1.")


@pytest.fixture
def weights(declared):
    @declared("0.4c", title="Weights", hint="h", fields=[Field("w", decimals=2), Field("shrunk", decimals=2),
                                                         Field("n", decimals=0)])
    class Weights(Exercise):
        praise = explain = "p"

        def right(self):
            return 0.556, 0.222, 6

        def mistakes(self):
            yield {"w": 0.5, "shrunk": 0.2}, "four trials"

        def rarer(self):
            yield {"w": 0.9, "shrunk": 0.222}, "nine tenths"

    return Weights


@pytest.mark.parametrize("answers, said", [
    ((0.5, 0.2, 6), "four trials"),                                       # not "rounded": it fits both
    ((0.6, 0.2, 6), "w, shrunk: That could be right, but rounded to one decimal"),
    ((0.9, 0.222, 6), "w: nine tenths"),                                  # the other field is right
    ((0.556, 0.222, 12), "n: 12 is too high"),                            # no "twice": small numbers fit many ways
])
def test_what_fits_by_accident_does_not_accuse(weights, answers, said):
    assert verdict("0.4c", *answers).sentence.startswith(said)


@pytest.mark.parametrize("label, near", [("Fewer, by", -100 * np.log(0.82)), ("More, by", 100 * np.log(1.18))])
def test_a_difference_of_logarithms_has_the_sign_of_the_question(declared, label, near):
    @declared("0.4d", title="A change", hint="h", fields=[Field("x", label, "per cent", decimals=1)])
    class Change(Exercise):
        praise = explain = "p"

        def right(self):
            return 18.0

    assert "100 times a difference of logarithms" in verdict("0.4d", near).sentence
