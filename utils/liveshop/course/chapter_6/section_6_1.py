"""Exercises of section 6.1, Growing users."""

from functools import cached_property

from liveshop.course.chapter_6 import samples
from liveshop.course.chapter_6.wrong import growing, of_two
from liveshop.methods import effects, growth, recommend
from liveshop.practice import Exercise, Field, exercise


@exercise(
    "6.1a", title="The month after the festival",
    fields=[Field("new", "New", "persons", decimals=0), Field("revived", "Revived", "persons", decimals=0),
            Field("lost", "Lost", "persons", decimals=0),
            Field("quick_ratio", "Quick ratio", "won for each lost", decimals=2)],
    hint=["Four kinds of persons: active in both months (kept), in June only (lost), in July and never before (new), "
          "in July and before, but not in June (revived).",
          "`methods.growth.growth_accounting(…, \"month\", known=…, when=\"created\")` on the paid live orders; "
          "`known` are the ids of customers who `joined` before 3 March. Take the row of July."],
    needs=("orders", "customers"),
)
class AfterTheFestival(Exercise):
    praise = ("A quick ratio below 1 means that the rooms lost more than they won: many of the festival's buyers were "
              "visitors. Hold it against the social shop's ratio in the same month.")
    explain = ("Active = new + kept + revived, and active now − active before = new + revived − lost. Those who were "
               "customers before the season "
               "and come back are revived the first time they are seen: the table does not know their earlier orders, "
               "the customer list does.")
    PARTS = ["new", "revived", "lost", "quick_ratio"]

    def known(self, day="2025-03-03"):
        customers = self.tables.customers
        return customers.customer_id[customers.joined < day]

    def accounts(self, orders, known=None):
        return growth.growth_accounting(orders, "month", known=self.known() if known is None else known, when="created")

    @cached_property
    def live(self):
        orders = self.tables.orders
        return orders[orders.paid.notna() & (orders.source == "live")]

    @cached_property
    def months(self):
        return self.accounts(self.live)

    @cached_property
    def answers(self):
        return dict(self.months.loc["2025-07", self.PARTS])

    def right(self):
        return self.answers

    def mistakes(self):
        return growing.columns(self)

    def variants(self):
        for row, sentence in (*growing.rows(self), *growing.other_buyers(self)):
            yield dict(row[self.PARTS]), sentence


@exercise(
    "6.1b", title="K of the April members",
    fields=[Field("k", "K", "sign-ups per member", decimals=3),
            Field("multiplier", "Multiplier", "members in the end for each", decimals=2)],
    hint=["Users are all members who joined in April, whether they invited or not.",
          "K = sign-ups through April's members / April's members. The multiplier is 1 + K + K² + … = 1 / (1 − K)."],
    needs=("customers", "shares"),
)
class AprilMembers(Exercise):
    praise = ("April's members have had four months and are ripe: their K lies above the figure for all members, in "
              "which the young are mixed.")
    explain = ("K = invitations per member × share accepted = sign-ups / members. Each of them brings K, each of "
               "these K again: 1 / (1 − K).")

    def joined(self, since, month="2025-04"):
        """Ids of those who signed up in a month."""
        return since.index[since.dt.strftime("%Y-%m") == month]

    @cached_property
    def users(self):
        return self.joined(samples.members(self.tables).since)

    @cached_property
    def sent(self):
        return self.invitations_of(self.users)

    def invitations_of(self, users):
        sent = samples.invitations(self.tables)
        return sent[sent.sharer_id.isin(users)]

    @cached_property
    def answers(self):
        k = self.sent.came.sum() / len(self.users)
        return k, 1 / (1 - k)

    def right(self):
        return self.answers

    def mistakes(self):
        return growing.sums_of_rounds(*self.answers)

    def variants(self):
        for k, sentence in (*growing.bases(self), *growing.invitations(self)):
            yield (k, 1 / (1 - k)), sentence


@exercise(
    "6.1c", title="Another fortnight",
    fields=[Field("neighbours", "Item neighbours", "fraction of customers", decimals=3),
            Field("best_sellers", "Best sellers", "fraction of customers", decimals=3)],
    hint=["`methods.recommend.time_split(…, \"2025-08-04\")` of the orders before 18 August gives what came before and "
          "what came after. Keep of the first the orders from 28 July on.",
          "Make both of that week: `item_neighbours(week)` and `popularity(week)`; then "
          "`hit_rate(…, after, 10, known_only=True).rate`."],
    needs=("orders", "customers"),
)
class AnotherFortnight(Exercise):
    praise = ("Given the same week, the two are much nearer than in a contest in which only one of them may forget the "
              "spring. And a hit rate says who foretells; what showing a product changes, only a test can say.")
    explain = ("Train on the past, test on what came next, and give both the same past: a method that must carry the "
               "whole season is judged with old products on its back.")

    @cached_property
    def events(self):
        return samples.member_orders(self.tables)

    @cached_property
    def split(self):
        """Everything before 4 August, the week before it, and the fortnight after it."""
        before, after = recommend.time_split(self.events[self.events.created < "2025-08-18"], "2025-08-04")
        return before, before[before.created >= "2025-07-28"], after

    @staticmethod
    def rates(train, test, k=10, **how):
        fits = {"neighbours": recommend.item_neighbours(train), "best_sellers": recommend.popularity(train)}
        how = {"known_only": True, **how}
        return {name: recommend.hit_rate(fit, test, k, **how).rate for name, fit in fits.items()}

    @cached_property
    def answers(self):
        return self.rates(*self.split[1:])

    def right(self):
        return self.answers

    def mistakes(self):
        return growing.recommenders(self)

    def variants(self):
        yield from growing.weeks(self)
        yield from growing.tests_of_hits(self)


@exercise(
    "6.1d", title="How many orders is an invitation worth?",
    fields=[Field("naive", "Naive difference", "orders per member in 56 days", decimals=2),
            Field("matched", "Against other contacts of the same friend", "orders per member in 56 days", decimals=2)],
    hint=["The same two functions as in the section, with the outcome `further`.",
          "`pooled_effect(buyers, \"further\", \"invited\")`, and `matched_effect` on the table `circles` with "
          "`match_on` `[\"friend\"]`; of both the `.estimate`."],
    needs=("customers", "orders", "follows"),
)
class OrdersOfAnInvitation(Exercise):
    praise = ("In orders the friend explains a good part as well. Budget with the second number, and with its "
              "interval rather than its last digit.")
    explain = ("Each invited member is set against the mean of the contacts of her friend who came by themselves; then "
               "the gaps are averaged. "
               "Invited members whose friend has no such contact drop out.")

    @cached_property
    def rows(self):
        return samples.buyers(self.tables)

    @staticmethod
    def naive(rows, outcome="further"):
        return rows[outcome][rows.invited].mean() - rows[outcome][~rows.invited].mean()

    def matched(self, ties, outcome="further"):
        circles = samples.circles(self.rows, ties.drop_duplicates())
        return effects.matched_effect(circles, outcome, "invited", ["friend"], cluster="friend").estimate

    @cached_property
    def answers(self):
        return self.naive(self.rows), self.matched(samples.contacts(self.tables))

    def right(self):
        return self.answers

    def mistakes(self):
        naive, matched = self.answers
        yield {"matched": naive}, "That is the naive difference again: match on the friend."
        yield {"naive": matched}, "That is the matched one; the naive compares with all others."
        for value, sentence in growing.differences(self):
            yield {"naive": value}, sentence
        for value, sentence in growing.matches(self):
            yield {"matched": value}, sentence
        yield from of_two("naive", "matched", self.answers)

    def variants(self):
        return growing.outcomes(self)
