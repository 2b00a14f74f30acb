"""Section 4.1: agents by the hour against the truth, the plan that fails on uneven evenings, rotas, refunds."""

import math
import os
import re
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
import pytest

from common import own_tables
from liveshop import editions, methods
from liveshop.course.chapter_4 import samples
from liveshop.course.chapter_4.wrong import team
from liveshop.practice import judge
from liveshop.practice.exercise import find

PEAK = "contacts.busiest_hour"


@pytest.fixture(scope="module")
def desk(tables):
    """Days × hours, handling minutes, and the plan for the mean of each hour."""
    days, minutes = samples.contacts_of_days(tables), samples.handling_minutes(tables)
    return days, minutes, samples.agents_by_hour(days.mean(), minutes)


def test_the_mean_of_the_hour_finds_the_peak_in_every_season(recovered):
    naive, hourly = (recovered.loc[PEAK, method] for method in ("naive", "hour by hour"))
    assert (naive.estimate / naive.true).max() < 0.52
    assert (hourly.estimate / hourly.true - 1).abs().max() < 0.03


def test_planted_gaps_are_found(tables):
    planted = tables.truth["team.gaps"]
    gaps, alone = samples.skill_gaps(tables), samples.able(tables)
    assert gaps.stack().idxmax() == ("content_planner", planted["content_planner"])
    assert alone.who["room_control"] == planted["room_control"] and alone.persons.idxmin() == "room_control"
    service = tables.staff[tables.staff.role == "customer_service"]
    assert service.may_work_nights.sum() == tables.truth["team.service_nights"]


def test_days_and_hours_are_counted_by_independent_code(tables, desk):
    days, minutes, _ = desk
    assert days.to_numpy().sum() == tables.contacts.arrivals.sum() and days.shape == (182, 24)
    one = tables.contacts[tables.contacts.hour == 21]
    assert days[21].mean() == pytest.approx(one.arrivals.sum() / one.day.nunique())
    assert minutes == pytest.approx(tables.truth["contacts.handling_minutes"], rel=0.01)


def test_the_formula_holds_where_days_are_alike_and_promises_too_much_where_they_differ(desk):
    """The failing case, with its cause: the same plan, on days that differ and on days that do not."""
    days, minutes, plan = desk
    alike = pd.DataFrame(np.random.default_rng(8).poisson(days.mean(), days.shape), days.index, days.columns)
    promised = methods.staffing.erlang_c(days[21].mean(), minutes, int(plan[21]), samples.TARGET).service_level
    real, even = (samples.play(one, plan.tolist(), minutes) for one in (days, alike))
    assert promised > samples.GOAL and even.evening > samples.GOAL
    assert real.evening < promised - 0.15
    leaving = samples.play(days, plan.tolist(), minutes, patience=10)
    assert real.evening < leaving.evening < samples.GOAL            # not only because nobody leaves the queue
    assert days[21].var() > 4 * days[21].mean()


def test_days_in_the_sum_keep_the_promise_and_the_calendar_keeps_it_for_less(tables, desk):
    days, minutes, plan = desk
    live = samples.with_broadcast(tables, days.index)
    uneven = samples.agents_by_hour(days, minutes)
    by_kind = {kind: samples.agents_by_hour(days[live == kind], minutes) for kind in (True, False)}
    one = samples.play(days, uneven.tolist(), minutes)
    other = samples.play(days, [by_kind[kind] for kind in live], minutes)
    naive = samples.play(days, [4] * 24, minutes)
    assert one.evening > samples.GOAL and other.evening > samples.GOAL
    assert other.hours < one.hours and plan.sum() < naive.hours
    assert naive.evening < 0.5


def test_planned_week_by_week_from_what_was_seen_the_days_keep_the_promise_and_the_mean_does_not(desk):
    days, minutes, _ = desk
    ahead, by_mean = (samples.play_ahead(days, minutes, mean=mean) for mean in (False, True))
    assert ahead.evening > samples.GOAL > by_mean.evening + 0.1 and ahead.hours > by_mean.hours


def test_the_calendar_spares_hours_in_weeks_not_yet_seen_too(tables, desk):
    days, minutes, _ = desk
    live = samples.with_broadcast(tables, days.index)
    ahead, by_kind = samples.play_ahead(days, minutes), samples.play_ahead(days, minutes, live=live)
    assert by_kind.hours < ahead.hours and by_kind.evening > samples.GOAL


