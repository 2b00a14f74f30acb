"""What is true in the simulated world: the planted parameters, and effects computed from twin worlds.

A twin world is the same season with one cause switched off and every person's
luck kept. Its difference to the real one is the effect, with next to no noise.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from liveshop.world import catalogue
from liveshop.world import people as persons
from liveshop.world.calendar import is_festival
from liveshop.world.facts import fact
from liveshop.world.orders import refund_chance
from liveshop.world.parameters import SOURCES, describe
from liveshop.world.rooms.grid import grid, prompt_log_hazard
from liveshop.world.rooms.night import broadcast, lifts
from liveshop.world.rooms.plan import CELL


def truths(plan, night, parameters, seed, people, tables):
    """The content of truth.json: parameters and derived truths, each with a sentence of meaning."""
    return {
        "seed": int(seed),
        "note": "The course never looks in here before it has estimated.",
        "parameters": {
            name: {"value": value, "unit": unit, "meaning": meaning}
            for name, value, unit, meaning in describe(parameters)
        },
        "derived": {
            **_lift(plan, night, parameters, people, tables),
            **_openers(plan, night, parameters, seed, people),
            **_later_giveaways(plan, night, parameters, seed, people),
            **_hosts(plan, night, parameters, seed, people),
            **_room(plan, parameters),
            **_refunds(plan, parameters, tables),
        },
    }


def _lift(plan, night, parameters, people, tables):
    source, intent = night.sessions.source, night.sessions.intent
    festive = np.where(plan.rooms.is_festival.to_numpy(), parameters.festival.orders, 1.0)[night.room]
    live = persons.shelf_conversion(parameters, intent, source, festive)
    live_by_source = np.bincount(source, live, 6)
    by_source = lifts(parameters, live_by_source)
    visits = tables["shelf_sessions"]
    visitor = pd.Series(np.arange(len(people)), index=people.number)[visits.viewer_id].to_numpy()
    source = visits.source.map({s: i for i, s in enumerate(SOURCES)}).to_numpy()
    festive = np.where(is_festival(visits.visited), parameters.festival.orders, 1.0)
    own = persons.shelf_conversion(parameters, people.intent[visitor], source, festive)
    return {
        "live.lift_by_source": fact(
            {s: round(float(v), 3) for s, v in zip(SOURCES, by_source, strict=True)},
            "Conversion in a room against the shelf page for the same viewer, by the source by which she comes.",
        ),
        "live.lift_of_live_audience": fact(
            round(float((by_source * live_by_source).sum() / live.sum()), 3),
            "The lift averaged over those who enter rooms: weight strata by live's own mix.",
        ),
        "live.lift_of_shelf_audience": fact(
            round(float((by_source * np.bincount(source, own, 6)).sum() / own.sum()), 3),
            "The lift averaged over those who visit the shelf page: what moving them into rooms would bring.",
        ),
        "live.selection": fact(
            round(float(live.mean() / own.mean()), 3),
            "How much likelier the live audience is to buy than the shelf audience, on the same shelf page: the naive "
            "ratio is about the lift times this.",
        ),
    }


def _money(plan, night):
    """Paid money of each line and its margin after cost of goods and channel fees."""
    lines = night.lines[night.lines.is_paid]
    fee = (catalogue.CHANNELS.take_rate + catalogue.CHANNELS.payment_fee_rate).to_numpy()
    fee = fee[plan.rooms.channel.to_numpy()[lines.room]]
    cost = lines.quantity.to_numpy() * plan.products.unit_cost.to_numpy()[lines["product"]]
    return lines, lines.paid_amount.to_numpy(), lines.paid_amount.to_numpy() * (1 - fee) - cost


def totals(plan, night):
    """Per broadcast: views, viewers, buyers, orders, gmv, margin, watch minutes, clicks."""
    rooms = len(plan.rooms)
    room = night.room
    lines, gmv, margin = _money(plan, night)

    def pairs(room, person):
        different = pd.DataFrame({"room": room, "person": person}).drop_duplicates()
        return different.groupby("room").size().reindex(range(rooms), fill_value=0).to_numpy()

    return pd.DataFrame(
        {
            "views": np.bincount(room, minlength=rooms),
            "viewers": pairs(room, night.person),
            "buyers": pairs(lines.room.to_numpy(), night.person[lines.session]),
            "orders": np.bincount(lines.room[lines.line_no == 1], minlength=rooms),
            "gmv": np.bincount(lines.room, gmv, minlength=rooms),
            "margin": np.bincount(lines.room, margin, minlength=rooms),
            "watch_minutes": np.bincount(room, night.sessions.watch / 60, minlength=rooms),
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


def _twin(plan, night, parameters, seed, people):
    """The night of a changed plan, with everybody's luck and readiness kept."""
    return broadcast(plan, grid(plan, parameters, seed), parameters, seed, people, night.scale)


