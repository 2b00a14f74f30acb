"""The engine of the exercises: what is right, which mistake it is, and how to say so.

An exercise is a class with the decorator `exercise`:

    @exercise("5.4a", title="GPM of a broadcast",
              fields=[Field("gpm", "GPM", "yuan per 1,000 views", decimals=1)],
              hint="The denominator is views, not viewers.", needs=("streams",))
    class Gpm:
        praise = "A view is an entry; one viewer may enter twice."
        explain = "GPM is 1,000 × GMV / views."

        def right(tables):
            return 1000 * tables.streams.gmv.sum() / tables.streams.views.sum()

        def mistakes(tables):
            streams = tables.streams
            yield 1000 * streams.gmv.sum() / streams.viewers.sum(), "You divided by viewers; GPM is per 1,000 views."

Right answers and mistakes are computed from the tables, never typed in. The same computed cases
judge an answer in a notebook (here) and in the book, where no kernel runs (book/_static/course.js).
"""

import html
import importlib
import inspect
import itertools
import math
import numbers
import os
import pkgutil
import re
import textwrap
import warnings
from contextlib import suppress
from dataclasses import dataclass, field

from liveshop import medium

RIGHT, WRONG, NOT_ATTEMPTED = "right", "wrong", "not attempted"

_registry = {}
_tables = None
_keys = {}
_count = itertools.count(1)


@dataclass(frozen=True)
class Field:
    """One answer of an exercise.

    name : the variable in the notebook; label : how the page calls it; unit : in words, such as
    "fraction" or "yuan per 1,000 views" (a unit that begins with "fraction" makes the page read
    31 % as 0.31); decimals : to how many an answer may be rounded;
    tolerance : how far it may be off, otherwise a little over half a unit of the last decimal;
    options : for a choice, the answers to choose from (texts).
    """

    name: str
    label: str = ""
    unit: str = ""
    decimals: int = 2
    tolerance: float | None = None
    options: tuple = ()

    @property
    def title(self):
        return self.label or self.name.replace("_", " ")

    @property
    def margin(self):
        return self.tolerance if self.tolerance is not None else 0.501 * 10.0**-self.decimals


@dataclass(frozen=True)
class Verdict:
    """What a check found: state ("right", "wrong", "not attempted"), sentence, share of points 0–1."""

    state: str
    sentence: str
    points: float | None = None

    @property
    def share(self):
        if self.points is not None:
            return min(max(float(self.points), 0.0), 1.0)
        return 1.0 if self.state == RIGHT else 0.0

    def __str__(self):
        return {RIGHT: "Right. ", WRONG: "Not yet. ", NOT_ATTEMPTED: "Not attempted. "}[self.state] + self.sentence


@dataclass(frozen=True)
class Exercise:
    """A declared exercise; see `exercise`."""

    id: str
    title: str
    fields: tuple
    hint: str
    needs: tuple
    points: float
    spec: type = field(repr=False)

    @property
    def praise(self):
        return getattr(self.spec, "praise", "")

    @property
    def explain(self):
        return getattr(self.spec, "explain", "")

    @property
    def free(self):
        """True when the exercise judges its answer itself."""
        return hasattr(self.spec, "judge")

    @property
    def code(self):
        """Source of the right answer: `code` of the class, otherwise the body of `right`."""
        if getattr(self.spec, "code", ""):
            return textwrap.dedent(self.spec.code).strip()
        if not hasattr(self.spec, "right"):
            return ""
        # In a notebook the answer gets its name instead of being returned.
        return re.sub(r"^return ", ", ".join(one.name for one in self.fields) + " = ", _body(self.spec.right), flags=re.M)


@dataclass(frozen=True)
class Key:
    """The answers of a field exercise on given tables: what is right and the cases to recognise.

    right : field name -> value. cases : list of (field name -> value, sentence), in the order in
    which they are tried; a case fits when every value it names is the answer given.
    """

    right: dict
    cases: list


