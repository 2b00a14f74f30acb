"""Wrong answers of section 7.2."""

import numpy as np


def two_changes(asked):
    """For 7.2a: other scales, and what was left out."""
    pilots, did, percent = asked.right()
    clean = asked.log_change("clean")
    yield {"before_after": np.expm1(pilots)}, "That is the change as a share. Asked is the change of the logarithm."
    yield {"before_after": 100 * np.expm1(pilots)}, "That is the change in per cent. Asked is the log change."
    yield {"before_after": clean}, "That is the change of the clean cities. The pilots come first."
    yield {"did": clean}, "That is the change of the clean cities alone. Take it off the pilots' change."
    yield {"did": pilots}, "That is the pilots' change. Take off what the clean cities did in the same weeks."
    yield {"did": pilots + clean}, "You added the two changes. The clean cities' change is what would have come anyway."
    yield {"did": np.expm1(pilots) - np.expm1(clean)}, (
        "You subtracted two changes in per cent. Per cents multiply: subtract logarithms, or divide the ratios.")
    yield {"did": np.expm1(did)}, "That is the share. Asked is the log change; the share comes third."
    yield {"did": pilots / clean}, "You divided the two changes. Subtract them."
    yield {"per_cent": 100 * (np.expm1(pilots) - np.expm1(clean))}, (
        "You subtracted two changes in per cent. Of the pilots' own level it is 100 × (exp(difference) − 1).")
    yield {"per_cent": 100 * did}, "That is 100 × the log change. The per cent are 100 × (exp(it) − 1)."
    yield {"per_cent": 100 * np.expm1(pilots)}, "That is before and after. The difference in differences is asked."
    yield {"per_cent": 100 * np.expm1(clean)}, "That is what the clean cities gained."
    yield {"per_cent": -100 * np.expm1(-did)}, "That is the part of the pilots' orders that came by it. Asked is how " \
                                               "much more there was than without."
    yield {"per_cent": 100 * np.exp(did)}, "Take off 100: asked is how much more."


def of_logs(asked):
    """For 7.2a: mean logs, and what a regression of log orders gives."""
    first, second = (_of_logs(asked.groups[name], asked.outcome) for name in ("pilots", "clean"))
    did, percent = first - second, 100 * np.expm1(first - second)
    for values in ({"before_after": first, "did": did, "per_cent": percent}, {"did": did, "per_cent": percent}):
        yield values, ("That is a difference of mean logs of single weeks. Asked is the log of the ratio of two means "
                       "over city weeks.")


def other_changes(asked):
    """For 7.2a: means over cities, weeks or logs."""
    pilots = asked.right()[0]
    for words, change in (
        ("the mean of the cities' own log changes, so that a small city counts as much as a large one", _of_cities),
        ("a difference of mean logs of single weeks", _of_logs),
    ):
        first, second = change(asked.groups["pilots"], asked.outcome), change(asked.groups["clean"], asked.outcome)
        did = first - second
        yield (first, did, 100 * np.expm1(did)), (
            f"That is {words}. Asked is the log of the ratio of two means over city weeks.")
        for part in ({"before_after": first}, {"did": did}, {"per_cent": 100 * np.expm1(did)}):
            yield part, f"That is {words}. Asked is the log of the ratio of two means over city weeks."
    middle = {name: rows.groupby("after")[asked.outcome].median() for name, rows in asked.groups.items()}
    first, second = (float(np.log(middle[name][1.0] / middle[name][0.0])) for name in ("pilots", "clean"))
    for part in ({"before_after": first}, {"did": first - second}, {"per_cent": 100 * np.expm1(first - second)}):
        yield part, "Those are medians. Take the means over city weeks."
    for group in ("all", "neighbours", "clean"):
        yield {"before_after": asked.log_change(group)}, "That is the change of other cities. The pilots are asked."
    (a, b), (c, d) = asked.means("pilots"), asked.means("clean")
    yield {"did": (b - a) - (d - c)}, "That is in orders. The pilots are larger: compare changes of logarithms."
    yield {"did": (b - a) / a - (d - c) / a}, "You divided both changes by the pilots' level. Use logarithms."
    yield {"before_after": b - a}, "That is in orders. Asked is the log of the ratio."
    yield {"before_after": b / a}, "That is the ratio. Asked is its logarithm."
    yield {"per_cent": 100 * (b / d - 1)}, "That compares after only. What the two were before is not taken off."
    yield {"did": np.log(b / d)}, "That compares after only. What the two were before is not taken off."
    yield {"did": np.exp(pilots) / np.exp(asked.log_change("clean"))}, "That is the ratio of two ratios. Take its log."
    yield {"before_after": np.log10(b / a)}, "That is the logarithm to base 10. Take the natural one (np.log)."
    yield {"did": np.log10(b / a) - np.log10(d / c)}, "That is the logarithm to base 10. Take the natural one."
    for field, value in (("before_after", np.log(a / b)), ("did", np.log(d / c) - np.log(b / a))):
        yield {field: value}, "The sign is turned round: after against before, pilots less clean cities."


