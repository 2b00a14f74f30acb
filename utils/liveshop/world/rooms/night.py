"""Live sessions as they happen: who comes into which room, stays, writes, clicks and orders."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from liveshop.world import draws
from liveshop.world import people as persons
from liveshop.world.catalogue import paid_price
from liveshop.world.parameters import SOURCES
from liveshop.world.rooms import sessions as live
from liveshop.world.rooms.grid import Grid


@dataclass
class Night:
    """Everything that happened live, in flat arrays sorted by second on the line of all rooms."""

    grid: Grid
    sessions: live.Sessions
    person: np.ndarray  # of each session
    talk: live.Chat
    wait: np.ndarray  # seconds until each session's first question was answered, -1 for never or none
    clicks: live.Clicks
    # order lines: order, session, number, second, slot, on_table, product, quantity, discount, list_amount,
    # paid_amount, is_paid, line_no, room
    lines: pd.DataFrame
    scale: np.ndarray  # orders per click by source
    online: np.ndarray  # per second

    @property
    def room(self):
        """Room of each session."""
        return live.room_of(self.grid, self.sessions.entered)


def broadcast(plan, grid, parameters, seed, people, scale=None):
    """All live sessions of a plan: a `Night`. `scale` is given for a twin world, and computed otherwise."""
    entered, source, what, identity = _entries(grid, seed, len(plan.rooms))
    room = live.room_of(grid, entered)
    kind = _kinds(parameters, seed, source, what, identity)
    mood = np.where(what == live.CROWD, parameters.giveaway.crowd_hazard, np.where(what == live.BOT, 6.0, 1.0))
    rate = live.leaving_rate(parameters, source, kind)
    luck = draws.exponential(seed, "stay", identity)
    watch, to_end = live.stay(grid, entered, rate, luck, parameters.retention.shape, mood)
    person = _who(plan, parameters, seed, people, room, entered, watch, kind, what, identity)
    sessions = live.Sessions(entered, watch, to_end, source, what, people.kind[person], identity, people.intent[person])
    online = live.online(grid, entered, watch)
    talk = live.chat(grid, parameters, seed, sessions, online)
    wait = live.first_question_wait(talk, len(entered))
    if scale is None:
        scale = _scale(plan, grid, parameters, sessions, wait, room)
    slots = np.searchsorted(plan.rundown.room, np.arange(len(plan.rooms) + 1))
    clicked = live.clicks(grid, parameters, seed, sessions, wait, scale, slots)
    lines = _order_lines(plan, parameters, seed, sessions, people.number[person], clicked, slots, room)
    return Night(grid, sessions, person, talk, wait, clicked, lines, scale, online)


def _entries(grid, seed, rooms):
    """All entries in order of time: second, source, what they are (ordinary, crowd, bot), identity."""
    kinds = (live.ORDINARY, live.CROWD, live.BOT)
    parts = [live.ordinary_entries(grid, seed, range(rooms))]
    parts += [live.extra_entries(grid, seed, range(rooms), kind) for kind in kinds[1:]]
    entered, source, identity = (np.concatenate(a) for a in zip(*parts, strict=True))
    what = np.repeat(np.array(kinds, dtype=np.int8), [len(part[0]) for part in parts])
    order = np.lexsort((identity, entered))
    return entered[order], source[order], what[order], identity[order]


def _kinds(parameters, seed, source, what, identity):
    """Kind of person behind each session: stranger, customer, fan, both."""
    shares = persons.kinds_by_source(parameters)[source]
    shares = np.where((what == live.CROWD)[:, None], [0.93, 0.03, 0.02, 0.02], shares)
    shares = np.where((what == live.BOT)[:, None], [1.0, 0, 0, 0], shares)
    return draws.choice(draws.uniform(seed, "kind", identity), shares)


def _who(plan, parameters, seed, people, room, entered, watch, kind, what, identity):
    """Person behind each session; nobody is in the same room twice at the same time."""
    channel = plan.rooms.channel.to_numpy()[room]
    away = draws.uniform(seed, "away", identity) < 0.05
    elsewhere = (draws.uniform(seed, "elsewhere", identity) * 5).astype(np.int8)
    home = np.where(away, elsewhere, channel)
    person = people.pick(draws.uniform(seed, "person", identity), home, kind)
    leaves = entered + watch
    person = _some_come_back(parameters, seed, person, room, entered, leaves, kind, what, identity)
    return _nobody_twice(seed, people, person, room, entered, leaves, kind, home, identity)


def _some_come_back(parameters, seed, person, room, entered, leaves, kind, what, identity):
    """Some ordinary sessions are of a person who was in the room earlier that night."""
    person = person.copy()
    ordinary = np.flatnonzero(what == live.ORDINARY)
    first = np.searchsorted(room[ordinary], room[ordinary])
    position = np.arange(len(ordinary))
    wants = draws.uniform(seed, "again", identity[ordinary]) < parameters.audience.reentry * 1.25
    for attempt in range(6):
        i = np.flatnonzero(wants & (position > first))
        u = draws.uniform(seed, "whom", identity[ordinary[i]], np.full(len(i), attempt))
        j = first[i] + (u * (i - first[i])).astype(np.int64)
        a, b = ordinary[i], ordinary[j]
        fits = (kind[a] == kind[b]) & (leaves[b] + 20 < entered[a])
        person[a[fits]] = person[b[fits]]
        wants[i[fits]] = False
    return person


def _nobody_twice(seed, people, person, room, entered, leaves, kind, home, identity):
    """Another person wherever one would be in a room twice at once.

    Sessions are sorted by second: within a pair of room and person they keep that order. After the first round only
    the pairs that a change touched, the old and the new, can clash.
    """
    person = person.copy()
    suspects = np.arange(len(person))
    pair = room * np.int64(len(people)) + person
    for attempt in range(60):
        order = suspects[np.argsort(pair[suspects], kind="stable")]
        a, b = order[:-1], order[1:]
        clash = b[(pair[a] == pair[b]) & (leaves[a] > entered[b])]
        if not clash.size:
            return person
        again = draws.uniform(seed, "another", identity[clash], np.full(len(clash), attempt))
        # a small pool of regulars may be in the room already: then it was somebody else
        new_kind = kind[clash]
        touched = pair[clash]  # the old pairs, and below the new
        person[clash] = people.pick(again, home[clash], new_kind if attempt < 10 else np.zeros_like(new_kind))
        pair[clash] = room[clash] * np.int64(len(people)) + person[clash]
        touched = np.sort(np.concatenate([touched, pair[clash]]))
        suspects = np.flatnonzero(touched[np.minimum(np.searchsorted(touched, pair), len(touched) - 1)] == pair)
    raise RuntimeError(
        "The population is too small for its rooms: the same person would have to be in a room twice at once"
    )


def _scale(plan, grid, parameters, sessions, wait, room):
    """Orders per click by source such that the live conversion is `lift` times that of the same people on the shelf."""
    source = sessions.source
    relative = live.expected_orders(grid, parameters, sessions, wait)
    festive = np.where(plan.rooms.is_festival.to_numpy(), parameters.festival.orders, 1.0)[room]
    shelf = np.bincount(source, persons.shelf_conversion(parameters, sessions.intent, source, festive), 6)
    goal = lifts(parameters, shelf) * shelf
    scale = np.zeros(6)
    for s in np.flatnonzero(goal > 0):
        own = relative[source == s]
        if goal[s] >= 0.95 * (own > 0).sum():
            raise ValueError(
                "The live lift is so large that nearly every viewer would have to buy; lower live.lift or "
                "shelf.conversion"
            )
        low, high = 0.0, goal[s] / own.sum()
        while (1 - np.exp(-high * own)).sum() < goal[s]:
            low, high = high, 2 * high
        for _ in range(30):
            middle = (low + high) / 2
            low, high = (middle, high) if (1 - np.exp(-middle * own)).sum() < goal[s] else (low, middle)
        scale[s] = (low + high) / 2
    return scale


def lifts(parameters, shelf):
    """Live lift of each source, shape (6,).

    Weighted by `shelf`, the orders expected on the shelf, they average live.lift.
    """
    advantage = np.array([getattr(parameters.live, f"advantage_{s}") for s in SOURCES])
    average = (advantage * shelf).sum() / max(shelf.sum(), 1e-300)
    return np.maximum(1 + (parameters.live.lift - 1) * advantage / max(average, 1e-300), 0)


def first_lines(plan, parameters, seed, sessions, number_of, clicked):
    """The line of each order for the product that was clicked: session, number, second, slot, quantity, discount …"""
    bought = np.flatnonzero(clicked.ordered)
    session, number = clicked.session[bought], clicked.number[bought]
    own = sessions.identity[session]
    pause = 4 + 22 * draws.exponential(seed, "checkout", own, number)
    last = sessions.entered[session] + sessions.watch[session] - 1
    slot, on_table = clicked.slot[bought], clicked.on_table[bought]
    order = own * np.uint64(31) + number.astype(np.uint64)
    quantity = 1 + draws.poisson(seed, "quantity", order, persons.extra_items(seed, number_of[session]), most=24)
    bundle = on_table & (plan.rundown.offer.to_numpy(dtype=object)[slot] == "bundle")
    return pd.DataFrame(
        {
            "session": session,
            "number": number,
            "second": np.minimum(clicked.second[bought] + pause.astype(np.int64), last),
            "slot": slot,
            "on_table": on_table,
            "quantity": np.where(bundle, np.maximum(quantity, 2), quantity),
            "discount": np.where(on_table, plan.rundown.discount.to_numpy()[slot], 0.05),
            "is_paid": draws.uniform(seed, "pays", own, number) >= parameters.refund.unpaid,
            "line_no": 1,
        }
    )


def with_amounts(plan, lines):
    """Order lines with their product and the money before and after the discount, CNY."""
    product = plan.rundown["product"].to_numpy()[lines.slot]
    price = plan.products.list_price.to_numpy()[product]
    paid = lines.quantity * paid_price(price, lines.discount)
    return lines.assign(product=product, list_amount=lines.quantity * price, paid_amount=paid)


def _order_lines(plan, parameters, seed, sessions, number_of, clicked, slots, room):
    """All order lines; one order in eight carries a second product from the night's list."""
    main = first_lines(plan, parameters, seed, sessions, number_of, clicked)
    own, number = sessions.identity[main.session], main.number.to_numpy()
    more = np.flatnonzero(draws.uniform(seed, "second line", own, number) < 0.12)
    side = main.iloc[more].copy()
    r = room[side.session]
    u = draws.uniform(seed, "side product", own[more], number[more])
    side["slot"] = slots[r] + (u * (slots[r + 1] - slots[r])).astype(np.int64)
    product = plan.rundown["product"].to_numpy()
    side = side[product[side.slot] != product[main.slot.to_numpy()[more]]]
    side["on_table"], side["quantity"], side["discount"], side["line_no"] = False, 1, 0.05, 2
    order = ["second", "session", "number", "line_no"]
    lines = with_amounts(plan, pd.concat([main, side]).sort_values(order, kind="stable", ignore_index=True))
    lines["room"] = room[lines.session]
    lines["order"] = lines.groupby(["session", "number"], sort=False).ngroup()
    return lines
