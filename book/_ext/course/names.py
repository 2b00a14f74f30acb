"""The names that the book knows, how they are written in a text, and the page and place to which each leads."""
from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache

from course.paths import BOOK, ROOT, glossary_terms, places

GLOSSARY, MEASURES = "book/reference/glossary", "book/reference/measures"
DICTIONARY, SOURCES, CARDS = "book/reference/data-dictionary", "book/reference/sources", "book/playbook/index"


@dataclass(frozen=True)
class Name:
    """A name: what it is called here, the page and the place that tell of it, its ways of being written."""

    key: str
    page: str
    place: str
    forms: tuple[str, ...]
    chinese: str = ""       # a word of everyday English is meant only where its Chinese stands behind it


def slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.casefold().replace("–", "-")).strip("-")


def short(term: dict) -> str:
    """A term without what explains it: "GPM" of "GPM (GMV per thousand views)", "RFM" of "RFM: recency, …"."""
    return re.split(r" \(|:", term["en"])[0]


def term_place(term: dict) -> str:
    return "term-" + slug(short(term))


@cache
def terms() -> list[Name]:
    # A measure is one thing with its term.
    computed = {form: name.key for name in measures() for form in name.forms}
    found = []
    for term in glossary_terms():
        within = re.search(r" \((.+)\)$", term["en"])
        forms = (short(term), *([within[1]] if within else ()))
        chinese = term["zh"] if term.get("everyday") else ""
        key = computed.get(short(term), term_place(term))
        found.append(Name(key, GLOSSARY, term_place(term), forms, chinese))
    return found


@cache
def measures() -> list[Name]:
    """The measures of the first column of the tables in book/reference/measures.md."""
    text = (BOOK / "reference" / "measures.md").read_text(encoding="utf-8")
    found = []
    for row in re.findall(r"^\| (?!measure|---)([^|]+?) \|", text, re.MULTILINE):
        found.append(Name(measure_place(row), MEASURES, measure_place(row), tuple(_written(row))))
    return found


def measure_place(row: str) -> str:
    return "measure-" + slug(_written(row)[0])


def _written(row: str) -> list[str]:
    """How a measure is written: "order value" and "AOV" of "order value (AOV, 笔单价)"."""
    name, _, within = row.strip().partition(" (")
    return [name, *re.findall(r"\b[A-Z]{2,}\b", within)]


@cache
def tables() -> set[str]:
    package = json.loads((ROOT / "data" / "datapackage.json").read_text(encoding="utf-8"))
    return {resource["name"] for resource in package["resources"]}


@cache
def sections() -> dict[str, str]:
    """The page of each section that can be read, by its number."""
    return {str(section["id"]): page for page, (_, section) in places().items() if section is not None}


@cache
def works() -> list[tuple[str, str, str, str]]:
    """The literature: key, family name of the first author, year, title without its subtitle in plain letters."""
    from course.placeholders import literature

    found = []
    for key, entry in literature().items():
        first = next(iter(entry.persons.get("author", [])), None)
        family = " ".join(first.last_names) if first else entry.fields.get("organization", "")
        title = entry.fields["title"].split(":")[0]
        found.append((key, family.strip("{}"), entry.fields["year"], plain_letters(title)))
    return found


def plain_letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", text.casefold()).strip()
