"""The check of a machine, on machines where much is missing: `liveshop.doctor()` and make doctor."""

from __future__ import annotations

import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

import liveshop
from common import ROOT
from liveshop import environment
from liveshop.environment import BROKEN, LIMITED, OK, doctor
from pins import PROJECT, asked, pinned

BARE = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "LIVESHOP"))}


def found(about):
    """What the check says of one thing."""
    return looked()[about]


def looked():
    """What the check says, thing by thing."""
    return {one.about: one for one in doctor().findings}


def listed(folder):
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*")}


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """A Python with nothing installed, not even pip."""
    folder = tmp_path_factory.mktemp("bare") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    return folder / "bin" / "python"


def said(python, folder, *, utils=ROOT / "utils", code=1):
    """What the check prints in a folder, line by line: about → (state, sentence); and its summary."""
    home = folder / "home"
    home.mkdir(exist_ok=True)
    before = listed(folder)
    run = subprocess.run([python, "-B", "-m", "liveshop.environment"], cwd=folder, capture_output=True, text=True,
                         env={**BARE, "PYTHONPATH": str(utils), "HOME": str(home)})
    assert run.returncode == code and not run.stderr, run.stdout + run.stderr[-2000:]
    assert listed(folder) == before, "the check wrote something"
    *lines, gap, summary = run.stdout.splitlines()
    assert not gap and all(line.endswith(".") for line in [*lines, summary])
    told = (re.match(r"(ok|limited|BROKEN) +(.+?)  +(.+)", line).groups() for line in lines)
    return {about: (state, sentence) for state, about, sentence in told}, summary


def test_all_is_well_where_the_course_is_developed():
    checked = doctor()
    states = {one.about: one.state for one in checked.findings}
    assert checked.ok and liveshop.doctor is doctor
    assert {states[name] for name in ("Python", "for every figure", "for the tests", "pins", "data")} == {OK}
    assert f"{len(pinned())} of {len(pinned())}" in found("pins").sentence
    assert checked.summary in repr(checked) and repr(checked).count("\n") == len(checked.findings) + 1


def test_nothing_but_python_is_said_and_not_raised(bare, tmp_path):
    told, summary = said(bare, tmp_path)
    assert told["for every figure"][0] == told["for a chapter's notebook"][0] == BROKEN
    for one in asked():
        assert f"{one.name} (missing)" in told["for every figure"][1] or one.marker
    assert "so nothing of the course runs; make setup mends it" in told["for every figure"][1]
    assert told["for the tests"][0] == told["fonts"][0] == told["kernel"][0] == LIMITED
    assert told["Python"][0] == told["data"][0] == told["disk"][0] == OK
    assert summary.startswith("The course does not run here: see for every figure, for a chapter's notebook")


def test_half_of_the_packages(bare, tmp_path):
    """Every second package of this environment is there; no parser of requirements, and nothing that tells memory."""
    site, half = Path(sysconfig.get_paths()["purelib"]), tmp_path / "half"
    half.mkdir()
    left = {"packaging", "psutil", "liveshop"}
    there = [dist for dist in importlib.metadata.distributions(path=[str(site)]) if dist.name not in left][::2]
    for dist in there:
        for name in {Path(str(file)).parts[0] for file in dist.files} - {"..", "__pycache__"}:
            if not (half / name).exists():
                (half / name).symlink_to(site / name)
    place = tmp_path / "place"
    place.mkdir()
    told, _ = said(bare, place, utils=f"{ROOT / 'utils'}{os.pathsep}{half}")
    names = {dist.name.lower() for dist in there}
    core = {one.name for one in asked()}
    assert core & names and core - names
    assert all((f"{name} (missing)" in told["for every figure"][1]) != (name in names) for name in core)
    assert told["memory"][0] == OK and "MB" in told["memory"][1]


