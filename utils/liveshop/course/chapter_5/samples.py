"""The samples and rules of chapter 5, each written once: who is in a table, which columns it has, what is held fixed.

The notebook, the exercises and the recovery over simulated seasons take them from here and call the methods on them
themselves, so that what is proved is what is taught and a reader of the notebook sees the method at work. A function
takes contract tables (``liveshop.load()``); what it returns is a plain pandas object, named as in the notebook.
"""

import numpy as np
import pandas as pd

from liveshop import methods, metrics
from liveshop.tables.memory import once_per_tables

# -- 5.1: openers ---------------------------------------------------------------------------------

OPENER = "giveaway"
FIXED = ["host_id", "slot", "channel_id", "is_festival", "log_spend"]     # what was set before the night
ALIKE = ["host_id", "is_festival", "prime"]                               # of nights that are matched with each other
ON_THE_SHELF = ["role", "discount", "log_price"]                          # what a slot shows, whatever its night


def _on_trial(streams):
    """Was the broadcast a trial? Where nobody says, it was none."""
    return streams.is_trial.fillna(False).astype(bool)


def broadcasts(tables):
    """Broadcasts with clicks, trials left out; log_ctor: log of orders per click, log_spend: of 1 + promotion spend."""
    streams = tables.streams
    streams = streams[(streams.product_clicks > 0) & ~_on_trial(streams)]
    return streams.assign(log_ctor=np.log((streams.orders + 0.5) / (streams.product_clicks + 1)),
                          log_spend=np.log1p(streams.promotion_spend.fillna(0)))


def opened(tables, opener=OPENER):
    """`broadcasts` with treated (it opened with the opener) and prime (one of the two slots with the highest GMV)."""
    nights = broadcasts(tables)
    prime = nights.groupby("slot").gmv.median().nlargest(2).index
    return nights.assign(treated=nights.opener == opener, prime=nights.slot.isin(prime))


def mid_show(tables, opener=OPENER):
    """Slots before and after an opener in mid-show, of broadcasts that did not open with it.

    ctor: orders per 100 clicks, and log_ctor; discount and log_price: of the product on the shelf, 0 where none is
    known. The slots in which it runs, and those without a click, are left out; after_giveaway is 1 in the slots that
    follow one in the same broadcast.
    """
    nights = opened(tables, opener)
    slots = methods.rundown.slot_totals(tables.rundown, tables.stream_minutes)
    others = slots.stream_id.isin(nights.stream_id[~nights.treated])
    slots = slots[others & (slots.room_clicks > 0) & (slots.activity != opener)]
    price = slots.product_id.map(tables.products.set_index("product_id").list_price)
    return slots.assign(
        ctor=100 * slots.room_orders / slots.room_clicks,
        log_ctor=np.log((slots.room_orders + 0.5) / (slots.room_clicks + 1)),
        discount=slots.discount.fillna(0), log_price=np.log(price.astype(float)).fillna(0))


def summed(slots, by):
    """Orders and clicks of each broadcast's slots, by a column of two values; log_ctor: log of orders per click."""
    sums = slots.groupby(["stream_id", by])[["room_orders", "room_clicks"]].sum().reset_index()
    return sums.assign(log_ctor=np.log((sums.room_orders + 0.5) / (sums.room_clicks + 1)))


def opened_rooms(tables, opener=OPENER):
    """Nights that open with it, `summed` by running: the first slot, in which it runs, and the rest of the night."""
    nights = opened(tables, opener)
    slots = methods.rundown.slot_totals(tables.rundown, tables.stream_minutes)
    slots = slots[slots.stream_id.isin(nights.stream_id[nights.treated])]
    return summed(slots.assign(running=slots.slot_no == 1), "running")


# -- 5.1: rundowns --------------------------------------------------------------------------------

ROLE_ORDER = ["traffic", "hero", "profit", "image"]


def shelf(tables):
    """The slots of all broadcasts with what happened in their minutes, as rates of the viewers who were there.

    third: of the broadcast, first to last; leaving: exits per viewer minute; clicks: product clicks per viewer minute;
    follows: new followers per 1,000 viewer minutes; story and quiz: what ran in it beside the product.
    """
    slots = methods.rundown.slot_totals(tables.rundown, tables.stream_minutes)
    slots = slots[slots.viewer_minutes > 0]
    followed = tables.stream_minutes.groupby(["stream_id", "slot_no"]).follows.sum().rename("followed").reset_index()
    slots = slots.merge(followed, on=["stream_id", "slot_no"], how="left")
    end = (slots.start_minute + slots.minutes).groupby(slots.stream_id).transform("max")
    third = np.floor(3 * slots.start_minute / end).clip(upper=2).map({0: "first", 1: "second", 2: "last"})
    return slots.assign(
        third=third.astype(str), leaving=slots.exits / slots.viewer_minutes,
        clicks=slots.room_clicks / slots.viewer_minutes, follows=1000 * slots.followed / slots.viewer_minutes,
        **{activity: slots.activity == activity for activity in ("story", "quiz")})


