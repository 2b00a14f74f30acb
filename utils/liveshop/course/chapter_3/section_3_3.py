"""Exercises of section 3.3, Against traditional e-commerce."""

from functools import cached_property

import numpy as np
import pandas as pd

from liveshop.course.chapter_3.samples import unit
from liveshop.course.chapter_3.wrong import unit_economics as wrong
from liveshop.practice import Exercise, Field, exercise

KINDS = ("advertising", "joint_campaign", "live_for_others", "membership", "service_fee")


@exercise(
    "3.3a", title="What finance paid for a newcomer",
    fields=[Field("live", "Cost of a new customer by live", "yuan a new customer", decimals=1, least=0),
            Field("referral", "Cost of a new customer by referral", "yuan a new customer", decimals=1, least=0)],
    hint=["Above the line all that was booked to the route, all four items; below it persons, not orders.",
          "New is who joined from 3 March on: `customers.joined`. Those who were customers before were not won with "
          "this money."],
    needs=("customers", "acquisition_costs"),
)
class CostOfNewcomer(Exercise):
    praise = ("That is what finance booked; `spend` has more. And remember that a referred customer counts from "
              "her sign-up and most live ones from their first order: the same words, two meanings of “new”.")
    explain = ("All amounts of the route, over its customers with `joined` from 3 March on. Orders in the denominator "
               "would make the route cheaper with every repeat purchase, and old customers were won with other money.")
    since, until, routes = "2025-03-03", "2025-09-01", ("live", "referral")

    @cached_property
    def booked(self):
        return self.tables.acquisition_costs.groupby("route").amount.sum()

    @cached_property
    def people(self):
        """New customers by route."""
        people = self.tables.customers
        return people[(people.joined >= self.since) & (people.joined < self.until)].groupby("route").size()

    def per(self, people, money=None):
        """Money of each route over a count by route; nan where there is nobody."""
        money = self.booked if money is None else money
        return tuple(money[route] / people[route] if people.get(route, 0) else np.nan for route in self.routes)

    def right(self):
        return self.per(self.people)

    def mistakes(self):
        return wrong.costs(self)

    def variants(self):
        yield self.but(since="1900-01-01"), (
            "Everybody who ever came by the route is below the line. Those of earlier years were won with other money.")
        yield self.but(since="2025-03-04"), "The season begins on 3 March; that day's newcomers are left out."
        yield self.but(until="2025-08-31"), (
            "The newcomers of 31 August are left out: a day without its hour is its first minute.")
        yield self.but(customers=lambda d: d[d.member_since.notna()]), (
            "You kept the members alone. New customers who are no members were won too.")
        yield self.but(since="2025-03-04", until="2025-08-31"), (
            "The newcomers of the first day and of the last are left out.")
        yield self.but(since="2025-01-01"), "Those who joined in January and February are in. The season is asked."
        yield self.but(since="2025-04-01"), "The newcomers of March are left out."
        for since, until, words in (("2025-03-03", "2025-06-02", "first"), ("2025-06-02", "2025-09-01", "last")):
            yield self.but(since=since, until=until, acquisition_costs=lambda d, a=since, b=until: d[
                (d.week >= a) & (d.week < b)]), f"Those are the {words} 13 weeks. Asked are all 26."
        for two in (("media", "agency"), ("media", "samples"), ("agency", "newcomer_discount")):
            yield self.but(acquisition_costs=lambda d, two=two: d[d["item"].isin(two)]), (
                "Two of the four items are left out. All four were spent to win.")
        alike = {"media": "media", "agency": "agency, or newcomer_discount,", "samples": "samples"}   # a fifth each
        for item, words in alike.items():
            yield self.but(acquisition_costs=lambda d, item=item: d[d["item"] == item]), (
                f"That is the item {words} alone. All four were spent to win.")
            yield self.but(acquisition_costs=lambda d, item=item: d[d["item"] != item]), (
                f"The item {words} is left out. All four were spent to win.")
        yield self.but(acquisition_costs=lambda d: d[d.week <= "2025-04-28"]), (
            "That is the money of nine weeks over the newcomers of all 26.")
        yield self.but(routes=("referral", "live")), "Live and referral are exchanged."

    def rarer(self):
        return wrong.other_routes(self)

    def amounts(self):
        return {field: {f"the money booked to {route}": self.booked[route],
                        f"the newcomers by {route}": self.people[route],
                        "all the money booked": self.booked.sum(), "all newcomers": self.people.sum()}
                for field, route in zip(("live", "referral"), self.routes, strict=True)}


