"""Two curves of one claim: above as they are, below their difference with its band."""

from __future__ import annotations

from liveshop.charts.labels import finding, format_axis, percent
from liveshop.charts.style import ACCENT, INK, MUTED, SAND, alt, figure


def two_curves(table, first, second, title, subtitle=None, xlabel=None, style=percent, last=None):
    """Two columns of a table over its index, and below them the first less the second with its interval.

    table: columns of the names first and second, difference, low, high, over an index that rises; style: how the index
    is written; last: the name of the straight line from the first curve's beginning to its end, or None.
    """
    fig, (above, below) = figure(rows=2, height=5.2, sharex=True)
    for name, colour in ((first, ACCENT), (second, INK)):
        above.plot(table.index, table[name], color=colour, label=name.replace("_", " "))
    if last:
        ends = table[first].iloc[[0, -1]]
        above.plot(ends.index, ends, color=MUTED, linestyle="--", label=last)
    above.legend(loc="best")
    below.fill_between(table.index, table.low, table.high, color=SAND, alpha=0.35, linewidth=0)
    below.plot(table.index, table.difference, color=INK)
    below.axhline(0, color=MUTED, linewidth=1)
    above.set_ylabel("each")
    below.set(ylabel="first less second", xlabel=xlabel or "")
    format_axis(below.xaxis, style)
    finding(fig, title, subtitle)
    middle = table.iloc[len(table) // 2]
    return alt(fig, f"{title}. At {style(middle.name)}: {first.replace('_', ' ')} {middle[first]:.0f}, "
                    f"{second.replace('_', ' ')} {middle[second]:.0f}; the difference {middle.difference:.0f} "
                    f"({middle.low:.0f} to {middle.high:.0f}).")
