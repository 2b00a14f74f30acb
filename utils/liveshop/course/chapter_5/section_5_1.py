"""Exercises of section 5.1: roles on the shelf, the giveaway, and an order of products."""

from functools import cached_property

import numpy as np

from liveshop import methods
from liveshop.course.chapter_5 import samples
from liveshop.course.chapter_5.samples import LETTERS
from liveshop.course.chapter_5.wrong import content
from liveshop.practice import Exercise, Field, Verdict, exercise
from liveshop.tables.memory import once_per_tables


@exercise(
    "5.1a",
    title="What the hero products get and what they give",
    fields=[
        Field("hero_minutes", "Share of minutes", "fraction of the broadcast minutes", decimals=3),
        Field("hero_clicks", "Share of clicks", "fraction of the clicks in the slots", decimals=3),
        Field("hero_gmv", "Share of GMV", "fraction of the GMV in the slots", decimals=3),
    ],
    hint=["Which rows are hero slots, and what is the whole that they are a part of?",
          "Sum minutes, product_clicks and gmv of the rundown by role, then divide each sum by its total over all "
          "roles."],
    needs=("rundown", "streams"),
)
class RoleShares(Exercise):
    praise = (
        "Hero products bring a far larger share of the money than they get of the air time. That says what they gave, "
        "not what more of them would give: other slots filled the room for them, and they got the better minutes."
    )
    explain = (
        "Air time is counted in minutes, so the share is a sum of minutes over a sum of minutes. A slot of 5 minutes "
        "and one of 15 are not the same piece of shelf, and a mean of the broadcasts' own shares would let a night of "
        "40 minutes speak as loudly as one of 200."
    )
    role, columns = "hero", ["minutes", "product_clicks", "gmv"]

    def sums(self):
        """Sums of the columns by role."""
        return self.tables.rundown.groupby("role")[self.columns].sum()

    def right(self):
        return tuple((self.sums() / self.sums().sum()).loc[self.role])

    def mistakes(self):
        rundown, sums = self.tables.rundown, self.sums()
        hero = rundown.role == "hero"
        yield {"hero_minutes": hero.mean()}, (
            "That is the share of slots. Hero slots are longer than the others, and air time is counted in minutes."
        )
        yield {"hero_gmv": sums.gmv["hero"] / self.tables.streams.gmv.sum()}, (
            "You divided by the GMV of whole broadcasts. That holds products that were not on the shelf when they were "
            "bought; divide by the GMV in the slots."
        )
        yield {"hero_clicks": sums.product_clicks["hero"] / self.tables.streams.product_clicks.sum()}, (
            "You divided by all clicks of the broadcasts, also those on products that were not on the shelf. Divide by "
            "the clicks in the slots."
        )
        orders = rundown.groupby("role").orders.sum()
        yield {"hero_clicks": orders["hero"] / orders.sum()}, (
            "That is the share of orders, or 1 less the answer. Asked are the clicks of the hero slots.")
        yield {"hero_gmv": orders["hero"] / orders.sum()}, (
            "That is the share of orders. The hero costs more than a traffic product, so its share of money is larger."
        )

    def variants(self):
        for role in ("traffic", "profit", "image"):
            yield self.but(role=role), f"That is the share of the {role} products."
        rundown = self.tables.rundown
        nights = rundown.groupby("stream_id")[self.columns].sum()
        hers = rundown[rundown.role == "hero"].groupby("stream_id")[self.columns].sum().reindex(nights.index).fillna(0)
        yield tuple((hers / nights).mean()), (
            "That is the mean of the broadcasts' own shares. A short night then counts as much as a long one: sum "
            "over all nights first and divide once.")
        yield tuple(self.sums().loc["hero"]), "That is the sum over the hero slots, not divided by the sum of all yet."
        means = rundown.groupby("role")[self.columns].mean()
        yield tuple((means / means.sum()).loc["hero"]), (
            "You compared means of a slot. Roles have more or fewer slots: compare sums.")
        trials = self.tables.streams.stream_id[self.tables.streams.is_trial.astype(bool)]
        if rundown.stream_id.isin(trials).any():
            yield self.but(rundown=lambda slots: slots[~slots.stream_id.isin(trials)]), (
                "You left the newcomers' trials out. All rundowns are asked.")


    def amounts(self):
        return content.amounts_of_roles(self)

    def rarer(self):
        return content.roles(self)


ANSWERS = {
    "A": "The pooled change: it uses every slot.",
    "B": "The change within broadcasts: each is compared with itself.",
    "C": "Neither: a giveaway cannot be judged without an experiment.",
}


