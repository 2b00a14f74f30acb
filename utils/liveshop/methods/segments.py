"""Customers in groups that are alike: k-means on scaled traits, how stable the groups are, and what marks each.

Groups are made, not found: choose their number by whether they come again in other samples and whether one would
treat them differently, not by a score alone. scikit-learn does the clustering.

Sources: MacQueen (1967); Hubert and Arabie, Journal of Classification 2 (1985), for the adjusted Rand index; Ben-Hur,
Elisseeff and Guyon, Pacific Symposium on Biocomputing (2002), for stability.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits  # comes with scikit-learn

from liveshop.methods._inputs import listed, need, numbers, whole


@dataclass(frozen=True)
class Segments:
    """``labels``: 0, 1 … for each row, the largest group first. ``centres``: mean of each trait in each group, in the
    traits' own units. ``sizes``: rows a group. ``within``: sum of squared distances to the own centre, one a group,
    in scaled units; ``between_share``: 1 − their sum / all squares."""

    labels: pd.Series
    centres: pd.DataFrame
    sizes: pd.Series
    within: pd.Series
    between_share: float


def scale(frame, traits=None, logs=(), ddof=1):
    """Traits with mean 0 and standard deviation 1, so that none counts more for its unit.

    logs: traits whose logarithm is taken first (money, minutes). ddof: 1 divides by n − 1, as R's scale does; 0 by n,
    as scikit-learn's StandardScaler does: the same groups, other sums of squares.
    Raises ValueError on traits that are missing, not numbers, all alike, or not above zero where logs are wanted.
    """
    need(frame, ())
    traits = list(frame.columns) if traits is None else listed(traits)
    logs = listed(logs)
    need(frame, list(dict.fromkeys([*traits, *logs])))
    values = pd.DataFrame({name: numbers(frame[name], f"The values of {name}") for name in traits}, index=frame.index)
    if values.empty or not np.isfinite(values.to_numpy()).all():
        raise ValueError("A trait is missing for some row: fill it or leave the row out.")
    for name in logs:
        if not (values[name] > 0).all():
            raise ValueError(f"{name} must be above zero in every row for its logarithm.")
        values[name] = np.log(values[name])
    spread = values.std(ddof=ddof)
    if not (spread > 0).all():
        raise ValueError(f"{spread.index[~(spread > 0)][0]} is the same in every row: leave it out.")
    return (values - values.mean()) / spread


@threadpool_limits.wrap(limits=1, user_api="blas")
def kmeans(frame, groups, traits=None, logs=(), scaled=True, ddof=1, seed=0, starts=25):
    """Groups by k-means (客户分群). Arguments as for :func:`scale`; scaled=False is the mistake of raw units.

    USArrests, four groups: within 8.316061 11.952463 16.212213 19.922437, sizes 8 13 16 13, 71.2 % between.
    Raises ValueError as :func:`scale`, and on more groups than different rows.
    """
    values = scale(frame, traits, logs, ddof)
    traits = list(values.columns)
    values = values if scaled else frame[traits].astype(float)
    labels = _labels(values.to_numpy(), whole(groups, "The number of groups", 1), seed, starts)
    labels = pd.Series(labels, index=frame.index, name="segment")
    squares = (values - values.groupby(labels).transform("mean")).pow(2).sum(axis=1)
    total = float(((values - values.mean()) ** 2).to_numpy().sum())
    within = squares.groupby(labels).sum().rename("within")
    return Segments(labels, frame[traits].groupby(labels).mean(), labels.value_counts().sort_index().rename("rows"),
                    within, 1 - float(within.sum()) / total)


def _labels(values, groups, seed, starts=10):
    """Labels by k-means, the largest group first."""
    from sklearn.cluster import KMeans

    different = len(np.unique(values, axis=0))
    if groups > different:
        raise ValueError(f"{groups} groups are too many for {different} different rows.")
    found = KMeans(groups, n_init=starts, random_state=seed).fit(values).labels_
    order = np.argsort(-np.bincount(found, minlength=groups), kind="stable")
    return np.argsort(order)[found]


def agreement(one, other):
    """Adjusted Rand index of two groupings of the same rows: 1 the same, 0 as by chance. Names do not matter."""
    from sklearn.metrics import adjusted_rand_score

    one, other = np.asarray(one), np.asarray(other)
    if one.shape != other.shape or one.ndim != 1 or not one.size:
        raise ValueError(f"Give one label of each grouping for every row: there are {one.size} and {other.size}.")
    return float(adjusted_rand_score(one, other))


@threadpool_limits.wrap(limits=1, user_api="blas")
def choices(frame, numbers_of_groups=(2, 3, 4, 5, 6, 7), traits=None, logs=(), draws=10, seed=0):
    """What speaks for each number of groups. One row a number: stability, silhouette, between_share, smallest.

    stability: mean adjusted Rand index between the groups of two random halves, put on the rows of the whole ·
    silhouette: how much nearer the own group is than the next, −1 to 1 (on 2,000 rows at most); it often prefers two
    · smallest: share of rows in the smallest group. Arguments as for :func:`scale`.
    """
    from sklearn.cluster import KMeans
    from sklearn.metrics import silhouette_score

    values = scale(frame, traits, logs).to_numpy()
    draws, generator = whole(draws, "draws", 1), np.random.default_rng(seed)
    rows = []
    for groups in numbers_of_groups:
        if whole(groups, "A number of groups", 2) > len(values) // 4:
            raise ValueError(f"{len(values)} rows are too few for {groups} groups.")
        labels = _labels(values, groups, seed)
        alike = []
        for _ in range(draws):
            order = generator.permutation(len(values))
            halves = [KMeans(groups, n_init=4, random_state=seed).fit(values[part]).predict(values)
                      for part in np.array_split(order, 2)]
            alike.append(agreement(*halves))
        within = sum(((values[labels == name] - values[labels == name].mean(axis=0)) ** 2).sum()
                     for name in range(groups))
        rows.append((groups, np.mean(alike), silhouette_score(values, labels, sample_size=min(2000, len(values)),
                                                              random_state=seed),
                     1 - within / ((values - values.mean(axis=0)) ** 2).sum(), np.bincount(labels).min() / len(values)))
    return pd.DataFrame(rows, columns=["groups", "stability", "silhouette", "between_share", "smallest"]).set_index(
        "groups")


def marks(frame, labels, traits=None, logs=()):
    """What marks each group: its mean of each trait, in standard deviations from the mean of all. Traits × groups."""
    values = scale(frame, traits, logs)
    labels = pd.Series(np.asarray(labels), index=frame.index) if len(labels) == len(frame) else None
    if labels is None:
        raise ValueError("Give one label for every row.")
    return values.groupby(labels).mean().T.rename_axis(index="trait", columns="segment")
