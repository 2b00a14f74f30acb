"""Wrong ways in section 3.2: K from counts, the chance that a deal fills, the cost of a new customer, the model."""

import math

import pandas as pd
from scipy.stats import binom, norm, poisson

from liveshop.course.chapter_3 import samples
from liveshop.methods.growth import arrivals_within
from liveshop.practice import exchanged


def other_k(asked):
    """Other numbers in place of K, each with what would follow from it."""
    users, sent, joins = asked.users, asked.invitations, asked.joins
    yield joins / sent, "That is joins per *invitation*. A user sends more than one: multiply by invitations per user."
    yield sent / users, "That is invitations per user. Not every invitation joins: multiply by the share that does."
    yield joins / (users + joins), "Those who joined stand below the line too. K counts the users who invited."
    yield joins / (sent - joins), "You divided by the invitations that were not accepted. K is per user."
    yield joins / users * joins / sent, "The share that joins is in it twice: joins per user is K already."
    yield users / sent, "That is users per invitation, upside down, and nobody has joined in it yet."
    yield users / joins, "That is users for each join: turn it over."
    yield sent / joins, "That is invitations for each join. K is joins for each user."
    yield 1 + joins / users, "That counts the user herself. K is only what she brings."
    yield joins / (users + sent), "Users and invitations stand below the line together. K is per user."
    yield (sent - joins) / users, "Those are the invitations without success, per user."
    yield joins / (users - joins), "K counts all users who could invite: nothing is taken from them."
    yield sent / users * joins, "You multiplied by the joins. Multiply by the *share* of invitations that join."
    yield math.floor(10 * joins / users + 0.5) / 10, "That is K, rounded to one decimal: three are asked."


def k_from_counts(asked):
    """A right K and a wrong end."""
    k, start = asked.k, asked.start
    yield {"in_the_end": start * (1 + k)}, "That is after the first round. Those who joined invite too."
    yield {"in_the_end": start * k}, "Those are the first friends alone. Add the thousand, and the friends' friends."
    yield {"in_the_end": start * k / (1 - k)}, "Those are the friends in the end. The thousand themselves belong to it."
    yield {"in_the_end": start + asked.joins}, (
        f"{asked.joins} joined through {asked.users:,} users; a thousand bring half as many, and those bring more.")
    yield {"in_the_end": start / k}, "You divided by K. The sum 1 + K + K² + … is 1 / (1 − K)."


def ends(asked):
    """Ends that come of stopping early, or of another start."""
    k, start = asked.k, asked.start
    for rounds in (2, 3, 4):
        yield {"in_the_end": start * sum(k**n for n in range(rounds + 1))}, (
            f"That is after {rounds} rounds. In the end means all of them: 1 / (1 − K).")
    yield {"in_the_end": start * math.exp(k)}, "That is e to the K. The sum of K, K², K³ … is 1 / (1 − K)."
    for rounds in (2, 3, 4, 6, 12):
        yield {"in_the_end": start * (1 + k) ** rounds}, (
            "That is compound interest, as if all users invited again each round. Only those who just joined do.")
    sent = asked.invitations / asked.users
    yield {"in_the_end": start * sent}, "Those are the invitations of a thousand, not people who joined."
    yield {"in_the_end": start * (1 + sent)}, "You added invitations to the thousand. Only those who join are users."
    yield {"in_the_end": start / abs(1 - sent)}, "You put invitations per user for K. Not every invitation joins."
    yield {"in_the_end": asked.users / (1 - k)}, "That starts from 2,000. Asked is what 1,000 lead to."
    yield {"in_the_end": asked.users + asked.joins}, "Those are the example's users after one round: not of a thousand."
    yield {"in_the_end": asked.users}, "Those are the users of the example. Asked is what 1,000 lead to."
    yield {"in_the_end": start}, "Those are the thousand. Each of them brings K more, and these again."
    yield {"in_the_end": 1 / (1 - k)}, "That is for one user. Asked is what 1,000 lead to."
    yield {"in_the_end": start * (1 - k)}, "Divide by 1 − K; K adds users, it does not take any away."


