"""The planned season: which broadcast runs when, by whom, with which rundown, prompts and mishaps.

Everything here is decided before a viewer comes in. `Plan` keeps the broadcasts,
their rundowns, prompts and abnormal minutes; `Grid` turns them into what the
viewers meet in every half minute.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from liveshop.world import catalogue
from liveshop.world.draws import generator
from liveshop.world.parameters import SOURCES

START, END = pd.Timestamp("2025-03-03"), pd.Timestamp("2025-09-01")
DAYS = (END - START).days
FESTIVAL = (pd.Timestamp("2025-06-01"), pd.Timestamp("2025-06-20"))
CELL = 30  # seconds in a cell of the grid
TIMES = ("morning", "afternoon", "evening", "late")
TIME_ENTRIES = np.array([0.50, 0.68, 1.25, 0.88])
TIME_ORDERS = np.array([0.88, 0.92, 1.10, 1.05])
ACTIVITIES = ("none", "giveaway", "quiz", "story")
ROLE_CLICKS = np.array([1.20, 1.30, 0.85, 0.60])
# Clicks by minute of a slot: the product is introduced first, the countdown comes last.
SLOT_START = np.array([0.45, 0.80])
SLOT_COUNTDOWN = 1.30
# Share of the shop's audience that is awake and shopping, by hour of the day, against the mean of 9 to 24 h.
HOURS = np.array(
    [
        0.45,
        0.22,
        0.12,
        0.08,
        0.08,
        0.12,
        0.30,
        0.55,
        0.70,
        0.80,
        0.88,
        0.85,
        0.95,
        0.92,
        0.82,
        0.82,
        0.85,
        0.90,
        1.02,
        1.22,
        1.45,
        1.48,
        1.25,
        0.85,
    ]
)


@dataclass
class Plan:
    rooms: pd.DataFrame
    rundown: pd.DataFrame
    prompts: pd.DataFrame
    anomalies: pd.DataFrame  # room, minute, kind
    stutter: pd.DataFrame  # room, minute, seconds
    products: pd.DataFrame
    hosts: pd.DataFrame

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


def is_festival(times):
    """True where a time falls into the June shopping festival."""
    times = pd.DatetimeIndex(times)
    return np.asarray((times >= FESTIVAL[0]) & (times < FESTIVAL[1] + pd.Timedelta(days=1)))


def season(parameters, seed, rooms=230, size=1.0, minutes=None):
    """The plan of a season with `rooms` broadcasts; `size` scales the audience, `minutes` fixes their length."""
    products = catalogue.products(seed)
    hosts = catalogue.hosts(parameters, seed)
    frame = _broadcasts(parameters, seed, hosts, rooms, size)
    if minutes is not None:
        frame["minutes"] = int(minutes)
    rundown = _rundowns(parameters, seed, frame, products)
    anomalies, stutter = _mishaps(parameters, seed, frame)
    prompts = _prompts(parameters, seed, frame, rundown)
    return Plan(frame, rundown, prompts, anomalies, stutter, products, hosts)


def _broadcasts(parameters, seed, hosts, rooms, size):
    random = generator(seed, "broadcasts")
    trials = 15 if rooms >= 75 else 0
    regular = rooms - trials
    days = pd.date_range(START, periods=DAYS, freq="D")
    weekend = days.day_of_week >= 5
    festive = is_festival(days)
    weight = (
        np.where(weekend[:, None], [0.45, 0.60, 1.20, 0.45], [0.28, 0.40, 1.00, 0.42])
        * np.where(festive, 1.9, 1.0)[:, None]
    )
    weight[-1, 3] = 0  # nothing runs past the end of the period
    chance = np.log(weight.ravel() + 1e-300) + random.gumbel(size=weight.size)
    taken = np.sort(np.argsort(-chance)[:regular])
    day, time = np.divmod(taken, 4)

    # A manager ranks the dates, and gives the better ones to the hosts whom he prefers.
    prestige = np.array([-0.9, -0.4, 0.9, 0.1])[time] + 0.5 * weekend[day] + 0.9 * festive[day]
    channel = np.array(
        [
            random.choice(5, p=p / p.sum())
            for p in np.exp(np.outer(prestige * 0.25, [1, 0.4, 0, -0.4, -0.6])) * [0.32, 0.22, 0.20, 0.12, 0.14]
        ]
    )
    worth = prestige + np.array([0.6, 0.2, -0.1, -0.5, -0.3])[channel]
    worth = (worth - worth.mean()) / (worth.std() or 1.0)
    favour = hosts.favour.to_numpy()[: len(hosts) - 3]
    quota = np.full(len(favour), int(np.ceil(regular / len(favour))) + 1)
    host = np.zeros(regular, dtype=int)
    for i in np.argsort(-np.abs(worth) + random.normal(0, 0.3, regular)):
        odds = np.where(quota > 0, np.exp(parameters.host.preference * favour * worth[i]), 0)
        host[i] = random.choice(len(favour), p=odds / odds.sum())
        quota[host[i]] -= 1
    minutes = np.clip(np.rint(random.normal(125, 30, regular) / 5) * 5, 60, 240).astype(int)
    is_trial = np.zeros(regular, dtype=bool)

    if trials:
        free = np.setdiff1d(np.arange(DAYS * 4), taken)
        new = np.arange(len(hosts) - 3, len(hosts))
        liked = new[np.argmax(hosts.favour.to_numpy()[new])]
        turn = random.permutation(np.repeat(new, 5))
        want = np.where(turn == liked, 2, np.where(random.random(15) < 0.5, 0, 1))
        picked = []
        for time_wanted, place in zip(want, np.linspace(113, 158, 15)):
            open_days = free[(free % 4 == time_wanted) & ~np.isin(free // 4, [p // 4 for p in picked])] // 4
            nearest = open_days[np.argmin(np.abs(open_days - place))]
            picked.append(int(nearest * 4 + time_wanted))
        picked = np.array(picked)
        day = np.concatenate([day, picked // 4])
        time = np.concatenate([time, picked % 4])
        channel = np.concatenate([channel, np.where(turn == liked, 0, random.choice([1, 2, 4], 15))])
        host = np.concatenate([host, turn])
        minutes = np.concatenate([minutes, random.choice([40, 45, 50], 15)])
        worth = np.concatenate([worth, np.where(turn == liked, 0.2, -0.9)])
        is_trial = np.concatenate([is_trial, np.ones(15, dtype=bool)])

    order = np.lexsort((time, day))
    day, time, channel, host, minutes, worth, is_trial = (
        a[order] for a in (day, time, channel, host, minutes, worth, is_trial)
    )
    count = len(day)
    keys = set(zip(day, time))
    next_late = np.array([(d, 3) in keys for d in day])
    minutes = np.where((time == 0), np.minimum(minutes, 180), minutes)
    minutes = np.where((time == 2) & next_late, np.minimum(minutes, 150), minutes)
    minutes = np.where(time == 3, np.minimum(minutes, 120), minutes)
    begin = np.select([time == 0, time == 1, time == 2], [9.5, 14.0, 19.0], 22.5) * 60 + np.where(
        time == 3, 0, random.integers(0, 5, count) * 15
    )
    begin = np.where((time == 2) & next_late, np.minimum(begin, 22.5 * 60 - minutes), begin)
    started = (
        START
        + pd.to_timedelta(day, unit="D")
        + pd.to_timedelta(begin, unit="min")
        + pd.to_timedelta(random.integers(0, 150, count), unit="s")
    )
    started = np.where(time == 3, started + pd.Timedelta(seconds=150), started - pd.Timedelta(seconds=150))
    started = pd.DatetimeIndex(started)
    festive_room, weekend_room = festive[day], weekend[day]

    favour_of = hosts.favour.to_numpy()[host]
    big = 0.75 * worth + 0.45 * favour_of * ~is_trial + 0.7 * festive_room
    spend = np.exp(4.75 + 0.85 * big + random.normal(0, 0.65, count)) * np.sqrt(size) * np.where(is_trial, 0.4, 1.0)
    spend = np.where(random.random(count) < 0.12, 0.0, np.round(spend, -1))
    # Big nights open with a giveaway: what makes a night big also makes it sell.
    trusted = hosts.skill.to_numpy()[host] / max(parameters.host.skill_spread, 1e-9)
    opens = random.random(count) < 1 / (1 + np.exp(-(-1.5 + 1.5 * big + 1.35 * trusted + 0.35 * np.log1p(spend / 150))))
    opens &= ~is_trial
    other = random.choice(["none", "quiz", "story"], count, p=[0.55, 0.22, 0.23])
    # Two hosts like to go outdoors, two the factory; the others mostly stay in the studio.
    out = np.where(np.isin(host, [1, 6]), 0.45, 0.05)
    factory = np.where(np.isin(host, [3, 8]), 0.40, 0.04)
    u = random.random(count)
    scene = np.where(u < out, "outdoor", np.where(u < out + factory, "factory", "studio"))
    scene = np.where(is_trial | (time == 3), "studio", scene)
    nth = np.zeros(count, dtype=int)
    for h in np.unique(host):
        nth[host == h] = np.arange(1, (host == h).sum() + 1)
    entries = (
        parameters.audience.views_per_minute
        * size
        * catalogue.CHANNELS.audience.to_numpy()[channel]
        * TIME_ENTRIES[time]
        * np.where(weekend_room, 1.15, 1.0)
        * np.where(festive_room, parameters.festival.entries, 1.0)
        * np.where(is_trial, 0.55, 1.0)
        * np.exp(parameters.audience.room_spread * random.normal(size=count) - parameters.audience.room_spread**2 / 2)
    )
    night = parameters.host.broadcast_spread * random.normal(size=count)
    return pd.DataFrame(
        {
            "started": started.as_unit("s"),
            "minutes": minutes,
            "time": time,
            "weekend": weekend_room,
            "is_festival": festive_room,
            "channel": channel,
            "host": host,
            "nth": nth,
            "is_trial": is_trial,
            "scene": scene,
            "opener": np.where(opens, "giveaway", other),
            "promotion_spend": spend,
            "entries": entries,
            "night": night,
            "prompt_trial": (random.random(count) < parameters.prompt.trial_share) & ~is_trial,
            "prompt_interval": np.clip(random.normal(6.5, 2.2, count), 2.5, 14),
        }
    )


def _rundowns(parameters, seed, rooms, products):
    parts = []
    by_role = {r: np.flatnonzero(products.planner_role == name) for r, name in enumerate(catalogue.ROLES)}
    launched = products.launched.to_numpy()
    habit = [0, 1, 2, 0, 1, 2, 3]  # traffic, hero, profit, traffic, hero, profit, image
    for i, room in enumerate(rooms.itertuples()):
        random = generator(seed, "rundown", i)
        start, slots, previous = 0, [], -1
        step = int(random.integers(0, 2))
        shown = np.zeros(len(products))
        middle = random.random() < 0.24 and not room.is_trial  # a giveaway in mid-show, wherever it fits
        while start < room.minutes:
            role = habit[step % 7] if random.random() < 0.55 else int(random.choice(4, p=[0.25, 0.32, 0.31, 0.12]))
            step += 1
            length = int(random.integers(*[(5, 10), (8, 16), (6, 13), (4, 9)][role]))
            if room.minutes - start - length < 5:
                length = room.minutes - start
            pool = by_role[role]
            weight = products.appeal.to_numpy()[pool] ** (1.5 if role == 1 else 0.5) * np.where(
                launched[pool] <= np.datetime64(room.started), 1, 1e-6
            )
            weight = weight * np.where(shown[pool] > 0, 0.35 if role == 1 else 0.12, 1.0)
            product = int(random.choice(pool, p=weight / weight.sum()))
            shown[product] += 1
            low, high = [(0.22, 0.45), (0.10, 0.30), (0.0, 0.14), (0.0, 0.06)][role]
            offer = random.choice(
                4,
                p=[(0, 0.90, 0.10, 0), (0.05, 0.70, 0.15, 0.10), (0.45, 0.30, 0.10, 0.15), (0.70, 0.10, 0, 0.20)][role],
            )
            discount = (
                random.uniform(low, high) + 0.05 * room.is_festival if offer == 1 else 0.15 if offer == 2 else 0.0
            )
            if room.channel == 4 and offer == 1:
                discount += 0.05
            slots.append(
                [i, len(slots) + 1, product, role, start, length, 0, int(offer), round(min(discount, 0.6) * 20) / 20]
            )
            if slots[-1][7] == 1 and slots[-1][8] == 0:
                slots[-1][8] = 0.05
            previous, start = role, start + length
        slots[0][6] = ACTIVITIES.index(room.opener)
        if middle and len(slots) >= 5:
            slots[int(random.integers(3, len(slots) - 1))][6] = 1
        for s in slots[1:]:
            if s[6] == 0 and random.random() < 0.16:
                s[6] = int(random.integers(2, 4))
        parts.extend(slots)
    frame = pd.DataFrame(
        parts,
        columns=["room", "slot_no", "product", "role", "start_minute", "minutes", "activity", "offer", "discount"],
    )
    frame["activity"] = np.array(ACTIVITIES, dtype=object)[frame.activity]
    frame["offer"] = np.array(["none", "discount", "bundle", "gift"], dtype=object)[frame.offer]
    return frame


def _mishaps(parameters, seed, rooms):
    random = generator(seed, "mishaps")
    count = len(rooms)
    hit = min(count, int(round(parameters.anomaly.broadcasts * min(1.0, count / 230))))
    candidates = np.flatnonzero(~rooms.is_trial & (rooms.minutes >= 75))
    chosen = np.sort(random.choice(candidates, min(hit, len(candidates)), replace=False))
    kinds = random.permutation(np.resize(["stutter", "broken_link", "bot_flood", "host_absent"], len(chosen)))
    abnormal, stalls = [], []
    for room, kind in zip(chosen, kinds):
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


def _prompts(parameters, seed, rooms, rundown):
    rows = []
    slots = {room: part for room, part in rundown.groupby("room")}
    for i, room in enumerate(rooms.itertuples()):
        random = generator(seed, "prompts", i)
        profit = np.zeros(room.minutes, dtype=bool)
        for s in slots[i].itertuples():
            if s.role == 2:
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
    flooded: np.ndarray  # in how far a cell is under a bot flood

    def clicks_until(self):
        return _cumulate(self.click)

    def orders_until(self):
        return _cumulate(self.click * self.buy)


def _cumulate(rate):
    return np.concatenate([[0.0], np.cumsum(rate * CELL)])


def prompt_log_hazard(parameters, seconds, spoken_at):
    """Log hazard that prompts at `spoken_at` (seconds) add at each of `seconds`, shape of `seconds`."""
    if not len(spoken_at):
        return np.zeros(len(seconds))
    spoken_at = np.sort(np.asarray(spoken_at))
    last = np.searchsorted(spoken_at, seconds, side="right") - 1
    since = np.where(last >= 0, seconds - spoken_at[np.maximum(last, 0)], np.inf) / 60
    with np.errstate(divide="ignore"):
        effect = np.log(max(parameters.prompt.hazard, 1e-9)) * np.clip(
            1 - since / max(parameters.prompt.minutes, 1e-9), 0, None
        )
    recent = np.searchsorted(spoken_at, seconds, side="right") - np.searchsorted(spoken_at, seconds - 600, side="right")
    return effect + parameters.prompt.fatigue * np.maximum(recent - 2, 0)


def _carried_on(new, keep, before=0.0):
    """Each value is what is new plus the share `keep` of the value before it, shape of `new`; `before` comes with the first."""
    values = []
    for x in new.tolist():
        value = x + before
        values.append(value)
        before = keep * value
    return np.array(values)


def grid(plan, parameters, seed):
    """The grid of a plan."""
    rooms, rundown, products = plan.rooms, plan.rundown, plan.products
    p = parameters
    cells = rooms.minutes.to_numpy() * 60 // CELL
    first = np.concatenate([[0], np.cumsum(cells)])
    total = int(first[-1])
    role_entries = np.array(
        [p.rundown.traffic_entries, p.rundown.hero_entries, p.rundown.profit_entries, p.rundown.image_entries]
    )
    role_hazard = np.array(
        [p.rundown.traffic_hazard, p.rundown.hero_hazard, p.rundown.profit_hazard, p.rundown.image_hazard]
    )
    per_minute = 60 // CELL

    # rundown rows along the cells
    slot = np.repeat(np.arange(len(rundown)), rundown.minutes.to_numpy() * per_minute)
    role = rundown.role.to_numpy()
    in_slot = np.arange(total) - (first[rundown.room.to_numpy()] + rundown.start_minute.to_numpy() * per_minute)[slot]
    left = rundown.minutes.to_numpy()[slot] * per_minute - in_slot
    room = np.repeat(np.arange(len(rooms)), cells)
    cell = np.arange(total) - first[room]

    # clicks: appeal of the product, role, moment of the slot, fatigue
    earlier = rundown.groupby(["room", "product"]).cumcount().to_numpy()
    changed = np.concatenate([[True], (np.diff(rundown.room.to_numpy()) != 0) | (np.diff(role) != 0)])
    place = np.arange(len(rundown))
    same_role = place - np.maximum.accumulate(np.where(changed, place, 0))  # slots of the same role just before
    slot_clicks = (
        products.true_appeal.to_numpy()[rundown["product"]]
        * ROLE_CLICKS[role]
        * p.rundown.role_fatigue**same_role
        * p.rundown.repeat_fatigue**earlier
        * np.where(rundown.activity == "giveaway", p.giveaway.attention, 1.0)
    )
    minute_of_slot = in_slot // per_minute
    moment = np.where(
        minute_of_slot < len(SLOT_START), SLOT_START[np.minimum(minute_of_slot, len(SLOT_START) - 1)], 1.05
    )
    moment = np.where((left <= 2 * per_minute) & (minute_of_slot >= 2), SLOT_COUNTDOWN, moment)
    click = (
        p.audience.clicks_per_minute
        / 60
        * slot_clicks[slot]
        * moment
        * catalogue.CHANNELS.clicks.to_numpy()[rooms.channel][room]
    )

    # orders per click: host, night, scene, price and offer, festival, and the anchor of a giveaway
    learned = plan.hosts.learning.to_numpy()[rooms.host] * np.log(np.minimum(rooms.nth.to_numpy(), 20) / 20)
    room_orders = np.exp(plan.hosts.skill.to_numpy()[rooms.host] + learned + rooms.night.to_numpy())
    room_orders = room_orders * np.where(rooms.is_festival, p.festival.orders, 1.0) * TIME_ORDERS[rooms.time]
    room_orders = (
        room_orders
        * rooms.scene.map(
            {"studio": 1.0, "outdoor": p.scene.outdoor_orders, "factory": p.scene.factory_orders}
        ).to_numpy()
    )
    price = products.list_price.to_numpy()[rundown["product"]] * (1 - rundown.discount.to_numpy())
    slot_orders = (
        np.exp(p.rundown.discount_lift * np.where(rundown.offer == "discount", rundown.discount, 0.0))
        * (price / 150) ** -p.rundown.price_elasticity
        * rundown.offer.map(
            {"none": 1.0, "discount": 1.0, "bundle": p.rundown.bundle_orders, "gift": p.rundown.gift_orders}
        ).to_numpy()
    )
    buy = room_orders[room] * slot_orders[slot]
    gives = rundown[rundown.activity == "giveaway"]
    anchored = np.zeros(total, dtype=bool)
    crowd_on = np.zeros(total)
    for g in gives.itertuples():
        a = first[g.room] + g.start_minute * per_minute
        anchored[a : first[g.room + 1]] = True
        b = min(a + (g.minutes + int(round(p.giveaway.after_minutes))) * per_minute, first[g.room + 1])
        crowd_on[a:b] = 1.0
    buy = buy * np.where(anchored, 1 - min(p.giveaway.anchor, 1.0), 1.0)

    # leaving
    hazard = role_hazard[role][slot]
    hazard = (
        hazard
        * rooms.scene.map(
            {"studio": 1.0, "outdoor": p.scene.outdoor_hazard, "factory": p.scene.factory_hazard}
        ).to_numpy()[room]
    )
    hazard = hazard * np.where(np.isin(rundown.activity.to_numpy(dtype=object)[slot], ["quiz"]), 0.95, 1.0)
    spoken = plan.prompts[plan.prompts.spoken]
    for i, part in spoken.groupby("room"):
        own = slice(first[i], first[i + 1])
        seconds = cell[own] * CELL + CELL / 2
        hazard[own] *= np.exp(prompt_log_hazard(p, seconds, part.at_second.to_numpy()))
    minute_first = first[:-1]
    stalled = np.zeros(total, dtype=bool)
    second_stalls = np.zeros(total * CELL, dtype=np.int8)
    for s in plan.stutter.itertuples():
        a = minute_first[s.room] + s.minute * per_minute
        stalled[a : min(a + 2 * per_minute, first[s.room + 1])] = True
        begin = a * CELL + (s.seconds * 7 + s.minute * 13) % (61 - s.seconds)
        second_stalls[begin : begin + s.seconds] = 1
    hazard = hazard * np.where(stalled, p.stutter.hazard, 1.0)

    # entries: length of the night, hour, role of the last minutes, waves of the feed
    minute = cell / per_minute
    whole = rooms.minutes.to_numpy()[room]
    ramp = np.minimum(1.0, 0.72 + 0.028 * minute) * np.minimum(1.0, 0.55 + 0.03 * (whole - minute))
    clock = (rooms.started.dt.hour * 60 + rooms.started.dt.minute).to_numpy()[room] + minute
    hour = np.interp((clock / 60) % 24, np.arange(25) + 0.0, np.append(HOURS, HOURS[0]))
    middle_hour = np.interp(
        ((rooms.started.dt.hour + rooms.started.dt.minute / 60 + rooms.minutes / 120) % 24).to_numpy(),
        np.arange(25) + 0.0,
        np.append(HOURS, HOURS[0]),
    )
    role_now = np.ones(total)
    waves = np.zeros(total)
    keep = np.exp(-1 / (p.rundown.entry_delay * per_minute)) if p.rundown.entry_delay > 0 else 0.0
    ar = np.exp(-1 / (5 * per_minute))
    for i in range(len(rooms)):
        own = slice(first[i], first[i + 1])
        target = role_entries[role][slot[own]]
        role_now[own] = _carried_on((1 - keep) * (target - 1), keep) + 1
        noise = generator(seed, "waves", i).normal(size=cells[i])
        waves[own] = _carried_on(np.sqrt(1 - ar**2) * noise, ar, ar * generator(seed, "wave", i).normal())
    wave = np.exp(p.audience.wave_spread * waves - p.audience.wave_spread**2 / 2)
    base = rooms.entries.to_numpy()[room] * ramp * (hour / middle_hour[room]) * role_now * wave
    mix = catalogue.SOURCE_MIX[rooms.channel.to_numpy()][room]
    entries = np.zeros((total, len(SOURCES)))
    for k, source in enumerate(catalogue.MIX_SOURCES):
        entries[:, SOURCES.index(source)] = base * mix[:, k]
    bell = np.where(minute < 10, 2.2 - 0.12 * minute, 1.0) * 0.93  # followers are told when the broadcast begins
    entries[:, SOURCES.index("follow")] = entries[:, SOURCES.index("follow")] / role_now * bell
    # a room without self-selection draws no more followers than the shelf page does: the feed sends others instead
    c = p.audience.choosiness
    followers = entries[:, SOURCES.index("follow")].copy()
    entries[:, SOURCES.index("follow")] = followers * (c + 0.06 * (1 - c))
    entries[:, SOURCES.index("feed")] = np.maximum(entries[:, SOURCES.index("feed")] + 0.94 * (1 - c) * followers, 0)
    paid = rooms.promotion_spend.to_numpy() / max(p.audience.paid_entry_cost, 1e-9) / (0.8 * rooms.minutes.to_numpy())
    entries[:, SOURCES.index("paid")] = np.where((minute > 0.05 * whole) & (minute <= 0.85 * whole), paid[room], 0.0)
    organic = entries.sum(axis=1)
    crowd = p.giveaway.entry_lift * organic * crowd_on

    bots, flooded = np.zeros(total), np.zeros(total)
    for a in plan.anomalies.itertuples():
        own = slice(first[a.room] + a.minute * per_minute, first[a.room] + (a.minute + 1) * per_minute)
        if a.kind == "broken_link":
            buy[own] *= 1 - min(p.anomaly.order_loss, 1.0)
            click[own] *= 1.10  # people try again
        elif a.kind == "bot_flood":
            bots[own] = p.anomaly.flood * organic[own].mean() + 2
            flooded[own] = 1
        elif a.kind == "host_absent":
            click[own] *= p.anomaly.absence
            hazard[own] *= 1.35
    stutter = np.concatenate([[0], np.cumsum(second_stalls, dtype=np.int64)])
    return Grid(first, hazard, click, buy, slot, entries, crowd, bots, stutter, flooded)
