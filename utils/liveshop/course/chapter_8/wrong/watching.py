"""Wrong answers of the exercises of 8.3, each computed, with the sentence that names it."""

import numpy as np

from liveshop.course.chapter_8.samples import watch
from liveshop.methods import leading, monitor, reliability


def charts(asked):
    """Other charts and other units, for 8.3a."""
    between, delay, _ = asked.right()
    yield {"between": 2 * between}, "That is a chart which looks one way only. A two-sided one rings twice as often."
    yield {"between": between / asked.gauges}, (
        "That is the time between alarms of all seven, or one gauge's in weeks. Asked is one gauge, in days.")
    yield {"a_year": asked.days / between}, "That is one gauge. Seven of them ring seven times as often."
    yield {"a_year": asked.days / between / asked.gauges}, "You divided by seven. Seven gauges ring more often."
    yield {"a_year": asked.gauges * asked.days / delay}, (
        "You divided by the delay. How often a quiet chart rings is told by the time between false alarms.")
    yield {"a_year": between / asked.days}, "That is the time between two alarms of one gauge, in years."
    yield {"a_year": asked.gauges * between / asked.days}, "Above and below the line are exchanged."
    yield {"a_year": asked.gauges * between}, "You multiplied by the days between alarms. Divide the year by them."
    shewhart = 1 / 0.0026998
    yield {"between": shewhart}, "That is a plain chart with limits of three standard deviations, not this CUSUM."
    yield {"delay": 43.9}, "That is the delay of a plain chart with limits of three standard deviations."
    yield {"between": 500.0}, "Those 500 days belong to the EWMA chart of the section. Asked is the CUSUM."
    yield {"delay": monitor.ewma_arl(0.2, 2.962, 1)}, "That is the delay of the EWMA chart of the section."


def by_formula(asked):
    """Run lengths by Siegmund's formula, without a shift (two sides) and with it."""
    wide = asked.h + 1.166

    def one_side(drift):
        return (np.exp(-2 * drift * wide) + 2 * drift * wide - 1) / (2 * drift**2)

    return one_side(-asked.k) / 2, one_side(asked.shift - asked.k)


def other_charts(asked):
    """What else stands in the table."""
    between, delay, _ = asked.right()
    yield {"delay": 2 * delay}, "That is twice the delay; both sides are in it already."
    yield {"delay": delay / 2}, "That is half of the delay: the side that the shift leads to rings, not both."
    yield {"a_year": asked.gauges * 12 / between}, "You counted 12 days in the year: a value comes every day."
    month = asked.gauges * asked.days / between / 12
    for value in (month, asked.gauges * 30 / between):
        yield {"a_year": value}, "That is a month. Asked is a year."
    yield {"a_year": asked.gauges / between}, "That is the chance of an alarm on one day. Times the days of a year."
    yield {"a_year": asked.days * (1 - (1 - 1 / between) ** asked.gauges)}, (
        "You counted days with an alarm. Two gauges may ring on one day: add up the alarms.")
    yield {"between": between / (asked.days / 12)}, "Those are months. Days are asked."
    yield {"delay": asked.h / asked.shift}, "You divided h by the shift. Each day the sum takes k off."
    yield {"a_year": 7 * asked.days / (2 * between)}, "That is seven charts which look one way only."
    for h in (3.0, 3.5, 4.5, 6.0):
        yield {"between": monitor.cusum_arl(asked.k, h)}, f"That is h = {h:g}. Asked is h = 4."
    yield {"between": monitor.cusum_arl(0.25, asked.h)}, "That is k = 0.25. Asked is k = 0.5."
    yield {"a_year": asked.gauges * asked.days / 500}, "Those are EWMA charts with 500 days between false alarms."
    yield {"a_year": asked.gauges * asked.days * 0.0026998}, "Those are plain charts with three standard deviations."


