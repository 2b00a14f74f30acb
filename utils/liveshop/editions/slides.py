"""Slides of a chapter, made from the committed notebook: one HTML file that needs no network and no other file.

A slide is what a class looks at together: a section's question, its decision rules and traps, its figures, the
"Try it" questions with the answer folded away, the exercises and the name of the card. The text stays in the notebook.
"""
from __future__ import annotations

import html
import re

from liveshop.editions import static_folder, tags

CALLOUT = re.compile(r"(?:^> ?.*\n?)+", re.MULTILINE)
_TITLE = re.compile(r"^#{1,2} +(.+)$", re.MULTILINE)
_SUBTITLE = re.compile(r"^### +(.+)$", re.MULTILINE)
_ANSWER = re.compile(r"(?<![*\w])\*(?![*\s])([^*]+[.!?)])\*(?!\*)")
_CARD = re.compile(r'<p class="ls-card-title"[^>]*>(.*?)</p>', re.DOTALL)
_FIGURE = re.compile(r"<img\b[^>]*>")

_PAGE = """<!doctype html>
<html lang="en" data-theme="light"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}: slides</title><style>{style}
html {{ scroll-snap-type: y mandatory; }}
body {{ margin: 0; background: var(--ls-paper); color: var(--ls-ink); font-family: var(--ls-text, sans-serif); font-size: clamp(1.1rem, 2.2vw, 2rem); line-height: 1.45; }}
.slide {{ min-height: 100vh; box-sizing: border-box; padding: 6vh 8vw; scroll-snap-align: start; display: flex; flex-direction: column; justify-content: center; break-after: page; position: relative; }}
.slide > * {{ max-width: 60rem; box-sizing: border-box; overflow-wrap: anywhere; width: 100%; margin-inline: auto; }}
.slide h1, .slide h2 {{ font-family: var(--ls-title, serif); line-height: 1.2; margin-block: 0 .6em; }}
.slide .kind {{ color: var(--ls-accent); font-weight: 600; font-size: .75em; margin-block: 0 .6em; }}
.slide img {{ background: #fff; width: 100%; max-height: 74vh; object-fit: contain; display: block; }}
.slide img:has(+ p) {{ max-height: 54vh; }}
.slide a {{ color: var(--ls-accent); }}
.slide:has(img) {{ padding-block: 4vh; }}
.slide table {{ font-size: .7em; border-collapse: collapse; }}
.slide :is(th, td) {{ padding: .2em .7em; border-bottom: 1px solid var(--ls-line); text-align: left; }}
.slide .long {{ font-size: .72em; }}
.slide summary {{ cursor: pointer; color: var(--ls-accent); }}
.slide footer {{ position: absolute; inset: auto 8vw 2vh; max-width: none; width: auto; color: var(--ls-muted); font-size: .55em; display: flex; justify-content: space-between; }}
.rule {{ border-left: 6px solid var(--ls-accent); padding-left: 1em; }}
@page {{ size: 297mm 167mm; margin: 0; }}
@media print {{ .slide {{ min-height: 100vh; break-inside: avoid; }} }}
</style></head><body>
{slides}
<script>
(function () {{
  const slides = [...document.querySelectorAll(".slide")];
  const here = () => slides.reduce((best, slide, i) => Math.abs(slide.getBoundingClientRect().top) < Math.abs(slides[best].getBoundingClientRect().top) ? i : best, 0);
  const steps = {{ ArrowRight: 1, ArrowDown: 1, PageDown: 1, " ": 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1, Home: -1e6, End: 1e6 }};
  document.addEventListener("keydown", function (event) {{
    if (!(event.key in steps) || event.target.closest("summary, a") || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    slides[Math.min(slides.length - 1, Math.max(0, here() + steps[event.key]))].scrollIntoView();
  }});
}})();
</script>
</body></html>
"""


