"""Wrong answers of section 4.2: weights, distances, turns of the winner, and faults of a record."""

import numpy as np

from liveshop.course.chapter_4 import samples
from liveshop.methods import decision

FAULTS = {"A": "scores written after the favourite was known", "B": "a scale that hangs on the list",
          "C": "a cost counted as a benefit", "D": "comparisons that contradict each other",
          "E": "a must-have traded for other scores", "F": "a lead smaller than what the raters leave open",
          "G": "nothing"}
RECORDS = {  # variable: the fault, and what the record shows
    "praised": ("A", "The director praised the place first, and the raters knew it when they scored."),
    "shares": ("B", "Scores were shares of a column's sum, so a place that nobody wants moved them all."),
    "no_payment": ("E", "The place cannot do what must be done; no low fee makes up for that."),
    "narrow": ("F", "The interval of the lead contains 0: these raters do not tell the two apart."),
    "circle": ("D", "Audience beats fee, fee beats growth, growth beats audience: no weights can say that."),
    "sound": ("G", "Blind, on written anchors, weights that agree, a lead that one rater less and other weights keep."),
}
NOT_HERE = {
    "A": "Nothing in it says that a favourite was known before the scores were written.",
    "B": "Nothing in it says that the scores were made from the list.",
    "C": "No cost is in it with the wrong direction: low is named good where it is good.",
    "D": "It says nothing of comparisons that run against each other.",
    "E": "No must-have is missing in it.",
    "F": "The lead is not the point here.",
    "G": "There is a fault in it.",
}


def ratios(asked):
    """Other numbers than the consistency ratio."""
    largest, size = asked.found.eigenvalue, 4
    index = (largest - size) / (size - 1)
    for value, sentence in (
        (decision.ahp(asked.matrix, 2005).consistency_ratio, "That is by Saaty's table of 2005 (0.89 for four), or "
                                                             "with a λ that is not the eigenvector's."),
        (index, "That is the index, (λ − 4) / 3. Divide it by 0.90, what matrices filled by lot have."),
        (largest, "That is λ, the largest eigenvalue. The ratio is (λ − 4) / 3 / 0.90."),
        (largest - size, "That is λ − 4. Divide by 3, then by 0.90."),
        ((largest - size) / size / 0.90, "You divided by 4. The index is (λ − 4) / (4 − 1)."),
        ((largest - size) / size, "You divided λ − 4 by 4. The index divides by 3, and the ratio once more by 0.90."),
        ((largest - size) / 0.90, "You left out the division by 3."),
        (index / 0.58, "That is the table's value for three items. Four have 0.90."),
        (index / 1.12, "That is as with 1.12, the table's value for five items. Divide by 0.90."),
        (largest / size, "That is λ / 4. The ratio is (λ − 4) / 3 / 0.90."),
        (1 - asked.found.consistency_ratio, "That is 1 less the ratio. 0 is full agreement."),
    ):
        yield {"ratio": value}, sentence


def other_weights(asked):
    """Weights made in other ways than by the eigenvector."""
    matrix = asked.matrix
    means, geometric = matrix.mean(axis=1), np.exp(np.log(matrix).mean(axis=1))
    divided = (matrix / matrix.sum(axis=0)).mean(axis=1)
    for weights, sentence in (
        (means, "Those are the means of the rows, not normalised: they do not even add up to 1."),
        (means / means.sum(), "You took means of the raw rows and made them add up to 1. A 5 then counts for more than "
                              "the 1/5 on the other side takes away. Take the eigenvector."),
        (matrix.sum(axis=1), "Those are the sums of the rows. Weights add up to 1."),
        (divided, "Those are the means of the columns after division, a first approximation. Asked is the eigenvector "
                  "(`ahp`)."),
        (geometric / geometric.sum(), "Those are the geometric means of the rows. They come near; asked is the "
                                      "eigenvector (`ahp`)."),
        (geometric, "Those are the geometric means of the rows, not normalised."),
        (decision.ahp(matrix.T).weights.to_numpy(), "You turned the comparisons round: the row is so many times as "
                                                    "important as the column."),
        (decision.ahp(matrix).weights.to_numpy() / decision.ahp(matrix).weights.max(), "You divided by the largest. "
                                                                                      "Divide by the sum."),
        (_unit_length(asked), "That vector has length 1. Divide it by its sum, so that the weights add up to 1."),
        (1 / matrix.sum(axis=0), "That is 1 over the sum of the columns, exact only if all comparisons agree."),
    ):
        yield {"audience": weights[0], "after_sales": weights[3]}, sentence
    upper = np.triu(matrix).sum(axis=1)
    yield {"audience": upper[0] / upper.sum(), "after_sales": upper[3] / upper.sum()}, (
        "Half of the matrix is empty: below the diagonal stand the reciprocals.")
    yield {"audience": asked.found.weights[1], "after_sales": asked.found.weights[2]}, (
        "Those are the weights of traffic and of the fee.")
    for place, name in ((1, "traffic"), (2, "the fee")):
        for field in ("audience", "after_sales"):
            yield {field: asked.found.weights[place]}, f"That is the weight of {name}."


