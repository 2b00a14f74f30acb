"""Wrong answers of the exercises of 9.2, each computed, with the sentence that names it."""

import numpy as np
import pandas as pd

from liveshop.course.chapter_9.samples import coming, outlook
from liveshop.methods import forecast

POOLED = "Those are several horizons together. Asked is the sixth week alone."
ONE_END = "That counts one end only. An interval has two."
SEEN = "That way has seen the weeks that it tells: the error of a fit, not of a forecast."


def _share(rows):
    return (rows["mean"] / rows["actual"] - 1).abs()


def _inside(rows):
    return rows["actual"].between(rows["low"], rows["high"])


def errors(asked):
    """Weeks seen beforehand, other means and other scales, for 9.2a."""
    ago, own = asked.rows(outlook.AGO), asked.rows()
    actual = asked.weeks["sales"].to_numpy()
    test, fit = slice(asked.first + asked.ahead - 1, None), outlook.fitted(asked.weeks, each=False)
    yield {"calendar_error": outlook.off(fit[test], actual[test])}, SEEN
    yield {"against": np.abs(fit[test] - actual[test]).mean() / (ago["mean"] - ago["actual"]).abs().mean()}, SEEN
    absolute = {name: (rows["mean"] - rows["actual"]).abs() for name, rows in (("ago", ago), ("own", own))}
    yield {"against": (absolute["own"].to_numpy() / absolute["ago"].to_numpy()).mean()}, (
        "That is a mean of ratios: one lucky week of last year sets it. Divide the two means.")
    yield {"against": np.median(absolute["own"].to_numpy() / absolute["ago"].to_numpy())}, (
        "That is the median of the ratios. Divide the two means.")
    yield {"against": absolute["ago"].mean() / absolute["own"].mean()}, "Above and below the line are exchanged."
    yield {"against": 1 - absolute["own"].mean() / absolute["ago"].mean()}, (
        "That is how much smaller the error is. Asked is the ratio.")
    yield {"against": absolute["ago"].mean() - absolute["own"].mean()}, (
        "That is the difference in thousand yuan. Asked is the ratio.")
    for field, name, rows in (("ago_error", "ago", ago), ("calendar_error", "own", own)):
        square = np.sqrt((absolute[name] ** 2).mean())
        yield {field: absolute[name].mean()}, "Those are thousand yuan. Asked is a share of the actual sales."
        yield {field: square}, "Those are thousand yuan, squared and rooted. Asked is the mean share."
        yield {field: _share(rows).max()}, "That is the largest error. Asked is the mean."
        yield {"against": absolute[name].mean()}, "Those are thousand yuan of one way. Asked is the ratio of the two."
        yield {field: 1 - _share(rows).mean()}, "That is one less the error. Asked is the error."
    yield {"ago_error": _share(own).mean(), "calendar_error": _share(ago).mean()}, "The two ways are exchanged."
    near = [forecast.accuracy(pd.concat([asked.rows(way, step) for step in range(1, asked.ahead + 1)]))
            for way in (outlook.AGO, asked.way)]
    yield (near[0]["mape"], near[1]["mape"], near[1]["mae"] / near[0]["mae"]), POOLED
    yield {"against": near[1]["mae"] / near[0]["mae"]}, POOLED


def seen_before(asked):
    """The error of fits on weeks that they have seen."""
    actual, ago = asked.weeks["sales"].to_numpy(), asked.rows(outlook.AGO)
    lazy = (ago["mean"] - ago["actual"]).abs().mean()
    for each in (False, True):
        fit = outlook.fitted(asked.weeks, each)
        for seen in (slice(None), slice(asked.first, None), slice(asked.first + asked.ahead - 1, None)):
            yield {"calendar_error": outlook.off(fit[seen], actual[seen])}, SEEN
            yield {"against": np.abs(fit[seen] - actual[seen]).mean() / lazy}, SEEN


