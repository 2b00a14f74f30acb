"""Lines over weeks with the festival shaded."""

import numpy as np
import pandas as pd

from liveshop import charts


def test_festival_weeks_are_shaded_and_said_once():
    table = pd.DataFrame({"rooms": [10.0, 20, 40, 12], "shop": [5.0, 6, 7, 8]}, index=[1, 2, 3, 4])
    fig = charts.weeks(table, [False, True, True, False], title="Up and down", zero=10)
    ax = fig.axes[0]
    assert len(ax.patches) == 2 and sum(text.get_text() == "festival" for text in ax.texts) == 1
    assert "rooms from 10" in fig.alt_text and "shop from 5" in fig.alt_text
    words = {text.get_text() for text in ax.texts}
    assert {"rooms", "shop"} <= words and ax.get_ylim()[0] == 0


def test_names_at_the_ends_of_a_logarithmic_axis_stand_where_the_lines_end():
    table = pd.DataFrame({"low": [100.0, 101], "high": [100.0, 1000]}, index=[1, 2])
    ax = charts.weeks(table, log=True).axes[0]
    places = {text.get_text(): text.get_position()[1] for text in ax.texts}
    for name in table:
        at = ax.transLimits.transform(ax.transScale.transform((2, table[name].iloc[-1])))[1]
        assert np.isclose(places[name], at, atol=0.02)


def test_two_festivals_are_shaded_and_one_is_named():
    fig, ax = charts.figure()
    charts.shade_festival(ax, range(6), [True, False, False, True, True, False])
    assert len(ax.patches) == 3 and [text.get_position()[0] for text in ax.texts] == [0]
