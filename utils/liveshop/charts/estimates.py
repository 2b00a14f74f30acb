"""Estimates: with their intervals beside the truth, in order of rank, and a change taken apart."""

from __future__ import annotations

import matplotlib.ticker
import numpy as np
import pandas as pd

from liveshop.charts.labels import (
    format_axis,
    legend_below,
    money,
    number,
    percent,
    ratio_axis,
    row_names,
    titled,
    wrap,
)
from liveshop.charts.style import ACCENT, BLUE, FAINT, INK, MUTED, PAPER, WIDTH, figure, margins


def intervals(table, title=None, truth=None, style=number, xlabel=None, zero=0.0, labels=None, ratios=False,
              line="truth"):
    """Estimates with intervals, one row each, and the truth as a line: naive, better, true.

    ``table``: ``methods.effects.compare(...)``, or any frame with columns estimate, low, high and the
    names as its index. A row called truth, or ``truth=``, is drawn as the line; where each row has a truth
    of its own, a column truth, as a stroke in the row. ``zero``: where a thin line stands for no effect, None
    for none; ``labels``: {name: words}; ``style``: how values are written; ``ratios``: they are ratios, on a
    logarithmic axis, and 1 is no effect; ``line``: what the line of ``truth`` is called.
    """
    table = pd.DataFrame(table)
    if "truth" in table.index:
        truth = float(table.loc["truth", "estimate"]) if truth is None else truth
        table = table.drop(index="truth")
    names = [(labels or {}).get(name, str(name)) for name in table.index]
    fig, ax = figure(height=1.65 + 0.44 * len(table))
    margins(fig, right=0.3, bottom=0.62 if xlabel else 0.42)
    row_names(ax, names)
    at = np.arange(len(table))
    estimate, low, high = (table[column].to_numpy(float) for column in ("estimate", "low", "high"))
    ax.hlines(at, low, high, color=MUTED, linewidth=2.5)
    ax.plot(estimate, at, "o", color=INK, markersize=8)
    own = table["truth"].to_numpy(float) if "truth" in table else np.full(len(table), np.nan)
    ax.plot(own, at, "|", color=ACCENT, markersize=20, markeredgewidth=3)
    for y, value in zip(at, estimate, strict=True):
        ax.annotate(style(value), (value, y), xytext=(0, 8), textcoords="offset points", ha="center",
                    bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 0.8})
    zero = 1.0 if ratios and zero == 0 else zero
    if zero is not None:
        ax.axvline(zero, color=FAINT, linewidth=1)
    if truth is not None:
        ax.axvline(truth, color=ACCENT, linewidth=2)
        ax.annotate(f"{line} {style(truth)}", (truth, len(table) - 0.45), color=ACCENT, ha="center", va="center",
                    fontweight="bold", bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1.5})
    ax.set_ylim(len(table) - (0.2 if truth is not None else 0.5), -0.75)
    ax.margins(x=0.1)
    ax.grid(False)
    ax.grid(True, axis="x")
    if ratios:
        ends = [*estimate, *low, *high, *(value for value in (truth, zero) if value is not None)]
        ax.set_xlim(np.nanmin(ends) / 1.15, np.nanmax(ends) * 1.15)
        ratio_axis(ax, style=style)
    else:
        format_axis(ax.xaxis, style)
        ax.xaxis.set_major_locator(matplotlib.ticker.MaxNLocator(5))
    if xlabel:
        ax.set_xlabel(wrap(xlabel, WIDTH - 1.5))
    said = "; ".join(f"{name} {style(value)}" + (f" ({style(least)} to {style(most)})" if np.isfinite(least) else "")
                     + (f", truth {style(true)}" if np.isfinite(true) else "")
                     for name, value, least, most, true in zip(names, estimate, low, high, own, strict=True))
    return titled(fig, title, None, f"Estimates: {said}" + (f"; {line} {style(truth)}." if truth is not None else "."))


