"""The wrong answers that a check recognises: an exercise's own mistakes, its variants, and slips that anybody makes.

A `Case` has the values that a slip gives, and the sentence that names it. Several may fit one answer; the first
by rank wins, then the one that explains more fields, then the nearest; a named one of several fields, which fits by no
accident, comes before all:

    SHORT    the right answer, rounded to one decimal too few (unless the exercise names that number)
    NAMED    the exercise's mistakes, and its variants as a whole
    PART     one field of a variant, or the right answer rounded coarsely
    RARE     the exercise's rarer mistakes, in the fields in which they can be told from the right answer
    MOVED    a value that belongs to another field
    SLIP     per cent for a fraction, minutes for seconds, the ratio for the change …
    MADE     one amount of the exercise, or one divided by another

All are values, computed beforehand, so that the book's page judges by the same list (static/answers.js); only what
is made of amounts is so many that the page makes it itself.
"""

import math
import re
from dataclasses import dataclass
from itertools import combinations

SHORT, NAMED, PART, RARE, MOVED, SLIP, MADE = range(7)
_TENS = {0: "a whole number", -1: "tens", -2: "hundreds", -3: "thousands"}
_WORDS = ("no", "one", "two", "three", "four", "five", "six")


@dataclass(frozen=True)
class Case:
    """A wrong answer to recognise: field -> value, how near each must be met (a choice: 0), sentence, and rank."""

    values: dict
    sentence: str
    margins: dict
    rank: int

    def distance(self, answers):
        """How far these answers (field -> value) are off, in margins; above 1 the case does not fit."""
        return max(_far(answers[name], value, self.margins[name]) for name, value in self.values.items())

    def overlaps(self, other):
        """Whether the two are about the same fields, and an answer for one would pass for the other."""
        return set(self.values) == set(other.values) and (
            self.distance(other.values) <= 1 or other.distance(self.values) <= 1)


def _far(answer, value, margin):
    if isinstance(value, str):
        return 0.0 if answer.strip().casefold() == value.strip().casefold() else math.inf
    return abs(answer - value) / max(margin, 1e-9 * abs(value), 1e-15)


def all_cases(asked, right):
    """The cases of an exercise on its tables, all ranks; `right` is field -> value. Those that coincide are merged."""
    fields = {one.name: one for one in asked.fields}
    named, parts = [], []
    for values, sentence in named_values(asked):
        named.append(_case(fields, right, values, sentence, NAMED))
    for values, sentence in variant_values(asked):
        changed = {name: value for name, value in values.items() if _differs(fields[name], value, right[name])}
        if changed:
            named.append(_case(fields, right, changed, sentence, NAMED))
        if len(changed) > 1:
            parts += [_case(fields, right, {name: value}, sentence, PART) for name, value in changed.items()]
    rarer = []
    for values, sentence in _told(asked, asked.rarer()):
        changed = {name: value for name, value in values.items() if _differs(fields[name], value, right[name])}
        if changed:
            rarer.append(_case(fields, right, changed, sentence, RARE))
    cases = [*_merged(named), *_without_twins(parts), *_merged(rarer)]
    numeric = [one for one in asked.fields if not one.options]
    for one in numeric:
        cases += [case for case in _rounded(one, right[one.name]) if not _told_of(case, [*named, *rarer])]
        cases += _slips(one, right[one.name])
        cases += _made(one, right[one.name], asked.amounts().get(one.name, {}))
    return [*cases, *_moved(numeric, right)]


def named_values(asked):
    """The mistakes that an exercise lists, as (field -> plain Python value, sentence)."""
    return [(asked.named(values), sentence) for values, sentence in asked.mistakes()]


def variant_values(asked):
    """What `right` gives in each variant of an exercise, as (field -> plain Python value, sentence)."""
    return _told(asked, asked.variants())


def _told(asked, found):
    """(A changed exercise or values, sentence) as (field -> plain value, sentence); NaN and infinity left out."""
    for other, sentence in found:
        values = asked.named(other.right() if isinstance(other, type(asked)) else other)
        known = {name: value for name, value in values.items() if isinstance(value, str) or math.isfinite(value)}
        yield known, sentence


def coincidences(asked):
    """Mistakes and variants that cannot be told from the right answer or from each other, as sentences."""
    fields, right = {one.name: one for one in asked.fields}, asked.key.right
    trials = [*named_values(asked), *variant_values(asked)]
    found, named = [], []
    for values, sentence in trials:
        changed = {name: value for name, value in values.items() if _differs(fields[name], value, right[name])}
        if changed:
            named.append(_case(fields, right, changed, sentence, NAMED))
        else:
            found.append(f"{asked.id}: {values} counts as right, and should be told: {sentence}")
    return found + [
        f"{asked.id}: {one.values} is told two ways: {one.sentence!r} and {other.sentence!r}"
        for one, other in combinations(named, 2) if one.sentence != other.sentence and one.overlaps(other)]


