"""The house style: colours, sizes, figures, and how a figure is shown with its text.

Importing this module sets the style for every matplotlib figure that follows.
"""

from __future__ import annotations

import base64
import io
import sys

import matplotlib
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager
from matplotlib.transforms import Bbox

from liveshop import medium
from liveshop.environment import CHINESE_FONTS

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

# Inches. A phone shows a figure 360 css pixels wide, whatever its inches: so 10 points are 9.6 css pixels there.
WIDTH, HEIGHT = 5.2, 3.6
TEXT, TITLE = 10, 12            # points: whatever is written in a figure, and its title
EDGE = 0.08                     # inches between the outermost label and the edge of the figure

# What DejaVu Sans lacks, Chinese names above all, is drawn in the first of these that the machine has.
_KNOWN = set(fontManager.get_font_names())
FONTS = ["DejaVu Sans", *[name for name in CHINESE_FONTS if name in _KNOWN][:1]]

STYLE = {
    "figure.figsize": (WIDTH, HEIGHT), "figure.dpi": 100, "figure.facecolor": PAPER, "savefig.facecolor": PAPER,
    "font.family": FONTS, "font.size": TEXT, "text.color": INK,
    "axes.facecolor": PAPER, "axes.edgecolor": FAINT, "axes.labelcolor": INK, "axes.labelsize": TEXT,
    "axes.spines.top": False, "axes.spines.right": False, "axes.grid": True, "axes.grid.axis": "y",
    "axes.axisbelow": True, "axes.titlesize": TITLE, "axes.titleweight": "bold", "axes.titlelocation": "left",
    "axes.titlepad": 8, "axes.prop_cycle": matplotlib.cycler(color=SERIES), "axes.unicode_minus": True,
    "grid.color": GRID, "grid.linewidth": 0.8, "xtick.color": MUTED, "ytick.color": MUTED,
    "xtick.labelsize": TEXT, "ytick.labelsize": TEXT, "xtick.labelcolor": INK, "ytick.labelcolor": INK,
    "xtick.major.size": 3, "ytick.major.size": 0, "lines.linewidth": 2, "lines.solid_capstyle": "round",
    "legend.frameon": False, "legend.fontsize": TEXT, "patch.linewidth": 0,
}
matplotlib.rcParams.update(STYLE)


def figure(*, height=HEIGHT, rows=1, **options):
    """A figure in the house style and its axes, one panel or several below each other: ``fig, ax = charts.figure()``.

    It is not registered with pyplot, so it is shown once, by :func:`show`, and never piles up.
    ``height`` is in inches, under a title of one line; all figures are WIDTH inches wide. ``options`` go to
    ``Figure.subplots`` (sharex, height_ratios …).
    """
    fig = Figure(figsize=(WIDTH, height))
    FigureCanvasAgg(fig)
    axes = fig.subplots(rows, **options)
    margins(fig)
    return fig, axes


def margins(fig, left=0.7, right=0.2, top=0.65, bottom=0.52, **spacing):
    """Set the margins in inches. Cheaper than a layout engine, which an explorer cannot afford.

    An explorer's axes stand where this puts them in every frame; :func:`show` fits those of a still figure to
    their labels.
    """
    width, height = fig.get_size_inches()
    fig.subplots_adjust(left=left / width, right=1 - right / width, bottom=bottom / height,
                        top=1 - top / height, **spacing)
    return fig


def alt(fig, sentence):
    """Store the alternative text of a figure; returns the figure."""
    fig.alt_text = medium.told(" ".join(str(sentence).split()))
    return fig


class Picture:
    """A drawn figure with its alternative text, as a notebook shows it.

    ``width`` and ``lettering``, the smallest letters, are in css pixels where there is room for all of the width.
    """

    def __init__(self, png, sentence, width, lettering):
        self.png, self.alt, self.width, self.lettering = png, sentence, width, lettering

    def _repr_mimebundle_(self, include=None, exclude=None):
        page = medium.render("liveshop.charts", "picture.html", source=base64.b64encode(self.png).decode(),
                             width=self.width, alt=self.alt, lettering=self.lettering)
        return {"text/plain": self.alt, "text/html": page}

    def __repr__(self):
        return self.alt


def show(fig, sentence=None, dpi=200):
    """Show a figure with its alternative text; the last line of a cell.

    ``sentence``: what the figure shows, for those who cannot see it; may have been stored before with
    :func:`alt`. An image in plain HTML is the one output in which the book, JupyterLab and GitHub
    all keep the alternative text. The margins are fitted to the labels of the axes first.
    Returns a :class:`Picture`; raises ValueError without a sentence.
    """
    if not isinstance(fig, Figure):
        fig = fig.figure                     # axes, or a seaborn grid
    sentence = " ".join(str(sentence or getattr(fig, "alt_text", "")).split())
    if not sentence:
        raise ValueError('This figure has no alternative text: charts.show(fig, "what it shows, in one sentence").')
    sentence = alt(fig, sentence).alt_text
    _fit(medium.told_figure(fig))
    png = _png(fig, dpi)
    if "matplotlib.pyplot" in sys.modules:
        import matplotlib.pyplot as plt
        plt.close(fig)                       # or the notebook would show it a second time, without text
    width = fig.get_size_inches()[0]
    return Picture(png, sentence, round(100 * width), medium.lettering(fig, 100 * width))


def _canvas(fig):
    return fig.canvas if isinstance(fig.canvas, FigureCanvasAgg) else FigureCanvasAgg(fig)


def _fit(fig):
    """Margins as wide as the labels of the axes ask for, and no wider; a long title makes the figure taller."""
    if not fig.axes or fig.get_layout_engine() is not None:
        return
    canvas, (width, height) = _canvas(fig), fig.get_size_inches()
    asked = fig.__dict__.setdefault("_asked_height", height)       # it may be shown again
    above = (1 - fig.subplotpars.top) * height
    below = fig.subplotpars.bottom * height
    height = asked + max(0.0, above - 0.75)
    fig.set_size_inches(width, height)
    fig.subplots_adjust(top=1 - above / height, bottom=below / height)
    for _ in range(2):                                             # with the width, the number of ticks changes
        canvas.draw()
        used = Bbox.union([ax.get_tightbbox(canvas.get_renderer()) for ax in fig.axes])
        used, now = used.transformed(fig.dpi_scale_trans.inverted()), fig.subplotpars
        left, right = now.left + (EDGE - used.x0) / width, now.right + (width - EDGE - used.x1) / width
        bottom = now.bottom + (EDGE - used.y0) / height
        if right - left > 0.3 and now.top - bottom > 0.2:          # otherwise a label is too long for any margin
            fig.subplots_adjust(left=left, right=right, bottom=bottom)


def _png(fig, dpi):
    from PIL import Image

    canvas = _canvas(fig)
    old = fig.dpi
    fig.set_dpi(dpi)
    canvas.draw()
    picture = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
    fig.set_dpi(old)
    # 128 colours are more than these figures use and make a file of a third of the size.
    out = io.BytesIO()
    picture.quantize(128, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()
