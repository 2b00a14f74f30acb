"""Exercises of section 6.3, Turning visits into orders."""

from functools import cached_property

import numpy as np

from liveshop.course.chapter_6 import samples
from liveshop.course.chapter_6.lists import coupons_to
from liveshop.course.chapter_6.wrong import conversion
from liveshop.methods import counts, uplift
from liveshop.practice import Exercise, Field, Verdict, exercise


@exercise(
    "6.3a", title="The lever worth most",
    fields=[Field("speed", "Half a second faster on Android", "further orders", decimals=0, tolerance=5),
            Field("checkout", "Checkout twenty seconds shorter", "further orders", decimals=0, tolerance=5),
            Field("pictures", "One point more baskets", "further orders", decimals=0, tolerance=3),
            Field("most", "Worth most", options=("speed", "checkout", "pictures"))],
    hint=["The steps multiply: whatever multiplies one step multiplies the orders that pass through it.",
          "Half a second less is the ratio to the power −0.5; speed acts on two steps, and only on Android's orders. "
          "A point at the basket is 0.01 divided by the rate of the step."],
    needs=("shop_visits",),
)
class LeverWorthMost(Exercise):
    praise = ("A low rate is no measure of what can be won; the orders that a lever touches are. Now put the price of "
              "each beside it.")
    explain = ("Orders × (factor − 1), on the orders that the lever touches. Speed: Android's paid visits × ((page × "
               "basket ratio)^−0.5 − 1). Checkout: all paid visits × (ratio^(−1/3) − 1). Pictures: all paid visits × "
               "0.01 / (baskets per opened page).")

    @cached_property
    def ratios(self):
        """What a second of load leaves of openings and of baskets, and a minute of checkout of payments."""
        loads, minutes = samples.by_load(self.tables), samples.by_minute(self.tables)
        fits = [counts.rate_ratios(loads, "viewed", ["load"], ["device"], exposure="visits"),
                counts.rate_ratios(loads, "carted", ["load"], ["device"], exposure="viewed"),
                counts.rate_ratios(minutes, "paid", ["minutes"], ["device"], exposure="checkout")]
        return [round(float(fit.table.ratio.iloc[0]), 3) for fit in fits]

    @cached_property
    def visits(self):
        return samples.shop_visits(self.tables)

    @cached_property
    def paid(self):
        """Visits that ended in an order: all of them, and those on Android."""
        visits = self.visits
        return int(visits.paid.sum()), int((visits.paid & (visits.device == "android")).sum())

    def gains(self, orders, android, seconds=0.5, share=20 / 60):
        (page, basket, pay), visits = self.ratios, self.visits
        return {"speed": android * ((page * basket) ** -seconds - 1), "checkout": orders * (pay**-share - 1),
                "pictures": orders * 0.01 / (visits.carted.sum() / visits.viewed.sum())}

    def right(self):
        gains = self.gains(*self.paid)
        return *gains.values(), max(gains, key=gains.get)

    def mistakes(self):
        yield from conversion.speeds(self)
        yield from conversion.checkouts(self)
        yield from conversion.pictures(self)
        yield {"most": "pictures"}, (
            "A low rate is no measure of what can be won: compare the orders, not the rates.")
        yield {"most": "speed"}, (
            "Speed touches two steps, but only Android's orders, and by half a second. Compare the three numbers.")

    def variants(self):
        return conversion.gains(self)


