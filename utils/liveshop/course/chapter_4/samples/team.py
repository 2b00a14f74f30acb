"""The team: what people can do, contacts of the desk by the hour, plans for the desk, and what hosts sold."""

from collections import namedtuple

import numpy as np
import pandas as pd

from liveshop.methods import staffing
from liveshop.tables.memory import once_per_tables

ABLE = 3                    # from this level on somebody does a thing alone
TARGET, GOAL = 5, 0.8       # 80 % of contacts are to be answered within five minutes
EVENING = (19, 20, 21, 22)  # the hours of the evening
SHIFTS = {"early": 8, "middle": 8, "late": 8}          # hours each: 8 to 16, 14 to 22, 16 to 24
REST = [("late", "early"), ("late", "middle")]         # what may not follow each other from one day to the next
SETTLED = 15                # days after a broadcast from which on nearly all that comes back has come
WEEK = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
SHORT = {"planning": "plan", "presenting": "pre-\nsent", "content_making": "con-\ntent", "marketing": "mar-\nket",
         "data_reading": "read\ndata", "quick_answers": "an-\nswer", "room_control": "room",
         "product_knowledge": "goods"}
# Shares of contacts answered within TARGET, of all, of those in the evening, and by hour; agent-hours a day.
Played = namedtuple("Played", "in_time evening by_hour hours")


def skill_gaps(tables):
    """Levels that the people of a role lack on average, roles × skills; missing where the role needs nothing."""
    rows = tables.skills.merge(tables.staff[["person_id", "role"]], on="person_id")
    rows = rows.assign(gap=(rows.needed_in_role - rows.level).clip(lower=0).where(rows.needed_in_role > 0))
    return rows.pivot_table(index="role", columns="skill", values="gap", dropna=False)


def able(tables):
    """Persons who do it alone or teach it, a row a skill: persons, and who (a list of ids), the fewest first."""
    rows = tables.skills[tables.skills.level >= ABLE]
    who = rows.groupby("skill").person_id.agg(list).reindex(tables.skills.skill.unique())
    who = who.map(lambda one: one if isinstance(one, list) else [])
    return pd.DataFrame({"persons": who.map(len), "who": who}).sort_values("persons")


def counted(times, queue="chat", many=None):
    """Time-stamped contacts (tickets, calls) as a table `contacts`: day, hour, queue, arrivals; times without a zone.

    many : how many contacts each time stands for, 1 by default. Hours without a contact have a row with 0.
    """
    stamps = pd.DataFrame({"at": pd.to_datetime(pd.Series(times)).to_numpy(), "many": 1 if many is None else many})
    stamps = stamps.dropna(subset=["at"])
    found = stamps.groupby([stamps["at"].dt.normalize(), stamps["at"].dt.hour]).many.sum()
    days = pd.date_range(stamps["at"].min().normalize(), stamps["at"].max().normalize())
    whole = pd.MultiIndex.from_product([days, range(24)], names=["day", "hour"])
    return found.reindex(whole, fill_value=0).rename("arrivals").reset_index().assign(queue=queue)


@once_per_tables
def contacts_of_days(tables):
    """Contacts of all queues, days × hours. A day or hour on which nobody wrote counts as 0."""
    days = tables.contacts.groupby(["day", "hour"]).arrivals.sum().unstack(fill_value=0)
    days.index = pd.to_datetime(days.index)
    whole = pd.date_range(days.index.min(), days.index.max())
    return days.reindex(index=whole, columns=range(24), fill_value=0).rename_axis(index="day", columns="hour")


def contacts_by_hour(tables):
    """Mean contacts of all queues together by hour of the day."""
    return contacts_of_days(tables).mean()


def handling_minutes(tables, otherwise=5.0):
    """Mean minutes of an answered contact; `otherwise`, where the export does not know."""
    if "handled_minutes" not in tables.contacts:
        return otherwise
    known = tables.contacts.dropna(subset=["handled_minutes"])
    given_up = known.abandoned.fillna(0) if "abandoned" in known else 0
    answered = (known.arrivals - given_up).sum()
    return float(known.handled_minutes.sum() / answered) if answered else otherwise


def agents_by_hour(rates, minutes):
    """Agents for each hour: rates is a Series of means by hour, or days × hours as they fell (see `agents_needed`)."""
    columns = rates.items() if isinstance(rates, pd.DataFrame) else ((hour, rate) for hour, rate in rates.items())
    return pd.Series({hour: staffing.agents_needed(rate, minutes, TARGET, GOAL) for hour, rate in columns})


def with_broadcast(tables, days):
    """Whether a broadcast is planned for the evening of each day; False everywhere without `streams`."""
    if "streams" not in tables:
        return pd.Series(False, days)
    started = tables.streams.started
    evening = started[started.dt.hour.between(EVENING[0] - 2, EVENING[-1])].dt.normalize()
    return pd.Series(days.isin(evening), days)


