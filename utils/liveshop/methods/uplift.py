"""Whom does an offer move? Uplift is the outcome with the offer less the outcome without.

Nobody is seen in both states, so uplift is measured for groups, from a trial in which the offer went
to people at random; with chosen recipients every function here measures the choosing as well.

Sources: Radcliffe, "Using control groups to target on predicted lift", Direct Marketing Analytics
Journal (2007), for the Qini curve; Künzel, Sekhon, Bickel and Yu, "Metalearners for estimating
heterogeneous treatment effects", PNAS 116 (2019), for the two-model learner.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from liveshop.methods._inputs import listed, need, number, numbers


def effect_by_group(frame, outcome, treatment, by=None, level=0.95):
    """Difference of means, treated less control, in each group and in all.

    One row a group and a last one "all": treated, control (people), treated_mean, control_mean,
    uplift (difference, in the unit of the outcome), standard_error, low, high. Variances may differ
    (Welch); a group with fewer than two people in an arm has no interval. ``treatment`` is 0/1 or
    yes/no. With many groups some intervals miss 0 by chance alone: about one in twenty.

    An arm in which all have the same outcome (nobody bought, say) shows no variance, which does not make its mean
    certain. If the outcome is 0 or 1 throughout, such a group gets Newcombe's interval for a difference of two shares
    (hybrid score; Statistics in Medicine 17, 1998) and no standard error; otherwise, with two such arms, no interval.
    Raises ValueError on missing columns, a treatment that is not 0/1, and a level outside of 0 to 1.
    """
    from scipy.stats import t as student

    if not 0 < level < 1:
        raise ValueError(f"The level is a share between 0 and 1, such as 0.95, not {level}.")
    data = _trial(frame, outcome, treatment, [by] if by else [])
    pieces = [] if by is None else [(name, part) for name, part in data.groupby(by, observed=True)]
    yes_or_no, rows = set(data["_outcome"].unique()) <= {0.0, 1.0}, []
    for name, part in [*pieces, ("all", data)]:
        arms = [part.loc[part["_treated"] == arm, "_outcome"] for arm in (1, 0)]
        n = np.array([len(arm) for arm in arms])
        mean = [arm.mean() if len(arm) else np.nan for arm in arms]
        parts = np.array([arm.var(ddof=1) / len(arm) if len(arm) > 1 else np.nan for arm in arms])
        error = np.sqrt(parts.sum())
        freedom = parts.sum() ** 2 / (parts**2 / (n - 1)).sum() if error > 0 else np.inf
        difference = mean[0] - mean[1]
        half = student.ppf(0.5 + level / 2, freedom) * error if error > 0 else np.nan
        low, high = difference - half, difference + half
        if (parts == 0).any() and (n > 1).all():
            if yes_or_no:
                low, high = _newcombe([arm.sum() for arm in arms], n, level)
            error = error if error > 0 and not yes_or_no else np.nan
        rows.append({"group": name, "treated": n[0], "control": n[1], "treated_mean": mean[0], "control_mean": mean[1],
                     "uplift": difference, "standard_error": error, "low": low, "high": high})
    table = pd.DataFrame(rows).set_index("group")
    table.index.name = by or "group"
    return table


def _newcombe(events, people, level):
    """Newcombe's interval of the difference of two shares."""
    from statsmodels.stats.proportion import confint_proportions_2indep

    return confint_proportions_2indep(events[0], people[0], events[1], people[1], compare="diff", method="newcomb",
                                      alpha=1 - level)


@dataclass(frozen=True)
class TwoModels:
    """One model of the outcome for the treated, one for the control; uplift is their difference."""

    treated: object         # scikit-learn pipelines
    control: object
    features: tuple
    classifies: bool

    def predict(self, frame):
        """Predicted uplift of each row, shape (rows,), in the unit of the outcome."""
        return self._outcome(self.treated, frame) - self._outcome(self.control, frame)

    def propensity(self, frame):
        """Predicted outcome *without* the offer: who buys anyway. Not whom to treat."""
        return self._outcome(self.control, frame)

    def _outcome(self, model, frame):
        need(frame, self.features, remedy=", which the models were fitted on")
        x = frame[list(self.features)]
        return model.predict_proba(x)[:, 1] if self.classifies else model.predict(x)


