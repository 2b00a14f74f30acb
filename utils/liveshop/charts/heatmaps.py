"""A table of numbers as colours, each with its number: where it is much and where little, at one glance."""

from __future__ import annotations

import numpy as np
import pandas as pd

from liveshop.charts.labels import percent, row_names, titled
from liveshop.charts.style import ACCENT, INK, PAPER, TEXT, figure, margins


def heat_map(table, title=None, xlabel="", ylabel="", style=percent, low=None, high=None, alt=None):
    """A heat map (seaborn): one row of the table a row, light for little and dark for much, the number in each field.

    table: numbers, with the names of rows and columns as they should stand there; at most ten columns, so that the
    numbers stay legible on a phone · style: how a number is written · low, high: the ends of the colour scale · alt:
    the alternative text; without it the smallest and the largest field are named. Empty fields stay white.
    Raises ValueError for a table without numbers or with more columns.
    """
    import seaborn as sns
    from matplotlib.colors import LinearSegmentedColormap

    table = pd.DataFrame(table).astype(float)
    if not np.isfinite(table.to_numpy()).any():
        raise ValueError("The table of a heat map needs at least one number.")
    if table.shape[1] > 10:
        raise ValueError(f"A heat map has room for ten columns; this table has {table.shape[1]}.")
    fig, ax = figure(height=1.35 + 0.4 * len(table))
    written = table.map(lambda value: style(value) if np.isfinite(value) else "")
    shades = LinearSegmentedColormap.from_list("house", [PAPER, "#f3d3c0", ACCENT, "#7c2d12"])
    sns.heatmap(table, ax=ax, annot=written.to_numpy(), fmt="", cmap=shades, vmin=low, vmax=high, cbar=False,
                linewidths=1.5, linecolor=PAPER, annot_kws={"fontsize": TEXT})
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.tick_params(axis="both", length=0, rotation=0)
    at = ax.get_yticks()
    row_names(ax, table.index.astype(str))
    ax.set_yticks(at, ax.get_yticklabels())
    ax.tick_params(colors=INK)
    margins(fig, left=fig.subplotpars.left * fig.get_size_inches()[0], bottom=0.6)
    stacked = table.stack()
    ends = [(" and ".join(map(str, place)), style(stacked[place])) for place in (stacked.idxmin(), stacked.idxmax())]
    said = alt or f"Smallest at {ends[0][0]}: {ends[0][1]}; largest at {ends[1][0]}: {ends[1][1]}."
    return titled(fig, title, None, said)
