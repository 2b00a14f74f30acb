"""The house style and the standard figures.

Importing this module sets the style for every matplotlib figure that follows: text of at least
10 points at 7 × 4 inches (legible on a phone), no frame, few grid lines, one accent colour, colours
that differ in lightness so that they survive grey print and colour blindness.

A figure says one thing and its title says it: ``charts.finding(ax, "Giveaways buy visitors, not
buyers")``. End a cell with ``charts.show(fig, "what the figure shows, in one sentence")``: the
sentence becomes the alternative text of the image in the book, in JupyterLab and on GitHub.

Charts draw what they are given; they compute no measure of their own.
"""

from __future__ import annotations

import base64
import html
import io
import textwrap

import matplotlib
import matplotlib.ticker
import numpy as np
import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

INK = "#1f2a37"      # text and the main series
ACCENT = "#c2410c"   # the one thing to look at
MUTED = "#667080"    # context; still 4.5 : 1 on white, so it may carry text
FAINT = "#b6bfca"    # context that carries no text
GRID = "#e3e7ec"
PAPER = "#ffffff"
BLUE = "#2563a8"
GREEN = "#2f7d4f"
SAND = "#d9a441"
COLOURS = {"ink": INK, "accent": ACCENT, "muted": MUTED, "faint": FAINT, "grid": GRID, "paper": PAPER,
           "blue": BLUE, "green": GREEN, "sand": SAND, "good": GREEN, "bad": ACCENT}
SERIES = [INK, ACCENT, BLUE, SAND, GREEN, MUTED]   # in the order in which series take them
ROLES = {"traffic": SAND, "hero": ACCENT, "profit": BLUE, "image": FAINT}

STYLE = {
    "figure.figsize": (7, 4), "figure.dpi": 100, "figure.facecolor": PAPER, "savefig.facecolor": PAPER,
    "font.family": "DejaVu Sans", "font.size": 11, "text.color": INK,
    "axes.facecolor": PAPER, "axes.edgecolor": FAINT, "axes.labelcolor": INK, "axes.labelsize": 11,
    "axes.spines.top": False, "axes.spines.right": False, "axes.grid": True, "axes.grid.axis": "y",
    "axes.axisbelow": True, "axes.titlesize": 13, "axes.titleweight": "bold", "axes.titlelocation": "left",
    "axes.titlepad": 12, "axes.prop_cycle": matplotlib.cycler(color=SERIES), "axes.unicode_minus": True,
    "grid.color": GRID, "grid.linewidth": 0.8, "xtick.color": MUTED, "ytick.color": MUTED,
    "xtick.labelsize": 10, "ytick.labelsize": 10, "xtick.labelcolor": INK, "ytick.labelcolor": INK,
    "xtick.major.size": 3, "ytick.major.size": 0, "lines.linewidth": 2, "lines.solid_capstyle": "round",
    "legend.frameon": False, "legend.fontsize": 10, "patch.linewidth": 0,
}
matplotlib.rcParams.update(STYLE)


# --------------------------------------------------------------------------------- making and showing

def figure(width=7.0, height=4.0, rows=1, columns=1, **options):
    """A figure in the house style and its axes: ``fig, ax = charts.figure()``.

    It is not registered with pyplot, so it is shown once, by :func:`show`, and never piles up.
    ``options`` go to ``Figure.subplots`` (sharex, height_ratios …).
    """
    fig = Figure(figsize=(width, height))
    FigureCanvasAgg(fig)
    axes = fig.subplots(rows, columns, **options)
    margins(fig)
    return fig, axes


def margins(fig, left=0.75, right=0.25, top=0.65, bottom=0.6, **spacing):
    """Set the margins in inches. Cheaper than a layout engine, which an explorer cannot afford."""
    width, height = fig.get_size_inches()
    fig.subplots_adjust(left=left / width, right=1 - right / width, bottom=bottom / height,
                        top=1 - top / height, **spacing)
    return fig


