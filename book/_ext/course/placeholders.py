"""What the lines such as ``<!-- course: glossary -->`` in a page stand for, each made from the one place that knows."""
from __future__ import annotations

import json
import re
import unicodedata
from functools import cache
from urllib.parse import quote

from course import cover, kept, large, licences, names
from course.paths import (
    BOOK,
    ROOT,
    address,
    chapter_page,
    course_map,
    glossary_terms,
    ready_chapters,
    section_page,
)
from liveshop.medium import render
from liveshop.tables.markdown import table

PLACEHOLDER = re.compile(r"^<!-- course: ([a-z-]+) -->[ \t]*$", re.MULTILINE)


def chapter_map(docname: str) -> str:
    """The chapters as cards; one that can be read is a link, the others are announced."""
    chapters = course_map()
    for chapter in chapters:
        ready = chapter["status"] == "ready"
        chapter["page"] = address(chapter_page(chapter), docname) if ready else None
        for section in chapter["sections"]:
            section["page"] = address(section_page(section["id"]), docname) if ready else None
    return render("course", "chapters.html", chapters=chapters)


def teaching_plan(docname: str) -> str:
    """Objectives, minutes, tables, exercises and points of every section that can be taught."""
    from liveshop import practice

    parts = []
    for chapter in ready_chapters():
        parts.append(f"## Chapter {chapter['number']}: {chapter['title']}")
        total = sum(s["minutes"]["reading"] + s["minutes"]["doing"] for s in chapter["sections"])
        points = {name: practice.find(name).points for s in chapter["sections"] for name in s["exercises"]}
        rows = [
            [f"{s['id']} {s['title']}", s["minutes"]["reading"], s["minutes"]["doing"],
             ", ".join(name + (f" ({points[name]:g} points)" if points[name] != 1 else "") for name in s["exercises"]),
             f"{sum(points[name] for name in s['exercises']):g}"]
            for s in chapter["sections"]
        ]
        parts.append(table(["section", "reading, minutes", "doing, minutes", "exercises", "points"], rows))
        parts.append(f"In all {total} minutes, or about {total / 60:.0f} hours with a break; {len(points)} exercises, "
                     f"{sum(points.values()):g} points.")
        for section in chapter["sections"]:
            parts.append(f"### {section['id']} {section['title']}")
            parts.append("After it a participant can:")
            parts.append("\n".join(f"- {objective}" for objective in section["objectives"]))
            parts.append("**Tables:** " + ", ".join(f"`{name}`" for name in section["tables"]) + ".")
            parts.append(_answers(section))
    return "\n\n".join(parts)


def _answers(section: dict) -> str:
    """The answers to a section's exercises, folded, from the exercises themselves and the committed tables."""
    from liveshop import load, practice
    from liveshop.practice.exercise import bound

    tables = load(ROOT / "data")
    lines = []
    for identity in section["exercises"]:
        exercise = practice.find(identity)
        right = ""
        if exercise.fields:
            values = bound(tables, exercise).key.right
            shown = (f"{field.title}: **{_shown(values[field.name], field.decimals)}**" for field in exercise.fields)
            right = "; ".join(shown) + ". "
        stop = "" if exercise.title.endswith("?") else "."
        lines.append(f"**{identity} {exercise.title}{stop}** {right}{exercise.explain}")
    return f"::::{{dropdown}} Answers to the exercises of {section['id']}\n" + "\n\n".join(lines) + "\n::::"


def _shown(value, decimals: int) -> str:
    return value if isinstance(value, str) else f"{value:,.{decimals}f}"


def own_data_sections(docname: str) -> str:
    """Which tables each section needs from the reader."""
    rows = [
        [_place("own", s) + f"{s['id']} {s['title']}", ", ".join(f"`{name}`" for name in s["own_data"]),
         s.get("own_data_gives", "")]
        for chapter in ready_chapters()
        for s in chapter["sections"]
    ]
    return table(["section", "tables it reads", "what you get"], rows)


