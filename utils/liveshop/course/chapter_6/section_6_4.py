"""Exercises of section 6.4, Customer relations."""

import numpy as np
import pandas as pd

from liveshop.practice import Exercise, Field, Verdict, exercise
from liveshop.tables.memory import once_per_tables

CUT, END, CALLS = "2025-06-22", "2025-08-31", 500


@once_per_tables
def member_orders(tables):
    """Paid order lines of members in the social shop."""
    members = tables.customers.customer_id[tables.customers.member_since.notna()]
    orders = tables.orders.dropna(subset=["customer_id", "paid"])
    return orders[orders.customer_id.isin(members) & (orders.source == "social")]


@once_per_tables
def member_visits(tables):
    """One row an order of members: paid_amount, kept (after refunds up to the end), and known.

    known is what was left as far as the evening of the cut could tell: for orders up to the cut less what had gone
    back by then, for later orders less what went back by the end.
    """
    lines = member_orders(tables)
    visits = lines.sort_values("paid").drop_duplicates("order_id")[["order_id", "customer_id", "paid"]]
    visits["paid_amount"] = visits.order_id.map(lines.groupby("order_id").paid_amount.sum())

    def kept(until):
        back = tables.refunds[tables.refunds.refunded < pd.Timestamp(until) + pd.Timedelta(days=1)]
        return (visits.paid_amount - visits.order_id.map(back.groupby("order_id").refunded_amount.sum()).fillna(0)).clip(lower=0)

    visits["kept"] = kept(END)
    visits["known"] = kept(CUT).where(visits.paid.dt.normalize() <= pd.Timestamp(CUT), visits.kept)
    return visits


def order_worth(history):
    """Gamma-Gamma of customers of whose repeat orders something was kept."""
    from liveshop.methods import clv

    kept = history[history.mean_value > 0]
    return clv.fit_gamma_gamma(kept.frequency, kept.mean_value)


def buyers(orders, first, last):
    """Customers with an order on one of these days."""
    within = (orders.paid >= pd.Timestamp(first)) & (orders.paid < pd.Timestamp(last) + pd.Timedelta(days=1))
    return set(orders.customer_id[within].unique())


def came_again(orders, on, days=30):
    """Of the buyers of the period before last, the share who bought in the last one; the day itself is the last day."""
    day = pd.Timedelta(days=1)
    earlier = buyers(orders, on - (2 * days - 1) * day, on - days * day)
    return len(earlier & buyers(orders, on - (days - 1) * day, on)) / len(earlier)


def service_tickets(tables):
    """Tickets about members' orders: wait in minutes, and later, the orders that came after the ticket was opened."""
    visits = member_visits(tables)[["order_id", "customer_id", "paid"]]
    asked = tables.tickets.dropna(subset=["order_id", "answered"]).drop(columns="customer_id").merge(visits[["order_id", "customer_id"]], on="order_id")
    counted = visits.sort_values("paid").assign(left=lambda d: d.groupby("customer_id").cumcount(ascending=False) + 1)[["customer_id", "paid", "left"]]
    asked, counted = asked.astype({"opened": "datetime64[us]"}), counted.astype({"paid": "datetime64[us]"})
    asked = pd.merge_asof(asked.sort_values("opened"), counted, left_on="opened", right_on="paid", by="customer_id", direction="forward", allow_exact_matches=False)
    return asked.assign(wait=(asked.answered - asked.opened).dt.total_seconds() / 60, later=asked.left.fillna(0))


def id_list(answer, asked):
    """(the ids of an answer as a list, no problem) or (None, the sentence that says why it is no list of ids)."""
    if isinstance(answer, str):
        return None, f"That is a text, not a list. {asked}"
    try:
        ids = list(answer)
    except TypeError:
        return None, f"That is no list. {asked}"
    if any(isinstance(one, (list, tuple, set, dict, np.ndarray, pd.Series, pd.Index)) for one in ids):
        return None, f"Your list has lists in it. {asked}"
    empty = sum(bool(pd.isna(one)) for one in ids)
    if empty:
        return None, f"{empty} of the ids are missing values (NaN or None). {asked}"
    return ids, ""


