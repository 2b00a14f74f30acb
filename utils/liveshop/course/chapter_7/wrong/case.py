"""Wrong answers of the exercises of 7.3, each computed, with the sentence that names it."""

import numpy as np

from liveshop.course.chapter_7 import samples
from liveshop.methods import panel


def effects(asked):
    """Other comparisons, scales and errors, for 7.3a."""
    rows, (effect, low, high) = asked.rows, asked.right()
    clean = samples.pilots_and(rows, asked.which)
    before = samples.before_after(rows, "net")
    orders = samples.change_of(rows, "local_orders", asked.which)
    yield (orders.estimate, *orders.interval), "That is the effect on orders instead of net sales."
    yield before, (
        "That is the pilots before and after. The clean cities rose in the same weeks: take their change off.")
    yield {"effect": before[0]}, "That is the pilots' rise since the start, and the clean cities' is still in it."
    share = np.expm1([effect, low, high])
    for values in (share, np.round(share, 2)):
        yield tuple(values), (
            "That is the change as a share. Asked is the change of the logarithm, as the method gives it.")
    yield tuple(samples.share_added([effect, low, high])), (
        "That is the share that would be missing without the programme. Asked is the change of the logarithm.")
    for places in (0, 1, 2, 3):
        yield tuple(np.round(100 * share, places)), (
            "That is in per cent. Asked is the change of the logarithm, as the method gives it.")
    yield {"effect": np.expm1(effect)}, "That is the change as a share. Asked is the change of the logarithm."
    yield tuple(np.exp([effect, low, high])), "Those are multiples. Asked is the change of the logarithm."
    yield {"effect": np.exp(effect)}, "That is the multiple. Asked is the change of the logarithm."
    yield (-effect, -high, -low), "The sign is turned round: after against before, pilots less clean cities."
    yield tuple(100 * np.array([effect, low, high])), "That is 100 times the change of the logarithm. Do not multiply."
    for net, sentence in (
        (rows.local_gmv + rows.local_refunded, "You added the refunds. Take them off."),
        (rows.net - rows.programme_cost, "You took the programme's cost off the sales. Asked are net sales."),
    ):
        found = samples.change_of(rows.assign(net=net), "net", asked.which)
        yield (found.estimate, *found.interval), sentence
    yield {"low": high, "high": low}, "The two ends stand in each other's place."
    for name, sentence in (("HC3", "The errors take the weeks of a city as independent. Cluster them by city."),
                           ("classical", "Those are classical errors. Cluster them by city.")):
        found = panel.difference_in_differences(clean, asked.outcome, "treated", "after", "city", "week",
                                                family="poisson", errors=name)
        yield {"low": found.interval[0], "high": found.interval[1]}, sentence
    found = samples.change_of(rows, asked.outcome, asked.which)
    for width, sentence in ((1.771, "That is a 90 % interval. Asked is 95 %."),
                            (1.96, "Those are 1.96 standard errors. With fourteen cities it is Student's t."),
                            (1.0, "That is one standard error to each side. Take the 95 % interval.")):
        half = width * found.standard_error
        yield {"low": effect - half, "high": effect + half}, sentence
    yield {"low": found.standard_error}, "That is the standard error. Asked are the ends of the interval."
    yield {"high": found.standard_error}, "That is the standard error. Asked are the ends of the interval."
    plain = clean.assign(log=np.log(clean.net))
    for outcome, sentence in ((asked.outcome, "That is a change in yuan a week: the family is linear. Take poisson."),
                              ("log", "You took logarithms first: then a small city counts as much as a large one.")):
        linear = panel.difference_in_differences(plain, outcome, "treated", "after", "city", "week")
        yield (linear.estimate, *linear.interval), sentence


