"""Indices: orientation, double counting, and measures that tell nothing."""

import numpy as np
import pandas as pd
import pytest

from liveshop.methods import index


def test_index_orientation_and_double_counting():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.normal(size=(60, 3)), columns=["views", "clicks", "refunds"])
    frame["again"] = frame["views"] + rng.normal(0, 0.05, 60)
    for scale in ("rank", "z", "minmax"):
        value = index.evaluation_index(frame, {"views": 2, "refunds": -1}, scale)
        assert np.corrcoef(value, frame["views"])[0, 1] > 0.7 and np.corrcoef(value, frame["refunds"])[0, 1] < -0.2
    table = index.double_counting(frame, {"views": 1, "again": 1, "clicks": 1})
    assert set(table.iloc[0][["measure", "other"]]) == {"views", "again"} and table["double"].tolist() == [
        True,
        False,
        False,
    ]
    assert table.attrs["effective_measures"] < 2.3 and sum(table.attrs["influence"].values()) == pytest.approx(1)
    assert table.attrs["influence"]["clicks"] < 1 / 3
    steady = index.sensitivity(frame, {"views": 1, "clicks": 1}, spread=0.05)
    loose = index.sensitivity(frame, {"views": 1, "clicks": 1})
    assert (steady["rank_high"] - steady["rank_low"]).mean() < (loose["rank_high"] - loose["rank_low"]).mean()
    assert steady["first"].sum() == pytest.approx(1) and steady.attrs["rank_correlation"] > 0.98


@pytest.mark.parametrize("scale", ["rank", "z", "minmax"])
def test_index_leaves_out_what_cannot_tell_rows_apart(scale):
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(rng.normal(size=(20, 2)), columns=["views", "clicks"]).assign(
        watch=0.1 + 0.2, empty=np.nan, undefined=np.inf, late=np.r_[[np.nan] * 3, np.ones(17)])
    frame.loc[4, "watch"] = 0.3                      # the same number, but for its last digit
    frame.loc[:2, "clicks"] += 1
    stated = {"views": 2, "watch": 1, "empty": -1, "undefined": 1, "late": 1, "clicks": 1}
    gone = {
        "empty": "no value",
        "undefined": "no value",
        "watch": "the same value in every row",
        "late": "the same value in every row",
    }
    value = index.evaluation_index(frame, stated, scale)
    assert value.attrs["left_out"] == gone and value.notna().all()
    pd.testing.assert_series_equal(value, index.evaluation_index(frame, {"views": 2, "clicks": 1}, scale))
    place = index.sensitivity(frame, stated, scale, draws=200)
    assert (
        place.attrs["left_out"] == gone
        and place.index.tolist() == list(range(20))
        and np.isfinite(place.attrs["rank_correlation"])
    )
    table = index.double_counting(frame, stated, scale)
    assert table.attrs["left_out"] == gone and len(table) == 1 and set(table.attrs["influence"]) == {"views", "clicks"}
    with pytest.raises(ValueError, match="No measure tells the rows apart"):
        index.double_counting(frame, {"watch": 1, "empty": 1}, scale)
    with pytest.raises(ValueError, match="Fewer than two rows"):
        index.sensitivity(frame.assign(clicks=frame.clicks.where(frame.index == 5)), {"views": 1, "clicks": 1}, scale)
