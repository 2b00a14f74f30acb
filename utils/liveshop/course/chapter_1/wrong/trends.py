"""Wrong ways in section 1.2: the base of an index, growth with and without festival."""

import numpy as np
import pandas as pd

from liveshop.course.chapter_1.samples import trends

WEEKS = 26
THIRTEEN = "Week 13 holds a festival broadcast too: leave it out of the first half."


# --- 1.2a -----------------------------------------------------------------------------------------

def indices(values, base):
    """The three answers by week, for a level taken as 100."""
    return {"index_16": 100 * values[16] / base, "index_26": 100 * values[26] / base}


def other_bases(asked):
    """Both index numbers on another base, and other series on the right one."""
    values = asked.values
    for base, words in (
        (values.mean(), "The base is the mean of all weeks here. It is week 4 alone."),
        (values[1], "The base is week 1 here. It is week 4."),
        (values[1:4].mean(), "The base is the mean of weeks 1 to 4 here. It is week 4 alone."),
        (values[:4].mean(), "The base is the mean of weeks 1 to 4 here. It is week 4 alone."),
        (values[3], "The base is week 3 here: weeks are counted from 1."),
        (values[5], "The base is week 5 here: weeks are counted from 1."),
        (values.max(), "The base is the strongest week here. It is week 4."),
        (values.median(), "The base is the median week here. It is week 4 alone."),
        (values.iloc[-1], "The base is the last week here. It is week 4."),
        (values[12], "The base is week 12 here; that is asked only in the third question."),
        (values.sum(), "That is the share of the whole season. The base is week 4 alone."),
    ):
        yield indices(values, base), words
    yield {name: one - 100 for name, one in indices(values, values[4]).items()}, (
        "That is the change against the base, in per cent. The index itself is 100 more.")
    yield {"index_16": 100 * values[4] / values[16], "index_26": 100 * values[4] / values[26]}, (
        "Upside down: the week stands above the line, the base below it.")
    yield {"index_16": values[16], "index_26": values[26]}, "That is the GMV in yuan, not yet divided by the base."
    yield {"index_16": 100 * values[15] / values[4], "index_26": 100 * values[25] / values[4]}, (
        "That is the week before: weeks are counted from 1.")
    yield {"index_16": values[16] - values[4], "index_26": values[26] - values[4]}, (
        "That is the difference to the base in yuan. An index divides.")


def other_growths(asked):
    """Numbers in place of the growth from week 12 to week 26."""
    values = asked.values
    by_week, old, new = 100 * values / values[4], values[12], values[26]
    for value, words in (
        (by_week[26] - by_week[12], "Those are index *points*. In per cent you divide the two index numbers."),
        (round(by_week[26], 1) - round(by_week[12], 1),
         "Those are index *points*. In per cent you divide the two index numbers."),
        (grown(round(by_week[12], 1), round(by_week[26], 1)), "You rounded the index numbers first. Round at the end."),
        (grown(round(by_week[12]), round(by_week[26])), "You rounded the index numbers first. Round at the end."),
        (by_week[26] - 100, "That is week 26 against the base, week 4. Asked is against week 12."),
        (100 * (1 - old / new), "You divided by week 26. Growth is measured against the earlier week, 12."),
        (100 * (old / new - 1), "Turned round: that is from week 26 back to week 12."),
        (100 * new / old, "That is week 26 in per cent *of* week 12. How many per cent *above* is 100 less."),
        (new - old, "That is the difference in yuan. Divide it by week 12."),
        (100 * ((new / old) ** (1 / 14) - 1), "That is the growth *a week*. Asked is the whole from week 12 to 26."),
        (100 * (new / old - 1) / 14, "You divided by the 14 weeks between. Asked is the whole growth."),
        (100 * np.log(new / old), "That is the logarithm of the ratio. Asked is the ratio less 1, in per cent."),
        (by_week[26], "That is the index of week 26, with week 4 as base."),
        (100 * (values[16] / old - 1), "That is week 16. Asked is week 26."),
        (100 * (new / values[13] - 1), "That is against week 13: weeks are counted from 1."),
        (100 * (new / values[11] - 1), "That is against week 11: weeks are counted from 1."),
        (100 * (values[25] / values[11] - 1), "Those are weeks 11 and 25: weeks are counted from 1."),
        (100 * (new / values.mean() - 1), "That is against the mean of all weeks. Asked is against week 12."),
        (100 * (new - old) / ((new + old) / 2), "You divided by the mean of both weeks. Divide by week 12."),
    ):
        yield {"from_12_to_26": value}, words


