"""Exercises of section 4.4, Data and improvement."""

from functools import cached_property

import numpy as np
from scipy.stats import norm

from liveshop.course.chapter_4.samples import past, raw
from liveshop.course.chapter_4.wrong import tests as wrong
from liveshop.methods import experiment
from liveshop.practice import Exercise, Field, exercise


@exercise(
    "4.4a", title="Nine defects of an export, counted",
    fields=[Field("titles", "Lines above the headings", "lines", decimals=0, whole=True, least=0),
            Field("doubled", "Lines that repeat an earlier one", "lines", decimals=0, whole=True, least=0),
            Field("summed", "Lines of totals", "lines", decimals=0, whole=True, least=0),
            Field("codes", "Cells of −124", "cells", decimals=0, whole=True, least=0),
            Field("dashes", "Cells of --", "cells", decimals=0, whole=True, least=0),
            Field("wan", "Cells in 万", "cells", decimals=0, whole=True, least=0),
            Field("percents", "Cells with %", "cells", decimals=0, whole=True, least=0),
            Field("gmv", "GMV of the broadcasts", "yuan", decimals=0, least=0),
            Field("swapped", "In each other's place stand", options={
                "A": "观看次数 and 观看人数", "B": "评论次数 and 分享次数", "C": "成交订单数 and 成交人数",
                "D": "点赞次数 and 新增粉丝"})],
    hint=["`lines` holds every cell as text. Count before you mend: doubled lines and the total are in.",
          "For GMV drop doubled lines and the total first, and read the heading: 分 is a hundredth of a yuan. For "
          "the last compare sums with `tables.streams`: two columns hold each other's numbers."],
    needs=("streams",),
)
class NineDefects(Exercise):
    praise = ("A clean export is one whose defects were counted, not one that opens. Only the last of the nine needs "
              "knowledge from outside: every cell of it is a sound number.")
    explain = ("Counts are taken from the text as it stands. GMV: every broadcast once, no total, and fen turned into "
               "yuan. Comments stand under 分享次数, shares under 评论次数: `tables.streams` shows it at once.")
    fen, doubled, total = True, False, False

    @cached_property
    def lines(self):
        return raw.raw_lines(self.tables)

    def right(self):
        found = raw.raw_defects(self.lines)
        return {"titles": found["lines above the headings"], "doubled": found["doubled lines"],
                "summed": found["lines of totals"], "codes": found["cells of −124"], "dashes": found["cells of --"],
                "wan": found["counts in 万"], "percents": found["rates as text with %"],
                "gmv": raw.raw_gmv(self.lines, self.fen, self.doubled, self.total), "swapped": "B"}

    def mistakes(self):
        return wrong.defects(self)

    def variants(self):
        yield self.but(fen=False), "That is fen (分), as the heading says. Divide by 100."
        yield self.but(doubled=True), "Doubled lines are in: every broadcast counts once."
        yield self.but(total=True), "The line of totals is in: it counts everything once more."
        yield self.but(doubled=True, total=True), "Doubled lines and the line of totals are in."
        yield self.but(fen=False, doubled=True, total=True), (
            "Doubled lines and the total are in, and 分 is a hundredth of a yuan.")
        yield self.but(fen=False, doubled=True), "Doubled lines are in, and 分 is a hundredth of a yuan."
        yield self.but(fen=False, total=True), "The line of totals is in, and 分 is a hundredth of a yuan."

    def rarer(self):
        return wrong.other_counts(self)