def test_the_gain_of_uneven_days_is_in_the_number_of_people(desk):
    """The mean's plan, raised to as many agent-hours, does about as well: the text says so."""
    days, minutes, plan = desk
    uneven = samples.agents_by_hour(days, minutes)
    raised = (plan * uneven.sum() / plan.sum()).round().astype(int)
    scaled, one = (samples.play(days, these.tolist(), minutes) for these in (raised, uneven))
    assert scaled.evening == pytest.approx(one.evening, abs=0.04) and scaled.hours == pytest.approx(one.hours, abs=4)


def test_the_desk_played_through_agrees_with_the_formula_in_one_steady_hour():
    random = np.random.default_rng(3)
    arrived = np.sort(random.uniform(0, 60 * 24 * 150, 33 * 24 * 150))
    waited = methods.staffing.waits(arrived, random.exponential(5, len(arrived)), [4] * 24)
    promised = methods.staffing.erlang_c(33, 5, 4, 5)
    assert (waited <= 5).mean() == pytest.approx(promised.service_level, abs=0.02)
    assert (waited > 0).mean() == pytest.approx(promised.wait_probability, abs=0.03)


def test_who_gives_up_leaves_the_agent_to_the_next_one():
    """One agent, busy for 30 minutes; after ten minutes the second gives up, and the third is taken at 80."""
    waited = methods.staffing.waits([50, 51, 75], [30, 30, 5], [1] * 24, patience=10)
    assert waited.tolist() == [0, math.inf, 5]
    with pytest.raises(ValueError, match="Patience"):
        methods.staffing.waits([50], [30], [1] * 24, patience=-1)


def test_a_queue_worked_through_by_hand():
    """One agent until one o'clock, then two: the third contact is taken at the stroke of the hour."""
    waited = methods.staffing.waits([50, 51, 52, 70], [30, 30, 5, 1], [1, *[2] * 23])
    assert waited.tolist() == [0, 9, 28, 15]


def test_rows_of_shifts_cover_the_plan(desk):
    *_, plan = desk
    need = samples.shifts_needed(plan.tolist()).iloc[0]
    for hour in range(8, 24):
        there = need.early * (hour < 16) + need.middle * (14 <= hour < 22) + need.late * (hour >= 16)
        assert there >= plan[hour]


def test_the_rota_of_the_staff_leaves_late_shifts_empty_and_hires_fill_them(tables, desk):
    days, minutes, _ = desk
    wanted = samples.shifts_needed(samples.agents_by_hour(days, minutes).tolist())
    agents = tables.staff[tables.staff.role == "customer_service"].set_index("person_id")
    rules = {"rest": samples.REST, "longest": 6, "night": ["late"]}
    now = methods.rota.roster(agents, wanted, samples.SHIFTS, **rules)
    late = (now.table == "late").any(axis=1)
    assert not now.covered and set(late.index[late]) <= set(agents.index[agents.may_work_nights])
    count = methods.rota.weekly_rota([int(wanted.iloc[0].sum())] * 7).people - len(agents)
    new = pd.DataFrame({"wage_per_hour": 35.0, "hours_a_week": 40.0, "may_work_nights": True}, index=range(count))
    table = methods.rota.roster(pd.concat([agents, new]), wanted, samples.SHIFTS, **rules)
    assert table.covered
    for row in table.table.to_numpy():
        for first, then in zip(row, [*row[1:], row[0]], strict=True):
            assert (first, then) not in samples.REST


def test_hosts_stand_out_by_refunds_until_channel_category_and_season_are_equal(tables):
    hosts = samples.host_sales(tables)
    known = hosts[hosts.broadcasts >= 10]
    out = {name: ((known[f"{name}_low"] > 0) | (known[f"{name}_high"] < 0)).sum() for name in ("naive", "fair")}
    assert out["naive"] >= 3 and out["fair"] <= 1
    assert (known.due * known.gmv).sum() == pytest.approx(known.refunded.sum(), rel=0.02)