def test_wheel_in_an_empty_folder(bare, wheel, tmp_path):
    site = tmp_path / "site"
    shutil.unpack_archive(wheel, site, "zip")
    empty = tmp_path / "empty"
    empty.mkdir()
    told, _ = said(bare, empty, utils=site)
    whole = f"All {len(environment.data_files())} tables are in {site / 'liveshop' / 'data'}, and whole."
    assert "pip install --upgrade" in told["for every figure"][1] and "numpy" in told["for every figure"][1]
    assert not {"pins", "Node", "npm", "for the tests", "for the book"} & set(told)       # a clone's affair
    assert told["data"] == (OK, whole)
    shutil.rmtree(site / "liveshop" / "data")
    told, summary = said(bare, empty, utils=site)
    assert told["data"][0] == BROKEN and "python -m liveshop.world --out data makes one" in told["data"][1]
    assert summary.endswith("data above.")


def test_make_doctor_sets_nothing_up(tmp_path):
    """In a clone without an environment: make's own exit status, and no file more."""
    for name in ("Makefile", "pyproject.toml", "requirements.txt"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / "utils" / "liveshop", tmp_path / "utils" / "liveshop",
                    ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "course.yml").touch()
    before = listed(tmp_path)
    run = subprocess.run(["make", "doctor"], cwd=tmp_path, capture_output=True, text=True, env=BARE)
    assert run.returncode and "BROKEN   data" in run.stdout and "make data makes one" in run.stdout, run.stderr
    assert listed(tmp_path) == before
    (tmp_path / "none").mkdir()
    run = subprocess.run([shutil.which("make"), "doctor", "PYTHON="], cwd=tmp_path, capture_output=True, text=True,
                         env={**BARE, "PATH": str(tmp_path / "none"), "MAKEFLAGS": f"SHELL={shutil.which('bash')}"})
    assert run.returncode and "needs Python 3.11 or newer and finds none" in run.stderr


# --- one thing at a time -----------------------------------------------------------------------------


def test_what_stands_elsewhere_too_is_the_same():
    assert PROJECT["requires-python"] == ">=" + ".".join(map(str, environment.OLDEST))
    made = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert f"SPACE_SETUP := {environment.SPACE_SETUP}\n" in made and f"SPACE_BOOK := {environment.SPACE_BOOK}\n" in made
    assert set(environment.USES) == {"", *PROJECT["optional-dependencies"]}


def test_old_python(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 9, 1, "final", 0))
    checked = doctor()
    assert not checked.ok and checked.findings[0].state == BROKEN
    assert "This is Python 3.9.1, and the course needs 3.11" in checked.findings[0].sentence


def test_versions_that_are_not_the_pinned_ones(monkeypatch):
    real = importlib.metadata.version
    monkeypatch.setattr(importlib.metadata, "version", lambda name: "2.1" if name == "pandas" else real(name))
    assert found("for every figure") == ("for every figure", BROKEN, "pandas (2.1, needs >=3.0.2): so nothing of the "
                                         "course runs; make setup mends it.")
    assert found("pins").sentence.startswith(f"Not as pinned: pandas 2.1, pinned {pinned()['pandas']}: so")


def test_programs_that_are_not_there(monkeypatch):
    monkeypatch.setenv("PATH", "")
    told = looked()
    breaks_without = {"Java": "Spark", "Chromium": "make pdf", "Node": "a browser's Python", "npm": "under Node"}
    for about, breaks in breaks_without.items():
        assert told[about].state == LIMITED and breaks in told[about].sentence


def test_full_disk_no_right_to_write_little_memory(monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda place: type("Usage", (), {"free": 50 * 10**6}))
    monkeypatch.setattr(os, "access", lambda place, right: False)
    monkeypatch.setattr(environment, "_free_memory", lambda: 300)
    said_of = {"disk": "50 MB are free", "writing": "cannot be written to", "memory": "300 MB of memory"}
    told = looked()
    for about, words in said_of.items():
        assert told[about].state == LIMITED and words in told[about].sentence


def test_in_a_shared_clone_the_reader_works_in_a_folder_of_her_own(monkeypatch, tmp_path):
    """On a class's server nobody but the teacher writes to the course: what counts is where the notebook lies."""
    may = os.access
    monkeypatch.setattr(os, "access", lambda place, right: Path(place) != ROOT and may(place, right))
    monkeypatch.chdir(tmp_path)
    told = looked()
    assert told["writing"] == ("writing", OK, f"What the course makes can be kept in {tmp_path}.")
    assert {"for a chapter's notebook", "data", "pins"} <= set(told) and not {"for the tests", "Chromium"} & set(told)


