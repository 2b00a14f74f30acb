"""The card as a form in JupyterLab: fields, ticks, notes and a button that saves."""

import html

from liveshop.playbook.card import CardError, _written, html_card, save, saved


def form(one, filled=None, rows=None, folder=None):
    """An ipywidgets form of a card. What was saved comes back; values given now go before it."""
    import ipywidgets as widgets

    from liveshop.playbook.card import FOLDER

    folder = folder or FOLDER
    before = saved(one["id"], folder)
    values = {**(before.get("fields") or {}), **(filled or {})}
    wide = {"width": "min(44em, 98%)"}
    texts = {}
    for field in one["fields"]:
        unit = f" ({field['unit']})" if field.get("unit") else ""
        texts[field["name"]] = widgets.Text(
            value=_written(values.get(field["name"])),
            description=f"{field.get('label') or field['name']}{unit}",
            placeholder=str(field.get("help") or ""),
            tooltip=str(field.get("help") or ""),
            style={"description_width": "14em"},
            layout=wide,
        )
    done = set(before.get("ticked") or [])
    ticks = []
    for i, item in enumerate(one["checklist"]):
        details = " · ".join(str(item[name]) for name in ("who", "when", "number") if item.get(name))
        text = str(item["what"]) + (f" ({details})" if details else "")
        ticks.append(widgets.Checkbox(value=i in done, description=text, indent=False, layout=wide))
    notes = widgets.Textarea(value=str(before.get("notes") or ""), description="Notes", style={"description_width": "14em"}, layout=wide)
    button = widgets.Button(description="Save to my-playbook", icon="save", button_style="primary", layout={"width": "16em"})
    said = widgets.HTML()

    def keep(_):
        try:
            path = save(
                one,
                {name: box.value for name, box in texts.items()},
                rows,
                [i for i, box in enumerate(ticks) if box.value],
                notes.value,
                folder,
            )
            said.value = f"Saved to {html.escape(str(path))}. The earlier version, if any, is in {html.escape(str(path.parent))}/earlier."
        except CardError as error:
            said.value = html.escape(str(error))

    button.on_click(keep)
    zh = f" {html.escape(one['title_zh'])}" if one.get("title_zh") else ""
    head = widgets.HTML(f"<strong>Card {one['id']}: {html.escape(one['title'])}</strong>{zh}<br>{html.escape(one['purpose'])}")
    table = []
    if rows is not None:
        # Only the table: the rest of the card is the form itself.
        table = [widgets.HTML(html_card({**one, "fields": [], "checklist": []}, {}, rows))]
    return widgets.VBox([head, *texts.values(), *ticks, *table, notes, button, said])
