"""Wrong ways in section 8.2: how many to buy, two lines, the best set."""

from itertools import combinations

import numpy as np

from liveshop.course.chapter_8.samples import answers
from liveshop.methods import decision, inventory

# --- 8.2a -------------------------------------------------------------------------------------------

def how_many(asked):
    """The ratio upside down, the ratio for a quantity, sales for demand."""
    (price, cost, _), chance, right = asked.case, asked.chance(*asked.case), asked.right()
    for value, sentence in (
        (asked.normal(1 - chance), "The critical ratio is upside down: the margin, price − cost, stands above."),
        (asked.normal(chance) - asked.mean, "That is what to buy beyond the mean. Add the mean, 2,100."),
        (chance * asked.mean, "You multiplied the mean by the ratio. The ratio is a chance: take the quantile at it."),
        (asked.mean + chance * asked.sd, "You added the ratio times the standard deviation. The ratio is a chance: "
                                         "turn it into a number of standard deviations first (norm.ppf)."),
        (asked.mean * (1 + chance), "You added the ratio to 1. It is a chance, not a part of the mean."),
        (asked.mean, "That is the mean of demand. One too few and one too many do not cost the same here."),
        (asked.normal((price - cost) / (price + cost)), "Below the line stands price less salvage, not price + cost."),
        (asked.normal(0.95), "That is a service of 95 %, a habit. Here margin and cost say how much."),
        (inventory.newsvendor(asked.mean, asked.sd, *asked.case).profit, "That is the expected profit, in money."),
        (asked.mean - chance * asked.sd, "You took the ratio times the sd off the mean. The ratio is a chance."),
    ):
        yield {"published": value}, sentence
    price, cost, salvage = asked.dress
    wrong_chance = {
        "Upside down: the margin, price − cost, stands above the line.":
            1 - right[1],
        "You forgot the salvage: a piece left over still brings ¥26.": (price - cost) / price,
        "That is cost over price. Above stands what one too few loses, price − cost.": cost / price,
        "You added the salvage to the price below the line. Take it off.": (price - cost) / (price + salvage),
        "Above stands the margin, price − cost; you have price − salvage over price.": (price - salvage) / price,
    }
    for sentence, value in wrong_chance.items():
        yield {"ratio": value}, sentence
        if 0 < value < 1:
            yield {"ratio": value, "dress": asked.pieces(value)}, sentence
    for value, sentence in (
        (asked.forecast * right[1], "You multiplied the forecast by the ratio. Take the quantile of asked / forecast."),
        (asked.forecast / right[1], "You divided the forecast by the ratio. Take the quantile of asked / forecast."),
        (asked.forecast * (1 + right[1]), "You added the ratio to 1. It is a chance: take the quantile at it."),
        (asked.forecast, "That is the forecast, or what past sales teach: they stop at what was bought. Take the "
                         "quantile of asked / forecast."),
        (asked.but(column="bought").right()[2], "That is what was bought against the forecast. Take `asked`."),
        (asked.pieces(0.95), "That is the quantile at 95 %. The chance is the critical ratio."),
        (asked.pieces(0.5), "That is the median of past styles. The chance is the critical ratio."),
    ):
        yield {"dress": value}, sentence


