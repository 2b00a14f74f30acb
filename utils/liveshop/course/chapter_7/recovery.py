"""What chapter 7's methods make of the planted truths in one season; liveshop.world.recovery gathers them."""

import numpy as np

from liveshop.course.chapter_7 import samples
from liveshop.course.recovery import Row
from liveshop.methods import attribution, panel


def estimates(season):
    """Rows of all sections. season: tables by name, with the truth as name -> value."""
    yield from together(season)
    yield from journeys(season)
    yield from programme(season)
    yield from parts(season)


def _of_table(truth, method, true, one):
    return Row(truth, method, float(true), float(one.estimate), float(one.low), float(one.high))


def together(season):
    """7.1: effects on log orders of live, of social, and what both add, in the trial over cities.

    With the first weeks of blocks all three are too small: a part of the block before is still at work.
    """
    rows, terms = samples.trial(season), ["live", "social", "both_extra"]
    for method, used in {"all weeks": rows, "without first weeks": samples.settled(season)}.items():
        found = panel.two_way_effects(used, "orders", terms, "city", "week", family="poisson").table
        for term, true in season.truth["geo.log_effects"].items():
            yield _of_table(f"geo.log_effects: {term}", method, true, found.loc[term])


def journeys(season):
    """7.1: share of the orders that would be missing without a kind of touch; and what live and social do together.

    The rules' credits are shares of all orders too, those without a touch among them: one denominator for all.
    """
    rows = season.journeys
    free, coin = attribution.paths(rows[rows.withheld == "none"]), attribution.incremental(rows)
    credits = samples.of_all_orders(free)
    names = {"naive": "last click", "first click": "first click", "linear": "linear", "Markov": "markov"}
    for kind, true in season.truth["journeys.incremental"].items():
        for method, rule in names.items():
            yield Row(f"journeys.incremental: {kind}", method, true, float(credits.loc[kind, rule]))
        one = coin.loc[kind]
        yield Row(f"journeys.incremental: {kind}", "withheld by a coin", true, one.share, one.low, one.high)
    yield Row("journeys.synergy", "naive", season.truth["journeys.synergy"], samples.observed_synergy(rows))


def programme(season):
    """7.2: effect of the programme on log orders of the pilots; what spills over to neighbours."""
    rows, true = samples.programme(season), season.truth["programme.log_orders"]
    yield Row("programme.log_orders", "naive", true, *samples.before_after(rows))
    for method, which in {"all controls": "all", "clean controls": "clean"}.items():
        found = samples.change_in_changes(samples.pilots_and(rows, which))
        yield Row("programme.log_orders", method, true, found.estimate, *found.interval)
    clean = samples.untouched(season)
    every = sorted(set(season.cities.city[season.cities.programme_start.isna()]))
    for method, donors in {"synthetic control, all donors": every, "synthetic control, clean donors": clean}.items():
        yield Row("programme.log_orders of the largest city", method, samples.effect_on_the_big(season),
                  samples.synthetic(rows, donors))
    spill = samples.change_in_changes(samples.pilots_and(rows, "neighbours"))
    yield Row("programme.spill", "clean controls", season.truth["programme.spill_log_orders"],
              spill.estimate, *spill.interval)


def parts(season):
    """7.3: what each part of the programme adds to log orders; which part the programme's own report would praise."""
    rows = samples.programme(season)
    for method, errors in {"rows independent (HC3)": "HC3", "clusters of ten cities": "cluster"}.items():
        found = samples.parts(rows, errors)
        for part in samples.PARTS:
            true = season.truth["programme.part_effects"][part.removeprefix("part_")]
            yield _of_table(f"programme.part_effects: {part.removeprefix('part_')}", method, true, found.loc[part])
    pilots = rows[(rows.treated == 1) & (rows.after == 1)]
    share = (pilots.claimed_gmv / pilots.local_gmv).groupby(pilots.part_push).mean()
    yield Row("programme.part_effects: push", "naive", season.truth["programme.part_effects"]["push"],
              float(np.log(share[True] / share[False])))
