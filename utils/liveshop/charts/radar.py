"""Scores of a few areas as a shape: spokes from the middle, a line a shop."""

from __future__ import annotations

import numpy as np
import pandas as pd

from liveshop.charts.labels import legend_below, titled
from liveshop.charts.style import FAINT, MUTED, SERIES, figure, margins


def radar(scores, most, title=None, height=3.9):
    """A radar (雷达图): a spoke an area, a line a row of the table; rings at a third, two thirds and all of `most`.

    scores: a table with a row a shop and a column an area, at least three areas, from 0 to `most`; most: the most that
    an area can have. The area of a shape means nothing: it depends on the order of the spokes. Compare spokes.
    Raises ValueError for fewer than three areas and for scores off the scale.
    """
    table = pd.DataFrame(scores).astype(float)
    if table.shape[1] < 3:
        raise ValueError(f"A radar needs three areas or more; this table has {table.shape[1]}.")
    if not ((table >= 0) & (table <= most)).all(axis=None):
        raise ValueError(f"A radar draws scores from 0 to {most:g}.")
    angles = np.pi / 2 - 2 * np.pi * np.arange(table.shape[1]) / table.shape[1]
    along, up = np.cos(angles), np.sin(angles)
    fig, ax = figure(height=height)
    margins(fig, left=0.3, right=0.3, bottom=0.5 if len(table) > 1 else 0.15)
    for ring in (1 / 3, 2 / 3, 1):
        ax.plot(*(np.append(part, part[0]) * ring for part in (along, up)), color=FAINT, linewidth=0.8)
    ax.plot(*(np.vstack([0 * part, part]) for part in (along, up)), color=FAINT, linewidth=0.8)
    looks = [(colour, line) for line in ("-", "--") for colour in SERIES]
    looks[1] = (SERIES[1], "--")                   # two shops differ in grey too
    for (name, row), (colour, line) in zip(table.iterrows(), looks, strict=False):
        share = row.to_numpy() / most
        x, y = (np.append(part * share, part[0] * share[0]) for part in (along, up))
        ax.fill(x, y, color=colour, alpha=0.12)
        ax.plot(x, y, "o", linestyle=line, color=colour, label=str(name), markersize=6)
    for name, x, y in zip(table, along, up, strict=True):
        side = "center" if abs(x) < 0.1 else "left" if x > 0 else "right"
        ax.text(1.1 * x, 1.13 * y, str(name), ha=side, va="center")
    ax.text(0.03, 1.0, f"{most:g}", color=MUTED, va="top")
    ax.set(xlim=(-1.9, 1.9), ylim=(-1.22, 1.22), xticks=[], yticks=[], aspect="equal")
    ax.grid(False)
    for spine in ax.spines.values():
        spine.set_visible(False)
    if len(table) > 1:
        legend_below(ax, below=0.1)
    said = "; ".join(f"{name}: " + ", ".join(f"{area} {value:g}" for area, value in row.items())
                     for name, row in table.iterrows())
    return titled(fig, title, None, f"Points of at most {most:g}. {said}.")
