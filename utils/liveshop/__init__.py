"""Helpers of the course on running a live-streaming shop and a social shop.

A notebook needs a few words: `from liveshop import load, charts, explore, check, card, metrics, methods`.
Each of them is imported when it is first used, so that `import liveshop` stays quick.
"""

from importlib import import_module

# name in the package → module it comes from; a name that differs from its module is a function in there
_NAMES = {
    "load": "tables",
    "explore": "explorers",
    "check": "practice",
    "hint": "practice",
    "solution": "practice",
    "quiz": "practice",
    "card": "playbook",
    "medium": "medium",
    "charts": "charts",
    "metrics": "metrics",
    "methods": "methods",
    "tables": "tables",
    "practice": "practice",
    "playbook": "playbook",
    "editions": "editions",
    "world": "world",
    "doctor": "environment",
}

__all__ = [*_NAMES]


def __getattr__(name):
    if name not in _NAMES:
        raise AttributeError(f"module 'liveshop' has no attribute {name!r}")
    module = import_module(f"liveshop.{_NAMES[name]}")
    value = module if name == _NAMES[name] else getattr(module, name)
    globals()[name] = value
    return value


def __dir__():
    return sorted({*globals(), *__all__})