def finding(ax, title, subtitle=None):
    """Title of the figure: the finding, at the left edge, broken into lines that fit the width.

    ``subtitle`` says what is drawn and in which unit. Room for both is made above the axes.
    """
    fig = ax if isinstance(ax, Figure) else ax.figure
    width, height = fig.get_size_inches()
    lines = textwrap.wrap(str(title), int(width * 8.7))
    below = textwrap.wrap(str(subtitle), int(width * 11.6)) if subtitle else []
    for old in [text for text in fig.texts if text.get_gid() == "finding"]:
        old.remove()
    line, small = 0.23 / height, 0.2 / height
    y = 1 - 0.1 / height
    fig.text(0.012, y, "\n".join(lines), fontsize=13, fontweight="bold", va="top", gid="finding", linespacing=1.25)
    if below:
        fig.text(0.012, y - line * len(lines) - 0.03 / height, "\n".join(below), fontsize=10.5, color=MUTED,
                 va="top", gid="finding", linespacing=1.2)
    used = 0.1 / height + line * len(lines) + small * len(below) + 0.22 / height
    fig.subplots_adjust(top=1 - used)
    return fig


def alt(fig, sentence):
    """Store the alternative text of a figure; returns the figure."""
    fig.alt_text = " ".join(str(sentence).split())
    return fig


class Picture:
    """A drawn figure with its alternative text, as a notebook shows it."""

    def __init__(self, png, sentence, width):
        self.png, self.alt, self.width = png, sentence, width

    def _repr_mimebundle_(self, include=None, exclude=None):
        source = base64.b64encode(self.png).decode()
        page = (f'<img src="data:image/png;base64,{source}" width="{self.width}" '
                f'style="max-width:100%;height:auto" alt="{html.escape(self.alt, quote=True)}">')
        return {"text/plain": self.alt, "text/html": page}

    def __repr__(self):
        return self.alt


def show(fig, sentence=None, dpi=160):
    """Show a figure with its alternative text; the last line of a cell.

    ``sentence``: what the figure shows, for those who cannot see it; may have been stored before with
    :func:`alt`. An image in plain HTML is the one output in which the book, JupyterLab and GitHub
    all keep the alternative text.
    """
    if not isinstance(fig, Figure):
        fig = fig.figure                     # axes, or a seaborn grid
    sentence = " ".join(str(sentence or getattr(fig, "alt_text", "")).split())
    if not sentence:
        raise ValueError("This figure has no alternative text: charts.show(fig, \"what it shows, in one sentence\").")
    alt(fig, sentence)
    png = _png(fig, dpi)
    if "matplotlib.pyplot" in __import__("sys").modules:
        import matplotlib.pyplot as plt
        plt.close(fig)                       # or the notebook would show it a second time, without text
    return Picture(png, sentence, round(fig.get_size_inches()[0] * 100))


