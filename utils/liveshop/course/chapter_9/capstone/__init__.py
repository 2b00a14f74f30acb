"""The capstone: twelve weeks of Qinghe, decided week by week.

A *strategy* is a function of a `View` that gives a `Decision`, or a dict of its levers:

    def decide(view):
        return {"rundown": "planned", "hours": 24, "agents": 6, "order": 3 * view.asked - view.ordered, "review": True}

    game = capstone.play(decide, seeds=range(1, 201))      # .score, .result, .ledger, .log
    capstone.standing(decide, range(1, 201))               # beside habit, greedy and the best known
    capstone.compare(decide, seed=1)                       # profit so far, week by week
    capstone.costliest(decide, seed=1)                     # each decision by what another would have earned

`capstone.desk(seed=1)` plays it by hand, in a notebook's own forms; in the page it is the game.
"""

from liveshop.course.chapter_9.capstone.game import BEST, GREEDY, HABIT, Game, play
from liveshop.course.chapter_9.capstone.replay import compare, costliest, standing
from liveshop.course.chapter_9.capstone.view import LEVERS, Decision, View, decision, words

__all__ = [
    "BEST", "GREEDY", "HABIT", "LEVERS", "Decision", "Game", "View", "compare", "costliest", "decision", "play",
    "standing", "words",
]
