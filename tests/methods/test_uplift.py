"""Uplift: by hand, recovered, and bad input."""

import numpy as np
import pandas as pd
import pytest

from liveshop.methods import uplift
from printed import printed

SCORE, TREATED, OUTCOME = [8, 7, 6, 5, 4, 3, 2, 1], [1, 0, 1, 0, 1, 0, 1, 0], [1, 0, 1, 0, 0, 0, 0, 1]


def test_qini_by_hand():
    """Eight people, best score first, treated and control in turn. After k people the gain is (bought with − bought
    without × treated / control) / 4: 1/4, 1/4, 2/4, 2/4, 2/4, 2/4, 2/4 and, the last control person having
    bought, (2 − 1)/4. Trapezoids: 25/64; less the triangle 1/8 of the straight line: 17/64."""
    curve = uplift.qini(SCORE, OUTCOME, TREATED)
    assert curve.gain.tolist() == [0, 0.25, 0.25, 0.5, 0.5, 0.5, 0.5, 0.5, 0.25]
    assert curve.share == pytest.approx(np.arange(9) / 8)
    assert curve.coefficient == pytest.approx(17 / 64)


def test_qini_reversed_tied_and_shuffled():
    backwards = uplift.qini([-s for s in SCORE], OUTCOME, TREATED)
    assert backwards.coefficient < 0 and backwards.gain[-1] == 0.25
    assert uplift.qini([1] * 8, OUTCOME, TREATED).coefficient == 0.0          # no order, no gain
    mixed = np.random.default_rng(0).permutation(8)
    tied = np.array([2, 2, 2, 2, 1, 1, 1, 1])
    one, two = (
        uplift.qini(tied, OUTCOME, TREATED),
        uplift.qini(tied[mixed], np.array(OUTCOME)[mixed], np.array(TREATED)[mixed]),
    )
    assert one.gain.tolist() == two.gain.tolist() == [0, 0.5, 0.25]
    assert one.coefficient == two.coefficient == pytest.approx(0.5 * 0.25 + 0.5 * 0.375 - 0.125)


def test_profit_and_best_share_by_hand():
    """A sale is worth 100 and a coupon costs 10 for each who gets it: half of the people, 100 × 1 × ½ − 5 = 45."""
    curve = uplift.profit_curve(SCORE, OUTCOME, TREATED, value=100, cost=10).set_index("share")["profit"]
    assert (curve[0.0], curve[0.25], curve[0.5], curve[0.75], curve[1.0]) == pytest.approx((0, 22.5, 45, 42.5, 15))
    best = uplift.best_share(SCORE, OUTCOME, TREATED, value=100, cost=10)
    assert (best.share, best.cutoff, best.profit) == (0.5, 5.0, 45.0)
    assert uplift.best_share(SCORE, OUTCOME, TREATED, 100, 10, budget=0.3).share == 0.25
    nobody = uplift.best_share(SCORE, OUTCOME, TREATED, 100, 101)
    assert (nobody.share, nobody.profit) == (0.0, 0.0) and nobody.cutoff == np.inf
    profit, error = uplift.profit_at(5, SCORE, OUTCOME, TREATED, 100, 10)
    assert (profit, error) == (45.0, 0.0)


def test_effect_by_group_by_hand():
    """Group a: 3, 5, 7 against 1, 2, 3: uplift 3, error √(4/3 + 1/3) = 1.291, Welch's 2.941 degrees of freedom."""
    from scipy.stats import ttest_ind

    frame = pd.DataFrame(
        {"y": [3, 5, 7, 1, 2, 3, 4, 4, 6, 9], "t": [1, 1, 1, 0, 0, 0, 1, 0, 1, 0], "g": list("aaaaaabbbb")}
    )
    table = uplift.effect_by_group(frame, "y", "t", "g")
    row = table.loc["a"]
    assert (row["treated"], row["control"], row["uplift"]) == (3, 3, 3.0) and printed(row["standard_error"], 3) == 1.291
    known = ttest_ind([3, 5, 7], [1, 2, 3], equal_var=False).confidence_interval()
    assert (row["low"], row["high"]) == pytest.approx((known.low, known.high))
    assert table.loc["b", "uplift"] == -1.5 and table.index.tolist() == ["a", "b", "all"]


@pytest.mark.parametrize("bought, people, low, high", [
    ((5, 0), (56, 29), -0.0381, 0.1926), ((0, 0), (10, 20), -0.1611, 0.2775), ((0, 0), (10, 10), -0.2775, 0.2775),
    ((10, 0), (10, 20), 0.6791, 1.0), ((10, 0), (10, 10), 0.6075, 1.0)])
