"""Effects: what pooling misses is recovered, and what cannot be told is refused."""

import numpy as np
import pandas as pd
import pytest

from liveshop.methods import effects


def rooms(seed, effect=-1.0, groups=40):
    """Groups with their own level; good groups are treated more often, so pooling flatters."""
    rng = np.random.default_rng(seed)
    level = rng.normal(0, 1.5, groups)
    g = np.repeat(np.arange(groups), 12)
    names = np.array([f"R{room}" for room in range(groups)])
    treated = rng.random(len(g)) < 1 / (1 + np.exp(-2 * level[g]))
    x = rng.normal(size=len(g))
    y = effect * treated + level[g] + 0.5 * x + rng.normal(0, 1, len(g))
    return pd.DataFrame(
        {
            "room": names[g],
            "level": level[g],
            "kind": np.where(level[g] > 0, "big", "small"),
            "treated": treated,
            "x": x,
            "y": y,
        }
    )


def test_within_and_adjusted_recover_what_pooling_misses():
    covered = {"within": 0, "adjusted": 0, "matched": 0, "pooled": 0}
    seeds = 30
    for seed in range(seeds):
        frame = rooms(seed)
        for effect in (effects.within_effect(frame, "y", "treated", "room", ["x"]),
                       effects.adjusted_effect(frame, "y", "treated", ["level", "x"], cluster="room"),
                       effects.matched_effect(frame, "y", "treated", ["room"]),
                       effects.pooled_effect(frame, "y", "treated", cluster="room")):
            covered[effect.method] += effect.covers(-1.0)
    assert min(covered["within"], covered["adjusted"], covered["matched"]) >= 26, covered
    assert covered["pooled"] == 0


def test_within_effect_equals_a_regression_with_an_indicator_for_each_group():
    frame = rooms(1)
    import statsmodels.formula.api as smf

    reference = smf.wls(
        "y ~ treated + x + C(room)",
        frame.assign(treated=frame["treated"].astype(float)),
        weights=frame["x"].abs() + 1,
    ).fit()
    mine = effects.within_effect(frame.assign(w=frame["x"].abs() + 1), "y", "treated", "room", ["x"], weights="w")
    assert mine.estimate == pytest.approx(reference.params["treated"])


def test_matched_effect_is_the_mean_over_treated_of_the_difference_in_their_stratum():
    frame = pd.DataFrame({"kind": list("aaabbbc"), "treated": [1, 0, 0, 1, 1, 0, 1], "y": [5.0, 1, 3, 10, 12, 4, 99]})
    effect = effects.matched_effect(frame, "y", "treated", ["kind"])
    assert effect.estimate == pytest.approx((1 * (5 - 2) + 2 * (11 - 4)) / 3)
    assert effect.note == "1 treated rows had no match" and effect.rows == 6


def test_effects_say_what_is_wrong():
    frame = rooms(0)
    with pytest.raises(ValueError, match="lacks the column opener"):
        effects.pooled_effect(frame, "y", "opener")
    with pytest.raises(ValueError, match="does not vary inside any room"):
        effects.within_effect(frame.assign(treated=frame["room"] > "R2"), "y", "treated", "room")
    with pytest.raises(ValueError, match="same in every row"):
        effects.pooled_effect(frame.assign(treated=1), "y", "treated")
    with pytest.raises(ValueError, match="No stratum"):
        effects.matched_effect(frame.assign(treated=frame["room"] > "R2"), "y", "treated", ["room"])


def test_compare_puts_the_truth_last():
    frame = rooms(0)
    table = effects.compare(effects.pooled_effect(frame, "y", "treated"), truth=-1.0)
    assert table.index.tolist() == ["pooled", "truth"] and table.loc["truth", "estimate"] == -1.0


FRAME = pd.DataFrame({"y": [1.0, 2, 4, 4, 5, 7], "t": [0, 1, 0, 1, 0, 1], "g": list("aabbcc"), "w": 0.0})


@pytest.mark.parametrize("call, words", [
    (lambda: effects.pooled_effect(FRAME, "y", "t", weights="w"), "weights in w are all zero"),
    (lambda: effects.pooled_effect(FRAME.assign(y="much"), "y", "t"), "values of y must be numbers"),
    (lambda: effects.pooled_effect(FRAME.assign(y=np.inf), "y", "t"), "y is not finite"),
    (lambda: effects.adjusted_effect(FRAME.assign(again=1 - FRAME["t"]), "y", "t", ["again"]), "cannot be told apart"),
    (lambda: effects.within_effect(FRAME.assign(again=FRAME["t"]), "y", "t", "g", "again"), "cannot be told apart"),
    (lambda: effects.matched_effect(FRAME, "y", "t", ["w"], bins=0), "bins must be a whole number"),
])
def test_a_number_that_would_be_nonsense_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_one_control_may_stand_alone():
    whole = effects.adjusted_effect(FRAME.assign(hour=[1, 2, 3, 4, 5, 7]), "y", "t", ["hour"])
    assert effects.adjusted_effect(FRAME.assign(hour=[1, 2, 3, 4, 5, 7]), "y", "t", "hour") == whole


def test_controls_that_repeat_each_other_leave_the_effect_as_it_is():
    """Only their own coefficients are lost; and the fit is quiet about it."""
    table = FRAME.assign(hour=[1, 2, 3, 4, 5, 7])
    once = effects.adjusted_effect(table, "y", "t", "hour")
    twice = effects.adjusted_effect(table.assign(minutes=60 * table["hour"]), "y", "t", ["hour", "minutes"])
    assert twice.estimate == pytest.approx(once.estimate)


def test_matching_does_not_depend_on_the_order_of_rows():
    """Half of the people had no order before: they are alike, and stay in one bin however the table is sorted."""
    rng = np.random.default_rng(3)
    before = np.where(rng.random(600) < 0.5, 0, rng.integers(1, 9, 600))
    frame = pd.DataFrame({"before": before, "t": rng.random(600) < 0.2 + 0.05 * before})
    frame["y"] = before + frame["t"] + rng.normal(size=600)
    found = effects.matched_effect(frame, "y", "t", ["before"])
    for seed in range(3):
        again = effects.matched_effect(frame.sample(frac=1, random_state=seed), "y", "t", ["before"])
        assert (again.estimate, *again.interval) == pytest.approx((found.estimate, *found.interval))
    untied = pd.Series(rng.permutation(10))
    assert effects._quantile_bin(untied, 4).tolist() == pd.qcut(untied, 4, labels=False).tolist()
    assert effects._quantile_bin(pd.Series([0, 0, 0, 0, 0, 1, 2, 3]), 4).tolist() == [1, 1, 1, 1, 1, 2, 3, 3]