def other_fills(asked):
    """The same slip in both numbers."""
    hours = asked.hours
    both = asked.rate, asked.rate * asked.faster
    yield asked.fills(3), "You asked for three arrivals. The opener is already in: two more are enough."
    yield asked.fills(4), "You asked for four arrivals. The opener is already in: two more are enough."
    yield both, "Those are the friends an hour. Asked is the chance of at least two in 24 hours."
    yield asked.fills(1), "That is the chance that at least one arrives. Two more are needed."
    yield tuple(poisson.pmf(2, rate * hours) for rate in both), (
        "That is the chance of *exactly* two. A third friend does not hurt.")
    yield tuple(1 - one for one in asked.fills()), "That is the share that fails. Asked is the share that fills."
    yield tuple(poisson.cdf(2, rate * hours) for rate in both), (
        "That is the chance of *at most* two. At least two are needed.")
    yield tuple(poisson.pmf(0, rate * hours) for rate in both), "That is the chance that nobody comes."
    yield tuple(poisson.pmf(1, rate * hours) for rate in both), "That is the chance of exactly one: one too few."
    yield tuple(rate * hours for rate in both), (
        "That is the average number of arrivals. We need the chance that it is at least two.")
    yield tuple(rate * hours / 2 for rate in both), (
        "That is the average number of arrivals, divided by two. Averages do not fill deals: we need a chance.")
    yield tuple((1 - math.exp(-rate * hours)) ** 2 for rate in both), (
        "You squared the chance that somebody comes. Both friends may come from one and the same day: the count is "
        "Poisson, take one chance of at least two.")
    yield tuple(arrivals_within(rate, 2, 12) for rate in both), "That is for twelve hours. The deal has 24."
    yield tuple(arrivals_within(rate, 2, 48) for rate in both), "That is for 48 hours. The deal has 24."
    yield tuple(arrivals_within(rate, 2, 1) for rate in both), "That is for one hour. The deal has 24."
    yield tuple(poisson.pmf(3, rate * hours) for rate in both), (
        "That is the chance of exactly three arrivals. Two or more are enough.")


def binomial_fills(asked):
    """Hours for chances: one friend an hour at most (3.2b)."""
    hours, both = asked.hours, (asked.rate, asked.rate * asked.faster)
    hourly = "You let one friend come in an hour at most (binomial). Two may come in the same hour: count with Poisson."
    yield tuple(binom.sf(1, hours, rate) for rate in both), hourly
    yield tuple(binom.sf(2, hours, rate) for rate in both), hourly + " And two friends are enough."
    yield tuple(binom.pmf(2, hours, rate) for rate in both), hourly + " And more than two do not hurt."
    yield tuple(binom.sf(0, hours, rate) for rate in both), hourly + " And one friend is too few."
    yield tuple(binom.sf(0, hours, rate) ** 2 for rate in both), hourly + " And both come from the same count."
    yield tuple(rate**2 for rate in both), "That is the rate, squared: two friends within one hour. The deal has 24."
    yield tuple(min(1, rate * hours / 3) for rate in both), (
        "That is the average number of arrivals, divided by three. Averages do not fill deals: we need a chance.")
    yield tuple(1 - math.exp(-rate * hours / 2) for rate in both), (
        "You halved the mean and asked for one. Ask for at least two arrivals at the full mean.")
    yield tuple(norm.sf(2, rate * hours, math.sqrt(rate * hours)) for rate in both), (
        "That is the normal curve. So few arrivals are not normal: count with Poisson.")
    yield tuple(norm.sf(1.5, rate * hours, math.sqrt(rate * hours)) for rate in both), (
        "That is the normal curve, half a friend corrected. So few arrivals are not normal: count with Poisson.")
    yield tuple(arrivals_within(rate, hours, 2) for rate in both), (
        "Count and time stand in each other's place: two friends, 24 hours.")


def fills(asked):
    """Slips in the second number alone."""
    yield from exchanged(asked)
    fill = asked.fills()[0]
    rate, hours = asked.rate, asked.hours
    yield {"faster": fill}, "That is as before. A quarter faster means 0.125 an hour."
    yield {"faster": asked.faster * fill}, (
        "You raised the chance by a quarter. The pace rises by a quarter; the chance follows, and less.")
    yield {"faster": fill + 0.25}, "You added 0.25 to the chance. The pace rises by a quarter."
    yield {"faster": arrivals_within(rate / asked.faster, 2, hours)}, (
        "That is a quarter slower. Faster means more an hour.")
    yield {"faster": arrivals_within(0.75 * rate, 2, hours)}, (
        "That is a quarter slower, or a quarter less time. Faster means more an hour.")
    yield {"faster": arrivals_within(rate * hours + 0.25, 2, 1)}, (
        "You added 0.25 to the mean of 2.4. A quarter of it is 0.6.")
    yield {"faster": arrivals_within(rate * asked.faster, 3, hours)}, (
        "There you asked for three arrivals. The opener is already in: two more are enough.")
    yield {"faster": arrivals_within(rate * asked.faster, 1, hours)}, "There one arrival was enough. Two are needed."
    yield {"faster": arrivals_within(0.25 * rate, 2, hours)}, "That is a quarter of the pace. A quarter more is asked."
    yield {"faster": asked.fills()[1] - fill}, "That is by how much it rises. Asked is the new share."
    yield {"faster": asked.fills()[1] / fill - 1}, "That is by which part it rises. Asked is the new share."
    yield {"faster": asked.fills()[1] / fill}, "That is how many times as many fill. Asked is the new share."
    yield {"faster": arrivals_within(rate * asked.faster**2, 2, hours)}, "The quarter is in it twice."
    yield {"faster": arrivals_within(rate + 0.25, 2, hours)}, (
        "You added 0.25 an hour. A quarter of 0.1 an hour is 0.025.")
    yield {"faster": arrivals_within(rate * 1.025, 2, hours)}, "You raised the pace by 2.5 %. A quarter is 25 %."
    yield {"faster": fill + 0.25 * rate}, "You added 0.025 to the chance. Add it to the pace."
    yield {"faster": arrivals_within(2 * rate, 2, hours)}, "That is twice as fast. A quarter more is asked."


