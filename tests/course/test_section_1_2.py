"""Section 1.2 against the truth: growth of the rooms over twenty seasons, fusion, and where it fails."""

import csv
import os
import shutil
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
import pytest
import yaml

from common import ROOT, own_tables
from liveshop import editions, practice
from liveshop.course.chapter_1.samples import published, trends
from liveshop.methods import seasons
from liveshop.tables import adapt_all

REAL = os.environ.get("LIVESHOP_REAL_DATA", "")
FIRST, JUNE = range(1, 5), range(13, 17)


# --- the truth over seasons ----------------------------------------------------------------------

def test_money_of_june_on_march_grows_in_every_season_and_ordinary_hours_do_not(recovered):
    naive, rate, fair = (recovered.loc["rooms.growth", way] for way in
                         ("naive", "per hour", "per hour, ordinary weeks"))
    assert (naive.true == 0).all() and naive.estimate.min() > 1
    assert rate.estimate.min() > 0.5 and rate.estimate.mean() < naive.estimate.mean()
    assert abs(fair.bias.mean()) < 0.1
    assert fair.true.between(fair.low, fair.high).sum() >= 17


def test_a_spring_is_no_year(recovered):
    """Without the festival the season is still in it; the same weeks a year on are near the planted growth."""
    naive, without, fair = (recovered.loc["history.growth_a_year", way] for way in
                            ("naive", "festival left out", "year on year"))
    assert naive.bias.min() > 3 and without.bias.mean() > 0.5
    assert abs(fair.bias.mean()) < 0.05 and fair.bias.abs().max() < 0.25


# --- this season ----------------------------------------------------------------------------------

def test_weekly_money_by_the_calendar(tables):
    """Independent of the sample: ISO weeks of the pay time, week 10 of the year is week 1."""
    paid = tables.orders[tables.orders.paid.notna()]
    by_hand = paid.groupby([paid.paid.dt.isocalendar().week.astype(int) - 9, "source"]).paid_amount.sum().unstack()
    weekly = trends.weekly(tables)
    assert weekly.index.tolist() == list(range(1, 27))
    assert np.allclose(weekly[["live", "shelf", "social"]], by_hand[["live", "shelf", "social"]])
    assert weekly.gmv.sum() == pytest.approx(paid.paid_amount.sum())
    assert weekly.hours.sum() == pytest.approx(tables.streams.stream_seconds.sum() / 3600)
    assert weekly.index[weekly.festival].tolist() == [13, 14, 15, 16]


def test_growth_per_hour_is_a_ratio_of_sums_and_its_interval_that_of_a_bootstrap(tables):
    rooms = trends.ordinary(tables)
    early, late = trends.ends(trends.whole_weeks(tables))
    found = trends.growth_per_hour(rooms, early, late)
    parts = [rooms[rooms.week.isin(weeks)] for weeks in (early, late)]
    rates = [one.gmv.sum() / one.hours.sum() for one in parts]
    assert found.before == pytest.approx(rates[0]) and found.estimate == pytest.approx(rates[1] / rates[0] - 1)
    rng, drawn = np.random.default_rng(0), []
    for _ in range(2000):
        a, b = (one.iloc[rng.integers(0, len(one), len(one))] for one in parts)
        drawn.append(b.gmv.sum() / b.hours.sum() / (a.gmv.sum() / a.hours.sum()) - 1)
    assert [found.low, found.high] == pytest.approx(np.quantile(drawn, [0.025, 0.975]), abs=0.08)


