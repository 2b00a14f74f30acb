"""From the text of a comment to words, clauses and what they say: how :mod:`liveshop.methods.comments` reads."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from liveshop.methods import _comment_words as words

CLASSES = {**words.TOPICS, "good": words.GOOD, "bad": words.BAD, "strong": words.STRONG, "defect": words.DEFECTS,
           "fault": words.FAULTS, "sour": words.SOUR, "sweet": words.SWEET, "not": words.NEGATORS,
           "but": words.CONTRASTS, "ask": words.ASKING, "goods": words.GOODS, "spam": words.SPAM}
REACH = 3               # so many words after a negator are turned by it
OFTEN = 20_000          # how often the dictionary's words occur, for the segmenter: they win over longer rare ones
CHINESE = "\u3400-\u9fff"
TWICE = re.compile(rf"(?<![不没])([{CHINESE}])[不没]\1")      # 好不好, 有没有: a question; 不错不错 is none
CLAUSE = re.compile(rf"[,.!;~、。…:\n]+|(?<=[{CHINESE}])\s+|\s+(?=[{CHINESE}])")
MEASURES = {            # what is told by figures and signs: height and weight in one go, sizes; money
    "size": re.compile(r"(?<!\d)1[4-9]\d(?:cm)?\s*[,，、/ ]\s*\d{2,3}(?!\d)|\d['’]\d|"
                       r"(?<![a-z0-9'’])(?:x*[sml]|\dx?l)(?![a-z0-9'’])", re.I),
    "price": re.compile(r"满[\d一二三四五六七八九十百千]+减|[¥￥]\s?\d|(?<!\d)\d{2,4}\s?(?:块|元)|"
                        r"[一二三四五六七八九]百[一二三四五六七八九]?十?(?:块|元|出头)"),
}


def segmenter():
    """What cuts Chinese into words here: "rjieba …" where that package is installed, else "longest match"."""
    return _cutter(())[0]


@cache
def _cutter(more):
    """Name and function (text to words) of the segmenter, which knows the words of the dictionary and ``more``."""
    known = {word for text in [*CLASSES.values(), words.OTHERS] for word in text.split() if not word.isascii()}
    known |= {word for word in more if not word.isascii()}
    try:
        import rjieba
    except ImportError:                                     # no build for a browser's Python
        return "longest match", _longest_match(known)
    from importlib.metadata import version

    jieba = rjieba.Jieba()
    for word in sorted(known):
        if len(word) > 1:
            jieba.add_word(word, OFTEN, None)
    return f"rjieba {version('rjieba')}", lambda text: jieba.cut(text, False)


def _longest_match(known):
    """Cut text by the longest known word at each place, into single characters elsewhere."""
    longest = max(map(len, known))

    def cut(text):
        found, at = [], 0
        while at < len(text):
            sizes = range(min(longest, len(text) - at), 1, -1)
            size = next((size for size in sizes if text[at:at + size] in known), 1)
            found.append(text[at:at + size])
            at += size
        return found

    return cut


class Lexicon:
    """Words by class, each class a text of words parted by spaces."""

    def __init__(self, classes, more=()):
        self.exact, self.begins, self.known = {}, {}, {}
        for name, text in classes.items():
            for word in text.lower().split():
                table = self.begins if word.endswith("*") else self.exact
                table.setdefault(word.rstrip("*"), set()).add(name)
        phrases = [word for word in [*self.exact, *words.OTHERS.split()] if word.isascii() and "-" in word]
        parts = [r"\b" + re.escape(word).replace(r"\-", "[ -]?") + r"\b"
                 for word in sorted(phrases, key=len, reverse=True)]
        self.pattern = re.compile("|".join([*parts, "[a-z]+(?:'[a-z]+)*", r"\d+", f"[{CHINESE}]+", r"\S"]))
        self.phrases = {word.replace("-", ""): word for word in phrases}
        self.cut = _cutter(tuple(more))[1]

    def classes(self, word):
        """The classes of a word; of beginnings that fit, those of the longest."""
        if word not in self.known:
            if word in self.exact:
                found = self.exact[word]
            else:
                fits = [begin for begin in self.begins if word.startswith(begin)]
                found = self.begins[max(fits, key=len)] if fits else ()
            self.known[word] = frozenset(found)
        return self.known[word]

    def clauses(self, text):
        """The clauses of a comment: lists of words, in lower case, with ? as a word."""
        text = unicodedata.normalize("NFKC", text).lower().replace("\u2019", "'")
        clauses = [[word for piece in self.pattern.findall(part) for word in self._parted(piece)]
                   for part in CLAUSE.split(text)]
        return [clause for clause in clauses if clause]

    def _parted(self, piece):
        """A run of Chinese as words; a negator that the segmenter left with a word of the dictionary is cut off."""
        if not "\u3400" <= piece[0] <= "\u9fff":
            return [self.phrases.get(re.sub("[ -]", "", piece), piece)]
        found = []
        for word in self.cut(piece):
            size = 0 if self.classes(word) else next(
                (size for size in (2, 1) if "not" in self.classes(word[:size]) and self.classes(word[size:])), 0)
            found += [word[:size], word[size:]] if size else [word]
        return found


@cache
def lexicon():
    """The course's own words."""
    return Lexicon(CLASSES)


