"""Horizontal bars with their values: a panel a measure, one below the other, the same rows in each."""

from __future__ import annotations

import pandas as pd

from liveshop.charts.labels import titled
from liveshop.charts.style import ACCENT, FAINT, figure, margins


def bars(panels, title=None, subtitle=None):
    """Bars with their values at the end, in panels with the same rows, to compare two measures of the same things.

    panels: {what the bars show: (values, style, name)}; values: a Series by row names, none below zero; style: how they
    are written; name: the row in the accent colour.
    """
    panels = {label: (pd.Series(values), style, name) for label, (values, style, name) in panels.items()}
    rows = len(next(iter(panels.values()))[0])
    fig, axes = figure(height=0.6 + (0.75 + 0.34 * rows) * len(panels), rows=len(panels), sharey=True, squeeze=False)
    margins(fig, hspace=0.38)
    for ax, (label, (values, style, marked)) in zip(axes[:, 0], panels.items(), strict=True):
        colours = [ACCENT if name == marked else FAINT for name in values.index]
        ax.barh([str(name) for name in values.index], values, color=colours, height=0.6)
        for at, value in enumerate(values):
            ax.text(value, at, f" {style(value)}", va="center")
        ax.set(xlim=(0, 1.3 * values.max()), xticks=[], xlabel=label)
        ax.grid(False)
    axes[0, 0].invert_yaxis()
    said = "; ".join(f"{label}: " + ", ".join(f"{name} {style(value)}" for name, value in values.items())
                     for label, (values, style, _) in panels.items())
    return titled(fig, title, subtitle, f"{said}.")
