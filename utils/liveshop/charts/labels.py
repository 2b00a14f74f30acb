"""What is written in and around a figure: its title, numbers, names of rows, lines and dots; none covers another."""

from __future__ import annotations

from decimal import Decimal

import matplotlib.ticker
import numpy as np
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path
from matplotlib.transforms import ScaledTranslation

from liveshop import medium
from liveshop.charts.style import EDGE, FAINT, MUTED, SAND, STYLE, TEXT, TITLE, alt

ROW_NAMES = 1.75                # inches at most for the names of rows; longer ones are broken into lines


def finding(ax, title, subtitle=None):
    """Title of the figure: the finding, at the left edge, broken into lines that fit the width.

    ``subtitle`` says what is drawn and in which unit. Room for both is made above the axes.
    """
    fig, title = ax if isinstance(ax, Figure) else ax.figure, medium.told(title)
    width, height = fig.get_size_inches()
    for old in [text for text in fig.texts if text.get_gid() == "finding"]:
        old.remove()
    # In inches from the upper left corner: the figure may yet become taller.
    corner = fig.dpi_scale_trans + ScaledTranslation(0, 1, fig.transFigure)
    used, room = EDGE, width - 2 * EDGE
    parts = [(wrap(title, room, TITLE, "bold"), 0.21, {"fontsize": TITLE, "fontweight": "bold"})]
    if subtitle:
        parts.append((wrap(subtitle, room), 0.175, {"fontsize": TEXT, "color": MUTED}))
    for text, line, look in parts:
        fig.text(EDGE, -used, text, transform=corner, va="top", gid="finding", linespacing=1.2, **look)
        used += line * (text.count("\n") + 1) + 0.04
    fig.subplots_adjust(top=1 - (used + 0.16) / height)
    return fig


def number(value, digits=3):
    """A number as people read it: 1,234 · 12.3k · 4.56M, with so many significant digits."""
    if value is None or not np.isfinite(value):
        return "–"
    rounded = float(f"{value:.{digits}g}")         # the unit is that of the number as it is shown
    for limit, unit in ((1e9, "bn"), (1e6, "M"), (1e4, "k")):
        if abs(rounded) >= limit:
            return _plain(rounded / (1e3 if unit == "k" else limit), digits) + unit
    if abs(rounded) >= 100 or float(value).is_integer():
        return _minus(f"{value:,.0f}")
    return _plain(rounded, digits)


def _plain(value, digits):
    """A number with so many significant digits, and never with an exponent."""
    return _minus(f"{Decimal(f'{value:.{digits}g}'):,f}")


def money(value, digits=3):
    """Yuan, or the currency of the tables that are shown (see `medium.currency`), as :func:`number`."""
    return medium.told(("−" if value < 0 else "") + "¥" + number(abs(value), digits))


def percent(value, digits=0):
    """A share as per cent."""
    return _minus(f"{value:.{digits}%}") if np.isfinite(value) else "–"


def _minus(text):
    return text.replace("-", "−")


def format_axis(axis, style):
    """Tick labels of ``ax.xaxis`` or ``ax.yaxis`` by one of the functions above (or any function)."""
    axis.set_major_formatter(matplotlib.ticker.FuncFormatter(lambda value, _: style(value)))