def near_errors(asked):
    """Ways to average that come near to the one asked."""
    ago, own = forecast.accuracy(asked.rows(outlook.AGO)), forecast.accuracy(asked.rows())
    yield {"against": own["mape"] / ago["mape"]}, (
        "Those are the two mean shares divided. Asked is the mean absolute error in yuan.")
    yield {"against": own["rmse"] / ago["rmse"]}, "Those are squared errors, rooted. Asked is the mean absolute error."
    yield {"against": (own["rmse"] / ago["rmse"]) ** 2}, "Those are squared errors. Asked is the mean absolute error."
    yield {"against": abs(ago["mape"] - own["mape"])}, "That is the difference of the two shares. Asked is a ratio."
    off = [(rows["mean"] - rows["actual"]).abs().to_numpy() for rows in (asked.rows(), asked.rows(outlook.AGO))]
    yield {"against": np.median(off[0]) / np.median(off[1])}, "Those are medians. Asked are mean absolute errors."
    yield {"against": off[0].max() / off[1].max()}, "Those are the largest errors. Asked are mean absolute errors."
    yield {"against": (off[0] < off[1]).mean()}, "That is how often the calendar is nearer. Asked is by how much."
    for field, way in (("ago_error", outlook.AGO), ("calendar_error", asked.way)):
        rows = asked.rows(way)
        off, share, both = (rows["mean"] - rows["actual"]).abs(), _share(rows), rows["mean"] + rows["actual"]
        yield {field: off.sum() / rows["actual"].sum()}, (
            "That is the sum of errors over the sum of sales. Asked is the mean of the shares, week by week.")
        yield {field: (off / rows["mean"]).mean()}, "You divided by the forecast. Divide by the actual sales."
        yield {field: (2 * off / both).mean()}, "You divided by forecast and actual sales. Divide by the actual sales."
        yield {field: np.abs(np.log(rows["mean"] / rows["actual"])).mean()}, (
            "Those are errors of the logarithm. Asked are shares of the sales.")
        yield {field: np.sqrt((share ** 2).mean())}, (
            "Those are squared shares, rooted. Asked is the mean of the absolute shares.")
        yield {field: share.std()}, "That is how much the errors differ. Asked is their mean."
        for part in (asked.weeks["sales"], asked.weeks["sales"].iloc[:asked.first]):
            yield {field: off.mean() / part.mean()}, "You divided by mean sales of other weeks. Divide week by week."
        yield {field: share[~asked.weeks["festival"].to_numpy()[rows["origin"] + rows["ahead"] - 1]].mean()}, (
            "The festival weeks are left out there. They count.")


def other_errors(asked):
    """Other horizons, other periods and other ways."""
    yield from near_errors(asked)
    yield from seen_before(asked)
    y = asked.weeks["sales"]
    for period in (4, 13, 26, 51, 53):
        def told(past, ahead, period=period):
            return forecast.seasonal_naive(past, ahead, period)
        rows = forecast.rolling_origin(y, told, asked.first, asked.ahead)
        yield {"ago_error": _share(rows[rows["ahead"] == asked.ahead]).mean()}, (
            f"That is the value {period} weeks before. A year is 52 weeks, so that Monday meets Monday.")
    for field, way in (("ago_error", outlook.AGO), ("calendar_error", asked.way)):
        sixth = asked.rows(way)
        yield {field: (sixth["mean"] / sixth["actual"] - 1).mean()}, (
            "Too high and too low cancel out there: that is the bias. Take absolute values first.")
        yield {field: _share(sixth).median()}, "That is the median error. Asked is the mean."
        for longest in (asked.ahead, outlook.QUARTER):
            yield {field: _share(pd.concat([asked.rows(way, step) for step in range(1, longest + 1)])).mean()}, POOLED
        late = sixth[(sixth["origin"] - asked.first) % asked.ahead == 0]
        yield {field: _share(late).mean()}, "That is every sixth origin. Take each week as an origin."
        for ahead in (2, 3, 4, 5, 7, 8):
            yield {field: _share(asked.rows(way, ahead)).mean()}, f"That is {ahead} weeks ahead. Asked are six."
    yield from other_ways(asked)


