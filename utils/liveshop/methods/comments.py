"""What are they asking? A small, open dictionary that tags comments, and how often it is wrong.

A dictionary can be read, argued about and mended by the team in an afternoon; that is worth some
accuracy. It is only as good as its error rate on comments that a person has labelled, so
:func:`tag_errors` belongs to every use.

Chinese is cut into words by rjieba (the segmenter jieba, in Rust), so that 粉丝 holds no silk and 贵姓 no price; where
that package has no build, as in a browser's Python, by the longest word known at each place (:func:`segmenter` says
which). Words after 不, 没有, not, never … count as their contrary, and a question judges nothing: 没有色差 praises,
有没有色差 asks about the goods. Irony, slips of typing and words that are not in the dictionary are missed:
:func:`error_rates` says how often.

Looked at and left alone: jieba itself (no release since 2020), spacy-pkuseg and HanLP (large models).
"""

from __future__ import annotations

from importlib import resources

import numpy as np
import pandas as pd

from liveshop.methods import _comment_words
from liveshop.methods._comment_reading import Lexicon, count, read, segmenter  # noqa: F401  a part of this module

TOPICS = _comment_words.TOPICS      # topic -> words, English and Chinese
OTHER = "chat"                      # what no word catches
# Of topics with equally many hits the first wins: a complaint about the price is a complaint.
ORDER = ("complaint", "picture", "size", "price", "service", "shipping", "material", "praise")


def tag(texts, topics=None):
    """Topic of each comment: the one with most words in it, ``chat`` where none is found.

    ``topics``: {topic: words parted by spaces}, by default :data:`TOPICS` with "praise" and "complaint" for what judges
    the goods or the shop. Returns a Series like ``texts``.
    """
    texts = pd.Series(texts)
    if topics is None:
        order = ORDER

        def hits_of(text):
            return read(text)[0]
    else:
        own, order = Lexicon(topics, [word for text in topics.values() for word in text.split()]), list(topics)

        def hits_of(text):
            return count(text, own)

    def one(text):
        hits = hits_of(text)
        best = max(order, key=lambda topic: hits.get(topic, 0))                # the first of equals
        return best if hits.get(best, 0) else OTHER

    # Rooms repeat themselves: each different text is read once.
    plain = texts.fillna("").astype(str)
    found = {text: one(text) for text in plain.unique()}
    return plain.map(found).rename("topic")


def tag_errors(tags, labels):
    """How good the tags are, on comments that a person labelled.

    Comments without a label are left out. One row a topic: labelled, tagged, precision (right /
    tagged), recall (right / labelled); ``.attrs["error_rate"]`` is wrong / all labelled, with its 95 %
    interval in ``.attrs["error_interval"]`` (Wilson). Test on labels that were not used to
    choose the words, or the error rate flatters.
    Raises ValueError when no comment has a label.
    """
    from statsmodels.stats.proportion import proportion_confint

    pair = pd.DataFrame({"tag": np.asarray(tags, object), "label": np.asarray(labels, object)})
    pair = pair[pair["label"].notna() & (pair["label"] != "")]
    if pair.empty:
        raise ValueError("No comment has a label: let a person label a hundred of them first.")
    right = pair["tag"] == pair["label"]
    names = sorted(set(pair["label"]) | set(pair["tag"]))
    table = pd.DataFrame({
        "labelled": pair["label"].value_counts().reindex(names, fill_value=0),
        "tagged": pair["tag"].value_counts().reindex(names, fill_value=0),
        "right": pair.loc[right, "tag"].value_counts().reindex(names, fill_value=0)})
    table["precision"] = table["right"] / table["tagged"].where(table["tagged"] > 0)
    table["recall"] = table["right"] / table["labelled"].where(table["labelled"] > 0)
    table.index.name = "topic"
    wrong = int((~right).sum())
    table.attrs["error_rate"] = wrong / len(pair)
    table.attrs["error_interval"] = tuple(float(v) for v in proportion_confint(wrong, len(pair), method="wilson"))
    return table.drop(columns="right")


def labelled_comments():
    """706 comments with topic and mood: 604 Chinese, 102 English; columns half, language, topic, mood, text.

    Written and labelled for this course by one author, in the manner of live rooms; none is taken from a real one. The
    words of the dictionary were chosen on the half "tune". The half "report" was written after most of them stood, in
    other words than theirs on purpose, and no word was chosen by its labels (a few were added so that both segmenters
    cut it alike): harder than a room, which mostly repeats itself.
    """
    return pd.read_csv(resources.files("liveshop.methods") / "labelled-comments.csv", keep_default_na=False)


def error_rates(of="topic", half="report", language="zh"):
    """How often :func:`tag` (``of="topic"``) or :func:`mood` (``of="mood"``) is wrong on :func:`labelled_comments`.

    ``half``: "report", or "tune" for those by which the words were chosen, which flatters; ``language``: "zh" or "en".
    Returns a table as :func:`tag_errors`. Raises ValueError on other values.
    """
    readers = {"topic": tag, "mood": mood}
    for value, known in ((of, list(readers)), (half, ["report", "tune"]), (language, ["zh", "en"])):
        if value not in known:
            raise ValueError(f'{value!r} is not known: choose "{known[0]}" or "{known[1]}".')
    labelled = labelled_comments()
    labelled = labelled[(labelled["half"] == half) & (labelled["language"] == language)]
    return tag_errors(readers[of](labelled["text"]), labelled[of])


def corrected_shares(tags, errors_tags, labels):
    """Shares of topics among all comments, corrected for the tagger's known errors.

    ``tags``: tags of all comments; ``errors_tags`` and ``labels``: tags and labels of those a person
    read, drawn at random. Each tag's comments are shared out over topics as its labelled ones were.
    Returns tagged (raw share) and corrected, one row a topic.
    """
    pair = pd.DataFrame({"tag": np.asarray(errors_tags, object), "label": np.asarray(labels, object)}).dropna()
    truth_given_tag = pd.crosstab(pair["tag"], pair["label"], normalize="index")
    raw = pd.Series(np.asarray(tags, object)).value_counts(normalize=True)
    names = sorted(set(raw.index) | set(truth_given_tag.columns))
    corrected = pd.Series(0.0, index=names)
    for topic, share in raw.items():
        if topic in truth_given_tag.index:
            corrected = corrected.add(share * truth_given_tag.loc[topic], fill_value=0.0)
        else:
            corrected[topic] += share                 # never labelled: nothing to correct it by
    table = pd.DataFrame({"tagged": raw.reindex(names, fill_value=0.0), "corrected": corrected.reindex(names)})
    table.index.name = "topic"
    return table


def mood(texts):
    """Mood of each comment: +1 good, −1 bad, 0 neither. "Not nice" and 不好看 are bad, 没有色差 is good.

    Of as many good words as bad ones the last decides; a question (好看吗) judges nothing. Irony is not understood.
    """
    texts = pd.Series(texts).fillna("").astype(str)
    found = {text: read(text)[1] for text in texts.unique()}
    return texts.map(found).rename("mood")
