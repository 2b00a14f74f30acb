"""Section 1.3: the map is that of the chapters, joins are what pandas makes, and the weakest link is where it was."""

import csv
import gzip
import itertools
import json
import re
from collections import Counter
from datetime import date

import numpy as np
import pandas as pd
import pytest
import yaml

from common import ROOT, own_tables
from liveshop import practice
from liveshop.course.chapter_1.samples import chain, first_steps, route
from liveshop.playbook import assess
from liveshop.practice.exercise import bound, find
from real_data import real_file

MAP = yaml.safe_load((ROOT / "book" / "course.yml").read_text(encoding="utf-8"))["chapters"]
SECTIONS = {str(section["id"]): chapter for chapter in MAP for section in chapter["sections"]}


def cells(path):
    return json.loads((ROOT / path).read_text(encoding="utf-8"))["cells"]


@pytest.fixture(scope="module")
def halves(tables):
    """The hosts' links in the first 13 weeks and, of the same hosts, in the next."""
    broadcasts = chain.rooms(tables)
    early = chain.host_links(broadcasts[broadcasts.started < chain.HALVES])
    return early, chain.host_links(broadcasts[broadcasts.started >= chain.HALVES], early.index)


# --- the map ---------------------------------------------------------------------------------------

def named_sections(chapter):
    """Sections of other chapters that a chapter's text names as places to look: "(6.1)", "section 5.1", "in 5.2"."""
    text = " ".join("".join(cell["source"]) for cell in cells(chapter["notebook"]) if cell["cell_type"] == "markdown")
    text = re.sub(r"\S*<!--.*?-->", "", text, flags=re.DOTALL)                     # numbers of the data are none
    named = re.findall(r"(?:[Ss]ections? |\((?:see )?|\bin )(\d\.\d)(?=[),;:’']|\.? [^\d%]|\.$)(?! (?:to|%|times))|"
                       r"\b(\d\.\d)(?='s )", text)
    return {one or other for one, other in named} & {id for id, own in SECTIONS.items() if own is not chapter}


def test_the_sections_that_a_chapter_calls_on_are_named_in_its_notebook():
    for number, others in route.CALLS_ON.items():
        (chapter,) = [one for one in MAP if one["number"] == number]
        found = named_sections(chapter)
        assert set(others) <= found, number
        assert others or not found, f"chapter {number} stands alone no longer: {found}"


def test_the_map_of_the_notebook_has_the_titles_neighbours_and_minutes_of_the_course():
    (text,) = ["".join(cell["source"]) for cell in cells("notebooks/01-introduction.ipynb")
               if "| chapter | its question |" in "".join(cell["source"])]
    rows = [[part.strip() for part in row.split("|")[1:-1]] for row in text.splitlines() if re.match(r"\| \d", row)]
    assert [row[0] for row in rows] == [f"{one['number']} {one['title']}" for one in MAP if one["number"] > 1]
    assert [row[1] for row in rows] == [one["question"] for one in MAP if one["number"] > 1]
    for row, chapter in zip(rows, MAP[1:], strict=True):
        if chapter["number"] in route.CALLS_ON:
            assert row[2] == (", ".join(route.CALLS_ON[chapter["number"]]) or "stands alone")
        minutes = [one["minutes"] for one in chapter["sections"] if "minutes" in one]
        reading, doing = (sum(one[kind] for one in minutes) for kind in ("reading", "doing"))
        assert row[3] == (f"{reading} + {doing}" if chapter["status"] == "ready" else "being written")


def test_the_text_gives_the_minutes_of_the_section():
    text = " ".join("".join(cell["source"]) for cell in cells("notebooks/01-introduction.ipynb"))
    (section,) = [one for one in MAP[0]["sections"] if str(one["id"]) == "1.3"]
    assert "takes {reading} minutes to read, and doing it takes {doing} more".format(**section["minutes"]) in text


