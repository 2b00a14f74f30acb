"""Ratios on whatever they are given."""

import math

import narwhals as nw
import numpy as np
import pandas as pd
import pytest

from liveshop import metrics


@pytest.mark.parametrize(
    "function, numerator, denominator, value",
    [
        (metrics.gpm, 500, 2000, 250),
        (metrics.show_gpm, 500, 50_000, 10),
        (metrics.uv_value, 500, 1000, 0.5),
        (metrics.aov, 600, 4, 150),
        (metrics.gmv_per_buyer, 600, 3, 200),
        (metrics.average_price, 600, 8, 75),
        (metrics.gmv_per_hour, 600, 7200, 300),
        (metrics.tap_through, 50, 1000, 0.05),
        (metrics.live_ctr, 30, 100, 0.3),
        (metrics.product_ctr, 30, 600, 0.05),
        (metrics.ctor, 3, 30, 0.1),
        (metrics.acu, 72_000, 3600, 20),
        (metrics.watch_per_view, 600, 10, 60),
        (metrics.watch_per_viewer, 600, 8, 75),
        (metrics.buyers_per_viewer, 3, 60, 0.05),
        (metrics.interaction_rate, 12, 60, 0.2),
        (metrics.follow_conversion, 3, 60, 0.05),
        (metrics.roas, 900, 300, 3.0),
        (metrics.roi, 900, 300, 2.0),
    ],
)
def test_ratios_on_numbers_arrays_series_and_expressions(function, numerator, denominator, value):
    assert function(numerator, denominator) == pytest.approx(value)
    assert math.isnan(function(numerator, 0))
    array = function(np.array([numerator, numerator]), np.array([denominator, 0]))
    assert array[0] == pytest.approx(value) and math.isnan(array[1])
    frame = pd.DataFrame({"a": [numerator, numerator], "b": [denominator, 0]}, index=[5, 9])
    series = function(frame["a"], frame["b"])
    assert isinstance(series, pd.Series) and list(series.index) == [5, 9]
    assert series[5] == pytest.approx(value) and math.isnan(series[9])
    assert function(frame["a"], denominator)[5] == pytest.approx(value)
    column = nw.from_native(frame).select(r=function(nw.col("a"), nw.col("b")))["r"].to_list()
    assert column[0] == pytest.approx(value) and math.isnan(column[1])