def other_money(asked):
    """The same sum on other amounts or other weeks."""
    for place, words in (("live", "That is the money of the rooms alone."),
                         ("social", "That is the money of the social shop alone."),
                         ("shelf", "That is the money of the shelf pages alone.")):
        yield asked.but(column=place), f"{words} All places are asked: `weekly.gmv`."
    yield asked.but(column="hours"), "Those are the hours on air, not the money."
    yield asked.but(column="broadcasts"), "Those are the broadcasts, not the money."
    yield asked.but(orders=lambda orders: orders.assign(paid=orders.created.where(orders.paid.notna()))), (
        "Weeks are cut by the time of the order. Cut them by the time of payment, `paid`.")
    yield asked.but(orders=lambda orders: orders.assign(paid_amount=orders.list_amount)), (
        "Those are list amounts. GMV is what was paid: `paid_amount`.")
    yield asked.but(orders=lambda orders: orders.assign(paid_amount=1.0)), "You counted lines. GMV is money."


def three(values):
    """The three answers of 1.2a from another series of weeks."""
    return indices(values, values[4]) | {"from_12_to_26": grown(values[12], values[26])}


def on_air(weekly):
    """Yuan a week of the broadcasts that began in it."""
    return (weekly.gmv_per_hour * weekly.hours).fillna(0.0)


