"""Places of the same units in several lists, side by side, a line a unit."""

from __future__ import annotations

from liveshop.charts.labels import titled
from liveshop.charts.style import ACCENT, BLUE, FAINT, TEXT, figure, margins


def ranks(table, highlight=(), title=None):
    """Lists side by side, the best at the top, and a line for each unit from list to list.

    table: places from 1, a row a unit, a column a list; highlight: up to two units drawn in colour, the others grey.
    """
    shades = dict(zip(highlight, (ACCENT, BLUE), strict=False))
    fig, ax = figure(height=1.5 + 0.27 * len(table))
    margins(fig, left=0.55, right=0.55)
    across = range(table.shape[1])
    for name, places in table.iterrows():
        ax.plot(across, places, "o-", color=shades.get(name, FAINT), zorder=3 if name in shades else 2)
        for at, side in ((0, "right"), (table.shape[1] - 1, "left")):
            ax.annotate(str(name), (at, places.iloc[at]), xytext=(-9 if at == 0 else 9, 0), textcoords="offset points",
                        ha=side, va="center", fontsize=TEXT)
    ax.set_xticks(across, table.columns)
    ax.set(ylim=(table.to_numpy().max() + 0.6, 0.4), xlim=(-0.25, table.shape[1] - 0.75), yticks=[])
    ax.spines[["left", "bottom"]].set_visible(False)
    ax.grid(False)
    said = "; ".join(f"{name} {', '.join(map(str, places))}" for name, places in table.iterrows())
    return titled(fig, title, None, f"Places in {' / '.join(map(str, table.columns))}: {said}.")
