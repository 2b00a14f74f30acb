"""Answers that are judged outside of the learner's kernel: how they are sent, and what a grader makes of them.

The kernel that runs a submission belongs to the learner: `check`, this package, the environment, all can be something
else there. So nothing that it says of right or wrong counts. It sends the answers as plain values (`send`), and the
grader's own process judges them on its own tables (`marked`).
"""

import json
import numbers

import numpy as np
import pandas as pd

from liveshop.practice.exercise import WRONG, Verdict
from liveshop.practice.judge import verdict

SENT = "application/vnd.liveshop.answers"       # the output's media type
_GROUPS = {"list": list, "tuple": tuple, "set": set}
LARGEST = 2_000_000                             # characters; 500 customers' ids are 5,000


def send(id, *answers, **named):
    """Show nothing, and send the answers to exercise `id` to whoever runs this notebook."""
    from IPython.display import display

    display({SENT: packed(id, *answers, **named)}, raw=True)


def packed(id, *answers, **named):
    """The answers as JSON: numbers, texts, lists and tables as they are, of a result its numbers by name."""
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
    return verdict(id, *answers, tables=tables, **named)


def _plain(answer):
    """An answer in words of JSON; what is more than a number, a text or a truth value is a pair of kind and content."""
    if answer is ...:
        return ["dots", None]
    if answer is None or isinstance(answer, (bool, str)):
        return answer
    if isinstance(answer, dict):
        return ["dict", [[_plain(key), _plain(value)] for key, value in answer.items()]]
    kind = next((kind for kind in (list, tuple, set) if isinstance(answer, kind)), None)
    if kind is not None:
        return [kind.__name__, [_plain(one) for one in answer]]
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
    return ["result", [type(answer).__name__, _plain({} if callable(answer) else _numbers(answer))]]


def _numbers(answer):
    """What a result holds of numbers, by name: a mistake of many is to give the result for its number."""
    held = {name: getattr(answer, name, None) for name in dir(answer) if not name.startswith("_")}
    return {name: value for name, value in held.items() if isinstance(value, numbers.Real)}


def _value(packed):
    """What `_plain` packed."""
    if packed is None or isinstance(packed, (bool, str, int, float)):
        return packed
    kind, content = packed
    if kind == "dots":
        return ...
    if kind == "result":
        held = {name: float(value) for name, value in _value(content[1]).items() if name.isidentifier()}
        return type(str(content[0])[:60], (), {name: value for name, value in held.items() if name[0] != "_"})()
    if kind == "dict":
        return {_value(key): _value(value) for key, value in content}
    values = [_value(part) for part in content]
    if kind in _GROUPS:
        return _GROUPS[kind](values)
    if kind == "frame":
        return pd.DataFrame(values[2], index=values[0], columns=values[1]).infer_objects()
    if kind == "series":
        return pd.Series(values[1], index=values[0])
    raise ValueError(kind)
