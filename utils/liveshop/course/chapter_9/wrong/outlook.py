"""Wrong answers of the exercises of 9.2, each computed, with the sentence that names it."""

import numpy as np
import pandas as pd

from liveshop.course.chapter_9.samples import coming, outlook
from liveshop.methods import forecast

SEEN = "That way has seen the weeks that it tells: the error of a fit, not of a forecast."


def _share(rows):
    return (rows["mean"] / rows["actual"] - 1).abs()


def errors(asked):
    """Weeks seen beforehand, other means and other scales, for 9.2a."""
    ago, own = asked.rows(outlook.AGO), asked.rows()
    weeks, fit = asked.weeks, outlook.fitted(asked.weeks)
    test = slice(asked.first + asked.ahead - 1, None)
    actual = weeks["sales"].to_numpy()
    yield {"calendar_error": outlook.off(fit[test], actual[test])}, SEEN
    yield {"calendar_error": outlook.off(fit, actual)}, SEEN
    seen = np.abs(fit[test] - actual[test]).mean()
    yield {"against": seen / (ago["mean"] - ago["actual"]).abs().mean()}, SEEN
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
        yield {field: np.sqrt((_share(rows) ** 2).mean())}, (
            "Those are squared shares, rooted. Asked is the mean of the absolute shares.")
        yield {field: 1 - _share(rows).mean()}, "That is one less the error. Asked is the error."
    yield {"ago_error": _share(own).mean(), "calendar_error": _share(ago).mean()}, "The two ways are exchanged."
    near = [forecast.accuracy(pd.concat([asked.rows(way, step) for step in range(1, asked.ahead + 1)]))
            for way in (outlook.AGO, asked.way)]
    yield (near[0]["mape"], near[1]["mape"], near[1]["mae"] / near[0]["mae"]), (
        "Those are one to four weeks ahead, all together. Asked is the fourth.")


def near_errors(asked):
    """Ways to average that come near to the one asked."""
    ago, own = forecast.accuracy(asked.rows(outlook.AGO)), forecast.accuracy(asked.rows())
    yield {"against": own["mape"] / ago["mape"]}, (
        "Those are the two mean shares divided. Asked is the mean absolute error in yuan.")
    yield {"against": own["rmse"] / ago["rmse"]}, "Those are squared errors, rooted. Asked is the mean absolute error."
    for field, way in (("ago_error", outlook.AGO), ("calendar_error", asked.way)):
        rows = asked.rows(way)
        off = (rows["mean"] - rows["actual"]).abs()
        yield {field: off.sum() / rows["actual"].sum()}, (
            "That is the sum of errors over the sum of sales. Asked is the mean of the shares, week by week.")
        yield {field: (off / rows["mean"]).mean()}, "You divided by the forecast. Divide by the actual sales."
        yield {field: np.abs(np.log(rows["mean"] / rows["actual"])).mean()}, (
            "Those are errors of the logarithm. Asked are shares of the sales.")


def other_errors(asked):
    """Other horizons, other periods and other ways."""
    yield from near_errors(asked)
    y = asked.weeks["sales"]
    for period in (4, 13, 26, 51, 53):
        def told(past, ahead, period=period):
            return forecast.seasonal_naive(past, ahead, period)
        rows = forecast.rolling_origin(y, told, asked.first, asked.ahead)
        yield {"ago_error": _share(rows[rows["ahead"] == asked.ahead]).mean()}, (
            f"That is the value {period} weeks before. A year is 52 weeks, so that Monday meets Monday.")
    for field, way in (("ago_error", outlook.AGO), ("calendar_error", asked.way)):
        fourth = asked.rows(way)
        yield {field: (fourth["mean"] / fourth["actual"] - 1).mean()}, (
            "Too high and too low cancel out there: that is the bias. Take absolute values first.")
        yield {field: _share(fourth).median()}, "That is the median error. Asked is the mean."
        many = outlook.ways(asked.weeks["festival"])[way]
        rows = forecast.rolling_origin(y, many, asked.first, asked.ahead)
        yield {field: _share(rows).mean()}, "Those are one to four weeks ahead, all together. Asked is the fourth."
        late = forecast.rolling_origin(y, many, asked.first, asked.ahead, step=asked.ahead)
        yield {field: _share(late[late["ahead"] == asked.ahead]).mean()}, (
            "That is every fourth origin. Take each week as an origin.")
        for ahead in (2, 3, 5, 8):
            yield {field: _share(asked.rows(way, ahead)).mean()}, f"That is {ahead} weeks ahead. Asked are four."
    naive = asked.rows(outlook.NAIVE)
    yield {"ago_error": _share(naive).mean()}, "That is the last week come again. Asked is the week a year ago."
    own = (asked.rows()["mean"] - asked.rows()["actual"]).abs().mean()
    yield {"against": own / (naive["mean"] - naive["actual"]).abs().mean()}, (
        "That is against the last week. Asked is against the week a year ago.")
    change = np.abs(y.to_numpy()[52:] - y.to_numpy()[:-52])
    for value in (change.mean(), change[:asked.first - 52].mean()):
        yield {"against": own / value}, "That is the scaled error (MASE). Divide by the error on the same forecasts."


