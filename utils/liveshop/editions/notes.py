"""The teacher's cells of a chapter: notes for whoever teaches, and the few words of them that are meant for the class.

A teacher's cell is markdown with the tag teacher and opens with `**For the teacher.**`. List items that open with one
of these words are for the class, and slides show them: the section's question on its first slide, the steps of the
trap one by one. All else is for the teacher alone.

    **For the teacher.** 20 minutes. The usual answer is "too few nights"; it is the choice of nights.

    1. **Naive.** Nights with a giveaway sell 20 % more orders per click.
    2. **Vote.** Should every evening open with one?
    3. **Better.** Nights of one host and slot, with and without: −19 %.
    4. **Truth.** The same night, run again without its opener: −20 %.
"""

import re
from dataclasses import dataclass, field

from liveshop.editions.cells import section_of, tags, without_comments

HEAD = "**For the teacher.**"
QUESTION, STEPS = "Question", ("Naive", "Vote", "Better", "Truth")
MOST_WORDS = 90
_WORDS = "|".join((QUESTION, *STEPS))
_ITEM = re.compile(rf"^(?:[-*]|\d+\.) +\*\*({_WORDS})\.\*\* +(.+(?:\n[ \t]+\S.*)*)\n?", re.MULTILINE)


@dataclass(frozen=True)
class Note:
    """A teacher's cell: its text without its head and without what is for the class, and that by its word."""

    text: str
    shown: dict = field(default_factory=dict)       #: "Question", "Naive" … -> Markdown

    @property
    def steps(self) -> list[tuple[str, str]]:
        """The steps of a trap in the order of the list, as (word, text); empty in other notes."""
        return [(word, text) for word, text in self.shown.items() if word != QUESTION]


def note(cell) -> Note:
    """The note of a teacher's cell, without the expressions of its numbers."""
    text = without_comments(cell).strip().removeprefix(HEAD).strip()
    shown = {word: " ".join(words.split()) for word, words in _ITEM.findall(text)}
    return Note(_ITEM.sub("", text).strip(), shown)


def is_note(cell) -> bool:
    """Whether a cell is for the teacher."""
    return "teacher" in tags(cell)


def notes(nb) -> dict[str | None, list[Note]]:
    """The notes of each section ("5.4"; None: outside of all), in their order."""
    found: dict[str | None, list[Note]] = {}
    for cell, section in zip(nb.cells, section_of(nb.cells), strict=True):
        if is_note(cell):
            found.setdefault(section, []).append(note(cell))
    return found


def flaws(nb) -> list[str]:
    """What is wrong with the form of a chapter's teacher's cells, a sentence each."""
    said = []
    for cell, section in zip(nb.cells, section_of(nb.cells), strict=True):
        if not is_note(cell):
            continue
        text, where = without_comments(cell).strip(), f"Section {section}, teacher's cell {cell.source[:60]!r}"
        if cell.cell_type != "markdown" or not text.startswith(HEAD):
            said.append(f"{where}: it must be Markdown and open with {HEAD}")
        words = len(text.removeprefix(HEAD).split())
        if words > MOST_WORDS:
            said.append(f"{where}: it has {words} words; {MOST_WORDS} are the most.")
        steps = tuple(word for word, _ in note(cell).steps)
        if steps and steps != STEPS:
            said.append(f"{where}: the steps of a trap are {', '.join(STEPS)}, in this order, not {', '.join(steps)}.")
    return said


def gaps(nb) -> list[str]:
    """What the sections of a chapter lack, a sentence each: three notes, a question, a trap in steps."""
    said = []
    for section in dict.fromkeys(filter(None, section_of(nb.cells))):
        found = notes(nb).get(section, [])
        if len(found) < 3:
            said.append(f"Section {section} has {len(found)} teacher's cells; three are the least.")
        if not any(QUESTION in one.shown for one in found):
            said.append(f"Section {section} has no question in its teacher's cells (- **{QUESTION}.** …).")
        if not any(one.steps for one in found):
            said.append(f"No teacher's cell of section {section} has the steps of the trap ({', '.join(STEPS)}).")
    return said
