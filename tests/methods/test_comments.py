"""Comments: topics and mood in two languages, and tags put right."""

import importlib.util
import sys

import numpy as np
import pytest

from liveshop.methods import _comment_reading as reading
from liveshop.methods import comments


def test_topics_and_mood_in_two_languages():
    texts = [
        "How much is it?",
        "多少钱",
        "165cm 50kg which size",
        "尺码偏大吗",
        "love it",
        "不好看",
        "not nice",
        "卡了 没声音",
        "hello from Suzhou",
        None,
        "<b>good</b>",
    ]
    assert comments.tag(texts).tolist() == [
        "price",
        "price",
        "size",
        "size",
        "praise",
        "complaint",
        "complaint",
        "picture",
        "chat",
        "chat",
        "praise",
    ]
    assert comments.mood(texts).tolist() == [0, 0, 0, 0, 1, -1, -1, -1, 0, 0, 1]
    assert comments.tag(["colourful cat"], {"animals": "cat dog*"}).tolist() == ["animals"]
    assert comments.tag(["concatenate"], {"animals": "cat dog*"}).tolist() == ["chat"]


def test_tag_errors_by_hand():
    table = comments.tag_errors(["size", "size", "price", "chat", "size"], ["size", "price", "price", "size", None])
    assert table.loc["size", "precision"] == 0.5 and table.loc["size", "recall"] == 0.5
    assert table.loc["price", "precision"] == 1.0 and table.loc["price", "recall"] == 0.5
    assert table.attrs["error_rate"] == 0.5
    with pytest.raises(ValueError, match="label"):
        comments.tag_errors(["size"], [None])


def test_corrected_shares_undo_a_known_error():
    rng = np.random.default_rng(0)
    labels = rng.choice(["size", "price"], 20_000, p=[0.3, 0.7])
    tags = np.where((labels == "price") & (rng.random(20_000) < 0.4), "size", labels)
    table = comments.corrected_shares(tags, tags[:2000], labels[:2000])
    assert table.loc["size", "tagged"] > 0.55 and table.loc["size", "corrected"] == pytest.approx(0.3, abs=0.03)


@pytest.mark.parametrize("text, topic, mood", [
    ("粉丝多吗", "chat", 0), ("我是美国回来的", "chat", 0), ("扫码进来的", "chat", 0), ("主播贵姓", "chat", 0),
    ("没有色差", "praise", 1), ("有没有色差", "material", 0), ("色差有点大", "complaint", -1),
    ("没有骗人", "praise", 1),
    ("wouldn't recommend", "complaint", -1), ("wouldn’t recommend", "complaint", -1), ("not bad", "praise", 1),
    ("不太好看", "complaint", -1), ("好看吗", "chat", 0), ("好看是好看，就是掉色", "complaint", -1),
    ("不得不说好看", "praise", 1), ("太贵了", "price", -1), ("加V领福利 质量好", "chat", 0),
    ("", "chat", 0), ("？？", "chat", 0)])
def test_words_are_words_and_a_not_turns_them(text, topic, mood):
    assert (comments.tag([text]).item(), comments.mood([text]).item()) == (topic, mood)


def test_error_rates_on_comments_that_a_person_would_write():
    """Words chosen for comments find them; on others the dictionary is wrong often, and then mostly silent."""
    labelled = comments.labelled_comments()
    assert (labelled.language == "zh").sum() >= 300 and not labelled.text.duplicated().any()
    assert set(labelled.topic) == {*comments.ORDER, comments.OTHER} and set(labelled.mood) == {-1, 0, 1}
    own, other = comments.error_rates(half="tune"), comments.error_rates()
    assert own.attrs["error_rate"] < 0.15 and 0.35 < other.attrs["error_rate"] < 0.5
    assert comments.error_rates("mood").attrs["error_rate"] < 0.27
    missed = other.loc[comments.OTHER, "tagged"] - other.loc[comments.OTHER, "labelled"]
    assert missed > 0.7 * other.attrs["error_rate"] * other.labelled.sum()
    with pytest.raises(ValueError, match="choose"):
        comments.error_rates("anger")


def test_reading_without_a_segmenter_is_the_same_on_these(monkeypatch):
    """A browser's Python has no rjieba: the longest match reads the labelled comments alike, and the name says so."""
    labelled = comments.labelled_comments()
    here = comments.error_rates("topic").round(6), comments.tag(labelled.text), comments.mood(labelled.text)
    assert comments.segmenter().startswith("rjieba" if importlib.util.find_spec("rjieba") else "longest match")
    monkeypatch.setitem(sys.modules, "rjieba", None)
    for cached in (reading._cutter, reading.lexicon):
        cached.cache_clear()
    try:
        assert comments.segmenter() == "longest match"
        assert comments.error_rates("topic").round(6).equals(here[0])
        assert comments.tag(labelled.text).equals(here[1]) and comments.mood(labelled.text).equals(here[2])
    finally:
        for cached in (reading._cutter, reading.lexicon):
            cached.cache_clear()