@exercise(
    "6.3b", title="Uplift with its interval",
    fields=[Field("uplift", "Uplift", "orders per member", decimals=3),
            Field("low", "Low end", "orders per member", decimals=3),
            Field("high", "High end", "orders per member", decimals=3)],
    hint=["Mean outcome of the arm `coupon` less that of `none`, among the members of the segment.",
          "The standard error of a difference is the root of the sum of the two variances, each divided by its own "
          "number of members."],
    needs=("experiments", "customers"),
)
class UpliftWithInterval(Exercise):
    praise = ("Does the interval hold zero? Does it hold twice the estimate? A few hundred members an arm cannot say "
              "more about a segment. By the rule sheet such a group is for half, by a coin.")
    explain = ("Difference of the two means; standard error √(variance₁/n₁ + variance₀/n₀); the interval is the "
               "estimate ± 1.96 of it.")
    SEGMENT = "bargain"

    def arms(self, name="coupon-july", segment=SEGMENT, value=lambda rows: rows.outcome):
        """Mean, variance, size and sum of the members' values in the arm with the coupon, and in the one without."""
        rows = self.rows(name, segment)
        return self.summary(rows, value(rows))

    def rows(self, name="coupon-july", segment=SEGMENT):
        """Members of a trial, of one segment or of all (None)."""
        rows = samples.trial(self.tables, name)
        return rows if segment is None else rows[rows.segment == segment]

    @staticmethod
    def summary(rows, values=None):
        values = rows.outcome if values is None else values
        table = values.groupby(rows.arm).agg(["mean", "var", "size", "sum"])
        return table.loc["coupon"], table.loc["none"]

    @staticmethod
    def interval(coupon, none, error=None, times=1.96):
        """Uplift, low and high end; `error` in place of the standard error of the difference."""
        uplift = coupon["mean"] - none["mean"]
        error = np.sqrt(coupon["var"] / coupon["size"] + none["var"] / none["size"]) if error is None else error
        return uplift, uplift - times * error, uplift + times * error

    def right(self):
        return self.interval(*self.arms())

    def mistakes(self):
        for low, high, sentence in conversion.intervals(self):
            yield {"low": low, "high": high}, sentence
        for value, sentence in conversion.uplifts(self):
            yield {"uplift": value}, sentence

    def variants(self):
        yield from conversion.other_samples(self)
        yield from conversion.other_outcomes(self)


@exercise(
    "6.3c", title="500 coupons",
    hint=["Who buys is not the question; whom does the coupon move? Look at uplift by state and segment in `learn`.",
          "Fit `methods.uplift.two_models(learn, \"outcome\", \"treated\", [\"state\", \"segment\"])` and take the 500 "
          "of `unseen` with the highest prediction."],
    needs=("experiments", "orders", "customers"), points=2,
)
class FiveHundredCoupons(Exercise):
    praise = ("The silent of four to ten weeks, without the office: that is what the learned half of the trial could "
              "tell.")
    explain = ("Fit uplift on one half, rank the other half by its prediction, take the first 500. States of the order "
               "book (silent for four to ten weeks, regular …) "
               "carry the pattern; raw counts of days hide it.")
    MANY = 500

    @cached_property
    def halves(self):
        """The half of the trial that the notebook learns from and the one that it leaves unseen, with true uplift."""
        trial = samples.trial(self.tables, "coupon-july")
        book = samples.order_book(self.tables, trial.assigned.min(), trial.unit_id)
        effect = samples.true_uplift(trial, self.tables.truth)
        return samples.halves(trial.assign(effect=effect, so_far=book.orders.to_numpy()))

    def judge(self, answer):
        ids, problem = coupons_to(answer, self.MANY, *(set(half.unit_id) for half in self.halves))
        if problem:
            return Verdict("wrong", problem)
        unseen = self.halves[1].set_index("unit_id")
        chosen = unseen.loc[ids]
        won, best, lot = chosen.effect.sum(), unseen.effect.nlargest(500).sum(), 500 * unseen.effect.mean()
        score = (f"Your 500 place {won:.0f} further orders; by lot it would be {lot:.0f}, the best possible is "
                 f"{best:.0f}.")
        if won >= 0.85 * best:
            return Verdict("right", f"{score} {FiveHundredCoupons.praise}")
        regulars = (chosen.state == "regular").mean()
        if regulars > 0.4:
            return Verdict("wrong", (
                f"{score} {regulars:.0%} of them are regulars: you chose by propensity to buy. They order anyway, and "
                "some are put off; choose by uplift."), points=0)
        if won < 1.25 * lot:
            return Verdict("wrong", (
                f"{score} That is no better than lots: whatever ranks your list does not say whom the coupon moves."),
                points=0)
        silent = (chosen.state == samples.SILENT).mean()
        office = (chosen.segment == "office").mean()
        if silent > 0.7 and office > 0.1:
            return Verdict("wrong", (
                f"{score} The state is right; {office:.0%} are office buyers, whom the coupon hardly moves. Use the "
                "segment too."), points=0.6)
        return Verdict("wrong", (
            f"{score} Better than lots, but members silent for four to ten weeks are {silent:.0%} of your list; "
            "compare the states' uplift in `learn`."), points=0.4)

    def examples_right(self):
        learn, unseen = self.halves
        model = uplift.two_models(learn, "outcome", "treated", ["state", "segment"])
        silent = unseen[(unseen.state == samples.SILENT) & (unseen.segment != "office")]
        predicted = unseen.assign(score=model.predict(unseen)).nlargest(500, "score").unit_id
        return [predicted, list(silent.unit_id[:500])] if len(silent) >= 500 else [predicted]

    def examples_wrong(self):
        learn, unseen = self.halves
        ids = list(unseen.unit_id)
        silent = unseen[unseen.state == samples.SILENT]
        return [(list(unseen.nlargest(500, "so_far").unit_id), "propensity"), (ids[:500], "no better than lots"),
                (ids[:499], "budget is 500"), (list(learn.unit_id[:500]), "learned from"), (ids[:250] * 2, "twice"),
                (list(silent.unit_id[:500]), "office buyers"), ([True] * 500, "yes and no"),
                ("100119", "That is a text"), (500, "no list"), (None, "no list"), ([float("nan")] * 500, "missing"),
                ([ids[:500]], "lists in it"), (unseen.reset_index(drop=True).index[:500], "row numbers"),
                ((ids[:250], ids[250:500]), "lists in it")]


