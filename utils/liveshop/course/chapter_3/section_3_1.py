"""Exercises of section 3.1, What it is and why now."""

from functools import cached_property

from liveshop.course.chapter_3 import samples
from liveshop.course.chapter_3.wrong import ties as wrong
from liveshop.methods import network
from liveshop.practice import Exercise, Field, exchanged, exercise

HIDES = {
    "A": "The mean hides that most members have fewer ties than it says; the median hides how far the best tied reach.",
    "B": "The mean hides members without a tie, as they add nothing; the median hides nothing.",
    "C": "The mean hides nothing, as all are in it; the median hides all members but the one in the middle.",
    "D": "Neither hides anything: both say how many ties an ordinary member has.",
}


@exercise(
    "3.1a", title="How well tied is a member?",
    fields=[Field("mean_ties", "Mean", "ties per member", decimals=2),
            Field("median_ties", "Median", "ties per member", decimals=0, whole=True),
            Field("hides", "What each of the two hides", options=HIDES)],
    hint=["Three steps: which ties count (both ends are members), each pair once, and all members below the line, also "
          "those without such a tie.",
          "`samples.members_map(tables)` is that graph, with all members in it; `dict(graph.degree())` are the ties of "
          "each."],
    needs=("follows", "customers"),
)
class TiesOfMembers(Exercise):
    praise = ("Plan a coupon for the median: that many friends an ordinary member has. Plan a rumour for the mean, "
              "and better still for the friends of the next exercise: the few are in both.")
    explain = ("Every tie has two ends, so the mean is twice the ties over the members. Members without a tie are "
               "members too. The median does not move when one member has a hundred ties more; the mean does.")

    @cached_property
    def each(self):
        """Ties of each member, with other members only."""
        return wrong.degrees(samples.members_map(self.tables))

    def right(self):
        return {"mean_ties": self.each.mean(), "median_ties": self.each.median(), "hides": "A"}

    def mistakes(self):
        yield from wrong.other_degrees(self)
        yield from wrong.of_hiding()


@exercise(
    "3.1b", title="The friends of members",
    fields=[Field("over_ties", "Ties of friends, over ties", "ties per person", decimals=2),
            Field("fewer", "Fewer than their friends", "fraction of members with a tie", decimals=3)],
    hint=["Over ties: each tie has two ends, so write down the number of ties at each end of each tie. Somebody with "
          "40 ties is written down 40 times.",
          "`methods.network.friendship_paradox(samples.members_map(tables))` gives both; mind which of the two "
          "averages is asked for."],
    needs=("follows", "customers"),
)
class FriendsOfMembers(Exercise):
    praise = ("That is the audience behind one more share, and why a sample drawn through friends is no sample of "
              "customers.")
    explain = ("Over ties the average is Σ degree² / Σ degree: who has many ties is somebody's friend many times. The "
               "mean of means answers another question: what a random member sees around her.")

    @cached_property
    def found(self):
        return network.friendship_paradox(samples.members_map(self.tables))

    def right(self):
        return self.found.friends_pooled, self.found.below

    def mistakes(self):
        yield from wrong.friends(self)
        yield from exchanged(self)

    def variants(self):
        everybody = network.friendship_paradox(samples.social_map(self.tables))
        yield (everybody.friends_pooled, everybody.below), (
            "Those are the ties of all customers. Keep the ties whose two ends are members.")


@exercise(
    "3.1c", title="Orders with a social touch",
    fields=[Field("before_share", "Touched in the seven days before", "fraction of orders", decimals=3),
            Field("careless_points", "More, if touches after count too", "percentage points", decimals=1)],
    hint=["One row an order: lines of one basket are one order, unpaid ones are none. Then the days since the last "
          "social touch before it.",
          "`samples.touched_orders(tables)` has the paid orders with the days since the touch `before` and until the "
          "one `after`. Keep `source == \"social\"`, and count `before <= 7`; then also `after <= 7`."],
    needs=("orders", "touchpoints"),
)
class TouchedOrders(Exercise):
    praise = ("What came after the order cannot have brought it. And what came before it need not have: most of these "
              "touches are posts that Qinghe's simulator lays around orders that come anyway.")
    explain = ("A touch counts when it lies at most seven days before the order was created. A look at the table of "
               "touches alone does not tell before from after; the time does.")
    days, source = 7, "social"

    @cached_property
    def paid_orders(self):
        found = samples.touched_orders(self.tables)
        return found if self.source is None else found[found.source == self.source]

    def shares(self, orders):
        before, after = orders.before <= self.days, orders.after <= self.days
        return before.mean(), 100 * ((before | after).mean() - before.mean())

    def right(self):
        return self.shares(self.paid_orders)

    def mistakes(self):
        yield from wrong.windows(self)
        yield from wrong.kinds_of_touch(self)

    def variants(self):
        yield from wrong.other_orders(self)

    def rarer(self):
        near = self.paid_orders[["before", "after"]].le(self.days).assign(either=lambda d: d.before | d.after)
        share = near.groupby(self.paid_orders.customer_id).any().mean()
        yield {"before_share": share.before, "careless_points": 100 * (share.either - share.before)}, (
            "Those are customers with such an order. Asked is the share of orders.")


CLAIMS = {
    "likeness": "likeness: alike people make friends",
    "influence": "influence: one acts because the other did",
    "sampling": "sampling: who is found through a tie is better tied",
    "time": "time: what came after is counted as if before",
}


@exercise(
    "3.1d", title="What would explain it?",
    fields=[Field("friends_repeat", "Friends of those who repeat, repeat", options=tuple(CLAIMS)),
            Field("popular_friends", "Friends have more ties", options=tuple(CLAIMS)),
            Field("touch_after", "Orders with a touch near them", options=tuple(CLAIMS)),
            Field("lottery", "Friends of the drawn bought more", options=tuple(CLAIMS))],
    hint=["For each: would it be there if nobody ever did anything because of a friend?",
          "Only one of the four had a lot drawn. One is arithmetic of ties, one of dates."],
)
class Explanations(Exercise):
    praise = ("Three of the four need no influence at all. Ask that first of every figure with friends in it.")
    explain = ("Only a lot makes the friends of both groups alike, so only there is influence left. The others are "
               "there in a shop where nobody heeds anybody.")

    def right(self):
        return {"friends_repeat": "likeness", "popular_friends": "sampling", "touch_after": "time",
                "lottery": "influence"}

    def mistakes(self):
        return wrong.explanations()