def _png(fig, dpi):
    from PIL import Image

    canvas = fig.canvas if isinstance(fig.canvas, FigureCanvasAgg) else FigureCanvasAgg(fig)
    old = fig.dpi
    fig.set_dpi(dpi)
    canvas.draw()
    picture = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
    fig.set_dpi(old)
    # 128 colours are more than these figures use and make a file of a third of the size.
    out = io.BytesIO()
    picture.quantize(128, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


# ------------------------------------------------------------------------------------------ labels

def number(value, digits=3):
    """A number as people read it: 1,234 · 12.3k · 4.56M, with so many significant digits."""
    if value is None or not np.isfinite(value):
        return "–"
    for limit, unit in ((1e9, "bn"), (1e6, "M"), (1e4, "k")):
        if abs(value) >= limit:
            return _minus(f"{value / (1e3 if unit == 'k' else limit):.{digits}g}") + unit
    if abs(value) >= 100 or float(value).is_integer():
        return _minus(f"{value:,.0f}")
    return _minus(f"{value:.{digits}g}")


def money(value, digits=3):
    """Yuan, as :func:`number`."""
    return ("−" if value < 0 else "") + "¥" + number(abs(value), digits)


def percent(value, digits=0):
    """A share as per cent."""
    return _minus(f"{value:.{digits}%}") if np.isfinite(value) else "–"


def _minus(text):
    return text.replace("-", "−")


def format_axis(axis, style):
    """Tick labels of ``ax.xaxis`` or ``ax.yaxis`` by one of the functions above (or any function)."""
    axis.set_major_formatter(matplotlib.ticker.FuncFormatter(lambda value, _: style(value)))


def label_ends(ax, labels=None, gap=0.065, side="right"):
    """Write each line's label at its end, in its colour, instead of a legend.

    ``labels``: one for each line with a label, or None for the lines' own. Labels that would overlap
    are moved apart (by ``gap`` of the height of the axes). Makes room at the right.
    """
    lines = [line for line in ax.lines if not line.get_label().startswith("_") and len(line.get_xdata())]
    labels = labels or [line.get_label() for line in lines]
    bottom, top = ax.get_ylim()
    at = []
    for line, label in zip(lines, labels):
        y = np.asarray(line.get_ydata(), float)
        y = y[np.isfinite(y)]
        at.append([(y[-1] - bottom) / (top - bottom) if len(y) else 0.0, label, line.get_color()])
    at.sort(key=lambda item: item[0])
    for i in range(1, len(at)):
        at[i][0] = max(at[i][0], at[i - 1][0] + gap)
    over = at[-1][0] - 1.0 if at else 0
    for i in range(len(at) - 1, -1, -1):            # push down again what went over the top
        limit = 1.0 if i == len(at) - 1 else at[i + 1][0] - gap
        if over > 0:
            at[i][0] = min(at[i][0], limit)
    for y, label, colour in at:
        ax.text(1.012, y, label, transform=ax.transAxes, color=_readable(colour), fontsize=10.5, va="center")
    width = ax.figure.get_size_inches()[0]
    longest = max((max(len(part) for part in str(label).split("\n")) for _, label, _ in at), default=0)
    ax.figure.subplots_adjust(right=min(ax.figure.subplotpars.right, 1 - (0.088 * longest + 0.15) / width))
    return ax


def _readable(colour):
    """Light series colours are too pale for text."""
    return MUTED if colour == FAINT else "#8a5f0a" if colour == SAND else colour


def _text_room(labels, size=10):
    """Inches that the longest label needs."""
    longest = max((max(map(len, str(label).split("\n"))) for label in labels), default=0)
    return 0.0083 * size * longest + 0.2


def _titled(fig, title, subtitle, sentence):
    if title:
        finding(fig, title, subtitle)
    return alt(fig, sentence)


# --------------------------------------------------------------------------------- standard figures

_STEPS = {"entries": "Entered", "clicking": "Clicked a product", "carting": "Put into the basket",
          "ordering": "Ordered"}


def funnel(table, title=None, labels=None):
    """The funnel of ``metrics.funnel``: one row as bars with the rate of each step; several rows (by
    source, say) as dots, one panel a rate."""
    table = pd.DataFrame(table)
    steps = list(_STEPS)
    if len(table) == 1:
        row = table.iloc[0]
        counts = [float(row[step]) for step in steps]
        names = labels or list(_STEPS.values())
        fig, ax = figure(height=3.4)
        margins(fig, left=_text_room(names), right=1.5, bottom=0.25)
        ax.barh(range(4), counts, color=[FAINT, FAINT, FAINT, ACCENT], height=0.62)
        for at, count in enumerate(counts):
            rate = "" if at == 0 or counts[at - 1] == 0 else f"  {percent(count / counts[at - 1], 1)} of the step before"
            ax.text(count, at, f" {count:,.0f}{rate}" if at else f" {count:,.0f}", va="center", fontsize=10.5)
        ax.set_yticks(range(4), names)
        ax.invert_yaxis()
        ax.set_xticks([])
        ax.grid(False)
        for side in ("bottom", "left"):
            ax.spines[side].set_visible(False)
        said = ", ".join(f"{name.lower()} {count:,.0f}" for name, count in zip(names, counts))
        return _titled(fig, title, "Entries that reached each step", f"Funnel: {said}.")
    rates = ["clicking_per_entry", "carting_per_clicking", "ordering_per_carting", "ordering_per_entry"]
    heads = ["clicked\nof entries", "basket\nof clicking", "ordered\nof baskets", "ordered\nof entries"]
    name = [column for column in table.columns if column not in {*steps, *rates}][0]
    table = table.sort_values("ordering_per_entry")
    fig, axes = figure(height=1.5 + 0.36 * len(table), columns=4, sharey=True)
    margins(fig, left=_text_room(table[name].astype(str)), bottom=0.2, right=0.55, wspace=0.55)
    for ax, rate, head in zip(axes, rates, heads):
        ax.plot(table[rate], range(len(table)), "o", color=ACCENT if rate == rates[-1] else INK, markersize=7)
        for at, value in enumerate(table[rate]):
            ax.annotate(percent(value, 1), (value, at), xytext=(8, 0), textcoords="offset points", va="center", fontsize=10)
        ax.set_title(head, fontsize=10.5, fontweight="normal", color=MUTED, pad=6)
        ax.set_xlim(0, table[rate].max() * 1.25 or 1)
        ax.set_xticks([])
        ax.spines["bottom"].set_visible(False)
        ax.grid(True, axis="y")
    axes[0].set_yticks(range(len(table)), table[name].astype(str))
    axes[0].set_ylim(-0.6, len(table) - 0.4)
    best = table.iloc[-1]
    fig = _titled(fig, title, None, f"Funnel by {name}: {best[name]} has the most orders per entry, {percent(best['ordering_per_entry'], 1)}.")
    fig.subplots_adjust(top=fig.subplotpars.top - 0.42 / fig.get_size_inches()[1])
    return fig


_FACTORS = {"mix": "mix of sources", "product_clicks_per_viewers": "clicks per viewer", "product_clicks_per_views": "clicks per view",
            "orders_per_product_clicks": "orders per click", "gmv_per_orders": "GMV per order"}


def waterfall(decomposition, title=None, labels=None, start="Before", end="After", style=money):
    """The parts of a change as steps from the old total to the new one (``methods.decomposition``)."""
    effects = decomposition.table()["effect"]
    names = [start, *[({**_FACTORS, **(labels or {})}).get(name, str(name).replace("_", " ")) for name in effects.index], end]
    values = effects.to_numpy()
    bottoms = decomposition.before + np.concatenate([[0], np.cumsum(values)])
    fig, ax = figure(height=max(2.6, 1.35 + 0.42 * len(names)))
    margins(fig, left=_text_room(names, 10.5), right=0.9, bottom=0.2)
    last = len(names) - 1
    ax.barh([0, last], [decomposition.before, decomposition.after], color=FAINT, height=0.6)
    span = max(decomposition.before, decomposition.after, bottoms.max())
    for at, value in enumerate(values, 1):
        colour = ACCENT if value < 0 else BLUE
        ax.barh(at, value, left=bottoms[at - 1], color=colour, height=0.6)
        right = max(bottoms[at - 1], bottoms[at])
        ax.text(right + span * 0.01, at, ("+" if value >= 0 else "−") + style(abs(value)), va="center", color=colour, fontsize=10.5)
        ax.plot([bottoms[at]] * 2, [at - 0.3, at + 0.7], color=MUTED, linewidth=0.8)
    ax.plot([decomposition.before] * 2, [-0.3, 0.7], color=MUTED, linewidth=0.8)
    for at, value in ((0, decomposition.before), (last, decomposition.after)):
        ax.text(value + span * 0.01, at, style(value), va="center", fontsize=10.5)
    ax.set_yticks(range(len(names)), names, fontsize=10.5)
    ax.invert_yaxis()
    ax.set_xlim(min(0, bottoms.min()), span * 1.04)
    ax.set_xticks([])
    ax.grid(False)
    ax.spines["bottom"].set_visible(False)
    said = ", ".join(f"{name} {'+' if value >= 0 else '−'}{style(abs(value))}" for name, value in zip(names[1:-1], values))
    return _titled(fig, title, None, f"From {style(decomposition.before)} to {style(decomposition.after)}: {said}.")


def scorecard_strip(card, chosen, measures=None, title=None, key="stream_id"):
    """One broadcast among all the others: for each measure its rank among them as a dot on a line from
    the lowest to the highest; the darker stretch is the middle half.

    ``card``: ``metrics.stream_scorecard``; ``chosen``: the broadcast; ``measures``: columns of it.
    """
    from liveshop.metrics import LABELS

    measures = measures or [name for name in ("views", "acu", "watch_seconds_per_view", "clicks_per_view", "orders_per_click",
                                              "gmv_per_order", "gmv_per_1000_views", "gmv") if name in card.columns]
    row = card.loc[card[key] == chosen]
    if row.empty:
        raise ValueError(f"There is no {key} {chosen} in the scorecard.")
    names = [LABELS.get(name, (name,))[0] for name in measures]
    fig, ax = figure(height=1.15 + 0.44 * len(measures))
    margins(fig, left=_text_room(names, 10.5), right=1.15, bottom=0.45)
    said = []
    for at, name in enumerate(measures):
        values = card[name].dropna().to_numpy(float)
        mine = float(row[name].iloc[0])
        ax.plot([0, 1], [at, at], color=GRID, linewidth=4)
        ax.plot([0.25, 0.75], [at, at], color=FAINT, linewidth=4)
        place = (values < mine).mean() if np.isfinite(mine) else np.nan
        ax.plot(place, at, "o", color=ACCENT, markersize=9)
        share = name.endswith(("_per_view", "_per_click", "_per_viewer", "_per_impression", "_per_product_impression")) and \
            not name.startswith(("gmv", "watch"))
        text = percent(mine, 1) if share else money(mine) if name.startswith("gmv") else number(mine)
        text += " s" if name.startswith("watch_seconds") else ""
        ax.text(1.03, at, text, va="center", fontsize=10.5, fontweight="bold")
        said.append(f"{LABELS.get(name, (name,))[0]} {text}, above {percent(place)} of broadcasts")
    ax.set_yticks(range(len(measures)), names, fontsize=10.5)
    ax.invert_yaxis()
    ax.set_xlim(-0.02, 1.02)
    ax.set_xticks([0, 0.5, 1], ["lowest", "middle half", "highest broadcast"])
    ax.get_xticklabels()[0].set_ha("left")
    ax.get_xticklabels()[2].set_ha("right")
    ax.grid(False)
    return _titled(fig, title, None, f"Scorecard of {chosen}: " + "; ".join(said) + ".")


def intervals(table, title=None, truth=None, style=number, xlabel=None, zero=0.0, labels=None):
    """Estimates with intervals, one row each, and the truth as a line: naive, better, true.

    ``table``: ``methods.effects.compare(...)``, or any frame with columns estimate, low, high and the
    names as its index. A row called truth, or ``truth=``, is drawn as the line.
    """
    table = pd.DataFrame(table)
    if "truth" in table.index:
        truth = float(table.loc["truth", "estimate"]) if truth is None else truth
        table = table.drop(index="truth")
    names = [(labels or {}).get(name, str(name)) for name in table.index]
    fig, ax = figure(height=1.65 + 0.42 * len(table))
    margins(fig, left=_text_room(names, 10.5), right=0.3, bottom=0.62 if xlabel else 0.42)
    at = np.arange(len(table))
    estimate, low, high = (table[column].to_numpy(float) for column in ("estimate", "low", "high"))
    ax.hlines(at, low, high, color=MUTED, linewidth=2.5)
    ax.plot(estimate, at, "o", color=INK, markersize=8)
    for y, value in zip(at, estimate):
        ax.annotate(style(value), (value, y), xytext=(0, 8), textcoords="offset points", ha="center", fontsize=10.5,
                    bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 0.8})
    if zero is not None:
        ax.axvline(zero, color=FAINT, linewidth=1)
    if truth is not None:
        ax.axvline(truth, color=ACCENT, linewidth=2)
        ax.annotate(f"truth {style(truth)}", (truth, len(table) - 0.45), color=ACCENT, ha="center", va="center", fontsize=10.5,
                    fontweight="bold", bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1.5})
    ax.set_yticks(at, names, fontsize=10.5)
    ax.set_ylim(len(table) - (0.2 if truth is not None else 0.5), -0.75)
    ax.margins(x=0.1)
    ax.grid(False)
    ax.grid(True, axis="x")
    format_axis(ax.xaxis, style)
    ax.xaxis.set_major_locator(matplotlib.ticker.MaxNLocator(5))
    if xlabel:
        ax.set_xlabel(xlabel)
    said = "; ".join(f"{name} {style(e)} ({style(l)} to {style(h)})" if np.isfinite(l) else f"{name} {style(e)}"
                     for name, e, l, h in zip(names, estimate, low, high))
    return _titled(fig, title, None, f"Estimates: {said}" + (f"; truth {style(truth)}." if truth is not None else "."))


