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

        def variants(self):
            yield self.but(streams=lambda d: d[~d.is_trial]), "Those are the broadcasts without the trials."

A variant is the same exercise on other tables or with another setting: `right` is computed anew, so that one line
names the slip in every field. There is one instance for each set of tables (see `bound`), so what several answers
need is a `functools.cached_property`. Right answers and mistakes are computed from the tables, never typed in.
The same computed cases (`cases`) judge an answer in a notebook (`judge`) and in the book, where no kernel runs
(static/answers.js). What `solution` shows is the notebook's own solution cell (`worked`).
"""

import importlib
import math
import pkgutil
import re
from dataclasses import dataclass, field
from functools import cached_property
from weakref import ref

from liveshop.practice.cases import all_cases
from liveshop.practice.worked import worked
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
    31 % as 0.31); decimals : to how many an answer may be rounded, always;
    tolerance : how far it may be off beyond that (a simulation of one's own);
    least, most : the bounds of any sensible answer (a unit "fraction of …" has 0 and 1); whole : must it be a whole
    number, so that 4.5 is no rounding of 4;
    options : for a choice, the answers to choose from (texts). Long ones have letters, as in {"A": "It fell.", …}:
    the letter is the answer. also : other words for an option that count as it, as {"抖音": "Douyin"}.
    """

    name: str
    label: str = ""
    unit: str = ""
    decimals: int = 2
    tolerance: float | None = None
    least: float | None = None
    most: float | None = None
    whole: bool = False
    options: tuple | dict = ()
    also: dict = field(default_factory=dict)

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
    def bounds(self):
        """Least and most of a sensible answer; infinite where there is no bound."""
        least, most = (0.0, 1.0) if self.unit.startswith("fraction of") else (-math.inf, math.inf)
        return least if self.least is None else self.least, most if self.most is None else self.most

    @property
    def margin(self):
        return max(self.tolerance or 0.0, 1e-6 if self.whole else 0.501 * 10.0**-self.decimals)


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


class Key:
    """The answers of a field exercise on given tables: what is right, and the wrong answers that are recognised.

    right : field name -> value. rights : that, and other answers that the question allows. cases : a list of `Case`,
    computed when first asked for: a right answer needs none.
    """

    def __init__(self, asked):
        self._asked = asked
        self.right = asked.named(asked.right())

    @cached_property
    def rights(self):
        return [self.right, *map(self._asked.named, self._asked.alternatives())]

    @cached_property
    def cases(self):
        return all_cases(self._asked, self.right)


class Exercise:
    """An exercise on given tables; the base of all of them.

    With fields a class gives `right(self)` (a value; a tuple or dict for several fields), `mistakes(self)`, which
    yields (value or {field: value}, sentence), and may give `variants(self)`, which yields (a changed self or the
    values, sentence), `rarer(self)` and `amounts(self)`, and `alternatives(self)`, further right answers (all fields
    of each). Without them it gives
    `judge(self, answer) -> Verdict`, `examples_right(self)` (a list of answers) and `examples_wrong(self)` (a list
    of (answer, words of the sentence it must get)). All give `praise` (what follows "Right.") and `explain`; a
    property where they have numbers of the data. The decorator `exercise` adds id, title, fields, hints, needs and
    points.
    """

    id = title = praise = explain = ""
    hints = fields = needs = ()
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
        return Key(self)

    def alternatives(self):
        """Other answers that the question allows, each as `right` gives its own; none unless a class gives some."""
        return []

    def mistakes(self):
        """Wrong answers to recognise, as (value or {field: value}, sentence); none unless a class gives some."""
        return []

    def variants(self):
        """Wrong ways to compute all fields, as (`self.but(…)` or their values, sentence); none unless given."""
        return []

    def rarer(self):
        """Further mistakes, told when nothing else fits; they may coincide, and are then left out or told together."""
        return []

    def amounts(self):
        """The amounts that a field's answer is made of, as {field: {in words: value}}: one of them, or one divided by
        another, is recognised in its place."""
        return {}

    def but(self, **changes):
        """This exercise with other settings or tables: an attribute of the class by its value, a table by a frame
        or by what is to be made of its frame (a function)."""
        settings = {name: value for name, value in changes.items() if hasattr(type(self), name)}
        frames = {name: change(self.tables[name] if hasattr(self.tables, "__getitem__") else
                               getattr(self.tables, name)) if callable(change) else change
                  for name, change in changes.items() if name not in settings}
        tables = _Changed(self.tables, frames) if frames else self.tables
        other = type(self)(tables)
        other.__dict__ |= settings | {"_kept": tables}       # a changed table lives as long as its exercise
        return other

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
    def worked(cls):
        """The code that solves it: the solution cell of the chapter's notebook."""
        return worked(cls.id)

    @classmethod
    def missing(cls, tables):
        """Names of the tables that it needs and these lack; a name with a dot (a column) is not asked for."""
        return [name for name in cls.needs if "." not in name and name not in tables]


class _Changed:
    """Tables with some frames in place of theirs."""

    def __init__(self, tables, frames):
        self._tables, self._frames = tables, frames

    def __getattr__(self, name):
        return self._frames[name] if name in self._frames else getattr(self._tables, name)

    def __getitem__(self, name):
        return getattr(self, name)

    def __contains__(self, name):
        return name in self._frames or name in self._tables


def exercise(id, *, title, hint, fields=(), needs=(), points=1.0):
    """Declare the class below as exercise `id` ("5.4a": section 5.4, exercise a); see `Exercise`.

    `hint` is a text, or a list of steps, each saying more than the one before. `needs` names the tables it reads;
    `points` is its worth under a grader. Raises ValueError when
    the id is none, or when the class lacks what it must give.
    """
    if not re.fullmatch(r"\d+\.\d+[a-z]", id):
        raise ValueError(f"Exercise id {id!r} must be a section and a letter, such as '5.4a'.")

    def declare(spec):
        if not (isinstance(spec, type) and issubclass(spec, Exercise)):
            raise ValueError(f"Exercise {id} must be a class made from Exercise.")
        judges = hasattr(spec, "judge")
        wanted = ("examples_right", "examples_wrong") if judges else ("right",)
        missing = [name for name in wanted if not hasattr(spec, name)]
        if missing:
            raise ValueError(f"Exercise {id} lacks {', '.join(missing)}.")
        if judges == bool(fields):
            raise ValueError(f"Exercise {id} needs either fields or a judge.")
        spec.id, spec.title, spec.points = id, title, float(points)
        spec.hints = (hint,) if isinstance(hint, str) else tuple(hint)
        spec.fields, spec.needs = tuple(fields), tuple(needs)
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
