"""Weeks, ordinary broadcasts, return and participation, the two years before, fusion: the samples of 1.2."""

import numpy as np
import pandas as pd
from scipy.stats import norm

from liveshop.tables.memory import once_per_tables

WEEK, DAY, HOUR = pd.Timedelta(weeks=1), pd.Timedelta(days=1), 3600
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


def spread_of_broadcasts(rooms):
    """How far the GMV of a broadcast strays from its hours at the common rate: standard deviation / mean GMV."""
    off = rooms.gmv - rooms.gmv.sum() / rooms.hours.sum() * rooms.hours
    return float(np.sqrt((off**2).sum() / (len(rooms) - 1)) / rooms.gmv.mean())


def chance_to_see(growth, spread, count):
    """Chance that the 95 % interval of `growth_per_hour` lies above zero, by the normal approximation.

    growth: the true one (a share, or an array of shares) · spread: as `spread_of_broadcasts` gives it · count:
    broadcasts in each period. Where the growth is 0 it is the chance of a false alarm upwards, 2.5 %.
    """
    return norm.cdf(np.log1p(growth) / (spread * np.sqrt(2 / count)) - norm.ppf(0.975))


def smallest_seen(spread, count, chance=0.8):
    """The growth (a share) that is seen with that chance; arguments as in `chance_to_see`."""
    return float(np.expm1(spread * np.sqrt(2 / count) * (norm.ppf(0.975) + norm.ppf(chance))))


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


def paid_orders(tables):
    """One row a paid order: order_id, customer_id, created (its first line) and source."""
    paid = tables.orders[tables.orders.paid.notna()]
    return paid.groupby("order_id", as_index=False).agg(
        customer_id=("customer_id", "first"), created=("created", "min"), source=("source", "first"))


# --- people who come back -------------------------------------------------------------------------

@once_per_tables
def came_back(tables, place, weeks=8):
    """New customers by the place of their first paid order (live, social, shelf): did each pay there again?

    A Series of True and False by customer_id. New is who joined from `first_monday` on. All are watched equally long,
    `weeks` weeks; the first day does not count, and who began too late to be watched is left out.
    """
    orders = paid_orders(tables).sort_values("created")
    first = orders.drop_duplicates("customer_id").set_index("customer_id")
    joined = tables.customers.set_index("customer_id").joined.reindex(first.index)
    watched = first.created <= orders.created.max() - weeks * WEEK
    began = first.created[(first.source == place) & (joined >= first_monday(tables)) & watched]
    there = orders[orders.source == place]
    wait = there.created - there.customer_id.map(began)
    back = there.customer_id[(wait > DAY) & (wait <= weeks * WEEK)]
    return pd.Series(began.index.isin(back), began.index)


def participation(tables, ages=None):
    """Members and those of them who bought in the social shop that week: a row a whole week, columns members, buyers.

    ages: only members of these ages, whole weeks since the week in which they joined (0: that week); None: all.
    """
    joined = week_number(tables, tables.customers.set_index("customer_id").member_since.dropna())
    paid = tables.orders[tables.orders.paid.notna() & (tables.orders.source == "social")]
    bought = paid.customer_id.groupby(week_number(tables, paid.paid)).unique()
    rows = {}
    for week in whole_weeks(tables):
        age = week - joined
        members = joined.index[age >= 0 if ages is None else age.isin(ages)]
        rows[week] = len(members), members.isin(bought.get(week, [])).sum()
    return pd.DataFrame.from_dict(rows, orient="index", columns=["members", "buyers"])


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
    """One row a paid order: its source, whether its buyer ever became a member (where `customers` says so), and whether
    the shop's log (`touchpoints`) shows a live, a social touch of that customer in the days before."""
    orders = paid_orders(tables)
    touches = orders.merge(tables.touchpoints[["customer_id", "touched", "kind"]], on="customer_id")
    age = touches.created - touches.touched
    touches = touches[(age >= pd.Timedelta(0)) & (age < days * DAY)]
    seen = {kind: orders.order_id.isin(touches.order_id[touches.kind == kind]) for kind in ("live", "social")}
    found = orders[["order_id", "source"]].assign(**seen, both=seen["live"] & seen["social"])
    if "customers" in tables:
        members = tables.customers.customer_id[tables.customers.member_since.notna()]
        found["member"] = orders.customer_id.isin(members)
    return found