def survival_curves(survival, up_to=30, title=None, labels=None, highlight=None):
    """Share of viewers still there by minute (``methods.retention.survival``), with 95 % bands."""
    curves = survival.curves
    fig, ax = figure()
    names = list(dict.fromkeys(curves["group"]))
    said = []
    for at, name in enumerate(names):
        curve = curves[curves["group"] == name]
        curve = curve[curve["minutes"] <= up_to]
        if len(curve) > 400:                  # a curve in seconds has more steps than pixels
            curve = curve.iloc[np.unique(np.linspace(0, len(curve) - 1, 400).astype(int))]
        colour = (ACCENT if name == highlight else SERIES[5 if highlight else 0]) if highlight else SERIES[at % len(SERIES)]
        ax.fill_between(curve["minutes"], curve["low"], curve["high"], step="post", color=colour, alpha=0.15)
        ax.step(curve["minutes"], curve["survival"], where="post", color=colour, label=(labels or {}).get(name, str(name)))
        median = survival.medians.loc[name, "median_minutes"]
        said.append(f"{name} {median:.1f}" if np.isfinite(median) else f"{name} not reached")
    ax.axhline(0.5, color=FAINT, linewidth=1, linestyle=(0, (4, 3)))
    ax.set_xlim(0, up_to)
    ax.set_ylim(0, 1)
    format_axis(ax.yaxis, percent)
    ax.set_xlabel("minutes since entering")
    if len(names) > 1:
        label_ends(ax)
    return _titled(fig, title, "Share of viewers still watching", "Share still watching by minutes since entering; median minutes: " + ", ".join(said) + ".")


