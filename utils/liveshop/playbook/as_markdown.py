"""Cards as Markdown, and back. book/_static/card-markdown.js writes and reads the same, line for line.

    ## Card 5.1: Run of show (直播脚本单)

    *The night on one sheet …*

    - **Hero product**: the wrap skirt
    - **Expected margin** (yuan before fees): 52,000

    - [x] Test sound and picture (technician · 30 min before)

    | Minute | Product |
    | --- | --- |
    | 0 | Wrap skirt |

    Notes: ask Lin

Several cards make one file: "# My playbook", then contents and decisions, which no reader needs, then card by card.
Text is escaped, so that it shows what was typed and does nothing else. A line break within a text is `<br>`.
"""

import re

from liveshop.playbook.content import Content, aligned, details, filled_rows, headings, label, tidy, written
from liveshop.playbook.deck import CardError
from liveshop.tables.markdown import escape

_CARD = re.compile(r"#+ +Card +([0-9]{1,3}\.[0-9]{1,3}[a-z]?)(?:: *(.*))?")
_TICK = re.compile(r"[-*+] \[([ xX])\] (.*)")
_FIELD = re.compile(r"[-*+] \*\*((?:\\.|[^*\\])+)\*\*((?: \([^:]*\))?):(.*)")
_ESCAPED = re.compile(r"<br ?/?>|\\([\\`*_{}\[\]|#~$!])|&(lt|gt|amp);")
_RULE = re.compile(r":?-+:?")


def markdown(one, filled=None, rows=None, ticked=(), notes="", columns=None):
    """A card as Markdown.

    filled : field name -> text; names that the card does not have are written after those that it has.
    ticked : lines of the checklist that are done, as numbers (from 0) or as their text. columns : the headings
    of `rows`, where they are not the card's own. A table without text is left out, and so are empty rows at its end.
    """
    zh = f" ({escape(one['title_zh'])})" if one.get("title_zh") else ""
    lines = [f"## Card {one['id']}: {escape(one['title'])}{zh}", ""]
    if one.get("purpose"):
        lines += [f"*{escape(one['purpose'])}*", ""]
    parts = (
        _field_lines(one, dict(filled or {})),
        _task_lines(one, [one["checklist"][i]["what"] if isinstance(i, int) else i for i in ticked]),
        table_lines(one, headings(one) if columns is None else columns, filled_rows(rows)),
        [f"Notes: {text(notes)}"] if tidy(notes) else [],
    )
    for part in parts:
        lines += [*part, ""] if part else []
    return "\n".join(lines)


def text(value):
    """A text of the reader as Markdown on one line."""
    return "<br>".join(escape(line) for line in written(value).split("\n"))


def _field_lines(one, filled):
    lines = []
    for field in one["fields"]:
        lines.append(f"{_field_start(field)} {text(filled.pop(field['name'], ''))}".rstrip())
    return lines + [f"- **{escape(name)}**: {text(value)}" for name, value in filled.items() if written(value)]


def _field_start(field):
    unit = f" ({escape(field['unit'])})" if field.get("unit") else ""
    return f"- **{escape(label(field))}**{unit}:"


def _task_lines(one, ticks):
    known = [item["what"] for item in one["checklist"]]
    lines = [f"- [{'x' if item['what'] in ticks else ' '}] {_task(item)}" for item in one["checklist"]]
    return lines + [f"- [x] {text(what)}" for what in ticks if what not in known]


def _task(item):
    return escape(item["what"]) + (f" ({escape(details(item))})" if details(item) else "")


def table_lines(one, columns, rows):
    """Rows of a card as lines of a table, with its own columns first; none without a row."""
    if not rows:
        return []
    columns, rows = aligned(one, columns, rows)
    lines = [columns, *rows]
    shown = ["| " + " | ".join(text(cell) for cell in line) + " |" for line in lines]
    return [shown[0], "|" + " --- |" * len(columns), *shown[1:]]


def read(written, known):
    """The cards of a Markdown text as a dict: identity -> Content.

    known : the cards of the course, by which labels, lines and headings are recognised. What is not recognised is
    kept under the name that it has in the text; free lines become notes. CardError, the reason alone, when there is
    no card in the text, or a card twice.
    """
    deck, readers = {card["id"]: card for card in known}, {}
    reader = None
    for line in re.split(r"\r\n?|\n", written.removeprefix("\ufeff")):
        line = line.strip()
        if start := _CARD.fullmatch(line):
            if start[1] in readers:
                raise CardError(f"card {start[1]} stands in it twice; leave one of them")
            one = deck.get(start[1], {"id": start[1], "title": unescape(start[2] or ""), "fields": [], "checklist": []})
            reader = readers[start[1]] = _Reader(one)
        elif reader and line and line != "# My playbook":
            reader.take(line)
    if not readers:
        raise CardError("there is no card in it; a card begins with a line such as “## Card 5.1: Run of show”")
    return {id: reader.content() for id, reader in readers.items()}


class _Reader:
    """Reads the lines of one card."""

    def __init__(self, one):
        self.one, self.purpose = one, False
        self.fields, self.ticks, self.table, self.notes = {}, [], [], []

    def content(self):
        columns, *rows = self.table or [[]]
        if rows and all(map(_RULE.fullmatch, rows[0])):
            rows = rows[1:]
        return Content(self.fields, self.ticks, columns, rows, tidy("\n".join(self.notes)), self.one["title"])

    def take(self, line):
        """One line, put where it belongs."""
        if tick := _TICK.fullmatch(line):
            self.take_task(line, tick)
        elif field := self.field(line):
            if value := unescape(field[1]):
                self.fields[field[0]] = value
        elif line.startswith("|"):
            self.table.append(_cells(line))
        elif not self.is_purpose(line):
            self.notes.append(unescape(line.removeprefix("Notes:")))

    def is_purpose(self, line):
        if self.purpose:
            return False
        self.purpose = line.startswith("*") and line.endswith("*") or line == escape(self.one.get("purpose") or "")
        return self.purpose

    def field(self, line):
        """Name and value of a field's line, or None; a label that the card does not have is its own name."""
        for field in self.one["fields"]:
            start = _field_start(field)
            if line[1:].startswith(start[1:]):
                return field["name"], line[len(start):]
        found = _FIELD.fullmatch(line)
        if not found:
            return None
        name = unescape(found[1])
        for field in self.one["fields"]:      # the unit was changed since
            if name == label(field):
                return field["name"], found[3]
        return name + unescape(found[2], trim=False), found[3]

    def take_task(self, line, tick):
        """A line of the checklist; one that the card does not have is kept when it is ticked, and otherwise a note."""
        known = {_task(item): item["what"] for item in self.one["checklist"]}
        # Who, when or number may have been changed since.
        begins = (what for what in known.values() if tick[2].startswith(escape(what) + " ("))
        what = known.get(tick[2]) or next(begins, None)
        if tick[1] != " ":
            self.ticks.append(what or unescape(tick[2]))
        elif not what:
            self.notes.append(unescape(line[2:]))


def _cells(line):
    """The cells of a line of a table; an escaped border is text."""
    parts = re.sub(r"\\.", lambda found: "\0" if found[0] == r"\|" else found[0], line).split("|")[1:]
    if not parts[-1].strip():
        parts.pop()
    return [unescape(part.replace("\0", r"\|")) for part in parts]


def unescape(written, trim=True):
    """The text that stands behind its Markdown."""
    signs = {"lt": "<", "gt": ">", "amp": "&"}
    found = _ESCAPED.sub(lambda match: match[1] or signs.get(match[2], "\n"), written)
    return tidy(found) if trim else found
