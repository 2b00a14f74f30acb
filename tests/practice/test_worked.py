"""Worked solutions: what is left of a solution cell when the learner's part is taken out."""

import pytest

from liveshop import practice
from liveshop.practice.worked import BEGIN, END, only_solution, worked


@pytest.mark.parametrize("stub, kept", [
    ("x = ...", ""),
    ("x, y = ..., ...     # two numbers", ""),
    ("room = rows.loc[1]\nx = ...", "room = rows.loc[1]\n"),
    ('setting = {"smoothing": ..., "width": ...}', ""),
    ("lines = [\n    ...,      # what fell\n    ...,\n]", ""),
    ("this is no Python", "this is no Python\n"),
])
def test_the_stub_goes_and_what_it_prepares_stays(stub, kept):
    assert only_solution(f"{stub}\n{BEGIN}\nx = first[..., 0]\n{END}") == f"{kept}x = first[..., 0]"


def test_dots_in_a_solution_of_one_block_stay():
    cell = f"def f(x):\n    {BEGIN}\n    return x[..., 0]\n    {END}"
    assert only_solution(cell) == "def f(x):\n    return x[..., 0]"


def test_every_exercise_of_the_course_has_one():
    assert not [one.id for one in practice.exercises() if one.id[0] != "0" and not one.worked()]
    assert worked("0.1a") == worked("5.9z") == worked("nonsense") == ""
