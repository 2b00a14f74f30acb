"""The samples, rules and estimates of chapter 5, each written once.

The notebook, the exercises and the recovery over simulated seasons all call them, so that what is proved is what is
taught. A function takes contract tables (``liveshop.load()``); what it returns is a plain pandas object, named as in
the notebook.
"""

import numpy as np
import pandas as pd

from liveshop import methods
from liveshop.tables.memory import once_per_tables

# -- 5.1: openers ---------------------------------------------------------------------------------

OPENER = "giveaway"
FIXED = ["host_id", "slot", "channel_id", "is_festival", "log_spend"]     # what was set before the night


def broadcasts(tables):
    """Broadcasts with clicks, trials left out; log_ctor: log of orders per click, log_spend: of 1 + promotion spend."""
    streams = tables.streams
    streams = streams[(streams.product_clicks > 0) & ~streams.is_trial.fillna(False).astype(bool)]
    return streams.assign(log_ctor=np.log((streams.orders + 0.5) / (streams.product_clicks + 1)),
                          log_spend=np.log1p(streams.promotion_spend.fillna(0)))


def opened(tables, opener=OPENER):
    """`broadcasts` with treated (it opened with the opener) and prime (one of the two slots with the highest GMV)."""
    nights = broadcasts(tables)
    prime = nights.groupby("slot").gmv.median().nlargest(2).index
    return nights.assign(treated=nights.opener == opener, prime=nights.slot.isin(prime))


def mid_show(tables, opener=OPENER):
    """Slots before and after an opener in mid-show, of broadcasts that did not open with it.

    ctor: orders per 100 clicks. The slots in which it runs, and those without a click, are left out; after_giveaway is
    1 in the slots that follow one in the same broadcast.
    """
    nights = opened(tables, opener)
    slots = methods.rundown.slot_totals(tables.rundown, tables.stream_minutes)
    others = slots.stream_id.isin(nights.stream_id[~nights.treated])
    slots = slots[others & (slots.room_clicks > 0) & (slots.activity != opener)]
    return slots.assign(ctor=100 * slots.room_orders / slots.room_clicks)


def summed(slots, by):
    """Orders and clicks of each broadcast's slots, by a column of two values; log_ctor: log of orders per click."""
    sums = slots.groupby(["stream_id", by])[["room_orders", "room_clicks"]].sum().reset_index()
    return sums.assign(log_ctor=np.log((sums.room_orders + 0.5) / (sums.room_clicks + 1)))


def opener_effects(tables, opener=OPENER):
    """What an opener does to log orders per click: name -> estimate of `methods.effects`.

    The first three compare nights; the last compares slots after it with slots before it in the same broadcast.
    """
    effects, nights = methods.effects, opened(tables, opener)
    before_after = summed(mid_show(tables, opener), "after_giveaway")
    return {
        "naive: all rooms": effects.pooled_effect(nights, "log_ctor", "treated"),
        "matched rooms": effects.matched_effect(nights, "log_ctor", "treated", ["host_id", "is_festival", "prime"]),
        "adjusted for the night": effects.adjusted_effect(nights, "log_ctor", "treated", [*FIXED, "scene"]),
        "within: after, before": effects.within_effect(
            before_after, "log_ctor", "after_giveaway", "stream_id", weights="room_clicks"),
    }


def while_running(tables, opener=OPENER):
    """The first slot of nights that open with it, against the rest of the same night: an estimate that fails."""
    nights = opened(tables, opener)
    slots = methods.rundown.slot_totals(tables.rundown, tables.stream_minutes)
    slots = slots[slots.stream_id.isin(nights.stream_id[nights.treated])]
    running = summed(slots.assign(running=slots.slot_no == 1), "running")
    return methods.effects.within_effect(running, "log_ctor", "running", "stream_id", weights="room_clicks")


# -- 5.1: rundowns --------------------------------------------------------------------------------


def last_night(tables):
    """The id of the last broadcast of six to ten slots without a giveaway."""
    given = tables.rundown.stream_id[tables.rundown.activity == OPENER]
    slots = tables.rundown[~tables.rundown.stream_id.isin(given)].groupby("stream_id").size()
    return slots[slots.between(6, 10)].index.max()


def tonight(tables):
    """The slots of that broadcast as `methods.rundown` plans with them."""
    return methods.rundown.plan(tables.rundown[tables.rundown.stream_id == last_night(tables)], tables.products)