def ranking(table, title=None, xlabel="against the average host", style=percent, raw="raw"):
    """Units in order of a fair estimate, with interval; the raw figure as a hollow dot beside it.

    ``table``: ``methods.hosts.scorecard``: index of names, columns raw, estimate, low, high.
    """
    table = table.sort_values("estimate")
    at = np.arange(len(table))
    fig, ax = figure(height=1.75 + 0.33 * len(table))
    margins(fig, bottom=0.75)
    row_names(ax, table.index.astype(str))
    ax.hlines(at, table["low"], table["high"], color=FAINT, linewidth=3)
    if raw in table:
        ax.plot(table[raw], at, "o", markerfacecolor=PAPER, markeredgecolor=MUTED, markersize=7, label=raw)
    ax.plot(table["estimate"], at, "o", color=ACCENT, markersize=8, label="fair")
    ax.axvline(0, color=MUTED, linewidth=1)
    ax.set_ylim(-0.6, len(table) - 0.4)
    ax.grid(False)
    ax.grid(True, axis="x")
    format_axis(ax.xaxis, style)
    ax.set_xlabel(xlabel)
    if raw in table:
        legend_below(ax)
    best = table.iloc[-1]
    return titled(fig, title, None, f"Fair estimates with intervals: {table.index[-1]} leads with "
                                    f"{style(best['estimate'])} ({style(best['low'])} to {style(best['high'])}).")


_FACTORS = {"mix": "mix of sources", "product_clicks_per_viewers": "clicks per viewer",
            "product_clicks_per_views": "clicks per view", "orders_per_product_clicks": "orders per click",
            "gmv_per_orders": "GMV per order"}


def waterfall(decomposition, title=None, labels=None, start="Before", end="After", style=money):
    """The parts of a change as steps from the old total to the new one (``methods.decomposition``).

    ``labels``: {factor: words}; ``start``, ``end``: names of the two totals; ``style``: how values are written.
    """
    effects = decomposition.table()["effect"]
    words = {**_FACTORS, **(labels or {})}
    names = [start, *[words.get(name, str(name).replace("_", " ")) for name in effects.index], end]
    values = effects.to_numpy()

    def signed(value):
        return ("+" if value >= 0 else "−") + style(abs(value))

    bottoms = decomposition.before + np.concatenate([[0], np.cumsum(values)])
    fig, ax = figure(height=max(2.6, 1.35 + 0.42 * len(names)))
    margins(fig, right=0.75, bottom=0.2)
    row_names(ax, names)
    last = len(names) - 1
    ax.barh([0, last], [decomposition.before, decomposition.after], color=FAINT, height=0.6)
    span = max(decomposition.before, decomposition.after, bottoms.max())
    for at, value in enumerate(values, 1):
        colour = ACCENT if value < 0 else BLUE
        ax.barh(at, value, left=bottoms[at - 1], color=colour, height=0.6)
        right = max(bottoms[at - 1], bottoms[at])
        ax.text(right + span * 0.01, at, signed(value), va="center", color=colour)
        ax.plot([bottoms[at]] * 2, [at - 0.3, at + 0.7], color=MUTED, linewidth=0.8)
    ax.plot([decomposition.before] * 2, [-0.3, 0.7], color=MUTED, linewidth=0.8)
    for at, value in ((0, decomposition.before), (last, decomposition.after)):
        ax.text(value + span * 0.01, at, style(value), va="center")
    ax.invert_yaxis()
    ax.set_xlim(min(0, bottoms.min()), span * 1.04)
    ax.set_xticks([])
    ax.grid(False)
    ax.spines["bottom"].set_visible(False)
    said = ", ".join(f"{name} {signed(value)}" for name, value in zip(names[1:-1], values, strict=True))
    return titled(fig, title, None, f"From {style(decomposition.before)} to {style(decomposition.after)}: {said}.")
