"""The map and the glossary: what stands in them, and how a mistake in them is told."""

import copy
import json

import pytest
import yaml
from jsonschema import Draft202012Validator

from common import ROOT
from liveshop import shapes
from liveshop.editions.sources import course_map, glossary

MAP = ROOT / "book" / "course.yml"
GLOSSARY = ROOT / "book" / "reference" / "glossary.yml"
SCHEMAS = sorted((ROOT / "utils" / "liveshop").rglob("*.schema.json"))


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name)
def test_schema_is_one(path):
    Draft202012Validator.check_schema(json.loads(path.read_text(encoding="utf-8")))


def test_map_and_glossary_have_their_shape():
    assert course_map() == course_map(MAP) == yaml.safe_load(MAP.read_text(encoding="utf-8"))["chapters"]
    assert glossary() == glossary(GLOSSARY) == yaml.safe_load(GLOSSARY.read_text(encoding="utf-8"))


def without(name):
    return lambda thing: thing.pop(name)


def with_(**values):
    return lambda thing: thing.update(values)


@pytest.mark.parametrize(
    ("chapter", "section", "change", "words"),
    [
        (5, None, without("question"), "course.yml, chapters 5: the chapter has no question."),
        (5, None, with_(question="Who"), "chapters 5, question: the question is 'Who'; it must be one sentence that"),
        (5, None, with_(status="done"), "the status is 'done'; it is planned, or ready"),
        (5, None, with_(notebook="05_live.ipynb"), "write its path like notebooks/05-live-operations.ipynb"),
        (5, None, with_(colour="red"), "the chapter has an unknown name 'colour'; known are number, title"),
        (5, 1, without("minutes"), "chapters 5, sections 5.2: the section has no minutes, which a section of a ready"),
        (5, 1, with_(minutes={"reading": 5}), "minutes: the minutes lack doing; write {reading: 25, doing: 50}."),
        (5, 1, with_(exercises=["5.2"]), "an exercise is called '5.2'; write a section and a letter, such as 5.1a."),
        (5, 1, with_(tables="streams"), "names of tables must be a list such as"),
        (1, 0, without("title"), "chapters 1, sections 1.1: the section has no title, which"),
    ],
)
def test_a_faulty_map_is_told_in_words(chapter, section, change, words, tmp_path):
    chapters = copy.deepcopy(course_map())
    one = next(one for one in chapters if one["number"] == chapter)
    change(one if section is None else one["sections"][section])
    path = tmp_path / "course.yml"
    path.write_text(yaml.safe_dump({"chapters": chapters}), encoding="utf-8")
    with pytest.raises(shapes.ShapeError) as told:
        course_map(path)
    assert words in str(told.value) and str(told.value).startswith("course.yml") and "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x: 1", "glossary.yml: must be a list of terms"),
        ("- {en: GPM, zh: 千次观看成交金额, pinyin: a}", "glossary.yml, entry GPM: the term has no meaning."),
        ("- {en: GPM, zh: gpm, pinyin: a, meaning: b}", "entry GPM, zh: the Chinese is 'gpm'."),
        ("- {en: GPM, zh: 金额, pinyin: a, meaning: b, and more}", "unknown name 'and more'; known are en, zh, pinyin"),
        ("- {en: '', zh: 金额, pinyin: a, meaning: b}", "entry 1, en: there must be a text here"),
        ("- [", "glossary.yml could not be read"),
    ],
)
def test_a_faulty_glossary_is_told_in_words(text, words, tmp_path):
    path = tmp_path / "glossary.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(shapes.ShapeError) as told:
        glossary(path)
    assert words in str(told.value) and "\n" not in str(told.value)


def test_a_map_that_is_not_there_is_told_in_words(tmp_path):
    with pytest.raises(shapes.ShapeError, match="There is no file course.yml"):
        course_map(tmp_path / "course.yml")
