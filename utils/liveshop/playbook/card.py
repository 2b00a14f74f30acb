"""Cards: one page of the playbook for each section.

A file of cards (`cards/05.yml` for a chapter, `cards/5-1.yml` for a section) is a list:

    - id: "5.1"
      title: Run of show
      title_zh: 直播脚本单
      purpose: One sentence, what the card is for.
      fields:
        - {name: hero, label: Hero product, unit: "", help: The one dress the night is built around.}
      checklist:
        - {what: Test sound and picture, who: technician, when: 30 min before, number: stutter below 1 %}
      table:                       # optional: blank lines to fill, or a frame given to card(…, table=frame)
        title: The minutes
        columns: [minute, product, role]
        rows: 6

Everything that comes from data is escaped, in HTML as in Markdown.
"""

import html
import itertools
import json
import numbers
import re
from datetime import datetime
from pathlib import Path

from liveshop.tables import TableError, write_text

FOLDER = "my-playbook"
_count = itertools.count(1)


class CardError(ValueError):
    """What is wrong with a card or its file, in one sentence."""


# -- the files ----------------------------------------------------------------------------------


def load_cards(path):
    """The cards of a YAML file as a list of dicts, checked; CardError names file, card and entry."""
    import yaml

    path = Path(path)
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CardError(f"There is no file of cards {path.name}.") from None
    except (yaml.YAMLError, OSError, UnicodeDecodeError) as error:
        raise CardError(f"{path.name} could not be read: {' '.join(str(error).split())}.") from None
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise CardError(f"{path.name} must be a list of cards, each with id, title, purpose, fields and checklist.")
    known = set()
    for one in found:
        identity = one.get("id")
        if not isinstance(identity, str) or not re.fullmatch(r"\d+\.\d+[a-z]?", identity):
            raise CardError(f'{path.name}: a card has the id {identity!r}; write a section in quotes, such as "5.1" or "5.2b".')
        for name in ("title", "purpose"):
            if not str(one.get(name) or "").strip():
                raise CardError(f"{path.name}: card {identity} has no {name}.")
        if identity in known:
            raise CardError(f"{path.name}: card {identity} is there twice.")
        known.add(identity)
        _only(path.name, identity, one, ("id", "title", "title_zh", "purpose", "fields", "checklist", "table"))
        one["fields"], one["checklist"] = one.get("fields") or [], one.get("checklist") or []
        for entry in one["fields"]:
            _only(path.name, identity, entry, ("name", "label", "unit", "help"))
        for entry in one["checklist"]:
            _only(path.name, identity, entry, ("what", "who", "when", "number"))
        for field in one["fields"]:
            if not str(field.get("name", "")).isidentifier():
                raise CardError(f"{path.name}: card {identity} has a field named {field.get('name')!r}; names are Python names.")
        names = [field["name"] for field in one["fields"]]
        if len(set(names)) < len(names) or "table" in names or "cards" in names:
            raise CardError(f"{path.name}: card {identity} has a field name twice, or one of the reserved names table, cards.")
        for item in one["checklist"]:
            if not str(item.get("what", "")).strip():
                raise CardError(f"{path.name}: card {identity} has a checklist line without 'what'.")
        if one.get("table") and not one["table"].get("columns"):
            raise CardError(f"{path.name}: the table of card {identity} has no columns.")
    return found


def _only(file, identity, entry, names):
    """Refuse names that the schema does not know: a typing error, or a comma that cut a text in two."""
    if not isinstance(entry, dict):
        raise CardError(f"{file}: card {identity} has the entry {entry!r}, which is no list of names and values.")
    for name in entry:
        if name not in names:
            raise CardError(
                f"{file}: card {identity} has an unknown name {name!r}; known are {', '.join(names)}. "
                "Put texts that hold a comma or colon in quotes."
            )


def cards(chapter=None):
    """All cards of the course, or of one chapter ("5"), in order."""
    found = [one for path in _paths("*" if chapter is None else chapter) for one in load_cards(path)]
    return sorted(found, key=lambda one: ([int(number) for number in re.findall(r"\d+", one["id"])], one["id"]))


