"""What a learner may give: any kind of answer gets a state and a sentence, and no error."""

import numpy as np
import pandas as pd
import pytest

from example.page import TABLES
from liveshop.practice import Exercise, Field, audit, exercise, verdict
from liveshop.practice.exercise import _registry
from liveshop.practice.judge import _listed, _written, outside
from liveshop.practice.show import boxes

GPM, PER_VIEWER = 9_000_000 / 1400, 9_000_000 / 1200


@pytest.mark.parametrize(
    ("answer", "state", "words"),
    [
        (GPM, "right", "counts as two views"),
        (round(GPM, 1), "right", ""),
        (np.float64(GPM), "right", ""),
        (np.array(GPM), "right", ""),
        (pd.Series([GPM]), "right", ""),
        (round(GPM, 1) + 0.1, "wrong", "is too high"),
        (GPM - 1, "wrong", 'too low. hint("0.1a") helps.'),
        (PER_VIEWER, "wrong", "You divided by viewers"),
        (100 * GPM, "wrong", "100 times too large"),
        (GPM / 100, "wrong", "100 times too small"),
        (GPM / 1000, "wrong", "1,000 times too small"),
        (1000 * round(GPM, 1), "wrong", "1,000 times too large"),
        (-GPM, "wrong", "sign"),
        ("6428.6", "wrong", "is a text ('6428.6')"),
        (None, "wrong", "is None"),
        (True, "wrong", "True or False"),
        (np.bool_(True), "wrong", "True or False"),
        (float("nan"), "wrong", "NaN"),
        (pd.NA, "wrong", ""),
        (pd.NaT, "wrong", ""),
        (float("inf"), "wrong", "infinite"),
        (1j, "wrong", "complex"),
        (len, "wrong", "is a function"),
        ([1.0, 2.0], "wrong", "is a list with 2 values"),
        (pd.Series([1, 2, 3]), "wrong", "is a Series with 3 values"),
        (pd.DataFrame({"a": [1, 2], "b": [3, 4]}), "wrong", "is a DataFrame with 4 values"),
        ({"a": 1, "b": 2}, "wrong", "is a dict with 2 values"),
        (object(), "wrong", "is a object"),
        (10**400, "wrong", ""),
        (..., "not attempted", "Replace the dots by your answer (gpm)"),
        ([1, ...], "not attempted", ""),
        ({"a": [..., 1]}, "not attempted", ""),
        (pd.Series([1, ...], dtype=object), "not attempted", ""),
        (pd.DataFrame({"a": [...]}), "not attempted", ""),
    ],
    ids=lambda value: str(type(value).__name__),
)
def test_answer_to_one_field(answer, state, words):
    found = verdict("0.1a", answer)
    assert found.state == state and words in found.sentence, found


def test_answers_to_several_fields():
    right = dict(click_rate=190 / 1400, ctor=50 / 190, best="A")
    assert verdict("0.1b", *right.values()).state == "right"
    assert verdict("0.1b", **right).state == "right"
    assert verdict("0.1b", right).state == "right"
    assert verdict("0.1b", pd.Series(right, dtype=object)).state == "right"
    assert verdict("0.1b", list(right.values())).state == "right"
    assert verdict("0.1b", right["click_rate"], right["ctor"], " a ").state == "right"
    assert verdict("0.1b", 0.1, ..., "A").state == "not attempted"
    found = str(verdict("0.1b", 13.57, 50 / 1400, "B"))
    assert "Click rate: That looks like per cent. Give a fraction: 0.31, not 31." in found
    assert "CTOR: You divided orders by views" in found and "Better broadcast: B sells more" in found
    assert str(verdict("0.1b", right["click_rate"], 0.5, "A")).endswith("Right already: Click rate, Better broadcast.")
    assert "You gave 2" in str(verdict("0.1b", 0.1, 0.2))
    assert "one of these texts" in str(verdict("0.1b", 0.1, 0.2, 3))
    assert "'C' is not one of the answers" in str(verdict("0.1b", 0.1, 0.2, "C"))
    assert verdict("0.1b", right["click_rate"], right["ctor"], pd.Series(["A"])).state == "right"
    assert verdict("0.1b", right["click_rate"], right["ctor"], np.array(["a"])).state == "right"
    assert "one of these texts" in str(verdict("0.1b", 0.1, 0.2, ["A", "B"]))
    assert "asks for 3 answers" in str(verdict("0.1b", click_rate=0.1))


def test_very_many_choices_are_not_all_listed():
    assert _listed("AB") == "A, B"
    assert _listed([f"P{n:03d}" for n in range(1, 61)]) == "P001, P002, …, P060"


def test_missing_table_is_named():
    class Empty:
        def __contains__(self, name):
            return False

    found = verdict("0.1a", 1.0, tables=Empty())
    assert found.state == "not attempted" and "needs the table streams" in found.sentence


def test_cases_follow_the_tables():
    other = type(TABLES)(streams=TABLES.streams.assign(views=[100, 100]))
    assert verdict("0.1a", 45000.0, tables=other).state == "right"
    assert verdict("0.1a", 45000.0).state == "wrong"


def test_a_mistake_in_a_free_answer_is_no_traceback():
    assert "could not be used: TypeError" in str(verdict("0.1c", [1, 2, 3]))


def test_a_choice_with_letters_takes_the_letter_or_its_sentence():
    @exercise("0.2e", title="Read", hint="h", fields=[Field("reading", "In words", options={"A": "It fell.",
                                                                                            "B": "It rose <b>."})])
    class Read(Exercise):
        praise = explain = "It rose."

        def right(self):
            return "B"

        def mistakes(self):
            yield "A", "It did not fall."

    for answer in ("B", " b", "B.", "It rose <b>.", "it rose <b>", "B. It rose <b>.", "B: It rose <b>."):
        assert verdict("0.2e", answer).state == "right", answer
    assert str(verdict("0.2e", "a")) == "Not yet. It did not fall."
    assert "'' is not one of the answers: A, B." in str(verdict("0.2e", ""))
    assert "must be one of these letters, between quotes: A, B." in str(verdict("0.2e", 2))
    assert audit("0.2e") == []
    shown = boxes(Read, TABLES)
    assert 'value="B"> <span>B. It rose &lt;b&gt;.</span>' in shown
    _registry.pop("0.2e")


@pytest.mark.parametrize(("value", "decimals", "shown"), [
    (-12.825, 2, "-12.83"), (0.125, 2, "0.13"), (2.5, 0, "3"), (-2.5, 0, "-3"), (1.005, 2, "1.01"),
    (1234567.895, 2, "1,234,567.90"), (1e21, 1, "1,000,000,000,000,000,000,000.0"), (-0.0004, 3, "-0.000"),
])
def test_a_wrong_number_is_written_as_the_page_writes_it(value, decimals, shown):
    """As toLocaleString of answers.js in a browser: halves away from zero, by the digits that were typed."""
    assert _written(value, decimals) == shown


@pytest.mark.parametrize(("value", "words"), [(3145230.4, "3145230"), (2.5, "2.5"), (12345678.5, "12345700")])
def test_a_number_that_is_not_whole_is_told_as_the_page_tells_it(value, words):
    assert outside(Field("n", "Orders", whole=True), value) == f"{words} is no whole number, and one is asked."
