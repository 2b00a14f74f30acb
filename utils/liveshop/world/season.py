"""The whole season: live sessions, shelf visits, orders, refunds, posts, and the tables made of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from liveshop.world.rooms import record as aftermath, sessions as live
from liveshop.world import catalogue, draws, people as persons
from liveshop.world.shop import social as social_half
from liveshop.world.rooms import plan as planning
from liveshop.world.rooms.chat import texts
from liveshop.world.parameters import SOURCES, Parameters
from liveshop.world.rooms.plan import CELL

SEED = 109


@dataclass
class Night:
    """Everything that happened live, in flat arrays sorted by second on the line of all rooms."""

    grid: planning.Grid
    entered: np.ndarray
    watch: np.ndarray
    to_end: np.ndarray
    source: np.ndarray
    what: np.ndarray
    identity: np.ndarray
    person: np.ndarray
    talk: live.Chat
    wait: np.ndarray
    clicks: live.Clicks
    lines: (
        pd.DataFrame
    )  # order lines: order, session, second, product, slot, on_table, quantity, list_amount, paid_amount, is_paid
    scale: np.ndarray
    online: np.ndarray  # per second

    @property
    def room(self):
        return live.room_of(self.grid, self.entered)


def simulate(parameters=None, seed=SEED, rooms=230, size=1.0, truth=False, social=True):
    """Simulate the season.

    parameters: `Parameters` or a dict of changes such as {"giveaway.anchor": 0}
    rooms, size: number of broadcasts, and scale of the audience (small worlds for tests)
    truth: also run the twin worlds and return them under the key "truth" (a dict)
    social: also grow the social half (members and their orders, ties, trials, service); the live tables are the same without it
    Returns {table name: DataFrame} with the columns of the contract.
    """
    parameters = parameters if isinstance(parameters, Parameters) else Parameters().but(parameters or {})
    if rooms < 1 or not size > 0:
        raise ValueError(f"A world needs at least one room and a positive size, not rooms={rooms} and size={size}")
    plan = planning.season(parameters, seed, rooms, size)
    grid = planning.grid(plan, parameters, seed)
    people = persons.population(parameters, seed, grid.entries.sum() * CELL / 60)
    night = broadcast(plan, grid, parameters, seed, people)
    tables = aftermath.tables(plan, night, parameters, seed, people)
    known = None
    if truth:
        from liveshop.world.truths.rooms import truths

        known = truths(plan, night, parameters, seed, people, tables)
    facts = {}
    if social:
        tables, facts = social_half.grow(plan, night, parameters, seed, people, tables, rooms / 230 * size, truth)
    if truth:
        known["derived"].update(facts)
        tables["truth"] = known
    return tables


def broadcast(plan, grid, parameters, seed, people, scale=None):
    """All live sessions of a plan. `scale` is given for a twin world, and computed otherwise."""
    rooms = range(len(plan.rooms))
    parts = [live.ordinary_entries(grid, seed, rooms)]
    what = [np.zeros(len(parts[0][0]), dtype=np.int8)]
    for kind in (live.CROWD, live.BOT):
        parts.append(live.extra_entries(grid, seed, rooms, kind))
        what.append(np.full(len(parts[-1][0]), kind, dtype=np.int8))
    entered, source, identity = (np.concatenate(a) for a in zip(*parts))
    what = np.concatenate(what)
    order = np.lexsort((identity, entered))
    entered, source, identity, what = entered[order], source[order], identity[order], what[order]
    room = live.room_of(grid, entered)

    kinds = persons.kinds_by_source(parameters)[source]
    kinds = np.where((what == live.CROWD)[:, None], [0.93, 0.03, 0.02, 0.02], kinds)
    kinds = np.where((what == live.BOT)[:, None], [1.0, 0, 0, 0], kinds)
    kind = draws.choice(draws.uniform(seed, "kind", identity), kinds)
    luck = draws.exponential(seed, "stay", identity)
    mood = np.where(what == live.CROWD, parameters.giveaway.crowd_hazard, np.where(what == live.BOT, 6.0, 1.0))
    watch, to_end = live.stay(
        grid, entered, live.leaving_rate(parameters, source, kind), luck, parameters.retention.shape, mood
    )
    person = _who(plan, parameters, seed, people, room, entered, watch, kind, what, identity)

    seconds = len(grid.stutter) - 1
    change = np.bincount(entered, minlength=seconds + 1) - np.bincount(entered + watch, minlength=seconds + 1)
    online = np.cumsum(change)[:seconds]
    talk = live.chat(grid, parameters, seed, entered, watch, identity, what, online)
    wait = live.first_question_wait(talk, len(entered))
    intent = people.intent[person]
    if scale is None:
        scale = _scale(plan, grid, parameters, entered, watch, intent, source, what, wait, room)
    edges = np.searchsorted(plan.rundown.room, np.arange(len(plan.rooms) + 1))
    clicked = live.clicks(grid, parameters, seed, entered, watch, intent, source, what, wait, identity, scale, edges)
    lines = _order_lines(plan, parameters, seed, entered, watch, identity, people.number[person], clicked, edges, room)
    return Night(
        grid, entered, watch, to_end, source, what, identity, person, talk, wait, clicked, lines, scale, online
    )


def _who(plan, parameters, seed, people, room, entered, watch, kind, what, identity):
    """Person behind each session; nobody is in the same room twice at the same time."""
    channel = plan.rooms.channel.to_numpy()[room]
    away = draws.uniform(seed, "away", identity) < 0.05
    elsewhere = (draws.uniform(seed, "elsewhere", identity) * 5).astype(np.int8)
    home = np.where(away, elsewhere, channel)
    person = people.pick(draws.uniform(seed, "person", identity), home, kind)
    leaves = entered + watch
    # some come back to a room they were in earlier that night
    ordinary = np.flatnonzero(what == live.ORDINARY)
    own_room, first = room[ordinary], np.searchsorted(room[ordinary], room[ordinary])
    position = np.arange(len(ordinary))
    wants = draws.uniform(seed, "again", identity[ordinary]) < parameters.audience.reentry * 1.25
    for attempt in range(6):
        i = np.flatnonzero(wants & (position > first))
        j = first[i] + (
            draws.uniform(seed, "whom", identity[ordinary[i]], np.full(len(i), attempt)) * (i - first[i])
        ).astype(np.int64)
        a, b = ordinary[i], ordinary[j]
        fits = (kind[a] == kind[b]) & (leaves[b] + 20 < entered[a])
        person[a[fits]] = person[b[fits]]
        wants[i[fits]] = False
    # Sessions are sorted by second: within a pair of room and person they keep that order. After the first round only
    # the pairs that a change touched, the old and the new, can clash.
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


def _scale(plan, grid, parameters, entered, watch, intent, source, what, wait, room):
    """Orders per click by source such that the live conversion is `lift` times that of the same people on the shelf."""
    relative = live.expected_orders(grid, entered, watch, intent, source, what, wait, parameters)
    festive = np.where(plan.rooms.is_festival.to_numpy(), parameters.festival.orders, 1.0)
    shelf = 1 - np.exp(-parameters.shelf.conversion * np.exp(intent) * persons.MOOD[source] * festive[room])
    shelf = np.bincount(source, shelf, 6)
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
    """Live lift of each source, shape (6,); weighted by `shelf`, the orders expected on the shelf, they average live.lift."""
    advantage = np.array([getattr(parameters.live, f"advantage_{s}") for s in SOURCES])
    average = (advantage * shelf).sum() / max(shelf.sum(), 1e-300)
    return np.maximum(1 + (parameters.live.lift - 1) * advantage / max(average, 1e-300), 0)


def paid_price(list_price, discount):
    """Price paid for one item, to half a yuan."""
    return np.round(list_price * (1 - discount) * 2) / 2


def _order_lines(plan, parameters, seed, entered, watch, identity, number_of, clicked, edges, room):
    rundown, products = plan.rundown, plan.products
    bought = np.flatnonzero(clicked.ordered)
    session, number = clicked.session[bought], clicked.number[bought]
    own = identity[session]
    pause = 4 + 22 * draws.exponential(seed, "checkout", own, number)
    second = np.minimum(clicked.second[bought] + pause.astype(np.int64), entered[session] + watch[session] - 1)
    slot = clicked.slot[bought]
    on_table = clicked.on_table[bought]
    offer = rundown.offer.to_numpy(dtype=object)[slot]
    quantity = 1 + draws.poisson(
        seed,
        "quantity",
        own * np.uint64(31) + number.astype(np.uint64),
        persons.extra_items(seed, number_of[session]),
        most=24,
    )
    quantity = np.where(on_table & (offer == "bundle"), np.maximum(quantity, 2), quantity)
    discount = np.where(on_table, rundown.discount.to_numpy()[slot], 0.05)
    is_paid = draws.uniform(seed, "pays", own, number) >= parameters.refund.unpaid
    main = pd.DataFrame(
        {
            "session": session,
            "number": number,
            "second": second,
            "slot": slot,
            "on_table": on_table,
            "quantity": quantity,
            "discount": discount,
            "is_paid": is_paid,
            "line_no": 1,
        }
    )
    # one order in eight carries a second product from the night's list
    more = np.flatnonzero(draws.uniform(seed, "second line", own, number) < 0.12)
    side = main.iloc[more].copy()
    r = room[side.session]
    u = draws.uniform(seed, "side product", own[more], number[more])
    side["slot"] = edges[r] + (u * (edges[r + 1] - edges[r])).astype(np.int64)
    product = rundown["product"].to_numpy()
    side = side[product[side.slot] != product[main.slot.to_numpy()[more]]]
    side["on_table"], side["quantity"], side["discount"], side["line_no"] = False, 1, 0.05, 2
    lines = pd.concat([main, side]).sort_values(
        ["second", "session", "number", "line_no"], kind="stable", ignore_index=True
    )
    lines["product"] = product[lines.slot]
    price = products.list_price.to_numpy()[lines["product"]]
    lines["list_amount"] = lines.quantity * price
    lines["paid_amount"] = lines.quantity * paid_price(price, lines.discount)
    lines["room"] = room[lines.session]
    lines["order"] = lines.groupby(["session", "number"], sort=False).ngroup()
    return lines


def write(out="data", parameters=None, seed=SEED, rooms=230, size=1.0):
    """Write all tables of the season, the truth and the dirty exports to a folder; returns the tables."""
    from liveshop.world import raw, storage

    out = Path(out)
    tables = simulate(parameters, seed, rooms, size, truth=True)
    truth = tables.pop("truth")
    out.mkdir(parents=True, exist_ok=True)
    for name, frame in tables.items():
        storage.write_table(frame, name, out)
    text = json.dumps(truth, ensure_ascii=False, indent=1) + "\n"
    storage.write_text(out / "truth.json", text)
    raw.write(tables, out / "raw", seed)
    return tables
