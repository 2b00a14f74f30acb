"""The twelve weeks played by a strategy or a plan: its ledger, its log, and its score."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from liveshop.course.chapter_9.capstone.log import happened
from liveshop.course.chapter_9.capstone.view import NUMBERS, SWITCHES, WHOLE, View, decision, first_day
from liveshop.world.play import policies
from liveshop.world.play.weeks import Action, budget, constants, end_posts, posts, score, start, step

MEDIA_MOST = 100_000  # CNY by kind: more than any budget; what is asked beyond it only shrinks again


@dataclass(frozen=True)
class Known:
    """A policy that is known with the model; unlike a player's it may see the state: wear of coupons, for one."""

    name: str
    policy: object


HABIT = Known("habit", policies.habit)
GREEDY = Known("greedy", policies.greedy)
BEST = Known("best known", policies.best)


@dataclass(frozen=True)
class Week:
    """One week over all seeds: the state before it, what was decided, what was carried out, and what it brought."""

    before: object
    asked: Action
    done: Action
    told: dict
    after: object

    @property
    def posts(self):
        """The week's profit by post, CNY by seed."""
        return posts(self.done, self.told)


@dataclass(frozen=True)
class Game:
    """Twelve weeks by one strategy on each seed.

    seeds: as they were given; weeks: a `Week` each.
    """

    seeds: np.ndarray
    weeks: tuple

    def _by_seed(self, values, name):
        """Values by seed, as a series."""
        return pd.Series(np.asarray(values, float), pd.Index(self.seeds, name="seed"), name=name)

    @cached_property
    def profit(self):
        """Profit of the twelve weeks by seed, CNY."""
        return self._by_seed(sum(week.told["profit"] for week in self.weeks), "profit")

    @cached_property
    def value(self):
        """Value at the end by seed, CNY: members, name, and stock within bounds."""
        return self._by_seed(sum(end_posts(self.weeks[-1].after).values()), "value")

    @property
    def result(self):
        """Profit and value at the end by seed, CNY: the score of one play."""
        return (self.profit + self.value).rename("result")

    @property
    def score(self):
        """Score of the policy, CNY: half the mean of its plays and half the mean of their worst tenth."""
        return score(self.result.to_numpy())

    @cached_property
    def ledger(self):
        """Profit by post, a row a week, CNY: means over the seeds. `profit` is the sum of the other columns."""
        rows = [{name: float(np.mean(values)) for name, values in week.posts.items()} for week in self.weeks]
        frame = pd.DataFrame(rows, index=pd.RangeIndex(1, len(rows) + 1, name="week"))
        return frame.assign(profit=frame.sum(axis=1))

    @cached_property
    def ends(self):
        """Value at the end by post, CNY: means over the seeds; their sum is the mean value."""
        return pd.Series({name: float(np.mean(v)) for name, v in end_posts(self.weeks[-1].after).items()}, name="value")

    @cached_property
    def log(self):
        """A row a seed and week: what was carried out (levers, media CNY by kind), profit, what happened and why."""
        rows = []
        for index, seed in enumerate(self.seeds):
            for number, week in enumerate(self.weeks, 1):
                record = _record(week, index)
                levers = {name: value for name, value in record["decided"].items() if name != "media"}
                rows.append({
                    "seed": seed, "week": number, **levers, **record["decided"]["media"], "profit": record["profit"],
                    "happened": " ".join(happened(week, index)),
                })
        return pd.DataFrame(rows)

    @property
    def curve(self):
        """Profit so far after each week, CNY: mean over the seeds."""
        return self.ledger.profit.cumsum()


_TOLD = ("profit", "entries", "live_orders", "member_orders", "unserved", "fill", "slow", "outage", "late_pieces",
         "fine", "coupons", "spent", "gone")


def lever_values(action, index):
    """The levers of an action on one seed, in their own words."""
    c = constants()
    return {
        "rundown": c.rundowns[int(action.rundown[index])],
        "hours": float(action.hours[index]),
        "media": {kind: float(action.media[index, k]) for k, kind in enumerate(c.kinds)},
        "coupon": c.coupons[int(action.coupon[index])],
        **{name: float(getattr(action, name)[index]) for name in WHOLE},
        **{name: bool(getattr(action, name)[index]) for name in SWITCHES},
    }


def _record(week, index):
    """What a desk is told of a week on one seed."""
    told = {name: float(week.told[name][index]) for name in _TOLD}
    return {"decided": lever_values(week.done, index), **told, "asked": float(week.after.demand[index]),
            "signal": float(week.before.signal[index])}