def test_each_statement_leads_to_a_section_and_no_two_to_one():
    leads = [one.section for one in route.STATEMENTS]
    assert all(SECTIONS[one]["status"] == "ready" for one in leads) and len(set(leads)) == len(leads) == 12
    assert [one.area for one in route.STATEMENTS if one.tables] == ["data"]


def test_the_example_shops_have_one_total_and_begin_elsewhere():
    one, other = (assess(given, route.STATEMENTS) for given in route.SHOPS.values())
    assert one.total == other.total and one.start != other.start
    assert not set(one.read[:3]) & set(other.read[:3])


def test_ways_to_spread_a_total_are_counted_right():
    for total in (0, 5, 24, 48):
        shops = [shop for shop in itertools.product(range(13), repeat=4) if sum(shop) == total]
        assert route.same_total(total) == (len(shops), min(map(min, shops)), max(map(min, shops)))


@pytest.mark.parametrize("area", route.AREAS)
def test_a_total_is_spread_as_it_is_said(area):
    for points in range(7):
        found = assess(route.spread_over(area, points), route.STATEMENTS)
        assert found.total == 24 and found.points[area] == points
        assert found.points.drop(area).max() - found.points.drop(area).min() <= 1


def test_data_of_six_points_opens_the_way_with_code():
    ways = [assess(route.spread_over("data", points), route.STATEMENTS).way for points in range(7)]
    assert ways == ["without code"] * 6 + ["with code"]


# --- the loop over seasons -------------------------------------------------------------------------

@pytest.mark.parametrize(("truth", "naive", "better"), route.LOOPS.values())
def test_in_each_loop_the_naive_number_misses_and_the_better_one_does_not_on_average(recovered, truth, naive, better):
    times = {way: (rows := recovered.loc[truth, way]).estimate / rows.true for way in (naive, better)}
    assert abs(np.log(times[naive].mean())) > np.log(1.4)
    assert abs(times[better].mean() - 1) < 0.05


def test_the_loops_are_of_the_seasons(tables, recovered):
    shown = route.loops(tables)
    for question, (truth, *ways) in route.LOOPS.items():
        for answer, way in zip(("naive", "better"), ways, strict=True):
            rows = recovered.loc[truth, way]
            times = np.sort((rows.estimate / rows.true).to_numpy())
            row = shown.loc[(question, answer)]
            assert row.estimate == pytest.approx(times.mean()) and times[0] <= row.low <= row.high <= times[-1]


# --- tables and joins ------------------------------------------------------------------------------

@pytest.mark.parametrize("how", ["left", "inner"])
@pytest.mark.parametrize(("name", "on"), [("streams", "stream_id"), ("rundown", "stream_id")])
def test_a_join_is_counted_as_pandas_makes_it(tables, name, on, how):
    made = tables.orders.merge(tables[name][[on]], on=on, how=how)
    rows, gmv = first_steps.joined_size(tables.orders, tables[name], on, how)
    assert rows == len(made) and gmv == pytest.approx(made.paid_amount[made.paid.notna()].sum())


def test_a_join_on_own_lines_loses_and_doubles_as_it_should():
    lines = pd.DataFrame({"order_id": ["a", "b", "c"], "room": ["r1", None, "r2"], "paid_amount": [10.0, 20.0, 40.0],
                          "paid": pd.to_datetime(["2025-01-01", "2025-01-02", None])})
    slots = pd.DataFrame({"room": ["r1", "r1", "r1", "r9"]})
    assert first_steps.joined_size(lines, slots, "room", "left") == (5, 50.0)
    assert first_steps.joined_size(lines, slots, "room", "inner") == (3, 30.0)
    assert first_steps.repeats(slots, ["room"]) == 2 and first_steps.days_covered(lines.paid) == 2


