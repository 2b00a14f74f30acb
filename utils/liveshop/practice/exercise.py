"""What an exercise is: its fields, what is right on given tables, and the mistakes to recognise.

An exercise is a class with the decorator `exercise`, bound to its tables:

    @exercise("5.4a", title="GPM of a broadcast",
              fields=[Field("gpm", "GPM", "yuan per 1,000 views", decimals=1)],
              hint="The denominator is views, not viewers.", needs=("streams",))
    class Gpm(Exercise):
        praise = "A view is an entry; one viewer may enter twice."
        explain = "GPM is 1,000 × GMV / views."

        def right(self):
            return 1000 * self.tables.streams.gmv.sum() / self.tables.streams.views.sum()

        def mistakes(self):
            streams = self.tables.streams
            yield 1000 * streams.gmv.sum() / streams.viewers.sum(), "You divided by viewers; GPM is per 1,000 views."

There is one instance for each set of tables (see `bound`), so what several answers need is a
`functools.cached_property`. Right answers and mistakes are computed from the tables, never typed in.
The same computed cases judge an answer in a notebook (`judge`) and in the book, where no kernel runs
(static/answers.js).
"""

import importlib
import inspect
import math
import pkgutil
import re
import textwrap
from dataclasses import dataclass
from functools import cached_property
from weakref import ref

from liveshop.tables.memory import once_per_tables
from liveshop.tables.places import COURSE

RIGHT, WRONG, NOT_ATTEMPTED = "right", "wrong", "not attempted"

_registry = {}                   # id -> class of the exercise
_in_use = None                   # the tables on which answers are judged


@dataclass(frozen=True)
class Field:
    """One answer of an exercise.

    name : the variable in the notebook; label : how the page calls it; unit : in words, such as
    "fraction" or "yuan per 1,000 views" (a unit that begins with "fraction" makes the page read
    31 % as 0.31); decimals : to how many an answer may be rounded;
    tolerance : how far it may be off, otherwise a little over half a unit of the last decimal;
    options : for a choice, the answers to choose from (texts). Long ones have letters, as in {"A": "It fell.", …}:
    the letter is the answer.
    """

    name: str
    label: str = ""
    unit: str = ""
    decimals: int = 2
    tolerance: float | None = None
    options: tuple | dict = ()

    @property
    def title(self):
        return self.label or self.name.replace("_", " ")

    @property
    def choices(self):
        """The answers to choose from, each with the words in which a page shows it."""
        if isinstance(self.options, dict):
            return [(letter, f"{letter}. {text}") for letter, text in self.options.items()]
        return [(text, text) for text in self.options]

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
class Key:
    """The answers of a field exercise on given tables: what is right and the cases to recognise.

    right : field name -> value. cases : list of (field name -> value, sentence), in the order in
    which they are tried; a case fits when every value it names is the answer given.
    """

    right: dict
    cases: list


class Exercise:
    """An exercise on given tables; the base of all of them.

    With fields a class gives `right(self)` (a value; a tuple or dict for several fields) and
    `mistakes(self)`, which yields (value or {field: value}, sentence). Without them it gives
    `judge(self, answer) -> Verdict`, `examples_right(self)` (a list of answers) and
    `examples_wrong(self)` (a list of (answer, words of the sentence it must get)).
    All give `praise` (what follows "Right.") and `explain`; `code` replaces the source of `right`
    in the solution. The decorator `exercise` adds id, title, fields, hint, needs and points.
    """

    id = title = hint = praise = explain = code = ""
    fields = needs = ()
    points = 1.0

    def __init__(self, tables):
        try:
            self._held = ref(tables)     # the instance is remembered as long as the tables live, and no longer
        except TypeError:
            self._held = lambda: tables

    @property
    def tables(self):
        """The tables on which this instance judges."""
        return self._held()

    @cached_property
    def key(self):
        """The `Key` of a field exercise on these tables."""
        right = self.named(self.right())
        cases = self.named_mistakes()
        for one in self.fields:
            if not one.options:
                cases += _slips(one, right[one.name])
        return Key(right, cases)

    def named_mistakes(self):
        """The mistakes that the exercise lists, as (field name -> plain Python value, sentence)."""
        return [(self.named(values), sentence) for values, sentence in self.mistakes()]

    @classmethod
    def named(cls, values):
        """Values as field name -> plain Python value."""
        if isinstance(values, dict):
            unknown = set(values) - {one.name for one in cls.fields}
            if unknown:
                raise ValueError(f"Exercise {cls.id} has no field {sorted(unknown)}.")
            named = dict(values)
        elif len(cls.fields) == 1:
            named = {cls.fields[0].name: values}
        else:
            values = list(values)
            if len(values) != len(cls.fields):
                asked = f"Exercise {cls.id} has {len(cls.fields)} fields"
                raise ValueError(f"{asked}, but {len(values)} values were given.")
            named = {one.name: value for one, value in zip(cls.fields, values, strict=True)}
        options = {one.name: one.options for one in cls.fields}
        return {name: str(value) if options[name] else float(value) for name, value in named.items()}

    @classmethod
    def missing(cls, tables):
        """Names of the tables that it needs and these lack; a name with a dot (a column) is not asked for."""
        return [name for name in cls.needs if "." not in name and name not in tables]


