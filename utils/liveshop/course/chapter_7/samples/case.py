"""The case: what the programme brought and cost, part by part, and the page that flatters it.

``LEFT_OF_NET``: what finance says a yuan of net sales of a local shop leaves after goods, fees and delivery. The local
shops book no products, so it cannot be worked out from their tables; it is not the contribution of the five channels.
"""

import numpy as np
import pandas as pd

from liveshop.course.chapter_7.samples.launch import effect
from liveshop.course.chapter_7.samples.programme import FULL_SWING, PARTS, parts, pilots_and, programme
from liveshop.tables.memory import once_per_tables

LEFT_OF_NET = 0.45
MEASURES = {"local_orders": "orders", "net": "net sales", "brand_searches": "brand searches",
            "category_searches": "category searches", "direct_visits": "direct visits", "new_members": "new members",
            "active_members": "active members"}


@once_per_tables
def city_weeks(tables):
    """Rows of `programme` with net: GMV less what was refunded."""
    return programme(tables).assign(net=lambda d: d.local_gmv - d.local_refunded)


def change_of(rows, outcome, which="clean"):
    """The `effect` of 7.2 on the log of a count or an amount, against these controls; which: as in `pilots_and`."""
    return effect(pilots_and(rows, which), outcome)


@once_per_tables
def measures(tables):
    """Change of each measure of `MEASURES` against clean cities: estimate, low, high (logarithms)."""
    rows = city_weeks(tables)
    there = [name for name in MEASURES if name in rows and rows[name].notna().any()]
    found = {MEASURES[name]: change_of(rows, name) for name in there}
    return pd.DataFrame({name: (one.estimate, *one.interval) for name, one in found.items()},
                        index=["estimate", "low", "high"]).T


def after_start(rows):
    """Weeks of the pilots from the start on."""
    return rows[(rows.treated == 1) & (rows.after == 1)]


def share_added(log_change):
    """Share of the sales made that would be missing without a change of their logarithm by so much."""
    return 1 - np.exp(-np.asarray(log_change, dtype=float))


@once_per_tables
def account(tables):
    """The programme in yuan, all pilots, from the start on: columns estimate, low, high; the cost is known.

    Rows: extra net sales · margin of them · cost, all of it · gain (margin less cost) · return (gain a yuan of cost).
    """
    rows = city_weeks(tables)
    found, made = change_of(rows, "net"), after_start(rows)
    extra = made.net.sum() * share_added([found.estimate, *found.interval])
    cost = np.full(3, made.programme_cost.sum())
    margin = LEFT_OF_NET * extra
    return pd.DataFrame([extra, margin, cost, margin - cost, margin / cost - 1], columns=["estimate", "low", "high"],
                        index=["extra net sales", "margin", "cost", "gain", "return"])


@once_per_tables
def costs(tables):
    """Mean cost of a pilot week of the base and of each part where it runs, in yuan, by least squares.

    Costs are read as proportional to the root of the market's size, as in the price list of the programme; where the
    sizes are not known, as equal in all cities.
    """
    made = after_start(city_weeks(tables))
    root = np.sqrt(made.market_size.to_numpy(float)) if "market_size" in made else np.ones(len(made))
    x = np.column_stack([np.ones(len(made)), made[PARTS].to_numpy(float)]) * root[:, None]
    each = np.linalg.lstsq(x, made.programme_cost.to_numpy(float), rcond=None)[0]
    return pd.Series(each * root.mean(), index=["base", *PARTS])


@once_per_tables
def swing(tables):
    """The pilots in full swing: (effect of the whole against clean cities, table of the parts, weeks of the pilots).

    Both effects on log orders; the whole compares the weeks in full swing with those before the start.
    """
    rows = city_weeks(tables)
    ramp = np.sort(rows.week[rows.after == 1].unique())[:FULL_SWING]
    settled = rows[~rows.week.isin(ramp)]
    return change_of(settled, "local_orders"), parts(rows, "HC3"), after_start(settled)


@once_per_tables
def combination(tables, show, vote, push):
    """A pilot week in full swing with these parts, against none of the programme: estimate, low, high by row.

    Rows: effect (on log orders) · extra net sales · margin · cost · gain, in yuan · return. The effect is that of the
    whole, moved by what each part adds times how much more or less of it runs than ran on average; its standard error
    adds up those of the whole (by city) and of the parts (HC3), which the lot keeps apart.
    """
    from scipy.stats import t

    whole, found, weeks = swing(tables)
    moved = np.array([show, vote, push], dtype=float) - weeks[PARTS].mean().to_numpy(float)
    middle = whole.estimate + moved @ found.estimate.to_numpy()
    error = np.sqrt(whole.standard_error**2 + moved**2 @ found.standard_error.to_numpy() ** 2)
    effect = middle + t.ppf(0.975, whole.groups - 1) * error * np.array([0.0, -1.0, 1.0])
    without = _without(weeks, whole, found).mean()
    extra = without * np.expm1(effect)
    cost = np.full(3, costs(tables) @ [1.0, show, vote, push])
    margin = LEFT_OF_NET * extra
    return pd.DataFrame([effect, extra, margin, cost, margin - cost, margin / cost - 1],
                        columns=["estimate", "low", "high"],
                        index=["effect", "extra net sales", "margin", "cost", "gain", "return"])