def ratio_by(frame, above, below, by, cluster="stream_id"):
    """Ratio of two sums in each group with its 95 % interval: columns estimate, low, high.

    The error is that of a ratio estimate (Cochran, Sampling Techniques, 1977, 6.3) with whole broadcasts as the sample.
    """
    sums = frame.groupby([by, cluster])[[above, below]].sum()
    total = sums.groupby(by).sum()
    ratio = total[above] / total[below]
    off = sums[above] - sums[below] * ratio.reindex(sums.index.get_level_values(by)).to_numpy()
    count = off.groupby(by).size()
    error = np.sqrt((off**2).groupby(by).sum() * count / (count - 1).clip(lower=1)) / total[below]
    return pd.DataFrame({"estimate": ratio, "low": ratio - 1.96 * error, "high": ratio + 1.96 * error})


def live_lines(tables):
    """Order lines of the rooms with the role of what was bought, where the broadcast showed it."""
    shown = tables.rundown[["stream_id", "product_id", "role"]].drop_duplicates(["stream_id", "product_id"])
    lines = tables.orders[tables.orders.source == "live"] if "source" in tables.orders else tables.orders
    return lines.merge(shown, on=["stream_id", "product_id"], how="left")


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


UNSEEN = 51  # seed of the nights on which orders are judged; nobody plans with them


def unseen_nights(slots, order, nights=200, seed=UNSEEN):
    """Margin before fees of each simulated night, in yuan, for the slots in this order of rows.

    The nights come from the world that made the course data, not from the model estimated on them;
    the same seed gives the same nights, so orders can be compared night by night.
    """
    from liveshop.world.play import nights as simulated

    planned = slots.assign(price=slots.list_price * (1 - slots.discount)).iloc[list(order)]
    return simulated.play(planned, nights=nights, seed=seed).margin.to_numpy()


def ordinary_night(tables, nights, model):
    """What an ordinary night without a giveaway is made of: a Series of entries, orders per 1,000 entries and, an
    order, list price, cost of goods, the cut on the list price; shares of money refunded and of fees on what is kept.

    nights: of `opened`; its ordinary nights did not open with a giveaway.
    """
    plain = nights[~nights.treated]
    lines = tables.orders[(tables.orders.source == "live") & tables.orders.paid.notna()]
    sums = metrics.contribution(lines, tables.refunds, tables.products, tables.channels).iloc[0]
    cost = lines.quantity * lines.product_id.map(tables.products.set_index("product_id").unit_cost)
    orders = lines.order_id.nunique()
    return pd.Series({
        "entries": plain.views.median(), "per_1000": 1000 * plain.orders.sum() / plain.views.sum(),
        "list_price": lines.list_amount.sum() / orders, "unit_cost": cost.sum() / orders,
        "usual_cut": 1 - lines.paid_amount.sum() / lines.list_amount.sum(),
        "refunded": sums.refunded / sums.gmv, "fees": sums.fees / (sums.gmv - sums.refunded), "lift": model.discount})


def contribution_of(night, cut, entries, per_1000, prizes=0.0):
    """Contribution of a night, CNY, at a cut on all list prices: kept money less fees, goods kept, and prizes."""
    each = (1 - night.refunded) * (night.list_price * (1 - cut) * (1 - night.fees) - night.unit_cost)
    return entries * per_1000 / 1000 * each - prizes


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
HER_OWN = ["fan_share"]         # whom she brings back is also her doing: not held fixed where entries are counted


def on_air(tables):
    """Broadcasts, a row each; with a roster (table shifts) a row for each host of a broadcast and what fell to her."""
    if "shifts" in tables and "stream_minutes" in tables:
        return methods.hosts.by_shift(tables.streams, tables.stream_minutes, tables.shifts)
    return tables.streams


