"""What a night leaves in the tables: sessions, minutes, rundown, broadcasts and their totals, comments, prompts."""

from __future__ import annotations

import numpy as np
import pandas as pd

from liveshop.world import catalogue, draws
from liveshop.world import people as persons
from liveshop.world.calendar import ONE
from liveshop.world.parameters import SOURCES
from liveshop.world.rooms import sessions as live
from liveshop.world.rooms.broadcasts import TIMES
from liveshop.world.rooms.chat import texts
from liveshop.world.rooms.plan import CELL

DEVICE_SHARE = np.array([0.36, 0.58, 0.06])
CARTS = 0.22  # share of viewers with a click but no order who put something into the cart
LABELLED = 2000  # comments whose topic is known
PER_ROOM = "watch_seconds product_clicks orders gmv likes comments shares follows stutter_seconds".split()
THEMES = {
    0: ("初夏上新专场", "连衣裙专场", "通勤穿搭专场"),
    1: ("下午茶穿搭", "T恤裤装专场", "小个子穿搭"),
    2: ("黄金档爆款专场", "大牌同源专场", "主播宠粉夜"),
    3: ("深夜福利场", "晚安穿搭间", "清仓夜场"),
}


def tables(plan, night, seed, people):
    """The tables of the rooms as {name: DataFrame}, with the columns of the contract and more."""
    acts = _interactions(night, seed, people)
    paid = night.lines[night.lines.is_paid]
    sessions = _sessions(plan, night, acts, paid, seed, people)
    minutes = _minutes(plan, night, acts, paid)
    return {
        "streams": _streams(plan, night, minutes, sessions, paid, seed),
        "rundown": _rundown(plan, night, paid),
        "stream_minutes": minutes,
        "prompts": plan.prompts.assign(stream_id=plan.stream_ids[plan.prompts.room]),
        "viewer_sessions": sessions,
        "comments": _comments(plan, night, seed, sessions),
    }


def interact(seed, sessions, is_fan):
    """Likes, shares and wishes to follow of each session, and the seconds at which they happen."""
    identity, entered, watch = sessions.identity, sessions.entered, sessions.watch
    human, minutes = sessions.what != live.BOT, watch / 60
    taste = np.exp(1.2 * draws.normal(seed, "liking", identity) - 0.72)
    likes = draws.poisson(seed, "likes", identity, 0.30 * minutes * taste * human)
    shares = draws.poisson(seed, "shares", identity, 0.006 * minutes * human)
    wish = (draws.uniform(seed, "follow", identity) < 0.020 * np.minimum(np.sqrt(minutes), 4)) & ~is_fan & human
    return {
        "likes": likes,
        "shares": shares,
        "wish": wish,
        "like_seconds": scatter(seed, "like second", sessions, likes)[1],
        "share_seconds": scatter(seed, "share second", sessions, shares)[1],
        "follow_at": entered + (draws.uniform(seed, "follow second", identity) * watch).astype(np.int64),
    }


def scatter(seed, purpose, sessions, count):
    """Seconds of events spread evenly over each session: (session, second)."""
    session, number = draws.repeated(count)
    u = draws.uniform(seed, purpose, sessions.identity[session], number)
    return session, sessions.entered[session] + (u * sessions.watch[session]).astype(np.int64)


def _interactions(night, seed, people):
    """What `interact` gives, with who began to follow: a person does so once, and is a fan from then on."""
    fan_before = night.sessions.kind >= persons.FAN
    acts = interact(seed, night.sessions, fan_before)
    wishes = np.flatnonzero(acts["wish"])
    fans, firsts = np.unique(night.person[wishes], return_index=True)
    followed = np.zeros(len(fan_before), dtype=bool)
    followed[wishes[firsts]] = True
    since = np.full(len(people), np.iinfo(np.int64).max)
    since[fans] = wishes[firsts]
    is_fan = fan_before | (np.arange(len(fan_before)) > since[night.person])
    return acts | {"followed": followed, "is_fan": is_fan, "follow_seconds": acts["follow_at"][followed]}


