"""Links that the build makes from plain text, so that nobody has to type an address.

* "5.3", "section 5.3", "exercise 5.4a" and "card 6.1b" lead to their places, where that section can be read;
* the first use of a measure on a page leads to the measures, of another term to the glossary;
* the name of a table leads to the data dictionary, a citation such as "(Ang, 2004)" to the full reference.

What was linked is noted by page: glossary and measures say which sections use them.
A number that comes from the data (it carries its expression) is never taken for a section.
"""
from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from docutils import nodes
from sphinx import addnodes

from course import names
from course.paths import address
from liveshop.editions.forms import FROM_DATA
from liveshop.medium import render

# What is not linked on a page: it would lead to where it stands.
AT_HOME = {
    names.GLOSSARY: {"name"}, "book/reference/terms": {"name"}, names.MEASURES: {"name"},
    names.DICTIONARY: {"table"}, names.SOURCES: {"work"}, "book/reference/status": {"name", "table", "section", "work"},
}
UNLINKED = (nodes.reference, addnodes.pending_xref, nodes.literal, nodes.literal_block, nodes.title, nodes.rubric,
            nodes.raw, nodes.comment)
CALLED = re.compile(r"\b(section|exercise|card)s?\s+(\d\.\d)([a-z]?)\b", re.IGNORECASE)
BARE = re.compile(
    r"(?:(?<=\()|(?<=[;,] )|(?<=\b(?:in|of|or|by) )|(?<=\b(?:and|see) )|(?<=\bfrom )|^)(\d\.\d)([a-z]?)\b"
)
QUANTITY = re.compile(
    r"\s?[%×‰]|\.?\d|\s(?:to|by|of|per)\s[¥\d.]|\s(?:and|or)\s(?!\d\.\d\b)[¥\d.]"
    r"|\s(?:times|points?|yuan|per|in|seconds?|minutes?|hours?|days?|weeks?|million|thousand|orders?|entries|viewers?)\b"
)
YEAR = re.compile(r"(?<=[ ,])(?:18|19|20)\d\d\b")


@dataclass(frozen=True)
class Link:
    """A stretch of a text and where it leads."""

    start: int
    end: int
    kind: str
    key: str
    page: str
    place: str = ""


def make(app, doctree: nodes.document) -> None:
    env, home, seen, used = app.env, AT_HOME.get(app.env.docname, set()), set(), []
    for text in list(doctree.findall(nodes.Text)):
        if _within(text, UNLINKED):
            continue
        chosen, end = [], 0
        for link in sorted(_links(text), key=lambda link: (link.start, -link.end)):
            again = link.kind in ("name", "table") and link.key in seen
            if link.start >= end and not again and link.kind not in home and (link.page != env.docname or link.place):
                chosen.append(link)
                seen.add(link.key)
                end = link.end
        _put(text, chosen, env.docname)
        used += [(link.key, f"use-{link.key}") for link in chosen if link.kind == "name"]
    if env.docname == names.MEASURES:
        _name_measures(doctree)
    if "table" not in home:
        _link_tables(doctree, env.docname)
    if "work" not in home:
        _link_readings(doctree, env.docname)
    for mark in list(doctree.findall(lambda node: isinstance(node, nodes.raw) and node.astext() == FROM_DATA)):
        mark.parent.remove(mark)
    _uses(env)[env.docname] = used


def _within(node: nodes.Node, kinds) -> bool:
    while node is not None:
        if isinstance(node, kinds) or (isinstance(node, nodes.Element) and "cell_output" in node.get("classes", [])):
            return True
        node = node.parent
    return False


def _links(text: nodes.Text) -> list[Link]:
    written = text.astext()
    return [*_sections(written, _behind(text) == FROM_DATA), *_names(written, _behind(text)), *_citations(written)]


def _behind(text: nodes.Text) -> str:
    """What stands behind a text: the next node, of the text itself or of the emphasis that it fills."""
    node = text
    while node.parent is not None and isinstance(node.parent, (nodes.strong, nodes.emphasis)):
        node = node.parent
    beside, place = node.parent.children, _place(node) + 1
    return beside[place].astext() if place < len(beside) else ""


def _place(node: nodes.Node) -> int:
    """Where a node stands among its like; equal texts are not the same node."""
    return next(place for place, other in enumerate(node.parent.children) if other is node)


def _sections(written: str, ends_in_data: bool) -> list[Link]:
    # The number of the data and its unit are the last words before the mark.
    until = len(written) - len(" ".join(written.split(" ")[-3:])) if ends_in_data else len(written)
    found = []
    for match in CALLED.finditer(written):
        found.append(_section_link(match, match[1].lower(), match[2], match[3]))
    for match in BARE.finditer(written):
        if match.start() < until and not QUANTITY.match(written, match.end()):
            found.append(_section_link(match, "section", match[1], match[2]))
    return [link for link in found if link]


def _section_link(match: re.Match, called: str, section: str, letter: str) -> Link | None:
    page, place = names.sections().get(section), section.replace(".", "-") + letter
    if page is None:
        return None
    key = section + letter
    if called == "card":
        return Link(match.start(), match.end(), "section", f"card {key}", names.CARDS, f"card-{place}")
    return Link(match.start(), match.end(), "section", key, page, f"ex-{place}" if letter else "")


