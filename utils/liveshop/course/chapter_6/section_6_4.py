"""Exercises of section 6.4, Customer relations."""

from functools import cached_property

import numpy as np
import pandas as pd

from liveshop.course.chapter_6 import samples
from liveshop.course.chapter_6.lists import id_list
from liveshop.methods import clv
from liveshop.metrics import repurchase_rate
from liveshop.practice import Exercise, Field, Verdict, exercise

DAY = pd.Timedelta(days=1)


@exercise(
    "6.4a", title="Repurchase by the platform's definition",
    fields=[Field("july", "30-day repurchase rate on 31 July", "fraction of the buyers of 31 to 60 days ago",
                  decimals=3),
            Field("august", "30-day repurchase rate on 31 August", "fraction of the buyers of 31 to 60 days ago",
                  decimals=3)],
    hint="`metrics.repurchase_rate(orders, on)` has the definition in its docstring. By hand: two sets of customers; "
         "divide by the *earlier* one.",
    needs=("orders", "customers"),
)
class Repurchase(Exercise):
    praise = ("It fell by five points in August. Before you ask what went wrong in August, ask what was special in "
              "July: every second member "
              "had a coupon from 7 July on, and whoever came for it counts as a buyer of 31 to 60 days ago in August.")
    explain = ("The earlier month gives the people, the later month says who of them came again. Both windows have 30 "
               "days, and the day itself belongs to the later one.")
    code = ('repurchase_july = metrics.repurchase_rate(bought, "2025-07-31")\n'
            'repurchase_august = metrics.repurchase_rate(bought, "2025-08-31")')

    @cached_property
    def orders(self):
        return samples.member_orders(self.tables)

    @staticmethod
    def came_again(orders, on, days=30):
        """By hand: of the buyers of the days before, the share who bought in the last ones, up to `on`."""
        earlier = samples.buyers_between(orders, on - (2 * days - 1) * DAY, on - days * DAY)
        return len(earlier & samples.buyers_between(orders, on - (days - 1) * DAY, on)) / len(earlier)

    def right(self):
        return repurchase_rate(self.orders, "2025-07-31"), repurchase_rate(self.orders, "2025-08-31")

    def mistakes(self):
        between, orders = samples.buyers_between, self.orders[["customer_id", "paid"]]
        paid = self.tables.orders.dropna(subset=["customer_id", "paid"])[["customer_id", "paid"]]
        july, august = self.right()
        yield {"july": august, "august": july}, "You gave them in the other order: July first."
        for field, on in (("july", pd.Timestamp("2025-07-31")), ("august", pd.Timestamp("2025-08-31"))):
            recent, before = between(orders, on - 29 * DAY, on), between(orders, on - 59 * DAY, on - 30 * DAY)
            ever = between(orders, "2025-01-01", on - 30 * DAY)
            yield {field: len(recent & ever) / len(recent)}, (
                "That is the share of the last month's buyers who had ever bought before. It looks back and rises as "
                "the shop grows older; "
                "the platform looks on, from the buyers of 31 to 60 days ago.")
            yield {field: len(recent & before) / len(recent)}, (
                "You divided by the buyers of the last 30 days. The people asked about are those of 31 to 60 days "
                "ago.")
            yield {field: len(recent & ever) / len(ever)}, (
                "You took everyone who ever bought as the base. The definition takes the buyers of 31 to 60 days ago "
                "only.")
            yield {field: self.came_again(paid, on)}, (
                "These are all orders of the firm. Take the members' orders in the social shop, `bought`.")
            yield {field: self.came_again(orders, on, days=60)}, (
                "Your windows have 60 days. The definition has two windows of 30.")
            yield {field: repurchase_rate(orders, on)}, (
                "A time of midnight ends the window before the day itself. Give the day as text or as a date.")
            yield {field: len(before & recent) / len(before | recent)}, (
                "You divided by the buyers of both months together.")
            first = on.replace(day=1)
            months = between(orders, first - pd.DateOffset(months=1), first - DAY), between(orders, first, on)
            yield {field: len(months[0] & months[1]) / len(months[0])}, (
                "Those are calendar months. The windows are 30 days each, counted back from the day.")


