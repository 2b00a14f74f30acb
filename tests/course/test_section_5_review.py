"""What 5.3 and 5.4 read from the tables: samples and reviews in which a trap would show."""

import numpy as np
import pandas as pd
import pytest

from liveshop.course.chapter_5 import review, samples, whatif
from liveshop.methods import desk
from liveshop.methods.retention import ReplyCurve


def test_orders_before_the_question_are_not_the_work_of_the_answer(tables):
    rows = samples.asked(tables)
    assert rows.wait_seconds.notna().all() and ((rows.orders + rows.before) == rows.all_orders).all()
    assert rows.before.sum() > 0.3 * rows.all_orders.sum(), "the trap of the section has gone"
    one = rows[rows.before > 0].iloc[0]
    question = tables.comments.query("session_id == @one.session_id and reply_seconds.notna()").at_second.min()
    placed = tables.orders.query("session_id == @one.session_id").created.min()
    began = tables.streams.set_index("stream_id").started[one.stream_id]
    assert (placed - began).total_seconds() < question


def test_nobody_hears_more_of_a_slot_than_it_has(tables):
    heard = samples.heard(tables, sample=3000)
    assert (heard.heard > 0).all() and (heard.heard <= heard.minutes + 1e-9).all()


def test_twins_have_one_audience_and_other_entries(tables):
    rooms = tables.streams.assign(acu=tables.streams.watch_seconds / tables.streams.stream_seconds,
                                  entries_per_minute=60 * tables.streams.views / tables.streams.stream_seconds)
    few, many = rooms.set_index("stream_id").loc[list(review.twins(rooms))].itertuples()
    assert few.acu == pytest.approx(many.acu, rel=0.011) and many.entries_per_minute > 1.2 * few.entries_per_minute


def test_a_night_is_followed_by_the_next_of_its_own_host_and_channel(tables):
    rooms = tables.streams.assign(gmv_per_1000_views=1000 * tables.streams.gmv / tables.streams.views)
    nights = review.against_usual(rooms).sort_values("started")
    own = nights[["host_id", "channel_id"]].agg(tuple, axis=1)
    pair = nights[own == own.mode()[0]]
    assert np.allclose(pair.next_one.to_numpy()[:-1], pair.tonight.to_numpy()[1:])


def test_clicks_since_the_last_order_begin_anew_with_each_order_and_broadcast():
    minutes = pd.DataFrame({"stream_id": [*"AAAA", *"BB"], "product_clicks": [3, 4, 5, 6, 7, 8],
                            "orders": [0, 1, 0, 0, 0, 1]})
    assert review.clicks_since_order(minutes).tolist() == [3, 0, 5, 11, 7, 0]


def test_finer_cells_are_emptier(tables):
    empty = review.empty_cells(tables)
    assert (empty.diff(axis=1).iloc[:, 1:] < 0).all(axis=None) and (empty.diff().iloc[1:] > 0).all(axis=None)
    by_minute = tables.stream_minutes
    assert empty.loc["the room", "1 min"] == pytest.approx((by_minute.orders == 0).mean(), abs=0.01)


def test_every_fault_has_its_cost_and_the_mean_is_below_the_dearest(tables):
    minutes = samples.desk_minutes(tables)
    faults = review.fault_costs(minutes, desk.learn(samples.halves(tables)[0]), tables.streams)
    assert faults.minutes.sum() == (minutes.anomaly.fillna("") != "").sum()
    link = faults[faults.kind == "broken_link"]
    assert 0 < link.gmv.sum() / link.minutes.sum() < (link.gmv / link.minutes).max() / 2


def test_the_deepest_fall_is_between_broadcasts_of_one_kind(tables):
    scored = tables.streams.sort_values("started", ignore_index=True)
    scored = scored[["stream_id", "started", "stream_seconds", "orders", "gmv"]]
    pair = list(review.deepest_fall(scored, tables.streams))
    before, after = tables.streams.set_index("stream_id").loc[pair].itertuples()
    assert (before.channel_id, before.host_id, before.slot) == (after.channel_id, after.host_id, after.slot)
    assert before.gmv > after.gmv and before.started < after.started


def test_settings_of_the_charts_are_scored_alike(tables):
    past, _ = samples.halves(tables)
    settings = [("EWMA", 0.3, 3.5), ("EWMA", 0.3, 5.5), ("CUSUM", 1.0, 8)]
    found = review.chart_settings(past, desk.learn(past), settings)
    assert found.chart.tolist() == ["EWMA", "EWMA", "CUSUM"] and found.episodes.nunique() == 1
    assert found.for_nothing[0] > found.for_nothing[1] and found.detected[0] >= found.detected[1]


def test_a_larger_desk_answers_more_in_time_and_sells_no_less():
    reply = ReplyCurve(base=0.07, boost=1.0, boost_low=0.5, boost_high=2, decay=90, decay_low=60, decay_high=200)
    orders, in_time = zip(*(whatif.reply_queue(reply, people, 4) for people in range(1, 6)), strict=True)
    assert list(orders) == sorted(orders) and list(in_time) == sorted(in_time) and in_time[0] == 0
    assert 7 <= orders[0] <= orders[-1] <= 14


def test_prompts_lengthen_stays_and_stalls_shorten_them():
    quiet = np.full(60, 0.2)
    fading = {f"prompt_{at}": -0.3 + 0.06 * at for at in range(5)}
    effect = pd.Series({"stalled": np.log(1.8), "too_many": 0.05, **fading})
    silent, prompted, stalled = (whatif.minutes_under(whatif.room_curve(quiet, effect, stutter, interval))
                                 for stutter, interval in ((0, 1e6), (0, 4), (0.5, 1e6)))
    assert stalled < silent < prompted
    assert silent == pytest.approx((1 - np.exp(-0.2 * 60)) / (np.exp(0.2) - 1) * (np.exp(0.2) + 1) / 2, rel=0.01)
