"""Section 8.2 against the truth: what a backup is worth, what measures avoid as a set, and where the answers fail."""

import csv
import itertools
import random
from collections import defaultdict
from datetime import datetime

import numpy as np
import pandas as pd
import pytest

from common import own_tables
from liveshop import methods, playbook, practice
from liveshop.course.chapter_8 import samples
from liveshop.practice.exercise import bound, find
from liveshop.tables import adapt
from liveshop.world.business.register import KINDS, MEASURES, avoided
from printed import printed

# --- the truth over seasons -------------------------------------------------------------------------


def test_the_product_rule_is_short_in_every_season_and_the_log_right_on_average(recovered):
    naive, log = (recovered.loc["outages.both_down", way] for way in ("naive", "both in the log"))
    assert (naive.estimate < 0.05 * naive.true).all()
    assert abs(log.bias.mean()) < 0.2 * log.true.iloc[0]
    assert log.true.between(log.low, log.high).mean() >= 0.85


def test_the_set_of_the_register_is_near_the_best_and_the_list_by_ratio_in_few_seasons(recovered):
    chosen, listed, says = (recovered.loc["measures.best_set", way] for way in (
        "best set of the register", "naive", "what the register says"))
    assert (chosen.estimate / chosen.true).mean() > 0.95 > 0.85 > (listed.estimate / listed.true).mean()
    assert (chosen.estimate.to_numpy() > listed.estimate.to_numpy()).all()
    assert says.estimate.max() > 1.2 * says.true.iloc[0] and says.estimate.min() < 0.7 * says.true.iloc[0]


def test_it_fails_as_a_number_because_one_year_strays(recovered):
    log = recovered.loc["outages.both_down", "both in the log"]
    assert log.estimate.max() > 1.5 * log.true.iloc[0] and log.estimate.min() < 0.5 * log.true.iloc[0]


def test_suppliers_before_the_drift_are_found_and_the_ratio_of_past_styles_too(recovered):
    for name in ("V1", "V2", "V3", "V4", "V5", "V6"):
        days, spread = (recovered.loc[f"suppliers.{what}: {name}", "before the drift"] for what in ("days", "spread"))
        assert abs(days.bias.mean()) < 0.05 * days.true.iloc[0] and abs(spread.bias.mean()) < 0.1 * spread.true.iloc[0]
    right, upside = (recovered.loc["buys.best_multiple", way] for way in ("critical ratio", "upside down"))
    assert abs(right.bias.mean()) < 0.03 and (upside.estimate < 0.75 * upside.true).all()


# --- this season ------------------------------------------------------------------------------------

def test_what_a_set_avoids_is_what_the_world_says(tables):
    """By the world's own rule, for sets drawn by lot, with its losses."""
    losses = pd.Series(tables.truth["loss.expected_by_kind"])
    worth, lot = samples.worth(tables.risk_measures, losses), random.Random(8)
    for _ in range(200):
        taken = lot.sample(list(MEASURES), lot.randrange(len(MEASURES) + 1))
        assert worth(taken) == pytest.approx(avoided(losses[list(KINDS)].to_numpy(), taken))
    best = methods.decision.best_set(tables.risk_measures.set_index("measure").cost_per_year, worth, samples.BUDGET)
    assert best.value == pytest.approx(tables.truth["measures.best_set"]["avoids"], abs=50)


def test_the_best_ratio_first_loses_a_tenth_and_more_and_buys_one_thing_twice(tables):
    costs = tables.risk_measures.set_index("measure").cost_per_year
    worth = samples.worth(tables.risk_measures, samples.loss_a_year(tables))
    first, best = (choose(costs, worth, samples.BUDGET) for choose in
                   (methods.decision.greedy_set, methods.decision.best_set))
    assert first.value < 0.9 * best.value
    assert sum(worth([name]) for name in first.chosen) > 1.2 * first.value


def test_hours_without_a_line_are_counted_minute_by_minute(tables):
    """Independent of the package: a minute in which both lines have an outage."""
    down = defaultdict(set)
    for one in tables.outages.itertuples():
        down[one.line] |= set(pd.date_range(one.began.ceil("min"), one.ended, freq="min", inclusive="left"))
    both = len(down["main"] & down["backup"]) / 60
    since, until = samples.log_period(tables)
    found = samples.both_down(tables)
    year = (until - since).total_seconds() / 3600 / 8760
    assert found["estimate"] * year == pytest.approx(both, abs=0.15)
    assert found["low"] < found["estimate"] < found["high"]
    log = samples.lines(tables).attrs
    assert 8760 * log["all_down"] == pytest.approx(found["estimate"])
    assert log["all_down"] > 20 * log["if_independent"]
    assert sum(log["together"]) == pytest.approx(found.attrs["minutes"].sum() / 60)


