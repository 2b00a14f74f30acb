"""An effect period by period, before the start and after it."""

from __future__ import annotations

from liveshop.charts.labels import format_axis, percent, titled
from liveshop.charts.style import ACCENT, INK, MUTED, SAND, figure, margins


def event_study(effects, title=None, style=percent, ylabel="treated against the others",
                xlabel="weeks since the start", base="the last before the start"):
    """The effects of ``methods.panel.event_study``: estimates with their band by period since the start.

    effects: index event (−1 is the last before the start), columns estimate, low, high, already in the unit of the
    axis; style: how the axis is written; base: what stands at 0, in words.
    """
    fig, ax = figure(height=3.6)
    margins(fig, right=0.2, bottom=0.65)
    ax.fill_between(effects.index, effects["low"], effects["high"], color=SAND, alpha=0.4, linewidth=0)
    ax.axhline(0, color=MUTED, linewidth=1)
    ax.axvline(-0.5, color=ACCENT, linewidth=1.5)
    ax.plot(effects.index, effects["estimate"], "o-", color=INK, markersize=5, linewidth=1.2)
    ax.annotate("start", (-0.5, 1), xycoords=("data", "axes fraction"), xytext=(-5, -4), textcoords="offset points",
                ha="right", va="top", color=ACCENT)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    format_axis(ax.yaxis, style)
    before = effects.loc[(effects.index < 0) & (effects["low"] < effects["high"]), "estimate"]
    after = effects.loc[effects.index >= 0, "estimate"]
    said = f"from the start on {style(after.min())} to {style(after.max())}."
    if len(before):
        said = f"before the start {style(before.min())} to {style(before.max())}, " + said
    return titled(fig, title, None, f"Estimates by period, {base} as the base: {said}")