def other_counts(asked):
    """1.2a: other sums and counts by week, and other weeks."""
    orders, values = asked.tables.orders, asked.values
    yield asked.but(column=("live", "social")), "The shelf pages are missing. All places are asked: `weekly.gmv`."
    yield asked.but(column="gmv_per_hour"), "That is money per hour on air. The money of the week is asked."
    yield three(on_air(asked.weekly)), "That is the money of the broadcasts. All places are asked: `weekly.gmv`."
    yield asked.but(orders=orders.assign(paid=orders.created)), (
        "Unpaid order lines are in, and weeks are cut by the time of the order. Use `weekly.gmv`.")
    paid = orders.paid.notna()
    week = trends.week_number(asked.tables, orders.paid)
    first = ~orders.assign(week=week).duplicated(["customer_id", "week"])
    yield asked.but(orders=orders.assign(paid_amount=1.0 * ~orders.duplicated("order_id"))), (
        "You counted orders. GMV is money.")
    yield asked.but(orders=orders.assign(paid_amount=1.0 * first)), "You counted customers. GMV is money."
    if "refunds" in asked.tables:
        keys = ["order_id", "line_no"]
        back = orders[keys].merge(asked.tables.refunds[[*keys, "refunded_amount"]], how="left").refunded_amount
        yield asked.but(orders=orders.assign(paid_amount=orders.paid_amount - back.fillna(0.0).to_numpy())), (
            "Refunds are taken off. GMV has them inside.")
    for days in (1, 2):
        start = trends.first_monday(asked.tables) - pd.Timedelta(days=days)
        early = orders[paid].groupby((orders.paid[paid] - start) // trends.WEEK + 1).paid_amount.sum()
        yield three(early), (f"Weeks begin on a {start:%A} here. They run from Monday to Sunday.")
    yield {"index_16": 100 * values[17] / values[5], "index_26": 100 * values[26] / values[5],
           "from_12_to_26": grown(values[13], values[26])}, (
        "`iloc` counts from 0: those are the weeks after the ones asked. `weekly.gmv[4]` takes week 4.")
    yield indices(values, values.loc[9:12].mean()), "The base is the mean of weeks 9 to 12 here. It is week 4 alone."


def other_weeks(asked):
    """1.2a, rarer: one answer for another week."""
    values = asked.values
    by_week = 100 * values / values[4]
    for field, week in (("index_16", 16), ("index_26", 26)):
        for other in values.index.drop([week, 4]):
            yield {field: by_week[other]}, f"That is the index of week {other}. Asked is week {week}."
        yield {field: 100 * np.log(by_week[week] / 100)}, "That is a logarithm. An index is the ratio, times 100."
        yield {field: by_week[week] / 100 - 1}, "That is the change as a fraction. The index is the ratio, times 100."
        yield {field: 100 * values.loc[:week].sum() / values.loc[:4].sum()}, (
            "You added up all weeks until then. Asked is the week alone.")
        last = by_week.loc[week - 3:week].mean()
        yield {field: last}, f"That is the mean of weeks {week - 3} to {week}. Asked is week {week} alone."
        yield {field: 100 * asked.weekly.live[week] / values[4]}, (
            "The rooms of the week stand over all places of week 4. Take all places in both.")
    yield {"index_26": 100 * values[26] / values[12]}, "The base is week 12 here. It is week 4."
    yield {"index_26": 100 * values[26] / values[16]}, "The base is week 16 here. It is week 4."
    field = "from_12_to_26"
    for other in values.index.drop([12, 26]):
        yield {field: grown(values[other], values[26])}, f"That is from week {other}. Asked is from week 12."
        yield {field: grown(values[12], values[other])}, f"That is week {other} against week 12. Asked is week 26."
    yield {field: by_week[12]}, "That is the index of week 12, with week 4 as base."
    yield {field: grown(values[12], values.loc[13:26].mean())}, "That is the mean of later weeks. Asked is week 26."
    yield {field: grown(by_week[12] - 100, by_week[26] - 100)}, (
        "You divided changes by changes. Divide one index number by the other.")


# --- 1.2b -----------------------------------------------------------------------------------------

def halves(values, left_out=()):
    """The weeks of the first and of the second half, without some."""
    kept = values[~values.index.isin(left_out)]
    return kept[kept.index <= WEEKS // 2], kept[kept.index > WEEKS // 2]


def grown(first, last):
    return 100 * (last / first - 1)


def other_halves(asked):
    """Both growths by the same slip."""
    values, out = asked.values, asked.festive
    both = [halves(values), halves(values, out)]
    names = "growth_all", "growth_ordinary"

    def each(change):
        return dict(zip(names, (change(*pair) for pair in both), strict=True))

    yield each(lambda a, b: 100 * b.mean() / a.mean()), "That is the ratio in per cent. Growth is 100 less."
    yield each(lambda a, b: grown(b.mean(), a.mean())), "Turned round: the first half stands below the line."
    yield each(lambda a, b: 100 * (b.mean() - a.mean()) / b.mean()), "You divided by the second half. Take the first."
    yield each(lambda a, b: grown(a.median(), b.median())), "Those are medians. The mean week is asked."
    yield each(lambda a, b: grown(a.max(), b.max())), "Those are the strongest weeks of each half. The mean is asked."
    yield each(lambda a, b: b.mean() - a.mean()), "That is the difference in yuan: divide by the first half."
    yield each(lambda a, b: grown(a.iloc[0], b.iloc[-1])), "That is the last week against the first. Asked are halves."
    yield each(lambda a, b: grown(a.iloc[:4].mean(), b.iloc[-4:].mean())), (
        "Those are the last four weeks against the first four. Asked are whole halves.")
    for column, words in (("gmv", "all places together"), ("social", "the social shop"), ("shelf", "the shelf pages"),
                          ("hours", "hours on air"), ("broadcasts", "broadcasts")):
        yield asked.but(column=column), f"Those are {words}. The money of the rooms is asked: `weekly.live`."
    yield asked.but(column="gmv_per_hour"), "That is money per hour on air; the money per week is asked here."


def other_cuts(asked):
    """1.2b: both growths with the halves cut elsewhere, or of other money."""
    values, out, names = asked.values, asked.festive, ("growth_all", "growth_ordinary")

    def of(first, last):
        """Growth from the mean of the weeks `first` to that of `last`, with and without festival weeks."""
        kept = [[week for week in part if week not in set(out)] for part in (first, last)]
        return dict(zip(names, (grown(values.loc[list(first)].mean(), values.loc[list(last)].mean()),
                                grown(values.loc[kept[0]].mean(), values.loc[kept[1]].mean())), strict=True))

    yield of(range(1, 15), range(15, 27)), "You cut after week 14. The first half is weeks 1 to 13."
    yield of(range(1, 13), range(14, 27)), "Week 13 is in neither half. It belongs to the first."
    yield of(range(1, 13), range(14, 26)), "A `range` ends one before its last number: weeks 13 and 26 are missing."
    yield of(range(1, 9), range(19, 27)), "Those are the first and the last eight weeks. Asked are whole halves."
    yield asked.but(column=("live", "social")), "The social shop is in. The money of the rooms is asked: `weekly.live`."
    orders = asked.tables.orders
    yield asked.but(orders=orders.assign(paid=orders.created)), (
        "Unpaid order lines are in, and weeks are cut by the time of the order. Use `weekly.live`.")
    weekly = asked.weekly
    air, hours = on_air(weekly), weekly.hours
    money, time = ([*halves(part), *halves(part, out)] for part in (air, hours))
    rate = [one.sum() / other.sum() for one, other in zip(money, time, strict=True)]
    yield {"growth_all": grown(*rate[:2]), "growth_ordinary": grown(*rate[2:])}, (
        "That is money per hour on air: money and hours of each half. The money per week is asked here.")
    means = [part.mean() for part in money]
    yield {"growth_all": grown(*means[:2])}, (
        "That is by the time of the broadcast. `weekly.live` counts by the time of payment.")
    logs = [np.log(part.where(part > 0)).mean() for part in (*halves(values), *halves(values, out))]
    yield {"growth_all": 100 * np.expm1(logs[1] - logs[0]), "growth_ordinary": 100 * np.expm1(logs[3] - logs[2])}, (
        "Those are geometric means. The mean week is asked: the sum by the number of weeks.")


def other_comparisons(asked):
    """1.2b, rarer: one growth by another comparison."""
    values, out = asked.values, asked.festive
    first, last = halves(values)
    kept_first, kept_last = halves(values, out)
    rooms = trends.broadcasts(asked.tables)
    early = rooms.week <= WEEKS // 2
    no_trial = rooms[~rooms.trial].groupby("week").gmv.sum().reindex(values.index, fill_value=0.0)
    no_festival = rooms[~rooms.festival].groupby("week").gmv.sum().reindex(values.index, fill_value=0.0)
    pairs = last.to_numpy() / first.to_numpy()
    for value, words in (
        (grown(*(part.mean() for part in halves(no_trial))), "The newcomers' trials are left out. They count here."),
        (100 * values.pct_change().mean(), "That is the mean change from week to week. Asked is half against half."),
        (100 * (pairs.mean() - 1), "That is the mean of weekly ratios. Take the mean of each half first."),
        (100 * (np.median(pairs) - 1), "That is the median of weekly ratios. Take the mean of each half first."),
        (grown(values.loc[:4].mean(), values.loc[13:16].mean()),
         "That is the review after week 16: weeks 13 to 16 against weeks 1 to 4. Asked are halves."),
        (100 * last.sum() / values.sum(), "That is the share of the second half. Asked is its growth on the first."),
        (grown(values.mean(), last.mean()), "That is the second half against all weeks. Take the first half below."),
        (100 * ((last.mean() / first.mean()) ** 2 - 1), "That is carried on for a year. Asked is half against half."),
        (100 * ((last.mean() / first.mean()) ** 4 - 1), "That is carried on for a year. Asked is half against half."),
        (grown(values[13], values[26]), "Those are the last weeks of the halves. Asked are their means."),
        (grown(first.mean(), last.mean()) / 13, "That is divided by 13 weeks. Asked is the whole growth."),
        (grown(kept_first.mean(), values[out].mean()), "Those are the festival weeks against the ordinary ones."),
        (grown(rooms.gmv[early].mean(), rooms.gmv[~early].mean()), "That is money per *broadcast*. Asked is the week."),
    ):
        yield {"growth_all": value}, words
    for value, words in (
        (grown(values.drop(out).mean(), values[out].mean()), "Those are the festival weeks against the ordinary ones."),
        (grown(first[first.index.isin(out)].mean(), last[last.index.isin(out)].mean()),
         "Those are the festival weeks alone. They are to be left out."),
        (grown(values.drop(out).mean(), values.mean()), "That is what the festival adds to a week. Asked: growth."),
        (grown(kept_first.mean(), kept_last.sum() / 13), "You divided the second half by 13 weeks. Fewer are left."),
        (grown(*(part.mean() for part in halves(values, [16]))), "Only week 16 is left out. See `weekly.festival`."),
        (grown(*(part.mean() for part in halves(no_festival))),
         "Only the festival broadcasts are left out. The whole weeks are to go, from both halves."),
    ):
        yield {"growth_ordinary": value}, words


def other_festivals(asked):
    """Other ways to leave the festival out."""
    values, out = asked.values, asked.festive
    first, last = halves(values)
    kept_first, kept_last = halves(values, out)
    for value, words in (
        (grown(kept_first.sum(), kept_last.sum()),
         "You compared sums, or divided both by 13. The halves now hold different numbers of weeks."),
        (grown(first.mean(), kept_last.mean()), THIRTEEN),
        (grown(kept_first.mean(), last.mean()), "You left the festival out of the first half only."),
        (grown(kept_first.mean(), values[out].mean()), "Those are the festival weeks against the ordinary ones."),
        (grown(*(one.mean() for one in halves(values, [14, 15, 16]))),
         THIRTEEN),
        (grown(*(one.mean() for one in halves(values, [14]))), "Only week 14 is left out. See `weekly.festival`."),
        (grown(*(one.mean() for one in halves(values, [15, 16]))), "Week 13 and 14 hold festival broadcasts too."),
        (grown(*(one.mean() for one in halves(values, [13, 14, 15, 16, 17]))), "Week 17 holds no festival broadcast."),
        (grown(kept_first.mean(), kept_last.iloc[1:].mean()), "Week 17 holds no festival broadcast."),
        (grown(values.drop(out).iloc[:11].mean(), values.drop(out).iloc[11:].mean()),
         "You cut the weeks that are left in their middle. The halves stay: weeks 1 to 13 and 14 to 26."),
        (grown(first.mean(), last.mean()) - grown(kept_first.mean(), kept_last.mean()),
         "That is the difference of the two growths. Asked is the second one."),
    ):
        yield {"growth_ordinary": value}, words
    yield {"growth_all": grown(values.loc[:12].mean(), values.loc[13:].mean())}, (
        "You cut after week 12. The first half is weeks 1 to 13.")
