"""The desk by the hour: the figure draws the work and the plans that it is given."""

import numpy as np
import pandas as pd
import pytest

from liveshop import charts


def test_work_is_drawn_as_bars_and_plans_as_steps():
    work = pd.Series(np.linspace(0.2, 4.8, 24))
    fig = charts.staffing(work, {"mean": [4] * 24, "by hour": [1] * 12 + [6] * 12}, title="Two plans")
    (ax,) = fig.axes
    assert [bar.get_height() for bar in ax.containers[0]] == pytest.approx(work.tolist())
    steps = [patch.get_data().values.tolist() for patch in ax.patches if hasattr(patch, "get_data")]
    assert steps == [[4.0] * 24, [1.0] * 12 + [6.0] * 12]
    assert "largest at 23 h, 4.8 people" in fig.alt_text and "mean: 4 people; by hour: 1 to 6 people" in fig.alt_text


def test_more_plans_than_fit_are_refused():
    with pytest.raises(ValueError, match="three plans; 4"):
        charts.staffing(pd.Series([1.0, 2.0]), {name: [1, 1] for name in "abcd"})
