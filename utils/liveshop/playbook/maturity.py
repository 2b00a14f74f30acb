"""The self-assessment: twelve statements in four areas, answered from 0 to 4; what they say, and the tool in the page.

The rules, here and in static/maturity.js alike (a test holds the two together):

- An area's points are the sum of its answers; the total is the sum of all. There is no mean to hide behind.
- The weakest areas are those with the fewest points. One starts with the weakest that holds the lowest single answer,
  and where these are level too, with the one that comes first.
- To be read: the sections of that area's statements, lowest answer first, and then those of all other statements that
  were answered 0 or 1, lowest first. A section is named once.
- The way: with code where the statement about the shop's own tables is answered 2 or more, otherwise without.
"""

from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup

from liveshop import medium
from liveshop.playbook.content import headings
from liveshop.playbook.deck import CardError, find
from liveshop.playbook.in_page import show_in_page

SCALE = {0: "not at all", 1: "now and then", 2: "mostly, by habit", 3: "always, and written down",
         4: "written down, and a number says that it works"}
MOST = max(SCALE)
LOW, READS = 1, 2                  # an answer this low asks for its section; one this high says that somebody can query
WITH, WITHOUT = "with code", "without code"


@dataclass(frozen=True)
class Statement:
    """One statement. area: where it counts; text; section: what to read; tables: is it the one about own tables?"""

    area: str
    text: str
    section: str
    tables: bool = False


@dataclass(frozen=True)
class Assessment:
    """What the answers say.

    points: a Series, area -> sum of its answers; total: of all; most: the most that an area can have; weakest: the
    areas with the fewest points; start: the one to start with; read: sections in their order; way: with or without
    code; answers: a frame with area, statement and answer, one row a statement.
    """

    points: pd.Series
    most: int
    weakest: list
    start: str
    read: list
    way: str
    answers: pd.DataFrame

    @property
    def total(self):
        return int(self.points.sum())

    @property
    def sentence(self):
        """The result in words; the page says the same."""
        names, few = _listed(self.weakest), self.points[self.start]
        level = "" if len(self.weakest) == 1 else f" each; start with {self.start}"
        return (f"{self.total} of {self.most * len(self.points)} points. Weakest: {names}, {few} of {self.most} "
                f"points{level}. Read first: {', '.join(self.read)}. Way: {self.way}.")

    @property
    def card(self):
        """What stands on the card: its fields by name."""
        return {area: str(points) for area, points in self.points.items()} | {
            "total": str(self.total), "weakest": _listed(self.weakest), "start": self.start,
            "read": ", ".join(self.read), "way": self.way}


def assess(answers, statements):
    """Score a shop. answers: one whole number from 0 to 4 a statement, in their order; statements: `Statement`s.

    Raises CardError for a missing answer or one that is off the scale.
    """
    answers = list(answers)
    if len(answers) != len(statements):
        raise CardError(f"There are {len(statements)} statements, and {len(answers)} answers were given.")
    for number, answer in enumerate(answers, start=1):
        if isinstance(answer, bool) or answer not in SCALE:
            raise CardError(f"Answer {number} is {answer!r}; answers are whole numbers from 0 to {MOST}.")
    frame = pd.DataFrame({"area": [one.area for one in statements], "statement": [one.text for one in statements],
                          "answer": [int(answer) for answer in answers],
                          "section": [one.section for one in statements]})
    by_area = frame.groupby("area", sort=False).answer
    points = by_area.sum()
    weakest = list(points.index[points == points.min()])
    start = by_area.min()[weakest].idxmin()
    first = frame[frame.area == start].sort_values("answer", kind="stable")
    then = frame[(frame.area != start) & (frame.answer <= LOW)].sort_values("answer", kind="stable")
    own = next(answer for answer, one in zip(frame.answer, statements, strict=True) if one.tables)
    return Assessment(points, MOST * int(by_area.size().max()), weakest, start,
                      list(dict.fromkeys([*first.section, *then.section])),
                      WITH if own >= READS else WITHOUT, frame[["area", "statement", "answer"]])


def _listed(names):
    """Names in words: "a", "a and b", "a, b and c"."""
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def maturity_tool(id, statements):
    """Show the self-assessment of card `id`: in the page with its script, elsewhere the statements as a table.

    In the book the answers are kept as that card, in the reader's own browser: its fields are filled in, and its table
    holds the answers. What the card must have: the fields that `Assessment.card` names, and the columns area,
    statement, answer.
    """
    card = find(id)
    areas = list(dict.fromkeys(one.area for one in statements))
    each = MOST * max(sum(one.area == area for one in statements) for area in areas)
    plain = f"{len(statements)} statements; answer each from 0 ({SCALE[0]}) to {MOST} ({SCALE[MOST]}).\n" + "\n".join(
        f"{number:2d}  {one.area}: {one.text} ({one.section})" for number, one in enumerate(statements, start=1))
    numbered = list(enumerate(statements, start=1))
    table = Markup(medium.render("liveshop.playbook", "maturity-table.html", statements=numbered))
    show_in_page("maturity", plain, table, statements=numbered, areas=areas, scale=SCALE, each=each, card=card,
                 columns=headings(card), low=LOW, reads=READS)