def test_how_often_a_growth_is_seen_by_playing_it(tables):
    """Broadcasts drawn from the ordinary ones, with and without a growth, judged by the section's own interval."""
    rooms = trends.ordinary(tables)
    spread, count, rng, seen = trends.spread_of_broadcasts(rooms), 64, np.random.default_rng(1), {}
    for growth in (0.0, 0.5):
        found = 0
        for _ in range(200):
            early, late = (rooms.iloc[rng.integers(0, len(rooms), count)] for _ in range(2))
            both = pd.concat([early.assign(week=1), late.assign(week=2, gmv=late.gmv * (1 + growth))])
            found += trends.growth_per_hour(both, [1], [2]).low > 0
        seen[growth] = found / 200
    assert seen[0.0] == pytest.approx(trends.chance_to_see(0.0, spread, count), abs=0.03)
    assert seen[0.5] == pytest.approx(trends.chance_to_see(0.5, spread, count), abs=0.12)
    assert trends.chance_to_see(trends.smallest_seen(spread, count), spread, count) == pytest.approx(0.8)


def test_all_late_weeks_of_june_hold_the_festival(tables):
    """At the end of June no interval helps: per hour the answer is far from zero, and still the wrong question."""
    found = trends.growth_per_hour(trends.broadcasts(tables), FIRST, JUNE)
    assert found.low > 0
    weekly = trends.weekly(tables)
    with pytest.raises(ValueError, match="Nothing is left of the last"):
        seasons.growth(weekly.live, list(FIRST), list(JUNE), leave_out=weekly.index[weekly.festival])


def test_the_social_shop_grew_and_the_rooms_did_not(tables):
    weekly = trends.weekly(tables)
    index = seasons.index_numbers(weekly[["live", "social"]], [1, 2, 3, 4])
    assert index.social.tail(4).mean() > 300 and 60 < index.live.tail(4).mean() < 160


def test_who_came_back_by_hand(tables):
    """New customers watched for eight weeks each, by plain loops."""
    joined = tables.customers.set_index("customer_id").joined
    paid = tables.orders[tables.orders.paid.notna()]
    orders = paid.groupby("order_id").agg({"customer_id": "first", "created": "min", "source": "first"})
    last, back = orders.created.max(), {"social": [], "live": []}
    for customer, one in orders.sort_values("created").groupby("customer_id"):
        start, place = one.created.iloc[0], one.source.iloc[0]
        if place in back and joined[customer] >= pd.Timestamp("2025-03-03") and start <= last - timedelta(weeks=8):
            there = one.created[one.source == place] - start
            back[place].append(any(timedelta(days=1) < wait <= timedelta(weeks=8) for wait in there))
    for place, flags in back.items():
        found = trends.came_back(tables, place)
        assert len(found) == len(flags) and found.mean() == pytest.approx(np.mean(flags))
    assert np.mean(back["social"]) > 2 * np.mean(back["live"])


def test_participation_falls_with_the_age_of_the_list_only(tables):
    every, one_age = trends.participation(tables), trends.participation(tables, range(4, 8))
    part = every.buyers / every.members
    assert part.iloc[0] > 3 * part.iloc[-1]
    early, late = one_age.loc[5:16].sum(), one_age.loc[17:].sum()
    assert late.buyers / late.members == pytest.approx(early.buyers / early.members, rel=0.1)
    since = tables.customers.member_since
    assert every.members.tolist() == [(since < pd.Timestamp("2025-03-03") + timedelta(weeks=week)).sum()
                                      for week in every.index]
    assert one_age.members.loc[26] == every.members.loc[22] - every.members.loc[18]


def test_published_cases_stand_beside_ours():
    prices = seasons.price_indices(published.PRICES, published.QUANTITIES).iloc[-1]
    months = seasons.decompose(published.NOTTINGHAM, 12, trend=51, low_pass=13, seasonal_degree=0, inner=2, outer=0)
    shown = published.beside([*prices, *months.table.iloc[0][["season", "trend", "rest"]]])
    assert shown.published.tolist() == shown.here.tolist()


