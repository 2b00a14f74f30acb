"""What a page becomes on its way: its source prepared, callouts and solutions dressed, figures made light."""
from __future__ import annotations

import base64
import io
import re
from functools import cache

import nbformat
import numpy as np
from docutils import nodes
from PIL import Image

from course.placeholders import fill
from liveshop import editions
from liveshop.editions.callouts import folded
from liveshop.explorers import drawing

PNG = re.compile(r"data:image/png;base64,([A-Za-z0-9+/=\s]+)")
COLOURS = 64           # of a still figure


@cache
def prepared(docname: str, path: str, text: str) -> str:
    """The source of a page as the book reads it: a notebook's book edition, a text with its placeholders filled."""
    if not path.endswith(".ipynb"):
        return fill(docname, text)
    notebook = editions.book_edition(nbformat.reads(text, as_version=4))
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = folded(cell.source)
    return nbformat.writes(notebook)


def dress(app, doctree: nodes.document) -> None:
    """Callouts, and solutions behind their answer boxes."""
    for quote in list(doctree.findall(nodes.block_quote)):
        _dress_callout(quote)
    for solution in list(doctree.findall(lambda node: "tag_book-solution" in _classes(node))):
        _move_behind_its_answer(solution)


def _classes(node) -> list[str]:
    return node.get("classes", []) if isinstance(node, nodes.Element) else []


def _dress_callout(quote: nodes.block_quote) -> None:
    first = quote.children[0] if quote.children else None
    if not isinstance(first, nodes.paragraph):
        return
    # The Markdown parser leaves an empty text in front of the bold word.
    label = next((child for child in first.children if child.astext()), None)
    if isinstance(label, nodes.strong):
        word = re.sub(r"[^a-z]+", "-", label.astext().lower()).strip("-")
        quote["classes"] += ["ls-callout", f"ls-callout-{word}"]
        label["classes"].append("ls-callout-label")


def _move_behind_its_answer(solution: nodes.Element) -> None:
    """The answer boxes are the next cell that checks; the solution goes behind them."""
    parent = solution.parent
    for later in range(parent.index(solution) + 1, len(parent)):
        if isinstance(parent[later], nodes.section) or "tag_book-solution" in _classes(parent[later]):
            return
        if "tag_check" in _classes(parent[later]):
            parent.remove(solution)
            parent.insert(later, solution)
            return


def lighten(app, doctree: nodes.document) -> None:
    """Figures inside the page as WebP of at most 64 colours: flat drawings look the same and weigh a third."""
    for raw in doctree.findall(nodes.raw):
        text = raw.astext()
        if "data:image/png;base64," in text:
            raw.children = [nodes.Text(PNG.sub(lambda match: webp(match[1]), text))]


def webp(base64_png: str) -> str:
    picture = Image.open(io.BytesIO(base64.b64decode(base64_png))).convert("RGB")
    lighter = base64.b64encode(drawing.webp(np.asarray(picture), COLOURS)).decode()
    if len(lighter) >= len(base64_png):
        return f"data:image/png;base64,{base64_png}"
    return f"data:image/webp;base64,{lighter}"