def ratio_axis(ax, which="x", style=number):
    """Make the axis ("x" or "y") of ratios logarithmic: twice and half lie as far from 1. Few, plain ticks.

    Set the limits first; they must lie above zero.
    """
    axis = getattr(ax, f"{which}axis")
    low, high = sorted(axis.get_view_interval())
    if not low > 0:
        raise ValueError("A logarithmic axis begins above zero: set its limits first.")
    ax.set(**{f"{which}scale": "log"})
    decades = 10.0 ** np.arange(np.floor(np.log10(low)), np.ceil(np.log10(high)) + 1)
    for steps in ([1], [1, 3], [1, 2, 5], [1, 1.5, 2, 3, 5, 7], [1, 1.2, 1.5, *range(2, 10)], np.arange(1, 10, 0.1)):
        ticks = np.outer(decades, steps).ravel()
        ticks = np.unique(ticks[(ticks >= low) & (ticks <= high)].round(12))
        if len(ticks) >= 3:
            break
    axis.set_major_locator(matplotlib.ticker.FixedLocator(ticks[:: max(1, len(ticks) // 6)]))
    axis.set_minor_locator(matplotlib.ticker.NullLocator())
    format_axis(axis, style)


def wrap(text, inches, size=TEXT, weight="normal"):
    """The text with line breaks, so that no line is longer than so many inches (a single word may be)."""
    lines = []
    for paragraph in str(text).split("\n"):
        line = ""
        for word in paragraph.split():
            longer = f"{line} {word}" if line else word
            if line and text_width(longer, size, weight) > inches:
                lines.append(line)
                line = word
            else:
                line = longer
        lines.append(line)
    return "\n".join(lines)


def text_width(text, size=TEXT, weight="normal"):
    """Inches that the longest line of the text takes."""
    font = FontProperties(family=STYLE["font.family"], size=size, weight=weight)
    return max(text_to_path.get_text_width_height_descent(line, font, False)[0] for line in str(text).split("\n")) / 72


def row_names(ax, names, most=ROW_NAMES):
    """Write the names of rows 0, 1, 2 … at the left, broken into lines of so many inches; makes room for them."""
    names = [wrap(name, most) for name in names]
    ax.set_yticks(range(len(names)), names, fontsize=TEXT)
    room = max(map(text_width, names), default=0) + 0.25
    ax.figure.subplots_adjust(left=room / ax.figure.get_size_inches()[0])
    return ax


def label_ends(ax, labels=None, most=1.2):
    """Write each line's label at its end, in its colour, instead of a legend.

    ``labels``: one for each line with a label, or None for the lines' own; ``most``: inches after which a label is
    broken. Labels that would overlap are moved apart. Makes room at the right.
    """
    lines = [line for line in ax.lines if not line.get_label().startswith("_") and len(line.get_xdata())]
    labels = [wrap(label, most) for label in labels or [line.get_label() for line in lines]]
    scale = ax.yaxis.get_transform()                     # of a logarithmic axis too
    bottom, top = scale.transform(np.array(ax.get_ylim(), float))
    width, height = ax.figure.get_size_inches()
    ends = []
    for line, label in zip(lines, labels, strict=False):
        y = np.asarray(line.get_ydata(), float)
        y = y[np.isfinite(y)]
        end = scale.transform(y[-1:])[0] if len(y) else bottom
        ends.append(((end - bottom) / (top - bottom), label, line.get_color()))
    ends.sort(key=lambda end: end[0])
    # Of the height of the axes, which the title may yet make smaller.
    line_height = 0.18 / (height * ax.get_position().height)
    places = _apart([end[0] for end in ends], [line_height * (end[1].count("\n") + 1) for end in ends])
    for y, (_, label, colour) in zip(places, ends, strict=True):
        ax.text(1.012, y, label, transform=ax.transAxes, color=readable(colour), fontsize=TEXT, va="center")
    longest = max(map(text_width, labels), default=0)
    ax.figure.subplots_adjust(right=min(ax.figure.subplotpars.right, 1 - (longest + 0.15) / width))
    return ax


def _apart(wanted, heights):
    """Places as near to the wanted ones, which rise, as can be without an overlap of labels so high; none over 1."""
    from scipy.optimize import isotonic_regression

    if not wanted:
        return []
    heights = np.asarray(heights)
    above_first = np.concatenate([[0.0], np.cumsum((heights[1:] + heights[:-1]) / 2)])
    free = isotonic_regression(np.asarray(wanted) - above_first).x
    return np.minimum(free, 1.0 - above_first[-1]) + above_first


# From a dot to the middle of its name, in sizes of both; the first that is free is taken.
_WAYS = [(1, 0), (-1, 0), (0.85, 0.85), (0.85, -0.85), (-0.85, 0.85), (-0.85, -0.85), (0, 1), (0, -1),
         (0.4, 1), (-0.4, 1), (0.4, -1), (-0.4, -1), (1, 0.4), (-1, 0.4), (1, -0.4), (-1, -0.4)]


def label_dots(ax, x, y, names, sizes=40):
    """Write a name beside each dot, where it covers neither another dot nor another name.

    ``x``, ``y``: the dots in the units of the axes, whose limits are final; ``sizes``: as for ``scatter``.
    """
    def points(transform, places):
        return 72 * ax.figure.dpi_scale_trans.inverted().transform(transform.transform(places))

    dots, (lower, upper) = points(ax.transData, np.column_stack([x, y])), points(ax.transAxes, [[0, 0], [1, 1]])
    radius = np.broadcast_to(np.sqrt(np.asarray(sizes) / np.pi), len(dots))
    halves = np.array([[36 * text_width(name) + 2, 0.55 * TEXT] for name in names])     # half of each name, in points

    def cost(centre, half, low, high):
        covered = (np.minimum(high, centre + half) - np.maximum(low, centre - half)).clip(0).prod(axis=1).sum()
        outside = (lower - centre + half).clip(0).sum() + (centre + half - upper).clip(0).sum()
        return round(covered + 5 * outside)

    centres = np.full_like(dots, np.inf)
    for _ in range(3):               # a name may find a better place once the others have theirs
        for at, half in enumerate(halves):
            others = np.arange(len(dots)) != at
            low = np.vstack([dots - radius[:, None], (centres - halves)[others]])
            high = np.vstack([dots + radius[:, None], (centres + halves)[others]])
            places = (dots[at] + np.array(way) * (radius[at] + 2 + half) for way in _WAYS)
            centres[at] = min(places, key=lambda place: cost(place, half, low, high))     # noqa: B023 - used at once
    for at, name in enumerate(names):
        ax.annotate(name, (np.asarray(x)[at], np.asarray(y)[at]), xytext=centres[at] - dots[at],
                    textcoords="offset points", ha="center", va="center", fontsize=TEXT)
    return ax


def legend_below(ax, handles=None, below=0.42):
    """A legend in one line, so many inches below the axes (under ticks and label), where it covers no data."""
    handles = ax.get_legend_handles_labels()[0] if handles is None else handles
    place = ax.transAxes + ScaledTranslation(0, -below, ax.figure.dpi_scale_trans)
    return ax.legend(handles=handles, loc="upper center", bbox_to_anchor=(0.5, 0), bbox_transform=place,
                     ncols=len(handles), handlelength=1.2, handletextpad=0.4, columnspacing=1.4, borderaxespad=0)


def readable(colour):
    """The colour to write in: light series colours are too pale for text."""
    return MUTED if colour == FAINT else "#8a5f0a" if colour == SAND else colour


def titled(fig, title, subtitle, sentence):
    """The figure with its title, if there is one, and its alternative text."""
    if title:
        finding(fig, title, subtitle)
    return alt(fig, sentence)
