"""Exercises of section 4.2, Choosing and taking a place."""

from functools import cached_property

import numpy as np

from liveshop.course.chapter_4 import samples
from liveshop.course.chapter_4.wrong import place as wrong
from liveshop.methods import decision
from liveshop.practice import Exercise, Field, exercise

CRITERIA = ("audience", "functions", "traffic", "growth", "competition", "fee", "after_sales", "brand_fit")
OPTIONS = ("interest_video", "community_video", "marketplace", "quality_retail", "group_deal", "own_app")


@exercise(
    "4.2a", title="Weights from pairs, and whether they agree",
    fields=[Field("audience", "Weight of audience", "fraction of 1", decimals=3),
            Field("after_sales", "Weight of after-sales", "fraction of 1", decimals=3),
            Field("ratio", "Consistency ratio", "fraction, by the table of 1980", decimals=3)],
    hint=["Below the diagonal stand the reciprocals: fee against audience is 1/5. The weights are the principal "
          "eigenvector, made to add up to 1.",
          "`methods.decision.ahp(matrix)` has `.weights` and `.consistency_ratio`. By hand: (λ − 4) / 3, over 0.90."],
)
class WeightsFromPairs(Exercise):
    praise = ("Below 0.1 the comparisons may be used. That says that they agree with each other, not that they are "
              "right: somebody may be consistently wrong.")
    explain = ("The eigenvector weighs each comparison with the weight of what is compared. If all agreed, λ would be "
               "4. The index (λ − 4) / 3 is divided by what matrices filled by lot have on average: 0.90 in Saaty's "
               "table of 1980, 0.89 in that of 2005.")
    upper = ((3, 5, 4), (2, 4), (3,))      # audience, traffic, fee, after-sales

    @cached_property
    def matrix(self):
        table = np.eye(4)
        for row, values in enumerate(self.upper):
            table[row, row + 1:] = values
            table[row + 1:, row] = 1 / np.array(values)
        return table

    @cached_property
    def found(self):
        return decision.ahp(self.matrix)

    def right(self):
        return self.found.weights[0], self.found.weights[3], self.found.consistency_ratio

    def mistakes(self):
        return wrong.ratios(self)

    def variants(self):
        return wrong.other_weights(self)


@exercise(
    "4.2b", title="Nearest to the best, with a fee",
    fields=[Field("a", "Closeness of A", "fraction", decimals=3),
            Field("b", "Closeness of B", "fraction", decimals=3),
            Field("first", "First place", options=("A", "B", "C", "D"))],
    hint=["Of the fee little is good: its best value is the smallest one.",
          "`methods.decision.topsis(scores, weights, benefit).closeness`, with `benefit` True, True, False. Closeness "
          "is the distance from the worst, over the sum of both distances."],
)
class NearestToTheBest(Exercise):
    praise = ("A has the audience, B nearly so much of it at half of the fee. Closeness compares only those on the "
              "list: with other places on it the figures change.")
    explain = ("Divide each column by the root of its sum of squares, multiply with the weight, take the best and the "
               "worst of each column (of the fee the smallest is the best), and the two distances of each place.")
    scores = np.array([[64, 6, 8.0], [56, 10, 4.0], [40, 24, 6.0], [20, 14, 3.0]])
    weights = (0.5, 0.2, 0.3)
    benefit = (True, True, False)

    def closeness(self):
        return decision.topsis(self.scores, self.weights, self.benefit).closeness.to_numpy()

    @staticmethod
    def answer(values):
        return {"a": values[0], "b": values[1], "first": "ABCD"[int(np.argmax(values))]}

    def right(self):
        return self.answer(self.closeness())

    def mistakes(self):
        yield from wrong.single_distances(self)

    def variants(self):
        return wrong.other_distances(self)


@exercise(
    "4.2c", title="The smallest change that turns the winner",
    fields=[Field("criterion", "Criterion", options=CRITERIA),
            Field("turns_at", "Its weight at the turn", "fraction of 1", decimals=3),
            Field("new_first", "First then", options=OPTIONS)],
    hint=["Take the mean blind scores and the mean weights of the raters whose ratio is at most 0.1. When one weight "
          "changes, the others keep their proportions, so that all still add up to 1.",
          "`methods.decision.flips(samples.mean_scores(tables, \"blind\"), samples.weights(tables))`: the first row. "
          "Asked is `turns_at`, the weight itself."],
    needs=("platform_scores", "criteria_pairs"),
)
class SmallestTurn(Exercise):
    explain = ("The lead is a straight line in the one weight t: t × the difference on this criterion + (1 − t) × the "
               "weighted difference on the others. It is 0 where the winner turns. Of all criteria take the shortest "
               "way.")

    @property
    def praise(self):
        weight = samples.weights(self.tables)[self.key.right["criterion"]]
        return (f"From {weight:.3f} to {self.key.right['turns_at']:.3f}: that is how sure of this weight you must be. "
                "Look at this criterion again first.")

    @cached_property
    def scores(self):
        return samples.mean_scores(self.tables, "blind")

    @cached_property
    def weights(self):
        return samples.weights(self.tables)

    @staticmethod
    def first_turn(scores, weights, row=0):
        found = decision.flips(scores, weights).dropna(subset="change").iloc[row]
        return {"criterion": found.name, "turns_at": float(found.turns_at), "new_first": found.new_winner}

    def right(self):
        return self.first_turn(self.scores, self.weights)

    def mistakes(self):
        return wrong.other_measures(self)

    def variants(self):
        return wrong.other_turns(self)

    def rarer(self):
        return wrong.one_rater(self)


@exercise(
    "4.2d", title="Which step of the record is at fault?",
    fields=[Field(name, f"Record {place}", options=wrong.FAULTS)
            for place, name in enumerate(wrong.RECORDS, 1)],
    hint=["Ask of each record: who knew what when the scores were written; what does the scale hang on; may a low "
          "score here be paid for by a high one there; how large is the lead beside what the raters differ by?",
          "One record has nothing wrong with it. Each fault stands in one record at most."],
)
class WhichStep(Exercise):
    praise = ("Each of these records has a winner and a number behind it. The number was never at fault: the step "
              "before it was.")
    explain = ("A name that was praised moves all scores. A scale made of the list moves with the list. A must-have is "
               "asked before the weighing. Comparisons that run in a circle have no weights. An interval that contains "
               "0 names no winner.")

    def right(self):
        return {name: letter for name, (letter, _) in wrong.RECORDS.items()}

    def mistakes(self):
        return wrong.other_faults()