def leads(asked):
    """What goes together, other lags and other scales, for 8.3b."""
    lead = asked.lead
    values, _ = asked.days
    order = asked.together.abs().index
    for name in order[1:]:
        words = "is the gauge that leads" if name == asked.gauge else "goes together less with these causes"
        yield {"together": name}, (
            f"`{name}` {words}. Asked first is what moves with the causes of the same week: the naive search.")
    yield {"days": 0, "times": lead.profile.ratio[0]}, (
        "You took the same day, lag 0. That is no lead: look for the lag that tells most.")
    yield {"days": 0}, "At lag 0 a gauge moves with the causes. Look for the lag that tells most."
    yield {"days": -lead.days}, "The sign is turned round: the gauge comes first, so it leads."
    for name in ("supplier_late", "line_loss", "refund_requests"):
        other = leading.lead_time(values[name].to_numpy(), asked.days[1][asked.kind].to_numpy())
        if other.days not in (0, lead.days):
            yield {"days": other.days, "times": other.ratio}, f"That is `{name}`. Asked is `{asked.gauge}`."
    for name, kind in watch.MEANT.items():
        if name != asked.gauge:
            yield {"days": watch.lead(asked.tables, name).days}, (
                f"That is the lead of `{name}` for {kind} causes. Asked is `{asked.gauge}` and {asked.kind}.")
    if lead.high != lead.days:
        yield {"days": lead.high}, "That is the upper end of the interval. Take the lag that tells most."
    yield {"times": lead.profile.ratio[0]}, "That is the ratio at lag 0, on the same day. Take it at the lead."
    yield {"times": np.log(lead.ratio)}, "That is the logarithm of the ratio. Take its exponential."
    yield {"times": lead.ratio ** (1 / values[asked.gauge].std(ddof=0))}, (
        "That is the ratio for one unit of the gauge. Asked is one standard deviation.")
    yield {"times": lead.ratio ** 2}, "That is the ratio for two standard deviations."
    yield {"times": asked.together[asked.gauge]}, "That is a correlation. Asked is the ratio."
    yield {"times": asked.together.abs().max()}, "That is the largest correlation. Asked is the ratio of `feed_share`."
    yield {"times": lead.ratio - 1}, "That is how many more, as a fraction. Asked is how many times as many."


def other_leads(asked):
    """Other lags, each with its ratio."""
    for lag, ratio in asked.lead.profile.ratio.items():
        if lag != asked.lead.days:
            yield {"times": ratio}, f"That is the ratio at lag {lag}. Take it at the lag that tells most."
            yield {"days": lag}, f"At lag {lag} the gauge tells less of the causes than at the best lag."
    values, events = asked.days
    lead, gauge, struck = asked.lead, values[asked.gauge], events[asked.kind].to_numpy()
    whole = watch.table(asked.tables)[asked.gauge]
    yield {"times": lead.ratio ** (whole.std() / gauge.std())}, (
        "That is a standard deviation of all days. Take that of the later days.")
    if lead.days:
        before, after = gauge.to_numpy()[:-lead.days], struck[lead.days:]
        for edge in (np.median(before), before.mean() + before.std()):
            if after[before <= edge].mean():
                yield {"times": after[before > edge].mean() / after[before <= edge].mean()}, (
                    "You compared high days with low ones. Asked is one standard deviation more.")


def limits(asked):
    """The judge chooses, whole periods and other amounts, for 8.3c."""
    limit, tuned, unseen = asked.right()
    best = asked.tried.sort_values("unseen", ascending=False).iloc[0]
    for row in asked.tried.itertuples():
        if row.limit not in (limit, best.limit):
            said = f"The limit {row.limit:g} brings less on the days that choose."
            yield (row.limit, row.tuned, row.unseen), said
            if row.limit != 3:
                yield {"limit": row.limit}, said
    if best.limit != limit:
        yield (best.limit, best.tuned, best.unseen), (
            "You chose the limit on the later days, which are to judge. Choose on the early ones.")
        yield {"later": best.unseen}, (
            "That is the best of the later days. They may judge, and not choose: take the limit of the early days.")
        yield {"limit": best.limit}, "That limit is the best of the later days. The early ones choose."
    values, events = watch.table(asked.tables), watch.counts(asked.tables)
    gauge, struck = values[asked.gauge].to_numpy(), events[asked.kind].to_numpy()
    years = asked.cut / watch.YEAR, (len(gauge) - asked.cut) / watch.YEAR
    totals = {"chosen": tuned * years[0], "later": unseen * years[1]}
    for values in (totals, *({name: value} for name, value in totals.items())):
        yield values, "That is the sum over all those days. Asked is a year."
    thousands = {"chosen": tuned / 1000, "later": unseen / 1000}
    for values in (thousands, *({name: value} for name, value in thousands.items())):
        yield values, "Those are thousands of yuan. Yuan are asked."
    yield {"chosen": unseen, "later": tuned}, "The two amounts are exchanged: early days choose, later days judge."
    yield {"limit": 3.0}, "Three standard deviations are a habit. Take the limit that brings most on the early days."
    usual = asked.tried[asked.tried.limit == 3.0].iloc[0]
    yield {"chosen": usual.tuned}, "That is the limit of three standard deviations."
    on = leading.smoothed(gauge, asked.lam, asked.cut) > limit
    for field, part, many in (("chosen", slice(0, asked.cut), years[0]), ("later", slice(asked.cut, None), years[1])):
        money = {"saves": asked.saves, "costs": asked.costs, "warned": asked.warned}
        one = leading.alarm_value(on[part], struck[part], hold=asked.hold, **money)
        yield {field: asked.saves * one.warned / many}, "That is what is saved. What acting costs is not taken off."
        yield {field: asked.costs * one.alarms / many}, "That is what acting costs. Take it off what is saved."
        yield {field: asked.saves * one.warned / many - asked.costs * one.false / many}, (
            "You paid for false alarms only. Acting on a right one costs as much.")
        yield {field: (asked.saves - asked.costs) * one.warned / many}, (
            "You paid for acting once a warned cause. Pay once an alarm, the false ones too.")
        every = leading.alarm_value(on[part], struck[part], hold=1, **money)
        yield {field: every.value / many}, "You paid on every day above the limit. One action lasts 14 days."
        yield {field: one.value / many / 12}, "That is a month. Asked is a year."
        yield {field: one.value / many / watch.YEAR}, "That is a day. Asked is a year."
        yield {field: one.alarms / many}, "That is how often it rings in a year. Asked are yuan."