def people(asked):
    """Whom one may count instead of the new customers, by route, and what to say of it."""
    tables, counted = asked.tables, {}
    customers = tables.customers
    paid = tables.orders[tables.orders.paid.notna()].merge(customers[["customer_id", "route", "joined"]])
    late = paid[paid.customer_id.isin(samples.newcomers(tables).customer_id)]
    counted["All customers of the route stand below the line, old ones too. The money was spent on those of this "
            "season."] = customers.route
    for lines, whose in ((late, ""), (paid, ", of old customers too")):
        counted[f"You divided by orders{whose}. A customer who comes back is not won again."] = (
            lines.drop_duplicates("order_id").route)
        counted[f"You divided by order lines{whose}. Asked is per new customer."] = lines.route
        counted[f"You divided by buyers{whose}. New customers are all who joined."] = (
            lines.drop_duplicates("customer_id").route)
    old = customers[~customers.customer_id.isin(samples.newcomers(tables).customer_id)]
    counted["You divided by the customers from before the season."] = old.route
    placed = tables.orders.merge(customers[["customer_id", "route", "joined"]])
    fresh = placed[placed.customer_id.isin(samples.newcomers(tables).customer_id)]
    for lines, whose in ((fresh, ""), (placed, ", of old customers too")):
        counted[f"You divided by orders, paid or not{whose}. A customer who comes back is not won again."] = (
            lines.drop_duplicates("order_id").route)
        counted[f"You divided by customers with an order, paid or not{whose}. New customers are all who joined."] = (
            lines.drop_duplicates("customer_id").route)
    new, first, day = samples.newcomers(tables), samples.season(tables)[0], pd.Timedelta(days=1)
    last = new.joined.max().normalize()
    counted["The newcomers of the first day are left out: 3 March belongs to the season."] = (
        new[new.joined >= first + day].route)
    counted["The newcomers of the last day are left out: a day without its hour is its first minute."] = (
        new[new.joined < last].route)
    counted["The newcomers of the first week are left out: the season begins on 3 March."] = (
        new[new.joined >= first + 7 * day].route)
    if "member_since" in customers:
        counted["You divided by members of the social shop. New customers are all who joined."] = (
            customers[customers.member_since >= first].route)
        counted["You divided by newcomers who are members. New customers are all who joined."] = (
            customers[customers.member_since.notna() & customers.customer_id.isin(new.customer_id)].route)
    for sentence, routes in counted.items():
        yield routes.value_counts(), sentence


def other_people(asked):
    """The same money over others, and other money over the same people."""
    for counted, sentence in people(asked):
        yield asked.per(counted), sentence
    yield asked.but(spent=False), "The money of `spend` is missing: traffic, referral and content."
    yield asked.but(books=False), "The money of `acquisition_costs` is missing: the larger part."
    for item, words in (("media", "media"), ("agency", "the agency, or the newcomers' discount,"),
                        ("samples", "samples")):
        yield asked.but(item=item), f"That is {words} alone. All items are asked."
        money = asked.tables.acquisition_costs
        own = money[money["item"] == item].groupby("route").amount.sum().reindex(list(samples.MODELS), fill_value=0.0)
        many = asked.new.reindex(list(samples.MODELS))
        yield dict((asked.money() - own) / many), (
            f"You left out {words.rstrip(',')}. All four items belong to the cost.")
        spent = asked.but(books=False).money()
        yield dict((own + spent) / many), (
            f"Of `acquisition_costs` only {words.rstrip(',')} is in it. All four items are asked.")


