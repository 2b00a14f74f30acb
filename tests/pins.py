"""The pins: those of requirements.txt, and of them the readers' alone, in requirements-reader.txt.

make pins
"""

from __future__ import annotations

import sys
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "book" / "_ext"))

from course.packages import PROJECT, SETTINGS, asked, closure, pinned  # noqa: E402  (its folder is known now)

__all__ = ["PROJECT", "READERS", "SETTINGS", "asked", "closure", "for_readers", "pinned"]

READERS = ROOT / "requirements-reader.txt"
HEAD = "# What a reader's machine needs, of the pins in requirements.txt; made from them by make pins.\n"


def for_readers() -> str:
    """The text of requirements-reader.txt."""
    wanted = closure([*asked("lab"), *map(Requirement, SETTINGS["build-system"]["requires"])])
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").split()
    return HEAD + "".join(f"{line}\n" for line in lines if canonicalize_name(line.split("==")[0]) in wanted)


if __name__ == "__main__":
    READERS.write_text(for_readers(), encoding="utf-8")
    print(f"Wrote {READERS.name}: {for_readers().count('==')} of {len(pinned())} pins.")
