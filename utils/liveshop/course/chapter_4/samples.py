"""The samples of chapter 4: contacts, scores of the platforms, spend and visits, the survey, past tests."""

import numpy as np
import pandas as pd

from liveshop.methods import decision, experiment, response
from liveshop.tables.memory import once_per_tables

KINDS = ("feed", "search", "influencer", "content")
USUAL = {"feed": 130.0, "search": 30.0, "influencer": 45.0, "content": 20.0}     # units of 3.5 yuan times city size
UNIT = 3.5
BROKEN = 0.002                                  # p-value of the split, for twenty-four tests at .05
LOGS = ["watch_minutes", "clothing_budget"]     # traits of the survey that are skewed


@once_per_tables
def contacts_by_hour(tables):
    """Mean contacts of chat and group together by hour of the day."""
    by_day = tables.contacts.groupby(["day", "hour"]).arrivals.sum()
    return by_day.groupby("hour").mean()


def criteria(tables):
    """Criteria of the platforms, in the order of the columns of `mean_scores`."""
    return sorted(tables.platform_scores.criterion.unique())


def mean_scores(tables, turn):
    """Mean score over the raters, options × criteria. turn: "blind" or "sighted"."""
    scores = tables.platform_scores
    return scores[scores["round"] == turn].groupby(["option", "criterion"]).score.mean().unstack()


@once_per_tables
def weights_of_pairs(tables):
    """Weights of the criteria: mean of the raters whose comparisons are consistent (ratio of .1 or less)."""
    found = [decision.ahp(decision.pairwise_matrix(own)) for _, own in tables.criteria_pairs.groupby("rater")]
    kept = [one.weights for one in found if one.consistency_ratio <= 0.1]
    return pd.concat(kept, axis=1).mean(axis=1)


@once_per_tables
def response_curves(tables):
    """Response curves of the four kinds of spend, per unit of 3.5 yuan in a city of size 1."""
    sizes = tables.cities.set_index("city").market_size
    spend = [f"spend_{kind}" for kind in KINDS]
    history = tables.history.rename(columns=dict(zip(spend, KINDS, strict=True)))
    return response.fit_response(history, "visits", KINDS, "city", "week", size=(UNIT * sizes).to_dict(), usual=USUAL)


def planted_value(truth):
    """Function of a spend in units, {kind: units}: the log of visits that it adds in truth."""
    curves = truth["media.response"]
    return lambda spend: float(sum(
        one["effect"] * response.saturation(spend[kind], one["half"]) for kind, one in curves.items()))


@once_per_tables
def answers(tables):
    """The survey with each customer's planted segment."""
    return tables.survey.merge(tables.customers[["customer_id", "segment"]], on="customer_id")


@once_per_tables
def past_tests(tables):
    """One row a past test: lift (ratio of means − 1), error (of it), pvalue (Welch), broken (sample ratio)."""
    from scipy.stats import ttest_ind

    plans = tables.experiment_plans.set_index("experiment_id")
    rows = {}
    for name, units in tables.experiments.groupby("experiment_id"):
        if not name.startswith("past-"):
            continue
        share = float(plans.planned_share[name])
        arms = [(units.arm == arm).sum() for arm in ("new", "old")]
        new, old = (units.outcome[units.arm == arm].dropna() for arm in ("new", "old"))
        rows[name] = {"lift": new.mean() / old.mean() - 1,
                      "error": np.hypot(new.sem() / old.mean(), new.mean() * old.sem() / old.mean() ** 2),
                      "pvalue": ttest_ind(new, old, equal_var=False).pvalue,
                      "broken": experiment.srm_pvalue(arms, [share, 1 - share]) < BROKEN}
    return pd.DataFrame.from_dict(rows, orient="index").astype(
        {"lift": float, "error": float, "pvalue": float, "broken": bool})
