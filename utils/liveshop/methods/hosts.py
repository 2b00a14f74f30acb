"""A fair comparison of hosts, and how long to try a newcomer.

A host's raw GMV per hour mixes skill with the slot, the channel and the traffic that the manager
gave. :func:`adjusted_effects` takes those out, :func:`shrink` draws what is left towards the mean by
the amount of evidence, :func:`rank_uncertainty` says how sure the order is; :func:`by_shift` comes before them
where hosts change within a broadcast. The last functions answer
how many trial broadcasts it takes to find the best of several candidates.

Sources: Efron and Morris, "Stein's paradox in statistics", Scientific American 236 (1977); random
effects by restricted maximum likelihood as in Viechtbauer, "Conducting meta-analyses in R with the
metafor package", Journal of Statistical Software 36 (2010); order statistics in David and Nagaraja,
Order Statistics (2003).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
import pandas as pd

from liveshop.methods._inputs import listed, need
from liveshop.methods._regression import complete, design, fit_linear, weights_of


def adjusted_effects(frame, outcome, host="host_id", controls=(), weights=None, cluster=None, errors="robust"):
    """Each host's outcome against the average host, at equal controls (linear regression).

    ``outcome``: best on a log scale, so that effects are shares (0.10 is about 10 % above the
    average host). ``controls``: columns; numbers as they are, text as indicators. ``errors``: "robust"
    to unequal variance (HC3, or clustered by ``cluster``), or "model", which trusts ``weights`` to be
    proportional to 1 / variance: better for a host with a handful of broadcasts, from which no
    variance can be read. Returns one row a host: broadcasts, raw
    (mean of the outcome less the mean of hosts' means), estimate, standard_error; and ``.attrs["covariance"]``.
    Raises ValueError with fewer than two hosts, and when a control goes one to one with the hosts.
    """
    controls = listed(controls)
    data = complete(frame, [outcome, host, *controls, *listed(weights), *listed(cluster)], [outcome, *listed(weights)])
    names = sorted(data[host].unique())
    if len(names) < 2:
        raise ValueError(f"There is only one host in {host}: nobody to compare with.")
    own = pd.get_dummies(data[host].astype("category").cat.set_categories(names), dtype=float)
    terms = design(data, controls)
    # Centred controls make each host's coefficient the outcome under average conditions.
    x = pd.concat([own, terms - terms.mean()], axis=1)
    if np.linalg.matrix_rank(x.to_numpy()) < x.shape[1]:
        raise ValueError("A control goes with the hosts one to one (or with another control), so the two "
                         f"cannot be told apart: leave out one of {', '.join(controls)}.")
    if errors not in ("robust", "model"):
        raise ValueError(f'errors is "robust" or "model", not {errors!r}.')
    fit = fit_linear(data[outcome].astype(float), x, weights_of(data, weights), data[cluster] if cluster else None,
                     errors="HC3" if errors == "robust" else "nonrobust")
    count = len(names)
    against_mean = np.eye(count) - 1.0 / count
    covariance = against_mean @ np.asarray(fit.cov_params())[:count, :count] @ against_mean.T
    raw = data.groupby(host)[outcome].mean().reindex(names)
    table = pd.DataFrame({
        "broadcasts": data.groupby(host).size().reindex(names),
        "raw": raw - raw.mean(),
        "estimate": against_mean @ np.asarray(fit.params)[:count],
        "standard_error": np.sqrt(np.diag(covariance))}, index=pd.Index(names, name=host))
    table.attrs["covariance"] = covariance.tolist()
    return table


def by_shift(streams, minutes, shifts):
    """Broadcasts cut into what fell to each host, where hosts take turns: one row a broadcast and host.

    ``streams`` and ``minutes`` (stream_minutes) as in the contract; ``shifts``: stream_id, host_id, from_minute,
    to_minute (exclusive), from the roster. A row keeps what the broadcast has (slot, channel …) and counts what
    happened in her minutes: stream_seconds, views (entries), product_clicks, orders, gmv; two hosts at once
    share a minute. promotion_spend goes by entries. Broadcasts that the roster does not name stay whole, with their
    own host; minutes with nobody on the roster are nobody's.
    An order is counted in the minute in which it comes: who takes over reaps what was talked up before.
    Raises ValueError on missing columns, and on shifts of broadcasts that are not there.
    """
    need(shifts, ("stream_id", "host_id", "from_minute", "to_minute"), "The roster lacks", "")
    strange = sorted(set(shifts["stream_id"]) - set(streams["stream_id"]))
    if strange:
        raise ValueError(f"The roster has shifts of {strange[0]}, which is no broadcast of streams.")
    counts = {"enters": "views", "product_clicks": "product_clicks", "orders": "orders", "gmv": "gmv"}
    counts = {name: new for name, new in counts.items() if name in minutes}
    turns = minutes[["stream_id", "minute", *counts]].merge(
        shifts[["stream_id", "host_id", "from_minute", "to_minute"]], on="stream_id")
    turns = turns[(turns["minute"] >= turns["from_minute"]) & (turns["minute"] < turns["to_minute"])]
    turns = turns.drop_duplicates(["stream_id", "minute", "host_id"])
    share = 1 / turns.groupby(["stream_id", "minute"])["host_id"].transform("size")
    turns = turns.assign(stream_seconds=60 * share, **{new: turns[name] * share for name, new in counts.items()})
    parts = turns.groupby(["stream_id", "host_id"])[["stream_seconds", *counts.values()]].sum().reset_index()
    named = streams["stream_id"].isin(shifts["stream_id"])
    rest = streams[named].drop(columns=["host_id", "stream_seconds", *counts.values()], errors="ignore")
    parts = parts.merge(rest, on="stream_id")
    if "promotion_spend" in parts and "views" in parts:
        entries = parts.groupby("stream_id")["views"].transform("sum")
        parts["promotion_spend"] *= (parts["views"] / entries.where(entries > 0)).fillna(0)
    return pd.concat([streams[~named], parts], ignore_index=True).reindex(columns=streams.columns)


@dataclass(frozen=True)
class Shrinkage:
    """Estimates drawn towards their mean. Arrays have one entry a unit, in the order given."""

    mean: float                 # weighted mean of the units
    mean_standard_error: float
    between_sd: float           # estimated spread of the true values (tau)
    weight: np.ndarray          # weight on the unit's own estimate; the rest is on the mean
    estimate: np.ndarray        # weight * own + (1 - weight) * mean
    standard_error: np.ndarray
    interval: np.ndarray        # shape (units, 2), 95 %


def shrink(estimates, standard_errors):
    """Empirical Bayes: draw each estimate towards the mean by how little it is known.

    The weight on a unit's own estimate is tau² / (tau² + se²), where tau² (how much units truly
    differ) is estimated by restricted maximum likelihood. A host with many broadcasts keeps nearly
    all of her own figure, a newcomer little of it. Intervals include the error of the mean, not that of tau.
    Raises ValueError with fewer than three estimates, and on standard errors that are not above zero.
    """
    from scipy.optimize import minimize_scalar

    y, se = np.asarray(estimates, float), np.asarray(standard_errors, float)
    if y.shape != se.shape or y.ndim != 1 or len(y) < 3:
        raise ValueError("shrink needs at least three estimates and as many standard errors.")
    if not (np.isfinite(y).all() and np.isfinite(se).all() and (se > 0).all()):
        raise ValueError("Every estimate must be a number and every standard error above zero.")

    def minus_log_likelihood(variance):
        w = 1 / (variance + se**2)
        mean = (w * y).sum() / w.sum()
        return 0.5 * (np.log(variance + se**2).sum() + np.log(w.sum()) + (w * (y - mean) ** 2).sum())

    top = 10 * (y.var(ddof=1) + se.max() ** 2)
    found = minimize_scalar(minus_log_likelihood, bounds=(0, top), method="bounded",
                            options={"xatol": 1e-10 * top})
    variance = 0.0 if minus_log_likelihood(0.0) <= found.fun else float(found.x)
    w = 1 / (variance + se**2)
    mean, mean_variance = (w * y).sum() / w.sum(), 1 / w.sum()
    weight = variance * w
    estimate = weight * y + (1 - weight) * mean
    error = np.sqrt(weight * se**2 + (1 - weight) ** 2 * mean_variance)
    interval = np.column_stack([estimate - 1.959964 * error, estimate + 1.959964 * error])
    return Shrinkage(float(mean), float(np.sqrt(mean_variance)), float(np.sqrt(variance)),
                     weight, estimate, error, interval)


def shrinkage_weight(talent_sd, noise_sd, broadcasts):
    """Weight on a host's own average: talent_sd² / (talent_sd² + noise_sd² / broadcasts)."""
    broadcasts = np.asarray(broadcasts, float)
    weight = broadcasts * talent_sd**2 / (broadcasts * talent_sd**2 + noise_sd**2)
    return float(weight) if weight.ndim == 0 else weight


