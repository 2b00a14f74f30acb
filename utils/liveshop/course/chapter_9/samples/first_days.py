"""The first thirty days: five numbers of one's own shop to start from, and what is done about each."""

import pandas as pd

from liveshop import metrics

RIPE = pd.Timedelta(weeks=3)         # refunds of older lines are in, as 2.3 counts
PROMPT = pd.Timedelta(minutes=5)     # the standard of 6.4

# Area, what is done first, who owns it, by which day, and the number that says whether it works.
STEPS = [
    ("people", "Set next week's agents by the busiest hour", "service lead", 5,
     "answers later than five minutes, or none"),
    ("content", "Brief one post for each group of members", "content lead", 10,
     "share of paid money from rooms and posts"),
    ("data", "Write one definition of net sales on one page", "analyst", 3,
     "refunded, of lines paid three weeks ago and more"),
    ("customers", "Leave every fifth member of the next mailing out, by lot", "member lead", 15,
     "buyers who bought again within 30 days"),
    ("compliance", "Have a second person read every script before it is said", "legal", 1,
     "tickets for 100 orders"),
]
AREAS = [area for area, *_ in STEPS]


def where_we_stand(tables):
    """The number of each area now: a frame by area of number (what it is) and now (a share, or tickets for 100 orders).

    The last payment is today. Missing where a table (refunds, tickets) or a column (source) is not there, or nothing
    can be counted.
    """
    orders = tables.orders[tables.orders.paid.notna()]
    today = orders.paid.max()
    now = {area: float("nan") for area in AREAS} | {"customers": metrics.repurchase_rate(orders, today)}
    if "tickets" in tables and len(tables.tickets):
        now["people"] = 1 - (tables.tickets.answered - tables.tickets.opened <= PROMPT).mean()
        now["compliance"] = 100 * len(tables.tickets) / orders.order_id.nunique()
    if "source" in orders:
        now["content"] = 1 - orders.paid_amount[orders.source == "shelf"].sum() / orders.paid_amount.sum()
    if "refunds" in tables:
        now["data"] = metrics.refund_rate(orders[orders.paid <= today - RIPE], tables.refunds)
    return pd.DataFrame({"number": {area: number for area, *_, number in STEPS}, "now": now}).loc[AREAS]


def fields(now):
    """The fields of the card that are known, as {name: share}. now: what `where_we_stand` gives."""
    of = {"late": "people", "refunded": "data", "again": "customers"}
    return {name: round(float(now.now[area]), 3) for name, area in of.items() if pd.notna(now.now[area])}


def first_month(now):
    """The table of the card: a row a step, in the order of its day. now: what `where_we_stand` gives."""
    rows = [(day, area, first, owner, number, _written(now.now[area], area), "")
            for area, first, owner, day, number in sorted(STEPS, key=lambda step: step[3])]
    return pd.DataFrame(rows, columns=["by day", "area", "first step", "owner", "number", "now", "goal on day 30"])


def _written(value, area):
    """A number of the table as text: tickets with one decimal, shares as per cent."""
    if pd.isna(value):
        return "not known"
    return f"{value:.1f}" if area == "compliance" else f"{value:.1%}"
