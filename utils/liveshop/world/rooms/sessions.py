"""What viewers do in a room: come in, stay, comment, click, order. Flat arrays, one element a session.

Seconds are counted on the line of all rooms laid end to end (`Grid`), so one call
handles one room or all of them, or a part of the entries of a large one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from liveshop.world import draws
from liveshop.world.parameters import SOURCES
from liveshop.world.people import CLICK_SHARE, MOOD
from liveshop.world.rooms.plan import CELL

ORDINARY, CROWD, BOT = range(3)
TOPICS = ("size", "price", "material", "shipping", "service", "praise", "complaint", "chat", "picture")
TOPIC_SHARE = np.array([0.20, 0.14, 0.07, 0.08, 0.04, 0.13, 0.04, 0.285, 0.015])
QUESTION_SHARE = np.array([0.75, 0.60, 0.60, 0.65, 0.55, 0, 0, 0, 0])
FEED, FOLLOW, SEARCH, SHARE, PAID, VIDEO = range(6)


@dataclass
class Sessions:
    """Stays of viewers in rooms, one element a session."""

    entered: np.ndarray  # second on the line of all rooms
    watch: np.ndarray  # seconds
    to_end: np.ndarray  # stayed until the broadcast ended
    source: np.ndarray
    what: np.ndarray  # ordinary, drawn by a giveaway, or a bot
    kind: np.ndarray  # of the person
    identity: np.ndarray
    intent: np.ndarray  # to buy, log scale

    def __len__(self):
        return len(self.entered)


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
    leaves = np.empty(len(entered))
    # of those who are still in: who they are, cell, hazard left to bear, age (to the power) reached, begin, last cell
    who, c, g, lc = np.arange(len(entered)), entered // CELL, entered.astype(np.float64), end // CELL
    b = luck / rate if mood is None else luck / (rate * mood)
    lv = np.zeros(len(entered))
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


def online(grid, entered, watch):
    """Persons in the rooms at each second of the line, shape (seconds,)."""
    seconds = len(grid.stutter) - 1
    came, left = np.asarray(entered, dtype=np.intp), np.asarray(entered + watch, dtype=np.intp)
    change = np.bincount(came, minlength=seconds + 1) - np.bincount(left, minlength=seconds + 1)
    return np.cumsum(change)[:seconds]


def leaving_rate(parameters, source, kind):
    """Rate of the Weibull hazard in seconds, by source and whether the person is known to the shop."""
    r = parameters.retention
    scale = 60 * np.array([getattr(r, f"{s}_minutes") for s in SOURCES])
    rate = np.maximum(scale, 1e-3) ** -r.shape
    return rate[source] * np.where(kind > 0, r.fan_hazard, 1.0)


def ordinary_entries(grid, seed, rooms):
    """Entries of ordinary viewers: second, source, identity; sorted by second. `rooms` are the room numbers."""
    parts = []
    for i, number in enumerate(rooms):
        own = slice(grid.first[i], grid.first[i + 1])
        counts = draws.generator(seed, "enter", number).poisson(grid.entries[own] * CELL / 60)
        parts.append(_place(own, counts, seed, number, ORDINARY))
    return tuple(np.concatenate(a) for a in zip(*parts, strict=True))


def extra_entries(grid, seed, rooms, what):
    """Entries that a giveaway draws (CROWD) or bots make (BOT): second, source, identity."""
    rate = grid.crowd if what == CROWD else grid.bots
    parts = [(np.zeros(0, np.int64), np.zeros(0, np.int8), np.zeros(0, np.uint64))]
    for i, number in enumerate(rooms):
        own = slice(grid.first[i], grid.first[i + 1])
        if not rate[own].any():
            continue
        random = draws.generator(seed, "crowd" if what == CROWD else "bots", number)
        # one draw a cell whatever its rate, so that a giveaway more or less changes only its own minutes
        counts = _poisson_from(random.random(own.stop - own.start), rate[own] * CELL / 60)
        split = np.zeros((len(counts), 6), dtype=np.int64)
        if what == CROWD:
            split[:, FEED] = np.rint(counts * 0.6)
            split[:, SHARE] = counts - split[:, FEED]
        else:
            split[:, FEED] = counts
        parts.append(_place(own, split, seed, number, what))
    return tuple(np.concatenate(a) for a in zip(*parts, strict=True))


def _poisson_from(u, mean):
    """Poisson quantiles of `u` for each mean, shape of `u`."""
    from scipy.special import pdtr, pdtrik

    mean = np.maximum(mean, 0)
    above = np.ceil(pdtrik(u, mean))
    below = np.maximum(above - 1, 0)
    return np.where(mean > 0, np.where(pdtr(below, mean) >= u, below, above), 0).astype(np.int64)


def _place(own, counts, seed, number, what):
    """Entries of the cells `own` of a room, `counts` (cells, sources) of them: second, source, identity, by second."""
    counts = np.asarray(counts, dtype=np.intp)
    cell = np.repeat(np.arange(own.start, own.stop), counts.sum(axis=1))
    source = np.repeat(np.tile(np.arange(6, dtype=np.int8), own.stop - own.start), counts.ravel())
    # identity: room, kind of entry, cell in the room, running number in the cell
    _, within = draws.repeated(counts.sum(axis=1))
    room_and_kind = (np.uint64(number) << np.uint64(44)) | (np.uint64(what) << np.uint64(40))
    identity = room_and_kind | ((cell - own.start).astype(np.uint64) << np.uint64(26)) | within.astype(np.uint64)
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


def chat(grid, parameters, seed, sessions, online):
    """Comments of the sessions. Commenting depends on time spent, and changes nothing about it."""
    c, identity, human = parameters.chat, sessions.identity, sessions.what != BOT
    greets = (draws.uniform(seed, "greet", identity) < c.greeting) & human
    talk = np.exp(0.8 * draws.normal(seed, "talk", identity) - 0.32)
    mean = np.where(human, c.comments_per_minute * talk * sessions.watch / 60, 0.0)
    count = draws.poisson(seed, "comments", identity, mean) + greets
    session, number = draws.repeated(count)
    own, stays = identity[session], sessions.watch[session]
    u = draws.uniform(seed, "comment second", own, number)
    hello = (number == 0) & greets[session]
    offset = np.where(hello, np.minimum(2 + u * 13, stays - 1), u * stays).astype(np.int64)
    second = sessions.entered[session] + np.clip(offset, 0, stays - 1)
    topic = _topic(grid, seed, own, number, second, hello)
    is_question = draws.uniform(seed, "question", own, number) < QUESTION_SHARE[topic]
    answered = is_question & (draws.uniform(seed, "answered", own, number) < c.answered)
    # a full room waits longer
    busy = (np.maximum(online[second // 60], 5) / 60) ** 0.25
    wait = np.rint(c.wait_median * busy * np.exp(0.9 * draws.normal(seed, "wait", own, number)))
    wait = np.where(answered, np.minimum(np.maximum(3, wait).astype(np.int32), 1800), -1)
    order = np.lexsort((second, session))
    return Chat(session[order], second[order], topic[order], is_question[order], wait[order])


def _topic(grid, seed, own, number, second, hello):
    """Topic of each comment, as a number: greetings are chat, and a stalled picture is complained about."""
    topic = draws.choice(draws.uniform(seed, "topic", own, number), TOPIC_SHARE)
    topic = np.where(hello & (draws.uniform(seed, "hello", own, number) < 0.8), TOPICS.index("chat"), topic)
    begin = grid.first[room_of(grid, second)] * CELL
    until = grid.stutter[np.minimum(second + 1, len(grid.stutter) - 1)]
    stalled = until - grid.stutter[np.maximum(second - 60, begin)] > 0
    complains = stalled & (draws.uniform(seed, "picture", own, number) < 0.35)
    return np.where(complains, TOPICS.index("picture"), topic).astype(np.int8)


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


def expected_orders(grid, parameters, sessions, wait):
    """Orders to expect of each session up to the constant of its source, shape (sessions,)."""
    until = grid.orders_until()
    exposure = _at(until, sessions.entered + sessions.watch) - _at(until, sessions.entered)
    willing = np.exp(sessions.intent) * MOOD[sessions.source] * _readiness(parameters, sessions.what)
    return willing * exposure * reply_effect(parameters, wait)


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


def clicks(grid, parameters, seed, sessions, wait, scale, slots_of_room, click_until=None):
    """Clicks and which of them end in an order.

    `scale` (sources,) is the constant of each source that sets orders per click;
    `slots_of_room` (rooms + 1,) says which rows of the rundown belong to a room.
    """
    until = grid.clicks_until() if click_until is None else click_until
    s, readiness = sessions, _readiness(parameters, sessions.what)
    low = _at(until, s.entered)
    exposure = _at(until, s.entered + s.watch) - low
    mean = exposure * np.exp(CLICK_SHARE * s.intent) * np.sqrt(readiness)
    session, number = draws.repeated(draws.poisson(seed, "clicks", s.identity, mean))
    own = s.identity[session]
    goal = low[session] + draws.uniform(seed, "click second", own, number) * exposure[session]
    cell = np.clip(np.searchsorted(until, goal, side="right") - 1, 0, len(grid.click) - 1)
    rate = np.maximum(until[cell + 1] - until[cell], 1e-300)
    second = (cell + np.clip((goal - until[cell]) / rate, 0, 1)) * CELL
    second = np.clip(second.astype(np.int64), s.entered[session], (s.entered + s.watch - 1)[session])
    on_slot, slot = _clicked_slot(grid, parameters, seed, own, number, second, slots_of_room)
    order = np.lexsort((number, second, session))
    session, number, second, slot, on_slot, own = (a[order] for a in (session, number, second, slot, on_slot, own))
    factor = scale[s.source] * MOOD[s.source] * np.sqrt(readiness) * np.exp((1 - CLICK_SHARE) * s.intent)
    chance = (factor * reply_effect(parameters, wait))[session] * grid.buy[second // CELL]
    ordered = _ordered(parameters, draws.uniform(seed, "order", own, number), chance, session, len(s))
    return Clicks(session, number, second, slot, slot == on_slot, ordered)


def _clicked_slot(grid, parameters, seed, own, number, second, slots_of_room):
    """Rows of the rundown: the one that is on when a click comes, and the one whose product is clicked."""
    on_slot = grid.slot[second // CELL].astype(np.int64)
    u = draws.uniform(seed, "off table", own, number)
    room = room_of(grid, second)
    first, after = slots_of_room[room], slots_of_room[room + 1]
    other = first + (u / max(parameters.rundown.off_table, 1e-9) * (after - first)).astype(np.int64)
    return on_slot, np.where(u < parameters.rundown.off_table, np.minimum(other, after - 1), on_slot)


def _ordered(parameters, luck, chance, session, sessions):
    """Which clicks end in an order: after a viewer's first, further ones do less often."""
    ordered = luck < np.minimum(chance, 0.9)
    first = np.full(sessions, len(session), dtype=np.int64)
    hits = np.flatnonzero(ordered)
    first[session[hits[::-1]]] = hits[::-1]
    further = hits[hits > first[session[hits]]]
    ordered[further] = luck[further] < np.minimum(chance[further], 0.9) * parameters.rundown.second_order
    return ordered
