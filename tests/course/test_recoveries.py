"""The estimates of the chapters but 5 and 6, on one small season: numbers, each once, of known truths."""

from collections import Counter
from importlib import import_module
from math import isfinite

import pytest

from liveshop import load
from liveshop.world.catalogue import CHANNEL_IDS
from liveshop.world.season import write

CHAPTERS = (2, 3, 4, 7, 8, 9)
OF_CHANNELS = {"refund.final_rate_by_channel"}        # truths with a row a channel


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    folder = tmp_path_factory.mktemp("season")
    write(folder, seed=9, size=0.25)
    season = load(folder)
    return {n: list(import_module(f"liveshop.course.chapter_{n}.recovery").estimates(season)) for n in CHAPTERS}


def test_every_row_is_a_number_and_stands_once(rows):
    """Once a truth and method; a truth of several channels once a channel, with the same five true values each time."""
    for of_chapter in rows.values():
        times = Counter((row.truth, row.method) for row in of_chapter)
        for (truth, method), number in times.items():
            assert number == len(CHANNEL_IDS if truth in OF_CHANNELS else "1"), (truth, method, number)
        values = {(row.truth, row.method): set() for row in of_chapter if row.truth in OF_CHANNELS}
        for row in of_chapter:
            values.get((row.truth, row.method), set()).add(row.true)
        assert len(set(map(frozenset, values.values()))) <= 1 and all(len(of) == 5 for of in values.values()), values
        for row in of_chapter:
            assert isfinite(row.true) and isfinite(row.estimate), row
            assert (row.low is None) == (row.high is None), row
            assert row.low is None or row.low <= row.estimate <= row.high, row


def test_every_truth_has_a_naive_answer_beside_a_better_one(rows):
    for of_chapter in rows.values():
        methods = {}
        for row in of_chapter:
            methods.setdefault(row.truth, set()).add(row.method)
        assert any("naive" in of_truth and len(of_truth) > 1 for of_truth in methods.values())


def test_the_methods_beat_the_naive_answers_where_one_season_can_tell(rows):
    """Methods with an error far below the bias of the naive answer."""
    error = {(row.truth, row.method): abs(row.estimate - row.true) for of in rows.values() for row in of}
    for truth, better in {
        "live.lift": "within persons",
        "contacts.busiest_hour": "hour by hour",
        "media.marginal: feed": "fitted curve",
        "media.marginal: search": "fitted curve",
        "survey.segments": "logs, scaled",
        "journeys.incremental: search": "withheld by a coin",
        "programme.log_orders": "clean controls",
    }.items():
        assert error[truth, better] < error[truth, "naive"], truth
