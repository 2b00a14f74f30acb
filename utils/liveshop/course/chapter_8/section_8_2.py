"""Exercises of section 8.2, Answering risks."""

import math
from functools import cached_property

import numpy as np

from liveshop.course.chapter_8.samples import answers
from liveshop.course.chapter_8.wrong import answers as wrong
from liveshop.course.chapter_8.wrong import steps
from liveshop.methods import decision, inventory, reliability
from liveshop.practice import Exercise, Field, exercise
from liveshop.practice.ways import exchanged

HOURS = 8760                     # of a year
IN_CHINESE = {"第二供应商": "second_supplier", "备用供应商": "second_supplier", "安全库存": "safety_stock",
              "两个都在": "both", "都在": "both", "两个都不在": "neither", "都不在": "neither"}


@exercise(
    "8.2a", title="How many to buy",
    fields=[Field("published", "Pieces in the published case", "pieces", decimals=0, least=0),
            Field("ratio", "Critical ratio of the dress", "fraction", decimals=3),
            Field("dress", "Pieces of the dress", "pieces", decimals=0, least=0)],
    hint=["One piece too few loses the margin, price − cost. One too many loses cost − salvage. The critical ratio is "
          "the first over the two together.",
          "The ratio is a chance, not a quantity: buy the quantile of demand at that chance. For the dress it is the "
          "quantile of `asked / forecast`, times 600."],
    needs=("buys",),
)
class HowManyToBuy(Exercise):
    explain = ("The published case: 12/22 = .545, and the normal law with mean 2,100 and sd 1,200 has its quantile "
               "there at 2,237. The dress: (189 − 64)/(189 − 26), and that quantile of what past styles were asked "
               "for against their forecast, times 600. Sales would not do: they stop at what was bought.")
    mean, sd, case = 2100.0, 1200.0, (22.0, 10.0, 0.0)
    dress, forecast, column = (189.0, 64.0, 26.0), 600, "asked"
    upside = False

    @property
    def praise(self):
        more = "more" if self.key.right["dress"] > self.forecast else "less"
        return (f"With a good margin one piece too few costs more than one too many, so it is {more} than the "
                "forecast. With a thin margin it is less.")

    @cached_property
    def ratios(self):
        past = self.tables.buys
        return (past[self.column] / past.forecast).to_numpy()

    def chance(self, price, cost, salvage):
        return inventory.critical_ratio(price, cost, salvage)

    def normal(self, chance):
        from scipy.stats import norm

        return self.mean + self.sd * norm.ppf(chance)

    def pieces(self, chance, ratios=None, **how):
        return self.forecast * float(np.quantile(self.ratios if ratios is None else ratios, chance, **how))

    def right(self):
        chance = self.chance(*self.dress)
        return self.normal(self.chance(*self.case)), chance, self.pieces(chance)

    def alternatives(self):
        """Other rules for a quantile between two styles, ratios that were rounded first, and pieces rounded up."""
        published, chance, dress = self.right()
        dresses = [dress, *(self.pieces(chance, method=how) for how in (
            "lower", "higher", "midpoint", "weibull", "hazen", "median_unbiased", "normal_unbiased")),
            *(self.pieces(round(chance, places)) for places in (2, 3))]
        for pieces in (*dresses, math.ceil(dress)):
            for case in (published, self.normal(round(self.chance(*self.case), 3)), math.ceil(published)):
                yield case, chance, pieces

    def mistakes(self):
        return wrong.how_many(self)

    def rarer(self):
        return wrong.other_buys(self)


@exercise(
    "8.2b", title="Two lines and what they share",
    fields=[Field("independent", "Both down, no shared cause", "hours a year", decimals=2, least=0, most=HOURS),
            Field("shared", "Both down, a tenth shared", "hours a year", decimals=2, least=0, most=HOURS),
            Field("log", "Both down, in the log", "hours", decimals=2, least=0)],
    hint=["What matters is the share of time in which *both* fail. Independent failures multiply.",
          "With a common share β of each line's downtime: both are down for β × 1 % of the time, and in the rest they "
          "fail independently, (1 − β) × 1 % each. In the log: only the time in which one row of each line overlaps."],
    needs=("outages",),
)
class TwoLines(Exercise):
    explain = ("8,760 × .01² is .88 hours. With a tenth shared it is 8,760 × (.1 × .01 + (.9 × .01)²) = 9.47: the "
               "common part is nearly all of it. In the log it is the time of the overlaps, counted once.")
    down, common = 0.01, 0.10

    @property
    def praise(self):
        times = self.key.right["shared"] / self.key.right["independent"]
        return (f"A tenth of shared causes makes it {times:.0f} times as much. So ask of a backup what it shares: the "
                "building, the provider, the account, the person.")

    @cached_property
    def hours(self):
        """Hours down by line and cause, and of both."""
        log = self.tables.outages
        length = (log.ended - log.began).dt.total_seconds() / 3600
        return length.groupby([log.line, log.cause]).sum()

    @cached_property
    def both(self):
        """Hours in which both were down in the log, and those that the product rule foretells."""
        since, until = answers.log_period(self.tables)
        found = reliability.availability(self.tables.outages, since, until)
        return found.attrs["all_down"] * self.length, found.attrs["if_independent"] * self.length

    @property
    def length(self):
        """The hours of the log."""
        since, until = answers.log_period(self.tables)
        return (until - since).total_seconds() / 3600

    def right(self):
        up = 1 - self.down
        return (HOURS * (1 - reliability.in_parallel([up, up])),
                HOURS * (1 - reliability.in_parallel([up, up], self.common)), self.both[0])

    def mistakes(self):
        yield from exchanged(self)
        yield from wrong.two_lines(self)

    def variants(self):
        yield self.but(common=0.01), "The shared part is 10 %, not 1 %."

    def rarer(self):
        return wrong.other_hours(self)


