"""The house style and the standard figures.

Importing this module sets the style for every matplotlib figure that follows: text of at least
10 points at 5.2 inches of width (9.6 css pixels on a phone that is 360 wide), no frame, few grid lines,
one accent colour, colours that differ in lightness so that they survive grey print and colour blindness.
A figure has one panel, or several one above the other.

A figure says one thing and its title says it: ``charts.finding(ax, "Giveaways buy visitors, not
buyers")``. End a cell with ``charts.show(fig, "what the figure shows, in one sentence")``: the
sentence becomes the alternative text of the image in the book, in JupyterLab and on GitHub.

Charts draw what they are given; they compute no measure of their own.
"""

from liveshop.charts.bars import bars
from liveshop.charts.causes import cause_map
from liveshop.charts.curves import two_curves
from liveshop.charts.desk import staffing
from liveshop.charts.estimates import intervals, ranking, waterfall
from liveshop.charts.event_study import event_study
from liveshop.charts.gantt import gantt
from liveshop.charts.gauges import gauges
from liveshop.charts.growth import accounts
from liveshop.charts.heatmaps import heat_map
from liveshop.charts.labels import (
    finding,
    format_axis,
    label_dots,
    label_ends,
    legend_below,
    money,
    number,
    percent,
    ratio_axis,
    row_names,
    wrap,
)
from liveshop.charts.paired import paired
from liveshop.charts.radar import radar
from liveshop.charts.ranks import ranks
from liveshop.charts.recovered import recovered
from liveshop.charts.risk import loss_curves, risk_matrix, tornado
from liveshop.charts.rooms import (
    control_chart,
    control_room,
    funnel,
    replay,
    rundown_strip,
    scorecard_strip,
    survival_curves,
)
from liveshop.charts.spread import spread
from liveshop.charts.style import (
    ACCENT,
    BLUE,
    FAINT,
    GREEN,
    GRID,
    INK,
    MUTED,
    PAPER,
    ROLES,
    SAND,
    SERIES,
    STYLE,
    TEXT,
    WIDTH,
    Picture,
    alt,
    figure,
    margins,
    show,
)
from liveshop.charts.tree import factor_rows, metric_tree
from liveshop.charts.weeks import shade_festival, weeks

__all__ = ["ACCENT", "BLUE", "FAINT", "GREEN", "GRID", "INK", "MUTED", "PAPER", "Picture", "ROLES", "SAND", "SERIES",
           "STYLE", "TEXT", "WIDTH", "accounts", "alt", "bars", "cause_map", "control_chart", "control_room",
           "event_study",
           "factor_rows", "figure", "finding", "format_axis", "funnel", "gantt", "gauges", "heat_map", "intervals",
           "label_dots", "label_ends", "legend_below", "loss_curves", "margins", "metric_tree", "money", "number",
           "paired", "percent", "radar", "ranking", "ranks", "ratio_axis", "recovered", "replay", "risk_matrix",
           "row_names", "rundown_strip", "scorecard_strip", "shade_festival", "show", "spread", "staffing",
           "survival_curves", "tornado", "two_curves", "waterfall", "weeks", "wrap"]
