"""Slides of a chapter, made from the committed notebook: one HTML file that needs no network and no other file.

A slide is what a class looks at together: a section's question, its decision rules and traps, its figures, the
"Try it" questions with the answer folded away, the exercises and the name of the card. The text stays in the notebook.
"""

import html
import re
from dataclasses import dataclass, replace

from liveshop import medium
from liveshop.editions.callouts import CALLOUT, quoted, try_it
from liveshop.editions.cells import tags, without_comments
from liveshop.editions.page import markdown

_TITLE = re.compile(r"^#{1,2} +(.+)$", re.MULTILINE)
_SUBTITLE = re.compile(r"^### +(.+)$", re.MULTILINE)
_QUESTION = re.compile(r"^\*\*(.+\?)\*\*$", re.MULTILINE)
_CARD = re.compile(r'<div class="ls-card-title"[^>]*>(.*?)</div>', re.DOTALL)
_FIGURE = re.compile(r"<img\b[^>]*>")


@dataclass(frozen=True)
class Place:
    """Where in the chapter the reading stands: titles of the chapter, the section and the part."""

    chapter: str = ""
    section: str = ""
    part: str = ""

    @property
    def name(self) -> str:
        return self.section or self.chapter

    @property
    def explorers(self) -> str:
        """The explorers of the section in the book."""
        page = self.section.split(" ")[0].replace(".", "-")
        return f"{page}.html#{page}-explore"

    @property
    def kind(self) -> str:
        """What a slide of this part is called: the heading up to its colon."""
        return self.part.split(":")[0]


@dataclass(frozen=True)
class Slide:
    """What one slide shows; texts that are Markup are HTML already."""

    where: str
    kind: str = ""
    title: str = ""
    text: str = ""
    rule: str = ""          #: a decision rule, a trap: a callout that is shown as it is
    answer: str = ""        #: what is folded away behind the text
    card: str = ""          #: name of a card
    picture: str = ""
    moving: str = ""        #: where in the book the picture moves: the section's page and the place on it
    sentence: str = ""      #: what a moving picture says as it stands


def slides(nb, book: str = "") -> str:
    """The slides of an executed chapter notebook as one HTML page.

    `nb` is a chapter in nbformat 4; `book` is the folder of the book's pages made from notebooks, to which
    the explorers' slides point for the moving figure (left out when empty). Figures are those stored in the notebook.
    """
    made, place = [], Place()
    for cell in nb.cells:
        marks = set(tags(cell))
        if "teacher" in marks or "remove-cell" in marks:
            continue
        if cell.cell_type == "markdown":
            text = without_comments(cell)
            titles, place = _titles(text, place)
            made += titles + _texts(text, marks, place)
        elif not {"check", "quiz"} & marks:
            made += [slide for output in cell.get("outputs", []) for slide in _figures(output, marks, place)]
    return medium.render(
        "liveshop.editions", "slides.html",
        title=place.chapter or "Chapter", style=medium.static("course.css"), slides=made, book=book,
    )


def _titles(text: str, place: Place) -> tuple[list[Slide], Place]:
    """The title slides of a text, and where the reading stands behind it."""
    made = []
    for match in _TITLE.finditer(text):
        title = match[1].strip()
        if match[0].startswith("# ") and not place.chapter:
            place, question = replace(place, chapter=title), _QUESTION.search(text)
            made.append(Slide(place.name, title=title, text=_set(question[1]) if question else ""))
        else:
            place = replace(place, section=title, part="")
            if re.match(r"\d", title):
                made.append(Slide(place.name, title=title))
    subtitles = _SUBTITLE.findall(text)
    return made, replace(place, part=subtitles[-1]) if subtitles else place


def _texts(text: str, marks: set, place: Place) -> list[Slide]:
    """The slides of a text: an exercise, or its callouts."""
    if "exercise" in marks:
        return [Slide(place.name, "Exercise", text=_set(text))]
    made = []
    for callout in CALLOUT.findall(text):
        tried, quote = try_it(callout), quoted(callout)
        if tried:
            made.append(Slide(place.name, "Try it", text=_set(tried[0]), answer=_set(tried[1])))
        elif re.match(r"\*\*[^*]+\*\*", quote):
            made.append(Slide(place.name, place.kind, rule=_set(quote)))
    return made


def _figures(output, marks: set, place: Place) -> list[Slide]:
    """The slide of an output, if it has one: a card's name, an explorer's opening figure, a figure."""
    from markupsafe import Markup

    found = output.get("data", {})
    page = "".join(found.get("text/html", ""))
    if "card" in marks:
        title = _CARD.search(page)      # None: a table beside the card
        name = html.unescape(re.sub(r"<[^>]+>", "", title[1])).strip() if title else ""
        return [Slide(place.name, "Card", card=name)] if title else []
    image = _FIGURE.search(page)
    if image is None:
        return []
    picture = Markup(re.sub(r' style="[^"]*"', "", image[0]))  # its size is the slide's affair
    if "explorer" in marks:
        sentence = "".join(found.get("text/plain", ""))
        kind = "Before we move it: what do you expect?"
        return [Slide(place.name, kind, picture=picture, moving=place.explorers, sentence=sentence)]
    return [Slide(place.name, place.kind, picture=picture)]


def _set(text: str):
    """A text of the notebook as HTML; a long one is set smaller."""
    from markupsafe import Markup

    page = markdown(text.strip())
    return Markup('<div class="long">{}</div>').format(page) if len(text) > 500 else page
