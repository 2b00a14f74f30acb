"""The estimates of chapter 6 on one small season: every row is a number, and none stands twice."""

from collections import Counter
from math import isfinite

import pytest

from liveshop import load
from liveshop.course.chapter_6.recovery import estimates
from liveshop.world.season import write


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    folder = tmp_path_factory.mktemp("season")
    write(folder, seed=9, size=0.25)
    return list(estimates(load(folder)))


def test_every_row_is_a_number(rows):
    for row in rows:
        assert isfinite(row.true) and isfinite(row.estimate), row
        assert (row.low is None) == (row.high is None), row
        assert row.low is None or row.low <= row.estimate <= row.high, row


def test_no_estimate_stands_twice_and_every_truth_is_there(rows):
    assert max(Counter((row.truth, row.method) for row in rows).values()) == 1
    planted = {"referral.effect_on_repeat", "referral.k", "content.best_of_segment", "coupon.effect", "social.rate_r",
               "service.orders_lost",
               "coupon-may.effect_on_treated", "visit.checkout_effect", "gone after a late answer"}
    assert planted <= {row.truth for row in rows}
