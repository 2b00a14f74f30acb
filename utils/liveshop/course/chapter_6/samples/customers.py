"""Customer relations: orders and money by customer, the forecast of ten weeks, and tickets that were answered late."""

import numpy as np
import pandas as pd

from liveshop.course.chapter_6.samples.orders import DAY, WEEK, member_orders, members
from liveshop.methods import clv
from liveshop.tables.memory import once_per_tables


@once_per_tables
def cut_and_end(tables):
    """(cut, end): the last day with an order, and the day ten weeks before it; what lies between is kept to judge by.

    A payment shortly after midnight opens no further day.
    """
    lines = member_orders(tables)
    end = (lines.created if "created" in lines else lines.paid).max().normalize()
    return end - 10 * WEEK, end


@once_per_tables
def member_visits(tables):
    """The members' orders, one row each, with number (0 for a customer's first), and money where it is known.

    paid_amount; kept: after refunds up to the end; known: for orders up to the cut less what had gone back by that
    evening, for later ones kept.
    """
    lines, (cut, end) = member_orders(tables), cut_and_end(tables)
    visits = lines.drop_duplicates("order_id")[["order_id", "customer_id", "paid"]].sort_values("paid")
    visits["number"] = visits.groupby("customer_id").cumcount()
    if "paid_amount" not in lines:
        return visits
    visits["paid_amount"] = visits.order_id.map(lines.groupby("order_id").paid_amount.sum())

    def kept_by(day):
        if "refunds" not in tables:
            return visits.paid_amount
        back = tables.refunds[tables.refunds.refunded < day + DAY].groupby("order_id").refunded_amount.sum()
        return (visits.paid_amount - visits.order_id.map(back).fillna(0)).clip(lower=0)

    visits["kept"] = kept_by(end)
    visits["known"] = kept_by(cut).where(visits.paid.dt.normalize() <= cut, visits.kept)
    return visits


def buyers_between(orders, first, last):
    """Customers with an order on one of these days."""
    within = (orders.paid >= pd.Timestamp(first)) & (orders.paid < pd.Timestamp(last) + DAY)
    return set(orders.customer_id[within].unique())


@once_per_tables
def held_out(tables):
    """Customers who had bought by the cut, in the numbers of BG/NBD, and what they did in the ten weeks after it."""
    return clv.holdout(member_visits(tables), *cut_and_end(tables), amount="known")


@once_per_tables
def own_accord(tables):
    """The order lines that come of habit alone: of the uninvited, without orders by coupon and group deal."""
    lines, came = member_orders(tables), members(tables).route
    deals = tables.shares.order_id[tables.shares.what == "group_deal"]
    uninvited = lines.customer_id.isin(came.index[came != "referral"])
    return lines[lines.coupon_id.isna() & ~lines.order_id.isin(deals) & uninvited]


def q_of_whole_garments(tables, truth, seeds=range(5)):
    """Gamma-Gamma's q, mean over the seeds: of wishes with the planted shapes, and of the same wishes at real baskets.

    The wish of each order keeps its rank and becomes the basket of that rank: nobody can spend ¥25 on whole garments.
    """
    baskets = member_orders(tables).groupby("order_id").paid_amount.sum().to_numpy()
    p, q = truth["social.basket_p"], truth["social.basket_q"]
    v = truth["social.basket_mean"] * (q - 1) / p
    found = []
    for seed in seeds:
        rng = np.random.default_rng(seed)
        frequency = 1 + rng.geometric(0.3, 3000)
        owner = np.repeat(np.arange(3000), frequency)
        wish = rng.gamma(p, 1 / rng.gamma(q, 1 / v, 3000)[owner])
        served = np.quantile(baskets, wish.argsort().argsort() / (len(wish) - 1))
        means = [np.bincount(owner, values) / frequency for values in (wish, served)]
        found.append([clv.fit_gamma_gamma(frequency, mean).q for mean in means])
    return np.mean(found, axis=0)