def rank_uncertainty(estimates, standard_errors, draws=20_000, seed=0):
    """How sure is the order? For every unit: probability of being the best, and the 90 % range of
    its rank (1 is best), from draws of the true values around the (shrunk) estimates."""
    y, se = np.asarray(estimates, float), np.asarray(standard_errors, float)
    drawn = np.random.default_rng(seed).normal(y, se, size=(draws, len(y)))
    ranks = (-drawn).argsort(axis=1).argsort(axis=1) + 1
    low, high = np.quantile(ranks, [0.05, 0.95], axis=0, method="nearest")
    table = pd.DataFrame({"rank": (-y).argsort().argsort() + 1, "best": (ranks == 1).mean(axis=0),
                          "rank_low": low.astype(int), "rank_high": high.astype(int)})
    table.index = getattr(estimates, "index", table.index)
    return table


def scorecard(frame, outcome, host="host_id", controls=(), weights=None, cluster=None, errors="robust", seed=0):
    """The fair scorecard: adjusted, shrunk, with intervals and the uncertainty of the rank.

    One row a host, best first: broadcasts, raw, adjusted, weight (on her own figure), estimate, low,
    high, rank, best (probability), rank_low, rank_high. Figures are against the average host.
    """
    table = adjusted_effects(frame, outcome, host, controls, weights, cluster, errors)
    shrunk = shrink(table["estimate"], table["standard_error"])
    table = table.rename(columns={"estimate": "adjusted"}).assign(
        weight=shrunk.weight, estimate=shrunk.estimate,
        low=shrunk.interval[:, 0], high=shrunk.interval[:, 1])
    table = table.join(rank_uncertainty(table["estimate"], pd.Series(shrunk.standard_error, table.index), seed=seed))
    table.attrs = {"between_sd": shrunk.between_sd}
    return table.sort_values("rank")


