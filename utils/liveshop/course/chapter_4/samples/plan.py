"""Spend with the visits that it brought: response curves, what they are worth, and the calendar of the next weeks."""

import numpy as np
import pandas as pd

from liveshop import metrics
from liveshop.methods import panel, response
from liveshop.tables.memory import once_per_tables

KINDS = ("feed", "search", "influencer", "content")
USUAL = {"feed": 130.0, "search": 30.0, "influencer": 45.0, "content": 20.0}     # units of 3.5 yuan times city size
UNIT = 3.5
MOST = 3                                        # no kind gets more than so many times its usual spend
WEEKS, TEST_WEEKS = 12, 4
FEWEST = 8                                      # weeks that a line through weeks takes
WAVES = {"weak": 0.05, "strong": 0.15}         # standard deviation of local demand, of log visits
OWNERS = {"feed": "traffic buyer", "search": "traffic buyer", "influencer": "influencer manager",
          "content": "content planner"}


@once_per_tables
def response_curves(tables):
    """Response curves of the four kinds of spend, per unit of 3.5 yuan in a city of size 1."""
    return fitted(by_kind(tables), tables.cities)


def by_kind(tables):
    """The history with the spends named by their kind."""
    return tables.history.rename(columns={f"spend_{kind}": kind for kind in KINDS})


def fitted(history, cities):
    """Response curves from a history whose spends are named by kind."""
    sizes = cities.set_index("city").market_size
    return response.fit_response(history, "visits", KINDS, "city", "week", size=(UNIT * sizes).to_dict(), usual=USUAL)


def planted_value(truth):
    """Function of a spend in units, {kind: units}: the log of visits that it adds in truth."""
    curves = truth["media.response"]
    return lambda spend: float(sum(
        one["effect"] * response.saturation(spend[kind], one["half"]) for kind, one in curves.items()))


# --- in yuan -------------------------------------------------------------------------------------


@once_per_tables
def kept_of_net_sales(tables):
    """Share of net sales that is left after goods and fees, before promotion (of the season's orders)."""
    one = metrics.contribution(tables.orders, tables.refunds, tables.products, tables.channels).iloc[0]
    return float(one.contribution / (one.gmv - one.refunded))


@once_per_tables
def yuan_a_visit(tables):
    """Contribution before promotion that a visit of the history leaves, yuan."""
    return float(tables.history.net_sales.sum() / tables.history.visits.sum()) * kept_of_net_sales(tables)


@once_per_tables
def yuan_per_log(tables):
    """Yuan of contribution for each yuan spent, where a unit of spend adds 1 to the log of visits.

    For ordinary weeks (no festival) in a city of size 1: visits × yuan a visit / yuan a unit.
    """
    ordinary = tables.history[~tables.history.is_festival].groupby("city").visits.mean()
    size = tables.cities.set_index("city").market_size
    return float(ordinary.sum() / size[ordinary.index].sum()) * yuan_a_visit(tables) / UNIT


def moved(curves, share=0.5):
    """The naive plan: a share of the influencers' money goes to the kind with the best average return."""
    best = curves.curves.average.idxmax()
    amount = share * USUAL["influencer"]
    return {kind: USUAL[kind] - amount * (kind == "influencer") + amount * (kind == best) for kind in USUAL}


# --- weeks ---------------------------------------------------------------------------------------


@once_per_tables
def weekly(tables):
    """One row a week of the history: spend (all kinds), net_sales, visits, is_festival."""
    spends = [name for name in tables.history if name.startswith("spend_")]
    weeks = tables.history.groupby("week").agg(
        net_sales=("net_sales", "sum"), visits=("visits", "sum"), is_festival=("is_festival", "first"))
    return weeks.assign(spend=tables.history.groupby("week")[spends].sum().sum(axis=1))


def elasticity(spend, outcome):
    """Slope of log outcome on log spend over weeks, with its 95 % interval: what a report that knows no cause says.

    Raises ValueError on fewer than FEWEST weeks with both above zero.
    """
    from scipy.stats import linregress, t

    both = pd.DataFrame({"spend": spend, "outcome": outcome}).dropna()
    both = np.log(both[(both > 0).all(axis=1)])
    if len(both) < FEWEST:
        raise ValueError(f"{len(both)} whole weeks have both spend and sales; it takes {FEWEST} to compare them.")
    line = linregress(both.spend, both.outcome)
    half = t.ppf(0.975, len(both) - 2) * line.stderr
    return pd.Series({"estimate": line.slope, "low": line.slope - half, "high": line.slope + half})


