"""How much does it change the outcome? Answers to the same question, from naive to careful.

=================== ======================================= ======================================
function            compares                                fooled by
=================== ======================================= ======================================
pooled_effect       treated units with all others           whoever chose the units to treat
adjusted_effect     units alike in measured controls        what was not measured, wrong form
matched_effect      units in the same stratum               what was not measured, few matches
within_effect       a group with itself (fixed effects)     what changed inside the group as well
=================== ======================================= ======================================

Units over time have their own module, :mod:`liveshop.methods.panel`; its difference_in_differences and
synthetic_control can be called from here too.

Each of the four returns an :class:`Effect`. Standard errors are robust to clusters: rows of the same
group are not taken as independent. Regression is done by statsmodels. Sources: Angrist and Pischke,
Mostly Harmless Econometrics (2009), chapters 3, 5, 8; Cameron and Miller, "A practitioner's guide to
cluster-robust inference", Journal of Human Resources 50 (2015).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from liveshop.methods._inputs import listed, whole
from liveshop.methods._regression import Effect, complete, design, fit_linear, stands_alone, weights_of
from liveshop.methods.panel import difference_in_differences, synthetic_control  # noqa: F401  two more answers

FEW_STRATA = 10         # errors clustered by fewer groups are no longer to be trusted


def compare(*effects, truth=None):
    """The estimates as a table, one row a method; with the truth as the last row if it is known."""
    rows = [{"method": e.method, "estimate": e.estimate, "low": e.interval[0], "high": e.interval[1],
             "rows": e.rows, "groups": e.groups} for e in effects]
    if truth is not None:
        rows.append({"method": "truth", "estimate": truth, "low": np.nan, "high": np.nan})
    table = pd.DataFrame(rows).set_index("method")
    return table.astype({"rows": "Int64", "groups": "Int64"})


def pooled_effect(frame, outcome, treatment, weights=None, cluster=None):
    """Difference of means, treated against untreated, over all rows: the naive estimate.

    Raises ValueError on missing columns, outcomes or weights that are not finite, and a treatment that
    never varies.
    """
    return _regression("pooled", frame, outcome, treatment, [], weights, cluster)


def adjusted_effect(frame, outcome, treatment, controls, weights=None, cluster=None):
    """Effect with the controls held fixed by linear regression.

    ``controls``: names of columns; numbers enter as they are, text, categories and booleans as
    indicator columns. ``weights`` is a column (say, minutes of the slot); ``cluster`` a column whose
    equal values belong together. Without a cluster, the errors are robust to unequal variance (HC3).
    Raises ValueError as :func:`pooled_effect`, and when the treatment goes one to one with the
    controls.
    """
    return _regression("adjusted", frame, outcome, treatment, listed(controls), weights, cluster)


def within_effect(frame, outcome, treatment, group, controls=(), weights=None, cluster=None):
    """Effect within groups (fixed effects): each group is compared only with itself.

    Everything that is the same for a whole group (its host, its slot, its luck with traffic)
    drops out, measured or not. Only groups in which the treatment varies say anything; their number
    is ``.informative``. Errors are clustered by ``group`` unless ``cluster`` names another column.
    Raises ValueError as :func:`adjusted_effect`, and when the treatment varies inside no group.
    """
    controls = listed(controls)
    columns = [outcome, treatment, group, *controls, *listed(weights), *listed(cluster)]
    data = complete(frame, columns, [outcome, treatment, *listed(weights)])
    weight = weights_of(data, weights)
    counts = weight.groupby(data[group]).transform("sum") > 0       # a group without weight says nothing
    data, weight = data[counts], weight[counts]
    columns = pd.concat([data[treatment].astype(float).rename(treatment), design(data, controls)], axis=1)
    key = data[group]
    total = weight.groupby(key).transform("sum")

    def centred(column):
        return column - (column * weight).groupby(key).transform("sum") / total

    x, y = columns.apply(centred), centred(data[outcome].astype(float))
    varies = data[treatment].astype(float).groupby(key).nunique() > 1
    if not varies.any():
        raise ValueError(f"{treatment} does not vary inside any {group}: there is nothing to compare "
                         "within. Use pooled_effect or matched_effect across groups.")
    clusters = data[cluster or group]
    return _effect("within", y, x, weight, clusters, treatment, clusters.nunique(), int(varies.sum()))


def matched_effect(frame, outcome, treatment, match_on, bins=4, cluster=None):
    """Effect on the treated, from comparing treated and untreated rows of the same stratum.

    ``match_on``: columns; rows match when all are equal, numbers after cutting into ``bins``
    quantile bins (coarsened exact matching: Iacus, King and Porro, Political Analysis 20, 2012);
    equal numbers fall into one bin, so bins can be uneven, and the order of the rows plays no part.
    Strata with only one kind of row are left out, and the note says how many treated rows went with
    them. Each stratum counts by its treated rows. Without a ``cluster`` the errors are clustered by
    stratum, or robust to unequal variance (HC3) where fewer than ten strata would tell too little.
    Raises ValueError when the treatment is not yes or no, or no stratum holds both kinds of row.
    """
    match_on, bins = listed(match_on), whole(bins, "bins", 1)
    if not match_on:
        raise ValueError("Name at least one column to match on.")
    data = complete(frame, [outcome, treatment, *match_on, *listed(cluster)], [outcome, treatment])
    data = data.assign(_y=data[outcome].astype(float), _d=data[treatment].astype(float))
    if not set(data["_d"].unique()) <= {0.0, 1.0}:
        raise ValueError(f"{treatment} must be yes or no for matching; it has other values.")
    keys = []
    for column in match_on:
        values = data[column]
        many = pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)
        keys.append(_quantile_bin(values, bins) if many and values.nunique() > bins else values)
    stratum = pd.Series(list(zip(*keys, strict=True)), index=data.index).astype("category").cat.codes
    treated = data["_d"].groupby(stratum).transform("sum")
    rows = data["_d"].groupby(stratum).transform("size")
    both = (treated > 0) & (treated < rows)
    if not both.any():
        raise ValueError(f"No stratum of {', '.join(match_on)} holds treated and untreated rows; "
                         "match on fewer columns or use fewer bins.")
    lost = int(data.loc[~both, "_d"].sum())
    data, stratum, treated, rows = data[both], stratum[both], treated[both], rows[both]
    # Untreated rows stand in for the treated of their stratum; the weighted regression with one
    # intercept then gives the difference and its robust error together.
    weight = pd.Series(np.where(data["_d"] == 1, 1.0, treated / (rows - treated)), index=data.index)
    total = weight.groupby(stratum).transform("sum")
    centred = [column - (column * weight).groupby(stratum).transform("sum") / total
               for column in (data["_d"], data["_y"])]
    # Treated and untreated weigh the same in a stratum, so the slope of the centred columns
    # averages the strata by their treated rows.
    strata = int(stratum.nunique())
    clusters = data[cluster] if cluster else stratum if strata >= FEW_STRATA else None
    note = f"{lost} treated rows had no match" if lost else "every treated row had a match"
    return _effect("matched", centred[1], centred[0].rename(treatment).to_frame(), weight, clusters, treatment,
                   len(data) if clusters is None else clusters.nunique(), strata, note)


def _quantile_bin(values, bins):
    """Number of the quantile bin, from 0; equal values share the mean of their ranks, and so the bin."""
    place = (values.rank(method="average") - 1) * bins / (len(values) - 1)
    return np.ceil(place).clip(lower=1).astype(int) - 1


def _regression(method, frame, outcome, treatment, controls, weights, cluster):
    columns = [outcome, treatment, *controls, *listed(weights), *listed(cluster)]
    data = complete(frame, columns, [outcome, treatment, *listed(weights)])
    x = pd.concat([data[treatment].astype(float).rename(treatment), design(data, controls)], axis=1)
    if x[treatment].nunique() < 2:
        raise ValueError(f"{treatment} is the same in every row: there is nothing to compare.")
    x.insert(0, "const", 1.0)
    groups = data[cluster] if cluster else None
    return _effect(method, data[outcome].astype(float), x, weights_of(data, weights), groups, treatment,
                   groups.nunique() if cluster else len(data), 0)


def _effect(method, y, x, weight, cluster, treatment, groups, informative, note=""):
    """Fit and read off the coefficient of the treatment."""
    if len(x) <= x.shape[1]:
        raise ValueError(f"{len(x)} rows are too few for {x.shape[1]} terms.")
    if not stands_alone(x, weight, treatment):
        raise ValueError(f"{treatment} goes one to one with the controls and cannot be told apart from them: leave "
                         "one out.")
    fit, at = fit_linear(y, x, weight, cluster), list(x.columns).index(treatment)
    low, high = fit.conf_int()[at]
    return Effect(method, float(fit.params[at]), float(fit.bse[at]), (float(low), float(high)),
                  len(x), int(groups), informative, note)