def _spans(flag):
    """(first, last) positions of each run of True."""
    flag = np.concatenate([[False], np.asarray(flag, bool), [False]]).astype(int)
    edge = np.flatnonzero(np.diff(flag))
    return list(zip(edge[::2], edge[1::2] - 1))


def control_chart(chart, minutes=None, abnormal=None, title=None, xlabel="minute of the broadcast", ylabel="standard deviations"):
    """A control chart (``methods.monitor``): the statistic, its limits, alarms, labelled minutes."""
    x = np.arange(len(chart.statistic)) if minutes is None else np.asarray(minutes)
    fig, ax = figure()
    _draw_control(ax, chart, x, abnormal)
    ax.set_xlabel(xlabel)
    ax.set_ylabel(ylabel)
    alarms = len(_spans(chart.alarm))
    said = f"Control chart over {len(x)} minutes: {alarms} alarm{'' if alarms == 1 else 's'}"
    if alarms:
        said += f", the first in minute {x[chart.first_alarm]}"
    if abnormal is not None and np.any(abnormal):
        said += f"; {len(_spans(abnormal))} labelled abnormal stretch(es)"
    return _titled(fig, title, None, said + ".")


def _draw_control(ax, chart, x, abnormal=None):
    if abnormal is not None:
        for first, last in _spans(abnormal):
            ax.axvspan(x[first] - 0.5, x[last] + 0.5, color=SAND, alpha=0.3, linewidth=0)
    ax.fill_between(x, chart.lower, chart.upper, color=GRID, alpha=0.7, linewidth=0)
    ax.plot(x, chart.statistic, color=INK, linewidth=1.6)
    if chart.low_statistic is not None:
        ax.plot(x, chart.low_statistic, color=BLUE, linewidth=1.6)
    out = np.where(chart.alarm)[0]
    worst = chart.statistic
    if chart.low_statistic is not None:
        worst = np.where(chart.low_statistic < chart.lower, chart.low_statistic, chart.statistic)
    ax.plot(x[out], worst[out], "o", color=ACCENT, markersize=5)
    ax.set_xlim(x[0], x[-1] if len(x) > 1 else x[0] + 1)


