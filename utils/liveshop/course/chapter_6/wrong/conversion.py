"""Wrong ways in section 6.3: orders to be won, the interval of an uplift, and the place of a tier."""

import numpy as np
import pandas as pd

from liveshop.course.chapter_6 import samples

# -- the lever worth most (6.3a) ---------------------------------------------------------------------------


def gains(asked):
    """Slips that show in all three gains."""
    (orders, android), visits, right = asked.paid, asked.visits, asked.gains(*asked.paid)
    page, basket, pay = asked.ratios
    yield asked.gains(len(visits), (visits.device == "android").sum()), (
        "You multiplied all visits. The factor multiplies orders: start from the paid visits.")
    yield asked.gains(1, 1), "Those are factors less one, a gain for each order. Multiply by the orders they touch."
    yield {"speed": right["speed"] + android, "checkout": right["checkout"] + orders,
           "pictures": right["pictures"] + orders}, (
        "Those are the orders afterwards. Further orders are asked: take today's off.")
    for parts, span in ((26, "week"), (6, "month"), (182, "day"), (0.5, "year")):
        yield asked.gains(orders / parts, android / parts), f"Those are orders a {span}. The half-year is asked."
    yield asked.gains(orders, android, -0.5, -20 / 60), (
        "Those are negative: you took the ratio to a positive power. Less time is a negative power.")
    yield {"speed": android * (1 - (page * basket) ** 0.5), "checkout": orders * (1 - pay ** (20 / 60))}, (
        "That is what so much more time would cost. To take time away, divide by the ratio instead of multiplying.")
    yield {"speed": android * 0.5 * (1 - page * basket), "checkout": orders * (1 - pay) / 3}, (
        "Close, but ratios go by powers: to the power −0.5 or −1/3, less one. You took a part of the loss.")
    yield {"speed": android * 0.5 * (1 / (page * basket) - 1), "checkout": orders * (1 / pay - 1) / 3}, (
        "Close, but ratios go by powers: to the power −0.5 or −1/3, less one. You took a part of the gain.")
    yield {"speed": -0.5 * android * np.log(page * basket), "checkout": -orders * np.log(pay) / 3}, (
        "Close, but you used the logarithm as if it were the gain. Take the power, less one.")


def speeds(asked):
    """Other orders, steps and seconds for the faster pages."""
    visits, (orders, android), (page, basket, _) = asked.visits, asked.paid, asked.ratios
    gain = (page * basket) ** -0.5 - 1
    devices = "Only Android gets faster: take the orders that came on Android."
    both = "A slow page costs at both steps, openings and baskets: multiply the two ratios."
    product = "The steps multiply: take the product of the ratios to the power −0.5, less one."
    for value, sentence in (
        (orders * gain, f"You sped up every device. {devices}"),
        (orders * (visits.device == "android").mean() * gain, f"You took Android's share of the visits. {devices}"),
        (android * (page**-0.5 - 1), f"You left out the baskets. {both}"),
        (android * (basket**-0.5 - 1), f"You left out the page openings. {both}"),
        (android * (1 - page) / 2, f"You left out the baskets, and took half of a loss. {both}"),
        (orders * (page**-0.5 - 1), f"You left out the baskets, and sped up every device. {both}"),
        (android * (1 / (page * basket) - 1), "That is a whole second. Half a second is the ratio to the power −0.5."),
        (android * (1 - page * basket), "That is what a whole second more would cost. Take half a second away."),
        (android * ((page * basket) ** -2 - 1), "You took two seconds. Half a second is the power −0.5."),
        (android * ((page * basket) ** -0.05 - 1), "You took a twentieth of a second. Half of one is the power −0.5."),
        (android * 0.5 * (2 - page - basket), f"You added the losses. {product}"),
        (android * (page**-0.5 + basket**-0.5 - 2), f"You added the two gains. {product}"),
        *((((visits.paid & (visits.device == device)).sum()) * gain, f"Those are orders on {device}. {devices}")
          for device in sorted(set(visits.device) - {"android"})),
        (visits[visits.device == "android"].viewed.sum() * (page**-0.5 - 1), "Those are page openings. Carry them "
                                                                            "through to orders."),
    ):
        yield {"speed": value}, sentence