def other_buys(asked):
    """Ratios and quantities by other roads."""
    (price, cost, salvage), (published, chance, _) = asked.dress, asked.right()
    for value, sentence in (
        ((price - cost) / (cost - salvage), "That is one too few over one too many. Below the line stand both."),
        ((cost - salvage) / (price - cost), "That is one too many over one too few. Margin above, both below."),
        ((price - cost) / cost, "That is margin over cost. Below the line stands price less salvage."),
        ((price - cost - salvage) / price, "Salvage belongs below the line, taken off the price."),
        ((price - cost) / (cost + salvage), "Below the line stands price less salvage."),
        ((price - cost + salvage) / price, "Salvage belongs below the line, taken off the price."),
        (salvage / (price - salvage), "Above the line stands the margin, price − cost."),
        (price - cost, "That is the margin in yuan. Divide it by price less salvage."),
        (asked.chance(*asked.case), "That is the ratio of the published case. Asked is that of the dress."),
    ):
        yield {"ratio": value}, sentence
    ratios = asked.ratios
    past = asked.tables.buys
    z = (published - asked.mean) / asked.sd
    for value, sentence in (
        (asked.forecast * ratios.mean(), "That is the mean of asked / forecast. Take the quantile at the ratio."),
        (asked.forecast * past.asked.sum() / past.forecast.sum(), "That is demand over forecast in sum, a mean. Take "
                                                                  "the quantile."),
        (float(np.quantile(past.asked, chance)), "That is the quantile of pieces, of styles large and small. Take that "
                                                 "of asked / forecast, times 600."),
        (asked.forecast / float(np.quantile(1 / ratios, chance)), "You turned forecast and demand round."),
        (asked.forecast * float(np.quantile(1 / ratios, chance)), "That is the quantile of forecast / asked."),
        (asked.forecast * (ratios.mean() + z * ratios.std()), "You took the ratio of the published case."),
        (asked.pieces(asked.chance(*asked.case)), "You took the ratio of the published case."),
        (asked.pieces(chance) / asked.forecast, "That is the multiple. Times the forecast, 600, it is pieces."),
        (asked.pieces(chance) - asked.forecast, "That is what to buy beyond the forecast. Asked is all of it."),
    ):
        yield {"dress": value}, sentence
    yield {"dress": asked.but(column="sold").right()[2]}, "You learnt from sales, which stop at what was bought."
    for other in (1 - chance, (price - cost) / price, cost / price, (price - cost) / (price + salvage)):
        yield {"dress": asked.pieces(other)}, "The chance is wrong: it is (price − cost) / (price − salvage)."
    for year, rows in past.groupby("year"):
        yield {"dress": asked.pieces(chance, (rows.asked / rows.forecast).to_numpy())}, (
            f"Those are the styles of {year}. All past styles are asked.")
    dresses = past[past.category == "dress"]
    if len(dresses):
        yield {"dress": asked.pieces(chance, (dresses.asked / dresses.forecast).to_numpy())}, (
            "Those are past dresses alone. All past styles are asked.")
    yield {"dress": asked.pieces(round(chance, 1))}, "You rounded the ratio first. Round at the end."
    yield from other_cases(asked, z)
    yield from other_laws(asked)


def other_cases(asked, z):
    """Pieces of the published case by other roads. z: standard deviations from the mean to the right answer."""
    for places in (1, 2):
        yield {"published": asked.mean + asked.sd * round(z, places)}, (
            "You rounded the number of standard deviations first. Round at the end.")
        yield {"published": asked.normal(round(asked.chance(*asked.case), places))}, (
            "You rounded the ratio first. Round at the end.")
    case_price, case_cost, _ = asked.case
    for value, sentence in (
        (asked.normal(case_cost / (case_price - case_cost)), "That is cost over margin. Above stands price − cost."),
        (asked.mean + z * np.sqrt(asked.sd), "1,200 is the standard deviation already: no root is taken."),
        (asked.normal((case_price - case_cost) / (2 * case_price - case_cost)), "Below the line stands price less "
                                                                                "salvage."),
        (asked.mean + asked.sd * phi(asked.chance(*asked.case)), "You took the chance of a number (norm.cdf). Asked is "
                                                               "the number at a chance (norm.ppf)."),
    ):
        yield {"published": value}, sentence
    yield {"published": asked.sd * z + asked.sd}, "You added the standard deviation. Add the mean, 2,100."
    yield {"published": asked.mean + asked.sd}, "That is one standard deviation above the mean, whatever it costs."
    yield {"published": asked.chance(*asked.case)}, "That is the ratio. Asked are pieces: the quantile at it."


def phi(number):
    """The normal distribution function."""
    from scipy.stats import norm

    return norm.cdf(number)


def other_laws(asked):
    """The dress by a law that is fitted, by differences, by what was bought, by part of the years."""
    from scipy.stats import norm

    past, ratios, forecast = asked.tables.buys, asked.ratios, asked.forecast
    chance = asked.right()[1]
    z = norm.ppf(chance)
    logs = np.log(ratios[ratios > 0])
    for value, sentence in (
        *((forecast * (ratios.mean() + z * ratios.std(ddof=ddof)), "You fitted a normal law. Take the quantile of the "
                                                                   "ratios themselves.") for ddof in (0, 1)),
        (forecast * np.exp(logs.mean() + z * logs.std(ddof=1)), "You fitted a lognormal law. Take the quantile of the "
                                                                "ratios themselves."),
        (forecast + float(np.quantile(past.asked - past.forecast, chance)),
         "You took differences in pieces, of styles large and small. Take asked / forecast."),
        (asked.pieces(chance, (past.asked / past.bought).to_numpy()), "You divided by what was bought. Take the "
                                                                     "forecast."),
        (asked.pieces(chance, ratios[(past.year < past.year.max()).to_numpy()]) if past.year.nunique() > 1 else np.nan,
         "The last year is left out. All past styles are asked."),
    ):
        yield {"dress": value}, sentence