def _place(of: str, section: dict) -> str:
    place = f"{of}-{section['id']}".replace(".", "-")
    return f'<span id="{place}"></span>'


def glossary(docname: str) -> str:
    """Terms in the order of their English names, as a list that reads well on a phone, with a way to each letter."""
    terms, letters = _terms(), {}
    for term in terms:
        first = term["en"][0].upper() if term["en"][0].isalpha() else "0–9"
        term["letter"] = None if first in letters else letters.setdefault(first, "letter-" + first[0].lower())
    return render("course", "glossary.md.jinja", terms=terms, letters=letters)


def terms(docname: str) -> str:
    """All terms twice: by the English and by the Chinese, as pinyin orders it."""
    by_pinyin = sorted(_terms(), key=lambda term: _plain_letters(term["pinyin"]))
    return render("course", "terms.md.jinja", terms=_terms(), by_pinyin=by_pinyin)


def _terms() -> list[dict]:
    terms = sorted(glossary_terms(), key=lambda term: term["en"].casefold())
    computed = {form: name.place for name in names.measures() for form in name.forms}
    return [term | {"place": names.term_place(term), "measure": computed.get(names.short(term))} for term in terms]


def _plain_letters(pinyin: str) -> str:
    """Pinyin without its tones, in lower case."""
    return unicodedata.normalize("NFD", pinyin.casefold()).encode("ascii", "ignore").decode()


def cards(docname: str) -> str:
    """All cards by chapter, each made by a cell of its own, after lists that lead to them: by use and by chapter."""
    from liveshop import playbook

    found = [card | {"place": "card-" + card["id"].replace(".", "-")} for card in playbook.cards()]
    chapters = [
        chapter | {"cards": [card for card in found if card["id"].split(".")[0] == str(chapter["number"])]}
        for chapter in ready_chapters()
    ]
    read = [card for chapter in chapters for card in chapter["cards"]]
    uses = playbook.by_use(read)
    named = [(playbook.called(use), group, playbook.also_used(read, use)) for use, group in uses.items()]
    return render("course", "cards.md.jinja", chapters=chapters, uses=named, also=playbook.words()["also"])


def data_dictionary(docname: str) -> str:
    """Every table and column of the contract, with what may stand in it."""
    package = json.loads((ROOT / "data" / "datapackage.json").read_text(encoding="utf-8"))
    return "\n\n".join(part for resource in package["resources"] for part in _table_of_the_contract(resource))


def _table_of_the_contract(resource: dict) -> list[str]:
    schema = resource["schema"]
    key = ", ".join(f"`{name}`" for name in _listed(schema.get("primaryKey", [])))
    there = resource.get("own") or (ROOT / "data" / resource["path"]).exists()
    later = "" if there else " *Agreed, and filled by a later chapter.*"
    rows = [[_column(field), _meaning(field), _kind(field)] for field in schema["fields"]]
    links = [
        ", ".join(f"`{name}`" for name in _listed(link["fields"])) + f" refers to `{link['reference']['resource']}`."
        for link in schema.get("foreignKeys", [])
    ]
    return [
        f"(table-{resource['name'].replace('_', '-')})=\n## {resource['title']} ({resource['title_zh']})",
        f"`{resource['name']}`: {resource['description']} Key: {key}.{later}",
        table(["column", "meaning", "type and unit"], rows),
        *links,
    ]


def _listed(names: str | list[str]) -> list[str]:
    return [names] if isinstance(names, str) else names


def _column(field: dict) -> str:
    return render("course", "column.md.jinja", name=field["name"], title_zh=field.get("title_zh"))