def _relative(ours, theirs):
    return round(float(ours / theirs - 1), 4)


def _mean_log(ours, theirs):
    return round(float(np.log(ours / theirs).mean()), 4)


def _openers(plan, night, parameters, seed, people):
    """What a giveaway as an opener does to the broadcasts that had one."""
    own = (plan.rooms.opener == "giveaway").to_numpy()
    if not own.any():
        return {}
    twin_plan = plan.without_openers()
    real = totals(plan, night)[own]
    twin = totals(twin_plan, _twin(twin_plan, night, parameters, seed, people))[own]
    a, b = real.sum(), twin.sum()
    prizes = parameters.giveaway.prize_cost * own.sum()
    per_viewer = real.buyers.clip(lower=0.5) / real.viewers, twin.buyers.clip(lower=0.5) / twin.viewers
    per_click = (real.orders + 0.5) / (real.clicks + 1), (twin.orders + 0.5) / (twin.clicks + 1)
    per_minute = a.orders / a.watch_minutes, b.orders / b.watch_minutes
    said = (
        "of the broadcasts that opened with a giveaway, against the same broadcasts without it (all opened "
        "broadcasts added up)."
    )
    each = "per broadcast that opened with a giveaway"
    goal = "what a regression of the log estimates."
    fees = "(paid amount after channel fees and cost of goods)"
    rows = [
        ("entries", _relative(a.views, b.views), f"Relative change of entries {said}"),
        ("viewers", _relative(a.viewers, b.viewers), f"Relative change of different viewers {said}"),
        (
            "conversion",
            _relative(a.buyers / a.viewers, b.buyers / b.viewers),
            f"Relative change of buyers / viewers {said}",
        ),
        ("log_conversion", _mean_log(*per_viewer), f"Mean change of log(buyers / viewers) {each}: {goal}"),
        ("log_views", _mean_log(real.views, twin.views), f"Mean change of log(views) {each}."),
        ("log_gmv", _mean_log(real.gmv + 1, twin.gmv + 1), f"Mean change of log(GMV + 1) {each}."),
        ("orders", _relative(a.orders, b.orders), f"Relative change of orders {said}"),
        ("gmv", _relative(a.gmv, b.gmv), f"Relative change of GMV {said}"),
        ("margin", _relative(a.margin, b.margin), f"Relative change of margin {fees} {said}"),
        (
            "margin_after_prizes",
            _relative(a.margin - prizes, b.margin),
            f"Relative change of that margin less the prizes {said}",
        ),
        (
            "log_orders_per_click",
            _mean_log(*per_click),
            f"Mean change of log((orders + 0.5) / (product clicks + 1)) {each}, against the same broadcast without it: "
            f"{goal}",
        ),
        ("orders_per_viewer_minute", _relative(*per_minute), f"Relative change of orders per minute watched {said}"),
    ]
    return {f"opener.{name}": fact(value, meaning) for name, value, meaning in rows}


def _later_giveaways(plan, night, parameters, seed, people):
    """What a giveaway in mid-show does, in its slot and in those after it."""
    rundown = plan.rundown
    later = ((rundown.activity == "giveaway") & (rundown.slot_no > 1)).to_numpy()
    if not later.any():
        return {}
    twin_plan = plan.without_later_giveaways()
    a, b = by_slot(plan, night), by_slot(twin_plan, _twin(twin_plan, night, parameters, seed, people))
    start = rundown[later].groupby("room").slot_no.min()
    fresh = ~rundown.room.map(plan.rooms.opener == "giveaway").to_numpy()
    after = (rundown.slot_no > rundown.room.map(start)).to_numpy() & fresh & ~later
    facts = {}
    for name, rows, words in (
        ("during", later & fresh, "in the slot of a giveaway in mid-show"),
        ("after", after, "in the slots after a giveaway in mid-show"),
    ):
        x, y = a[rows].sum(), b[rows].sum()
        if y.clicks == 0:
            continue
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
                said = f"Relative change of {called} {words}, {against}"
                facts[f"giveaway.{name}.{measure}"] = fact(_relative(ours, theirs), said)
    return facts


