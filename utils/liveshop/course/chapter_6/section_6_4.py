"""Exercises of section 6.4, Customer relations."""

from functools import cached_property

import numpy as np
import pandas as pd

from liveshop.course.chapter_6 import samples
from liveshop.course.chapter_6.lists import calls_to
from liveshop.course.chapter_6.wrong import customers, of_two
from liveshop.methods import clv, effects
from liveshop.metrics import repurchase_rate
from liveshop.practice import Exercise, Field, Verdict, exchanged, exercise

DAY = pd.Timedelta(days=1)


@exercise(
    "6.4a", title="Repurchase by the platform's definition",
    fields=[Field("july", "30-day repurchase rate on 11 July", "fraction of the buyers of 31 to 60 days ago",
                  decimals=2),
            Field("august", "30-day repurchase rate on 18 August", "fraction of the buyers of 31 to 60 days ago",
                  decimals=2)],
    hint=["Two sets of customers: who bought 31 to 60 days ago, and who bought in the last 30 days. Divide by the "
          "*earlier* one.",
          "`metrics.repurchase_rate(orders, on)` has the definition in its docstring."],
    needs=("orders", "customers"),
)
class Repurchase(Exercise):
    praise = ("Before you ask what went wrong in August, ask what was special in July: every second member had a "
              "coupon from 7 July on, and whoever came for it counts as a buyer of 31 to 60 days ago in August.")
    explain = ("The earlier window gives the people, the later one says who of them came again. Both have 30 days, and "
               "the day itself belongs to the later one.")
    DAYS = pd.Timestamp("2025-07-11"), pd.Timestamp("2025-08-18")

    @cached_property
    def orders(self):
        return samples.member_orders(self.tables)

    def both(self, value):
        """What `value` gives on each of the two days."""
        return tuple(value(on) for on in self.DAYS)

    def again(self, on, orders=None, recent=30, earlier=60):
        """By hand: the buyers of the days before the last ones, and those of the last `recent` days up to `on`."""
        orders = self.orders if orders is None else orders
        return (samples.buyers_between(orders, on - (earlier - 1) * DAY, on - recent * DAY),
                samples.buyers_between(orders, on - (recent - 1) * DAY, on))

    @staticmethod
    def share(earlier, recent):
        return len(earlier & recent) / len(earlier)

    def right(self):
        return self.both(lambda on: repurchase_rate(self.orders, f"{on:%Y-%m-%d}"))

    def mistakes(self):
        yield from exchanged(self)
        yield from of_two("july", "august", self.right())

    def variants(self):
        yield from customers.other_bases(self)
        yield from customers.other_windows(self)
        yield from customers.orders_for_people(self)


@exercise(
    "6.4b", title="Qinghe beside CDNOW",
    fields=[Field("r", "r of Qinghe's members", "shape", decimals=2),
            Field("alpha", "alpha", "weeks", decimals=2, tolerance=0.01),
            Field("times", "Repeat orders of a new customer in ten weeks, Qinghe / CDNOW", "ratio", decimals=2)],
    hint=["`history = clv.summary(bought, until=\"2025-06-22\")`; its columns frequency, recency and age go to "
          "`clv.fit_bgnbd`.",
          "A model of CDNOW needs no data: `clv.BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426).expected_repeats(10)`."],
    needs=("orders", "customers"),
)
class BesideCdnow(Exercise):
    praise = ("An r below 1 means many who hardly buy and few who buy all the time; alpha is a time, so the smaller "
              "one is the faster shop. Of a and b say nothing before you have cut the data on another day: they move.")
    explain = ("The published CDNOW parameters make a model as good as a fitted one; `expected_repeats(10)` is "
               "equation 9 of the paper for both, and the answer is their ratio.")
    CDNOW = clv.BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426)

    @staticmethod
    def fitted(history):
        return clv.fit_bgnbd(history.frequency, history.recency, history.age, at_limit="keep")

    @cached_property
    def history(self):
        return samples.held_out(self.tables)

    @cached_property
    def fit(self):
        return self.fitted(self.history)

    def answers(self, fit):
        with np.errstate(invalid="ignore"):         # a wrong history may have no finite forecast
            return fit.r, fit.alpha, fit.expected_repeats(10) / self.CDNOW.expected_repeats(10)

    def right(self):
        return self.answers(self.fit)

    def mistakes(self):
        yield from customers.parameters(self)
        yield from customers.forecasts(self)

    def variants(self):
        return customers.other_histories(self)


