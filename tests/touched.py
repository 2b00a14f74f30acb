"""Says which pages of the book a change touches, as a list for the change's readers: make touched SINCE=main."""
from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "book" / "_ext"))

from course.paths import chapter_page, course_map, section_page  # noqa: E402

from liveshop.editions import EditionError, section_of, tags  # noqa: E402
from liveshop.editions.repository import site_address  # noqa: E402

SHOWN = 3      # files that a line names
CARDS = "book/playbook/index"
CONTENT = re.compile(r"utils/liveshop/course/chapter_(\d)/(?:section_\d_(\d)\.py)?")
# What every page is made with, or may be.
EVERYWHERE = re.compile(r"book/|utils/|data/|_config\.yml|_toc\.yml|requirements\.txt")


def git(*arguments: str) -> str:
    run = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True)
    if run.returncode:
        raise EditionError(f"git {' '.join(arguments)} says: {run.stderr.strip() or 'nothing'}")
    return run.stdout


def chapter_pages(chapter: dict) -> list[str]:
    return [chapter_page(chapter), *(section_page(section["id"]) for section in chapter["sections"])]


def pages_of(path: str, before: str | None, after: str | None) -> list[str] | None:
    """The pages that a changed file touches, with its text before and after (None: it is not there); None means all."""
    for chapter in course_map():
        if path == chapter["notebook"]:
            return _pages_of_notebook(chapter, before, after)
    if found := CONTENT.match(path):
        chapter = course_map()[int(found[1]) - 1]
        if found[2]:
            return [section_page(f"{found[1]}.{found[2]}")]
        return [*chapter_pages(chapter), CARDS] if path.endswith("cards.yml") else chapter_pages(chapter)
    if path.startswith("book/") and path.endswith(".md"):
        return [path.removesuffix(".md")]
    return None if EVERYWHERE.match(path) else []


def _pages_of_notebook(chapter: dict, before: str | None, after: str | None) -> list[str]:
    if before is None or after is None:
        return chapter_pages(chapter)
    old, new = _by_section(before), _by_section(after)
    changed = [section for section in {**old, **new} if old.get(section) != new.get(section)]
    return [section_page(section) if section else chapter_page(chapter) for section in changed]


def _by_section(text: str) -> dict[str | None, list]:
    """Of each section (None: the chapter's own page), what of its cells is seen: text, tags, outputs."""
    cells, found = nbformat.reads(text, as_version=4).cells, {}
    for section, cell in zip(section_of(cells), cells, strict=True):
        found.setdefault(section, []).append((cell.cell_type, cell.source, tags(cell), cell.get("outputs")))
    return found


def touched(since: str) -> tuple[dict[str, list[str]], list[str]]:
    """The pages that differ from where the branch left `since`, each with the files it is for; files that reach all."""
    base = git("merge-base", since, "HEAD").strip()
    pages, everywhere = {}, []
    for path in git("diff", "--name-only", "--no-renames", "-z", base).split("\0")[:-1]:
        found = pages_of(path, *_versions(base, path)) if path.endswith(".ipynb") else pages_of(path, None, None)
        if found is None:
            everywhere.append(path)
        for page in found or ():
            pages.setdefault(page, []).append(path)
    return pages, everywhere


def _versions(base: str, path: str) -> tuple[str | None, str | None]:
    """The text of a file before the change and as it lies here; None where it is not there."""
    before = git("show", f"{base}:{path}") if git("ls-tree", base, "--", path) else None
    file = ROOT / path
    return before, file.read_text(encoding="utf-8") if file.exists() else None


def report(pages: dict[str, list[str]], everywhere: list[str]) -> str:
    """The list in Markdown; with links to the pages as they are now, where the site has an address."""
    address = site_address(ROOT / "_config.yml")
    names = {page: name for chapter in course_map() for page, name in _names(chapter)}
    order, lines = list(names), []
    for page, files in sorted(pages.items(), key=lambda item: (order.index(item[0]) if item[0] in names else -1, item)):
        name = names.get(page, page)
        name = f"[{name}]({address}{page}.html)" if address else name
        lines.append(f"- {name}: {_listed(files)}")
    if everywhere:
        lines += [""] * bool(lines) + [f"Any page may look different, through {_listed(everywhere)}."]
    return "\n".join(["## Pages that this change touches", "", *(lines or ["None."])])


def _names(chapter: dict):
    yield chapter_page(chapter), f"Chapter {chapter['number']}: {chapter['title']}"
    for section in chapter["sections"]:
        yield section_page(section["id"]), f"{section['id']} {section['title']}"


def _listed(files: list[str]) -> str:
    """The first few of the files, and how many more there are."""
    named = ", ".join(f"`{path.replace('`', '')}`" for path in files[:SHOWN])
    return named + (f" and {len(files) - SHOWN} more" if len(files) > SHOWN else "")


if __name__ == "__main__":
    try:
        print(report(*touched(sys.argv[1])))
    except EditionError as error:
        sys.exit(str(error))
