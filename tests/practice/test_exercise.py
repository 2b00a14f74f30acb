"""Exercises: every one of the course is tried, and the audit that tries them can fail."""

import gc
import importlib
import re
import weakref
from pathlib import Path

import pytest

from example.page import TABLES
from liveshop import practice
from liveshop.practice import Exercise, Field, Verdict, audit, exercise
from liveshop.practice.exercise import _registry, bound

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ("0.1a", "0.1b", "0.1c")


def course_exercises():
    ids = set()
    for path in (ROOT / "utils/liveshop/course").rglob("section_*.py"):
        ids |= set(re.findall(r'@exercise\(\s*"([^"]+)"', path.read_text(encoding="utf-8")))
    return sorted(ids)


@pytest.fixture(scope="module")
def course_tables():
    from liveshop import load

    if not (ROOT / "data" / "streams.parquet").exists():
        pytest.skip("the course data are not there; run make data")
    return load(ROOT / "data")


@pytest.mark.parametrize("id", course_exercises())
def test_exercise_of_the_course(id, course_tables):
    assert audit(id, course_tables) == []


@pytest.mark.parametrize("id", EXAMPLES)
def test_example_exercise(id):
    assert audit(id, TABLES) == []


# -- the auditor itself must be able to fail --------------------------------------------------------


def test_audit_finds_what_is_wrong_with_an_exercise():
    @exercise("0.2a", title="Bad", fields=[Field("x", decimals=0)], hint="h")
    class Bad(Exercise):
        praise, explain = "p", "e"

        def right(self):
            return 10

        def mistakes(self):
            yield 10.2, "cannot be told from the right answer"
            yield 20, "first"
            yield 20.1, "second"

    found = " ".join(audit("0.2a", TABLES))
    assert "counts as right, and should be told: cannot be told" in found
    assert "is told two ways: 'first' and 'second'" in found

    @exercise("0.2b", title="Takes anything", hint="h")
    class Anything(Exercise):
        praise, explain = "p", ""

        def judge(self, answer):
            return Verdict("right", "")

        def examples_right(self):
            return [1]

        def examples_wrong(self):
            return [(2, "")]

    found = " ".join(audit("0.2b", TABLES))
    assert "wrong example" in found and "has no explain" in found and "is taken for right" in found

    @exercise("0.2c", title="No mistake", fields=[Field("x")], hint="h")
    class NoMistake(Exercise):
        praise, explain = "p", "e"

        def right(self):
            return 5

        def mistakes(self):
            return []

    assert audit("0.2c", TABLES) == ["0.2c lists no mistake"]
    for id in ("0.2a", "0.2b", "0.2c"):
        _registry.pop(id)


def test_declarations_are_refused_in_words():
    with pytest.raises(ValueError, match="such as '5.4a'"):
        exercise("gpm", title="", hint="")
    with pytest.raises(ValueError, match="lacks right"):
        exercise("0.3a", title="", hint="", fields=[Field("x")])(type("A", (Exercise,), {}))
    both = {"judge": 1, "examples_right": 1, "examples_wrong": 1}
    with pytest.raises(ValueError, match="either fields or a judge"):
        exercise("0.3a", title="", hint="", fields=[Field("x")])(type("A", (Exercise,), both))
    with pytest.raises(ValueError, match="made from Exercise"):
        exercise("0.3a", title="", hint="")(type("A", (), both))


def test_there_is_one_instance_for_each_set_of_tables_and_it_keeps_none_alive():
    first, second = (type(TABLES)(streams=TABLES.streams) for _ in range(2))
    gpm = practice.find("0.1a")
    assert bound(first, gpm) is bound(first, gpm) and bound(first, gpm) is not bound(second, gpm)
    assert bound(first, gpm).tables is first
    gone = weakref.ref(first)
    del first
    gc.collect()
    assert gone() is None


def test_a_section_that_cannot_be_imported_is_not_taken_for_a_missing_exercise(monkeypatch):
    def broken(name):
        raise ModuleNotFoundError("No module named 'lifelines'", name="lifelines")

    monkeypatch.setattr(importlib, "import_module", broken)
    with pytest.raises(ModuleNotFoundError, match="lifelines"):
        practice.find("9.9a")
