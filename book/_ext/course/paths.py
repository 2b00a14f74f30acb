"""Where the sources of the book lie."""
from __future__ import annotations

from pathlib import Path

import yaml

EXTENSION = Path(__file__).resolve().parent
ROOT = EXTENSION.parents[2]
BOOK = ROOT / "book"


def read_yaml(path: Path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def course_map() -> list[dict]:
    """All chapters of book/course.yml."""
    return read_yaml(BOOK / "course.yml")["chapters"]


def ready_chapters() -> list[dict]:
    """Those that can be read."""
    return [chapter for chapter in course_map() if chapter["status"] == "ready"]