def _meaning(field: dict) -> str:
    limits, rules = field.get("constraints", {}), []
    if limits.get("required"):
        rules.append("always there")
    if "enum" in limits:
        rules.append("one of " + ", ".join(f"`{value}`" for value in limits["enum"]))
    if "minimum" in limits and "maximum" in limits:
        rules.append(f"{limits['minimum']} to {limits['maximum']}")
    elif "minimum" in limits:
        rules.append(f"{limits['minimum']} or more")
    elif "maximum" in limits:
        rules.append(f"at most {limits['maximum']}")
    return field["description"] + (f" ({'; '.join(rules)})" if rules else "")


def _kind(field: dict) -> str:
    return field["type"] + (f", {field['unit']}" if field.get("unit") else "")


def references(docname: str) -> str:
    """The literature of book/references.bib, by author and year."""
    listed = [(_reference(entry), f"ref-{key.lower()}") for key, entry in literature().items()]
    listed.sort(key=lambda reference: reference[0].casefold())
    return "\n".join(f'- <span id="{place}"></span>{text}' for text, place in listed)


@cache
def literature() -> dict:
    """The entries of book/references.bib by their keys."""
    from pybtex.database import parse_file

    return dict(parse_file(str(BOOK / "references.bib")).entries)


def _reference(entry) -> str:
    fields = {key: _plain(value) for key, value in entry.fields.items()}
    people = [_name(person) for person in entry.persons["author"]]
    authors = people[0] if len(people) == 1 else "; ".join(people[:-1]) + " and " + people[-1]
    place = fields.get("journal") or fields.get("booktitle") or fields.get("publisher", "")
    parts = [
        f"*{place}*",
        fields.get("volume", "") + (f" ({fields['number']})" if "number" in fields else ""),
        f"pages {fields['pages']}" if fields.get("pages") else "",
        f"{fields['edition']} edition" if "edition" in fields else "",
    ]
    stop = "" if fields["title"].endswith("?") else "."
    doi = f" [doi {fields['doi']}](https://doi.org/{quote(fields['doi'])})." if "doi" in fields else ""
    return f"{authors} ({fields['year']}). {fields['title']}{stop} {', '.join(filter(None, parts))}.{doi}"


def _name(person) -> str:
    family = " ".join([*person.prelast_names, *person.last_names, *person.lineage_names])
    given = " ".join([*person.first_names, *person.middle_names])
    return _plain(", ".join(filter(None, [family, given])))


def _plain(text: str) -> str:
    from pybtex.richtext import Text

    return Text.from_latex(text).render_as("text")


def place(name: str) -> str:
    """What stands in the page of the book's state until all pages are written and it is measured."""
    return render("course", "place.html", name=name)


FILLED_BY = {
    "chapters": chapter_map,
    "chapters-heading": cover.chapters_heading,
    "chapter-buttons": cover.chapter_buttons,
    "chapters-without-code": cover.chapters_without_code,
    "chapters-with-code": cover.chapters_with_code,
    "teaching-plan": teaching_plan,
    "own-data-sections": own_data_sections,
    "large-figures": large.figures,
    "glossary": glossary,
    "terms": terms,
    "cards": cards,
    "my-playbook": kept.my_playbook,
    "data-dictionary": data_dictionary,
    "references": references,
    "licence-counts": licences.licence_counts,
    "licences": licences.licences,
    "licences-read": licences.licences_read,
    "licences-of-fonts": licences.licences_of_fonts,
    "licences-of-scripts": licences.licences_of_scripts,
    "licence-texts": licences.licence_texts,
    "running-times": lambda docname: place("running-times"),
    "page-weights": lambda docname: place("page-weights"),
    "versions": lambda docname: place("versions"),
}


def fill(docname: str, text: str) -> str:
    """The page's text with every placeholder replaced; an unknown one is an error."""

    def filled(match: re.Match) -> str:
        name = match[1]
        if name not in FILLED_BY:
            raise ValueError(f"{docname}: there is no placeholder '{name}'; known are {', '.join(FILLED_BY)}.")
        return FILLED_BY[name](docname)

    return PLACEHOLDER.sub(filled, text)
