"""What the estimates of chapter 5 make of simulated seasons whose truth is known.

``estimates(season)`` yields a row for each planted truth and each way to estimate it; ``python -m
liveshop.world.recovery`` gathers them over twenty seasons. Leaving is estimated in rooms of its own, see ``further``.
"""

import numpy as np
import pandas as pd

from liveshop import methods
from liveshop.course.chapter_5 import samples
from liveshop.course.recovery import Row

SAMPLE = 18_000                 # entries of a season whose minutes the hazard models read
NO_EFFECT = 1.0                 # of a comment on staying: the world has none
FAULTS = ("stutter", "bot_flood", "host_absent", "broken_link")


def estimates(season):
    """Yield `Row`s of one season: contract tables with a truth, as `liveshop.load` gives them."""
    yield from _openers(season)
    yield from _rundowns(season)
    yield from _hosts(season)
    yield from _alarms(season)


def further(simulate):
    """Yield (seed, `Row`) of section 5.3, over twenty seasons of 56 rooms, of which three in four test their prompts.

    simulate : makes such a season as contract tables with a truth, from parameters and what
    ``liveshop.world.simulate`` takes.
    """
    for seed in range(1, 21):
        season = simulate({"prompt.trial_share": 0.75}, seed=seed, rooms=56, size=0.5, social=False)
        for part in (_prompts, _comments, _replies):
            yield from ((seed, row) for row in part(season))


def _openers(season):
    """5.1: change of log orders per click."""
    truth = season.truth
    night, after = truth["opener.log_orders_per_click"], np.log1p(truth["giveaway.after.orders_per_click"])
    effects, rooms, control = methods.effects, samples.opened(season), [*samples.FIXED, "scene"]
    opened_rooms = samples.opened_rooms(season)
    slots = samples.mid_show(season)
    before_after = samples.summed(slots, "after_giveaway")
    for method, effect in {
        "naive": effects.pooled_effect(rooms, "log_ctor", "treated"),
        "matched": effects.matched_effect(rooms, "log_ctor", "treated", samples.ALIKE),
        "adjusted": effects.adjusted_effect(rooms, "log_ctor", "treated", control),
        "within the opened night": effects.within_effect(
            opened_rooms, "log_ctor", "running", "stream_id", weights="room_clicks"),
    }.items():
        yield _row("opener.log_orders_per_click", method, night, effect)
    within = effects.within_effect(before_after, "log_ctor", "after_giveaway", "stream_id", weights="room_clicks")
    yield _row("giveaway.after.log_orders_per_click", "within", after, within)
    same_shelf = effects.within_effect(slots, "log_ctor", "after_giveaway", "stream_id", samples.ON_THE_SHELF,
                                       weights="room_clicks")
    yield _row("giveaway.after.log_orders_per_click", "within, same shelf", after, same_shelf)


def _row(truth, method, true, effect):
    return Row(truth, method, true, effect.estimate, *effect.interval)


def _rundowns(season):
    """5.1: what holds a room, and the gain of the computed order on nights of the true world."""
    truth = season.truth
    model = methods.rundown.fit(season.rundown, season.stream_minutes, season.products)
    for role in ("traffic", "hero"):
        true = truth[f"rundown.{role}_hazard"] / truth["rundown.profit_hazard"]
        yield Row(f"rundown.{role}_hazard_against_profit", "rundown model", true, float(model.leave[role]))
    yield Row("rundown.discount_lift", "rundown model", truth["rundown.discount_lift"], float(model.discount))
    yield Row("rundown.repeat_fatigue", "rundown model", truth["rundown.repeat_fatigue"], float(model.repeat))
    slots, rules = samples.tonight(season), samples.nobody_sells_to_an_empty_room()
    orders = {
        "habit": methods.rundown.habit(slots, model, season.rundown, rules),
        "greedy": methods.rundown.greedy(slots, model, rules),
        "best": methods.rundown.optimise(slots, model, rules),
    }
    played = {name: samples.unseen_nights(slots, order).mean() for name, order in orders.items()}
    forecast = {name: methods.rundown.play(slots, model, order).margin for name, order in orders.items()}
    for other in ("habit", "greedy"):
        yield Row(f"rundown.gain_over_{other}", "computed order", played["best"] / played[other] - 1,
                  forecast["best"] / forecast[other] - 1)


def _hosts(season):
    """5.2: each host's log orders per click against the mean of the established, and how far the lists agree."""
    judged = samples.judged_broadcasts(season)
    old = samples.established_hosts(judged)
    fair = methods.hosts.scorecard(
        judged, "log_ctor", controls=samples.conditions(judged), weights="evidence", errors="model")
    fair[["raw", "adjusted", "estimate", "low", "high"]] -= fair.estimate[old].mean()
    true = pd.Series(season.truth["hosts.skill"])
    true = true.reindex(fair.index) - true[old].mean()
    for host, one in fair.iterrows():
        group = "established" if host in old else "newcomers"
        yield Row(f"hosts.skill of {group}", "raw", true[host], one.raw)
        yield Row(f"hosts.skill of {group}", "adjusted", true[host], one.adjusted)
        yield Row(f"hosts.skill of {group}", "shrunk", true[host], one.estimate, one.low, one.high)
    totals = judged.groupby("host_id")[["gmv", "stream_seconds"]].sum()
    lists = {"naive: GMV per hour": totals.gmv / totals.stream_seconds, "fair": fair.estimate}
    for name, values in lists.items():
        yield Row("hosts.order", name, 1.0, values[old].corr(true[old], method="spearman"))
    yield Row("host.skill_spread", "between hosts", season.truth["host.skill_spread"], fair.attrs["between_sd"])


