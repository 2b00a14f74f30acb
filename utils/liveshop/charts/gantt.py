"""A dated plan: who does what from when to when."""

from __future__ import annotations

import matplotlib.dates
import pandas as pd

from liveshop.charts.labels import row_names, titled
from liveshop.charts.style import ACCENT, FAINT, INK, figure, margins


def gantt(tasks, start=None, title=None):
    """Bars of tasks over time, in the order given (甘特图).

    tasks: columns task, begins and ends (dates, the last day included). start: the day of the launch, drawn as a line;
    tasks that begin on it or later are darker.
    """
    begins, ends = pd.to_datetime(tasks["begins"]), pd.to_datetime(tasks["ends"])
    fig, ax = figure(height=1.3 + 0.36 * len(tasks))
    margins(fig, right=0.25, bottom=0.45)
    row_names(ax, tasks["task"].tolist(), most=2.6)
    launch = None if start is None else pd.Timestamp(start)
    colours = [INK if launch is not None and day >= launch else FAINT for day in begins]
    ax.barh(range(len(tasks)), (ends - begins).dt.days + 1, left=matplotlib.dates.date2num(begins), height=0.55,
            color=colours)
    if launch is not None:
        ax.axvline(matplotlib.dates.date2num(launch), color=ACCENT, linewidth=2)
    ax.xaxis_date()
    ax.xaxis.set_major_locator(matplotlib.dates.MonthLocator())
    ax.xaxis.set_major_formatter(matplotlib.dates.DateFormatter("%b"))
    ax.invert_yaxis()
    ax.grid(False)
    ax.grid(True, axis="x")
    said = "; ".join(f"{task} {first:%d %b} to {last:%d %b}" for task, first, last in
                     zip(tasks["task"], begins, ends, strict=True))
    return titled(fig, title, None, f"Plan: {said}.")