# --- 8.2b -------------------------------------------------------------------------------------------

def two_lines(asked):
    """Hours of one line, shares for hours, the shared part alone or on top."""
    independent, shared, log = asked.right()
    down, common = asked.down, asked.common
    hours = independent / down**2
    both_fields = (
        (hours * down, "That is one line alone. Both have to be down."),
        (hours * 2 * down, "You added the two lines. Both have to be down at once: multiply."),
        (hours * (2 * down - down**2), "That is the time in which at least one is down. Asked is both."),
    )
    for value, sentence in both_fields:
        yield {"independent": value}, sentence
        yield {"shared": value}, sentence
    for name, value in (("independent", independent), ("shared", shared)):
        yield {name: value / hours}, "That is a share of time. Times the hours of a year it is hours."
        yield {name: hours - value}, "That is when at least one line works. Asked is when neither does."
        yield {name: 60 * value}, "Those are minutes. Hours are asked."
    for value, sentence in (
        (hours * common * down, "That is the shared part alone. The rest still fails independently: add it."),
        (hours * (common * down + down**2), "You added the shared part on top. What is shared is a tenth of the 1 %: "
                                            "only .9 of it is left to fail alone."),
        (hours * (common * down + (1 - common) * down**2), "The rest of *each* line is .9 of 1 %: multiply both."),
        (hours * (1 - common) * down**2, "You made it smaller. A shared cause brings more hours, not fewer."),
        (hours * common * down**2, "A tenth of .88 hours? The shared part takes both lines at once: a tenth of 1 %."),
        (independent * (1 + common), "You added a tenth. The shared part takes both lines at once: a tenth of 1 %."),
        (hours * ((1 - common) * down) ** 2, "That is the part which fails independently. Add the shared one."),
        (hours * common, "That is a tenth of the year. Shared is a tenth of the time that a line is down."),
        (independent, "That is without a shared cause."),
    ):
        yield {"shared": value}, sentence
    yield {"independent": shared}, "That is with a tenth shared. First both are independent."
    own = asked.hours
    total = own.groupby(level=0).sum()
    for value, sentence in (
        (asked.both[1], "That is what the product rule foretells. Count the overlap in the log."),
        (2 * log, "You counted each time twice: once in the row of each line."),
        (60 * log, "Those are minutes. Hours are asked."),
        (total.sum(), "That is the time down of both lines, added. Asked is when neither works."),
        *((value, f"That is the time in which the line {line} was down, alone or not.") for line, value in
          total.items()),
        (log / 24, "Those are days. Hours are asked."),
        (log / hours, "That is a share of the year. Hours are asked."),
        (total.sum() - log, "That is when at least one line was down. Asked is when neither worked."),
        (asked.length - log, "That is when at least one line worked. Asked is when neither did."),
    ):
        yield {"log": value}, sentence
    up = 1 - down
    yield {"independent": hours * up**2}, "That is when both work. Asked is when neither does."
    yield {"independent": hours * 2 * up * down}, "That is when just one of them is down. Asked is both."
    yield {"independent": 100 * down**2}, "That is the share in per cent. Times the hours of a year it is hours."
    yield {"shared": hours * (2 * common * down + ((1 - common) * down) ** 2)}, (
        "You counted the shared part once for each line. It is one time, in which both are down.")
    yield {"shared": hours * ((1 - common) * down + (common * down) ** 2)}, (
        "A tenth is shared, and nine tenths are not: you have it the other way round.")


