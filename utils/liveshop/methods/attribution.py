"""Which channel is credited with a sale? Rules over paths, and what withholding a channel really loses.

============================ ================================= =============================================
function                     credits                           fooled by
============================ ================================= =============================================
first_click, last_click      one end of the path               whoever stands there: last click pays the cashier
linear, position             every touch; the ends more        people who would have bought anyway
markov                       what a path loses without it      the same: paths do not cause
shapley                      every channel of the path alike   the same (a rule for sharing, not an effect)
incremental                  sales lost where it was withheld  nothing but chance: a coin decided
============================ ================================= =============================================

All but the last share out 100 % of the sales, whatever would have happened without any touch.

Sources: Anderl, Becker, von Wangenheim and Schumann, International Journal of Research in Marketing 33 (2016)
457–474, for the Markov graph; Shapley, "A value for n-person games" (1953).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from math import factorial

import numpy as np
import pandas as pd

from liveshop.methods._inputs import need, number, numbers


@dataclass(frozen=True)
class Attribution:
    """``credits``: conversions a channel; ``shares``: the same divided by their sum."""

    method: str
    credits: pd.Series

    @property
    def shares(self):
        """Credits / sum of all credits; they add up to 1."""
        return self.credits / self.credits.sum()


@dataclass(frozen=True)
class MarkovAttribution(Attribution):
    """Also ``conversion``: chance that a path through the graph converts; ``removal``: the share of it that is lost
    when a channel leads nowhere; ``transitions``: chances from a state (row) to the next (column)."""

    conversion: float
    removal: pd.Series
    transitions: pd.DataFrame


def paths(journeys, path="path", converted="converted", separator=">"):
    """Journeys counted by path: one row a path with path (a tuple of channels), conversions, nulls.

    ``journeys``: one row a journey; its path as text ("live > search") or as a list; empty for no touch.
    ``converted`` holds True or False. Raises ValueError on missing columns.
    """
    need(journeys, (path, converted))
    won = journeys[converted].fillna(False).astype(bool)
    written = journeys[path].map(lambda steps: steps if isinstance(steps, str) else separator.join(_steps(steps, ">")))
    by = won.groupby(written.to_numpy(), dropna=False).agg(["sum", "size"])
    return pd.DataFrame({"path": [_steps(name, separator) for name in by.index],
                         "conversions": by["sum"].to_numpy(int), "nulls": (by["size"] - by["sum"]).to_numpy(int)})


def first_click(paths):
    """All of a conversion to the first touch (首次触点). ``paths``: columns path, conversions."""
    return _rule("first click", paths, lambda size: np.eye(1, size, 0)[0])


def last_click(paths):
    """All of a conversion to the last touch (末次触点). ``paths``: columns path, conversions."""
    return _rule("last click", paths, lambda size: np.eye(1, size, size - 1)[0])


def linear(paths):
    """A conversion in equal parts to all touches; a channel touched twice gets two parts."""
    return _rule("linear", paths, lambda size: np.full(size, 1 / size))


def position(paths, ends=0.4):
    """``ends`` of a conversion to the first and to the last touch each, the rest in equal parts to those between.

    Two touches share by halves, one gets all. Raises ValueError unless ends lies between 0 and 0.5.
    """
    ends = number(ends, "ends")
    if not 0 <= ends <= 0.5:
        raise ValueError(f"ends is a share between 0 and 0.5, not {ends:g}.")

    def parts(size):
        if size < 3:
            return np.full(size, 1 / size)
        return np.r_[ends, np.full(size - 2, (1 - 2 * ends) / (size - 2)), ends]

    return _rule("position", paths, parts)


def markov(paths):
    """Removal effects on the graph of touches (马尔可夫归因), as shares of the conversions.

    ``paths``: columns path (list of channels, or text with ">"), conversions, nulls (journeys with that path that did
    not convert; 0 if the column is missing, and then nothing is ever lost). Of first order: where a journey goes next
    depends on the last touch only. Paths without a touch are left out. Published case: C1 > C2 > C3 converts, C1 and
    C2 > C3 do not → conversion 1/3, shares 0.2, 0.4, 0.4.
    Raises ValueError on negative counts, and paths without any touch or conversion.
    """
    steps, won, lost = _counted(paths)
    channels = list(dict.fromkeys(channel for path in steps for channel in path))
    states = ["(start)", *channels, "(conversion)", "(null)"]
    at = {state: place for place, state in enumerate(states)}
    moves = np.zeros((len(states), len(states)))
    for path, conversions, nulls in zip(steps, won, lost, strict=True):
        places = [0, *(at[channel] for channel in path)]
        for here, there in zip(places[:-1], places[1:], strict=True):
            moves[here, there] += conversions + nulls
        moves[places[-1], -2] += conversions
        moves[places[-1], -1] += nulls
    moves[moves.sum(axis=1) == 0, -1] = 1                    # on paths that nobody took
    moves[[-2, -1], [-2, -1]] = 1
    moves = moves / moves.sum(axis=1, keepdims=True)

    def conversion(chances):
        inner = len(states) - 2
        return float(np.linalg.solve(np.eye(inner) - chances[:inner, :inner], chances[:inner, -2])[0])

    whole, removal = conversion(moves), {}
    for channel in channels:
        without = moves.copy()
        without[:, -1] += without[:, at[channel]]
        without[:, at[channel]] = 0
        without[at[channel]] = np.eye(1, len(states), len(states) - 1)[0]
        removal[channel] = 1 - conversion(without) / whole
    removal = pd.Series(removal, name="removal")
    table = pd.DataFrame(moves[:-2], index=states[:-2], columns=states).drop(columns="(start)")
    credits = (removal / removal.sum() * won.sum()).rename("conversions")
    return MarkovAttribution("markov", credits, whole, removal, table)


def shapley(paths):
    """Shapley value of the channels (沙普利值), where a set of channels is worth the conversions whose path has no
    channel outside of it.

    With this worth the value is simple: a path's conversions go in equal parts to its different channels. So it is
    the linear rule without repeats, and knows no more about causes. For worths that were measured (by switching
    channels off, say) use :func:`shapley_value`. Published case: a 4 conversions, a > b 6 → a 7, b 3. Raises
    ValueError as :func:`markov`.
    """
    steps, won, _ = _counted(paths)
    credits = {}
    for path, conversions in zip(steps, won, strict=True):
        different = dict.fromkeys(path)
        for channel in different:
            credits[channel] = credits.get(channel, 0.0) + conversions / len(different)
    return Attribution("shapley", pd.Series(credits, name="conversions"))


def shapley_value(worth):
    """Shapley value of each player, from the worth of every set of players.

    ``worth``: {set: number}; a set is any collection of names ("" or () for nobody; 0 if not given). Each player gets
    the mean, over all orders of joining, of what she adds; the values add up to the worth of all less that of nobody.
    Raises ValueError when a set is missing, or there are more than 12 players.
    """
    if not isinstance(worth, Mapping):
        raise ValueError("The worth is {set of players: number}.")
    table = {frozenset([key] if isinstance(key, str) and key else key): number(value, "A worth")
             for key, value in worth.items()}
    players = sorted(frozenset().union(*table), key=str)
    if not 1 <= len(players) <= 12:
        raise ValueError(f"Between 1 and 12 players are needed, not {len(players)}.")
    table.setdefault(frozenset(), 0.0)
    sets = [frozenset(chosen) for size in range(len(players) + 1) for chosen in combinations(players, size)]
    missing = [chosen for chosen in sets if chosen not in table]
    if missing:
        raise ValueError(f"The worth of {', '.join(sorted(missing[0]))} together is missing.")
    count, value = len(players), dict.fromkeys(players, 0.0)
    for chosen in sets:
        weight = factorial(len(chosen)) * factorial(max(count - len(chosen) - 1, 0)) / factorial(count)
        for player in set(players) - chosen:
            value[player] += weight * (table[chosen | {player}] - table[chosen])
    return pd.Series(value, name="value")


def incremental(journeys, withheld="withheld", converted="converted", none="none"):
    """Share of conversions that would be lost without a channel, from a coin that withheld it.

    One row a channel: share = 1 − conversion where it was withheld / conversion where nothing was, low, high (95 %,
    delta method), journeys, conversions (where withheld). Shares need not add up to 1: what would come anyway belongs
    to nobody, and what two channels do together is lost without either.
    Raises ValueError when nothing was withheld, and where no journey converted.
    """
    need(journeys, (withheld, converted))
    if journeys[[withheld, converted]].isna().any(axis=None):
        raise ValueError(f"{withheld} and {converted} must be known for every journey.")
    counts = journeys[converted].astype(float).groupby(journeys[withheld].astype(str)).agg(["sum", "size"])
    if none not in counts.index or len(counts) < 2:
        raise ValueError(f"{withheld} must hold {none!r} for the comparison, and channels that were withheld.")
    if (counts["sum"] == 0).any():
        raise ValueError(f"No journey converted where {counts.index[counts['sum'] == 0][0]} was withheld: too few.")
    rate, base = counts["sum"] / counts["size"], counts.loc[none]
    ratio = rate / rate[none]
    error = ratio * np.sqrt(1 / counts["sum"] - 1 / counts["size"] + 1 / base["sum"] - 1 / base["size"])
    table = pd.DataFrame({"share": 1 - ratio, "low": 1 - ratio - 1.959964 * error,
                          "high": 1 - ratio + 1.959964 * error, "journeys": counts["size"].astype(int),
                          "conversions": counts["sum"].astype(int)}).drop(index=none)
    table.index.name = "channel"
    return table


def compare(paths, truth=None):
    """Shares of all rules side by side, one row a channel; with ``truth`` ({channel: share}) as last column."""
    found = [first_click(paths), last_click(paths), linear(paths), position(paths), markov(paths), shapley(paths)]
    table = pd.DataFrame({each.method: each.shares for each in found}).fillna(0.0)
    if truth is not None:
        table["truth"] = pd.Series(truth, dtype=float)
    table.index.name = "channel"
    return table


def _steps(path, separator=">"):
    """A path as a tuple of channels; no touch is an empty one."""
    if isinstance(path, str):
        return tuple(step.strip() for step in path.split(separator) if step.strip())
    if path is None or not np.iterable(path):
        return ()
    return tuple(path)


def _counted(paths):
    """Paths with a touch, their conversions and their nulls."""
    need(paths, ("path", "conversions"))
    steps = [_steps(path) for path in paths["path"]]
    won = numbers(paths["conversions"], "Conversions")
    lost = numbers(paths["nulls"], "Nulls") if "nulls" in paths.columns else np.zeros(len(won))
    if not (np.isfinite(won) & (won >= 0) & np.isfinite(lost) & (lost >= 0)).all():
        raise ValueError("Conversions and nulls are counts, 0 or more in every row.")
    touched = np.array([len(path) > 0 for path in steps], bool)
    if not won[touched].sum():
        raise ValueError("No path with a touch converted: there is nothing to share out.")
    return [path for path in steps if path], won[touched], lost[touched]


def _rule(method, paths, parts):
    steps, won, _ = _counted(paths)
    credits = {}
    for path, conversions in zip(steps, won, strict=True):
        for channel, part in zip(path, parts(len(path)), strict=True):
            credits[channel] = credits.get(channel, 0.0) + conversions * part
    return Attribution(method, pd.Series(credits, name="conversions"))
