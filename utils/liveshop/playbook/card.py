"""One card as an element of a page, and the values that a notebook fills in. All text is escaped."""

import itertools

from liveshop import medium
from liveshop.playbook.content import details, headings, label, written
from liveshop.playbook.decisions import decides
from liveshop.playbook.deck import CardError, called

ROWS = 6        # of a card's table, where its file does not say
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
        return None if not shape else [[""] * len(shape["columns"]) for _ in range(int(shape.get("rows", ROWS)))]
    if not shape:
        raise CardError(f"Card {one['id']} has no table to fill.")
    missing = [name for name in shape["columns"] if name not in table.columns]
    if missing:
        there = ", ".join(map(str, table.columns))
        raise CardError(f"The table of card {one['id']} lacks the column {', '.join(missing)}; it has {there}.")
    columns = [table[name].tolist() for name in shape["columns"]]
    return [[medium.told(written(cell)) for cell in row] for row in zip(*columns, strict=True)]


def html_card(one, filled=None, rows=None):
    """A card (a dict as in its file) as a printable page element.

    Tick boxes and empty fields can be used and printed. In the book, cards.js keeps what is written on it.
    """
    filled, rows, shape = filled or {}, rows_of(one, None) if rows is None else rows, one.get("table") or {}
    return medium.render(
        "liveshop.playbook", "card.html",
        key=f"card-{one['id'].replace('.', '-')}-{next(_count)}",
        card={"id": one["id"], "title": one["title"], "title_zh": one.get("title_zh"), "purpose": one["purpose"],
              "use": called(one["use"])},
        fields=[_field(field, filled) for field in one["fields"]],
        tasks=[(item["what"], details(item)) for item in one["checklist"]],
        caption=shape.get("title") or one["title"],
        columns=headings(one),
        rows=rows,
    )


def _field(field, filled):
    """What the page shows of a field: its name, label, unit, help and value, and how many lines that takes."""
    value = written(filled.get(field["name"]))
    return {"name": field["name"], "label": label(field), "unit": field.get("unit"), "help": field.get("help"),
            "value": value, "lines": 1 + len(value) // 40}


def for_page(one):
    """What the book's own script needs to know of a card to list it, and to write and read it as Markdown."""
    return {
        "id": one["id"], "title": one["title"], "title_zh": one.get("title_zh") or "", "purpose": one["purpose"],
        "use": one["use"], "also": one.get("also", []), "first": one.get("first", False),
        "fields": [{"name": field["name"], "label": label(field), "unit": str(field.get("unit") or ""),
                    "decides": decides(field)} for field in one["fields"]],
        "checklist": [{"what": item["what"], "details": details(item)} for item in one["checklist"]],
        "columns": headings(one), "rows": (one.get("table") or {}).get("rows", ROWS),
    }
