"""Methods against the numbers of their literature, to the last printed digit."""

import numpy as np
import pandas as pd
import pytest

from liveshop.methods import decomposition, effects, experiment, hosts, monitor, retention, staffing
from printed import printed


# Lucas and Saccucci, Technometrics 32 (1990), tables of EWMA schemes with 500 in control.
@pytest.mark.parametrize(
    "lam, width, in_control", [(0.20, 2.962, 500), (0.10, 2.814, 500), (0.05, 2.615, 500), (0.40, 3.054, 500)]
)
def test_ewma_run_length_in_control(lam, width, in_control):
    assert printed(monitor.ewma_arl(lam, width), 0) == pytest.approx(in_control, abs=0.5)


def test_ewma_run_length_out_of_control():
    assert printed(monitor.ewma_arl(0.20, 2.962, 1.0), 1) == 10.5
    assert printed(monitor.ewma_arl(0.10, 2.814, 0.5), 1) == 31.3
    assert printed(monitor.ewma_arl(1.0, 3.0), 1) == 370.4          # the Shewhart chart: 1 / 0.0027


def test_ewma_width_is_found_again():
    assert printed(monitor.ewma_width(0.20, 500), 3) == pytest.approx(2.962, abs=0.0005)


# Montgomery, Introduction to Statistical Quality Control, CUSUM with k = 1/2.
@pytest.mark.parametrize("h, shift, digits, run", [
    (4, 0.0, 0, 168), (4, 0.5, 1, 26.6), (4, 1.0, 2, 8.38), (5, 0.0, 0, 465), (5, 1.0, 1, 10.4), (5, 0.5, 0, 38)])
def test_cusum_run_length(h, shift, digits, run):
    assert printed(monitor.cusum_arl(0.5, h, shift), digits) == run


def test_erlang_c():
    """pyworkforce's test: 100 calls in 30 minutes, 3 minutes each, target 0.33 minutes, 14 agents."""
    queue = staffing.erlang_c(200, 3, 14, 0.33)
    assert (printed(queue.wait_probability, 3), printed(queue.service_level, 3), printed(queue.occupancy, 3)) == (
        0.174,
        0.888,
        0.714,
    )


def test_mean_wait_of_erlang_c():
    """The same 200 an hour, answered within 20 seconds: .1741, .8884, 7.84 s, .714."""
    queue = staffing.erlang_c(200, 3, 14, 20 / 60)
    assert (printed(queue.wait_probability, 4), printed(queue.service_level, 4)) == (0.1741, 0.8884)
    assert (printed(60 * queue.mean_wait_minutes, 2), printed(queue.occupancy, 3)) == (7.84, 0.714)


def test_sample_size():
    assert printed(experiment.sample_size(0.50, 0.25, power=0.90), 1) == 76.7            # R power.prop.test
    assert round(experiment.sample_size(0.20, 0.05)) == 1094                              # the same, pooled
    assert round(experiment.sample_size(0.20, 0.05, variance="baseline")) == 1030         # Evan Miller


def test_peeking():
    """Armitage, McPherson and Rowe (1969), table 2, two-sided 5 %."""
    for looks, error in [
        (1, 0.05),
        (2, 0.083),
        (3, 0.107),
        (4, 0.126),
        (5, 0.142),
        (10, 0.193),
        (20, 0.248),
        (50, 0.320),
    ]:
        assert printed(experiment.peeking_error(looks), 3) == error


def test_sample_ratio_mismatch():
    """Kohavi, Tang and Xu, Trustworthy Online Controlled Experiments (2020): 821,588 against 815,482, p = 1.8E-6."""
    assert f"{experiment.srm_pvalue([821_588, 815_482], [0.5, 0.5]):.1e}" == "1.8e-06"


def test_any_lmdi_decomposition_adds_up():
    """Ang 2004: perfect decomposition, no remainder."""
    rng = np.random.default_rng(0)
    for _ in range(50):
        names = list("abcd")
        before, after = (
            {name: float(value) for name, value in zip(names, rng.lognormal(0, 2, 4), strict=True)} for _ in range(2)
        )
        result = decomposition.lmdi(before, after)
        assert result.change == pytest.approx(np.prod(list(after.values())) - np.prod(list(before.values())))
        assert abs(result.remainder) <= 1e-9 * max(result.before, result.after)