def other_ways(asked):
    """The calendar told otherwise, and other things to be held against, for 9.2a."""
    y, ago = asked.weeks["sales"].to_numpy(), asked.rows(outlook.AGO)
    flags = asked.weeks["festival"].to_numpy(float)
    own = (asked.rows()["mean"] - asked.rows()["actual"]).abs().mean()
    for way, words in ((outlook.NAIVE, "the last week come again"), (outlook.DRIFT, "the drift"),
                       (outlook.GROWN, "last year, grown")):
        rows = asked.rows(way)
        yield {"ago_error": _share(rows).mean()}, f"That is {words}. Asked is the week a year ago."
        if way == outlook.GROWN:
            yield {"calendar_error": _share(rows).mean()}, "That is last year, grown. Asked is the calendar."
        yield {"against": own / (rows["mean"] - rows["actual"]).abs().mean()}, (
            f"That is against {words}. Asked is against the week a year ago.")
    yield {"ago_error": np.abs(y[:-52] / y[52:] - 1).mean()}, "Those are all weeks from 53 on. The first origin saw 70."
    for back in (52, 53):
        yield {"ago_error": np.abs(y[ago["origin"] - back] / ago["actual"] - 1).mean()}, (
            "That is a year before the origin. Asked is a year before the week that is told.")
    whole = asked.tables.history.pivot_table(index="week", columns="city", values="net_sales", aggfunc="sum").to_numpy()
    told = ago["origin"] + ago["ahead"] - 1
    if whole.shape[1] > 1 and len(whole) == len(y):
        yield {"ago_error": np.abs(whole[told - 52] / whole[told] - 1).mean()}, (
            "That is the mean over cities. Add up the cities of a week first.")
    change = np.abs(y[52:] - y[:-52])
    for value in (change.mean(), change[:asked.first - 52].mean()):
        yield {"against": own / value}, "That is the scaled error (MASE). Divide by the error on the same forecasts."
    for events, period, log, words in (
            (None, outlook.YEAR, True, "The festivals are left out there."),
            (flags, None, True, "The season is left out there."),
            (flags, outlook.YEAR, False, "That is fitted to yuan, not to the logarithm.")):
        def told_by(past, ahead, events=events, period=period, log=log):
            return forecast.calendar(past, ahead, events, period, log=log)
        rows = forecast.rolling_origin(y, told_by, asked.first, asked.ahead)
        yield {"calendar_error": _share(rows[rows["ahead"] == asked.ahead]).mean()}, (
            f"{words} Take `outlook.LINE` as it is.")
    once = forecast.calendar(y[:asked.first], len(y) - asked.first, flags, outlook.YEAR)["mean"].to_numpy()
    yield {"calendar_error": outlook.off(once, y[asked.first:])}, (
        "That is one origin, with all weeks after it. Step along the origins.")


