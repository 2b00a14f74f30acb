"""Exercises of section 7.3, Case: an apparel brand."""

from functools import cached_property

from liveshop.course.chapter_7 import samples
from liveshop.course.chapter_7.wrong import case as wrong
from liveshop.practice import Exercise, Field, exercise

PARTS = ("show", "vote", "push")
OTHER_WORDS = {"投票": "vote", "推送": "push", "直播": "show", "part_show": "show", "part_vote": "vote",
               "part_push": "push", "joint show": "show", "vote on styles": "vote"}     # of tables and of the page
LETTERS = {"A": "Searches for the brand changed against cities without programme or neighbour.",
           "B": "Shows, votes and push are all that is set against the margin.",
           "C": "Sales as counted on the day of payment.",
           "D": "Weeks with and without a part are compared, as drawn by lot.",
           "E": "The rise since the start is what the programme has done.",
           "F": "What the report attributes is added to the rise."}


@exercise(
    "7.3a", title="Effect on net sales, with its interval",
    fields=[Field("effect", "Effect", "change of the logarithm", decimals=3),
            Field("low", "Lower end", "change of the logarithm", decimals=3),
            Field("high", "Upper end", "change of the logarithm", decimals=3)],
    hint=["Net first: GMV less refunds. Then the rows: the pilots, and the cities without programme and without a "
          "neighbour that has it.",
          "`treated` is 1 in all weeks of a pilot, `after` is 1 in all cities from 2 June on. The result has "
          "`estimate` and `interval`."],
    needs=("cities", "city_weeks"),
)
class NetEffect(Exercise):
    praise = ("The clean cities had the festival too, and the neighbours a part of the programme. With only four of "
              "them to compare with, the interval is wide.")
    explain = ("Difference in differences with a level for each city and week: the pilots' change less that of the "
               "clean cities, weighed by their sales. Neighbours as controls would take the spill-over off the effect.")
    which, outcome = "clean", "net"

    @cached_property
    def rows(self):
        return samples.city_weeks(self.tables)

    def right(self):
        found = samples.change_of(self.rows, self.outcome, self.which)
        return found.estimate, *found.interval

    def mistakes(self):
        yield from wrong.effects(self)
        yield from wrong.other_rows(self)

    def variants(self):
        yield self.but(which="all"), (
            "All cities without the programme are the controls. Six of them border on a pilot and gained from it: "
            "leave those out.")
        yield self.but(which="neighbours"), (
            "The neighbours stand in the pilots' place. Asked are the pilots; leave the six neighbours out.")
        yield self.but(outcome="local_gmv"), "That is the effect on GMV. Take off what was refunded first."
        yield self.but(outcome="channel_gmv"), "That is the five channels' GMV. Asked is the local shop."
        yield self.but(outcome="local_refunded"), "That is the change of the refunds. Take them off GMV."

    def rarer(self):
        return wrong.other_effects(self)


@exercise(
    "7.3b", title="Return after all costs",
    fields=[Field("gain", "Gain", "thousands of yuan", decimals=0),
            Field("earned", "Return", "gain for each yuan of cost", decimals=2)],
    hint=["The sales that were made hold the effect already: without it they would be sales × exp(−effect).",
          "Extra = net sales since the start × (1 − exp(−effect)). Gain = 0.38 × extra − cost; return = gain / cost."],
    needs=("cities", "city_weeks"),
)
class AfterAllCosts(Exercise):
    explain = ("The extra net sales are those made less those made / exp(effect). Of them 38 fen a yuan are left, and "
               "from that comes all that was booked to the programme: base, show, vote and push.")
    kept = 0.38              # what finance says after the goods have become dearer

    @property
    def praise(self):
        low, high = (self.answer(self.extra(end))[0] for end in self.found.interval)
        means = "pays, even at the low end" if low > 0 else "does not pay, even at the high end" if high < 0 else (
            "may or may not pay: zero lies inside")
        return (f"The base cost is in it, the neighbours' extra sales are not. With the interval of 7.3a the gain runs "
                f"from {low:,.0f} to {high:,.0f} thousand: at this margin the programme {means}.").replace("-", "−")

    @cached_property
    def made(self):
        return samples.after_start(samples.city_weeks(self.tables))

    @cached_property
    def found(self):
        """The effect of 7.3a, with its interval."""
        return samples.change_of(samples.city_weeks(self.tables), "net")

    @property
    def effect(self):
        return self.found.estimate

    def answer(self, extra, cost=None, kept=None):
        """Both answers from extra sales, a cost and the share that is left."""
        cost = self.made.programme_cost.sum() if cost is None else cost
        gain = (self.kept if kept is None else kept) * extra - cost
        return gain / 1000, gain / cost

    def extra(self, effect):
        return self.made.net.sum() * float(samples.share_added(effect))

    def sold_before(self):
        """Net sales of the pilots before the start."""
        rows = samples.city_weeks(self.tables)
        return rows.net[(rows.treated == 1) & (rows.after == 0)].sum()

    def right(self):
        return self.answer(self.extra(self.effect))

    def alternatives(self):
        yield self.answer(self.extra(round(self.effect, 3)))

    def mistakes(self):
        return wrong.returns(self)

    def rarer(self):
        return wrong.other_returns(self)

    def amounts(self):
        cost = self.made.programme_cost.sum()
        return {"gain": {"the extra net sales": self.extra(self.effect) / 1000, "all costs": cost / 1000,
                         "the margin, with nothing off": self.kept * self.extra(self.effect) / 1000}}


