"""Example exercises for the tests: the pattern that section files follow."""

from liveshop.practice import Exercise, Field, Verdict, exercise


@exercise(
    "0.1a",
    title="GPM of a broadcast",
    fields=[Field("gpm", "GPM", "yuan per 1,000 views", decimals=1)],
    hint="The denominator is views, and a view is an entry.",
    needs=("streams",),
)
class Gpm(Exercise):
    praise = "One viewer who comes twice counts as two views."
    explain = "GPM is 1,000 × GMV / views: one ratio of two sums."

    def right(self):
        streams = self.tables.streams
        return 1000 * streams.gmv.sum() / streams.views.sum()

    def amounts(self):
        streams = self.tables.streams
        return {"gpm": {"GMV": streams.gmv.sum(), "clicks": streams.product_clicks.sum(), "orders": 50}}

    def mistakes(self):
        streams = self.tables.streams
        yield 1000 * streams.gmv.sum() / streams.viewers.sum(), "You divided by viewers; GPM is per 1,000 views."
        yield (1000 * streams.gmv / streams.views).mean(), (
            "That is the mean of the broadcasts' GPM. Sum first, then divide.")


@exercise(
    "0.1b",
    title="Click rate, order rate and who gains",
    fields=[
        Field("click_rate", "Click rate", "fraction of views", decimals=3),
        Field("ctor", "CTOR", "fraction of product clicks", decimals=3),
        Field("best", "Better broadcast", options=("A", "B", "A < B & C")),
    ],
    hint=["Each step of the funnel is divided by the step before.", "A click rate has views below it.",
          "The order rate has clicks below it."],
    needs=("streams",),
)
class Rates(Exercise):
    praise = "Each rate has the step before as its denominator."
    explain = "Clicks by views, orders by clicks. `A` converts better."

    def right(self):
        streams = self.tables.streams
        clicks = streams.product_clicks.sum()
        return clicks / streams.views.sum(), streams.orders.sum() / clicks, "A"

    def alternatives(self):
        yield 0.5, 0.25, "A"

    def mistakes(self):
        streams = self.tables.streams
        yield {"ctor": streams.orders.sum() / streams.views.sum()}, (
            "You divided orders by views; CTOR is per product click.")
        yield {"best": "B"}, "B sells more because it has more viewers."


@exercise("0.1c", title="A verdict in three lines", hint="Finding, reason, action.")
class ThreeLines(Exercise):
    explain = "A verdict says what happened, why, and what you do on Monday."
    praise = "Three lines, and the last one is an action."

    def judge(self, answer):
        if not isinstance(answer, list):
            return Verdict("wrong", "Give a list of three texts.")
        if len(answer) != 3:
            return Verdict("wrong", f"Three lines are asked; you gave {len(answer)}.", points=0.5)
        return Verdict("right", self.praise if sum(map(len, answer)) else "")

    def examples_right(self):
        return [["fell", "paid", "restore"]]

    def examples_wrong(self):
        return [("fell", "a list of three"), (["fell"], "you gave 1"), ([1, 2, 3], "could not be used")]
