"""Indicators on watch: what each is meant to warn of, the days that choose and the days that judge, alarms in money."""

import numpy as np
import pandas as pd

from liveshop.course.chapter_8.samples.indicators import indicators
from liveshop.methods import leading, monitor
from liveshop.tables.memory import once_per_tables

MEANT = {"supplier_late": "supply", "feed_share": "traffic", "line_loss": "technology", "rule_notices": "regulation"}
ACTING, SAVED = 8_000, 27_000         # yuan, finance's estimates: acting once; what a warned supply cause loses less
WARNED, HOLD = (3, 20), 14            # days before a cause in which acting helps; days that one action lasts
LONGEST, ENOUGH = 30, 20              # longest lag looked at, days; causes below which a lead is not judged
YEAR = 365.25
LAMS, LIMITS = (0.1, 0.2, 0.4, 1.0), tuple(np.arange(0.5, 3.6, 0.25))
KEEP, THERMOMETER, WAIT, DROP = "act on it", "thermometer only", "too few causes yet", "take it off the sheet"


@once_per_tables
def table(tables):
    """The indicators, one row a day, one column each; a day without a value has that of the day before."""
    return indicators(tables).asfreq("D").ffill().dropna()


@once_per_tables
def counts(tables):
    """Causes that began on each day of the indicators, one column a kind, and "all". A cause counts once a kind, on
    the day of its first incident; incidents without a cause count for themselves."""
    register = tables.incidents
    rows = pd.DataFrame({"cause": cause_of(register), "kind": register["kind"].astype(str),
                         "day": register["began"].dt.normalize()})
    days = table(tables).index
    by_kind = rows.groupby(["cause", "kind"], as_index=False).day.min()
    by_kind = pd.crosstab(by_kind.day, by_kind.kind).reindex(days, fill_value=0)
    every = rows.groupby("cause").day.min().value_counts()
    return by_kind.assign(all=every.reindex(days, fill_value=0))


def cause_of(incidents):
    """The cause of each incident; an incident without one is its own."""
    own = incidents["incident_id"]
    return incidents["cause_id"].fillna(own) if "cause_id" in incidents else own


def learn(values):
    """Days that choose: the first three fifths, in whole fifties. The days after them judge."""
    return int(0.6 * len(values)) // 50 * 50


def kind_of(name, events):
    """The kind that an indicator is meant to warn of; "all" where nothing is said or no such cause was seen."""
    return MEANT.get(name, "all") if MEANT.get(name, "all") in events else "all"


@once_per_tables
def lead(tables, name, longest=LONGEST):
    """`leading.lead_time` of one indicator for its kind; without a ratio where there are too few causes to look."""
    values, events = table(tables), counts(tables)
    try:
        return leading.lead_time(values[name].to_numpy(), events[kind_of(name, events)].to_numpy(), longest)
    except ValueError:
        nothing = pd.DataFrame({"loglik": 0.0, "ratio": np.nan}, index=pd.RangeIndex(longest + 1, name="lag"))
        return leading.LeadTime(0, 0, longest, np.nan, nothing)


@once_per_tables
def all_leads(tables):
    """One row an indicator: kind, causes, days (the lag that tells most), low, high, ratio, leads, and what the rule
    of the sheet says of it (`verdict`)."""
    events = counts(tables)
    rows = {}
    for name in table(tables):
        kind, found = kind_of(name, events), lead(tables, name)
        rows[name] = (kind, int(events[kind].sum()), found.days, found.low, found.high, found.ratio, found.leads)
    columns = ["kind", "causes", "days", "low", "high", "ratio", "leads"]
    found = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
    return found.assign(verdict=[verdict(row) for row in found.itertuples()])


def judged(found):
    """The rows of `all_leads` with enough causes; all of them where none has."""
    return found[found.causes >= ENOUGH] if (found.causes >= ENOUGH).any() else found


def verdict(row):
    """The rule of the indicator sheet, for a row of `leads`."""
    if row.causes < ENOUGH:
        return WAIT
    if row.leads:
        return KEEP
    return THERMOMETER if row.high == 0 and row.ratio > 1 else DROP


def around(values, events, before=30, after=10):
    """Mean of an indicator on the days around causes, in its standard deviations, with the standard error: one row a
    day (below zero: before the cause)."""
    z = (values.to_numpy() - values.mean()) / values.std()
    days = np.arange(-before, after + 1)
    at = np.repeat(np.arange(len(z)), events.to_numpy().astype(int))
    at = at[(at >= before) & (at + after < len(z))]
    seen = z[at[:, None] + days]
    return pd.DataFrame({"mean": seen.mean(axis=0), "error": seen.std(axis=0) / np.sqrt(max(len(at), 1))}, index=days)


