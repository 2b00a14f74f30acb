"""Section 2.1: whom a look meets over twenty seasons, the funnel and its units by independent code, the Monday page."""

import nbformat
import numpy as np
import pandas as pd
import pytest

from common import ROOT
from liveshop import editions, metrics, practice
from liveshop.course.chapter_2 import anatomy
from liveshop.tables import adapt
from liveshop.tables.load import Tables
from liveshop.tables.places import MAPPINGS
from sample_exports import tiktok_workbook

SECONDS = "audience.seconds_per_entry"


# -- whom a look meets ----------------------------------------------------------------------------


def test_a_look_finds_stays_several_times_as_long_in_every_season(recovered):
    naive = recovered.loc[SECONDS, "naive"]
    assert len(naive) == 20 and (naive.estimate > 3 * naive.true).all()


def test_one_over_length_and_the_minutes_undo_it_in_every_season(recovered):
    weighed, minutes = recovered.loc[SECONDS, "one by length"], recovered.loc[SECONDS, "minutes alone"]
    assert weighed.covers.sum() >= 18 and abs(weighed.bias.mean()) < 0.02 * weighed.true.mean()
    assert (abs(minutes.bias) < 0.01 * minutes.true).all()


def test_it_fails_in_a_poll_of_a_hundred(recovered):
    """Too high on average, and spread by more than a fifth: few meet those who stay a few seconds."""
    poll = recovered.loc[SECONDS, "one by length, poll of 100"]
    off = poll.estimate / poll.true - 1
    assert off.mean() > 0.05 and off.std() > 0.2


def test_the_cause_of_the_failure_is_who_was_not_met(tables):
    met = anatomy.met(tables).seconds.to_numpy()
    polls = met[np.random.default_rng(3).integers(0, len(met), (4_000, 100))]
    said, hurried = 100 / (1 / polls).sum(axis=1), (polls < 10).any(axis=1)
    true = tables.viewer_sessions.watch_seconds.mean()
    assert hurried.mean() < 0.5 and said[hurried].mean() < true < said[~hurried].mean()


def test_looks_are_counted_as_a_slow_reader_would():
    """One look at 300, 900, 1500 … seconds; an entry is there from its first second up to, not with, its last."""
    rng = np.random.default_rng(8)
    sessions = pd.DataFrame({"entered_second": rng.integers(0, 4_000, 500),
                             "watch_seconds": rng.integers(1, 3_000, 500)})
    sessions.loc[:2, ["entered_second", "watch_seconds"]] = [[300, 1], [299, 1], [0, 301]]
    slow = [sum(start <= at < start + stay for at in range(300, 10_000, 600))
            for start, stay in sessions.itertuples(index=False)]
    assert list(anatomy.looks(sessions)) == slow and slow[:3] == [1, 0, 1]


def test_exponential_stays_are_met_at_twice_their_length():
    """Feller (An Introduction to Probability Theory, volume II, I.4): the interval that is met is twice as long."""
    stays = np.random.default_rng(2).exponential(1.0, 400_000)
    met = np.random.default_rng(3).choice(stays, 200_000, p=stays / stays.sum())
    assert met.mean() == pytest.approx(2.0, rel=0.01)
    assert anatomy.undone(met) == pytest.approx(1.0, rel=0.03)
    assert np.isnan(anatomy.undone([]))


# -- units ----------------------------------------------------------------------------------------


def test_a_log_of_taobao_has_two_conversions():
    """UserBehavior (Tianchi data set 649): totals of actions, and of users, as public descriptions of it give them."""
    views, carts, favourites, purchases = 89_716_264, 5_530_446, 2_888_258, 2_015_839
    assert views + carts + favourites + purchases == 100_150_807
    assert f"{purchases / views:.3%}" == "2.247%" and f"{purchases / 987_994:.2f}" == "2.04"
    text = "\n".join(c.source for c in nbformat.read(ROOT / "notebooks" / "02-live-commerce.ipynb", 4).cells)
    assert all(f"{number:,}" in text for number in (views, carts, favourites, purchases, 100_150_807, 987_994))