@cache
def _name_patterns() -> tuple[re.Pattern, dict[str, names.Name]]:
    """One pattern for all terms and measures, the longest first, and what each is; a measure goes before a term."""
    known = {form: name for name in [*names.terms(), *names.measures()] for form in name.forms}
    longest = sorted(known, key=len, reverse=True)
    # An abbreviation is written in capitals; a word may open a sentence.
    forms = [re.escape(form) if form[:2].isupper() else f"[{form[0].upper()}{form[0].lower()}]{re.escape(form[1:])}"
             for form in longest]
    return re.compile(rf"(?<![\w-])({'|'.join(forms)})(?=(?:s|es)?(?![\w-]))"), known


def _names(written: str, behind: str) -> list[Link]:
    pattern, known = _name_patterns()
    found = []
    for match in pattern.finditer(written):
        name = known.get(match[1]) or known.get(match[1][0].lower() + match[1][1:]) or known.get(match[1].capitalize())
        following = (written[match.end():] + behind)[:4 + len(name.chinese)] if name else ""
        if name is None or name.chinese not in following:
            continue
        found.append(Link(match.start(), match.end(), "name", name.key, name.page, name.place))
    return found


def _citations(written: str) -> list[Link]:
    found = []
    for match in YEAR.finditer(written):
        begin = max(written.rfind("(", 0, match.start()), match.start() - 80, 0)
        for key, family, year, _ in names.works():
            author = re.search(rf"\b{re.escape(family)}\b", written[begin:match.start()]) if year == match[0] else None
            if author:
                link = Link(begin + author.start(), match.end(), "work", key, names.SOURCES, f"ref-{key.lower()}")
                found.append(link)
                break
    return found


def _reference(link: Link, docname: str, *children: nodes.Node) -> nodes.reference:
    place = f"#{link.place}" if link.place else ""
    made = nodes.reference("", "", *children, internal=True, refuri=address(link.page, docname) + place)
    made["classes"].append(f"ls-link-{link.kind}")
    if link.kind == "name":
        made["ids"].append(f"use-{link.key}")
    return made


def _put(text: nodes.Text, links: list[Link], docname: str) -> None:
    if not links:
        return
    written, parts, end = text.astext(), [], 0
    for link in links:
        parts += [nodes.Text(written[end:link.start])] if link.start > end else []
        parts.append(_reference(link, docname, nodes.Text(written[link.start:link.end])))
        end = link.end
    parts += [nodes.Text(written[end:])] if end < len(written) else []
    place = _place(text)
    text.parent[place:place + 1] = parts


def _name_measures(doctree: nodes.document) -> None:
    """The place of each measure, and the mark at which the sections that use it are said."""
    known = {name.place for name in names.measures()}
    for row in doctree.findall(nodes.row):
        first = row[0][0] if len(row[0]) else None
        place = names.measure_place(first.astext()) if isinstance(first, nodes.paragraph) else ""
        if place in known:
            first["ids"].append(place)
            mark = f' <span class="ls-used" data-name="{place}"></span>'
            first += nodes.raw("", mark, format="html")


def _link_tables(doctree: nodes.document, docname: str) -> None:
    """The name of a table at its first use, and wherever it stands in a table."""
    seen = set()
    for literal in list(doctree.findall(nodes.literal)):
        name = literal.astext()
        if name in names.tables() and not _within(literal.parent, UNLINKED):
            if name not in seen or _within(literal, nodes.entry):
                above, place = literal.parent, _place(literal)
                link = Link(0, 0, "table", name, names.DICTIONARY, f"table-{name.replace('_', '-')}")
                above[place] = _reference(link, docname, literal)
            seen.add(name)


def _link_readings(doctree: nodes.document, docname: str) -> None:
    """At the end of each entry of a chapter's further reading, the way to its full reference."""
    for heading in doctree.findall(nodes.section):
        if "further-reading" not in heading["ids"]:
            continue
        for entry in heading.findall(nodes.list_item):
            written = names.plain_letters(entry.astext())
            named = [(len(title), key) for key, _, _, title in names.works() if title in written]
            if named and isinstance(entry[-1], nodes.paragraph):
                key = max(named)[1]
                link = Link(0, 0, "work", key, names.SOURCES, f"ref-{key.lower()}")
                entry[-1] += [nodes.Text(" "), _reference(link, docname, nodes.Text("Full reference"))]


# --- which sections use a term or a measure ---------------------------------------------------------------------------


def _uses(env) -> dict[str, list[tuple[str, str]]]:
    """By page, what is linked there and the place of its first use; kept with the pages that were read."""
    if not hasattr(env, "course_uses"):
        env.course_uses = {}
    return env.course_uses


def forget(app, env, docname: str) -> None:
    _uses(env).pop(docname, None)


def merge(app, env, docnames, other) -> None:
    _uses(env).update({docname: used for docname, used in _uses(other).items() if docname in docnames})


def say_where_used(app, pagename: str, templatename: str, context: dict, doctree) -> None:
    """In glossary, index and measures, the sections that use each name in place of its mark."""
    if "body" not in context or "ls-used" not in context["body"]:
        return
    where: dict[str, list[tuple[str, str]]] = {}
    for section, page in names.sections().items():
        for key, place in _uses(app.env).get(page, []):
            where.setdefault(key, []).append((section, f"{address(page, pagename)}#{place}"))

    def filled(match: re.Match) -> str:
        return render("course", "uses.html", uses=where.get(match[1], []))

    context["body"] = re.sub(r'<span class="ls-used" data-name="([a-z0-9-]+)"></span>', filled, context["body"])