def two_models(frame, outcome, treatment, features, model="linear", seed=0):
    """Two-model learner (T-learner) with scikit-learn.

    features: columns known before the offer; numbers as they are, everything else as indicators.
    model: "linear" (logistic for an outcome of 0 and 1, ridge otherwise), "forest", or a scikit-learn
    estimator to be cloned. The difference of two good models can be a poor model of the difference:
    judge it with :func:`qini` on people it was not fitted on.
    Raises ValueError on missing columns, the outcome or treatment among the features, and an unknown
    model.
    """
    from sklearn.base import clone, is_classifier
    from sklearn.compose import make_column_transformer
    from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
    from sklearn.linear_model import LogisticRegression, Ridge
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    features = listed(features)
    if not features:
        raise ValueError("two_models needs at least one feature: something that was known of people before the offer.")
    if {outcome, treatment} & set(features):
        raise ValueError("The outcome and the treatment are no features: take what was known before the offer.")
    data = _trial(frame, outcome, treatment, features)
    binary = set(data["_outcome"].unique()) <= {0.0, 1.0}
    if isinstance(model, str):
        shapes = {"linear": (LogisticRegression(max_iter=1000), Ridge()),
                  "forest": (RandomForestClassifier(200, min_samples_leaf=50, random_state=seed),
                             RandomForestRegressor(200, min_samples_leaf=50, random_state=seed))}
        if model not in shapes:
            raise ValueError(f'model is "linear", "forest" or a scikit-learn estimator, not {model!r}.')
        estimator = shapes[model][0 if binary else 1]
    else:
        estimator = model
    counted = data[features].select_dtypes("number").columns.tolist()
    others = [name for name in features if name not in counted]
    fitted = []
    for arm in (1, 0):
        part = data[data["_treated"] == arm]
        if binary and is_classifier(estimator) and part["_outcome"].nunique() < 2:
            raise ValueError(f"The outcome {outcome} is the same for everybody in one arm: there is nothing to fit.")
        prepare = make_column_transformer((StandardScaler(), counted), (OneHotEncoder(handle_unknown="ignore"), others))
        fitted.append(make_pipeline(prepare, clone(estimator)).fit(part[features], part["_outcome"]))
    return TwoModels(fitted[0], fitted[1], tuple(features), is_classifier(estimator))


@dataclass(frozen=True)
class Qini:
    """``share``: of people targeted, best score first, from 0 to 1; ``gain``: outcome won by treating
    them, per person of the whole treated arm; both of shape (distinct scores + 1,).
    ``coefficient``: area between the curve and the straight line of random targeting, in the unit of
    the outcome; ``interval``: 95 %, by bootstrap over people, if asked for."""

    share: np.ndarray
    gain: np.ndarray
    coefficient: float
    interval: tuple[float, float] | None = None


def qini(score, outcome, treated, bootstrap=0, seed=0):
    """Qini curve of a score on a randomised trial; all of shape (people,).

    Among the k people with the highest scores: gain = (outcomes of the treated − outcomes of the
    control × treated / control) / treated in all. Equal scores enter together, so the order of rows
    does not matter. The curve ends at the average effect. Coefficient above 0: better than
    random. Unnormalised (Radcliffe 2007 also divides by the area of a perfect order).
    Raises ValueError unless there is one score, outcome and treatment a person, and both arms.
    """
    score, outcome, treated = _scored(score, outcome, treated)
    order = np.argsort(-score, kind="stable")
    score, outcome, treated = score[order], outcome[order], treated[order]
    last = np.flatnonzero(np.r_[np.diff(score) != 0, True])
    share, gain, area = _qini(outcome, treated, last, None)
    interval = None
    if bootstrap:
        rng = np.random.default_rng(seed)
        areas = [_qini(outcome, treated, last, rng.multinomial(len(score), np.full(len(score), 1 / len(score))))[2]
                 for _ in range(int(bootstrap))]
        low, high = np.quantile(areas, [0.025, 0.975])
        interval = (float(low), float(high))
    return Qini(share, gain, float(area), interval)


def _qini(outcome, treated, last, weight):
    weight = np.ones(len(outcome)) if weight is None else weight.astype(float)

    def until(values):
        return np.r_[0.0, np.cumsum(values * weight)[last]]

    people_1, people_0 = until(treated), until(1 - treated)
    sum_1, sum_0 = until(outcome * treated), until(outcome * (1 - treated))
    share = (people_1 + people_0) / weight.sum()
    # Before the first control person there is nothing to compare with: no correction yet.
    factor = np.divide(people_1, people_0, out=np.zeros_like(people_1), where=people_0 > 0)
    gain = (sum_1 - sum_0 * factor) / people_1[-1]
    return share, gain, np.trapezoid(gain, share) - gain[-1] / 2


