"""The game in the page, and what stands in its place where no script runs: the habit's twelve weeks.

static/weeks.js plays the model, replays.js tells why and what a decision cost, capstone.js is the form.
"""

from __future__ import annotations

import hashlib
import json
import math
from functools import cache

import numpy as np
from markupsafe import Markup

from liveshop import medium
from liveshop.course.chapter_9.capstone.game import HABIT, play
from liveshop.course.chapter_9.capstone.replay import KNOWN
from liveshop.course.chapter_9.capstone.view import NUMBERS, Decision, day_words, usual_media, words
from liveshop.playbook.in_page import show_in_page
from liveshop.world.play.weeks import constants

PACKAGE = "liveshop.course.chapter_9.capstone"
MARKETS = np.arange(1, 21)  # seeds that a reader may play in the page
UNSEEN = np.arange(20001, 20201)  # seeds on which the page judges a plan: nobody searched or chose on them
GROUPS = {
    "Rooms": ("rundown", "hours"), "Media": ("feed", "search", "influencer", "content"), "Members": ("coupon",),
    "Service": ("agents", "temporary"), "Goods": ("order",), "Risk": ("backup", "second", "review"),
}


def limits():
    """Lever -> (least, most) of the levers that are numbers."""
    c = constants()
    media = dict.fromkeys(c.kinds, (0, c.money.budget_festival))
    return {
        "hours": (c.room.hours_least, c.room.hours_most), **media, "agents": (0, c.service.agents_most),
        "temporary": (0, c.service.temporary_most), "order": (0, c.goods.order_most),
    }


def costs():
    """Lever -> what it costs, in words."""
    c = constants()
    each = {
        "hours": f"{c.room.hour_cost} CNY an hour, outside the budget",
        "rundown": f"planned {c.room.plan_cost:,} CNY, giveaway {c.room.prizes:,} CNY",
        "coupon": f"{c.coupon.face} CNY for each that is used, outside the budget",
        "agents": f"{c.service.agent:,} CNY each; at {c.service.contacts} contacts for each, half the answers are slow",
        "temporary": f"{c.service.temporary:,} CNY each, of next week's budget",
        "order": f"{c.goods.hold:g} CNY a week for each piece left in stock",
        "backup": f"{c.risk.backup:,} CNY", "second": f"{c.goods.second:,} CNY", "review": f"{c.risk.review:,} CNY",
    }
    return each | dict.fromkeys(c.kinds, "CNY")


def sign_told():
    """What the sign of trouble at the suppliers says, in a sentence."""
    g = constants().goods
    usual, high = (100 * min(g.disruption * math.exp(g.stress * sign), g.disruption_most) for sign in (0, 1))
    return f"The suppliers' sign is noisy: at 0 goods are late in {usual:.0f} % of the weeks, at 1 in {high:.0f} %."


def usual():
    """Lever -> the house's usual number, which the form opens with."""
    house = Decision()
    return {**{name: f"{getattr(house, name):g}" for name in NUMBERS}, **usual_media()}


def habit_weeks(seed):
    """The habit's twelve weeks on one seed: a dict a week of what is shown where nobody can play, and the `Game`."""
    game = play(HABIT, [seed])
    weeks = [
        {"week": row.week, "day": day_words(row.week), "rundown": words()["choices"][row.rundown], "hours": row.hours,
         "coupon": words()["choices"][row.coupon], "order": row.order, "profit": row.profit, "happened": row.happened}
        for row in game.log.itertuples()
    ]
    return weeks, game


@cache
def _benchmarks():
    """What the known policies earn: profit so far by week and value at the end on each market; scores."""
    markets, scores = {}, {}
    for known in KNOWN:
        game = play(known, MARKETS)
        so_far = np.cumsum([week.told["profit"] for week in game.weeks], axis=0).T
        markets[known.name] = {
            int(seed): [[round(profit) for profit in row], round(value)]
            for seed, row, value in zip(MARKETS, so_far, game.value, strict=True)
        }
        scores[known.name] = round(play(known, UNSEEN).score)
    return {"markets": markets, "scores": scores}


def _data():
    """What the script needs: the model's constants (and their mark: a kept game may be older), words, benchmarks."""
    text = json.dumps(constants(), default=vars)
    return {
        "constants": json.loads(text), "model": hashlib.blake2b(text.encode(), digest_size=4).hexdigest(),
        "words": words(), "limits": limits(),
        "days": [day_words(week) for week in range(1, constants().weeks + 1)],
        "unseen": [int(UNSEEN[0]), len(UNSEEN)], **_benchmarks(),
    }


def show_game(seed=1):
    """Show the game: in the book it plays; in a committed notebook the habit's twelve weeks stand there.

    Raises ValueError for a seed that is no market of the page.
    """
    if seed not in MARKETS:
        raise ValueError(f"The page has the markets {MARKETS[0]} to {MARKETS[-1]}; {seed} is none of them.")
    weeks, game = habit_weeks(seed)
    plain = "The capstone. In the book it is a game of twelve weeks. The habit's:\n" + "\n".join(
        f"{row['week']:2}  {row['profit']:>9,.0f} CNY  {row['happened']}" for row in weeks)
    table = Markup(medium.render(PACKAGE, "habit.html", weeks=weeks, seed=seed, profit=game.profit[seed],
                                 value=game.value[seed], result=game.result[seed]))
    data = _data() if medium.current() != "opening" else {}
    show_in_page("capstone", plain, table, package=PACKAGE, seed=seed, data=data, words=words(), groups=GROUPS,
                 limits=limits(), costs=costs(), usual=usual(), c=constants(), first=day_words(1), sign=sign_told(),
                 markets=MARKETS.tolist())
