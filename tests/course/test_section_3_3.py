"""Section 3.3 against the truth: what a customer costs and leaves, over twenty seasons, and where it fails."""

import csv
import os
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from common import own_tables
from liveshop import practice
from liveshop.course.chapter_3.samples import paths, unit
from liveshop.methods import economics
from liveshop.practice.exercise import bound, find
from liveshop.tables import adapt_all
from printed import printed

REAL = os.environ.get("LIVESHOP_REAL_DATA", "")

ROUTES = ("content", "live", "paid", "referral", "search")


@pytest.fixture(scope="module")
def page(tables):
    """Cost, cohorts before and after refunds, of the newcomers that the section judges."""
    people, (first, last) = unit.judged(tables), unit.window(tables)
    money = unit.money_to_win(tables)
    cost = economics.acquisition_cost(money[money.day.between(first, last)], people, first, last).per_customer
    end = unit.season(tables)[1]
    return people, cost, {name: economics.cohort_margin(people, unit.order_margins(tables), end, amount=name)
                          for name in ("ordered", "margin")}


# --- the truth over seasons ----------------------------------------------------------------------

@pytest.mark.parametrize("route", ROUTES)
def test_cost_by_newcomers_is_the_planted_cost_and_by_orders_it_is_not(recovered, route):
    naive, fair = (recovered.loc[f"acquisition.cost_per_customer: {route}", way]
                   for way in ("naive", "new customers"))
    assert abs(fair.bias.mean()) < 0.03 * fair.true.iloc[0]
    assert (naive.estimate < 0.8 * naive.true).all()


def test_the_cohort_tells_what_the_next_leave_and_survivors_twice_as_much(recovered):
    naive, cohort = (recovered.loc["newcomers.margin_of_the_next", way] for way in ("naive", "cohort"))
    assert abs((cohort.estimate / cohort.true).mean() - 1) < 0.1
    assert (naive.estimate / naive.true).min() > 1.3 and (naive.estimate / naive.true).mean() > 1.8


def test_most_intervals_of_the_cohort_hold_what_came_and_none_of_the_survivors(recovered):
    """They hold the luck of both groups of customers, and not that of the weeks: fewer than 19 of 20."""
    naive, cohort = (recovered.loc["newcomers.margin_of_the_next", way] for way in ("naive", "cohort"))
    festival = recovered.loc["newcomers.margin_of_the_festival", "cohort"]
    held = [one.true.between(one.low, one.high).sum() for one in (naive, cohort, festival)]
    assert held[0] <= 1 and held[1] >= 14 and held[2] <= 1


def test_it_fails_for_the_newcomers_of_the_festival(recovered):
    cohort = recovered.loc["newcomers.margin_of_the_festival", "cohort"]
    assert (cohort.estimate > 1.2 * cohort.true).all()


# --- this season ----------------------------------------------------------------------------------

def test_live_pays_back_in_month_two_and_on_what_was_ordered_at_once(page):
    _, cost, seen = page
    after, before = (seen[name].payback(cost).loc["live"] for name in ("margin", "ordered"))
    assert after.month == 2 and after.earliest <= 2 <= after.latest and before.month == 0


def test_search_and_referral_pay_back_at_once(page):
    _, cost, seen = page
    assert (seen["margin"].payback(cost).month[["search", "referral"]] == 0).all()


def test_margin_of_an_order_by_hand(tables):
    """Independent of metrics: line by line, for one order that came back in part and for the sum of all."""
    margins = unit.order_margins(tables).set_index("order_id")
    lines = tables.orders.dropna(subset=["paid"]).merge(
        tables.refunds[["order_id", "line_no", "refunded_amount"]], how="left", on=["order_id", "line_no"])
    kept = np.where(lines.paid_amount > 0, 1 - (lines.refunded_amount.fillna(0) / lines.paid_amount).clip(0, 1), 0)
    fee = lines.channel_id.map(tables.channels.set_index("channel_id")[["take_rate", "payment_fee_rate"]].sum(axis=1))
    goods = lines.quantity * lines.product_id.map(tables.products.set_index("product_id").unit_cost)
    left = lines.paid_amount * kept * (1 - fee) - goods * kept - 12 * lines.refunded_amount.notna()
    by_hand = left.groupby(lines.order_id).sum() - 9
    assert np.allclose(margins.margin, by_hand.reindex(margins.index), atol=0.02)