def change_by_counts(slots):
    """The same from a Poisson regression of the orders on the clicks, a constant for each broadcast."""
    import statsmodels.api as sm
    import statsmodels.formula.api as smf

    sold = slots[slots.groupby("stream_id").room_orders.transform("sum") > 0]
    fit = smf.glm("room_orders ~ after_giveaway + C(role) + discount + log_price + C(stream_id)", sold,
                  family=sm.families.Poisson(), offset=np.log(sold.room_clicks)).fit()
    return 100 * np.expm1(fit.params["after_giveaway"])


@exercise(
    "5.1b",
    title="The giveaway, pooled and within",
    fields=[
        Field("pooled", "All openers, pooled", "per cent, a fall is negative", decimals=1),
        Field("within", "Mid-show, within broadcasts", "per cent, a fall is negative", decimals=1),
        Field("which", "The one that says what a giveaway does", options=ANSWERS),
    ],
    hint=[
        "Pooled is one division of sums for each of two groups, and the ratio of the two, less 1. Within compares each "
        "broadcast with itself, and like products with like.",
        "Within: `methods.effects.within_effect(mid_show, \"log_ctor\", \"after_giveaway\", \"stream_id\", …, "
        "weights=\"room_clicks\")`; the controls are `role`, `discount` and `log_price`. Its `.estimate` is a "
        "difference of logarithms: `np.expm1` makes it a relative change.",
    ],
    needs=("streams", "rundown", "stream_minutes", "products"),
)
class Giveaway(Exercise):
    praise = (
        "The two have different signs and both are correct sums. The first compares nights that were chosen with "
        "nights that were not; the second compares the same night with itself, and like products with like."
    )
    explain = (
        "The pooled figure answers which nights have a giveaway. The one within broadcasts answers what follows a "
        "giveaway when host, channel, slot and bought traffic stay the same. The products do not: after it fewer "
        "traffic products lie on the shelf. So role, discount and price are held fixed. Slots are weighted with their "
        "clicks, since a slot with three clicks knows less than one with sixty."
    )

    @cached_property
    def slots(self):
        """Slots before and after a giveaway in mid-show."""
        return samples.mid_show(self.tables)

    @cached_property
    def nights(self):
        """Broadcasts without trials, with given: it opened with a giveaway."""
        streams = self.tables.streams[~self.tables.streams.is_trial.astype(bool)]
        return streams.assign(given=streams.opener == "giveaway")

    @staticmethod
    def change_within(slots, outcome="log_ctor", controls=samples.ON_THE_SHELF, weights="room_clicks"):
        """Change of orders per click after a giveaway, in per cent, each broadcast compared with itself."""
        effect = methods.effects.within_effect(slots, outcome, "after_giveaway", "stream_id", controls, weights=weights)
        return 100 * np.expm1(effect.estimate)

    @staticmethod
    def pooled_change(nights, base="product_clicks"):
        sums = nights.groupby("given")[["orders", base]].sum()
        rate = sums.orders / sums[base]
        return 100 * (rate[True] / rate[False] - 1)

    def right(self):
        return self.pooled_change(self.nights), self.change_within(self.slots), "B"

    def alternatives(self):
        yield self.pooled_change(self.nights), change_by_counts(self.slots), "B"

    def mistakes(self):
        nights, slots, right = self.nights, self.slots, self.key.right
        yield {"within": right["pooled"]}, (
            "That is the pooled change again, sold as the effect of the giveaway. It compares festival nights and "
            "strong hosts with all the others. Compare each broadcast with itself.")
        yield {"within": self.change_within(slots, controls=())}, (
            "Products differ before and after a giveaway, and you let them: that is the mix. Hold role, discount and "
            "price fixed.")
        for left_out in samples.ON_THE_SHELF:
            controls = [name for name in samples.ON_THE_SHELF if name != left_out]
            yield {"within": self.change_within(slots, controls=controls)}, f"`{left_out}` is not held fixed."
            yield {"within": self.change_within(slots, controls=[left_out])}, f"Only `{left_out}` is held fixed."
        yield {"within": self.change_within(slots, weights=None)}, (
            "You let every slot count the same, however many clicked in it. Weight the slots with their clicks: "
            "`weights=\"room_clicks\"`.")
        yield {"within": 100 * np.log1p(right["within"] / 100)}, (
            "That is 100 times the difference of logarithms. `np.expm1` makes it a relative change.")
        points = methods.effects.within_effect(
            slots, "ctor", "after_giveaway", "stream_id", samples.ON_THE_SHELF, weights="room_clicks").estimate
        yield {"within": points}, "Those are points of orders per 100 clicks. Asked is the relative change in per cent."
        sums = slots.groupby("after_giveaway")[["room_orders", "room_clicks"]].sum()
        rate = sums.room_orders / sums.room_clicks
        yield {"within": 100 * (rate[1] / rate[0] - 1)}, (
            "You compared all slots after a giveaway with all other slots, over all rooms. That mixes the rooms again; "
            "compare each with itself.")
        pooled = nights.groupby("given")[["orders", "product_clicks"]].sum()
        pooled = pooled.orders / pooled.product_clicks
        yield {"pooled": 100 * (pooled[True] - pooled[False])}, (
            "Those are points of orders per 100 clicks. Asked is the relative change in per cent.")
        yield {"pooled": 100 * np.log(pooled[True] / pooled[False])}, "That is 100 times the logarithm of the ratio."
        yield {"pooled": 100 * (pooled[False] / pooled[True] - 1)}, (
            "You compared the nights without a giveaway with those that had one: turn it round.")
        means = (nights.orders / nights.product_clicks).groupby(nights.given).mean()
        yield {"pooled": 100 * (means[True] / means[False] - 1)}, (
            "That compares the mean of the broadcasts' rates. Sum orders and clicks over the broadcasts first, then "
            "divide: a night with twelve clicks should not count like one with a thousand.")
        yield {"pooled": self.pooled_change(nights, "views")}, (
            "You divided by entries. Asked are orders per product click.")
        orders, gmv = (nights.groupby("given")[name].mean() for name in ("orders", "gmv"))
        yield {"pooled": 100 * (orders[True] / orders[False] - 1)}, "Those are orders per broadcast, not per click."
        yield {"pooled": 100 * (gmv[True] / gmv[False] - 1)}, "That is the change of GMV. Asked are orders per click."
        nothing = nights[nights.given | (nights.opener == "none")]
        if nothing.given.nunique() == 2:
            yield {"pooled": self.pooled_change(nothing)}, (
                "You compared with the nights that opened with nothing. Asked are all other broadcasts.")
        everyone = self.tables.streams.assign(given=self.tables.streams.opener == "giveaway")
        if abs(self.pooled_change(everyone) - right["pooled"]) > 0.1:
            yield {"pooled": self.pooled_change(everyone)}, (
                "The newcomers' trials are still in, and none of them opened with a giveaway. Leave them out.")
        yield {"which": "A"}, (
            "More rows do not help when the manager chose them: the pooled change describes which nights get a "
            "giveaway.")
        yield {"which": "C"}, (
            "An experiment would be best. But where the same night has slots before and after, it can be compared with "
            "itself, and that is far closer to the truth than the pool.")

    def rarer(self):
        return content.giveaway(self)


