"""The twelve weeks as section 9.3 plays them: on which seeds, which levers, plans by lot, and models that are wrong."""

from contextlib import contextmanager
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd

from liveshop.course.chapter_9 import capstone
from liveshop.methods.decomposition import Decomposition
from liveshop.world.play import weeks
from liveshop.world.play.policies import best, habit
from liveshop.world.play.weeks import constants as rules

# Seeds, each for one purpose. The search for the best known policy used 5001 to 5100, and none of these.
CLASS = range(1, 21)             # on which a class plays: one a term
JUDGES = range(40001, 40201)     # that judge what a seed has chosen
SHOWN = range(30001, 30301)      # of the section's figures
UNSEEN = range(20001, 21001)     # the truth about a policy
GIVEN = range(1, 101)            # of exercise 9.3a
PLANS = 40                       # of a class

LEVERS = {
    "rundown": ("rundown",),
    "hours": ("hours",),
    "media": ("media",),
    "coupons": ("coupon",),
    "agents": ("agents", "temporary"),
    "stock": ("order",),
    "measures": ("backup", "second", "review"),
}
KNOWN = {one.name: one for one in (capstone.HABIT, capstone.GREEDY, capstone.BEST)}


# -- policies, and what one earns more than another ----------------------------------------------

@cache
def results(name, seeds=SHOWN):
    """Profit and value at the end of a known policy, CNY by seed."""
    return weeks.play(KNOWN[name].policy, seeds).result


def exchanged(base, other, *levers):
    """The policy `base` with some levers as `other` would set them in the state that `base` has come to."""
    names = [name for lever in levers for name in LEVERS[lever]]

    def policy(state):
        theirs = other(state)
        return replace(base(state), **{name: getattr(theirs, name) for name in names})

    return policy


def gain(one, other):
    """Mean of one less other over the same seeds, CNY, with its 95 % interval: the luck of a seed is in both."""
    more = np.asarray(one, float) - np.asarray(other, float)
    error = 1.96 * more.std(ddof=1) / np.sqrt(len(more))
    return pd.Series({"estimate": more.mean(), "low": more.mean() - error, "high": more.mean() + error})


@cache
def by_lever(seeds=SHOWN):
    """What each lever is worth, CNY: rows (lever, where), with estimate, low and high.

    "added to the habit": the habit with this lever as the best known sets it, less the habit. "taken from the best
    known": the best known less itself with this lever as the habit sets it.
    """
    rows = {}
    for lever in LEVERS:
        taken = weeks.play(exchanged(best, habit, lever), seeds).result
        rows[lever, "added to the habit"] = worth([lever], seeds=seeds)
        rows[lever, "taken from the best known"] = gain(results("best known", seeds), taken)
    return pd.DataFrame(rows).T


GROUPS = {
    "rooms' margin": ("rooms",), "members' margin": ("members",), "coupons": ("coupons",),
    "hours on air": ("hours",), "media": ("feed", "search", "influencer", "content"),
    "agents": ("agents", "temporary"), "rundown": ("planning", "prizes"), "measures": ("backup", "second", "review"),
    "holding stock": ("holding",), "fines": ("fine",), "fixed costs": ("fixed",),
}


def account(game):
    """Profit of the twelve weeks and value at the end of a game by groups of posts, CNY, means over its seeds."""
    posts = game.ledger.drop(columns="profit").sum()
    grouped = {words: posts[list(names)].sum() for words, names in GROUPS.items()}
    return pd.Series(grouped | {"value at the end": game.ends.sum()})


def steps(one, other):
    """From the result of one game to that of another, post by post: what `charts.waterfall` draws."""
    before, after = account(one), account(other)
    changed = (after - before)[lambda change: change.abs() > 0.5]
    return Decomposition(before.sum(), after.sum(), changed)


# -- one seed for many: plans by lot --------------------------------------------------------------

@cache
def _lots(count=PLANS, seed=9):
    """What the lot gave to each plan: giveaways and coupons to all (plan, week), hours, media (plan, week, kind)."""
    random, length = np.random.default_rng(seed), rules().weeks
    giveaways, coupons = (np.zeros((count, length), bool) for _ in range(2))
    hours, media = np.zeros((count, length)), np.zeros((count, length, len(rules().kinds)))
    for plan in range(count):
        giveaways[plan, random.choice(length, 3, replace=False)] = True
        coupons[plan, random.choice(length, 3, replace=False)] = True
        hours[plan] = 18 + random.normal(0, 2, length)
        media[plan] = np.array(rules().media.usual) * np.exp(random.normal(0, 0.25, media[plan].shape))
    return giveaways, coupons, hours, media


def _by_lot(giveaways, coupons, hours, media):
    """The policy of one plan by lot; or of many side by side, where each array has a first axis of plans."""
    def policy(state):
        week = state.week
        return replace(
            habit(state), hours=hours[..., week], media=media[..., week, :],
            rundown=np.where(giveaways[..., week], weeks.GIVEAWAY, weeks.HABIT),
            coupon=np.where(coupons[..., week], weeks.ALL, weeks.NONE))

    return policy


def plans():
    """Plans of a class, drawn by lot around the habit: weeks of giveaways and of coupons, hours, media.

    Nobody in it knows more than another: what differs is the lot. A list of policies.
    """
    return [_by_lot(*lot) for lot in zip(*_lots(), strict=True)]


