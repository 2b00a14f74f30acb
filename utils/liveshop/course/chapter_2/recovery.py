"""What chapter 2's methods make of the planted truths in one season; liveshop.world.recovery gathers them."""

from liveshop.course.chapter_2 import samples
from liveshop.course.recovery import Row

ENDS = ["estimate", "low", "high"]


def estimates(season):
    """Rows of all sections. season: tables by name, with the truth as name -> value."""
    yield from live_lift(season)


def live_lift(season):
    """2.2: how many times likelier a viewer is to order in a room than on the shelf page."""
    true, (live, shelf) = season.truth["live.lift_of_live_audience"], samples.visits(season)
    yield Row("live.lift", "naive", true, live.bought.mean() / shelf.bought.mean())
    yield Row("live.lift", "at equal source", true, samples.standardised_ratio(live, shelf, ["source"]))
    yield Row("live.lift", "within persons", true, *samples.lift(live, shelf)[ENDS])
    found, by_door = samples.lifts_at_doors(season), samples.doors(season)
    yield Row("live.lift", "within persons, live's mix", true, *samples.moved(*by_door, found, "live"))
    true = season.truth["live.lift_of_shelf_audience"]          # what moving those who visit the shelf would bring
    yield Row("live.lift_of_shelf_audience", "naive", true, live.bought.mean() / shelf.bought.mean())
    yield Row("live.lift_of_shelf_audience", "at equal source", true,
              samples.standardised_ratio(live, shelf, ["source"], mix="shelf"))
    yield Row("live.lift_of_shelf_audience", "within persons, shelf's mix", true,
              *samples.moved(*by_door, found, "shelf"))
    yield from live_lift_by_source(season)


def live_lift_by_source(season):
    """2.2: the same source by source, where the persons seen in both by the same source soon run out."""
    live, shelf = samples.visits(season)
    naive = (live.groupby("source", observed=True).bought.mean() / shelf.groupby("source", observed=True).bought.mean())
    within = samples.lifts_by(live, shelf, "source")
    for source, true in season.truth["live.lift_by_source"].items():
        if source in within.index:
            yield Row(f"live.lift_by_source: {source}", "naive", true, naive[source])
            yield Row(f"live.lift_by_source: {source}", "within persons", true, *within.loc[source, ENDS])
