"""What happened in a week of the capstone and why, in sentences; capstone.js tells the same from the same words."""

from __future__ import annotations

import math

import numpy as np

from liveshop.course.chapter_9.capstone.view import NUMBERS, words
from liveshop.world.play.weeks import GIVEAWAY, NONE, constants


def happened(week, index):
    """The sentences of one week (a `Week` of a game) on the seed at `index`: what was cut, what went wrong, and why."""
    told = {name: float(values[index]) for name, values in week.told.items()}
    causes = [
        *_cut(week, index), *_mishaps(week, index, told), *_desk(week, index, told), *_moods(week.before, index),
    ]
    return [words()["why"][name].format(**values) for name, values in causes or [("quiet", {})]]


def whole(number):
    """A number in whole units with a comma at the thousands; a half goes up, as in JavaScript."""
    return f"{math.floor(number + 0.5):,}"


def _share(change):
    """A factor's distance from 1 in per cent, without sign."""
    return whole(100 * abs(1 - change))


def _cut(week, index):
    """What was asked for and not carried out: levers out of their limits, media over the budget."""
    causes = []
    for name in NUMBERS:
        asked, done = float(getattr(week.asked, name)[index]), float(getattr(week.done, name)[index])
        if asked != done:
            label = words()["levers"][name]["label"]
            causes.append(("limited", {"lever": label, "asked": f"{asked:.10g}", "done": f"{done:.10g}"}))
    money = np.maximum(week.asked.media[index], 0).sum() - week.done.media[index].sum()
    if money >= 1:
        causes.append(("shrunk", {"money": whole(money)}))
    return causes


def _mishaps(week, index, told):
    """Outage, goods that came late, and a fine."""
    done, causes = week.done, []
    if told["outage"] > 0:
        name = "outage_backup" if done.backup[index] > 0 else "outage"
        causes.append((name, {"share": whole(100 * told["outage"])}))
    if told["late_pieces"] >= 1:
        name = "late_second" if done.second[index] > 0 else "late"
        causes.append((name, {"pieces": whole(told["late_pieces"])}))
    if told["fine"] > 0:
        name = "fine_giveaway" if done.rundown[index] == GIVEAWAY else "fine"
        causes.append(("fine_review" if done.review[index] > 0 else name, {"money": whole(told["fine"])}))
    return causes


def _desk(week, index, told):
    """Stock, service, and coupons of the week."""
    causes = []
    if told["unserved"] >= 1:
        causes.append(("unserved", {"orders": whole(told["unserved"])}))
    if told["slow"] >= 0.1:
        causes.append(("slow", {
            "share": whole(100 * told["slow"]), "contacts": whole(told["contacts"]),
            "agents": f"{told['agents'] + told['temporary']:.10g}",
        }))
    if told["gone"] >= 1:
        causes.append(("gone", {"members": whole(told["gone"])}))
    if week.done.coupon[index] != NONE:
        causes.append(("moved", {"orders": whole(told["moved"])}))
        anyway = told["coupons"] / constants().coupon.face - told["moved"]
        if anyway >= 1:
            causes.append(("anyway", {"orders": whole(anyway)}))
        if week.before.wear[index] >= 0.1:
            causes.append(("worn", {"share": whole(100 * week.before.wear[index])}))
    return causes


def _moods(before, index):
    """What earlier weeks do to the rooms' orders: tired hosts, viewers who wait for a giveaway, trust."""
    room, causes = constants().room, []
    trust = np.exp(room.trust * (before.trust[index] - constants().start.trust))
    for name, factor in (
        ("tired", np.exp(-room.fatigue * before.fatigue[index])),
        ("anchor", np.exp(-room.anchor * before.anchor[index])),
        ("trust_low" if trust < 1 else "trust_high", trust),
    ):
        if abs(1 - factor) >= 0.01:
            causes.append((name, {"share": _share(factor)}))
    return causes
