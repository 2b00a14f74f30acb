"""Section 8.3 against the truth: which gauge leads and by how much, alarms judged on unseen days, no look ahead."""

from collections import Counter
from datetime import date, timedelta

import numpy as np
import openpyxl
import pandas as pd
import pytest

from common import own_tables
from liveshop import practice
from liveshop.course.chapter_8 import samples
from liveshop.course.chapter_8.samples import watch
from liveshop.methods import leading, monitor
from liveshop.playbook import CardError, watch_sheet
from liveshop.playbook.watch_sheet import FIRST, SHOWN
from liveshop.practice.exercise import bound, find
from printed import printed
from real_data import real_file

BY_LAG = "by lag, weekdays held"


# --- the truth over seasons -----------------------------------------------------------------------

@pytest.mark.parametrize("gauge", ["supplier_late", "feed_share", "line_loss"])
def test_the_planted_lead_is_found_over_seasons(recovered, gauge):
    found = recovered.loc[f"indicators.lead: {gauge}", BY_LAG]
    assert (found.bias.abs() <= 1).all() and found.true.between(found.low, found.high).sum() >= 18


def test_the_same_week_names_the_echo_and_the_lag_does_not(recovered):
    echo, leader = (recovered.loc[f"indicators.leads: {gauge}"] for gauge in ("refund_requests", "supplier_late"))
    assert (echo.loc["naive"].estimate == 1).all() and (echo.loc[BY_LAG].estimate == 0).all()
    assert leader.loc["naive"].estimate.sum() <= 6 and (leader.loc[BY_LAG].estimate == 1).all()


def test_it_fails_with_few_causes_and_where_31_lags_are_searched(recovered):
    few, many = (recovered.loc[f"indicators.lead: {gauge}", BY_LAG] for gauge in ("rule_notices", "supplier_late"))
    assert few.bias.abs().max() >= 5 > 1 >= many.bias.abs().max()
    assert (few.high - few.low).median() >= 3 > (many.high - many.low).median()
    assert recovered.loc["indicators.leads: complaint_share", BY_LAG].estimate.sum() >= 3


def test_the_days_that_chose_promise_too_much_and_the_limit_still_beats_the_clock(recovered):
    """The winner falls by more than the average setting; acting as often by the clock brings less than the limit."""
    winner, average = (recovered.loc[f"indicators.money: {what}, later days"]
                       for what in ("chosen limit", "average setting"))
    chose, clock = winner.loc["days that chose"], winner.loc["acting by the clock"]
    assert chose.bias.mean() > average.loc["days that chose"].bias.mean() + 20_000 > 20_000
    assert (clock.estimate < clock.true).sum() >= 17


# --- this register ----------------------------------------------------------------------------------

def test_the_verdicts_of_this_register(tables):
    found = watch.all_leads(tables)
    true = tables.truth["indicators.lead"]
    for gauge in ("supplier_late", "feed_share", "line_loss"):
        assert found.verdict[gauge] == watch.KEEP and found.low[gauge] <= true[gauge]["days"] <= found.high[gauge]
    assert found.verdict["refund_requests"] == watch.THERMOMETER and found.verdict["rule_notices"] == watch.WAIT
    assert found.verdict["sick_days"] == watch.DROP


def test_causes_by_day_agree_with_the_chapter(tables):
    """Two ways of counting, one on the days of the register, one on the days of the indicators."""
    mine, whole = watch.counts(tables), samples.causes_by_day(tables)
    assert (mine[whole.columns].to_numpy() == whole.to_numpy()).all()


def test_lead_by_an_independent_fit(tables):
    """Ratio and likelihood of late deliveries at lag 12 by Newton's own steps, weekdays held."""
    x = watch.table(tables)["supplier_late"].to_numpy()
    y = watch.counts(tables)["supply"].to_numpy()
    days = np.arange(30, len(x))
    design = np.column_stack([np.eye(7)[days % 7], ((x - x.mean()) / x.std())[days - 12]])
    beta = np.r_[np.full(7, np.log(y.mean())), 0.0]
    for _ in range(30):
        mean = np.exp(design @ beta)
        beta = beta + np.linalg.solve(design.T @ (design * mean[:, None]), design.T @ (y[30:] - mean))
    found = watch.all_leads(tables).loc["supplier_late"]
    assert found.days == 12 and np.exp(beta[-1]) == pytest.approx(found.ratio, rel=1e-4)


