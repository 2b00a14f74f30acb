"""What a year can cost: years drawn from the register of incidents, and what its length leaves open."""

from functools import partial

import numpy as np
import pandas as pd

from liveshop.course.chapter_8.samples.register import DAYS, FIRST, LAST, YEARS
from liveshop.methods import risk
from liveshop.tables.memory import once_per_tables

DRAWS = 20_000
MODEL_YEARS, MODEL_CAUSES = 10_000, 20     # of `model_shortfall`: years drawn, and room for causes in one year
SIGNS = {  # what to look at, kind by kind: on the register's card
    "traffic": "share of the largest door; cost of an entry",
    "content": "watch time an entry; sentences used again",
    "supply": "late deliveries; share of the largest supplier",
    "regulation": "lines flagged; rules that take effect soon",
    "technology": "stalled seconds a viewer; minutes until seen",
    "competition": "price gap of hero products; share of market",
}


def register_years(tables):
    """Length of the register in years: Qinghe's is known; of another the days from the first incident to the last."""
    began = tables.incidents.began
    span = (began.max().normalize() - began.min().normalize()).days + 1
    if FIRST <= began.min() and began.max() < LAST + pd.Timedelta(days=1) and span > 0.9 * DAYS:
        return YEARS
    return span / 365.25


@once_per_tables
def register(tables):
    """The incidents, with shared (its cause brought three or more), hours until seen and hours until over."""
    rows = tables.incidents
    size = rows.groupby("cause_id").incident_id.transform("size") if "cause_id" in rows else 1
    hours = pd.Timedelta(hours=1)
    return rows.assign(shared=size >= risk.SHARED, seen_after=(rows.detected - rows.began) / hours,
                       over_after=(rows.ended - rows.began) / hours)


@once_per_tables
def yearly(tables):
    """Years drawn from the register: incident by incident, and cause by cause."""
    years = register_years(tables)
    return {by: risk.simulate_losses(tables.incidents, years, by, DRAWS) for by in ("incident", "cause")}


@once_per_tables
def shortfalls(tables):
    """The mean of the worst twentieth of years: naive, the quantile in its place, and by causes with its interval."""
    drawn = yearly(tables)
    low, high = risk.shortfall_interval(tables.incidents, register_years(tables))
    rows = {"incidents alone": (risk.expected_shortfall(drawn["incident"].total), np.nan, np.nan),
            "quantile of causes": (risk.value_at_risk(drawn["cause"].total), np.nan, np.nan),
            "causes": (risk.expected_shortfall(drawn["cause"].total), low, high)}
    return pd.DataFrame.from_dict(rows, orient="index", columns=["estimate", "low", "high"])


@once_per_tables
def by_window(tables, years=3):
    """The shortfall as a register of so many years would tell it, for each that began a year later."""
    rows, begin = {}, FIRST
    while begin + pd.DateOffset(years=years) <= LAST + pd.Timedelta(days=1):
        end = begin + pd.DateOffset(years=years)
        part = tables.incidents[(tables.incidents.began >= begin) & (tables.incidents.began < end)]
        length = (end - begin).days / 365.25
        found = risk.expected_shortfall(risk.simulate_losses(part, length, draws=5_000).total)
        rows[f"{begin:%Y} to {end:%Y}"] = found, *risk.shortfall_interval(part, length, draws=80)
        begin += pd.DateOffset(years=1)
    return pd.DataFrame.from_dict(rows, orient="index", columns=["estimate", "low", "high"])


# --- the same in five assumptions, for the tornado --------------------------------------------------


