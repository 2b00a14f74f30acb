"""Answers sent to a grader: they arrive as they were, and nothing that a kernel may send is more than an answer."""

import json

import numpy as np
import pandas as pd
import pytest

from common import ROOT
from liveshop import load, practice
from liveshop.practice import grade
from liveshop.practice.exercise import bound, find


@pytest.fixture(scope="module")
def tables():
    return load(ROOT / "data")


@pytest.mark.parametrize("id", ["5.2b", "5.4a", "6.2d"])
def test_answers_are_judged_as_the_check_judges_them(id, tables):
    made = bound(tables, find(id))
    if made.fields:
        right = made.key.right
        given = [right, *({name: factor * value for name, value in right.items()} for factor in (0.1, -1, 100))]
    else:
        given = [*made.examples_right(), *(answer for answer, _ in made.examples_wrong())]
    assert len(given) > 3
    for answer in given:
        here = practice.verdict(id, answer, tables=tables)
        assert grade.marked(id, grade.packed(id, answer), tables) == here, answer


@pytest.mark.parametrize("answer", [
    1, 2.5, True, None, "S0227", ..., [1, (2, ...)], {"a": 1, 2: "b"}, {"S1", "S2"}, float("inf"),
])
def test_plain_values_arrive_as_they_were(answer):
    (found,) = json.loads(grade.packed("5.2b", answer))["answers"]
    assert grade._value(found) == answer


def test_tables_and_numbers_of_numpy_arrive():
    def sent(answer):
        return grade._value(json.loads(json.dumps(grade._plain(answer))))

    frame = pd.DataFrame({"photo": [1, 2]}, index=["basics", "office"])
    pd.testing.assert_frame_equal(sent(frame), frame)
    series = pd.Series([0.5, 1.5], index=pd.MultiIndex.from_tuples([("a", 1), ("b", 2)]))
    assert sent(series).tolist() == [0.5, 1.5]
    assert sent(np.float64(0.5)) == 0.5 and sent(np.array([1, 2])) == [1, 2] and sent(pd.Index(["a"])) == ["a"]


def test_a_result_in_place_of_its_number_is_named(tables):
    class Effect:
        estimate = 5 / 9

    said = grade.marked("5.2b", grade.packed("5.2b", Effect(), 2 / 9), tables)
    assert said.share == 0 and ".estimate" in said.sentence


@pytest.mark.parametrize("sent", [
    "", "[]", "{", '{"id": "5.2b"}', '{"id": "5.2a", "answers": [0.5, 0.5, "A"], "named": {}}',
    '{"id": "5.2b", "answers": [["frame", 1], 2], "named": {}}',
    '{"id": "5.2b", "answers": [["list"], 2], "named": {}}',
    '{"id": "5.2b", "answers": ' + '["list", [' * 5000 + "]]" * 5000 + ', "named": {}}', "x" * (grade.LARGEST + 1),
    '{"id": "5.2b", "answers": [["result", ["float", ["dict", [["__float__", 1]]]]], 2], "named": {}}',
])
def test_what_no_answer_is_gives_no_points(sent, tables):
    said = grade.marked("5.2b", sent, tables)
    assert said.share == 0 and said.sentence
