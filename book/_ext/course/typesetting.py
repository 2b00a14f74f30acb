"""The setting of a page's text: Chinese marked as Chinese, numbers kept with their signs, formulas as MathML."""
from __future__ import annotations

import re
from pathlib import Path

from docutils import nodes
from docutils.utils.math.latex2mathml import tex2mathml
from markupsafe import Markup

from course.access import scoped_tables
from course.paths import chapter_page, places
from liveshop.medium import render

# What is left as it is when the text of a page is set: code, data, drawings, what an explorer says, what is marked.
UNSET = re.compile(r"(<(script|pre|code|textarea|svg|math|option|figure|span(?= [^>]*\blang=))\b.*?</\2>)", re.DOTALL)
TEXT = re.compile(r"(?:(?<=>)|^)[^<>]+(?=<|$)")
CHINESE = re.compile(r"[\u4e00-\u9fff](?:[\u4e00-\u9fff\u3001-\u301f（），。：；？！]*[\u4e00-\u9fff）])?")


def set_text(body: str) -> str:
    """A page's body with Chinese marked as Chinese and no break between a number and its per cent sign."""

    def text(match: re.Match) -> str:
        joined = re.sub(r"(?<=\d) %", "\u00a0%", match[0])
        return CHINESE.sub(lambda found: f'<span lang="zh-Hans">{found[0]}</span>', joined)

    parts = UNSET.split(body)  # text, whole match, name of the element, text …
    return "".join(
        TEXT.sub(text, part) if place % 3 == 0 else part for place, part in enumerate(parts) if place % 3 < 2
    )


def page_context(app, pagename, templatename, context, doctree) -> None:
    # Names, commas and blanks have no colour of their own; their marks are half of the weight of a page's code.
    if "body" in context:
        body = re.sub(r'<span class="[npw]">([^<]*)</span>', r"\1", context["body"])
        context["body"] = set_text(scoped_tables(body))
    if pagename in places():
        chapter, _ = places()[pagename]
        context["course_notebook"] = f"downloads/{Path(chapter_page(chapter)).name}.zip"


def visit_math(self, node) -> None:
    self.body.append(tex2mathml(node.astext()))
    raise nodes.SkipNode


def visit_math_block(self, node) -> None:
    self.body.append(render("course", "formula.html", formula=Markup(tex2mathml(node.astext(), as_block=True))))
    raise nodes.SkipNode
