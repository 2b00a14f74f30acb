"""Two answers to one question, row by row: the naive one hollow above, the better one filled below it."""

from __future__ import annotations

import matplotlib.ticker
import numpy as np
import pandas as pd

from liveshop.charts.labels import format_axis, legend_below, number, ratio_axis, row_names, titled, wrap
from liveshop.charts.style import ACCENT, FAINT, INK, MUTED, PAPER, WIDTH, figure, margins


def paired(table, title=None, style=number, xlabel=None, zero=0.0, log=False):
    """Estimates in pairs, each with its interval: a question a row, and in it one answer below the other.

    table: columns estimate, low, high, rows by two levels: the question, and who answers; the first answer of all is
    drawn hollow, the last filled. A column truth, where there is one, is drawn as a stroke. zero: where the line of no
    effect stands; log: draw on a logarithmic axis, for ratios (then zero is 1); style: how values are written.
    """
    table = pd.DataFrame(table)
    questions, answers = (list(dict.fromkeys(table.index.get_level_values(level))) for level in (0, 1))
    fig, ax = figure(height=1.5 + (0.2 * len(answers) + 0.22) * len(questions))
    margins(fig, right=0.3, bottom=1.0 if xlabel else 0.75)
    row_names(ax, questions)
    step = 0.32 / max(1, len(answers) - 1)
    for place, answer in enumerate(answers):
        rows = table.xs(answer, level=1).reindex(questions)
        at = np.arange(len(questions)) + (place - (len(answers) - 1) / 2) * step * (len(answers) > 1)
        last = place == len(answers) - 1
        colour = INK if last else MUTED
        ax.hlines(at, rows.low, rows.high, color=colour, linewidth=2.5 if last else 1.6)
        ax.plot(rows.estimate, at, "o", color=colour, markerfacecolor=colour if last else PAPER, markersize=7,
                label=answer)
        if "truth" in rows and rows.truth.notna().any():
            ax.plot(rows.truth, at, "|", color=ACCENT, markersize=13, markeredgewidth=3,
                    label="truth" if last else "_")
    ax.axvline(1 if log else zero, color=FAINT, linewidth=1)
    ax.set_ylim(len(questions) - 0.4, -0.6)
    ax.grid(False)
    ax.grid(True, axis="x")
    if log:
        ends = np.append(table[["low", "high", "estimate"]].to_numpy(float).ravel(), 1)
        room = (ends.max() / ends.min()) ** 0.06
        ax.set_xlim(ends.min() / room, ends.max() * room)
        ratio_axis(ax, style=style)
    else:
        ax.margins(x=0.06)
        ax.xaxis.set_major_locator(matplotlib.ticker.MaxNLocator(5))
        format_axis(ax.xaxis, style)
    if xlabel:
        ax.set_xlabel(wrap(xlabel, WIDTH - 1.5))
    legend_below(ax, below=0.62 if xlabel else 0.4)
    said = "; ".join(
        f"{question}, {answer}: {style(row.estimate)} ({style(row.low)} to {style(row.high)})"
        + (f", truth {style(row.truth)}" if "truth" in row and np.isfinite(row.truth) else "")
        for (question, answer), row in table.iterrows())
    return titled(fig, title, None, f"{said}.")
