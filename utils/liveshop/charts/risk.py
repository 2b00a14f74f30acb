"""Losses: the colour matrix of a register, curves of a year's loss, and which assumption moves the answer."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from liveshop.charts.labels import format_axis, legend_below, money, number, row_names, titled
from liveshop.charts.style import ACCENT, BLUE, FAINT, INK, MUTED, PAPER, SAND, figure, margins

GREEN, AMBER, RED = "#dcebdf", "#f6e7c3", "#f3d3c0"     # light enough for black letters
SAFE, DANGER = 6, 10       # scores below the first are green, from the second on red


def risk_matrix(table, title=None, frequency=("yearly", "quarterly", "monthly", "weekly", "more often"),
                severity=("tiny", "small", "middle", "large", "ruin")):
    """The colour matrix: kinds of risk in the field of their band of frequency and severity.

    table: ``methods.risk.frequency_severity``: index of kinds, columns frequency_band, severity_band (1 to 5) and
    matrix_score, their product, which gives the colour. frequency, severity: names of the bands, the lowest first.
    """
    table = pd.DataFrame(table)
    fig, ax = figure(height=3.7)
    margins(fig, bottom=0.75)
    for row in range(1, len(severity) + 1):
        for column in range(1, len(frequency) + 1):
            score = row * column
            colour = GREEN if score < SAFE else AMBER if score < DANGER else RED
            ax.add_patch(_field(column, row, colour))
            ax.text(column - 0.46, row - 0.44, str(score), color=MUTED, va="bottom")
    for (column, row), kinds in table.groupby(["frequency_band", "severity_band"]).groups.items():
        ax.text(column, row + 0.08, "\n".join(map(str, kinds)), ha="center", va="center", linespacing=1.1)
    ax.set(xlim=(0.5, len(frequency) + 0.5), ylim=(0.5, len(severity) + 0.5), xlabel="how often", ylabel="how bad")
    ax.set_xticks(range(1, len(frequency) + 1), frequency)
    ax.set_yticks(range(1, len(severity) + 1), severity)
    ax.grid(False)
    for side in ax.spines.values():
        side.set_visible(False)
    ordered = table.matrix_score.sort_values(ascending=False, kind="stable")
    said = ", ".join(f"{kind} {score:.0f}" for kind, score in ordered.items())
    return titled(fig, title, None, f"Scores of the matrix: {said}.")


def _field(column, row, colour):
    return Rectangle((column - 0.5, row - 0.5), 1, 1, facecolor=colour, edgecolor=PAPER, linewidth=2)


def loss_curves(years, title=None, truth=None, level=0.95, xlabel="loss of a year, yuan", shortfalls=None):
    """Chance that a year costs more: a curve each for several models, on a logarithmic axis of chances.

    years: {words: losses of simulated years}; the last one is the one to look at. level: its worst share begins at the
    dotted line. shortfalls: {words: mean loss beyond it}, drawn as diamonds on that line. truth: the true shortfall, a
    diamond too.
    """
    fig, ax = figure(height=4.0)
    margins(fig, right=0.3, bottom=1.0)
    chances = np.geomspace(1, 0.002, 120)
    colours = [*[INK, BLUE, SAND][:len(years) - 1], ACCENT]
    for (words, losses), colour, line in zip(years.items(), colours, ["--", "-.", ":"][:len(years) - 1] + ["-"],
                                             strict=True):
        ax.plot(np.quantile(losses, 1 - chances), chances, color=colour, linestyle=line, label=words)
        if shortfalls and words in shortfalls:
            ax.plot(shortfalls[words], 1 - level, "D", color=colour, markeredgecolor=PAPER, markersize=9, zorder=4)
    ax.axhline(1 - level, color=MUTED, linewidth=1, linestyle=":")
    if truth is not None:
        ax.plot(truth, 1 - level, "D", markerfacecolor=PAPER, markeredgecolor=INK, markeredgewidth=2, markersize=9)
        ax.annotate(f"truth {money(truth)}", (truth, 1 - level), xytext=(0, 9), textcoords="offset points",
                    ha="center", fontweight="bold")
    ax.set(yscale="log", ylim=(0.002, 1.3), xlabel=xlabel, ylabel="chance of more")
    ax.set_yticks([1, 0.5, 0.2, 0.05, 0.01], ["100 %", "50 %", "20 %", "5 %", "1 %"])
    ax.minorticks_off()
    ax.set_xlim(0, 1.2 * truth if truth is not None and truth > ax.get_xlim()[1] else None)
    ax.locator_params(axis="x", nbins=5)
    format_axis(ax.xaxis, money)
    diamond = Line2D([], [], marker="D", linestyle="", color=MUTED, label="mean beyond")
    legend_below(ax, [*ax.get_legend_handles_labels()[0], *([diamond] if shortfalls else [])])
    said = "; ".join(f"{words}: {1 - level:.0%} of years cost more than {money(np.quantile(losses, level))}"
                     + (f", these {money(shortfalls[words])} on average" if shortfalls and words in shortfalls else "")
                     for words, losses in years.items())
    return titled(fig, title, None, f"{said}" + (f"; truth {money(truth)}." if truth is not None else "."))


def tornado(table, title=None, style=number, xlabel=None):
    """What each assumption moves: a bar from the outcome at its low end to that at its high end.

    table: ``methods.risk.tornado``: index of assumptions, columns at_low, at_high; ``.attrs["base"]`` is the line.
    """
    base = table.attrs["base"]
    fig, ax = figure(height=1.5 + 0.46 * len(table))
    margins(fig, right=0.5, bottom=0.62)
    row_names(ax, table.index.astype(str))
    for at, row in enumerate(table.itertuples()):
        ax.barh(at, row.at_low - base, left=base, color=SAND if row.at_low < base else ACCENT, height=0.55)
        ax.barh(at, row.at_high - base, left=base, color=SAND if row.at_high < base else ACCENT, height=0.55)
        for value in (row.at_low, row.at_high):
            ax.annotate(style(value), (value, at), xytext=(4 if value > base else -4, 0), va="center",
                        textcoords="offset points", ha="left" if value > base else "right")
    ax.axvline(base, color=INK, linewidth=1.5)
    span = table[["at_low", "at_high"]].to_numpy()
    room = 0.3 * (span.max() - span.min())
    ax.set(xlim=(span.min() - room, span.max() + room), ylim=(len(table) - 0.5, -0.7), xlabel=xlabel or "")
    ax.annotate(style(base), (base, -0.5), ha="center", va="center", fontweight="bold",
                bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 0.8})
    ax.grid(False)
    ax.grid(True, axis="x", color=FAINT, alpha=0.5)
    ax.locator_params(axis="x", nbins=5)
    format_axis(ax.xaxis, style)
    said = "; ".join(f"{row.Index} {style(row.at_low)} to {style(row.at_high)}" for row in table.itertuples())
    return titled(fig, title, None, f"At the base {style(base)}. {said}.")