@exercise(
    "8.2c", title="The best set under a budget",
    fields=[Field("best", "Best value of the seven", "value", decimals=0, whole=True, least=0),
            Field("by_ratio", "Value of the best ratio first", "value", decimals=0, whole=True, least=0),
            Field("avoided", "Loss avoided with ¥80,000", "thousand yuan a year", decimals=1, least=0),
            Field("supply", "Which of the pair is in it",
                  options=("second_supplier", "safety_stock", "both", "neither"), also=IN_CHINESE)],
    hint=["`methods.decision.best_set(costs, values, budget)` tries all sets, `greedy_set` takes the best ratio first.",
          "For Qinghe give `best_set` the function `avoids` in place of values: it knows the pairs that share a "
          "cause."],
    needs=("incidents", "risk_measures"),
)
class BestSet(Exercise):
    explain = ("The best ratio first spends 140 of 170, and nothing fits into the 30 that are left. The best set "
               "spends 169. At Qinghe two measures against one cause count once, so the values of a set are no sum: "
               "all sets are tried with the function that knows it.")
    costs, values, budget = (41, 50, 49, 59, 55, 57, 60), (442, 525, 511, 593, 546, 564, 617), 170
    money = 80_000

    @property
    def praise(self):
        right = self.key.right
        return (f"By ratio the published case loses {1 - right['by_ratio'] / right['best']:.0%}. A list of ratios "
                "knows neither what is left of the budget nor what two measures share.")

    @cached_property
    def measures(self):
        return self.tables.risk_measures.set_index("measure").cost_per_year

    @cached_property
    def worth(self):
        return answers.worth(self.tables.risk_measures, answers.loss_a_year(self.tables))

    @cached_property
    def chosen(self):
        return decision.best_set(self.measures, self.worth, self.money)

    def right(self):
        pair = [name for name in ("second_supplier", "safety_stock") if name in self.chosen.chosen]
        return (decision.best_set(self.costs, self.values, self.budget).value,
                decision.greedy_set(self.costs, self.values, self.budget).value, self.chosen.value / 1000,
                "both" if len(pair) == 2 else pair[0] if pair else "neither")

    def mistakes(self):
        yield from exchanged(self)
        yield from wrong.best_sets(self)

    def rarer(self):
        return wrong.other_sets(self)


STEPS = {"A": "The operations lead decides: honour, or cancel with amends.",
         "B": "The host says on air what happened and what each buyer gets.",
         "C": "Room control takes the product link down.",
         "D": "The corrected price is read by a second person, and the link goes up.",
         "E": "Data counts the orders at the wrong price.",
         "F": "The director tells the host by ear: a price is wrong, word within ten minutes."}
PERSONS = {"G": "the host, because she stands on air", "H": "the highest manager who can be reached by telephone",
           "I": "the person whom the plan names, within the limit written there",
           "J": "room control, because they see the orders first"}


@exercise(
    "8.2d", title="A price error by the clock",
    fields=[*(Field(name, f"Step {place}", options=STEPS) for place, name in enumerate(
        ("first", "second", "third", "fourth", "fifth", "sixth"), 1)),
        Field("decides", "Who decides", options=PERSONS)],
    hint=["What makes the loss grow with every minute? That is ended first; then the people in the room are steadied.",
          "Nobody decides what nobody has counted. Nobody announces what nobody has decided. And the link?"],
)
class PriceError(Exercise):
    praise = ("Stop, steady, count, decide, tell, mend. Each step needs the one before it, and none of them needs a "
              "person who is asleep.")
    explain = ("The link first: orders grow by the minute. Then the host, so that she stops naming the price. Counting "
               "makes sense when the number stands still; deciding needs the number; telling needs the decision; the "
               "link goes up last, after a second pair of eyes. The plan names who decides, and up to what.")
    order = "CFEABD"

    def right(self):
        return (*self.order, "I")

    def mistakes(self):
        return steps.price_error(self, STEPS)
