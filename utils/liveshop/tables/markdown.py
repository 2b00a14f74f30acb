"""Text in Markdown: from outside, shown as it is and never obeyed; our own, as a cell of a table."""

import html
import re


def escape(text):
    """Text from outside as Markdown that shows it and does nothing else: no HTML, link, formula, table border."""
    text = html.escape(" ".join(str(text).split()), quote=False)
    return re.sub(r"([\\`*_{}\[\]|#~$!])", r"\\\1", text)


def code(text):
    """A name from outside as code in Markdown, on one line: no escapes in it, and no way out of it."""
    return "`" + re.sub(r"[`\s]+", " ", str(text)) + "`"


def cell(text):
    """Markdown of our own as a cell of a table: what is marked up stays so, and nothing ends the cell."""
    return str(text).replace("|", "\\|").replace("\n", " ").strip()


def table(header, rows):
    """A table of our own Markdown: header and rows are lists of texts."""
    lines = ["| " + " | ".join(header) + " |", "|" + " --- |" * len(header)]
    return "\n".join([*lines, *("| " + " | ".join(map(cell, row)) + " |" for row in rows)])
