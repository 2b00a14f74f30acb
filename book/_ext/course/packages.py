"""The packages that the course stands on: what pyproject.toml asks for, what is pinned, what comes along."""
from __future__ import annotations

import tomllib
from importlib.metadata import PackageNotFoundError, distributions, requires

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from course.paths import ROOT

SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = SETTINGS["project"]
PYTHONS = ("3.11", "3.12", "3.13")
# The pins are made on Linux; the same packages are meant wherever this is asked.
SYSTEM = {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "platform_machine": "x86_64"}


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
                one.marker.evaluate(
                    {**SYSTEM, "extra": extra, "python_version": python, "python_full_version": f"{python}.0"}
                )
                for python in PYTHONS
            ):
                waiting += [(canonicalize_name(one.name), more) for more in ("", *one.extras)]
    return {name for name, _ in found}


def installed() -> dict[str, str]:
    """The version of each package that is installed here, by its normal name, in the order of names."""
    return dict(sorted((canonicalize_name(one.name), one.version) for one in distributions()))
