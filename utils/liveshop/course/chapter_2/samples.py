"""The samples of section 2.2: visits of rooms and of shelf pages side by side, the same people and goods in both.

Visits are frames with a row a visit: viewer_id, source, bought, and what else is held fixed.
"""

import numpy as np
import pandas as pd

from liveshop import metrics
from liveshop.methods import rundown, standardise
from liveshop.tables.memory import once_per_tables

SAME_PERSON = ("viewer_id",)
SEARCHED, OTHERWISE = "came searching", "other doors"


@once_per_tables
def visits(tables):
    """(visits of rooms, visits of shelf pages), each with viewer_id, source, bought: did she place an order there that
    was paid."""
    return tuple(sessions.assign(bought=sessions.orders > 0, source=sessions.source.astype("category"))[
        ["viewer_id", "source", "bought"]] for sessions in (tables.viewer_sessions, tables.shelf_sessions))


def known(of, customers, since):
    """The visits with known: was she a customer before the day `since`, so before any of the visits."""
    return of.assign(known=of.viewer_id.map(customers.set_index("customer_id").joined) < pd.Timestamp(since))


@once_per_tables
def in_festival(tables):
    """Whether each visit of `visits` fell into the festival: (of rooms, of shelf pages), True or False; never where the
    broadcasts do not say. A shelf visit did if it lies between the first and the last day of festival broadcasts."""
    if "streams" not in tables or "is_festival" not in tables.streams:
        return tuple(np.zeros(len(of), bool) for of in (tables.viewer_sessions, tables.shelf_sessions))
    rooms = tables.streams.set_index("stream_id")
    festive = rooms.is_festival.eq(True)
    days = rooms.started[festive].dt.normalize()
    visited = tables.shelf_sessions.visited.dt.normalize()
    there = tables.viewer_sessions.stream_id.map(festive).eq(True).to_numpy()
    return there, (visited.between(days.min(), days.max()) & festive.any()).to_numpy()


def counts(live, shelf, strata=("source",)):
    """Orders and visits by place (live, shelf) and stratum, as methods.standardise takes them. An order is a visit in
    which something was ordered."""
    of = {place: part.groupby(list(strata), observed=True).bought.agg(orders="sum", visits="size")
          for place, part in {"live": live, "shelf": shelf}.items()}
    return pd.concat(of, names=["place"]).reset_index()


def standardised(live, shelf, strata=("source",), mix="live"):
    """`methods.standardise.Standardised` of rooms and shelf pages at equal strata, with the mix of one of them."""
    return standardise.standardised_rates(
        counts(live, shelf, strata), "place", list(strata), "orders", "visits", mix=mix)


def standardised_ratio(live, shelf, strata, mix="live"):
    """Share of room visits that order / share of shelf visits that do, both with one mix of strata."""
    rates = standardised(live, shelf, strata, mix).rates.standardised
    return rates["live"] / rates["shelf"]


def at_equal(live, shelf, strata, mix="live"):
    """`standardised`'s ratio, rooms / shelf pages: (estimate, low, high). One person's visits are not independent, so
    the errors are summed by person before they are squared. The mix counts as known."""
    found, parts = standardised(live, shelf, strata, mix), []
    for place, of, sign in (("live", live, 1), ("shelf", shelf, -1)):
        by = of.groupby(strata, observed=True)
        stratum, seen = by.ngroup().to_numpy(), by.bought.agg(["mean", "size"])
        weight = sign * found.weights.reindex(seen.index).fillna(0) / seen["size"] / found.rates.standardised[place]
        parts.append(pd.Series((of.bought.to_numpy() - seen["mean"].to_numpy()[stratum]) * weight.to_numpy()[stratum],
                               of.viewer_id.to_numpy()))
    of_persons = pd.concat(parts).groupby(level=0).sum()
    return _with_ends(found.ratio("live", "shelf")[0], of_persons)