def exercise(id, *, title, hint, fields=(), needs=(), points=1.0):
    """Declare the class below as exercise `id` ("5.4a": section 5.4, exercise a).

    With `fields` the class gives `right(tables)` (a value; a tuple or dict for several fields) and
    `mistakes(tables)`, which yields (value or {field: value}, sentence). Without them it gives
    `judge(answer, tables) -> Verdict`, `examples_right(tables)` (a list of answers) and
    `examples_wrong(tables)` (a list of (answer, words of the sentence it must get)).
    Both give `praise` (what follows "Right.") and `explain`; `code` replaces the source of `right`
    in the solution. `needs` names the tables it reads; `points` is its worth under a grader.
    """
    if not re.fullmatch(r"\d+\.\d+[a-z]", id):
        raise ValueError(f"Exercise id {id!r} must be a section and a letter, such as '5.4a'.")

    def declare(spec):
        made = Exercise(id, title, tuple(fields), hint, tuple(needs), float(points), spec)
        wanted = ("examples_right", "examples_wrong") if made.free else ("right", "mistakes")
        missing = [name for name in wanted if not hasattr(spec, name)]
        if missing:
            raise ValueError(f"Exercise {id} lacks {', '.join(missing)}.")
        if made.free == bool(made.fields):
            raise ValueError(f"Exercise {id} needs either fields or a judge.")
        _registry[id] = made
        _keys.clear()
        return spec

    return declare


def find(id):
    """The `Exercise` with this id; LookupError with one sentence when there is none."""
    if id not in _registry:
        match = re.fullmatch(r"(\d+)\.(\d+)[a-z]", str(id))
        if match:
            module = f"liveshop.course.chapter_{match[1]}.section_{match[1]}_{match[2]}"
            with suppress(ModuleNotFoundError):
                importlib.import_module(module)
    if id not in _registry:
        section = str(id).rstrip("abcdefghijklmnopqrstuvwxyz")
        near = sorted(known for known in _registry if known.startswith(section))
        raise LookupError(
            f"There is no exercise {id!r}. "
            + (f"Section {section} has {', '.join(near)}." if near else 'Ids look like "5.4a".')
        )
    return _registry[id]


def exercises():
    """All exercises of the course, in order of id."""
    import liveshop.course as package

    for module in pkgutil.walk_packages(package.__path__, "liveshop.course."):
        if module.name.rpartition(".")[2].startswith("section_"):
            importlib.import_module(module.name)
    return [_registry[id] for id in sorted(_registry, key=lambda id: (*map(int, re.findall(r"\d+", id)), id))]


def use(tables):
    """Judge answers on these tables from now on (None: the course's own, read when needed)."""
    global _tables
    _tables = tables
    _keys.clear()


def _current(tables=None):
    global _tables
    if tables is not None:
        return tables
    if _tables is None:
        from liveshop.tables import load

        _tables = load()
    return _tables


# -- judging ------------------------------------------------------------------------------------


def key(made, tables):
    """The `Key` of a field exercise. Computed once for each set of tables."""
    remembered = _keys.get(made.id)
    if remembered and remembered[0] is tables:
        return remembered[1]
    right = _named(made, made.spec.right(tables))
    cases = [(_named(made, values), sentence) for values, sentence in made.spec.mistakes(tables)]
    for one in made.fields:
        if not one.options:
            cases += _slips(one, right[one.name])
    _keys[made.id] = (tables, Key(right, cases))
    return _keys[made.id][1]


def _named(made, values):
    """Values as field name -> plain Python value."""
    if isinstance(values, dict):
        unknown = set(values) - {one.name for one in made.fields}
        if unknown:
            raise ValueError(f"Exercise {made.id} has no field {sorted(unknown)}.")
        named = dict(values)
    elif len(made.fields) == 1:
        named = {made.fields[0].name: values}
    else:
        values = list(values)
        if len(values) != len(made.fields):
            raise ValueError(f"Exercise {made.id} has {len(made.fields)} fields, but {len(values)} values were given.")
        named = {one.name: value for one, value in zip(made.fields, values)}
    options = {one.name: one.options for one in made.fields}
    return {name: str(value) if options[name] else float(value) for name, value in named.items()}


