"""A tabletop drill (桌面推演) that plays in the page: orders are given one by one, and each takes its minutes.

In the book static/drill.js plays it, by the rules of `play`, with the clock standing or running while the reader
thinks. Without a script every order stands there with what it does, folded, and the plan last.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from markupsafe import Markup

from liveshop import medium
from liveshop.playbook.deck import CardError
from liveshop.playbook.in_page import show_in_page


@dataclass(frozen=True)
class Move:
    """An order: who does it, what, minutes it takes, what comes of it.

    needs: moves that must be done before, otherwise the minutes are lost and ``early`` is said. stops: orders at the
    wrong price end with it. growth: the growth a minute from then on, None where it stays. wrong: no step of a plan.
    """

    name: str
    who: str
    what: str
    minutes: float
    reply: str
    needs: tuple = ()
    early: str = ""
    stops: bool = False
    growth: float | None = None
    wrong: bool = False


@dataclass(frozen=True)
class Drill:
    """A situation on air. a_minute: orders at its beginning; growth: times as many a minute later; loss: an order, in
    the currency; began: the clock; plan: names of the moves in the order of the plan."""

    title: str
    situation: str
    began: str
    a_minute: float
    growth: float
    loss: float
    currency: str
    moves: tuple
    plan: tuple

    def __post_init__(self):
        names = [move.name for move in self.moves]
        unknown = [name for name in (*self.plan, *(need for move in self.moves for need in move.needs))
                   if name not in names]
        if unknown or len(set(names)) < len(names):
            raise CardError(f"The drill {self.title!r} has no move {unknown[0]!r}." if unknown else
                            f"The drill {self.title!r} has a move twice.")

    @property
    def clock(self):
        """Minutes of the day at which it began."""
        hour, minute = self.began.split(":")
        return 60 * int(hour) + int(minute)

    @property
    def ordered(self):
        """The moves of the plan, in its order."""
        by_name = {move.name: move for move in self.moves}
        return [by_name[name] for name in self.plan]


@dataclass(frozen=True)
class Played:
    """minutes: in all · orders: at the wrong price · loss: if all are honoured · stopped: minute of the end of orders,
    None if never · early, wrong: names of moves · missing: moves of the plan that were not made."""

    minutes: float
    orders: float
    loss: float
    stopped: float | None
    early: tuple
    wrong: tuple
    missing: tuple


def play(drill, moves, thinking=0.0):
    """What comes of moves (names, in order); thinking: minutes before each of them.

    Orders come at a rate that grows by the factor ``growth`` a minute, until a move stops them. A move works when its
    minutes are over; one that is done already does nothing. Raises CardError on a move that the drill does not have.
    """
    known = {move.name: move for move in drill.moves}
    minutes = orders = 0.0
    rate, growth, stopped, done, early = drill.a_minute, drill.growth, None, [], []
    for name in moves:
        if name not in known:
            raise CardError(f"The drill {drill.title!r} has no move {name!r}.")
        if name in done:
            continue
        move = known[name]
        spent = thinking + move.minutes
        if stopped is None:
            grown = growth**spent
            orders += rate * (spent if growth == 1 else (grown - 1) / math.log(growth))
            rate *= grown
        minutes += spent
        if any(need not in done for need in move.needs):
            early.append(name)
            continue
        done.append(name)
        growth = move.growth or growth
        stopped = minutes if move.stops and stopped is None else stopped
    return Played(minutes, orders, drill.loss * orders, stopped, tuple(early),
                  tuple(name for name in done if known[name].wrong),
                  tuple(name for name in drill.plan if name not in done))


def show_drill(drill):
    """Show the drill: in the book it plays; elsewhere its orders stand there, each with what comes of it."""
    table = Markup(medium.render("liveshop.playbook", "drill-table.html", drill=drill))
    plain = "\n".join([f"Drill. {drill.title}. {drill.situation}", *(
        f"- {move.who}: {move.what} ({move.minutes:g} min)" for move in drill.moves)])
    show_in_page("drill", plain, table, drill=drill)
