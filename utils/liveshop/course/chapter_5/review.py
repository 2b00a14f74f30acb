"""What 5.4 reads from the half-year: twins, nights that follow nights, the cost of faults, settings of charts."""

import numpy as np
import pandas as pd

from liveshop import methods
from liveshop.course.chapter_5.control_room import missing_orders


def twins(rooms):
    """Ids of two broadcasts of one ACU (within 1 %; 50 to 120, longer than an hour) whose entries a minute differ most.

    rooms: streams with acu and entries_per_minute; first the one with fewer entries.
    """
    hall = rooms[(rooms.stream_seconds > 3600) & rooms.acu.between(50, 120)]
    couples = hall.merge(hall, how="cross", suffixes=("", "_2")).query("abs(acu / acu_2 - 1) < 0.01")
    couple = couples.loc[(couples.entries_per_minute_2 / couples.entries_per_minute).idxmax()]
    return couple.stream_id, couple.stream_id_2


def against_usual(rooms):
    """Broadcasts with orders, in order of time: tonight, the GPM over the median of host and channel, and next_one."""
    sold = rooms[rooms.orders > 0].sort_values("started")
    usual = sold.groupby(["host_id", "channel_id"]).gmv_per_1000_views.transform("median")
    sold = sold.assign(tonight=sold.gmv_per_1000_views / usual)
    return sold.assign(next_one=sold.groupby(["host_id", "channel_id"]).tonight.shift(-1)).dropna(subset=["next_one"])


def deepest_fall(scored, streams):
    """(before, after): ids of two broadcasts of one kind that follow each other and between which GMV fell most.

    scored: the scorecard with started, in its order; of one kind: same channel, host and slot, as far as streams knows
    them; longer than thirty minutes, with an order; within a fortnight, if any such pair is.
    """
    alike = [name for name in ("channel_id", "host_id", "slot") if name in streams and streams[name].notna().all()]
    valid = scored.query("stream_seconds > 1800 and orders > 0").merge(streams[["stream_id", *alike]], on="stream_id")
    kind = valid.groupby(alike) if alike else valid.groupby(lambda row: 0)
    pairs = valid.assign(before=kind.stream_id.shift(), fall=kind.gmv.diff(), gap=kind.started.diff())
    pairs = pairs.dropna(subset=["fall"])
    near = pairs[pairs.gap <= pd.Timedelta(days=14)]         # over months everything changes at once
    deepest = pairs.loc[(near if len(near) else pairs).fall.idxmin()]
    return deepest.before, deepest.stream_id


def clicks_since_order(minutes):
    """Product clicks since the last minute with an order, of each broadcast; one number a minute, in their order."""
    clicked = minutes.groupby("stream_id").product_clicks.cumsum()
    at_order = clicked.where(minutes.orders > 0).groupby(minutes.stream_id).ffill().fillna(0)
    return clicked - at_order


def empty_cells(tables, windows=(1, 5, 15, 60)):
    """Share of cells without a paid order: windows of so many minutes × how the room is cut (rows)."""
    entry = tables.viewer_sessions.set_index("session_id")
    bought = tables.orders.dropna(subset=["paid"]).drop_duplicates("order_id")
    bought = bought[bought.session_id.isin(entry.index)]
    begins = tables.streams.set_index("stream_id").started
    minute = ((bought.created - bought.stream_id.map(begins)).dt.total_seconds() // 60).astype(int)
    length = np.ceil(tables.streams.stream_seconds / 60)
    cuts = {"the room": [], "by source": ["source"], "by source, device": ["source", "device"]}
    empty = pd.DataFrame(index=list(cuts), columns=[f"{window} min" for window in windows], dtype=float)
    for name, columns in cuts.items():
        parts = [bought.session_id.map(entry[column]) for column in columns]
        fields = len(entry[columns].drop_duplicates()) if columns else 1
        for window, column in zip(windows, empty.columns, strict=True):
            filled = len(pd.concat([bought.stream_id, minute // window, *parts], axis=1).drop_duplicates())
            empty.loc[name, column] = 1 - filled / (fields * np.ceil(length / window).sum())
    return empty


def fault_costs(prepared, desk, streams):
    """What each fault that the control room wrote down cost: stream_id, kind, minutes; orders and gmv not come.

    prepared, desk: as in :mod:`liveshop.methods.desk`; gmv: the missing orders at the broadcast's money per order, CNY.
    All faults are in it, not the loudest, and a gain is a negative cost: so the mean is that of a fault.
    """
    frame = pd.concat([prepared, desk.expected(prepared).add_prefix("expected_")], axis=1)
    kind = frame["anomaly"].fillna("")
    episode = (kind != kind.groupby(frame["stream_id"]).shift(fill_value="")).cumsum()
    value = streams.set_index("stream_id").pipe(lambda room: room["gmv"] / room["orders"].where(room["orders"] > 0))
    rows = []
    for (stream, name, _), minutes in frame[kind != ""].groupby(["stream_id", kind, episode]):
        missing = missing_orders(minutes)
        rows.append((stream, name, len(minutes), missing, missing * value[stream]))
    return pd.DataFrame(rows, columns=["stream_id", "kind", "minutes", "orders", "gmv"])


SETTINGS = [*(("EWMA", weight, limit) for weight in (0.1, 0.2, 0.3, 0.5) for limit in (2.5, 3, 3.5, 4, 4.5, 5, 5.5)),
            *(("CUSUM", slack, limit) for slack in (0.5, 1.0, 1.5) for limit in (4, 5, 6, 7, 8, 10, 12, 16, 20))]


def chart_settings(minutes, desk, settings=SETTINGS):
    """How settings of the desk's charts do on these minutes: chart, dial, limit, for_nothing (calls in ten
    broadcasts), wait (minutes on average, a missed fault counted as 30), detected, episodes.

    settings: ("EWMA", weight of the newest minute, limit) or ("CUSUM", slack, limit). The desk calls when the loudest
    of its gauges passes the limit; each broadcast begins at zero.
    """
    label, rows, loudest = minutes.anomaly.fillna("") != "", [], {}
    for chart, dial, limit in settings:
        if (chart, dial) not in loudest:
            levels = desk.charts(minutes, dial if chart == "EWMA" else 1.0)
            if chart == "CUSUM":
                levels = levels.apply(lambda gauge, slack=dial: gauge.groupby(minutes.stream_id).transform(
                    lambda run: methods.monitor.cusum(run, slack, 8).statistic))
            loudest[chart, dial] = levels.max(axis=1)
        score = methods.monitor.score_alarms(loudest[chart, dial] > limit, label, minutes.stream_id)
        rows.append((chart, dial, limit, 10 * score.false_alarms_per_stream, score.mean_delay(), score.detected,
                     score.episodes))
    return pd.DataFrame(rows, columns=["chart", "dial", "limit", "for_nothing", "wait", "detected", "episodes"])