TIERS = (129, 149, 169, 199, 229, 249, 299, 349)


@exercise(
    "6.3d", title="The tier",
    fields=[Field("tier", "Tier", "yuan", decimals=0),
            Field("share", "Share that must climb", "fraction of the baskets within reach", decimals=3)],
    hint=["Break-even: climbers × (what is left of the piece they add − reward) = baskets already above × reward.",
          "Sum the lines of an order first; then for each tier count the baskets at or above it and those that lack at "
          "most ¥59."],
    needs=("orders", "refunds", "products", "channels"),
)
class Tier(Exercise):
    praise = ("Many baskets just below, few above: that is where a tier costs least. Run it for half of the members, "
              "by a coin, before it is for all: whether so many climb, only that can say.")
    explain = ("share = 6 × (baskets at or above the tier) / ((what is left of ¥59 − 6) × (baskets below it that lack "
               "at most 59)). Those above get the reward for nothing; each climber leaves what is left of the piece, "
               "less the reward.")
    REWARD, PIECE = 6, 59

    @cached_property
    def kept(self):
        """What is left of a yuan paid, as the question gives it."""
        return round(self.left(samples.baskets(self.tables)), 2)

    @staticmethod
    def left(baskets):
        """What is left of a yuan paid, unrounded."""
        return baskets.left.sum() / baskets.paid.sum()

    @cached_property
    def baskets(self):
        return samples.shop_lines(self.tables).groupby("order_id").paid_amount.sum()

    def table(self, baskets=None, reward=None, piece=None, gain=None):
        """Tiers with above, near and break_even; what is not given is as in the question."""
        reward, piece = self.REWARD if reward is None else reward, self.PIECE if piece is None else piece
        gain = self.kept * piece - reward if gain is None else gain
        found = samples.tiers(self.baskets if baskets is None else baskets, TIERS, reward, gain, piece)
        return found.set_index("tier")

    @staticmethod
    def lowest(share):
        return share.idxmin(), share.min()

    def right(self):
        return self.lowest(self.table().break_even)

    def alternatives(self):
        gain = self.left(samples.baskets(self.tables)) * self.PIECE - self.REWARD
        yield self.lowest(self.table(gain=gain).break_even)

    def mistakes(self):
        yield from conversion.other_tiers(self)
        yield from conversion.parts_of_the_share(self)

    def variants(self):
        for table, sentence in (*conversion.other_baskets(self), *conversion.other_money(self)):
            yield self.lowest(table.break_even), sentence
        for shares, sentence in conversion.other_shares(self):
            yield self.lowest(shares), sentence
