"""Pairs of answers and distributions: what they draw and say is what they are given."""

import numpy as np
import pandas as pd
import pytest

from liveshop import charts


@pytest.fixture
def pairs():
    rows = [(0.5, 0.3, 0.7, np.nan), (0.1, -0.1, 0.3, 0.2), (-0.4, -0.6, -0.2, np.nan), (-0.3, -0.5, -0.1, -0.2)]
    index = pd.MultiIndex.from_product([["street", "factory"], ["naive", "adjusted"]])
    return pd.DataFrame(rows, index=index, columns=["estimate", "low", "high", "truth"])


def test_each_question_has_its_two_answers_and_a_truth_where_one_is_known(pairs):
    fig = charts.paired(pairs, title="The street sells more")
    (ax,) = fig.axes
    dots = {line.get_label(): line.get_xdata().tolist() for line in ax.lines if line.get_marker() == "o"}
    assert dots == {"naive": [0.5, -0.4], "adjusted": [0.1, -0.3]}
    assert "street, adjusted: 0.1 (−0.1 to 0.3), truth 0.2" in fig.alt_text
    assert "street, naive: 0.5 (0.3 to 0.7);" in fig.alt_text


def test_ratios_stand_on_a_logarithmic_axis(pairs):
    fig = charts.paired(np.exp(pairs.drop(columns="truth")), log=True)
    (ax,) = fig.axes
    assert ax.get_xscale() == "log" and 1 in ax.get_xticks()


def test_a_truth_of_its_own_in_each_row_of_intervals():
    table = pd.DataFrame({"estimate": [1.0, 2.0], "low": [0.5, 1.5], "high": [1.5, 2.5], "truth": [1.2, 1.9]},
                         index=["naive", "better"])
    fig = charts.intervals(table)
    (strokes,) = [line for line in fig.axes[0].lines if line.get_marker() == "|"]
    assert strokes.get_xdata().tolist() == [1.2, 1.9]
    assert "naive 1 (0.5 to 1.5), truth 1.2; better 2 (1.5 to 2.5), truth 1.9." in fig.alt_text


def test_a_distribution_a_row_the_highest_first():
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({"seconds": np.exp(rng.normal(3, 1, 600)), "door": np.repeat(["feed", "follow"], 300)})
    frame.loc[frame.door == "follow", "seconds"] *= 3
    fig = charts.spread(frame, "seconds", "door", log=True, ticks=[10, 100])
    (ax,) = fig.axes
    assert [label.get_text() for label in ax.get_yticklabels()] == ["follow", "feed"]
    middle = frame[frame.door == "feed"].seconds.median()
    assert f"feed {charts.number(middle)} (middle half" in fig.alt_text and ax.get_xscale() == "log"
    mean = charts.spread(frame, "seconds", "door", middle="mean", order=["feed", "follow"])
    assert mean.alt_text.startswith("Mean: feed ")
    few = charts.spread(frame.iloc[[0, 1, 598, 599]], "seconds", "door", cases=True, order=["feed", "follow"])
    assert len(few.axes[0].collections) == 2 and "(cases from " in few.alt_text


def test_places_in_several_lists_are_lines_and_two_of_them_in_colour():
    table = pd.DataFrame({"money": [1, 2, 3], "truth": [3, 1, 2]}, index=["H1", "H2", "H3"])
    fig = charts.ranks(table, ["H1", "H2"], title="H1 falls")
    lines = {tuple(line.get_ydata()): line.get_color() for line in fig.axes[0].lines}
    assert lines == {(1, 3): charts.ACCENT, (2, 1): charts.BLUE, (3, 2): charts.FAINT}
    assert fig.axes[0].get_ylim()[0] > fig.axes[0].get_ylim()[1] and "H1 1, 3; H2 2, 1" in fig.alt_text
