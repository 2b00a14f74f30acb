"""The document of all cards as a page of its own, to print; nothing in it is loaded or run."""

from liveshop import medium
from liveshop.playbook.whole import ALSO, DECIDED, NONE, PRIVATE
from liveshop.playbook.word import plain
from liveshop.tables.writing import write_text


def write_page(whole, path):
    """Write the document as an HTML page and return its path; it appears whole or not at all. All text is escaped."""
    made = medium.render("liveshop.playbook", "whole.html", whole=whole, private=PRIVATE, also=ALSO, decided=DECIDED,
                         none=NONE)
    return write_text(path, plain(made))
