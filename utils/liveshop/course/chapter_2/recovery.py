"""What chapter 2's methods make of the planted truths in one season; liveshop.world.recovery gathers them."""

import numpy as np

from liveshop.course.chapter_2 import samples
from liveshop.course.recovery import Row


def estimates(season):
    """Rows of all sections. season: tables by name, with the truth as name -> value."""
    yield from live_lift(season)


def live_lift(season):
    """2.2: how many times likelier a viewer is to order in a room than on the shelf page."""
    true, (live, shelf) = season.truth["live.lift_of_live_audience"], samples.visits(season)
    yield Row("live.lift", "naive", true, live.bought.mean() / shelf.bought.mean())
    yield Row("live.lift", "at equal source", true, samples.standardised_ratio(live, shelf, ["source"]))
    ratio, error = samples.within_persons(live, shelf)
    yield Row("live.lift", "within persons", true, ratio, *(ratio * np.exp([-1.96 * error, 1.96 * error])))
