"""Helpers of the course on running a live-streaming shop and a social shop.

A notebook needs a few words: `from liveshop import load, charts, explore, check, card, metrics, methods`.
Each of them is imported when it is first used, so that `import liveshop` stays quick.
"""

import sys
from importlib import import_module
from types import ModuleType

from .edition import edition

# name in the package → module it comes from; a name that differs from its module is a function in there
_NAMES = {
    "load": "tables",
    "check": "practice",
    "hint": "practice",
    "solution": "practice",
    "quiz": "practice",
    "card": "playbook",
    "charts": "charts",
    "metrics": "metrics",
    "methods": "methods",
    "tables": "tables",
    "practice": "practice",
    "playbook": "playbook",
    "editions": "editions",
    "world": "world",
}

__all__ = ["edition", "explore", *_NAMES]


def __getattr__(name):
    if name not in _NAMES:
        raise AttributeError(f"module 'liveshop' has no attribute {name!r}")
    module = import_module(f"liveshop.{_NAMES[name]}")
    value = module if name == _NAMES[name] else getattr(module, name)
    globals()[name] = value
    return value


def __dir__():
    return sorted({*globals(), *__all__})


class _Package(ModuleType):
    # `explore` is a function in a module of the same name. Importing the module would put the module itself in
    # the function's place; a property stays in front of it whatever is imported first.
    @property
    def explore(self):
        return import_module("liveshop.explore").explore

    @explore.setter
    def explore(self, module):
        pass


sys.modules[__name__].__class__ = _Package
