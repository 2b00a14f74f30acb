"""What a page holds for those who do not see it at a glance: folds that say what they hold, headers of rows, outputs
that only those who read the code want.

* A fold's name is its own words ("Show the code: Opener and discount"), which its cell carries.
* The first column of a table heads its rows, in Markdown tables and in data frames.
* Data frames and printed text hide with the code, unless their cell is tagged ``keep``: the text then speaks of them.
"""
from __future__ import annotations

import re

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode

from liveshop.medium import render

KEPT = {"keep", "card", "check", "explorer", "quiz"}     # cells of these tags stay whole when the code is hidden
ROWS = re.compile(r"<tr.*?</tr>", re.DOTALL)
HEAD = re.compile(r"<th\b([^>]*)>(.*?)</th>", re.DOTALL)
FRAME = re.compile(r'<table\b[^>]*class="dataframe.*?</table>', re.DOTALL)


def visit_fold(self, node) -> None:
    self.body.append(render("course", "fold.html", kind=" ".join(node["classes"]), closed=node["prompt_show"],
                            opened=node["prompt_hide"]))


def depart_fold(self, node) -> None:
    self.body.append("</details>\n")


def dress(app, doctree: nodes.document) -> None:
    for columns in doctree.findall(nodes.tgroup):
        next(columns.findall(nodes.colspec))["stub"] = 1     # a stub is a column of headers
    for raw in doctree.findall(nodes.raw):
        if 'class="dataframe' in raw.astext():
            raw.children = [nodes.Text(FRAME.sub(lambda table: with_scopes(table[0]), raw.astext()))]
    for cell in doctree.findall(nodes.container):
        marks = {name.removeprefix("tag_") for name in cell["classes"]}
        if cell.get("nb_element") == "cell_code" and not KEPT & marks:
            for output in cell.findall(_for_code):
                output["classes"].append("ls-for-code")


def _for_code(node) -> bool:
    """Whether it is an output that tells a reader of the code what it gave: a plain table, or printed text."""
    if isinstance(node, nodes.literal_block):
        return "output" in node["classes"]
    return isinstance(node, nodes.raw) and 'class="dataframe' in node.astext()


def with_scopes(table: str) -> str:
    """A data frame whose headers say what they head. An empty header is none; the index's name goes into the corner."""
    head, found, body = table.partition("<tbody>")
    rows = ROWS.findall(head)
    if len(rows) == 2 and _only_names_the_index(rows):
        names = iter([cell[2] for cell in HEAD.finditer(rows[1]) if cell[2].strip()])
        first = HEAD.sub(lambda cell: cell[0] if cell[2].strip() else f"<th{cell[1]}>{next(names, '')}</th>", rows[0])
        head = head.replace(rows[0], first).replace(rows[1], "")
    return HEAD.sub(lambda cell: _scoped(cell, "col"), head) + found + ROWS.sub(_with_header, body)


def _only_names_the_index(rows: list[str]) -> bool:
    corner, names = ([bool(cell[2].strip()) for cell in HEAD.finditer(row)] for row in rows)
    named = sum(names)
    return names == [True] * named + [False] * (len(names) - named) and not any(corner[:named])


def _with_header(row: re.Match) -> str:
    """A row of the body: without an index its first cell heads it."""
    text = row[0] if "<th" in row[0] else re.sub(r"<td(.*?)</td>", r"<th\1</th>", row[0], count=1, flags=re.DOTALL)
    return HEAD.sub(lambda cell: _scoped(cell, "row"), text)


def _scoped(cell: re.Match, scope: str) -> str:
    about, words = cell[1], cell[2]
    if not words.strip() or words == "&nbsp;":
        return f"<td{about}></td>"
    group = "group" if ("colspan" if scope == "col" else "rowspan") in about else ""
    return f'<th{about} scope="{scope}{group}">{words}</th>'


def scoped_tables(body: str) -> str:
    """The headers of Markdown tables as docutils wrote them, with what they head."""
    body = re.sub(r'<th class="(head\b[^"]*)">', r'<th class="\1" scope="col">', body)
    return re.sub(r'<th class="((?!head\b)[^"]*\bstub\b[^"]*)">', r'<th class="\1" scope="row">', body)


def connect(app) -> None:
    app.add_node(HideCodeCellNode, override=True, html=(visit_fold, depart_fold))
    app.connect("doctree-read", dress)
