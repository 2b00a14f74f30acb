"""Group deals as a waiting-time problem: how many friends may be expected in time, and what a deal then earns.

A deal closes when it is full, so the friends counted in a full deal are *at least* its size less one: a censored count.
The expected number is found by maximum likelihood of a censored Poisson law, for each time limit by itself; so the pace
need not be the same in every hour (a Poisson process whose rate changes fills by the sum of its rate alone).

Sources: Ross, Introduction to Probability Models, chapter 5 (Poisson processes, also with a rate that changes);
Terza, Economics Letters 18 (1985), 361-365 (Poisson regression with a censored count).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from liveshop.methods._inputs import listed, need, number, numbers, whole
from liveshop.methods.growth import arrivals_within


@dataclass(frozen=True)
class Acceptances:
    """``expected``: one row a value of ``by``: deals, expected (friends who would accept until the limit, if no deal
    closed early and all factors were 0), low, high (95 %). ``ratios``: one row a factor: ratio (how many times as many
    friends at 1 as at 0), low, high. Intervals by the sandwich formula: deals need not be alike."""

    expected: pd.DataFrame
    ratios: pd.DataFrame


def expected_acceptances(deals, by="limit_hours", factors=(), size="size", joined="joined"):
    """Friends who would accept until the limit, from deals that close when they are full (删失泊松回归).

    deals: one row a deal with ``size`` (persons needed) and ``joined`` (persons in it at the end), both with the
    opener, and ``by``; factors: columns of numbers or yes/no that multiply the expected number.
    Raises ValueError on missing columns, sizes under 2, nobody in a deal, and a group whose deals are all full or all
    without a friend.
    """
    factors = listed(factors)
    need(deals, (by, size, joined, *factors), "The deals lack")
    if not len(deals):
        raise ValueError("There is no deal in the table.")
    wanted, came = numbers(deals[size], "The sizes") - 1, numbers(deals[joined], "The persons in a deal") - 1
    if not (wanted >= 1).all() or not (came >= 0).all():
        raise ValueError("A deal needs two persons or more, and its opener is always in it.")
    groups = np.sort(deals[by].dropna().unique())
    design = np.column_stack([(deals[by] == group).to_numpy(float) for group in groups]
                             + [numbers(deals[name], name) for name in factors])
    full, came = came >= wanted, np.minimum(came, wanted)
    for group, here in zip(groups, design.T, strict=False):
        if full[here > 0].all() or not came[here > 0].any():
            raise ValueError(f"With {by} {group} the deals are all full, or no friend came: this says only that the "
                             "expected number is large, or small. Leave the group out, or put it with another.")
    beta = np.r_[[np.log(max(came[here > 0].mean(), 0.1)) for here in design.T[: len(groups)]], np.zeros(len(factors))]
    for _ in range(60):
        score, curve = _derivatives(design @ beta, came, wanted, full)
        step = np.linalg.solve(design.T @ (curve[:, None] * design), design.T @ score)
        beta = beta - np.clip(step, -1, 1)
        if np.abs(step).max() < 1e-10:
            break
    score, curve = _derivatives(design @ beta, came, wanted, full)
    bread = np.linalg.inv(design.T @ (curve[:, None] * design))
    error = np.sqrt(np.diag(bread @ (design.T * score**2) @ design @ bread))
    table = pd.DataFrame({"value": np.exp(beta), "low": np.exp(beta - 1.959964 * error),
                          "high": np.exp(beta + 1.959964 * error)})
    first = table.iloc[: len(groups)].set_axis(pd.Index(groups, name=by)).rename(columns={"value": "expected"})
    first.insert(0, "deals", deals.groupby(by).size().to_numpy())
    last = table.iloc[len(groups):].set_axis(pd.Index(factors, name="factor")).rename(columns={"value": "ratio"})
    return Acceptances(first, last)


def _derivatives(log_mean, came, wanted, full):
    """First and second derivative of each deal's log likelihood by the logarithm of its mean."""
    from scipy.stats import poisson

    mean = np.exp(np.clip(log_mean, -20, 6))
    # A full deal tells of at least `wanted`: d log P(N >= k) / d log m = m * p(k - 1) / P(N >= k).
    pull = mean * np.exp(poisson.logpmf(wanted - 1, mean) - poisson.logsf(wanted - 1, mean))
    return np.where(full, pull, came - mean), np.where(full, pull * (wanted - mean - pull), -mean)


@dataclass(frozen=True)
class DealPlan:
    """``fill``: chance that the deal fills · ``given``: CNY that a full deal gives away (discount and rewards) ·
    ``new``: new customers an opened deal brings · ``cost_per_new``: all that is given away and spent on opening, a new
    customer; infinite when nobody is new · ``margin``: contribution an opened deal leaves, CNY, less what its buyers
    would have brought at full price anyway."""

    fill: float
    given: float
    new: float
    cost_per_new: float
    margin: float


def plan_deal(size, expected, price, discount, reward, goods, refund_share, fee_share, share_new=0.0, anyway=0.0,
              opening=0.0):
    """A group deal before it is offered.

    size: persons, with the opener · expected: friends until the limit (:func:`expected_acceptances`, with the reward
    in it) · price: CNY in the list · discount: share taken off · reward: CNY to each friend of a full deal · goods: CNY
    a piece · refund_share: refunded / paid (goods come back) · fee_share: fees / money kept · share_new: friends who
    were no customers before · anyway: share of the buyers who are not new and would have paid the full price ·
    opening: CNY an opened deal costs, full or not (messages, service).
    Contribution of a piece: (paid · (1 - fee_share) - goods) · (1 - refund_share), as `metrics.contribution` reckons.
    Raises ValueError on a size that is no whole number above 1, negative amounts and shares outside of 0 to 1.
    """
    size = whole(size, "size", 2)
    expected, price, reward, goods, opening = (number(value, name) for value, name in (
        (expected, "expected"), (price, "price"), (reward, "reward"), (goods, "goods"), (opening, "opening")))
    shares = {"discount": discount, "refund_share": refund_share, "fee_share": fee_share, "share_new": share_new,
              "anyway": anyway}
    for name, value in shares.items():
        if not 0 <= number(value, name) <= 1:
            raise ValueError(f"{name} is a share between 0 and 1.")
    if min(expected, price, reward, goods, opening) < 0:
        raise ValueError("Amounts and the expected number of friends must not be negative.")
    fill, friends = arrivals_within(expected, size - 1, 1), size - 1
    dear, cheap = ((paid * (1 - fee_share) - goods) * (1 - refund_share) for paid in (price, price * (1 - discount)))
    given = size * price * discount + friends * reward
    new = friends * share_new
    lost = anyway * (size - new) * dear
    cost = np.inf if fill * new == 0 else (fill * given + opening) / (fill * new)
    return DealPlan(fill, given, fill * new, float(cost),
                    fill * (size * cheap - friends * reward - lost) - opening)