def test_nobody_bought_is_no_certainty(bought, people, low, high):
    """Newcombe, Statistics in Medicine 17 (1998), table II, method 10, contrasts d to h."""
    rows = [{"y": int(k < bought[1 - arm]), "t": arm} for arm in (1, 0) for k in range(people[1 - arm])]
    row = uplift.effect_by_group(pd.DataFrame(rows), "y", "t").loc["all"]
    assert (printed(row["low"], 4), printed(row["high"], 4)) == (low, high) and np.isnan(row["standard_error"])
    spent = uplift.effect_by_group(pd.DataFrame(rows).assign(y=lambda d: 30 * d.y + 5), "y", "t").loc["all"]
    assert np.isnan(spent["low"]) == (bought[0] in (0, people[0]))              # two constant arms say nothing of money


def coupon_trial(seed, size=4000):
    """A coupon moves the waverers, is wasted on the loyal and annoys the quiet; margin 60, face value 20."""
    rng = np.random.default_rng(seed)
    kind = rng.choice(["waverer", "loyal", "quiet"], size)
    base = pd.Series(kind).map({"waverer": 0.10, "loyal": 0.60, "quiet": 0.15}).to_numpy()
    lift = pd.Series(kind).map({"waverer": 0.20, "loyal": 0.0, "quiet": -0.05}).to_numpy()
    treated = rng.integers(0, 2, size)
    bought = rng.random(size) < base + lift * treated
    return pd.DataFrame({"kind": kind, "visits": rng.poisson(3, size), "coupon": treated, "bought": bought.astype(int),
                         "margin": bought * (60.0 - 20.0 * treated)})


def test_uplift_recovers_the_groups():
    truth, covered = {"waverer": 0.20, "loyal": 0.0, "quiet": -0.05, "all": 0.05}, 0
    for seed in range(20):
        table = uplift.effect_by_group(coupon_trial(seed), "bought", "coupon", "kind")
        covered += sum(table.loc[name, "low"] <= value <= table.loc[name, "high"] for name, value in truth.items())
    assert covered >= 70                                      # of 80; 76 are expected


def test_uplift_model_finds_whom_to_treat():
    """Targeting by uplift pays; targeting those who buy anyway loses money. On people the models never saw."""
    gains, losses = [], []
    for seed in range(5):
        trial = coupon_trial(seed)
        fit, choose, judge = trial[:1600], trial[1600:2800], trial[2800:]
        margin = uplift.two_models(fit, "margin", "coupon", ["kind", "visits"])
        target = uplift.best_share(margin.predict(choose), choose["margin"], choose["coupon"])
        assert 0.1 < target.share < 0.5                       # the waverers are a third
        gains.append(uplift.profit_at(target.cutoff, margin.predict(judge), judge["margin"], judge["coupon"])[0])
        keen = margin.propensity(judge)
        losses.append(uplift.profit_at(np.quantile(keen, 0.6), keen, judge["margin"], judge["coupon"])[0])
        buying = uplift.two_models(
            fit, "bought", "coupon", ["kind", "visits"], model="forest" if seed == 0 else "linear"
        )
        assert uplift.qini(buying.predict(judge), judge["bought"], judge["coupon"]).coefficient > 0.01
        assert uplift.qini(buying.propensity(judge), judge["bought"], judge["coupon"]).coefficient < 0
    assert np.mean(gains) == pytest.approx((0.3 * 40 - 0.1 * 60) / 3, abs=0.8)
    assert np.mean(losses) < -2


def test_qini_interval_by_bootstrap():
    trial = coupon_trial(1, 2000)
    rising = trial["kind"].map({"waverer": 2, "loyal": 1, "quiet": 0})
    curve = uplift.qini(rising, trial["bought"], trial["coupon"], bootstrap=200)
    assert curve.interval[0] < curve.coefficient < curve.interval[1] and curve.interval[0] > 0
    noise = uplift.qini(np.random.default_rng(0).random(2000), trial["bought"], trial["coupon"], bootstrap=200)
    assert noise.interval[0] < 0 < noise.interval[1]


@pytest.mark.parametrize("call, words", [
    (lambda: uplift.qini(SCORE, OUTCOME, [1] * 8), "with and without the offer"),
    (lambda: uplift.qini(SCORE, OUTCOME, [0, 1, 2, 0, 1, 0, 1, 0]), "must be 0 or 1"),
    (lambda: uplift.qini(SCORE[:-1], OUTCOME, TREATED), "one entry a person"),
    (lambda: uplift.qini([np.nan] * 8, OUTCOME, TREATED), "needs a score"),
    (lambda: uplift.effect_by_group(coupon_trial(0, 50), "bought", "arm"), "lacks the column arm"),
    (lambda: uplift.effect_by_group(coupon_trial(0, 50), "bought", "kind"), "write the arm as"),
    (lambda: uplift.two_models(coupon_trial(0, 50), "bought", "coupon", []), "at least one feature"),
    (lambda: uplift.two_models(coupon_trial(0, 50), "bought", "coupon", ["visits"], model="magic"), "model is"),
    (lambda: uplift.best_share(SCORE, OUTCOME, TREATED, budget=30), "share of people"),
    (lambda: uplift.profit_at(8, SCORE, OUTCOME, TREATED), "two people in each arm"),
])
def test_uplift_refuses_in_a_sentence(call, words):
    with pytest.raises(ValueError, match=words):
        call()
