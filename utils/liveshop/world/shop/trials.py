"""Tests that Qinghe ran: the coupon trial and earlier sendings, the prompt trial, and 24 tests of the year before."""

from __future__ import annotations

import numpy as np
import pandas as pd

from liveshop.world import draws
from liveshop.world.calendar import START

PLAN_COLUMNS = [
    "experiment_id",
    "title",
    "unit",
    "outcome",
    "treatment",
    "planned_share",
    "planned_units",
    "randomised",
    "began",
    "ended",
]
SPENT = "Yuan spent in the four weeks after assignment"
ORDERED = "Paid orders in the social shop in the four weeks after (before: in the eight weeks before)"
LEFT = "Exits in five minutes per 100 persons online just before (before: in the five minutes before the moment)"
TITLES = (
    "Sign-up page with one field less",
    "Delivery date on the product page",
    "Stickier basket button",
    "Free returns in the headline",
    "Size finder before the size table",
    "Video above the pictures",
    "Reviews with pictures first",
    "Shorter checkout",
    "Reminder after six hours",
    "Reminder after a day",
    "Birthday greeting",
    "Points for a review",
    "Model's height beside the picture",
    "Colour of the buy button",
    "Countdown on offers",
    "Countdown without an end",
    "Bundle proposed in the basket",
    "Free delivery from 199 yuan",
    "Name in the subject line",
    "Emoji in the subject line",
    "Push at noon",
    "Push in the evening",
    "Chat window that opens by itself",
    "Recommendations by neighbours",
)
# effect in percent of the mean outcome; most tests do nothing
EFFECTS = (0, 3, 0, 0, 6, 4, 0, 7, 5, 0, 0, 0, 0, 0, 0, -4, 0, 8, 0, 0, 0, -3, -6, 5)
BROKEN = {3: 0.22, 9: 0.19, 13: 0.24, 19: 0.20}  # share of the weakest treated units that were never logged
STOPPED = (6, 12, 20)  # watched every day and stopped on the first day on which the new arm was ahead with p < 0.05
NEW_UNITS = (0, 10)  # on new customers: there is no measure from before
CORRELATION = (
    0.0,
    0.65,
    0.5,
    0.7,
    0.55,
    0.6,
    0.7,
    0.45,
    0.75,
    0.6,
    0.0,
    0.5,
    0.65,
    0.6,
    0.2,
    0.5,
    0.7,
    0.6,
    0.1,
    0.55,
    0.6,
    0.5,
    0.65,
    0.8,
)


def tables_of(seed, members, sendings, customers, tables, share):
    """The tables experiments and experiment_plans, and the facts about them."""
    rows, plans, effects = past(seed, customers, share)
    frames = [rows]
    for more, more_plans in (coupons(members, sendings), prompts(tables)):
        frames += more
        plans += more_plans
    experiments = pd.concat([f.astype({"assigned": "datetime64[s]"}) for f in frames], ignore_index=True)
    return experiments, pd.DataFrame(plans, columns=PLAN_COLUMNS), effects


def past(seed, customers, share):
    """Rows of the 24 past tests, their plans and their truths: (experiments, plans, facts)."""
    pool = customers[customers.joined < START].customer_id.to_numpy()
    rows, plans, facts = [], [], {}
    for k, title in enumerate(TITLES):
        # of the tests watched daily, those that seemed to work are remembered
        for attempt in range(80 if k in STOPPED else 1):
            frame, plan = _past_test(draws.generator(seed, "past test", k, attempt), k, title, pool, share)
            if plan[-1] - plan[-2] < pd.Timedelta(days=13):
                break
        rows.append(frame)
        plans.append(plan)
        facts[plan[0]] = EFFECTS[k]
    return pd.concat(rows, ignore_index=True), plans, facts


