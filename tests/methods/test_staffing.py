"""Staffing: nonsense is refused."""

import pytest

from liveshop.methods import staffing


def test_staffing_refuses_nonsense():
    assert staffing.erlang_c(600, 3, 14, 0.33).wait_probability == 1.0
    assert staffing.erlang_c(0, 3, 1, 0.33).service_level == 1.0
    with pytest.raises(ValueError, match="number of agents must be a whole number, 1 or more, not 0"):
        staffing.erlang_c(10, 3, 0, 1)


NAN = float("nan")


@pytest.mark.parametrize("call, words", [
    (lambda: staffing.erlang_c(NAN, 3, 14, 0.33), "Arrivals must be one finite number"),
    (lambda: staffing.erlang_c("200", 3, 14.5, 0.33), "number of agents must be a whole number, 1 or more, not 14.5"),
    (lambda: staffing.erlang_c("many", 3, 14, 0.33), "Arrivals must be numbers, not text"),
])
def test_a_number_that_would_be_nonsense_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_the_fewest_agents_for_one_rate_and_for_uneven_hours():
    assert staffing.agents_needed(33, 5, 5) == 4 and staffing.agents_needed(0, 5, 5) == 1
    assert staffing.agents_needed(200, 3, 20 / 60, shrinkage=0.3) == 20
    uneven = [20, 33, 46]                                      # the mean is 33, the full hour is what costs
    assert staffing.agents_needed(uneven, 5, 5) == 5
    levels = [staffing.erlang_c(rate, 5, 4, 5).service_level for rate in uneven]
    assert sum(rate * level for rate, level in zip(uneven, levels, strict=True)) < 0.8 * 99


@pytest.mark.parametrize("call, words", [
    (lambda: staffing.agents_needed(33, 5, 5, goal=1.0), "shares, from 0 to below 1"),
    (lambda: staffing.agents_needed(33, 5, 5, shrinkage=1.0), "shares, from 0 to below 1"),
    (lambda: staffing.waits([2, 1], [5, 5], [1] * 24), "in order of time"),
    (lambda: staffing.waits([1, 2], [5, 5], [1] * 23), "whole days of 24 hours"),
])
def test_plans_that_make_no_sense_are_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()
