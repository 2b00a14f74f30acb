"""Exercises of section 6.3, Turning visits into orders."""

from functools import cached_property

import numpy as np

from liveshop.course.chapter_6 import samples
from liveshop.course.chapter_6.lists import coupons_to
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

    def variants(self):
        (orders, android), visits, gains = self.paid, self.visits, self.gains(*self.paid)
        android_visits = (visits.device == "android").sum()
        yield self.gains(len(visits), android_visits), (
            "You multiplied all visits. The factor multiplies orders: start from the paid visits.")
        yield self.gains(1, 1), "Those are factors less one, a gain for each order. Multiply by the orders they touch."
        yield {"speed": gains["speed"] + android, "checkout": gains["checkout"] + orders,
               "pictures": gains["pictures"] + orders}, (
            "Those are the orders afterwards. Further orders are asked: take today's off.")
        yield self.gains(orders / 26, android / 26), "Those are orders a week. The half-year is asked."
        yield self.gains(orders, android, -0.5, -20 / 60), (
            "Those are negative: you took the ratio to a positive power. Less time is a negative power.")
        (page, basket, pay) = self.ratios
        yield {"speed": android * (1 - (page * basket) ** 0.5), "checkout": orders * (1 - pay ** (20 / 60))}, (
            "That is what so much more time would cost. To take time away, divide by the ratio instead of multiplying.")
        yield {"speed": android * 0.5 * (1 - page * basket), "checkout": orders * (1 - pay) / 3}, (
            "Close, but ratios go by powers: to the power −0.5 or −1/3, less one. You took a part of the loss.")
        yield {"speed": android * 0.5 * (1 / (page * basket) - 1), "checkout": orders * (1 / pay - 1) / 3}, (
            "Close, but ratios go by powers: to the power −0.5 or −1/3, less one. You took a part of the gain.")

    def mistakes(self):
        visits, (orders, android), (page, basket, pay) = self.visits, self.paid, self.ratios
        gain, shorter = (page * basket) ** -0.5 - 1, pay ** (-20 / 60) - 1
        for value, sentence in (
            (orders * gain, "You sped up every device. Only Android gets faster: take the orders that came on "
                            "Android."),
            ((visits.paid & (visits.device == "ios")).sum() * gain, "Those are iOS orders. Android gets faster."),
            (android * (page**-0.5 - 1), "You counted the page openings and left out the baskets. A slow page costs at "
                                         "both steps: multiply the two ratios."),
            (android * (basket**-0.5 - 1), "You counted the baskets and left out the page openings. A slow page costs "
                                           "at both steps: multiply the two ratios."),
            (android * (1 / (page * basket) - 1), "That is a whole second. Half a second is the ratio to the power "
                                                  "−0.5."),
            (android * 0.5 * (2 - page - basket), "You added the losses. The steps multiply: take the product of the "
                                                  "ratios to the power −0.5."),
            (android * (page**-0.5 + basket**-0.5 - 2), "You added the two gains. The steps multiply: take the product "
                                                        "of the ratios to the power −0.5."),
        ):
            yield {"speed": value}, sentence
        yield {"checkout": orders * (1 / pay - 1)}, (
            "That is a whole minute. Twenty seconds are a third of it: the ratio to the power −1/3.")
        yield {"checkout": orders * (pay**-20 - 1)}, (
            "You took twenty minutes. The ratio is per minute, and twenty seconds are a third of one.")
        yield {"checkout": orders * (pay**-0.2 - 1)}, "Twenty seconds are a third of a minute, not a fifth."
        yield {"checkout": android * shorter}, "Checkout gets shorter for everybody, not on Android alone."
        yield {"checkout": visits.checkout.sum() * shorter}, (
            "You started from the checkouts begun. The factor multiplies the payments, so start from paid visits.")
        yield {"pictures": orders * 0.01}, (
            "That is one per cent. A point is more than that on a low rate: divide 0.01 by the rate of the step.")
        yield {"pictures": visits.viewed.sum() * 0.01}, (
            "Those are further baskets. Not every basket is paid for: carry them through the steps behind.")
        yield {"pictures": len(visits) * 0.01}, (
            "That is one visit in a hundred. The point is of the opened pages, and not every basket is paid for.")
        yield {"pictures": orders * 0.01 / visits.carted.mean()}, (
            "You divided by baskets per visit. The point is one of the visits that open a page: divide by baskets per "
            "opened page.")
        yield {"pictures": android * 0.01 * visits.viewed.sum() / visits.carted.sum()}, (
            "Pictures are for everybody, not for Android alone.")
        yield {"pictures": visits.carted.sum() * 0.01}, (
            "That is one per cent of the baskets. A point is one of a hundred opened pages; carry it through to "
            "orders: paid visits × 0.01 / the rate of the step.")
        yield {"most": "pictures"}, (
            "That is the step with the lowest rate. A low rate is no measure of what can be won: compare the orders, "
            "not the rates.")
        yield {"most": "speed"}, (
            "Speed touches two steps, but only Android's orders, and by half a second. Compare the three numbers.")


