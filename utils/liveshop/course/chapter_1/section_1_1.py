"""Exercises of section 1.1, Background."""

from liveshop.course.chapter_1.samples.growth import ceilings_of, live_users
from liveshop.course.chapter_1.wrong import counts
from liveshop.methods.adoption import bass_peak
from liveshop.practice import Exercise, Field, exercise


@exercise(
    "1.1a", title="Growth and penetration",
    fields=[Field("growth_2021", "Growth of live users, June 2020 to June 2021", "per cent", decimals=1),
            Field("growth_a_year", "Growth a year, December 2020 to December 2022", "per cent a year", decimals=1),
            Field("penetration", "Internet users who watched streams that sell, June 2021",
                  "per cent of internet users", decimals=1, least=0, most=100)],
    hint=["Growth is the later count over the earlier one, less 1.",
          "Two years: which factor, taken twice, leads from 617 to 751? And 638 million are 63.1 % of the internet "
          "users of June 2021: how many are 100 %?"],
)
class GrowthAndPenetration(Exercise):
    praise = ("Growth compares a count with an earlier count of the same thing. Penetration compares a count with "
              "those who could have been in it, at the same date.")
    explain = ("638 / 562 − 1; the root of 751 / 617, less 1, because growth goes on growth; and 384 over "
               "638 / 0.631 = 1,011 million internet users of the same June.")

    def right(self):
        users = live_users()
        live, internet = users.live, users.live / users.live_share * 100
        return (100 * (live["June 2021"] / live["June 2020"] - 1),
                100 * ((live["December 2022"] / live["December 2020"]) ** 0.5 - 1),
                100 * users.selling["June 2021"] / internet["June 2021"])

    def mistakes(self):
        return counts.growth(self)

    def rarer(self):
        yield from counts.other_dates(self)
        yield from counts.other_spans(self)
        yield from counts.other_shares(self)


@exercise(
    "1.1b", title="When sales peak",
    fields=[Field("peak_year", "Peak of yearly sales", "years after the start", decimals=2),
            Field("bought_by_then", "Bought by then", "fraction of all buyers", decimals=2)],
    hint=["Sales a year peak; the number of owners never does.",
          "ln(q/p) / (p + q), with the natural logarithm; by then (q − p) / (2q) of the buyers have bought."],
)
class PeakOfSales(Exercise):
    praise = ("From here on each year sells less than the year before, while the number of owners still grows: "
              "about half of the market is still to come.")
    explain = ("ln(0.45 / 0.02) / (0.02 + 0.45) = 3.114 / 0.47 = 6.62 years. By then (q − p) / (2q) = 0.43 / 0.90 "
               "of the buyers have bought.")
    p, q = 0.02, 0.45

    def right(self):
        peak = bass_peak(self.p, self.q)
        return peak.time, peak.share

    def mistakes(self):
        return counts.peak(self)

    def variants(self):
        yield self.but(p=0.03, q=0.38), "Those are the averages of the published fits. Here p is 0.02 and q 0.45."
        yield self.but(p=0.20), "You took p for 0.20; it is 0.02."
        yield self.but(q=0.045), "You took q for 0.045; it is 0.45."
        yield self.but(p=0.002), "You took p for 0.002; it is 0.02."
        yield self.but(p=self.q, q=self.p), (
            "You exchanged p and q: with more innovation than imitation sales would fall at once.")

    def rarer(self):
        return counts.other_peaks(self)