def replay(minutes, chart=None, now=None, outcome="product_clicks", expected=None, reveal=False, title=None):
    """The control room: a broadcast minute by minute, up to ``now``.

    ``minutes``: rows of stream_minutes of one broadcast; ``chart``: a ControlChart as long; ``now``:
    the last minute that is known yet; ``expected``: the expected outcome of each minute; ``reveal``:
    shade the labelled abnormal minutes.
    """
    x = minutes["minute"].to_numpy()
    known = np.ones(len(x), bool) if now is None else x <= now
    rows = 3 if chart is not None else 2
    fig, axes = figure(height=1.2 + 1.35 * rows, rows=rows, sharex=True)
    margins(fig, left=0.95, hspace=0.28)
    panels = [("online", "watching"), (outcome, outcome.replace("_", " "))]
    for ax, (column, name) in zip(axes, panels):
        values = minutes[column].to_numpy(float)
        if column == "online":
            ax.fill_between(x[known], values[known], color=GRID)
        ax.plot(x[known], values[known], color=INK, linewidth=1.4)
        if column == outcome and expected is not None:
            ax.plot(x[known], np.asarray(expected, float)[known], color=BLUE, linewidth=1.4, linestyle=(0, (4, 2)))
        ax.set_ylim(0, max(1.0, np.nanmax(values) * 1.08))
        ax.set_ylabel(name, fontsize=10)
        ax.yaxis.set_major_locator(matplotlib.ticker.MaxNLocator(3))
        ax.tick_params(axis="x", bottom=False)
    said = f"Minute {int(x[known][-1]) if known.any() else 0} of {int(x[-1])}: {int(minutes['online'].to_numpy()[known][-1]) if known.any() else 0:,} watching"
    if chart is not None:
        from liveshop.methods.monitor import ControlChart
        cut = [None if part is None else part[known] for part in
               (chart.statistic, chart.lower, chart.upper, chart.alarm, chart.low_statistic)]
        _draw_control(axes[2], ControlChart(*cut), x[known])
        axes[2].set_ylabel("chart", fontsize=10)
        reach = 1.1 * max(np.nanmax(np.abs(chart.statistic)), np.nanmax(chart.upper),
                          0 if chart.low_statistic is None else np.nanmax(np.abs(chart.low_statistic)))
        axes[2].set_ylim(-reach, reach)
        axes[2].yaxis.set_major_locator(matplotlib.ticker.MaxNLocator(3))
        said += "; the chart is in alarm" if cut[3][-1:].any() else "; the chart is quiet"
    if reveal and "anomaly" in minutes:
        labels = minutes["anomaly"].astype(object).where(minutes["anomaly"].notna(), "").to_numpy()
        for first, last in _spans(labels != ""):
            for ax in axes:
                ax.axvspan(x[first] - 0.5, x[last] + 0.5, color=SAND, alpha=0.35, linewidth=0)
            axes[0].text((x[first] + x[last]) / 2, axes[0].get_ylim()[1], str(labels[first]).replace("_", " "), ha="center", va="bottom", fontsize=10)
            said += f"; {labels[first]} from minute {x[first]} to {x[last]}"
    axes[-1].set_xlim(x[0], x[-1])
    axes[-1].set_xlabel("minute of the broadcast")
    return _titled(fig, title, None, said + ".")


