"""A metric tree: a measure, the factors that multiply to it, who owns each, and what each did to the change."""

from __future__ import annotations

import pandas as pd
from matplotlib.patches import FancyBboxPatch

from liveshop.charts.labels import money, titled
from liveshop.charts.style import ACCENT, FAINT, INK, MUTED, PAPER, figure, margins

ROW = 0.78      # inches a factor


def metric_tree(root, factors, title=None):
    """A measure at the left, its factors at the right, one box each: owner, before → now, and its part of the change.

    root: (name, before, now) as words; factors: a DataFrame with one row a factor and the columns owner, before, now
    (words) and effect (yuan); the factor that took most away is in the accent colour, if any did.
    Raises KeyError for a column that is not there.
    """
    worst = factors["effect"].idxmin() if factors["effect"].min() < 0 else None
    fig, ax = figure(height=0.75 + ROW * len(factors))
    margins(fig, left=0.1, right=0.1, bottom=0.1)
    ax.set(xlim=(0, 1), ylim=(len(factors) - 0.5, -0.5))
    ax.set_axis_off()
    middle = (len(factors) - 1) / 2
    _box(ax, 0.0, middle, 0.27, INK)
    ax.text(0.135, middle, f"{root[0]}\n{root[1]}\n→ {root[2]}", ha="center", va="center", fontweight="bold")
    said = []
    for at, (name, row) in enumerate(factors.iterrows()):
        colour = ACCENT if name == worst else MUTED
        ax.plot([0.285, 0.335, 0.335, 0.385], [middle, middle, at, at], color=FAINT, linewidth=1.5)
        _box(ax, 0.4, at, 0.6, colour)
        effect = f"{'+' if row.effect >= 0 else '−'}{money(abs(row.effect))}"
        ax.text(0.42, at - 0.17, name, va="center", fontweight="bold")
        ax.text(0.98, at - 0.17, effect, va="center", ha="right", fontweight="bold", color=colour)
        ax.text(0.42, at + 0.2, row.owner, va="center", color=MUTED)
        ax.text(0.98, at + 0.2, f"{row.before} → {row.now}", va="center", ha="right")
        said.append(f"{name} ({row.owner}) {row.before} to {row.now}, {effect}")
    return titled(fig, title, None, f"{root[0]} from {root[1]} to {root[2]}: {'; '.join(said)}.")


def _box(ax, left, middle, width, colour):
    ax.add_patch(FancyBboxPatch((left + 0.01, middle - 0.37), width - 0.02, 0.74, boxstyle="round,pad=0.008",
                                facecolor=PAPER, edgecolor=colour, linewidth=1.6))


def factor_rows(before, now, owners, effects, styles):
    """The frame that `metric_tree` draws. before, now, effects: Series by factor; owners, styles: dicts by factor."""
    return pd.DataFrame({
        "owner": owners, "before": {name: styles[name](before[name]) for name in owners},
        "now": {name: styles[name](now[name]) for name in owners}, "effect": effects}).loc[list(owners)]
