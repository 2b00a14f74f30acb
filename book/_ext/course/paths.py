"""Where the sources of the book lie."""
from __future__ import annotations

from pathlib import Path

from liveshop.editions import sources

ROOT = Path(__file__).resolve().parents[3]
BOOK = ROOT / "book"


def course_map() -> list[dict]:
    """All chapters of book/course.yml."""
    return sources.course_map(BOOK / "course.yml")


def glossary_terms() -> list[dict]:
    """All terms of book/reference/glossary.yml."""
    return sources.glossary(BOOK / "reference" / "glossary.yml")


def ready_chapters() -> list[dict]:
    """Those that can be read."""
    return [chapter for chapter in course_map() if chapter["status"] == "ready"]