def count(text, own):
    """{topic: words of it in the text}, for a :class:`Lexicon` of topics."""
    kinds = [kind for clause in own.clauses(text) for word in clause for kind in own.classes(word)]
    return {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)}


def read(text):
    """(hits, mood): how often each topic, "praise" and "complaint" is spoken of; and +1, −1 or 0."""
    own = lexicon()
    hits, verdicts = dict.fromkeys([*words.TOPICS, "praise", "complaint"], 0), []
    for topic, pattern in MEASURES.items():
        hits[topic] += len(pattern.findall(text))
    for clause in own.clauses(text):
        asks, weight, denied = _asks(clause, own), 1, Denial()
        for place, word in enumerate(clause):
            kinds = own.classes(word)
            if "spam" in kinds:
                return {}, 0
            if "but" in kinds:
                weight = 2
            side = _side(kinds, asks, denied.at(place))
            if "not" in kinds:
                denied.begin(place)
            for kind in kinds & words.TOPICS.keys():
                hits[kind] += 1
            if side and kinds & {"good", "bad", "strong", "defect"}:
                hits["praise" if side > 0 else "complaint"] += weight
            hits["picture"] += "fault" in kinds
            hits["material"] += asks and bool(kinds & {"defect", "goods"})
            if side:
                verdicts.append(side * weight)
    total = sum(verdicts) or (verdicts[-1] if verdicts else 0)
    return hits, (total > 0) - (total < 0)


class Denial:
    """How far a "not" reaches; a "not" right after a "not" undoes it."""

    def __init__(self):
        self.last, self.until = -2, -1

    def at(self, place):
        """Is the word at this place denied?"""
        return place <= self.until

    def begin(self, place):
        """A "not" stands here."""
        self.until = -1 if place == self.last + 1 and self.at(place) else place + REACH
        self.last = place


def _asks(clause, own):
    """Is it a question?"""
    last = next((word for word in reversed(clause) if word != "?"), "")
    return (clause[0] in words.ASKS_FIRST.split() or any("ask" in own.classes(word) for word in clause)
            or last in ("不", "没", "没有", "呢") or bool(TWICE.search("".join(clause))))


def _side(kinds, asks, denied):
    """+1 or −1 for a word that judges, 0 for another; in a question only the strongest words do."""
    side = 1 if kinds & {"good", "sweet"} else -1 if kinds & {"bad", "strong", "defect", "fault", "sour"} else 0
    if asks and not kinds & {"strong", "sour"}:
        return 0
    return -side if denied else side
