"""Customer value: orders by hand, Gamma-Gamma, shifted beta-geometric, and bad input."""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from liveshop.methods import clv
from printed import printed

# --- the value of an order: Gamma-Gamma ------------------------------------------------------------------


def test_gamma_gamma_values_of_cdnow():
    """At the published p 6.25, q 3.74, v 15.44 (946 repeat buyers): mean 35.2; two orders of 22.35 each → 24.66."""
    model = clv.GammaGamma(6.25, 3.74, 15.44)
    assert printed(model.expected_value(0, np.nan), 1) == 35.2
    assert model.expected_value([2, 1], [22.35, 11.77]) == pytest.approx([24.66, 18.91], abs=0.01)


def test_cdnow_from_its_transactions():
    """Fader and Hardie 2013: p 6.25, q 3.74, v 15.44 over 946 repeat buyers; and BG/NBD once more, from single orders.
    Needs the authors' CDNOW_sample.txt, which is not among the real data by default."""
    path = Path(os.environ.get("LIVESHOP_REAL_DATA") or ".") / "CDNOW_sample.txt"
    if not path.is_file():
        pytest.skip("LIVESHOP_REAL_DATA names no folder with CDNOW_sample.txt (single orders with their value)")
    orders = pd.read_csv(
        path,
        sep=r"\s+",
        header=None,
        names=["of_all", "customer_id", "paid", "discs", "paid_amount"],
        dtype={"paid": str},
    )
    table = clv.summary(orders.assign(paid=pd.to_datetime(orders["paid"], format="%Y%m%d")), "1997-09-30")
    value = clv.fit_gamma_gamma(table["frequency"], table["mean_value"])
    assert value.customers == 946
    assert [printed(number, 2) for number in (value.p, value.q, value.v)] == [6.25, 3.74, 15.44]
    fit = clv.fit_bgnbd(table["frequency"], table["recency"], table["age"])
    assert [printed(number, 3) for number in (fit.r, fit.alpha, fit.a, fit.b)] == [0.243, 4.414, 0.793, 2.426]


def spenders(size, p, q, v, rng):
    x = rng.poisson(2.0, size) + 1
    own = rng.gamma(q, 1 / v, size)
    return x, rng.gamma(p * x, 1 / (own * x))


def test_gamma_gamma_recovers_what_made_the_data():
    truth, covered, errors = {"p": 6.25, "q": 3.74, "v": 15.44}, 0, []
    for seed in range(20):
        fit = clv.fit_gamma_gamma(*spenders(2000, *truth.values(), np.random.default_rng(seed)))
        for name, value in truth.items():
            covered += abs(np.log(getattr(fit, name) / value)) < 1.96 * fit.standard_errors[name] / getattr(fit, name)
        errors.append([np.log(getattr(fit, name) / value) for name, value in truth.items()])
        assert fit.expected_value(0, np.nan) == pytest.approx(6.25 * 15.44 / 2.74, rel=0.08)
    assert covered >= 51                                      # of 60; 57 are expected
    assert np.abs(np.median(errors, axis=0)).max() < 0.1


def test_gamma_gamma_beats_the_customers_own_mean():
    rng = np.random.default_rng(4)
    p, q, v, size = 6.25, 3.74, 15.44, 3000
    own = rng.gamma(q, 1 / v, size)
    x = rng.poisson(1.0, size) + 1
    z, true = rng.gamma(p * x, 1 / (own * x)), p / own
    fit = clv.fit_gamma_gamma(x, z)
    assert np.mean((fit.expected_value(x, z) - true) ** 2) < 0.8 * np.mean((z - true) ** 2)
    assert abs(fit.correlation) < 0.1