def test_alarms_in_money_by_a_plain_loop(tables):
    """The chosen limit on the later days: smoothing, acting and warning day by day, without the package."""
    values, events = watch.table(tables), watch.counts(tables)
    chosen = watch.learn(values)
    best = watch.settings(tables).iloc[0]
    x, struck = values["supplier_late"].to_numpy(), events["supply"].to_numpy()
    level, path = 0.0, []
    for value in x:
        level = best.lam * (value - x[:chosen].mean()) + (1 - best.lam) * level
        path.append(level)
    limit = best.limit * np.std(path[:chosen])
    acted, free = [], chosen
    for day in range(chosen, len(x)):
        if path[day] > limit and day >= free:
            acted.append(day)
            free = day + watch.HOLD
    warned = sum(struck[day] for day in range(chosen, len(x))
                 if struck[day] and any(3 <= day - act <= 20 for act in acted))
    by_hand = (watch.SAVED * warned - watch.ACTING * len(acted)) / ((len(x) - chosen) / 365.25)
    found = watch.on_later_days(tables, "supplier_late", best.lam, best.limit)
    assert found.value == pytest.approx(by_hand) and found.value == pytest.approx(best.unseen)
    assert (found.acted, found.warned) == (len(acted), warned)


def test_the_winner_loses_more_than_the_others(tables):
    tried = watch.settings(tables)
    fall = tried.tuned - tried.unseen
    assert fall.iloc[0] > 1.5 * fall.mean() and tried.tuned.iloc[0] > 2 * tried.unseen.iloc[0]
    best = watch.on_later_days(tables, "supplier_late", tried.lam[0], tried.limit[0])
    assert best.value > best.clock + 20_000


def test_one_register_cannot_tell_the_limit_from_none(tables):
    """What section and memo say: the interval holds zero, and some calendars moved along do as well."""
    best = watch.settings(tables).iloc[0]
    now = watch.on_later_days(tables, "supplier_late", best.lam, best.limit)
    assert now.low < 0 < now.value < now.high and 0 < now.chance < 0.2
    assert now.warned > now.clock_warned > now.causes / 2 and 1 - now.false / now.acted > now.clock_right


def test_a_gauge_that_always_rings_is_the_clock(tables):
    always = watch.on_later_days(tables, "supplier_late", 0.4, -99.0)
    assert always.chance == 1 and always.clock == pytest.approx(always.value)


def test_the_interval_of_a_year_is_that_of_independent_days():
    """On days that know nothing of each other it is mean ± 1.96 standard errors, in years of 365.25 days."""
    by_day = np.random.default_rng(1).normal(100, 1000, 3000)
    low, high = watch.interval(by_day)
    error = 1.96 * by_day.std() / np.sqrt(3000) * 365.25
    assert (high - low) / 2 == pytest.approx(error, rel=0.2)
    assert (high + low) / 2 == pytest.approx(by_day.mean() * 365.25, abs=error / 4)
    assert watch.interval(np.full(40, 2.0)) == pytest.approx([730.5, 730.5])


def test_repeated_causes_by_a_plain_loop(tables):
    """One cause and title counts once; another cause must have brought the title within ninety days before."""
    first = {}
    for row in tables.incidents.sort_values("began").itertuples():
        key = row.incident_id if pd.isna(row.cause_id) else row.cause_id, row.title
        first.setdefault(key, row.began)
    start = min(first.values()) + timedelta(days=90)
    told = [any(title == other and timedelta(0) < began - before <= timedelta(days=90) for (_, other), before
                in first.items()) for (_, title), began in first.items() if began >= start]
    assert watch.repeated(tables.incidents) == pytest.approx(np.mean(told))


def test_costs_and_savings_are_those_of_the_world(tables):
    money = tables.truth["indicators.money"]
    assert (money["acting"], money["warned"]) == (watch.ACTING, watch.SAVED)
    assert (money["earliest"], money["latest"]) == watch.WARNED


# --- no score of a day changes when later days are added --------------------------------------------

def later_days(tables, wild):
    """The tables to a day, and the same with wild days after it."""
    cut = tables.risk_indicators.day.min() + timedelta(days=1500)
    rows = tables.risk_indicators
    early, late = rows[rows.day < cut], rows[rows.day >= cut]
    return [own_tables(risk_indicators=table, incidents=tables.incidents) for table in (
        early, pd.concat([early, late.assign(value=late.value * wild)]))]


