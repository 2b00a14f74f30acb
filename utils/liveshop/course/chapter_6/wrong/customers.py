"""Wrong ways in section 6.4: the repurchase rate, Qinghe beside CDNOW, and what late answers cost."""

import numpy as np
import pandas as pd

from liveshop.course.chapter_6 import samples
from liveshop.methods import clv
from liveshop.metrics import repurchase_rate

DAY = pd.Timedelta(days=1)

# -- the repurchase rate (6.4a) ----------------------------------------------------------------------------


def other_bases(asked):
    """Rates of other people: what they are divided by, and whose orders count."""
    orders, between, again, share = asked.orders, samples.buyers_between, asked.again, asked.share
    ever = {on: between(orders, "2025-01-01", on - 30 * DAY) for on in asked.DAYS}
    ever_now = {on: between(orders, "2025-01-01", on) for on in asked.DAYS}
    both = asked.both
    yield both(lambda on: share(again(on)[1], ever[on])), (
        "That is the share of the last month's buyers who had ever bought before. It looks back and rises as the shop "
        "grows older; the platform looks on, from the buyers of 31 to 60 days ago.")
    yield both(lambda on: share(*again(on)[::-1])), (
        "You divided by the buyers of the last 30 days. The people asked about are those of 31 to 60 days ago.")
    for base in (ever, ever_now):
        yield both(lambda on, base=base: share(base[on], again(on)[1])), (
            "You took everyone who ever bought as the base. The definition takes the buyers of 31 to 60 days ago only.")
        yield both(lambda on, base=base: len(set.intersection(*again(on))) / len(base[on])), (
            "You divided by everyone who ever bought. Divide by the buyers of 31 to 60 days ago.")
    yield both(lambda on: len(set.intersection(*again(on))) / len(set.union(*again(on)))), (
        "You divided by the buyers of both windows together.")
    yield both(lambda on: len(set.intersection(*again(on))) / len(samples.members(asked.tables))), (
        "You divided by all members. Divide by the buyers of 31 to 60 days ago.")
    yield both(lambda on: len(again(on)[1]) / len(again(on)[0])), (
        "That is how many bought, for each who bought before, whoever they are. Count of the earlier those who came "
        "again.")
    yield both(lambda on: len(again(on)[0]) / len(again(on)[1])), (
        "Those are the two numbers of buyers, one by the other. Count of the earlier those who came again.")
    yield both(lambda on: len(set.intersection(*again(on)))), (
        "That is a number of customers. Divide it by the buyers of 31 to 60 days ago.")
    newcomers = {on: again(on)[0] - between(orders, "2025-01-01", on - 60 * DAY) for on in asked.DAYS}
    yield both(lambda on: share(newcomers[on], again(on)[1])), (
        "You took only those whose first order lies 31 to 60 days back. All who bought then are the base.")
    paid = asked.tables.orders.dropna(subset=["customer_id", "paid"])
    yield both(lambda on: share(*again(on, paid))), (
        "These are all orders of the firm. Take the members' orders in the social shop.")
    yield both(lambda on: share(*again(on, paid[paid.source != "live"]))), (
        "These are all orders but those in rooms. Take the members' orders in the social shop.")
    for source in sorted(set(paid.source) - {"social"}):
        yield both(lambda on, lines=paid[paid.source == source]: share(*again(on, lines))), (
            f"These are orders of the source {source}. Take the members' orders in the social shop.")


def other_windows(asked):
    """Rates with other windows, or on other days."""
    orders, between, again, share, both = asked.orders, samples.buyers_between, asked.again, asked.share, asked.both
    windows = "The definition has two windows of 30 days, one after the other."
    other = f"Your windows have other lengths, or end on other days (asked: 11 July, 18 August). {windows}"
    right = asked.right()
    for recent, earlier in ((60, 120), (90, 180), (45, 90), (30, 90), (30, 120), (7, 14), (7, 60), (14, 28),
                            (60, 90)):
        found = both(lambda on, r=recent, e=earlier: share(*again(on, recent=r, earlier=e)))
        if max(abs(one - other) for one, other in zip(found, right, strict=True)) > 0.006:
            yield found, other
    yield both(lambda on: share(again(on)[0], between(orders, on + DAY, on + 30 * DAY))), (
        f"You looked 30 days ahead of the day. {windows} The later one ends on the day.")
    yield both(lambda on: share(again(on)[1], between(orders, on + DAY, on + 30 * DAY))), (
        f"You went on from the last 30 days to the next. {windows} The later one ends on the day.")
    yield both(lambda on: repurchase_rate(orders, on)), (
        "That ends the window before the day itself, as a time of midnight does. Give the day as text or as a date.")
    yield both(lambda on: share(*again(on + DAY))), "That is the next day. The day itself is the last."
    for shift in (-30, -14, -7, 7):
        yield both(lambda on, shift=shift: share(*again(on + shift * DAY))), other
    for months in (-1, 1):
        yield both(lambda on, months=months: share(*again(on + pd.DateOffset(months=months)))), other
    yield both(lambda on: share(*again(on + pd.offsets.MonthEnd()))), other
    yield both(lambda on: share(*again(on - pd.offsets.MonthBegin() - DAY))), other
    for august in ("2025-08-11", "2025-08-31", "2025-07-18"):
        yield {"august": share(*again(pd.Timestamp(august)))}, other
    for july in ("2025-07-01", "2025-07-18", "2025-07-31", "2025-06-11"):
        yield {"july": share(*again(pd.Timestamp(july)))}, other
    yield both(lambda on: share(between(orders, on.replace(day=1) - pd.DateOffset(months=1), on.replace(day=1) - DAY),
                                between(orders, on.replace(day=1), on))), (
        "Those are calendar months. The windows are 30 days each, counted back from the day.")


