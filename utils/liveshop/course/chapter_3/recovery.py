"""What chapter 3's methods make of the planted truths in one season; liveshop.world.recovery gathers them."""

import pandas as pd

from liveshop.course.chapter_3 import samples
from liveshop.course.chapter_3.samples import unit
from liveshop.course.recovery import Row
from liveshop.methods import economics

FIRST, LAST = pd.Timestamp("2025-03-03"), pd.Timestamp("2025-08-31")


def estimates(season):
    """Rows of all sections. season: tables by name, with the truth as name -> value."""
    yield from influence_along_ties(season)
    yield from group_deals(season)
    yield from cost_of_customers(season)
    yield from next_newcomers(season)


def influence_along_ties(season):
    """3.1: what a friend's ordering again adds to one's own. Nothing is planted: friends of a circle are alike.

    "coarse communities" come from a search that takes several circles for one, and so leaves likeness over.
    """
    name = "ties.influence_on_repeat"
    fine = samples.alike(season)
    for method, table, row in (("naive", fine, "friend"),
                               ("less others of the same community", fine, "left for the tie"),
                               ("coarse communities", samples.alike(season, 1), "left for the tie")):
        yield Row(name, method, 0.0, *map(float, table.loc[row, ["estimate", "low", "high"]]))


def group_deals(season):
    """3.2: how many more friends accept for a reward, which a coin decided.

    Naive is the ratio of the fill rates: a deal that fills anyway cannot show that more friends came. Friends as
    counted stop at the full deal, and so fall short too. And what share of deals fills in half a day: naive is the
    pace of the whole day, in every hour alike.
    """
    true, effect = season.truth["deal.reward_effect"], samples.reward_effect(season)
    for method, row in {"naive": "fill", "friends as counted": "counted", "friends expected": "expected"}.items():
        yield Row("deal.reward_effect", method, true, *effect.loc[row])
    cells, name = samples.fill_rates(season).set_index(["size", "limit_hours"]), "deal.fill_rate: 3 persons, 12 h"
    true = season.truth["deal.fill_rate"]["3 persons, 12 h"]
    yield Row(name, "naive", true, cells.one_rate[3, 12])
    yield Row(name, "longer deals full by then", true, samples.filling(season)[12])


def cost_of_customers(season):
    """3.3: what winning a customer costs by route: the books of finance, against those who joined by that route.

    Naive is the same money over the *orders* of the route's newcomers: it falls with every repeat order.
    """
    booked, customers = season.acquisition_costs, season.customers
    fair = economics.acquisition_cost(booked, customers, FIRST, LAST).per_customer
    newcomers = customers[customers.joined >= FIRST].set_index("customer_id").route
    paid = season.orders.dropna(subset=["paid"]).drop_duplicates("order_id")
    orders = paid.customer_id.map(newcomers).value_counts()
    spent = booked.groupby("route").amount.sum()
    for route, cost in season.truth["acquisition.cost_per_customer"].items():
        yield Row(f"acquisition.cost_per_customer: {route}", "naive", cost["booked"], spent[route] / orders[route])
        yield Row(f"acquisition.cost_per_customer: {route}", "new customers", cost["booked"], fair[route])


def next_newcomers(season):
    """3.3: what the next newcomers from live leave in their first sixty days, told from those who came in spring.

    The truth is what they left; it is not planted, so the interval holds the luck of both groups: that of those told
    from, and that of as many as came next. Naive are the survivors of spring, those who still bought in the second
    month after; the festival's newcomers are others, and neither tells of them.
    """
    margins, end = unit.order_margins(season), unit.season(season)[1]
    seen = {name: economics.cohort_margin(people, margins, end, months=2)
            for name, people in unit.next_from(season).items()}
    left = {name: one.margin.iloc[0, -1] for name, one in seen.items()}
    for truth, method, source, of in (("newcomers.margin_of_the_next", "naive", "survivors", "next"),
                                      ("newcomers.margin_of_the_next", "cohort", "cohort", "next"),
                                      ("newcomers.margin_of_the_festival", "cohort", "cohort", "festival")):
        own, many = seen[source], seen[of].customers.iloc[0]
        half = own.high.iloc[0, -1] - left[source]
        half *= (1 + own.customers.iloc[0] / many) ** 0.5
        yield Row(truth, method, left[of], left[source], left[source] - half, left[source] + half)
