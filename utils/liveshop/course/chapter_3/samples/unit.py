"""What 3.3 counts: the money that an order leaves, what was spent to win, and the newcomers old enough to be judged.

Route: by which a customer came first (`customers.route`). Age: days since she joined, in months of thirty days.
"""

import numpy as np
import pandas as pd

from liveshop import metrics
from liveshop.tables.memory import once_per_tables

SHIPPING, RETURNING = 9.0, 12.0     # yuan an order sent, yuan a line that comes back: what Qinghe's carrier takes
SPENT = {"traffic": "live", "influencer": "paid", "content": "content", "referral": "referral"}   # kind -> route
MONTHS, DAYS = 4, 30


def customers(tables):
    """Customers with a route; all of one route, "all", where the table does not know any."""
    known = tables.customers
    route = known.route.astype(object) if "route" in known else pd.Series(np.nan, known.index, dtype=object)
    return known.assign(route=route.fillna("unknown" if route.notna().any() else "all"))


@once_per_tables
def order_margins(tables):
    """One row a paid order: order_id, customer_id, day (paid), source, channel_id, and in yuan what it leaves.

    gmv, refunded, goods and fees (of what is kept), back: lines that came back · ordered: before refunds, shipping and
    returns, only goods and fees off · shipped: shipping off too · margin: after refunds and returns. An order carries
    its refunds on the day on which it was paid.
    """
    paid = tables.orders.dropna(subset=["paid"])
    back = tables.refunds.drop_duplicates(["order_id", "line_no"]).groupby("order_id").size()

    def left(refunds):
        table = metrics.contribution(paid, refunds, tables.products, tables.channels, per="order_id")
        return table.set_index("order_id")[["gmv", "refunded", "goods", "fees", "contribution"]]

    there = [name for name in ("order_id", "customer_id", "paid", "source", "channel_id") if name in paid]
    orders = paid.drop_duplicates("order_id")[there].rename(columns={"paid": "day"})
    orders = orders.join(left(tables.refunds), on="order_id")
    orders["ordered"] = orders.order_id.map(left(tables.refunds.iloc[:0]).contribution)
    orders["shipped"] = orders.ordered - SHIPPING
    orders["back"] = orders.order_id.map(back).fillna(0)
    return orders.assign(margin=orders.contribution - SHIPPING - RETURNING * orders.back)


def season(tables):
    """First and last day on which an order was placed."""
    created = tables.orders.created.dropna()
    return created.min().normalize(), created.max().normalize()


def window(tables, months=MONTHS):
    """First and last day of joining of those who can be judged: whole weeks from the first day of the orders, with
    ``months`` of thirty days to be seen after the last of them. Raises ValueError when the orders are too short."""
    first, last = season(tables)
    weeks = ((last - first).days + 2 - DAYS * months) // 7
    if weeks < 1:
        raise ValueError(f"The orders span {(last - first).days + 1} days: too few to see a customer for "
                         f"{months} months of {DAYS} days. Ask for fewer months.")
    return first, first + pd.Timedelta(days=7 * weeks - 1)


def joined_between(people, first, last):
    """Customers who joined on these days, both included."""
    return people[people.joined.dt.normalize().between(first, last)]


def money_to_win(tables):
    """What was spent to win customers: rows with day, route, item, amount, in yuan. 3.2 and 3.3 count by it.

    What finance booked (`acquisition_costs`, on the first day of its week), where there is such a table, and the money
    of `spend` whose kind works for one route (`SPENT`; its item is that kind); coupons are a price, not a cost of
    winning. Where customers know no route, all the money goes to "all". Raises ValueError when neither table is there.
    """
    parts, columns = [], ["day", "route", "item", "amount"]
    if "acquisition_costs" in tables:
        parts.append(tables.acquisition_costs.rename(columns={"week": "day"}).reindex(columns=columns))
    if "spend" in tables:
        own = tables.spend.assign(route=tables.spend.kind.map(SPENT), item=tables.spend.kind)
        parts.append(own.dropna(subset=["route"])[columns])
    if not parts:
        raise ValueError("Nothing says what winning customers cost: put `spend` or `acquisition_costs` beside the "
                         "tables.")
    money = pd.concat(parts, ignore_index=True)
    return money.assign(route="all") if (customers(tables).route == "all").all() else money