def _paths(chapter, section="*"):
    """The files that hold a chapter's cards, a section each."""
    folder = Path(__file__).parents[1] / "course"
    return sorted(folder.glob(f"chapter_{chapter}/cards/*-{section}.yml"))


def _find(id, path=None):
    id = str(id)
    match = re.fullmatch(r"(\d+)\.(\d+)[a-z]?", id)
    if path is None and not match:
        raise CardError(f'There is no card {id!r}; ids look like "5.1".')
    known = [one for file in ([path] if path else _paths(*match.groups())) for one in load_cards(file)]
    for one in known:
        if one["id"] == id:
            return one
    raise CardError(f"There is no card {id!r}; there are {', '.join(one['id'] for one in known) or 'none of this section'}.")


# -- showing ------------------------------------------------------------------------------------


def card(id, *, cards=None, table=None, **filled):
    """Show the card of a section, with the given fields filled in.

    filled : field name -> value (text or number). table : a DataFrame for the card's table.
    cards : another file of cards (a path). With a kernel: a form that saves to `my-playbook/`,
    starting from what was saved there before. CardError when the card or a field does not exist.
    """
    from IPython import get_ipython
    from IPython.display import display

    from liveshop import medium

    one = _find(id, cards)
    _known(one, filled)
    rows = _rows(one, table)
    if medium.current() == "live" and get_ipython() is not None:
        from liveshop.playbook.form import form

        display(form(one, filled, rows))
    elif get_ipython() is None:
        print(markdown(one, filled, rows))
    else:
        display({"text/plain": f"Card {one['id']}: {one['title']}", "text/html": html_card(one, filled, rows)}, raw=True)


def _known(one, filled):
    names = [field["name"] for field in one["fields"]]
    for name in filled:
        if name not in names:
            raise CardError(f"Card {one['id']} has no field {name!r}; it has {', '.join(names) or 'none'}.")


def _rows(one, table):
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
        raise CardError(f"The table of card {one['id']} lacks the column {', '.join(missing)}; it has {', '.join(map(str, table.columns))}.")
    columns = [table[name].tolist() for name in shape["columns"]]
    return [[_written(cell) for cell in row] for row in zip(*columns)]


def _written(value):
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
    filled, key = filled or {}, f"card-{one['id'].replace('.', '-')}-{next(_count)}"
    rows = _rows(one, None) if rows is None else rows
    zh = f' <span lang="zh">{html.escape(one["title_zh"])}</span>' if one.get("title_zh") else ""
    parts = [
        f'<section class="ls-card" aria-labelledby="{key}">',
        f'<p class="ls-card-title" id="{key}"><span class="ls-card-id">Card {one["id"]}</span> {html.escape(one["title"])}{zh}</p>',
        f'<p class="ls-card-purpose">{html.escape(one["purpose"])}</p>',
    ]
    if one["fields"]:
        parts.append('<div class="ls-card-fields">')
        for field in one["fields"]:
            box, value = f"{key}-{field['name']}", _written(filled.get(field["name"]))
            unit = f' <span class="ls-unit">{html.escape(str(field["unit"]))}</span>' if field.get("unit") else ""
            help_id = f' aria-describedby="{box}-help"' if field.get("help") else ""
            helped = f'<span class="ls-help" id="{box}-help">{html.escape(str(field["help"]))}</span>' if field.get("help") else ""
            parts.append(
                f'<div class="ls-field"><label for="{box}">{html.escape(str(field.get("label") or field["name"]))}{unit}</label>'
                f'<textarea id="{box}" rows="{1 + len(value) // 40}" autocomplete="off"{help_id}>{html.escape(value)}</textarea>{helped}</div>'
            )
        parts.append("</div>")
    if one["checklist"]:
        parts.append('<ul class="ls-checklist">')
        for item in one["checklist"]:
            details = " · ".join(html.escape(str(item[name])) for name in ("who", "when", "number") if item.get(name))
            details = f'<span class="ls-details">{details}</span>' if details else ""
            parts.append(f'<li><label><input type="checkbox"> <span>{html.escape(str(item["what"]))}{details}</span></label></li>')
        parts.append("</ul>")
    if rows is not None:
        shape = one["table"]
        caption = html.escape(str(shape.get("title") or one["title"]))
        head = "".join(f'<th scope="col">{html.escape(_heading(name))}</th>' for name in shape["columns"])
        body = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
        parts.append(
            f'<div class="ls-card-table" role="region" aria-label="{caption}" tabindex="0"><table><caption>{caption}</caption>'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
        )
    parts.append('<button type="button" class="ls-print" hidden>Print this card</button></section>')
    return "".join(parts)