@exercise(
    "3.3b", title="Payback month, with refunds",
    fields=[Field("ordered", "Paid back on what was ordered", "month, the first is 0", decimals=0, whole=True, least=0,
                  most=12),
            Field("kept", "Paid back on what was kept", "month, the first is 0", decimals=0, whole=True, least=0,
                  most=12),
            Field("left", "Left after her cost, by the end of month 5", "yuan", decimals=1)],
    hint=["First what one order leaves, in each way of counting; then times the orders so far, month by month.",
          "An order that comes back brings no money and costs no goods and no fee, but its shipping is spent, and "
          "¥12 more. So one order in four loses 9 + 12 yuan, and three leave 81 − 9."],
)
class PaybackMonth(Exercise):
    praise = ("By what is ordered the first order pays; by what is kept it takes until month 3. Refunds, shipping and "
              "returns take two fifths of an order here, and the cost of winning waits for what is left.")
    explain = ("On what was ordered an order leaves 150 × (1 − 0.40 − 0.06) = 81, more than 78 at once. On what "
               "was kept it leaves 150 × 0.75 × 0.54 − 9 − 0.25 × 12 = 48.75. With 1.00, 1.30, 1.52, 1.70 orders so "
               "far that is 48.8, 63.4, 74.1 and 82.9: month 3. By month 5 there are 1.98 orders: 96.5, less 78.")
    orders, cost = (1.00, 0.30, 0.22, 0.18, 0.15, 0.13), 78.0
    basket, back, goods, fees, shipping, returning = 150.0, 0.25, 0.40, 0.06, 9.0, 12.0
    start = 0                                      # the number of the first month

    @property
    def of_ordered(self):
        return self.basket * (1 - self.goods - self.fees)

    @property
    def of_kept(self):
        return self.of_ordered * (1 - self.back) - self.shipping - self.back * self.returning

    def month(self, each):
        """The first month in which so much an order has paid the cost; 6 where none does."""
        paid = each * np.cumsum(self.orders) >= self.cost
        return int(np.argmax(paid)) + self.start if paid.any() else 6

    def answer(self, ordered, kept):
        """The three answers from what an order leaves in each way."""
        return self.month(ordered), self.month(kept), kept * sum(self.orders) - self.cost

    def right(self):
        return self.answer(self.of_ordered, self.of_kept)

    def mistakes(self):
        return wrong.payback(self)

    def variants(self):
        yield self.but(start=1), "You counted months from 1. The month in which she joins is month 0."
        yield self.but(orders=self.orders[:5] + (0.0,)), "Month 5 is left out: the orders of all six months count."

    def rarer(self):
        return wrong.other_months(self)

    def amounts(self):
        return {"left": {"what an order leaves on what was ordered": self.of_ordered,
                         "what an order leaves on what was kept": self.of_kept, "all her orders": sum(self.orders),
                         "her cost": self.cost, "the basket": self.basket}}


@exercise(
    "3.3c", title="Profit that is not product margin",
    fields=[Field("share", "Profit that is not product margin", "fraction of the profit", decimals=3),
            Field("kind", "Least is kept of", options=KINDS),
            Field("kept", "Kept of a yuan of it", "fraction of its income", decimals=2)],
    hint=["Three sums from 2 June on: margin of the orders, money to win customers, other income less its cost.",
          "The profit is margin − money to win + other income after cost; the share is the last over all three "
          "together. The kind: 1 − cost / amount, of sums."],
    needs=("orders", "refunds", "products", "channels", "acquisition_costs", "spend", "income"),
)
class NotMargin(Exercise):
    praise = ("Income beside the margin is steady while the margin moves with the festival. Before you celebrate: who "
              "would buy advertising in a shop without customers?")
    explain = ("Other income after its cost, over itself plus margin after the cost of winning. Income without its "
               "cost would sell an evening of the host for nothing, and margin without the cost of winning counts "
               "newcomers as a gift.")
    since, until = pd.Timestamp("2025-06-02"), pd.Timestamp("2025-09-02")

    @cached_property
    def parts(self):
        """margin: of orders, by measure; money: to win; kinds: amount and cost of the other income."""
        margins, money = unit.order_margins(self.tables), unit.money_to_win(self.tables)
        other = self.tables.income

        def of(frame, when):
            return frame[(frame[when] >= self.since) & (frame[when] < self.until)]

        return of(margins, "day"), of(money, "day"), of(other, "week").groupby("kind")[["amount", "cost"]].sum()

    def share(self, margin, money, other):
        return other / (margin - money + other)

    def right(self):
        margins, money, kinds = self.parts
        kept = 1 - kinds.cost / kinds.amount
        return (self.share(margins.margin.sum(), money.amount.sum(), (kinds.amount - kinds.cost).sum()),
                kept.idxmin(), kept.min())

    def mistakes(self):
        return wrong.shares(self)

    def variants(self):
        whole = self.but(since=pd.Timestamp("2025-03-03"))
        yield {"share": whole.right()[0]}, "That is the share of all 26 weeks. Asked are the last 13, from 2 June."
        yield {"share": self.but(since=pd.Timestamp("2025-03-03"), until=self.since).right()[0]}, (
            "That is the share of the first 13 weeks. Asked are the last.")
        yield {"share": self.but(since=pd.Timestamp("2025-06-01")).right()[0]}, (
            "You began on 1 June. The 13 weeks begin on Monday, 2 June.")

    def rarer(self):
        return wrong.kinds(self)

    def amounts(self):
        margins, money, kinds = self.parts
        return {"share": {"the margin of the orders": margins.margin.sum(), "the money to win": money.amount.sum(),
                          "the other income": kinds.amount.sum(), "its cost": kinds.cost.sum(),
                          "the GMV": margins.gmv.sum()}}