@exercise(
    "6.4a", title="Repurchase by the platform's definition",
    fields=[Field("july", "30-day repurchase rate on 31 July", "fraction of the buyers of 31 to 60 days ago", decimals=3),
            Field("august", "30-day repurchase rate on 31 August", "fraction of the buyers of 31 to 60 days ago", decimals=3)],
    hint="`metrics.repurchase_rate(orders, on)` has the definition in its docstring. By hand: two sets of customers; divide by the *earlier* one.",
    needs=("orders", "customers"),
)
class Repurchase(Exercise):
    praise = ("It fell by five points in August. Before you ask what went wrong in August, ask what was special in July: every second member "
              "had a coupon from 7 July on, and whoever came for it counts as a buyer of 31 to 60 days ago in August.")
    explain = "The earlier month gives the people, the later month says who of them came again. Both windows have 30 days, and the day itself belongs to the later one."
    code = ('repurchase_july_64 = metrics.repurchase_rate(bought_64, "2025-07-31")\n'
            'repurchase_august_64 = metrics.repurchase_rate(bought_64, "2025-08-31")')

    def right(self):
        from liveshop.metrics import repurchase_rate

        orders = member_orders(self.tables)
        return repurchase_rate(orders, "2025-07-31"), repurchase_rate(orders, "2025-08-31")

    def mistakes(self):
        from liveshop.metrics import repurchase_rate

        orders = member_orders(self.tables)[["customer_id", "paid"]]
        paid = self.tables.orders.dropna(subset=["customer_id", "paid"])[["customer_id", "paid"]]
        july, august = self.right()
        yield {"july": august, "august": july}, "You gave them in the other order: July first."
        for field, on in (("july", pd.Timestamp("2025-07-31")), ("august", pd.Timestamp("2025-08-31"))):
            day = pd.Timedelta(days=1)
            recent, before = buyers(orders, on - 29 * day, on), buyers(orders, on - 59 * day, on - 30 * day)
            ever = buyers(orders, "2025-01-01", on - 30 * day)
            yield {field: len(recent & ever) / len(recent)}, (
                "That is the share of the last month's buyers who had ever bought before. It looks back and rises as the shop grows older; "
                "the platform looks on, from the buyers of 31 to 60 days ago.")
            yield {field: len(recent & before) / len(recent)}, "You divided by the buyers of the last 30 days. The people asked about are those of 31 to 60 days ago."
            yield {field: len(recent & ever) / len(ever)}, "You took everyone who ever bought as the base. The definition takes the buyers of 31 to 60 days ago only."
            yield {field: came_again(paid, on)}, "These are all orders of the firm. Take the members' orders in the social shop, `bought_64`."
            yield {field: came_again(orders, on, days=60)}, "Your windows have 60 days. The definition has two windows of 30."
            yield {field: repurchase_rate(orders, on)}, "A time of midnight ends the window before the day itself. Give the day as text or as a date."
            yield {field: len(before & recent) / len(before | recent)}, "You divided by the buyers of both months together."
            months = buyers(orders, on.replace(day=1) - pd.DateOffset(months=1), on.replace(day=1) - day), buyers(orders, on.replace(day=1), on)
            yield {field: len(months[0] & months[1]) / len(months[0])}, "Those are calendar months. The windows are 30 days each, counted back from the day."


@once_per_tables
def fitted(tables, until=CUT):
    """The members' history of orders up to a day, and BG/NBD fitted to it."""
    from liveshop.methods import clv

    history = clv.summary(member_orders(tables), until)
    return history, clv.fit_bgnbd(history.frequency, history.recency, history.age)