def test_no_place_for_a_passing_file(monkeypatch):
    """A full disk is one of the things that the check is for."""
    def nowhere():
        raise FileNotFoundError("No usable temporary directory found")

    monkeypatch.delitem(sys.modules, "matplotlib.font_manager", raising=False)
    monkeypatch.setattr(environment.tempfile, "TemporaryDirectory", nowhere)
    assert found("fonts").state == LIMITED and "cannot be asked here" in found("fonts").sentence


def test_kernel_of_another_python(monkeypatch):
    from jupyter_client.kernelspec import KernelSpecManager

    other = type("Spec", (), {"argv": ["/usr/bin/python3"]})
    monkeypatch.setattr(KernelSpecManager, "get_kernel_spec", lambda *_: other)
    assert found("kernel").state == LIMITED
    assert "runs /usr/bin/python3, which is not this Python" in found("kernel").sentence


def test_data_of_the_reader_and_damaged_data(monkeypatch, tmp_path):
    own = tmp_path / "data"
    own.mkdir()
    (own / "streams.csv").write_text("stream_id\n1\n")
    monkeypatch.chdir(own.parent)
    assert found("data").state == LIMITED and f"{own} holds 1 of the" in found("data").sentence
    shutil.rmtree(own)
    shutil.copytree(ROOT / "data", own)
    assert found("data").state == OK
    (own / "refunds").mkdir()
    (own / "refunds.parquet").rename(own / "refunds" / "part-0.parquet")
    assert found("data").state == OK
    monkeypatch.setattr(environment, "course_data", lambda: own)
    (own / "refunds" / "part-1.parquet").write_bytes(b"damaged")
    (own / "orders.parquet").write_bytes((own / "orders.parquet").read_bytes()[:1000])
    (own / "posts.parquet").write_bytes(b"")
    (own / "truth.json").write_text('{"parameters": ')
    assert found("data").state == BROKEN
    assert set(re.search(r"damaged: (.+?): so", found("data").sentence)[1].split(", ")) == {
        "orders.parquet", "posts.parquet", "refunds", "truth.json"}


# --- Chinese in figures ------------------------------------------------------------------------------


def font(path, name):
    """A font that has two Chinese characters and nothing else."""
    builder, pen = FontBuilder(1000, isTTF=True), TTGlyphPen(None)
    pen.moveTo((0, 0))
    for point in ((0, 900), (900, 900), (900, 0)):
        pen.lineTo(point)
    pen.closePath()
    builder.setupGlyphOrder([".notdef", "one"])
    builder.setupCharacterMap({ord("清"): "one", ord("禾"): "one"})
    builder.setupGlyf({".notdef": pen.glyph(), "one": pen.glyph()})
    builder.setupHorizontalMetrics({".notdef": (1000, 0), "one": (1000, 0)})
    builder.setupHorizontalHeader(ascent=900, descent=-100)
    builder.setupNameTable({"familyName": name, "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    builder.save(path)


# On a machine whose own fonts for Chinese are put out of sight.
DRAW = """
import sys, warnings
from matplotlib.font_manager import fontManager
from liveshop.environment import CHINESE_FONTS
fontManager.ttflist = [one for one in fontManager.ttflist if one.name not in CHINESE_FONTS]
if len(sys.argv) > 1:
    fontManager.addfont(sys.argv[1])
from liveshop import charts, doctor
fig, ax = charts.figure()
ax.set_title("清禾")
warnings.simplefilter("error")
fig.canvas.draw()
print(next(one.sentence for one in doctor().findings if one.about == "fonts"))
"""


def test_figures_write_chinese_where_a_font_is_there(tmp_path):
    font(tmp_path / "one.ttf", "WenQuanYi Zen Hei")
    drawn, boxes = (
        subprocess.run([sys.executable, "-c", DRAW, *fonts], capture_output=True, text=True,
                       env={**os.environ, "PYTHONPATH": str(ROOT / "utils")})
        for fonts in ([tmp_path / "one.ttf"], [])
    )
    assert drawn.stdout == "Figures write Chinese in WenQuanYi Zen Hei.\n", drawn.stderr
    assert boxes.returncode and "missing from font" in boxes.stderr
