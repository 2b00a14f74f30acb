"""Broadcasts: funnel, scorecard, watching, control charts and the run of show."""

from __future__ import annotations

import dataclasses

import matplotlib.ticker
import numpy as np
import pandas as pd
from matplotlib.patches import Patch

from liveshop.charts.labels import (
    format_axis,
    label_ends,
    legend_below,
    money,
    number,
    percent,
    row_names,
    titled,
)
from liveshop.charts.style import (
    ACCENT,
    BLUE,
    FAINT,
    GRID,
    INK,
    MUTED,
    PAPER,
    ROLES,
    SAND,
    SERIES,
    TEXT,
    figure,
    margins,
)
from liveshop.metrics import LABELS

_STEPS = {"entries": "Entered", "clicking": "Clicked a product", "carting": "Put into the basket",
          "ordering": "Ordered"}
_RATES = ["clicking_per_entry", "carting_per_clicking", "ordering_per_carting", "ordering_per_entry"]


def funnel(table, title=None, labels=None):
    """The funnel of ``metrics.funnel``: one row as bars with the rate of each step; several rows (by
    source, say) as dots, one panel a rate.

    ``labels``: names of the four steps, for the bars.
    """
    table = pd.DataFrame(table)
    if len(table) == 1:
        return _funnel_of_all(table.iloc[0], title, labels or list(_STEPS.values()))
    return _funnel_by_group(table, title)


def _funnel_of_all(row, title, names):
    counts = [float(row[step]) for step in _STEPS]
    fig, ax = figure(height=3.4)
    margins(fig, right=0.3, bottom=0.25)
    row_names(ax, names, 1.3)
    ax.barh(range(4), counts, color=[FAINT, FAINT, FAINT, ACCENT], height=0.62)
    ax.text(counts[0] * 0.98, 0, f"{counts[0]:,.0f}", va="center", ha="right")
    for at, rate in enumerate(_RATES[:3], 1):
        said = f"\n {percent(row[rate], 1)} of the step before" if counts[at - 1] else ""
        # A wide bar has its numbers inside.
        inside = counts[at] > 0.5 * counts[0]
        ax.text(counts[at] * (0.98 if inside else 1), at, f" {counts[at]:,.0f}{said}", va="center",
                ha="right" if inside else "left", linespacing=1.1, color=PAPER if inside and at == 3 else INK)
    ax.invert_yaxis()
    ax.set_xticks([])
    ax.grid(False)
    for side in ("bottom", "left"):
        ax.spines[side].set_visible(False)
    said = ", ".join(f"{name.lower()} {count:,.0f}" for name, count in zip(names, counts, strict=True))
    return titled(fig, title, "Entries that reached each step", f"Funnel: {said}.")


def _funnel_by_group(table, title):
    heads = ["clicked\nof\nentries", "basket\nof\nclicking", "ordered\nof\nbaskets", "ordered\nof\nentries"]
    name = [column for column in table.columns if column not in {*_STEPS, *_RATES}][0]
    table = table.sort_values("ordering_per_entry")
    fig, axes = figure(height=1.7 + 0.36 * len(table), ncols=4, sharey=True)
    margins(fig, bottom=0.2, right=0.15, wspace=0.2)
    row_names(axes[0], table[name].astype(str), 1.2)
    for ax, rate, head in zip(axes, _RATES, heads, strict=True):
        ax.plot(table[rate], range(len(table)), "o", color=ACCENT if rate == _RATES[-1] else INK, markersize=6)
        for at, value in enumerate(table[rate]):
            ax.annotate(percent(value, 1), (value, at), xytext=(6, 0), textcoords="offset points", va="center")
        ax.set_title(head, fontsize=TEXT, fontweight="normal", color=MUTED, pad=6)
        ax.set_xlim(0, table[rate].max() * 3 or 1)
        ax.set_xticks([])
        ax.spines["bottom"].set_visible(False)
        ax.grid(True, axis="y")
    axes[0].set_ylim(-0.6, len(table) - 0.4)
    best = table.iloc[-1]
    fig = titled(fig, title, None, f"Funnel by {name}: {best[name]} has the most orders per entry, "
                                   f"{percent(best['ordering_per_entry'], 1)}.")
    fig.subplots_adjust(top=fig.subplotpars.top - 0.5 / fig.get_size_inches()[1])
    return fig


# What the strip shows unless told otherwise, as far as the scorecard has it.
_STRIP = ("views", "acu", "watch_seconds_per_view", "clicks_per_view", "orders_per_click", "gmv_per_order",
          "gmv_per_1000_views", "gmv")