def test_stock_for_the_spread_lets_fewer_wait_and_fails_at_a_new_level(tables):
    pieces = samples.late_pieces(tables)
    late = samples.share_late(pieces, ["when", "rule"]).unstack()
    assert late.average["before"] > 2 * late.both["before"] and (late.demand > late.both).all()
    assert late.both["after"] > 2 * late.both["before"] > 6 * late.both["shuffled"]   # good days come in runs
    planned = tables.inventory.product_id.isin(samples.stock_plan(tables).index)
    by_day = tables.inventory[planned].groupby("day").demand.sum()
    half = samples.middle(tables)
    assert by_day[by_day.index >= half].mean() > 1.2 * by_day[by_day.index < half].mean()
    then, later = (pieces.xs((when, "both"), level=["when", "rule"]) for when in ("before", "after"))
    rose = later.asked / later.days > then.asked / then.days
    waits = later.late.groupby(rose).sum() / later.asked.groupby(rose).sum()
    assert waits[True] > 2 * waits[False]
    card = samples.supplier_card(tables, until=half)
    ordered = tables.deliveries[tables.deliveries.ordered <= half]
    assert card.deliveries.sum() == len(ordered)    # nothing slow is missing
    keep = samples.days_to_keep(card, 1.3)
    assert keep.idxmax() == "V3" and keep["V3"] > 1.1 * keep.drop("V3").max()


def test_past_styles_are_judged_on_a_year_that_taught_nothing(tables):
    styles, ways = samples.styles(tables), samples.ways_to_buy(tables)
    assert styles[styles.held].year.nunique() == 1 and styles[~styles.held].year.max() < styles[styles.held].year.min()
    held = styles[styles.held]
    by_hand = sum(min(one.asked, one.forecast) * one.price + max(one.forecast - one.asked, 0) * one.salvage
                  - one.forecast * one.unit_cost for one in held.itertuples())
    assert ways.profit["forecast"] == pytest.approx(by_hand)
    assert ways.high["upside"] < 0 and ways.profit["asked"] > ways.profit["upside"]
    assert ways.multiple["sold"] < ways.multiple["asked"]


# --- published --------------------------------------------------------------------------------------

def test_the_numbers_that_the_text_prints():
    """Chopra and Meindl's safety stock, the beta factor, P06 of the knapsack collection."""
    stocks = [methods.inventory.safety_stock(2500, 500, 7, stray, 0.9).stock for stray in (7, 0)]
    assert [printed(stock, 0) for stock in stocks] == [22491, 1695]
    assert [printed(methods.reliability.in_parallel([0.99, 0.99], beta), 4) for beta in (0, 0.1)] == [0.9999, 0.9989]
    right = find("8.2c").costs, find("8.2c").values, find("8.2c").budget
    assert methods.decision.best_set(*right).value == 1735 and methods.decision.greedy_set(*right).value == 1478


def test_years_to_see_a_cut_by_simulation():
    """With so many years on each side, four tests in five see the cut."""
    years, lot = samples.years_to_see(40, 0.4), np.random.default_rng(1)
    before, after = lot.poisson(40 * years, 4000), lot.poisson(24 * years, 4000)
    seen = (before - after) / np.sqrt(before + after) > 1.96
    assert seen.mean() == pytest.approx(0.8, abs=0.05)


# --- the drill and the plans ------------------------------------------------------------------------

def test_the_plan_loses_least_of_all_orders():
    drill = samples.PRICE_ERROR
    by_plan = playbook.play(drill, drill.plan)
    assert not (by_plan.early or by_plan.wrong or by_plan.missing) and by_plan.stopped == 0.5
    for first in itertools.permutations([move.name for move in drill.moves], 2):
        assert playbook.play(drill, [*first, *drill.plan]).loss >= by_plan.loss


def test_the_drill_s_plan_is_the_plan_on_the_card():
    """Minutes are enough for the drill's own, and a step's role stands in both."""
    starts, decides, limit, steps = samples.PLANS["price error"]
    assert len(steps) == len(samples.PRICE_ERROR.plan) and "operations lead" in decides
    for plan in samples.PLANS.values():
        minutes = [minute for minute, _, _ in plan[3]]
        assert minutes == sorted(minutes) and len(plan[3]) <= 15


# --- own data: a documented layout, totals by other code ----------------------------------------------

ODOO = """ID,Order Reference,Partner,Product,Status,Order Reference/Confirmation Date,Expected Arrival,\
Order Reference/Arrival,Quantity,Unit Price
11,P00007,Weaver,[D-1] Dress,Purchase Order,2026-03-02 09:00:00,2026-03-12 12:00:00,2026-03-15 16:00:00,40,64.00
12,P00007,Weaver,[S-1] Scarf,Purchase Order,2026-03-02 09:00:00,2026-03-12 12:00:00,2026-03-15 16:00:00,10,12.00
13,P00008,Dyer,[D-1] Dress,Purchase Order,2026-03-04 09:00:00,2026-03-14 12:00:00,2026-03-13 08:00:00,30,66.00
14,P00009,Weaver,[D-1] Dress,Purchase Order,2026-03-09 09:00:00,2026-03-19 12:00:00,,20,64.00
15,P00010,Dyer,[D-1] Dress,Cancelled,2026-03-10 09:00:00,2026-03-20 12:00:00,,99,66.00
"""


