"""The card as a form in JupyterLab: fields, ticks, notes and a button that saves."""

import html

from liveshop.playbook.card import details, html_card, label, written
from liveshop.playbook.deck import CardError
from liveshop.playbook.store import FOLDER, save, saved

WIDE = {"width": "min(44em, 98%)"}
LABEL = {"description_width": "14em"}


def form(one, filled=None, rows=None, folder=FOLDER):
    """An ipywidgets form of a card. What was saved comes back; values given now go before it."""
    import ipywidgets as widgets

    before = saved(one["id"], folder)
    texts = _texts(one, {**(before.get("fields") or {}), **(filled or {})})
    ticks = _ticks(one, set(before.get("ticked") or []))
    notes = widgets.Textarea(value=str(before.get("notes") or ""), description="Notes", style=LABEL, layout=WIDE)
    button = widgets.Button(description="Save to my-playbook", icon="save", button_style="primary")
    button.layout.width = "16em"
    said = widgets.HTML()

    def keep(_):
        values = {name: box.value for name, box in texts.items()}
        try:
            path = save(one, values, rows, [i for i, box in enumerate(ticks) if box.value], notes.value, folder)
            said.value = html.escape(f"Saved to {path}. The earlier version, if any, is in {path.parent}/earlier.")
        except CardError as error:
            said.value = html.escape(str(error))

    button.on_click(keep)
    zh = f" {html.escape(one['title_zh'])}" if one.get("title_zh") else ""
    title, purpose = html.escape(one["title"]), html.escape(one["purpose"])
    head = widgets.HTML(f"<strong>Card {one['id']}: {title}</strong>{zh}<br>{purpose}")
    # Only the table: the rest of the card is the form itself.
    table = [] if rows is None else [widgets.HTML(html_card({**one, "fields": [], "checklist": []}, {}, rows))]
    return widgets.VBox([head, *texts.values(), *ticks, *table, notes, button, said])


def _texts(one, values):
    """A box for each field, by the field's name."""
    import ipywidgets as widgets

    boxes = {}
    for field in one["fields"]:
        told = str(field.get("help") or "")
        boxes[field["name"]] = widgets.Text(
            value=written(values.get(field["name"])),
            description=label(field) + (f" ({field['unit']})" if field.get("unit") else ""),
            placeholder=told, tooltip=told, style=LABEL, layout=WIDE,
        )
    return boxes


def _ticks(one, done):
    """A box to tick for each line of the checklist; `done` holds the numbers of those that are ticked."""
    import ipywidgets as widgets

    return [
        widgets.Checkbox(
            value=i in done, indent=False, layout=WIDE,
            description=str(item["what"]) + (f" ({details(item)})" if details(item) else ""),
        )
        for i, item in enumerate(one["checklist"])
    ]