def test_a_hosts_refunds_and_what_is_due_are_counted_by_independent_code(tables):
    """H06 sold more than anybody: the rate due to her is that of others' lines, in broadcasts 15 days old or more."""
    hosts = samples.host_sales(tables)
    old = tables.streams[tables.streams.started <= tables.orders.paid.max() - pd.Timedelta(days=15)]
    host, festival = (old.set_index("stream_id")[name] for name in ("host_id", "is_festival"))
    category = tables.products.set_index("product_id").category
    back = tables.refunds.set_index(["order_id", "line_no"]).refunded_amount
    sums = {}
    for line in tables.orders[tables.orders.paid.notna() & tables.orders.stream_id.isin(old.stream_id)].itertuples():
        kind = line.channel_id, category[line.product_id], festival[line.stream_id], host[line.stream_id] == "H06"
        sums.setdefault(kind, np.zeros(2))
        sums[kind] += line.paid_amount, back.get((line.order_id, line.line_no), 0.0)
    hers = {kind[:3]: amounts for kind, amounts in sums.items() if kind[3]}
    assert hosts.gmv["H06"] == pytest.approx(sum(amounts[0] for amounts in hers.values()))
    assert hosts.refunded["H06"] == pytest.approx(sum(amounts[1] for amounts in hers.values()))
    due = sum(amounts[0] * sums[*kind, False][1] / sums[*kind, False][0] for kind, amounts in hers.items())
    assert hosts.due["H06"] == pytest.approx(due / hosts.gmv["H06"])


@pytest.mark.parametrize("id, wrong, words", [
    ("4.1a", (14, 0.888, 19), "added 30 %"), ("4.1a", (13, 0.796, 19), "79.6"), ("4.1a", (14, 0.826, 20), "not wait"),
    ("4.1a", (14, 0.714, 20), "occupancy"), ("4.1a", (14, 0.888, 14), "That is the desk"),
    ("4.1a", (14, 0.888, 10), "took 30 % off"), ("4.1a", (11, 0.390, 16), "bunch"), ("4.1a", (14, 0.174, 20), "at all"),
    ("4.1b", (21, 0, 15300), "divided"), ("4.1b", (25, 20, 15300), "fractions"), ("4.1b", (22.33, 10, 15300), "whole"),
    ("4.1b", (19, 10, 15300), "busiest"), ("4.1b", (23, 56, 15300), "seven days"),
    ("4.1b", (23, 10, 14966.67), "split"),
    ("4.1b", (23, 10, 16429), "mean price"), ("4.1b", (23, 10, 11500), "cheapest day"),
    ("4.1c", (3, 1953, 1910), "shrinks"), ("4.1c", (2.25, 1953, 1910), "turned"), ("4.1c", (3.75, 1953, 1910), "added"),
    ("4.1c", (4.8, 1953, 1910), "her refund rate"), ("4.1c", (4.0, 1154, 1184), "Refunds are left out"),
    ("4.1c", (4.0, 1728, 1910), "commission is missing"), ("4.1c", (4.0, 1579, 1579), "38 %"),
    ("4.1c", (4.0, 1953, 1861), "new one"), ("4.1c", (4.0, 1953, 2042), "paid the new rate"),
    ("4.1a", (11, 0.837, 16), "(B)"), ("4.1a", (5, 0.888, 8), "half an hour"), ("4.1a", (14, 0.827, 20), "20 / 3600"),
    ("4.1a", (14, 0.999, 20), "at the desk"), ("4.1a", (15, 0.863, 22), "spent waiting"),
    ("4.1a", (18, 0.888, 18), "on the contacts"), ("4.1a", (14, 0.864, 20), "Poisson"),
    ("4.1b", (33, 60, 21300), "comes again"), ("4.1b", (23, 10, 15800), "other days"),
    ("4.1b", (23, 46, 15300), "days off"),
    ("4.1b", (23, 10, 15000), "21 people"), ("4.1b", (19, -10, 15300), "busiest"),
    ("4.1b", (23, 10, 16900), "fractions"),
    ("4.1c", (2.25, 1953, 1826), "follows"), ("4.1c", (28, 1953, 1910), "added the two"),
    ("4.1c", (4.0, 1365, 1344), "cost of goods"), ("4.1c", (4.0, 1782, 1910), "subtract"),
    ("4.1c", (4.0, 1953, 1184), "in net sales"), ("4.1c", (4.0, 2042, 1910), "old plan"),
    ("4.1b", (24, 15, 15300), "fewer do too"), ("4.1b", (15, 10, 15300), "mean day"),
])
def test_wrong_answers_are_named(tables, id, wrong, words):
    found = judge.verdict(id, *wrong, tables=tables)
    assert found.state == "wrong" and words in found.sentence, found.sentence


