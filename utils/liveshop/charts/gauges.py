"""The gauges of the control desk over one broadcast, one below the other."""

from __future__ import annotations

import matplotlib.ticker
import numpy as np

from liveshop.charts.labels import titled
from liveshop.charts.style import ACCENT, GRID, INK, SAND, figure, margins


def gauges(minutes, levels, limit, title=None, subtitle=None):
    """How far each gauge stood above the expected, minute by minute, and where it passed the limit.

    minutes: rows of one broadcast with minute, and slot_no where known: a change of product is a thin line; levels: one
    column a gauge, as long, in units of an ordinary minute (``Desk.charts``). Below zero, better than expected, is
    drawn as zero.
    """
    x = minutes["minute"].to_numpy()
    fig, axes = figure(height=1.1 + 0.8 * levels.shape[1], rows=levels.shape[1], sharex=True, squeeze=False)
    margins(fig, left=1.15, hspace=0.25)
    top = max(1.6 * limit, 1.1 * float(np.nanmax(levels.to_numpy())))
    said = []
    for ax, name in zip(axes[:, 0], levels, strict=True):
        level = levels[name].clip(lower=0).to_numpy()
        if "slot_no" in minutes:
            for change in x[1:][np.diff(minutes["slot_no"].to_numpy()) != 0]:
                ax.axvline(change, color=GRID, linewidth=1)
        ax.fill_between(x, level, color=SAND, alpha=0.45, linewidth=0)
        ax.plot(x, level, color=INK, linewidth=1.3)
        ax.axhline(limit, color=ACCENT, linewidth=1.2)
        beyond = level > limit
        ax.plot(x[beyond], level[beyond], "o", color=ACCENT, markersize=4)
        ax.set(ylim=(0, top), xlim=(x[0], x[-1]))
        ax.yaxis.set_major_locator(matplotlib.ticker.FixedLocator([0, limit]))
        ax.grid(False)
        ax.text(-0.1, 0.5, name, transform=ax.transAxes, ha="right", va="center")
        said.append(f"{name} {'from minute ' + str(x[beyond][0]) if beyond.any() else 'never'}")
    axes[-1, 0].set_xlabel("minute of the broadcast; thin lines: a change of product")
    return titled(fig, title, subtitle, f"Gauges beyond the limit of {limit:g}: {'; '.join(said)}.")
