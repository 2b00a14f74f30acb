"""The anatomy of a broadcast: whom a look finds in the room, the funnel in a chosen unit, its best minutes, one page.

The notebook, the exercises and the recovery over simulated seasons take the samples from here. `page` is the Monday
tool: it works on the tables that are there and says what the others would add.
"""

import numpy as np
import pandas as pd

from liveshop import metrics
from liveshop.tables.memory import once_per_tables

# What is counted as one: the columns that tell one from the next. An event is a click or an order, not who made it.
UNITS = {"events": None, "views": ["session_id"], "viewers": ["stream_id", "viewer_id"], "persons": ["viewer_id"]}
STEPS = {"came": "came in", "stayed": "stayed 60 s", "clicked": "clicked", "ordered": "ordered", "paid": "paid"}
STAY = 60           # seconds after which a stay counts as one
EVERY = 600         # seconds between two looks into a room


def last_broadcast(streams):
    """The id of the latest broadcast; a newcomer's trial is none, where the table says so."""
    if "is_trial" in streams:
        streams = streams[~streams.is_trial.fillna(False).astype(bool)]
    return streams.sort_values("started").stream_id.iloc[-1]


# -- whom a look finds ----------------------------------------------------------------------------


def looks(sessions, every=EVERY):
    """How many looks find each entry in the room: one look every so many seconds, the first after half of them."""
    start = sessions.entered_second.astype(int) - every // 2
    end = start + sessions.watch_seconds.astype(int)
    return -(-end // every) - -(-start // every)


@once_per_tables
def met(tables, every=EVERY):
    """`viewer_sessions`, a row for each time that a look finds the entry; seconds: how long it lasts in all."""
    sessions = tables.viewer_sessions
    sessions = sessions.assign(seconds=sessions.watch_seconds.astype(float))
    return sessions.loc[sessions.index.repeat(looks(sessions, every))].reset_index(drop=True)


def undone(seconds):
    """Mean length of all entries, from the lengths of those that looks have met: each weighs one by its length.

    A look meets an entry in proportion to its length, so the weight takes out what the look put in (Horvitz and
    Thompson, J. Am. Stat. Assoc. 47, 1952): the harmonic mean. Returns nan where nobody was met.
    """
    return len(seconds) / (1 / np.asarray(seconds, float)).sum() if len(seconds) else np.nan


def mean(rows, value, weight=1.0, by="stream_id"):
    """(estimate, low, high): a weighted mean over rows, 95 %, with whole broadcasts as the sample.

    value, weight: a Series like the rows, or a number. Weighed by 1 / seconds it is the mean over all entries.
    """
    sums = pd.DataFrame({"top": value * weight, "weight": weight}, rows.index).groupby(rows[by]).sum()
    estimate = sums.top.sum() / sums.weight.sum()
    off, rooms = sums.top - estimate * sums.weight, len(sums)
    error = np.sqrt((off**2).sum() * rooms / max(rooms - 1, 1)) / sums.weight.sum()
    return estimate, estimate - 1.96 * error, estimate + 1.96 * error


def seconds_by_minutes(minutes):
    """Seconds an entry lasts, from minute counts alone: people online times minutes, over entries (Little's law)."""
    return 60 * minutes.online.sum() / minutes.enters.sum()


# -- the funnel -----------------------------------------------------------------------------------


@once_per_tables
def entries(tables):
    """Entries with their product clicks, orders placed (from the order lines) and orders paid."""
    sessions = tables.viewer_sessions
    placed = tables.orders.drop_duplicates("order_id").session_id.value_counts()
    columns = ["session_id", "stream_id", "viewer_id", "watch_seconds", "product_clicks"]
    return sessions[columns].assign(placed=sessions.session_id.map(placed).fillna(0).astype(int), paid=sessions.orders)


def funnel(rows, unit="views"):
    """How many units got to each step of `STEPS`, a Series. rows: of `entries`; unit: a name of `UNITS`.

    A viewer or a person got there when one of her entries did; she stayed when her entries together last 60 seconds.
    Of events nobody stays: missing.
    """
    if unit == "events":
        counts = rows[["product_clicks", "placed", "paid"]].sum()
        return pd.Series([len(rows), np.nan, *counts], list(STEPS))
    sums = rows.groupby(UNITS[unit])[["watch_seconds", "product_clicks", "placed", "paid"]].sum()
    got = [sums.watch_seconds >= STAY, sums.product_clicks > 0, sums.placed > 0, sums.paid > 0]
    return pd.Series([len(sums), *(one.sum() for one in got)], list(STEPS))


# -- minutes --------------------------------------------------------------------------------------


def best_minutes(minutes, length=5):
    """(first minute, CNY) of the stretch of so many minutes in a row with the most GMV, in one broadcast."""
    earned = minutes.sort_values("minute").set_index("minute").gmv
    stretch = earned.rolling(length).sum().dropna()
    return int(stretch.idxmax()) - length + 1, float(stretch.max())


def on_table(rundown, minute):
    """The slot of a broadcast's rundown that is on in this minute, or None."""
    there = rundown[(rundown.start_minute <= minute) & (minute < rundown.start_minute + rundown.minutes)]
    return None if there.empty else there.iloc[0]


def before(minutes, now, length=5):
    """The last so many minutes of one broadcast before minute `now`, that minute not among them."""
    return minutes[minutes.minute.between(now - length, now - 1)]


# -- the page -------------------------------------------------------------------------------------

# What a table adds that nothing else can: table -> in words.
ADDS = {
    "stream_minutes": "when people came and the money was earned, the peak",
    "rundown": "what was on the table in the best minutes",
    "viewer_sessions": "persons in place of entries: how many stayed a minute, clicked, bought",
    "orders": "orders that were placed and never paid",
}


def page(tables, stream_id=None):
    """One broadcast on one page: rows of measure, value, unit (or what is divided by what).

    tables: what there is, `streams` at least; stream_id: the broadcast, otherwise the last one. Rows whose parts are
    missing are left out; the attribute missing of the frame lists, in sentences, what other tables would add.
    """
    one = stream_id or last_broadcast(tables.streams)
    whole = metrics.scorecard_from_totals(tables.streams[tables.streams.stream_id == one]).iloc[0]
    labels = metrics.LABELS | {"impressions": ("Impressions", "曝光", "times shown")}
    rows = [(labels[name][0], whole[name], labels[name][2]) for name in _TOTALS
            if name in whole and pd.notna(whole[name])]
    measured = {label for label, *_ in rows}
    parts = [(_of_minutes, "stream_minutes"), (_of_entries, "viewer_sessions"), (_of_orders, "orders")]
    for count, table in parts:
        if table in tables:
            part = tables[table]
            part = part[part.stream_id == one] if "stream_id" in part else part.iloc[:0]
            rows += [row for row in (count(part, tables, one) if len(part) else []) if row[0] not in measured]
            measured |= {label for label, *_ in rows}
    frame = pd.DataFrame(rows, columns=["measure", "value", "unit"])
    frame.attrs["missing"] = [f"{name} is missing; it would add {adds}." for name, adds in ADDS.items()
                              if name not in tables]
    frame.attrs["stream_id"] = one
    return frame


_TOTALS = ("impressions", "views", "viewers", "views_per_impression", "acu", "pcu", "pcu_per_acu",
           "watch_seconds_per_view", "clicks_per_view", "orders_per_click", "orders", "buyers", "gmv",
           "gmv_per_1000_views")


def _of_minutes(minutes, tables, one):
    rows = []
    if {"online", "minute"} <= set(minutes):
        top = minutes.loc[minutes.online.idxmax()]
        rows += [("ACU", minutes.online.mean(), "persons, mean of the minutes"),
                 ("PCU", top.online, "persons, at the end of a minute"), ("Fullest minute", top.minute, "minute")]
    if {"gmv", "minute"} <= set(minutes):
        first, earned = best_minutes(minutes)
        rows += [("Best five minutes from", first, "minute"), ("Earned in them", earned, "CNY")]
        if "rundown" in tables:
            slot = on_table(tables.rundown[tables.rundown.stream_id == one], first)
            if slot is not None:
                rows.append(("On the table then", slot.product_id, f"product ({slot.get('role', 'no role')})"))
    return rows


def minutes_of(sessions):
    """Minute counts of one broadcast from its entries, where there is no table of minutes: minute, enters, online.

    online: entries that are there at the end of the minute, as in `stream_minutes`.
    """
    start, end = sessions.entered_second.astype(int), (sessions.entered_second + sessions.watch_seconds).astype(int)
    last = -(-int(end.max()) // 60)
    came, gone = (np.bincount(second // 60, minlength=last)[:last] for second in (start, end))
    return pd.DataFrame({"minute": range(last), "enters": came, "online": np.cumsum(came - gone)})


def _of_entries(sessions, tables, one):
    people = sessions.groupby("viewer_id")
    rows = [("Views", len(sessions), "entries"), ("Viewers", len(people), "persons")]
    if {"entered_second", "watch_seconds"} <= set(sessions):
        rows += _of_minutes(minutes_of(sessions), tables, one)
    if "watch_seconds" in sessions:
        rows += [("Watch time per view", sessions.watch_seconds.mean(), "seconds per view"),
                 ("Stayed 60 s", (people.watch_seconds.sum() >= STAY).mean(), "of viewers")]
    for column, name in (("product_clicks", "Clicked"), ("orders", "Bought")):
        if column in sessions:
            rows.append((name, (people[column].sum() > 0).mean(), "of viewers"))
    return rows


def _of_orders(orders, tables, one):
    by_order = orders.groupby("order_id").paid.max()
    return [("Orders placed", len(by_order), "orders"), ("Paid", by_order.notna().mean(), "of orders placed")]


def written(value, unit=""):
    """A value of the page as text: shares in per cent, events per event as a number, a text as it is."""
    if isinstance(value, str):
        return value
    if unit.startswith("of ") or unit == "views / impressions":
        return f"{value:.1%}"
    whole = abs(value) >= 100 or float(value).is_integer()
    return f"{value:,.0f}" if whole else f"{value:,.1f}" if abs(value) >= 10 else f"{value:.3g}"
