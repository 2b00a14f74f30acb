"""Which broadcast runs when, with whom, on which channel, with what money behind it and how large an audience."""

from __future__ import annotations

import numpy as np
import pandas as pd

from liveshop.world import calendar, catalogue
from liveshop.world.calendar import DAYS, START
from liveshop.world.draws import generator

TIMES = ("morning", "afternoon", "evening", "late")
MORNING, AFTERNOON, EVENING, LATE = range(4)
BEGINS = (9.5, 14.0, 19.0, 22.5)  # hour of the day at which a broadcast of each time begins
TIME_ENTRIES = np.array([0.50, 0.68, 1.25, 0.88])
NEWCOMERS, TRIALS = 3, 15  # hosts on trial, and their broadcasts together


def broadcasts(parameters, seed, hosts, rooms, size):
    """The broadcasts of a season in order of time, one row each, with the hidden columns of the plan."""
    random = generator(seed, "broadcasts")
    trials = TRIALS if rooms >= 75 else 0
    taken = _dates(random, rooms - trials)
    frame = _by_the_manager(random, parameters, hosts, taken)
    if trials:
        frame = pd.concat([frame, _trials(random, hosts, taken)], ignore_index=True)
    frame = frame.sort_values(["day", "time"], kind="stable", ignore_index=True)
    frame["weekend"] = (calendar.days().day_of_week >= 5)[frame.day]
    frame["is_festival"] = calendar.is_festival(calendar.days())[frame.day]
    frame["started"], frame["minutes"] = _clock(random, frame)
    frame["promotion_spend"], frame["opener"] = _means(random, parameters, hosts, frame, size)
    frame["scene"] = _scene(random, frame)
    frame["nth"] = frame.groupby("host").cumcount() + 1
    frame["entries"] = _audience(random, parameters, frame, size)
    count = len(frame)
    frame["form"] = parameters.host.broadcast_spread * random.normal(size=count)
    frame["prompt_trial"] = (random.random(count) < parameters.prompt.trial_share) & ~frame.is_trial
    frame["prompt_interval"] = np.clip(random.normal(6.5, 2.2, count), 2.5, 14)
    return frame.drop(columns=["day", "worth"])


def _dates(random, count):
    """Dates that carry a broadcast: four times the day of the season plus the time of the day, in order."""
    weekend, festive = calendar.days().day_of_week >= 5, calendar.is_festival(calendar.days())
    by_time = np.where(weekend[:, None], [0.45, 0.60, 1.20, 0.45], [0.28, 0.40, 1.00, 0.42])
    weight = by_time * np.where(festive, 1.9, 1.0)[:, None]
    weight[-1, LATE] = 0  # nothing runs past the end of the period
    chance = np.log(weight.ravel() + 1e-300) + random.gumbel(size=weight.size)
    return np.sort(np.argsort(-chance)[:count])


def _by_the_manager(random, parameters, hosts, taken):
    """Channel, host and length of each date: the manager gives the better ones to the hosts whom he prefers."""
    day, time = np.divmod(taken, 4)
    weekend, festive = calendar.days().day_of_week >= 5, calendar.is_festival(calendar.days())
    prestige = np.array([-0.9, -0.4, 0.9, 0.1])[time] + 0.5 * weekend[day] + 0.9 * festive[day]
    chances = np.exp(np.outer(prestige * 0.25, [1, 0.4, 0, -0.4, -0.6])) * [0.32, 0.22, 0.20, 0.12, 0.14]
    channel = np.array([random.choice(5, p=p / p.sum()) for p in chances])
    worth = prestige + np.array([0.6, 0.2, -0.1, -0.5, -0.3])[channel]
    worth = (worth - worth.mean()) / (worth.std() or 1.0)
    favour = hosts.favour.to_numpy()[:-NEWCOMERS]
    quota = np.full(len(favour), int(np.ceil(len(taken) / len(favour))) + 1)
    host = np.zeros(len(taken), dtype=int)
    for i in np.argsort(-np.abs(worth) + random.normal(0, 0.3, len(taken))):
        odds = np.where(quota > 0, np.exp(parameters.host.preference * favour * worth[i]), 0)
        host[i] = random.choice(len(favour), p=odds / odds.sum())
        quota[host[i]] -= 1
    minutes = np.clip(np.rint(random.normal(125, 30, len(taken)) / 5) * 5, 60, 240).astype(int)
    return pd.DataFrame(
        {
            "day": day,
            "time": time,
            "channel": channel,
            "host": host,
            "minutes": minutes,
            "worth": worth,
            "is_trial": False,
        }
    )