def orders_for_people(asked):
    """Orders counted in place of customers, and other repeats."""
    orders, visits, both = asked.orders, samples.member_visits(asked.tables), asked.both

    def window(frame, on, first, last):
        return frame[(frame.paid >= on - (first - 1) * DAY) & (frame.paid < on - (last - 1) * DAY)]

    def counted(on, frame=orders, unit=None):
        last, before = window(frame, on, 30, 0), window(frame, on, 60, 30)
        came = last[last.customer_id.isin(before.customer_id)]
        return (len(came) / len(before)) if unit is None else came[unit].nunique() / before[unit].nunique()

    def repeated(on):
        last, before = window(orders, on, 30, 0), window(orders, on, 60, 30)
        return before.customer_id.isin(last.customer_id).mean()

    for value in (counted, lambda on: counted(on, unit="order_id"), lambda on: counted(on, visits), repeated):
        yield both(value), "You counted orders or their lines. The rate is of customers: each counts once."
    twice = "Two windows are asked: who of the earlier came in the later."
    yield both(lambda on: (window(visits, on, 30, 0).groupby("customer_id").size() > 1).mean()), (
        f"That is the share with two orders within the last 30 days. {twice}")
    yield both(lambda on: (window(visits, on, 60, 0).groupby("customer_id").size() > 1).mean()), (
        f"That is the share with two orders within 60 days. {twice}")
    yield both(lambda on: (visits[visits.paid < on + DAY].groupby("customer_id").size() > 1).mean()), (
        f"That is the share with two orders in all the time so far. {twice}")
    yield both(lambda on: (window(visits, on, 30, 0).number > 0).mean()), (
        f"That is the share of orders that are not the first. {twice}")
    yield both(lambda on: (visits.groupby("customer_id").size() > 1).mean()), (
        f"That is the share with two orders in the season. {twice}")


# -- beside CDNOW (6.4b) -----------------------------------------------------------------------------------


def other_histories(asked):
    """All three answers of other histories."""
    visits, history = samples.member_visits(asked.tables), asked.history
    cut, end = samples.cut_and_end(asked.tables)
    yield asked.answers(asked.fitted(clv.summary(visits, end))), (
        "You fitted all 26 weeks. The ten weeks after 22 June are kept back to judge the forecast.")
    for days in (70, 53, 42, 28, 22, 21, 14, 7, 2):
        yield asked.answers(asked.fitted(clv.summary(visits, cut - days * DAY))), (
            "You cut the orders too early. The history goes up to the evening of 22 June.")
    for days in (7, 8, 14, 28, 39, 56):
        yield asked.answers(asked.fitted(clv.summary(visits, cut + days * DAY))), (
            "You cut the orders too late. The history goes up to the evening of 22 June.")
    yield asked.answers(asked.fitted(history.assign(frequency=history.frequency + 1))), (
        "You counted all orders. Frequency is the number of repeat purchases: the first does not count, since "
        "everybody has one.")
    paid = asked.tables.orders.dropna(subset=["customer_id", "paid"])
    for lines, name in ((paid, "all customers of the firm"), (paid[paid.source == "live"], "the buyers in rooms")):
        yield asked.answers(asked.fitted(clv.summary(lines, cut))), (
            f"You fitted {name}. Take the members' orders in the social shop.")
    yield asked.answers(asked.fitted(history[history.frequency > 0])), (
        "You left out those who bought once. They are part of the history.")
    fit, model = asked.fit, "Asked are r and α."
    yield {"r": fit.a, "alpha": fit.b}, f"Those are a and b, of leaving. {model}"
    yield {"r": 0.243, "alpha": 4.414}, "Those are CDNOW's. Fit Qinghe's."
    yield {"r": fit.standard_errors["r"], "alpha": fit.standard_errors["alpha"]}, (
        f"Those are standard errors. {model}")