def checkouts(asked):
    """Other orders and times for the shorter checkout."""
    visits, (orders, android), (_, _, pay) = asked.visits, asked.paid, asked.ratios
    shorter = pay ** (-20 / 60) - 1
    third = "Twenty seconds are a third of a minute: the ratio to the power −1/3."
    for value, sentence in (
        (orders * (1 / pay - 1), f"That is a whole minute. {third}"),
        (orders * (1 - pay), f"That is what a whole minute more would cost. {third}"),
        (orders * (pay**-20 - 1), f"You took twenty minutes. {third}"),
        (orders * (pay**-0.2 - 1), f"You took a fifth of a minute. {third}"),
        (orders * (pay**-0.5 - 1), f"You took half a minute. {third}"),
        (orders * (pay ** (-40 / 60) - 1), f"You took forty seconds. {third}"),
        (android * shorter, "Checkout gets shorter for everybody, not on Android alone."),
        (visits.checkout.sum() * shorter, "You started from the checkouts begun. The factor multiplies the payments, "
                                          "so start from paid visits."),
        (visits.carted.sum() * shorter, "You started from the baskets. The factor multiplies the payments."),
    ):
        yield {"checkout": value}, sentence


def pictures(asked):
    """Other bases and steps for one point more."""
    visits, (orders, android) = asked.visits, asked.paid
    rate = visits.carted.sum() / visits.viewed.sum()
    other = "The point is of the opened pages that fill a basket: divide by baskets per opened page."
    for value, sentence in (
        (orders * 0.01, "That is one per cent. A point is more than that on a low rate: divide 0.01 by the rate of the "
                        "step."),
        (visits.viewed.sum() * 0.01, "Those are further baskets. Not every basket is paid for: carry them through the "
                                     "steps behind."),
        (len(visits) * 0.01, "That is one visit in a hundred. The point is of the opened pages, and not every basket "
                             "is paid for."),
        (orders * 0.01 / visits.carted.mean(), f"You divided by baskets per visit. {other}"),
        (orders * 0.01 / visits.viewed.mean(), f"You divided by the rate of opening a page. {other}"),
        (orders * 0.01 / (visits.checkout.sum() / visits.carted.sum()), f"You divided by the rate of checkout. {other}"
                                                                        f""),
        (orders * 0.01 / (orders / visits.checkout.sum()), f"You divided by the rate of paying. {other}"),
        (orders * 0.01 * rate, "You multiplied by the rate of the step. Divide by it."),
        (android * 0.01 / rate, "Pictures are for everybody, not for Android alone."),
        (orders * ((rate + 0.1) / rate - 1), "You took ten points. One point is 0.01."),
        (visits.carted.sum() * 0.01, "That is one per cent of the baskets. A point is one of a hundred opened pages; "
                                     "carry it through to orders: paid visits × 0.01 / the rate of the step."),
    ):
        yield {"pictures": value}, sentence


# -- the interval of an uplift (6.3b) ----------------------------------------------------------------------


def other_samples(asked):
    """Uplift and ends of other members or trials."""
    yield asked.interval(*asked.arms(segment=None)), "That is the whole trial. Keep the members of the segment only."
    for other in ("office", "weekend", "basics"):
        yield asked.interval(*asked.arms(segment=other)), f"That is the segment {other}. Take {asked.SEGMENT}."
    for other in ("coupon-may", "coupon-april"):
        yield asked.interval(*asked.arms(other)), (
            f"That is {other}, for which somebody chose the members. Only coupon-july was decided by a coin.")
    rows = pd.concat([samples.trial(asked.tables, name) for name in ("coupon-july", "coupon-may", "coupon-april")])
    yield asked.interval(*asked.summary(rows[rows.segment == asked.SEGMENT])), (
        "That is all three trials together. Only coupon-july was decided by a coin.")


