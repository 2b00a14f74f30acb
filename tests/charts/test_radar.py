"""A radar: spokes from the middle, a line a shop."""

import numpy as np
import pandas as pd
import pytest

from liveshop import charts

SHOPS = pd.DataFrame({"people": [12, 3], "content": [0, 6], "data": [6, 9], "risk": [3, 12]}, index=["one", "other"])


def shapes(ax):
    return {line.get_label(): line for line in ax.lines if line.get_marker() == "o"}


def test_each_area_has_its_spoke_and_each_score_its_length():
    """Clockwise from the top: people up, content right, data down, risk left; the last point closes the shape."""
    ax = charts.radar(SHOPS, 12).axes[0]
    x, y = shapes(ax)["one"].get_data()
    assert np.allclose(x, [0, 0, 0, -0.25, 0], atol=1e-9) and np.allclose(y, [1, 0, -0.5, 0, 1], atol=1e-9)
    where = {text.get_text(): text.get_position() for text in ax.texts}
    assert where["people"][1] > 1 and where["content"][0] > 1 and where["data"][1] < -1 and where["risk"][0] < -1
    assert "12" in where


def test_the_picture_is_told_with_its_numbers_and_two_shops_differ_in_grey():
    fig = charts.radar(SHOPS, 12, title="Two shops")
    assert fig.alt_text.endswith(
        "one: people 12, content 0, data 6, risk 3; other: people 3, content 6, data 9, risk 12.")
    lines = shapes(fig.axes[0])
    assert lines["one"].get_linestyle() != lines["other"].get_linestyle()
    assert [text.get_text() for text in fig.axes[0].get_legend().get_texts()] == ["one", "other"]


def test_one_shop_needs_no_legend_and_keeps_the_frame_of_another():
    """As an explorer moves, only the shape moves."""
    low, high = (charts.radar(pd.DataFrame([[n] * 3], columns=list("abc")), 4).axes[0] for n in (0, 4))
    assert low.get_legend() is None
    assert low.get_xlim() == high.get_xlim() and low.get_position().bounds == high.get_position().bounds


@pytest.mark.parametrize(("scores", "words"), [
    ({"a": [1], "b": [2]}, "three areas"), ({"a": [1], "b": [2], "c": [13]}, "from 0 to 12"),
    ({"a": [1], "b": [-1], "c": [3]}, "from 0 to 12"), ({"a": [1], "b": [np.nan], "c": [3]}, "from 0 to 12")])
def test_what_cannot_be_drawn_is_refused(scores, words):
    with pytest.raises(ValueError, match=words):
        charts.radar(pd.DataFrame(scores), 12)
