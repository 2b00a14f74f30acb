"""Scores of the places and comparisons of the criteria."""

import numpy as np
import pandas as pd

from liveshop.methods import decision
from liveshop.tables.memory import once_per_tables

AGREES = 0.1                                    # largest consistency ratio that Saaty accepts
SCALES = {"fixed": "as scored, 1 to 9", "range": "worst 0, best 1", "sum": "share of the sum", "topsis": "TOPSIS"}
HOPELESS = "own_app"


def criteria(tables):
    """Criteria of the platforms, in the order of the columns of `mean_scores`."""
    return sorted(tables.platform_scores.criterion.unique())


def in_lines(name):
    """A name for a narrow column: a line a word, and long words in two."""
    parts = (word if len(word) < 10 else f"{word[:6]}\n{word[6:]}" for word in str(name).split("_"))
    return "\n".join(parts)


@once_per_tables
def mean_scores(tables, turn):
    """Mean score over the raters, options × criteria. turn: "blind" or "sighted"."""
    scores = tables.platform_scores
    return scores[scores["round"] == turn].groupby(["option", "criterion"]).score.mean().unstack()


def first_round(tables):
    """The round that counts: the blind one, or the only one that there is."""
    rounds = set(tables.platform_scores["round"])
    return "blind" if "blind" in rounds else sorted(rounds)[0]


@once_per_tables
def consistency(tables):
    """One row a rater: the weights of the criteria, and the consistency ratio by Saaty's tables of 1980 and 2005."""
    rows = {}
    for rater, own in tables.criteria_pairs.groupby("rater"):
        matrix = decision.pairwise_matrix(own)
        found = decision.ahp(matrix)
        rows[rater] = dict(found.weights) | {"ratio_1980": found.consistency_ratio,
                                             "ratio_2005": decision.ahp(matrix, 2005).consistency_ratio}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("rater")


def weights_of_pairs(tables, all_raters=False):
    """Weights of the criteria: mean of the raters whose comparisons are consistent (ratio of .1 or less)."""
    found = consistency(tables)
    kept = found if all_raters or not (found.ratio_1980 <= AGREES).any() else found[found.ratio_1980 <= AGREES]
    return kept.drop(columns=["ratio_1980", "ratio_2005"]).mean()


def weights(tables):
    """Weights by criterion in the order of `criteria`: those of the pairs, or equal ones where nobody compared."""
    names = criteria(tables)
    if "criteria_pairs" not in tables or tables.criteria_pairs.empty:
        return pd.Series(1 / len(names), index=names)
    return weights_of_pairs(tables).reindex(names)


def by_rater(tables, turn, weighing=None):
    """Weighted scores, raters × options: each rater's scores by the common weights."""
    scores = tables.platform_scores
    scores = scores[scores["round"] == turn].pivot(index=["rater", "option"], columns="criterion", values="score")
    weighing = weights(tables) if weighing is None else weighing
    return (scores[weighing.index] @ weighing).unstack()


def over_raters(values):
    """Mean over the raters with a 95 % interval (Student's t, one less than there are raters); missing for one rater.

    values: a table raters × anything; raters without a value do not count. One row a column: estimate, low, high.
    """
    from scipy.stats import t

    values = pd.DataFrame(values)
    off = t.ppf(0.975, (values.count() - 1).clip(lower=1)) * values.sem()
    return pd.DataFrame({"estimate": values.mean(), "low": values.mean() - off, "high": values.mean() + off})


def lead(tables, turn, first, second, weighing=None):
    """How far the first option is ahead of the second in weighted score, rater by rater: estimate, low, high."""
    own = by_rater(tables, turn, weighing)
    return over_raters((own[first] - own[second]).rename("lead")).iloc[0]


def lead_without_one(tables, turn, first, second):
    """The lead of `lead` when each rater in turn is left out (weights as they are): one row a rater left out."""
    own = by_rater(tables, turn)
    gap = own[first] - own[second]
    return pd.DataFrame({rater: over_raters(gap.drop(rater).rename("lead")).iloc[0] for rater in gap.index}).T


def moved_by_name(tables):
    """Change of each option's weighted score from the blind to the sighted round: estimate, low, high."""
    return over_raters(by_rater(tables, "sighted") - by_rater(tables, "blind"))


def on_scale(scores, weighing, scale):
    """Scores of the options on one of `SCALES`."""
    if scale == "topsis":
        return decision.topsis(scores, weighing, [True] * scores.shape[1]).closeness
    return decision.weighted_scores(scores if scale == "fixed" else decision.normalised(scores, scale), weighing)


def hopeless(scores, weighing):
    """The place that nobody wants: Qinghe's own app, or else the last by weighted score."""
    return HOPELESS if HOPELESS in scores.index else decision.weighted_scores(scores, weighing).idxmin()


def with_and_without(scores, weighing, option):
    """Who wins on each scale, without the option on the list and with it: one row a scale."""
    rest = scores.drop(index=option)
    found = {words: [on_scale(part, weighing, scale).idxmax() for part in (rest, scores)]
             for scale, words in SCALES.items()}
    return pd.DataFrame.from_dict(found, orient="index", columns=["without it", "with it"])


def chance_of_right_order(gap, spread, raters):
    """Chance that the better of two options has the higher mean, when raters differ in the gap by `spread` (sd)."""
    from scipy.stats import norm

    return norm.cdf(gap * np.sqrt(raters) / spread)


def spread_between(tables, turn, first, second):
    """Standard deviation over the raters of the lead of the first over the second."""
    own = by_rater(tables, turn)
    return float((own[first] - own[second]).std())


def joint_matrix(tables):
    """Comparisons of the consistent raters in one matrix (geometric means), in the order of `criteria`, or None."""
    if "criteria_pairs" not in tables or tables.criteria_pairs.empty:
        return None
    agree = consistency(tables).ratio_1980
    kept = agree.index[agree <= AGREES] if (agree <= AGREES).any() else agree.index
    return decision.pairwise_matrix(tables.criteria_pairs[tables.criteria_pairs.rater.isin(kept)], criteria(tables))


def record(scores, weighing):
    """Rows of the card: each place with its weighted score, its strongest and its weakest criterion."""
    order = decision.weighted_scores(scores, weighing).sort_values(ascending=False)
    ends = [scores.loc[order.index].idxmax(axis=1), scores.loc[order.index].idxmin(axis=1)]
    strongest, weakest = (one.astype(str).str.replace("_", " ").to_numpy() for one in ends)
    return pd.DataFrame({"place": [str(name).replace("_", " ") for name in order.index],
                         "weighted score": order.map("{:.1f}".format).to_numpy(), "strongest in": strongest,
                         "weakest in": weakest, "must-have missing": ""})
