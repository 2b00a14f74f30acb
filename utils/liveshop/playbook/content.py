"""What a reader wrote on a card, whatever it is kept as: a file beside the notebook, or an entry in a browser."""

import numbers
import re
from dataclasses import dataclass, field

# White space, and the control characters that no file format holds. book/_static/card-markdown.js has the same list.
_BLANK = re.compile(r"[\s\x00-\x1f\x7f-\x9f\ufeff]+")


@dataclass
class Content:
    """What stands on a card. Names, lines and columns that the card no longer has stay as they were kept.

    fields : field name -> text. ticks : the text (`what`) of each line of the checklist that is ticked.
    columns, rows : headings and cells of the table, as texts. title : of the card, when it was written.
    """

    fields: dict = field(default_factory=dict)
    ticks: list = field(default_factory=list)
    columns: list = field(default_factory=list)
    rows: list = field(default_factory=list)
    notes: str = ""
    title: str = ""


def tidy(text):
    """Text with one space for every run of white space; line breaks stay."""
    lines = re.split(r"\r\n?|\n", str(text))
    return "\n".join(_BLANK.sub(" ", line).strip() for line in lines).strip()


def written(value):
    """A value as text for a card: short numbers, nothing for what is missing."""
    if value is None or value is ... or (isinstance(value, float) and value != value) or str(value) in ("NaT", "<NA>"):
        return ""
    if isinstance(value, bool) or type(value).__name__ in ("bool", "bool_"):
        return "yes" if value else "no"
    if isinstance(value, numbers.Integral):
        return f"{int(value):,}"
    if isinstance(value, numbers.Real):
        return f"{float(value):,.4g}" if abs(value) < 1000 else f"{float(value):,.0f}"
    return tidy(value)


def label(field):
    """How a field is called on the card."""
    return str(field.get("label") or field["name"])


def details(item):
    """Who does a task of the checklist, when, and which number says so, in one line."""
    return " · ".join(str(item[name]) for name in ("who", "when", "number") if item.get(name))


def heading(name):
    """How a column of a card's table is called on the card."""
    return str(name).replace("_", " ").capitalize()


def headings(one):
    """How the columns of a card's table are called; none when it has no table."""
    return [heading(name) for name in (one.get("table") or {}).get("columns", [])]


def aligned(one, columns, rows):
    """Headings and rows of a kept table as the card has it now: its own columns first, then what it no longer has."""
    own = headings(one)
    width = max([len(columns), *map(len, rows)])
    names = [*columns, *[""] * (width - len(columns))]
    places = [names.index(name) if name in names else None for name in own]
    others = [place for place in range(width) if place not in places]
    shown = [[row[place] if place is not None and place < len(row) else "" for place in places + others]
             for row in rows]
    return own + [names[place] for place in others], shown


def filled_rows(rows):
    """Rows without the empty ones at the end."""
    kept = list(rows or [])
    while kept and not any(tidy(cell) for cell in kept[-1]):
        kept.pop()
    return kept
