"""Linear regression as the methods use it: rows, weights and terms made ready, errors robust to clusters."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits  # comes with scikit-learn

from liveshop.methods._inputs import need, numbers


@dataclass(frozen=True)
class Effect:
    """An estimated effect, in the unit of the outcome, with its 95 % interval."""

    method: str
    estimate: float
    standard_error: float
    interval: tuple[float, float]
    rows: int          # rows that entered the estimate
    groups: int        # clusters for the standard error
    informative: int   # groups (or strata) in which treated and untreated both occur
    note: str = ""

    def covers(self, truth):
        """Whether the interval holds the value ``truth``."""
        return self.interval[0] <= truth <= self.interval[1]


def complete(frame, columns, numeric=()):
    """Rows with a value in every column; those of ``numeric`` hold finite numbers."""
    columns = list(dict.fromkeys(columns))
    need(frame, columns)
    data = frame[columns].dropna()
    if data.empty:
        raise ValueError(f"No row has values in all of {', '.join(columns)}.")
    for column in numeric:
        if not np.isfinite(numbers(data[column], f"The values of {column}")).all():
            raise ValueError(f"{column} is not finite in every row.")
    return data.reset_index(drop=True)


def weights_of(data, weights):
    """The column of weights, not negative and not all zero; 1 in every row without one."""
    weight = pd.Series(1.0, index=data.index) if weights is None else data[weights].astype(float)
    if (weight < 0).any():
        raise ValueError(f"The weights in {weights} must not be negative.")
    if not weight.any():
        raise ValueError(f"The weights in {weights} are all zero: no row counts.")
    return weight


def design(data, controls):
    """Numbers as they are, everything else as indicators with the first level left out."""
    pieces = []
    for control in controls:
        values = data[control]
        if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
            pieces.append(values.astype(float))
        else:
            pieces.append(pd.get_dummies(values.astype(str), prefix=control, drop_first=True, dtype=float))
    return pd.concat(pieces, axis=1) if pieces else pd.DataFrame(index=data.index)


@threadpool_limits.wrap(limits=1, user_api="blas")     # narrow matrices: threads would only wait for each other
def fit_linear(y, x, weight, cluster, errors="HC3"):
    """Weighted least squares (statsmodels), errors clustered where clusters are given.

    Columns of ``x`` that repeat each other are let through: their own coefficients mean nothing then,
    so whoever reads a coefficient asks before whether it stands alone (:func:`stands_alone`).
    """
    import statsmodels.api as sm
    from statsmodels.tools.sm_exceptions import SingularMatrixWarning

    model = sm.WLS(y.to_numpy(float), x.to_numpy(float), weights=weight.to_numpy(float))
    options = {"cov_type": errors, "use_t": True}
    if cluster is not None:
        options.update(cov_type="cluster", cov_kwds={"groups": _codes(cluster)})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SingularMatrixWarning)
        return model.fit(**options)


@threadpool_limits.wrap(limits=1, user_api="blas")
def fit_poisson(y, x, cluster, errors="HC3"):
    """Poisson regression with a logarithmic link (statsmodels), errors as in :func:`fit_linear`."""
    import statsmodels.api as sm

    if (y < 0).any():
        raise ValueError(f"{y.name} must hold counts, not negative, for a Poisson regression.")
    options = {"cov_type": errors}
    if cluster is not None:
        options = {"cov_type": "cluster", "cov_kwds": {"groups": _codes(cluster)}}
    return sm.GLM(y.to_numpy(float), x.to_numpy(float), family=sm.families.Poisson()).fit(**options)


def _codes(cluster):
    codes = pd.factorize(cluster)[0]
    if codes.max() < 1:
        raise ValueError("All rows belong to one cluster: no standard error can be had.")
    return codes


def stands_alone(x, weight, column):
    """Whether the rows tell the column apart from all the others together."""
    weighed = x.to_numpy(float) * np.sqrt(weight.to_numpy(float))[:, None]
    at = list(x.columns).index(column)
    own, others = weighed[:, at], np.delete(weighed, at, axis=1)
    left = own - others @ np.linalg.lstsq(others, own, rcond=None)[0] if others.size else own
    return bool(left @ left > 1e-12 * (own @ own))
