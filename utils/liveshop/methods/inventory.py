"""How much to buy, and how much to keep: newsvendor, safety stock, what a stock policy delivers.

Sources: Arrow, Harris and Marschak, Econometrica 19 (1951), for the newsvendor; Chopra and Meindl, Supply Chain
Management, chapters 11 and 12; Snyder and Shen, Fundamentals of Supply Chain Theory (2019). Looked at and left alone:
stockpyl (its newsvendor is the same two lines of SciPy); the tests hold ours against its numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from liveshop.methods._inputs import number, numbers


@dataclass(frozen=True)
class Newsvendor:
    """``quantity`` to buy; ``profit`` expected from it; ``critical_ratio``: the chance that demand stays within the
    quantity at which one too few costs as much as one too many. ``loss``: expected cost of being wrong, against
    knowing demand."""

    quantity: float
    profit: float
    critical_ratio: float
    loss: float


def critical_ratio(price, cost, salvage=0.0):
    """(price − cost) / (price − salvage): margin lost by one too few / (that + money lost by one too many).

    Raises ValueError unless salvage < cost < price.
    """
    price, cost, salvage = number(price, "The price"), number(cost, "The cost"), number(salvage, "The salvage")
    if not salvage < cost < price:
        raise ValueError(f"Salvage, cost and price must rise in this order; they are {salvage:g}, {cost:g}, {price:g}.")
    return (price - cost) / (price - salvage)


def newsvendor(mean, sd, price, cost, salvage=0.0):
    """How much to buy once, before a demand that is normal (报童模型).

    mean, sd: of demand, in pieces · price, cost, salvage: a piece (salvage: what a piece left over brings). N(2100,
    1200), price 22, cost 10, no salvage → critical ratio .545, quantity 2,237, profit 14,736. Negative demand counts
    as the normal law says; with sd above half of the mean use ratios of the past (:func:`order_ratio`). Raises
    ValueError unless salvage < cost < price, on a negative mean or sd, and where the law asks for less than nothing.
    """
    ratio = critical_ratio(price, cost, salvage)
    mean, sd = _demand(mean, sd)
    quantity, loss = _balanced(mean, sd, price - cost, cost - salvage)
    return Newsvendor(quantity, (price - cost) * mean - loss, ratio, loss)


def newsvendor_cost(mean, sd, too_many, too_few):
    """The same from the cost of a piece too many and of one too few; ``profit`` is minus the expected cost.

    N(50, 8), 0.18 and 0.70 → quantity 56.604, cost 1.9976 (stockpyl).
    """
    over, under = number(too_many, "too_many"), number(too_few, "too_few")
    if over <= 0 or under <= 0:
        raise ValueError("Both a piece too many and a piece too few must cost something.")
    mean, sd = _demand(mean, sd)
    quantity, loss = _balanced(mean, sd, under, over)
    return Newsvendor(quantity, -loss, under / (under + over), loss)


def newsvendor_profit(quantity, demand, price, cost, salvage=0.0):
    """Profit of buying ``quantity`` when so much is asked for: numbers or arrays, one a demand."""
    quantity, demand = numbers(quantity, "The quantity"), numbers(demand, "The demand")
    critical_ratio(price, cost, salvage)
    return price * np.minimum(quantity, demand) + salvage * np.maximum(quantity - demand, 0) - cost * quantity


def order_ratio(asked, forecast, ratio):
    """What to multiply the next forecast by: the ``ratio`` quantile of asked / forecast over past styles.

    asked: pieces that were asked for (not: sold, which stops at what was bought) · forecast: pieces · ratio: the
    critical ratio. Raises ValueError on forecasts not above zero, lengths that differ, and a ratio outside of 0 to 1.
    """
    asked, forecast, ratio = numbers(asked, "Asked"), numbers(forecast, "The forecast"), number(ratio, "The ratio")
    if asked.shape != forecast.shape or asked.size == 0:
        raise ValueError(f"Give one forecast for each style: there are {asked.size} and {forecast.size}.")
    if not (forecast > 0).all() or not (asked >= 0).all() or not 0 < ratio < 1:
        raise ValueError("Forecasts must be above zero, demand not negative, and the ratio between 0 and 1.")
    return float(np.quantile(asked / forecast, ratio))


def _demand(mean, sd):
    mean, sd = number(mean, "The mean"), number(sd, "sd")
    if mean < 0 or sd < 0:
        raise ValueError("Mean and sd of demand must not be negative.")
    return mean, sd


def _balanced(mean, sd, under, over):
    """Quantity that balances a piece too few (``under``) and one too many; its expected cost."""
    from scipy.stats import norm

    z = norm.ppf(under / (under + over))
    if mean + z * sd < 0:
        raise ValueError("With so wide a spread the normal law asks for less than nothing: use ratios of the past "
                         "(order_ratio).")
    return float(mean + z * sd), float((under + over) * sd * norm.pdf(z))


@dataclass(frozen=True)
class SafetyStock:
    """``sd``: of demand over the lead time; ``stock``: pieces kept above the mean; ``reorder_point``: both."""

    sd: float
    stock: float
    reorder_point: float


def safety_stock(demand_mean, demand_sd, lead_mean, lead_sd, service):
    """Stock that covers the spread of demand *and* of the lead time (安全库存).

    demand_mean, demand_sd: pieces a day (days independent) · lead_mean, lead_sd: days · service: chance of not
    running out before a delivery arrives. sd² = lead_mean · demand_sd² + demand_mean² · lead_sd². 2,500 a day, sd
    500, 7 days, 90 %: sd of the lead time 7 → 22,491 pieces; 0 → 1,695.
    Raises ValueError on negative numbers, and a service outside of 0 to 1.
    """
    from scipy.stats import norm

    mean, sd, lead, lead_sd, service = (number(value, what) for value, what in (
        (demand_mean, "demand_mean"), (demand_sd, "demand_sd"), (lead_mean, "lead_mean"), (lead_sd, "lead_sd"),
        (service, "service")))
    if min(mean, sd, lead, lead_sd) < 0 or not 0 < service < 1:
        raise ValueError("Demand and lead time must not be negative, and service must lie between 0 and 1.")
    spread = float(np.sqrt(lead * sd**2 + mean**2 * lead_sd**2))
    stock = float(norm.ppf(service) * spread)
    return SafetyStock(spread, stock, mean * lead + stock)


def fill_rate(order, safety):
    """Share of demand that is served from stock, when ``order`` pieces are ordered each time (现货满足率).

    safety: a SafetyStock. Not the same as ``service``, which counts cycles, not pieces.
    """
    from scipy.stats import norm

    order = number(order, "The order")
    if order <= 0:
        raise ValueError("The order must be above zero.")
    if safety.sd == 0:
        return 1.0 if safety.stock >= 0 else max(0.0, 1 + safety.stock / order)
    z = safety.stock / safety.sd
    short = safety.sd * (norm.pdf(z) - z * norm.sf(z))
    return float(max(0.0, 1 - short / order))


def simulate_stock(demand, reorder_point, order, lead_mean, lead_sd, seed=0):
    """One policy over days: order so many pieces when stock and pieces on order fall to the reorder point.

    demand: pieces a day · lead times: gamma with this mean and sd, in whole days, at least 1. What is asked for and
    not there waits. One row a day: on_hand, backlog, on_order, late (pieces of that day's demand not served at once).
    Starts with reorder_point + order pieces.
    Raises ValueError on negative demand, an order not above zero, and a lead time not above zero.
    """
    demand = numbers(demand, "Demand")
    point, order = number(reorder_point, "The reorder point"), number(order, "The order")
    mean, sd = number(lead_mean, "lead_mean"), number(lead_sd, "lead_sd")
    if demand.ndim != 1 or not (demand >= 0).all() or order <= 0 or mean <= 0 or sd < 0:
        raise ValueError("Demand must not be negative or missing; order and mean lead time must be above zero.")
    generator = np.random.default_rng(seed)
    arrives = np.zeros(len(demand) + 1)
    net, on_order, rows = point + order, 0.0, []
    for day, asked in enumerate(demand):
        net += arrives[day]
        on_order -= arrives[day]
        late = min(asked, max(asked - max(net, 0.0), 0.0))
        net -= asked
        while net + on_order <= point:
            days = mean if sd == 0 else generator.gamma((mean / sd) ** 2, sd**2 / mean)
            arrives[min(day + max(1, round(days)), len(demand))] += order
            on_order += order
        rows.append((max(net, 0.0), max(-net, 0.0), on_order, late))
    return pd.DataFrame(rows, columns=["on_hand", "backlog", "on_order", "late"])
