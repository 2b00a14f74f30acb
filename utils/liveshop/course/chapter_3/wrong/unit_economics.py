"""Wrong answers of the exercises of 3.3, each computed, with the sentence that names it."""

import numpy as np

from liveshop.course.chapter_3.samples import unit


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
    week = ((new.joined.dt.normalize() - new.joined.min().normalize()).dt.days // 7)
    weekly = new.groupby([new.route, week]).size().unstack(0)
    money = tables.acquisition_costs.groupby(["week", "route"]).amount.sum().unstack().reset_index(drop=True)
    yield tuple((money[route] / weekly[route]).replace(np.inf, np.nan).mean() for route in asked.routes), (
        "That is the mean of the weekly costs: a week with three newcomers counts like one with three hundred. Divide "
        "the sums.")
    spring = unit.joined_between(people, *unit.window(tables)).groupby("route").size()
    early = tables.acquisition_costs[tables.acquisition_costs.week <= unit.window(tables)[1]]
    yield asked.per(spring, early.groupby("route").amount.sum()), (
        "Those are the newcomers and the money of the nine weeks of the page. Asked are all 26.")
    yield asked.per(spring), "You divided by the newcomers of nine weeks, and took the money of all 26."
    everyone = tables.customers.groupby("channel_id").size()
    yield {"live": asked.booked["live"] / everyone.sum()}, "You divided by all customers of the house."
    house = asked.booked.sum() / asked.people.sum()
    yield (house, house), "That is the cost of a newcomer over all routes. Asked is each route by itself."


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
        (ordered * (1 - back) - ship, "The ¥12 for each returned order is not off."),
        (ordered * (1 - back), "Shipping and returns are not off: that is what is kept of goods and fees alone."),
        (ordered * (1 - back) - ship - take, "You took ¥12 off every order. Only one in four comes back."),
        (kept - asked.basket * (asked.goods + asked.fees) - ship - back * take,
         "You took goods and fees of all orders off the money that was kept. What comes back is sold again and pays no "
         "fee."),
        (kept - asked.basket * asked.goods - kept * asked.fees - ship - back * take,
         "You took the goods of all orders off the money that was kept. What comes back is sold again."),
        (kept * (1 - asked.goods) - asked.basket * asked.fees - ship - back * take,
         "You took the fees of all orders off the money that was kept. Fees are of what is kept."),
        (kept * (1 - asked.goods) - ship - back * take, "The fees are not off."),
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
        yield {"left": each * orders}, f"Her own cost is not off yet. And: {sentence}"
    right = asked.of_kept
    yield {"left": right * orders}, "That is what she leaves before her own cost. Take the ¥78 off."
    yield {"left": ordered * orders - cost}, "That is on what was ordered. Asked is the second way of counting."
    yield {"left": ordered * orders}, "That is on what was ordered, and before her own cost."
    yield {"left": cost - right * orders}, "The sign is turned round: she has left more than she cost."
    yield {"left": right * asked.orders[-1] - cost}, "That counts the orders of month 5 alone. Add all six months."
    yield {"left": right * (orders - 1) - cost}, "Her first order is left out."
    yield {"left": right * 6 - cost}, "That is one order in each month. She orders 1.98 times in all."
    yield {"left": right - cost}, "That is after a single order. She orders 1.98 times by then."
    yield {"left": right}, "That is what one order leaves. Times her orders, less her cost."
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
    for name, words in (("ordered", "before refunds, shipping and returns"), ("shipped", "before refunds and returns"),
                        ("contribution", "before shipping and returns")):
        yield {"share": share(margins[name].sum(), spent, net)}, f"Your margin is {words}. Take `margin`."
    yield {"share": share(margins.gmv.sum(), spent, net)}, "You took GMV for the margin."
    yield {"share": net / margins.gmv.sum()}, "You divided by GMV. Divide by the profit."
    yield {"share": amount / margins.gmv.sum()}, "That is other income by GMV. Asked is a share of the profit."
    yield {"share": cost / (margin - spent + net)}, "You put the cost of the other income above the line."
    every = asked.tables.spend
    every = every[every.day >= asked.since].amount.sum()
    yield {"share": share(margin, booked + every, net)}, (
        "Coupons are in your money to win. Their face is missing from what was paid already.")
    for kind in kinds.index:
        own = kinds.amount[kind] - kinds.cost[kind]
        yield {"share": own / (margin - spent + net)}, (
            f"That is what {kind} alone brings, or other income over all takings. Take all kinds, over the profit.")


def kinds(asked):
    """What is kept of the other kinds, and what is not kept, for 3.3c."""
    margins, _, kinds = asked.parts
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
            yield {"kept": kept[kind]}, f"That is kept of {kind}. Of another kind it is less."
            yield {"kind": kind}, f"Of {kind} {kept[kind]:.0%} is kept. Look for the kind with the lowest share."
    yield {"kept": (kinds.amount - kinds.cost)[least]}, "Those are yuan. Divide by its income."
