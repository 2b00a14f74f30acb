"""Responses counted per post: rate ratios when counts scatter far more than by chance alone.

Reactions to posts are counts with a long tail: their variance grows with the square of the mean, so
ordinary regression is led by a few posts and Poisson regression is far too sure. The negative
binomial has a parameter for that scatter. The fit alternates between regression at given scatter
(statsmodels) and scatter at given regression, both by maximum likelihood: a joint search over both
can stop short when counts run into the thousands.

Sources: Hilbe, Negative Binomial Regression (2011); Venables and Ripley, Modern Applied Statistics
with S (2002), section 7.4, for the alternation; Cameron and Miller, Journal of Human Resources 50
(2015), for clusters.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits     # comes with scikit-learn

from liveshop.methods._inputs import listed, need, numbers


@dataclass(frozen=True)
class RateRatios:
    """``table``: one row a term: ratio, low, high (95 %), p_value. Terms of text columns are named
    "type: video"; they are against the reference level, and a number's ratio is per unit."""

    table: pd.DataFrame
    references: dict        # column → level that the others are compared with
    dispersion: float       # variance = mean + dispersion × mean²; 0 would be Poisson
    poisson_scatter: float  # Pearson χ² / degrees of freedom under Poisson; 1 if chance were all
    rows: int
    clusters: int           # rows if no cluster was given

    def covers(self, term, truth):
        """Whether the interval of ``term`` holds the ratio ``truth``."""
        return bool(self.table.loc[term, "low"] <= truth <= self.table.loc[term, "high"])


@threadpool_limits.wrap(limits=1, user_api="blas")     # small matrices: threads would only wait for each other
def rate_ratios(frame, outcome, factors, controls=(), exposure=None, cluster=None, references=None):
    """How many times as many responses, at equal controls (发生率比): negative binomial regression.

    outcome: column of counts (whole, 0 or more) · factors: columns whose ratios are wanted ·
    controls: columns held fixed (author, hour) · numbers enter as they are, everything else as
    indicators · exposure: column that the rate is per, such as impressions; without it the
    ratio is of responses per post · cluster: column whose equal values belong together (author, seller); errors are then
    robust to it, with Student's t for clusters − 1 degrees of freedom · references: {column: level};
    otherwise the most frequent level.

    Few clusters (below about 20) still make intervals too narrow. Raises ValueError on missing columns,
    negative counts, exposures of 0, and terms that cannot be told apart.
    """
    import statsmodels.api as sm
    from scipy.stats import norm, t as student

    factors, controls = listed(factors), listed(controls)
    if not factors:
        raise ValueError("rate_ratios needs at least one factor.")
    wanted = list(dict.fromkeys([outcome, *factors, *controls, *listed(exposure), *listed(cluster)]))
    need(frame, wanted)
    data = frame[wanted].dropna().reset_index(drop=True)
    if data.empty:
        raise ValueError(f"No row has values in all of {', '.join(wanted)}.")
    y = numbers(data[outcome], f"The values of {outcome}")
    if (y < 0).any() or not np.isfinite(y).all() or (y != np.floor(y)).any():
        raise ValueError(f"{outcome} must hold counts, whole and not negative; give a rate's base as exposure instead of dividing.")
    if not y.any():
        raise ValueError(f"{outcome} is 0 in every row: there is nothing to compare.")
    offset = np.zeros(len(data))
    if exposure is not None:
        base = numbers(data[exposure], f"The values of {exposure}")
        if (base <= 0).any():
            raise ValueError(f"{exposure} must be above zero in every row; {int((base <= 0).sum())} are not. Leave out what nobody could see.")
        offset = np.log(base)
    x, used = _terms(data, [*factors, *controls], references or {})
    if np.linalg.matrix_rank(x.to_numpy() / np.maximum(np.abs(x).max().to_numpy(), 1e-12)) < x.shape[1]:
        raise ValueError(f"Some terms of {', '.join([*factors, *controls])} go together one to one and cannot be told apart: leave one out.")
    if len(data) <= x.shape[1]:
        raise ValueError(f"{len(data)} rows are too few for {x.shape[1]} terms.")
    groups = None
    if cluster is not None:
        groups = pd.factorize(data[cluster])[0]
        if groups.max() < 1:
            raise ValueError(f"All rows belong to one {cluster}: no standard error can be had.")
    empty = [name for name in x.columns[1:] if set(x[name].unique()) <= {0.0, 1.0} and (not y[x[name] == 1].any() or not y[x[name] == 0].any())]
    if empty:
        raise ValueError(f"{outcome} is 0 in every row with {empty[0]} or in every row without: its ratio has no limit; "
                         "merge levels or leave them out.")
    fit, dispersion, scatter = _alternate(y, x.to_numpy(), offset)
    options = {"cov_type": "HC1"} if groups is None else {"cov_type": "cluster", "cov_kwds": {"groups": groups}}
    fit = sm.GLM(y, x.to_numpy(), family=_family(dispersion), offset=offset).fit(start_params=fit.params, **options)
    estimate, error = np.asarray(fit.params), np.asarray(fit.bse)
    clusters = len(data) if groups is None else int(groups.max()) + 1
    law = norm if groups is None else student(clusters - 1)
    half = law.ppf(0.975) * error
    table = pd.DataFrame({"ratio": np.exp(estimate), "low": np.exp(estimate - half), "high": np.exp(estimate + half),
                          "p_value": 2 * law.sf(np.abs(estimate / error))}, index=pd.Index(x.columns, name="term"))
    # Controls are held fixed, not reported: their ratios are not adjusted for what comes between.
    reported = _terms(data, factors, references or {})[0].shape[1]
    return RateRatios(table.iloc[1:reported], {name: used[name] for name in used if name in factors}, dispersion, scatter, len(data), clusters)