def test_gamma_gamma_likelihood_by_quadrature():
    """The density of a customer's mean, integrated over her own scale, numerically; and the gradient by differences."""
    from scipy.integrate import quad
    from scipy.stats import gamma

    x, z = spenders(20, 3.0, 3.0, 40.0, np.random.default_rng(0))
    p, q, v = 2.5, 3.5, 45.0
    each = [
        quad(
            lambda rate, n=n, m=m: gamma.pdf(m, p * n, scale=1 / (rate * n)) * gamma.pdf(rate, q, scale=1 / v), 0, 2
        )[0]
        for n, m in zip(x, z, strict=True)
    ]
    loglik, theta = clv._gamma_gamma_likelihood(x.astype(float), z), np.log([p, q, v])
    assert loglik(theta)[0] == pytest.approx(np.log(each).mean(), abs=1e-7)
    slopes = [(loglik(theta + step)[0] - loglik(theta - step)[0]) / 2e-5 for step in np.eye(3) * 1e-5]
    assert loglik(theta)[1] == pytest.approx(slopes, abs=1e-7)


def test_gamma_gamma_in_fen_and_from_any_start():
    x, z = spenders(1500, 6.25, 3.74, 15.44, np.random.default_rng(7))
    yuan, fen = clv.fit_gamma_gamma(x, z), clv.fit_gamma_gamma(x, 100 * z)
    assert (fen.p, fen.q, fen.v) == pytest.approx((yuan.p, yuan.q, 100 * yuan.v), rel=1e-5)
    assert fen.loglik == pytest.approx(yuan.loglik - len(x) * np.log(100))
    for start in [(0.01, 0.01, 0.01), (500, 500, 500), (0.1, 100, 1)]:
        assert clv.fit_gamma_gamma(x, z, start=start).p == pytest.approx(yuan.p, rel=1e-5)
    none = clv.fit_gamma_gamma(np.r_[x, np.zeros(50)], np.r_[z, np.full(50, np.nan)])
    assert (none.p, none.customers) == (pytest.approx(yuan.p), len(x))


@pytest.mark.parametrize("x, z, words", [
    ([2] * 20, [0.0] + [10.0] * 19, "Customer 0: the mean value of repeat purchases must be above zero"),
    ([2] * 20, [10.0] * 20, "nothing to fit"),
    ([1] * 20, np.arange(1.0, 21), "just one repeat purchase"),
    ([0] * 20, [np.nan] * 20, "Only 0 customers"),
    ([2, 3], [1.0], "one entry a customer"),
    ([2, 3] * 50, np.where(np.arange(100) % 3, 10.0, 10.0001), "no maximum"),
])
def test_gamma_gamma_refuses_in_a_sentence(x, z, words):
    with pytest.raises(clv.ClvError, match=words):
        clv.fit_gamma_gamma(x, z)


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: clv.GammaGamma(6, 4, 15).expected_value(2, -5), "mean value, 0 or more"),
        (lambda: clv.GammaGamma(6, 4, 15).expected_value(np.nan, 5), "missing"),
        (lambda: clv.BgNbd(-0.2, 4, 0.8, 2.4), "above zero"),
        (
            lambda: clv.BgNbd(0.2, 4, 0.8, 2.4).expected_purchases(np.nan, 2, 30, 38),
            "look ahead must not be negative or missing",
        ),
        (
            lambda: clv.fit_bgnbd([1] * 12, pd.to_timedelta([3] * 12, unit="D"), [5] * 12),
            "must be numbers, not text or dates",
        ),
        (lambda: clv.fit_bgnbd([0] * 12, [0] * 12, [-1] * 12), "recency and age must not be negative"),
        (lambda: clv.fit_sbg([1, 0.631, 0.468]), "customers, not shares"),
        (
            lambda: clv.rfm(
                pd.DataFrame({"customer_id": [1], "paid": [20250101], "paid_amount": [1.0]}), "2025-03-01"
            ),
            "numbers, not times",
        ),
        (
            lambda: clv.rfm(
                pd.DataFrame({"customer_id": [1], "paid": ["2025-01-01"], "paid_amount": ["x"]}), "2025-03-01"
            ),
            "amounts in paid_amount must be numbers",
        ),
        (
            lambda: clv.rfm(pd.DataFrame({"customer_id": [1], "paid": ["2025-01-01"], "paid_amount": [1.0]}), None),
            "None is not a date",
        ),
        (lambda: clv.rfm([1, 2], "2025-03-01"), "A table is needed, not list"),
    ],
)
def test_customer_value_refuses_what_would_be_nonsense(call, words):
    with pytest.raises(clv.ClvError, match=words):
        call()


