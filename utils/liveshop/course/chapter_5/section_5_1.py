"""Exercises of section 5.1: roles on the shelf, the giveaway, and an order of products."""

from liveshop import methods
from liveshop.course.chapter_5 import samples
from liveshop.course.chapter_5.samples import LETTERS
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
    hint="Sum minutes, product_clicks and gmv of the rundown by role, then divide each sum by its total over all "
         "roles.",
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

    def right(self):
        roles = self.tables.rundown.groupby("role")[["minutes", "product_clicks", "gmv"]].sum()
        shares = roles / roles.sum()
        return shares.loc["hero", "minutes"], shares.loc["hero", "product_clicks"], shares.loc["hero", "gmv"]

    def mistakes(self):
        rundown = self.tables.rundown
        roles = rundown.groupby("role")[["minutes", "product_clicks", "gmv"]].sum()
        hero = rundown.role == "hero"
        yield {"hero_minutes": hero.mean()}, (
            "That is the share of slots. Hero slots are longer than the others, and air time is counted in minutes."
        )
        own = rundown[hero].groupby("stream_id").minutes.sum() / rundown.groupby("stream_id").minutes.sum()
        yield {"hero_minutes": own.fillna(0).mean()}, (
            "That is the mean of the broadcasts' own shares. A short night then counts as much as a long one: sum the "
            "minutes first and divide once."
        )
        yield {"hero_gmv": roles.gmv["hero"] / self.tables.streams.gmv.sum()}, (
            "You divided by the GMV of whole broadcasts. That holds products that were not on the shelf when they were "
            "bought; divide by the GMV in the slots."
        )
        yield {"hero_clicks": roles.product_clicks["hero"] / self.tables.streams.product_clicks.sum()}, (
            "You divided by all clicks of the broadcasts, also those on products that were not on the shelf. Divide by "
            "the clicks in the slots."
        )
        orders = rundown.groupby("role").orders.sum()
        yield {"hero_clicks": orders["hero"] / orders.sum()}, "That is the share of orders. Asked are the clicks."
        yield {"hero_gmv": orders["hero"] / orders.sum()}, (
            "That is the share of orders. The hero costs more than a traffic product, so its share of money is larger."
        )
        shares = roles / roles.sum()
        yield {"hero_minutes": shares.loc["traffic", "minutes"]}, "That is the share of the traffic products."


def _within(slots, weights):
    """Weighted difference after − before inside broadcasts, by regression on demeaned columns."""
    weight = slots[weights] if weights else 1.0 + 0 * slots.ctor
    total = weight.groupby(slots.stream_id).transform("sum")
    after, ctor = (values - (values * weight).groupby(slots.stream_id).transform("sum") / total
                   for values in (slots.after_giveaway, slots.ctor))
    return float((weight * after * ctor).sum() / (weight * after**2).sum())


def _ratio_gap(slots):
    parts = slots.groupby("after_giveaway")[["room_orders", "room_clicks"]].sum()
    rate = 100 * parts.room_orders / parts.room_clicks
    return float(rate[1.0] - rate[0.0])


ANSWERS = {
    "A": "The pooled difference: it uses every slot.",
    "B": "The difference within broadcasts: each is compared with itself.",
    "C": "Neither: a giveaway cannot be judged without an experiment.",
}


