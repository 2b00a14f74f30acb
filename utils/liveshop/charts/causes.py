"""A map of causes: one lever, the stages that it touches, and those that follow."""

from __future__ import annotations

from matplotlib.patches import FancyBboxPatch

from liveshop.charts.labels import finding, wrap
from liveshop.charts.style import ACCENT, FAINT, INK, MUTED, PAPER, alt, figure, margins

WIDE, HIGH = 0.27, 0.26              # of a box, in shares of the figure


def cause_map(places, links, lever, touched, moves, title=None, sentence=None):
    """A map that never moves: the lever in the middle, the stages around it, arrows from cause to effect.

    places: {stage: (x, y)}, the middle of its box in shares of the figure; links: {stage: the stage that follows, or
    None}; lever: its name; touched: {stage: lines of text that say what the lever does there}; moves: {stage: 1, −1 or
    0}, what becomes more, less or is pulled both ways in the end, stages that stay as they are left out. Touched stages
    are in the accent colour, those that follow in ink.
    """
    fig, ax = figure(height=3.9)
    margins(fig, left=0.02, right=0.02, top=0.02, bottom=0.02)
    ax.set(xlim=(0, 1), ylim=(0, 1))
    ax.set_axis_off()
    for stage, following in links.items():
        if following:
            lively = stage in moves
            _arrow(ax, places[stage], places[following], INK if lively else FAINT)
    for stage in touched:
        _arrow(ax, (0.5, 0.5), places[stage], ACCENT)
    _box(ax, (0.5, 0.5), 0.62, 0.13, INK, [(lever, INK, "bold")])
    ends = {1: "in the end: more", -1: "in the end: less", 0: "pulled both ways"}
    for stage, place in places.items():
        colour = ACCENT if stage in touched else INK if stage in moves else FAINT
        lines = [(line, INK if stage in moves else MUTED, "bold") for line in wrap(stage, 1.15).split("\n")]
        lines += [(line, ACCENT, "normal") for line in touched.get(stage, [])]
        if stage in moves and (stage not in touched or not moves[stage]):
            lines.append((ends[moves[stage]], INK, "normal"))
        _box(ax, place, WIDE, HIGH + 0.05 * (len(lines) > 4), colour, lines)
    if title:
        finding(fig, title)
    return alt(fig, sentence or f"{lever}: {', '.join(touched)}")


def _box(ax, middle, width, height, colour, lines):
    """A box with lines of (text, colour, weight)."""
    x, y = middle
    ax.add_patch(FancyBboxPatch((x - width / 2, y - height / 2), width, height, boxstyle="round,pad=0.01",
                                facecolor=PAPER, edgecolor=colour, linewidth=1.8, zorder=3))
    for at, (text, ink, weight) in enumerate(lines):
        ax.text(x, y + 0.05 * ((len(lines) - 1) / 2 - at), text, ha="center", va="center", color=ink, fontweight=weight,
                zorder=4)


def _arrow(ax, start, end, colour):
    """An arrow that ends at the edge of the box around `end`: at its side, or at its top or foot."""
    (x0, y0), (x1, y1) = start, end
    if abs(y1 - y0) < 0.1:
        tip = (x1 - (WIDE / 2 + 0.02) * (1 if x1 > x0 else -1), y1)
    else:
        tip = (x1, y1 + (HIGH / 2 + 0.02) * (1 if y0 > y1 else -1))
    ax.annotate("", xy=tip, xytext=start, zorder=2,
                arrowprops={"arrowstyle": "-|>", "color": colour, "linewidth": 2, "mutation_scale": 14})