@exercise(
    "4.4b", title="How many, for how long",
    fields=[Field("each", "Units in each arm", "customers", decimals=0, tolerance=1.0, least=1),
            Field("days", "Days", "whole days", decimals=0, whole=True, least=1)],
    hint=["`methods.experiment.sample_size(baseline, lift)` takes shares and an absolute change, two-sided.",
          "0.6 points are 0.006. The result is for one arm; both arms share the 2,500 customers a day."],
)
class HowMany(Exercise):
    praise = ("A relative change of 15 % sounds large, and still it takes more than two weeks. Half of that "
              "change takes four times the customers; write down the smallest one that you would act upon.")
    explain = ("Two shares, 0.040 and 0.046, power .8, two-sided .05: about 17,900 in each arm. Twice that over 2,500 "
               "a day, rounded up.")
    base, lift, power, alpha, a_day = 0.040, 0.006, 0.8, 0.05, 2500

    def needed(self, **how):
        asked = {"power": self.power, "alpha": self.alpha} | how
        return np.ceil(experiment.sample_size(self.base, self.lift, **asked))

    def days(self, each):
        return np.ceil(2 * each / self.a_day)

    def right(self):
        each = self.needed()
        return each, self.days(each)

    def alternatives(self):
        """Miller's form, those of `forms`, and Fleiss' correction for continuity: all are in use, and end on the same
        day or nearly."""
        plain = experiment.sample_size(self.base, self.lift)
        corrected = np.ceil(plain / 4 * (1 + np.sqrt(1 + 4 / (plain * self.lift))) ** 2)
        for each in (self.needed(variance="baseline"), corrected, *self.forms()):
            yield each, self.days(each)

    def forms(self):
        """Units in each arm with both variances apart, and by arcs."""
        z = norm.isf(self.alpha / 2) + norm.ppf(self.power)
        shares = self.base, self.base + self.lift
        turned = 2 * (np.arcsin(np.sqrt(shares[1])) - np.arcsin(np.sqrt(shares[0])))
        apart = (z / self.lift) ** 2 * sum(share * (1 - share) for share in shares)
        return np.ceil(apart), np.ceil(2 * (z / turned) ** 2)

    def mistakes(self):
        return wrong.sizes(self)

    def variants(self):
        for other, sentence in self.slips():
            yield other, sentence
            for each in other.forms():
                yield {"each": each, "days": other.days(each)}, sentence

    def slips(self):
        """This exercise with one number taken wrongly, and the sentence."""
        yield self.but(alpha=0.10), "That is one-sided, which has no eye for harm. Two-sided is asked."
        yield self.but(power=0.9), "That is for a power of 90 %. Asked are 80 %."
        yield self.but(power=0.5), "Without the part for power the test finds the change in half of the cases only."
        yield self.but(power=0.975), "You took 1.96 for the power as well. For 80 % it is 0.84."
        yield self.but(base=0.046), "You began at 4.6 %. The page of today has 4.0 %."
        yield self.but(base=0.4), "4.0 % is 0.040, not 0.4."
        yield self.but(lift=0.15), "15 % is the change in parts of the base. Asked are points: 0.006."
        yield self.but(lift=0.046), "You gave the new share for the change, which is 0.006."
        yield self.but(lift=0.6), "0.6 points are 0.006, not 0.6."
        yield self.but(alpha=0.01), "That is for 1 % of false alarms. Asked are 5 %."
        yield self.but(lift=0.06), "0.6 points are 0.006, not 0.06."
        yield self.but(lift=0.0006), "0.6 points are 0.006, not 0.0006."
        yield self.but(lift=0.6 * 0.04), "You took 0.6 of the base. Asked are 0.6 points: 0.006."
        yield self.but(lift=0.006 * 0.04), "You took 0.6 % of the base. Asked are 0.6 points: 0.006."
        yield self.but(lift=-0.006), "That is for a fall by 0.6 points. Asked is a rise."
        yield self.but(lift=0.003), "That is for half of the change, and takes four times as many."
        yield self.but(alpha=0.05 / 24), "That is corrected for 24 tests. One test at .05 is asked."

    def rarer(self):
        return wrong.other_sizes(self)


@exercise(
    "4.4c", title="Which splits are broken",
    fields=[Field("broken", "Tests with a broken split", "tests of 24", decimals=0, whole=True, least=0, most=24),
            Field("lopsided", "The most lopsided of all: past-…", "number of the test", decimals=0, whole=True,
                  least=1, most=24),
            Field("won", "Winners with a sound split", "tests", decimals=0, whole=True, least=0, most=24),
            Field("lift", "Their mean lift as reported", "per cent", decimals=1)],
    hint=["The p-value of the split is in `past.split`; the limit for 24 tests is 0.002. Units over planned units is "
          "another question.",
          "A winner has `pvalue` below .05 and `lift` above 0. Keep those that are not broken, then take the mean of "
          "their lifts, times 100."],
    needs=("experiments", "experiment_plans"),
)
class BrokenSplits(Exercise):
    explain = ("The split is judged by all units that were assigned, against the plan; 0.05 / 24 is about 0.002. Then "
               "p below .05 and a lift above 0 among the sound ones, and the plain mean of their lifts.")
    limit, level, ahead, sound = past.BROKEN, 0.05, True, True

    @cached_property
    def tests(self):
        return past.past_tests(self.tables)

    @property
    def praise(self):
        flattered = self.tests[self.bad].lift.mean()
        return (f"Those with a broken split report {flattered:+.0%} on average: a fault can flatter. And "
                "what is left is still too good, which no check of the split can tell.")

    @property
    def bad(self):
        return self.tests.split < self.limit

    @property
    def winners(self):
        tests = self.tests[~self.bad] if self.sound else self.tests
        tests = tests[tests.pvalue < self.level]
        return tests[tests.lift > 0] if self.ahead else tests

    def right(self):
        off = (self.tests.new_units / self.tests.units - 0.5).abs()
        return self.bad.sum(), int(off.idxmax().split("-")[1]), len(self.winners), 100 * self.winners.lift.mean()

    def mistakes(self):
        return wrong.splits(self)

    def variants(self):
        yield self.but(sound=False), "The tests with a broken split are in."
        yield self.but(ahead=False), "A test in which the new arm lost is in: its lift is below 0."
        yield self.but(sound=False, ahead=False), (
            "The tests with a broken split are in, and one in which the new arm lost.")
        yield self.but(limit=1e-5), "Your limit for the split is too strict; take 0.002."
        yield self.but(level=0.10), "You took winners at a p-value of 10 %. Asked are 5 %."
        yield self.but(level=0.01), (
            "Your limit for the outcome is stricter than .05: 1 %, or the rule for many. Asked are 5 %.")
        yield self.but(level=2.0), "You took every sound test that is ahead. A winner has a p-value below .05 too."

    def rarer(self):
        return wrong.other_splits(self)


