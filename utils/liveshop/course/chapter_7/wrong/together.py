"""Wrong answers of the exercises of 7.1, each computed, with the sentence that names it."""

import math
from itertools import permutations

import numpy as np
import pandas as pd

from liveshop.course.chapter_7 import samples
from liveshop.methods import attribution
from liveshop.practice import exchanged

T_OF_19 = 2.093024             # Student's t of a 95 % interval with twenty cities


def markov(asked):
    """For 7.1a: other things of the graph, other rules, other journeys."""
    case, removal = asked.case, asked.case.removal
    yield {"chance": 0.5}, "That is the last step, C3 to a conversion. The journey must get to C3 first."
    yield {"chance": 2 / 3}, "So many start at C1, reach C3, or are lost. Asked is how many buy."
    yield {"chance": 1 / 6}, "That is the chance without C1, or of one way alone. Two ways lead to C3: add them."
    yield {"chance": 3 / 8}, "You let half of the journeys start at C1. It is two of three."
    yield {"chance": 1.0}, "You left out the journeys that did not buy. They are what makes a removal cost something."
    yield {"c1": removal["C1"], "c2": removal["C2"]}, (
        "Those are removal effects. Divide each by the sum of all three, so that the shares add up to 1.")
    yield {"c1": removal["C1"] * case.conversion, "c2": removal["C2"] * case.conversion}, (
        "That is what the chance loses, in points. Divide by the sum over the three channels.")
    yield {"c1": 1 - removal["C1"], "c2": 1 - removal["C2"]}, (
        "That is what is left of the conversions without each. The removal effect is 1 less that.")
    yield {"c1": 1 / 3, "c2": 1 / 3}, (
        "That is a third each: linear, or Markov without the journeys that did not buy.")
    yield {"c1": 1.0, "c2": 0.0}, "That is first click."
    yield {"c1": 0.0, "c2": 0.0}, "That is last click, which gives all to C3."
    yield {"c1": 2 / 3, "c2": 1 / 3}, "That is how many of the journeys start there."
    yield {"c1": 0.4, "c2": 0.2}, "C1 and C2 stand in each other's place."
    yield {"c1": 0.4}, "That is the share of C2 and of C3. C1 costs less when it goes: C2 > C3 is left."
    yield {"c2": 0.2}, "That is the share of C1."
    yield {"c1": 1.2}, "A share cannot be above 1: the three add up to 1."      # six times the answer, and 1 more
    counted = asked.counted
    rules = attribution.compare(counted)
    for rule in ("first click", "last click", "linear", "position"):
        yield {"search": rules[rule]["search"]}, f"That is search by another rule: {rule}."
    found = attribution.markov(counted)
    yield {"search": found.removal["search"]}, (
        "That is the removal effect of search. Divide it by the sum of the removal effects.")
    yield {"search": found.conversion}, "That is the chance that a journey converts. Asked is the share of search."
    for kind in ("live", "social", "paid"):
        yield {"search": found.shares[kind]}, f"That is the share of {kind}."
    yield {"search": attribution.markov(counted.assign(nulls=0)).shares["search"]}, (
        "You left out the journeys that did not buy.")
    whole = attribution.paths(asked.tables.journeys)
    yield {"search": attribution.markov(whole).shares["search"]}, (
        "You took all journeys, also those from which something was withheld.")
    rows = asked.tables.journeys
    yield {"search": attribution.markov(attribution.paths(rows[rows.withheld != "search"])).shares["search"]}, (
        "You left out only those from which search was withheld. Leave out all from which anything was.")
    yield {"search": found.credits["search"]}, "Those are orders. Divide by all orders that met a touch."
    won, orders = counted.conversions, counted.conversions.sum()
    yield {"search": won[["search" in path for path in counted.path]].sum() / orders}, (
        "That is the share of orders with a search somewhere on the path. Markov shares them out.")
    met = won[[len(path) > 0 for path in counted.path]].sum() / orders
    yield {"search": won[["search" in path for path in counted.path]].sum() / orders / met}, (
        "That is how many of the orders that met a touch had met search. Markov shares them out.")
    yield {"search": found.shares["search"] * met}, (
        "That is of all orders. Asked is the share of those that met a touch.")
    for rule in ("first click", "last click", "linear"):
        yield {"search": rules[rule]["search"] * met}, f"That is search by another rule, {rule}, and of all orders."


