"""From what happened to the tables: interactions, orders, payments, refunds, posts, customers, and all totals."""

from __future__ import annotations

import numpy as np
import pandas as pd

from liveshop.world import catalogue, draws, people as persons
from liveshop.world.rooms import sessions as live
from liveshop.world.rooms.chat import texts
from liveshop.world.parameters import SOURCES
from liveshop.world.rooms.plan import CELL, DAYS, END, HOURS, START, TIMES, is_festival

DEVICES = ("ios", "android", "web")
DEVICE_SHARE = np.array([0.36, 0.58, 0.06])
SHELF_FIRST_ID = 10_000_001
LABELLED = 2000
POST_TYPES = ("photo", "video", "live", "link", "status")
POST_TOPICS = ("new arrivals", "styling", "behind the scenes", "customer photos", "offers", "care and fabric")
ONE = np.timedelta64(1, "s")


def tables(plan, night, parameters, seed, people):
    """All tables of the season as {name: DataFrame} with the columns of the contract."""
    rooms = plan.rooms
    stream_ids = np.array([f"S{i:04d}" for i in range(1, len(rooms) + 1)], dtype=object)
    product_ids = plan.products.product_id.to_numpy(dtype=object)
    host_ids = plan.hosts.host_id.to_numpy(dtype=object)
    channel_ids = np.array(catalogue.CHANNEL_IDS, dtype=object)
    room = night.room
    started = rooms.started.to_numpy().astype("datetime64[s]")
    begin = night.grid.first[:-1] * CELL

    acts = _interactions(night, parameters, seed, people, room)
    posts = _posts(seed, len(rooms) / 230)
    shelf = _shelf(plan, parameters, seed, people, len(night.entered))
    orders, live_lines = _orders(
        plan, night, parameters, seed, people, shelf, posts, started, begin, stream_ids, product_ids, channel_ids
    )
    paid = live_lines[live_lines.is_paid]
    refunds = _refunds(plan, parameters, seed, orders)

    # order counts of sessions
    first_lines = paid[paid.line_no == 1]
    session_orders = np.bincount(first_lines.session, minlength=len(night.entered))
    session_clicks = np.bincount(night.clicks.session, minlength=len(night.entered))
    comments_of = np.bincount(night.talk.session, minlength=len(night.entered))
    first_comment = np.full(len(night.entered), -1, dtype=np.int64)
    owner, where = np.unique(night.talk.session, return_index=True)
    first_comment[owner] = night.talk.second[where] - night.entered[owner]
    stutter = night.grid.stutter[night.entered + night.watch] - night.grid.stutter[night.entered]
    u = draws.uniform(seed, "cart", night.identity)
    viewer_sessions = pd.DataFrame(
        {
            "session_id": np.arange(1, len(night.entered) + 1),
            "stream_id": stream_ids[room],
            "viewer_id": people.number[night.person],
            "source": np.array(SOURCES, dtype=object)[night.source],
            "device": np.array(DEVICES, dtype=object)[
                draws.choice(draws.uniform(seed, "device", people.number[night.person].astype(np.uint64)), DEVICE_SHARE)
            ],
            "entered_second": night.entered - begin[room],
            "watch_seconds": night.watch,
            "stayed_to_end": night.to_end,
            "likes": acts["likes"],
            "comments": comments_of,
            "shares": acts["shares"],
            "followed": acts["followed"],
            "is_fan": acts["is_fan"],
            "product_clicks": session_clicks,
            "carted": (session_orders > 0) | ((session_clicks > 0) & (u < 0.22)),
            "orders": session_orders,
            "stutter_seconds": stutter,
            "first_comment_second": pd.array(np.where(first_comment >= 0, first_comment, 0), dtype="Int64"),
            "wait_seconds": pd.array(np.where(night.wait >= 0, night.wait, 0), dtype="Int64"),
        }
    )
    viewer_sessions.loc[first_comment < 0, "first_comment_second"] = pd.NA
    viewer_sessions.loc[night.wait < 0, "wait_seconds"] = pd.NA

    minutes = _minutes(plan, night, acts, first_lines, paid, stream_ids, room)
    rundown = _rundown(plan, night, paid, stream_ids, product_ids)
    streams = _streams(
        plan, night, minutes, viewer_sessions, live_lines, paid, seed, stream_ids, host_ids, channel_ids, room
    )
    comments = _comments(night, seed, viewer_sessions, stream_ids, begin, room)
    prompts = plan.prompts.assign(stream_id=stream_ids[plan.prompts.room])[
        ["stream_id", "at_second", "kind", "spoken", "randomised"]
    ]
    customers = _customers(parameters, seed, people, orders, shelf, channel_ids)
    made = {
        "channels": catalogue.channels(),
        "hosts": plan.hosts[["host_id", "stage", "joined", "base_pay_per_hour", "commission_rate"]].copy(),
        "products": plan.products[
            ["product_id", "name", "name_zh", "category", "list_price", "unit_cost", "launched", "appeal"]
        ].copy(),
        "customers": customers,
        "streams": streams,
        "rundown": rundown,
        "stream_minutes": minutes,
        "prompts": prompts,
        "viewer_sessions": viewer_sessions,
        "shelf_sessions": shelf["table"],
        "comments": comments,
        "orders": orders,
        "refunds": refunds,
        "posts": posts,
    }
    from liveshop.world.storage import columns

    return {
        name: frame[[c for c in columns(name) if c in frame]].reset_index(drop=True) for name, frame in made.items()
    }


