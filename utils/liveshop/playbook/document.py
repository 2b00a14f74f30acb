"""All cards of a reader, or all cards of the course empty, in one document."""

import os
from pathlib import Path

from liveshop.playbook.content import Content
from liveshop.playbook.deck import CardError, cards
from liveshop.playbook.store import FOLDER, everything, keeps_cards
from liveshop.playbook.whole import Whole
from liveshop.playbook.whole_excel import write_excel
from liveshop.playbook.whole_markdown import write_markdown
from liveshop.playbook.whole_page import write_page
from liveshop.playbook.whole_word import write_word

WRITERS = {".docx": write_word, ".xlsx": write_excel, ".md": write_markdown, ".html": write_page}


def document(out=None, folder=FOLDER, blank=False):
    """Put the cards into one document, in the order in which they are used; return the paths of what was written.

    out : a file (.docx, .xlsx, .md, or .html to print), or a folder for all four; without it they stand in `folder`.
    folder : where the forms saved the cards, or where `my-playbook.md` of the book's page "My playbook" was put. A card
    that has a file of its own is taken from it. blank : all cards of the course, empty, to print and fill in by hand.
    Contents and decisions stand first. Each file appears whole or not at all. CardError when there is no card, when a
    file cannot be read, for a kind of file that is not known and for a file that holds cards; TableError when nothing
    can be written there.
    """
    target = Path(folder if out is None else out)
    one_file = target.suffix and not os.path.isdir(target) and out is not None
    if one_file and target.suffix.lower() not in WRITERS:
        raise CardError(f"{target.name} cannot be made: choose a name that ends in {', '.join(WRITERS)}, or a folder.")
    if one_file and keeps_cards(target):
        raise CardError(f"{target.name} holds cards and would be overwritten: choose another name.")
    whole = Whole(_empty() if blank else _filled(folder), blank)
    if one_file:
        return [WRITERS[target.suffix.lower()](whole, target)]
    name = "playbook-blank" if blank else "playbook"
    return [write(whole, target / f"{name}{suffix}") for suffix, write in WRITERS.items()]


def _filled(folder):
    """The cards that hold anything, each with its content; one that the course no longer has is as it was kept."""
    known = {one["id"]: one for one in cards()}
    return [(known.get(id) or {"id": id, "title": content.title, "purpose": "", "fields": [], "checklist": []}, content)
            for id, content in everything(folder, known.values()).items()]


def _empty():
    return [(one, Content()) for one in cards()]