@exercise(
    "6.4b", title="Qinghe beside CDNOW",
    fields=[Field("r", "r of Qinghe's members", "shape", decimals=3, tolerance=0.002), Field("alpha", "alpha", "weeks", decimals=2, tolerance=0.01),
            Field("times", "Repeat orders of a new customer in ten weeks, Qinghe / CDNOW", "ratio", decimals=1, tolerance=0.06)],
    hint="`history = clv.summary(bought_64, until=\"2025-06-22\")`; its columns frequency, recency and age go to `clv.fit_bgnbd`. "
         "A model of CDNOW needs no data: `clv.BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426).expected_repeats(10)`.",
    needs=("orders", "customers"),
)
class BesideCdnow(Exercise):
    praise = ("Both r lie well below 1: many who hardly buy, few who buy all the time. Alpha is a time, so the smaller one is the faster shop. "
              "Of a and b say nothing: cut the data three weeks earlier and b is 22 instead of 16.")
    explain = "The published CDNOW parameters make a model as good as a fitted one; `expected_repeats(10)` is equation 9 of the paper for both, and the answer is their ratio."
    code = ('history = clv.summary(bought_64, until="2025-06-22")\n'
            'fit = clv.fit_bgnbd(history.frequency, history.recency, history.age)\n'
            'cdnow = clv.BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426)\n'
            'qinghe_r_64, qinghe_alpha_64 = fit.r, fit.alpha\n'
            'times_cdnow_64 = fit.expected_repeats(10) / cdnow.expected_repeats(10)')

    def right(self):
        from liveshop.methods import clv

        _, fit = fitted(self.tables)
        return fit.r, fit.alpha, fit.expected_repeats(10) / clv.BgNbd(0.243, 4.414, 0.793, 2.426).expected_repeats(10)

    def mistakes(self):
        from liveshop.methods import clv

        cdnow = clv.BgNbd(0.243, 4.414, 0.793, 2.426)
        history, fit = fitted(self.tables)
        _, whole = fitted(self.tables, END)
        yield {"r": whole.r}, "You fitted all 26 weeks. The ten weeks after 22 June are kept back to judge the forecast."
        yield {"alpha": whole.alpha}, "You fitted all 26 weeks. The ten weeks after 22 June are kept back to judge the forecast."
        counted = clv.fit_bgnbd(history.frequency + 1, history.recency, history.age, at_limit="keep")
        yield {"r": counted.r}, "You counted all orders. Frequency is the number of repeat purchases: the first does not count, since everybody has one."
        yield {"alpha": counted.alpha}, "You counted all orders. Frequency is the number of repeat purchases: the first does not count, since everybody has one."
        yield {"alpha": 7 * fit.alpha}, "That is alpha in days. The summary counts in weeks, as CDNOW did."
        yield {"r": 0.243}, "That is CDNOW's r. Fit Qinghe's."
        yield {"alpha": 4.414}, "That is CDNOW's alpha. Fit Qinghe's."
        yield {"times": cdnow.expected_repeats(10) / fit.expected_repeats(10)}, "You turned the ratio round: Qinghe on top, CDNOW below."
        yield {"times": fit.r / fit.alpha * cdnow.alpha / cdnow.r}, "That is the ratio of the rates while a customer. In ten weeks some leave, and at CDNOW more; use `expected_repeats(10)`."
        yield {"times": whole.expected_repeats(10) / cdnow.expected_repeats(10)}, "You fitted all 26 weeks; the ten weeks after 22 June are kept back."
        yield {"times": fit.expected_repeats(39) / cdnow.expected_repeats(39)}, "That is the ratio after 39 weeks, the paper's horizon. Ten weeks are asked."
        yield {"times": fit.expected_repeats(10)}, "That is Qinghe's number alone. Divide it by CDNOW's."
        yield {"times": (1 + fit.expected_repeats(10)) / (1 + cdnow.expected_repeats(10))}, "You added the first order to both. Repeat orders only."


