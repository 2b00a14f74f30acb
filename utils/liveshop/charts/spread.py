"""How values scatter: a distribution a row, drawn by seaborn."""

from __future__ import annotations

import matplotlib.ticker
import numpy as np

from liveshop.charts.labels import format_axis, number, row_names, titled, wrap
from liveshop.charts.style import ACCENT, FAINT, INK, MUTED, PAPER, WIDTH, figure, margins


def spread(frame, value, by, title=None, style=number, xlabel=None, log=False, ticks=None, zero=None, order=None,
           middle="median", cases=False):
    """The distribution of a value in each group (seaborn's boxenplot), and its middle as a dot with its number.

    frame: one row a case; value: its column; by: the column of the groups; order: the groups from the top, otherwise by
    their middle, the highest first; middle: "median" or "mean"; log: logarithmic axis, for values above zero; ticks:
    where the axis carries numbers; zero: where a line stands. Boxes hold the middle half, then quarter by quarter;
    cases: a dot for each case instead, for groups too small for boxes.
    """
    import seaborn as sns

    frame = frame[[value, by]].dropna()
    middles = frame.groupby(by)[value].agg(middle)
    order = list(order if order is not None else middles.sort_values(ascending=False).index)
    fig, ax = figure(height=1.25 + 0.5 * len(order))
    margins(fig, right=0.3, bottom=0.6)
    if cases:
        sns.stripplot(data=frame, x=value, y=by, order=order, orient="h", color=MUTED, ax=ax, size=7, jitter=False,
                      alpha=0.6, log_scale=log or None)
    else:
        sns.boxenplot(data=frame, x=value, y=by, order=order, orient="h", color=FAINT, ax=ax, width=0.62,
                      linewidth=0.6, linecolor=PAPER, showfliers=False, log_scale=log or None, width_method="linear",
                      line_kws={"alpha": 0})
    row_names(ax, map(str, order))
    for at, group in enumerate(order):
        ax.plot(middles[group], at, "D", color=INK, markeredgecolor=PAPER, markersize=8, zorder=4)
        ax.annotate(style(middles[group]), (middles[group], at), xytext=(0, 7), textcoords="offset points", ha="center",
                    fontweight="bold", bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 0.4, "alpha": 0.8})
    if zero is not None:
        ax.axvline(zero, color=ACCENT, linewidth=2)
    if ticks is not None:
        ax.set_xticks(ticks)
        ax.xaxis.set_minor_locator(matplotlib.ticker.NullLocator())
    ax.set_ylim(len(order) - 0.45, -0.75)
    ax.grid(False)
    ax.grid(True, axis="x", color=MUTED, alpha=0.25)
    format_axis(ax.xaxis, style)
    ax.set_ylabel("")
    ax.set_xlabel(wrap(xlabel, WIDTH - 1.5) if xlabel else "")
    ends, what = (np.array([0.0, 1.0]), "cases from") if cases else (np.array([0.25, 0.75]), "middle half")
    parts = frame.groupby(by)[value].quantile(ends).unstack().to_numpy()
    parts = dict(zip(middles.index, parts, strict=True))
    said = "; ".join(f"{group} {style(middles[group])} ({what} {style(parts[group][0])} to {style(parts[group][1])})"
                     for group in order)
    return titled(fig, title, None, f"{middle.capitalize()}: {said}.")

