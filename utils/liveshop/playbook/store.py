"""The store: cards as they were filled in, kept in the reader's own folder, a Markdown file a card."""

import itertools
import os
import re
from datetime import datetime
from pathlib import Path

from liveshop.playbook.as_markdown import markdown, read
from liveshop.playbook.content import filled_rows
from liveshop.playbook.deck import CardError
from liveshop.tables.errors import TableError
from liveshop.tables.writing import atomic, write_text

FOLDER = "my-playbook"
DOWNLOADED = "my-playbook.md"      # what the book's page "My playbook" calls its file
# Capitals or not: to Windows and macOS it is the same file. Browsers give a second download a number.
_CARDS = re.compile(r"card-.*\.md", re.DOTALL | re.IGNORECASE)
_DOWNLOADS = re.compile(r"my-playbook(?:[ -]?\(?\d+\)?)?\.md", re.IGNORECASE)


def save(one, filled=None, rows=None, ticked=(), notes="", folder=FOLDER, columns=None):
    """Write a card to `folder` as `card-5.1.md` and return its path; the arguments are those of `markdown`.

    A version that is there already is kept in `folder/earlier/` under its time. The file appears whole or not at all.
    """
    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"card-{one['id']}.md"
        _keep(path)
        return write_text(path, markdown(one, filled, rows, ticked, notes, columns))
    except (OSError, TableError) as error:
        reason = error.__cause__ if isinstance(error, TableError) else error
        raise CardError(f"Card {one['id']} could not be saved in {folder.name}: {reason.strerror}.") from None


def saved(one, folder=FOLDER):
    """The content that was saved of a card, or None where there is none; CardError when its file cannot be read.

    Without a file of its own it is taken from `my-playbook.md`, where that was downloaded from the book and put here.
    """
    own = Path(folder) / f"card-{one['id']}.md"
    if own.exists():
        found = _read(own, [one])
        if one["id"] not in found:
            raise CardError(f"{_shown(own)} holds card {', '.join(found)} and not card {one['id']}.")
        return found[one["id"]]
    together = _downloaded(Path(folder)) if os.path.isdir(folder) else None
    return _read(together, [one]).get(one["id"]) if together else None


def keeps_cards(path):
    """Whether a file is one of those from which cards are read, so that nothing else may take its place."""
    return os.path.exists(path) and bool(_CARDS.fullmatch(path.name) or _DOWNLOADS.fullmatch(path.name))


def _downloaded(folder):
    """The file of the book's page in a folder, or None; CardError where there are several."""
    found = sorted(name for name in _names(folder) if _DOWNLOADS.fullmatch(name))
    if len(found) > 1:
        raise CardError(f"{' and '.join(found)} stand in {folder.name}; leave the newest of them.")
    return folder / found[0] if found else None


def _names(folder):
    try:
        return os.listdir(folder)
    except OSError as error:
        raise CardError(f"The folder {folder} could not be read: {error.strerror}.") from None


def _read(path, known):
    """The cards of a file; CardError in one sentence that names the file."""
    try:
        return read(path.read_text(encoding="utf-8"), known)
    except UnicodeDecodeError:
        raise CardError(f"{_shown(path)} could not be read: it is not a text in UTF-8.") from None
    except OSError as error:
        raise CardError(f"{_shown(path)} could not be read: {error.strerror}.") from None
    except CardError as error:
        raise CardError(f"{_shown(path)} could not be read: {error}.") from None


def _shown(path):
    return f"{path.parent.name}/{path.name}"


def _keep(path):
    """Copy the present version of a card to `earlier/`, byte for byte, under a name that is not taken."""
    if not path.exists():
        return
    earlier = path.parent / "earlier"
    earlier.mkdir(exist_ok=True)
    stamp = datetime.now().strftime("%Y-%m-%d-%H%M%S")
    for number in itertools.count():
        copy = earlier / f"{path.stem}-{stamp}{f'-{number}' if number else ''}{path.suffix}"
        if not copy.exists():
            break
    with atomic(copy) as temporary:
        temporary.write_bytes(path.read_bytes())


def everything(folder, known):
    """All cards of a folder that hold anything: identity -> content. known : the cards of the course.

    A card that has a file of its own is taken from it, the others from `my-playbook.md`. CardError when the folder or
    all cards are missing, when a file cannot be read, and when two files hold one card.
    """
    folder = Path(folder)
    if not os.path.isdir(folder):
        raise CardError(f"There is no folder {folder}: save a card with its button first, or put {DOWNLOADED} "
                        "from the book's page “My playbook” into a folder of this name.")
    found, place = {}, {}
    for name in sorted(filter(_CARDS.fullmatch, _names(folder))):
        for id, content in _read(folder / name, known).items():
            if id in found:
                raise CardError(f"Card {id} stands in {place[id]} and in {name}; leave one of them.")
            found[id], place[id] = content, name
    together = _downloaded(folder)
    found = (_read(together, known) if together else {}) | found
    found = {id: content for id, content in found.items()
             if content.fields or content.ticks or filled_rows(content.rows) or content.notes}
    if not found:
        raise CardError(f"There is no card with an entry in {folder}: save one with its button first, or put "
                        f"{DOWNLOADED} from the book's page “My playbook” there.")
    return found