@exercise(
    "6.4b", title="Qinghe beside CDNOW",
    fields=[Field("r", "r of Qinghe's members", "shape", decimals=3, tolerance=0.002),
            Field("alpha", "alpha", "weeks", decimals=2, tolerance=0.01),
            Field("times", "Repeat orders of a new customer in ten weeks, Qinghe / CDNOW", "ratio",
                  decimals=1, tolerance=0.06)],
    hint="`history = clv.summary(bought, until=\"2025-06-22\")`; its columns frequency, recency and age go to "
         "`clv.fit_bgnbd`. "
         "A model of CDNOW needs no data: `clv.BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426).expected_repeats(10)`.",
    needs=("orders", "customers"),
)
class BesideCdnow(Exercise):
    praise = ("Both r lie well below 1: many who hardly buy, few who buy all the time. Alpha is a time, so the smaller "
              "one is the faster shop. "
              "Of a and b say nothing: cut the data three weeks earlier and b is 22 instead of 16.")
    explain = ("The published CDNOW parameters make a model as good as a fitted one; `expected_repeats(10)` is "
               "equation 9 of the paper for both, and the answer is their ratio.")
    code = ('history = clv.summary(bought, until="2025-06-22")\n'
            'fit = clv.fit_bgnbd(history.frequency, history.recency, history.age)\n'
            'cdnow = clv.BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426)\n'
            'qinghe_r, qinghe_alpha = fit.r, fit.alpha\n'
            'times_cdnow = fit.expected_repeats(10) / cdnow.expected_repeats(10)')

    CDNOW = clv.BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426)

    @staticmethod
    def fitted(history):
        return clv.fit_bgnbd(history.frequency, history.recency, history.age, at_limit="keep")

    @cached_property
    def fit(self):
        return self.fitted(samples.held_out(self.tables))

    def right(self):
        fit = self.fit
        return fit.r, fit.alpha, fit.expected_repeats(10) / self.CDNOW.expected_repeats(10)

    def mistakes(self):
        cdnow, fit, history = self.CDNOW, self.fit, samples.held_out(self.tables)
        whole = self.fitted(clv.summary(samples.member_visits(self.tables), samples.cut_and_end(self.tables)[1]))
        yield {"r": whole.r}, (
            "You fitted all 26 weeks. The ten weeks after 22 June are kept back to judge the forecast.")
        yield {"alpha": whole.alpha}, (
            "You fitted all 26 weeks. The ten weeks after 22 June are kept back to judge the forecast.")
        counted = self.fitted(history.assign(frequency=history.frequency + 1))
        yield {"r": counted.r}, (
            "You counted all orders. Frequency is the number of repeat purchases: the first does not count, since "
            "everybody has one.")
        yield {"alpha": counted.alpha}, (
            "You counted all orders. Frequency is the number of repeat purchases: the first does not count, since "
            "everybody has one.")
        yield {"alpha": 7 * fit.alpha}, "That is alpha in days. The summary counts in weeks, as CDNOW did."
        yield {"r": 0.243}, "That is CDNOW's r. Fit Qinghe's."
        yield {"alpha": 4.414}, "That is CDNOW's alpha. Fit Qinghe's."
        yield {"times": cdnow.expected_repeats(10) / fit.expected_repeats(10)}, (
            "You turned the ratio round: Qinghe on top, CDNOW below.")
        yield {"times": fit.r / fit.alpha * cdnow.alpha / cdnow.r}, (
            "That is the ratio of the rates while a customer. In ten weeks some leave, and at CDNOW more; use "
            "`expected_repeats(10)`.")
        yield {"times": whole.expected_repeats(10) / cdnow.expected_repeats(10)}, (
            "You fitted all 26 weeks; the ten weeks after 22 June are kept back.")
        yield {"times": fit.expected_repeats(39) / cdnow.expected_repeats(39)}, (
            "That is the ratio after 39 weeks, the paper's horizon. Ten weeks are asked.")
        yield {"times": fit.expected_repeats(10)}, "That is Qinghe's number alone. Divide it by CDNOW's."
        yield {"times": (1 + fit.expected_repeats(10)) / (1 + cdnow.expected_repeats(10))}, (
            "You added the first order to both. Repeat orders only.")