@cache
def over_habit(seeds):
    """What each plan of the class earns more than the habit, CNY: a row a seed, a column a plan."""
    together = _by_lot(*(np.repeat(lot, len(seeds), axis=0) for lot in _lots()))
    each = weeks.play(together, np.tile(seeds, PLANS)).result.reshape(PLANS, len(seeds))
    return pd.DataFrame((each - weeks.play(habit, seeds).result).T, pd.Index(seeds, name="seed"), range(1, PLANS + 1))


@cache
def kept(number):
    """What one plan of the class earns more than the habit over the unseen seeds, CNY."""
    return gain(weeks.play(plans()[number - 1], UNSEEN).result, results("habit", UNSEEN)).estimate


def chosen(count=1, tried=PLANS):
    """What the plan that did best on one or more seeds of the class promised there, and what it keeps: a row a term.

    count: seeds that choose together (each term starts at another seed, so terms of several seeds overlap); tried: of
    how many plans. Columns: plan, promised (CNY, mean over the seeds that chose), judged (over `JUDGES`), kept.
    """
    here, judged = (over_habit(seeds).iloc[:, :tried] for seeds in (CLASS, JUDGES))
    rows = []
    for first in range(len(CLASS)):
        seen = here.iloc[[(first + one) % len(CLASS) for one in range(count)]].mean()
        plan = seen.idxmax()
        rows.append({"plan": plan, "promised": seen[plan], "judged": judged[plan].mean(), "kept": kept(plan)})
    return pd.DataFrame(rows, index=pd.Index(CLASS, name="first seed"))


# -- a model that is wrong ------------------------------------------------------------------------

@contextmanager
def assumed(**changes):
    """The twelve weeks with other constants while this lasts: `assumed(room__trust=0)`."""
    old = {}
    try:
        for name, value in changes.items():
            group, _, constant = name.partition("__")
            place = getattr(rules(), group)
            old[name] = place, constant, getattr(place, constant)
            setattr(place, constant, value)
        yield
    finally:
        for place, constant, value in old.values():
            setattr(place, constant, value)


def worth(levers, than=(), seeds=SHOWN, **changes):
    """What the habit earns with some levers as the best known sets them, more than with those of `than`: `gain`.

    changes: other assumptions, as `assumed` takes them.
    """
    with assumed(**changes):
        return gain(*(weeks.play(exchanged(habit, best, *those), seeds).result for those in (levers, than)))


def without_agents(state):
    """The best known policy, and nobody who answers."""
    return replace(best(state), agents=0, temporary=0)


def worth_of_agents(seeds=SHOWN, **changes):
    """What the agents of the best known policy earn, against nobody, under other assumptions: `gain`."""
    with assumed(**changes):
        return gain(weeks.play(best, seeds).result, weeks.play(without_agents, seeds).result)


# -- one lever at a time ----------------------------------------------------------------------------

def scaled(base, lever, multiple):
    """The policy `base` with the numbers of one lever times a multiple by seed: hours, media, agents or stock."""
    def policy(state):
        action = base(state)
        times = multiple[:, None] if lever == "media" else multiple
        return replace(action, **{name: np.asarray(getattr(action, name)) * times for name in LEVERS[lever]})

    return policy


def dial(name, lever, multiples, seeds=SHOWN):
    """Gain over the policy as it is, of one lever times each multiple: a row a multiple, CNY to the fen."""
    count = len(multiples)
    policy = scaled(KNOWN[name].policy, lever, np.repeat(multiples, len(seeds)))
    played = weeks.play(policy, np.tile(seeds, count)).result.reshape(count, len(seeds))
    return pd.DataFrame([gain(one, results(name, seeds)) for one in played], pd.Index(multiples)).round(2) + 0.0


def lever_by_week(game, lever, seed):
    """How a lever stood, week by week, on one seed of a game: a number, or the place of its word."""
    place, values = list(game.seeds).index(seed), []
    for week in game.weeks:
        done = {"agents": week.done.agents + week.before.temporary,
                "media": week.done.media.sum(axis=1)}.get(lever)
        if done is None:
            done = sum(np.asarray(getattr(week.done, name), float) for name in LEVERS[lever])
        values.append(float(done[place]))
    return pd.Series(values, pd.RangeIndex(1, len(values) + 1, name="week"))


def profit_so_far(game, seed):
    """Profit so far after each week on one seed of a game, CNY."""
    place = list(game.seeds).index(seed)
    return np.cumsum([week.told["profit"][place] for week in game.weeks])


def swapped(game, lever, seed, only=range(1, 13)):
    """One seed of a game played again, one lever as the best known sets it, all else as it was decided: a `Game`.

    only: the weeks (from 1) in which it is exchanged.
    """
    place = list(game.seeds).index(seed)

    def policy(state):
        asked = game.weeks[state.week].asked
        own = {name: getattr(asked, name)[place] for group in LEVERS.values() for name in group}
        theirs = best(state) if state.week + 1 in only else weeks.Action(**own)
        return weeks.Action(**own | {name: getattr(theirs, name) for name in LEVERS[lever]})

    return capstone.play(replace(capstone.HABIT, name=f"{lever} exchanged", policy=policy), [seed])


def told(game):
    """The log of the first seed of a game in numbers, a row a week: what was decided of goods, and what happened."""
    rows = [{"ordered": week.done.order[0], "late pieces": week.told["late_pieces"][0],
             "unfilled orders": week.told["unserved"][0], "slow answers": week.told["slow"][0],
             "members gone": week.told["gone"][0], "fine": week.told["fine"][0], "profit": week.told["profit"][0]}
            for week in game.weeks]
    return pd.DataFrame(rows, pd.RangeIndex(1, len(rows) + 1, name="week"))