def test_real_order_lines_double_where_a_product_has_several_descriptions():
    """Online retail, 2010–11: rows, days, key and a join, against plain Python."""
    path = real_file("online_retail.csv.gz")
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    lines = pd.read_csv(path, usecols=["InvoiceNo", "StockCode", "Description", "Quantity", "UnitPrice", "InvoiceDate"],
                        dtype={"InvoiceNo": str, "StockCode": str}, parse_dates=["InvoiceDate"], keep_default_na=False)
    lines = lines.assign(paid_amount=lines.Quantity * lines.UnitPrice, paid=lines.InvoiceDate)
    words = {(row["StockCode"], row["Description"]) for row in rows}
    many = Counter(code for code, _ in words)
    expected = sum(many[row["StockCode"]] for row in rows)
    money = sum(many[row["StockCode"]] * int(row["Quantity"]) * float(row["UnitPrice"]) for row in rows)
    said = pd.DataFrame(words, columns=["StockCode", "Description"])
    found = first_steps.joined_size(lines, said, "StockCode", "left")
    assert found[0] == expected > len(rows) and found[1] == pytest.approx(money)
    first, last = (date.fromisoformat(end(row["InvoiceDate"][:10] for row in rows)) for end in (min, max))
    assert first_steps.days_covered(lines.InvoiceDate) == (last - first).days + 1
    pairs = Counter((row["InvoiceNo"], row["StockCode"]) for row in rows)
    assert first_steps.repeats(lines, ["InvoiceNo", "StockCode"]) == sum(n - 1 for n in pairs.values()) > 0


# --- the chain -------------------------------------------------------------------------------------

def test_links_by_hand(tables):
    """Independent of the sample: one host, summed row by row."""
    streams = tables.streams[~tables.streams.is_trial.astype(bool) & (tables.streams.host_id == "H05")]
    lines = tables.orders[tables.orders.stream_id.isin(streams.stream_id) & tables.orders.paid.notna()]
    back = lines.merge(tables.refunds, on=["order_id", "line_no"]).refunded_amount.sum()
    rates = chain.link_rates(chain.rooms(tables)).loc["H05"]
    assert rates.entered == pytest.approx(streams["views"].sum() / streams.impressions.sum())
    assert rates.ordered == pytest.approx(streams.orders.sum() / streams.product_clicks.sum())
    assert rates.kept == pytest.approx(1 - back / lines.paid_amount.sum())


def test_two_hosts_with_one_mean_differ_in_the_weakest_link(halves):
    early, _ = halves
    one, other = chain.two_alike(early)
    assert abs(early.loc[one].mean() - early.loc[other].mean()) < 0.02
    assert early.loc[one].idxmin() != early.loc[other].idxmin()


def test_part_of_what_the_weakest_lacked_is_missing_later_and_part_was_chance(halves):
    early, late = halves
    after = chain.weakest_later(early, late)
    assert (after.missing_early >= chain.SHORT).all() and after.missing_early.is_monotonic_increasing
    assert 0.2 < after.missing_late.mean() / after.missing_early.mean() < 0.9
    for host, row in after.iterrows():
        assert row.missing_early == pytest.approx(1 - early.loc[host, row.link])
        assert row.missing_late == pytest.approx(1 - late.loc[host, row.link])


def test_a_link_that_is_above_the_middle_later_counts_with_its_sign():
    early = pd.DataFrame({"entered": [0.8, 1.0, 0.9], "kept": [1.0, 0.99, 1.0]}, index=["x", "y", "z"])
    late = pd.DataFrame({"entered": [1.3, 1.0, np.nan], "kept": [1.0, 1.0, np.nan]}, index=["x", "y", "z"])
    after = chain.weakest_later(early, late)                 # y lacked too little, z has no late broadcast
    assert list(after.index) == ["x"] and after.missing_late["x"] == pytest.approx(-0.3)


def test_it_fails_where_the_channel_makes_the_link(tables):
    """Hosts below the middle in “entered” lack mostly what others lack on the same channels."""
    broadcasts = chain.rooms(tables)
    own = chain.host_links(broadcasts).entered
    below = own.index[own < 1]
    channel = np.array([1 - chain.by_channel_alone(broadcasts, host) for host in below])
    assert channel.clip(0).sum() > 0.5 * (1 - own[below]).sum()