def parameters(asked):
    """What people give for r or alpha alone."""
    fit, history = asked.fit, asked.history
    yield {"r": fit.r / fit.alpha}, "That is r / α, the orders a week while a customer. Asked is r."
    yield {"r": fit.alpha / fit.r}, "That is α / r, the weeks from order to order. Asked is r."
    yield {"r": history.frequency.mean()}, "That is the mean of repeat orders so far. Asked is the r of the fit."
    yield {"alpha": 7 * fit.alpha}, "That is alpha in days. The summary counts in weeks, as CDNOW did."
    yield {"alpha": 7 * fit.alpha / 30}, "That is alpha in months. The summary counts in weeks, as CDNOW did."
    yield {"alpha": fit.r / fit.alpha}, "That is r / α, the orders a week while a customer. Asked is α."
    yield {"alpha": fit.alpha / fit.r}, "That is α / r, the weeks from order to order. Asked is α."


def forecasts(asked):
    """What people set beside CDNOW."""
    cdnow, fit = asked.CDNOW, asked.fit
    own, theirs = fit.expected_repeats(10), cdnow.expected_repeats(10)
    use = "How often somebody orders needs all four numbers: `expected_repeats(10)` of both."
    for value, sentence in (
        (fit.r / cdnow.r, f"That is the ratio of the two r. {use}"),
        (fit.alpha / cdnow.alpha, f"That is the ratio of the two α. {use}"),
        (cdnow.alpha / fit.alpha, f"That is the ratio of the two α. {use}"),
        (fit.a / cdnow.a, f"That is the ratio of the two a. {use}"),
        (fit.r / fit.alpha * cdnow.alpha / cdnow.r, "That is the ratio of the rates while a customer. In ten weeks "
                                                    "some leave, and at CDNOW more; use `expected_repeats(10)`."),
        (fit.a / (fit.a + fit.b) * (cdnow.a + cdnow.b) / cdnow.a, f"That is the ratio of leaving. {use}"),
        (own, "That is Qinghe's number alone. Divide it by CDNOW's."),
        (theirs, "That is CDNOW's number alone. Divide Qinghe's by it."),
        (own - theirs, "That is a difference. Divide Qinghe's by CDNOW's."),
        ((1 + own) / (1 + theirs), "You added the first order to both. Repeat orders only."),
        (100 * (own / theirs - 1), "That is how many per cent more. Asked is the ratio."),
        (own / cdnow.expected_repeats(39), "Qinghe's are of ten weeks, CDNOW's of 39. Take ten weeks for both."),
        (fit.expected_repeats(39) / theirs, "CDNOW's are of ten weeks, Qinghe's of 39. Take ten weeks for both."),
    ):
        yield {"times": value}, sentence
    for weeks in (1, 10 / 7, 4, 5, 12, 16, 20, 26, 39, 43, 52, 70):
        yield {"times": fit.expected_repeats(weeks) / cdnow.expected_repeats(weeks)}, (
            "That is the ratio after another time. Ten weeks are asked, and both models count in weeks.")


# -- what five minutes save (6.4d) -------------------------------------------------------------------------


def late_counts(asked):
    """Other counts of tickets, down the chain."""
    tickets, late = asked.asked, asked.asked.late.sum()
    everyone = asked.tables.tickets.dropna(subset="answered")
    wait = (everyone.answered - everyone.opened).dt.total_seconds() / 60
    firm = ("Those are tickets of the whole firm. The difference was measured on tickets about members' orders; use it "
            "for those.")
    for count, sentence in (
        ((wait > 5).sum(), firm), (len(everyone), firm),
        (len(tickets), "Those are all tickets about members' orders. Count the ones answered later than five minutes."),
        (len(tickets) - late, "Those are the tickets answered in time."),
        (samples.judged(tickets).late.sum(), "Those are the tickets old enough to be judged. The loss goes on to the "
                                             "end: count all of the season."),
        (len(samples.judged(tickets)), "Those are all tickets old enough to be judged. Count the late ones, to the "
                                       "end."),
        ((tickets.wait >= 5).sum(), "You counted those answered after exactly five minutes too: later than five is "
                                    "asked."),
        (tickets.customer_id[tickets.late == 1].nunique(), "Those are customers. Count the tickets."),
        ((tickets.wait > 300).sum(), "`wait` is in minutes: later than 5, not 300."),
        (tickets.late.mean(), "That is a share. Count the tickets."),
        *(((tickets.wait > minutes).sum(), f"Those waited more than {minutes} minutes. The standard is five.")
          for minutes in (4, 6, 10, 15, 30, 60)),
    ):
        yield asked.chain(count), sentence