def judged_broadcasts(tables):
    """`on_air` with log_ctor, its evidence (1 / variance) and the conditions that a host does not choose.

    log_per_entry: log of orders per entry. Traffic mix and what was on the table are there where the tables are.
    """
    streams = on_air(tables).assign(
        orders=lambda d: d.orders.clip(lower=0.5),              # a night without orders is bad, not minus infinity
        log_ctor=lambda d: np.log(d.orders / d.product_clicks.clip(lower=1)),
        log_per_entry=lambda d: np.log(d.orders / d.views.clip(lower=1)) if "views" in d else np.nan,
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


def conditions(judged):
    """Those `CONDITIONS` that are known of these broadcasts and differ between them; judged: of `judged_broadcasts`."""
    return [name for name in CONDITIONS if name in judged and judged[name].nunique() > 1]


def established_hosts(judged):
    """Ids of the hosts without a broadcast on trial."""
    hosts = judged.host_id.dropna()
    on_trial = judged.host_id[_on_trial(judged)] if "is_trial" in judged else []
    return pd.Index(sorted(set(hosts) - set(on_trial)), name="host_id")


# -- 5.3: staying ---------------------------------------------------------------------------------

PROMPT_LAGS = [f"prompt_{minute}" for minute in range(5)]       # minutes since the last spoken prompt
CAUSES = ["stalled", *PROMPT_LAGS, "too_many"]
ROLES = ["traffic", "hero", "profit"]                           # against image


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


def heard(tables, sample=40_000, seed=5):
    """Each slot that a viewer saw any of, of a sample of entries: minutes (its length), heard (those she was there)."""
    entries = tables.viewer_sessions[["stream_id", "entered_second", "watch_seconds"]]
    entries = entries.sample(min(sample, len(entries)), random_state=seed)
    both = entries.merge(tables.rundown[["stream_id", "slot_no", "start_minute", "minutes"]], on="stream_id")
    begin, gone = 60 * both.start_minute, both.entered_second + both.watch_seconds
    seconds = np.minimum(gone, begin + 60 * both.minutes) - np.maximum(both.entered_second, begin)
    both = both.assign(heard=seconds / 60)
    return both.loc[both.heard > 0, ["stream_id", "slot_no", "minutes", "heard"]]


def asked(tables):
    """Entries whose first question was answered; orders: those from the question on, before: those placed earlier.

    What somebody bought before she asked is not the work of the answer. soon: it came within two minutes, fast: within
    half a minute; ordered: at least one order from the question on (the three as 0 and 1).
    """
    question = tables.comments.dropna(subset=["reply_seconds"]).groupby("session_id").at_second.min()
    bought = tables.orders.dropna(subset=["paid"]).drop_duplicates("order_id")
    bought = bought[bought.session_id.isin(question.index)]
    begins = tables.streams.set_index("stream_id").started
    second = (bought.created - bought.stream_id.map(begins)).dt.total_seconds()
    after = bought.session_id[second >= bought.session_id.map(question)].value_counts()
    rows = tables.viewer_sessions.dropna(subset=["wait_seconds"])
    rows = rows.assign(all_orders=rows.orders, orders=rows.session_id.map(after).fillna(0).astype(int))
    flags = {"ordered": rows.orders > 0, "soon": rows.wait_seconds < 120, "fast": rows.wait_seconds < 30}
    flags = {name: flag.astype(float) for name, flag in flags.items()}
    return rows.assign(before=rows.all_orders - rows.orders, **flags)


def interaction_plan():
    """The pattern of the card of 5.3: who asks the viewers for what, and when."""
    return pd.DataFrame(
        [["0–4", "like", "Tap if you can see and hear us", "technician", "share of entries that stay a minute"],
         ["each slot, first 90 s", "question", "The commonest worry about this product", "host",
          "comments per minute watched"],
         ["each slot, half-way", "vote", "Which colour shall I put on, 1 or 2?", "assistant",
          "interaction rate: persons, not messages"],
         ["before the price", "question", "Who is between two sizes?", "reply desk", "answered within two minutes"],
         ["once an hour", "game", "Guess the price", "host", "leaving hazard of the minute"]],
        columns=["minute", "form", "what_the_host_asks", "who_answers", "number_to_watch"])


# -- 5.4: the desk --------------------------------------------------------------------------------

EARLIER, LATER = "S0220", "S0227"                           # the pair of 5.4b and 5.4d
CHAIN = ["views", "product_clicks", "orders", "gmv"]        # its links: each measure against the one before
SMOOTHING, WIDTH = 0.3, 4.5         # smaller smoothing: slower and steadier; larger width: fewer calls


def pair(tables):
    """The two broadcasts of 5.4b, earlier and later."""
    return tables.streams.set_index("stream_id").loc[[EARLIER, LATER], CHAIN]


@once_per_tables
def desk_minutes(tables):
    """All minutes of the broadcasts as the desk reads them, with what is on the table where that is known."""
    rundown = tables.rundown if "rundown" in tables else None
    products = tables.products if "products" in tables else None
    return methods.desk.prepare(tables.stream_minutes, rundown, products)


def halves(tables, until=None):
    """The `desk_minutes` of broadcasts before `until`, a time, and of the later ones; None: the middle of all."""
    begins = tables.streams.set_index("stream_id").started
    until = pd.Timestamp(until) if until else begins.median().normalize()
    minutes = desk_minutes(tables)
    early = minutes.stream_id.map(begins) < until
    return minutes[early].reset_index(drop=True), minutes[~early].reset_index(drop=True)


def raw_threshold(minutes):
    """The rule of thumb: a minute with fewer than half of the clicks that the last ten had on average."""
    usual = minutes.groupby("stream_id").product_clicks.transform(
        lambda clicks: clicks.shift().rolling(10, min_periods=5).mean())
    return minutes.product_clicks < 0.5 * usual