def other_outcomes(asked):
    """Uplift and ends of other outcomes or comparisons."""
    yield asked.interval(*asked.arms(value=lambda rows: rows.outcome - rows.before)), (
        "You subtracted the orders before. Before covers eight weeks and the outcome four, so the difference mixes the "
        "two; the coin has made the arms alike already.")
    yield asked.interval(*asked.arms(value=lambda rows: (rows.outcome > 0).astype(float))), (
        "That is the share with any order. The uplift in orders counts them all.")
    yield asked.interval(*asked.arms(value=lambda rows: rows.before.astype(float))), (
        "Those are the orders before the trial. The uplift is in what came after: `outcome`.")
    coupon, none = asked.arms()
    yield asked.interval(none, coupon), "You turned it round: treated less control."
    ends = np.array(asked.right())
    for factor in (1, 100):
        yield factor * ends / none["mean"], "That is the relative uplift. The question asks for orders per member."
    yield ends * coupon["size"], "Those are orders of the whole arm. The uplift is per member."
    for arm, name in ((coupon, "with"), (none, "without")):
        error = np.sqrt(arm["var"] / arm["size"])
        yield (arm["mean"], arm["mean"] - 1.96 * error, arm["mean"] + 1.96 * error), (
            f"That is what members {name} a coupon ordered. The uplift is the difference between the two arms.")


def intervals(asked):
    """Other intervals around the right uplift: low, high, sentence."""
    coupon, none = asked.arms()
    uplift, low, _ = asked.right()
    rows = asked.rows()
    one = ("That is the standard error of one mean. A difference carries the error of both: add their squares, then "
           "take the root.")
    scatter = "That is the scatter of members, not of the means: divide each variance by the number of members."
    several = "Each variance is divided by the number of members of its own arm, then they are added."
    errors = {name: np.sqrt(arm["var"] / arm["size"]) for name, arm in (("coupon", coupon), ("none", none))}
    error = np.hypot(*errors.values())
    for wrong, sentence in (
        (errors["coupon"], one), (errors["none"], one),
        (np.sqrt(coupon["var"] + none["var"]), scatter),
        (rows.outcome.std(), f"That is the standard deviation. {scatter}"),
        (np.sqrt(coupon["var"]), f"That is the standard deviation. {scatter}"),
        (np.sqrt(none["var"]), f"That is the standard deviation. {scatter}"),
        (sum(errors.values()), "You added the standard errors. Add the variances, then take the root."),
        (sum(errors.values()) / 2, "You took the mean of the two standard errors. Add their squares, then take the "
                                   "root."),
        (error**2, "That is the variance of the difference. Its root is the standard error."),
        (np.sqrt((coupon["var"] + none["var"]) / len(rows)), several),
        ((np.sqrt(coupon["var"]) + np.sqrt(none["var"])) / np.sqrt(len(rows)), several),
    ):
        yield uplift - 1.96 * wrong, uplift + 1.96 * wrong, sentence
    for times, sentence in (
        (1.0, "That is half of it: one standard error, or the one of the mean of all members. A 95 % interval takes "
              "1.96 standard errors of the difference."),
        (1.645, "That is a 90 % interval, with 1.645 standard errors. 95 % takes 1.96."),
        (2.576, "That is a 99 % interval, with 2.576 standard errors. 95 % takes 1.96."),
        (2.0, "You took 2 standard errors. Asked is 1.96."), (3.0, "You took 3 standard errors. Asked is 1.96."),
        (3.92, "You took 3.92 standard errors on each side. That is the whole width: 1.96 on each."),
    ):
        yield uplift - times * error, uplift + times * error, sentence
    half = uplift - low
    yield half, half, "That is half the width. Take it from the estimate, and add it to it."
    yield -half, half, "That lies around zero. Put the interval around the estimate."
    yield error, error, "That is the standard error. The ends are the estimate ± 1.96 of it."
    for arm in (coupon, none):
        own = np.sqrt(arm["var"] / arm["size"])
        yield arm["mean"] - 1.96 * own, arm["mean"] + 1.96 * own, (
            "That is the interval of one arm's mean. Asked is the one of the difference.")