def _differs(one, value, right):
    return value != right if one.options else abs(value - right) > one.margin


def _case(fields, right, values, sentence, rank):
    margins = {name: 0 if fields[name].options else _margin(fields[name], value, right[name])
               for name, value in values.items()}
    return Case(values, sentence, margins, rank)


def _margin(one, value, right):
    """How near a mistake must be met: a value 100 times as large was rounded 100 times as coarsely."""
    scale = abs(value / right) if right and abs(value) > abs(right) else 1.0
    return one.margin * (scale if round(scale) in (100, 1000) else 1.0)


def _merged(cases):
    """Cases that coincide, on these tables, as one that says both."""
    merged = []
    for case in cases:
        near = next((i for i, other in enumerate(merged) if case.overlaps(other)), None)
        if near is None:
            merged.append(case)
        elif case.sentence not in merged[near].sentence:
            one = merged[near]
            merged[near] = Case(one.values, f"{one.sentence} Or: {case.sentence}", one.margins, one.rank)
    return merged


def _told_of(rounded, named):
    """Whether the exercise itself names this very value: 48,790 is 48,788 in tens, and the rows of an outer join."""
    return any(case.values.keys() == rounded.values.keys() and case.overlaps(rounded)
               and all(abs(case.values[name] - value) <= 1e-9 for name, value in rounded.values.items())
               for case in named)


def _without_twins(cases):
    """Cases that say the same of the same value only once."""
    return list({(*case.values.items(), case.sentence): case for case in cases}.values())


# -- slips that anybody makes ----------------------------------------------------------------------------


def _rounded(one, right):
    """The right answer rounded to fewer decimals than asked, or cut off instead of rounded."""
    for value in (math.floor(right * 10**one.decimals), math.ceil(right * 10**one.decimals)):
        value /= 10**one.decimals
        if abs(value - right) > one.margin:
            yield Case({one.name: value}, "Almost: round to the nearest, do not cut off.", {one.name: 1e-9}, PART)
    asked = {0: "it is asked to the unit", 1: "one decimal is asked"}.get(
        one.decimals, f"{_WORDS[one.decimals]} decimals are asked")
    for places in range(one.decimals - 1, one.decimals - 4, -1):
        value = round(right, places) + 0.0
        if 10.0**-places > abs(right) or abs(value - right) <= one.margin or not value:
            continue
        given = _TENS.get(places) or f"{_WORDS[places]} decimal{'s' * (places != 1)}"
        digits = 2 if abs(value) >= 9.5 * 10.0**-places else 1
        if digits == 1 and places < 0:
            continue  # a round number such as 20 or 500 is met in many ways
        told = "is right as far as it goes" if digits == 2 else "could be right"
        sentence = f"That {told}, but rounded to {given}: {asked}."
        yield Case({one.name: value}, sentence, {one.name: 1e-9}, SHORT if places == one.decimals - 1 else PART)


def _moved(fields, right):
    """Values of one field given in another: two exchanged, or one in the wrong place."""
    for one, other in combinations(fields, 2):
        mine, theirs = right[one.name], right[other.name]
        if abs(mine - theirs) <= 2 * max(one.margin, other.margin):
            continue
        yield Case({one.name: theirs, other.name: mine},
                   f"These two stand in each other's place: {one.title}, and {other.title}.",
                   {one.name: other.margin, other.name: one.margin}, MOVED)
        for here, there in ((one, other), (other, one)):
            yield Case({here.name: right[there.name]}, f"That is the answer for “{there.title}”.",
                       {here.name: there.margin}, MOVED)


def _slips(one, right):
    """Mistakes of unit and scale that anybody makes with any number."""
    if not math.isfinite(right) or abs(right) <= 3 * one.margin:
        return  # near zero nothing can be told
    for value, sentence in [*_units(one, right), *_scales(one, right)]:
        if not one.decimals and 0 < value < 20 and abs(value - round(value)) <= 0.005 * value:
            continue  # a small whole number is met in many ways
        grown = max(1.0, abs(value / right))
        # As coarsely as the answer may be rounded, before the slip or after it, and never beyond recognition.
        margin = min(one.margin * grown, 0.02 * abs(value))
        if math.isfinite(value) and abs(value - right) > one.margin + margin:
            yield Case({one.name: value}, sentence, {one.name: margin}, SLIP)


