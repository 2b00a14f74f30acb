"""A page a section: of a chapter's one notebook the book makes a page for the chapter and one for each section.

Sphinx knows a page by its file. Here several pages have one: the notebook is run once, what it gave is read once, and
each page gets its part. Their places in the contents come from the map of the course.
"""
from __future__ import annotations

import re

import nbformat
from docutils import nodes
from sphinx.project import Project
from sphinx_external_toc.api import Document, FileItem, TocTree

from course import executions, names
from course.pages import prepared
from course.paths import address, chapter_page, places, section_of_card
from liveshop.editions.sections import chapter_part, section_part
from liveshop.medium import render

# What a part of a section, or of a chapter's page, is called in an address, by how its heading begins.
PARTS = {"Strategy": "strategy", "In the data": "in-the-data", "The trap": "trap", "Explore": "explore",
         "Exercises": "exercises"}
CHAPTER_PARTS = {"Chapter quiz": "quiz", "Five things": "five-things", "Decision memo": "memo",
                 "Further reading": "further-reading"}
EXERCISE = re.compile(r"Exercise (\d+)\.(\d+)([a-z])\b")


class Pages(Project):
    """Sphinx's list of pages and their files, with a page for each section, whose file is its chapter's notebook."""

    def discover(self, exclude_paths=(), include_paths=("**",)) -> set[str]:
        super().discover(exclude_paths, include_paths)
        for docname, (chapter, section) in places().items():
            if section is not None and chapter_page(chapter) in self.docnames:
                self.docnames.add(docname)
                self._docname_to_path[docname] = chapter["notebook"]
        return self.docnames


def make_known(app) -> None:
    app.project.__class__ = Pages


def enter_in_contents(app, config) -> None:
    """The sections below their chapter, in the contents that were read from _toc.yml."""
    contents = config.external_site_map
    for docname, (chapter, section) in places().items():
        above = contents.get(chapter_page(chapter))
        if above is None or section is None:
            continue
        if not above.subtrees:
            above.subtrees = [TocTree([])]
        above.subtrees[0].items.append(FileItem(docname))
        contents[docname] = Document(docname)


def prepare_source(app, docname: str, source: list[str]) -> None:
    """The source of a page as it is read: a text with its placeholders filled, or the page's part of a notebook."""
    path = app.env.doc2path(docname)
    if docname not in places():
        source[0] = prepared(docname, path, source[0])
        return
    chapter, section = places()[docname]
    whole = executions.executed(app, docname)
    part = chapter_part(whole) if section is None else section_part(whole, str(section["id"]))
    if section is not None:
        title, _, rest = part.cells[0].source.partition("\n")
        part.cells[0].source = f"{title}\n\n{_ways(chapter, section, docname)}\n{rest}"
    if section is not None and section["id"] == chapter["sections"][-1]["id"]:
        part.cells.append(nbformat.v4.new_markdown_cell(_onward(whole, chapter, docname)))
    part.metadata = type(part.metadata)(part.metadata | {"mystnb": {"execution_mode": "off"}})     # it was run
    source[0] = nbformat.writes(part)


def _ways(chapter: dict, section: dict, docname: str) -> str:
    """From the head of a section to its chapter, its cards and what it does with own data."""
    from liveshop import playbook

    number, place = str(section["id"]), str(section["id"]).replace(".", "-")
    cards = [card for card in playbook.cards() if section_of_card(card["id"]) == number]
    links = [(address(chapter_page(chapter), docname), f"Chapter {chapter['number']}"),
             (f"#{place}-exercises", "Exercises")]
    links += [(address(names.CARDS, docname) + "#card-" + card["id"].replace(".", "-"), f"Card {card['id']}")
              for card in cards]
    links.append((address("book/own-data/index", docname) + f"#own-{place}", "On your own data"))
    return render("course", "ways.html", links=links)


def _onward(whole, chapter: dict, docname: str) -> str:
    """From the last section to what closes the chapter on its own page."""
    texts = "\n".join(cell.source for cell in chapter_part(whole).cells if cell.cell_type == "markdown")
    titles = [title for title in re.findall(r"^## (.+)$", texts, re.MULTILINE) if _first(CHAPTER_PARTS, title)]
    links = [(f"{address(chapter_page(chapter), docname)}#{_first(CHAPTER_PARTS, title)}", title) for title in titles]
    return render("course", "onward.html", chapter=chapter, links=links)


def name_places(app, doctree: nodes.document) -> None:
    """Fixed addresses for the parts of a chapter, that stay when headings are added or their words change."""
    found = places().get(app.env.docname)
    if found is None:
        return
    chapter, section = found
    for heading in doctree.findall(nodes.section):
        title = heading[0].astext()
        fixed = _place_in_section(section, title, heading) if section else _place_in_chapter(chapter, title, heading)
        if fixed and not any(fixed in other["ids"] for other in doctree.findall(nodes.section)):
            heading["ids"] = [fixed]
            if fixed.startswith("ex-"):
                heading["classes"].append("ls-exercise")


def _place_in_chapter(chapter: dict, title: str, heading: nodes.section) -> str:
    if isinstance(heading.parent, nodes.document):
        return f"chapter-{chapter['number']}"
    return _first(CHAPTER_PARTS, title)


def _place_in_section(section: dict, title: str, heading: nodes.section) -> str:
    place = str(section["id"]).replace(".", "-")
    exercise = EXERCISE.match(title)
    if exercise:
        return f"ex-{exercise[1]}-{exercise[2]}{exercise[3]}"
    if isinstance(heading.parent, nodes.document):
        return place
    if title.startswith("Card"):
        return f"card-{place}"
    part = _first(PARTS, title)
    return f"{place}-{part}" if part else ""


def _first(parts: dict[str, str], title: str) -> str:
    return next((part for beginning, part in parts.items() if title.startswith(beginning)), "")