def test_two_years_are_remembered_and_half_a_year_is_refused(tables):
    years = trends.two_years(tables)
    assert len(years) == 104 and years.visits.sum() == tables.history.visits.sum()
    about = {"period": 52, "multiplicative": True}
    found = seasons.decompose(years.visits, seasonal_degree=0, **about)
    assert 0.9 < found.season_strength < 1
    luck = pd.Series(np.exp(np.random.default_rng(3).normal(0, 0.1, 104)))
    assert 0.3 < seasons.decompose(luck, seasonal_degree=0, **about).season_strength < 0.8
    assert seasons.decompose(luck, seasonal_degree=1, **about).season_strength > 0.999      # a line through two points
    with pytest.raises(ValueError, match="two whole seasons"):
        seasons.decompose(trends.weekly(tables).gmv, 52)


def test_fusion_counts_those_who_could_meet_both(tables):
    tracked, rows = trends.journeys(tables), tables.journeys
    assert len(tracked) == (~rows.withheld.isin(["live", "social"])).sum() and tracked.week.between(1, 26).all()
    withheld = rows[rows.withheld.isin(["live", "social"])].path.fillna("")
    assert not withheld.map(lambda path: {"live", "social"} <= set(path.split(" > "))).any()
    bought = tracked[tracked.converted].both
    assert trends.share(bought).estimate > 4 * trends.share(tracked[~tracked.converted].both).estimate
    rise = trends.difference(tracked.both[tracked.week <= 13], tracked.both[tracked.week > 13])
    assert rise.low > 0


def test_the_log_sees_a_tenth_since_it_knows_members_only(tables):
    log = trends.seen_by_log(tables)
    fusion = trends.share(trends.journeys(tables).query("converted").both).estimate
    assert 0.05 < log.both.mean() / fusion < 0.2
    assert log[log.source == "live"].live.mean() < 0.1 < log[log.source == "social"].social.mean()
    members = tables.customers.set_index("customer_id").member_since
    of = tables.touchpoints.customer_id.map(members)
    assert of.notna().all(), "the log holds people who never were members"
    room = log[log.source == "live"]
    assert room.live[room.member].mean() > 0.99 and not room.live[~room.member].any()
    assert log.both[log.member].mean() < fusion / 3, "membership alone explains the gap: mend the text"
    one = tables.touchpoints[tables.touchpoints.order_id.notna()].iloc[0]
    assert log.set_index("order_id").loc[one.order_id, one.kind] or one.kind not in ("live", "social")


# --- exercises ------------------------------------------------------------------------------------

