"""Segments: R's groups of the US states, planted groups, and the mistake of raw units."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from liveshop.methods import segments
from printed import printed
from real_data import real_file


def arrests():
    return pd.read_csv(real_file("us_arrests.csv"), index_col=0)


def test_arrests_in_the_united_states():
    """R's kmeans of scale(USArrests), four groups: the tutorial's numbers."""
    found = segments.kmeans(arrests(), 4)
    assert [printed(value, 6) for value in sorted(found.within)] == [8.316061, 11.952463, 16.212213, 19.922437]
    assert printed(found.within.sum(), 5) == 56.40317 and printed(100 * found.between_share, 1) == 71.2
    assert sorted(found.sizes) == [8, 13, 13, 16] and found.sizes.is_monotonic_decreasing
    by_n = segments.kmeans(arrests(), 4, ddof=0)
    assert printed(by_n.within.sum(), 4) == 57.5543 and segments.agreement(found.labels, by_n.labels) == 1


def test_raw_units_let_one_trait_decide():
    raw = segments.kmeans(arrests(), 4, scaled=False)
    assert printed(raw.within.sum(), 1) == 34728.6 and sorted(raw.sizes) == [10, 10, 14, 16]


def test_groups_against_another_package():
    """references/segments.R: kmeans of R."""
    for row in pd.read_csv(Path(__file__).parent / "references" / "segments.csv").itertuples():
        found = segments.kmeans(arrests(), row.groups, starts=300)
        assert sorted(found.within) == pytest.approx([float(value) for value in row.within.split()], abs=1e-6)
        assert sorted(found.sizes) == [int(value) for value in row.sizes.split()]
        assert found.between_share == pytest.approx(row.between, abs=1e-8)


def planted(seed, count=1200):
    """Four kinds with their own means, and a trait in yuan that says little and drowns the others when raw."""
    rng = np.random.default_rng(seed)
    kind = rng.integers(0, 4, count)
    means = np.array([[4.2, 5.6, 2.3], [3.2, 5.2, 3.9], [3.6, 3.4, 5.7], [6.2, 3.4, 3.4]])[kind]
    table = pd.DataFrame(means + rng.normal(0, .6, (count, 3)), columns=["price_first", "fit_first", "trend_first"])
    table["watch_minutes"] = np.array([35, 45, 120, 95])[kind] * np.exp(.45 * rng.normal(size=count))
    table["budget"] = 4200 * np.exp(.75 * rng.normal(size=count))
    return table, kind


def test_planted_kinds_are_found_scaled_and_not_raw():
    table, kind = planted(0)
    logs = ["watch_minutes", "budget"]
    assert segments.agreement(segments.kmeans(table, 4, logs=logs).labels, kind) > .6
    assert segments.agreement(segments.kmeans(table, 4, scaled=False).labels, kind) < .05
    centres = segments.kmeans(table, 4, logs=logs).centres
    assert list(centres.columns) == list(table.columns) and centres["price_first"].max() == pytest.approx(6.2, abs=.3)


def test_stability_falls_beyond_the_planted_number():
    table, kind = planted(1)
    found = segments.choices(table[["price_first", "fit_first", "trend_first"]], (2, 4, 6), draws=4)
    assert found["stability"][4] > .9 > .75 > found["stability"][6] and found["between_share"].is_monotonic_increasing
    signs = segments.marks(table, kind, logs=["budget", "watch_minutes"])
    assert signs.loc["trend_first"].idxmax() == 2 and signs.shape == (5, 4)


def test_agreement_does_not_mind_names():
    """Hubert and Arabie; scikit-learn's own case: [0 0 1 2] against [0 0 1 1] → 0.57."""
    assert segments.agreement([0, 0, 1, 1], ["b", "b", "a", "a"]) == 1
    assert printed(segments.agreement([0, 0, 1, 2], [0, 0, 1, 1]), 2) == .57


TABLE = planted(2, 40)[0]


@pytest.mark.parametrize("call, words", [
    (lambda: segments.kmeans(TABLE, 41), "too many for 40 different rows"),
    (lambda: segments.kmeans(TABLE.assign(fit_first=1), 3), "fit_first is the same in every row"),
    (lambda: segments.kmeans(TABLE.assign(fit_first="x"), 3), "must be numbers"),
    (lambda: segments.kmeans(TABLE.assign(budget=np.nan), 3), "trait is missing"),
    (lambda: segments.kmeans(TABLE.assign(budget=0.0), 3, logs="budget"), "above zero"),
    (lambda: segments.kmeans(TABLE, 3, ["age"]), "lacks the column age"),
    (lambda: segments.kmeans([[1, 2], [3, 4]], 2), "A table is needed, not list"),
    (lambda: segments.choices(TABLE, (11,)), "too few for 11 groups"),
    (lambda: segments.agreement([1, 2], [1]), "every row"),
    (lambda: segments.marks(TABLE, [1]), "one label for every row"),
])
def test_what_makes_no_group_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()