def nobody_sells_to_an_empty_room():
    """The rule of the section: no hero before minute 15."""
    return methods.rundown.Constraints(hero_from_minute=15)


def orders_of_slots(tables, slots, model, rules):
    """Orders of slots (lists of rows) by the planner's habit, greedy, and computed."""
    return {
        "habit": methods.rundown.habit(slots, model, tables.rundown, rules),
        "greedy": methods.rundown.greedy(slots, model, rules),
        "best": methods.rundown.optimise(slots, model, rules),
    }


UNSEEN = 51  # seed of the nights on which orders are judged; nobody plans with them


def unseen_nights(slots, order, nights=200, seed=UNSEEN):
    """Margin before fees of each simulated night, in yuan, for the slots in this order of rows.

    The nights come from the world that made the course data, not from the model estimated on them;
    the same seed gives the same nights, so orders can be compared night by night.
    """
    from liveshop.world.play import nights as simulated

    planned = slots.assign(price=slots.list_price * (1 - slots.discount)).iloc[list(order)]
    return simulated.play(planned, nights=nights, seed=seed).margin.to_numpy()


LETTERS = "ABCDEFGH"
_SHELF = [  # role, how far down the role's products by appeal, minutes, discount
    ("hero", 0, 12, 0.15), ("profit", 0, 9, 0.05), ("traffic", 0, 7, 0.35), ("image", 0, 6, 0.0),
    ("hero", 2, 12, 0.20), ("traffic", 2, 7, 0.30), ("profit", 2, 9, 0.10), ("hero", 4, 10, 0.25),
]


def evening(tables):
    """The eight slots of exercise 5.1c, as `methods.rundown` wants them, with letters A to H as index.

    The products are the catalogue's most appealing ones of the role in which they were shown most.
    """
    usual = tables.rundown.groupby("product_id").role.agg(lambda roles: roles.mode()[0])
    products = tables.products.assign(role=tables.products.product_id.map(usual)).sort_values("appeal", ascending=False)
    rows = []
    for role, place, minutes, discount in _SHELF:
        own = products[products.role == role]
        product = own.iloc[min(place, len(own) - 1)]
        rows.append({"product_id": product.product_id, "name": product["name"], "role": role, "minutes": minutes,
                     "activity": "none", "discount": discount, "appeal": product.appeal,
                     "list_price": product.list_price, "unit_cost": product.unit_cost})
    return pd.DataFrame(rows, index=list(LETTERS))


def house_rules():
    """The rules of that evening: no hero before minute 10, no role twice in a row."""
    return methods.rundown.Constraints(hero_from_minute=10, no_repeat=True)


# -- 5.2: hosts -----------------------------------------------------------------------------------

CONDITIONS = ["slot", "channel_id", "is_festival", "opener", "scene", "fan_share", "search_share", "log_price",
              "discount"]


def judged_broadcasts(tables):
    """Broadcasts with log_ctor, its evidence (1 / variance) and the conditions that a host does not choose.

    Traffic mix and what was on the table are there where the tables are.
    """
    streams = tables.streams.assign(
        orders=lambda d: d.orders.clip(lower=0.5),              # a night without orders is bad, not minus infinity
        log_ctor=lambda d: np.log(d.orders / d.product_clicks.clip(lower=1)),
        evidence=lambda d: 1 / (1 / d.orders + 0.02),           # counting error of the orders, and the mood of a night
    )
    if "stream_minutes" in tables and "enters_follow" in tables.stream_minutes:
        entries = tables.stream_minutes.groupby("stream_id")[["enters", "enters_follow", "enters_search"]].sum()
        streams["fan_share"] = streams.stream_id.map(entries.enters_follow / entries.enters)
        streams["search_share"] = streams.stream_id.map(entries.enters_search / entries.enters)
    if "rundown" in tables and "products" in tables:
        prices = tables.products[["product_id", "list_price"]]
        shown = tables.rundown.merge(prices, on="product_id").groupby("stream_id")
        streams["log_price"] = streams.stream_id.map(np.log(shown.list_price.mean()))
        streams["discount"] = streams.stream_id.map(shown.discount.mean())
    return streams


