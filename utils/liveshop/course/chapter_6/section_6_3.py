"""Exercises of section 6.3, Turning visits into orders."""

from functools import cached_property

import numpy as np
import pandas as pd

from liveshop.course.chapter_6 import samples
from liveshop.course.chapter_6.lists import id_list
from liveshop.methods import uplift
from liveshop.practice import Exercise, Field, Verdict, exercise

PAGE, BASKET, PAY = 0.896, 0.950, 0.849      # given in the question: per second, per second, per minute


@exercise(
    "6.3a", title="The lever worth most",
    fields=[Field("speed", "Half a second faster on Android", "further orders", decimals=0, tolerance=2),
            Field("checkout", "Checkout twenty seconds shorter", "further orders", decimals=0, tolerance=2),
            Field("pictures", "One point more baskets", "further orders", decimals=0, tolerance=2),
            Field("most", "Worth most", options=("speed", "checkout", "pictures"))],
    hint="The steps multiply: whatever multiplies one step multiplies the orders that pass through it. Half a second "
         "less is the ratio to the power −0.5; "
         "speed acts on two steps, and only on Android's orders. A point at the basket is 0.01 divided by the rate of "
         "the step.",
    needs=("shop_visits",),
)
class LeverWorthMost(Exercise):
    praise = ("The lowest rate comes last: a point there is worth most of all points, and still less than twenty "
              "seconds of typing. "
              "Now put the price of each beside it.")
    explain = ("Orders × (factor − 1), on the orders that the lever touches. Speed: Android's paid visits × ((0.896 × "
               "0.950)^−0.5 − 1). "
               "Checkout: all paid visits × (0.849^(−1/3) − 1). Pictures: all paid visits × 0.01 / (baskets per "
               "opened page).")
    code = ('visits = tables.shop_visits\n'
            'paid = visits[visits.order_id.notna()]\n'
            'speed_orders = (paid.device == "android").sum() * ((0.896 * 0.950) ** -0.5 - 1)\n'
            'checkout_orders = len(paid) * (0.849 ** (-20 / 60) - 1)\n'
            'picture_orders = len(paid) * 0.01 / (visits.carted.sum() / visits.viewed.sum())\n'
            'worth_most = "checkout"')

    @cached_property
    def paid(self):
        """Visits that ended in an order: all of them, and those on Android."""
        visits = samples.shop_visits(self.tables)
        return int(visits.paid.sum()), int((visits.paid & (visits.device == "android")).sum())

    def right(self):
        visits, (orders, android) = self.tables.shop_visits, self.paid
        gains = {"speed": android * ((PAGE * BASKET) ** -0.5 - 1), "checkout": orders * (PAY ** (-20 / 60) - 1),
                 "pictures": orders * 0.01 / (visits.carted.sum() / visits.viewed.sum())}
        return *gains.values(), max(gains, key=gains.get)

    def mistakes(self):
        visits, (orders, android) = self.tables.shop_visits, self.paid
        yield {"speed": orders * ((PAGE * BASKET) ** -0.5 - 1)}, (
            "You sped up every device. Only Android gets faster: take the orders that came on Android.")
        yield {"speed": android * (PAGE**-0.5 - 1)}, (
            "You counted the page openings and left out the baskets. A slow page costs at both steps: multiply the "
            "two ratios.")
        yield {"speed": android * ((PAGE * BASKET) ** -1 - 1)}, (
            "That is a whole second. Half a second is the ratio to the power −0.5.")
        yield {"speed": android * (1 - (PAGE * BASKET) ** 0.5)}, (
            "That is what half a second more would cost. To take half a second away, divide by the ratio instead of "
            "multiplying.")
        yield {"speed": android * 0.5 * (1 - PAGE * BASKET)}, (
            "That is half of the loss of a whole second. Ratios go by powers: the product to the power −0.5, less "
            "one.")
        yield {"speed": android * 0.5 * (2 - PAGE - BASKET)}, (
            "You added the losses. The steps multiply: take the product of the ratios to the power −0.5.")
        yield {"checkout": orders * (PAY ** -1 - 1)}, (
            "That is a whole minute. Twenty seconds are a third of it: the ratio to the power −1/3.")
        yield {"checkout": orders * (1 - PAY ** (20 / 60))}, (
            "That is what twenty seconds more would cost. To take them away, divide by the ratio instead of "
            "multiplying.")
        yield {"checkout": orders * (1 - PAY) / 3}, "Close, but ratios go by powers: 0.849 to the power −1/3, less one."
        yield {"checkout": visits.checkout.sum() * (PAY ** (-20 / 60) - 1)}, (
            "You started from the checkouts begun. The factor multiplies the payments, so start from paid visits.")
        yield {"pictures": orders * 0.01}, (
            "That is one per cent. One point on a rate of a third is about three per cent: divide 0.01 by the rate of "
            "the step.")
        yield {"pictures": visits.viewed.sum() * 0.01}, (
            "Those are further baskets. Not every basket is paid for: carry them through the steps behind.")
        yield {"pictures": orders * 0.01 / visits.carted.mean()}, (
            "You divided by baskets per visit. The point is one of the visits that open a page: divide by baskets per "
            "opened page.")
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
            Field("low", "Low end", "orders per member", decimals=3, tolerance=0.003),
            Field("high", "High end", "orders per member", decimals=3, tolerance=0.003)],
    hint="Mean outcome of the arm `coupon` less that of `none`. The standard error of a difference is the root of the "
         "sum of the two variances, each divided by its own number of members.",
    needs=("experiments", "customers"),
)
class UpliftWithInterval(Exercise):
    praise = ("The interval holds zero, and it holds twice the estimate too: six hundred members an arm cannot say "
              "more about a segment. "
              "By the rule sheet this is a group for half, by a coin.")
    explain = ("Difference of the two means; standard error √(variance₁/n₁ + variance₀/n₀); the interval is the "
               "estimate ± 1.96 of it.")
    code = ('basics = tables.customers.query("segment == \'basics\'").customer_id.astype(str)\n'
            'july = tables.experiments.query("experiment_id == \'coupon-july\'")\n'
            'arms = july[july.unit_id.isin(basics)].groupby("arm").outcome.agg(["mean", "var", "size"])\n'
            'uplift_basics = arms["mean"]["coupon"] - arms["mean"]["none"]\n'
            'half = 1.96 * np.sqrt((arms["var"] / arms["size"]).sum())\n'
            'low_basics, high_basics = uplift_basics - half, uplift_basics + half')

    @cached_property
    def july(self):
        return samples.trial(self.tables, "coupon-july")

    @cached_property
    def basics(self):
        return self.july[self.july.segment == "basics"]

    @staticmethod
    def arms(rows):
        return rows.groupby("arm").outcome.agg(["mean", "var", "size", "sum"])

    @staticmethod
    def difference(arms):
        """Uplift and its standard error."""
        error = np.sqrt((arms["var"] / arms["size"]).sum())
        return float(arms["mean"]["coupon"] - arms["mean"]["none"]), float(error)

    def right(self):
        estimate, error = self.difference(self.arms(self.basics))
        return estimate, estimate - 1.96 * error, estimate + 1.96 * error

    def mistakes(self):
        july, arms = self.basics, self.arms(self.basics)
        estimate, error = self.difference(arms)
        whole, its_error = self.difference(self.arms(self.july))
        yield {"uplift": arms["mean"]["coupon"]}, (
            "That is what members with a coupon ordered. Most of it they would have ordered without: take the "
            "controls away.")
        yield {"uplift": -estimate}, "You turned it round: treated less control."
        yield {"uplift": whole}, "That is the whole trial. Keep the members of the segment basics only."
        yield {"uplift": estimate / arms["mean"]["none"]}, (
            "That is the relative uplift. The question asks for orders per member.")
        may = samples.trial(self.tables, "coupon-may")
        may = self.difference(self.arms(may[may.segment == "basics"]))[0]
        yield {"uplift": may}, (
            "That is coupon-may, which went to those who buy most. Only coupon-july was decided by a coin.")
        used = samples.used_coupon(self.tables, july)
        yield {"uplift": july.outcome[used].mean() - july.outcome[~used].mean()}, (
            "You compared those who used the coupon with the others. Nobody uses a coupon without ordering; compare "
            "those who got one with those who did not.")
        change = (july.outcome - july.before).groupby(july.arm).mean()
        yield {"uplift": change["coupon"] - change["none"]}, (
            "You subtracted the orders before. Before covers eight weeks and the outcome four, so the difference "
            "mixes the two; the coin has made the arms alike already.")
        yield {"low": estimate + 1.96 * error, "high": estimate - 1.96 * error}, (
            "You gave the two ends in the other order: the low one first.")
        for name, sign in (("low", -1), ("high", 1)):
            yield {name: whole + sign * 1.96 * its_error}, (
                "That is the interval of the whole trial. Keep the members of the segment basics only.")
            yield {name: estimate + sign * error}, "That is one standard error. A 95 % interval takes 1.96 of them."
            yield {name: estimate + sign * 1.96 * float(np.sqrt(arms["var"].sum()))}, (
                "You used the scatter of members, not of the means: divide each variance by the number of members.")
            yield {name: estimate + sign * 1.96 * float(np.sqrt(arms["var"] / arms["size"]).sum())}, (
                "You added the standard errors. Add the variances, then take the root.")