def _slips(one, right):
    """Mistakes of unit that anybody makes with any number."""
    unit = f" The answer is asked in {one.unit}." if one.unit else ""
    if one.unit.startswith("fraction"):
        hundred = "That looks like per cent. Give a fraction: 0.31, not 31."
    else:
        hundred = f"That is 100 times too large: per cent, or fen for yuan?{unit}"
    slips = [
        (100, hundred),
        (0.01, f"That is 100 times too small: a fraction for per cent, or yuan for fen?{unit}"),
        (1000, f"That is 1,000 times too large: per one or per thousand, seconds or milliseconds?{unit}"),
        (0.001, f"That is 1,000 times too small: per one or per thousand?{unit}"),
        (-1, "The size is right, but the sign is wrong."),
    ]
    if not math.isfinite(right) or abs(right) <= 3 * one.margin:
        return []  # near zero nothing can be told
    # Near enough to be seen, and never so near that the right answer would be taken for a slip.
    return [({one.name: factor * right}, sentence) for factor, sentence in slips if abs(factor * right - right) > 2 * one.margin]


def _fits(one, answer, value, right):
    if one.options:
        return answer.strip().casefold() == str(value).strip().casefold()
    # A value 100 times as large was rounded 100 times as coarsely.
    scale = abs(value / right) if right and abs(value) > abs(right) else 1.0
    return abs(answer - value) <= max(one.margin * (scale if round(scale) in (100, 1000) else 1.0), 1e-9 * abs(value))


def _not_attempted(answer):
    if answer is ...:
        return True
    if isinstance(answer, (str, bytes)) or answer is None:
        return False
    if isinstance(answer, dict):
        return any(map(_not_attempted, answer.values()))
    if isinstance(answer, (list, tuple, set)):
        return any(map(_not_attempted, answer))
    if getattr(answer, "dtype", None) == object or hasattr(answer, "dtypes"):
        try:
            import numpy as np

            return any(item is ... for item in np.asarray(answer, dtype=object).ravel())
        except Exception:
            return False
    return False


def _number(one, answer):
    """An answer as a float, or the sentence that says why it is none."""
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
        try:
            size = int(getattr(answer, "size", None) if not callable(getattr(answer, "size", None)) else len(answer))
        except Exception:
            try:
                size = len(answer)
            except Exception:
                size = None
        if size == 1:
            try:
                import numpy as np

                answer = np.asarray(answer).ravel()[0]
                return _number(one, answer.item() if hasattr(answer, "item") else answer)
            except Exception:
                pass
        kind = type(answer).__name__
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
        return None, f"{name} is infinite: something was divided by zero."
    return answer, ""


def _choice(one, answer):
    if not isinstance(answer, str):
        return None, f"{one.title} must be one of these texts: {', '.join(one.options)}."
    if answer.strip().casefold() not in {option.strip().casefold() for option in one.options}:
        return None, f"{one.title}: {_short(answer)} is not one of the answers: {', '.join(one.options)}."
    return answer, ""


def _short(text):
    text = " ".join(str(text).split())
    return repr(text if len(text) <= 30 else text[:29] + "…")


def _arrange(made, answers, named):
    """Answers as field name -> answer, or the sentence that says why not."""
    names = [one.name for one in made.fields]
    asked = f"Exercise {made.id} asks for {len(names)} answers: {', '.join(names)}." if len(names) > 1 else f"Exercise {made.id} asks for one answer: {names[0]}."
    if named and not answers:
        if set(named) != set(names):
            return None, asked
        return named, ""
    if named:
        return None, asked
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
        return None, f"{asked} You gave {len(answers)}."
    return dict(zip(names, answers)), ""