def test_no_score_of_a_day_changes_when_later_days_are_added(tables):
    """Values, smoothed gauge, chart and alarms of the first 1,500 days, learned from the first 1,200."""
    short, long = (watch.table(one) for one in later_days(tables, 1000.0))
    assert len(short) == 1500 < len(long) and short.equals(long[:1500])
    for name in short:
        one, other = (leading.smoothed(each[name].to_numpy(), 0.4, 1200) for each in (short, long))
        assert one.tolist() == other[:1500].tolist()
        charts = [monitor.ewma(each[name].to_numpy(), 0.2, 2.962, each[name][:1200].mean(), each[name][:1200].std())
                  for each in (short, long)]
        assert charts[0].alarm.tolist() == charts[1].alarm[:1500].tolist()


def test_a_missing_day_is_filled_from_before_and_never_from_after(tables):
    rows = tables.risk_indicators
    gap = rows[rows.day.between("2021-05-03", "2021-05-05")].index
    holed = watch.table(own_tables(risk_indicators=rows.drop(gap), incidents=tables.incidents))
    before = watch.table(tables).loc["2021-05-02"]
    assert (holed.loc["2021-05-03":"2021-05-05"] == before).all().all() and len(holed) == len(watch.table(tables))


# --- published ----------------------------------------------------------------------------------------

def test_run_lengths_of_the_section():
    assert printed(monitor.ewma_arl(0.2, 2.962), 0) == 500 and printed(monitor.ewma_arl(0.2, 2.962, 1), 1) == 10.5
    assert printed(monitor.cusum_arl(0.5, 4), 0) == 168 and printed(monitor.cusum_arl(0.5, 4, 1), 1) == 8.4


def test_series_m_as_the_section_tells_it():
    """.95 to .98 at every lag 0 to 9, most at 4; prewhitened .675 at 3."""
    data = pd.read_csv(real_file("bj_sales_lead.csv"))
    lead, sales = data["lead"].to_numpy(), data["sales"].to_numpy()
    raw = [np.corrcoef(lead[:len(lead) - lag], sales[lag:])[0, 1] for lag in range(10)]
    assert printed(min(raw), 2) == 0.95 and printed(max(raw), 2) == 0.98 and int(np.argmax(raw)) == 4
    white = leading.prewhitened(lead, sales)
    assert white.lag == 3 and printed(white.table.correlation[3], 3) == 0.675


# --- own data -------------------------------------------------------------------------------------------

def test_a_short_export_of_ones_own_gets_its_sheet():
    """300 days, two gauges of one's own names, incidents without a cause; totals by other code."""
    rng = np.random.default_rng(3)
    first = date(2025, 1, 1)
    days = [first + timedelta(days=k) for k in range(300)]
    struck = sorted(rng.choice(np.arange(20, 300), 40, replace=False).tolist())
    late = rng.normal(10, 1, 300)
    for day in struck:
        late[day - 5] += 4
    rows = [(pd.Timestamp(day), name, value) for name, series in (("late", late), ("noise", rng.normal(0, 1, 300)))
            for day, value in zip(days, series, strict=True)]
    incidents = pd.DataFrame({"incident_id": [f"I{k}" for k in range(40)], "kind": "supply",
                              "began": [pd.Timestamp(days[day]) + pd.Timedelta(hours=9) for day in struck]})
    own = own_tables(risk_indicators=pd.DataFrame(rows, columns=["day", "indicator", "value"]), incidents=incidents)
    by_day = Counter(began.date() for began in incidents.began)
    events = watch.counts(own)
    assert events["supply"].sum() == events["all"].sum() == sum(by_day.values()) == 40
    assert all(events["all"][pd.Timestamp(day)] == many for day, many in by_day.items())
    found = watch.all_leads(own)
    assert found.verdict["late"] == watch.KEEP and found.days["late"] == 5
    assert list(watch.sheet(own).gauge) == ["late", "noise"] and watch.learn(watch.table(own)) == 150


# --- the sheet ----------------------------------------------------------------------------------------------