def fair_scorecard(judged):
    """The scorecard of `methods.hosts` at equal conditions; judged: of `judged_broadcasts`.

    The yardstick is the mean of the hosts who are not on trial, where somebody is.
    """
    known = [name for name in CONDITIONS if name in judged and judged[name].nunique() > 1]
    fair = methods.hosts.scorecard(judged, "log_ctor", controls=known, weights="evidence", errors="model")
    if "is_trial" in judged and judged.is_trial.any():
        fair[["raw", "adjusted", "estimate", "low", "high"]] -= fair.estimate[established_hosts(judged)].mean()
    return fair


def established_hosts(judged):
    """Ids of the hosts without a broadcast on trial."""
    hosts = judged.host_id.drop_duplicates()
    on_trial = judged.host_id[judged.is_trial.astype(bool)] if "is_trial" in judged else []
    return pd.Index(sorted(set(hosts) - set(on_trial)), name="host_id")


def sold_lines(tables):
    """Paid order lines of broadcasts with their host and what was refunded of them."""
    return (
        tables.orders[tables.orders.paid.notna()]
        .merge(tables.refunds[["order_id", "line_no", "refunded_amount"]], on=["order_id", "line_no"], how="left")
        .merge(tables.streams[["stream_id", "host_id"]], on="stream_id")        # inner: shelf orders have no host
    )


def host_sales(tables):
    """gmv, refunded, net and refund_rate of each host, in yuan."""
    return (
        sold_lines(tables)
        .groupby("host_id")[["paid_amount", "refunded_amount"]].sum()
        .rename(columns={"paid_amount": "gmv", "refunded_amount": "refunded"})
        .assign(net=lambda d: d.gmv - d.refunded, refund_rate=lambda d: d.refunded / d.gmv)
    )


# -- 5.3: staying ---------------------------------------------------------------------------------

PROMPT_LAGS = [f"prompt_{minute}" for minute in range(5)]       # minutes since the last spoken prompt
CAUSES = ["stalled", *PROMPT_LAGS, "too_many"]
ROLES = ["traffic", "hero", "profit"]                           # against image
LATE_SECONDS = 600        # 5.3a looks at entries in the last ten minutes


def stalled(rows):
    """Does the picture stall in this minute or the one before? For the rows of `methods.retention.episodes`."""
    return (rows.stutter > 0) | (rows.stutter_before > 0)


def pieces(tables, sample=60_000):
    """Minutes of a sample of entries with `CAUSES`: a stalled picture, prompts, prompts above two in ten minutes."""
    rows = methods.retention.episodes(
        tables.viewer_sessions, tables.prompts, tables.stream_minutes, sample=sample, keep=["source"])
    for minute, lag in enumerate(PROMPT_LAGS):
        rows[lag] = rows.since_prompt.between(minute, minute + 1, inclusive="left")
    return rows.assign(stalled=stalled(rows), too_many=(rows.prompts_before - 2).clip(lower=0))


def with_roles(tables, rows):
    """These rows with the role of the product on the table, as columns `ROLES`."""
    on_table = tables.stream_minutes[["stream_id", "minute", "slot_no"]].merge(
        tables.rundown[["stream_id", "slot_no", "role"]], on=["stream_id", "slot_no"])
    rows = rows.merge(on_table, on=["stream_id", "minute"], how="left")
    return rows.assign(**{role: rows.role == role for role in ROLES})


def lives(tables, sample=25_000):
    """Minutes of a sample of entries with what the viewer had done by then (by_now, by_minute_3), and ever did."""
    rows = methods.retention.episodes(
        tables.viewer_sessions, minutes=tables.stream_minutes, sample=sample,
        keep=["source", "comments", "first_comment_second", "stutter_seconds"])
    first = rows.first_comment_second.astype(float).fillna(np.inf) / 60
    return rows.assign(ever=rows.comments > 0, by_now=first < rows.start, by_minute_3=first <= 3,
                       ever_stalled=rows.stutter_seconds > 0, stalled=stalled(rows))


def comment_hazards(rows):
    """Leaving of those who commented against the others, in three ways; rows: of `lives`."""
    return pd.DataFrame({
        "naive: ever commented": _hazard(rows, "ever"),
        "landmark: commented by minute 3": _hazard(rows[rows.start >= 3], "by_minute_3"),
        "time-varying: has commented by now": _hazard(rows, "by_now")}).T