def _unit_length(asked):
    weights = asked.found.weights.to_numpy()
    return weights / np.sqrt((weights**2).sum())


def single_distances(asked):
    """The distances themselves."""
    near, far = distances(asked)
    for sentence, values in (("That is the distance from the best. Closeness is the distance from the worst over the "
                              "sum of both.", near),
                             ("That is the distance from the worst, not divided by the sum of both.", far)):
        yield {"a": values[0], "b": values[1]}, sentence
    yield {"first": "A"}, "A wins where the fee counts as a benefit, or not at all."
    yield {"first": "C"}, "C wins where growth weighs as much as the audience. The weights say 0.5 and 0.2."
    yield {"first": "D"}, "D has the lowest fee, and the smallest audience, which weighs most."


def distances(asked, power=2, weights=None, length=None):
    """Distances from the best and from the worst; power 1: along the axes."""
    scores, weights = asked.scores, np.asarray(asked.weights if weights is None else weights)
    values = scores / (np.sqrt((scores**2).sum(axis=0)) if length is None else length) * weights
    good = np.asarray(asked.benefit)
    best = np.where(good, values.max(axis=0), values.min(axis=0))
    worst = np.where(good, values.min(axis=0), values.max(axis=0))
    return tuple((np.abs(values - end) ** power).sum(axis=1) ** (1 / power) for end in (best, worst))


def other_distances(asked):
    """Closeness reckoned in other ways."""
    near, far = distances(asked)
    yield asked.but(benefit=(True, True, True)), (
        "The fee counts as a benefit there: the dearest place is rewarded. Of a cost the smallest value is the best.")
    yield asked.but(benefit=(False, False, True)), (
        "The distances or the directions are turned round. Closeness is the distance from the worst over the sum of "
        "both; of the fee little is good.")
    yield asked.but(weights=(1 / 3, 1 / 3, 1 / 3)), "The weights are missing: all three count alike."
    yield asked.but(weights=(0.5, 0.3, 0.2)), "The weights of growth and fee stand in each other's place."
    ranges = asked.scores.max(axis=0) - asked.scores.min(axis=0)
    for (close, away), sentence in (
        (distances(asked, power=1), "Those are distances along the axes. Take the root of the sum of squares."),
        (distances(asked, length=1.0), "The columns are not normalised: the largest numbers drown the rest."),
        (distances(asked, length=ranges), "You divided by the range, TOPSIS by the root of the sum of squares."),
        (distances(asked, length=asked.scores.sum(axis=0)), "You divided by the column's sum. TOPSIS divides by the "
                                                            "root of the sum of squares."),
        (distances(asked, length=asked.scores.max(axis=0)), "You divided by the largest of the column. TOPSIS divides "
                                                            "by the root of the sum of squares."),
        (distances(asked, weights=np.sqrt(asked.weights)), "You weighed inside the root. Multiply first, then square."),
        ([one**2 for one in (near, far)], "Those are squares of the distances: the root is missing."),
    ):
        yield asked.answer(away / (close + away)), sentence
    ratio = far / near
    yield {"a": ratio[0], "b": ratio[1]}, "Divide by the sum of both distances, not by the one from the best."
    facts, fee = asked.scores[:, :2], asked.scores[:, 2]
    for turned, name in ((1 / fee, "1 over the fee"), (10 - fee, "10 less the fee"),
                         (fee.max() - fee, "the largest fee less the fee"), (100 - fee, "100 less the fee")):
        yield asked.but(scores=np.column_stack([facts, turned]), benefit=(True, True, True)), (
            f"You took {name} as a benefit. TOPSIS leaves a cost as it is, and calls its smallest value the best.")
    length = np.sqrt((asked.scores**2).sum(axis=0))
    stretched = (asked.scores - asked.scores.min(axis=0)) / ranges
    stretched[:, 2] = 1 - stretched[:, 2]
    total = stretched @ np.array(asked.weights)
    yield {"a": total[0], "b": total[1]}, "Those are weighted sums of scores from worst 0 to best 1, no distances."
    for scores in (asked.scores, *(asked.scores / one for one in (length, asked.scores.sum(axis=0),
                                                                  asked.scores.max(axis=0)))):
        for sign in (-1, 1):
            total = scores @ (np.array(asked.weights) * (1, 1, sign))
            yield {"a": total[0], "b": total[1]}, "That is a weighted sum, no distance from best and worst."


