"""Planning and reading a test: how many, is the split sound, what peeking costs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from liveshop.methods._inputs import number, numbers, whole


def sample_size(baseline, lift, power=0.8, alpha=0.05, variance="unequal"):
    """Units per arm to find a change of ``lift`` (absolute) from the share ``baseline``; two-sided.

    ``variance="unequal"`` is the common textbook form with the pooled share under no effect and
    separate shares under the effect (R's power.prop.test: 0.50 against 0.75 at power 0.90 → 76.7;
    0.20 + 0.05 → 1,094). ``variance="baseline"`` takes the baseline's variance under no effect, as
    Evan Miller's calculator does (0.20 + 0.05 → 1,030). Not rounded: round up. Shares, power and
    alpha lie between 0 and 1; percent are refused.
    Raises ValueError unless baseline, baseline + lift, alpha and power are shares between 0 and 1.
    """
    from scipy.stats import norm

    baseline, lift, power, alpha = (number(value, what) for value, what in (
        (baseline, "The baseline"), (lift, "The lift"), (power, "The power"), (alpha, "alpha")))
    other = baseline + lift
    if not 0 < baseline < 1 or not 0 < other < 1 or lift == 0:
        raise ValueError("The baseline and baseline + lift must be shares between 0 and 1, and lift not zero.")
    if not 0 < alpha < power < 1:
        raise ValueError(f"alpha and power are shares between 0 and 1, with power above alpha; they are {alpha:g} "
                         f"and {power:g}.")
    if variance not in ("unequal", "baseline"):
        raise ValueError('variance must be "unequal" or "baseline".')
    middle = (baseline + other) / 2 if variance == "unequal" else baseline
    effect = baseline * (1 - baseline) + other * (1 - other)
    root = (norm.ppf(1 - alpha / 2) * np.sqrt(2 * middle * (1 - middle)) + norm.ppf(power) * np.sqrt(effect))
    return float((root / lift) ** 2)


def srm_pvalue(counts, shares):
    """Sample ratio mismatch: chi-square p-value of the counts per arm against the planned shares.

    Below 0.001 the split is broken and the result of the test is worth nothing (Fabijan et al.,
    KDD 2019). ``shares`` need not add up to one.
    Raises ValueError unless there is one count, 0 or more, and one share above zero for each of two or
    more arms.
    """
    from scipy.stats import chisquare

    counts, shares = numbers(counts, "Counts"), numbers(shares, "Shares")
    fits = counts.ndim == 1 and counts.shape == shares.shape and counts.size >= 2
    if not fits or not (shares > 0).all() or not (counts >= 0).all() or counts.sum() == 0:
        raise ValueError("Give one count (0 or more, not all 0) and one share above zero for each of two or more arms.")
    return float(chisquare(counts, counts.sum() * shares / shares.sum()).pvalue)


def peeking_error(looks, alpha=0.05):
    """Chance of at least one false alarm when a test without effect is looked at ``looks`` times, at
    equal steps, each time at level ``alpha``.

    Armitage, McPherson and Rowe, "Repeated significance tests on accumulating data", Journal of the
    Royal Statistical Society A 132 (1969): 1, 2, 5 looks → 0.05, 0.083, 0.142. By their recursion on a grid.
    Raises ValueError unless ``looks`` is a whole number between 1 and 500.
    """
    from scipy.stats import norm

    looks, alpha = whole(looks, "The number of looks", 1), number(alpha, "alpha")
    if looks > 500:
        raise ValueError(f"{looks:,} looks are too many to reckon with: give 500 at most.")
    if not 0 < alpha < 1:
        raise ValueError(f"alpha must lie between 0 and 1, not be {alpha:g}.")
    critical = norm.ppf(1 - alpha / 2)
    # Density of the running sum, given no alarm so far; each look adds a standard normal.
    node, weight = np.polynomial.legendre.leggauss(int(max(80, 16 * np.sqrt(looks))))
    edge = critical
    place, mass = edge * node, edge * weight * norm.pdf(edge * node)
    for look in range(2, looks + 1):
        edge = critical * np.sqrt(look)
        target = edge * node
        density = norm.pdf(target[:, None] - place) @ mass
        place, mass = target, edge * weight * density
    return float(1 - mass.sum())


@dataclass(frozen=True)
class WinnersCurse:
    """``power``: chance of a significant estimate; of the significant ones, ``wrong_sign``: share with the
    wrong sign, ``exaggeration``: mean size / true size."""

    power: float
    wrong_sign: float
    exaggeration: float


def winners_curse(effect, standard_error, alpha=0.05):
    """What the significant results of a test are worth when the true effect is ``effect`` (赢家诅咒).

    A weak test that comes out significant has exaggerated, and may have the wrong sign. effect and
    standard_error in one unit; two-sided; exact for the normal law.
    Gelman and Carlin, Perspectives on Psychological Science 9 (2014): 0.1 with 3.28 → 0.0501, 0.464, 76.7;
    2 with 8.1 → 0.0570, 0.240, 9.54.
    Raises ValueError on an effect of zero (every sign is wrong then) and a standard error not above zero.
    """
    from scipy.stats import norm

    effect, error, alpha = (number(value, what) for value, what in (
        (effect, "The effect"), (standard_error, "The standard error"), (alpha, "alpha")))
    if effect == 0 or error <= 0 or not 0 < alpha < 1:
        raise ValueError("The effect must not be zero, the standard error above zero, alpha between 0 and 1.")
    size, edge = abs(effect) / error, norm.ppf(1 - alpha / 2)
    right, wrong = norm.sf(edge - size), norm.sf(edge + size)
    # Mean of |z| beyond the edges: the density at the edge adds what the tail lies beyond it.
    mean = size * right + norm.pdf(edge - size) - size * wrong + norm.pdf(edge + size)
    power = right + wrong
    return WinnersCurse(float(power), float(wrong / power), float(mean / power / size))