def control_room(minutes, now, reveal=False, trouble=None, signals=None, title=None):
    """What the control desk sees: one strip a signal, up to minute ``now``; with ``reveal`` the whole window.

    ``minutes``: rows of one broadcast with online, exits, product_clicks, orders, stall and, dashed, expected_exits,
    expected_product_clicks, expected_orders; ``trouble``: (first, last) minute, shaded when revealed.
    """
    names = signals or [("online", "watching"), ("exits", "left"), ("product_clicks", "clicks"), ("orders", "orders"),
                        ("stall", "stalled s")]
    names = [(column, name) for column, name in names if column in minutes]
    x = minutes["minute"].to_numpy()
    known = np.ones(len(x), bool) if reveal else x <= now
    fig, axes = figure(height=4.2, rows=len(names), sharex=True)
    margins(fig, left=1.25, top=0.12, bottom=0.5, right=0.3, hspace=0.3)
    for ax, (column, name) in zip(axes, names):
        values = minutes[column].to_numpy(float)
        if reveal and trouble:
            ax.axvspan(trouble[0] - 0.5, trouble[1] + 0.5, color="#f3e2bd", linewidth=0)
        wanted = f"expected_{column}"
        top = np.nanmax(values[known])            # a scale that knew the future would give it away
        if wanted in minutes:
            expected = minutes[wanted].to_numpy(float)
            ax.plot(x[known], expected[known], color=BLUE, linewidth=1.2, linestyle=(0, (4, 2)))
            top = max(top, np.nanmax(expected[known]))
        ax.plot(x[known], values[known], color=INK, linewidth=1.6)
        if reveal:
            ax.axvline(now, color=ACCENT, linewidth=1.6)
        ax.set_ylim(0, max(top * 1.1, 30.0 if column == "stall" else 2.0))
        ax.text(-0.075, 0.5, name, transform=ax.transAxes, ha="right", va="center", fontsize=11)
        ax.yaxis.set_major_locator(matplotlib.ticker.MaxNLocator(2, integer=True))
        ax.tick_params(axis="x", bottom=ax is axes[-1])
    axes[-1].set_xlim(x[0], x[-1])
    axes[-1].set_xlabel("minute of the broadcast; dashed: to be expected")
    return _titled(fig, title, None, f"The control desk at minute {now}.")