# How many times too large or too small: what was mixed up then.
_TIMES = (
    (100, "per cent, or fen for yuan", "a fraction for per cent, or yuan for fen"),
    (1000, "per one or per thousand, seconds or milliseconds", "per one or per thousand"),
    (60, "seconds for minutes, or per hour for per minute", "minutes for seconds, or per minute for per hour"),
    (3600, "seconds and hours", "seconds and hours"),
    (7, "a week and a day", "a week and a day"),
    (26, "the season's 26 weeks and one", "one of the season's 26 weeks and all"),
    (10, "a slip of the decimal point", "a slip of the decimal point"),
    (6, "the season's six months and one", "one of the season's six months and all"),
    (24, "an hour and a day", "an hour and a day"),
)


def _units(one, right):
    unit = f" The answer is asked in {one.unit}." if one.unit else ""
    fraction = one.unit.startswith("fraction")
    if fraction:
        yield 100 * right, "That looks like per cent. Give a fraction: 0.31, not 31."
        yield -100 * right, "The sign is wrong, and it looks like per cent."
    else:
        yield -100 * right, f"The sign is wrong, and it is 100 times too large.{unit}"
    for times, large, small in _TIMES:
        if times != 100 or not fraction:
            yield times * right, f"That is {times:,} times too large: {large}?{unit}"
        yield right / times, f"That is {times:,} times too small: {small}?{unit}"
    yield 2 * right, f"That is twice the answer: is something in it twice?{unit}"
    yield right / 2, f"That is half of the answer: is half of it missing?{unit}"
    yield -right, "The size is right, but the sign is wrong."


def _scales(one, right):
    """A ratio, share or effect on another scale than the one asked; whole numbers and amounts have none."""
    if one.unit.startswith("per cent"):
        falls = re.search(r"\b(?:fewer|less|lower|falls?|loses?|lost|drops?)\b", one.title, re.I)
        yield from _changes(-right / 100, -1) if falls else _changes(right / 100)
    if not one.decimals or abs(right) > 20:
        return
    unit = f" Asked is: {one.unit}." if one.unit else ""
    if 0 < right < 1:
        yield 1 - right, f"That is the rest: 1 minus the answer.{unit}"
        yield right / (1 - right), f"Those are odds, the part by the rest. A share is the part by the whole.{unit}"
    if right > 0:
        yield math.log(right), f"That is the logarithm of the answer: `np.exp` takes it back.{unit}"
        yield math.sqrt(right), f"That is the square root of the answer.{unit}"
        yield right / (1 + right), f"You divided by the whole that holds the part already, or by the value after.{unit}"
    yield 100 * (1 - right), f"That is the rest in per cent: 100 less the answer in per cent.{unit}"
    yield right - 1, f"That is the answer less 1: a change, in place of the ratio.{unit}"
    yield right + 1, f"That is the answer plus 1: a ratio, in place of the change.{unit}"
    yield 100 * (right - 1), f"That is the change in per cent, in place of the ratio.{unit}"
    yield 1 / right, f"That is the answer upside down: what stands below belongs above.{unit}"
    yield right**2, f"That is the square of the answer: a variance, or a factor used twice?{unit}"
    yield math.exp(right), f"That is `np.exp` of the answer: asked is the logarithm itself.{unit}"
    yield math.expm1(right), f"You turned it into a relative change (`np.expm1`); that was not asked.{unit}"
    if right > -1:
        yield math.log1p(right), f"That is on the log scale: `np.expm1` turns it into a change.{unit}"


def _changes(change, sign=1):
    """A change that is asked in per cent, on other scales; sign: -1 where a fall is asked as a positive number."""
    if change > -1:
        log = sign * math.log1p(change)
        yield log, "That is a difference of logarithms. `100 * np.expm1(…)` makes it a change in per cent."
        yield 100 * log, "That is 100 times a difference of logarithms. `np.expm1` makes it a relative change."
        yield 1 + change, "That is the ratio. Asked is the change in per cent."
        yield 100 * (1 + change), "That is the ratio in per cent. Asked is the change: 100 less."
        yield 100 * (1 / (1 + change) - 1), "You compared the other way round: divide by the value without it."


# -- amounts of the exercise, divided by one another -------------------------------------------------------


def _made(one, right, amounts):
    """One amount, or one divided by another (also times 1,000), where the answer has digits enough to tell."""
    forms = [(value, f"That is {name}.") for name, value in amounts.items()]
    for above, whole in amounts.items():
        for below, part in amounts.items():
            if above != below and part:
                forms += [(whole / part, f"That could be {above}, divided by {below}."),
                          (1000 * whole / part, f"That could be 1,000 × {above}, divided by {below}.")]
    for value, sentence in forms:
        if one.margin <= 0.006 * abs(value) and _differs(one, value, right):
            told = f"{sentence} Asked is: {one.unit or one.title}."
            yield Case({one.name: value}, told, {one.name: one.margin}, MADE)