def test_purchases_of_odoo_give_a_supplier_card(tmp_path):
    path = tmp_path / "purchase.order.line.csv"
    path.write_text(ODOO, encoding="utf-8")
    deliveries = adapt(path, "odoo-purchase-lines")
    card = samples.supplier_card(own_tables(deliveries=deliveries))
    days, kept, bought = defaultdict(list), defaultdict(list), 0
    for row in csv.DictReader(ODOO.splitlines()):
        if row["Status"] != "Cancelled":
            bought += int(row["Quantity"])
            ordered, promised, arrived = (row[name] and datetime.fromisoformat(row[name]).date() for name in (
                "Order Reference/Confirmation Date", "Expected Arrival", "Order Reference/Arrival"))
            if arrived:
                days[row["Partner"]].append((arrived - ordered).days)
                kept[row["Partner"]].append(arrived <= promised)
    assert deliveries.quantity.sum() == bought == 100
    assert card.lead_mean.to_dict() == {name: np.mean(each) for name, each in days.items()}
    assert card.on_time.to_dict() == {name: np.mean(each) for name, each in kept.items()}
    assert card.deliveries.sum() == 3 and card.defects.isna().all()


def test_a_log_of_one_s_own_has_its_own_period_and_a_register_its_own_length():
    day = pd.Timestamp("2026-01-05")
    log = pd.DataFrame({"line": ["main", "backup", "main"], "cause": ["common", "common", "own"],
                        "began": [day, day + pd.Timedelta("30min"), day + pd.Timedelta(days=9)]})
    register = pd.DataFrame({"kind": ["supply", "traffic"], "began": [day, day + pd.Timedelta(days=729)],
                             "loss": [1000.0, 500.0]})
    own = own_tables(outages=log.assign(ended=log.began + pd.Timedelta("1h")), incidents=register)
    assert samples.log_period(own) == (day, day + pd.Timedelta(days=10))
    assert samples.both_down(own)["estimate"] == pytest.approx(0.5 * 365 / 10)
    assert samples.loss_a_year(own).to_dict() == pytest.approx({"supply": 500, "traffic": 250}, rel=0.01)


# --- exercises: wrong answers written from the questions alone ----------------------------------------

def test_plausible_wrong_answers_are_named(tables):
    right = {letter: bound(tables, find(f"8.2{letter}")).right() for letter in "abcd"}
    a, b, c = right["a"], right["b"], right["c"]
    tried = [
        ("8.2a", (1963, a[1], a[2]), "upside down"), ("8.2a", (1145, a[1], a[2]), "multiplied the mean"),
        ("8.2a", (2755, a[1], a[2]), "number of standard deviations"),
        ("8.2a", (2100, a[1], a[2]), "the mean of demand"),
        ("8.2a", (a[0], 0.661, a[2]), "forgot the salvage"), ("8.2a", (a[0], 0.339, a[2]), "cost over price"),
        ("8.2a", (a[0], a[1], 600), "the forecast"), ("8.2a", (a[0], a[1], 460), "multiplied the forecast"),
        ("8.2b", (87.6, b[1], b[2]), "one line alone"), ("8.2b", (52.56, b[1], b[2]), "minutes"),
        ("8.2b", (b[0], 8.76, b[2]), "shared part alone"), ("8.2b", (b[0], 9.64, b[2]), "on top"),
        ("8.2b", (b[0], b[1], 2 * b[2]), "twice"), ("8.2b", (b[0], b[1], 60 * b[2]), "minutes"),
        ("8.2c", (1478, c[1], c[2], c[3]), "best ratio first"), ("8.2c", (c[0], 1735, c[2], c[3]), "best set"),
        ("8.2c", (c[0], c[1], 1000 * c[2], c[3]), "Thousands"), ("8.2c", (c[0], c[1], c[2], "both"), "same cause"),
        ("8.2d", (*"FCEABD", "I"), "link comes down first"), ("8.2d", (*"CFAEBD", "I"), "number that stands still"),
        ("8.2d", (*"CDFEAB", "I"), "D comes too early"), ("8.2a", (2232, a[1], a[2]), "rounded the number"),
        ("8.2d", (*"CFEABD", "H"), "happens to answer")]
    for id, answers, words in tried:
        verdict = practice.judge.verdict(id, *answers, tables=tables)
        assert verdict.state == "wrong" and words in verdict.sentence, (id, answers, verdict.sentence)