@once_per_tables
def own_weeks(tables):
    """One row a week of `spend` and `orders`: yuan spent and yuan paid; first and last weeks that are cut are out."""
    paid = tables.orders.dropna(subset=["paid"])
    spend = tables.spend.assign(day=pd.to_datetime(tables.spend.day))
    first, last = max(spend.day.min(), paid.paid.min().normalize()), min(spend.day.max(), paid.paid.max().normalize())

    def by_week(day, amount):
        monday = (day.dt.normalize() - pd.to_timedelta(day.dt.day_of_week, unit="D")).rename("week")
        return amount.groupby(monday).sum()

    weeks = pd.DataFrame({"spend": by_week(spend.day, spend.amount), "paid": by_week(paid.paid, paid.paid_amount)})
    return weeks[(weeks.index >= first) & (weeks.index + pd.Timedelta(days=6) <= last)].fillna(0.0)


# --- where it fails, and how a test mends it -----------------------------------------------------


@once_per_tables
def with_local_waves(tables, strength="strong"):
    """The history as it would be with local demand that managers follow: curves fitted to it.

    Each city gets a wave of its own (AR(1), .8 a week; fairs, school holidays, weather), which visits follow; strength:
    a name of WAVES. The content budget is raised with it by 1.1 times its log, as all budgets
    are at festivals. The response of visits to spend stays what it was. Another history has other waves.
    """
    from scipy.signal import lfilter

    history = by_kind(tables).sort_values(["city", "week"], ignore_index=True)
    cities, weeks = history.city.nunique(), history.week.nunique()
    noise = np.random.default_rng(int(history.visits.sum())).normal(0, WAVES[strength], (cities, weeks))
    noise[:, 1:] *= np.sqrt(1 - 0.8**2)
    wave = lfilter([1], [1, -0.8], noise).ravel()
    more = history.content * np.exp(1.1 * wave)
    size = history.city.map(tables.cities.set_index("city").market_size) * UNIT
    curve = response_curves(tables).curves.loc["content"]
    before, after = (_at_work(frame, size, curve, weeks) for frame in (history.content, more))
    visits = history.visits * np.exp(wave + after - before)
    return fitted(history.assign(content=more, visits=visits), tables.cities)


def _at_work(spend, size, curve, weeks):
    """Log of visits that a series of spends adds by a curve, city after city."""
    level = response.carry_over((spend / size).to_numpy().reshape(-1, weeks), curve.carry)
    return (curve.effect * response.saturation(level, curve.half)).ravel()


@once_per_tables
def width_of_a_test(tables):
    """Half of the 95 % interval of a log lift in a trial of the size of `geo_tests` (social alone, first weeks out)."""
    rows = tables.geo_tests.sort_values(["city", "week"])
    first = (rows.groupby(["city", "block"]).cumcount() == 0) & (rows.block > 0)
    live, social = (rows.cell.isin([kind, "both"]).astype(float) for kind in ("live", "social"))
    rows = rows.assign(live=live, social=social, both=live * social)[~first]
    found = panel.two_way_effects(rows, "orders", ["live", "social", "both"], "city", "week", family="poisson").table
    return float(found.high["social"] - found.low["social"]) / 2


def calibrated(curve, curve_half, test, test_half):
    """Log lift from a curve and from a test put together, each weighed by 1 / its half-width²: estimate, half, weight.

    weight: of the test. Multiply the curve's effect by estimate / curve, and its plan hears the test.
    """
    weight = curve_half**2 / (curve_half**2 + test_half**2)
    half = curve_half * test_half / np.hypot(curve_half, test_half)
    return pd.Series({"estimate": (1 - weight) * curve + weight * test, "half": half, "weight": weight})


# --- the calendar --------------------------------------------------------------------------------