def _of_cities(rows, outcome):
    mean = rows.groupby(["city", "after"])[outcome].mean().unstack()
    return float(np.log(mean[1.0] / mean[0.0]).mean())


def _of_logs(rows, outcome):
    mean = np.log(rows[outcome]).groupby(rows.after).mean()
    return float(mean[1.0] - mean[0.0])


def alike(asked):
    """For 7.2b."""
    gap, false, _ = asked.right()
    slopes = {name: 100 * one.mean() for name, one in asked.slopes.items()}
    yield {"slope_gap": slopes["pilots"]}, "That is the slope of the pilots alone. Take off that of the clean cities."
    yield {"slope_gap": slopes["clean"]}, "That is the slope of the clean cities alone."
    yield {"slope_gap": -gap}, "The sign is turned round: pilots less clean cities."
    yield {"slope_gap": gap / 100}, "That is in log points. In per cent a week it is 100 times as much."
    yield {"slope_gap": 13 * gap}, "That is over thirteen weeks. Asked is per week."
    yield {"slope_gap": 12 * gap}, "That is over the twelve steps. Asked is per week."
    yield {"slope_gap": gap / 7}, "That is per day. Asked is per week."
    yield {"false_start": -false}, "The sign is turned round: the pilots' change less the clean cities'."
    yield {"false_start": asked.log_change("pilots")}, "That is the pilots' change alone."
    yield {"false_start": 100 * np.expm1(false)}, "That is in per cent. Asked is the log change."
    for letter, sentence in {
        "A": "Thirteen weeks and four clean cities cannot prove that. And what was parallel may part in June.",
        "C": "Nothing had begun then. What a false start finds is chance or another trend.",
        "D": "The check uses no week of the programme: it can say nothing of its effect.",
    }.items():
        yield {"says": letter}, sentence


def alike_rarer(asked):
    """For 7.2b: with the weeks of the programme in it, medians, sums; and values that others come near to."""
    yield {"false_start": asked.log_change("clean")}, "That is the clean cities' change alone."
    yield {"false_start": asked.but(false="2025-05-05").right()[1]}, "That is a start on 5 May. Asked is 28 April."
    yield {"false_start": np.expm1(asked.right()[1])}, "That is the share. Asked is the log change."
    yield {"false_start": asked.log_change("pilots", "local_gmv") - asked.log_change("clean", "local_gmv")}, (
        "That is money (local_gmv). Orders are asked.")
    whole = asked.but(until="2030-01-01")
    real = asked.but(until="2030-01-01", false="2025-06-02")
    yield {"false_start": real.right()[1]}, "That is the estimate with the real start. Asked is 28 April, before June."
    yield {"false_start": whole.right()[1]}, "You kept the weeks of the programme. Only those before 2 June count."
    yield {"slope_gap": whole.right()[0]}, "You kept the weeks of the programme. Only those before 2 June count."
    pilots, clean = asked.slopes["pilots"], asked.slopes["clean"]
    yield {"slope_gap": 100 * (pilots.median() - clean.median())}, "Those are medians. Take the mean of the slopes."
    total = {name: part.groupby("week").local_orders.sum() for name, part in asked.groups.items()}
    one = {name: np.polyfit(range(len(y)), np.log(y), 1)[0] for name, y in total.items()}
    yield {"slope_gap": 100 * (one["pilots"] - one["clean"])}, (
        "You took one slope of the sums: the largest city decides. One slope a city, then the mean.")
    orders = {name: part.groupby("city").local_orders.agg(lambda y: np.polyfit(range(len(y)), y, 1)[0]).mean()
              for name, part in asked.groups.items()}
    yield {"slope_gap": 100 * (orders["pilots"] - orders["clean"])}, (
        "Those are orders a week, times 100. Take the slope of the log.")
    yield {"slope_gap": pilots.mean() / clean.mean()}, "You divided the two slopes. Subtract them."
    yield {"slope_gap": orders["pilots"] - orders["clean"]}, "Those are orders a week. Take the slope of the log."
    for change in (_of_cities, _of_logs):
        yield {"false_start": change(asked.groups["pilots"], asked.outcome)
               - change(asked.groups["clean"], asked.outcome)}, (
            "You averaged logs. Asked is the log of the ratio of two means over city weeks.")