def both_wrong(asked):
    """One of the two tables of money, and others below the line; means in place of sums."""
    for half, missing in (({"spent": False}, "`spend`"), ({"books": False}, "`acquisition_costs`")):
        other = asked.but(**half)
        for counted, sentence in people(asked):
            yield other.per(counted), f"The money of {missing} is missing, and: {sentence}"
    weeks = asked.but(spent=False).money() / 26
    yield dict(weeks / asked.new.reindex(weeks.index)), "That is the money of one week. Add up the season."
    new = samples.newcomers(asked.tables)
    monday = new.joined.dt.normalize() - pd.to_timedelta(new.joined.dt.day_of_week, unit="D")
    weekly = asked.tables.acquisition_costs.groupby(["route", "week"]).amount.sum()
    each = (weekly / new.groupby(["route", monday.rename("week")]).size()).replace(math.inf, math.nan)
    yield dict(each.groupby("route").mean().reindex(list(samples.MODELS))), (
        "That is the mean of the weekly costs, without `spend`: a week with three newcomers counts like one with "
        "three hundred.")
    rows = asked.tables.acquisition_costs.groupby("route").amount.mean().reindex(list(samples.MODELS))
    yield dict(rows), "That is the mean of the rows. Add the money up, and divide by new customers."
    yield {route: 1 / cost for route, cost in asked.right().items()}, "That is customers for each yuan: turn it over."


def other_money(asked):
    """Slips in single fields."""
    right, new, money = asked.right(), asked.new, asked.money()
    spend = tables_spend(asked)
    books = asked.but(spent=False).money()
    for route in samples.MODELS:
        for kind, amount in spend.items():
            if samples.SPENT.get(kind) == route:
                continue
            yield {route: (books[route] + amount) / new[route]}, (
                f"From `spend` you took the kind {kind}. Asked is traffic for live, referral for referral, content for "
                "content.")
        yield {route: (books[route] + spend.sum()) / new[route]}, (
            "All of `spend` is in it. Only the kind that belongs to the route is asked.")
        for kind in ("coupon", "influencer"):
            if kind in spend:
                yield {route: (money[route] + spend[kind]) / new[route]}, (
                    f"The kind {kind} of `spend` is in it too. One kind for each route is asked.")
        yield {route: (asked.tables.acquisition_costs.amount.sum() + money[route] - books[route]) / new[route]}, (
            "The money booked to all routes is in it. Take that of the route.")
        yield {route: books[route] / new[route] + (money[route] - books[route]) / new.sum()}, (
            "You divided the money of `spend` by all newcomers. It worked for the route alone.")
        yield {route: money[route] / new.sum()}, "You divided by the newcomers of all routes together."
        yield {route: money.sum() / new.reindex(list(samples.MODELS)).sum()}, (
            "That is the mean of the three models together. Each by itself is asked.")
        yield {route: right[route] / 26}, "That is per week. Asked is over the season."
    paid = asked.tables.orders[asked.tables.orders.paid.notna()].drop_duplicates("order_id")
    if "source" in paid:
        for route, source in (("live", "live"), ("referral", "social")):
            yield {route: money[route] / (paid.source == source).sum()}, (
                f"You divided by the orders of the source {source}. Divide by the new customers of the route.")
    if "post_id" in paid and paid.post_id.notna().any():
        yield {"content": money["content"] / paid.post_id.notna().sum()}, (
            "You divided by orders that name a post. Divide by the new customers of the route.")
    sent = asked.tables.shares if "shares" in asked.tables else None
    if sent is not None:
        yield {"referral": money["referral"] / (sent.what == "product").sum()}, (
            "You divided by invitations. Most of them win nobody: divide by those who joined.")
        yield {"referral": money["referral"] / sent.order_id.nunique()}, (
            "You divided by orders that came of shares. Friends in group deals are in it, and they were customers.")


def tables_spend(asked):
    """CNY of `spend` by kind."""
    return asked.tables.spend.groupby("kind").amount.sum()


def amounts_of_cost(asked):
    """What the costs of 3.2c are made of."""
    books, spent = asked.but(spent=False).money(), asked.but(books=False).money()
    return {route: {"the route's money": asked.money()[route], "the route's new customers": asked.new[route],
                    "the money in the books": books[route], "the money of `spend`": spent[route]}
            for route in samples.MODELS}


def choices(asked, platform, share, content):
    """What a wrong choice overlooks, for 3.2d."""
    yield {"a": share}, "Her friends do not stand between her and a T-shirt. What is missing is that she sees it."
    yield {"a": content}, "Nobody reads about a T-shirt at ¥69 for long. One look decides."
    yield {"b": platform}, "One tap does not take away three weeks of doubt; it brings returns."
    yield {"b": share}, "A discount for three does not answer whether it fits the car. Few of her friends need one now."
    yield {"c": platform}, (
        "It can be sold there, but there is nothing to see. What is special is that the neighbours need it too.")
    yield {"c": content}, "Everybody knows laundry liquid. There is no doubt that depth would answer."
    yield {"d": platform}, "A host's skin is not hers. The doubt is personal, and a quick purchase comes back."
    yield {"d": share}, (
        "Her friends have other skins. People with the same need, who have tried it, are found by content.")
    yield {"e": "A"}, "Members accept too. An acceptance says nothing about who was there before."
    yield {"e": "B"}, "A full deal may be full of old customers."
    yield {"e": "D"}, "Cheap acceptances by members are a discount for those who would have bought."