@exercise(
    "6.4c", title="Five hundred calls",
    hint="Orders to come × value of an order, for everyone who has bought by 22 June: `fit_bgnbd(...).expected_purchases(10, ...)` times "
         "`fit_gamma_gamma(...).expected_value(...)`, with the money as it was known that evening (`amount=\"known\"`); Gamma-Gamma is fitted to those "
         "whose `mean_value` is above zero. Sort, take 500, give their ids.",
    needs=("orders", "customers", "refunds"),
)
class FiveHundredCalls(Exercise):
    praise = "That is about as well as one evening's knowledge allows. Now remember what this list is: those who will spend, and not those whom a call would move; for that, leave every fifth uncalled."
    explain = ("The forecast of orders says who comes, the forecast of value with how much. The first does most of the work here, since members differ more in how often "
               "they come than in what they spend on an order. Past spending is what both were in spring.")
    code = ('known = clv.summary(visits_64, until="2025-06-22", amount="known")\n'
            'repeated = known[known.mean_value > 0]            # some of a repeat order was kept\n'
            'who_buys = clv.fit_bgnbd(known.frequency, known.recency, known.age)\n'
            'how_much = clv.fit_gamma_gamma(repeated.frequency, repeated.mean_value)\n'
            'score = (who_buys.expected_purchases(10, known.frequency, known.recency, known.age)\n'
            '         * how_much.expected_value(known.frequency, known.mean_value))\n'
            'chosen_64 = known.index[np.argsort(-score)[:500]].tolist()')

    def scores(self):
        """The lists people make: score by customer, and what to say about it."""
        from liveshop.methods import clv

        history = clv.holdout(member_visits(self.tables), CUT, END, amount="known")
        fit = fitted(self.tables)[1]
        money = order_worth(history)
        orders = fit.expected_purchases(10, history.frequency, history.recency, history.age)
        past = clv.rfm(member_visits(self.tables), CUT, amount="known").reindex(history.index)
        value = pd.Series(orders * money.expected_value(history.frequency, history.mean_value), history.index)
        return history, value, {
            "That is the list of those who had spent most. A third of them had stopped: divide what they were from what they are.": past.monetary,
            "That is the list of the most recent buyers. Recent is good, but a first order of last week says little.": -past.recency_days,
            "You ranked by the chance to be alive. Everyone with a single order has the chance 1 in this model, so the list is full of people who bought once.":
                pd.Series(fit.probability_alive(history.frequency, history.recency, history.age), history.index),
            "You ranked by the average order. One large basket is not a habit; orders to come decide more than their size.":
                past.monetary / past.frequency,
            "You ranked by the number of orders so far. The regulars of April are in it, and some of them are gone.": past.frequency.astype(float),
        }

    @staticmethod
    def _best(score):
        return score.sort_values(ascending=False, kind="stable").index[:CALLS].tolist()

    def judge(self, answer):
        if isinstance(answer, pd.DataFrame) and "customer_id" in answer:
            answer = answer.customer_id
        if isinstance(answer, (pd.Series, pd.DataFrame)):      # a ranking has its customers in the index
            values = np.ravel(answer.to_numpy()).tolist()
            answer = values if set(values) & set(self.tables.customers.customer_id) else answer.index
        ids, problem = id_list(answer, f"{CALLS} customer ids are asked.")
        if problem:
            return Verdict("wrong", problem, points=0.0)
        if ids and all(isinstance(one, str) for one in ids) and all(one.strip().isdigit() for one in ids):
            ids = [int(one) for one in ids]                    # the same ids, written as texts
        if ids and all(isinstance(one, (bool, np.bool_)) for one in ids):
            return Verdict("wrong", "Those are yes and no. Give the customer ids of those chosen.", points=0.0)
        if len(ids) != CALLS:
            return Verdict("wrong", f"{CALLS} ids are asked; you gave {len(ids)}.", points=0.0)
        if len(set(ids)) != CALLS:
            return Verdict("wrong", f"{CALLS - len(set(ids))} of your ids stand twice; nobody is called twice.", points=0.0)
        history, value, others = self.scores()
        strange = [one for one in ids if one not in history.index]
        if strange:
            return Verdict("wrong", f"{len(strange)} of your ids are not members who had bought by 22 June, the first of them {strange[0]}.", points=0.0)
        best, drawn = history.actual_value.nlargest(CALLS).sum(), CALLS * history.actual_value.mean()
        share = history.actual_value[ids].sum() / best
        points = float(np.clip((share - drawn / best) / (0.65 - drawn / best), 0, 1))
        if share > 0.85:
            return Verdict("wrong", f"Your 500 spent {share:.0%} of what the best 500 did. Nobody can know that on 22 June: what was spent after the cut must not be used to choose.", points=0.0)
        if share >= 0.65:
            return Verdict("right", f"Your 500 spent {share:.0%} of what the best 500 did. " + self.praise)
        said = f"Your 500 spent {share:.0%} of what the best 500 did; lots would find {drawn / best:.0%}, and 65 % is asked. "
        for sentence, score in others.items():
            if len(set(ids) & set(self._best(score))) > 0.9 * CALLS:
                return Verdict("wrong", said + sentence, points=points)
        if share > 0.6:
            return Verdict("wrong", said + "Close: that is about what RFM reaches. Multiply expected orders by expected value.", points=points)
        return Verdict("wrong", said + "Rank by expected orders in ten weeks times the expected value of an order.", points=points)

    def examples_right(self):
        _, value, _ = self.scores()
        best = self._best(value)
        return [best, pd.Index(best), value[best]]

    def examples_wrong(self):
        history, value, others = self.scores()
        yield self._best(value)[:499], "you gave 499"
        yield [self._best(value)[0]] * CALLS, "stand twice"
        yield list(range(CALLS)), "not members"
        yield "100119", "That is a text"
        yield 500.0, "no list"
        yield [np.nan] * CALLS, "missing"
        yield [self._best(value)], "lists in it"
        yield [True] * CALLS, "yes and no"
        yield history.actual_value.nlargest(CALLS).index.tolist(), "Nobody can know"
        for sentence, score in others.items():
            yield self._best(score), sentence[:20]


