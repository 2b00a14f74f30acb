"""Did the programme work? Units over periods, some of them treated from some period on.

========================== =========================================== ======================================
function                   compares                                    fooled by
========================== =========================================== ======================================
difference_in_differences  the change of the treated with that of the  other trends, spill-over to the others
                           others
event_study                the same, period by period: were the        a change at the very start
                           trends parallel before?
synthetic_control          one unit with a weighted mean of others     a bad fit before, few donors
group_time_effects         each starting group with those that never   spill-over; few that never start
                           start
========================== =========================================== ======================================

Regressions are statsmodels', weights of the synthetic control SciPy's. Looked at for the rest and left alone:
linearmodels (what statsmodels does with a column for each unit), csdid and pysyncon (the tests hold ours against
csdid's numbers). Sources: Angrist and Pischke, Mostly Harmless Econometrics (2009), chapter 5; Abadie, Diamond and
Hainmueller, JASA 105 (2010); Callaway and Sant'Anna, Journal of Econometrics 225 (2021); McKenzie, Journal of
Development Economics 99 (2012).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from liveshop.methods._inputs import listed, need, number, numbers, whole
from liveshop.methods._regression import Effect, complete, design, fit_linear, fit_poisson, stands_alone, weights_of
from liveshop.methods._staggered import GroupTimeEffects, group_time_effects
from liveshop.methods._synthetic import SyntheticControl, placebo_dates, placebo_units, synthetic_control
from liveshop.methods.experiment import winners_curse

__all__ = ["EventStudy", "GroupTimeEffects", "PanelEffects", "SyntheticControl", "comparison_variance",
           "difference_in_differences", "evaluation_power", "event_study", "four_means", "group_time_effects",
           "placebo_dates", "placebo_units", "synthetic_control", "two_way_effects"]

ERRORS = ("cluster", "HC3", "classical")


@dataclass(frozen=True)
class PanelEffects:
    """``table``: one row a term: estimate, standard_error, low, high (95 %, Student's t), p_value. In the unit of the
    outcome; for ``family="poisson"`` the change of the logarithm of the expected count."""

    table: pd.DataFrame
    rows: int
    clusters: int       # units whose rows belong together; rows without clusters
    errors: str         # how the standard errors were made

    def covers(self, term, truth):
        """Whether the interval of ``term`` holds the value ``truth``."""
        return bool(self.table.loc[term, "low"] <= truth <= self.table.loc[term, "high"])


def four_means(treated_before, treated_after, control_before, control_after):
    """Difference in differences of four means: the treated's change less the others'."""
    before, after, other_before, other_after = (number(value, what) for value, what in (
        (treated_before, "treated_before"), (treated_after, "treated_after"), (control_before, "control_before"),
        (control_after, "control_after")))
    return after - before - (other_after - other_before)


def two_way_effects(frame, outcome, terms, unit, period, family="linear", errors="cluster", cluster=None):
    """Effects of the ``terms`` with a level for every unit and for every period (two-way fixed effects).

    frame: one row a unit and period · outcome: numbers, or counts for ``family="poisson"`` · terms: columns of
    numbers (0 and 1, say) · errors: "cluster" (by ``cluster``, else by unit; Student's t with clusters − 1 degrees of
    freedom), "HC3" (rows independent, any variance; holds better with ten clusters or so, when the terms change from
    period to period by chance) or "classical".
    Raises ValueError on missing columns, counts below zero, a term that the levels of units and periods explain, and
    fewer rows than terms.
    """
    terms = listed(terms)
    if not terms:
        raise ValueError("Name at least one term.")
    data = complete(frame, [outcome, *terms, unit, period, *listed(cluster)], [outcome, *terms])
    levels = design(data.assign(**{unit: data[unit].astype(str), period: data[period].astype(str)}), [unit, period])
    x = pd.concat([data[terms].astype(float), levels], axis=1)
    x.insert(len(terms), "const", 1.0)
    groups = data[cluster or unit] if errors == "cluster" else None
    return _fitted(data[outcome].astype(float), x, terms, family, errors, groups)


def difference_in_differences(frame, outcome, treated, after, unit=None, period=None, controls=(), family="linear",
                              errors=None, cluster=None):
    """Difference in differences (双重差分): how much more did the treated change than the others?

    treated: column, 1 for every row of a unit that is treated at some time · after: column, 1 once it is. Without
    ``unit`` and ``period`` the rows may be of different units before and after (houses sold, say), and ``controls``
    can be held fixed; with both, every unit and every period has a level of its own. family "linear", or "poisson"
    for counts (the effect is then on the logarithm). errors: as in :func:`two_way_effects`; "cluster" by default
    where there are units or a ``cluster``, else "HC3".
    Returns an Effect. It is the effect on the treated if both would have changed alike without treatment, and if the
    others are not touched by it.
    Raises ValueError on missing columns, treated or after that are not yes or no, and when one of the four groups is
    empty.
    """
    if (unit is None) != (period is None):
        raise ValueError("Give both unit and period, or neither.")
    controls = listed(controls)
    keys = list(dict.fromkeys([*listed(unit), *listed(period), *listed(cluster), *controls]))
    data = complete(frame, [outcome, treated, after, *keys], [outcome])
    for column in (treated, after):
        if not set(numbers(data[column], f"The values of {column}")) <= {0.0, 1.0}:
            raise ValueError(f"{column} must be 0 or 1 in every row.")
    d, t = data[treated].astype(float), data[after].astype(float)
    data["treated_after"] = d * t
    counts = pd.crosstab(d, t)
    if unit is None and (counts.shape != (2, 2) or not counts.to_numpy().all()):
        raise ValueError("Treated and others are both needed, before and after: one of these four groups is empty.")
    if not 0 < data["treated_after"].mean() < 1:
        raise ValueError("Nobody is treated in these rows, or everybody always is: there is nothing to compare.")
    errors = errors or ("cluster" if unit or cluster else "HC3")
    if unit is not None:
        if controls:
            raise ValueError("Controls beside levels of units and periods: give them to two_way_effects as terms.")
        found = two_way_effects(data, outcome, "treated_after", unit, period, family, errors, cluster)
    else:
        x = pd.concat([data["treated_after"], d.rename("treated"), t.rename("after"), design(data, controls)], axis=1)
        x.insert(1, "const", 1.0)
        groups = data[cluster] if cluster and errors == "cluster" else None
        found = _fitted(data[outcome].astype(float), x, ["treated_after"], family, errors, groups)
    row = found.table.loc["treated_after"]
    informative = int(data.loc[d == 1, unit].nunique()) if unit else int(counts.to_numpy().min())
    return Effect("difference in differences", float(row["estimate"]), float(row["standard_error"]),
                  (float(row["low"]), float(row["high"])),
                  found.rows, found.clusters, informative)


@dataclass(frozen=True)
class EventStudy:
    """``effects``: one row a period since the start, against the base: estimate, low, high
    (95 %), units (treated units seen then). ``pretrend_pvalue``: of the treated's mean slope before the start being
    the others' (Welch's test, one slope a unit); a high one does not prove parallel trends."""

    effects: pd.DataFrame
    pretrend_pvalue: float
    mean_after: float       # mean of the estimates from the start on


def event_study(frame, outcome, unit, period, start, family="linear", cluster=None, base="last"):
    """Difference in differences period by period: effects before the start should be none.

    ``start``: column with the period in which the unit's treatment begins, missing for those never treated. Periods
    are counted in the order in which they stand in the table, so that weeks given as dates count as 0, 1, 2 …. With
    starts at different times use :func:`group_time_effects`: a regression would take units already treated for
    controls. ``base``: "last" takes the last period before the start (−1) as 0; "mean" the mean of all estimates before
    it, so that one noisy period does not lift or lower all the others.
    Raises ValueError when starts differ, nobody is never treated, no period comes before the start, or on an unknown
    base.
    """
    need(frame, (outcome, unit, period, start, *listed(cluster)))
    if base not in ("last", "mean"):
        raise ValueError(f'base is "last" or "mean", not {base!r}.')
    data = complete(frame, [outcome, unit, period], [outcome]).join(
        frame.dropna(subset=[outcome, unit, period]).reset_index(drop=True)[[start, *listed(cluster)]])
    starts = data[start].dropna().unique()
    if len(starts) != 1:
        raise ValueError(f"All treated units must start together here; {start} holds {len(starts)} different starts. "
                         "Use group_time_effects for several.")
    if data[start].notna().all():
        raise ValueError("An event study needs units that are never treated: their start is missing.")
    order = np.sort(data[period].unique())
    since = np.searchsorted(order, data[period]) - int(np.searchsorted(order, starts[0]))
    if since.min() >= 0 or since.max() < 0:
        raise ValueError("Both periods before the start and periods after it are needed.")
    treated = data[start].notna().to_numpy()

    def against(left_out):
        """Estimates of all periods but one. Against the mean, the one left out is less the sum of the others before."""
        events = [event for event in np.unique(since) if event != left_out]
        shared = (treated & (since == left_out)) if base == "mean" else np.zeros(len(since))
        terms = {f"event {event}": (treated & (since == event)).astype(float) - (event < 0) * shared
                 for event in events}
        found = two_way_effects(data.assign(**terms), outcome, list(terms), unit, period, family, "cluster", cluster)
        return found.table[["estimate", "low", "high"]].set_axis(pd.Index(events, name="event"))

    table = against(-1)
    table.loc[-1] = against(since.min()).loc[-1] if base == "mean" and since.min() < -1 else 0.0
    table = table.sort_index()
    table["units"] = data[treated].groupby(since[treated])[unit].nunique()
    return EventStudy(table, _slopes_alike(data, outcome, unit, treated, since, family),
                      float(table.loc[0:, "estimate"].mean()))


def _slopes_alike(data, outcome, unit, treated, since, family):
    """p-value of Welch's test that the treated's mean slope before the start is the others'."""
    from scipy.stats import ttest_ind

    early = data[since < 0].assign(_x=since[since < 0].astype(float), _treated=treated[since < 0])
    early["_y"] = np.log(early[outcome] + 0.5) if family == "poisson" else early[outcome].astype(float)
    if early["_x"].nunique() < 2:
        return float("nan")
    early["_x"] -= early.groupby(unit)["_x"].transform("mean")
    slope = early["_x"].mul(early["_y"]).groupby(early[unit]).sum() / early["_x"].pow(2).groupby(early[unit]).sum()
    own = early.groupby(unit)["_treated"].first()
    if own.sum() < 2 or (~own).sum() < 2:
        return float("nan")
    return float(ttest_ind(slope[own], slope[~own], equal_var=False).pvalue)


