"""One environment: what the package asks for, what is pinned of it, and what of the pins a reader gets."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from common import ROOT
from pins import PROJECT, READERS, SETTINGS, asked, for_readers, pinned


def test_every_dependency_is_pinned_within_its_bounds():
    wanted = asked(*PROJECT["optional-dependencies"])
    wanted += [Requirement(line) for line in SETTINGS["build-system"]["requires"]]
    pins = pinned()
    for requirement in wanted:
        version = pins.get(canonicalize_name(requirement.name))
        assert version is not None, f"{requirement.name} is in pyproject.toml and not in requirements.txt"
        assert requirement.specifier.contains(version, prereleases=True), (
            f"{requirement.name}: {version} is outside {requirement.specifier}"
        )


def test_every_pin_admits_the_oldest_python():
    """What the pins were made with may be newer than the oldest Python that the course promises."""
    from importlib.metadata import PackageNotFoundError, distribution

    oldest = PROJECT["requires-python"].removeprefix(">=") + ".0"
    for name, version in pinned().items():
        try:
            found = distribution(name)
        except PackageNotFoundError:
            continue
        wanted = found.metadata.get("Requires-Python")
        if found.version == version and wanted:
            assert SpecifierSet(wanted).contains(oldest), (
                f"{name} {version} needs Python {wanted}"
            )


def test_conda_environment_is_the_same_one():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    python = next(
        entry for entry in environment["dependencies"] if isinstance(entry, str) and entry.startswith("python=")
    )
    assert SpecifierSet(PROJECT["requires-python"]).contains(python.split("=")[1] + ".0")
    (by_pip,) = (entry["pip"] for entry in environment["dependencies"] if isinstance(entry, dict))
    # The very pins and the very package, so that no second list of versions can drift from the first.
    assert by_pip == ["-r requirements-reader.txt", "-e ."]
    assert environment["name"] == PROJECT["name"]
    assert {entry.split("=")[0] for entry in environment["dependencies"] if isinstance(entry, str)} == {"python", "pip"}


def test_readers_have_the_pins_that_they_need_and_no_more():
    assert READERS.read_text(encoding="utf-8") == for_readers(), "the pins have changed: make pins"
    names = {canonicalize_name(line.split("==")[0]) for line in READERS.read_text(encoding="utf-8").splitlines()[1:]}
    assert {canonicalize_name(one.name) for one in asked("lab")} <= names <= set(pinned())
    assert not names & {"pyspark", "duckdb", "playwright", "pytest", "ruff", "nbgrader", "jupyter-book", "sphinx"}


def test_binder_has_the_readers_pins():
    """As repo2docker documents it: a folder of its own, pip run in the course's folder, the oldest Python.

    apt.txt holds names of Debian's packages, one a line: letters for Chinese, as the workflows install them.
    """
    folder = ROOT / ".binder"
    assert {path.name for path in folder.iterdir()} == {"apt.txt", "requirements.txt", "runtime.txt"}
    weekly = (ROOT / ".github" / "workflows" / "weekly.yml").read_text(encoding="utf-8")
    (font,) = (folder / "apt.txt").read_text(encoding="utf-8").split("\n")[:-1]
    assert f"--no-install-recommends {font}\n" in weekly
    lines = (folder / "requirements.txt").read_text(encoding="utf-8").splitlines()
    nested, package = [line for line in lines if not line.startswith("#")]
    assert (folder / nested.removeprefix("-r ")).resolve() == READERS
    assert package == "-e ." and (ROOT / "pyproject.toml").is_file()
    oldest = PROJECT["requires-python"].removeprefix(">=")
    assert (folder / "runtime.txt").read_text(encoding="utf-8") == f"python-{oldest}\n"


# What stands in these rooms works with the core alone; editions may import what [lab] brings, the others [notebook].
CORE_ROOMS = {"tables", "metrics", "methods", "world"}
CALLED = {
    "bs4": "beautifulsoup4",
    "docx": "python-docx",
    "pil": "pillow",
    "sklearn": "scikit-learn",
    "yaml": "pyyaml",
    "markdown-it": "markdown-it-py",
}  # import → distribution


def imported(path: Path) -> set[str]:
    """The top-level names that a file imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add(node.module.split(".")[0])
    return found - sys.stdlib_module_names - {"liveshop"}


def test_what_the_package_imports_is_declared():
    core, notebook, lab, marking, building = (
        {canonicalize_name(one.name) for one in asked(*extras)}
        for extras in ((), ["notebook"], ["lab"], ["class"], ["course"])
    )
    used = set()
    for path in (ROOT / "utils" / "liveshop").rglob("*.py"):
        room = path.relative_to(ROOT / "utils" / "liveshop").parts[0].removesuffix(".py")
        allowed = core if room in CORE_ROOMS else lab if room in ("editions", "environment") else notebook
        # nbgrader's configuration imports the first, and nothing else; the second reads nbgrader's database.
        if path.parts[-2:] in (("editions", "marks.py"), ("editions", "gradebook.py")):
            allowed = allowed | marking
        if path.parts[-2:] == ("publish", "lite.py"):  # makes a site beside the built book
            allowed = allowed | building
        for name in imported(path):
            name = CALLED.get(canonicalize_name(name), canonicalize_name(name))
            assert name in allowed, (
                f"{path.relative_to(ROOT)} imports {name}, which pyproject.toml does not name for {room}"
            )
            used.add(name)
    # The other way round; zoneinfo reads the time zones where the system has none.
    assert core - used <= {"tzdata"}, "named in pyproject.toml and imported nowhere"
