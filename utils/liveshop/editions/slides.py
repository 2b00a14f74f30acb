"""Slides of a chapter, made from the committed notebook: one HTML file that needs no network and no other file.

A slide is what a class looks at together, the question before its answer: a section's question, its rules, its trap
step by step (naive, vote, better, truth), what an explorer will show and then the explorer, exercises and the name of
the card; at the end the quiz, the things to remember and the memo. Question and steps come from the teacher's cells
(`editions.notes`), whose other text is for the speaker's own window.

A figure of the trap follows the truth; one whose code cell has the tag step-naive, step-better or step-truth stands
with that step.
"""

import html
import re
from dataclasses import dataclass, field, replace

from liveshop import medium, practice
from liveshop.editions.callouts import CALLOUT, quoted, try_it
from liveshop.editions.cells import tags, without_comments
from liveshop.editions.forms import explorer_title
from liveshop.editions.notes import QUESTION, Note, is_note, note
from liveshop.editions.page import markdown

EXPECT = "Before we move it: what do you expect?"
_HEADING = re.compile(r"^(#{1,3}) +(.+)$", re.MULTILINE)
_POINT = re.compile(r"^#### +(.+)$", re.MULTILINE)
_QUESTION = re.compile(r"^\*\*(.+\?)\*\*$", re.MULTILINE)
_LED = re.compile(r"^(?:\d+\. +)?\*\*(.+?)\.?\*\*\.? +(\S.*(?:\n(?!\d+\. |\n).+)*)", re.MULTILINE)
_SAID = re.compile(r"\*\*[\x00-\x7f][^*]*\*\*")       # not the three lines in Chinese
_CARD = re.compile(r'<div class="ls-card-title"[^>]*>(.*?)</div>', re.DOTALL)
_QUIZ = re.compile(r"""\bquiz\(\s*["']([^"']+)["']""")
_FIGURE = re.compile(r"<img\b[^>]*>")


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
    steps: tuple = ()       #: the steps of a trap up to this one, as (word, text)
    picture: str = ""
    moving: str = ""        #: where in the book the picture moves: the section's page and the place on it
    sentence: str = ""      #: what a moving picture says as it stands
    jump: str = ""          #: its name in the list of places, if it stands there
    step: str = ""          #: the step of the trap with which its picture stands
    notes: tuple = ()       #: for the speaker, as HTML


@dataclass
class Part:
    """What stands below one heading: the heading's level and text, texts and outputs in their order, notes."""

    level: int
    heading: str
    chapter: str
    section: str                                        #: the title of its section, or of what stands for one
    shown: list = field(default_factory=list)           #: (text or cell, its marks)
    notes: list[Note] = field(default_factory=list)

    @property
    def where(self) -> str:
        return self.section or self.chapter

    @property
    def kind(self) -> str:
        """What its slides are called: the heading up to its colon."""
        return self.heading.split(":")[0] if self.level == 3 else ""

    @property
    def numbered(self) -> bool:
        """Whether it stands in a section of the course, and not in the quiz, the memo …"""
        return bool(re.match(r"\d", self.section))

    @property
    def explorers(self) -> str:
        """The explorers of its section in the book."""
        page = self.section.split(" ")[0].replace(".", "-")
        return f"{page}.html#{page}-explore"


def slides(nb, book: str = "") -> str:
    """The slides of an executed chapter notebook as one HTML page.

    `nb` is a chapter in nbformat 4; `book` is the folder of the book's pages made from notebooks, to which
    the explorers' slides point for the moving figure (left out when empty). Figures are those stored in the notebook.
    """
    parts = list(_parts(nb))
    made = [slide for part in parts for slide in _with_notes(part, parts)]
    title = parts[0].chapter if parts else ""
    return medium.render(
        "liveshop.editions", "slides.html",
        title=title or "Chapter", style=medium.static("course.css"), slides=made, book=book,
    )


