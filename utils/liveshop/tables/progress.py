"""What is being read, told to whoever waits for it: nobody, unless a program says where (`shown`)."""

import time
from contextlib import contextmanager

LONG = 30  # seconds after which, and between which, a line goes where nobody looks on
_line = None


def tell(what):
    """Say what is being done now, such as "live.xlsx, sheet 3"."""
    if _line is not None:
        _line.show(what)


@contextmanager
def shown(stream):
    """Tells on this stream: on a terminal in one line that goes again, elsewhere only of what takes long."""
    global _line
    before, _line = _line, _Line(stream)
    try:
        yield
    finally:
        _line.clear()
        _line = before


class _Line:
    def __init__(self, stream):
        self.stream, self.last, self.there = stream, time.monotonic(), False
        self.terminal = stream.isatty()

    def show(self, what):
        what = "".join(c if c.isprintable() else " " for c in f"Reading {what} …")
        if self.terminal:
            self.there = True  # before it is: Ctrl-C may come in between
            self.stream.write(f"\r\x1b[K{what[:79]}")
            self.stream.flush()
        elif time.monotonic() - self.last > LONG:
            print(what, file=self.stream, flush=True)
            self.last = time.monotonic()

    def clear(self):
        if self.there:
            self.stream.write("\r\x1b[K")
            self.stream.flush()
            self.there = False