def _trials(random, hosts, taken):
    """Short broadcasts of the newcomers on free dates; the one whom the manager likes gets the evenings."""
    free = np.setdiff1d(np.arange(DAYS * 4), taken)
    new = np.arange(len(hosts) - NEWCOMERS, len(hosts))
    liked = new[np.argmax(hosts.favour.to_numpy()[new])]
    turn = random.permutation(np.repeat(new, TRIALS // NEWCOMERS))
    want = np.where(turn == liked, EVENING, np.where(random.random(TRIALS) < 0.5, MORNING, AFTERNOON))
    picked = []
    for time, place in zip(want, np.linspace(113, 158, TRIALS), strict=True):
        open_days = free[(free % 4 == time) & ~np.isin(free // 4, [p // 4 for p in picked])] // 4
        nearest = open_days[np.argmin(np.abs(open_days - place))]
        picked.append(int(nearest * 4 + time))
    day, time = np.divmod(np.array(picked), 4)
    return pd.DataFrame(
        {
            "day": day,
            "time": time,
            "channel": np.where(turn == liked, 0, random.choice([1, 2, 4], TRIALS)),
            "host": turn,
            "minutes": random.choice([40, 45, 50], TRIALS),
            "worth": np.where(turn == liked, 0.2, -0.9),
            "is_trial": True,
        }
    )


def _clock(random, frame):
    """When each broadcast starts, and how many minutes it runs: the late one begins when the evening's is over."""
    day, time, count = frame.day.to_numpy(), frame.time.to_numpy(), len(frame)
    keys = set(zip(day, time, strict=True))
    next_late = np.array([(d, LATE) in keys for d in day])
    minutes = np.where(time == MORNING, np.minimum(frame.minutes, 180), frame.minutes)
    minutes = np.where((time == EVENING) & next_late, np.minimum(minutes, 150), minutes)
    minutes = np.where(time == LATE, np.minimum(minutes, 120), minutes)
    quarter = np.where(time == LATE, 0, random.integers(0, 5, count) * 15)
    begin = np.array(BEGINS)[time] * 60 + quarter
    begin = np.where((time == EVENING) & next_late, np.minimum(begin, BEGINS[LATE] * 60 - minutes), begin)
    started = START + pd.to_timedelta(day, unit="D") + pd.to_timedelta(begin, unit="min")
    started = started + pd.to_timedelta(random.integers(0, 150, count), unit="s")
    pause = pd.Timedelta(seconds=150)
    return pd.DatetimeIndex(np.where(time == LATE, started + pause, started - pause)).as_unit("s"), minutes


def _means(random, parameters, hosts, frame, size):
    """Promotion spend and opener: big nights open with a giveaway, and what makes a night big also makes it sell."""
    count, is_trial, host = len(frame), frame.is_trial.to_numpy(), frame.host.to_numpy()
    big = 0.75 * frame.worth.to_numpy() + 0.45 * hosts.favour.to_numpy()[host] * ~is_trial
    big = big + 0.7 * frame.is_festival.to_numpy()
    spend = np.exp(4.75 + 0.85 * big + random.normal(0, 0.65, count)) * np.sqrt(size) * np.where(is_trial, 0.4, 1.0)
    spend = np.where(random.random(count) < 0.12, 0.0, np.round(spend, -1))
    trusted = hosts.skill.to_numpy()[host] / max(parameters.host.skill_spread, 1e-9)
    opens = random.random(count) < 1 / (1 + np.exp(-(-1.5 + 1.5 * big + 1.35 * trusted + 0.35 * np.log1p(spend / 150))))
    other = random.choice(["none", "quiz", "story"], count, p=[0.55, 0.22, 0.23])
    return spend, np.where(opens & ~is_trial, "giveaway", other)


def _scene(random, frame):
    """Two hosts like to go outdoors, two the factory; the others mostly stay in the studio."""
    outdoor = np.where(np.isin(frame.host, [1, 6]), 0.45, 0.05)
    factory = np.where(np.isin(frame.host, [3, 8]), 0.40, 0.04)
    u = random.random(len(frame))
    scene = np.where(u < outdoor, "outdoor", np.where(u < outdoor + factory, "factory", "studio"))
    return np.where(frame.is_trial | (frame.time == LATE), "studio", scene)


def _audience(random, parameters, frame, size):
    """Entries per minute of each broadcast before anything that happens in it."""
    spread = parameters.audience.room_spread
    return (
        parameters.audience.views_per_minute
        * size
        * catalogue.CHANNELS.audience.to_numpy()[frame.channel]
        * TIME_ENTRIES[frame.time]
        * np.where(frame.weekend, 1.15, 1.0)
        * np.where(frame.is_festival, parameters.festival.entries, 1.0)
        * np.where(frame.is_trial, 0.55, 1.0)
        * np.exp(spread * random.normal(size=len(frame)) - spread**2 / 2)
    )
