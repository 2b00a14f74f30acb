"""Judging an answer: is it right, and if not, which mistake is it?"""

import math
import numbers
from decimal import ROUND_HALF_UP, Context, Decimal

import numpy as np

from liveshop.practice.cases import NAMED
from liveshop.practice.exercise import NOT_ATTEMPTED, RIGHT, WRONG, Verdict, bound, find, tables_in_use
from liveshop.practice.results import several, within


def verdict(id, *answers, tables=None, **named):
    """Judge the answers to exercise `id` and return the `Verdict`; shows nothing.

    For a learner's answer nothing but LookupError (no such exercise) and TableError (the tables
    cannot be read) escapes.
    """
    spec = find(id)
    everything = (*answers, *named.values())
    if not everything or any(map(not_attempted, everything)):
        names = ", ".join(one.name for one in spec.fields)
        yours = f"your answer{f' ({names})' if names else ''}"
        return Verdict(NOT_ATTEMPTED, f"Replace the dots by {yours}, run the cell, then run this one again.")
    tables = tables_in_use(tables)
    missing = ", ".join(spec.missing(tables))
    if missing:
        return Verdict(NOT_ATTEMPTED, f"This exercise needs the table {missing}, which is not in your data folder.")
    asked = bound(tables, spec)
    if spec.fields:
        return _judge_fields(asked, answers, named)
    answer = everything[0] if len(everything) == 1 else everything
    try:
        return asked.judge(answer)
    except Exception as error:  # a learner's own function may fail in any way
        return Verdict(WRONG, f"Your answer could not be used: {reason(error)}.")


def reason(error):
    """An exception in at most 200 characters."""
    text = " ".join(str(error).split())
    return f"{type(error).__name__}{': ' + text if text else ''}"[:200].rstrip(".")


def not_attempted(answer):
    """Whether an answer is, or holds, the dots of the stub."""
    if answer is ...:
        return True
    if isinstance(answer, (str, bytes)) or answer is None:
        return False
    if isinstance(answer, dict):
        return any(map(not_attempted, answer.values()))
    if isinstance(answer, (list, tuple, set)):
        return any(map(not_attempted, answer))
    if getattr(answer, "dtype", None) == np.dtype(object) or hasattr(answer, "dtypes"):
        try:
            return any(item is ... for item in np.asarray(answer, dtype=object).ravel())
        except Exception:
            return False
    return False


# -- answers to fields --------------------------------------------------------------------------


def _judge_fields(asked, answers, named):
    given, problem = _arrange(asked, answers, named)
    if problem and len(answers) == 1:
        wanted = [list(right.values()) for right in asked.key.rights if not any(one.options for one in asked.fields)]
        place = several(answers[0], len(asked.fields), lambda found: any(
            all(map(_fits, asked.fields, found, right)) for right in wanted))
        problem += f" Give its `{place}`." if place else ""
    if problem:
        return Verdict(WRONG, problem)
    values, rights = {}, asked.key.rights
    for one in asked.fields:
        wanted = [right[one.name] for right in rights]
        values[one.name], problem = (
            _choice(one, given[one.name]) if one.options else _number(one, given[one.name], wanted))
        if problem:
            return Verdict(WRONG, problem)
    met = [{one.name: _fits(one, values[one.name], right[one.name]) for one in asked.fields} for right in rights]
    fits = max(met, key=lambda fits: sum(fits.values()))
    if all(fits.values()):
        return Verdict(RIGHT, asked.praise)
    said, explained = _recognised(asked, values, fits)
    said += [_direction(asked, one, values[one.name]) for one in asked.fields
             if not fits[one.name] and one.name not in explained]
    if len(asked.fields) > 1 and any(fits.values()):
        said.append("Right already: " + ", ".join(one.title for one in asked.fields if fits[one.name]) + ".")
    return Verdict(WRONG, " ".join(said))


def _recognised(asked, values, fits):
    """Sentences of the cases that fit the wrong answers, and the names of the fields that they explain.

    A named case of several fields wins, then the first rank, then the case that explains most fields, then the
    nearest. A sentence that explains several fields, one by one, is said once.
    """
    fitting = []
    for place, case in enumerate(asked.key.cases):
        wrong = [name for name in case.values if not fits[name]]
        far = case.distance(values) if wrong else math.inf
        if far <= 1:
            rank = -1 if case.rank == NAMED and len(wrong) > 1 else case.rank
            fitting.append((rank, -len(wrong), far, place, wrong, case.sentence))
    told, explained = {}, set()
    for *_, wrong, sentence in sorted(fitting):
        if not set(wrong) <= explained:
            explained.update(wrong)
            told.setdefault(sentence, []).append(wrong)
    titles = {one.name: one.title for one in asked.fields}
    return [_prefix(titles, wrong) + sentence for sentence, wrong in told.items()], explained


def _prefix(titles, found):
    """Which fields a sentence is about: nothing where there is one field, or where the sentence is about several."""
    if len(titles) == 1 or len(found[0]) > 1:
        return ""
    return ", ".join(titles[wrong[0]] for wrong in found) + ": "


def _direction(asked, one, value):
    """What can be said of a wrong answer that no case explains."""
    prefix = f"{one.title}: " if len(asked.fields) > 1 else ""
    if one.options:
        return f"{prefix}{value} is not it."
    if beyond := outside(one, value):
        return prefix + beyond
    direction = "too high" if value > asked.key.right[one.name] else "too low"
    return f'{prefix}{_written(value, one.decimals)} is {direction}. hint("{asked.id}") helps.'


