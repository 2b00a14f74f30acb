"""Comparing like with like: rates as they would be with one and the same mix, and pairs.

====================== ===================================================================================
function               compares
====================== ===================================================================================
crude_rates            groups as they are: their mixes differ
standardised_rates     groups as if all had the same mix of strata (and says whose mix)
mantel_haenszel        odds within strata, put together
paired                 a person with herself, on both sides
====================== ===================================================================================

Sources: Rothman, Greenland and Lash, Modern Epidemiology (2008), chapters 3 and 15; Mantel and Haenszel, JNCI 22
(1959); McNemar, Psychometrika 12 (1947). Tests are statsmodels'.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from liveshop.methods._inputs import listed, need, number, numbers


def crude_rates(table, group, hits, total):
    """Hits / total of each group over all strata. table: one row a group and stratum, or more."""
    data = _counts(table, [group], hits, total)
    sums = data.groupby(group)[[hits, total]].sum()
    return (sums[hits] / sums[total]).rename("rate")


@dataclass(frozen=True)
class Standardised:
    """``rates``: one row a group: crude, standardised, low, high (95 %, strata independent; missing where no stratum
    varies, as where nobody said yes: none seen is no certainty). ``weights``: share of each stratum in the
    mix. ``left_out``: strata that one of the groups lacks; the mix is of the others."""

    rates: pd.DataFrame
    weights: pd.Series
    left_out: list

    def ratio(self, group, to):
        """Standardised rate of one group / of another: (estimate, low, high), 95 % on the logarithm."""
        for name in (group, to):
            if name not in self.rates.index:
                raise ValueError(f"There is no group {name!r}; there are {', '.join(map(str, self.rates.index))}.")
        one, other = self.rates.loc[group], self.rates.loc[to]
        if not (one["standardised"] > 0 and other["standardised"] > 0):
            raise ValueError("A ratio needs a rate above zero in both groups.")
        error = np.hypot(*((each["high"] - each["low"]) / 2 / 1.959964 / each["standardised"] for each in (one, other)))
        ratio = one["standardised"] / other["standardised"]
        return tuple(float(ratio * np.exp(step * 1.959964 * error)) for step in (0, -1, 1))


def standardised_rates(table, group, strata, hits, total, mix="all"):
    """Rates of the groups, all with one mix of strata (直接标准化).

    table: one row a group and stratum (more are added up) · strata: column or columns · hits, total: counts · mix:
    whose mix, and so which question is asked. "all": everybody's; the name of a group: those who are in it (what
    would *they* do elsewhere?); or {stratum: weight}, adding up to 1 (several columns: tuples). A stratum that some
    group lacks cannot be compared: it is left out, and named. Kidney stones, mix of all: A .8326, B .7789; crude the
    other way round, .780 and .826.
    Raises ValueError on missing columns, hits above total, fewer than two groups, no stratum in common.
    """
    strata = listed(strata)
    data = _counts(table, [group, *strata], hits, total)
    sums = data.groupby([group, *strata])[[hits, total]].sum()
    sums = sums[sums[total] > 0]
    wide = {name: sums[name].unstack(group) for name in (hits, total)}
    if wide[total].shape[1] < 2:
        raise ValueError(f"{group} holds one group only: there is nothing to compare.")
    common = wide[total].notna().all(axis=1)
    if not common.any():
        raise ValueError("No stratum holds all groups: use fewer or coarser strata.")
    weights = _mix(mix, wide[total], common, group)
    rates = wide[hits][common] / wide[total][common]
    variance = (rates * (1 - rates) / wide[total][common]).mul(weights**2, axis=0).sum()
    variance = variance.where(variance > 0)
    standard = rates.mul(weights, axis=0).sum()
    crude = sums.groupby(level=0)[[hits, total]].sum()
    found = pd.DataFrame({"crude": crude[hits] / crude[total], "standardised": standard,
                          "low": standard - 1.959964 * np.sqrt(variance),
                          "high": standard + 1.959964 * np.sqrt(variance)})
    return Standardised(found, weights.rename("weight"), list(common.index[~common]))


def _mix(mix, totals, common, group):
    if isinstance(mix, (Mapping, pd.Series)):
        weights = pd.Series(dict(mix), dtype=float).reindex(totals.index)
        if weights.isna().any() or (weights < 0).any() or abs(weights.sum() - 1) > 1e-3:
            raise ValueError("The mix must give every stratum a weight of 0 or more, adding up to 1.")
    elif mix == "all":
        weights = totals.sum(axis=1)
    elif mix in totals.columns:
        weights = totals[mix].fillna(0.0)
    else:
        raise ValueError(f'mix is "all", a {group} ({", ".join(map(str, totals.columns))}), or weights; not {mix!r}.')
    weights = weights[common]
    if not weights.sum() > 0:
        raise ValueError("The strata that all groups share have no weight in this mix.")
    return weights / weights.sum()


def _counts(table, keys, hits, total):
    need(table, [*keys, hits, total])
    data = table[[*keys, hits, total]].dropna()
    won, whole = numbers(data[hits], f"The values of {hits}"), numbers(data[total], f"The values of {total}")
    if data.empty or not (won >= 0).all() or not (won <= whole).all():
        raise ValueError(f"{hits} must lie between 0 and {total} in every row.")
    return data


@dataclass(frozen=True)
class OddsRatio:
    """``estimate`` with its 95 % interval; ``pvalue``: of odds being alike; ``homogeneity``: p-value of the odds
    ratio being the same in all strata (Breslow and Day): a low one says that one number does not tell the story."""

    estimate: float
    low: float
    high: float
    pvalue: float
    homogeneity: float


def mantel_haenszel(table, group, strata, hits, total, first, second):
    """Odds ratio of ``first`` against ``second`` over all strata (Mantel and Haenszel), by statsmodels.

    Arguments as for :func:`standardised_rates`. An odds ratio is larger than a ratio of rates where rates are high.
    Kidney stones, A against B: 1.447. Raises ValueError when no stratum holds both groups, and when
    nobody or everybody of one said yes.
    """
    from statsmodels.stats.contingency_tables import StratifiedTable

    strata = listed(strata)
    data = _counts(table, [group, *strata], hits, total)
    tables = []
    for _, part in data.groupby(strata):
        sums = part.groupby(group)[[hits, total]].sum().reindex([first, second]).fillna(0.0)
        if (sums[total] > 0).all():
            tables.append(np.column_stack([sums[hits], sums[total] - sums[hits]]))
    if not tables:
        raise ValueError(f"No stratum holds both {first} and {second}.")
    sums = np.sum(tables, axis=0)
    if not sums.all():
        which = (first, second)[int(np.argmin(sums.min(axis=1)))]
        raise ValueError(f"Nobody, or everybody, of {which} said yes: there is no finite odds ratio.")
    found = StratifiedTable(tables)
    low, high = found.oddsratio_pooled_confint()
    same = float(found.test_equal_odds().pvalue) if len(tables) > 1 else np.nan
    return OddsRatio(float(found.oddsratio_pooled), float(low), float(high), float(found.test_null_odds().pvalue), same)


@dataclass(frozen=True)
class Paired:
    """``only_first``, ``only_second``: pairs that said yes on one side only; those alike on both sides say nothing.
    ``ratio``: rate on the first side / on the second, over all pairs; ``statistic`` and ``pvalue``: McNemar's."""

    only_first: int
    only_second: int
    ratio: float
    statistic: float
    pvalue: float