@exercise(
    "5.1b",
    title="The giveaway, pooled and within",
    fields=[
        Field("pooled", "All openers, pooled", "points of orders per 100 clicks", decimals=2),
        Field("within", "Mid-show, within broadcasts", "points of orders per 100 clicks", decimals=2),
        Field("which", "The one that says what a giveaway does", options=ANSWERS),
    ],
    hint=(
        "Pooled: orders per 100 product clicks of all broadcasts that opened with a giveaway (sums first, then the "
        "ratio), minus that of the others, without trials. Within: `methods.effects.within_effect(mid_show, \"ctor\", "
        "\"after_giveaway\", \"stream_id\", weights=\"room_clicks\").estimate`, without further controls."
    ),
    needs=("streams", "rundown", "stream_minutes"),
)
class Giveaway(Exercise):
    praise = (
        "The two have different signs and both are correct sums. The first compares nights that were chosen with "
        "nights that were not; the second compares the same night with itself."
    )
    explain = (
        "The pooled figure answers which nights have a giveaway. The one within broadcasts answers what follows a "
        "giveaway when host, channel, slot and bought traffic stay the same. Slots are weighted with their clicks, "
        "since a slot of five minutes with three clicks knows less than one of fifteen with sixty."
    )

    def right(self):
        streams = self.tables.streams[~self.tables.streams.is_trial.astype(bool)]
        sums = streams.groupby(streams.opener == "giveaway")[["orders", "product_clicks"]].sum()
        rate = 100 * sums.orders / sums.product_clicks
        mid_show = samples.mid_show(self.tables)
        within = methods.effects.within_effect(mid_show, "ctor", "after_giveaway", "stream_id", weights="room_clicks")
        which = "B"
        return rate[True] - rate[False], within.estimate, which

    def mistakes(self):
        streams, slots = self.tables.streams[~self.tables.streams.is_trial.astype(bool)], samples.mid_show(self.tables)
        given = streams.opener == "giveaway"
        sums = streams.groupby(given)[["orders", "product_clicks", "views"]].sum()
        rate = 100 * sums.orders / sums.product_clicks
        yield {"within": rate[True] - rate[False]}, (
            "That is the pooled difference again, sold as the effect of the giveaway. It compares festival nights and "
            "strong hosts with all the others. Compare each broadcast with itself."
        )
        yield {"within": _within(slots, None)}, (
            "You let every slot count the same, however long it ran and however many clicked. Weight the slots with "
            "their clicks: `weights=\"room_clicks\"`."
        )
        yield {"within": _within(slots, "minutes")}, (
            "You weighted with the minutes of the slot. Orders per click is a ratio with clicks below the line: weight "
            "with clicks."
        )
        per_slot = slots.assign(ctor=slots.room_orders)
        yield {"within": _within(per_slot, None)}, (
            "That is the change in orders per slot. A slot has no fixed length: five minutes cannot sell what fifteen "
            "do. Divide by the clicks first."
        )
        yield {"within": _ratio_gap(slots)}, (
            "You compared all slots after a giveaway with all other slots, over all rooms. That mixes the rooms again; "
            "use the fixed effects of `within_effect`."
        )
        means = (100 * streams.orders / streams.product_clicks).groupby(given).mean()
        yield {"pooled": means[True] - means[False]}, (
            "That is the mean of the broadcasts' rates. Sum orders and clicks over the broadcasts first, then divide: "
            "a night with twelve clicks should not count like one with a thousand."
        )
        entries = 100 * sums.orders / sums.views
        yield {"pooled": entries[True] - entries[False]}, (
            "You divided by entries. Asked are orders per 100 product clicks.")
        everyone = self.tables.streams
        everyone = everyone.groupby(everyone.opener == "giveaway")[["orders", "product_clicks"]].sum()
        all_rate = 100 * everyone.orders / everyone.product_clicks
        if abs(all_rate[True] - all_rate[False] - (rate[True] - rate[False])) > 0.02:
            yield {"pooled": all_rate[True] - all_rate[False]}, (
                "The newcomers' trials are still in, and none of them opened with a giveaway. Leave them out."
            )
        yield {"which": "A"}, (
            "More rows do not help when the manager chose them: the pooled difference describes which nights get a "
            "giveaway."
        )
        yield {"which": "C"}, (
            "An experiment would be best. But where the same night has slots before and after, it can be compared with "
            "itself, and that is far closer to the truth than the pool."
        )


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
    hint=(
        "First ask what a slot does to the next one: which role fills the room, which empties it? Then let the model "
        "count: `methods.rundown.optimise(evening, room_model, rules)` gives row positions; `evening.index[order]` "
        "turns them into letters."
    ),
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
    code = """
        model = methods.rundown.fit(tables.rundown, tables.stream_minutes, tables.products)
        best = methods.rundown.optimise(evening, model, rules)
        my_order = "".join(evening.index[best])
    """

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