def other_limits(asked):
    """Other limits, other gauges' days, and the best of all days."""
    limit, tuned, unseen = asked.right()
    others = asked.tried[asked.tried.limit != limit]
    for name, column, where in (("chosen", "tuned", "days that choose"), ("later", "unseen", "later days")):
        for value, rows in others.groupby(others[column].round()):
            limits = (f"That is the limit {rows.limit.min():g}" if len(rows) == 1 else
                      f"That is a limit from {rows.limit.min():g} to {rows.limit.max():g}")
            yield {name: value}, f"{limits}, on the {where}. Asked is the one that is best on the early days."
        yield {name: asked.tried[column].mean()}, "That is the mean of all the limits. Asked is the best one."
    yield {"later": tuned - unseen}, "That is what was lost from early to later days. Asked is what is left."
    gauge = watch.table(asked.tables)[asked.gauge].to_numpy()
    share = asked.cut / len(gauge)
    whole = share * asked.tried.tuned + (1 - share) * asked.tried.unseen
    for name in ("chosen", "later"):
        yield {name: whole.max()}, "That is the best limit of all days. The early ones choose."
        yield {name: whole[0]}, "That is over all days. Asked are the early and the later ones, each alone."
    yield {"limit": limit * gauge[:asked.cut].std()}, "That is in units of the gauge. Asked are standard deviations."
    yield {"limit": limit * np.sqrt(asked.lam / (2 - asked.lam))}, (
        "That is in standard deviations of the raw gauge. Asked are those of the smoothed one.")


def agenda(asked):
    """Slips in the order of the rule, for 8.3d."""
    right = asked.named(asked.right())
    slips = {
        ("rule_notices", watch.KEEP): "Its interval lies above 0, but count the causes first: the rule goes in order.",
        ("rule_notices", watch.DROP): "Too few causes to judge is no reason to stop looking.",
        ("rule_notices", watch.THERMOMETER): "Nothing says that it moves with the causes; they are too few.",
        ("refund_requests", watch.KEEP): "It tells on the day itself. When it rings, the loss is there.",
        ("refund_requests", watch.DROP): "It does not warn, but it shows how bad it is: the rule keeps it to be read.",
        ("refund_requests", watch.WAIT): "There are far more than 20 causes.",
        ("sick_days", watch.KEEP): "Its best lag is one of many: the interval runs across nearly all of them.",
        ("sick_days", watch.THERMOMETER): "It does not move with the causes: no lag stands out.",
        ("sick_days", watch.WAIT): "There are far more than 20 causes, and no lag stands out.",
        ("supplier_late", watch.THERMOMETER): "It tells days ahead: that is a warning, not a thermometer.",
        ("supplier_late", watch.DROP): "It tells of supply causes days ahead: keep it.",
        ("supplier_late", watch.WAIT): "There are more than 20 causes: the rule lets you judge.",
    }
    for (gauge, answer), sentence in slips.items():
        if right[gauge] != answer:
            yield {gauge: answer}, sentence
    card = reliability.supplier_scorecard(asked.tables.deliveries)
    for name in card.index:
        if name != right["invited"]:
            words = ("is slowest on average, and was so from the start" if name == card.lead_mean.idxmax() else
                     "delivers most defects" if name == card.defects.idxmax() else "is not getting slower fastest")
            yield {"invited": name}, f"{name} {words}. The rule invites by the trend."
