"""Run alone, as a program: a strategy at work in a process of its own, which knows views and gives decisions.

It imports nothing of the course. `strategy.py` lies in the folder in which it is started; the socket to the contest is
its standard input. A view comes as a line of JSON, and a line goes back: {"decision": …} or {"failed": "…"}.
"""

import json
import os
import socket
import sys
import traceback
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from functools import cache
from pathlib import Path
from types import ModuleType, SimpleNamespace

STRATEGY = "strategy.py"
MEMORY = 3 * 2**30  # bytes of address space; pandas takes half of it when it is imported
FILE = 10 * 2**20  # bytes of a file that is written


def main(plays, seconds):
    """Answer views until no more come; the plays take turns, and each has the strategy's module to itself."""
    channel = socket.socket(fileno=os.dup(0))
    with open(os.devnull) as nothing:
        os.dup2(nothing.fileno(), 0)  # input() finds an end
    _limit(seconds)
    modules = []
    for number, line in enumerate(channel.makefile("r", encoding="utf-8")):
        try:
            if number < plays:
                modules.append(_module())
            answer = json.dumps({"decision": _decided(modules[number % plays], line)}, default=_plain)
        except BaseException as error:  # a participant's own code may fail in any way, by SystemExit too
            answer = json.dumps({"failed": _reason(error)})
        channel.sendall(answer.encode() + b"\n")


def _limit(seconds):
    """Memory, processor time and files within bounds, where the system has them."""
    try:
        import resource
    except ImportError:
        return
    for name, most in (("AS", MEMORY), ("CPU", seconds + 1), ("FSIZE", FILE), ("CORE", 0)):
        try:
            resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (most, most))
        except (AttributeError, OSError, ValueError):
            continue  # this system has no such limit


@cache
def _code():
    return compile(Path(STRATEGY).read_bytes(), STRATEGY, "exec")


def _module():
    """The strategy's module, run anew: what it keeps between weeks is of one play."""
    module = sys.modules["strategy"] = ModuleType("strategy")
    module.__file__ = STRATEGY
    exec(_code(), module.__dict__)
    if not callable(getattr(module, "decide", None)):
        raise LookupError("there is no function decide(view) in it")
    return module


def _decided(module, line):
    view = {name: tuple(value) if isinstance(value, list) else value for name, value in json.loads(line).items()}
    given = module.decide(SimpleNamespace(**view))
    if is_dataclass(given):
        return asdict(given)
    return dict(given) if isinstance(given, Mapping) else given


def _plain(value):
    """A number of NumPy or pandas as a plain one."""
    if hasattr(value, "item"):
        return value.item()
    raise TypeError(f"a decision holds plain numbers and words, and no {type(value).__name__}")


def _reason(error):
    """An exception in a few words, and the line of the strategy where it happened."""
    if isinstance(error, SyntaxError):
        lines = [error.lineno]
    else:
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == STRATEGY]
    said = " ".join(str(error).split())[:200]
    where = f" (line {lines[-1]})" if lines and lines[-1] else ""
    return f"{type(error).__name__}{': ' + said if said else ''}{where}"


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