def test_the_sheet_of_the_page_is_the_cohort(tables, page):
    """What an order leaves times the orders of a newcomer is exactly the cohort's margin."""
    people, _, seen = page
    cells = unit.one_page(tables, people)
    order = (cells.basket * (1 - cells.refunded) * (1 - cells.goods - cells.fees) - unit.SHIPPING
             - unit.RETURNING * cells.back)
    left = order * cells.filter(like="month_").sum(axis=1)
    cohort = seen["margin"].margin.reindex(left.index)
    assert np.allclose(left, cohort.iloc[:, -1])
    early = cells.filter(like="month_").cumsum(axis=1).mul(order, axis=0)     # every order as the average one
    assert (early.to_numpy() / cohort.to_numpy() - 1 == pytest.approx(0, abs=0.1))


def test_survivors_are_chosen_by_what_they_are_judged_on(tables):
    groups = unit.next_from(tables)
    assert set(groups["survivors"].customer_id) < set(groups["cohort"].customer_id)
    assert groups["next"].joined.min() > groups["cohort"].joined.max()
    assert not set(groups["next"].customer_id) & set(groups["festival"].customer_id)


def test_festival_newcomers_order_less_and_leave_less_of_an_order(tables):
    """The cause that the section names for its failing case: fewer and cheaper orders; refunds hardly differ."""
    margins, seen = unit.order_margins(tables), {}
    for name, group in unit.next_from(tables).items():
        own = margins.merge(group[["customer_id", "joined"]], on="customer_id")
        own = own[(own.day.dt.normalize() - own.joined.dt.normalize()).dt.days < 60]
        seen[name] = len(own) / len(group), own.margin.mean(), own.gmv.mean(), own.refunded.sum() / own.gmv.sum()
    assert all(seen["festival"][at] < 0.85 * seen["next"][at] for at in range(3))
    assert abs(seen["festival"][3] - seen["next"][3]) < 0.05


def test_income_beside_the_margin_is_near_its_truth(tables):
    """About a fifth; the truth takes a partly refunded line as one that came back whole, and coupons as spend."""
    profit = unit.order_margins(tables).margin.sum() - unit.money_to_win(tables).amount.sum()
    share = 1 - economics.income_shares(profit, tables.income)["product margin"]
    assert share == pytest.approx(tables.truth["income.share_of_profit"], abs=0.02)


def test_who_takes_part_and_how_visits_began(tables):
    part = paths.taking_part(tables).groupby("source")[["commented", "shared", "takes_part"]].mean()
    assert part.takes_part["shelf"] < 0.5 * part.takes_part[["live", "social"]].min()
    assert part.commented.idxmax() == "live" and part.shared.idxmax() == "social"
    door = paths.paths(tables).groupby("source").door
    assert door.count()["social"] == 0 and (door.apply(lambda one: (one == "search").mean())["shelf"]) > 0.3


def test_talk_that_is_not_recorded_is_missing_and_not_a_no(tables):
    """Only rooms record who wrote, and only members are followed by the log of touches."""
    tracked = paths.paths(tables)
    assert ((tracked.source == "live") == tracked.wrote.notna()).all()
    member = tracked.customer_id.isin(tables.customers.customer_id[tables.customers.member_since.notna()])
    assert tracked[~member].touched.isna().all() and 0.5 < tracked[tracked.source == "social"].touched.mean() < 0.7


# --- published, and tables that are others' ---------------------------------------------------------

def test_the_multiples_that_the_text_prints():
    """Gupta and Lehmann: 80 % and 90 % at 10 %."""
    assert [printed(economics.margin_multiple(keep, 0.10), 2) for keep in (0.8, 0.9)] == [2.67, 4.50]