def spilled(asked):
    """For 7.2c."""
    all_cities, spill, orders = asked.right()
    effect = asked.log_change("pilots") - asked.log_change("clean")
    before, after = asked.means("neighbours")
    count = asked.groups["neighbours"].city.nunique()
    yield {"all_cities": effect}, "That is the estimate against clean cities. Here take all ten without programme."
    yield {"all_cities": asked.log_change("pilots")}, "That is before and after alone: nothing is compared."
    yield {"all_cities": asked.log_change("all")}, "That is the change of the others alone. Take it off the pilots'."
    yield {"all_cities": asked.log_change("pilots") - asked.log_change("neighbours")}, (
        "That is against the six neighbours, or the whole spill-over taken off. All ten cities without the programme "
        "are asked; six of them have it.")
    yield {"all_cities": np.expm1(all_cities)}, "That is the share. Asked is the log change."
    yield {"spill": asked.log_change("neighbours")}, "That is the neighbours' change. Take off the clean cities'."
    yield {"spill": effect}, "That is the pilots' effect. The neighbours take their place here."
    yield {"spill": asked.log_change("neighbours") - asked.log_change("all")}, (
        "That is against all ten, the neighbours among them. Compare them with the clean cities.")
    yield {"spill": effect - all_cities}, (
        "That is by how much the estimate against all cities is too small. What the neighbours themselves gained is "
        "larger: the comparison mixes them with clean cities.")
    yield {"spill": np.expm1(spill)}, "That is the share. Asked is the log change."
    yield {"spill": -spill}, "The sign is turned round: neighbours less clean cities."
    yield {"spill": asked.log_change("neighbours") - asked.log_change("pilots")}, "That is against the pilots."
    yield {"all_cities": 100 * np.expm1(all_cities)}, "That is in per cent. Asked is the log change."
    yield {"spill": 100 * np.expm1(spill)}, "That is in per cent. Asked is the log change."
    yield {"spill": np.log(after / asked.means("clean")[1])}, (
        "That compares after only. What the two were before is not taken off.")

    def owed(gain):
        return count * after * (1 - np.exp(-gain))

    yield {"spill": effect - all_cities, "orders": owed(effect - all_cities)}, (
        "That is by how much the estimate against all cities is too small. Compare the neighbours with clean cities.")
    yield {"orders": owed(effect)}, "That is with the pilots' effect. Take what the neighbours gained."
    yield {"orders": owed(all_cities)}, "That is with the estimate against all cities. Take what the neighbours gained."
    yield {"orders": count * before * (1 - np.exp(-spill))}, (
        "That is a share of what they sold before. Take it of what they sold after.")
    yield {"orders": count * after * (1 - np.exp(spill))}, (
        "The sign in the exponent is turned round: without spill-over they would have sold after / exp(spill).")
    yield {"orders": 4 * orders / count}, "You counted four cities. Six have a neighbour with the programme."
    yield from _other_owed(asked, count, spill)
    yield {"orders": orders / count}, "That is for one city. All six together are asked."
    yield {"orders": count * after * np.expm1(spill)}, (
        "You put the share on what they sold after, which holds the gain already. Divide: after / exp(spill).")
    yield {"orders": count * after * spill}, "The log change is not the share. Take after − after / exp(spill)."
    yield {"orders": count * before * np.expm1(spill)}, (
        "That is on the level before, without festival and trend. Start from what they sold after.")
    yield {"orders": count * (after - before)}, "That is before and after: the festival is in it."
    yield {"orders": 13 * orders}, "That is over thirteen weeks. Asked is a week."
    yield {"orders": 10 * orders / count}, "You counted ten cities. Six have a neighbour with the programme."