def profit_curve(score, outcome, treated, value=1.0, cost=0.0):
    """Profit of treating the best-scored share of people, from a randomised trial.

    value: yuan per unit of outcome (1 if the outcome is a margin) · cost: yuan per person treated,
    paid whether she uses the offer or not; what only users cost belongs into the outcome. One row
    for each distinct score, best first, and a first row for treating nobody: share (of people),
    cutoff (lowest score treated), uplift (mean outcome of treated less control so far), profit (yuan
    per person of all, share × (value × uplift − cost)).
    Raises ValueError as :func:`qini`.
    """
    score, outcome, treated = _scored(score, outcome, treated)
    order = np.argsort(-score, kind="stable")
    score, outcome, treated = score[order], outcome[order], treated[order]
    last = np.flatnonzero(np.r_[np.diff(score) != 0, True])
    people_1, people_0 = np.cumsum(treated)[last], np.cumsum(1 - treated)[last]
    sum_1, sum_0 = np.cumsum(outcome * treated)[last], np.cumsum(outcome * (1 - treated))[last]
    both = (people_1 > 0) & (people_0 > 0)
    uplift = np.where(both, sum_1 / np.maximum(people_1, 1) - sum_0 / np.maximum(people_0, 1), np.nan)
    share = (last + 1) / len(score)
    table = pd.DataFrame({"share": share, "cutoff": score[last], "uplift": uplift,
                          "profit": share * (value * uplift - cost)})
    nobody = pd.DataFrame({"share": [0.0], "cutoff": [np.inf], "uplift": [np.nan], "profit": [0.0]})
    return pd.concat([nobody, table], ignore_index=True)


@dataclass(frozen=True)
class Target:
    """The share of people to treat, the score from which on, and the profit per person of all."""

    share: float
    cutoff: float
    profit: float


def best_share(score, outcome, treated, value=1.0, cost=0.0, budget=None, least=0.02):
    """The profit-maximising share to treat; see :func:`profit_curve`.

    ``budget``: the largest share that may be treated; ``least``: shares below this rest on too few
    people and are not chosen (except nobody). The maximum of a wobbling curve is too good to be true: take the
    cutoff from one half of the trial and read its profit off the other with :func:`profit_at`.
    Raises ValueError as :func:`qini`, and on a budget outside of 0 to 1.
    """
    curve = profit_curve(score, outcome, treated, number(value, "value"), number(cost, "cost"))
    if budget is not None and not 0 <= budget <= 1:
        raise ValueError("The budget is a share of people between 0 and 1.")
    most = (1.0 if budget is None else budget) + 1e-12
    allowed = curve[(curve["share"] == 0) | (curve["share"] >= least) & (curve["share"] <= most)]
    row = allowed.loc[allowed["profit"].idxmax()]
    return Target(float(row["share"]), float(row["cutoff"]), float(row["profit"]))


def profit_at(cutoff, score, outcome, treated, value=1.0, cost=0.0):
    """Profit per person of all when everybody with a score of ``cutoff`` or more is treated, with its
    standard error: (profit, standard_error). On people who did not help to choose the cutoff.
    Raises ValueError as :func:`qini`, and with fewer than two people in an arm above the cutoff.
    """
    if not cutoff == cutoff:
        raise ValueError("The cutoff is missing: give the lowest score to treat.")
    score, outcome, treated = _scored(score, outcome, treated)
    chosen = score >= cutoff
    arms = [outcome[chosen & (treated == arm)] for arm in (1, 0)]
    if not chosen.any():
        return 0.0, 0.0
    if min(len(arm) for arm in arms) < 2:
        raise ValueError(f"Above the cutoff {cutoff:g} there are not two people in each arm to compare.")
    share = chosen.mean()
    error = share * abs(value) * np.sqrt(sum(arm.var(ddof=1) / len(arm) for arm in arms))
    return float(share * (value * (arms[0].mean() - arms[1].mean()) - cost)), float(error)


def _scored(score, outcome, treated):
    score, outcome, treated = (numbers(part, "score, outcome and treated") for part in (score, outcome, treated))
    if not score.shape == outcome.shape == treated.shape or score.ndim != 1:
        raise ValueError(f"score, outcome and treated must have one entry a person; they have {score.size}, "
                         f"{outcome.size} and {treated.size}.")
    if not (np.isfinite(score) & np.isfinite(outcome)).all():
        raise ValueError("Every person needs a score and an outcome.")
    _both_arms(treated, "treated")
    return score, outcome, treated


def _both_arms(treated, name):
    values = set(np.unique(treated))
    if not values <= {0.0, 1.0}:
        raise ValueError(f"{name} must be 0 or 1 (yes or no); it has other values.")
    if len(values) < 2:
        raise ValueError(f"{name} is the same for everybody: uplift needs people with and without the offer.")


def _trial(frame, outcome, treatment, columns):
    wanted = [outcome, treatment, *columns]
    need(frame, wanted)
    data = frame[wanted].dropna()
    if data.empty:
        raise ValueError(f"No row has values in all of {', '.join(wanted)}.")
    try:
        data = data.assign(_outcome=data[outcome].astype(float), _treated=data[treatment].astype(float))
    except (TypeError, ValueError):
        raise ValueError(f"{outcome} must be a number and {treatment} 0/1 or yes/no; write the arm as "
                         'frame.arm == "treated".') from None
    _both_arms(data["_treated"].to_numpy(), treatment)
    return data