def exercise(id, *, title, hint, fields=(), needs=(), points=1.0):
    """Declare the class below as exercise `id` ("5.4a": section 5.4, exercise a); see `Exercise`.

    `needs` names the tables it reads; `points` is its worth under a grader. Raises ValueError when
    the id is none, or when the class lacks what it must give.
    """
    if not re.fullmatch(r"\d+\.\d+[a-z]", id):
        raise ValueError(f"Exercise id {id!r} must be a section and a letter, such as '5.4a'.")

    def declare(spec):
        if not (isinstance(spec, type) and issubclass(spec, Exercise)):
            raise ValueError(f"Exercise {id} must be a class made from Exercise.")
        judges = hasattr(spec, "judge")
        wanted = ("examples_right", "examples_wrong") if judges else ("right", "mistakes")
        missing = [name for name in wanted if not hasattr(spec, name)]
        if missing:
            raise ValueError(f"Exercise {id} lacks {', '.join(missing)}.")
        if judges == bool(fields):
            raise ValueError(f"Exercise {id} needs either fields or a judge.")
        spec.id, spec.title, spec.hint, spec.points = id, title, hint, float(points)
        spec.fields, spec.needs = tuple(fields), tuple(needs)
        spec.code = textwrap.dedent(spec.code).strip() or ("" if judges else _source_of_right(spec))
        _registry[id] = spec
        return spec

    return declare


def find(id):
    """The class of the exercise with this id; LookupError with one sentence when there is none."""
    match = re.fullmatch(r"(\d+)\.(\d+)[a-z]", str(id))
    if id not in _registry and match:
        module = f"{COURSE}.chapter_{match[1]}.section_{match[1]}_{match[2]}"
        try:
            importlib.import_module(module)
        except ModuleNotFoundError as error:
            if not module.startswith(error.name or "?"):     # the section is there, and something that it needs is not
                raise
    if id not in _registry:
        section = str(id).rstrip("abcdefghijklmnopqrstuvwxyz")
        near = sorted(known for known in _registry if known.startswith(section))
        raise LookupError(
            f"There is no exercise {id!r}. "
            + (f"Section {section} has {', '.join(near)}." if near else 'Ids look like "5.4a".')
        )
    return _registry[id]


def exercises():
    """All exercises of the course (their classes), in order of id."""
    package = importlib.import_module(COURSE)
    for module in pkgutil.walk_packages(package.__path__, f"{COURSE}."):
        if module.name.rpartition(".")[2].startswith("section_"):
            importlib.import_module(module.name)
    return [_registry[id] for id in sorted(_registry, key=lambda id: (*map(int, re.findall(r"\d+", id)), id))]


@once_per_tables
def bound(tables, spec):
    """The one instance of the exercise `spec` (a class) for these tables."""
    return spec(tables)


def use(tables):
    """Judge answers on these tables from now on (None: the course's own, read when needed)."""
    global _in_use
    _in_use = tables


def tables_in_use(tables=None):
    """The tables given, or those of `use`, or the course's own."""
    global _in_use
    if tables is not None:
        return tables
    if _in_use is None:
        from liveshop.tables import load

        _in_use = load()
    return _in_use


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
    return [({one.name: factor * right}, sentence) for factor, sentence in slips
            if abs(factor * right - right) > 2 * one.margin]


def _source_of_right(spec):
    """The lines of `right` below its head, as a notebook has them: `tables` by name, the answer named, not returned."""
    try:
        lines = textwrap.dedent(inspect.getsource(spec.right)).splitlines()
    except (OSError, TypeError):
        return ""
    body = re.sub(r'^"""[\s\S]*?"""\s*', "", textwrap.dedent("\n".join(lines[1:])).strip())
    answer = ", ".join(one.name for one in spec.fields)
    return re.sub(r"^return ", f"{answer} = ", body, flags=re.M).replace("self.tables", "tables")