def scorecard_strip(card, chosen, measures=None, title=None, key="stream_id"):
    """One broadcast among all the others: for each measure its rank among them as a dot on a line from
    the lowest to the highest; the darker stretch is the middle half.

    ``card``: ``metrics.stream_scorecard``; ``chosen``: the broadcast; ``measures``: columns of it;
    ``key``: the column that names the broadcast. Raises ValueError when ``chosen`` is not there.
    """
    measures = measures or [name for name in _STRIP if name in card.columns]
    row = card.loc[card[key] == chosen]
    if row.empty:
        raise ValueError(f"There is no {key} {chosen} in the scorecard.")
    names = [LABELS.get(name, (name,))[0] for name in measures]
    fig, ax = figure(height=1.15 + 0.44 * len(measures))
    margins(fig, right=0.85, bottom=0.6)
    row_names(ax, names)
    said = []
    for at, name in enumerate(measures):
        values = card[name].dropna().to_numpy(float)
        mine = float(row[name].iloc[0])
        ax.plot([0, 1], [at, at], color=GRID, linewidth=4)
        ax.plot([0.25, 0.75], [at, at], color=FAINT, linewidth=4)
        place = (values < mine).mean() if np.isfinite(mine) else np.nan
        ax.plot(place, at, "o", color=ACCENT, markersize=9)
        text = _in_unit(name, mine)
        ax.text(1.03, at, text, va="center", fontweight="bold")
        said.append(f"{LABELS.get(name, (name,))[0]} {text}, above {percent(place)} of broadcasts")
    ax.invert_yaxis()
    ax.set_xlim(-0.02, 1.02)
    ax.set_xticks([0, 0.5, 1], ["lowest", "middle\nhalf", "highest\nbroadcast"])
    ax.get_xticklabels()[0].set_ha("left")
    ax.get_xticklabels()[2].set_ha("right")
    ax.grid(False)
    return titled(fig, title, None, f"Scorecard of {chosen}: " + "; ".join(said) + ".")


def _in_unit(measure, value):
    """A measure of the scorecard as it is written: a share, yuan, seconds or a number."""
    if measure.startswith("gmv"):
        return money(value)
    if measure.startswith("watch"):
        return number(value) + (" s" if measure.startswith("watch_seconds") else "")
    share = measure.endswith(("_per_view", "_per_click", "_per_viewer", "_per_impression", "_per_product_impression"))
    return percent(value, 1) if share else number(value)


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
        colour = SERIES[at % len(SERIES)] if not highlight else ACCENT if name == highlight else MUTED
        ax.fill_between(curve["minutes"], curve["low"], curve["high"], step="post", color=colour, alpha=0.15)
        ax.step(curve["minutes"], curve["survival"], where="post", color=colour,
                label=(labels or {}).get(name, str(name)))
        median = survival.medians.loc[name, "median_minutes"]
        said.append(f"{name} {median:.1f}" if np.isfinite(median) else f"{name} not reached")
    ax.axhline(0.5, color=FAINT, linewidth=1, linestyle=(0, (4, 3)))
    ax.set_xlim(0, up_to)
    ax.set_ylim(0, 1)
    format_axis(ax.yaxis, percent)
    ax.set_xlabel("minutes since entering")
    if len(names) > 1:
        label_ends(ax)
    return titled(fig, title, "Share of viewers still watching",
                  "Share still watching by minutes since entering; median minutes: " + ", ".join(said) + ".")


def _spans(flag):
    """(first, last) positions of each run of True."""
    flag = np.concatenate([[False], np.asarray(flag, bool), [False]]).astype(int)
    edge = np.flatnonzero(np.diff(flag))
    return list(zip(edge[::2], edge[1::2] - 1, strict=True))


def control_chart(chart, minutes=None, abnormal=None, title=None, xlabel="minute of the broadcast",
                  ylabel="standard deviations"):
    """A control chart (``methods.monitor``): the statistic, its limits, alarms, labelled minutes.

    ``minutes``: the minute of each value, otherwise 0, 1, 2 …; ``abnormal``: True in labelled minutes, shaded.
    """
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
    return titled(fig, title, None, said + ".")


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
    for ax, (column, name) in zip(axes, panels, strict=False):      # the third panel is the chart's
        values = minutes[column].to_numpy(float)
        if column == "online":
            ax.fill_between(x[known], values[known], color=GRID)
        ax.plot(x[known], values[known], color=INK, linewidth=1.4)
        if column == outcome and expected is not None:
            ax.plot(x[known], np.asarray(expected, float)[known], color=BLUE, linewidth=1.4, linestyle=(0, (4, 2)))
        ax.set_ylim(0, max(1.0, np.nanmax(values) * 1.08))
        ax.set_ylabel(name)
        ax.yaxis.set_major_locator(matplotlib.ticker.MaxNLocator(3))
        ax.tick_params(axis="x", bottom=False)
    minute, watching = (int(x[known][-1]), int(minutes["online"].to_numpy()[known][-1])) if known.any() else (0, 0)
    said = f"Minute {minute} of {int(x[-1])}: {watching:,} watching"
    if chart is not None:
        said += _chart_so_far(axes[2], chart, x, known)
    if reveal and "anomaly" in minutes:
        said += _shade_anomalies(axes, minutes["anomaly"], x)
    axes[-1].set_xlim(x[0], x[-1])
    axes[-1].set_xlabel("minute of the broadcast")
    return titled(fig, title, None, said + ".")


