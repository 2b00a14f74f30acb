"""The pages of a built book, in the order of its contents."""

from pathlib import Path

from liveshop.editions.cells import EditionError

COVER = "book/index.html"


def read(path: Path):
    """A page as BeautifulSoup has it."""
    from bs4 import BeautifulSoup

    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def in_order(html: Path) -> list[Path]:
    """The cover, then what the menu of the cover leads to. EditionError where no book was built."""
    cover = html / COVER
    if not cover.exists():
        raise EditionError(f"There is no built book in {html}: run make book first.")
    found = [cover]
    for link in read(cover).select("nav.bd-links a[href]"):
        path = (cover.parent / link["href"].split("#")[0]).resolve()
        if path.is_file() and path not in found:
            found.append(path)
    return found