def pairs(live, shelf, same=SAME_PERSON):
    """Who was seen in both: a row a person (and whatever else is the same), with orders and visits in rooms and, with
    the ending _shelf, on shelf pages."""
    live = live[live.viewer_id.isin(shelf.viewer_id)]
    sums = [part.groupby(list(same), sort=False, observed=True).bought.agg(orders="sum", visits="size")
            for part in (live, shelf)]
    return sums[0].join(sums[1].add_suffix("_shelf"), how="inner")


def lift(live, shelf, same=SAME_PERSON):
    """How many times likelier an order is in a room than on a shelf page, among those seen in both.

    Mantel and Haenszel's ratio of rates with persons as strata: nobody is compared with anybody else. The error is
    Greenland and Robins's for sparse strata (Biometrics 41, 1985). same: what else is the same, as source. A Series:
    estimate, low, high (95 %), error (of the log), persons, and the orders of theirs on which it rests: live_orders,
    shelf_orders.
    """
    return ratio_within(pairs(live, shelf, same))


def within_persons(live, shelf, same=SAME_PERSON):
    """`lift` as (ratio, error of its log)."""
    return tuple(lift(live, shelf, same)[["estimate", "error"]])


def ratio_within(both):
    """`lift` of a table as `pairs` gives it."""
    of_all = both.visits + both.visits_shelf
    top = (both.orders * both.visits_shelf / of_all).sum()
    bottom = (both.orders_shelf * both.visits / of_all).sum()
    together = (both.visits * both.visits_shelf * (both.orders + both.orders_shelf)
                - both.orders * both.orders_shelf * of_all) / of_all**2
    ratio, error = top / bottom, np.sqrt(together.sum() / (top * bottom))
    low, high = ratio * np.exp([-1.959964 * error, 1.959964 * error])
    return pd.Series({"estimate": ratio, "low": low, "high": high, "error": error,
                      "persons": both.index.get_level_values("viewer_id").nunique(),
                      "live_orders": both.orders.sum(), "shelf_orders": both.orders_shelf.sum()})


@once_per_tables
def _seen_in_both(tables):
    return pairs(*visits(tables))


def lift_of(tables, what, kind=None):
    """`lift` of what a visit brings, in place of whether it has an order: "lines" (paid order lines) or a column of
    `both_places`, as "contribution" (CNY), of all goods or of the category `kind`. A Series: estimate, low, high
    (95 %), error of the log. One person's lines come together, so the error is of her sum. Orders must know the person
    by the number that visits have."""
    both, lines = _seen_in_both(tables), both_places(tables).assign(lines=1)
    lines = lines if kind is None else lines[lines.category == kind]
    sums = lines.groupby(["source", "customer_id"])[what].sum()
    of_all = both.visits + both.visits_shelf
    top = sums["live"].reindex(both.index).fillna(0) * both.visits_shelf / of_all
    bottom = sums["shelf"].reindex(both.index).fillna(0) * both.visits / of_all
    parts = top / top.sum() - bottom / bottom.sum()
    ends = _with_ends(top.sum() / bottom.sum(), parts)
    return pd.Series([*ends, np.sqrt((parts**2).sum())], index=["estimate", "low", "high", "error"])


def lifts_by(live, shelf, by, same=SAME_PERSON):
    """`lift` within each value of the column `by`, a row each; a value without orders in both places is left out."""
    parts = {value: (part, shelf[shelf[by] == value], same) for value, part in live.groupby(by, observed=True)}
    sums = {value: pairs(*part)[["orders", "orders_shelf"]].sum() for value, part in parts.items()}
    return pd.DataFrame({value: lift(*parts[value]) for value, of in sums.items() if of.all()}).T.rename_axis(by)


@once_per_tables
def doors(tables):
    """`visits` with festive (`in_festival`) and door: did she come searching? What searching means decides, not the
    results; the other sources are too thin to stand alone."""
    return tuple(of.assign(festive=festive, door=np.where(of.source == "search", SEARCHED, OTHERWISE))
                 for of, festive in zip(visits(tables), in_festival(tables), strict=True))


def lifts_at_doors(tables):
    """`lift` of those who came searching and of all others: the same person, by the same source, in festival or not."""
    return lifts_by(*doors(tables), "door", ["viewer_id", "source", "festive"])


