"""Exercises of section 7.2, Making and carrying out the strategy."""

from functools import cached_property

import numpy as np

from liveshop.course.chapter_7 import samples
from liveshop.course.chapter_7.wrong import launch as wrong
from liveshop.practice import Exercise, Field, exercise

SHARED = ("cities", "city_weeks")
FALSE_START = "2025-04-28"


class OfCities(Exercise):
    """What the exercises on the cities share: weekly means before and after, by group, and their logs."""

    outcome, others, skip, late = "local_orders", "clean", 0, 0

    @cached_property
    def rows(self):
        """City weeks; without the first ``skip`` weeks after the start, which is taken ``late`` weeks too late."""
        rows = samples.programme(self.tables)
        if self.late:
            start = np.sort(rows.week[rows.after == 1].unique())[self.late]
            rows = rows.assign(after=(rows.week >= start).astype(float))
        after = np.sort(rows.week[rows.after == 1].unique())[: self.skip]
        return rows[~rows.week.isin(after)]

    @cached_property
    def groups(self):
        """Rows of each group of cities."""
        rows, other = self.rows, self.rows[self.rows.treated == 0]
        return {"pilots": rows[rows.treated == 1], "clean": other[~other.neighbour],
                "neighbours": other[other.neighbour], "all": other}

    def means(self, group, outcome=None):
        """Mean of the outcome over the city weeks of a group, before and after."""
        mean = self.groups[group].groupby("after")[outcome or self.outcome].mean()
        return mean[0.0], mean[1.0]

    def log_change(self, group, outcome=None):
        before, after = self.means(group, outcome)
        return float(np.log(after / before))


@exercise(
    "7.2a", title="Before and after, and the difference of two changes",
    fields=[Field("before_after", "Change of the pilots", "log change", decimals=3),
            Field("did", "Difference in differences", "log change", decimals=3),
            Field("per_cent", "The same in per cent", "per cent", decimals=1)],
    hint=["Four means: pilots and clean cities, before 2 June and from then on. Each is a mean over city weeks.",
          "log(after / before) of the pilots; the same of the clean cities (no programme, and no neighbour that has "
          "it); subtract. For per cent: 100 × (exp(difference) − 1)."],
    needs=SHARED,
)
class TwoChanges(OfCities):
    @property
    def praise(self):
        clean = np.expm1(self.log_change("clean"))
        return (f"The clean cities {'gained' if clean > 0 else 'lost'} {abs(clean):.0%} in the same weeks without any "
                "programme: the festival, and whatever else moved all cities. What the pilots did beyond that is the "
                "estimate.")

    explain = ("Two changes of a logarithm, subtracted. With as many weeks for every city this is exactly what the "
               "Poisson regression with a level for every city and week gives. The festival drops out as far as both "
               "groups felt it alike.")

    def right(self):
        change = self.log_change("pilots")
        did = change - self.log_change(self.others)
        return change, did, 100 * float(np.expm1(did))

    def alternatives(self):
        change, did, _ = self.right()
        yield change, did, 100 * float(np.expm1(round(did, 3)))      # from the second answer as it is asked

    def mistakes(self):
        return wrong.two_changes(self)

    def variants(self):
        yield self.but(others="all"), ("You took all other cities. Six of them have a neighbour with the programme; "
                                       "clean are those that have none.")
        yield self.but(others="neighbours"), "You compared with the neighbours. Clean cities have no such neighbour."
        yield self.but(skip=2), "You left out the first two weeks of the programme. All weeks from 2 June on count."
        yield self.but(late=1), "You took the week of 2 June as before the start. It is the first of the programme."
        yield from wrong.of_logs(self)
        yield self.but(skip=3), "You left out the weeks of the festival. All weeks from 2 June on count."
        yield self.but(outcome="local_gmv"), "That is money (local_gmv). Orders are asked."
        yield self.but(outcome="channel_gmv"), "That is the money of the five channels. The local shop's orders count."
        yield self.but(outcome="new_members"), "Those are new members. Orders are asked."
        yield self.but(outcome="active_members"), "Those are active members. Orders are asked."
        yield self.but(outcome="brand_searches"), "Those are searches for the brand. Orders are asked."

    def rarer(self):
        return wrong.other_changes(self)

    def amounts(self):
        pilots, clean = self.means("pilots"), self.means("clean")
        means = {"the pilots' mean before": pilots[0], "the pilots' mean after": pilots[1],
                 "the clean cities' mean before": clean[0], "the clean cities' mean after": clean[1]}
        return {"before_after": means, "did": means, "per_cent": means}