def uplifts(asked):
    """What people take for the uplift alone."""
    coupon, none = asked.arms()
    rows, july = asked.rows(), samples.trial(asked.tables, "coupon-july")
    used = rows.unit_id.isin(july.unit_id[samples.used_coupon(asked.tables, july)])
    chosen = "Nobody uses a coupon without ordering; compare those who got one with those who did not."
    for others in (~used, rows.arm == "none", (rows.arm == "coupon") & ~used):
        yield rows.outcome[used].mean() - rows.outcome[others].mean(), f"You took those who used the coupon. {chosen}"
    yield coupon["sum"] - none["sum"], "Those are orders in all. The uplift is per member: take means."
    yield coupon["mean"] / none["mean"], "That is a ratio. The uplift is the difference of the two means."
    medians = rows.groupby("arm").outcome.median()
    yield medians["coupon"] - medians["none"], "That is a difference of medians. Orders add up: take means."
    yield rows.outcome.mean(), "That is the mean of both arms together. Take their difference."
    bought = rows[rows.outcome > 0].groupby("arm").outcome.mean()
    yield bought["coupon"] - bought["none"], "You left out those without an order. They count with zero."


# -- the tier (6.3d) ---------------------------------------------------------------------------------------


def other_baskets(asked):
    """Tables of tiers on other baskets."""
    orders, lines, baskets = asked.tables.orders, samples.shop_lines(asked.tables), samples.baskets(asked.tables)
    paid = orders[orders.paid.notna()]
    for rows, sentence in [
        (paid, "You took the orders of all sources. The tier is the social shop's."),
        *((paid[paid.source == source], f"Those are baskets of the source {source}. The tier is the social shop's.")
          for source in sorted(set(paid.source) - {"social"})),
    ]:
        yield asked.table(rows.groupby("order_id").paid_amount.sum()), sentence
    yield asked.table(lines.paid_amount), (
        "You took order lines. A basket is all lines of an order: sum `paid_amount` by `order_id` first.")
    by_order = lines.groupby("order_id")
    yield asked.table(by_order.paid_amount.mean()), (
        "You took the mean line of an order. A basket is the sum of its lines.")
    yield asked.table(by_order.list_amount.sum()), (
        "Those are list prices. A basket reaches a tier by what is paid for it: `paid_amount`.")
    yield asked.table(lines.groupby("customer_id").paid_amount.sum()), (
        "You summed by customer. A basket is one order: sum by `order_id`.")
    yield asked.table(baskets.paid[baskets.settled]), (
        "You took only the baskets old enough for their refunds to be known. All baskets of the season are asked.")
    yield asked.table(samples.member_visits(asked.tables).kept), (
        "You took the refunds off. A basket reaches the tier on the day it is paid.")


def other_money(asked):
    """Tables of tiers with other rewards, pieces and gains."""
    kept, piece, reward = asked.kept, asked.PIECE, asked.REWARD
    baskets = samples.baskets(asked.tables)
    settled = asked.left(baskets[baskets.settled])
    of_all = "What a climber leaves is the part that is left of the piece, less the reward."
    for changed, sentence in (
        ({"reward": 8, "piece": 69}, "That is the example of the text, with ¥8 and a piece of ¥69. Here they are ¥6 "
                                     "and ¥59."),
        ({"reward": 8}, "That is with the text's reward of ¥8. Here it is ¥6."),
        ({"piece": 69}, "That is with the text's piece of ¥69. Here it is ¥59."),
        ({"gain": piece - reward}, f"You counted what climbers pay, less the reward. {of_all}"),
        ({"gain": piece}, f"You counted what climbers pay. {of_all}"),
        *(({"gain": left * piece - reward}, "You took what is left of the settled baskets. Here as much is left as of "
                                            "all baskets.") for left in (settled, round(settled, 2))),
        ({"gain": kept * piece - 2 * reward}, "You took the reward off twice. A climber gets it once."),
        ({"gain": kept * piece}, "Climbers get the reward as well: take 6 from what is left of the piece."),
        ({"gain": kept * (piece - reward)}, "The reward is paid in full: take 6 from what is left of the piece, not "
                                            "from its price."),
        ({"gain": kept * piece + reward}, "You added the reward to what climbers leave. Take it off."),
    ):
        yield asked.table(**changed), sentence