@exercise(
    "6.4c", title="Five hundred calls",
    hint=["Orders to come × value of an order, for everyone who has bought by 22 June.",
          "`fit_bgnbd(...).expected_purchases(10, ...)` times `fit_gamma_gamma(...).expected_value(...)`, with the "
          "money as it was known that evening (`amount=\"known\"`); Gamma-Gamma is fitted to those whose `mean_value` "
          "is above zero. Sort, take 500, give their ids."],
    needs=("orders", "customers", "refunds"),
)
class FiveHundredCalls(Exercise):
    praise = ("That is about as well as one evening's knowledge allows. Now remember what this list is: those who "
              "will spend, and not those whom a call would move; for that, leave every fifth uncalled.")
    explain = ("The forecast of orders says who comes, the forecast of value with how much. Members differ more in how "
               "often they come than in what they spend on an order, so the first does most of the work. Past spending "
               "is what both were in spring.")
    MANY = 500

    @cached_property
    def history(self):
        return samples.foretold(self.tables)

    @cached_property
    def lists(self):
        """The other lists that people make: score by customer, and what to say about it."""
        cut, _ = samples.cut_and_end(self.tables)
        past = clv.rfm(samples.member_visits(self.tables), cut, amount="known").reindex(self.history.index)
        return [
            (past.monetary, "That is the list of those who had spent most. Some of them had stopped: what they "
                            "were is not what they are."),
            (-past.recency_days, "That is the list of the most recent buyers. Recent is good, but a first order of "
                                 "last week says little."),
            (self.history.alive, "You ranked by the chance to be alive. Everyone with a single order has the chance 1 "
                                 "in this model, so the list is full of people who bought once."),
            (past.monetary / past.frequency, "You ranked by the average order. One large basket is not a habit; orders "
                                             "to come decide more than their size."),
            (past.frequency.astype(float), "You ranked by the number of orders so far. The regulars of April are in "
                                           "it, and some of them are gone."),
        ]

    def first(self, score):
        return score.sort_values(ascending=False, kind="stable").index[:self.MANY].tolist()

    def judge(self, answer):
        ids, problem = calls_to(answer, self.MANY, self.history.index, self.tables.customers.customer_id)
        if problem:
            return Verdict("wrong", problem, points=0.0)
        spent = self.history.actual_value
        best, drawn = spent.nlargest(self.MANY).sum(), self.MANY * spent.mean()
        share = spent[ids].sum() / best
        goal = samples.calls_goal(self.tables, self.MANY)
        points = float(np.clip((share - drawn / best) / (goal - drawn / best), 0, 1))
        said = f"Your 500 spent {share:.0%} of what the best 500 did"
        if share > 0.85:
            return Verdict("wrong", (
                f"{said}. Nobody can know that on 22 June: what was spent after the cut must not be used to choose."),
                points=0.0)
        if share >= goal:
            return Verdict("right", f"{said}. {self.praise}")
        said += f"; lots would find {drawn / best:.0%}, and {goal:.0%} is asked. "
        for score, sentence in self.lists:
            if len(set(ids) & set(self.first(score))) > 0.9 * self.MANY:
                return Verdict("wrong", said + sentence, points=points)
        if share > goal - 0.05:
            said += "Close: that is about what RFM reaches. Multiply expected orders by expected value."
        else:
            said += "Rank by expected orders in ten weeks times the expected value of an order."
        return Verdict("wrong", said, points=points)

    def examples_right(self):
        value = self.history.value_ahead
        best = self.first(value)
        return [best, pd.Index(best), value[best]]

    def examples_wrong(self):
        best = self.first(self.history.value_ahead)
        yield best[:499], "you gave 499"
        yield [best[0]] * self.MANY, "stand twice"
        yield list(range(self.MANY)), "not members"
        yield "100119", "That is a text"
        yield 500.0, "no list"
        yield [np.nan] * self.MANY, "missing"
        yield [best], "lists in it"
        yield [True] * self.MANY, "yes and no"
        yield self.history.actual_value.nlargest(self.MANY).index.tolist(), "Nobody can know"
        for score, sentence in self.lists:
            yield self.first(score), sentence[:20]


@exercise(
    "6.4d", title="What five minutes save",
    fields=[Field("late", "Answered later than five minutes", "tickets", decimals=0),
            Field("away", "Customers driven away", "customers", decimals=0, tolerance=2.0),
            Field("money", "Saving of answering all within five minutes", "yuan after refunds",
                  decimals=0, tolerance=1500)],
    hint=["Only those who would have come back can be lost: the difference is a share of all late-answered, so divide "
          "by the share of the others who came again.",
          "Customers = late tickets × difference / share who ordered again. Money = customers × mean of `later` of "
          "those answered in time × mean of `orders.kept`."],
    needs=("orders", "customers", "tickets", "refunds"),
)
class FiveMinutes(Exercise):
    praise = ("The true number, below, is within the interval. These are sales after refunds; take what goods and fees "
              "leave of them before you weigh the rota against it.")
    explain = ("Customers = late tickets × difference / share who ordered again. Each would have made as many further "
               "orders as those answered in time, and an order leaves the mean of what was kept "
               "(all lines of an order together, refunds taken off).")

    @cached_property
    def asked(self):
        return samples.service_tickets(self.tables)

    @cached_property
    def visits(self):
        return samples.member_visits(self.tables)

    @cached_property
    def given(self):
        """The difference at equal conditions and the share that came again, as in the question; the naive one."""
        judged = samples.judged(self.asked)
        fair = effects.adjusted_effect(judged, "gone", "late", samples.equal_conditions(judged), cluster="customer_id")
        late = judged.late == 1
        return (round(fair.estimate, 3), round(1 - judged.gone[~late].mean(), 3),
                round(judged.gone[late].mean() - judged.gone[~late].mean(), 3))

    def chain(self, late=None, away=None):
        """Late tickets, customers and money; what is given goes on down the chain."""
        asked, (difference, returning, _) = self.asked, self.given
        late = asked.late.sum() if late is None else late
        away = late * difference / returning if away is None else away
        return late, away, away * asked.later[asked.late == 0].mean() * self.visits.kept.mean()

    def right(self):
        return self.chain()

    def mistakes(self):
        yield from exchanged(self)
        yield from customers.money(self)

    def variants(self):
        yield from customers.late_counts(self)
        yield from customers.losses(self)
