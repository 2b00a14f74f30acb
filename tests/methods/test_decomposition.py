"""A change taken apart: it adds up, whatever vanishes."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liveshop.methods import decomposition

size = st.one_of(st.just(0.0), st.floats(1e-6, 1e9))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(size, size), min_size=1, max_size=5))
def test_lmdi_adds_up_even_with_zeros(pairs):
    before, after = ({f"f{i}": pair[side] for i, pair in enumerate(pairs)} for side in (0, 1))
    result = decomposition.lmdi(before, after)
    assert np.isfinite(result.effects).all()
    assert abs(result.remainder) <= 1e-7 * max(result.before, result.after, 1e-12)


def test_lmdi_gives_a_vanished_factor_the_whole_loss():
    result = decomposition.lmdi({"viewers": 100, "rate": 0.5}, {"viewers": 400, "rate": 0.0})
    assert result.effects["rate"] == pytest.approx(-50) and result.effects["viewers"] == pytest.approx(0, abs=1e-6)


def test_factors_multiply_to_the_last_total_and_groups_may_come_and_go():
    before = pd.DataFrame(
        {"viewers": [100, 50, 10], "product_clicks": [30, 20, 0], "orders": [3, 3, 0], "gmv": [300.0, 250, 0]},
        index=list("abc"),
    )
    after = pd.DataFrame(
        {"viewers": [90, 80], "product_clicks": [30, 10], "orders": [3, 0], "gmv": [300.0, 0]}, index=list("ad")
    )
    chain = decomposition.factors(before)
    assert chain.prod(axis=1).tolist() == pytest.approx([300, 250, 0])
    result = decomposition.lmdi(chain, decomposition.factors(after))
    assert (result.before, result.after) == (pytest.approx(550), pytest.approx(300))
    assert result.by_group.to_numpy().sum() == pytest.approx(-250) and abs(result.remainder) < 1e-6
    assert result.by_group.sum(axis=1)["b"] == pytest.approx(-250)              # b went away with all it sold
    # The room as a whole grew from 160 to 170 viewers; that is a gain for each group that stayed.
    assert result.by_group.loc["a", "viewers"] == pytest.approx(300 * math.log(170 / 160))


def test_one_at_a_time_leaves_a_remainder_and_says_so():
    before, after = {"a": 10.0, "b": 10.0}, {"a": 15.0, "b": 15.0}
    result = decomposition.one_at_a_time(before, after)
    assert result.effects.tolist() == [50.0, 50.0] and result.remainder == 25.0
    assert result.table().loc["remainder", "share_of_change"] == pytest.approx(0.2)
    assert "remainder" not in decomposition.lmdi(before, after).table().index


def test_decomposition_refuses_what_it_cannot_split():
    with pytest.raises(ValueError, match="negative after"):
        decomposition.lmdi({"a": 1.0}, {"a": -1.0})
    with pytest.raises(ValueError, match="b is on one side"):
        decomposition.lmdi({"a": 1.0}, {"a": 1.0, "b": 2.0})
    with pytest.raises(ValueError, match="orders without any product_clicks"):
        decomposition.factors({"viewers": 5, "product_clicks": 0, "orders": 2, "gmv": 9})
    with pytest.raises(ValueError, match="lack orders"):
        decomposition.factors({"viewers": 5, "product_clicks": 0, "gmv": 9})


NAN = float("nan")


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: decomposition.lmdi({"a": NAN}, {"a": 2}), "a is missing or not finite before"),
        (lambda: decomposition.lmdi({"a": 1}, {"a": "x"}), "a must be numbers"),
        (lambda: decomposition.lmdi({}, {}), "Give the factors"),
        (lambda: decomposition.lmdi({"a": 1}, pd.DataFrame({"a": [1, 2]})), "both by group or both without"),
        (
            lambda: decomposition.lmdi(
                pd.DataFrame({"a": [1, 2]}, index=["x", "x"]), pd.DataFrame({"a": [1]}, index=["x"])
            ),
            "group x stands twice before",
        ),
    ],
)
def test_a_number_that_would_be_nonsense_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_a_chain_without_viewers_has_no_mix():
    assert decomposition.factors(
        pd.DataFrame(0.0, index=list("ab"), columns=["viewers", "product_clicks", "orders", "gmv"])
    )["mix"].tolist() == [0.0, 0.0]
