"""Where the chapters' notebooks are."""

from importlib.resources import files
from pathlib import Path

from liveshop.course.chapter_9 import contest
from liveshop.editions.cells import EditionError
from liveshop.tables.places import course_folder

NOTEBOOK = "[0-9][0-9]-*.ipynb"
SHIPPED = files("liveshop.editions") / "notebooks"      # filled when a wheel is built; a clone has none

HANDED_OUT = {"09-outlook.ipynb": (contest.TEMPLATE,)}  # files that lie beside a chapter in the student edition


def notebooks() -> list[Path]:
    """The notebooks of the chapters, in order: those of the course's folder, or those that came with the package."""
    course = course_folder(f"notebooks/{NOTEBOOK}")
    return sorted((course / "notebooks" if course else SHIPPED).glob(NOTEBOOK))


def chapter_notebook(section: str):
    """The notebook of the chapter that a section ("5.4") belongs to."""
    import nbformat

    by_chapter = {str(int(path.name[:2])): path for path in notebooks()}
    if not by_chapter:
        raise EditionError("The folder notebooks/ of the course is not here: run this inside the course folder.")
    path = by_chapter.get(section.split(".")[0])
    if path is None:
        there = ", ".join(by_chapter)
        raise EditionError(f"There is no chapter for section {section!r}: the chapters here are {there}.")
    return nbformat.read(path, as_version=4)
