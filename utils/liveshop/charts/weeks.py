"""Lines over weeks, with the weeks of a festival shaded."""

from __future__ import annotations

import numpy as np
import pandas as pd

from liveshop.charts.labels import format_axis, label_ends, number, ratio_axis, titled
from liveshop.charts.style import FAINT, GRID, INK, SERIES, figure, margins


def shade_festival(ax, weeks, festival):
    """Shade the weeks (places on the x axis, one apart) in which `festival` is True, and name the first."""
    weeks, festival = np.asarray(weeks), np.asarray(festival, bool)
    for week in weeks[festival]:
        ax.axvspan(week - 0.5, week + 0.5, color=GRID, linewidth=0, zorder=0)
    if festival.any():
        first = int(np.argmax(festival))
        long = int(np.argmin(np.append(festival[first:], False)))         # weeks of the first one
        ax.annotate("festival", (weeks[first:first + long].mean(), 1), xycoords=("data", "axes fraction"),
                    xytext=(0, -3), textcoords="offset points", ha="center", va="top", zorder=5)


def weeks(table, festival=None, title=None, subtitle=None, style=number, ylabel=None, log=False, zero=None):
    """The columns of a table as lines over its index, the weeks, each with its name at its end.

    table: numbers of weeks as index, a series a column · festival: True in the weeks to shade, one a row · style: how
    values are written · log: a logarithmic axis, for ratios and index numbers · zero: where a thin line stands, such as
    100 for an index. Without a log axis it begins at 0.
    """
    table = pd.DataFrame(table)
    fig, ax = figure(height=3.4)
    margins(fig, left=0.8)
    if zero is not None:
        ax.axhline(zero, color=FAINT, linewidth=1.2)
    for colour, name in zip([SERIES[1], INK, *SERIES[2:]], table, strict=False):
        ax.plot(table.index, table[name], color=colour, label=str(name))
    ax.set(xlim=(table.index[0] - 0.5, table.index[-1] + 0.5), xlabel="week", ylabel=ylabel)
    highest, lowest = np.nanmax(table.to_numpy(float)), np.nanmin(table.to_numpy(float))
    if log:
        ax.set_ylim(lowest / 1.2, highest * 1.35)
        ratio_axis(ax, "y", style)
    else:
        ax.set_ylim(min(0, 1.1 * lowest), highest * 1.15)
        format_axis(ax.yaxis, style)
    if festival is not None:
        shade_festival(ax, table.index, festival)
    label_ends(ax)
    said = "; ".join(f"{name} from {style(one.dropna().iloc[0])} to {style(one.dropna().iloc[-1])}"
                     for name, one in table.items())
    return titled(fig, title, subtitle, f"{title or 'By week'}. First and last week: {said}.")