def device(seed, number):
    """Code of each person's device, of `people.DEVICES`."""
    return draws.choice(draws.uniform(seed, "device", number.astype(np.uint64)), DEVICE_SHARE)


def carted(seed, identity, clicks, orders):
    """Sessions in which something went into the cart."""
    return (orders > 0) | ((clicks > 0) & (draws.uniform(seed, "cart", identity) < CARTS))


def first_comment(sessions, talk):
    """Seconds from entering to the first comment, -1 for none."""
    first = np.full(len(sessions), -1, dtype=np.int64)
    owner, where = np.unique(talk.session, return_index=True)
    first[owner] = talk.second[where] - sessions.entered[owner]
    return first


def _masked(values):
    """Whole numbers of which the negative ones are missing."""
    numbers = pd.array(np.where(values >= 0, values, 0), dtype="Int64")
    numbers[values < 0] = pd.NA
    return numbers


def _sessions(plan, night, acts, paid, seed, people):
    s, room, number = night.sessions, night.room, people.number[night.person]
    clicks = np.bincount(night.clicks.session, minlength=len(s))
    orders = np.bincount(paid.session[paid.line_no == 1], minlength=len(s))
    return pd.DataFrame(
        {
            "session_id": np.arange(1, len(s) + 1),
            "stream_id": plan.stream_ids[room],
            "viewer_id": number,
            "source": np.array(SOURCES, dtype=object)[s.source],
            "device": np.array(persons.DEVICES, dtype=object)[device(seed, number)],
            "entered_second": s.entered - night.grid.begins[room],
            "watch_seconds": s.watch,
            "stayed_to_end": s.to_end,
            "likes": acts["likes"],
            "comments": np.bincount(night.talk.session, minlength=len(s)),
            "shares": acts["shares"],
            "followed": acts["followed"],
            "is_fan": acts["is_fan"],
            "product_clicks": clicks,
            "carted": carted(seed, s.identity, clicks, orders),
            "orders": orders,
            "stutter_seconds": night.grid.stutter[s.entered + s.watch] - night.grid.stutter[s.entered],
            "first_comment_second": _masked(first_comment(s, night.talk)),
            "wait_seconds": _masked(night.wait),
        }
    )