@exercise(
    "6.4d", title="What five minutes save",
    fields=[Field("late", "Answered later than five minutes", "tickets", decimals=0), Field("away", "Customers driven away", "customers", decimals=0, tolerance=1.0),
            Field("money", "Saving of answering all within five minutes", "yuan after refunds", decimals=0, tolerance=600)],
    hint="The difference of 0.107 is over all late-answered, but only those who would have come back can be lost: divide by 0.688 before you multiply by the late tickets.",
    needs=("orders", "customers", "tickets", "refunds"),
)
class FiveMinutes(Exercise):
    praise = "About 900 orders. The true number, below, is smaller and within the interval. More than a hundred thousand yuan of sales; take the margin before you weigh the rota against it."
    explain = ("Customers = late tickets × 0.107 / 0.688. Each would have made as many further orders as those answered in time, and an order leaves the mean of what was kept "
               "(all lines of an order together, refunds taken off).")
    code = ('late_tickets_64 = (asked_64.wait > 5).sum()\n'
            'driven_away_64 = late_tickets_64 * 0.107 / 0.688      # only who would have come back can be lost\n'
            'saving_64 = driven_away_64 * asked_64.later[asked_64.wait <= 5].mean() * visits_64.kept.mean()')

    def right(self):
        asked = service_tickets(self.tables)
        late = int((asked.wait > 5).sum())
        away = late * 0.107 / 0.688
        return late, away, away * asked.later[asked.wait <= 5].mean() * member_visits(self.tables).kept.mean()

    def mistakes(self):
        asked, orders = service_tickets(self.tables), member_orders(self.tables)
        late, in_time = int((asked.wait > 5).sum()), asked[asked.wait <= 5]
        away, visits = late * 0.107 / 0.688, member_visits(self.tables)
        aov = visits.kept.mean()
        everyone = self.tables.tickets.dropna(subset="answered")
        yield {"late": int(((everyone.answered - everyone.opened).dt.total_seconds() > 300).sum())}, (
            "Those are all tickets of the firm. The difference was measured on tickets about members' orders; use it for those.")
        yield {"late": len(asked)}, "Those are all tickets about members' orders. Count the ones answered later than five minutes."
        yield {"late": len(asked) - late}, "Those are the tickets answered in time."
        seen = asked[(pd.Timestamp(END) - asked.opened).dt.days >= 56]
        yield {"late": int((seen.wait > 5).sum())}, "Those are the tickets old enough to be judged. The loss goes on to the end: count all of the season."
        yield {"away": late * 0.107}, "You left out the 0.688. The 0.107 counts those without an order; a third would have had none anyway, so more have left than you see."
        yield {"away": late * 0.107 * 0.688}, "You multiplied by 0.688. Those who would not have come anyway hide the loss, so it is larger than it looks: divide."
        yield {"away": len(asked) * 0.107 / 0.688}, "You multiplied by all tickets. Only the late-answered were kept waiting."
        yield {"away": late * 0.134 / 0.688}, "You used the naive difference of 0.134, in which complaints and newcomers are counted as slow service."
        yield {"money": away * in_time.later.mean() * visits.paid_amount.mean()}, "You left the refunds in. A part of what is paid goes back; an order leaves the mean of `visits_64.kept`."
        yield {"money": away * in_time.later.mean() * visits.kept[visits.kept > 0].mean()}, "You left out the orders that went back in full. They are among the orders that come, and they bring nothing."
        yield {"money": away * aov}, "You counted one order each. A customer who stays would have ordered again and again: see `later`."
        yield {"money": away * in_time.later.mean() * orders.paid_amount.mean()}, "You used the mean of an order line. An order may have several; sum them first, and take the refunds off."
        yield {"money": away * asked.later[asked.wait > 5].mean() * aov}, "You used the later orders of the late-answered, among them those who left. Ask what they would have done: take the ones answered in time."
        yield {"money": late * 0.107 * in_time.later.mean() * aov}, "You left out the 0.688: divide by it."
        yield {"money": late * in_time.later.mean() * aov}, "That is the money of all late-answered. Only a share of them left because of it."