@exercise(
    "7.3c", title="Two parts to keep, one to stop",
    fields=[Field("stop", "Stop", options=PARTS, also=OTHER_WORDS),
            Field("at_most", "It brings at most", "yuan a city week", decimals=0),
            Field("best", "Most for each yuan of cost", options=PARTS, also=OTHER_WORDS)],
    hint=["Gain is what a part brings less what it costs: all in yuan a city week.",
          "For the second answer put the column `high` in place of `estimate`, with the mean net sales of the weeks in "
          "which that part ran."],
    needs=("cities", "city_weeks"),
)
class KeepAndStop(Exercise):
    explain = ("A part's margin is 0.38 × mean net sales of its weeks × (1 − exp(−effect)). Stop the one with the "
               "smallest gain after its cost, and see what it brings at the upper end.")
    kept = 0.38              # what finance says after the goods have become dearer

    @property
    def praise(self):
        stop, at_most, _ = self.right()
        cost = self.costs(stop)
        says = "below: here even the upper end speaks for stopping" if at_most < cost else (
            "above: stopping rests on the estimate, and the difference is what a mistake may cost")
        return f"The {stop} costs ¥{cost:,.0f} a city week. What it brings at most lies {says}."

    @cached_property
    def found(self):
        """(effects of the parts, mean net sales of the weeks with each, costs), all by part."""
        rows = samples.city_weeks(self.tables)
        _, effects, settled = samples.swing(self.tables)
        mean = {part: settled.net[settled[part].astype(bool)].mean() for part in effects.index}
        price = samples.costs(self.tables)
        return samples.parts(rows, "HC3"), mean, {part: price[part] for part in effects.index}

    def brings(self, part, column="estimate"):
        effects, mean, _ = self.found
        return self.kept * mean[f"part_{part}"] * float(samples.share_added(effects.loc[f"part_{part}", column]))

    def costs(self, part):
        return self.found[2][f"part_{part}"]

    def right(self):
        stop = min(PARTS, key=lambda part: self.brings(part) - self.costs(part))
        return stop, self.brings(stop, "high"), max(PARTS, key=lambda part: self.brings(part) / self.costs(part))

    def mistakes(self):
        return wrong.stopped(self)

    def rarer(self):
        return wrong.other_parts(self)


@exercise(
    "7.3d", title="The flattering page",
    fields=[Field("before_after", "Before and after taken for the effect", options=LETTERS),
            Field("gmv", "GMV in place of net sales", options=LETTERS),
            Field("twice", "The same orders counted twice", options=LETTERS),
            Field("cost", "A cost left out", options=LETTERS)],
    hint=["Ask of each sentence: against what? In which money? Was it in another sentence already? Is that all?",
          "Two sentences compare with somebody who was not treated, or with a week without. They are fair."],
)
class FlatteringPage(Exercise):
    praise = ("The two fair sentences look modest beside the rest. That is how a page is read: the large numbers "
              "first. Ask for the table behind each of them.")
    explain = ("E has no other cities, C still holds what will be sent back, F adds orders that stand in the rise "
               "already, and B forgets the rooms and groups that cost money before any part runs. A and D compare.")
    answers = ("E", "C", "F", "B")

    def right(self):
        return self.answers

    def mistakes(self):
        return wrong.sentences(self)
