"""Trend, season and the rest; index numbers; growth with the festival taken out.

STL is statsmodels', wrapped so that its settings are named and the strength of trend and season comes with it.

Sources: Cleveland, Cleveland, McRae and Terpenning, "STL: a seasonal-trend decomposition procedure based on loess",
Journal of Official Statistics 6 (1990); Wang, Smith and Hyndman, Data Mining and Knowledge Discovery 13 (2006), for
the strengths; Balk, Price and Quantity Index Numbers (2008).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from liveshop.methods._inputs import number, numbers, whole


@dataclass(frozen=True)
class Parts:
    """``table``: value, trend, season, rest, one row a period; value = trend + season + rest, or their product if
    ``multiplicative``. Strengths lie between 0 and 1: 1 − variance of the rest / variance of the part and the rest."""

    table: pd.DataFrame
    multiplicative: bool
    trend_strength: float
    season_strength: float

    @property
    def adjusted(self):
        """The values with the season taken out."""
        season = self.table["season"]
        return self.table["value"] / season if self.multiplicative else self.table["value"] - season


def decompose(values, period, multiplicative=False, seasonal=7, trend=None, low_pass=None, seasonal_degree=1,
              robust=False, inner=None, outer=None):
    """Trend, season and rest by STL (趋势与季节分解).

    values: one a period, none missing (a Series keeps its index) · period: periods a season (7 days, 52 weeks) ·
    multiplicative: on the logarithm, for parts that grow with the level · seasonal, trend, low_pass: odd widths of
    the smoothers; a wider trend bends less · robust: gives outliers (a festival) little weight · inner, outer:
    numbers of rounds. The degree of the seasonal smoother is 1 here and 0 in R's stl, so say which. A season needs
    two whole ones at least: 26 weeks show no yearly season.
    Raises ValueError on too few or missing values, and on values not above zero for multiplicative.
    """
    from statsmodels.tsa.seasonal import STL

    index = values.index if isinstance(values, pd.Series) else None
    y, period = numbers(values, "The values"), whole(period, "The period", 2)
    if y.ndim != 1 or len(y) < 2 * period or not np.isfinite(y).all():
        raise ValueError(f"{y.size} values are too few for a season of {period}, or one is missing: two whole seasons "
                         "are needed.")
    if multiplicative and not (y > 0).all():
        raise ValueError("For a multiplicative season all values must be above zero.")
    widths = {name: width for name, width in (("seasonal", seasonal), ("trend", trend), ("low_pass", low_pass))
              if width is not None}
    for name, width in widths.items():
        if whole(width, name, 3) % 2 == 0:
            raise ValueError(f"{name} must be an odd width, not {width}.")
    fit = STL(np.log(y) if multiplicative else y, period=period, seasonal_deg=seasonal_degree, robust=robust,
              **widths).fit(inner_iter=inner, outer_iter=outer)
    table = pd.DataFrame({"value": y, "trend": fit.trend, "season": fit.seasonal, "rest": fit.resid}, index=index)
    strength = [max(0.0, 1 - table["rest"].var() / (table[part] + table["rest"]).var()) for part in ("trend", "season")]
    if multiplicative:
        table[["trend", "season", "rest"]] = np.exp(table[["trend", "season", "rest"]])
    return Parts(table, multiplicative, *(float(value) for value in strength))


def index_numbers(values, base, at=100.0):
    """Values as an index, ``at`` in the base period (定基指数): value / value of the base · 100.

    values: Series (or table of Series) by period · base: a label of the index, or a list of labels, whose mean is
    taken then. A base in a festival week makes every other week look weak.
    Raises ValueError when the base is not there, or is zero.
    """
    values = values if isinstance(values, (pd.Series, pd.DataFrame)) else pd.Series(numbers(values, "The values"))
    labels = list(base) if isinstance(base, (list, tuple, pd.Index)) else [base]
    missing = [label for label in labels if label not in values.index]
    if missing or not labels:
        raise ValueError(f"There is no period {missing[0]} to take as base." if missing else "Name a base period.")
    level = values.loc[labels].mean()
    if not np.all(np.asarray(level, float) != 0) or np.isnan(np.asarray(level, float)).any():
        raise ValueError("The base is zero or missing: take another period.")
    return values / level * number(at, "at")


def growth(values, first, last, leave_out=()):
    """Growth of the mean from the first to the last periods: mean(last) / mean(first) − 1.

    values: Series by period · first, last: lists of labels · leave_out: labels that do not count (festival weeks).
    Raises ValueError on labels that are not there, missing values, and when nothing is left.
    """
    if not isinstance(values, pd.Series):
        raise ValueError("The values must be a Series with the periods as its index.")
    out = set(leave_out)
    means = []
    for name, labels in (("first", first), ("last", last)):
        missing = [label for label in labels if label not in values.index]
        if missing:
            raise ValueError(f"There is no period {missing[0]}.")
        kept = [label for label in labels if label not in out]
        if not kept:
            raise ValueError(f"Nothing is left of the {name} periods.")
        if values.loc[kept].isna().any():
            raise ValueError(f"A value of the {name} periods is missing.")
        means.append(float(values.loc[kept].mean()))
    if not means[0] > 0:
        raise ValueError("The first periods have no mean above zero to grow from.")
    return means[1] / means[0] - 1


def price_indices(prices, quantities, base=0):
    """Laspeyres, Paasche and Fisher price indices of a basket, 1 in the base period.

    prices, quantities: goods × periods, the same shape; base: place of the base period. Laspeyres weighs by the
    base's quantities (Σ p_t q_0 / Σ p_0 q_0), Paasche by the period's own (Σ p_t q_t / Σ p_0 q_t), Fisher is their
    geometric mean. They part when people buy more of what became cheap, as in a sale.
    Raises ValueError on shapes that differ, negative quantities and prices not above zero.
    """
    columns = prices.columns if isinstance(prices, pd.DataFrame) else None
    p, q = numbers(prices, "Prices"), numbers(quantities, "Quantities")
    if p.ndim != 2 or p.shape != q.shape or p.size == 0:
        raise ValueError("Give prices and quantities of the same goods (rows) and periods (columns).")
    if not (p > 0).all() or not (q >= 0).all() or not (q.sum(axis=0) > 0).all():
        raise ValueError("Prices must be above zero, quantities not negative, and something bought in every period.")
    base = whole(base, "The base", 0)
    if base >= p.shape[1]:
        raise ValueError(f"There are {p.shape[1]} periods, counted from 0: the base cannot be {base}.")
    start, own = p[:, [base]], q[:, [base]]
    laspeyres = (p * own).sum(axis=0) / (start * own).sum()
    paasche = (p * q).sum(axis=0) / (start * q).sum(axis=0)
    return pd.DataFrame({"laspeyres": laspeyres, "paasche": paasche, "fisher": np.sqrt(laspeyres * paasche)},
                        index=columns)
