"""An answer that is a whole result, frame or list: which of its parts is the number that was asked for?"""

import numbers

import numpy as np
import pandas as pd

_FEW = 60                        # values of a table or list in which one that fits is no accident
# How results call the number that people mean, the likeliest first.
_USUAL = ("estimate", "rate", "ratio", "hazard_ratio", "effect", "uplift", "mean", "value", "probability", "share")


def within(answer, fits):
    """How to get the number out of `answer`, as written behind its name (".estimate", ".loc['hero']"), or "".

    The part that fits is named, wherever it stands; otherwise an attribute that results usually have. `fits` says
    of a number whether it is the one. Never raises.
    """
    try:
        parts = list(_parts(answer))
    except Exception:       # an object of somebody's own may refuse anything
        return ""
    many = isinstance(answer, (pd.Series, pd.DataFrame, np.ndarray, list, tuple, dict, set))
    if many and len(parts) > _FEW:
        return ""               # among so many some number fits by chance
    found = next((place for place, value in parts if _fits(fits, value)), "")
    if found or many:
        return found
    attributes = {place for place, _ in parts}
    return next((f".{name}" for name in _USUAL if f".{name}" in attributes), "")


def several(answer, many, fits):
    """How to get the `many` numbers that were asked for out of one whole result (".effects", "['effect']"), or "".

    `fits` says of a list of numbers whether they are the ones. Never raises.
    """
    try:
        if isinstance(answer, pd.DataFrame):
            parts = [(f"[{_said(column)}]", answer[column]) for column in answer.columns]
        else:
            parts = [(f".{name}", getattr(answer, name, None)) for name in dir(answer) if not name.startswith("_")]
        return next((place for place, part in parts if isinstance(part, (pd.Series, np.ndarray, list, tuple))
                     and len(part) == many and fits([float(value) for value in part])), "")
    except Exception:       # an object of somebody's own may refuse anything
        return ""


def _fits(fits, value):
    try:
        return bool(fits(float(value)))
    except (TypeError, ValueError, OverflowError):
        return False


def _parts(answer, depth=0):
    """(How it is written, value) of every number in a result, at most two steps deep."""
    if isinstance(answer, pd.DataFrame):
        for column in answer.columns:
            for row, value in answer[column].items():
                yield f".loc[{_said(row)}, {_said(column)}]", value
    elif isinstance(answer, pd.Series):
        for row, value in answer.items():
            yield f".loc[{_said(row)}]", value
    elif isinstance(answer, dict):
        for name, value in answer.items():
            yield f"[{_said(name)}]", value
    elif isinstance(answer, (list, tuple)) and not hasattr(answer, "_fields") or isinstance(answer, np.ndarray):
        last = len(answer) - 1
        if last > 3:            # in a series of days the last one is meant, though one before may fit as well
            yield "[-1]", answer[last]
        for place, value in enumerate(answer):
            yield f"[{place}]", value
    else:
        for name in dir(answer):
            if name.startswith("_"):
                continue
            value = getattr(answer, name, None)
            if isinstance(value, numbers.Number) and not isinstance(value, bool):
                yield f".{name}", value
            elif depth == 0 and isinstance(value, (pd.Series, pd.DataFrame, np.ndarray, list, tuple, dict)):
                yield from ((f".{name}{place}", one) for place, one in _parts(value, 1))


def _said(name):
    """A label as one writes it: numpy's numbers as plain ones."""
    return repr(name.item() if hasattr(name, "item") else name)