def _written(value, decimals):
    """A number as the page writes it: the digits as they were typed, halves away from zero (-12.825 is -12.83)."""
    step = Decimal(1).scaleb(-decimals)
    return f"{Decimal(repr(float(value))).quantize(step, ROUND_HALF_UP, Context(prec=400)):,}"


def outside(one, value):
    """What is impossible about a number, whatever the right one is: a sentence, or ""."""
    least, most = one.bounds
    if one.whole and value != round(value):
        return f"{float(f'{value:.6g}'):.15g} is no whole number, and one is asked."     # as the page writes it
    if not least <= value <= most:
        bound = f"above {most:g}" if value > most else f"below {least:g}"
        return f"It cannot be {bound}{f', as a {one.unit}' if one.unit.startswith('fraction') else ''}."
    return ""


def _fits(one, answer, value):
    if one.options:
        return answer.strip().casefold() == str(value).strip().casefold()
    return abs(answer - value) <= max(one.margin, 1e-9 * abs(value))


def _arrange(asked, answers, named):
    """Answers as field name -> answer, or the sentence that says why not."""
    names = [one.name for one in asked.fields]
    wanted = (f"Exercise {asked.id} asks for {len(names)} answers: {', '.join(names)}." if len(names) > 1
              else f"Exercise {asked.id} asks for one answer: {names[0]}.")
    if named and not answers:
        return (named, "") if set(named) == set(names) else (None, wanted)
    if named:
        return None, wanted
    if len(answers) == 1 and len(names) > 1:
        answer = answers[0]
        if isinstance(answer, dict) or hasattr(answer, "to_dict"):
            try:
                found = dict(answer) if isinstance(answer, dict) else answer.to_dict()
                if set(names) <= set(found):
                    return {name: found[name] for name in names}, ""
            except Exception:
                pass
        if isinstance(answer, (list, tuple)) or getattr(answer, "ndim", 0) == 1:
            answers = tuple(answer)
    if len(answers) != len(names):
        return None, f"{wanted} You gave {len(answers)}."
    return dict(zip(names, answers, strict=True)), ""


def _number(one, answer, rights):
    """An answer as a float, or the sentence that says why it is none; `rights` are what may be asked for."""
    name = one.title
    if answer is None:
        return None, f"{name} is None. Did the last line of your code give a value?"
    if isinstance(answer, str):
        return None, f"{name} is a text ({_short(answer)}). Give a number, without quotes or signs such as % and ¥."
    if isinstance(answer, bool) or type(answer).__name__ == "bool_":
        return None, f"{name} is True or False. Give a number."
    if callable(answer):
        return None, f"{name} is a function. Call it, with brackets, and give its result."
    if not isinstance(answer, numbers.Number):
        size = _size(answer)
        if size == 1:
            try:
                answer = np.asarray(answer).ravel()[0]
                return _number(one, answer.item() if hasattr(answer, "item") else answer, rights)
            except Exception:
                pass
        kind = type(answer).__name__
        place = within(answer, lambda value: any(_fits(one, value, right) for right in rights))
        if place:
            return None, f"{name} is a whole {kind}. One number is asked: its `{place}`."
        many = f" with {size:,} values" if size not in (None, 1) else ""
        return None, f"{name} is a {kind}{many}. One number is asked: did you forget to sum, or to choose a row?"
    if isinstance(answer, complex):
        return None, f"{name} is a complex number. Give a real one."
    try:
        answer = float(answer)
    except Exception:
        return None, f"{name} could not be read as a number."
    if math.isnan(answer):
        return None, f"{name} is NaN, not a number: a missing value or 0 / 0 went into it."
    if math.isinf(answer):
        return None, f"{name} is infinite: it has no end, or something was divided by zero. A finite number is asked."
    return answer, ""


def _size(answer):
    """How many values an answer holds, or None."""
    try:
        size = getattr(answer, "size", None)
        return int(len(answer) if size is None or callable(size) else size)
    except Exception:
        return None


def _choice(one, answer):
    """An answer as one of the options, or the sentence that says why it is none; a letter's text, or both, will do."""
    lettered = isinstance(one.options, dict)
    if not isinstance(answer, str) and _size(answer) == 1:
        try:
            answer = np.asarray(answer, dtype=object).ravel()[0]
        except Exception:
            pass
    if not isinstance(answer, str):
        kind = "letters" if lettered else "texts"
        return None, f"{one.title} must be one of these {kind}, between quotes: {_listed(one.options)}."
    plain = {_plain(words): option for option, shown in one.choices for words in (option, shown)}
    if lettered:
        plain |= {_plain(words): letter for letter, text in one.options.items()
                  for words in (text, f"{letter}: {text}")}
    plain |= {_plain(words): option for words, option in one.also.items()}
    if _plain(answer) not in plain:
        return None, f"{one.title}: {_short(answer)} is not one of the answers: {_listed(one.options)}."
    return plain[_plain(answer)], ""


def _listed(options):
    """The options, or of very many the first two and the last."""
    options = list(options)
    return ", ".join(options if len(options) <= 12 else [*options[:2], "…", options[-1]])


def _plain(text):
    return text.strip().rstrip(".").replace("_", " ").casefold()


def _short(text):
    text = " ".join(str(text).split())
    return repr(text if len(text) <= 30 else text[:29] + "…")
