"""The service desk by the hour: how much work arrives, and how many people a plan puts there."""

from __future__ import annotations

import numpy as np
import pandas as pd

from liveshop.charts.labels import legend_below, number, titled
from liveshop.charts.style import ACCENT, FAINT, INK, MUTED, figure, margins


def staffing(work, plans, title=None):
    """Work that arrives as bars, plans as steps, hour by hour.

    work: a Series by hour, in people who would be busy all the time (contacts an hour × hours each; Erlang);
    plans: {words: people by hour}, at most three; the last is the one to look at.
    Raises ValueError for more plans.
    """
    if len(plans) > 3:
        raise ValueError(f"The figure has room for three plans; {len(plans)} were given.")
    work = pd.Series(work)
    fig, ax = figure(height=3.9)
    margins(fig, bottom=1.0)
    ax.bar(work.index, work, width=0.9, color=FAINT, label="work")
    edges = np.append(work.index, work.index[-1] + 1) - 0.5
    styles = [(MUTED, "--"), *[(INK, ":")] * (len(plans) > 2), (ACCENT, "-")][-len(plans):]
    for (words, people), (colour, line) in zip(plans.items(), styles, strict=True):
        ax.stairs(np.asarray(people, float), edges, baseline=None, color=colour, linestyle=line, linewidth=2.2,
                  label=words)
    ax.set(xlabel="hour of the day", ylabel="people", xlim=(edges[0], edges[-1]), xticks=work.index[::3])
    ax.set_ylim(0, 1.12 * max(work.max(), *(max(people) for people in plans.values())))
    legend_below(ax, below=0.6)
    said = f"Work is largest at {work.idxmax()} h, {number(work.max(), 2)} people; " + "; ".join(
        f"{words}: {min(people):.0f}" + (f" to {max(people):.0f}" if max(people) > min(people) else "") + " people"
        for words, people in plans.items())
    return titled(fig, title, None, f"{said}.")