@once_per_tables
def assumptions(tables):
    """What a year is made of, as the register tells it, and how far it leaves each open (95 %): base, low, high.

    shared causes a year · the middle loss of one, CNY · how unlike they are (standard deviation of the log) ·
    single incidents a year · the mean loss of one, CNY.
    """
    from scipy.stats import chi2, gamma, t

    rows, years = register(tables), register_years(tables)
    total = rows[rows.shared].groupby("cause_id").loss.sum()
    alone = rows[~rows.shared].loss
    log, count = np.log(total), len(total)
    spread, edge = log.std(), t.ppf(0.975, count - 1) * log.std() / np.sqrt(count)
    off = 1.96 * alone.std() / np.sqrt(len(alone))

    def rate(number):
        return number / years, *(gamma.ppf([0.025, 0.975], number + 0.5) / years)

    found = {
        "shared causes a year": rate(count),
        "middle loss of a shared cause": tuple(np.exp(log.mean() + np.array([0, -edge, edge]))),
        "how unlike shared causes are": (
            spread, *(spread * np.sqrt((count - 1) / chi2.ppf([0.975, 0.025], count - 1)))),
        "single incidents a year": rate(len(alone)),
        "mean loss of a single incident": (alone.mean(), alone.mean() - off, alone.mean() + off),
    }
    return pd.DataFrame.from_dict(found, orient="index", columns=["base", "low", "high"])


def model_shortfall(causes, middle, unlike, singles, mean_single, spread_single=1.5):
    """Shortfall (95 %) of a year with so many shared causes (lognormal) and single incidents: always the same luck.

    Arguments as the rows of `assumptions`; spread_single: standard deviation of a single loss over its mean. The many
    singles add up to a nearly normal sum.
    """
    from scipy.stats import poisson

    random = np.random.default_rng(8)
    chance, size = random.random(MODEL_YEARS), random.standard_normal((MODEL_YEARS, MODEL_CAUSES))
    count = poisson.ppf(chance, causes)[:, None]
    of_causes = np.where(np.arange(MODEL_CAUSES) < count, middle * np.exp(unlike * size), 0).sum(axis=1)
    noise = np.sqrt(singles * (1 + spread_single**2)) * mean_single * random.standard_normal(MODEL_YEARS)
    return risk.expected_shortfall(of_causes + np.maximum(singles * mean_single + noise, 0))


@once_per_tables
def tornado(tables):
    """How far each assumption moves the shortfall between its ends, the others at their base (`risk.tornado`)."""
    table = assumptions(tables)
    alone = register(tables).query("~shared").loss
    names = dict(zip(table.index, ("causes", "middle", "unlike", "singles", "mean_single"), strict=True))
    base = {names[row]: table.base[row] for row in table.index}
    ranges = {names[row]: (table.low[row], table.high[row]) for row in table.index}
    found = risk.tornado(partial(model_shortfall, spread_single=alone.std() / alone.mean()), base, ranges)
    return found.rename(index={short: words for words, short in names.items()})


@once_per_tables
def board(tables):
    """The register as the card has it, a row a kind of risk, the largest part of the bad years first."""
    rows = register(tables)
    table = risk.frequency_severity(rows, register_years(tables))
    table["bad_years"] = risk.tail_shares(yearly(tables)["cause"].by_kind)
    table["seen_after"] = rows.groupby("kind").seen_after.median()
    table["sign"] = [SIGNS.get(kind, "") for kind in table.index]
    return table.sort_values("bad_years", ascending=False)


def card_rows(table):
    """The rows of the card, from `board`."""
    return pd.DataFrame({
        "risk": table.index, "a year": table.a_year.round(1), "middle loss": table.median_loss.round(-2).astype(int),
        "bad years": [f"{share:.0%}" for share in table.bad_years],
        "seen after": [f"{hours:.1f} h" if np.isfinite(hours) else "" for hours in table.seen_after],
        "sign to watch": table.sign, "owner": ""})


# --- an invented shop, for the explorer ---------------------------------------------------------------


def invented_years(often, spread, share, mean=5_000, bunch=30, years=3_000):
    """Loss of many years of an invented shop, CNY, shape (years,).

    often: incidents a year; spread: standard deviation of the log of a loss; share: of the incidents that come in
    bunches of one cause, whose losses have a common factor too. The mean loss is the same for all of them.
    """
    random = np.random.default_rng(7)

    def of(rate, size, common):
        count = random.poisson(rate, years)
        year = np.repeat(np.arange(years), count)
        one = mean * np.exp(spread * random.standard_normal((len(year), size)) - spread**2 / 2).sum(axis=1)
        one = one * np.exp(common * random.standard_normal(len(year)) - common**2 / 2)
        return np.bincount(year, one, years)

    return of(often * (1 - share), 1, 0.0) + of(often * share / bunch, bunch, 0.7)