@dataclass(frozen=True)
class LearningCurve:
    """value = start * number ** exponent. ``start``: value at the first broadcast (a Series if
    there are several groups). ``interval``: 95 % of the exponent."""

    start: float | pd.Series
    exponent: float
    standard_error: float
    interval: tuple[float, float]

    @property
    def gain_per_doubling(self):
        """Relative change each time the number of broadcasts doubles: 2**exponent − 1."""
        return 2.0**self.exponent - 1

    def predict(self, number, group=None):
        """Expected value at the given broadcast (1 is the first)."""
        start = self.start if group is None else self.start[group]
        return start * np.asarray(number, float) ** self.exponent


def learning_curve(number, value, group=None):
    """Power law of practice, fitted by least squares on logarithms (Newell and Rosenbloom 1981).

    ``number``: which broadcast of the host (1, 2, …); ``value``: outcome above zero; ``group``: host,
    if there are several: each has her own start, the exponent is common.
    Raises ValueError on numbers or values not above zero, and too few broadcasts.
    """
    import statsmodels.api as sm

    data = pd.DataFrame({"n": np.asarray(number, float), "y": np.asarray(value, float)})
    data["g"] = "all" if group is None else np.asarray(group)
    if (data["n"] < 1).any() or (data["y"] <= 0).any():
        raise ValueError("A learning curve needs broadcast numbers from 1 and values above zero.")
    starts = pd.get_dummies(data["g"], dtype=float)
    if len(data) < starts.shape[1] + 2:
        raise ValueError("Too few broadcasts for a learning curve: at least two more than hosts.")
    fit = sm.OLS(np.log(data["y"]), starts.assign(log_n=np.log(data["n"]))).fit()
    start = np.exp(fit.params.drop("log_n"))
    low, high = fit.conf_int().loc["log_n"]
    return LearningCurve(float(start.iloc[0]) if group is None else start, float(fit.params["log_n"]),
                         float(fit.bse["log_n"]), (float(low), float(high)))


@dataclass(frozen=True)
class Selection:
    """Picking the candidate with the best average. ``regret``: how far, on average, the one picked is
    below the truly best one; ``luck``: how far her trial average overstates her."""

    probability_best: float
    regret: float
    luck: float


