"""The figures of a programme: its effect by period, and its plan over time."""

import pandas as pd

from liveshop import charts


def test_an_event_study_says_what_lies_before_and_after_the_start():
    effects = pd.DataFrame({"estimate": [0.02, 0.0, 0.2, 0.3]}, index=[-2, -1, 0, 1])
    effects["low"], effects["high"] = effects.estimate - 0.1, effects.estimate + 0.1
    effects.loc[-1] = 0.0
    fig = charts.event_study(effects, "It works")
    assert fig.alt_text.endswith("before the start 2 % to 2 %, from the start on 20 % to 30 %.") or \
        fig.alt_text.endswith("before the start 2% to 2%, from the start on 20% to 30%.")
    effects.loc[-1] = -0.02, -0.1, 0.1
    mean = charts.event_study(effects, base="the mean before the start")
    assert "the mean before the start as the base: before the start −2" in mean.alt_text
    line = next(one for one in fig.axes[0].lines if len(one.get_xdata()) == 4)
    assert list(line.get_ydata()) == [0.02, 0.0, 0.2, 0.3]


def test_the_bars_of_a_plan_lie_on_their_days_in_the_order_given():
    tasks = pd.DataFrame({"task": ["train", "show"], "begins": ["2025-05-05", "2025-06-02"],
                          "ends": ["2025-05-11", "2025-06-08"]})
    fig = charts.gantt(tasks, "2025-06-02", "A plan")
    bars = fig.axes[0].patches
    assert [bar.get_width() for bar in bars] == [7, 7] and bars[1].get_x() - bars[0].get_x() == 28
    assert bars[0].get_facecolor() != bars[1].get_facecolor() and fig.axes[0].yaxis_inverted()
    assert fig.alt_text == "Plan: train 05 May to 11 May; show 02 Jun to 08 Jun."