def _minutes(plan, night, acts, paid):
    grid, s, lengths = night.grid, night.sessions, plan.rooms.minutes.to_numpy()
    total = len(night.online) // 60

    def count(seconds, weights=None):
        return np.bincount(np.asarray(seconds, dtype=np.intp) // 60, weights, minlength=total)[:total]

    room, minute = draws.repeated(lengths)
    frame = pd.DataFrame(
        {
            "stream_id": plan.stream_ids[room],
            "minute": minute,
            "slot_no": plan.rundown.slot_no.to_numpy()[grid.slot[:: 60 // CELL]],
            "online": night.online[59::60],
            "watch_seconds": night.online.reshape(-1, 60).sum(axis=1),
            "enters": count(s.entered),
        }
    )
    for k, source in enumerate(SOURCES):
        frame[f"enters_{source}"] = count(s.entered[s.source == k])
    frame["exits"] = count((s.entered + s.watch)[~s.to_end])
    frame["comments"] = count(night.talk.second)
    frame["likes"] = count(acts["like_seconds"])
    frame["shares"] = count(acts["share_seconds"])
    frame["follows"] = count(acts["follow_seconds"])
    frame["product_clicks"] = count(night.clicks.second)
    frame["orders"] = count(paid.second[paid.line_no == 1])
    frame["gmv"] = count(paid.second, paid.paid_amount)
    frame["stutter_seconds"] = (np.diff(grid.stutter) * night.online).reshape(-1, 60).sum(axis=1)
    label = np.full(total, None, dtype=object)
    abnormal = plan.anomalies.astype({"room": int, "minute": int})
    label[(np.cumsum(lengths) - lengths)[abnormal.room] + abnormal.minute] = abnormal.kind.to_numpy(dtype=object)
    frame["anomaly"] = label
    return frame


def _rundown(plan, night, paid):
    """Counts of a slot are the events in its minutes on its own product."""
    rundown, slot = plan.rundown, night.grid.slot
    product = rundown["product"].to_numpy()
    slot_now = slot[night.clicks.second // CELL]
    mine = product[night.clicks.slot] == product[slot_now]
    order_slot = slot[paid.second.to_numpy() // CELL]
    own = paid["product"].to_numpy() == product[order_slot]
    whole = paid.assign(at=order_slot)[own].drop_duplicates(["order", "at"])
    return rundown.assign(
        stream_id=plan.stream_ids[rundown.room],
        product_id=plan.product_ids[product],
        role=np.array(catalogue.ROLES, dtype=object)[rundown.role],
        product_clicks=np.bincount(slot_now[mine], minlength=len(rundown)),
        orders=np.bincount(whole["at"], minlength=len(rundown)),
        gmv=np.bincount(order_slot[own], paid.paid_amount.to_numpy()[own], minlength=len(rundown)),
    )


def _streams(plan, night, minutes, sessions, paid, seed):
    rooms, count, ids = plan.rooms, len(plan.rooms), plan.stream_ids
    index = np.arange(count, dtype=np.uint64)
    sums = minutes.groupby("stream_id", sort=False)[PER_ROOM].sum().reset_index(drop=True)
    views = np.bincount(night.room, minlength=count)
    tap = np.array([0.055, 0.070, 0.095, 0.11, 0.085])[rooms.channel] * np.exp(0.2 * draws.normal(seed, "tap", index))
    cards = np.exp(0.1 * draws.normal(seed, "cards", index))
    line_room = paid.room.to_numpy()
    pairs = pd.DataFrame({"room": line_room, "person": night.person[paid.session]}).drop_duplicates()
    frame = pd.DataFrame(
        {
            "stream_id": ids,
            "title": _titles(rooms, draws.uniform(seed, "theme", index)),
            "channel_id": catalogue.CHANNEL_NAMES[rooms.channel],
            "host_id": plan.hosts.host_id.to_numpy(dtype=object)[rooms.host],
            "started": rooms.started.to_numpy(),
            "ended": (rooms.started + pd.to_timedelta(rooms.minutes, unit="min")).to_numpy(),
            "stream_seconds": rooms.minutes * 60,
            "slot": np.where(rooms.weekend, "weekend ", "weekday ").astype(object)
            + np.array(TIMES, dtype=object)[rooms.time],
            "is_trial": rooms.is_trial,
            "scene": rooms.scene,
            "opener": rooms.opener,
            "is_festival": rooms.is_festival,
            "promotion_spend": rooms.promotion_spend,
            "impressions": np.rint(views / np.minimum(tap, 0.6)).astype(np.int64),
            "views": views,
            "viewers": sessions.groupby("stream_id").viewer_id.nunique().reindex(ids, fill_value=0).to_numpy(),
            "pcu": np.maximum.reduceat(night.online, night.grid.begins),
            "product_impressions": sums.product_clicks
            + np.rint(sums.watch_seconds / 60 * 0.9 * cards).astype(np.int64),
            "sku_orders": np.bincount(line_room, minlength=count),
            "items": np.bincount(line_room, paid.quantity, minlength=count).astype(np.int64),
            "buyers": pairs.groupby("room").size().reindex(range(count), fill_value=0).to_numpy(),
            "new_followers": sums.follows,
        }
    )
    frame = pd.concat([frame, sums.drop(columns="follows")], axis=1)
    unpaid = night.lines[~night.lines.is_paid]
    placed = frame.gmv + np.bincount(unpaid.room, unpaid.paid_amount, minlength=count)
    return frame.assign(**_reported(frame, placed))


def _titles(rooms, u):
    """Titles such as 618大促 · 清禾晚场·黄金档爆款专场; `u` picks the theme."""
    times = np.array(["早场", "午场", "晚场", "夜场"], dtype=object)[rooms.time]
    themes = [THEMES[t][int(x * 3)] for t, x in zip(rooms.time, u, strict=True)]
    occasions = np.where(rooms.is_trial, "新人试播 · ", np.where(rooms.is_festival, "618大促 · ", ""))
    return [f"{o}清禾{time}·{theme}" for o, time, theme in zip(occasions, times, themes, strict=True)]


def _reported(streams, placed):
    """The measures that the channels' own backends report; `placed` is the money of all orders, paid or not.

    Two channels compute in their own way (told in the truth): one counts unpaid orders, one divides by viewers.
    """
    s = streams

    def ratio(a, b, digits):
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(np.asarray(b) > 0, np.round(np.asarray(a) / np.asarray(b), digits), np.nan)

    per_view = ratio(s.watch_seconds, s.views, 1)
    return {
        "reported_show_gpm": ratio(1000 * s.gmv, s.impressions, 2),
        "reported_watch_gpm": np.where(
            s.channel_id == "group_deal", ratio(1000 * placed, s.views, 2), ratio(1000 * s.gmv, s.views, 2)
        ),
        "reported_tap_through_rate": ratio(s.views, s.impressions, 4),
        "reported_live_ctr": ratio(s.product_clicks, s.views, 4),
        "reported_ctr": ratio(s.product_clicks, s.product_impressions, 4),
        "reported_ctor": ratio(s.orders, s.product_clicks, 4),
        "reported_aov": ratio(s.gmv, s.orders, 2),
        "reported_watch_seconds_per_view": np.where(
            s.channel_id == "marketplace", ratio(s.watch_seconds, s.viewers, 1), per_view
        ),
    }


def _comments(plan, night, seed, sessions):
    talk, room = night.talk, night.room
    order = np.argsort(talk.second, kind="stable")
    session, second, topic, wait = talk.session[order], talk.second[order], talk.topic[order], talk.wait[order]
    identity, place = night.sessions.identity[session], np.arange(len(order), dtype=np.uint64)
    number = (second - night.sessions.entered[session]).astype(np.uint64) + (place % np.uint64(7)) * np.uint64(100_000)
    labelled = np.zeros(len(order), dtype=bool)
    labelled[draws.generator(seed, "labelled").permutation(len(order))[:LABELLED]] = True
    return pd.DataFrame(
        {
            "comment_id": np.arange(1, len(order) + 1),
            "stream_id": plan.stream_ids[room[session]],
            "session_id": session + 1,
            "viewer_id": sessions.viewer_id.to_numpy()[session],
            "at_second": second - night.grid.begins[room[session]],
            "text": texts(seed, identity, number, topic),
            "topic": np.where(labelled, np.array(live.TOPICS, dtype=object)[topic], None),
            "reply_seconds": _masked(wait),
        }
    )


def order_lines(plan, night, seed, people):
    """The order lines of a night as `orders.table` takes them."""
    lines, room = night.lines, night.lines.room.to_numpy()
    person = night.person[lines.session]
    started = plan.rooms.started.to_numpy().astype("datetime64[s]")
    identity = night.sessions.identity[lines.session]
    return pd.DataFrame(
        {
            "key": lines.order,
            "line_no": lines.line_no,
            "customer_id": people.number[person],
            "person": person,
            "product": lines["product"],
            "channel": plan.rooms.channel.to_numpy()[room],
            "source": "live",
            "stream_id": plan.stream_ids[room],
            "post_id": None,
            "session_id": lines.session + 1,
            "quantity": lines.quantity,
            "list_amount": lines.list_amount,
            "paid_amount": lines.paid_amount,
            "created": started[room] + (lines.second.to_numpy() - night.grid.begins[room]) * ONE,
            "is_paid": lines.is_paid,
            "discount": lines.discount,
            "pause": draws.uniform(seed, "paying", identity, lines.number.to_numpy()),
        }
    )