def other_rows(asked):
    """Other weeks and other cities, for 7.3a."""
    rows = samples.pilots_and(asked.rows, asked.which)
    start = rows.week[rows.after == 1].min()
    weeks, before = np.sort(rows.week[rows.after == 1].unique()), rows.week[rows.after == 0].max()
    every = asked.rows
    for kept, sentence in (
        (rows[~rows.week.isin(weeks[:2])], "The first two weeks are left out. Asked are all 26."),
        (rows[~rows.week.isin(weeks[:3])], "The festival's weeks are left out. Asked are all 26."),
        (rows[rows.city != samples.BIG], "The largest pilot is left out. All ten are asked."),
        (every[every.treated.astype(bool) | every.neighbour],
         "Only the neighbours are controls, and they gained from the programme. Take the four clean cities."),
        (every.assign(treated=every.treated + every.neighbour),
         "The neighbours count as treated. Leave all six out."),
        (rows.assign(after=(rows.week > start).astype(float)),
         "The first week of the programme is taken as before it."),
        (rows.assign(after=(rows.week >= before).astype(float)),
         "The last week before the start is taken as after it."),
    ):
        found = samples.change_of(kept, asked.outcome, "all")
        yield (found.estimate, *found.interval), sentence


def other_effects(asked):
    """Sums by hand, for 7.3a."""
    rows, every = samples.pilots_and(asked.rows, asked.which), asked.rows
    start = rows.week[rows.after == 1].min()
    sums = rows.groupby(["treated", "after"]).net.sum()
    change = np.log(sums[1.0, 1.0] / sums[1.0, 0.0]) - np.log(sums[0.0, 1.0] / sums[0.0, 0.0])
    yield {"effect": change}, "That is from four sums by hand, without the levels of cities and weeks."
    yield {"effect": np.log(sums[0.0, 1.0] / sums[0.0, 0.0])}, (
        "That is the rise of the controls. Take it off the pilots'.")
    yield {"effect": np.log(rows[rows.week >= start].groupby("treated").net.mean()).diff().iloc[-1]}, (
        "That is pilots against others since the start. They were unlike before: compare changes.")
    for outcome in ("local_gmv", "local_orders"):
        found = samples.change_of(every, outcome, "all")
        yield (found.estimate, *found.interval), (
            "All cities without the programme are controls, those that border on a pilot too, and it is not net sales.")


def returns(asked):
    """Other sales, margins and costs, for 7.3b."""
    made, effect = asked.made, asked.effect
    cost, extra = made.programme_cost.sum(), asked.extra(asked.effect)
    base = samples.costs(asked.tables)["base"] * len(made)
    before = samples.before_after(samples.city_weeks(asked.tables), "net")[0]
    others = samples.change_of(samples.city_weeks(asked.tables), "net", "all").estimate
    gmv = made.local_gmv.sum()
    for values, sentence in (
        (asked.answer(made.net.sum() * np.expm1(effect)),
         "You took exp(effect) − 1 of the sales that were made. They hold the effect already: 1 − exp(−effect)."),
        (asked.answer(made.net.sum() * effect), "You took the logarithm for a share. The share is 1 − exp(−effect)."),
        (asked.answer(gmv * float(samples.share_added(effect))), "That is on GMV. Take off the refunds."),
        (asked.answer(extra, cost - base), "The base cost is left out. It runs before any part does."),
        (asked.answer(extra, base), "Only the base cost is taken off. The parts cost too."),
        (asked.answer(extra, kept=1.0), "You took all of the extra net sales for gain. Of a yuan 38 fen are left."),
        (asked.answer(extra, kept=samples.LEFT_OF_NET), "That is with the 0.45 of the page. Now 0.38 is left."),
        ((asked.kept * (extra - cost) / 1000, asked.kept * (extra - cost) / cost),
         "You took the cost off the sales. Take it off their margin."),
        (asked.answer(gmv * float(samples.share_added(
            samples.change_of(samples.city_weeks(asked.tables), "local_gmv").estimate))),
         "That is on GMV, and with the effect on GMV. Take net sales."),
        (asked.answer(made.claimed_gmv.sum() * made.net.sum() / gmv),
         "Those are the sales that the report claims, less refunds. Take the effect."),
        (asked.answer(made.claimed_gmv.sum()), "Those are the sales that the report claims. Take the effect."),
        (asked.answer(made.net.sum()), "You took all net sales. Only what would be missing without the programme."),
        (asked.answer(asked.extra(before)), "That is with the rise before and after. Take the effect of 7.3a."),
        (asked.answer(asked.extra(others)), "That is with all other cities as controls. Take the effect of 7.3a."),
    ):
        yield values, sentence
        yield {"gain": values[0]}, sentence
        yield {"earned": values[1]}, sentence
    for share in (np.expm1(effect), float(samples.share_added(effect))):
        yield asked.answer(asked.sold_before() * share), (
            "You took the sales before the start. Without the programme June would have sold more than spring.")
    yield {"gain": 1000 * asked.right()[0]}, "That is in yuan. Asked are thousands."
    yield {"gain": asked.right()[0] / 10}, (
        "That is in ten thousands (万), or for one city. Asked are thousands, of all ten cities.")
    margin = asked.kept * extra
    yield {"earned": margin / cost}, "That is margin for each yuan of cost. Take the cost off first."
    yield {"earned": extra / cost}, "Those are extra net sales for each yuan of cost. Asked is the gain."
    yield {"earned": (margin - cost) / margin}, "You divided by the margin. Divide by the cost."
    yield {"earned": (margin - cost) / extra}, "You divided by the extra sales. Divide by the cost."
    yield {"earned": (margin - cost) / made.net.sum()}, "You divided by net sales. Divide by the cost."
    yield {"earned": cost / margin}, "That is cost for each yuan of margin. Turn it round, and take the cost off first."
    yield {"earned": 100 * asked.right()[1]}, "That is in per cent. Asked is yuan for each yuan."


