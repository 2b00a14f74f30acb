"""Exercises of section 2.1, What it is and how it came about: all three on the broadcast with the most entries."""

from functools import cached_property

from liveshop.course.chapter_2 import anatomy
from liveshop.course.chapter_2.wrong import night
from liveshop.practice import Exercise, Field, exercise

PRODUCTS = tuple(f"P{number:03d}" for number in range(1, 61))


class OneNight(Exercise):
    """What the three have in common: the night, its minutes, its entries."""

    @cached_property
    def busiest(self):
        streams = self.tables.streams
        return streams.loc[streams.views.idxmax()]

    def of_night(self, table):
        """The rows of a table that belong to the night."""
        frame = self.tables[table]
        return frame[frame.stream_id == self.busiest.stream_id]

    @cached_property
    def minutes(self):
        return self.of_night("stream_minutes").sort_values("minute", ignore_index=True)


@exercise(
    "2.1a", title="Average over time, average over arrivals",
    fields=[Field("acu", "ACU of the broadcast", "persons", decimals=0),
            Field("found", "People that an entry finds on average", "persons", decimals=0)],
    hint=["The first averages over time: every second counts once. The second averages over entries: a minute in "
          "which fifty come in counts fifty times.",
          "1: `watch_seconds` over `stream_seconds` of the broadcast. 2: multiply `online` with `enters` in each "
          "minute, sum, and divide by the sum of `enters`."],
    needs=("streams", "stream_minutes"),
)
class TimeAndArrivals(OneNight):
    @property
    def praise(self):
        more = self.key.right["found"] / self.key.right["acu"] - 1
        words = "more people than there are on average over time, because more come in while the room is full" \
            if more > 0 else "fewer people than there are on average over time, as more come in before the room is full"
        return (f"The average entry finds {abs(more):.0%} {words}. Neither is wrong: the desk lives through minutes, "
                "the viewers through their own entries.")

    explain = ("ACU is watch time over time on air, and nearly the plain mean of `online` over the minutes. The second "
               "weighs each minute by who came in: a mean over arrivals. It is larger wherever people come in crowds.")

    def right(self):
        minutes, night = self.minutes, self.busiest
        found = (minutes.online * minutes.enters).sum() / minutes.enters.sum()
        return night.watch_seconds / night.stream_seconds, found

    def alternatives(self):
        """The mean of the minute counts is the ACU but for the edges of the minutes."""
        yield {"acu": self.minutes.online.mean(), "found": self.right()[1]}

    def mistakes(self):
        yield from night.averages(self)

    def rarer(self):
        yield from night.rarer_averages(self)

    def amounts(self):
        return night.amounts_of_averages(self)


@exercise(
    "2.1b", title="One night, two funnels",
    fields=[Field("clicked_viewers", "Viewers who clicked", "fraction of viewers", decimals=4),
            Field("bought_viewers", "Viewers who bought", "fraction of viewers", decimals=4),
            Field("clicked_views", "Views with a click", "fraction of views", decimals=4),
            Field("bought_views", "Views with a paid order", "fraction of views", decimals=4)],
    hint=["What is one? For viewers group the entries by `viewer_id` first; for views a row is one already.",
          "A share asks *whether*, not how often: sum clicks and orders of a unit, ask whether the sum is above 0, and "
          "take the mean of the answers."],
    needs=("streams", "viewer_sessions", "orders"),
)
class TwoFunnels(OneNight):
    @property
    def praise(self):
        right = self.key.right
        return (f"{right['bought_viewers']:.1%} of the viewers and {right['bought_views']:.1%} of the views, on one "
                "night, and both are called conversion. They part where viewers come back: who buys in one of three "
                "entries is one buyer of one viewer, and one of three views.")

    explain = ("Both funnels ask whether a unit got there at least once. A viewer with three entries is one viewer and "
               "three views. Clicks per view and orders per view count events, and are no shares.")

    @cached_property
    def rows(self):
        return anatomy.entries(self.tables)

    @cached_property
    def entries(self):
        return self.rows[self.rows.stream_id == self.busiest.stream_id]

    def shares(self, entries, step):
        """Share of viewers and of views that got to a step."""
        counts = (anatomy.funnel(entries, unit) for unit in ("viewers", "views"))
        return [one[step] / one.came for one in counts]

    def right(self):
        clicked, bought = (self.shares(self.entries, step) for step in ("clicked", "paid"))
        return clicked[0], bought[0], clicked[1], bought[1]

    def mistakes(self):
        yield from night.events_for_shares(self)

    def variants(self):
        yield from night.other_funnels(self)

    def amounts(self):
        return night.amounts_of_funnels(self)


@exercise(
    "2.1c", title="The best five minutes",
    fields=[Field("first", "First of the five minutes", "minute, from 0", decimals=0, whole=True, least=0),
            Field("earned", "Earned in them", "yuan", decimals=0, least=0),
            Field("product", "On the table in the first of them", options=PRODUCTS)],
    hint=["Slide a window of five minutes over the night, one minute at a time.",
          "`gmv.rolling(5).sum()` names each window by its *last* minute. The product is that of the slot with "
          "`start_minute` ≤ minute < `start_minute` + `minutes`."],
    needs=("streams", "stream_minutes", "rundown", "products"),
)
class BestMinutes(OneNight):
    length = 5

    @property
    def praise(self):
        windows, earned = len(self.minutes) - 4, self.key.right["earned"]
        return (f"They hold {earned / self.minutes.gmv.sum():.0%} of the night's money in "
                f"{5 / len(self.minutes):.0%} of its time. They are also the best of {windows} stretches, so part of "
                "the lead is luck: before you give the product a better place, see whether it does it again.")

    explain = ("All windows of five minutes compete, whatever minute they begin at. A grid of 0, 5, 10 cuts the best "
               "stretch in two and finds less.")

    @cached_property
    def plan(self):
        return self.of_night("rundown")

    def on_table(self, minute):
        slot = anatomy.on_table(self.plan, minute)
        return "" if slot is None else slot.product_id

    def right(self):
        first, earned = anatomy.best_minutes(self.minutes, self.length)
        return first, earned, self.on_table(first)

    def mistakes(self):
        yield from night.other_minutes(self)
        yield from night.other_products(self)

    def variants(self):
        yield from night.other_stretches(self)

    def rarer(self):
        yield from night.rarer_minutes(self)
