"""The document of all cards as Markdown, which the forms and the book's page read again."""

from liveshop.playbook.as_markdown import markdown, table_lines, text
from liveshop.playbook.whole import ALSO, DECIDED, NONE, PRIVATE
from liveshop.tables.markdown import escape
from liveshop.tables.writing import write_text


def write_markdown(whole, path):
    """Write the document as Markdown and return its path; it appears whole or not at all."""
    return write_text(path, "\n".join([*_front(whole), *map(_card, whole.pages)]))


def _front(whole):
    """The lines before the first card. book/_static/whole.js writes the same."""
    lines = ["# My playbook", "", PRIVATE, "", "## Contents", ""]
    for use, pages, others in whole.contents:
        lines += [f"**{use}**", "", *(f"- {escape(page.title)}" for page in pages)]
        lines += [f"- {ALSO} {', '.join(page.card['id'] for page in others)}"] if others else []
        lines.append("")
    head, *rows = ["| " + " | ".join(map(text, row)) + " |" for row in (DECIDED, *whole.decided)]
    return [*lines, "## Decisions", "", *([head, "|" + " --- |" * len(DECIDED), *rows] if rows else [NONE]), ""]


def _card(page):
    """A card as Markdown; one that is to be filled in has a table with empty rows."""
    kept = page.content
    shown = markdown(page.card, kept.fields, kept.rows, kept.ticks, kept.notes, kept.columns)
    lines = [] if kept.rows else table_lines(page.card, page.columns, page.rows)
    return "\n".join([shown, *lines, ""]) if lines else shown
