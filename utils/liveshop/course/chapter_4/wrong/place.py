"""Wrong answers of section 4.2: weights, distances, turns of the winner, and faults of a record."""

from itertools import permutations

import numpy as np

from liveshop.course.chapter_4 import samples
from liveshop.methods import decision

FAULTS = {"A": "scores written after the favourite was known", "B": "a scale that hangs on the list",
          "C": "a cost counted as a benefit", "D": "comparisons that contradict each other",
          "E": "a must-have traded for other scores", "F": "a lead smaller than what the raters leave open",
          "G": "nothing"}
RECORDS = {  # variable: the fault, and where to look for it
    "record_1": ("A", "Ask what the raters had heard before they scored."),
    "record_2": ("B", "Ask what each score was divided by, and what changed when the place left."),
    "record_3": ("E", "Ask whether the shop could sell there at all."),
    "record_4": ("F", "Read the decision against the interval."),
    "record_5": ("D", "Follow the three answers from one to the next."),
    "record_6": ("G", "Try each fault on it, and look for the words that would show it."),
}
NOT_HERE = {
    "A": "It says of no favourite that the raters knew before they scored.",
    "B": "It says of no score that it was made from the list.",
    "C": "It has no cost that counts as a benefit.",
    "D": "It has no comparisons that run against each other.",
    "E": "It trades no must-have for other scores.",
    "F": "It shows no lead that is smaller than what the raters leave open.",
    "G": "It has a fault.",
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
        (index / 1.12, "That is as with 1.12, the table's value for five items, or times 0.90. Divide by 0.90."),
        (index / 1.41, "That is the table's value for eight items. Four have 0.90."),
        (round(index, 2) / 0.90, "You rounded the index first. Round at the end."),
        ((largest - 3) / 3 / 0.90, "You took 3 off. The index is (λ − 4) / (4 − 1)."),
        (0.1, "That is the bound. Asked is the ratio of these comparisons."),
        (0, "0 is full agreement. Here traffic 4 times as important as after-sales is not 2 times 3."),
        (largest / size, "That is λ / 4. The ratio is (λ − 4) / 3 / 0.90."),
        (1 - asked.found.consistency_ratio, "That is 1 less the ratio. 0 is full agreement."),
    ):
        yield {"ratio": value}, sentence
    divided = (asked.matrix / asked.matrix.sum(axis=0)).mean(axis=1)
    yield {"ratio": (asked.matrix.sum(axis=0) @ divided - 4) / 3 / 0.90}, (
        "That λ is from the column sums and approximate weights, and too large. Take that of the eigenvector.")
    geometric = np.exp(np.log(asked.matrix).mean(axis=1))
    geometric /= geometric.sum()
    for coarse in (round(largest, 1), (asked.matrix @ geometric / geometric).mean()):
        yield {"ratio": (coarse - 4) / 3 / 0.90}, "λ was rounded on the way, or comes from geometric means of rows."


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
    yield from _other_tables(asked)
    yield {"audience": asked.found.weights[1], "after_sales": asked.found.weights[2]}, (
        "Those are the weights of traffic and of the fee.")
    for place, name in ((1, "traffic"), (2, "the fee")):
        for field in ("audience", "after_sales"):
            yield {field: asked.found.weights[place]}, f"That is the weight of {name}."