def moved(live, shelf, found, whose, by="door"):
    """(estimate, low, high): how many times as many orders the visits `whose` get on air as on shelf pages.

    found: `lifts_by` the strata. "live": its orders stand, divide them by what the room did; "shelf": its orders stand,
    multiply them. So strata weigh by the orders that they would place on shelf pages, not by visits.
    """
    orders = (live if whose == "live" else shelf).groupby(by).bought.sum().reindex(found.index)
    if whose == "shelf":
        return mixed(found, orders)
    at_shelf = orders / found.estimate
    return _with_ends(orders.sum() / at_shelf.sum(), at_shelf / at_shelf.sum() * found.error)


def mixed(found, orders):
    """(estimate, low, high): the ratios of `found` with these orders on shelf pages, or shares of them, as weights."""
    on_air = orders * found.estimate
    return _with_ends(on_air.sum() / orders.sum(), on_air / on_air.sum() * found.error)


def _with_ends(estimate, errors):
    error = np.sqrt((errors**2).sum())
    return tuple(float(estimate * np.exp(step * 1.959964 * error)) for step in (0, -1, 1))


def all_visits_by(live, shelf, by):
    """Orders of all visits, rooms / shelf pages, in each value of the column `by`: estimate, low, high, error."""
    parts = {value: [of[of[by] == value].assign(everybody=1) for of in (live, shelf)] for value in shelf[by].unique()}
    found = pd.DataFrame({value: standardised(*both, ("everybody",)).ratio("live", "shelf")
                          for value, both in parts.items()}, index=["estimate", "low", "high"]).T.rename_axis(by)
    return found.assign(error=np.log(found.high / found.low) / 2 / 1.959964)


def choosy_room(choosiness, advantage, people=60_000, spread=1.0, seed=22):
    """A made-up shop whose answer is known: naive, at equal customers, and within persons, as (estimate, low, high).

    Intent to buy differs from person to person (log, standard deviation `spread`). All visit shelf pages alike; rooms
    draw them by intent ** choosiness. An order on air is `advantage` times as likely as on the shelf, for everybody.
    "Customer" is a label with a chance that grows with intent: known to the desk, but not the intent itself.
    """
    luck = np.random.default_rng(seed)
    intent = spread * luck.standard_normal(people)
    draw = np.exp(choosiness * intent)
    chance = np.minimum(0.01 * np.exp(intent - spread**2 / 2), 0.3)
    persons = pd.DataFrame({
        "viewer_id": range(people), "everybody": 1,
        "customer": luck.random(people) < 1 / (1 + np.exp(2 - 1.5 * intent)),
        "visits": luck.poisson(6.0 * draw / draw.mean()), "visits_shelf": luck.poisson(2.0, people)})
    persons["orders"] = luck.binomial(persons.visits, advantage * chance)
    persons["orders_shelf"] = luck.binomial(persons.visits_shelf, chance)
    rows = pd.concat([persons.assign(place="live"), persons.assign(
        place="shelf", visits=persons.visits_shelf, orders=persons.orders_shelf)])
    naive, at_equal = (standardise.standardised_rates(rows, "place", held, "orders", "visits", mix="live").ratio(
        "live", "shelf") for held in ("everybody", "customer"))
    both = persons[(persons.visits > 0) & (persons.visits_shelf > 0)].set_index("viewer_id")
    return naive, at_equal, tuple(ratio_within(both)[["estimate", "low", "high"]])


@once_per_tables
def both_places(tables):
    """Paid order lines sold in rooms and on shelf pages, a row a line: customer_id, category, list_price, source, gmv,
    refunded and contribution (CNY, `metrics.contribution`)."""
    lines = tables.orders[tables.orders.source.isin(["live", "shelf"]) & tables.orders.paid.notna()]
    keys = ["order_id", "line_no", "product_id", "customer_id", "source"]
    money = metrics.contribution(lines, tables.refunds, tables.products, tables.channels, per=keys)
    return money.merge(tables.products[["product_id", "category", "list_price"]], on="product_id")