@exercise(
    "1.1c", title="The ceilings that fit nearly as well",
    fields=[Field("lowest", "Lowest ceiling", "millions", decimals=0, tolerance=1),
            Field("highest", "Highest ceiling", "millions", decimals=0, tolerance=1)],
    hint=["All five counts, with their years; the default of `within` is 5 %.",
          "`methods.adoption.ceilings(users.years, users.live)` has `low` and `high`."],
)
class CeilingsThatFit(Exercise):
    praise = ("Narrow, and too narrow: 5 % is a habit. With two more points than unknowns an error many times the "
              "least is still likely.")
    explain = ("For each ceiling the best curve is sought, and its squared errors are summed. Those ceilings stay "
               "whose sum is at most 1.05 times the least.")
    column, since, first, within, measure, spacing = "live", 0, 5, 0.05, "sum", None

    def right(self):
        return ceilings_of(self.column, self.since, self.first, self.within, self.measure, self.spacing)

    def mistakes(self):
        return counts.ceilings_misread(self)

    def variants(self):
        yield self.but(measure="root"), (
            "That is the sum of squares up to 10 % above the least, as when its root is held within 5 %. Asked: the "
            "sum itself within 5 %.")
        yield self.but(first=4), "You left the last count out. All five are asked."
        yield self.but(since=1), "You left the first count out. All five are asked."
        yield self.but(column="internet"), "Those are all internet users. Take `live`."
        yield self.but(within=5), "`within=5` is 500 %. 5 % is 0.05."
        yield self.but(within=1.05), "`within` says how much *above* the least: 1.05 is 105 % above it. 5 % is 0.05."
        yield self.but(spacing=1.0), ("You took the five counts as equally far apart. They are half a year, then a "
                                      "year and a half, then two years apart: use `users.years`.")
        yield self.but(within=0.01), "That is within 1 % of the least error. Asked are 5 %."
        yield self.but(within=0.5), "That is within 50 % of the least error. Asked are 5 %: 0.05."

    def rarer(self):
        return counts.other_ceilings(self)


MOVES = {words: option for option, said in {
    "earlier": ("sooner", "before", "提前", "提早", "更早", "早", "前移"),
    "later": ("after", "推迟", "更晚", "晚", "后移", "延后"),
    "not at all": ("same", "the same", "no change", "unchanged", "不变", "不动", "没有变化"),
}.items() for words in said}


@exercise(
    "1.1d", title="What may be said?",
    fields=[
        Field("promise", "The 71 million", options={
            "A": "The market will be full at 71 million: the fit is excellent.",
            "B": "Nothing firm: a curve with three unknowns fits four points well, and so do many other ceilings.",
            "C": "It is too high: curves always promise too much.",
            "D": "It is a floor: at least 71 million will come."}),
        Field("peak_moves", "The peak of new users a year", options=("earlier", "later", "not at all"),
              also=MOVES),
        Field("evidence", "What tells most about the ceiling", options={
            "A": "A better fit of the same four counts, with another curve.",
            "B": "The same counts month by month, for the same four years.",
            "C": "Further years, in which fewer people join than in the year before.",
            "D": "The average p and q of other products."}),
    ],
    hint=["How many unknowns has the curve, and how many points are there?",
          "The ceiling shows in the bend. The newcomers were 7, 12 and 13 million: has it bent yet?"],
)
class WhatMayBeSaid(Exercise):
    praise = ("A good fit of an early stretch is no evidence for its end; imitation moves the date and not the "
              "ceiling; and only the bend itself shows where it leads.")
    explain = ("Newcomers were 7, 12 and 13 million: never fewer than the year before, so no bend has been seen, and "
               "the 95 % interval of the ceiling has no upper end. At p 1 % the peak moves from year 11.0 to 9.0: "
               "ln(0.4 / 0.01) / 0.41. Months of the same years add points and no bend.")

    def right(self):
        return "B", "earlier", "C"

    def mistakes(self):
        yield {"promise": "A"}, ("Four points on a curve with three unknowns nearly always fit. An excellent fit is "
                                 "no evidence for the ceiling.")
        yield {"promise": "C"}, ("They may promise too little as well: three counts of live users promised too few, "
                                 "and the households with a computer far too many.")
        yield {"promise": "D"}, ("The best fit is no floor. A floor is the lower end of an interval, and that lies "
                                 "below the best fit.")
        yield {"peak_moves": "later"}, ("More pull is no brake where p is this small: put both q into "
                                        "ln(q/p) / (p + q).")
        yield {"peak_moves": "not at all"}, ("The ceiling stays, and the date is another matter: put both q into "
                                             "ln(q/p) / (p + q).")
        yield {"evidence": "A"}, ("Another curve through the same four counts adds no knowledge; it shows how much "
                                  "hangs on the form.")
        yield {"evidence": "B"}, ("More points of the same four years make the early stretch finer. The bend still "
                                  "lies ahead.")
        yield {"evidence": "D"}, "They tell of the date and the shape. Each product has a ceiling of its own."