# --- before the start: what could be seen at all ------------------------------------------------------


def comparison_variance(correlation, before=1, after=1):
    """Variance of three comparisons of two groups, in units of sd² · (1 / treated + 1 / control units).

    correlation: of one unit's outcome in two periods · before, after: periods averaged. Keys: "after only",
    "difference in differences", "ancova" (the mean before as a control). With one period each they stand as 1 : 2 (1
    − ρ) : 1 − ρ², so differencing beats looking at the end only if ρ is above 0.5. Source: McKenzie 2012.
    Raises ValueError on a correlation outside of 0 to 1.
    """
    rho, m, r = number(correlation, "The correlation"), whole(before, "before", 1), whole(after, "after", 1)
    if not 0 <= rho <= 1:
        raise ValueError(f"The correlation lies between 0 and 1; it is {rho:g}.")
    later, early = (1 + (r - 1) * rho) / r, (1 + (m - 1) * rho) / m
    return {"after only": later, "difference in differences": later + early - 2 * rho,
            "ancova": later - rho**2 / early}


def evaluation_power(effect, sd, correlation, treated, control, before, after, alpha=0.05, comparison="ancova"):
    """What an evaluation could find: power, chance of a wrong sign, exaggeration of what it would call significant.

    effect and sd (of one unit in one period) in the unit of the outcome · treated, control: numbers of units · the
    rest as in :func:`comparison_variance`. Reckoned with the normal law: with few units the truth is less.
    Returns a WinnersCurse. Raises ValueError on a sd not above zero and an unknown comparison.
    """
    sd, treated, control = number(sd, "sd"), whole(treated, "treated", 1), whole(control, "control", 1)
    variances = comparison_variance(correlation, before, after)
    if comparison not in variances:
        raise ValueError(f"comparison is one of {', '.join(variances)}, not {comparison!r}.")
    if sd <= 0:
        raise ValueError("sd must be above zero.")
    error = sd * np.sqrt(variances[comparison] * (1 / treated + 1 / control))
    return winners_curse(effect, max(float(error), 1e-12), alpha)


