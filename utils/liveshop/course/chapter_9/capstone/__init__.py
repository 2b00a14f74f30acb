"""The capstone: twelve weeks of Qinghe, decided week by week.

A *strategy* is a function of a `View` that gives a `Decision`, or a dict of its levers:

    def decide(view):
        return {"rundown": "planned", "hours": 24, "agents": 6, "order": 3 * view.asked - view.ordered, "review": True}

    game = capstone.play(decide, seeds=range(1, 201))      # .score, .result, .ledger, .log
    capstone.standing(decide, range(1, 201))               # beside habit, greedy and the best known
    capstone.compare(decide, seed=1)                       # profit so far, week by week
    capstone.costliest(decide, seed=1)                     # each decision by what another would have earned

The cell of the tool is `mine = capstone.desk(seed=1)`: with a kernel a form, whose decisions stand in `mine.plan`; in
the page the game, without a kernel; in a committed notebook the habit's twelve weeks. A plan, `mine.plan`, goes
wherever a strategy goes, once it has twelve weeks.
"""

from liveshop.course.chapter_9.capstone.game import BEST, GREEDY, HABIT, Game, play
from liveshop.course.chapter_9.capstone.replay import compare, costliest, standing
from liveshop.course.chapter_9.capstone.view import LEVERS, Decision, View, decision, words
from liveshop.course.chapter_9.capstone.widgets import Desk, desk

__all__ = [
    "BEST", "GREEDY", "HABIT", "LEVERS", "Decision", "Desk", "Game", "View", "compare", "costliest", "decision",
    "desk", "play", "standing", "words",
]
