"""Supply: orders to suppliers, stock and backlog by day, and past buys of styles.

The orders of the shop stand: nothing is ever lost for want of stock, it waits (presale, 预售). The planner looks at
mean demand and mean delivery time alone, and not at how unlike they are.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import ndtri

from liveshop.world import draws
from liveshop.world.calendar import DAYS, END, START, days
from liveshop.world.catalogue import CATEGORIES
from liveshop.world.facts import fact

SUPPLIERS = ("V1", "V2", "V3", "V4", "V5", "V6")
DRIFTING, DRIFT_FROM = "V3", 84  # day of the season
LOT = 5  # items
COVER = 7 + 2 + 3.5  # days of demand that the planner keeps beside the delivery time: the review, its days, half a week
MEMORY = 28  # days over which the planner takes the mean

STYLES = 160
YEARS = (2022, 2023, 2024)
SALVAGE = 0.1376  # of the price
REFERENCE = (189.0, 64.0, 26.0)  # price, cost and salvage of the style of the truths, CNY


def _demand(tables):
    """Items of paid order lines by product and day of the order, shape (products, DAYS)."""
    products = tables["products"].product_id
    lines = tables["orders"].dropna(subset=["paid"])
    row = lines.product_id.map(pd.Series(range(len(products)), index=products)).to_numpy(np.intp)
    day = (lines.created - START).dt.days.to_numpy(np.intp)
    return np.bincount(row * DAYS + day, lines.quantity, len(products) * DAYS).astype(int).reshape(-1, DAYS)


class _Supplier:
    """Delivery times and refused items of one supplier."""

    def __init__(self, parameters, name):
        s = parameters.supply
        self.name = name
        self.mean, self.spread, self.defects = (
            getattr(s, f"{name.lower()}_{what}") for what in ("days", "spread", "defects")
        )
        self.drift = (s.drift_days, s.drift_defects) if name == DRIFTING else (0.0, 0.0)

    def deliver(self, random, day, quantity):
        """Days until an order of a day arrives, and how many of its items are refused."""
        late = max(0, day - DRIFT_FROM) / (DAYS - DRIFT_FROM)
        slower, worse = (1 + drift * late for drift in self.drift)
        mean, spread = max(self.mean, 0.1), max(self.spread, 0.01)
        wait = random.gamma((mean / spread) ** 2, spread**2 / mean) * slower
        return max(2, round(wait)), random.binomial(quantity, min(self.defects * worse, 1.0))


def _one_product(random, supplier, demand, launched):
    """Stock and backlog of a product by day, and its orders: (day, promised, arrives, quantity, refused) of each."""
    first = max(demand[launched : launched + MEMORY].mean(), 0.5)
    stock, waiting, coming = int(first * MEMORY), 0, np.zeros(2 * DAYS + 400, dtype=int)
    on_hand, backlog, orders = np.zeros(DAYS, dtype=int), np.zeros(DAYS, dtype=int), []
    under_way = 0
    for day in range(DAYS):
        stock, under_way = stock + coming[day], under_way - coming[day]
        shipped = min(stock, waiting + demand[day])
        stock, waiting = stock - shipped, waiting + demand[day] - shipped
        on_hand[day], backlog[day] = stock, waiting
        if day % 7 or day < launched - 7:
            continue
        mean = demand[max(0, day - MEMORY) : day].mean() if day >= 14 else first
        wanted = mean * (supplier.mean + COVER) - (stock - waiting + under_way)
        if wanted >= LOT:
            quantity = int(np.ceil(wanted / LOT) * LOT)
            wait, refused = supplier.deliver(random, day, quantity)
            arrives = min(day + wait, len(coming) - 1)
            coming[arrives] += quantity - refused
            under_way += quantity - refused
            orders.append((day, day + round(supplier.mean), arrives, quantity, refused))
    return on_hand, backlog, orders


def supply(parameters, seed, tables):
    """The tables `deliveries` and `inventory`; what has not arrived by the end of the season has no day of arrival."""
    random = draws.generator(seed, "business/supply")
    products, demand = tables["products"], _demand(tables)
    launched = np.clip((products.launched - START).dt.days.to_numpy(), 0, DAYS - 1)
    suppliers = [_Supplier(parameters, name) for name in SUPPLIERS]
    delivered, stock = [], []
    for row, product in enumerate(products.product_id):
        supplier = suppliers[random.integers(len(suppliers))]
        on_hand, backlog, orders = _one_product(random, supplier, demand[row], launched[row])
        delivered += [(product, supplier.name, *order) for order in orders]
        sold = np.flatnonzero(demand[row])
        begin = min(launched[row], sold[0] if len(sold) else DAYS)
        frame = {"day": days(), "on_hand": on_hand, "demand": demand[row], "backlog": backlog}
        stock.append(pd.DataFrame(frame).assign(product_id=product)[begin:])
    columns = ["product_id", "supplier_id", "ordered", "promised", "arrived", "quantity", "defective"]
    deliveries = pd.DataFrame(delivered, columns=columns)
    deliveries = deliveries.sort_values(["ordered", "product_id"], kind="stable", ignore_index=True)
    for name in ("ordered", "promised", "arrived"):
        deliveries[name] = START + pd.to_timedelta(deliveries[name], unit="D")
    there = deliveries.arrived < END
    deliveries["arrived"] = deliveries.arrived.where(there)
    deliveries["defective"] = deliveries.defective.astype("Int64").where(there)
    deliveries.insert(0, "delivery_id", [f"D{i:04d}" for i in range(1, len(deliveries) + 1)])
    return deliveries, pd.concat(stock, ignore_index=True)


def buys(parameters, seed):
    """The table `buys`: past styles with forecast, what was bought, what was asked for and what was sold."""
    random, s = draws.generator(seed, "business/buys"), parameters.supply
    names = list(CATEGORIES)
    category = random.integers(0, len(names), STYLES)
    low, high, cost = (np.array([CATEGORIES[name][k] for name in names])[category] for k in range(3))
    price = np.maximum(29, np.rint(low * (high / low) ** random.random(STYLES) / 10) * 10 - 1)
    forecast = np.maximum(np.rint(np.exp(random.normal(5.9, 0.5, STYLES)) / 10) * 10, 30)
    bought = np.rint(forecast * np.exp(random.normal(0, 0.06, STYLES)) / 10) * 10
    ratio = s.asked * np.exp(random.normal(0, s.asked_spread, STYLES) - s.asked_spread**2 / 2)
    asked = np.rint(forecast * ratio)
    return pd.DataFrame(
        {
            "style_id": [f"B{i:03d}" for i in range(1, STYLES + 1)],
            "year": np.sort(random.choice(YEARS, STYLES)),
            "category": np.array(names, dtype=object)[category],
            "forecast": forecast.astype(int),
            "bought": bought.astype(int),
            "asked": asked.astype(int),
            "sold": np.minimum(asked, bought).astype(int),
            "price": price,
            "unit_cost": np.rint(2 * price * cost * random.uniform(0.9, 1.1, STYLES)) / 2,
            "salvage": np.rint(2 * price * SALVAGE) / 2,
        }
    )


def truths(parameters):
    """Truths of the suppliers and of past buys."""
    s = parameters.supply
    price, cost, salvage = REFERENCE
    ratio = (price - cost) / (price - salvage)
    best = s.asked * np.exp(s.asked_spread * ndtri(ratio) - s.asked_spread**2 / 2)
    return {
        "suppliers": fact(
            {
                name: {"days": each.mean, "spread": each.spread, "defects": each.defects}
                for name, each in ((name, _Supplier(parameters, name)) for name in SUPPLIERS)
            },
            "Mean days from order to delivery of each supplier, their standard deviation, and the share refused.",
        ),
        "suppliers.drift": fact(
            {"supplier": DRIFTING, "from_week": DRIFT_FROM // 7 + 1, "days": 1 + s.drift_days,
             "defects": 1 + s.drift_defects},
            "Supplier that gets worse, the week in which it begins, and the ratios of days and defects at the end.",
        ),
        "buys.asked": fact(
            {"mean": s.asked, "spread": s.asked_spread},
            "What was asked for of a past style against its forecast: mean, and standard deviation of the log.",
        ),
        "buys.critical_ratio": fact(
            round(ratio, 4),
            f"Critical ratio of a style at {price:g} yuan that costs {cost:g} and clears at {salvage:g}.",
        ),
        "buys.best_multiple": fact(
            round(float(best), 4),
            "What to buy of that style, as a multiple of its forecast, for the largest mean profit.",
        ),
    }
