"""The business around the shop: tables of other periods and other units, which read the season and change nothing.

Every generator and purpose of random numbers here begins with "business/": the tables that stand are the same to the
byte with and without this part.
"""

from __future__ import annotations

from liveshop.world import storage
from liveshop.world.business import (
    audience,
    indicators,
    journeys,
    ledger,
    media,
    programme,
    register,
    scripts,
    supply,
    team,
)


def grow(parameters, seed, tables, truth):
    """The tables of the season with those of the business added, and what is true in them (nothing unless `truth`).

    tables: of the season with its social half, finished
    """
    paths, persons = journeys.journeys(parameters, seed, tables)
    shops, *effects = programme.local_shops(parameters, seed)
    people = team.staff(seed)
    deliveries, inventory = supply.supply(parameters, seed, tables)
    incidents = register.incidents(parameters, seed, tables)
    made = {
        "history": media.history(parameters, seed),
        "geo_tests": media.geo_tests(parameters, seed),
        "journeys": paths,
        "cities": programme.cities(),
        "city_weeks": shops.assign(channel_gmv=programme.channel_money(tables).ravel()),
        "acquisition_costs": ledger.acquisition_costs(parameters, seed, tables),
        "income": ledger.income(parameters, seed),
        "contacts": team.contacts(parameters, seed, tables),
        "staff": people,
        "skills": team.skills(seed, people),
        "platform_scores": audience.platform_scores(parameters, seed),
        "criteria_pairs": audience.criteria_pairs(parameters, seed),
        "survey": audience.survey(seed, tables),
        "channel_audiences": audience.channel_audiences(),
        "incidents": incidents,
        "script_lines": scripts.script_lines(parameters, seed, tables["products"]),
        "deliveries": deliveries,
        "inventory": inventory,
        "buys": supply.buys(parameters, seed),
        "outages": register.outages(parameters, seed, tables),
        "risk_measures": register.risk_measures(),
        "risk_indicators": indicators.risk_indicators(parameters, seed, incidents),
    }
    facts = {}
    if truth:
        facts |= media.truths(parameters) | journeys.truths(persons) | programme.truths(parameters, *effects)
        facts |= ledger.truths(parameters, tables, made["acquisition_costs"], made["income"])
        facts |= team.truths(parameters, people, made["skills"]) | audience.truths()
        facts |= register.truths(parameters) | scripts.truths(made["script_lines"])
        facts |= supply.truths(parameters) | indicators.truths(parameters)
    return tables | {name: storage.of_contract(frame, name) for name, frame in made.items()}, facts
