"""Wrong ways in section 8.2: how many to buy, two lines, the best set, a price error by the clock."""

import numpy as np

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
        "Upside down: that is the chance at which one too many would be the margin. Put price − cost above.":
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
    yield {"published": asked.sd * z + asked.sd}, "You added the standard deviation. Add the mean, 2,100."
    yield {"published": asked.mean + asked.sd}, "That is one standard deviation above the mean, whatever it costs."
    yield {"published": asked.chance(*asked.case)}, "That is the ratio. Asked are pieces: the quantile at it."


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
    ):
        yield {"log": value}, sentence


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
    for hours, words in ((8760 / 2, "half a year"), (24 * 182, "26 weeks"), (24 * 365.25, "365.25 days")):
        yield {"independent": hours * asked.down**2}, f"That is {words}. A year of 8,760 hours is asked."


# --- 8.2c -------------------------------------------------------------------------------------------

def best_sets(asked):
    """The best ratio first, sums where measures overlap, other budgets."""
    best, by_ratio, avoided, pair = asked.right()
    costs, worth, money = asked.measures, asked.worth, asked.money
    alone = {name: worth([name]) for name in costs.index}
    adding = decision.best_set(costs, alone, money)
    greedy = decision.greedy_set(costs, worth, money)
    yield {"best": by_ratio}, "That is the best ratio first. A better set fits in the budget: try them all."
    yield {"by_ratio": best}, "That is the best set. Asked is what the best ratio first reaches."
    yield {"best": sum(asked.values)}, "That is all seven, which cost 371."
    yield {"best": decision.best_set(asked.costs, asked.values, asked.budget).cost}, "That is what the set costs."
    yield {"by_ratio": decision.greedy_set(asked.costs, asked.values, asked.budget).cost}, "That is what it costs."
    yield {"avoided": greedy.value / 1000}, "That is the best ratio first. Try all sets."
    yield {"avoided": adding.value / 1000}, ("You added what each measure avoids alone. Two against one cause count "
                                            "once: give `best_set` the function.")
    yield {"avoided": worth(adding.chosen) / 1000}, ("That set was chosen by adding up. Choose with the function that "
                                                     "knows the pairs, too.")
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


def other_sets(asked):
    """Other orders, other budgets, one by one with the overlap."""
    costs, values, budget = np.array(asked.costs), np.array(asked.values), asked.budget
    for order, words in ((np.argsort(-values), "dearest value"), (np.argsort(costs), "cheapest"),
                         (np.argsort(values), "smallest value"), (range(len(costs)), "order of the list")):
        left, value = budget, 0
        for place in order:
            if costs[place] <= left:
                left, value = left - costs[place], value + values[place]
        for name in ("best", "by_ratio"):
            yield {name: value}, f"You went by the {words}. " + (
                "Try all sets." if name == "best" else "Take the highest value per cost first.")
    ratio = np.argsort(-values / costs)
    fits = int((np.cumsum(costs[ratio]) <= budget).sum())
    yield {"best": float(values[ratio][:fits].sum() + values[ratio][fits] * (
        budget - costs[ratio][:fits].sum()) / costs[ratio][fits])}, "A piece of a measure cannot be bought."
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


# --- 8.2d -------------------------------------------------------------------------------------------

TOO_EARLY = {
    "A": "Deciding needs a number that stands still: first the link, the host, the count",
    "B": "The host would promise what nobody has decided",
    "D": "The link goes up last, when all has been said and a second person has read the price",
    "E": "While orders still come in, the count is old before it is read",
    "F": "The link comes down first: orders grow by the minute. The host is told right after it",
}
TOO_LATE = {
    "A": "The decision waits too long: the host needs it before she can speak, and the number is there",
    "B": "The room has waited for word: it comes as soon as it is decided",
    "C": "The link comes down first: each minute brings more orders than the one before",
    "E": "Without the count nobody can decide",
    "F": "The host still names the wrong price: she is told right after the link is down",
}


def price_error(asked, steps):
    """Each step in each wrong place, and the wrong persons."""
    names = [field.name for field in asked.fields[:len(steps)]]
    for place, name in enumerate(names):
        for step in steps:
            at = asked.order.index(step)
            if at != place:
                said = TOO_EARLY[step] if place < at else TOO_LATE[step]
                yield {name: step}, f"Step {place + 1} is not {step}. {said}."
    for person, sentence in {
        "G": "She has the attention of the room, and no number. She says what was decided",
        "H": "Then the plan works when a manager happens to answer. Name somebody who is there, and a limit",
        "J": "They act first and stop the loss. What is promised to buyers costs money and may be a matter of law",
    }.items():
        yield {"decides": person}, f"{sentence}."