def test_times_with_a_zone_count_as_the_clock_there_showed_them():
    orders = pd.DataFrame(
        {
            "customer_id": [1, 1],
            "paid": pd.to_datetime(["2025-01-01 23:30", "2025-02-01 00:30"]),
            "paid_amount": [1.0, 2.0],
        }
    )
    pd.testing.assert_frame_equal(
        clv.rfm(orders.assign(paid=orders["paid"].dt.tz_localize("Asia/Shanghai")), "2025-03-01"),
        clv.rfm(orders, "2025-03-01"),
    )


# --- renewals: shifted beta-geometric --------------------------------------------------------------------


@pytest.mark.parametrize("survivors, alpha, beta", [
    ([1000, 869, 743, 653, 593, 551, 517, 491], 0.668, 3.806),        # High End
    ([1000, 631, 468, 382, 326, 289, 262, 241], 0.704, 1.182),        # Regular
])
def test_sbg_of_the_two_segments(survivors, alpha, beta):
    """Fader and Hardie 2007, years 1 to 7."""
    fit = clv.fit_sbg(survivors)
    assert (printed(fit.alpha, 3), printed(fit.beta, 3)) == (alpha, beta)
    # Their figure: the curve goes through the survivors.
    assert 1000 * fit.survival(np.arange(8)) == pytest.approx(survivors, rel=0.03)


def test_sbg_projects_the_regular_segment_from_four_renewals():
    fit = clv.fit_sbg([1000, 631, 468, 382, 326])
    assert 1000 * fit.survival([5, 6, 7]) == pytest.approx([289, 262, 241], rel=0.05)


def test_sbg_recurrence_and_start():
    fit = clv.fit_sbg([1000, 869, 743, 653, 593, 551, 517, 491], start=(50, 0.02))
    assert fit.alpha == pytest.approx(0.66809, abs=1e-4)
    assert fit.survival(3) == pytest.approx(fit.retention(1) * fit.retention(2) * fit.retention(3))
    assert fit.retention(1) == pytest.approx(fit.beta / (fit.alpha + fit.beta))
    assert (np.diff(fit.retention(np.arange(1, 20))) > 0).all() and fit.survival(0) == 1.0


@pytest.mark.parametrize("survivors, words", [
    ([100, 80, 90], "Survivors rise from 80 to 90 at renewal 2"),
    ([100, 100, 100, 100], "Nobody left"),
    ([100, 80], "at least two renewals"),
    ([1000, 800, 640, 512, 410], "constant rate of 0.800"),
    ([1000, 900, 700, 400], "retention does not rise"),
    ([100, -1, 0], "0 or more"),
])
def test_sbg_refuses_in_a_sentence(survivors, words):
    with pytest.raises(clv.ClvError, match=words):
        clv.fit_sbg(survivors)


ORDERS = pd.DataFrame(
    [("o1", 1, "2025-03-03 20:10", 100.0), ("o1", 1, "2025-03-03 20:10", 20.0),       # two lines of an order
     ("o2", 1, "2025-03-03 22:00", 30.0), ("o3", 1, "2025-03-17 09:00", 50.0), ("o4", 1, "2025-04-14 09:00", 70.0),
     ("o5", 2, "2025-03-10 23:59", 200.0), ("o6", 2, None, 999.0), ("o7", 3, "2025-04-20 12:00", 10.0),
     ("o8", 2, "2025-05-01 12:00", 40.0)],
    columns=["order_id", "customer_id", "paid", "paid_amount"]).assign(paid=lambda t: pd.to_datetime(t["paid"]))


# --- from orders to customers ----------------------------------------------------------------------------


def test_summary_by_hand():
    table = clv.summary(ORDERS, "2025-04-21")
    assert table["frequency"].tolist() == [2, 0, 0]                   # the two orders of 3 March are one trip
    assert table["recency"].tolist() == [6.0, 0.0, 0.0] and table["age"].tolist() == [7.0, 6.0, 1 / 7]
    assert table.loc[1, "mean_value"] == 60.0 and table["mean_value"].isna().tolist() == [False, True, True]
    assert clv.summary(ORDERS, "2025-04-21", since="2025-03-05").index.tolist() == [2, 3]


