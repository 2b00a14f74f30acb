"""The ledger: what finance books to winning customers beside the advertising, and income that no order brings."""

from __future__ import annotations

import numpy as np
import pandas as pd

from liveshop.world import draws
from liveshop.world.business.ground import weeks
from liveshop.world.calendar import DAYS, START
from liveshop.world.facts import fact
from liveshop.world.shop.customers import ROUTES

WEEKS = DAYS // 7
ITEMS = {"media": 0.45, "agency": 0.20, "samples": 0.15, "newcomer_discount": 0.20}  # shares of what is booked
SPENT = {"live": "traffic", "paid": "influencer", "content": "content", "referral": "referral"}  # kind in `spend`
KINDS = ("advertising", "service_fee", "membership", "joint_campaign", "live_for_others")
JOINT_EVERY = 3  # weeks


def newcomers(tables):
    """New customers by week of the season and route, shape (WEEKS, routes)."""
    customers = tables["customers"]
    new = customers[customers.joined >= START]
    week = (new.joined.dt.normalize() - START).dt.days // 7
    counted = pd.crosstab(week, new.route).reindex(index=range(WEEKS), columns=list(ROUTES), fill_value=0)
    return counted.to_numpy()


def acquisition_costs(parameters, seed, tables):
    """The table `acquisition_costs`: by week, route and item; a week without a newcomer still costs half of one."""
    random = draws.generator(seed, "business/acquisition")
    each = np.array([getattr(parameters.acquisition, route) for route in ROUTES])
    people = np.maximum(newcomers(tables), 0.5)
    booked = people * each * np.clip(random.normal(1, 0.12, people.shape), 0, None)
    amount = np.round(booked[..., None] * np.array(list(ITEMS.values())), 2)
    index = pd.MultiIndex.from_product([weeks(START, WEEKS), ROUTES, ITEMS], names=["week", "route", "item"])
    return pd.DataFrame({"amount": amount.ravel()}, index=index).reset_index()


def income(parameters, seed):
    """The table `income`: by week and kind, what came in and what it cost."""
    random, i = draws.generator(seed, "business/income"), parameters.income
    week = np.arange(1, WEEKS + 1)
    plan = {kind: np.full(WEEKS, getattr(i, kind)) for kind in KINDS}
    plan["membership"] = i.membership + i.membership_growth * week
    plan["joint_campaign"] = np.where(week % JOINT_EVERY == 0, i.joint_campaign, 0.0)
    amount = np.array(list(plan.values())).T * np.clip(random.normal(1, 0.15, (WEEKS, len(KINDS))), 0, None)
    cost = amount * np.where(np.array(KINDS) == "joint_campaign", i.joint_cost, i.cost)
    index = pd.MultiIndex.from_product([weeks(START, WEEKS), KINDS], names=["week", "kind"])
    frame = pd.DataFrame({"amount": amount.ravel().round(2), "cost": cost.ravel().round(2)}, index=index)
    return frame[frame.amount > 0].reset_index()


def margin(parameters, tables):
    """Margin of each paid order line: after refunds, fees, goods, shipping and returns, CNY; with the lines' index.

    A line that is sent back brings no money, no fee and no cost of goods.
    """
    lines = tables["orders"].dropna(subset=["paid"])
    channels, products = tables["channels"].set_index("channel_id"), tables["products"].set_index("product_id")
    fee = lines.channel_id.map(channels.take_rate + channels.payment_fee_rate)
    goods = lines.quantity * lines.product_id.map(products.unit_cost)
    returned = pd.MultiIndex.from_frame(lines[["order_id", "line_no"]]).isin(
        pd.MultiIndex.from_frame(tables["refunds"][["order_id", "line_no"]])
    )
    kept = (lines.paid_amount * (1 - fee) - goods).where(~returned, 0.0)
    a = parameters.acquisition
    return kept - a.shipping * ~lines.duplicated("order_id") - a.returning * returned


def truths(parameters, tables, costs, earned):
    """Truths of the ledger."""
    people, spend = newcomers(tables).sum(axis=0), tables["spend"].groupby("kind").amount.sum()
    per_customer = {}
    for k, route in enumerate(ROUTES):
        booked = getattr(parameters.acquisition, route)
        spent = spend.get(SPENT.get(route), 0.0) / max(people[k], 0.5)
        per_customer[route] = {"booked": booked, "with_spend": round(float(booked + spent), 1)}
    others = earned.amount.sum() - earned.cost.sum()
    goods = margin(parameters, tables).sum() - costs.amount.sum() - spend.sum()
    return {
        "acquisition.cost_per_customer": fact(
            per_customer,
            "Cost of a new customer by route: what finance books, and with the money in spend (live: traffic, paid: "
            "influencer, content and referral: their own).",
        ),
        "income.share_of_profit": fact(
            round(float(others / (goods + others)), 4),
            "Share that income without orders has in the profit before wages and rent: margin after refunds, fees, "
            "goods, shipping and returns, less spend and what is booked to winning customers, and this income less its "
            "cost.",
        ),
    }
