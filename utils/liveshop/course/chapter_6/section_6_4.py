"""Exercises of section 6.4, Customer relations."""

from functools import cached_property

import numpy as np
import pandas as pd

from liveshop.course.chapter_6 import samples
from liveshop.course.chapter_6.lists import calls_to
from liveshop.methods import clv, effects
from liveshop.metrics import repurchase_rate
from liveshop.practice import Exercise, Field, Verdict, exercise

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

    def variants(self):
        orders, between, again, share = self.orders, samples.buyers_between, self.again, self.share
        ever = {on: between(orders, "2025-01-01", on - 30 * DAY) for on in self.DAYS}
        yield self.both(lambda on: share(again(on)[1], ever[on])), (
            "That is the share of the last month's buyers who had ever bought before. It looks back and rises as the "
            "shop grows older; the platform looks on, from the buyers of 31 to 60 days ago.")
        yield self.both(lambda on: share(*again(on)[::-1])), (
            "You divided by the buyers of the last 30 days. The people asked about are those of 31 to 60 days ago.")
        yield self.both(lambda on: share(ever[on], again(on)[1])), (
            "You took everyone who ever bought as the base. The definition takes the buyers of 31 to 60 days ago only.")
        yield self.both(lambda on: len(set.intersection(*again(on))) / len(set.union(*again(on)))), (
            "You divided by the buyers of both windows together.")
        yield self.both(lambda on: len(set.intersection(*again(on)))), (
            "That is a number of customers. Divide it by the buyers of 31 to 60 days ago.")
        paid = self.tables.orders.dropna(subset=["customer_id", "paid"])
        yield self.both(lambda on: share(*again(on, paid))), (
            "These are all orders of the firm. Take the members' orders in the social shop.")
        for source in sorted(set(paid.source) - {"social"}):
            yield self.both(lambda on, lines=paid[paid.source == source]: share(*again(on, lines))), (
                f"These are orders of the source {source}. Take the members' orders in the social shop.")
        for recent, earlier, sentence in (
            (60, 120, "Your windows have 60 days. The definition has two windows of 30."),
            (30, 90, "Your earlier window has 60 days. The definition has two windows of 30."),
            (7, 14, "Your windows have a week. The definition has two windows of 30 days."),
            (31, 61, "Your last window has 31 days. The day itself is the first of 30."),
        ):
            yield self.both(lambda on, r=recent, e=earlier: share(*again(on, recent=r, earlier=e))), sentence
        yield self.both(lambda on: repurchase_rate(orders, on)), (
            "That ends the window before the day itself, as a time of midnight does. Give the day as text or as a "
            "date.")
        yield self.both(lambda on: share(*again(on + DAY))), "That is the next day. The day itself is the last."
        yield self.both(lambda on: share(*again(on + pd.offsets.MonthEnd()))), (
            "That is the end of the month. Take the two days asked for.")
        yield self.both(lambda on: share(*again(on - pd.offsets.MonthBegin() - DAY))), (
            "That is the end of the month before. Take the two days asked for.")
        yield self.both(lambda on: share(between(orders, on.replace(day=1) - pd.DateOffset(months=1),
                                                 on.replace(day=1) - DAY), between(orders, on.replace(day=1), on))), (
            "Those are calendar months. The windows are 30 days each, counted back from the day.")

        def counted(on, column="order_id"):
            last = orders[(orders.paid >= on - 29 * DAY) & (orders.paid < on + DAY)]
            before = orders[(orders.paid >= on - 59 * DAY) & (orders.paid < on - 29 * DAY)]
            return last[column][last.customer_id.isin(before.customer_id)].nunique() / before[column].nunique()

        def twice(on):
            last = orders[(orders.paid >= on - 29 * DAY) & (orders.paid < on + DAY)]
            return (last.groupby("customer_id").order_id.nunique() > 1).mean()

        yield self.both(counted), "You counted orders. The rate is of customers: each counts once."
        yield self.both(twice), (
            "That is the share with two orders within the last 30 days. Two windows are asked: who of the earlier came "
            "in the later.")


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

    def variants(self):
        visits, history = samples.member_visits(self.tables), self.history
        cut, end = samples.cut_and_end(self.tables)
        yield self.answers(self.fitted(clv.summary(visits, end))), (
            "You fitted all 26 weeks. The ten weeks after 22 June are kept back to judge the forecast.")
        for weeks in (1, 2, 3, 4, 10):
            yield self.answers(self.fitted(clv.summary(visits, cut - weeks * 7 * DAY))), (
                "You cut the orders too early. The history goes up to the evening of 22 June.")
        for weeks in (1, 2, 4):
            yield self.answers(self.fitted(clv.summary(visits, cut + weeks * 7 * DAY))), (
                "You cut the orders too late. The history goes up to the evening of 22 June.")
        yield self.answers(self.fitted(history.assign(frequency=history.frequency + 1))), (
            "You counted all orders. Frequency is the number of repeat purchases: the first does not count, since "
            "everybody has one.")
        paid = self.tables.orders.dropna(subset=["customer_id", "paid"])
        yield self.answers(self.fitted(clv.summary(paid, cut))), (
            "You fitted all customers of the firm. Take the members' orders in the social shop.")
        again = history[history.frequency > 0]
        yield self.answers(self.fitted(again)), "You left out those who bought once. They are part of the history."
        yield {"r": self.fit.a, "alpha": self.fit.b}, "Those are a and b, of leaving. Asked are r and α, of buying."
        yield {"r": 0.243, "alpha": 4.414}, "Those are CDNOW's. Fit Qinghe's."

    def mistakes(self):
        cdnow, fit = self.CDNOW, self.fit
        yield {"alpha": 7 * fit.alpha}, "That is alpha in days. The summary counts in weeks, as CDNOW did."
        yield {"times": fit.r / cdnow.r}, (
            "That is the ratio of the two r. How often somebody orders needs α, a and b too: `expected_repeats(10)`.")
        yield {"times": fit.alpha / cdnow.alpha}, "That is the ratio of the two α. Use `expected_repeats(10)` of both."
        yield {"times": fit.r / fit.alpha * cdnow.alpha / cdnow.r}, (
            "That is the ratio of the rates while a customer. In ten weeks some leave, and at CDNOW more; use "
            "`expected_repeats(10)`.")
        for time, sentence in (
            (39, "That is the ratio after 39 weeks, the paper's horizon. Ten weeks are asked."),
            (52, "That is the ratio after a year. Ten weeks are asked."),
            (70, "Ten weeks are 10, not 70: the model counts in weeks."),
            (10 / 7, "That is the ratio after ten days. Ten weeks are asked."),
            (1, "That is the ratio after one week. Ten weeks are asked."),
        ):
            yield {"times": fit.expected_repeats(time) / cdnow.expected_repeats(time)}, sentence
        yield {"times": fit.expected_repeats(10)}, "That is Qinghe's number alone. Divide it by CDNOW's."
        yield {"times": cdnow.expected_repeats(10)}, "That is CDNOW's number alone. Divide Qinghe's by it."
        yield {"times": fit.expected_repeats(10) - cdnow.expected_repeats(10)}, "That is a difference. Divide."
        yield {"times": (1 + fit.expected_repeats(10)) / (1 + cdnow.expected_repeats(10))}, (
            "You added the first order to both. Repeat orders only.")


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

    def variants(self):
        asked, (late, _, _), (difference, returning, naive) = self.asked, self.right(), self.given
        everyone = self.tables.tickets.dropna(subset="answered")
        wait = (everyone.answered - everyone.opened).dt.total_seconds() / 60
        for count, sentence in (
            ((wait > 5).sum(), "Those are all tickets of the firm. The difference was measured on tickets about "
                               "members' orders; use it for those."),
            (len(asked), "Those are all tickets about members' orders. Count the ones answered later than five "
                         "minutes."),
            (len(asked) - late, "Those are the tickets answered in time."),
            (samples.judged(asked).late.sum(), "Those are the tickets old enough to be judged. The loss goes on to the "
                                               "end: count all of the season."),
            ((asked.wait >= 5).sum(), "You counted those answered after exactly five minutes too: later than five is "
                                      "asked."),
            (asked.customer_id[asked.late == 1].nunique(), "Those are customers. Count the tickets."),
            ((asked.wait > 10).sum(), "Those waited more than ten minutes. The standard is five."),
            ((asked.wait > 300).sum(), "`wait` is in minutes: later than 5, not 300."),
            (asked.late.mean(), "That is a share. Count the tickets."),
        ):
            yield self.chain(count), sentence
        for away, sentence in (
            (late * difference, "You left out the division: the difference counts those without an order; some would "
                                "have had none anyway, so more have left than you see."),
            (late * difference * returning, "You multiplied by the share who ordered again. Those who would not have "
                                            "come anyway hide the loss, so it is larger than it looks: divide."),
            (late * difference / (1 - returning), "You divided by those who did not come again. Only who would have "
                                                  "come back can be lost: divide by the share who ordered again."),
            (len(asked) * difference / returning, "You multiplied by all tickets. Only the late-answered were kept "
                                                  "waiting."),
            (late * naive / returning, "You used the naive difference, in which complaints and newcomers are counted "
                                       "as slow service."),
            (late * (1 - returning), "Those are all who would have stayed away in any case. Asked are those whom "
                                     "waiting drove away."),
            (late, "Those are all late-answered. Only a share of them left because of it."),
        ):
            yield dict(zip(("away", "money"), self.chain(late, away)[1:], strict=True)), sentence

    def mistakes(self):
        asked, visits, (_, away, _) = self.asked, self.visits, self.right()
        later, kept, lines = asked.later[asked.late == 0].mean(), visits.kept.mean(), samples.member_orders(self.tables)
        by_customer = visits.groupby("customer_id").kept.sum().mean()
        for money, sentence in (
            (away * later * visits.paid_amount.mean(), "You left the refunds in. A part of what is paid goes back; an "
                                                       "order leaves the mean of `orders.kept`."),
            (away * later * visits.kept[visits.kept > 0].mean(), "You left out the orders that went back in full. They "
                                                                 "are among the orders that come, and they bring "
                                                                 "nothing."),
            (away * later * visits.kept.median(), "That is with the median order. Money adds up by means."),
            (away * later * lines.paid_amount.mean(), "You used the mean of an order line. An order may have several; "
                                                      "sum them first, and take the refunds off."),
            (away * later * by_customer, "That is with the money of a customer. `later` counts her orders already: "
                                         "take the money of an order."),
            (away * kept, "You counted one order each. A customer who stays would have ordered again and again: see "
                          "`later`."),
            (away * later, "Those are orders. Multiply by what an order leaves."),
            (away * asked.later[asked.late == 1].mean() * kept, "You used the later orders of the late-answered, among "
                                                                "them those who left. Ask what they would have done: "
                                                                "take the ones answered in time."),
            (away * asked.later.mean() * kept, "You used the later orders of everybody, among them those who left. "
                                               "Take the ones answered in time."),
            (away * asked.later[(asked.late == 0) & (asked.later > 0)].mean() * kept,
             "You left out those who made no further order. They are among those answered in time."),
            (away * samples.judged(asked).query("late == 0").later.mean() * kept,
             "You took `later` of the tickets old enough to be judged, who had more time. All answered in time are "
             "asked."),
        ):
            yield {"money": money}, sentence