def _judge_fields(made, answers, named, tables):
    given, problem = _arrange(made, answers, named)
    if problem:
        return Verdict(WRONG, problem)
    values = {}
    for one in made.fields:
        values[one.name], problem = (_choice if one.options else _number)(one, given[one.name])
        if problem:
            return Verdict(WRONG, problem)
    answer_key = key(made, tables)
    said, right_count = [], 0
    fields = {one.name: one for one in made.fields}
    fits = {name: _fits(one, values[name], answer_key.right[name], answer_key.right[name]) for name, one in fields.items()}
    if all(fits.values()):
        return Verdict(RIGHT, made.praise)
    explained = set()
    for case, sentence in answer_key.cases:
        wrong = [name for name in case if not fits[name]]
        if not wrong or set(wrong) <= explained:
            continue
        if all(_fits(fields[name], values[name], value, answer_key.right[name]) for name, value in case.items()):
            explained.update(wrong)
            said.append(((f"{fields[wrong[0]].title}: " if len(fields) > 1 and len(wrong) == 1 else "") + sentence))
    for name, one in fields.items():
        right_count += fits[name]
        if fits[name] or name in explained:
            continue
        prefix = f"{one.title}: " if len(fields) > 1 else ""
        if one.options:
            said.append(f"{prefix}{values[name]} is not it.")
        else:
            direction = "too high" if values[name] > answer_key.right[name] else "too low"
            said.append(f'{prefix}{values[name]:,.{one.decimals}f} is {direction}. hint("{made.id}") helps.')
    if len(fields) > 1 and right_count:
        said.append("Right already: " + ", ".join(one.title for name, one in fields.items() if fits[name]) + ".")
    return Verdict(WRONG, " ".join(said))


def verdict(id, *answers, tables=None, **named):
    """Judge the answers to exercise `id` and return the `Verdict`; shows nothing.

    For a learner's answer nothing but LookupError (no such exercise) and TableError (the tables
    cannot be read) escapes.
    """
    made = find(id)
    everything = (*answers, *named.values())
    if not everything or any(map(_not_attempted, everything)):
        what = ", ".join(one.name for one in made.fields)
        return Verdict(NOT_ATTEMPTED, f"Replace the dots by your answer{f' ({what})' if what else ''}, run the cell, then run this one again.")
    tables = _current(tables)
    missing = [name for name in made.needs if "." not in name and name not in tables]
    if missing:
        return Verdict(NOT_ATTEMPTED, f"This exercise needs the table {', '.join(missing)}, which is not in your data folder.")
    if not made.free:
        return _judge_fields(made, answers, named, tables)
    answer = everything[0] if len(everything) == 1 else everything
    try:
        return made.spec.judge(answer, tables)
    except Exception as error:  # a learner's own function may fail in any way
        return Verdict(WRONG, f"Your answer could not be used: {_reason(error)}.")


def _reason(error):
    text = " ".join(str(error).split())
    return f"{type(error).__name__}{': ' + text if text else ''}"[:200].rstrip(".")


# -- showing ------------------------------------------------------------------------------------


def grading():
    """True where a grader runs the notebook (nbgrader sets NBGRADER_EXECUTION)."""
    return bool(os.environ.get("NBGRADER_EXECUTION"))


def check(id, *answers, tables=None, **named):
    """Check the answers to exercise `id` and say: right, which mistake it is, or not attempted.

    Answers come in the order of the exercise's fields, or by name. Shows a short message and
    returns None. A learner sees no traceback. Under a grader a wrong answer raises AssertionError
    with the sentence; a part of the points is returned as a number, as nbgrader wants it.
    """

    if medium.current() == "frames" and not grading():
        return _show_boxes(id, tables)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # nbgrader takes a line on stderr for a failure
            found = verdict(id, *answers, tables=tables, **named)
    except Exception as error:
        if grading():
            raise AssertionError(str(error)) from None
        found = Verdict(NOT_ATTEMPTED, str(error) if isinstance(error, (LookupError, ValueError)) else f"This check could not run: {_reason(error)}.")
        if isinstance(error, LookupError) and error.args:
            found = Verdict(NOT_ATTEMPTED, str(error.args[0]))
    if grading():
        if 0 < found.share < 1:
            return found.share * find(id).points
        if found.share < 1:
            raise AssertionError(str(found))
    medium.show(str(found), _verdict_html(found))
    return None