def _heading(name):
    return str(name).replace("_", " ").capitalize()


def markdown(one, filled=None, rows=None, ticked=(), notes=""):
    """A card as Markdown; `ticked` holds the numbers (from 0) of the checklist lines that are done."""
    filled = filled or {}
    zh = f" ({_md(one['title_zh'])})" if one.get("title_zh") else ""
    lines = [f"## Card {one['id']}: {_md(one['title'])}{zh}", "", _md(one["purpose"]), ""]
    for field in one["fields"]:
        unit = f" ({_md(field['unit'])})" if field.get("unit") else ""
        lines.append(f"- **{_md(field.get('label') or field['name'])}**{unit}: {_md(_written(filled.get(field['name']))) or '…'}")
    if one["fields"]:
        lines.append("")
    for i, item in enumerate(one["checklist"]):
        details = " · ".join(_md(item[name]) for name in ("who", "when", "number") if item.get(name))
        lines.append(f"- [{'x' if i in ticked else ' '}] {_md(item['what'])}" + (f" ({details})" if details else ""))
    if one["checklist"]:
        lines.append("")
    if rows:
        columns = one["table"]["columns"]
        lines.append("| " + " | ".join(_md(_heading(name)) for name in columns) + " |")
        lines.append("|" + " --- |" * len(columns))
        lines += ["| " + " | ".join(_md(cell) for cell in row) + " |" for row in rows]
        lines.append("")
    if notes.strip():
        lines += ["Notes: " + _md(notes), ""]
    return "\n".join(lines)


def _md(text):
    """Text that Markdown shows as it is: no HTML, link, table border or list can come from data."""
    text = html.escape(" ".join(str(text).split()), quote=False)
    return re.sub(r"([\\`*_\[\]|~])", r"\\\1", text)


# -- saving -------------------------------------------------------------------------------------


def save(one, filled=None, rows=None, ticked=(), notes="", folder=FOLDER):
    """Write a card to `folder` as `card-5.1.md` and `card-5.1.json`; returns the Markdown's path.

    A version that is there already is kept in `folder/earlier/` under its time. Each file appears
    whole or not at all.
    """
    folder = Path(folder)
    content = {
        "id": one["id"],
        "title": one["title"],
        "saved": datetime.now().isoformat(timespec="seconds"),
        "fields": {name: _written(value) for name, value in (filled or {}).items()},
        "ticked": sorted(int(i) for i in ticked),
        "table": rows,
        "notes": notes,
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _keep(folder, one["id"])
        write_text(folder / f"card-{one['id']}.json", json.dumps(content, ensure_ascii=False, indent=1))
        return write_text(folder / f"card-{one['id']}.md", markdown(one, filled, rows, ticked, notes))
    except (OSError, TableError) as error:
        reason = error.__cause__ if isinstance(error, TableError) else error
        raise CardError(f"Card {one['id']} could not be saved in {folder.name}: {reason.strerror}.") from None


def saved(id, folder=FOLDER):
    """What was saved of a card, as a dict; an empty one when there is nothing readable."""
    try:
        content = json.loads((Path(folder) / f"card-{id}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _keep(folder, id):
    """Copy the present version of a card to `earlier/`, under a name that is not taken."""
    present = [path for path in (folder / f"card-{id}.json", folder / f"card-{id}.md") if path.exists()]
    if not present:
        return
    earlier = folder / "earlier"
    earlier.mkdir(exist_ok=True)
    stamp = datetime.now().strftime("%Y-%m-%d-%H%M%S")
    for number in itertools.count():
        name = f"card-{id}-{stamp}" + (f"-{number}" if number else "")
        if not any((earlier / f"{name}{path.suffix}").exists() for path in present):
            break
    for path in present:
        write_text(earlier / f"{name}{path.suffix}", path.read_text(encoding="utf-8"))