def test_a_host_is_held_against_others_on_her_channel():
    rooms = pd.DataFrame({"host_id": ["a"] * 5 + ["b"] * 5, "channel_id": ["x"] * 10, "impressions": 100,
                          "views": [10] * 5 + [40] * 5, "product_clicks": 1, "orders": 1, "gmv": 1.0, "kept": 1.0})
    middle = (0.1 + 0.4) / 2
    assert chain.by_channel_alone(rooms, "a") == pytest.approx(0.4 / middle)


def test_without_two_weak_hosts_the_nearest_means_count():
    links = pd.DataFrame({"entered": [1.0, 1.0, 1.2], "kept": [0.99, 1.0, 1.0], "ordered": [1.0, 0.99, 1.1]},
                         index=["x", "y", "z"])
    assert chain.two_alike(links) == ["x", "y"]


# --- exercises -------------------------------------------------------------------------------------

def judged(id, tables, *answers):
    named = dict(zip([one.name for one in find(id).fields], answers, strict=True))
    return practice.verdict(id, *named.values(), tables=tables)


@pytest.mark.parametrize(("id", "answers", "words"), [
    ("1.3a", (41617, 182, "B"), "Those are the orders"), ("1.3a", (48788, 181, "B"), "one of the two ends"),
    ("1.3a", (48788, 182, "A"), "7,171 rows repeat"), ("1.3a", (48788, 26, "B"), "Those are weeks"),
    ("1.3b", (22747, 239787.5, 0.6), "inner join"), ("1.3b", (48790, 239787.5, 0.6), "outer join"),
    ("1.3b", (22749, 239787.5, 0.6), "right join"), ("1.3a", (48790, 182, "B"), "rounded to tens"),
    ("1.3b", (344650, 239787.5, 0.6), "many rows a broadcast"),
    ("1.3b", (48788, 239787.5, 0.4), "share *with* a broadcast")])
def test_wrong_answers_are_named(tables, id, answers, words):
    found = judged(id, tables, *answers)
    assert found.state == "wrong" and words in found.sentence


def test_units_are_what_the_numbers_of_the_broadcast_say(tables):
    """The key of 1.3c by arithmetic, from the clean table alone."""
    room = tables.streams.set_index("stream_id").loc["S0001"]
    per = {"yuan": room.gmv, "fen": 100 * room.gmv, "yuan per order": room.gmv / room.orders,
           "yuan per 1,000 views": 1000 * room.gmv / room["views"],
           "yuan per 1,000 impressions": 1000 * room.gmv / room.impressions}
    shown = {"a": 14765, "b": 1476500, "c": 791.01, "d": 8337.1, "e": 153.8}
    right = bound(tables, find("1.3c")).key.right
    for column, number in shown.items():
        assert per[right[column]] == pytest.approx(number, rel=1e-3)
    assert right["f"] == "fen" and room.promotion_spend == 100


def test_the_joins_of_a_shop_of_ones_own():
    """A shop of two rooms, with no line outside them: nothing is lost, and the rundown still doubles."""
    tables = own_tables(
        orders=pd.DataFrame({"stream_id": ["r1", "r2"], "channel_id": ["x", "x"], "paid_amount": [30.0, 50.0],
                             "paid": pd.to_datetime(["2025-01-01", "2025-01-02"])}),
        streams=pd.DataFrame({"stream_id": ["r1", "r2"], "channel_id": ["x", "x"]}),
        rundown=pd.DataFrame({"stream_id": ["r1", "r1", "r2"]}))
    found = first_steps.joins(tables)
    assert found.gmv["inner, with streams"] == found.gmv["before the join"] == 80
    assert found.gmv["left, with rundown"] == 110 and found.rows["left, with streams by channel"] == 4