def _parts(nb):
    """The chapter cut at its headings of three levels."""
    part = Part(0, "", "", "")
    for cell in nb.cells:
        marks = set(tags(cell))
        if is_note(cell):
            part.notes.append(note(cell))
        elif cell.cell_type != "markdown" and "remove-cell" not in marks:
            part.shown.append((cell, marks))
        elif cell.cell_type == "markdown" and "remove-cell" not in marks:
            before, *rest = _HEADING.split(without_comments(cell))
            part.shown.append((before, marks))
            for level, heading, text in zip(rest[::3], rest[1::3], rest[2::3], strict=True):
                if part.level:
                    yield part
                part = _below(part, len(level), heading.strip())
                part.shown.append((text, marks))
    if part.level:
        yield part


def _below(part: Part, level: int, heading: str) -> Part:
    """The part that begins at this heading; the first heading of the first level names the chapter."""
    if level == 1:
        return Part(level, heading, part.chapter or heading, "" if not part.chapter else heading)
    return Part(level, heading, part.chapter, heading if level == 2 else part.section)


def _with_notes(part: Part, parts: list[Part]) -> list[Slide]:
    """The slides of a part with the notes that belong to them; a section's first slide has the section's first."""
    notes = part.notes
    if part.level == 2:
        notes = [one for other in parts if other.section == part.section for one in other.notes][:1]
    said = tuple(markdown(one.text) for one in notes if one.text)
    return [replace(slide, notes=said) for slide in _slides(part, parts)]


def _slides(part: Part, parts: list[Part]) -> list[Slide]:
    made = _title(part, parts)
    for shown, marks in part.shown:
        if not isinstance(shown, str):
            made += _outputs(part, shown, marks)
        elif part.numbered:
            made += _texts(part, shown, marks)
        elif part.level > 1:
            made += _closing(part, shown, bool(made))
    return _in_steps(part, _asked_first(made))


def _title(part: Part, parts: list[Part]) -> list[Slide]:
    """The first slide of a chapter or of a section: its name and its question."""
    if part.level == 1 and part.heading == part.chapter:
        question = next((_QUESTION.search(text) for text, _ in part.shown if isinstance(text, str)), None)
        return [Slide(part.where, title=part.heading, text=_set(question[1]) if question else "", jump=part.heading)]
    if part.level == 2 and part.numbered:
        notes = [one for other in parts if other.section == part.section for one in other.notes]
        asked = next((one.shown[QUESTION] for one in notes if QUESTION in one.shown), "")
        return [Slide(part.where, title=part.heading, text=_set(asked), jump=part.heading)]
    if part.level == 3 and part.kind == "Strategy":
        points = [title for text, _ in part.shown if isinstance(text, str) for title in _POINT.findall(text)]
        if points:
            return [Slide(part.where, part.kind, text=_set("\n".join(f"- {title}" for title in points)))]
    return []


def _texts(part: Part, text: str, marks: set) -> list[Slide]:
    """The slides of a text in a section: an exercise, or its callouts."""
    if "exercise" in marks:
        title = _POINT.search(text)
        return [Slide(part.where, "Exercise", text=_set(text), jump=title[1] if title else "")]
    made = []
    for callout in CALLOUT.findall(text):
        tried, quote = try_it(callout), quoted(callout)
        if tried:
            made.append(Slide(part.where, "Try it", text=_set(tried[0]), answer=_set(tried[1])))
        elif _SAID.match(quote):
            made.append(Slide(part.where, part.kind, rule=_set(quote)))
    return made


def _closing(part: Part, text: str, begun: bool) -> list[Slide]:
    """Behind the sections, what opens with bold words is a slide: the things to remember, the memo, its callouts."""
    made, plain = [], CALLOUT.sub("", text)
    for lead, words in _LED.findall(plain):
        jump = part.heading if not begun and not made else ""
        made.append(Slide(part.where, part.heading, title=lead, text=_set(words), jump=jump))
    quotes = [quoted(callout) for callout in CALLOUT.findall(text)]
    if len(quotes) > 1 or (begun and quotes):       # the first says only to whom the memo goes
        made += [Slide(part.where, part.heading, rule=_set(quote)) for quote in quotes[0 if begun else 1:]]
    return made


