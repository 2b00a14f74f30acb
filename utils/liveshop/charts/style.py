"""The house style: colours, figures, titles, labels, and how a figure is shown with its text.

Importing this module sets the style for every matplotlib figure that follows.
"""

from __future__ import annotations

import base64
import io
import sys
import textwrap

import matplotlib
import matplotlib.ticker
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from liveshop import medium

INK = "#1f2a37"      # text and the main series
ACCENT = "#c2410c"   # the one thing to look at
MUTED = "#667080"    # context; still 4.5 : 1 on white, so it may carry text
FAINT = "#b6bfca"    # context that carries no text
GRID = "#e3e7ec"
PAPER = "#ffffff"
BLUE = "#2563a8"
GREEN = "#2f7d4f"
SAND = "#d9a441"
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
    """A drawn figure with its alternative text, as a notebook shows it; ``width`` is in css pixels."""

    def __init__(self, png, sentence, width):
        self.png, self.alt, self.width = png, sentence, width

    def _repr_mimebundle_(self, include=None, exclude=None):
        page = medium.render("liveshop.charts", "picture.html", source=base64.b64encode(self.png).decode(),
                             width=self.width, alt=self.alt)
        return {"text/plain": self.alt, "text/html": page}

    def __repr__(self):
        return self.alt


def show(fig, sentence=None, dpi=160):
    """Show a figure with its alternative text; the last line of a cell.

    ``sentence``: what the figure shows, for those who cannot see it; may have been stored before with
    :func:`alt`. An image in plain HTML is the one output in which the book, JupyterLab and GitHub
    all keep the alternative text. Returns a :class:`Picture`; raises ValueError without a sentence.
    """
    if not isinstance(fig, Figure):
        fig = fig.figure                     # axes, or a seaborn grid
    sentence = " ".join(str(sentence or getattr(fig, "alt_text", "")).split())
    if not sentence:
        raise ValueError('This figure has no alternative text: charts.show(fig, "what it shows, in one sentence").')
    alt(fig, sentence)
    png = _png(fig, dpi)
    if "matplotlib.pyplot" in sys.modules:
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


def label_ends(ax, labels=None, gap=0.065):
    """Write each line's label at its end, in its colour, instead of a legend.

    ``labels``: one for each line with a label, or None for the lines' own. Labels that would overlap
    are moved apart (by ``gap`` of the height of the axes). Makes room at the right.
    """
    lines = [line for line in ax.lines if not line.get_label().startswith("_") and len(line.get_xdata())]
    labels = labels or [line.get_label() for line in lines]
    bottom, top = ax.get_ylim()
    places = []
    for line, label in zip(lines, labels, strict=False):
        y = np.asarray(line.get_ydata(), float)
        y = y[np.isfinite(y)]
        places.append([(y[-1] - bottom) / (top - bottom) if len(y) else 0.0, label, line.get_color()])
    places.sort(key=lambda item: item[0])
    _move_apart(places, gap)
    for y, label, colour in places:
        ax.text(1.012, y, label, transform=ax.transAxes, color=readable(colour), fontsize=10.5, va="center")
    width = ax.figure.get_size_inches()[0]
    longest = max((max(len(part) for part in str(label).split("\n")) for _, label, _ in places), default=0)
    ax.figure.subplots_adjust(right=min(ax.figure.subplotpars.right, 1 - (0.088 * longest + 0.15) / width))
    return ax


def _move_apart(places, gap):
    """Move labels, in order from the lowest, so that each stands ``gap`` above the one below and none over the top."""
    for i in range(1, len(places)):
        places[i][0] = max(places[i][0], places[i - 1][0] + gap)
    if places and places[-1][0] > 1.0:
        for i in range(len(places) - 1, -1, -1):
            limit = 1.0 if i == len(places) - 1 else places[i + 1][0] - gap
            places[i][0] = min(places[i][0], limit)


def readable(colour):
    """The colour to write in: light series colours are too pale for text."""
    return MUTED if colour == FAINT else "#8a5f0a" if colour == SAND else colour


def text_room(labels, size=10):
    """Inches that the longest label needs."""
    longest = max((max(map(len, str(label).split("\n"))) for label in labels), default=0)
    return 0.0083 * size * longest + 0.2


def titled(fig, title, subtitle, sentence):
    """The figure with its title, if there is one, and its alternative text."""
    if title:
        finding(fig, title, subtitle)
    return alt(fig, sentence)
