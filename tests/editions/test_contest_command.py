"""The contest and its template at the command line."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
import time

import nbformat
import pandas as pd
import pytest

from common import ROOT, _cell
from liveshop.course.chapter_9.contest import TEMPLATE
from liveshop.editions.__main__ import main


def test_a_folder_is_ranked_and_written(tmp_path, capsys):
    folder = tmp_path / "the class"
    folder.mkdir()
    shutil.copy(TEMPLATE, folder / "mia.py")
    (folder / "tom.py").write_text("def decide(view):\n    return 1")
    assert main(["contest", str(folder), "--seeds", "20", "--seed", "7"]) == 0
    told = capsys.readouterr()
    assert "1 of 2: mia.py" in told.err and "SEEDS=20 SEED=7 repeats them." in told.out
    assert "Out: tom.py: Week 1" in told.out and f"Wrote {folder / 'results.csv'}." in told.out
    table = pd.read_csv(folder / "results.csv").set_index("strategy")
    assert table.place["mia.py"] == 1 and table.why["tom.py"]
    assert main(["contest", str(folder), "--seeds", "20", "--seed", "7"]) == 0
    assert "results.csv" not in capsys.readouterr().out.split("Wrote")[0]


def test_a_contest_that_is_stopped_leaves_nothing_behind(tmp_path):
    started = tmp_path / "started"
    folder = tmp_path / "strategies"
    folder.mkdir()
    (folder / "results.csv").write_text("of last time")
    (folder / "sleeps.py").write_text(f"""import os, pathlib, time
def decide(view):
    pathlib.Path({str(started)!r}).write_text(str(os.getpid()))
    time.sleep(600)
""")
    command = [sys.executable, "-m", "liveshop.editions", "contest", str(folder), "--seconds", "3600"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as run:
        until = time.monotonic() + 60
        while not (started.exists() and started.read_text()):
            assert run.poll() is None and time.monotonic() < until
            time.sleep(0.05)
        run.send_signal(signal.SIGINT)
        out, told = run.communicate(timeout=60)
    assert run.returncode == 130 and not out
    assert told.splitlines() == ["1 of 1: sleeps.py", "Stopped before the end: no file is half-written."]
    assert [path.name for path in sorted(folder.iterdir())] == ["results.csv", "sleeps.py"]
    assert (folder / "results.csv").read_text() == "of last time"
    with pytest.raises(ProcessLookupError):  # it was this run's child, which has waited for it
        os.kill(int(started.read_text()), 0)


def test_nothing_to_rank_is_one_sentence(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["contest"]) == 1
    assert capsys.readouterr().err.startswith("There is no folder strategies: make it")
    (tmp_path / "strategies").mkdir()
    (tmp_path / "strategies" / "mine.ipynb").write_text("{}")
    assert main(["contest"]) == 1
    assert capsys.readouterr().err.strip() == (
        "There is no strategy in strategies: each is a file like strategy.py, which make student writes. "
        "Left out: 1 notebook. A strategy is one file, NAME.py.")
    assert not (tmp_path / "strategies" / "results.csv").exists()


def test_make_hands_folder_and_limits_on_as_they_were_typed():
    name = """Mia's "best" $5 `list` 清单"""
    run = subprocess.run(["make", "-n", "contest", f"FOLDER={name}", "SEEDS=50", "SECONDS=9", "SEED=3"], cwd=ROOT,
                         capture_output=True, text=True, check=True)
    (command,) = [line for line in run.stdout.replace("\\\n", " ").splitlines() if "liveshop.editions contest" in line]
    assert shlex.split(command)[3:] == ["contest", name, "--seeds", "50", "--seconds", "9", "--seed", "3"]


def test_the_student_edition_of_the_last_chapter_brings_the_template(tmp_path):
    nb = nbformat.v4.new_notebook(cells=[_cell("text", "# 9 Outlook")])
    for name in ("09-outlook.ipynb", "05-live-operations.ipynb"):
        nbformat.write(nb, tmp_path / name)
        assert main(["student", str(tmp_path / name), "--out", str(tmp_path / name[:2])]) == 0
    assert (tmp_path / "09" / "strategy.py").read_bytes() == TEMPLATE.read_bytes()
    assert [path.name for path in (tmp_path / "05").iterdir()] == ["05-live-operations.ipynb"]
    assert (ROOT / "notebooks" / "09-outlook.ipynb").is_file()