@once_per_tables
def calendar(tables):
    """Twelve weeks after the last order: week, festival, yuan of each kind, owner, test. Rounded to 10 yuan.

    With `history`: the usual total, split where the last yuan brings the same in every kind and week, at most MOST
    times the usual; weeks weigh by the visits of the same weeks a year before, and carry-over from week to week is left
    out. Without it: the kinds of `spend` as they were, even over the weeks. Yuan are for all cities together.
    """
    last = tables.orders.created.max().normalize()
    weeks = pd.date_range(last + pd.Timedelta(days=7 - last.day_of_week), periods=WEEKS, freq="7D")
    plan = pd.DataFrame({"week": weeks.strftime("%Y-%m-%d"), "festival": ""})
    if "history" in tables:
        before = tables.history.assign(week=pd.to_datetime(tables.history.week)).groupby("week").agg(
            visits=("visits", "sum"), is_festival=("is_festival", "first"))
        before = before.reindex(weeks - pd.Timedelta(weeks=52))
        plan["festival"] = np.where(before.is_festival.fillna(False).astype(bool), "festival", "")
        size = UNIT * tables.cities.market_size.sum()
        weight = (before.visits / before.visits.mean()).fillna(1.0).to_numpy()
        amounts = size * _over_weeks(response_curves(tables), weight)
        order = (amounts.mean() / (size * pd.Series(USUAL)) - 1).abs()       # the largest move is tested first
    else:
        days = pd.to_datetime(tables.spend.day)
        a_week = tables.spend.groupby("kind").amount.sum() / ((days.max() - days.min()).days + 1) * 7
        amounts, order = pd.DataFrame([a_week.to_dict()] * WEEKS), a_week
    festival = list(plan.festival != "")
    plan = pd.concat([plan, amounts.round(-1)], axis=1)
    tested = _tested(festival, list(order.sort_values(ascending=False).index))
    plan["owner"] = ["operations lead" if day else OWNERS.get(kind, "marketing")
                     for day, kind in zip(festival, tested, strict=True)]
    plan["test"] = ["none: festival" if day else "none: too few weeks are left" if kind is None
                    else f"{kind}: half of the cities, by lot, stay as they were"
                    for day, kind in zip(festival, tested, strict=True)]
    return plan


def _tested(festival, kinds):
    """The kind that is tested in each week: TEST_WEEKS in a row without a festival for each, None in the others."""
    tested, at, left = [None] * len(festival), 0, list(kinds)
    while left and at + TEST_WEEKS <= len(festival):
        if any(festival[at:at + TEST_WEEKS]):
            at += 1
        else:
            tested[at:at + TEST_WEEKS] = [left.pop(0)] * TEST_WEEKS
            at += TEST_WEEKS
    return tested


def caps(tables):
    """The most that a kind gets in a week, {kind: yuan}: MOST times the usual; none known without `history`."""
    if "history" not in tables:
        return {}
    return {kind: round(MOST * units * UNIT * tables.cities.market_size.sum(), -1) for kind, units in USUAL.items()}


def first_move(tables):
    """The first move in words: from the kind whose next yuan brings least to the one whose brings most."""
    if "history" not in tables:
        return "draw the spend of some cities by lot: there is no curve yet"
    marginal = response_curves(tables).curves.marginal
    return f"from {marginal.idxmin()} to {marginal.idxmax()}"


def board(plan):
    """The calendar as the card's table shows it: yuan of all kinds and of each."""
    kinds = [name for name in plan if name not in ("week", "festival", "owner", "test")]
    split = [", ".join(f"{kind} {amount:,.0f}" for kind, amount in row.items()) for _, row in plan[kinds].iterrows()]
    return pd.DataFrame({"week": plan.week + plan.festival.map(lambda day: f" ({day})" if day else ""),
                         "yuan": [f"{total:,.0f}" for total in plan[kinds].sum(axis=1)],
                         "split": split, "owner": plan.owner, "test": plan.test})


def _over_weeks(curves, weight):
    """Units by week and kind: the usual total of all weeks, where weight × marginal return is the same everywhere."""
    pulls, most = {}, {}
    for kind, row in curves.curves.iterrows():
        slope = max(row["effect"], 0.0) * np.log(2) / row["half"]
        for week, heavy in enumerate(weight):
            pulls[kind, week] = lambda x, top=slope * heavy, half=row["half"]: top * 2.0 ** (-x / half)
            most[kind, week] = MOST * row["usual"]
    split = response.split_budget(pulls, curves.curves.usual.sum() * len(weight), most).spend
    split.index = pd.MultiIndex.from_tuples(split.index)
    return split.unstack(0)[list(curves.curves.index)].sort_index().reset_index(drop=True)
