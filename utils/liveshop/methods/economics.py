"""What a customer costs and earns by the route she came: acquisition cost, margin by month, payback, lifetime value.

Cost and margin are of a *cohort* that began together, with those who never came back in the denominator. The mean of
those still active is another number, and always a flattering one.

Sources: Gupta and Lehmann, Journal of Interactive Marketing 17 (2003), for the margin multiple; Farris et al.,
Marketing Metrics (2020), chapter 5.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from liveshop.methods._inputs import day, listed, moments, need, number, numbers, whole


def margin_multiple(retention, discount, first_at_once=False):
    """What a year's margin is worth over a lifetime: retention / (1 + discount − retention).

    retention: share that stays from a period to the next · discount: interest a period. The first margin comes after
    the first period; first_at_once adds it now. Retention 60 70 80 90 % at 10 %: 1.20 1.75 2.67 4.50.
    Raises ValueError on a retention outside of 0 to 1, and a discount that makes it infinite.
    """
    keep, rate = numbers(retention, "Retention"), numbers(discount, "The discount")
    if not ((keep >= 0) & (keep <= 1)).all() or not (rate >= 0).all() or not (1 + rate - keep > 0).all():
        raise ValueError("Retention is a share between 0 and 1, the discount not negative, and not both without loss.")
    value = keep / (1 + rate - keep) + (1.0 if first_at_once else 0.0)
    return float(value) if np.ndim(value) == 0 else value


def acquisition_cost(costs, customers, since, until, by="route", amount="amount", joined="joined"):
    """Cost of a new customer by route (获客成本): all that was spent to win / new customers, not orders.

    costs: rows with by and amount, spent from ``since`` to ``until`` (kinds of cost are added up) · customers: one
    row a customer with by and joined; those who joined on other days do not count. One row a route: customers, cost,
    per_customer (infinite where money was spent and nobody came).
    Raises ValueError on missing columns, negative amounts, and an end before the beginning.
    """
    need(costs, (by, amount), "The costs lack")
    need(customers, (by, joined), "The customers lack")
    first, last = day(since), day(until)
    if last < first:
        raise ValueError("until must not be before since.")
    spent = numbers(costs[amount], f"The values of {amount}")
    if not (spent >= 0).all():
        raise ValueError(f"{amount} must not be negative or missing in the costs.")
    people = customers.dropna(subset=[joined])
    people = people[moments(people[joined], joined).dt.normalize().between(first, last)]
    table = pd.DataFrame({"customers": people.groupby(by, observed=True).size(),
                          "cost": costs.groupby(by, observed=True)[amount].sum()}).fillna(0)
    with np.errstate(divide="ignore", invalid="ignore"):
        per = table["cost"].to_numpy() / table["customers"].to_numpy(float)
    return table.assign(customers=table["customers"].astype(int), per_customer=per)


@dataclass(frozen=True)
class Cohorts:
    """``margin``: one row a route, one column a month since joining (0, 1, 2 …), margin a customer of the cohort up
    to the end of that month, all customers in the denominator, bought or not. ``low``, ``high``: 95 %, customers
    drawn anew (by the normal law). ``customers``: how many, all old enough to be seen for so long."""

    margin: pd.DataFrame
    low: pd.DataFrame
    high: pd.DataFrame
    customers: pd.Series

    def payback(self, cost):
        """First month in which the margin has paid the cost: one row a route with month, earliest, latest (by the
        upper and the lower end of the margin; missing: not within the months seen).

        cost: {route: cost of a customer}. Raises ValueError on a route without cost.
        """
        cost = pd.Series(cost, dtype=float)
        unknown = [name for name in self.margin.index if name not in cost.index]
        if unknown:
            raise ValueError(f"No cost is given for {unknown[0]}.")

        def first(table):
            paid = table.ge(cost.reindex(table.index), axis=0)
            return paid.idxmax(axis=1).where(paid.any(axis=1)).astype("Float64").astype("Int64")

        return pd.DataFrame({"month": first(self.margin), "earliest": first(self.high), "latest": first(self.low)})


def cohort_margin(customers, margins, until, months=4, by="route", days=30, since=None, customer="customer_id",
                  joined="joined", when="day", amount="margin"):
    """Margin of customers by months since they joined, for cohorts by route.

    customers: one row a customer: customer, by, joined · margins: one row an order (or refund, negative): customer,
    when, amount · until: last day of the data · months: of ``days`` days each. Customers too young to be seen for all
    the months are left out, and those who joined before ``since``.
    Raises ValueError on missing columns, missing amounts, a customer who stands twice, and when nobody is old enough.
    """
    need(customers, (customer, joined, by), "The customers lack")
    need(margins, (customer, when, amount), "The margins lack")
    months, days, until = whole(months, "months", 1), whole(days, "days", 1), day(until)
    people = customers[[customer, by, joined]].dropna()
    if people[customer].duplicated().any():
        twice = people.loc[people[customer].duplicated(), customer].iloc[0]
        raise ValueError(f"The customer {twice} stands twice.")
    began = moments(people[joined], joined).dt.normalize()
    old = began + pd.Timedelta(days=days * months - 1) <= until
    if since is not None:
        old &= began >= day(since)
    people, began = people[old], began[old]
    if people.empty:
        raise ValueError(f"No customer has been there for {months} times {days} days by {until:%Y-%m-%d}.")
    money = margins[[customer, when, amount]].dropna(subset=[customer, when])
    if money[amount].isna().any():
        raise ValueError(f"{amount} is missing in {int(money[amount].isna().sum())} rows of the margins: fill it in "
                         "or leave them out.")
    money = money.assign(_at=moments(money[when], when).dt.normalize(),
                         _amount=numbers(money[amount], f"The values of {amount}"))
    money = money.merge(pd.DataFrame({customer: people[customer], "_began": began}), on=customer)
    month = (money["_at"] - money["_began"]).dt.days // days
    seen = (month >= 0) & (month < months)
    wide = money[seen].groupby([money.loc[seen, customer], month[seen]])["_amount"].sum().unstack(fill_value=0.0)
    wide = wide.reindex(index=people[customer], columns=range(months), fill_value=0.0).cumsum(axis=1)
    wide.columns.name = "month"
    groups = wide.groupby(people[by].to_numpy())
    mean, count = groups.mean(), groups.size()
    error = groups.std(ddof=1).div(np.sqrt(count), axis=0).fillna(np.inf)
    mean.index.name = by
    return Cohorts(mean, mean - 1.959964 * error, mean + 1.959964 * error, count.rename("customers"))


@dataclass(frozen=True)
class UnitEconomics:
    """One page, CNY: ``contribution`` of an order after goods, fees, refunds and fulfilment; ``value`` of a customer
    over her orders; ``value_to_cost``; ``payback_orders``: orders that pay for winning her (infinite if none does)."""

    contribution: float
    value: float
    value_to_cost: float
    payback_orders: float


def unit_economics(basket, goods_share, fee_share, refund_share, fulfilment, return_cost, orders, cost):
    """A customer on one page.

    basket: CNY paid an order · goods_share: cost of goods / paid · fee_share: fees / net of refunds · refund_share:
    refunded / paid (goods come back) · fulfilment: CNY an order · return_cost: CNY a returned order, taken as often
    as money goes back · orders: a customer over her time, the first included · cost: of winning her.
    Raises ValueError on shares outside of 0 to 1 and negative amounts.
    """
    names = ("basket", "fulfilment", "return_cost", "orders", "cost")
    amounts = [number(value, name) for value, name in
               zip((basket, fulfilment, return_cost, orders, cost), names, strict=True)]
    shares = [number(value, name) for value, name in
              ((goods_share, "goods_share"), (fee_share, "fee_share"), (refund_share, "refund_share"))]
    if min(amounts) < 0 or not all(0 <= share <= 1 for share in shares):
        raise ValueError("Amounts must not be negative, and shares lie between 0 and 1.")
    basket, fulfilment, return_cost, orders, cost = amounts
    goods, fee, refund = shares
    contribution = basket * (1 - refund) * (1 - goods - fee) - fulfilment - refund * return_cost
    value = contribution * orders
    return UnitEconomics(contribution, value, value / cost if cost else np.inf,
                         cost / contribution if contribution > 0 else np.inf)


def income_shares(product_margin, income, kind="kind", amount="amount", cost="cost"):
    """Share of each kind of income in the profit before overheads, product margin included.

    product_margin: CNY of the period · income: rows with kind, amount and cost. Sorted from the largest; shares add
    up to 1. Raises ValueError when all together is not above zero.
    """
    need(income, (kind, amount, cost))
    net = pd.Series(numbers(income[amount], amount) - numbers(income[cost], cost), index=income.index)
    total = net.groupby(income[kind]).sum()
    total.loc["product margin"] = number(product_margin, "The product margin")
    if not total.sum() > 0:
        raise ValueError("All together is not above zero: there is no profit to share.")
    return (total / total.sum()).sort_values(ascending=False).rename("share")


def survivor_bias(customers, activity, period="month", by=None, customer="customer_id", joined="joined", when="day",
                  amount="margin"):
    """Margin a customer over all who joined, and over those active in the last period only: what survivors flatter.

    activity: rows with customer, when, amount. One row a group of ``by`` (or "all"): customers, active, mean_all,
    mean_active, ratio. Raises ValueError on missing columns and a period other than week or month.
    """
    keys = listed(by)
    need(customers, (customer, joined, *keys), "The customers lack")
    need(activity, (customer, when, amount), "The activity lacks")
    if period not in ("week", "month"):
        raise ValueError(f'period is "week" or "month", not {period!r}.')
    at = moments(activity[when], when).dt.to_period("W-SUN" if period == "week" else "M")
    total = activity.groupby(customer)[amount].sum().reindex(customers[customer]).fillna(0.0).to_numpy()
    active = customers[customer].isin(activity.loc[at == at.max(), customer]).to_numpy()
    group = customers[keys[0]].to_numpy() if keys else np.full(len(customers), "all")
    data = pd.DataFrame({"group": group, "total": total, "active": active})
    rows = {name: (len(part), int(part["active"].sum()), part["total"].mean(), part.loc[part["active"], "total"].mean())
            for name, part in data.groupby("group")}
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["customers", "active", "mean_all", "mean_active"])
    return table.assign(ratio=table["mean_active"] / table["mean_all"]).rename_axis(by or "group")