def goods(tables, by="category"):
    """What each kind of goods does in both places, a row a kind: lines sold live and on the shelf, live lines per
    shelf line, refund rates by amount, contribution a line (CNY), and worth: live / shelf of it, with low, high and the
    error of its log."""
    of = both_places(tables).groupby([by, "source"])
    sums, a_line = of[["gmv", "refunded"]].sum(), of.contribution
    wide = pd.DataFrame({"lines": of.size(), "refund_rate": sums.refunded / sums.gmv, "a_line": a_line.mean(),
                         "error": a_line.sem() / a_line.mean()}).unstack()
    wide.columns = [f"{what}_{source}" for what, source in wide.columns]
    worth = wide.a_line_live / wide.a_line_shelf
    error = np.hypot(wide.pop("error_live"), wide.pop("error_shelf"))
    return wide.assign(live_per_shelf=wide.lines_live / wide.lines_shelf, worth=worth,
                       low=worth * np.exp(-1.959964 * error), high=worth * np.exp(1.959964 * error), error=error)


def a_visit(on_both, of_lines):
    """What a visit leaves in each kind of goods, on air / on the shelf: worth × how many times as many lines the same
    persons order on air (`lift_of` lines). One such ratio for all kinds, with its error: estimate, low, high, a row a
    kind. Above 1 a visit leaves more on air, before host and studio."""
    estimate = on_both.worth * of_lines.estimate
    error = np.hypot(on_both.error, of_lines.error)
    return pd.DataFrame({"estimate": estimate, "low": estimate * np.exp(-1.959964 * error),
                         "high": estimate * np.exp(1.959964 * error)})


def on_air_or_shelf(on_both, of_lines, fewest=100):
    """The table of the card, a row a kind of goods, from `goods`: what it does in both places, and where it belongs.

    A kind belongs on air when a visit there leaves more than on the shelf (`a_visit`); it is open while the interval
    holds 1, and with fewer lines on the shelf than `fewest` nothing is said.
    """
    leaves = a_visit(on_both, of_lines)
    where = np.select(
        [on_both.lines_shelf < fewest, leaves.low > 1, leaves.high < 1],
        ["too few lines", "on air", "shelf; on air only to draw entries"], "open: look again in a month")
    return pd.DataFrame({
        "goods": on_both.index,
        "lines: air / shelf": [f"{row.lines_live:,.0f} / {row.lines_shelf:,.0f}" for row in on_both.itertuples()],
        "comes back: air / shelf": [f"{row.refund_rate_live:.0%} / {row.refund_rate_shelf:.0%}"
                                    for row in on_both.itertuples()],
        "a line leaves: air / shelf": [f"¥{row.a_line_live:,.0f} / ¥{row.a_line_shelf:,.0f}"
                                       for row in on_both.itertuples()],
        "where": where}).iloc[on_both.worth.argsort()[::-1].to_numpy()]


def foretold(tables, past=3):
    """Slots of the rundown with tonight: log clicks per viewer minute against the night's slots of the same role,
    record: the mean of that over the product's own earlier slots (at least `past`), and planned: the planner's appeal.
    """
    slots = rundown.slot_totals(tables.rundown, tables.stream_minutes).merge(
        tables.streams[["stream_id", "started"]], on="stream_id").merge(
        tables.products[["product_id", "appeal"]], on="product_id").sort_values(["started", "start_minute"])
    rate = np.log((slots.product_clicks + 0.5) / (slots.viewer_minutes + 1))
    tonight = rate - rate.groupby([slots.stream_id, slots.role]).transform("mean")
    nights = tonight.groupby([slots.product_id, slots.started]).mean()         # tonight's own slots foretell nothing
    record = nights.groupby("product_id").transform(lambda of: of.shift().expanding(past).mean())
    found = slots[["product_id", "started"]].assign(tonight=tonight, planned=slots.appeal)
    return found.join(record.rename("record"), on=["product_id", "started"]).dropna(subset=["record"])
