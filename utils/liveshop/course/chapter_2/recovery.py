"""What chapter 2's methods make of the planted truths in one season; liveshop.world.recovery gathers them."""

import numpy as np

from liveshop.course.chapter_2 import anatomy, platforms, samples
from liveshop.course.recovery import Row

ENDS = ["estimate", "low", "high"]


def estimates(season):
    """Rows of all sections. season: tables by name, with the truth as name -> value."""
    yield from seconds_per_entry(season)
    yield from live_lift(season)
    yield from refunds_of_channels(season)


def seconds_per_entry(season):
    """2.1: how long an entry lasts, from those whom a look every ten minutes finds. The truth is counted, not planted.

    A poll asks a hundred of those found, drawn anew in each season.
    """
    true, met = season.viewer_sessions.watch_seconds.mean(), anatomy.met(season)
    poll = np.random.default_rng(21).choice(met.seconds.to_numpy(), 100)
    yield Row("audience.seconds_per_entry", "naive", true, met.seconds.mean())
    yield Row("audience.seconds_per_entry", "one by length", true, *anatomy.mean(met, met.seconds, 1 / met.seconds))
    yield Row("audience.seconds_per_entry", "minutes alone", true, anatomy.seconds_by_minutes(season.stream_minutes))
    yield Row("audience.seconds_per_entry", "one by length, poll of 100", true, anatomy.undone(poll))


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


def refunds_of_channels(season):
    """2.3: the share of each channel's paid lines that will have been refunded when all refunds are in."""
    true = season.truth["refund.final_rate_by_channel"]
    ways = {"all lines so far": (0, False), "lines of three weeks": (platforms.GROWN, False),
            "three weeks, festival as it is": (platforms.GROWN, True)}
    for method, (days, festival) in ways.items():
        for channel, one in platforms.final_refunds(season, days, festival).iterrows():
            yield Row("refund.final_rate_by_channel", method, true[channel], one.estimate, one.low, one.high)