def losses(asked):
    """Other numbers of customers driven away, and their money."""
    tickets, (late, _, _), (difference, returning, naive) = asked.asked, asked.right(), asked.given
    judged = samples.judged(tickets)
    gone = judged.gone.groupby(judged.late).mean()
    divide = "Only who would have come back can be lost: late tickets × difference / share who ordered again."
    for away, sentence in (
        (late * difference, "You left out the division: the difference counts those without an order; some would have "
                            "had none anyway, so more have left than you see."),
        (late * difference * returning, "You multiplied by the share who ordered again. Those who would not have come "
                                        "anyway hide the loss, so it is larger than it looks: divide."),
        (late * difference / (1 - returning), f"You divided by those who did not come again. {divide}"),
        (late * returning / difference, f"You turned the two round. {divide}"),
        (late * returning, f"Those are the ones who would have come again. {divide}"),
        (late * (returning - difference), f"You subtracted. {divide}"),
        (len(tickets) * difference / returning, "You multiplied by all tickets. Only the late-answered were kept "
                                                "waiting."),
        (len(tickets) * difference, f"You multiplied by all tickets, and left out the division. {divide}"),
        (late * naive / returning, "You used the naive difference, in which complaints and newcomers are counted as "
                                   "slow service."),
        (late * naive, f"You used the naive difference, and left out the division. {divide}"),
        (late * (1 - returning), "Those are all who would have stayed away in any case. Asked are those whom waiting "
                                 "drove away."),
        (late * gone[1.0], "Those are all late-answered without an order. Some would have had none anyway."),
        (late, "Those are all late-answered. Only a share of them left because of it."),
        (100 * difference / returning, "That is a per cent. Multiply the share by the late tickets."),
        (difference / returning, "That is a share. Multiply it by the late tickets."),
    ):
        yield dict(zip(("away", "money"), asked.chain(late, away)[1:], strict=True)), sentence


def money(asked):
    """Other money for the same customers."""
    tickets, visits, (_, away, right) = asked.asked, asked.visits, asked.right()
    in_time, judged = tickets[tickets.late == 0], samples.judged(tickets)
    later, kept, lines = in_time.later.mean(), visits.kept.mean(), samples.member_orders(asked.tables)
    customers = visits.groupby("customer_id")
    average = "Money = customers × mean of `later` of those answered in time × mean of `orders.kept`."
    for value, sentence in (
        (away * later * visits.paid_amount.mean(), "You left the refunds in. A part of what is paid goes back; an "
                                                   "order leaves the mean of `orders.kept`."),
        (away * later * visits.known.mean(), "You took what was known at the cut. At the end an order leaves the mean "
                                             "of `orders.kept`."),
        (away * later * visits.kept[visits.kept > 0].mean(), "You left out the orders that went back in full. They are "
                                                             "among the orders that come, and they bring nothing."),
        (away * later * visits.kept.median(), "That is with the median order. Money adds up by means."),
        (away * later * lines.paid_amount.mean(), "You used the mean of an order line. An order may have several; sum "
                                                  "them first, and take the refunds off."),
        (away * later * customers.kept.sum().mean(), "That is with the money of a customer. `later` counts her orders "
                                                     "already: take the money of an order."),
        (away * customers.kept.sum().mean(), f"You took all orders of a customer, or those of everybody. {average}"),
        (away * (customers.size().mean() - 1) * kept, f"You took the repeat orders of a customer. {average}"),
        (away * kept, "You counted one order each. A customer who stays would have ordered again and again: see "
                      "`later`."),
        (away * visits.paid_amount.mean(), f"You counted one order each, and left the refunds in. {average}"),
        (away * (1 + later) * kept, f"You added an order to `later`. {average}"),
        (away * later, f"That is too small: orders, thousands of yuan, or the money of one customer? {average}"),
        (away * tickets.later[tickets.late == 1].mean() * kept, "You used the later orders of the late-answered, among "
                                                                "them those who left. Ask what they would have done: "
                                                                "take the ones answered in time."),
        (away * tickets.later.mean() * kept, f"You took all orders of a customer, or those of everybody. {average}"),
        (away * in_time.later[in_time.later > 0].mean() * kept, "You left out those who made no further order. They "
                                                                "are among those answered in time."),
        (away * judged.later[judged.late == 0].mean() * kept, "You took `later` of the tickets old enough to be "
                                                              "judged, "
                                                              "who had more time. All answered in time are asked."),
        (right / 6, "That is a month. The season is asked."), (right / 26, "That is a week. The season is asked."),
        (2 * right, "That is a year. The season is asked."),
        (right / 2, "You took a half of it off. The money after refunds is asked, before any costs."),
    ):
        if np.isfinite(value):
            yield {"money": value}, sentence