def months_bought(people, orders, months=MONTHS):
    """In which months since joining a customer paid an order: a row a customer, a column a month, True or False.

    people: with customer_id and joined · orders: paid order lines with customer_id and paid.
    """
    paid = orders.merge(people[["customer_id", "joined"]], on="customer_id")
    month = (paid.paid.dt.normalize() - paid.joined.dt.normalize()).dt.days // DAYS
    seen = (month >= 0) & (month < months)
    bought = pd.crosstab(paid.customer_id[seen], month[seen]) > 0
    return bought.reindex(index=people.customer_id, columns=range(months), fill_value=False)


def judged(tables, months=MONTHS):
    """The newcomers of `window`."""
    return joined_between(customers(tables), *window(tables, months))


def active_late(people, margins, first, last):
    """Those of ``people`` who bought between two days, both included: the survivors."""
    late = margins[margins.day.dt.normalize().between(first, last)]
    return people[people.customer_id.isin(late.customer_id)]


def next_from(tables, route="live", days=60):
    """For the question what the *next* newcomers by a route leave in their first ``days``: four groups of customers.

    cohort: all who joined in the window · survivors: those of them who still bought in its second month after the end,
    31 to 60 days later · next: who joined after the window, outside the festival and early enough to be seen ·
    festival: who joined in the days of the festival.
    """
    people, (first, last), end = customers(tables), window(tables), season(tables)[1]
    people, day = people[people.route == route], pd.Timedelta(days=1)
    fest = tables.streams.started[tables.streams.is_festival.fillna(False).astype(bool)].dt.normalize()
    cohort = joined_between(people, first, last)
    later = joined_between(people, last + day, end - (days - 1) * day)
    in_festival = later.joined.dt.normalize().between(fest.min(), fest.max())
    late = active_late(cohort, order_margins(tables), last + 31 * day, last + 60 * day)
    return {"cohort": cohort, "survivors": late, "next": later[~in_festival], "festival": later[in_festival]}


def one_page(tables, people, months=MONTHS):
    """The white cells of the sheet: a row a route, what `playbook.unit_sheet` wants, of these newcomers.

    newcomers, money (spent on them, yuan), basket (yuan paid an order), refunded, goods, fees (shares, the last two of
    what is kept), back (lines that come back, an order), and orders a newcomer in month 1, 2 … as month_0, month_1 …
    """
    margins = order_margins(tables).merge(people[["customer_id", "route", "joined"]], on="customer_id")
    month = (margins.day.dt.normalize() - margins.joined.dt.normalize()).dt.days // DAYS
    margins = margins.assign(month=month)[(month >= 0) & (month < months)]
    joined = people.joined.dt.normalize()
    costs = money_to_win(tables)
    costs = costs[costs.day.between(joined.min(), joined.max())].groupby("route").amount.sum()
    sums = margins.groupby("route")[["gmv", "refunded", "goods", "fees", "back"]].sum()
    orders = margins.groupby("route").size()
    page = pd.DataFrame({"newcomers": people.groupby("route").size(), "money": costs}).fillna(0)
    page = page.assign(basket=sums.gmv / orders, refunded=sums.refunded / sums.gmv, back=sums.back / orders,
                       goods=sums.goods / (sums.gmv - sums.refunded), fees=sums.fees / (sums.gmv - sums.refunded))
    each = pd.crosstab(margins.route, margins.month).reindex(columns=range(months), fill_value=0)
    each = each.div(page.newcomers, axis=0).rename(columns="month_{}".format)
    return page.join(each).dropna()


def in_words(month):
    """A month of payback as a card says it."""
    return "not yet" if pd.isna(month) else f"month {int(month)}"


def number_of(month):
    """A month of payback as a text says it: its number, or "4+" where the months seen were not enough."""
    return f"{MONTHS}+" if pd.isna(month) else f"{int(month)}"


def board(page):
    """The rows of the card: a row a route, with what its newcomer costs and leaves, and when she has paid back.

    page: rows by route with customers, per_customer, left, per_yuan, month, earliest, latest.
    """
    spans = [f"{in_words(row.month)} ({number_of(row.earliest)} to {number_of(row.latest)})"
             for row in page.itertuples()]
    return page.reset_index(names="route")[["route", "customers"]].rename(columns={"customers": "newcomers"}).assign(**{
        "cost": [f"{value:,.0f}" for value in page.per_customer], "left": [f"{value:,.0f}" for value in page.left],
        "per yuan": [f"{value:.2f}" for value in page.per_yuan], "paid back": spans})
