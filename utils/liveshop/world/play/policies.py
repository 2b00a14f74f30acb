"""Policies for the twelve weeks: habit, greedy, and the best that a search found."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from liveshop.world.play.weeks import ALL, GIVEAWAY, HABIT, NONE, PLANNED, SILENT, Action, constants, step


def _refill(state):
    """The habit's order: up to three times what was asked for last week."""
    return np.maximum(3 * state.demand - state.ordered, 0)


def habit(state):
    """Giveaways every fourth week and in the festival, coupons to all three times, four agents, more of all then."""
    c = constants()
    festive = state.week in c.festival_weeks
    return Action(
        rundown=GIVEAWAY if festive or state.week % 4 == 0 else HABIT,
        hours=27 if festive else 18,
        media=np.array(c.media.usual) * (1.8 if festive else 1.0),
        coupon=ALL if state.week in (2, 6, 9) else NONE,
        agents=4,
        order=_refill(state),
    )


def greedy(state):
    """The largest expected profit of this week alone, lever by lever, twice around; stock by habit."""
    c, count = constants(), len(state.active)
    options = {
        "rundown": (HABIT, GIVEAWAY, PLANNED),
        "coupon": (NONE, ALL, SILENT),
        "hours": range(9, 37, 3),
        "agents": range(0, c.service.agents_most + 1),
        **dict.fromkeys(("backup", "second", "review"), (0, 1)),
    }
    best = Action(order=_refill(state), media=np.tile(np.array(c.media.usual, float), (count, 1)))
    best = replace(best, **{name: np.full(count, getattr(best, name)) for name in options})
    worth = step(state, best.within(state), expected=True)[1]["profit"]

    def better(action, worth):
        """Of an action tried and the best so far, seed by seed, the better."""
        tried = step(state, action.within(state), expected=True)[1]["profit"]
        gain = tried > worth + 1e-9
        mixed = {
            name: np.where(gain[:, None] if name == "media" else gain, getattr(action, name), getattr(best, name))
            for name in (*options, "media")
        }
        return replace(best, **mixed), np.where(gain, tried, worth)

    for _ in range(2):
        for name, values in options.items():
            for value in values:
                best, worth = better(replace(best, **{name: np.full(count, value)}), worth)
        for kind, usual in enumerate(c.media.usual):
            for multiple in (0, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4):
                media = best.media.copy()
                media[:, kind] = usual * multiple
                best, worth = better(replace(best, media=media), worth)
    return best


def by_numbers(numbers):
    """A policy of a few numbers (weeks.json has the best ones found under `best`): what it knows stands in its lines.

    Stock for what the calendar foretells, more of it before the festival; coupons to silent members alone, when the
    last ones are worn off; agents for the contacts to come, temporary ones booked a week ahead; media where the last
    yuan brings most; a second supplier when the signal is up.
    """
    c, p = constants(), numbers
    season = np.array([*c.season, 0.95, 0.95, 0.95])

    def hours(week):
        """Hours on air in a week."""
        more = p.festival_hours * (week in c.festival_weeks) - p.rest * (week + 1 == min(c.festival_weeks))
        return np.clip(p.hours * (1 + more), c.room.hours_least, c.room.hours_most)

    def agents(state, week):
        """Agents for the contacts that a week will bring."""
        members = c.service.of_members * state.active * c.members.rate * season[week] ** c.members.season_power
        air = (hours(week) / c.room.hours) ** c.room.hours_power
        rooms = c.service.of_rooms * 800 * season[week] ** 1.15 * air
        return np.ceil(p.agents * (members + rooms) / c.service.contacts)

    def order(state):
        """Pieces up to what three weeks ask for; near the end, up to what the shop should be left with."""
        week = state.week
        ordinary = state.demand / season[max(week - 1, 0)] ** p.season
        ahead = season[week : week + 3] ** p.season
        if week + 1 >= c.weeks - 1:
            left = season[week : c.weeks] ** p.season
            return np.maximum(ordinary * left.sum() + p.left - state.ordered, 0)
        before = min(c.festival_weeks) - week
        more = p.before_festival * (0 < before <= 3)
        return np.maximum(p.cover * ordinary * ahead.sum() + ordinary * (p.safety + more) - state.ordered, 0)

    def policy(state):
        week = state.week
        festive = week in c.festival_weeks
        media = np.array([p.feed, p.search, p.influencer, p.content * (1 if week < 9 else p.content_late)])
        needed = agents(state, week)
        return Action(
            rundown=PLANNED,
            hours=hours(week),
            media=media * (1 + p.festival_media * festive),
            coupon=np.where(state.wear < p.worn, SILENT, NONE),
            agents=np.maximum(needed - state.temporary, 0),
            temporary=np.maximum(agents(state, week + 1) - c.service.agents_most, 0) * (week + 1 < c.weeks),
            order=order(state),
            backup=1,
            second=(state.signal > p.signal) * 1.0,
            review=1,
        )

    return policy


def best(state):
    """The best policy that a search has found."""
    return by_numbers(constants().best)(state)
