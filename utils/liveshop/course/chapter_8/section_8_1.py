"""Exercises of section 8.1, Finding and weighing risks."""

from functools import cached_property

import numpy as np

from liveshop.course.chapter_8.samples import losses, scripts
from liveshop.course.chapter_8.wrong import lines
from liveshop.course.chapter_8.wrong import losses as wrong
from liveshop.methods import risk
from liveshop.practice import Exercise, Field, exercise
from liveshop.practice.ways import exchanged

KINDS = ("traffic", "content", "supply", "regulation", "technology", "competition")
IN_CHINESE = {name + ending: kind for ending in ("", "风险") for name, kind in {
    "流量": "traffic", "内容": "content", "供应": "supply", "供应链": "supply", "法规": "regulation",
    "技术": "technology", "竞争": "competition"}.items()}
JUDGED = {"违规": "breach", "违法": "breach", "存疑": "unclear", "不清楚": "unclear", "不确定": "unclear",
          "合规": "fine", "没问题": "fine", "可以": "fine"}


@exercise(
    "8.1a", title="The mean year and the bad year",
    fields=[Field("expected", "Expected loss of a year", "thousand yuan", decimals=1, tolerance=0.6),
            Field("value_at_risk", "Loss that one year in twenty exceeds", "thousand yuan", decimals=1, tolerance=1.6),
            Field("shortfall", "Mean loss of those years", "thousand yuan", decimals=1, tolerance=2.0)],
    hint=["Three questions of one law: its mean, its 95 % quantile, and the mean of what lies beyond that quantile.",
          "`year = methods.risk.compound_poisson(6, stats.expon(scale=8))` is the law; `year.expect()`, "
          "`methods.risk.value_at_risk(year, 0.95)` and `methods.risk.expected_shortfall(year, 0.95)` answer."],
)
class BadYear(Exercise):
    praise = ("The quantile says where the bad years begin, the shortfall what they cost. A reserve of the quantile is "
              "too small in every one of them.")
    explain = ("The mean is rate × mean loss. Quantile and shortfall come from the law of the sum: a Poisson number of "
               "exponential losses. One loss alone, or the mean plus two standard deviations, answers another "
               "question.")
    rate, mean, level = 6, 8.0, 0.95

    @cached_property
    def year(self):
        """The law of a year's loss, in thousand yuan."""
        from scipy import stats

        return risk.compound_poisson(self.rate, stats.expon(scale=self.mean), points=2**14)

    def right(self):
        return (self.rate * self.mean, risk.value_at_risk(self.year, self.level),
                risk.expected_shortfall(self.year, self.level))

    def mistakes(self):
        return wrong.of_the_law(self)

    def variants(self):
        for level in (0.9, 0.99, 0.975):
            other = self.but(level=level).right()
            yield {"value_at_risk": other[1]}, f"That is the loss at the level of {level:.1%}; asked is one in twenty."
            also = ", or of a normal law with this mean and spread" if level == 0.9 else ""       # the same number
            yield {"shortfall": other[2]}, f"That is the shortfall at {level:.1%}{also}; asked is that beyond 95 %."
        for rate, words in ((5, "five"), (7, "seven"), (0.5, "half a loss, a month's rate,")):
            yield self.but(rate=rate), f"That is for {words} a year. Six are asked."
        yield self.but(rate=self.mean, mean=self.rate), (
            "Rate and mean are exchanged: six losses a year, of ¥8,000 each on average.")

    def rarer(self):
        return wrong.of_counts(self)

    def amounts(self):
        names = ("the expected loss", "the quantile", "the shortfall")
        return {"shortfall": dict(zip(names, self.right(), strict=True))}


@exercise(
    "8.1b", title="Which risk makes the bad years",
    fields=[Field("shared", "Loss that came by shared causes", "fraction of the register's loss", decimals=3),
            Field("kind", "Largest part of the bad years", options=KINDS, also=IN_CHINESE),
            Field("seen", "Shortfall that independence sees", "fraction of the shortfall by causes", decimals=2,
                  tolerance=0.015)],
    hint=["Count the incidents of each `cause_id` first; causes of three or more are the shared ones.",
          "`losses.register(tables)` has a column `shared`. `losses.yearly(tables)` has both sets of years; "
          "`methods.risk.tail_shares(….by_kind)` and `methods.risk.expected_shortfall(….total)` read them."],
    needs=("incidents",),
)
class TailDriver(Exercise):
    explain = ("Sum the loss of causes with three incidents or more, over all loss. The tail share adds up the losses "
               "of the worst twentieth of simulated years. Drawing incidents one by one spreads what came together "
               "evenly over the years, so its worst years are too mild.")
    least, level = risk.SHARED, 0.95

    @property
    def praise(self):
        shared, kind, seen = self.right()
        few = self.rows.groupby("cause_id").shared.first().mean()
        alone = risk.tail_shares(self.years["incident"].by_kind).idxmax()
        leads = "in both ways of drawing" if alone == kind else f"by causes; drawn alone, {alone} does"
        return (f"{few:.1%} of the causes brought {shared:.0%} of the loss. {kind.capitalize()} leads the bad years "
                f"{leads}. Their size is what independence gets wrong: it sees {seen:.0%} of it.")

    @cached_property
    def rows(self):
        """The register, with shared: its cause brought so many incidents."""
        rows = losses.register(self.tables)
        size = rows.groupby("cause_id").incident_id.transform("size")
        return rows.assign(shared=size >= self.least)

    @cached_property
    def years(self):
        return losses.yearly(self.tables)

    def right(self):
        tail = risk.tail_shares(self.years["cause"].by_kind, self.level)
        alone, causes = (risk.expected_shortfall(self.years[by].total, self.level) for by in ("incident", "cause"))
        return self.rows.loss[self.rows.shared].sum() / self.rows.loss.sum(), tail.idxmax(), alone / causes

    def mistakes(self):
        yield from exchanged(self)
        yield from wrong.of_the_tail(self)

    def variants(self):
        for least, words in ((2, "two"), (15, "fifteen")):
            other = self.but(least=least).right()[0]
            if abs(other - self.right()[0]) > 0.002:
                yield {"shared": other}, f"You took causes of {words} incidents or more. Three make a shared cause."

    def rarer(self):
        yield from wrong.of_other_tails(self)
        yield from wrong.of_other_totals(self)

    def amounts(self):
        alone, causes = (risk.expected_shortfall(self.years[by].total) for by in ("incident", "cause"))
        return {"seen": {"the shortfall of incidents alone": alone, "the shortfall by causes": causes}}


