"""Wrong ways in exercise 1.2c: money per hour on air, rate and total."""

import numpy as np
import pandas as pd

from liveshop.course.chapter_1.samples import trends
from liveshop.course.chapter_1.wrong.trends import grown


def rates(early, late):
    """The answers that hang on the hours, from two sets of broadcasts."""
    a, b = early.gmv.sum() / early.hours.sum(), late.gmv.sum() / late.hours.sum()
    return {"per_hour_early": a, "per_hour_change": 100 * (b / a - 1)}


def other_rates(asked):
    """Rates of another unit or another mean, in both fields."""
    early, late = asked.early, asked.late
    for unit, words in (
        (lambda d: (d.gmv / d.hours).mean(), "That is the mean of the nightly rates. Sum first, divide once."),
        (lambda d: (d.gmv / d.hours).median(), "That is the median of the nightly rates. Sum first, divide once."),
        (lambda d: d.gmv.mean(), "That is money per *broadcast*. Divide by the hours on air."),
        (lambda d: d.gmv.sum() / 6, "That is money per *week*. Divide by the hours on air."),
        (lambda d: d.hours.sum(), "Those are the hours on air. Divide the money by them."),
        (lambda d: d.hours.mean(), "That is how long a broadcast was. Divide the money by the hours."),
        (lambda d: d.gmv.sum() / d.hours.sum() / 3600, "That is money per second. Asked is per hour."),
        (lambda d: d.gmv.sum() / d.hours.sum() / 60, "That is money per minute. Asked is per hour."),
        (lambda d: float(len(d)), "Those are numbers of broadcasts."),
    ):
        a, b = unit(early), unit(late)
        yield {"per_hour_early": a, "per_hour_change": 100 * (b / a - 1)}, words
    weekly = [one.groupby("week")[["gmv", "hours"]].sum().pipe(lambda d: (d.gmv / d.hours).mean())
              for one in (early, late)]
    yield {"per_hour_early": weekly[0], "per_hour_change": 100 * (weekly[1] / weekly[0] - 1)}, (
        "That is the mean of the weekly rates. Sum money and hours of the six weeks, and divide once.")


def other_changes(asked):
    """One number turned round, or another in its place."""
    early, late, right = asked.early, asked.late, asked.named(asked.right())
    a, b = early.gmv.sum(), late.gmv.sum()
    rate = right["per_hour_early"], right["per_hour_early"] * (1 + right["per_hour_change"] / 100)
    for name, old, new, what in (("gmv_change", a, b, "GMV"), ("per_hour_change", *rate, "rate")):
        yield {name: 100 * (old / new - 1)}, f"Turned round: the early {what} stands below the line."
        yield {name: 100 * (1 - old / new)}, f"You divided by the late {what}. Divide by the early one."
        yield {name: 100 * new / old}, f"That is the late {what} in per cent *of* the early. The change is 100 less."
        yield {name: new - old}, "That is the difference in yuan. Divide it by the early weeks."
        yield {name: 100 * (1 - new / old)}, "The sign is turned round: minus is a fall."
        yield {name: 100 * np.log(new / old)}, "That is the logarithm of the ratio. Asked is the ratio less 1."
    hours = 100 * (late.hours.sum() / early.hours.sum() - 1)
    yield {"gmv_change": hours}, "That is the change of the hours on air. Asked is the money."
    yield {"per_hour_change": hours}, "That is the change of the hours on air. Asked is the money per hour."
    yield {"per_hour_change": right["gmv_change"] - hours}, (
        "You subtracted the change of the hours. Rates divide: money by hours, then late by early.")
    yield {"per_hour_early": rate[1]}, "That is the rate of the late weeks. The early ones are asked."
    yield {"per_hour_early": a}, "That is the money of the early weeks, not yet divided by the hours."
    both = pd.concat([early, late])
    yield {"per_hour_early": both.gmv.sum() / both.hours.sum()}, "Both periods are in it. The early weeks are asked."
    yield {"gmv_change": 100 * (late.gmv.mean() / early.gmv.mean() - 1)}, (
        "That is money per *broadcast*. The first question is about the sum.")


