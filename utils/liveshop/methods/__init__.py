"""Methods: one module a technique, plain functions on arrays and tables.

``from liveshop import methods`` then ``methods.effects.within_effect(...)``; a module is read when it
is first used. Nothing here plots, and nothing here knows how the course data were made.

What cannot be used (a missing column, text for numbers, shares above 1) is refused by a ValueError: one
sentence that says what is wrong. A docstring names what is refused besides.
"""

import importlib

_MODULES = ("adoption", "attribution", "bandit", "clv", "comments", "counts", "deals", "decision", "decomposition",
            "desk", "economics", "effects", "experiment", "forecast", "growth", "hosts", "index", "inventory",
            "leading", "monitor", "network", "panel", "recommend", "reliability", "response", "retention", "risk",
            "rota", "rundown", "seasons", "segments", "staffing", "standardise", "uplift")


def __getattr__(name):
    if name in _MODULES:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"methods has no module {name!r}; there are {', '.join(_MODULES)}")


def __dir__():
    return list(_MODULES)