def play(days, agents, minutes, seed=1, patience=np.inf):
    """The contacts of `days` (days × hours) played through with these agents (24 hours, or all of them): `Played`.

    Within an hour contacts arrive at random, handling times are exponential with this mean. Nobody gives up, or
    everybody after so many minutes of `patience`; who gave up counts as not answered in time.
    """
    random = np.random.default_rng(seed)
    counts = days.to_numpy().ravel().astype(int)
    arrived = np.sort(60 * np.repeat(np.arange(counts.size), counts) + random.uniform(0, 60, counts.sum()))
    waited = staffing.waits(arrived, random.exponential(minutes, len(arrived)), agents, patience)
    hour, in_time = (arrived // 60 % 24).astype(int), waited <= TARGET
    by_hour = pd.Series(in_time).groupby(hour).mean()
    return Played(in_time.mean(), in_time[np.isin(hour, EVENING)].mean(), by_hour, 24 * float(np.mean(agents)))


def play_ahead(days, minutes, weeks=4, mean=False, live=None):
    """`play` of the second half of the days, each week planned from so many weeks before it, as a desk can.

    mean : plan for the mean of each hour, instead of the days as they fell · live : whether each day has a broadcast
    (`with_broadcast`); days of the two kinds are then planned apart, where both were seen.
    """
    half, plan = len(days) // 2, []
    for begin in range(half, len(days), 7):
        seen, kinds = days.iloc[max(0, begin - 7 * weeks):begin], {}
        for kind in [None] if live is None else [True, False]:
            rows = seen if kind is None or not (live[seen.index] == kind).any() else seen[live[seen.index] == kind]
            kinds[kind] = agents_by_hour(rows.mean() if mean else rows, minutes).tolist()
        plan += [kinds[None if live is None else bool(live[day])] for day in days.index[begin:begin + 7]]
    return play(days.iloc[half:], plan, minutes)


def shifts_needed(agents):
    """People a day on each of `SHIFTS`, so that from 8 to 24 h nobody of `agents` (24 hours) is missing."""
    late = max(agents[22:24])
    middle = max(0, max(agents[16:22]) - late)
    early = max(max(agents[8:14]), max(agents[14:16]) - middle)
    return pd.DataFrame([[early, middle, late]] * 7, index=WEEK, columns=list(SHIFTS))


def paid_for_returns(tables):
    """The share of all commission on GMV that was paid for money that went back; NaN without those tables."""
    if not all(name in tables for name in ("hosts", "orders", "refunds", "streams", "products")):
        return np.nan
    hosts = host_sales(tables)
    pay = hosts.gmv * tables.hosts.set_index("host_id").commission_rate
    return (pay * hosts.refund_rate).sum() / pay.sum()


ROLES = {  # role: who decides what, what it does, the number it answers for
    "operations_lead": ("targets, budget, who is moved", "plans, and carries the plan through", "contribution a week"),
    "content_planner": ("run of show, topics", "writes, cuts, reads what was watched", "stay of viewers"),
    "marketing": ("channels within the budget", "brings people, online and offline", "cost of a new customer"),
    "customer_service": ("refunds up to a limit", "answers, and passes on what customers say", "answered in 5 minutes"),
    "host": ("what is said", "shows and sells", "orders per click"),
    "assistant_host": ("which comment comes next", "answers comments, hands things over", "comments answered"),
    "room_control": ("stop and restart", "picture, links, prices", "minutes from fault to mending"),
    "data_analyst": ("which numbers count", "measures, tests, explains", "decisions taken from data"),
}


def role_sheet(tables):
    """The table of the card: role, people, decides, does, number; roles that the course does not know stay empty."""
    people = tables.staff.groupby("role", observed=True).person_id.nunique()
    roles = [*(role for role in ROLES if role in people), *(role for role in people.index if role not in ROLES)]
    return pd.DataFrame([(role.replace("_", " "), people[role], *ROLES.get(role, ("", "", ""))) for role in roles],
                        columns=["role", "people", "decides", "does", "number"])


@once_per_tables
def host_sales(tables):
    """Paid lines of each host's settled broadcasts: broadcasts, gmv, refunded, net, refund_rate, and what is due.

    Broadcasts of the last `SETTLED` days are left out: much that will come back from them has not come yet, and a host
    who began late would look too good.

    due : the refund rate of the *other* hosts' lines of the same channel, category and season (festival or not), at her
    mix of them (of all hosts, where nobody else sold such lines);
    naive and fair : refund_rate less the house's, and less what is due; each with low and high (naive_low …), 95 %
    intervals from her broadcasts.
    """
    lines = tables.orders[tables.orders.paid.notna()].merge(
        tables.refunds[["order_id", "line_no", "refunded_amount"]], on=["order_id", "line_no"], how="left")
    old = tables.streams[tables.streams.started <= tables.orders.paid.max() - pd.Timedelta(days=SETTLED)]
    lines = lines.merge(old[["stream_id", "host_id", "is_festival"]], on="stream_id").merge(
        tables.products[["product_id", "category"]], on="product_id", how="left")
    lines = lines.rename(columns={"paid_amount": "gmv", "refunded_amount": "refunded"}).fillna({"refunded": 0.0})
    alike, money = ["channel_id", "category", "is_festival"], ["gmv", "refunded"]
    same = lines.groupby(alike, dropna=False)[money].transform("sum")
    others = same - lines.groupby([*alike, "host_id"], dropna=False)[money].transform("sum")
    others = others.where(others.gmv > 0.005, same)         # her own lines would make any host look usual
    lines["due"] = lines.gmv * others.refunded / others.gmv
    lines["house"] = lines.gmv * lines.refunded.sum() / lines.gmv.sum()
    nights = lines.groupby(["host_id", "stream_id"])[["gmv", "refunded", "due", "house"]].sum()
    sums, count = nights.groupby(level="host_id").sum(), nights.groupby(level="host_id").size()
    found = sums[["gmv", "refunded"]].assign(
        broadcasts=count, net=sums.gmv - sums.refunded, refund_rate=sums.refunded / sums.gmv, due=sums.due / sums.gmv)
    for name, usual in (("naive", "house"), ("fair", "due")):
        rate = (sums.refunded - sums[usual]) / sums.gmv
        off = nights.refunded - nights[usual] - nights.gmv * rate.reindex(nights.index, level="host_id")
        spread = (off**2).groupby(level="host_id").sum() * count / (count - 1)      # of a ratio of sums, by broadcast
        error = np.sqrt(spread) / sums.gmv
        found[name], found[f"{name}_low"], found[f"{name}_high"] = rate, rate - 1.96 * error, rate + 1.96 * error
    return found