def other_broadcasts(asked):
    """The same numbers on other broadcasts."""
    yield asked.but(trials=True), "The newcomers' trials are in: leave them out."
    yield asked.but(weeks_early=(8, 12)), "The early weeks are 7 to 12: week 7 is one of them."
    yield asked.but(weeks_early=(7, 11)), "The early weeks are 7 to 12: week 12 is one of them."
    yield asked.but(weeks_late=(18, 22)), "The late weeks are 18 to 23: week 23 is one of them."
    yield asked.but(weeks_late=(19, 23)), "The late weeks are 18 to 23: week 18 is one of them."
    yield asked.but(weeks_early=(6, 11), weeks_late=(17, 22)), "Weeks are counted from 1; these are one too early."
    yield asked.but(weeks_early=(8, 13), weeks_late=(19, 24)), "Weeks are counted from 1; these are one too late."
    yield asked.but(weeks_early=(1, 13), weeks_late=(14, 26)), "Those are whole halves. Other weeks are asked."
    for early, late, words in (
        ((7, 11), (18, 22), "A `range` ends one before its last number: weeks 12 and 23 are missing."),
        ((8, 12), (19, 23), "Weeks 7 and 18 are missing: both ends count."),
        ((8, 11), (19, 22), "The weeks at both ends are missing: 7, 12, 18 and 23 count."),
        ((7, 13), (18, 24), "Weeks 13 and 24 are in: the weeks are 7 to 12 and 18 to 23."),
        ((1, 6), (21, 26), "Those are the first and the last six weeks. Other weeks are asked."),
        ((1, 12), (18, 26), "Those are all weeks until 12 and from 18 on. The weeks are 7 to 12 and 18 to 23."),
        ((7, 7), (18, 18), "Those are weeks 7 and 18 alone. Six weeks are asked each time."),
        ((18, 23), (7, 12), "Early and late weeks are exchanged."),
    ):
        yield asked.but(weeks_early=early, weeks_late=late), words
    yield asked.but(weeks_early=(1, 8), weeks_late=(19, 26)), "Those are the weeks of the text: see the weeks asked."


def other_sums(asked):
    """1.2c, rarer: other sums and means in place of one answer."""
    early, late, counted = asked.early, asked.late, asked.counted
    yield {"gmv_change": grown(len(early), len(late))}, "That is the change of the number of broadcasts. Asked: money."
    yield {"gmv_change": grown(early.gmv.median(), late.gmv.median())}, "Those are medians. Asked is the sum."
    yield {"gmv_change": early.gmv.sum()}, "That is the money of the early weeks. Asked is its change in per cent."
    yield {"gmv_change": late.gmv.sum()}, "That is the money of the late weeks. Asked is its change in per cent."
    rooms = trends.broadcasts(asked.tables)
    rate = {"early": early.gmv.sum() / early.hours.sum(), "late": late.gmv.sum() / late.hours.sum()}
    for value, words in (
        (counted.gmv.sum() / counted.hours.sum(), "All ordinary weeks are in it. The early weeks are asked."),
        (rooms.gmv.sum() / rooms.hours.sum(), "All broadcasts of the season are in it. The early weeks are asked."),
        ((early.gmv / early.hours).max(), "That is the best broadcast. Sum money and hours, and divide once."),
        (early.gmv.mean() / early.hours.median(), "A mean over a median is no rate. Divide the sums."),
        (early.gmv.sum() / (6 * 7 * 24), "You divided by all hours of the six weeks. The hours *on air* are asked."),
    ):
        yield {"per_hour_early": value}, words
    weekly = [part.groupby("week")[["gmv", "hours"]].sum() for part in (early, late)]
    weekly = [part.gmv / part.hours for part in weekly]
    if len(weekly[0]) == len(weekly[1]):
        yield {"per_hour_change": 100 * ((weekly[1].to_numpy() / weekly[0].to_numpy()).mean() - 1)}, (
            "That is the mean of weekly changes. Sum money and hours of the six weeks first.")
    yield {"per_hour_change": rate["late"]}, "That is the rate of the late weeks, in yuan. Asked is its change."
    right = asked.key.right
    hours = grown(early.hours.sum(), late.hours.sum())
    yield {"per_hour_change": right["gmv_change"] / hours}, (
        "You divided the changes. Divide money by hours first, then late by early.")
    yield {"per_hour_change": right["gmv_change"] / 6}, "That is the change of the money by six weeks. Divide by hours."


def weekly_money(asked):
    """The weekly table in place of the broadcasts: its money by pay time, trials in it."""
    weekly = trends.weekly(asked.tables)
    parts = [weekly.loc[a:b] for a, b in (asked.weeks_early, asked.weeks_late)]
    sums = [part.live.sum() for part in parts]
    words = "That is from the weekly table: its money goes by pay time, and trials are in it. Use the broadcasts."
    yield {"gmv_change": 100 * (sums[1] / sums[0] - 1)}, words
    rate = [part.live.sum() / part.hours.sum() for part in parts]
    yield {"per_hour_early": rate[0], "per_hour_change": 100 * (rate[1] / rate[0] - 1)}, words
    every, hours = [part.gmv.sum() for part in parts], [part.hours.sum() for part in parts]
    told = "Those are all places together. Use the broadcasts."
    yield {"gmv_change": 100 * (every[1] / every[0] - 1)}, told
    rate = [money / time for money, time in zip(every, hours, strict=True)]
    yield {"per_hour_early": rate[0], "per_hour_change": 100 * (rate[1] / rate[0] - 1)}, told
    means = [part.gmv_per_hour.mean() for part in parts]
    yield {"per_hour_early": means[0], "per_hour_change": 100 * (means[1] / means[0] - 1)}, (
        "That is the mean of the weekly rates. Sum money and hours of the six weeks, and divide once.")
