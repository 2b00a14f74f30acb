"""One card: what a reader fills in, written as HTML and as Markdown.

Everything that comes from data is escaped, in HTML as in Markdown.
"""

import itertools
import numbers

from liveshop import medium
from liveshop.playbook.deck import CardError
from liveshop.tables.markdown import escape

_count = itertools.count(1)


def known(one, filled):
    """Refuse names that are no field of the card."""
    names = [field["name"] for field in one["fields"]]
    for name in filled:
        if name not in names:
            raise CardError(f"Card {one['id']} has no field {name!r}; it has {', '.join(names) or 'none'}.")


def rows_of(one, table):
    """The card's table as a list of lists of text, or None when it has none."""
    shape = one.get("table")
    if table is None:
        return None if not shape else [[""] * len(shape["columns"]) for _ in range(int(shape.get("rows", 6)))]
    if not shape:
        raise CardError(f"Card {one['id']} has no table to fill.")
    if isinstance(table, list):  # as it was saved
        return [[str(cell) for cell in row] for row in table]
    missing = [name for name in shape["columns"] if name not in table.columns]
    if missing:
        there = ", ".join(map(str, table.columns))
        raise CardError(f"The table of card {one['id']} lacks the column {', '.join(missing)}; it has {there}.")
    columns = [table[name].tolist() for name in shape["columns"]]
    return [[written(cell) for cell in row] for row in zip(*columns, strict=True)]


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
    return " ".join(str(value).split())


def html_card(one, filled=None, rows=None):
    """A card (a dict as in its file) as a printable page element.

    Tick boxes and empty fields can be used and printed; nothing is stored.
    """
    filled, rows, shape = filled or {}, rows_of(one, None) if rows is None else rows, one.get("table") or {}
    return medium.render(
        "liveshop.playbook", "card.html",
        key=f"card-{one['id'].replace('.', '-')}-{next(_count)}",
        card={"id": one["id"], "title": one["title"], "title_zh": one.get("title_zh"), "purpose": one["purpose"]},
        fields=[_field(field, filled) for field in one["fields"]],
        tasks=[(item["what"], details(item)) for item in one["checklist"]],
        caption=shape.get("title") or one["title"],
        columns=[_heading(name) for name in shape.get("columns", [])],
        rows=rows,
    )


def _field(field, filled):
    """What the page shows of a field: its name, label, unit, help and value, and how many lines that takes."""
    value = written(filled.get(field["name"]))
    return {"name": field["name"], "label": label(field), "unit": field.get("unit"), "help": field.get("help"),
            "value": value, "lines": 1 + len(value) // 40}


def label(field):
    """How a field is called on the card."""
    return str(field.get("label") or field["name"])


def details(item):
    """Who does a task of the checklist, when, and which number says so, in one line."""
    return " · ".join(str(item[name]) for name in ("who", "when", "number") if item.get(name))


def _heading(name):
    return str(name).replace("_", " ").capitalize()


def markdown(one, filled=None, rows=None, ticked=(), notes=""):
    """A card as Markdown; `ticked` holds the numbers (from 0) of the checklist lines that are done."""
    filled = filled or {}
    zh = f" ({escape(one['title_zh'])})" if one.get("title_zh") else ""
    lines = [f"## Card {one['id']}: {escape(one['title'])}{zh}", "", escape(one["purpose"]), ""]
    for field in one["fields"]:
        unit = f" ({escape(field['unit'])})" if field.get("unit") else ""
        lines.append(f"- **{escape(label(field))}**{unit}: {escape(written(filled.get(field['name']))) or '…'}")
    if one["fields"]:
        lines.append("")
    for i, item in enumerate(one["checklist"]):
        about = f" ({escape(details(item))})" if details(item) else ""
        lines.append(f"- [{'x' if i in ticked else ' '}] {escape(item['what'])}{about}")
    if one["checklist"]:
        lines.append("")
    if rows:
        columns = one["table"]["columns"]
        lines.append("| " + " | ".join(escape(_heading(name)) for name in columns) + " |")
        lines.append("|" + " --- |" * len(columns))
        lines += ["| " + " | ".join(escape(cell) for cell in row) + " |" for row in rows]
        lines.append("")
    if notes.strip():
        lines += ["Notes: " + escape(notes), ""]
    return "\n".join(lines)