def test_the_funnel_by_other_code(tables):
    """Counted with sets, and held against the totals of the broadcasts and against metrics.funnel."""
    rows, streams, sessions = anatomy.entries(tables), tables.streams, tables.viewer_sessions
    views, viewers, persons, events = (anatomy.funnel(rows, unit) for unit in ("views", "viewers", "persons", "events"))
    known = metrics.funnel(sessions).iloc[0]
    assert views.came == streams.views.sum() == known.entries and views.paid == known.ordering
    assert viewers.came == streams.viewers.sum() and viewers.paid == streams.buyers.sum()
    bought = sessions[sessions.orders > 0]
    assert persons.came == len(set(sessions.viewer_id)) and persons.paid == len(set(bought.viewer_id))
    assert events.clicked == streams.product_clicks.sum() and events.paid == streams.orders.sum()
    live = tables.orders[tables.orders.session_id.isin(sessions.session_id)]
    assert events.ordered == live.order_id.nunique() and events.ordered > events.paid


def test_grains_agree_and_arrivals_find_more_than_time(tables):
    minutes, streams = tables.stream_minutes, tables.streams
    assert minutes.groupby("stream_id").enters.sum().eq(streams.set_index("stream_id").views).all()
    found = (minutes.online * minutes.enters).groupby(minutes.stream_id).sum() / streams.set_index("stream_id").views
    mean = minutes.groupby("stream_id").online.mean()
    assert (found > mean).mean() > 0.9


def test_the_best_minutes_by_trying_them_all(tables):
    for one in tables.streams.stream_id[::40]:
        minutes = tables.stream_minutes[tables.stream_minutes.stream_id == one]
        gmv = minutes.sort_values("minute").gmv.to_numpy()
        sums = [gmv[at:at + 5].sum() for at in range(len(gmv) - 4)]
        assert anatomy.best_minutes(minutes) == (int(np.argmax(sums)), max(sums))


# -- the exercises --------------------------------------------------------------------------------

# Written down from the questions alone; words of the reply that each must get.
PLAUSIBLE = {
    "2.1a": [((585, 316), "peak"), ((284.7, 285.7), "mean over minutes"), ((271.1, 316), "per view"),
             ((284.7, 321.1), "somebody who is there"), ((316, 285), ""), ((284.7, 310.5), "minute before"),
             ((688.1, 316), "hours watched"), ((284.7, 44.8), "viewers per minute"), ((284.7, 241.7), "as it stands"),
             ((62.6, 316), "all broadcasts"), ((284.7, 118.8), "all broadcasts"), ((284.7, 444.4), "the viewers"),
             ((66, 80), "S0230")],
    "2.1b": [((0.2794, 0.0475, 0.258, 0.0312), "orders per viewer"),
             ((0.2794, 0.0362, 0.5706, 0.0312), "clicks per view"),
             ((0.258, 0.0312, 0.2794, 0.0362), "exchanged"), ((0.2794, 0.0388, 0.258, 0.0335), "unpaid"),
             ((0.2794, 0.0362, 0.258, 0.0257), "one unit"), ((0.2648, 0.0532, 0.2410, 0.0454), "season"),
             ((0.2254, 0.0203, 0.258, 0.0312), "last entry"), ((0.2794, 0.0362, 0.4108, 0.0508), "short ones"),
             ((0.1345, 0.0362, 0.1127, 0.0312), "two or more"), ((0.2559, 0.045, 0.241, 0.0454), "season")],
    "2.1c": [((45, 7490, "P019"), "last of the five"), ((40, 7193.5, "P019"), "0, 5, 10"),
             ((43, 2980, "P019"), "single"),
             ((33, 3714.5, "P007"), "orders"), ((41, 7490, "P007"), "another time"), ((42, 7490, "P019"), "from 1"),
             ((38, 7490, "P019"), "slot begins"), ((41, 7490, "P060"), "not on the table that night"),
             ((40, 7490, "P019"), "one minute early"), ((41, 5711, "P019"), "three minutes"),
             ((21, 11327.5, "P019"), "all broadcasts"), ((99, 0, "P011"), "least")],
}


@pytest.mark.parametrize("identity", PLAUSIBLE)
def test_plausible_wrong_answers_get_a_name(identity):
    for answer, words in PLAUSIBLE[identity]:
        verdict = practice.judge.verdict(identity, *answer)
        assert verdict.state == "wrong" and words in verdict.sentence, (answer, verdict.sentence)


