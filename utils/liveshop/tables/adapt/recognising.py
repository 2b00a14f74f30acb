"""Which of the mappings that come with the course an export is written in, by its headings."""

import gzip
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from liveshop.tables.adapt import reading
from liveshop.tables.adapt.headings import exact
from liveshop.tables.adapt.mapping import entries
from liveshop.tables.contract import contract, table_of
from liveshop.tables.errors import TableError
from liveshop.tables.places import MAPPINGS

LEAST = 0.6  # of the headings that a mapping names must be there; of a table of ours, of those that are there
FEWEST = 4  # headings by which a format can be told
BEGINNING = 300_000  # bytes of a text file that tell its headings


@dataclass(frozen=True)
class Format:
    """What a mapping asks for. wanted: for each column that reads the export the headings, of which one is enough;
    needed: those without which there is no table. own: the headings are the contract's, and the mapping a table's name.
    """

    name: str
    about: str
    wanted: tuple
    needed: tuple
    own: bool = False

    def found(self, there) -> list:
        """Which of the wanted headings an export has. there: its headings in their exact form."""
        return [choice for choice in self.wanted if any(exact(heading) in there for heading in choice)]


@cache
def formats() -> tuple:
    """The mappings that come with the course, and each table of the contract under its own name."""
    found = []
    for path in sorted(MAPPINGS.glob("*.yml")):
        known = entries(path)
        wanted, needed = [], []
        for entry in known:
            required = set(table_of(entry["table"]).required)
            for name, rule in entry["columns"].items():
                if "join" in rule:
                    wanted += map(tuple, rule["join"])
                    needed += map(tuple, rule["join"] if name in required else ())
                elif "from" in rule:
                    wanted.append(tuple(rule["from"]))
                    needed += [tuple(rule["from"])] * (name in required or name.startswith("_"))
        # A mapping that names no column of its key, or a few common words such as from and to, would fit many exports.
        if needed and len(wanted) >= FEWEST:
            found.append(Format(path.stem, known[0].get("about") or path.stem, tuple(dict.fromkeys(wanted)),
                                tuple(dict.fromkeys(needed))))
    for name, table in contract().items():
        wanted = tuple((column.name, column.title_zh or column.name) for column in table.columns.values())
        needed = tuple(choice for choice in wanted if choice[0] in table.required)
        found.append(Format(name, f"the table {name}, under the course's own headings", wanted, needed, own=True))
    return tuple(found)


def headings(source) -> list:
    """The headings of an export, found by all that the course knows of."""
    return list(raw(source).frame.columns)


def raw(source) -> reading.Raw:
    """The beginning of an export as read without a mapping; where no heading is known, the first line holds them."""
    known = {heading for one in formats() for choice in one.wanted for heading in choice}
    known |= {name for table in contract().values() for column in table.columns.values()
              for name in (column.name, column.title_zh)}
    with tempfile.TemporaryDirectory() as folder:
        source = _beginning(Path(source), Path(folder))
        try:
            return reading.read(source, {}, known)
        except TableError as error:
            if "no line at the top" not in error.problem:
                raise
            return reading.read(source, {"header": 1}, known)


def _beginning(path, folder) -> Path:
    """A file that holds the first lines of a long text file; another file as it is."""
    try:
        with path.open("rb") as file:
            packed = file.read(2) == b"\x1f\x8b"
        with gzip.open(path) if packed else path.open("rb") as file:
            start = file.read(BEGINNING + 1)
    except (OSError, EOFError):
        return path                      # whatever is wrong with it, the reading says
    lines, _, rest = start[:BEGINNING].rpartition(b"\n")
    is_text = start[:4] not in (b"PK\x03\x04", b"PAR1", b"\xd0\xcf\x11\xe0") and b"\0" not in start
    if len(start) <= BEGINNING or not lines or not is_text or start.lstrip()[:1] in (b"[", b"{"):
        return path
    short = folder / path.name.removesuffix(".gz")
    short.write_bytes(lines)
    return short


def fitting(headings) -> list:
    """The formats that an export with these headings may be in, each with how many of its headings are there."""
    there, fits = {exact(heading) for heading in headings}, []
    for one in formats():
        found = one.found(there)
        if set(one.needed) <= set(found) and len(found) >= LEAST * len(there if one.own else one.wanted):
            fits.append((len(found), one))
    return fits


def recognise(source) -> Format | None:
    """The one format whose headings an export has; None where none fits, or where two fit equally well."""
    fits = fitting(headings(source)) if Path(source).is_file() else []
    best = [one for count, one in fits if count == max(count for count, _ in fits)]
    return best[0] if len(best) == 1 else None
