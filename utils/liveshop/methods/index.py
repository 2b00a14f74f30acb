"""One number for a broadcast: an index with stated weights, and what it hides.

An index is a decision in disguise: its weights say what the team wants more of. So the weights are
stated, :func:`sensitivity` says how much of the order hangs on them, and :func:`double_counting` finds
measures that say the same thing twice and so weigh twice.
Source: OECD and JRC, Handbook on Constructing Composite Indicators (2008).
"""

from __future__ import annotations

import numpy as np
import pandas as pd


def standardise(frame, measures, scale="rank"):
    """The measures on one scale. ``"rank"``: share of the others below, 0 to 1, calm with heavy tails;
    ``"z"``: standard deviations from the mean; ``"minmax"``: 0 lowest, 1 highest.
    Raises ValueError on missing measures and another scale.
    """
    values = _measures(frame, measures)
    if scale == "rank":
        return (values.rank() - 1) / (values.notna().sum() - 1)
    if scale == "z":
        return (values - values.mean()) / values.std(ddof=0)
    if scale == "minmax":
        return (values - values.min()) / (values.max() - values.min())
    raise ValueError(f'The scale is "rank", "z" or "minmax", not {scale!r}.')


def evaluation_index(frame, weights, scale="rank"):
    """Weighted mean of the measures, after :func:`standardise`; one value a row.

    ``weights``: {measure: weight}; a negative weight means that less is better. Weights are divided by
    the sum of their sizes. Rows with a missing measure get NaN. A measure without a value, or with the same
    value in every row, cannot tell broadcasts apart: it is left out, its weight goes to the others in
    proportion, and ``.attrs["left_out"]`` says {measure: reason}.
    """
    values, weights, left_out = _usable(frame, weights, scale)
    index = (values * weights.abs()).sum(axis=1, skipna=False).rename("index")
    index.attrs["left_out"] = left_out
    return index


def _usable(frame, weights, scale):
    """The measures that can tell rows apart, on one scale and turned so that more is better; their weights,
    and {measure: reason} of those left out. Rows are all kept; some may hold NaN."""
    weights = _weights(weights)
    measures = _measures(frame, list(weights.index)).replace([np.inf, -np.inf], np.nan)
    left_out = {name: "no value" for name in measures if measures[name].isna().all()}
    kept = [name for name in measures if name not in left_out]
    while kept:
        whole = measures[kept].dropna()                 # a measure may stand still where the others have values
        # Ratios that should be equal differ in their last digit, which ranks would blow up.
        constant = [name for name in kept if len(whole) and np.ptp(whole[name]) <= 1e-9 * whole[name].abs().max()]
        if len(whole) < 2 or not constant:
            break
        left_out |= {name: "the same value in every row" for name in constant}
        kept = [name for name in kept if name not in constant]
    if not kept:
        raise ValueError("No measure tells the rows apart: each is empty or the same in every row.")
    if len(whole) < 2:
        raise ValueError(f"Fewer than two rows have all of the measures {', '.join(kept)}; leave out the measure "
                         "with the most gaps.")
    weights = _weights(weights[kept])
    return _oriented(standardise(measures, kept, scale), weights, scale), weights, left_out


def _oriented(values, weights, scale):
    turned = values.copy()
    for name in weights.index[weights < 0]:
        turned[name] = -values[name] if scale == "z" else 1 - values[name]
    return turned


def sensitivity(frame, weights, scale="rank", draws=2000, spread=None, seed=0):
    """How much of the order hangs on the weights: rank of each row under random weights.

    ``spread=None``: all weightings equally likely (flat Dirichlet), keeping the signs; a number makes
    them vary around the stated weights by about that share (0.2: a fifth). Returns, per row: rank (1 is
    best) under the stated weights, rank_low, rank_high (5 % and 95 %), first (share of the weightings in
    which it is the best). ``.attrs["rank_correlation"]``: mean Spearman correlation with the stated order;
    ``.attrs["left_out"]``: measures without a value or without variation, as in :func:`evaluation_index`.
    Raises ValueError on weights that do not fit the measures, and too few rows to rank.
    """
    values, weights, left_out = _usable(frame, weights, scale)
    values = values.dropna()
    rng = np.random.default_rng(seed)
    if spread is None:
        drawn = rng.dirichlet(np.ones(len(weights)), draws)
    else:
        if not 0 < spread < 1:
            raise ValueError("spread is a share of each weight, between 0 and 1.")
        drawn = weights.abs().to_numpy() * rng.gamma(1 / spread**2, spread**2, (draws, len(weights)))
        drawn /= drawn.sum(axis=1, keepdims=True)
    stated = (-(values @ weights.abs())).rank().to_numpy()
    ranks = (-(values.to_numpy() @ drawn.T)).argsort(axis=0, kind="stable").argsort(axis=0) + 1.0
    low, high = np.quantile(ranks, [0.05, 0.95], axis=1, method="nearest")
    table = pd.DataFrame({"rank": stated.astype(int), "rank_low": low.astype(int), "rank_high": high.astype(int),
                          "first": (ranks == 1).mean(axis=1)}, index=values.index)
    centred, other = ranks - ranks.mean(axis=0), stated - stated.mean()
    size = np.sqrt((centred**2).sum(axis=0) * (other**2).sum())
    table.attrs["left_out"] = left_out
    table.attrs["rank_correlation"] = float(((centred * other[:, None]).sum(axis=0) / size).mean())
    return table


def double_counting(frame, weights, scale="rank", limit=0.7):
    """Measures that say the same thing. Returns one row a pair of measures, strongest first: correlation
    (of the scaled measures), joint_weight, and double (correlation of ``limit`` or more).

    ``.attrs["effective_measures"]``: how many independent measures the list amounts to, from the
    eigenvalues of the correlations: (sum)² / sum of squares.
    ``.attrs["influence"]``: share of the index's variance that goes with each measure; compare it with the
    stated weights.
    ``.attrs["left_out"]``: measures without a value or without variation, as in :func:`evaluation_index`.
    """
    values, weights, left_out = _usable(frame, weights, scale)
    values = values.dropna()
    correlation = values.corr()
    rows = []
    names = list(weights.index)
    for i, one in enumerate(names):
        for other in names[i + 1:]:
            rows.append([one, other, correlation.loc[one, other], weights.abs()[one] + weights.abs()[other]])
    table = pd.DataFrame(rows, columns=["measure", "other", "correlation", "joint_weight"])
    table["double"] = table["correlation"] >= limit
    table = table.sort_values("correlation", ascending=False, ignore_index=True)
    table.attrs["left_out"] = left_out
    eigen = np.linalg.eigvalsh(correlation.to_numpy())
    table.attrs["effective_measures"] = float(eigen.sum() ** 2 / (eigen**2).sum())
    total = values @ weights.abs()
    size, spread = weights.abs(), total.var()
    table.attrs["influence"] = {name: float(size[name] * values[name].cov(total) / spread) for name in names}
    return table


def _weights(weights):
    weights = pd.Series(dict(weights), dtype=float)
    if weights.empty or not np.isfinite(weights).all() or weights.abs().sum() == 0:
        raise ValueError("Give a weight for each measure, not all of them zero.")
    return weights / weights.abs().sum()


def _measures(frame, measures):
    missing = [name for name in measures if name not in frame]
    if missing:
        raise ValueError(f"The table lacks the measure {', '.join(missing)}.")
    return frame[list(measures)].astype(float)