def test_plausible_wrong_answers_are_named(tables):
    """Written from the questions alone."""
    gmv, live = trends.weekly(tables).gmv, trends.weekly(tables).live
    a = [100 * gmv[16] / gmv[4], 100 * gmv[26] / gmv[4], 100 * (gmv[26] / gmv[12] - 1)]
    every, kept = live, live.drop([13, 14, 15, 16])
    b = [100 * (every.loc[14:].mean() / every.loc[:13].mean() - 1),
         100 * (kept.loc[14:].mean() / kept.loc[:13].mean() - 1), "B"]
    rooms = trends.broadcasts(tables)
    rooms = rooms[~rooms.festival]
    plain = rooms[~rooms.trial]
    early, late = (plain[plain.week.between(*weeks)] for weeks in ((7, 12), (18, 23)))
    rate = [one.gmv.sum() / one.hours.sum() for one in (early, late)]
    c = [100 * (late.gmv.sum() / early.gmv.sum() - 1), rate[0], 100 * (rate[1] / rate[0] - 1)]
    nightly = [(one.gmv / one.hours).mean() for one in (early, late)]
    tried = [
        ("1.2a", [100 * gmv[16] / gmv.mean(), 100 * gmv[26] / gmv.mean(), a[2]], "mean of all weeks"),
        ("1.2a", [100 * gmv[16] / gmv[1], 100 * gmv[26] / gmv[1], a[2]], "week 1"),
        ("1.2a", [a[0] - 100, a[1] - 100, a[2]], "change against the base"),
        ("1.2a", [a[0], a[1], a[1] - 100 * gmv[12] / gmv[4]], "points"),
        ("1.2a", [a[0], a[1], 100 * gmv[26] / gmv[12]], "of* week 12"),
        ("1.2a", [a[0], a[1], 100 * (1 - gmv[12] / gmv[26])], "earlier week"),
        ("1.2a", [100 * live[16] / live[4], 100 * live[26] / live[4], 100 * (live[26] / live[12] - 1)], "rooms alone"),
        ("1.2a", [a[0], a[1], a[1] - 100], "against the base"),
        ("1.2a", [gmv[16], gmv[26], a[2]], "in yuan"),
        ("1.2a", [a[1], a[0], a[2]], "each other's place"),
        ("1.2b", [b[0], 100 * (kept.loc[14:].sum() / kept.loc[:13].sum() - 1), "B"], "sums"),
        ("1.2b", [b[0], 100 * (kept.loc[14:].mean() / every.loc[:13].mean() - 1), "B"], "Week 13"),
        ("1.2b", [b[1], b[0], "B"], "each other's place"),
        ("1.2a", [100 * gmv[16] / gmv.sum(), 100 * gmv[26] / gmv.sum(), a[2]], "whole season"),
        ("1.2b", [b[0], 100 * (kept.iloc[11:].mean() / kept.iloc[:11].mean() - 1), "B"], "in their middle"),
        ("1.2b", [b[0], b[0] - b[1], "B"], "difference of the two"),
        ("1.2b", [100 * (live.loc[13:].mean() / live.loc[:12].mean() - 1), b[1], "B"], "after week 12"),
        ("1.2c", [100 * (gmv.loc[18:23].sum() / gmv.loc[7:12].sum() - 1), c[1], c[2]], "all places"),
        ("1.2b", [b[0], b[1], "A"], "hours on air"),
        ("1.2b", [b[0], b[1], "C"], "cannot be their effect"),
        ("1.2b", [100 + b[0], 100 + b[1], "B"], "100 less"),
        ("1.2c", [c[0], nightly[0], 100 * (nightly[1] / nightly[0] - 1)], "nightly"),
        ("1.2c", [c[0], early.gmv.mean(), 100 * (late.gmv.mean() / early.gmv.mean() - 1)], "broadcast"),
        ("1.2c", [c[0], rate[1], c[2]], "late weeks"),
        ("1.2c", [c[2], c[1], c[0]], "each other's place"),
        ("1.2c", [-c[0], c[1], c[2]], "sign"),
    ]
    for id, right in (("1.2a", a), ("1.2b", b), ("1.2c", c)):
        assert practice.judge.verdict(id, *right, tables=tables).state == "right", (id, right)
    for id, answers, words in tried:
        verdict = practice.judge.verdict(id, *answers, tables=tables)
        assert verdict.state == "wrong" and words in verdict.sentence, (id, answers, verdict.sentence)


# --- own data: a documented layout and a real series, totals by other code -------------------------

ORDERS = """
tables:                       # a room shop: every order was placed on air
  - table: orders
    aliases: false
    columns:
      order_id: Order ID
      line_no: {number_within: order_id}
      customer_id: {from: Username (Buyer), pseudonym: true}
      product_id: SKU Reference No.
      quantity: Quantity
      channel_id: {constant: marketplace}
      source: {constant: live}
      _price: Deal Price
      paid_amount: {formula: quantity * _price}
      created: Order Creation Date
      paid: Order Paid Time
"""
HEADINGS = ["Order ID", "Order Creation Date", "Order Paid Time", "SKU Reference No.", "Deal Price", "Quantity",
            "Username (Buyer)"]


