"""Scenarios of the coming quarter, the signs that tell of them, and acting now against waiting: the rest of 9.2."""

from types import MappingProxyType

import numpy as np
import pandas as pd

from liveshop.course.chapter_4.samples import plan
from liveshop.course.chapter_9.samples import outlook
from liveshop.methods import decision
from liveshop.metrics import contribution
from liveshop.tables.memory import once_per_tables

FIXED = 45.0                # thousand yuan a week for team and rooms: assumed
OTHERWISE = 0.5             # of net sales left after goods and fees, where no orders say so: type your own
LOOK = 4                    # weeks until the signs are looked at again

# Four ways the quarter may go, none of them a forecast: cost of traffic, refund share (None: as now), demand.
SCENARIOS = MappingProxyType({
    "as now": (1.0, None, 0.0),
    "dear traffic": (1.6, None, 0.0),
    "many returns": (1.0, 0.35, 0.0),
    "fewer viewers": (1.0, None, -0.2),
})

# A virtual host's studio: Dixit and Pindyck's case, times 100 yuan. Nothing of it is measured at Qinghe.
STUDIO = MappingProxyType({"cost": 160_000.0, "first": 20_000.0, "later": (30_000.0, 10_000.0)})

# Thousand yuan a year against doing nothing, invented: four options, four scenarios.
PAYOFFS = MappingProxyType({
    "virtual host everywhere": (210, -90, 250, -40),
    "virtual host on one channel": (180, 60, 60, -20),
    "train two hosts": (40, 45, 50, 15),
    "new market": (100, 10, 140, 0),
})
TURNS = ("rules stay", "rules bite", "traffic dear", "demand falls")
NEAR_BEST = 40              # thousand yuan: so near the best of a scenario an option is good in it


@once_per_tables
def spent(tables):
    """Promotion of a week, all kinds and cities, thousand yuan; one value a week of the history."""
    return tables.history.filter(like="spend_").sum(axis=1).groupby(tables.history["week"]).sum() / 1000


def kept(tables):
    """Share of net sales left after goods and fees: of the orders where they are there, else OTHERWISE."""
    there = all(name in tables for name in ("orders", "refunds", "products", "channels"))
    return plan.kept_of_net_sales(tables) if there else OTHERWISE


@once_per_tables
def refund_share(tables):
    """Refunded money over GMV of the orders."""
    one = contribution(tables.orders, tables.refunds, tables.products, tables.channels).iloc[0]
    return float(one.refunded / one.gmv)


@once_per_tables
def coming_weeks(tables):
    """The next quarter, one row a week: mean, low, high of net sales and spent, the promotion of the same week a year
    ago; thousand yuan."""
    weeks = outlook.weekly(tables)
    told = outlook.ways(weeks["festival"])[outlook.GROWN](weeks["sales"].to_numpy(), outlook.QUARTER)
    ago = spent(tables).to_numpy()[len(weeks) - outlook.PERIOD:][:outlook.QUARTER]
    return told.assign(spent=ago, week=weeks.index[-1] + pd.to_timedelta(7 * told.index, "D"))


def quarter(tables, traffic=1.0, refunds=None, demand=0.0):
    """Contribution of the coming weeks after promotion and FIXED: mean, low, high, one row a week, thousand yuan.

    traffic: price of promotion, times today's, for the same promotion · refunds: refunded share of GMV; None for
    today's · demand: change of what is sold. Each yuan of net sales leaves as much as now.
    """
    weeks = coming_weeks(tables)
    now = refund_share(tables)
    scale = (1 + demand) * (1.0 if refunds is None else (1 - refunds) / (1 - now)) * kept(tables)
    return weeks[["mean", "low", "high"]].mul(scale).sub(weeks["spent"] * traffic + FIXED, axis=0)


@once_per_tables
def past_ratios(tables):
    """Told over actual sum of a quarter, less one, at each origin that has a whole quarter behind it."""
    rows = outlook.judged(outlook.weekly(tables))
    sums = rows[rows["way"] == outlook.GROWN].groupby("origin")[["mean", "actual"]].agg(["sum", "size"])
    whole = sums["mean", "size"] == outlook.QUARTER
    return (sums["mean", "sum"] / sums["actual", "sum"] - 1)[whole]


@once_per_tables
def signs(tables):
    """What the history shows of the drivers, one row a sign: now (the last RECENT weeks), year_ago (the same weeks),
    break_even (where the coming quarter earns nothing after FIXED, the others unchanged). Of growth nothing is known a
    year ago where there are two years.
    """
    ahead = coming_weeks(tables)
    sums = tables.history.groupby("week")[["visits", "orders", "net_sales"]].sum().assign(spent=1000 * spent(tables))
    last = sums.iloc[-outlook.RECENT:].sum()
    before = sums.iloc[-outlook.PERIOD - outlook.RECENT:-outlook.PERIOD].sum()
    money, cost = ahead["mean"].sum() * kept(tables), ahead["spent"].sum()
    fixed = FIXED * outlook.QUARTER
    falls, dearer = (cost + fixed) / money, (money - fixed) / cost
    growth = last.net_sales / before.net_sales - 1
    found = {
        "growth over the year before, %": (100 * growth, np.nan, 100 * ((1 + growth) * falls - 1)),
        "yuan of promotion a visit": tuple(one.spent / one.visits for one in (last, before)) + (dearer,),
        "orders in 100 visits": tuple(100 * one.orders / one.visits for one in (last, before)) + (falls,),
        "net sales an order, yuan": tuple(one.net_sales / one.orders for one in (last, before)) + (falls,),
    }
    rows = {name: (now, ago, level if np.isnan(ago) else now * level) for name, (now, ago, level) in found.items()}
    return pd.DataFrame(rows, index=["now", "year_ago", "break_even"]).T


def sheet(tables):
    """`signs` as the table of the card: the next look is LOOK weeks on, the owner is left to be written in."""
    found = signs(tables)
    look = outlook.weekly(tables).index[-1] + pd.Timedelta(weeks=LOOK)
    return pd.DataFrame({
        "sign": found.index, "now": found["now"].map("{:.2f}".format),
        "a year ago": found["year_ago"].map("{:.2f}".format).where(found["year_ago"].notna(), ""),
        "breaks even at": found["break_even"].map("{:.2f}".format), "look on": f"{look:%Y-%m-%d}", "owner": "",
    }).reset_index(drop=True)


# --- now or later ----------------------------------------------------------------------------------


def studio(chance=0.5, rate=0.10, cost=STUDIO["cost"]):
    """`decision.wait_or_act` of the studio: chance that rules stay as they are, rate a year, cost in yuan."""
    return decision.wait_or_act(cost, STUDIO["first"], STUDIO["later"], (chance, 1 - chance), rate)


def break_even_chance(rate=0.10, cost=STUDIO["cost"]):
    """The chance of the good scenario from which acting now is as good as waiting; missing where it never is.

    Both values are straight lines of the chance.
    """
    (now_0, wait_0), (now_1, wait_1) = ((one.now, one.wait) for one in (studio(p, rate, cost) for p in (0.0, 1.0)))
    slope = (now_1 - now_0) - (wait_1 - wait_0)
    chance = (wait_0 - now_0) / slope if slope else np.nan
    return chance if 0 <= chance <= 1 else np.nan


def payoffs():
    """The invented table of options and scenarios."""
    return pd.DataFrame(dict(PAYOFFS), index=TURNS, dtype=float).T


def good_in(table, near=NEAR_BEST):
    """Scenarios in which each option is no more than ``near`` below the best."""
    return (table.max() - table <= near).sum(axis=1)
