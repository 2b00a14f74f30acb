"""The standard figure of twenty seasons: what it draws and says is what recovered.json holds."""

import json

import numpy as np
import pytest

from liveshop import charts
from liveshop.tables.load import Tables

SEASONS = {"seed": [1, 2, 3, 4], "true": [1.0, 1.0, 1.0, 1.0], "mean_true": 1, "mean_estimate": 1, "bias": 0,
           "coverage": None, "sign": 1}


@pytest.fixture
def tables(tmp_path):
    naive = SEASONS | {"estimate": [2.0, 3.0, -1.0, 4.0], "low": [1.5, 2.0, -2.0, 0.5], "high": [2.5, 4.0, 0.0, 5.0]}
    better = SEASONS | {"estimate": [0.8, 1.0, 1.2, 1.2], "low": None, "high": None}
    nothing = SEASONS | {"true": [0.0] * 4, "estimate": [0.1] * 4, "low": None, "high": None}
    some = SEASONS | {"true": [0.0, 2.0, 2.0, 0.0], "estimate": [1.0, 1.0, -1.0, 1.0], "low": None, "high": None}
    recovered = {"effect": {"naive": naive, "better": better}, "none": {"naive": nothing}, "some": {"naive": some}}
    (tmp_path / "recovered.json").write_text(json.dumps({"recovered": recovered}), encoding="utf-8")
    return Tables({}, folder=tmp_path)


def test_bias_coverage_and_sign_are_said(tables):
    fig = charts.recovered(tables, {"before": ("effect", "naive"), "after": ("effect", "better")}, title="One is it")
    assert "before +1 on average, 1 of 4 intervals hold, sign right in 3 of 4" in fig.alt_text
    assert "after +0.05 on average." in fig.alt_text and "4 seasons" in fig.alt_text
    drawn = np.sort(np.concatenate([line.get_xdata() for line in fig.axes[0].lines if line.get_marker() in ("|", "x")]))
    assert drawn == pytest.approx(sorted([1, 2, -2, 3, -0.2, 0, 0.2, 0.2]))


def test_the_sign_is_counted_where_there_is_one(tables):
    fig = charts.recovered(tables, {"none": ("none", "naive"), "some": ("some", "naive")})
    assert "sign right in 1 of 2" in fig.alt_text and fig.alt_text.count("sign") == 1


def test_relative_errors_are_per_cent_and_need_a_truth(tables):
    fig = charts.recovered(tables, {"after": ("effect", "better")}, relative=True)
    assert "after +5% on average" in fig.alt_text
    with pytest.raises(ValueError, match="is 0 in a season"):
        charts.recovered(tables, {"after": ("none", "naive")}, relative=True)
    with pytest.raises(KeyError):
        charts.recovered(tables, {"after": ("effect", "other")})
