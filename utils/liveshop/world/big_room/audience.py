"""The room and its audience: when viewers come, from where, how long they stay."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from liveshop.world import draws
from liveshop.world import people as persons
from liveshop.world.parameters import Parameters
from liveshop.world.rooms import plan as planning
from liveshop.world.rooms import sessions as live
from liveshop.world.rooms.grid import Grid, grid
from liveshop.world.rooms.night import lifts
from liveshop.world.rooms.plan import CELL

PILOT = 60_000  # viewers


@dataclass
class Room:
    """A planned broadcast and what is expected of it before anybody comes."""

    plan: planning.Plan
    grid: Grid
    parameters: Parameters
    seed: int
    share: np.ndarray  # expected share of the entries that fall into each cell
    edges: np.ndarray  # cumulative shares of the sources in each cell
    crowd: np.ndarray  # share of the entries of a cell and source that a giveaway drew
    viewers: int
    kinds: np.ndarray
    clicks_until: np.ndarray
    online: np.ndarray | None = None  # expected persons in the room by second
    scale: np.ndarray | None = None  # orders per click by source


def prepare(viewers, minutes, parameters, seed):
    """The room. A small pilot audience tells how full it will be, and sets orders per click."""
    plan = planning.season(parameters, seed, rooms=1, minutes=minutes)
    ground = grid(plan, parameters, seed)
    rate = ground.entries.sum(axis=1) + ground.crowd
    split, drawn = ground.entries.copy(), np.zeros((len(rate), 6))
    for source, part in ((live.FEED, 0.6), (live.SHARE, 0.4)):
        split[:, source] += part * ground.crowd
        drawn[:, source] = part * ground.crowd / split[:, source]
    edges = np.cumsum(split, axis=1) / split.sum(axis=1, keepdims=True)
    kinds, until = persons.kinds_by_source(parameters), ground.clicks_until()
    room = Room(plan, ground, parameters, seed, rate / rate.sum(), edges[:, :-1], drawn, viewers, kinds, until)
    pilot = enter(room, 0, len(rate), draws.generator(seed, "pilot").multinomial(PILOT, room.share), 2**41)
    room.online = live.online(ground, pilot.entered, pilot.watch) * (viewers / PILOT)
    relative = live.expected_orders(ground, parameters, pilot, np.full(PILOT, -1))
    relative = np.bincount(pilot.source, relative, 6)
    festive = parameters.festival.orders if plan.rooms.is_festival[0] else 1.0
    shelf = parameters.shelf.conversion * np.exp(pilot.intent) * persons.MOOD[pilot.source] * festive
    shelf = np.bincount(pilot.source, shelf, 6)
    room.scale = lifts(parameters, shelf) * shelf / np.maximum(relative, 1e-300)
    return room


def enter(room, a, b, per_cell, first):
    """Stays of the viewers who enter in the cells a..b, sorted by second. `first` numbers the viewers."""
    seed, p = room.seed, room.parameters
    cell = np.repeat(np.arange(a, b), per_cell)
    random = draws.generator(seed, "chunk", first)
    entered = np.sort((cell * CELL + random.integers(0, CELL, len(cell))).astype(np.int32)).astype(np.int64)
    identity = np.arange(first, first + len(cell), dtype=np.uint64)
    u = random.random(len(cell))
    source = np.zeros(len(cell), dtype=np.int8)
    for k in range(5):
        source += u > room.edges[cell, k]
    what = np.zeros(len(cell), dtype=np.int8)
    drawn = room.crowd[a:b].any()
    if drawn:
        what[random.random(len(cell)) < room.crowd[cell, source]] = live.CROWD
    u = draws.uniform(seed, "kind", identity)
    kind = np.zeros(len(cell), dtype=np.int8)
    limits = np.cumsum(room.kinds, axis=1)
    for k in range(3):
        kind += u > limits[source, k]
    rate = live.leaving_rate(p, source, kind)
    if drawn:
        rate = np.where(what == live.CROWD, rate * p.giveaway.crowd_hazard, rate)
    luck = draws.exponential(seed, "stay", identity)
    watch, to_end = live.stay(room.grid, entered, rate, luck, p.retention.shape)
    spread = p.audience.intent_spread
    intent = spread * draws.normal(seed, "intent", identity) - spread**2 / 2 + persons.kind_intent(p)[kind]
    return live.Sessions(entered, watch, to_end, source, what, kind, identity, intent)