@exercise(
    "8.1c", title="How much hangs on one channel",
    fields=[Field("now", "Concentration now", "0 to 1", decimals=3, least=0, most=1),
            Field("then", "Concentration with the new channel", "0 to 1", decimals=3, least=0, most=1),
            Field("equal", "As many equal channels, then", "channels", decimals=2, least=1)],
    hint=["A share is a channel's entries over all entries. The index is the sum of the squared shares.",
          "The new channel comes on top: of 120 entries it has 20. Every old share shrinks by the factor 100/120. "
          "`methods.risk.concentration(shares)` squares and adds."],
    needs=("streams",),
)
class OneMoreChannel(Exercise):
    explain = ("With w = 0.2/1.2 for the newcomer the index is (1 − w)² × the old one + w². Its reciprocal is the "
               "number of equal channels that would be as concentrated.")
    on_top, measure = 0.2, "views"

    @property
    def praise(self):
        now, _, equal = self.right()
        return (f"From {1 / now:.1f} equal channels to {equal:.1f}. Small channels count little in this index; what "
                "moves it is the largest one. And it does not know whether two channels would fail together.")

    @cached_property
    def counts(self):
        return self.tables.streams.groupby("channel_id")[self.measure].sum()

    def right(self):
        return self.of(self.counts)

    def of(self, counts, newcomer=None):
        """The three answers for these counts by channel, and a newcomer with so many."""
        more = np.r_[counts, self.on_top * counts.sum() if newcomer is None else newcomer]
        then = risk.concentration(more / more.sum())
        return risk.concentration(counts / counts.sum()), then, 1 / then

    def mistakes(self):
        yield from exchanged(self)
        yield from wrong.of_channels(self)

    def variants(self):
        for measure, words in (("viewers", "viewers"), ("gmv", "GMV"), ("orders", "orders"),
                               ("impressions", "impressions"), ("watch_seconds", "watch time"),
                               ("stream_seconds", "hours on air")):
            yield from self.unless_right(
                self.but(measure=measure).right(), f"Those are shares of {words}. Asked are shares of entries, views.")
        yield from self.unless_right(self.but(streams=lambda d: d[~d.is_trial.astype(bool)]).right(),
                                     "The trials are left out; all broadcasts count.")
        for counts, sentence in wrong.of_other_shares(self.tables):
            yield from self.unless_right(self.of(counts), sentence)

    def unless_right(self, other, sentence):
        """The variant, unless nobody could tell it from the right answer."""
        if any(abs(a - b) > 2.1 * field.margin
               for a, b, field in zip(other, self.right(), self.fields, strict=True)):
            yield other, sentence

    def rarer(self):
        return wrong.of_newcomers(self)


@exercise(
    "8.1d", title="Ten lines, and the list beside you",
    fields=[*(Field(f"line_{number}", f"Line {number}", options=("breach", "unclear", "fine"), also=JUDGED)
              for number in range(1, 11)),
            Field("precision", "Precision of the list on these ten", "fraction of the flagged lines", decimals=2),
            Field("recall", "Recall of the list on these ten", "fraction of the breaches", decimals=2)],
    hint=["Read what a line claims, not which words it has. Who or what is compared? Can it be checked? Is it about "
          "the product, or about the speaker?",
          "Precision: of the lines that the list flags, how many are breaches. Recall: of the breaches, how many it "
          "flags. The column flagged says which those are."],
    needs=("script_lines", "products"),
)
class TenLines(Exercise):
    explain = ("A breach claims what cannot be shown: a rank, a cure, a price that never was, a stock that is not so "
               "small, or that a rival cheats. The list sees letters. The same word can be about the speaker's own "
               "taste, the order of links, or the last minute before ten.")

    @property
    def praise(self):
        ten = self.ten
        missed, innocent = (ten.breach & ~ten.flagged).sum(), (ten.flagged & (ten.label == "fine")).sum()
        return (f"The list missed {missed} breaches that you saw, and flagged {innocent} lines that break no rule. So "
                "it sends lines to a person; it does not judge. These labels are orientation, not legal advice.")

    @cached_property
    def ten(self):
        return scripts.ten_lines(self.tables)

    @cached_property
    def right_shares(self):
        """Precision and recall of the list on the ten, by name."""
        return scripts.judged(self.ten.flagged, self.ten.breach, draws=2).estimate

    def right(self):
        return (*self.ten.label, self.right_shares.precision, self.right_shares.recall)

    def mistakes(self):
        yield from lines.of_lines(self)
        yield from lines.carried(self)
        yield from lines.of_the_list(self)

    def rarer(self):
        return lines.of_other_measures(self)