@exercise(
    "6.3c", title="500 coupons",
    hint="Who buys is not the question; whom does the coupon move? Look at uplift by state and segment in `learn`, "
         "or fit `methods.uplift.two_models(learn, \"outcome\", "
         "\"treated\", [\"state\", \"segment\"])` and take the 500 of `unseen` with the highest prediction.",
    needs=("experiments", "orders", "customers"), points=2,
)
class FiveHundredCoupons(Exercise):
    praise = ("The silent of four to ten weeks, without the office: that is what the learned half of the trial could "
              "tell.")
    explain = ("Fit uplift on one half, rank the other half by its prediction, take the first 500. States of the order "
               "book (silent for four to ten weeks, regular …) "
               "carry the pattern; raw counts of days hide it.")
    code = ('model = methods.uplift.two_models(learn, "outcome", "treated", ["state", "segment"])\n'
            'chosen_500 = unseen.assign(score=model.predict(unseen)).nlargest(500, "score").unit_id')

    MANY = 500

    @cached_property
    def halves(self):
        """The half of the trial that the notebook learns from and the one that it leaves unseen, with true uplift."""
        trial = samples.trial(self.tables, "coupon-july")
        book = samples.order_book(self.tables, trial.assigned.min(), trial.unit_id)
        effect = samples.true_uplift(trial, self.tables.truth)
        return samples.halves(trial.assign(effect=effect, so_far=book.orders.to_numpy()))

    def chosen_by(self, answer):
        """(the unit_ids of an answer, "") or (None, the sentence that says why they are not 500 of the unseen)."""
        if isinstance(answer, pd.DataFrame):
            if "unit_id" not in answer:
                return None, "Give the `unit_id` of 500 members, not a table without that column."
            answer = answer.unit_id
        ids, problem = id_list(answer, "A list or Series of 500 `unit_id` is asked.")
        if problem:
            return None, problem
        ids = [str(one) for one in ids]
        if len(ids) and all(one in ("True", "False") for one in ids):
            return None, "Those are yes and no. Give the `unit_id` of the 500 chosen: `unseen.unit_id[chosen]`."
        if len(set(ids)) < len(ids):
            return None, f"{len(ids) - len(set(ids))} members are on the list twice; one coupon each."
        if len(ids) != self.MANY:
            return None, f"The budget is 500 coupons; your list has {len(ids):,}."
        learned, unseen = (set(half.unit_id) for half in self.halves)
        strangers = [one for one in ids if one not in unseen]
        if len(strangers) > 400 and all(one.isdigit() and int(one) < len(learned | unseen) for one in ids):
            return None, "Those look like row numbers, the index of the table. Give the `unit_id` of these rows."
        if strangers:
            known = sum(one in learned for one in strangers)
            more = f"; {known} are members that the model learned from." if known else "."
            return None, f"{len(strangers)} of the 500 are not in `unseen`{more}"
        return ids, ""

    def judge(self, answer):
        ids, problem = self.chosen_by(answer)
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
REWARD, PIECE, MARGIN = 6, 59, 0.59


