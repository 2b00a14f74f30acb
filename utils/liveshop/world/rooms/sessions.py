"""What viewers do in a room: come in, stay, comment, click, order. Flat arrays, one element a session.

Seconds are counted on the line of all rooms laid end to end (`Grid`), so one call
handles one room or all of them, or a part of the entries of a large one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from liveshop.world import draws
from liveshop.world.people import CLICK_SHARE, MOOD
from liveshop.world.rooms.plan import CELL
from liveshop.world.parameters import SOURCES

ORDINARY, CROWD, BOT = range(3)
TOPICS = ("size", "price", "material", "shipping", "service", "praise", "complaint", "chat", "picture")
TOPIC_SHARE = np.array([0.20, 0.14, 0.07, 0.08, 0.04, 0.13, 0.04, 0.285, 0.015])
QUESTION_SHARE = np.array([0.75, 0.60, 0.60, 0.65, 0.55, 0, 0, 0, 0])
FEED, FOLLOW, SEARCH, SHARE, PAID, VIDEO = range(6)


def room_of(grid, second):
    """Room in which a second of the line lies."""
    return np.searchsorted(grid.first[1:], np.asarray(second) // CELL, side="right")


def stay(grid, entered, rate, luck, shape, mood=None):
    """Seconds that each session lasts, and whether it lasted to the end of the broadcast.

    A viewer's hazard at age `a` is `rate * shape * a**(shape - 1)` times the room's
    hazard in that half minute (times `mood`, the hazard ratio of her kind). Her luck is
    the cumulative hazard at which she leaves: a unit exponential draw.
    """
    end = grid.first[room_of(grid, entered) + 1] * CELL
    power = 1.0 / shape
    budget = luck / rate if mood is None else luck / (rate * mood)
    level = np.zeros(len(entered))
    cell = entered // CELL
    leaves = np.empty(len(entered))
    who = np.arange(len(entered))
    begin = entered.astype(np.float64)
    last_cell = end // CELL
    c, b, lv, g, lc = cell, budget, level, begin, last_cell
    while who.size:
        reach = ((c + 1) * CELL - g) ** shape
        need = (reach - lv) * grid.hazard[c]
        gone = b <= need
        if gone.any():
            leaves[who[gone]] = (lv[gone] + b[gone] / grid.hazard[c[gone]]) ** power
        c = c + 1
        over = ~gone & (c >= lc)
        leaves[who[over]] = np.inf
        on = ~gone & ~over
        who, b, lv, c, g, lc = who[on], (b - need)[on], reach[on], c[on], g[on], lc[on]
    limit = end - entered
    watch = np.minimum(np.maximum(np.ceil(leaves), 1), limit).astype(np.int32)
    return watch, watch >= limit


def leaving_rate(parameters, source, kind):
    """Rate of the Weibull hazard in seconds, by source and whether the person is known to the shop."""
    r = parameters.retention
    scale = 60 * np.array([getattr(r, f"{s}_minutes") for s in SOURCES])
    rate = np.maximum(scale, 1e-3) ** -r.shape
    return rate[source] * np.where(kind > 0, r.fan_hazard, 1.0)


def ordinary_entries(grid, seed, rooms):
    """Entries of ordinary viewers: second, source, identity; sorted by second. `rooms` are the room numbers."""
    seconds, sources, identity = [], [], []
    for i, number in enumerate(rooms):
        own = slice(grid.first[i], grid.first[i + 1])
        counts = draws.generator(seed, "enter", number).poisson(grid.entries[own] * CELL / 60)
        s, k, u = _place(grid, own, counts, seed, number, ORDINARY)
        seconds.append(s), sources.append(k), identity.append(u)
    return np.concatenate(seconds), np.concatenate(sources), np.concatenate(identity)


def extra_entries(grid, seed, rooms, what):
    """Entries that a giveaway draws (CROWD) or bots make (BOT): second, source, identity."""
    rate = grid.crowd if what == CROWD else grid.bots
    seconds, sources, identity = [], [], []
    for i, number in enumerate(rooms):
        own = slice(grid.first[i], grid.first[i + 1])
        if not rate[own].any():
            continue
        random = draws.generator(seed, "crowd" if what == CROWD else "bots", number)
        # one draw a cell whatever its rate, so that a giveaway more or less changes only its own minutes
        u = random.random(own.stop - own.start)
        counts = _poisson_from(u, rate[own] * CELL / 60)
        split = np.zeros((len(counts), 6), dtype=np.int64)
        if what == CROWD:
            split[:, FEED] = np.rint(counts * 0.6)
            split[:, SHARE] = counts - split[:, FEED]
        else:
            split[:, FEED] = counts
        s, k, identities = _place(grid, own, split, seed, number, what)
        seconds.append(s), sources.append(k), identity.append(identities)
    if not seconds:
        return np.zeros(0, np.int64), np.zeros(0, np.int8), np.zeros(0, np.uint64)
    return np.concatenate(seconds), np.concatenate(sources), np.concatenate(identity)


def _poisson_from(u, mean):
    """Poisson quantiles of `u` for each mean, shape of `u`."""
    from scipy.special import pdtr, pdtrik

    mean = np.maximum(mean, 0)
    above = np.ceil(pdtrik(u, mean))
    below = np.maximum(above - 1, 0)
    return np.where(mean > 0, np.where(pdtr(below, mean) >= u, below, above), 0).astype(np.int64)


def _place(grid, own, counts, seed, number, what):
    cell = np.repeat(np.arange(own.start, own.stop), counts.sum(axis=1))
    source = np.repeat(np.tile(np.arange(6, dtype=np.int8), own.stop - own.start), counts.ravel())
    # identity: room, kind of entry, cell in the room, running number in the cell
    starts = np.repeat(np.cumsum(counts.sum(axis=1)) - counts.sum(axis=1), counts.sum(axis=1))
    within = np.arange(len(cell)) - starts
    identity = (
        (np.uint64(number) << np.uint64(44))
        | (np.uint64(what) << np.uint64(40))
        | ((cell - own.start).astype(np.uint64) << np.uint64(26))
        | within.astype(np.uint64)
    )
    second = cell * CELL + (draws.uniform(seed, "second", identity) * CELL).astype(np.int64)
    order = np.lexsort((identity, second))
    return second[order], source[order], identity[order]


@dataclass
class Chat:
    """Comments of many sessions, one element a comment, sorted by session and time."""

    session: np.ndarray  # index of the session
    second: np.ndarray  # on the line of all rooms
    topic: np.ndarray
    is_question: np.ndarray
    wait: np.ndarray  # seconds until answered; -1 never


def chat(grid, parameters, seed, entered, watch, identity, what, online):
    """Comments of the sessions. Commenting depends on time spent, and changes nothing about it."""
    c = parameters.chat
    greets = draws.uniform(seed, "greet", identity) < c.greeting
    talk = np.exp(0.8 * draws.normal(seed, "talk", identity) - 0.32)
    mean = np.where(what == BOT, 0.0, c.comments_per_minute * talk * watch / 60)
    more = draws.poisson(seed, "comments", identity, mean)
    greets &= what != BOT
    count = more + greets
    session = np.repeat(np.arange(len(entered)), count)
    number = np.arange(len(session)) - np.repeat(np.cumsum(count) - count, count)
    own = identity[session]
    u = draws.uniform(seed, "comment second", own, number)
    hello = (number == 0) & greets[session]
    stay_seconds = watch[session]
    offset = np.where(hello, np.minimum(2 + u * 13, stay_seconds - 1), u * stay_seconds).astype(np.int64)
    offset = np.clip(offset, 0, stay_seconds - 1)
    second = entered[session] + offset
    pick = draws.uniform(seed, "topic", own, number)
    topic = draws.choice(pick, TOPIC_SHARE)
    topic = np.where(hello & (draws.uniform(seed, "hello", own, number) < 0.8), TOPICS.index("chat"), topic)
    begin = grid.first[room_of(grid, second)] * CELL
    stalled = (
        grid.stutter[np.minimum(second + 1, len(grid.stutter) - 1)] - grid.stutter[np.maximum(second - 60, begin)] > 0
    )
    complains = stalled & (draws.uniform(seed, "picture", own, number) < 0.35)
    topic = np.where(complains, TOPICS.index("picture"), topic).astype(np.int8)
    is_question = draws.uniform(seed, "question", own, number) < QUESTION_SHARE[topic]
    answered = is_question & (draws.uniform(seed, "answered", own, number) < c.answered)
    # a full room waits longer
    busy = (np.maximum(online[second // 60], 5) / 60) ** 0.25
    wait = np.maximum(3, np.rint(c.wait_median * busy * np.exp(0.9 * draws.normal(seed, "wait", own, number)))).astype(
        np.int32
    )
    wait = np.where(answered, np.minimum(wait, 1800), -1)
    order = np.lexsort((second, session))
    return Chat(session[order], second[order], topic[order], is_question[order], wait[order])


def first_question_wait(talk, sessions):
    """Waiting time of each session's first question: seconds, -1 if unanswered or none was asked."""
    wait = np.full(sessions, -1, dtype=np.int32)
    asked = np.flatnonzero(talk.is_question)
    owner, first = np.unique(talk.session[asked], return_index=True)
    wait[owner] = talk.wait[asked[first]]
    return wait


