"""Exercises of section 7.1, Why they grow together."""

import math
from functools import cached_property

import pandas as pd

from liveshop.course.chapter_7 import samples
from liveshop.course.chapter_7.wrong import together
from liveshop.methods import attribution, panel
from liveshop.practice import Exercise, Field, exercise

CASE = [("C1 > C2 > C3", 1, 0), ("C1", 0, 1), ("C2 > C3", 0, 1)]       # path, conversions, nulls (published)
KINDS = tuple(samples.KINDS)
IN_CHINESE = {"直播": "live", "社交": "social", "搜索": "search", "付费": "paid"}


@exercise(
    "7.1a", title="Markov, by hand and at Qinghe",
    fields=[Field("chance", "A journey converts", "fraction of journeys", decimals=3),
            Field("c1", "Share of C1", "fraction of conversions", decimals=2),
            Field("c2", "Share of C2", "fraction of conversions", decimals=2),
            Field("search", "Share of search at Qinghe", "fraction of orders that met a touch", decimals=3)],
    hint=["Each arrow has a chance: of all moves out of a touch, how many go there? Two of three journeys start at C1.",
          "Take a channel out: whoever would go there is lost. Removal effect = 1 − chance without it / chance with "
          "it. Divide each by the sum of all three."],
    needs=("journeys",),
)
class Markov(Exercise):
    explain = ("Start to C1 2/3, to C2 1/3; C1 to C2 1/2; C2 to C3 1; C3 converts 1/2. So (2/3 · 1/2 + 1/3) · 1/2 = "
               "1/3, as it must be: of the journeys counted, one in three bought. Without C1 only 1/3 · 1/2 = 1/6 is "
               "left: removal effect 0.5. Without C2 or C3 nothing: 1 and 1. Shares 0.5 / 2.5, 1 / 2.5, 1 / 2.5.")

    @property
    def praise(self):
        last = attribution.last_click(self.counted).shares["search"]
        return (f"Last click gives search {last:.0%} of these orders and Markov {self.key.right['search']:.0%}. Both "
                "share out all of them: what is lost on the graph is not what would be missing in the shop.")

    @cached_property
    def case(self):
        return attribution.markov(pd.DataFrame(CASE, columns=["path", "conversions", "nulls"]))

    @cached_property
    def counted(self):
        """The paths at Qinghe from which nothing was withheld."""
        rows = self.tables.journeys
        return attribution.paths(rows[rows.withheld == "none"])

    def right(self):
        shares = self.case.shares
        return self.case.conversion, shares["C1"], shares["C2"], attribution.markov(self.counted).shares["search"]

    def mistakes(self):
        return together.markov(self)

    def rarer(self):
        return together.markov_rarer(self)


@exercise(
    "7.1b", title="Shapley, by hand and by code",
    fields=[Field("live", "Live", "orders a week", decimals=1), Field("social", "Social", "orders a week", decimals=1),
            Field("search", "Search", "orders a week", decimals=1)],
    hint=["Write down the six orders in which the three can be switched on. What does each add at its turn?",
          "Live adds 24 when it is first (64 − 40), in two of the six; 60 after social (118 − 58), 30 after search "
          "(74 − 44), one each; 72 when it is last (136 − 64), in two. The mean of the six."],
)
class Shapley(Exercise):
    praise = ("They add up to 96, what the three bring together; the other 40 orders come with nothing switched on and "
              "belong to nobody. Here the worths were measured, so the shares are shares of effects. Computed from "
              "paths, the same formula would be the linear rule.")
    explain = ("Live: (2 · 24 + 60 + 30 + 2 · 72) / 6 = 47. Social: (2 · 18 + 54 + 20 + 2 · 62) / 6 = 39. Search: (2 · "
               "4 + 10 + 6 + 2 · 18) / 6 = 10.")
    worth = {"": 40, "l": 64, "s": 58, "e": 44, "ls": 118, "le": 74, "se": 64, "lse": 136}

    def right(self):
        value = attribution.shapley_value({tuple(players): worth for players, worth in self.worth.items()})
        return tuple(value[player] for player in "lse")

    def mistakes(self):
        return together.shapley_parts(self)

    def variants(self):
        return together.shapley(self)