def other_hours(asked):
    """What else the log holds."""
    own, log = asked.hours, asked.tables.outages
    for (line, cause), value in own.items():
        if cause != "common":
            yield {"log": value}, f"That is the line {line} when it failed for a cause of its own."
    common = log[log.cause == "common"]
    length = (common.ended - common.began).dt.total_seconds() / 3600
    times = len(common) // 2
    for value, sentence in (
        (times, "That is how often it happened. Hours are asked."), (len(common), "Those are the rows. Hours, please."),
        (length.mean(), "That is the mean of one time. All are asked."),
        (length.max(), "That is the longest. All are asked."),
        (own.drop("common", level=1).sum(), "Those are the causes of their own, added."),
        (asked.both[0] + asked.both[1], "The overlap in the log holds everything: nothing is added to it."),
        (asked.both[0] / 12, "That is a month. All of the log is asked."),
    ):
        yield {"log": value}, sentence
    for name, value in zip(("independent", "shared"), asked.right(), strict=False):
        yield {name: value / 12}, "Those are hours a month. Hours a year are asked."
        yield {name: value * 8784 / 8760}, "That is a leap year. A year has 8,760 hours here."
        yield {name: value / 365}, "Those are hours a day. Hours a year are asked."
    yield {"log": 100 * asked.both[0] / 8760}, "That is per cent of the year. Hours are asked."
    yield {"log": asked.both[0] * 8760 / asked.length}, "That is scaled to a year. Asked are the hours of the log."
    yield {"log": length.median()}, "That is the middle one of the times. All are asked."
    yield {"log": 8760 - asked.both[0]}, "That is when at least one line worked. Asked is when neither did."
    for hours, words in ((8760 / 2, "half a year, or 26 weeks"), (24 * 365.25, "365.25 days")):
        yield {"independent": hours * asked.down**2}, f"That is {words}. A year of 8,760 hours is asked."


# --- 8.2c -------------------------------------------------------------------------------------------

def best_sets(asked):
    """The best ratio first, sums where measures overlap, other budgets."""
    best, by_ratio, avoided, pair = asked.right()
    costs, worth, money = asked.measures, asked.worth, asked.money
    alone = {name: worth([name]) for name in costs.index}
    adding = decision.best_set(costs, alone, money)
    greedy = decision.greedy_set(costs, worth, money)
    same = [words for order, words in orders(asked) if in_order(asked, order) == by_ratio]
    yield {"best": by_ratio}, (f"That is {', or '.join(['the best ratio first', *same])}. A better set fits in the "
                               "budget: try them all.")
    by_value = in_order(asked, np.argsort(-np.array(asked.values)))
    also = ", and of the highest value first" if by_value == best else ""          # the same number
    yield {"by_ratio": best}, f"That is the value of the best set{also}. Asked is what the best ratio first reaches."
    yield {"best": sum(asked.values)}, "That is all seven, which cost 371."
    yield {"best": decision.best_set(asked.costs, asked.values, asked.budget).cost}, "That is what the set costs."
    yield {"by_ratio": decision.greedy_set(asked.costs, asked.values, asked.budget).cost}, "That is what it costs."
    yield {"avoided": greedy.value / 1000}, "That is the best ratio first. Try all sets."
    yield {"avoided": adding.value / 1000}, ("You added what each measure avoids alone. Two against one cause count "
                                            "once: give `best_set` the function.")
    yield {"avoided": (asked.chosen.value - asked.chosen.cost) / 1000}, "The cost is off. Asked is the loss avoided."
    yield {"avoided": asked.chosen.value}, "Those are yuan. Thousands are asked."
    yield {"avoided": asked.chosen.cost / 1000}, "That is what the set costs. Asked is what it avoids."
    yield {"avoided": worth(list(costs.index)) / 1000}, "That is with all twelve measures. The budget is ¥80,000."
    yield {"avoided": sum(alone.values()) / 1000}, "Those are all twelve, added. The budget is ¥80,000."
    said = {"second_supplier": "The second supplier is not in the best set",
            "neither": "One of them is in the best set",
            "safety_stock": "The safety stock is not in the best set, whatever its ratio",
            "both": "Not both are in the best set: they work against the same cause, and the better one counts"}
    for name, sentence in said.items():
        if name != pair:
            yield {"supply": name}, f"{sentence}. Look at `.chosen`."


def orders(asked):
    """Orders in which the seven may be taken, each with its words."""
    costs, values = np.array(asked.costs), np.array(asked.values)
    return ((np.argsort(-values), "the highest value first"), (np.argsort(costs), "the lowest cost first"),
            (np.argsort(values), "the smallest value first"), (range(len(costs)), "the order of the list"),
            (np.argsort(values / costs), "the worst ratio first"))


