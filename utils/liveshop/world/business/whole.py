"""The business around the shop: tables of other periods and other units, which read the season and change nothing.

Every generator and purpose of random numbers here begins with "business/": the tables that stand are the same to the
byte with and without this part.
"""

from __future__ import annotations

from liveshop.world import storage
from liveshop.world.business import media


def grow(parameters, seed, tables, truth):
    """The tables of the season with those of the business added, and what is true in them (nothing unless `truth`).

    tables: of the season with its social half, finished
    """
    made = {"history": media.history(parameters, seed), "geo_tests": media.geo_tests(parameters, seed)}
    facts = {**media.truths(parameters)} if truth else {}
    return tables | {name: storage.of_contract(frame, name) for name, frame in made.items()}, facts