def stall_hazards(rows):
    """Leaving of those whose picture stalled against the others, in two ways; rows: of `lives`."""
    return pd.DataFrame({"naive: ever stalled": _hazard(rows, "ever_stalled"),
                         "time-varying: stalls now": _hazard(rows, "stalled")}).T


def _hazard(rows, cause):
    return methods.retention.leaving_hazard(rows, [cause], by="source").iloc[0]


def party():
    """Viewers whom nothing holds, but whose patience and talk are one trait: the landmark's failing case."""
    sociable = np.random.default_rng(53)
    patience = np.exp(sociable.normal(0, 0.7, 40_000))
    minutes_there = 4 * patience * sociable.exponential(size=40_000)
    first_word = sociable.exponential(15 / patience)               # the patient speak sooner, too
    return pd.DataFrame({
        "watch_seconds": 60 * minutes_there, "stayed_to_end": False,
        "comments": (first_word < minutes_there).astype(int),
        "first_comment_second": pd.Series(60 * first_word).where(first_word < minutes_there)})


def late_entries(tables):
    """Entries from followed hosts in the last ten minutes of a broadcast (exercise 5.3a)."""
    seconds = tables.streams.set_index("stream_id").stream_seconds
    followers = tables.viewer_sessions[tables.viewer_sessions.source == "follow"]
    return followers[followers.stream_id.map(seconds) - followers.entered_second <= LATE_SECONDS]


@once_per_tables
def stall_hazard(tables):
    """Leaving while the picture stalls, on the sample of exercise 5.3b."""
    rows = methods.retention.episodes(
        tables.viewer_sessions, minutes=tables.stream_minutes, sample=40_000, keep=["source"], seed=5)
    return methods.retention.leaving_hazard(rows.assign(stalled=stalled(rows)), ["stalled"], by="source")


# -- 5.4: the desk --------------------------------------------------------------------------------

EARLIER, LATER = "S0220", "S0227"                           # the pair of 5.4b and 5.4d
CHAIN = ["views", "product_clicks", "orders", "gmv"]        # its links: each measure against the one before
SMOOTHING, WIDTH = 0.3, 4.5         # smaller smoothing: slower and steadier; larger width: fewer calls


def pair(tables):
    """The two broadcasts of 5.4b, earlier and later."""
    return tables.streams.set_index("stream_id").loc[[EARLIER, LATER], CHAIN]


@once_per_tables
def account(tables):
    """What each link of the chain did to GMV between the two, in yuan: `methods.decomposition.lmdi`."""
    old, new = (methods.decomposition.factors(row, CHAIN) for _, row in pair(tables).iterrows())
    return methods.decomposition.lmdi(old, new)


@once_per_tables
def desk_minutes(tables):
    """All minutes of the broadcasts as the desk reads them, with what is on the table where that is known."""
    rundown = tables.rundown if "rundown" in tables else None
    products = tables.products if "products" in tables else None
    return methods.desk.prepare(tables.stream_minutes, rundown, products)


@once_per_tables
def learned_desk(tables, until=None):
    """The desk learned on the minutes of broadcasts before `until`, those minutes, and the later ones, unseen.

    until : a time; None is the middle of the broadcasts.
    """
    begins = tables.streams.set_index("stream_id").started
    until = pd.Timestamp(until) if until else begins.median().normalize()
    minutes = desk_minutes(tables)
    early = minutes.stream_id.map(begins) < until
    past, unseen = minutes[early].reset_index(drop=True), minutes[~early].reset_index(drop=True)
    return methods.desk.learn(past), past, unseen


def raw_threshold(minutes):
    """The rule of thumb: a minute with fewer than half of the clicks that the last ten had on average."""
    usual = minutes.groupby("stream_id").product_clicks.transform(
        lambda clicks: clicks.shift().rolling(10, min_periods=5).mean())
    return minutes.product_clicks < 0.5 * usual


def running_sums(desk, minutes, slack):
    """The loudest of the four CUSUMs of what a gauge exceeds the slack by, each broadcast from zero."""
    one_minute = desk.charts(minutes, 1.0)                  # the gauges minute by minute, nothing smoothed
    sums = one_minute.apply(lambda gauge: gauge.groupby(minutes.stream_id).transform(
        lambda run: methods.monitor.cusum(run, slack, 8).statistic))
    return sums.max(axis=1)