def other_sets(asked):
    """Other orders, other budgets, one by one with the overlap."""
    costs, values, budget = np.array(asked.costs), np.array(asked.values), asked.budget
    for order, words in orders(asked):
        value = in_order(asked, order)
        for name in ("best", "by_ratio"):
            yield {name: value}, f"That is {words}. " + (
                "Try all sets." if name == "best" else "Take the highest value per cost first.")
    ratio = np.argsort(-values / costs)
    fits = int((np.cumsum(costs[ratio]) <= budget).sum())
    for name in ("best", "by_ratio"):
        yield {name: float(values[ratio][:fits].sum() + values[ratio][fits] * (
            budget - costs[ratio][:fits].sum()) / costs[ratio][fits])}, "A piece of a measure cannot be bought."
    yield from other_values(asked)
    yield {"by_ratio": values[ratio][:fits].sum()}, "You stopped at the first that did not fit. Take what still does."
    money, measures, worth = asked.money, asked.measures, asked.worth
    for other in (40_000, 60_000, 70_000, 90_000, 100_000, 120_000, 170_000):
        if other != money:
            yield {"avoided": decision.best_set(measures, worth, other).value / 1000}, f"That is with ¥{other:,}."
    chosen, left = [], money
    while True:
        gains = {name: (worth([*chosen, name]) - worth(chosen)) / measures[name] for name in measures.index
                 if name not in chosen and measures[name] <= left}
        if not gains or max(gains.values()) <= 0:
            break
        name = max(gains, key=gains.get)
        chosen, left = [*chosen, name], left - measures[name]
    yield {"avoided": worth(chosen) / 1000}, ("You took the best ratio each time anew, with the overlap. It is better "
                                              "than a fixed list, and not the best set.")
    for name in measures.index:
        yield {"avoided": worth([name]) / 1000}, f"That is {name} alone."
    yield from other_amounts(asked)


def in_order(asked, order):
    """What the seven are worth, taken in this order as long as they fit."""
    left, value = asked.budget, 0
    for place in order:
        if asked.costs[place] <= left:
            left, value = left - asked.costs[place], value + asked.values[place]
    return value


def other_values(asked):
    """What other sets of the seven are worth, within the budget and beyond it, and values less their cost."""
    best, by_ratio, *_ = asked.right()
    cheapest = {}                                # value -> least cost of a set that is worth so much
    for many in range(2, len(asked.costs)):
        for places in combinations(range(len(asked.costs)), many):
            value, cost = (sum(of[place] for place in places) for of in (asked.values, asked.costs))
            cheapest[value] = min(cost, cheapest.get(value, cost))
    for value, cost in cheapest.items():
        if value not in (best, by_ratio):
            yield {"best": value}, ("A set of that value fits in the budget, and a better one does too: try them all."
                                    if cost <= asked.budget else f"A set of that value costs more than {asked.budget}.")
    off = "The cost is taken off. Asked is the value."
    for name, chosen in (("best", decision.best_set), ("by_ratio", decision.greedy_set)):
        found = chosen(asked.costs, asked.values, asked.budget)
        for cost in {found.cost, asked.budget}:
            yield {name: found.value - cost}, off
    yield {"by_ratio": best - by_ratio}, "That is what it loses against the best set. Asked is what it reaches."


def other_amounts(asked):
    """Qinghe's measures: sets chosen by another measure, and other lengths of time."""
    measures, worth, money, right = asked.measures, asked.worth, asked.money, asked.chosen
    years = asked.tables.incidents.loss.sum() / answers.loss_a_year(asked.tables).sum()
    alone = {name: worth([name]) for name in measures.index}
    adding = decision.best_set(measures, alone, money)
    yield {"avoided": worth(adding.chosen) / 1000}, ("That set was chosen by adding up. Choose with the function that "
                                                     "knows the pairs, too.")
    net = decision.best_set(measures, lambda chosen: worth(chosen) - measures[list(chosen)].sum(), money)
    said = "That set has most left after its cost. Asked is the one that avoids most, within the budget."
    yield {"avoided": net.value / 1000}, said
    yield {"avoided": worth(net.chosen) / 1000}, said
    greedy = decision.greedy_set(measures, worth, money)
    yield {"avoided": sum(alone[name] for name in greedy.chosen) / 1000}, (
        "That is what the best ratio first promises, added up. Pairs count once, and a better set fits.")
    for value, sentence in (
        (right.value / 1000 * years, "That is of the whole register. Asked is a year."),
        (right.value / 12_000, "That is a month. Asked is a year."),
        (right.value / money, "That is avoided for each yuan. Asked is all of it."),
    ):
        yield {"avoided": value}, sentence