def test_lmdi_in_closed_form():
    """One factor doubles, another halves: each gets ± V ln 2, for L(V, V) = V."""
    result = decomposition.lmdi({"a": 10.0, "b": 8.0}, {"a": 20.0, "b": 4.0})
    assert result.effects["a"] == pytest.approx(80 * np.log(2))
    assert result.effects["b"] == pytest.approx(-80 * np.log(2))


def test_random_effects_of_the_bcg_trials():
    """The BCG vaccine data of metafor: REML tau² 0.3132, estimate −0.7145, standard error 0.1798 (Viechtbauer 2010)."""
    trials = np.array(
        [
            [4, 119, 11, 128],
            [6, 300, 29, 274],
            [3, 228, 11, 209],
            [62, 13536, 248, 12619],
            [33, 5036, 47, 5761],
            [180, 1361, 372, 1079],
            [8, 2537, 10, 619],
            [505, 87886, 499, 87892],
            [29, 7470, 45, 7232],
            [17, 1699, 65, 1600],
            [186, 50448, 141, 27197],
            [5, 2493, 3, 2338],
            [27, 16886, 29, 17825],
        ],
        float,
    )
    a, b, c, d = trials.T
    shrunk = hosts.shrink(np.log(a / (a + b)) - np.log(c / (c + d)), np.sqrt(1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)))
    assert printed(shrunk.between_sd**2, 4) == 0.3132
    assert (printed(shrunk.mean, 4), printed(shrunk.mean_standard_error, 4)) == (-0.7145, 0.1798)


def test_shrinkage_of_the_eight_schools():
    """Rubin 1981; Gelman et al., Bayesian Data Analysis, section 5.5: pooled 7.7, standard error 4.1."""
    shrunk = hosts.shrink([28, 8, -3, 7, -1, 1, 18, 12], [15, 10, 16, 11, 9, 11, 10, 18])
    assert (printed(shrunk.mean, 1), printed(shrunk.mean_standard_error, 1)) == (7.7, 4.1)
    assert shrunk.between_sd == 0.0 and (shrunk.weight == 0).all()


def test_within_effect_of_grunfeld():
    """Grunfeld's ten firms, fixed effects: value 0.110124, capital 0.310065 (Croissant and Millo, plm, 2008)."""
    from statsmodels.datasets import grunfeld

    data = grunfeld.load_pandas().data
    data = data[data["firm"] != "American Steel"]
    assert printed(effects.within_effect(data, "invest", "value", "firm", ["capital"]).estimate, 6) == 0.110124
    assert printed(effects.within_effect(data, "invest", "capital", "firm", ["value"]).estimate, 6) == 0.310065


def test_eighty_per_cent_learning_curve():
    """Wright 1936: on an 80 % curve each doubling brings 80 % of before; the exponent is log2 0.8 = −0.3219."""
    number = np.array([1, 2, 4, 8, 16, 32])
    curve = hosts.learning_curve(number, 100 * 0.8 ** np.log2(number))
    assert printed(curve.exponent, 4) == -0.3219
    assert printed(curve.gain_per_doubling, 2) == -0.20 and curve.predict(8) == pytest.approx(51.2)


@pytest.mark.parametrize("count, largest", [(2, 0.5642), (3, 0.8463), (5, 1.1630), (10, 1.5388), (20, 1.8675)])
def test_expected_largest_of_normals(count, largest):
    """Expected normal order statistics (Harter 1961), four decimals."""
    assert printed(hosts._expected_largest(count), 4) == largest


def test_kaplan_meier_of_the_leukaemia_patients():
    """6-MP arm of Freireich et al. 1963 (in Cox 1972 too): S(6) .857, S(10) .753, S(23) .448; median 23."""
    weeks = [6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    sessions = pd.DataFrame(
        {"watch_seconds": [60 * week for week in weeks], "stayed_to_end": [False] * 9 + [True] * 12}
    )
    curve = retention.survival(sessions).curves.set_index("minutes")["survival"]
    assert [printed(curve[week], 3) for week in (6, 10, 23)] == [0.857, 0.753, 0.448]
    assert retention.median_minutes(sessions) == 23.0
    assert retention.survival(sessions).medians.loc["all", "median_minutes"] == 23.0