def select_best(candidates, trials, talent_sd, noise_sd):
    """Chance of hiring the truly best of several candidates, and the expected regret, in closed form.

    Candidates' true levels are normal with ``talent_sd``; each of ``trials`` broadcasts adds normal
    noise with ``noise_sd``; the highest average is hired. With w the shrinkage weight and e(k) the
    expected largest of k standard normals: regret = talent_sd · e(k) · (1 − √w) and
    luck = talent_sd · e(k) · (1/√w − √w). The probability is an integral over the bivariate normal
    with correlation √w: k · ∬ φ Φ^(k−1); for two candidates ½ + arcsin(√w)/π.
    """
    _check_selection(candidates, trials, talent_sd, noise_sd)
    root = np.sqrt(shrinkage_weight(talent_sd, noise_sd, trials))
    top = _expected_largest(int(candidates))
    return Selection(_probability_best(int(candidates), float(root)), float(talent_sd * top * (1 - root)),
                     float(talent_sd * top * (1 / root - root)) if root > 0 else float("inf"))


def simulate_selection(candidates, trials, talent_sd, noise_sd, hires=100_000, seed=0):
    """The same as :func:`select_best`, by simulating ``hires`` rounds."""
    _check_selection(candidates, trials, talent_sd, noise_sd)
    rng = np.random.default_rng(seed)
    true = rng.normal(0, talent_sd, (hires, candidates))
    seen = true + rng.normal(0, noise_sd / np.sqrt(trials), (hires, candidates))
    rows, pick = np.arange(hires), seen.argmax(axis=1)
    return Selection(float((true.argmax(axis=1) == pick).mean()),
                     float((true.max(axis=1) - true[rows, pick]).mean()),
                     float((seen[rows, pick] - true[rows, pick]).mean()))


def trials_needed(candidates, talent_sd, noise_sd, probability=0.8, most=100_000):
    """Fewest trial broadcasts for each candidate so that the best is hired with this probability.

    Raises ValueError when no number of trials is enough.
    """
    if not 0 < probability < 1:
        raise ValueError("The probability must lie between 0 and 1.")
    def enough(trials):
        return select_best(candidates, trials, talent_sd, noise_sd).probability_best >= probability
    if not enough(most):
        raise ValueError(f"Even {most:,} trials do not reach {probability:.0%}.")
    low, high = 0, 1
    while not enough(high):
        low, high = high, min(2 * high, most)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def _check_selection(candidates, trials, talent_sd, noise_sd):
    if candidates < 2 or trials < 1 or talent_sd <= 0 or noise_sd < 0:
        raise ValueError("Give at least two candidates, one trial, a talent spread above zero and noise not below.")


@cache
def _expected_largest(count):
    from scipy.integrate import quad
    from scipy.stats import norm

    return quad(lambda x: x * count * norm.pdf(x) * norm.cdf(x) ** (count - 1), -9, 9)[0]


@lru_cache(maxsize=4096)
def _probability_best(count, correlation):
    from scipy.special import ndtr

    if correlation >= 1 - 1e-12:
        return 1.0
    if count == 2:
        return 0.5 + float(np.arcsin(correlation)) / np.pi
    # The best true value t comes with a trial average a = r t + sqrt(1 - r²) e. The chance that one
    # rival lies below both is P(T < t, A < a); it is an integral over rivals' t, built up by summing.
    points = 201
    t, step = np.linspace(-6.5, 6.5, points, retstep=True)
    density = np.exp(-t**2 / 2) / np.sqrt(2 * np.pi)
    spread = np.sqrt(1 - correlation**2)
    e, e_weight = np.polynomial.hermite_e.hermegauss(31)
    own, other = np.tril_indices(points)                          # the rival's t up to one's own
    ahead, first = correlation * (t[own] - t[other]) / spread, np.searchsorted(own, np.arange(points))
    weight = density[other] * np.where(own == other, 0.5, 1.0) * step
    total = 0.0
    for luck, luck_weight in zip(e, e_weight, strict=True):
        rival = np.add.reduceat(weight * ndtr(ahead + luck), first)
        total += luck_weight * (density * rival ** (count - 1)).sum() * step
    return float(min(1.0, count * total / np.sqrt(2 * np.pi)))
