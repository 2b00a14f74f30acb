"""The controls of an explorer: from what the author writes to values, labels and the opening choice."""

import math
from dataclasses import dataclass
from unicodedata import east_asian_width

# What a phone 360 css pixels wide shows in a row: so many buttons as wide as a thumb, and so many letters, with two
# more for the edges of each button.
MOST_IN_A_ROW, LETTERS_IN_A_ROW = 6, 36


class ExploreError(ValueError):
    """What is wrong with an explorer, in one sentence."""


@dataclass(frozen=True)
class Control:
    """One parameter of an explorer: its values, how they are written, and which comes first."""

    name: str
    kind: str  # "slider", "checkbox" or "choice"
    label: str
    values: tuple
    texts: tuple
    start: int

    @property
    def in_a_row(self):
        """Whether all texts of a choice stand beside each other on a phone; a longer choice becomes a menu."""
        letters = sum(2 if east_asian_width(letter) in "WF" else 1 for text in self.texts for letter in text)
        return len(self.texts) <= MOST_IN_A_ROW and letters + 2 * len(self.texts) <= LETTERS_IN_A_ROW


def controls_of(name, parameters, labels, formats, start):
    """A list of `Control` for the explorer `name`; the arguments are those of `explore`.

    Raises ExploreError on a parameter without a choice, and on settings for parameters that are not there.
    """
    if not parameters:
        raise ExploreError(f"{name}: give at least one parameter, such as @explore(discount=(0.0, 0.5, 0.05)).")
    for what, given in (("_labels", labels), ("_formats", formats), ("_start", start)):
        for unknown in set(given) - set(parameters):
            raise ExploreError(f"{name}: {what} names {unknown!r}, which is not one of its parameters.")
    controls = []
    for parameter, given in parameters.items():
        values = _values(name, parameter, given)
        texts = [str(key) for key in given] if isinstance(given, dict) else _texts(values, formats.get(parameter))
        label = labels.get(parameter) or parameter.replace("_", " ").capitalize()
        first = _place(name, parameter, values, start[parameter]) if parameter in start else 0
        controls.append(Control(parameter, _kind(given, values), label, tuple(values), tuple(texts), first))
    return controls


def _values(name, parameter, given):
    """The values of a parameter: of a slider's range, a dict or a list."""
    if isinstance(given, tuple):
        values = _steps(name, parameter, given)
    else:
        values = list(given.values()) if isinstance(given, dict) else list(given)
    if len(values) < 2:
        raise ExploreError(f"{name}: {parameter} has {len(values)} value; a control needs two at least.")
    return values


def _steps(name, parameter, given):
    if len(given) != 3 or not all(isinstance(n, (int, float)) and not isinstance(n, bool) for n in given):
        raise ExploreError(f"{name}: {parameter} must be (low, high, step) in numbers, or a list of values; "
                           f"it is {given!r}.")
    low, high, step = given
    if step <= 0 or high < low:
        raise ExploreError(f"{name}: {parameter}={given!r} needs low ≤ high and a step above 0.")
    values = [low + i * step for i in range(math.floor((high - low) / step + 1e-9) + 1)]
    if isinstance(low, int) and isinstance(step, int):
        return values
    return [round(value, 12) for value in values]  # 0.15, not 0.15000000000000002


def _texts(values, write):
    """How the values are written: by a format specification, a function, or as they are."""
    if write is None:
        return [f"{value:g}" if isinstance(value, float) else str(value) for value in values]
    return [write(value) if callable(write) else format(value, write) for value in values]


def _kind(given, values):
    if isinstance(given, tuple):
        return "slider"
    return "checkbox" if len(values) == 2 and all(isinstance(value, bool) for value in values) else "choice"


def _place(name, parameter, values, wanted):
    """Where the opening value stands among the values."""
    for place, value in enumerate(values):
        if value == wanted or _close(value, wanted):
            return place
    raise ExploreError(f"{name}: _start gives {parameter}={wanted!r}, which is not one of its values.")


def _close(a, b):
    try:
        return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12)
    except TypeError:
        return False
