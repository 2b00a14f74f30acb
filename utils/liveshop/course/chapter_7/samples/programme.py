"""The cities of the integrated programme."""

import numpy as np
import pandas as pd

from liveshop.methods import panel
from liveshop.tables.memory import once_per_tables

PARTS = ["part_show", "part_vote", "part_push"]
FULL_SWING = 2                   # weeks after the start in which the programme still ramps up
BIG = "A"                        # the pilot for which a synthetic control is made


@once_per_tables
def programme(tables):
    """City weeks with treated (pilots), after (from its own start on in a pilot, from the first start elsewhere),
    neighbour (next to one, itself none; nobody where the table does not say), log_orders (a week without orders as
    half an order)."""
    rows = tables.city_weeks.merge(tables.cities, on="city")
    start = rows.programme_start.fillna(tables.cities.programme_start.min())
    treated = rows.programme_start.notna()
    near = rows.get("neighbour_has_programme", pd.Series(False, index=rows.index)).fillna(False).astype(bool)
    return rows.assign(treated=treated.astype(float), after=(rows.week >= start).astype(float),
                       neighbour=near & ~treated, log_orders=np.log(rows.local_orders.clip(lower=0.5)))


def before_after(rows, outcome="local_orders"):
    """Change of the log of the pilots' mean week, in orders or money, and its 95 % interval by city (Student's t)."""
    from scipy.stats import t

    pilots = rows[rows.treated == 1]
    means = pilots.groupby(["city", "after"])[outcome].mean().unstack()
    change = np.log(means[1.0] / means[0.0])
    half = t.ppf(0.975, len(change) - 1) * change.sem()
    whole = pilots.groupby("after")[outcome].mean()
    middle = float(np.log(whole[1.0] / whole[0.0]))
    return middle, middle - half, middle + half


def change_in_changes(rows, outcome="local_orders"):
    """Difference in differences of counts or money, with levels of city and week: the change of the logarithm."""
    return panel.difference_in_differences(rows, outcome, "treated", "after", "city", "week", family="poisson")


def parts(rows, errors, outcome="log_orders", family="linear"):
    """Effect of each part of the programme on log orders, in the pilots in full swing. errors, family: as in panel;
    with family "poisson" on the log of another count."""
    weeks = np.sort(rows.week[rows.after == 1].unique())[FULL_SWING:]
    pilots = rows[(rows.treated == 1) & (rows.after == 1) & rows.week.isin(weeks)]
    pilots = pilots.assign(**{part: pilots[part].astype(float) for part in PARTS})
    return panel.two_way_effects(pilots, outcome, PARTS, "city", "week", family, errors).table


def synthetic(rows, donors):
    """Log change of the orders of the pilot ``BIG`` after the start, against a mix of donors that was alike before."""
    start = rows.week[rows.after == 1].min()
    found = panel.synthetic_control(rows, "local_orders", "city", "week", BIG, start, donors=donors, relative=True)
    return float(np.log1p(found.share))


def effect_on_the_big(tables):
    """The planted effect on log orders of the pilot ``BIG``: what ran there, from the start on, with its ramp."""
    rows, planted, ramp = programme(tables), tables.truth["programme.part_effects"], tables.truth["programme.ramp"]
    ran = rows[(rows.city == BIG) & (rows.after == 1)].sort_values("week")
    swing = np.pad(ramp, (0, len(ran)), mode="edge")[: len(ran)]
    effect = planted["base"] + sum(planted[part.removeprefix("part_")] * ran[part].to_numpy(float) for part in PARTS)
    return float(np.log(np.exp(swing * effect).mean()))


def pilots_and(rows, which):
    """Pilots with their controls. which: "clean" (no neighbour has it), "all", or "neighbours" (as if treated)."""
    if which == "all":
        return rows
    if which == "clean":
        return rows[~rows.neighbour]
    return rows[rows.treated == 0].assign(treated=lambda d: d.neighbour.astype(float))


def untouched(tables):
    """Cities without the programme and without a neighbour that has it."""
    cities = tables.cities
    return cities.city[cities.programme_start.isna() & ~cities.neighbour_has_programme].tolist()
