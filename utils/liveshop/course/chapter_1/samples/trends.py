"""Weeks, ordinary broadcasts, the two years before and the fusion of live and social: the samples of 1.2."""

import numpy as np
import pandas as pd

from liveshop.tables.memory import once_per_tables

WEEK, HOUR = pd.Timedelta(weeks=1), 3600
SOURCES = ["live", "social", "shelf"]
TOUCH_DAYS = 14                                # a journey is at most that long


def first_monday(tables):
    """The Monday with which week 1 begins: the first Monday on which somebody had already paid, or that very day."""
    day = tables.orders.paid.min().normalize()
    return day + pd.Timedelta(days=(7 - day.day_of_week) % 7)


def week_number(tables, times):
    """Number of the week of each time: 1 for the seven days from `first_monday` on."""
    return (times - first_monday(tables)) // WEEK + 1


def whole_weeks(tables):
    """Numbers of the weeks that the order lines cover from Monday to Sunday."""
    days = (tables.orders.paid.max().normalize() - first_monday(tables)).days + 1
    return range(1, days // 7 + 1)


@once_per_tables
def weekly(tables):
    """One row a whole week: GMV (paid, in yuan) of live, social, shelf and gmv for all; broadcasts, hours on air,
    gmv_per_hour of the broadcasts that began in it, and festival (a broadcast of the week was marked as such).

    Money by source counts by pay time, money per hour by the broadcast: a late payer falls into the next week.
    Trials are among the broadcasts. Raises ValueError where the order lines cover less than four weeks.
    """
    paid = tables.orders[tables.orders.paid.notna()]
    weeks = pd.RangeIndex(1, len(whole_weeks(tables)) + 1, name="week")
    if len(weeks) < 4:
        raise ValueError(f"The order lines cover {len(weeks)} whole weeks: a trend needs four at least.")
    money = paid.groupby([week_number(tables, paid.paid), "source"]).paid_amount.sum().unstack()
    money = money.reindex(index=weeks, columns=SOURCES).fillna(0.0)
    rooms = broadcasts(tables).groupby("week").agg(
        broadcasts=("stream_id", "size"), hours=("hours", "sum"), on_air=("gmv", "sum"), festival=("festival", "any"))
    rooms = rooms.reindex(weeks).fillna({"broadcasts": 0, "hours": 0.0, "on_air": 0.0})
    per_hour = rooms.on_air / rooms.hours.where(rooms.hours > 0)
    return money.assign(gmv=money.sum(axis=1)).join(rooms[["broadcasts", "hours"]].astype({"broadcasts": int})).assign(
        gmv_per_hour=per_hour, festival=rooms.festival.eq(True))


def broadcasts(tables):
    """One row a broadcast: stream_id, week, hours, gmv, festival and trial (False where the export does not say)."""
    streams = tables.streams

    def said(column):
        return streams[column].eq(True) if column in streams else pd.Series(False, streams.index)

    return pd.DataFrame({
        "stream_id": streams.stream_id, "week": week_number(tables, streams.started),
        "hours": streams.stream_seconds / HOUR, "gmv": streams.gmv,
        "festival": said("is_festival"), "trial": said("is_trial"),
    })


def ordinary(tables):
    """The broadcasts outside of a festival, newcomers' trials left out; as `broadcasts`."""
    rooms = broadcasts(tables)
    return rooms[~rooms.festival & ~rooms.trial]


def growth_per_hour(rooms, first, last):
    """Growth of GMV per broadcast hour from the weeks `first` to the weeks `last`, with a 95 % interval.

    rooms: as `broadcasts` gives them; first, last: numbers of weeks. A ratio of sums in either period; the interval is
    that of the log of their ratio, the broadcasts taken as independent. Returns a Series: before and after (yuan an
    hour), estimate, low, high (share; 0.1 is 10 % more). Raises ValueError below two broadcasts in a period.
    """
    level, spread = [], []
    for weeks in (first, last):
        part = rooms[rooms.week.isin(weeks)]
        if len(part) < 2 or not part.gmv.sum() > 0:
            raise ValueError("Each period needs two broadcasts that sold something.")
        rate = part.gmv.sum() / part.hours.sum()
        off = part.gmv - rate * part.hours
        level.append(rate)
        spread.append(len(part) / (len(part) - 1) * (off**2).sum() / part.gmv.sum() ** 2)
    log, error = np.log(level[1] / level[0]), np.sqrt(sum(spread))
    low, high = np.expm1([log - 1.96 * error, log + 1.96 * error])
    return pd.Series({"before": level[0], "after": level[1], "estimate": np.expm1(log), "low": low, "high": high})


def ends(weeks, count=8):
    """The first and the last `count` of the weeks; fewer where there are not so many."""
    weeks, count = list(weeks), min(count, len(weeks) // 2)
    return weeks[:count], weeks[-count:]


def board(weekly, base, count=8):
    """The last weeks as the card shows them. weekly: as `weekly` gives it; base: numbers of the weeks that are 100."""
    rows = weekly.tail(count)
    return pd.DataFrame({
        "week": rows.index, "GMV, yuan": rows.gmv.round().astype(int),
        "index": (100 * rows.gmv / weekly.gmv[base].mean()).round().astype(int),
        "hours on air": rows.hours.round().astype(int),
        "GMV an hour, yuan": rows.gmv_per_hour.fillna(0).round().astype(int),
        "festival": rows.festival.map({True: "yes", False: "no"}),
    })


# --- the two years before -------------------------------------------------------------------------

@once_per_tables
def two_years(tables):
    """Visits of all cities by week (the Monday), and whether the week was a festival week, from `history`."""
    return tables.history.groupby("week").agg(visits=("visits", "sum"), festival=("is_festival", "any"))


def yearly_growth(visits, festival, weeks=None, without_festival=False):
    """Growth a year by a line through the logarithm of the first `weeks` weeks: 0.1 is 10 % a year."""
    kept = np.arange(len(visits))[:weeks]
    if without_festival:
        kept = kept[~festival.to_numpy()[kept]]
    slope = np.polyfit(kept, np.log(visits.to_numpy()[kept]), 1)[0]
    return float(np.expm1(52 * slope))


def year_on_year(visits):
    """Growth from a year to the next: mean of the log ratios of each week and the same week a year later."""
    log = np.log(visits.to_numpy())
    return float(np.expm1((log[52:104] - log[:52]).mean()))


# --- fusion ---------------------------------------------------------------------------------------

@once_per_tables
def journeys(tables):
    """One row a tracked person whom neither live nor social touches were withheld: week, converted, live, social and
    both (touched by each at least once)."""
    rows = tables.journeys
    if "withheld" in rows:
        rows = rows[~rows.withheld.isin(["live", "social"])]
    path = rows.path.fillna("").astype(str)
    live, social = path.str.contains("live"), path.str.contains("social")
    monday = rows.ended.min().normalize()
    monday -= pd.Timedelta(days=monday.day_of_week)
    return pd.DataFrame({"week": (rows.ended - monday) // WEEK + 1, "converted": rows.converted.astype(bool),
                         "live": live, "social": social, "both": live & social})


def share(flags):
    """Share of True, with a 95 % interval: a Series of estimate, low, high and persons."""
    mean, count = flags.mean(), len(flags)
    half = 1.96 * np.sqrt(mean * (1 - mean) / count)
    return pd.Series({"estimate": mean, "low": mean - half, "high": mean + half, "persons": count})


def difference(first, last):
    """Share of True in `last` less that in `first`, with a 95 % interval: a Series of estimate, low, high."""
    gap = last.mean() - first.mean()
    half = 1.96 * np.sqrt(sum(one.mean() * (1 - one.mean()) / len(one) for one in (first, last)))
    return pd.Series({"estimate": gap, "low": gap - half, "high": gap + half})


@once_per_tables
def seen_by_log(tables, days=TOUCH_DAYS):
    """One row a paid order: its source, and whether the shop's log (`touchpoints`) shows a live, a social touch of
    that customer in the days before."""
    paid = tables.orders[tables.orders.paid.notna()]
    orders = paid.groupby("order_id", as_index=False).agg(
        customer_id=("customer_id", "first"), created=("created", "min"), source=("source", "first"))
    touches = orders.merge(tables.touchpoints[["customer_id", "touched", "kind"]], on="customer_id")
    age = touches.created - touches.touched
    touches = touches[(age >= pd.Timedelta(0)) & (age < pd.Timedelta(days=days))]
    seen = {kind: orders.order_id.isin(touches.order_id[touches.kind == kind]) for kind in ("live", "social")}
    return orders[["order_id", "source"]].assign(**seen, both=seen["live"] & seen["social"])