def small():
    """A shop of three newcomers and one old customer, by hand."""
    day = pd.Timestamp("2025-01-06")
    people = pd.DataFrame({"customer_id": [1, 2, 3, 4], "joined": [day, day, day, day - pd.Timedelta(days=99)]})
    orders = pd.DataFrame({
        "order_id": ["a", "b", "c", "d"], "line_no": 1, "customer_id": [1, 1, 2, 4], "product_id": "P",
        "channel_id": "C", "quantity": 1, "paid_amount": [100.0, 100, 50, 100],
        "created": [day, day + pd.Timedelta(days=40), day, day + pd.Timedelta(days=126)]})
    return {
        "customers": people, "orders": orders.assign(paid=orders.created),
        "refunds": pd.DataFrame({"order_id": ["c"], "line_no": [1], "refunded": [day], "refunded_amount": [50.0]}),
        "products": pd.DataFrame({"product_id": ["P"], "unit_cost": [40.0]}),
        "channels": pd.DataFrame({"channel_id": ["C"], "take_rate": [0.1], "payment_fee_rate": [0.0]}),
        "spend": pd.DataFrame({"day": [day], "kind": ["traffic"], "amount": [90.0]})}


def test_a_shop_without_routes_and_without_a_ledger():
    """All newcomers are one route, and all the money is theirs; an order that came back costs 9 + 12."""
    own = own_tables(small())
    assert unit.order_margins(own).margin.tolist() == [41, 41, -21, 41]
    assert unit.window(own) == (pd.Timestamp("2025-01-06"), pd.Timestamp("2025-01-12"))
    people = unit.judged(own)
    assert people.route.tolist() == ["all"] * 3
    cost = economics.acquisition_cost(unit.money_to_win(own), people, *unit.window(own))
    assert cost.loc["all", "per_customer"] == 30
    assert unit.months_bought(people, own.orders).sum().tolist() == [2, 1, 0, 0]


def test_a_shop_that_is_too_young_is_told_so():
    frames = small()
    own = own_tables(frames, orders=frames["orders"].iloc[:3])
    with pytest.raises(ValueError, match="too few to see a customer"):
        unit.window(own)


def test_a_shop_that_does_not_say_what_winning_cost():
    frames = small()
    del frames["spend"]
    own = own_tables(frames)
    with pytest.raises(ValueError, match="Nothing says what winning customers cost"):
        unit.money_to_win(own)


# --- exercises: wrong answers written from the questions alone ------------------------------------

def test_plausible_wrong_answers_are_named(tables):
    cost = bound(tables, find("3.3a"))
    new = tables.customers[tables.customers.joined >= "2025-03-03"]
    paying = new[new.customer_id.isin(tables.orders.dropna(subset=["paid"]).customer_id)].groupby("route").size()
    booked = tables.acquisition_costs.groupby("route").amount.sum()
    old = tables.customers.groupby("route").size()
    tried = [("3.3a", (booked["live"] / old["live"], booked["referral"] / old["referral"]), "earlier years"),
             ("3.3a", tuple(cost.right())[::-1], "exchanged"),
             ("3.3a", (booked["live"] / paying["live"], booked["referral"] / paying["referral"]), "never bought"),
             ("3.3b", (1, 4, 18.5), "from 1"), ("3.3b", (0, 3, 96.5), "before her own cost"),
             ("3.3b", (0, 2, 24.5), "each returned order"), ("3.3b", (0, 6, -11.2), "sold again"),
             ("3.3b", (0, 1, 64.6), "Refunds are not off")]
    for id, answers, words in tried:
        verdict = practice.judge.verdict(id, *answers, tables=tables)
        assert verdict.state == "wrong" and words in verdict.sentence, (id, answers, verdict.sentence)


# --- own data: documented layouts, totals by other code ---------------------------------------------