def paired(first, second=None, correction=True):
    """Does the same person say yes more often on the first side? McNemar's test (statsmodels).

    first, second: one yes or no a person · or one 2 × 2 table: rows the first side, columns the second, yes before
    no. correction: with continuity correction, as R's mcnemar.test. [[794, 86], [150, 570]] → 16.8178, p 4.115e-05.
    Raises ValueError on lengths that differ, missing values, and nobody who differs.
    """
    from statsmodels.stats.contingency_tables import mcnemar

    if second is None:
        table = numbers(first, "The table")
        if table.shape != (2, 2) or not (table >= 0).all():
            raise ValueError("The table holds two rows and two columns of counts.")
    else:
        one, other = numbers(first, "The first side"), numbers(second, "The second side")
        if one.shape != other.shape or one.ndim != 1 or not set(one) | set(other) <= {0.0, 1.0}:
            raise ValueError("Give one yes or no (1 or 0) on each side for every person.")
        table = np.array([[((one == a) & (other == b)).sum() for b in (1, 0)] for a in (1, 0)], float)
    if table[0, 1] + table[1, 0] == 0:
        raise ValueError("Nobody differs between the two sides: there is nothing to test.")
    found = mcnemar(table, exact=False, correction=bool(number(correction, "correction")))
    second_rate = table[:, 0].sum()
    ratio = float(table[0].sum() / second_rate) if second_rate else np.inf
    return Paired(int(table[0, 1]), int(table[1, 0]), ratio, float(found.statistic), float(found.pvalue))