def _other_tables(asked):
    """Weights from tables filled or divided in another way."""
    matrix, upper, none = asked.matrix, np.triu(asked.matrix), np.eye(4)
    half = "Half of the matrix is empty: below the diagonal stand the reciprocals."
    step = np.linalg.matrix_power(matrix, 2).sum(axis=1)
    for rows, sentence in (
        (upper.sum(axis=1), half),
        ((upper - none).sum(axis=1), half),
        ((matrix - none).sum(axis=1), "Those are sums of the rows without the diagonal. Take the eigenvector."),
        (1 / matrix[0], "You used the comparisons with audience alone. AHP takes all six."),
        (matrix[0], "Those are the answers about audience, turned round: 5 says that the fee counts less."),
        (1 / matrix.sum(axis=0), "You took 1 over the sum of the columns, exact only if all comparisons agree."),
        (matrix.sum(axis=0), "Those are sums of columns: where one is large, the criterion counts little."),
        ((matrix / matrix.sum(axis=1, keepdims=True)).mean(axis=0), (
            "You divided each row by its sum. Asked is the eigenvector; an approximation divides each column.")),
        (np.ones(4), "Those are equal weights: with rows divided by their own sums all rows are alike."),
        (step, "You multiplied once or twice. Go on until the weights stand still: that is the eigenvector."),
    ):
        yield {"audience": rows[0] / rows.sum(), "after_sales": rows[3] / rows.sum()}, sentence
    for table, sentence in (
        (upper, half),
        (upper + upper.T - none, "Below the diagonal you wrote the same numbers. There stand the reciprocals."),
        (upper + np.tril(np.ones((4, 4)), -1), "Below the diagonal you wrote 1. There stand the reciprocals."),
    ):
        values, vectors = np.linalg.eig(table)
        first = np.argmax(values.real)
        weights = vectors[:, first].real / vectors[:, first].real.sum()
        yield {"audience": weights[0], "after_sales": weights[3],
               "ratio": (values[first].real - 4) / 3 / 0.90}, sentence
    names = ("audience", "traffic", "the fee", "after-sales")
    for row, column in zip(*np.triu_indices(4, 1), strict=True):
        yield asked.but(upper=_changed(asked.upper, {(row, column): 1 / matrix[row, column]})), (
            f"You turned one comparison round: {names[row]} is the more important one, {names[column]} the other.")
    for row, one, other in ((0, 2, 3), (0, 1, 3), (0, 1, 2), (1, 2, 3)):
        changed = {(row, one): matrix[row, other], (row, other): matrix[row, one]}
        yield asked.but(upper=_changed(asked.upper, changed)), (
            f"The comparisons of {names[row]} with {names[one]} and with {names[other]} stand in each other's place.")


def _changed(upper, changed):
    """Rows of the upper triangle with other comparisons at some places (row, column)."""
    return tuple(tuple(changed.get((row, row + 1 + at), value) for at, value in enumerate(values))
                 for row, values in enumerate(upper))


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
    yield {"a": far[0], "b": far[1], "first": "A"}, (
        "That is the distance from the worst alone. Divide it by the sum of both distances.")
    yield {"a": near[0] / far[0], "b": near[1] / far[1]}, (
        "That is the distance from the best over that from the worst. Closeness is that from the worst over the sum.")
    close = far / (near + far)
    yield {"a": close[2], "b": close[3]}, "Those are the closenesses of C and D."
    yield {"first": "A"}, "A would win if the fee counted as a benefit, or not at all."
    yield {"first": "C"}, "C would win if growth weighed more. The weights are 0.5, 0.2 and 0.3."
    yield {"first": "D"}, "D has the lowest fee, and the smallest audience, which weighs most."


def distances(asked, power=2, weights=None, length=None):
    """Distances from the best and from the worst; power 1: along the axes."""
    scores, weights = asked.scores, np.asarray(asked.weights if weights is None else weights)
    values = scores / (np.sqrt((scores**2).sum(axis=0)) if length is None else length) * weights
    good = np.asarray(asked.benefit)
    best = np.where(good, values.max(axis=0), values.min(axis=0))
    worst = np.where(good, values.min(axis=0), values.max(axis=0))
    return tuple(np.linalg.norm(values - end, ord=power, axis=1) for end in (best, worst))


def _mixed_ends(asked):
    """The fee turned round in the best, or in the worst, and not in the other."""
    right, turned = distances(asked), distances(asked.but(benefit=(True, True, True)))
    for near, far, sentence in (
        (turned[0], right[1], "In the best place the fee is the largest one. There too the smallest is the best."),
        (right[0], turned[1], "In the worst place the fee is the smallest one. There the largest is the worst."),
    ):
        yield asked.answer(far / (near + far)), sentence