def _hosts(plan, night, parameters, seed, people):
    hosts = plan.hosts
    new = hosts[hosts.stage == "newcomer"]
    # the same season with hosts of equal skill: what each adds to the conversion of her broadcasts
    equal = replace(plan, hosts=hosts.assign(skill=0.0, learning=0.0))
    a, b = totals(plan, night), totals(equal, _twin(equal, night, parameters, seed, people))
    host = hosts.host_id.to_numpy()[plan.rooms.host]
    buyers = np.log(a.buyers.clip(lower=0.5) / a.viewers) - np.log(b.buyers.clip(lower=0.5) / b.viewers)
    added = buyers.groupby(host).mean()
    gmv = np.log((a.gmv + 1) / (b.gmv + 1)).groupby(host).mean()
    return {
        "hosts.skill": fact(
            {h: round(float(s), 4) for h, s in zip(hosts.host_id, hosts.skill, strict=True)},
            "True skill of each host: the log of orders per click against a host of skill 0 (a newcomer's after "
            "twenty broadcasts).",
        ),
        "hosts.log_conversion": fact(
            {h: round(float(x), 4) for h, x in added.items()},
            "What each host's skill does to log(buyers / viewers) of her broadcasts, against a host of skill 0 in "
            "the same broadcasts: the truth for a scorecard on conversion (for newcomers: as they were in their "
            "trials).",
        ),
        "hosts.log_gmv": fact(
            {h: round(float(x), 4) for h, x in gmv.items()},
            "What each host's skill does to log(GMV) of her broadcasts, against a host of skill 0 in the same "
            "broadcasts.",
        ),
        "hosts.preference": fact(
            {h: round(float(s), 3) for h, s in zip(hosts.host_id, hosts.favour, strict=True)},
            "How much the manager prefers each host, in standard deviations: decides dates, channels and promotion "
            "spend.",
        ),
        "hosts.best": fact(
            str(hosts.host_id[hosts.skill[hosts.stage != "newcomer"].idxmax()]), "Truly best host who is not on trial."
        ),
        "hosts.best_newcomer": fact(str(hosts.host_id[new.skill.idxmax()]), "Newcomer with the highest true skill."),
        "hosts.learning_exponent": fact(
            parameters.host.learning,
            "Power law of newcomers: orders per click grow as (number of the broadcast) to this power, up to the "
            "twentieth.",
        ),
        "scene.log_conversion": fact(
            {
                "outdoor": round(float(np.log(parameters.scene.outdoor_orders)), 4),
                "factory": round(float(np.log(parameters.scene.factory_orders)), 4),
            },
            "Effect of the scene on the log of orders per click, against the studio; the watch time changes as well "
            "(scene.*_hazard).",
        ),
    }


def prompt_intervals(parameters):
    """Mean log hazard of a room in which a prompt is spoken every so many minutes: {interval: value}."""
    seconds = np.arange(3600, 7200) + 0.5
    spoken = {float(m): np.arange(0, 7200, m * 60) for m in np.arange(1.0, 12.5, 0.5)}
    return {m: float(np.mean(prompt_log_hazard(parameters, seconds, at))) for m, at in spoken.items()}


def _room(plan, parameters):
    curve = prompt_intervals(parameters)
    ids = plan.stream_ids
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
            "Mean log of the leaving hazard, against a room without prompts, when a prompt is spoken every so many "
            "minutes.",
        ),
        "prompt.best_interval": fact(
            min(curve, key=curve.get), "Interval in minutes between prompts that keeps viewers longest."
        ),
        "comment.effect_on_staying": fact(
            1.0,
            "Hazard ratio of leaving after a comment: commenting does nothing to staying; who stays longer has more "
            "time to comment.",
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
            "Expected refund rate of paid order lines once all refunds have come in; the table knows those until 31 "
            "August only.",
        )
    }
