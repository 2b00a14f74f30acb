"""Where the sources of the book lie."""
from __future__ import annotations

import os
import string
from functools import cache
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


def chapter_page(chapter: dict) -> str:
    """The name of a chapter's page: its notebook's, "notebooks/05-live-operations"."""
    return chapter["notebook"].removesuffix(".ipynb")


def section_page(section) -> str:
    """The name of a section's page: of 5.4, "notebooks/5-4"."""
    return "notebooks/" + str(section).replace(".", "-")


@cache
def places() -> dict[str, tuple[dict, dict | None]]:
    """Of each page that is made from a notebook: its chapter, and its section (None for the chapter's own page)."""
    found = {}
    for chapter in ready_chapters():
        found[chapter_page(chapter)] = chapter, None
        found |= {section_page(section["id"]): (chapter, section) for section in chapter["sections"]}
    return found


def section_of_card(identity: str) -> str:
    """The section that a card belongs to: 6.1 of 6.1b."""
    return identity.rstrip(string.ascii_lowercase)


def address(page: str, docname: str) -> str:
    """Where a page is, seen from another."""
    return os.path.relpath(page, Path(docname).parent).replace(os.sep, "/") + ".html"


def ready_chapters() -> list[dict]:
    """Those that can be read."""
    return [chapter for chapter in course_map() if chapter["status"] == "ready"]
