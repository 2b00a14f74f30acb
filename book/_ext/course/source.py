"""Where a page comes from: links to its source, to correct it and to open its notebook; its address for others.

All of it follows from the one setting (liveshop.editions.repository), and none of it is there while that is empty.
"""
from __future__ import annotations

import re

import nbformat
from sphinx.errors import ConfigError

from course.paths import ROOT, places
from liveshop.editions.cells import EditionError
from liveshop.editions.repository import repository, site_address

MISTAKE = "wrong-claim.yml"      # of .github/ISSUE_TEMPLATE
PICTURE = "icon-512.png"         # make site draws it


def settle(config) -> None:
    """The site's address for Sphinx, which makes canonical addresses of it. The theme's own buttons are not ours."""
    config.html_theme_options.pop("launch_buttons", None)
    try:
        config.html_baseurl = site_address(ROOT / "_config.yml")
    except EditionError as error:
        raise ConfigError(str(error)) from error


def page_context(app, pagename, templatename, context, doctree) -> None:
    kept = repository(ROOT / "_config.yml")
    context["course_source"] = _links(app, kept, pagename) if kept and doctree is not None else []
    context["course_card"] = _card(app, pagename, context) if app.config.html_baseurl and doctree is not None else {}


def _links(app, kept, docname: str) -> list[tuple[str, str]]:
    """Address and words of each link. A notebook is changed in JupyterLab, not as a text on a web page."""
    path = app.env.doc2path(docname, base=False)
    title = re.sub(r"\s+", " ", app.env.titles[docname].astext())
    mistake = kept.issue(MISTAKE, where=title), "Report a mistake"
    if docname not in places():
        return [(kept.edit(path), "Edit this page"), (kept.source(path), "Source"), mistake]
    section = places()[docname][1]
    heading, cell, line = _place(path, section)
    opened = [(address, f"Open in {name}") for address, name in kept.launches(path, heading, cell)]
    return [(kept.source(path, line), "Source"), mistake, *opened]


def _place(path: str, section: dict | None) -> tuple[str, str, int | None]:
    """Of a section in its notebook: its heading, the id of the cell that holds it, and the line of the file."""
    if section is None:
        return "", "", None
    file = ROOT / path
    heading = f"{section['id']} {section['title']}"
    cell = next(cell.id for cell in nbformat.read(file, as_version=4).cells
                if cell.cell_type == "markdown" and re.search(rf"^## {re.escape(heading)}$", cell.source, re.MULTILINE))
    lines = file.read_text(encoding="utf-8").splitlines()
    return heading, cell, next(number for number, line in enumerate(lines, 1) if f'"id": "{cell}"' in line)


def _card(app, docname: str, context: dict) -> dict[str, str]:
    """What others show of a page that is linked: the Open Graph properties."""
    found = places().get(docname)
    return {
        "title": re.sub(r"\s+", " ", app.env.titles[docname].astext()), "type": "article" if found else "website",
        "url": context["pageurl"], "image": app.config.html_baseurl + PICTURE, "site_name": app.config.html_title,
        "description": found[0]["question"] if found else app.config.html_title,
    }
