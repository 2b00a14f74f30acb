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
