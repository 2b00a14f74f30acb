"""The planned season: which broadcast runs when, by whom, with which rundown, prompts and mishaps.

Everything here is decided before a viewer comes in; `grid` turns it into what the viewers meet in every half minute.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from liveshop.world import catalogue
from liveshop.world.draws import generator
from liveshop.world.rooms.broadcasts import broadcasts

CELL = 30  # seconds in a cell of the grid
ACTIVITIES = ("none", "giveaway", "quiz", "story")
TRAFFIC, HERO, PROFIT, IMAGE = range(4)
HABIT = (TRAFFIC, HERO, PROFIT, TRAFFIC, HERO, PROFIT, IMAGE)
SLOT_MINUTES = ((5, 10), (8, 16), (6, 13), (4, 9))  # shortest and one above the longest, by role
DISCOUNTS = ((0.22, 0.45), (0.10, 0.30), (0.0, 0.14), (0.0, 0.06))
OFFER_SHARE = ((0, 0.90, 0.10, 0), (0.05, 0.70, 0.15, 0.10), (0.45, 0.30, 0.10, 0.15), (0.70, 0.10, 0, 0.20))


@dataclass
class Plan:
    """The broadcasts, their rundowns, prompts and abnormal minutes; rooms, products and hosts are row numbers."""

    rooms: pd.DataFrame
    rundown: pd.DataFrame
    prompts: pd.DataFrame
    anomalies: pd.DataFrame  # room, minute, kind
    stutter: pd.DataFrame  # room, minute, seconds
    products: pd.DataFrame
    hosts: pd.DataFrame

    @property
    def stream_ids(self):
        """Ids of the broadcasts, shape (rooms,)."""
        return np.array([f"S{i:04d}" for i in range(1, len(self.rooms) + 1)], dtype=object)

    @property
    def product_ids(self):
        """Ids of the products, shape (products,)."""
        return self.products.product_id.to_numpy(dtype=object)

    def without_openers(self):
        """The same season with the giveaway taken out of every opening slot, all else equal."""
        rooms, rundown = self.rooms.copy(), self.rundown.copy()
        rooms.loc[rooms.opener == "giveaway", "opener"] = "none"
        rundown.loc[(rundown.slot_no == 1) & (rundown.activity == "giveaway"), "activity"] = "none"
        return replace(self, rooms=rooms, rundown=rundown)

    def without_later_giveaways(self):
        """The same season with every giveaway but the openers taken out, all else equal."""
        rundown = self.rundown.copy()
        rundown.loc[(rundown.slot_no > 1) & (rundown.activity == "giveaway"), "activity"] = "none"
        return replace(self, rundown=rundown)


def season(parameters, seed, rooms=230, size=1.0, minutes=None):
    """The plan of a season with `rooms` broadcasts; `size` scales the audience, `minutes` fixes their length."""
    products = catalogue.products(seed)
    hosts = catalogue.hosts(parameters, seed)
    frame = broadcasts(parameters, seed, hosts, rooms, size)
    if minutes is not None:
        frame["minutes"] = int(minutes)
    rundown = _rundowns(seed, frame, products)
    anomalies, stutter = _mishaps(parameters, seed, frame)
    prompts = _prompts(seed, frame, rundown)
    return Plan(frame, rundown, prompts, anomalies, stutter, products, hosts)


def _rundowns(seed, rooms, products):
    """The slots of all broadcasts, one row each."""
    parts = []
    for i, room in enumerate(rooms.itertuples()):
        random = generator(seed, "rundown", i)
        slots = []
        step = int(random.integers(0, 2))
        shown = np.zeros(len(products))
        middle = random.random() < 0.24 and not room.is_trial  # a giveaway in mid-show, wherever it fits
        start = 0
        while start < room.minutes:
            slots.append(_slot(random, room, products, shown, step, start))
            start += slots[-1]["minutes"]
            step += 1
        activity = [ACTIVITIES.index(room.opener)] + [0] * (len(slots) - 1)
        if middle and len(slots) >= 5:
            activity[int(random.integers(3, len(slots) - 1))] = ACTIVITIES.index("giveaway")
        for k in range(1, len(slots)):
            if activity[k] == 0 and random.random() < 0.16:
                activity[k] = int(random.integers(2, 4))
        parts.append(pd.DataFrame(slots).assign(room=i, slot_no=np.arange(1, len(slots) + 1), activity=activity))
    frame = pd.concat(parts, ignore_index=True)
    frame["activity"] = np.array(ACTIVITIES, dtype=object)[frame.activity]
    frame["offer"] = np.array(catalogue.OFFERS, dtype=object)[frame.offer]
    return frame


def _slot(random, room, products, shown, step, start):
    """One slot that begins in the minute `start`: role, product (counted in `shown`), length, offer and discount."""
    role = HABIT[step % 7] if random.random() < 0.55 else int(random.choice(4, p=[0.25, 0.32, 0.31, 0.12]))
    length = int(random.integers(*SLOT_MINUTES[role]))
    if room.minutes - start - length < 5:
        length = room.minutes - start
    pool = np.flatnonzero(products.planner_role == catalogue.ROLES[role])
    launched = products.launched.to_numpy()[pool] <= np.datetime64(room.started)
    weight = products.appeal.to_numpy()[pool] ** (1.5 if role == HERO else 0.5) * np.where(launched, 1, 1e-6)
    weight = weight * np.where(shown[pool] > 0, 0.35 if role == HERO else 0.12, 1.0)
    product = int(random.choice(pool, p=weight / weight.sum()))
    shown[product] += 1
    offer = catalogue.OFFERS[random.choice(4, p=OFFER_SHARE[role])]
    discount = {"none": 0.0, "bundle": 0.15, "gift": 0.0}.get(offer)
    if offer == "discount":
        discount = random.uniform(*DISCOUNTS[role]) + 0.05 * room.is_festival
        if catalogue.CHANNEL_IDS[room.channel] == "group_deal":
            discount += 0.05
    discount = round(min(discount, 0.6) * 20) / 20
    return {
        "product": product,
        "role": role,
        "start_minute": start,
        "minutes": length,
        "offer": catalogue.OFFERS.index(offer),
        "discount": max(discount, 0.05) if offer == "discount" else discount,
    }


def _mishaps(parameters, seed, rooms):
    """Abnormal minutes (room, minute, kind) and stalls of the picture (room, minute, seconds)."""
    random = generator(seed, "mishaps")
    count = len(rooms)
    hit = min(count, int(round(parameters.anomaly.broadcasts * min(1.0, count / 230))))
    candidates = np.flatnonzero(~rooms.is_trial & (rooms.minutes >= 75))
    chosen = np.sort(random.choice(candidates, min(hit, len(candidates)), replace=False))
    kinds = random.permutation(np.resize(["stutter", "broken_link", "bot_flood", "host_absent"], len(chosen)))
    abnormal, stalls = [], []
    for room, kind in zip(chosen, kinds, strict=True):
        for _ in range(1 + (random.random() < 0.25)):
            length = int(random.integers(4, 10))
            begin = int(random.integers(20, rooms.minutes[room] - length - 8))
            if any(a[0] == room and abs(a[1] - begin) < 22 for a in abnormal):
                continue
            for m in range(begin, begin + length):
                abnormal.append((room, m, kind))
                if kind == "stutter":
                    stalls.append((room, m, int(random.integers(22, 48))))
    blocked = {(a[0], a[1] + d) for a in abnormal for d in (-2, -1, 0, 1, 2)}
    for room in range(count):
        # some rooms have a poor line all night
        rate = parameters.stutter.frequency * random.gamma(1.5, 1 / 1.5)
        for m in np.flatnonzero(random.random(rooms.minutes[room]) < rate):
            for step in range(1 + (random.random() < 0.35)):
                if (room, m + step) not in blocked and m + step < rooms.minutes[room]:
                    stalls.append((room, int(m + step), int(random.integers(5, 26))))
    anomalies = pd.DataFrame(abnormal, columns=["room", "minute", "kind"]).astype({"kind": object})
    stutter = pd.DataFrame(stalls, columns=["room", "minute", "seconds"]).drop_duplicates(["room", "minute"])
    return anomalies, stutter.sort_values(["room", "minute"], ignore_index=True)


def _prompts(seed, rooms, rundown):
    """Scheduled prompts: in rooms of the trial a coin decides whether one is spoken."""
    rows = []
    slots = {room: part for room, part in rundown.groupby("room")}
    for i, room in enumerate(rooms.itertuples()):
        random = generator(seed, "prompts", i)
        profit = np.zeros(room.minutes, dtype=bool)
        for s in slots[i].itertuples():
            if s.role == PROFIT:
                profit[s.start_minute : s.start_minute + s.minutes] = True
        at = float(random.uniform(1, 5))
        while at < room.minutes - 2:
            second = int(round(at * 2)) * CELL
            kind = ("question", "vote", "game")[int(random.choice(3, p=[0.6, 0.25, 0.15]))]
            spoken = bool(random.random() < 0.5) if room.prompt_trial else True
            rows.append((i, second, kind, spoken, bool(room.prompt_trial)))
            if room.prompt_trial:
                at += random.uniform(6, 8.5)
            else:  # hosts call out more when they feel the room slipping away, as it does under a profit product
                at += max(1.0, room.prompt_interval * random.uniform(0.6, 1.4) * (0.6 if profit[int(at)] else 1.15))
    return pd.DataFrame(rows, columns=["room", "at_second", "kind", "spoken", "randomised"])
