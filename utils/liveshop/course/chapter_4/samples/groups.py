"""Customers in groups: the survey, what stands in for it on other tables, and what the groups are called."""

import pandas as pd

from liveshop.methods import segments
from liveshop.tables.memory import once_per_tables

LOGS = ["watch_minutes", "clothing_budget"]     # traits of the survey that are skewed
GROUPS = 4
CALLED = {"price_first": "price", "fit_first": "fit", "trend_first": "trend", "friends_first": "friends",
          "watch_minutes": "watching", "evening_share": "evenings", "clothing_budget": "budget",
          "orders": "many orders", "paid_per_order": "large baskets"}


@once_per_tables
def answers(tables):
    """The survey with each customer's planted segment."""
    return tables.survey.merge(tables.customers[["customer_id", "segment"]], on="customer_id")


@once_per_tables
def traits(tables):
    """What customers are grouped by, a row a customer: the survey, or without one what their orders say."""
    if "survey" in tables:
        return tables.survey.set_index("customer_id")
    return order_traits(tables)


def logs_of(frame):
    """The traits that are skewed, of which the logarithm is taken."""
    return [name for name in (*LOGS, "orders", "paid_per_order") if name in frame]


@once_per_tables
def order_traits(tables):
    """One row a customer with a paid order: orders, paid_per_order, evening_share (paid from 18 to 24 o'clock)."""
    paid = tables.orders.dropna(subset=["paid"])
    lines = paid.groupby("order_id").agg(
        customer_id=("customer_id", "first"), amount=("paid_amount", "sum"), paid=("paid", "first"))
    by = lines.assign(evening=lines.paid.dt.hour >= 18).groupby("customer_id")
    found = pd.DataFrame({"orders": by.size(), "paid_per_order": by.amount.mean(), "evening_share": by.evening.mean()})
    found = found[found.paid_per_order > 0]
    return found.loc[:, found.nunique() > 1]


@once_per_tables
def grouped(tables):
    """The groups of `traits`: k-means on logs where skewed, all scaled."""
    frame = traits(tables)
    return segments.kmeans(frame, GROUPS, logs=logs_of(frame), starts=10)


def named(marks):
    """A name for each group, {number: name}, no two alike: what it has most, or, where that is taken, what it lacks.

    marks: traits × groups, in standard deviations from the mean of all.
    """
    names = {}
    for number in marks.max().sort_values(ascending=False).index:
        ordered = marks[number].sort_values(ascending=False)
        words = [CALLED.get(trait, str(trait).replace("_", " ")) for trait in ordered.index]
        has = [word for word, mark in zip(words, ordered, strict=True) if mark > 0]
        lacks = [f"not {word}" for word, mark in zip(words, ordered, strict=True) if mark <= 0][::-1]
        free = [word for word in (*has, *lacks) if word not in names.values()]
        names[number] = free[0] if free else f"group {number}"
    return {number: names[number] for number in marks}


@once_per_tables
def from_orders(tables):
    """How well groups made of orders alone agree with those of the survey: adjusted Rand index, same customers."""
    both = order_traits(tables).reindex(traits(tables).index).dropna()
    mine = segments.kmeans(both, GROUPS, logs=["orders", "paid_per_order"], starts=5).labels
    return segments.agreement(mine, grouped(tables).labels[both.index])


@once_per_tables
def paid_in_rooms(tables):
    """By group of the survey: the share of its paid yuan that was paid in live rooms."""
    labels = grouped(tables).labels
    paid = tables.orders.dropna(subset=["paid"])
    paid = paid[paid.customer_id.isin(labels.index)]
    by = paid.assign(live=paid.paid_amount * paid.source.eq("live")).groupby(paid.customer_id.map(labels))
    return by.live.sum() / by.paid_amount.sum()


def portrait(tables, labels):
    """Shares of sex, age and region in each group, rows (what, which) × groups; empty where the tables know none."""
    people = pd.DataFrame()
    if "customers" in tables:
        people = tables.customers.set_index("customer_id").reindex(labels.index)
    if "city" in people and "cities" in tables:
        regions = tables.cities.set_index("city").region.astype(str)
        people = people.assign(region=people.city.astype(object).map(regions))
    known = [name for name in ("sex", "age_band", "region") if name in people]
    parts = {name: pd.crosstab(people[name].astype(object).fillna("unknown"), labels, normalize="columns")
             for name in known}
    return pd.concat(parts) if parts else pd.DataFrame(columns=sorted(labels.unique()))