def hint(id):
    """Show the hint of exercise `id`."""
    _told(id, lambda made: (f"Hint. {made.hint}", f"<strong>Hint.</strong> {medium.text_html(made.hint)}"))


def solution(id):
    """Show the explanation of exercise `id` and the code that gives the right answer."""

    def say(made):
        code = made.code
        plain = f"Solution. {made.explain}" + (f"\n\n{code}" if code else "")
        return plain, f"<strong>Solution.</strong> {medium.text_html(made.explain)}" + (f"<pre>{html.escape(code)}</pre>" if code else "")

    _told(id, say)


def _told(id, say):
    try:
        plain, rich = say(find(id))
    except LookupError as error:
        plain, rich = error.args[0], html.escape(error.args[0])
    medium.show(plain, f'<div class="ls-check ls-told" style="{_STYLE.format("#5b6b7b")}">{rich}</div>')


_STYLE = "border-left:4px solid {};padding:.4em .9em;margin:.4em 0;line-height:1.5"
_MARKS = {RIGHT: ("✓", "#1f7a4d"), WRONG: ("✗", "#b3261e"), NOT_ATTEMPTED: ("…", "#5b6b7b")}


def _verdict_html(found):
    mark, colour = _MARKS[found.state]
    first, rest = str(found).split(". ", 1)
    return (
        f'<div class="ls-check ls-{found.state.replace(" ", "-")}" role="status" style="{_STYLE.format(colour)}">'
        f'<span aria-hidden="true">{mark}</span> <strong>{first}.</strong> {medium.text_html(rest)}</div>'
    )


def _show_boxes(id, tables=None):
    made = find(id)
    medium.show(f"Exercise {id}: {made.title}", boxes(made, tables))


def boxes(made, tables=None):
    """The exercise as an element of the book: answer boxes, hint and explanation, no kernel.

    The right answers and cases are written into the page; course.js judges by the same rules.
    """
    hint_html = f"<details><summary>Hint</summary><p>{medium.text_html(made.hint)}</p></details>"
    code = f"<pre tabindex=\"0\">{html.escape(made.code)}</pre>" if made.code else ""
    answer = f"<details><summary>Answer and explanation</summary><p>{medium.text_html(made.explain)}</p>{code}</details>"
    name = f"exercise-{made.id.replace('.', '-')}-{next(_count)}"
    title = f'<p class="ls-practice-title" id="{name}-title"><strong>Exercise {made.id}.</strong> {medium.text_html(made.title)}</p>'
    head = f'<section class="ls-practice" data-exercise="{made.id}" aria-labelledby="{name}-title">{title}'
    if not made.fields:
        return f"{head}{hint_html}{answer}</section>"
    tables = _current(tables)
    missing = [table for table in made.needs if "." not in table and table not in tables]
    if missing:
        note = f"<p>The table {html.escape(', '.join(missing))} is not in the data.</p>"
        return f"{head}{note}{hint_html}{answer}</section>"
    answer_key = key(made, tables)
    rows, fields = [], []
    for one in made.fields:
        box = f"{name}-{one.name}"
        unit = f' <span class="ls-unit">{medium.text_html(one.unit)}</span>' if one.unit else ""
        if one.options:
            options = "".join(
                f'<label><input type="radio" name="{box}" value="{html.escape(option)}"> <span>{medium.text_html(option)}</span></label>' for option in one.options
            )
            short = " ls-choice-short" if all(len(option) <= 12 for option in one.options) else ""
            rows.append(f'<fieldset class="ls-choice{short}" data-field><legend>{medium.text_html(one.title)}{unit}</legend>{options}</fieldset>')
        else:
            rows.append(
                f'<div class="ls-field" data-field><label for="{box}">{medium.text_html(one.title)}{unit}</label>'
                f'<input type="text" inputmode="decimal" autocomplete="off" id="{box}" size="10"></div>'
            )
        fields.append(
            {
                "name": one.name,
                "title": one.title,
                "choice": bool(one.options),
                "decimals": one.decimals,
                "margin": one.margin,
                "right": answer_key.right[one.name],
                "fraction": one.unit.startswith("fraction"),
            }
        )
    data = {"fields": fields, "cases": answer_key.cases, "praise": made.praise}
    return (
        f'{head}<form class="ls-answer" hidden>{"".join(rows)}<button type="submit">Check</button>'
        f'<p class="ls-verdict" role="status"></p></form>'
        f'<script type="application/json">{medium.script_json(data)}</script>{hint_html}{answer}</section>'
    )