@exercise(
    "7.2b", title="Were the trends alike?",
    fields=[Field("slope_gap", "Pilots' slope less the clean cities'", "per cent a week (100 × log)", decimals=2),
            Field("false_start", "Estimate with a false start", "log change", decimals=3),
            Field("says", "What such a check can say at best", options={
                "A": "The trends were parallel, so the estimate is right",
                "B": "No other trend is seen; a small one may still be there",
                "C": "The programme began to work before its start",
                "D": "The programme did nothing"})],
    hint=["Only the 13 weeks before 2 June. One slope a city: log orders on the number of the week; then the mean of "
          "the pilots' slopes less the mean of the clean cities'.",
          "For the false start set `after` to 1 from 28 April on, keep the weeks before 2 June, and take the "
          "difference in differences of 7.2a."],
    needs=SHARED,
)
class AlikeBefore(OfCities):
    false, until = FALSE_START, "2025-06-02"
    praise = ("A check before the start can find a fault and cannot prove that there is none. Look at the size of a "
              "false effect, and be humble by that much about the true one.")
    explain = ("np.polyfit(week number, log orders, 1)[0] for each city; means by group; subtract; times 100. The "
               "false start uses no week of the programme, so whatever it finds is chance or another trend. Not to "
               "find one is no proof: with thirteen weeks and four clean cities small differences stay unseen.")

    @cached_property
    def rows(self):
        rows = samples.programme(self.tables)
        rows = rows[rows.week < self.until]
        return rows.assign(after=(rows.week >= self.false).astype(float))

    @cached_property
    def slopes(self):
        """Slope of the log orders a week, by group and city."""
        return {name: part.sort_values("week").groupby("city").log_orders.agg(
            lambda y: np.polyfit(np.arange(len(y)), y, 1)[0]) for name, part in self.groups.items()}

    def right(self):
        gap = 100 * (self.slopes["pilots"].mean() - self.slopes[self.others].mean())
        return gap, self.log_change("pilots") - self.log_change(self.others), "B"

    def mistakes(self):
        return wrong.alike(self)

    def variants(self):
        for others, words in (("all", "all other cities"), ("neighbours", "the neighbours")):
            gap, false, _ = self.but(others=others).right()
            yield {"slope_gap": gap, "false_start": false}, f"You compared with {words}. Take the clean cities."
            yield {"slope_gap": gap}, f"You compared with {words}. Take the clean cities."
            yield {"false_start": false}, f"You compared with {words}. Take the clean cities."
        for false, words in (("2025-04-14", "14 April"), ("2025-04-21", "21 April")):
            yield {"false_start": self.but(false=false).right()[1]}, f"That is a start on {words}. Asked is 28 April."

    def rarer(self):
        return wrong.alike_rarer(self)


@exercise(
    "7.2c", title="What spill-over does",
    fields=[Field("all_cities", "Estimate against all other cities", "log change", decimals=3),
            Field("spill", "What the neighbours gained", "log change", decimals=3),
            Field("orders", "Orders a week that all neighbours together owe to it", "orders a week", decimals=0,
                  tolerance=1.0)],
    hint=["First: the sum of 7.2a with all ten cities without the programme. Second: the neighbours in the pilots' "
          "place, the clean cities as comparison.",
          "Third: after the start the neighbours sold m orders a city and week. Without spill-over it would have been "
          "m / exp(spill). The difference, times six cities."],
    needs=SHARED,
)
class SpillOver(OfCities):
    praise = ("The comparison with all others makes two mistakes. It takes part of what the neighbours gained off the "
              "pilots' effect, and it leaves that gain out of the programme's account.")
    explain = ("Part of the programme reaches the neighbours, so they do not show what happens without it. Against all "
               "cities their gain counts as the normal course. Against clean cities it shows as an effect of its own: "
               "m − m / exp(spill) for each, times six.")

    def right(self):
        spill = self.log_change("neighbours") - self.log_change("clean")
        after = self.means("neighbours")[1]
        cities = self.groups["neighbours"].city.nunique()
        return (self.log_change("pilots") - self.log_change("all"), spill,
                cities * after * (1 - float(np.exp(-spill))))

    def mistakes(self):
        return wrong.spilled(self)

    def variants(self):
        yield self.but(skip=2), "You left out the first two weeks of the programme. All weeks from 2 June on count."
        yield self.but(outcome="local_gmv"), "That is money (local_gmv). Orders are asked."

    def rarer(self):
        return wrong.spilled_rarer(self)

    def amounts(self):
        before, after = self.means("neighbours")
        return {"orders": {"the neighbours' mean before": before, "the neighbours' mean after": after,
                           "all orders of the neighbours in a week after": 6 * after}}


FAULTS = {"A": "nothing, a number can refute it", "B": "a number", "C": "a comparison", "D": "a date",
          "E": "a count by somebody else"}


@exercise(
    "7.2d", title="Key results that a number can refute",
    fields=[Field("a", "a. Members feel closer to the brand", options=FAULTS),
            Field("b", "b. Local orders of the pilots grow by 40 %", options=FAULTS),
            Field("c", "c. Brand searches grow 5 % more than in clean cities", options=FAULTS),
            Field("d", "d. The programme's report: 12 % above clean cities", options=FAULTS),
            Field("e", "e. The data desk's report: 12 % above clean cities", options=FAULTS)],
    hint=["Ask of each: on which day, by which count, against what would I have to say “no”?",
          "One of the five is complete. Each of the others lacks one thing, each another one."],
)
class Refutable(Exercise):
    praise = ("Four things make a key result: a number, a comparison, a date, and a count that is not made by whoever "
              "is judged. With all four it can fail, and that is its use.")
    explain = ("a has no number: how much closer? b has a number and a date, and no comparison: a festival alone can "
               "meet it. c never falls due. d is counted by those who are judged. e can be refuted.")

    def right(self):
        return "B", "C", "D", "E", "A"

    def mistakes(self):
        return wrong.key_results(self, FAULTS)