def other_returns(asked):
    """Ends of the interval, a mean week, and whole tables, for 7.3b."""
    made = asked.made
    rows = samples.city_weeks(asked.tables)
    found = samples.change_of(rows, "net")
    for end, name in zip(found.interval, ("lower", "upper"), strict=True):
        yield asked.answer(asked.extra(end)), f"That is at the {name} end of the interval. Take the estimate."
    yield asked.answer(asked.extra(asked.effect), kept=0.62), "0.38 is what is left, not what it costs."
    yield asked.answer(asked.extra(round(asked.effect, 2))), "You rounded the effect to two decimals. Keep three."
    near = rows.net[(rows.neighbour | rows.treated.astype(bool)) & (rows.after == 1)].sum()
    yield asked.answer(near * float(samples.share_added(asked.effect))), (
        "You took the neighbours' sales as well, with the pilots' effect. Asked are the pilots'.")
    full = samples.swing(asked.tables)[2]
    yield asked.answer(full.net.sum() * float(samples.share_added(asked.effect)), full.programme_cost.sum()), (
        "The first two weeks are left out. The programme ran in them, and cost.")
    gain, _ = asked.right()
    yield {"gain": gain / len(made)}, "That is a city week's gain. Asked is all of them."
    yield {"gain": gain / made.week.nunique()}, "That is a week's gain. Asked is all thirteen."
    whole = rows[rows.treated == 1].net.sum() * float(samples.share_added(asked.effect))
    yield asked.answer(whole), "You took the net sales of all 26 weeks. The programme ran since the start."
    every = rows[rows.after == 1].net.sum() * float(samples.share_added(asked.effect))
    yield asked.answer(every), "You took the net sales of all twenty cities. The programme ran in ten."
    yield asked.answer(made.net.sum() * round(float(np.expm1(asked.effect)), 2)), (
        "You took the rise in per cent of the sales that were made. They hold the effect already: 1 − exp(−effect).")
    beside = rows.net[rows.neighbour & (rows.after == 1)].sum()
    spilled = beside * float(samples.share_added(samples.change_of(rows, "net", "neighbours").estimate))
    yield asked.answer(asked.extra(asked.effect) + spilled), (
        "The neighbours' extra sales are in it. Asked are the pilots'.")
    gmv = made.local_gmv.sum() * np.expm1(asked.effect)
    yield asked.answer(gmv), "That is on GMV, and the effect is in it already: net sales × (1 − exp(−effect))."
    orders = samples.change_of(rows, "local_orders").estimate
    yield asked.answer(asked.extra(orders)), "That is with the effect on orders. Take that on net sales."


