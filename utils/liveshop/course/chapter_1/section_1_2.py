"""Exercises of section 1.2, Trends."""

from functools import cached_property

from liveshop.course.chapter_1.samples import trends as samples
from liveshop.course.chapter_1.wrong import per_hour, trends
from liveshop.methods.seasons import growth
from liveshop.practice import Exercise, Field, exchanged, exercise, usual


class OfWeeks(Exercise):
    """What the first two exercises share: a column of the weekly table, or several added up."""

    column = "gmv"

    @cached_property
    def weekly(self):
        return samples.weekly(self.tables)

    @property
    def values(self):
        columns = self.column if isinstance(self.column, tuple) else (self.column,)
        return self.weekly[list(columns)].sum(axis=1)

    @property
    def festive(self):
        return self.weekly.index[self.weekly.festival]


@exercise(
    "1.2a", title="Index numbers",
    fields=[Field("index_16", "Index of week 16", "week 4 = 100", decimals=1),
            Field("index_26", "Index of week 26", "week 4 = 100", decimals=1),
            Field("from_12_to_26", "From week 12 to week 26", "per cent", decimals=1)],
    hint=["An index is the value of the week, divided by the value of the base week, times 100.",
          "`methods.seasons.index_numbers(weekly.gmv, base=4)` gives all of them. For the third, divide week 26 by "
          "week 12 and take 1 off; the base drops out."],
    needs=("orders", "streams"),
)
class IndexNumbers(OfWeeks):
    praise = ("The base changes every index number, and no ratio of two of them: that is why growth is read by "
              "dividing. Week 16 is a festival week, and no index tells you so.")
    explain = ("Week 4 is 100, so index 16 = 100 × GMV of week 16 / GMV of week 4, and so for week 26. From week 12 "
               "to week 26 the growth is GMV 26 / GMV 12 − 1, or index 26 / index 12 − 1: the same number.")

    def right(self):
        values = self.values
        return 100 * values[16] / values[4], 100 * values[26] / values[4], 100 * (values[26] / values[12] - 1)

    def mistakes(self):
        yield from trends.other_growths(self)

    def variants(self):
        yield from usual(self)
        yield from trends.other_bases(self)
        yield from trends.other_money(self)
        yield from trends.other_counts(self)

    def rarer(self):
        yield from exchanged(self)
        yield from trends.other_weeks(self)


@exercise(
    "1.2b", title="With and without the festival",
    fields=[Field("growth_all", "Growth, all weeks", "per cent", decimals=1),
            Field("growth_ordinary", "Growth without festival weeks", "per cent", decimals=1),
            Field("what_it_says", "What may you say of the second number?",
                  options={"A": "It is the growth of the rooms: the festival is out.",
                           "B": "It is growth of the money per week; hours on air and season may still be in it.",
                           "C": "It is the effect of the festival on the rooms."})],
    hint=["Take the mean of each half, divide the second by the first, and take 1 off.",
          "`methods.seasons.growth(weekly.live, first, last, leave_out=weeks)` does both. Look at `weekly.festival`: "
          "four weeks are marked, and one of them is week 13."],
    needs=("orders", "streams"),
)
class WithoutFestival(OfWeeks):
    column = "live"
    explain = ("First half weeks 1 to 13, second half weeks 14 to 26. Festival broadcasts fall into weeks 13 to 16, as "
               "the festival begins on 1 June, the Sunday of week 13. Take the mean of the weeks that are left on each "
               "side: sums would compare twelve weeks with ten.")

    @property
    def praise(self):
        everything, ordinary, _ = self.right()
        return (f"Leaving four weeks out changes {everything:+.0f} % into {ordinary:+.0f} %. What is left is money per "
                "week: more hours on air would raise it just as well.")

    def right(self):
        first, last = list(range(1, 14)), list(range(14, 27))
        return (100 * growth(self.values.fillna(0.0), first, last),
                100 * growth(self.values.fillna(0.0), first, last, leave_out=self.festive), "B")

    def mistakes(self):
        yield {"what_it_says": "A"}, "The festival is out; the hours on air are not equal, and last year is not here."
        yield {"what_it_says": "C"}, "The festival weeks are not in this number at all, so it cannot be their effect."
        yield from trends.other_festivals(self)

    def variants(self):
        yield from usual(self)
        yield from trends.other_halves(self)
        yield from trends.other_cuts(self)

    def rarer(self):
        return trends.other_comparisons(self)


@exercise(
    "1.2c", title="Money per hour on air",
    fields=[Field("gmv_change", "Change of the GMV", "per cent", decimals=1),
            Field("per_hour_early", "GMV per hour on air, early weeks", "yuan an hour", decimals=0),
            Field("per_hour_change", "Change of the GMV per hour", "per cent", decimals=1)],
    hint=["A rate is a sum divided by a sum: all the money of the early weeks over all their hours.",
          "`rooms[~rooms.festival & ~rooms.trial]` leaves out what does not count; "
          "`.week.between(7, 12)` takes the early weeks, both ends included."],
    needs=("orders", "streams"),
)
class PerHour(Exercise):
    explain = ("Keep the broadcasts without festival and trials. Sum GMV and hours in weeks 7 to 12 and in weeks 18 to "
               "23. The rate is GMV / hours in each; its change is late rate / early rate − 1.")
    trials, weeks_early, weeks_late = False, (7, 12), (18, 23)

    @property
    def praise(self):
        gmv, _, rate = self.right()
        return (f"The money changed by {gmv:+.0f} %, the hour on air by {rate:+.0f} %: between them lie the hours. "
                "With a few dozen broadcasts on each side, chance alone makes tens of per cent.")

    @cached_property
    def counted(self):
        rooms = samples.broadcasts(self.tables)
        return rooms[~rooms.festival & (~rooms.trial | self.trials)]

    @property
    def early(self):
        return self.counted[self.counted.week.between(*self.weeks_early)]

    @property
    def late(self):
        return self.counted[self.counted.week.between(*self.weeks_late)]

    def right(self):
        rate = per_hour.rates(self.early, self.late)
        return (100 * (self.late.gmv.sum() / self.early.gmv.sum() - 1), rate["per_hour_early"],
                rate["per_hour_change"])

    def mistakes(self):
        yield from per_hour.other_changes(self)

    def variants(self):
        yield from per_hour.other_broadcasts(self)
        yield from per_hour.other_rates(self)

    def rarer(self):
        yield from per_hour.other_sums(self)
        yield from per_hour.weekly_money(self)
        yield from exchanged(self)