@exercise(
    "6.4c", title="Five hundred calls",
    hint="Orders to come × value of an order, for everyone who has bought by 22 June: "
         "`fit_bgnbd(...).expected_purchases(10, ...)` times "
         "`fit_gamma_gamma(...).expected_value(...)`, with the money as it was known that evening "
         "(`amount=\"known\"`); Gamma-Gamma is fitted to those "
         "whose `mean_value` is above zero. Sort, take 500, give their ids.",
    needs=("orders", "customers", "refunds"),
)
class FiveHundredCalls(Exercise):
    praise = ("That is about as well as one evening's knowledge allows. Now remember what this list is: those who "
              "will spend, and not those whom a call would move; for that, leave every fifth uncalled.")
    explain = ("The forecast of orders says who comes, the forecast of value with how much. The first does most of the "
               "work here, since members differ more in how often "
               "they come than in what they spend on an order. Past spending is what both were in spring.")
    code = ('known = clv.summary(orders, until="2025-06-22", amount="known")\n'
            'repeated = known[known.mean_value > 0]            # some of a repeat order was kept\n'
            'who_buys = clv.fit_bgnbd(known.frequency, known.recency, known.age)\n'
            'how_much = clv.fit_gamma_gamma(repeated.frequency, repeated.mean_value)\n'
            'score = (who_buys.expected_purchases(10, known.frequency, known.recency, known.age)\n'
            '         * how_much.expected_value(known.frequency, known.mean_value))\n'
            'chosen = known.index[np.argsort(-score)[:500]].tolist()')

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
            (past.monetary, "That is the list of those who had spent most. A third of them had stopped: divide what "
                            "they were from what they are."),
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

    def chosen_by(self, answer):
        """(the customer ids of an answer, "") or (None, the sentence that says why they are not 500 of the buyers)."""
        if isinstance(answer, pd.DataFrame) and "customer_id" in answer:
            answer = answer.customer_id
        if isinstance(answer, (pd.Series, pd.DataFrame)):      # a ranking has its customers in the index
            values = np.ravel(answer.to_numpy()).tolist()
            answer = values if set(values) & set(self.tables.customers.customer_id) else answer.index
        ids, problem = id_list(answer, f"{self.MANY} customer ids are asked.")
        if problem:
            return None, problem
        if ids and all(isinstance(one, str) for one in ids) and all(one.strip().isdigit() for one in ids):
            ids = [int(one) for one in ids]                    # the same ids, written as texts
        if ids and all(isinstance(one, (bool, np.bool_)) for one in ids):
            return None, "Those are yes and no. Give the customer ids of those chosen."
        if len(ids) != self.MANY:
            return None, f"{self.MANY} ids are asked; you gave {len(ids)}."
        if len(set(ids)) != self.MANY:
            return None, f"{self.MANY - len(set(ids))} of your ids stand twice; nobody is called twice."
        strange = [one for one in ids if one not in self.history.index]
        if strange:
            return None, (
                f"{len(strange)} of your ids are not members who had bought by 22 June, the first of them "
                f"{strange[0]}.")
        return ids, ""

    def judge(self, answer):
        ids, problem = self.chosen_by(answer)
        if problem:
            return Verdict("wrong", problem, points=0.0)
        spent = self.history.actual_value
        best, drawn = spent.nlargest(self.MANY).sum(), self.MANY * spent.mean()
        share = spent[ids].sum() / best
        points = float(np.clip((share - drawn / best) / (0.65 - drawn / best), 0, 1))
        said = f"Your 500 spent {share:.0%} of what the best 500 did"
        if share > 0.85:
            return Verdict("wrong", (
                f"{said}. Nobody can know that on 22 June: what was spent after the cut must not be used to choose."),
                points=0.0)
        if share >= 0.65:
            return Verdict("right", f"{said}. {self.praise}")
        said += f"; lots would find {drawn / best:.0%}, and 65 % is asked. "
        for score, sentence in self.lists:
            if len(set(ids) & set(self.first(score))) > 0.9 * self.MANY:
                return Verdict("wrong", said + sentence, points=points)
        if share > 0.6:
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
            Field("away", "Customers driven away", "customers", decimals=0, tolerance=1.0),
            Field("money", "Saving of answering all within five minutes", "yuan after refunds",
                  decimals=0, tolerance=600)],
    hint="The difference of 0.107 is over all late-answered, but only those who would have come back can be lost: "
         "divide by 0.688 before you multiply by the late tickets.",
    needs=("orders", "customers", "tickets", "refunds"),
)
class FiveMinutes(Exercise):
    praise = ("About 900 orders. The true number, below, is smaller and within the interval. More than a hundred "
              "thousand yuan of sales; take the margin before you weigh the rota against it.")
    explain = ("Customers = late tickets × 0.107 / 0.688. Each would have made as many further orders as those "
               "answered in time, and an order leaves the mean of what was kept "
               "(all lines of an order together, refunds taken off).")
    code = ('late_tickets = (asked.wait > 5).sum()\n'
            'driven_away = late_tickets * 0.107 / 0.688      # only who would have come back can be lost\n'
            'saving = driven_away * asked.later[asked.wait <= 5].mean() * orders.kept.mean()')

    @cached_property
    def asked(self):
        return samples.service_tickets(self.tables)

    @cached_property
    def visits(self):
        return samples.member_visits(self.tables)

    def right(self):
        asked = self.asked
        away = asked.late.sum() * 0.107 / 0.688
        return asked.late.sum(), away, away * asked.later[asked.late == 0].mean() * self.visits.kept.mean()

    def mistakes(self):
        asked, visits, (late, away, _) = self.asked, self.visits, self.right()
        in_time, aov, lines = asked[asked.late == 0], visits.kept.mean(), samples.member_orders(self.tables)
        everyone = self.tables.tickets.dropna(subset="answered")
        yield {"late": int(((everyone.answered - everyone.opened).dt.total_seconds() > 300).sum())}, (
            "Those are all tickets of the firm. The difference was measured on tickets about members' orders; use it "
            "for those.")
        yield {"late": len(asked)}, (
            "Those are all tickets about members' orders. Count the ones answered later than five minutes.")
        yield {"late": len(asked) - late}, "Those are the tickets answered in time."
        yield {"late": samples.judged(asked).late.sum()}, (
            "Those are the tickets old enough to be judged. The loss goes on to the end: count all of the season.")
        yield {"away": late * 0.107}, (
            "You left out the 0.688. The 0.107 counts those without an order; a third would have had none anyway, so "
            "more have left than you see.")
        yield {"away": late * 0.107 * 0.688}, (
            "You multiplied by 0.688. Those who would not have come anyway hide the loss, so it is larger than it "
            "looks: divide.")
        yield {"away": len(asked) * 0.107 / 0.688}, (
            "You multiplied by all tickets. Only the late-answered were kept waiting.")
        yield {"away": late * 0.134 / 0.688}, (
            "You used the naive difference of 0.134, in which complaints and newcomers are counted as slow service.")
        yield {"money": away * in_time.later.mean() * visits.paid_amount.mean()}, (
            "You left the refunds in. A part of what is paid goes back; an order leaves the mean of `orders.kept`.")
        yield {"money": away * in_time.later.mean() * visits.kept[visits.kept > 0].mean()}, (
            "You left out the orders that went back in full. They are among the orders that come, and they bring "
            "nothing.")
        yield {"money": away * aov}, (
            "You counted one order each. A customer who stays would have ordered again and again: see `later`.")
        yield {"money": away * in_time.later.mean() * lines.paid_amount.mean()}, (
            "You used the mean of an order line. An order may have several; sum them first, and take the refunds off.")
        yield {"money": away * asked.later[asked.late == 1].mean() * aov}, (
            "You used the later orders of the late-answered, among them those who left. Ask what they would have "
            "done: take the ones answered in time.")
        yield {"money": late * 0.107 * in_time.later.mean() * aov}, "You left out the 0.688: divide by it."
        yield {"money": late * in_time.later.mean() * aov}, (
            "That is the money of all late-answered. Only a share of them left because of it.")
