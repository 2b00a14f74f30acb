"""Scores of the places and comparisons of the criteria."""

import pandas as pd

from liveshop.methods import decision
from liveshop.tables.memory import once_per_tables


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
