"""Users won, kept and lost, period by period."""

from __future__ import annotations

import numpy as np

from liveshop.charts.labels import finding, format_axis, number, readable
from liveshop.charts.style import ACCENT, FAINT, INK, MUTED, SAND, alt, figure


def accounts(months, title):
    """The growth accounting as bars: above the line who was active (kept, revived, new), below it who stayed away.

    months: ``methods.growth.growth_accounting``, its first period left out: all of them are new in it.
    """
    names = [f"{period:%b}" if hasattr(period, "strftime") else str(period) for period in months.index]
    fig, ax = figure()
    parts = [("kept", FAINT, 1), ("revived", SAND, 1), ("new", INK, 1), ("lost", ACCENT, -1)]
    above, last = np.zeros(len(months)), len(months) - 0.5
    for name, colour, sign in parts:
        height = sign * months[name].to_numpy(float)
        bottom = above if sign > 0 else np.zeros(len(months))
        ax.bar(names, height, bottom=bottom, color=colour)
        ax.annotate(name, (last, bottom[-1] + height[-1] / 2), va="center", annotation_clip=False,
                    color=MUTED if colour == FAINT else readable(colour))
        above = above + height if sign > 0 else above
    ax.axhline(0, color=INK, linewidth=1)
    ax.set(ylabel="persons", xlim=(-0.6, len(months) + 0.2))
    format_axis(ax.yaxis, number)
    finding(ax, title, "above the line the active; below it the active of the period before who stayed away")
    now = months.iloc[-1]
    return alt(fig, f"Bars by period. {title}; in {names[-1]} {now.active:,.0f} were active and {now.lost:,.0f} lost.")