@once_per_tables
def rivals(tables):
    """Orders of the evening (lists of rows) by habit, greedy, the estimated model and full knowledge."""
    slots, rules = samples.evening(tables), samples.house_rules()
    model = methods.rundown.fit(tables.rundown, tables.stream_minutes, tables.products)
    best = methods.rundown.optimise(slots, model, rules)
    return {
        "habit": methods.rundown.habit(slots, model, tables.rundown, rules),
        "greedy": methods.rundown.greedy(slots, model, rules),
        "best": best,
        "optimum": _improved(slots, best, rules),
    }


def _improved(slots, order, rules):
    """Move one slot at a time while the margin of forty other nights of the true world grows."""

    def margin_of(order):
        return samples.unseen_nights(slots, order, 40, samples.UNSEEN + 1).mean()

    best, margin = list(order), margin_of(order)
    while True:
        moves = []
        for at in range(len(best)):
            for to in range(len(best)):
                moved = best[:at] + best[at + 1:]
                moved.insert(to, best[at])
                if moved != best and methods.rundown.allowed(slots, moved, rules):
                    moves.append((margin_of(moved), moved))
        if not moves or max(moves)[0] <= margin * 1.0005:
            return best
        margin, best = max(moves)


def _rows(answer):
    """The answer as row positions, or the sentence that says why it is no order."""
    if not hasattr(answer, "__iter__") or hasattr(answer, "columns"):
        return None, Verdict("wrong", "Give the order as a text of eight letters, such as \"CABDEFGH\", each slot "
                                      "once.")
    given = answer.replace(" ", "").replace(",", "") if isinstance(answer, str) else answer
    letters = [str(one).strip().upper() for one in given]
    if all(one.isdigit() for one in letters):
        letters = [LETTERS[int(one)] if int(one) < len(LETTERS) else one for one in letters]
    strange = [one for one in letters if one not in LETTERS or not one]
    if strange:
        return None, Verdict("wrong", f"There is no slot {strange[0]!r}. Give the letters A to H in the order of the "
                                      "show, such as \"CABDEFGH\".")
    twice = [one for one in LETTERS if letters.count(one) > 1]
    missing = [one for one in LETTERS if one not in letters]
    if twice:
        return None, Verdict("wrong", f"Slot {twice[0]} is there {letters.count(twice[0])} times. Every slot runs "
                                      "once.")
    if missing:
        return None, Verdict("wrong", f"Slot {missing[0]} is missing. All eight products have been promised air time.")
    return [LETTERS.index(one) for one in letters], None