def markov_rarer(asked):
    yield {"search": attribution.incremental(asked.tables.journeys).share["search"]}, (
        "That is what is missing where the coin withheld search: the better number, and another question.")
    yield {"chance": asked.tables.journeys.converted.mean()}, "That is at Qinghe. Asked first are the three journeys."


def shapley_parts(asked):
    """For 7.1b: slips in one number."""
    worth = asked.worth
    nothing = worth[""]
    for field, player in zip(("live", "social", "search"), "lse", strict=True):
        yield {field: worth[player]}, (
            f"Those are all orders with this one switched on, the {nothing} that come anyway among them.")
        yield {field: asked.key.right[field] + nothing}, (
            f"The {nothing} orders that come with nothing switched on are in it. They belong to nobody.")
    yield from exchanged(asked)


def shapley(asked):
    """For 7.1b: other ways of sharing out."""
    worth = {frozenset(key): value for key, value in asked.worth.items()}
    players, whole, nothing = "lse", worth[frozenset("lse")], worth[frozenset()]
    right = asked.right()

    def adds(player, before):
        return worth[frozenset(before) | {player}] - worth[frozenset(before)]

    first = [adds(player, "") for player in players]
    last = [adds(player, set(players) - {player}) for player in players]
    yield first, "That is what each brings alone. Count also what it adds when others are there."
    yield last, "That is what would be missing without each. Their sum is more than the three bring: use all orders."
    yield [(one + other) / 2 for one, other in zip(first, last, strict=True)], (
        "That is the mean of alone and last. Being second counts too, in a third of the orders.")
    second = [[adds(player, other) for other in players if other != player] for player in players]
    yield [(one + sum(middle) + other) / 4 for one, middle, other in zip(first, second, last, strict=True)], (
        "You gave the four situations the same weight. First and last come up in two orders of six each, the two "
        "seconds in one each.")
    yield [value + nothing / 3 for value in right], (
        f"You shared out the {nothing} orders that come with nothing switched on. They belong to nobody.")
    yield [value * whole / (whole - nothing) for value in right], (
        f"You shared out all {whole} orders. The {nothing} that come with nothing switched on belong to nobody.")
    yield [(whole - nothing) / 3] * 3, "That is a third each. What they add differs."
    yield [whole / 3] * 3, f"That is a third of all {whole} orders. What they add differs, and some come anyway."
    for total, of in ((whole, "all orders"), (whole - nothing, "what they bring")):
        yield [one / sum(first) * total for one in first], f"You shared out {of} in proportion to what each does alone."
        yield [one / sum(last) * total for one in last], (
            f"You shared out {of} in proportion to what is missing without each.")
        yield [value / total for value in right], f"Those are shares of {of}. Asked are orders a week."
        yield [100 * value / total for value in right], f"Those are per cent of {of}. Asked are orders a week."
    yield [6 * value for value in right], "That is the sum over the six orders of joining. Take the mean."
    same = [(one + sum(middle) + other) / 4 for one, middle, other in zip(first, second, last, strict=True)]
    yield [value * (whole - nothing) / sum(same) for value in same], (
        "You gave the four situations the same weight, and scaled the sum. Weigh by how many of the six orders have "
        "each situation.")
    for order in permutations(players):
        turn = {player: adds(player, order[:place]) for place, player in enumerate(order)}
        yield [turn[player] for player in players], "That is one order of joining. Take the mean over all six."