@exercise(
    "6.3d", title="The tier",
    fields=[Field("tier", "Tier", "yuan", decimals=0),
            Field("share", "Share that must climb", "fraction of the baskets within reach", decimals=3)],
    hint="Break-even: climbers × (margin of what they add − reward) = baskets already above × reward. Sum the lines "
         "of an order first; then for each tier count the baskets at or above it and those that lack at most ¥59.",
    needs=("orders",),
)
class Tier(Exercise):
    praise = ("Just above the hump of one-piece baskets, and below the mean of all baskets, which a few large ones "
              "pull up. "
              "A third must climb: run it for half of the members, by a coin, before it is for all.")
    explain = ("share = 6 × (baskets at or above the tier) / ((0.59 × 59 − 6) × (baskets below it that lack at most "
               "59)). "
               "Those above get the reward for nothing; each climber leaves 34.81 − 6.")
    code = ('social = tables.orders[(tables.orders.source == "social") & tables.orders.paid.notna()]\n'
            'baskets = social.groupby("order_id").paid_amount.sum()\n'
            'shares = pd.Series({T: 6 * (baskets >= T).mean() / ((0.59 * 59 - 6) * ((baskets < T) & (baskets >= T - '
            '59)).mean())\n'
            '                    for T in (129, 149, 169, 199, 229, 249, 299, 349)})\n'
            'tier, break_even = shares.idxmin(), shares.min()')

    @cached_property
    def baskets(self):
        return samples.shop_lines(self.tables).groupby("order_id").paid_amount.sum()

    @staticmethod
    def table(baskets, gain=MARGIN * PIECE - REWARD):
        return samples.tiers(baskets, TIERS, REWARD, gain, PIECE).set_index("tier")

    @cached_property
    def tiers(self):
        return self.table(self.baskets)

    def right(self):
        return self.tiers.break_even.idxmin(), self.tiers.break_even.min()

    def mistakes(self):
        baskets, tiers, (best, share) = self.baskets, self.tiers, self.right()
        mean = min(TIERS, key=lambda tier: abs(tier - baskets.mean()))
        if mean != best:
            yield {"tier": mean, "share": tiers.break_even[mean]}, (
                "That is the tier next to the average basket. The mean is pulled up by a few large baskets; look for "
                "the tier with many just below and few above.")
            yield {"tier": mean}, (
                "That is the tier next to the average basket. The mean is pulled up by a few large baskets; compare "
                "the shares that must climb.")
        tops = tiers.near.idxmax()
        if tops != best:
            yield {"tier": tops, "share": tiers.break_even[tops]}, (
                "That tier has the most baskets within reach. Those already above it collect as well: compare the two "
                "counts.")
        text = samples.tiers(baskets, [best], 8, MARGIN * 69 - 8, 69).break_even[0]
        yield {"share": text}, "That is the example of the text, with ¥8 and a piece of ¥69. Here they are ¥6 and ¥59."
        pays, leaves = self.table(baskets, PIECE - REWARD), self.table(baskets, MARGIN * PIECE)
        yield {"share": pays.break_even.min()}, (
            "You counted what climbers pay. What they leave is the margin of the piece: 0.59 × 59, less the reward.")
        yield {"share": leaves.break_even.min()}, (
            "Climbers get the reward as well: take 6 from the margin of the piece.")
        below, gain = 1 - tiers.above, MARGIN * PIECE - REWARD
        yield {"share": (REWARD * tiers.above / (gain * below)).min()}, (
            "You let every basket below climb. Only those that lack at most ¥59 are one step away.")
        yield {"share": (REWARD * below / (gain * tiers.near)).min()}, (
            "You paid the reward to the baskets below. It goes to all at or above the tier.")
        orders = self.tables.orders
        lines = samples.shop_lines(self.tables).paid_amount
        yield {"share": self.table(lines).break_even.min()}, (
            "You took order lines. A basket is all lines of an order: sum `paid_amount` by `order_id` first.")
        everything = orders[orders.paid.notna()].groupby("order_id").paid_amount.sum()
        yield {"share": self.table(everything).break_even.min()}, (
            "You took the orders of all sources. The tier is the social shop's.")
        unpaid = orders[orders.source == "social"].groupby("order_id").paid_amount.sum()
        yield {"share": self.table(unpaid).break_even.min()}, (
            "Unpaid orders are in your baskets. Keep the lines with a time in `paid`.")
        yield {"share": share * tiers.near[best]}, (
            "That is the share of all baskets. The question asks for the share of those within reach.")
        yield {"share": 1 / share}, "You turned the ratio round."
