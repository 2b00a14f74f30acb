"""The whole season: rooms, shelf, posts and orders, the social shop on them, the business around; the truth of it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from liveshop.tables.contract import write_contract
from liveshop.tables.writing import write_text
from liveshop.world import catalogue, orders, raw, storage
from liveshop.world.business import whole
from liveshop.world.parameters import SEED, given
from liveshop.world.people import population
from liveshop.world.rooms import record
from liveshop.world.rooms.grid import grid
from liveshop.world.rooms.night import broadcast
from liveshop.world.rooms.plan import CELL
from liveshop.world.rooms.plan import season as planned
from liveshop.world.shop import (
    baskets,
    coupons,
    customers,
    deals,
    members,
    outreach,
    posts,
    purchases,
    service,
    shelf,
    ties,
    trials,
    visits,
)
from liveshop.world.shop import orders as members_orders
from liveshop.world.truths import rooms as truths_of_rooms
from liveshop.world.truths import shop as truths_of_shop

ROOMS = 230  # broadcasts in a season of full size


def simulate(parameters=None, seed=SEED, rooms=ROOMS, size=1.0, truth=False, social=True, business=True):
    """Simulate the season.

    parameters: `Parameters` or a dict of changes such as {"giveaway.anchor": 0}
    rooms, size: number of broadcasts, and scale of the audience (small worlds for tests)
    truth: also run the twin worlds and return them under the key "truth" (a dict)
    social: also grow the social half (members and their orders, ties, trials, service); the live tables are the same
    without it
    business: also make the tables around the season (history, trials, ledgers, registers); needs the social half, and
    the other tables are the same without them
    Returns {table name: DataFrame} with the columns of the contract.
    """
    parameters = given(parameters)
    if rooms < 1 or not size > 0:
        raise ValueError(f"A world needs at least one room and a positive size, not rooms={rooms} and size={size}")
    plan = planned(parameters, seed, rooms, size)
    ground = grid(plan, parameters, seed)
    people = population(parameters, seed, ground.entries.sum() * CELL / 60)
    night = broadcast(plan, ground, parameters, seed, people)
    tables = _live_half(plan, night, parameters, seed, people)
    known = truths_of_rooms.truths(plan, night, parameters, seed, people, tables) if truth else None
    if social:
        tables, facts = _social_half(plan, night, parameters, seed, people, tables, rooms / ROOMS * size, truth)
        if truth:
            known["derived"].update(facts)
    if social and business:
        tables, facts = whole.grow(parameters, seed, tables, truth)
        if truth:
            known["derived"].update(facts)
    return tables | {"truth": known} if truth else tables


def _live_half(plan, night, parameters, seed, people):
    """The tables of rooms, shelf and posts, and of who bought there."""
    published = posts.posts(seed, len(plan.rooms) / ROOMS)
    shelved = shelf.visits(parameters, seed, people, len(night.sessions))
    lines = orders.table(
        plan,
        [
            record.order_lines(plan, night, seed, people),
            shelf.order_lines(plan, seed, people, shelved),
            posts.order_lines(plan, parameters, seed, people, published),
        ],
    )
    made = {
        "channels": catalogue.channels(),
        "hosts": plan.hosts,
        "products": plan.products,
        "customers": customers.customers(seed, people, lines, shelved),
        **record.tables(plan, night, seed, people),
        "shelf_sessions": shelved.table,
        "orders": lines,
        "refunds": orders.refunds(plan, parameters, seed, lines),
        "posts": published,
    }
    return {name: storage.of_contract(frame, name) for name, frame in made.items()}


def _social_half(plan, night, parameters, seed, people, tables, share, truth):
    """The tables with the social shop grown on them, with random numbers of its own; `share` is its size.

    Rows are added to customers, orders and refunds (source "social", members of the social shop); what was there
    before stays as it is. New tables: follows, shares, group_deals, post_segments, touchpoints, spend, experiments,
    experiment_plans, tickets, shop_visits. Returns (tables, facts): facts is empty unless `truth`.
    """
    before, tables = tables["customers"], dict(tables)
    seen = np.union1d(tables["viewer_sessions"].viewer_id, tables["shelf_sessions"].viewer_id)
    circle, invitations, strangers = members.grow(parameters, seed, people, before, seen, share)
    base, asked = purchases.buy(parameters, seed, circle)
    opened, invites, dealt = deals.deals(parameters, seed, plan, circle, base)
    placed, lines, worth = baskets.fill(parameters, seed, plan, circle, base, opened, dealt)
    placed, lines, sendings = coupons.campaigns(parameters, seed, plan, circle, placed, lines, worth)
    rows = members_orders.order_lines(parameters, seed, circle, placed, lines, tables["posts"])
    placed["order_id"] = members_orders.order_ids(placed, rows)
    tables["orders"], tables["refunds"] = members_orders.joined(plan, parameters, seed, tables, circle, rows)
    tables["customers"] = customers.with_members(seed, circle, before)
    tables["group_deals"] = deals.table(plan, circle, opened)
    tables["shares"] = ties.shares(seed, plan, night, circle, invitations, strangers, opened, invites, placed, tables)
    tables["follows"] = ties.follows(seed, circle, tables["customers"])
    tables["post_segments"] = posts.post_segments(parameters, seed, tables["posts"])
    alone = members_orders.own_orders(tables, circle, placed)
    tables["shop_visits"] = visits.shop_visits(parameters, seed, circle, alone)
    tables["tickets"] = service.tickets(parameters, seed, circle, placed, asked, tables)
    coupons.count_outcomes(circle, sendings, tables["orders"])
    tests = trials.tables_of(seed, circle, sendings, before, tables, share)
    tables["experiments"], tables["experiment_plans"], effects = tests
    tables["touchpoints"] = outreach.touchpoints(seed, circle, tables)
    tables["spend"] = outreach.spend(parameters, seed, circle, tables)
    tables = {name: storage.of_contract(frame, name) for name, frame in tables.items()}
    if not truth:
        return tables, {}
    known = (parameters, seed, circle, invitations, base, asked, opened, sendings, effects, tables)
    return tables, truths_of_shop.truths(*known)


def write(out="data", parameters=None, seed=SEED, rooms=ROOMS, size=1.0, social=True, business=True):
    """Write all tables of the season, their contract, the truth and dirty exports to a folder; returns the tables."""
    out = Path(out)
    tables = simulate(parameters, seed, rooms, size, truth=True, social=social, business=business)
    truth = tables.pop("truth")
    for name, frame in tables.items():
        storage.write_table(frame, name, out)
    write_contract(out)
    write_text(out / "truth.json", json.dumps(truth, ensure_ascii=False, indent=1) + "\n")
    raw.write(tables, out / "raw", seed)
    return tables