def coverage(asked):
    """One side, other rows, and what the fit says of itself, for 9.2b."""
    rows, far = asked.rows(), asked.rows(ahead=asked.far)
    count, held = len(rows), _inside(rows)
    side = asked.named(asked.right())["side"]
    for field, part in (("held_share", rows), ("held_12", far)):
        inside = _inside(part).mean()
        yield {field: 1 - inside}, "That is the share outside. Asked is the share inside."
        yield {field: 100 * inside}, "Per cent: asked is a fraction."
        if inside < 1:
            yield {field: 1.0}, "Not all lie inside. Count both ends, and the intervals of “calendar”."
    if abs(_inside(far).mean() - held.mean()) > 0.01:
        yield {"held_share": _inside(far).mean(), "held_12": held.mean()}, "The two horizons are exchanged."
    origins = len(asked.weeks) - asked.first
    yield {"forecasts": origins}, "Those are the origins. The last five have no sixth week to be judged on."
    yield {"forecasts": len(far)}, "Those are the forecasts 12 weeks ahead. Asked are six weeks."
    for value in (origins * asked.ahead, count * asked.ahead,
                  sum(min(asked.ahead, origins - k) for k in range(origins))):
        yield {"forecasts": value}, "Those are one to six weeks ahead together. Asked is the sixth week alone."
    yield {"forecasts": origins - asked.ahead}, f"One too few: of {origins} origins the last 5 have no sixth week."
    yield {"forecasts": count + 1}, f"One too many: of {origins} origins the last 5 have no sixth week."
    yield {"forecasts": origins + 1}, f"The first origin saw {asked.first} weeks: {origins} origins, fewer sixth weeks."
    yield {"forecasts": len(asked.weeks)}, f"Those are all the weeks. The first {asked.first} are only looked at."
    yield {"forecasts": len(asked.weeks) - asked.ahead}, f"The first {asked.first} weeks are only looked at."
    yield {"forecasts": -(-count // asked.ahead)}, "That is every sixth origin. Take each week as an origin."
    yield {"held_share": held.sum() / origins}, "You divided by all origins. Divide by the forecasts that were judged."
    for value in (origins, count):
        yield {"held_12": _inside(far).sum() / value}, "You divided by more than can be judged 12 weeks ahead."
    for other in asked.fields[-1].options:
        if other != side:
            yield {"side": other}, f"Count `actual < low` and `actual > high` apart. “{other}” is not what they say."


def other_coverage(asked):
    """What is promised, what the fit says of itself, all horizons together, and other horizons."""
    yield {"forecasts": _inside(asked.rows()).sum()}, "Those are the weeks inside. Asked are all that can be judged."
    yield {"forecasts": (~_inside(asked.rows())).sum()}, "Those are the weeks outside. Asked are all that are judged."
    yield {"forecasts": len(asked.rows(ahead=outlook.QUARTER))}, "Those are 13 weeks ahead. Asked are six weeks."
    yield {"forecasts": asked.first}, "So many weeks the first origin has seen. Count the forecasts."
    for way in outlook.ways([]):
        for field, ahead in (("held_share", asked.ahead), ("held_12", asked.far)):
            if way != asked.way:
                yield {field: _inside(asked.rows(way, ahead)).mean()}, f"That is “{way}”. Asked is “{asked.way}”."
    for field, ahead in (("held_share", asked.ahead), ("held_12", asked.far)):
        yield {field: _inside(asked.but(level=0.9).rows(ahead=ahead)).mean()}, "Those are 90 % intervals, not 95 %."
        for first in (asked.first - 1, asked.first + 1):
            yield {field: _inside(asked.but(first=first).rows(ahead=ahead)).mean()}, (
                f"The first forecast saw {first} weeks there. It sees {asked.first}.")
    error = np.log(outlook.fitted(asked.weeks, each=False)) - np.log(asked.weeks["sales"].to_numpy())
    rows = {field: asked.rows(ahead=ahead) for field, ahead in (("held_share", asked.ahead), ("held_12", asked.far))}
    for field, part in rows.items():
        yield {field: asked.level}, "That is what the interval promises. Count what it keeps."
        for seen in (error, error[asked.first:]):
            yield {field: (np.abs(seen) <= 1.96 * error.std()).mean()}, (
                f"That is the band of the fit around its own weeks. {SEEN}")
        off = part["mean"] - part["actual"]
        yield {field: (off.abs() <= 1.96 * off.std()).mean()}, "That is a band of your own. Use `low` and `high`."
        if (part["actual"] > part["high"]).any():       # else both ends say the same
            yield {field: (part["actual"] >= part["low"]).mean()}, ONE_END
        if (part["actual"] < part["low"]).any():
            yield {field: (part["actual"] <= part["high"]).mean()}, ONE_END
    every = pd.concat([asked.rows(ahead=step).assign(step=step) for step in range(1, outlook.QUARTER + 1)])
    for field, longest in (("held_share", asked.ahead), ("held_12", asked.far), ("held_12", outlook.QUARTER)):
        some = every[every["step"] <= longest]
        yield {field: _inside(some).mean()}, "Those are all horizons together. Asked is the last one alone."
        yield {field: _inside(some).groupby(some["step"]).mean().mean()}, (
            "That is the mean over horizons. Asked is the last one alone.")
    yield {"forecasts": len(every)}, "Those are all horizons together. Asked is the sixth week alone."
    last = every[every["origin"] == len(asked.weeks) - outlook.QUARTER]
    for field, part in rows.items():
        late = part[part["origin"] >= len(asked.weeks) - outlook.QUARTER]
        yield {field: _inside(late).mean()}, "Those are origins of the last quarter. Asked are all."
        yield {field: _inside(last).mean()}, "Those are the 13 weeks after one origin. Asked are all origins."
        for ahead in (2, 3, 4, 5, 7, 8, 11, 13):
            yield {field: _inside(asked.rows(ahead=ahead)).mean()}, f"That is {ahead} weeks ahead."


def options(asked):
    """Other rules than the one asked, and other numbers of the table, for 9.2c."""
    robust, regret, price, calmest = asked.right()
    table, regrets = asked.table, asked.regrets
    means, worst = table.mean(axis=1), table.min(axis=1)
    good = coming.good_in(table, asked.near)
    rules = {means.idxmax(): "has the best mean and the best single case", worst.idxmax(): "has the best worst case",
             calmest: "has the smallest largest regret"}
    for name in table.index:
        if name != robust:
            yield {"robust": name}, f"“{name}” {rules.get(name, 'is near no best')}, and is good in {good[name]} of 4."
        if name != calmest:
            words = {means.idxmax(): "has the best mean", worst.idxmax(): "has the best worst case, which is no regret",
                     robust: "is good in three, and regrets much in the fourth"}.get(name, "regrets more")
            yield {"calmest": name}, f"“{name}” {words}."
    gap = table.max() - table.loc[robust]
    yield {"regret": table.loc[robust].max() - worst[robust]}, "That is its own best less its worst. Asked is regret."
    yield {"regret": gap.sum()}, "Those are its regrets added up. Asked is the largest."
    yield {"regret": gap.mean()}, "That is its mean regret. Asked is the largest."
    yield {"regret": abs(worst[robust])}, "That is its worst payoff. Regret is the distance from the best."
    yield {"regret": asked.near}, "That is the limit of what is good. Asked is the largest distance."
    yield {"regret": good[robust]}, "In so many scenarios it is good. Asked is the largest distance."
    worse, best = gap.idxmax(), table.loc[robust].max()
    yield {"regret": best - table.loc[robust, worse]}, (
        f"That is its own best less what it brings if {worse}. Regret is the distance from the best there.")
    yield {"regret": table[worse].max() - best}, "Those are two scenarios. Compare within one."
    yield {"regret": table.loc[robust, worse]}, f"That is what it brings if {worse}. Take it off the best there."
    yield {"regret": table[worse].max()}, f"That is the best if {worse}. Take off what the option brings."
    yield {"regret": table.loc[robust].max()}, "That is its best payoff. Regret is the distance from the best."
    yield {"regret": sorted(gap)[-2]}, "That is its second largest regret."
    yield {"regret": regrets.worst_regret[calmest]}, "That is the largest regret of another option."
    yield {"regret": table.to_numpy().max() - worst[robust]}, (
        "That is the best of the whole table less its worst. Compare within a scenario.")
    yield {"price": -price}, "The sign is turned round: asked is what it gives up."
    yield {"price": 4 * price}, "That is over all four scenarios. Asked is the mean."
    yield {"price": means[robust]}, "That is its own mean. Asked is the distance from the best mean."
    yield {"price": means.max()}, "That is the best mean. Take off the mean of the option."
    yield {"price": gap.mean()}, "That is its mean regret, against the best of each scenario. Asked is one option."
    medians = table.median(axis=1)
    for value in (means.max() - medians[robust], medians.max() - medians[robust]):
        yield {"price": value}, "Medians are in it. Take two means."
    yield {"price": table.max().mean()}, "That is the mean of the bests, which no option earns. Take the best mean."
    for value in (means.max() / means[robust] - 1, 1 - means[robust] / means.max()):
        for scale in (1, 100):
            yield {"price": scale * value}, "That is a share of a mean. Asked are thousand yuan."
    yield {"price": 4 * price / 3}, "That is divided by three. The fourth scenario counts in the mean too."
    yield {"price": (table.max() - table.loc[means.idxmax()]).mean()}, (
        "That is the mean regret of the option with the best mean. Asked is the distance of two means.")
    yield {"price": np.floor(price + 0.5)}, "That is rounded to a whole number. One decimal is asked."
    for sign in (1, -1):
        yield {"price": sign * (means[robust] - means[calmest])}, (
            "That is against the option with the smallest regret. Asked is: against the best mean.")


def other_options(asked):
    """Numbers of other rows."""
    table, robust = asked.table, asked.right()[0]
    for name, row in asked.regrets.worst_regret.items():
        yield {"regret": row}, f"That is the largest regret of “{name}”."
    for scenario in table:
        yield {"regret": table[scenario].max() - table.loc[robust, scenario]}, f"That is its regret if {scenario}."
        yield {"regret": table[scenario].max()}, f"That is the best if {scenario}. Take off what the option brings."
        for name, payoff in table[scenario].items():
            yield {"regret": table[scenario].max() - payoff}, f"That is the regret of “{name}” if {scenario}."
            yield {"regret": payoff}, f"That is what “{name}” brings if {scenario}, and no regret."
    means = table.mean(axis=1)
    for name, mean in means.items():
        yield {"price": mean}, f"That is the mean of “{name}”."
        yield {"price": means.max() - mean}, f"That is what “{name}” gives up."
        yield {"price": means[robust] - mean}, f"That is against “{name}”. Asked is: against the best mean."
        yield {"price": 4 * mean}, f"That is the sum of “{name}”. Asked is the distance of two means."


def kinds_of_sign(asked):
    """Slips in the order of the rule, for 9.2d."""
    right = asked.named(asked.right())
    watch, late, level, story = right["traffic_cost"], right["net_sales"], right["virtual_rooms"], right["talk"]
    slips = {
        ("traffic_cost", late): "It is paid before the order comes, and moves before the quarter's result.",
        ("traffic_cost", level): "The table gives it a level.",
        ("traffic_cost", story): "It is measured every week.",
        ("net_sales", watch): "When net sales fall, the money is already gone.",
        ("net_sales", level): "The rule asks first whether it is early. It is the money itself.",
        ("net_sales", story): "It is measured every week.",
        ("virtual_rooms", watch): "Nobody wrote down at what share we act. A number without a level cannot ring.",
        ("virtual_rooms", late): "It moves before the money does: rooms change first.",
        ("virtual_rooms", story): "It is counted, room by room.",
        ("talk", watch): "Nobody measures it, and no date is given on which it would be wrong.",
        ("talk", late): "It is not measured at all, so it cannot move with anything.",
        ("talk", level): "It is not measured, and that comes first in the rule.",
    }
    for (field, answer), sentence in slips.items():
        yield {field: answer}, sentence