def _broken_rule(slots, order):
    """The house rule that an order breaks, in a sentence, or None."""
    clock, before = 0, None
    for at in order:
        slot = slots.iloc[at]
        if slot.role == "hero" and clock < samples.house_rules().hero_from_minute:
            return f"{LETTERS[at]} is a hero and begins at minute {clock}. House rule: no hero before minute 10."
        if slot.role == before:
            return f"{LETTERS[at]} is the second {before} product in a row. House rule: no role twice in a row."
        clock, before = clock + int(slot.minutes), slot.role
    return None


@exercise(
    "5.1c",
    title="A better order for eight products",
    hint=[
        "First ask what a slot does to the next one: which role fills the room, which empties it?",
        "Then let the model count: `methods.rundown.optimise(evening, room_model, rules)` gives row positions; "
        "`evening.index[order]` turns them into letters.",
    ],
    needs=("rundown", "stream_minutes", "products"),
    points=2.0,
)
class BetterOrder(Exercise):
    praise = "The order holds on nights that it was not made for."
    explain = (
        "In the model, what a slot and all later slots earn is a straight line in the number of people who are there "
        "when it begins. So the best continuation can be found for every set of slots still to come, from the end of "
        "the show backwards. Greedy fails because it never asks what a slot does to the next one; habit because it "
        "treats a role as a place."
    )
    def judge(self, answer):
        order, trouble = _rows(answer)
        if trouble:
            return trouble
        slots, orders = samples.evening(self.tables), rivals(self.tables)
        broken = _broken_rule(slots, order)
        if broken:
            return Verdict("wrong", broken)
        margin = {name: samples.unseen_nights(slots, rows).mean() for name, rows in (*orders.items(), ("yours", order))}
        gain = (margin["yours"] - margin["habit"]) / (margin["optimum"] - margin["habit"])
        nights = (samples.unseen_nights(slots, order) > samples.unseen_nights(slots, orders["habit"])).mean()
        said = (f"On 200 unseen nights your order leaves {margin['yours']:,.0f} yuan a night, habit "
                f"{margin['habit']:,.0f}, greedy {margin['greedy']:,.0f}, the best order known "
                f"{margin['optimum']:,.0f}. ")
        if gain >= 0.7:
            return Verdict("right", f"{self.praise} {said}It beats habit on {nights:.0%} of the nights.")
        if order == orders["greedy"]:
            return Verdict("wrong", said + "This is the greedy order: always what earns most per minute right now. It "
                                           "never asks what a slot does to the next one.", 0.0)
        if order == orders["habit"]:
            return Verdict("wrong", said + "This is the order of habit. Ask which slot fills the room before the most "
                                           "valuable one.", 0.0)
        if gain <= 0:
            return Verdict("wrong", said + "That is no better than habit. Look at what runs before your heroes: does "
                                           "it fill the room or empty it?", 0.0)
        return Verdict("wrong", said + f"You have gone {gain:.0%} of the way from habit to the best order; 70 % "
                                       "passes. Try moving one slot at a time.", gain)

    def examples_right(self):
        orders = rivals(self.tables)
        return ["".join(LETTERS[at] for at in orders[name]) for name in ("best", "optimum")] + [list(orders["best"])]

    def examples_wrong(self):
        orders = rivals(self.tables)
        yield "".join(LETTERS[at] for at in orders["habit"]), "habit"
        yield "".join(LETTERS[at] for at in orders["greedy"]), "greedy"
        yield "ABCDEFGH", "begins at minute 0"
        yield "CFABDEGH", "second traffic product in a row"
        yield "CABDEFG", "Slot H is missing"
        yield "CCABDEFGH", "Slot C is there 2 times"
        yield "CABDEFGX", "There is no slot 'X'"
        yield None, "eight letters"
        yield float("nan"), "eight letters"
