"""Answers that are judged outside of the learner's kernel: how they are sent, and what a grader makes of them.

The kernel that runs a submission belongs to the learner: `check`, this package, the environment, all can be something
else there. So nothing that it says of right or wrong counts. It sends the answers as plain values (`send`), and the
grader's own process judges them on its own tables (`marked`).
"""

import json
import numbers
from dataclasses import dataclass

import numpy as np
import pandas as pd

from liveshop.practice.exercise import WRONG, Verdict
from liveshop.practice.judge import verdict

SENT = "application/vnd.liveshop.answers"       # the output's media type
LARGEST = 2_000_000                             # characters; 500 customers' ids are 5,000


@dataclass(frozen=True)
class Unsent:
    """Stands for an answer that is no plain value, by the name of its type."""

    kind: str


def send(id, *answers, **named):
    """Show nothing, and send the answers to exercise `id` to whoever runs this notebook."""
    from IPython.display import display

    display({SENT: packed(id, *answers, **named)}, raw=True)


def packed(id, *answers, **named):
    """The answers as JSON: numbers, texts, lists and tables as they are, of anything else the name of its type."""
    return json.dumps({"id": id, "answers": [_plain(one) for one in answers],
                       "named": {name: _plain(one) for name, one in named.items()}})


def marked(id, sent, tables=None):
    """The `Verdict` on what was sent for exercise `id`, judged on these tables.

    A text that was not made by `packed`, is for another exercise or over 2 MB is a wrong answer, never an error.
    """
    try:
        if len(sent) > LARGEST:
            return Verdict(WRONG, f"Your answer is longer than {LARGEST:,} characters.")
        found = json.loads(sent)
        answers = [_value(one) for one in found["answers"]]
        named = {str(name): _value(one) for name, one in found["named"].items()}
        if found["id"] != id:
            raise ValueError(found["id"])
    except Exception:       # what a learner's kernel sends may be anything
        return Verdict(WRONG, "Your answer could not be read.")
    other = next((one.kind for one in (*answers, *named.values()) if isinstance(one, Unsent)), None)
    if other is not None:
        return Verdict(WRONG, f"Your answer is a {other}. A number, a text, a list or a table is asked.")
    return verdict(id, *answers, tables=tables, **named)


def _plain(answer):
    """An answer in words of JSON; what is more than a number, a text or a truth value is a pair of kind and content."""
    if answer is ...:
        return ["dots", None]
    if answer is None or isinstance(answer, (bool, str)):
        return answer
    if isinstance(answer, dict):
        return ["dict", [[_plain(key), _plain(value)] for key, value in answer.items()]]
    if isinstance(answer, (list, tuple, set, frozenset)):
        return ["set" if isinstance(answer, (set, frozenset)) else "list", [_plain(one) for one in answer]]
    if isinstance(answer, pd.DataFrame):
        parts = [answer.index.tolist(), answer.columns.tolist(), answer.to_numpy(dtype=object).tolist()]
        return ["frame", [_plain(part) for part in parts]]
    if isinstance(answer, pd.Series):
        return ["series", [_plain(answer.index.tolist()), _plain(answer.tolist())]]
    if isinstance(answer, (np.ndarray, np.generic, pd.Index)) and not isinstance(answer.tolist(), np.generic):
        return _plain(answer.tolist())
    if isinstance(answer, numbers.Integral):
        return int(answer)
    if isinstance(answer, numbers.Real):
        return float(answer)
    return ["other", type(answer).__name__]


def _value(packed):
    """What `_plain` packed."""
    if packed is None or isinstance(packed, (bool, str, int, float)):
        return packed
    kind, content = packed
    if kind == "dots":
        return ...
    if kind == "other":
        return Unsent(str(content)[:60])
    if kind == "dict":
        return {_key(key): _value(value) for key, value in content}
    values = [_value(part) for part in content]
    if kind == "list":
        return values
    if kind == "set":
        return {_key(one) for one in values}
    labels = [[tuple(label) if isinstance(label, list) else label for label in part] for part in values[:-1]]
    if kind == "frame":
        return pd.DataFrame(values[-1], index=labels[0], columns=labels[1]).infer_objects()
    if kind == "series":
        return pd.Series(values[-1], index=labels[0])
    raise ValueError(kind)


def _key(packed):
    """A key of a dict or member of a set; a list there becomes a tuple."""
    value = _value(packed)
    return tuple(value) if isinstance(value, list) else value
