"""What does the next yuan of spend bring? Carry-over, saturation, response curves, and a budget split.

A channel's spend works on for some weeks (carry-over) and brings less the more there is of it (saturation). From
units (cities, say) over weeks, with spends that were varied on purpose, both can be learned; the budget is then best
split where the *marginal* returns are equal, not the average ones.

Sources: Jin, Wang, Sun, Chan and Koehler, "Bayesian methods for media mix modeling with carryover and shape effects"
(Google, 2017), for the form; Golub and Pereyra, SIAM Journal on Numerical Analysis 10 (1973), for variable
projection; SciPy's least squares does the search.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from liveshop.methods._inputs import listed, number, numbers, whole
from liveshop.methods._regression import complete

Z = 1.97                                        # 95 %, for the hundreds of rows that a fit needs


def carry_over(spend, rate):
    """Spend that is still at work (广告存量): A_t = rate · A_(t−1) + (1 − rate) · spend_t, along the last axis.

    Begins as if the first spend had been there for ever; steady spend stays as it is. ``rate``: share that is left a
    period later. Raises ValueError on a negative spend, or a rate outside of 0 to below 1.
    """
    from scipy.signal import lfilter

    spend, rate = numbers(spend, "Spend"), number(rate, "The rate")
    if not 0 <= rate < 1 or spend.ndim == 0 or not (spend >= 0).all():
        raise ValueError("Spend must be a series, not negative or missing, and the rate between 0 and below 1.")
    return lfilter([1 - rate], [1, -rate], spend, zi=rate * spend[..., :1])[0]


def saturation(spend, half):
    """Share of the greatest effect that a steady spend reaches: 1 − 2^(−spend / half).

    ``half``: the spend that brings half of it. Raises ValueError on a negative spend or a half not above zero.
    """
    spend, half = numbers(spend, "Spend"), numbers(half, "The half")
    if not (half > 0).all() or not (spend >= 0).all():
        raise ValueError("Spend must not be negative or missing, and the half must be above zero.")
    return 1 - np.exp2(-spend / half)


@dataclass(frozen=True)
class ResponseCurves:
    """What :func:`fit_response` learned. ``curves``: one row a channel: effect (greatest change of the log of the
    outcome), half (spend that brings half of it), carry (share at work a period later), usual (spend it is told at),
    average and marginal (log change per unit of spend at the usual one), low, high (95 % of marginal). ``covariance``:
    of the errors of all effects, then all logs of the halves. Intervals take the form of the curve for granted, and
    that spend differed for no reason that also moves the outcome.

    The marginal return is learned far better than the half alone: report it, and do not ask for the half of a channel
    that was never near saturation.
    """

    curves: pd.DataFrame
    residual_sd: float
    rows: int
    covariance: np.ndarray

    def value(self, spend):
        """Log of the outcome that a steady spend adds, all channels together. ``spend``: {channel: amount}."""
        found = self._spend(spend)
        return float((self.curves["effect"] * saturation(found, self.curves["half"].to_numpy())).sum())

    def marginal(self, spend):
        """Log change per further unit of a channel's steady spend, one number a channel."""
        found = self._spend(spend)
        return self.curves["effect"] * np.log(2) / self.curves["half"] * np.exp2(-found / self.curves["half"])

    def gain(self, spend):
        """Log of the outcome that a steady spend adds to the usual one: estimate, low, high (95 %).

        Where the curves also chose this spend, the estimate is on average too high (the winner's curse).
        """
        effect, half, usual = (self.curves[name].to_numpy() for name in ("effect", "half", "usual"))
        spend = self._spend(spend)
        reached = saturation(spend, half) - saturation(usual, half)
        bend = effect * np.log(2) / half * (usual * np.exp2(-usual / half) - spend * np.exp2(-spend / half))
        return self._interval(float(effect @ reached), reached, bend)

    def elasticity(self):
        """Per cent more of the outcome for 1 % more of all usual spends, kept up: estimate, low, high (95 %)."""
        usual = self.curves["usual"].to_numpy()
        pull, bend = _slopes(self.curves)
        return self._interval(float(self.curves["marginal"] @ usual), pull * usual, bend * usual)

    def _interval(self, estimate, by_effect, by_half):
        slope = np.r_[by_effect, by_half]
        half = Z * float(np.sqrt(max(slope @ self.covariance @ slope, 0.0)))
        return pd.Series({"estimate": estimate, "low": estimate - half, "high": estimate + half})

    def best_split(self, total=None, most=None):
        """Steady spends with this total (the usual one by default) and the greatest value.

        ``most``: no channel gets more than so many times its usual spend (3 keeps the answer near what was tried).
        Returns a BudgetSplit.
        """
        usual = self.curves["usual"]
        total = float(usual.sum()) if total is None else total
        pulls = {}
        for channel, row in self.curves.iterrows():
            slope = max(row["effect"], 0.0) * np.log(2) / row["half"]
            pulls[channel] = lambda x, slope=slope, half=row["half"]: slope * 2.0 ** (-x / half)
        return split_budget(pulls, total, None if most is None else dict(most * usual))

    def _spend(self, spend):
        found = pd.Series(spend, dtype=float).reindex(self.curves.index)
        if found.isna().any():
            raise ValueError(f"The spend of {found.index[found.isna()][0]} is missing.")
        return found.to_numpy()


