"""What the viewers meet in every half minute of all rooms: how fast they come, leave, click and buy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from liveshop.world import calendar, catalogue
from liveshop.world.draws import generator
from liveshop.world.parameters import SOURCES
from liveshop.world.rooms.plan import CELL

PER_MINUTE = 60 // CELL  # cells in a minute
TIME_ORDERS = np.array([0.88, 0.92, 1.10, 1.05])
ROLE_CLICKS = np.array([1.20, 1.30, 0.85, 0.60])
# Clicks by minute of a slot: the product is introduced first, the countdown comes last.
SLOT_START = np.array([0.45, 0.80])
SLOT_MIDDLE, SLOT_COUNTDOWN = 1.05, 1.30
FEED, FOLLOW, PAID = (SOURCES.index(name) for name in ("feed", "follow", "paid"))


@dataclass
class Grid:
    """What viewers meet in every cell (half minute) of all rooms, laid end to end.

    Cell arrays have shape (cells,), `entries` (cells, sources), per minute.
    """

    first: np.ndarray  # first cell of each room, and the end: (rooms + 1,)
    hazard: np.ndarray
    click: np.ndarray  # clicks per viewer second of an average person
    buy: np.ndarray  # relative orders per click
    slot: np.ndarray  # row of the rundown that is on
    entries: np.ndarray
    crowd: np.ndarray  # extra entries per minute drawn by giveaways
    bots: np.ndarray  # bot entries per minute
    stutter: np.ndarray  # stalled seconds up to each second, all rooms: (seconds + 1,)

    @property
    def begins(self):
        """First second of each room on the line of all rooms, shape (rooms,)."""
        return self.first[:-1] * CELL

    def clicks_until(self):
        """Clicks of an average person in the room throughout, up to each cell: (cells + 1,)."""
        return _cumulate(self.click)

    def orders_until(self):
        """Relative orders of such a person up to each cell: (cells + 1,)."""
        return _cumulate(self.click * self.buy)


def _cumulate(rate):
    return np.concatenate([[0.0], np.cumsum(rate * CELL)])


def grid(plan, parameters, seed):
    """The grid of a plan."""
    at = _lay_out(plan)
    click = _clicks(plan, parameters, at)
    anchored, crowd_on = _giveaways(plan, parameters, at)
    buy = _orders_per_click(plan, parameters, at) * np.where(anchored, 1 - min(parameters.giveaway.anchor, 1.0), 1.0)
    stalled, stutter = _stalls(plan, at)
    hazard = _leaving(plan, parameters, at) * np.where(stalled, parameters.stutter.hazard, 1.0)
    entries = _entries(plan, parameters, seed, at)
    organic = entries.sum(axis=1)
    crowd = parameters.giveaway.entry_lift * organic * crowd_on
    click, buy, hazard, bots = _with_mishaps(plan, parameters, at, organic, click, buy, hazard)
    return Grid(at.first, hazard, click, buy, at.slot, entries, crowd, bots, stutter)


@dataclass(frozen=True)
class _Cells:
    """Where every cell lies: its room, its slot, and how far both have got."""

    first: np.ndarray  # as in Grid
    room: np.ndarray
    cell: np.ndarray  # number in the room
    slot: np.ndarray  # row of the rundown
    in_slot: np.ndarray  # cells since the slot began
    left: np.ndarray  # cells until the slot ends, with this one

    def __len__(self):
        return len(self.room)


def _lay_out(plan):
    rundown = plan.rundown
    cells = plan.rooms.minutes.to_numpy(np.intp) * PER_MINUTE
    first = np.concatenate([[0], np.cumsum(cells)])
    room = np.repeat(np.arange(len(plan.rooms)), cells)
    slot = np.repeat(np.arange(len(rundown)), rundown.minutes.to_numpy(np.intp) * PER_MINUTE)
    begins = first[rundown.room.to_numpy()] + rundown.start_minute.to_numpy() * PER_MINUTE
    place = np.arange(len(room))
    in_slot = place - begins[slot]
    left = rundown.minutes.to_numpy()[slot] * PER_MINUTE - in_slot
    return _Cells(first, room, place - first[room], slot, in_slot, left)


def _clicks(plan, parameters, at):
    """Clicks per viewer second: appeal of the product, role, moment of the slot, fatigue, channel."""
    rundown, role = plan.rundown, plan.rundown.role.to_numpy()
    earlier = rundown.groupby(["room", "product"]).cumcount().to_numpy()
    changed = np.concatenate([[True], (np.diff(rundown.room.to_numpy()) != 0) | (np.diff(role) != 0)])
    place = np.arange(len(rundown))
    same_role = place - np.maximum.accumulate(np.where(changed, place, 0))  # slots of the same role just before
    of_slot = (
        plan.products.true_appeal.to_numpy()[rundown["product"]]
        * ROLE_CLICKS[role]
        * parameters.rundown.role_fatigue**same_role
        * parameters.rundown.repeat_fatigue**earlier
        * np.where(rundown.activity == "giveaway", parameters.giveaway.attention, 1.0)
    )
    minute = at.in_slot // PER_MINUTE
    starting = SLOT_START[np.minimum(minute, len(SLOT_START) - 1)]
    moment = np.where(minute < len(SLOT_START), starting, SLOT_MIDDLE)
    moment = np.where((at.left <= 2 * PER_MINUTE) & (minute >= 2), SLOT_COUNTDOWN, moment)
    of_channel = catalogue.CHANNELS.clicks.to_numpy()[plan.rooms.channel]
    return parameters.audience.clicks_per_minute / 60 * of_slot[at.slot] * moment * of_channel[at.room]


def _orders_per_click(plan, parameters, at):
    """Relative orders per click: host, form of the night, festival, time, scene, price and offer."""
    p, rooms, rundown, hosts = parameters, plan.rooms, plan.rundown, plan.hosts
    learned = hosts.learning.to_numpy()[rooms.host] * np.log(np.minimum(rooms.nth.to_numpy(), 20) / 20)
    of_room = np.exp(hosts.skill.to_numpy()[rooms.host] + learned + rooms.form.to_numpy())
    of_room = of_room * np.where(rooms.is_festival, p.festival.orders, 1.0) * TIME_ORDERS[rooms.time]
    scenes = {"studio": 1.0, "outdoor": p.scene.outdoor_orders, "factory": p.scene.factory_orders}
    of_room = of_room * rooms.scene.map(scenes).to_numpy()
    price = plan.products.list_price.to_numpy()[rundown["product"]] * (1 - rundown.discount.to_numpy())
    offers = {"none": 1.0, "discount": 1.0, "bundle": p.rundown.bundle_orders, "gift": p.rundown.gift_orders}
    of_slot = (
        np.exp(p.rundown.discount_lift * np.where(rundown.offer == "discount", rundown.discount, 0.0))
        * (price / 150) ** -p.rundown.price_elasticity
        * rundown.offer.map(offers).to_numpy()
    )
    return of_room[at.room] * of_slot[at.slot]


def _giveaways(plan, parameters, at):
    """Cells after the first giveaway of a room, and cells (1 or 0) in which a giveaway draws a crowd."""
    anchored, crowd_on = np.zeros(len(at), dtype=bool), np.zeros(len(at))
    after = int(round(parameters.giveaway.after_minutes))
    for g in plan.rundown[plan.rundown.activity == "giveaway"].itertuples():
        begin, end = at.first[g.room] + g.start_minute * PER_MINUTE, at.first[g.room + 1]
        anchored[begin:end] = True
        crowd_on[begin : min(begin + (g.minutes + after) * PER_MINUTE, end)] = 1.0
    return anchored, crowd_on


def _leaving(plan, parameters, at):
    """Hazard ratio of leaving: role, scene, quizzes, prompts."""
    p = parameters
    of_role = [getattr(p.rundown, f"{role}_hazard") for role in catalogue.ROLES]
    hazard = np.array(of_role)[plan.rundown.role.to_numpy()][at.slot]
    scenes = {"studio": 1.0, "outdoor": p.scene.outdoor_hazard, "factory": p.scene.factory_hazard}
    hazard = hazard * plan.rooms.scene.map(scenes).to_numpy()[at.room]
    hazard = hazard * np.where(plan.rundown.activity.to_numpy(dtype=object)[at.slot] == "quiz", 0.95, 1.0)
    for room, part in plan.prompts[plan.prompts.spoken].groupby("room"):
        own = slice(at.first[room], at.first[room + 1])
        seconds = at.cell[own] * CELL + CELL / 2
        hazard[own] *= np.exp(prompt_log_hazard(p, seconds, part.at_second.to_numpy()))
    return hazard


def prompt_log_hazard(parameters, seconds, spoken_at):
    """Log hazard that prompts at `spoken_at` (seconds) add at each of `seconds`, shape of `seconds`."""
    if not len(spoken_at):
        return np.zeros(len(seconds))
    p, spoken_at = parameters.prompt, np.sort(np.asarray(spoken_at))
    until = np.searchsorted(spoken_at, seconds, side="right")
    since = np.where(until > 0, seconds - spoken_at[np.maximum(until - 1, 0)], np.inf) / 60
    with np.errstate(divide="ignore"):
        effect = np.log(max(p.hazard, 1e-9)) * np.clip(1 - since / max(p.minutes, 1e-9), 0, None)
    recent = until - np.searchsorted(spoken_at, seconds - 600, side="right")
    return effect + p.fatigue * np.maximum(recent - 2, 0)


def _stalls(plan, at):
    """Cells in a minute with a stall or the one after it, and the stalled seconds up to each second."""
    stalled = np.zeros(len(at), dtype=bool)
    seconds = np.zeros(len(at) * CELL, dtype=np.int8)
    for s in plan.stutter.itertuples():
        cell = at.first[s.room] + s.minute * PER_MINUTE
        stalled[cell : min(cell + 2 * PER_MINUTE, at.first[s.room + 1])] = True
        begin = cell * CELL + (s.seconds * 7 + s.minute * 13) % (61 - s.seconds)
        seconds[begin : begin + s.seconds] = 1
    return stalled, np.concatenate([[0], np.cumsum(seconds, dtype=np.int64)])


def _entries(plan, parameters, seed, at):
    """Entries per minute by source: length of the night, hour, role of the last minutes, waves of the feed."""
    p, rooms = parameters, plan.rooms
    minute = at.cell / PER_MINUTE
    whole = rooms.minutes.to_numpy()[at.room]
    ramp = np.minimum(1.0, 0.72 + 0.028 * minute) * np.minimum(1.0, 0.55 + 0.03 * (whole - minute))
    clock = (rooms.started.dt.hour * 60 + rooms.started.dt.minute).to_numpy()[at.room] + minute
    middle = (rooms.started.dt.hour + rooms.started.dt.minute / 60 + rooms.minutes / 120).to_numpy()
    hour = calendar.awake(clock / 60) / calendar.awake(middle)[at.room]
    role_now, wave = _role_and_wave(plan, parameters, seed, at)
    base = rooms.entries.to_numpy()[at.room] * ramp * hour * role_now * wave
    mix = catalogue.SOURCE_MIX[rooms.channel.to_numpy()][at.room]
    entries = np.zeros((len(at), len(SOURCES)))
    for k, source in enumerate(catalogue.MIX_SOURCES):
        entries[:, SOURCES.index(source)] = base * mix[:, k]
    bell = np.where(minute < 10, 2.2 - 0.12 * minute, 1.0) * 0.93  # followers are told when the broadcast begins
    followers = entries[:, FOLLOW] / role_now * bell
    # a room without self-selection draws no more followers than the shelf page does: the feed sends others instead
    c = p.audience.choosiness
    entries[:, FOLLOW] = followers * (c + 0.06 * (1 - c))
    entries[:, FEED] = np.maximum(entries[:, FEED] + 0.94 * (1 - c) * followers, 0)
    paid = rooms.promotion_spend.to_numpy() / max(p.audience.paid_entry_cost, 1e-9) / (0.8 * rooms.minutes.to_numpy())
    entries[:, PAID] = np.where((minute > 0.05 * whole) & (minute <= 0.85 * whole), paid[at.room], 0.0)
    return entries


def _role_and_wave(plan, parameters, seed, at):
    """Pull of the roles shown until now, which the feed follows with a delay, and its waves, per cell."""
    p = parameters
    of_role = np.array([getattr(p.rundown, f"{role}_entries") for role in catalogue.ROLES])
    pull = of_role[plan.rundown.role.to_numpy()][at.slot]
    keep = np.exp(-1 / (p.rundown.entry_delay * PER_MINUTE)) if p.rundown.entry_delay > 0 else 0.0
    last = np.exp(-1 / (5 * PER_MINUTE))
    role_now, waves = np.ones(len(at)), np.zeros(len(at))
    for i in range(len(plan.rooms)):
        own = slice(at.first[i], at.first[i + 1])
        role_now[own] = _carried_on((1 - keep) * (pull[own] - 1), keep) + 1
        noise = generator(seed, "waves", i).normal(size=own.stop - own.start)
        waves[own] = _carried_on(np.sqrt(1 - last**2) * noise, last, last * generator(seed, "wave", i).normal())
    spread = p.audience.wave_spread
    return role_now, np.exp(spread * waves - spread**2 / 2)


def _carried_on(new, keep, before=0.0):
    """Each value is what is new plus the share `keep` of the one before; `before` comes with the first."""
    values = []
    for x in new.tolist():
        value = x + before
        values.append(value)
        before = keep * value
    return np.array(values)


def _with_mishaps(plan, parameters, at, organic, click, buy, hazard):
    """Clicks, orders per click and hazard with the abnormal minutes in them, and the entries of bots."""
    p = parameters.anomaly
    click, buy, hazard, bots = click.copy(), buy.copy(), hazard.copy(), np.zeros(len(at))
    for a in plan.anomalies.itertuples():
        begin = at.first[a.room] + a.minute * PER_MINUTE
        own = slice(begin, begin + PER_MINUTE)
        if a.kind == "broken_link":
            buy[own] *= 1 - min(p.order_loss, 1.0)
            click[own] *= 1.10  # people try again
        elif a.kind == "bot_flood":
            bots[own] = p.flood * organic[own].mean() + 2
        elif a.kind == "host_absent":
            click[own] *= p.absence
            hazard[own] *= 1.35
    return click, buy, hazard, bots