def stopped(asked):
    """Other parts, columns and means, for 7.3c."""
    stop, at_most, best = asked.right()
    parts = ("show", "vote", "push")
    for part in parts:
        if part != stop:
            yield {"stop": part}, (f"The {part} brings ¥{asked.brings(part):,.0f} a city week and costs "
                                   f"¥{asked.costs(part):,.0f}. Take the part with the smallest gain.")
            yield {"at_most": asked.brings(part, "high")}, (
                f"That is the {part} at its upper end. Take the part you stop.")
        if part != best:
            each = f"{asked.brings(part) / asked.costs(part):,.2f}".replace("-", "−")
            yield {"best": part}, f"Per yuan of its cost the {part} brings ¥{each}. Another brings more."
    yield {"at_most": at_most / asked.kept * samples.LEFT_OF_NET}, "That is with the 0.45 of the page. Now it is 0.38."
    yield {"at_most": asked.brings(stop)}, "That is at the estimate. Asked is the upper end."
    yield {"at_most": asked.brings(stop, "low")}, "That is at the lower end. Asked is the upper one."
    yield {"at_most": asked.costs(stop)}, "That is what it costs. Asked is what it brings at most."
    for cost in (asked.costs(stop), round(asked.costs(stop)) + at_most - round(at_most)):
        yield {"at_most": at_most - cost}, "You took its cost off. Asked is what it brings."
    yield {"at_most": asked.costs(stop) - at_most}, "That is what is lost at least. Asked is what it brings."
    yield {"at_most": at_most / asked.kept * (1 - asked.kept)}, "0.38 is what is left, not what it costs."
    yield {"at_most": 10 * at_most}, "That is for all ten pilots. Asked is one city week."
    yield {"at_most": at_most / asked.kept}, "Those are net sales. Of a yuan 38 fen are left."


def other_parts(asked):
    """Other means and other forms of the effect, for 7.3c."""
    stop, at_most, _ = asked.right()
    name = f"part_{stop}"
    effects, mean, _ = asked.found
    high = effects.high[name]
    rows = samples.city_weeks(asked.tables)
    settled = samples.swing(asked.tables)[2]
    made = samples.after_start(rows)
    yield {"at_most": asked.kept * mean[name] * np.expm1(high)}, (
        "You took exp(effect) − 1 of sales that hold the effect already. Take 1 − exp(−effect).")
    yield {"at_most": asked.kept * mean[name] * high}, "You took the logarithm for a share: 1 − exp(−effect)."
    share = float(samples.share_added(high))
    for places in (2, 3):
        yield {"at_most": at_most / share * float(samples.share_added(round(high, places)))}, (
            "You rounded the effect before you used it. Keep all its digits.")
    ran = settled[name].astype(bool)
    yield {"at_most": asked.kept * (settled.net[ran].mean() - settled.net[~ran].mean())}, (
        "You subtracted the mean of weeks without it. Cities and weeks differ: take the effect.")
    yield {"at_most": asked.kept * settled.local_orders[ran].mean() * share}, "That is on orders. Take net sales."
    yield {"at_most": 100 * np.expm1(high)}, "That is the effect in per cent. Asked is what it brings, in yuan."
    for value, sentence in (
        (settled.net.mean(), "That is with the mean of all weeks of the pilots. Take those with the part."),
        (settled.net[~settled[name].astype(bool)].mean(), "That is with the weeks without the part."),
        (made.net[made[name].astype(bool)].mean(), "The first two weeks are in. Take `settled`."),
        (made.net.mean(), "That is with all weeks since the start. Take those of `settled` with the part."),
        (rows.net[rows.treated == 1].mean(), "The weeks before the start are in. Take `settled`, with the part."),
        (settled.local_gmv[settled[name].astype(bool)].mean(), "That is on GMV. Take net sales."),
        (settled.net[settled[name].astype(bool)].median(), "That is with the median. Take the mean."),
        (settled.net[settled[name].astype(bool)].sum(), "That is over all weeks. Asked is one city week."),
    ):
        yield {"at_most": asked.kept * value * share}, sentence
    for errors in ("cluster", "classical"):
        other = samples.parts(rows, errors).high[name]
        yield {"at_most": asked.kept * mean[name] * float(samples.share_added(other))}, (
            "That is with other errors. Take HC3: the lot is drawn anew in every week.")


SAID = {"A": "It compares with cities that had no programme, and is fair.",
        "B": "It leaves out what rooms and groups cost before any part runs.",
        "C": "It counts money that will partly go back: GMV.",
        "D": "It compares by lot, and is fair.",
        "E": "It has no other cities beside the pilots: before and after.",
        "F": "It adds orders that stand in the rise already."}


def sentences(asked):
    """Other letters, for 7.3d."""
    for field, right in zip(asked.fields, asked.right(), strict=True):
        for letter, said in SAID.items():
            if letter != right:
                yield {field.name: letter}, f"{letter}: {said}"