def _past_test(random, k, title, pool, share):
    """Rows and plan of one past test."""
    name = f"past-{k + 1:02d}"
    begin = pd.Timestamp("2024-03-04") + pd.Timedelta(days=14 * k)
    planned = 1600 if k in BROKEN else int(random.choice([800, 1000, 1200, 1600]))
    count = min(max(40, int(planned * min(share * 1.5, 1.0))), len(pool))
    unit = random.permutation(pool)[:count]
    arm = random.random(count) < 0.5
    # a split that is lopsided by chance would pass for a broken one
    while abs(2 * arm.sum() - count) > 1.8 * np.sqrt(count):
        arm = random.random(count) < 0.5
    common = random.normal(size=count)
    rho = CORRELATION[k]
    before = 100 * np.exp(0.6 * common - 0.18)
    later = rho * common + np.sqrt(1 - rho**2) * random.normal(size=count)
    outcome = 100 * np.exp(0.6 * later - 0.18) * np.where(arm, 1 + EFFECTS[k] / 100, 1.0)
    at = begin + pd.to_timedelta(np.sort(random.integers(0, 14 * 86400, count)), unit="s")
    keep, days = np.ones(count, dtype=bool), 14
    if k in BROKEN:
        weak = arm & (outcome < np.quantile(outcome[arm], 2 * BROKEN[k]))
        keep &= ~(weak & (random.random(count) < 0.5))
    if k in STOPPED:
        day = ((at - begin).days).to_numpy()
        days = _stopped_on(arm, outcome, day)
        keep &= day < days
    frame = pd.DataFrame(
        {
            "experiment_id": name,
            "unit_id": unit.astype(str).astype(object),
            "arm": np.where(arm, "new", "old"),
            "outcome": np.round(outcome, 1),
            "before": np.nan if k in NEW_UNITS else np.round(before, 1),
            "assigned": at,
        }
    )[keep]
    end = begin + pd.Timedelta(days=days)
    return frame, (name, title, "customer", SPENT, "new", 0.5, count, True, begin, end)


def _stopped_on(arm, outcome, day):
    """Day on which somebody who looks every day stops: the first on which the new arm is ahead with p < 0.05."""
    for looked in range(2, 14):
        seen = day < looked
        a, b = outcome[seen & arm], outcome[seen & ~arm]
        if min(len(a), len(b)) <= 10:
            continue
        if a.mean() - b.mean() > 1.96 * np.sqrt(a.var() / len(a) + b.var() / len(b)):
            return looked
    return 14


def coupons(members, sendings):
    """Rows and plans of the coupon trial and of the two targeted sendings: two lists."""
    rows, plans = [], []
    for s in sendings:
        day = START + pd.Timedelta(days=s.day)
        rows.append(
            pd.DataFrame(
                {
                    "experiment_id": s.name,
                    "unit_id": members.number[s.unit].astype(str).astype(object),
                    "arm": np.where(s.treated, "coupon", "none"),
                    "outcome": np.round(s.outcome, 1),
                    "before": np.round(s.before, 1),
                    "assigned": day,
                }
            )
        )
        how = "by a coin within pairs of like members" if s.randomised else "to those who buy most"
        title, share = f"Coupon of 20 yuan, {how}", 0.5 if s.randomised else 0.3
        end = day + pd.Timedelta(days=28)
        plans.append((s.name, title, "member", ORDERED, "coupon", share, len(s.unit), s.randomised, day, end))
    return rows, plans


def prompts(tables):
    """Rows and plan of the prompt trial: two lists, empty if no broadcast took part.

    One row a scheduled moment of a broadcast, spoken or not by a coin. The outcome is exits in the five minutes from
    the prompt on, per 100 persons online at the end of the minute before it; `before` is the same for the five
    minutes before.
    """
    trial = tables["prompts"][tables["prompts"].randomised.astype(bool)]
    minutes = dict(list(tables["stream_minutes"].sort_values(["stream_id", "minute"]).groupby("stream_id")))
    started = tables["streams"].set_index("stream_id").started
    rows = []
    for stream, part in trial.groupby("stream_id", sort=False):
        exits = np.concatenate([[0], np.cumsum(minutes[stream].exits.to_numpy())])
        online = minutes[stream].online.to_numpy()
        at = part.at_second.to_numpy() // 60
        fits = (at >= 6) & (at + 5 <= len(online))
        part, at = part[fits], at[fits]
        rows.append(
            pd.DataFrame(
                {
                    "experiment_id": "prompt-trial",
                    "unit_id": [f"{stream}@{s}" for s in part.at_second],
                    "arm": np.where(part.spoken, "spoken", "silent"),
                    "outcome": np.round(_exit_rate(exits, online, at), 2),
                    "before": np.round(_exit_rate(exits, online, at - 5), 2),
                    "assigned": started[stream] + pd.to_timedelta(part.at_second.to_numpy(), unit="s"),
                }
            )
        )
    title, unit = "Spoken prompts in rooms, by a coin at each scheduled moment", "moment of a broadcast"
    end = START + pd.Timedelta(days=182)
    plan = ("prompt-trial", title, unit, LEFT, "spoken", 0.5, sum(map(len, rows)), True, START, end)
    return rows, [plan] if rows else []


def _exit_rate(exits, online, minute):
    """Exits in the five minutes from `minute` on, per 100 persons online before; `exits` is cumulative."""
    return 100 * (exits[minute + 5] - exits[minute]) / np.maximum(online[minute - 1], 1)