@exercise(
    "7.1c", title="What only both bring",
    fields=[Field("extra", "Interaction", "log scale", decimals=3), Field("low", "Lower end", "log scale", decimals=3),
            Field("high", "Upper end", "log scale", decimals=3), Field("factor", "As a factor", "ratio", decimals=2)],
    hint=["`samples.trial(tables)` marks the first weeks of blocks 1 to 4 in `first`. Keep the others.",
          "Terms live, social, both_extra; unit city, period week; `family=\"poisson\"`. The row `both_extra` of "
          "`.table` has estimate, low, high; the factor is e to the estimate."],
    needs=("geo_tests",),
)
class OnlyBoth(Exercise):
    family, errors, keep, term, periods = "poisson", "cluster", "settled", "both_extra", "week"
    terms = ["live", "social", "both_extra"]
    explain = ("The regression on log orders has live, social and their product beside the levels of cities and weeks. "
               "The product's coefficient is what is over when the two effects are added on the log scale: a factor "
               "on orders.")

    @property
    def praise(self):
        right = self.key.right
        factor = f"a factor of {right['factor']:.2f} beyond the product"
        if right["low"] <= 0:
            return f"The interval holds 0: {factor}, and that may be chance. A longer trial decides, not a rule."
        return (f"The interval lies above 0: {factor}. So, at equal cost, plan live and social for the same cities and "
                "weeks, not in turns.")

    @cached_property
    def rows(self):
        """The weeks of the trial that are kept."""
        rows = samples.trial(self.tables)
        start = rows.groupby(["city", "block"]).cumcount() == 0
        settled, on = ~rows["first"], rows.block > 0
        return rows[{"settled": settled, "all": settled | True, "late": ~start, "first": ~settled | ~on,
                     "lone": ~settled, "blocks": settled & on}[self.keep]]

    def right(self):
        rows, outcome = self.rows, "orders"
        if self.family == "log":
            rows, outcome = rows.assign(log_orders=rows.orders.map(math.log)), "log_orders"
        found = panel.two_way_effects(rows, outcome, self.terms, "city", self.periods,
                                      family="linear" if self.family == "log" else self.family, errors=self.errors)
        one = found.table.loc[self.term]
        return one.estimate, one.low, one.high, math.exp(one.estimate) if abs(one.estimate) < 5 else math.nan

    def alternatives(self):
        yield self.but(keep="late").right()         # the first week of block 0 left out too: next to no difference

    def mistakes(self):
        yield from together.interaction(self)
        yield from together.intervals(self)

    def variants(self):
        return together.other_trials(self)


@exercise(
    "7.1d", title="Two moves of budget",
    fields=[Field("target", "Last click's target", options=KINDS, also=IN_CHINESE),
            Field("promised", "Promised by last click", "orders per 1,000 touches moved", decimals=1),
            Field("expected", "The same move, by the coin", "orders per 1,000 touches moved", decimals=1),
            Field("coin_target", "The coin's target", options=KINDS, also=IN_CHINESE)],
    hint=["A move gives at one end and takes at the other: two numbers for each answer, target less source.",
          "`attribution.last_click(paths).credits` are orders; divide by the journeys that met the kind, times 1,000. "
          "By the coin: `attribution.incremental(tables.journeys).share` times the orders, over the same touches."],
    needs=("journeys",),
)
class Moves(Exercise):
    explain = ("By last click: credits / touches for each kind, times 1,000; target less source. By the coin: share "
               "missing × orders / touches, the same two kinds. Source and target are last click's for both.")

    @property
    def praise(self):
        truth = pd.Series(self.tables.truth["journeys.incremental"]) if "journeys.incremental" in getattr(
            self.tables, "truth", {}) else None
        said = ""
        if truth is not None:
            real = 1000 * truth * self.orders / self.touches
            target = self.by_last.idxmax()
            said = f" In truth it earns {real[target] - real[self.by_last.idxmin()]:.0f}."
        right = self.key.right
        low, high = samples.moved(self.tables, self.by_last.idxmin(), self.by_last.idxmax())
        return (f"Last click promises {right['promised']:.0f} orders and the coin expects {right['expected']:.0f} of "
                f"the same move, with a 95 % interval from {low:.0f} to {high:.0f}.{said}").replace("-", "−")

    @cached_property
    def free(self):
        rows = self.tables.journeys
        return rows[rows.withheld == "none"]

    @property
    def orders(self):
        return self.free.converted.sum()

    @cached_property
    def touches(self):
        path = self.free.path.fillna("")
        return pd.Series({kind: path.str.contains(kind).sum() for kind in KINDS})

    @cached_property
    def by_last(self):
        return 1000 * attribution.last_click(attribution.paths(self.free)).credits / self.touches

    @cached_property
    def by_coin(self):
        return 1000 * attribution.incremental(self.tables.journeys).share * self.orders / self.touches

    def answers(self, last, coin):
        source, target = last.idxmin(), last.idxmax()
        return target, last[target] - last[source], coin[target] - coin[source], coin.idxmax()

    def right(self):
        return self.answers(self.by_last, self.by_coin)

    def mistakes(self):
        return together.moves(self)

    def variants(self):
        return together.other_moves(self)

    def rarer(self):
        return together.moves_rarer(self)
