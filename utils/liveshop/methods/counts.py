"""Responses counted per post: rate ratios when counts scatter far more than by chance alone.

Reactions to posts are counts with a long tail: their variance grows with the square of the mean, so
ordinary regression is led by a few posts and Poisson regression is far too sure. The negative
binomial has a parameter for that scatter. Both models are statsmodels'.

Sources: Hilbe, Negative Binomial Regression (2011), for the model and its joint fit; Cameron and
Miller, Journal of Human Resources 50 (2015), for clusters.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits  # comes with scikit-learn

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
    ratio is of responses per post · cluster: column whose equal values belong together (author,
    seller); errors are then robust to it, with Student's t for clusters − 1 degrees of freedom ·
    references: {column: level}; otherwise the most frequent level.

    Few clusters (below about 20) still make intervals too narrow. Raises ValueError on missing columns,
    negative counts, exposures of 0, terms that cannot be told apart, and a fit that does not settle.
    """
    import statsmodels.api as sm
    from scipy.stats import norm
    from scipy.stats import t as student

    factors, controls, references = listed(factors), listed(controls), references or {}
    if not factors:
        raise ValueError("rate_ratios needs at least one factor.")
    wanted = list(dict.fromkeys([outcome, *factors, *controls, *listed(exposure), *listed(cluster)]))
    need(frame, wanted)
    data = frame[wanted].dropna().reset_index(drop=True)
    if data.empty:
        raise ValueError(f"No row has values in all of {', '.join(wanted)}.")
    y, offset = _counts(data, outcome), _offset(data, exposure)
    terms, used = _terms(data, factors, references)
    held, _ = _terms(data, [name for name in controls if name not in factors], references)
    x = pd.concat([pd.Series(1.0, index=data.index, name="const"), terms, held], axis=1)
    _refuse_what_cannot_be_told(x, y, outcome, [*factors, *controls])
    groups = _clusters(data, cluster)
    dispersion, scatter = _dispersion(y, x.to_numpy(), offset)
    family = sm.families.NegativeBinomial(alpha=dispersion) if dispersion else sm.families.Poisson()
    options = {"cov_type": "HC1"} if groups is None else {"cov_type": "cluster", "cov_kwds": {"groups": groups}}
    fit = sm.GLM(y, x.to_numpy(), family=family, offset=offset).fit(**options)
    estimate, error = np.asarray(fit.params), np.asarray(fit.bse)
    clusters = len(data) if groups is None else int(groups.max()) + 1
    law = norm if groups is None else student(clusters - 1)
    half = law.ppf(0.975) * error
    table = pd.DataFrame({"ratio": np.exp(estimate), "low": np.exp(estimate - half), "high": np.exp(estimate + half),
                          "p_value": 2 * law.sf(np.abs(estimate / error))}, index=pd.Index(x.columns, name="term"))
    # Controls are held fixed, not reported: their ratios are not adjusted for what comes between.
    return RateRatios(table.iloc[1 : 1 + terms.shape[1]], used, dispersion, scatter, len(data), clusters)


def _counts(data, outcome):
    y = numbers(data[outcome], f"The values of {outcome}")
    if (y < 0).any() or not np.isfinite(y).all() or (y != np.floor(y)).any():
        raise ValueError(f"{outcome} must hold counts, whole and not negative; give a rate's base as exposure "
                         "instead of dividing.")
    if not y.any():
        raise ValueError(f"{outcome} is 0 in every row: there is nothing to compare.")
    return y


def _offset(data, exposure):
    """Logarithm of what the rate is per; 0 without an exposure."""
    if exposure is None:
        return np.zeros(len(data))
    base = numbers(data[exposure], f"The values of {exposure}")
    if (base <= 0).any():
        raise ValueError(f"{exposure} must be above zero in every row; {int((base <= 0).sum())} are not. "
                         "Leave out what nobody could see.")
    return np.log(base)


def _clusters(data, cluster):
    """A number for each row's cluster; None without clusters."""
    if cluster is None:
        return None
    groups = pd.factorize(data[cluster])[0]
    if groups.max() < 1:
        raise ValueError(f"All rows belong to one {cluster}: no standard error can be had.")
    return groups


def _refuse_what_cannot_be_told(x, y, outcome, columns):
    """Complain about terms that go together, too few rows, and indicators whose ratio has no limit."""
    if np.linalg.matrix_rank(x.to_numpy() / np.maximum(np.abs(x).max().to_numpy(), 1e-12)) < x.shape[1]:
        raise ValueError(f"Some terms of {', '.join(columns)} go together one to one and cannot be told apart: "
                         "leave one out.")
    if len(x) <= x.shape[1]:
        raise ValueError(f"{len(x)} rows are too few for {x.shape[1]} terms.")
    for name in x.columns[1:]:
        on, off = x[name] == 1, x[name] == 0
        if (on | off).all() and not (y[on].any() and y[off].any()):
            raise ValueError(f"{outcome} is 0 in every row with {name} or in every row without: its ratio has no "
                             "limit; merge levels or leave them out.")


def _dispersion(y, x, offset):
    """(dispersion of the negative binomial by maximum likelihood, Pearson's scatter under Poisson)."""
    import statsmodels.api as sm
    from statsmodels.discrete.discrete_model import NegativeBinomial

    poisson = sm.GLM(y, x, family=sm.families.Poisson(), offset=offset).fit()
    mean, scatter = np.asarray(poisson.mu), float(poisson.pearson_chi2 / poisson.df_resid)
    excess = (y - mean) ** 2 - y
    if excess.sum() <= 0:
        return 0.0, scatter     # no more scatter than Poisson's: the likelihood falls from a dispersion of 0 on
    # The likelihood is the same on columns of one size at right angles, and the search is far better on them.
    across, back = np.linalg.qr(x)
    size = np.sqrt(len(y))
    model = NegativeBinomial(y, across * size, offset=offset)
    start = np.append(back @ poisson.params / size, np.clip((excess / mean**2).mean(), 0.01, 10))
    quiet = {"disp": 0, "skip_hessian": True, "warn_convergence": False, "maxiter": 1000}
    with np.errstate(all="ignore"):
        for method in ("bfgs", "lbfgs"):
            near = model.fit(start_params=start, method=method, **quiet)
            # The search may stop short when counts run into the thousands; Newton's steps go the rest of the way.
            found = model.fit(start_params=near.params, method="newton", tol=1e-9, **quiet)
            dispersion = float(found.params[-1])
            if found.mle_retvals["converged"] and np.isfinite(dispersion):
                return (dispersion if dispersion > 2e-6 else 0.0), scatter
    raise ValueError("The negative binomial fit does not settle: look for a term with hardly any rows, or a few "
                     "enormous counts.")


def _terms(data, columns, references):
    """Numbers as they are; indicators against the most frequent level unless ``references`` says otherwise."""
    pieces, used = [pd.DataFrame(index=data.index)], {}
    for column in dict.fromkeys(columns):
        values = data[column]
        number = pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)
        if number and column not in references:
            pieces.append(values.astype(float))
            continue
        text = values.astype(str)
        base = str(references[column]) if column in references else text.value_counts().sort_index().idxmax()
        if base not in set(text):
            raise ValueError(f"{column} has no level {base!r} to compare with; "
                             f"there are {', '.join(sorted(text.unique()))}.")
        used[column] = base
        dummies = pd.get_dummies(text, dtype=float).drop(columns=base)
        pieces.append(dummies.add_prefix(f"{column}: "))
    return pd.concat(pieces, axis=1), used
