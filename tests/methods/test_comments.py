"""Comments: topics and mood in two languages, and tags put right."""

import numpy as np
import pytest

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
        "praise",
        "praise",
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
