"""The standard figure of what a method made of a planted truth over twenty seasons simulated anew."""

from __future__ import annotations

import numpy as np
from matplotlib.lines import Line2D

from liveshop.charts.labels import format_axis, legend_below, number, percent, titled, wrap
from liveshop.charts.style import ACCENT, FAINT, INK, MUTED, PAPER, TEXT, WIDTH, figure, margins


def recovered(tables, methods, title=None, style=number, relative=False, xlabel=None):
    """How far each method was off: a row a method, a stroke a season, their mean, and the rest in words.

    tables: the course's own, with recovered.json beside them (`load`); methods: {words: (truth, method)}, the truth and
    the method as `tables.recovered` names them, a method of several truths in several rows; relative: draw estimate /
    truth − 1 instead of estimate − truth, for truths that are not zero; style: how an error is written, per cent where
    relative; xlabel: what is off, with its unit. A season whose 95 % interval misses the truth has a cross. Sign is the
    share of seasons in which estimate and truth have one sign, of those whose truth is not zero; it is not said of
    relative errors, nor where it is all.
    Raises KeyError for a truth or method that recovered.json lacks, ValueError for a relative error of a truth of zero.
    """
    style = percent if relative else style
    said, rows, seeds = [], [], set()
    for words, (truth, method) in methods.items():
        seasons = tables.recovered_seasons(truth, method)
        seeds |= set(seasons.index)
        if relative and (seasons.true == 0).any():
            raise ValueError(f"{truth} is 0 in a season: an error relative to it is not defined")
        error = seasons.estimate / seasons.true - 1 if relative else seasons.estimate - seasons.true
        there = seasons.low.notna() & seasons.high.notna()
        holds = seasons.true.between(seasons.low, seasons.high) & there
        off = ("+" if error.mean() > 0 else "") + style(error.mean())
        parts = [f"{off} on average"]
        if there.any():
            parts.append(f"{holds.sum()} of {there.sum()} intervals hold")
        known = seasons[seasons.true != 0]
        right = (np.sign(known.estimate) == np.sign(known.true)).sum()
        if not relative and right < len(known):
            parts.append(f"sign right in {right} of {len(known)}")
        rows.append((error.to_numpy(float), (there & ~holds).to_numpy(), words, ", ".join(parts)))
        said.append(f"{words} {', '.join(parts)}")
    fig, ax = figure(height=1.5 + 0.78 * len(rows))
    margins(fig, left=0.3, right=0.3, bottom=0.95)
    ends = np.concatenate([[0.0], *(error for error, *_ in rows)])
    room = 0.05 * (ends.max() - ends.min())
    ax.set_xlim(ends.min() - room, ends.max() + room)
    ax.axvline(0, color=ACCENT, linewidth=2)
    for at, (error, missed, name, words) in enumerate(rows):
        ax.plot(error[~missed], np.full((~missed).sum(), at), "|", color=MUTED, markersize=13, markeredgewidth=1.3)
        ax.plot(error[missed], np.full(missed.sum(), at), "x", color=INK, markersize=6)
        ax.plot(error.mean(), at, "D", color=INK, markeredgecolor=PAPER, markersize=8)
        for line, weight, text in ((0.46, "bold", name), (0.24, "normal", words)):
            ax.text(0, at - line, text, transform=ax.get_yaxis_transform(), va="center", fontsize=TEXT,
                    fontweight=weight, bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 0.5})
    ax.set_ylim(len(rows) - 0.75, -0.65)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    ax.grid(False)
    ax.grid(True, axis="x", color=FAINT)
    format_axis(ax.xaxis, style)
    ax.locator_params(axis="x", nbins=5)
    ax.set_xlabel(wrap(xlabel or ("estimate against the truth" if relative else "estimate less truth"), WIDTH - 0.6))
    handles = [Line2D([], [], marker="|", linestyle="", color=MUTED, markersize=12, label="a season"),
               Line2D([], [], marker="D", linestyle="", color=INK, label="mean"),
               Line2D([], [], color=ACCENT, linewidth=2, label="no error")]
    if any(missed.any() for _, missed, *_ in rows):
        handles.insert(1, Line2D([], [], marker="x", linestyle="", color=INK, label="interval misses"))
    legend_below(ax, handles)
    return titled(fig, title, None, f"Over {len(seeds)} seasons simulated anew: {'; '.join(said)}.")
