"""The pins: those of requirements.txt, and of them the readers' alone, in requirements-reader.txt.

make pins
"""

from __future__ import annotations

import tomllib
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = SETTINGS["project"]
READERS = ROOT / "requirements-reader.txt"
PYTHONS = ("3.11", "3.12", "3.13")
HEAD = "# What a reader's machine needs, of the pins in requirements.txt; made from them by make pins.\n"


def pinned() -> dict[str, str]:
    """The version of each package in requirements.txt, by its normal name."""
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").split()
    assert all("==" in line for line in lines), "requirements.txt pins exactly and holds nothing else"
    return {canonicalize_name(name): version for name, version in (line.split("==") for line in lines)}


def asked(*extras: str) -> list[Requirement]:
    """What the package asks for by itself and with these extras, those that an extra names in its turn included."""
    lines, waiting, seen = list(PROJECT["dependencies"]), list(extras), set()
    while waiting:
        extra = waiting.pop()
        if extra in seen:
            continue
        seen.add(extra)
        for line in PROJECT["optional-dependencies"][extra]:
            requirement = Requirement(line)
            if requirement.name == PROJECT["name"]:
                waiting += requirement.extras
            else:
                lines.append(line)
    return [Requirement(line) for line in lines]


def closure(requirements) -> set[str]:
    """The distributions that come with these, by their own metadata, under any Python that the course knows."""
    found: set[tuple[str, str]] = set()
    waiting = [(canonicalize_name(one.name), extra) for one in requirements for extra in ("", *one.extras)]
    while waiting:
        name, extra = waiting.pop()
        if (name, extra) in found:
            continue
        found.add((name, extra))
        try:
            wanted = [Requirement(line) for line in requires(name) or []]
        except PackageNotFoundError:
            continue  # for another system
        for one in wanted:
            if one.marker is None or any(
                one.marker.evaluate({"extra": extra, "python_version": python, "python_full_version": f"{python}.0"})
                for python in PYTHONS
            ):
                waiting += [(canonicalize_name(one.name), more) for more in ("", *one.extras)]
    return {name for name, _ in found}


def for_readers() -> str:
    """The text of requirements-reader.txt."""
    wanted = closure([*asked("lab"), *map(Requirement, SETTINGS["build-system"]["requires"])])
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").split()
    return HEAD + "".join(f"{line}\n" for line in lines if canonicalize_name(line.split("==")[0]) in wanted)


if __name__ == "__main__":
    READERS.write_text(for_readers(), encoding="utf-8")
    print(f"Wrote {READERS.name}: {for_readers().count('==')} of {len(pinned())} pins.")