def test_the_mean_of_minute_counts_is_an_acu_too(tables):
    busiest = tables.streams.loc[tables.streams.views.idxmax()]
    minutes = tables.stream_minutes[tables.stream_minutes.stream_id == busiest.stream_id]
    found = (minutes.online * minutes.enters).sum() / minutes.enters.sum()
    for acu in (round(minutes.online.mean()), busiest.watch_seconds / busiest.stream_seconds):
        assert practice.judge.verdict("2.1a", acu, found).state == "right"


# -- the reader's own tables ----------------------------------------------------------------------


def test_the_monday_page_of_a_tiktok_export(tmp_path):
    """Totals of the last broadcast, by reading the sheet; the page says what other tables would add."""
    path = tiktok_workbook(tmp_path / "live.xlsx", lines=12)
    own = Tables(frames={"streams": adapt(path, MAPPINGS / "tiktok-live-export.yml")})
    page = anatomy.page(own)
    sheet = pd.read_excel(path, sheet_name="performance_detail", header=2, dtype=str)
    last = sheet[sheet["Room ID"] == page.attrs["stream_id"]].iloc[0]
    value = page.set_index("measure").value
    assert last["Start Time"] == sheet["Start Time"].dropna().max()
    assert value["Views"] == float(last["Views"]) and value["GMV"] == float(last["Attributed GMV"].replace(",", ""))
    assert value["Orders"] == float(last["Attributed orders"])
    assert value["Tap-through rate"] == pytest.approx(float(last["Tap through rate"].rstrip("%")) / 100, abs=5e-5)
    assert {"PCU", "Bought", "Paid"}.isdisjoint(value.index)
    assert [one.split(" ")[0] for one in page.attrs["missing"]] == [
        "stream_minutes", "rundown", "viewer_sessions", "orders"]


def test_the_monday_page_with_more_tables_and_without_columns(tables):
    one = tables.streams.stream_id.iloc[7]
    parts = {name: tables[name][tables[name].stream_id == one] for name in (
        "streams", "stream_minutes", "viewer_sessions", "rundown", "orders")}
    full = anatomy.page(Tables(frames=parts)).set_index("measure")
    assert full.index.is_unique and not anatomy.page(Tables(frames=parts)).attrs["missing"]
    assert full.value["Bought"] == pytest.approx(parts["streams"].buyers.iloc[0] / parts["streams"].viewers.iloc[0])
    bare = parts["streams"][["stream_id", "started", "views"]]
    with_minutes = anatomy.page(Tables(frames={"streams": bare, "stream_minutes": parts["stream_minutes"]}))
    value = with_minutes.set_index("measure").value
    assert value["ACU"] == pytest.approx(parts["stream_minutes"].online.mean()) and "On the table then" not in value
    with_entries = anatomy.page(Tables(frames={"streams": bare, "viewer_sessions": parts["viewer_sessions"]}))
    of_entries = with_entries.set_index("measure").value
    assert of_entries["Fullest minute"] == value["Fullest minute"] and of_entries["PCU"] == value["PCU"]
    assert of_entries["ACU"] == pytest.approx(value["ACU"], rel=0.02)
    values = ((0.0312, "of viewers"), (1, "of orders placed"), (2734.6, ""), (0.279, "product clicks / views"))
    told = [anatomy.written(*one) for one in values]
    assert told == ["3.1%", "100.0%", "2,735", "0.279"] and anatomy.written("P007") == "P007"


def test_the_section_runs_on_an_export_of_broadcasts(tmp_path):
    path = tiktok_workbook(tmp_path / "live.xlsx", lines=6)
    out = editions.own_data_notebook("2.1", path, MAPPINGS / "tiktok-live-export.yml", tmp_path / "run")
    text = (out / "report.md").read_text(encoding="utf-8")
    assert "`stream_minutes`" in text and "`viewer_sessions`" in text
    nb = nbformat.read(out / "section-2-1.ipynb", 4)
    shown = "\n".join(str(o.get("data", {}).get("text/plain", o.get("text", ""))) for c in nb.cells
                      for o in c.get("outputs", []))
    assert "Tap-through rate" in shown and "Card 2.1" in shown and "viewer sessions is missing" in shown
