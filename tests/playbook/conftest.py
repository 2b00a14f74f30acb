"""What the tests of the tools in the page share."""

import pytest

from common import ROOT
from example.page import write_page
from liveshop import medium, playbook


@pytest.fixture
def in_medium(monkeypatch):
    """Function: what a call shows in a medium ("opening", "book" …), as (plain, rich)."""
    kept = []
    monkeypatch.setattr(medium, "show", lambda plain, rich: kept.append((plain, rich)))

    def show(kind, call):
        monkeypatch.setenv(medium.VARIABLE, kind)
        call()
        return kept[-1]

    return show


@pytest.fixture
def write_my_playbook(monkeypatch):
    """Function: the book's page "My playbook" with all its scripts, written into a folder; its address.

    The book is not built for it: frame, scripts and cards are those of the book, chapters it has none.
    """
    monkeypatch.syspath_prepend(ROOT / "book" / "_ext")
    from course import kept as kept_in_book

    def written(folder):
        deck = {"cards": kept_in_book.cards("book/playbook/my-playbook"), "chapters": [], "words": playbook.words()}
        frame = medium.render("course", "my-playbook.html", deck=deck, scripts=[])
        own = [(ROOT / "book" / "_static" / name).read_text(encoding="utf-8") for name in kept_in_book.SCRIPTS]
        address = write_page(folder, frame)
        file = folder / "page.html"
        scripts = "".join(f"<script>{script}</script>" for script in own)
        file.write_text(file.read_text(encoding="utf-8").replace("</body>", scripts + "</body>"), encoding="utf-8")
        return address

    return written