def rundown_strip(rundown, minutes=None, title=None):
    """The run of show: one block a slot, coloured by role and lettered; above it who watched.

    ``rundown``: rows of one broadcast; ``minutes``: its stream_minutes, for the line of viewers.
    """
    if minutes is None:
        fig, strip = figure(height=1.9)
    else:
        fig, (top, strip) = figure(height=3.8, rows=2, sharex=True, height_ratios=[2.6, 1])
        top.fill_between(minutes["minute"], minutes["online"], color=GRID)
        top.plot(minutes["minute"], minutes["online"], color=INK, linewidth=1.6)
        top.set_ylim(0)
        top.set_ylabel("watching")
    margins(fig, left=0.8, bottom=0.85, hspace=0.12)
    end = (rundown["start_minute"] + rundown["minutes"]).max()
    for slot in rundown.itertuples():
        strip.barh(0, slot.minutes, left=slot.start_minute, color=ROLES[slot.role], height=0.9, edgecolor=PAPER, linewidth=1.5)
        if slot.minutes > 0.03 * end:
            dark = slot.role in ("hero", "profit")
            strip.text(slot.start_minute + slot.minutes / 2, 0, slot.role[0].upper(), ha="center", va="center",
                       color=PAPER if dark else INK, fontweight="bold", fontsize=10)
    if "activity" in rundown:
        for slot in rundown[rundown["activity"] == "giveaway"].itertuples():
            strip.text(slot.start_minute + slot.minutes / 2, 0.5, "giveaway", ha="center", va="bottom", fontsize=10)
    strip.set_ylim(-0.5, 0.95)
    strip.set_yticks([])
    strip.set_xlim(0, end)
    strip.grid(False)
    strip.spines["left"].set_visible(False)
    strip.set_xlabel("minute of the broadcast")
    present = [role for role in ROLES if (rundown["role"] == role).any()]
    height = fig.get_size_inches()[1]
    for at, role in enumerate(present):
        fig.text(0.12 + 0.21 * at, 0.06 / height, "■ ", color=ROLES[role], fontsize=12, va="bottom")
        fig.text(0.145 + 0.21 * at, 0.08 / height, f"{role[0].upper()} {role}", fontsize=10, va="bottom")
    share = rundown.groupby("role")["minutes"].sum() / rundown["minutes"].sum()
    said = ", ".join(f"{role} {percent(share[role])} of the minutes" for role in present)
    return _titled(fig, title, None, f"Run of show, {len(rundown)} slots over {int(end)} minutes: {said}.")


def ranking(table, title=None, xlabel="against the average host", style=percent, raw="raw"):
    """Units in order of a fair estimate, with interval; the raw figure as a hollow dot beside it.

    ``table``: ``methods.hosts.scorecard``: index of names, columns raw, estimate, low, high.
    """
    table = table.sort_values("estimate")
    at = np.arange(len(table))
    fig, ax = figure(height=1.5 + 0.33 * len(table))
    margins(fig, left=_text_room(table.index.astype(str)))
    ax.hlines(at, table["low"], table["high"], color=FAINT, linewidth=3)
    if raw in table:
        ax.plot(table[raw], at, "o", markerfacecolor=PAPER, markeredgecolor=MUTED, markersize=7, label=raw)
    ax.plot(table["estimate"], at, "o", color=ACCENT, markersize=8, label="fair")
    ax.axvline(0, color=MUTED, linewidth=1)
    ax.set_yticks(at, table.index.astype(str))
    ax.set_ylim(-0.6, len(table) - 0.4)
    ax.grid(False)
    ax.grid(True, axis="x")
    format_axis(ax.xaxis, style)
    ax.set_xlabel(xlabel)
    if raw in table:
        ax.legend(loc="lower right", handletextpad=0.2)
    best = table.iloc[-1]
    return _titled(fig, title, None, f"Fair estimates with intervals: {table.index[-1]} leads with {style(best['estimate'])} ({style(best['low'])} to {style(best['high'])}).")


# The figure that goes with methods.effects.compare, under the name the sections use.
interval_dots = intervals