def _scatter(seed, purpose, identity, count, entered, watch):
    """Seconds of events spread evenly over each session: (session, second)."""
    session = np.repeat(np.arange(len(count)), count)
    number = np.arange(len(session)) - np.repeat(np.cumsum(count) - count, count)
    u = draws.uniform(seed, purpose, identity[session], number)
    return session, entered[session] + (u * watch[session]).astype(np.int64)


def interact(seed, identity, entered, watch, is_fan, human):
    """Likes, shares and wishes to follow of each session, and the seconds at which they happen."""
    minutes = watch / 60
    taste = np.exp(1.2 * draws.normal(seed, "liking", identity) - 0.72)
    likes = draws.poisson(seed, "likes", identity, 0.30 * minutes * taste * human)
    shares = draws.poisson(seed, "shares", identity, 0.006 * minutes * human)
    wish = (draws.uniform(seed, "follow", identity) < 0.020 * np.minimum(np.sqrt(minutes), 4)) & ~is_fan & human
    return {
        "likes": likes,
        "shares": shares,
        "wish": wish,
        "like_seconds": _scatter(seed, "like second", identity, likes, entered, watch)[1],
        "share_seconds": _scatter(seed, "share second", identity, shares, entered, watch)[1],
        "follow_at": entered + (draws.uniform(seed, "follow second", identity) * watch).astype(np.int64),
    }


def _interactions(night, parameters, seed, people, room):
    kind = people.kind[night.person]
    fan_before = (kind == persons.FAN) | (kind == persons.FAN_CUSTOMER)
    acts = interact(seed, night.identity, night.entered, night.watch, fan_before, night.what != live.BOT)
    # a person begins to follow once, and is a fan from then on
    order = np.flatnonzero(acts["wish"])
    _, firsts = np.unique(night.person[order], return_index=True)
    followed = np.zeros(len(kind), dtype=bool)
    followed[order[firsts]] = True
    since = np.full(len(people), np.iinfo(np.int64).max)
    since[night.person[order[firsts]]] = order[firsts]
    is_fan = fan_before | (np.arange(len(kind)) > since[night.person])
    return acts | {"followed": followed, "is_fan": is_fan, "follow_seconds": acts["follow_at"][followed]}


