"""How a market fills up: Bass and logistic curves, and how little an early stretch says of the ceiling.

Sources: Bass, "A new product growth model for consumer durables", Management Science 15 (1969); Srinivasan and Mason,
Marketing Science 5 (1986), for the fit by non-linear least squares; Pearl and Reed, PNAS 6 (1920), for the logistic
through three points. SciPy does the fits.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from liveshop.methods._inputs import number, numbers


@dataclass(frozen=True)
class Peak:
    """``time`` of the highest rate of adoption (not of the highest number of users, which never falls); ``share`` of
    the market that has adopted by then."""

    time: float
    share: float


def bass_curve(t, p, q, market=1.0):
    """Adopters up to time ``t`` (累计采用者): market · (1 − e^−(p+q)t) / (1 + q/p · e^−(p+q)t).

    p: of innovation, the share of those left who adopt by themselves in one unit of time · q: of imitation, the same
    per share of users already there. Means over 213 sets of sales: p 0.03, q 0.38.
    Raises ValueError on a negative t, a p not above zero and a negative q.
    """
    t, p, q, market = _bass(t, p, q, market)
    fading = np.exp(-(p + q) * t)
    return market * (1 - fading) / (1 + q / p * fading)


def bass_rate(t, p, q, market=1.0):
    """Adopters per unit of time at ``t``, the slope of :func:`bass_curve`. Arguments as there."""
    t, p, q, market = _bass(t, p, q, market)
    fading = np.exp(-(p + q) * t)
    return market * (p + q) ** 2 / p * fading / (1 + q / p * fading) ** 2


def bass_peak(p, q):
    """When the rate is highest: ln(q/p) / (p + q); at once where q is not above p.

    p 0.03, q 0.38 → time 6.193, share 0.4605 (Sultan, Farley and Lehmann's means).
    """
    _, p, q, _ = _bass(0.0, p, q, 1.0)
    time = max(float(np.log(q / p) / (p + q)), 0.0) if q > 0 else 0.0
    return Peak(time, float(bass_curve(time, p, q)))


def _bass(t, p, q, market):
    t, p, q, market = numbers(t, "The time"), number(p, "p"), number(q, "q"), number(market, "The market")
    if not (t >= 0).all() or p <= 0 or q < 0 or market <= 0:
        raise ValueError("A Bass curve needs times of 0 or later, p and the market above zero, and q not negative.")
    return t, p, q, market


# What periods 1 … n bring of a market of 1.
FORMS = {"rate": lambda n, p, q: bass_rate(np.arange(1.0, n + 1), p, q),
         "difference": lambda n, p, q: np.diff(bass_curve(np.arange(n + 1.0), p, q))}


@dataclass(frozen=True)
class BassFit:
    """``market``: all who will ever adopt; errors are standard errors; ``residual_sd``: on n − 3 degrees of freedom."""

    market: float
    p: float
    q: float
    market_error: float
    p_error: float
    q_error: float
    residual_sd: float
    residual_sum: float     # of squares

    @property
    def peak(self):
        """The peak that the fit foretells."""
        return bass_peak(self.p, self.q)


def fit_bass(sales, form="rate"):
    """Bass curve by least squares on sales of periods 1, 2, 3 …

    form "rate": sales_t = market · slope at t; "difference": market · (share at t − share at t − 1), which is what a
    period's sales are (Srinivasan and Mason). They differ a little; say which. US video recorders (840 1470 2110 4000
    7590 10950 10530 9470 7790 5890), rate → market 67,981, p .00659, q .638.
    Raises ValueError on fewer than four periods, negative sales, and sales that no Bass curve fits.
    """
    sales = _sales(sales)
    if form not in FORMS:
        raise ValueError(f"form is one of {', '.join(FORMS)}, not {form!r}.")
    market, p, q, total = _best_bass(sales, FORMS[form])
    place = np.array([market, p, q])

    def fitted(at):
        return at[0] * FORMS[form](len(sales), at[1], at[2])

    slopes = np.column_stack([(fitted(place + step) - fitted(place - step)) / (2 * step.sum())
                              for step in np.diag(1e-6 * place)])
    variance = total / (len(sales) - 3)
    errors = np.sqrt(np.diag(np.linalg.inv(slopes.T @ slopes)) * variance)
    return BassFit(market, p, q, *(float(error) for error in errors), float(np.sqrt(variance)), total)


def bass_market_interval(sales, level=0.95, form="rate"):
    """Interval of the market by profile likelihood: every market whose best curve fits nearly as well.

    Nearly: (its residual sum / the least one − 1) · (n − 3) is at most Student's t². Too narrow still where the form
    is wrong. Returns (low, high); high is infinite if no market is too large. US video recorders, ten years:
    60,903–75,819; the first seven: 44,913–64,723, which leaves out what ten years say (67,981).
    """
    from scipy.optimize import brentq
    from scipy.stats import t as student

    sales, level = _sales(sales), number(level, "The level")
    if not 0 < level < 1:
        raise ValueError("The level is a share between 0 and 1.")
    best, _, _, total = _best_bass(sales, FORMS[form])
    limit = 1 + student.ppf((1 + level) / 2, len(sales) - 3) ** 2 / (len(sales) - 3)

    def excess(log_market):
        return _best_bass(sales, FORMS[form], np.exp(log_market))[3] / total - limit

    ends = []
    for step in (-0.1, 0.1):
        near = far = np.log(best)
        while excess(far) < 0 and abs(far - np.log(best)) < np.log(1000):
            near, far = far, far + step
        ends.append(np.exp(brentq(excess, *sorted((near, far)), xtol=1e-9)) if excess(far) >= 0
                    else (0.0 if step < 0 else np.inf))
    return float(ends[0]), float(ends[1])


def _sales(sales):
    sales = numbers(sales, "Sales")
    if sales.ndim != 1 or len(sales) < 4 or not (sales >= 0).all() or not sales.any():
        raise ValueError("At least four periods of sales are needed, none negative or missing and not all 0.")
    return sales


def _best_bass(sales, shape_of, market=None):
    """(market, p, q, residual sum of squares); with ``market`` held if it is given."""
    from scipy.optimize import least_squares

    count, size = len(sales), np.abs(sales).max()

    def misfit(place):
        shape = shape_of(count, *np.exp(place))
        # The best market for these p and q follows at once.
        level = market if market is not None else max(shape @ sales / (shape @ shape), 1e-12)
        return (level * shape - sales) / size

    found = [least_squares(misfit, start, bounds=([-18, -8], [0.5, 2.5]), xtol=1e-13, ftol=1e-13, gtol=1e-13)
             for start in ((-5.0, -0.7), (-3.5, -1.0), (-8.0, 0.0))]
    best = min(found, key=lambda each: each.cost)
    p, q = (float(value) for value in np.exp(best.x))
    shape = shape_of(count, p, q)
    level = float(market if market is not None else shape @ sales / (shape @ shape))
    if market is None and (min(best.x[1] + 8, 2.5 - best.x[1], best.x[0] + 18) < 1e-3 or level <= 0):
        raise ValueError("No Bass curve fits these sales: they show neither a rise by imitation nor a market's end.")
    return level, p, q, float(((level * shape - sales) ** 2).sum())


# --- logistic -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LogisticFit:
    """ceiling / (1 + e^(−rate · (t − midpoint))). ``residual_sum``: of squares."""

    ceiling: float
    rate: float
    midpoint: float
    residual_sum: float

    def curve(self, t):
        """Users at time ``t``."""
        return self.ceiling / (1 + np.exp(-self.rate * (numbers(t, "The time") - self.midpoint)))


def logistic_through(t, y):
    """The logistic through three points at equal distances, as Pearl and Reed drew it.

    US population 1790, 1850, 1910 (3.929, 23.192, 91.972 millions) → ceiling 197.27, passed by about 1970.
    Raises ValueError unless there are three rising points at equal distances that bend over.
    """
    t, y = numbers(t, "Times"), numbers(y, "Values")
    if t.shape != (3,) or y.shape != (3,) or not np.isclose(t[1] - t[0], t[2] - t[1]) or not t[1] > t[0]:
        raise ValueError("Three points at equal distances in time are needed.")
    if not 0 < y[0] < y[1] < y[2] or y[1] ** 2 <= y[0] * y[2]:
        raise ValueError("The three values must rise, and more slowly in the end: growth by a constant factor has no "
                         "ceiling.")
    ceiling = (2 * y.prod() - y[1] ** 2 * (y[0] + y[2])) / (y[0] * y[2] - y[1] ** 2)
    odds = np.log(y[:2] / (ceiling - y[:2]))
    rate = float((odds[1] - odds[0]) / (t[1] - t[0]))
    return LogisticFit(float(ceiling), rate, float(t[0] - odds[0] / rate), 0.0)


def fit_logistic(t, y, ceiling=None):
    """Logistic curve by least squares; with ``ceiling`` held if it is given.

    Raises ValueError on lengths that differ, fewer points than unknowns, values not above zero, and, without a
    ceiling, values that do not rise.
    """
    t, y = _points(t, y, 3 if ceiling is None else 2)
    if ceiling is not None:
        return _held(t, y, number(ceiling, "The ceiling"))
    from scipy.optimize import minimize_scalar

    # One unknown at a time is safe: for each ceiling the best curve, and then the best ceiling.
    grid = y.max() * np.geomspace(0.5, 1000, 160)
    sums = np.array([_held(t, y, each).residual_sum for each in grid])
    place = int(sums.argmin())
    low, high = grid[max(place - 1, 0)], grid[min(place + 1, len(grid) - 1)]
    best = minimize_scalar(lambda log: _held(t, y, np.exp(log)).residual_sum, bounds=np.log([low, high]),
                           method="bounded", options={"xatol": 1e-10})
    found = _held(t, y, float(np.exp(best.x)))
    if not found.rate * np.ptp(t) > 1e-6:
        raise ValueError("The values do not rise over time: there is no ceiling that they grow towards.")
    return found


@dataclass(frozen=True)
class Ceilings:
    """Ceilings that fit nearly as well as the best one: from ``low`` to ``high`` (infinite if none is too high).
    ``profile``: ceiling, error (relative to the least one), to draw."""

    best: float
    low: float
    high: float
    profile: pd.DataFrame


def ceilings(t, y, within=0.05, measure="sum"):
    """Every ceiling whose best logistic fits nearly as well as the best of all: what the points leave open.

    within: how much larger the error may be (0.05: a twentieth) · measure: "sum" of squared residuals, or "root" of
    their mean. Ceilings up to a thousand times the largest value are tried.
    Raises ValueError as :func:`fit_logistic`, and on a negative within.
    """
    from scipy.optimize import brentq

    t, y = _points(t, y, 3)
    within = number(within, "within")
    if within < 0 or measure not in ("sum", "root"):
        raise ValueError('within must not be negative, and measure is "sum" or "root".')
    best, power = fit_logistic(t, y), 1.0 if measure == "sum" else 0.5
    least = max(best.residual_sum, 1e-300)

    def error(ceiling):
        return (_held(t, y, ceiling).residual_sum / least) ** power

    ends = []
    for last in (0.5 * y.max(), 1000 * y.max()):
        far, outer = best.ceiling, None
        for step in np.geomspace(0.01, abs(np.log(last / best.ceiling)) + 0.01, 25):
            outer = best.ceiling * np.exp(np.sign(last - best.ceiling) * step)
            if error(outer) > 1 + within:
                break
            far = outer
        inside = error(outer) <= 1 + within
        ends.append((np.inf if last > best.ceiling else last) if inside else brentq(
            lambda ceiling: error(ceiling) - 1 - within, *sorted((far, outer)), rtol=1e-8))
    grid = np.geomspace(0.7 * ends[0], 1.5 * ends[1] if np.isfinite(ends[1]) else 5 * ends[0], 60)
    profile = pd.DataFrame({"ceiling": grid, "error": [error(each) for each in grid]})
    return Ceilings(best.ceiling, float(ends[0]), float(ends[1]), profile)


def _points(t, y, least):
    t, y = numbers(t, "Times"), numbers(y, "Values")
    if t.ndim != 1 or t.shape != y.shape or len(t) < least:
        raise ValueError(f"Give one value for each time, and at least {least}; there are {t.size} and {y.size}.")
    if not (y > 0).all() or not np.isfinite(t).all() or len(np.unique(t)) < len(t):
        raise ValueError("Values must be above zero, and no time may be missing or stand twice.")
    return t, y


def _held(t, y, ceiling):
    """The best curve with this ceiling."""
    from scipy.optimize import least_squares

    middle, span, size = t.mean(), max(np.ptp(t), 1e-9), np.abs(y).max()

    def misfit(place):
        return (ceiling / (1 + np.exp(-np.clip(place[0] + place[1] * (t - middle) / span, -500, 500))) - y) / size

    share = np.clip(y / ceiling, 1e-6, 1 - 1e-3)
    slope, level = np.polyfit((t - middle) / span, np.log(share / (1 - share)), 1)
    found = least_squares(misfit, [level, slope], method="lm", xtol=1e-12, ftol=1e-12, gtol=1e-12)
    level, slope = found.x
    rate = float(slope / span)
    midpoint = float(middle - level / rate) if rate else np.nan
    return LogisticFit(float(ceiling), rate, midpoint, float(2 * found.cost * size**2))