@exercise(
    "4.4d", title="What the time before is worth",
    fields=[Field("removed", "Variance taken away, past-24", "fraction of the variance", decimals=2),
            Field("needed", "Units in each arm with it", "customers, in place of 500", decimals=0, tolerance=2.0,
                  least=0),
            Field("least", "Gains least: past-…", "number of the test", decimals=0, whole=True, least=1, most=24)],
    hint=["`methods.experiment.cuped(y, x)`: outcomes first, the time before second, both arms together.",
          "`.removed` is the share of variance taken away; what is left is the share of the units that is needed. The "
          "share of each test is in `past.removed`."],
    needs=("experiments", "experiment_plans"),
)
class TimeBefore(Exercise):
    explain = ("The share is the squared correlation of outcome and before. 1 less that share is the variance left, "
               "and the number of units falls with it.")
    name, units, arm, other, drop = "past-24", 500, None, "before", 0.0

    @cached_property
    def rows(self):
        rows = self.tables.experiments
        rows = rows[rows.experiment_id == self.name].dropna(subset=["outcome", "before"])
        return rows if self.arm is None else rows[rows.arm == self.arm]

    @cached_property
    def correlation(self):
        return float(np.corrcoef(self.rows.outcome, self.rows.before)[0, 1])

    @property
    def praise(self):
        return (f"Here one column spares {self.correlation**2:.0%} of the customers. It spares nothing where the time "
                "before says nothing, and cannot be had for people who have no time before.")

    def right(self):
        removed = self.correlation**2
        return removed, self.units * (1 - removed), int(
            past.past_tests(self.tables).removed.idxmin().split("-")[1])

    def mistakes(self):
        return wrong.before(self)

    def variants(self):
        for name in ("past-09", "past-23", "past-05"):
            yield self.but(name=name), f"That is {name}. Asked is past-24."
        yield self.but(units=1000), "That is for both arms together. Asked is each arm."

    def rarer(self):
        return wrong.other_before(self)


STEPS = {"A": "Let it run to the planned end and do not decide today.",
         "B": "Throw the result away and look for the fault in assignment and logging.",
         "C": "Bring it to everybody, and keep a small group without it.",
         "D": "Do nothing yet; repeat it with more units if the idea is worth it."}


@exercise(
    "4.4e", title="What next? (no code)",
    fields=[Field("early", "Day 4 of 14, p = 0.03, no boundary was agreed", options=STEPS),
            Field("lopsided", "Planned half and half, 805 against 612 came; 14 % ahead, p = 0.0001", options=STEPS),
            Field("lonely", "Ran to plan, split sound; one of 24 tests, p = 0.04, not kept by the rule for many",
                  options=STEPS),
            Field("solid", "Ran to plan, split sound, kept by the rule for many; even the shrunk gain pays the cost",
                  options=STEPS)],
    hint=["Each step is right once.", "Ask in this order: is the split sound, did it run to plan, how many others were "
          "there, does a modest gain pay?"],
)
class WhatNext(Exercise):
    praise = "Split, plan, number of tests, cost: in that order, and every time the same."
    explain = ("A look without a boundary decides nothing. A broken split is a fault to be found, however good the "
               "result. One p of 0.04 among 24 is what chance brings. What passes all three is brought out, with a "
               "small group kept without it to watch.")

    def right(self):
        return "A", "B", "D", "C"

    def mistakes(self):
        return wrong.steps()