def _minutes(plan, night, acts, first_lines, paid, stream_ids, room):
    grid = night.grid
    total = len(night.online) // 60
    count = lambda seconds, weights=None: np.bincount(np.asarray(seconds) // 60, weights, minlength=total)[:total]
    leaves = (night.entered + night.watch)[~night.to_end]
    lengths = plan.rooms.minutes.to_numpy()
    owner = np.repeat(np.arange(len(lengths)), lengths)
    minute = np.arange(total) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    per_second = np.diff(grid.stutter) * night.online
    frame = pd.DataFrame(
        {
            "stream_id": stream_ids[owner],
            "minute": minute,
            "slot_no": plan.rundown.slot_no.to_numpy()[grid.slot[:: 60 // CELL]],
            "online": night.online[59::60],
            "watch_seconds": night.online.reshape(-1, 60).sum(axis=1),
            "enters": count(night.entered),
        }
    )
    for k, source in enumerate(SOURCES):
        frame[f"enters_{source}"] = count(night.entered[night.source == k])
    frame["exits"] = count(leaves)
    frame["comments"] = count(night.talk.second)
    frame["likes"] = count(acts["like_seconds"])
    frame["shares"] = count(acts["share_seconds"])
    frame["follows"] = count(acts["follow_seconds"])
    frame["product_clicks"] = count(night.clicks.second)
    frame["orders"] = count(first_lines.second)
    frame["gmv"] = count(paid.second, paid.paid_amount)
    frame["stutter_seconds"] = per_second.reshape(-1, 60).sum(axis=1)
    label = np.full(total, None, dtype=object)
    start = np.cumsum(lengths) - lengths
    label[start[plan.anomalies.room.to_numpy(dtype=int)] + plan.anomalies.minute.to_numpy(dtype=int)] = (
        plan.anomalies.kind.to_numpy(dtype=object)
    )
    frame["anomaly"] = label
    return frame


def _rundown(plan, night, paid, stream_ids, product_ids):
    """Counts of a slot are the events in its minutes on its own product."""
    rundown = plan.rundown
    size = len(rundown)
    product = rundown["product"].to_numpy()
    slot_now = night.grid.slot[night.clicks.second // CELL]
    mine = product[night.clicks.slot] == product[slot_now]
    order_slot = night.grid.slot[paid.second.to_numpy() // CELL]
    own = paid["product"].to_numpy() == product[order_slot]
    whole = paid.assign(at=order_slot)[own].drop_duplicates(["order", "at"])
    return pd.DataFrame(
        {
            "stream_id": stream_ids[rundown.room],
            "slot_no": rundown.slot_no,
            "product_id": product_ids[product],
            "role": np.array(catalogue.ROLES, dtype=object)[rundown.role],
            "start_minute": rundown.start_minute,
            "minutes": rundown.minutes,
            "activity": rundown.activity,
            "offer": rundown.offer,
            "discount": rundown.discount,
            "product_clicks": np.bincount(slot_now[mine], minlength=size),
            "orders": np.bincount(whole["at"], minlength=size),
            "gmv": np.bincount(order_slot[own], paid.paid_amount.to_numpy()[own], minlength=size),
        }
    )


THEMES = {
    0: ("初夏上新专场", "连衣裙专场", "通勤穿搭专场"),
    1: ("下午茶穿搭", "T恤裤装专场", "小个子穿搭"),
    2: ("黄金档爆款专场", "大牌同源专场", "主播宠粉夜"),
    3: ("深夜福利场", "晚安穿搭间", "清仓夜场"),
}


def _streams(plan, night, minutes, sessions, lines, paid, seed, stream_ids, host_ids, channel_ids, room):
    rooms = plan.rooms
    count = len(rooms)
    index = np.arange(count, dtype=np.uint64)
    per_room = minutes.groupby("stream_id", sort=False)[
        [
            "watch_seconds",
            "product_clicks",
            "orders",
            "gmv",
            "likes",
            "comments",
            "shares",
            "follows",
            "stutter_seconds",
        ]
    ].sum()
    views = np.bincount(room, minlength=count)
    viewers = sessions.groupby("stream_id").viewer_id.nunique().reindex(stream_ids, fill_value=0).to_numpy()
    lengths = rooms.minutes.to_numpy()
    seconds_first = np.cumsum(lengths * 60) - lengths * 60
    pcu = np.maximum.reduceat(night.online, seconds_first)
    line_room = paid.room.to_numpy()
    buyers = (
        pd.DataFrame({"room": line_room, "person": night.person[paid.session]})
        .drop_duplicates()
        .groupby("room")
        .size()
        .reindex(range(count), fill_value=0)
    )
    tap = np.array([0.055, 0.070, 0.095, 0.11, 0.085])[rooms.channel] * np.exp(0.2 * draws.normal(seed, "tap", index))
    impressions = np.rint(views / np.minimum(tap, 0.6)).astype(np.int64)
    watch = per_room.watch_seconds.to_numpy()
    clicks = per_room.product_clicks.to_numpy()
    shown = clicks + np.rint(watch / 60 * 0.9 * np.exp(0.1 * draws.normal(seed, "cards", index))).astype(np.int64)
    orders, gmv = per_room.orders.to_numpy(), per_room.gmv.to_numpy()
    time_zh = np.array(["早场", "午场", "晚场", "夜场"], dtype=object)[rooms.time]
    theme = [THEMES[t][int(u * 3)] for t, u in zip(rooms.time, draws.uniform(seed, "theme", index))]
    title = [
        ("新人试播 · " if trial else "618大促 · " if fest else "") + f"清禾{z}·{name}"
        for trial, fest, z, name in zip(rooms.is_trial, rooms.is_festival, time_zh, theme)
    ]
    unpaid = lines[~lines.is_paid]
    placed = gmv + np.bincount(unpaid.room, unpaid.paid_amount, minlength=count)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = lambda a, b, d: np.where(np.asarray(b) > 0, np.round(np.asarray(a) / np.asarray(b), d), np.nan)
        marketplace, group = rooms.channel.to_numpy() == 2, rooms.channel.to_numpy() == 4
        return pd.DataFrame(
            {
                "stream_id": stream_ids,
                "title": title,
                "channel_id": channel_ids[rooms.channel],
                "host_id": host_ids[rooms.host],
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
                "impressions": impressions,
                "views": views,
                "viewers": viewers,
                "pcu": pcu,
                "watch_seconds": watch,
                "product_impressions": shown,
                "product_clicks": clicks,
                "orders": orders,
                "sku_orders": np.bincount(line_room, minlength=count),
                "items": np.bincount(line_room, paid.quantity, minlength=count).astype(np.int64),
                "buyers": buyers.to_numpy(),
                "gmv": gmv,
                "likes": per_room.likes.to_numpy(),
                "comments": per_room.comments.to_numpy(),
                "shares": per_room.shares.to_numpy(),
                "new_followers": per_room.follows.to_numpy(),
                "stutter_seconds": per_room.stutter_seconds.to_numpy(),
                "reported_show_gpm": ratio(1000 * gmv, impressions, 2),
                # two channels compute in their own way (told in the truth): one counts unpaid orders, one divides by viewers
                "reported_watch_gpm": np.where(group, ratio(1000 * placed, views, 2), ratio(1000 * gmv, views, 2)),
                "reported_tap_through_rate": ratio(views, impressions, 4),
                "reported_live_ctr": ratio(clicks, views, 4),
                "reported_ctr": ratio(clicks, shown, 4),
                "reported_ctor": ratio(orders, clicks, 4),
                "reported_aov": ratio(gmv, orders, 2),
                "reported_watch_seconds_per_view": np.where(
                    marketplace, ratio(watch, viewers, 1), ratio(watch, views, 1)
                ),
            }
        )


def _comments(night, seed, sessions, stream_ids, begin, room):
    talk = night.talk
    order = np.argsort(talk.second, kind="stable")
    session, second, topic, wait = talk.session[order], talk.second[order], talk.topic[order], talk.wait[order]
    identity = night.identity[session]
    number = (second - night.entered[session]).astype(np.uint64) + (
        np.arange(len(order), dtype=np.uint64) % np.uint64(7)
    ) * np.uint64(100_000)
    labelled = np.zeros(len(order), dtype=bool)
    labelled[draws.generator(seed, "labelled").permutation(len(order))[:LABELLED]] = True
    names = np.array(live.TOPICS, dtype=object)[topic]
    reply = pd.array(np.where(wait >= 0, wait, 0), dtype="Int64")
    reply[wait < 0] = pd.NA
    return pd.DataFrame(
        {
            "comment_id": np.arange(1, len(order) + 1),
            "stream_id": stream_ids[room[session]],
            "session_id": session + 1,
            "viewer_id": sessions.viewer_id.to_numpy()[session],
            "at_second": second - begin[room[session]],
            "text": texts(seed, identity, number, topic),
            "topic": np.where(labelled, names, None),
            "reply_seconds": reply,
        }
    )


def _day_weights():
    days = pd.date_range(START, periods=DAYS, freq="D")
    weight = np.where(days.day_of_week >= 5, 1.15, 1.0) * np.where(is_festival(days), 1.6, 1.0)
    return weight / weight.sum()


def _moments(seed, purpose, identity):
    """Times over the season with its weekly and daily rhythm, datetime64[s]."""
    day = np.searchsorted(np.cumsum(_day_weights()), draws.uniform(seed, purpose + " day", identity) * 0.999999999)
    hour = np.searchsorted(
        np.cumsum(HOURS) / HOURS.sum(), draws.uniform(seed, purpose + " hour", identity) * 0.999999999
    )
    second = (draws.uniform(seed, purpose + " second", identity) * 3600).astype(np.int64)
    return np.datetime64(START, "s") + (day * 86400 + hour * 3600 + second) * ONE


def _shelf(plan, parameters, seed, people, live_sessions):
    count = int(round(parameters.shelf.visits * live_sessions))
    identity = np.arange(count, dtype=np.uint64)
    visited = np.sort(_moments(seed, "shelf", identity))
    source = draws.choice(draws.uniform(seed, "shelf source", identity), persons.SHELF_SOURCES)
    kind = draws.choice(draws.uniform(seed, "shelf kind", identity), persons.SHELF_KINDS[source])
    share = catalogue.CHANNELS.audience.to_numpy()
    channel = draws.choice(draws.uniform(seed, "shelf channel", identity), share)
    person = people.pick(draws.uniform(seed, "shelf person", identity), channel, kind)
    intent = people.intent[person]
    festive = is_festival(visited)
    mean = (
        parameters.shelf.conversion
        * np.exp(intent)
        * persons.MOOD[source]
        * np.where(festive, parameters.festival.orders, 1.0)
    )
    placed = draws.poisson(seed, "shelf orders", identity, mean)
    looked = draws.poisson(seed, "shelf clicks", identity, 0.9 * np.exp(0.3 * np.minimum(intent, 3)))
    session = np.repeat(np.arange(count), placed)
    number = np.arange(len(session)) - np.repeat(np.cumsum(placed) - placed, placed)
    own = identity[session]
    created = (
        visited[session] + (40 + 300 * draws.exponential(seed, "shelf minute", own, number)).astype(np.int64) * ONE
    )
    is_paid = draws.uniform(seed, "shelf pays", own, number) >= parameters.refund.unpaid
    return {
        "session": session,
        "person": person[session],
        "channel": channel[session],
        "source": source,
        "number": number,
        "own": own,
        "created": created,
        "is_paid": is_paid,
        "visitor": person,
        "visited": visited,
        "table": pd.DataFrame(
            {
                "session_id": SHELF_FIRST_ID + np.arange(count),
                "viewer_id": people.number[person],
                "channel_id": np.array(catalogue.CHANNEL_IDS, dtype=object)[channel],
                "source": np.array(SOURCES, dtype=object)[source],
                "visited": visited,
                "product_clicks": looked + placed,
                "orders": np.bincount(session[is_paid], minlength=count),
            }
        ),
    }


def _shelf_products(plan, seed, own, number, created, purpose):
    """Products bought off the shelf: by appeal, among those launched by then."""
    launched = plan.products.launched.to_numpy()
    order = np.argsort(launched, kind="stable")
    weight = np.cumsum(plan.products.true_appeal.to_numpy()[order])
    available = np.maximum(np.searchsorted(launched[order], created.astype("datetime64[s]"), side="right"), 1)
    u = draws.uniform(seed, purpose, own, number) * weight[available - 1]
    return order[np.minimum(np.searchsorted(weight, u), available - 1)]


def _orders(plan, night, parameters, seed, people, shelf, posts, started, begin, stream_ids, product_ids, channel_ids):
    price_of = plan.products.list_price.to_numpy()
    lines = night.lines
    room = lines.room.to_numpy()
    created = started[room] + (lines.second.to_numpy() - begin[room]) * ONE
    identity = night.identity[lines.session]
    parts = [
        pd.DataFrame(
            {
                "key": lines.order,
                "line_no": lines.line_no,
                "customer_id": people.number[night.person[lines.session]],
                "person": night.person[lines.session],
                "product": lines["product"],
                "channel": plan.rooms.channel.to_numpy()[room],
                "source": "live",
                "stream_id": stream_ids[room],
                "post_id": None,
                "session_id": lines.session + 1,
                "quantity": lines.quantity,
                "list_amount": lines.list_amount,
                "paid_amount": lines.paid_amount,
                "coupon_id": None,
                "created": created,
                "is_paid": lines.is_paid,
                "discount": lines.discount,
                "pause": draws.uniform(seed, "paying", identity, lines.number.to_numpy()),
            }
        )
    ]
    # shelf orders
    product = _shelf_products(plan, seed, shelf["own"], shelf["number"], shelf["created"], "shelf product")
    discount = np.array([0, 0, 0, 0.05, 0.10])[
        (draws.uniform(seed, "shelf discount", shelf["own"], shelf["number"]) * 5).astype(int)
    ]
    quantity = 1 + draws.poisson(
        seed,
        "shelf quantity",
        shelf["own"] * np.uint64(31) + shelf["number"].astype(np.uint64),
        persons.extra_items(seed, people.number[shelf["person"]]),
        most=24,
    )
    parts.append(
        _plain_lines(
            0 + np.arange(len(product)),
            shelf["person"],
            people,
            product,
            shelf["channel"],
            "shelf",
            None,
            SHELF_FIRST_ID + shelf["session"],
            quantity,
            discount,
            price_of,
            shelf["created"],
            shelf["is_paid"],
            draws.uniform(seed, "shelf paying", shelf["own"], shelf["number"]),
        )
    )
    # orders from posts
    clicks = posts["clicks"].to_numpy()
    sold = draws.poisson(seed, "post orders", np.arange(len(posts), dtype=np.uint64), clicks * 0.012)
    post = np.repeat(np.arange(len(posts)), sold)
    number = np.arange(len(post)) - np.repeat(np.cumsum(sold) - sold, sold)
    own = (np.uint64(7) << np.uint64(50)) + post.astype(np.uint64)
    channel = posts.channel_id.map({c: i for i, c in enumerate(channel_ids)}).to_numpy()[post]
    kind = draws.choice(draws.uniform(seed, "post kind", own, number), np.array([0.55, 0.20, 0.12, 0.13]))
    person = people.pick(draws.uniform(seed, "post person", own, number), channel, kind)
    created = (
        posts.published.to_numpy().astype("datetime64[s]")[post]
        + (120 + 30_000 * draws.exponential(seed, "post delay", own, number)).astype(np.int64) * ONE
    )
    keep = created < np.datetime64(END, "s")
    product = _shelf_products(plan, seed, own, number, created, "post product")
    frame = _plain_lines(
        np.arange(len(post)),
        person,
        people,
        product,
        channel,
        "social",
        posts.post_id.to_numpy(dtype=object)[post],
        None,
        np.ones(len(post), dtype=int),
        np.full(len(post), 0.08),
        price_of,
        created,
        draws.uniform(seed, "post pays", own, number) >= parameters.refund.unpaid,
        draws.uniform(seed, "post paying", own, number),
    )
    parts.append(frame[keep])

    orders = pd.concat([p.assign(part=i) for i, p in enumerate(parts) if len(p)], ignore_index=True)
    orders["created"] = pd.to_datetime(orders.created).astype("datetime64[s]")
    orders = orders[orders.created < END]
    orders = orders.sort_values(["created", "part", "key", "line_no"], kind="stable", ignore_index=True)
    orders["order_id"] = "O" + (orders.groupby(["part", "key"], sort=False).ngroup() + 100001).astype(str)
    paid = orders.created + pd.to_timedelta(paying_seconds(orders.pause.to_numpy()), unit="s")
    orders["paid"] = paid.where(orders.is_paid)
    orders["product_id"] = product_ids[orders["product"]]
    orders["channel_id"] = channel_ids[orders.channel]
    orders["session_id"] = orders.session_id.astype("Int64")
    orders["coupon_id"] = None
    return orders, lines


def paying_seconds(u):
    """Seconds from the order to its payment, for uniform draws `u`."""
    return np.minimum(np.rint(6 - 50 * np.log(u)), 1700).astype(np.int64)


def _plain_lines(
    key, person, people, product, channel, source, post, session, quantity, discount, price_of, created, is_paid, pause
):
    from liveshop.world.season import paid_price

    price = price_of[product]
    return pd.DataFrame(
        {
            "key": key,
            "line_no": 1,
            "customer_id": people.number[person],
            "person": person,
            "product": product,
            "channel": channel,
            "source": source,
            "stream_id": None,
            "post_id": post,
            "session_id": pd.array(session, dtype="Int64")
            if session is not None
            else pd.array([pd.NA] * len(key), dtype="Int64"),
            "quantity": quantity,
            "list_amount": quantity * price,
            "paid_amount": quantity * paid_price(price, discount),
            "coupon_id": None,
            "created": created,
            "is_paid": is_paid,
            "discount": discount,
            "pause": pause,
        }
    )


def refund_chance(plan, parameters, orders):
    """Probability that a paid line is refunded at any time after payment."""
    r = parameters.refund
    channel = np.array([getattr(r, c) for c in catalogue.CHANNEL_IDS])[orders.channel]
    category = plan.products.category.map(catalogue.REFUND_RATIO).to_numpy()[orders["product"]]
    place = np.where(orders.source == "live", 1.0, r.shelf)
    season = np.where(is_festival(orders.created), parameters.festival.refunds, 1.0)
    return np.minimum(channel * category * place * season * (1 + 0.4 * (orders.discount - 0.15)), 0.9)


def _refunds(plan, parameters, seed, orders):
    paid = orders[orders.is_paid]
    code = paid.order_id.str[1:].astype("int64").to_numpy().astype(np.uint64)
    line = paid.line_no.to_numpy()
    chance = refund_chance(plan, parameters, paid)
    back = draws.uniform(seed, "refund", code, line) < chance
    days = parameters.refund.delay_median * np.exp(
        parameters.refund.delay_spread * draws.normal(seed, "refund delay", code, line)
    )
    when = paid.paid + pd.to_timedelta(np.rint(np.maximum(days, 0.2) * 86400).astype("int64"), unit="s")
    part = draws.uniform(seed, "refund part", code, line) < 0.07
    amount = np.where(part, np.round(paid.paid_amount * 0.5 * 2) / 2, paid.paid_amount)
    size = np.where(plan.products.category.map(catalogue.REFUND_RATIO).to_numpy()[paid["product"]] > 1.1, 0.52, 0.28)
    u = draws.uniform(seed, "refund reason", code, line)
    other = draws.choice(draws.uniform(seed, "refund other", code, line), np.array([0.34, 0.40, 0.16, 0.10]))
    reason = np.where(u < size, "size", np.array(["quality", "changed_mind", "late", "other"], dtype=object)[other])
    frame = pd.DataFrame(
        {"order_id": paid.order_id, "line_no": line, "refunded": when, "refunded_amount": amount, "reason": reason}
    )
    # the tables are as of the end of the period: what comes back later is not known yet
    frame = frame[back & (frame.refunded < END).to_numpy()]
    return frame.sort_values(["refunded", "order_id", "line_no"], kind="stable", ignore_index=True)


def _customers(parameters, seed, people, orders, shelf, channel_ids):
    known = np.isin(people.kind, [persons.CUSTOMER, persons.FAN_CUSTOMER])
    first = orders.drop_duplicates("person")
    new = first[~known[first.person]]
    old = np.flatnonzero(known)
    who = np.concatenate([old, new.person.to_numpy()])
    identity = people.number[who].astype(np.uint64)
    ago = 3 + 800 * draws.uniform(seed, "joined", identity[: len(old)]) ** 1.4
    joined_old = np.datetime64(START, "s") - (ago * 86400).astype(np.int64) * ONE
    joined = np.concatenate([joined_old, new.created.to_numpy().astype("datetime64[s]")])
    route = np.array(persons.ROUTES, dtype=object)[
        draws.choice(draws.uniform(seed, "route", identity), np.array([0.42, 0.22, 0.14, 0.12, 0.10]))
    ]
    came = {"live": "live", "social": "content"}
    by_source = {
        "search": "search",
        "share": "referral",
        "paid": "paid",
        "feed": "content",
        "video": "content",
        "follow": "content",
    }
    shelf_source = np.array(SOURCES, dtype=object)[shelf["source"]]
    new_route = [
        came.get(s) or by_source[shelf_source[int(i) - SHELF_FIRST_ID]] for s, i in zip(new.source, new.session_id)
    ]
    route[len(old) :] = new_route
    channel = np.concatenate([people.channel[old], new.channel.to_numpy()])
    age = draws.choice(draws.uniform(seed, "age", identity), np.array([0.24, 0.42, 0.23, 0.11]))
    segment = np.array(["basics", "office", "weekend", "bargain"], dtype=object)[
        draws.choice(
            draws.uniform(seed, "segment", identity),
            np.array(
                [[0.30, 0.10, 0.35, 0.25], [0.25, 0.35, 0.25, 0.15], [0.25, 0.35, 0.20, 0.20], [0.40, 0.15, 0.20, 0.25]]
            )[age],
        )
    ]
    order = np.lexsort((identity, joined))
    referrer = np.full(len(who), -1, dtype=np.int64)
    rank = np.empty(len(who), dtype=np.int64)
    rank[order] = np.arange(len(who))
    referred = np.flatnonzero((route == "referral") & (rank > 0))
    earlier = (draws.uniform(seed, "referrer", identity[referred]) * rank[referred]).astype(np.int64)
    referrer[referred] = people.number[who[order[earlier]]]
    reference = pd.array(np.where(referrer >= 0, referrer, 0), dtype="Int64")
    reference[referrer < 0] = pd.NA
    city_share = 1 / np.arange(1, 21) ** 0.7
    frame = pd.DataFrame(
        {
            "customer_id": people.number[who],
            "joined": joined,
            "route": route,
            "referrer_id": reference,
            "city": np.array(persons.CITIES, dtype=object)[
                draws.choice(draws.uniform(seed, "city", identity), city_share)
            ],
            "age_band": np.array(persons.AGE_BANDS, dtype=object)[age],
            "sex": np.array(["female", "male", "unknown"], dtype=object)[
                draws.choice(draws.uniform(seed, "sex", identity), np.array([0.71, 0.21, 0.08]))
            ],
            "channel_id": channel_ids[channel],
            "segment": segment,
        }
    )
    return frame.sort_values("customer_id", ignore_index=True)


def _posts(seed, share):
    """Posts: within an author live and video do better than photo; the authors with the largest reach post photos."""
    random = draws.generator(seed, "posts")
    count, authors = max(20, int(round(1200 * min(share, 1.0)))), 24
    reach = np.sort(np.exp(random.normal(7.6, 0.9, authors)))
    author = random.choice(authors, count, p=np.full(authors, 1 / authors))
    rank = author / (authors - 1)
    odds = np.column_stack(
        [0.25 + 0.55 * rank, 0.34 - 0.20 * rank, 0.16 - 0.11 * rank, np.full(count, 0.13), np.full(count, 0.12)]
    )
    kind = np.array([random.choice(5, p=o / o.sum()) for o in odds])
    hour = random.choice(24, count, p=np.where(np.arange(24) < 7, 0, HOURS) / HOURS[7:].sum())
    published = np.sort(START + pd.to_timedelta(random.integers(0, DAYS, count), unit="D"))
    published = pd.DatetimeIndex(published) + pd.to_timedelta(hour * 3600 + random.integers(0, 3600, count), unit="s")
    hour_effect = HOURS[hour] ** 0.5
    impressions = np.maximum(50, np.rint(reach[author] * hour_effect * np.exp(random.normal(0, 0.5, count)))).astype(
        np.int64
    )
    rate = 0.030 * np.array([1.0, 1.45, 1.75, 0.55, 0.45])[kind] * np.where(rank > 0.7, 1.25, 1.0)
    reactions = random.poisson(impressions * rate * np.exp(random.normal(0, 0.35, count)))
    comments = random.poisson(impressions * 0.003 * np.array([1.0, 1.6, 3.2, 0.6, 0.8])[kind])
    shares = random.poisson(impressions * 0.0018 * np.array([1.0, 1.8, 1.6, 0.7, 0.3])[kind])
    clicks = random.poisson(impressions * 0.008 * np.array([1.0, 1.3, 1.6, 2.2, 0.2])[kind])
    order = np.argsort(published, kind="stable")
    channel = np.array(catalogue.CHANNEL_IDS, dtype=object)[
        np.where(np.arange(authors) % 3 == 2, 1, np.where(np.arange(authors) % 5 == 4, 2, 0))
    ]
    return pd.DataFrame(
        {
            "post_id": [f"N{i:05d}" for i in range(1, count + 1)],
            "author_id": np.array([f"A{a + 1:02d}" for a in author], dtype=object)[order],
            "channel_id": channel[author][order],
            "type": np.array(POST_TYPES, dtype=object)[kind][order],
            "topic": np.array(POST_TOPICS, dtype=object)[random.choice(6, count)][order],
            "published": published[order].as_unit("s"),
            "impressions": impressions[order],
            "reactions": reactions[order],
            "comments": comments[order],
            "shares": shares[order],
            "clicks": clicks[order],
        }
    )