def interaction(asked):
    """For 7.1c: other ends, other scales."""
    extra, low, high, factor = asked.right()
    rows = asked.rows
    mean = rows.groupby("cell").orders.mean()
    for part, lacks in ((mean, "You compared raw means of the cells, or gave the weeks no level."),
                        (rows[rows.block > 0].groupby("cell").orders.mean(),
                         "You compared raw means of blocks 1 to 4, or gave the cities no level.")):
        ratio = part.both * part.none / (part.live * part.social)
        told = f"{lacks} Cities differ in size and weeks in season: give each a level."
        yield {"extra": math.log(ratio), "factor": ratio}, told
        yield {"extra": math.log(ratio)}, told
        yield {"factor": ratio}, told
    yield {"extra": factor - 1}, "That is the factor less 1. On the log scale it is the coefficient itself."
    yield {"extra": factor, "low": math.exp(low), "high": math.exp(high)}, (
        "Those are factors. The first three are asked on the log scale.")
    yield {"factor": factor - 1}, "That is the factor less 1."
    yield {"factor": 1 + extra}, "You added 1 to the coefficient. The factor is e to the coefficient."
    effects = samples.together(rows)
    both = effects.loc["both"]
    yield {"extra": both.estimate, "low": both.low, "high": both.high, "factor": math.exp(both.estimate)}, (
        "That is what both do in all. Asked is what is beyond the two alone.")
    yield {"extra": both.estimate}, "That is what both do in all. Asked is what is over when the two are added."
    yield {"factor": math.exp(both.estimate)}, (
        "That is what both do in all. Asked is what is beyond the product of the two.")
    yield {"low": both.low, "high": both.high}, "Those are the ends of what both do in all. Take those of `both_extra`."
    for kind, other in (("live", "social"), ("social", "live")):
        yield {"extra": both.estimate - effects.estimate[kind]}, (
            f"That is what {other} adds where {kind} runs. Take off what {other} does alone as well.")
    yield {"extra": (high - low) / 2}, "That is half the width of the interval."
    yield {"extra": (high - low) / (2 * T_OF_19)}, "That is the standard error. Take the estimate."
    alone = asked.but(term="live").right()[3]
    yield {"factor": factor * alone}, "You multiplied by live's own factor. Asked is what is beyond both."
    yield {"extra": extra / math.log(10), "low": low / math.log(10), "high": high / math.log(10)}, (
        "Those are decimal logarithms. The regression, and `np.log`, are natural ones.")
    yield {"factor": math.exp(low)}, "That is the lower end as a factor."
    yield {"factor": math.exp(high)}, "That is the upper end as a factor."
    yield {"low": high, "high": low}, "The ends of the interval stand in each other's place."
    yield {"low": extra - (high - low) / (2 * T_OF_19), "high": extra + (high - low) / (2 * T_OF_19)}, (
        "That is one standard error each way. A 95 % interval takes about two.")


def other_trials(asked):
    for keep, sentence in (
        ("all", "The first weeks of the blocks are in: a part of the block before is still at work in them."),
        ("first", "You kept the first weeks, and left out the others."),
        ("lone", "You kept only the first weeks, and not even block 0. Those are the rows to leave out."),
        ("blocks", "You left out block 0. It shows the cities with nothing on, and belongs to the comparison."),
    ):
        yield asked.but(keep=keep), sentence
    yield asked.but(term="live"), "That is the row of live. Asked is `both_extra`."
    yield asked.but(term="social"), "That is the row of social. Asked is `both_extra`."
    yield asked.but(terms=["both_extra"]), (
        "You left live and social alone out of the regression. Their effects then sit in the interaction.")
    yield asked.but(periods="block"), "You gave each block a level. Give one to each week."
    yield asked.but(family="log"), "You fitted a line to log orders. Asked is a Poisson regression of orders."
    linear = asked.but(family="linear").right()
    yield dict(zip(("extra", "low", "high"), linear[:3], strict=True)), (
        "That is in orders, from a linear fit. Give `family=\"poisson\"`.")