def _chart_so_far(ax, chart, x, known):
    """Draw the control chart as far as it is known, on the scale of the whole; says how it stands."""
    parts = {field.name: getattr(chart, field.name) for field in dataclasses.fields(chart)}
    so_far = dataclasses.replace(chart, **{name: part[known] for name, part in parts.items() if part is not None})
    _draw_control(ax, so_far, x[known])
    ax.set_ylabel("chart")
    reach = 1.1 * max(np.nanmax(np.abs(chart.statistic)), np.nanmax(chart.upper),
                      0 if chart.low_statistic is None else np.nanmax(np.abs(chart.low_statistic)))
    ax.set_ylim(-reach, reach)
    ax.yaxis.set_major_locator(matplotlib.ticker.MaxNLocator(3))
    return "; the chart is in alarm" if so_far.alarm[-1:].any() else "; the chart is quiet"


def _shade_anomalies(axes, anomaly, x):
    """Shade the labelled stretches of all panels, write their labels at the top; says where they are."""
    labels = anomaly.astype(object).where(anomaly.notna(), "").to_numpy()
    said = ""
    for first, last in _spans(labels != ""):
        for ax in axes:
            ax.axvspan(x[first] - 0.5, x[last] + 0.5, color=SAND, alpha=0.35, linewidth=0)
        axes[0].text((x[first] + x[last]) / 2, axes[0].get_ylim()[1], str(labels[first]).replace("_", " "),
                     ha="center", va="bottom")
        said += f"; {labels[first]} from minute {x[first]} to {x[last]}"
    return said


def control_room(minutes, now, reveal=False, trouble=None, signals=None, title=None):
    """What the control desk sees: one strip a signal, up to minute ``now``; with ``reveal`` the whole window.

    ``minutes``: rows of one broadcast with online, exits, product_clicks, orders, stall and, dashed, expected_exits,
    expected_product_clicks, expected_orders; ``trouble``: (first, last) minute, shaded when revealed; ``signals``:
    (column, name) of other strips.
    """
    names = signals or [("online", "watching"), ("exits", "left"), ("product_clicks", "clicks"), ("orders", "orders"),
                        ("stall", "stalled s")]
    names = [(column, name) for column, name in names if column in minutes]
    x = minutes["minute"].to_numpy()
    known = np.ones(len(x), bool) if reveal else x <= now
    fig, axes = figure(height=4.2, rows=len(names), sharex=True)
    margins(fig, left=1.15, top=0.12, bottom=0.5, right=0.2, hspace=0.3)
    for ax, (column, name) in zip(axes, names, strict=True):
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
        ax.text(-0.1, 0.5, name, transform=ax.transAxes, ha="right", va="center")
        ax.yaxis.set_major_locator(matplotlib.ticker.MaxNLocator(2, integer=True))
        ax.tick_params(axis="x", bottom=ax is axes[-1])
    axes[-1].set_xlim(x[0], x[-1])
    axes[-1].set_xlabel("minute of the broadcast; dashed: to be expected")
    return titled(fig, title, None, f"The control desk at minute {now}.")


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
    margins(fig, left=0.75, bottom=0.85, hspace=0.12)
    end = (rundown["start_minute"] + rundown["minutes"]).max()
    for slot in rundown.itertuples():
        strip.barh(0, slot.minutes, left=slot.start_minute, color=ROLES[slot.role], height=0.9, edgecolor=PAPER,
                   linewidth=1.5)
        if slot.minutes > 0.03 * end:
            dark = slot.role in ("hero", "profit")
            strip.text(slot.start_minute + slot.minutes / 2, 0, slot.role[0].upper(), ha="center", va="center",
                       color=PAPER if dark else INK, fontweight="bold")
    if "activity" in rundown:
        for slot in rundown[rundown["activity"] == "giveaway"].itertuples():
            strip.text(slot.start_minute + slot.minutes / 2, 0.5, "giveaway", ha="center", va="bottom")
    strip.set_ylim(-0.5, 0.95)
    strip.set_yticks([])
    strip.set_xlim(0, end)
    strip.grid(False)
    strip.spines["left"].set_visible(False)
    strip.set_xlabel("minute of the broadcast")
    present = [role for role in ROLES if (rundown["role"] == role).any()]
    legend_below(strip, [Patch(color=ROLES[role], label=f"{role[0].upper()} {role}") for role in present])
    share = rundown.groupby("role")["minutes"].sum() / rundown["minutes"].sum()
    said = ", ".join(f"{role} {percent(share[role])} of the minutes" for role in present)
    return titled(fig, title, None, f"Run of show, {len(rundown)} slots over {int(end)} minutes: {said}.")
