"""What the course says about itself in one place each: its map and its glossary, held against their shapes."""

from pathlib import Path

from liveshop import shapes
from liveshop.tables.places import course_folder


def course_map(path=None) -> list[dict]:
    """The chapters of the course with their sections, as `book/course.yml` (or another file) has them.

    shapes.ShapeError says which file, chapter, section and name does not fit.
    """
    return shapes.read(_file("book/course.yml", path), _schema("course"))["chapters"]


def glossary(path=None) -> list[dict]:
    """The terms of the course (en, zh, pinyin, meaning), as `book/reference/glossary.yml` or another file has them."""
    return shapes.read(_file("book/reference/glossary.yml", path), _schema("glossary"))


def _file(name: str, path) -> Path:
    course = course_folder(name) if path is None else None
    return Path(path) if path else (course or Path()) / name


def _schema(name: str) -> dict:
    return shapes.schema("liveshop.editions", f"schemas/{name}.schema.json")