def reply_effect(parameters, wait):
    """Ratio by which the answer to a question raises the propensity to buy."""
    return 1 + parameters.chat.reply_boost * np.where(
        wait >= 0, np.exp(-wait / max(parameters.chat.reply_decay, 1e-9)), 0.0
    )


def expected_orders(grid, entered, watch, intent, source, what, wait, parameters):
    """Orders to expect of each session up to the constant of its source, shape of `entered`."""
    until = grid.orders_until()
    exposure = _at(until, entered + watch) - _at(until, entered)
    return np.exp(intent) * MOOD[source] * _readiness(parameters, what) * exposure * reply_effect(parameters, wait)


def _readiness(parameters, what):
    return np.where(what == CROWD, parameters.giveaway.crowd_intent, np.where(what == BOT, 0.0, 1.0))


def _at(until, second):
    cell = second // CELL
    low = until[cell]
    return low + (until[np.minimum(cell + 1, len(until) - 1)] - low) * ((second % CELL) / CELL)


@dataclass
class Clicks:
    """Clicks on product cards, one element a click, sorted by session and second."""

    session: np.ndarray
    number: np.ndarray
    second: np.ndarray
    slot: np.ndarray  # row of the rundown whose product was clicked
    on_table: np.ndarray
    ordered: np.ndarray


