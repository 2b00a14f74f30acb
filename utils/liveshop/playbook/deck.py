"""The deck: the cards of the course, as they stand in its files.

A chapter's cards are one file, `cards.yml` in the chapter's folder of the course. It is a list:

    - id: "5.1"
      title: Run of show
      title_zh: 直播脚本单
      use: before going live       # when it is used: one of USES
      also: [on air]               # optional: other times at which lines of it fall due; the contents name it there
      first: true                  # optional: it opens the reader's own playbook
      purpose: One sentence, what the card is for.
      fields:
        - {name: hero, label: Hero product, unit: "", help: The one dress the night is built around.}
        - {name: next, label: What next, decides: true}     # a decision; so is a field that is named decision
      checklist:
        - {what: Test sound and picture, who: technician, when: 30 min before, number: stutter below 1 %}
      table:                       # optional: blank lines to fill, or a frame given to card(…, table=frame)
        title: The minutes
        columns: [minute, product, role]
        rows: 6

`card.schema.json` holds the shape.
"""

import re
from importlib.resources import files
from pathlib import Path

from liveshop import shapes
from liveshop.tables.places import COURSE

_SHAPE = shapes.schema("liveshop.playbook", "card.schema.json")
USES = tuple(_SHAPE["$defs"]["use"]["enum"])     # in the order of the playbook
EARLIER = "earlier"


class CardError(ValueError):
    """What is wrong with a card or its file, in one sentence."""


def load_cards(path):
    """The cards of a YAML file as a list of dicts, checked; CardError names file, card and entry."""
    path = Path(path) if isinstance(path, str) else path
    try:
        found = shapes.read_yaml(path)
    except shapes.ShapeError as error:
        raise CardError(str(error)) from None
    fault = shapes.fault(found, _SHAPE)
    if fault:
        raise CardError(_sentence(path.name, found, *fault))
    _only_once(path.name, found)
    return [{**one, "fields": one.get("fields") or [], "checklist": one.get("checklist") or []} for one in found]


def _sentence(file, found, place, words):
    """Where in the file, and what; `place` leads from the file's top to the fault."""
    if not place or not isinstance(found[place[0]], dict):
        return f"{file} {words}."
    identity = found[place[0]].get("id")
    which = "a card" if identity is None or place[1:] == ["id"] else f"card {identity}"
    return f"{file}: {which} {words}."


def _only_once(file, found):
    """Refuse what a schema cannot see: an identity, or a name within a card, that is there twice."""
    known = set()
    for one in found:
        if one["id"] in known:
            raise CardError(f"{file}: card {one['id']} is there twice.")
        known.add(one["id"])
        names = [field["name"] for field in one.get("fields") or []]
        for name in names:
            if names.count(name) > 1:
                raise CardError(f"{file}: card {one['id']} has the field {name!r} twice.")


def cards(chapter=None):
    """All cards of the course, or of one chapter ("5"), in order."""
    found = [one for path in _files("*" if chapter is None else chapter) for one in load_cards(path)]
    return sorted(found, key=lambda one: place(one["id"]))


def place(id):
    """Where a card stands in the order of the course, to sort by."""
    return [int(number) for number in re.findall(r"\d+", id)], id


def by_use(found):
    """Cards in the order of the playbook, as {use: cards}: by when they are used, the one that opens it first.

    A card without a use is none of the course any more; those stand last, under `EARLIER`.
    """
    ordered = sorted(found, key=lambda one: (not one.get("first"), place(one["id"])))
    groups = {use: [one for one in ordered if one.get("use") == use] for use in USES}
    groups[EARLIER] = [one for one in ordered if one.get("use") not in USES]
    return {use: group for use, group in groups.items() if group}


def also_used(found, use):
    """Cards that have another use, and of which lines fall due at this one too, in the order of the course."""
    return sorted((one for one in found if use in one.get("also", ())), key=lambda one: place(one["id"]))


def called(use):
    """What a use is called where cards are shown."""
    return "No longer in the course" if use == EARLIER else use[:1].upper() + use[1:]


def find(id, path=None):
    """The card of this identity ("5.1"), from the course or from another file; CardError when there is none."""
    id = str(id)
    match = re.fullmatch(r"(\d+)\.\d+[a-z]?", id)
    if path is None and not match:
        raise CardError(f'There is no card {id!r}; ids look like "5.1".')
    known = cards(match[1]) if path is None else load_cards(path)
    for one in known:
        if one["id"] == id:
            return one
    there = ", ".join(one["id"] for one in known) or "none of this chapter"
    raise CardError(f"There is no card {id!r}; there are {there}.")


def _files(chapter):
    """The files of cards of a chapter, or of all ("*")."""
    wanted = re.compile(r"chapter_\d+" if chapter == "*" else f"chapter_{re.escape(str(chapter))}")
    folders = sorted((one for one in files(COURSE).iterdir() if wanted.fullmatch(one.name)), key=lambda one: one.name)
    return [folder / "cards.yml" for folder in folders if (folder / "cards.yml").is_file()]
