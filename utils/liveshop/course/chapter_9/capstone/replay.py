"""Replays of the twelve weeks on the same luck: beside the known policies, and with one decision exchanged."""

from __future__ import annotations

import numpy as np
import pandas as pd

from liveshop.course.chapter_9.capstone.game import BEST, GREEDY, HABIT, full, play
from liveshop.course.chapter_9.capstone.view import NUMBERS, SWITCHES
from liveshop.world.play.weeks import Action, constants, end_value, start, step

_LEVERS = ("rundown", "coupon", *NUMBERS, *SWITCHES)
KNOWN = (HABIT, GREEDY, BEST)


def compare(strategy, seed, name="yours"):
    """Profit so far after each week on one seed, CNY: a column for the strategy or plan and for each known policy.

    All meet the same luck; the value at the end is not in it (see `standing`).
    """
    games = {name: play(strategy, [seed]), **{one.name: play(one, [seed]) for one in KNOWN}}
    return pd.DataFrame({who: game.curve for who, game in games.items()})


def standing(strategy, seeds, name="yours"):
    """A row for the strategy or plan and for each known policy over the seeds, CNY, the best score first.

    Columns: score (half mean, half worst tenth), mean, worst_tenth (mean of the worst tenth of the plays), profit and
    value (means). A plan is carried out as it stands, whatever happens: it cannot answer to luck as a strategy does.
    """
    rows = {}
    for who, one in [(name, strategy), *((known.name, known) for known in KNOWN)]:
        game = play(one, seeds)
        results = np.sort(game.result.to_numpy())
        rows[who] = {
            "score": game.score, "mean": results.mean(), "worst_tenth": results[: max(1, len(results) // 10)].mean(),
            "profit": game.profit.mean(), "value": game.value.mean(),
        }
    return pd.DataFrame(rows).T.sort_values("score", ascending=False)


def costliest(strategy, seed, against=BEST):
    """What each decision cost on one seed: a row a week and lever, the costliest first.

    The twelve weeks are replayed on the same luck with one lever of one week exchanged for what `against` would have
    chosen there, in the state that the player was in. All other decisions, later ones too, are as the player made
    them, though media still shrink if the exchange bursts the budget. Columns: week, lever (media by kind), decided,
    instead, gain (CNY of profit and value at the end that the exchange would have brought; negative: the player's was
    better; of equal ones the earlier week first). Gains of single exchanges do not add up. Rows where both decided the
    same are left out.
    """
    c = constants()
    game = play(strategy, [seed])
    swaps = [swap for number, week in enumerate(game.weeks) for swap in _swaps(number, week, against)]
    state, profit = start([seed] * (len(swaps) + 1)), 0.0
    for number, week in enumerate(game.weeks):
        asked = full(_first(week.asked), len(swaps) + 1)
        for row, (when, lever, _, instead) in enumerate(swaps, 1):
            if when == number:
                _exchange(asked, row, lever, instead)
        state, told = step(state, asked.within(state))
        profit = profit + told["profit"]
    result = profit + end_value(state)
    gains = (result - result[0]).round(2)
    words = {"rundown": c.rundowns, "coupon": c.coupons}

    def word(lever, value):
        return words[lever][int(value)] if lever in words else value

    return pd.DataFrame(
        [(when + 1, lever, word(lever, decided), word(lever, instead), gains[row])
         for row, (when, lever, decided, instead) in enumerate(swaps, 1)],
        columns=["week", "lever", "decided", "instead", "gain"],
    ).sort_values("gain", ascending=False, kind="stable", ignore_index=True)


def _first(action):
    """The action of the first seed alone."""
    levers = {lever: getattr(action, lever)[0] for lever in _LEVERS}
    return Action(media=tuple(action.media[0]), **levers)


def _swaps(number, week, against):
    """The levers of a week in which the other policy decides otherwise: (week from 0, lever, decided, instead)."""
    other = full(against.policy(week.before), 1)
    limited = other.within(week.before)
    pairs = [(lever, getattr(week.done, lever)[0], getattr(limited, lever)[0]) for lever in _LEVERS]
    pairs += [(kind, week.asked.media[0, k], other.media[0, k]) for k, kind in enumerate(constants().kinds)]
    return [(number, lever, float(own), float(its)) for lever, own, its in pairs if own != its]


def _exchange(asked, row, lever, value):
    """Set one lever of one replay."""
    kinds = constants().kinds
    if lever in kinds:
        asked.media[row, kinds.index(lever)] = value
    else:
        getattr(asked, lever)[row] = value
