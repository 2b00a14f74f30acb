"""What the first page says of the chapters: which can be read, and where; made from the map."""
from __future__ import annotations

from course.paths import address, chapter_page, course_map, ready_chapters
from liveshop.medium import render

WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def chapter_buttons(docname: str) -> str:
    """A button for each chapter that can be read."""
    return _links(docname, "buttons.html")


def chapters_without_code(docname: str) -> str:
    return _links(docname, "links.html", code="hidden", words="without code")


def chapters_with_code(docname: str) -> str:
    return _links(docname, "links.html", code="shown", words="with code")


def _links(docname: str, template: str, **about) -> str:
    chapters = [{**chapter, "page": address(chapter_page(chapter), docname)} for chapter in ready_chapters()]
    return render("course", template, chapters=chapters, **about)


def chapters_heading(docname: str) -> str:
    """How many chapters there are, and which of them can be read now."""
    number, ready = len(course_map()), [str(chapter["number"]) for chapter in ready_chapters()]
    count = WORDS[number] if number < len(WORDS) else str(number)
    return f"## The {count} chapters\n\n{readable(ready, number)}"


def readable(ready: list[str], number: int) -> str:
    """Which of so many chapters can be read, in a sentence or two."""
    if len(ready) == number:
        return "All can be read now, in any order."
    *front, last = ready or ["none"]
    if front:
        order = "either" if len(front) == 1 else "any"
        first = f"Chapters {', '.join(front)} and {last} are complete and can be read now, in {order} order."
    else:
        first = f"Chapter {last} is complete and can be read now." if ready else "None can be read yet."
    return f"{first} The others are planned, in this order and with these questions."
