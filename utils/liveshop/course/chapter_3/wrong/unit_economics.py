"""Wrong answers of the exercises of 3.3, each computed, with the sentence that names it."""

import math

import numpy as np
import pandas as pd

from liveshop.course.chapter_3.samples import unit

BEFORE = "Your margin is {}. Take `margin`."
SHIPPED = "before refunds and returns, or before fees, shipping and returns"


def costs(asked):
    """Other denominators and other money, for 3.3a."""
    tables = asked.tables
    people = tables.customers
    new = people[people.joined >= asked.since]
    route = new.set_index("customer_id").route
    paid = tables.orders.dropna(subset=["paid"])
    orders = paid.drop_duplicates("order_id")
    yield asked.per(orders.customer_id.map(route).value_counts()), (
        "You divided by the newcomers' orders. Then a customer gets cheaper every time she comes back; divide by "
        "customers.")
    yield asked.per(paid.customer_id.map(route).value_counts()), (
        "You divided by order lines of the newcomers. Divide by customers.")
    everybody = people.set_index("customer_id").route
    yield asked.per(orders.customer_id.map(everybody).value_counts()), (
        "You divided by the orders of everybody who came by the route, old customers too. Divide by new customers.")
    yield asked.per(tables.orders.drop_duplicates("order_id").customer_id.map(route).value_counts()), (
        "You divided by the newcomers' orders, unpaid ones too. Divide by customers.")
    yield asked.per(orders.drop_duplicates("customer_id").customer_id.map(route).value_counts()), (
        "You divided by newcomers who have paid an order. Those who joined and never bought were paid for as well.")
    placed = tables.orders.drop_duplicates("customer_id").customer_id.map(route).value_counts()
    yield asked.per(placed), "You divided by newcomers with an order, paid or not. Those without one were won too."
    bought = orders.drop_duplicates("customer_id").customer_id.map(everybody).value_counts()
    yield asked.per(bought), "You divided by all buyers of the route, old ones too. Divide by new customers."
    yield asked.per(asked.people, unit.money_to_win(tables).groupby("route").amount.sum()), (
        "You added the money of `spend`. It belongs to the full cost; asked is what finance booked.")
    spent = tables.spend.assign(route=tables.spend.kind.map(unit.SPENT)).groupby("route").amount.sum()
    yield asked.per(asked.people, spent), "That is the money of `spend`. Asked is `acquisition_costs`."
    yield tuple(asked.booked.sum() / asked.people[route] for route in asked.routes), (
        "You put the money of all routes above the line. Take that of the route.")
    yield tuple(asked.booked[route] / asked.people.sum() for route in asked.routes), (
        "You divided by the newcomers of all routes. Take those of the route.")
    yield from _other_people(asked)
    week = ((new.joined.dt.normalize() - new.joined.min().normalize()).dt.days // 7)
    weekly = new.groupby([new.route, week]).size().unstack(0)
    money = tables.acquisition_costs.groupby(["week", "route"]).amount.sum().unstack().reset_index(drop=True)
    each = (money / weekly).replace(np.inf, np.nan)
    for values, word in ((each.mean(), "mean"), (each.median(), "median")):
        yield tuple(values[route] for route in asked.routes), (
            f"That is the {word} of the weekly costs: a week with three newcomers counts like one with three hundred. "
            "Divide the sums.")
    spring = unit.joined_between(people, *unit.window(tables)).groupby("route").size()
    early = tables.acquisition_costs[tables.acquisition_costs.week <= unit.window(tables)[1]]
    yield asked.per(spring, early.groupby("route").amount.sum()), (
        "Those are the newcomers and the money of the nine weeks of the page. Asked are all 26.")
    yield asked.per(spring), "You divided by the newcomers of nine weeks, and took the money of all 26."
    everyone = tables.customers.groupby("channel_id").size()
    yield {"live": asked.booked["live"] / everyone.sum()}, "You divided by all customers of the house."
    house = asked.booked.sum() / asked.people.sum()
    yield (house, house), "That is the cost of a newcomer over all routes. Asked is each route by itself."


def _other_people(asked):
    """Other people below the line, and the same with more money above it, for 3.3a."""
    tables, people = asked.tables, asked.tables.customers
    route, full = people.set_index("customer_id").route, unit.money_to_win(tables).groupby("route").amount.sum()
    old = people[people.joined < asked.since].groupby("route").size()
    yield asked.per(old), "You divided by those who were customers before the season. They were won with other money."
    new = people.customer_id[people.joined >= asked.since]
    for rows, words in ((tables.orders, "order lines, unpaid ones too"),
                        (tables.orders.drop_duplicates("order_id"), "orders, unpaid ones too"),
                        (tables.orders.dropna(subset=["paid"]), "order lines")):
        yield asked.per(rows.customer_id.map(route).value_counts()), (
            f"You divided by {words}, of everybody who came by the route. Divide by new customers.")
    fresh = tables.orders[tables.orders.customer_id.isin(new)]
    yield asked.per(fresh.customer_id.map(route).value_counts()), (
        "You divided by order lines of the newcomers, unpaid ones too. Divide by customers.")
    yield asked.per(people.groupby("route").size(), full), (
        "Old customers are below the line, and the money of `spend` above it. Asked is what finance "
        "booked, over the new ones.")
    if "member_since" in people:
        yield asked.per(people[people.member_since.notna()].groupby("route").size()), (
            "You divided by all members, old customers among them. Divide by the new customers, members or not.")
        others = people[people.member_since.isna() & (people.joined >= asked.since)]
        yield asked.per(others.groupby("route").size()), "You left out the newcomers who are members."


def other_routes(asked):
    """The cost of the routes that were not asked, for 3.3a."""
    for field, own in zip(("live", "referral"), asked.routes, strict=True):
        for route in asked.people.index:
            if route != own:
                yield {field: asked.booked[route] / asked.people[route]}, f"That is the cost by {route}."
        yield {field: asked.booked[own]}, "That is the money in all. Divide it by the new customers."
        yield {field: asked.people[own]}, "Those are the new customers. They belong below the line."
        yield {field: asked.booked[own] / 26}, "That is the money a week. Divide by the new customers."
        yield {field: asked.booked[own] / 104 / asked.people[own]}, (
            "You took the mean of the rows of the ledger. Add all of them up: 26 weeks of four items.")
        yield {field: asked.booked[own] / 104}, "That is the mean of the ledger's rows. Sum, and divide by newcomers."
        yield {field: asked.booked[own] / 182}, "That is the money a day. Divide by the new customers."
        yield {field: asked.people[own] / asked.booked[own]}, "That is customers for each yuan: turn it over."
        spent = asked.tables.spend.amount.sum() if "spend" in asked.tables else 0.0
        yield {field: (asked.booked[own] + spent) / asked.people[own]}, (
            "All of `spend` is in it. Asked is what finance booked.")
        both = [route for route in (own, "paid") if route in asked.people.index]
        yield {field: asked.booked[both].sum() / asked.people[both].sum()}, "The route paid is in it too."
    paid = asked.tables.orders.dropna(subset=["paid"]).drop_duplicates("order_id")
    route = paid.customer_id.map(asked.tables.customers.set_index("customer_id").route)
    full = unit.money_to_win(asked.tables).groupby("route").amount.sum()
    new = paid.customer_id.isin(asked.tables.customers.customer_id[asked.tables.customers.joined >= asked.since])
    yield asked.per(route[new].value_counts(), full), (
        "You divided by the newcomers' orders, and added the money of `spend`. Divide what finance booked by persons.")
    source = paid.source.value_counts()
    yield {"live": asked.booked["live"] / source["live"]}, (
        "You divided by the orders placed in rooms. Divide by the new customers whose route is live.")
    yield {"referral": asked.booked["referral"] / source["social"]}, (
        "You divided by the orders of the members' shop. Divide by the new customers whose route is referral.")


def payback(asked):
    """Other ways to count what an order leaves, for 3.3b."""
    ordered, back, ship, take = asked.of_ordered, asked.back, asked.shipping, asked.returning
    orders, cost = sum(asked.orders), asked.cost
    kept = asked.basket * (1 - back)
    for each, sentence in (
        (ordered - ship, "Refunds are not off: that is what is ordered, less shipping."),
        (ordered * (1 - back) - ship,
         "The ¥12 for each returned order is not off. Or you cut shipping and returns by a quarter, like the money."),
        (ordered * (1 - back), "Shipping and returns are not off: that is what is kept of goods and fees alone."),
        (ordered * (1 - back) - ship - take, "You took ¥12 off every order. Only one in four comes back."),
        (kept - asked.basket * (asked.goods + asked.fees) - ship - back * take,
         "You took goods and fees of all orders off the money that was kept. What comes back is sold again and pays no "
         "fee."),
        (kept - asked.basket * asked.goods - kept * asked.fees - ship - back * take,
         "You took the goods of all orders off the money that was kept. What comes back is sold again."),
        (kept * (1 - asked.goods) - asked.basket * asked.fees - ship - back * take,
         "You took the fees of all orders off the money that was kept, or shipping twice for what came back. Fees are "
         "of what is kept, and the ¥12 are all that a return costs more."),
        (kept * (1 - asked.goods) - ship - back * take,
         "The fees are not off. Or shipping is off only what came back: every order is sent."),
        (kept * (1 - asked.goods) * (1 - asked.fees) - ship - back * take,
         "You took the fees of what the goods left. Fees are 6 % of the money that is kept."),
        (ordered - ship - back * take, "Refunds are not off, though shipping and returns are."),
        (ordered - back * 100 - ship - back * take, "25 % is a share of the orders, not ¥25 an order."),
        (kept * (1 - asked.fees) - ship - back * take, "The goods are not off."),
        (kept - ship - back * take, "Goods and fees are not off."),
        ((ordered - ship - take) * (1 - back),
         "You took ¥12 off the orders that stay, and no shipping off the others."),
        ((ordered - ship) * (1 - back), "Returned orders cost nothing in your sum. Their shipping is spent, and ¥12 "
                                        "more."),
        ((ordered - ship) * (1 - back) - back * take,
         "Shipping is spent on every order: one that comes back has cost it too, besides the ¥12."),
        (ordered * (1 - 2 * back) - ship - back * take, "You took the refunds off twice."),
    ):
        yield {"left": each * orders - cost}, sentence
        if asked.month(each) != asked.right()[1]:
            yield {"kept": asked.month(each), "left": each * orders - cost}, sentence
        yield {"left": each * orders}, f"Her own cost is not off yet. And: {sentence}"
    yield from _of_orders(asked)


def _of_orders(asked):
    """Other orders, another cost, rounding before the end, for the third answer of 3.3b."""
    ordered, back, ship, take = asked.of_ordered, asked.back, asked.shipping, asked.returning
    orders, cost, right = sum(asked.orders), asked.cost, asked.of_kept
    yield {"left": right * orders}, "That is what she leaves before her own cost. Take the ¥78 off."
    yield {"left": ordered * orders - cost}, "That is on what was ordered. Asked is the second way of counting."
    yield {"left": ordered * orders}, "That is on what was ordered, and before her own cost."
    yield {"left": cost - right * orders}, "The sign is turned round: she has left more than she cost."
    yield {"left": right * asked.orders[-1] - cost}, "That counts the orders of month 5 alone. Add all six months."
    yield {"left": right * (orders - 1) - cost}, "Her first order is left out."
    yield {"left": right * 6 - cost}, "That is one order in each month. She orders 1.98 times in all."
    yield {"left": right - cost}, "That is after a single order. She orders 1.98 times by then."
    yield {"left": right}, "That is what one order leaves. Times her orders, less her cost."
    yield {"left": round(right, 1) * orders - cost}, "You rounded what an order leaves before you went on."
    yield {"left": round(right) * orders - cost}, "You rounded what an order leaves before you went on."
    once = right * orders - cost + ship * (orders - 1)
    yield {"left": once}, "Shipping is off once. Every order is sent."
    yield {"left": right * orders - cost + back * take * orders - take}, (
        "The ¥12 of a return are off once, in full. They cost a quarter of ¥12 on every order.")
    yield {"left": right * round(orders) - cost}, "She orders 1.98 times, not twice: round at the end."
    yield {"left": ordered + right * (orders - 1) - cost}, (
        "Her first order is counted as it was ordered. It comes back as often as the others.")
    yield {"left": (right - cost) * orders}, "You took her cost off every order. She is won once."
    yield {"left": (right * orders - cost) / orders}, "That is left for each order. Asked is for all of them."
    yield {"left": (right * orders - cost) / 6}, "That is left a month. Asked is for all six months."
    yield {"left": right * orders - cost * (1 - back)}, "You cut her cost by the refunds. The ¥78 are spent."
    yield {"left": right * sum(asked.orders[:5]) - cost, "kept": asked.month(right) + 1}, (
        "You counted months from 1, and left one out.")
    yield {"left": math.floor(right * orders - cost)}, "Almost: one decimal is asked, and you cut it off."
    yield {"left": right * sum(asked.orders[:4]) - cost}, "That is by the end of month 3. Asked is month 5."
    yield {"left": right * sum(asked.orders[:4])}, "That is by the end of month 3, before her cost."
    yield {"left": right / cost * orders}, "That is left for each yuan of cost. Asked are yuan after it."
    yield {"left": asked.basket * orders - cost}, "That is all that she pays. Take off what the orders cost."


def other_months(asked):
    """Months that were not asked, for 3.3b."""
    yield {"ordered": 1}, ("Shipping is off in that, or months are counted from 1. Only goods and fees are to be off, "
                           "and the first month is 0.")
    yield {"ordered": 3}, "That is on what was kept. The first answer takes only goods and fees off."
    yield {"ordered": 2}, "One order leaves 81 yuan if only goods and fees are off. That is more than 78."
    yield {"kept": 0}, "That is on what was ordered. Take refunds, shipping and returns off as well."
    yield {"kept": 1}, "Refunds are not off in that: shipping alone moves it to month 1."
    yield {"kept": 2}, "The ¥12 of a returned order is not off in that, or shipping was spared on what came back."
    yield {"kept": 4}, "You are one too late: perhaps you counted months from 1. By month 3 she has ordered 1.70 times."
    yield {"kept": 5}, "You are two too late. Add the orders up month by month: 1.00, 1.30, 1.52, 1.70 …"
    yield {"kept": 6}, ("She does pay back. Did you take the goods of all orders off the money that was kept? What "
                        "comes back is sold again.")


def shares(asked):
    """Other numerators and denominators, for 3.3c."""
    margins, money, kinds = asked.parts
    margin, spent = margins.margin.sum(), money.amount.sum()
    amount, cost = kinds.amount.sum(), kinds.cost.sum()
    net, share = amount - cost, asked.share
    booked = asked.tables.acquisition_costs
    booked = booked[booked.week >= asked.since].amount.sum()
    yield {"share": share(margin, spent, amount)}, "The cost of the other income is not off."
    yield {"share": amount / (margin - spent + net)}, "Above the line the other income's cost is not off."
    yield {"share": share(margin, 0, net)}, "The money to win customers is not off the margin."
    yield {"share": share(margin, 0, amount)}, "Neither the money to win nor the cost of the other income is off."
    yield {"share": share(margin, booked, net)}, "`unit.money_to_win` has the money of `spend` too; yours lacks it."
    yield {"share": share(margin, spent - booked, net)}, "What finance booked to winning customers is not off."
    yield {"share": net / (margin - spent)}, "You divided by the product margin. Divide by the whole profit."
    yield {"share": amount / (margin - spent)}, "That is other income, its cost still in, by product margin."
    yield {"share": net / margin}, "You divided by the margin of the orders. Divide by the whole profit."
    yield {"share": 1 - asked.right()[0]}, "That is the share of product margin. Asked is the rest."
    for name, words in (("ordered", "before refunds, shipping and returns"), ("shipped", SHIPPED),
                        ("contribution", "before shipping and returns")):
        yield {"share": share(margins[name].sum(), spent, net)}, BEFORE.format(words)
    yield {"share": share(margins.gmv.sum(), spent, net)}, "You took GMV for the margin."
    yield {"share": net / margins.gmv.sum()}, "You divided by GMV. Divide by the profit."
    yield {"share": amount / margins.gmv.sum()}, "That is other income by GMV. Asked is a share of the profit."
    yield {"share": cost / (margin - spent + net)}, (
        "The cost of the other income is above the line, or the money to win was added in place of taken off.")
    yield {"share": share(margin, -spent, net)}, (
        "The cost of the other income is above the line, or the money to win was added in place of taken off.")
    yield {"share": net / (margin - spent - net)}, "You took the other income off the profit. It belongs to it."
    yield {"share": share(margin, spent, net - cost)}, "The cost of the other income is off twice."
    yield {"share": amount / margin}, "That is other income, its cost still in, by the margin of the orders."
    kept = margins.gmv.sum() - margins.refunded.sum()
    yield {"share": share(kept - margins.goods.sum(), spent, net)}, BEFORE.format(SHIPPED)
    yield from _other_weeks(asked, margin, spent, net)
    every = asked.tables.spend
    every = every[every.day >= asked.since].amount.sum()
    yield {"share": share(margin, booked + every, net)}, (
        "Coupons are in your money to win. Their face is missing from what was paid already.")
    yield {"share": share(margin, every, net)}, "Of the money to win you took `spend` alone, coupons among it."
    for kind in kinds.index:
        own = kinds.amount[kind] - kinds.cost[kind]
        yield {"share": own / (margin - spent + net)}, (
            f"That is what {kind} alone brings, or other income over all takings. Take all kinds, over the profit.")
        yield {"share": share(margin, spent, net - own)}, f"The kind {kind} is left out of the other income."


def _other_weeks(asked, margin, spent, net):
    """One of the three sums over other weeks, other days, and the mean over weeks, for 3.3c."""
    share, day = asked.share, pd.Timedelta(days=1)
    whole, money, income = asked.but(since=pd.Timestamp("2025-03-03")).parts
    income = (income.amount - income.cost).sum()
    yield {"share": share(whole.margin.sum(), spent, net)}, "Your margin is of all 26 weeks, the rest of 13."
    yield {"share": share(margin, money.amount.sum(), net)}, "Your money to win is of all 26 weeks, the rest of 13."
    yield {"share": share(margin, spent, income)}, "Your other income is of all 26 weeks, the rest of 13."
    late = asked.but(since=asked.since + day).right()[0]
    yield {"share": late}, "2 June is left out: with it goes the first week of the other income and of the ledger."
    yield {"share": asked.but(since=asked.since + pd.Timedelta(seconds=1)).right()[0]}, (
        "You took the days after 2 June. The weeks that begin on 2 June belong to it.")
    for month, first, end in (("June", asked.since, "2025-07-01"), ("July", "2025-07-01", "2025-08-01"),
                              ("August", "2025-08-01", "2025-09-01")):
        one = asked.but(since=pd.Timestamp(first), until=pd.Timestamp(end))
        yield {"share": one.right()[0]}, f"Those are the weeks of {month} alone. Asked are thirteen."
    starts = pd.date_range(asked.since, periods=13, freq="7D")
    weekly = [asked.but(since=start, until=start + 7 * day).right()[0] for start in starts]
    yield {"share": float(np.mean(weekly))}, "That is the mean of the weekly shares. Sum first, then divide."


def kinds(asked):
    """What is kept of the other kinds, and what is not kept, for 3.3c."""
    margins, money, kinds = asked.parts
    spent, net = money.amount.sum(), kinds.amount - kinds.cost
    yield {"share": asked.share(margins.gmv.sum() - margins.refunded.sum(), spent, net.sum())}, (
        "Only refunds are off your margin. Take `margin`.")
    for kind in kinds.index:
        yield {"share": asked.share(margins.margin.sum(), spent, net[kind])}, (
            f"Of the other income only {kind} is in it. Take all kinds.")
    takings = kinds.amount.sum() + margins.gmv.sum()
    yield {"share": 1 - kinds.cost.sum() / kinds.amount.sum()}, (
        "That is what is kept of the other income. Asked is its share of the whole profit.")
    yield {"share": kinds.amount.sum() / takings}, "That is a share of takings. Asked is a share of profit."
    least = asked.right()[1]
    kept = 1 - kinds.cost / kinds.amount
    yield {"kept": kinds.cost[least] / kinds.amount[least]}, "That is what it costs. Asked is what is kept."
    yield {"kept": kinds.amount[least] / kinds.cost[least]}, "That is income by cost. Asked is what is kept of a yuan."
    yield {"kept": 1 - kinds.cost.sum() / kinds.amount.sum()}, "That is kept of all kinds together."
    yield {"kept": kept.mean()}, "That is the mean over the kinds."
    for kind in kinds.index:
        if kind != least:
            yield {"kept": kept[kind]}, "That much is kept of other kinds. Of one kind it is less."
            yield {"kind": kind}, f"Of {kind} {kept[kind]:.0%} is kept. Look for the kind with the lowest share."
    yield {"kept": net[least]}, "Those are yuan. Divide by its income."
    yield {"kept": net[least] / kinds.cost[least]}, "You divided what is kept by the cost. Divide by its income."
    yield {"kept": net[least] / net.sum()}, "That is its part of all that is kept. Asked is kept of a yuan of it."
    yield {"kept": kinds.amount[least] / kinds.amount.sum()}, "That is its part of all other income, before cost."
    yield {"kept": net[least] / kinds.amount.sum()}, "You divided by the income of all kinds. Divide by its own."
