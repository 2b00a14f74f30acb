"""Exercises of section 4.3, Marketing plan."""

from functools import cached_property

import numpy as np

from liveshop.course.chapter_4 import samples
from liveshop.course.chapter_4.wrong import plan as wrong
from liveshop.methods import response, segments
from liveshop.practice import Exercise, Field, exercise


@exercise(
    "4.3a", title="Scale before you group",
    fields=[Field("largest", "Customers in the largest group", "customers", decimals=0, tolerance=5, least=1),
            Field("minutes", "Minutes watched a week by the trend group", "minutes", decimals=0, tolerance=1, least=0),
            Field("agree", "Agreement with groups on the raw scale", "adjusted Rand index", decimals=2,
                  tolerance=0.02, least=-1, most=1)],
    hint=["Seven columns: drop `customer_id`, it is a name and no trait.",
          "`methods.segments.kmeans(answers, 4, logs=[…])` scales by itself; `scaled=False` is the raw scale. Its "
          "result has sizes, centres (in minutes and yuan) and labels; `methods.segments.agreement` compares "
          "two."],
    needs=("survey",),
)
class ScaleFirst(Exercise):
    groups, logs, without = 4, tuple(samples.LOGS), ("customer_id",)

    @property
    def praise(self):
        return ("On the raw scale yuan run into the thousands and answers from 1 to 7, so distance means budget and "
                f"nothing else. Two groupings that agree at {self.key.right['agree']:.2f} share no more than chance "
                "would.")

    explain = ("A distance adds up squares. A trait whose numbers are large, for its unit alone, takes all of it. "
               "Logarithms first for what is skewed (minutes, money), then mean 0 and standard deviation 1.")

    @cached_property
    def answers(self):
        return self.tables.survey.drop(columns=list(self.without))

    @cached_property
    def found(self):
        return segments.kmeans(self.answers, self.groups, logs=list(self.logs))

    @cached_property
    def raw(self):
        return segments.kmeans(self.answers, self.groups, scaled=False)

    def right(self):
        found = self.found
        return (found.sizes.max(), found.centres.watch_minutes[found.centres.trend_first.idxmax()],
                segments.agreement(found.labels, self.raw.labels))

    def mistakes(self):
        return wrong.scale(self)

    def others(self):
        """Other groups, as (largest, minutes, sentence); how they agree with the raw scale is chance and tells none."""
        ways = {"You scaled without logarithms. Minutes and money are skewed: take their logs first.": {"logs": ()},
                "`customer_id` was grouped too. It is a name and no trait: drop it.": {"without": ()}}
        ways |= {f"Those are {groups} groups. Asked are four.": {"groups": groups} for groups in (2, 3, 6)}
        ways |= {f"Only {name} was taken on the log scale. Minutes and money are both skewed.": {"logs": (name,)}
                 for name in samples.LOGS}
        for sentence, way in ways.items():
            yield *self.but(**way).right()[:2], sentence

    def variants(self):
        for largest, minutes, sentence in self.others():
            yield {"largest": largest, "minutes": minutes}, sentence

    def rarer(self):
        yield from wrong.other_groups(self)
        yield {"largest": self.but(groups=5).right()[0]}, "Those are 5 groups. Asked are four."
        for largest, minutes, sentence in self.others():
            yield {"largest": largest}, sentence
            yield {"minutes": minutes}, sentence


@exercise(
    "4.3b", title="Average and marginal return",
    fields=[Field("feed_average", "Feed, average return", "yuan per yuan", decimals=2, least=0),
            Field("feed_marginal", "Feed, marginal return", "yuan per yuan", decimals=2, least=0),
            Field("content_marginal", "Content, marginal return", "yuan per yuan", decimals=2, least=0),
            Field("next_yuan", "The next yuan goes to", options=("feed", "content"),
                  also={"投流": "feed", "内容": "content"})],
    hint=["Average: all that it brings, over all that is spent. Marginal: the slope of the curve where you stand.",
          "The slope of 2^(−x/h) is −(ln 2 / h) · 2^(−x/h). Or raise the spend by one yuan and look."],
)
class AverageAndMarginal(Exercise):
    praise = ("Feed has the better average and the worse last yuan: its first yuan were the good ones, and they are "
              "spent already. Move the next yuan, not the mean.")
    explain = ("Feed: 120·(1 − 2^(−40/20))/40 = 2.25, and 120·ln 2/20·2^(−2) = 1.04. Content: 150·ln 2/60·2^(−20/60) = "
               "1.38. The next yuan goes where the slope is steeper. A step of one thousand yuan instead of one gives "
               "slightly less.")
    feed, content = (120.0, 20.0, 40.0), (150.0, 60.0, 20.0)      # greatest return, half, spend; thousand yuan a week

    @staticmethod
    def value(channel, more=0.0):
        top, half, spend = channel
        return top * float(response.saturation(spend + more, half))

    def average(self, channel):
        return self.value(channel) / channel[2]

    def slope(self, channel):
        top, half, spend = channel
        return top * np.log(2) / half * 2 ** (-spend / half)

    def right(self):
        return self.average(self.feed), self.slope(self.feed), self.slope(self.content), "content"

    def alternatives(self):
        """A step of a thousand yuan, or a step back."""
        for up, down in ((1, 0), (0, 1)):
            steps = [self.value(one, up) - self.value(one, -down) for one in (self.feed, self.content)]
            yield self.average(self.feed), *steps, "content"

    def mistakes(self):
        return wrong.returns(self)

    def rarer(self):
        return wrong.other_returns(self)


@exercise(
    "4.3c", title="Split a fixed budget",
    fields=[Field("rooms", "Live rooms", "thousand yuan", decimals=1, tolerance=2, least=0),
            Field("posts", "Posts", "thousand yuan", decimals=1, tolerance=2, least=0),
            Field("stands", "Market stands", "thousand yuan", decimals=1, tolerance=2, least=0)],
    hint=["At the best split the last yuan brings the same wherever any is spent. The slope of a·ln(1 + x/b) is "
          "a/(b + x).",
          "Set a/(b + x) equal for all three and look at the third amount. What may a negative amount mean? Leave that "
          "channel out and split again; or `methods.response.split_budget({name: slope function, …}, total)`."],
)
class SplitBudget(Exercise):
    praise = ("Every last yuan brings the same 0.84 in rooms and posts, and the first yuan at a stand would bring "
              "0.50. So the stands get nothing. Within two thousand of each amount the return is less than 2 % below "
              "the best.")
    explain = ("90/(30 + x) = 40/(4 + y) with x + y = 120 gives λ = 130/154 = 0.844, x = 90/λ − 30 = 76.6, y = 40/λ − "
               "4 = 43.4. The stands begin at 15/30 = 0.50 < λ: nothing.")
    size, slow, total = (90.0, 40.0, 15.0), (30.0, 4.0, 30.0), 120.0

    def right(self):
        pairs = enumerate(zip(self.size, self.slow, strict=True))
        pulls = {at: lambda x, a=a, b=b: a / (b + x) for at, (a, b) in pairs}
        return tuple(response.split_budget(pulls, self.total).spend)

    def mistakes(self):
        return wrong.split(self)

    def variants(self):
        yield self.but(slow=(4.0, 30.0, 30.0)), "The b of rooms and posts are exchanged."
        yield self.but(size=(40.0, 90.0, 15.0)), "The a of rooms and posts are exchanged."

    def rarer(self):
        return wrong.other_splits(self)