def test_holdout_and_calibration_by_hand():
    table = clv.holdout(ORDERS, "2025-03-31", "2025-05-01")
    assert (
        table.index.tolist() == [1, 2]
        and table["actual"].tolist() == [1, 1]
        and table["actual_value"].tolist() == [70.0, 40.0]
    )
    model = clv.BgNbd(0.5, 4.0, 0.8, 2.4)
    check = clv.calibration(model, table, 31 / 7)
    assert check.index.tolist() == ["0", "1", "all"] and check["customers"].tolist() == [1, 1, 2]
    assert check.loc["all", "predicted"] == pytest.approx(
        model.expected_purchases(31 / 7, [0, 1], [0, 2], [3, 4]).mean()
    )
    assert check.loc["all", "error"] == pytest.approx(check.loc["all", "predicted"] / 1.0 - 1)


def test_rfm_by_hand():
    table = clv.rfm(ORDERS, "2025-05-10", groups=3)
    assert table["recency_days"].tolist() == [26, 9, 20] and table["frequency"].tolist() == [4, 2, 1]
    assert table["monetary"].tolist() == [270.0, 240.0, 10.0]
    assert table["rfm"].tolist() == ["133", "322", "211"]
    alike = pd.DataFrame({"customer_id": range(10), "paid": pd.Timestamp("2025-03-03"), "paid_amount": 5.0})
    assert clv.rfm(alike, "2025-03-10")["rfm"].nunique() == 1          # equal customers, equal scores


@pytest.mark.parametrize("call, words", [
    (lambda: clv.summary(ORDERS.drop(columns="paid"), "2025-04-21"), "lack the column paid"),
    (lambda: clv.summary(ORDERS, "2024-01-01"), "No order in paid is paid on or before 2024-01-01"),
    (lambda: clv.summary(ORDERS, "2025-05-01", since="2025-06-01"), "No customer has a first purchase"),
    (lambda: clv.holdout(ORDERS, "2025-05-01", "2025-04-01"), "must end after 2025-05-01"),
])
def test_orders_refused_in_a_sentence(call, words):
    with pytest.raises(clv.ClvError, match=words):
        call()


def test_gamma_gamma_says_what_can_be_said():
    """Where nothing settles the fit, everybody gets the mean of the repeat purchases, and a note says why."""
    few = clv.fit_gamma_gamma([1, 3, 0], [10.0, 30.0, np.nan], at_limit="keep")
    assert "Only 2 customers" in few.note and few.expected_value(0, np.nan) == pytest.approx(25)
    assert few.expected_value([1, 3], [10.0, 30.0]) == pytest.approx([25, 25])
    once = clv.fit_gamma_gamma(np.ones(20), np.arange(1.0, 21), at_limit="keep")
    assert "just one repeat" in once.note and once.expected_value(1, 3.0) == pytest.approx(10.5)
    alike, rng = np.full(400, 3), np.random.default_rng(1)
    own = clv.fit_gamma_gamma(alike, rng.gamma(3 * 5.0, 20 / 15.0, 400), at_limit="keep")   # no spread between people
    assert "do not differ" in own.note and own.expected_value([0, 3], [np.nan, 12.0]) == pytest.approx(20, rel=0.05)
    rng = np.random.default_rng(3)                  # orders of one customer all alike, whatever their number
    equal = clv.fit_gamma_gamma(rng.integers(1, 9, 400), 60 / rng.gamma(4.0, 1, 400), at_limit="keep")
    assert "all but equal" in equal.note
    assert equal.expected_value([1, 8], [12.0, 50.0]) == pytest.approx([12, 50], rel=1e-4)
    with pytest.raises(clv.ClvError, match="Only 0 customers"):
        clv.fit_gamma_gamma([0, 0], [np.nan, np.nan], at_limit="keep")
    with pytest.raises(clv.ClvError, match="at_limit is"):
        clv.fit_gamma_gamma([1, 2], [1.0, 2.0], at_limit="mean")