def intervals(asked):
    """For 7.1c: other errors and widths; as pairs, since a single end is met by other slips too."""
    for errors, name in (("HC3", "HC3"), ("classical", "classical")):
        _, low, high, _ = asked.but(errors=errors).right()
        yield {"low": low, "high": high}, (
            f"The interval is from {name} errors, which take the weeks of a city as independent. Cluster by city.")
    extra, low, high, _ = asked.right()
    half = (high - low) / 2 * 1.959964 / T_OF_19
    wide = (high - low) / 2 * 1.729133 / T_OF_19
    yield {"low": extra - wide, "high": extra + wide}, "That is a 90 % interval."
    yield {"low": extra - half, "high": extra + half}, (
        "You took 1.96 standard errors. With twenty cities it is Student's t with 19 degrees of freedom, 2.09.")


def moves(asked):
    """For 7.1d: one end only, and what comes of mixing the two numbers."""
    last, coin = asked.by_last, asked.by_coin
    source, target = last.idxmin(), last.idxmax()
    yield {"promised": last[target]}, "That is what the target gains. Take off what the source loses."
    yield {"promised": last[source]}, "That is what the source loses. Asked is target less source."
    yield {"expected": coin[target]}, "That is what the target gains. Take off what the source loses."
    yield {"expected": coin[source]}, "That is what the source loses. Asked is target less source."
    yield {"expected": coin.max() - coin.min()}, (
        "That is the coin's own move. Asked is what the coin expects of last click's move.")
    yield {"expected": coin[coin.idxmax()] - coin[target]}, (
        "That is the coin's best kind against last click's target. Asked is last click's target against its source.")
    yield {"promised": -(last[target] - last[source])}, "The sign is turned round: target less source."
    yield {"expected": -(coin[target] - coin[source])}, "The sign is turned round: target less source."
    for kind in last.index.drop([source, target]):
        yield {"promised": last[target] - last[kind]}, (
            f"You took the touches from {kind}. The source is the kind with least per touch.")
        yield {"expected": coin[target] - coin[kind]}, (
            f"You took the touches from {kind}. The source is the kind with least per touch by last click.")
    for kind in last.index.drop(target):
        yield {"target": kind}, "Another kind has more orders per touch by last click."
    for kind in last.index.drop(coin.idxmax()):
        yield {"coin_target": kind}, "Another kind has more orders missing per touch."


