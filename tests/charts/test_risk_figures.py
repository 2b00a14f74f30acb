"""Figures of losses: what they draw and say is what they are given."""

import numpy as np
import pandas as pd
import pytest

from liveshop import charts
from liveshop.charts.risk import AMBER, GREEN, RED
from liveshop.methods import risk


def test_the_matrix_puts_each_kind_into_its_field_and_colours_by_the_score():
    table = pd.DataFrame({"frequency_band": [5, 2, 2], "severity_band": [2, 3, 3], "matrix_score": [10, 6, 6]},
                         index=["stutter", "fine", "recall"])
    fig = charts.risk_matrix(table, title="Stutter first")
    (ax,) = fig.axes
    assert {text.get_text(): text.get_position()[0] for text in ax.texts if "\n" in text.get_text()} == {
        "fine\nrecall": 2}
    colours = {(one.get_x() + 0.5, one.get_y() + 0.5): one.get_facecolor() for one in ax.patches}
    from matplotlib.colors import to_rgba

    assert [colours[place] for place in ((5, 2), (2, 3), (1, 5))] == [to_rgba(one) for one in (RED, AMBER, GREEN)]
    assert "stutter 10, fine 6, recall 6" in fig.alt_text


def test_curves_of_a_year_s_loss_end_where_their_quantiles_are():
    years = {"mild": np.linspace(0, 100, 1001), "wild": np.linspace(0, 1000, 1001)}
    fig = charts.loss_curves(years, shortfalls={"wild": 975.0}, truth=990.0)
    (ax,) = fig.axes
    curve = next(line for line in ax.lines if line.get_label() == "wild")
    at = np.argmin(abs(curve.get_ydata() - 0.05))
    assert curve.get_xdata()[at] == pytest.approx(1000 * (1 - curve.get_ydata()[at]))
    assert ax.get_yscale() == "log" and ax.get_xlim()[1] > 990
    assert "wild: 5% of years cost more than ¥950, these ¥975 on average; truth ¥990." in fig.alt_text


def test_a_tornado_has_the_longest_bar_on_top_and_both_ends():
    table = risk.tornado(lambda price, cost: 10 * (price - cost), {"price": 5, "cost": 3},
                         {"price": (4, 6), "cost": (2.5, 3.5)})
    fig = charts.tornado(table)
    (ax,) = fig.axes
    ends = [(one.get_x() + one.get_width(), round(one.get_y() + one.get_height() / 2)) for one in ax.patches]
    assert ends == [(10, 0), (30, 0), (25, 1), (15, 1)]
    assert "At the base 20. price 10 to 30; cost 25 to 15." in fig.alt_text