SHOPIFY = """
Name,Email,Financial Status,Paid at,Currency,Subtotal,Shipping,Total,Created at,Lineitem quantity,Lineitem name,\
Lineitem price,Lineitem sku,Refunded Amount
#1001,ann@shop.invalid,paid,2025-01-06 10:00:00 +0800,CNY,100.00,0,100.00,2025-01-06 09:59:00 +0800,1,Dress,60,D1,0
#1001,ann@shop.invalid,,,,,,,2025-01-06 09:59:00 +0800,2,Scarf,20.00,S1,
#1002,bea@shop.invalid,refunded,2025-01-07 10:00:00 +0800,CNY,50,0,50.00,2025-01-07 09:59:00 +0800,1,Scarf,50,S1,50
#1003,cat@shop.invalid,pending,,CNY,70.00,0,70.00,2025-01-08 09:59:00 +0800,1,Dress,70.00,D1,0
#1004,ann@shop.invalid,paid,2025-02-20 10:00:00 +0800,CNY,90,0,90,2025-02-20 09:59:00 +0800,1,Dress,90,D1,30
#1005,dora@shop.invalid,paid,2025-05-20 10:00:00 +0800,CNY,80,0,80.00,2025-05-20 09:59:00 +0800,1,Dress,80,D1,0
"""
OF_SHOPIFY = """
tables:                       # what belongs to an order stands on its first line: one row an order
  - table: orders
    aliases: false
    columns:
      order_id: Name
      line_no: {constant: 1}
      customer_id: {from: Email, pseudonym: true, take: first}
      product_id: {from: Lineitem sku, take: first}
      quantity: {from: Lineitem quantity, take: sum}
      channel_id: {constant: marketplace}
      paid_amount: {from: Total, take: first}
      created: {from: Created at, take: earliest}
      paid: {from: Paid at, take: earliest}
  - table: customers
    aliases: false
    lines_of: orders
    columns: {customer_id: {from: Email, pseudonym: true}, joined: {from: Created at, take: earliest}}
  - table: refunds
    aliases: false
    columns:
      order_id: Name
      line_no: {constant: 1}
      refunded: {from: Paid at, take: earliest}
      refunded_amount: {from: Refunded Amount, take: first}
    where: [{column: Refunded Amount, above: 0, reason: nothing given back}]
"""
SHOPEE = """
Order ID,Order Status,Return / Refund Status,Order Creation Date,Order Paid Time,SKU Reference No.,Deal Price,Quantity,\
Returned quantity,Product Subtotal,Username (Buyer)
S1,Completed,,2025-01-06 09:59,2025-01-06 10:00,D1,60.00,1,0,60.00,ann
S1,Completed,Request Approved,2025-01-06 09:59,2025-01-06 10:00,S1,20.00,2,1,40.00,ann
S2,Completed,,2025-01-07 09:59,2025-01-07 10:00,S1,50.00,1,0,50.00,bea
S3,Cancelled,,2025-01-08 09:59,,D1,70.00,1,0,70.00,cat
S4,Completed,,2025-02-20 09:59,2025-02-20 10:00,D1,90.00,1,0,90.00,ann
S5,Completed,,2025-05-20 09:59,2025-05-20 10:00,D1,80.00,1,0,80.00,dora
"""
OF_SHOPEE = """
tables:                       # a line a product; what comes back is counted in pieces
  - table: orders
    aliases: false
    columns:
      order_id: Order ID
      line_no: {number_within: order_id}
      customer_id: {from: Username (Buyer), pseudonym: true}
      product_id: SKU Reference No.
      quantity: Quantity
      channel_id: {constant: marketplace}
      _price: Deal Price
      paid_amount: {formula: quantity * _price}
      created: Order Creation Date
      paid: Order Paid Time
  - table: customers
    aliases: false
    lines_of: orders
    columns:
      customer_id: {from: Username (Buyer), pseudonym: true}
      joined: {from: Order Creation Date, take: earliest}
  - table: refunds
    aliases: false
    match: [order_id, product_id]
    columns:
      order_id: Order ID
      product_id: SKU Reference No.
      refunded: Order Paid Time
      _price: Deal Price
      _back: Returned quantity
      refunded_amount: {formula: _back * _price}
    where: [{column: Returned quantity, above: 0, reason: nothing came back}]
"""


