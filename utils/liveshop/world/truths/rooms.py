"""What is true in the simulated world: the planted parameters, and effects computed from twin worlds.

A twin world is the same season with one cause switched off and every person's
luck kept. Its difference to the real one is the effect, with next to no noise.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from liveshop.world import catalogue, people as persons
from liveshop.world.rooms.record import refund_chance
from liveshop.world.parameters import SOURCES, describe
from liveshop.world.rooms.plan import CELL, is_festival, prompt_log_hazard
from liveshop.world.rooms.plan import grid as grid_of


def fact(value, meaning):
    """A truth: its value and one sentence that says what it is."""
    return {"value": value, "meaning": meaning}


def truths(plan, night, parameters, seed, people, tables):
    """The content of truth.json: parameters and derived truths, each with a sentence of meaning."""
    derived = {}
    derived.update(_lift(plan, night, parameters, seed, people, tables))
    derived.update(_giveaway(plan, night, parameters, seed, people))
    derived.update(_hosts(plan, night, parameters, seed, people))
    derived.update(_room(plan, parameters))
    derived.update(_refunds(plan, parameters, tables))
    return {
        "seed": int(seed),
        "note": "The course never looks in here before it has estimated.",
        "parameters": {
            name: {"value": value, "unit": unit, "meaning": meaning}
            for name, value, unit, meaning in describe(parameters)
        },
        "derived": derived,
    }


def _lift(plan, night, parameters, seed, people, tables):
    from liveshop.world.season import lifts

    festive = np.where(plan.rooms.is_festival.to_numpy(), parameters.festival.orders, 1.0)[night.room]
    shelf = 1 - np.exp(
        -parameters.shelf.conversion * np.exp(people.intent[night.person]) * persons.MOOD[night.source] * festive
    )
    by_source = lifts(parameters, np.bincount(night.source, shelf, 6))
    visits = tables["shelf_sessions"]
    index = pd.Series(np.arange(len(people)), index=people.number)
    source = visits.source.map({s: i for i, s in enumerate(SOURCES)}).to_numpy()
    season = np.where(is_festival(visits.visited), parameters.festival.orders, 1.0)
    own = 1 - np.exp(
        -parameters.shelf.conversion
        * np.exp(people.intent[index[visits.viewer_id].to_numpy()])
        * persons.MOOD[source]
        * season
    )
    return {
        "live.lift_by_source": fact(
            {s: round(float(v), 3) for s, v in zip(SOURCES, by_source)},
            "Conversion in a room against the shelf page for the same viewer, by the source by which she comes.",
        ),
        "live.lift_of_live_audience": fact(
            round(float((by_source * np.bincount(night.source, shelf, 6)).sum() / shelf.sum()), 3),
            "The lift averaged over those who enter rooms: weight strata by live's own mix.",
        ),
        "live.lift_of_shelf_audience": fact(
            round(float((by_source * np.bincount(source, own, 6)).sum() / own.sum()), 3),
            "The lift averaged over those who visit the shelf page: what moving them into rooms would bring.",
        ),
        "live.selection": fact(
            round(float(shelf.mean() / own.mean()), 3),
            "How much likelier the live audience is to buy than the shelf audience, on the same shelf page: the naive ratio is about the lift times this.",
        ),
    }


def _money(plan, night):
    """Paid money of each line and its margin after cost of goods and channel fees."""
    lines = night.lines[night.lines.is_paid]
    fee = (catalogue.CHANNELS.take_rate + catalogue.CHANNELS.payment_fee_rate).to_numpy()[
        plan.rooms.channel.to_numpy()[lines.room]
    ]
    cost = lines.quantity.to_numpy() * plan.products.unit_cost.to_numpy()[lines["product"]]
    return lines, lines.paid_amount.to_numpy(), lines.paid_amount.to_numpy() * (1 - fee) - cost


def totals(plan, night):
    """Per broadcast: views, viewers, buyers, orders, gmv, margin, watch minutes, clicks."""
    rooms = len(plan.rooms)
    room = night.room
    lines, gmv, margin = _money(plan, night)
    pairs = lambda r, p: (
        pd.DataFrame({"r": r, "p": p})
        .drop_duplicates()
        .groupby("r")
        .size()
        .reindex(range(rooms), fill_value=0)
        .to_numpy()
    )
    return pd.DataFrame(
        {
            "views": np.bincount(room, minlength=rooms),
            "viewers": pairs(room, night.person),
            "buyers": pairs(lines.room.to_numpy(), night.person[lines.session]),
            "orders": np.bincount(lines.room[lines.line_no == 1], minlength=rooms),
            "gmv": np.bincount(lines.room, gmv, minlength=rooms),
            "margin": np.bincount(lines.room, margin, minlength=rooms),
            "watch_minutes": np.bincount(room, night.watch / 60, minlength=rooms),
            "clicks": np.bincount(room[night.clicks.session], minlength=rooms),
        }
    )


def by_slot(plan, night):
    """Per row of the rundown: watch minutes, clicks and orders in its minutes."""
    size = len(plan.rundown)
    slot_of_second = np.repeat(night.grid.slot, CELL)
    first = night.lines[night.lines.is_paid & (night.lines.line_no == 1)]
    return pd.DataFrame(
        {
            "watch_minutes": np.bincount(slot_of_second, night.online, minlength=size) / 60,
            "clicks": np.bincount(night.grid.slot[night.clicks.second // CELL], minlength=size),
            "orders": np.bincount(night.grid.slot[first.second.to_numpy() // CELL], minlength=size),
        }
    )


def _giveaway(plan, night, parameters, seed, people):
    from liveshop.world.season import broadcast

    facts = {}
    real = totals(plan, night)
    twin_plan = plan.without_openers()
    twin_night = broadcast(twin_plan, grid_of(twin_plan, parameters, seed), parameters, seed, people, night.scale)
    twin = totals(twin_plan, twin_night)
    own = (plan.rooms.opener == "giveaway").to_numpy()
    if own.any():
        a, b = real[own].sum(), twin[own].sum()
        change = lambda name: round(float(a[name] / b[name] - 1), 4)
        conversion = lambda t: t.buyers / t.viewers
        logs = np.log(np.maximum(real[own].buyers, 0.5) / real[own].viewers) - np.log(
            np.maximum(twin[own].buyers, 0.5) / twin[own].viewers
        )
        prizes = parameters.giveaway.prize_cost * own.sum()
        said = "of the broadcasts that opened with a giveaway, against the same broadcasts without it (all opened broadcasts added up)."
        facts |= {
            "opener.entries": fact(change("views"), f"Relative change of entries {said}"),
            "opener.viewers": fact(change("viewers"), f"Relative change of different viewers {said}"),
            "opener.conversion": fact(
                round(float(conversion(a) / conversion(b) - 1), 4), f"Relative change of buyers / viewers {said}"
            ),
            "opener.log_conversion": fact(
                round(float(logs.mean()), 4),
                "Mean change of log(buyers / viewers) per broadcast that opened with a giveaway: what a regression of the log estimates.",
            ),
            "opener.log_views": fact(
                round(float(np.log(real[own].views / twin[own].views).mean()), 4),
                "Mean change of log(views) per broadcast that opened with a giveaway.",
            ),
            "opener.log_gmv": fact(
                round(float(np.log((real[own].gmv + 1) / (twin[own].gmv + 1)).mean()), 4),
                "Mean change of log(GMV + 1) per broadcast that opened with a giveaway.",
            ),
            "opener.orders": fact(change("orders"), f"Relative change of orders {said}"),
            "opener.gmv": fact(change("gmv"), f"Relative change of GMV {said}"),
            "opener.margin": fact(
                change("margin"), f"Relative change of margin (paid amount after channel fees and cost of goods) {said}"
            ),
            "opener.margin_after_prizes": fact(
                round(float((a.margin - prizes) / b.margin - 1), 4),
                f"Relative change of that margin less the prizes {said}",
            ),
            "opener.log_orders_per_click": fact(
                round(
                    float(
                        (
                            np.log((real[own].orders + 0.5) / (real[own].clicks + 1))
                            - np.log((twin[own].orders + 0.5) / (twin[own].clicks + 1))
                        ).mean()
                    ),
                    4,
                ),
                "Mean change of log((orders + 0.5) / (product clicks + 1)) per broadcast that opened with a giveaway, against the same broadcast without it: what a regression of the log estimates.",
            ),
            "opener.orders_per_viewer_minute": fact(
                round(float((a.orders / a.watch_minutes) / (b.orders / b.watch_minutes) - 1), 4),
                f"Relative change of orders per minute watched {said}",
            ),
        }
    later = (plan.rundown.activity == "giveaway") & (plan.rundown.slot_no > 1)
    rooms = plan.rundown.room[later].to_numpy()
    if len(rooms):
        twin_plan = plan.without_later_giveaways()
        twin_night = broadcast(twin_plan, grid_of(twin_plan, parameters, seed), parameters, seed, people, night.scale)
        a, b = by_slot(plan, night), by_slot(twin_plan, twin_night)
        start = pd.Series(plan.rundown.slot_no[later].to_numpy(), index=rooms).groupby(level=0).min()
        gave = plan.rundown.room.map(start)
        fresh = ~plan.rundown.room.map(plan.rooms.opener == "giveaway").to_numpy()
        during = later.to_numpy() & fresh
        after = (plan.rundown.slot_no > gave).fillna(False).to_numpy() & fresh & ~later.to_numpy()
        for name, rows, words in (
            ("during", during, "in the slot of a giveaway in mid-show"),
            ("after", after, "in the slots after a giveaway in mid-show"),
        ):
            if rows.any() and b[rows].clicks.sum() > 0:
                x, y = a[rows].sum(), b[rows].sum()
                against = "in broadcasts that did not open with one, against the same slots without it."
                rates = {
                    "orders_per_viewer_minute": (
                        x.orders / x.watch_minutes,
                        y.orders / y.watch_minutes,
                        "orders per minute watched",
                    ),
                    "orders_per_click": (x.orders / x.clicks, y.orders / y.clicks, "orders per click"),
                    "watch_minutes": (x.watch_minutes, y.watch_minutes, "minutes watched"),
                    "orders": (x.orders, y.orders, "orders"),
                }
                for measure, (ours, theirs, called) in rates.items():
                    if theirs > 0:
                        facts[f"giveaway.{name}.{measure}"] = fact(
                            round(float(ours / theirs - 1), 4), f"Relative change of {called} {words}, {against}"
                        )
    return facts


def _hosts(plan, night, parameters, seed, people):
    from dataclasses import replace

    from liveshop.world.season import broadcast

    hosts = plan.hosts
    new = hosts[hosts.stage == "newcomer"]
    # the same season with hosts of equal skill: what each adds to the conversion of her broadcasts
    equal = replace(plan, hosts=hosts.assign(skill=0.0, learning=0.0))
    a, b = (
        totals(plan, night),
        totals(equal, broadcast(equal, grid_of(equal, parameters, seed), parameters, seed, people, night.scale)),
    )
    log = lambda t: np.log(np.maximum(t.buyers, 0.5) / t.viewers)
    added = (log(a) - log(b)).groupby(plan.rooms.host.to_numpy()).mean()
    gmv = np.log((a.gmv + 1) / (b.gmv + 1)).groupby(plan.rooms.host.to_numpy()).mean()
    ids = hosts.host_id.to_numpy()
    return {
        "hosts.skill": fact(
            {h: round(float(s), 4) for h, s in zip(hosts.host_id, hosts.skill)},
            "True skill of each host: the log of orders per click against a host of skill 0 (a newcomer's after twenty broadcasts).",
        ),
        "hosts.log_conversion": fact(
            {ids[h]: round(float(x), 4) for h, x in added.items()},
            "What each host's skill does to log(buyers / viewers) of her broadcasts, against a host of skill 0 in the same broadcasts: the truth for a scorecard on conversion (for newcomers: as they were in their trials).",
        ),
        "hosts.log_gmv": fact(
            {ids[h]: round(float(x), 4) for h, x in gmv.items()},
            "What each host's skill does to log(GMV) of her broadcasts, against a host of skill 0 in the same broadcasts.",
        ),
        "hosts.preference": fact(
            {h: round(float(s), 3) for h, s in zip(hosts.host_id, hosts.favour)},
            "How much the manager prefers each host, in standard deviations: decides dates, channels and promotion spend.",
        ),
        "hosts.best": fact(
            str(hosts.host_id[hosts.skill[hosts.stage != "newcomer"].idxmax()]), "Truly best host who is not on trial."
        ),
        "hosts.best_newcomer": fact(str(hosts.host_id[new.skill.idxmax()]), "Newcomer with the highest true skill."),
        "hosts.learning_exponent": fact(
            parameters.host.learning,
            "Power law of newcomers: orders per click grow as (number of the broadcast) to this power, up to the twentieth.",
        ),
        "scene.log_conversion": fact(
            {
                "outdoor": round(float(np.log(parameters.scene.outdoor_orders)), 4),
                "factory": round(float(np.log(parameters.scene.factory_orders)), 4),
            },
            "Effect of the scene on the log of orders per click, against the studio; the watch time changes as well (scene.*_hazard).",
        ),
    }


def prompt_intervals(parameters, intervals=np.arange(1.0, 12.5, 0.5)):
    """Mean log hazard of a room in which a prompt is spoken every so many minutes: {interval: value}."""
    seconds = np.arange(3600, 7200) + 0.5
    return {
        float(m): float(np.mean(prompt_log_hazard(parameters, seconds, np.arange(0, 7200, m * 60)))) for m in intervals
    }


def _room(plan, parameters):
    curve = prompt_intervals(parameters)
    ids = [f"S{i + 1:04d}" for i in range(len(plan.rooms))]
    episodes = []
    for (room, kind), part in plan.anomalies.groupby(["room", "kind"]):
        minutes = np.sort(part.minute.to_numpy())
        for run in np.split(minutes, np.flatnonzero(np.diff(minutes) > 1) + 1):
            episodes.append(
                {"stream_id": ids[room], "kind": kind, "first_minute": int(run[0]), "last_minute": int(run[-1])}
            )
    return {
        "prompt.log_hazard_by_interval": fact(
            {str(k): round(v, 4) for k, v in curve.items()},
            "Mean log of the leaving hazard, against a room without prompts, when a prompt is spoken every so many minutes.",
        ),
        "prompt.best_interval": fact(
            min(curve, key=curve.get), "Interval in minutes between prompts that keeps viewers longest."
        ),
        "comment.effect_on_staying": fact(
            1.0,
            "Hazard ratio of leaving after a comment: commenting does nothing to staying; who stays longer has more time to comment.",
        ),
        "anomaly.episodes": fact(episodes, "Planted abnormal episodes: broadcast, kind, first and last minute."),
        "reported.own_definitions": fact(
            {
                "group_deal": "reported_watch_gpm counts unpaid orders",
                "marketplace": "reported_watch_seconds_per_view divides by viewers",
            },
            "Channels whose export computes a measure in its own way.",
        ),
    }


def _refunds(plan, parameters, tables):
    # `orders` of the contract has lost the hidden columns; rebuild what the chance needs
    orders = tables["orders"][tables["orders"].paid.notna()]
    product = orders.product_id.map({p: i for i, p in enumerate(plan.products.product_id)}).to_numpy()
    channel = orders.channel_id.map({c: i for i, c in enumerate(catalogue.CHANNEL_IDS)}).to_numpy()
    frame = pd.DataFrame(
        {
            "product": product,
            "channel": channel,
            "source": orders.source.to_numpy(),
            "created": orders.created.to_numpy(),
            "discount": 1 - orders.paid_amount.to_numpy() / orders.list_amount.to_numpy(),
        }
    )
    chance = refund_chance(plan, parameters, frame)
    by_channel = pd.Series(chance).groupby(orders.channel_id.to_numpy()).mean().round(4).to_dict()
    return {
        "refund.final_rate_by_channel": fact(
            {k: float(v) for k, v in by_channel.items()},
            "Expected refund rate of paid order lines once all refunds have come in; the table knows those until 31 August only.",
        )
    }