def other_distances(asked):
    """Closeness reckoned in other ways."""
    near, far = distances(asked)
    yield asked.but(benefit=(True, True, True)), (
        "The fee counts as a benefit there: the dearest place is rewarded. Of a cost the smallest value is the best.")
    yield asked.but(benefit=(False, False, True)), (
        "The distances or the directions are turned round. Closeness is the distance from the worst over the sum of "
        "both; of the fee little is good.")
    yield asked.but(weights=(1 / 3, 1 / 3, 1 / 3)), "The weights are missing: all three count alike."
    yield asked.but(benefit=(False, False, False)), "Everything counts as a cost. Of the users who fit many are good."
    yield asked.but(benefit=(True, False, False)), "Growth counts as a cost. Only the fee is one."
    yield asked.but(weights=(0.5, 0.3, 0.2)), "The weights of growth and fee stand in each other's place."
    twice = np.square(asked.weights)
    for other in permutations(asked.weights):
        if other not in (asked.weights, (0.5, 0.3, 0.2)):
            yield asked.but(weights=other), "The weights stand at other columns. In order they are 0.5, 0.2 and 0.3."
    yield asked.but(weights=twice / twice.sum()), "You weighed twice. Multiply the columns with the weights once."
    yield asked.but(scores=asked.scores[:2]), "The best and the worst are of all four places, not of A and B."
    yield from _mixed_ends(asked)
    ranges = asked.scores.max(axis=0) - asked.scores.min(axis=0)
    for (close, away), sentence in (
        (distances(asked, power=np.inf), "That is the largest distance of the three. Take the root of the sum of "
                                              "squares."),
        (distances(asked, length=np.linalg.norm(asked.scores, axis=1, keepdims=True)), (
            "You divided each row by its length. Divide each column.")),
        (distances(asked, length=asked.scores.std(axis=0)), (
            "You divided by the standard deviation, TOPSIS by the root of the sum of squares.")),
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
    for turned, said in ((1 / fee, "You took 1 over the fee as a benefit"),
                         (10 - fee, "You took 10 less the fee as a benefit"),
                         (fee.max() - fee, "You took the largest fee less the fee as a benefit"),
                         (100 - fee, "The fee is left out, or taken as 100 less the fee, where it hardly counts")):
        yield asked.but(scores=np.column_stack([facts, turned]), benefit=(True, True, True)), (
            f"{said}. TOPSIS leaves a cost as it is, and calls its smallest value the best.")
    yield from _sums(asked)


def _sums(asked):
    """Weighted sums on several scales, in place of distances."""
    facts, fee = asked.scores[:, :2], asked.scores[:, 2]
    length, ranges = np.sqrt((asked.scores**2).sum(axis=0)), np.ptp(asked.scores, axis=0)
    stretched = (asked.scores - asked.scores.min(axis=0)) / ranges
    stretched[:, 2] = 1 - stretched[:, 2]
    plain = stretched * (1, 1, -1) + (0, 0, 1)
    for scores in (stretched, plain):
        yield asked.answer(scores @ asked.weights), (
            "Those are weighted sums of scores from worst 0 to best 1, no distances.")
    shares = np.column_stack([facts / facts.max(axis=0), fee.min() / fee])
    yield asked.answer(shares @ asked.weights), "Those are weighted sums of shares of the best, no distances."
    for scores in (asked.scores, *(asked.scores / one for one in (length, asked.scores.sum(axis=0),
                                                                  asked.scores.max(axis=0)))):
        for sign in (-1, 1):
            total = scores @ (np.array(asked.weights) * (1, 1, sign))
            yield asked.answer(total), "That is a weighted sum, no distance from best and worst."


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
    one_other = max(gap.drop(name)) - apart                       # all that this weight gains comes from one other
    for value, sentence in (
        (now + lead / one_other, "You took it all from one other weight. The others give way in proportion."),
        (2 * now - at, "You moved the weight the other way."),
        (100 * (at - now), "That is the change, in per cent. Asked is the weight at the turn, as a fraction."),
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
        yield from _turn(asked, other_scores, other, sentence)
    yield from _rarer_turns(asked, everybody, equal)
    found = decision.flips(scores, weights).dropna(subset="change")
    part = (found.change / weights[found.index]).abs().idxmin()
    if part != found.index[0]:
        yield asked.first_turn(scores, weights, list(found.index).index(part)), (
            "That change is the smallest in parts of the weight. Asked is the smallest in points of weight.")
    both = tables.platform_scores.groupby(["option", "criterion"]).score.mean().unstack()
    yield from _turn(asked, both, weights, "Both rounds are in the scores. Take the blind one.")
    for row, name in enumerate(found.index):
        if row and name != part:
            yield asked.first_turn(scores, weights, row), (
                "That weight turns the winner too, but it has farther to go. Take the smallest change.")


def _rarer_turns(asked, everybody, equal):
    tables, scores, weights = asked.tables, asked.scores, asked.weights
    sighted, own = samples.mean_scores(tables, "sighted"), samples.consistency(tables)
    agree = own.index[own.ratio_1980 <= samples.AGREES]
    for other in (everybody, equal):
        yield from _turn(asked, sighted, other, "Those are sighted scores, and other weights. Take the blind ones.")
    joint = decision.ahp(samples.joint_matrix(tables)).weights.reindex(weights.index)
    yield from _turn(asked, scores, joint, "Those are weights of one joint table. Take the mean over the raters.")
    middle = own.loc[agree, weights.index].median()
    yield from _turn(asked, scores, middle / middle.sum(), "Those are medians of the weights. Take the means.")
    cells = tables.platform_scores.query("round == 'blind'")
    for parts, how in ((cells, "median"), (cells[cells.rater.isin(agree)], "mean")):
        yield from _turn(asked, parts.groupby(["option", "criterion"]).score.agg(how).unstack(), weights, (
            "Those are medians over the raters, or scores of the consistent ones alone. Take the means of all raters: "
            "only the weights leave somebody out."))
    for turned in (["fee"], ["fee", "competition"]):
        if {*turned} <= {*scores.columns}:
            yield from _turn(asked, scores.assign(**{one: 10 - scores[one] for one in turned}), weights, (
                "You turned scores round. In the table more is better already, also of the fee."))


def one_rater(asked):
    """The turn by the weights, or in the scores, of one rater."""
    tables, scores, weights = asked.tables, asked.scores, asked.weights
    said = "That is one rater's. Take the mean of the raters."
    for _, own in samples.consistency(tables)[weights.index].iterrows():
        yield from _turn(asked, scores, own, said)
    for _, cells in tables.platform_scores.query("round == 'blind'").groupby("rater"):
        yield from _turn(asked, cells.set_index(["option", "criterion"]).score.unstack(), weights, said)


def _turn(asked, scores, weights, sentence):
    """The turn in these scores by these weights, with its sentence; nothing where no weight turns the winner."""
    if scores.empty or scores.isna().any(axis=None) or weights.isna().any():
        return
    if decision.flips(scores, weights).change.notna().any():
        found, right = asked.first_turn(scores, weights), asked.right()
        other = any(found[one] != right[one] for one in ("criterion", "new_first"))
        if other or abs(found["turns_at"] - right["turns_at"]) > asked.fields[1].margin:
            yield found, sentence               # in some seasons another way ends at the same answer


def other_faults():
    """Each wrong fault of each record."""
    for name, (right, shown) in RECORDS.items():
        for letter in FAULTS:
            if letter != right:
                yield {name: letter}, f"{NOT_HERE[letter]} {shown}"