def test_the_sheet_says_what_the_method_says(tables, tmp_path):
    """Its formulas, worked out here, against `leading.smoothed`; and what is not a gauge is refused."""
    values = watch.table(tables)
    chosen = watch.learn(values)
    book = openpyxl.load_workbook(watch_sheet(values, chosen, tmp_path / "sheet.xlsx"))
    assert book.sheetnames == list(values)
    for name in ("supplier_late", "sick_days"):
        sheet = book[name]
        mean, lam, spread, yellow, red, smooth = (sheet.cell(row, 3).value for row in range(3, 9))
        true = leading.smoothed(values[name].to_numpy(), lam, chosen)[-SHOWN:]
        for row in range(FIRST, FIRST + SHOWN):
            last = "$C$8" if row == FIRST else f"C{row - 1}"
            assert sheet.cell(row, 3).value == f'=IF(B{row}="","",$C$4*(B{row}-$C$3)+(1-$C$4)*{last})'
            smooth = lam * (sheet.cell(row, 2).value - mean) + (1 - lam) * smooth
            assert smooth / spread == pytest.approx(true[row - FIRST])
        assert (yellow, red) == (1, 2) and sheet.cell(FIRST + SHOWN, 2).value is None
    for wrong in ({"lam": 0}, {"yellow": 3}, {"chosen": 5}):
        with pytest.raises(CardError):
            watch_sheet(**{"values": values, "chosen": chosen, "path": tmp_path / "no.xlsx"} | wrong)
    with pytest.raises(CardError, match="never changes"):
        watch_sheet(values.assign(flat=1.0), chosen, tmp_path / "no.xlsx")
    assert not (tmp_path / "no.xlsx").exists()


# --- exercises: wrong answers written from the questions alone ------------------------------------------------

def test_plausible_wrong_answers_are_named(tables):
    later = bound(tables, find("8.3b"))
    limit = bound(tables, find("8.3c"))
    _, tuned, unseen = limit.right()
    between, delay, seven = bound(tables, find("8.3a")).right()
    tried = [("8.3a", (8.4, 168, 15.2), "each other's place"), ("8.3a", (168, 8.4, 2.2), "one gauge"),
             ("8.3a", (370, 43.9, 6.9), "three standard deviations"), ("8.3a", (168, 8.4, 304.8), "delay"),
             ("8.3a", (335, 8.4, 15.2), "one way"), ("8.3a", (168, 26.6, 15.2), "half a standard deviation"),
             ("8.3a", (500, 10.5, 5.1), "EWMA"), ("8.3a", (465, 10.4, 5.5), "h = 5"),
             ("8.3b", ("feed_share", 9, later.lead.ratio), "gauge that leads"),
             ("8.3b", ("refund_requests", 0, later.lead.profile.ratio[0]), "same day"),
             ("8.3b", ("refund_requests", 9, 1.94), "all days"),
             ("8.3b", ("refund_requests", 9, np.log(later.lead.ratio)), "logarithm"),
             ("8.3b", ("refund_requests", 12, later.lead.ratio), "supplier_late"),
             ("8.3b", ("refund_requests", 9, later.lead.ratio - 1), "how many more"),
             ("8.3c", (0.5, limit.tried.tuned[limit.tried.limit == 0.5].iloc[0], 83_176), "later days"),
             ("8.3c", (0.75, unseen, tuned), "exchanged"), ("8.3c", (0.75, tuned * 1200 / 365.25, unseen), "sum"),
             ("8.3c", (0.75, 106_227, 18_082), "8,000"), ("8.3c", (3.0, tuned, unseen), "habit"),
             ("8.3c", (1.0, tuned, unseen), "limit 1 brings less"), ("8.3c", (0.75, tuned, 47.9), "thousands of yuan"),
             ("8.3b", ("refund_requests", 0, 2.38), "`refund_requests`"), ("8.3a", (169, 8.4, 15.1), "Siegmund"),
             ("8.3d", (watch.KEEP, watch.KEEP, watch.WAIT, watch.DROP, "V3"), "on the day itself"),
             ("8.3d", (watch.KEEP, watch.THERMOMETER, watch.KEEP, watch.DROP, "V3"), "count the causes first"),
             ("8.3d", (watch.KEEP, watch.THERMOMETER, watch.WAIT, watch.DROP, "V4"), "slowest on average"),
             ("8.3d", (watch.KEEP, watch.THERMOMETER, watch.WAIT, watch.DROP, "V6"), "defects")]
    said = [(id, answers, words, practice.judge.verdict(id, *answers, tables=tables)) for id, answers, words in tried]
    assert not [one for one in said if one[3].state != "wrong" or one[2] not in one[3].sentence]
    assert seven == pytest.approx(7 * 365 / between) and delay < between


def test_right_answers_in_every_form(tables):
    between = bound(tables, find("8.3a")).between
    for a_year in (7 * 365 / between, 15.2, 7 * 365.25 / between, 7 * 365 / 168):
        assert practice.judge.verdict("8.3a", 168, 8.4, a_year, tables=tables).state == "right"
    limit, tuned, unseen = bound(tables, find("8.3c")).right()
    assert practice.judge.verdict("8.3c", limit, round(tuned), round(unseen), tables=tables).state == "right"
    assert practice.judge.verdict("8.3b", "refund_requests", 9, 1.71, tables=tables).state == "right"
