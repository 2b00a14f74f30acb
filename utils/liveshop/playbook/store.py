"""The store: cards as they were filled in, kept in the reader's own folder."""

import itertools
import json
import re
from datetime import datetime
from pathlib import Path

from liveshop.playbook.card import markdown, written
from liveshop.playbook.deck import CardError, find
from liveshop.tables.errors import TableError
from liveshop.tables.writing import write_text

FOLDER = "my-playbook"


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
        "fields": {name: written(value) for name, value in (filled or {}).items()},
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


def export(folder=FOLDER, path=None):
    """Put all saved cards of a folder into one Markdown document and return its path.

    path : where to; otherwise `playbook.md` in the folder. Cards that the course no longer has are
    taken as they were saved.
    """
    folder = Path(folder)
    files = sorted(folder.glob("card-*.json"), key=lambda file: (*map(int, re.findall(r"\d+", file.stem)), file.stem))
    if not files:
        raise CardError(f"There is no saved card in {folder.name}; save one with its button first.")
    parts = ["# My playbook\n"]
    for file in files:
        try:
            kept = json.loads(file.read_text(encoding="utf-8"))
            one = find(kept["id"])
        except CardError:
            parts.append(file.with_suffix(".md").read_text(encoding="utf-8"))
            continue
        except (ValueError, KeyError, TypeError):
            raise CardError(
                f"{file.name} is not a saved card any more; take the last good one from {folder.name}/earlier."
            ) from None
        about = kept.get("table"), kept.get("ticked") or (), kept.get("notes") or ""
        parts.append(markdown(one, kept["fields"], *about))
    return write_text(Path(path) if path else folder / "playbook.md", "\n".join(parts))
