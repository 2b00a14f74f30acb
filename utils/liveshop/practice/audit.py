"""Testing what authors write: does an exercise take the right answer and name every mistake that it lists?"""

from liveshop.practice.cases import NAMED, coincidences, named_values
from liveshop.practice.exercise import NOT_ATTEMPTED, RIGHT, WRONG, bound, find, tables_in_use
from liveshop.practice.judge import reason, verdict

NO_NUMBERS = ("twelve", None, float("nan"), float("inf"), [1, 2, 3], print, True, 1j)
NO_ANSWERS = (None, "x", [], {}, object(), float("nan"))


def audit(id, tables=None):
    """Try an exercise: right answer, every mistake, untouched stub, nonsense. Returns problems (a list of sentences).

    An empty list means: the right answer is right, each listed mistake gets its own sentence, the
    stub is not attempted, and no answer ends in an error.
    """
    spec, tables = find(id), tables_in_use(tables)
    missing = spec.missing(tables)
    if missing:
        return [f"{id} needs {', '.join(missing)}, which the tables lack"]
    asked = bound(tables, spec)
    stub = (...,) * max(len(spec.fields), 1)
    trials = [*(_field_trials(asked) if spec.fields else _free_trials(asked)),
              (stub, {}, NOT_ATTEMPTED, "", "the stub"), ((), {}, NOT_ATTEMPTED, "", "no answer at all")]
    problems = [problem for trial in trials if (problem := _tried(id, tables, *trial))]
    if spec.fields:
        problems += coincidences(asked)
        if not any(one.rank == NAMED for one in asked.key.cases):
            problems.append(f"{id} lists no mistake")
    problems += [problem for bad in NO_ANSWERS if (problem := _taken(id, tables, bad))]
    texts = {"praise": asked.praise, "explain": asked.explain, "hint": "".join(spec.hints)}
    return problems + [f"{id} has no {what}" for what, text in texts.items() if not text.strip()]


def _free_trials(asked):
    """(answers, named answers, state and words that they must get, what they are) of an exercise with a judge."""
    for i, answer in enumerate(asked.examples_right(), 1):
        yield (answer,), {}, RIGHT, "", f"right example {i}"
    for answer, words in asked.examples_wrong():
        yield (answer,), {}, WRONG, words, f"wrong example for {words!r}"


def _field_trials(asked):
    """The same of an exercise with fields."""
    right, fields = asked.named(asked.right()), asked.fields
    yield (), right, RIGHT, asked.praise, "the right answer"
    rounded = {one.name: right[one.name] if one.options else round(right[one.name], one.decimals) for one in fields}
    yield (), rounded, RIGHT, asked.praise, "the right answer, rounded"
    for other in asked.key.rights[1:]:
        yield (), other, RIGHT, asked.praise, f"the other answer {other}"
    for values, sentence in named_values(asked):
        yield (), {**right, **values}, WRONG, sentence, f"the mistake {values}"
    for one in fields:
        if not one.options:
            far = 7.3 * right[one.name] + 10 * one.margin
            yield (), {**right, one.name: far}, WRONG, "", f"{one.name} 7.3 times too large"
    for bad in NO_NUMBERS:
        yield (), {**right, fields[0].name: bad}, WRONG, "", f"the answer {bad!r}"


def _tried(id, tables, answers, named, state, words, what):
    """The problem that these answers show, or ""."""
    try:
        found = verdict(id, *answers, tables=tables, **named)
    except Exception as error:
        return f"{id}: {what} ends in {reason(error)}"
    if found.state != state or words not in found.sentence:
        return f"{id}: {what} is {str(found)!r}; expected {state}: {words!r}"
    return ""


def _taken(id, tables, bad):
    """The problem that an answer of no kind is taken for right, or ""."""
    try:
        return f"{id}: {bad!r} is taken for right" if verdict(id, bad, tables=tables).state == RIGHT else ""
    except Exception as error:
        return f"{id}: {bad!r} ends in {reason(error)}"