def _fitted(y, x, terms, family, errors, groups):
    """Fit, and read off the terms."""
    from scipy.stats import t as student

    if errors not in ERRORS:
        raise ValueError(f"errors is one of {', '.join(ERRORS)}, not {errors!r}.")
    if len(x) <= x.shape[1]:
        raise ValueError(f"{len(x)} rows are too few for {x.shape[1]} terms.")
    weight = weights_of(x, None)
    for term in terms:
        if not stands_alone(x, weight, term):
            raise ValueError(f"{term} cannot be told apart from the other terms and the levels of units and periods.")
    kind = {"cluster": "HC3", "HC3": "HC3", "classical": "nonrobust"}[errors]
    if family == "poisson":
        fit = fit_poisson(y, x, groups, kind)
    elif family == "linear":
        fit = fit_linear(y, x, weight, groups, kind)
    else:
        raise ValueError(f'family is "linear" or "poisson", not {family!r}.')
    clusters = len(x) if groups is None else int(groups.nunique())
    law = student(len(x) - x.shape[1] if groups is None else clusters - 1)
    estimate, error = np.asarray(fit.params)[: len(terms)], np.asarray(fit.bse)[: len(terms)]
    table = pd.DataFrame({"estimate": estimate, "standard_error": error, "low": estimate - law.ppf(0.975) * error,
                          "high": estimate + law.ppf(0.975) * error,
                          "p_value": 2 * law.sf(np.abs(estimate / error))}, index=pd.Index(terms, name="term"))
    return PanelEffects(table, len(x), clusters, errors)