def _prompts(season):
    """5.3: hazard ratios of leaving, and the minutes that a prompt lasts."""
    truth = season.truth
    coin = methods.retention.prompt_effect(season.viewer_sessions, season.prompts, lags=8, draws=200)
    fade = methods.retention.fade(coin)
    planted = truth["prompt.hazard"] ** np.clip(1 - (np.arange(8) + 0.5) / truth["prompt.minutes"], 0, None)
    for minute, one in coin.iterrows():
        yield _ratio(f"prompt.hazard in minute {minute}", "coin", planted[int(minute)], one)
    yield Row("prompt.hazard", "coin", truth["prompt.hazard"], fade.ratio, fade.ratio_low, fade.ratio_high)
    yield Row("prompt.minutes", "coin", truth["prompt.minutes"], fade.minutes, fade.minutes_low, fade.minutes_high)

    rows = samples.with_roles(season, samples.pieces(season, SAMPLE))
    models = {"model": methods.retention.leaving_hazard(rows, samples.CAUSES, by="source"),
              "model with roles": methods.retention.leaving_hazard(rows, samples.CAUSES + samples.ROLES, by="source")}
    planted = {"stutter.hazard": ("stalled", truth["stutter.hazard"]),
               "prompt.nagging": ("too_many", np.exp(truth["prompt.fatigue"])),
               "prompt.hazard in minute 0": ("prompt_0", planted[0])}
    for method, model in models.items():
        for name, (cause, true) in planted.items():
            yield _ratio(name, method, true, model.loc[cause])


def _ratio(truth, method, true, row):
    return Row(truth, method, true, *map(float, row[["hazard_ratio", "low", "high"]]))


def _comments(season):
    """5.3: comments do nothing to staying, and stalls shorten it; how it looks when time is counted wrongly."""
    rows = samples.lives(season, SAMPLE)
    for method, present, cause in (("naive", rows, "ever"), ("landmark", rows[rows.start >= 3], "by_minute_3"),
                                   ("time-varying", rows, "by_now")):
        leaving = methods.retention.leaving_hazard(present, [cause], by="source")
        yield _ratio("comment.effect_on_staying", method, NO_EFFECT, leaving.loc[cause])
    stalling = methods.retention.leaving_hazard(rows, ["ever_stalled"], by="source")
    yield _ratio("stutter.hazard", "naive", season.truth["stutter.hazard"], stalling.loc["ever_stalled"])
    for method, minute in (("naive", None), ("landmark", 3)):
        stays = methods.retention.commenters(season.viewer_sessions, at_minute=minute)
        yield Row("comment.ratio_of_stays", method, NO_EFFECT, stays.attrs["ratio"])


def _replies(season):
    """5.3: what an answer is worth, and how fast that fades."""
    sessions, truth = samples.asked(season), season.truth
    curve = methods.retention.reply_curve(sessions)
    decay = curve.decay, curve.decay_low, curve.decay_high
    yield Row("chat.reply_decay", "reply curve", truth["chat.reply_decay"], *decay)
    bands = methods.retention.reply_effect(sessions, edges=(0, 30, 120, np.inf))
    wait = sessions.wait_seconds.dropna().astype(float)
    worth = 1 + truth["chat.reply_boost"] * np.exp(-wait / truth["chat.reply_decay"])
    yield Row("chat.fast_over_slow", "bands of waiting", worth[wait < 30].mean() / worth[wait >= 120].mean(),
              bands.conversion.iloc[0] / bands.conversion.iloc[-1])


def _alarms(season):
    """5.4: faults of the unseen half that are found, of those there were, and calls for nothing in ten broadcasts."""
    past, unseen = samples.halves(season)
    desk = methods.desk.learn(past)
    label = unseen.anomaly.fillna("")
    charts = desk.alarms(unseen, samples.SMOOTHING, samples.WIDTH).any(axis=1)
    for name, alarm in (("four charts", charts), ("raw threshold", samples.raw_threshold(unseen))):
        for fault in FAULTS:
            score = methods.monitor.score_alarms(alarm, label == fault, unseen.stream_id)
            yield Row(f"anomaly.{fault}", name, score.episodes, score.detected)
        score = methods.monitor.score_alarms(alarm, label != "", unseen.stream_id)
        yield Row("anomaly.none", name, 0.0, 10 * score.false_alarms_per_stream)