@pytest.mark.parametrize("export, mapping", [(SHOPIFY, OF_SHOPIFY), (SHOPEE, OF_SHOPEE)], ids=["Shopify", "Shopee"])
def test_orders_of_a_documented_layout_become_the_page(tmp_path, export, mapping):
    """Money by the csv module: paid orders, what went back, and what a newcomer of January left."""
    path = tmp_path / "orders.csv"
    path.write_text(export.strip() + "\n", encoding="utf-8")
    frames = adapt_all(path, yaml.safe_load(mapping))
    own = own_tables(
        frames, products=pd.DataFrame({"product_id": ["D1", "S1"], "unit_cost": [0.0, 0.0]}),
        channels=pd.DataFrame({"channel_id": ["marketplace"], "take_rate": [0.0], "payment_fee_rate": [0.0]}),
        spend=pd.DataFrame({"day": [pd.Timestamp("2025-01-07")], "kind": ["traffic"], "amount": [60.0]}))
    lines = list(csv.DictReader(export.strip().splitlines()))
    if "Name" in lines[0]:
        paid = {line["Name"]: float(line["Total"]) for line in lines if line["Paid at"]}
        back = {line["Name"]: float(line["Refunded Amount"] or 0) for line in lines if line["Paid at"]}
    else:
        paid, back = Counter(), Counter()
        for line in lines:
            if line["Order Paid Time"]:
                paid[line["Order ID"]] += float(line["Deal Price"]) * int(line["Quantity"])
                back[line["Order ID"]] += float(line["Deal Price"]) * int(line["Returned quantity"])
    margins = unit.order_margins(own).set_index("order_id")
    assert margins.gmv.to_dict() == paid and margins.refunded.sum() == sum(back.values())
    assert margins.margin.sum() == pytest.approx(
        sum(paid.values()) - sum(back.values()) - 9 * len(paid) - 12 * sum(value > 0 for value in back.values()))
    people = unit.judged(own)
    bought = unit.months_bought(people, own.orders.dropna(subset=["paid"]))
    assert len(people) == 3 and bought.sum().tolist() == [2, 1, 0, 0]
    assert economics.acquisition_cost(unit.money_to_win(own), people, *unit.window(own)).per_customer["all"] == 20


@pytest.mark.skipif(not (Path(REAL) / "online_retail.csv.gz").is_file(), reason="the real data are not here")
def test_retention_of_the_gift_shop_by_plain_pandas():
    """4,338 customers of Online Retail: those who joined first, and the share with an invoice in month 3."""
    path = Path(REAL) / "online_retail.csv.gz"
    frames = own_tables(adapt_all(path, "online-retail"))
    people = unit.judged(frames)
    still = unit.months_bought(people, frames.orders).mean()
    raw = pd.read_csv(path, dtype={"InvoiceNo": str}, parse_dates=["InvoiceDate"]).dropna(subset=["CustomerID"])
    raw = raw[~raw.InvoiceNo.str.upper().str.startswith("C") & (raw.Quantity > 0) & (raw.UnitPrice > 0)]
    day = raw.InvoiceDate.dt.normalize()
    began = day.groupby(raw.CustomerID).min()
    weeks = ((day.max() - day.min()).days + 2 - 120) // 7
    old = began[began < day.min() + pd.Timedelta(weeks=weeks)]
    month = (day - raw.CustomerID.map(began)).dt.days // 30
    by_hand = [raw.CustomerID[(month == k) & raw.CustomerID.isin(old.index)].nunique() / len(old) for k in range(4)]
    assert len(old) == len(people) and still.tolist() == pytest.approx(by_hand)
    assert by_hand[0] == 1 and 0.1 < by_hand[3] < 0.5