def clicks(
    grid, parameters, seed, entered, watch, intent, source, what, wait, identity, scale, slots_of_room, click_until=None
):
    """Clicks and which of them end in an order.

    `scale` (sources,) is the constant of each source that sets orders per click;
    `slots_of_room` (rooms + 1,) says which rows of the rundown belong to a room.
    """
    until = grid.clicks_until() if click_until is None else click_until
    low = _at(until, entered)
    exposure = _at(until, entered + watch) - low
    readiness = _readiness(parameters, what)
    count = draws.poisson(seed, "clicks", identity, exposure * np.exp(CLICK_SHARE * intent) * np.sqrt(readiness))
    session = np.repeat(np.arange(len(entered)), count)
    number = np.arange(len(session)) - np.repeat(np.cumsum(count) - count, count)
    own = identity[session]
    goal = low[session] + draws.uniform(seed, "click second", own, number) * exposure[session]
    cell = np.clip(np.searchsorted(until, goal, side="right") - 1, 0, len(grid.click) - 1)
    rate = np.maximum(until[cell + 1] - until[cell], 1e-300)
    second = (cell + np.clip((goal - until[cell]) / rate, 0, 1)) * CELL
    second = np.clip(second.astype(np.int64), entered[session], (entered + watch - 1)[session])
    slot = grid.slot[second // CELL].astype(np.int64)
    u = draws.uniform(seed, "off table", own, number)
    off = u < parameters.rundown.off_table
    room = room_of(grid, second)
    first, after = slots_of_room[room], slots_of_room[room + 1]
    other = first + (u / max(parameters.rundown.off_table, 1e-9) * (after - first)).astype(np.int64)
    on_slot = slot
    slot = np.where(off, np.minimum(other, after - 1), slot)
    order = np.lexsort((number, second, session))
    session, number, second, slot, on_slot, own = (a[order] for a in (session, number, second, slot, on_slot, own))
    factor = (
        scale[source]
        * MOOD[source]
        * np.sqrt(readiness)
        * np.exp((1 - CLICK_SHARE) * intent)
        * reply_effect(parameters, wait)
    )
    chance = factor[session] * grid.buy[second // CELL]
    luck = draws.uniform(seed, "order", own, number)
    ordered = luck < np.minimum(chance, 0.9)
    first = np.full(len(entered), len(session), dtype=np.int64)
    hits = np.flatnonzero(ordered)
    first[session[hits[::-1]]] = hits[::-1]
    further = hits[hits > first[session[hits]]]
    ordered[further] = luck[further] < np.minimum(chance[further], 0.9) * parameters.rundown.second_order
    return Clicks(session, number, second, slot, slot == on_slot, ordered)
