"""The business around the shop: tables of other periods and other units, which read the season and change nothing.

Every generator and purpose of random numbers here begins with "business/": the tables that stand are the same to the
byte with and without this part.
"""

from __future__ import annotations

from liveshop.world import storage
from liveshop.world.business import journeys, media, programme


def grow(parameters, seed, tables, truth):
    """The tables of the season with those of the business added, and what is true in them (nothing unless `truth`).

    tables: of the season with its social half, finished
    """
    paths, persons = journeys.journeys(parameters, seed, tables)
    shops, *effects = programme.local_shops(parameters, seed)
    made = {
        "history": media.history(parameters, seed),
        "geo_tests": media.geo_tests(parameters, seed),
        "journeys": paths,
        "cities": programme.cities(),
        "city_weeks": shops.assign(channel_gmv=programme.channel_money(tables).ravel()),
    }
    facts = {}
    if truth:
        facts |= media.truths(parameters) | journeys.truths(persons) | programme.truths(parameters, *effects)
    return tables | {name: storage.of_contract(frame, name) for name, frame in made.items()}, facts