def other_moves(asked):
    """For 7.1d: other denominators, other journeys, other rules."""
    orders, touches, rows = asked.orders, asked.touches, asked.tables.journeys
    counted = attribution.paths(asked.free)
    met = counted.conversions[[len(path) > 0 for path in counted.path]].sum()
    lost = attribution.incremental(rows).share
    credits = attribution.last_click(counted).credits
    single = pd.Series({kind: asked.free.path.eq(kind).sum() for kind in touches.index})
    tries = [
        (1000 * credits / single, 1000 * lost * orders / single,
         "You counted only journeys that met nothing else. A kind's touches are all journeys that met it."),
        (credits / met * orders / touches * 1000, lost * orders / touches * 1000,
         "You multiplied shares of the orders that met a touch by all orders. The credits themselves are orders."),
        (1000 * credits / len(asked.free), 1000 * lost * orders / len(asked.free),
         "You divided by all journeys. Divide by those that met the kind."),
        (credits / touches, lost * orders / touches,
         "That is per touch, or a share in place of orders. Asked are orders per 1,000 touches."),
        (100 * credits / touches, 100 * lost * orders / touches, "That is per 100 touches. Asked is per 1,000."),
        (credits / credits.sum() * 100, lost * 100,
         "Those are points of share. Asked are orders per 1,000 touches."),
        (credits, lost * orders, "Those are orders in all, not divided by touches."),
    ]
    path = rows.path.fillna("")
    every = pd.Series({kind: path.str.contains(kind).sum() for kind in touches.index})
    whole = attribution.last_click(attribution.paths(rows)).credits
    tries.append((1000 * whole / every, 1000 * lost * rows.converted.sum() / every,
                  "You took all journeys, also those from which something was withheld."))
    tries.append((1000 * credits / every, 1000 * lost * orders / every,
                  "You divided by the touches of all journeys. Take those from which nothing was withheld."))
    buyers = asked.free.path[asked.free.converted].fillna("")
    met_by_buyers = pd.Series({kind: buyers.str.contains(kind).sum() for kind in touches.index})
    tries.append((1000 * credits / met_by_buyers, 1000 * lost * orders / met_by_buyers,
                  "You divided by the journeys that bought. Touches of the others were paid for as well."))
    ends = pd.Series({kind: asked.free.path.fillna("").str.endswith(kind).sum() for kind in touches.index})
    tries.append((1000 * credits / ends, 1000 * lost * orders / ends,
                  "You divided by the journeys that end with the kind. Divide by those that met it."))
    tries.append((1000 * met_by_buyers / touches, 1000 * lost * met_by_buyers / touches,
                  "You took the orders that met the kind. The coin's share is of all orders; last click takes ends."))
    tries.append((1000 * credits / touches, 1000 * lost * credits / touches,
                  "You multiplied the share missing by last click's credit. It is a share of all orders."))
    for last, coin, sentence in tries:
        yield asked.answers(last, coin), sentence
    for rule, name in ((attribution.first_click, "first click"), (attribution.linear, "linear"),
                       (attribution.markov, "Markov")):
        yield asked.answers(1000 * rule(counted).credits / touches, asked.by_coin), f"That is by another rule: {name}."


def moves_rarer(asked):
    """For 7.1d: the coin's share times other orders, ratios, and what a path with the kind brings."""
    counted = attribution.paths(asked.free)
    met = counted.conversions[[len(path) > 0 for path in counted.path]].sum()
    for times, sentence in (
        (met, "You multiplied by the orders that met a touch. The coin's share is of all orders."),
        (asked.tables.journeys.converted.sum(),
         "You took the orders of all journeys over the touches of some. Both are of those with nothing withheld."),
    ):
        coin = asked.by_coin / asked.orders * times
        yield {"expected": coin[asked.by_last.idxmax()] - coin[asked.by_last.idxmin()]}, sentence
    share = attribution.incremental(asked.tables.journeys).share
    yield {"expected": 1000 * (share[asked.by_last.idxmax()] - share[asked.by_last.idxmin()])}, (
        "That is the difference of the shares, times 1,000. Multiply each by the orders and divide by its touches.")
    for field, one in (("promised", asked.by_last), ("expected", asked.by_coin)):
        yield {field: one[asked.by_last.idxmax()] / one[asked.by_last.idxmin()]}, (
            "You divided target by source. Asked is the difference.")
    yield {"promised": asked.by_last[asked.by_coin.idxmax()] - asked.by_last.min()}, (
        "That is a move to the coin's target. Asked is the move to last click's.")
    rate = asked.tables.journeys.groupby("withheld").converted.mean()
    gap = 1000 * (rate["none"] - rate.drop("none"))
    last = asked.by_last
    source, target = last.idxmin(), last.idxmax()
    yield {"expected": gap[target] - gap[source]}, (
        "You took the difference of conversion between the arms, per 1,000 journeys. Divide by touches of the kind.")
    rates = {kind: 1000 * asked.free.converted[asked.free.path.fillna("").str.contains(kind)].mean()
             for kind in last.index}
    yield {"promised": rates[target] - rates[source]}, (
        "That is how often journeys with the kind bought. Last click counts only those that end with it.")
    yield {"expected": np.nan_to_num(last[target] - asked.by_coin[target])}, (
        "That is last click's number less the coin's, for the target. Asked is target less source, by the coin.")
