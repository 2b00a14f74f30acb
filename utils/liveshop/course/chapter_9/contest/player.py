"""The contest's side of a strategy's process: views go out, decisions come back, and neither waits without end."""

from __future__ import annotations

import json
import math
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from liveshop.course.chapter_9.capstone import View
from liveshop.course.chapter_9.contest import child

ANSWER = 2**16  # bytes of a decision at most
ONE = 6  # a single decision may take this part of the time for all
DERIVED = tuple(name for name, value in vars(View).items() if isinstance(value, property))


class OutError(Exception):
    """Why a strategy is out, in words that follow its name."""


class Player:
    """A strategy as a function of a view, at work in a process of its own (child.py).

    with Player(source, plays=200, seconds=60) as player: capstone.play(player, seeds)

    The process gets views and gives decisions; the model, the luck and the scores stay here. It stands in an empty
    folder that is removed afterwards, its environment holds no settings of the caller's, and what it prints goes
    nowhere. It ends when the block is left, and with it what it has started, except for what has left its process
    group: no sandbox, as `contest` says. Calling raises OutError.
    """

    def __init__(self, source, plays, seconds):
        self.source, self.plays, self.seconds = source, plays, seconds
        self.heard = b""

    def __enter__(self):
        self.folder = TemporaryDirectory(ignore_cleanup_errors=True)
        Path(self.folder.name, child.STRATEGY).write_bytes(self.source)
        self.channel, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-I", child.__file__, str(self.plays), str(math.ceil(self.seconds))],
                stdin=theirs, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.folder.name,
                env=_environment(self.folder.name), start_new_session=True,
            )
        self.ends = time.monotonic() + self.seconds
        return self

    def __exit__(self, *_):
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass  # all have ended
        self.process.wait()
        self.channel.close()
        self.folder.cleanup()

    def __call__(self, view):
        """The decision on a view, as plain values. Raises OutError when there is none, with the week."""
        try:
            return self._decided(view)
        except OutError as out:
            raise OutError(f"Week {view.week}: {out}") from None

    def _decided(self, view):
        derived = {name: getattr(view, name) for name in DERIVED}
        line = json.dumps({**vars(view), **derived}).encode() + b"\n"
        by = min(self.ends, time.monotonic() + self.seconds / ONE)
        try:
            self.channel.settimeout(_left(by))
            self.channel.sendall(line)
            answer = self._line(by)
        except TimeoutError:
            late = time.monotonic() >= self.ends
            raise OutError(f"it took more than {self.seconds:g} seconds for all its plays" if late else
                       f"it took more than {self.seconds / ONE:.3g} seconds for one decision") from None
        except OSError:
            raise OutError(self._ended()) from None
        try:
            told = json.loads(answer)
            if set(told) == {"failed"}:
                raise OutError(str(told["failed"])[:300])
            return told["decision"]
        except (ValueError, TypeError, LookupError, RecursionError):
            raise OutError("its process wrote something that is no decision") from None

    def _line(self, by):
        """The next line that comes, until a moment."""
        while b"\n" not in self.heard:
            if len(self.heard) > ANSWER:
                raise OutError(f"its process wrote more than {ANSWER:,} bytes for one decision")
            self.channel.settimeout(_left(by))
            more = self.channel.recv(ANSWER)
            if not more:
                raise OutError(self._ended())
            self.heard += more
        line, _, self.heard = self.heard.partition(b"\n")
        return line

    def _ended(self):
        """How the process has ended, in words."""
        try:
            code = self.process.wait(1)
        except subprocess.TimeoutExpired:
            return "its process closed the line to the contest"
        if code >= 0:
            return f"its process ended by itself (exit code {code})"
        return f"its process was ended by a signal ({signal.strsignal(-code)})"


def _left(by):
    """Seconds until a moment, as a socket takes them: none left is a timeout, and not its 0 for "do not wait"."""
    left = by - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _environment(folder):
    """The environment of a strategy's process: no settings, keys or paths of the caller's; one thread."""
    one = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {"PATH": os.defpath, "HOME": folder, "TMPDIR": folder, "LANG": "C.UTF-8", "PYTHONHASHSEED": "0", **one}