def _outputs(part: Part, cell, marks: set) -> list[Slide]:
    """The slides of a code cell: a quiz's questions, or what its outputs show."""
    asked = _QUIZ.search(cell.source) if "quiz" in marks else None
    if asked:
        return [_asked(part, number, one) for number, one in enumerate(practice.questions(asked[1]), 1)]
    if {"check", "quiz"} & marks:
        return []
    return [slide for output in cell.get("outputs", []) for slide in _figures(part, output, cell, marks)]


def _asked(part: Part, number: int, question: dict) -> Slide:
    """A question of the quiz; which answers are right, and why, is folded away."""
    choices = [one["answer"] for one in question["answers"] if "answer" in one]
    right = [" ".join(filter(None, (_given(one), one.get("feedback", "")))) for one in question["answers"]
             if one.get("correct")]
    lines = [question["question"], *(f"- {choice}" for choice in choices)]
    text = lines[0] + "\n\n" + "\n".join(lines[1:])
    jump = part.heading if number == 1 else ""
    return Slide(part.where, f"Quiz {number}", text=_set(text), answer=_set("\n\n".join(right)), jump=jump)


def _given(answer: dict) -> str:
    """An answer of a question in its own words, bold; of a range nothing, since its feedback says the number."""
    words = answer.get("answer", answer.get("value"))
    return f"**{words}**" if words is not None else ""


def _figures(part: Part, output, cell, marks: set) -> list[Slide]:
    """The slide of an output, if it has one: a card's name, an explorer's opening figure, a figure."""
    from markupsafe import Markup

    found = output.get("data", {})
    page = "".join(found.get("text/html", ""))
    if "card" in marks:
        title = _CARD.search(page)      # None: a table beside the card
        name = html.unescape(re.sub(r"<[^>]+>", "", title[1])).strip() if title else ""
        return [Slide(part.where, "Card", card=name)] if title else []
    image = _FIGURE.search(page)
    if image is None:
        return []
    picture = Markup(re.sub(r' style="[^"]*"', "", image[0]))  # its size is the slide's affair
    if "explorer" in marks:
        sentence = "".join(found.get("text/plain", ""))
        return [Slide(part.where, "Explorer", picture=picture, moving=part.explorers, sentence=sentence,
                      jump=f"Explorer: {explorer_title(cell.source)}")]
    step = next((mark.removeprefix("step-").capitalize() for mark in marks if mark.startswith("step-")), "")
    return [Slide(part.where, part.kind, picture=picture, step=step)]


def _asked_first(made: list[Slide]) -> list[Slide]:
    """Before the figure of an explorer the questions that are asked of it; behind it the questions with answers."""
    result = []
    for place, slide in enumerate(made):
        if slide.moving:
            behind = [one.moving == "" and one.answer != "" for one in made[place + 1:]]
            tried = made[place + 1:place + 1 + (behind + [False]).index(False)]
            result += [replace(one, kind=EXPECT, answer="") for one in tried]
        result.append(slide)
    return result


def _in_steps(part: Part, made: list[Slide]) -> list[Slide]:
    """The steps of the trap, one more on every slide, each with its figure; then all else that the part shows."""
    steps = []
    for one in part.notes:
        for count in range(1, len(one.steps) + 1):
            word = one.steps[count - 1][0]
            picture = next((slide.picture for slide in made if slide.step == word), "")
            title = part.heading.split(":", 1)[-1].strip() if count == len(one.steps) else ""
            title = title[:1].upper() + title[1:]
            said = tuple((step, _set(text)) for step, text in one.steps[:count])
            steps.append(Slide(part.where, part.kind, title=title, steps=said, picture=picture,
                               jump=part.kind if count == 1 else ""))
    used = {word for one in part.notes for word, _ in one.steps}
    return steps + [slide for slide in made if slide.step not in used or not slide.step]


def _set(text: str):
    """A text of the notebook as HTML; a long one is set smaller."""
    from markupsafe import Markup

    page = markdown(text.strip()) if text else Markup("")
    return Markup('<div class="long">{}</div>').format(page) if len(text) > 500 else page