@once_per_tables
def foretold(tables):
    """held_out with silent_days, alive (chance) and, for ten weeks, orders_ahead, order_value and value_ahead.

    BG/NBD of all, Gamma-Gamma of those of whose repeat orders something was kept: the others do not tell their worth.
    """
    held = held_out(tables)
    kept = held[held.mean_value > 0]
    habit = clv.fit_bgnbd(held.frequency, held.recency, held.age, at_limit="keep")
    worth = clv.fit_gamma_gamma(kept.frequency, kept.mean_value)
    return held.assign(
        silent_days=7 * (held.age - held.recency),
        alive=habit.probability_alive(held.frequency, held.recency, held.age),
        orders_ahead=habit.expected_purchases(10, held.frequency, held.recency, held.age),
        order_value=worth.expected_value(held.frequency, held.mean_value),
        value_ahead=lambda d: d.orders_ahead * d.order_value,
    )


def grade_of_forecast(error):
    """What a forecast of a total is good for, in words, by its error on weeks that it had not seen."""
    if abs(error) < 0.05:
        return "good enough to plan totals with"
    if abs(error) < 0.15:
        return "fair for totals"
    why = ("more came than habits promise, so look for a season or a campaign" if error < 0
           else "fewer came, so look for what drove them away or had drawn them before")
    return f"no basis for totals, though it may still rank; {why}"


def two_looks(error, earlier):
    """What two errors of one model, ten weeks apart, say together."""
    if abs(error - earlier) > 0.1:
        return ("So far apart, the season speaks and not the model: for totals scale the forecast by what these weeks "
                "did last year; what it is worth for ranking the next table shows.")
    return "So near each other, the error is the model's own and not the season's: scale totals by it."


def call_lists(held, rfm):
    """The scores by which people make a list to call: name of the list -> score by customer.

    held: what foretold gives; rfm: clv.rfm on the evening of the cut.
    """
    past = rfm.reindex(held.index)
    return {
        "value ahead, the model": held.value_ahead, "orders ahead, the model": held.orders_ahead,
        "R + F + M": past[["r", "f", "m"]].sum(axis=1), "spent so far": past.monetary,
        "bought most recently": -held.silent_days, "chance to be alive": held.alive,
    }


def found_by(score, what, calls):
    """What the first of a list bring; who ties with others counts as the mean of them all, so no lot decides."""
    return what.groupby(score).transform("mean")[score.nlargest(calls).index].sum()


def calls_goal(tables, calls=500):
    """The share of the best list's money that a list of calls must find: the model's, to the whole per cent below."""
    held = foretold(tables)
    found = found_by(held.value_ahead, held.actual_value, calls) / held.actual_value.nlargest(calls).sum()
    return np.floor(100 * found) / 100


@once_per_tables
def service_tickets(tables):
    """Tickets about members' orders, each with her next order after it.

    wait (minutes), late (more than five), gone (no order in eight weeks), later (orders up to the end of the data),
    weeks_left (to that end), order_number (of the order asked about, 6 and more together).
    """
    visits, end = member_visits(tables), cut_and_end(tables)[1]
    counted = visits.assign(orders=visits.groupby("customer_id").order_id.transform("size"))
    asked = tables.tickets.dropna(subset=["order_id", "answered"]).drop(columns="customer_id", errors="ignore")
    counted = counted[["customer_id", "paid", "number", "orders"]]
    return pd.merge_asof(
        asked.merge(visits[["order_id", "customer_id", "number"]], on="order_id").sort_values("opened"),
        counted.rename(columns={"paid": "next_order", "number": "next_number"}),
        left_on="opened", right_on="next_order", by="customer_id", direction="forward", allow_exact_matches=False,
    ).assign(
        wait=lambda d: (d.answered - d.opened).dt.total_seconds() / 60,
        late=lambda d: (d.wait > 5).astype(float),
        gone=lambda d: 1.0 - (d.next_order - d.opened <= 8 * WEEK),
        later=lambda d: (d.orders - d.next_number).fillna(0),
        weeks_left=lambda d: (end - d.opened).dt.days / 7,
        order_number=lambda d: d.number.clip(upper=6).astype(str),
    )


def judged(tickets):
    """Tickets old enough to have had the eight weeks in which she may come back."""
    return tickets[tickets.weeks_left >= 8]


def equal_conditions(tickets):
    """What is held equal between late and prompt answers; not the hour, which decides the wait."""
    return [one for one in ["order_number", "topic", "weeks_left"] if one in tickets and tickets[one].nunique() > 1]


def harm_of_waiting(tickets, truth):
    """The planted share of those answered late whom the wait drove away, ticket by ticket."""
    late = tickets.wait[tickets.late == 1]
    return truth["service.leave"] * (1 - np.exp(-(late - truth["service.standard"]) / truth["service.patience"]))