def other_shares(asked):
    """Other shares by tier, of the right baskets."""
    table, reward = asked.table(), asked.REWARD
    gain, below = asked.kept * asked.PIECE - reward, 1 - table.above
    return (
        (reward * table.above / (gain * below), "You let every basket below climb. Only those that lack at most ¥59 "
                                                "are one step away."),
        (reward * below / (gain * table.near), "You paid the reward to the baskets below. It goes to all at or above "
                                               "the tier."),
        (reward / (gain * table.near), "You paid the reward to every basket. It goes to those at or above the tier."),
        (reward * (table.above + table.near) / (gain * table.near), "You paid the reward to those within reach as "
                                                                    "well. "
                                                                    "Climbers' reward is off their gain already."),
        (table.above / table.near, "You left out the money: the reward on top, what a climber leaves below."),
        (reward * table.near / (gain * table.above), "You turned the two counts round: above on top, within reach "
                                                     "below."),
        (reward * table.above / gain, "That is the share of all baskets. The question asks for the share of those "
                                      "within reach."),
        (reward * table.above * len(asked.baskets) / gain, "That is a number. Divide by those within reach."),
    )


def other_tiers(asked):
    """The other tiers, each with its own share or alone."""
    table, (best, _) = asked.table(), asked.right()
    mean = min(table.index, key=lambda tier: abs(tier - asked.baskets.mean()))
    said = {
        table.near.idxmax(): "That tier has the most baskets within reach. Those already above it collect as well: "
                             "compare the two counts.",
        mean: "That is the tier next to the average basket. The mean is pulled up by a few large baskets; look for the "
              "tier with many just below and few above.",
        table.above.idxmin(): "That tier has the fewest above, and few within reach as well: compare the counts.",
    }
    for tier in table.index:
        if tier != best:
            sentence = said.get(tier, "At that tier more of the baskets near it must climb. Compare all tiers.")
            yield {"tier": tier, "share": table.break_even[tier]}, sentence
            yield {"tier": tier}, sentence
    for tier in (99, 399):
        yield {"tier": tier}, "That tier is not among the eight of the question."
    for place in range(len(table)):
        yield {"tier": place}, "That is a place in the list. Give the tier in yuan."


def parts_of_the_share(asked):
    """Parts of the calculation at the best tier in place of the share."""
    best, share = asked.right()
    baskets, gain = asked.baskets, asked.kept * asked.PIECE - asked.REWARD
    within = baskets.between(best - asked.PIECE, best, inclusive="right").sum()
    yield {"share": asked.REWARD * (baskets > best).sum() / (gain * within)}, (
        "You counted the baskets of exactly the tier as below it. They have reached it: at or above the tier.")
    row, reward, kept = asked.table().loc[best], asked.REWARD, asked.kept
    for value, sentence in (
        (row.near, "That is the share within reach. Asked is which part of them must climb."),
        (row.above, "That is the share at or above the tier. Asked is which part of those within reach must climb."),
        (reward * row.above, "Those are yuan that the reward costs a basket. Divide by what climbers leave."),
        (share * row.near, "That is the share of all baskets. The question asks for the share of those within reach."),
        (row.near / (row.near + row.above), "That is a share of baskets, without the money. Set what the reward costs "
                                            "against what climbers leave."),
        (reward / (kept * asked.PIECE - reward), "That is the reward over a climber's gain. Multiply by the baskets "
                                                 "above for each within reach."),
    ):
        yield {"share": value}, sentence