def coverage(asked):
    """One side, other rows, and what the fit says of itself, for 9.2b."""
    rows, far = asked.rows(), asked.rows(ahead=outlook.QUARTER)
    count, held = len(rows), rows["actual"].between(rows["low"], rows["high"])
    outside = (~held).sum()
    yield {"held_weeks": outside, "held_share": 1 - held.mean()}, "Those are the weeks outside. Asked are those inside."
    yield {"held_weeks": outside}, "Those are the weeks outside. Asked are those inside."
    for field, part in (("held_share", rows), ("held_13", far)):
        inside = part["actual"].between(part["low"], part["high"]).mean()
        yield {field: 1 - inside}, "That is the share outside. Asked is the share inside."
        yield {field: 100 * inside}, "Per cent: asked is a fraction."
    there = far["actual"].between(far["low"], far["high"])
    if abs(there.mean() - held.mean()) > 0.01:
        yield {"held_share": there.mean(), "held_13": held.mean()}, "The two horizons are exchanged."
    yield {"forecasts": len(far), "held_weeks": there.sum(), "held_share": there.mean()}, (
        "Those are the forecasts 13 weeks ahead. Asked are four weeks.")
    near = pd.concat([asked.rows(ahead=step) for step in range(1, asked.ahead + 1)])
    there = near["actual"].between(near["low"], near["high"])
    yield {"forecasts": len(near), "held_weeks": there.sum(), "held_share": there.mean()}, (
        "Those are one to four weeks ahead together. Asked is the fourth week alone.")
    origins = len(asked.weeks) - asked.first
    yield {"forecasts": origins}, "Those are the origins. The last three have no fourth week to be judged on."
    yield {"forecasts": len(far)}, "Those are the forecasts 13 weeks ahead. Asked are four weeks."
    for value in (origins * asked.ahead, count * asked.ahead,
                  sum(min(asked.ahead, origins - k) for k in range(origins))):
        yield {"forecasts": value}, "Those are one to four weeks ahead together. Asked is the fourth week alone."
    yield {"forecasts": origins - asked.ahead}, "One too few: with 34 origins, the last 3 have no fourth week."
    yield {"forecasts": len(asked.weeks)}, "Those are all the weeks. The first 70 are only looked at."
    yield {"held_share": held.sum() / origins}, "You divided by all origins. Divide by the forecasts that were judged."


def other_coverage(asked):
    """What is promised, what the fit says of itself, one side, all horizons together, and other horizons."""
    error = np.log(outlook.fitted(asked.weeks)) - np.log(asked.weeks["sales"].to_numpy())
    for field in ("held_share", "held_13"):
        yield {field: asked.level}, "That is what the interval promises. Count what it keeps."
        for part in (error, error[asked.first:]):
            yield {field: (np.abs(part) <= 1.96 * error.std()).mean()}, (
                f"That is the band of the fit around its own weeks. {SEEN}")
    for field, part in (("held_share", asked.rows()), ("held_13", asked.rows(ahead=outlook.QUARTER))):
        for value, side in (((part["actual"] <= part["high"]).mean(), "below the upper end"),
                            ((part["actual"] >= part["low"]).mean(), "above the lower end")):
            yield {field: value}, f"That counts what is {side}. An interval has two ends."
    told = outlook.ways(asked.weeks["festival"], asked.level)[asked.way]
    for field, longest in (("held_share", asked.ahead), ("held_13", outlook.QUARTER)):
        rows = forecast.rolling_origin(asked.weeks["sales"], told, asked.first, longest)
        inside = rows["actual"].between(rows["low"], rows["high"])
        yield {field: inside.mean()}, "Those are all horizons together. Asked is the last one alone."
        if field == "held_share":
            yield {"held_weeks": inside.sum()}, "Those are all horizons together. Asked is the fourth week alone."
    for ahead in (2, 3, 8, 12):
        rows = asked.rows(ahead=ahead)
        yield {"held_share": rows["actual"].between(rows["low"], rows["high"]).mean()}, f"That is {ahead} weeks ahead."
        yield {"held_13": rows["actual"].between(rows["low"], rows["high"]).mean()}, f"That is {ahead} weeks ahead."


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
    yield {"regret": sorted(gap)[-2]}, "That is its second largest regret."
    yield {"regret": regrets.worst_regret[calmest]}, "That is the largest regret of another option."
    yield {"regret": table.to_numpy().max() - worst[robust]}, (
        "That is the best of the whole table less its worst. Compare within a scenario.")
    yield {"price": -price}, "The sign is turned round: asked is what it gives up."
    yield {"price": 4 * price}, "That is over all four scenarios. Asked is the mean."
    yield {"price": means[robust]}, "That is its own mean. Asked is the distance from the best mean."
    yield {"price": means.max()}, "That is the best mean. Take off the mean of the option."
    yield {"price": gap.mean()}, "That is its mean regret, against the best of each scenario. Asked is one option."
    yield {"price": means.max() - table.median(axis=1)[robust]}, "A median is mixed in. Take two means."
    yield {"price": means[robust] - means[calmest]}, "That is against the option with the smallest regret."


def other_options(asked):
    """Numbers of other rows."""
    table, robust = asked.table, asked.right()[0]
    for name, row in asked.regrets.worst_regret.items():
        yield {"regret": row}, f"That is the largest regret of “{name}”."
    for scenario in table:
        yield {"regret": table[scenario].max() - table.loc[robust, scenario]}, f"That is its regret if {scenario}."
    for name, mean in table.mean(axis=1).items():
        yield {"price": mean}, f"That is the mean of “{name}”."
        yield {"price": table.mean(axis=1).max() - mean}, f"That is what “{name}” gives up."


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
