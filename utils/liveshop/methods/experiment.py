"""Planning and reading tests: how many, is the split sound, what peeking costs, what many tests add up to.

================================ ======================================================================
function                         asks
================================ ======================================================================
sample_size, mean_sample_size    how many units per arm?
srm_pvalue                       is the split what was planned?
cuped                            how much noise does the time before take away?
peeking_error                    what does looking every day cost?
sequential_boundaries            where must the limits lie, if one looks several times?
false_discoveries                which of many tests can be believed together?
winners_curse                    how much do significant results exaggerate?
factorial                        two levers at once: what do both do together?
================================ ======================================================================
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from liveshop.methods._inputs import number, numbers, whole


def sample_size(baseline, lift, power=0.8, alpha=0.05, variance="unequal"):
    """Units per arm to find a change of ``lift`` (absolute) from the share ``baseline``; two-sided.

    ``variance="unequal"`` is the common textbook form with the pooled share under no effect and separate shares under
    the effect (R's power.prop.test: 0.50 against 0.75 at power 0.90 → 76.7; 0.20 + 0.05 → 1,094).
    ``variance="baseline"`` takes the baseline's variance under no effect, as Evan Miller's calculator does (0.20 +
    0.05 → 1,030). Not rounded: round up. Shares, power and alpha lie between 0 and 1; percent are refused.
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

    Below 0.001 the split is broken and the result of the test is worth nothing (Fabijan et al., KDD 2019). ``shares``
    need not add up to one.
    Raises ValueError unless there is one count, 0 or more, and one share above zero for each of two or more arms.
    """
    from scipy.stats import chisquare

    counts, shares = numbers(counts, "Counts"), numbers(shares, "Shares")
    fits = counts.ndim == 1 and counts.shape == shares.shape and counts.size >= 2
    if not fits or not (shares > 0).all() or not (counts >= 0).all() or counts.sum() == 0:
        raise ValueError("Give one count (0 or more, not all 0) and one share above zero for each of two or more arms.")
    return float(chisquare(counts, counts.sum() * shares / shares.sum()).pvalue)


def peeking_error(looks, alpha=0.05):
    """Chance of at least one false alarm when a test without effect is looked at ``looks`` times, at equal steps,
    each time at level ``alpha``.

    Armitage, McPherson and Rowe, "Repeated significance tests on accumulating data", Journal of the Royal Statistical
    Society A 132 (1969): 1, 2, 5 looks → 0.05, 0.083, 0.142. By their recursion on a grid.
    Raises ValueError unless ``looks`` is a whole number between 1 and 500.
    """
    from scipy.stats import norm

    looks, alpha = whole(looks, "The number of looks", 1), number(alpha, "alpha")
    if looks > 500:
        raise ValueError(f"{looks:,} looks are too many to reckon with: give 500 at most.")
    if not 0 < alpha < 1:
        raise ValueError(f"alpha must lie between 0 and 1, not be {alpha:g}.")
    return _crossings(np.full(looks, norm.ppf(1 - alpha / 2)), np.arange(1, looks + 1) / looks)[-1]


def _crossings(limits, times):
    """Chance of having crossed ± limits (in standard errors) by each look, without any effect.

    ``times``: share of all units seen by then. Armitage's recursion on Gauss–Legendre points.
    """
    from scipy.stats import norm

    node, weight = np.polynomial.legendre.leggauss(int(max(80, 16 * np.sqrt(len(limits)))))
    place, mass, found = node, weight, []
    for look, (limit, time) in enumerate(zip(limits, times, strict=True)):
        edge = limit * np.sqrt(time)                # the sum that the limit stands for
        target = edge * node
        if look == 0:
            density = norm.pdf(target, scale=np.sqrt(time))
        else:
            spread = np.sqrt(time - times[look - 1])
            density = norm.pdf((target[:, None] - place) / spread) / spread @ mass
        place, mass = target, edge * weight * density
        found.append(float(1 - mass.sum()))
    return found


@dataclass(frozen=True)
class Boundaries:
    """``limits``: an estimate this many standard errors from zero may stop the test, one a look; ``spent``: chance of
    a false alarm by each look; the last one is alpha."""

    times: list
    limits: list
    spent: list


def sequential_boundaries(looks, alpha=0.05, kind="obrien_fleming"):
    """Limits for a test that is looked at several times, two-sided, with a false alarm in ``alpha`` of tests in all.

    looks: their number, at equal steps, or a list of shares of all units (rising to 1) · kind: "pocock", the same
    limit at each look; "obrien_fleming", hard at first and near the plain one at the end; "spending", Lan and DeMets'
    form of it, 4 (1 − Φ(z / √time)), for looks at any time. Pocock, 2, 3, 4 looks: 2.178, 2.289, 2.361;
    O'Brien–Fleming, the last of 2, 3, 4: 1.977, 2.004, 2.024; spending, five looks: 4.877 3.357 2.680 2.290 2.031.
    Source: Jennison and Turnbull, Group Sequential Methods (2000).
    Raises ValueError on shares that do not rise to 1, and more than 50 looks.
    """
    from scipy.optimize import brentq
    from scipy.stats import norm

    alpha = number(alpha, "alpha")
    times = numbers(looks, "Looks")
    count = times.size if times.ndim else whole(looks, "The number of looks", 1)
    if not 0 < alpha < 1 or not 1 <= count <= 50:
        raise ValueError("alpha must lie between 0 and 1, and there are 1 to 50 looks.")
    times = np.arange(1, count + 1) / count if times.ndim == 0 else times
    if not (np.diff(times, prepend=0) > 0).all() or abs(times[-1] - 1) > 1e-9:
        raise ValueError("The looks are shares of all units that rise to 1.")
    if kind == "spending":
        limits = _spent(times, np.minimum(4 * norm.sf(norm.ppf(1 - alpha / 4) / np.sqrt(times)), alpha))
    elif kind in ("pocock", "obrien_fleming"):
        shape = np.ones(len(times)) if kind == "pocock" else 1 / np.sqrt(times)
        level = brentq(lambda c: _crossings(c * shape, times)[-1] - alpha, 0.3, 10, xtol=1e-10)
        limits = level * shape
    else:
        raise ValueError(f'kind is "pocock", "obrien_fleming" or "spending", not {kind!r}.')
    return Boundaries(times.tolist(), [float(limit) for limit in limits], _crossings(limits, times))


def _spent(times, budget):
    """Limits one after another, each so that what was spent until then is spent."""
    from scipy.optimize import brentq

    limits = []
    for look, spent in enumerate(budget):
        # Below a chance of 1e-12 the limit is out of reach anyway.
        limits.append(brentq(lambda c, look=look, spent=spent: _crossings([*limits, c], times[:look + 1])[-1] - spent,
                             0.3, 12, xtol=1e-10) if spent > 1e-12 else 12.0)
    return np.array(limits)


@dataclass(frozen=True)
class WinnersCurse:
    """``power``: chance of a significant estimate; of the significant ones, ``wrong_sign``: share with the wrong
    sign, ``exaggeration``: mean size / true size."""

    power: float
    wrong_sign: float
    exaggeration: float


def winners_curse(effect, standard_error, alpha=0.05):
    """What the significant results of a test are worth when the true effect is ``effect`` (赢家诅咒).

    A weak test that comes out significant has exaggerated, and may have the wrong sign. effect and standard_error in
    one unit; two-sided; exact for the normal law. Gelman and Carlin, Perspectives on Psychological Science 9 (2014):
    0.1 with 3.28 → 0.0501, 0.464, 76.7; 2 with 8.1 → 0.0570, 0.240, 9.54.
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


FALSE_DISCOVERY = {"benjamini_hochberg": "fdr_bh", "holm": "holm", "bonferroni": "bonferroni"}


def false_discoveries(pvalues, level=0.05, method="benjamini_hochberg"):
    """Which of many tests can be believed together (错误发现率)?

    "benjamini_hochberg": of those kept, about ``level`` are false; "holm" and "bonferroni": any false one at all in
    ``level`` of such batches. One row a test, in the order given: pvalue, adjusted (kept if at most ``level``), kept.
    pvalues: array or Series (its index stays). By statsmodels. Benjamini and Hochberg, JRSS B 57 (1995): of their
    fifteen p-values 4 are kept, by Bonferroni 3, by Holm 3.
    Raises ValueError on values outside of 0 to 1, and an unknown method.
    """
    from statsmodels.stats.multitest import multipletests

    index = pvalues.index if isinstance(pvalues, pd.Series) else None
    values, level = numbers(pvalues, "p-values"), number(level, "The level")
    if values.ndim != 1 or not values.size or not ((values >= 0) & (values <= 1)).all() or not 0 < level < 1:
        raise ValueError("p-values and level must lie between 0 and 1, none missing.")
    if method not in FALSE_DISCOVERY:
        raise ValueError(f"method is one of {', '.join(FALSE_DISCOVERY)}, not {method!r}.")
    kept, adjusted, _, _ = multipletests(values, level, FALSE_DISCOVERY[method])
    return pd.DataFrame({"pvalue": values, "adjusted": adjusted, "kept": kept}, index=index)


@dataclass(frozen=True)
class Cuped:
    """``adjusted``: the outcome less what the time before foretells, with the same mean; ``theta``: the slope;
    ``removed``: share of the variance taken away, the squared correlation. Below .05 it is hardly worth it."""

    adjusted: np.ndarray
    theta: float
    removed: float


def cuped(y, x):
    """Outcomes with the noise of before taken out (CUPED).

    y: outcome per unit · x: the same measure before the test, which the test cannot have touched. Both arms together:
    one slope for all. Compare the arms' means of ``.adjusted``; a test then needs 1 − removed as many units. Deng,
    Xu, Kohavi and Walker, WSDM 2013.
    Raises ValueError on lengths that differ, missing values, and an x that is the same for all.
    """
    y, x = numbers(y, "Outcomes"), numbers(x, "Values before")
    if y.ndim != 1 or y.shape != x.shape or len(y) < 3 or not np.isfinite(y + x).all():
        raise ValueError(f"Give one value before for each outcome, none missing: there are {x.size} for {y.size}.")
    if np.ptp(x) == 0:
        raise ValueError("The values before are the same for all: they foretell nothing.")
    theta = float(np.cov(y, x)[0, 1] / x.var(ddof=1))
    removed = float(np.corrcoef(y, x)[0, 1] ** 2) if np.ptp(y) else 0.0
    return Cuped(y - theta * (x - x.mean()), theta, removed)


def mean_power(units, lift, sd=1.0, alpha=0.05):
    """Power of a two-sided t test of two means with ``units`` per arm (20, one sd → .8689528).

    Significant with the wrong sign does not count, as in R's power.t.test.
    Raises ValueError on fewer than two units, and sd or lift of zero.
    """
    from statsmodels.stats.power import TTestIndPower

    units, size, alpha = number(units, "Units"), _size(lift, sd), number(alpha, "alpha")
    if units < 2 or not 0 < alpha < 1:
        raise ValueError("At least two units per arm are needed, and alpha between 0 and 1.")
    return float(TTestIndPower().power(size, units, alpha / 2, alternative="larger"))


def mean_sample_size(lift, sd=1.0, power=0.8, alpha=0.05):
    """Units per arm for a difference of means of ``lift``, two-sided t test (one sd, power .90 → 22.02110).

    Not rounded: round up. Raises ValueError on sd or lift of zero, and shares outside of 0 to 1.
    """
    from scipy.optimize import brentq

    size, power, alpha = _size(lift, sd), number(power, "The power"), number(alpha, "alpha")
    if not 0 < alpha < power < 1:
        raise ValueError("alpha and power are shares between 0 and 1, with power above alpha.")
    if mean_power(2, size, 1.0, alpha) >= power:
        return 2.0
    top = 4.0
    while mean_power(top, size, 1.0, alpha) < power:
        top *= 2
    return float(brentq(lambda units: mean_power(units, size, 1.0, alpha) - power, top / 2, top, xtol=1e-9))


def _size(lift, sd):
    lift, sd = number(lift, "The lift"), number(sd, "sd")
    if lift == 0 or sd <= 0:
        raise ValueError("The lift must not be zero, and sd must be above zero.")
    return abs(lift) / sd


@dataclass(frozen=True)
class Factorial:
    """``effects``: one row each for a, b and both: effect, standard_error, low, high (95 %), squares, f, pvalue. The
    effect of a is its mean over both settings of b; of both, half of what a does more with b than without."""

    effects: pd.DataFrame
    error_squares: float
    freedom: int


def factorial(outcome, a, b):
    """Two levers, each on or off, in all four combinations: what each does, and what both do together (2² 析因).

    outcome: one a unit · a, b: 0 or 1 · the four cells hold the same number of units, two or more. Montgomery, Design
    and Analysis of Experiments: 28 25 27 / 36 32 32 / 18 19 23 / 31 30 29 → a 8.33, b −5, both 1.67.
    Raises ValueError on cells of different size, and settings other than 0 and 1.
    """
    from scipy.stats import f as fisher
    from scipy.stats import t as student

    y, a, b = numbers(outcome, "The outcome"), numbers(a, "a"), numbers(b, "b")
    if not (y.shape == a.shape == b.shape) or y.ndim != 1 or not np.isfinite(y).all():
        raise ValueError("Give one setting of a and of b for each outcome, none missing.")
    if not set(a) | set(b) <= {0.0, 1.0}:
        raise ValueError("a and b are 0 or 1.")
    size = np.bincount((2 * b + a).astype(int), minlength=4)
    if len(set(size)) > 1 or size[0] < 2:
        raise ValueError(f"The four cells must hold the same number of units, two or more; they hold {size.tolist()}.")
    cells = np.array([y[(a == i) & (b == j)].mean() for j in (0, 1) for i in (0, 1)])
    signs = np.array([[-1, 1, -1, 1], [-1, -1, 1, 1], [1, -1, -1, 1]])
    effect = signs @ cells / 2
    rest = float(((y - cells[(2 * b + a).astype(int)]) ** 2).sum())
    freedom = len(y) - 4
    error = np.sqrt(rest / freedom / size[0])
    squares = size[0] * (2 * effect) ** 2 / 4
    ratio = squares / (rest / freedom)
    half = student.ppf(0.975, freedom) * error
    table = pd.DataFrame({"effect": effect, "standard_error": error, "low": effect - half, "high": effect + half,
                          "squares": squares, "f": ratio, "pvalue": fisher.sf(ratio, 1, freedom)},
                         index=["a", "b", "both"])
    return Factorial(table, rest, freedom)