def _other_owed(asked, count, spill):
    """For the third number of 7.2c: differences in orders, other weeks, other cities."""
    before, after = asked.means("neighbours")
    clean_before, clean_after = asked.means("clean")
    yield {"orders": count * (after - before - clean_after + clean_before)}, (
        "You subtracted changes in orders. The neighbours are larger than the clean cities: use the log change.")
    yield {"orders": count * (after - clean_after)}, "That compares after only. The neighbours are larger cities."
    yield {"orders": count * asked.groups["neighbours"][asked.outcome].mean() * (1 - np.exp(-spill))}, (
        "That is on the mean of all 26 weeks. Take the weeks from 2 June on.")
    pilots, effect = asked.groups["pilots"], asked.log_change("pilots") - asked.log_change("clean")
    yield {"orders": pilots.city.nunique() * asked.means("pilots")[1] * (1 - np.exp(-effect))}, (
        "That is what the ten pilots owe to the programme. The six neighbours are asked.")


def spilled_rarer(asked):
    """For 7.2c: means of cities and logs, and a log change rounded too early."""
    groups, (_, spill, orders) = asked.groups, asked.right()
    pilots, near, clean = (asked.log_change(name) for name in ("pilots", "neighbours", "clean"))
    yield {"all_cities": pilots - (near + clean) / 2}, (
        "That is against the mean of two changes. Take all ten cities as one group.")
    yield {"orders": orders / (1 - np.exp(-spill)) * (1 - np.exp(-round(spill, 2)))}, (
        "You rounded the log change to two decimals before you used it.")
    for change in (_of_cities, _of_logs):
        found = {name: change(rows, asked.outcome) for name, rows in groups.items()}
        yield {"all_cities": found["pilots"] - found["all"], "spill": found["neighbours"] - found["clean"]}, (
            "You averaged logs of cities or weeks. Asked is the log of the ratio of two means over city weeks.")
        yield {"all_cities": found["pilots"] - found["all"]}, "You averaged logs. Take the log of the ratio of means."
        yield {"orders": orders / (1 - np.exp(-spill)) * (1 - np.exp(found["clean"] - found["neighbours"]))}, (
            "That is with a mean of logs. Take the log of the ratio of means.")
        yield {"spill": found["neighbours"] - found["clean"]}, "You averaged logs. Take the log of the ratio of means."


def key_results(asked, faults):
    """For 7.2d: what each sentence has and lacks."""
    has = {
        "a": {"A": "How much closer? Any answer can pass.",
              "C": "Members of the clean cities are a comparison.", "D": "31 August is a date.",
              "E": "An outside institute asks, not the team."},
        "b": {"A": "A festival alone can meet it, with no programme at all.",
              "B": "40 % is a number.", "D": "It has a date, 31 August.",
              "E": "The shop's ledger counts, not the team."},
        "c": {"A": "When would you say that it failed? It can always still come.", "B": "5 % is a number.",
              "C": "Clean cities are a comparison.", "E": "The search platform counts, not the team."},
        "d": {"A": "Who would say that it failed? It may well be met on paper only.", "B": "12 % is a number.",
              "C": "Clean cities are a comparison.", "D": "31 August is a date."},
        "e": {"B": "12 % is a number.", "C": "Clean cities are a comparison.", "D": "7 September is a date.",
              "E": "The data desk counts, and does not run the programme."},
    }
    for field, answers in has.items():
        for letter, sentence in answers.items():
            yield {field: letter}, sentence