def fit_response(frame, outcome, spend, unit, period, size=None, usual=None, burn_in=6, seed=0):
    """Response curves of all channels at once, from units over periods.

    log(outcome) = level of the unit + level of the period + Σ effect · saturation(carry_over(spend)) + chance. The
    period's level takes up festivals and seasons, so only differences between units count: spend must have been
    varied apart from them. frame: one row a unit and period · outcome: above zero · spend: columns, one a channel ·
    size: {unit: size} that spends are divided by, so that one curve fits all · usual: {channel: spend} at which
    returns are told, its mean by default (per unit of size) · burn_in: first periods that carry-over fills and the
    fit leaves out.
    Raises ValueError on missing columns, a unit that lacks a period, outcomes not above zero, spends that are
    negative or do not vary, and too few periods.
    """
    channels = listed(spend)
    data = complete(frame, [outcome, unit, period, *channels], [outcome, *channels])
    y, x = _balanced(data, outcome, channels, unit, period, size)
    burn_in = whole(burn_in, "burn_in", 0)
    count = y.shape[0] * max(y.shape[1] - burn_in, 0)
    if y.shape[1] - burn_in < 4 or y.shape[0] < 2 or count < sum(y.shape) + 3 * len(channels):
        raise ValueError(f"{y.shape[0]} units and {y.shape[1]} periods are too few for {len(channels)} channels.")
    middle = pd.Series(x.mean(axis=(1, 2)), index=channels)
    told = middle if usual is None else pd.Series(usual, dtype=float).reindex(channels)
    if not (told > 0).all():
        raise ValueError(f"The usual spend of {told.index[~(told > 0)][0]} must be above zero.")
    target = _centred(np.log(y)[:, burn_in:]).ravel()
    half, carry = _search(target, x, middle.to_numpy(), burn_in, seed)
    basis = _basis(x, half, carry, burn_in)
    effect = np.linalg.lstsq(basis, target, rcond=None)[0]
    residual = target - basis @ effect
    freedom = count - y.shape[0] - (y.shape[1] - burn_in) + 1 - 3 * len(channels)
    variance = float(residual @ residual) / freedom
    table = pd.DataFrame({"effect": effect, "half": half, "carry": carry, "usual": told.to_numpy()},
                         index=pd.Index(channels, name="channel"))
    table["average"] = effect * saturation(table["usual"], half) / table["usual"]
    pull, bend = _slopes(table)
    covariance = _covariance(x, effect, half, carry, burn_in, variance)
    both = np.vstack([np.diag(pull), np.diag(bend)])
    error = np.sqrt(np.maximum(np.diag(both.T @ covariance @ both), 0))
    table["marginal"] = effect * pull
    table["low"], table["high"] = table["marginal"] - Z * error, table["marginal"] + Z * error
    return ResponseCurves(table, float(np.sqrt(variance)), count, covariance)


def _slopes(curves):
    """Slopes of each channel's marginal return at the usual spend, by its effect and by the log of its half."""
    usual, half = curves["usual"].to_numpy(), curves["half"].to_numpy()
    pull = np.log(2) / half * np.exp2(-usual / half)
    return pull, curves["effect"].to_numpy() * pull * (np.log(2) * usual / half - 1)


def _balanced(data, outcome, channels, unit, period, size):
    """Outcome (units, periods) and spends (channels, units, periods)."""
    if data.duplicated([unit, period]).any():
        raise ValueError(f"A {unit} stands twice in one {period}.")
    if not channels:
        raise ValueError("Name at least one column of spend.")
    wide = {name: data.pivot(index=unit, columns=period, values=name).astype(float) for name in [outcome, *channels]}
    y = wide[outcome]
    if y.isna().any().any():
        raise ValueError(f"{y.index[y.isna().any(axis=1)][0]} lacks some {period}: every {unit} needs all of them.")
    if not (y > 0).all().all():
        raise ValueError(f"{outcome} must be above zero in every row, for its logarithm is explained.")
    divide = pd.Series(1.0, index=y.index) if size is None else pd.Series(size, dtype=float).reindex(y.index)
    if not (divide > 0).all():
        raise ValueError(f"size must hold a number above zero for every {unit}.")
    x = np.stack([wide[name].div(divide, axis=0).to_numpy() for name in channels])
    for name, values in zip(channels, x, strict=True):
        if (values < 0).any():
            raise ValueError(f"{name} is negative in some row.")
        if np.abs(_centred(values)).max() <= 1e-9 * max(values.max(), 1e-300):
            raise ValueError(f"{name} does not vary between units and periods: nothing can be learned from it.")
    return y.to_numpy(), x