def other_measures(asked):
    """Other numbers of the same turn."""
    right = asked.right()
    name, at = right["criterion"], right["turns_at"]
    now = asked.weights[name]
    order = decision.weighted_scores(asked.scores, asked.weights).sort_values(ascending=False)
    lead = order.iloc[0] - order.loc[right["new_first"]]
    apart = asked.scores.loc[order.index[0], name] - asked.scores.loc[right["new_first"], name]
    gap = asked.scores.loc[order.index[0]] - asked.scores.loc[right["new_first"]]
    others_apart = gap.drop(name).mean()
    for value, sentence in (
        (at - now, "That is the change. Asked is the weight at the turn."),
        (at / now - 1, "That is the change in parts of the weight. Asked is the weight at the turn."),
        (at / now, "That is how many times the weight it is. Asked is the weight itself."),
        (now, "That is the weight now. Asked is the one at which the winner turns."),
        (now - lead / apart, "You moved this weight alone, so that the weights no longer add up to 1. The others must "
                             "give way in proportion."),
        (now + lead / (others_apart - apart), "You took it from the others in equal parts. Each gives in proportion to "
                                              "its weight."),
        (lead, "That is the lead of the first over the next, in points."),
        (-lead / apart, "That is the lead over the difference of scores: the change of this weight alone."),
    ):
        yield {"turns_at": value}, sentence
    yield {"new_first": order.index[0]}, "That place is first now. Asked is who is first after the turn."
    for other in asked.scores.columns:
        if other != name:
            yield {"criterion": other}, "Another criterion needs a smaller change. Sort by the size of the change."
    for other in asked.scores.index:
        if other not in (right["new_first"], order.index[0]):
            yield {"new_first": other}, "At this turn that place is behind. Compare the weighted scores there."


def other_turns(asked):
    """The turn in other scores, or by other weights."""
    tables, scores, weights = asked.tables, asked.scores, asked.weights
    equal = weights * 0 + 1 / len(weights)
    everybody = samples.weights_of_pairs(tables, all_raters=True).reindex(weights.index)
    for (other_scores, other), sentence in (
        ((samples.mean_scores(tables, "sighted"), weights), "Those are the sighted scores."),
        ((scores, everybody), "The rater whose comparisons contradict each other is in the weights."),
        ((scores, equal), "Those are equal weights. Take those of the comparisons in pairs."),
        ((decision.normalised(scores, "sum"), weights), "Those are shares of the sum, a scale that hangs on the list. "
                                                        "Take the scores as they are."),
        ((decision.normalised(scores), weights), "Those are scores from worst 0 to best 1. Take them as they are."),
    ):
        yield asked.first_turn(other_scores, other), sentence
    middle = tables.platform_scores.query("round == 'blind'").groupby(["option", "criterion"]).score.median().unstack()
    yield asked.first_turn(middle, weights), "Those are medians over the raters. Take the means."
    found = decision.flips(scores, weights).dropna(subset="change")
    part = (found.change / weights[found.index]).abs().idxmin()
    if part != found.index[0]:
        yield asked.first_turn(scores, weights, list(found.index).index(part)), (
            "That change is the smallest in parts of the weight. Asked is the smallest in points of weight.")
    both = tables.platform_scores.groupby(["option", "criterion"]).score.mean().unstack()
    yield asked.first_turn(both, weights), "Both rounds are in the scores. Take the blind one."
    for row, name in enumerate(found.index):
        if row and name != part:
            yield asked.first_turn(scores, weights, row), (
                "That weight turns the winner too, but it has farther to go. Take the smallest change.")


def other_faults():
    """Each wrong fault of each record."""
    for name, (right, shown) in RECORDS.items():
        for letter in FAULTS:
            if letter != right:
                yield {name: letter}, f"{NOT_HERE[letter]} {shown}"
