"""A run on somebody's own tables that is stopped: it says so in one sentence, and leaves nothing half-written."""

import io
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pandas as pd
import psutil
import pytest

from common import _cell
from liveshop.tables import progress

COMMAND = [sys.executable, "-m", "liveshop.editions", "template", "--section", "5.4", "--out", "result"]
SENTENCE = "Stopped before the end: nothing was written, and what was there before is as it was."
WAIT = 120  # seconds, on a machine that others use too


@pytest.fixture
def course_folder(tmp_path, monkeypatch):
    """A course folder whose chapter takes long to run, somebody's tables, and a result of an earlier run."""
    chapter = nbformat.v4.new_notebook(cells=[
        _cell("text", "# 5 Running a live room"),
        _cell("code", "from pathlib import Path\nfrom liveshop import load\n\ntables = load('data')", "setup"),
        _cell("text", "## 5.4 Reading the room's data"),
        _cell("code", "import os, time\nPath('kernel').write_text(str(os.getpid()))\ntime.sleep(300)", "template",
              needs=["streams"], shows="patience")])
    (tmp_path / "notebooks").mkdir()
    nbformat.write(chapter, tmp_path / "notebooks" / "05-live-operations.ipynb")
    (tmp_path / "mine").mkdir()
    pd.DataFrame({
        "stream_id": ["a"], "title": ["x"], "started": pd.to_datetime(["2025-05-01 20:00"]),
        "ended": pd.to_datetime(["2025-05-01 22:00"]), "stream_seconds": [7200], "gmv": [1200.0], "views": [300],
    }).to_parquet(tmp_path / "mine" / "streams.parquet", index=False)
    (tmp_path / "result").mkdir()
    (tmp_path / "result" / "own-data.json").write_text('{"files": {}}')
    monkeypatch.chdir(tmp_path)
    return tmp_path


def until(found, what):
    """What `found` gives as soon as it gives something."""
    end = time.monotonic() + WAIT
    while time.monotonic() < end:
        if result := found():
            return result
        time.sleep(0.05)
    raise AssertionError(f"{what} within {WAIT} s")


def kernel():
    return next((int(text) for path in Path().glob(".result-*/kernel") if (text := path.read_text())), None)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_run_leaves_no_trace(course_folder, number):
    run = subprocess.Popen([*COMMAND, "--data", "mine"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    there = until(kernel, "no step ran")
    run.send_signal(number)
    out, told = run.communicate(timeout=WAIT)
    assert (run.returncode, out, told.strip()) == (130, "", SENTENCE)
    assert sorted(path.name for path in course_folder.iterdir()) == ["mine", "notebooks", "result"]
    assert [path.name for path in Path("result").iterdir()] == ["own-data.json"], "the earlier result"
    until(lambda: not psutil.pid_exists(there), "the kernel was gone")


def test_who_waits_is_told_what_is_read_and_may_stop_it(course_folder):
    lines = "".join(f"{n},2025-05-01 20:00,7200,'{n}\n" for n in range(300_000))
    Path("long.csv").write_text(f"stream_id,started,stream_seconds,gmv\n{lines}", encoding="utf-8")
    ours, theirs = pty.openpty()
    with subprocess.Popen([*COMMAND, "--data", "long.csv", "--mapping", "streams"], stderr=theirs) as run:
        os.close(theirs)
        told = os.read(ours, 1000).decode()
        run.send_signal(signal.SIGTERM)
        while run.poll() is None:
            time.sleep(0.05)
        told += os.read(ours, 1000).decode()
    os.close(ours)
    assert "Reading long.csv (" in told and told.strip().endswith("\x1b[K" + SENTENCE), "the line goes again"
    assert run.returncode == 130 and not list(course_folder.glob(".result*"))


def test_a_line_that_is_stopped_as_it_is_written_goes_too():
    class Terminal(io.StringIO):
        def isatty(self):
            return True

        def flush(self):
            if not self.getvalue().endswith("\x1b[K"):
                raise KeyboardInterrupt

    terminal = Terminal()
    with pytest.raises(KeyboardInterrupt), progress.shown(terminal):
        progress.tell("a.csv")
    assert terminal.getvalue().endswith("…\r\x1b[K")


def test_where_nobody_looks_on_only_what_takes_long_is_told(monkeypatch):
    log = io.StringIO()
    with progress.shown(log):
        progress.tell("a.csv")
        assert log.getvalue() == ""
        monkeypatch.setattr(progress, "LONG", 0)
        progress.tell("a\x1b[31m\nb.csv")
    progress.tell("c.csv")
    assert log.getvalue() == "Reading a [31m b.csv …\n"
