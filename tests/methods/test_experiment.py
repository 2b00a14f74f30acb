"""Experiments: nonsense is refused."""

import pytest

from liveshop.methods import experiment


def test_experiment_refuses_nonsense():
    with pytest.raises(ValueError, match="between 0 and 1"):
        experiment.sample_size(0.9, 0.2)
    with pytest.raises(ValueError, match="one share above zero"):
        experiment.srm_pvalue([10, 10], [1, 0])


NAN = float("nan")


@pytest.mark.parametrize("call, words", [
    (lambda: experiment.sample_size(0.2, 0.05, power=80), "shares between 0 and 1"),
    (lambda: experiment.sample_size(0.2, 0.05, power=0.01), "power above alpha"),
    (lambda: experiment.sample_size(0.2, 0.05, alpha=5), "shares between 0 and 1"),
    (lambda: experiment.srm_pvalue([-5, 10], [0.5, 0.5]), "one count .0 or more"),
    (lambda: experiment.srm_pvalue([NAN, 10], [0.5, 0.5]), "one count .0 or more"),
    (lambda: experiment.peeking_error(2.7), "whole number, 1 or more, not 2.7"),
    (lambda: experiment.peeking_error(10**6), "500 at most"),
])
def test_a_number_that_would_be_nonsense_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()