def views(state, past, profit):
    """What the desk of each seed knows; past: a list of records by seed, profit: so far, by seed."""
    c, week = constants(), state.week
    return [
        View(
            week=week + 1, first_day=first_day(week + 1), season=c.season[week], ahead=tuple(c.season[week + 1:]),
            festival=week in c.festival_weeks, budget=budget(week), active=float(state.active[i]),
            silent=float(state.silent[i]), stock=float(state.stock[i]),
            arriving=tuple(float(pieces[i]) for pieces in state.due), asked=float(state.demand[i]),
            signal=float(state.signal[i]), temporary=float(state.temporary[i]), profit=float(profit[i]),
            past=tuple(past[i]),
        )
        for i in range(len(state.active))
    ]


def action_of(decisions):
    """An `Action` over seeds of one decision a seed."""
    c = constants()
    media = np.array([[one.media[kind] for kind in c.kinds] for one in decisions], float)
    return Action(
        rundown=np.array([c.rundowns.index(one.rundown) for one in decisions]),
        coupon=np.array([c.coupons.index(one.coupon) for one in decisions]),
        media=np.clip(media, 0, MEDIA_MOST),
        **{name: np.array([getattr(one, name) for one in decisions], float) for name in (*NUMBERS, *SWITCHES)},
    )


def full(action, count):
    """An action with an array over seeds for every lever; no limit or budget is applied."""
    c = constants()
    usual = c.media.usual if action.media is None else action.media
    return Action(
        media=np.array(np.broadcast_to(np.asarray(usual, float), (count, len(c.kinds)))),
        **{name: np.array(np.broadcast_to(np.asarray(getattr(action, name), int), count)) for name in (
            "rundown", "coupon")},
        **{name: np.array(np.broadcast_to(np.asarray(getattr(action, name), float), count)) for name in (
            *NUMBERS, *SWITCHES)},
    )


def _decide(strategy, state, past, profit, seeds):
    """What is decided on every seed in this week."""
    count = len(seeds)
    if isinstance(strategy, Known):
        return full(strategy.policy(state), count)
    if not callable(strategy):
        return action_of([_read(strategy[state.week], state.week, "each")] * count)
    told = views(state, past, profit)
    return action_of([_read(strategy(view), state.week, seed) for view, seed in zip(told, seeds, strict=True)])


def _read(given, week, seed):
    """A decision, or an error that names the week."""
    try:
        return decision(given)
    except ValueError as error:
        raise ValueError(f"Week {week + 1}, seed {seed}: {error}") from None


def play(strategy, seeds):
    """Play twelve weeks on each seed: a `Game`.

    strategy: a function of a `View` that gives a decision (a `Decision` or a dict); or a plan, twelve decisions that
    are carried out whatever happens; or `HABIT`, `GREEDY`, `BEST`. The weeks are played over all seeds at once: a
    function must not remember a call before, for that may be another seed's; what was stands in `view.past`.
    seeds: whole numbers from 0; the same seed is the same luck. Raises ValueError, with week and seed, for a decision
    that cannot be read, and for a plan that has not twelve weeks.
    """
    seeds, weeks = np.atleast_1d(np.asarray(seeds, dtype=int)), constants().weeks
    if not (isinstance(strategy, Known) or callable(strategy)) and len(strategy) != weeks:
        raise ValueError(f"A plan has {weeks} weeks; this one has {len(strategy)}.")
    return _played(strategy, seeds, weeks)[0]


def so_far(plan, seed):
    """The weeks that were decided on one seed, as a `Game`, and the `View` of the week after them.

    plan: decisions from the first week on, fewer than twelve.
    """
    game, state, past, profit = _played(lambda view: plan[view.week - 1], np.array([seed]), len(plan))
    return game, views(state, past, profit)[0]


def _played(strategy, seeds, weeks):
    """The game of the first weeks, the state after them, and what each desk was told and earned."""
    state, profit, played = start(seeds), np.zeros(len(seeds)), []
    past = [[] for _ in seeds]
    for _ in range(weeks):
        asked = _decide(strategy, state, past, profit, seeds)
        done = asked.within(state)
        after, told = step(state, done)
        week = Week(state, asked, done, told, after)
        played.append(week)
        profit = profit + told["profit"]
        if callable(strategy):
            for index, earlier in enumerate(past):
                earlier.append(_record(week, index))
        state = after
    return Game(seeds, tuple(played)), state, past, profit