# -- testing what authors write -----------------------------------------------------------------


def audit(id, tables=None):
    """Try an exercise: right answer, every mistake, untouched stub, nonsense. Returns problems.

    An empty list means: the right answer is right, each listed mistake gets its own sentence, the
    stub is not attempted, and no answer ends in an error.
    """
    made, tables, problems = find(id), _current(tables), []
    missing = [name for name in made.needs if "." not in name and name not in tables]
    if missing:
        return [f"{id} needs {', '.join(missing)}, which the tables lack"]

    def expect(answers, state, words, what, **named):
        try:
            found = verdict(id, *answers, tables=tables, **named)
        except Exception as error:
            problems.append(f"{id}: {what} ends in {_reason(error)}")
            return
        if found.state != state or words not in found.sentence:
            problems.append(f"{id}: {what} is {str(found)!r}; expected {state}: {words!r}")

    if made.free:
        for i, answer in enumerate(made.spec.examples_right(tables), 1):
            expect((answer,), RIGHT, "", f"right example {i}")
        for answer, words in made.spec.examples_wrong(tables):
            expect((answer,), WRONG, words, f"wrong example for {words!r}")
    else:
        right = _named(made, made.spec.right(tables))
        expect((), RIGHT, made.praise, "the right answer", **right)
        rounded = {one.name: right[one.name] if one.options else round(right[one.name], one.decimals) for one in made.fields}
        expect((), RIGHT, made.praise, "the right answer, rounded", **rounded)
        mistakes = [(_named(made, values), sentence) for values, sentence in made.spec.mistakes(tables)]
        if not mistakes:
            problems.append(f"{id} lists no mistake")
        for values, sentence in mistakes:
            expect((), WRONG, sentence, f"the mistake {values}", **{**right, **values})
        for one in made.fields:
            if not one.options:
                expect((), WRONG, "", f"{one.name} 7.3 times too large", **{**right, one.name: 7.3 * right[one.name] + 10 * one.margin})
        for bad in ("twelve", None, float("nan"), float("inf"), [1, 2, 3], print, True, 1j):
            expect((), WRONG, "", f"the answer {bad!r}", **{**right, made.fields[0].name: bad})
    count = max(len(made.fields), 1)
    expect((...,) * count, NOT_ATTEMPTED, "", "the stub")
    expect((), NOT_ATTEMPTED, "", "no answer at all")
    for bad in (None, "x", [], {}, object(), float("nan")):
        try:
            if verdict(id, bad, tables=tables).state == RIGHT:
                problems.append(f"{id}: {bad!r} is taken for right")
        except Exception as error:
            problems.append(f"{id}: {bad!r} ends in {_reason(error)}")
    for what, text in (("praise", made.praise), ("explain", made.explain), ("hint", made.hint)):
        if not text.strip():
            problems.append(f"{id} has no {what}")
    return problems


def _body(function):
    """The lines of a function below its head and docstring."""
    try:
        lines = textwrap.dedent(inspect.getsource(function)).splitlines()
    except (OSError, TypeError):
        return ""
    body = textwrap.dedent("\n".join(lines[1:])).strip()
    return re.sub(r'^"""[\s\S]*?"""\s*', "", body)