def _family(dispersion):
    import statsmodels.api as sm

    return sm.families.Poisson() if dispersion == 0 else sm.families.NegativeBinomial(alpha=dispersion)


def _alternate(y, x, offset):
    """Regression and scatter in turn until neither moves; (fit, dispersion, scatter under Poisson)."""
    import statsmodels.api as sm
    from scipy.optimize import minimize_scalar
    from scipy.special import gammaln

    fit = sm.GLM(y, x, family=sm.families.Poisson(), offset=offset).fit()
    scatter = float(fit.pearson_chi2 / fit.df_resid)

    def minus(log_dispersion, mean):
        shape = np.exp(-log_dispersion)
        return -(gammaln(y + shape) - gammaln(shape) + shape * np.log(shape / (shape + mean)) + y * np.log(mean / (shape + mean))).sum()

    dispersion = None
    for _ in range(50):
        found = minimize_scalar(minus, bounds=(np.log(1e-6), np.log(1e3)), args=(np.asarray(fit.mu),), method="bounded", options={"xatol": 1e-8})
        new = float(np.exp(found.x))
        if new < 2e-6:
            return fit, 0.0, scatter        # no more scatter than Poisson's
        if dispersion is not None and abs(np.log(new / dispersion)) < 1e-6:
            return fit, new, scatter
        dispersion = new
        fit = sm.GLM(y, x, family=_family(dispersion), offset=offset).fit(start_params=fit.params)
    raise ValueError("The negative binomial fit does not settle: look for a term with hardly any rows, or a few enormous counts.")


def _terms(data, columns, references):
    """Constant and terms; indicators against the most frequent level unless ``references`` says otherwise."""
    pieces, used = [pd.Series(1.0, index=data.index, name="const")], {}
    for column in dict.fromkeys(columns):
        values = data[column]
        if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values) and column not in references:
            pieces.append(values.astype(float))
            continue
        text = values.astype(str)
        base = str(references[column]) if column in references else text.value_counts().sort_index().idxmax()
        if base not in set(text):
            raise ValueError(f"{column} has no level {base!r} to compare with; there are {', '.join(sorted(text.unique()))}.")
        used[column] = base
        dummies = pd.get_dummies(text, dtype=float).drop(columns=base)
        pieces.append(dummies.rename(columns=lambda level, column=column: f"{column}: {level}"))
    return pd.concat(pieces, axis=1), used
