"""The house in order: one environment, clean notebooks, one map, nothing of this machine in the tree."""

from __future__ import annotations

import ast
import builtins
import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import nbformat
import pytest
import yaml

from common import ROOT
from liveshop import editions, practice
from liveshop.editions.cells import section_of
from liveshop.editions.notes import flaws, gaps
from liveshop.editions.sources import course_map, glossary
from liveshop.medium import STATIC

CHAPTERS = sorted((ROOT / "notebooks").glob("*.ipynb"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
MAP = course_map(ROOT / "book" / "course.yml")


def tree() -> list[Path]:
    """The files under version control; outside a clone, those that are not made by a build."""
    run = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if run.returncode == 0 and run.stdout:
        return [ROOT / name for name in run.stdout.split("\0") if name and (ROOT / name).is_file()]
    pytest.skip("not a git clone")


# --- imports and style -----------------------------------------------------------------------------


def test_import_is_quick():
    """Design: at most 1.5 s on a quiet machine, and here too."""
    code = "import time; t = time.perf_counter(); import liveshop; print(time.perf_counter() - t)"
    times = [
        float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)
        for _ in range(3)
    ]
    assert min(times) < 1.5


def test_the_code_is_clean():
    run = subprocess.run([sys.executable, "-m", "ruff", "check", "."], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout[-4000:]


def test_no_room_leans_where_it_may_not():
    """The table of who may import whom, and no circles: pyproject.toml holds it, import-linter reads it."""
    lint = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True,
                         env={**os.environ, "PYTHONPATH": str(ROOT / "utils")})
    assert run.returncode == 0, run.stdout[-4000:]


# --- make ------------------------------------------------------------------------------------------


def make(*arguments, folder=ROOT, **environment):
    return subprocess.run(
        ["make", *arguments], cwd=folder, capture_output=True, text=True, env={**os.environ, **environment}, timeout=120
    )


def test_bare_make_lists_its_targets():
    run = make()
    assert run.returncode == 0
    for target in ("book", "test", "lab", "data", "template", "bench", "notebooks", "student"):
        (line,) = [line for line in run.stdout.splitlines() if re.match(rf"\s+make {target}\s", line)]
        assert len(line.split()) > 4, f"{target} has no description"


def test_make_hands_names_on_as_they_were_typed():
    name = """Mia's "best" $5 `list` 清单.xlsx"""
    run = make("-n", "template", "SECTION=5.4", f"DATA={name}", f"MAPPING={name}", "OUT=my run")
    (command,) = [line for line in run.stdout.replace("\\\n", " ").splitlines() if "liveshop.editions template" in line]
    assert shlex.split(command)[3:] == [
        "template",
        "--section",
        "5.4",
        "--data",
        name,
        "--mapping",
        name,
        "--out",
        "my run",
    ]


def bare_course(folder: Path) -> Path:
    for name in ("Makefile", "requirements.txt", "pyproject.toml"):
        (folder / name).write_bytes((ROOT / name).read_bytes())
    return folder


def one_sentence(run, words: str):
    said = [line for line in run.stderr.splitlines() if line and not line.startswith("make")]
    assert run.returncode != 0 and len(said) == 1 and words in said[0], run.stderr


def fake_python(folder: Path, body: str) -> Path:
    path = folder / "python-of-old"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


def test_too_old_python_is_one_sentence(tmp_path):
    old = fake_python(tmp_path, "exit 1")
    one_sentence(make("setup", f"PYTHON={old}", folder=bare_course(tmp_path)), "is not a Python 3.11 or newer")
    assert not (tmp_path / ".venv").exists() and not (tmp_path / ".setup-wanted").exists()


def test_missing_python_is_one_sentence(tmp_path):
    # A search path that has the shell's tools and no Python.
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("bash", "sh", "cat", "cmp", "rm", "df", "awk", "make", "cp"):
        found = next(
            Path(folder) / name for folder in os.environ["PATH"].split(os.pathsep) if (Path(folder) / name).exists()
        )
        (tools / name).symlink_to(found.resolve())
    one_sentence(
        make("setup", folder=bare_course(tmp_path), PATH=str(tools)), "needs Python 3.11 or newer and finds none"
    )


def test_full_disk_is_one_sentence(tmp_path):
    run = make("setup", "SPACE_SETUP=99999999", folder=bare_course(tmp_path))
    one_sentence(run, "free some space")


def test_busy_port_is_one_sentence(tmp_path):
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        recipe = subprocess.run(["make", "-n", "lab", f"PORT={port}"], cwd=ROOT, capture_output=True, text=True)
        assert recipe.returncode == 0
        # Only the lines of lab itself: setting up is tested elsewhere and takes a network.
        (tmp_path / "Makefile").write_text(
            (ROOT / "Makefile")
            .read_text()
            .replace("lab: setup", "lab:")
            .replace("VENV ?= .venv", f"VENV ?= {Path(sys.prefix)}")
        )
        one_sentence(make("lab", f"PORT={port}", folder=tmp_path), f"Port {port} is busy")


def test_environment_that_is_up_to_date_is_left_alone(tmp_path):
    bare_course(tmp_path)
    venv = tmp_path / ".venv"
    venv.mkdir()
    (venv / "setup-done").write_bytes(
        (tmp_path / "requirements.txt").read_bytes() + (tmp_path / "pyproject.toml").read_bytes()
    )
    assert make("setup", folder=tmp_path).returncode == 0
    assert [path.name for path in venv.iterdir()] == ["setup-done"]


# --- the committed notebooks -----------------------------------------------------------------------


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_notebook_is_committed_clean(path):
    """Executed in order without errors or warnings, without widget state or timings, as normalise leaves it."""
    nb = nbformat.read(path, as_version=4)
    nbformat.validate(nb)
    counts = [cell.execution_count for cell in nb.cells
              if cell.cell_type == "code" and "install" not in editions.tags(cell)]
    assert counts == list(range(1, len(counts) + 1)), "not run in one go: make notebooks"
    for number, cell in enumerate(nb.cells, 1):
        for output in cell.get("outputs", []):
            assert output.output_type != "error", f"cell {number} holds an error"
            assert not (output.output_type == "stream" and output.name == "stderr"), (
                f"cell {number} holds a warning: {output.text[:200]}"
            )
            assert not any("widget" in mime for mime in output.get("data", {})), f"cell {number} holds widget state"
    assert nbformat.writes(editions.normalise(nb)) == nbformat.writes(nb), "not tidy: make notebooks"


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_notebook_is_plain_markdown(path):
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "markdown":
            assert not re.search(r"^:::|^```\{|\{[a-z:]+\}`", cell.source, re.MULTILINE), (
                f"MyST directive in {cell.source[:80]!r}"
            )


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_code_cells_can_be_read_at_a_glance(path):
    """At most 15 lines of 110 characters; an explorer is folded away in the book and may be longer."""
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code" and "explorer" not in editions.tags(cell):
            lines = cell.source.splitlines()
            assert len(lines) <= 15, f"{cell.id} has {len(lines)} lines"
            for line in lines:
                assert len(line) <= 110, f"{cell.id} has a line of {len(line)} characters: {line}"


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_dollar_is_a_dollar(path):
    """Two plain dollar signs in one paragraph make a formula of all that stands between them."""
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "markdown":
            assert not re.search(r"(?<!\\)\$", cell.source), f"{cell.id}: write \\$ for a dollar"


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_template_cells_know_no_truth_and_say_what_they_show(path):
    for cell in nbformat.read(path, as_version=4).cells:
        if "template" in editions.tags(cell) and cell.cell_type == "code":
            about = cell.metadata.get("liveshop", {})
            assert about.get("needs") and about.get("shows"), (
                f"a template cell without needs and shows: {cell.source[:80]!r}"
            )
            assert not re.search(r"truth|[Qq]inghe|\bS0\d{3}\b|\bH\d{2}\b", cell.source), (
                f"a template cell leans on Qinghe: {cell.source[:80]!r}"
            )


def _names(source):
    """The names that code uses without making them, and those that it makes."""
    nodes = list(ast.walk(ast.parse(source)))
    names = [node for node in nodes if isinstance(node, ast.Name)]
    made = {node.id for node in names if isinstance(node.ctx, ast.Store)}
    made |= {one.arg for node in nodes if isinstance(node, ast.arguments) for one in node.args + node.kwonlyargs}
    made |= {(one.asname or one.name).split(".")[0] for node in nodes
             if isinstance(node, (ast.Import, ast.ImportFrom)) for one in node.names}
    made |= {node.name for node in nodes if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    return {node.id for node in names} - made - set(dir(builtins)), made


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_template_cells_lean_on_nothing_but_template_cells(path):
    """A section on a reader's own tables is its template cells: what another cell makes is not there."""
    nb = nbformat.read(path, as_version=4)
    known, lost = {}, []
    for section, cell in zip(section_of(nb.cells), nb.cells, strict=True):
        setup = {"setup", "parameters"} & set(editions.tags(cell))
        if cell.cell_type != "code" or not (setup or "template" in editions.tags(cell)):
            continue
        used, made = _names(cell.source)
        missing = used - known.get(None, set()) - known.get(section, set())
        if missing:
            lost.append(f"{cell.id} of {section} lacks {', '.join(sorted(missing))}")
        known.setdefault(None if setup else section, set()).update(made)
    assert not lost, "; ".join(lost)


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_every_section_has_its_notes_for_the_teacher_in_one_form(path):
    nb = nbformat.read(path, as_version=4)
    wrong = flaws(nb) + gaps(nb)
    assert not wrong, "\n".join(wrong)


# --- the map ---------------------------------------------------------------------------------------


def test_map_has_nine_chapters_and_thirty_sections():
    assert [chapter["number"] for chapter in MAP] == list(range(1, 10))
    assert sum(len(chapter["sections"]) for chapter in MAP) == 30
    ready = [chapter["notebook"] for chapter in MAP if chapter["status"] == "ready"]
    assert ready == [str(path.relative_to(ROOT)) for path in CHAPTERS if re.match(r"\d\d-", path.name)]


@pytest.mark.parametrize(
    "chapter", [chapter for chapter in MAP if chapter["status"] == "ready"], ids=lambda chapter: str(chapter["number"])
)
def test_map_agrees_with_the_notebook(chapter):
    nb = nbformat.read(ROOT / chapter["notebook"], as_version=4)
    text = "\n".join(cell.source for cell in nb.cells if cell.cell_type == "markdown")
    assert re.search(rf"^# {chapter['number']} {re.escape(chapter['title'])}$", text, re.MULTILINE)
    found = re.findall(r"^## (\d+\.\d+) (.+)$", text, re.MULTILINE)
    assert found == [(str(section["id"]), section["title"]) for section in chapter["sections"]]
    checks = re.findall(
        r"""^\s*check\(["'](\d+\.\d+[a-z])["']""",
        "\n".join(c.source for c in nb.cells if "check" in editions.tags(c)),
        re.MULTILINE,
    )
    assert list(dict.fromkeys(checks)) == [
        exercise for section in chapter["sections"] for exercise in section["exercises"]
    ]
    known = {
        resource["name"]
        for resource in json.loads((ROOT / "data" / "datapackage.json").read_text(encoding="utf-8"))["resources"]
    }
    for section in chapter["sections"]:
        assert set(section["tables"]) | set(section["own_data"]) <= known, (
            f"{section['id']} names a table that is not in the contract"
        )


@pytest.mark.parametrize("chapter", [c for c in MAP if c["status"] == "ready"], ids=lambda c: str(c["number"]))
def test_overview_table_is_the_map(chapter):
    opening = next(
        cell.source for cell in nbformat.read(ROOT / chapter["notebook"], 4).cells if "| section |" in cell.source
    )
    for section in chapter["sections"]:
        minutes, names = section["minutes"], ", ".join(f"`{name}`" for name in section["tables"])
        assert (
            f"| {section['id']} {section['title']} | {minutes['reading']} | {minutes['doing']} | {names} |" in opening
        )


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_headings_have_one_manner(path):
    """### Explore, ### Exercises, ### Card; #### Exercise 5.4a: and the title that the exercise has."""
    nb = nbformat.read(path, as_version=4)
    text = "\n".join(cell.source for cell in nb.cells if cell.cell_type == "markdown")
    named = re.findall(r"^(#+) ((?:Explore|Exercises|Card)\b.*)$", text, re.MULTILINE)
    assert {(marks, title) for marks, title in named} <= {("###", "Explore"), ("###", "Exercises"), ("###", "Card")}
    asked = re.findall(r"^(#+) Exercise (\d+\.\d+[a-z]): (.+)$", text, re.MULTILINE)
    checked = re.findall(r"""^check\(["'](\d+\.\d+[a-z])""", "\n".join(
        cell.source for cell in nb.cells if "check" in editions.tags(cell)), re.MULTILINE)
    assert asked == [("####", identity, practice.find(identity).title) for identity in checked]


def test_contents_list_every_page():
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    listed = {toc["root"]} | {page["file"] for part in toc["parts"] for entry in part["chapters"]
                              for page in (entry, *entry.get("sections", ()))}
    there = {str(path.relative_to(ROOT).with_suffix("")) for path in [*(ROOT / "book").rglob("*.md"), *CHAPTERS]}
    assert listed == there


def test_contents_follow_the_map():
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    (course,) = [part["chapters"] for part in toc["parts"] if part["caption"] == "The course"]
    ready = [chapter["notebook"] for chapter in MAP if chapter["status"] == "ready"]
    assert [entry["file"] + ".ipynb" for entry in course] == ready


@pytest.mark.parametrize("name", ["README.md", "book/index.md"])
def test_no_list_and_no_count_of_chapters_is_typed(name):
    """They come from the map, by placeholders; a typed one is wrong when the next chapter is done."""
    number = r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirty)"
    typed = re.compile(
        rf"\bchapters? {number}\b|\b{number} (?:chapters|sections|explorers|exercises|playbook cards)\b|notebooks/\d\d",
        re.IGNORECASE,
    )
    found = [match[0] for match in typed.finditer((ROOT / name).read_text(encoding="utf-8"))]
    assert not found, f"{name} says {found}"


def test_glossary_is_complete_and_unique():
    terms = glossary(ROOT / "book" / "reference" / "glossary.yml")
    assert len(terms) >= 70
    for key in ("en", "zh"):
        names = [str(term[key]).casefold() for term in terms]
        assert sorted({name for name in names if names.count(name) > 1}) == []


# --- the tree --------------------------------------------------------------------------------------


def test_nothing_of_this_machine_and_no_registry_in_the_tree():
    home = re.compile(
        "|".join(
            [r"/ho" + r"me/[a-z]", r"/Us" + r"ers/[A-Za-z]", r"/ro" + r"ot/", r"/wo" + r"rk/", r"[A-Z]:" + r"\\\\Users"]
        )
    )
    registry = re.compile(
        r"py" + r"pi\.org|python" + r"hosted|npmjs\.|deb\.deb" + r"ian|--(?:extra-)?index" + r"-url|find" + r"-links"
    )
    wrong = []
    for path in tree():
        if path.suffix in (".parquet", ".png", ".webp", ".gz", ".xlsx"):
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # the deliberately old-fashioned exports in data/raw
        for pattern in (home, registry):
            for match in pattern.finditer(text):
                wrong.append(f"{path.relative_to(ROOT)}: {text[max(0, match.start() - 30) : match.end() + 20]!r}")
    assert not wrong, "\n".join(wrong[:20])


def test_committed_data_are_small_enough():
    assert sum(path.stat().st_size for path in tree() if path.is_relative_to(ROOT / "data")) < 20e6


def test_names_of_pages_and_notebooks_have_no_underscore():
    for path in [*(ROOT / "book").rglob("*.md"), *CHAPTERS]:
        assert "_" not in path.name, path


def test_licences_are_there():
    assert "MIT License" in (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "CC BY 4.0" in (ROOT / "LICENSE-TEXT.md").read_text(encoding="utf-8")
    assert PROJECT["project"]["license"] == "MIT"


# --- colours ---------------------------------------------------------------------------------------


def _contrast(first: str, second: str) -> float:
    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("shade", ["light", "dark"])
def test_text_colours_are_legible_on_every_ground(shade):
    """WCAG 2.1 AA: at least 4.5 to 1, for every text colour on paper and on panels."""
    css = (STATIC / "course.css").read_text(encoding="utf-8")
    block = re.search(rf'html\[data-theme="{shade}"\] \{{(.*?)\}}', css, re.DOTALL)[1]
    colours = dict(re.findall(r"--ls-([a-z-]+): (#[0-9a-f]{6});", block))
    for ink in ("ink", "muted", "accent", "good", "bad", "warn"):
        for ground in ("paper", "panel"):
            assert _contrast(colours[ink], colours[ground]) >= 4.5, f"{ink} on {ground}"
    assert _contrast(colours["accent-ink"], colours["accent"]) >= 4.5
