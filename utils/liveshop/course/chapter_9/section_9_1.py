"""Exercises of section 9.1, What we learned."""

from functools import cached_property

from scipy.stats import binom

from liveshop.course.chapter_9.samples import claims, scoreboard
from liveshop.course.chapter_9.wrong import claims as wrong
from liveshop.practice import Exercise, Field, exercise

METHODS = {letter: one.words for letter, one in claims.METHODS.items()}
LETTERS = tuple(claims.TO_WEIGH)
FOLLOWS = {"A": "Every one of them has a broken method.",
           "B": "Some of them are luck, and the count does not say which; those far below are not.",
           "C": "All of them are luck: so many were looked at.",
           "D": "Nothing: 17 of 20 is 85 %, and 85 % is not 95 %."}


@exercise(
    "9.1a", title="Which method could test it? (no code)",
    fields=[Field(one.name, f"{number} {one.name.replace('_', ' ')}", options=METHODS)
            for number, one in enumerate(claims.TO_TEST, start=1)],
    hint=["First look for a lot. Where somebody drew, nothing better is needed.",
          "Ask what the claim is about: an effect, a forecast, what a group leaves, or the size of a bad year."],
)
class WhichMethod(Exercise):
    praise = ("A claim that no method on the list could test would not be false. It would be an opinion, and it should "
              "stand in the plan as one.")
    explain = " ".join(f"{one.name.replace('_', ' ').capitalize()}: {one.method}. {one.here}"
                       for one in claims.TO_TEST)

    def right(self):
        return tuple(one.method for one in claims.TO_TEST)

    def mistakes(self):
        for one in claims.TO_TEST:
            for letter, method in claims.METHODS.items():
                if letter != one.method:
                    yield {one.name: letter}, f"{method.needs}. {one.here}"


@exercise(
    "9.1b", title="The two claims with the least behind them",
    fields=[Field("weakest", "Its intervals hold least often", options=LETTERS),
            Field("held", "Intervals of that claim that hold", "of twenty", decimals=0, whole=True, least=0, most=20),
            Field("least_gain", "Largest error against the quick answer's", options=LETTERS),
            Field("left", "That error over the quick answer's", "ratio", decimals=2, least=0)],
    hint=["`claims.weighed(tables)` has a row a claim: `held` for the first, `rms` and `quick_rms` for the second.",
          "The second is the largest of `rms / quick_rms`. Errors in yuan and in shares can be divided, not compared."],
)
class LeastBehindIt(Exercise):
    praise = ("Both sections say so themselves: matching without a lot is not believed, and weeks left out cost data. "
              "A board that hides such rows is an advertisement. And the last of ten is last partly by luck.")
    explain = ("The first is the smallest `held`. For the second divide the root mean squared error of the section's "
               "answer by that of the quick answer, claim by claim: units cancel. The largest ratio leaves most.")

    @cached_property
    def board(self):
        return claims.weighed(self.tables)

    @cached_property
    def seasons(self):
        return claims.seasons(self.tables)

    def right(self):
        ratio = claims.ratio_of(self.seasons)
        weakest, least = self.board.held.astype(int).idxmin(), ratio.idxmax()
        return weakest, self.board.held[weakest], least, ratio[least]

    def mistakes(self):
        yield from wrong.least_held(self)
        yield from wrong.least_gain(self)


@exercise(
    "9.1c", title="Seventeen of twenty",
    fields=[Field("chance", "17 or fewer of 20 hold", "fraction", decimals=3, least=0, most=1),
            Field("expected", "Answers with 17 or fewer, by chance", "answers", decimals=1, least=0),
            Field("found", "Answers with 17 or fewer, on the board", "answers", decimals=0, whole=True, least=0),
            Field("follows", "What follows for those with 17 or fewer", options=FOLLOWS)],
    hint=["The number that hold is binomial: `stats.binom.cdf(…, 20, 0.95)`.",
          "The second is the first times the number of answers. For the third count the rows of `twenties` with "
          "`held` of 17 or fewer."],
)
class SeventeenOfTwenty(Exercise):
    praise = ("One answer with 17 proves little. So many of them show that some promise too much; which ones, only "
              "more seasons can say.")
    explain = ("With 95 % each, 17 or fewer of twenty hold in 8 of 100 trials. Many answers give many such rows by "
               "luck alone. The board has more, so some fall short in earnest; those far below, surely. Rows from one "
               "table fall short together, so they are fewer witnesses than they look.")
    limit, seasons, sure = 17, 20, scoreboard.SURE

    @cached_property
    def rows(self):
        return scoreboard.intervals(self.tables).query("intervals == 20")

    def right(self):
        chance = binom.cdf(self.limit, self.seasons, self.sure)
        return chance, len(self.rows) * chance, int((self.rows.held <= self.limit).sum()), "B"

    def alternatives(self):
        """With the chance as rounded."""
        chance, expected, found, follows = self.right()
        yield chance, len(self.rows) * round(chance, 3), found, follows
        yield chance, len(self.rows) * round(chance, 2), found, follows

    def mistakes(self):
        return wrong.of_twenty(self)

    def variants(self):
        yield self.but(limit=16), "That is fewer than 17. Asked are 17 or fewer: 17 counts."
        yield self.but(limit=18), "That is 18 or fewer. Asked are 17 or fewer."
        yield self.but(sure=0.9), "That is for intervals of 90 %. These are of 95 %."