@pytest.fixture(scope="module")
def room_shop(tmp_path_factory):
    """Ten weeks of orders in Shopee's layout, with a first and a last week that are not whole; rows and tables."""
    path = tmp_path_factory.mktemp("shop") / "orders.csv"
    start = datetime(2025, 1, 1, 20, 0)                       # a Wednesday
    rows = []
    for day in range(75):
        at = start + timedelta(days=day)
        paid = "" if day % 9 == 4 else (at + timedelta(hours=5 * (day % 2))).strftime("%Y-%m-%d %H:%M")
        ordered = at.strftime("%Y-%m-%d %H:%M")
        rows.append([f"S{day}", ordered, paid, "D1", f"{20 + day % 7}.50", 1 + day % 3, f"u{day % 5}"])
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([HEADINGS, *rows])
    began = [start + timedelta(days=day) for day in range(0, 75, 2)]
    streams = pd.DataFrame({"stream_id": [f"R{n}" for n in range(len(began))], "started": began,
                            "stream_seconds": [3600 + 60 * n for n in range(len(began))],
                            "gmv": [100.0 + n for n in range(len(began))]})
    return rows, own_tables(adapt_all(path, yaml.safe_load(ORDERS)), streams=streams)


def test_weeks_of_a_documented_layout(room_shop):
    """Money by the csv rows and the calendar: only whole weeks, by pay time, without flags in the export."""
    rows, own = room_shop
    money = Counter()
    for _, _, paid, _, price, quantity, _ in rows:
        if paid:
            money[(datetime.fromisoformat(paid) - datetime(2025, 1, 6)).days // 7 + 1] += float(price) * quantity
    weekly = trends.weekly(own)
    assert weekly.index[0] == 1 and trends.first_monday(own) == pd.Timestamp("2025-01-06")
    assert weekly.gmv.to_dict() == pytest.approx({week: money[week] for week in weekly.index})
    assert len(weekly) in (9, 10) and not weekly.festival.any() and (weekly.social == 0).all()
    found = trends.growth_per_hour(trends.ordinary(own), *trends.ends(weekly.index))
    assert found.low < found.estimate < found.high


def test_a_shop_that_is_too_young_is_told_so(room_shop):
    _, own = room_shop
    young = own_tables(orders=own.orders[own.orders.paid < "2025-01-25"], streams=own.streams)
    with pytest.raises(ValueError, match="a trend needs four at least"):
        trends.weekly(young)


@pytest.mark.slowest
def test_orders_and_streams_alone_fill_the_card(tmp_path):
    """As a reader runs it: two files, and the report names what the others would add."""
    for name in ("orders", "streams"):
        shutil.copy(ROOT / "data" / f"{name}.parquet", tmp_path / f"{name}.parquet")
    out = editions.own_data_notebook("1.2", tmp_path, None, tmp_path / "run")
    nb = nbformat.read(out / "section-1-2.ipynb", 4)
    shown = "\n".join(output.get("text", "") or "".join(output.get("data", {}).get("text/plain", ""))
                      for cell in nb.cells for output in cell.get("outputs", []))
    assert "per hour on air, ordinary weeks" in shown and "Card 1.2" in shown
    assert "no journeys tracked" in (out / "section-1-2.html").read_text(encoding="utf-8")
    report = (out / "report.md").read_text(encoding="utf-8")
    assert "`journeys` is missing" in report and "`touchpoints` is missing" in report


@pytest.mark.skipif(not (Path(REAL) / "us_ecommerce_sales.csv").is_file(), reason="the real data are not here")
def test_a_base_on_a_real_series_by_plain_csv():
    """US online retail, by quarter: the index by the csv module, and a ratio that no base changes."""
    path = Path(REAL) / "us_ecommerce_sales.csv"
    with path.open(encoding="utf-8-sig") as file:
        rows = [(row[0], float(row[1])) for row in list(csv.reader(file))[1:] if row and row[1]]
    sales = pd.Series(dict(rows))
    index = seasons.index_numbers(sales, "1/1/2010")
    by_hand = [100 * value / dict(rows)["1/1/2010"] for _, value in rows]
    assert index.tolist() == pytest.approx(by_hand)
    other = seasons.index_numbers(sales, "1/1/2015")
    assert index.iloc[-1] / index.iloc[0] == pytest.approx(other.iloc[-1] / other.iloc[0])