@exercise(
    "6.3b", title="Uplift with its interval",
    fields=[Field("uplift", "Uplift", "orders per member", decimals=3, tolerance=0.002),
            Field("low", "Low end", "orders per member", decimals=3, tolerance=0.002),
            Field("high", "High end", "orders per member", decimals=3, tolerance=0.002)],
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
        rows = samples.trial(self.tables, name)
        rows = rows if segment is None else rows[rows.segment == segment]
        table = value(rows).groupby(rows.arm).agg(["mean", "var", "size", "sum"])
        return table.loc["coupon"], table.loc["none"]

    @staticmethod
    def interval(coupon, none, error=None, times=1.96):
        """Uplift, low and high end; `error` in place of the standard error of the difference."""
        uplift = coupon["mean"] - none["mean"]
        error = np.sqrt(coupon["var"] / coupon["size"] + none["var"] / none["size"]) if error is None else error
        return uplift, uplift - times * error, uplift + times * error

    def right(self):
        return self.interval(*self.arms())

    def variants(self):
        yield self.interval(*self.arms(segment=None)), "That is the whole trial. Keep the members of the segment only."
        for other in ("office", "weekend", "basics"):
            yield self.interval(*self.arms(segment=other)), f"That is the segment {other}. Take {self.SEGMENT}."
        for other in ("coupon-may", "coupon-april"):
            yield self.interval(*self.arms(other)), (
                f"That is {other}, for which somebody chose the members. Only coupon-july was decided by a coin.")
        yield self.interval(*self.arms(value=lambda rows: rows.outcome - rows.before)), (
            "You subtracted the orders before. Before covers eight weeks and the outcome four, so the difference "
            "mixes the two; the coin has made the arms alike already.")
        yield self.interval(*self.arms(value=lambda rows: (rows.outcome > 0).astype(float))), (
            "That is the share with any order. The uplift in orders counts them all.")
        coupon, none = self.arms()
        yield self.interval(none, coupon), "You turned it round: treated less control."
        uplift, low, high = self.right()
        yield np.array([uplift, low, high]) / none["mean"], (
            "That is the relative uplift. The question asks for orders per member.")
        for arm, name in ((coupon, "with"), (none, "without")):
            error = np.sqrt(arm["var"] / arm["size"])
            yield (arm["mean"], arm["mean"] - 1.96 * error, arm["mean"] + 1.96 * error), (
                f"That is what members {name} a coupon ordered. The uplift is the difference between the two arms.")

    def mistakes(self):
        coupon, none = self.arms()
        uplift, low, _ = self.right()
        rows = samples.trial(self.tables, "coupon-july").query("segment == @self.SEGMENT")
        spread = rows.outcome.std()
        for error, sentence in (
            (np.sqrt(coupon["var"] / coupon["size"]), "That is the standard error of one mean. A difference carries "
                                                      "the error of both: add their squares, then take the root."),
            (np.sqrt(none["var"] / none["size"]), "That is the standard error of one mean. A difference carries the "
                                                  "error of both: add their squares, then take the root."),
            (np.sqrt(coupon["var"] + none["var"]), "You used the scatter of members, not of the means: divide each "
                                                   "variance by the number of members."),
            (spread, "That is the standard deviation: the scatter of members, not of the means. Divide each variance "
                     "by the number of members."),
            (np.sqrt(coupon["var"] / coupon["size"]) + np.sqrt(none["var"] / none["size"]),
             "You added the standard errors. Add the variances, then take the root."),
            (coupon["var"] / coupon["size"] + none["var"] / none["size"],
             "That is the variance of the difference. Its root is the standard error."),
        ):
            yield dict(zip(("low", "high"), self.interval(coupon, none, error)[1:], strict=True)), sentence
        for times, sentence in (
            (1.0, "That is half of it: one standard error, or the one of the mean of all members. A 95 % interval "
                  "takes 1.96 standard errors of the difference."),
            (1.645, "That is a 90 % interval, with 1.645 standard errors. 95 % takes 1.96."),
            (2.576, "That is a 99 % interval, with 2.576 standard errors. 95 % takes 1.96."),
            (2.0, "You took 2 standard errors. Asked is 1.96."),
        ):
            yield dict(zip(("low", "high"), self.interval(coupon, none, times=times)[1:], strict=True)), sentence
        half = uplift - low
        yield {"low": half, "high": half}, "That is half the width. Take it from the estimate, and add it to it."
        yield {"low": -half, "high": half}, "That lies around zero. Put the interval around the estimate."
        july = samples.trial(self.tables, "coupon-july")
        used = rows.unit_id.isin(july.unit_id[samples.used_coupon(self.tables, july)])
        yield {"uplift": rows.outcome[used].mean() - rows.outcome[~used].mean()}, (
            "You compared those who used the coupon with the others. Nobody uses a coupon without ordering; compare "
            "those who got one with those who did not.")
        yield {"uplift": coupon["sum"] - none["sum"]}, "Those are orders in all. The uplift is per member: take means."


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
        baskets = samples.baskets(self.tables)
        return round(baskets.left.sum() / baskets.paid.sum(), 2)

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

    def variants(self):
        orders, lines = self.tables.orders, samples.shop_lines(self.tables)
        paid = orders[orders.paid.notna()]
        for rows, sentence in [
            (paid, "You took the orders of all sources. The tier is the social shop's."),
            (orders[orders.source == "social"], "Unpaid orders are in your baskets. Keep the lines with a time in "
                                                "`paid`."),
            *((paid[paid.source == source], f"Those are baskets of the source {source}. The tier is the social shop's.")
              for source in sorted(set(paid.source) - {"social"})),
        ]:
            yield self.lowest(self.table(rows.groupby("order_id").paid_amount.sum()).break_even), sentence
        yield self.lowest(self.table(lines.paid_amount).break_even), (
            "You took order lines. A basket is all lines of an order: sum `paid_amount` by `order_id` first.")
        yield self.lowest(self.table(lines.groupby("order_id").list_amount.sum()).break_even), (
            "Those are list prices. A basket reaches a tier by what is paid for it: `paid_amount`.")
        yield self.lowest(self.table(lines.groupby("customer_id").paid_amount.sum()).break_even), (
            "You summed by customer. A basket is one order: sum by `order_id`.")
        kept, piece, reward = self.kept, self.PIECE, self.REWARD
        for table, sentence in (
            (self.table(reward=8, piece=69), "That is the example of the text, with ¥8 and a piece of ¥69. Here they "
                                             "are ¥6 and ¥59."),
            (self.table(reward=8), "That is with the text's reward of ¥8. Here it is ¥6."),
            (self.table(piece=69), "That is with the text's piece of ¥69. Here it is ¥59."),
            (self.table(gain=piece - reward), "You counted what climbers pay. What they leave is the part that is left "
                                              "of the piece, less the reward."),
            (self.table(gain=kept * piece), "Climbers get the reward as well: take 6 from what is left of the piece."),
            (self.table(gain=kept * (piece - reward)), "The reward is paid in full: take 6 from what is left of the "
                                                       "piece, not from its price."),
        ):
            yield self.lowest(table.break_even), sentence
        table, gain = self.table(), kept * piece - reward
        below = 1 - table.above
        for share, sentence in (
            (reward * table.above / (gain * below), "You let every basket below climb. Only those that lack at most "
                                                    "¥59 are one step away."),
            (reward * below / (gain * table.near), "You paid the reward to the baskets below. It goes to all at or "
                                                   "above the tier."),
            (reward / (gain * table.near), "You paid the reward to every basket. It goes to those at or above the "
                                           "tier."),
            (table.above / table.near, "You left out the money: the reward on top, what a climber leaves below."),
            (reward * table.above / gain, "That is the share of all baskets. The question asks for the share of those "
                                          "within reach."),
        ):
            yield self.lowest(share), sentence

    def mistakes(self):
        table, (best, share) = self.table(), self.right()
        mean = min(TIERS, key=lambda tier: abs(tier - self.baskets.mean()))
        said = {
            table.near.idxmax(): "That tier has the most baskets within reach. Those already above it collect as well: "
                                 "compare the two counts.",
            mean: "That is the tier next to the average basket. The mean is pulled up by a few large baskets; look "
                  "for the tier with many just below and few above.",
            table.above.idxmin(): "That tier has the fewest above, and few within reach as well: compare the counts.",
        }
        for tier in TIERS:
            if tier != best:
                sentence = said.get(tier, "At that tier more of the baskets near it must climb. Compare all tiers.")
                yield {"tier": tier, "share": table.break_even[tier]}, sentence
                yield {"tier": tier}, sentence
        yield {"share": share * table.near[best]}, (
            "That is the share of all baskets. The question asks for the share of those within reach.")
