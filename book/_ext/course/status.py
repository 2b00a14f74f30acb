"""The state of the book, measured by the build that made it: running times, weights of the pages, versions.

The page book/reference/status.md holds the places (``<!-- course: running-times -->`` and so on); what stands there is
measured when all pages are written, and put into the written page. Running times are kept with what the notebooks gave,
so that a build that runs nothing writes the same page again.
"""
from __future__ import annotations

import re
import tomllib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from packaging.requirements import Requirement

from course.executions import kept, notebook, opened
from course.paths import ROOT, ready_chapters
from course.placeholders import place
from liveshop.editions import section_of
from liveshop.medium import render
from liveshop.tables.writing import write_text

PAGE = Path("book/reference/status.html")
EXTRAS = ("notebook", "lab", "course")      # of pyproject.toml: what running the chapters and building the book need


def write(app, exception) -> None:
    page = Path(app.outdir) / PAGE
    if exception is not None or not page.exists():
        return
    text = page.read_text(encoding="utf-8")
    for name, measure in MEASURES.items():
        heads, rows = measure(app)
        text = text.replace(place(name), render("course", "status.html", heads=heads, rows=rows))
    write_text(page, text)


def running_times(app) -> tuple[list[str], list[list]]:
    """Seconds of every section on the machine that ran it, one notebook beside others; from the cache of executions."""
    cache, rows = opened(app.env), []
    for chapter in ready_chapters():
        nb = notebook(app, chapter["notebook"].removesuffix(".ipynb"))
        about = kept(cache, nb)
        sections = zip(section_of(nb.cells), nb.cells, strict=True)
        codes = [section for section, cell in sections if cell.cell_type == "code"]
        seconds = dict.fromkeys(codes, 0.0)
        for section, taken in zip(codes, about["cells"], strict=True):
            seconds[section] += taken
        for section in chapter["sections"]:
            name = str(section["id"])
            rows.append([f"{name} {section['title']}", f"{seconds.pop(name, 0.0):.1f}"])
        rows.append([f"Chapter {chapter['number']}: opening, quiz and memo", f"{sum(seconds.values()):.1f}"])
        rows.append([f"Chapter {chapter['number']}, with the start of its kernel", f"{about['execution_seconds']:.1f}"])
    return ["section", "seconds"], rows


def page_weights(app) -> tuple[list[str], list[list]]:
    """Every page but this one, as it is written, without the scripts and styles that all share."""
    rows = []
    for docname in sorted(app.env.found_docs):
        page = Path(app.builder.get_outfilename(docname))
        if page != Path(app.outdir) / PAGE:
            title = re.sub(r"\s+", " ", app.env.titles[docname].astext())
            rows.append([title, f"{page.stat().st_size / 1000:,.0f}"])
    return ["page", "kB"], rows


def versions(app) -> tuple[list[str], list[list]]:
    """Of what the course's package is declared to need, and of the package itself."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    declared = [*project["dependencies"], *(line for name in EXTRAS for line in extras.get(name, []))]
    rows = []
    for name in sorted({Requirement(line).name for line in declared} - {project["name"]}, key=str.casefold):
        try:
            rows.append([name, version(name)])
        except PackageNotFoundError:
            continue
    return ["package", "version"], [[project["name"], project["version"]], *rows]


MEASURES = {"running-times": running_times, "page-weights": page_weights, "versions": versions}
