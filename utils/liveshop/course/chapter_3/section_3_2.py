"""Exercises of section 3.2, Three models and their marks."""

from functools import cached_property

from liveshop.course.chapter_3 import samples
from liveshop.course.chapter_3.wrong import models
from liveshop.methods.growth import arrivals_within, k_factor, viral_multiplier
from liveshop.practice import Exercise, Field, exercise

PLATFORM, SHARE, CONTENT = "shop inside the platform", "share-driven", "content-driven"
WAYS = (PLATFORM, SHARE, CONTENT)


@exercise(
    "3.2a", title="K from three counts",
    fields=[Field("k", "K", "new users per user", decimals=3),
            Field("in_the_end", "Users in the end", "users, for each 1,000 who came by themselves", decimals=0)],
    hint=["K is what one *user* brings, not what one invitation brings.",
          "Invitations per user × share of invitations that join. Those who join invite too, and so on: "
          "1 + K + K² + … = 1 / (1 − K)."],
)
class ThreeCounts(Exercise):
    praise = ("Invitations per user and joins per invitation are the two screws; K is their product. Below 1 it does "
              "not keep a shop growing, it multiplies what comes by other ways.")
    explain = ("5,000 / 2,000 = 2.5 invitations a user, 500 / 5,000 = 0.1 joins an invitation; 2.5 × 0.1 = 0.25. In "
               "the end 1,000 / (1 − 0.25) = 1,333 users, if the later ones invite as the first did.")
    users, invitations, joins, start = 2_000, 5_000, 500, 1_000

    @property
    def k(self):
        return k_factor(self.users, self.invitations, self.joins)

    def right(self):
        return self.k, self.start * viral_multiplier(self.k)

    def mistakes(self):
        return models.k_from_counts(self)

    def variants(self):
        for k, sentence in models.other_k(self):
            yield ({"k": k, "in_the_end": self.start / (1 - k)} if k < 1 else {"k": k}), sentence

    def rarer(self):
        return models.ends(self)


@exercise(
    "3.2b", title="Will three be found in a day?",
    fields=[Field("fill", "Share that fills", "fraction of opened deals", decimals=3),
            Field("faster", "With acceptances a quarter faster", "fraction of opened deals", decimals=3)],
    hint=["The opener is in already. How many more are needed?",
          "`methods.growth.arrivals_within(rate, count, time)` is the chance of at least `count` arrivals. A quarter "
          "faster: 0.1 becomes 0.125 an hour."],
)
class ThreeInADay(Exercise):
    praise = ("Two *more* people are needed, so it is the chance of at least two arrivals with a mean of 2.4; with 3.0 "
              "it is a tenth of all deals more. What the extra acceptances cost is another question.")
    explain = ("With mean m nobody comes with chance e⁻ᵐ, exactly one with m·e⁻ᵐ. At least two: 1 − e⁻ᵐ(1 + m), for "
               "m = 0.1 × 24 = 2.4 and m = 0.125 × 24 = 3.0.")
    rate, faster, hours, needed = 0.1, 1.25, 24, 2

    def fills(self, needed=None):
        return tuple(arrivals_within(rate, needed or self.needed, self.hours)
                     for rate in (self.rate, self.rate * self.faster))

    def right(self):
        return self.fills()

    def mistakes(self):
        return models.fills(self)

    def variants(self):
        yield from models.other_fills(self)
        yield from models.binomial_fills(self)


@exercise(
    "3.2c", title="What a new customer costs, by model",
    fields=[Field("live", "Shop inside the platform (live)", "yuan per new customer", decimals=1),
            Field("referral", "Share-driven (referral)", "yuan per new customer", decimals=1),
            Field("content", "Content-driven (content)", "yuan per new customer", decimals=1)],
    hint=["New customers are those of the route who joined on 3 March or later; not orders, not buyers, not everybody "
          "on the list.",
          "Money of a route: `acquisition_costs`, and from `spend` the kind traffic for live, referral for referral, "
          "content for content. `samples.money_to_win(tables)` has both, one row an amount."],
    needs=("acquisition_costs", "spend", "customers", "orders"),
)
class CostOfTheNew(Exercise):
    explain = ("All that was spent to win people, over those who were won. A route's later orders belong to what she "
               "is worth, not to what she cost. And the cost is an average: the next customer may cost more.")
    books, spent, item = True, True, None

    @property
    def praise(self):
        first = min(self.key.right, key=self.key.right.get)
        return (f"The cheapest is {samples.MODELS[first]}. Cheap is not the same as caused: the route says how she "
                "came, and some would have come anyway.")

    @cached_property
    def new(self):
        return samples.newcomers(self.tables).route.value_counts()

    def money(self):
        """CNY by route."""
        rows = samples.money_to_win(self.tables)
        from_spend = rows.item.isin(samples.SPENT)
        rows = rows[(~from_spend & self.books) | (from_spend & self.spent)]
        if self.item:
            rows = rows[rows.item == self.item]
        return rows.groupby("route").amount.sum().reindex(list(samples.MODELS), fill_value=0.0)

    def per(self, people):
        return dict(self.money() / people.reindex(list(samples.MODELS)))

    @cached_property
    def answers(self):
        return self.per(self.new)

    def right(self):
        return self.answers

    def mistakes(self):
        return models.other_money(self)

    def variants(self):
        return models.other_people(self)

    def rarer(self):
        return models.both_wrong(self)

    def amounts(self):
        return models.amounts_of_cost(self)


@exercise(
    "3.2d", title="Which model for which product?",
    fields=[Field("a", "A. The T-shirt", options=WAYS),
            Field("b", "B. The child seat", options=WAYS),
            Field("c", "C. The laundry liquid", options=WAYS),
            Field("d", "D. The serum", options=WAYS),
            Field("e", "E. The number that says whether the pilot won customers",
                  options={"A": "acceptances of friends", "B": "share of deals that filled",
                           "C": "cost per friend who was no customer before", "D": "cost per acceptance"})],
    hint=["What stops the purchase: not having seen it, not having company, or not knowing enough?",
          "Seen and liked: the shop inside the platform. Known, wanted by friends too, and cheaper together: "
          "share-driven. A doubt that needs depth or experience: content."],
)
class WhichModel(Exercise):
    praise = ("The product decides, by what stands between wish and purchase. And of all the numbers of a pilot only "
              "one has people in it who were not there before.")
    explain = ("A look is enough for A, so sell where people look. C is known and needed next door: the friend saves "
               "money too. B and D are bought when a doubt is answered, by depth or by somebody with the same need. "
               "These are rules of the trade: a test on your own shop beats them.")

    def right(self):
        return PLATFORM, CONTENT, SHARE, CONTENT, "C"

    def mistakes(self):
        return models.choices(self, PLATFORM, SHARE, CONTENT)