def run_lengths(values, chosen, lam=0.2, width=2.962, k=0.5, h=4.0):
    """One row an indicator: memory (correlation of a day with the next), and alarms a year of an EWMA chart, of a CUSUM
    chart, and of the EWMA chart on shuffled days (the mean of twenty shuffles), which know nothing of each other.
    Mean and spread come from the first `chosen` days, the alarms from the days after them. A chart begins afresh
    after an alarm."""
    random, rows = np.random.default_rng(0), {}
    years = (len(values) - chosen) / YEAR
    for name in values:
        x = values[name].to_numpy()
        at = {"mean": x[:chosen].mean(), "sd": x[:chosen].std(), "restart": True}
        mixed = [monitor.ewma(random.permutation(x[chosen:]), lam, width, **at).alarm.sum() for _ in range(20)]
        rows[name] = (np.corrcoef(x[1:], x[:-1])[0, 1], monitor.ewma(x[chosen:], lam, width, **at).alarm.sum() / years,
                      monitor.cusum(x[chosen:], k, h, **at).alarm.sum() / years, np.mean(mixed) / years)
    columns = ["memory", "alarms_a_year", "cusum_a_year", "shuffled_a_year"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns)


@once_per_tables
def settings(tables, name="supplier_late", saves=SAVED, costs=ACTING, lams=LAMS, limits=LIMITS):
    """`leading.tune_limit` for an indicator and its kind: the first days choose, the later ones judge."""
    values, events = table(tables), counts(tables)
    return leading.tune_limit(values[name].to_numpy(), events[kind_of(name, events)].to_numpy(), learn(values), saves,
                              costs, lams, limits, WARNED, HOLD)


@once_per_tables
def on_later_days(tables, name="supplier_late", lam=0.4, limit=0.5, saves=SAVED, costs=ACTING, choosing=False):
    """What one setting brings on the days that judge (or, `choosing`, on those that chose).

    value, CNY a year, with low and high (see `interval`); acted, warned, causes and false (actions that no cause
    followed in time), counts. The clock acts as often at times that know nothing: the same days of alarm, moved along
    the calendar by three weeks and more. clock: its value, CNY a year; clock_warned: causes; clock_right: share of its
    actions that a cause followed in time; chance: share of the moved calendars that bring as much as the gauge or more.
    """
    values, events = table(tables), counts(tables)
    chosen = learn(values)
    part = slice(0, chosen) if choosing else slice(chosen, None)
    on = (leading.smoothed(values[name].to_numpy(), lam, chosen) > limit)[part]
    struck = events[kind_of(name, events)].to_numpy()[part]
    money = {"saves": saves, "costs": costs, "warned": WARNED, "hold": HOLD}
    found, years = leading.alarm_value(on, struck, **money), len(struck) / YEAR
    moved = [leading.alarm_value(np.roll(on, by), struck, **money) for by in range(21, max(22, len(on) - 21), 7)]
    low, high = interval(found.by_day)
    return pd.Series({
        "value": found.value / years, "low": low, "high": high, "acted": found.alarms, "warned": found.warned,
        "causes": found.events, "false": found.false, "clock": np.mean([one.value for one in moved]) / years,
        "clock_warned": np.mean([one.warned for one in moved]),
        "clock_right": np.mean([1 - one.false / max(one.alarms, 1) for one in moved]),
        "chance": np.mean([one.value >= found.value for one in moved])})


def interval(by_day, block=60, draws=4000):
    """95 % interval of the sum of a year, from CNY by day: blocks of days in a row are drawn again (the last day is
    joined to the first), so that an action and the cause that it warned of mostly stay together."""
    block = min(block, len(by_day))
    sums = np.convolve(np.r_[by_day, by_day[: block - 1]], np.ones(block), "valid")        # by the first day of a block
    many = round(len(by_day) / block)
    drawn = np.random.default_rng(0).choice(sums, (draws, many)).sum(axis=1)
    return np.quantile(drawn, [0.025, 0.975]) * YEAR / (block * many)


def repeated(incidents, days=90):
    """Share of causes that brought a title which another cause had brought within so many days before.

    Unit: a cause and title, on the day of its first incident; incidents without a cause count for themselves. The
    first days of the register, which cannot know, are left out.
    """
    rows = incidents.dropna(subset=["title"])
    rows = rows.assign(cause=cause_of(rows)).groupby(["cause", "title"], observed=True).began.min()
    rows = rows.reset_index().sort_values("began")
    since = rows.began - rows.groupby("title", observed=True).began.shift()
    known = rows.began >= rows.began.min() + pd.Timedelta(days=days)
    return (since <= pd.Timedelta(days=days))[known].mean()


def sheet(tables):
    """Rows of the card: gauge, warns of, lead in days, yellow and red level (of the value itself, from the days that
    choose), now, decision."""
    values, found = table(tables), all_leads(tables)
    chosen = learn(values)
    mean, spread = values[:chosen].mean(), values[:chosen].std()
    lead = [f"{row.days} ({row.low} to {row.high})" if row.verdict == KEEP else "none shown"
            for row in found.itertuples()]
    return pd.DataFrame({
        "gauge": found.index, "warns of": found.kind.to_numpy(), "lead in days": lead,
        "yellow": (mean + spread)[found.index].round(1).to_numpy(),
        "red": (mean + 2 * spread)[found.index].round(1).to_numpy(),
        "now": values.iloc[-1][found.index].round(1).to_numpy(), "decision": found.verdict.to_numpy()})
