"""Turns the course's sources into the book.

* Chapter notebooks are changed on the fly into their book edition (liveshop.editions.book_edition).
* Lines such as ``<!-- course: glossary -->`` in a page are filled from the one place that knows:
  book/course.yml, book/reference/glossary.yml, data/datapackage.json and the playbook cards.
* Block quotes that open with a bold word become callouts; worked solutions move behind their answer boxes.
* Chinese is marked as Chinese, for voices and fonts, and a number is not parted from its per cent sign.
* Formulas become MathML at build time, so that no script has to be fetched to show them.
"""
from __future__ import annotations

import base64
import html
import io
import json
import os
import re
import zipfile
from pathlib import Path

import nbformat
import yaml
from docutils import nodes
from docutils.utils.math.latex2mathml import tex2mathml
from PIL import Image

from liveshop import editions
from liveshop.editions.slides import CALLOUT, try_it

ROOT = Path(__file__).resolve().parents[2]
BOOK = ROOT / "book"
PLACEHOLDER = re.compile(r"^<!-- course: ([a-z-]+) -->[ \t]*$", re.MULTILINE)


def read_yaml(path: Path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def cell(text) -> str:
    """Text for a cell of a Markdown table."""
    return str(text).replace("|", "\\|").replace("\n", " ").strip()


def table(header: list[str], rows: list[list]) -> str:
    lines = ["| " + " | ".join(header) + " |", "|" + " --- |" * len(header)]
    lines += ["| " + " | ".join(cell(value) for value in row) + " |" for row in rows]
    return "\n".join(lines)


# --- what the placeholders stand for -------------------------------------------------------------


def chapter_map(docname: str) -> str:
    """The nine chapters as cards; a chapter that can be read is a link, the others are announced."""
    here = Path(docname).parent
    items = []
    for chapter in read_yaml(BOOK / "course.yml")["chapters"]:
        sections = "".join(
            f"<li><span>{html.escape(str(section['id']))}</span> {html.escape(section['title'])}</li>"
            for section in chapter["sections"]
        )
        live = chapter["status"] == "ready"
        title = html.escape(chapter["title"])
        if live:
            target = os.path.relpath(chapter["notebook"].removesuffix(".ipynb"), here).replace(os.sep, "/")
            title = f'<a href="{target}.html">{title}</a>'
        items.append(
            f'<li class="ls-chapter{" ls-chapter-ready" if live else ""}">'
            f'<p class="ls-chapter-number">{chapter["number"]}</p>'
            f'<h3>{title}</h3>'
            f'<p class="ls-chapter-question">{html.escape(chapter["question"])}</p>'
            f"<ol>{sections}</ol>"
            f'<p class="ls-chapter-status">{"Read it now" if live else "Planned"}</p></li>'
        )
    return '<ol class="ls-chapters" role="list">\n' + "\n".join(items) + "\n</ol>"


def ready_chapters():
    return [chapter for chapter in read_yaml(BOOK / "course.yml")["chapters"] if chapter["status"] == "ready"]


def teaching_plan(docname: str) -> str:
    """Objectives, minutes, tables and exercises of every section that can be taught."""
    parts = []
    for chapter in ready_chapters():
        parts.append(f"## Chapter {chapter['number']}: {chapter['title']}")
        total = sum(s["minutes"]["reading"] + s["minutes"]["doing"] for s in chapter["sections"])
        rows = [
            [f"{s['id']} {s['title']}", s["minutes"]["reading"], s["minutes"]["doing"], ", ".join(s["exercises"])]
            for s in chapter["sections"]
        ]
        parts.append(table(["section", "reading, minutes", "doing, minutes", "exercises"], rows))
        parts.append(f"In all {total} minutes, or about {total / 60:.0f} hours with a break.")
        for section in chapter["sections"]:
            parts.append(f"### {section['id']} {section['title']}")
            parts.append("After it a participant can:")
            parts.append("\n".join(f"- {objective}" for objective in section["objectives"]))
            parts.append("**Tables:** " + ", ".join(f"`{name}`" for name in section["tables"]) + ".")
            if section.get("teaching"):
                parts.append("**In class.**\n\n" + "\n".join(f"- {note}" for note in section["teaching"]))
            parts.append(answers(section))
    return "\n\n".join(parts)


def answers(section: dict) -> str:
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
            right = "; ".join(f"{field.title}: **{shown(values[field.name], field.decimals)}**" for field in exercise.fields) + ". "
        stop = "" if exercise.title.endswith("?") else "."
        lines.append(f"**{identity} {exercise.title}{stop}** {right}{exercise.explain}")
    return f"::::{{dropdown}} Answers to the exercises of {section['id']}\n" + "\n\n".join(lines) + "\n::::"


def shown(value, decimals: int) -> str:
    return value if isinstance(value, str) else f"{value:,.{decimals}f}"


def own_data_sections(docname: str) -> str:
    """Which tables each section needs from the reader."""
    rows = [
        [f"{s['id']} {s['title']}", ", ".join(f"`{name}`" for name in s["own_data"]), s.get("own_data_gives", "")]
        for chapter in ready_chapters()
        for s in chapter["sections"]
    ]
    return table(["section", "tables it reads", "what you get"], rows)


def glossary(docname: str) -> str:
    """Terms in the order of their English names, as a list that reads well on a phone, with a way to each letter."""
    terms = sorted(read_yaml(BOOK / "reference" / "glossary.yml"), key=lambda term: term["en"].casefold())
    entries, letters = [], {}
    for term in terms:
        first = term["en"][0].upper() if term["en"][0].isalpha() else "0–9"
        mark = "" if first in letters else f'<span id="{letters.setdefault(first, "letter-" + first[0].lower())}"></span>'
        entries.append(
            f"{mark}{term['en']} <span lang=\"zh\">{term['zh']}</span> <span lang=\"zh-Latn\" class=\"ls-pinyin\">{term['pinyin']}</span>\n: {term['meaning']}"
        )
    links = " ".join(f'<a href="#{place}">{letter}</a>' for letter, place in letters.items())
    return f'<nav class="ls-jump" aria-label="Letters">{links}</nav>\n\n' + "\n\n".join(entries)


def cards(docname: str) -> str:
    """All cards by chapter, each made by a cell of its own, after a list that leads to them."""
    from liveshop import playbook

    found = playbook.cards()
    place = {one["id"]: "card-" + one["id"].replace(".", "-") for one in found}
    links = "".join(f'<li><a href="#{place[one["id"]]}">{one["id"]} {html.escape(one["title"])}</a></li>' for one in found)
    parts = [f'<nav aria-label="Cards"><ul class="ls-jump-list">{links}</ul></nav>']
    for chapter in ready_chapters():
        parts.append(f"## Chapter {chapter['number']}: {chapter['title']}")
        for one in found:
            if one["id"].split(".")[0] == str(chapter["number"]):
                cell = f'```{{code-cell}} python\n:tags: [remove-input]\nplaybook.card("{one["id"]}")\n```'
                parts += [f'<div id="{place[one["id"]]}"></div>', cell]
    return "\n\n".join(parts)


def data_dictionary(docname: str) -> str:
    """Every table and column of the contract, with what may stand in it."""
    package = json.loads((ROOT / "data" / "datapackage.json").read_text(encoding="utf-8"))
    parts = []
    for resource in package["resources"]:
        schema = resource["schema"]
        made = (ROOT / "data" / resource["path"]).exists()
        parts.append(f"## {resource['title']} ({resource['title_zh']})")
        key = schema.get("primaryKey", [])
        key = [key] if isinstance(key, str) else key
        parts.append(
            f"`{resource['name']}`: {resource['description']} Key: "
            + ", ".join(f"`{name}`" for name in key)
            + "."
            + ("" if made else " *Agreed, and filled by a later chapter.*")
        )
        rows = []
        for field in schema["fields"]:
            limits = field.get("constraints", {})
            rule = []
            if limits.get("required"):
                rule.append("always there")
            if "enum" in limits:
                rule.append("one of " + ", ".join(f"`{value}`" for value in limits["enum"]))
            if "minimum" in limits and "maximum" in limits:
                rule.append(f"{limits['minimum']} to {limits['maximum']}")
            elif "minimum" in limits:
                rule.append(f"{limits['minimum']} or more")
            elif "maximum" in limits:
                rule.append(f"at most {limits['maximum']}")
            kind = field["type"] + (f", {field['unit']}" if field.get("unit") else "")
            meaning = field["description"] + (f" ({'; '.join(rule)})" if rule else "")
            chinese = f' <span class="ls-zh-name" lang="zh">{field["title_zh"]}</span>' if field.get("title_zh") else ""
            rows.append([f"`{field['name']}`{chinese}", meaning, kind])
        parts.append(table(["column", "meaning", "type and unit"], rows))
        for link in schema.get("foreignKeys", []):
            fields = link["fields"] if isinstance(link["fields"], list) else [link["fields"]]
            parts.append(
                ", ".join(f"`{name}`" for name in fields) + f" refers to `{link['reference']['resource']}`."
            )
    return "\n\n".join(parts)


def references(docname: str) -> str:
    """The literature of book/references.bib, by author and year."""
    from pybtex.database import parse_file
    from pybtex.richtext import Text

    def plain(text: str) -> str:
        return Text.from_latex(text).render_as("text")

    def name(person) -> str:
        return plain(" ".join([*person.last_names, *person.lineage_names]) + ", " + " ".join(person.first_names + person.middle_names))

    lines = []
    for entry in parse_file(str(BOOK / "references.bib")).entries.values():
        fields = {key: plain(value) for key, value in entry.fields.items()}
        people = [name(person) for person in entry.persons["author"]]
        authors = people[0] if len(people) == 1 else "; ".join(people[:-1]) + " and " + people[-1]
        place = fields.get("journal") or fields.get("booktitle") or fields.get("publisher", "")
        number = fields.get("volume", "") + (f" ({fields['number']})" if "number" in fields else "")
        pages = fields.get("pages", "")
        tail = ", ".join(part for part in (f"*{place}*", number, f"pages {pages}" if pages else "", f"{fields['edition']} edition" if "edition" in fields else "") if part)
        stop = "" if fields["title"].endswith("?") else "."
        lines.append(f"- {authors} ({fields['year']}). {fields['title']}{stop} {tail}.")
    return "\n".join(sorted(lines, key=str.casefold))


FILLED_BY = {
    "chapters": chapter_map,
    "teaching-plan": teaching_plan,
    "own-data-sections": own_data_sections,
    "glossary": glossary,
    "cards": cards,
    "data-dictionary": data_dictionary,
    "references": references,
}


def fill(docname: str, text: str) -> str:
    """The page's text with every placeholder replaced; an unknown one is an error."""

    def filled(match: re.Match) -> str:
        name = match[1]
        if name not in FILLED_BY:
            raise ValueError(f"{docname}: there is no placeholder '{name}'; known are {', '.join(FILLED_BY)}.")
        return FILLED_BY[name](docname)

    return PLACEHOLDER.sub(filled, text)


# --- events --------------------------------------------------------------------------------------


def prepare_source(app, docname: str, source: list[str]) -> None:
    if app.env.doc2path(docname).endswith(".ipynb"):
        notebook = nbformat.reads(source[0], as_version=4)
        notebook = editions.book_edition(notebook)
        for cell in notebook.cells:
            if cell.cell_type == "markdown":
                cell.source = CALLOUT.sub(fold_answer, cell.source)
        source[0] = nbformat.writes(notebook)
    else:
        source[0] = fill(docname, source[0])


def fold_answer(callout: re.Match) -> str:
    """A "Try it" callout with its answer folded away: who sees it at once tries nothing."""
    tried = try_it(callout[0])
    if tried is None:
        return callout[0]
    question, answer = tried
    lines = f"**Try it.** {question}\n\n<details><summary>Answer</summary>\n\n{answer}\n\n</details>".split("\n")
    return "\n".join(f"> {line}".rstrip() for line in lines) + "\n"


def dress(app, doctree: nodes.document) -> None:
    """Callouts, and solutions behind their answer boxes."""
    for quote in list(doctree.findall(nodes.block_quote)):
        first = quote.children[0] if quote.children else None
        if not isinstance(first, nodes.paragraph):
            continue
        # The Markdown parser leaves an empty text in front of the bold word.
        label = next((child for child in first.children if child.astext()), None)
        if isinstance(label, nodes.strong):
            word = re.sub(r"[^a-z]+", "-", label.astext().lower()).strip("-")
            quote["classes"] += ["ls-callout", f"ls-callout-{word}"]
            label["classes"].append("ls-callout-label")
    for solution in list(doctree.findall(lambda node: isinstance(node, nodes.Element) and "tag_book-solution" in node.get("classes", []))):
        parent = solution.parent
        at = parent.index(solution)
        # The answer boxes are the next cell that checks; the solution goes behind them.
        for later in range(at + 1, len(parent)):
            classes = parent[later].get("classes", []) if isinstance(parent[later], nodes.Element) else []
            if isinstance(parent[later], nodes.section) or "tag_book-solution" in classes:
                break
            if "tag_check" in classes:
                parent.remove(solution)
                parent.insert(later, solution)
                break


PNG = re.compile(r"data:image/png;base64,([A-Za-z0-9+/=\s]+)")


def lighten(app, doctree: nodes.document) -> None:
    """Figures inside the page as WebP of at most 128 colours: flat drawings look the same and weigh a third."""
    for raw in doctree.findall(nodes.raw):
        text = raw.astext()
        if "data:image/png;base64," in text:
            raw.children = [nodes.Text(PNG.sub(lambda match: webp(match[1]), text))]


def webp(base64_png: str) -> str:
    picture = Image.open(io.BytesIO(base64.b64decode(base64_png))).convert("RGB")
    few = picture.quantize(128, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).convert("RGB")
    out = io.BytesIO()
    few.save(out, "WEBP", lossless=True, method=4)
    if len(out.getvalue()) * 4 / 3 >= len(base64_png):
        return f"data:image/png;base64,{base64_png}"
    return "data:image/webp;base64," + base64.b64encode(out.getvalue()).decode()


# What is left as it is when the text of a page is set: code, data, drawings, what an explorer says.
UNSET = re.compile(r"(<(script|pre|code|textarea|svg|math|option|figure)\b.*?</\2>)", re.DOTALL)
TEXT = re.compile(r"(?:(?<=>)|^)[^<>]+(?=<|$)")
CHINESE = re.compile(r"[\u4e00-\u9fff](?:[\u4e00-\u9fff\u3001-\u301f（），。：；？！]*[\u4e00-\u9fff）])?")


def set_text(body: str) -> str:
    """A page's body with Chinese marked as Chinese and no break between a number and its per cent sign."""

    def text(match: re.Match) -> str:
        joined = re.sub(r"(?<=\d) %", "\u00a0%", match[0])
        return CHINESE.sub(lambda found: f'<span lang="zh">{found[0]}</span>', joined)

    parts = UNSET.split(body)  # text, whole match, name of the element, text …
    return "".join(TEXT.sub(text, part) if place % 3 == 0 else part for place, part in enumerate(parts) if place % 3 < 2)


def page_context(app, pagename, templatename, context, doctree) -> None:
    # Names, commas and blanks have no colour of their own; their marks are half of the weight of a page's code.
    if "body" in context:
        context["body"] = set_text(re.sub(r'<span class="[npw]">([^<]*)</span>', r"\1", context["body"]))
    if doctree is not None and pagename.startswith("notebooks/"):
        context["course_notebook"] = f"downloads/{Path(pagename).name}.zip"


README = """The notebook of this chapter, twice: as it stands in the book, and in student/ with the answers left out.
It runs inside the course folder (it needs the package liveshop and the tables in data/):
put it into notebooks/ there and type  make lab
Text and data CC BY 4.0, code MIT. Qinghe is invented.
"""


def write_downloads(app, exception) -> None:
    """A zip a chapter: a bare .ipynb would open as JSON in the browser."""
    if exception is not None or app.builder.format != "html":
        return
    folder = Path(app.outdir) / "downloads"
    for docname in sorted(app.env.found_docs):
        path = Path(app.env.doc2path(docname))
        if path.suffix != ".ipynb":
            continue
        folder.mkdir(exist_ok=True)
        notebook = nbformat.read(path, as_version=4)
        contents = {
            "README.txt": README,
            path.name: nbformat.writes(notebook),
            f"student/{path.name}": nbformat.writes(editions.student_edition(notebook)),
        }
        with zipfile.ZipFile(folder / f"{path.stem}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in contents.items():
                archive.writestr(zipfile.ZipInfo(name, (2025, 3, 3, 0, 0, 0)), text, zipfile.ZIP_DEFLATED)


# --- formulas ------------------------------------------------------------------------------------


def visit_math(self, node) -> None:
    self.body.append(tex2mathml(node.astext()))
    raise nodes.SkipNode


def visit_math_block(self, node) -> None:
    self.body.append(
        f'<div class="math ls-formula" role="group" aria-label="Formula" tabindex="0">{tex2mathml(node.astext(), as_block=True)}</div>'
    )
    raise nodes.SkipNode


def settle_config(app, config) -> None:
    config.templates_path.insert(0, str(BOOK / "_templates"))


def setup(app):
    # Notebooks run while the book is built show all frames of their explorers in plain HTML.
    os.environ["LIVESHOP_MEDIUM"] = "frames"
    # jupyter-book sets this for an extension that the book does without.
    app.add_config_value("comments_config", {}, "env")
    app.add_html_math_renderer("mathml", (visit_math, None), (visit_math_block, None))
    app.connect("config-inited", settle_config, priority=100)
    app.connect("source-read", prepare_source)
    app.connect("doctree-read", dress)
    app.connect("doctree-read", lighten)
    app.connect("html-page-context", page_context)
    app.connect("build-finished", write_downloads)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