def _without(weeks, whole, found):
    """Net sales of each of these pilot weeks, had there been no programme."""
    moved = (weeks[PARTS].astype(float) - weeks[PARTS].mean()).to_numpy() @ found.estimate.to_numpy()
    return weeks.net * np.exp(-(whole.estimate + moved))


@once_per_tables
def part_by_part(tables):
    """What each part brings and costs in a pilot week in which it runs, in yuan: brings, low, high, costs, gain.

    Margin of the orders that would be missing without the part, by `parts`; in weeks in full swing.
    """
    _, found, weeks = swing(tables)
    rows = {}
    for part in PARTS:
        mean = weeks.net[weeks[part].astype(bool)].mean()
        rows[part] = LEFT_OF_NET * mean * share_added(found.loc[part, ["estimate", "low", "high"]])
    table = pd.DataFrame(rows, index=["brings", "low", "high"]).T.assign(costs=costs(tables)[PARTS])
    return table.assign(gain=table.brings - table.costs)


@once_per_tables
def report_numbers(tables):
    """The results of the case as rows of the report: what, estimate, from, to, unit."""
    money, found, pays = account(tables), np.expm1(measures(tables)), part_by_part(tables)
    ends = ["estimate", "low", "high"]
    rows = [(f"{name}, against clean cities", *(f"{value:+.0%}" for value in found.loc[name, ends]), "change")
            for name in found.index]
    for part in pays.index:
        values = [f"{value:,.0f}" for value in pays.loc[part, ["brings", "low", "high"]]]
        rows.append((f"{part.removeprefix('part_')}: margin that it brings", *values,
                     f"yuan a city week; it costs {pays.costs[part]:,.0f}"))
    for name in money.index:
        style, unit = ("{:,.2f}", "gain for each yuan of cost") if name == "return" else (
            "{:,.0f}", "yuan, all pilots, since the start")
        values = [style.format(value) for value in money.loc[name, ends]]
        rows.append((name, *(values if name != "cost" else [values[0], "booked", "booked"]), unit))
    table = pd.DataFrame(rows, columns=["what", "estimate", "from", "to", "unit"])
    numbers = ["estimate", "from", "to"]
    return table.assign(**{one: table[one].str.replace("-", "−") for one in numbers})


@once_per_tables
def flattering(tables, before_after=True, gmv=True, twice=True, no_base=True):
    """The one-pager's profit of the programme with some of its four faults: sales, margin, cost, profit, return.

    before_after: the pilots' rise since the start, in place of what clean cities say · gmv: GMV in place of net sales
    · twice: what the programme's report claims is added to the rise that holds it already · no_base: only what the
    parts cost. The page runs over equally long times before and after.
    """
    rows = city_weeks(tables)
    money, made = "local_gmv" if gmv else "net", after_start(rows)
    weeks = rows.week[rows.after == 1].nunique()
    earlier = rows[(rows.treated == 1) & (rows.after == 0)]
    last = np.sort(earlier.week.unique())[-weeks:]
    if before_after:
        per_week = earlier[earlier.week.isin(last)].groupby("week")[money].sum().mean()
        sales = made[money].sum() - per_week * weeks
    else:
        sales = made[money].sum() * float(share_added(change_of(rows, money).estimate))
    if twice:
        sales += made.claimed_gmv.sum() * (1.0 if gmv else made.net.sum() / made.local_gmv.sum())
    cost = made.programme_cost.sum() - (costs(tables)["base"] * len(made) if no_base else 0.0)
    margin = LEFT_OF_NET * sales
    return pd.Series({"sales": sales, "margin": margin, "cost": cost, "profit": margin - cost,
                      "return": margin / cost - 1})


@once_per_tables
def since_before(tables, outcome="net"):
    """A week's sum of the pilots, their neighbours and the clean cities, each as a multiple of its mean before."""
    rows = city_weeks(tables)
    group = np.where(rows.treated == 1, "pilots", np.where(rows.neighbour, "neighbours", "clean cities"))
    weekly = rows[outcome].groupby([rows.week, group]).sum().unstack()
    return weekly / weekly[weekly.index < rows.week[rows.after == 1].min()].mean()


def held_by_ten(tables, corrected=True, law="t"):
    """Of the three parts over the simulated seasons, how many intervals from errors by ten cities hold the truth.

    corrected: with the factor for few clusters and many terms, clusters / (clusters − 1) × (rows − 1) / (rows − terms);
    law: "t" (nine degrees of freedom) or "normal" (1.96). Returns (held, all).
    """
    from scipy.stats import norm, t

    cities, rows = 10, 110
    terms = len(PARTS) + cities + rows // cities - 1                     # with a level for each city and week
    narrower = (norm.ppf(0.975) / t.ppf(0.975, cities - 1) if law == "normal" else 1.0) * (
        1.0 if corrected else np.sqrt((cities - 1) / cities * (rows - terms) / (rows - 1)))
    seen = seasons_of_parts(tables, "clusters of ten cities")
    return int(((seen.estimate - seen.true).abs() <= narrower * seen.half).sum()), len(seen)


def seasons_of_parts(tables, method):
    """The three parts over the simulated seasons by this method: true, estimate, low, high, half (width)."""
    every = [tables.recovered_seasons(f"programme.part_effects: {part.removeprefix('part_')}", method)
             for part in PARTS]
    return pd.concat(every, ignore_index=True).assign(half=lambda d: (d.high - d.low) / 2)