def test_published_cases():
    """Erlang of the pyworkforce example, with its shrinkage of 30 %; Winston's post office."""
    assert methods.staffing.agents_needed(200, 3, 20 / 60) == 14
    assert methods.staffing.agents_needed(200, 3, 20 / 60, shrinkage=0.3) == 20
    found = methods.staffing.erlang_c(200, 3, 14, 20 / 60)
    assert (round(found.wait_probability, 4), round(found.service_level, 4)) == (0.1741, 0.8884)
    assert find("4.1b")(None).right()[0] == 23
    plan = np.array([6 + 1 / 3, 5, 1 / 3, 7 + 1 / 3, 0, 3 + 1 / 3, 0])        # the textbook's plan in fractions
    assert plan.sum() == pytest.approx(methods.rota.weekly_rota((17, 13, 15, 19, 14, 16, 11)).bound)
    assert tuple(math.ceil(round(one, 9)) for one in plan) == team.ROUNDED_UP and sum(team.ROUNDED_UP) == 25


def bank_calls():
    path = Path(os.environ.get("LIVESHOP_REAL_DATA", "")) / "bank_calls.csv.gz"
    if not os.environ.get("LIVESHOP_REAL_DATA") or not path.exists():
        pytest.skip("LIVESHOP_REAL_DATA names no folder with bank_calls.csv.gz")
    calls = pd.read_csv(path)
    return calls.assign(at=pd.to_datetime(calls.time.str.rstrip("Z")))


def test_the_calls_of_a_bank_are_uneven_too_and_the_mean_promises_too_much():
    calls = bank_calls()
    parts = calls.groupby([calls["at"].dt.day_of_week, calls["at"].dt.time]).calls
    assert parts.var().sum() / parts.mean().sum() == pytest.approx(2.29, abs=0.01)
    day, time = (calls.groupby(part).calls.transform("mean") for part in (calls["at"].dt.date, calls["at"].dt.time))
    usual = day * time / calls.calls.mean()
    assert ((calls.calls - usual) ** 2 / usual).mean() == pytest.approx(1.61, abs=0.01)
    table = samples.counted(calls["at"], "phone", calls.calls)
    assert table.arrivals.sum() == calls.calls.sum() and len(table) == 24 * table.day.nunique()

    days = samples.contacts_of_days(own_tables(contacts=table))
    days = days[days.sum(axis=1) > 0]
    first = calls[calls["at"].between("2003-03-03 07:00", "2003-03-03 07:59")]
    assert days.loc["2003-03-03", 7] == first.calls.sum()
    ten = days[10]
    agents = methods.staffing.agents_needed(ten.mean(), 4, 1)
    levels = np.array([methods.staffing.erlang_c(rate, 4, agents, 1).service_level for rate in ten])
    assert (levels * ten).sum() / ten.sum() < 0.75


def test_the_section_runs_on_a_call_list_alone(tmp_path):
    """Every twentieth call of the bank as contacts.csv, some in a queue open from 10 to 12 only: totals agree."""
    calls = bank_calls()
    table = samples.counted(calls["at"], "chat", calls.calls // 20)
    own = tmp_path / "own"
    own.mkdir()
    part = table.hour.between(10, 11)
    second = table[part].assign(queue="group", arrivals=table.arrivals[part] // 3)
    table.loc[part, "arrivals"] -= second.arrivals
    pd.concat([table, second]).sort_values(["day", "hour", "queue"]).to_csv(own / "contacts.csv", index=False)
    editions.own_data_notebook("4.1", own, None, tmp_path / "run")
    nb = nbformat.read(tmp_path / "run" / "section-4-1.ipynb", 4)
    shown = "\n".join(str(output.get("text", "")) + output.get("data", {}).get("text/plain", "")
                      for cell in nb.cells for output in cell.get("outputs", []))
    hours = 24 * (calls["at"].dt.date.max() - calls["at"].dt.date.min()).days + 24
    mean = (calls.calls // 20).sum() / hours
    assert f"5.0 minutes a contact, assumed; mean hour {mean:.0f} contacts" in shown
    separate, pooled = map(int, re.search(r"separate desks (\d+) agent-hours a day, one desk (\d+)", shown).groups())
    assert separate > pooled
    report = (tmp_path / "run" / "report.md").read_text(encoding="utf-8")
    assert "`skills` and `staff` are missing" in report or ("`skills`" in report and "`staff`" in report)
    assert "was not drawn" not in report