def _centred(values):
    """Less the unit's and the period's mean."""
    return values - values.mean(axis=-1, keepdims=True) - values.mean(axis=-2, keepdims=True) + values.mean()


def _basis(x, half, carry, burn_in):
    return np.column_stack([_centred(saturation(carry_over(spend, d), h)[:, burn_in:]).ravel()
                            for spend, h, d in zip(x, half, carry, strict=True)])


def _search(target, x, usual, burn_in, seed):
    """Halves and carry-overs of the best fit; the effects follow from them by ordinary least squares."""
    from scipy.optimize import least_squares
    from scipy.special import expit

    count, middle = len(x), np.log(usual)      # halves are looked for within a factor of twelve of it

    def residual(place):
        basis = _basis(x, np.exp(place[:count]), expit(place[count:]), burn_in)
        return target - basis @ np.linalg.lstsq(basis, target, rcond=None)[0]

    bounds = (np.r_[middle - 2.5, np.full(count, -4.0)], np.r_[middle + 2.5, np.full(count, 2.2)])
    generator, best = np.random.default_rng(seed), None
    for again in range(2):
        start = np.r_[middle + again * generator.normal(0, 0.4, count),
                      -0.8 + again * generator.normal(0, 0.5, count)]
        found = least_squares(residual, start, bounds=bounds, xtol=1e-6, ftol=1e-8)
        best = found if best is None or found.cost < best.cost else best
    return np.exp(best.x[:count]), expit(best.x[count:])


def _covariance(x, effect, half, carry, burn_in, variance):
    """Covariance of the errors of all effects and logs of halves, the carry-overs being learned as well."""
    from scipy.special import expit, logit

    count = len(x)
    place = np.r_[effect, np.log(half), logit(carry)]

    def fitted(at):
        return _basis(x, np.exp(at[count:2 * count]), expit(at[2 * count:]), burn_in) @ at[:count]

    slopes = np.column_stack([(fitted(place + step) - fitted(place - step)) / 2e-4
                              for step in 1e-4 * np.eye(len(place))])
    return (np.linalg.pinv(slopes.T @ slopes, rcond=1e-12) * variance)[:2 * count, :2 * count]


# --- splitting a budget -------------------------------------------------------------------------------


@dataclass(frozen=True)
class BudgetSplit:
    """``spend``: one amount a channel; ``marginal``: what the last yuan brings in every channel that gets some and is
    not at its limit."""

    spend: pd.Series
    marginal: float


def split_budget(marginals, total, most=None):
    """Split ``total`` where marginal returns are equal; a channel whose first yuan brings less gets nothing.

    marginals: {channel: function}, the return of one more yuan at a spend; each must fall as spend grows · most:
    {channel: greatest spend}, for some or all. For effects a · ln(1 + x / b) with a 60, 30, 10 and b 10, 5, 20, 100
    is split into 66.667, 33.333 and 0, with marginal 0.78261: the channel with the good average gets nothing.
    Raises ValueError on a total that is negative or above all limits, and a return that rises or is not above zero.
    """
    from scipy.optimize import brentq

    total = number(total, "The total")
    names = list(marginals)
    limit = {name: min(float((most or {}).get(name, np.inf)), max(total, 0.0)) for name in names}
    if not names or total < 0 or min(limit.values()) < 0:
        raise ValueError("At least one channel is needed, and total and limits must not be negative.")
    if sum(limit.values()) < total * (1 - 1e-12):
        raise ValueError(f"The limits add up to {sum(limit.values()):g}, less than the total of {total:g}.")
    first = {name: float(marginals[name](0.0)) for name in names}
    last = {name: float(marginals[name](limit[name])) for name in names}
    for name in names:
        falls = first[name] > last[name] or first[name] == last[name] == 0 or limit[name] == 0
        if not falls or last[name] < 0:
            raise ValueError(f"The marginal return of {name} must fall as spend grows and stay at 0 or more.")

    def spend_at(price, name):
        if first[name] <= price or limit[name] == 0:
            return 0.0
        if last[name] >= price:
            return limit[name]
        return brentq(lambda amount: marginals[name](amount) - price, 0, limit[name], xtol=1e-12)

    def spent(price):
        return sum(spend_at(price, name) for name in names)

    low, high = min(last.values()), max(first.values())
    if total == 0 or high == 0 or spent(low) <= total:
        price = high if total == 0 else low
    else:
        price = brentq(lambda log: spent(np.exp(log)) - total, np.log(max(low, high * 1e-12)), np.log(high), xtol=1e-13)
        price = float(np.exp(price))
    spend = pd.Series({name: spend_at(price, name) for name in names}, name="spend")
    spend = spend * (total / spend.sum()) if spend.sum() > 0 else spend
    return BudgetSplit(spend, price)
