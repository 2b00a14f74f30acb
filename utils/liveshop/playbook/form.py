"""The card as a form in JupyterLab: fields, ticks, a table to type in, notes, and a button that saves."""

import html
from pathlib import Path

from liveshop import medium
from liveshop.playbook.content import Content, aligned, details, label, written
from liveshop.playbook.deck import CardError, called
from liveshop.playbook.store import FOLDER, save, saved

WIDE = {"width": "min(44em, 98%)"}


def form(one, filled=None, rows=None, folder=FOLDER):
    """An ipywidgets form of a card. What was saved comes back, and goes before what the notebook gives now.

    A button puts the notebook's values in again where the two differ. A file that cannot be read is said to be so;
    the form then begins with the notebook's values, and saving keeps that file in `earlier/`.
    """
    return _Form(one, filled, rows, folder).box


class _Form:
    def __init__(self, one, filled, rows, folder):
        import ipywidgets as widgets

        self.one, self.folder = one, folder
        self.given = Content({name: written(value) for name, value in (filled or {}).items()}, rows=rows or [])
        self.said = widgets.HTML()
        before = self._before()
        self.extra = {name: text for name, text in before.fields.items() if name not in self._names()}
        lines = [item["what"] for item in one["checklist"]]
        self.extra_ticks = [what for what in before.ticks if what not in lines]
        # What was saved for this card is hers, also what she left empty.
        own = before.title and (Path(folder) / f"card-{one['id']}.md").exists()
        self.fields = _fields(one, before.fields if own else self.given.fields | before.fields)
        self.ticks = _ticks(one, before.ticks)
        self.notes = _text("Notes", before.notes)
        columns, kept = aligned(one, before.columns, before.rows)
        self.table = _Table(columns, kept if kept or own else self.given.rows) if columns else None
        again = widgets.Button(description="Put the notebook's values in again", layout={"width": "auto"})
        again.on_click(lambda _: self._given_again())
        button = widgets.Button(description=f"Save to {FOLDER}", icon="save", button_style="primary")
        button.layout.width = "16em"
        button.on_click(lambda _: self._save())
        head = widgets.HTML(medium.render("liveshop.playbook", "form.html", card=one, use=called(one["use"])))
        table = [self.table.box] if self.table else []
        buttons = widgets.HBox([button, *([again] if self._differs(kept) else [])])
        self.box = widgets.VBox([head, *self.fields.values(), *self.ticks.values(), *table, *self._earlier(),
                                 self.notes, buttons, self.said])
        self.box.add_class("ls-card-form")

    def _names(self):
        return [field["name"] for field in self.one["fields"]]

    def _before(self):
        """What was saved; nothing where nothing was, or where it cannot be read, which is said."""
        try:
            return saved(self.one, self.folder) or Content()
        except CardError as error:
            self.said.value = html.escape(
                f"{error} Saving writes a new file of this card, and keeps one that is there in {FOLDER}/earlier.")
            return Content()

    def _earlier(self):
        """What the card no longer asks for, as it was kept."""
        import ipywidgets as widgets

        shown = [*(f"{name}: {text}" for name, text in self.extra.items()), *(f"✓ {what}" for what in self.extra_ticks)]
        made = medium.render("liveshop.playbook", "earlier.html", lines=[line.split("\n") for line in shown])
        return [widgets.HTML(made)] if shown else []

    def _differs(self, kept):
        """Whether what was saved hides something that the notebook gives."""
        hidden = [name for name, text in self.given.fields.items() if self.fields[name].value != text]
        given = any(any(row) for row in self.given.rows)
        return bool(hidden) or (given and bool(kept) and kept != self.given.rows)

    def _given_again(self):
        for name, text in self.given.fields.items():
            self.fields[name].value = text
        if self.table and any(any(row) for row in self.given.rows):
            self.table.fill(self.given.rows)

    def _save(self):
        values = {name: box.value for name, box in self.fields.items()} | self.extra
        ticked = [what for what, box in self.ticks.items() if box.value] + self.extra_ticks
        table = (self.table.rows(), self.table.columns) if self.table else (None, None)
        try:
            path = save(self.one, values, table[0], ticked, self.notes.value, self.folder, table[1])
            self.said.value = html.escape(
                f"Saved to {path}. The earlier version, if any, is in {path.parent}/earlier. "
                "The page “My playbook” of the book imports this file.")
        except CardError as error:
            self.said.value = html.escape(str(error))


class _Table:
    """A table to type in, with a button that adds a row."""

    def __init__(self, columns, rows):
        import ipywidgets as widgets

        self.columns = columns
        # Narrow screens scroll it sideways rather than squeeze it.
        tracks = f"repeat({len(columns)}, minmax(9em, 1fr))"
        self.grid = widgets.GridBox(layout={"grid_template_columns": tracks, "grid_gap": "2px 4px", "width": "100%"})
        scroll = widgets.Box([self.grid])
        scroll.add_class("ls-cells")
        more = widgets.Button(description="Add a row", icon="plus")
        more.on_click(lambda _: self.fill([*self.rows(), [""] * len(self.columns)]))
        self.box = widgets.VBox([scroll, more])
        self.fill(rows)

    def fill(self, rows):
        import ipywidgets as widgets

        wide = len(self.columns)
        heads = [widgets.HTML(f"<strong>{html.escape(name)}</strong>") for name in self.columns]
        cells = [
            widgets.Textarea(value=cell, rows=_lines(cell, 20), tooltip=f"{name}, row {number}",
                             layout={"width": "auto"})
            for number, row in enumerate(rows, 1)
            for name, cell in zip(self.columns, [*row, *[""] * (wide - len(row))], strict=True)
        ]
        self.grid.children = [*heads, *cells]

    def rows(self):
        wide = len(self.columns)
        values = [cell.value for cell in self.grid.children[wide:]]
        return [values[start:start + wide] for start in range(0, len(values), wide)]


def _text(name, value, told=""):
    import ipywidgets as widgets

    return widgets.Textarea(value=value, description=name, placeholder=told, tooltip=told,
                            rows=_lines(value or told, 60), layout=WIDE)


def _lines(text, width):
    """How many lines a text takes in a box that is `width` letters wide."""
    return sum(1 + len(line) // width for line in text.split("\n"))


def _fields(one, values):
    """A box for each field, by the field's name."""
    return {
        field["name"]: _text(
            label(field) + (f" ({field['unit']})" if field.get("unit") else ""),
            values.get(field["name"], ""), str(field.get("help") or ""))
        for field in one["fields"]
    }


def _ticks(one, done):
    """A box to tick for each line of the checklist, by the line."""
    import ipywidgets as widgets

    return {
        item["what"]: widgets.Checkbox(
            value=item["what"] in done, indent=False, layout=WIDE,
            description=str(item["what"]) + (f" ({details(item)})" if details(item) else ""),
        )
        for item in one["checklist"]
    }