def try_it(callout: str):
    """The question of a "Try it" callout and its answer, or None.

    The answer is what stands in italics as whole sentences: `> **Try it.** Who wins? *The first.* And why? *It is longer.*`
    """
    text = "\n".join(line.removeprefix(">").removeprefix(" ") for line in callout.strip().splitlines())
    if not text.startswith("**Try it.**") or not _ANSWER.search(text):
        return None
    question = " ".join(_ANSWER.sub("", text).removeprefix("**Try it.**").split())
    return question, "\n\n".join(_ANSWER.findall(text))


def slides(nb, book: str = "") -> str:
    """The slides of an executed chapter notebook as one HTML page.

    `nb` is a chapter in nbformat 4; `book` is the address of its page in the book, to which the explorers' slides
    point for the moving figure (left out when empty). Figures are those stored in the notebook.
    """
    from markdown_it import MarkdownIt

    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    made, chapter, section, part = [], "", "", ""

    def slide(kind: str, body: str) -> None:
        made.append((kind, body, section or chapter))

    def rendered(text: str) -> str:
        page = markdown.render(text.strip())
        return f'<div class="long">{page}</div>' if len(text) > 500 else page

    for cell in nb.cells:
        marks = set(tags(cell))
        if "teacher" in marks or "remove-cell" in marks:
            continue
        if cell.cell_type == "markdown":
            text = re.sub(r"<!--.*?-->", "", cell.source, flags=re.DOTALL)
            for match in _TITLE.finditer(text):
                title = match[1].strip()
                if cell.source.startswith("# ") and not chapter:
                    chapter, question = title, re.search(r"^\*\*(.+\?)\*\*$", text, re.MULTILINE)
                    slide("", f"<h1>{html.escape(chapter, quote=False)}</h1>" + (rendered(question[1]) if question else ""))
                else:
                    section, part = title, ""
                    if re.match(r"\d", title):
                        slide("", f"<h1>{html.escape(title, quote=False)}</h1>")
            subtitles = _SUBTITLE.findall(text)
            part = subtitles[-1] if subtitles else part
            if "exercise" in marks:
                slide("Exercise", rendered(text))
                continue
            for callout in CALLOUT.findall(text):
                quote = "\n".join(line.removeprefix(">").removeprefix(" ") for line in callout.strip().splitlines())
                tried = try_it(callout)
                if tried:
                    slide("Try it", rendered(tried[0]) + f"<details><summary>Answer</summary>{rendered(tried[1])}</details>")
                elif re.match(r"\*\*[^*]+\*\*", quote):
                    slide(part.split(":")[0], f'<div class="rule">{rendered(quote)}</div>')
            continue
        if "check" in marks or "quiz" in marks:
            continue
        for output in cell.get("outputs", []):
            found = output.get("data", {})
            page = "".join(found.get("text/html", ""))
            if "card" in marks:
                title = _CARD.search(page)
                if title is None:  # a table beside the card
                    continue
                name = html.escape(html.unescape(re.sub(r"<[^>]+>", "", title[1])).strip())
                slide("Card", f"<h2>{name}</h2><p>Who does this at our place, from which day, and which number will tell us?</p>")
                continue
            image = _FIGURE.search(page)
            if image is None:
                continue
            picture = re.sub(r' style="[^"]*"', "", image[0])  # its size is the slide's affair
            if "explorer" in marks:
                sentence = html.escape("".join(found.get("text/plain", "")))
                link = f' <a href="{html.escape(book)}">Move it in the book</a>' if book else ""
                slide("Before we move it: what do you expect?", f"{picture}<p>{sentence}{link}</p>")
            else:
                slide(part.split(":")[0], picture)
    body = "\n".join(
        f'<section class="slide" aria-label="Slide {number} of {len(made)}">'
        + (f'<p class="kind">{html.escape(kind)}</p>' if kind else "")
        + f"{content}<footer><span>{html.escape(where)}</span><span>{number}</span></footer></section>"
        for number, (kind, content, where) in enumerate(made, 1)
    )
    folder = static_folder()
    style = "" if folder is None else (folder / "course.css").read_text(encoding="utf-8")
    return _PAGE.format(title=html.escape(chapter or "Chapter"), style=style, slides=body)
